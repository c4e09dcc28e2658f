"""What a transcript loses with a stretch of the genome: whole exons, parts of them, splice sites, the reading frame."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import Locus, Strand, Transcript

__all__ = ["BRANCH_SOURCES", "Loss", "loss_of"]

#: Intron bases behind an exon, and before one, that are taken to be needed for its splicing, and bases at an exon's
#: own edge. The donor's and the exon's are those of SO:0001630; 90 % of mapped branch points lie 19 to 37 bases
#: before the acceptor.
DONOR_NT = 8
ACCEPTOR_NT = 40
EXON_EDGE_NT = 3
BRANCH_SOURCES = ("doi:10.1101/gr.182899.114",)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one transcript loses.

    Parameters
    ----------
    exons
        Numbers, in the order of transcription, of the exons lost as a whole.
    cut_exons
        Numbers of the exons that lose a part.
    coding_bases
        Bases lost from the coding sequence.
    keeps_frame
        Whether the reading frame goes on behind the gap; ``None`` where it is not clear what is spliced, or where
        the start or the stop of the protein is lost.
    because
        The sentence for people.
    """

    exons: tuple[int, ...]
    cut_exons: tuple[int, ...]
    coding_bases: int
    keeps_frame: bool | None
    because: str

    @property
    def is_silent(self) -> bool:
        """Whether nothing that is spliced or needed for splicing is lost."""
        return self.keeps_frame is True and not self.exons and not self.cut_exons


def loss_of(transcript: Transcript, lost: Locus) -> Loss:
    """Judge the loss of a stretch by the places of exons alone.

    Parameters
    ----------
    transcript
        Its exons are taken as spliced normally.
    lost
        The stretch of the genome that is gone.

    Examples
    --------
    >>> gene = Transcript("T.1", "G", "c", Strand.PLUS, ((0, 90), (200, 260), (400, 500)), (10, 490))
    >>> loss_of(gene, Locus("c", 140, 330)).because
    'Exon 2 is lost as a whole (60 coding bases): the reading frame goes on.'
    >>> loss_of(gene, Locus("c", 110, 150)).is_silent, loss_of(gene, Locus("c", 110, 190)).keeps_frame
    (True, None)
    """
    exons = transcript.ordered_exons
    whole = tuple(n for n, (s, e) in enumerate(exons, 1) if lost.start <= s and e <= lost.end)
    parts = tuple(
        n for n, (s, e) in enumerate(exons, 1) if s < lost.end and lost.start < e and n not in whole
    )
    coding = sum(max(0, min(e, lost.end) - max(s, lost.start)) for s, e in transcript.coding_exons)
    what = _words(whole, parts, coding)
    if lost.contig != transcript.contig or not lost.overlaps(transcript.locus):
        return Loss((), (), 0, keeps_frame=True, because="The stretch lies outside the transcript.")
    hurt = _hurt_sites(transcript, lost, whole, parts)
    if hurt:
        text = f"{what} {hurt} lost with it, or lies beside it: what is then spliced is not clear."
        return Loss(whole, parts, coding, keeps_frame=None, because=text)
    if _loses_end(transcript, lost):
        text = f"{what} The start or the stop of the protein is lost."
        return Loss(whole, parts, coding, keeps_frame=None, because=text)
    if not whole and not parts:
        text = "Only intron bases are lost, none of them near a splice site."
        return Loss(whole, parts, coding, keeps_frame=True, because=text)
    in_frame = coding % 3 == 0
    text = f"{what[:-1]}: the reading frame {'goes on' if in_frame else 'is shifted'}."
    return Loss(whole, parts, coding, keeps_frame=in_frame, because=text)


def _words(whole: tuple[int, ...], parts: tuple[int, ...], coding: int) -> str:
    said = []
    if whole:
        named = f"Exon {whole[0]} is" if len(whole) == 1 else f"Exons {min(whole)} to {max(whole)} are"
        said.append(f"{named} lost as a whole")
    if parts:
        named = " and ".join(str(number) for number in parts)
        said.append(f"{'part' if said else 'Part'} of exon {named} is lost")
    if not said:
        return "Intron bases are lost."
    return f"{', '.join(said)} ({coding} coding bases)."


def _hurt_sites(transcript: Transcript, lost: Locus, whole: tuple[int, ...], parts: tuple[int, ...]) -> str:
    """Name a splice site of a remaining exon that the loss touches; empty when there is none.

    Two exons cut open are joined to one, and the sites between them are not missed.
    """
    exons = transcript.ordered_exons
    plus = transcript.strand is Strand.PLUS
    for number, (start, end) in enumerate(exons, 1):
        if number in whole:
            continue
        before, behind = (ACCEPTOR_NT, DONOR_NT) if plus else (DONOR_NT, ACCEPTOR_NT)
        left_is_used = number != (1 if plus else len(exons))
        right_is_used = number != (len(exons) if plus else 1)
        left_hit = left_is_used and lost.start < start + EXON_EDGE_NT and start - before < lost.end
        right_hit = right_is_used and lost.end > end - EXON_EDGE_NT and lost.start < end + behind
        is_joined = len(parts) == 2 and number in parts
        if (left_hit or right_hit) and not is_joined:
            acceptor = left_hit == plus
            site = "acceptor (3′ splice site)" if acceptor else "donor (5′ splice site)"
            return f"The {site} of exon {number} is"
    return ""


def _loses_end(transcript: Transcript, lost: Locus) -> bool:
    if transcript.cds is None:
        return False
    low, high = transcript.cds
    return (lost.start < low + 3 and low < lost.end) or (lost.start < high and high - 3 < lost.end)
