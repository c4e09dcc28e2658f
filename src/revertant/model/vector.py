"""A vector: the genome that is packaged, every part on it, and the coding sequence it carries.

A construct is a sequence and its features; a vector is one construct, or two that meet in the cell, in a capsid or a
particle. Lengths are in bases of one strand, also where two are packaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.model.finding import Estimate
from revertant.model.locus import Strand

__all__ = [
    "Choice",
    "CodingSequence",
    "CodonEdit",
    "CodonMeasures",
    "Construct",
    "Feature",
    "FeatureKind",
    "GenomeForm",
    "PartUse",
    "Transgene",
    "Vector",
    "VectorDose",
]


class GenomeForm(StrEnum):
    """The forms in which a gene is brought into cells."""

    SINGLE_STRANDED_AAV = "ssAAV"
    SELF_COMPLEMENTARY_AAV = "scAAV"
    DUAL_AAV = "dual_AAV"
    LENTIVIRAL = "lentiviral"
    MRNA = "LNP-mRNA"


class FeatureKind(StrEnum):
    """What a stretch of a construct is for."""

    ITR = "ITR"
    LTR = "LTR"
    PACKAGING_SIGNAL = "packaging_signal"
    RRE = "RRE"
    CPPT = "cPPT"
    INSULATOR = "insulator"
    ENHANCER = "enhancer"
    PROMOTER = "promoter"
    INTRON = "intron"
    UTR_5 = "5'UTR"
    KOZAK = "Kozak"
    CDS = "CDS"
    SIGNAL_PEPTIDE = "signal_peptide"
    DOMAIN = "domain"
    LINKER = "linker"
    SELF_CLEAVING_PEPTIDE = "2A"
    IRES = "IRES"
    INTEIN = "intein"
    SPLICE_DONOR = "splice_donor"
    SPLICE_ACCEPTOR = "splice_acceptor"
    RECOMBINOGENIC = "recombinogenic"
    UTR_3 = "3'UTR"
    REGULATORY = "regulatory"
    MIRNA_SITES = "miRNA_sites"
    POLYA_SIGNAL = "polyA_signal"
    POLYA_TAIL = "polyA_tail"
    CAP = "cap"
    POL3_PROMOTER = "pol3_promoter"
    GUIDE = "guide"
    STUFFER = "stuffer"
    CLONING_SITE = "cloning_site"
    BACKBONE = "backbone"


@dataclass(frozen=True, slots=True)
class Feature:
    """One annotated stretch of a construct.

    Parameters
    ----------
    kind, name
        What it is for, and what people call it.
    start, end
        0-based, half-open, on the construct.
    strand
        The strand it reads on.
    part
        Key in the parts catalogue; empty for a stretch made for this construct.
    note
        What a reader should know of it.
    """

    kind: FeatureKind
    name: str
    start: int
    end: int
    strand: Strand = Strand.PLUS
    part: str = ""
    note: str = ""

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Transgene:
    """What a vector is to carry, before any base of it is designed.

    Parameters
    ----------
    name
        Gene symbol, or the name the user gave.
    protein
        One-letter residues without stop.
    cds
        The native coding sequence, stop codon included; empty where only the protein is known.
    source
        Accession or file it was read from.
    """

    name: str
    protein: str
    cds: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CodonEdit:
    """One codon written differently.

    Parameters
    ----------
    codon
        Number of the amino acid, 1 first.
    before, after
        The codon in the native and in the designed sequence.
    amino_acid
        What both encode.
    """

    codon: int
    before: str
    after: str
    amino_acid: str


@dataclass(frozen=True, slots=True)
class CodonMeasures:
    """What is measured on a coding sequence.

    Parameters
    ----------
    length_bp
        Its length, stop codon included.
    cpg
        CG dinucleotides.
    gc
        Share of G and C, 0 to 1.
    cai
        Codon adaptation index for human genes, 0 to 1 (Sharp and Li 1987).
    donors, acceptors
        Cryptic splice sites: places that score above the stated threshold.
    best_donor, best_acceptor
        The highest MaxEntScan score (log2 odds); ``None`` where none has a score.
    polya_signals
        AATAAA and ATTAAA hexamers.
    longest_homopolymer_bp
        The longest run of one base.
    longest_repeat_bp
        The longest stretch that stands twice.
    uridine
        Share of T (U in the mRNA), 0 to 1.
    longest_alternative_frame_aa
        The longest open frame from an ATG in the other two frames of this strand.
    """

    length_bp: int
    cpg: int
    gc: float
    cai: float
    donors: int
    acceptors: int
    best_donor: float | None
    best_acceptor: float | None
    polya_signals: int
    longest_homopolymer_bp: int
    longest_repeat_bp: int
    uridine: float
    longest_alternative_frame_aa: int


@dataclass(frozen=True, slots=True)
class CodingSequence:
    """A coding sequence as designed, with the proof that the protein is the same.

    Parameters
    ----------
    name
        Gene or protein.
    protein
        One-letter residues without stop.
    native, native_source
        The sequence it was made from, stop codon included, and its accession; empty where only the protein is known.
    designed
        The sequence to be ordered, stop codon included.
    edits
        Codon by codon from ``native`` to ``designed``; replaying them gives ``designed`` to the base.
    native_measures, measures
        Before (``None`` without a native sequence) and after.
    seed
        Seed of the search that found it.
    """

    name: str
    protein: str
    native: str
    native_source: str
    designed: str
    edits: tuple[CodonEdit, ...]
    native_measures: CodonMeasures | None
    measures: CodonMeasures
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Construct:
    """A sequence with everything on it.

    Parameters
    ----------
    name
        Short name, fit for a file name and a GenBank locus.
    form
        The kind of genome.
    sequence
        5'→3': from ITR to ITR, LTR to LTR or cap to tail; the whole plasmid where ``circular``. DNA letters also for an
        mRNA.
    features
        By start.
    circular
        Whether it is a plasmid.
    packaged
        ``(start, end)`` of what goes into the particle, on ``sequence``.
    """

    name: str
    form: GenomeForm
    sequence: str
    features: tuple[Feature, ...]
    packaged: tuple[int, int]
    circular: bool = False

    @property
    def packaged_bp(self) -> int:
        """Bases that are packaged, terminal repeats included."""
        return self.packaged[1] - self.packaged[0]

    def of_kind(self, kind: FeatureKind) -> tuple[Feature, ...]:
        """Return the features of one kind."""
        return tuple(feature for feature in self.features if feature.kind is kind)

    def bases_of(self, feature: Feature) -> str:
        """Return a feature's forward-strand bases."""
        return self.sequence[feature.start : feature.end]


