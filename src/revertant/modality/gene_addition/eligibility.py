"""Whether a further, healthy copy of the gene helps, whether anything carries it there, and what of too much of it."""

from __future__ import annotations

from revertant import knowledge
from revertant.knowledge import Evidence, Vehicle
from revertant.modality.gene_addition.packaging import (
    LENGTH_SOURCES,
    REFERENCE_BP,
    STOP_BP,
    full_length_fraction,
)
from revertant.modality.mechanism import addition_helps
from revertant.model import Finding, GenomeForm, Route, Status, Strategy, Target

__all__ = ["AROUND_CODING_BP", "NAME", "dosage_finding", "gene_addition_strategies", "vehicles_that_add"]

NAME = "gene_addition"

#: What an AAV carries beside the coding sequence at the very least: two terminal repeats of 145 bases, and the 500
#: bases of promoter and polyadenylation signal that the catalogue of vehicles counts.
AROUND_CODING_BP = 2 * 145 + 500


def gene_addition_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge gene addition: mechanism first, then the way there, the size, and the level.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    findings = (addition_helps(target), _vehicle(target), _size(target), dosage_finding(target.gene))
    return (Strategy(NAME, Route.ADD_GENE, target, findings),)


def vehicles_that_add(target: Target) -> tuple[Vehicle, ...]:
    """Return what is known to have carried a gene into the target's main tissue, best proven first."""
    if not target.tissues:
        return ()
    fits = knowledge.vehicles_for(target.tissues[0], None, target.editing_place, "addition")
    return tuple(fit.vehicle for fit in fits)


def _vehicle(target: Target) -> Finding:
    rule = "vector.vehicle"
    if not target.tissues:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"The tissue to be treated is not known for {target.gene}. State it in the case (tissue).",
        )
    tissue = target.tissues[0]
    found = vehicles_that_add(target)
    if not found:
        place = f" {target.editing_place.value.replace('_', ' ')}" if target.editing_place else ""
        return Finding(
            rule,
            Status.FAIL,
            f"No vehicle is known here to have carried a gene into {tissue}{place}.",
            value=tissue,
        )
    best = found[0]
    evidence = best.evidence(tissue, "addition")
    return Finding(
        rule,
        Status.PASS if evidence.rank >= Evidence.CLINICAL.rank else Status.CAUTION,
        f"{best.name} has carried a gene into {tissue} ({evidence.value}).",
        value=f"{best.name} ({evidence.value})",
        threshold="clinical use in this tissue",
        sources=best.sources,
        checked=best.checked,
    )


def _size(target: Target) -> Finding:
    """Where the shortest cassette would lie on the packaging curve, and what is left when it does not fit."""
    rule, length = "vector.cargo_fits", target.transcript.coding_bases
    if not length:
        return Finding(rule, Status.UNKNOWN, f"{target.transcript.transcript_id} has no coding sequence.")
    least = length + AROUND_CODING_BP
    value, threshold = f"{length} bp", f"{STOP_BP - AROUND_CODING_BP} bp (packaged below {STOP_BP} bp)"
    if not any("AAV" in vehicle.kind for vehicle in vehicles_that_add(target)):
        text = f"The coding sequence has {length} bases; what carries it there is not limited as an AAV is."
        return Finding(rule, Status.PASS, text, value)
    if least <= REFERENCE_BP:
        return Finding(
            rule,
            Status.PASS,
            f"The coding sequence of {length} bases leaves {REFERENCE_BP - least} more than the shortest promoter and "
            f"polyadenylation signal need in a genome of {REFERENCE_BP} bases.",
            value,
            threshold,
            LENGTH_SOURCES,
        )
    if least < STOP_BP:
        share = full_length_fraction(least, GenomeForm.SINGLE_STRANDED_AAV)
        said = "" if share.value is None else f" (about {share.value:.0%} as many whole genomes as at 4.7 kb)"
        return Finding(
            rule,
            Status.CAUTION,
            f"The coding sequence of {length} bases makes a genome of {least} bases or more{said}: the shortest parts "
            "only, or another form.",
            value,
            threshold,
            LENGTH_SOURCES,
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"The coding sequence of {length} bases fits no single AAV, and an oversized one is never proposed: two "
        "vectors, a shortened gene, or another vehicle.",
        value,
        threshold,
        LENGTH_SOURCES,
    )


def dosage_finding(gene: str) -> Finding:
    """Say whether too much of the product is known to do harm; a gene that is not listed is not known to be safe."""
    rule = "vector.dosage_sensitive"
    fact = knowledge.dosage_facts().get(gene)
    if fact is None:
        return Finding(
            rule,
            Status.NOT_APPLICABLE,
            f"{gene} is not on the list of genes of which too much is known to do harm; that it is safe at any level "
            "is not known.",
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"{fact.statement} Take a promoter of the gene's own strength or a regulated cassette, and show the level in "
        "every tissue that the vehicle reaches.",
        value=f"shown in {fact.found_in}",
        sources=fact.sources,
        checked=fact.checked,
    )
