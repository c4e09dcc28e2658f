"""What a tumour's case can state beside its tables: surface proteins, symbols, escape, dose, the size of gates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tumour_cases as cases

from revertant import patient, planning
from revertant.dossier import report_html
from revertant.errors import IncompatibleInputsError, InputError, ProblemsError
from revertant.model import Finding, Plan, RankedDesign, Status, canonical_json
from revertant.planning import PlanOptions
from revertant.planning.tumour.ranking import of_either


@pytest.fixture
def made(tmp_path: Path):
    def make(
        lines: str, *, tables: dict[str, str] | None = None, head: str = cases.HEAD, **options: object
    ) -> Plan:
        for name, text in {"t.tsv": cases.TUMOUR, **(tables or {})}.items():
            (tmp_path / name).write_text(text)
        path = tmp_path / "case.yaml"
        path.write_text(head + lines)
        return planning.make_plan(planning.open_inputs(patient.read_case(path), path), PlanOptions(**options))

    return make


def _of(plan: Plan, *antigens: str) -> RankedDesign:
    return next(
        one for one in plan.designs if one.design.car is not None and one.design.car.attacked == antigens
    )


def _judged(plan: Plan) -> dict[str, str]:
    assert plan.tumour is not None
    return {one.gene: one.verdict for one in plan.tumour.antigens}


class TestNames:
    """Genes outside the catalogue go by the symbols of a table that is given."""

    TABLE = "gene\tT1\nPVRL1\t120\nGAPDH\t2500\n"

    def test_a_list_of_surface_proteins_brings_genes_outside_the_catalogue(self, made) -> None:
        tables = {"t.tsv": self.TABLE, "surface.txt": "PVRL1\n", "hgnc.txt": cases.HGNC}
        without = made("files: {expression: t.tsv}\n", tables=tables)
        assert _judged(without) == {}
        plan = made("files: {expression: t.tsv, surfaceome: surface.txt, symbols: hgnc.txt}\n", tables=tables)
        # Known under its symbol of today in table and list; of its safety nothing is known, so it is not usable.
        assert _judged(plan) == {"NECTIN1": "not known"}
        assert [one.role for one in plan.provenance.inputs[-2:]] == ["surfaceome", "gene symbols"]

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("PVRL1", "PVRL1 is read as NECTIN1"),
            ("NOTAGENE", "neither a symbol nor another name"),
            ("TWIN", "more than one gene"),
        ],
    )
    def test_a_named_antigen_is_resolved_or_said_to_be_unknown(self, made, name: str, told: str) -> None:
        plan = made(
            f"cells: {{antigens: {name}}}\nfiles: {{expression: t.tsv, symbols: hgnc.txt}}\n",
            tables={"t.tsv": self.TABLE, "hgnc.txt": cases.HGNC},
        )
        [finding] = [one for one in plan.findings if one.rule == "cells.antigen_symbol"]
        assert told in finding.because
        is_open = "cells.antigen_symbol" in {one.rule for one in plan.unknowns}
        assert is_open == (name != "PVRL1")
        if name == "PVRL1":
            assert plan.tumour is not None
            assert {one.gene: one.tumour for one in plan.tumour.antigens} == {"NECTIN1": 120.0}

    def test_without_a_table_an_unknown_name_says_what_to_give(self, made) -> None:
        plan = made("cells: {antigens: PVRL1}\n")
        [finding] = [one for one in plan.findings if one.rule == "cells.antigen_symbol"]
        assert "files.symbols" in finding.because

    def test_names_of_the_catalogue_are_known_beside_any_table(self, made) -> None:
        plan = made("cells: {antigens: BCMA}\nfiles: {symbols: hgnc.txt}\n", tables={"hgnc.txt": cases.HGNC})
        assert [one for one in plan.findings if one.rule == "cells.antigen_symbol"] == []
        assert _of(plan, "TNFRSF17").rank == 1

    def test_a_table_without_the_columns_is_refused(self, made) -> None:
        with pytest.raises(InputError, match="no column"):
            made("cells: {antigens: CD19}\nfiles: {symbols: bad.txt}\n", tables={"bad.txt": "symbol\nCD19\n"})

    def test_real_list_of_the_surfaceome(self, made, shared_data: Path) -> None:
        surfy = shared_data / "expression" / "surfy_surfaceome.tsv.gz"
        plan = made(
            f"files: {{expression: t.tsv, surfaceome: {surfy}}}\n",
            tables={"t.tsv": "gene\tT1\nEPHA2\t80\nNOTCH1\t20\nTUBB\t900\n"},
        )
        assert set(_judged(plan)) == {"EPHA2", "NOTCH1"}


class TestGates:
    """Gates over single cells, of genes that are known to be on the surface."""

    # A or B or C covers all malignant cells; each pair leaves a third of them.
    CELLS = cases.cells(
        {
            "CD19": {"malignant": [1] * 10 + [0] * 20, "blood": [0] * 30},
            "CD22": {"malignant": [0] * 10 + [1] * 10 + [0] * 10, "blood": [0] * 30},
            "MS4A1": {"malignant": [0] * 20 + [1] * 10, "blood": [0] * 30},
            "TUBB": {"malignant": [1] * 30, "blood": [0] * 30},
        }
    )
    LINES = f"cells: {{antigens: CD19}}\nfiles: {{{cases.FILES_OF_CELLS}}}\n"

    def test_triples_are_searched_where_they_are_asked_for(self, made) -> None:
        pairs = made(self.LINES, tables=self.CELLS).tumour
        triples = made(self.LINES, tables=self.CELLS, gate_size=3)
        assert pairs is not None
        assert pairs.gates == ()
        assert triples.tumour is not None
        assert [one.sentence for one in triples.tumour.gates] == ["CD19 or CD22 or MS4A1"]
        assert "of one, two and three antigens" in triples.tumour.gates_because
        assert ("gate_size", "3") in triples.provenance.parameters
        assert "CD19 or CD22 or MS4A1" in report_html(triples)

    def test_what_lies_inside_a_cell_is_in_no_gate(self, made) -> None:
        plan = made(self.LINES, tables=self.CELLS)
        assert plan.tumour is not None
        assert "TUBB" not in {gene for gate in plan.tumour.gates for gene in gate.genes}
        assert "of 3 genes" in plan.tumour.gates_because
        assert "files.surfaceome" in plan.tumour.gates_because

    def test_the_same_cells_say_how_many_carry_an_antigen(self, made) -> None:
        tables = cases.cells({
            "CD19": {"malignant": [1] * 9 + [0], "blood": [0] * 10},
            "CD22": {"malignant": [1] * 2 + [0] * 8, "blood": [0] * 10},
        })  # fmt: skip
        plan = made("files: {expression: t.tsv, " + cases.FILES_OF_CELLS + "}\n", tables=tables)
        assert plan.tumour is not None
        assert {one.gene: one.positive_share for one in plan.tumour.antigens} == {"CD19": 0.9, "CD22": 0.2}
        assert _judged(plan) == {"CD19": "usable with limits", "CD22": "not as a single target"}

    def test_harm_to_normal_tissue_is_told_before_what_the_tumour_lacks(self, made) -> None:
        tables = cases.cells({"ERBB2": {"malignant": [1] * 2 + [0] * 8, "blood": [0] * 10}})
        tables["t.tsv"] = cases.TUMOUR + "ERBB2\t180\n"
        plan = made("files: {expression: t.tsv, " + cases.FILES_OF_CELLS + "}\n", tables=tables)
        assert plan.tumour is not None
        [told] = [one.because for one in plan.tumour.antigens if one.gene == "ERBB2"]
        assert told.startswith("Not as a single target. lung: epithelium")

    def test_cells_without_any_surface_protein_are_refused(self, made) -> None:
        inside = cases.cells({"TUBB": {"malignant": [1, 1], "blood": [0, 0]}})
        with pytest.raises(IncompatibleInputsError, match="surface proteins"):
            made(self.LINES, tables=inside)


class TestEscape:
    BOTH = """
