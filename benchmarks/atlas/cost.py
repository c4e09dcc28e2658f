"""What the atlas costs: processor time for each variant and way.

    python benchmarks/atlas/cost.py [STEP]

Every STEP-th row of the table is judged (default 20), one process. Processor time is told, not the clock's, so that
other work on the machine counts as little as it can.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

from revertant.planning import judge_row, read_contexts
from revertant.planning.atlas import judge_base
from revertant.planning.atlas.allele_specific import judge_allele
from revertant.planning.atlas.donor_repair import judge_repair
from revertant.planning.atlas.places import ContextPlaces
from revertant.planning.atlas.prime_editing import judge_prime

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))

PARTS = (
    "reading the name, laying out the sequence",
    "base editing",
    "prime editing",
    "cut and donor, protospacers included",
    "allele-specific cut",
)


def main() -> None:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rows = read_contexts(DATA / "clinvar/clinvar_contexts.tsv.gz").rows[::step]
    judge_row(rows[0])  # catalogues are read once
    spent: Counter[str] = Counter()

    for row in rows:
        marks = [time.process_time_ns()]
        places = ContextPlaces.of(row)
        marks.append(time.process_time_ns())
        judge_base(row, places.gene)
        marks.append(time.process_time_ns())
        judge_prime(row)
        marks.append(time.process_time_ns())
        judge_repair(places)
        marks.append(time.process_time_ns())
        judge_allele(places)
        marks.append(time.process_time_ns())
        for what, (start, end) in zip(PARTS, pairwise(marks), strict=True):
            spent[what] += end - start
    print(f"{len(rows)} variants\tms of processor time for each")
    for what, nanoseconds in spent.items():
        print(f"{what}\t{nanoseconds / 1e6 / len(rows):.2f}")
    print(f"all\t{spent.total() / 1e6 / len(rows):.2f}")


if __name__ == "__main__":
    main()
