"""All parts of all transcripts as columns, and the best part of each gene at every place.

The same parts as in :mod:`revertant.offtarget.annotation.annotation`, made for a whole genome at once. Each has a
**rank**, one number whose order says which part speaks (smaller first) and which can be read back::

    region (3 bits) | not MANE Select (1) | transcript, by name (24) | order within it (20)

To find the smallest rank over every stretch of a gene, each part is laid down as two blocks of 2^k stretches that
together cover it; then the blocks are halved, level by level, handing their rank down. That is a sparse table
run backwards: two assignments a part, and one pass over the stretches for each level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from revertant.model import Region, Strand, Transcript
from revertant.offtarget.annotation.annotation import REGION_CODE, REGIONS, SPLICE_SITE_BP

__all__ = [
    "NO_RANK",
    "REGIONS",
    "SPACE_SHIFT",
    "Flattened",
    "distinct",
    "flatten",
    "order_of",
    "region_of",
    "transcript_of",
]

_ORDER_BITS, _TRANSCRIPT_BITS = 20, 24
_MANE_SHIFT = _ORDER_BITS + _TRANSCRIPT_BITS
_REGION_SHIFT = _MANE_SHIFT + 1

#: Larger than every rank.
NO_RANK = np.iinfo(np.int64).max

#: A place on one of many contigs (or genes) as one number: their index above, the position below these bits.
SPACE_SHIFT = 32

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Flattened:
    """Stretches with the best part of one gene each; stretches of different genes may overlap.

    Parameters
    ----------
    start, end
        Keys of places: ``contig index << 32 | position``.
    rank
        The rank of the part that speaks.
    transcripts
        The transcripts in the order of the ranks.
    gene
        For each of ``transcripts``, the index of its gene.
    genes
        Gene symbols by index (one for each contig a gene has transcripts on).
    spans
        For each of ``transcripts``, its first key and the key behind its last base.
    """

    start: Numbers
    end: Numbers
    rank: Numbers
    transcripts: tuple[Transcript, ...]
    gene: Numbers
    genes: tuple[str, ...]
    spans: tuple[Numbers, Numbers]


def region_of(rank: Numbers) -> NDArray[np.uint8]:
    """Read the region codes out of ranks."""
    return (rank >> _REGION_SHIFT).astype(np.uint8)


def transcript_of(rank: Numbers) -> Numbers:
    """Read the indexes of the transcripts out of ranks."""
    return (rank >> _ORDER_BITS) & ((1 << _TRANSCRIPT_BITS) - 1)


def order_of(rank: int) -> int:
    """Read the order within its transcript out of a rank."""
    return rank & ((1 << _ORDER_BITS) - 1)


@dataclass(slots=True, eq=False)
class _Columns:
    """Transcripts, and their exons with ``owner`` as the transcript of each, as columns.

    Places are keys ``gene index << 32 | position``, so that genes lie side by side and never overlap. Where
    nothing is coded, ``low`` and ``high`` are -1.
    """

    contig: Numbers
    gene: Numbers
    plus: NDArray[np.bool_]
    low: Numbers
    high: Numbers
    base: Numbers
    first: Numbers
    last: Numbers
    owner: Numbers
    start: Numbers
    end: Numbers
    number: Numbers


def flatten(transcripts: Sequence[Transcript], contigs: Sequence[int], promoter_bp: int) -> Flattened:
    """Lay out all parts of all transcripts and keep the best of each gene at every place.

    Parameters
    ----------
    transcripts
        Any number.
    contigs
        For each of them the index of its contig.
    promoter_bp
        Width of the promoter window.
    """
    # Named before numbered: the order of equals is that of annotate.
    names = [transcript.transcript_id for transcript in transcripts]
    if len(set(names)) == len(names):
        named = sorted(range(len(names)), key=names.__getitem__)
    else:
        full = [(name, item.gene, item.exons) for name, item in zip(names, transcripts, strict=True)]
        named = sorted(range(len(names)), key=full.__getitem__)
    ordered = tuple(transcripts[i] for i in named)
    columns, genes = _columns(ordered, [contigs[i] for i in named])
    edges, promoters = _edges(columns, promoter_bp)
    table = _best(len(edges), _parts(columns, edges, promoters))
    starts, ends, ranks = _merged(edges, table)
    # From a gene's own space to that of its contig.
    move = np.zeros(len(genes), np.int64)
    move[columns.gene] = (columns.contig - columns.gene) << SPACE_SHIFT
    there = move[starts >> SPACE_SHIFT]
    span = move[columns.gene]
    spans = columns.start[columns.first] + span, columns.end[columns.last] + span
    return Flattened(starts + there, ends + there, ranks, ordered, columns.gene, genes, spans)


def _columns(transcripts: Sequence[Transcript], contigs: Sequence[int]) -> tuple[_Columns, tuple[str, ...]]:
    size = len(transcripts)
    numbers: dict[tuple[int, str], int] = {}
    gene = np.array(
        [
            numbers.setdefault((at, transcript.gene), len(numbers))
            for at, transcript in zip(contigs, transcripts, strict=True)
        ],
        np.int64,
    )
    space = gene << SPACE_SHIFT
    mane = np.array([transcript.is_mane_select for transcript in transcripts], np.bool_)
    coding = np.array([transcript.cds or (-1, -1) for transcript in transcripts], np.int64).reshape(-1, 2)
    coding = np.where(coding < 0, -1, coding + space[:, None])
    count = np.array([len(transcript.exons) for transcript in transcripts], np.int64)
    exons = chain.from_iterable(transcript.exons for transcript in transcripts)
    flat = np.fromiter(chain.from_iterable(exons), np.int64, count=2 * int(count.sum())).reshape(-1, 2)
    owner = np.repeat(np.arange(size), count)
    plus = np.array([transcript.strand is Strand.PLUS for transcript in transcripts], np.bool_)
    last = np.cumsum(count) - 1
    first = last - count + 1
    forward = np.arange(len(owner)) - first[owner]
    return _Columns(
        np.array(contigs, np.int64),
        gene,
        plus,
        coding[:, 0],
        coding[:, 1],
        (np.arange(size) << _ORDER_BITS) | (~mane).astype(np.int64) << _MANE_SHIFT,
        first,
        last,
        owner,
        flat[:, 0] + space[owner],
        flat[:, 1] + space[owner],
        np.where(plus[owner], forward + 1, count[owner] - forward),
    ), tuple(symbol for _, symbol in numbers)


def _edges(columns: _Columns, promoter_bp: int) -> tuple[Numbers, tuple[Numbers, Numbers]]:
    """Every place where a part may begin or end, sorted; and the promoter windows."""
    first, last = columns.start[columns.first], columns.end[columns.last]
    plus = columns.plus
    # No window reaches over the start of its contig.
    upstream = np.maximum(first - promoter_bp, columns.gene << SPACE_SHIFT)
    promoters = np.where(plus, upstream, last), np.where(plus, first, last + promoter_bp)
    starts, ends = distinct(columns.start), distinct(columns.end)
    coding = columns.low[columns.low >= 0], columns.high[columns.high >= 0]
    splice = starts - SPLICE_SITE_BP, ends + SPLICE_SITE_BP
    return distinct(np.concatenate([starts, ends, *splice, *coding, *promoters])), promoters


@dataclass(slots=True, eq=False)
class _Part:
    """Parts of one kind: first edge, the edge behind them, and the whole rank."""

    first: Numbers
    behind: Numbers
    rank: Numbers


def _parts(columns: _Columns, edges: Numbers, promoters: tuple[Numbers, Numbers]) -> list[_Part]:
    """Make all parts; from here on places are indexes of edges."""

    def at(keys: Numbers) -> Numbers:
        return np.searchsorted(edges, keys)

    def part(region: Region, owner: Numbers, first: Numbers, behind: Numbers, order: Numbers) -> _Part:
        kept = np.flatnonzero(first < behind)  # the others hold no base
        rank = columns.base[owner[kept]] | order[kept] | (REGION_CODE[region] << _REGION_SHIFT)
        return _Part(first[kept], behind[kept], rank)

    owner, plus = columns.owner, columns.plus[columns.owner]
    start, end = at(columns.start), at(columns.end)
    is_coding = columns.low >= 0
    low = np.where(is_coding, at(columns.low), -1)[owner]
    high = np.where(is_coding, at(columns.high), len(edges))[owner]
    order = 2 * columns.number
    coding = low >= 0
    parts = [
        part(Region.CDS, owner, np.maximum(start, low), np.where(coding, np.minimum(end, high), -1), order),
        part(Region.UTR, owner, start, np.minimum(end, low), order + ~plus),
        part(Region.UTR, owner, np.maximum(start, high), end, order + plus),
        part(Region.EXON, owner, start, np.where(coding, -1, end), order),
    ]
    within = np.flatnonzero(owner[1:] == owner[:-1])
    left, right, whose = end[within], start[within + 1], owner[within]
    # An intron has the number of the exon transcribed before it.
    number = 2 * np.minimum(columns.number[within], columns.number[within + 1])
    forward = plus[within]
    behind = np.minimum(at(columns.end[within] + SPLICE_SITE_BP), right)
    before = np.maximum(at(columns.start[within + 1] - SPLICE_SITE_BP), left)
    every = np.arange(len(columns.plus))
    return [
        *parts,
        part(Region.INTRON, whose, left, right, number),
        part(Region.SPLICE, whose, left, behind, number + ~forward),
        part(Region.SPLICE, whose, before, right, number + forward),
        part(Region.PROMOTER, every, at(promoters[0]), at(promoters[1]), np.zeros_like(every)),
    ]


def distinct(values: Numbers) -> Numbers:
    """Sort numbers and keep each once; on columns this long faster than ``np.unique``, which hashes.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def _best(size: int, parts: Sequence[_Part]) -> Numbers:
    """Give each stretch between neighbouring edges the smallest rank of the parts that cover it."""
    levels = [np.frexp((part.behind - part.first).astype(np.float64))[1] - 1 for part in parts]
    table = np.full(size, NO_RANK)
    for k in range(max((int(level.max(initial=0)) for level in levels), default=0), -1, -1):
        for part, level in zip(parts, levels, strict=True):
            here = np.flatnonzero(level == k)
            rank = part.rank[here]
            np.minimum.at(table, part.first[here], rank)
            if k:
                np.minimum.at(table, part.behind[here] - (1 << k), rank)
        if k:
            half = 1 << (k - 1)
            lower = table.copy()
            np.minimum(lower[half:], table[:-half], out=lower[half:])
            table = lower
    return table


def _merged(edges: Numbers, table: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Join neighbouring stretches of one rank and leave out those without any: starts, ends, ranks."""
    covered = np.flatnonzero(table != NO_RANK)
    if not len(covered):
        return covered, covered, covered
    ranks = table[covered]
    fresh = np.append(True, (ranks[1:] != ranks[:-1]) | (covered[1:] != covered[:-1] + 1))
    kept = np.flatnonzero(fresh)
    behind = covered[np.append(kept[1:] - 1, len(covered) - 1)] + 1
    return edges[covered[kept]], edges[behind], ranks[kept]
