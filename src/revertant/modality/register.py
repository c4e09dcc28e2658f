"""Every modality there is: the project's own, and those that other packages add by entry point."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from revertant.errors import UsageError
from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.car_t.modality import CAR_T
from revertant.modality.contract import Modality
from revertant.modality.epigenome import EPIGENOME
from revertant.modality.gene_addition import GENE_ADDITION
from revertant.modality.hdr import HDR
from revertant.modality.nuclease import NUCLEASE
from revertant.modality.prime_editing import PRIME_EDITING
from revertant.modality.splice_switching import SPLICE_SWITCHING

__all__ = ["ENTRY_POINTS", "modalities", "modality_named"]

#: The entry-point group under which another package may register a :class:`Modality` object.
ENTRY_POINTS = "revertant.modalities"

_OWN: tuple[Modality, ...] = (
    BASE_EDITING,
    NUCLEASE,
    PRIME_EDITING,
    HDR,
    SPLICE_SWITCHING,
    EPIGENOME,
    GENE_ADDITION,
    CAR_T,
)


@cache
def modalities() -> tuple[Modality, ...]:
    """Return every modality: the project's own in their order, then others by name.

    Raises
    ------
    UsageError
        When a registered object is no modality, or takes a name that is taken.

    Examples
    --------
    >>> [modality.name for modality in modalities()][:2]
    ['base_editing', 'nuclease']
    """
    found = list(_OWN)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        candidate = point.load()
        if not isinstance(candidate, Modality):
            raise UsageError(
                f"The entry point {point.name!r} ({point.value}) is no modality.",
                remedy="It must have name, title, makes_designs, needs_genome, eligibility, design and assess.",
            )
        if any(known.name == candidate.name for known in found):
            raise UsageError(
                f"The entry point {point.name!r} brings a second modality named {candidate.name!r}.",
                remedy="Uninstall one of the packages, or ask its authors to rename it.",
            )
        found.append(candidate)
    return tuple(found)


def modality_named(name: str) -> Modality:
    """Return one modality by its name.

    Raises
    ------
    UsageError
        When there is none of that name.

    Examples
    --------
    >>> modality_named("nuclease").title
    'Nuclease'
    """
    for modality in modalities():
        if modality.name == name:
            return modality
    known = ", ".join(modality.name for modality in modalities())
    raise UsageError(f"There is no modality {name!r}.", remedy=f"Known are: {known}.")
