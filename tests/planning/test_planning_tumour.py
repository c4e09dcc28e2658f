"""A tumour's case through the whole plan: antigens, receptors, edits, course, and no target where none is safe."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

from revertant import knowledge, patient, planning
from revertant.dossier import report_html
from revertant.errors import InputError, UsageError
from revertant.modality import DesignOptions
from revertant.model import CellProduct, CellSource, Plan, Status
from revertant.planning import PlanOptions

_CASE = """
id: tumour
subject: {id: s, age: P9Y}
diseases: [{id: "ICD10:C91.0", label: B-cell acute lymphoblastic leukemia}]
consent: yes
"""
_TUMOUR = "gene\tT1\nCD19\t210\nERBB2\t180\nGAPDH\t2500\n"


@pytest.fixture(scope="module")
def demo() -> Plan:
    with as_file(files("revertant.cli") / "demo_data") as folder:
        return planning.make_plan(planning.open_inputs(patient.read_case(folder / "b_all.yaml")))


@pytest.fixture
def made(tmp_path: Path):
    """Plan a case made of the lines given, with tables beside it."""

    def make(
        lines: str, *, tables: dict[str, str] | None = None, head: str = _CASE, **options: object
    ) -> Plan:
        for name, text in (tables or {}).items():
            (tmp_path / name).write_text(text)
        path = tmp_path / "case.yaml"
        path.write_text(head + lines)
        return planning.make_plan(planning.open_inputs(patient.read_case(path), path), PlanOptions(**options))

    return make


class TestDemo:
    def test_the_approved_product_comes_first(self, demo: Plan) -> None:
        assert demo.verdict.startswith("An approved product fits the label: Kymriah (leukaemia) (US).")
        assert demo.products[0].product == "kymriah_leukaemia"

    def test_its_receptor_is_rebuilt_to_the_residue(self, demo: Plan) -> None:
        first = demo.designs[0]
        assert first.tier == "receptor of an approved product"
        car = first.design.car
        assert car is not None
        assert (car.attacked, len(car.protein)) == (("CD19",), 486)
        assert [domain.key for domain in car.domains][1:4] == ["fmc63_vl", "g4s_3", "fmc63_vh"]

    def test_antigens_are_held_against_organs(self, demo: Plan) -> None:
        assert demo.tumour is not None
        judged = {one.gene: one for one in demo.tumour.antigens}
        assert judged["CD19"].tumour == pytest.approx(199.5)
        assert judged["CD19"].worst_organ == "bone marrow"
        assert judged["ERBB2"].status is Status.FAIL
        assert "CD33" not in judged  # the tumour does not express it

    def test_the_course_is_within_the_model(self, demo: Plan) -> None:
        courses = {one.design.car.attacked: one.design.car.kinetics for one in demo.designs if one.design.car}
        kinetics = courses["CD19",]
        assert kinetics is not None
        assert kinetics.c_max[2] == pytest.approx(24_000, rel=0.1)
        # The model is of cells against CD19: of others it says nothing.
        assert courses["CD22",] is None

    def test_what_to_watch_reaches_from_collection_to_the_rest_of_life(self, demo: Plan) -> None:
        car = demo.designs[0].design.car
        assert car is not None
        assert list(dict.fromkeys(item.when for item in car.watch)) == [
            "before",
            "release",
            "first weeks",
            "follow-up",
        ]

    def test_failing_antigens_and_other_modalities_are_told(self, demo: Plan) -> None:
        told = {rejection.acts_on for rejection in demo.rejections if rejection.modality == "car_t"}
        assert {"CD38", "IL3RA", "ERBB2"} <= told
        assert {rejection.modality for rejection in demo.rejections} >= {"base_editing", "gene_addition"}

    def test_the_report_shows_it(self, demo: Plan) -> None:
        page = report_html(demo)
        assert page.count('<svg class="antigens"') == 2  # wide and narrow, once
        assert page.count('<svg class="course"') == 2
        assert "No gene of these cells has to be edited" in page


def test_no_safe_target_is_an_answer(made) -> None:
    plan = made("files: {expression: t.tsv}\n", tables={"t.tsv": "gene\tT1\nERBB2\t180\nGAPDH\t2500\n"})
    assert plan.designs == ()
    assert "No cell therapy can be put forward" in plan.verdict
    assert "ERBB2: lung" in plan.verdict
    assert '<svg class="antigens"' in report_html(plan)


def test_named_antigen_without_a_table_is_unknown_in_the_tumour(made) -> None:
    plan = made("cells: {antigens: CD19}\n")
    assert plan.tumour is not None
    [judged] = plan.tumour.antigens
    assert (judged.tumour, judged.status) == (None, Status.UNKNOWN)
    assert "car_t.target.expression" in {unknown.rule for unknown in plan.unknowns}


def test_named_antigen_that_harms_is_stopped(made) -> None:
    plan = made("cells: {antigens: ERBB2}\nfiles: {expression: t.tsv}\n", tables={"t.tsv": _TUMOUR})
    assert all(one.tier.startswith("stopped") for one in plan.designs)
    assert "No cell therapy can be put forward" in plan.verdict


def test_antigen_nobody_binds_ends_with_a_reason(made) -> None:
    plan = made("cells: {antigens: NOTAGENE}\n")
    assert plan.designs == ()
    [reason] = [one.because for one in plan.rejections if one.modality == "car_t" and one.stage == "design"]
    assert "NOTAGENE" in reason


def test_named_antigen_without_a_binder_is_not_said_to_be_left_out_by_the_case(made) -> None:
    plan = made(
        "cells: {antigens: CD7}\nfiles: {expression: t.tsv}\n",
        tables={"t.tsv": "gene\tT1\nCD7\t210\nCD19\t80\nGAPDH\t2500\n"},
    )
    told = {(one.acts_on, one.stage) for one in plan.rejections if one.modality == "car_t"}
    assert told == {("CD7", "design"), ("CD19", "eligibility")}
    [reason] = [one.because for one in plan.rejections if one.acts_on == "CD7"]
    assert "--parts" in reason


def test_two_names_of_one_antigen_are_one_antigen(made) -> None:
    plan = made("cells: {antigens: [CD19, B4]}\n")
    assert [one.design.car.attacked for one in plan.designs if one.design.car] == [("CD19",)]


def test_of_three_antigens_two_are_bound_by_one_receptor_and_that_is_told(made) -> None:
    plan = made("cells: {antigens: [CD19, CD22, BCMA]}\n")
    attacked = {one.design.car.attacked for one in plan.designs if one.design.car}
    assert attacked == {("CD19", "CD22"), ("CD19",), ("CD22",), ("TNFRSF17",)}
    [reason] = [one.because for one in plan.rejections if one.acts_on == "CD19 or CD22 or TNFRSF17"]
    assert "two antigens at most" in reason


def test_hla_of_a_donor_beside_the_patients_own_cells_is_noticed(made) -> None:
    stated = "cells: {{antigens: CD19, source: {}, donor_hla: [A*02:01, A*01:01]}}\n"
    rules = {source: {one.rule for one in made(stated.format(source)).findings} for source in CellSource}
    assert "cells.donor_hla" in rules[CellSource.AUTOLOGOUS]
    assert "cells.donor_hla" not in rules[CellSource.ALLOGENEIC]


def test_adult_is_outside_the_model(made) -> None:
    plan = made("cells: {antigens: CD19}\n", head=_CASE.replace("P9Y", "P50Y"))
    car = plan.designs[0].design.car
    assert car is not None
    assert car.kinetics is None
    assert car.kinetics_finding.status is Status.FAIL


def test_donor_cells_are_edited_on_the_reference_given(made, shared_data: Path) -> None:
    """The guides of TRAC are searched, and what is not in the reference is asked for."""
    amplicons = shared_data / "genome" / "amplicons.fa"
    plan = made(f"cells: {{antigens: CD19, source: allogeneic}}\nfiles: {{reference: {amplicons}}}\n")
    first = plan.designs[0]
    car = first.design.car
    assert car is not None
    assert car.edit_set.cells is CellSource.ALLOGENEIC
    assert {edit.gene for edit in car.edit_set.edits if edit.chosen} == {"TRAC"}
    assert plan.verdict.endswith("2 of them without a guide yet, at least 1 break made on purpose.")
    assert "Allogeneic cells: 3 genes, at least 1 double-strand break made on purpose" in report_html(plan)
    assert len(first.assessment.off_targets) == len(first.design.guides) == 1
    assert plan.coverage is not None
    assert not plan.coverage.genome_wide
    assert "edits.in_reference" in {unknown.rule for unknown in plan.unknowns}


def test_two_named_antigens_make_a_receptor_of_both(made) -> None:
    plan = made("cells: {antigens: [CD19, CD22]}\n")
    attacked = [one.design.car.attacked for one in plan.designs if one.design.car is not None]
    assert set(attacked) == {("CD19", "CD22"), ("CD19",), ("CD22",)}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("gene\tT1\nCD19\t-3\n", "negative"),
        ("gene\tT1\nCD19\t0\nERBB2\t0\n", "Nothing is expressed"),
        ("gene\tT1\nCD19\t5\nCD19\t6\n", "CD19"),
    ],
)
def test_bad_tables_are_refused(made, table: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        made("files: {expression: t.tsv}\n", tables={"t.tsv": table})
    assert told in str(caught.value)


def test_single_cells_need_all_three_files(made) -> None:
    with pytest.raises(UsageError, match="three files"):
        made("cells: {antigens: CD19}\nfiles: {cell_genes: g.tsv}\n", tables={"g.tsv": "CD19\n"})


def test_gates_are_searched_over_single_cells(made) -> None:
    header = "%%MatrixMarket matrix coordinate integer general\n2 6 6\n"
    entries = "1 1 4\n1 2 2\n1 3 1\n2 1 1\n2 2 3\n2 4 1\n"
    tables = {"m.mtx": header + entries, "g.tsv": "CD19\nCD22\n", "l.tsv": "malignant\n" * 3 + "blood\n" * 3}
    plan = made(
        "cells: {antigens: CD19}\nfiles: {cell_matrix: m.mtx, cell_genes: g.tsv, cell_labels: l.tsv}\n",
        tables=tables,
    )
    assert plan.tumour is not None
    assert "CD19" in [gate.sentence for gate in plan.tumour.gates]
    assert "3 malignant and 3 normal cells" in plan.tumour.gates_because


def test_a_case_without_a_tumour_is_told_why_no_cells_attack_it() -> None:
    with as_file(files("revertant.cli") / "demo_data") as folder:
        inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
        plan = planning.make_plan(inputs, PlanOptions(search_off_targets=False, modalities=("car_t",)))
    [rejection] = plan.rejections
    assert "names no malignant tumour" in rejection.because


def test_a_tumour_with_variants_keeps_to_its_line() -> None:
    with as_file(files("revertant.cli") / "demo_data") as folder:
        case = patient.read_case(folder / "b_all.yaml")
    asked = replace(case, cells=CellProduct(("CD19",)))
    inputs = planning.open_inputs(asked)
    assert inputs.tumour is not None
    assert inputs.tumour.normals is not None


#: Made up for these tests: no domain of any antibody, and nothing binds it. It only has the form of a binder's file.
_TEST_BINDER = """
as_of = "2026-11-26"

