"""Calls put back where the file has them, calls that lie on nothing, and where a copy is not certain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.genome import CallTable, PatientGenome, Reference
from revertant.genome.laying import UNCOVERED, lay
from revertant.genome.phasing import CLASHES, place_calls
from revertant.model import Call, Locus, Variant

SEQUENCES = {"chr5:1-40": "ACGTACGTACCCCGTACGTT" * 2, "chr7:11-30": "A" * 20, "chr7:51-60": "C" * 10}
COPIES = ((True,), (True, True), (True, False), (False, True), (False, True, False))


@st.composite
def moved_calls(draw):
    """Calls of which some indels were moved; what they replace does not matter for where they lie."""
    calls = []
    for _ in range(draw(st.integers(0, 14))):
        ref, alt = draw(
            st.sampled_from((("", "A"), ("", "AC"), ("CAG", ""), ("CA", ""), ("C", "T"), ("CA", "GT")))
        )
        contig = draw(st.sampled_from(("chr5", "chr5", "5", "chr7", "chr99")))
        variant = Variant(contig, draw(st.integers(0, 30)), ref, alt)
        moved = draw(st.integers(0, 6)) if not (ref and alt) else 0
        phase_set = draw(st.sampled_from((None, "a", "b")))
        origin = draw(st.sampled_from(("vcf", "vcf", "vcf", "case")))
        calls.append(Call(variant, draw(st.sampled_from(COPIES)), phase_set, origin, moved))
    return calls


def end(call: Call, moved: int) -> int:
    return call.variant.start + len(call.variant.ref) + moved


def laid_one_by_one(calls: list[Call], reference: Reference) -> list[Call | str]:
    """Each call as it lies, or why it lies nowhere."""
    moved = [call.moved for call in calls]
    for place, call in enumerate(calls):
        if call.origin == "case" and not call.moved:
            file = [one.moved for one in calls if one.origin != "case" and one.variant == call.variant]
            moved[place] = file[0] if file else 0
    found: list[Call | str] = []
    for place, call in enumerate(calls):
        variant, by = call.variant, moved[place]
        if not reference.has_contig(variant.contig):
            found.append("contig is not in the reference")
            continue
        others = [
            other
            for other, one in enumerate(calls)
            if other != place
            and reference.has_contig(one.variant.contig)
            and reference.canonical_contig(one.variant.contig) == reference.canonical_contig(variant.contig)
            and one.variant.start <= end(call, by)
            and variant.start <= end(one, moved[other])
        ]
        letters = variant.ref or variant.alt
        if by and (others or not covered(variant, reference)):
            letters = letters[by % len(letters) :] + letters[: by % len(letters)]
            kind = {"ref": letters} if variant.ref else {"alt": letters}
            kind = {"ref": "", "alt": "", **kind}
            variant = Variant(variant.contig, variant.start + by, **kind)
        found.append(
            Call(variant, call.copies, call.phase_set, call.origin)
            if covered(variant, reference)
            else UNCOVERED
        )
    return found


def covered(variant: Variant, reference: Reference) -> bool:
    places = range(variant.start, variant.end) if variant.ref else [max(variant.start - 1, 0)]
    return any(reference.covers(Locus(variant.contig, place, place + 1)) for place in places)


def check_laying(calls: list[Call]) -> None:
    reference = Reference.from_sequences(SEQUENCES)
    genome = PatientGenome(reference, calls)
    assert genome.calls == tuple(calls)
    twin = laid_one_by_one(calls, reference)
    lost = [(calls[row], one) for row, one in enumerate(twin) if isinstance(one, str)]
    for contig in ("chr5", "chr7"):
        rows = [
            row
            for row, one in enumerate(twin)
            if isinstance(one, Call) and reference.canonical_contig(one.variant.contig) == contig
        ]
        here = [
            one
            for one in twin
            if isinstance(one, Call) and reference.canonical_contig(one.variant.contig) == contig
        ]
        placed, refused = place_calls(here)
        columns = genome.placed(contig)
        spans = zip(
            columns.start.tolist(), columns.ref_size.tolist(), columns.touch_end.tolist(), strict=True
        )
        assert list(spans) == [
            (item.call.variant.start, len(item.call.variant.ref), item.end) for item in placed
        ]
        alts = zip(columns.alt_offset.tolist(), columns.alt_size.tolist(), strict=True)
        assert [columns.pool[at : at + size].tobytes().decode() for at, size in alts] == [
            item.call.variant.alt for item in placed
        ]
        assert columns.copy.tolist() == [item.copy for item in placed]
        assert set(columns.row.tolist()) <= set(rows)
        lost += [(item.call, item.reason) for item in refused]
    assert sorted(reason for _, reason in lost) == sorted(item.reason for item in genome.refused)


@given(moved_calls())
def test_calls_are_put_back_like_one_by_one(calls):
    check_laying(calls)


@pytest.mark.long
@settings(max_examples=30_000)
@given(moved_calls())
def test_calls_are_put_back_like_one_by_one_many_times(calls):
    check_laying(calls)


def test_only_an_indel_can_be_moved():
    with pytest.raises(ValueError, match="moved"):
        Call(Variant("1", 5, "A", "G"), (True,), moved=1)
    with pytest.raises(ValueError, match="left"):
        Call(Variant("1", 5, "A", ""), (True,), moved=-1)


def call(start: int, ref: str, alt: str, gt: str, phase_set: str | None = None) -> Call:
    return Call(Variant("chr5", start, ref, alt), tuple(c == "1" for c in gt), phase_set)


def genome_of(*calls: Call) -> PatientGenome:
    return PatientGenome(Reference.from_sequences(SEQUENCES), calls)


def said(genome: PatientGenome, start: int, end: int) -> list[tuple[tuple[str, ...], bool]]:
    return [(window.haplotypes, window.certain) for window in genome.windows(Locus("chr5", start, end))]


DELETION, WITHIN = call(10, "CCCGTA", "", "11"), call(13, "G", "A", "11")


def test_windows_over_calls_that_clash_are_not_certain():
    genome = genome_of(DELETION, WITHIN)
    assert [(item.call, item.reason) for item in genome.refused] == [(WITHIN, CLASHES)]
    assert genome.doubtful == (Locus("chr5", 10, 16),)
    # Also where only the call that was applied lies: if the other one is right, this one is not.
    for start, stop in ((0, 40), (12, 14), (9, 11), (15, 16), (13, 13)):
        assert said(genome, start, stop) == [(("putative",), False)], (start, stop)
    for start, stop in ((0, 10), (16, 40), (30, 31)):
        assert said(genome, start, stop) == [(("1", "2"), True)], (start, stop)


def test_calls_that_clash_on_opposite_copies_leave_no_doubt():
    genome = genome_of(call(10, "CCCGTA", "", "10", "a"), call(13, "G", "A", "01", "a"))
    assert genome.doubtful == ()
    assert said(genome, 0, 40) == [(("1",), True), (("2",), True)]


@pytest.mark.parametrize(
    ("calls", "doubtful"),
    [
        ([call(13, "G", "<DEL>", "11")], [(13, 14)]),
        ([call(13, "G", "A", "110")], [(13, 14)]),
        ([call(13, "G", "A", "11"), call(13, "G", "A", "01")], [(13, 14)]),
        ([call(13, "G", "A", "11"), call(13, "G", "A", "11")], []),
        ([call(13, "G", "*", "11")], []),
        ([call(12, "", "A", "11"), call(12, "", "T", "11")], [(11, 12)]),
        ([DELETION, WITHIN, call(15, "AC", "G", "11"), call(20, "A", "C", "11"), call(20, "A", "G", "11")], [(10, 17), (20, 21)]),
    ],
)  # fmt: skip
def test_what_leaves_doubt(calls, doubtful):
    assert genome_of(*calls).doubtful == tuple(Locus("chr5", *span) for span in doubtful)


def test_a_moved_call_that_clashes_leaves_doubt_over_its_whole_way():
    moved = Call(Variant("chr5", 10, "C", ""), (True, True), moved=2)
    genome = genome_of(Call(Variant("chr5", 12, "C", "T"), (True, True), origin="case"), moved)
    assert [item.call for item in genome.refused] == [moved]
    assert genome.doubtful == (Locus("chr5", 10, 13),)


@pytest.mark.parametrize(
    ("other", "doubtful"),
    [
        (call(12, "C", "T", "11"), [(9, 13)]),
        (call(12, "", "T", "11"), [(9, 13)]),
        (call(8, "ACC", "", "11"), [(8, 13)]),
        (call(13, "G", "T", "11"), []),
        (call(8, "A", "T", "11"), []),
        (call(13, "", "T", "11"), []),
        (call(12, "C", "T", "01", "a"), []),
        (call(12, "C", "T", "10", "a"), [(9, 13)]),
        (Call(Variant("chr5", 9, "C", ""), (True, False), "a", moved=3), []),
    ],
)
def test_an_indel_only_the_case_names_has_no_place_beside_another_change(other, doubtful):
    """C is lost from CCCC; which one is not said."""
    named = Call(Variant("chr5", 9, "C", ""), (True, False), "a", origin="case")
    genome = genome_of(named, other)
    assert genome.doubtful == tuple(Locus("chr5", *span) for span in doubtful)


def test_a_call_that_lies_on_no_covered_base_is_refused():
    calls = [
        Call(Variant("chr7", start, ref, alt), (True, True))
        for start, ref, alt in ((10, "", "GG"), (30, "", "T"), (31, "", "T"), (35, "A", "C"), (5, "AAAAAA", ""))
    ]  # fmt: skip
    genome = PatientGenome(Reference.from_sequences(SEQUENCES), calls)
    assert {item.call.variant.start for item in genome.refused} == {10, 31, 35}
    assert {item.reason for item in genome.refused} == {UNCOVERED}
    assert genome.windows(Locus("chr7", 10, 30))[0].bases == "A" * 19 + "T"


def test_calls_that_were_not_moved_stay_the_same_table():
    table = CallTable.of([DELETION, call(30, "C", "A", "11")])
    laid = lay(table, Reference.from_sequences(SEQUENCES))
    assert laid.calls is table
    assert len(laid.written.rows) == 0
    assert np.shares_memory(laid.contigs["chr5"].pool, table.pool)
