"""HGVS to a variant on the genome, through the project's own gene models.

``g.`` and ``m.`` count along a contig, ``c.`` and ``n.`` along a transcript; the transcript is laid on the
genome by the gene models, and the bases are always the genome's. (A RefSeq transcript may differ from the
genome by a base or two: then a stated base is checked against the genome, and a mismatch is said.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import GeneModels, Reference
from revertant.model import Locus, Transcript, Variant
from revertant.sequence import reverse_complement
from revertant.variant.hgvs_text import HgvsText, Inserted, Place, bare_expression, parse_hgvs
from revertant.variant.limits import shown
from revertant.variant.normalise import normalise
from revertant.variant.numbering import numbering

__all__ = ["resolve_hgvs", "transcript_of"]

_GENOMIC = re.compile(r"(NC|NT|NW|CM|AC)_?\d+(\.\d+)?|(chr)?(\d{1,2}|X|Y|MT?)|LRG_\d+", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"(?:[NX][MR]_\d+|ENST\d+|LRG_\d+t\d+)(?:\.\d+)?")


def transcript_of(expression: str) -> str:
    """Name the transcript an HGVS expression counts on; ``""`` when it counts on none.

    Examples
    --------
    >>> transcript_of("NM_000016.5(ACADM):c.1073del (p.Lys358fs)")
    'NM_000016.5'
    >>> transcript_of("NC_000011.10(NM_000518.5):c.20A>T"), transcript_of("NC_000011.10:g.5227002T>A")
    ('NM_000518.5', '')
    """
    before, colon, _ = bare_expression(expression).partition(":")
    found = _TRANSCRIPT.search(before) if colon else None
    return found[0] if found else ""


def resolve_hgvs(
    expression: str, reference: Reference, models: GeneModels | None = None, *, where: str = ""
) -> Variant:
    """Find the variant an HGVS description names.

    Parameters
    ----------
    expression
        The description; a gene symbol in brackets and a protein part behind it are allowed and not used.
    reference
        The genome.
    models
        Gene models; needed for ``c.`` and ``n.``.
    where
        File and field, for error messages.

    Returns
    -------
    Variant
        Normalised.

    Raises
    ------
    InputError
        When the description is malformed, uncertain, or names no such position.
    IncompatibleInputsError
        When build, transcript version or bases disagree with the reference and the models.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr11:5227001-5227004": "CTCA"})
    >>> str(resolve_hgvs("NC_000011.10:g.5227002T>A", reference))
    'chr11:5227002:T:A'
    """
    text = parse_hgvs(expression, where=where)
    if text.system in {"g", "m"}:
        found = _on_contig(text, reference, where)
    else:
        found = _on_transcript(text, reference, models, where)
    return normalise(found, reference, where=where)


def _on_contig(text: HgvsText, reference: Reference, where: str) -> Variant:
    if text.selector:
        raise _bad(text, "a genomic description takes no selector", where)
    contig = _contig(text, text.accession, reference, where)
    if text.start.number < 1:
        raise _bad(text, "positions count from 1", where)
    return _build(
        text, _Line(reference, contig, is_plus=True, position=lambda place: place.number - 1), where
    )


def _contig(text: HgvsText, accession: str, reference: Reference, where: str) -> str:
    if not reference.has_contig(accession) and not _GENOMIC.fullmatch(accession):
        raise _bad(text, f"'{text.system}.' counts on a chromosome, and {accession} is none", where)
    return reference.canonical_contig(accession)


def _on_transcript(text: HgvsText, reference: Reference, models: GeneModels | None, where: str) -> Variant:
    transcript = _transcript(text, reference, models, where)
    if text.system == "c" and transcript.cds is None:
        raise _bad(text, f"{transcript.transcript_id} is non-coding and is counted with n", where, fits=False)
    names = numbering(transcript)

    def position(point: Place) -> int:
        return names.position(point.number, point.offset, point.region, where=where)

    contig = reference.canonical_contig(transcript.contig)
    return _build(text, _Line(reference, contig, names.plus, position), where)


def _transcript(text: HgvsText, reference: Reference, models: GeneModels | None, where: str) -> Transcript:
    accession = text.accession
    if _GENOMIC.fullmatch(accession):
        if not text.selector:
            raise _bad(text, f"'{text.system}.' counts on a transcript, and {accession} is none", where)
        accession = text.selector
    if models is None:
        raise IncompatibleInputsError(
            f"'{shown(text.text)}' counts on a transcript, but no gene models were given.",
            where=where,
            remedy="Give gene models (GTF, GFF3 or genePred) that hold the transcript, or write g. instead.",
            code="no-gene-models",
        )
    of_gene = models.of_gene(accession)
    if of_gene and not _TRANSCRIPT.fullmatch(accession):
        names = ", ".join(sorted(transcript.transcript_id for transcript in of_gene))
        raise _bad(text, f"{accession} is a gene, not a sequence; name a transcript ({names})", where)
    transcript = models.by_id(accession)
    if accession != text.accession:
        stated, found = (
            reference.canonical_contig(text.accession),
            reference.canonical_contig(transcript.contig),
        )
        if stated != found:
            raise _bad(text, f"{accession} lies on {found}, not on {text.accession}", where, fits=False)
    return transcript


@dataclass(frozen=True, slots=True)
class _Line:
    """The line a description counts along: a contig in one direction, and the map from its positions."""

    reference: Reference
    contig: str
    is_plus: bool
    position: Callable[[Place], int]

    def stretch(self, start: Place, end: Place) -> tuple[int, int]:
        """Forward-strand ``[start, end)`` of two places named in the line's own direction."""
        first, last = self.position(start), self.position(end)
        return (first, last + 1) if self.is_plus else (last, first + 1)

    def turned(self, bases: str) -> str:
        """Turn bases from the line's direction to the forward strand, or back."""
        return bases if self.is_plus else reverse_complement(bases)


