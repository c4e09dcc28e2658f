"""Eligibility texts: labelled lines, headings, donors, stages, polarity whatever the form, and what stays open."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from eligibility_labels import read_written, real_texts, score_real, score_written
from hypothesis import given
from hypothesis import strategies as st

from revertant.knowledge import Criterion
from revertant.model import Case, CriterionState, Measurement, Sex, Subject
from revertant.trials.answer import Person
from revertant.trials.criteria import match_criterion
from revertant.trials.eligibility import criterion_code, criterion_sentence, read_eligibility
from revertant.trials.eligibility.numbers import comparisons, levelled

MET, NOT_MET, UNKNOWN = CriterionState.MET, CriterionState.NOT_MET, CriterionState.UNKNOWN
WRITTEN = read_written()
TYPED = [row for row in WRITTEN if row[2]]
HEADINGS = {"+": "Inclusion", "-": "Exclusion"}


def read(text, polarity="+"):
    (line,) = read_eligibility(f"{HEADINGS[polarity]} Criteria:\n\n* {text}").lines
    return line


def codes(line):
    return sorted(map(criterion_code, line.criteria))


def person(**fields):
    subject = Subject("s", fields.pop("sex", Sex.UNKNOWN), fields.pop("age_years", None), None)
    return Person(Case("c", subject, (), **fields))


def state(line, who):
    (criterion,) = line.criteria
    return match_criterion(criterion, who).state


@pytest.mark.parametrize(("polarity", "text", "expected"), WRITTEN, ids=[row[1][:50] for row in WRITTEN])
def test_a_line_written_as_labels_and_protocols_do_is_read_exactly(polarity, text, expected):
    assert codes(read(text, polarity)) == sorted(expected)


def test_the_written_lines_reach_the_mark():
    score = score_written()
    assert score.lines >= 80
    assert score.precision >= 0.97
    assert score.recall >= 0.85
    assert not score.inverted
    assert not score.polarity_wrong
    assert not score.reservation_missed


SETS = ("development", "held_out", "held_out_second", "held_out_third")


@pytest.mark.parametrize("name", [f"labels_{name}.tsv" for name in SETS])
def test_real_lines_labelled_by_hand_reach_the_mark(name, shared_data):
    score = score_real(name, shared_data)
    assert score.lines >= 80
    assert score.precision >= 0.97, "\n".join(score.faults)
    assert score.recall >= 0.85, "\n".join(score.faults)
    assert not score.inverted
    assert not score.polarity_wrong


HEADED = """Key Inclusion Criteria:
1. Age ≥ 18 years
2. Patients must not have any of the following:
   a. HIV infection
3. Adequate organ function, defined as:
   * ALT ≤ 3 x ULN
4. Meets one of the following:
   * ECOG ≤ 1
Criteria for lymphodepletion:
* Platelets ≥ 50,000/uL
Donor eligibility criteria:
* Age ≥ 18 years
Recipient Exclusion Criteria:
* Pregnant women
* Any of the following:
  - LVEF < 40%
* Systemic steroids with the exception of:
  - HIV infection
