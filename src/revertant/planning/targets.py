"""From what the case says to what is wrong in this person: variants on the genome, copies, gene, mechanism."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from revertant import knowledge
from revertant.errors import IncompatibleInputsError, InputError, ProblemsError, RevertantError
from revertant.genome import PatientGenome, Reference, TranscriptChoice
from revertant.model import (
    Allele,
    Call,
    CaseVariant,
    ConsequenceTerm,
    Finding,
    Sex,
    Status,
    Tally,
    Target,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.planning.genetics import (
    dispensable_of,
    inheritance_of,
    is_biallelic,
    mechanism_of,
    phase_finding,
    second_allele_finding,
)
from revertant.planning.inputs import Inputs
from revertant.planning.sites import sites_for
from revertant.planning.vcf_says import ask_vcf, uncalled_finding
from revertant.variant import hgvs_c, hgvs_g, predict_consequence, resolve, transcript_of

__all__ = ["ResolvedCase", "resolve_case"]


@dataclass(frozen=True, slots=True)
class ResolvedCase:
    """The case on the genome.

    Parameters
    ----------
    targets
        One for each gene with pathogenic alleles.
    genome
        The patient's two copies: the VCF's calls and the case's own variants.
    findings
        What was noticed on the way (unchecked expressions, VCF without the variant, phase).
    tally
        Variants read, kept and refused.
    """

    targets: tuple[Target, ...]
    genome: PatientGenome
    findings: tuple[Finding, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Placed:
    """One case variant on the genome, with the copies that carry it."""

    stated: CaseVariant
    variant: Variant
    call: Call
    zygosity: Zygosity
    named_transcript: str


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
    IncompatibleInputsError
        When expressions of one variant disagree, or the VCF contradicts the case.

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
    resolved: list[tuple[CaseVariant, Variant, str]] = []
    placed: list[_Placed] = []
    for stated in case.variants:
        try:
            resolved.append((stated, *_resolve_variant(stated, inputs, findings)))
        except RevertantError as error:
            problems.append(error)
    uncalled = ask_vcf(inputs, [variant for _, variant, _ in resolved])
    for stated, variant, named in resolved:
        try:
            if variant in uncalled:
                findings.append(uncalled_finding(stated, uncalled[variant]))
            placed.append(_place(stated, variant, named, inputs, findings))
        except RevertantError as error:
            problems.append(error)
    if problems:
        raise problems[0] if len(problems) == 1 else ProblemsError(problems, where="the case's variants")
    genome = _genome(placed, inputs)
    findings += inputs.vcf.findings if inputs.vcf else ()
    targets = _targets(placed, inputs, genome)
    return ResolvedCase(
        targets, genome, tuple(findings), Tally.of("case variants", kept=len(placed), refused=())
    )


def _resolve_variant(stated: CaseVariant, inputs: Inputs, findings: list[Finding]) -> tuple[Variant, str]:
    """Resolve every expression that can be resolved; they must agree."""
    where = stated.path
    resolved: list[tuple[str, Variant]] = []
    failures: list[RevertantError] = []
    for expression in stated.expressions:
        try:
            variant = resolve(
                expression, inputs.reference, inputs.models, rsid_vcf=inputs.vcf_path, where=where
            )
        except RevertantError as error:
            failures.append(error)
        else:
            resolved.append((expression, variant))
    if not resolved:
        if failures:
            raise failures[0]
        raise InputError("The variant has no expression that can be read.", where=where, code="no-expression")
    first_text, first = resolved[0]
    for text, variant in resolved[1:]:
        if variant != first:
            raise IncompatibleInputsError(
                f"{first_text} is {first}, but {text} is {variant}: they are not the same variant.",
                where=where,
                remedy="Correct the expression that is wrong, or leave it out.",
                code="expressions-disagree",
            )
    for failure in failures:
        if failure.code in {"ref-mismatch", "wrong-build"}:
            raise failure
        findings.append(
            Finding(
                "case.expression_checked",
                Status.CAUTION,
                f"One way of writing this variant could not be checked and was not used: {failure.what}",
                value=where,
            )
        )
    named = next((transcript_of(text) for text in stated.expressions if transcript_of(text)), "")
    return first, named


def _place(
    stated: CaseVariant, variant: Variant, named: str, inputs: Inputs, findings: list[Finding]
) -> _Placed:
    """Decide which copies carry the variant: the VCF where it knows, else the stated zygosity."""
    called = next((c for c in inputs.vcf.calls if c.variant == variant), None) if inputs.vcf else None
    zygosity = stated.zygosity
    if called is not None:
        seen = _zygosity_of(called)
        if zygosity is Zygosity.UNKNOWN:
            zygosity = seen
        elif zygosity is not seen and not (seen is Zygosity.HOMOZYGOUS and zygosity is Zygosity.HEMIZYGOUS):
            raise IncompatibleInputsError(
                f"The case says {variant} is {zygosity.value}, the VCF says {seen.value}.",
                where=stated.path,
                remedy="Correct the case, or check that the VCF is this person's.",
                code="zygosity-conflict",
            )
        return _Placed(stated, variant, called, zygosity, named)
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
    return _Placed(stated, variant, Call(variant, copies, origin="case"), zygosity, named)


def _zygosity_of(call: Call) -> Zygosity:
    if len(call.copies) == 1:
        return Zygosity.HEMIZYGOUS
    return Zygosity.HETEROZYGOUS if call.is_heterozygous else Zygosity.HOMOZYGOUS


def _genome(placed: Iterable[_Placed], inputs: Inputs) -> PatientGenome:
    """Lay the VCF's calls and the case's own variants over the reference."""
    calls = dict.fromkeys(inputs.vcf.calls) if inputs.vcf else {}
    labels: dict[tuple[str, str], str] = {}
    for item in placed:
        call = item.call
        if not call.is_phased and item.stated.phase:
            # Stated phase, where the VCF knows none: the first label met in a gene is copy 1, any other copy 2.
            calls.pop(call, None)
            first = labels.setdefault((item.stated.gene, item.variant.contig), item.stated.phase)
            on_first = item.stated.phase == first
            call = replace(call, copies=(on_first, not on_first), phase_set=f"case {item.stated.gene}")
        calls[call] = None
    sex = inputs.case.subject.sex
    if sex is Sex.UNKNOWN and inputs.vcf is not None:
        sex = inputs.vcf.sex_hint
    return PatientGenome(inputs.reference, tuple(calls), sex=sex, name=inputs.case.case_id)


def _targets(placed: Iterable[_Placed], inputs: Inputs, genome: PatientGenome) -> tuple[Target, ...]:
    with_gene = sorted(((_gene_of(item, inputs), item) for item in placed), key=lambda pair: pair[0])
    targets = []
    for gene, group in groupby(with_gene, key=lambda pair: pair[0]):
        targets.append(_target(gene, [item for _, item in group], inputs, genome))
    return tuple(targets)


def _gene_of(item: _Placed, inputs: Inputs) -> str:
    """The gene the case names, else the one gene whose transcript the variant lies in."""
    if item.stated.gene:
        return item.stated.gene
    if item.named_transcript:
        return inputs.models.by_id(item.named_transcript).gene
    genes = sorted({transcript.gene for transcript in inputs.models.overlapping(item.variant.locus)})
    if len(genes) == 1:
        return genes[0]
    said = f"in several genes ({', '.join(genes)})" if genes else "in no gene of the gene models"
    raise IncompatibleInputsError(
        f"{item.variant} lies {said}.",
        where=item.stated.path,
        remedy="Name the gene in the case (variants[].gene), or give gene models that cover it.",
        code="which-gene",
    )


def _transcript(gene: str, items: list[_Placed], inputs: Inputs) -> TranscriptChoice:
    """The case's transcript, else the one its HGVS names and the models hold, else the models' own choice."""
    if inputs.case.transcript:
        return inputs.models.choose(gene, inputs.case.transcript)
    for item in items:
        held = {transcript.transcript_id for transcript in inputs.models.of_gene(gene)}
        if item.named_transcript in held:
            return inputs.models.choose(gene, item.named_transcript)
    return inputs.models.choose(gene)


def _target(gene: str, items: list[_Placed], inputs: Inputs, genome: PatientGenome) -> Target:
    choice = _transcript(gene, items, inputs)
    transcript = choice.transcript
    alleles = []
    for item in items:
        _check_gene(item, transcript, inputs.reference)
        consequence = predict_consequence([item.variant], transcript, inputs.reference)
        if not consequence.hgvs_c:
            consequence = replace(consequence, hgvs_c=_name(item.variant, transcript, inputs.reference))
        call = next(call for call in genome.calls if call.variant == item.variant)
        known = call.copies if call.is_phased else ()
        alleles.append(
            Allele(
                variant=item.variant,
                zygosity=item.zygosity,
                pathogenicity=item.stated.pathogenicity,
                consequence=consequence,
                hgvs_g=hgvs_g(item.variant, inputs.reference),
                copies=known,
                phase_set=call.phase_set,
            )
        )
    alleles.sort(key=lambda allele: allele.variant)
    fact = knowledge.find_gene(gene)
    stated = {item.stated.mechanism for item in items}
    mechanism, because, sources = mechanism_of(gene, alleles, stated, inputs.case, fact)
    inheritance = inheritance_of(fact, inputs.case)
    biallelic = is_biallelic(alleles, inheritance)
    findings = [
        choice.finding,
        phase_finding(gene, alleles, biallelic),
        second_allele_finding(gene, alleles, inheritance),
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
        editing_place=inputs.case.editing_place or (fact.editing_place if fact else None),
        sites=sites_for(gene, inputs.case, inputs.reference),
        transcript_because=choice.because,
        sources=sources,
        findings=tuple(findings),
    )


def _check_gene(item: _Placed, transcript: Transcript, reference: Reference) -> None:
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
