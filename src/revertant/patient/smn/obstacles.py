"""What can make copies uncountable, whatever the numbers look like: reads that are missing, or nothing to compare."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.patient.smn.controls import ControlKind, Normaliser
from revertant.patient.smn.counts import ReadCounts
from revertant.patient.smn.panel import Panel

__all__ = ["LEAST_DEPTH", "Obstacle", "obstacles"]

#: Below this mean depth nothing is called: our own choice; the posteriors widen long before.
LEAST_DEPTH = 10.0
#: Of the tiles of 500 bp, so many must have a read at either gene, and at both together.
LEAST_TILES_OF_ONE = 0.5
LEAST_TILES_OF_BOTH = 0.9
#: Of the reads of exons 1-6, which both genes share, either gene's place must hold this part.
LEAST_SHARE_OF_ONE = 0.05


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the copies cannot be counted from these reads, whatever the numbers look like.

    ``hides_smn1`` marks one that can make SMN1 look absent.
    """

    code: str
    because: str
    hides_smn1: bool = False


def obstacles(counts: ReadCounts, norm: Normaliser, panel: Panel | None) -> tuple[Obstacle, ...]:
    """Find every reason why copies cannot be counted; empty when there is none.

    Parameters
    ----------
    counts
        What was read.
    norm
        The scale of the sample.
    panel
        Samples of the same assay, for targeted data.
    """
    found = []
    genome = counts.kind is ControlKind.GENOME
    if not genome and panel is None:
        because = (
            "Control regions are named, so these count as targeted data of one sample: capture takes SMN1, SMN2 and "
            "the controls with different efficiency, and their depth gives no copy number without a panel of samples "
            "whose copies are known."
        )
        found.append(Obstacle("targeted-without-panel", because))
    if norm.depth < LEAST_DEPTH:
        found.append(
            Obstacle("low-depth", f"Depth is {norm.depth:.1f}x; at least {LEAST_DEPTH:.0f}x is needed.")
        )
    first, second = counts.exons_1_6, counts.exons_7_8
    for gene, reads in (("SMN1", first.smn1_reads), ("SMN2", first.smn2_reads)):
        tiles = first.smn1_tiles if gene == "SMN1" else first.smn2_tiles
        scarce = reads < LEAST_SHARE_OF_ONE * first.reads or first.reads == 0
        if scarce or (genome and tiles < LEAST_TILES_OF_ONE):
            because = (
                f"At exons 1-6 of {gene} there are {reads} reads in {tiles:.0%} of the places, though both genes are "
                "nearly the same there and every person's reads fit both: they were left out of the file, or the "
                "aligner leaves reads unplaced that fit twice, or one gene is masked in its reference."
            )
            found.append(Obstacle(f"no-{gene.lower()}-exons-1-6", because, hides_smn1=True))
    for part in (first, second):
        if genome and part.pooled_tiles < LEAST_TILES_OF_BOTH:
            because = f"Only {part.pooled_tiles:.0%} of {part.name} have reads, both genes taken together."
            found.append(Obstacle(f"gaps-in-{part.name.replace(' ', '-')}", because, hides_smn1=True))
    return tuple(found)
