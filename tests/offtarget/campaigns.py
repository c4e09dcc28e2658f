"""What the off-target campaigns share: cases, brute force over written-out sequence, work in several processes.

A campaign is a list of seeds. Each seed makes its cases anew, so that one failure can be run again alone; every
message of a failure names its seed.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar
from unittest.mock import patch

from offtarget_cases import PAMS, random_bases, resembling

from revertant.model import OffTargetRequest, PamSide, SearchLimits, Strand, Variant
from revertant.offtarget.matching.alignment import Alignment, align
from revertant.offtarget.matching.hit import hit_at, outward
from revertant.sequence import IUPAC_MASK, reverse_complement

Result = TypeVar("Result")

AMBIGUOUS = "RYSWKMBDHVN"
#: PAMs rare enough for a table; the rest of ``PAMS`` and a few odd ones are scanned.
ODD_PAMS = ("TTCN", "NNNNGATT", "NNNVRYAC", "YTN")

#: Mismatches, DNA and RNA bulges: every number of each, and the pairs most used.
SOME_LIMITS = (
    *((0, 0, 0), (4, 0, 0), (7, 0, 0), (8, 0, 0), (4, 1, 1), (0, 1, 0), (5, 0, 1), (6, 1, 1), (3, 2, 1)),
    *((2, 3, 3), (8, 1, 2), (1, 0, 3)),
)


def in_processes(work: Callable[[Any], Result], seeds: Iterable[Any]) -> Iterator[Result]:
    """Apply ``work`` to seeds in as many processes as there are processors; results come in order."""
    # Compiled code runs in threads, and a process with threads must not be forked.
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, seeds)


@contextmanager
def as_if_large() -> Iterator[None]:
    """Take the ways of large references and whole genomes: tables on disk, compiled scans, clusters in columns."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(patch.dict(os.environ, {"XDG_CACHE_HOME": folder}))
        for module in ("matching.scanning", "stream.sources", "table.whole"):
            stack.enter_context(patch(f"revertant.offtarget.{module}.COMPILED_BASES", 0))
        stack.enter_context(patch("revertant.offtarget.stream.streaming._FEW_CLUSTERS", 0))
        yield


def tell(text: str) -> None:
    """Say what was counted; seen with ``pytest -s``."""
    sys.stderr.write(f"\n{text}\n")


# --- one guide against one set of contigs --------------------------------------------------------------------


def random_limits(rng: random.Random, *, every: bool) -> SearchLimits:
    """Limits of every kind; ``every`` one the kernels take, or some, each of which is compiled by itself."""
    if every:
        counts = rng.randint(0, 8), rng.choice((0, 0, 1, 1, 2, 3)), rng.choice((0, 0, 1, 1, 2, 3))
    else:
        counts = rng.choice(SOME_LIMITS)
    return SearchLimits(*counts, rng.choice((None, None, 0, 1, 2, 4, 7, 9)), end_bulges=rng.random() < 0.25)


def kernel_case(
    rng: random.Random,
    pam: str = "",
    side: PamSide | None = None,
    *,
    longest: int = 32,
    every: bool = False,
) -> tuple[list[str], OffTargetRequest]:
    """Contigs and a guide: sites in the middle, at and over the ends, letters of all kinds on both sides."""
    limits = random_limits(rng, every=every)
    size = rng.randint(17, 25) if rng.random() < 0.9 else rng.choice((2, 3, 4, 6, 9, 13, 16, 26, 29, 32))
    size = min(size, longest - limits.dna_bulges)
    share = rng.choice((0.0, 0.0, 0.05, 0.2))
    spacer = "".join(rng.choice(AMBIGUOUS if rng.random() < share else "ACGT") for _ in range(size))
    request = OffTargetRequest(
        spacer, pam or rng.choice((*PAMS, *ODD_PAMS)), side or rng.choice(list(PamSide)), limits
    )
    share = rng.choice((0.0, 0.0, 0.0, 0.03, 0.15))
    contigs = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        parts = [random_bases(rng, rng.choice((0, 0, 1, 2, 5, 12)))]
        for _ in range(rng.choice((0, 1, 1, 2))):
            near = _worn(rng, resembling(rng, request), rng.randint(0, limits.mismatches))
            parts += [near, random_bases(rng, rng.choice((0, 0, 1, 2, 5, 12)))]
        text = "".join(parts)
        if rng.random() < 0.2:  # cut through a site
            cut = rng.randint(1, 6)
            text = text[cut:] if rng.random() < 0.5 else text[:-cut]
        contigs.append("".join(rng.choice(AMBIGUOUS + "N") if rng.random() < share else x for x in text))
    return contigs, request


