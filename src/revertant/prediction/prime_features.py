"""Features of a pegRNA at its target: what the prime editing model looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from revertant.prediction.guide_features import HYBRID_STACKING, best_hairpin, encode, longest_runs, one_hot
from revertant.sequence import BASES, reverse_complement

__all__ = [
    "MOST_CHANGED_NT",
    "MOST_PBS_NT",
    "MOST_RTT_NT",
    "NICK",
    "PAM_GG",
    "TARGET_NT",
    "PegSite",
    "WrittenEdit",
    "edit_of",
    "prime_feature_names",
    "prime_features",
]

#: Letters of a target: 4 before the protospacer, 20 of it, the 3-nt PAM, 47 after.
TARGET_NT = 74
#: Where the nick stands in a target: between the letters 21 and 22, 3 nt before the PAM.
NICK = 21
SPACER_START, SPACER_STOP = 4, 24
PAM_GG = (25, 27)
#: Longest parts and largest edit among the pegRNAs the model learnt from.
MOST_PBS_NT, MOST_RTT_NT, MOST_CHANGED_NT = 17, 50, 3
#: Longest 3' extension whose folding is looked at.
_EXTENSION_NT = 72
#: Letters about the nick whose bases are features.
_ABOUT_NICK = slice(14, 30)
#: Letters from the template's 5' end, from the PBS's 5' end (at the nick) and of the edit that are features.
_ENDS = 4


class PegSite(NamedTuple):
    """A pegRNA and its target.

    Parameters
    ----------
    target
        74 nt before editing, as the spacer reads: 4, the protospacer of 20, the PAM of 3, 47 after.
    pbs, rtt
        As in :class:`revertant.model.PegRna`: 5'→3', written as DNA.
    """

    target: str
    pbs: str
    rtt: str


class WrittenEdit(NamedTuple):
    """What a flap writes.

    Parameters
    ----------
    position
        Letters between nick and the first changed one, plus 1.
    written, removed
        Letters put in and taken out there: equal for a substitution.
    homology
        Letters of the flap behind the edit that match the target.
    """

    position: int
    written: int
    removed: int
    homology: int


def edit_of(flap: str, after: str) -> WrittenEdit | None:
    """Return the smallest edit that makes the flap of what stands behind the nick, or ``None`` if there is none.

    Inside a repeat an insertion or deletion is written as far to the left as it can be.

    Parameters
    ----------
    flap
        The reverse complement of the RTT.
    after
        The target behind the nick, before editing.

    Examples
    --------
    >>> edit_of("CAGCA", "CGGCATT")
    WrittenEdit(position=2, written=1, removed=1, homology=3)
    >>> edit_of("CGGGC", "CGGCATT")
    WrittenEdit(position=2, written=1, removed=0, homology=3)
    >>> edit_of("CGGCA", "CGGCA") is None
    True
    """
    same = 0
    while same < min(len(flap), len(after)) and flap[same] == after[same]:
        same += 1
    left = len(flap) - same
    if not left:
        return None
    for size in range(1, len(after)):
        pairs = [(size, size), (size, 0), (0, size)]
        pairs += [pair for small in range(1, size) for pair in ((size, small), (small, size))]
        for written, removed in pairs:
            homology = left - written
            behind = after[same + removed : same + removed + homology]
            if homology >= 0 and len(behind) == homology and flap[same + written :] == behind:
                shift = _shift_left(flap, after, same, written, removed)
                return WrittenEdit(same - shift + 1, written, removed, homology + shift)
    return None


def _shift_left(flap: str, after: str, same: int, written: int, removed: int) -> int:
    """Letters by which an insertion or a deletion inside a repeat can be written further to the left."""
    shift = 0
    if not written or not removed:
        text = after[: same + removed] if removed else flap[: same + written]
        size = max(written, removed)
        while shift < same and text[same - shift - 1] == text[same - shift - 1 + size]:
            shift += 1
    return shift


def prime_feature_names() -> tuple[str, ...]:
    """Return the names of the columns of :func:`prime_features`.

    >>> prime_feature_names()[:3]
    ('pbs_nt', 'rtt_nt', 'extension_nt')
    """
    return (
        *("pbs_nt", "rtt_nt", "extension_nt", "edit_position", "written", "removed", "homology"),
        *("substitution", "insertion", "deletion", "pam_changed", "letters_behind_pam"),
        *(f"{part}_{what}" for part in ("pbs", "rtt", "homology", "spacer") for what in ("gc", "gc_share")),
        *("pbs_energy", "pbs_energy_at_nick", "rtt_energy", "spacer_energy"),
        *(f"run_{base}" for base in BASES),
        *("hairpin_bonds", "hairpin_pairs"),
        *(
            f"at{place - NICK}{base}"
            for place in range(_ABOUT_NICK.start, _ABOUT_NICK.stop)
            for base in BASES
        ),
        *(f"rtt{place}{base}" for place in range(1, _ENDS + 1) for base in BASES),
        *(f"removed{place}{base}" for place in (1, 2) for base in BASES),
        *(f"written{place}{base}" for place in (1, 2) for base in BASES),
        *(f"behind_edit{place}{base}" for place in (1, 2) for base in BASES),
        *(f"before_edit{base}" for base in BASES),
    )


def prime_features(sites: Sequence[PegSite], edits: Sequence[WrittenEdit]) -> NDArray[np.float32]:
    """Return the features of pegRNAs, columns named by :func:`prime_feature_names`.

    Parameters
    ----------
    sites, edits
        The pegRNAs, and what each writes.
    """
    targets = encode([site.target for site in sites], TARGET_NT)
    flaps = [reverse_complement(site.rtt) for site in sites]
    pbs_nt = np.array([len(site.pbs) for site in sites])
    rtt_nt = np.array([len(flap) for flap in flaps])
    edit = np.array(edits).reshape(-1, 4)
    position, written, removed, homology = edit.T
    behind_pam = position - 1 + NICK - PAM_GG[1]
    extensions = encode([_padded(site.rtt + site.pbs, _EXTENSION_NT) for site in sites], _EXTENSION_NT)
    rtts = encode([_padded(site.rtt, _EXTENSION_NT) for site in sites], _EXTENSION_NT)
    pbs = encode([_padded(site.pbs, _EXTENSION_NT) for site in sites], _EXTENSION_NT)
    ends = encode(
        [
            _padded(flap[len(flap) - e.homology :], _EXTENSION_NT)
            for flap, e in zip(flaps, edits, strict=True)
        ],
        _EXTENSION_NT,
    )
    spacers = targets[:, SPACER_START:SPACER_STOP]
    gc = []
    for codes in (pbs, rtts, ends, spacers):
        count = ((codes == 1) | (codes == 2)).sum(axis=1)
        gc += [count, count / np.maximum(1, (codes < len(BASES)).sum(axis=1))]
    touched = [
        _padded(text, 2)
        for flap, site, e in zip(flaps, sites, edits, strict=True)
        for text in _about_edit(flap, site.target, e)
    ]
    about = encode(touched, 2).reshape(len(sites), 4, 2)
    numbers = [
        *(pbs_nt, rtt_nt, pbs_nt + rtt_nt, position, written, removed, homology),
        *(written == removed, written > removed, written < removed),
        # an edit changes the PAM when it touches or shifts one of its two G
        (position - 1 + NICK < PAM_GG[1]) & (position - 1 + NICK + np.maximum(removed, 1) > PAM_GG[0]),
        behind_pam,
        *gc,
        *(_energy(pbs), _energy(pbs[:, : _ENDS + 1]), _energy(rtts), _energy(spacers)),
        *longest_runs(extensions).T,
        *best_hairpin(extensions).T,
    ]
    return np.concatenate(
        [
            np.stack([np.asarray(column, np.float32) for column in numbers], axis=1),
            one_hot(targets[:, _ABOUT_NICK]),
            one_hot(rtts[:, :_ENDS]),
            one_hot(about[:, 0]),
            one_hot(about[:, 1]),
            one_hot(about[:, 2]),
            one_hot(about[:, 3, 1:]),
        ],
        axis=1,
    )


def _about_edit(flap: str, target: str, edit: WrittenEdit) -> tuple[str, str, str, str]:
    """Letters removed, written, behind and (the last two) before an edit."""
    at, place = edit.position - 1, NICK + edit.position - 1
    gone = target[place : place + edit.removed]
    behind = target[place + edit.removed : place + edit.removed + 2]
    return gone, flap[at : at + edit.written], behind, target[place - 2 : place]


def _padded(text: str, length: int) -> str:
    return text[:length].ljust(length, "N")


def _energy(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Stacking energy of an RNA stretch on DNA, unknown letters left out."""
    table = np.zeros((5, 5), np.float32)
    table[:4, :4] = HYBRID_STACKING
    energy: NDArray[np.float32] = table[codes[:, :-1], codes[:, 1:]].sum(axis=1)
    return energy
