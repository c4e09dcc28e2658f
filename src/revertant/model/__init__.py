"""The words of the project as frozen value objects, standard library only.

A **case** is one patient and one question. A **target** is a gene with its pathogenic alleles and mechanism.
A **strategy** is a modality on a route applied to a target. A **design** is one concrete molecule set. A
**finding** is one rule applied to one thing; an **assessment** is the findings of a design. A **plan** ranks
designs and says why the others were rejected and what is unknown.

Positions are 0-based and half-open in here; only text for people counts from 1. An unknown is ``None``, never
"NA" or -1. Collections are tuples.
"""

from revertant.model.case import (
    Case,
    CaseFiles,
    CaseVariant,
    CopyNumber,
    Disease,
    EditingPlace,
    Intent,
    Measurement,
    Mechanism,
    Pathogenicity,
    Serology,
    Sex,
    Subject,
    TargetCells,
    Zygosity,
)
from revertant.model.consequence import Consequence, ConsequenceTerm
from revertant.model.constructs import AntisenseOligo, Donor, DonorKind, PegRna, SpliceChange
from revertant.model.design import (
    BaseChange,
    Design,
    Effect,
    Oligo,
    Outcome,
    SequenceView,
    ViewSpan,
)
from revertant.model.finding import Estimate, Finding, Status
from revertant.model.guide import Guide, PamSide
from revertant.model.identity import canonical_json, content_id, plain
from revertant.model.locus import Locus, Strand
from revertant.model.nomination import (
    Amplicon,
    HaplotypeCount,
    Nomination,
    PopulationSite,
    ValidationPanel,
)
from revertant.model.offtarget import (
    Coverage,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    Region,
    SearchLimits,
    SiteCount,
    SiteOrigin,
    TranslocationPair,
)
from revertant.model.plan import (
    Assessment,
    InputDigest,
    Plan,
    Provenance,
    RankedDesign,
    Rejection,
    Unknown,
)
from revertant.model.product import CriterionMatch, CriterionState, LabelMatch, LabelVerdict
from revertant.model.promoter import NearbyStart, PromoterMap
from revertant.model.structure import Structure, StructureKind
from revertant.model.tally import Tally
from revertant.model.target import Allele, Route, Site, Strategy, Target
from revertant.model.transcript import Transcript
from revertant.model.variant import Call, Variant, VariantKind
from revertant.model.vector import (
    Choice,
    CodingSequence,
    CodonEdit,
    CodonMeasures,
    Construct,
    Feature,
    FeatureKind,
    GenomeForm,
    PartUse,
    Transgene,
    Vector,
    VectorDose,
)

__all__ = [
    "Allele",
    "Amplicon",
    "AntisenseOligo",
    "Assessment",
    "BaseChange",
    "Call",
    "Case",
    "CaseFiles",
    "CaseVariant",
    "Choice",
    "CodingSequence",
    "CodonEdit",
    "CodonMeasures",
    "Consequence",
    "ConsequenceTerm",
    "Construct",
    "CopyNumber",
    "Coverage",
    "CriterionMatch",
    "CriterionState",
    "Design",
    "Disease",
    "Donor",
    "DonorKind",
    "EditingPlace",
    "Effect",
    "Estimate",
    "Feature",
    "FeatureKind",
    "Finding",
    "GenomeForm",
    "Guide",
    "HaplotypeCount",
    "InputDigest",
    "Intent",
    "LabelMatch",
    "LabelVerdict",
    "Locus",
    "Measurement",
    "Mechanism",
    "NearbyStart",
    "Nomination",
    "OffTargetReport",
    "OffTargetRequest",
    "OffTargetSite",
    "Oligo",
    "Outcome",
    "PamSide",
    "PartUse",
    "Pathogenicity",
    "PegRna",
    "Plan",
    "PopulationSite",
    "PromoterMap",
    "Provenance",
    "RankedDesign",
    "Region",
    "Rejection",
    "Route",
    "SearchLimits",
    "SequenceView",
    "Serology",
    "Sex",
    "Site",
    "SiteCount",
    "SiteOrigin",
    "SpliceChange",
    "Status",
    "Strand",
    "Strategy",
    "Structure",
    "StructureKind",
    "Subject",
    "Tally",
    "Target",
    "TargetCells",
    "Transcript",
    "Transgene",
    "TranslocationPair",
    "Unknown",
    "ValidationPanel",
    "Variant",
    "VariantKind",
    "Vector",
    "VectorDose",
    "ViewSpan",
    "Zygosity",
    "canonical_json",
    "content_id",
    "plain",
]
