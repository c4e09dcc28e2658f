"""Reading the published tables, and the folder they lie in."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

__all__ = ["ROOT", "data_folder", "read_table"]

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder of published data; ``REVERTANT_TEST_DATA`` overrides the place."""
    return Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))


def read_table(name: str, *, header: bool = True) -> list[dict[str, str]]:
    """Read a table of text, its rows as written.

    Parameters
    ----------
    name
        Path below the data folder; ``.csv`` or ``.tsv``, with ``.gz`` or without.
    header
        Without one, columns are named by their number from 0.
    """
    path = data_folder() / name
    opened = gzip.open if name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter="\t" if ".tsv" in path.name else ",")
        names = next(lines) if header else None
        return [
            dict(zip(names or map(str, range(len(line))), line, strict=True)) for line in lines if any(line)
        ]
