"""Whether a base editor can serve a target, on which routes, and if not, why not."""

from __future__ import annotations

from dataclasses import replace

from revertant import knowledge
from revertant.knowledge import BaseEditor
from revertant.modality.base_editing.benign import benign_rows
from revertant.modality.base_editing.intended import codon_edits, guide_strands, restoring_wish
from revertant.modality.mechanism import (
    allele_specific_knock_out_helps,
    correction_helps,
    knock_out_helps,
    site_disruption_helps,
    wrong_site_shown,
)
from revertant.model import (
    Allele,
    BaseChange,
    Finding,
    Route,
    Status,
    Strand,
    Strategy,
    Target,
    VariantKind,
)
from revertant.sequence import complement, three_letter

__all__ = ["NAME", "base_editing_strategies", "chemistries"]

NAME = "base_editing"

_CHEMISTRY_NAMES = {("A", "G"): "ABE (A to G)", ("C", "T"): "CBE (C to T)", ("C", "G"): "CGBE (C to G)"}
_CHEMISTRY_SOURCES = ("doi:10.1038/nature24644", "doi:10.1038/nature17946", "doi:10.1038/s41587-020-0609-x")


def chemistries(editors: tuple[BaseEditor, ...]) -> tuple[tuple[str, str], ...]:
    """Return the conversions the editors offer between them, sorted."""
    return tuple(sorted({conversion for editor in editors for conversion in editor.base_changes}))


def base_editing_strategies(target: Target) -> tuple[Strategy, ...]:
    """Apply base editing to a target: one strategy for each route and allele.

    Parameters
    ----------
    target
        The target, resolved on the genome.

    Returns
    -------
    tuple[Strategy, ...]
        Eligible or not; each says why.
    """
    strategies = []
    for allele in target.alleles:
        for route, findings in (
            (Route.RESTORE_WILD_TYPE, (_direct_chemistry(allele, target), correction_helps(target, allele))),
            (Route.RESTORE_PROTEIN, (_synonymous_codon(allele), correction_helps(target, allele))),
            (Route.BENIGN_SUBSTITUTION, (_benign_residue(allele, target), correction_helps(target, allele))),
            (Route.DISRUPT_SPLICE_SITE, (_wrong_site(allele, target),)),
            (Route.ALLELE_SPECIFIC_KNOCK_OUT, (allele_specific_knock_out_helps(target, allele),)),
        ):
            strategies.append(Strategy(NAME, route, target, findings, allele=allele))
    strategies.append(Strategy(NAME, Route.KNOCK_OUT, target, (knock_out_helps(target),)))
    strategies += [
        Strategy(
            NAME, Route.DISRUPT_REGULATORY_SITE, target, (site_disruption_helps(target, site),), site=site
        )
        for site in target.sites
    ]
    return tuple(strategies)


def _direct_chemistry(allele: Allele, target: Target) -> Finding:
    """Whether some deaminase makes exactly the change that restores the reference."""
    rule = "chemistry.direct_restoration"
    wish = restoring_wish(allele)
    if wish is None:
        kind = allele.variant.kind.value.replace("_", " ")
        article = "an" if kind.startswith("i") else "a"
        return Finding(
            rule,
            Status.FAIL,
            f"{allele.name} is {article} {kind}: base editors change bases, they add and remove none.",
        )
    available = chemistries(tuple(knowledge.editors().values()))
    able = [one for one in available if guide_strands(wish.changes, [one])]
    wanted = " and ".join(
        f"{change.before}→{change.after}" for change in _on_gene_strand(wish.changes, target)
    )
    if not able:
        return Finding(
            rule,
            Status.FAIL,
            f"Restoring {allele.name} needs {wanted} on the coding strand, which no base editor makes: ABE make "
            "A→G (T→C on the other strand), CBE C→T (G→A), CGBE C→G (G→C).",
            value=wanted,
            sources=_CHEMISTRY_SOURCES,
        )
    names = " or ".join(_CHEMISTRY_NAMES.get(one, "→".join(one)) for one in able)
    return Finding(
        rule,
        Status.PASS,
        f"{wanted} on the coding strand is made by {names}.",
        wanted,
        sources=_CHEMISTRY_SOURCES,
    )


