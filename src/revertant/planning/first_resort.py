"""First resort: approved products are asked for before anything is designed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from revertant.knowledge import dose_anchors
from revertant.model import Case, Finding, LabelMatch, LabelVerdict, Status, Target, Unknown
from revertant.trials import match_products, named_labels, product_unknowns

__all__ = ["FirstResort", "first_resort"]


@dataclass(frozen=True, slots=True)
class FirstResort:
    """What approved products there are for a person.

    Parameters
    ----------
    matches
        Each product under each label, held against the person.
    findings
        Why there is none, where there is none.
    unknowns
        What to measure next.
    doubts
        What speaks against the counts that the answers rest on, without deciding.
    """

    matches: tuple[LabelMatch, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    doubts: tuple[Finding, ...] = ()

    @property
    def classes(self) -> frozenset[tuple[str, str]]:
        """Capsid and route of the products whose label fits best, as far as a dose of theirs is catalogued."""
        for verdict in _OPEN:
            keys = {match.product for match in self.matches if match.verdict is verdict}
            if keys:
                return frozenset(
                    (row.capsid, row.route) for row in dose_anchors() if (row.product or row.key) in keys
                )
        return frozenset()

    @property
    def sentence(self) -> str:
        """What the verdict says of them first; empty when no product fits or may fit."""
        fits = [match for match in self.matches if match.verdict is LabelVerdict.FITS]
        may = [match for match in self.matches if match.verdict is LabelVerdict.FITS_IF]
        told = [f"An approved product fits the label: {named_labels(fits)}."] if fits else []
        if may:
            told.append(f"An approved product may fit once more is known: {named_labels(may)}.")
        if told:
            told += [f"But: {doubt.because}" for doubt in self.doubts]
        return " ".join(told)


#: How well a label may fit for its product's class of vectors to come first; one that does not fit never.
_OPEN = (LabelVerdict.FITS, LabelVerdict.FITS_IF)


def first_resort(case: Case, targets: Sequence[Target], on_date: dt.date | None = None) -> FirstResort:
    """Ask which approved products are for this person, where and when the case is.

    Parameters
    ----------
    case
        The case. Its jurisdiction chooses the labels; without one, every label of the catalogue is shown.
    targets
        Its targets.
    on_date
        The day whose labels count; the newest when ``None``.

    Examples
    --------
    >>> from revertant.model import CopyNumber, Disease, Subject
    >>> infant = Case(
    ...     "i",
    ...     Subject("i", age_years=0.15, weight_kg=4.6),
    ...     (),
    ...     diseases=(Disease("OMIM:253300"),),
    ...     jurisdiction="US",
    ...     copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"),),
    ... )
    >>> first_resort(infant, ()).sentence
    'An approved product fits the label: Zolgensma (US).'
    """
    where = (case.jurisdiction,) if case.jurisdiction else ()
    matches = match_products(case, targets, on_date=on_date, jurisdictions=where)
    if matches:
        doubts = [one for target in targets for one in target.findings if _is_doubt(one)]
        return FirstResort(matches, unknowns=product_unknowns(matches), doubts=tuple(doubts))
    elsewhere = match_products(case, targets) if where or on_date else ()
    if not elsewhere:
        because = "No approved product of the catalogue is for these genes or diseases."
        return FirstResort(findings=(Finding("products.known", Status.NOT_APPLICABLE, because),))
    there = f" of {case.jurisdiction}" if where else ""
    then = f" on {on_date}" if on_date else ""
    because = (
        f"The catalogue holds no label{there}{then} for these genes or diseases, only {named_labels(elsewhere)}. "
        "That is no statement that no product is authorised there."
    )
    how = "Ask the authority or the maker, or plan with another --country or --date."
    why = "An approved product comes before a new design."
    finding = Finding("products.known", Status.UNKNOWN, because, value=case.jurisdiction)
    question = "Which products are authorised where this person would be treated?"
    return FirstResort((), (finding,), (Unknown(question, f"{because} {why}", how, finding.rule),))


def _is_doubt(finding: Finding) -> bool:
    """Whether a count of copies is contradicted by something that never decides, so that a reader must hear of it."""
    ends = ("_reads_agree", "_none_of_any")
    return (
        finding.rule.startswith("copies.")
        and finding.rule.endswith(ends)
        and finding.status is Status.UNKNOWN
    )
