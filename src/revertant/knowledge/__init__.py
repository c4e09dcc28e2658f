"""Facts with their sources: TOML catalogues, each beside its loader.

A fact that is not in a catalogue cannot be used, and a row that has not been checked against its primary
source says so (``checked``) wherever it is shown. Nothing in here decides anything: rules live with the
modalities.
"""

from revertant.knowledge.agents import Agent, agents
from revertant.knowledge.antigens import (
    Antigen,
    AntigenForm,
    AntigenRecord,
    CitedFact,
    NormalTissue,
    antigen_aliases,
    antigen_named,
    antigens,
)
from revertant.knowledge.antisense import (
    AntisenseUse,
    antisense_for,
    antisense_reaching,
    antisense_uses,
    antisense_uses_for,
)
from revertant.knowledge.assays import Assay, AssayKind, assays, assays_for
from revertant.knowledge.binder_records import BinderRecord, binder_records
from revertant.knowledge.capsids import Capsid, CapsidReach, capsid, capsids, seroprevalence
from revertant.knowledge.car_doses import CarDose, CellDose, Regimen, RegimenDrug, car_doses
from revertant.knowledge.car_edits import CarEdit, MultiplexFact, car_edits, multiplex_facts
from revertant.knowledge.car_parts import (
    CarArchitecture,
    CarBinder,
    CarPart,
    CarRole,
    binders_of,
    bound_antigens,
    car_architectures,
    car_binders,
    car_parts,
)
from revertant.knowledge.car_t_safety import CarSafetyFact, car_t_safety
from revertant.knowledge.catalogue import (
    SOURCE_KINDS,
    Dna,
    IsoDate,
    Iupac,
    Row,
    catalogue_versions,
    load_rows,
    state_of_knowledge,
)
from revertant.knowledge.cellular_kinetics import CellularKinetics, Varying, cellular_kinetics
from revertant.knowledge.complex_disease import (
    ComplexRoute,
    GeneticSupport,
    KnownHarm,
    RouteTrial,
    complex_routes,
    complex_routes_for,
)
from revertant.knowledge.conditions import Condition, conditions
from revertant.knowledge.criteria import Criterion
from revertant.knowledge.diseases import DiseaseName, disease_named, diseases, names_by_id, spelt
from revertant.knowledge.dosage import DosageFact, dosage_facts
from revertant.knowledge.doses import HIGH_DOSE_VG_PER_KG, AavDeath, DoseAnchor, aav_deaths, dose_anchors
from revertant.knowledge.editors import BaseEditor, editors
from revertant.knowledge.effectors import nuclease_behind
from revertant.knowledge.epigenome_editors import EpigenomeEditor, epigenome_editors
from revertant.knowledge.gene_lists import GeneList, gene_lists, lists_naming, read_gene_list
from revertant.knowledge.genes import GeneDisease, GeneFact, MechanismFact, find_gene, genes
from revertant.knowledge.guide_parts import GuidePart, guide_parts
from revertant.knowledge.measurements import (
    TIMES_UPPER_LIMIT,
    MeasuredUnit,
    MeasurementFact,
    measurement_by_loinc,
    measurements,
    unit_words,
)
from revertant.knowledge.mini_genes import MiniGene, mini_genes
from revertant.knowledge.nucleases import Nuclease, nucleases
from revertant.knowledge.organs import Organ, organ_named, organs
from revertant.knowledge.own_parts import OwnParts, read_own_parts
from revertant.knowledge.paralogues import Paralogue, paralogue, paralogues, paralogues_of
from revertant.knowledge.precedents import (
    GuideLocus,
    Precedent,
    effectors_in_people,
    precedent_for,
    precedents,
)
from revertant.knowledge.prime_editors import PrimeEditor, prime_editors
from revertant.knowledge.products import (
    Kit,
    LabelDose,
    MarketStep,
    Product,
    ProductLabel,
    products,
)
from revertant.knowledge.promoter_experience import PromoterExperience, promoter_experience
from revertant.knowledge.safe_harbours import SafeHarbour, safe_harbours
from revertant.knowledge.safety import ImmunityFact, RiskFact, immunity_facts, immunity_to, risks
from revertant.knowledge.sites import BenignSubstitution, SiteFact, benign_substitutions, sites
from revertant.knowledge.structural_routes import StructuralRoute, structural_routes
from revertant.knowledge.symbols import symbol_as_catalogued
from revertant.knowledge.tissues import Tissue, tissue_named
from revertant.knowledge.transgenes import TransgeneRow, transgene, transgenes
from revertant.knowledge.vector_parts import (
    UBIQUITOUS,
    VectorPart,
    parts_of_kind,
    vector_part,
    vector_parts,
    woodchuck_x_protein,
)
from revertant.knowledge.vector_risks import VectorRisk, vector_risk
from revertant.knowledge.vehicles import Evidence, Reach, Vehicle, VehicleFit, vehicles, vehicles_for

