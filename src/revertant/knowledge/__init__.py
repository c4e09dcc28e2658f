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
from revertant.knowledge.genes import GeneDisease, GeneFact, MechanismFact, find_gene, genes
from revertant.knowledge.nucleases import Nuclease, nucleases
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
    "IsoDate",
    "Iupac",
    "MechanismFact",
    "Nuclease",
    "Reach",
    "Row",
    "SiteFact",
    "Tissue",
    "Vehicle",
    "VehicleFit",
    "benign_substitutions",
    "catalogue_versions",
    "editors",
    "find_gene",
    "genes",
    "load_rows",
    "nucleases",
    "sites",
    "tissue_named",
    "vehicles",
    "vehicles_for",
]
