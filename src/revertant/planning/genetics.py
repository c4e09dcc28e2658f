"""What the alleles of a gene mean together: mechanism, inheritance, and whether an intact copy is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from revertant import knowledge
from revertant.errors import IncompatibleInputsError
from revertant.model import Allele, Case, CaseVariant, Finding, Mechanism, Status, Zygosity
from revertant.planning.copies import GeneCopies
from revertant.planning.phase import phase_label

__all__ = [
    "biallelic_by_copies",
    "dispensable_of",
    "inheritance_of",
    "is_biallelic",
    "is_biallelic_as_stated",
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
    *,
    are_absent: bool = False,
) -> tuple[Mechanism, str, tuple[str, ...]]:
    """Who says how the disease comes about: the case, the catalogue for this disease, or nobody.

    A gene of which no copy is left (``are_absent``) makes as little as one that is cut short.
    """
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
    truncating = are_absent or (classes.pop() if len(classes) == 1 and changes else None)
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


def is_biallelic_as_stated(stated: Sequence[CaseVariant], inheritance: str) -> bool | None:
    """Say the same from what the case states, for variants that were not placed on a genome."""
    if any(variant.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS} for variant in stated):
        return True
    if len(stated) == 1:
        lone = stated[0].zygosity is Zygosity.HETEROZYGOUS and inheritance != "AR"
        return False if lone else None
    labels = {phase_label(variant) for variant in stated}
    return None if "" in labels or not labels else len(labels) > 1


def biallelic_by_copies(by_variants: bool | None, copies: GeneCopies | None, variants: int) -> bool | None:
    """Add to the variants what a laboratory's count of the copies says; a count from reads alone adds nothing.

    Examples
    --------
    >>> from revertant.model import CopyNumber, Subject
    >>> from revertant.planning.copies import copies_of
    >>> def counted(copies, method="MLPA"):
    ...     return copies_of("G", Case("c", Subject("s"), (), copy_numbers=(CopyNumber("G", copies, copies, method),)))
    >>> biallelic_by_copies(None, counted(0), 0), biallelic_by_copies(None, counted(0, "in_silico"), 0)
    (True, None)
    >>> biallelic_by_copies(None, counted(1), 1), biallelic_by_copies(None, counted(1), 0)
    (True, False)
    """
    if copies is None or not copies.is_confirmed or copies.low is None:
        return by_variants
    if copies.are_absent or (copies.high == 1 and variants):
        return True
    return False if not variants and copies.low else by_variants


def second_allele_finding(
    gene: str, zygosities: Sequence[Zygosity], inheritance: str, copies: GeneCopies | None = None
) -> Finding:
    """Ask for the second allele of a recessive disease.

    Parameters
    ----------
    gene, inheritance
        Of the target.
    zygosities
        Of the variants stated.
    copies
        How many copies of the gene are there, where that is stated.
    """
    rule = "target.second_allele"
    firm = copies is not None and copies.is_confirmed
    if firm and copies is not None and copies.high is not None and copies.high < 2 and zygosities:
        return Finding(
            rule, Status.NOT_APPLICABLE, f"One copy of {gene} is lost, and a variant is stated for the other."
        )
    if inheritance == "AR" and not zygosities and firm and copies is not None and not copies.are_absent:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"The disease is recessive, {_left(gene, copies)} and no variant of it is stated: a carrier, or a small "
            "variant that counting does not see.",
        )
    if inheritance != "AR" or len(zygosities) != 1 or zygosities[0] is not Zygosity.HETEROZYGOUS:
        return Finding(
            rule, Status.NOT_APPLICABLE, "No heterozygous variant of a recessive disease stands alone."
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        f"The disease is recessive, and only one heterozygous variant of {gene} is stated: the second is not found, or "
        "the diagnosis is another.",
    )


def _left(gene: str, copies: GeneCopies) -> str:
    if copies.is_conflict:
        return f"counts of the copies of {gene} contradict each other"
    return f"{copies.words} of {gene} {'is' if copies.high == 1 else 'are'} left"


def phase_finding(gene: str, zygosities: Sequence[Zygosity], biallelic: bool | None) -> Finding:
    """Say how two heterozygous variants lie to each other."""
    rule = "target.phase"
    heterozygous = [zygosity for zygosity in zygosities if zygosity is Zygosity.HETEROZYGOUS]
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
