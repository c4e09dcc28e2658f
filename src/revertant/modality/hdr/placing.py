"""Where to cut: the guides near an edit, what each would need to stay away afterwards, and the donor for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from revertant.errors import IncompatibleInputsError
from revertant.genome import HaplotypeWindow, Reference
from revertant.genome.haplotype import trimmed
from revertant.knowledge import Nuclease
from revertant.modality.cutting import cut_indexes
from revertant.modality.hdr.donors import DONOR_RULES, Draft, make_donor, repaired
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import Protospacer, protospacers
from revertant.modality.recut import Site, is_cut, shield_of
from revertant.modality.silent import (
    SilentJudge,
    SilentLimits,
    SilentSet,
    applied,
    blocking_changes,
    seed_and_pam,
)
from revertant.modality.wanted import wanted_window
from revertant.model import Donor, DonorKind, Transcript, Variant

__all__ = ["NEAR_NT", "Cut", "Edit", "Judges", "Placed", "cuts_near", "edit_of", "place_donor"]

#: Up to this distance a cut is near enough: incorporation falls with every base between cut and change.
NEAR_NT = 10


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one haplotype, in indexes of its bases.

    Parameters
    ----------
    window, wanted
        The haplotype as the person carries it, and as it should be.
    start
        Index of the first base that changes: the same on both.
    removed, written
        Bases taken away from there, and bases put in.
    """

    window: HaplotypeWindow
    wanted: HaplotypeWindow
    start: int
    removed: int
    written: int

    def distance(self, cut: tuple[int, int]) -> int:
        """Bases between a cut and the farthest base that changes; 0 for a cut next to or inside a single base."""
        farthest = 0
        for place in cut:
            before = place - self.start
            behind = self.start + self.removed - place
            farthest = max(farthest, before - 1, behind - 1, -before, -behind)
        return farthest

    def carried(self, index: int) -> int:
        """Index on the wanted haplotype of a place between two bases of the person's."""
        if index <= self.start:
            return index
        if index >= self.start + self.removed:
            return index + self.written - self.removed
        return self.start + min(index - self.start, self.written)


