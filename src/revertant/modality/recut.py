"""Whether a nuclease still cuts, or a nickase still nicks, a sequence after an edit.

A repaired allele that keeps PAM and seed is cut again and ends with an indel. What counts as kept is judged to
the safe side: the wider PAM pattern that is cut now and then counts as a PAM, and a seed that pairs after one
skipped base counts as if that were one mismatch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from revertant.modality.protospacers import Protospacer
from revertant.model import PamSide
from revertant.sequence import matches, reverse_complement

__all__ = ["RECUT_SOURCES", "Shield", "Site", "is_cut", "shield_of"]

#: Cas9 needs the PAM (doi:10.1126/science.1225829) and pairs the seed first (doi:10.1038/nbt.2647); changes in
#: either keep a repaired allele from being cut again (doi:10.1038/nature17664).
RECUT_SOURCES = ("doi:10.1126/science.1225829", "doi:10.1038/nbt.2647", "doi:10.1038/nature17664")


class Shield(StrEnum):
    """What keeps a guide from acting on a sequence."""

    PAM = "pam"
    SEED = "seed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Site:
    """What a guide looks for.

    Parameters
    ----------
    spacer
        5'→3'.
    pam, pam_side
        The widest IUPAC pattern that is still cut, and its side.
    seed_nt
        Length of the seed, counted from the PAM.

    Examples
    --------
    >>> Site("CTTGCCCCACAGGGCAGTAA", "NRG", PamSide.THREE_PRIME, 10).seed
    'AGGGCAGTAA'
    """

    spacer: str
    pam: str
    pam_side: PamSide
    seed_nt: int

    @classmethod
    def of(cls, protospacer: Protospacer, seed_nt: int, pam: str = "") -> Site:
        """Make the site of a protospacer; ``pam`` is the wider pattern where there is one."""
        return cls(protospacer.spacer, pam or protospacer.pam_pattern, protospacer.pam_side, seed_nt)

    @property
    def seed(self) -> str:
        """The bases next to the PAM, 5'→3'."""
        if self.pam_side is PamSide.THREE_PRIME:
            return self.spacer[-self.seed_nt :]
        return self.spacer[: self.seed_nt]


def shield_of(bases: str, site: Site, seed_mismatches: int = 2) -> Shield:
    """Say what keeps a guide from acting anywhere on a sequence, on either strand.

    Parameters
    ----------
    bases
        The sequence after the edit, forward strand: the edited place and some spacer lengths around it.
    site
        What the guide looks for.
    seed_mismatches
        Fewest differences in the seed (mismatches and skipped bases) that are taken to stop it.

    Returns
    -------
    Shield
        ``NONE`` where some PAM still stands beside a seed with fewer differences; ``PAM`` where such a seed stands
        but beside no PAM; ``SEED`` where there is no such seed.

    Examples
    --------
    >>> site = Site("CTTGCCCCACAGGGCAGTAA", "NRG", PamSide.THREE_PRIME, 10)
    >>> shield_of("TTCTTGCCCCACAGGGCAGTAACGGTT", site).value
    'none'
    >>> shield_of("TTCTTGCCCCACAGGGCAGTAACGCTT", site).value
    'pam'
    >>> shield_of("TTCTTGCCCCACAGGGCAGTTTCGGTT", site).value
    'seed'
    """
    if is_cut(bases, site, seed_mismatches):
        return Shield.NONE
    if any(True for _ in _seed_places(bases, site, seed_mismatches)):
        return Shield.PAM
    return Shield.SEED


def is_cut(bases: str, site: Site, seed_mismatches: int = 2) -> bool:
    """Whether a PAM stands beside the seed somewhere on a sequence, on either strand; see :func:`shield_of`.

    Examples
    --------
    >>> is_cut("TTCCGTTACTGCCCTGTGGGGCAAGAA", Site("CTTGCCCCACAGGGCAGTAA", "NRG", PamSide.THREE_PRIME, 10))
    True
    """
    return any(matches(site.pam, pam) for pam in _seed_places(bases, site, seed_mismatches))


def _seed_places(bases: str, site: Site, seed_mismatches: int) -> Iterator[str]:
    """The bases that would have to be a PAM, wherever the seed stands with fewer differences than would stop cutting.

    With fewer differences than parts one part of the seed is left alone, and not moved by more than the bases that
    were skipped: so only places beside such parts are looked at.
    """
    seed, size = site.seed, len(site.pam)
    for text in (bases, reverse_complement(bases)):
        looked_at: set[int] = set()
        for offset, part in _parts(seed, seed_mismatches):
            # From the start of the part to that of the PAM.
            step = len(seed) - offset if site.pam_side is PamSide.THREE_PRIME else -offset - size
            found = text.find(part)
            while found >= 0:
                looked_at.update(range(found + step - seed_mismatches + 1, found + step + seed_mismatches))
                found = text.find(part, found + 1)
        for at in looked_at:
            if 0 <= at <= len(text) - size and _seed_stands(text, at, site, seed_mismatches):
                yield text[at : at + size]


@lru_cache(maxsize=256)
def _parts(seed: str, count: int) -> tuple[tuple[int, str], ...]:
    """Split a seed into so many parts of nearly equal length, each with its place."""
    ends = [len(seed) * part // count for part in range(count + 1)]
    return tuple((low, seed[low:high]) for low, high in pairwise(ends))


def _seed_stands(text: str, pam_at: int, site: Site, seed_mismatches: int) -> bool:
    """Whether the bases beside a place for a PAM differ from the seed in fewer places than would stop cutting."""
    seed = site.seed
    reach = len(seed) + seed_mismatches - 1
    if site.pam_side is PamSide.THREE_PRIME:
        seed, beside = seed[::-1], text[max(0, pam_at - reach) : pam_at][::-1]
    else:
        start = pam_at + len(site.pam)
        beside = text[start : start + reach]
    return len(beside) >= len(seed) and _pairs(seed, beside, seed_mismatches - 1)


def _pairs(seed: str, beside: str, most: int) -> bool:
    """Whether a seed pairs with the start of a sequence with at most so many mismatches and skipped bases.

    Both are read outwards from the PAM. Equal letters are paired as long as they last, which costs no alignment.
    """
    at, shorter = 0, min(len(seed), len(beside))
    while at < shorter and seed[at] == beside[at]:
        at += 1
    if at == shorter:
        return len(seed) - len(beside) <= most
    return most > 0 and (
        _pairs(seed[at + 1 :], beside[at + 1 :], most - 1)
        or _pairs(seed[at:], beside[at + 1 :], most - 1)
        or _pairs(seed[at + 1 :], beside[at:], most - 1)
    )
