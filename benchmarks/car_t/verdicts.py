"""The catalogue's verdict on antigens beside what therapies against them did in people.

    python benchmarks/car_t/verdicts.py

prints the table of ``docs/benchmarks/car_t.md`` from ``tests/modality/golden/car_t_targets.tsv``.
"""

from __future__ import annotations

import csv
from pathlib import Path

from revertant.knowledge import antigen_named
from revertant.modality.car_t.targets import catalogue_safety

GOLDEN = Path(__file__).parents[2] / "tests" / "modality" / "golden" / "car_t_targets.tsv"


def main():
    """Print one row for each antigen."""
    with GOLDEN.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    print(
        "| antigen | in people | organs | verdict | worst normal tissue | without what therapies showed | source |"
    )
    print("|---|---|---|---|---|---|---|")
    agree = 0
    for row in rows:
        antigen = antigen_named(row["symbol"])
        judged, before = catalogue_safety(antigen), catalogue_safety(antigen, before_people=True)
        agree += judged.status.value == row["expected"]
        read = "" if row["read"] == "yes" else " (not read)"
        print(
            f"| {row['symbol']} | {row['outcome']} | {row['organs'].replace(',', ', ')} | {judged.status.value} | "
            f"{judged.value} | {before.status.value} | {row['source']}{read} |"
        )
    print(f"\n{agree} of {len(rows)} as expected.")


if __name__ == "__main__":
    main()
