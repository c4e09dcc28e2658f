"""Lines of a VCF file, with everything that can be wrong with the file itself.

The project reads VCF text on its own rather than through htslib, because htslib's reader hides what has to
be said here: at which line a record is broken, that a file was cut at a block boundary, that a contig is
missing.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, cast

from revertant.errors import InputError
from revertant.genome import recognise_build
from revertant.genome.compression import check_bgzf_end, is_bgzf, is_gzip
from revertant.variant.limits import MOST_DIGITS, shown

__all__ = [
    "FIXED_COLUMNS",
    "VcfHeader",
    "ends_whole",
    "read_header",
    "sample_column",
    "vcf_blocks",
    "vcf_lines",
]

FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")

_CONTIG = re.compile(rf"##contig=<(?=.*\bID=([^,>]+))(?=.*\blength=([0-9]{{1,{MOST_DIGITS}}})\b)")
#: Ten thousand samples with long genotypes stay far below; a line without end must not fill the memory.
_LONGEST_LINE = 64_000_000
#: What is decompressed at a time.
_BLOCK = 1 << 22
_BINARY = {
    b"BCF": "BCF",
    b"BAM": "BAM",
    b"CRAM": "CRAM",
    b"PK\x03": "a ZIP archive",
    b"CSI": "an index",
    b"TBI": "an index",
}


@dataclass(frozen=True, slots=True)
class VcfHeader:
    """What the reader needs of a header.

    Parameters
    ----------
    samples
        The samples, in column order.
    lines
        How many lines the header takes.
    build
        The genome build its contig lengths belong to; empty when they do not tell.
    columns
        How many columns each record has.
    """

    samples: tuple[str, ...]
    lines: int
    build: str = ""
    columns: int = 9


def vcf_lines(path: Path) -> Iterator[str]:
    r"""Yield the lines of a VCF without their line ends (``\n`` or ``\r\n``).

    Raises
    ------
    InputError
        When the file is missing, no regular file, cut short, damaged, or no text; or a line never ends.
    """
    try:
        _check_regular(path)
        with path.open("rb") as file:
            yield from _decoded(file, path)
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise _broken(path, "its compression is damaged") from error
        what = error.strerror or "the system gave no reason"
        raise InputError(
            f"The VCF cannot be read: {what}.", where=path.name, remedy="Check the path.", code="unreadable"
        ) from error
    except (EOFError, zlib.error) as error:
        raise _broken(path, "its compressed stream ends too early or is damaged") from error
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not text in UTF-8.", where=path.name, remedy="Give a VCF file.", code="not-vcf"
        ) from error


def vcf_blocks(path: Path, skipped: int) -> Iterator[tuple[bytes, float]]:
    r"""Yield the lines of a VCF in blocks of some megabytes, line ends included.

    The last block is empty. Where it does not come, something is wrong with the file, and :func:`vcf_lines`, asked
    for the lines from there on, hands out those before the fault and then says what it is; so faults are described
    in one place.

    Parameters
    ----------
    path
        Plain, gzip or BGZF.
    skipped
        Lines at the start to leave out: the header.

    Returns
    -------
    iterator of (bytes, float)
        Whole lines (the last of the file may lack its end), and the share of the file read so far.
    """
    with suppress(OSError, EOFError, zlib.error, ValueError), path.open("rb") as file:
        size = max(1, path.stat().st_size)
        stream = _unpacked(file) if is_gzip(file.peek(2)[:2]) else file
        kept = b""
        while len(kept) <= _LONGEST_LINE:
            read = stream.read(_BLOCK)
            cut = len(kept) + len(read) if not read else len(kept) + read.rfind(b"\n") + 1
            text = kept + read
            if read and cut == len(kept):
                kept = text
                continue
            block, kept = text[:cut], text[cut:]
            while skipped and block:
                line_end = block.find(b"\n") + 1
                block, skipped = block[line_end or len(block) :], skipped - 1
            if not _is_sound(block):
                return
            if block:
                yield block, min(1.0, file.tell() / size)
            if not read:
                yield b"", 1.0
                return


def _is_sound(block: bytes) -> bool:
    """Whether a block is text, and none of its lines too long."""
    if len(block) > _LONGEST_LINE and max(map(len, block.split(b"\n"))) >= _LONGEST_LINE:
        return False
    if not block.isascii():
        block.decode("utf-8")
    return True


def _check_regular(path: Path) -> None:
    """Asked before opening: a pipe waits for its writer, and a device such as ``/dev/zero`` never ends."""
    try:
        what = "" if stat.S_ISREG(path.stat().st_mode) else "this is not a regular file"
    except ValueError:
        what = "the path is not valid"
    if what:
        raise InputError(
            f"The VCF cannot be read: {what}.",
            where=path.name,
            remedy="Give a file on disk, not a folder, a pipe or a device.",
            code="unreadable",
        )


def _decoded(file: io.BufferedReader, path: Path) -> Iterator[str]:
    head = file.peek(18)[:18]
    if not head:
        raise InputError("The file is empty.", where=path.name, remedy="Give a VCF file.", code="empty-file")
    stream: IO[bytes] = file
    if is_gzip(head):
        if is_bgzf(head):
            check_bgzf_end(path)
        stream = _unpacked(file)
    raw_lines = iter(partial(stream.readline, _LONGEST_LINE + 1), b"")
    first = next(raw_lines, b"")
    for magic, name in _BINARY.items():
        if first.startswith(magic):
            raise InputError(
                f"The file is {name}, not VCF text.",
                where=path.name,
                remedy="Convert it, for example with 'bcftools view -Oz'.",
                code="not-vcf",
            )
    for number, raw in enumerate(chain([first], raw_lines), start=1):
        if len(raw) > _LONGEST_LINE:
            raise InputError(
                f"The line is longer than {_LONGEST_LINE:,} bytes.",
                where=f"{path.name}:{number}",
                remedy="The file is damaged or no VCF: get it again.",
                code="bad-vcf-record",
            )
        yield _line(raw)


def _unpacked(file: io.BufferedReader) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=file)))


def ends_whole(path: Path) -> bool:
    """Whether a plain file's last line has its line end; compressed files carry checks of their own."""
    with path.open("rb") as file:
        if is_gzip(file.read(2)):
            return True
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def _line(raw: bytes) -> str:
    return raw.decode("utf-8").rstrip("\r\n")


