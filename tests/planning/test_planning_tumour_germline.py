"""The person's VCF in the genes of antigens, and off-target cuts beside the breaks made on purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tumour_cases as cases

from revertant import patient, planning
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.model import (
    Call,
    CellEdit,
    CellSource,
    Design,
    EditMethod,
    EditOption,
    EditPurpose,
    EditSet,
    Finding,
    Guide,
    Locus,
    OffTargetRequest,
    PamSide,
    Plan,
    Route,
    SearchLimits,
    Status,
    Strand,
    Tally,
    Transcript,
    Variant,
)
from revertant.offtarget import search
from revertant.planning.tumour.pairs import pair_cuts
from revertant.variant import VcfCalls

# A made-up gene of two exons: ATG, nine AAA | GT ... AG | ten AAA, TAA, from base 11 of its contig.
_FIRST, _INTRON, _SECOND = "ATG" + "AAA" * 9, "GT" + "C" * 30 + "AG", "AAA" * 10 + "TAA"
_START = 10
_EXONS = (
    (_START, _START + len(_FIRST)),
    (_START + len(_FIRST + _INTRON), _START + len(_FIRST + _INTRON + _SECOND)),
)
_REFERENCE = Reference.from_sequences({"chr16": "C" * _START + _FIRST + _INTRON + _SECOND + "C" * 200})
_MODELS = GeneModels(
    [Transcript("NM_1.1", "CD19", "chr16", Strand.PLUS, _EXONS, (_START, _EXONS[1][1]), True)]
)
_WHOLE = (("chr16", 0, 270),)
_STOP, _MISSENSE = Variant("chr16", 16, "A", "T"), Variant("chr16", 17, "A", "C")
_SILENT, _DONOR = Variant("chr16", 18, "A", "G"), Variant("chr16", _EXONS[0][1], "G", "A")
_BESIDE, _DEEP = Variant("chr16", _EXONS[0][1] + 4, "C", "T"), Variant("chr16", _EXONS[0][1] + 15, "C", "T")
_ONE, _BOTH = (True, False), (True, True)


@pytest.fixture
def made(tmp_path: Path):
    """Plan a case with calls laid in its VCF's place."""

    def make(
        *calls: Call, lines: str = "", models: GeneModels = _MODELS, extent=_WHOLE, source: str = "autologous"
    ) -> Plan:
        (tmp_path / "t.tsv").write_text(cases.TUMOUR)
        path = tmp_path / "case.yaml"
        path.write_text(
            f"{cases.HEAD}cells: {{antigens: CD19, source: {source}}}\nfiles: {{expression: t.tsv}}\n{lines}"
        )
        inputs = planning.open_inputs(patient.read_case(path), path)
        vcf = VcfCalls(calls, Tally.of("records", kept=len(calls)), "S1", extent=extent)
        return planning.make_plan(
            replace(inputs, reference=_REFERENCE, models=models, vcf=vcf, has_genome=True),
            planning.PlanOptions(search_off_targets=False),
        )

    return make


def _findings(plan: Plan, rule: str) -> list[Finding]:
    assert plan.tumour is not None
    antigen = next(one for one in plan.tumour.antigens if one.gene == "CD19")
    return [one for one in antigen.findings if one.rule == f"car_t.target.{rule}"]


@pytest.mark.parametrize(
    ("variant", "copies", "status", "told"),
    [
        (_STOP, _ONE, Status.CAUTION, "this copy gives no whole protein"),
        (_STOP, _BOTH, Status.FAIL, "no copy gives a whole protein"),
        (_MISSENSE, _ONE, Status.CAUTION, "residues are changed on one copy"),
        (_DONOR, _ONE, Status.CAUTION, "this copy gives no whole protein"),
        (_BESIDE, _ONE, Status.UNKNOWN, "beside a splice site"),
    ],
)
def test_calls_that_may_change_the_antigen_are_judged(
    made, variant: Variant, copies: tuple[bool, bool], status: Status, told: str
) -> None:
    plan = made(Call(variant, copies))
    [finding] = _findings(plan, "variant")
    assert finding.status is status
    assert told in finding.because
    assert finding.because.startswith("germline ")
    [looked] = _findings(plan, "germline")
    assert looked.status is Status.CAUTION
    assert "chr16:11-107" in looked.because
    attacked = {
        gene for one in plan.designs if not one.tier.startswith("stopped") for gene in one.design.car.attacked
    }
    assert ("CD19" in attacked) == (status is not Status.FAIL)


