"""Structural alleles through the whole line, on real loci: what is planned, what is said, what is refused."""

from __future__ import annotations

import pytest
from planning_cases import case_of, inputs_of, stated

from revertant.genome import Reference, load_gene_models
from revertant.model import Mechanism, Route, Status, StructureKind, Variant, Zygosity
from revertant.planning import PlanOptions, make_plan
from revertant.planning.structural import structure_for


@pytest.fixture(scope="module")
def windows(shared_data):
    reference = Reference.open(str(shared_data / "genome" / "GRCh38.windows.fa.gz"))
    return reference, load_gene_models(
        str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference
    )


def plan_of(windows, expression, gene, zygosity, **more):
    reference, models = windows
    case = case_of(stated(expression, zygosity=zygosity, gene=gene, **more), diseases=(), tissue="muscle")
    return make_plan(
        inputs_of(case, models=models, reference=reference), PlanOptions(search_off_targets=False)
    )


def findings_of(plan):
    [target] = plan.targets
    return {finding.rule: finding for finding in target.findings}


def test_a_dmd_duplication_is_collapsed(windows):
    plan = plan_of(windows, "NM_004006.3:c.32-900_93+900dup", "DMD", Zygosity.HEMIZYGOUS)
    [target] = plan.targets
    assert target.alleles[0].structure.kind is StructureKind.TANDEM_DUPLICATION
    assert findings_of(plan)["structure.tandem_duplication_collapse"].status is Status.PASS
    collapses = [
        ranked
        for ranked in plan.designs
        if ranked.design.modality == "nuclease" and ranked.design.route is Route.RESTORE_WILD_TYPE
    ]
    assert collapses
    assert all(ranked.assessment.of("edit.collapse").status is Status.PASS for ranked in collapses)


def test_a_dmd_deletion_says_its_routes(windows):
    plan = plan_of(windows, "chrX:31967339-31969014:<DEL>", "DMD", Zygosity.HEMIZYGOUS)
    found = findings_of(plan)
    assert found["structure.kind"].value == "deletion"
    assert found["structure.deletion_reframing"].value == "designed"
    assert found["structure.deletion_replacement"].status is Status.CAUTION
    stopped = {(r.modality, r.route) for r in plan.rejections}
    assert ("nuclease", Route.RESTORE_WILD_TYPE) in stopped


def test_the_loss_of_smn1_asks_for_addition(windows):
    smn1 = windows[1].choose("SMN1").transcript.locus
    text = f"chr5:{smn1.start - 999}-{smn1.end + 1000}:<DEL>"
    plan = plan_of(windows, text, "SMN1", Zygosity.HOMOZYGOUS, mechanism=Mechanism.LOSS_OF_FUNCTION)
    assert findings_of(plan)["structure.deletion_addition"].value == "designed"
    assert any(ranked.design.modality == "gene_addition" for ranked in plan.designs)


def test_an_inversion_is_refused_with_reasons(windows):
    plan = plan_of(windows, "chrX:31967339-31969014:<INV>", "DMD", Zygosity.HEMIZYGOUS)
    found = findings_of(plan)
    assert found["structure.inversion_small_editors"].status is Status.NOT_APPLICABLE
    assert found["structure.inversion_turn_back"].status is Status.CAUTION
    assert not any(r.design.modality == "nuclease" for r in plan.designs)


def test_a_stated_repeat_expansion_needs_no_length():
    reference = Reference.from_sequences({"s": "TTAC" + "CAG" * 5 + "GTT"})
    few = Variant("s", 4, "", "CAGCAG")
    assert structure_for(few, reference, Mechanism.UNKNOWN) is None
    assert structure_for(few, reference, Mechanism.REPEAT_EXPANSION).copies == 7
    other = Variant("s", 4, "", "TG")
    assert structure_for(other, reference, Mechanism.REPEAT_EXPANSION) is None
