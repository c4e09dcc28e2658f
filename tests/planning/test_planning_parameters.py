"""The parameters that a plan states are all that is needed to choose the same again."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planning_cases import inputs_of, sickle_case

from revertant.errors import IncompatibleInputsError, InputError
from revertant.modality import DesignOptions
from revertant.model import SearchLimits
from revertant.planning import Inquiry, PlanOptions, options_of
from revertant.planning.make import _provenance

INPUTS = inputs_of(sickle_case())
#: Set by a parts file, which is an input with a digest, or by commands that ask without a patient.
NOT_PARAMETERS = {
    "donors", "transgene", "forms", "capsid", "promoter", "parts", "avoid_sites", "car_parts", "car_binders",
}  # fmt: skip
NAMES = st.lists(st.sampled_from(["spcas9", "abemax", "sacas9"]), unique=True).map(tuple)

OPTIONS = st.builds(
    PlanOptions,
    design=st.builds(DesignOptions, editors=NAMES, nucleases=NAMES, most_designs=st.integers(1, 5000)),
    limits=st.builds(
        SearchLimits,
        st.integers(0, 8),
        st.integers(0, 3),
        st.integers(0, 3),
        total_edits=st.none() | st.integers(0, 14),
    ),
    search_off_targets=st.booleans(),
    amplicons=st.integers(0, 50),
    modalities=st.lists(st.sampled_from(["nuclease", "hdr"]), unique=True).map(tuple),
    country=st.sampled_from(["", "US", "EU"]),
    on_date=st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)),
)


@given(OPTIONS)
def test_parameters_give_the_options_back(options):
    assert options_of(dict(_provenance(INPUTS, options).parameters)) == options


def test_no_option_is_forgotten():
    # A new option needs a parameter, and a line in options_of: a dossier could not be made again without it.
    assert {one.name for one in fields(PlanOptions)} == {
        "design", "limits", "search_off_targets", "amplicons", "modalities", "gate_size", "country", "on_date",
    }  # fmt: skip
    assert {one.name for one in fields(DesignOptions)} - NOT_PARAMETERS == {
        "editors",
        "nucleases",
        "most_designs",
    }


def test_gate_size_is_read():
    stated = dict(_provenance(INPUTS, PlanOptions()).parameters)
    assert options_of({**stated, "gate_size": "3"}).gate_size == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mismatches", "many"),
        ("mismatches", "-1"),
        ("mismatches", "\u0663"),
        ("total_edits", "-1"),
        ("most_designs", "9" * 5000),
        ("search_off_targets", "yes"),
        ("total_edits", ""),
        ("date", "2026-13-01"),
        ("editors", None),
    ],
)
def test_what_no_plan_writes_is_refused(name, value):
    stated = dict(_provenance(INPUTS, PlanOptions()).parameters)
    stated[name] = value
    if value is None:
        del stated[name]
    with pytest.raises(InputError) as caught:
        options_of(stated, where="crate")
    assert (caught.value.code, caught.value.where) == ("parameters-not-read", "crate")


def test_a_question_without_a_patient_is_no_case():
    stated = dict(_provenance(INPUTS, PlanOptions()).parameters)
    stated.update(Inquiry(gene="HBB").parameters)
    with pytest.raises(IncompatibleInputsError) as caught:
        options_of(stated)
    assert caught.value.code == "not-a-case"
