"""From what the case says to what is wrong in this person: variants on the genome, copies, gene, mechanism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.errors import IncompatibleInputsError, InputError, ProblemsError, RevertantError
from revertant.genome import PatientGenome, Reference, TranscriptChoice
from revertant.model import (
    Allele,
    CaseVariant,
    ConsequenceTerm,
    EditingPlace,
    Finding,
    Tally,
    Target,
    Transcript,
    Variant,
)
from revertant.planning.asked import asked_gene, asked_sites
from revertant.planning.coding_variants import coding_sequence_choice, genome_finding, read_variant
from revertant.planning.common_disease import common_genes, common_routes, common_targets
from revertant.planning.copies import GeneCopies, copies_of, copy_findings, gene_of_variant, lost_genes
from revertant.planning.genetics import (
    biallelic_by_copies,
    dispensable_of,
    inheritance_of,
    is_biallelic,
    is_biallelic_as_stated,
    mechanism_of,
    phase_finding,
    second_allele_finding,
)
from revertant.planning.inputs import Inputs
from revertant.planning.outside import OutsideVariant, outside_of
from revertant.planning.placing import Placed, lay_out, place
from revertant.planning.resolving import Resolved, gene_of, merge_same, resolve_variant
from revertant.planning.structural import structural_findings, structure_for
from revertant.planning.vcf_says import ask_vcf, file_findings, uncalled_finding
from revertant.variant import hgvs_c, hgvs_g, predict_consequence

__all__ = ["ResolvedCase", "resolve_case"]


@dataclass(frozen=True, slots=True)
class ResolvedCase:
    """The case on the genome.

    Parameters
    ----------
    targets
        One for each gene with pathogenic alleles or too few copies, or the one gene that was asked for without any.
    genome
        The patient's two copies: the VCF's calls and the case's own variants. Without a reference genome they are laid
        over coding sequences alone.
    findings
        What was noticed on the way (unchecked expressions, VCF without the variant, phase).
    tallies
        Variants of the case read, kept and refused, and calls laid over the reference.
    outside
        Variants that the reference does not reach; their genes are no targets.
    """

    targets: tuple[Target, ...]
    genome: PatientGenome
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    outside: tuple[OutsideVariant, ...] = ()


def resolve_case(inputs: Inputs) -> ResolvedCase:
    """Find the case's variants on the genome and make its targets.

    Parameters
    ----------
    inputs
        The case with its files opened.

    Raises
    ------
    ProblemsError
        All variants that cannot be resolved, together.
    InputError
        Code ``no-target`` when a case names neither a variant nor a gene of which a copy is lost.
    IncompatibleInputsError
        When what the case states contradicts itself, the reference, the genome or the VCF.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    ...     [target] = resolve_case(inputs).targets
    >>> target.alleles[0].name, target.mechanism.value, target.biallelic
    ('NM_000518.5:c.20A>T', 'gain_of_function', True)
    """
    case = inputs.case
    findings: list[Finding] = []
    problems: list[RevertantError] = []
    read: list[Resolved] = []
    unplaced: list[CaseVariant] = []
    outside: list[OutsideVariant] = []
    if not (inputs.has_genome or (inputs.inquiry is not None and inputs.inquiry.wants_vector)):
        findings.append(genome_finding())
    for stated in case.variants:
        try:
            if inputs.has_genome:
                read.append(resolve_variant(stated, inputs, findings))
            elif item := read_variant(stated, inputs, findings):
                read.append(item)
            else:
                unplaced.append(stated)
        except RevertantError as error:
            beyond = outside_of(stated, error, inputs) if inputs.has_genome else None
            if beyond is None:
                problems.append(error)
            else:
                outside.append(beyond)
    merged, contradictions = merge_same(read, findings)
    problems += contradictions
    uncalled = ask_vcf(inputs, [item.variant for item in merged])
    placed: list[Placed] = []
    for item in merged:
        try:
            if item.variant in uncalled:
                findings.append(uncalled_finding(item.stated, uncalled[item.variant]))
            placed.append(place(replace(item, gene=gene_of(item, inputs)), inputs, findings))
        except RevertantError as error:
            problems.append(error)
    if problems:
        raise problems[0] if len(problems) == 1 else ProblemsError(problems, where="the case's variants")
    genome = lay_out(placed, inputs)
    findings += file_findings(inputs, genome)
    findings += [one.finding for one in outside]
    refused = ["the same variant again"] * (len(read) - len(placed))
    refused += ["outside the reference"] * len(outside)
    tallies = (
        Tally.of("case variants", kept=len(placed) + len(unplaced), refused=refused),
        _calls_tally(genome),
    )
    targets = _targets(placed, unplaced, outside, inputs, genome)
    return ResolvedCase(targets, genome, tuple(findings), tallies, tuple(outside))


def _calls_tally(genome: PatientGenome) -> Tally:
    return replace(genome.tally, name="calls on the patient's genome")


def _targets(
    placed: Sequence[Placed],
    unplaced: Sequence[CaseVariant],
    outside: Sequence[OutsideVariant],
    inputs: Inputs,
    genome: PatientGenome,
) -> tuple[Target, ...]:
    if inputs.inquiry is not None and not inputs.inquiry.variant:
        return (_target(asked_gene(inputs), [], [], inputs, genome),)
    genes = {item.gene for item in placed} | {gene_of_variant(stated) for stated in unplaced}
    genes |= {_spelt(gene, inputs) for gene in lost_genes(inputs.case)}
    # A gene of which one variant is not known cannot be planned for by the other.
    genes -= {_spelt(one.gene, inputs) for one in outside}
    if not genes and common_routes(inputs):
        return common_targets([_target(gene, [], [], inputs, genome) for gene in common_genes(inputs)])
    if not genes and not outside:
        raise InputError(
            "The case names neither a variant nor a gene of which a copy is lost: there is nothing to plan for.",
            remedy="State the variants (variants), or the copies of the gene (copy_numbers).",
            code="no-target",
        )
    return tuple(
        _target(
            gene,
            [item for item in placed if item.gene == gene],
            [stated for stated in unplaced if gene_of_variant(stated) == gene],
            inputs,
            genome,
        )
        for gene in sorted(genes)
    )


def _spelt(gene: str, inputs: Inputs) -> str:
    """Return a symbol as the gene models spell it; one they do not have stays as it is."""
    return next((transcript.gene for transcript in inputs.models.of_gene(gene)), gene)


def _transcript(gene: str, items: Sequence[Placed], inputs: Inputs) -> TranscriptChoice:
    """The case's transcript, else the one its HGVS names and the models hold, else the models' own choice."""
    if not inputs.has_genome:
        return coding_sequence_choice(gene, inputs)
    if inputs.case.transcript:
        return inputs.models.choose(gene, inputs.case.transcript)
    for item in items:
        held = {transcript.transcript_id for transcript in inputs.models.of_gene(gene)}
        if item.named_transcript in held:
            return inputs.models.choose(gene, item.named_transcript)
    return inputs.models.choose(gene)


def _target(
    gene: str,
    items: Sequence[Placed],
    unplaced: Sequence[CaseVariant],
    inputs: Inputs,
    genome: PatientGenome,
) -> Target:
    choice = _transcript(gene, items, inputs)
    transcript = choice.transcript
    alleles = []
    for item in items:
        _check_gene(item, transcript, inputs.reference)
        consequence = predict_consequence([item.variant], transcript, inputs.reference)
        if not consequence.hgvs_c:
            consequence = replace(consequence, hgvs_c=_name(item.variant, transcript, inputs.reference))
        if not inputs.has_genome:  # a coding sequence is no exon
            consequence = replace(consequence, exon=None)
        call = genome.calls.of_variant(item.variant)[0]
        known = call.copies if call.is_phased else ()
        alleles.append(
            Allele(
                variant=genome.as_laid(item.variant),
                zygosity=item.zygosity,
                pathogenicity=item.stated.pathogenicity,
                consequence=consequence,
                hgvs_g=hgvs_g(item.variant, inputs.reference) if inputs.has_genome else "",
                copies=known,
                phase_set=call.phase_set,
                structure=structure_for(item.variant, inputs.reference, item.stated.mechanism),
            )
        )
    alleles.sort(key=lambda allele: allele.variant)
    fact = knowledge.find_gene(gene)
    variants = [*(item.stated for item in items), *unplaced]
    stated = {variant.mechanism for variant in variants}
    if inputs.inquiry is not None:
        stated.add(inputs.inquiry.mechanism)
    copies = copies_of(gene, inputs.case)
    _check_copies(copies, variants)
    mechanism, because, sources = mechanism_of(
        gene, alleles, stated, inputs.case, fact, are_absent=copies is not None and copies.are_absent
    )
    inheritance = inheritance_of(fact, inputs.case)
    zygosities = [*(allele.zygosity for allele in alleles), *(one.zygosity for one in unplaced)]
    by_variants = (
        is_biallelic_as_stated(variants, inheritance) if unplaced else is_biallelic(alleles, inheritance)
    )
    biallelic = biallelic_by_copies(by_variants, copies, len(variants))
    findings = [
        choice.finding,
        phase_finding(gene, zygosities, biallelic),
        second_allele_finding(gene, zygosities, inheritance, copies),
        *copy_findings(gene, inputs.case),
        *structural_findings(alleles),
    ]
    return Target(
        gene=gene,
        transcript=transcript,
        alleles=tuple(alleles),
        mechanism=mechanism,
        mechanism_because=because,
        biallelic=biallelic,
        inheritance=inheritance,
        haploinsufficient=fact.haploinsufficient if fact else None,
        dispensable=dispensable_of(fact),
        tissues=(inputs.case.tissue,) if inputs.case.tissue else tuple(fact.tissues) if fact else (),
        editing_place=inputs.case.editing_place or _place_of(fact, inputs.case.tissue),
        sites=asked_sites(gene, inputs),
        transcript_because=choice.because,
        sources=sources,
        findings=tuple(findings),
    )


def _place_of(fact: knowledge.GeneFact | None, tissue: str) -> EditingPlace | None:
    """Where the gene's main tissue is treated; of another tissue that the case names the catalogue does not say it."""
    if fact is None or (tissue and knowledge.tissue_named(tissue) is not fact.tissues[0]):
        return None
    return fact.editing_place


