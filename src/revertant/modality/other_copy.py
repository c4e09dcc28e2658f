"""The rule on the copy that needs no edit, one for every modality that notes what it would do there."""

from __future__ import annotations

from revertant.model import Finding, Route, Status, Strategy, Zygosity

__all__ = ["other_copy_finding"]

RULE = "edit.other_copy"


def other_copy_finding(strategy: Strategy, facts: dict[str, str]) -> Finding:
    """Judge what a design does to the other copy, from the facts noted when it was made."""
    allele = strategy.allele
    if allele is None or strategy.site is not None or strategy.route is Route.KNOCK_OUT:
        return Finding(RULE, Status.NOT_APPLICABLE, "The edit is meant for both copies.")
    if allele.zygosity is Zygosity.UNKNOWN:
        return Finding(
            RULE, Status.UNKNOWN, "The zygosity is not stated: whether a healthy copy is hit is open."
        )
    if "other_copy" not in facts:
        return Finding(
            RULE, Status.NOT_APPLICABLE, f"{allele.name} is {allele.zygosity.value}: no healthy copy."
        )
    status = {"spared": Status.PASS, "unharmed": Status.PASS}.get(facts["other_copy"], Status.CAUTION)
    return Finding(RULE, status, facts["other_copy_because"], value=facts["other_copy_site"])
