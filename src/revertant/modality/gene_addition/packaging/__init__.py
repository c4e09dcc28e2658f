"""Packaging as a curve: how much of what is packaged is whole, measured from ITR to ITR.

There is no "4.7 kb: yes or no". The expected share of whole genomes falls with length, from published long-read figures
(:func:`full_length_fraction`), structure lowers it, and below 3 kb a single-stranded genome is packaged as tandems.
Lengths are measured, never assumed: :func:`measure_packaged` finds the terminal repeats by alignment.
"""

from revertant.modality.gene_addition.packaging.checks import AAV_FORMS, length_finding, packaging_findings
from revertant.modality.gene_addition.packaging.itrs import (
    PackagedSpan,
    TerminalRepeat,
    find_itrs,
    measure_packaged,
)
from revertant.modality.gene_addition.packaging.length import (
    ANCHORS,
    LARGEST_PACKAGED_BP,
    LENGTH_SOURCES,
    REFERENCE_BP,
    SC_LIMIT_BP,
    SC_STOP_BP,
    SHORT_GENOME_BP,
    STOP_BP,
    PackagingAnchor,
    full_length_fraction,
)
from revertant.modality.gene_addition.packaging.structure import (
    Repeat,
    direct_repeats,
    gc_extremes,
    inverted_repeats,
    tail_to_tail_cassettes,
)

__all__ = [
    "AAV_FORMS",
    "ANCHORS",
    "LARGEST_PACKAGED_BP",
    "LENGTH_SOURCES",
    "REFERENCE_BP",
    "SC_LIMIT_BP",
    "SC_STOP_BP",
    "SHORT_GENOME_BP",
    "STOP_BP",
    "PackagedSpan",
    "PackagingAnchor",
    "Repeat",
    "TerminalRepeat",
    "direct_repeats",
    "find_itrs",
    "full_length_fraction",
    "gc_extremes",
    "inverted_repeats",
    "length_finding",
    "measure_packaged",
    "packaging_findings",
    "tail_to_tail_cassettes",
]
