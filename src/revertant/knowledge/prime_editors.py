"""Prime editors: a nickase with a reverse transcriptase, and the systems they are used in.

PE2 is the protein; PE3 is PE2 with a second guide that nicks the other strand; PE4 is PE2 with a protein that
holds back mismatch repair, PE5 both. So a row is what has to be *delivered* beside the guides, and says what the
system is called once a nicking guide is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.errors import InputError
from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.nucleases import Nuclease, nucleases
from revertant.model import PamSide

__all__ = ["PrimeEditor", "prime_editors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimeEditor(Row):
    """One prime editor.

    Parameters
    ----------
    name
        Display name.
    nuclease
        Key of the nuclease its nickase is made from: PAM, spacer length and nick are that one's.
    rt
        The reverse transcriptase, in words.
    rt_residues, fused_residues
        Residues of the reverse transcriptase, and of what else is fused, without linkers and tags.
    helper
        A protein brought as well (``"MLH1dn"``), or empty.
    with_nick
        What the system is called with a nicking guide.
    needs_polyu_end
        Whether a pegRNA made by chemical synthesis needs a tract of U at its 3' end.
    order
        Which to name first where several take the same pegRNA; 0 is first.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.

    Examples
    --------
    >>> editor = prime_editors()["pe2"]
    >>> editor.base.pam, editor.nick_offset, editor.with_nick, editor.least_cargo_bp
    ('NGG', 3, 'PE3', 6138)
    """

    name: str
    nuclease: str
    rt: str
    rt_residues: int
    with_nick: str
    order: int
    fused_residues: int = 0
    helper: str = ""
    needs_polyu_end: bool = False
    checked_against: str = ""
    note: str = ""

    @property
    def base(self) -> Nuclease:
        """The nuclease it is built on."""
        return nucleases()[self.nuclease]

    @property
    def nick_offset(self) -> int:
        """Bases between the nick and the PAM, on the strand that carries the PAM."""
        return self.base.cut_offset_top

    @property
    def least_cargo_bp(self) -> int | None:
        """The coding length of all parts but linkers and tags; see :meth:`revertant.knowledge.Nuclease.fused_bp`."""
        return self.base.fused_bp(self.rt_residues + self.fused_residues)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        if self.rt_residues < 1 or self.fused_residues < 0 or self.order < 0:
            yield "residues and order are counted from 0 upwards, and there is a reverse transcriptase"
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"


@cache
def prime_editors() -> Mapping[str, PrimeEditor]:
    """Return all prime editors by key; each stands on a Cas9 of :func:`nucleases`.

    Raises
    ------
    InputError
        When an editor names a nuclease that is not in its catalogue, or one with its PAM on the 5' side.

    Examples
    --------
    >>> sorted(prime_editors())[:2]
    ['pe2', 'pe2_ng']
    """
    rows = load_rows("prime_editors.toml", PrimeEditor)
    for editor in rows.values():
        base = nucleases().get(editor.nuclease)
        if base is None or base.pam_side is not PamSide.THREE_PRIME:
            raise InputError(
                f"Nuclease {editor.nuclease!r} is missing or has its PAM on the 5' side.",
                where=f"prime_editors.toml [{editor.key}].nuclease",
                remedy="Name a Cas9 of nucleases.toml.",
            )
    return rows
