"""The genotype text of one sample: ``0|1``, ``1/2``, ``./1``, ``1``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from revertant.variant.limits import MOST_DIGITS, is_count

__all__ = ["AlleleNumberError", "Genotype", "GenotypeError", "parse_genotype"]

_GENOTYPE = re.compile(r"[/|]?(?:[0-9]+|\.)(?:[/|](?:[0-9]+|\.))*")


class GenotypeError(ValueError):
    """The text is no genotype, or one this project does not use; the message is the reason to be counted."""


class AlleleNumberError(GenotypeError):
    """An allele's number has so many digits that the record cannot be sound."""


@dataclass(frozen=True, slots=True)
class Genotype:
    """Allele numbers of each copy; ``None`` is a copy that was not called.

    Parameters
    ----------
    alleles
        One or two.
    is_phased
        Whether the order of the copies means something.
    """

    alleles: tuple[int | None, ...]
    is_phased: bool

    @property
    def carried(self) -> tuple[int, ...]:
        """Numbers of the alternative alleles on any copy, sorted."""
        return tuple(sorted({allele for allele in self.alleles if allele}))

    @property
    def is_half_called(self) -> bool:
        """Whether some copies were called and others not."""
        return None in self.alleles and any(self.alleles)


@lru_cache(maxsize=1024)
def parse_genotype(text: str) -> Genotype:
    """Read a GT value.

    Raises
    ------
    GenotypeError
        When it is malformed or has more than two copies; an :class:`AlleleNumberError` when a number is no
        allele's.

    Examples
    --------
    >>> parse_genotype("0|1"), parse_genotype("1/.").alleles, parse_genotype("1").alleles
    (Genotype(alleles=(0, 1), is_phased=True), (1, None), (1,))
    >>> parse_genotype("0/0/1")
    Traceback (most recent call last):
    revertant.variant.genotype.GenotypeError: more than two copies
    """
    if not _GENOTYPE.fullmatch(text):
        raise GenotypeError("malformed genotype")
    # VCF 4.4 allows a leading separator, which phases the first allele.
    body = text[1:] if text[0] in "/|" else text
    copies = re.split(r"[/|]", body)
    if len(copies) > 2:
        raise GenotypeError("more than two copies")
    if any(copy != "." and not is_count(copy) for copy in copies):
        raise AlleleNumberError(f"an allele number has more than {MOST_DIGITS} digits")
    return Genotype(tuple(None if copy == "." else int(copy) for copy in copies), "|" in body)
