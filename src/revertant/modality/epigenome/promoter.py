"""The promoter of a transcript: where it starts, what else starts there, and how rich it is in CpG."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.genome import GeneModels, PatientGenome
from revertant.modality.protospacers import reachable
from revertant.model import Locus, Strand, Transcript

__all__ = [
    "BIDIRECTIONAL_BP",
    "BIDIRECTIONAL_SOURCES",
    "ISLAND_SOURCES",
    "CpgContent",
    "OtherStart",
    "cpg_content",
    "cpg_places",
    "offset_of",
    "other_starts",
    "own_starts",
    "promoter_cpg",
    "start_of",
    "stretch_at",
]

#: Two genes that start back to back within this distance share a bidirectional promoter.
BIDIRECTIONAL_BP = 1000
BIDIRECTIONAL_SOURCES = ("doi:10.1101/gr.1982804",)

#: A CpG island after Gardiner-Garden and Frommer: length, share of G and C, CpG observed over expected.
ISLAND_BP, ISLAND_GC, ISLAND_RATIO = 200, 0.5, 0.6
ISLAND_SOURCES = ("doi:10.1016/0022-2836(87)90689-9",)

#: How far on either side of the start CpG are counted.
CPG_FLANK_BP = 500


def start_of(transcript: Transcript) -> int:
    """Return the 0-based position of the first transcribed base, as the gene model has it.

    Examples
    --------
    >>> start_of(Transcript("T", "G", "c", Strand.MINUS, ((10, 20), (30, 40))))
    39
    """
    low, high = transcript.exons[0][0], transcript.exons[-1][1]
    return low if transcript.strand is Strand.PLUS else high - 1


def offset_of(transcript: Transcript, position: int) -> int:
    """Return the distance of a position from the start, in bp along the gene; negative is upstream.

    Examples
    --------
    >>> offset_of(Transcript("T", "G", "c", Strand.MINUS, ((10, 20), (30, 40))), 44)
    -5
    """
    away = position - start_of(transcript)
    return away if transcript.strand is Strand.PLUS else -away


def stretch_at(transcript: Transcript, window: tuple[int, int]) -> Locus:
    """Return the stretch of the genome that a window around the start covers; its ends count.

    Examples
    --------
    >>> str(stretch_at(Transcript("T", "G", "c", Strand.MINUS, ((10, 20), (30, 40))), (-5, 2)))
    'c:38-45:+'
    """
    start = start_of(transcript)
    low, high = window if transcript.strand is Strand.PLUS else (-window[1], -window[0])
    return Locus(transcript.contig, max(0, start + low), max(0, start + high + 1))


@dataclass(frozen=True, slots=True)
class OtherStart:
    """Another gene that starts near.

    Parameters
    ----------
    gene
        Its symbol.
    offset_bp
        Its start, in bp from the own gene's start along the own gene.
    is_opposite
        Whether it is transcribed the other way.
    """

    gene: str
    offset_bp: int
    is_opposite: bool

    @property
    def is_bidirectional(self) -> bool:
        """Whether the two share a bidirectional promoter."""
        return self.is_opposite and -BIDIRECTIONAL_BP < self.offset_bp < 0


def other_starts(
    transcript: Transcript, models: GeneModels, window: tuple[int, int]
) -> tuple[OtherStart, ...]:
    """Return the other genes of the gene models that start within a window around a start, nearest first.

    Parameters
    ----------
    transcript
        The own transcript.
    models
        Every gene model there is.
    window
        First and last offset in bp; the space of a bidirectional promoter is always looked at too.

    Examples
    --------
    >>> own = Transcript("T", "G", "c", Strand.PLUS, ((2000, 2500),))
    >>> back_to_back = Transcript("U", "H", "c", Strand.MINUS, ((1000, 1700),))
    >>> [other] = other_starts(own, GeneModels([own, back_to_back]), (-500, 500))
    >>> other.gene, other.offset_bp, other.is_bidirectional
    ('H', -301, True)
    """
    low, high = min(window[0], 1 - BIDIRECTIONAL_BP), max(window[1], BIDIRECTIONAL_BP - 1)
    found: dict[str, OtherStart] = {}
    for other in models.overlapping(stretch_at(transcript, (low, high))):
        if other.gene == transcript.gene:
            continue
        offset = offset_of(transcript, start_of(other))
        one = OtherStart(other.gene, offset, other.strand is not transcript.strand)
        if window[0] <= offset <= window[1] or one.is_bidirectional:
            known = found.setdefault(other.gene, one)
            if abs(offset) < abs(known.offset_bp):
                found[other.gene] = one
    return tuple(sorted(found.values(), key=lambda one: (abs(one.offset_bp), one.gene)))


def own_starts(transcript: Transcript, models: GeneModels) -> tuple[int, ...]:
    """Return the starts of the gene's transcripts, each once, in bp from this one's along the gene.

    Examples
    --------
    >>> own = Transcript("T", "G", "c", Strand.PLUS, ((2000, 2500),))
    >>> own_starts(own, GeneModels([own, Transcript("U", "G", "c", Strand.PLUS, ((4000, 5000),))]))
    (0, 2000)
    """
    here = [t for t in models.of_gene(transcript.gene) if t.contig == transcript.contig]
    return tuple(sorted({offset_of(transcript, start_of(t)) for t in (transcript, *here)}))


@dataclass(frozen=True, slots=True)
class CpgContent:
    """How rich a stretch is in CpG.

    Parameters
    ----------
    bases
        Length of the stretch.
    cpg
        CpG in it.
    has_island
        Whether some 200 bp of it meet the criteria of an island.
    """

    bases: int
    cpg: int
    has_island: bool

    @property
    def per_100_bp(self) -> float:
        """CpG per 100 bp."""
        return 100 * self.cpg / self.bases


def cpg_content(bases: str) -> CpgContent | None:
    """Count CpG, and look for 200 bp that meet the criteria of an island.

    Parameters
    ----------
    bases
        One strand; a base that is not known counts as neither C nor G.

    Returns
    -------
    CpgContent or None
        ``None`` when there are fewer than 200 bases: then no island can be judged.

    Examples
    --------
    >>> cpg_content("ACGT" * 50)
    CpgContent(bases=200, cpg=50, has_island=False)
    >>> cpg_content("CCGG" * 50).has_island, cpg_content("ACGT") is None
    (True, True)
    """
    if len(bases) < ISLAND_BP:
        return None
    return CpgContent(
        len(bases),
        bases.count("CG"),
        any(_is_island(bases[at : at + ISLAND_BP]) for at in range(len(bases) - ISLAND_BP + 1)),
    )


def _is_island(bases: str) -> bool:
    c, g = bases.count("C"), bases.count("G")
    expected = c * g / len(bases)
    return (c + g) / len(bases) > ISLAND_GC and bases.count("CG") > ISLAND_RATIO * expected


def cpg_places(transcript: Transcript, genome: PatientGenome, window: tuple[int, int]) -> tuple[int, ...]:
    """Return the offsets of the C of each CpG in a window, on the patient's first copy.

    Empty where the reference does not reach. A base that the patient has inserted stands where the base left of it is.
    """
    stretch = reachable(genome.reference, stretch_at(transcript, window))
    windows = genome.windows(stretch, cap=1) if genome.reference.covers(stretch) and len(stretch) else ()
    if not windows:
        return ()
    bases = windows[0].bases
    shift = 0 if transcript.strand is Strand.PLUS else 1
    found = (at + shift for at in range(len(bases) - 1) if bases[at : at + 2] == "CG")
    return tuple(sorted({offset_of(transcript, windows[0].to_reference(at)) for at in found}))


def promoter_cpg(transcript: Transcript, genome: PatientGenome) -> CpgContent | None:
    """Judge 500 bp on either side of the start on the patient's sequence; where the copies differ, on the first.

    ``None`` where the reference does not reach.
    """
    stretch = reachable(genome.reference, stretch_at(transcript, (-CPG_FLANK_BP, CPG_FLANK_BP)))
    windows = genome.windows(stretch, cap=1) if genome.reference.covers(stretch) else ()
    return cpg_content(windows[0].bases) if windows else None
