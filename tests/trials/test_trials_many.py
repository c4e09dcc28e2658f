"""Many cases against many trials: the columns agree with the plain form, pair by pair."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.knowledge import Criterion, conditions, measurements
from revertant.model import (
    AgeLimit,
    Case,
    CaseVariant,
    CopyNumber,
    Disease,
    Measurement,
    MeshTerm,
    Sex,
    Subject,
    Trial,
)
from revertant.trials.matching import case_facts, match_many, match_trial
from revertant.trials.matching.text import TextCriterion
from revertant.trials.registry import read_trials

NAMES = (
    "multiple myeloma", "AML", "acute myeloid leukaemia", "B-cell precursor ALL", "Leukemia", "Hematologic Malignancies",
    "Neoplasms", "lupus", "Lupus Nephritis", "SLE - Systemic Lupus", "Spinal Muscular Atrophy", "Stargardt disease 1",
    "spinal muscular atrophy, type I", "Spinal Muscular Atrophy Type III", "CD7 Positive R/R PTCL", "Kabuki syndrome",
    "Lymphoma, B-Cell", "Relapsed or Refractory CLL (3rd Line) or SLL", "Retinitis Pigmentosa", "thyroid cancer", "x",
)  # fmt: skip
GENES = ("SMN1", "RPE65", "ABCA4", "CD19")
CONDITION, OTHER = sorted(conditions())[:2]

names = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
ages = (
    st.none()
    | st.sampled_from([0.0, 0.1, 0.75, 1.5, 17.99, 18.0, 64.9, 65.0, 75.0, 75.4, 76.0])
    | st.floats(0, 100)
)
values = st.builds(
    Measurement,
    st.just("platelets"),
    st.sampled_from([20.0, 50.0, 50.1, 99.0, 100000.0]),
    st.sampled_from(["10*9/L", "1/uL", "x_ULN"]),
    st.sampled_from(["", "2026-01-01", "2026-02-01"]),
)
cases = st.builds(
    lambda labels, age, sex, weight, genes, said, measured: Case(
        "c",
        Subject("s", sex=sex, age_years=age, weight_kg=weight),
        tuple(CaseVariant((f"{gene}:c.1A>G",), gene=gene) for gene in genes),
        diseases=tuple(Disease("", label) for label in labels),
        copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"),) if "SMN1" in genes else (),
        conditions=said,
        measurements=measured,
    ),
    names,
    ages,
    st.sampled_from(Sex),
    st.none() | st.sampled_from([2.6, 8.4, 8.5, 70.0]),
    st.lists(st.sampled_from(GENES), max_size=2, unique=True),
    st.lists(
        st.tuples(st.sampled_from([CONDITION, OTHER]), st.booleans()),
        max_size=2,
        unique_by=lambda one: one[0],
    ).map(tuple),
    st.lists(values, max_size=3).map(tuple),
)
limits = st.none() | st.builds(
    AgeLimit, st.sampled_from([0.0, 1.0, 9.0, 18.0, 65.0, 75.0]), st.sampled_from(["years", "months", "days"])
)
trials = st.builds(
    lambda at, listed, keywords, above, title, genes, sex, least, most, status, silent, groups: Trial(
        nct_id=f"NCT{at:08d}",
        title=title,
        conditions=listed,
        keywords=keywords,
        mesh_ancestors=tuple(MeshTerm("", name) for name in above),
        genes=tuple(sorted(genes)),
        sex=sex,
        min_age=least,
        max_age=most,
        status=status,
        not_told=tuple(silent),
        age_groups=tuple(groups),
        eligibility=f"{at}",
    ),
    st.integers(0, 99999999),
    names,
    names,
    names,
    st.sampled_from(["T", "CAR T in lupus", "Cells for acute myeloid leukemia and others", "5 mm"]),
    st.lists(st.sampled_from(GENES), max_size=2, unique=True),
    st.sampled_from(["", "all", "female", "male"]),
    limits,
    limits,
    st.sampled_from(["RECRUITING", "COMPLETED", "UNKNOWN", "", "AVAILABLE"]),
    st.lists(st.sampled_from(["ages", "sex", "sites"]), max_size=2, unique=True),
    st.lists(st.sampled_from(["CHILD", "ADULT", "OLDER_ADULT"]), max_size=2, unique=True),
)
bounds = st.fixed_dictionaries(
    {}, optional={"at_least": st.sampled_from([0.0, 18.0, 50.0]), "below": st.sampled_from([60.0, 75.0])}
)


def criterion(asks, **values):
    return Criterion(key=asks, kind="exclusion", asks=asks, text="Asked.", **values)


asked = st.one_of(
    st.builds(lambda most, unit: criterion("age", at_most=most, unit=unit), st.sampled_from([1.0, 18.0, 75.0]), st.sampled_from(["years", "months"])),
    st.builds(lambda least: criterion("age", above=least, unit="years"), st.sampled_from([1.0, 18.0, 75.0])),
    st.builds(lambda limits: criterion("weight", **({"at_most": 8.4} | limits)), bounds),
    st.builds(lambda limits: criterion("measurement", measurement="platelets", unit="10*9/L", **({"at_least": 50.0} | limits)), bounds),
    st.builds(lambda sex: criterion("sex", sex=sex), st.sampled_from(["male", "female"])),
    st.builds(lambda key, answer: criterion("condition", condition=key, answer=answer), st.sampled_from([CONDITION, OTHER]), st.booleans()),
    st.just(criterion("any", of=(criterion("weight", at_most=8.4), criterion("age", below=2.0, unit="years")))),
    st.just(criterion("copies", gene="SMN1", at_most=0.0)),
)  # fmt: skip
texts = st.lists(
    st.builds(lambda one, whole: TextCriterion(one, whole, "" if whole else "Half."), asked, st.booleans()),
    max_size=3,
)


def agree(people, records):
    table = match_many(people, records)
    assert table.codes.shape == (len(people), len(records))
    for row, person in enumerate(people):
        facts = case_facts(person)
        for column, record in enumerate(records):
            plain = match_trial(facts, record).verdict
            assert table.verdict(row, column) is plain, (person, record)


@pytest.fixture(scope="module")
def read_as():
    """Let texts mean typed criteria of ours: each trial's text is its number."""
    held: dict[str, tuple[TextCriterion, ...]] = {}
    with pytest.MonkeyPatch.context() as patch:
        for module in ("match", "many"):
            patch.setattr(
                f"revertant.trials.matching.{module}.read_text", lambda text: (held.get(text, ()), ())
            )
        yield held