@dataclass(frozen=True, slots=True)
class PartUse:
    """A catalogue part that a vector uses, so that a reader need not look it up.

    ``length_bp`` is measured on the sequence, ``sources`` and ``checked`` are the catalogue row's.
    """

    key: str
    name: str
    kind: FeatureKind
    length_bp: int
    sources: tuple[str, ...]
    checked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision of the designer.

    Parameters
    ----------
    what
        What was chosen (``"promoter"``).
    chosen
        Its name.
    because
        Why, in one sentence.
    alternatives
        ``(name, why not)`` of the others that were weighed.
    sources
        What the reason rests on.
    """

    what: str
    chosen: str
    because: str
    alternatives: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VectorDose:
    """A dose, with where it comes from.

    Parameters
    ----------
    vg_per_kg, vg_total
        Vector genomes a kg of body weight, or a fixed number; ``None`` where it does not apply or is not known.
    basis
        Whose dose this is, in words: an anchor from a product, never a recommendation.
    sources
        Where it stands.
    checked
        Whether that source was read.
    volume_ml, vials
        For this person and the product's concentration; ``None`` and empty where not known.
    """

    vg_per_kg: float | None
    vg_total: float | None
    basis: str
    sources: tuple[str, ...]
    checked: bool
    volume_ml: float | None = None
    vials: str = ""


@dataclass(frozen=True, slots=True)
class Vector:
    """A vector for one gene.

    Parameters
    ----------
    form
        The form of its genome.
    capsid, capsid_name
        Catalogue key and display name of the capsid or particle.
    route, tissue
        How it is given, and what it has to reach.
    constructs
        The genomes as packaged: one, or two for a dual vector.
    coding
        The coding sequences on them.
    parts
        Every catalogue part used.
    choices
        Every decision, with the alternatives.
    full_length
        For each construct the expected share of packaged genomes that are whole; its value is ``None`` out of the
        domain of the data.
    plasmids
        Transfer plasmids to be made, in the order of ``constructs``; empty where none is designed.
    dose
        An anchor for the dose; ``None`` where none is known.
    stage
        How far the vehicle has come with a gene in this tissue: ``approved``, ``clinical``, ``preclinical``, ``none``;
        empty where it was not asked.
    preference, stands_because
        The place its designer gives it among several for one gene, 1 first, and why it is not before the others; 0
        where there is no such order.
    avoided_sites
        Restriction enzymes whose sites were to be kept out of the coding sequence.
    """

    form: GenomeForm
    capsid: str
    capsid_name: str
    route: str
    tissue: str
    constructs: tuple[Construct, ...]
    coding: tuple[CodingSequence, ...]
    parts: tuple[PartUse, ...]
    choices: tuple[Choice, ...]
    full_length: tuple[Estimate, ...] = ()
    plasmids: tuple[Construct, ...] = ()
    dose: VectorDose | None = None
    stage: str = ""
    preference: int = 0
    stands_because: str = ""
    avoided_sites: tuple[str, ...] = ()
