"""Eligibility lines read by the grammar, held against lines that people labelled.

    python benchmarks/eligibility.py

prints the tables of ``docs/benchmarks/trials_eligibility.md``. The real records stand in the test data; the labels, by
record and digest of the line, in ``tests/trials/eligibility``.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from revertant.trials.eligibility import read_eligibility
from revertant.trials.eligibility.judge import judge

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
sys.path.insert(0, str(ROOT / "tests" / "trials"))

from eligibility_labels import FAMILIES, Score, real_texts, score_real, score_written  # noqa: E402

SETS = (
    ("development", "labels_development.tsv"),
    ("held out", "labels_held_out.tsv"),
    ("second", "labels_held_out_second.tsv"),
    ("third", "labels_held_out_third.tsv"),
)


def row(name: str, score: Score) -> str:
    """Return one line of the table of sets."""
    right, wrong, missed = score.right.total(), score.wrong.total(), score.missed.total()
    inverted = len(score.inverted) + len(score.polarity_wrong)
    return (
        f"| {name} | {score.lines} | {right + missed} | {score.precision:.3f} ({right}/{right + wrong}) | "
        f"{score.recall:.3f} ({right}/{right + missed}) | {inverted} | {len(score.reservation_missed)} | "
        f"{score.reserved_needlessly} |"
    )


def main() -> None:
    """Print the tables."""
    scores = [(name, score_real(file, DATA)) for name, file in SETS]
    scores.append(("written", score_written()))
    print("| lines | number | criteria | precision | recall | inversions | reservations missed | needless |")
    print("|---|---|---|---|---|---|---|---|")
    for name, score in scores:
        print(row(name, score))
    print("\n| family | labelled | precision | recall |\n|---|---|---|---|")
    right, wrong, missed = (
        sum((getattr(score, name) for _, score in scores), Counter()) for name in ("right", "wrong", "missed")
    )
    for family, _ in FAMILIES:
        good, bad, lost = right[family], wrong[family], missed[family]
        if good + bad + lost:
            share = f"{good / (good + bad):.3f} ({good}/{good + bad})" if good + bad else "-"
            found = f"{good / (good + lost):.3f} ({good}/{good + lost})" if good + lost else "-"
            print(f"| {family} | {good + lost} | {share} | {found} |")
    texts = list(real_texts(DATA).values())
    judge.cache_clear()  # as for texts never seen
    start = time.process_time()
    readings = [read_eligibility(text) for text in texts]
    seconds = time.process_time() - start
    start = time.process_time()
    for _ in range(10**7):
        pass
    loop = time.process_time() - start
    lines = [line for reading in readings for line in reading.lines]
    print(f"\n{len(texts)} texts, {len(lines)} lines in {seconds:.2f} s of processor time")
    print(f"an empty loop of 10^7 steps in {loop:.2f} s")
    typed, whole = sum(line.is_parsed for line in lines), sum(line.is_whole for line in lines)
    criteria = [one for line in lines for one in line.criteria]
    reserved = sum(bool(one.unless or one.provided) for one in criteria)
    print(
        f"{typed} lines with a criterion, {whole} read whole, {len(criteria)} criteria, {reserved} with a reservation"
    )


if __name__ == "__main__":
    main()
