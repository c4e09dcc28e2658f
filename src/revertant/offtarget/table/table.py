"""The site table of a reference: found or built, then searched.

Tables live in the user's cache (``$XDG_CACHE_HOME/revertant/offtargets``), one folder for each reference file, PAM
and depth. A table says which file it was made of; one of another file, or of the same file before it changed, is
built anew. A damaged one is refused: a disk that loses bits should be heard of.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import PamSide, Strand
from revertant.offtarget.kernels.loading import load_seeds
from revertant.offtarget.kernels.order import order_rows
from revertant.offtarget.kernels.settle import settle_sites
from revertant.offtarget.matching.blocks import DamagedBlockError, automaton_of, in_order, matches
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.guides import MOST_PAM, GuideSet, is_reversed
from revertant.offtarget.table.build import MANIFEST, build_tables
from revertant.offtarget.table.format import OpenBank, Part, open_part, read_manifest
from revertant.offtarget.table.seeds import SeedIndex, seed_index
from revertant.offtarget.table.sites import TableKind
from revertant.sequence import IUPAC_MASK, reverse_complement

__all__ = ["DEPTHS", "SiteTable", "is_worth_a_table", "ready_table", "ready_tables", "table_folder"]

#: Bases stored beside each PAM: for guides of 20 and two DNA bulges, or for the longest.
DEPTHS = (22, 28)

#: A PAM that fits more often than this at a place of a strand is searched without a table.
_LOOSEST = 1 / 8
_BLOCKS_AT_A_TIME = 2048
#: Rows a thread puts in order at a time.
_ROWS = 1 << 16
_CHECKED_SITES = 16


class _StaleTableError(Exception):
    """The table is of another reference or format."""


def is_worth_a_table(pam: str) -> bool:
    """Whether a PAM is rare enough for a table, and short enough.

    Examples
    --------
    >>> is_worth_a_table("NGG"), is_worth_a_table("TTTV"), is_worth_a_table("NRN")
    (True, True, False)
    """
    return len(pam) <= MOST_PAM and prod(IUPAC_MASK[x].bit_count() / 4 for x in pam) <= _LOOSEST


def table_folder(reference: Reference, pam: str, side: PamSide, depth: int) -> Path:
    """Where the table of a reference file lies by default."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = str(reference.path.resolve()) if reference.path is not None else reference.sha256
    key = hashlib.sha256(place.encode()).hexdigest()[:24]
    return cache / "revertant" / "offtargets" / key / f"{pam}-{side.name.lower()}-{depth}"


def ready_table(
    reference: Reference,
    pam: str,
    side: PamSide,
    depth: int,
    progress: Callable[[str, float], None] | None = None,
    *,
    afresh: bool = False,
) -> SiteTable:
    """Open the table of a PAM; build it when there is none. See :func:`ready_tables`."""
    return ready_tables(reference, [pam], side, depth, progress, afresh=afresh)[0]


def ready_tables(
    reference: Reference,
    pams: Sequence[str],
    side: PamSide,
    depth: int,
    progress: Callable[[str, float], None] | None = None,
    *,
    afresh: bool = False,
) -> tuple[SiteTable, ...]:
    """Open the tables of PAMs; build those that are missing or of another reference, all in one pass.

    Parameters
    ----------
    reference
        The reference, from a file.
    pams, side
        The PAMs.
    depth
        How many bases beside them are needed.
    progress
        Called with a stage name and a share from 0 to 1.
    afresh
        Build them anew, whatever is there.

    Raises
    ------
    InputError
        Code ``bad-index`` for a damaged table, ``cannot-write-index`` when one cannot be written,
        ``cannot-read-index`` when its folder may not be read.
    """
    opened: dict[str, SiteTable] = {}
    missing: dict[Path, TableKind] = {}
    for pam in dict.fromkeys(pams):
        usable = [table_folder(reference, pam, side, offered) for offered in DEPTHS if offered >= depth]
        folder = next((place for place in usable if _has_table(place)), usable[0])
        if afresh:
            shutil.rmtree(folder, ignore_errors=True)
        elif _has_table(folder):
            try:
                opened[pam] = SiteTable.open(folder, reference, pam, side)
                continue
            except _StaleTableError:
                (folder / MANIFEST).unlink(missing_ok=True)
        missing[folder] = TableKind(pam, side, int(folder.name.rpartition("-")[2]))
    if missing:
        build_tables(missing, reference, progress=progress)
    for folder, kind in missing.items():
        opened[kind.pam] = SiteTable.open(folder, reference, kind.pam, side)
    return tuple(opened[pam] for pam in pams)


