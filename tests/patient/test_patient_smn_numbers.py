"""From counts to copies: mixtures, votes and the test at c.840, without files."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.patient.smn.controls import (
    BinCount,
    ControlKind,
    apart_from_genes,
    genome_controls,
    normaliser,
)
from revertant.patient.smn.depth import MOST_COPIES, Scale, copies_from_depth
from revertant.patient.smn.intervals import copy_range
from revertant.patient.smn.sites import (
    DECISIVE_SITE,
    VoteOutcome,
    covered_sites,
    disease_site_ratio,
    full_length_evidence,
    share_posterior,
    vote,
)

ALL = range(8)
FIRST, SECOND = Scale(2220, 0.012, 2.0), Scale(590, 0.012, 2.0)


def fragments(smn1, smn2, sites=ALL):
    """So many fragments at each site, each showing one site."""
    return [((site, True),) for site in sites for _ in range(smn1)] + [
        ((site, False),) for site in sites for _ in range(smn2)
    ]


@given(total=st.integers(1, MOST_COPIES), data=st.data())
def test_exact_depth_gives_its_number(total, data):
    full = data.draw(st.integers(0, total))
    found = copies_from_depth(2220 * total, FIRST, 590 * full, SECOND)
    best = max(found.joint, key=lambda pair: found.joint[pair])
    assert best == (total, full)
    assert min(found.total_tail, found.full_length_tail) > 0.99
    assert sum(found.joint.values()) == pytest.approx(1)
    for marginal in (found.total, found.full_length, found.without_exons_7_8):
        assert sum(marginal.values()) == pytest.approx(1)


@given(reads=st.tuples(st.integers(0, 30_000), st.integers(0, 8_000)))
def test_full_length_never_exceeds_the_total(reads):
    found = copies_from_depth(reads[0], FIRST, reads[1], SECOND)
    assert all(full <= total for total, full in found.joint)
    assert min(found.without_exons_7_8) >= 0


def test_depth_between_two_numbers_is_far_out_or_unsure():
    found = copies_from_depth(round(2220 * 3.5), FIRST, 590 * 3, SECOND)
    assert max(found.total.values()) < 0.95 or found.total_tail < 1e-3


def test_sites_make_depth_surer_or_less_sure():
    """Depth between 8 and 9; half of the bases are SMN1's, which 8 copies explain and 9 do not."""
    depth = copies_from_depth(2220 * 9, FIRST, round(590 * 8.42), SECOND)
    assert 0.3 < depth.full_length[8] < 0.95
    half = [tuple((n, True) for n in ALL)] * 350 + [tuple((n, False) for n in ALL)] * 350
    evidence = full_length_evidence(half, ALL, depth.full_length)
    assert evidence[8] > evidence[9]
    weighted = depth.weighted(evidence)
    assert weighted.full_length[8] > 0.95
    assert sum(weighted.joint.values()) == pytest.approx(1)
    assert weighted.total[9] > 0.95
    # Without any SMN1 the share says nothing on the number of copies.
    none = full_length_evidence([((0, False),)] * 50, ALL, range(1, 11))
    assert max(none.values()) - min(none.values()) < 3


@given(full=st.integers(1, 10), data=st.data())
def test_the_right_share_wins(full, data):
    smn1 = data.draw(st.integers(0, full))
    found = share_posterior(smn1 * 40, (full - smn1) * 40, full)
    assert max(found, key=lambda copies: found[copies]) == smn1
    made = vote(fragments(smn1 * 40, (full - smn1) * 40), ALL, full)
    assert made.outcome is VoteOutcome.MAJORITY
    assert made.copies == smn1


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 8))
def test_genes_can_change_places(smn1, smn2, full):
    there, back = share_posterior(smn1, smn2, full), share_posterior(smn2, smn1, full)
    for copies in there:
        assert there[copies] == pytest.approx(back[full - copies], abs=1e-9)


def test_too_few_sites_are_no_call():
    made = vote(fragments(20, 20), (0, 1, 2, 3), 2)
    assert made.outcome is VoteOutcome.NOT_COVERED
    assert not made.is_call


def test_a_hybrid_is_no_call():
    """One copy has SMN1's bases around exon 7 and SMN2's elsewhere."""
    window = (4, 5, 6)
    rest = tuple(site for site in ALL if site not in window)
    made = vote(fragments(30, 30, window) + fragments(0, 60, rest), ALL, 2)
    assert made.outcome in {VoteOutcome.SPLICE_DISAGREES, VoteOutcome.NO_WHOLE_NUMBER}


