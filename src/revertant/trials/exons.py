"""Criteria on exons: whether a deletion of a gene takes any part of those that a label names."""

from __future__ import annotations

from revertant.knowledge import Criterion, conditions
from revertant.model import Allele, StructureKind, Target
from revertant.trials.answer import CONFLICT, MET, NOT_MET, UNKNOWN, Answer, Person

__all__ = ["answer_exons"]


def answer_exons(criterion: Criterion, person: Person) -> Answer:
    """Say whether any part of the named exons is deleted; met when none is.

    What was resolved on the genome is compared with the exons of its transcript, provided that the transcript has as
    many exons as the label counts; else only what the case states under the condition counts.
    """
    question = conditions()[criterion.condition].question
    stated = dict(person.case.conditions).get(criterion.condition)
    found = [target for target in person.targets if target.gene == criterion.gene and target.alleles]
    usable = [target for target in found if len(target.transcript.exons) == criterion.exon_count]
    names = ", ".join(allele.name for target in usable for allele in target.alleles)
    if not usable:
        if stated is None:
            other = " The transcript at hand counts exons otherwise." if found else ""
            to_measure = f"{question} (conditions: {criterion.condition})"
            return Answer(UNKNOWN, f"No variant of {criterion.gene} says.{other}", "", to_measure)
        shown = f"{question} {'Yes' if stated else 'No'}."
        return Answer(NOT_MET if stated else MET, shown, shown)
    hit = sorted(
        {
            exon
            for target in usable
            for allele in target.alleles
            for exon in _deleted_exons(allele, target)
            if exon in criterion.exons
        }
    )
    if stated is not None and stated is not bool(hit):
        because = f"The case says {'yes' if stated else 'no'}, its variants the contrary."
        return Answer(CONFLICT, because, names, f"Confirm the extent of the deletion, by MLPA. {question}")
    if hit:
        listed = ", ".join(map(str, hit))
        return Answer(NOT_MET, f"The deletion takes bases of exon {listed}.", names)
    return Answer(MET, "No deletion among the variants stated takes any of these exons.", names)


def _deleted_exons(allele: Allele, target: Target) -> list[int]:
    """Return the numbers of the exons of which an allele deletes bases."""
    if allele.structure is not None:
        if allele.structure.kind is not StructureKind.DELETION:
            return []
        lost = allele.structure.locus
    elif len(allele.variant.ref) > len(allele.variant.alt):
        lost = allele.variant.locus
    else:
        return []
    exons = enumerate(target.transcript.ordered_exons, start=1)
    return [number for number, (start, end) in exons if start < lost.end and lost.start < end]
