"""Builds site tables: part by part, each wholly or not at all, so that a stopped build goes on where it was.

Tables of several PAMs are built together: the reference is read once, each strand is turned into planes once, and
every PAM is looked for in the same planes. Sites are packed into blocks as they come, so a part on the way takes no
more room than it will on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import Locus, PamSide, Strand
from revertant.offtarget.kernels.loading import load_build
from revertant.offtarget.kernels.sites import count_letters
from revertant.offtarget.matching.blocks import in_order
from revertant.offtarget.matching.guides import MASK_OF_BYTE
from revertant.offtarget.table.format import FORMAT_VERSION, open_part, write_manifest, write_part
from revertant.offtarget.table.sites import Chunk, FoundRows, GrowingBank, TableKind, sites_of

__all__ = ["MANIFEST", "build_table", "build_tables", "parts_of"]

MANIFEST = "table.json"

#: Small stretches share a part; a part never holds more than a 32-bit position can number.
_PART_BASES = 64_000_000
_CHUNK = 1 << 22
#: Bytes of the parts built at the same time; PAMs that would take more get a pass of their own.
_MOST_BYTES = 800_000_000
_SITE_BYTES = 11


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
    """Build the table of one PAM, see :func:`build_tables`."""
    build_tables({folder: TableKind(pam, side, depth)}, reference, progress=progress)


def build_tables(
    kinds: Mapping[Path, TableKind],
    reference: Reference,
    *,
    progress: Callable[[str, float], None] | None = None,
) -> None:
    """Build tables in one pass over a reference; parts that are there and sound are kept.

    Parameters
    ----------
    kinds
        What to build, by folder.
    reference
        The reference.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        Code ``cannot-write-index`` when the disk is full or a folder may not be written.
    """
    try:
        for folder in kinds:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(folder)
        _build(kinds, reference, progress)
    except OSError as error:
        raise InputError(
            f"The off-target table cannot be written ({error.strerror or error}).",
            where=str(next(iter(kinds)) if len(kinds) == 1 else next(iter(kinds)).parent),
            remedy="Make room there (about 1.1 bytes a base for NGG), or set XDG_CACHE_HOME to another folder.",
            code="cannot-write-index",
        ) from error


@dataclass(frozen=True, slots=True)
class _Job:
    """One part of one table."""

    kind: TableKind
    path: Path
    about: Mapping[str, Any]


def _build(
    kinds: Mapping[Path, TableKind], reference: Reference, progress: Callable[[str, float], None] | None
) -> None:
    load_build()
    pams = ", ".join(kind.pam for kind in kinds.values())
    stage = f"building the off-target table of {pams} (once for each reference)"
    windows, total, done = reference.windows, max(reference.total_bases * len(kinds), 1), 0
    if progress is not None:
        progress(stage, 0.0)

    def advance(bases: int) -> None:
        nonlocal done
        done += bases
        if progress is not None:
            progress(stage, min(done / total, 1.0))

    common = {folder: _common(kind, reference) for folder, kind in kinds.items()}
    parts: dict[Path, list[dict[str, Any]]] = {folder: [] for folder in kinds}
    for number, (first, last) in enumerate(parts_of(windows)):
        chosen = windows[first:last]
        stretches = [[w.contig, w.start, w.end] for w in chosen]
        digests, jobs = {}, []
        for folder, kind in kinds.items():
            job = _Job(
                kind,
                folder / f"{number:05d}.sites",
                {**common[folder], "stretches": stretches, "first": first},
            )
            digests[job.path] = _kept(job.path, job.about)
            if digests[job.path]:
                advance(sum(map(len, chosen)))
            else:
                jobs.append(job)
        for some in _together(jobs, sum(map(len, chosen))):
            digests |= _build_part(some, reference, chosen, advance)
        for path, digest in digests.items():
            parts[path.parent].append({"file": path.name, "digest": digest, "size": path.stat().st_size})
    about = {"name": reference.name, "stat": _stat_of(reference), "bases": reference.total_bases}
    for folder in kinds:
        write_manifest(folder / MANIFEST, {**common[folder], **about, "parts": parts[folder]})


def _common(kind: TableKind, reference: Reference) -> dict[str, Any]:
    return {
        "version": FORMAT_VERSION,
        "reference": reference.sha256,
        "pam": kind.pam,
        "side": kind.side.value,
        "depth": kind.depth,
    }


def _together(jobs: Sequence[_Job], bases: int) -> Iterator[list[_Job]]:
    """Group parts that fit into memory together."""
    some: list[_Job] = []
    size = 0.0
    for job in jobs:
        more = bases * job.kind.share * _SITE_BYTES
        if some and size + more > _MOST_BYTES:
            yield some
            some, size = [], 0.0
        some.append(job)
        size += more
    if some:
        yield some


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
    jobs: Sequence[_Job], reference: Reference, windows: Sequence[Locus], advance: Callable[[int], None]
) -> dict[Path, str]:
    """Write one part of several tables; return the digests of their headers."""
    banks = {
        (index, strand, planes): GrowingBank(job.kind, strand, planes)
        for index, job in enumerate(jobs)
        for strand in Strand
        for planes in (2, 4)
    }
    unknown = ambiguous = 0

    def read(chunk: Chunk) -> tuple[Chunk, list[tuple[tuple[int, Strand, int], FoundRows]]]:
        return chunk, list(sites_of(chunk, [job.kind for job in jobs]))

    reach = max(job.kind.depth + len(job.kind.pam) for job in jobs)
    for chunk, found in in_order(read, _chunks(reference, windows, reach)):
        own = chunk.text[chunk.own_start : chunk.own_end]
        counts = count_letters(own, MASK_OF_BYTE)
        unknown += counts[0]
        ambiguous += counts[1]
        for place, (rows, positions, pams) in found:
            banks[place].add(rows, positions, pams)
        advance(len(own) * len(jobs))
    digests = {}
    for index, job in enumerate(jobs):
        own_banks = [banks.pop((index, strand, planes)).done() for strand in Strand for planes in (2, 4)]
        more = {**job.about, "unknown": unknown, "ambiguous": ambiguous}
        digests[job.path] = write_part(
            job.path, more, own_banks, depth=job.kind.depth, free_letters=len(job.kind.free)
        )
    return digests


def _chunks(reference: Reference, windows: Sequence[Locus], reach: int) -> Iterator[Chunk]:
    before = 0
    for window in windows:
        for start in range(window.start, window.end, _CHUNK):
            end = min(start + _CHUNK, window.end)
            low, high = max(window.start, start - reach), min(end + reach, window.end)
            letters = reference.fetch(window.contig, low, high).encode("ascii")
            # A copy, since compiled code has another form for arrays that may not be written.
            text = np.frombuffer(letters, np.uint8).copy()
            yield Chunk(text, start - low, end - low, before + low - window.start)
        before += len(window)
