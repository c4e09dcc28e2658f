"""What the alleles of a gene mean together: mechanism, inheritance, and whether an intact copy is left."""

from __future__ import annotations

from collections.abc import Mapping

from revertant import knowledge
from revertant.errors import IncompatibleInputsError
from revertant.model import Allele, Case, Finding, Mechanism, Status, Zygosity

__all__ = [
    "dispensable_of",
    "inheritance_of",
    "is_biallelic",
    "mechanism_of",
    "phase_finding",
    "second_allele_finding",
]


def mechanism_of(
    gene: str,
    alleles: list[Allele],
    stated: set[Mechanism],
    case: Case,
    fact: knowledge.GeneFact | None,
) -> tuple[Mechanism, str, tuple[str, ...]]:
    """Who says how the disease comes about: the case, the catalogue for this disease, or nobody."""
    stated = stated - {Mechanism.UNKNOWN}
    sources = fact.sources if fact else ()
    if len(stated) > 1:
        raise IncompatibleInputsError(
            f"The variants of {gene} are stated with different mechanisms.",
            remedy="State one mechanism for the gene's disease, or split the case.",
            code="mechanism-conflict",
        )
    if stated:
        return stated.pop(), "The case states it.", sources
    if fact is None:
        return Mechanism.UNKNOWN, f"{gene} is not in the gene catalogue and the case does not state it.", ()
    classes = {allele.consequence.is_truncating for allele in alleles}
    changes = all(allele.consequence.changes_protein for allele in alleles)
    truncating = classes.pop() if len(classes) == 1 and changes else None
    known = [disease.disease_id for disease in case.diseases if fact.disease(disease.disease_id) is not None]
    found = fact.mechanism_of(known[0] if known else "", truncating=truncating)
    return found.mechanism, found.because, found.sources


def inheritance_of(fact: knowledge.GeneFact | None, case: Case) -> str:
    """The mode of the case's own disease where the catalogue knows it, else the gene's only mode."""
    if fact is None:
        return ""
    for disease in case.diseases:
        known = fact.disease(disease.disease_id)
        if known is not None and known.inheritance:
            return "/".join(known.inheritance)
    return fact.inheritance[0] if len(fact.inheritance) == 1 else ""


def dispensable_of(fact: knowledge.GeneFact | None) -> bool | None:
    """Whether people do without both copies, as the catalogue has it; ``None`` when it does not say."""
    words: Mapping[str, bool] = {"treats": True, "tolerated": True, "causes_disease": False}
    return words.get(fact.loss_of_both_copies) if fact else None


def is_biallelic(alleles: list[Allele], inheritance: str) -> bool | None:
    """Whether no intact copy is left; open where a recessive disease shows one variant only."""
    if any(allele.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS} for allele in alleles):
        return True
    if len(alleles) == 1:
        lone = alleles[0].zygosity is Zygosity.HETEROZYGOUS and inheritance != "AR"
        return False if lone else None
    sets = {allele.phase_set for allele in alleles}
    if len(sets) == 1 and all(allele.copies for allele in alleles):
        return all(any(allele.copies[copy] for allele in alleles) for copy in range(2))
    return None


def second_allele_finding(gene: str, alleles: list[Allele], inheritance: str) -> Finding:
    """Ask for the second allele of a recessive disease."""
    rule = "target.second_allele"
    if inheritance != "AR" or len(alleles) != 1 or alleles[0].zygosity is not Zygosity.HETEROZYGOUS:
        return Finding(rule, Status.NOT_APPLICABLE, "The variants stated can explain the disease.")
    return Finding(
        rule,
        Status.UNKNOWN,
        f"The disease is recessive, and only one heterozygous variant of {gene} is stated: the second is not found, or "
        "the diagnosis is another.",
    )


def phase_finding(gene: str, alleles: list[Allele], biallelic: bool | None) -> Finding:
    """Say how two heterozygous variants lie to each other."""
    rule = "target.phase"
    heterozygous = [allele for allele in alleles if allele.zygosity is Zygosity.HETEROZYGOUS]
    if len(heterozygous) < 2:
        return Finding(rule, Status.NOT_APPLICABLE, "There is no second heterozygous variant to be phased.")
    if biallelic is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"It is not known whether the {len(heterozygous)} variants of {gene} lie on one copy or on both.",
        )
    where = "on different copies (in trans)" if biallelic else "on the same copy (in cis)"
    return Finding(rule, Status.PASS if biallelic else Status.CAUTION, f"The variants of {gene} lie {where}.")
