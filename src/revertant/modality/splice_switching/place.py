"""Where a pathogenic allele lies in its transcript, as splicing sees it; no sequence is needed for that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from revertant.genome.haplotype import touched
from revertant.modality.loss import loss_of
from revertant.modality.splice_switching.frames import exon_words
from revertant.model import Allele, Locus, Strand, StructureKind, Transcript

__all__ = ["CANONICAL_NT", "AllelePlace", "edges_of", "place_of"]

#: Intron bases of a splice site without which it is hardly ever used: GT and AG.
CANONICAL_NT = 2


@dataclass(frozen=True, slots=True)
class AllelePlace:
    """What an allele touches.

    Parameters
    ----------
    hit
        Numbers of the exons in which it lies, or whose canonical splice letters it touches.
    absent
        Numbers of the exons it takes away as a whole.
    cut
        Numbers of the exons that lose bases at a splice site: what is spliced then is not clear.
    broken
        Splice sites whose canonical letters it touches, in words (``"donor of exon 5"``).
    is_exonic
        Whether it lies in an exon.
    distance
        Bases to the nearest splice site: 1 is the first base on its side of the site. ``None`` where there is none.
    side
        ``"donor"`` or ``"acceptor"``: which site that is; empty where there is none.
    is_inside
        Whether it lies between the ends of the transcript.
    doubled
        Numbers of the exons that stand twice, whole or in part, in a tandem duplication.
    """

    hit: tuple[int, ...]
    absent: tuple[int, ...]
    cut: tuple[int, ...]
    broken: tuple[str, ...]
    is_exonic: bool
    distance: int | None
    side: str
    is_inside: bool
    doubled: tuple[int, ...] = ()

    @property
    def signed_distance(self) -> str:
        """The distance as people write it: ``+5`` behind a donor, ``-12`` before an acceptor; empty in an exon."""
        if self.distance is None or self.is_exonic:
            return ""
        return f"{'+' if self.side == 'donor' else '-'}{self.distance}"

    @property
    def words(self) -> str:
        """Where it lies, in words."""
        if self.doubled:
            return f"{exon_words(self.doubled)} standing twice"
        if self.absent:
            return f"{exon_words(self.absent)} missing"
        if self.broken:
            return f"in the {' and the '.join(self.broken)}"
        if self.is_exonic:
            return f"in {exon_words(self.hit)}"
        if not self.is_inside:
            return "outside the transcript"
        return f"in an intron, {self.signed_distance} from the nearest splice site"


def edges_of(transcript: Transcript, number: int) -> tuple[int | None, int | None]:
    """Return where the acceptor and the donor of an exon stand.

    Parameters
    ----------
    transcript
        The transcript.
    number
        Number of the exon.

    Returns
    -------
    tuple
        For each the place between exon and intron, as the position of the base right of it on the forward strand;
        ``None`` where an end of the transcript has no such site.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.MINUS, ((0, 90), (200, 260)))
    >>> edges_of(gene, 1), edges_of(gene, 2)
    ((None, 200), (90, None))
    """
    start, end = transcript.ordered_exons[number - 1]
    plus = transcript.strand is Strand.PLUS
    acceptor, donor = (start, end) if plus else (end, start)
    count = len(transcript.exons)
    return (acceptor if number > 1 else None), (donor if number < count else None)


@lru_cache(maxsize=64)
def place_of(allele: Allele, transcript: Transcript) -> AllelePlace:
    """Find out what an allele touches.

    Parameters
    ----------
    allele
        The allele.
    transcript
        The transcript it is read on.
    """
    low, high = touched(allele.variant)
    locus = Locus(allele.variant.contig, low, high)
    inside = locus.overlaps(transcript.locus)
    lost = loss_of(transcript, locus)
    is_deletion = len(allele.variant.ref) > len(allele.variant.alt)
    absent = lost.exons if is_deletion else ()
    hit = {*lost.exons, *lost.cut_exons} - set(absent)
    broken: list[str] = []
    cut: set[int] = set()
    nearest: tuple[int | None, str] = (None, "")
    exonic = bool(hit)
    for number in range(1, len(transcript.exons) + 1) if inside else ():
        for side, edge in zip(("acceptor", "donor"), edges_of(transcript, number), strict=True):
            if edge is None or number in absent:
                continue
            on_left = (side == "acceptor") == (
                transcript.strand is Strand.PLUS
            )  # the intron lies left of the edge
            first, last = (edge - CANONICAL_NT, edge) if on_left else (edge, edge + CANONICAL_NT)
            if low < last and first < high:
                broken.append(f"{side} of exon {number}")
                hit.add(number)
            if low < edge < high:
                cut.add(number)
            away = edge - high + 1 if high <= edge else low - edge + 1 if low >= edge else 1
            if nearest[0] is None or away < nearest[0]:
                nearest = (away, side)
    distance, side = nearest
    return AllelePlace(
        tuple(sorted(hit)),
        absent,
        tuple(sorted(cut)),
        tuple(broken),
        exonic,
        distance,
        side,
        inside,
        _doubled(allele, transcript),
    )


def _doubled(allele: Allele, transcript: Transcript) -> tuple[int, ...]:
    """Exons of a tandem duplication; its variant is an insertion at one point and shows none of them."""
    structure = allele.structure
    if structure is None or structure.kind is not StructureKind.TANDEM_DUPLICATION:
        return ()
    twice = loss_of(transcript, structure.locus)
    return tuple(sorted({*twice.exons, *twice.cut_exons}))
