"""What lies at each of millions of sites: the same answer as ``annotate``, by looking up instead of reading.

The parts of all transcripts cut each contig into stretches within which the answer does not change::

    transcript A   ====----------=======--
    transcript B          ==========
    stretches      |  |  | |      |  | | |     each holds the best part of A's gene, of B's gene, of both, or none

A site within one stretch has the stretch's number as its annotation. One that reaches over several gets a number of
its own, given once for each such run of stretches: for each gene the best part of any of them, which is what
``annotate`` chooses too, because a site touches a part exactly when it touches one of its stretches.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from revertant.errors import UsageError
from revertant.genome import GeneModels, contig_name
from revertant.model import Region
from revertant.offtarget.annotation.annotation import (
    PROMOTER_BP,
    REGION_CODE,
    REGIONS,
    SiteAnnotation,
    intergenic_text,
    part_text,
)
from revertant.offtarget.annotation.parts import (
    SPACE_SHIFT,
    Flattened,
    distinct,
    flatten,
    order_of,
    region_of,
    transcript_of,
)

__all__ = ["AnnotationIndex"]

Numbers = NDArray[np.int64]

_INTERGENIC = REGION_CODE[Region.INTERGENIC]
_POSITION = (1 << SPACE_SHIFT) - 1


class AnnotationIndex:
    """Gene models laid out for looking up many sites at once.

    Parameters
    ----------
    models
        The gene models.
    contigs
        Names of the contigs that sites are given on, in any spelling; a site names its contig by the index in
        here. Transcripts elsewhere are left out.
    promoter_bp
        Width of the promoter window upstream of each transcript's start, in bases.

    Examples
    --------
    >>> from revertant.model import Strand, Transcript
    >>> gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((2000, 2100), (3000, 3200)), (2050, 3100))
    >>> index = AnnotationIndex(GeneModels([gene]), ["1", "2"])
    >>> ids = index.lookup([0, 0, 0, 1], [2060, 2090, 9000, 5], [2080, 2110, 9020, 25])
    >>> [index.annotation(one, *place).text for one, place in zip(ids, [(2060, 2080), (2090, 2110)])]
    ['G exon 1 (CDS)', 'G exon 1 (CDS)']
    >>> index.annotation(ids[2], 9000, 9020).text, index.annotation(ids[3], 5, 25).text
    ('intergenic, 5,801 bp from G', 'intergenic, no gene on this contig')
    >>> [REGIONS[code].value for code in index.region_codes[ids]], index.on_list(["g"])[ids].tolist()
    (['CDS', 'CDS', 'intergenic', 'intergenic'], [True, True, False, False])
    """

    def __init__(self, models: GeneModels, contigs: Sequence[str], *, promoter_bp: int = PROMOTER_BP) -> None:
        self.contigs = tuple(contigs)
        self.promoter_bp = promoter_bp
        bare = [_bare(name) for name in self.contigs]
        if len(set(bare)) != len(bare):
            raise UsageError("Two contigs have one name.", remedy="Name each contig once.")
        numbers = {name: number for number, name in enumerate(bare)}
        where = {transcript.contig: -1 for transcript in models.transcripts}
        where = {name: numbers.get(_bare(name), -1) for name in where}
        used = [item for item in models.transcripts if where[item.contig] >= 0]
        flat = flatten(used, [where[item.contig] for item in used], promoter_bp)
        self._transcripts, self._gene, self.genes = flat.transcripts, flat.gene, flat.genes
        # A stretch begins at every contig's start, so that none is left before the first part.
        zeros = np.arange(len(self.contigs), dtype=np.int64) << SPACE_SHIFT
        self._edges = distinct(np.concatenate([flat.start, flat.end, zeros]))
        self._first, self._ranks = _overlaid(self._edges, flat)
        self._codes = np.full(len(self._edges), _INTERGENIC, np.uint8)
        filled = np.flatnonzero(np.diff(self._first))
        self._codes[filled] = region_of(self._ranks[self._first[filled]])
        self._spans = flat.spans
        self._runs: dict[int, int] = {}
        self._run_ranks: list[Numbers] = []
        self._run_codes: list[int] = []

    @cached_property
    def _by_name(self) -> Numbers:
        """The place of each gene among all symbols in order of the alphabet."""
        symbols = sorted(set(self.genes))
        turn = dict(zip(symbols, range(len(symbols)), strict=True))
        return np.array([turn[symbol] for symbol in self.genes], np.int64)

    @cached_property
    def _ends(self) -> tuple[Numbers, Numbers]:
        """Ends of transcripts in order, with their genes; of equal ends the first gene by name stands last."""
        ends = self._spans[1]
        order = np.lexsort((-self._by_name[self._gene], ends))
        return ends[order], self._gene[order]

    @cached_property
    def _starts(self) -> tuple[Numbers, Numbers]:
        """Starts of transcripts in order, with their genes; of equal starts the first gene by name stands first."""
        starts = self._spans[0]
        order = np.lexsort((self._by_name[self._gene], starts))
        return starts[order], self._gene[order]

    def lookup(self, contig_index: ArrayLike, start: ArrayLike, end: ArrayLike) -> NDArray[np.int32]:
        """Give the annotation of each site as a number that :meth:`annotation` and :attr:`region_codes` read.

        Parameters
        ----------
        contig_index
            Index in ``contigs`` of each site.
        start, end
            0-based, half-open; a site holds at least one base.

        Returns
        -------
        NDArray[np.int32]
            Numbers from 0 up; they stay valid as long as the index does.

        Raises
        ------
        UsageError
            When the columns differ in length, or hold what is no site.
        """
        contig, low, high = (np.asarray(column, np.int64) for column in (contig_index, start, end))
        if not contig.shape == low.shape == high.shape or contig.ndim != 1:
            raise UsageError(
                "Contigs, starts and ends differ in length.", remedy="Give three columns of one length."
            )
        is_site = (
            (contig >= 0) & (contig < len(self.contigs)) & (low >= 0) & (low < high) & (high <= _POSITION)
        )
        if not is_site.all():
            raise UsageError(
                f"Row {int(np.argmin(is_site))} has no base, or lies on a contig the index was not made for.",
                remedy="Give 0-based half-open sites on the contigs of the index.",
            )
        space = contig << SPACE_SHIFT
        first = np.searchsorted(self._edges, space | low, side="right") - 1
        ids = first.astype(np.int32)
        # The last stretch of a contig has no end, so the next edge may be on the next one; so much the better.
        behind = np.append(self._edges[1:], np.iinfo(np.int64).max)[first]
        over = np.flatnonzero((space | high) > behind)
        if len(over):
            last = np.searchsorted(self._edges, (space[over] | high[over]) - 1, side="right") - 1
            ids[over] = self._numbered(first[over], last)
        return ids

    def _numbered(self, first: Numbers, last: Numbers) -> NDArray[np.int32]:
        """Number runs of stretches, each once."""
        runs, inverse = np.unique(first << SPACE_SHIFT | last, return_inverse=True)
        numbers = np.empty(len(runs), np.int32)
        for place, run in enumerate(runs.tolist()):
            number = self._runs.get(run)
            if number is None:
                number = self._runs[run] = len(self._edges) + len(self._run_ranks)
                ranks = self._joined(run >> SPACE_SHIFT, run & _POSITION)
                self._run_ranks.append(ranks)
                self._run_codes.append(int(region_of(ranks[:1])[0]))
            numbers[place] = number
        return numbers[inverse]

    def _joined(self, first: int, last: int) -> Numbers:
        """The best rank of each gene in a run of stretches, smallest first."""
        ranks = np.unique(self._ranks[self._first[first] : self._first[last + 1]])
        _, best = np.unique(self._gene[transcript_of(ranks)], return_index=True)
        return ranks[np.sort(best)]

    @property
    def region_codes(self) -> NDArray[np.uint8]:
        """The region of each number given so far, as its place in ``tuple(Region)``."""
        return np.concatenate([self._codes, np.array(self._run_codes, np.uint8)])

    def on_list(self, symbols: Collection[str]) -> NDArray[np.bool_]:
        """Say for each number given so far whether one of its genes is among the symbols (in any case).

        Parameters
        ----------
        symbols
            Gene symbols.
        """
        wanted = {symbol.upper() for symbol in symbols}
        listed = np.array([symbol.upper() in wanted for symbol in self.genes], np.bool_)
        before = np.append(0, np.cumsum(listed[self._gene[transcript_of(self._ranks)]]))
        stretches = np.diff(before[self._first]) > 0
        runs = [bool(listed[self._gene[transcript_of(ranks)]].any()) for ranks in self._run_ranks]
        return np.concatenate([stretches, np.array(runs, np.bool_)])

    def nearest(self, contig_index: ArrayLike, start: ArrayLike, end: ArrayLike) -> tuple[Numbers, Numbers]:
        """Find the nearest gene of sites that touch no transcript.

        Parameters
        ----------
        contig_index, start, end
            As in :meth:`lookup`.

        Returns
        -------
        tuple[Numbers, Numbers]
            Index of the gene in :attr:`genes`, and its distance in bases (neighbours are 1 bp apart); -1 and 0
            where the contig has no gene.
        """
        contig, low, high = (np.atleast_1d(np.asarray(c, np.int64)) for c in (contig_index, start, end))
        space = contig << SPACE_SHIFT
        (ends, enders), (starts, starters) = self._ends, self._starts
        if not len(ends):
            return np.full(len(contig), -1), np.zeros(len(contig), np.int64)
        before = np.searchsorted(ends, space | low, side="right") - 1
        after = np.searchsorted(starts, space | high, side="left")
        has_left = (before >= 0) & (ends[before] >> SPACE_SHIFT == contig)
        has_right = after < len(starts)
        after = np.minimum(after, len(starts) - 1)
        has_right &= starts[after] >> SPACE_SHIFT == contig
        far = np.iinfo(np.int64).max
        to_left = np.where(has_left, (space | low) - ends[before] + 1, far)
        to_right = np.where(has_right, starts[after] - (space | high) + 1, far)
        first_by_name = self._by_name[enders[before]] <= self._by_name[starters[after]]
        leftward = (to_left < to_right) | ((to_left == to_right) & first_by_name)
        gene, distance = np.where(leftward, enders[before], starters[after]), np.minimum(to_left, to_right)
        known = has_left | has_right
        return np.where(known, gene, -1), np.where(known, distance, 0)

    def annotation(self, number: int, start: int, end: int) -> SiteAnnotation:
        """Put one site's annotation into words.

        Parameters
        ----------
        number
            What :meth:`lookup` gave for the site.
        start, end
            The site; they tell how far the nearest gene is.

        Raises
        ------
        UsageError
            When the index has given no such number.
        """
        number = int(number)
        if not 0 <= number < len(self._edges) + len(self._run_ranks):
            raise UsageError(f"There is no annotation {number}.", remedy="Use a number that lookup gave.")
        ranks = self._ranks_of(number)
        if not len(ranks):
            contig = int(self._edges[number]) >> SPACE_SHIFT
            gene, distance = self.nearest([contig], [start], [end])
            symbol = self.genes[gene[0]] if gene[0] >= 0 else ""
            return SiteAnnotation(intergenic_text(int(distance[0]), symbol), Region.INTERGENIC)
        texts, genes = [], []
        regions = [REGIONS[code] for code in region_of(ranks)]
        for rank, region, at in zip(ranks.tolist(), regions, transcript_of(ranks).tolist(), strict=True):
            transcript = self._transcripts[at]
            texts.append(part_text(transcript, region, order_of(rank), promoter_bp=self.promoter_bp))
            genes.append(transcript.gene)
        return SiteAnnotation("; ".join(texts), regions[0], tuple(genes))

    def _ranks_of(self, number: int) -> Numbers:
        if number < len(self._edges):
            return self._ranks[self._first[number] : self._first[number + 1]]
        return self._run_ranks[number - len(self._edges)]


def _overlaid(edges: Numbers, flat: Flattened) -> tuple[Numbers, Numbers]:
    """For each stretch the ranks of the genes in it, smallest first, as row starts and values."""
    first = np.searchsorted(edges, flat.start)
    count = np.searchsorted(edges, flat.end) - first
    place = np.argsort(flat.rank, kind="stable")
    turn = np.empty(len(place), np.int64)
    turn[place] = np.arange(len(place))
    # One number to sort by: the stretch above, the turn of the rank below.
    stretch = np.repeat(first - np.cumsum(count) + count, count) + np.arange(int(count.sum()))
    keys = np.sort(stretch << SPACE_SHIFT | np.repeat(turn, count))
    rows = np.bincount(keys >> SPACE_SHIFT, minlength=len(edges))
    return np.append(0, np.cumsum(rows)), flat.rank[place][keys & _POSITION]


def _bare(contig: str) -> str:
    meant = contig_name(contig)
    return meant.name if meant else contig