def _check_copies(copies: GeneCopies | None, variants: Sequence[CaseVariant]) -> None:
    """Refuse a variant of a gene of which, as a laboratory says, no copy is there to carry it."""
    if copies is not None and copies.are_absent and variants:
        raise IncompatibleInputsError(
            f"The case says that no copy of {copies.gene} is there, and states a variant of it.",
            where=variants[0].path,
            remedy="Correct the count or the variant; a variant of a second gene (SMN2) is none of the first.",
            code="variant-on-no-copy",
        )


def _check_gene(item: Placed, transcript: Transcript, reference: Reference) -> None:
    """Refuse a variant that lies on another contig than its gene, or so far away that no rule can relate them."""
    far = item.variant.contig != reference.canonical_contig(transcript.contig)
    if not far:
        far = predict_consequence([item.variant], transcript, reference).worst is ConsequenceTerm.INTERGENIC
    if far:
        raise IncompatibleInputsError(
            f"The case says {item.variant} is a variant of {transcript.gene}, but it lies far from "
            f"{transcript.transcript_id} ({transcript.locus}).",
            where=item.stated.path,
            remedy="Correct the gene or the variant; without a gene, the one the variant lies in is taken.",
            code="wrong-gene",
        )


def _name(variant: Variant, transcript: Transcript, reference: Reference) -> str:
    try:
        return hgvs_c(variant, transcript, reference)
    except RevertantError:
        return ""
