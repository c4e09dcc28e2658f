"""One plan of every kind a dossier is written for, for tests that hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files

import car_builder
import plan_builder
import product_builder
import vector_builder

from revertant import patient, planning
from revertant.cli.demo import DEMOS
from revertant.model import Finding, Plan, Status

NOBODY = Finding("case.none", Status.UNKNOWN, "Nobody is planned for.", "HBB")


@cache
def built_plans() -> dict[str, Plan]:
    """Plans made by hand: quick, and of every shape."""
    sickle = plan_builder.sickle_plan()
    return {
        "gene": sickle,
        "gene, a person's genome": plan_builder.patient_plan(),
        "gene, nobody": replace(sickle, findings=(NOBODY, *sickle.findings)),
        "gene, all stopped": replace(
            sickle, designs=tuple(replace(one, tier="stopped by a failed rule") for one in sickle.designs)
        ),
        "refusal": plan_builder.empty_plan(),
        "bare": plan_builder.bare_plan(),
        "large": plan_builder.large_plan(sites=400, variants=30),
        "products, no design": replace(plan_builder.empty_plan(), products=product_builder.MATCHES),
        "AAV": vector_builder.vector_plan(vector_builder.smn_vector()),
        "dual AAV": vector_builder.vector_plan(vector_builder.dual_vector()),
        "lentivirus": vector_builder.vector_plan(vector_builder.lentiviral_vector()),
        "mRNA": vector_builder.vector_plan(vector_builder.mrna_vector()),
        "own T cells": car_builder.car_plan(donated=False),
        "donor's T cells": car_builder.car_plan(),
    }


@cache
def demo_plan(name: str) -> Plan:
    """The plan of a built-in demo."""
    demo = next(one for one in DEMOS if one.name == name)
    with as_file(files("revertant.cli") / "demo_data") as folder:
        path = folder / demo.case_file
        return planning.make_plan(
            planning.open_inputs(patient.read_case(path), path),
            planning.PlanOptions(search_off_targets=False),
        )


DEMO_NAMES = tuple(one.name for one in DEMOS)
