"""Every pegRNA that is enumerated writes what was wanted, by a simulation that does not know what was wanted."""

from __future__ import annotations

import csv
import gzip
import itertools
import time
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from modality_cases import fits, flip

from revertant.modality.prime_editing.nicking import NickKind, nicking_guides
from revertant.modality.prime_editing.pegrna import (
    HOMOLOGY_NT,
    LONGEST_EDIT_NT,
    PBS_NT,
    Rewrite,
    pegrnas,
    placements,
    preferred_pbs_nt,
)
from revertant.modality.prime_editing.simulate import NotWritten, Written, simulate
from revertant.model import Strand

# HBB around codon 6 (sense), from before the promoter's guide of Anzalone's set 3.5 into intron 1. GRCh38 with c.9T>C
# (rs713040), as the published spacer 3.7 has it.
HBB = (
    "CCCAGGGCTGGGCATAAAAGTCAGGGCAGAGCCATCTATTGCTTACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCACCTGACTCCT"
    "GAGGAGAAGTCTGCCGTTACTGCCCTGTGGGGCAAGGTGAACGTGGATGAAGTTGGTGGTGAGGCCCTGGGCAGGTTGGTATCAAGGTTACAAGACAGG"
)
SICKLE = HBB.replace("ACTCCTGAGGAG", "ACTCCTGTGGAG")
# doi:10.1038/s41586-019-1711-4, as written in bioc/multicrispr: spacer, template, primer binding site, nicking guide.
SET_3_7 = ("CATGGTGCACCTGACTCCTG", "AGACTTCTCCTCAG", "GAGTCAGGTGCAC", "GCCTTGATACCAACCTGCCCA")
SET_3_5 = ("GTAACGGCAGACTTCTCCAC", "ACCTGACTCCTGAG", "GAGAAGTCTGCC", "GGGCTGGGCATAAAAGTCA")


def same_guide(one: str, other: str) -> bool:
    """Equal but for a G put before, and for 19 or 20 nt."""
    return any(
        a.endswith(b) or b.endswith(a)
        for a, b in itertools.product((one, one.removeprefix("G")), (other, other.removeprefix("G")))
    )


@pytest.mark.parametrize(("spacer", "rtt", "pbs", "nick"), [SET_3_7, SET_3_5], ids=["3.7", "3.5"])
@pytest.mark.parametrize("turned", [False, True])
def test_published_sets_are_enumerated_with_their_nicking_guides(spacer, rtt, pbs, nick, turned):
    before, after = (flip(SICKLE), flip(HBB)) if turned else (SICKLE, HBB)
    [place] = [place for place in placements(before, after) if place.spacer == spacer]
    assert (rtt, pbs) in [(one.rtt, one.pbs) for one in pegrnas(place)]
    [guide] = [guide for guide in nicking_guides(place) if same_guide(guide.spacer, nick)]
    assert guide.kind is NickKind.PE3
    assert guide.distance == {SET_3_7[0]: 72, SET_3_5[0]: 95}[spacer]
    written = simulate(before, spacer, pbs, rtt)
    assert isinstance(written, Written)
    assert written.sequence == after


def test_positions_of_the_published_edits():
    found = {place.spacer: place for place in placements(SICKLE, HBB)}
    assert found[SET_3_7[0]].edit_position == 4
    assert found[SET_3_5[0]].edit_position == 2
    # A PAM that only the sickle allele has, in the guide that the reference cannot bind.
    assert SET_3_5[0] not in flip(HBB)


# -- the simulation, by hand -------------------------------------------------------------------------------------
#              protospacer 20 nt    | nick 17|18          PAM
SITE = "TTTT" + "ACGTTGCAACGGATTCA" + "CGA" + "TGG" + "CTTAGCCATGCAAGTCCTAACGGTCATTGCA"
SPACER = "ACGTTGCAACGGATTCACGA"
PBS = flip("GGATTCA")


