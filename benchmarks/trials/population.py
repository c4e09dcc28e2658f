"""A population against all trials: how long it takes, and that it is the plain form's answer.

    python benchmarks/trials/population.py             10,000 people, the tables of trials
    python benchmarks/trials/population.py --with-texts  the full records too, whose criteria are read

Prints Markdown tables. The data folder is named by REVERTANT_TEST_DATA.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from pathlib import Path

from revertant.knowledge import diseases, genes
from revertant.model import Case, CaseVariant, Disease, Measurement, Sex, Subject, Trial
from revertant.trials.matching import case_facts, case_table, match_many, match_trial, trial_table
from revertant.trials.registry import read_trials

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data")) / "trials"
SEED = 20261126


def read(*, with_texts: bool) -> tuple[Trial, ...]:
    files = [*sorted(DATA.glob("cart_*_trials_*.csv.gz")), *sorted(DATA.glob("cart_*_sites_*.csv.gz"))]
    return read_trials([*files, *(sorted(DATA.glob("ctgov*.jsonl.gz")) if with_texts else ())]).trials


def people(number: int, trials: tuple[Trial, ...], seed: int = SEED) -> list[Case]:
    """Draw people: seven of ten with a condition that a trial names, two with a catalogued name, one with a gene."""
    draw = random.Random(seed)
    named = [condition for trial in trials for condition in trial.conditions]
    catalogued = [name for row in diseases().values() for name in row.names]
    symbols = sorted(genes())
    found = []
    for at in range(number):
        kind = draw.random()
        label = draw.choice(named) if kind < 0.7 else draw.choice(catalogued) if kind < 0.9 else ""
        gene = draw.choice(symbols) if kind >= 0.9 else ""
        age = round(draw.uniform(0, 18) if draw.random() < 0.3 else draw.uniform(18, 90), 2)
        values = [
            Measurement("platelets", round(draw.lognormvariate(4.8, 0.7), 1), "10*9/L"),
            Measurement("ANC", round(draw.lognormvariate(0.8, 0.8), 2), "10*9/L"),
            Measurement("creatinine_clearance", round(draw.uniform(20, 130)), "mL/min"),
        ]
        found.append(
            Case(
                f"p{at}",
                Subject(
                    f"p{at}",
                    sex=draw.choice([Sex.FEMALE, Sex.MALE]),
                    age_years=None if draw.random() < 0.05 else age,
                    weight_kg=round(draw.uniform(3, 110), 1) if draw.random() < 0.5 else None,
                ),
                (CaseVariant((f"{gene}:c.1A>G",), gene=gene),) if gene else (),
                diseases=(Disease("", label),) if label else (),
                jurisdiction=draw.choice(["US", "CN", "DE", "FR", "GB", ""]),
                measurements=tuple(one for one in values if draw.random() < 0.4),
                conditions=tuple(
                    (key, draw.random() < 0.2)
                    for key in ("pregnant", "active_infection")
                    if draw.random() < 0.3
                ),
            )
        )
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--with-texts", action="store_true")
    options.add_argument("--check", type=int, default=20_000, help="pairs that the plain form answers too")
    chosen = options.parse_args()
    start = time.perf_counter()
    trials = read(with_texts=chosen.with_texts)
    rows = [("files read", time.perf_counter() - start)]
    cases = people(chosen.people, trials)
    start = time.perf_counter()
    table = case_table(cases)
    rows.append(("people as columns", time.perf_counter() - start))
    start = time.perf_counter()
    records = trial_table(trials)
    rows.append(("trials as columns", time.perf_counter() - start))
    start = time.perf_counter()
    matched = match_many(table, records)
    rows.append(("matching", time.perf_counter() - start))
    pairs = len(cases) * len(trials)
    texts = sum(1 for one in trials if one.eligibility)
    print(
        f"{len(cases):,} people x {len(trials):,} trials ({texts} with criteria in words) = {pairs:,} pairs, "
        f"{len(table.kinds):,} distinct sets of diseases and genes\n"
    )
    print("| stage | seconds |\n|---|---|")
    for name, seconds in rows:
        print(f"| {name} | {seconds:.2f} |")
    print(f"| all but the files | {sum(seconds for _, seconds in rows[1:]):.2f} |")
    print(f"\nLargest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.\n")
    print("| verdict | pairs | share |\n|---|---|---|")
    for verdict, number in matched.counts().items():
        print(f"| {verdict.replace('_', ' ')} | {number:,} | {number / pairs:.2%} |")
    some = sum(1 for row in range(len(cases)) if matched.possible(row))
    print(f"\n{some:,} people have a trial that is possible.\n")
    draw = random.Random(SEED + 1)
    # Half of the pairs at random, half among those that are not simply about another disease.
    drawn = [(draw.randrange(len(cases)), draw.randrange(len(trials))) for _ in range(chosen.check // 2)]
    near = [(row, column) for row, column in zip(*(matched.codes < 3).nonzero(), strict=True)]
    drawn += draw.sample(near, min(len(near), chosen.check // 2))
    start = time.perf_counter()
    facts = {row: case_facts(cases[row]) for row, _ in drawn}
    wrong = sum(
        match_trial(facts[row], trials[column]).verdict is not matched.verdict(row, column)
        for row, column in drawn
    )
    seconds = time.perf_counter() - start
    print(
        f"The plain form on {len(drawn):,} of the pairs (half of them about the disease): {wrong} differ; "
        f"{seconds / len(drawn) * 1e3:.2f} ms a pair."
    )


if __name__ == "__main__":
    main()
