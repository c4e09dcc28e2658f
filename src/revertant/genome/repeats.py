"""Indels in repeats: moved left for their name, put back where another call lies in the way.

A deletion of ``CA`` from ``CACACA`` gives the same sequence wherever in the repeat it is written, so a call has it at
its leftmost place, which is its name everywhere in this project. On a copy that has another change in the same
repeat the places are no longer equal, and only the file's own one is right::

    reference   GGTTCACACACAGG     SNV at *: C -> T, and CA deleted where the file has it
                      *   ==
    as written  GGTTCATACA  GG     the SNV stays behind its CA
    moved left  GGTT  TACACAGG     another sequence: that CA is gone

So each call keeps how far it was moved, and when all calls of a contig are known, those that were moved over
anything that another call touches are put back. It does not matter on which copy the other call lies: on a copy
without it both places give the same sequence, so putting back is never wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from revertant.genome.call_columns import Codes, Numbers
from revertant.genome.call_table import CallTable

__all__ = [
    "Crossed",
    "Written",
    "crossed_rows",
    "file_places",
    "name_of",
    "written_back",
]

#: Contig, start, REF and ALT of a variant.
Name = tuple[str, int, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """Calls that lie where the file has them, apart from the others, of which there are far more.

    Parameters
    ----------
    rows
        Their rows in the genome's calls, in order.
    calls
        The same calls with their variants put back; their letters lie in the pool of the genome's calls.
    """

    rows: Numbers
    calls: CallTable

    @classmethod
    def nothing(cls, table: CallTable) -> Written:
        """Make what there is when every call stays at its leftmost place."""
        rows = np.zeros(0, np.int64)
        return cls(rows, table.take(rows))

    def laid(self, calls: CallTable, rows: Numbers) -> CallTable:
        """Return some rows of the genome's calls with the variants as they are laid over the reference."""
        taken = calls.take(rows)
        if not len(self.rows):
            return taken
        place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        back = np.flatnonzero(self.rows[place] == rows)
        place = place[back]
        for column in ("start", "offset", "source"):  # the rows were copied by taking them
            getattr(taken, column)[back] = getattr(self.calls, column)[place]
        return taken


def file_places(table: CallTable) -> Codes:
    """Return by how many bases each call was moved left; the case's own ones as far as the file's of the same name.

    A case names variants, not places: where the file has the variant too, the file's place is meant.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> deletion = Variant("1", 5, "CA", "")
    >>> calls = Call(deletion, (True, True), moved=2), Call(deletion, (True, True), origin="case")
    >>> file_places(CallTable.of(calls)).tolist()
    [2, 2]
    """
    moved = table.moved
    is_case = np.array([origin == "case" for origin, _ in table.sources], np.bool_)[table.source]
    named = np.flatnonzero(is_case & (moved == 0))
    if not len(named):
        return moved
    near = np.flatnonzero(~is_case & np.isin(table.start, table.start[named]))
    file: dict[Name, int] = {}
    for row in near.tolist():
        file.setdefault(name_of(table, row), int(moved[row]))
    for row in named.tolist():
        moved[row] = file.get(name_of(table, row), 0)
    return moved


def name_of(table: CallTable, row: int) -> Name:
    """Return the variant of a row, without making an object of it."""
    return table.contigs[table.contig[row]], int(table.start[row]), *table.letters(row)


@dataclass(frozen=True, slots=True)
class Crossed:
    """Indels that were moved over something another call touches.

    Parameters
    ----------
    rows
        Their rows, in order.
    namesakes
        Those of them, and all other calls, that begin where another of them has its leftmost place.
    """

    rows: Numbers
    namesakes: Numbers


def crossed_rows(table: CallTable, contig: Numbers | Codes, moved: Numbers | Codes) -> Crossed:
    """Find the indels that were moved over anything another call touches, or into its reach.

    Parameters
    ----------
    table
        The calls.
    contig
        A number for the contig of each, the same under all its names.
    moved
        By how many bases each was moved left.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> indel, snv = Variant("1", 5, "CA", ""), Variant("1", 8, "A", "G")
    >>> table = CallTable.of([Call(indel, (True, True), moved=2), Call(snv, (True, True))])
    >>> crossed_rows(table, table.contig, table.moved).rows.tolist()
    [0]
    """
    crossed, namesakes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for code in np.unique(contig[moved > 0]).tolist():
        rows = np.flatnonzero(contig == code)
        low = table.start[rows]
        if (low[1:] < low[:-1]).any():
            order = np.argsort(low, kind="stable")
            rows, low = rows[order], low[order]
        # From its first place to its last; calls that only meet it there count, which does no harm.
        high = low + table.ref_size[rows]
        high += moved[rows]
        mine = np.flatnonzero(moved[rows] > 0)
        reach = np.maximum.accumulate(high)
        meets = (mine > 0) & (reach[mine - 1] >= low[mine])
        meets |= np.append(low, np.iinfo(np.int64).max)[mine + 1] <= high[mine]
        mine = mine[meets]
        crossed.append(rows[mine])
        first, last = (np.searchsorted(low, low[mine], side=side) for side in ("left", "right"))
        several = last - first > 1
        for begin, end in {*zip(first[several].tolist(), last[several].tolist(), strict=True)}:
            namesakes.append(rows[begin:end])
    return Crossed(np.sort(np.concatenate(crossed)), np.sort(np.concatenate(namesakes)))


def written_back(table: CallTable, rows: Numbers, moved: Numbers | Codes) -> tuple[CallTable, Written]:
    """Put indels back to where the file has them; return the table, its pool longer by their letters, and them.

    Parameters
    ----------
    table
        The calls.
    rows
        Those to be put back, in order; each a deletion or an insertion at its leftmost place.
    moved
        By how many bases each call of the table was moved left.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> table = CallTable.of([Call(Variant("1", 5, "", "CAT"), (True, True), moved=4)])
    >>> same, written = written_back(table, np.array([0]), table.moved)
    >>> same == table, [str(call.variant) for call in written.laid(same, np.array([0]))]
    (True, ['1:10:-:ATC'])
    """
    if not len(rows):
        return table, Written.nothing(table)
    taken = table.take(rows)
    size = taken.ref_size.astype(np.int64) + taken.alt_size
    offset = np.cumsum(size) - size
    row = np.repeat(np.arange(len(rows)), size)
    turned = (np.arange(len(row)) - offset[row] + moved[rows][row]) % size[row]
    pool = np.concatenate([table.pool, table.pool[taken.offset[row] + turned]])
    # They lie where they are written now, so nothing is left by which they were moved.
    known = {source: code for code, source in enumerate(taken.sources)}
    stays = np.array([known.setdefault((origin, 0), len(known)) for origin, _ in taken.sources], np.int32)
    table = replace(table, sources=tuple(known), pool=pool)
    calls = replace(
        taken,
        sources=tuple(known),
        start=taken.start + moved[rows],
        offset=offset + (len(pool) - len(row)),
        source=stays[taken.source],
        pool=pool,
    )
    return table, Written(rows, calls)
