"""Whole files called: simulated people of every kind, and the real reads of both builds."""

from __future__ import annotations

from dataclasses import replace

import pysam
import pytest
from smn_simulator import DELETION, Person, simulated_controls, write_person

from revertant.model import CopyNumber, Status, plain
from revertant.patient.smn import SmaStatus, call_smn, read_controls, read_panel
from revertant.patient.smn.controls import ControlKind, Controls
from revertant.patient.smn.loci import exons, gene_parts, lifted

HG007 = {
    "hg38": "HG007.GRCh38_full_plus_hs38d1_analysis_set_minus_alts.100x.includedRegions.downSampled.bam",
    "hs37d5": "HG007.hs37d5.100x.includedRegions.downSampled.bam",
}
#: Distance of control bins: just enough of them.
FEW = 25_000_000
GENES = ("smn1", "smn2", "full_length", "total", "without_exons_7_8")


def called(folder, person, seed=7, **options):
    path = folder / "person.bam"
    write_person(path, person, seed, FEW)
    return call_smn(path, **{"controls": simulated_controls(person.build, FEW), **options})


def finding(call, rule):
    return next(one for one in call.findings if one.rule == f"smn.{rule}")


def test_an_affected_infant(tmp_path):
    told = []
    call = called(tmp_path, Person(smn1=0, smn2=2, deleted=1), progress=lambda *said: told.append(said))
    assert call.status is SmaStatus.SMN1_ABSENT
    assert [getattr(call, name).best for name in GENES] == [0, 2, 2, 3, 1]
    assert all(getattr(call, name).is_call for name in GENES)
    assert call.sample == "simulated"
    assert call.copy_numbers == (
        CopyNumber("SMN1", 0, 0, "in_silico"),
        CopyNumber("SMN2", 2, 2, "in_silico"),
    )
    assert not any(one.is_confirmed for one in call.copy_numbers)
    assert call.findings[0].rule == "smn.confirm_by_mlpa_or_dpcr"
    assert call.findings[0].status is Status.UNKNOWN
    assert finding(call, "smn1_present").status is Status.FAIL
    assert not [one for one in call.findings if one.rule == "smn.carrier"]
    assert told[-1] == ("Reading SMN1 and SMN2", 1.0)
    assert [share for stage, share in told if stage == "Reading the controls"][-1] == 1.0
    assert plain(call)["smn1"]["code"] == "majority"


def test_a_carrier_and_a_person_with_two(tmp_path):
    carrier = called(tmp_path, Person(smn1=1, smn2=3, build="GRCh37", prefix=""))
    assert (carrier.smn1.best, carrier.smn2.best, carrier.build) == (1, 3, "GRCh37")
    assert finding(carrier, "carrier").value == "1 copy"
    two = called(tmp_path, Person(smn1=2, smn2=1, tagged=1), ancestry="African American")
    assert two.smn1.best == 2
    assert "1 in 121" in finding(two, "carrier").because
    assert finding(two, "two_on_one_chromosome_tag").status is Status.CAUTION
    assert (two.tag.copies.best, two.tag.is_on_smn1) == (1, True)


def test_residual_risk_of_all_populations_marks_what_was_not_checked(tmp_path):
    call = called(tmp_path, Person(smn1=2, smn2=2))
    found = finding(call, "carrier")
    assert "Hispanic (North America) 1 in 1061 (not checked)" in found.because
    assert not found.checked
    assert finding(call, "two_on_one_chromosome_tag").status is Status.PASS


def test_variants_lie_in_one_of_the_genes_unless_fragments_tell(tmp_path):
    third = next(exon for exon in exons() if exon.name == "3")
    seventh = next(exon for exon in exons() if exon.name == "7")
    place = third.smn1_start + 20
    base = "A" if third.letters[22] != "A" else "C"
    person = Person(
        smn1=2,
        smn2=1,
        smn1_variants=((place, base, 1), (seventh.smn1_start + 10, "G", 1)),
        smn2_variants=((seventh.smn1_start + 20, "C", 1),),
    )
    found = {one.exon + one.hgvs[-1]: one for one in called(tmp_path, person).variants}
    assert set(found) == {f"3{base}", "7G", "7C"}
    assert found[f"3{base}"].gene == "SMN1 or SMN2"
    assert found[f"3{base}"].hgvs.startswith(f"NM_000344.4:c.{third.coding_start + 20}")
    assert (found["7G"].gene, found["7C"].gene) == ("SMN1", "SMN2")
    assert {one.copies.best for one in found.values()} == {1}