@pytest.mark.parametrize(
    ("flap", "product"),
    [
        ("CGATGCCTTAGCC", "CGATGC" + "CTTAGCCATGCAAGTCCTAACGGTCATTGCA"),  # a substitution
        ("CGAAATGGCTTAGCC", "CGAAATGG" + "CTTAGCCATGCAAGTCCTAACGGTCATTGCA"),  # an insertion of AA
        ("CGACTTAGCCA", "CGA" + "CTTAGCCATGCAAGTCCTAACGGTCATTGCA"),  # a deletion of TGG
        ("GTCCTAACG", "GTCCTAACGGTCATTGCA"),  # all up to GTCC
        ("CGATGGCTTAGCC", "CGATGG" + "CTTAGCCATGCAAGTCCTAACGGTCATTGCA"),  # nothing
    ],
)
def test_what_a_flap_leaves_behind(flap, product):
    expected = "TTTT" + "ACGTTGCAACGGATTCA" + product
    for sequence, wanted in ((SITE, expected), (flip(SITE), flip(expected))):
        written = simulate(sequence, SPACER, PBS, flip(flap))
        assert isinstance(written, Written)
        assert written.sequence == wanted
        assert written.flap == flap
        assert written.paired_nt > written.rival_nt
        nicked = sequence if written.strand is Strand.PLUS else flip(sequence)
        at = written.nick if written.strand is Strand.PLUS else len(sequence) - written.nick
        assert nicked[:at].endswith("GGATTCA")
        assert nicked[at:].startswith(written.replaced)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"spacer": SPACER[:-1] + "C"}, "no protospacer"),
        ({"pam": "NAG"}, "no protospacer"),
        ({"sequence": SITE + SITE}, "has 2 protospacers"),
        ({"sequence": SITE + flip(SITE)}, "has 2 protospacers"),
        ({"pbs": flip("GGATTCT")}, "does not pair"),
        ({"pbs": flip(SITE[:21]) + "A"}, "does not pair"),
        ({"rtt": "GGGGGGGG"}, "pairs nowhere"),
        ({"rtt": ""}, "plain DNA"),
        ({"rtt": "ACN"}, "plain DNA"),
        ({"sequence": SITE.replace("GTCCTAACGG", "CTTAGCCACTTAGCCA"), "rtt": flip("CTTAGCCA")}, "two places"),
    ],
)
def test_what_cannot_be_written(changes, because):
    parts = {"sequence": SITE, "spacer": SPACER, "pbs": PBS, "rtt": flip("CGATGCCTTAGCC"), **changes}
    found = simulate(**parts)
    assert isinstance(found, NotWritten)
    assert because in found.because


# -- properties --------------------------------------------------------------------------------------------------
BASES = st.text("ACGT", min_size=70, max_size=130)
SHORT = st.text("ACGT", max_size=LONGEST_EDIT_NT)


@st.composite
def edits(draw):
    """A sequence and the same with up to 40 nt replaced, put in or taken out; half of them inside a repeat."""
    left, right, old, new = draw(BASES), draw(BASES), draw(SHORT), draw(SHORT)
    if draw(st.booleans()):
        unit = draw(st.text("ACGT", min_size=1, max_size=4))
        left, right = left + unit * draw(st.integers(0, 5)), unit * draw(st.integers(0, 5)) + right
        old, new = draw(st.sampled_from([(unit, ""), ("", unit), (unit * 2, unit * 3), (old, new)]))
    if draw(st.booleans()):  # a combination: a substitution beside the edit
        right = new[:1] + right
    assume(old != new)
    return left + old + right, left + new + right


@given(edits(), st.sampled_from(["NGG", "NG", "NRN"]))
@settings(max_examples=60)
def test_every_pegrna_writes_the_wanted_sequence(edit, pam):
    before, after = edit
    for place in placements(before, after, pam):
        assert fits(pam, place.pam)
        strand = before if place.strand is Strand.PLUS else flip(before)
        site = before[place.spacer_start : place.spacer_start + 20]
        assert place.spacer == (site if place.strand is Strand.PLUS else flip(site))
        assert 1 <= place.edit_position <= 25
        assert strand[place.nick + 3 - 20 : place.nick + 3] == place.spacer
        for one in itertools.islice(pegrnas(place), 0, None, 7):
            assert PBS_NT[0] <= len(one.pbs) <= PBS_NT[1]
            assert HOMOLOGY_NT[0] <= one.homology_nt <= HOMOLOGY_NT[1]
            written = simulate(before, one.spacer, one.pbs, one.rtt, pam=pam)
            assert isinstance(written, Written), (place, one, written)
            assert written.sequence == after


@given(edits())
@settings(max_examples=60)
def test_the_other_strand_gives_the_same(edit):
    before, after = edit
    here = sorted((p.spacer, p.edit_position, p.breaks_pam) for p in placements(before, after))
    there = sorted((p.spacer, p.edit_position, p.breaks_pam) for p in placements(flip(before), flip(after)))
    assert here == there


@given(edits())
@settings(max_examples=40)
def test_none_is_left_out(edit):
    """Every nick that can write the edit, found by trying each place of both strands."""
    before, after = edit
    found = {(p.spacer, p.edit_position) for p in placements(before, after)}
    expected = set()
    for old, new in ((before, after), (flip(before), flip(after))):
        for nick in range(17, len(old) - 5):
            spacer, pam = old[nick - 17 : nick + 3], old[nick + 3 : nick + 6]
            shared = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
            shared = min(len(old), len(new)) if shared is None else shared
            if fits("NGG", pam) and 0 <= shared - nick < 25:
                twice = sum(
                    text[i : i + 20] == spacer and fits("NGG", text[i + 20 : i + 23])
                    for text in (old, flip(old))
                    for i in range(len(text) - 22)
                )
                if twice == 1:
                    expected.add((spacer, shared - nick + 1))
    assert found == expected


