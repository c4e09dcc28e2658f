"""Labels of the copies on which a case says its variants lie."""

from __future__ import annotations

from revertant.model import CaseVariant

__all__ = ["phase_label"]


def phase_label(stated: CaseVariant) -> str:
    """Return the phase label for comparison: ``Maternal`` and ``maternal`` are one copy.

    Examples
    --------
    >>> phase_label(CaseVariant((), phase=" Maternal"))
    'maternal'
    """
    return stated.phase.strip().casefold()
