"""Every public name is explained, and shown by an example that runs."""

from __future__ import annotations

import importlib
import inspect

import pytest
from repo_house import MODULES, ROOMS, SOURCE, declared_names, dotted, room_of

#: Public functions of a room's face whose docstring shows no example, each with its reason.
WITHOUT_EXAMPLE: dict[str, str] = {}


DECLARED = [
    (dotted(path), name) for path in MODULES if room_of(path) != "cli" for name in declared_names(path) or ()
]
FACES = [
    (f"revertant.{room}", name)
    for room in ROOMS
    if room != "cli" and (SOURCE / room / "__init__.py").exists()
    for name in declared_names(SOURCE / room / "__init__.py") or ()
]


@pytest.mark.parametrize(("module", "name"), DECLARED)
def test_public_name_is_documented(module, name):
    thing = getattr(importlib.import_module(module), name)
    if not (inspect.isclass(thing) or inspect.isroutine(thing)) or thing.__module__ != module:
        return
    text = inspect.getdoc(thing) if thing.__doc__ else ""
    assert text, "write a docstring"
    # dataclass writes its signature as a docstring where there is none.
    assert not text.startswith(f"{thing.__name__}("), "write a docstring"
    assert text.splitlines()[0].rstrip().endswith((".", "?", ":")), "start with one whole sentence"
    if inspect.isclass(thing):
        undocumented = [
            member
            for member, value in vars(thing).items()
            if not member.startswith("_") and _is_written(value, thing) and not _function(value).__doc__
        ]
        assert not undocumented, f"{thing.__qualname__}: {undocumented} need docstrings"


def _function(value):
    value = value.fget if isinstance(value, property) else value
    return getattr(value, "__func__", value)


def _is_written(value, owner):
    function = _function(value)
    return inspect.isfunction(function) and function.__qualname__.startswith(owner.__qualname__)


@pytest.mark.parametrize(("module", "name"), FACES)
def test_functions_users_call_show_an_example(module, name):
    thing = getattr(importlib.import_module(module), name)
    if inspect.isroutine(thing) and f"{module}.{name}" not in WITHOUT_EXAMPLE:
        assert ">>>" in (thing.__doc__ or ""), "show an example that runs"


def test_reasons_for_no_example_are_still_needed():
    for name in WITHOUT_EXAMPLE:
        module, _, attribute = name.rpartition(".")
        assert ">>>" not in (getattr(importlib.import_module(module), attribute).__doc__ or "")


@pytest.mark.parametrize("room", [room for room in ROOMS if (SOURCE / room / "__init__.py").exists()])
def test_a_room_teaches_its_idea(room):
    """The docstring of a room's __init__ explains its one idea, in more than its title."""
    text = importlib.import_module(f"revertant.{room}").__doc__ or ""
    assert len(text.split()) >= 25
