"""Approved products come first: in the verdict, in what is not known, and where the user says."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from revertant import planning
from revertant.model import (
    Case,
    CaseVariant,
    CopyNumber,
    Disease,
    LabelVerdict,
    Pathogenicity,
    Serology,
    Status,
    Subject,
    Zygosity,
)
from revertant.planning.first_resort import first_resort

INFANT = Case(
    "infant",
    Subject("i", age_years=56 / 365.25, weight_kg=4.6),
    (),
    diseases=(Disease("OMIM:253300"),),
    jurisdiction="US",
    consent=True,
    copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN2", 2, 2, "MLPA")),
    serology=(Serology("AAV9", "TAb", 25.0, date="2026-11-12"),),
)


@pytest.fixture(scope="module")
def plan():
    return planning.make_plan(planning.open_inputs(INFANT))


def test_a_fitting_product_is_the_first_thing_a_reader_sees(plan):
    assert plan.verdict.startswith("An approved product fits the label: Zolgensma (US). ")
    assert [(one.product, one.verdict) for one in plan.products] == [
        ("zolgensma", LabelVerdict.FITS),
        ("itvisma", LabelVerdict.DOES_NOT_FIT),
    ]


def test_what_to_measure_next_stands_first_among_the_unknowns(plan):
    assert plan.unknowns[0].rule == "product.precautions"
    assert "alanine aminotransferase" in plan.unknowns[0].how_to_find_out
    # Itvisma does not fit, so nothing is measured for it.
    assert "Itvisma" not in " ".join(one.question for one in plan.unknowns if one.rule.startswith("product."))


def test_country_and_day_choose_the_labels_and_stand_in_the_provenance():
    inputs = planning.open_inputs(INFANT)
    options = planning.PlanOptions(country="DE", on_date=dt.date(2026, 11, 26))
    made = planning.make_plan(inputs, options)
    assert {one.jurisdiction for one in made.products} == {"EU"}
    assert made.verdict.startswith("An approved product may fit once more is known: Zolgensma (EU).")
    assert dict(made.provenance.parameters) | {"country": "DE", "date": "2026-11-26"} == dict(
        made.provenance.parameters
    )
    before = planning.make_plan(inputs, planning.PlanOptions(on_date=dt.date(2019, 1, 1)))
    assert before.products == ()


def test_a_titre_is_asked_for_by_itself():
    untested = dataclasses.replace(INFANT, serology=())
    asked = [one for one in first_resort(untested, ()).unknowns if one.rule == "product.anti_AAV9"]
    assert len(asked) == 1
    assert asked[0].how_to_find_out.startswith("Measure anti-AAV9")


def test_where_the_catalogue_has_no_label_it_says_so():
    there = first_resort(dataclasses.replace(INFANT, jurisdiction="BR"), ())
    assert (there.matches, there.sentence) == ((), "")
    assert there.findings[0].status is Status.UNKNOWN
    assert "no label of BR" in there.findings[0].because
    assert there.unknowns[0].rule == "products.known"


def test_without_a_product_the_reason_is_said_and_nothing_is_asked():
    variant = CaseVariant(("NM_000170.3:c.1A>T",), Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, gene="GLDC")
    none = first_resort(Case("c", Subject("s"), (variant,)), ())
    assert (none.matches, none.unknowns, none.sentence) == ((), (), "")
    assert none.findings[0].status is Status.NOT_APPLICABLE


def test_without_a_jurisdiction_every_label_is_shown():
    shown = first_resort(dataclasses.replace(INFANT, jurisdiction=""), ()).matches
    assert {one.jurisdiction for one in shown} == {"US", "EU", "GB", "CH"}


def test_copies_counted_by_software_alone_are_no_fit():
    counted = (CopyNumber("SMN1", 0, 0, "in_silico"), CopyNumber("SMN2", 2, 2, "in_silico"))
    first = first_resort(dataclasses.replace(INFANT, copy_numbers=counted), ())
    assert first.sentence == "An approved product may fit once more is known: Zolgensma (US)."
    assert first.unknowns[0].how_to_find_out == "Confirm the copies of SMN1 by MLPA or digital PCR."
