"""Delivery, immunity, conditioning, damage, the guide itself, and what is ordered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import flip, target_of, toy_gene

from revertant import knowledge
from revertant.errors import InputError
from revertant.modality.oligos import guide_oligos
from revertant.modality.safety import (
    cut_damage_findings,
    delivery_findings,
    guide_findings,
    haplotype_finding,
    nick_damage_findings,
    site_findings,
)
from revertant.model import (
    Case,
    CaseVariant,
    Design,
    EditingPlace,
    Estimate,
    Guide,
    Locus,
    PamSide,
    PegRna,
    Route,
    Serology,
    Site,
    Status,
    Strategy,
    Subject,
    Variant,
)

_, GENE = toy_gene()
CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
GUIDE = Guide("GCTACTCATCTACTCATCAC", "TGG", "NGG", PamSide.THREE_PRIME, Locus("toy", 0, 20))
DESIGN = Design("nuclease", Route.KNOCK_OUT, "TOY", "TOY", "spcas9", "SpCas9", (GUIDE,), "Cuts.")


def findings(tissue, cargo, place, case=CASE, design=DESIGN):
    target = target_of(GENE, tissues=(tissue,) if tissue else (), editing_place=place)
    return {f.rule: f for f in delivery_findings(design, target, case, cargo)}


def test_no_vehicle_fails():
    found = findings("kidney", 4107, EditingPlace.IN_VIVO)
    assert found["delivery.vehicle"].status is Status.FAIL
    assert "kidney" in found["delivery.vehicle"].because
    assert {"immunity.editor", "conditioning"} <= set(found)


def test_unknown_tissue_is_unknown():
    found = findings("", 4107, None)
    assert found["delivery.vehicle"].status is Status.UNKNOWN
    assert found["conditioning"].status is Status.UNKNOWN
    assert "State it in the case" in found["delivery.vehicle"].because


def test_a_tissue_nobody_knows_is_an_input_error():
    with pytest.raises(InputError, match="no tissue") as caught:
        findings("gizzard", 4107, None)
    assert "liver" in caught.value.remedy


def test_outside_the_body():
    found = findings("haematopoietic stem cell", 4107, EditingPlace.EX_VIVO)
    assert found["delivery.vehicle"].status is Status.PASS
    assert found["conditioning"].status is Status.CAUTION
    assert "usulfan" in found["conditioning"].because
    assert found["immunity.editor"].status is Status.CAUTION
    assert found["immunity.vehicle"].status is Status.NOT_APPLICABLE
    assert not [rule for rule in found if rule.startswith("vehicle.")]


def test_in_the_body_by_lipid_nanoparticle():
    found = findings("liver", 4107, EditingPlace.IN_VIVO)
    assert found["conditioning"].status is Status.NOT_APPLICABLE
    assert found["immunity.editor"].status is Status.UNKNOWN
    assert "not tested" in found["immunity.editor"].because
    assert (
        "LNP" in found["delivery.vehicle"].value or "nanoparticle" in found["delivery.vehicle"].value.lower()
    )
    risk = found["vehicle.lnp_liver_injury"]
    assert risk.status is Status.CAUTION
    assert risk.sources
    assert "vehicle.aav_high_dose" not in found


def aav_tissue():
    """A tissue whose first fit is an AAV given into a vein, with what it carries."""
    for vehicle in knowledge.vehicles():
        for reach in vehicle.reach:
            fits = knowledge.vehicles_for(reach.tissue, 3000, EditingPlace.IN_VIVO)
            if fits and fits[0].vehicle.capsid and fits[0].vehicle.route == "intravenous":
                return reach.tissue, fits[0].vehicle
    pytest.skip("no tissue is reached first by a systemic AAV")
    return None


@pytest.mark.parametrize(
    ("serology", "status"),
    [
        ((), Status.UNKNOWN),
        ((("OTHER", 5.0, False, ""),), Status.UNKNOWN),
        ((("", None, False, ""),), Status.PASS),
        ((("", 5.0, True, ""),), Status.PASS),
        ((("", 400.0, False, ""),), Status.CAUTION),
        ((("", 400.0, False, "2026-01-01"), ("", 5.0, True, "2026-05-01")), Status.PASS),
        ((("", 5.0, True, "2026-01-01"), ("", 400.0, False, "2026-05-01")), Status.CAUTION),
    ],
)
def test_antibodies_against_the_capsid(serology, status):
    tissue, vehicle = aav_tissue()
    given_results = tuple(
        Serology(name or vehicle.capsid.lower(), "NAb", titre, below, date)
        for name, titre, below, date in serology
    )
    found = findings(tissue, 3000, EditingPlace.IN_VIVO, replace(CASE, serology=given_results))
    assert found["immunity.vehicle"].status is status
    assert found["vehicle.aav_high_dose"].status is Status.CAUTION
    if status is Status.UNKNOWN:
        assert "a missing titre is not a negative one" in found["immunity.vehicle"].because


def test_an_unnamed_protein_has_unknown_immunity():
    design = replace(DESIGN, effector="cjcas9", effector_name="CjCas9")
    assert findings("liver", None, None, design=design)["immunity.editor"].status is Status.UNKNOWN


def test_damage_of_a_break_and_of_a_nick():
    rules = {f.rule: f for f in cut_damage_findings()}
    assert {
        "damage.dsb_large_deletion",
        "damage.dsb_loss_of_heterozygosity",
        "damage.dsb_chromothripsis",
    } <= set(rules)
    assert all(f.status is Status.CAUTION and f.sources and f.because for f in rules.values())
    nick, elsewhere = nick_damage_findings()
    assert nick.status is Status.CAUTION
    assert (elsewhere.rule, elsewhere.status) == ("deaminase.elsewhere", Status.UNKNOWN)


@pytest.mark.parametrize(
    ("spacer", "terminator", "gc"),
    [
        ("GCTACTCATCTACTCATCAC", Status.PASS, Status.PASS),
        ("GCTTTTCATCTACTCATCAC", Status.CAUTION, Status.PASS),
        ("ATATATATATATATATATAT", Status.PASS, Status.CAUTION),
        ("GGGGGCGCGGCGCCGGCGCC", Status.PASS, Status.CAUTION),
    ],
)
def test_what_the_spacer_is_made_of(spacer, terminator, gc):
    design = replace(DESIGN, guides=(replace(GUIDE, spacer=spacer),))
    found = {f.rule: f for f in guide_findings(design)}
    assert found["guide.pol3_terminator"].status is terminator
    assert found["guide.gc_content"].status is gc
    assert found["guide.activity"].status is Status.UNKNOWN


def test_a_predicted_activity_is_told_and_never_a_pass():
    facts = (("predicted_activity", "0.62 (0.31 to 0.90)"), ("predicted_activity_is", "expected rank"))
    predicted = replace(DESIGN, facts=facts)
    declined = replace(DESIGN, facts=(("predicted_activity", "the PAM is not NGG"),))
    pegrna = PegRna("ACGT", "AC", "GT")
    whole = replace(DESIGN, pegrnas=(pegrna,), useful_yield=Estimate(0.2, "share", "m"))
    bare = replace(DESIGN, pegrnas=(pegrna,), useful_yield=Estimate(None, "share", "m", in_domain=False))
    for design, status, text in (
        (predicted, Status.CAUTION, "(expected rank)"),
        (declined, Status.UNKNOWN, "not predicted: the PAM is not NGG."),
        (whole, Status.NOT_APPLICABLE, "pegRNA"),
        (bare, Status.UNKNOWN, "no model covers"),
    ):
        found = next(f for f in guide_findings(design) if f.rule == "guide.activity")
        assert found.status is status
        assert text in found.because


def test_on_whose_sequence():
    variant = Variant("toy", 5, "A", "G")
    everywhere = [("toy", 0, 100)]
    assert haplotype_finding(DESIGN, None).status is Status.UNKNOWN
    assert haplotype_finding(DESIGN, everywhere).status is Status.PASS
    putative = replace(DESIGN, guides=(replace(GUIDE, haplotypes=("putative",)),))
    assert haplotype_finding(putative, everywhere).status is Status.CAUTION
    changed = replace(DESIGN, guides=(replace(GUIDE, variants=(variant,)),))
    found = haplotype_finding(changed, everywhere)
    assert (found.status, found.value) == (Status.PASS, str(variant))


@pytest.mark.parametrize("called", [[], [("toy", 20, 40)], [("other", 0, 100)]])
def test_a_vcf_that_is_silent_around_the_guide_tells_nothing(called):
    found = haplotype_finding(DESIGN, called)
    assert found.status is Status.UNKNOWN
    assert "no records around this guide" in found.because


def test_each_tissue_has_a_delivery_finding_of_its_own():
    target = target_of(
        GENE, tissues=("liver", "kidney", "skeletal muscle"), editing_place=EditingPlace.IN_VIVO
    )
    found = {f.rule: f for f in delivery_findings(DESIGN, target, CASE, 4107)}
    rules = [rule for rule in found if rule.startswith("delivery.")]
    assert rules == ["delivery.vehicle", "delivery.also_kidney", "delivery.also_skeletal_muscle"]
    assert found["delivery.vehicle"].status is not Status.FAIL
    assert found["delivery.also_kidney"].status is Status.FAIL


def test_what_a_nanoparticle_does_to_the_immune_system_is_not_known():
    found = findings("liver", 4107, EditingPlace.IN_VIVO)["immunity.vehicle"]
    assert found.status is Status.UNKNOWN
    assert "PEG" in found.because


def test_only_an_aav_is_caught_in_a_cut():
    rule = "damage.dsb_aav_integration"
    by_kind = {vehicle.kind: vehicle for vehicle in knowledge.vehicles()}
    assert rule in {f.rule for f in cut_damage_findings()}
    seen = set()
    for kind, vehicle in by_kind.items():
        said = rule in {f.rule for f in cut_damage_findings(vehicle)}
        assert said == ("AAV" in kind)
        seen.add(said)
    assert seen == {True, False}


@pytest.mark.parametrize("note", ["", "It stands twice in the genome."])
def test_what_the_catalogue_warns_of_at_a_site_is_passed_on(note):
    site = Site("k", "a site", Locus("toy", 5, 10), "ACGTT", "It helps.", ("doi:10.1/x",), note=note)
    strategy = Strategy("nuclease", Route.DISRUPT_REGULATORY_SITE, target_of(GENE), (), site=site)
    found = site_findings(strategy)
    assert [(f.rule, f.status, f.because) for f in found] == (
        [("site.note", Status.CAUTION, note)] if note else []
    )
    assert site_findings(replace(strategy, site=None)) == ()


@given(st.text("ACGT", min_size=20, max_size=20))
def test_oligos_hold_the_whole_spacer(spacer):
    oligos = {o.name: o.sequence for o in guide_oligos(replace(GUIDE, spacer=spacer), "spcas9_ng")}
    assert oligos["spacer"] == spacer
    if "TTTT" in spacer:
        assert set(oligos) == {"spacer"}, "U6 would stop at TTTT"
        return
    top, bottom = oligos["cloning_top"], oligos["cloning_bottom"]
    assert top.endswith(spacer)
    assert (top[:4], bottom[:4]) == ("CACC", "AAAC")
    insert = top[4:]
    assert insert == spacer if spacer[0] == "G" else insert == "G" + spacer
    assert flip(bottom[4:]) == insert


@pytest.mark.parametrize(
    ("nuclease", "side"), [("ascas12a", PamSide.FIVE_PRIME), ("sacas9", PamSide.THREE_PRIME)]
)
def test_no_spcas9_vector_for_others(nuclease, side):
    oligos = guide_oligos(replace(GUIDE, pam_side=side), nuclease)
    assert [o.name for o in oligos] == ["spacer"]
    assert ("5'" if side is PamSide.THREE_PRIME else "3'") in oligos[0].note
