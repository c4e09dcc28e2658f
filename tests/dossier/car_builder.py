"""A cell therapy made by hand, for the tests of the dossier.

The course is the published model's and the edit set is designed on bases made for the purpose that hold published guides.
Levels of antigens are stand-ins for the layout, not results: nothing here is to be cited.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import plan_builder as build
import vector_builder

from revertant import knowledge
from revertant.genome import PatientGenome, Reference
from revertant.modality.car_t import domain_finding, simulate_courses, watch_items
from revertant.modality.car_t.edits import EditRequest, design_edit_set
from revertant.model import (
    Assessment,
    CarTherapy,
    CellSource,
    Design,
    EditSet,
    Finding,
    JudgedAntigen,
    JudgedGate,
    JudgedTumour,
    Plan,
    RankedDesign,
    ReceptorDomain,
    Route,
    Status,
)

_MODEL = "tisagenlecleucel_b_all"


@cache
def edit_set(*, donated: bool = True) -> EditSet:
    """Edits of donor cells: three published guides, so three breaks, and CIITA, which is not there."""
    drawn = random.Random(7)
    contigs = {}
    for key in ("trac_site_1", "b2m_site_2", "pdcd1_site_1"):
        row = knowledge.precedents()[key]
        flank = "".join(drawn.choice("ACGT") for _ in range(400))
        contigs[f"window_{row.gene}"] = flank + row.spacer + row.pam + flank[::-1]
    cells = CellSource.ALLOGENEIC if donated else CellSource.AUTOLOGOUS
    hla = ("A*02:01", "A*24:02", "B*07:02", "B*08:01")
    request = EditRequest(
        cells, ("CD19",), checkpoint=donated, patient_hla=hla, donor_hla=(*hla[:1], "A*01:01", "B*07:02")
    )
    return design_edit_set(request, PatientGenome(Reference.from_sequences(contigs))).edit_set


def antigen(
    gene: str, tumour: float | None, organ: str, worst: float | None, status: Status
) -> JudgedAntigen:
    """One antigen with stand-in levels."""
    words = {Status.PASS: "usable alone", Status.FAIL: "not as a single target"}
    why = f"Why {gene} is judged so stands here."
    finding = Finding("car_t.target.safety_known", status, f"What is known of {gene}.", organ)
    verdict = words.get(status, "usable with limits")
    return JudgedAntigen(
        gene, gene, tumour, "per million", organ, worst, 0.97 if status is Status.PASS else None, verdict,
        status, why, (finding,), "approved",
    )  # fmt: skip


@cache
def therapy(*, donated: bool = True) -> CarTherapy:
    """Return a therapy against CD19."""
    model = knowledge.cellular_kinetics()[_MODEL]
    return CarTherapy(
        disease="B-cell acute lymphoblastic leukaemia",
        attacked=("CD19",),
        protein="MALPVTALLL",
        domains=(
            ReceptorDomain("cd8a_signal", "CD8α signal peptide", "signal_peptide", 0, 4),
            ReceptorDomain("cd3z", "CD3ζ", "activation", 4, 10),
        ),
        edit_set=edit_set(donated=donated),
        kinetics=simulate_courses(model, days=180, people=400),
        kinetics_finding=domain_finding(model, model.diseases[0], 9.0),
        watch=watch_items(antigens=("CD19",)),
    )


def tumour() -> JudgedTumour:
    """Return a judged tumour."""
    return JudgedTumour(
        disease="B-cell acute lymphoblastic leukaemia",
        antigens=(
            antigen("CD19", 240.0, "spleen", 31.0, Status.PASS),
            antigen("CD22", 88.0, "spleen", 22.5, Status.CAUTION),
            antigen("MS4A1", 12.0, "spleen", 140.0, Status.CAUTION),
            antigen("CD33", 3.1, "", None, Status.FAIL),
            antigen("TNFRSF17", None, "", None, Status.UNKNOWN),
        ),
        gates=(JudgedGate("CD19 or CD22", ("CD19", "CD22"), 0.991, "bone marrow", 0.031, 0.044),),
        gates_because="",
    )


def design(*, donated: bool = True) -> Design:
    """Return the therapy as a design, with the lentivirus of the vector tests to carry it."""
    made = therapy(donated=donated)
    guides = tuple(edit.chosen.guide for edit in made.edit_set.edits if edit.chosen is not None)
    return Design(
        modality="car_t",
        route=Route.ATTACK_TUMOUR,
        gene="CD19",
        acts_on="CD19",
        effector="car",
        effector_name="CAR against CD19",
        guides=guides,
        purpose="T cells are given a receptor against CD19.",
        vector=vector_builder.lentiviral_vector(),
        car=made,
    )


def car_plan(*, donated: bool = True) -> Plan:
    """Return a plan with this one design."""
    made = design(donated=donated)
    assessment = Assessment(made.design_id, made.car.edit_set.findings if made.car else ())
    ranked = RankedDesign(
        1, "g1", "receptor of an approved product", "It is the only one.", True, made, assessment
    )
    plan = build.sickle_plan()
    return replace(
        plan,
        case_id="car",
        designs=(ranked,),
        targets=(),
        strategies=(),
        rejections=(),
        off_targets=(),
        tumour=tumour(),
    )
