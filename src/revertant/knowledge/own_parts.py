"""A user's own parts: of receptors, of vectors, and what a receptor binds with, from one file.

The file has the format of the catalogues. One field says what a row is: a part of a receptor has a ``role``, a part of
a vector a ``kind``, a binder an ``antigen``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from revertant.errors import InputError, ProblemsError
from revertant.knowledge.car_parts import CarBinder, CarPart, CarRole, car_binders, car_parts
from revertant.knowledge.catalogue import load_own_rows
from revertant.knowledge.vector_parts import VectorPart, lonely_halves, vector_parts

__all__ = ["OwnParts", "read_own_parts"]

_CLASSES = {"role": CarPart, "kind": VectorPart, "antigen": CarBinder}


@dataclass(frozen=True, slots=True)
class OwnParts:
    """What a user brings, by key.

    Parameters
    ----------
    receptor
        Parts of receptors. One with the key of a catalogue part that has no residues fills it in.
    binders
        What receptors bind with: variable domains of this file or of the catalogue, for an antigen.
    vector
        Parts of vectors.
    """

    receptor: Mapping[str, CarPart] = field(default_factory=dict)
    binders: Mapping[str, CarBinder] = field(default_factory=dict)
    vector: Mapping[str, VectorPart] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, sorted."""
        return tuple(sorted({*self.receptor, *self.binders, *self.vector}))


def read_own_parts(path: Path) -> OwnParts:
    r"""Read a user's own parts: TOML with the fields of :class:`CarPart`, :class:`CarBinder` and :class:`VectorPart`.

    Parameters
    ----------
    path
        One table a row, named by its key; ``as_of`` may stand at the top for all.

    Returns
    -------
    OwnParts

    Raises
    ------
    InputError
        When the file cannot be read, is no TOML, holds no part, or (as ``ProblemsError``, all rows at once) does not
        fit: a key of the catalogue that is taken, a binder whose domains or linker are no such parts, half a pair.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "parts.toml"
    ...     text = '[ours]\nname = "hinge"\nrole = "hinge"\norigin = "human"\nprotein = "GGS"\nlength_aa = 3\n'
    ...     _ = path.write_text(f'as_of = "2026-11-26"\n{text}sources = ["repository:ours"]\n')
    ...     read_own_parts(path).keys
    ('ours',)
    """
    rows = load_own_rows(path, _CLASSES)
    if not rows:
        raise InputError(
            "The parts file holds no part.",
            where=str(path),
            remedy="Write one table a part, such as [our_hinge], or leave the file out.",
            code="no-parts",
        )
    own = OwnParts(
        {key: row for key, row in rows.items() if isinstance(row, CarPart)},
        {key: row for key, row in rows.items() if isinstance(row, CarBinder)},
        {key: row for key, row in rows.items() if isinstance(row, VectorPart)},
    )
    problems = [*_taken(own, path.name), *_binder_problems(own, path.name)]
    problems += lonely_halves({**vector_parts(), **own.vector}, path.name)
    if problems:
        raise ProblemsError(problems, where=path.name)
    return own


def _taken(own: OwnParts, name: str) -> Iterator[InputError]:
    """Rows that would replace one of the catalogue."""
    held = {key for key, part in car_parts().items() if part.protein}
    taken = [
        *(set(own.receptor) & held),
        *(set(own.binders) & set(car_binders())),
        *(set(own.vector) & set(vector_parts())),
    ]
    for key in sorted(taken):
        what = "The catalogue has parts of that name already."
        yield InputError(what, where=f"{name} [{key}]", remedy="Give yours another name.")


def _binder_problems(own: OwnParts, name: str) -> Iterator[InputError]:
    parts = {**car_parts(), **own.receptor}
    for row in own.binders.values():
        wanted = [(key, CarRole.VARIABLE_DOMAIN) for key in row.domains]
        wanted += [(row.linker, CarRole.LINKER)] if row.linker else []
        for key, role in wanted:
            part = parts.get(key)
            if part is None or part.role is not role:
                yield InputError(
                    f"There is no {role.words} called {key!r}.",
                    where=f"{name} [{row.key}]",
                    remedy=f"Write a table [{key}] with role = {role.value!r}, or name a part of the catalogue.",
                )
