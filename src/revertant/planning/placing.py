"""Which copies carry the case's variants, and the patient's genome made from them and from the VCF.

What the case states and what the VCF says must fit together, and every variant of the case must lie on the
genome that is planned on: a plan for a genome without the variant would be for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from revertant.errors import IncompatibleInputsError
from revertant.genome import CallTable, PatientGenome
from revertant.model import Call, CaseVariant, Finding, Status, Variant, Zygosity
from revertant.planning.inputs import Inputs
from revertant.planning.phase import phase_label
from revertant.planning.ploidy import check_ploidy, sex_of
from revertant.planning.resolving import Resolved

__all__ = ["Placed", "lay_out", "place"]


@dataclass(frozen=True, slots=True)
class Placed:
    """One case variant on the genome, with its gene and the copies that carry it."""

    stated: CaseVariant
    variant: Variant
    call: Call
    zygosity: Zygosity
    named_transcript: str
    gene: str


def place(item: Resolved, inputs: Inputs, findings: list[Finding]) -> Placed:
    """Decide which copies carry the variant: the VCF where it knows, else the stated zygosity.

    Raises
    ------
    IncompatibleInputsError
        Code ``zygosity-conflict`` or ``hemizygous-autosome``.
    """
    stated, variant = item.stated, item.variant
    called = next(iter(inputs.vcf.calls.of_variant(variant)), None) if inputs.vcf else None
    sex = sex_of(inputs)
    zygosity = check_ploidy(variant, stated.zygosity, sex, inputs.reference, findings, where=stated.path)
    if called is not None:
        seen = _zygosity_of(called)
        if zygosity is Zygosity.UNKNOWN:
            zygosity = check_ploidy(variant, seen, sex, inputs.reference, findings, where=stated.path)
        elif zygosity is not seen and not (seen is Zygosity.HOMOZYGOUS and zygosity is Zygosity.HEMIZYGOUS):
            raise IncompatibleInputsError(
                f"The case says {variant} is {zygosity.value}, the VCF says {seen.value}.",
                where=stated.path,
                remedy="Correct the case, or check that the VCF is this person's.",
                code="zygosity-conflict",
            )
        return Placed(stated, variant, called, zygosity, item.named_transcript, item.gene)
    if zygosity is Zygosity.UNKNOWN:
        findings.append(
            Finding(
                "case.zygosity",
                Status.UNKNOWN,
                f"The zygosity of {variant} is not stated; it was taken as heterozygous.",
                value=str(variant),
            )
        )
    copies = {Zygosity.HOMOZYGOUS: (True, True), Zygosity.HEMIZYGOUS: (True,)}.get(zygosity, (True, False))
    call = Call(variant, copies, origin="case")
    return Placed(stated, variant, call, zygosity, item.named_transcript, item.gene)


def _zygosity_of(call: Call) -> Zygosity:
    if len(call.copies) == 1:
        return Zygosity.HEMIZYGOUS
    return Zygosity.HETEROZYGOUS if call.is_heterozygous else Zygosity.HOMOZYGOUS


def lay_out(placed: Sequence[Placed], inputs: Inputs) -> PatientGenome:
    """Lay the VCF's calls and the case's own variants over the reference.

    Raises
    ------
    IncompatibleInputsError
        Code ``phase-labels``, ``phase-conflict`` or ``variant-not-placed``.
    """
    # A whole genome's calls stay columns: what the case changes is kept apart.
    gone: set[Call] = set()
    stated: dict[Call, None] = {}
    for gene, group in groupby(sorted(placed, key=lambda item: item.gene), key=lambda item: item.gene):
        items = list(group)
        _check_phase(gene, items)
        for item, call in zip(items, _phased(gene, items), strict=True):
            stated.pop(item.call, None)
            gone.add(item.call)
            stated[call] = None
    calls = inputs.vcf.calls.without(gone) if inputs.vcf else CallTable.of(())
    calls = calls.extended(calls.lacking(stated))
    genome = PatientGenome(inputs.reference, calls, sex=sex_of(inputs), name=inputs.case.case_id)
    _check_placed(placed, genome)
    return genome


def _check_phase(gene: str, items: Sequence[Placed]) -> None:
    """A person has two copies, and the case and the VCF must not give a variant to different ones."""
    labelled = [item for item in items if phase_label(item.stated)]
    labels = {phase_label(item.stated): item.stated.phase for item in labelled}
    if len(labels) > 2:
        raise IncompatibleInputsError(
            f"The variants of {gene} have {len(labels)} phase labels ({', '.join(sorted(labels.values()))}), "
            "but a person has two copies.",
            where=", ".join(item.stated.path for item in labelled if item.stated.path),
            remedy="Use one label for each copy, such as maternal and paternal; leave out a phase that is not known.",
            code="phase-labels",
        )
    for one, other in combinations(labelled, 2):
        if not (one.call.is_heterozygous and other.call.is_heterozygous):
            continue
        if one.call.phase_set is None or one.call.phase_set != other.call.phase_set:
            continue
        in_cis = phase_label(one.stated) == phase_label(other.stated)
        if in_cis != (one.call.copies == other.call.copies):
            said, seen = ("one copy", "different copies") if in_cis else ("different copies", "one copy")
            raise IncompatibleInputsError(
                f"The case says {one.variant} and {other.variant} lie on {said}, the VCF's phase says {seen}.",
                where=", ".join(filter(None, (one.stated.path, other.stated.path))),
                remedy="Correct the phase in the case, or leave it out to take the VCF's.",
                code="phase-conflict",
            )


def _phased(gene: str, items: Sequence[Placed]) -> list[Call]:
    """The calls, with the stated phase where the VCF knows none.

    A labelled variant the VCF has phased gives the label its copy; without one, the first label is copy 1.
    """
    phase_set, first, copy = f"case {gene}", "", 0
    for item in items:
        if (label := phase_label(item.stated)) and item.call.is_heterozygous:
            if item.call.phase_set is not None:
                phase_set, first, copy = item.call.phase_set, label, item.call.copies.index(True)
                break
            first = first or label
    calls = []
    for item in items:
        label, call = phase_label(item.stated), item.call
        if label and not call.is_phased:
            carries = copy if label == first else 1 - copy
            call = replace(call, copies=(carries == 0, carries == 1), phase_set=phase_set)
        calls.append(call)
    return calls


def _check_placed(placed: Iterable[Placed], genome: PatientGenome) -> None:
    """Refuse a case whose own variant is not on the patient's genome."""
    refused = {refusal.call: refusal.reason for refusal in genome.refused}
    reasons = {call.variant: reason for call, reason in refused.items()}
    for item in placed:
        if all(call in refused for call in genome.calls.of_variant(item.variant)):
            raise IncompatibleInputsError(
                f"{item.variant} cannot be placed on the patient's genome: {reasons[item.variant]}.",
                where=item.stated.path,
                remedy="Two changes of the same bases cannot lie on one copy: correct variant, zygosity or phase, "
                "or the VCF.",
                code="variant-not-placed",
            )
