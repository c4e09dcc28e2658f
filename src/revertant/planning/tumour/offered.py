"""What a tumour offers to be attacked: its antigens judged, and gates over its single cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant.modality.car_t import (
    AntigenVariant,
    TargetSelection,
    TumourEvidence,
    search_gates,
    select_targets,
)
from revertant.modality.car_t.targets import ExpressionTable, ExpressionUnit
from revertant.modality.car_t.therapy import judged_gates
from revertant.model import Finding, JudgedGate
from revertant.planning.tumour.tables import TumourTables

__all__ = ["judge_antigens", "judge_gates"]

_COUNTS = {1: "of one antigen", 2: "of one and two antigens", 3: "of one, two and three antigens"}


def judge_antigens(
    tables: TumourTables,
    named: Sequence[str],
    variants: tuple[AntigenVariant, ...],
    germline: tuple[tuple[str, Finding], ...] = (),
) -> TargetSelection:
    """Judge every antigen the tumour expresses, and those that are named whatever it expresses."""
    import numpy as np  # noqa: PLC0415 - heavy

    # Without a table nothing was measured: every level is unknown, none is zero.
    tumour = tables.tumour or ExpressionTable("none", (), (), np.zeros((0, 0)), ExpressionUnit.TPM, (), ())
    evidence = TumourEvidence(tumour, tables.normals, tables.clusters, tables.surfaceome, variants, germline)
    if tables.tumour is None:
        return select_targets(evidence, only=named)
    found = select_targets(evidence)
    held = {target.gene for target in found.targets}
    missing = [name for name in named if name not in held]
    if not missing:
        return found
    more = select_targets(evidence, only=missing).targets
    return replace(found, targets=(*found.targets, *more))


def judge_gates(tables: TumourTables, gate_size: int = 2) -> tuple[tuple[JudgedGate, ...], str]:
    """Search gates over single cells, and say how, or why none were.

    Parameters
    ----------
    tables
        Of the tumour.
    gate_size
        Antigens of a gate at most, 1 to 3.

    Examples
    --------
    >>> judge_gates(TumourTables())[1]
    'Gates need single cells of the tumour and of organs, and none were given.'
    """
    if tables.cells is None:
        return (), "Gates need single cells of the tumour and of organs, and none were given."
    search = search_gates(tables.cells, most_antigens=gate_size)
    told = (
        f"{search.considered:,} gates {_COUNTS[gate_size]} were weighed over {search.malignant_cells:,} malignant "
        f"and {search.normal_cells:,} normal cells, of {search.genes:,} genes"
    )
    within = tables.surfaceome.title if tables.surfaceome is not None else ""
    listed = f"on {within} or in" if within else "in"
    tail = "" if within else " Others need a list of surface proteins (files.surfaceome)."
    return judged_gates(search), f"{told} {listed} the catalogue of antigens.{tail} {search.because}".strip()
