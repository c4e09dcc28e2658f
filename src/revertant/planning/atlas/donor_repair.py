"""What a cut with a donor can do for a variant of the atlas: is there a cut near, and would it stay away afterwards.

Placement only. A donor's arms reach farther than the sequence of a row, so no donor is built here. What is asked
is what decides whether one is worth building: a nuclease that cuts near enough, and something that keeps it from
cutting the repaired allele again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from revertant.modality.cutting import cut_indexes
from revertant.modality.hdr.placing import NEAR_NT
from revertant.modality.protospacers import Protospacer
from revertant.modality.reading import reading_frame
from revertant.modality.recut import Site, is_cut
from revertant.modality.silent import SilentJudge, SilentLimits, applied, blocking_changes, seed_and_pam
from revertant.planning.atlas.places import ContextPlaces, NucleaseKind, nuclease_kinds

__all__ = ["RepairCut", "RepairReach", "Shielding", "judge_repair"]


class Shielding(StrEnum):
    """What keeps the nuclease from cutting the repaired allele again, best first."""

    EDIT = "the edit itself"
    SILENT = "a silent change"
    UNCHECKED = "codon check not possible here"
    NONE = "nothing"

    @property
    def rank(self) -> int:
        """0 is the best."""
        return list(Shielding).index(self)

    @property
    def counts(self) -> bool:
        """Whether the variant counts as repairable with it."""
        return self in {Shielding.EDIT, Shielding.SILENT}


@dataclass(frozen=True, slots=True)
class RepairCut:
    """One cut near a variant.

    Parameters
    ----------
    kind
        Key of the kind of nuclease (:func:`revertant.planning.atlas.places.nuclease_kinds`).
    spacer, pam
        5'→3' on the guide's strand.
    distance
        Bases between the cut and the farthest base that changes.
    shielding
        What keeps the repaired allele from being cut again.
    """

    kind: str
    spacer: str
    pam: str
    distance: int
    shielding: Shielding


@dataclass(frozen=True, slots=True)
class RepairReach:
    """What a cut with a donor can do for one variant.

    Parameters
    ----------
    cuts
        Of each kind of nuclease that cuts near enough, the cut with the best shielding, then the nearest.
    because
        Why the variant does not count as repairable; empty when it does.
    frame
        Why the reading frame is not known; empty when it is.
    """

    cuts: tuple[RepairCut, ...] = ()
    because: str = ""
    frame: str = ""

    def by_kind(self, key: str) -> RepairCut | None:
        """Return the cut of one kind of nuclease; ``None`` when none is near."""
        return next((cut for cut in self.cuts if cut.kind == key), None)


def judge_repair(places: ContextPlaces) -> RepairReach:
    """Say what a cut with a donor can do for one variant.

    Examples
    --------
    >>> from revertant.planning.atlas.rows import ContextRow
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("AACCATGGTGCACCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTG")
    >>> found = judge_repair(ContextPlaces.of(ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", edit)))
    >>> cut = found.by_kind("spcas9")
    >>> cut.spacer, cut.pam, cut.distance, cut.shielding.value
    ('GTAACGGCAGACTTCTCCAC', 'AGG', 1, 'a silent change')
    """
    codons = _Codons(places)
    cuts = tuple(cut for kind in nuclease_kinds() if (cut := _best(places, kind, codons)) is not None)
    if not cuts:
        because = f"no nuclease cuts within {NEAR_NT} bases of the edit"
    else:
        best = min((cut.shielding for cut in cuts), key=lambda shielding: shielding.rank)
        because = {
            Shielding.UNCHECKED: "only a silent change could keep a nuclease away, and no codon check is possible here",
            Shielding.NONE: "no silent change keeps a nuclease from cutting the repaired allele again",
        }.get(best, "")
    return RepairReach(cuts, because, places.gene.because)


class _Codons:
    """What is known of the codons around one variant, worked out when first asked for."""

    def __init__(self, places: ContextPlaces) -> None:
        self._wanted = places.edit.wanted
        self._transcript = places.gene.transcript
        self._judges: dict[int, SilentJudge] = {}
        self._known: frozenset[int] | None = None

    @property
    def are_known(self) -> bool:
        """Whether the frame is known."""
        return self._transcript is not None

    def judge(self, most_blocking: int) -> SilentJudge:
        """Return what says which silent changes the wild type allows, so many substitutions in a set."""
        if most_blocking not in self._judges:
            assert self._transcript is not None
            limits = SilentLimits(most_blocking=most_blocking)
            self._judges[most_blocking] = SilentJudge(self._wanted, [self._transcript], limits)
        return self._judges[most_blocking]

    def hold(self, low: int, high: int) -> bool:
        """Whether every base of an index range lies in a codon that is wholly known."""
        if self._transcript is None:
            return False
        if self._known is None:
            self._known = frozenset(reading_frame(self._wanted, self._transcript).by_index())
        return all(index in self._known for index in range(low, high))


@dataclass(frozen=True, slots=True)
class _NearCut:
    """A cut near enough, with what its guide looks for, and where on the wild type that stands."""

    distance: int
    protospacer: Protospacer
    site: Site
    at: int
    around: tuple[int, int]

    def shielded(self, kind: NucleaseKind, shielding: Shielding) -> RepairCut:
        """Write the cut down with what keeps the nuclease away."""
        found = self.protospacer
        return RepairCut(kind.key, found.spacer, found.pam, self.distance, shielding)


def _cuts_near(places: ContextPlaces, kind: NucleaseKind) -> list[_NearCut]:
    """The cuts near enough of one kind of nuclease, nearest first."""
    edit, nuclease = places.edit, kind.nuclease
    near = []
    for protospacer in places.sites(kind):
        low, high = sorted(cut_indexes(protospacer, nuclease))
        distance = edit.distance((low, high))
        if low > 0 and high < len(edit.window.bases) and distance <= NEAR_NT:
            site = Site.of(protospacer, nuclease.seed_nt, nuclease.search_pam)
            around = seed_and_pam(protospacer, nuclease.seed_nt, edit.wanted)
            near.append(_NearCut(distance, protospacer, site, edit.carried(low), around))
    return sorted(near, key=lambda cut: (cut.distance, cut.protospacer.start, cut.protospacer.strand))


def _best(places: ContextPlaces, kind: NucleaseKind, codons: _Codons) -> RepairCut | None:
    """The best cut of one kind of nuclease; ``None`` when none is near enough.

    What the edit does is quickly told. Codons are asked only where it does nothing, for single silent changes
    first: whether there is any allowed set is all that counts here, not which one is best.
    """
    near = _cuts_near(places, kind)
    if not near:
        return None
    wanted = places.edit.wanted
    for cut in near:
        if not is_cut(wanted.bases, cut.site):
            return cut.shielded(kind, Shielding.EDIT)
    if not codons.are_known:
        return near[0].shielded(kind, Shielding.UNCHECKED)
    for most in range(1, SilentLimits().most_blocking + 1):
        for cut in near:
            sets = blocking_changes(codons.judge(most), cut.site, cut.around, cut.at)
            # The guide may find a second site beside the first, which no change in the first one takes away.
            if sets and not is_cut(applied(wanted, sets[0]).bases, cut.site):
                return cut.shielded(kind, Shielding.SILENT)
    unread = next((cut for cut in near if not codons.hold(*cut.around)), None)
    if unread is not None:
        return unread.shielded(kind, Shielding.UNCHECKED)
    return near[0].shielded(kind, Shielding.NONE)
