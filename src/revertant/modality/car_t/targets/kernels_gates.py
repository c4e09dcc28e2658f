"""Counting cells for gates of two and three antigens, compiled.

A gene is a row of bits, one for each cell; malignant cells come first, then the cells of each organ, and every group
starts on a word of its own. How many cells of a group carry two genes is a count of ones over the words of that
group. Everything about pairs follows from it and is kept in tables; of a triple only the cells that carry all three
have to be counted, and only where the tables leave it open whether the gate reaches enough malignant cells.

Every kernel of triples takes

- ``cells``: the bits, the first word of each group, the cells of each group that may be attacked, and the cells of
  each gene in each group;
- ``tables``: malignant cells of each gene and of each pair, whether each gene is safe alone, and whether "A and B",
  "A or B" and "A and not B" are safe;
- ``genes``: those that may lead, most malignant cells first; it works on the leaders ``first`` to ``last``;
- ``goal``: by how many malignant cells a gate has to beat its safe parts, how many it has to cover, and how many gates
  are wanted,

and returns rows ``(A, B, C, malignant cells covered)``: all gates of its form that are safe in every organ, that cover
enough, and that none of their own parts replaces. How many cells they have to cover rises once as many gates are found
as are wanted; gates as good as the last one are all returned.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from revertant.offtarget.kernels.cache import kernel
from revertant.offtarget.kernels.vector import count_ones

__all__ = [
    "both_or_third",
    "count_hits",
    "either_and_third",
    "either_but_not",
    "one_but_neither",
    "one_but_not_or_third",
    "pair_tables",
    "three_of_them",
    "two_but_not",
]


@kernel
def _both(rows: Any, a: int, b: int, start: int, end: int) -> Any:
    total = np.uint64(0)
    for word in range(start, end):
        total += count_ones(rows[a, word] & rows[b, word])
    return np.int64(total)


@kernel
def _all_three(rows: Any, a: int, b: int, c: int, start: int, end: int) -> Any:
    total = np.uint64(0)
    for word in range(start, end):
        total += count_ones(rows[a, word] & rows[b, word] & rows[c, word])
    return np.int64(total)


@kernel
def _hits(form: int, a: int, b: int, c: int, ab: int, ac: int, bc: int, abc: int) -> Any:
    """Cells a gate attacks, from the cells that carry its antigens alone, by two and by three."""
    if form == 0:
        return a
    if form == 1:
        return ab
    if form == 2:
        return a + b - ab
    if form == 3:
        return a - ab
    if form == 4:
        return abc
    if form == 5:
        return ab - abc
    if form == 6:
        return a - ab - ac + abc
    if form == 7:
        return a + b + c - ab - ac - bc + abc
    if form == 8:
        return ac + bc - abc
    if form == 9:
        return a + b - ab - ac - bc + abc
    if form == 10:
        return ab + c - abc
    return a - ab + c - ac + abc


@kernel
def count_hits(
    form: int, rows: Any, singles: Any, group: int, a: int, b: int, c: int, start: int, end: int
) -> Any:
    """Count the cells of one group, words ``start`` to ``end``, that a gate attacks.

    The forms are numbered as in ``FORMS``; an antigen that a form does not use may be any row.
    """
    ab = _both(rows, a, b, start, end)
    ac = _both(rows, a, c, start, end)
    bc = _both(rows, b, c, start, end)
    abc = _all_three(rows, a, b, c, start, end)
    return _hits(form, singles[a, group], singles[b, group], singles[c, group], ab, ac, bc, abc)


@kernel
def _safe(form: int, cells: Any, a: int, b: int, c: int) -> Any:
    """Whether a gate attacks no more cells than allowed in any organ."""
    rows, starts, limits, singles = cells
    for group in range(1, starts.shape[0] - 1):
        limit = limits[group]
        if singles[a, group] + singles[b, group] + singles[c, group] <= limit:
            continue
        if count_hits(form, rows, singles, group, a, b, c, starts[group], starts[group + 1]) > limit:
            return False
    return True


@kernel
def pair_tables(
    rows: Any,
    starts: Any,
    limits: Any,
    singles: Any,
    first: int,
    last: int,
    shared: Any,
    both_safe: Any,
    either_safe: Any,
    without_safe: Any,
) -> None:
    """Fill the tables of pairs for the genes ``first`` to ``last`` with every later gene.

    ``singles`` are the cells of each gene in each group. ``shared`` takes the malignant cells that carry both genes,
    the other tables whether "A and B", "A or B" and "A and not B" are safe in every organ.
    """
    groups = starts.shape[0] - 1
    for a in range(first, last):
        for b in range(a + 1, rows.shape[0]):
            count = _both(rows, a, b, starts[0], starts[1])
            shared[a, b] = count
            shared[b, a] = count
            both, either, a_only, b_only = True, True, True, True
            for group in range(1, groups):
                in_a, in_b, limit = singles[a, group], singles[b, group], limits[group]
                if in_a + in_b <= limit:
                    continue
                count = _both(rows, a, b, starts[group], starts[group + 1])
                both = both and count <= limit
                either = either and in_a + in_b - count <= limit
                a_only = a_only and in_a - count <= limit
                b_only = b_only and in_b - count <= limit
                if not (both or either or a_only or b_only):
                    break
            both_safe[a, b] = both
            both_safe[b, a] = both
            either_safe[a, b] = either
            either_safe[b, a] = either
            without_safe[a, b] = a_only
            without_safe[b, a] = b_only


@kernel
def _trim(found: Any, size: int, keep: int, least: int) -> Any:
    """Drop what lies below the last gate that is wanted; return how many stay, and the new least."""
    if size <= keep:
        return size, least
    most = 0
    for row in range(size):
        most = max(most, found[row, 3])
    with_cover = np.zeros(most + 1, np.int64)
    for row in range(size):
        with_cover[found[row, 3]] += 1
    # The highest coverage that as many gates reach as are wanted.
    reached = most
    better = with_cover[reached]
    while better < keep:
        reached -= 1
        better += with_cover[reached]
    least = max(least, reached)
    kept = 0
    for row in range(size):
        if found[row, 3] >= least:
            for column in range(4):
                found[kept, column] = found[row, column]
            kept += 1
    return kept, least


@kernel
def _add(found: Any, size: int, a: int, b: int, c: int, cover: int, keep: int, least: int) -> Any:
    """Add a gate, trimming or growing the list where it is full."""
    if size == found.shape[0]:
        size, least = _trim(found, size, keep, least)
        if 2 * size > found.shape[0]:
            wider = np.empty((2 * found.shape[0], 4), np.int32)
            for row in range(size):
                for column in range(4):
                    wider[row, column] = found[row, column]
            found = wider
    if cover >= least:
        found[size, 0], found[size, 1], found[size, 2], found[size, 3] = a, b, c, cover
        size += 1
    return found, size, least


@kernel
def _room(keep: int) -> Any:
    return np.empty((max(2 * keep, 256), 4), np.int32)


@kernel
def three_of_them(form: int, cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "A or B or C" (form 7, over safe genes) and "A and B and C" (form 4, over genes that cover enough).

    ``genes`` are sorted by ``cover``, most first.
    """
    rows, starts, _, _ = cells
    cover, shared, _, both_safe, either_safe, _ = tables
    gain, least, keep = goal
    either = form == 7
    pair_safe = either_safe if either else both_safe
    found, size = _room(keep), 0
    for i in range(first, last):
        a = genes[i]
        for j in range(i + 1, genes.shape[0]):
            b = genes[j]
            ab = np.int64(shared[a, b])
            if either:
                if cover[a] + 2 * cover[b] < least:
                    break
                if not pair_safe[a, b]:
                    continue
            else:
                if cover[b] < least:
                    break
                if ab < least or pair_safe[a, b]:
                    continue
            for k in range(j + 1, genes.shape[0]):
                c = genes[k]
                ac, bc = np.int64(shared[a, c]), np.int64(shared[b, c])
                most = min(ab, ac, bc)
                if either:
                    one = cover[a] + cover[b] + cover[c]
                    if one - ab < least:
                        break
                    if not (pair_safe[a, c] and pair_safe[b, c]) or one - ab - ac - bc + most < least:
                        continue
                    x = one - ab - ac - bc + _all_three(rows, a, b, c, starts[0], starts[1])
                    best = max(cover[a] + cover[b] - ab, cover[a] + cover[c] - ac, cover[b] + cover[c] - bc)
                    if x < least or best + gain > x or not _safe(7, cells, a, b, c):
                        continue
                else:
                    if cover[c] < least:
                        break
                    if most < least or pair_safe[a, c] or pair_safe[b, c]:
                        continue
                    x = _all_three(rows, a, b, c, starts[0], starts[1])
                    if x < least or not _safe(4, cells, a, b, c):
                        continue
                found, size, least = _add(found, size, a, b, c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def _with_all(rows: Any, starts: Any, a: int, table: Any) -> None:
    """Fill ``table`` with the cells of each group that carry gene ``a`` and each other gene."""
    for b in range(rows.shape[0]):
        for group in range(starts.shape[0] - 1):
            table[b, group] = _both(rows, a, b, starts[group], starts[group + 1])


@kernel
def two_but_not(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "A and B and not C"; ``genes`` are those that cover enough, most first."""
    rows, starts, limits, _ = cells
    cover, shared, _, both_safe, _, without_safe = tables
    _, least, keep = goal
    found, size = _room(keep), 0
    groups = starts.shape[0] - 1
    table = np.empty((rows.shape[0], groups), np.int64)
    need = np.empty(groups, np.int64)
    for i in range(first, last):
        a = genes[i]
        if cover[a] < least:
            break
        _with_all(rows, starts, a, table)
        for j in range(i + 1, genes.shape[0]):
            b = genes[j]
            ab = np.int64(shared[a, b])
            if cover[b] < least:
                break
            if ab < least or both_safe[a, b]:
                continue
            # What C has to take away in each organ, and where that is the most.
            hardest = 1
            for group in range(1, groups):
                need[group] = table[b, group] - limits[group]
                if need[group] > need[hardest]:
                    hardest = group
            for c in range(rows.shape[0]):
                if table[c, hardest] < need[hardest] or c in (a, b):
                    continue
                ac, bc = np.int64(shared[a, c]), np.int64(shared[b, c])
                fewest = max(0, ab + ac - cover[a], ab + bc - cover[b], ac + bc - cover[c])
                if ab - fewest < least or without_safe[a, c] or without_safe[b, c]:
                    continue
                enough = True
                for group in range(1, groups):
                    enough = enough and table[c, group] >= need[group]
                if not enough:
                    continue
                x = ab - _all_three(rows, a, b, c, starts[0], starts[1])
                if x >= least and _safe(5, cells, a, b, c):
                    found, size, least = _add(found, size, a, b, c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def one_but_neither(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "A and not B and not C"; ``genes`` are those that cover enough and are not safe alone, most first."""
    rows, starts, limits, singles = cells
    cover, shared, _, _, _, without_safe = tables
    _, least, keep = goal
    found, size = _room(keep), 0
    groups = starts.shape[0] - 1
    table = np.empty((rows.shape[0], groups), np.int64)
    need = np.zeros(groups, np.int64)
    vetoes = np.empty(rows.shape[0], np.int64)
    for i in range(first, last):
        a = genes[i]
        if cover[a] < least:
            break
        _with_all(rows, starts, a, table)
        count = 0
        for b in range(rows.shape[0]):
            if b != a and table[b, 0] <= cover[a] - least and not without_safe[a, b]:
                vetoes[count] = b
                count += 1
        # One of the two has to take away half of what is too much: the organ where fewest can comes first.
        hardest, fewest = 0, rows.shape[0] + 1
        for group in range(1, groups):
            need[group] = singles[a, group] - limits[group]
            if need[group] > 0:
                able = 0
                for at in range(count):
                    able += 2 * table[vetoes[at], group] >= need[group]
                if able < fewest:
                    hardest, fewest = group, able
        if hardest == 0:
            continue
        order = np.argsort(-table[vetoes[:count], hardest])
        for p in range(count):
            b = vetoes[order[p]]
            if 2 * table[b, hardest] < need[hardest]:
                break
            for q in range(p + 1, count):
                c = vetoes[order[q]]
                if table[b, hardest] + table[c, hardest] < need[hardest]:
                    break
                ab, ac = table[b, 0], table[c, 0]
                if cover[a] - ab - ac + min(ab, ac, np.int64(shared[b, c])) < least:
                    continue
                enough = True
                for group in range(1, groups):
                    enough = enough and table[b, group] + table[c, group] >= need[group]
                if not enough:
                    continue
                x = cover[a] - ab - ac + _all_three(rows, a, b, c, starts[0], starts[1])
                if x >= least and _safe(6, cells, a, b, c):
                    found, size, least = _add(found, size, a, min(b, c), max(b, c), x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def either_and_third(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "(A or B) and C"; ``genes``, the possible C, cover enough and are not safe alone, most first."""
    rows, starts, _, _ = cells
    cover, shared, alone_safe, both_safe, either_safe, _ = tables
    gain, least, keep = goal
    found, size = _room(keep), 0
    members = np.empty(rows.shape[0], np.int64)
    for i in range(first, last):
        c = genes[i]
        if cover[c] < least:
            break
        count = 0
        for a in range(rows.shape[0]):
            if a != c and both_safe[a, c] and shared[a, c] >= gain:
                members[count] = a
                count += 1
        order = np.argsort(-shared[c][members[:count]])
        for p in range(count):
            a = members[order[p]]
            ac = np.int64(shared[a, c])
            if 2 * ac < least:
                break
            for q in range(p + 1, count):
                b = members[order[q]]
                bc = np.int64(shared[b, c])
                if ac + bc < least:
                    break
                if either_safe[a, b]:
                    continue
                x = ac + bc - _all_three(rows, a, b, c, starts[0], starts[1])
                if (
                    x < least
                    or max(ac, bc) + gain > x
                    or (alone_safe[a] and cover[a] + gain > x)
                    or (alone_safe[b] and cover[b] + gain > x)
                ):
                    continue
                if _safe(8, cells, a, b, c):
                    found, size, least = _add(found, size, min(a, b), max(a, b), c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def either_but_not(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "(A or B) and not C"; ``genes`` are the possible C."""
    rows, starts, _, _ = cells
    cover, shared, alone_safe, _, either_safe, without_safe = tables
    gain, least, keep = goal
    found, size = _room(keep), 0
    members = np.empty(rows.shape[0], np.int64)
    left = np.empty(rows.shape[0], np.int64)
    for i in range(first, last):
        c = genes[i]
        count = 0
        for a in range(rows.shape[0]):
            left[a] = cover[a] - shared[a, c]
            if a != c and without_safe[a, c] and left[a] >= gain:
                members[count] = a
                count += 1
        order = np.argsort(-left[members[:count]])
        for p in range(count):
            a = members[order[p]]
            if 2 * left[a] < least:
                break
            for q in range(p + 1, count):
                b = members[order[q]]
                if left[a] + left[b] < least:
                    break
                if either_safe[a, b]:
                    continue
                ab = np.int64(shared[a, b])
                most = min(ab, np.int64(shared[a, c]), np.int64(shared[b, c]))
                if left[a] + left[b] - ab + most < least:
                    continue
                x = left[a] + left[b] - ab + _all_three(rows, a, b, c, starts[0], starts[1])
                if (
                    x < least
                    or left[a] + gain > x
                    or (alone_safe[a] and cover[a] + gain > x)
                    or (alone_safe[b] and cover[b] + gain > x)
                ):
                    continue
                if _safe(9, cells, a, b, c):
                    found, size, least = _add(found, size, min(a, b), max(a, b), c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def both_or_third(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "(A and B) or C"; ``genes``, the possible C, are safe and cover something, most first."""
    rows, starts, _, _ = cells
    cover, shared, alone_safe, both_safe, either_safe, _ = tables
    gain, least, keep = goal
    found, size = _room(keep), 0
    for i in range(first, last):
        c = genes[i]
        for a in range(rows.shape[0]):
            if a == c or either_safe[a, c] or cover[a] + cover[c] < least:
                continue
            for b in range(a + 1, rows.shape[0]):
                ab = np.int64(shared[a, b])
                if ab + cover[c] < least or not both_safe[a, b] or ab < gain or b == c or either_safe[b, c]:
                    continue
                ac, bc = np.int64(shared[a, c]), np.int64(shared[b, c])
                fewest = max(0, ab + ac - cover[a], ab + bc - cover[b], ac + bc - cover[c])
                if ab + cover[c] - fewest < least:
                    continue
                x = ab + cover[c] - _all_three(rows, a, b, c, starts[0], starts[1])
                if (
                    x < least
                    or max(ab, cover[c]) + gain > x
                    or (alone_safe[a] and cover[a] + gain > x)
                    or (alone_safe[b] and cover[b] + gain > x)
                ):
                    continue
                if _safe(10, cells, a, b, c):
                    found, size, least = _add(found, size, a, b, c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least


@kernel
def one_but_not_or_third(cells: Any, tables: Any, genes: Any, goal: Any, first: int, last: int) -> Any:
    """Gates "(A and not B) or C"; ``genes``, the possible C, are safe and cover something, most first."""
    rows, starts, _, _ = cells
    cover, shared, alone_safe, _, either_safe, without_safe = tables
    gain, least, keep = goal
    found, size = _room(keep), 0
    for i in range(first, last):
        c = genes[i]
        for a in range(rows.shape[0]):
            if a == c or either_safe[a, c] or cover[a] + cover[c] - shared[a, c] < least:
                continue
            ac = np.int64(shared[a, c])
            for b in range(rows.shape[0]):
                ab = np.int64(shared[a, b])
                rest = cover[a] - ab
                if rest + cover[c] < least or not without_safe[a, b] or rest < gain or b in (a, c):
                    continue
                most = min(ab, ac, np.int64(shared[b, c]))
                if rest + cover[c] - ac + most < least:
                    continue
                x = rest + cover[c] - ac + _all_three(rows, a, b, c, starts[0], starts[1])
                if x < least or max(rest, cover[c]) + gain > x or (alone_safe[a] and cover[a] + gain > x):
                    continue
                if _safe(11, cells, a, b, c):
                    found, size, least = _add(found, size, a, b, c, x, keep, least)
    size, least = _trim(found, size, keep, least)
    return found[:size], least
