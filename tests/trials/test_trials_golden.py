"""Golden patients: for each label, people written as a case file and what each criterion must say, written by hand.

``golden/<product>.yaml`` holds the labels of a product. ``asks`` lists the label's criteria, as read on the label; a
patient is ``person`` with the changes of ``but`` (``null`` takes a statement away), and meets every criterion that stands
neither under ``not_met`` nor ``unknown`` nor ``conflict``. ``inside`` and ``outside`` name the thresholds that this patient
lies just on this or the other side of.
"""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from revertant.knowledge import products
from revertant.patient import read_case
from revertant.trials import match_products

GOLDEN = Path(__file__).parent / "golden"
PRODUCTS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in GOLDEN.glob("*.yaml")}
STATES = ("not_met", "unknown", "conflict")
THRESHOLDS = ("at_least", "above", "at_most", "below")
#: How near to a threshold a patient must lie to count as just inside or outside: a day of age, one step of a titre or
#: copies, a tenth of a kilogram or of a measured unit.
NEAR = MappingProxyType({"age": 1.0 / 365.25, "titre": 1.0, "copies": 1.0, "weight": 0.1, "measurement": 0.1})


def rows():
    for key, golden in sorted(PRODUCTS.items()):
        for number, label in enumerate(golden["labels"]):
            for patient in label["patients"]:
                name = f"{key}-{label['where']}-{number}-{patient['who'].replace(' ', '_')}"
                yield pytest.param(key, label, patient, id=name)


def changed(person, but):
    """Return what is stated with some of it changed; a list is replaced whole, ``None`` takes away."""
    stated = copy.deepcopy(person)
    for key, value in but.items():
        if value is None:
            stated.pop(key, None)
        elif isinstance(value, dict):
            stated[key] = changed(stated.get(key, {}), value)
        else:
            stated[key] = value
    return stated


def case_of(label, patient, tmp_path):
    stated = {"id": "golden", **changed(label["person"], patient.get("but", {}))}
    if not {"variants", "copy_numbers"} & set(stated):
        # A case file names something to plan for; this is no gene of any product.
        stated["copy_numbers"] = [{"gene": "ACTB", "copies": 2, "method": "MLPA"}]
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(stated), encoding="utf-8")
    return read_case(path)


def day_of(label, patient):
    return patient.get("day", label["day"])


def label_of(key, label):
    return products()[key].label_in(label["where"], label["day"])


@pytest.mark.parametrize(("key", "label", "patient"), list(rows()))
def test_a_golden_patient_gets_exactly_these_answers(key, label, patient, tmp_path):
    case = case_of(label, patient, tmp_path)
    where = patient.get("country", label["where"])
    found = match_products(case, on_date=day_of(label, patient), jurisdictions=(where,))
    match = next((one for one in found if one.product == key), None)
    if patient["verdict"] == "absent":
        assert match is None
        return
    assert match is not None
    expected = dict.fromkeys(label["asks"], "met")
    for state in STATES:
        for criterion in patient.get(state, ()):
            assert expected[criterion] == "met", f"{criterion} is listed twice"
            expected[criterion] = state
    assert {one.criterion: one.state.value for one in match.criteria} == expected
    assert match.verdict == patient["verdict"]
    # What is open says what would settle it, and what is settled says what in the case did.
    for one in match.criteria:
        assert one.to_measure if one.state in {"unknown", "conflict"} else one.evidence


def test_every_product_and_label_has_golden_patients():
    assert set(PRODUCTS) == set(products())
    for key, golden in PRODUCTS.items():
        assert sum(len(label["patients"]) for label in golden["labels"]) >= 2
        described = [label_of(key, label).since for label in golden["labels"]]
        assert sorted(described) == sorted(label.since for label in products()[key].labels), key
    assert sum(len(label["patients"]) for golden in PRODUCTS.values() for label in golden["labels"]) >= 60


def edges(criteria, parent=None):
    """Yield each threshold of a label with the criterion that shows it: an alternative shows in its parent."""
    for criterion in criteria:
        shown = parent or criterion
        yield from edges(criterion.of, shown)
        for name in THRESHOLDS:
            if getattr(criterion, name) is not None:
                yield f"{criterion.key} {name}", criterion, name, shown


def measured(criterion, case):
    """Return the number of a case that a criterion looks at, in the criterion's unit."""
    if criterion.asks == "age":
        return case.subject.age_years * 365.25 / criterion.days_in_unit
    if criterion.asks == "weight":
        return case.subject.weight_kg
    if criterion.asks == "titre":
        (result,) = [one for one in case.serology if one.target == criterion.antigen]
        assert result.assay == criterion.assay
        assert not result.below
        return result.titre or 0.0
    if criterion.asks == "copies":
        (count,) = [one for one in case.copy_numbers if one.gene == criterion.gene]
        assert count.low == count.high
        return count.low
    (value,) = [one for one in case.measurements if one.name == criterion.measurement]
    assert value.unit == criterion.unit
    return value.value


@pytest.mark.parametrize("key", sorted(PRODUCTS))
def test_each_number_of_a_label_has_a_patient_just_inside_and_one_just_outside(key, tmp_path):
    for label in PRODUCTS[key]["labels"]:
        for name, criterion, threshold, shown in edges(label_of(key, label).criteria):
            limit = getattr(criterion, threshold)
            per_year = 365.25 / criterion.days_in_unit if criterion.asks == "age" else 1.0
            for side in ("inside", "outside"):
                there = [one for one in label["patients"] if name in one.get(side, ())]
                assert there, f"{key} {label['where']} {label['day']}: no patient {side} of {name}"
                for patient in there:
                    value = measured(criterion, case_of(label, patient, tmp_path))
                    assert abs(value - limit) <= NEAR[criterion.asks] * per_year * (1 + 1e-9), (name, value)
                    assert criterion.allows(round(value, 9)) is (side == "inside"), (name, value)
                    unmet = shown.key in patient.get("not_met", ())
                    assert unmet is (side == "outside"), (name, patient["who"])


def test_no_patient_names_a_threshold_that_is_none():
    for key, golden in PRODUCTS.items():
        for label in golden["labels"]:
            known = {name for name, *_ in edges(label_of(key, label).criteria)}
            named = {
                n for one in label["patients"] for n in (*one.get("inside", ()), *one.get("outside", ()))
            }
            assert named <= known, (key, named - known)


def test_a_day_of_a_label_or_of_the_market_has_a_patient_on_it_and_one_the_day_before():
    """Every text that follows another, and every step of the market, is asked on its first day and on the day before."""
    for key, golden in PRODUCTS.items():
        days = {
            (one["where"], day_of(one, patient)) for one in golden["labels"] for patient in one["patients"]
        }
        for label in products()[key].labels:
            changes = [dt.date.fromisoformat(step.since) for step in label.market]
            if label.until:
                changes.append(dt.date.fromisoformat(label.until) + dt.timedelta(days=1))
            for day in changes:
                assert (label.jurisdiction, day) in days, (key, day)
                assert (label.jurisdiction, day - dt.timedelta(days=1)) in days, (key, day)
