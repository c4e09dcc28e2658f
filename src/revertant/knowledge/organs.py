"""Organs of normal samples, and whether a person can do without the cells that would be attacked there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["Organ", "organ_named", "organs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ(Row):
    """An organ.

    Parameters
    ----------
    name
        Its name.
    names
        Beginnings of what its samples are called, in lower case.
    essential
        Whether a person cannot live, or not well, without the cells.
    core
        Whether normal samples without this organ say nothing about safety.
    why
        The reason.
    """

    name: str
    names: tuple[str, ...]
    essential: bool
    core: bool = False
    why: str

    def problems(self) -> Iterator[str]:
        """Yield names that nothing would match, and a core organ that is not essential."""
        if not self.names or any(name != name.lower().strip() or not name for name in self.names):
            yield "names are beginnings in lower case"
        if self.core and not self.essential:
            yield "a core organ is essential"


@cache
def organs() -> Mapping[str, Organ]:
    """Return the organs by key.

    Examples
    --------
    >>> sorted(organ.name for organ in organs().values() if organ.core)
    ['bone marrow', 'brain', 'gut', 'heart', 'kidney', 'liver', 'lung']
    """
    return load_rows("organs.toml", Organ)


def organ_named(text: str) -> Organ | None:
    """Find the organ a sample is from; of several that fit, the one with the longest name.

    Examples
    --------
    >>> organ_named("Brain - Cortex").name, organ_named("Colon_Sigmoid").name, organ_named("cell line")
    ('brain', 'gut', None)
    """
    plain = text.strip().lower().replace("_", " ")
    fitting = [
        (len(name), row.key) for row in organs().values() for name in row.names if plain.startswith(name)
    ]
    return organs()[max(fitting)[1]] if fitting else None
