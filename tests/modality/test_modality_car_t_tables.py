"""Tables of expression, clusters, cells and symbols: what they must not be, each with its message."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError, ProblemsError, UsageError
from revertant.knowledge import GeneList, read_gene_list
from revertant.modality.car_t.targets import (
    ExpressionUnit,
    SymbolTable,
    catalogue_symbols,
    clusters_of_cells,
    read_cells,
    read_clusters,
    read_expression,
    read_hgnc,
    with_present_symbols,
)
from revertant.model import Status

HGNC = SymbolTable(
    "HGNC", frozenset({"CD19", "MS4A1", "KMT2A", "G1", "G2"}), {"MLL": "KMT2A"}, frozenset({"AIM1"}), True
)


def write(folder, text, name="table.tsv"):
    path = folder / name
    path.write_text(text)
    return path


def table_of(genes, values):
    return "gene\tT1\n" + "".join(f"{gene}\t{value}\n" for gene, value in zip(genes, values, strict=True))


def test_tpm_are_taken_as_they_are(tmp_path):
    table = read_expression(write(tmp_path, "gene\tT1\tT2\nCD19\t10\t30.5\nhbb\t0\t1\n"))
    assert table.genes == ("CD19", "HBB")
    assert table.levels("CD19") == (10.0, 30.5)
    assert table.levels("CD22") is None


def test_a_compressed_table_reads_alike(tmp_path):
    path = tmp_path / "t.tsv.gz"
    path.write_bytes(gzip.compress(b"gene\tT1\nCD19\t10\n"))
    assert read_expression(path).levels("CD19") == (10.0,)


def test_logarithms_that_are_stated_are_undone(tmp_path):
    table = read_expression(write(tmp_path, "gene\tT1\nCD19\t5\nCD22\t0\n"), "log2(TPM+1)")
    assert table.levels("CD19") == pytest.approx((31.0,))
    assert table.levels("CD22") == (0.0,)


def test_counts_become_counts_per_million(tmp_path):
    table = read_expression(write(tmp_path, "gene\tT1\nCD19\t3\nHBB\t1\n"), ExpressionUnit.COUNTS)
    assert table.levels("CD19") == (750_000.0,)
    assert any(finding.rule == "car_t.expression.depth" for finding in table.findings)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=30).filter(any))
def test_counts_per_million_add_up_to_a_million(tmp_path_factory, counts):
    path = write(tmp_path_factory.mktemp("counts"), table_of([f"G{n}" for n in range(len(counts))], counts))
    table = read_expression(path, ExpressionUnit.COUNTS)
    assert table.per_million.sum() == pytest.approx(1e6)


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("gene\tT1\nCD19\t-2.5\n", "TPM", "log ratios, or were centred or scaled"),
        ("gene\tT1\tT2\nCD19\t5\t0\nCD22\t1\t0\n", "TPM", "Nothing is expressed in T2"),
        ("gene\tT1\nCD19\t1.5\n", "counts", "Counts are whole numbers"),
        ("gene\tT1\nCD19\t250\n", "log2(TPM+1)", "at most 19.9"),
        ("gene\tT1\nCD19\t900000\nCD22\t900000\n", "TPM", "add up to 1,800,000"),
        (
            table_of([f"G{n}" for n in range(600)], [n % 14 for n in range(600)]),
            "TPM",
            "look like logarithms",
        ),
        ("gene\n", "TPM", "names no samples"),
        ("gene\tT1\t\nCD19\t1\t2\n", "TPM", "has no name"),
        ("gene\tT1\tT1\nCD19\t1\t2\n", "TPM", "stand twice: T1"),
        ("gene\tT1\n", "TPM", "has no gene"),
    ],
)
def test_tables_that_are_not_what_they_are_said_to_be(tmp_path, text, unit, says):
    with pytest.raises(InputError, match=says) as refused:
        read_expression(write(tmp_path, text), unit)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gene\tT1\nCD19\t1\nCD19\t2\n", r"CD19 stands more than once: CD19 \(line 2\), CD19 \(line 3\)"),
        ("gene\tT1\nBCMA\t1\nTNFRSF17\t2\n", r"BCMA \(line 2\), TNFRSF17 \(line 3\)"),
        ("gene\tT1\nENSG00000177455.14\t1\n", "is an accession"),
        ("gene\tT1\n\t1\n", "names no gene"),
        ("gene\tT1\nCD19\tNA\n", "not every value is a number"),
        ("gene\tT1\nCD19\tinf\n", "not every value is a number"),
        ("gene\tT1\nCD19\t1\t2\n", "2 numbers for 1 samples"),
    ],
)
def test_rows_that_are_wrong_are_told_together(tmp_path, text, says):
    with pytest.raises(ProblemsError, match=says):
        read_expression(write(tmp_path, text))


def test_a_unit_that_does_not_exist(tmp_path):
    with pytest.raises(UsageError, match="FPKM"):
        read_expression(write(tmp_path, "gene\tT1\nCD19\t1\n"), "FPKM")


def test_other_names_are_resolved_and_told(tmp_path):
    table = read_expression(write(tmp_path, "gene\tT1\nMLL\t4\nCD20\t9\n"), symbols=catalogue_symbols())
    assert table.genes == ("MLL", "MS4A1")
    (told,) = [finding for finding in table.findings if finding.rule == "car_t.expression.other_names"]
    assert told.because == "Named otherwise than by their symbol are 1 of 2 genes: CD20 is MS4A1."
    (symbols,) = [finding for finding in table.findings if finding.rule == "car_t.expression.symbols"]
    assert symbols.status is Status.UNKNOWN
    assert "1 of 2 symbols could not be looked up" in symbols.because


def test_symbols_that_do_not_exist_are_told_with_the_complete_set(tmp_path):
    table = read_expression(write(tmp_path, "gene\tT1\nMLL\t4\nNOGENE\t9\nAIM1\t2\n"), symbols=HGNC)
    assert table.genes == ("KMT2A", "NOGENE", "AIM1")
    (symbols,) = [finding for finding in table.findings if finding.rule == "car_t.expression.symbols"]
    assert symbols.status is Status.CAUTION
    assert "2 symbols do not exist: NOGENE, AIM1." in symbols.because
    assert "AIM1 stand for more than one gene" in symbols.because


def test_the_complete_set_of_the_hgnc(tmp_path):
    text = (
        "hgnc_id\tsymbol\talias_symbol\tprev_symbol\nHGNC:1\tCRYBG1\tAIM1\t\nHGNC:2\tSLC45A2\tAIM1|MATP\t\n"
        'HGNC:3\tAURKB\t"AIM-1|AIK2"\tSTK12\n'
    )
    table = read_hgnc(write(tmp_path, text, "hgnc.txt"))
    assert table.complete
    assert [table.resolve(name) for name in ("matp", "STK12", "AIK2", "AIM1", "AURKB")] == [
        "SLC45A2",
        "AURKB",
        "AURKB",
        None,
        "AURKB",
    ]
    assert table.ambiguous == {"AIM1"}
    with pytest.raises(InputError, match="no column prev_symbol"):
        read_hgnc(write(tmp_path, "symbol\talias_symbol\n", "x.txt"))
    with pytest.raises(InputError, match="holds no symbol"):
        read_hgnc(write(tmp_path, "symbol\talias_symbol\tprev_symbol\n", "y.txt"))


def test_an_old_list_is_brought_to_present_symbols():
    old = GeneList("surface", "old", frozenset({"MLL", "CD19", "LOST"}))
    present = with_present_symbols(old, HGNC)
    assert present.symbols == {"KMT2A", "CD19", "LOST"}
    assert with_present_symbols(present, HGNC) == present


HEADER = "gene\tcluster\tgroup\tcells\tfraction_positive\n"


def test_clusters_give_shares_weighted_by_cells(tmp_path):
    text = HEADER + "CD20\tc1\tmalignant\t300\t1\nMS4A1\tc2\tmalignant\t100\t0.2\nMS4A1\tB\tblood\t50\t0.9\n"
    table = read_clusters(write(tmp_path, text))
    assert table.malignant_share("MS4A1") == pytest.approx(0.8)
    assert [share.group for share in table.of("MS4A1")] == ["malignant", "malignant", "blood"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("CD19\tc1\tmalignant\t300\t97\n", "not per cent"),
        ("CD19\tc1\tmalignant\t0\t0.9\n", "at least one cell"),
        ("CD19\tc1\tmalignant\tmany\t0.9\n", "whole number"),
        ("CD19\tc1\tmalignant\t3\t\n", "A field is empty"),
        ("CD19\tc1\tmalignant\t3\t0.5\nCD19\tc1\tmalignant\t3\t0.5\n", "CD19 stands twice for c1"),
        ("CD19\tc1\tblood\t3\t0.5\n", "No cluster is malignant"),
        ("CD19\tc1\tTumour\t3\t0.5\n", "'Tumour' names no organ"),
        ("\u0421D19\tc1\tmalignant\t3\t0.5\n", "letters that no gene symbol has"),
        ("C" * 200_000 + "\tc1\tmalignant\t3\t0.5\n", "no table of tab-separated text"),
    ],
)
def test_clusters_that_are_wrong(tmp_path, rows, says):
    with pytest.raises(InputError, match=says):
        read_clusters(write(tmp_path, HEADER + rows))


def test_malignant_is_read_in_any_case(tmp_path):
    text = HEADER + "CD19\tc1\tMalignant\t10\t1\nCD19\tB\tblood\t50\t0.9\n"
    assert read_clusters(write(tmp_path, text)).malignant_share("CD19") == 1
    cells = read_cells(
        *cell_files(tmp_path, labels="a\tMalignant\nb\tMALIGNANT\nc\tblood\nd\tgut\n"),
    )
    assert (cells.groups, cells.sizes) == (("malignant", "blood", "gut"), (2, 1, 1))


def test_clusters_of_cells_are_the_groups_with_their_shares(tmp_path):
    table = clusters_of_cells(read_cells(*cell_files(tmp_path)), "m.mtx")
    assert table.malignant_share("MS4A1") == 1
    assert [(one.cluster, one.group, one.cells, one.share) for one in table.of("HBB")] == [
        ("malignant", "malignant", 2, 0.5),
        ("blood", "blood", 1, 0.0),
        ("gut", "gut", 1, 1.0),
    ]


def test_clusters_without_a_column(tmp_path):
    with pytest.raises(InputError, match="no column fraction_positive"):
        read_clusters(write(tmp_path, "gene\tcluster\tgroup\tcells\n"))


MATRIX = "%%MatrixMarket matrix coordinate integer general\n% made here\n3 4 5\n1 1 4\n1 2 1\n2 3 7\n3 1 1\n3 4 2\n"


def cell_files(
    folder,
    matrix=MATRIX,
    genes="x\tCD20\ny\tCD3E\nz\tHBB\n",
    labels="a\tmalignant\nb\tmalignant\nc\tblood\nd\tgut\n",
):
    return write(folder, matrix, "m.mtx"), write(folder, genes, "g.tsv"), write(folder, labels, "l.tsv")


def test_cells_of_a_matrix_market_file(tmp_path):
    cells = read_cells(*cell_files(tmp_path))
    assert cells.genes == ("MS4A1", "CD3E", "HBB")
    assert cells.groups == ("malignant", "blood", "gut")
    assert cells.counts.tolist() == [[2, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert read_cells(*cell_files(tmp_path), least_count=2).counts.tolist() == [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ]
    listed = read_gene_list(write(tmp_path, "MS4A1\nCD3E\n", "surface.txt"))
    assert read_cells(*cell_files(tmp_path), surfaceome=listed).genes == ("MS4A1", "CD3E")


@pytest.mark.parametrize(
    ("matrix", "error", "says"),
    [
        (MATRIX.replace("3 4 5", "3 4 9"), InputError, "ends early"),
        (
            MATRIX.replace("3 4 5", "4 4 5"),
            IncompatibleInputsError,
            "4 genes and 4 cells, the other files 3 and 4",
        ),
        (MATRIX.replace("3 4 2", "9 4 2"), InputError, "does not name a row"),
        (MATRIX.replace("3 4 2", "3 4 x"), InputError, "malformed"),
        ("CD19\t1\n", InputError, "no Matrix Market file"),
        ("%%MatrixMarket matrix array real general\n3 4\n", InputError, "no Matrix Market file"),
        ("%%MatrixMarket matrix coordinate real general\n", InputError, "line of sizes"),
        (MATRIX.replace("general", "symmetric"), InputError, "no Matrix Market file"),
        (MATRIX.replace("3 4 2", "3 4 -2"), InputError, "Counts are whole numbers"),
        (MATRIX.replace("3 4 2", "3 4 0.7"), InputError, "Counts are whole numbers"),
        (MATRIX.replace("3 4 2", "3 4 nan"), InputError, "Counts are whole numbers"),
        (MATRIX.replace("3 4 2", "2.5 4 2"), InputError, "Counts are whole numbers"),
        (MATRIX[: MATRIX.index("3 4 5")] + "3 4 0\n", InputError, "all values are 0"),
    ],
)
def test_matrices_that_are_wrong(tmp_path, matrix, error, says):
    with pytest.raises(error, match=says):
        read_cells(*cell_files(tmp_path, matrix))


@given(st.integers(0, 10**6))
def test_a_written_matrix_reads_back(tmp_path_factory, seed):
    draw = np.random.default_rng(seed)
    genes, cells = int(draw.integers(1, 6)), int(draw.integers(2, 80))
    counts = draw.integers(0, 3, (genes, cells))
    counts[0, 0] = 1
    labels = ["malignant", "gut", *draw.choice(["malignant", "gut"], cells - 2)]
    entries = [f"{r + 1} {c + 1} {counts[r, c]}" for r, c in np.argwhere(counts)]
    text = (
        "\n".join(
            ["%%MatrixMarket matrix coordinate integer general", f"{genes} {cells} {len(entries)}", *entries]
        )
        + "\n"
    )
    folder = tmp_path_factory.mktemp("cells")
    read = read_cells(
        *cell_files(folder, text, "".join(f"G{n}\n" for n in range(genes)), "\n".join(labels) + "\n")
    )
    kinds = np.array(labels)
    for row, gene in enumerate(read.genes):
        for group in read.groups:
            assert read.positive(gene)[group].tolist() == (counts[row, kinds == group] > 0).tolist()
