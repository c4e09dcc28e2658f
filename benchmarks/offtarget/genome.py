"""Writes a synthetic, human-like genome and guides for it; the same seed gives the same bytes.

    python benchmarks/offtarget/genome.py 1e8 FOLDER

Repeat families (Alu-like, L1-like, a quarter of the bases, 3 to 25 % diverged), few CpG, runs of N, IUPAC codes,
repeats in lower case. Guides: 20, and 1000 of which 30 % lie in repeats, each beside an NGG.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

SEED = 7
LINE = 60
CONTIGS = 8
NEXT = np.array(
    [
        [0.327, 0.172, 0.242, 0.259],
        [0.352, 0.253, 0.049, 0.346],
        [0.290, 0.207, 0.253, 0.250],
        [0.217, 0.203, 0.252, 0.328],
    ]
)
UPPER, LOWER = (np.frombuffer(text, np.uint8) for text in (b"ACGT", b"acgt"))


def background(rng: np.random.Generator, size: int) -> np.ndarray:
    """A first-order chain: blocks side by side, so that numpy makes all of them at once."""
    width = max(1, size // 2000)
    cumulative = np.cumsum(NEXT, axis=1)
    rows = np.empty((-(-size // width), width), np.uint8)
    state = rng.integers(0, 4, width)
    for row in rows:
        state = (rng.random(width)[:, None] > cumulative[state, :3]).sum(axis=1)
        row[:] = state
    return rows.T.reshape(-1)[:size].copy()


def insert_repeats(rng, bases, low, family, share, shortest, divergence):
    longest = len(family[0])
    copies = int(len(bases) * share / ((shortest + longest) / 2))
    for _ in range(copies):
        length = int(rng.integers(shortest, longest + 1))
        start = int(rng.integers(0, longest - length + 1))
        at = int(rng.integers(0, len(bases) - longest))
        copy = family[rng.integers(len(family))][start : start + length].copy()
        if rng.random() < 0.5:
            copy = 3 - copy[::-1]
        changed = np.flatnonzero(rng.random(length) < rng.uniform(*divergence))
        copy[changed] = rng.integers(0, 4, len(changed))
        # A tenth of the changes are lost bases: the copy gets shorter.
        copy = np.delete(copy, changed[: len(changed) // 10])
        bases[at : at + len(copy)] = copy
        low[at : at + len(copy)] = True


def family_of(rng, size, members, spread):
    base = background(rng, size)
    made = []
    for _ in range(members):
        copy = base.copy()
        changed = rng.random(size) < spread
        copy[changed] = rng.integers(0, 4, changed.sum())
        made.append(copy)
    return made


def contig(rng, size, alu, l1) -> np.ndarray:
    bases, low = background(rng, size), np.zeros(size, bool)
    insert_repeats(rng, bases, low, l1, 0.15, 300, (0.05, 0.25))
    insert_repeats(rng, bases, low, alu, 0.10, 200, (0.03, 0.18))
    text = np.where(low, LOWER[bases], UPPER[bases])
    edge = min(10_000, size // 50)
    text[:edge] = text[-edge:] = ord("N")
    for _ in range(3):
        at = int(rng.integers(edge, size - 2 * edge))
        text[at : at + int(rng.integers(50, edge))] = ord("N")
    count = int(size / 1e6) + 2
    text[rng.integers(0, size, count)] = np.frombuffer(b"RYKMSW", np.uint8)[rng.integers(0, 6, count)]
    return text


def write_fasta(path: Path, size: int) -> None:
    rng = np.random.default_rng(SEED)
    alu, l1 = family_of(rng, 300, 6, 0.04), family_of(rng, 6000, 4, 0.08)
    shares = rng.dirichlet(np.full(CONTIGS, 8.0))
    with path.open("wb") as file:
        for number, length in enumerate((shares * size).astype(int).tolist(), start=1):
            text = contig(rng, length, alu, l1)
            file.write(b">chr%d synthetic\n" % number)
            whole = length // LINE * LINE
            lines = np.full((length // LINE, LINE + 1), 10, np.uint8)
            lines[:, :LINE] = text[:whole].reshape(-1, LINE)
            file.write(lines.tobytes())
            if length > whole:
                file.write(text[whole:].tobytes() + b"\n")


def write_guides(fasta: Path, folder: Path) -> None:
    rng = np.random.default_rng(SEED + 1)
    with fasta.open() as file:
        file.readline()
        text = "".join(line.strip() for line in file.read(20_000_000).split(">")[0].splitlines())
    turn = str.maketrans("ACGTacgt", "TGCAtgca")
    unique, repeated = {}, {}
    while len(unique) < 714 or len(repeated) < 306:
        at = int(rng.integers(0, len(text) - 23))
        site = text[at : at + 23]
        site = site.translate(turn)[::-1] if rng.random() < 0.5 else site
        if site.upper().endswith("GG") and set(site.upper()) <= set("ACGT"):
            if site.isupper() and len(unique) < 714:
                unique[site[:20]] = None
            elif site.islower() and len(repeated) < 306:
                repeated[site[:20].upper()] = None
    few = [*list(unique)[:14], *list(repeated)[:6]]
    many = [*few, *[g for g in (*unique, *repeated) if g not in few]][:1000]
    (folder / "guides_20.txt").write_text("\n".join(few) + "\n")
    (folder / "guides_1000.txt").write_text("\n".join(many) + "\n")


def main(size: str, folder: str) -> None:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    write_fasta(place / "genome.fa", int(float(size)))
    write_guides(place / "genome.fa", place)


if __name__ == "__main__":
    main(*sys.argv[1:])
