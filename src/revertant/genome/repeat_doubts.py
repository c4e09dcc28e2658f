"""Where the place of an indel in a repeat is in doubt: said twice, or by nobody.

A file that has the same indel at two places of one repeat means two changes, if it was made in one go; one that was
put together from several may mean a single one. And a case names a variant, not a place: beside another change of
the same repeat nobody says on which side of it the indel lies.
"""

from __future__ import annotations

import numpy as np

from revertant.genome.call_columns import Codes, Numbers
from revertant.genome.call_table import CallTable
from revertant.genome.reference import Reference
from revertant.genome.repeats import Crossed, Name, name_of
from revertant.model import Variant

__all__ = ["placeless_rows", "repeated_rows"]

#: How far along a repeat a place is looked for; a longer one is in doubt that far.
_FARTHEST = 4096


def repeated_rows(table: CallTable, crossed: Crossed, moved: Numbers | Codes) -> Numbers:
    """Return the calls that the file has several times in one repeat, perhaps on one copy.

    Parameters
    ----------
    table
        The calls.
    crossed
        What :func:`crossed_rows` found in it.
    moved
        By how many bases each call of the table was moved left.

    Examples
    --------
    >>> from revertant.genome.repeats import crossed_rows
    >>> from revertant.model import Call
    >>> calls = [Call(Variant("1", 5, "CA", ""), (True, True), moved=by) for by in (2, 4)]
    >>> table = CallTable.of(calls)
    >>> repeated_rows(table, crossed_rows(table, table.contig, table.moved), table.moved).tolist()
    [0, 1]
    """
    by_name: dict[Name, list[int]] = {}
    for row in crossed.namesakes.tolist():
        by_name.setdefault(name_of(table, row), []).append(row)
    found: list[int] = []
    for rows in by_name.values():
        if len({int(moved[row]) for row in rows}) > 1 and not _lie_apart(table.take(np.array(rows))):
            found += rows
    return np.array(sorted(found), np.int64)


def _lie_apart(calls: CallTable) -> bool:
    """Whether two calls are known to lie on opposite copies."""
    if len(calls) != 2 or calls[0].phase_set is None or calls[0].phase_set != calls[1].phase_set:
        return False
    return not any(one and other for one, other in zip(calls[0].copies, calls[1].copies, strict=False))


def placeless_rows(table: CallTable, contig: Numbers | Codes, reference: Reference) -> dict[int, int]:
    """Find indels only the case names, in a repeat with another change: no file says on which side of it they lie.

    Parameters
    ----------
    table
        The calls.
    contig
        A number for the contig of each, the same under all its names; negative where the reference has none.
    reference
        The reference.

    Returns
    -------
    dict
        For each such row by how many bases it could lie further right.

    Examples
    --------
    >>> from revertant.model import Call
    >>> reference = Reference.from_sequences({"chr1": "GGTTCACACACAGGTTGG"})
    >>> indel, snv = Variant("chr1", 4, "CA", ""), Variant("chr1", 6, "C", "T")
    >>> table = CallTable.of([Call(indel, (True,), origin="case"), Call(snv, (True,))])
    >>> placeless_rows(table, table.contig, reference)
    {0: 6}
    """
    is_case = np.array([origin == "case" for origin, _ in table.sources], np.bool_)[table.source]
    is_indel = np.minimum(table.ref_size, table.alt_size) == 0
    found = {}
    for row in np.flatnonzero(is_case & is_indel & (contig >= 0)).tolist():
        call = table[row]
        steps = _steps_right(call.variant, reference)
        start, end = call.variant.start, call.variant.end + steps
        if not steps:
            continue
        near = (
            (contig == contig[row])
            & (table.start < end)
            & (table.start + table.ref_size + table.moved > start)
        )
        near |= table.start == start
        near[row] = False
        rows = np.flatnonzero(near).tolist()
        others = [other for other in rows if not _lie_apart(table.take(np.array([row, other])))]
        if others and not any(name_of(table, other) == name_of(table, row) for other in rows):
            found[row] = steps
    return found


def _steps_right(variant: Variant, reference: Reference) -> int:
    """By how many bases an indel can be moved right without changing what it makes of the reference."""
    moving, at = variant.ref or variant.alt, variant.end
    stretch = reference.stretch_around(variant.contig, at)
    if stretch is None:
        return 0
    bases = reference.fetch(variant.contig, at, min(stretch.end, at + _FARTHEST))
    steps = 0
    while steps < len(bases) and bases[steps] == moving[steps % len(moving)]:
        steps += 1
    return steps
