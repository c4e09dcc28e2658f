"""Known items sought in the store: is the record found that a question was made from, beside plain BM25?

    python benchmarks/trials/retrieval.py [--seed N] [--records N]

Each record that has a catalogued condition and an intervention gives four questions: a condition and an intervention as
the record writes them; the same with another catalogued name of the condition; the same as the first with one letter
wrong; and the usual name of the condition with the rarest word of the intervention. Prints
a Markdown table. The data folder is named by REVERTANT_TEST_DATA; ``pip install bm25s`` for the library's row.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from revertant.knowledge import disease_named, spelt
from revertant.model import Trial
from revertant.trials.matching import readings
from revertant.trials.registry import read_trials
from revertant.trials.store import TrialQuery, TrialStore, search_trials
from revertant.trials.store.store import texts_of

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data")) / "trials"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DEPTH = 10
#: The records on which the weights of the fields and the share of a synonym were chosen.
TUNED_SEED, TUNED_RECORDS = 1, 150

Ranker = Callable[[str], list[str]]


def mistyped(text: str, draw: random.Random) -> str:
    """Make one letter of one word of five letters or more wrong: left out, doubled, another one, or two swapped."""
    words = text.split()
    places = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not places:
        return ""
    at = draw.choice(places)
    word = words[at]
    where = draw.randrange(1, len(word) - 1)
    kind = draw.randrange(4)
    if kind == 0:
        word = word[:where] + word[where + 1 :]
    elif kind == 1:
        word = word[:where] + word[where] + word[where:]
    elif kind == 2:
        word = word[:where] + draw.choice(LETTERS.replace(word[where].lower(), "")) + word[where + 1 :]
    else:
        word = word[:where] + word[where + 1] + word[where] + word[where + 2 :]
    words[at] = word
    return " ".join(words) if word != text.split()[at] else ""


def questions(trial: Trial, draw: random.Random, rarity: Counter[str]) -> dict[str, str]:
    """Make the questions of one record; none where it has no catalogued condition or no intervention."""
    named = [
        (condition, one.row)
        for condition in trial.conditions
        for one in readings(condition)[:1]
        if one.row is not None
    ]
    interventions = [one.name for one in trial.interventions if spelt(one.name)]
    if not named or not interventions:
        return {}
    condition, row = draw.choice(named)
    intervention = draw.choice(interventions)
    said = f"{condition} {intervention}"
    others = [
        name
        for name in row.names
        if spelt(name) not in spelt(condition) and spelt(condition) not in spelt(name)
    ]
    found = {"condition + intervention": said}
    if others:
        found["synonym + intervention"] = f"{draw.choice(others)} {intervention}"
    if wrong := mistyped(said, draw):
        found["one letter wrong"] = wrong
    rare = min(spelt(intervention).split(), key=lambda word: (rarity[word], word))
    found["usual name + rarest word"] = f"{row.names[0]} {rare}"
    return found


def drawn(
    trials: tuple[Trial, ...], seed: int, number: int, without: frozenset[str] = frozenset()
) -> tuple[dict[str, list[tuple[str, str]]], frozenset[str]]:
    """Draw records and make their questions; return them by kind, and which records they are of."""
    rarity = Counter(word for one in trials for word in set(" ".join(texts_of(one)).split()))
    draw = random.Random(seed)
    asked: dict[str, list[tuple[str, str]]] = {}
    taken: set[str] = set()
    for trial in draw.sample(trials, len(trials)):
        if len(taken) == number:
            break
        if trial.nct_id in without or not (made := questions(trial, draw, rarity)):
            continue
        for kind, text in made.items():
            asked.setdefault(kind, []).append((trial.nct_id, text))
        taken.add(trial.nct_id)
    return asked, frozenset(taken)


def plain_fts(store: TrialStore) -> Ranker:
    """SQLite's BM25 over the same index, every field alike, the words as typed."""

    def rank(text: str) -> list[str]:
        words = [f'"{word}"' for word in spelt(text).split()]
        if not words:
            return []
        rows = store.rows(
            "SELECT nct_id FROM texts JOIN trials ON trials.id = texts.rowid WHERE texts MATCH ? "
            "ORDER BY bm25(texts), nct_id LIMIT ?",
            (" OR ".join(words), DEPTH),
        )
        return [str(one) for (one,) in rows]

    return rank


def library(trials: tuple[Trial, ...]) -> Ranker | None:
    """Rank with bm25s at its defaults, over all fields as one text, with English stop words."""
    try:
        import bm25s  # noqa: PLC0415
    except ImportError:
        return None
    corpus = [" ".join(texts_of(one)) for one in trials]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(corpus, stopwords="en", show_progress=False), show_progress=False)

    def rank(text: str) -> list[str]:
        words = bm25s.tokenize([spelt(text)], stopwords="en", show_progress=False)
        found, _ = index.retrieve(words, k=DEPTH, show_progress=False)
        return [trials[int(at)].nct_id for at in found[0]]

    return rank


def ours(store: TrialStore) -> Ranker:
    def rank(text: str) -> list[str]:
        return [hit.trial.nct_id for hit in search_trials(store, TrialQuery(text=text, limit=DEPTH)).hits]

    return rank


def measured(rank: Ranker, asked: list[tuple[str, str]]) -> tuple[float, float, float, float, float]:
    at_1 = at_5 = at_10 = 0
    reciprocal = 0.0
    start = time.perf_counter()
    for number, text in asked:
        found = rank(text)
        place = found.index(number) + 1 if number in found else 0
        at_1 += place == 1
        at_5 += 0 < place <= 5
        at_10 += 0 < place <= 10
        reciprocal += 1 / place if place else 0.0
    seconds = time.perf_counter() - start
    whole = len(asked)
    return at_1 / whole, at_5 / whole, at_10 / whole, reciprocal / whole, seconds / whole * 1e3


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=20261126)
    options.add_argument("--records", type=int, default=500)
    chosen = options.parse_args()
    trials = read_trials(sorted(DATA.glob("c*.gz"))).trials
    assert disease_named("AML") is not None
    # The records on which weights were chosen are left out.
    _, tuned = drawn(trials, TUNED_SEED, TUNED_RECORDS)
    asked, taken = drawn(trials, chosen.seed, chosen.records, tuned)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trials.sqlite"
        with TrialStore(path, writing=True) as store:
            store.put(trials)
        with TrialStore(path) as store:
            rankers: dict[str, Ranker | None] = {
                "BM25, library bm25s": library(trials),
                "BM25, SQLite FTS5, fields alike": plain_fts(store),
                "revertant": ours(store),
            }
            print(f"{len(trials):,} records, questions from {len(taken)} of them, seed {chosen.seed}.\n")
            print("| question | ranking | questions | recall@1 | recall@5 | recall@10 | MRR@10 | ms |")
            print("|---|---|---|---|---|---|---|---|")
            for kind, of_kind in asked.items():
                for name, rank in rankers.items():
                    if rank is None:
                        continue
                    one, five, ten, reciprocal, ms = measured(rank, of_kind)
                    print(
                        f"| {kind} | {name} | {len(of_kind)} | {one:.3f} | {five:.3f} | {ten:.3f} | "
                        f"{reciprocal:.3f} | {ms:.1f} |"
                    )


if __name__ == "__main__":
    main()
