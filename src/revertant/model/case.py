"""One patient and one question, as read: nothing here has been looked up in a genome yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from revertant.model.cell_product import CellProduct, TumourState
from revertant.model.finding import Finding
from revertant.model.tally import Tally

__all__ = [
    "AlleleOrigin",
    "Case",
    "CaseFiles",
    "CaseVariant",
    "CopyNumber",
    "Disease",
    "EditingPlace",
    "Intent",
    "Measurement",
    "Mechanism",
    "Pathogenicity",
    "Serology",
    "Sex",
    "Subject",
    "TargetCells",
    "Zygosity",
]


class Sex(StrEnum):
    """Sex as far as it decides ploidy of X and Y."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Zygosity(StrEnum):
    """How many of the person's copies carry an allele."""

    HETEROZYGOUS = "heterozygous"
    HOMOZYGOUS = "homozygous"
    HEMIZYGOUS = "hemizygous"
    UNKNOWN = "unknown"


class AlleleOrigin(StrEnum):
    """Which cells have an allele: all of the person, or the tumour alone."""

    GERMLINE = "germline"
    TUMOUR = "tumour"
    UNKNOWN = "unknown"


class Pathogenicity(StrEnum):
    """ACMG/AMP classes (doi:10.1038/gim.2015.30)."""

    PATHOGENIC = "pathogenic"
    LIKELY_PATHOGENIC = "likely_pathogenic"
    UNCERTAIN = "uncertain_significance"
    LIKELY_BENIGN = "likely_benign"
    BENIGN = "benign"
    NOT_PROVIDED = "not_provided"


class Mechanism(StrEnum):
    """How an allele makes disease."""

    LOSS_OF_FUNCTION = "loss_of_function"
    HAPLOINSUFFICIENCY = "haploinsufficiency"
    GAIN_OF_FUNCTION = "gain_of_function"
    DOMINANT_NEGATIVE = "dominant_negative"
    SPLICE = "splice"
    REPEAT_EXPANSION = "repeat_expansion"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """Why the person asks."""

    TREATMENT = "treatment"
    PREVENTION = "prevention"
    ENHANCEMENT = "enhancement"
    HERITABLE = "heritable"


class TargetCells(StrEnum):
    """Which cells would be changed."""

    SOMATIC = "somatic"
    GERMLINE = "germline"
    EMBRYO = "embryo"
    FETAL = "fetal"


class EditingPlace(StrEnum):
    """Whether cells are edited inside or outside the body."""

    IN_VIVO = "in_vivo"
    EX_VIVO = "ex_vivo"


