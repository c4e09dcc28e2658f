"""The constraint solver: from the exact optimum to a sequence without the motifs, sites and repeats that harm.

DNA Chisel does the search. The translation, the stop codon and the CG budget are constraints, so no step can break
them. All else is an objective with a price far above that of any codon: where one cannot be met, the rest still is,
and the finding made from the finished sequence says what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

from revertant.modality.gene_addition.coding.measures import (
    POLYA_SIGNALS,
    cryptic_sites,
    gc_windows_outside,
    longest_alternative_frame,
    stands_twice,
)
from revertant.modality.gene_addition.coding.optimum import Prices, best_sequence
from revertant.modality.gene_addition.coding.options import CodingOptions, recognition_sites
from revertant.sequence import BASES, IUPAC_MASK, reverse_complement

__all__ = ["HAIRPIN_REGION_BP", "HAIRPIN_STEM_BP", "forbidden_words", "refine"]

#: Prices of one fault in units of ln w. The rarest codon costs 1.7 (CTA), so a fault pays for several.
_WORD, _SITE, _GC, _REPEAT, _FRAME, _HAIRPIN = 40.0, 8.0, 60.0, 20.0, 30.0, 20.0
#: Near the start codon of an mRNA, stems of this length within this many bases are avoided.
HAIRPIN_STEM_BP, HAIRPIN_REGION_BP = 7, 60
#: Below so many variants a place is searched through, above it at random (seeded).
_EXHAUSTIVE = 60
_ITERATIONS, _STAGNATION = 150, 25
#: How much of an acceptor's pyrimidine tract is rewritten: first its end, then all of it.
_TRACT_BP, _WHOLE_TRACT_BP = 9, 20


def refine(
    start: str, protein: str, prices: Prices, *, budget: int, longest_frame: int, options: CodingOptions
) -> str:
    """Remove what a coding sequence should not hold, at the least cost found.

    Parameters
    ----------
    start
        The sequence to begin with, stop codon included.
    protein
        What it encodes, without stop.
    prices
        What codons cost.
    budget
        CG dinucleotides allowed; ``start`` must keep it.
    longest_frame
        Residues allowed in the other frames.
    options
        The limits.
    """
    bases = start
    for turn, thorough in enumerate((False, True)):
        # What reaches far is slow to search for, so it comes second, when little else is left to do.
        far = _far_faults(bases, longest_frame, options) if thorough else ()
        if thorough and not far and not _near_faults(bases, options):
            break
        tract = _WHOLE_TRACT_BP if thorough else _TRACT_BP
        wanted = _objectives(bases, prices, longest_frame, options, far=far, tract=tract)
        bases = _solve(bases, protein, wanted, budget, seed=options.seed + turn, effort=2 if thorough else 1)
    return bases


def forbidden_words(options: CodingOptions) -> tuple[str, ...]:
    """Return the IUPAC words that must not stand on the coding strand, both directions of enzyme sites included.

    Examples
    --------
    >>> forbidden_words(CodingOptions(avoid_sites=("EcoRI", "BsaI"), longest_homopolymer_bp=8))[:4]
    ('AAAAAAAAA', 'AATAAA', 'ATTAAA', 'CCCCCCCCC')
    """
    words = {base * (options.longest_homopolymer_bp + 1) for base in BASES}
    for _, site in recognition_sites(options.avoid_sites):
        words |= {site, reverse_complement(site)}
    if not options.is_mrna:
        words |= set(POLYA_SIGNALS)
    return tuple(sorted(words))


def _far_faults(bases: str, longest_frame: int, options: CodingOptions) -> tuple[str, ...]:
    """Name the faults that reach over more than a window."""
    found = []
    beyond = options.longest_repeat_bp + 1
    if stands_twice(bases, beyond) or stands_twice(bases, beyond, inverted=True):
        found.append("repeats")
    if longest_alternative_frame(bases) > longest_frame:
        found.append("frames")
    return tuple(found)


def _near_faults(bases: str, options: CodingOptions) -> bool:
    return bool(
        re.search(_pattern(options), bases)
        or (not options.is_mrna and cryptic_sites(bases))
        or gc_windows_outside(bases, options.gc_low, options.gc_high, options.gc_window_bp)
    )


def _pattern(options: CodingOptions) -> str:
    classes = {
        letter: "[" + "".join(b for b in BASES if IUPAC_MASK[b] & mask) + "]"
        for letter, mask in IUPAC_MASK.items()
    }
    words = forbidden_words(options)
    return "|".join(
        "".join(letter if letter in BASES else classes[letter] for letter in word) for word in words
    )


def _objectives(
    bases: str,
    prices: Prices,
    longest_frame: int,
    options: CodingOptions,
    *,
    far: tuple[str, ...],
    tract: int,
) -> list[Any]:
    from dnachisel import (  # noqa: PLC0415 - slow to import
        AvoidHairpins,
        AvoidPattern,
        EnforceGCContent,
        SequencePattern,
    )

    from revertant.modality.gene_addition.coding.specifications import (  # noqa: PLC0415 - imports DNA Chisel
        AvoidFrames,
        AvoidRepeats,
        AvoidSpliceSites,
        CodonWorth,
    )

    longest = max(len(word) for word in forbidden_words(options))
    words = SequencePattern(_pattern(options), size=longest, lookahead="re", name="forbidden words")
    wanted = [CodonWorth(prices)]
    if "repeats" in far:
        wanted.append(AvoidRepeats(options.longest_repeat_bp + 1, _REPEAT))
    if "frames" in far:
        wanted.append(AvoidFrames(longest_frame, _FRAME))
    if len(bases) >= options.gc_window_bp:
        wanted.append(
            EnforceGCContent(options.gc_low, options.gc_high, window=options.gc_window_bp, boost=_GC)
        )
    if options.is_mrna:
        region = (0, min(len(bases), HAIRPIN_REGION_BP))
        wanted.append(AvoidHairpins(HAIRPIN_STEM_BP, HAIRPIN_REGION_BP, location=region, boost=_HAIRPIN))
    else:
        wanted.append(AvoidSpliceSites(_SITE, tract))
    wanted.append(AvoidPattern(words, strand=1, boost=_WORD))
    return wanted


def _solve(bases: str, protein: str, wanted: list[Any], budget: int, *, seed: int, effort: int) -> str:
    from dnachisel import DnaOptimizationProblem  # noqa: PLC0415 - as above

    from revertant.modality.gene_addition.coding.specifications import CpgBudget  # noqa: PLC0415 - as above

    with _seeded(seed):
        problem = DnaOptimizationProblem(
            bases,
            constraints=[*_translation(protein, len(bases)), CpgBudget(budget)],
            objectives=wanted,
            logger=None,
            mutation_space=_codon_space(protein, bases[-3:]),
        )
        problem.randomization_threshold = _EXHAUSTIVE * effort
        problem.max_random_iters = _ITERATIONS * effort
        problem.optimization_stagnation_tolerance = _STAGNATION * effort
        problem.optimize()
        return str(problem.sequence)


def _translation(protein: str, length: int) -> list[Any]:
    from dnachisel import AvoidChanges, EnforceTranslation  # noqa: PLC0415 - as above

    return [
        EnforceTranslation(translation=protein + "*"),
        AvoidChanges(location=(length - 3, length)),
    ]


@lru_cache(maxsize=1)
def _codon_space(protein: str, stop: str) -> Any:
    """The codons that may stand at each place; all candidates of a protein share it, for it takes long to make."""
    from dnachisel import DnaOptimizationProblem  # noqa: PLC0415 - as above

    bases = best_sequence(protein, stop, Prices())
    constraints = _translation(protein, len(bases))
    return DnaOptimizationProblem(bases, constraints=constraints, logger=None).mutation_space


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """DNA Chisel draws from NumPy's global generator: seed it, and give it back as it was."""
    state = np.random.get_state()  # noqa: NPY002 - the library knows no other
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
