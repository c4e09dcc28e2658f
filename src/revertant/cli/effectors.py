"""Nucleases and editors named on the command line: known keys only, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from revertant.errors import UsageError

if TYPE_CHECKING:
    from revertant.model import PamSide

__all__ = ["EffectorChoice", "check_effectors", "choose_effector", "pam_side_of"]


@dataclass(frozen=True, slots=True)
class EffectorChoice:
    """One effector for a search: its key (may be empty), the PAM to search with, and whether CFD applies."""

    key: str
    pam: str
    pam_side: PamSide
    cfd_applies: bool


def check_effectors(editors: Sequence[str], nucleases: Sequence[str]) -> None:
    """Refuse keys that are not in the catalogues."""
    from revertant import knowledge

    kinds: tuple[tuple[Sequence[str], Mapping[str, object], str], ...] = (
        (
            editors,
            {**knowledge.editors(), **knowledge.prime_editors(), **knowledge.epigenome_editors()},
            "editor",
        ),
        (nucleases, knowledge.nucleases(), "nuclease"),
    )
    for named, known, kind in kinds:
        for key in named:
            if key not in known:
                raise UsageError(
                    f"There is no {kind} {key!r} in the catalogue.", remedy=f"Known are: {', '.join(known)}."
                )


def pam_side_of(number: int) -> PamSide:
    """Read ``--pam-side``."""
    from revertant.model import PamSide

    if number not in {3, 5}:
        raise UsageError(f"--pam-side is {number}.", remedy="Use 3 or 5.")
    return PamSide.THREE_PRIME if number == 3 else PamSide.FIVE_PRIME


def choose_effector(nuclease: str, editor: str, pam: str, pam_side: int | None) -> EffectorChoice:
    """Say what to search with: what the user wrote, else what the effector binds, else NGG.

    Without an effector CFD is taken to apply, which means that wild-type SpCas9 is; whether spacer and PAM lie in
    its domain is asked for each guide.
    """
    from revertant import knowledge

    if nuclease and editor:
        raise UsageError("A nuclease and an editor are named.", remedy="Name one of them.")
    check_effectors([editor] if editor else [], [nuclease] if nuclease else [])
    if editor in knowledge.prime_editors():  # it binds and nicks as the nuclease it is made from
        editor, nuclease = "", knowledge.prime_editors()[editor].nuclease
    key = editor or nuclease
    if not key:
        return EffectorChoice(
            "", pam or "NGG", pam_side_of(3 if pam_side is None else pam_side), cfd_applies=True
        )
    known_editor = knowledge.editors().get(key)
    protein = knowledge.nuclease_behind(key)
    assert protein is not None
    # An editor may be reported with another PAM than its nuclease; the wider pattern belongs to the nuclease's own.
    designed = known_editor.pam if known_editor else protein.pam
    found = protein.search_pam if designed == protein.pam else designed
    side = protein.pam_side if pam_side is None else pam_side_of(pam_side)
    return EffectorChoice(
        key, pam or found, side, protein.cfd_defined and key not in knowledge.epigenome_editors()
    )
