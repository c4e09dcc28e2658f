"""What prime editing can do for a variant of the atlas: from which nick a pegRNA writes exactly the wild type.

Nothing is counted that was not simulated: the pegRNA is applied to the mutant sequence by a routine that does not
know what is wanted, and what comes out must be the wild type letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from revertant import knowledge
from revertant.knowledge import PrimeEditor
from revertant.modality.prime_editing.pegrna import (
    FARTHEST_EDIT_NT,
    LONGEST_EDIT_NT,
    Pegrna,
    Placement,
    Rewrite,
    pegrnas,
    placements,
)
from revertant.modality.prime_editing.simulate import NotWritten, simulate
from revertant.planning.atlas.rows import ContextRow

__all__ = ["PrimeEdit", "PrimeReach", "judge_prime", "prime_nickases"]


@dataclass(frozen=True, slots=True)
class PrimeEdit:
    """One pegRNA that writes the wild type.

    Parameters
    ----------
    nuclease
        Key of the nickase it is made for.
    edit_position
        Where the edit begins, +1 being the base right of the nick.
    spacer, pam, pbs, rtt
        5'→3', as DNA letters.
    """

    nuclease: str
    edit_position: int
    spacer: str
    pam: str
    pbs: str
    rtt: str


@dataclass(frozen=True, slots=True)
class PrimeReach:
    """What prime editing can do for one variant.

    Parameters
    ----------
    edits
        Of each nickase that can, the pegRNA with the nearest nick; in the order of :func:`prime_nickases`.
    because
        ``(nickase, reason)`` of each that cannot.
    """

    edits: tuple[PrimeEdit, ...] = ()
    because: tuple[tuple[str, str], ...] = ()

    def with_nickase(self, nuclease: str) -> PrimeEdit | None:
        """Return the pegRNA of one nickase; ``None`` when there is none."""
        return next((edit for edit in self.edits if edit.nuclease == nuclease), None)


@cache
def prime_nickases() -> tuple[PrimeEditor, ...]:
    """One prime editor for each nickase that the catalogue's prime editors stand on; that of NGG first.

    Examples
    --------
    >>> [(editor.nuclease, editor.base.pam) for editor in prime_nickases()]
    [('spcas9', 'NGG'), ('spcas9_ng', 'NG'), ('spg', 'NGN'), ('spry', 'NRN')]
    """
    found: dict[str, PrimeEditor] = {}
    for editor in sorted(knowledge.prime_editors().values(), key=lambda editor: editor.order):
        found.setdefault(editor.nuclease, editor)
    return tuple(sorted(found.values(), key=lambda editor: (editor.base.pam != "NGG", editor.order)))


def judge_prime(row: ContextRow) -> PrimeReach:
    """Say what prime editing can do for one variant.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("AACCATGGTGCACCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTG")
    >>> found = judge_prime(ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", edit))
    >>> found.with_nickase("spcas9").spacer, found.with_nickase("spcas9").edit_position
    ('GTAACGGCAGACTTCTCCAC', 2)
    """
    mutant, wild = row.edit.after, row.edit.before
    length = Rewrite.of(mutant, wild).edit_nt
    if length > LONGEST_EDIT_NT:
        reason = f"the edit is longer than the {LONGEST_EDIT_NT} bases single pegRNAs write"
        return PrimeReach(because=tuple((editor.nuclease, reason) for editor in prime_nickases()))
    edits, because = [], []
    for editor in prime_nickases():
        found = _nearest(mutant, wild, editor)
        if isinstance(found, PrimeEdit):
            edits.append(found)
        else:
            because.append((editor.nuclease, found))
    return PrimeReach(tuple(edits), tuple(because))


def _nearest(mutant: str, wild: str, editor: PrimeEditor) -> PrimeEdit | str:
    """The pegRNA with the nearest nick that writes the wild type, or why there is none."""
    base = editor.base
    here = placements(mutant, wild, base.pam, spacer_nt=base.spacer_nt, nick_offset=editor.nick_offset)
    reason = f"no PAM within {FARTHEST_EDIT_NT} bases before the edit has a whole spacer in the context"
    for place in sorted(here, key=lambda place: (place.edit_position, place.strand, place.nick)):
        reason = "no template between nick and the end of the context has an end that stands there once"
        for peg in _in_order(place):
            written = simulate(
                mutant, peg.spacer, peg.pbs, peg.rtt, pam=base.pam, nick_offset=editor.nick_offset
            )
            if isinstance(written, NotWritten):
                reason = f"simulated: {written.because}"
            elif written.sequence != wild:
                reason = "simulated: another sequence than the wild type is left"
            else:
                return PrimeEdit(
                    editor.nuclease, place.edit_position, place.spacer, place.pam, peg.pbs, peg.rtt
                )
    return reason


def _in_order(place: Placement) -> Iterator[Pegrna]:
    """The pegRNAs of a placement, first to be tried first."""
    return iter(sorted(pegrnas(place), key=lambda peg: peg.order))