tumour:
  escape:
    burden_cells: 1e8
    losses: [{antigen: CD19, per_division: 1e-8}, {antigen: CD22, per_division: 5e-8}]
    joint_loss_per_division: 1e-10
    doubling_days: 4
"""
    CELLS = "cells: {antigens: [CD19, CD22]}\nfiles: {expression: t.tsv}\n"

    def test_one_antigen_against_two_is_simulated_and_drawn(self, made) -> None:
        plan = made(self.CELLS + self.BOTH)
        assert plan.tumour is not None
        escape = plan.tumour.escape
        assert escape is not None
        found = {course.antigens: course for course in escape.courses}
        assert list(found) == [("CD19",), ("CD22",), ("CD19", "CD22")]
        # One antigen: Luria and Delbrück, over 2^27 cells, at the rate of both losses of it.
        assert found["CD19",].probability == pytest.approx(
            1 - 2.718281828 ** (-(1e-8 + 1e-10) * 2**27), rel=1e-4
        )
        assert found["CD19", "CD22"].probability < 0.05 < found["CD19",].probability
        for course in escape.courses:
            assert course.simulated_share == pytest.approx(course.probability, abs=0.02)
            assert list(course.regrown) == sorted(course.regrown)
            assert course.regrown[-1] == course.simulated_share
            assert len(course.regrown) == len(escape.days)
        page = report_html(plan)
        assert page.count('<svg class="escape"') == 2
        assert "CD19 or CD22 attacked" in page
        assert "neither helps nor harms" in page
        assert "days after treatment; share of simulated tumours" in page

    def test_each_design_says_how_it_would_be_escaped(self, made) -> None:
        plan = made(self.CELLS + self.BOTH)
        shares = {
            antigens: float(_of(plan, *antigens).assessment.of("escape.probability").value.split(";")[0])
            for antigens in [("CD19",), ("CD22",), ("CD19", "CD22")]
        }
        assert shares["CD19", "CD22"] < shares["CD19",] < shares["CD22",]
        assert _of(plan, "CD19").assessment.of("escape.probability").status is Status.UNKNOWN

    def test_without_a_scenario_it_is_unknown_and_says_what_to_measure(self, made) -> None:
        plan = made(self.CELLS)
        assert plan.tumour is not None
        assert plan.tumour.escape is None
        finding = _of(plan, "CD19").assessment.of("escape.probability")
        assert finding is not None
        assert (finding.status, finding.value) == (Status.UNKNOWN, "")
        assert "flow cytometry" in finding.because
        [question] = [one for one in plan.unknowns if one.rule == "escape.probability"]
        assert "tumour.escape" in question.how_to_find_out
        assert "Escape was not simulated" in report_html(plan)

    @pytest.mark.parametrize(
        ("gone", "told"),
        [
            ("    burden_cells: 1e8\n", "tumour.escape.burden_cells"),
            ("    joint_loss_per_division: 1e-10\n", "tumour.escape.joint_loss_per_division"),
            (", {antigen: CD22, per_division: 5e-8}", "loss of CD22"),
        ],
    )
    def test_what_lacks_is_named_and_nothing_is_filled_in(self, made, gone: str, told: str) -> None:
        assert gone in self.BOTH
        plan = made(self.CELLS + self.BOTH.replace(gone, ""))
        finding = _of(plan, "CD19", "CD22").assessment.of("escape.probability")
        assert finding is not None
        assert finding.value == ""
        assert told in finding.because
        assert plan.tumour is not None
        assert told in plan.tumour.escape_because

    def test_without_a_doubling_time_there_is_no_curve(self, made) -> None:
        plan = made(self.CELLS + self.BOTH.replace("    doubling_days: 4\n", ""))
        page = report_html(plan)
        assert '<svg class="escape"' not in page
        assert "no doubling time stated" in page

    def test_measured_cells_without_the_antigen_escape_for_sure_and_put_two_antigens_first(
        self, made
    ) -> None:
        stated = self.BOTH.replace("per_division: 1e-8}", "per_division: 1e-8, negative_share: 0.01}")
        plan = made(self.CELLS + stated)
        assert plan.tumour is not None
        assert plan.tumour.escape is not None
        course = plan.tumour.escape.courses[0]
        assert course.probability == 1
        assert course.escaped_cells[0] >= 0.01 * 2**27
        first = plan.designs[0]
        assert first.design.car is not None
        assert first.design.car.attacked == ("CD19", "CD22")
        assert "the tumour shows loss: 0.01 of its cells lack CD19" in first.because

    def test_two_names_of_one_antigen_are_refused(self, made) -> None:
        lines = "{antigen: CD19, per_division: 1e-8}, {antigen: B4, per_division: 1e-7}"
        with pytest.raises(InputError, match="CD19 and B4 are one antigen"):
            made(
                f"files: {{expression: t.tsv}}\ntumour: {{escape: {{burden_cells: 1e9, losses: [{lines}]}}}}\n"
            )

    def test_an_antigen_nobody_knows_is_a_question(self, made) -> None:
        lines = "{antigen: NOSUCH, per_division: 1e-8}"
        plan = made(
            f"files: {{expression: t.tsv}}\ntumour: {{escape: {{burden_cells: 1e9, losses: [{lines}]}}}}\n"
        )
        assert "cells.antigen_symbol" in [one.rule for one in plan.unknowns]

    def test_same_bytes_every_time(self, made) -> None:
        assert canonical_json(made(self.CELLS + self.BOTH)) == canonical_json(made(self.CELLS + self.BOTH))


class TestOrder:
    def test_a_product_with_a_record_leads_the_receptor_of_two_antigens(self, made) -> None:
        plan = made("cells: {antigens: [CD19, CD22]}\nfiles: {expression: t.tsv}\n")
        assert [one.design.car.attacked for one in plan.designs if one.design.car] == [
            ("CD19",),
            ("CD19", "CD22"),
            ("CD22",),
        ]
        assert "stands before the receptor of two antigens" in plan.designs[0].because
        assert plan.designs[0].tier == "receptor of an approved product"

    @pytest.mark.parametrize(
        ("share", "first", "single"),
        [("0.95", ("CD19",), "kept"), ("0.5", ("CD19", "CD22"), "stopped")],
    )
    def test_cells_without_the_antigen_put_two_antigens_first(
        self, made, share: str, first: tuple[str, ...], single: str
    ) -> None:
        clusters = (
            "gene\tcluster\tgroup\tcells\tfraction_positive\n"
            f"CD19\ttumour 1\tmalignant\t800\t{share}\nCD22\ttumour 1\tmalignant\t800\t0.9\n"
        )
        plan = made(
            "cells: {antigens: [CD19, CD22]}\nfiles: {expression: t.tsv, clusters: c.tsv}\n",
            tables={"c.tsv": clusters},
        )
        assert plan.designs[0].design.car is not None
        assert plan.designs[0].design.car.attacked == first
        assert _of(plan, "CD19").tier.startswith("stopped") == (single == "stopped")

    def test_one_missing_antigen_does_not_stop_a_receptor_of_two_but_both_do(self, made) -> None:
        def tier(second: str) -> str:
            table = f"gene\tT1\nCD19\t0.1\nCD22\t{second}\nGAPDH\t2500\n"
            plan = made(
                "cells: {antigens: [CD19, CD22]}\nfiles: {expression: t.tsv}\n", tables={"t.tsv": table}
            )
            return _of(plan, "CD19", "CD22").tier

        assert not tier("90").startswith("stopped")
        assert tier("0.1").startswith("stopped")

    def test_what_harms_normal_tissue_is_not_made_up_for_by_a_second_antigen(self) -> None:
        harms = Finding("car_t.target.safety_known", Status.FAIL, "It harms.")
        absent = Finding("car_t.target.expression", Status.FAIL, "It is not there.")
        there = Finding("car_t.target.expression", Status.PASS, "It is there.")
        by_antigen = {"A": (harms, absent), "B": (there,)}
        found = of_either((harms, absent, there), by_antigen)
        assert [one.status for one in found] == [Status.FAIL, Status.CAUTION, Status.PASS]
        assert found[1].because == "It is not there. The receptor binds B too."
        # Of one antigen nothing is softened.
        assert of_either((harms, absent), {"A": (harms, absent)}) == (harms, absent)


class TestDose:
    """A stated dose is held against label and study; no curve moves with it."""

    REGIMEN = (
        "[{drug: fludarabine, mg_per_m2: 30, days: 4}, {drug: cyclophosphamide, mg_per_m2: 500, days: 2}]"
    )

    def _plan(self, made, stated: str, weight: str = "28") -> RankedDesign:
        head = cases.HEAD.replace("weight_kg: 28", f"weight_kg: {weight}").replace(", weight_kg: none", "")
        plan = made(f"cells: {{antigens: CD19{stated}}}\nfiles: {{expression: t.tsv}}\n", head=head)
        self.plan = plan
        return _of(plan, "CD19")

    def _status(self, one: RankedDesign, rule: str) -> Status:
        assert one.design.car is not None
        [finding] = [found for found in one.design.car.infusion if found.rule == rule]
        return finding.status

    @pytest.mark.parametrize(
        ("stated", "weight", "label", "is_simulated"),
        [
            (", dose_cells_per_kg: 3e6", "28", Status.PASS, True),
            (", dose_cells: 84e6", "28", Status.PASS, True),
            (", dose_cells_per_kg: 2e5", "28", Status.PASS, True),
            (", dose_cells_per_kg: 5.2e6", "28", Status.CAUTION, True),  # beyond the label, within the study
            (", dose_cells_per_kg: 2e7", "28", Status.CAUTION, False),  # beyond both
            (", dose_cells: 1e8", "60", Status.PASS, True),
            (", dose_cells: 3e8", "60", Status.CAUTION, False),
            (", dose_cells_per_kg: 3e6", "none", Status.UNKNOWN, False),  # of whom, cannot be told
            ("", "28", Status.UNKNOWN, True),
        ],
    )
    def test_dose_against_label_and_study(
        self, made, stated: str, weight: str, label: Status, is_simulated: bool
    ) -> None:
        one = self._plan(made, stated, weight)
        assert self._status(one, "car_t.dose") is label
        assert one.design.car is not None
        assert (one.design.car.kinetics is not None) == is_simulated
        if not is_simulated:
            assert one.design.car.kinetics_finding.status is Status.UNKNOWN
            assert "stated dose" in one.design.car.kinetics_finding.because

    def test_the_curve_does_not_move_and_the_report_says_so(self, made) -> None:
        low = self._plan(made, ", dose_cells_per_kg: 3e5").design.car
        high = self._plan(made, ", dose_cells_per_kg: 5e6").design.car
        assert low is not None
        assert high is not None
        assert low.kinetics == high.kinetics
        assert "keeps no covariate" in high.kinetics_finding.because
        assert any("10.1002/psp4.12388" in source for source in high.kinetics_finding.sources)
        assert "do not move with dose or lymphodepletion" in report_html(self.plan)

    @pytest.mark.parametrize(
        ("drugs", "status"),
        [
            (REGIMEN, Status.PASS),
            ("[{drug: Fludarabine}, {drug: cyclophosphamide}]", Status.UNKNOWN),
            (REGIMEN.replace("days: 4", "days: 3"), Status.CAUTION),
            ("[{drug: bendamustine, mg_per_m2: 90, days: 2}]", Status.CAUTION),
        ],
    )
    def test_lymphodepletion_against_the_label(self, made, drugs: str, status: Status) -> None:
        one = self._plan(made, f", lymphodepletion: {drugs}")
        assert self._status(one, "car_t.lymphodepletion") is status
        assert one.design.car is not None
        # Nearly all people of the model had fludarabine.
        few = "bendamustine" in drugs
        assert (one.design.car.kinetics_finding.status is Status.CAUTION) == few

    def test_a_receptor_of_no_product_and_a_donors_cells_have_no_label(self, made) -> None:
        plan = made("cells: {antigens: CD22, dose_cells: 84e6}\n")
        assert self._status(_of(plan, "CD22"), "car_t.dose") is Status.UNKNOWN
        plan = made("cells: {antigens: CD19, source: allogeneic, dose_cells: 84e6}\n")
        assert self._status(_of(plan, "CD19"), "car_t.dose") is Status.UNKNOWN

    def test_what_is_open_is_asked(self, made) -> None:
        self._plan(made, "")
        assert {"car_t.dose", "car_t.lymphodepletion"} <= {one.rule for one in self.plan.unknowns}

    def test_simulated_numbers_have_six_digits(self, made) -> None:
        car = self._plan(made, "").design.car
        assert car is not None
        assert car.kinetics is not None
        digits = [
            len(re.sub(r"e.*|\D", "", repr(level)).strip("0"))
            for band in car.kinetics.bands
            for level in band
        ]
        assert max(digits) <= 6

    def test_blasts_in_the_marrow_answer_a_risk_factor(self, made) -> None:
        def status(lines: str) -> Status:
            found = _of(made(f"cells: {{antigens: CD19}}\n{lines}"), "CD19").assessment.of(
                "car_t.crs_tumour_burden"
            )
            assert found is not None
            return found.status

        assert status("") is Status.UNKNOWN
        assert status("tumour: {marrow_blast_share: 0.8}\n") is Status.CAUTION


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("gene\tT1\nCD19\t7.7\nGAPDH\t11.3\n", "look like logarithms"),
        ("gene\tT1\nCD19\t7.7\nCD22\t6.5\n", ""),
        ("gene\tT1\nCD19\t7.7\nGAPDH\t900\n", ""),
    ],
)
def test_a_small_table_of_logarithms_is_refused_or_said_to_be_open(made, table: str, told: str) -> None:
    lines = "files: {expression: t.tsv}\n"
    if told:
        with pytest.raises(InputError, match=told):
            made(lines, tables={"t.tsv": table})
        # Stated as what it is, it is read.
        assert made(
            "files: {expression: t.tsv, expression_unit: log2(TPM+1)}\n", tables={"t.tsv": table}
        ).tumour
        return
    [finding] = [
        one for one in made(lines, tables={"t.tsv": table}).findings if one.rule == "car_t.expression.scale"
    ]
    assert ("may be logarithms" in finding.because) == ("GAPDH" not in table)


def test_wishes_that_contradict_each_other_are_refused(made) -> None:
    for lines, told in (
        ("cells: {knock_in: yes, keep: [TRAC]}", "TRAC is to be kept"),
        (
            "cells: {source: allogeneic, knock_out: [CD52], keep: [CD52]}",
            "CD52 is to be edited and to be kept",
        ),
        (
            "tumour: {escape: {losses: [{antigen: CD19, negative_share: 0.1}], joint_negative_share: 0.5}}",
            "only 0.1 lacks one of them",
        ),
    ):
        with pytest.raises(ProblemsError, match=told):
            made(f"{lines}\nfiles: {{expression: t.tsv}}\n")


def test_a_knock_in_that_cannot_be_made_is_told_in_the_verdict(made) -> None:
    plan = made("cells: {antigens: [CD19], knock_in: yes}\nfiles: {expression: t.tsv}\n")
    assert "in a lentiviral vector and not in TRAC as asked" in plan.verdict
    [donor] = [one for one in plan.rejections if "aav6_trac" in one.acts_on]
    assert "files.reference" in donor.because
