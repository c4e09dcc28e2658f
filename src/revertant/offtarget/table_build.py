"""Builds a site table: part by part, each wholly or not at all, so that a stopped build goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import Locus, PamSide, Strand
from revertant.offtarget.blocks import in_order
from revertant.offtarget.guides import MASK_OF_BYTE, is_reversed, pattern_of
from revertant.offtarget.kernels_sites import (
    count_letters,
    find_pams,
    gather_sites,
    slice_four_planes,
    slice_two_planes,
    split_clean,
    write_planes,
)
from revertant.offtarget.loading import load_build
from revertant.offtarget.table_format import (
    FORMAT_VERSION,
    BankData,
    open_part,
    write_manifest,
    write_part,
)

__all__ = ["MANIFEST", "build_table", "parts_of"]

MANIFEST = "table.json"

#: Small stretches share a part; a part never holds more than a 32-bit position can number.
_PART_BASES = 64_000_000
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class _Kind:
    """What tells the tables of one reference apart."""

    pam: str
    side: PamSide
    depth: int

    @property
    def pattern(self) -> NDArray[np.uint8]:
        """The PAM's base sets, outward."""
        return pattern_of(self.pam, self.side)


@dataclass(slots=True)
class _Sites:
    """Sites of one strand on the way into a bank."""

    rows: list[NDArray[np.uint64]] = field(default_factory=list)
    positions: list[NDArray[np.uint32]] = field(default_factory=list)
    pams: list[NDArray[np.uint32]] = field(default_factory=list)

    def add(self, rows: NDArray[Any], positions: NDArray[Any], pams: NDArray[Any]) -> None:
        self.rows.append(rows)
        self.positions.append(positions.astype(np.uint32))
        self.pams.append(pams.astype(np.uint32))

    def bank(self, is_minus: bool, planes_per_base: int, depth: int) -> BankData:
        """Slice the sites into blocks; the rows are let go."""
        shape = (0, 4) if planes_per_base == 4 else (0,)
        rows = np.concatenate([np.zeros(shape, np.uint64), *self.rows])
        self.rows.clear()
        blocks = np.zeros(-(-len(rows) // 512) * planes_per_base * depth * 8, np.uint64)
        (slice_four_planes if planes_per_base == 4 else slice_two_planes)(rows, depth, blocks)
        positions = np.concatenate([np.zeros(0, np.uint32), *self.positions])
        pams = np.concatenate([np.zeros(0, np.uint32), *self.pams])
        return BankData(is_minus, planes_per_base, len(rows), blocks, positions, pams)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A piece of a stretch; it owns PAMs from ``own_start`` to ``own_end`` of its text."""

    text: NDArray[np.uint8]
    own_start: int
    own_end: int
    before: int


def parts_of(windows: Sequence[Locus]) -> Iterator[tuple[int, int]]:
    """Group stretches into parts: ``[first, last)`` of the windows."""
    first = bases = 0
    for index, window in enumerate(windows):
        if bases and bases + len(window) > _PART_BASES:
            yield first, index
            first, bases = index, 0
        bases += len(window)
    if first < len(windows):
        yield first, len(windows)


def build_table(
    folder: Path,
    reference: Reference,
    pam: str,
    side: PamSide,
    depth: int,
    *,
    progress: Callable[[str, float], None] | None = None,
) -> None:
    """Build the table of one PAM; parts that are there and sound are kept.

    Raises
    ------
    InputError
        Code ``cannot-write-index`` when the disk is full or the folder may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        _build(folder, reference, _Kind(pam, side, depth), progress)
    except OSError as error:
        raise InputError(
            f"The off-target table cannot be written ({error.strerror or error}).",
            where=str(folder),
            remedy="Make room there (about 1.1 bytes a base for NGG), or set XDG_CACHE_HOME to another folder.",
            code="cannot-write-index",
        ) from error


def _build(
    folder: Path, reference: Reference, kind: _Kind, progress: Callable[[str, float], None] | None
) -> None:
    load_build()
    stage = f"building the off-target table of {kind.pam} (once for each reference)"
    windows, total, done = reference.windows, max(reference.total_bases, 1), 0
    if progress is not None:
        progress(stage, 0.0)
    common = {
        "version": FORMAT_VERSION,
        "reference": reference.sha256,
        "pam": kind.pam,
        "side": kind.side.value,
        "depth": kind.depth,
    }
    parts = []
    for number, (first, last) in enumerate(parts_of(windows)):
        path = folder / f"{number:05d}.sites"
        chosen = windows[first:last]
        about = {**common, "stretches": [[w.contig, w.start, w.end] for w in chosen], "first": first}

        def advance(bases: int) -> None:
            nonlocal done
            done += bases
            if progress is not None:
                progress(stage, min(done / total, 1.0))

        digest = _kept(path, about)
        if digest:
            advance(sum(map(len, chosen)))
        else:
            digest = _build_part(path, about, reference, chosen, kind=kind, advance=advance)
        parts.append({"file": path.name, "digest": digest, "size": path.stat().st_size})
    stat = _stat_of(reference)
    write_manifest(
        folder / MANIFEST, {**common, "name": reference.name, "stat": stat, "parts": parts, "bases": total}
    )


def _stat_of(reference: Reference) -> list[int]:
    if reference.path is None:
        return [0, 0]
    stat = reference.path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _remove_leftovers(folder: Path) -> None:
    """Remove what builds that were killed left under temporary names."""
    for path in folder.glob(".*.tmp"):
        owner = path.name.split(".")[-2]
        if not owner.isdigit() or not _is_running(int(owner)):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _kept(path: Path, about: Mapping[str, Any]) -> str:
    """The digest of a part's header when the part is there, is of this reference, and is sound."""
    try:
        part = open_part(path)
    except (OSError, ValueError):
        return ""
    if any(part.header.get(key) != value for key, value in about.items()) or not part.verify():
        return ""
    return str(part.header["digest"])


def _build_part(
    path: Path,
    about: Mapping[str, Any],
    reference: Reference,
    windows: Sequence[Locus],
    *,
    kind: _Kind,
    advance: Callable[[int], None],
) -> str:
    pattern = kind.pattern
    free = [k for k, mask in enumerate(pattern.tolist()) if mask & (mask - 1)]
    sites = {(strand, planes): _Sites() for strand in Strand for planes in (2, 4)}
    unknown = ambiguous = 0

    def read(chunk: _Chunk) -> tuple[_Chunk, list[tuple[Strand, int, tuple[NDArray[Any], ...]]]]:
        return chunk, [
            (strand, planes, found)
            for strand in Strand
            for planes, found in _sites_of(chunk, kind, strand, free)
        ]

    for chunk, found in in_order(read, _chunks(reference, windows, kind.depth + len(kind.pam))):
        own = chunk.text[chunk.own_start : chunk.own_end]
        counts = count_letters(own, MASK_OF_BYTE)
        unknown += counts[0]
        ambiguous += counts[1]
        for strand, planes, (rows, positions, pams) in found:
            sites[strand, planes].add(rows, positions, pams)
        advance(len(own))
    banks = [
        collected.bank(strand is Strand.MINUS, planes, kind.depth)
        for (strand, planes), collected in sites.items()
    ]
    more = {**about, "unknown": unknown, "ambiguous": ambiguous}
    return write_part(path, more, banks, depth=kind.depth, free_letters=len(free))


def _chunks(reference: Reference, windows: Sequence[Locus], reach: int) -> Iterator[_Chunk]:
    before = 0
    for window in windows:
        for start in range(window.start, window.end, _CHUNK):
            end = min(start + _CHUNK, window.end)
            low, high = max(window.start, start - reach), min(end + reach, window.end)
            letters = reference.fetch(window.contig, low, high).encode("ascii")
            # A copy, since compiled code has another form for arrays that may not be written.
            text = np.frombuffer(letters, np.uint8).copy()
            yield _Chunk(text, start - low, end - low, before + low - window.start)
        before += len(window)


def _sites_of(
    chunk: _Chunk, kind: _Kind, strand: Strand, free: list[int]
) -> Iterator[tuple[int, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]]:
    size, turned, pattern, depth = len(chunk.text), is_reversed(kind.side, strand), kind.pattern, kind.depth
    planes = np.empty((4, size // 64 + 4), np.uint64)
    write_planes(chunk.text, MASK_OF_BYTE, turned, strand is Strand.MINUS, planes)
    last = size - len(pattern) + 1
    room = np.empty(max(last, 0) + 64, np.int64)
    positions = room[: find_pams(planes, pattern, 0, max(last, 0), room)]
    starts = size - positions - len(pattern) if turned else positions
    own = (chunk.own_start <= starts) & (starts < chunk.own_end)
    positions, starts = positions[own], starts[own]
    words, pams = np.empty((len(positions), 4), np.uint64), np.empty(len(positions), np.uint64)
    gather_sites(planes, positions, len(pattern), depth, words, pams)
    keys, is_clean = np.empty(len(positions), np.uint64), np.empty(len(positions), np.bool_)
    count = split_clean(words, pams, len(pattern), depth, keys, is_clean)
    places = chunk.before + starts
    yield 2, (keys[:count].copy(), places[is_clean], _codes(pams[is_clean], free))
    yield 4, (words[~is_clean], places[~is_clean], pams[~is_clean])


def _codes(pams: NDArray[np.uint64], free: list[int]) -> NDArray[np.uint64]:
    """Two bits for each ambiguous letter of the pattern."""
    code_of = np.zeros(16, np.uint64)
    code_of[[1, 2, 4, 8]] = range(4)
    codes = np.zeros(len(pams), np.uint64)
    for index, k in enumerate(free):
        codes |= code_of[(pams >> np.uint64(4 * k)) & np.uint64(15)] << np.uint64(2 * index)
    return codes
