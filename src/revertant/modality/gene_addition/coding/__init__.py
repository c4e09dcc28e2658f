"""Codon design: the same protein in other codons, with little CpG and nothing that splices or ends the message.

The trade between usual codons and CpG is solved exactly; DNA Chisel removes motifs, cryptic splice sites and repeats
from there, with the translation as a constraint. Every sequence is translated again before it leaves, and its edits
can be replayed. What could not be removed is a finding.
"""

from revertant.modality.gene_addition.coding.design import CodingDesign, coding_of, design_coding
from revertant.modality.gene_addition.coding.edits import edits_between, replay
from revertant.modality.gene_addition.coding.findings import coding_findings
from revertant.modality.gene_addition.coding.measures import SPLICE_LIMIT_BITS, measure
from revertant.modality.gene_addition.coding.options import CodingOptions
from revertant.modality.gene_addition.coding.usage import codon_adaptation_index, codon_usage

__all__ = [
    "SPLICE_LIMIT_BITS",
    "CodingDesign",
    "CodingOptions",
    "coding_findings",
    "coding_of",
    "codon_adaptation_index",
    "codon_usage",
    "design_coding",
    "edits_between",
    "measure",
    "replay",
]
