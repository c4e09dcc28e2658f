"""What a VCF says about given variants: carried, absent, not called, or nothing at all.

Calls keep only what a person carries. To tell "the person does not have it" from "the file does not say",
the records around the variant are asked once more, in one pass for any number of variants. A record speaks
of a variant when one of its ALT alleles is the same change after normalisation, or when it states that the
reference is carried over the whole place (``ALT`` is ``.``, ``<NON_REF>`` or ``<*>``, as in a gVCF).

Absence has to be said firmly to count, for it contradicts whoever says that the person has the variant: all
copies called, the record's filter passed, and GQ, where it is given, at least 20.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference
from revertant.model import Locus, Variant
from revertant.sequence import is_dna
from revertant.variant.genotype import GenotypeError, parse_genotype
from revertant.variant.limits import MOST_DIGITS, is_count, shown
from revertant.variant.normalise import normalise, shift_right, trim
from revertant.variant.vcf_lines import read_header, sample_column, vcf_lines

__all__ = ["GenotypeSeen", "Seen", "genotypes_of"]

#: Phred 20 is one wrong genotype in a hundred: our own bar for letting a 0/0 stop a plan.
_FIRM_GQ = 20
# DeepVariant marks the genotypes it finds to be reference with this FILTER; it is no failure.
_PASSED = frozenset({"PASS", ".", "", "RefCall"})
_REFERENCE_ALTS = frozenset({".", "<NON_REF>", "<*>"})
_END = re.compile(rf"(?:^|;)END=([0-9]{{1,{MOST_DIGITS}}})(?:;|$)")


class Seen(StrEnum):
    """What a VCF says of one variant in one person."""

    CARRIED = "carried"
    ABSENT = "absent"
    MISSING = "missing"
    NO_RECORD = "no_record"


_WEIGHT = {Seen.CARRIED: 3, Seen.ABSENT: 2, Seen.MISSING: 1, Seen.NO_RECORD: 0}


@dataclass(frozen=True, slots=True)
class GenotypeSeen:
    """What a VCF says of one variant in one person, and where.

    Parameters
    ----------
    variant
        The variant, normalised.
    seen
        Carried (in whatever record, also one that failed its filters); absent, said firmly; missing: there is
        a record, but it makes no firm call; or no record.
    genotype
        The GT text, as it is shown; empty without a record.
    record
        The record as ``chrom:pos REF>ALT`` in the file's own words, long alleles cut short.
    filters
        Its FILTER, cut short as well.
    """

    variant: Variant
    seen: Seen
    genotype: str = ""
    record: str = ""
    filters: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A variant and the bases within which a record of it must touch, from its first to its last placement."""

    variant: Variant
    start: int
    end: int


def genotypes_of(
    path: Path | str, reference: Reference, sample: str, variants: Sequence[Variant]
) -> tuple[GenotypeSeen, ...]:
    r"""Ask a VCF what it says of variants, reading it once.

    Parameters
    ----------
    path
        Plain, gzip or BGZF VCF.
    reference
        The reference the calls were made on.
    sample
        The sample's name; may be empty when the file has one sample.
    variants
        What to look for, in any placement.

    Returns
    -------
    tuple of GenotypeSeen
        One for each variant, in their order. Where several records speak of one, a record that carries it
        wins, then one that firmly denies it.

    Raises
    ------
    InputError
        When the file is damaged, or has no such sample.
    IncompatibleInputsError
        When a variant does not fit the reference.

    Examples
    --------
    >>> import tempfile
    >>> columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tpatient"
    >>> record = "1\t2\t.\tC\tT\t.\tPASS\t.\tGT\t0/0"
    >>> reference = Reference.from_sequences({"chr1": "ACGT"})
    >>> asked = [Variant("chr1", 1, "C", "T"), Variant("chr1", 2, "G", "A")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "patient.vcf")
    ...     _ = path.write_text("\n".join(["##fileformat=VCFv4.3", columns, record, ""]))
    ...     found = genotypes_of(path, reference, "", asked)
    >>> [(one.seen.value, one.genotype) for one in found]
    [('absent', '0/0'), ('no_record', '')]
    """
    asked = [_asked(variant, reference) for variant in variants]
    answers = [GenotypeSeen(one.variant, Seen.NO_RECORD) for one in asked]
    place = Path(path)
    lines = vcf_lines(place)
    column = sample_column(read_header(lines, place.name), sample, place.name)
    reach = _reach(asked)
    contigs: dict[str, str] = {}
    for line in lines:
        head = line.split("\t", 4)
        if len(head) < 5 or line[0] == "#" or not is_count(head[1]):
            continue
        name = head[0]
        if name not in contigs:
            contigs[name] = reference.canonical_contig(name) if reference.has_contig(name) else ""
        low, high = reach.get(contigs[name], (0, -1))
        start = int(head[1]) - 1
        if not 0 <= start <= high:
            continue
        end = _end(line.split("\t", 8), start)
        if end < max(low, start):
            continue
        fields, at = line.split("\t"), Locus(contigs[name], start, end)
        for i, one in enumerate(asked):
            if one.variant.contig == at.contig and start <= one.end and end >= one.start:
                found = _answer(fields, at, one, column, reference)
                if _WEIGHT[found.seen] > _WEIGHT[answers[i].seen]:
                    answers[i] = found
    return tuple(answers)


