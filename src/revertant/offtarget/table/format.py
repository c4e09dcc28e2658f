"""How a site table lies on disk, and how damage is noticed.

A table is a folder: ``table.json``, written last, and one ``NNNNN.sites`` for each part of the genome::

    magic, version, header length, SHA-256 of the header
    header (JSON): what was indexed, and where the sections lie
    for each strand, for plain sites and for sites that touch N or IUPAC codes (a *bank*):
        planes       blocks of 512 sites, bit-sliced (what the kernels read)
        tails        for the same blocks: position of each site's PAM, and its letters
        plane sums, tail sums    one word a block

The header is checked when a part is opened, the planes of a block when it is searched, its tail when a site in it
is found. So nothing is read unchecked, and nothing is read twice to be checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from revertant.offtarget.kernels.search import sum_blocks, sum_some_blocks
from revertant.offtarget.matching.blocks import Bank, DamagedBlockError

__all__ = [
    "FORMAT_VERSION",
    "BankData",
    "OpenBank",
    "Part",
    "open_part",
    "pam_bytes",
    "read_manifest",
    "tails_of",
    "whole_file",
    "write_manifest",
    "write_part",
]

FORMAT_VERSION = 1

_MAGIC = b"RVTSITES"
_HEAD = struct.Struct("<8sII32s")
_ALIGN = 64
_BLOCK = 512
Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class BankData:
    """One bank as it is written: blocks of planes and tails (see :func:`tails_of`), some blocks to an array."""

    is_minus: bool
    planes_per_base: int
    sites: int
    planes: tuple[Words, ...]
    tails: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class OpenBank:
    """One bank as it is read; the arrays lie in the mapped file."""

    is_minus: bool
    bank: Bank
    tails: Words
    tail_sums: Words
    pam_bytes: int

    @property
    def tail_words(self) -> int:
        """Words of a block's tail."""
        return _BLOCK * (4 + self.pam_bytes) // 8

    def tail_of(self, sites: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return position and PAM code of some sites.

        Raises
        ------
        DamagedBlockError
            When the sum of a block is wrong.
        """
        blocks = np.unique(sites >> 9)
        damaged = sum_some_blocks(self.tails, self.tail_words, blocks, self.tail_sums)
        if damaged >= 0:
            raise DamagedBlockError(damaged)
        rows = self.tails.view(np.uint8).reshape(-1, self.tail_words * 8)
        block, slot = sites >> 9, sites & (_BLOCK - 1)
        positions = rows.view(np.uint32)[block, slot].astype(np.int64)
        kind = {1: np.uint8, 2: np.uint16, 4: np.uint32}[self.pam_bytes]
        pams = rows.view(kind)[block, slot + _BLOCK * 4 // self.pam_bytes].astype(np.uint64)
        return positions, pams


@dataclass(frozen=True, slots=True)
class Part:
    """An opened part.

    Parameters
    ----------
    path
        The file.
    header
        What it says of itself.
    banks
        Its sites.
    """

    path: Path
    header: Mapping[str, Any]
    banks: tuple[OpenBank, ...]

    def verify(self) -> bool:
        """Whether every block has its sum: reads everything once."""
        for opened in self.banks:
            bank = opened.bank
            every = np.arange(bank.blocks)
            block_words = bank.planes_per_base * bank.depth * 8
            if (
                sum_some_blocks(bank.planes, block_words, every, bank.sums) >= 0
                or sum_some_blocks(opened.tails, opened.tail_words, every, opened.tail_sums) >= 0
            ):
                return False
        return True


def pam_bytes(planes_per_base: int, free_letters: int) -> int:
    """Bytes a PAM takes: two bits for each ambiguous letter of its pattern, or four for every letter."""
    if planes_per_base == 4:
        return 4
    return 1 if free_letters <= 4 else 2


def tails_of(positions: NDArray[Any], pams: NDArray[Any], width: int) -> Words:
    """Lay out the tails of blocks: of each block all positions, then all PAM codes of ``width`` bytes."""
    blocks = -(-len(positions) // _BLOCK)
    tails = np.zeros((blocks, _BLOCK * (4 + width)), np.uint8)
    for column, values, size in ((0, positions, 4), (_BLOCK * 4, pams, width)):
        filled = np.zeros(blocks * _BLOCK, f"<u{size}")
        filled[: len(values)] = values
        tails[:, column : column + _BLOCK * size] = filled.view(np.uint8).reshape(blocks, _BLOCK * size)
    return tails.reshape(-1).view(np.uint64)


def _sums(arrays: Sequence[Words], block_words: int) -> Words:
    """The sums of blocks that lie in several arrays."""
    sums = np.empty(sum(map(len, arrays)) // block_words, np.uint64)
    block = 0
    for words in arrays:
        some = sums[block : block + len(words) // block_words]
        sum_blocks(words, block_words, block, some)
        block += len(some)
    return sums


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file under another name; it gets its own only when all of it is on the disk."""
    made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with made.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def write_part(
    path: Path, about: Mapping[str, Any], banks: Sequence[BankData], *, depth: int, free_letters: int
) -> str:
    """Write one part, wholly or not at all; return the digest of its header."""
    sections: list[tuple[NDArray[Any], ...]] = []
    listed = []
    at = 0

    def place(*arrays: NDArray[Any]) -> list[int]:
        nonlocal at
        start, size = at, sum(array.nbytes for array in arrays)
        sections.append(arrays)
        at += -(-size // _ALIGN) * _ALIGN
        return [start, size]

    for data in banks:
        width = pam_bytes(data.planes_per_base, free_letters)
        plane_sums = _sums(data.planes, data.planes_per_base * depth * 8)
        tail_sums = _sums(data.tails, _BLOCK * (4 + width) // 8)
        listed.append(
            {
                "minus": data.is_minus,
                "planes_per_base": data.planes_per_base,
                "sites": data.sites,
                "planes": place(*data.planes),
                "tails": place(*data.tails),
                "plane_sums": [*place(plane_sums), zlib.crc32(plane_sums.data)],
                "tail_sums": [*place(tail_sums), zlib.crc32(tail_sums.data)],
            }
        )
    header = _canonical({**about, "depth": depth, "free_letters": free_letters, "banks": listed, "bytes": at})
    digest = hashlib.sha256(header).digest()
    start = -(-(_HEAD.size + len(header)) // _ALIGN) * _ALIGN
    with whole_file(path) as file:
        file.write(_HEAD.pack(_MAGIC, FORMAT_VERSION, len(header), digest))
        file.write(header.ljust(start - _HEAD.size, b"\0"))
        for arrays in sections:
            for array in arrays:
                file.write(array.data)
            file.write(b"\0" * (-sum(array.nbytes for array in arrays) % _ALIGN))
    return digest.hex()


def open_part(path: Path) -> Part:
    """Open a part and check its header and sums; the blocks are checked as they are read.

    Raises
    ------
    ValueError
        Saying what is wrong with the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or head[:8] != _MAGIC:
            raise ValueError("it is no site table")
        _, version, length, digest = _HEAD.unpack(head)
        if version != FORMAT_VERSION:
            raise ValueError(f"it has format {version}, this program reads {FORMAT_VERSION}")
        text = file.read(min(length, size))
    if hashlib.sha256(text).digest() != digest:
        raise ValueError("its header is damaged")
    header = json.loads(text)
    start = -(-(_HEAD.size + length) // _ALIGN) * _ALIGN
    if size != start + header["bytes"]:
        raise ValueError(f"it has {size} bytes, not {start + header['bytes']}")
    # Copy on write: the file is never changed, and compiled code needs no second form for read-only arrays.
    mapped = np.asarray(np.memmap(path, np.uint8, "c")) if size else np.zeros(0, np.uint8)

    def words(section: Sequence[int]) -> Words:
        found: Words = mapped[start + section[0] : start + section[0] + section[1]].view(np.uint64)
        return found

    def sums(section: Sequence[int]) -> Words:
        found = words(section)
        if zlib.crc32(found.data) != section[2]:
            raise ValueError("its sums are damaged")
        return found

    banks = []
    for entry in header["banks"]:
        kind = int(entry["planes_per_base"])
        bank = Bank(
            words(entry["planes"]), kind, int(entry["sites"]), header["depth"], sums(entry["plane_sums"])
        )
        width = pam_bytes(kind, header["free_letters"])
        banks.append(OpenBank(entry["minus"], bank, words(entry["tails"]), sums(entry["tail_sums"]), width))
    return Part(path, {**header, "digest": digest.hex()}, tuple(banks))


def write_manifest(path: Path, body: Mapping[str, Any]) -> None:
    """Write the list of parts; it is the last file of a table, so a table that has one is whole."""
    text = {"body": body, "sha256": hashlib.sha256(_canonical(body)).hexdigest()}
    with whole_file(path) as file:
        file.write(json.dumps(text, sort_keys=True, indent=1).encode() + b"\n")


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the list of parts.

    Raises
    ------
    ValueError
        When it is damaged.
    """
    try:
        text = json.loads(path.read_bytes())
        body: dict[str, Any] = text["body"]
        is_sound = text["sha256"] == hashlib.sha256(_canonical(body)).hexdigest()
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("its list of parts cannot be read") from error
    if not is_sound:
        raise ValueError("its list of parts is damaged")
    if body.get("version") != FORMAT_VERSION:
        raise ValueError(f"it has format {body.get('version')}, this program reads {FORMAT_VERSION}")
    return body
