"""Judging every row of a table, in as many processes as wanted."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from revertant.planning.atlas.allele_specific import judge_allele
from revertant.planning.atlas.base_editing import judge_base
from revertant.planning.atlas.donor_repair import judge_repair
from revertant.planning.atlas.places import ContextPlaces
from revertant.planning.atlas.prime_editing import judge_prime
from revertant.planning.atlas.record import Atlas, AtlasRow
from revertant.planning.atlas.rows import ContextRow, ContextTable

__all__ = ["build_atlas", "judge_row"]

#: Rows sent to a process at a time: small enough for an even load, large enough to be worth sending.
_CHUNK = 64


def judge_row(row: ContextRow) -> AtlasRow:
    """Say what each way of editing can do for one variant.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("AACCATGGTGCACCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTG")
    >>> found = judge_row(ContextRow(2, "NM_000518.5(HBB):c.20A>T (p.Glu7Val)", "HBB", "", edit))
    >>> sorted(way.value for way in found.ways())
    ['cut and donor', 'prime editing']
    """
    places = ContextPlaces.of(row)
    return AtlasRow(
        row, judge_base(row, places.gene), judge_prime(row), judge_repair(places), judge_allele(places)
    )


def build_atlas(
    table: ContextTable,
    *,
    processes: int = 1,
    progress: Callable[[str, float], None] | None = None,
) -> Atlas:
    """Judge every row of a table.

    Parameters
    ----------
    table
        From :func:`revertant.planning.read_contexts`.
    processes
        How many to use; the result does not depend on it.
    progress
        Called with a stage name and a share from 0 to 1.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> row = ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", parse_edit("CATCTGACTCCTG(A/T)GGAGAAGTC"))
    >>> build_atlas(ContextTable((row,), ())).reasons()
    (('transversion that no deaminase makes (A to T or T to A)', 1),)
    """
    found: list[AtlasRow] = []
    for row in _judged(table.rows, processes):
        found.append(row)
        if progress is not None and not len(found) % _CHUNK:
            progress("judging variants", len(found) / len(table.rows))
    return Atlas(tuple(found), table.tally, table.refused)


def _judged(rows: Sequence[ContextRow], processes: int) -> Iterator[AtlasRow]:
    if processes < 2 or len(rows) <= _CHUNK:
        yield from map(judge_row, rows)
        return
    chunks = [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for judged in pool.map(_judge_rows, chunks):
            yield from judged


def _judge_rows(rows: Iterable[ContextRow]) -> list[AtlasRow]:
    return [judge_row(row) for row in rows]
