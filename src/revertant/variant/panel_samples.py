"""Which person of a panel belongs to which population: the sample table beside the VCF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from revertant.errors import InputError
from revertant.genome.compression import open_text
from revertant.variant.limits import shown

__all__ = ["EVERYBODY", "UNLABELLED", "SampleTable", "read_sample_table"]

#: The name under which everybody is counted.
EVERYBODY = "all"
#: The name under which people without a population are counted.
UNLABELLED = "unlabelled"

_SAMPLE = "sample"
#: Columns that name a population, the first present is taken; the last two spellings are those of the
#: 1000 Genomes phase 3 panel file.
_POPULATION_COLUMNS = ("superpopulation", "population", "super_pop", "pop")


@dataclass(frozen=True, slots=True)
class SampleTable:
    """Populations of people.

    Parameters
    ----------
    name
        The file's name without its folder.
    column
        The column the populations come from.
    populations
        Sample to population; people whose cell is empty are not in it.
    """

    name: str
    column: str
    populations: Mapping[str, str]


def read_sample_table(path: Path | str, column: str = "") -> SampleTable:
    r"""Read a tab-separated table with a header; one column is called ``sample``.

    Parameters
    ----------
    path
        Plain, gzip or BGZF text.
    column
        The column that holds the population; by default ``superpopulation`` where there is one, else
        ``population`` (or ``super_pop``, ``pop``).

    Raises
    ------
    InputError
        When the file cannot be read, lacks a column, or names a sample twice.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "samples.tsv")
    ...     _ = path.write_text("sample\tpopulation\tsuperpopulation\nHG00096\tGBR\tEUR\n")
    ...     table = read_sample_table(path)
    >>> table.column, dict(table.populations)
    ('superpopulation', {'HG00096': 'EUR'})
    """
    place = Path(path)
    populations: dict[str, str] = {}
    seen: set[str] = set()
    with open_text(place) as lines:
        header = [name.strip() for name in next(lines, "").rstrip("\r\n").removeprefix("#").split("\t")]
        lower = [name.lower() for name in header]
        sample_at, at = _columns(lower, column, place.name)
        for number, line in enumerate(lines, start=2):
            text = line.rstrip("\r\n")
            if not text.strip():
                continue
            fields = [field.strip() for field in text.split("\t")]
            where = f"{place.name}:{number}"
            if len(fields) != len(header):
                raise _bad(f"The row has {len(fields)} columns, the header {len(header)}.", where)
            sample, population = fields[sample_at], fields[at]
            if not sample:
                raise _bad("The row names no sample.", where)
            if sample in seen:
                raise _bad(f"Sample {shown(sample)!r} is listed twice.", where)
            seen.add(sample)
            if population in {EVERYBODY, UNLABELLED}:
                raise _bad(f"{population!r} cannot name a population: the report uses it.", where)
            if population:
                populations[sample] = population
    if not seen:
        raise _bad("The table lists no sample.", place.name)
    return SampleTable(place.name, header[at], MappingProxyType(populations))


def _columns(header: list[str], wanted: str, name: str) -> tuple[int, int]:
    if _SAMPLE not in header:
        raise _bad(f"The table has no column {_SAMPLE!r}.", f"{name}:1")
    doubled = sorted({key for key in header if header.count(key) > 1})
    if doubled:
        raise _bad(f"The table has two columns {shown(doubled[0])!r}.", f"{name}:1")
    candidates = (wanted.strip().lower(),) if wanted else _POPULATION_COLUMNS
    for candidate in candidates:
        if candidate in header and candidate != _SAMPLE:
            return header.index(_SAMPLE), header.index(candidate)
    there = ", ".join(shown(key) for key in header[:8])
    asked = f"{shown(wanted)!r}" if wanted else f"{_POPULATION_COLUMNS[0]!r} or {_POPULATION_COLUMNS[1]!r}"
    raise InputError(
        f"The table has no column {asked}.",
        where=f"{name}:1",
        remedy=f"It has: {there}. Name the column that holds the population.",
        code="bad-sample-table",
    )


def _bad(what: str, where: str) -> InputError:
    remedy = "Give a tab-separated table with a header: sample, population, superpopulation, sex."
    return InputError(what, where=where, remedy=remedy, code="bad-sample-table")
