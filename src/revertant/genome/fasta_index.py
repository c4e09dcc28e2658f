"""Indexes of large FASTA files: built when missing, and never trusted when they do not fit.

A ``.fai`` says where each record's bases lie. Whether it fits its file is checked by looking: right before
each record's bases there must be a header line with that record's name, records must follow each other
without a gap, and the last one must end where the file ends. That holds whatever the time stamps say
(copying changes them), and it also finds records that an indexer left out because their name came twice.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysam

from revertant.errors import InputError
from revertant.genome.compression import check_bgzf_end, is_bgzf, is_gzip

__all__ = ["FaiRow", "TextReader", "cache_folder", "check_index", "index_paths", "open_indexed"]

_REINDEX = "Delete the index files ({fai} and, if there is one, {gzi}); they are then built afresh."


_NAMELESS = "a blank stands before the name"


@dataclass(frozen=True, slots=True)
class FaiRow:
    """One line of a ``.fai``: bases start at byte ``offset``; each line has ``line_bases`` of them."""

    name: str
    length: int
    offset: int
    line_bases: int
    line_bytes: int

    @property
    def last_byte(self) -> int:
        """Byte right after the last base."""
        whole, rest = divmod(self.length, self.line_bases) if self.line_bases else (0, 0)
        return self.offset + whole * self.line_bytes + rest - (0 if rest or not whole else self._line_end)

    @property
    def _line_end(self) -> int:
        return self.line_bytes - self.line_bases


class TextReader:
    """Bytes of a plain or BGZF file by their place in the uncompressed text.

    For BGZF the blocks are walked once, header by header (a whole genome in about a second), and a ``.gzi`` that
    names any other block is refused: it would silently give bases from the wrong place.
    """

    def __init__(self, path: Path, gzi: Path | None) -> None:
        self._size = path.stat().st_size
        self._is_bgzf = gzi is not None
        listed = _listed_blocks(gzi.read_bytes()) if gzi is not None else []
        self._file = path.open("rb")
        try:
            self._blocks = list(self._walk()) if self._is_bgzf else [(0, 0)]
            _check_listed(listed, self._blocks)
        except BaseException:
            self._file.close()
            raise

    def _walk(self) -> Iterator[tuple[int, int]]:
        address = text = 0
        while address < self._size:
            yield address, text
            size = self._block_size(address)
            self._file.seek(address + size - 4)
            text += struct.unpack("<I", self._file.read(4))[0]
            address += size

    def _block_size(self, address: int) -> int:
        self._file.seek(address)
        head = self._file.read(18)
        if len(head) < 18 or not is_bgzf(head):
            raise ValueError(f"there is no BGZF block at byte {address}")
        return int(struct.unpack_from("<H", head, 16)[0]) + 1

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, start: int, size: int) -> bytes:
        """Return up to ``size`` bytes of text from ``start`` on."""
        if not self._is_bgzf:
            self._file.seek(start)
            return self._file.read(size)
        block = bisect_right(self._blocks, start, key=lambda pair: pair[1]) - 1
        begin = self._blocks[block][1]
        text = b""
        while len(text) < start - begin + size and block < len(self._blocks):
            address = self._blocks[block][0]
            length = self._block_size(address) - 18
            text += zlib.decompress(self._file.read(length)[:-8], -15)
            block += 1
        return text[start - begin : start - begin + size]


def _check_listed(listed: list[tuple[int, int]], blocks: list[tuple[int, int]]) -> None:
    if not set(listed) <= set(blocks):
        raise ValueError("the .gzi names blocks the file does not have")


def _listed_blocks(data: bytes) -> list[tuple[int, int]]:
    """The blocks a ``.gzi`` lists, as addresses in the file and in the text."""
    count = struct.unpack_from("<Q", data)[0] if len(data) >= 8 else -1
    if len(data) != 8 + 16 * count:
        raise ValueError("the .gzi has the wrong length")
    numbers = struct.unpack_from(f"<{2 * count}Q", data, 8)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def cache_folder() -> Path:
    """Where indexes go when a reference's folder may not be written: the user's cache (XDG)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "revertant" / "indexes"


def index_paths(path: Path) -> tuple[Path, Path]:
    """Return the ``.fai`` and ``.gzi`` to use: beside the file, or in the cache for read-only folders."""
    beside = path.with_name(path.name + ".fai"), path.with_name(path.name + ".gzi")
    # The mode is read as well, since root may write where the owner said nobody should.
    writable = os.access(path.parent, os.W_OK) and bool(path.parent.stat().st_mode & 0o222)
    complete = beside[0].exists() and (beside[1].exists() or not _starts_as_gzip(path))
    if complete or writable:
        return beside
    real = path.resolve()
    stat = real.stat()
    key = hashlib.sha256(f"{real}\0{stat.st_size}\0{stat.st_mtime_ns}".encode()).hexdigest()[:24]
    return cache_folder() / f"{key}.fai", cache_folder() / f"{key}.gzi"