def _synonymous_codon(allele: Allele) -> Finding:
    """Whether the codon can be turned into another codon of the wild-type residue."""
    rule = "chemistry.synonymous_codon"
    if allele.variant.kind is not VariantKind.SUBSTITUTION or not allele.consequence.amino_acids_before:
        return Finding(rule, Status.FAIL, f"{allele.name} does not exchange a single residue.")
    residue = allele.consequence.amino_acids_before
    codons = _reachable_codons(allele, residue)
    if not codons:
        return Finding(
            rule,
            Status.FAIL,
            f"No base edit turns {allele.consequence.codon_after} into another codon for {three_letter(residue)}.",
        )
    return Finding(rule, Status.PASS, f"Base edits give another codon for {three_letter(residue)}: {codons}.")


def _benign_residue(allele: Allele, target: Target) -> Finding:
    """Whether a residue known to be benign can be put in the place of the pathogenic one."""
    rule = "knowledge.benign_substitution"
    position = allele.consequence.protein_position
    rows = benign_rows(target.gene, position, allele.consequence.amino_acids_after)
    if not rows or allele.variant.kind is not VariantKind.SUBSTITUTION:
        return Finding(rule, Status.FAIL, "No substitution at this residue is known here to be benign.")
    reached = [(row, _reachable_codons(allele, row.residue)) for row in rows]
    reached = [(row, codons) for row, codons in reached if codons]
    if not reached:
        return Finding(
            rule, Status.FAIL, "The residue known to be benign here cannot be reached by a base edit."
        )
    row, codons = reached[0]
    return Finding(
        rule,
        Status.CAUTION,
        f"{row.name}: {three_letter(row.residue)} at residue {row.codon} is known to be benign ({row.evidence}) and "
        f"is reached by a base edit ({codons}). This is a benign substitution, not a restoration.",
        sources=row.sources,
        checked=row.checked,
    )


def _wrong_site(allele: Allele, target: Target) -> Finding:
    """Whether the allele is stated to act through splicing and its new base can be part of a GT or AG.

    Whether the neighbouring base completes one is read from the sequence when guides are designed.
    """
    rule = "splice.wrong_site"
    base = allele.variant.alt
    if target.transcript.strand is Strand.MINUS:
        base = complement(base)
    if allele.variant.kind is not VariantKind.SUBSTITUTION or base == "C":
        return Finding(
            rule, Status.FAIL, f"{allele.name} puts in no base of a splice dinucleotide (GT or AG)."
        )
    shown = wrong_site_shown(target, allele)
    if shown is not None:
        how = "If it has made a GT or AG, another base of it can be edited; show that the normal sites are used again."
        return replace(shown, because=f"{shown.because} {how}", value=f"new base {base}")
    # Not stated is not shown: only a change that explains the disease by itself speaks against it.
    explained = allele.consequence.changes_protein
    text = (
        f"{allele.name} changes the protein by itself; that it also makes a wrong splice site is not stated."
        if explained
        else f"Whether {allele.name} makes a wrong splice site is not stated. RNA of the patient would tell; "
        "state mechanism: splice in the case if it has been shown."
    )
    status = Status.FAIL if explained else Status.UNKNOWN
    return Finding(rule, status, text, value=target.mechanism.value.replace("_", " "))


def _reachable_codons(allele: Allele, residues: str) -> str:
    """Name the codons that give one of the residues, from the consequence alone: no genome is needed."""
    now, wild = allele.consequence.codon_after, allele.consequence.codon_before
    if len(now) != 3 or len(wild) != 3:
        return ""
    codons = codon_edits(now, wild, residues, chemistries(tuple(knowledge.editors().values())))
    return ", ".join(f"{now} to {codon}" for codon in codons)


def _on_gene_strand(changes: tuple[BaseChange, ...], target: Target) -> tuple[BaseChange, ...]:
    if target.transcript.strand is Strand.PLUS:
        return changes
    return tuple(
        BaseChange(change.position, complement(change.before), complement(change.after)) for change in changes
    )
