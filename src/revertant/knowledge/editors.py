"""Base editors: a nickase or dead nuclease with a deaminase, and the window in which it works.

Two windows are kept apart. ``window`` is where editing must be expected: every editable base in it is a
target or a bystander. ``core_window`` is where a target base is well placed. A window is a gradient cut off
somewhere; where the gradient itself was measured, ``profile`` names it (see :mod:`revertant.prediction`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.errors import InputError
from revertant.knowledge.catalogue import Iupac, Row, load_rows
from revertant.knowledge.nucleases import nucleases
from revertant.model import PamSide

__all__ = ["BaseEditor", "editors"]

_CONVERSIONS = {"ABE": ("A>G",), "CBE": ("C>T",), "CGBE": ("C>G",), "dual": ("A>G", "C>T")}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseEditor(Row):
    """One base editor.

    Parameters
    ----------
    name
        Display name.
    chemistry
        ``ABE`` (A>G), ``CBE`` (C>T), ``CGBE`` (C>G) or ``dual`` (A>G and C>T).
    conversions
        The base changes on the strand that reads as the spacer.
    nuclease
        Key of the nuclease it is built on.
    pam, pam_side, spacer_nt
        As reported for this editor; the PAM may differ from the nuclease's own.
    window, core_window
        First and last position, 1-based: from the PAM-distal end for a 3' PAM, from the PAM for a 5' PAM.
    deaminase
        The deaminase, in words.
    motif, motif_base
        IUPAC context the deaminase clearly prefers and the 0-based place of the edited base in it; empty when
        there is none.
    preference, byproducts, rna_off_target
        What is known of sequence preference, of other products, and of deamination away from the guide.
    fused_residues
        Residues of deaminases and glycosylase inhibitors, without linkers and tags; 0 when not counted.
    cargo_bp
        Coding length of the whole editor where a source gives it; see :attr:`least_cargo_bp`.
    profile
        Key of its measured position profile, or empty.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.

    Examples
    --------
    >>> editor = editors()["abe8e_nrch"]
    >>> editor.pam, editor.target_base, editor.product_base, editor.core_window, editor.edits(7)
    ('NRCH', 'A', 'G', (4, 8), True)
    >>> editor.least_cargo_bp
    4608
    """

    name: str
    chemistry: Literal["ABE", "CBE", "CGBE", "dual"]
    conversions: tuple[str, ...]
    nuclease: str
    pam: Iupac
    pam_side: PamSide
    spacer_nt: int
    window: tuple[int, int]
    core_window: tuple[int, int]
    deaminase: str
    byproducts: str
    motif: Iupac = ""
    motif_base: int = 0
    preference: str = ""
    rna_off_target: str = ""
    fused_residues: int = 0
    cargo_bp: int | None = None
    profile: str = ""
    checked_against: str = ""
    note: str = ""

    @property
    def target_base(self) -> str:
        """The base it edits, on the strand that reads as the spacer (a dual editor's first)."""
        return self.conversions[0][0]

    @property
    def product_base(self) -> str:
        """What :attr:`target_base` becomes."""
        return self.conversions[0][2]

    @property
    def base_changes(self) -> tuple[tuple[str, str], ...]:
        """Every ``(before, after)`` it makes."""
        return tuple((change[0], change[2]) for change in self.conversions)

    def edits(self, position: int, *, core: bool = False) -> bool:
        """Whether a spacer position lies in the window, or in the core window."""
        first, last = self.core_window if core else self.window
        return first <= position <= last

    @property
    def least_cargo_bp(self) -> int | None:
        """The coding length of all parts but linkers and tags; see :meth:`revertant.knowledge.Nuclease.fused_bp`."""
        if self.cargo_bp is not None:
            return self.cargo_bp
        return nucleases()[self.nuclease].fused_bp(self.fused_residues)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        if self.conversions != _CONVERSIONS[self.chemistry]:
            yield f"{self.chemistry} makes {', '.join(_CONVERSIONS[self.chemistry])}"
        if not 1 <= self.window[0] <= self.window[1] <= self.spacer_nt:
            yield f"window {self.window} does not lie in 1 to {self.spacer_nt}"
        if not self.window[0] <= self.core_window[0] <= self.core_window[1] <= self.window[1]:
            yield f"core window {self.core_window} does not lie in window {self.window}"
        if self.motif and self.motif[self.motif_base : self.motif_base + 1] != self.target_base:
            yield f"base {self.motif_base} of motif {self.motif} is not {self.target_base}"
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"


@cache
def editors() -> Mapping[str, BaseEditor]:
    """Return all base editors by key; each stands on a nuclease of :func:`nucleases`.

    Raises
    ------
    InputError
        When an editor names a nuclease that is not in its catalogue, or contradicts it.

    Examples
    --------
    >>> editors()["be4max"].conversions
    ('C>T',)
    """
    rows = load_rows("editors.toml", BaseEditor)
    for editor in rows.values():
        base = nucleases().get(editor.nuclease)
        if base is None or (base.pam_side, base.spacer_nt) != (editor.pam_side, editor.spacer_nt):
            raise InputError(
                f"Nuclease {editor.nuclease!r} is missing or has another PAM side or spacer length.",
                where=f"editors.toml [{editor.key}].nuclease",
                remedy="Name a row of nucleases.toml that fits.",
            )
    return rows
