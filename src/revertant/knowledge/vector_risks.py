"""What an added gene may do to the person who gets it: facts that the checks of a vector cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows

__all__ = ["VectorRisk", "vector_risk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorRisk(Row):
    """One fact.

    Parameters
    ----------
    statement
        The fact as a sentence.
    mitigation
        What lowers the risk or finds it.
    """

    statement: str
    mitigation: str

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not (self.statement.endswith(".") and self.mitigation.endswith(".")):
            yield "Statement and mitigation are sentences."


@cache
def _risks() -> Mapping[str, VectorRisk]:
    return load_rows("vector_risks.toml", VectorRisk)


def vector_risk(key: str) -> VectorRisk:
    """Return one fact by its key.

    Raises
    ------
    KeyError
        When there is none of that key: a check must not cite what is not there.

    Examples
    --------
    >>> vector_risk("tolerance_by_variant").sources[0]
    'doi:10.1186/1479-5876-12-25'
    """
    return _risks()[key]
