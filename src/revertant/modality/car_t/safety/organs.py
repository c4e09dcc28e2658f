"""Organs to watch because normal cells there carry the antigen too."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.knowledge import NormalTissue, antigen_named
from revertant.model import Finding, Status, WatchItem

__all__ = ["organ_findings", "organ_items"]


def organ_findings(antigens: Sequence[str]) -> tuple[Finding, ...]:
    """Say which normal cells a receptor would attack.

    Parameters
    ----------
    antigens
        HGNC symbols, or other names, of what it binds.

    Returns
    -------
    tuple[Finding, ...]
        One for each organ of the catalogue, gravest first: a failure where people died or treatment was stopped, else a
        caution. An antigen of which the catalogue knows nothing is unknown, never safe.

    Examples
    --------
    >>> [(one.value, one.status.value) for one in organ_findings(["HER2"])][0]
    ('lung: epithelium', 'fail')
    >>> [one.status.value for one in organ_findings(["INS"])]
    ['unknown']
    """
    found = []
    for name in antigens:
        tissues = _tissues(name)
        if not tissues:
            text = f"The catalogue knows no normal tissue with {name}: that is not safety."
            found.append(Finding("car_t.organ", Status.UNKNOWN, text, name))
        for tissue in tissues:
            stops = tissue.severity == "prohibitive"
            text = f"{_subject(tissue)} carry {name}: {tissue.what}"
            found.append(
                Finding(
                    "car_t.organ",
                    Status.FAIL if stops else Status.CAUTION,
                    text,
                    f"{tissue.organ}: {tissue.cells}",
                    f"harm that stops a treatment ({tissue.severity} here)",
                    (tissue.source,),
                    tissue.checked,
                )
            )
    return tuple(found)


def organ_items(antigens: Sequence[str]) -> tuple[WatchItem, ...]:
    """Return the organs to watch in the first weeks, gravest first.

    Parameters
    ----------
    antigens
        As for :func:`organ_findings`.

    Examples
    --------
    >>> [item.what for item in organ_items(["CD19"])][0]
    'Brain: mural cells (pericytes) carry CD19.'
    """
    return tuple(
        WatchItem(
            "first weeks", f"{_subject(tissue)} carry {name}.", tissue.what, (tissue.source,), tissue.checked
        )
        for name in antigens
        for tissue in _tissues(name)
    )


def _tissues(name: str) -> list[NormalTissue]:
    row = antigen_named(name)
    grave = ("prohibitive", "serious", "manageable")
    return sorted(row.normal, key=lambda one: grave.index(one.severity)) if row is not None else []


def _subject(tissue: NormalTissue) -> str:
    return f"{tissue.organ[:1].upper()}{tissue.organ[1:]}: {tissue.cells}"
