"""Model files: they keep every number, walk trees as the slow twin does, and have a card that fits them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import load_rows
from revertant.prediction import Card, cards, load_model
from revertant.prediction.model_file import (
    Band,
    DenseNet,
    TrainedModel,
    TreeEnsemble,
    model_bytes,
    model_digest,
    model_keys,
    read_model,
)

#: Published numbers another model builds on; they stand on the card of that model.
PUBLISHED = {"forecast": "indel_spectrum"}
TRAINED = [key for key in model_keys() if key not in PUBLISHED]


def random_trees(seed, columns=3, trees=4, depth=4):
    """Trees of random shape in preorder."""
    rng = np.random.default_rng(seed)
    feature, value, skip, roots = [], [], [], []

    def walk(level):
        here = len(feature)
        leaf = level == 0 or rng.random() < 0.3
        feature.append(-1 if leaf else int(rng.integers(columns)))
        value.append(float(rng.integers(-3, 4)))
        skip.append(0)
        if not leaf:
            walk(level - 1)
            skip[here] = len(feature) - here
            walk(level - 1)

    for _ in range(trees):
        roots.append(len(feature))
        walk(depth)
    return TreeEnsemble(
        np.array(feature, np.int16),
        np.array(value, np.float32),
        np.array(skip, np.int32),
        np.array(roots, np.int32),
        base=0.25,
    )


@given(st.integers(0, 10_000), st.lists(st.lists(st.integers(-4, 4), min_size=3, max_size=3), max_size=9))
def test_trees_are_walked_as_the_twin_does(seed, rows):
    trees = random_trees(seed)
    table = np.array(rows, float).reshape(-1, 3)
    assert trees.predict(table).tolist() == [trees.leaf_sum(row) for row in table]


def test_a_network_is_matrix_products_with_relu_between():
    rng = np.random.default_rng(3)
    weights = (rng.normal(size=(2, 5)).astype(np.float16), rng.normal(size=(5, 1)).astype(np.float16))
    biases = (rng.normal(size=5).astype(np.float32), rng.normal(size=1).astype(np.float32))
    centre, scale = np.array([1, 2], np.float32), np.array([2, 4], np.float32)
    net = DenseNet(np.array([2, 0], np.int16), centre, scale, weights, biases)
    rows = rng.normal(size=(9000, 3))
    hidden = np.maximum(((rows[:, [2, 0]] - centre) / scale) @ weights[0] + biases[0], 0)
    assert net.predict(rows) == pytest.approx((hidden @ weights[1] + biases[1])[:, 0], abs=1e-4)


def small_model():
    band = Band(0.8, np.array([0.5]), np.array([-0.2, -0.1]), np.array([0.1, 0.2]), 0.0, 1.0)
    net = DenseNet(
        np.array([0], np.int16),
        np.zeros(1, np.float32),
        np.ones(1, np.float32),
        (np.ones((1, 1), np.float16),),
        (np.zeros(1, np.float32),),
    )
    extra = {"table": np.arange(4.0)}
    curve = np.array([[0.0, 0.5, 1.0], [0.0, 0.1, 1.0]])
    return TrainedModel("small", ("a", "b", "c"), (random_trees(1), net), "logistic", curve, band, extra)


def test_a_file_keeps_every_number():
    model, rows = small_model(), np.random.default_rng(0).normal(size=(20, 3))
    data = model_bytes(model)
    again = read_model(data)
    assert again.predict(rows).tolist() == model.predict(rows).tolist()
    assert again.features == model.features
    assert again.extra["table"].tolist() == [0, 1, 2, 3]
    assert again.band.around(np.array([0.4, 0.6]))[0].tolist() == [0.2, 0.5]
    assert model_bytes(again) == data, "the same numbers are the same bytes"


def test_other_files_are_refused():
    with pytest.raises(InputError, match="no model file"):
        read_model(b"no zip", where="x.npz")
    with pytest.raises(InputError, match="weights"):
        load_model("nothing_of_that_name")


def test_columns_are_counted():
    with pytest.raises(ValueError, match="3 features"):
        small_model().predict(np.zeros((2, 4)))


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=20))
def test_an_interval_holds_its_prediction(values):
    band = Band(0.8, np.array([0.0]), np.array([0.1, -0.2]), np.array([0.2, -0.1]), -1.0, 1.0)
    predicted = np.array(values)
    low, high = band.around(predicted)
    assert (low <= predicted).all()
    assert (predicted <= high).all()


def test_every_model_has_its_card_and_every_card_its_model():
    assert set(cards()) == set(TRAINED)
    assert all(key in model_keys() and card in cards() for key, card in PUBLISHED.items())


@pytest.mark.parametrize("key", TRAINED)
def test_a_card_belongs_to_the_weights(key):
    card = cards()[key]
    assert card.digest == model_digest(key), "train again: the figures belong to other weights"
    assert card.figures, "a model without a measured figure is not shipped"


def test_a_figure_outside_its_interval_is_refused():
    text = """
    [x]
    title = "t"
    unit = "u"
    domain = "d"
    method = "m"
    split = "s"
    interval = "i"
    limits = []
    script = "python -m training.x"
    digest = "0"
    sources = ["doi:10.1/x"]
    as_of = "2026-11-26"
    training = [{name = "n", rows = 1, licence = "l", source = "doi:10.1/x", file = "f"}]
    held_out = []
    figures = [{test = "t", metric = "Spearman", n = 3, value = 0.9, low = 0.1, high = 0.5}]
    """
    with pytest.raises(ProblemsError, match="outside its own interval"):
        load_rows("x.toml", Card, text=text)
