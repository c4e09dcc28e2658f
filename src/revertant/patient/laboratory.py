"""From a phenopacket to laboratory values and copies of genes, where GA4GH version 2 has a place for them.

A measurement is known by its LOINC code, a copy number by the variation of an interpretation (VRS ``CopyNumber``). What
has another code, another unit or no number is left unread and counted; it is never guessed from a label.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from revertant.knowledge import TIMES_UPPER_LIMIT, measurement_by_loinc
from revertant.model import CopyNumber, Measurement, Tally

__all__ = ["holds_copy_number", "read_copy_numbers", "read_measurements"]

_LOINC = "LOINC:"


def read_measurements(packet: Any) -> tuple[tuple[Measurement, ...], tuple[Tally, ...]]:
    """Read the measurements of a phenopacket message.

    A value whose laboratory states its upper limit of normal is kept a second time in multiples of that limit, which is
    how labels state their thresholds.

    Parameters
    ----------
    packet
        The message.

    Returns
    -------
    tuple
        The values, and the account of the measurements that were read and left; no account when there are none.
    """
    found: list[Measurement] = []
    refused: list[str] = []
    for item in packet.measurements:
        fact = measurement_by_loinc(item.assay.id.removeprefix(_LOINC)) if item.assay.id else None
        if fact is None:
            refused.append("no LOINC code of a value that labels or trials ask for")
            continue
        if item.WhichOneof("measurement_value") != "value" or item.value.WhichOneof("value") != "quantity":
            refused.append("not a single number")
            continue
        quantity = item.value.quantity
        unit = quantity.unit.id.removeprefix("UCUM:") or quantity.unit.label
        if unit not in {one.unit for one in fact.units}:
            refused.append(f"another unit than {', '.join(one.unit for one in fact.units)}")
            continue
        date = _day(item.time_observed)
        found.append(Measurement(fact.key, quantity.value, unit, date))
        limits = quantity.reference_range
        same_unit = limits.unit.id in ("", quantity.unit.id)
        if fact.by_limit and same_unit and quantity.HasField("reference_range") and limits.high > 0:
            found.append(Measurement(fact.key, quantity.value / limits.high, TIMES_UPPER_LIMIT, date))
    if not packet.measurements:
        return (), ()
    kept = len(packet.measurements) - len(refused)
    return tuple(found), (Tally.of("measurements", kept=kept, refused=refused),)


def _day(time: Any) -> str:
    if time.WhichOneof("element") != "timestamp":
        return ""
    return dt.datetime.fromtimestamp(time.timestamp.seconds, tz=dt.UTC).date().isoformat()


def holds_copy_number(interpretation: Any) -> bool:
    """Whether a genomic interpretation states copies of a gene, not a change of sequence."""
    if interpretation.WhichOneof("call") != "variant_interpretation":
        return False
    variation = interpretation.variant_interpretation.variation_descriptor.variation
    return bool(variation.WhichOneof("variation") == "copy_number")


def read_copy_numbers(packet: Any) -> tuple[tuple[CopyNumber, ...], tuple[Tally, ...]]:
    """Read the copy numbers among the genomic interpretations of a phenopacket message.

    Phenopackets do not say how copies were counted, so the method stays empty and the number decides nothing until
    a case file states it with its method.

    Parameters
    ----------
    packet
        The message.

    Returns
    -------
    tuple
        The copy numbers, and their account; no account when there are none.
    """
    found: list[CopyNumber] = []
    refused: list[str] = []
    for interpretation in packet.interpretations:
        for item in interpretation.diagnosis.genomic_interpretations:
            if not holds_copy_number(item):
                continue
            descriptor = item.variant_interpretation.variation_descriptor
            gene = descriptor.gene_context.symbol.strip()
            bounds = _bounds(descriptor.variation.copy_number)
            if item.interpretation_status == item.InterpretationStatus.Value("REJECTED"):
                refused.append("interpretation status REJECTED")
            elif not gene or not gene.isprintable():
                refused.append("no gene symbol in geneContext")
            elif bounds is None:
                refused.append("no number of copies")
            else:
                found.append(CopyNumber(gene, *bounds, method=""))
    if not found and not refused:
        return (), ()
    return tuple(found), (Tally.of("copy numbers", kept=len(found), refused=refused),)


def _bounds(copies: Any) -> tuple[int, int | None] | None:
    kind = next(
        (name for name in ("number", "definite_range", "indefinite_range") if copies.HasField(name)), ""
    )
    if kind == "number":
        return copies.number.value, copies.number.value
    if kind == "definite_range" and copies.definite_range.min <= copies.definite_range.max:
        return copies.definite_range.min, copies.definite_range.max
    if kind == "indefinite_range" and copies.indefinite_range.comparator == ">=":
        return copies.indefinite_range.value, None
    if kind == "indefinite_range" and copies.indefinite_range.comparator == "<=":
        return 0, copies.indefinite_range.value
    return None