def _has_table(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).exists()
    except OSError as error:
        # The cache of somebody else: to build a table there would fail as well.
        raise InputError(
            f"The folder of the off-target table cannot be looked into ({error.strerror}).",
            where=str(folder),
            remedy="Set XDG_CACHE_HOME to a folder of your own.",
            code="cannot-read-index",
        ) from error


@dataclass(frozen=True, slots=True)
class _Task:
    part: Part
    opened: OpenBank
    first: int
    last: int


class SiteTable:
    """An opened table; make one with :meth:`open` or :func:`ready_table`."""

    def __init__(
        self, folder: Path, reference: Reference, manifest: Mapping[str, Any], parts: tuple[Part, ...]
    ) -> None:
        self.folder = folder
        self._reference = reference
        self._manifest = manifest
        self._parts = parts
        self.pam = str(manifest["pam"])
        self.side = PamSide(manifest["side"])

    @classmethod
    def open(cls, folder: Path, reference: Reference, pam: str, side: PamSide) -> SiteTable:
        """Open a table and check that it is whole and of this reference."""
        try:
            manifest = read_manifest(folder / MANIFEST)
        except (OSError, ValueError) as error:
            if "format" in str(error):
                raise _StaleTableError from error
            raise _bad(folder, reference, pam, side, str(error)) from error
        if (manifest["pam"], manifest["side"]) != (pam, side.value) or not _is_of(manifest, reference):
            raise _StaleTableError
        parts = []
        for entry in manifest["parts"]:
            path = folder / entry["file"]
            try:
                part = open_part(path)
            except (OSError, ValueError) as error:
                raise _bad(folder, reference, pam, side, f"{path.name}: {error}") from error
            if part.header["digest"] != entry["digest"]:
                raise _bad(folder, reference, pam, side, f"{path.name} belongs to another table")
            parts.append(part)
        table = cls(folder, reference, manifest, tuple(parts))
        table._compare_with_reference()
        return table

    @property
    def sites(self) -> int:
        """How many sites it holds."""
        return sum(opened.bank.sites for part in self._parts for opened in part.banks)

    @property
    def unknown(self) -> int:
        """Bases of the reference that are ``N``."""
        return sum(int(part.header["unknown"]) for part in self._parts)

    @property
    def ambiguous(self) -> int:
        """Bases of the reference that are other IUPAC codes."""
        return sum(int(part.header["ambiguous"]) for part in self._parts)

    def search(self, guides: GuideSet, progress: Callable[[int], None] | None = None) -> Iterator[FoundSites]:
        """Give the sites of guides, one part of the genome after the other; ``sequence`` numbers the windows.

        Raises
        ------
        InputError
            Code ``bad-index`` when a block that was read is damaged.
        """
        automaton_of(guides)  # compiled here, before threads ask for it
        seeds = seed_index(guides)
        if seeds is not None:
            load_seeds()
        for part in self._parts:
            found = in_order(lambda task: self._search(task, guides, seeds), _tasks(part))
            joined = FoundSites.joined([sites for some in found for sites in some], guides.depth)
            yield _ordered(joined, _genome_order(joined, part))
            if progress is not None:
                progress(sum(end - start for _, start, end in part.header["stretches"]))

    def _search(self, task: _Task, guides: GuideSet, seeds: SeedIndex | None) -> list[FoundSites]:
        try:
            return list(self._settled(task, guides, seeds))
        except DamagedBlockError as error:
            what = f"{task.part.path.name}: block {error} is damaged"
            raise _bad(self.folder, self._reference, self.pam, self.side, what) from error

    def _settled(self, task: _Task, guides: GuideSet, seeds: SeedIndex | None) -> Iterator[FoundSites]:
        opened, header, bank = task.opened, task.part.header, task.opened.bank
        turned = is_reversed(self.side, Strand.MINUS if opened.is_minus else Strand.PLUS)
        ends = np.cumsum([end - start for _, start, end in header["stretches"]], dtype=np.int64)
        members = np.array(guides.members, np.int32)
        for guide, site in matches(bank, guides, task.first, task.last, seeds):
            sites = FoundSites.room(len(site), bank.depth)
            rows, damaged = settle_sites(
                bank.planes,
                bank.planes_per_base,
                bank.depth,
                opened.tails.view(np.uint8),
                opened.pam_bytes,
                opened.tail_sums,
                ends,
                guides.pattern,
                turned,
                guides.masks,
                guides.sizes,
                guides.limits,
                guide,
                site,
                sites.guide,
                sites.sequence,
                sites.pam_start,
                sites.edits,
                sites.columns,
                sites.bases,
                sites.pams,
            )
            if damaged >= 0:
                raise DamagedBlockError(damaged)
            sites = sites.take(slice(rows))
            sites.guide[:] = members[sites.guide]
            sites.sequence[:] += header["first"]
            sites.is_minus[:] = opened.is_minus
            yield sites

    def _compare_with_reference(self) -> None:
        """Look a few sites up in the reference: a file swapped behind the table's back is found out."""
        filled = [part for part in self._parts if any(opened.bank.sites for opened in part.banks)]
        some = filled[:: max(1, len(filled) // _CHECKED_SITES)][:_CHECKED_SITES]
        for part in some:
            opened = next(opened for opened in part.banks if opened.bank.sites)
            count = -(-_CHECKED_SITES // len(some))
            sites = np.linspace(0, opened.bank.sites - 1, count).astype(np.int64)
            try:
                positions = opened.tail_of(sites)[0].tolist()
            except DamagedBlockError as error:
                what = f"{part.path.name}: block {error} is damaged"
                raise _bad(self.folder, self._reference, self.pam, self.side, what) from error
            if not all(self._fits_reference(part, opened, position) for position in positions):
                raise _StaleTableError

    def _fits_reference(self, part: Part, opened: OpenBank, position: int) -> bool:
        for contig, start, end in part.header["stretches"]:
            if position < end - start:
                text = self._reference.fetch(contig, start + position, start + position + len(self.pam))
                return _fits(text, self.pam, opened.is_minus)
            position -= end - start
        return False


def _fits(text: str, pam: str, is_minus: bool) -> bool:
    read = reverse_complement(text) if is_minus else text
    return all(IUPAC_MASK[x] & IUPAC_MASK[y] for x, y in zip(read, pam, strict=True))


def _tasks(part: Part) -> Iterator[_Task]:
    for opened in part.banks:
        for first in range(0, opened.bank.blocks, _BLOCKS_AT_A_TIME):
            yield _Task(part, opened, first, min(first + _BLOCKS_AT_A_TIME, opened.bank.blocks))


def _genome_order(found: FoundSites, part: Part) -> NDArray[np.int64]:
    """Rows of a part in genome order: stretch, position, strand, guide.

    A site lies in one bank only, and the search gives its guides in order: sorting by place keeps that.
    """
    sizes = np.array([end - start for _, start, end in part.header["stretches"]], np.int64)
    starts = np.cumsum(sizes) - sizes
    keys = starts[found.sequence - part.header["first"]] + found.pam_start << 1 | found.is_minus
    order = np.empty(len(keys), np.int64)
    bits = int(2 * sizes.sum()).bit_length()
    order_rows(keys, order, np.empty_like(keys), np.empty_like(order), bits)
    return order


def _ordered(found: FoundSites, order: NDArray[np.int64]) -> FoundSites:
    """Take rows in an order, with all threads."""
    made = FoundSites.room(len(order), found.bases.shape[1])
    columns = [(getattr(found, field.name), getattr(made, field.name)) for field in fields(FoundSites)]

    def fill(low: int) -> None:
        some = slice(low, low + _ROWS)
        for source, to in columns:
            # The rows exist: "clip" only spares a copy that guards against rows that do not.
            np.take(source, order[some], axis=0, out=to[some], mode="clip")

    for _ in in_order(fill, range(0, len(order), _ROWS)):
        pass
    return made


def _is_of(manifest: Mapping[str, Any], reference: Reference) -> bool:
    """Whether a table is of this reference: by size and time of the file, else by its digest."""
    if reference.path is not None:
        stat = reference.path.stat()
        if manifest["stat"] == [stat.st_size, stat.st_mtime_ns]:
            return True
        if manifest["stat"][0] != stat.st_size:
            return False
    return bool(manifest["reference"] == reference.sha256)


def _bad(folder: Path, reference: Reference, pam: str, side: PamSide, what: str) -> InputError:
    at_start = " --pam-side 5" if side is PamSide.FIVE_PRIME else ""
    return InputError(
        f"The off-target table cannot be used: {what}.",
        where=str(folder),
        remedy=f"Build it anew: revertant index {reference.path} --pam {pam}{at_start} --force",
        code="bad-index",
    )