@pytest.mark.parametrize("variant", [_SILENT, _DEEP])
def test_calls_that_leave_the_protein_are_counted_and_not_told(made, variant: Variant) -> None:
    plan = made(Call(variant, _ONE))
    assert _findings(plan, "variant") == []
    [looked] = _findings(plan, "germline")
    assert looked.status is Status.PASS
    assert looked.because.startswith("1 call of the VCF in CD19")
    assert "not called is taken as the reference has it" in looked.because


def test_a_call_that_the_case_states_is_told_once(made) -> None:
    stated = 'variants: [{vcf: "chr16:18:A:C", gene: CD19, origin: germline, zygosity: heterozygous}]\n'
    assert len(_findings(made(Call(_MISSENSE, _ONE), lines=stated), "variant")) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"extent": (("chr16", 0, 50),)}, "chr16:11-107; the VCF's records reach over chr16:1-50"),
        ({"extent": ()}, "reach over nothing there"),
        ({"models": GeneModels([])}, "do not hold CD19"),
        ({"source": "allogeneic"}, "the donor's"),
    ],
)
def test_what_cannot_be_looked_through_is_unknown_and_names_what_lacks(made, changes, told: str) -> None:
    plan = made(Call(_STOP, _BOTH), **changes)
    [looked] = _findings(plan, "germline")
    assert looked.status is Status.UNKNOWN
    assert told in looked.because
    assert _findings(plan, "variant") == []
    assert "car_t.target.germline" in {one.rule for one in plan.unknowns}


def test_a_gene_outside_the_reference_names_its_interval(made) -> None:
    far = Transcript("NM_1.1", "CD19", "chr16", Strand.PLUS, ((5000, 5063),), (5000, 5063), True)
    [looked] = _findings(made(models=GeneModels([far]), extent=(("chr16", 0, 9000),)), "germline")
    assert looked.status is Status.UNKNOWN
    assert "chr16:5,001-5,063" in looked.because


class TestPairs:
    SPACER = "CTAACAGTTGCTTTTATCAC"
    NEAR = "CTAACAGTTGCTTTTATCAT"  # one mismatch beside the PAM's end

    def _search(self, other: str):
        reference = Reference.from_sequences(
            {"chr2": "TT" + self.SPACER + "AGGTT", "chr9": "AA" + other + "TGGAA"}
        )
        target = Locus("chr2", 2, 22)
        guide = Guide(self.SPACER, "AGG", "NGG", PamSide.THREE_PRIME, target)
        request = OffTargetRequest(self.SPACER, "NGG", limits=SearchLimits(4), target=target)
        design = Design(
            "nuclease", Route.KNOCK_OUT, "PDCD1", "PDCD1", "spcas9", "SpCas9", (guide,), "", (), None
        )
        option = EditOption(
            EditMethod.NUCLEASE, "spcas9", "SpCas9", guide, "cut", 1, (target,), design_id=design.design_id
        )
        edit = CellEdit("PDCD1", "2q37.3", (EditPurpose.CHECKPOINT,), "asked for", (option,))
        reports = tuple(search([request], PatientGenome(reference)))
        return EditSet(CellSource.AUTOLOGOUS, (edit,)), design, reports

    def test_a_near_off_target_is_paired_with_the_break(self) -> None:
        edits, design, reports = self._search(self.NEAR)
        paired = pair_cuts(edits, [design], [reports])
        [pair] = paired.pairs
        assert {pair.first.contig, pair.second.contig} == {"chr2", "chr9"}
        assert (pair.kind, pair.on_target) == ("translocation", True)
        assert paired.finding is not None
        assert (paired.finding.status, paired.finding.value) == (Status.CAUTION, "1 pair")

    def test_a_far_one_is_not(self) -> None:
        edits, design, reports = self._search("CTAACAGTTGCTTAAATGAT"[:20])
        paired = pair_cuts(edits, [design], [reports])
        assert paired.pairs == ()
        assert paired.finding is not None
        assert paired.finding.status is Status.PASS
        assert "CFD 0.2 or more" in paired.finding.because

    def test_without_a_search_it_is_unknown(self) -> None:
        edits, design, _ = self._search(self.NEAR)
        finding = pair_cuts(edits, [design], None).finding
        assert finding is not None
        assert finding.status is Status.UNKNOWN

    def test_a_guide_that_was_not_searched_is_named(self) -> None:
        edits, _, _ = self._search("CTAACAGTTGCTTAAATGAT")
        finding = pair_cuts(edits, [], []).finding
        assert finding is not None
        assert finding.status is Status.UNKNOWN
        assert "The guides for PDCD1 were not searched" in finding.because
