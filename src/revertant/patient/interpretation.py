"""From a phenopacket's genomic interpretations to the variants a plan may act on.

Only variants the interpretation holds responsible (causative or contributory) go on. A rejected or candidate
one is left out and counted; a structural variant without coordinates is left out with a finding, or, when
nothing else is left, named as the reason why the case cannot be planned for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from revertant.errors import InputError
from revertant.model import CaseVariant, Finding, Pathogenicity, Status, Tally, Zygosity
from revertant.patient import expressions
from revertant.patient.laboratory import holds_copy_number
from revertant.patient.problems import Problems, shown
from revertant.patient.scalars import Unreadable, build_name

__all__ = ["Interpreted", "read_interpretations"]

# Genotype Ontology, https://github.com/monarch-initiative/GENO-ontology; each with words its label must hold.
COMPOUND = "GENO:0000402"
_ALLELIC_STATES: dict[str, tuple[Zygosity, str]] = {
    "GENO:0000134": (Zygosity.HEMIZYGOUS, "hemizygous"),
    "GENO:0000135": (Zygosity.HETEROZYGOUS, "heterozygous"),
    "GENO:0000136": (Zygosity.HOMOZYGOUS, "homozygous"),
    "GENO:0000137": (Zygosity.UNKNOWN, ""),
    COMPOUND: (Zygosity.HETEROZYGOUS, "heterozygous"),
    "GENO:0000458": (Zygosity.HETEROZYGOUS, "heterozygous"),
    # Shares of mitochondrial copies are neither one copy nor two.
    "GENO:0000602": (Zygosity.UNKNOWN, "homoplasmic"),
    "GENO:0000603": (Zygosity.UNKNOWN, "heteroplasmic"),
    "GENO:0000604": (Zygosity.HEMIZYGOUS, "hemizygous"),
    "GENO:0000605": (Zygosity.HEMIZYGOUS, "hemizygous"),
    "GENO:0000606": (Zygosity.HEMIZYGOUS, "hemizygous"),
}
_ZYGOSITY_WORDS = ("heterozygous", "homozygous", "hemizygous", "homoplasmic", "heteroplasmic")
# HGVS g. first: its accession fixes the build; then c., which also names the transcript.
_SYNTAXES: dict[str, tuple[int, Callable[[str], str]]] = {
    "hgvs.g": (0, expressions.hgvs),
    "hgvs.m": (0, expressions.hgvs),
    "hgvs.c": (1, expressions.hgvs),
    "hgvs.n": (1, expressions.hgvs),
    "hgvs": (1, expressions.hgvs),
    "spdi": (2, expressions.spdi),
    "gnomad": (3, expressions.gnomad),
    "rsid": (5, expressions.rsid),
    "dbsnp": (5, expressions.rsid),
}
_VCF_RANK = 4
_UNUSED_SYNTAX = "the syntax names no DNA change we read"
_RESPONSIBLE = ("CAUSATIVE", "CONTRIBUTORY")


@dataclass(frozen=True, slots=True)
class Interpreted:
    """Variants that go on, why there is none (``missing``), and the account of all."""

    variants: tuple[CaseVariant, ...]
    missing: tuple[InputError, ...]
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]


def read_interpretations(packet: Any, problems: Problems) -> Interpreted:
    """Read every genomic interpretation of a phenopacket message."""
    persons = {packet.subject.id, *(sample.id for sample in packet.biosamples)}
    variants: list[CaseVariant] = []
    compound: list[int] = []
    refused: list[tuple[str, str]] = []
    unused: list[str] = []
    used = 0
    for path, item in _items(packet):
        if item.subject_or_biosample_id not in persons:
            remedy = "It should repeat the id of the subject or of one of the biosamples."
            what = "The interpretation concerns someone else than the subject."
            problems.add(f"{path}.subjectOrBiosampleId", what, remedy)
        status = item.InterpretationStatus.Name(item.interpretation_status)
        if status not in _RESPONSIBLE:
            refused.append((path, f"interpretation status {status}"))
            continue
        if item.WhichOneof("call") != "variant_interpretation":
            refused.append((path, "names a gene but no variant"))
            continue
        descriptor = item.variant_interpretation.variation_descriptor
        here = f"{path}.variantInterpretation.variationDescriptor"
        before = len(problems)
        written, left = _expressions(descriptor, here, problems)
        unused += left
        used += len(written)
        if not written and len(problems) == before:
            kind = descriptor.structural_type.label
            refused.append(
                (path, f"no coordinates ({kind})" if kind.isprintable() and kind else "no coordinates")
            )
            continue
        if descriptor.allelic_state.id == COMPOUND:
            compound.append(len(variants))
        variants.append(_variant(item, written, path, here, problems))
    _phase_compounds(variants, compound)
    return Interpreted(
        tuple(variants),
        () if variants else tuple(_missing(packet, refused)),
        tuple(_left_out(path, reason) for path, reason in refused) if variants else (),
        (
            Tally.of(
                "genomic interpretations", kept=len(variants), refused=[reason for _, reason in refused]
            ),
            Tally.of("variant expressions", kept=used, refused=unused),
        ),
    )


def _items(packet: Any) -> list[tuple[str, Any]]:
    return [
        (f"interpretations[{outer}].diagnosis.genomicInterpretations[{inner}]", item)
        for outer, interpretation in enumerate(packet.interpretations)
        for inner, item in enumerate(interpretation.diagnosis.genomic_interpretations)
        if not holds_copy_number(item)
    ]


def _missing(packet: Any, refused: list[tuple[str, str]]) -> list[InputError]:
    """Say why there is nothing to plan for, one problem for each variant left out."""
    remedy = "Add the variant with hgvs.c, hgvs.g, spdi or a vcfRecord, and the status CAUSATIVE."
    if not packet.interpretations:
        return [InputError("The phenopacket has no interpretations.", where="interpretations", remedy=remedy)]
    if not refused:
        what = "No interpretation names a variant."
        return [InputError(what, where="interpretations[0].diagnosis.genomicInterpretations", remedy=remedy)]
    return [
        InputError(f"The variant cannot be used: {why}.", where=path, remedy=remedy) for path, why in refused
    ]


def _left_out(path: str, reason: str) -> Finding:
    known = reason.startswith("interpretation status")
    because = f"The variant at {path} is left out: {reason}."
    return Finding("case.variants_read", Status.CAUTION if known else Status.UNKNOWN, because, value=reason)


def _expressions(descriptor: Any, path: str, problems: Problems) -> tuple[tuple[str, ...], list[str]]:
    """Return the texts we can resolve, best first, and a reason for each that is left out."""
    ranked: list[tuple[int, str]] = []
    unused: list[str] = []
    for index, item in enumerate(descriptor.expressions):
        rank, parse = _SYNTAXES.get(item.syntax.strip().lower(), (0, None))
        if parse is None:
            unused.append(f"{_UNUSED_SYNTAX}: {shown(item.syntax)}")
            continue
        try:
            ranked.append((rank, parse(item.value)))
        except Unreadable as error:
            problems.add(f"{path}.expressions[{index}].value", error.what, error.remedy)
    if descriptor.HasField("vcf_record"):
        record = descriptor.vcf_record
        text = f"{record.chrom}:{record.pos}:{record.ref}:{record.alt}"
        try:
            if record.alt.startswith("<"):
                ranked += _symbolic(record, unused)
            else:
                ranked.append((_VCF_RANK, expressions.vcf(text)))
        except Unreadable as error:
            remedy = "Give chrom, pos (from 1), and one ref and one alt allele in letters."
            problems.add(f"{path}.vcfRecord", error.what, remedy)
    ranked.sort(key=lambda pair: pair[0])
    texts = tuple(dict.fromkeys(text for _, text in ranked))
    unused += ["the same expression again"] * (len(ranked) - len(texts))
    return texts, unused


def _symbolic(record: Any, unused: list[str]) -> list[tuple[int, str]]:
    """A symbolic allele where it says its bases; another is left out, since HGVS may stand beside it."""
    try:
        text = expressions.symbolic(record.chrom, int(record.pos), record.alt, record.info)
        return [(_VCF_RANK, expressions.vcf(text))]
    except Unreadable:
        unused.append("symbolic allele in vcfRecord")
        return []


def _variant(item: Any, written: tuple[str, ...], path: str, here: str, problems: Problems) -> CaseVariant:
    descriptor = item.variant_interpretation.variation_descriptor
    build = ""
    if descriptor.vcf_record.genome_assembly:
        try:
            build = build_name(descriptor.vcf_record.genome_assembly)
        except Unreadable as error:
            problems.add(f"{here}.vcfRecord.genomeAssembly", error.what, error.remedy)
    interpretation = item.variant_interpretation
    field = type(interpretation).DESCRIPTOR.fields_by_name["acmg_pathogenicity_classification"]
    acmg = field.enum_type.values_by_number[interpretation.acmg_pathogenicity_classification].name
    return CaseVariant(
        expressions=written,
        zygosity=_zygosity(descriptor.allelic_state, f"{here}.allelicState", problems),
        pathogenicity=Pathogenicity(acmg.lower()),
        gene=descriptor.gene_context.symbol.strip(),
        path=path,
        build=build,
    )


def _zygosity(state: Any, path: str, problems: Problems) -> Zygosity:
    if not state.id:
        return Zygosity.UNKNOWN
    if state.id not in _ALLELIC_STATES:
        remedy = "Use GENO:0000135 (heterozygous), GENO:0000136 (homozygous) or GENO:0000134 (hemizygous)."
        problems.add(f"{path}.id", f"{shown(state.id)} is not an allelic state we know.", remedy)
        return Zygosity.UNKNOWN
    zygosity, word = _ALLELIC_STATES[state.id]
    says = [one for one in _ZYGOSITY_WORDS if one in state.label.lower()]
    if says and word not in says:
        remedy = f"{state.id} means {word or 'unspecified'}; correct the id or the label."
        problems.add(path, f"The id and the label {shown(state.label)} contradict each other.", remedy)
    return zygosity


def _phase_compounds(variants: list[CaseVariant], compound: list[int]) -> None:
    """Put two variants of one gene in trans when both are called compound heterozygous: the word means it."""
    genes = Counter(variants[index].gene for index in compound)
    for number, index in enumerate(compound, start=1):
        if genes[variants[index].gene] == 2:
            variants[index] = replace(variants[index], phase=f"compound heterozygous, copy {number}")