@dataclass(frozen=True, slots=True)
class Subject:
    """The person, as far as the plan needs it. The identifier stays out of ``repr`` and of logs."""

    subject_id: str = field(repr=False)
    sex: Sex = Sex.UNKNOWN
    age_years: float | None = None
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease by identifier (OMIM, MONDO, ORPHA) and name."""

    disease_id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class CaseVariant:
    """A variant as the case states it.

    Parameters
    ----------
    expressions
        Every way the case writes it, best first: HGVS, SPDI, ``chrom:pos:ref:alt``, rsID.
    zygosity, pathogenicity
        As stated; ``NOT_PROVIDED`` is not pathogenic.
    gene
        Gene symbol as stated, may be empty.
    mechanism
        When the case states it; ``UNKNOWN`` otherwise.
    path
        Where in the case file it stands, for error messages (``"variants[0]"``).
    build
        The genome build the case names for this variant's coordinates, empty when it names none.
    phase
        ``"maternal"``, ``"paternal"`` or a free label: variants with the same label lie in cis, with
        different labels in trans; empty when unknown.
    origin
        Whether all cells of the person have it, or the tumour alone; asked of a tumour's case only.
    """

    expressions: tuple[str, ...]
    zygosity: Zygosity = Zygosity.UNKNOWN
    pathogenicity: Pathogenicity = Pathogenicity.NOT_PROVIDED
    gene: str = ""
    mechanism: Mechanism = Mechanism.UNKNOWN
    path: str = ""
    build: str = ""
    phase: str = ""
    origin: AlleleOrigin = AlleleOrigin.UNKNOWN


@dataclass(frozen=True, slots=True)
class Serology:
    """One antibody result: a titre means nothing without its assay.

    Parameters
    ----------
    target
        What the antibody binds (``"AAV9"``, ``"SpCas9"``).
    assay
        ``"TAb"`` (total binding) or ``"NAb"`` (neutralising).
    titre
        Reciprocal titre (50 for 1:50); ``None`` when reported as not detected.
    below
        True when reported as "less than ``titre``".
    """

    target: str
    assay: str
    titre: float | None = None
    below: bool = False
    date: str = ""
    laboratory: str = ""


@dataclass(frozen=True, slots=True)
class CopyNumber:
    """How many copies of a gene the person has, and who says so.

    Parameters
    ----------
    gene
        Gene symbol (``"SMN1"``, ``"SMN2"``).
    low, high
        The copies as an interval; equal when one number is reported, ``high`` is ``None`` for "at least ``low``".
    method
        How it was found: ``"MLPA"``, ``"dPCR"``, ``"qPCR"``, ``"NGS"`` (a laboratory's validated assay), or
        ``"in_silico"`` for a caller's result that no laboratory has confirmed, which never decides alone. Empty
        when nobody says how; that never decides alone either.
    date, laboratory
        Day of the report and who made it.
    """

    gene: str
    low: int
    high: int | None
    method: str
    date: str = ""
    laboratory: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether a laboratory's assay says so."""
        return self.method not in {"in_silico", ""}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One laboratory or clinical value.

    Parameters
    ----------
    name
        What was measured, a key of the catalogue of measurements (``"ALT"``, ``"total_bilirubin"``, ``"platelets"``).
    value
        The number in ``unit``.
    unit
        The unit as reported (``"x_ULN"`` for multiples of the upper limit of normal).
    date
        Day of the sample.
    """

    name: str
    value: float
    unit: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """Files the case names, as absolute paths; empty when it names none. They stay out of ``repr``.

    ``expression`` and ``normal_expression`` are tables of the tumour and of normal tissue in ``expression_unit``,
    ``clusters`` is a table of single cells summed up, ``cell_matrix``, ``cell_genes`` and ``cell_labels`` are the cells
    themselves, ``surfaceome`` lists genes with a protein on the surface, ``symbols`` is a table of gene symbols.
    """

    reference: str = field(default="", repr=False)
    models: str = field(default="", repr=False)
    vcf: str = field(default="", repr=False)
    sample: str = field(default="", repr=False)
    reads: str = field(default="", repr=False)
    expression: str = field(default="", repr=False)
    expression_unit: str = ""
    normal_expression: str = field(default="", repr=False)
    clusters: str = field(default="", repr=False)
    cell_matrix: str = field(default="", repr=False)
    cell_genes: str = field(default="", repr=False)
    cell_labels: str = field(default="", repr=False)
    group_column: str = ""
    cluster_column: str = ""
    malignant_label: str = ""
    gene_column: str = ""
    matrix_layer: str = ""
    surfaceome: str = field(default="", repr=False)
    symbols: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient and one question.

    Parameters
    ----------
    case_id
        The case's own name; it appears in outputs, so it should not identify the person.
    subject, diseases, variants
        The person, what they have, and the variants held responsible.
    intent, target_cells, jurisdiction, consent
        What the gate asks. ``jurisdiction`` is an ISO 3166-1 alpha-2 code, ``"EU"`` or empty;
        ``consent`` is ``None`` when not stated.
    editing_place, tissue
        Overrides; empty or ``None`` takes what the gene catalogue says.
    transcript
        The transcript the case insists on, empty for the default choice.
    serology
        Antibody results.
    copy_numbers
        Copies of genes, as a laboratory or a caller found them.
    measurements
        Laboratory and clinical values.
    conditions
        Keys of conditions that labels and criteria ask for (``"active_infection"``), with whether the person has
        them; one that is not named is unknown.
    last_treatments
        Keys of classes of treatment (``"chemotherapy"``), with the day of the last one.
    hla
        HLA alleles (``"A*02:01"``).
    cells
        The cell therapy that is asked for, if any.
    tumour
        What is known of a tumour beside its tables, if anything.
    files
        Input files the case names.
    findings, tallies
        What reading the case left open (a variant without coordinates, a subject who has died) and how many
        variants were read, kept and refused.
    """

    case_id: str
    subject: Subject
    variants: tuple[CaseVariant, ...]
    diseases: tuple[Disease, ...] = ()
    intent: Intent = Intent.TREATMENT
    target_cells: TargetCells = TargetCells.SOMATIC
    jurisdiction: str = ""
    consent: bool | None = None
    editing_place: EditingPlace | None = None
    tissue: str = ""
    transcript: str = ""
    serology: tuple[Serology, ...] = ()
    copy_numbers: tuple[CopyNumber, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    conditions: tuple[tuple[str, bool], ...] = ()
    last_treatments: tuple[tuple[str, str], ...] = ()
    hla: tuple[str, ...] = ()
    cells: CellProduct | None = None
    tumour: TumourState | None = None
    files: CaseFiles = field(default_factory=CaseFiles)
    findings: tuple[Finding, ...] = ()
    tallies: tuple[Tally, ...] = ()