def open_indexed(path: Path) -> pysam.FastaFile:
    """Open a large FASTA for random access; its index is built when missing and checked when not.

    Raises
    ------
    InputError
        When the file cannot be indexed, or the index belongs to another file.
    """
    with path.open("rb") as file:
        bgzf = is_bgzf(file.read(18))
    if bgzf:
        check_bgzf_end(path)
    fai, gzi = index_paths(path)
    if not fai.exists() or (bgzf and not gzi.exists()):
        _build(path, fai, gzi, bgzf=bgzf)
    check_index(path, fai, gzi if bgzf else None)
    try:
        blocks = str(gzi) if bgzf else None
        return pysam.FastaFile(str(path), filepath_index=str(fai), filepath_index_compressed=blocks)
    except (OSError, ValueError) as error:
        raise InputError(
            f"The FASTA cannot be opened with its index ({error}).",
            where=str(path),
            remedy=_REINDEX.format(fai=fai, gzi=gzi),
            code="stale-index",
        ) from error


def _starts_as_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return is_gzip(file.read(2))


def _build(path: Path, fai: Path, gzi: Path, *, bgzf: bool) -> None:
    try:
        fai.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=fai.parent, prefix=".revertant-index-") as folder:
            made_fai, made_gzi = Path(folder, "fai"), Path(folder, "gzi")
            pysam.faidx(str(path), "--fai-idx", str(made_fai), "--gzi-idx", str(made_gzi), catch_stdout=False)
            if bgzf:
                made_gzi.replace(gzi)
            made_fai.replace(fai)
    except (pysam.utils.SamtoolsError, OSError) as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"The FASTA cannot be indexed ({reason}).",
            where=str(path),
            remedy="All lines of a record but the last must be equally long ('seqtk seq -l 60' rewrites "
            f"them), and there must be room for the index in {fai.parent}.",
            code="cannot-index",
        ) from error


def check_index(path: Path, fai: Path, gzi: Path | None) -> tuple[FaiRow, ...]:
    """Check that an index fits its FASTA, record by record.

    Raises
    ------
    InputError
        Code ``stale-index`` when it does not; ``duplicate-record`` when a name occurs twice in the FASTA.
    """
    try:
        rows = []
        for line in fai.read_text(encoding="utf-8").splitlines():
            name, *numbers = line.split("\t")
            rows.append(FaiRow(name, *(int(number) for number in numbers[:4])))
        reader = TextReader(path, gzi)
        try:
            problem = _misfit(rows, reader)
        finally:
            reader.close()
    except (OSError, ValueError, TypeError, struct.error, zlib.error) as error:
        problem = f"it cannot be read ({error})"
    if problem:
        code, remedy = "stale-index", _REINDEX.format(fai=fai, gzi=gzi or "the .gzi")
        if "twice" in problem:
            code, remedy = "duplicate-record", "Remove or rename one of the two records."
        elif _NAMELESS in problem:
            code, remedy = "bad-input", "Write each name right after its '>'."
        raise InputError(
            f"The index does not fit the FASTA: {problem}.", where=str(fai), remedy=remedy, code=code
        )
    return tuple(rows)


def _misfit(rows: list[FaiRow], reader: TextReader) -> str:
    if not rows:
        return "it lists no record"
    end = 0
    names = {row.name for row in rows}
    for row in sorted(rows, key=lambda row: row.offset):
        between = reader.read(end, max(0, row.offset - end))
        lines = between.removeprefix(b"\xef\xbb\xbf").split()
        if row.offset < end or not between.endswith((b"\n", b"\r")) or not lines:
            return f"record {row.name!r} does not start where it says"
        headers = [line for line in between.splitlines() if line.startswith(b">")]
        if len(headers) > 1:
            first = headers[0][1:].split()
            name = first[0].decode("utf-8", "replace") if first else ""
            return f"record {name!r} occurs twice" if name in names else f"record {name!r} is not in it"
        if headers and headers[0][1:2].isspace():
            return f"{_NAMELESS} of record {row.name!r}"
        words = headers[0][1:].split() if headers else []
        if not words or words[0].decode("utf-8", "replace") != row.name:
            return f"record {row.name!r} is not where it says"
        end = row.last_byte
        if reader.read(end - 1, 1).isspace():
            return f"record {row.name!r} is shorter than it says"
    rest = reader.read(end, 4096)
    if rest.strip():
        head = rest.strip()[:1]
        if head == b">":
            name = rest.strip()[1:].split()[0].decode("utf-8", "replace")
            return f"record {name!r} occurs twice" if name in names else f"record {name!r} is not in it"
        return "the FASTA goes on after the last record"
    return ""
