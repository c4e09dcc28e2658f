"""How far the HLA alleles of a donor and a patient agree."""

from __future__ import annotations

import re
from collections.abc import Iterable

from revertant.errors import InputError
from revertant.model import HlaLocus

__all__ = ["HLA_LOCI", "compare_hla"]

#: Loci that are compared, in the order of a report.
HLA_LOCI = ("A", "B", "C", "DRB1", "DQB1", "DPB1")
_ALLELE = re.compile(r"(?:HLA-)?(?P<locus>[A-Z]+\d*)\*(?P<fields>\d{2,4}(?::\d{2,4}){0,3})(?P<suffix>[A-Z]?)")
_BOTH = 2


def compare_hla(patient: Iterable[str], donor: Iterable[str]) -> tuple[HlaLocus, ...]:
    """Compare alleles locus by locus, to the coarser of the two resolutions.

    Parameters
    ----------
    patient, donor
        Alleles as laboratories write them (``"A*02:01"``, ``"HLA-DRB1*15:01:01"``). A homozygote has its allele twice:
        one allele alone does not say what the other is.

    Returns
    -------
    tuple of HlaLocus
        Every locus that is typed in either of them.

    Raises
    ------
    InputError
        For what is no allele name.

    Examples
    --------
    >>> [found] = compare_hla(["A*02:01", "A*24:02"], ["A*02:01:01", "A*01:01"])
    >>> found.shared, found.fields
    (1, 2)
    >>> [found] = compare_hla(["A*02:01", "A*24:02"], ["A*02:01"])
    >>> found.shared is None
    True
    """
    typed = [_by_locus(alleles) for alleles in (patient, donor)]
    loci = [locus for locus in HLA_LOCI if any(locus in side for side in typed)]
    loci += sorted({locus for side in typed for locus in side} - set(HLA_LOCI))
    return tuple(_compared(locus, *(tuple(side.get(locus, ())) for side in typed)) for locus in loci)


def _by_locus(alleles: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for allele in alleles:
        match = _ALLELE.fullmatch(allele.strip())
        if match is None:
            raise InputError(
                f"{allele!r} is no name of an HLA allele.", remedy="Write locus, star and fields: A*02:01."
            )
        found.setdefault(match["locus"], []).append(f"{match['locus']}*{match['fields']}{match['suffix']}")
    return found


def _compared(locus: str, patient: tuple[str, ...], donor: tuple[str, ...]) -> HlaLocus:
    if len(patient) != _BOTH or len(donor) != _BOTH:
        return HlaLocus(locus, patient, donor, None)
    fields = min(allele.count(":") + 1 for allele in (*patient, *donor))
    one, other = ([_cut(allele, fields) for allele in side] for side in (patient, donor))
    straight = sum(a == b for a, b in zip(one, other, strict=True))
    crossed = sum(a == b for a, b in zip(one, reversed(other), strict=True))
    return HlaLocus(locus, patient, donor, max(straight, crossed), fields)


def _cut(allele: str, fields: int) -> str:
    """Cut a name to so many fields; an expression suffix (N: not expressed) belongs to the allele at any resolution."""
    suffix = allele[-1] if allele[-1].isalpha() else ""
    return ":".join(allele.removesuffix(suffix).split(":")[:fields]) + suffix
