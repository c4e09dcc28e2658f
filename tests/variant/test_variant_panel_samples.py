"""Tables of people and populations: which column speaks, and what is refused."""

from __future__ import annotations

import pytest

from revertant.errors import InputError
from revertant.variant.panel_samples import read_sample_table

HEAD = "sample\tpopulation\tsuperpopulation\tsex\n"


def table(folder, text: str, column: str = ""):
    path = folder / "samples.tsv"
    path.write_text(text)
    return read_sample_table(path, column)


def test_the_superpopulation_speaks_unless_another_column_is_asked_for(tmp_path):
    text = HEAD + "A\tGBR\tEUR\tmale\nB\tYRI\tAFR\tfemale\n\nC\t\t\tmale\n"
    assert dict(table(tmp_path, text).populations) == {"A": "EUR", "B": "AFR"}
    asked = table(tmp_path, text, "Population")
    assert (asked.column, dict(asked.populations)) == ("population", {"A": "GBR", "B": "YRI"})


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("sample\tpopulation\nA\tGBR\n", "population"),
        ("sample\tpop\tsuper_pop\tgender\nA\tGBR\tEUR\tmale\n", "super_pop"),
        ("#Sample\tPopulation\r\nA\tGBR\r\n", "Population"),
    ],
)
def test_headers_in_use(tmp_path, text, column):
    found = table(tmp_path, text)
    assert found.column == column
    assert set(found.populations) == {"A"}


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", "", "no column 'sample'"),
        ("person\tpopulation\nA\tGBR\n", "", "no column 'sample'"),
        ("sample\tsex\nA\tmale\n", "", "no column 'superpopulation' or 'population'"),
        (HEAD + "A\tGBR\tEUR\tmale\n", "tribe", "no column 'tribe'"),
        (HEAD + "A\tGBR\tEUR\tmale\n", "sample", "no column 'sample'"),
        ("sample\tpopulation\tpopulation\nA\tGBR\tGBR\n", "", "two columns"),
        (HEAD + "A\tGBR\tEUR\n", "", "3 columns"),
        (HEAD + "A\tGBR\tEUR\tmale\nA\tGBR\tEUR\tmale\n", "", "listed twice"),
        (HEAD + "\tGBR\tEUR\tmale\n", "", "names no sample"),
        (HEAD + "A\tGBR\tall\tmale\n", "", "cannot name a population"),
        (HEAD + "A\tGBR\tunlabelled\tmale\n", "", "cannot name a population"),
        (HEAD, "", "lists no sample"),
    ],
)
def test_a_table_that_is_not_sound_is_refused(tmp_path, text, column, words):
    with pytest.raises(InputError) as caught:
        table(tmp_path, text, column)
    error = caught.value
    assert (error.code, error.exit_status) == ("bad-sample-table", 3)
    assert words in str(error)
    assert error.where.startswith("samples.tsv")
    assert error.remedy


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_sample_table(tmp_path / "none.tsv")


def test_the_real_table(shared_data):
    real = read_sample_table(shared_data / "variants/1kgp.samples.tsv")
    assert real.column == "superpopulation"
    assert set(real.populations.values()) == {"AFR", "AMR", "EAS", "EUR", "SAS"}
    assert len(real.populations) == 2535
