"""Gene lists: the shipped ones are the sources', a user's are read strictly, and a renamed gene is not lost."""

from __future__ import annotations

import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import (
    GeneList,
    catalogue_versions,
    gene_lists,
    lists_naming,
    load_rows,
    read_gene_list,
)
from revertant.knowledge.gene_lists import GeneListRow, _shipped


@pytest.fixture
def written(tmp_path):
    def write(text, name="mine.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# --- shipped ---------------------------------------------------------------------------------------------------


def test_the_cancer_list_is_the_sources(shared_data):
    with (shared_data / "genes" / "allOnco_bushman.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    cancer = gene_lists()[0]
    assert cancer.symbols == {row[1].upper() for row in rows}
    # Every other name the source gives for a gene is known too.
    assert {row[5].upper() for row in rows if row[5] != "NA"} <= cancer.all_symbols
    assert not cancer.checked


def test_the_essential_list_is_the_sources(shared_data):
    path = shared_data / "genes" / "gene_lists" / "CEGv2_subset_universe.tsv"
    essential = gene_lists()[1]
    assert essential.symbols == {line.strip().upper() for line in path.read_text().splitlines()}
    assert essential.checked
    assert "doi:10.1534/g3.117.041277" in essential.sources


def test_non_essential_genes_are_not_essential(shared_data):
    """The authors' own negative set shares no gene with the positive one."""
    path = shared_data / "genes" / "gene_lists" / "NEGv1_subset_universe.tsv"
    negative = read_gene_list(path).symbols
    assert len(negative) > 900
    assert not negative & gene_lists()[1].all_symbols


@pytest.mark.parametrize(
    ("symbol", "marks"),
    [
        ("TP53", ("cancer gene",)), ("LMO2", ("cancer gene",)), ("MECOM", ("cancer gene",)),
        ("MYC", ("cancer gene", "essential gene")), ("POLR2A", ("essential gene",)),
        ("HBB", ()), ("CFTR", ()), ("tp53", ("cancer gene",)),
        ("AARS", ("essential gene",)), ("AARS1", ("essential gene",)), ("MLLT4", ("cancer gene",)),
        ("AFDN", ("cancer gene",)), ("ATP5B", ("cancer gene", "essential gene")), ("H3-3A", ("cancer gene",)),
    ],
)  # fmt: skip
def test_marks_of_known_genes(symbol, marks):
    assert lists_naming([symbol], gene_lists()) == marks
    assert tuple(one.name for one in gene_lists() if symbol.upper() in one.all_symbols) == marks


def test_a_site_in_several_genes_has_the_marks_of_all():
    assert lists_naming(["HBB", "POLR2A", "TP53"], gene_lists()) == ("cancer gene", "essential gene")
    assert lists_naming([], gene_lists()) == ()


def test_every_list_says_what_it_means_and_where_it_is_from():
    for one in gene_lists():
        assert one.meaning.endswith(".")
        assert one.sources
        assert one.tally.read == one.tally.kept == len(one.symbols)
        listed = {pair[0] for pair in one.others}
        assert listed <= one.symbols
        assert not {pair[1] for pair in one.others} & one.symbols


def test_the_lists_are_in_the_catalogue_versions():
    assert "gene_lists.toml" in dict(catalogue_versions())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sha256": "0" * 64}, "not the file described"),
        ({"genes": 5}, "683 genes are listed, not 5"),
        ({"file": "gene_list_absent.txt"}, "cannot be read"),
        ({"other_symbols": ("HBB=HBB1",)}, "do not fit"),
        ({"other_symbols": ("AARS=POLR2A",)}, "do not fit"),
    ],
)
def test_a_row_that_does_not_fit_its_file_is_refused(change, told):
    row = load_rows("gene_lists.toml", GeneListRow)["essential"]
    values = {name: getattr(row, name) for name in GeneListRow.__dataclass_fields__}
    with pytest.raises(InputError, match=told):
        _shipped(GeneListRow(**(values | change)))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('other_symbols = ["A-B"]', "no pair"),
        ("checked = true", "go together"),
        ('colour = "red"', "Unknown"),
    ],
)
def test_bad_rows_are_refused(line, told):
    text = (
        'as_of = "2026-11-26"\n[x]\nname = "a"\ntitle = "b"\nfile = "c"\nsha256 = "d"\ngenes = 1\nmeaning = "e."\n'
        f'sources = ["doi:10.1/x"]\n{line}\n'
    )
    with pytest.raises(ProblemsError, match=told):
        load_rows("gene_lists.toml", GeneListRow, text=text)


# --- a user's list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "TP53\nC1orf109\nHLA-A\n",
        "# mine\n\nTP53\r\nC1ORF109\r\nHLA-A",
        "symbol\nTP53\nC1orf109\nHLA-A\n",
        "rank\tSymbol\tnote\n1\tTP53\tx\n2\tC1orf109\ty\n3\tHLA-A\tz\n",
        '"gene"\t"score"\n"1"\t"TP53"\t"0.1"\n"2"\t"C1orf109"\t"0.2"\n"3"\t"HLA-A"\t"1"\n',
        "\ufeffTP53\nC1orf109\nHLA-A\n",
    ],
    ids=["plain", "comments", "one column", "table", "written by R", "with BOM"],
)
def test_the_ways_a_list_is_written(written, text):
    found = read_gene_list(written(text))
    assert found.symbols == {"TP53", "C1ORF109", "HLA-A"}
    assert (found.name, found.title, found.checked) == ("mine", "mine.txt", False)
    assert read_gene_list(written(text), "my gene").name == "my gene"


