"""Time and check the exact search for gates on generated cells.

    python benchmarks/car_t/gates.py [--genes 2886] [--cells 20000] [--threads 2]

prints the tables of ``docs/benchmarks/car_t.md``. Times are of the wall clock (least and most of three runs) and of the
processor (least), after the kernels have been compiled; the load says how many processes wanted the machine.
"""

from __future__ import annotations

import argparse
import os
import time
from functools import partial

import numpy as np
from generated_cells import generate

from revertant.modality.car_t.targets import (
    FORMS,
    GateLimits,
    measure_gate,
    pack_cells,
    search_gates,
)
from revertant.modality.car_t.targets.gate_twin import gates_by_hand

#: The limits that are timed; the planted gates are looked for with the first.
LIMITS = (
    GateLimits(least_coverage=0.8, most_hit=0.01, keep=2000),
    GateLimits(least_coverage=0.5, most_hit=0.05, keep=20),
    GateLimits(least_coverage=0.5, most_hit=0.05, keep=2000),
)
RUNS = 3


def timed(function):
    """Run it; return its result, seconds on the wall and seconds of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - wall, time.process_time() - processor


def sample(cells, planted, genes, count, seed):
    """A part of the cells: the planted genes and some others, and some cells of every group."""
    draw = np.random.default_rng(seed)
    kept = {gene for gate in planted for gene in gate.antigens}
    others = [gene for gene in cells.genes if gene not in kept]
    kept |= set(draw.choice(others, genes, replace=False).tolist())
    chosen = [gene for gene in cells.genes if gene in kept]
    picked = {
        group: draw.choice(size, min(size, count * size // sum(cells.sizes)), replace=False)
        for group, size in zip(cells.groups, cells.sizes, strict=True)
    }
    table = [
        np.concatenate([cells.positive(gene)[group][picked[group]] for group in cells.groups])
        for gene in chosen
    ]
    labels = [group for group in cells.groups for _ in picked[group]]
    return pack_cells(chosen, np.array(table), labels)


def main():
    """Print what was measured."""
    options = argparse.ArgumentParser()
    options.add_argument("--genes", type=int, default=2886)
    options.add_argument("--cells", type=int, default=20_000)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--sample-genes", type=int, default=4)
    asked = options.parse_args()
    cells, planted = generate(asked.genes, asked.cells, asked.cells * 2 // 5)
    small = sample(cells, planted, asked.sample_genes, 1500, seed=2)
    search_gates(small, most_antigens=3, limits=LIMITS[1], threads=asked.threads)
    print(f"{len(cells.genes):,} genes, {sum(cells.sizes):,} cells, {asked.threads} threads")
    print("| antigens | coverage | hit | kept | gates | wall, s | processor, s | load of the machine |")
    print("|---|---|---|---|---|---|---|---|")
    for limits in LIMITS:
        for most in (2, 3):
            search = partial(search_gates, cells, most_antigens=most, limits=limits, threads=asked.threads)
            runs = [timed(search) for _ in range(RUNS)]
            load = os.getloadavg()[0]
            walls, processor = sorted(wall for _, wall, _ in runs), min(used for *_, used in runs)
            print(
                f"| {most} | {limits.least_coverage:.0%} | {limits.most_hit:.0%} | {limits.keep:,} | "
                f"{runs[0][0].considered:,} | {walls[0]:.1f} to {walls[-1]:.1f} | {processor:.1f} | {load:.1f} |",
                flush=True,
            )
            if limits is LIMITS[0]:
                found = runs[0][0]
    print("| form | found | planted gate | place | coverage | worst organ |")
    print("|---|---|---|---|---|---|")
    for form, shape in enumerate(FORMS):
        of_form = [result.gate for result in found.gates if result.gate.form == form]
        gate = planted[form]
        result = measure_gate(cells, gate)
        place = of_form.index(gate) + 1 if gate in of_form else "not among them"
        print(
            f"| {shape.name} | {len(of_form)} | {gate.sentence} | {place} | {result.coverage:.1%} | "
            f"{result.worst.share:.2%} ({result.worst.organ}) |"
        )
    loose = GateLimits(0.4, 0.05, 0.01, 100_000)
    truth, wall, _ = timed(lambda: {gate for gate, _ in gates_by_hand(small, loose, 3)})
    fast = {
        result.gate
        for result in search_gates(small, most_antigens=3, limits=loose, threads=asked.threads).gates
    }
    print(
        f"by hand: {len(small.genes)} genes, {sum(small.sizes):,} cells, {len(truth):,} gates in {wall:.0f} s; "
        f"the same {len(fast & truth):,} found, {len(fast ^ truth)} differ"
    )


if __name__ == "__main__":
    main()
