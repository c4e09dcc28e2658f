"""The whole search: the target told apart, coverage, annotation, refusals."""

from __future__ import annotations

import pytest

from revertant.errors import ProblemsError
from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Call,
    Locus,
    OffTargetRequest,
    PamSide,
    SearchLimits,
    SiteOrigin,
    Strand,
    Variant,
)
from revertant.offtarget import search, search_by_hand
from revertant.sequence import reverse_complement

GUIDE = "CTAACAGTTGCTTTTATCAC"
A, B = "TATCTATATTACTATACTATCTTATACTAA", "ATATTACTATACTATCTTATACTAATATCT"
WIDE = SearchLimits(4, 1, 1)


def _report(text, *calls, target=None, limits=WIDE, pam="NGG", spacer=GUIDE, name="s"):
    request = OffTargetRequest(spacer, pam, limits=limits, target=target)
    genome = PatientGenome(Reference.from_sequences({name: text}), calls)
    [report] = search([request], genome)
    assert [report] == list(search_by_hand([request], genome))
    return report


@pytest.mark.parametrize("strand", list(Strand))
def test_the_target_is_not_listed_but_its_perfect_copy_is(strand):
    site = GUIDE + "AGG"
    text = A + site + B + site + A
    start = len(A)
    if strand is Strand.MINUS:
        text = reverse_complement(text)
        start = len(text) - len(A) - 20
    report = _report(text, target=Locus("s", start, start + 20, strand))
    [copy] = report.sites
    assert copy.mismatches == 0
    assert copy.cfd == 1.0
    assert report.tally.refused == (("the intended target", 1),)
    assert dict(report.aggregates)["CFD specificity (GuideScan2 formula)"].value == 0.5


@pytest.mark.parametrize("strand", list(Strand))
def test_bulges_at_the_ends_only_when_asked_for_and_never_of_the_target(strand):
    # Beside GGG the target would also align with a gap beside the PAM; so would its copy, which is another place.
    site = GUIDE + "AGGG"
    text = A + site + B + "G" + GUIDE[1:] + "AGG" + B + site + A
    start = len(A)
    if strand is Strand.MINUS:
        text = reverse_complement(text)
        start = len(text) - len(A) - 20
    target = Locus("s", start, start + 20, strand)
    inner, wide = (
        _report(text, target=target, limits=SearchLimits(0, 1, 1, end_bulges=ends)) for ends in (False, True)
    )
    assert [site.edits for site in inner.sites] == [0]
    rows = {(site.aligned_spacer, site.aligned_target) for site in wide.sites}
    assert rows == {
        (GUIDE, GUIDE),
        (GUIDE, "-" + GUIDE[1:]),
        (GUIDE + "-", GUIDE + "A"),
    }
    assert len(wide.sites) == 3


def test_two_letters_take_no_bulges_at_their_ends():
    limits = SearchLimits(0, 0, 1, end_bulges=True)
    genome = PatientGenome(Reference.from_sequences({"s": "ACGTACGGTT"}))
    search([OffTargetRequest("AC", "NGG", limits=SearchLimits(0, 0, 1))], genome)
    with pytest.raises(ProblemsError, match="every place"):
        search([OffTargetRequest("AC", "NGG", limits=limits)], genome)


def test_without_a_target_every_perfect_match_is_listed():
    site = GUIDE + "AGG"
    assert len(_report(A + site + B + site + A).sites) == 2


def test_bulged_alignments_of_the_target_beside_a_shifted_pam_are_not_listed():
    # ...CACC|GGG: the target beside CGG would also align with a bulge beside GGG.
    spacer = "CTAACAGTTGCTTTTATCCC"
    text = A + spacer + "CGGG" + B
    every = _report(text, spacer=spacer).sites
    assert [site.edits for site in every][:1] == [0]
    assert len(every) > 1
    report = _report(text, spacer=spacer, target=Locus("s", len(A), len(A) + 20))
    assert report.sites == ()
    assert ("the intended target's own DNA with a shifted PAM", len(every) - 1) in report.tally.refused


def test_a_five_prime_pam_target_is_recognised():
    spacer = "GCTGATGGTCCATGTCTGTTACT"
    text = A + "TTTC" + spacer + B
    target = Locus("s", len(A) + 4, len(A) + 27)
    request = OffTargetRequest(spacer, "TTTV", PamSide.FIVE_PRIME, WIDE, target)
    [report] = search([request], PatientGenome(Reference.from_sequences({"s": text})))
    assert report.sites == ()
    assert report.aggregates[0][1].value is None


# --- the other allele ------------------------------------------------------------------------------------------

TEXT = A + GUIDE + "AGG" + B
TARGET = Locus("s", len(A), len(A) + 20)
SNV = Variant("s", len(A) + 16, "T", "G")


def test_the_other_allele_of_a_heterozygous_target_is_kept_apart():
    mutant_guide = GUIDE[:16] + "G" + GUIDE[17:]
    report = _report(TEXT, Call(SNV, (True, False), "1"), target=TARGET, spacer=mutant_guide)
    assert report.sites == ()
    other = report.other_allele
    assert (other.origin, other.haplotypes, other.mismatches) == (SiteOrigin.REFERENCE, ("2",), 1)
    assert dict(report.tally.refused) == {"the intended target": 1, "the intended target's other allele": 1}


