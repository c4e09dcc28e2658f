"""Reads that a case names: copies of SMN1 and SMN2 are counted beside the laboratory's, and decide nothing alone."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace

import pytest
from planning_cases import sickle_case, stated

from revertant import patient
from revertant.errors import InputError
from revertant.model import CaseFiles, CopyNumber, Disease, Finding, Status, Tally
from revertant.planning import open_inputs, resolve_case
from revertant.planning import reads as reads_module
from revertant.planning.reads import is_about_smn

INFANT = patient.read_case(files("revertant.cli") / "demo_data" / "sma.yaml")
SMA = (Disease("OMIM:253300"),)


@pytest.fixture
def counted(monkeypatch):
    """Pretend that the caller found these copies in any file."""

    def pretend(smn1, smn2):
        rows = (CopyNumber("SMN1", *smn1, "in_silico"), CopyNumber("SMN2", *smn2, "in_silico"))
        finding = Finding("smn.confirm_by_mlpa_or_dpcr", Status.UNKNOWN, "Confirm it.")
        call = SimpleNamespace(
            copy_numbers=rows, findings=(finding,), tallies=(Tally.of("controls", kept=3),)
        )
        monkeypatch.setattr(reads_module, "call_smn", lambda path, **_: call)

    return pretend


def opened(case, reads="reads.bam"):
    return open_inputs(replace(case, files=CaseFiles(reads=str(reads))))


def target_of(case):
    [target] = resolve_case(opened(case)).targets
    return target, {finding.rule: finding.status for finding in target.findings}


def test_reads_stand_beside_the_laboratory(counted):
    counted((0, 0), (2, 2))
    target, found = target_of(INFANT)
    assert target.biallelic is True
    assert found["copies.smn1_reads_agree"] is found["copies.smn2_reads_agree"] is Status.PASS
    inputs = opened(INFANT)
    assert [row.method for row in inputs.case.copy_numbers] == ["MLPA", "MLPA", "in_silico", "in_silico"]
    assert "smn.confirm_by_mlpa_or_dpcr" in {finding.rule for finding in inputs.case.findings}
    assert "controls" in {tally.name for tally in inputs.case.tallies}


@pytest.mark.parametrize(
    ("smn1", "smn2", "rule"),
    [((1, 1), (2, 2), "copies.smn1_reads_agree"), ((0, 0), (3, 4), "copies.smn2_reads_agree")],
)
def test_reads_that_disagree_are_a_conflict(counted, smn1, smn2, rule):
    counted(smn1, smn2)
    target, found = target_of(INFANT)
    assert found[rule] is Status.UNKNOWN
    assert target.biallelic is True  # the laboratory's count was taken


def test_an_interval_that_holds_the_laboratorys_number_agrees(counted):
    counted((0, 1), (2, None))
    _, found = target_of(INFANT)
    assert found["copies.smn1_reads_agree"] is found["copies.smn2_reads_agree"] is Status.PASS


def test_reads_alone_never_flip_anything(counted):
    counted((0, 0), (2, 2))
    target, found = target_of(replace(INFANT, copy_numbers=()))
    assert target.biallelic is None
    assert found["copies.smn1"] is found["copies.smn1_confirmed"] is Status.UNKNOWN


def test_reads_of_a_case_about_another_gene_are_not_used(monkeypatch):
    monkeypatch.setattr(reads_module, "call_smn", lambda *_, **__: pytest.fail("the reads were opened"))
    case = replace(sickle_case(), variants=(stated("NM_000518.5:c.20A>T", gene="HBB"),))
    inputs = opened(case)
    assert inputs.case.findings[-1].rule == "case.reads_unused"
    assert inputs.case.copy_numbers == ()


def test_what_a_case_is_about():
    nothing = replace(INFANT, copy_numbers=(), diseases=())
    assert is_about_smn(nothing)  # with reads alone, there is nothing else it could be about
    assert is_about_smn(replace(nothing, diseases=SMA))
    assert is_about_smn(replace(nothing, copy_numbers=INFANT.copy_numbers))
    assert is_about_smn(replace(nothing, variants=(stated("NM_000344.4:c.5C>G", gene=""),)))
    assert not is_about_smn(replace(nothing, variants=(stated("NM_000518.5:c.20A>T", gene="HBB"),)))


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        opened(INFANT, tmp_path / "none.bam")


def test_real_reads_without_control_regions_are_refused(shared_data):
    """GIAB HG007, down-sampled to parts of the genes: copies cannot be measured, and the error says what to give."""
    bam = next((shared_data / "smn").glob("*GRCh38*.bam"))
    with pytest.raises(InputError, match="nothing to measure SMN1 and SMN2 against") as caught:
        opened(INFANT, bam)
    assert caught.value.code == "no-control-regions"


def test_the_index_of_reads_is_in_the_provenance(counted, tmp_path):
    counted((0, 0), (2, 2))
    (tmp_path / "reads.bam.bai").write_bytes(b"index")
    [digest] = opened(INFANT, tmp_path / "reads.bam").digests
    assert (digest.role, digest.name) == ("index of reads", "reads.bam.bai")
