"""Cases held against trials: each rule on its own, and that unknown is neither met nor a reason against."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.knowledge import Criterion, diseases
from revertant.model import (
    AgeLimit,
    Case,
    CaseVariant,
    CopyNumber,
    CriterionState,
    Disease,
    Intervention,
    MeshTerm,
    Sex,
    StudyType,
    Subject,
    Trial,
    TrialSite,
    TrialVerdict,
)
from revertant.trials.matching import case_facts, great_circle_km, match_trial, match_trials, relate, text
from revertant.trials.matching.relation import Relation

MET, NOT_MET, UNKNOWN = CriterionState.MET, CriterionState.NOT_MET, CriterionState.UNKNOWN


def case(label="multiple myeloma", *, age=None, sex=Sex.UNKNOWN, genes=(), **values):
    listed = (Disease("", label),) if label else ()
    variants = tuple(CaseVariant((f"{gene}:c.1A>G",), gene=gene) for gene in genes)
    return Case("c", Subject("s", sex=sex, age_years=age), variants, diseases=listed, **values)


def trial(*conditions, **values):
    named = conditions or ("Multiple Myeloma",)
    return Trial(
        **{"nct_id": "NCT00000001", "title": "T", "status": "RECRUITING", "conditions": named, **values}
    )


def only(one, of, **values):
    (match,) = match_trials(one, [of], **values)
    return match


def state(match, key):
    return next(one.state for one in match.criteria if one.criterion == key)


# -- diseases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disease", "condition", "relation"),
    [
        ("acute myeloid leukemia", "Leukemia, Myeloid, Acute", "SAME"),
        ("acute myeloid leukemia", "Relapsed/Refractory AML", "SAME"),
        ("acute myeloid leukemia", "AML, Adult Recurrent", "SAME"),
        ("acute myeloid leukemia", "Acute Leukemia", "BROADER"),
        ("acute myeloid leukemia", "Acute Lymphoblastic Leukemia", "NONE"),
        ("acute myeloid leukemia", "Chronic Myeloid Leukemia", "NONE"),
        ("B-cell precursor ALL", "B-ALL, Childhood", "SAME"),
        ("B-ALL", "T-cell Acute Lymphoblastic Leukemia", "NONE"),
        ("systemic lupus erythematosus", "SLE - Systemic Lupus", "SAME"),
        ("systemic lupus erythematosus", "Lupus Nephritis (LN)", "NARROWER"),
        ("spinal muscular atrophy, type I", "Spinal Muscular Atrophy", "BROADER"),
        ("spinal muscular atrophy", "Spinal Muscular Atrophy Type 2", "NARROWER"),
        ("spinal muscular atrophy, type I", "Spinal Muscular Atrophy Type III", "NONE"),
        ("spinal muscular atrophy", "Spinal Muscular Atrophy With Respiratory Distress 1", "NONE"),
        ("Stargardt disease 1", "Stargardt Disease", "BROADER"),
        ("hemophilia A", "Hemophilia B", "NONE"),
        ("cystic fibrosis", "Pulmonary Fibrosis", "NONE"),
        ("thyroid cancer", "Neoplasms", "BROADER"),
        ("Kabuki syndrome", "Rett Syndrome", "NONE"),
        ("Kabuki syndrome", "Syndrome", "NONE"),
        ("multiple sclerosis", "Tuberous Sclerosis", "NONE"),
    ],
)
def test_how_names_relate(disease, condition, relation):
    assert relate(disease, condition).name == relation


NAMES = st.sampled_from(sorted({name for row in diseases().values() for name in row.names}))
MIRROR = {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}


@given(NAMES, NAMES)
def test_what_is_broader_one_way_is_narrower_the_other(one, other):
    there, back = relate(one, other), relate(other, one)
    # A name can be read in two ways that point both ways ("A (B)"); catalogue names cannot.
    assert back is MIRROR.get(there, there)


@given(
    NAMES,
    st.sampled_from(["Relapsed/Refractory {}", "{}, Adult", "Recurrent {}", "{} in Relapse", "{} (disease)"]),
)
def test_the_course_of_a_disease_does_not_change_it(name, words):
    assert relate(name, words.format(name)) is Relation.SAME


def test_only_the_same_disease_is_met_and_only_another_one_decides():
    assert state(only(case(), trial("Multiple Myeloma")), "disease") is MET
    broader = only(case(), trial("Hematologic Malignancies"))
    assert (state(broader, "disease"), broader.verdict) == (UNKNOWN, TrialVerdict.POSSIBLE)
    other = only(case(), trial("Lupus"))
    assert (state(other, "disease"), other.verdict) == (NOT_MET, TrialVerdict.OTHER_DISEASE)
    assert "no name known for multiple myeloma" in other.reasons_against[0]


def test_a_keyword_a_title_and_what_stands_above_in_mesh_are_asked_about():
    for values in (
        {"keywords": ("multiple myeloma",)},
        {"title": "CAR T cells in multiple myeloma"},
        {"mesh_ancestors": (MeshTerm("D009101", "Multiple Myeloma"),)},
    ):
        assert state(only(case(), trial("Something", **values)), "disease") is UNKNOWN


def test_short_names_are_no_words_of_a_title():
    assert state(only(case("MM"), trial("Measles", title="5 mm of all")), "disease") is NOT_MET


def test_a_gene_alone_is_asked_about():
    of = trial("Inherited blindness", genes=("RPE65",))
    assert state(only(case("", genes=("RPE65",)), of), "disease") is UNKNOWN
    assert only(case("", genes=("ABCA4",)), of).verdict is TrialVerdict.OTHER_DISEASE


def test_another_gene_of_the_same_disease_is_asked_about_and_decides_nothing():
    match = only(case("retinitis pigmentosa", genes=("RPGR",)), trial("Retinitis Pigmentosa", genes=("RHO",)))
    assert state(match, "gene") is UNKNOWN
    assert match.verdict is TrialVerdict.POSSIBLE


def test_an_identifier_without_a_name_is_looked_up():
    infant = Case(
        "c",
        Subject("s"),
        (),
        diseases=(Disease("OMIM:310200"),),
        copy_numbers=(CopyNumber("SMN1", 2, 2, ""),),
    )
    assert state(only(infant, trial("DMD")), "disease") is MET


def test_a_case_that_tells_nothing_is_unknown_everywhere():
    match = only(case(""), trial())
    assert state(match, "disease") is UNKNOWN
    assert match.verdict is TrialVerdict.POSSIBLE


# -- person ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "most", "years", "expected"),
    [
        ("18 years", "75 years", 17.99, NOT_MET),
        ("18 years", "75 years", 18.0, MET),
        ("18 years", "75 years", 75.0, MET),
        ("18 years", "75 years", 75.5, UNKNOWN),
        ("18 years", "75 years", 76.0, NOT_MET),
        (None, "9 months", 0.75, MET),
        (None, "9 months", 0.8, UNKNOWN),
        (None, "9 months", 0.9, NOT_MET),
        ("0 days", "28 days", 28 / 365.25, MET),
        (None, None, None, MET),
        ("18 years", None, None, UNKNOWN),
    ],
)
def test_ages_at_their_limits(least, most, years, expected):
    def limit(written):
        if written is None:
            return None
        value, unit = written.split()
        return AgeLimit(float(value), unit)

    match = only(case(age=years), trial(min_age=limit(least), max_age=limit(most)))
    assert state(match, "age") is expected
    assert match.verdict is (TrialVerdict.NOT_ELIGIBLE if expected is NOT_MET else TrialVerdict.POSSIBLE)


def test_a_record_that_does_not_tell_ages_or_sex_excludes_nobody_by_them():
    of = trial(not_told=("ages", "sex"))
    match = only(case(age=3.0, sex=Sex.MALE), of)
    assert (state(match, "age"), state(match, "sex")) == (UNKNOWN, UNKNOWN)
    grouped = only(case(age=3.0), dataclasses.replace(of, age_groups=("ADULT",)))
    assert grouped.verdict is TrialVerdict.NOT_ELIGIBLE


@pytest.mark.parametrize(
    ("asked", "sex", "expected"),
    [
        ("all", Sex.UNKNOWN, MET),
        ("female", Sex.FEMALE, MET),
        ("female", Sex.MALE, NOT_MET),
        ("female", Sex.UNKNOWN, UNKNOWN),
        ("", Sex.MALE, UNKNOWN),
    ],
)
def test_sexes(asked, sex, expected):
    assert state(only(case(sex=sex), trial(sex=asked)), "sex") is expected


# -- status and place ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("RECRUITING", TrialVerdict.POSSIBLE),
        ("AVAILABLE", TrialVerdict.POSSIBLE),
        ("UNKNOWN", TrialVerdict.POSSIBLE),
        ("", TrialVerdict.POSSIBLE),
        ("A_NEW_STATUS", TrialVerdict.POSSIBLE),
        ("COMPLETED", TrialVerdict.NOT_RECRUITING),
        ("SUSPENDED", TrialVerdict.NOT_RECRUITING),
        ("WITHDRAWN", TrialVerdict.NOT_RECRUITING),
    ],
)
def test_statuses(status, verdict):
    match = only(case(), trial(status=status))
    assert match.verdict is verdict
    assert (state(match, "recruiting") is MET) is (status in {"RECRUITING", "AVAILABLE"})


def test_a_place_orders_and_never_decides():
    here = trial(nct_id="NCT00000001", sites=(TrialSite("A", country_code="CH", lat=46.9, lon=7.4),))
    there = trial(nct_id="NCT00000002", sites=(TrialSite("B", country_code="US", lat=40.7, lon=-74.0),))
    closed = trial(nct_id="NCT00000003", sites=(TrialSite("C", country_code="CH", status="COMPLETED"),))
    found = match_trials(case(), [closed, there, here], country="CH", near=(47.4, 8.5))
    assert [match.trial.nct_id for match in found] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert {match.verdict for match in found} == {TrialVerdict.POSSIBLE}
    assert [state(match, "country") for match in found] == [MET, NOT_MET, NOT_MET]
    assert found[0].distance_km == pytest.approx(100.4, abs=1)
    assert (found[2].distance_km, found[2].nearest_site) == (None, "")


def test_the_european_union_is_any_of_its_members():
    of = trial(sites=(TrialSite("A", country_code="FR"),))
    assert state(only(case(), of, country="EU"), "country") is MET
    assert state(only(case(), of, country="GB"), "country") is NOT_MET


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_distances_are_symmetric_and_within_half_the_earth(a, b, c, d):
    there = great_circle_km(a, b, c, d)
    assert 0 <= there <= 20_016
    assert there == pytest.approx(great_circle_km(c, d, a, b), abs=1e-6)


def test_expanded_access_and_observation_are_marked():
    expanded = only(case(), trial(study_type=StudyType.EXPANDED_ACCESS, status="AVAILABLE"))
    assert any(one.startswith("Expanded access") for one in expanded.reasons_against)
    observed = only(case(), trial(study_type=StudyType.OBSERVATIONAL))
    assert any("gives no treatment" in one for one in observed.reasons_against)


# -- the text --------------------------------------------------------------------------------------------------

WEIGHT = Criterion(key="weight", kind="exclusion", asks="weight", text="At most 8.4 kg.", at_most=8.4)


def read_as(monkeypatch, *asked, unread=()):
    monkeypatch.setattr("revertant.trials.matching.match.read_text", lambda _: (asked, unread))


def heavy(kg):
    return dataclasses.replace(case(), subject=Subject("s", weight_kg=kg))


def test_a_criterion_of_the_text_decides_where_its_line_was_read_whole(monkeypatch):
    read_as(monkeypatch, text.TextCriterion(WEIGHT, decides=True))
    assert only(heavy(9.0), trial(eligibility="x")).verdict is TrialVerdict.NOT_ELIGIBLE
    assert only(heavy(8.0), trial(eligibility="x")).verdict is TrialVerdict.POSSIBLE
    silent = only(case(), trial(eligibility="x"))
    assert (state(silent, "weight"), silent.verdict) == (UNKNOWN, TrialVerdict.POSSIBLE)


def test_a_criterion_of_a_line_half_read_does_not_exclude(monkeypatch):
    read_as(monkeypatch, text.TextCriterion(WEIGHT, decides=False, why_not="Half."), unread=("* or taller",))
    match = only(heavy(9.0), trial(eligibility="x"))
    assert (state(match, "weight"), match.verdict) == (UNKNOWN, TrialVerdict.POSSIBLE)
    assert match.unparsed == ("* or taller",)


def test_lines_that_no_rule_read_stand_letter_for_letter():
    line = "Willing to whistle  *the* Marseillaise \\< twice"
    match = only(case(), trial(eligibility=f"Inclusion Criteria:\n\n{line}\n"))
    assert any(line in one for one in match.unparsed)
    assert match.verdict is TrialVerdict.POSSIBLE


def test_an_older_text_of_the_criteria_is_said():
    of = trial(eligibility="x", eligibility_of="2024-01-01", last_update="2026-01-01")
    assert any("of 2024-01-01" in one for one in only(case(), of).reasons_against)
    assert any("carries no text" in one for one in only(case(), trial()).reasons_against)


def test_the_same_trials_in_any_order_give_the_same_matches():
    trials = [
        trial(
            nct_id=f"NCT0000000{at}", min_age=AgeLimit(at * 10, "years"), interventions=(Intervention("A"),)
        )
        for at in range(9)
    ]
    assert match_trials(case(age=45.0), trials) == match_trials(case(age=45.0), trials[::-1])


def test_the_verdict_is_never_more_than_possible():
    assert {verdict.value for verdict in TrialVerdict} == {
        "possible",
        "not_recruiting",
        "not_eligible",
        "other_disease",
    }
    assert match_trial(case_facts(case()), trial()).verdict is TrialVerdict.POSSIBLE
