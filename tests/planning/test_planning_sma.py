"""The infant with spinal muscular atrophy from case to plan, and the same infant with one thing changed.

Each change alters exactly the findings it should, over the whole plan: products, target, routes, the leading vector.
The criteria of the labels themselves are tested in tests/trials; the copies from reads in tests/patient.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files

import pytest

from revertant import patient
from revertant.errors import InputError, PolicyStopError, UsageError
from revertant.genome import GeneModels, load_gene_models
from revertant.genome.reference import Reference
from revertant.modality import DesignOptions
from revertant.model import (
    CaseVariant,
    CopyNumber,
    GenomeForm,
    Intent,
    LabelVerdict,
    Pathogenicity,
    Route,
    Status,
    Zygosity,
)
from revertant.planning import Inputs, PlanOptions, make_plan, without_genome

INFANT = patient.read_case(files("revertant.cli") / "demo_data" / "sma.yaml")
QUICK = PlanOptions(
    design=DesignOptions(forms=(GenomeForm.SELF_COMPLEMENTARY_AAV,), promoter="promoter_cbh", capsid="AAV9")
)
LABELS = ("US", "EU", "CH")
FITS, NOT = LabelVerdict.FITS, LabelVerdict.DOES_NOT_FIT


@cache
def plan_of(case, country=""):
    return make_plan(without_genome(case), replace(QUICK, country=country))


def copies(smn1=0, smn2=2, method="MLPA"):
    day = {"method": method, "date": "2026-11-02", "laboratory": "demo laboratory"}
    return CopyNumber("SMN1", smn1, smn1, **day), CopyNumber("SMN2", smn2, smn2, **day)


def changed(**fields):
    subject = {key: fields.pop(key) for key in ("age_years", "weight_kg") if key in fields}
    return replace(INFANT, subject=replace(INFANT.subject, **subject), **fields)


def titre(value):
    return (replace(INFANT.serology[0], titre=value),)


def verdicts(plan):
    return {(match.product, match.jurisdiction): match.verdict for match in plan.products}


def everything(case):
    """Every answer of a plan by rule: the gate, the target, the route, the vectors by vein, the label's criteria."""
    plan = plan_of(case)
    found = {finding.rule: finding.status.value for finding in (*plan.gate, *plan.findings)}
    found |= {f"target {one.rule}": one.status.value for target in plan.targets for one in target.findings}
    found |= {f"route {one.rule}": one.status.value for way in plan.strategies for one in way.findings}
    found |= {
        f"label {match.product} {one.criterion}": one.state.value
        for match in plan.products
        for one in match.criteria
    }
    found |= {f"product {match.product}": match.verdict.value for match in plan.products}
    by_vein = [one for one in plan.designs if one.design.vector.route == "intravenous"]
    for ranked in by_vein[:1]:
        found |= {f"vector {one.rule}": one.status.value for one in ranked.assessment.findings}
    return found


def difference(case):
    before, after = everything(INFANT), everything(case)
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_the_infant_fits_the_label_and_has_vectors_of_its_class():
    plan = plan_of(INFANT)
    assert verdicts(plan) == {("zolgensma", "US"): FITS, ("itvisma", "US"): NOT}
    assert plan.verdict.startswith("An approved product fits the label: Zolgensma (US).")
    assert (
        plan.question
        == "Which gene therapies could treat Spinal muscular atrophy type 1 from SMN1 (no copy)?"
    )
    lead = plan.designs[0].design.vector
    assert (lead.form, lead.capsid, lead.route) == (GenomeForm.SELF_COMPLEMENTARY_AAV, "AAV9", "intravenous")
    assert len(lead.coding[0].protein) == 294
    [target] = plan.targets
    assert (target.gene, target.biallelic, target.alleles) == ("SMN1", True, ())
    told = {one.modality: one.because for one in plan.rejections if one.acts_on == "SMN1"}
    for modality in ("base_editing", "prime_editing", "nuclease", "hdr", "epigenome", "splice_switching"):
        assert told[modality] == "Not judged: no reference genome was given."
    [second] = [one for one in plan.rejections if one.acts_on == "SMN2"]
    assert second.stage == "elsewhere"
    assert "nusinersen and risdiplam" in second.because


def test_what_must_be_confirmed_is_asked():
    asked = " ".join(f"{one.question} {one.how_to_find_out}" for one in plan_of(INFANT).unknowns)
    for word in ("alanine aminotransferase", "total bilirubin", "infection", "--reference"):
        assert word in asked


@pytest.mark.parametrize("country", LABELS)
def test_the_infant_fits_every_jurisdiction(country):
    case = changed(conditions=(("hypersensitivity_to_product", False), ("sma_type_1", False)))
    assert verdicts(plan_of(case, country))["zolgensma", country] is FITS


def test_no_titre_leaves_the_antibodies_open_and_nothing_else():
    assert difference(changed(serology=())) == {
        "label zolgensma anti_AAV9",
        "label itvisma anti_AAV9",
        "vector immunity.capsid",
    }
    after = everything(changed(serology=()))
    assert after["label zolgensma anti_AAV9"] == after["vector immunity.capsid"] == "unknown"
    assert verdicts(plan_of(changed(serology=())))["zolgensma", "US"] is FITS


