"""Every site as a row of text: what ``sites.tsv`` holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from revertant.genome import GeneModels
from revertant.model import Locus, OffTargetRequest, PamSide, Region
from revertant.offtarget.annotation.index import AnnotationIndex
from revertant.offtarget.annotation.parts import REGIONS
from revertant.offtarget.matching.found import LETTER_OF_MASK
from revertant.offtarget.stream.cells import formula_safe
from revertant.offtarget.stream.site_block import Carrier, SiteBlock

__all__ = ["COLUMNS", "RowWriter"]

#: Name and kind of each column; positions are of the aligned DNA, without the PAM.
COLUMNS = {
    "guide": "label",
    "contig": "label",
    "start_1based": "position",
    "end_1based": "position",
    "strand": "label",
    "pam": "label",
    "aligned_spacer": "text",
    "aligned_dna": "text",
    "mismatches": "count",
    "dna_bulges": "count",
    "rna_bulges": "count",
    "cfd": "number",
    "tier": "count",
    "region": "label",
    "genes": "label",
    "gene_lists": "label",
    "gene_distance_bp": "position",
    "origin": "label",
    "haplotypes": "label",
    "variants": "label",
    "reference_cfd": "number",
}

_ROWS = 1 << 16
#: The compiled formatter copies so many bytes at a time: it may read and write so far over an end.
_SPARE = 32
_INTERGENIC = REGIONS.index(Region.INTERGENIC)


@dataclass(slots=True)
class _Texts:
    """Texts named by number, each kept once."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


class _Packed:
    """Texts end to end, as the compiled formatter takes them: the letters, where each text ends, the longest."""

    def __init__(self, texts: Iterable[str]) -> None:
        encoded = [text.encode() for text in texts]
        sizes = [len(text) for text in encoded]
        self.pool = np.frombuffer(b"".join(encoded) + bytes(_SPARE), np.uint8).copy()
        self.ends = np.cumsum(sizes, dtype=np.int64)
        self.longest = max(sizes, default=0)


