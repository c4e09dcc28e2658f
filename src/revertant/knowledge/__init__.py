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
from revertant.knowledge.nucleases import Nuclease, nucleases

__all__ = [
    "SOURCE_KINDS",
    "BaseEditor",
    "Dna",
    "IsoDate",
    "Iupac",
    "Nuclease",
    "Row",
    "catalogue_versions",
    "editors",
    "load_rows",
    "nucleases",
]
