"""Criteria on genes: both copies affected, a pathogenic variant, and how many copies there are.

A number of copies counts only when a laboratory's assay says so. One that software has counted from reads is shown, and
asks for MLPA or digital PCR; it never makes a criterion met or not met.
"""

from __future__ import annotations

from collections.abc import Sequence

from revertant.knowledge import Criterion
from revertant.model import CopyNumber, CriterionState, Pathogenicity, Zygosity
from revertant.trials.answer import CONFLICT, MET, NOT_MET, UNKNOWN, Answer, Person

__all__ = ["answer_biallelic", "answer_copies", "answer_variant"]

_PATHOGENIC = (Pathogenicity.PATHOGENIC, Pathogenicity.LIKELY_PATHOGENIC)
_CONFIRM = "Confirm the copies of {gene} by MLPA or digital PCR."


def _shown(copies: CopyNumber) -> str:
    number = f"at least {copies.low}" if copies.high is None else str(copies.low)
    if copies.high is not None and copies.high != copies.low:
        number = f"{copies.low} to {copies.high}"
    details = ", ".join(
        text
        for text in (copies.method.replace("_", " ") or "method not stated", copies.laboratory, copies.date)
        if text
    )
    return f"{copies.gene}: {number} {'copy' if number == '1' else 'copies'} ({details})"


def _evidence(found: Sequence[CopyNumber]) -> str:
    return "; ".join(_shown(one) for one in found)


def _counted(person: Person, gene: str) -> tuple[list[CopyNumber], list[CopyNumber]]:
    """Return the confirmed and the unconfirmed numbers of copies of a gene."""
    found = [one for one in person.case.copy_numbers if one.gene == gene]
    return [one for one in found if one.is_confirmed], [one for one in found if not one.is_confirmed]


def _common(found: Sequence[CopyNumber]) -> tuple[int, int | None] | None:
    """Return the interval on which all agree, ``None`` when they do not."""
    low = max(one.low for one in found)
    highs = [one.high for one in found if one.high is not None]
    high = min(highs) if highs else None
    return None if high is not None and high < low else (low, high)


def answer_copies(criterion: Criterion, person: Person) -> Answer:
    """Hold the copies of a gene against the thresholds."""
    gene = criterion.gene
    confirmed, others = _counted(person, gene)
    confirm = _CONFIRM.format(gene=gene)
    if not confirmed:
        if others:
            because = f"Copies of {gene} are not confirmed by a laboratory's assay, so they decide nothing."
            return Answer(CONFLICT, because, _evidence(others), confirm)
        return Answer(
            UNKNOWN,
            f"Copies of {gene} are not stated.",
            "",
            f"Count the copies of {gene} by MLPA or digital PCR.",
        )
    bounds = _common(confirmed)
    if bounds is None:
        return Answer(
            CONFLICT, f"Reports of the copies of {gene} disagree.", _evidence(confirmed), f"Repeat: {confirm}"
        )
    low, high = bounds
    states = {criterion.allows(low), criterion.allows(float("inf") if high is None else high)}
    if len(states) > 1:
        because = f"The reported interval of copies of {gene} lies on both sides of the limit."
        return Answer(
            UNKNOWN, because, _evidence(confirmed), f"Count the copies of {gene} exactly, by digital PCR."
        )
    state = MET if states == {True} else NOT_MET
    return Answer(state, f"{_evidence(confirmed)}.", _evidence(confirmed))


def answer_variant(criterion: Criterion, person: Person) -> Answer:
    """Whether a pathogenic variant of a gene is stated."""
    gene = criterion.gene
    named = [name for name, _, _ in _alleles(person, gene)]
    if named:
        return Answer(MET, f"A pathogenic variant of {gene} is stated.", ", ".join(named))
    confirmed, others = _counted(person, gene)
    if others and not confirmed:
        because = f"Copies of {gene} are not confirmed by a laboratory's assay, so they decide nothing."
        return Answer(CONFLICT, because, _evidence(others), _CONFIRM.format(gene=gene))
    return Answer(
        UNKNOWN,
        f"No variant of {gene} is stated as pathogenic or likely pathogenic.",
        _evidence(confirmed),
        f"Sequence {gene}, copy number included, and state the class of what is found.",
    )


