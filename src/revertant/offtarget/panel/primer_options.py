"""What is asked of primers, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from revertant.errors import UsageError
from revertant.model import Locus

__all__ = ["PrimerOptions", "PrimerPair", "PrimerSearch"]

#: Salt (mM), deoxynucleotides (mM) and primer (nM) melting temperatures are computed for, and the table and salt
#: correction of SantaLucia 1998: primer3's own defaults (``pr_set_default_global_args_2`` of primer3 2.6.1).
_CONDITIONS = {
    "PRIMER_SALT_MONOVALENT": 50.0,
    "PRIMER_SALT_DIVALENT": 1.5,
    "PRIMER_DNTP_CONC": 0.6,
    "PRIMER_DNA_CONC": 50.0,
    "PRIMER_TM_FORMULA": 1,
    "PRIMER_SALT_CORRECTIONS": 1,
    "PRIMER_THERMODYNAMIC_OLIGO_ALIGNMENT": 1,
}
_LONGEST = 36  # primer3 takes no longer primer
_SHORTEST = 16  # one more than the last bases that are looked for elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimerOptions:
    """What is asked of primers and products.

    Parameters
    ----------
    product_min, product_max
        Length of the product in bases, primers included. Two reads of 150 bases cover 280 and overlap by 20.
    site_to_primer
        Bases kept free between a site, its PAM included, and either primer: a cut lies that far inside at least,
        and small indels do not reach the primers.
    size_min, size_best, size_max
        Length of a primer. The defaults are primer3's, as for the melting temperatures.
    tm_min, tm_best, tm_max
        Melting temperature in degrees Celsius.
    tm_difference
        Between the two primers of a pair, at most: many pairs are to work at one temperature.
    gc_min, gc_max
        Share of G and C in per cent.
    candidates
        Pairs to weigh against each other by where else they match.
    specificity_bases
        The largest reference, in bases, that is looked through for other places of the primers.

    Raises
    ------
    UsageError
        When the limits contradict each other.

    Examples
    --------
    >>> PrimerOptions(product_max=400).product_max
    400
    """

    product_min: int = 150
    product_max: int = 280
    site_to_primer: int = 30
    size_min: int = 18
    size_best: int = 20
    size_max: int = 27
    tm_min: float = 57.0
    tm_best: float = 60.0
    tm_max: float = 63.0
    tm_difference: float = 3.0
    gc_min: float = 20.0
    gc_max: float = 80.0
    candidates: int = 5
    specificity_bases: int = 200_000_000

    def __post_init__(self) -> None:
        faults = [
            text
            for is_wrong, text in (
                (
                    not _SHORTEST <= self.size_min <= self.size_best <= self.size_max <= _LONGEST,
                    "primer sizes",
                ),
                (not 2 * self.size_max <= self.product_min <= self.product_max, "product lengths"),
                (not self.tm_min <= self.tm_best <= self.tm_max, "melting temperatures"),
                (not 0 <= self.gc_min <= self.gc_max <= 100, "GC limits"),
                (min(self.site_to_primer, self.specificity_bases) < 0 or self.tm_difference < 0, "distances"),
                (self.candidates < 1, "number of candidates"),
            )
            if is_wrong
        ]
        if faults:
            raise UsageError(
                f"These primer options make no sense: {', '.join(faults)}.",
                remedy=f"Give rising limits; primers have {_SHORTEST} to {_LONGEST} bases.",
                code="bad-primer-options",
            )

    @property
    def settings(self) -> dict[str, Any]:
        """The options by the names primer3 gives them."""
        return _CONDITIONS | {
            "PRIMER_PRODUCT_SIZE_RANGE": [[self.product_min, self.product_max]],
            "PRIMER_MIN_SIZE": self.size_min,
            "PRIMER_OPT_SIZE": self.size_best,
            "PRIMER_MAX_SIZE": self.size_max,
            "PRIMER_MIN_TM": self.tm_min,
            "PRIMER_OPT_TM": self.tm_best,
            "PRIMER_MAX_TM": self.tm_max,
            "PRIMER_PAIR_MAX_DIFF_TM": self.tm_difference,
            "PRIMER_MIN_GC": self.gc_min,
            "PRIMER_MAX_GC": self.gc_max,
            "PRIMER_MAX_NS_ACCEPTED": 0,
            "PRIMER_NUM_RETURN": self.candidates,
            "PRIMER_EXPLAIN_FLAG": 1,
        }


@dataclass(frozen=True, slots=True)
class PrimerPair:
    """Two primers and what they amplify.

    Parameters
    ----------
    forward, reverse
        The primers, 5'→3'.
    forward_locus, reverse_locus
        The reference bases they lie on; each strand is the one the primer reads as.
    forward_tm_celsius, reverse_tm_celsius
        Their melting temperatures.
    product_bp
        Length of the product on the copy they were designed on.
    haplotypes
        Copies of the person on which both match, ``("putative",)`` where phase is unknown.
    problem
        Variants that lie under a primer, and what that means; empty when none does.
    """

    forward: str
    reverse: str
    forward_locus: Locus
    reverse_locus: Locus
    forward_tm_celsius: float
    reverse_tm_celsius: float
    product_bp: int
    haplotypes: tuple[str, ...]
    problem: str = ""

    @property
    def locus(self) -> Locus:
        """The reference stretch from primer to primer, both included."""
        return Locus(self.forward_locus.contig, self.forward_locus.start, self.reverse_locus.end)


@dataclass(frozen=True, slots=True)
class PrimerSearch:
    """Pairs of primers, primer3's best first, or the reason why there is none."""

    pairs: tuple[PrimerPair, ...]
    problem: str = ""