@dataclass(frozen=True, slots=True)
class Cut:
    """One nuclease on one protospacer near an edit."""

    nuclease: Nuclease
    protospacer: Protospacer
    edit: Edit
    places: tuple[int, int]
    kind: DonorKind

    @property
    def distance(self) -> int:
        """Bases between the cut and the farthest base that changes."""
        return self.edit.distance(self.places)

    @property
    def order(self) -> tuple[object, ...]:
        """Published guides first, then the near ones, then the smaller donor."""
        stage = precedent_of(self.protospacer.guide(), self.nuclease.key).stage
        kinds = list(DONOR_RULES)
        return (
            not stage,
            self.distance > NEAR_NT,
            self.distance,
            kinds.index(self.kind),
            self.nuclease.key,
            self.protospacer.start,
            self.protospacer.strand,
            self.edit.window.haplotypes,
            self.edit.window.bases,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A cut with its donor, simulated.

    Parameters
    ----------
    cut
        Where and by what.
    blocking
        The silent changes that keep the nuclease away; without changes where the edit does.
    outside_code
        Whether some of them lie in a UTR or an intron.
    final
        The repaired allele.
    donor
        The template.
    """

    cut: Cut
    blocking: SilentSet
    outside_code: bool
    final: HaplotypeWindow
    donor: Donor


@dataclass
class Judges:
    """What silent changes one wanted haplotype allows: in the code alone, and outside of it too."""

    wanted: HaplotypeWindow
    transcripts: Sequence[Transcript]
    frame_known: bool
    _made: dict[bool, SilentJudge] = field(default_factory=dict)

    def blocking(self, site: Site, around: tuple[int, int], near: int) -> tuple[tuple[SilentSet, ...], bool]:
        """Return the sets of silent changes that stop a guide, and whether they lie outside the code.

        Changes outside the code are asked for only where none inside it serves.
        """
        for outside_code in (False, True):
            if outside_code not in self._made:
                limits = SilentLimits(in_utr=outside_code, in_intron=outside_code)
                self._made[outside_code] = SilentJudge(self.wanted, self.transcripts, limits)
            found = blocking_changes(self._made[outside_code], site, around, near)
            if found:
                return found, outside_code
        return (), False


def edit_of(window: HaplotypeWindow, variant: Variant, reference: Reference) -> Edit | None:
    """Return the change that takes a variant away from a haplotype.

    ``None`` where another variant of the copy reaches into it, so that it cannot be told what taking it away
    leaves.

    Examples
    --------
    >>> from revertant.genome import PatientGenome
    >>> from revertant.model import Call, Locus
    >>> reference = Reference.from_sequences({"s": "ACGTACGTAC"})
    >>> sick = Variant("s", 3, "TA", "T")
    >>> [window] = PatientGenome(reference, [Call(sick, (True, True))]).windows(Locus("s", 0, 10))
    >>> edit = edit_of(window, sick, reference)
    >>> edit.start, edit.removed, edit.written, edit.wanted.bases[edit.start], edit.distance((2, 2))
    (4, 0, 1, 'A', 2)
    """
    try:
        wanted = wanted_window(window, reference, gone=[variant])
    except IncompatibleInputsError:
        return None
    place, ref, alt = trimmed(variant)
    before = wanted.from_reference(place - 1)
    if before is None:
        return None
    start = before + 1
    same_left = wanted.bases[:start] == window.bases[:start]
    same_right = wanted.bases[start + len(ref) :] == window.bases[start + len(alt) :]
    if not (same_left and same_right and window.bases[start : start + len(alt)] == alt):
        return None
    return Edit(window, wanted, start, len(alt), len(ref))


def cuts_near(edit: Edit, kind: DonorKind, nucleases: Sequence[Nuclease]) -> Iterator[Cut]:
    """Find every cut near enough to an edit for a kind of donor."""
    reach = DONOR_RULES[kind].most_distance_bp
    by_pam = sorted(nucleases, key=lambda n: (n.pam, n.pam_side, n.spacer_nt, n.key))
    for (pam, side, length), group in groupby(by_pam, key=lambda n: (n.pam, n.pam_side, n.spacer_nt)):
        members = list(group)
        for protospacer in protospacers(edit.window, pam, side, length):
            for nuclease in members:
                low, high = sorted(cut_indexes(protospacer, nuclease))
                if low > 0 and high < len(edit.window.bases) and edit.distance((low, high)) <= reach:
                    yield Cut(nuclease, protospacer, edit, (low, high), kind)


def place_donor(cut: Cut, judges: Judges, cargo: str = "") -> Placed | str:
    """Make the donor for a cut, simulate the repair, and return both; or say why not.

    Parameters
    ----------
    cut
        The cut and the edit wanted beside it.
    judges
        What silent changes the wanted haplotype allows.
    cargo
        What is knocked in, in words.
    """
    edit, nuclease = cut.edit, cut.nuclease
    wanted = edit.wanted
    site = Site.of(cut.protospacer, nuclease.seed_nt, nuclease.search_pam)
    around = seed_and_pam(cut.protospacer, nuclease.seed_nt, wanted)
    outside_code = False
    if not is_cut(wanted.bases, site):
        low, high = max(0, around[0] - len(site.spacer)), around[1] + len(site.spacer)
        found: tuple[SilentSet, ...] = (SilentSet((), shield=shield_of(wanted.bases[low:high], site)),)
    elif not judges.transcripts:
        return "the guide would cut again, and no transcript says which changes are silent here"
    else:
        found, outside_code = judges.blocking(site, around, edit.carried(cut.places[0]))
        if found and not judges.frame_known:
            return "another frameshift of this copy lies before: which codons are read here is not known"
    if not found:
        return "no silent change keeps the nuclease from cutting the repaired allele again"
    blocking = found[0]
    final = applied(wanted, blocking)
    ends = [edit.start, edit.start + edit.written, *(edit.carried(place) for place in cut.places)]
    core = min(ends + list(blocking.indexes)), max(ends + [index + 1 for index in blocking.indexes])
    draft = Draft(final, core, blocking.changes, cut.protospacer.strand, edit.window.variants, cargo)
    donor = make_donor(cut.kind, draft)
    if isinstance(donor, str):
        return donor
    if is_cut(donor.sequence, site) or is_cut(final.bases, site):
        return "the guide finds a second site in the donor or beside it"
    if repaired(edit.window.bases, cut.places, donor) != final.bases:
        return "an arm of the donor does not lie at one place only beside the cut"
    return Placed(cut, blocking, outside_code, final, donor)
