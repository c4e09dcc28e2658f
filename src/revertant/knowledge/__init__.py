"""Facts with their sources: TOML catalogues, each beside its loader.

A fact that is not in a catalogue cannot be used, and a row that has not been checked against its primary
source says so (``checked``) wherever it is shown. Nothing in here decides anything: rules live with the
modalities.
"""

from revertant.knowledge.catalogue import (
    SOURCE_KINDS,
    Dna,
    IsoDate,
    Iupac,
    Row,
    catalogue_versions,
    load_rows,
)
from revertant.knowledge.editors import BaseEditor, editors
from revertant.knowledge.gene_lists import GeneList, gene_lists, lists_naming, read_gene_list
from revertant.knowledge.genes import GeneDisease, GeneFact, MechanismFact, find_gene, genes
from revertant.knowledge.nucleases import Nuclease, nucleases
from revertant.knowledge.precedents import GuideLocus, Precedent, precedent_for, precedents
from revertant.knowledge.safety import ImmunityFact, RiskFact, immunity_facts, immunity_to, risks
from revertant.knowledge.sites import BenignSubstitution, SiteFact, benign_substitutions, sites
from revertant.knowledge.tissues import Tissue, tissue_named
from revertant.knowledge.vehicles import Evidence, Reach, Vehicle, VehicleFit, vehicles, vehicles_for

__all__ = [
    "SOURCE_KINDS",
    "BaseEditor",
    "BenignSubstitution",
    "Dna",
    "Evidence",
    "GeneDisease",
    "GeneFact",
    "GeneList",
    "GuideLocus",
    "ImmunityFact",
    "IsoDate",
    "Iupac",
    "MechanismFact",
    "Nuclease",
    "Precedent",
    "Reach",
    "RiskFact",
    "Row",
    "SiteFact",
    "Tissue",
    "Vehicle",
    "VehicleFit",
    "benign_substitutions",
    "catalogue_versions",
    "editors",
    "find_gene",
    "gene_lists",
    "genes",
    "immunity_facts",
    "immunity_to",
    "lists_naming",
    "load_rows",
    "nucleases",
    "precedent_for",
    "precedents",
    "read_gene_list",
    "risks",
    "sites",
    "tissue_named",
    "vehicles",
    "vehicles_for",
]
