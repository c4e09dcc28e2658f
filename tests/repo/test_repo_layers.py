"""Arrows between rooms point one way."""

from __future__ import annotations

import sys

import pytest
from repo_house import MODULES, ROOMS, SOURCE, imports_of, name_of, room_of

IN_ROOMS = [path for path in MODULES if room_of(path)]
#: Modalities made of others, which may use what their siblings declare public: a splice site is broken by the base
#: editors and nucleases that exist already.
COMPOSED_MODALITIES = {"car_t", "splice_switching"}


def test_every_folder_is_a_room_with_a_place_in_the_order():
    found = {room_of(path) for path in IN_ROOMS}
    assert found <= set(ROOMS), f"give these rooms a place in the order: {sorted(found - set(ROOMS))}"


@pytest.mark.parametrize("path", IN_ROOMS, ids=name_of)
def test_a_room_imports_only_rooms_above_it(path):
    here = ROOMS.index(room_of(path))
    wrong = []
    for line, name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "revertant" and len(parts) > 1 and parts[1] in ROOMS and ROOMS.index(parts[1]) > here:
            wrong.append(f"line {line}: {name}")
    assert not wrong, f"{name_of(path)} imports from below: {wrong}"


@pytest.mark.parametrize("path", [p for p in IN_ROOMS if room_of(p) in {"errors", "model"}], ids=name_of)
def test_errors_and_model_need_the_standard_library_only(path):
    allowed = {*sys.stdlib_module_names, "revertant"}
    wrong = [f"line {line}: {name}" for line, name in imports_of(path) if name.split(".")[0] not in allowed]
    assert not wrong


@pytest.mark.parametrize("path", sorted((SOURCE / "modality").glob("*/*.py")), ids=name_of)
def test_a_modality_does_not_import_its_siblings(path):
    own = path.parent.name
    siblings = {folder.name for folder in path.parent.parent.iterdir() if folder.is_dir()} - {own}
    wrong = [
        f"line {line}: {name}"
        for line, name in imports_of(path)
        if name.startswith("revertant.modality.") and name.split(".")[2] in siblings
    ]
    assert own in COMPOSED_MODALITIES or not wrong


def test_only_planning_and_the_faces_see_the_whole_line():
    """A face (cli, web, dossier, cohort) may import planning; no other room may."""
    allowed = {"planning", "dossier", "cohort", "casebook", "web", "cli"}
    users = {
        room_of(path) for path in IN_ROOMS for _, name in imports_of(path) if "revertant.planning" in name
    }
    assert users <= allowed
