"""The molecules of a design beside its guides: pegRNA extensions, donors, antisense oligos."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model.locus import Locus
from revertant.model.variant import Variant

__all__ = ["AntisenseOligo", "Donor", "DonorKind", "PegRna", "SpliceChange"]


@dataclass(frozen=True, slots=True)
class PegRna:
    """What makes a guide a prime editing guide RNA.

    Parameters
    ----------
    spacer
        5'→3', written as DNA: the spacer of the guide in the design that this belongs to.
    pbs, rtt
        Primer binding site and reverse transcription template, 5'→3', written as DNA.
    motif
        Structured 3' motif (``"tevopreQ1"``, ``"mpknot"``), or empty.
    written
        The variants, against the reference, of the allele the flap leaves behind, silent changes included.
    silent
        Those of them that nobody asked for: they break the PAM or seed or evade mismatch repair.

    Examples
    --------
    >>> PegRna("CATGGTGCACCTGACTCCTG", "GAGTCAGGTGCAC", "AGACTTCTCCTCAG").extension
    'AGACTTCTCCTCAGGAGTCAGGTGCAC'
    """

    spacer: str
    pbs: str
    rtt: str
    motif: str = ""
    written: tuple[Variant, ...] = ()
    silent: tuple[Variant, ...] = ()

    @property
    def extension(self) -> str:
        """The 3' extension 5'→3': template, then primer binding site."""
        return self.rtt + self.pbs


class DonorKind(StrEnum):
    """The forms in which a repair template is brought."""

    SSODN = "ssODN"
    LONG_SSDNA = "long_ssDNA"
    PLASMID = "plasmid"
    AAV6 = "AAV6"


@dataclass(frozen=True, slots=True)
class Donor:
    """A repair template for homology-directed repair.

    Parameters
    ----------
    kind
        Its form.
    sequence
        5'→3' as made; for a double-stranded form the strand that reads as the reference's plus strand.
    left_arm_bp, right_arm_bp
        Lengths of the arms at the 5' and the 3' end of ``sequence``; what lies between is written.
    left_arm, right_arm
        Where the arms come from, in the order of ``sequence``; the strand is that of ``sequence``.
    haplotypes
        The copies whose sequence the arms have.
    variants
        The person's variants inside the arms: the donor differs from one made from the reference by these.
    blocking
        Changes that keep the nuclease from cutting the repaired allele, against the reference.
    cargo
        What is knocked in, in words; empty for a small edit.
    """

    kind: DonorKind
    sequence: str
    left_arm_bp: int
    right_arm_bp: int
    left_arm: Locus
    right_arm: Locus
    haplotypes: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    blocking: tuple[Variant, ...] = ()
    cargo: str = ""


@dataclass(frozen=True, slots=True)
class AntisenseOligo:
    """A steric-blocking antisense oligonucleotide.

    Parameters
    ----------
    sequence
        5'→3', DNA letters: the reverse complement of the transcript's stretch.
    locus
        The stretch it covers; the strand is the oligo's own, opposite to the transcript's.
    chemistry
        Backbone and sugar in the field's terms.
    covers
        What it hides, in words (``"5' splice site"``).
    haplotypes
        The copies it matches.
    """

    sequence: str
    locus: Locus
    chemistry: str
    covers: str
    haplotypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpliceChange:
    """What a design is to change in the way a transcript is spliced.

    Parameters
    ----------
    transcript_id
        The transcript whose exons are numbered, 1 first in the order of transcription.
    skipped
        Exons that the design leaves out.
    absent
        Exons that the pathogenic allele lacks already.
    hidden
        The stretch that must not be spliced in: a pseudo-exon, or what a wrong site adds to an exon or takes from it.
    label
        What is hidden, in words (``"pseudo-exon, inferred"``).
    """

    transcript_id: str
    skipped: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    hidden: Locus | None = None
    label: str = ""
