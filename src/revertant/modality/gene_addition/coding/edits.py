"""The list of codons that were changed, and the proof that it is complete."""

from __future__ import annotations

from revertant.errors import IncompatibleInputsError
from revertant.model import CodonEdit
from revertant.sequence import CODONS

__all__ = ["edits_between", "replay"]


def edits_between(native: str, designed: str) -> tuple[CodonEdit, ...]:
    """List the codons that differ; from an empty native sequence, every codon.

    Parameters
    ----------
    native
        Whole codons, or empty.
    designed
        Whole codons, as many unless ``native`` is empty.

    Examples
    --------
    >>> edits_between("ATGGCGTAA", "ATGGCTTAA")
    (CodonEdit(codon=2, before='GCG', after='GCT', amino_acid='A'),)
    """
    return tuple(
        CodonEdit(at // 3 + 1, native[at : at + 3], designed[at : at + 3], CODONS[designed[at : at + 3]])
        for at in range(0, len(designed), 3)
        if native[at : at + 3] != designed[at : at + 3]
    )


def replay(native: str, edits: tuple[CodonEdit, ...]) -> str:
    """Apply the edits, each checked against what it says it changes.

    Parameters
    ----------
    native
        The sequence they start from; empty where each codon was chosen anew.
    edits
        In any order, one a codon.

    Raises
    ------
    IncompatibleInputsError
        When an edit does not fit the sequence, would change the protein, or two edits name one codon.

    Examples
    --------
    >>> replay("ATGGCGTAA", (CodonEdit(2, "GCG", "GCT", "A"),))
    'ATGGCTTAA'
    """
    codons = {at // 3 + 1: native[at : at + 3] for at in range(0, len(native), 3)}
    seen: set[int] = set()
    for edit in edits:
        where = f"codon {edit.codon}"
        found = codons.get(edit.codon, "")
        if found != edit.before or edit.codon in seen or (native and edit.codon not in codons):
            reason = (
                "it was edited before"
                if edit.codon in seen
                else f"the sequence has {found or 'nothing'} there"
            )
            raise IncompatibleInputsError(
                f"The edit {edit.before or '-'} to {edit.after} does not fit: {reason}.",
                where=where,
                remedy="Replay the edits on the sequence they were made from.",
            )
        if CODONS.get(edit.after) != edit.amino_acid or (
            edit.before and CODONS.get(edit.before) != edit.amino_acid
        ):
            raise IncompatibleInputsError(
                f"The edit {edit.before or '-'} to {edit.after} does not keep {edit.amino_acid}.",
                where=where,
                remedy="The protein must stay the same.",
            )
        codons[edit.codon] = edit.after
        seen.add(edit.codon)
    if sorted(codons) != list(range(1, len(codons) + 1)):
        raise IncompatibleInputsError(
            "The edits leave codons out.", remedy="Give every codon where there is no native sequence."
        )
    return "".join(codons[number] for number in sorted(codons))
