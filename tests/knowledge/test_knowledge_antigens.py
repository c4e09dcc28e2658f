"""The catalogue of antigens: every fact has a source, names are unique, surface evidence is that of the lists."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import antigen_aliases, antigen_named, antigens, organ_named, organs
from revertant.knowledge.antigens import Antigen
from revertant.knowledge.catalogue import load_rows

#: Antigens that have to be in it.
WANTED = {
    "CD19", "CD22", "TNFRSF17", "MS4A1", "CD7", "CD5", "CD33", "IL3RA", "ERBB2", "MSLN", "CLDN18",
    "GPC3", "CA9", "CEACAM5", "CD38", "SLAMF7", "GPRC5D", "FCRL5", "CD70", "TNFRSF8", "ROR1", "EGFR",
    "EGFRVIII", "IL13RA2", "GD2", "FOLH1", "PSCA", "MUC1", "MUC16", "EPCAM", "CD276", "FAP", "L1CAM",
    "FOLR1", "NECTIN4", "TACSTD2", "DLL3", "CLEC12A", "FLT3",
}  # fmt: skip


def facts(row):
    return [*row.normal, *row.clinical, *row.losses, *row.forms, *([row.shed] if row.shed else [])]


def test_antigens_with_a_record_are_in_it():
    assert len(antigens()) >= 40
    assert not WANTED - set(antigens())


def test_every_fact_says_something_and_where_from():
    for row in antigens().values():
        for fact in facts(row):
            assert fact.source
            if hasattr(fact, "what") and not hasattr(fact, "stage"):
                assert fact.what.endswith("."), (row.key, fact.what)
    # Labels were not read here: nothing that rests on one is checked.
    assert not [
        row.key
        for row in antigens().values()
        for f in facts(row)
        if f.source.startswith("label:") and f.checked
    ]


def test_the_guide_says_how_much_was_read():
    every = [fact for row in antigens().values() for fact in facts(row)]
    guide = Path(__file__).parents[2] / "docs" / "guides" / "car_t_targets.md"
    text = guide.read_text(encoding="utf-8")
    assert f"holds {len(antigens())} antigens" in text
    assert f"({sum(fact.checked for fact in every)} of {len(every)})" in text


def test_no_two_antigens_share_a_name():
    names = Counter(
        name.upper()
        for row in antigens().values()
        for name in {row.key.upper(), row.symbol.upper(), *(alias.upper() for alias in row.aliases)} - {""}
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert not set(antigen_aliases()) & {row.symbol for row in antigens().values()}


@pytest.mark.parametrize(
    ("alias", "symbol"),
    [("BCMA", "TNFRSF17"), ("cd20", "MS4A1"), ("CD123", "IL3RA"), ("HER2", "ERBB2"), ("PSMA", "FOLH1"),
     ("B7-H3", "CD276"), ("TROP2", "TACSTD2"), ("CLL-1", "CLEC12A"), ("FCRH5", "FCRL5"), ("CAIX", "CA9"),
     ("CEA", "CEACAM5"), ("CD30", "TNFRSF8"), ("GD2", ""), ("EGFRvIII", "")],
)  # fmt: skip
def test_other_names_lead_to_the_antigen(alias, symbol):
    assert antigen_named(alias).symbol == symbol


def test_what_no_gene_stands_for_is_said():
    assert antigen_named("GD2").not_by_expression
    assert antigen_named("EGFRvIII").not_by_expression
    assert antigen_named("CLDN18.2").not_by_expression
    assert antigen_named("INS") is None


def test_exon_2_of_cd19_is_a_known_form():
    (form,) = antigen_named("CD19").forms
    assert form.name == "without exon 2"
    assert form.source == "pmid:26516065"
    assert form.checked


def test_surface_evidence_is_that_of_the_lists(shared_data):
    folder = shared_data / "expression"
    with gzip.open(folder / "surfy_surfaceome.tsv.gz", "rt", encoding="utf-8") as lines:
        surfaceome = {row["GENE"] for row in csv.DictReader(lines, delimiter="\t")}
    with (folder / "cspa.tsv").open(encoding="utf-8") as lines:
        captured = {
            row["GENE"]: row["CSPA category"].partition(" - ")[2]
            for row in csv.DictReader(lines, delimiter="\t")
        }
    for row in antigens().values():
        if row.symbol:
            # The lists are of 2015 and 2018: a gene may stand in them under a former symbol.
            names = (row.symbol, *row.aliases)
            assert row.surfaceome == any(name in surfaceome for name in names), row.key
            assert row.cell_surface_capture == next((captured[n] for n in names if n in captured), ""), (
                row.key
            )


def test_registered_trials_exist(shared_data):
    """Every trial a checked CAR-T row rests on is in the registry's table."""
    with gzip.open(
        shared_data / "trials" / "cart_onc_trials_2026-08-22.csv.gz", "rt", encoding="utf-8"
    ) as lines:
        known = {row["NCTId"] for row in csv.DictReader(lines)}
    cited = {
        record.source.removeprefix("nct:")
        for row in antigens().values()
        for record in row.clinical
        if record.source.startswith("nct:")
        and record.checked
        and record.what.startswith("A trial is registered")
    }
    assert len(cited) > 15
    assert cited <= known


def test_rows_that_say_too_little_are_refused():
    text = """
as_of = "2026-11-26"
[X]
symbol = ""
name = "x"
tumours = []
normal = []
clinical = []
losses = [{ what = "gone.", source = "somewhere" }]
sources = ["doi:10.1/x"]
"""
    with pytest.raises(ProblemsError) as refused:
        load_rows("x.toml", Antigen, text=text)
    said = str(refused.value)
    assert "'somewhere' is no source" in said
    assert "normal tissue and a clinical record" in said
    assert "does not stand for the target" in said


def test_organs_of_normal_samples():
    assert organ_named("Heart - Left Ventricle").name == "heart"
    assert organ_named("Nerve - Tibial").essential
    assert organ_named("Whole Blood").name == "blood"
    assert not organ_named("Testis").essential
    assert organ_named("Cells - Transformed") is None
    beginnings = Counter(name for row in organs().values() for name in row.names)
    assert max(beginnings.values()) <= 2


def test_gtex_tissues_are_known(shared_data):
    with gzip.open(
        shared_data / "expression" / "genoppi_gtex_rna_specificity.tsv.gz", "rt", encoding="utf-8"
    ) as lines:
        tissues = {line.split("\t")[0] for line in lines} - {"tissue"}
    unknown = sorted(tissue for tissue in tissues if organ_named(tissue) is None)
    # Cell lines are of no organ.
    assert unknown == ["Cells_EBV.transformed_lymphocytes", "Cells_Transformed_fibroblasts"]
