"""What is measured on a coding sequence, before and after."""

from __future__ import annotations

import re

from revertant.errors import InputError
from revertant.modality.gene_addition.coding.usage import codon_adaptation_index
from revertant.model import CodonMeasures
from revertant.prediction import SpliceKind, SpliceSite, splice_sites
from revertant.sequence import find_pattern, is_dna, reverse_complement, translate

__all__ = [
    "POLYA_SIGNALS",
    "SPLICE_LIMIT_BITS",
    "cryptic_sites",
    "gc_share",
    "gc_windows_outside",
    "longest_alternative_frame",
    "longest_repeat",
    "measure",
    "polya_places",
    "stands_twice",
]

#: Where a site counts as cryptic: 92.5 % of 1,315 donors and 90.9 % of 1,292 acceptors in use score at least so much
#: on the gene models of the test windows (benchmarks/coding/splice_limit.py), as do 22 and 41 decoys for each of them.
SPLICE_LIMIT_BITS = 4.0
#: The two commonest hexamers of human polyadenylation signals (Beaudoing 2000, doi:10.1101/gr.10.7.1001).
POLYA_SIGNALS = ("AATAAA", "ATTAAA")
#: Below every score: all sites are listed.
_ALL = -1000.0


def measure(cds: str) -> CodonMeasures:
    """Measure a coding sequence.

    Parameters
    ----------
    cds
        Upper-case A, C, G and T, whole codons, stop codon included.

    Raises
    ------
    InputError
        When it is anything else.

    Examples
    --------
    >>> found = measure("ATGGCCGACAAATAA")
    >>> found.cpg, found.gc, found.polya_signals, found.best_donor
    (1, 0.4, 0, None)
    """
    if not cds or len(cds) % 3 or not is_dna(cds):
        raise InputError(
            f"A coding sequence of {len(cds)} letters cannot be measured.",
            remedy="Give whole codons of upper-case A, C, G and T.",
        )
    sites = splice_sites(cds, _ALL)
    scores = {kind: [site.score for site in sites if site.kind is kind] for kind in SpliceKind}
    donors, acceptors = scores[SpliceKind.DONOR], scores[SpliceKind.ACCEPTOR]
    return CodonMeasures(
        length_bp=len(cds),
        cpg=cds.count("CG"),
        gc=gc_share(cds),
        cai=codon_adaptation_index(cds),
        donors=sum(score >= SPLICE_LIMIT_BITS for score in donors),
        acceptors=sum(score >= SPLICE_LIMIT_BITS for score in acceptors),
        best_donor=max(donors, default=None),
        best_acceptor=max(acceptors, default=None),
        polya_signals=len(polya_places(cds)),
        longest_homopolymer_bp=max(len(run.group()) for run in re.finditer(r"(.)\1*", cds)),
        longest_repeat_bp=longest_repeat(cds),
        uridine=cds.count("T") / len(cds),
        longest_alternative_frame_aa=longest_alternative_frame(cds),
    )


def gc_share(bases: str) -> float:
    """Return the share of G and C.

    Examples
    --------
    >>> gc_share("ATGC")
    0.5
    """
    return (bases.count("G") + bases.count("C")) / len(bases)


def cryptic_sites(cds: str) -> tuple[SpliceSite, ...]:
    """Return the places that score as splice sites do.

    Nothing is known of the bases beside the coding sequence, so sites within 20 bases of its ends are not all seen.

    Examples
    --------
    >>> cryptic_sites("ATGGCCCAGGTAAGTATCTGA")[0].score
    10.86
    """
    return splice_sites(cds, SPLICE_LIMIT_BITS)


def polya_places(cds: str) -> tuple[int, ...]:
    """Return where polyA signals begin, 0-based.

    Examples
    --------
    >>> polya_places("ATGCAATAAATGA")
    (4,)
    """
    return tuple(sorted(at for signal in POLYA_SIGNALS for at in find_pattern(signal, cds)))


def longest_repeat(bases: str, *, inverted: bool = False) -> int:
    """Return the length of the longest stretch that stands twice; with ``inverted``, once on each strand.

    Examples
    --------
    >>> longest_repeat("GATTACAGGATTACA"), longest_repeat("CCGATTCTTTTGAATCGG", inverted=True)
    (7, 7)
    """
    low, high = 0, 16  # a stretch of `low` stands twice, one of `high` does not
    while stands_twice(bases, high, inverted=inverted):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if stands_twice(bases, middle, inverted=inverted):
            low = middle
        else:
            high = middle
    return low


def stands_twice(bases: str, length: int, *, inverted: bool = False) -> bool:
    """Say whether any stretch of this length stands twice; with ``inverted``, once on each strand.

    Examples
    --------
    >>> stands_twice("GATTACAGGATTACA", 7), stands_twice("GATTACAGGATTACA", 8)
    (True, False)
    """
    places = range(len(bases) - length + 1)
    seen = {bases[at : at + length] for at in places}
    if inverted:
        other = reverse_complement(bases)
        return any(other[at : at + length] in seen for at in places)
    return len(seen) < len(places)


def longest_alternative_frame(cds: str) -> int:
    """Return the residues of the longest frame from an ATG in the other two frames, open ends included.

    Examples
    --------
    >>> longest_alternative_frame("CATGGCATAACC")
    2
    """
    return max(_longest_frame(cds[1:]), _longest_frame(cds[2:]))


def _longest_frame(bases: str) -> int:
    stretches = translate(bases).split("*")
    return max((len(stretch) - stretch.index("M") for stretch in stretches if "M" in stretch), default=0)


def gc_windows_outside(cds: str, low: float, high: float, window: int) -> tuple[int, ...]:
    """Return where windows begin whose share of G and C lies outside a range; none in a shorter sequence.

    Examples
    --------
    >>> gc_windows_outside("ATATATATATGCGCGCGCGC", 0.2, 1.0, 10)
    (0, 1)
    """
    strong = [0]
    for base in cds:
        strong.append(strong[-1] + (base in "GC"))
    least, most = low * window - 1e-9, high * window + 1e-9
    return tuple(
        at for at in range(len(cds) - window + 1) if not least <= strong[at + window] - strong[at] <= most
    )