def test_a_reference_guide_sees_the_mutant_allele_as_the_other():
    other = _report(TEXT, Call(SNV, (True, False), "1"), target=TARGET).other_allele
    assert (other.origin, other.haplotypes, other.aligned_target[16]) == (SiteOrigin.CHANGED, ("1",), "G")


def test_no_other_allele_where_the_pam_tells_them_apart():
    pam_snv = Variant("s", len(A) + 21, "G", "A")
    report = _report(TEXT, Call(pam_snv, (True, False), "1"), target=TARGET, limits=SearchLimits(4))
    assert report.other_allele is None
    assert report.sites == ()


def test_a_homozygous_person_has_no_other_allele():
    mutant_guide = GUIDE[:16] + "G" + GUIDE[17:]
    report = _report(TEXT, Call(SNV, (True, True)), target=TARGET, spacer=mutant_guide)
    assert (report.other_allele, report.sites) == (None, ())


def test_a_target_lost_to_this_person_is_accounted_for():
    pam_snv = Variant("s", len(A) + 21, "G", "A")
    report = _report(TEXT, Call(pam_snv, (True, True)), target=TARGET, limits=SearchLimits(4))
    assert report.sites == ()
    assert report.tally.refused == (("the intended target, which this person has lost", 1),)


# --- coverage, order, progress ---------------------------------------------------------------------------------


def test_windows_are_never_called_genome_wide():
    reference = Reference.from_sequences({"chr1:101-140": "ACGTN" * 8, "chr2:1-40": "ACGRT" * 8})
    [report] = search([OffTargetRequest(GUIDE, "NGG")], PatientGenome(reference))
    coverage = report.coverage
    assert (coverage.searched_bases, coverage.genome_wide) == (80, False)
    assert coverage.windows == (("chr1", 100, 140), ("chr2", 0, 40))
    assert coverage.statement.startswith("Not genome-wide: only 80 reference bases in 2 stretches")
    assert [count for _, count in coverage.not_searched] == [8, 8]
    assert coverage.genomes == ("reference",)


def test_no_site_reaches_over_a_windows_border():
    site = GUIDE + "AGG"
    reference = Reference.from_sequences({"chr1:1-12": site[:12], "chr1:14-24": site[12:]})
    [report] = search([OffTargetRequest(GUIDE, "NGG", limits=WIDE)], PatientGenome(reference))
    assert report.sites == ()
    joined = Reference.from_sequences({"chr1:1-12": site[:12], "chr1:13-23": site[12:]})
    [report] = search([OffTargetRequest(GUIDE, "NGG", limits=WIDE)], PatientGenome(joined))
    assert [site.locus for site in report.sites] == [Locus("chr1", 0, 20)]


def test_patient_coverage_names_both_genomes():
    report = _report(TEXT, Call(SNV, (True, False), "1"))
    assert report.coverage.genomes == ("reference", "patient haplotypes")
    assert "both patient haplotypes" in report.coverage.statement


def test_sites_are_sorted_worst_first_and_lost_last():
    worse, better = GUIDE[:2] + "G" + GUIDE[3:], GUIDE[:18] + "GG"
    text = A + better + "AGG" + B + GUIDE + "AGG" + A + worse + "AGG" + B
    lost_at = len(A) + 20 + 1
    report = _report(text, Call(Variant("s", lost_at, "G", "A"), (True, True)), limits=SearchLimits(4))
    assert [site.origin.value for site in report.sites] == ["reference", "reference", "lost"]
    assert report.sites[0].cfd > report.sites[1].cfd


def test_progress_ends_at_one():
    seen = []
    genome = PatientGenome(Reference.from_sequences({"s": TEXT}))
    search([OffTargetRequest(GUIDE, "NGG")], genome, progress=lambda *step: seen.append(step))
    assert seen[-1] == ("searching off-targets", 1.0)
    assert [share for _, share in seen] == sorted(share for _, share in seen)


def test_no_requests_no_reports():
    assert search([], PatientGenome(Reference.from_sequences({"s": "ACGT"}))) == ()


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spacer", "pam", "limits", "told"),
    [
        ("", "NGG", WIDE, "no spacer"),
        ("ctaacag", "NGG", WIDE, "no spacer"),
        ("CUAACAG", "NGG", WIDE, "no spacer"),
        (GUIDE + "-", "NGG", WIDE, "no spacer"),
        (GUIDE, "", WIDE, "no PAM"),
        (GUIDE, "NXG", WIDE, "no PAM"),
        (GUIDE, "NGG", SearchLimits(-1), "negative"),
        (GUIDE, "NGG", SearchLimits(1, -1), "negative"),
        (GUIDE, "NGG", SearchLimits(1, 0, 0, -1), "negative"),
        ("ACGT", "NGG", SearchLimits(4), "every place match"),
        ("ACGT", "NGG", SearchLimits(1, 2, 1), "every place match"),
    ],
)
def test_nonsense_is_refused_by_name(spacer, pam, limits, told):
    genome = PatientGenome(Reference.from_sequences({"s": "ACGT"}))
    with pytest.raises(ProblemsError, match=told) as caught:
        search([OffTargetRequest(GUIDE, "NGG"), OffTargetRequest(spacer, pam, limits=limits)], genome)
    [problem] = caught.value.problems
    assert (problem.where, problem.code, problem.exit_status) == ("guide 2", "bad-guide", 3)
    assert problem.remedy
