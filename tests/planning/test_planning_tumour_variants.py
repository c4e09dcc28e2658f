"""Variants of a tumour's case reach the check of the antigens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from revertant import patient, planning
from revertant.genome import GeneModels, Reference
from revertant.model import Plan, Status, Strand, Transcript
from revertant.planning.tumour.variants import antigen_variants

_TABLE = "gene\tT1\nCD19\t210\nCD22\t90\nGAPDH\t2500\n"
_CASE = """
id: tumour
subject: {id: s, age: P9Y}
diseases: [{id: "ICD10:C91.0", label: B-cell acute lymphoblastic leukemia}]
consent: yes
files: {expression: t.tsv}
variants:
"""
# A made-up gene of one exon: ATG, twenty AAA, TAA, from base 11 of its contig.
_REFERENCE = Reference.from_sequences({"chr16": "C" * 10 + "ATG" + "AAA" * 20 + "TAA" + "C" * 200})
_MODELS = GeneModels([Transcript("NM_1.1", "CD19", "chr16", Strand.PLUS, ((10, 76),), (10, 76), True)])
_STOP, _MISSENSE, _SILENT = "chr16:17:A:T", "chr16:18:A:C", "chr16:19:A:G"


@pytest.fixture
def inputs(tmp_path: Path):
    def read(variant: str, *, with_genome: bool = True) -> planning.Inputs:
        (tmp_path / "t.tsv").write_text(_TABLE)
        path = tmp_path / "case.yaml"
        path.write_text(f"{_CASE}  - {variant}\n")
        read = planning.open_inputs(patient.read_case(path), path)
        return replace(read, reference=_REFERENCE, models=_MODELS, has_genome=True) if with_genome else read

    return read


def _antigen(plan: Plan, gene: str = "CD19"):
    assert plan.tumour is not None
    return next(one for one in plan.tumour.antigens if one.gene == gene)


def _variant_status(plan: Plan, gene: str = "CD19") -> list[Status]:
    return [one.status for one in _antigen(plan, gene).findings if one.rule == "car_t.target.variant"]


@pytest.mark.parametrize(
    ("variant", "status"),
    [
        (f'{{vcf: "{_STOP}", origin: tumour}}', Status.FAIL),
        (f'{{vcf: "{_STOP}", origin: germline}}', Status.CAUTION),
        (f'{{vcf: "{_STOP}", origin: germline, zygosity: homozygous}}', Status.FAIL),
        (f'{{vcf: "{_STOP}"}}', Status.UNKNOWN),
        (f'{{vcf: "{_MISSENSE}", origin: tumour}}', Status.CAUTION),
        (f'{{vcf: "{_SILENT}", origin: tumour}}', Status.PASS),
        (
            '{vcf: "chr16:17:C:T", gene: CD19, origin: tumour}',
            Status.UNKNOWN,
        ),  # not the base of the reference
    ],
)
def test_variant_of_the_case_is_judged_with_its_antigen(inputs, variant: str, status: Status) -> None:
    plan = planning.make_plan(inputs(variant))
    assert _variant_status(plan) == [status]
    assert _variant_status(plan, "CD22") == []
    # The receptor against CD19 is put forward unless the tumour can do without CD19.
    attacked = {gene for one in plan.designs for gene in one.design.car.attacked}
    assert ("CD19" in attacked) == (status is not Status.FAIL)
    if status is Status.FAIL:
        assert "gives" in _antigen(plan).because


def test_variant_without_a_reference_is_unknown_and_says_what_it_needs(inputs) -> None:
    plan = planning.make_plan(inputs(f'{{vcf: "{_STOP}", gene: CD19, origin: tumour}}', with_genome=False))
    assert _variant_status(plan) == [Status.UNKNOWN]
    [finding] = [one for one in _antigen(plan).findings if one.rule == "car_t.target.variant"]
    assert "files.reference" in finding.because
    assert "car_t.target.variant" in {unknown.rule for unknown in plan.unknowns}


def test_variant_of_no_known_gene_is_told_in_the_plan(inputs) -> None:
    variants, findings = antigen_variants(inputs('{vcf: "chr16:200:C:T", origin: tumour}'))
    assert variants == ()
    [finding] = findings
    assert finding.status is Status.UNKNOWN
    assert "in no gene" in finding.because
