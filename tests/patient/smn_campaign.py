"""People drawn over the grid of copies, each written as a BAM and called: what is right, wrong and not called.

    python tests/patient/smn_campaign.py 1044                        the campaign of docs/benchmarks/smn.md
    python tests/patient/smn_campaign.py 174 --depths 10 15          few reads
    python tests/patient/smn_campaign.py 174 --contamination 0.05    with reads of a person with 2 and 2 copies

Prints Markdown tables, and every person of whom not all was right.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from smn_simulator import Person, simulated_controls, write_person

from revertant.patient.smn import SmaStatus, call_smn

GRID = [
    (smn1, smn2, deleted)
    for smn1 in range(5)
    for smn2 in range(6)
    for deleted in range(3)
    if smn1
    + smn2  # nobody lives without any full-length copy: the caller refuses it, and its own test holds that
]
DEPTHS = (20, 25, 30, 35, 40)


@dataclass(frozen=True)
class Outcome:
    """What became of one sample: ``right``, ``wrong`` or ``no call`` for each answer."""

    depth: float
    answers: tuple[tuple[str, str], ...]
    inside: bool
    person: Person

    @property
    def genes(self):
        """SMN1, SMN2 and status together: wrong when one is wrong, no call when one is not called."""
        found = {how for what, how in self.answers if what in {"SMN1", "SMN2", "status"}}
        return "wrong" if "wrong" in found else "no call" if "no call" in found else "right"


def draw_person(seed, depths=DEPTHS, contamination=0.0):
    """The person of a seed: every cell of the grid in turn, everything else at random."""
    rng = random.Random(seed)
    smn1, smn2, deleted = GRID[seed % len(GRID)]
    build = rng.choice(["GRCh37", "GRCh38"])
    return Person(
        smn1=smn1,
        smn2=smn2,
        deleted=deleted,
        depth=depths[(seed // len(GRID)) % len(depths)],
        tagged=rng.randint(0, min(smn1, 1)),
        bin_spread=rng.uniform(0.02, 0.08),
        region_spread=rng.uniform(0.0, 0.015),
        gc_slope=rng.uniform(-1.5, 1.5),
        error=rng.uniform(0.001, 0.006),
        misplaced=rng.uniform(0.0, 0.1),
        build=build,
        prefix=rng.choice(["", "chr"]),
        contamination=contamination,
    )


def judge(call, person):
    """Hold a call against the truth."""
    full = person.smn1 + person.smn2
    truth = {
        "SMN1": (call.smn1, person.smn1),
        "SMN2": (call.smn2, person.smn2),
        "exons 7-8": (call.full_length, full),
        "exons 1-6": (call.total, full + person.deleted),
        "without exons 7-8": (call.without_exons_7_8, person.deleted),
    }
    answers = []
    inside = True
    for name, (found, number) in truth.items():
        answers.append(
            (name, "no call" if not found.is_call else "right" if found.best == number else "wrong")
        )
        if found.low is not None:
            inside &= found.low <= number and (found.high is None or number <= found.high)
    wanted = SmaStatus.SMN1_PRESENT if person.smn1 else SmaStatus.SMN1_ABSENT
    status = "no call" if call.status is SmaStatus.NO_CALL else "right" if call.status is wanted else "wrong"
    return Outcome(person.depth, (*answers, ("status", status)), inside, person)


def run_one(seed, folder, depths=DEPTHS, contamination=0.0):
    """Write one person's reads, call them, and judge the call."""
    person = draw_person(seed, depths, contamination)
    path = Path(folder) / f"person{seed}.bam"
    write_person(path, person, seed)
    try:
        return judge(call_smn(path, controls=simulated_controls(person.build)), person)
    finally:
        path.unlink()
        path.with_name(f"{path.name}.bai").unlink()


def run_many(seeds, folder, depths=DEPTHS, contamination=0.0):
    """Outcomes of many people, one after the other."""
    return [run_one(seed, folder, depths, contamination) for seed in seeds]


def table(outcomes):
    """Markdown: a row for each depth, and one for all."""
    heads = ("depth", "samples", "SMN1 and SMN2 right", "no call", "wrong")
    heads += ("SMN1 absent or present: right", "no call", "wrong", "truth inside all 99 % intervals")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    depths = sorted({outcome.depth for outcome in outcomes})
    for name, rows in [
        *((f"{d:g}x", [o for o in outcomes if o.depth == d]) for d in depths),
        ("all", outcomes),
    ]:
        genes = Counter(outcome.genes for outcome in rows)
        status = Counter(dict(outcome.answers)["status"] for outcome in rows)
        cells = [len(rows), *(genes[how] for how in ("right", "no call", "wrong"))]
        cells += [status[how] for how in ("right", "no call", "wrong")]
        inside = sum(outcome.inside for outcome in rows) / len(rows)
        lines.append(f"| {name} | {' | '.join(map(str, cells))} | {inside:.1%} |")
    return "\n".join(lines)


def answers_table(outcomes):
    """Markdown: a row for each answer."""
    lines = ["| answer | right | no call | wrong |", "|---|---|---|---|"]
    for name, _ in outcomes[0].answers:
        found = Counter(dict(outcome.answers)[name] for outcome in outcomes)
        lines.append(f"| {name} | {found['right']} | {found['no call']} | {found['wrong']} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int)
    parser.add_argument("--depths", type=float, nargs="+", default=DEPTHS)
    parser.add_argument("--contamination", type=float, default=0.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run_many(range(asked.people), folder, asked.depths, asked.contamination)
    bad = [outcome for outcome in outcomes if outcome.genes != "right" or not outcome.inside]
    shown = "\n".join(f"{outcome.genes}: {outcome.answers} {outcome.person}" for outcome in bad)
    sys.stdout.write(f"{table(outcomes)}\n\n{answers_table(outcomes)}\n\n{shown}\n")


if __name__ == "__main__":
    main()
