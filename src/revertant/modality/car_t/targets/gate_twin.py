"""The slow twin of the gate search: every gate weighed one by one, from the sentences alone.

It is there to be compared with; nothing else uses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations

from revertant.modality.car_t.targets.cells import MALIGNANT, PackedCells
from revertant.modality.car_t.targets.forms import FORMS, Gate, parts_of
from revertant.modality.car_t.targets.gates import GateLimits

__all__ = ["gates_by_hand"]


def gates_by_hand(cells: PackedCells, limits: GateLimits, most_antigens: int) -> Iterator[tuple[Gate, int]]:
    """Yield every gate that fulfils the limits, with the malignant cells it covers, in no order.

    The number of gates kept is not heeded.

    Parameters
    ----------
    cells, limits, most_antigens
        As for :func:`revertant.modality.car_t.targets.search_gates`.
    """
    import numpy as np  # noqa: PLC0415 - heavy

    carried = {gene: cells.positive(gene) for gene in cells.genes}
    coverage, hit, gained = (
        Fraction(str(share)) for share in (limits.least_coverage, limits.most_hit, limits.least_gain)
    )
    least, gain = (max(1, math.ceil(share * cells.malignant_cells)) for share in (coverage, gained))
    allowed = {group: math.floor(hit * size) for group, size in zip(cells.groups, cells.sizes, strict=True)}
    known: dict[Gate, tuple[int, bool]] = {}

    def weigh(gate: Gate) -> tuple[int, bool]:
        if gate not in known:
            hits = {
                group: int(np.sum(gate.attacks({gene: carried[gene][group] for gene in gate.antigens})))
                for group in cells.groups
            }
            known[gate] = hits[MALIGNANT], all(hits[organ] <= allowed[organ] for organ in cells.groups[1:])
        return known[gate]

    for form, shape in enumerate(FORMS):
        if shape.antigens > most_antigens:
            continue
        for gate in {Gate.of(form, antigens) for antigens in permutations(cells.genes, shape.antigens)}:
            cover, safe = weigh(gate)
            if not safe or cover < least:
                continue
            if all(not weigh(part)[1] or weigh(part)[0] + gain <= cover for part in parts_of(gate)):
                yield gate, cover
