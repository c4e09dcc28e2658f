"""Pack the published MaxEntScan tables for the package.

    python -m training.splice_tables

reads ``splice/maxent_score{5,3}_matrix.txt.gz`` of the test data (the tables of Yeo and Burge 2004 as the
MIT-licensed port maxentpy has them) and writes ``src/revertant/prediction/maxent2004.npz``: for donors the ratio
for each of the 16,384 contexts of 7 bases in alphabetical order, for acceptors the nine tables of overlapping
parts, by the number of the bases in base 4. Single precision: a score moves by less than 0.00001 bits.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "src" / "revertant" / "prediction" / "maxent2004.npz"


def published_tables(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Read the published tables.

    Parameters
    ----------
    folder
        The folder with the two files.

    Returns
    -------
    dict
        ``donor`` and ``acceptor0`` to ``acceptor8``, each in the order of its contexts.

    Raises
    ------
    ValueError
        When a context is missing or out of order.
    """
    tables: dict[str, list[float]] = {}
    with gzip.open(folder / "maxent_score5_matrix.txt.gz", "rt") as lines:
        donors = [line.split() for line in lines]
    if [name for name, _ in donors] != sorted(name for name, _ in donors) or len(donors) != 4**7:
        msg = "the donor table does not list every context of 7 bases in order"
        raise ValueError(msg)
    tables["donor"] = [float(value) for _, value in donors]
    with gzip.open(folder / "maxent_score3_matrix.txt.gz", "rt") as lines:
        for line in lines:
            part, number, value = line.split()
            table = tables.setdefault(f"acceptor{part}", [])
            if int(number) != len(table):
                msg = f"part {part} of the acceptor table jumps to {number}"
                raise ValueError(msg)
            table.append(float(value))
    return {name: np.array(values) for name, values in tables.items()}


def main() -> None:
    """Write the packed tables."""
    data = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
    tables = published_tables(data / "splice")
    np.savez_compressed(TARGET, **{name: table.astype("<f4") for name, table in tables.items()})
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {sum(map(len, tables.values())):,} figures")


if __name__ == "__main__":
    main()
