"""A receptor made a whole therapy: whom it is for, what is foreseen of its cells, and the modality in the register."""

from __future__ import annotations

from dataclasses import replace

import pytest
from modality_cases import both, person, target_of, toy_gene

from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.modality import AssessmentContext, DesignOptions, modality_named
from revertant.modality.car_t import CarrierKind, ReceptorBrief, design_receptor, product_receptor
from revertant.modality.car_t.eligibility import cell_strategies, is_tumour_case, tumour_of
from revertant.modality.car_t.therapy import TherapyGround, complete_therapy, kinetics_finding
from revertant.model import (
    Allele,
    Case,
    CaseFiles,
    CellProduct,
    CellSource,
    Disease,
    Pathogenicity,
    Status,
    Subject,
    Variant,
    Zygosity,
)
from revertant.variant import predict_consequence

_B_ALL = "B-cell acute lymphoblastic leukemia"


def _case(label: str = _B_ALL, **more: object) -> Case:
    return Case("c", Subject("s"), (), (Disease("X:1", label),), **more)


def _target(gene: str = "CD19"):
    reference, transcript = toy_gene()
    start = transcript.cds[0] + 3
    base = reference.fetch("toy", start, start + 1)
    variant = Variant("toy", start, base, "A" if base != "A" else "G")
    consequence = predict_consequence([variant], transcript, reference)
    allele = Allele(variant, Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, consequence)
    return replace(target_of(transcript, allele), gene=gene), person(reference, both(variant)), transcript


class TestTumours:
    @pytest.mark.parametrize(
        "label",
        [
            _B_ALL,
            "Multiple myeloma",
            "Diffuse large B-cell lymphoma",
            "Glioblastoma",
            "Adenocarcinoma of the lung",
            "Ewing sarcoma",
            "Acute myeloid leukaemia",
            "Malignant mesothelioma",
        ],
    )
    def test_malignant_tumours_are_known_by_name(self, label: str) -> None:
        assert tumour_of(_case(label)) is not None

    @pytest.mark.parametrize(
        "label",
        [
            "Sickle cell disease",
            "Hereditary breast and ovarian cancer",
            "Li-Fraumeni syndrome",
            "Cystic fibrosis",
            "",
        ],
    )
    def test_what_is_no_tumour_yet_is_none(self, label: str) -> None:
        assert tumour_of(_case(label)) is None

    def test_a_tumour_alone_is_no_question(self) -> None:
        assert not is_tumour_case(_case())
        assert is_tumour_case(_case(cells=CellProduct()))
        assert is_tumour_case(_case(files=CaseFiles(expression="t.tsv")))
        assert not is_tumour_case(_case("Cystic fibrosis", cells=CellProduct()))


class TestEligibility:
    @pytest.mark.parametrize(
        ("gene", "label", "cells", "status"),
        [
            ("CD19", _B_ALL, CellProduct(), Status.PASS),
            ("CD19", _B_ALL, None, Status.UNKNOWN),
            ("CD19", "Cystic fibrosis", CellProduct(), Status.FAIL),
            ("TP53", _B_ALL, CellProduct(), Status.FAIL),
        ],
    )
    def test_every_condition_counts(
        self, gene: str, label: str, cells: CellProduct | None, status: Status
    ) -> None:
        [strategy] = cell_strategies(_target(gene)[0], _case(label, cells=cells))
        worst = min(finding.status.severity for finding in strategy.findings)
        assert worst == status.severity
        assert strategy.is_eligible == (status is Status.PASS)

    def test_the_modality_makes_and_judges_a_receptor(self) -> None:
        target, genome, transcript = _target()
        case = _case(cells=CellProduct())
        modality = modality_named("car_t")
        [strategy] = modality.eligibility(target, case)
        models = GeneModels([transcript])
        batch = modality.design(strategy, genome, models, DesignOptions())
        [design] = batch.designs
        assert design.car is not None
        assert design.car.attacked == ("CD19",)
        context = AssessmentContext(case, strategy, genome, models, None)
        rules = {finding.rule for finding in modality.assess(design, context).findings}
        assert {"edits.fratricide", "car_t.organ"} <= rules

    def test_an_antigen_that_nothing_binds_is_refused_with_a_reason(self) -> None:
        target, genome, transcript = _target("NOTAGENE")
        [strategy] = cell_strategies(target, _case(cells=CellProduct()))
        batch = modality_named("car_t").design(strategy, genome, GeneModels([transcript]), DesignOptions())
        assert batch.designs == ()
        assert batch.tally.refused


class TestCourse:
    def test_the_products_own_receptor_is_foreseen(self) -> None:
        own = product_receptor("tisagenlecleucel")
        assert kinetics_finding(own, _B_ALL, 9).status is Status.PASS

    def test_another_receptor_against_the_antigen_is_foreseen_with_a_caution(self) -> None:
        other = design_receptor(ReceptorBrief("CD19"), [CarrierKind.MRNA]).receptor
        found = kinetics_finding(other, _B_ALL, 9)
        assert found.status is Status.CAUTION
        assert "not that of tisagenlecleucel" in found.because

    @pytest.mark.parametrize(
        ("product", "disease", "age", "status"),
        [
            ("abecma", _B_ALL, 9, Status.FAIL),
            ("tisagenlecleucel", "Multiple myeloma", 9, Status.FAIL),
            ("tisagenlecleucel", _B_ALL, 40, Status.FAIL),
            ("tisagenlecleucel", _B_ALL, None, Status.UNKNOWN),
            ("tisagenlecleucel", "", 9, Status.UNKNOWN),
        ],
    )
    def test_nothing_is_foreseen_outside_the_model(
        self, product: str, disease: str, age: float | None, status: Status
    ) -> None:
        assert kinetics_finding(product_receptor(product), disease, age).status is status


def test_a_donors_cells_are_not_foreseen() -> None:
    own = product_receptor("tisagenlecleucel")
    found = kinetics_finding(own, _B_ALL, 9, CellSource.ALLOGENEIC)
    assert (found.status, found.value) == (Status.FAIL, "allogeneic")


def test_guides_are_those_of_the_edit_set(shared_data) -> None:
    genome = PatientGenome(Reference.open(shared_data / "genome" / "amplicons.fa"))
    made = design_receptor(ReceptorBrief("CD19"), [CarrierKind.MRNA])
    ground = TherapyGround(cells=CellProduct(source=CellSource.ALLOGENEIC), genome=genome)
    whole = complete_therapy(made.designs[0], made.assessments[0], made.receptor, ground)
    car = whole.design.car
    assert car is not None
    chosen = [edit.chosen.guide for edit in car.edit_set.edits if edit.chosen is not None]
    assert list(whole.design.guides) == chosen == [design.guides[0] for design in whole.edit_designs]
    assert whole.assessment.design_id == whole.design.design_id
    ordered = {oligo.name: oligo.sequence for oligo in whole.design.oligos}
    assert ordered["TRAC_spacer"] == chosen[0].spacer
