"""Copies of genes from several statements: the laboratory decides, reads never, and contradictions decide nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.model import Case, CaseVariant, CopyNumber, Status, Subject
from revertant.planning.copies import copies_of, copy_findings, genes_stated, lost_genes
from revertant.planning.genetics import biallelic_by_copies, second_allele_finding

LABORATORY = st.sampled_from(["MLPA", "dPCR", "qPCR", "NGS"])
UNCONFIRMED = st.sampled_from(["in_silico", ""])


def rows(method):
    counted = st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(0, 4)), method)
    return st.lists(
        counted.map(
            lambda one: CopyNumber("SMN1", one[0], None if one[1] is None else one[0] + one[1], one[2])
        ),
        max_size=4,
    )


def case_with(*copies, variants=()):
    return Case("c", Subject("s"), variants, copy_numbers=tuple(copies))


@given(rows(LABORATORY), rows(UNCONFIRMED), st.sampled_from([True, False, None]), st.integers(0, 2))
def test_reads_never_change_what_a_laboratory_says(firm, loose, by_variants, variants):
    alone = copies_of("SMN1", case_with(*firm))
    both = copies_of("SMN1", case_with(*loose, *firm))
    with_reads = biallelic_by_copies(by_variants, both, variants)
    assert with_reads == biallelic_by_copies(by_variants, alone, variants)
    if alone is None:
        assert with_reads == by_variants
    else:
        assert (both.low, both.high, both.is_confirmed) == (alone.low, alone.high, True)


@given(rows(LABORATORY), rows(UNCONFIRMED))
def test_the_interval_is_what_every_count_allows(firm, loose):
    found = copies_of("SMN1", case_with(*firm, *loose))
    deciding = firm or loose
    if not deciding:
        assert found is None
        return
    allowed = [
        number
        for number in range(20)
        if all(row.low <= number and (row.high is None or number <= row.high) for row in deciding)
    ]
    assert found.is_conflict is (not allowed)
    if allowed:
        top = 19 if found.high is None else found.high
        assert allowed == list(range(found.low, top + 1))
    assert len(found.stated) == len(firm) + len(loose)


@given(rows(LABORATORY), rows(UNCONFIRMED))
def test_unknown_is_never_a_pass(firm, loose):
    case = case_with(*firm, *loose)
    found = {one.rule: one.status for one in copy_findings("SMN1", case)}
    if not (firm or loose):
        assert found == {}
        return
    copies = copies_of("SMN1", case)
    assert (found["copies.smn1"] is Status.PASS) is (bool(firm) and not copies.is_conflict)
    confirmed = any(row.method in {"MLPA", "dPCR"} for row in firm)
    assert (found["copies.smn1_confirmed"] is Status.PASS) is confirmed
    if copies.reads_disagree:
        assert found["copies.smn1_reads_agree"] is Status.UNKNOWN


@pytest.mark.parametrize(
    ("copies", "variants", "lost"),
    [
        ((("SMN1", 0), ("SMN2", 2)), (), ("SMN1",)),
        (
            (("SMN1", 2), ("SMN2", 0)),
            (),
            ("SMN1",),
        ),  # nothing else is stated: the plan says that nothing is lost
        ((("SMN2", 2),), (), ()),
        ((("SMN1", 2),), ("HBB",), ()),
        ((("SMN1", 1),), ("HBB",), ("SMN1",)),
        ((("NOGENE1", 0),), (), ()),
    ],
)
def test_which_genes_are_lost(copies, variants, lost):
    stated = tuple(CaseVariant(("NM_000518.5:c.20A>T",), gene=gene) for gene in variants)
    case = case_with(*(CopyNumber(gene, number, number, "MLPA") for gene, number in copies), variants=stated)
    assert lost_genes(case) == lost
    assert genes_stated(case) == (*variants, *lost)


def test_laboratories_that_contradict_each_other():
    case = case_with(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN1", 1, 1, "dPCR"))
    copies = copies_of("SMN1", case)
    assert (copies.is_conflict, copies.words) == (True, "copies that contradict each other")
    found = copy_findings("SMN1", case)[0]
    assert found.status is Status.UNKNOWN
    assert "no copy, MLPA; 1 copy, dPCR" in found.because
    assert biallelic_by_copies(None, copies, 0) is None


def test_counts_that_contradict_each_other_are_told_in_a_sentence():
    case = case_with(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN1", 2, 2, "dPCR"))
    finding = second_allele_finding("SMN1", (), "AR", copies_of("SMN1", case))
    assert finding.status is Status.UNKNOWN
    assert "counts of the copies of SMN1 contradict each other and no variant" in finding.because


@pytest.mark.parametrize(
    ("smn2", "method", "doubted"), [(0, "MLPA", True), (1, "MLPA", False), (0, "in_silico", False)]
)
def test_nobody_is_without_both_genes(smn2, method, doubted):
    case = case_with(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN2", smn2, smn2, method))
    found = [one for one in copy_findings("SMN1", case) if one.rule == "copies.smn1_none_of_any"]
    assert [one.status for one in found] == ([Status.UNKNOWN] if doubted else [])
