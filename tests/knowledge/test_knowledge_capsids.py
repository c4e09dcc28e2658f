"""Capsids, doses that have been given, deaths, and how common antibodies are."""

from __future__ import annotations

import csv
import math

import pytest

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import (
    HIGH_DOSE_VG_PER_KG,
    AavDeath,
    Capsid,
    DoseAnchor,
    Evidence,
    Tissue,
    aav_deaths,
    capsid,
    capsids,
    catalogue_versions,
    dose_anchors,
    immunity_facts,
    load_rows,
    products,
    seroprevalence,
    vehicles,
)


def vp1_records(shared_data):
    records, name = {}, ""
    for line in (shared_data / "vectors" / "aav_capsid_vp1.fasta").read_text(encoding="utf-8").splitlines():
        if line.startswith(">"):
            name, accession = line[1:].split()[:2]
            records[name] = (accession, "")
        else:
            records[name] = (records[name][0], records[name][1] + line.strip())
    return records


def test_every_vehicle_of_aav_names_a_capsid_of_the_catalogue():
    named = {vehicle.capsid for vehicle in vehicles() if "AAV" in vehicle.kind}
    assert named <= set(capsids())


def test_vp1_has_the_length_of_its_record(shared_data):
    records = vp1_records(shared_data)
    with_length = {key: row for key, row in capsids().items() if row.vp1_aa is not None}
    assert len(with_length) >= 9
    for key, row in with_length.items():
        accession, sequence = records[key]
        assert len(sequence) == row.vp1_aa, key
        # The record of AAV9 is a plasmid; its row names the gene's own accession.
        assert key == "AAV9" or row.accession == accession, key


