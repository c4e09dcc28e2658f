"""Epigenome editors: Cas9 that binds without cutting, fused to parts that switch a promoter off or on.

Where such an editor must bind is counted from the transcription start site. Published windows differ by what is
fused, so each row has its own, with its source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.errors import InputError
from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.nucleases import Nuclease, nucleases

__all__ = ["EpigenomeEditor", "epigenome_editors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpigenomeEditor(Row):
    """One epigenome editor.

    Parameters
    ----------
    name
        Display name.
    direction
        ``silence`` or ``raise``.
    nuclease
        Key of the nuclease whose dead form binds: PAM and spacer length are that one's.
    parts
        What it is made of, in words.
    fused_residues
        Residues of the effector domains, without linkers and tags.
    window, core_window
        Where the PAM's base next to the protospacer may lie and where it lies best, in bp from the first
        transcribed base along the gene; negative is upstream, both ends count.
    lasting
        Whether the effect outlives the editor.
    durability, durability_sources, durability_checked
        What is known of that.
    methylates
        Whether it writes DNA methylation.
    needs_methylated
        Whether it can act on a methylated promoter only.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.

    Examples
    --------
    >>> editor = epigenome_editors()["crispri_krab"]
    >>> editor.base.pam, editor.window, editor.reaches(30), editor.reaches(90, core=True), editor.least_cargo_bp
    ('NGG', (-25, 500), True, False, 4305)
    """

    name: str
    direction: Literal["silence", "raise"]
    nuclease: str
    parts: tuple[str, ...]
    fused_residues: int
    window: tuple[int, int]
    core_window: tuple[int, int]
    lasting: bool
    durability: str
    durability_sources: tuple[str, ...]
    durability_checked: bool
    methylates: bool = False
    needs_methylated: bool = False
    checked_against: str = ""
    note: str = ""

    @property
    def base(self) -> Nuclease:
        """The nuclease it is built on."""
        return nucleases()[self.nuclease]

    @property
    def least_cargo_bp(self) -> int | None:
        """The coding length of all parts but linkers and tags; see :meth:`revertant.knowledge.Nuclease.fused_bp`."""
        return self.base.fused_bp(self.fused_residues)

    def reaches(self, offset_bp: int, *, core: bool = False) -> bool:
        """Whether a distance from the transcription start site lies in the window, or in the core window."""
        first, last = self.core_window if core else self.window
        return first <= offset_bp <= last

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row."""
        low, high = self.window
        if not low <= self.core_window[0] <= self.core_window[1] <= high:
            yield f"core window {self.core_window} does not lie in window {self.window}"
        if self.fused_residues < 1 or not self.parts:
            yield "an editor is fused to something"
        if not self.durability_sources:
            yield "the statement of durability has no source"
        if self.methylates and self.direction != "silence":
            yield "methylation silences"
        if self.needs_methylated and self.direction != "raise":
            yield "taking methylation off raises"
        if self.checked != bool(self.checked_against):
            yield "checked and checked_against go together"


@cache
def epigenome_editors() -> Mapping[str, EpigenomeEditor]:
    """Return all epigenome editors by key.

    Raises
    ------
    InputError
        When an editor names a nuclease that is not in its catalogue.

    Examples
    --------
    >>> [key for key, editor in epigenome_editors().items() if editor.lasting]
    ['crisproff', 'crispron']
    """
    rows = load_rows("epigenome_editors.toml", EpigenomeEditor)
    for editor in rows.values():
        if editor.nuclease not in nucleases():
            raise InputError(
                f"Nuclease {editor.nuclease!r} is missing.",
                where=f"epigenome_editors.toml [{editor.key}].nuclease",
                remedy="Name a row of nucleases.toml.",
            )
    return rows