@pytest.mark.parametrize("copies", [(2, 2, 0), (0, 3, 0), (1, 1, 1), (0, 2, 1)])
def test_a_tenth_of_a_second_persons_reads_makes_no_wrong_number(tmp_path, copies):
    smn1, smn2, deleted = copies
    truth = SmaStatus.SMN1_PRESENT if smn1 else SmaStatus.SMN1_ABSENT
    call = called(tmp_path, Person(smn1, smn2, deleted, contamination=0.1, contaminant=(3, 1, 0)))
    assert call.status in {truth, SmaStatus.NO_CALL}
    assert not call.smn1.is_call or call.smn1.best == smn1


def test_an_affected_infant_with_a_second_persons_reads_is_no_call(tmp_path):
    call = called(tmp_path, Person(0, 3, 0, contamination=0.2, contaminant=(2, 2, 0)))
    assert call.smn1.code == "no-whole-number"
    assert not call.smn1.is_call
    assert "second person" in call.smn1.because
    assert call.status is SmaStatus.NO_CALL


def test_a_hybrid_is_no_call(tmp_path):
    call = called(tmp_path, Person(smn1=1, smn2=2, hybrids=1, depth=40))
    assert not call.smn1.is_call
    assert call.smn1.low <= 1 <= call.smn1.high
    assert call.status is not SmaStatus.SMN1_ABSENT


def test_low_depth_says_so(tmp_path):
    call = called(tmp_path, Person(depth=6))
    assert (call.smn1.code, call.smn1.text) in {("low-depth", "not known"), ("low-depth", "at least 1")}
    assert "at least 10x" in call.reasons[0]
    assert not any(getattr(call, name).is_call for name in GENES)


def test_many_copies_are_not_counted(tmp_path):
    call = called(tmp_path, Person(smn1=4, smn2=8, depth=40))
    assert call.full_length.code == "too-many"
    assert call.full_length.text == "at least 11"
    assert not call.smn1.is_call
    assert call.status is SmaStatus.SMN1_PRESENT


def test_no_full_length_copy_is_missing_data(tmp_path):
    call = called(tmp_path, Person(smn1=0, smn2=0, deleted=2))
    assert call.smn1.low is None
    assert call.status is SmaStatus.NO_CALL
    assert call.copy_numbers == ()


@pytest.mark.parametrize("gene", ["smn1", "smn2"])
def test_a_file_cut_to_one_gene_is_no_call(tmp_path, gene):
    """Half of the reads fit both genes and lie at the other: without them every number would be too low."""
    lost = [getattr(part, gene) for part in gene_parts()]
    call = called(tmp_path, Person(empty=((lost[0][0] - 900, lost[1][1] + 900),)))
    assert call.smn1.code == f"no-{gene}-exons-1-6"
    assert call.status is not SmaStatus.SMN1_ABSENT
    assert not any(getattr(call, name).is_call for name in GENES)


def test_gaps_in_both_genes_are_no_call(tmp_path):
    first = gene_parts()[0]
    gaps = tuple(
        (getattr(first, gene)[0] + 3_000, getattr(first, gene)[0] + 12_000) for gene in ("smn1", "smn2")
    )
    call = called(tmp_path, Person(empty=gaps))
    assert call.smn1.code == "gaps-in-exons-1-6"
    assert not call.total.is_call


def test_cram_gives_what_bam_gives(tmp_path):
    person = Person(1, 2, 0, depth=20)
    bam = called(tmp_path, person)
    fasta, cram = tmp_path / "any.fa", tmp_path / "person.cram"
    fasta.write_text(">chr1\nACGT\n")
    pysam.faidx(str(fasta))
    before = pysam.set_verbosity(0)
    with (
        pysam.AlignmentFile(str(tmp_path / "person.bam")) as reads,
        pysam.AlignmentFile(str(cram), "wc", template=reads, format_options=[b"embed_ref=2"]) as file,
    ):
        for read in reads:
            file.write(read)
    pysam.set_verbosity(before)
    pysam.index(str(cram))
    found = call_smn(cram, reference=fasta, controls=simulated_controls(person.build, FEW))
    assert replace(found, parameters=()) == replace(bam, parameters=())


