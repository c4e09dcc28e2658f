"""Two records of one trial: the newer one holds, and keeps of the older one only what it does not carry itself."""

from __future__ import annotations

import dataclasses

from revertant.model import StudyType, Trial

__all__ = ["newer_of"]

#: What belongs together: a part that the newer record's source does not carry is taken from the older one.
_PARTS: dict[str, tuple[str, ...]] = {
    "ages": ("min_age", "max_age"),
    "eligibility": ("eligibility", "eligibility_of"),
    "keywords": ("keywords",),
    "mesh": ("mesh", "mesh_ancestors"),
    "sex": ("sex",),
    "sites": ("sites",),
    "study_type": ("study_type",),
    "intervention_types": ("interventions",),
}
_SINGLE = (
    "official_title",
    "acronym",
    "healthy_volunteers",
    "verified",
    "has_expanded_access",
    "why_stopped",
)


def newer_of(one: Trial, other: Trial) -> Trial:
    """Return what is known of a trial from two records of it.

    The record that was updated later holds; of two of one day the one that carries more, then the first. A part that
    its source lacks is completed from the other, and the text of the criteria keeps its own day (``eligibility_of``).

    Parameters
    ----------
    one, other
        Records with the same number, in the order in which they were read.

    Examples
    --------
    >>> full = Trial(
    ...     nct_id="NCT01234567", title="T", status="RECRUITING", eligibility="Inclusion: ...",
    ...     eligibility_of="2025-01-02", last_update="2025-01-02"
    ... )
    >>> row = Trial(
    ...     nct_id="NCT01234567", title="T", status="COMPLETED", last_update="2026-01-02", not_told=("eligibility",)
    ... )
    >>> both = newer_of(full, row)
    >>> both.status, both.eligibility, both.eligibility_of, both.not_told
    ('COMPLETED', 'Inclusion: ...', '2025-01-02', ())
    """
    later, earlier = (one, other) if _rank(one) >= _rank(other) else (other, one)
    taken = [
        part
        for part in later.not_told
        if part in _PARTS and part not in earlier.not_told and _has(earlier, part)
    ]
    if not taken:
        return later
    values = {name: getattr(earlier, name) for part in taken for name in _PARTS[part]}
    if later.status == earlier.status:
        values |= {name: getattr(earlier, name) for name in _SINGLE if getattr(later, name) in ("", None)}
    return dataclasses.replace(
        later,
        **values,
        genes=tuple(sorted({*later.genes, *earlier.genes})),
        not_told=tuple(part for part in later.not_told if part not in taken),
        source="; ".join(dict.fromkeys(name for name in (later.source, earlier.source) if name)),
    )


def _rank(trial: Trial) -> tuple[str, int]:
    return trial.last_update, -len(trial.not_told)


def _has(trial: Trial, part: str) -> bool:
    # "No limit" and "no site" are statements, where the source tells ages and sites at all.
    if part in {"ages", "sites"}:
        return True
    value = getattr(trial, _PARTS[part][0])
    return bool(value) and value is not StudyType.NOT_TOLD
