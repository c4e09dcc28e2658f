"""Open a BAM or CRAM for counting, or refuse it with what is wrong and what to do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from revertant.errors import IncompatibleInputsError, InputError, RevertantError
from revertant.genome import builds, contig_name, recognise_build
from revertant.patient.smn.loci import BUILDS, CONTIG

__all__ = [
    "DUPLICATE",
    "PAIRED",
    "Alignments",
    "alternate_contigs",
    "open_alignments",
    "primary_reads",
    "reading",
]

# UCSC's, Ensembl's and GenBank's ways of naming the alternate sequences of chromosome 5.
_ALTERNATE = re.compile(r"(chr)?5_\w+_alt|(CHR_)?HSCHR5_\w+|KI270897(\.1|v1)|GL339449(\.2|v2)", re.IGNORECASE)
# Scaffolds under their accession do not tell what they are; GRCh38 without alternates has 42 + 127 of them.
_SCAFFOLD = re.compile(r"(NT_|NW_|KI27|GL)\d+(\.\d+)?")
_MOST_SCAFFOLDS = 169
#: Flags of a read with a mate, and of one marked as a duplicate.
PAIRED, DUPLICATE = 0x1, 0x400
_UNMAPPED, _SECONDARY, _FAILED, _SUPPLEMENTARY = 0x4, 0x100, 0x200, 0x800
_NOT_COUNTED = _UNMAPPED | _SECONDARY | _FAILED | _SUPPLEMENTARY
_INDEXES = {"BAM": "samtools index FILE.bam", "CRAM": "samtools index FILE.cram"}


@dataclass(frozen=True, slots=True)
class Alignments:
    """An open file of aligned reads.

    Parameters
    ----------
    file
        The open file; it is closed when ``open_alignments`` ends.
    name
        Name of the file, without its folder.
    build
        The genome build by the contigs' lengths.
    contigs
        Bare chromosome name to the file's own spelling.
    sample
        The sample its read groups name; empty when they name none.
    """

    file: Any
    name: str
    build: str
    contigs: Mapping[str, str]
    sample: str


@contextmanager
def open_alignments(path: str | Path, *, reference: str | Path = "", build: str = "") -> Iterator[Alignments]:
    """Open a file of reads and close it at the end.

    Parameters
    ----------
    path
        BAM or CRAM with its index beside it.
    reference
        The FASTA a CRAM was written with; a BAM needs none.
    build
        What the caller says the build is; the contigs' lengths must not contradict it.

    Raises
    ------
    InputError
        Codes ``no-file``, ``bad-alignments``, ``truncated``, ``no-index``, ``cram-needs-reference``, ``no-build``.
    IncompatibleInputsError
        Codes ``wrong-build``, ``unsupported-build``, ``alternate-contigs``, ``several-samples``.
    """
    place = Path(path)
    if not place.is_file():
        raise InputError("There is no such file.", where=place.name, remedy="Check its name.", code="no-file")
    is_cram = _is_cram(place)
    if is_cram and not reference:
        raise InputError(
            "This is a CRAM: its reads can be read only with the reference they were stored against.",
            where=place.name,
            remedy="Name that FASTA with --reference.",
            code="cram-needs-reference",
        )
    if reference and not Path(reference).is_file():
        raise InputError(
            "There is no such file.", where=Path(reference).name, remedy="Check its name.", code="no-file"
        )
    with _alone(), reading(place.name, is_cram=is_cram):
        fasta = str(reference) if is_cram else None
        with pysam.AlignmentFile(str(place), "rc" if is_cram else "rb", reference_filename=fasta) as file:
            _need_index(file, place.name, is_cram=is_cram)
            lengths = dict(zip(file.references, file.lengths, strict=True))
            _refuse_alternates(lengths, file.header.to_dict().get("SQ", []), place.name)
            found = _build_of(lengths, build, place.name)
            yield Alignments(file, place.name, found, _spellings(lengths), _sample(file, place.name))


@contextmanager
def reading(name: str, *, is_cram: bool = False) -> Iterator[None]:
    """Turn what the library says of a damaged file into our error.

    Parameters
    ----------
    name
        Name of the file.
    is_cram
        Whether its reads are stored against a reference, which may be the wrong one.
    """
    try:
        yield
    except RevertantError:
        raise
    except (OSError, ValueError) as error:
        again = "Copy it again from where it was made, check it with samtools quickcheck, and index it anew."
        if is_cram:
            raise InputError(
                "The reads cannot be read: they were written with another reference, or the file is damaged.",
                where=name,
                remedy=f"Name the very FASTA it was written with. {again}",
                code="bad-alignments",
            ) from error
        cut = "truncated" in str(error).lower() or "eof" in str(error).lower()
        what = (
            "The file is cut short."
            if cut
            else "The reads cannot be read: the file, or its index, is damaged."
        )
        code = "truncated" if cut else "bad-alignments"
        raise InputError(what, where=name, remedy=again, code=code) from error


def alternate_contigs(names: Mapping[str, object] | list[str]) -> tuple[str, ...]:
    """Return the contigs that are alternate sequences of chromosome 5.

    Examples
    --------
    >>> alternate_contigs(["chr5", "chr5_KI270897v1_alt", "chr5_GL000208v1_random"])
    ('chr5_KI270897v1_alt',)
    """
    return tuple(name for name in names if _ALTERNATE.fullmatch(name))


def primary_reads(reads: Alignments, name: str, start: int, end: int) -> Iterator[Any]:
    """Give the primary reads that overlap a stretch; none where the file lacks the chromosome or its end."""
    spelling = reads.contigs.get(name)
    if spelling is None or start >= reads.file.get_reference_length(spelling):
        return
    for read in reads.file.fetch(spelling, start, end):
        if not read.flag & _NOT_COUNTED:
            yield read


def _is_cram(place: Path) -> bool:
    with reading(place.name), place.open("rb") as file:
        magic = file.read(4)
    if magic == b"CRAM":
        return True
    if magic[:2] != b"\x1f\x8b":
        raise InputError(
            "This is neither BAM nor CRAM.",
            where=place.name,
            remedy="Give a sorted and indexed BAM or CRAM.",
            code="bad-alignments",
        )
    return False


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the library quiet, and from asking a server for the sequence that a CRAM was written with."""
    before, path = pysam.set_verbosity(0), os.environ.get("REF_PATH")
    os.environ["REF_PATH"] = os.devnull
    try:
        yield
    finally:
        pysam.set_verbosity(before)
        if path is None:
            del os.environ["REF_PATH"]
        else:
            os.environ["REF_PATH"] = path


