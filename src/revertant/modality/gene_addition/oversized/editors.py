"""Editors as cargo: which fit one AAV with their guide, and which have to be split.

The coding length of an editor is a lower bound where linkers and tags were not counted. It can show that an editor does
*not* fit; that one fits is then said with a caution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from revertant.knowledge import editors, nucleases, prime_editors
from revertant.modality.gene_addition.oversized.room import REGULATION_BP, TERMINAL_REPEATS_BP
from revertant.modality.gene_addition.packaging import LENGTH_SOURCES, REFERENCE_BP, STOP_BP
from revertant.model import Status

__all__ = ["EditorCargo", "editor_cargo", "editor_cargos"]

EditorKind = Literal["nuclease", "base editor", "prime editor"]


@dataclass(frozen=True, slots=True)
class EditorCargo:
    """An editor held against the room of one AAV.

    Parameters
    ----------
    key, name, kind
        Its catalogue key, display name and kind.
    coding_bp
        Coding length; ``None`` where it is not known.
    lower_bound
        Whether linkers and tags are not counted in it.
    packaged_bp
        With terminal repeats, promoter, polyadenylation signal and guide cassette; ``None`` as before.
    status
        Whether it fits one AAV with its guide.
    because
        Why, and what to do.
    sources
        Of the length and of the limit.
    checked
        Whether the catalogue row was checked.
    """

    key: str
    name: str
    kind: EditorKind
    coding_bp: int | None
    lower_bound: bool
    packaged_bp: int | None
    status: Status
    because: str
    sources: tuple[str, ...]
    checked: bool


def editor_cargo(key: str) -> EditorCargo:
    """Judge one nuclease, base editor or prime editor as cargo of one AAV.

    Parameters
    ----------
    key
        A key of the catalogues of nucleases, base editors or prime editors.

    Raises
    ------
    KeyError
        When no catalogue has the key.

    Examples
    --------
    >>> cargo = editor_cargo("abe8e")
    >>> cargo.coding_bp, cargo.status.value
    (4608, 'fail')
    >>> editor_cargo("sacas9").status.value
    'pass'
    """
    if key in nucleases():
        nuclease = nucleases()[key]
        return _judge(
            key,
            nuclease.name,
            "nuclease",
            nuclease.cds_bp,
            nuclease.sources,
            bound=False,
            checked=nuclease.checked,
        )
    if key in editors():
        editor = editors()[key]
        bound = editor.cargo_bp is None
        return _judge(
            key,
            editor.name,
            "base editor",
            editor.least_cargo_bp,
            editor.sources,
            bound=bound,
            checked=editor.checked,
        )
    prime = prime_editors()[key]
    return _judge(
        key,
        prime.name,
        "prime editor",
        prime.least_cargo_bp,
        prime.sources,
        bound=True,
        checked=prime.checked,
    )


def editor_cargos() -> tuple[EditorCargo, ...]:
    """Judge every editor of the catalogues, shortest first; those of unknown length last.

    Examples
    --------
    >>> {cargo.kind for cargo in editor_cargos()} == {"nuclease", "base editor", "prime editor"}
    True
    """
    cargos = [editor_cargo(key) for key in (*nucleases(), *editors(), *prime_editors())]
    return tuple(sorted(cargos, key=lambda cargo: (cargo.coding_bp is None, cargo.coding_bp or 0, cargo.key)))


def _judge(
    key: str,
    name: str,
    kind: EditorKind,
    coding_bp: int | None,
    sources: tuple[str, ...],
    *,
    bound: bool,
    checked: bool,
) -> EditorCargo:
    if coding_bp is None:
        because = "Its coding length is not known, so whether it fits is not known."
        return EditorCargo(key, name, kind, None, bound, None, Status.UNKNOWN, because, sources, checked)
    packaged = coding_bp + REGULATION_BP + TERMINAL_REPEATS_BP
    if packaged <= REFERENCE_BP:
        status = Status.CAUTION if bound else Status.PASS
        because = "It fits one AAV with a promoter and its guide" + (
            ", if its linkers and tags, not counted here, leave room." if bound else "."
        )
    elif packaged < STOP_BP:
        status = Status.CAUTION
        because = (
            "It fits one AAV only beyond the length of the wild type: with the shortest parts, the guide in a second "
            "vector, or split by an intein."
        )
    else:
        status = Status.FAIL
        because = (
            "It does not fit one AAV with its guide: split it by an intein into two AAV, or bring it as mRNA or as "
            "protein."
        )
    return EditorCargo(
        key, name, kind, coding_bp, bound, packaged, status, because, (*sources, *LENGTH_SOURCES), checked
    )
