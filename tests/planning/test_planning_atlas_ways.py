"""The atlas over all ways: what it counts is checked again on the strings alone, and what it cannot know is said."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant import knowledge
from revertant.modality.allele_specific import DiscriminationKind
from revertant.planning import (
    DEFINITIONS,
    AtlasRow,
    ContextRow,
    atlas_tables,
    build_atlas,
    judge_row,
    read_contexts,
    write_atlas,
)
from revertant.planning.atlas import Atlas, Pams, Way
from revertant.planning.atlas.donor_repair import Shielding
from revertant.planning.atlas.places import nuclease_kinds
from revertant.planning.atlas.prime_editing import PrimeEdit, prime_nickases
from revertant.planning.atlas.rows import ContextTable
from revertant.planning.atlas.tables import ways_text
from revertant.sequence import matches, reverse_complement
from revertant.variant import parse_edit

REAL = "clinvar/clinvar_contexts.tsv.gz"
BASES = st.sampled_from("ACGT")

# HBB of GRCh38 around the sickle variant, and the same place read from the other strand.
SICKLE = "ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTGCCCTGTGGGGCAAGG"


def row(text: str, name: str = "NM_000518.5(HBB):c.20A>T (p.Glu7Val)") -> ContextRow:
    return ContextRow(2, name, "HBB", "", parse_edit(text))


def written_by_hand(edit: PrimeEdit, mutant: str) -> list[str]:
    """Every sequence a pegRNA could leave, by the letters alone: its flap in the place of as much or as little."""
    pam = knowledge.nucleases()[edit.nuclease].pam
    left = []
    for text, turned in ((mutant, False), (reverse_complement(mutant), True)):
        at = text.find(edit.spacer)
        while at >= 0:
            end = at + len(edit.spacer)
            if matches(pam, text[end : end + len(pam)]):
                nick = end - 3
                assert text[:nick].endswith(reverse_complement(edit.pbs))
                flap = reverse_complement(edit.rtt)
                for length in range(len(text) - nick + 1):
                    if text[nick : nick + length].endswith(flap[-5:]):
                        made = text[:nick] + flap + text[nick + length :]
                        left.append(reverse_complement(made) if turned else made)
            at = text.find(edit.spacer, at + 1)
    return left


def check(found: AtlasRow) -> Counter[str]:
    """What must hold of every row."""
    counts: Counter[str] = Counter()
    wild, mutant = found.row.edit.before, found.row.edit.after
    told = [edit.nuclease for edit in found.prime.edits] + [key for key, _ in found.prime.because]
    assert sorted(told) == sorted(editor.nuclease for editor in prime_nickases())
    assert all(reason for _, reason in found.prime.because)
    for edit in found.prime.edits:
        assert wild in written_by_hand(edit, mutant)
        assert 1 <= edit.edit_position <= 25
        counts["pegRNA"] += 1
    check_cuts(found, counts)
    for key, kind in found.allele.kinds:
        pattern = next(one for one in nuclease_kinds() if one.key == key).nuclease
        if kind is DiscriminationKind.PAM and len(wild) == len(mutant):
            # Somewhere a PAM stands in the mutant and none at the same place in the wild type.
            assert any(
                matches(pattern.pam, here[at : at + len(pattern.pam)])
                and not matches(pattern.search_pam, there[at : at + len(pattern.pam)])
                for here, there in ((mutant, wild), (reverse_complement(mutant), reverse_complement(wild)))
                for at in range(len(here) - len(pattern.pam) + 1)
            )
            counts["makes a PAM"] += 1
    return counts


def check_cuts(found: AtlasRow, counts: Counter[str]) -> None:
    wild, mutant = found.row.edit.before, found.row.edit.after
    assert any(cut.shielding.counts for cut in found.repair.cuts) == (not found.repair.because)
    for cut in found.repair.cuts:
        nuclease = next(one for one in nuclease_kinds() if one.key == cut.kind).nuclease
        assert cut.spacer in mutant or cut.spacer in reverse_complement(mutant)
        assert matches(nuclease.pam, cut.pam)
        assert 0 <= cut.distance <= 10
        counts[cut.shielding.value] += 1
        if cut.shielding is Shielding.EDIT:
            assert not stands(wild, cut.spacer, nuclease)
        elif cut.shielding is not Shielding.NONE:
            assert cut.shielding is not Shielding.SILENT or not found.repair.frame


def stands(text: str, spacer: str, nuclease: knowledge.Nuclease) -> bool:
    """Whether a PAM stands beside the seed with fewer than two mismatches, on either strand."""
    size, seed_nt = len(nuclease.search_pam), nuclease.seed_nt
    for bases in (text, reverse_complement(text)):
        for at in range(len(bases) - size + 1):
            if not matches(nuclease.search_pam, bases[at : at + size]):
                continue
            if nuclease.pam_side == "3'":
                beside, seed = bases[max(0, at - seed_nt) : at], spacer[-seed_nt:]
            else:
                beside, seed = bases[at + size : at + size + seed_nt], spacer[:seed_nt]
            if len(beside) == seed_nt and sum(a != b for a, b in zip(beside, seed, strict=True)) < 2:
                return True
    return False


@settings(max_examples=15, deadline=None)
@given(
    st.text("ACGT", min_size=38, max_size=45),
    st.text("ACGT", max_size=12),
    st.text("ACGT", max_size=12),
    st.text("ACGT", min_size=38, max_size=45),
)
def test_whatever_is_counted_holds_on_the_letters(left: str, ref: str, alt: str, right: str) -> None:
    if ref == alt:
        return
    edit = parse_edit(
        f"{left}({ref}/{alt}){right}" if ref and alt else f"{left}({'-' + ref if ref else '+' + alt}){right}"
    )
    found = judge_row(ContextRow(2, "no name", "G", "", edit))
    check(found)
    # Without a frame nothing can be called silent, and nothing impossible that a silent change might do.
    assert {cut.shielding for cut in found.repair.cuts} <= {Shielding.EDIT, Shielding.UNCHECKED}
    assert found.repair.frame


def test_the_sickle_variant() -> None:
    found = judge_row(row(SICKLE))
    assert found.ways() == {Way.PRIME, Way.DONOR}
    assert found.base.because == "transversion that no deaminase makes (A to T or T to A)"
    edit = found.prime.with_nickase("spcas9")
    assert edit is not None
    assert (edit.spacer, edit.pam, edit.edit_position) == ("GTAACGGCAGACTTCTCCAC", "AGG", 2)
    # With its PAM read by SpRY, a nick lies right at the edit.
    nearest = found.prime.with_nickase("spry")
    assert nearest is not None
    assert nearest.edit_position <= edit.edit_position
    cut = found.repair.by_kind("spcas9")
    assert cut is not None
    assert cut.shielding is Shielding.SILENT
    assert found.repair.by_kind("no such kind") is None
    check(found)


def test_both_strands_give_the_same_answer() -> None:
    edit = parse_edit(SICKLE)
    turned = f"{reverse_complement(edit.right)}(T/A){reverse_complement(edit.left)}"
    one, other = judge_row(row(SICKLE)), judge_row(row(turned))
    assert one.ways() == other.ways()
    # Of nicks equally near on both strands either may be named.
    nicks = [[(edit.nuclease, edit.edit_position) for edit in found.prime.edits] for found in (one, other)]
    assert nicks[0] == nicks[1]
    shields = [{cut.kind: cut.shielding for cut in found.repair.cuts} for found in (one, other)]
    assert shields[0] == shields[1]
    assert one.allele == other.allele


def test_a_long_edit_is_beyond_a_single_pegrna() -> None:
    found = judge_row(row(f"{'ACGGATCCTA' * 4}(+{'GATTACAGCA' * 5}){'CCTGGATTCA' * 4}"))
    assert not found.prime.edits
    assert {reason for _, reason in found.prime.because} == {
        "the edit is longer than the 40 bases single pegRNAs write"
    }


def test_a_context_that_is_too_short_is_said_to_be() -> None:
    found = judge_row(row("ACATGGA(A/T)GGCTTAC"))
    assert not found.ways()
    assert "whole spacer in the context" in found.prime.because[0][1]
    assert found.repair.because == "no nuclease cuts within 10 bases of the edit"
    assert found.allele.best is None


def test_an_indel_has_no_codon_check() -> None:
    edit = parse_edit(SICKLE)
    deleted = f"{edit.left}(-A){edit.right}"
    found = judge_row(row(deleted, "NM_000518.5(HBB):c.20del (p.Glu7fs)"))
    assert found.repair.frame == "the frame is read from names of single exchanged bases only"
    assert {cut.shielding for cut in found.repair.cuts} <= {Shielding.EDIT, Shielding.UNCHECKED}


def test_kinds_of_nuclease_hold_every_nuclease_once() -> None:
    held = [key for kind in nuclease_kinds() for key in kind.members]
    assert sorted(held) == sorted(knowledge.nucleases())
    assert [kind.nuclease.pam for kind in nuclease_kinds()].count("NGG") == 1
    assert all(kind.key in kind.members for kind in nuclease_kinds())


def sample(shared_data: Path, step: int) -> Atlas:
    table = read_contexts(shared_data / REAL)
    return build_atlas(ContextTable(table.rows[::step], table.refused))


@pytest.fixture(scope="module")
def made(shared_data: Path) -> Atlas:
    return sample(shared_data, 300)


def test_real_rows_and_their_tables(made: Atlas) -> None:
    counts: Counter[str] = Counter()
    for found in made.rows:
        counts += check(found)
    assert counts["pegRNA"] > 100
    assert min(counts[kind.value] for kind in (Shielding.EDIT, Shielding.SILENT, Shielding.UNCHECKED)) > 20
    assert counts["makes a PAM"] > 20
    tables = {one.title: one for one in atlas_tables(made)}
    total = len(made.rows)
    assert [int(cells[1]) for cells in tables["Rows"].rows][:2] == [total + 3, total]
    sets = {cells[0]: cells for cells in tables["Put right by each way, and by which editors"].rows}
    combined = tables["Put right by just these ways"].rows
    for column, pams in ((1, Pams.NGG), (3, Pams.ANY)):
        assert sum(int(cells[column]) for cells in combined) == total
        assert int(sets["any of the three"][column]) + int(sets["none"][column]) == total
        for way in Way:
            assert int(sets[way.value][column]) == sum(way in found.ways(pams) for found in made.rows)
    for pams in Pams:
        by_change = tables[f"By the change needed, {pams.value}, shares of its own variants"].rows
        assert sum(int(cells[1]) for cells in by_change) == total
    for cells in tables["Cut and donor: by nuclease, and by what keeps it from cutting again"].rows:
        near, edit, silent, unchecked, nothing, counted = (int(cells[i]) for i in (2, 4, 5, 6, 7, 8))
        assert near == edit + silent + unchecked + nothing
        assert counted == edit + silent
    for cells in tables["Prime editing: by PAM, and by where the edit lies from the nearest nick"].rows:
        steps = [int(cells[i]) for i in (2, 4, 6, 8)]
        assert steps == sorted(steps)


def test_more_pams_take_nothing_away(made: Atlas) -> None:
    for found in made.rows:
        assert found.ways(Pams.NGG) <= found.ways(Pams.ANY)


def test_the_file_has_one_row_for_each_variant(made: Atlas) -> None:
    records = list(csv.DictReader(write_atlas(made).splitlines(), delimiter="\t"))
    assert len(records) == len(made.rows)
    for record, found in zip(records, made.rows, strict=True):
        assert record["put_right_by_any_PAM"] == ways_text(found.ways())
        assert (record["prime_nickase"] == "") == bool(record["prime_because"])
        assert record["allele_specific_best"] == (found.allele.best or "")
        assert len(record["prime_spacer"]) in {0, 20}


def test_definitions_say_of_each_way_whether_it_counts() -> None:
    counted = [one.title for one in DEFINITIONS if one.counts == "counted"]
    assert counted == [way.value for way in Way]
    assert {one.counts for one in DEFINITIONS} == {"counted", "information", "not judged"}
    assert all(one.meaning.endswith(".") and one.not_shown.endswith(".") for one in DEFINITIONS)


@pytest.mark.long
def test_every_real_row_holds_on_the_letters(shared_data: Path) -> None:
    made = sample(shared_data, 1)
    for found in made.rows:
        check(found)
    assert made.tally.read == made.tally.kept + 3
