"""Two proteins compared, and the difference named as HGVS names it.

HGVS writes predicted changes in brackets (``p.(Glu7Val)``), moves them towards the C-terminus, and has one
form for each kind: substitution, deletion, duplication, insertion, deletion-insertion, frameshift,
extension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.model import ConsequenceTerm as Term
from revertant.sequence import AMINO_ACIDS_3

__all__ = ["ProteinChange", "named_residues", "protein_change", "substitution_change"]

#: Selenocysteine is no letter of the translation tables, but a residue all the same.
_NAMES = {**AMINO_ACIDS_3, "U": "Sec"}


@dataclass(frozen=True, slots=True)
class ProteinChange:
    """What differs between two proteins.

    Parameters
    ----------
    hgvs_p
        ``"p.(Glu7Val)"``.
    terms
        Sequence Ontology terms.
    before, after
        One-letter residues that differ; the same residue twice when a change is silent.
    position
        1-based first residue that differs (or is silent).
    new_stop_after
        For a frameshift, residues to the new stop.
    """

    hgvs_p: str
    terms: tuple[Term, ...]
    before: str
    after: str
    position: int
    new_stop_after: int | None = None


def named_residues(residues: str) -> str:
    """Write residues in three letters, selenocysteine included."""
    return "".join(_NAMES[residue] for residue in residues)


def _at(protein: str, index: int) -> str:
    return f"{_NAMES[protein[index]]}{index + 1}"


def _range(protein: str, start: int, end: int) -> str:
    return _at(protein, start) if end - start == 1 else f"{_at(protein, start)}_{_at(protein, end - 1)}"


def substitution_change(before: str, after: str, codons: Sequence[int]) -> ProteinChange:
    """Compare proteins whose coding sequences differ by substitutions alone.

    Each run of neighbouring residues that differ is named by itself, as HGVS does for changes in cis.

    Parameters
    ----------
    before, after
        Both proteins to their first stop.
    codons
        0-based codons that were touched.

    Examples
    --------
    >>> substitution_change("MEEK*", "MVEK*", [1]).hgvs_p
    'p.(Glu2Val)'
    >>> substitution_change("MEEK*", "MVER*", [1, 3]).hgvs_p
    'p.[(Glu2Val);(Lys4Arg)]'
    >>> substitution_change("MEEK*", "MEEKLS*", [4]).hgvs_p
    'p.(Ter5LeuextTer2)'
    """
    last = len(before) - 1
    shared = min(len(before), len(after))
    differing = [i for i in sorted(set(codons)) if i < shared and before[i] != after[i]]
    if not differing:
        return _silent(before, codons)
    texts = []
    terms = []
    for start, end in _runs(differing):
        if end - 1 == last:
            if end - start > 1:
                texts.append(_replaced(before, start, end - 1, after[start : end - 1]))
                terms.append(Term.MISSENSE)
            texts.append(_extension(before, after))
            terms.append(Term.STOP_LOST)
        else:
            texts.append(_replaced(before, start, end, after[start:end]))
            terms.append(Term.STOP_GAINED if after[end - 1] == "*" else Term.MISSENSE)
    joined = f"({texts[0]})" if len(texts) == 1 else "[" + ";".join(f"({text})" for text in texts) + "]"
    old = "".join(before[i] for i in differing)
    new = "".join(after[i] for i in differing)
    return ProteinChange(f"p.{joined}", tuple(dict.fromkeys(terms)), old, new, differing[0] + 1)


def _silent(before: str, codons: Sequence[int]) -> ProteinChange:
    term = Term.STOP_RETAINED if len(before) - 1 in codons else Term.SYNONYMOUS
    if len(set(codons)) > 1:
        return ProteinChange("p.(=)", (term,), "", "", codons[0] + 1)
    residue = before[codons[0]]
    return ProteinChange(f"p.({_at(before, codons[0])}=)", (term,), residue, residue, codons[0] + 1)


def _runs(indexes: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index:
            runs[-1] = runs[-1][0], index + 1
        else:
            runs.append((index, index + 1))
    return runs


def _replaced(before: str, start: int, end: int, new: str) -> str:
    if end - start == 1 == len(new):
        return f"{_at(before, start)}{_NAMES[new]}"
    if new[0] == "*":
        return f"{_at(before, start)}Ter"
    return f"{_range(before, start, end)}delins{named_residues(new)}"


def _extension(before: str, after: str) -> str:
    """The stop is lost: HGVS counts the new residues from the old stop."""
    last = len(before) - 1
    more = len(after) - 1 - last if after.endswith("*") else "?"
    return f"{_at(before, last)}{_NAMES[after[last]]}extTer{more}"


def protein_change(
    before: str, after: str, *, net: int, codons: Sequence[int], is_insertion: bool
) -> ProteinChange:
    """Compare proteins whose coding sequences differ by insertions or deletions.

    Parameters
    ----------
    before, after
        Both proteins to their first stop; ``after`` has none when the transcript ends first.
    net
        Bases gained (positive) or lost by the coding sequence.
    codons
        0-based first and last codon touched.
    is_insertion
        Whether bases are only put in, and between two codons.

    Examples
    --------
    >>> protein_change("MKKL*", "MKL*", net=-3, codons=(2, 2), is_insertion=False).hgvs_p
    'p.(Lys3del)'
    >>> protein_change("MKLV*", "MKKLV*", net=3, codons=(2, 2), is_insertion=True).hgvs_p
    'p.(Lys2dup)'
    >>> protein_change("MKLVE*", "MKGS*", net=-1, codons=(2, 2), is_insertion=False).hgvs_p
    'p.(Leu3GlyfsTer3)'
    """
    shared = min(len(before), len(after))
    at = next((i for i in range(shared) if before[i] != after[i]), shared)
    if before == after:
        change = _silent(before, range(codons[0], codons[-1] + 1))
        return change if len(before) - 1 in codons else _with_terms(change, _length_term(net))
    if at == len(after):
        # The transcript ends before anything differs: what follows cannot be told.
        term = Term.FRAMESHIFT if net % 3 else _length_term(net)
        return ProteinChange("p.?", (term,), "", "", min(at, len(before) - 1) + 1)
    keeps_stop = after.endswith("*") and net == 3 * (len(after) - len(before))
    if net % 3 == 0 and keeps_stop:
        return _in_frame(before, after, at)
    reaches_stop = codons[-1] >= len(before) - 1
    frame: tuple[Term, ...] = (Term.FRAMESHIFT,) if net % 3 else ()
    if before[at] == "*":
        return ProteinChange(
            f"p.({_extension(before, after)})", (Term.STOP_LOST, *frame), "*", after[at], at + 1
        )
    if after[at] == "*":
        text = f"p.({_at(before, at)}Ter)"
        return ProteinChange(text, (Term.STOP_GAINED, *frame), before[at], "*", at + 1)
    if net % 3 or reaches_stop:
        lost = (Term.STOP_LOST,) if reaches_stop else ()
        stop = len(after) - at if after.endswith("*") else None
        text = f"p.({_at(before, at)}{_NAMES[after[at]]}fsTer{stop or '?'})"
        return ProteinChange(text, (*frame, *lost), before[at], after[at], at + 1, stop)
    return _with_new_stop(before, after, at, codons[-1], is_insertion=is_insertion)


def _length_term(net: int) -> Term:
    if net == 0:
        return Term.INFRAME_DELINS
    return Term.INFRAME_INSERTION if net > 0 else Term.INFRAME_DELETION


def _with_terms(change: ProteinChange, term: Term) -> ProteinChange:
    return ProteinChange(change.hgvs_p, (term,), change.before, change.after, change.position)


def _in_frame(before: str, after: str, at: int) -> ProteinChange:
    """The old stop still ends the protein: trim what both share, then name what is left."""
    tail = 0
    while tail < min(len(before), len(after)) - at and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    end = len(before) - tail
    lost, gained = before[at:end], after[at : len(after) - tail]
    if not gained:
        return ProteinChange(f"p.({_range(before, at, end)}del)", (Term.INFRAME_DELETION,), lost, "", at + 1)
    if not lost:
        size = len(gained)
        if before[at - size : at] == gained and at >= size:
            text = f"p.({_range(before, at - size, at)}dup)"
        else:
            text = f"p.({_at(before, at - 1)}_{_at(before, at)}ins{named_residues(gained)})"
        return ProteinChange(text, (Term.INFRAME_INSERTION,), "", gained, at + 1)
    term = Term.MISSENSE if len(lost) == len(gained) else Term.INFRAME_DELINS
    return ProteinChange(f"p.({_replaced(before, at, end, gained)})", (term,), lost, gained, at + 1)


def _with_new_stop(before: str, after: str, at: int, last_codon: int, *, is_insertion: bool) -> ProteinChange:
    """The frame is kept but the inserted bases bring a stop of their own."""
    gained = after[at:]
    if not gained.endswith("*"):
        return ProteinChange("p.?", (Term.STOP_LOST,), before[at], gained[:1], at + 1)
    if is_insertion and at:
        text = f"p.({_at(before, at - 1)}_{_at(before, at)}ins{named_residues(gained)})"
        return ProteinChange(text, (Term.STOP_GAINED,), "", gained, at + 1)
    end = max(at, last_codon) + 1
    text = f"p.({_range(before, at, end)}delins{named_residues(gained)})"
    return ProteinChange(text, (Term.STOP_GAINED,), before[at:end], gained, at + 1)