def site_within(rng: random.Random, request: OffTargetRequest) -> tuple[str, bool]:
    """A site that is surely within the limits, and whether it lies on the minus strand."""

    def bases(letters: str) -> list[str]:
        return [rng.choice([x for x in "ACGT" if IUPAC_MASK[x] & IUPAC_MASK[y]]) for y in letters]

    limits, letters = request.limits, bases(request.spacer)
    kind = rng.random()
    if kind < 0.15 and limits.dna_bulges:
        letters.insert(rng.randint(2, len(letters) - 2), rng.choice("ACGT"))
    elif kind < 0.3 and limits.rna_bulges:
        del letters[rng.randint(2, len(letters) - 3)]
    for at in rng.sample(range(len(letters)), rng.randint(0, limits.mismatches)):
        letters[at] = rng.choice("ACGT")
    parts = ["".join(letters), "".join(bases(request.pam))]
    text = "".join(parts if request.pam_side is PamSide.THREE_PRIME else reversed(parts))
    return (text, False) if rng.random() < 0.5 else (reverse_complement(text), True)


def _worn(rng: random.Random, site: str, changes: int) -> str:
    """More substitutions, so that sites lie on both sides of the limits."""
    letters = list(site)
    for _ in range(changes):
        letters[rng.randrange(len(letters))] = rng.choice("ACGT")
    return "".join(letters)


# --- brute force ---------------------------------------------------------------------------------------------


class WrittenOut:
    """Searches whole written-out sequences with the twin's alignment, remembering what it has aligned.

    Two people's copies are almost the same text, so what lies beside a PAM is aligned once for all of them.
    """

    def __init__(self, requests: Iterable[OffTargetRequest]) -> None:
        self.requests = tuple(requests)
        [(self._pam, self._side)] = {(request.pam, request.pam_side) for request in self.requests}
        self._depth = max(len(r.spacer) + r.limits.dna_bulges for r in self.requests)
        self._guides = [outward(request.spacer, self._side) for request in self.requests]
        self._known: dict[str, tuple[tuple[int, Alignment], ...]] = {}

    def hits(self, text: str) -> Iterator[tuple[int, Any]]:
        """Give the number of the guide and its hit, for every site of a sequence."""
        size = len(self._pam)
        sets = [
            "".join(b for b, m in IUPAC_MASK.items() if m & IUPAC_MASK[x] and b not in "UN")
            for x in self._pam
        ]
        # A look ahead, so that PAMs may overlap.
        pattern = re.compile("(?=" + "".join(f"[{letters}]" for letters in sets) + ")")
        for strand_text, is_minus in ((text, False), (reverse_complement(text), True)):
            for at in (match.start() for match in pattern.finditer(strand_text)):
                if self._side is PamSide.THREE_PRIME:
                    beside = strand_text[max(0, at - self._depth) : at][::-1]
                else:
                    beside = strand_text[at + size : at + size + self._depth]
                found = self._known.get(beside)
                if found is None:
                    found = self._known[beside] = self._aligned(beside)
                for number, alignment in found:
                    start = len(text) - at - size if is_minus else at
                    yield number, self._hit(number, text, start, is_minus, alignment)

    def _aligned(self, beside: str) -> tuple[tuple[int, Alignment], ...]:
        found = (
            (number, align(guide, beside, request.limits))
            for number, (guide, request) in enumerate(zip(self._guides, self.requests, strict=True))
        )
        return tuple((number, alignment) for number, alignment in found if alignment is not None)

    def _hit(self, number: int, text: str, start: int, is_minus: bool, alignment: Alignment) -> Any:
        strand = Strand.MINUS if is_minus else Strand.PLUS
        pam = text[start : start + len(self._pam)]
        return hit_at(self.requests[number], 0, start, strand, pam=pam, alignment=alignment)

    def contents(self, text: str) -> list[Counter[tuple[object, ...]]]:
        """What the sites of each guide are made of, wherever they lie."""
        counted: list[Counter[tuple[object, ...]]] = [Counter() for _ in self.requests]
        for number, hit in self.hits(text):
            counted[number][hit.strand, hit.pam, hit.aligned_spacer, hit.aligned_target] += 1
        return counted


def written(reference: str, variants: Iterable[Variant], offset: int = 0) -> tuple[str, list[int]]:
    """Write variants into a reference: the sequence, and for each base the reference position it belongs to.

    An inserted base belongs to the base at its left, at the start of a contig to the one at its right.
    """
    bases, places = [], []
    at = offset
    for variant in sorted(variants, key=lambda one: (one.start, one.end)):
        start, ref, alt = _tight(variant)
        assert start >= at, variant
        assert reference[start - offset : start - offset + len(ref)] == ref, variant
        bases.append(reference[at - offset : start - offset])
        places += range(at, start)
        bases.append(alt)
        if ref:
            places += [min(start + k, start + len(ref) - 1) for k in range(len(alt))]
        else:
            places += [max(start - 1, 0)] * len(alt)
        at = start + len(ref)
    bases.append(reference[at - offset :])
    places += range(at, offset + len(reference))
    return "".join(bases), places


def _tight(variant: Variant) -> tuple[int, str, str]:
    start, ref, alt = variant.start, variant.ref, variant.alt
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        start, ref, alt = start + 1, ref[1:], alt[1:]
    return start, ref, alt
