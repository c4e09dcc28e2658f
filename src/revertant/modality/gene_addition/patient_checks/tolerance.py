"""Is the protein that the vector brings foreign to this person? What the person's own alleles still make of it decides.

A protein that a person has never made is foreign to the immune system, as factor IX is to people without the gene. What
is left of it, even if it does not work, teaches tolerance of the parts that are left. So the question is asked residue
by residue: which parts of the protein can no allele of this person show?
"""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.modality.gene_addition.patient_checks.presented import (
    deleted_exons,
    goes_to_the_end,
    presented_residues,
)
from revertant.model import Allele, Case, Finding, Status, Target

__all__ = ["tolerance_findings"]

_RULE = "immunity.transgene"
_CRIM = "Test for the protein (cross-reactive immunological material) and for T cells against it before."


def tolerance_findings(case: Case, target: Target) -> tuple[Finding, ...]:
    """Judge whether the transgene's protein is foreign to the person, and say what HLA is known.

    The protein is that of the target's gene; a shortened one is part of it.

    Parameters
    ----------
    case
        For the copies of second genes of the same protein, conditions and HLA.
    target
        Its alleles on its transcript.
    """
    found = _transgene(case, target)
    return (found, *_dystrophin(case, target), _hla(case, found))


def _transgene(case: Case, target: Target) -> Finding:
    gene = target.gene
    if target.biallelic is False:
        return Finding(
            _RULE, Status.PASS, f"A working copy of {gene} is left: the protein is the person's own."
        )
    if own := _second_gene(case, gene):
        return own
    if not target.alleles:
        if target.biallelic:
            return _foreign(
                f"No copy of {gene} is left, so this person has never made its protein: it is foreign."
            )
        return Finding(_RULE, Status.UNKNOWN, f"What this person makes of {gene} is not known. {_CRIM}")
    length = max(target.transcript.coding_bases // 3 - 1, 0)
    shown = [presented_residues(allele, length, target.transcript) for allele in target.alleles]
    known = [parts for parts in shown if parts is not None]
    most = max((sum(last - first + 1 for first, last in parts) for parts in known), default=0)
    pairs = zip(target.alleles, shown, strict=True)
    whole = [(allele, parts) for allele, parts in pairs if parts and goes_to_the_end(allele, parts, length)]
    if whole:
        allele, parts = max(whole, key=lambda pair: sum(last - first + 1 for first, last in pair[1]))
        return Finding(
            _RULE,
            Status.CAUTION,
            f"Tolerance is likely: {allele.name} leaves the protein whole but for {_missing(parts, length)}, so most "
            f"of it is this person's own if it is made at all. {_CRIM}",
            value=f"{most} of {length} residues",
            sources=knowledge.vector_risk("tolerance_by_variant").sources,
        )
    stated = [variant for variant in case.variants if variant.gene.upper() == gene.upper()]
    if len(known) < len(shown) or len(stated) > len(shown):
        return Finding(
            _RULE,
            Status.UNKNOWN,
            f"What the alleles of {gene} leave of the protein is open: splicing, or a change whose effect on it is not "
            f"known here. {_CRIM}",
        )
    if not most:
        return _foreign(
            f"{_names(target.alleles)} leave nothing of the protein: it is foreign to this person."
        )
    return _foreign(
        f"{_names(target.alleles)} leave at most the first part of the protein, and their messages may be destroyed: "
        f"the rest is foreign to this person.",
        f"at most {most} of {length} residues",
    )


def _missing(parts: tuple[tuple[int, int], ...], length: int) -> str:
    """The residues that are not shown, in words."""
    edges = [0, *(edge for part in parts for edge in part), length + 1]
    gaps = [(last + 1, first - 1) for last, first in zip(edges[::2], edges[1::2], strict=True)]
    said = [f"{first}" if first == last else f"{first} to {last}" for first, last in gaps if first <= last]
    return (
        f"residue{'s' if len(said) > 1 or 'to' in ''.join(said) else ''} {' and '.join(said)}"
        if said
        else "nothing"
    )


def _names(alleles: Sequence[Allele]) -> str:
    return " and ".join(allele.name for allele in alleles)


def _foreign(because: str, value: str = "") -> Finding:
    risk = knowledge.vector_risk("tolerance_by_variant")
    text = f"{because} {risk.statement} {risk.mitigation}"
    return Finding(_RULE, Status.CAUTION, text, value=value, sources=risk.sources, checked=risk.checked)


def _second_gene(case: Case, gene: str) -> Finding | None:
    """A second gene that makes the same protein makes it the person's own; without a count it may be there or not."""
    for row in knowledge.paralogues_of(gene):
        counted = [copies for copies in case.copy_numbers if copies.gene == row.key and copies.is_confirmed]
        if any(copies.high == 0 for copies in counted):
            continue
        if counted and all(copies.low >= 1 for copies in counted):
            because = (
                f"{row.key} makes the same protein ({row.statement.split(';')[0]}): it is the person's own."
            )
            status = Status.PASS
        else:
            because = f"{row.key} makes the same protein; whether this person has it was not counted by a laboratory."
            status = Status.UNKNOWN
        return Finding(_RULE, status, because, value=row.key, sources=row.sources, checked=row.checked)
    return None


#: Exons of DMD of which a deletion excludes a product, and those of which it warns, as its label names them.
_EXCLUDED_EXONS = frozenset({8, 9})
_WARNED_EXONS = frozenset({*range(1, 18), *range(59, 72)})
_DMD_EXONS = 79


def _dystrophin(case: Case, target: Target) -> tuple[Finding, ...]:
    """What is known of DMD: T cells against exons 8 and 9 in boys who lack them, and myositis with the ends deleted."""
    if target.gene != "DMD":
        return ()
    stated = dict(case.conditions)
    numbered = len(target.transcript.exons) == _DMD_EXONS
    lost = frozenset(
        number for allele in target.alleles for number in deleted_exons(allele, target.transcript)
    )
    seen = numbered and bool(target.alleles)
    excluded = stated.get("dmd_deletion_exon_8_or_9", bool(lost & _EXCLUDED_EXONS) if seen else None)
    warned = stated.get("dmd_deletion_myositis_risk", bool(lost & _WARNED_EXONS) if seen else None)
    value = f"exons {min(lost)} to {max(lost)} deleted" if lost and numbered else ""
    return (
        _by_exons("immunity.dystrophin_exons_8_9", excluded, "dystrophin_exons_8_9", Status.FAIL, value),
        _by_exons("immunity.dystrophin_ends", warned, "dystrophin_ends", Status.CAUTION, value),
    )


def _by_exons(rule: str, hit: bool | None, key: str, status: Status, value: str) -> Finding:
    risk = knowledge.vector_risk(key)
    if hit is None:
        text = f"Which exons are deleted is not known here. {risk.statement}"
        return Finding(rule, Status.UNKNOWN, text, sources=risk.sources, checked=risk.checked)
    if not hit:
        return Finding(rule, Status.PASS, "These exons are not deleted.", value, sources=risk.sources)
    return Finding(
        rule, status, f"{risk.statement} {risk.mitigation}", value, sources=risk.sources, checked=risk.checked
    )


def _hla(case: Case, transgene: Finding) -> Finding:
    """HLA is passed on, and what it presents is not predicted."""
    rule = "immunity.hla"
    if case.hla:
        text = (
            f"HLA {', '.join(case.hla)} is stated. Which peptides of the transgene these alleles present is not "
            "predicted by this version; typed, they let a laboratory test T cells against them."
        )
        return Finding(rule, Status.NOT_APPLICABLE, text, value=", ".join(case.hla))
    if transgene.status is Status.PASS:
        return Finding(
            rule, Status.NOT_APPLICABLE, "HLA is not stated; the protein is not foreign to this person."
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        "HLA is not stated, and the protein may be foreign: type it before a T-cell test.",
    )
