"""The published schema: current, valid, and true of every plan."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nomination_builder as nominations
import plan_builder as build
import pytest
from jsonschema import Draft202012Validator

from revertant.dossier import SCHEMAS, nomination_schema, plan_schema, write_schema
from revertant.dossier.schema import schema_text
from revertant.errors import UsageError
from revertant.model import canonical_json

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = plan_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("plan", [build.sickle_plan, build.patient_plan, build.empty_plan, build.bare_plan])
def test_plans_are_valid(validator, plan):
    assert [error.message for error in validator.iter_errors(json.loads(plan().to_json()))] == []


def test_wrong_plans_are_not(validator):
    good = json.loads(build.sickle_plan(most_sites=1).to_json())
    for path, value in (
        (("designs", 0, "rank"), "first"),
        (("gate", 0, "status"), "fine"),
        (("unknowns", 0), {"question": "?"}),
        (("extra",), 1),
        (("designs", 0, "design", "facts", 0), ["one"]),
        (("designs", 0, "design", "facts", 0), ["one", "two", "three"]),
        (("targets", 0, "transcript", "cds"), [1]),
    ):
        bad = copy.deepcopy(good)
        place = bad
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert not validator.is_valid(bad), path


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_schema_is_current(name):
    text = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == schema_text(name), "write it anew with revertant.dossier.write_schema"
    assert json.loads(text)["$id"].endswith(f"/{name}.schema.json")


NOMINATIONS = (nominations.windows_nomination, nominations.bare_nomination, nominations.large_nomination)


@pytest.mark.parametrize("nomination", NOMINATIONS)
def test_nominations_are_valid(nomination):
    schema = nomination_schema()
    Draft202012Validator.check_schema(schema)
    written = json.loads(canonical_json(nomination()))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(written)] == []
    for place, value in (("names", "one"), ("pairs", None), ("population", 3), ("extra", 1)):
        assert not Draft202012Validator(schema).is_valid({**written, place: value}), place


def test_an_unknown_schema_is_a_usage_error():
    with pytest.raises(UsageError, match="plan, nomination"):
        schema_text("case")


def test_schema_is_written(tmp_path):
    path = write_schema(tmp_path / "a" / "plan.schema.json")
    assert json.loads(path.read_text(encoding="utf-8")) == plan_schema()
    assert b"\r" not in path.read_bytes()


def test_descriptions_come_from_the_docstrings():
    definitions = plan_schema()["$defs"]
    assert definitions["Plan"]["properties"]["verdict"]["description"].startswith("The answer in one or two")
    assert "design_id" in definitions["Design"]["properties"]
    assert definitions["Design"]["properties"]["effector_name"]["description"].startswith("Catalogue key")