def test_products_by_capsid_are_those_of_the_review(shared_data):
    with (shared_data / "kinetics" / "aav_approved_product_design.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            assert row["product"] in capsid(row["capsid"]).products


def test_reach_is_that_of_the_vehicles():
    reach = capsid("AAV9").reach
    assert reach[0].addition is Evidence.APPROVED
    assert {(one.tissue, one.route) for one in reach} >= {
        (Tissue.SPINAL_CORD, "intravenous"), (Tissue.SPINAL_CORD, "intrathecal"), (Tissue.HEART, "intravenous"),
    }  # fmt: skip
    assert sum(len(one.reach) for one in capsids().values()) == sum(
        len(vehicle.reach) for vehicle in vehicles() if vehicle.capsid
    )


def test_capsids_that_need_a_mouse_receptor_are_blocked_for_people():
    blocked = {key for key, row in capsids().items() if row.blocked_in_people}
    assert blocked == {"AAV-PHP.B", "AAV-PHP.eB"}
    assert all("LY6A" in capsids()[key].blocked_in_people for key in blocked)
    assert not blocked & {vehicle.capsid for vehicle in vehicles()}


def test_unknown_capsid_names_its_neighbours():
    with pytest.raises(InputError, match="AAV9"):
        capsid("AVV9")
    with pytest.raises(InputError, match="The catalogue has AAV-LK03"):
        capsid("zzz")


def test_antibodies_of_an_engineered_capsid_are_those_of_its_parent():
    assert seroprevalence("MyoAAV") == seroprevalence("AAV9") != ()
    assert seroprevalence("AAV-LK03") == ()
    assert all("antibody" in fact.response for fact in seroprevalence("SpCas9"))


def test_seroprevalence_by_age_agrees_with_the_table(shared_data):
    with (shared_data / "kinetics" / "aav_nab_seroprevalence.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    keys = {
        ("AAV9", "China, adults"): "aav9_china_adult",
        ("AAV9", "China, children"): "aav9_china_children",
        ("AAV9", "China, newborns"): "aav9_china_newborns",
        ("AAV9", "China, 6 months-3 years"): "aav9_china_toddlers",
        ("AAV9", "China, 0-90 y"): "aav9_china_all",
        ("AAVHSC15", "US adults"): "aavhsc15_us",
        ("AAVHSC17", "US adults"): "aavhsc17_us",
    }
    seen = set()
    for row in rows:
        key = keys.get((row["serotype"], row["population"]))
        if key:
            fact = immunity_facts()[key]
            assert fact.low == fact.high == float(row["prevalence"])
            assert fact.target == row["serotype"]
            seen.add(key)
    assert seen == set(keys.values())


# --- doses


def test_doses_of_products_are_those_of_their_labels():
    named = [anchor for anchor in dose_anchors() if anchor.product]
    assert {anchor.product for anchor in named} == {"zolgensma", "itvisma"}
    for anchor in named:
        label = products()[anchor.product].label_in("US")
        assert anchor.low == {"kg": label.dose.vg_per_kg, "person": label.dose.vg}[anchor.per]


def test_doses_of_trials_are_those_of_the_table(shared_data):
    with (shared_data / "kinetics" / "aav_hemophilia_dose_expression.tsv").open(encoding="utf-8") as lines:
        table = list(csv.DictReader(lines, delimiter="\t"))

    def doses(sponsor, disease):
        return [
            float(r["dose_vg_per_kg"]) for r in table if (r["sponsor"], r["disease"]) == (sponsor, disease)
        ]

    found = {anchor.key: (anchor.low, anchor.high) for anchor in dose_anchors()}
    for key, sponsor, disease in (
        ("bax335", "Baxalta", "Hemophilia B"),
        ("nathwani_scaav8_fix", "Nathwani/Davidoff", "Hemophilia B"),
        ("spark_lk03_fviii", "Spark", "Hemophilia A"),
    ):
        given = doses(sponsor, disease)
        assert found[key] == (min(given), max(given))
    assert found["roctavian"][0] == max(doses("BioMarin", "Hemophilia A"))


def test_each_anchor_has_a_capsid_and_a_source():
    assert all(anchor.capsid in capsids() and anchor.sources for anchor in dose_anchors())
    assert [anchor.stage for anchor in dose_anchors()] == sorted(anchor.stage for anchor in dose_anchors())


def test_anchors_are_found_by_tissue_route_and_capsid():
    assert {anchor.key for anchor in dose_anchors("motor neuron", "intrathecal")} == {"itvisma"}
    assert {anchor.key for anchor in dose_anchors(capsid="AAV5")} == {"hemgenix", "roctavian"}
    assert dose_anchors("kidney") == ()


def test_an_anchor_becomes_a_dose_with_its_basis():
    by_key = {anchor.key: anchor for anchor in dose_anchors()}
    infant = by_key["zolgensma"].vector_dose(4.6)
    assert infant.vg_per_kg == 1.1e14
    assert math.isclose(infant.vg_total, 5.06e14)
    assert "Zolgensma" in infant.basis
    assert infant.checked
    assert by_key["zolgensma"].vector_dose().vg_total is None
    eye = by_key["luxturna"].vector_dose(70)
    assert (eye.vg_per_kg, eye.vg_total) == (None, 1.5e11)
    assert by_key["bax335"].vector_dose(70) is None, "no dose is picked out of a range"
    assert by_key["bax335"].words == "2e11 to 3e12 vg/kg"


def test_every_death_followed_a_high_dose():
    rows = aav_deaths().values()
    assert all(row.low >= HIGH_DOSE_VG_PER_KG and row.organ and row.sources for row in rows)
    assert sum(row.deaths for row in rows if "pmcid:PMC10638066" in row.sources) == 11
    assert aav_deaths()["elevidys"].deaths is None
    assert {row.capsid for row in rows} <= set(capsids())


def test_versions_cover_the_catalogues():
    names = {name for name, _ in catalogue_versions()}
    assert {"capsids.toml", "doses.toml", "aav_deaths.toml"} <= names


HEAD = 'as_of = "2026-11-26"\n[x]\nsources = ["doi:1"]\nname = "x"\n'
DOSE = HEAD + (
    'gene = "g"\ncapsid = "AAV9"\nroute = "r"\ntissue = "liver"\nstage = "label"\nlow = 1e11\nhigh = 1e11\nper = "kg"\n'
)


@pytest.mark.parametrize(
    ("row_class", "good", "bad", "what"),
    [
        (DoseAnchor, DOSE, DOSE.replace("low = 1e11", "low = 2e11"), "no range"),
        (DoseAnchor, DOSE, DOSE.replace("low = 1e11", "low = 0.0"), "no range"),
        (DoseAnchor, DOSE, DOSE.replace("high = 1e11", "high = 2e11"), "one dose"),
        (Capsid, HEAD, HEAD + "vp1_aa = 736\n", "record"),
        (Capsid, HEAD, HEAD + 'blocked_in_people = "no"\nproducts = ["P"]\n', "not blocked"),
        (
            AavDeath,
            HEAD + 'capsid = "c"\nlow = 1e14\nhigh = 1e14\norgan = "liver"\n',
            HEAD + 'capsid = "c"\nlow = 1e14\nhigh = 1e14\norgan = "liver"\ndeaths = 0\n',
            "one at least",
        ),
        (
            AavDeath,
            HEAD + 'capsid = "c"\nlow = 1e14\nhigh = 1e14\norgan = "liver"\n',
            HEAD + 'capsid = "c"\nlow = 3e14\nhigh = 1e14\norgan = "liver"\n',
            "no range",
        ),
    ],
)
def test_refuses_rows_that_contradict_themselves(row_class, good, bad, what):
    assert load_rows("x.toml", row_class, text=good)
    with pytest.raises(ProblemsError, match=what):
        load_rows("x.toml", row_class, text=bad)
