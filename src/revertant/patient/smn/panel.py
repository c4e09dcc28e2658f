"""Samples with known copies that put targeted data on a scale.

Capture takes each target with its own efficiency, so that reads of SMN1 and SMN2 over reads of other genes mean
nothing in one sample alone. Samples of the same assay whose copies a laboratory counted give the factor.
"""

from __future__ import annotations

import csv
import statistics
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import InputError
from revertant.patient.smn.depth import LEAST_SPREAD, Scale

__all__ = ["FEWEST_SAMPLES", "Panel", "read_panel"]

#: Fewer samples do not show how much an assay varies: our own choice.
FEWEST_SAMPLES = 10
_COLUMNS = ("total", "full_length", "total_measured", "full_length_measured")


@dataclass(frozen=True, slots=True)
class Panel:
    """What samples with known copies measured.

    Parameters
    ----------
    name
        Name of its file.
    samples
        Number of samples.
    total_factor, full_length_factor
        Measured over known copies, median.
    total_spread, full_length_spread
        Relative standard deviation of that, from the median absolute deviation.
    """

    name: str
    samples: int
    total_factor: float
    full_length_factor: float
    total_spread: float
    full_length_spread: float

    def scales(self, total_reads: float, full_length_reads: float) -> tuple[Scale, Scale]:
        """Give the scales of exons 1-6 and of exons 7-8 of a sample of the same assay.

        Parameters
        ----------
        total_reads, full_length_reads
            Reads that a copy of either stretch would give if it were taken as well as the controls.
        """
        # All reads count as paired: the panel's own spread holds the rest.
        return (
            Scale(total_reads * self.total_factor, self.total_spread, 2.0),
            Scale(full_length_reads * self.full_length_factor, self.full_length_spread, 2.0),
        )


def read_panel(path: str | Path) -> Panel:
    r"""Read a panel.

    Parameters
    ----------
    path
        Tab-separated, a header and one row for each sample: ``total`` and ``full_length``, the copies a laboratory
        counted, and ``total_measured`` and ``full_length_measured``, which ``revertant smn --json`` gives as
        ``quality`` for that sample. Other columns are ignored.

    Raises
    ------
    InputError
        Code ``bad-panel``.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
    ...     _ = file.write("total\tfull_length\ttotal_measured\tfull_length_measured\n" + "4\t4\t2\t6\n" * 10)
    ...     file.flush()
    ...     panel = read_panel(file.name)
    >>> panel.total_factor, panel.full_length_factor
    (0.5, 1.5)
    """
    place = Path(path)
    try:
        with place.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _bad(place.name, "The panel cannot be read.") from error
    missing = [column for column in _COLUMNS if rows and rows[0].get(column) is None]
    if missing:
        raise _bad(place.name, f"The panel has no column {missing[0]!r}.")
    ratios: tuple[list[float], list[float]] = ([], [])
    for number, row in enumerate(rows, 2):
        try:
            known = int(row["total"]), int(row["full_length"])
            measured = float(row["total_measured"]), float(row["full_length_measured"])
        except (TypeError, ValueError):
            raise _bad(f"{place.name}: line {number}", "A value is no number.") from None
        if not 0 < known[1] <= known[0] or min(measured) <= 0:
            raise _bad(
                f"{place.name}: line {number}",
                "Copies and measures must be above 0, full length within total.",
            )
        for index in (0, 1):
            ratios[index].append(measured[index] / known[index])
    if len(rows) < FEWEST_SAMPLES:
        raise _bad(place.name, f"The panel has {len(rows)} samples; at least {FEWEST_SAMPLES} are needed.")
    middles = [statistics.median(values) for values in ratios]
    spreads = [
        max(LEAST_SPREAD, 1.4826 * statistics.median(abs(value / middle - 1) for value in values))
        for values, middle in zip(ratios, middles, strict=True)
    ]
    return Panel(place.name, len(rows), middles[0], middles[1], spreads[0], spreads[1])


def _bad(where: str, what: str) -> InputError:
    return InputError(
        what,
        where=where,
        remedy=f"Give a tab-separated table with the columns {', '.join(_COLUMNS)}, one row for each sample of the "
        "same assay whose copies a laboratory counted.",
        code="bad-panel",
    )
