"""The reference, its gene models, and one person's two copies of it.

A reference may be a whole genome or a set of windows; positions are genomic in both, and what is not
covered is refused, never guessed. A :class:`PatientGenome` lays a person's calls over the reference: every
distinct sequence that person may carry over an interval is a :class:`HaplotypeWindow`, with coordinate maps
both ways.
"""

from revertant.genome.build import check_build
from revertant.genome.call_table import CallTable
from revertant.genome.contigs import Build, ContigFact, ContigName, builds, contig_name, recognise_build
from revertant.genome.diploid import MOST_WINDOWS, PatientGenome
from revertant.genome.fetch import FetchedReference, fetch_reference
from revertant.genome.haplotype import HaplotypeWindow
from revertant.genome.models import GeneModels, TranscriptChoice, load_gene_models
from revertant.genome.placement import PlacedCalls
from revertant.genome.reference import Reference
from revertant.genome.regions import region_of

__all__ = [
    "MOST_WINDOWS",
    "Build",
    "CallTable",
    "ContigFact",
    "ContigName",
    "FetchedReference",
    "GeneModels",
    "HaplotypeWindow",
    "PatientGenome",
    "PlacedCalls",
    "Reference",
    "TranscriptChoice",
    "builds",
    "check_build",
    "contig_name",
    "fetch_reference",
    "load_gene_models",
    "recognise_build",
    "region_of",
]
