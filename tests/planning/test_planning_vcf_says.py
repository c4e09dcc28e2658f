"""A VCF that denies the case's variant stops the plan; one that is silent does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from revertant.errors import IncompatibleInputsError, ProblemsError
from revertant.model import Case, CaseVariant, Finding, Pathogenicity, Status, Subject, Zygosity
from revertant.planning import Inputs, open_inputs
from revertant.planning.targets import resolve_case

F508DEL = "NM_000492.4:c.1521_1523del"
G551D = "NM_000492.4:c.1652G>A"
VCF = "variants/GRCh38.1kgp.CFTR.vcf.gz"


def inputs(folder: Path, vcf: Path, *expressions: str, zygosity: Zygosity = Zygosity.HOMOZYGOUS) -> Inputs:
    stated = tuple(
        CaseVariant((text,), zygosity, Pathogenicity.PATHOGENIC, gene="CFTR", path=f"variants[{i}]")
        for i, text in enumerate(expressions)
    )
    return open_inputs(
        Case("test", Subject("person"), stated),
        reference=str(folder / "genome/GRCh38.windows.fa.gz"),
        models=str(folder / "genome/GRCh38.windows.refseq.gtf.gz"),
        vcf=str(vcf),
        sample="HG00096",
    )


def small_vcf(folder: Path, genotype: str, filters: str = "PASS") -> Path:
    path = folder / "person.vcf"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tHG00096"
    record = f"7\t117559590\t.\tATCT\tA\t.\t{filters}\t.\tGT\t{genotype}"
    path.write_text(f"##fileformat=VCFv4.3\n{columns}\n{record}\n")
    return path


def holds_variant(opened: Inputs) -> list[Finding]:
    return [finding for finding in resolve_case(opened).findings if finding.rule == "vcf.holds_variant"]


@pytest.mark.parametrize("zygosity", list(Zygosity))
def test_a_firm_denial_stops_the_plan(shared_data: Path, zygosity: Zygosity) -> None:
    opened = inputs(shared_data, shared_data / VCF, F508DEL, zygosity=zygosity)
    with pytest.raises(IncompatibleInputsError, match=r"0\|0 at chr7:117559590 ATCT>A.*swapped") as caught:
        resolve_case(opened)
    assert caught.value.code == "vcf-contradicts-case"
    assert caught.value.where == "variants[0]"


def test_silence_is_a_caution(shared_data: Path) -> None:
    [finding] = holds_variant(inputs(shared_data, shared_data / VCF, G551D))
    assert finding.status is Status.CAUTION
    assert "does not hold" in finding.because


def test_every_problem_is_told(shared_data: Path) -> None:
    opened = inputs(shared_data, shared_data / VCF, F508DEL, "NM_000492.4:c.1652A>G")
    with pytest.raises(ProblemsError) as caught:
        resolve_case(opened)
    assert {problem.where for problem in caught.value.problems} == {"variants[0]", "variants[1]"}


@pytest.mark.parametrize(
    ("genotype", "filters", "words"),
    [
        ("./.", "PASS", "no firm call of chr7:117559591:TCT:- (genotype ./.)"),
        ("0/0", "LowQual", "no firm call"),
        ("1/1", "LowQual", "(1/1) only in a record that could not be used (FILTER LowQual)"),
    ],
)
def test_records_that_settle_nothing(
    shared_data: Path, tmp_path: Path, genotype: str, filters: str, words: str
) -> None:
    [finding] = holds_variant(inputs(shared_data, small_vcf(tmp_path, genotype, filters), F508DEL))
    assert finding.status is Status.CAUTION
    assert words in finding.because


def test_a_called_variant_needs_no_finding(shared_data: Path, tmp_path: Path) -> None:
    assert not holds_variant(inputs(shared_data, small_vcf(tmp_path, "1/1"), F508DEL))
