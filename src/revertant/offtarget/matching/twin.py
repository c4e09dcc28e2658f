"""The obvious search: every PAM, both strands, one alignment at a time.

It is slow and easy to believe. :func:`revertant.offtarget.scan` must find exactly the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from revertant.model import OffTargetRequest, PamSide, Strand
from revertant.offtarget.matching.alignment import GENOME_MASK, align
from revertant.offtarget.matching.hit import Hit, hit_at, outward, reach_of
from revertant.sequence import IUPAC_MASK, reverse_complement

__all__ = ["scan_by_hand"]


def scan_by_hand(
    sequences: Iterable[str],
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> tuple[tuple[Hit, ...], ...]:
    """Find every site the obvious way; arguments and answer are those of :func:`revertant.offtarget.scan`.

    Examples
    --------
    >>> [[hit]] = scan_by_hand(["TTACGTACGTGGTT"], [OffTargetRequest("TACGTACG", "NGG")])
    >>> hit.start, hit.end, hit.strand.value, hit.pam, hit.mismatches
    (1, 9, '+', 'TGG', 0)
    """
    found: list[list[Hit]] = [[] for _ in requests]
    for number, sequence in enumerate(sequences):
        for hits, request in zip(found, requests, strict=True):
            hits.extend(_one(number, sequence, request))
        if progress is not None:
            progress(len(sequence))
    return tuple(tuple(sorted(hits)) for hits in found)


def _one(number: int, sequence: str, request: OffTargetRequest) -> Iterator[Hit]:
    guide = outward(request.spacer, request.pam_side)
    size, span = len(request.pam), reach_of(request)
    for strand in Strand:
        text = sequence if strand is Strand.PLUS else reverse_complement(sequence)
        for at in range(len(text) - size + 1):
            pam = text[at : at + size]
            if not _pam_fits(request.pam, pam):
                continue
            if request.pam_side is PamSide.THREE_PRIME:
                dna = text[max(0, at - span) : at][::-1]
            else:
                dna = text[at + size : at + size + span]
            alignment = align(guide, dna, request.limits)
            if alignment is None:
                continue
            # Back to the sequence as given.
            start = at if strand is Strand.PLUS else len(text) - at - size
            forward = pam if strand is Strand.PLUS else reverse_complement(pam)
            yield hit_at(request, number, start, strand, pam=forward, alignment=alignment)


def _pam_fits(pattern: str, pam: str) -> bool:
    return all(
        IUPAC_MASK[letter] & GENOME_MASK.get(base, 0) for letter, base in zip(pattern, pam, strict=True)
    )
