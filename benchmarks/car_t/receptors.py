"""Receptors of products rebuilt from the parts of the catalogue, and what carries them; antigen escape by gate.

    python benchmarks/car_t/receptors.py

prints the tables of ``docs/benchmarks/car_t_receptors.md``. The records themselves stand in
``tests/knowledge/car_records.py``; here a product is compared with the length and the SHA-256 of its record.
"""

from __future__ import annotations

import time

from revertant.knowledge import CarRole
from revertant.modality.car_t import (
    CarrierKind,
    EscapeGate,
    EscapeScenario,
    ReceptorBrief,
    compared_products,
    design_receptor,
    simulate_escape,
)
from revertant.model import FeatureKind
from revertant.sequence import translate


def names(receptor, *roles):
    """Names of the parts of some roles, in their order, up to the first comma."""
    found = [s.part.name.partition(",")[0] for role in roles for s in receptor.of_role(role)]
    return " + ".join(found) or "none"


def products():
    """One row for each product."""
    print(
        "| product | record | binder, linker | hinge | membrane | costimulus, CD3ζ | residues | to the residue |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for one in compared_products():
        row, made = one.architecture, one.receptor
        binder = f"{row.binder}, {names(made, CarRole.LINKER)}"
        signals = names(made, CarRole.COSTIMULATORY) + ", " + made.of_role(CarRole.ACTIVATION)[0].part.key
        same = "yes" if one.same_protein else "no"
        print(
            f"| {row.name} | {row.record} | {binder} | {names(made, CarRole.HINGE)} | "
            f"{names(made, CarRole.TRANSMEMBRANE)} | {signals} | {len(made.protein)} | {same} |"
        )


def reported():
    """What a review says, beside what the record has."""
    print(
        "\n| product | scFv, by the review | hinge/membrane, by the review | signal, by the review | note |"
    )
    print("|---|---|---|---|---|")
    for one in compared_products():
        row = one.architecture
        if row.reported_hinge_tm:
            binder = row.reported_scfv or "not read"
            print(f"| {row.name} | {binder} | {row.reported_hinge_tm} | {row.reported_signal} | {row.note} |")


def lengths():
    """Receptors of the designer, in every vector, each read again from the construct."""
    print("\n| receptor | residues | vector | packaged, bp | coding CpG | translates again | seconds |")
    print("|---|---|---|---|---|---|---|")
    briefs = (
        ReceptorBrief("CD19"),
        ReceptorBrief("CD19", costimulatory=("cd28_icd",)),
        ReceptorBrief("CD19", switch="egfrt"),
        ReceptorBrief("BCMA"),
        ReceptorBrief("CD19", second_binder="m971"),
        ReceptorBrief("CD19", generation=3),
    )
    for brief in briefs:
        start = time.perf_counter()
        made = design_receptor(brief, [CarrierKind.LENTIVIRAL, CarrierKind.MRNA])
        seconds = time.perf_counter() - start
        for design in made.designs:
            construct = design.vector.constructs[0]
            (cds,) = construct.of_kind(FeatureKind.CDS)
            same = translate(construct.bases_of(cds)) == f"{made.receptor.protein}*"
            print(
                f"| {made.receptor.name} | {len(made.receptor.protein)} | {design.vector.form.value} | "
                f"{construct.packaged_bp:,} | {design.vector.coding[0].measures.cpg} | {'yes' if same else 'no'} | "
                f"{seconds:.1f} |"
            )


def escape():
    """Escape of one antigen against two, for rates that are assumed."""
    print("\n| gate | loss a division | both at once | cells | escape, exact | escape, simulated |")
    print("|---|---|---|---|---|---|")
    for rate in (1e-9, 1e-7):
        pair = (("CD19", rate), ("CD22", rate))
        scenarios = (
            EscapeScenario(EscapeGate.SINGLE, 1e9, pair[:1]),
            EscapeScenario(EscapeGate.BOTH, 1e9, pair, 0.0),
            EscapeScenario(EscapeGate.EITHER, 1e9, pair, 0.0),
            EscapeScenario(EscapeGate.EITHER, 1e9, pair, rate / 10),
        )
        for one in scenarios:
            found = simulate_escape(one, runs=20_000)
            joint = "–" if one.joint_loss_per_division is None else f"{one.joint_loss_per_division:g}"
            print(
                f"| {one.gate.value} | {rate:g} | {joint} | {one.cells:,} | {found.probability:.3g} | "
                f"{found.simulated_share:.3g} |"
            )


if __name__ == "__main__":
    products()
    reported()
    lengths()
    escape()