def test_a_titre_of_1_to_100_is_a_caution_and_is_tested_again():
    case = changed(serology=titre(100.0))
    assert difference(case) == {
        "label zolgensma anti_AAV9",
        "label itvisma anti_AAV9",
        "vector immunity.capsid",
        "vector immunity.capsid_retest",
    }
    after = everything(case)
    assert after["label zolgensma anti_AAV9"] == "not_met"
    assert after["vector immunity.capsid"] == after["vector immunity.capsid_retest"] == "caution"
    assert verdicts(plan_of(case))["zolgensma", "US"] is FITS


def test_four_copies_of_smn2_differ_by_jurisdiction():
    states = (("hypersensitivity_to_product", False), ("sma_type_1", False))
    case = changed(copy_numbers=copies(smn2=4), conditions=states)
    assert {country: verdicts(plan_of(case, country))["zolgensma", country] for country in LABELS} == {
        "US": FITS,
        "EU": NOT,
        "CH": NOT,
    }
    assert difference(changed(copy_numbers=copies(smn2=4))) == set()


def test_three_years_fail_the_us_label_by_vein_and_meet_the_intrathecal_one():
    case = changed(age_years=3.0, weight_kg=14.0)
    assert verdicts(plan_of(case)) == {("zolgensma", "US"): NOT, ("itvisma", "US"): FITS}
    assert difference(case) == {
        "label zolgensma age",
        "label itvisma age",
        "product zolgensma",
        "product itvisma",
    }
    assert plan_of(case).designs[0].design.vector.route == "intrathecal"


def test_a_carrier_has_nothing_to_be_treated():
    case = changed(copy_numbers=copies(smn1=1))
    plan = plan_of(case)
    assert plan.targets[0].biallelic is False
    assert plan.designs == ()
    assert verdicts(plan) == {("zolgensma", "US"): NOT, ("itvisma", "US"): NOT}
    told = {one.modality: one.because for one in plan.rejections if one.route is not None}
    assert told["gene_addition"].startswith("A working copy of SMN1 is left")
    gone = {key for key in everything(INFANT) if key.startswith("vector ")}
    assert difference(case) - gone == {
        "target target.second_allele",
        "route mechanism.addition",
        "label zolgensma smn1_biallelic",
        "label itvisma smn1_biallelic",
        "product zolgensma",
    }


def test_a_count_from_reads_alone_decides_nothing():
    plan = plan_of(changed(copy_numbers=copies(method="in_silico")))
    assert plan.targets[0].biallelic is None
    assert plan.designs == ()
    assert set(verdicts(plan).values()) <= {LabelVerdict.FITS_IF, NOT}
    rules = {one.rule for one in plan.unknowns}
    assert {"copies.smn1", "copies.smn2"} <= rules
    found = {one.rule: one.status for one in plan.targets[0].findings}
    assert found["copies.smn1"] is found["copies.smn1_confirmed"] is Status.UNKNOWN


def test_reads_that_contradict_the_laboratory_are_a_conflict_and_the_laboratory_counts():
    case = changed(copy_numbers=(*copies(), *copies(smn1=1, method="in_silico")))
    plan = plan_of(case)
    [target] = plan.targets
    found = {one.rule: one for one in target.findings}
    assert found["copies.smn1_reads_agree"].status is Status.UNKNOWN
    assert found["copies.smn1_reads_agree"].because.startswith("Conflict")
    assert found["copies.smn2_reads_agree"].status is Status.PASS
    assert target.biallelic is True
    assert plan.designs
    assert "But: Conflict: the laboratory and the reads count SMN1 differently" in plan.verdict
    assert "But:" not in plan_of(INFANT).verdict


def test_the_gate_comes_first():
    for stop in ({"intent": Intent.HERITABLE}, {"consent": False}):
        with pytest.raises(PolicyStopError):
            make_plan(without_genome(changed(**stop)), QUICK)


def test_one_lost_copy_and_a_small_variant_on_the_other():
    variant = CaseVariant(
        ("NM_000344.4:c.815A>G",), Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, "SMN1", path="variants[0]"
    )
    plan = plan_of(changed(copy_numbers=copies(smn1=1), variants=(variant,)))
    [target] = plan.targets
    assert target.biallelic is True
    assert target.alleles[0].consequence.hgvs_p == "p.(Tyr272Cys)"
    assert plan.designs


def test_a_second_gene_alone_is_nothing_to_plan_for():
    case = changed(copy_numbers=copies()[1:], diseases=())
    inputs = Inputs(case, Reference.from_sequences({"chr1": "ACGT"}), GeneModels([]))
    with pytest.raises(InputError, match="nothing to plan for"):
        make_plan(inputs, QUICK)
    with pytest.raises(UsageError, match="Neither a reference genome nor a gene of the catalogues"):
        without_genome(case)


def test_with_a_genome_there_is_nothing_to_correct_and_the_gene_can_be_added(shared_data):
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    plan = make_plan(Inputs(INFANT, reference, models), replace(QUICK, search_off_targets=False))
    nothing = "Not applicable: no copy of SMN1 is left, so there is nothing there to correct."
    told = {one.modality for one in plan.rejections if one.because == nothing}
    assert told == {"base_editing", "prime_editing", "nuclease", "hdr", "epigenome", "splice_switching"}
    assert "gene_addition" in {one.design.modality for one in plan.designs}
    elsewhere = {one.design.route for one in plan.designs if one.design.modality != "gene_addition"}
    assert elsewhere <= {Route.DISRUPT_REGULATORY_SITE}
    assert [one.stage for one in plan.rejections if one.acts_on == "SMN2"] == ["elsewhere"]
    assert verdicts(plan)["zolgensma", "US"] is FITS