@settings(max_examples=150)
@given(st.lists(cases, max_size=6), st.lists(st.tuples(trials, texts), max_size=6))
def test_columns_agree_with_the_plain_form(read_as, people, drawn):
    read_as.clear()
    records = []
    for at, (record, typed) in enumerate(drawn):
        records.append(dataclasses.replace(record, nct_id=f"NCT{at:08d}", eligibility=f"{at}"))
        read_as[f"{at}"] = tuple(typed)
    agree(people, records)


@pytest.mark.long
@settings(max_examples=5000)
@given(st.lists(cases, max_size=6), st.lists(st.tuples(trials, texts), max_size=6))
def test_columns_agree_with_the_plain_form_at_length(read_as, people, drawn):
    read_as.clear()
    records = []
    for at, (record, typed) in enumerate(drawn):
        records.append(dataclasses.replace(record, nct_id=f"NCT{at:08d}", eligibility=f"{at}"))
        read_as[f"{at}"] = tuple(typed)
    agree(people, records)


def test_nobody_and_nothing_are_tables_too():
    assert match_many([], []).codes.shape == (0, 0)
    assert match_many([], [Trial(nct_id="NCT00000001", title="T")]).counts()["possible"] == 0


def test_columns_agree_on_the_real_records(shared_data):
    found = read_trials(sorted((shared_data / "trials").glob("c*g*v*.jsonl.gz")))
    tables = read_trials(sorted((shared_data / "trials").glob("cart_rheum_trials*")))
    records = (*found.trials, *tables.trials)
    assert measurements()["platelets"]
    people = [
        Case(
            f"{label} {age}",
            Subject("s", sex=sex, age_years=age, weight_kg=weight),
            (),
            diseases=(Disease("", label),),
            measurements=(Measurement("platelets", 40.0, "10*9/L"),) if age == 60.0 else (),
            conditions=(("pregnant", True),) if sex is Sex.FEMALE else (),
        )
        for label in ("acute myeloid leukemia", "lupus", "cystic fibrosis", "leukemia")
        for age, sex, weight in (
            (0.5, Sex.MALE, 6.0),
            (17.5, Sex.FEMALE, None),
            (60.0, Sex.FEMALE, 60.0),
            (80.5, Sex.UNKNOWN, 80.0),
        )
    ]
    agree(people, records)
