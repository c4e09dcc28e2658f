"""A nomination holds what the search finds, aims guides at their targets, and says what it does not know."""

from __future__ import annotations

import csv
import dataclasses
import random

import pytest
from offtarget_cases import random_bases
from test_offtarget_streaming import _case

from revertant.errors import ProblemsError, UsageError
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.model import (
    Call,
    Locus,
    OffTargetRequest,
    PamSide,
    SearchLimits,
    SiteOrigin,
    Status,
    Strand,
    Transcript,
    Variant,
)
from revertant.offtarget import search
from revertant.offtarget.nominate import NominationOptions, nominate

GUIDE = "CTAACAGTTGCTTTTATCAC"
FILL = "GATTCAGCCTAGGTACCATTGCAGGTTCACATGCCTGATAGCTTGCAAGTCCGATGATCAGGCTAACTGTTCGACCATAGG" * 3
NEAR = "CTAACAGTTGCTTTTATCAT"


def _genome(*parts: str, calls=()) -> PatientGenome:
    sequences = {f"chr{number}": FILL + part + FILL for number, part in enumerate(parts, start=1)}
    return PatientGenome(Reference.from_sequences(sequences), calls)


def _request(**more) -> OffTargetRequest:
    return OffTargetRequest(GUIDE, "NGG", **{"limits": SearchLimits(2), **more})


def _finding(found, rule: str):
    return next(finding for finding in found.findings if finding.rule == rule)


