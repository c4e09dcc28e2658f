"""What a tumour's case says of variants in the antigens: whose they are, and what they do to the protein."""

from __future__ import annotations

from dataclasses import replace

from revertant.errors import RevertantError
from revertant.modality.car_t import AntigenVariant
from revertant.model import CaseVariant, Consequence, ConsequenceTerm, Finding, Status
from revertant.planning.inputs import Inputs
from revertant.planning.resolving import gene_of, resolve_variant
from revertant.planning.tumour.naming import symbol_of
from revertant.variant import hgvs_c, predict_consequence

__all__ = ["antigen_variants"]


def antigen_variants(inputs: Inputs) -> tuple[tuple[AntigenVariant, ...], tuple[Finding, ...]]:
    """Read the variants of a tumour's case as what they do to antigens.

    Nothing here is planned for, so a variant that cannot be worked out stops nothing: it stays unknown, of its gene
    where the case names one, of the case where it names none.

    Parameters
    ----------
    inputs
        A tumour's case. Consequences need a reference genome and gene models.

    Returns
    -------
    tuple
        Variants by gene, and findings on what could not be read.

    Examples
    --------
    >>> from revertant.model import AlleleOrigin, Case, Subject
    >>> from revertant.planning.coding_sequences import no_sequence
    >>> stated = CaseVariant(("16:28933103:G:A",), gene="CD19", origin=AlleleOrigin.TUMOUR)
    >>> case = Case("t", Subject("s"), (stated,))
    >>> [variant], findings = antigen_variants(Inputs(case, *no_sequence(), has_genome=False))
    >>> variant.symbol, variant.consequence, findings
    ('CD19', None, ())
    >>> variant.because
    'That needs the reference genome (files.reference) and gene models (files.models).'
    """
    symbols = inputs.tumour.symbols if inputs.tumour is not None else None
    found: list[AntigenVariant] = []
    findings: list[Finding] = []
    for stated in inputs.case.variants:
        gene, consequence, because = _consequence(stated, inputs, findings)
        name = stated.expressions[0] if stated.expressions else stated.path
        if gene:
            found.append(
                AntigenVariant(
                    symbol_of(gene, symbols), stated.origin, consequence, name, because, stated.zygosity
                )
            )
        else:
            text = f"{name} was held against no antigen: its gene is not known. {because}"
            findings.append(Finding("case.variant_of_tumour", Status.UNKNOWN, text, name))
    return tuple(found), tuple(dict.fromkeys(findings))


def _consequence(
    stated: CaseVariant, inputs: Inputs, findings: list[Finding]
) -> tuple[str, Consequence | None, str]:
    """The gene, what is done to its protein, and why either is not known."""
    if not inputs.has_genome or not inputs.models.transcripts:
        because = "That needs the reference genome (files.reference) and gene models (files.models)."
        return stated.gene, None, because
    gene = stated.gene
    try:
        resolved = resolve_variant(stated, inputs, findings)
        gene = gene_of(resolved, inputs)
        held = {transcript.transcript_id for transcript in inputs.models.of_gene(gene)}
        named = resolved.named_transcript if resolved.named_transcript in held else ""
        transcript = inputs.models.choose(gene, named).transcript
        consequence = predict_consequence([resolved.variant], transcript, inputs.reference)
        if consequence.worst is ConsequenceTerm.INTERGENIC:
            return (
                gene,
                None,
                f"It lies far from {transcript.transcript_id} of {gene}. Correct the gene or the variant.",
            )
        if not consequence.hgvs_c:
            consequence = replace(consequence, hgvs_c=hgvs_c(resolved.variant, transcript, inputs.reference))
    except RevertantError as error:
        return gene, None, f"{error.what} {error.remedy}".strip()
    return gene, consequence, ""
