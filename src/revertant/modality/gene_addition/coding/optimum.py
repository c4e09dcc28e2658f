"""The best coding sequence when only neighbouring codons matter, found exactly.

A CG lies inside a codon or across two neighbours, so the dearest trade of codon design (usual codons against few CG)
can be solved to its optimum codon by codon (Viterbi), in time proportional to the length. Every price gives a point
where no sequence has both a better adaptation and fewer CG. What reaches further (splice sites, motifs, windows,
repeats) is left to the constraint solver, which starts from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from revertant.modality.gene_addition.coding.usage import log_adaptiveness, synonyms

__all__ = ["FORBIDDING", "Prices", "best_sequence", "best_within_cpg", "best_within_gc"]

#: A price no gain in adaptation pays: removing one CG changes two codons, and the rarest costs 1.7 (CTA).
FORBIDDING = 1000.0
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Prices:
    """What a base or a CG costs, in units of ln *w* (codon adaptiveness).

    Parameters
    ----------
    cpg, thymine, gc
        Of one CG, one T, and one G or C; a negative ``gc`` rewards them.
    """

    cpg: float = 0.0
    thymine: float = 0.0
    gc: float = 0.0

    def of(self, codon: str) -> float:
        """Cost of a codon by itself: rarity, and what it holds."""
        return (
            -log_adaptiveness()[codon]
            + self.cpg * codon.count("CG")
            + self.thymine * codon.count("T")
            + self.gc * (codon.count("G") + codon.count("C"))
        )


def best_sequence(protein: str, stop: str, prices: Prices) -> str:
    """Return the coding sequence of least total cost; among equals always the same.

    Parameters
    ----------
    protein
        One-letter residues without stop.
    stop
        Its stop codon.
    prices
        What counts beside the adaptation.

    Examples
    --------
    >>> best_sequence("MAD", "TGA", Prices()), best_sequence("MAD", "TGA", Prices(cpg=FORBIDDING))
    ('ATGGCCGACTGA', 'ATGGCTGACTGA')
    """
    choices = {
        residue: [(codon, prices.of(codon), codon[0] == "G", codon[-1] == "C") for codon in codons]
        for residue, codons in synonyms().items()
    }
    choices["*"] = [(stop, prices.of(stop), stop[0] == "G", stop[-1] == "C")]
    # Only whether the last base is C bears on what follows: two best prefixes are kept, the other end and C.
    ends = (0.0, inf)
    steps: list[tuple[tuple[str, int], tuple[str, int]]] = []
    for residue in protein + "*":
        costs, came = [inf, inf], [("", 0), ("", 0)]
        for codon, cost, begins_g, ends_c in choices[residue]:
            after_c = ends[1] + (prices.cpg if begins_g else 0.0)
            source = 1 if after_c < ends[0] else 0
            total = cost + (after_c if source else ends[0])
            if total < costs[ends_c]:
                costs[ends_c], came[ends_c] = total, (codon, source)
        ends = (costs[0], costs[1])
        steps.append((came[0], came[1]))
    state = 1 if ends[1] < ends[0] else 0
    codons = []
    for step in reversed(steps):
        codon, state = step[state]
        codons.append(codon)
    return "".join(reversed(codons))


def best_within_cpg(protein: str, stop: str, most: int, prices: Prices) -> tuple[str, Prices]:
    """Return the best sequence with at most so many CG that a single price gives, and that price.

    Every protein can be written without any CG inside or across its codons, so a budget of 0 can be kept too. Equal
    trades are made all or none, so some of a budget may be left over.

    Examples
    --------
    >>> [best_within_cpg("MADARK", "TGA", most, Prices())[0].count("CG") for most in (9, 1, 0)]
    [2, 1, 0]
    """
    cheap = best_sequence(protein, stop, replace(prices, cpg=0.0))
    if cheap.count("CG") <= most:
        return cheap, replace(prices, cpg=0.0)
    low, high = 0.0, FORBIDDING
    best = best_sequence(protein, stop, replace(prices, cpg=high))
    for _ in range(_STEPS if most else 0):
        middle = (low + high) / 2
        tried = best_sequence(protein, stop, replace(prices, cpg=middle))
        if tried.count("CG") <= most:
            best, high = tried, middle
        else:
            low = middle
    return best, replace(prices, cpg=high)


def best_within_gc(protein: str, stop: str, share: float, prices: Prices) -> tuple[str, Prices]:
    """Return the best sequence whose share of G and C is as near to ``share`` as a single price brings it.

    Examples
    --------
    >>> best_within_gc("MALLEDAL", "TGA", 0.5, Prices(cpg=FORBIDDING))[0].count("CG")
    0
    """
    low, high = -8.0, 8.0
    best, chosen, nearest = "", prices, inf
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = best_sequence(protein, stop, replace(prices, gc=middle))
        gc = (tried.count("G") + tried.count("C")) / len(tried)
        if abs(gc - share) < nearest:
            best, chosen, nearest = tried, replace(prices, gc=middle), abs(gc - share)
        low, high = (middle, high) if gc > share else (low, middle)
    return best, chosen