[test_vhh]
name = "Test domain, made up"
role = "variable_domain"
fold = "VHH"
origin = "synthetic"
protein = "QVQLTESTTESTAAACTESTWGQGTQVTVSS"
length_aa = 31
sources = ["repository:made up for a test"]

[test_binder]
name = "Test binder, made up"
antigen = "CD7"
domains = ["test_vhh"]
stage = "none"
sources = ["repository:made up for a test"]
"""
_T_ALL = _CASE.replace("B-cell acute", "T-cell acute")


class TestWithoutABinder:
    """CD7: T cells carry it, and no binder of it is in the catalogue."""

    _CELLS = (
        "cells: {antigens: CD7, source: allogeneic, donor_hla: [A*02:01, A*01:01]}\nhla: [A*02:01, A*24:02]\n"
    )

    def test_everything_but_the_receptor_is_planned_and_nothing_stands(self, made) -> None:
        plan = made(self._CELLS, head=_T_ALL)
        [one] = plan.designs
        car = one.design.car
        assert car is not None
        assert (one.design.vector, car.protein, one.tier) == (None, "", "stopped by a failed rule")
        assert [edit.gene for edit in car.edit_set.edits] == ["TRAC", "CD7", "B2M", "CIITA"]
        assert [locus.shared for locus in car.edit_set.hla] == [1]
        found = {finding.rule: finding for finding in one.assessment.findings}
        assert found["receptor.binder"].status is Status.FAIL
        assert "antigen = 'CD7'" in found["receptor.binder_needed"].because
        assert found["edits.fratricide"].value == "CD7"
        assert {"edits.graft_versus_host", "edits.host_versus_graft", "car_t.organ"} <= set(found)
        assert car.watch
        assert "for want of a binder" in plan.verdict
        assert "What binds the antigen?" in {unknown.question for unknown in plan.unknowns}
        assert "No receptor could be laid" in report_html(plan)

    def test_an_antigen_that_no_catalogue_knows_is_not_planned_without_one(self, made) -> None:
        assert made("cells: {antigens: NOTAGENE}\n").designs == ()

    def test_usable_antigen_of_the_tumour_without_a_binder_is_planned_too(self, made) -> None:
        table = "gene\tT1\nCD7\t210\nGAPDH\t2500\n"
        plan = made("files: {expression: t.tsv}\n", tables={"t.tsv": table}, head=_T_ALL)
        attacked = [one.design.car.attacked for one in plan.designs if one.design.car]
        judged = {one.gene: one.status for one in plan.tumour.antigens}
        assert (attacked == [("CD7",)]) is (judged["CD7"] in {Status.PASS, Status.CAUTION})

    def test_a_binder_that_the_user_brings_makes_the_receptor(self, made, tmp_path: Path) -> None:
        file = tmp_path / "ours.toml"
        file.write_text(_TEST_BINDER)
        own = knowledge.read_own_parts(file)
        options = DesignOptions(
            car_parts=tuple(own.receptor.values()), car_binders=tuple(own.binders.values())
        )
        plan = made(self._CELLS, head=_T_ALL, design=options)
        [one] = plan.designs
        assert one.design.car is not None
        assert "QVQLTESTTESTAAACTESTWGQGTQVTVSS" in one.design.car.protein
        assert one.design.car.domains[1].key == "test_vhh"
        assert [edit.gene for edit in one.design.car.edit_set.edits] == ["TRAC", "CD7", "B2M", "CIITA"]
        assert dict(plan.provenance.parameters)["own_parts"] == "test_vhh, test_binder"


@pytest.mark.parametrize(
    ("patient_hla", "donor_hla", "status", "value"),
    [
        ("[A*02:01, A*24:02, DRB1*15:01, DRB1*15:01]", "[A*02:01:01, A*24:02, DRB1*15:01, DRB1*04:01]",
         Status.CAUTION, "A 2/2, DRB1 1/2"),
        ("[A*02:01, A*24:02]", "[A*24:02, A*02:01]", Status.UNKNOWN, "A 2/2"),
        ("[A*02:01, A*02:01, B*07:02, B*08:01, C*07:01, C*07:02, DRB1*15:01, DRB1*03:01, DQB1*06:02, DQB1*02:01, DPB1*04:01, DPB1*04:01]",
         "[A*02:01, A*02:01, B*08:01, B*07:02, C*07:02, C*07:01, DRB1*03:01, DRB1*15:01, DQB1*02:01, DQB1*06:02, DPB1*04:01, DPB1*04:01]",
         Status.PASS, "A 2/2, B 2/2, C 2/2, DRB1 2/2, DQB1 2/2, DPB1 2/2"),
        ("[A*02:01]", "[A*02:01, A*24:02]", Status.UNKNOWN, ""),
    ],
    ids=["one allele differs", "one locus typed", "all six match", "one allele is not stated"],
)  # fmt: skip
def test_donor_and_patient_are_compared_locus_by_locus(
    made, patient_hla: str, donor_hla: str, status: Status, value: str
) -> None:
    plan = made(
        f"cells: {{antigens: CD19, source: allogeneic, donor_hla: {donor_hla}}}\nhla: {patient_hla}\n"
    )
    [found] = [one for one in plan.designs[0].assessment.findings if one.rule == "edits.hla_match"]
    assert (found.status, found.value) == (status, value)


class TestAnnotatedCells:
    """One file of annotated cells stands for the tumour's table, the normal one and the clusters."""

    _FILES = "files: {expression: cells.h5ad, normal_expression: cells.h5ad, clusters: cells.h5ad, "

    @pytest.fixture
    def cells(self, tmp_path: Path):
        anndata = pytest.importorskip("anndata", reason="the extra revertant[anndata] is not installed")
        pandas, sparse = pytest.importorskip("pandas"), pytest.importorskip("scipy.sparse")
        genes = ["CD19", "ERBB2", "GAPDH"]
        counts = np.array([[9, 0, 90], [8, 0, 80], [0, 0, 99], [0, 3, 97], [0, 5, 95]], np.float32)
        obs = pandas.DataFrame({"kind": ["tumor"] * 3 + ["lung", "heart"]}, index=[f"c{i}" for i in range(5)])
        made = anndata.AnnData(sparse.csr_matrix(counts), obs=obs, var=pandas.DataFrame(index=genes))
        made.write_h5ad(tmp_path / "cells.h5ad")

    def test_its_cells_are_judged(self, made, cells) -> None:
        plan = made(self._FILES + "group_column: kind, malignant_label: tumor}\n")
        assert plan.tumour is not None
        judged = {one.gene: one for one in plan.tumour.antigens}
        assert judged["CD19"].positive_share == pytest.approx(2 / 3)
        assert judged["CD19"].tumour == pytest.approx(17 / 286 * 1e6, rel=1e-3)
        assert "ERBB2" not in judged  # no malignant cell has it

    @pytest.mark.parametrize(
        ("files", "told"),
        [
            (_FILES + "group_column: kind, expression_unit: TPM}\n", "summed up from counts"),
            ("files: {expression: t.tsv, group_column: kind}\n", "Nothing would come of files.group_column"),
            (_FILES.rstrip(", ") + "}\n", "Which cells are malignant is not stated"),
        ],
    )
    def test_what_does_not_go_together_is_refused(self, made, cells, files: str, told: str) -> None:
        with pytest.raises(UsageError) as caught:
            made(files, tables={"t.tsv": _TUMOUR})
        assert told in str(caught.value)
