"""Guides that nick the other strand, so that the cell repairs it from the edited one.

A nicking guide (ngRNA) made for a sequence beside the edit works before and after it (PE3). One that binds the
edited strand only, PE3b, waits for the edit, and so leaves fewer double-strand breaks. What tells the edited from
the unedited strand can be the PAM, the seed, or bases farther out; PrimeDesign asks for the spacer only, here a PAM
that the edit creates counts too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from revertant.modality.prime_editing.pegrna import Placement, sites_of
from revertant.model import Strand
from revertant.sequence import find_pattern, is_dna, matches, reverse_complement

__all__ = ["NickKind", "NickingGuide", "nicking_guides"]

#: Farthest nick from the pegRNA's (PrimeDesign's default, doi:10.1038/s41467-021-21337-7).
FARTHEST_NICK_NT = 100
#: The distance PrimeDesign aims at for pooled designs.
PREFERRED_NICK_NT = 75
#: Nicks nearer than this to the pegRNA's, unless they wait for the edit, more often end as double-strand breaks
#: (doi:10.1038/s41586-019-1711-4 places them 40 to 90 away).
NEAREST_NICK_NT = 40


#: Bases next to the PAM in which a difference tells the strands apart well (PrimeDesign's seed).
SEED_NT = 10


class NickKind(StrEnum):
    """What a nicking guide binds, best first."""

    PE3B_PAM = "PE3b, PAM made by the edit"
    PE3B_SEED = "PE3b, seed"
    PE3B = "PE3b, outside the seed"
    PE3 = "PE3"

    @property
    def rank(self) -> int:
        """0 is the best: PAM and seed tell equally well for certain."""
        return max(list(NickKind).index(self) - 1, 0)


@dataclass(frozen=True, slots=True)
class NickingGuide:
    """A guide for the strand opposite to the pegRNA's.

    Parameters
    ----------
    kind
        Whether it waits for the edit, and by what.
    spacer, pam
        On the edited sequence, 5'→3'.
    strand
        The strand that reads as the spacer.
    start
        Index of its leftmost base on the forward strand of the *edited* sequence.
    distance
        From the pegRNA's nick to this one on the edited sequence, along the pegRNA's strand: positive is 3'.
    mismatches
        Spacer bases that differ from the unedited sequence; 0 for PE3.
    """

    kind: NickKind
    spacer: str
    pam: str
    strand: Strand
    start: int
    distance: int
    mismatches: int

    @property
    def order(self) -> tuple[int, bool, bool, int, int]:
        """Best first: PE3b before PE3, none too near, 3' of the pegRNA's nick, nearest to the preferred distance.

        That 3' comes first is this project's own rule of thumb; both published sets for *HBB* nick there.
        """
        far = abs(self.distance)
        near = self.kind is NickKind.PE3 and far < NEAREST_NICK_NT
        return self.kind.rank, near, self.distance < 0, abs(far - PREFERRED_NICK_NT), self.start


def nicking_guides(
    place: Placement, *, farthest_nt: int = FARTHEST_NICK_NT, search_pam: str = ""
) -> tuple[NickingGuide, ...]:
    """Find the guides that nick the strand opposite to a pegRNA's, near it.

    Parameters
    ----------
    place
        The pegRNA's placement.
    farthest_nt
        Farthest nick.
    search_pam
        What the nickase still binds, which can be wider than the PAM guides are made for: a PAM counts as made by
        the edit only where not even this stood before. Empty for the placement's own.

    Returns
    -------
    tuple[NickingGuide, ...]
        Best first. Guides that bind the unedited sequence only are left out, as are spacers with an ambiguous base.

    Examples
    --------
    >>> from revertant.modality.prime_editing.pegrna import placements
    >>> before = "TTGTAACGGCAGACTTCTCCACAGGAGTCAGATGCACCATGGTGTCTGTTTGAGGTTGCTAGTGAACACAGTTGTGTCAG"
    >>> place = placements(before, before.replace("TCCACAGG", "TCCTCAGG"))[0]
    >>> place.spacer
    'GTAACGGCAGACTTCTCCAC'
    >>> [(guide.kind.value, guide.spacer, guide.distance) for guide in nicking_guides(place)][:2]
    [('PE3', 'GCAACCTCAAACAGACACCA', 23), ('PE3', 'CATGGTGCATCTGACTCCTG', 5)]
    """
    return tuple(sorted(_found(place, farthest_nt, search_pam or place.pam_pattern), key=lambda g: g.order))


def _found(place: Placement, farthest_nt: int, search_pam: str) -> Iterator[NickingGuide]:
    change, pam, length = place.rewrite, place.pam_pattern, len(place.spacer)
    other = reverse_complement(change.after)
    total = len(other)
    old = reverse_complement(change.before)
    # On the other strand the edit lies between these places of the edited sequence.
    low, high = total - change.end_after, total - change.start
    longer = len(change.before) - len(change.after)
    for at in find_pattern(pam, other):
        start, nick = at - length, at - place.nick_offset
        distance = total - nick - place.nick
        spacer = other[max(start, 0) : at]
        if start < 0 or abs(distance) > farthest_nt or not is_dna(spacer):
            continue
        if sites_of(spacer, pam, other) + sites_of(spacer, pam, change.after) > 1:
            continue
        end = at + len(pam)
        kind, mismatches = NickKind.PE3, 0
        if not sites_of(spacer, pam, old):
            touches = start < high and end > low if low < high else start < low < end
            if not touches or sites_of(spacer, pam, change.before):
                continue
            kind, mismatches = _told(other[start:end], old, (start, start + longer), length, search_pam)
        strand = change.strand.opposite
        forward = start if strand is Strand.PLUS else total - at
        yield NickingGuide(kind, spacer, other[at:end], strand, forward, distance, mismatches)


def _told(site: str, old: str, starts: tuple[int, int], length: int, search_pam: str) -> tuple[NickKind, int]:
    """Compare an edited site with the unedited sequence, laid along either flank of the edit."""
    spacer = site[:length]
    worst: tuple[int, NickKind, int] | None = None
    for start in dict.fromkeys(starts):
        there = old[max(start, 0) : start + len(site)]
        if (
            start < 0
            or len(there) < len(site)
            or not matches(search_pam, there[length : length + len(search_pam)])
        ):
            continue
        apart = [index for index in range(length) if spacer[index] != there[index]]
        seed = any(index >= length - SEED_NT for index in apart)
        kind = NickKind.PE3 if not apart else NickKind.PE3B_SEED if seed else NickKind.PE3B
        if worst is None or (kind.rank, -len(apart)) > (worst[0], -worst[2]):
            worst = kind.rank, kind, len(apart)
    return (worst[1], worst[2]) if worst is not None else (NickKind.PE3B_PAM, 0)
