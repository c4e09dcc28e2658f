"""What labels, authorities and makers say of CAR-T cells on a day, each statement as a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from revertant.knowledge import CarSafetyFact, car_t_safety
from revertant.modality.gene_addition import copy_number_finding
from revertant.model import Finding, GenomeForm, Status, WatchItem

__all__ = ["safety_findings", "watch_items"]

#: Kinds that stay open until somebody has done them, with the words before the statement.
_OPEN = {
    "monitoring": "Watch",
    "follow_up": "Follow up",
    "release_test": "Test before release",
    "checkpoint": "Check",
}
#: When each of them is due, in order of time.
_WHEN = {
    "checkpoint": "before",
    "release_test": "release",
    "monitoring": "first weeks",
    "follow_up": "follow-up",
}
_ORDER = ("boxed_warning", "restriction", "checkpoint", "release_test", "monitoring", "follow_up")


def safety_findings(
    on_date: dt.date | None = None,
    *,
    jurisdiction: str = "US",
    form: GenomeForm = GenomeForm.LENTIVIRAL,
    antigens: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Return what is warned of and asked for on a day.

    Parameters
    ----------
    on_date
        The day; the newest statements when left out.
    jurisdiction
        Where: statements of other places are left out, those of no place are kept.
    form
        The vector: what is about another form is left out.
    antigens
        HGNC symbols: what is about another antigen is left out.

    Returns
    -------
    tuple[Finding, ...]
        Warnings and restrictions in force as cautions, restrictions that were lifted as not applicable with their last
        day, what has to be done as unknown; warnings first.

    Examples
    --------
    >>> found = {one.rule: one.status.value for one in safety_findings(dt.date(2025, 6, 26))}
    >>> found["car_t.rems"], found["car_t.boxed_t_cell_malignancy"]
    ('not_applicable', 'caution')
    >>> {one.rule: one.status.value for one in safety_findings(dt.date(2025, 6, 25))}["car_t.rems"]
    'caution'
    """
    found = []
    for row in car_t_safety().values():
        if row.kind == "risk_factor" or not _is_about(row, jurisdiction, form, antigens):
            continue
        finding = _finding(row, on_date)
        if finding is not None:
            found.append((_ORDER.index(row.kind), row.key, finding))
    found.sort(key=lambda one: one[:2])
    copies = (copy_number_finding(None),) if form is GenomeForm.LENTIVIRAL else ()
    return (*(finding for _, _, finding in found), *copies)


def watch_items(
    on_date: dt.date | None = None,
    *,
    jurisdiction: str = "US",
    form: GenomeForm = GenomeForm.LENTIVIRAL,
    antigens: Sequence[str] = (),
) -> tuple[WatchItem, ...]:
    """Return what has to be checked, tested and watched on a day, in order of time.

    Parameters
    ----------
    on_date, jurisdiction, form, antigens
        As for :func:`safety_findings`.

    Examples
    --------
    >>> [item.when for item in watch_items(form=GenomeForm.MRNA)][0]
    'before'
    """
    rows = [
        row
        for row in car_t_safety().values()
        if row.kind in _WHEN and row.holds_on(on_date) and _is_about(row, jurisdiction, form, antigens)
    ]
    items = [
        (row.key, WatchItem(_WHEN[row.kind], row.text, row.note, row.sources, row.checked)) for row in rows
    ]
    if form is GenomeForm.LENTIVIRAL:
        copies = copy_number_finding(None)
        asked = f"Asked for are {copies.threshold}."
        items.append(
            ("vector_copies", WatchItem("release", copies.because, asked, copies.sources, copies.checked))
        )
    items.sort(key=lambda one: (list(_WHEN.values()).index(one[1].when), one[0]))
    return tuple(item for _, item in items)


def _is_about(row: CarSafetyFact, jurisdiction: str, form: GenomeForm, antigens: Sequence[str]) -> bool:
    return (
        (not row.jurisdiction or row.jurisdiction == jurisdiction)
        and (not row.forms or form in row.forms)
        and (not row.antigens or bool(set(row.antigens) & set(antigens)))
    )


def _finding(row: CarSafetyFact, on_date: dt.date | None) -> Finding | None:
    """The statement as it stood on the day; ``None`` where it did not hold and says nothing by that."""
    rule = f"car_t.{row.key}"
    since = f"since {row.since}" if row.since else ""
    holds = row.holds_on(on_date)
    note = f" {row.note}" if row.note else ""
    if row.kind == "restriction" and not holds and row.until is not None and not _before(row, on_date):
        text = f"No longer in force: {row.text}{note}"
        return Finding(rule, Status.NOT_APPLICABLE, text, f"until {row.until}", "", row.sources, row.checked)
    if not holds:
        return None
    if row.kind in _OPEN:
        text = f"{_OPEN[row.kind]}: {row.text}{note}"
        return Finding(rule, Status.UNKNOWN, text, since, "", row.sources, row.checked)
    return Finding(rule, Status.CAUTION, f"{row.text}{note}", since, "", row.sources, row.checked)


def _before(row: CarSafetyFact, on_date: dt.date | None) -> bool:
    return on_date is not None and row.since is not None and on_date.isoformat() < row.since
