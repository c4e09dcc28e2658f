"""Annotated cells (AnnData): summed up by cluster as a hand would, whatever the matrix is laid out in."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from revertant.errors import InputError, UsageError
from revertant.modality.car_t.targets import Annotation, is_annotated, read_annotated

anndata = pytest.importorskip("anndata", reason="the extra revertant[anndata] is not installed")
pandas = pytest.importorskip("pandas")
sparse = pytest.importorskip("scipy.sparse")

_GENES = ["CD19", "CD7", "GAPDH"]
#: Cells by genes: two malignant clusters of 2 and 1 cells, heart with 2 cells in one cluster.
_COUNTS = np.array([[4, 0, 6], [0, 0, 10], [8, 2, 10], [0, 0, 5], [0, 1, 4]])
_CLUSTER = ["blasts A", "blasts A", "blasts B", "heart", "heart"]
_GROUP = ["malignant", "malignant", "malignant", "heart", "heart"]
_HERE = Annotation("group", "cluster")


@pytest.fixture
def write(tmp_path):
    def writing(matrix=None, *, obs=None, var=None, layers=None):
        cells = obs if obs is not None else {"cluster": _CLUSTER, "group": _GROUP}
        made = anndata.AnnData(
            X=sparse.csr_matrix(_COUNTS.astype(np.float32)) if matrix is None else matrix,
            obs=pandas.DataFrame(cells, index=[f"cell{number}" for number in range(len(_COUNTS))]),
            var=var if var is not None else pandas.DataFrame(index=_GENES),
            layers=layers,
        )
        path = tmp_path / "cells.h5ad"
        made.write_h5ad(path)
        return path

    return writing


@pytest.mark.parametrize(
    "laid",
    [
        lambda counts: sparse.csr_matrix(counts.astype(np.float32)),
        lambda counts: sparse.csc_matrix(counts.astype(np.float32)),
        lambda counts: counts.astype(np.float32),
    ],
    ids=["by cells", "by genes", "dense"],
)
def test_shares_and_levels_are_those_of_the_cells(write, laid, monkeypatch):
    monkeypatch.setattr("revertant.modality.car_t.targets.annotated._BLOCK", 2)
    cells = read_annotated(write(laid(_COUNTS)), _HERE)
    assert cells.clusters == (
        ("blasts A", "malignant", 2),
        ("blasts B", "malignant", 1),
        ("heart", "heart", 2),
    )
    table = cells.shares()
    assert [share.share for share in table.of("CD19")] == [0.5, 1.0, 0.0]
    assert table.malignant_share("CD19") == pytest.approx(2 / 3)
    tumour = cells.expression(malignant=True)
    assert tumour.samples == ("blasts A", "blasts B")
    assert tumour.levels("CD19") == pytest.approx((4 / 20 * 1e6, 8 / 20 * 1e6))
    normal = cells.expression(malignant=False)
    assert normal.samples == ("heart",)
    assert normal.levels("CD7") == pytest.approx((1 / 10 * 1e6,))


def test_groups_alone_make_clusters_and_other_words_for_malignant_are_read(write):
    obs = {"state": ["tumor", "tumor", "tumor", "lung", "heart"]}
    cells = read_annotated(write(obs=obs), Annotation("state", malignant="tumor"))
    assert cells.clusters == (("heart", "heart", 1), ("lung", "lung", 1), ("malignant", "malignant", 3))
    assert cells.expression(malignant=False).samples == ("heart", "lung")


def test_cluster_of_malignant_and_normal_cells_is_two(write):
    obs = {"cluster": ["one"] * 5, "group": _GROUP}
    cells = read_annotated(write(obs=obs), _HERE)
    assert [name for name, _, _ in cells.clusters] == ["one (heart)", "one (malignant)"]


def test_clusters_of_one_organ_are_numbered_as_its_samples(write):
    obs = {"cluster": ["b", "b", "b", "myocytes", "fibroblasts"], "group": _GROUP}
    assert read_annotated(write(obs=obs), _HERE).expression(malignant=False).samples == ("heart:1", "heart:2")


def test_symbols_come_from_a_column_where_names_are_accessions(write):
    var = pandas.DataFrame(
        {"feature_name": _GENES}, index=["ENSG00000177455", "ENSG00000173762", "ENSG00000111640"]
    )
    path = write(var=var)
    with pytest.raises(InputError, match="named by accession") as caught:
        read_annotated(path, _HERE)
    assert "feature_name" in str(caught.value)
    cells = read_annotated(path, Annotation("group", "cluster", gene="feature_name"))
    assert cells.genes == tuple(_GENES)


def test_normalised_values_give_shares_but_no_levels_and_a_layer_has_the_counts(write):
    logged = np.log1p(_COUNTS).astype(np.float32)
    path = write(logged, layers={"counts": sparse.csr_matrix(_COUNTS.astype(np.float32))})
    cells = read_annotated(path, _HERE)
    assert [share.share for share in cells.shares().of("CD19")] == [0.5, 1.0, 0.0]
    with pytest.raises(InputError, match="no counts"):
        cells.expression(malignant=True)
    counted = read_annotated(path, Annotation("group", "cluster", layer="counts"))
    assert counted.expression(malignant=True).levels("CD19") == pytest.approx((2e5, 4e5))


@pytest.mark.parametrize(
    ("annotation", "what", "remedy"),
    [
        (Annotation("organ"), "no column 'organ'", "cluster, group"),
        (Annotation("group", "louvain"), "no column 'louvain'", "cluster, group"),
        (Annotation("group", malignant="tumor"), "No cell has 'tumor'", "heart, malignant"),
        (Annotation("group", gene="symbol"), "The genes have no column 'symbol'", "none"),
        (Annotation("group", layer="counts"), "no layer 'counts'", "none"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(write, annotation, what, remedy):
    with pytest.raises(InputError) as caught:
        read_annotated(write(), annotation)
    assert what in str(caught.value)
    assert remedy in str(caught.value)


def test_cells_without_a_label_values_below_zero_and_other_files_are_refused(write, tmp_path):
    with pytest.raises(InputError, match="Of 5 cells 1 have nothing"):
        read_annotated(write(obs={"cluster": _CLUSTER, "group": [*_GROUP[:-1], None]}), _HERE)
    with pytest.raises(InputError, match="negative or no number"):
        read_annotated(write(_COUNTS.astype(np.float32) - 1), _HERE)
    with pytest.raises(InputError, match="negative or no number"):
        read_annotated(write(np.where(_COUNTS == 8, np.nan, _COUNTS).astype(np.float32)), _HERE)
    text = tmp_path / "text.h5ad"
    text.write_text("gene\tT1\n")
    with pytest.raises(InputError, match="no file of annotated cells"):
        read_annotated(text, _HERE)
    with pytest.raises(InputError, match="no file of annotated cells"):
        read_annotated(tmp_path / "none.h5ad", _HERE)
    with pytest.raises(UsageError, match="Which cells are malignant"):
        read_annotated(text, Annotation(""))


def test_other_words_for_malignant_cells_and_other_letters_are_refused(write):
    with pytest.raises(InputError, match="'Tumor' names no organ"):
        read_annotated(write(obs={"cluster": _CLUSTER, "group": ["Tumor", *_GROUP[1:]]}), _HERE)
    cells = read_annotated(write(obs={"cluster": _CLUSTER, "group": ["Malignant", *_GROUP[1:]]}), _HERE)
    assert [(group, number) for _, group, number in cells.clusters] == [
        ("malignant", 2), ("malignant", 1), ("heart", 2)
    ]  # fmt: skip
    with pytest.raises(InputError, match="letters that no gene symbol has"):
        read_annotated(write(var=pandas.DataFrame(index=["\u0421D19", "CD7", "GAPDH"])), _HERE)


def test_gene_that_stands_twice_is_refused(write):
    cells = read_annotated(write(var=pandas.DataFrame(index=["BCMA", "TNFRSF17", "GAPDH"])), _HERE)
    with pytest.raises(InputError, match="TNFRSF17 stands more than once"):
        cells.shares()
    with pytest.raises(InputError, match="TNFRSF17 stands more than once"):
        cells.expression(malignant=True)


def test_without_the_library_the_extra_is_named(write, monkeypatch):
    path = write()
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(UsageError) as caught:
        read_annotated(path, _HERE)
    assert caught.value.code == "no-anndata"
    assert 'pip install "revertant[anndata]"' in str(caught.value)


def test_files_are_known_by_their_name():
    assert is_annotated("CELLS.H5AD")
    assert not is_annotated("cells.h5")
