"""The genotypes of thousands of people in one record, as arrays.

Most rows of a panel hold nothing but ``0|1`` and its like, so all cells are equally wide: such a row is read
as one array. Any other row is read text by text, each distinct text once, with the rules of
:mod:`revertant.variant.genotype`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from revertant.variant.genotype import AlleleNumberError, Genotype, GenotypeError, parse_genotype

__all__ = ["ABSENT", "CONTIG_WIDE", "MISSING", "UNPHASED", "GenotypeRow", "read_row"]

#: A copy that was not called.
MISSING = -1
#: A copy that does not exist: the second one of a haploid call.
ABSENT = -2
#: Phase of a genotype whose copies have no order.
UNPHASED = -1
#: Phase of a genotype written with ``|`` and without PS: its copies have one order along the contig.
CONTIG_WIDE = 0

_GENOTYPE_ONLY = ["GT"]
_TAB, _ZERO, _DOT = ord("\t"), ord("0"), ord(".")
_MOST_ALLELES = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True, eq=False)
class GenotypeRow:
    """What each person has at one record.

    Parameters
    ----------
    alleles
        Persons x 2 allele numbers; ``MISSING`` and ``ABSENT`` are below 0.
    phases
        For each person ``UNPHASED``, ``CONTIG_WIDE``, or the number of the phase set PS names.
    """

    alleles: NDArray[np.int16]
    phases: NDArray[np.int32]

    @property
    def heterozygous(self) -> NDArray[np.bool_]:
        """Persons whose two copies differ, one of them called or both: here the order of the copies matters."""
        first, second = self.alleles[:, 0], self.alleles[:, 1]
        differ: NDArray[np.bool_] = (first != second) & (second != ABSENT)
        return differ


def read_row(
    text: str, persons: int, keys: list[str], sets: dict[str, int]
) -> tuple[GenotypeRow, dict[str, int]]:
    r"""Read the sample columns of one record.

    Parameters
    ----------
    text
        The sample columns as the file has them, tab-separated.
    persons
        How many there are.
    keys
        The keys of FORMAT, GT among them.
    sets
        Numbers given to the names of phase sets so far; new names are added.

    Returns
    -------
    tuple
        The row, and how many genotypes could not be read, by reason; these count as not called.

    Raises
    ------
    AlleleNumberError
        When a number is no allele's.

    Examples
    --------
    >>> row, _ = read_row("0|1\t.|.\t1", 3, ["GT"], {})
    >>> row.alleles.tolist(), row.phases.tolist()
    ([[0, 1], [-1, -1], [1, -2]], [0, 0, -1])
    """
    if keys == _GENOTYPE_ONLY and len(text) == 4 * persons - 1:
        row = _even_row(text, persons)
        if row is not None:
            return row, {}
    return _uneven_row(text, keys, sets)


def _even_row(text: str, persons: int) -> GenotypeRow | None:
    """Read cells of three letters each; ``None`` when some cell is something else."""
    cells = np.frombuffer(f"{text}\t".encode("ascii", "replace"), np.uint8).reshape(persons, 4)
    numbers = cells[:, ::2].astype(np.int16) - _ZERO
    separators, ends = cells[:, 1], cells[:, 3]
    is_missing = cells[:, ::2] == _DOT
    is_phased = separators == ord("|")
    if not (
        (ends == _TAB).all()
        and (is_phased | (separators == ord("/"))).all()
        and (is_missing | ((numbers >= 0) & (numbers <= 9))).all()
    ):
        return None
    # A sheet of its own, so that the text is not kept.
    alleles = np.where(is_missing, np.int16(MISSING), numbers)
    return GenotypeRow(alleles, np.where(is_phased, np.int32(CONTIG_WIDE), np.int32(UNPHASED)))


def _uneven_row(text: str, keys: list[str], sets: dict[str, int]) -> tuple[GenotypeRow, dict[str, int]]:
    at, set_at = keys.index("GT"), keys.index("PS") if "PS" in keys else -1
    numbers: dict[tuple[str, str], int] = {}
    which = []
    for cell in text.split("\t"):
        values = cell.split(":")
        genotype = values[at] if at < len(values) else "."
        named = values[set_at] if 0 <= set_at < len(values) else "."
        which.append(numbers.setdefault((genotype, named), len(numbers)))
    alleles = np.empty((len(numbers), 2), np.int16)
    phases = np.empty(len(numbers), np.int32)
    counts = np.bincount(which, minlength=len(numbers)).tolist()
    refused: dict[str, int] = {}
    for (genotype, named), number in numbers.items():
        try:
            parsed = parse_genotype(genotype)
        except AlleleNumberError:
            raise
        except GenotypeError as error:
            refused[str(error)] = refused.get(str(error), 0) + counts[number]
            parsed = Genotype((None, None), is_phased=False)
        alleles[number] = _pair(parsed)
        phases[number] = UNPHASED if not parsed.is_phased else CONTIG_WIDE
        if parsed.is_phased and named not in {".", ""}:
            phases[number] = sets.setdefault(named, len(sets) + 1)
    return GenotypeRow(alleles[which], phases[which]), refused


def _pair(genotype: Genotype) -> tuple[int, int]:
    values = [MISSING if allele is None else allele for allele in genotype.alleles]
    if max(values) > _MOST_ALLELES:
        raise AlleleNumberError(f"an allele number is above {_MOST_ALLELES}")
    # A lone dot is how many callers write a missing pair, so it says nothing of the number of copies.
    if len(values) == 1:
        values.append(MISSING if values[0] == MISSING else ABSENT)
    return values[0], values[1]