def test_same_file_same_answer(tmp_path):
    write_person(tmp_path / "person.bam", Person(depth=20), 3, FEW)
    calls = [call_smn(tmp_path / "person.bam", controls=simulated_controls("GRCh38", FEW)) for _ in range(2)]
    assert calls[0] == calls[1]


def targeted(build="GRCh38"):
    return Controls(ControlKind.TARGETED, simulated_controls(build, FEW).regions)


def test_targeted_data_are_counted_against_a_panel_only(tmp_path):
    person = Person(1, 2, 0, depth=40)
    alone = called(tmp_path, person, controls=targeted())
    assert alone.smn1.code == "targeted-without-panel"
    assert alone.smn1.text == "at least 1"
    assert alone.status is SmaStatus.SMN1_PRESENT
    rows = "".join(
        f"4\t4\t{4 * factor}\t{4 * factor * 1.17}\n"
        for factor in (0.97, 0.98, 0.99, 1.0, 1.0, 1.0, 1.0, 1.01, 1.02, 1.03)
    )
    panel = tmp_path / "panel.tsv"
    panel.write_text(f"total\tfull_length\ttotal_measured\tfull_length_measured\n{rows}")
    # Capture that takes exons 7-8 a sixth too well is seen by the panel as well: here the sample has no such bias.
    skewed = called(tmp_path, person, controls=targeted(), panel=read_panel(panel))
    assert skewed.full_length.code in {"depth-between", "depth-unsure"}
    rows = "".join(f"4\t4\t{4 * factor}\t{4 * factor}\n" for factor in (0.98, 0.99, 1.0, 1.0, 1.01, 1.02) * 2)
    panel.write_text(f"total\tfull_length\ttotal_measured\tfull_length_measured\n{rows}")
    fair = called(tmp_path, person, controls=targeted(), panel=read_panel(panel))
    assert (fair.smn1.best, fair.smn2.best, fair.smn1.is_call, fair.smn2.is_call) == (1, 2, True, True)
    assert ("panel", "panel.tsv, 12 samples") in fair.parameters


def test_absence_shows_in_targeted_data_by_c840_alone(tmp_path):
    """Without the number of copies it takes more reads: one of at most ten must be excluded."""
    call = called(tmp_path, Person(0, 8, 0, depth=40), controls=targeted())
    assert call.status is SmaStatus.SMN1_ABSENT
    assert not call.smn1.is_call


@pytest.fixture(scope="module")
def real(shared_data):
    folder = shared_data / "smn"
    return {
        build: call_smn(folder / name, controls=read_controls(folder / f"included_regions_{build}.bed"))
        for build, name in HG007.items()
    }


def test_real_reads_give_the_same_answer_on_both_builds(real):
    first, second = real["hg38"], real["hs37d5"]
    assert (first.build, second.build) == ("GRCh38", "GRCh37")
    for name in ("status", "status_because", "reasons", "vote", "sites", "tag", "variants", *GENES):
        assert getattr(first, name) == getattr(second, name), name
    assert first.copy_numbers == second.copy_numbers
    assert [(one.rule, one.status) for one in first.findings] == [
        (one.rule, one.status) for one in second.findings
    ]


@pytest.mark.parametrize("build", HG007)
def test_real_reads_are_no_call_that_says_why(real, build):
    call = real[build]
    assert not any(getattr(call, name).is_call for name in GENES)
    assert call.quality.sites_covered == 4
    targeted_data, exons_1_6, sites = call.reasons
    assert "no copy number without a panel" in targeted_data
    assert "At exons 1-6 of SMN1 there are 0 reads" in exons_1_6
    assert "Only 4 of the 8 sites" in sites
    assert [site.is_covered for site in call.sites] == [False] * 4 + [True] * 4
    # That there is a copy of SMN1 shows in the reads over c.840 all the same.
    assert call.status is SmaStatus.SMN1_PRESENT
    assert call.copy_numbers == (CopyNumber("SMN1", 1, None, "in_silico"),)
    assert 10 < call.quality.depth < 13


def test_the_simulated_deletion_holds_exons_7_and_8():
    second = gene_parts()[1]
    assert gene_parts()[0].smn1[1] <= DELETION[0] <= second.smn1[0] < second.smn1[1] <= DELETION[1]
    assert lifted(DELETION[0], "GRCh37") == DELETION[0] - 704_173
