"""The decisions of the designer as sentences: what was taken, why, and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from revertant import knowledge
from revertant.knowledge import Evidence, Tissue, VectorPart, Vehicle
from revertant.modality.gene_addition.alternatives import SELF_COMPLEMENTARY_SOURCES, Alternative
from revertant.modality.gene_addition.genomes import CLONING_ENZYMES
from revertant.modality.gene_addition.oversized import DualMethod, DualSplit
from revertant.modality.gene_addition.packaging import LENGTH_SOURCES
from revertant.model import Choice, FeatureKind, GenomeForm

__all__ = [
    "backbone_choice",
    "form_choice",
    "mrna_choices",
    "site_choice",
    "split_choice",
    "vehicle_choice",
]

_OVERSIZED_SOURCES = ("pmcid:PMC5321474",)


def vehicle_choice(one: Alternative, vehicles: Sequence[Vehicle], tissue: Tissue) -> Choice:
    """Say why this vehicle and this way of giving it.

    Parameters
    ----------
    one
        The vector.
    vehicles
        Everything known to have carried a gene into the tissue.
    tissue
        Where.
    """
    ours = one.vehicle.evidence(tissue.value, "addition")
    others = []
    for other in vehicles:
        if other is one.vehicle:
            continue
        theirs = other.evidence(tissue.value, "addition")
        why = f"{_stage(theirs)} here"
        if theirs.rank < ours.rank:
            why += ", less far than the one taken"
        elif theirs.rank > ours.rank:
            why += ": further than the one taken, and shown before it"
        others.append((other.name, why))
    known = knowledge.capsids().get(one.vehicle.capsid)
    more = f" {known.tropism}" if known is not None and known.tropism else ""
    return Choice(
        "capsid and route",
        one.vehicle.name,
        f"{one.vehicle.name} has carried a gene into {tissue.value} ({_stage(ours)}).{more}",
        tuple(others),
        one.vehicle.sources,
    )


def _stage(evidence: Evidence) -> str:
    return "approved" if evidence is Evidence.APPROVED else f"at the {evidence.value} stage"


def form_choice(one: Alternative) -> Choice:
    """Say why this form of genome, and why no other."""
    against = {
        GenomeForm.SELF_COMPLEMENTARY_AAV: "half the room: what does not fit 2.35 kb is packaged cut off",
        GenomeForm.SINGLE_STRANDED_AAV: "its second strand has to be made before it is read",
        GenomeForm.DUAL_AAV: "two vectors have to meet in one cell, and join",
        GenomeForm.LENTIVIRAL: "it integrates, and is given to cells outside the body",
        GenomeForm.MRNA: "the protein is made for days, so it is given again and again",
    }
    others = [(form.value, why) for form, why in against.items() if form is not one.form]
    oversized = (
        "one oversized AAV",
        "refused: pieces of ABCA4 gave RNA and no protein that could be detected",
    )
    return Choice(
        "form of genome",
        one.form.value,
        one.form_because,
        (*others, oversized),
        (*SELF_COMPLEMENTARY_SOURCES, *LENGTH_SOURCES, *_OVERSIZED_SOURCES),
    )


def site_choice(before: str, after: str) -> Choice:
    """Say which enzymes cut around the coding sequence, and nowhere else in the plasmid."""
    if not before:
        return Choice(
            "cloning sites",
            "none",
            f"Fewer than two of {', '.join(CLONING_ENZYMES)} cut nowhere else in the plasmid: join by homology.",
        )
    return Choice(
        "cloning sites",
        f"{before} and {after}",
        f"Each cuts the plasmid once: {before} before the Kozak sequence, {after} after the stop codon.",
    )


def split_choice(split: DualSplit, parts: Mapping[str, VectorPart]) -> Choice:
    """Say how the halves of a dual vector join, and why not otherwise."""
    kinds = {
        DualMethod.HYBRID: (
            FeatureKind.SPLICE_DONOR,
            FeatureKind.SPLICE_ACCEPTOR,
            FeatureKind.RECOMBINOGENIC,
        ),
        DualMethod.TRANS_SPLICING: (FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR),
        DualMethod.SPLIT_INTEIN: (FeatureKind.INTEIN,),
        DualMethod.OVERLAPPING: (),
    }
    held = {part.kind for part in parts.values() if part.sequence}
    others = []
    for method, needed in kinds.items():
        if method is split.method:
            continue
        lacking = [kind.value.replace("_", " ") for kind in needed if kind not in held]
        why = (
            f"no sequence is held of: {', '.join(lacking)}; bring it with --parts"
            if lacking
            else "not taken here"
        )
        if not lacking and method is DualMethod.SPLIT_INTEIN:
            why = "a split needs a residue and a fold that have to be chosen by hand"
        others.append((method.value, why))
    because = (
        f"{split.because} It needs no foreign sequence; hybrid and intein vectors have joined more, so test them too."
        if split.method is DualMethod.OVERLAPPING
        else split.because
    )
    return Choice("joining of the halves", split.method.value, because, tuple(others), ("pmcid:PMC3927955",))


def backbone_choice(backbone: Sequence[VectorPart]) -> Choice:
    """Say what closes the genome into a plasmid."""
    return Choice(
        "plasmid backbone",
        " + ".join(part.name for part in backbone),
        "It closes the genome into a circle that bacteria keep under selection, and is not packaged. Bring your own "
        "with --parts (kind backbone).",
        sources=tuple(dict.fromkeys(source for part in backbone for source in part.sources)),
    )


def mrna_choices(parts: Mapping[str, VectorPart]) -> tuple[Choice, ...]:
    """Say what an mRNA is made of besides its coding sequence."""
    five, three, tail, cap = (parts[key] for key in ("utr5_hbb", "utr3_hbb", "polya_tail_120", "cap1"))
    lacking = [
        (part.name, "no sequence of it is held")
        for part in parts.values()
        if part.kind in {FeatureKind.UTR_5, FeatureKind.UTR_3} and not part.sequence
    ]
    return (
        Choice(
            "untranslated regions",
            f"{five.name}; {three.name}",
            "Those of human beta-globin, whose message is stable.",
            tuple(lacking),
            (*five.sources, *three.sources),
        ),
        Choice("tail", tail.name, f"{tail.note}", sources=tail.sources),
        Choice("cap", cap.name, f"{cap.note}", sources=cap.sources),
        Choice(
            "nucleotides",
            "N1-methylpseudouridine for every uridine",
            "It is sensed less by innate immunity; the sequence is written with T for it.",
            (("uridine", "it is sensed as foreign"),),
            cap.sources,
        ),
    )
