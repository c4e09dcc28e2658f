"""What a splice-switching design is to reach, and the parts of it that every means shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.modality.protospacers import reviewable_windows
from revertant.modality.splice_switching.frames import SkipOption, exon_words
from revertant.modality.splice_switching.place import edges_of, place_of
from revertant.modality.splice_switching.sites import SenseView, WrongSite
from revertant.model import Locus, SpliceChange, Strategy, Transcript
from revertant.prediction import SpliceKind

__all__ = ["NORMAL_REACH", "SiteToBreak", "SpliceGoal", "carriers", "carries", "exon_sites"]

#: Bases on either side of a splice site in which an editor or a nuclease may bind, with room for spacer and PAM.
NORMAL_REACH = 60


@dataclass(frozen=True, slots=True)
class SiteToBreak:
    """A splice site without which the aim is reached.

    Parameters
    ----------
    kind
        Donor or acceptor.
    position
        The edge, as the reference position right of it on the forward strand.
    name
        The site in words (``"acceptor of exon 51"``).
    exon
        The exon it belongs to; ``None`` for a wrong site.
    """

    kind: SpliceKind
    position: int
    name: str
    exon: int | None = None


@dataclass(frozen=True, slots=True)
class SpliceGoal:
    """One way to put splicing right: a set of exons to leave out, or a wrong site to hide.

    Parameters
    ----------
    strategy
        The strategy this belongs to.
    genome
        The person.
    option
        The exons to leave out; ``None`` when a site is to be hidden.
    wrong
        The wrong site; ``None`` when exons are to be left out.
    """

    strategy: Strategy
    genome: PatientGenome
    option: SkipOption | None = None
    wrong: WrongSite | None = None

    @property
    def transcript(self) -> Transcript:
        """The target's transcript."""
        return self.strategy.target.transcript

    @property
    def words(self) -> str:
        """The aim in words."""
        if self.option is not None:
            return f"leaves out {self.option.words}"
        assert self.wrong is not None
        return f"hides {self.wrong.words}"

    @property
    def result(self) -> str:
        """What the message is then, in words."""
        if self.option is None:
            return "normal splicing, if the normal sites are used again"
        residues = self.option.lost_bases // 3
        return f"message without {exon_words(self.option.missing)}, in frame, {residues} residues fewer"

    @property
    def splicing(self) -> SpliceChange:
        """The aim as a value for the drawing."""
        name = self.transcript.transcript_id
        assert self.strategy.allele is not None
        if self.option is not None:
            absent = place_of(self.strategy.allele, self.transcript).absent
            return SpliceChange(name, self.option.skipped, absent)
        assert self.wrong is not None
        stretch = self.wrong.hidden
        place = self.wrong.view.locus(*stretch) if stretch else None
        return SpliceChange(name, hidden=place, label=self.wrong.label)


def exon_sites(transcript: Transcript, number: int) -> tuple[SiteToBreak, ...]:
    """Return the acceptor and the donor of an exon."""
    found = []
    for kind, position in zip(
        (SpliceKind.ACCEPTOR, SpliceKind.DONOR), edges_of(transcript, number), strict=True
    ):
        if position is not None:
            found.append(SiteToBreak(kind, position, f"{kind.value} of exon {number}", number))
    return tuple(found)


def carries(goal: SpliceGoal, window: HaplotypeWindow) -> bool:
    """Whether a sequence is one to act on: it has the allele, or lies where the allele does not tell copies apart."""
    allele = goal.strategy.allele
    assert allele is not None
    variant = allele.variant
    here = variant.start < window.locus.end and window.locus.start < max(variant.end, variant.start + 1)
    return variant in window.variants or not here


def carriers(goal: SpliceGoal, low: int, high: int, refused: list[str]) -> tuple[SenseView, ...]:
    """Return the sequences to act on over a stretch, read on the transcript's strand.

    Where the allele lies in the stretch, those that carry it; elsewhere all, since a splice-switching agent does not
    tell the copies apart there.
    """
    locus = Locus(goal.transcript.contig, max(0, low), high)
    windows: Iterable[HaplotypeWindow] = reviewable_windows(goal.genome, locus, refused)
    windows = [window for window in windows if carries(goal, window)]
    return tuple(SenseView.of(window, goal.transcript.strand) for window in windows)