def test_a_compressed_list(written):
    assert read_gene_list(written(gzip.compress(b"TP53\n"), "mine.txt.gz")).symbols == {"TP53"}


def test_every_row_is_accounted_for(written):
    tally = read_gene_list(written("symbol\tx\nTP53\t1\n\t2\ntp53\t3\nMYC\t4\nTP53\t5\n")).tally
    assert (tally.read, tally.kept) == (5, 2)
    assert tally.refused == (("no symbol in the row", 1), ("symbol given before", 2))


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("TP53\nENSG00000141510\n", "accession", 2),
        ("TP53\nNM_000546.6\n", "accession", 2),
        ("7157\n", "accession", 1),
        ("HGNC:11998\n", "accession", 1),
        ("TP53\n2-Sep\n", "spreadsheet", 2),
        ("Mar-01\n", "spreadsheet", 1),
        ("TP53, MYC\n", "no gene symbol", 1),
        ("TP53 (7157)\n", "no gene symbol", 1),
        ("TP53\nMYC\tx\n", "2 columns, the first row 1", 2),
        ("name\tscore\nTP53\t1\n", "no column named symbol", 1),
        ("symbol\tscore\nTP53\n", "1 columns, the first row 2", 2),
        ("x" * 5000 + "é\n", "no gene symbol", 1),
    ],
)
def test_what_is_no_list_is_refused_by_line(written, text, told, line):
    with pytest.raises(InputError, match=told) as caught:
        read_gene_list(written(text))
    error = caught.value.problems[0] if isinstance(caught.value, ProblemsError) else caught.value
    assert error.where.endswith(f"mine.txt: line {line}")
    assert error.remedy
    assert len(error.what) < 200


@pytest.mark.parametrize("text", ["", "# nothing\n", "symbol\n", "symbol\tx\n\t1\n"])
def test_a_list_without_genes_is_refused(written, text):
    with pytest.raises(InputError, match="lists no gene"):
        read_gene_list(written(text))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00T", b"\x1f\x8b\x08\x00broken", b"TP53\n\xe9\n"])
def test_bytes_that_are_no_text_are_refused(written, data):
    with pytest.raises(InputError):
        read_gene_list(written(data))


def test_no_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_gene_list(tmp_path / "absent.txt")


def test_problems_are_told_together_but_not_without_end(written):
    with pytest.raises(ProblemsError) as caught:
        read_gene_list(written("a b\n" * 1000))
    assert len(caught.value.problems) == 20


# --- renamed genes ---------------------------------------------------------------------------------------------


def test_what_the_models_lack_is_told():
    models = ["AARS1", "gnb2l1", *(gene_lists()[1].symbols - {"AARS", "RACK1", "POLR2A"})]
    assert gene_lists()[1].missing_from(models) == ("POLR2A",)


def test_modern_symbols_of_essential_genes_are_found(shared_data):
    """HPO of January 2025 spells the tRNA ligases the new way; each is still marked."""
    with gzip.open(shared_data / "genes" / "hpo_gene_to_disease.tsv.gz", "rt") as lines:
        modern = {row["gene_symbol"] for row in csv.DictReader(lines, delimiter="\t")}
    essential = gene_lists()[1]
    ligases = {
        "AARS1",
        "EPRS1",
        "HARS1",
        "IARS1",
        "KARS1",
        "LARS1",
        "MARS1",
        "NARS1",
        "QARS1",
        "VARS1",
        "YARS1",
    }
    assert ligases <= modern
    assert all(symbol in essential for symbol in ligases)


SYMBOLS = st.from_regex(r"[A-Z][A-Z0-9]{1,6}", fullmatch=True).filter(lambda s: not s.startswith("ENS"))


@given(st.lists(SYMBOLS, min_size=1), st.randoms(use_true_random=False))
def test_a_written_list_is_read_back(tmp_path_factory, symbols, rng):
    path = tmp_path_factory.mktemp("lists") / "mine.txt"
    path.write_text("".join(f"{rng.choice([s, s.lower()])}\n" for s in ["HBB", *symbols]))
    found = read_gene_list(path)
    assert found.symbols == {"HBB", *symbols}
    assert found.tally.read == len(symbols) + 1


@given(st.sets(SYMBOLS), st.sets(SYMBOLS), st.sets(SYMBOLS))
def test_membership_is_one_in_all_its_forms(listed, others, genes):
    others -= listed
    pairs = tuple(zip(sorted(listed), sorted(others), strict=False))
    one = GeneList("x", "x", frozenset(listed), pairs)
    assert {gene for gene in genes | listed | others if gene in one} == (
        genes | listed | others
    ) & one.all_symbols
    assert set(one.missing_from(genes)) == {
        gene
        for gene in listed
        if gene not in genes and not {other for this, other in pairs if this == gene} & genes
    }
