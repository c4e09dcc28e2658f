"""What is known of a promoter in a tissue, for it or against it: products and published comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue
from revertant.knowledge.vector_parts import vector_parts
from revertant.model import FeatureKind

__all__ = ["PromoterExperience", "promoter_experience"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoterExperience(Row):
    """One thing known of a promoter.

    Parameters
    ----------
    part
        Key of the vector part.
    tissues
        Where it was seen; all tissues when empty.
    speaks_for
        Whether it speaks for the promoter there, or against it.
    because
        What was seen: a clause that follows the promoter's name.
    """

    part: str
    tissues: tuple[Tissue, ...]
    speaks_for: bool
    because: str

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        part = vector_parts().get(self.part)
        if part is None or part.kind is not FeatureKind.PROMOTER:
            yield f"{self.part} is no promoter of the vector parts."
        if self.because.endswith("."):
            yield "The reason is a clause, without a full stop."


@cache
def _rows() -> tuple[PromoterExperience, ...]:
    return tuple(load_rows("promoter_experience.toml", PromoterExperience).values())


def promoter_experience(part: str, tissue: Tissue) -> tuple[PromoterExperience, ...]:
    """Return what is known of a promoter in a tissue.

    Parameters
    ----------
    part
        Key of the vector part.
    tissue
        Where it has to work.

    Examples
    --------
    >>> [one.speaks_for for one in promoter_experience("promoter_cba", Tissue.SPINAL_CORD)]
    [False]
    """
    return tuple(one for one in _rows() if one.part == part and (not one.tissues or tissue in one.tissues))
