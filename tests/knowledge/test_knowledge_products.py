"""Products, conditions and measurements: what the catalogues hold, and what their loaders refuse."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import Product, agents, conditions, load_rows, measurements, products
from revertant.policy import rules
from revertant.policy.conditions import fields_of
from revertant.trials.eligibility import condition_keys

LABELS = [(product, label) for product in products().values() for label in product.labels]
HEAD = 'as_of = "2026-11-26"\n'
ROW = '[p]\nname = "P"\nsubstance = "p"\nvehicle = "AAV9"\ngenes = ["SMN1"]\nsources = ["label:P"]\n'
LABEL = (
    '[[p.labels]]\njurisdiction = "US"\nsince = "2020-01-01"\nread_on = "2020-01-01"\nsources = ["label:P"]\n'
)
GOOD = 'criteria = [{ key = "age", kind = "indication", asks = "age", text = "T.", below = 2, unit = "years" }]\n'


def flat(criteria):
    for criterion in criteria:
        yield criterion
        yield from flat(criterion.of)


def test_every_criterion_asks_in_a_sentence():
    for _, label in LABELS:
        for criterion in flat(label.criteria):
            assert criterion.text.endswith("."), criterion


def test_every_condition_is_asked_for_by_a_label_a_rule_or_a_trial():
    used = {criterion.condition for _, label in LABELS for criterion in flat(label.criteria)} - {""}
    fields = {field for rule in rules() for field in fields_of(rule.condition)}
    asked_by_policy = {
        field.removeprefix("conditions.") for field in fields if field.startswith("conditions.")
    }
    asked_by_trials = set(condition_keys()) | {row.condition for row in agents().values() if row.condition}
    # The fact `polygenic_score` is derived from this one.
    assert used | asked_by_policy | asked_by_trials | {"polygenic_score_target"} == set(conditions())
    assert not used & asked_by_policy
    assert all(row.question.endswith("?") for row in conditions().values())


def test_no_loinc_code_means_two_measurements():
    codes = [code for row in measurements().values() for code in row.loinc]
    assert len(codes) == len(set(codes))


def test_a_checked_label_names_the_text_that_was_read():
    for product, label in LABELS:
        assert label.read_on >= label.since or label.until, product.key
        if label.checked:
            assert any("(" in source or "," in source for source in label.sources), product.key


def test_the_day_chooses_the_label_and_the_market():
    text = (
        HEAD
        + ROW
        + LABEL
        + 'until = "2024-12-31"\n'
        + GOOD
        + LABEL.replace('since = "2020', 'since = "2025')
        + 'market = [{ since = "2026-01-01", status = "withdrawn" }]\n'
        + GOOD
    )
    product = load_rows("p.toml", Product, text=text)["p"]
    assert product.label_in("US", dt.date(2019, 12, 31)) is None
    assert product.label_in("US", dt.date(2024, 12, 31)).since == "2020-01-01"
    newest = product.label_in("US")
    assert newest is product.label_in("US", dt.date(2025, 1, 1))
    assert newest.market_status(dt.date(2025, 12, 31)) == "marketed"
    assert newest.market_status(dt.date(2026, 1, 1)) == newest.market_status(None) == "withdrawn"


BAD = {
    "no label": (ROW, "labels"),
    "no threshold": (ROW + LABEL + GOOD.replace("below = 2, ", ""), "needs a threshold"),
    "threshold without number": (
        ROW + LABEL + GOOD.replace('asks = "age"', 'asks = "variant"').replace('unit = "years"', 'gene = "G"'),
        "has no threshold",
    ),
    "unit of no age": (ROW + LABEL + GOOD.replace("years", "fortnights"), "age in"),
    "needs a unit": (ROW + LABEL + GOOD.replace(', unit = "years"', ""), "needs unit"),
    "field not used": (ROW + LABEL + GOOD.replace("below", 'gene = "G", below'), "does not use gene"),
    "condition not known": (
        ROW + LABEL + GOOD + LABEL.replace("US", "EU")
        + 'criteria = [{ key = "c", kind = "indication", asks = "condition", text = "T.", condition = "happy" }]',
        "is no condition",
    ),
    "measurement not known": (
        ROW + LABEL + GOOD.replace('asks = "age"', 'asks = "measurement", measurement = "height"'),
        "is no measurement",
    ),
    "unit of another measurement": (
        ROW + LABEL + GOOD.replace('asks = "age"', 'asks = "measurement", measurement = "platelets"'),
        "is not measured in",
    ),
    "two at once": (ROW + LABEL + GOOD + LABEL + GOOD, "Two labels of US hold"),
    "criterion twice": (ROW + LABEL + GOOD.replace("}]", "}, " + GOOD[12:-2] + "]"), "criterion twice"),
    "no indication": (ROW + LABEL + GOOD.replace("indication", "precaution"), "no indication"),
    "neither gene nor disease": (ROW.replace("SMN1", "").replace('[""]', "[]") + LABEL + GOOD, "names a gene"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_label_that_contradicts_itself_is_refused(text, message):
    with pytest.raises(ProblemsError, match=message):
        load_rows("p.toml", Product, text=HEAD + text)


def test_the_guide_says_how_many_there_are():
    page = (Path(__file__).parents[2] / "docs" / "guides" / "products.md").read_text(encoding="utf-8")
    substances = {product.substance for product in products().values()}
    assert f"holds {len(substances)} substances under {len(LABELS)} labels" in page
    read = sum(label.checked for _, label in LABELS)
    assert f"so far for {read} of the {len(LABELS)}" in page


def test_a_product_is_checked_exactly_when_one_of_its_labels_is():
    for product in products().values():
        assert product.checked is any(label.checked for label in product.labels), product.key
