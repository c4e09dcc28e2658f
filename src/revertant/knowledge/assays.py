"""Laboratory assays that say what no search can: where an editor acts, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["Assay", "AssayKind", "assays", "assays_for"]

AssayKind = Literal["nominates_in_vitro", "nominates_in_cells", "confirms", "structure", "function", "vector"]
_ORDER = ("nominates_in_vitro", "nominates_in_cells", "confirms", "structure", "function", "vector")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay(Row):
    """One assay.

    Parameters
    ----------
    name
        What the field calls it.
    kind
        Whether it nominates sites (on purified DNA or in cells), confirms them, looks for large changes, asks for
        function, or looks at a vector.
    modalities
        Names of the modalities it is meant for.
    editors
        Of base editing: the kind of editor it is meant for; empty for any.
    finds, material, controls
        What it finds, on what, and what has to run beside it.
    """

    name: str
    kind: AssayKind
    modalities: tuple[str, ...]
    finds: str
    material: str
    controls: str
    editors: Literal["", "adenine", "cytosine"] = ""


@cache
def assays() -> Mapping[str, Assay]:
    """Return the assays by key.

    Examples
    --------
    >>> assays()["guide_seq"].kind
    'nominates_in_cells'
    """
    return load_rows("assays.toml", Assay)


def assays_for(modality: str, edited_bases: str = "") -> tuple[Assay, ...]:
    """Return the assays that are meant for a modality: first those that nominate sites.

    Parameters
    ----------
    modality
        Name of the modality.
    edited_bases
        Of base editing: the bases that the editor changes (``"A"``, ``"C"`` or both); empty where that is not known,
        which leaves no assay out.

    Examples
    --------
    >>> [one.name for one in assays_for("base_editing", "A")][:2]
    ['EndoV-seq', 'Amplicon sequencing of the validation panel']
    """
    wanted = {"A": "adenine", "C": "cytosine"}
    kinds = {"", *(wanted[base] for base in edited_bases if base in wanted)}
    found = [
        one
        for one in assays().values()
        if modality in one.modalities and (not edited_bases or one.editors in kinds)
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.key)))
