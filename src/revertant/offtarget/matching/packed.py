"""The small search, in NumPy: 64 sites to a machine word, all guides over the same packed sites.

It needs no compiled code, so it starts at once; up to some twenty million bases it is the quicker way, and it
takes any guide. Larger sequences go to :mod:`revertant.offtarget.matching.compiled`, references on disk to
:mod:`revertant.offtarget.table.table`.

Sequences are laid end to end with gaps of "no base" between them. The places that satisfy the PAM are
found first; around each the bases are read outward from the PAM and packed, one bit a site, into four
planes for each distance (A, C, G, T; an ambiguous base sets several, an ``N`` none). A guide is then run
over all packed sites at once by a Wu–Manber automaton: one word of 64 sites for every state (DNA bulges,
RNA bulges, at most this many mismatches), and for each guide letter

* a *pair* keeps the state where the base matches, and moves to one mismatch more where it does not;
* an *RNA bulge* takes the state with one RNA bulge less without reading a base;
* a *DNA bulge* takes the state with one DNA bulge less after the letter.

The first and last letters pair, so bulges are internal; where ends may have bulges too, DNA bulges come before the
first letter as well, and any letter may be an RNA bulge. What the automaton accepts is aligned by
:func:`revertant.offtarget.matching.alignment.align`, which also settles the ends of the sequences.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from revertant.model import OffTargetRequest, PamSide, Strand
from revertant.offtarget.matching.alignment import align
from revertant.offtarget.matching.hit import Hit, hit_at, outward, reach_of
from revertant.offtarget.matching.pieces import Batch, batches
from revertant.sequence import IUPAC_MASK, complement, reverse_complement

__all__ = ["scan_packed"]

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]

#: Sites packed at a time: the planes then stay in the cache.
_BLOCK_SITES = 1 << 17


def scan_packed(
    sequences: Iterable[str],
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> tuple[tuple[Hit, ...], ...]:
    """Find every site with NumPy alone; arguments and answer are those of :func:`revertant.offtarget.scan`.

    Examples
    --------
    >>> [[hit]] = scan_packed(["TTACGTACGTGGTT"], [OffTargetRequest("TACGTACG", "NGG")])
    >>> hit.start, hit.end, hit.strand.value, hit.pam, hit.mismatches
    (1, 9, '+', 'TGG', 0)
    """
    found: list[list[Hit]] = [[] for _ in requests]
    by_pam: dict[tuple[str, PamSide], list[int]] = defaultdict(list)
    for index, request in enumerate(requests):
        by_pam[request.pam, request.pam_side].append(index)
    reach = max((reach_of(request) for request in requests), default=0)
    for batch in batches(sequences, reach):
        for (pam, side), members in by_pam.items():
            guides = [(index, requests[index]) for index in members]
            for strand in Strand:
                for index, hit in _search_batch(batch, pam, side, strand, guides):
                    found[index].append(hit)
        if progress is not None:
            progress(batch.own_bases)
    return tuple(tuple(sorted(hits)) for hits in found)


def _search_batch(
    batch: Batch, pam: str, side: PamSide, strand: Strand, guides: list[tuple[int, OffTargetRequest]]
) -> Iterator[tuple[int, Hit]]:
    forward_pam = pam if strand is Strand.PLUS else reverse_complement(pam)
    starts = _pam_starts(batch.masks, forward_pam)
    leftward = (side is PamSide.THREE_PRIME) == (strand is Strand.PLUS)
    step = -1 if leftward else 1
    depth = max(len(request.spacer) + request.limits.dna_bulges for _, request in guides)
    for low in range(0, len(starts), _BLOCK_SITES):
        block = starts[low : low + _BLOCK_SITES]
        planes = _planes(batch.masks, block - 1 if leftward else block + len(pam), step, depth)
        for index, request in guides:
            guide = outward(request.spacer, side)
            # The planes hold the forward strand's bases, so the minus strand's guide is complemented.
            letters = guide if strand is Strand.PLUS else complement(guide)
            accepted = _automaton(planes, [IUPAC_MASK[letter] for letter in letters], request)
            chosen = np.flatnonzero(np.unpackbits(accepted.view(np.uint8), bitorder="little")[: len(block)])
            for start in block[chosen].tolist():
                hit = _settle(batch, start, strand, guide, request)
                if hit is not None:
                    yield index, hit


def _pam_starts(masks: Bytes, forward_pam: str) -> NDArray[np.int64]:
    count = len(masks) - len(forward_pam) + 1
    fits = np.ones(max(count, 0), np.bool_)
    for k, letter in enumerate(forward_pam):
        fits &= (masks[k : k + count] & IUPAC_MASK[letter]) != 0
    return np.flatnonzero(fits)


def _planes(masks: Bytes, anchors: NDArray[np.int64], step: int, depth: int) -> Words:
    """Bits of the sites by distance from the PAM and base: shape (depth, 4, words)."""
    words = -(-len(anchors) // 64)
    packed = np.zeros((depth, 4, words * 8), np.uint8)
    used = -(-len(anchors) // 8)
    for distance in range(depth):
        bases = masks.take(anchors + step * distance, mode="clip")
        for base in range(4):
            packed[distance, base, :used] = np.packbits(bases & (1 << base), bitorder="little")
    return packed.view(np.uint64)


def _automaton(planes: Words, letters: list[int], request: OffTargetRequest) -> Words:
    """Return one bit a site: whether some alignment is within the limits."""
    limits = request.limits
    size, most = len(letters), min(limits.mismatches, len(letters))
    words = planes.shape[2]
    cells = [(d, r) for d in range(limits.dna_bulges + 1) for r in range(limits.rna_bulges + 1)]
    nowhere = np.zeros(words, np.uint64)
    everywhere = np.full(words, ~np.uint64(0))
    old = {
        (d, r): [everywhere if not r and (limits.end_bulges or not d) else nowhere] * (most + 1)
        for d, r in cells
    }
    for j, letter in enumerate(letters):
        matching = _matching(planes, j, letter, limits.dna_bulges, limits.rna_bulges)
        new: dict[tuple[int, int], list[Words]] = {}
        for d, r in cells:
            before = old[d, r]
            match = matching.get(d - r)
            if match is None:
                state = [nowhere] * (most + 1)
            else:
                state = [before[0] & match]
                state += [(before[m] & match) | before[m - 1] for m in range(1, most + 1)]
            if r and (limits.end_bulges or 0 < j < size - 1):
                state = [x | y for x, y in zip(state, old[d, r - 1], strict=True)]
            if d and j < size - 1:
                state = [x | y for x, y in zip(state, new[d - 1, r], strict=True)]
            new[d, r] = state
        old = new
    accepted = nowhere.copy()
    for d, r in cells:
        allowed = most if limits.total_edits is None else min(most, limits.total_edits - d - r)
        if allowed >= 0:
            accepted |= old[d, r][allowed]
    return accepted


def _matching(planes: Words, j: int, letter: int, dna_bulges: int, rna_bulges: int) -> dict[int, Words]:
    """Sites whose base at distance ``j + shift`` is in the letter's set, by shift."""
    result = {}
    for shift in range(-min(rna_bulges, j), dna_bulges + 1):
        rows = [planes[j + shift, base] for base in range(4) if letter >> base & 1]
        match = rows[0]
        for row in rows[1:]:
            match = match | row
        result[shift] = match
    return result


def _settle(batch: Batch, start: int, strand: Strand, guide: str, request: OffTargetRequest) -> Hit | None:
    """Align one accepted site on its own piece; refuse what reaches over the end of the sequence."""
    which = int(np.searchsorted(batch.offsets, start, side="right")) - 1
    piece = batch.pieces[which]
    at = start - int(batch.offsets[which])
    pam_start = piece.text_start + at
    if not piece.own_start <= pam_start < piece.own_end:
        return None
    size, span = len(request.pam), len(guide) + request.limits.dna_bulges
    leftward = (request.pam_side is PamSide.THREE_PRIME) == (strand is Strand.PLUS)
    beside = slice(max(0, at - span), at) if leftward else slice(at + size, at + size + span)
    dna = piece.text[beside]
    if leftward:
        dna = dna[::-1]
    if strand is Strand.MINUS:
        dna = complement(dna)
    alignment = align(guide, dna, request.limits)
    if alignment is None:
        return None
    return hit_at(
        request, piece.sequence, pam_start, strand, pam=piece.text[at : at + size], alignment=alignment
    )
