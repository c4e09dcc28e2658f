"""Activity models: their domains, their batches, their features, and the figures on their cards."""

import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.prediction import (
    PegSite,
    cards,
    cas12a_activities,
    cas12a_activity,
    load_model,
    on_target_activities,
    on_target_activity,
    on_target_models,
    prime_editing_efficiencies,
    prime_editing_efficiency,
)
from revertant.prediction.guide_features import (
    HYBRID_STACKING,
    best_hairpin,
    encode,
    guide_feature_names,
    guide_features,
    longest_runs,
)
from revertant.prediction.model_file import model_bytes
from revertant.prediction.prime_features import NICK, edit_of, prime_feature_names, prime_features
from revertant.sequence import reverse_complement

ROOT = Path(__file__).parents[2]
CAS12A_CONTEXT = "TTGCTTTAAAACTCGCAAGGCTTTCTGCTTGACC"
TARGET = "TGTATGGGTCGTAGCGAACTGAGAAGGGCCAAGGTATTGTGGCAGCAAAGTTCCTAAGACCAAAACCATCCTGT"
PBS, RTT = "CAGTTCGCTACGA", "CCTCGGCCCTTCT"

dna = st.text("ACGT", min_size=1, max_size=12)


@pytest.fixture(scope="module")
def training(shared_data):
    """Import a training script by name; it reads the test data, each table once."""
    pytest.importorskip("scipy", reason="the extra 'training' is not installed")
    pytest.importorskip("lightgbm", reason="the extra 'training' is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        patch.setenv("REVERTANT_TEST_DATA", str(shared_data))
        yield lambda name: importlib.import_module(f"training.{name}")


def figures_agree(card, figures):
    assert [figure.test for figure in card.figures] == [figure.test for figure in figures]
    for kept, measured in zip(card.figures, figures, strict=True):
        assert measured.n == kept.n
        assert measured.value == pytest.approx(kept.value, abs=6e-5), kept.test


def test_hybrid_energies_are_enthalpy_less_entropy():
    """Enthalpy (kcal/mol) and entropy (cal/mol/K) of the same stacks, Sugimoto 1995, at 37 °C."""
    heat = [
        [-7.8, -5.9, -9.1, -8.3],
        [-9.0, -9.3, -16.3, -7.0],
        [-5.5, -8.0, -12.8, -7.8],
        [-7.8, -8.6, -10.4, -11.5],
    ]
    disorder = [
        [-21.9, -12.3, -23.5, -23.9],
        [-26.1, -23.2, -47.1, -19.7],
        [-13.5, -17.1, -31.9, -21.6],
        [-23.2, -22.9, -28.4, -36.4],
    ]
    free = np.array(heat) - 310.15 * np.array(disorder) / 1000
    assert pytest.approx(free, abs=0.051) == HYBRID_STACKING


def slow_hairpin(text):
    bonds = {"AT": 2, "TA": 2, "CG": 3, "GC": 3, "GT": 0.5, "TG": 0.5}
    best = most = 0
    for left in range(len(text)):
        for right in range(left + 4, len(text)):
            total = size = 0
            while (
                left - size >= 0
                and right + size < len(text)
                and text[left - size] + text[right + size] in bonds
            ):
                total += bonds[text[left - size] + text[right + size]]
                size += 1
                best, most = max(best, total), max(most, size)
    return [best, most]


@given(st.lists(st.text("ACGT", min_size=20, max_size=20), min_size=1, max_size=4))
def test_hairpins_and_runs_are_the_obvious_ones(guides):
    codes = encode(guides, 20)
    assert best_hairpin(codes).tolist() == [slow_hairpin(guide) for guide in guides]
    runs = [[max(k for k in range(21) if base * k in guide) for base in "ACGT"] for guide in guides]
    assert longest_runs(codes).tolist() == runs


def test_columns_mean_what_their_names_say():
    context = "ACTGAAAAACCTGGTCATGAACACTGGACC"
    row = dict(
        zip(guide_feature_names(30, 4, 24), guide_features(encode([context], 30), 4, 24)[0], strict=True)
    )
    assert row["1A"] == row["1AC"] == row["25T"] == row["25TG"] == 1
    assert row["1C"] == row["1AA"] == 0
    assert row["count_A"] == context[4:24].count("A") == 9
    assert row["run_A"] == 5
    assert row["hybrid_energy_1_5"] == pytest.approx(4 * -1.0 - 2.1, abs=1e-5)
    unknown = guide_features(encode(["NNNN" + context[4:27] + "NNN"], 30), 4, 24)[0]
    assert unknown[: 4 * 4].sum() == 0


def test_cas12a_domain():
    estimate = cas12a_activity(CAS12A_CONTEXT)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert "80 %" in estimate.interval
    for context, word in (("ACGT", "34 letters"), (CAS12A_CONTEXT.replace("TTTA", "TGTA"), "TTTN")):
        refused = cas12a_activity(context)
        assert refused.value is None
        assert not refused.in_domain
        assert word in refused.method
    assert "LbCas12a" in cas12a_activity(CAS12A_CONTEXT, "lbcas12a").method


def test_on_target_domain():
    context = "ACTGAAAAACCTGGTCATGAACACTGGACC"
    for key, model in on_target_models():
        estimate = on_target_activity(context, key)
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
        assert load_model(model.key).features == guide_feature_names(
            *((30, 4, 24) if model.flanked else (23, 0, 20))
        )
    # A flank is no part of a variant's model.
    other = "GGGG" + context[4:27] + "TTT"
    assert on_target_activity(other, "xcas9") == on_target_activity(context, "xcas9")
    assert on_target_activity(other, "spcas9") != on_target_activity(context, "spcas9")
    for bad, key, word in (
        (context[:-1], "spcas9", "30 letters"),
        (context.replace("TGG", "TNG"), "spcas9", "30 letters"),
        (context[:25] + "A" + context[26:], "spcas9", "NGG"),
        (context[:25] + "A" + context[26:], "spcas9_ng", "NGN"),
        (context, "sacas9", "no model was trained for"),
    ):
        refused = on_target_activity(bad, key)
        assert refused.value is None
        assert not refused.in_domain
        assert word in refused.method


def test_a_batch_is_its_cases_one_by_one():
    contexts = [CAS12A_CONTEXT, "ACGT", CAS12A_CONTEXT[:-1] + "A"]
    many = cas12a_activities(contexts)
    assert len(many) == 3
    assert [many.estimate(i) for i in range(3)] == [cas12a_activity(context) for context in contexts]
    assert len(cas12a_activities([])) == 0
    sites = [PegSite(TARGET, PBS, RTT), PegSite(TARGET, PBS, "CCTTGGCCCTTCT"), PegSite(TARGET, PBS[:9], RTT)]
    pegs = prime_editing_efficiencies(sites)
    assert [pegs.estimate(i) for i in range(3)] == [prime_editing_efficiency(*site) for site in sites]


@pytest.mark.parametrize(
    ("target", "pbs", "rtt", "word"),
    [
        (TARGET[:73], PBS, RTT, "74 letters"),
        (TARGET[:26] + "C" + TARGET[27:], PBS, RTT, "NGG"),
        (TARGET, "A" + PBS[1:], RTT, "does not pair"),
        (TARGET, PBS, reverse_complement(TARGET[NICK : NICK + 12]), "nothing new"),
        (TARGET, PBS, "", "letters"),
        (
            TARGET,
            PBS,
            reverse_complement(TARGET[NICK : NICK + 4] + "ACGTACGTAC" + TARGET[NICK + 4 : NICK + 14]),
            "longer",
        ),
        (TARGET, PBS, reverse_complement("G" + TARGET[NICK + 1 : NICK + 52]), "longer than any measured"),
    ],
)
def test_prime_editing_domain(target, pbs, rtt, word):
    estimate = prime_editing_efficiency(target, pbs, rtt)
    assert estimate.value is None
    assert word in estimate.method


@given(
    st.text("ACGT", min_size=30, max_size=30),
    st.integers(0, 8),
    dna.filter(lambda t: len(t) < 4),
    st.integers(0, 3),
)
def test_an_edit_read_off_a_flap_makes_that_flap(after, at, written, removed):
    flap = (after[:at] + written + after[at + removed :])[:20]
    edit = edit_of(flap, after)
    if edit is None:
        assert after.startswith(flap)
    else:
        first = edit.position - 1
        again = after[:first] + flap[first : first + edit.written] + after[first + edit.removed :]
        assert again[: len(flap)] == flap
        assert max(edit.written, edit.removed) <= max(len(written), removed)
        assert edit.homology == len(flap) - first - edit.written


def test_prime_columns_mean_what_their_names_say():
    edit = edit_of(reverse_complement(RTT), TARGET[NICK:])
    row = dict(
        zip(prime_feature_names(), prime_features([PegSite(TARGET, PBS, RTT)], [edit])[0], strict=True)
    )
    assert (row["pbs_nt"], row["rtt_nt"], row["edit_position"]) == (13, 13, edit.position)
    assert row["substitution"] == row["removed1A"] == row["written1G"] == 1
    assert row["pam_changed"] == 0
    assert row["at4G"] == row["at5G"] == 1
    assert row["rtt1C"] == 1
    assert row["pbs_gc"] == sum(base in "GC" for base in PBS)


def test_models_have_the_columns_of_their_features():
    assert load_model("cas12a_ascas12a").features == guide_feature_names(34, 8, 31)
    assert load_model("prime_editing_pe2").features == prime_feature_names()


def test_committed_cas12a_weights_give_the_committed_figures(training):
    cas12a = training("cas12a")
    figures_agree(cards()["cas12a_ascas12a"], cas12a.figures_of(load_model("cas12a_ascas12a"), samples=5))
    train, _ = cas12a.training_rows()
    test, _ = cas12a.held_out()
    assert not {context[8:28] for context in train} & {context[8:28] for context in test}


def test_committed_prime_editing_weights_give_the_committed_figures(training):
    prime_editing = training("prime_editing")
    figures_agree(
        cards()["prime_editing_pe2"], prime_editing.figures_of(load_model("prime_editing_pe2"), samples=5)
    )
    train = prime_editing.training_rows()
    assert len(train.sites) == cards()["prime_editing_pe2"].training[0].rows
    assert not set(train.spacers) & set(prime_editing.held_out().spacers)


def test_committed_spcas9_weights_rank_behan_2019_as_the_card_says(training):
    table = training("data").read_table("crispr/ontarget/truth/rs3_Behan2019_activity.csv.gz")
    predicted = on_target_activities([row["sgRNA Context Sequence"] for row in table], "spcas9")
    measured = np.array([float(row["avg_mean_centered_neg_lfc"]) for row in table])
    figure = cards()["on_target_spcas9"].figures[0]
    assert predicted.defined.all()
    assert figure.n == len(table)
    assert training("measure").spearman(predicted.value, measured) == pytest.approx(figure.value, abs=6e-5)


@pytest.mark.long
def test_committed_spcas9_weights_give_the_committed_figures(training):
    on_target = training("on_target")
    figures_agree(
        cards()["on_target_spcas9"], on_target.figures_of(load_model("on_target_spcas9"), samples=2)
    )


@pytest.mark.long
@pytest.mark.parametrize("key", ["espcas9_1_1", "sniper_cas9", "spcas9_hf1", "spcas9_ng", "xcas9"])
def test_committed_variant_weights_give_the_committed_figures(training, key):
    model = dict(on_target_models())[key].key
    figures_agree(cards()[model], training("on_target").variant_figures(key, load_model(model), samples=2))


@pytest.mark.long
def test_no_training_guide_is_near_a_test_guide(training):
    data = training("on_target_data")
    on_target = training("on_target")
    rows, counts = on_target.spcas9_rows()
    used = {row.rows for row in cards()["on_target_spcas9"].training}
    assert used == set(counts.values())
    spacers = np.array([list(spacer.encode()) for spacer in rows.spacers], np.uint8)
    tests = [spacer for name in on_target.TESTS for spacer in data.sets()[name].spacers]
    for spacer in sorted(set(tests))[::50]:
        assert ((spacers != np.frombuffer(spacer.encode(), np.uint8)).sum(axis=1) > 2).all()


def test_training_again_gives_the_same_numbers(training):
    prime_editing = training("prime_editing")
    rows = prime_editing.training_rows()
    some = rows.taken(np.arange(len(rows.sites)) % 8 == 0)
    recipe = replace(prime_editing.RECIPE, rounds=5, seeds=(1, 2), folds=2, knots=10)
    first, second = (prime_editing.train(some, recipe) for _ in range(2))
    assert model_bytes(first) == model_bytes(second)
    for member in first.members:
        row = prime_features(some.sites[:1], some.edits[:1])[0]
        assert member.leaf_sum(row) == member.predict(row[None])[0]


def test_the_page_of_the_documentation_is_made_of_the_cards(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    report = importlib.import_module("training.report")
    kept = report.PAGE.read_text(encoding="utf-8")
    assert kept == report.page(), "run: python -m training.report"
