"""Errors say what, where and what to do, and keep their fields."""

from __future__ import annotations

import pickle

import pytest

from revertant import errors
from revertant.errors import (
    IncompatibleInputsError,
    InputError,
    NoDesignError,
    PolicyStopError,
    ProblemsError,
    RevertantError,
    UsageError,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError, 2),
        (InputError, 3),
        (ProblemsError, 3),
        (IncompatibleInputsError, 4),
        (NoDesignError, 5),
        (PolicyStopError, 6),
    ],
)
def test_exit_status(error, status):
    assert error.exit_status == status
    assert issubclass(error, RevertantError)


def test_every_class_is_public():
    classes = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    assert classes == set(errors.__all__)


@pytest.mark.parametrize(
    ("where", "remedy", "text"),
    [
        ("", "", "It is wrong."),
        ("a.vcf:3", "", "a.vcf:3: It is wrong."),
        ("", "Mend it.", "It is wrong. Mend it."),
        ("a.vcf:3", "Mend it.", "a.vcf:3: It is wrong. Mend it."),
    ],
)
def test_text(where, remedy, text):
    assert str(InputError("It is wrong.", where=where, remedy=remedy)) == text


def test_code_has_a_default_and_can_be_named():
    assert InputError("x").code == "bad-input"
    assert IncompatibleInputsError("x", code="wrong-build").code == "wrong-build"


def test_object_holds_the_same_as_the_text():
    error = PolicyStopError("Germline cells.", where="target_cells", remedy="None.", code="germline")
    assert error.as_dict() == {
        "ok": False,
        "code": "germline",
        "what": "Germline cells.",
        "where": "target_cells",
        "remedy": "None.",
        "exit_status": 6,
    }


def test_problems_are_listed_in_order():
    first, second = InputError("no id", where="id"), IncompatibleInputsError("twice", where="variants[1]")
    error = ProblemsError([first, second], where="case.yaml")
    assert error.problems == (first, second)
    assert str(error).splitlines()[1:] == ["  - id: no id", "  - variants[1]: twice"]
    assert [problem["where"] for problem in error.as_dict()["problems"]] == ["id", "variants[1]"]


def test_one_problem_is_singular():
    assert str(ProblemsError([InputError("no id")])).startswith("1 problem:")


@pytest.mark.parametrize(
    "error",
    [
        InputError("It is wrong.", where="a.vcf:3", remedy="Mend it.", code="ref-mismatch"),
        ProblemsError([InputError("no id", where="id")], where="case.yaml"),
    ],
)
def test_a_process_can_send_it_to_another(error):
    """Workers hand their errors to the parent process."""
    sent = pickle.loads(pickle.dumps(error))
    assert sent.as_dict() == error.as_dict()
    assert str(sent) == str(error)