* Donor must be HIV negative
Cohort B:
* Age < 12 years
"""


def test_headings_openings_donors_and_stages_say_what_stands_below():
    reading = read_eligibility(HEADED)
    assert [
        (line.polarity, line.whose, line.stage, codes(line))
        for line in reading.lines
        if not line.text.endswith(":")
    ] == [
        ("inclusion", "patient", "", ["age>=18 years"]),
        ("exclusion", "patient", "", ["hiv_infection=no"]),
        ("inclusion", "patient", "", ["ALT<=3 x_ULN"]),
        ("inclusion", "patient", "", ["ECOG<=1 {score}~"]),
        ("inclusion", "patient", "lymphodepletion", ["platelets>=50000 1/uL~"]),
        ("inclusion", "donor", "", []),
        ("exclusion", "patient", "", ["pregnant=no"]),
        ("exclusion", "patient", "", ["LVEF>=40 %"]),
        ("exclusion", "patient", "", []),
        ("exclusion", "donor", "", []),
        ("exclusion", "patient", "", ["age>=12 years~"]),
    ]
    assert reading.headings == (
        "Key Inclusion Criteria:",
        "Criteria for lymphodepletion:",
        "Donor eligibility criteria:",
        "Recipient Exclusion Criteria:",
        "Cohort B:",
    )
    nested = next(line for line in reading.lines if "HIV infection" in line.text)
    assert nested.under == ("Key Inclusion Criteria:", "Patients must not have any of the following:")


@pytest.mark.parametrize(
    "text",
    [
        "Donors:\nInclusion Criteria:\n* Age >= 18 years\nExclusion Criteria:\n* HIV infection",
        "Inclusion Criteria for Donors\n* Age >= 18 years\n* Weight >= 50 kg",
        "Inclusion Criteria:\n* The donor must be HIV negative\n* HIV-positive donor\n* Related donors: age >= 18 years",
    ],
)
def test_what_is_asked_of_a_donor_is_never_typed(text):
    assert read_eligibility(text).criteria == ()


def test_a_text_without_headings_types_only_lines_that_say_themselves_what_they_ask():
    reading = read_eligibility(
        "Ages 18 to 65\nPregnant women\nPatients must not be pregnant\nPatients with HIV are excluded"
    )
    assert [(line.polarity, codes(line)) for line in reading.lines] == [
        ("unknown", []),
        ("unknown", []),
        ("inclusion", ["pregnant=no"]),
        ("exclusion", ["hiv_infection=no"]),
    ]


def test_a_text_in_one_line_is_cut_at_its_headings():
    reading = read_eligibility(
        "INCLUSION CRITERIA: Age >= 18 years; ECOG 0-1 EXCLUSION CRITERIA: Pregnancy; HIV infection"
    )
    assert [(line.polarity, codes(line)) for line in reading.lines] == [
        ("inclusion", ["ECOG<=1 {score}", "age>=18 years"]),
        ("exclusion", ["hiv_infection=no", "pregnant=no"]),
    ]


@pytest.mark.parametrize(
    ("polarity", "text"),
    [
        ("-", "Absence of HIV infection"),
        ("-", "Patients who do not have HIV infection"),
        ("-", "Not HIV negative"),
        ("-", "Lack of active infection"),
        ("-", "Failure to have a negative pregnancy test"),
        ("-", "Patients without a negative pregnancy test"),
        ("-", "LVEF not less than 40%"),
        ("-", "Creatinine < 1.5 mg/dL"),
        ("+", "Patients with HIV are eligible"),
        ("+", "Patients with HIV must have undetectable viral load"),
        ("+", "Hepatitis B is allowed if controlled"),
        ("+", "ECOG 3-5 is acceptable"),
        ("+", "LVEF < 40%"),
        ("+", "Chemotherapy within 4 weeks"),
        ("-", "At least 4 weeks since chemotherapy"),
    ],
)
def test_where_heading_and_words_do_not_agree_nothing_is_typed(polarity, text):
    line = read(text, polarity)
    assert not line.criteria
    assert line.unread


# ---------------------------------------------------------------- what stays open


def test_a_reservation_leaves_open_what_would_be_against():
    line = read("AST < 3 x ULN unless due to leukaemia")
    assert line.unread
    assert not line.is_whole
    (criterion,) = line.criteria
    assert criterion.unless == "unless due to leukaemia"
    assert state(line, person(measurements=(Measurement("AST", 2, "x_ULN"),))) is MET
    high = match_criterion(criterion, person(measurements=(Measurement("AST", 5, "x_ULN"),)))
    assert high.state is UNKNOWN
    assert "unless due to leukaemia" in high.because
    assert "unless due to leukaemia" in high.to_measure


def test_an_exclusion_that_is_narrowed_excludes_nobody_for_sure():
    line = read("Active graft-versus-host disease requiring therapy", "-")
    assert state(line, person(conditions=(("gvhd", True),))) is UNKNOWN
    assert state(line, person(conditions=(("gvhd", False),))) is MET


def test_a_condition_of_the_past_is_not_met_by_the_present():
    line = read("History of graft-versus-host disease", "-")
    assert state(line, person(conditions=(("gvhd", False),))) is UNKNOWN
    assert state(line, person(conditions=(("gvhd", True),))) is NOT_MET


def test_what_is_asked_before_a_later_step_is_open_either_way():
    text = (
        "Inclusion Criteria:\n* Age >= 18 years\nInclusion Criteria for Infusion:\n* Platelets >= 50,000/uL"
    )
    line = read_eligibility(text).lines[1]
    for platelets in (20, 200):
        assert state(line, person(measurements=(Measurement("platelets", platelets, "10*9/L"),))) is UNKNOWN


def test_a_scale_for_those_of_one_age_says_nothing_of_others():
    line = read("Age < 16 years: Lansky ≥ 60")
    assert state(line, person(age_years=40.0)) is MET
    assert state(line, person(age_years=8.0)) is UNKNOWN
    assert state(line, person(age_years=8.0, measurements=(Measurement("Lansky", 50, "{score}"),))) is NOT_MET


def test_the_year_after_a_whole_number_of_years_is_open():
    line = read("Age 18 to 75 years")
    states = [state(line, person(age_years=years)) for years in (17.9, 18.0, 75.0, 75.5, 76.0)]
    assert states == [NOT_MET, MET, MET, UNKNOWN, NOT_MET]


def test_pregnancy_does_not_exclude_men():
    assert state(read("Pregnant", "-"), person(sex=Sex.MALE)) is MET
    assert state(read("Pregnant", "-"), person(sex=Sex.FEMALE)) is UNKNOWN


def test_a_treatment_that_never_was_needs_no_time_without_it():
    line = read("Allogeneic HSCT within 6 months", "-")
    assert state(line, person(conditions=(("allogeneic_transplant", False),))) is MET
    assert state(line, person(conditions=(("allogeneic_transplant", True),))) is UNKNOWN
    assert state(line, person()) is UNKNOWN


def test_the_time_since_the_last_treatment_is_counted():
    line = read("Chemotherapy within 4 weeks", "-")
    (criterion,) = line.criteria
    day = dt.date(2026, 11, 26)
    for last, expected in (
        ("2026-10-01", MET),
        ("2026-11-10", NOT_MET),
        ("2026-10-29", NOT_MET),
        ("2027-01-01", UNKNOWN),
    ):
        case = Case("c", Subject("s"), (), last_treatments=(("chemotherapy", last),))
        assert match_criterion(criterion, Person(case, (), day)).state is expected, last
        assert match_criterion(criterion, Person(case)).state is UNKNOWN
    case = Case(
        "c",
        Subject("s"),
        (),
        conditions=(("earlier_chemotherapy", False),),
        last_treatments=(("chemotherapy", "2026-10-01"),),
    )
    assert match_criterion(criterion, Person(case, (), day)).state is CriterionState.CONFLICT


def test_a_limit_in_months_leaves_open_the_days_by_which_months_differ():
    (criterion,) = read("Less than 3 months from autologous transplant", "-").criteria
    day = dt.date(2026, 11, 26)
    for last, expected in (("2026-08-26", UNKNOWN), ("2026-08-20", MET), ("2026-09-10", NOT_MET)):
        case = Case("c", Subject("s"), (), last_treatments=(("autologous_transplant", last),))
        assert match_criterion(criterion, Person(case, (), day)).state is expected, last


@pytest.mark.parametrize(
    ("states", "expected"),
    [((True, True), MET), ((True, False), NOT_MET), ((True, None), UNKNOWN), ((False, None), NOT_MET)],
)
def test_all_parts_of_a_criterion_have_to_be_met(states, expected):
    parts = tuple(
        Criterion(key=key, kind="indication", asks="condition", text="?", condition=key)
        for key in ("ambulatory", "contraception")
    )
    whole = Criterion(key="x", kind="indication", asks="all", text="Both.", of=parts)
    said = tuple((part.key, value) for part, value in zip(parts, states, strict=True) if value is not None)
    assert not list(whole.problems())
    assert match_criterion(whole, person(conditions=said)).state is expected


# ---------------------------------------------------------------- what never changes


@given(
    st.sampled_from(TYPED),
    st.sampled_from(["* ", "- ", "1. ", "12) ", "• ", "a. ", "", "   * 3\\. ", "(2) "]),
    st.sampled_from(["{}", "  {}", "{}  ", "{};", "{}."]),
    st.sampled_from(
        ["{} Criteria:", "{} criteria", "{} CRITERIA:", "Key {} Criteria:", "Main {} Criteria:", "{}:"]
    ),
)
def test_bullets_spaces_and_the_heading_s_form_do_not_change_what_is_read(row, bullet, form, heading):
    polarity, text, expected = row
    written = f"{heading.format(HEADINGS[polarity])}\n\n{bullet}{form.format(text)}"
    (line,) = read_eligibility(written).lines
    assert codes(line) == sorted(expected)


# Symbols of genes are written in capitals: "was" is no gene.
WITHOUT_GENES = [row for row in TYPED if not re.search(r"biallelic|variant|copies", " ".join(row[2]))]


@given(st.sampled_from(WITHOUT_GENES), st.booleans())
def test_capitals_do_not_change_what_is_read(row, upper):
    polarity, text, expected = row
    assert codes(read(text.upper() if upper else text.lower(), polarity)) == sorted(expected)


def test_under_the_other_heading_no_line_asks_the_same():
    stubborn = re.compile(r"must|excluded|not eligible|eligible", re.IGNORECASE)
    kept = []
    for polarity, text, expected in TYPED:
        other = read(text, "-" if polarity == "+" else "+")
        if set(codes(other)) & set(expected) and not stubborn.search(text):
            kept.append((text, codes(other)))
    assert not kept


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault_and_accounted_for(text):
    reading = read_eligibility(text)
    assert reading.tally.read == len(reading.lines) + len(reading.headings)
    together = "".join((*reading.headings, *(line.text for line in reading.lines)))
    assert sorted("".join(together.split())) == sorted("".join(text.split()))
    for line in reading.lines:
        assert text[line.start : line.start + len(line.text)] == line.text


@given(
    st.lists(
        st.sampled_from(
            [row[1] for row in WRITTEN] + ["Inclusion Criteria:", "Exclusion Criteria:", "Donors:"]
        ),
        max_size=12,
    )
)
def test_lines_stand_in_the_text_where_they_say(pieces):
    text = "\n".join(pieces)
    reading = read_eligibility(text)
    keys = [criterion.key for criterion in reading.criteria]
    assert len(keys) == len(set(keys))
    for line in reading.lines:
        for one in line.read:
            assert line.start <= one.start < one.end <= line.start + len(line.text)
            assert not list(one.criterion.problems())
            assert one.criterion.text == criterion_sentence(one.criterion)


def test_every_line_of_the_real_records_is_accounted_for(shared_data):
    for text in real_texts(shared_data).values():
        reading = read_eligibility(text)
        together = "".join((*reading.headings, *(line.text for line in reading.lines)))
        assert sorted("".join(together.split())) == sorted("".join(text.split()))
        for criterion in reading.criteria:
            assert not list(criterion.problems()), criterion


# ---------------------------------------------------------------- texts that turn round what they ask


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion and Exclusion Criteria:\n* HIV infection\n* Age 18 years or older",
        "Exclusion Criteria (patients who meet these are INCLUDED):\n* HIV infection",
        "Inclusion Criteria:\n* No exclusion for HIV infection",
        "Exclusion Criteria:\n* HIV infection is no longer an exclusion",
        "Exclusion Criteria:\n* Patients who do not meet: Age 18 to 75 years",
        "Exclusion Criteria:\n* Failing to satisfy ECOG 0-1",
        "Exclusion: none. Inclusion: not excluded if HIV positive",
        "Exclusion Criteria:\n* None; HIV infection is allowed",
        "Exclusion Criteria:\n* Age 18 years or older is not an exclusion criterion",
        "Inclusion Criteria:\n* Diagnosis at age 18 years or older",
        "Inclusion Criteria:\n* Onset of symptoms before the age of 6 months",
    ],
)
def test_what_may_mean_the_contrary_is_left_to_a_person(text):
    assert not [code for line in read_eligibility(text).lines for code in codes(line)]


def test_a_heading_of_both_kinds_leaves_what_says_itself_what_it_asks():
    (line,) = read_eligibility(
        "Inclusion and Exclusion Criteria:\n* Patients must be 18 years or older"
    ).lines
    assert codes(line) == ["age>=18 years"]
    (line,) = read_eligibility("Non-inclusion Criteria:\n* HIV infection").lines
    assert line.polarity == "exclusion"


# ---------------------------------------------------------------- texts made to be slow


@pytest.mark.parametrize(
    "body",
    [
        "* " + "HIV " * 2_500,
        "* " + "ALT < 3 x ULN " * 700,
        "* " + "18 years " * 1_100,
        "1. a:\na. b:\n" * 830,
        f"* {'a ' * 2_500}:\n" + "  * b\n" * 800,
    ],
    ids=["conditions", "values", "ages", "depth", "opening line"],
)
def test_ten_thousand_letters_are_read_in_a_moment_whatever_they_are(body):
    began = time.process_time()
    lines = read_eligibility(f"Exclusion Criteria:\n\n{body}").lines
    assert time.process_time() - began < 2.0
    assert lines
    assert not any(line.read for line in lines)


def test_what_is_too_long_or_too_deep_to_be_a_list_of_criteria_is_left_to_a_person():
    assert read("HIV infection " + "x" * 1_900, "-").is_parsed
    long = read("HIV infection " + "x" * 2_000, "-")
    assert long.unread == (long.text.removeprefix("* "),)
    assert long.polarity == "exclusion"
    assert len(read(", ".join(f"ECOG {number}" for number in range(41))).unread) == 1

    def nested(depth):
        opens = "".join(" " * at + "* Any of the following:\n" for at in range(depth))
        return read_eligibility(f"Exclusion Criteria:\n\n{opens}{' ' * depth}* HIV infection").lines[-1]

    assert nested(12).is_whole
    assert not nested(13).is_parsed


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("≥ 1,000/µL", (">=", 1000), None, "1/uL"),
        ("=\\< 5 times the institutional upper limits of normal", None, ("<=", 5), "x_ULN"),
        ("not less than 92%", (">=", 92), None, "%"),
        ("1.5 x 10^9/L or more", (">=", 1.5e9), None, "1/L"),
        ("between 18 and 65 years", (">=", 18), ("<=", 65), "years"),
        ("18～75 years", (">=", 18), ("<=", 75), "years"),
        ("no more than 2.5×ULN", None, ("<=", 2.5), "x_ULN"),
        ("eighteen years or older", (">=", 18), None, "years"),
        ("</= 2", None, ("<=", 2), ""),
        ("2,600 grams or more", (">=", 2600), None, "g"),
    ],
)
def test_a_number_is_read_with_comparator_and_unit(text, low, high, unit):
    found = comparisons(levelled(text))[0]
    assert (found.low and (found.low.op, found.low.value)) == low
    assert (found.high and (found.high.op, found.high.value)) == high
    assert found.unit == unit


def test_the_ends_of_a_range_may_have_units_of_their_own():
    first, second = comparisons("between 7 days and 24 months")
    assert (first.low.value, first.unit, second.high.value, second.unit) == (7, "days", 24, "months")
