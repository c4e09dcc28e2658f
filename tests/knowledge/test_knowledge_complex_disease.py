"""Routes for common disease: what the catalogue holds, and what its loader refuses."""

from __future__ import annotations

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import ComplexRoute, complex_routes, complex_routes_for, find_gene, load_rows
from revertant.model import Disease

HEAD = 'as_of = "2026-11-26"\n'
ROW = """[r]
disease = "a disease"
names = ["a disease"]
gene = "PCSK9"
direction = "lower"
why = "It helps."
tissue = "liver"
vehicle = "lipid nanoparticle"
design = "knock_out"
interval = "GRCh38 chr1:1-2"
interval_sources = ["dataset:x"]
sources = ["doi:10.1/x"]
genetics = { statement = "It is so.", supports = true, sources = ["doi:10.1/x"] }
"""
TRIAL = (
    'trials = [{ name = "T", what = "it", stage = "phase 1", status = "running", shown = "Nothing yet.", '
    'as_of = "2026-01-01", sources = ["nct:NCT00000001"], nct = "NCT1" }]\n'
)


def test_there_are_at_least_twelve_routes_over_many_organs():
    rows = complex_routes().values()
    assert len(rows) >= 12
    assert {row.tissue for row in rows} >= {"liver", "retina", "brain", "heart", "joint"}
    assert {row.direction for row in rows} == {"lower", "raise", "replace"}
    # What speaks against a route stands there like what speaks for it.
    assert any(trial.status == "no_benefit" for row in rows for trial in row.trials)
    assert any(not row.genetics.supports for row in rows)


def test_what_is_checked_has_a_source_of_its_own_and_a_trial_number_stands_in_its_sources():
    for row in complex_routes().values():
        for told in (row.genetics, *row.trials, *row.harms):
            assert told.sources, row.key
        for trial in row.trials:
            assert not trial.nct or f"nct:{trial.nct}" in (*trial.sources, *row.sources), trial.name
            assert trial.as_of <= "2026-11-26"


def test_only_genes_that_people_can_do_without_are_knocked_out():
    designed = {row.gene for row in complex_routes().values() if row.design == "knock_out"}
    assert designed == {"ANGPTL3", "PCSK9", "TTR"}
    assert all(find_gene(gene).dispensable for gene in designed)
    assert not any(row.design != "none" for row in complex_routes().values() if row.research_only)


def test_a_route_for_research_alone_is_that_of_apoe():
    assert complex_routes()["alzheimer_apoe"].research_only


@pytest.mark.parametrize(
    ("disease", "genes"),
    [
        (Disease("OMIM:143890"), ["ANGPTL3", "PCSK9"]),
        (Disease("X:1", "Wild-type  ATTR amyloidosis"), ["TTR"]),
        (Disease("X:1", "Parkinson's disease"), ["DDC", "GBA1", "GDNF"]),
        (Disease("X:1", "Parkinson's disease, susceptibility to"), []),
        (Disease("OMIM:603903", "Sickle cell disease"), []),
    ],
)
def test_a_disease_is_found_by_identifier_or_whole_name(disease, genes):
    assert [row.gene for row in complex_routes_for([disease])] == genes


BAD = {
    "name in capitals": (ROW.replace('["a disease"]', '["A disease"]'), "lower case"),
    "no reason": (ROW.replace('"knock_out"', '"none"'), "says why"),
    "research designed": (ROW + "research_only = true\n", "not designed"),
    "no interval": (ROW.replace('interval = "GRCh38 chr1:1-2"\n', ""), "names the interval"),
    "raising by a knock-out": (ROW.replace('"lower"', '"raise"'), "a knock-out lowers"),
    "gene one needs": (ROW.replace("PCSK9", "HBB"), "do without HBB"),
    "gene nobody knows": (ROW.replace("PCSK9", "NEW1"), "do without NEW1"),
    "no sentence": (ROW.replace("It is so.", "It is so"), "no sentence"),
    "no NCT number": (ROW + TRIAL, "no NCT number"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_route_that_contradicts_itself_is_refused(text, message):
    with pytest.raises(ProblemsError, match=message):
        load_rows("r.toml", ComplexRoute, text=HEAD + text)


def test_the_row_above_is_well_formed():
    assert load_rows("r.toml", ComplexRoute, text=HEAD + ROW)["r"].gene == "PCSK9"