@pytest.mark.parametrize("seed", range(6))
def test_reports_are_those_of_the_search(seed, tmp_path):
    requests, reference, calls, models = _case(seed + 900)
    genome = PatientGenome(reference, calls)
    requests = [dataclasses.replace(r, target=r.target or Locus("chr1", 0, 20)) for r in requests]
    found = nominate(["a", "b", "c"], requests, genome, models=models, folder=tmp_path)
    plain = [[dataclasses.replace(site, gene_lists=()) for site in report.sites] for report in found.reports]
    assert plain == [list(report.sites) for report in search(requests, genome, models=models)]
    with (tmp_path / "sites.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == sum(map(len, plain))
    assert {row["guide"] for row in rows} <= {"a", "b", "c"}
    again = nominate(["a", "b", "c"], requests, genome, models=models)
    assert again == found


def test_the_only_perfect_match_is_the_target():
    found = nominate(["g"], [_request()], _genome(GUIDE + "AGG", NEAR + "TGG"))
    [report] = found.reports
    assert report.request.target == Locus("chr1", len(FILL), len(FILL) + 20, Strand.PLUS)
    assert [(site.locus.contig, site.edits) for site in report.sites] == [("chr2", 1)]
    assert "taken as the intended target" in _finding(found, "offtarget.target").because


def test_two_perfect_matches_are_both_listed_and_said():
    found = nominate(["g"], [_request()], _genome(GUIDE + "AGG", GUIDE + "TGG"))
    [report] = found.reports
    assert report.request.target is None
    assert [site.edits for site in report.sites] == [0, 0]
    finding = _finding(found, "offtarget.target")
    assert finding.status is Status.CAUTION
    assert "2 places" in finding.because


def test_a_second_copy_of_a_named_target_is_a_finding():
    target = Locus("chr1", len(FILL), len(FILL) + 20, Strand.PLUS)
    found = nominate(["g"], [_request(target=target)], _genome(GUIDE + "AGG", GUIDE + "TGG"))
    finding = _finding(found, "offtarget.perfect_copies")
    assert finding.value == "1"
    assert "chr2" in finding.because


def test_a_guide_made_for_a_persons_allele_finds_its_target_there():
    at = len(FILL) + 19
    call = Call(Variant("chr1", at, "T", "C"), (True, False), phase_set="1")
    found = nominate(["g"], [_request()], _genome(NEAR + "AGG", calls=[call]))
    [report] = found.reports
    assert report.request.target == Locus("chr1", len(FILL), len(FILL) + 20, Strand.PLUS)


def test_a_guide_that_fits_nowhere_has_no_target():
    found = nominate(["g"], [_request(limits=SearchLimits(2))], _genome(NEAR + "AGG"))
    assert _finding(found, "offtarget.target").status is Status.UNKNOWN
    assert found.reports[0].request.target is None


def test_a_nuclease_has_pairs_and_a_base_editor_has_editable_bases():
    genome = _genome(GUIDE + "AGG", NEAR + "TGG")
    cut = nominate(["g"], [_request()], genome, NominationOptions(effector="spcas9"))
    assert [pair.kind for pair in cut.pairs] == ["translocation"]
    edited = nominate(["g"], [_request()], genome, NominationOptions(effector="abe7_10"))
    assert not edited.pairs
    assert edited.reports[0].sites[0].edit_effect.startswith("A4 and A6 editable")
    assert not nominate(["g"], [_request()], genome).pairs


def test_a_panel_is_made_when_it_is_asked_for():
    pytest.importorskip("primer3")
    genome = _genome(GUIDE + "AGG", NEAR + "TGG")
    found = nominate(["g"], [_request()], genome, NominationOptions(amplicons=4))
    assert found.panel is not None
    assert len(found.panel.amplicons) == 2
    assert nominate(["g"], [_request()], genome).panel is None


def test_a_user_s_list_takes_the_place_of_ours(tmp_path):
    mine = tmp_path / "genes.txt"
    mine.write_text("MYGENE\n")
    models = GeneModels([Transcript("T.1", "MYGENE", "chr2", Strand.PLUS, ((0, 2000),), (0, 1800))])
    options = NominationOptions(cancer_genes=mine)
    found = nominate(
        ["g"], [_request()], _genome(GUIDE + "AGG", NEAR + "TGG"), options, models=models, folder=tmp_path
    )
    assert found.reports[0].sites[0].gene_lists == ("cancer gene",)
    assert "\tcancer gene\t" in (tmp_path / "sites.tsv").read_text()


def test_the_sites_of_a_population_are_looked_at_like_the_person_s(tmp_path):
    """They are marked with the user's list, not with ours, and the bases an editor could edit are named."""
    at = len(FILL) + 21
    panel, mine = tmp_path / "panel.vcf", tmp_path / "genes.txt"
    panel.write_text(
        "##fileformat=VCFv4.3\n##contig=<ID=chr2>\n"
        '##INFO=<ID=AC,Number=A,Type=Integer,Description="c">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="n">\n'
        f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr2\t{at + 1}\t.\tA\tG\t.\tPASS\tAC=3;AN=10\n"
    )
    models = GeneModels([Transcript("T.1", "TP53", "chr2", Strand.PLUS, ((0, 2000),), (0, 1800))])
    genome = _genome(GUIDE + "AGG", NEAR + "TAG")
    marks = {}
    for name, listed in (("ours", None), ("mine", mine)):
        options = NominationOptions(effector="abe7_10", panel=panel, cancer_genes=listed)
        if listed is mine:
            mine.write_text("OTHER\n")
        [one] = nominate(["g"], [_request()], genome, options, models=models).population
        assert one.site.edit_effect.startswith("A4 and A6 editable")
        marks[name] = one.site.gene_lists
    assert marks == {"ours": ("cancer gene",), "mine": ()}


def test_a_library_holds_few_sites_of_each_guide_and_counts_all():
    rng = random.Random(3)
    requests = [OffTargetRequest(random_bases(rng, 20), "NGG", limits=SearchLimits(1)) for _ in range(201)]
    text = "".join(request.spacer + "AGG" for request in requests for _ in range(2))
    genome = PatientGenome(Reference.from_sequences({"chr1": text}))
    found = nominate([str(n) for n in range(201)], requests, genome)
    assert all(len(report.present_sites) >= 2 for report in found.reports)


def test_a_lost_site_is_not_present():
    call = Call(Variant("chr2", len(FILL) + 22, "G", "A"), (True, True))
    found = nominate(["g"], [_request()], _genome(GUIDE + "AGG", NEAR + "TGG", calls=[call]))
    [site] = found.reports[0].sites
    assert site.origin is SiteOrigin.LOST
    assert not found.reports[0].present_sites


@pytest.mark.parametrize(
    ("names", "requests", "options"),
    [
        ([], [], {}),
        (["a", "b"], [_request()], {}),
        (["a\tb"], [_request()], {}),
        ([""], [_request()], {}),
        (["a"], [_request()], {"effector": "cas99"}),
    ],
)
def test_what_makes_no_sense_is_refused(names, requests, options):
    with pytest.raises(UsageError):
        nominate(names, requests, _genome(GUIDE + "AGG"), NominationOptions(**options))


@pytest.mark.parametrize(
    ("effector", "side"),
    [("spcas9", PamSide.FIVE_PRIME), ("ascas12a", PamSide.THREE_PRIME), ("abe7_10", PamSide.FIVE_PRIME)],
)
def test_an_effector_and_its_guides_have_the_pam_on_one_side(effector, side):
    with pytest.raises(UsageError, match=f"on the {side} side"):
        nominate(
            ["a"], [_request(pam_side=side)], _genome(GUIDE + "AGG"), NominationOptions(effector=effector)
        )


def test_a_named_target_that_is_not_there_fails():
    where = Locus("chr2", len(FILL), len(FILL) + 20, Strand.PLUS)
    genome = _genome(GUIDE + "AGG", "TTTTTTTTTTTTTTTTTTTT" + "AGG")
    found = nominate(["g"], [_request(target=where)], genome)
    finding = _finding(found, "offtarget.target")
    assert (finding.status, finding.value) == (Status.FAIL, str(where))
    assert found.findings[0] == finding
    for part, call in ((NEAR, ()), (GUIDE, (Call(Variant("chr1", len(FILL) + 21, "G", "T"), (True, True)),))):
        # Another allele of the target, and a target this person has lost, are there.
        genome = _genome(part + "AGG", calls=call)
        there = nominate(["g"], [_request(target=replace_contig(where, "chr1"))], genome)
        assert "offtarget.target" not in {one.rule for one in there.findings}


def replace_contig(locus: Locus, contig: str) -> Locus:
    return dataclasses.replace(locus, contig=contig)


def test_bad_guides_are_refused():
    with pytest.raises(ProblemsError):
        nominate(["a"], [OffTargetRequest("ACGTXX", "NGG")], _genome(GUIDE + "AGG"))


def test_a_library_finds_its_targets_too():
    rng = random.Random(8)
    spacers = [random_bases(rng, 20) for _ in range(201)]
    requests = [OffTargetRequest(spacer, "NGG", limits=SearchLimits(1)) for spacer in spacers]
    text = "".join(spacer + "AGG" for spacer in spacers)
    found = nominate(spacers, requests, PatientGenome(Reference.from_sequences({"chr1": text})))
    assert not any(site.edits == 0 for report in found.reports for site in report.sites)
    assert all(report.request.target is not None for report in found.reports)


def test_a_match_beside_a_pam_nobody_designs_for_is_no_target():
    genome = _genome(GUIDE + "AAG", NEAR + "TGG")
    request = dataclasses.replace(_request(), pam="NRG")
    found = nominate(["g"], [request], genome, NominationOptions(effector="spcas9"))
    [report] = found.reports
    assert report.request.target is None
    assert sorted(site.edits for site in report.sites) == [0, 1]


def test_a_target_only_this_person_has_is_said_with_caution():
    call = Call(Variant("chr1", len(FILL) + 21, "A", "G"), (True, False))
    found = nominate(["g"], [_request()], _genome(GUIDE + "AAG", calls=[call]))
    finding = _finding(found, "offtarget.target")
    assert finding.status is Status.CAUTION
    assert "fits the reference nowhere" in finding.because


def test_places_with_too_many_combinations_are_named():
    calls = [
        Call(Variant("chr1", len(FILL) + at, GUIDE[at], "A" if GUIDE[at] != "A" else "C"), (True, False))
        for at in range(0, 16, 2)
    ]
    found = nominate(["g"], [_request()], _genome(GUIDE + "AGG", calls=calls))
    finding = _finding(found, "offtarget.combinations")
    assert f"chr1:{len(FILL)}" in finding.because
    assert finding.value == "1"