def test_the_splice_window_is_heard():
    """Five sites agree, and the sum too, but the three that matter say otherwise."""
    window = (4, 5, 6)
    rest = tuple(site for site in ALL if site not in window)
    made = vote(fragments(4, 2, window) + fragments(60, 0, rest), ALL, 3)
    assert made.copies == 3
    assert made.outcome is VoteOutcome.SPLICE_DISAGREES
    # Nine fragments in the window are too few to contradict.
    assert vote(fragments(2, 1, window) + fragments(60, 0, rest), ALL, 3).is_call


def test_a_second_persons_reads_fit_no_number():
    assert vote(fragments(6, 54), ALL, 3).outcome is VoteOutcome.NO_WHOLE_NUMBER


def test_few_fragments_are_ambiguous():
    assert vote(fragments(2, 4), ALL, 9).outcome in {VoteOutcome.AMBIGUOUS, VoteOutcome.AGREES_WITH_SUM}


def test_a_fragment_over_many_sites_counts_once():
    joined = [tuple((site, True) for site in ALL)] * 6 + [tuple((site, False) for site in ALL)] * 9
    made = vote(joined, ALL, 8)
    assert not made.is_call  # 15 fragments cannot tell 3 of 8 from 4 of 8, though 120 bases could


def test_a_site_without_smn1_where_others_have_it_is_not_covered():
    some = fragments(10, 10, (0, 1, 2, 3)) + fragments(0, 20, (4, 5, 6, 7))
    assert covered_sites(some, [10, 10, 10, 10, 0, 0, 0, 0]) == (0, 1, 2, 3)
    assert covered_sites(fragments(0, 20), [0] * 8) == tuple(ALL)


@pytest.mark.parametrize(
    ("smn1", "smn2", "full", "sign"),
    [(0, 60, [3], -1), (15, 45, [4], 1), (0, 90, [3, 4], -1), (30, 0, [2], 1)],
)
def test_c840_decides(smn1, smn2, full, sign):
    ratio = disease_site_ratio(fragments(smn1, smn2, [DECISIVE_SITE]), full)
    assert ratio * sign > 6


def test_c840_is_weaker_when_the_number_of_copies_is_not_known():
    shown = fragments(0, 60, [DECISIVE_SITE])
    assert disease_site_ratio(shown, [3]) < disease_site_ratio(shown, range(1, 11)) < 0
    assert disease_site_ratio([], [3]) is None


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=12).filter(any))
def test_interval_holds_what_it_says(weights):
    posterior = {copies: weight / sum(weights) for copies, weight in enumerate(weights)}
    found = copy_range("SMN1", posterior, is_call=False, code="x", because="")
    assert sum(posterior[copies] for copies in range(found.low, found.high + 1)) >= 0.99 - 1e-9
    assert found.low <= found.best <= found.high


def bins(number, reads, *, gc=0.42, ambiguous=0):
    return [BinCount(2000, reads, ambiguous, gc if reads else None, reads * 150, reads)] * number


def test_bins_in_gaps_and_repeats_are_dropped_with_their_reason():
    counts = bins(300, 400) + bins(20, 0) + bins(15, 40) + bins(10, 2_000) + bins(12, 400, ambiguous=100)
    found = normaliser(ControlKind.GENOME, counts, None)
    assert found.reads_per_copy_bp == pytest.approx(0.1)
    assert (found.bins_read, found.bins_used) == (357, 300)
    assert dict(found.dropped) == {
        "no reads": 20,
        "hardly any reads": 15,
        "far too many reads": 10,
        "reads fit elsewhere too": 12,
    }


def test_the_scale_follows_bins_of_the_genes_gc():
    counts = bins(200, 400, gc=0.42) + bins(300, 300, gc=0.6)
    assert normaliser(ControlKind.GENOME, counts, 0.42).reads_per_copy_bp == pytest.approx(0.1)
    assert normaliser(ControlKind.GENOME, counts, 0.6).reads_per_copy_bp == pytest.approx(0.075)


def test_a_persons_own_deletions_do_not_move_the_scale():
    counts = bins(300, 400) + bins(30, 200) + bins(20, 600)
    assert normaliser(ControlKind.GENOME, counts, None).reads_per_copy_bp == pytest.approx(0.1)


@pytest.mark.parametrize("empty", [150, 1_300])
def test_too_few_bins_with_reads_are_no_scale(empty):
    assert (
        normaliser(ControlKind.GENOME, bins(140 if empty > 150 else 90, 400) + bins(empty, 0), 0.42) is None
    )


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_control_bins_lie_on_autosomes_apart_from_the_genes(build):
    found = genome_controls(build).regions
    assert len(found) > 1_400
    assert {name for name, _, _ in found} == {str(number) for number in range(1, 23)}
    assert apart_from_genes(genome_controls(build), build).regions == found
    ours = [(start, end) for name, start, end in found if name == "5"]
    assert not [start for start, _ in ours if 69_000_000 < start < 71_500_000]
    assert all(first[1] < second[0] for first, second in itertools.pairwise(ours))
