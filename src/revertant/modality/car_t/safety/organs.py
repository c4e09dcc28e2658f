"""Organs to watch because normal cells there carry the antigen too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.model import Finding, Status

__all__ = ["OrganAtRisk", "organ_findings"]


@dataclass(frozen=True, slots=True)
class OrganAtRisk:
    """An organ in which normal cells carry the antigen.

    Parameters
    ----------
    antigen, organ, cell_type
        What is carried, where, and by which cells.
    evidence
        What was seen, in one sentence.
    harmed_people
        Whether cells against the antigen have harmed this organ in people.
    sources, checked
        Where it stands, and whether that was read.
    """

    antigen: str
    organ: str
    cell_type: str
    evidence: str
    harmed_people: bool
    sources: tuple[str, ...]
    checked: bool


def organ_findings(antigens: Sequence[str], organs: Sequence[OrganAtRisk]) -> tuple[Finding, ...]:
    """Name the organs that have to be watched.

    Parameters
    ----------
    antigens
        HGNC symbols of what the receptor binds.
    organs
        What is known of normal tissues; those of other antigens are passed over.

    Returns
    -------
    tuple[Finding, ...]
        A caution for each organ, those first in which people came to harm. An antigen of which nothing is known is
        unknown, never safe.

    Examples
    --------
    >>> [one.status.value for one in organ_findings(["CD19"], [])]
    ['unknown']
    """
    found = []
    for antigen in antigens:
        own = sorted(
            (one for one in organs if one.antigen == antigen),
            key=lambda one: (not one.harmed_people, one.organ),
        )
        if not own:
            text = f"No catalogue of normal tissues was asked about {antigen}, or it holds nothing: that is not safety."
            found.append(Finding("car_t.organ", Status.UNKNOWN, text, antigen))
        for one in own:
            harmed = " People came to harm there." if one.harmed_people else ""
            text = f"Watch the {one.organ}: {one.cell_type} carry {antigen}. {one.evidence}{harmed}"
            found.append(
                Finding("car_t.organ", Status.CAUTION, text, one.organ, "", one.sources, one.checked)
            )
    return tuple(found)