class RowWriter:
    """Turns blocks of sites into rows of text.

    Parameters
    ----------
    names
        A name for each guide.
    requests
        The guides.
    windows
        The windows of the reference, which the blocks number.
    models
        Gene models, or ``None``: what lies at a site is then left empty.
    gene_lists
        Lists of genes by name, in upper case; a site's row names those that one of its genes is on.
    is_compiled
        Whether to use the compiled formatter; it pays from some ten thousand rows on.
    """

    def __init__(
        self,
        names: Sequence[str],
        requests: Sequence[OffTargetRequest],
        windows: Sequence[Locus],
        models: GeneModels | None,
        gene_lists: Sequence[tuple[str, frozenset[str]]] = (),
        *,
        is_compiled: bool = False,
    ) -> None:
        self._names = tuple(map(formula_safe, names))
        self._requests = requests
        self._lists = gene_lists
        self._is_compiled = is_compiled
        contigs: dict[str, int] = {}
        self._contig_of = np.array([contigs.setdefault(w.contig, len(contigs)) for w in windows], np.int64)
        self._contigs = tuple(contigs)
        self._index = AnnotationIndex(models, self._contigs) if models is not None else None
        self._described: dict[int, str] = {}
        self._guides = _Guides(requests)
        self._packed_names, self._packed_contigs = (
            _Packed(self._names),
            _Packed(map(formula_safe, self._contigs)),
        )

    def rows(self, block: SiteBlock) -> Iterable[memoryview]:
        """Give a block's rows as text, some at a time."""
        if not self._is_compiled:
            for low in range(0, len(block), _ROWS):
                yield memoryview(self._by_hand(block.take(slice(low, low + _ROWS))).encode())
            return
        # Compiled code is loaded where it is used.
        from revertant.offtarget.kernels.loading import load_rows  # noqa: PLC0415
        from revertant.offtarget.matching.blocks import in_order  # noqa: PLC0415

        load_rows()
        carriers = _Packed(map(_carrier_text, block.carriers))
        pieces = (block.take(slice(low, low + _ROWS)) for low in range(0, len(block), _ROWS))
        prepared = ((piece, *self._places(piece)) for piece in pieces)
        for lines in in_order(lambda item: self._compiled(*item, carriers), prepared):
            yield lines.data

    def _places(self, block: SiteBlock) -> tuple[NDArray[np.int64], NDArray[np.int64], _Texts]:
        """What lies at each site, as numbers of texts, and the distance to the nearest gene, -1 inside of one."""
        texts = _Texts()
        distance = np.full(len(block), -1, np.int64)
        if self._index is None or not len(block):
            return np.full(len(block), texts.number("\t\t"), np.int64), distance, texts
        contig = self._contig_of[block.found.sequence]
        ids = self._index.lookup(contig, block.start, block.end)
        is_outside = self._index.region_codes[ids] == _INTERGENIC
        used, first, inverse = np.unique(ids, return_index=True, return_inverse=True)
        numbers = [
            texts.number(self._described_as(one, int(block.start[at]), int(block.end[at])))
            for one, at in zip(used.tolist(), first.tolist(), strict=True)
        ]
        place = np.array(numbers, np.int64)[inverse]
        outside = np.flatnonzero(is_outside)
        if len(outside):
            gene, gap = self._index.nearest(contig[outside], block.start[outside], block.end[outside])
            nearest, which = np.unique(gene, return_inverse=True)
            symbols = [self._index.genes[one] if one >= 0 else "" for one in nearest.tolist()]
            named = [texts.number(f"{Region.INTERGENIC}\t{formula_safe(symbol)}\t") for symbol in symbols]
            place[outside] = np.array(named, np.int64)[which]
            distance[outside] = np.where(gene >= 0, gap, -1)
        return place, distance, texts

    def _described_as(self, number: int, start: int, end: int) -> str:
        """Region, genes and lists of one annotation, tab-separated; of intergenic ones only the region."""
        known = self._described.get(number)
        if known is None:
            assert self._index is not None
            found = self._index.annotation(number, start, end)
            genes = {gene.upper() for gene in found.genes}
            lists = [name for name, symbols in self._lists if not symbols.isdisjoint(genes)]
            known = f"{found.region}\t{formula_safe(','.join(found.genes))}\t{','.join(lists)}"
            self._described[number] = known
        return known

    def _compiled(
        self,
        block: SiteBlock,
        place: NDArray[np.int64],
        distance: NDArray[np.int64],
        places: _Texts,
        carriers: _Packed,
    ) -> NDArray[np.uint8]:
        from revertant.offtarget.kernels.rows import format_block  # noqa: PLC0415

        guides, found = self._guides, block.found
        names, contigs, described = self._packed_names, self._packed_contigs, _Packed(places.numbers)
        # Letters twice with bulges, positions and small numbers, and the tabs between.
        texts = names.longest + contigs.longest + described.longest + carriers.longest
        widest = guides.row_bytes + texts + 140
        out = np.empty(len(block) * widest + _SPARE, np.uint8)
        used = format_block(
            found.guide, self._contig_of[found.sequence], block.start, block.end, found.is_minus,
            found.edits, found.columns, found.bases, found.pams, block.cfd, block.tiers, place,
            distance, block.carrier, guides.spacers, guides.sizes, guides.pam_sizes, guides.is_five_prime,
            guides.letter_of, names.pool, names.ends, contigs.pool, contigs.ends, described.pool,
            described.ends, carriers.pool, carriers.ends, out,
        )  # fmt: skip
        return out[:used]

    def _by_hand(self, block: SiteBlock) -> str:
        """The twin of the compiled formatter."""
        place, distance, texts = self._places(block)
        places = list(texts.numbers)
        lines = []
        rows = zip(
            block.found.hits(self._requests),
            block.start.tolist(),
            block.end.tolist(),
            block.cfd.tolist(),
            block.tiers.tolist(),
            place.tolist(),
            distance.tolist(),
            block.carrier.tolist(),
            strict=True,
        )
        for (guide, hit), start, end, cfd, tier, where, gap, who in rows:
            cells = (
                self._names[guide],
                formula_safe(self._contigs[self._contig_of[hit.sequence]]),
                start + 1,
                end,
                hit.strand,
                hit.pam,
                hit.aligned_spacer,
                hit.aligned_target,
                hit.mismatches,
                hit.dna_bulges,
                hit.rna_bulges,
                "" if np.isnan(cfd) else f"{np.rint(cfd * 10000) / 10000:.4f}",
                tier,
                places[where],
                gap if gap >= 0 else "",
                _carrier_text(block.carriers[who]),
            )
            lines.append("\t".join(map(str, cells)) + "\n")
        return "".join(lines)


class _Guides:
    """The guides as the compiled formatter takes them."""

    def __init__(self, requests: Sequence[OffTargetRequest]) -> None:
        texts = [request.spacer.encode() for request in requests]
        width = max(map(len, texts))
        self.spacers = np.zeros((len(texts), _SPARE), np.uint8)
        for row, text in enumerate(texts):
            self.spacers[row, : len(text)] = list(text)
        self.sizes = np.array([len(text) for text in texts], np.int64)
        self.pam_sizes = np.array([len(request.pam) for request in requests], np.int64)
        self.is_five_prime = np.array([request.pam_side is PamSide.FIVE_PRIME for request in requests])
        self.letter_of = np.array(list(LETTER_OF_MASK.encode()), np.uint8)
        self.row_bytes = 2 * (width + 4) + max(len(request.pam) for request in requests)


def _carrier_text(carrier: Carrier) -> str:
    """Origin, copies, variants and the reference's score, tab-separated."""
    variants = formula_safe(",".join(map(str, carrier.variants)))
    score = "" if carrier.reference_cfd is None else f"{carrier.reference_cfd:.4f}"
    return f"{carrier.origin}\t{','.join(carrier.haplotypes)}\t{variants}\t{score}"