__all__ = [
    "HIGH_DOSE_VG_PER_KG",
    "SOURCE_KINDS",
    "TIMES_UPPER_LIMIT",
    "UBIQUITOUS",
    "AavDeath",
    "Agent",
    "Antigen",
    "AntigenForm",
    "AntigenRecord",
    "AntisenseUse",
    "Assay",
    "AssayKind",
    "BaseEditor",
    "BenignSubstitution",
    "BinderRecord",
    "Capsid",
    "CapsidReach",
    "CarArchitecture",
    "CarBinder",
    "CarDose",
    "CarEdit",
    "CarPart",
    "CarRole",
    "CarSafetyFact",
    "CellDose",
    "CellularKinetics",
    "CitedFact",
    "ComplexRoute",
    "Condition",
    "Criterion",
    "DiseaseName",
    "Dna",
    "DosageFact",
    "DoseAnchor",
    "EpigenomeEditor",
    "Evidence",
    "GeneDisease",
    "GeneFact",
    "GeneList",
    "GeneticSupport",
    "GuideLocus",
    "GuidePart",
    "ImmunityFact",
    "IsoDate",
    "Iupac",
    "Kit",
    "KnownHarm",
    "LabelDose",
    "MarketStep",
    "MeasuredUnit",
    "MeasurementFact",
    "MechanismFact",
    "MiniGene",
    "MultiplexFact",
    "NormalTissue",
    "Nuclease",
    "Organ",
    "OwnParts",
    "Paralogue",
    "Precedent",
    "PrimeEditor",
    "Product",
    "ProductLabel",
    "PromoterExperience",
    "Reach",
    "Regimen",
    "RegimenDrug",
    "RiskFact",
    "RouteTrial",
    "Row",
    "SafeHarbour",
    "SiteFact",
    "StructuralRoute",
    "Tissue",
    "TransgeneRow",
    "Varying",
    "VectorPart",
    "VectorRisk",
    "Vehicle",
    "VehicleFit",
    "aav_deaths",
    "agents",
    "antigen_aliases",
    "antigen_named",
    "antigens",
    "antisense_for",
    "antisense_reaching",
    "antisense_uses",
    "antisense_uses_for",
    "assays",
    "assays_for",
    "benign_substitutions",
    "binder_records",
    "binders_of",
    "bound_antigens",
    "capsid",
    "capsids",
    "car_architectures",
    "car_binders",
    "car_doses",
    "car_edits",
    "car_parts",
    "car_t_safety",
    "catalogue_versions",
    "cellular_kinetics",
    "complex_routes",
    "complex_routes_for",
    "conditions",
    "disease_named",
    "diseases",
    "dosage_facts",
    "dose_anchors",
    "editors",
    "effectors_in_people",
    "epigenome_editors",
    "find_gene",
    "gene_lists",
    "genes",
    "guide_parts",
    "immunity_facts",
    "immunity_to",
    "lists_naming",
    "load_rows",
    "measurement_by_loinc",
    "measurements",
    "mini_genes",
    "multiplex_facts",
    "names_by_id",
    "nuclease_behind",
    "nucleases",
    "organ_named",
    "organs",
    "paralogue",
    "paralogues",
    "paralogues_of",
    "parts_of_kind",
    "precedent_for",
    "precedents",
    "prime_editors",
    "products",
    "promoter_experience",
    "read_gene_list",
    "read_own_parts",
    "risks",
    "safe_harbours",
    "seroprevalence",
    "sites",
    "spelt",
    "state_of_knowledge",
    "structural_routes",
    "symbol_as_catalogued",
    "tissue_named",
    "transgene",
    "transgenes",
    "unit_words",
    "vector_part",
    "vector_parts",
    "vector_risk",
    "vehicles",
    "vehicles_for",
    "woodchuck_x_protein",
]
