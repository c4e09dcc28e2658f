"""The variants of a case as a phenopacket writes them: one interpretation, one item for each variant or copy number."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from revertant import knowledge
from revertant.model import Case, CaseVariant, CopyNumber, Zygosity

__all__ = ["interpretations_of"]

#: The Genotype Ontology's words for how many copies carry an allele (https://github.com/monarch-initiative/GENO-ontology).
_STATES = {
    Zygosity.HETEROZYGOUS: ("GENO:0000135", "heterozygous"),
    Zygosity.HOMOZYGOUS: ("GENO:0000136", "homozygous"),
    Zygosity.HEMIZYGOUS: ("GENO:0000134", "hemizygous"),
}
_COMPOUND = ("GENO:0000402", "compound heterozygous")
_VCF = re.compile(r"(?P<chrom>[^\s:]+):(?P<pos>[0-9]+):(?P<ref>[ACGTNacgtn]+):(?P<alt>[ACGTNacgtn]+)")
_SYMBOLIC = re.compile(r"(?P<chrom>[^\s:]+):(?P<start>[0-9,]+)-(?P<end>[0-9,]+):<(?P<kind>[A-Z:]+)>")
_HGVS = re.compile(r"[^\s:]+:(?P<kind>[cgmn])\.\S+")
_SPDI = re.compile(r"[^\s:]+:[0-9]+:[^\s:]*:[A-Za-z]*")


def interpretations_of(variants: Sequence[CaseVariant], case: Case) -> list[dict[str, Any]]:
    """Return the interpretations of a phenopacket: one that holds all variants, or none.

    Parameters
    ----------
    variants
        Those to be written.
    case
        Its disease is what they are held responsible for; its counts of copies are written where variants are the
        case's own.

    Examples
    --------
    >>> from revertant.model import Subject
    >>> stated = CaseVariant(("NM_000518.5:c.20A>T",), Zygosity.HOMOZYGOUS, gene="HBB")
    >>> [one] = interpretations_of([stated], Case("c", Subject("s"), (stated,)))
    >>> one["diagnosis"]["genomicInterpretations"][0]["interpretationStatus"]
    'CAUSATIVE'
    """
    in_trans = _compound(variants)
    calls = [
        _variant(one, number, compound=number in in_trans, build=one.build)
        for number, one in enumerate(variants)
    ]
    if variants == case.variants:
        calls += [_copies(one) for one in case.copy_numbers]
    if not calls:
        return []
    diagnosis: dict[str, Any] = {
        "genomicInterpretations": [
            {
                "subjectOrBiosampleId": case.subject.subject_id,
                "interpretationStatus": "CAUSATIVE",
                "variantInterpretation": call,
            }
            for call in calls
        ]
    }
    if case.diseases:
        first = case.diseases[0]
        diagnosis["disease"] = {"id": first.disease_id, "label": first.label or first.disease_id}
    return [{"id": f"{case.case_id}-stated", "progressStatus": "UNKNOWN_PROGRESS", "diagnosis": diagnosis}]


def _compound(variants: Sequence[CaseVariant]) -> set[int]:
    """Which variants lie on different copies of one gene, two and no more, as the case says."""
    by_gene: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(variants):
        if one.gene and one.phase and one.zygosity is Zygosity.HETEROZYGOUS:
            by_gene[one.gene].append(number)
    counts = Counter(one.gene for one in variants)
    return {
        number
        for gene, numbers in by_gene.items()
        if len(numbers) == 2 == counts[gene] and len({variants[one].phase for one in numbers}) == 2
        for number in numbers
    }


def _variant(stated: CaseVariant, number: int, *, compound: bool, build: str) -> dict[str, Any]:
    descriptor: dict[str, Any] = {"id": f"variant-{number + 1}", "moleculeContext": "genomic"}
    if stated.gene:
        descriptor["geneContext"] = {"valueId": _gene_id(stated.gene), "symbol": stated.gene}
    expressions = []
    for text in stated.expressions:
        record = _record(text, build)
        if record and "vcfRecord" not in descriptor:
            descriptor["vcfRecord"] = record
        elif syntax := _syntax(text):
            expressions.append({"syntax": syntax, "value": text})
    descriptor["expressions"] = expressions
    state = _COMPOUND if compound else _STATES.get(stated.zygosity)
    if state:
        descriptor["allelicState"] = {"id": state[0], "label": state[1]}
    return {
        "acmgPathogenicityClassification": stated.pathogenicity.value.upper(),
        "variationDescriptor": descriptor,
    }


def _syntax(text: str) -> str:
    """The name of a form of description; empty for one that phenopackets do not have."""
    if hgvs := _HGVS.fullmatch(text):
        return f"hgvs.{hgvs['kind']}"
    if text.startswith("rs") and text[2:].isdigit():
        return "rsid"
    is_columns = _VCF.fullmatch(text) and not text.startswith("NC_")
    return "spdi" if _SPDI.fullmatch(text) and not is_columns else ""


def _record(text: str, build: str) -> dict[str, Any] | None:
    if (plain := _VCF.fullmatch(text)) and not text.startswith("NC_"):
        return {
            "genomeAssembly": build,
            "chrom": plain["chrom"],
            "pos": plain["pos"],
            "ref": plain["ref"],
            "alt": plain["alt"],
        }
    if symbolic := _SYMBOLIC.fullmatch(text):
        start, end = (int(symbolic[key].replace(",", "")) for key in ("start", "end"))
        kind = symbolic["kind"].split(":")[0]
        return {
            "genomeAssembly": build,
            "chrom": symbolic["chrom"],
            "pos": str(start - 1),
            "ref": "N",
            "alt": f"<{symbolic['kind']}>",
            "info": f"SVTYPE={kind};END={end}",
        }
    return None


def _copies(counted: CopyNumber) -> dict[str, Any]:
    gene = _gene_id(counted.gene)
    number: dict[str, Any] = {"gene": {"geneId": gene}}
    if counted.high is None:
        number["indefiniteRange"] = {"value": str(counted.low), "comparator": ">="}
    elif counted.low == counted.high:
        number["number"] = {"value": str(counted.low)}
    else:
        number["definiteRange"] = {"min": str(counted.low), "max": str(counted.high)}
    return {
        "variationDescriptor": {
            "id": f"copies-{counted.gene}",
            "variation": {"copyNumber": number},
            "geneContext": {"valueId": gene, "symbol": counted.gene},
        }
    }


def _gene_id(symbol: str) -> str:
    """HGNC's identifier of a gene, or its symbol as one where the catalogue does not hold the number."""
    fact = knowledge.find_gene(symbol)
    return fact.hgnc_id if fact and fact.hgnc_id else f"hgnc.symbol:{symbol}"
