"""Lentiviral vectors: length, ends, promoter, insulator, copies and follow-up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.knowledge import vector_part, vector_parts
from revertant.modality.gene_addition.lentiviral import (
    FOLLOW_UP,
    copy_number_finding,
    follow_up_findings,
    lentiviral_findings,
    lentiviral_length_finding,
)
from revertant.model import Construct, Feature, FeatureKind, GenomeForm, Status


def construct(*features, length=6000, three_prime=235):
    ends = (
        Feature(FeatureKind.LTR, "5' LTR", 0, 181),
        Feature(FeatureKind.LTR, "3' LTR", length - three_prime, length),
    )
    parts = tuple(sorted((*ends, *features), key=lambda feature: feature.start))
    return Construct("lv", GenomeForm.LENTIVIRAL, "A" * length, parts, (0, length))


def promoter(name, part=""):
    return Feature(FeatureKind.PROMOTER, name, 2000, 2500, part=part)


def by_rule(*features, **changes):
    return {finding.rule: finding for finding in lentiviral_findings(construct(*features, **changes))}


@given(st.integers(1, 40_000))
def test_length_has_no_hard_limit(length):
    finding = lentiviral_length_finding(length)
    assert finding.status is (Status.PASS if length <= 9000 else Status.CAUTION)
    assert f"{length:,} bp" in finding.value


def test_length_is_taken_from_ltr_to_ltr():
    found = by_rule(promoter("PGK"), length=9800)
    assert found["lentiviral.length"].value == "9,800 bp from LTR to LTR"
    assert found["lentiviral.length"].status is Status.CAUTION


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("MNDU3", Status.FAIL),
        ("SFFV promoter", Status.FAIL),
        ("viral LTR", Status.FAIL),
        ("hPGK", Status.PASS),
        ("EFS", Status.PASS),
        ("EF1α core", Status.PASS),
        ("synthetic promoter 7", Status.UNKNOWN),
    ],
)
def test_promoters_are_told_apart(name, status):
    assert by_rule(promoter(name))["lentiviral.promoter"].status is status


@pytest.mark.parametrize("key", [key for key, part in vector_parts().items() if part.oncogenic])
def test_what_the_catalogue_calls_oncogenic_is_refused(key):
    found = by_rule(promoter(vector_part(key).name, key))
    assert found["lentiviral.promoter"].status is Status.FAIL
    assert any("Skysona" in source for source in found["lentiviral.promoter"].sources)


def test_one_viral_promoter_among_cellular_ones_is_enough():
    found = {f.rule: f for f in lentiviral_findings(construct(promoter("PGK")), ("promoter_sffv",))}
    assert found["lentiviral.promoter"].status is Status.FAIL
    assert by_rule(promoter("PGK"), Feature(FeatureKind.ENHANCER, "new", 1500, 1900))[
        "lentiviral.promoter"
    ].status is (Status.UNKNOWN)


def test_the_promoter_of_the_producer_cell_is_not_packaged():
    ends = (Feature(FeatureKind.LTR, "5' LTR", 229, 410), Feature(FeatureKind.LTR, "3' LTR", 5765, 6000))
    outside = Feature(FeatureKind.PROMOTER, "RSV", 0, 229, part="lv_rsv_5")
    plasmid = Construct(
        "lv", GenomeForm.LENTIVIRAL, "A" * 6000, (outside, *ends, promoter("PGK")), (229, 6000)
    )
    found = {finding.rule: finding.status for finding in lentiviral_findings(plasmid)}
    assert found["lentiviral.promoter"] is Status.PASS


def test_without_a_promoter_nothing_is_passed():
    assert by_rule()["lentiviral.promoter"].status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("three_prime", "status"), [(235, Status.PASS), (400, Status.UNKNOWN), (634, Status.FAIL)]
)
def test_the_three_prime_ltr_tells_self_inactivation(three_prime, status):
    assert by_rule(three_prime=three_prime)["lentiviral.self_inactivating"].status is status


def test_the_catalogues_three_prime_ltr_inactivates_itself():
    length = vector_part("lv_ltr_3_sin").length_bp
    assert by_rule(three_prime=length)["lentiviral.self_inactivating"].status is Status.PASS


@pytest.mark.parametrize(
    ("start", "size", "status"),
    [
        (3000, 1200, Status.PASS),
        (4570, 1200, Status.FAIL),
        (4570, 400, Status.CAUTION),
        (4570, 77, Status.PASS),
    ],
)
def test_where_an_insulator_stands_matters(start, size, status):
    insulator = Feature(FeatureKind.INSULATOR, "cHS4", start, start + size)
    found = by_rule(insulator, three_prime=235 + 1200)
    assert found["lentiviral.insulator"].status is status


def test_an_insulator_in_the_ltr_is_not_counted_as_u3():
    insulator = Feature(FeatureKind.INSULATOR, "cHS4", 4570, 5770)
    assert by_rule(insulator, three_prime=1435)["lentiviral.self_inactivating"].status is Status.PASS


@pytest.mark.parametrize(
    ("copies", "status"), [(None, Status.UNKNOWN), (0.0, Status.FAIL), (1.2, Status.PASS), (5.0, Status.FAIL)]
)
def test_copies_per_cell(copies, status):
    assert copy_number_finding(copies).status is status


def test_follow_up_stays_open_and_names_where_it_stands():
    found = follow_up_findings()
    assert len(found) == len(FOLLOW_UP) >= 3
    assert all(finding.status is Status.UNKNOWN and finding.sources for finding in found)
    assert any("twice in the first year" in finding.because for finding in found)


def test_without_ltrs_nothing_is_passed():
    bare = Construct("lv", GenomeForm.LENTIVIRAL, "A" * 5000, (promoter("PGK"),), (0, 5000))
    found = {finding.rule: finding.status for finding in lentiviral_findings(bare)}
    assert found["lentiviral.self_inactivating"] is Status.UNKNOWN


def test_other_forms_are_not_judged():
    mrna = Construct("m", GenomeForm.MRNA, "ATG", (), (0, 3))
    assert [finding.status for finding in lentiviral_findings(mrna)] == [Status.NOT_APPLICABLE]
