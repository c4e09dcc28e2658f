"""Commands that refuse an option given twice: the last would win, and the first be passed over in silence."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from revertant.errors import UsageError

__all__ = ["OnceCommand"]


class OnceCommand(TyperCommand):
    """A command of which every option that takes one value may be given once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments after looking for options that stand twice."""
        if args and not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            for param in dict.fromkeys(order):
                takes_many = (
                    param.multiple or getattr(param, "count", False) or getattr(param, "is_flag", False)
                )
                if param.param_type_name == "option" and not takes_many and order.count(param) > 1:
                    raise UsageError(
                        f"{max(param.opts, key=len)} is given {order.count(param)} times, and only one value can hold.",
                        remedy="Give it once.",
                        code="given-twice",
                    )
        return super().parse_args(ctx, args)
