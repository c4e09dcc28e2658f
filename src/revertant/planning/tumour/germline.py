"""The calls of a person's VCF in the genes of antigens: what is to be bound may not be what the reference has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from revertant.errors import RevertantError
from revertant.genome import CallTable
from revertant.modality.car_t import AntigenVariant
from revertant.model import (
    AlleleOrigin,
    Call,
    CellSource,
    ConsequenceTerm,
    Finding,
    Locus,
    Status,
    Transcript,
    Zygosity,
)
from revertant.planning.inputs import Inputs
from revertant.variant import predict_consequence

__all__ = ["GermlineReading", "germline_of"]

RULE = "car_t.target.germline"


@dataclass(frozen=True, slots=True)
class GermlineReading:
    """What a VCF says of antigens.

    Parameters
    ----------
    variants
        Calls that change an antigen, or may.
    findings
        For each gene that was asked for, whether its calls could be looked through, and over which interval.
    """

    variants: tuple[AntigenVariant, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()


def germline_of(
    inputs: Inputs, genes: Sequence[str], known: Sequence[AntigenVariant] = ()
) -> GermlineReading:
    """Look through the calls of the person's VCF in the genes of antigens.

    Parameters
    ----------
    inputs
        A tumour's case. A donor's VCF says nothing of the patient.
    genes
        Symbols of the antigens that may be attacked.
    known
        Variants that the case states: a call that is one of them is not told twice.

    Examples
    --------
    >>> from revertant.model import Case, Subject
    >>> from revertant.planning.coding_sequences import no_sequence
    >>> case = Case("t", Subject("s"), ())
    >>> germline_of(Inputs(case, *no_sequence(), has_genome=False), ["CD19"]).findings[0][1].because
    "No VCF of the person's was given (files.vcf): CD19 is taken as the reference has it."
    """
    told = {(one.symbol, one.consequence.hgvs_c) for one in known if one.consequence is not None}
    variants: list[AntigenVariant] = []
    findings: list[tuple[str, Finding]] = []
    for gene in dict.fromkeys(genes):
        why, transcript = _place(inputs, gene)
        if transcript is None:
            findings.append((gene, Finding(RULE, Status.UNKNOWN, why, gene)))
            continue
        assert inputs.vcf is not None
        calls = _within(inputs.vcf.calls, inputs, transcript.locus)
        found = list(_changes(calls, gene, transcript, inputs))
        fresh = [
            one for one in found if one.consequence is None or (gene, one.consequence.hgvs_c) not in told
        ]
        variants += fresh
        findings.append((gene, _looked(gene, transcript, len(calls), len(found))))
    return GermlineReading(tuple(variants), tuple(findings))


def _place(inputs: Inputs, gene: str) -> tuple[str, Transcript | None]:
    """The transcript whose calls can be looked through, or why none can."""
    cells = inputs.case.cells
    if inputs.vcf is None:
        return f"No VCF of the person's was given (files.vcf): {gene} is taken as the reference has it.", None
    if cells is not None and cells.source is CellSource.ALLOGENEIC:
        return f"The VCF is the donor's: what the patient's own {gene} is like is not known.", None
    if not inputs.models.of_gene(gene):
        return f"The gene models (files.models) do not hold {gene}, so its interval is not known.", None
    try:
        transcript = inputs.models.choose(gene).transcript
    except RevertantError as error:
        return f"{error.what} {error.remedy}".strip(), None
    place = transcript.locus
    words = f"{place.contig}:{place.start + 1:,}-{place.end:,}"
    if not inputs.reference.covers(Locus(place.contig, place.start, place.end)):
        return f"The reference does not cover {gene} ({words}), so its calls cannot be read.", None
    contig = inputs.reference.canonical_contig(place.contig)
    spans = [(start, end) for name, start, end in inputs.vcf.extent if name == contig]
    if not any(start <= place.start and place.end <= end for start, end in spans):
        held = ", ".join(f"{contig}:{start + 1:,}-{end:,}" for start, end in spans) or "nothing there"
        return (
            f"{gene} lies at {words}; the VCF's records reach over {held}, so it may not have been called.",
            None,
        )
    return "", transcript


def _within(calls: CallTable, inputs: Inputs, place: Locus) -> CallTable:
    contig = inputs.reference.canonical_contig(place.contig)
    if contig not in calls.contigs:
        return calls.take(np.array([], np.int64))
    code = calls.contigs.index(contig)
    ends = calls.start + np.maximum(calls.ref_size, 1)
    return calls.take(
        np.flatnonzero((calls.contig == code) & (calls.start < place.end) & (ends > place.start))
    )


def _changes(calls: CallTable, gene: str, transcript: Transcript, inputs: Inputs) -> Iterator[AntigenVariant]:
    """Calls that change the protein, lie beside a splice site, or cannot be worked out."""
    for call in calls:
        zygosity = _zygosity(call)
        try:
            consequence = predict_consequence([call.variant], transcript, inputs.reference)
        except RevertantError as error:
            yield AntigenVariant(
                gene,
                AlleleOrigin.GERMLINE,
                None,
                str(call.variant),
                f"{error.what} {error.remedy}".strip(),
                zygosity,
            )
            continue
        if consequence.worst.severity <= ConsequenceTerm.SPLICE_REGION.severity:
            yield AntigenVariant(
                gene, AlleleOrigin.GERMLINE, consequence, str(call.variant), zygosity=zygosity
            )


def _zygosity(call: Call) -> Zygosity:
    if len(call.copies) == 1:
        return Zygosity.HEMIZYGOUS
    return Zygosity.HETEROZYGOUS if call.is_heterozygous else Zygosity.HOMOZYGOUS


def _looked(gene: str, transcript: Transcript, calls: int, found: int) -> Finding:
    place = transcript.locus
    words = f"{place.contig}:{place.start + 1:,}-{place.end:,}"
    what = f"{calls:,} {'call' if calls == 1 else 'calls'} of the VCF in {gene} ({transcript.transcript_id}, {words})"
    if found:
        text = f"{what}: {found:,} may change it, told one by one."
        return Finding(RULE, Status.CAUTION, text, f"{found:,}")
    text = f"{what}: none changes the protein. What was not called is taken as the reference has it."
    return Finding(RULE, Status.PASS, text, "0")
