"""What a coding sequence has to be like, beyond encoding its protein."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import UsageError
from revertant.model import GenomeForm
from revertant.sequence import STOPS, is_iupac

__all__ = ["CodingOptions", "recognition_sites"]


@dataclass(frozen=True, slots=True)
class CodingOptions:
    """Limits of a design. Those without a source are limits of this program, chosen for ease of synthesis.

    Parameters
    ----------
    form
        What carries the sequence. In an mRNA, which never meets the spliceosome, uridine takes the place of splice
        sites and polyA signals.
    avoid_sites
        Restriction enzymes that must not cut (``"EcoRI"``), or IUPAC sequences that must not stand on either strand.
    gc_low, gc_high, gc_window_bp
        Bounds of the share of G and C in every window of that length.
    gc_target
        Share of G and C of the whole that candidates are compared by; ``None`` takes the native sequence's, else 0.5,
        within the middle half of the bounds.
    longest_homopolymer_bp, longest_repeat_bp
        The longest run of one base, and the longest stretch that may stand twice on either strand.
    longest_alternative_frame_aa
        The longest reading frame from an ATG in the other two frames; a native sequence's own is allowed too.
    most_cpg
        CG dinucleotides allowed; ``None`` takes the native sequence's number.
    stop
        The stop codon; empty keeps the native one, and without one takes the commonest of human genes.
    strict
        Refuse a candidate that misses a limit or leaves it unknown. Otherwise it is kept and its findings say so.
    seed
        Seed of the search.

    Raises
    ------
    UsageError
        When limits contradict each other or name what is unknown.

    Examples
    --------
    >>> CodingOptions(avoid_sites=("EcoRI",)).gc_window_bp
    50
    """

    form: GenomeForm = GenomeForm.SINGLE_STRANDED_AAV
    avoid_sites: tuple[str, ...] = ("BsaI", "BsmBI", "BbsI")
    gc_low: float = 0.3
    gc_high: float = 0.7
    gc_window_bp: int = 50
    gc_target: float | None = None
    longest_homopolymer_bp: int = 6
    longest_repeat_bp: int = 19
    longest_alternative_frame_aa: int = 100
    most_cpg: int | None = None
    stop: str = ""
    strict: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.gc_low < self.gc_high <= 1 or self.gc_window_bp < 10:
            raise UsageError(
                f"GC from {self.gc_low} to {self.gc_high} in {self.gc_window_bp} bases is no range.",
                remedy="Give two shares between 0 and 1, the lower first, and a window of 10 bases or more.",
            )
        if self.gc_target is not None and not 0 <= self.gc_target <= 1:
            raise UsageError(f"A GC target of {self.gc_target} is no share.", remedy="Give 0 to 1.")
        low = {
            "longest_homopolymer_bp": (self.longest_homopolymer_bp, 3),
            "longest_repeat_bp": (self.longest_repeat_bp, 9),
            "longest_alternative_frame_aa": (self.longest_alternative_frame_aa, 20),
            "most_cpg": (0 if self.most_cpg is None else self.most_cpg, 0),
            "seed": (self.seed, 0),
        }
        for name, (value, least) in low.items():
            if value < least:
                raise UsageError(f"{name} is {value}.", remedy=f"Give {least} or more.")
        if self.stop and self.stop not in STOPS:
            raise UsageError(f"{self.stop!r} is no stop codon.", remedy="Give TAA, TAG or TGA.")
        recognition_sites(self.avoid_sites)

    @property
    def is_mrna(self) -> bool:
        """Whether the sequence is made into mRNA outside the body."""
        return self.form is GenomeForm.MRNA


def recognition_sites(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Look up what enzymes recognise.

    Parameters
    ----------
    names
        Names of restriction enzymes as REBASE (through Biopython) has them, or IUPAC sequences.

    Returns
    -------
    tuple[tuple[str, str], ...]
        Name and recognition sequence.

    Raises
    ------
    UsageError
        When a name is neither.

    Examples
    --------
    >>> recognition_sites(("BsaI", "AATAAA"))
    (('BsaI', 'GGTCTC'), ('AATAAA', 'AATAAA'))
    """
    from Bio.Restriction.Restriction_Dictionary import rest_dict  # noqa: PLC0415 - a large dictionary

    found = []
    for name in names:
        if name in rest_dict:
            found.append((name, str(rest_dict[name]["site"])))
        elif len(name) >= 4 and is_iupac(name):
            found.append((name, name))
        else:
            raise UsageError(
                f"{name!r} is no restriction enzyme and no IUPAC sequence of four letters or more.",
                remedy="Write the enzyme as REBASE does (EcoRI, BsaI), or its recognition sequence.",
                code="unknown-enzyme",
            )
    return tuple(found)
