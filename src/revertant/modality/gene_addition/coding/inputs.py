"""A transgene is checked before any base is designed."""

from __future__ import annotations

from revertant.errors import InputError
from revertant.modality.gene_addition.coding.usage import synonyms
from revertant.modality.gene_addition.transgene import coding_problem, protein_problem
from revertant.model import Transgene
from revertant.sequence import translate

__all__ = ["checked_transgene", "stop_codon"]


def checked_transgene(transgene: Transgene) -> Transgene:
    """Return the transgene in upper case, its protein translated where only the coding sequence is given.

    Raises
    ------
    InputError
        When the protein has a residue no codon stands for, when the coding sequence is no open reading frame, or when
        the two do not agree; with the place and what to do.

    Examples
    --------
    >>> checked_transgene(Transgene("tiny", "", "atggcgtaa")).protein
    'MA'
    """
    protein, cds = transgene.protein.upper(), transgene.cds.upper()
    if cds:
        _refuse(coding_problem(cds), f"{transgene.name}: coding sequence")
        translated = translate(cds)[:-1]
        protein = protein or translated
    _refuse(protein_problem(protein), f"{transgene.name}: protein")
    if cds and translated != protein:
        raise InputError(
            _difference(translated, protein),
            where=f"{transgene.name}: coding sequence",
            remedy="Give the coding sequence of this very protein, or the protein alone.",
            code="cds-not-of-protein",
        )
    return Transgene(transgene.name, protein, cds, transgene.source)


def stop_codon(native: str, wanted: str) -> tuple[str, str]:
    """Choose the stop codon, and say why.

    Examples
    --------
    >>> stop_codon("ATGTAA", ""), stop_codon("", "")[0]
    (('TAA', 'The native stop codon is kept.'), 'TGA')
    """
    if wanted:
        return wanted, "It was asked for."
    if native:
        return native[-3:], "The native stop codon is kept."
    return synonyms()["*"][0], "No native stop codon is known; this is the commonest of human genes."


def _difference(translated: str, protein: str) -> str:
    for at, (one, other) in enumerate(zip(translated, protein, strict=False), start=1):
        if one != other:
            return f"It encodes {one} at residue {at}, where the protein has {other}."
    return f"It encodes {len(translated)} residues; the protein has {len(protein)}."


def _refuse(problem: tuple[str, str, str] | None, where: str) -> None:
    if problem is not None:
        what, remedy, code = problem
        raise InputError(what, where=where, remedy=remedy, code=code)
