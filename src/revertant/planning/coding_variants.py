"""Variants of a case that names no genome: read, held against the coding sequence where they lie in it, else unchecked.

A description on the coding sequence itself (``NM_000329.2:c.311G>T``) is held against its bases and its effect on the
protein is exact. Everything else (introns, genomic positions, rsIDs, another transcript) is read as far as its form
goes; it counts as stated, and the plan says that it was not checked.
"""

from __future__ import annotations

from revertant.errors import IncompatibleInputsError, InputError, RevertantError
from revertant.genome import TranscriptChoice
from revertant.model import CaseVariant, Finding, Status, Variant
from revertant.planning.coding_sequences import WITHOUT_GENOME
from revertant.planning.copies import gene_of_variant
from revertant.planning.inputs import Inputs
from revertant.planning.resolving import Resolved
from revertant.sequence import is_dna
from revertant.variant import HgvsText, is_hgvs, parse_hgvs, resolve

__all__ = ["coding_sequence_choice", "genome_finding", "read_variant"]

#: Errors that tell of a missing genome or file, not of a text that is wrong.
_NEEDS_MORE = frozenset({"rsid-needs-vcf", "edit-not-found"})


def genome_finding() -> Finding:
    """Say first of all what was not looked at."""
    return Finding(
        "genome.given",
        Status.UNKNOWN,
        f"Nothing that acts on the genome was judged: {WITHOUT_GENOME}. Variants were held against the coding sequence "
        "only, and of this person's genome nothing is known.",
    )


def coding_sequence_choice(gene: str, inputs: Inputs) -> TranscriptChoice:
    """Return the coding sequence that stands for a gene's transcript, and why."""
    transcript = inputs.models.of_gene(gene)[0]
    known = is_dna(inputs.reference.fetch(transcript.contig, 0, transcript.coding_bases))
    what = "its shipped coding sequence" if known else "the length of its coding sequence"
    because = f"{WITHOUT_GENOME[0].upper()}{WITHOUT_GENOME[1:]}: {what} ({transcript.transcript_id}) stands for {gene}."
    asked = inputs.case.transcript
    if asked and asked.split(".")[0] != transcript.transcript_id.split(".")[0]:
        because += f" The case asks for {asked}, which only gene models can give."
    return TranscriptChoice(transcript, because, Finding("genome.transcript_choice", Status.CAUTION, because))


def read_variant(stated: CaseVariant, inputs: Inputs, findings: list[Finding]) -> Resolved | None:
    """Read a variant without a genome.

    Parameters
    ----------
    stated
        The variant; its gene is named by it or by its transcript.
    inputs
        With coding sequences in the place of a genome.
    findings
        What was not checked is added here.

    Returns
    -------
    Resolved or None
        The variant on its coding sequence; ``None`` where it does not lie in one.

    Raises
    ------
    RevertantError
        When a text is in no form that names a variant, contradicts the coding sequence, or two disagree.
    IncompatibleInputsError
        Code ``which-gene`` when neither the case nor the transcript names the gene.
    """
    gene = gene_of_variant(stated)
    if not gene:
        raise IncompatibleInputsError(
            f"The variant names no gene, and {WITHOUT_GENOME}.",
            where=stated.path,
            remedy="Name the gene in the case (variants[].gene), or pass --reference and --models.",
            code="which-gene",
        )
    if not stated.expressions:
        raise InputError(
            "The variant has no expression that can be read.", where=stated.path, code="no-expression"
        )
    found: dict[str, Variant] = {}
    unchecked = []
    for text in stated.expressions:
        variant = _on_coding_sequence(text, gene, inputs, stated.path)
        if variant is None:
            unchecked.append(text)
        else:
            found[text] = variant
    _must_agree(found, stated.path)
    findings += [_unchecked(text, stated.path, placed=bool(found)) for text in unchecked]
    if not found:
        return None
    text, variant = next(iter(found.items()))
    return Resolved(stated, variant, gene=gene)


def _on_coding_sequence(text: str, gene: str, inputs: Inputs, where: str) -> Variant | None:
    """Place one expression; ``None`` where it is well formed and does not lie in the coding sequence."""
    if is_hgvs(text):
        parsed = parse_hgvs(text, where=where)
        accession = _same_sequence(parsed, gene, inputs)
        if not accession:
            return None
        text = parsed.text.replace(parsed.accession, accession, 1)
        return resolve(text, inputs.reference, inputs.models, where=where)
    try:
        return resolve(text, inputs.reference, inputs.models, where=where)
    except RevertantError as error:
        if isinstance(error, IncompatibleInputsError) or error.code in _NEEDS_MORE:
            return None
        raise


def _same_sequence(parsed: HgvsText, gene: str, inputs: Inputs) -> str:
    """Return the accession of the coding sequence where the description can be read on it, else nothing.

    Another version of the accession is taken where the description names the base that is replaced: it is then held
    against the sequence, and a version that counts otherwise would not fit.
    """
    transcript = next(iter(inputs.models.of_gene(gene)), None)
    inside = all(place.region == "cds" and not place.offset for place in (parsed.start, parsed.end))
    if transcript is None or parsed.system != "c" or not inside:
        return ""
    ours, theirs = transcript.transcript_id, parsed.accession
    if ours.split(".")[0] != theirs.split(".")[0] or (ours != theirs and not parsed.deleted):
        return ""
    bases = inputs.reference.fetch(transcript.contig, 0, transcript.coding_bases)
    return ours if is_dna(bases) else ""


def _must_agree(found: dict[str, Variant], where: str) -> None:
    if len(set(found.values())) > 1:
        said = "; ".join(f"{text} is {variant}" for text, variant in found.items())
        raise IncompatibleInputsError(
            f"The expressions are not the same variant: {said}.",
            where=where,
            remedy="Correct the expression that is wrong, or leave it out.",
            code="expressions-disagree",
        )


def _unchecked(text: str, where: str, *, placed: bool) -> Finding:
    """Say that a text was not held against any sequence; a second spelling of one that was is a caution only."""
    because = (
        f"{text} was read and not held against any sequence: {WITHOUT_GENOME}. It counts as it is stated."
    )
    return Finding("case.variant_checked", Status.CAUTION if placed else Status.UNKNOWN, because, value=where)