@given(edits())
@settings(max_examples=40)
def test_templates_are_left_out_only_where_their_end_could_settle_elsewhere(edit):
    before, after = edit
    for place in placements(before, after):
        old, new = (before, after) if place.strand is Strand.PLUS else (flip(before), flip(after))
        made = {one.homology_nt for one in pegrnas(place)}
        rest = len(new) - place.rewrite.end_after
        for homology in range(HOMOLOGY_NT[0], min(HOMOLOGY_NT[1], rest) + 1):
            end = place.rewrite.end_after + homology
            tail = new[end - homology : end]
            downstream = old[place.nick : end + 80]
            places = sum(downstream.startswith(tail, i) for i in range(len(downstream)))
            assert (homology in made) == (places == 1)


@given(edits())
@settings(max_examples=60)
def test_nicking_guides_bind_the_edited_strand(edit):
    before, after = edit
    for place in placements(before, after):
        for guide in nicking_guides(place):
            site = after[guide.start : guide.start + 20]
            assert guide.spacer == (site if guide.strand is Strand.PLUS else flip(site))
            assert guide.strand is place.strand.opposite
            assert abs(guide.distance) <= 100
            stands = [
                text[i + 20 : i + 23]
                for text in (before, flip(before))
                for i in range(len(text) - 22)
                if text[i : i + 20] == guide.spacer
            ]
            if guide.kind is NickKind.PE3:
                assert any(fits("NGG", pam) for pam in stands)
            else:
                assert not any(fits("NGG", pam) for pam in stands)
            assert (guide.mismatches > 0) == (guide.kind in {NickKind.PE3B, NickKind.PE3B_SEED})


def test_kinds_of_nicking_guides():
    """One base of the site on the other strand is edited: in the PAM, in the seed, far from it."""
    left, right = "TTATCTAATAACATAACTTAATCTATTAACCATAACTAATTC", "ATTAACATAATTCTAACATATTAACATATACTTAAATAATTTCA"
    target = "ACTAATTACTTAATCATCTTACGGTA"  # nick before CTTACGG on this strand's pegRNA
    other = flip("CATACATTACATTACCATAC" + "TGG")
    for index, kind in ((1, NickKind.PE3B_PAM), (3, NickKind.PE3B_SEED), (14, NickKind.PE3B)):
        after = left + target + other + right
        at = len(left + target) + index
        before = after[:at] + ("A" if after[at] != "A" else "T") + after[at + 1 :]
        found = [
            guide
            for place in placements(before, after)
            for guide in nicking_guides(place)
            if guide.spacer == "CATACATTACATTACCATAC" and place.spacer == target[1:21]
        ]
        assert [guide.kind for guide in found] == [kind], index


def test_a_weak_pam_that_stood_before_is_none_made_by_the_edit():
    before, after = SICKLE, HBB
    for place in placements(before, after):
        strict, wide = nicking_guides(place), nicking_guides(place, search_pam="NNN")
        assert [guide.spacer for guide in strict if guide.kind is NickKind.PE3B_PAM] == []
        assert {guide.spacer for guide in strict} == {guide.spacer for guide in wide}


def test_rules_of_length():
    assert preferred_pbs_nt("G" * 15 + "A" * 5) == 12
    assert preferred_pbs_nt("A" * 20) == 14
    assert preferred_pbs_nt("AC" * 10) == 13
    with pytest.raises(ValueError, match="equal"):
        Rewrite.of("ACGT", "ACGT")


def test_ambiguous_letters_are_never_ordered():
    after = HBB[:60] + "N" + HBB[61:]
    before = SICKLE[:60] + "N" + SICKLE[61:]
    for place in placements(before, after):
        for one in pegrnas(place):
            assert set(one.spacer + one.extension) <= set("ACGT")
    around = SICKLE.index("GTGGAG")
    masked = SICKLE[: around - 6] + "N" + SICKLE[around - 5 :]
    wanted = HBB[: around - 6] + "N" + HBB[around - 5 :]
    assert all(set(one.extension) <= set("ACGT") for p in placements(masked, wanted) for one in pegrnas(p))


# -- ClinVar -----------------------------------------------------------------------------------------------------


def contexts(folder):
    with gzip.open(folder / "clinvar" / "clinvar_contexts.tsv.gz", "rt", encoding="utf-8") as text:
        return [(r["mutant_context"], r["wildtype_context"]) for r in csv.DictReader(text, delimiter="\t")]


def campaign(pairs, step=1):
    made, failures = 0, Counter()
    for before, after in pairs:
        for place in placements(before, after):
            for one in itertools.islice(pegrnas(place), 0, None, step):
                made += 1
                written = simulate(before, one.spacer, one.pbs, one.rtt)
                if isinstance(written, NotWritten):
                    failures[written.because] += 1
                elif written.sequence != after:
                    failures["another sequence"] += 1
    return made, failures


def test_clinvar_slice(shared_data):
    made, failures = campaign(contexts(shared_data)[::200])
    assert not failures
    assert made > 10_000


@pytest.mark.long
def test_every_pegrna_of_clinvar_simulates_to_the_wild_type(shared_data):
    start = time.monotonic()
    made, failures = campaign(contexts(shared_data))
    print(f"{made} pegRNAs, {sum(failures.values())} failures, {time.monotonic() - start:.0f} s")  # noqa: T201
    assert not failures
    assert made >= 200_000
