"""A sequence with an edit in it, found on the reference: the flanks say where.

The sequence *before* the edit must stand in the reference exactly once, on either strand. Twice is an ambiguity
that is reported with both places; not at all is another build, a variant in the flanks, or the reverse reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference
from revertant.model import Strand, Variant
from revertant.sequence import is_dna, reverse_complement
from revertant.variant.edit_string import EditString, parse_edit
from revertant.variant.normalise import normalise

__all__ = ["is_edit_string", "resolve_edit"]

_SHAPE = re.compile(r"[A-Za-z\s]*\([^()]*[/+-][^()]*\)[A-Za-z\s]*")

#: Shorter sequences stand in a genome many times by chance.
SHORTEST = 20


def is_edit_string(text: str) -> bool:
    """Say whether a text has the form of a sequence with an edit in it.

    Examples
    --------
    >>> is_edit_string("ACGT(A/G)ACGT"), is_edit_string("NM_000016.5(ACADM):c.1073del")
    (True, False)
    """
    return _SHAPE.fullmatch(text.strip()) is not None


def resolve_edit(text: str, reference: Reference, *, where: str = "") -> Variant:
    """Find the variant that a sequence with an edit names; it reads *before* to *after*.

    Parameters
    ----------
    text
        ``ACGT(A/G)ACGT``, ``ACGT(+ATC)ACGT`` or ``ACGT(-ATC)ACGT``, with at least 20 bases before the edit is made.
    reference
        Where the sequence is looked for, on both strands.
    where
        File and field, for error messages.

    Raises
    ------
    InputError
        When the text is malformed, too short, or holds ambiguous flanks.
    IncompatibleInputsError
        When the sequence is not in the reference, or stands there more than once.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr11:5226990-5227015": "GGCAGTAACGGCAGACTTCTCCTCAG"})
    >>> str(resolve_edit("CAGTAACGGCAGACTTCTCC(T/A)CAG", reference))
    'chr11:5227012:T:A'
    """
    edit = parse_edit(text, where=where)
    if not is_dna(edit.before) or len(edit.before) < SHORTEST:
        raise InputError(
            f"The sequence before the edit has {len(edit.before)} letters; it needs at least {SHORTEST}, all A, C, G "
            "or T, to be found in a genome.",
            where=where,
            remedy="Give longer flanks without ambiguous letters.",
            code="bad-edit-string",
        )
    found = sorted(set(_places(edit, reference)))
    if len(found) == 1:
        return normalise(found[0], reference, where=where)
    if not found:
        raise IncompatibleInputsError(
            "The sequence before the edit is not in the reference, on neither strand.",
            where=where,
            remedy="Write wild type before the slash and the patient's bases behind it; check build and windows.",
            code="edit-not-found",
        )
    places = ", ".join(str(variant) for variant in found[:4])
    raise IncompatibleInputsError(
        f"The sequence stands in the reference {len(found)} times: {places}.",
        where=where,
        remedy="Give longer flanks, or name the variant by its position.",
        code="edit-ambiguous",
    )


def _places(edit: EditString, reference: Reference) -> Iterator[Variant]:
    for strand in Strand:
        minus = strand is Strand.MINUS
        before = reverse_complement(edit.before) if minus else edit.before
        ref, alt = (
            (reverse_complement(edit.ref), reverse_complement(edit.alt)) if minus else (edit.ref, edit.alt)
        )
        offset = len(edit.right) if minus else len(edit.left)
        for window in reference.windows:
            bases = reference.fetch(window.contig, window.start, window.end)
            at = bases.find(before)
            while at >= 0:
                yield Variant(window.contig, window.start + at + offset, ref, alt)
                at = bases.find(before, at + 1)
