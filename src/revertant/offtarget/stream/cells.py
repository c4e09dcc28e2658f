"""Cells of tables that people open in a spreadsheet: a name is text there, never a formula.

Names of guides, contigs and genes come from files that others wrote. A cell that starts like a formula would be run
when the table is opened; a leading apostrophe makes it text.
"""

from __future__ import annotations

import re

__all__ = ["formula_safe"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def formula_safe(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run: not before a number or a strand.

    Examples
    --------
    >>> [formula_safe(text) for text in ("=HYPERLINK(1)", " @x", "-1.5", "-", "+58 BCL11A", "HBB")]
    ["'=HYPERLINK(1)", "' @x", '-1.5', '-', "'+58 BCL11A", 'HBB']
    """
    stripped = text.lstrip()
    if (
        stripped.startswith(("=", "+", "-", "@"))
        and stripped not in {"+", "-"}
        and not _NUMBER.fullmatch(text)
    ):
        return f"'{text}"
    return text
