"""From a file of reads to numbers: reads in the genes and in the controls.

Only the stretches that are needed are read, by the index. Names of reads stay in here.
"""

from __future__ import annotations

from collections.abc import Callable

from revertant.patient.smn.alignments import PAIRED, Alignments, primary_reads, reading
from revertant.patient.smn.bases import read_bases
from revertant.patient.smn.controls import BinCount, Controls
from revertant.patient.smn.counts import PartCount, ReadCounts
from revertant.patient.smn.loci import CONTIG, GenePart, gene_parts, lifted

__all__ = ["TILE_BP", "Progress", "count_reads", "no_progress"]

Progress = Callable[[str, float], None]

#: The genes are looked at in tiles of this length, to see whether the file holds their reads at all.
TILE_BP = 500
#: So many reads of a control bin show its GC content well enough.
_READS_FOR_GC = 100


def no_progress(stage: str, share: float) -> None:
    """Watch nothing."""
    del stage, share


def count_reads(reads: Alignments, controls: Controls, *, progress: Progress = no_progress) -> ReadCounts:
    """Count what the caller needs.

    Parameters
    ----------
    reads
        The open file.
    controls
        What the genes are measured against. Regions on chromosomes that the file lacks count as empty.
    progress
        Told the stage and its share.

    Raises
    ------
    InputError
        Codes ``truncated`` or ``bad-alignments``.
    """
    with reading(reads.name, is_cram=reads.file.is_cram):
        bins = []
        for index, (name, start, end) in enumerate(controls.regions):
            bins.append(_bin(reads, name, start, end))
            progress("Reading the controls", (index + 1) / len(controls.regions))
        progress("Reading SMN1 and SMN2", 0.0)
        parts = [_part(reads, part) for part in gene_parts()]
        fragments, sites, tag, exon_bases = read_bases(reads)
        progress("Reading SMN1 and SMN2", 1.0)
    return ReadCounts(
        name=reads.name,
        sample=reads.sample,
        build=reads.build,
        kind=controls.kind,
        controls=tuple(bins),
        exons_1_6=parts[0],
        exons_7_8=parts[1],
        fragments=fragments,
        sites=sites,
        tag=tag,
        exon_bases=exon_bases,
    )


def _gc(letters: str) -> int:
    return letters.count("G") + letters.count("C")


def _bin(reads: Alignments, name: str, start: int, end: int) -> BinCount:
    count = ambiguous = bases = looked_at = strong = alone = 0
    names = set()
    for read in primary_reads(reads, name, start, end):
        if read.reference_start < start:
            continue
        count += 1
        if read.flag & PAIRED:
            names.add(read.query_name)
        else:
            alone += 1
        ambiguous += read.mapping_quality == 0
        bases += read.query_length
        if count <= _READS_FOR_GC:
            letters = read.query_sequence or ""
            looked_at += len(letters)
            strong += _gc(letters)
    gc = strong / looked_at if looked_at else None
    return BinCount(end - start, count, ambiguous, gc, bases, len(names) + alone)


def _part(reads: Alignments, part: GenePart) -> PartCount:
    counts, tiles = [], []
    bases = strong = 0
    names = set()
    for first, last in (part.smn1, part.smn2):
        start, end = lifted(first, reads.build), lifted(last, reads.build)
        count, seen = 0, set()
        for read in primary_reads(reads, CONTIG, start, end):
            if read.reference_start < start:
                continue
            count += 1
            names.add(read.query_name)
            seen.add((read.reference_start - start) // TILE_BP)
            letters = read.query_sequence or ""
            bases += len(letters)
            strong += _gc(letters)
        counts.append(count)
        tiles.append(seen)
    number = part.length_bp // TILE_BP
    whole = [{tile for tile in found if tile < number} for found in tiles]
    return PartCount(
        name=part.name,
        length_bp=part.length_bp,
        smn1_reads=counts[0],
        smn2_reads=counts[1],
        smn1_tiles=len(whole[0]) / number,
        smn2_tiles=len(whole[1]) / number,
        pooled_tiles=len(whole[0] | whole[1]) / number,
        gc=strong / bases if bases else None,
        fragments=len(names),
    )