def _need_index(file: Any, name: str, *, is_cram: bool) -> None:
    if not file.has_index():
        kind = "CRAM" if is_cram else "BAM"
        raise InputError(
            f"The {kind} has no index.", where=name, remedy=f"Make one: {_INDEXES[kind]}", code="no-index"
        )


def _refuse_alternates(lengths: Mapping[str, int], rows: list[dict[str, Any]], name: str) -> None:
    marked = [row["SN"] for row in rows if re.match(r"(chr)?5:", str(row.get("AH", "")))]
    scaffolds = [contig for contig in lengths if _SCAFFOLD.fullmatch(contig)]
    if len(scaffolds) <= _MOST_SCAFFOLDS:
        scaffolds = []
    found = sorted({*alternate_contigs(lengths), *marked}) or scaffolds[_MOST_SCAFFOLDS:]
    if found:
        raise IncompatibleInputsError(
            f"The reads were aligned to a reference with alternate sequences of chromosome 5 ({found[0]}"
            f"{f' and {len(found) - 1} more' if len(found) > 1 else ''}): reads of SMN1 and SMN2 may lie there, "
            "uncounted, and the copies would come out too few.",
            where=name,
            remedy="Align the reads again to a reference without alternate contigs (an analysis set), or ask the "
            "laboratory for MLPA.",
            code="alternate-contigs",
        )


def _build_of(lengths: Mapping[str, int], stated: str, name: str) -> str:
    known = {alias.lower(): row.name for row in builds().values() for alias in (row.name, *row.aliases)}
    wanted = known.get(stated.lower(), stated)
    found = recognise_build(lengths)
    if not found:
        raise InputError(
            "The contigs' lengths are those of no one human build.",
            where=name,
            remedy=f"Use reads aligned to {' or '.join(BUILDS)}.",
            code="no-build",
        )
    if stated and wanted != found:
        raise IncompatibleInputsError(
            f"The reads were aligned to {found}, not to {stated}.",
            where=name,
            remedy=f"Leave the build out, or give reads aligned to {stated}.",
            code="wrong-build",
        )
    if found not in BUILDS:
        raise IncompatibleInputsError(
            f"SMN1 and SMN2 are not counted on {found}.",
            where=name,
            remedy=f"Use reads aligned to {' or '.join(BUILDS)}.",
            code="unsupported-build",
        )
    return found


def _spellings(lengths: Mapping[str, int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for spelling in lengths:
        if meaning := contig_name(spelling):
            found.setdefault(meaning.name, spelling)
    if CONTIG not in found:
        raise InputError(
            "The file has no chromosome 5.", remedy="Give reads of the whole genome.", code="no-chromosome-5"
        )
    return found


def _sample(file: Any, name: str) -> str:
    groups = file.header.to_dict().get("RG", [])
    names = sorted({group["SM"] for group in groups if group.get("SM")})
    if len(names) > 1:
        raise IncompatibleInputsError(
            f"The file holds reads of {len(names)} samples.",
            where=name,
            remedy="Give one file for each person (samtools split).",
            code="several-samples",
        )
    return names[0] if names else ""