def _alleles(person: Person, gene: str) -> list[tuple[str, Zygosity, str]]:
    """Return name, zygosity and stated phase of the pathogenic variants of a gene; resolved ones win over stated ones.

    The phase of resolved ones is not repeated here: their target already says whether both copies are hit.
    """
    resolved = [
        (allele.name, allele.zygosity, "")
        for target in person.targets
        if target.gene == gene
        for allele in target.alleles
        if allele.pathogenicity in _PATHOGENIC
    ]
    return resolved or [
        (variant.expressions[0], variant.zygosity, variant.phase)
        for variant in person.case.variants
        if variant.gene == gene and variant.pathogenicity in _PATHOGENIC
    ]


def answer_biallelic(criterion: Criterion, person: Person) -> Answer:
    """Whether both copies of a gene are affected: lost, or changed by a pathogenic variant."""
    gene = criterion.gene
    confirmed, others = _counted(person, gene)
    alleles = _alleles(person, gene)
    by_variants = _by_variants(gene, alleles, person)
    evidence = "; ".join(
        text for text in (_evidence([*confirmed, *others]), ", ".join(a for a, _, _ in alleles)) if text
    )
    if by_variants is not None and by_variants[0] is MET:
        return Answer(MET, by_variants[1], evidence)
    if confirmed:
        return _by_copies(gene, confirmed, alleles, evidence)
    if others:
        because = (
            f"Copies of {gene} are not confirmed by a laboratory's assay, so they decide nothing, "
            "however clear they look."
        )
        return Answer(CONFLICT, because, evidence, _CONFIRM.format(gene=gene))
    if by_variants is not None:
        state, because, to_measure = by_variants
        return Answer(state, because, evidence, to_measure)
    return Answer(
        UNKNOWN,
        f"Neither copies nor pathogenic variants of {gene} are stated.",
        "",
        f"Count the copies of {gene} by MLPA or digital PCR, and sequence it.",
    )


def _by_copies(
    gene: str, confirmed: Sequence[CopyNumber], alleles: Sequence[tuple[str, Zygosity, str]], evidence: str
) -> Answer:
    bounds = _common(confirmed)
    if bounds is None:
        repeat = f"Repeat: {_CONFIRM.format(gene=gene)}"
        return Answer(CONFLICT, f"Reports of the copies of {gene} disagree.", evidence, repeat)
    low, high = bounds
    if high == 0:
        return Answer(MET, f"No copy of {gene} is left.", evidence)
    if low == 0:
        exact = f"Count the copies of {gene} exactly, by digital PCR."
        return Answer(UNKNOWN, f"Whether a copy of {gene} is left is not settled.", evidence, exact)
    if (low, high) == (1, 1) and alleles:
        return Answer(
            MET, f"One copy of {gene} is lost, and the other carries a pathogenic variant.", evidence
        )
    left = "One copy" if (low, high) == (1, 1) else f"At least {low} copies"
    because = f"{left} of {gene} left, with too few pathogenic variants stated to affect every copy."
    sequence = (
        f"If there are signs of the disease, sequence the copies of {gene} that are left for small variants."
    )
    return Answer(NOT_MET, because, evidence, sequence)


def _by_variants(
    gene: str, alleles: Sequence[tuple[str, Zygosity, str]], person: Person
) -> tuple[CriterionState, str, str] | None:
    """Judge by variants alone; ``None`` when none is stated."""
    if not alleles:
        return None
    zygosities = [zygosity for _, zygosity, _ in alleles]
    if Zygosity.HOMOZYGOUS in zygosities:
        return MET, f"A pathogenic variant of {gene} is homozygous.", ""
    resolved = {target.biallelic for target in person.targets if target.gene == gene and target.alleles}
    if resolved == {True}:
        return MET, f"Both copies of {gene} carry a pathogenic variant.", ""
    if len(alleles) == 1:
        look = f"Look for a second pathogenic variant of {gene}, copy number and introns included."
        return UNKNOWN, f"One pathogenic variant of {gene} is stated, and no second one.", look
    phases = [phase for _, _, phase in alleles]
    if resolved == {False}:
        return (
            NOT_MET,
            f"A copy of {gene} without a pathogenic variant is left.",
            f"Look at the other copy of {gene}.",
        )
    if all(phases):
        if len(set(phases)) > 1:
            return MET, f"Two pathogenic variants of {gene} lie on different copies.", ""
        return (
            NOT_MET,
            f"The pathogenic variants of {gene} lie on one copy.",
            f"Look at the other copy of {gene}.",
        )
    phase = "Phase the variants with the parents' genotypes or long reads."
    return UNKNOWN, f"Whether the variants of {gene} lie on one copy or on both is not known.", phase
