"""Train the AsCas12a activity model: ``python -m training.cas12a``."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from revertant.prediction.card import Card, DataSet, Figure
from revertant.prediction.cas12a import CAS12A_CONTEXT_NT, CAS12A_MODEL, PAM_STOP, SPACER_STOP
from revertant.prediction.guide_features import encode, guide_feature_names, guide_features
from revertant.prediction.model_file import TrainedModel
from training.data import read_table
from training.fitting import Recipe, coverage, fit
from training.measure import bootstrap, rank_share, spearman
from training.package import figure_table, write_card, write_weights
from training.splits import near_any, overlaps_any

__all__ = ["figures_of", "held_out", "main", "train", "training_rows"]

TRAIN = "crispr/ontarget/truth/cas12a_deepcpf1_HT1-1.tsv.gz"
TEST = "crispr/ontarget/truth/cas12a_deepcpf1_HT1-2.tsv.gz"
LICENCE = "Apache-2.0 as stated by the repository the tables were taken from; the study states none"
BASELINE = "Seq-deepCpf1"
RECIPE = Recipe(
    {
        "learning_rate": 0.03,
        "num_leaves": 16,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.2,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
    },
    rounds=1000,
    seeds=(1, 2, 3),
    most=1.0,
)

Rows = tuple[list[str], np.ndarray]


def _read(name: str) -> Rows:
    """Contexts, sorted, with the mean indel frequency (share, background taken off, not below 0)."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in read_table(name):
        columns = list(row.values())
        found[columns[1]].append(max(0.0, float(columns[9]) / 100))
    contexts = sorted(found)
    return contexts, np.array([np.mean(found[context]) for context in contexts])


def held_out() -> Rows:
    """Return the test set, HT1-2."""
    return _read(TEST)


def training_rows() -> Rows:
    """Return HT1-1 without targets near to one of the test set."""
    contexts, share = _read(TRAIN)
    tests, _ = held_out()
    near = near_any([text[8:28] for text in contexts], [text[8:28] for text in tests])
    # 8 letters of PAM and spacer start are alike in many targets; 20 in a row are a common locus.
    keep = ~(near | overlaps_any(contexts, tests, 20))
    return [text for text, kept in zip(contexts, keep, strict=True) if kept], share[keep]


def features(contexts: list[str]) -> np.ndarray:
    """Return the rows of features the model looks at."""
    return guide_features(encode(contexts, CAS12A_CONTEXT_NT), PAM_STOP, SPACER_STOP)


def train(rows: Rows, recipe: Recipe = RECIPE) -> TrainedModel:
    """Train on contexts and shares; the trees learn ranks."""
    contexts, share = rows
    names = guide_feature_names(CAS12A_CONTEXT_NT, PAM_STOP, SPACER_STOP)
    groups = [text[PAM_STOP:SPACER_STOP] for text in contexts]
    return fit(CAS12A_MODEL, names, features(contexts), rank_share(share), share, groups, recipe)


def figures_of(model: TrainedModel, samples: int = 1000) -> tuple[Figure, ...]:
    """Measure a model on the test set, with intervals from so many bootstrap samples."""
    contexts, share = held_out()
    predicted = model.predict(features(contexts))
    tttv = np.array([text[PAM_STOP - 1] != "T" for text in contexts])
    figures = []
    for name, rows, baseline in (("all PAMs", tttv | True, 0.765), ("TTTV", tttv, 0.633)):
        low, high = bootstrap(spearman, predicted[rows], share[rows], samples=samples)
        value = spearman(predicted[rows], share[rows])
        figures.append(
            Figure(
                test=f"HT1-2, {name}",
                metric="Spearman",
                n=int(rows.sum()),
                value=value,
                low=low,
                high=high,
                baseline=BASELINE,
                baseline_value=baseline,
            )
        )
    return tuple(figures)


def main() -> None:
    """Train, write weights and card, print the table."""
    rows = training_rows()
    model = train(rows)
    digest = write_weights(model)
    figures = figures_of(model)
    contexts, share = held_out()
    inside = coverage(model, features(contexts), share)
    source = "doi:10.1038/nbt.4061"
    card = Card(
        key=CAS12A_MODEL,
        title="Indel frequency of AsCas12a at an integrated target in HEK293T cells",
        unit="share of reads with an indel, 0 to 1 (integrated target, HEK293T, lentiviral guide)",
        domain="AsCas12a with a TTTN PAM, 23-nt protospacer, 34-nt context of A, C, G, T",
        method=(
            "gradient-boosted trees (LightGBM, 3 seeds) on ranks of the measured frequency; features are bases and "
            "dinucleotides by position, counts, runs, best hairpin and RNA:DNA stacking energy of the spacer; a rising "
            "curve turns the score into a frequency"
        ),
        training=(
            DataSet(name="Kim 2018, HT1-1", rows=len(rows[0]), licence=LICENCE, source=source, file=TRAIN),
        ),
        held_out=(
            DataSet(name="Kim 2018, HT1-2", rows=len(contexts), licence=LICENCE, source=source, file=TEST),
        ),
        split=(
            "HT1-2 is the study's own test set. Targets of HT1-1 whose spacer is within 2 mismatches of one of HT1-2, "
            "or that share 20 nt with an HT1-2 context on either strand, were taken out of training."
        ),
        interval=(
            "80 % of targets in the training library fall inside (out-of-fold, in classes of the prediction); "
            f"{inside * 100:.0f} % of HT1-2 do"
        ),
        figures=figures,
        limits=(
            "Chromatin is not in it: at endogenous sites accessibility changes activity (Kim 2018).",
            "Only AsCas12a was measured; other Cas12a nucleases are not defined.",
            "Targets are those of one laboratory's library; no independent library was at hand.",
        ),
        script="python -m training.cas12a",
        digest=digest,
        sources=(source,),
        checked=True,
        as_of="2026-11-26",
    )
    write_card(card)
    print(figure_table(figures))
    print(card.interval)


if __name__ == "__main__":
    main()
