"""Dossiers of real cases in a folder, for the tests of what goes to other machines."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp

from revertant import patient, planning
from revertant.dossier import write_dossier
from revertant.modality import DesignOptions
from revertant.model import Plan
from revertant.planning import Inputs, PlanOptions

DEMO = files("revertant.cli") / "demo_data"
CASES = ("sickle_cell", "hbe_beta_thalassaemia", "sma", "b_all")


@cache
def inputs_of(name: str) -> Inputs:
    path = Path(str(DEMO / f"{name}.yaml"))
    return planning.open_inputs(patient.read_case(path), path)


@cache
def plan_of(name: str) -> Plan:
    return planning.make_plan(
        inputs_of(name), PlanOptions(DesignOptions(most_designs=4), search_off_targets=False)
    )


@cache
def folder_of(name: str, *, bundled: bool = False) -> Path:
    folder = Path(mkdtemp(prefix="revertant-test-")) / name
    write_dossier(plan_of(name), folder, inputs_of(name), bundle_inputs=bundled)
    return folder
