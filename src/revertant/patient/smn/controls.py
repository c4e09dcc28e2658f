"""What the genes are measured against: stretches of the genome that everybody has twice."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from revertant.errors import InputError
from revertant.genome import builds, contig_name
from revertant.patient.smn.loci import CONTIG, gene_parts, lifted

__all__ = [
    "BIN_BP",
    "FEWEST_BINS",
    "FEWEST_GENES",
    "SPACING_BP",
    "BinCount",
    "ControlKind",
    "Controls",
    "Normaliser",
    "apart_from_genes",
    "clumping",
    "genome_controls",
    "normaliser",
    "read_controls",
]

#: Length of a control bin, as published.
BIN_BP = 2_000
#: Distance of one bin to the next on each autosome: 1,435 bins in all on GRCh38. The published method takes 3,000; the
#: median of 1,000 is known to better than half a per cent, which moves no copy number.
SPACING_BP = 2_000_000
#: Fewer bins than this, after those that cannot be used are dropped, are no yardstick.
FEWEST_BINS = 100
#: Fewer control regions of targeted data with reads are no yardstick.
FEWEST_GENES = 5
#: A bin with a larger share of reads that fit elsewhere too (MAPQ 0) lies in a repeat.
MOST_AMBIGUOUS = 0.1
#: A bin with fewer reads than this share of the median is mostly a gap; with more than its inverse, a collapsed repeat.
LEAST_OF_MEDIAN = 0.25
#: Of the bins, this share, nearest to the genes in GC content, sets the scale.
NEAREST_GC_SHARE = 0.5
#: Bins keep away from the genes by this much: the neighbourhood is duplicated.
APART_BP = 2_000_000


class ControlKind(StrEnum):
    """What kind of data the controls are for."""

    GENOME = "whole genome"
    TARGETED = "targeted"


@dataclass(frozen=True, slots=True)
class Controls:
    """Stretches to count.

    Parameters
    ----------
    kind
        Whole genome, or targeted.
    regions
        ``(bare chromosome, start, end)``, 0-based half-open.
    """

    kind: ControlKind
    regions: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class BinCount:
    """What was counted in one control region.

    Parameters
    ----------
    length_bp
        Its length.
    reads
        Primary reads that begin in it.
    ambiguous
        Those of them that fit elsewhere as well (MAPQ 0).
    gc
        Share of G and C in the reads; ``None`` without reads.
    bases
        Letters of the reads.
    fragments
        Different fragments they come from.
    """

    length_bp: int
    reads: int
    ambiguous: int
    gc: float | None
    bases: int
    fragments: int


@dataclass(frozen=True, slots=True)
class Normaliser:
    """How many reads one copy gives.

    Parameters
    ----------
    reads_per_copy_bp
        Reads that begin on one base of one copy.
    bins_read, bins_used
        Control regions looked at, and those that set the scale.
    dropped
        Why the others were left out, with how many.
    median_absolute_deviation
        Of the used bins' reads, as a share of their median.
    excess_variance
        Relative variance between bins beyond that of counting.
    depth
        Mean number of reads over a base that everybody has twice.
    """

    reads_per_copy_bp: float
    bins_read: int
    bins_used: int
    dropped: tuple[tuple[str, int], ...]
    median_absolute_deviation: float
    excess_variance: float
    depth: float


def genome_controls(build: str, *, spacing_bp: int = SPACING_BP) -> Controls:
    """Spread bins over the autosomes, at equal distances.

    No list of gaps and repeats is needed: bins that lie in one give themselves away by their reads and are dropped
    (:func:`normaliser`). The surroundings of the genes themselves are left out.

    Parameters
    ----------
    build
        Name of the build.
    spacing_bp
        Distance between the starts of two bins.

    Examples
    --------
    >>> bins = genome_controls("GRCh38").regions
    >>> len(bins), bins[0]
    (1435, ('1', 1000000, 1002000))
    """
    found: list[tuple[str, int, int]] = []
    for fact in builds()[build].contigs.values():
        if not fact.name.isdigit():
            continue
        starts = range(spacing_bp // 2, fact.length - BIN_BP, spacing_bp)
        found += [(fact.name, start, start + BIN_BP) for start in starts]
    return apart_from_genes(Controls(ControlKind.GENOME, tuple(found)), build)


def apart_from_genes(controls: Controls, build: str) -> Controls:
    """Leave out the regions that lie near SMN1 and SMN2, or are them.

    Parameters
    ----------
    controls
        Any regions.
    build
        Their build.

    Examples
    --------
    >>> apart_from_genes(Controls(ControlKind.TARGETED, (("5", 70925000, 70953000),)), "GRCh38").regions
    ()
    """
    lowest = lifted(min(part.smn2[0] for part in gene_parts()), build) - APART_BP
    highest = lifted(max(part.smn1[1] for part in gene_parts()), build) + APART_BP
    kept = (row for row in controls.regions if row[0] != CONTIG or row[2] <= lowest or row[1] >= highest)
    return Controls(controls.kind, tuple(kept))


def read_controls(path: str | Path) -> Controls:
    r"""Read the control regions of targeted data from a BED file.

    Chromosomes X, Y and MT, which not everybody has twice, and regions shorter than 20 bases are left out.

    Raises
    ------
    InputError
        Code ``bad-controls`` when a line is no region or too few are left.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".bed") as bed:
    ...     _ = bed.write("".join(f"chr{n}\t1000\t2000\n" for n in range(1, 7)))
    ...     bed.flush()
    ...     len(read_controls(bed.name).regions)
    6
    """
    place = Path(path)
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The control regions cannot be read.",
            where=place.name,
            remedy="Give a BED file: chromosome, start, end.",
            code="bad-controls",
        ) from error
    found = set()
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if not fields or fields[0].startswith(("#", "track", "browser")):
            continue
        region = _region(fields)
        if region is None:
            raise InputError(
                "This line is no region.",
                where=f"{place.name}: line {number}",
                remedy="Write chromosome, start and end, the start counted from 0.",
                code="bad-controls",
            )
        name = contig_name(region[0])
        if name and name.name.isdigit() and region[2] - region[1] >= 20:
            found.add((name.name, region[1], region[2]))
    if len(found) < FEWEST_GENES:
        raise InputError(
            f"Only {len(found)} control regions on autosomes: at least {FEWEST_GENES} are needed.",
            where=place.name,
            remedy="Name more regions that the assay covers and everybody has twice.",
            code="bad-controls",
        )
    return Controls(ControlKind.TARGETED, tuple(sorted(found)))


def clumping(reads: int, fragments: int) -> float:
    """Return how much the variance of a count of reads exceeds that of a Poisson count: reads come in pairs.

    Examples
    --------
    >>> clumping(100, 100), clumping(100, 50)
    (1.0, 2.0)
    """
    return 3 - 2 * fragments / reads if reads else 1.0


def _region(fields: Sequence[str]) -> tuple[str, int, int] | None:
    if len(fields) < 3 or not (fields[1].isdecimal() and fields[2].isdecimal()):
        return None
    start, end = int(fields[1]), int(fields[2])
    return (fields[0], start, end) if start < end else None


def normaliser(kind: ControlKind, counts: Sequence[BinCount], gc_wanted: float | None) -> Normaliser | None:
    """Find how many reads one copy gives; ``None`` when too few controls have reads.

    Bins in gaps and repeats show by few reads, by many, or by reads that fit elsewhere; they are dropped. Of the rest,
    those nearest to the genes in GC content are used, so that an uneven library does not shift the scale, and the
    median over them does not feel a person's own deletions and duplications.

    Parameters
    ----------
    kind
        Whole genome, or targeted.
    counts
        One for each control region.
    gc_wanted
        GC content of the genes' reads; ``None`` takes all bins.

    Examples
    --------
    >>> made = normaliser(ControlKind.GENOME, [BinCount(2000, 400, 0, 0.42, 60_000, 400)] * 200, 0.42)
    >>> made.reads_per_copy_bp, made.bins_used, made.depth
    (0.1, 100, 30.0)
    """
    with_reads = [one for one in counts if one.reads]
    fewest = FEWEST_BINS if kind is ControlKind.GENOME else FEWEST_GENES
    # Gaps and short arms that are not assembled are less than a tenth of the autosomes.
    share = 0.5 if kind is ControlKind.GENOME else 0.0
    if len(with_reads) < max(fewest, share * len(counts)):
        return None
    middle = statistics.median(one.reads / one.length_bp for one in with_reads)
    dropped = {"no reads": len(counts) - len(with_reads)}
    good = []
    for one in with_reads:
        depth = one.reads / one.length_bp
        if one.ambiguous > MOST_AMBIGUOUS * one.reads:
            reason = "reads fit elsewhere too"
        elif depth < LEAST_OF_MEDIAN * middle:
            reason = "hardly any reads"
        elif depth > middle / LEAST_OF_MEDIAN:
            reason = "far too many reads"
        else:
            good.append(one)
            continue
        dropped[reason] = dropped.get(reason, 0) + 1
    if len(good) < fewest:
        return None
    if kind is ControlKind.GENOME and gc_wanted is not None:
        good.sort(key=lambda one: abs((one.gc or 0.0) - gc_wanted))
        kept = good[: max(fewest, round(NEAREST_GC_SHARE * len(good)))]
        dropped["another GC content"] = len(good) - len(kept)
        good = kept
    depths = [one.reads / one.length_bp for one in good]
    median = statistics.median(depths)
    deviation = statistics.median(abs(depth - median) for depth in depths) / median
    length = round(statistics.median(one.length_bp for one in good))
    counting = clumping(sum(one.reads for one in good), sum(one.fragments for one in good)) / (
        median * length
    )
    # 1.4826 turns a median absolute deviation into a standard deviation where the spread is normal.
    excess = max(0.0, (1.4826 * deviation) ** 2 - counting)
    return Normaliser(
        reads_per_copy_bp=median / 2,
        bins_read=len(counts),
        bins_used=len(good),
        dropped=tuple(sorted((reason, count) for reason, count in dropped.items() if count)),
        median_absolute_deviation=deviation,
        excess_variance=excess,
        depth=median * sum(one.bases for one in good) / sum(one.reads for one in good),
    )
