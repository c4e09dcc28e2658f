"""Plain, gzip and BGZF files: telling them apart, and never reading half a file for a whole one.

BGZF is gzip in blocks, which allows random access. A BGZF file cut between two blocks still reads as sound
gzip, so its end marker is checked before anything is read.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revertant.errors import InputError

__all__ = ["BGZF_END", "check_bgzf_end", "is_bgzf", "is_gzip", "open_text", "read_bounded", "sha256_of"]

#: The empty block that ends every complete BGZF file (SAM specification, section 4.1.2).
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def is_gzip(head: bytes) -> bool:
    """Whether the first bytes are those of a gzip (or BGZF) file."""
    return head[:2] == b"\x1f\x8b"


def is_bgzf(head: bytes) -> bool:
    """Whether the first bytes are those of a BGZF file, the gzip that allows random access."""
    return is_gzip(head) and len(head) >= 16 and bool(head[3] & 4) and head[12:14] == b"BC"


def check_bgzf_end(path: Path) -> None:
    """Refuse a BGZF file that lost its end: cut between blocks it would otherwise read without an error.

    Raises
    ------
    InputError
        When the last 28 bytes are not the end marker.
    """
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - len(BGZF_END)))
        if file.read() != BGZF_END:
            raise InputError(
                "The file was cut off: its BGZF end marker is missing.",
                where=str(path),
                remedy="Copy or download it again and compare checksums.",
                code="truncated",
            )


def read_bounded(path: Path, limit: int) -> bytes | None:
    """Read a plain, gzip or BGZF file whole; ``None`` when its text is longer than ``limit`` bytes."""
    with path.open("rb") as raw:
        head = raw.read(18)
        if is_bgzf(head):
            check_bgzf_end(path)
        raw.seek(0)
        if path.stat().st_size > limit:
            return None
        if not is_gzip(head):
            return raw.read()
        try:
            with gzip.GzipFile(fileobj=raw) as file:
                text = file.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                f"The compressed file is cut off or damaged ({error}).",
                where=str(path),
                remedy="Copy or download it again and compare checksums.",
                code="truncated",
            ) from error
    return None if len(text) > limit else text


@contextmanager
def open_text(path: Path) -> Iterator[Iterator[str]]:
    """Open a plain, gzip or BGZF text file and yield its lines; any line ending, with or without BOM.

    Raises
    ------
    InputError
        When the file cannot be read, is cut off or damaged (also while reading on), or is not UTF-8.
    """
    where = str(path)
    if not path.is_file():
        raise InputError("There is no such file.", where=where, remedy="Check the path.")
    try:
        with path.open("rb") as raw:
            head = raw.read(18)
            if is_bgzf(head):
                check_bgzf_end(path)
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if is_gzip(head) else raw
            yield io.TextIOWrapper(stream, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not UTF-8 text.",
            where=where,
            remedy="Is it another format, or compressed otherwise?",
        ) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"The compressed file is cut off or damaged ({error}).",
            where=where,
            remedy="Copy or download it again and compare checksums.",
            code="truncated",
        ) from error
    except OSError as error:
        raise InputError(
            f"The file cannot be read ({error.strerror or error}).",
            where=where,
            remedy="Check its permissions.",
        ) from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