def _build(text: HgvsText, line: _Line, where: str) -> Variant:
    """Turn a description into a forward-strand replacement."""
    start, end = line.stretch(text.start, text.end)
    if start >= end:
        raise _bad(text, "its end lies before its start", where)
    if text.operation == "rep":
        return _repeat(text, line, (start, end), where)
    if text.operation == "ins":
        if end - start != 2:
            raise _bad(text, "an insertion stands between two neighbouring positions", where)
        start = end = start + 1
    found = line.reference.fetch(line.contig, start, end)
    _check_statement(text, Locus(line.contig, start, end), line.turned(found), where)
    if text.operation == "dup":
        alt = found + found
    elif text.operation == "inv":
        alt = reverse_complement(found)
    else:
        alt = line.turned("".join(_inserted_bases(part, text, line, where) for part in text.inserted))
    if text.operation == "sub" and (len(found) != 1 or len(alt) != 1):
        raise _bad(text, "'>' replaces one base by one; use delins for more", where)
    if alt == found:
        raise _bad(text, "it leaves the sequence as it is", where)
    return Variant(line.contig, start, found, alt)


def _repeat(text: HgvsText, line: _Line, named: tuple[int, int], where: str) -> Variant:
    """Turn a repeat count into a replacement of the whole repeat that the reference has there.

    Several units name the whole mixed repeat and replace it. One unit is named by its first place, or the range of
    the first one or of all of them; the reference says how many there are.
    """
    start, end = named
    found = line.turned(line.reference.fetch(line.contig, start, end))
    units = [(part.bases or found, part.times) for part in text.inserted]
    if len(units) == 1:
        unit = units[0][0]
        if len(found) > len(unit) and found != unit * (len(found) // len(unit)):
            raise _other_repeat(text, Locus(line.contig, start, end), found, unit, where)
        if len(found) <= len(unit):
            start, end = _whole_repeat(text, line, named, unit, where)
    alt = line.turned("".join(unit * times for unit, times in units))
    ref = line.reference.fetch(line.contig, start, end)
    if alt == ref:
        raise _bad(text, "the reference has just as many units", where)
    return Variant(line.contig, start, ref, alt)


def _whole_repeat(
    text: HgvsText, line: _Line, named: tuple[int, int], unit: str, where: str
) -> tuple[int, int]:
    """The stretch of all units that follow each other from the named place on, in the line's direction."""
    size, reference = len(unit), line.reference
    step = size if line.is_plus else -size
    first = named[0] if line.is_plus else named[1] - size

    def is_unit(at: int) -> bool:
        place = Locus(line.contig, max(at, 0), max(at, 0) + size)
        return (
            at >= 0
            and reference.covers(place)
            and line.turned(reference.fetch(line.contig, at, at + size)) == unit
        )

    if not is_unit(first):
        found = line.turned(reference.fetch(line.contig, first, first + size))
        raise _other_repeat(text, Locus(line.contig, first, first + size), found, unit, where)
    if is_unit(first - step):
        raise _bad(text, f"the repeat of {unit} starts before this place; name its first unit", where)
    last = first
    while is_unit(last + step):
        last += step
    return min(first, last), max(first, last) + size


def _other_repeat(
    text: HgvsText, stretch: Locus, found: str, unit: str, where: str
) -> IncompatibleInputsError:
    return IncompatibleInputsError(
        f"'{shown(text.text)}' says units of {shown(unit)}, but the reference has {shown(found)} "
        f"at {stretch.contig}:{stretch.start + 1}-{stretch.end}.",
        where=where,
        remedy="Usual causes: another build or transcript version, or a unit written from another base of it.",
        code="ref-mismatch",
    )


def _inserted_bases(part: Inserted, text: HgvsText, line: _Line, where: str) -> str:
    """Bases of one inserted part, in the description's own direction."""
    bases = part.bases
    if part.start is not None and part.end is not None:
        start, end = line.stretch(part.start, part.end)
        if start >= end:
            raise _bad(text, "the copied stretch ends before it starts", where)
        bases = line.turned(line.reference.fetch(line.contig, start, end))
    return reverse_complement(bases) if part.is_inverted else bases


def _check_statement(text: HgvsText, stretch: Locus, found: str, where: str) -> None:
    """Hold what the description says of the replaced bases against the reference."""
    if text.deleted_length is not None and text.deleted_length != len(found):
        raise _bad(text, f"it counts {text.deleted_length} bases but its positions span {len(found)}", where)
    if not text.deleted or text.deleted == found:
        return
    if len(text.deleted) != len(found):
        raise _bad(text, f"it names {len(text.deleted)} bases but its positions span {len(found)}", where)
    span = str(stretch.end) if len(stretch) == 1 else f"{stretch.start + 1}-{stretch.end}"
    raise IncompatibleInputsError(
        f"'{shown(text.text)}' says {shown(text.deleted)}, but the reference has {shown(found)} "
        f"at {stretch.contig}:{span}.",
        where=where,
        remedy="Usual causes: another build or transcript version, or an allele written on the other strand.",
        code="ref-mismatch",
    )


def _bad(
    text: HgvsText, because: str, where: str, *, fits: bool = True
) -> InputError | IncompatibleInputsError:
    kind = InputError if fits else IncompatibleInputsError
    return kind(
        f"'{shown(text.text)}' cannot be used: {because}.",
        where=where,
        remedy="Check the description against its source.",
        code="bad-hgvs",
    )