def _asked(variant: Variant, reference: Reference) -> _Asked:
    normal = normalise(variant, reference)
    return _Asked(normal, normal.start, shift_right(normal, reference).end)


def _reach(asked: Sequence[_Asked]) -> dict[str, tuple[int, int]]:
    reach: dict[str, tuple[int, int]] = {}
    for one in asked:
        low, high = reach.get(one.variant.contig, (one.start, one.end))
        reach[one.variant.contig] = min(low, one.start), max(high, one.end)
    return reach


def _end(fields: Sequence[str], start: int) -> int:
    """Where a record ends: its REF, or the END of a reference block."""
    if len(fields) > 7 and not _REFERENCE_ALTS.isdisjoint(fields[4].split(",")):
        block = _END.search(fields[7])
        if block:
            return int(block[1])
    return start + len(fields[3])


def _answer(fields: Sequence[str], at: Locus, one: _Asked, column: int, reference: Reference) -> GenotypeSeen:
    """What one record near the variant says of it."""
    nothing = GenotypeSeen(one.variant, Seen.NO_RECORD)
    if len(fields) <= column:
        return nothing
    ref, alts = fields[3].upper(), fields[4].upper().split(",")
    same = [i for i, alt in enumerate(alts, start=1) if _is_same(one.variant, at.start, ref, alt, reference)]
    if not same and not (_REFERENCE_ALTS.issuperset(alts) and _is_over(at, one)):
        return nothing
    keys = fields[8].split(":")
    values = dict(zip(keys, fields[column].split(":"), strict=False))
    # Two genotypes in one record are none.
    text = values.get("GT", ".") if keys.count("GT") == 1 else "."
    return GenotypeSeen(
        one.variant,
        _seen(text, same, _could_hold(ref, alts), values.get("GQ", values.get("RGQ", ".")), fields[6]),
        shown(text),
        f"{shown(fields[0])}:{fields[1]} {shown(fields[3])}>{shown(fields[4])}",
        shown(fields[6]),
    )


def _is_same(variant: Variant, start: int, ref: str, alt: str, reference: Reference) -> bool:
    if not ref or not alt or ref == alt or not is_dna(ref) or not is_dna(alt):
        return False
    try:
        return normalise(Variant(variant.contig, start, ref, alt), reference) == variant
    except IncompatibleInputsError:
        return False  # REF disagrees or lies outside: such a record says nothing here


def _is_over(block: Locus, one: _Asked) -> bool:
    """Whether a reference block speaks of the whole place; of indels only with a base on either side."""
    beside = 0 if len(one.variant.ref) == len(one.variant.alt) else 1
    return block.start <= one.start - beside and one.end + beside <= block.end


def _could_hold(ref: str, alts: Sequence[str]) -> frozenset[int]:
    """Numbers of the alleles that change several things at once, so that any small change may be part of them."""
    found = set()
    for i, alt in enumerate(alts, start=1):
        left = trim(Variant("", 0, ref, alt)) if is_dna(alt) and alt not in {"", ref} else None
        if left is None or (left.ref and left.alt and len(left.ref + left.alt) > 2):
            found.add(i)
    return frozenset(found)


def _seen(text: str, same: Sequence[int], unclear: frozenset[int], quality: str, filters: str) -> Seen:
    try:
        genotype = parse_genotype(text)
    except GenotypeError:
        return Seen.MISSING
    carried = set(genotype.carried)
    if not carried.isdisjoint(same):
        return Seen.CARRIED
    # Without an allele of its own in the record, only copies that are all reference deny the variant.
    is_called = None not in genotype.alleles and carried.isdisjoint(unclear) and (bool(same) or not carried)
    is_sure = filters in _PASSED and (not _is_number(quality) or float(quality) >= _FIRM_GQ)
    return Seen.ABSENT if is_called and is_sure else Seen.MISSING


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
