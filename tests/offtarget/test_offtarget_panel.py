"""The validation panel: which sites, which amplicons, what is said, for made and for real people."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offtarget_cases import random_bases, substituted
from test_offtarget_real import CFTR, CHR21, _calls, _guides

from revertant.errors import UsageError
from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Call,
    Coverage,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    SearchLimits,
    SiteCount,
    SiteOrigin,
    Strand,
    Variant,
)
from revertant.offtarget import search
from revertant.offtarget.panel.panel import validation_panel
from revertant.offtarget.panel.primer_options import PrimerOptions
from revertant.offtarget.panel.sites import choose_sites, intended_targets, must_be_looked_at
from revertant.offtarget.scoring.tiers import FEW_EDITS, HIGH_CFD, tier_of
from revertant.offtarget.stream.report import site_order
from revertant.sequence import reverse_complement

pytest.importorskip("primer3")

SPACER = "CTAACAGTTGCTTTTATCAC"
COVERAGE = Coverage(9, (), False, ("reference",), "Not genome-wide: 9 bases.", (("bases that are N", 4),))


def _site(start: int, cfd: float | None, mismatches: int = 3, **more: object) -> OffTargetSite:
    locus = Locus("chr1", start, start + 20)
    return OffTargetSite(SPACER, locus, "AGG", SPACER, SPACER, mismatches, cfd=cfd, **more)


def _report(*sites: OffTargetSite, pam: str = "NGG", **more: object) -> OffTargetReport:
    ordered = tuple(sorted(sites, key=site_order))
    return OffTargetReport(OffTargetRequest(SPACER, pam), ordered, COVERAGE, **more)


def _spread(rng: random.Random, *words: str, gap: int = 400) -> tuple[str, list[int]]:
    """Random sequence with words in it, and where they begin."""
    text, starts = random_bases(rng, gap), []
    for word in words:
        starts.append(len(text))
        text += word + random_bases(rng, gap)
    return text, starts


def _near(rng: random.Random, edits: int) -> str:
    letters = list(SPACER)
    for at in rng.sample(range(20), edits):
        letters[at] = rng.choice([x for x in "ACGT" if x != letters[at]])
    return "".join(letters)


def _panel(text: str, target: int | None, *calls: Call, mismatches: int = 4, **more: object):
    genome = PatientGenome(Reference.from_sequences({"s": text}), calls)
    place = None if target is None else Locus("s", target, target + 20)
    request = OffTargetRequest(SPACER, "NGG", limits=SearchLimits(mismatches), target=place)
    return validation_panel(["g"], search([request], genome), genome, **more)


# --- which sites -----------------------------------------------------------------------------------------------


def test_what_must_be_looked_at_comes_first_and_is_never_cut_short():
    few = _site(0, 0.01, FEW_EDITS)
    high = _site(100, HIGH_CFD, 4)
    gained = _site(200, 0.9, 3, origin=SiteOrigin.GAINED, haplotypes=("1",))
    low = [_site(300 + 100 * i, 0.49 - i / 100) for i in range(5)]
    chosen = choose_sites(["g"], [_report(few, high, gained, *low)], 1)
    assert [item.site for item in chosen] == [gained, high, few]
    assert [item.reason for item in chosen] == [
        "3 edits, CFD 0.90, gained in this person",
        "4 edits, CFD 0.50",
        "2 edits, CFD 0.01",
    ]
    chosen = choose_sites(["g"], [_report(few, high, gained, *low)], 5)
    assert [item.site for item in chosen] == [gained, high, few, low[0], low[1]]
    assert chosen[-1].reason == "among the worst others: 3 edits, CFD 0.48"


def test_a_changed_site_counts_by_the_patients_score_and_a_lost_one_never():
    safe_now = _site(0, 0.1, 3, origin=SiteOrigin.CHANGED, reference_cfd=1.0)
    worse_now = _site(100, 0.6, 3, origin=SiteOrigin.CHANGED, reference_cfd=0.0)
    lost = _site(200, None, 0, origin=SiteOrigin.LOST, reference_cfd=1.0)
    report = _report(safe_now, worse_now, lost)
    assert [item.site for item in choose_sites(["g"], [report], 0)] == [worse_now]
    assert [item.site for item in choose_sites(["g"], [report], 9)] == [worse_now, safe_now]


@given(st.integers(0, 8), st.none() | st.floats(0, 1), st.sampled_from(SiteOrigin))
def test_the_first_tier_is_on_every_panel(edits, cfd, origin):
    site = _site(0, cfd, edits, origin=origin)
    assert must_be_looked_at(site) == (origin is not SiteOrigin.LOST and tier_of(edits, cfd).number == 1)


def test_a_guide_without_cfd_is_not_put_behind_all_others():
    scored = _report(*(_site(100 * i, 0.4, 4) for i in range(9)))
    unscored = _report(_site(5000, None, 3), pam="NGA")
    first, *_ = choose_sites(["a", "b"], [scored, unscored], 3)
    assert first.guide == "b"


@given(st.randoms(use_true_random=False))
def test_the_choice_is_a_total_order(rng):
    sites = [
        _site(rng.randrange(0, 60, 20), rng.choice((0.1, 0.6, None)), rng.randint(0, 4)) for _ in range(8)
    ]
    shuffled = rng.sample(sites, len(sites))
    size = rng.randint(0, 9)
    one, other = (
        choose_sites(["a"], [OffTargetReport(OffTargetRequest(SPACER, "NGG"), tuple(order), COVERAGE)], size)
        for order in (sites, shuffled)
    )
    assert one == other
    must = sum(site.edits <= FEW_EDITS or (site.cfd or 0) >= HIGH_CFD for site in sites)
    assert len(one) == max(must, min(size, len(sites)))


# --- the positive control ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("strand", list(Strand))
def test_the_intended_target_comes_first(strand):
    rng = random.Random(1)
    word = SPACER + "AGG" if strand is Strand.PLUS else reverse_complement(SPACER + "AGG")
    text, [start, _] = _spread(rng, word, _near(rng, 1) + "TGG")
    at = start if strand is Strand.PLUS else start + 3
    genome = PatientGenome(Reference.from_sequences({"s": text}))
    target = Locus("s", at, at + 20, strand)
    reports = search([OffTargetRequest(SPACER, "NGG", limits=SearchLimits(2), target=target)], genome)
    panel = validation_panel(["g"], reports, genome, size=4)
    control, off = panel.amplicons
    assert control.reason == "intended target (positive control)"
    assert (control.sites[0].locus, control.sites[0].pam, control.sites[0].cfd) == (target, "AGG", 1.0)
    assert control.locus.contains(target)
    assert off.sites[0].edits == 1
    assert "1 of 1 off-target sites found is on the panel (1 of 1 with 1 edit)." in panel.statement
    assert "No intended target" not in panel.statement


def test_the_target_is_taken_as_the_person_has_it():
    """The guide is made for an allele that only copy 2 has."""
    rng = random.Random(2)
    text, [start] = _spread(rng, _near(rng, 1) + "AGG")
    at = next(i for i in range(20) if text[start + i] != SPACER[i])
    call = Call(Variant("s", start + at, text[start + at], SPACER[at]), (False, True), phase_set="1")
    genome = PatientGenome(Reference.from_sequences({"s": text}), [call])
    request = OffTargetRequest(SPACER, "NGG", target=Locus("s", start, start + 20))
    [item], without = intended_targets(["g"], search([request], genome), genome)
    assert (item.site.origin, item.site.haplotypes, item.site.variants) == (
        SiteOrigin.GAINED,
        ("2",),
        (call.variant,),
    )
    assert without == ()
    # Without that variant what the guide finds there stands in.
    plain = PatientGenome(Reference.from_sequences({"s": text}))
    [item], _ = intended_targets(["g"], search([request], plain), plain)
    assert (item.site.edits, item.is_control) == (1, True)


def test_a_deletion_may_bring_the_pam_to_the_target():
    rng = random.Random(3)
    text, [start] = _spread(rng, SPACER + "TTTTTTTTAGG")
    deletion = Call(Variant("s", start + 20, "TTTTTTTT", ""), (True, True))
    genome = PatientGenome(Reference.from_sequences({"s": text}), [deletion])
    request = OffTargetRequest(SPACER, "NGG", target=Locus("s", start, start + 20))
    [item], _ = intended_targets(["g"], search([request], genome), genome)
    assert (item.site.pam, item.site.locus) == ("AGG", Locus("s", start, start + 20))


def test_a_guide_without_a_target_is_named():
    rng = random.Random(4)
    text, _ = _spread(rng, _near(rng, 1) + "TGG")
    assert "No intended target to sequence for: g." in _panel(text, None).statement
    assert "No intended target to sequence for: g." in _panel(text, 5).statement


# --- amplicons ---------------------------------------------------------------------------------------------------


def test_sites_within_one_product_share_an_amplicon():
    rng = random.Random(5)
    one, two, far = (_near(rng, edits) + "AGG" for edits in (2, 1, 2))
    text, _ = _spread(rng, one + random_bases(rng, 30) + two, far)
    panel = _panel(text, None, mismatches=2)
    shared = next(amplicon for amplicon in panel.amplicons if len(amplicon.sites) == 2)
    assert len(panel.amplicons) == 2
    cfds = [site.cfd for site in shared.sites]
    assert cfds == sorted(cfds, reverse=True)
    for site in shared.sites:
        assert shared.locus.contains(site.locus.widened(33))
    assert shared.guides == ("g", "g")
    assert "; " in shared.reason
    ranks = [max(site.cfd for site in amplicon.sites) for amplicon in panel.amplicons]
    assert ranks == sorted(ranks, reverse=True)


def test_sites_too_far_apart_for_one_product_do_not():
    rng = random.Random(6)
    text, _ = _spread(rng, _near(rng, 1) + "AGG" + random_bases(rng, 150) + _near(rng, 2) + "AGG")
    assert [len(amplicon.sites) for amplicon in _panel(text, None, mismatches=2).amplicons] == [1, 1]


def test_a_group_no_product_can_serve_is_cut_apart():
    """Left of both there is a stretch without a primer, too long for a product that holds both."""
    rng = random.Random(8)
    one, two = _near(rng, 1) + "AGG", _near(rng, 2) + "AGG"
    between, left, right = random_bases(rng, 150), random_bases(rng, 400), random_bases(rng, 400)
    options = PrimerOptions(product_max=400)
    free = _panel(left + one + between + two + right, None, mismatches=2, options=options)
    assert [len(amplicon.sites) for amplicon in free.amplicons] == [2]
    walled = _panel(left + "AT" * 80 + one + between + two + right, None, mismatches=2, options=options)
    assert [len(amplicon.sites) for amplicon in walled.amplicons] == [1, 1]
    assert all(amplicon.locus is not None for amplicon in walled.amplicons)


def test_where_no_primers_are_found_the_site_is_listed_and_named():
    rng = random.Random(9)
    text, _ = _spread(rng, _near(rng, 1) + "AGG", gap=40)
    [amplicon] = _panel(text, None, mismatches=2).amplicons
    assert (amplicon.locus, amplicon.forward, amplicon.product_bp, amplicon.haplotypes) == (
        None,
        "",
        None,
        (),
    )
    assert amplicon.problem
    assert amplicon.specificity == ""
    statement = _panel(text, None, mismatches=2).statement
    assert "For 1 of all its sites no primers were found." in statement
    assert f"sites that must be looked at: {amplicon.sites[0].locus} (g)." in statement


def test_a_second_copy_of_the_place_is_a_problem():
    """As HBG1 and HBG2: the same bases twice, and primers that cannot tell them apart."""
    rng = random.Random(10)
    copy, _ = _spread(rng, SPACER + "AGG")
    text = copy + random_bases(rng, 500) + copy
    panel = _panel(text, 400, mismatches=1)
    assert len(panel.amplicons) == 2
    for amplicon in panel.amplicons:
        assert "a second copy may be amplified" in amplicon.problem
        assert "the forward primer 1 whole, 1 with its last 15 bases" in amplicon.specificity


def test_of_several_pairs_the_one_that_matches_nowhere_else_is_taken():
    rng = random.Random(11)
    text, _ = _spread(rng, SPACER + "AGG")
    first = _panel(text, 400).amplicons[0]
    decoy = text[: first.locus.start + 25] + text[first.locus.end - 25 :]
    again = _panel(text + random_bases(rng, 90) + decoy[first.locus.start - 5 :], 400).amplicons[0]
    assert (again.forward, again.reverse) != (first.forward, first.reverse)
    assert again.problem == ""


def test_what_was_not_checked_is_said():
    rng = random.Random(12)
    text, _ = _spread(rng, SPACER + "AGG")
    amplicon = _panel(text, 400, options=PrimerOptions(specificity_bases=100)).amplicons[0]
    assert amplicon.specificity.startswith("Not checked: the reference has 823 bases")
    assert "0 whole" in _panel(text, 400).amplicons[0].specificity


def test_the_statement_repeats_what_was_not_searched():
    counts = (SiteCount(SiteOrigin.REFERENCE, 2, 3), SiteCount(SiteOrigin.REFERENCE, 4, 90))
    report = _report(_site(0, 0.01, 2), counts=counts)
    genome = PatientGenome(Reference.from_sequences({"chr1": random_bases(random.Random(1), 50)}))
    statement = validation_panel(["g"], [report], genome).statement
    assert (
        "1 of 93 off-target sites found is on the panel (1 of 3 with 2 edits, 0 of 90 with 4 edits)."
        in statement
    )
    assert "2 sites with at most 2 edits are counted in the reports but not listed" in statement
    assert statement.endswith("Not genome-wide: 9 bases. Not searched there: bases that are N: 4.")


def test_an_empty_panel_needs_no_primer3(monkeypatch):
    monkeypatch.setitem(sys.modules, "primer3", None)
    panel = _panel(random_bases(random.Random(1), 90), None)
    assert (panel.amplicons, panel.size) == ((), 48)
    assert panel.statement.startswith("0 of 0 off-target sites found are on the panel.")
    with pytest.raises(UsageError):
        _panel(_spread(random.Random(1), SPACER + "AGG")[0], 400)


def test_arguments_that_do_not_go_together_are_refused():
    genome = PatientGenome(Reference.from_sequences({"s": "ACGT"}))
    for names, reports, size in ((["a"], [], 1), ([], [], -1)):
        with pytest.raises(UsageError):
            validation_panel(names, reports, genome, size=size)


def test_progress_is_told():
    seen = []
    text, _ = _spread(random.Random(1), SPACER + "AGG")
    _panel(text, 400, progress=lambda stage, share: seen.append((stage, share)))
    assert ("designing primers", 1.0) in seen
    assert seen[-1][1] == 1.0


# --- real people -------------------------------------------------------------------------------------------------

PEOPLE = [
    ("variants/GRCh38.1kgp.CFTR.vcf.gz", "HG02855", CFTR),
    ("variants/GRCh38.1kgp.CFTR.vcf.gz", "NA19328", CFTR),
    ("variants/GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz", "NA12878", CHR21),
]


@pytest.mark.parametrize(("vcf", "sample", "place"), PEOPLE)
def test_real_people_get_primers_that_read_the_same_on_both_written_out_copies(
    shared_data, vcf, sample, place
):
    windows = Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")
    text = windows.fetch(place.contig, place.start, place.end)
    reference = Reference.from_sequences({f"{place.contig}:{place.start + 1}-{place.end}": text})
    genome = PatientGenome(reference, _calls(shared_data / vcf, sample, place))
    applied = genome.calls_in(place)
    requests = []
    for spacer in _guides(text, 3, 5):
        start = place.start + text.index(spacer)
        target = Locus(place.contig, start, start + 20)
        requests.append(OffTargetRequest(spacer, "NGG", limits=SearchLimits(4, 1, 1), target=target))
    names = ["a", "b", "c"]
    reports = search(requests, genome)
    panel = validation_panel(names, reports, genome, size=40)
    assert panel == validation_panel(names, reports, genome, size=40)
    copies = []
    for copy in (0, 1):
        carried = [call.variant for call in applied if call.copies[copy]]
        moved = [Variant(v.contig, v.start - place.start, v.ref, v.alt) for v in carried]
        copies.append((substituted(text, moved), moved))
    with_primers = [amplicon for amplicon in panel.amplicons if amplicon.locus is not None]
    assert len(with_primers) > 0.9 * len(panel.amplicons)
    assert len(panel.amplicons) >= 10
    for amplicon in with_primers:
        right = reverse_complement(amplicon.reverse)
        spans = [amplicon.locus.contains(site.locus.widened(30)) for site in amplicon.sites]
        assert all(spans)
        ends = (
            Locus(place.contig, amplicon.locus.start, amplicon.locus.start + len(amplicon.forward)),
            Locus(place.contig, amplicon.locus.end - len(right), amplicon.locus.end),
        )
        if amplicon.problem:
            continue
        assert not [call for call in applied for end in ends if call.variant.locus.overlaps(end)]
        assert amplicon.haplotypes == ("1", "2")
        for sequence, carried in copies:
            at = [end.start - place.start for end in ends]
            at = [x + sum(len(v.alt) - len(v.ref) for v in carried if v.start < x) for x in at]
            assert sequence[at[0] : at[0] + len(amplicon.forward)] == amplicon.forward
            assert sequence[at[1] : at[1] + len(right)] == right
    for amplicon in panel.amplicons:
        assert all(site.origin is not SiteOrigin.LOST for site in amplicon.sites)
    assert [amplicon.reason for amplicon in panel.amplicons[:3]] == ["intended target (positive control)"] * 3


def test_smn1_and_smn2_cannot_be_told_apart_by_their_primers(shared_data):
    """Two genes whose sequences agree over hundreds of bases: what one amplicon shows may be the other's."""
    windows = Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")
    smn2, smn1 = Locus("chr5", 70070464, 70071330), Locus("chr5", 70889999, 71100000)
    texts = {
        f"{w.contig}:{w.start + 1}-{w.end}": windows.fetch(w.contig, w.start, w.end) for w in (smn2, smn1)
    }
    copy, text = texts.values()
    # A guide in the middle of 500 bases that both genes have: no product reaches beyond them.
    at = next(
        at
        for at in range(240, len(copy) - 263)
        if copy[at + 21 : at + 23] == "GG" and text.count(copy[at - 240 : at + 263]) == 1
    )
    start = smn1.start + text.index(copy[at : at + 23])
    target = Locus("chr5", start, start + 20)
    genome = PatientGenome(Reference.from_sequences(texts))
    request = OffTargetRequest(copy[at : at + 20], "NGG", limits=SearchLimits(1), target=target)
    control, other = validation_panel(["g"], search([request], genome), genome).amplicons
    assert (other.sites[0].locus.start, other.sites[0].edits) == (smn2.start + at, 0)
    for amplicon in (control, other):
        assert "Both primers match whole elsewhere too" in amplicon.problem
    assert control.forward == other.forward