def _broken(path: Path, because: str) -> InputError:
    return InputError(
        f"The VCF is cut short or damaged: {because}.",
        where=path.name,
        remedy="Copy or download the file again and compare checksums.",
        code="truncated",
    )


def read_header(lines: Iterator[str], name: str) -> VcfHeader:
    """Read up to and including the ``#CHROM`` line.

    Raises
    ------
    InputError
        When the file does not begin as VCF does, or its columns are not those of VCF.
    """
    lengths: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if found := _CONTIG.match(line):
            lengths[found[1]] = int(found[2])
        if number == 1 and not line.removeprefix("\ufeff").startswith(("##fileformat=VCF", "#CHROM")):
            raise _no_header(name, number, "it does not begin with '##fileformat=VCF'")
        if line.startswith("#CHROM"):
            samples, build = _samples(line, name, number), recognise_build(lengths)
            return VcfHeader(samples, number, build, line.count("\t") + 1)
        if not line.removeprefix("\ufeff").startswith("##"):
            raise _no_header(name, number, "a record stands before the '#CHROM' line")
    raise _no_header(name, 0, "there is no '#CHROM' line")


def _samples(line: str, name: str, number: int) -> tuple[str, ...]:
    columns = line.split("\t")
    if tuple(columns[:8]) != FIXED_COLUMNS:
        because = (
            "the '#CHROM' line is not tab-separated"
            if " " in line and "\t" not in line
            else (f"the '#CHROM' line does not name the columns {', '.join(FIXED_COLUMNS)}")
        )
        raise _no_header(name, number, because)
    if len(columns) > 8 and columns[8] != "FORMAT":
        raise _no_header(name, number, f"the ninth column is {shown(columns[8])!r}, not FORMAT")
    samples = tuple(columns[9:])
    doubled = (
        sorted({sample for sample in samples if samples.count(sample) > 1})
        if len(set(samples)) < len(samples)
        else []
    )
    if doubled:
        raise _no_header(name, number, f"sample {shown(doubled[0])!r} has two columns")
    return samples


def sample_column(header: VcfHeader, sample: str, name: str) -> int:
    """Return the 0-based column of a sample; it may be left unnamed where the file has one.

    Raises
    ------
    InputError
        When there is none, no such one, or several and none was named.
    """
    samples = header.samples
    listed = ", ".join(map(shown, samples[:8])) + (
        f" and {len(samples) - 8} more" if len(samples) > 8 else ""
    )
    if not samples:
        raise InputError(
            "The VCF has no sample column: it lists sites, not a person's genotypes.",
            where=name,
            remedy="Give the patient's own VCF.",
            code="no-samples",
        )
    if not sample and len(samples) > 1:
        raise InputError(
            f"The VCF has {len(samples)} samples and none was named.",
            where=name,
            remedy=f"Name one of: {listed}.",
            code="ambiguous-sample",
        )
    if sample and sample not in samples:
        raise InputError(
            f"The VCF has no sample {shown(sample)!r}.",
            where=name,
            remedy=f"It has: {listed}.",
            code="unknown-sample",
        )
    return 9 + (samples.index(sample) if sample else 0)


def _no_header(name: str, number: int, because: str) -> InputError:
    return InputError(
        f"This is no sound VCF header: {because}.",
        where=f"{name}:{number}" if number else name,
        remedy="Give the VCF as its caller wrote it, header included.",
        code="bad-vcf-header",
    )
