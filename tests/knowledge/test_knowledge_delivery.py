"""Vehicles, tissues, and the facts on immunity and risk."""

from __future__ import annotations

import csv

import pytest

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import (
    Evidence,
    Tissue,
    Vehicle,
    genes,
    immunity_facts,
    immunity_to,
    load_rows,
    risks,
    tissue_named,
    vehicles,
    vehicles_for,
)
from revertant.model import EditingPlace


def keys(fits):
    return [fit.vehicle.key for fit in fits]


def test_enough_vehicles_and_each_sourced():
    assert len(vehicles()) >= 15
    assert all(vehicle.sources and vehicle.tissues for vehicle in vehicles())
    assert {v.capsid for v in vehicles()} >= {
        "AAV1", "AAV2", "AAV5", "AAV6", "AAV8", "AAV9", "AAVrh10", "AAVrh74", "AAV-LK03",
    }  # fmt: skip


def test_blood_stem_cells_take_ribonucleoprotein_outside_the_body():
    fits = vehicles_for("haematopoietic stem cell", 4100, EditingPlace.EX_VIVO)
    assert keys(fits) == ["electroporation_rnp_hsc", "electroporation_mrna_hsc"]
    assert not vehicles_for("haematopoietic stem cell", 4100, EditingPlace.IN_VIVO)


def test_a_gene_carrier_is_not_an_editor_carrier():
    assert "lentivirus_hsc" in keys(vehicles_for("HSC", 1000, purpose="addition"))
    assert "lentivirus_hsc" not in keys(vehicles_for("HSC", 1000))
    lentivirus = next(v for v in vehicles() if v.key == "lentivirus_hsc")
    assert not lentivirus.brings_editor
    assert lentivirus.evidence("HSC", "addition") is Evidence.APPROVED
    assert lentivirus.evidence("liver", "addition") is Evidence.NONE


def test_room_decides_and_the_edge_fits():
    room = next(v for v in vehicles() if v.key == "aav9_editor_systemic").room_bp
    assert "aav9_editor_systemic" in keys(vehicles_for("heart", room))
    fits = keys(vehicles_for("heart", room + 1))
    assert "aav9_editor_systemic" not in fits
    assert "aav9_dual_systemic" in fits
    assert not vehicles_for("heart", 20_000)


def test_an_unknown_length_is_said():
    fits = vehicles_for("heart", None, EditingPlace.IN_VIVO)
    assert all("not known" in because or "does not limit" in because for _, because in fits)


def test_best_evidence_comes_first():
    ranks = [fit.vehicle.evidence("liver").rank for fit in vehicles_for("liver", 3200)]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == Evidence.CLINICAL.rank


@pytest.mark.parametrize("tissue", ["kidney", "pancreas", "bone", "peripheral nerve", "adipose tissue"])
def test_where_no_vehicle_is_known_there_is_none(tissue):
    assert vehicles_for(tissue, 3000) == ()


def test_each_gene_tissue_is_in_the_vocabulary():
    assert {tissue for fact in genes().values() for tissue in fact.tissues} <= set(Tissue)


@pytest.mark.parametrize("text", ["HSC", "Bone marrow", "bone_marrow", "haematopoietic stem cell", "Blood"])
def test_tissues_by_their_common_names(text):
    assert tissue_named(text) is Tissue.HAEMATOPOIETIC_STEM_CELL


def test_unknown_tissue_lists_the_vocabulary():
    with pytest.raises(InputError, match="spinal cord motor neurons"):
        tissue_named("spleen")


VEHICLE = """as_of = "2026-11-22"
[x]
sources = ["doi:1"]
name = "x"
kind = "AAV"
capsid = "AAV1"
route = "r"
place = "in_vivo"
capacity_bp = 4400
reach = [{ tissue = "liver", editing = "clinical" }]
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('kind = "AAV"', 'kind = "balloon"'),
        ('capsid = "AAV1"\n', ""),
        ('place = "in_vivo"', 'place = "in_vitro"'),
        ("capacity_bp = 4400", "capacity_bp = 400\nparts_bp = 500"),
        ('reach = [{ tissue = "liver", editing = "clinical" }]', "reach = []"),
        ('editing = "clinical"', 'editing = "none"'),
        ('editing = "clinical"', 'editing = "proven"'),
        ('clinical" }]', 'clinical" }, { tissue = "liver", addition = "approved" }]'),
    ],
)
def test_refuses_vehicles_that_do_not_fit(before, after):
    assert load_rows("vehicles.toml", Vehicle, text=VEHICLE)
    with pytest.raises(ProblemsError):
        load_rows("vehicles.toml", Vehicle, text=VEHICLE.replace(before, after))


def test_immunity_facts_are_sourced_and_in_range():
    assert all(fact.sources and fact.statement for fact in immunity_facts().values())
    assert {fact.key for fact in immunity_to("spcas9")} >= {"spcas9_antibody", "spcas9_t_cell"}
    assert immunity_to("AAV4") == ()
    assert [fact.checked for fact in immunity_to("AAV5")] == [True, True, True]
    assert immunity_facts()["ascas12a_t_cell"].share == ""


def test_seroprevalence_agrees_with_the_table(shared_data):
    with (shared_data / "kinetics" / "aav_nab_seroprevalence.tsv").open() as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    seen = set()
    for fact in immunity_facts().values():
        places = {
            "aav9_us": "PMID 29624457",
            "aav9_china": "edsdoj",
            "_india": "India",
            "_adults": "2006;17:440",
        }
        key = next((k for k in places if fact.key.endswith(k)), None)
        if key is None:
            continue
        study = {"edsdoj": "China", "India": "India"}.get(places[key])
        found = [
            r for r in rows
            if r["serotype"] == fact.target
            and (study in r["population"] if study else places[key] in r["citation"])
        ]  # fmt: skip
        figures = [float(part) for r in found for part in r["prevalence"].split("-")]
        assert (fact.low, fact.high) == (min(figures), max(figures)), fact.key
        seen.add(fact.target)
    assert seen == {"AAV2", "AAV5", "AAV6", "AAV8", "AAV9"}


def test_double_strand_breaks_carry_the_four_named_risks():
    found = {risk.key for risk in risks("double_strand_break")}
    assert found >= {"dsb_large_deletion", "dsb_loss_of_heterozygosity", "dsb_chromothripsis", "dsb_p53"}
    assert all(risk.sources and risk.consequence for risk in risks("double_strand_break"))


def test_conditioning_depends_on_the_cells():
    assert [r.key for r in risks("conditioning", Tissue.HAEMATOPOIETIC_STEM_CELL)] == [
        "conditioning_busulfan"
    ]
    assert [r.key for r in risks("conditioning", Tissue.T_CELL)] == ["conditioning_lymphodepletion"]
    assert risks("conditioning", Tissue.LIVER) == ()
