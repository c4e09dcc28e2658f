"""Everything a plan has found, each once, with where it was found and its sources numbered.

The document prints a finding in one section only. What belongs to several designs is printed once and names them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from revertant.dossier.review.blocks import Block, Gap, Table
from revertant.dossier.review.sections import section_for
from revertant.dossier.selection import design_groups
from revertant.dossier.words import STATUS_WORDS
from revertant.model import Finding, Plan, RankedDesign

__all__ = ["MOST_DETAILED", "Sources", "detailed_designs", "findings_of_section", "questions_of_section"]

#: Designs whose findings are printed: the leads of the first groups. The tables of the dossier hold the others.
MOST_DETAILED = 5


@dataclass(slots=True)
class Sources:
    """The references of a document, numbered in the order in which they are first named."""

    numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, sources: Iterable[str], *, checked: bool = True) -> str:
        """Return the numbers of sources in brackets; a source nobody has checked says so.

        Examples
        --------
        >>> Sources().cite(("doi:10.1/a", "doi:10.1/b"), checked=False)
        '[1, 2] unchecked'
        """
        named = [str(self.numbers.setdefault(one, len(self.numbers) + 1)) for one in sources]
        cited = f"[{', '.join(named)}]" if named else ""
        return cited if checked else f"{cited} unchecked".strip()


def detailed_designs(plan: Plan) -> tuple[RankedDesign, ...]:
    """Return the designs that are printed in detail: the leads of the first groups."""
    return tuple(group.lead for group in design_groups(plan)[:MOST_DETAILED])


def _found(plan: Plan) -> Iterator[tuple[str, Finding]]:
    for finding in plan.findings:
        yield "case", finding
    for finding in plan.gate:
        yield "policy", finding
    for target in plan.targets:
        for finding in target.findings:
            yield target.gene, finding
    for ranked in detailed_designs(plan):
        for finding in ranked.assessment.findings:
            yield f"design {ranked.rank}", finding
        if ranked.design.car is not None:
            yield f"design {ranked.rank}", ranked.design.car.kinetics_finding


def findings_of_section(plan: Plan, key: str, sources: Sources) -> Table | None:
    """Return the table of the findings that belong to a section, worst first; ``None`` when there are none."""
    where: dict[Finding, list[str]] = {}
    for place, finding in _found(plan):
        if section_for(finding.rule) == key and place not in where.setdefault(finding, []):
            where[finding].append(place)
    ordered = sorted(where, key=lambda one: (one.status.severity, one.rule))
    rows = tuple(
        (
            STATUS_WORDS[one.status],
            f"{one.because} ({one.rule})",
            _measured(one),
            _places(where[one]),
            sources.cite(one.sources, checked=one.checked),
        )
        for one in ordered
    )
    header = ("Answer", "Finding and rule", "Value", "Of", "Sources")
    return Table("Findings, worst first", header, rows, (12, 44, 20, 12, 12)) if rows else None


def _measured(finding: Finding) -> str:
    against = f"against {finding.threshold}" if finding.threshold else ""
    return "; ".join(part for part in (finding.value, against) if part)


def _places(places: list[str]) -> str:
    """Write where a finding was made: designs by their numbers.

    >>> _places(["design 1", "design 4"]), _places(["HBB"])
    ('designs 1, 4', 'HBB')
    """
    ranks = [place.removeprefix("design ") for place in places if place.startswith("design ")]
    others = [place for place in places if not place.startswith("design ")]
    named = [f"design{'s' if len(ranks) > 1 else ''} {', '.join(ranks)}"] if ranks else []
    return ", ".join([*others, *named])


def questions_of_section(plan: Plan, key: str) -> tuple[Block, ...]:
    """Return the open questions that belong to a section, as gaps."""
    return tuple(
        Gap(f"{one.question} {one.why_it_matters} How to find out: {one.how_to_find_out}")
        for one in plan.unknowns
        if section_for(one.rule) == key
    )
