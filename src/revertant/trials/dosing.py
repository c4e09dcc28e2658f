"""The dose a label states, worked out for one person's weight."""

from __future__ import annotations

import math

from revertant.knowledge import LabelDose
from revertant.model import power_text

__all__ = ["dose_for"]


def dose_for(dose: LabelDose | None, weight_kg: float | None) -> str:
    """Return the dose in words.

    Where a label has weight ranges, the volume is that of the upper end of the person's range, rounded to 0.1 mL as
    labels round it.

    Parameters
    ----------
    dose
        As the catalogue has it; ``None`` gives no words.
    weight_kg
        Body weight; without it a dose per kg stays per kg.

    Examples
    --------
    >>> given = LabelDose(
    ...     text="Once.", vg_per_kg=1.1e14, vg_per_ml=2e13, kit_from_kg=2.6, kit_to_kg=21, kit_step_kg=0.5, vial_ml=8.3
    ... )
    >>> dose_for(given, 4.6)
    'Once. 1.1e14 vg/kg: 5.06e14 vg for 4.6 kg; the kit for 4.6 to 5.0 kg holds 27.5 mL in 4 vials, the dose of 5.0 kg.'
    >>> dose_for(given, 30)
    'Once. 1.1e14 vg/kg: 3.3e15 vg for 30 kg; no kit is published for this weight.'
    """
    if dose is None:
        return ""
    if dose.vg:
        return f"{dose.text} {power_text(dose.vg)} vg in all, whatever the weight."
    if not dose.vg_per_kg:
        return dose.text
    told = f"{dose.text} {power_text(dose.vg_per_kg)} vg/kg"
    if weight_kg is None:
        return f"{told}; the weight is not stated."
    told += f": {power_text(dose.vg_per_kg * weight_kg)} vg for {weight_kg:g} kg"
    if dose.kit_step_kg:
        return f"{told}; {_kit(dose, weight_kg)}."
    if dose.vg_per_ml:
        volume = dose.vg_per_kg * weight_kg / dose.vg_per_ml
        vials = f" from {math.ceil(round(volume / dose.vial_ml, 9))} vials" if dose.vial_ml else ""
        return f"{told}, {volume:.4g} mL{vials}."
    return f"{told}."


def _kit(dose: LabelDose, weight_kg: float) -> str:
    kit = dose.kit(weight_kg)
    if kit is None:
        return "no kit is published for this weight"
    holds = f"the kit for {kit.from_kg:.1f} to {kit.to_kg:.1f} kg holds {kit.volume_ml:.1f} mL in {kit.vials} vials"
    return f"{holds}, the dose of {kit.to_kg:.1f} kg"
