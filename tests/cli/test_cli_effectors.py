"""Effectors named on the command line."""

from __future__ import annotations

import pytest

from revertant.cli.effectors import check_effectors, choose_effector
from revertant.errors import UsageError


def test_a_prime_editor_is_searched_as_its_nuclease() -> None:
    assert choose_effector("", "pe2", "", None) == choose_effector("spcas9", "", "", None)
    assert choose_effector("", "pe2_spry", "", None).pam == "NNN"


def test_prime_editors_are_known_editors() -> None:
    check_effectors(["pemax", "abe8e"], ["spcas9"])
    with pytest.raises(UsageError, match="no editor 'pe99'"):
        check_effectors(["pe99"], [])
