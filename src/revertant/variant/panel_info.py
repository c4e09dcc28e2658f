"""Allele counts by population from the INFO column of a sites-only VCF.

gnomAD writes ``AC_afr``, ``AN_afr``, ``AF_afr``; the 1000 Genomes files write ``AC_AFR`` or, in phase 1 and 3,
``AFR_AF``. Only names known to be populations are taken: INFO also counts sexes, subsets and homozygotes
under keys that look alike.
"""

from __future__ import annotations

import re

from revertant.model import HaplotypeCount
from revertant.variant.limits import is_count
from revertant.variant.panel_samples import EVERYBODY

__all__ = ["POPULATION_NAMES", "counts_of_alleles"]

#: Codes of gnomAD v3.1 (gnomad.broadinstitute.org/news/2020-10-gnomad-v3-1-new-content-methods-annotations-
#: and-data-availability, read as stored) with ``remaining``, the later name of ``oth`` (unchecked), and the
#: continental groups of the 1000 Genomes (as in the headers of its files; ``ASN`` is phase 1).
POPULATION_NAMES = frozenset(
    {
        *("afr", "ami", "amr", "asj", "eas", "fin", "nfe", "mid", "sas", "oth", "remaining"),
        *("AFR", "AMR", "ASN", "EAS", "EUR", "SAS"),
    }
)

_AFTER = re.compile(r"(AC|AN|AF)_([A-Za-z]+)")
_BEFORE = re.compile(r"([A-Za-z]+)_AF")
_KINDS = ("AC", "AN", "AF")


def counts_of_alleles(info: str, alleles: int) -> tuple[tuple[tuple[HaplotypeCount, ...], ...], bool]:
    """Read how often each ALT allele was seen.

    Parameters
    ----------
    info
        The INFO column.
    alleles
        How many ALT alleles the record has.

    Returns
    -------
    tuple
        For each allele its counts by population in the order of INFO, everybody last, and whether every
        number could be used. What cannot be used is unknown. Where a file gives a frequency only, both counts
        are 0.

    Examples
    --------
    >>> [[afr, everybody]], _ = counts_of_alleles("AC=3;AN=200;AC_afr=3;AN_afr=50;AF_raw=0.5", 1)
    >>> afr, everybody.frequency
    (HaplotypeCount(population='afr', carrying=3, called=50, frequency=0.06), 0.015)
    """
    given: dict[str, dict[str, str]] = {EVERYBODY: {}}
    for entry in info.split(";"):
        key, _, value = entry.partition("=")
        if key in _KINDS:
            given[EVERYBODY][key] = value
        elif (found := _AFTER.fullmatch(key)) and found[2] in POPULATION_NAMES:
            given.setdefault(found[2], {})[found[1]] = value
        elif (found := _BEFORE.fullmatch(key)) and found[1] in POPULATION_NAMES:
            given.setdefault(found[1], {}).setdefault("AF", value)
    everybody = given.pop(EVERYBODY)
    is_sound = True
    rows: list[list[HaplotypeCount]] = [[] for _ in range(alleles)]
    for population, values in (*given.items(), (EVERYBODY, everybody)):
        for index, row in enumerate(rows):
            count = _count(population, values, index, alleles)
            is_sound &= count is not None
            row.append(count or HaplotypeCount(population, 0, 0, None))
    return tuple(map(tuple, rows)), is_sound


def _count(population: str, values: dict[str, str], index: int, alleles: int) -> HaplotypeCount | None:
    """The count of one allele; ``None`` when a number makes no sense."""
    known = {kind: value for kind, value in values.items() if value not in {"", "."}}
    carrying, called, frequency = 0, 0, None
    if "AC" in known and "AN" in known:
        counts = known["AC"].split(",")
        if len(counts) != alleles or not is_count(counts[index]) or not is_count(known["AN"]):
            return None
        carrying, called = int(counts[index]), int(known["AN"])
        if carrying > called:
            return None
        frequency = carrying / called if called else None
    elif "AF" in known:
        shares = known["AF"].split(",")
        if len(shares) != alleles:
            return None
        if shares[index] != ".":
            try:
                frequency = float(shares[index])
            except ValueError:
                return None
            if not 0 <= frequency <= 1:
                return None
    return HaplotypeCount(population, carrying, called, frequency)
