"""Routes for common disease as shown: one card for each gene, with what is known of it and how that was checked."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import Finding, Plan, Status

__all__ = ["CommonView", "common_views", "is_common"]

_PREFIX = "common."
_WORDS = {"genetics": "Human genetics", "trial": "Trial", "harm": "Harm", "design": "Design"}


@dataclass(frozen=True, slots=True)
class CommonView:
    """One route: its head, and the evidence in the order of the plan, each with a word for what it is."""

    head: Finding
    evidence: tuple[tuple[str, Finding], ...]

    @property
    def research_only(self) -> bool:
        """Whether it is shown for research alone."""
        return self.head.status is Status.NOT_APPLICABLE

    @property
    def title(self) -> str:
        """``"Lower PCSK9, for ..."``."""
        return f"{self.head.value[:1].upper()}{self.head.value[1:]}"


def is_common(finding: Finding) -> bool:
    """Whether a finding of a plan tells of such a route."""
    return finding.rule.startswith(_PREFIX)


def common_views(plan: Plan) -> tuple[CommonView, ...]:
    """Gather the findings of each route; empty for a plan of a variant.

    Parameters
    ----------
    plan
        The plan.
    """
    told = [finding for finding in plan.findings if is_common(finding)]
    heads = [finding for finding in told if finding.rule.count(".") == 1]
    return tuple(
        CommonView(
            head,
            tuple(
                (_WORDS[one.rule.rsplit(".", 1)[1]], one)
                for one in told
                if one.rule.startswith(f"{head.rule}.")
            ),
        )
        for head in heads
    )
