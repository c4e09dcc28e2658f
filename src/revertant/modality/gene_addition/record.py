"""A vector as a design: its name, its parts, a dose that was given, and what stands in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from revertant import knowledge
from revertant.knowledge import VectorPart, Vehicle
from revertant.modality.contract import DesignOptions
from revertant.modality.gene_addition.alternatives import Alternative, Brief
from revertant.modality.gene_addition.carried import Carried
from revertant.model import (
    Construct,
    Design,
    Effect,
    Estimate,
    FeatureKind,
    GenomeForm,
    Oligo,
    Outcome,
    PartUse,
    Strategy,
    Vector,
    VectorDose,
)

__all__ = ["construct_name", "dose_anchor", "part_uses", "record_of"]

_NOT_PREDICTED = Estimate(
    None,
    "share of treated cells, 0 to 1",
    "how many cells make how much of the protein is not predicted by this version",
    in_domain=False,
)
_WORDS = {
    GenomeForm.SINGLE_STRANDED_AAV: "single-stranded",
    GenomeForm.SELF_COMPLEMENTARY_AAV: "self-complementary",
    GenomeForm.DUAL_AAV: "in two halves",
    GenomeForm.LENTIVIRAL: "",
    GenomeForm.MRNA: "mRNA",
}


def part_uses(constructs: Sequence[Construct], parts: Mapping[str, VectorPart]) -> tuple[PartUse, ...]:
    """Return every catalogue part on the constructs, in the order in which it first stands.

    Parameters
    ----------
    constructs
        Genomes and plasmids.
    parts
        Every part by key.
    """
    keys = dict.fromkeys(
        feature.part for construct in constructs for feature in construct.features if feature.part
    )
    return tuple(
        PartUse(
            key,
            parts[key].name,
            parts[key].kind,
            len(parts[key].sequence),
            parts[key].sources,
            parts[key].checked,
            parts[key].note,
        )
        for key in keys
    )


def dose_anchor(vehicle: Vehicle, brief: Brief) -> VectorDose | None:
    """Return a dose that was given by this capsid and route to this tissue, that of the same gene first.

    Parameters
    ----------
    vehicle, brief
        What is given, and for what.

    Returns
    -------
    VectorDose | None
        An anchor, never a recommendation; ``None`` where none is known.
    """
    if not vehicle.capsid:
        return None
    anchors = knowledge.dose_anchors(brief.tissue.value, vehicle.route, vehicle.capsid)
    ordered = sorted(anchors, key=lambda anchor: anchor.gene != brief.gene)
    doses = (anchor.vector_dose() for anchor in ordered)
    return next((dose for dose in doses if dose is not None), None)


def construct_name(gene: str, one: Alternative) -> str:
    """Return a name that a file and a GenBank locus can have.

    Parameters
    ----------
    gene
        What is carried.
    one
        The vector to be made.
    """
    carrier = one.vehicle.capsid or {"lentivirus": "LV", "LNP": "LNP"}[one.vehicle.kind]
    form = {
        GenomeForm.SINGLE_STRANDED_AAV: "ss",
        GenomeForm.SELF_COMPLEMENTARY_AAV: "sc",
        GenomeForm.DUAL_AAV: "dual",
    }.get(one.form, "")
    promoter = one.promoter.part.key.removeprefix("promoter_") if one.promoter else "mRNA"
    route = "" if one.vehicle.kind in {"lentivirus", "LNP"} else one.vehicle.route.replace(" ", "_")
    return "-".join(part for part in (gene, f"{form}{carrier}", promoter, route) if part)


def record_of(
    strategy: Strategy, vector: Vector, made: tuple[Carried, Alternative], number: int, options: DesignOptions
) -> Design:
    """Write a vector down as a design.

    Parameters
    ----------
    strategy
        What it serves.
    vector, made
        The vector, and what it was made from.
    number
        Its place among the alternatives, 1 first.
    options
        What the user insisted on.
    """
    carried, one = made
    gene = strategy.target.gene
    vector = replace(
        vector,
        stage=one.vehicle.evidence(vector.tissue, "addition").value,
        preference=number,
        stands_because=one.stands_because or "it is the best proven",
        avoided_sites=tuple(options.avoid_sites),
    )
    plural = "s" if len(vector.constructs) > 1 else ""
    given = f"{one.vehicle.name}"
    outcome = Outcome(
        (),
        Effect.GENE_ADDED,
        useful=True,
        protein="",
        label=f"a working copy of {carried.transgene.name} in {vector.tissue}, the patient's own copies unchanged",
        share=_NOT_PREDICTED,
    )
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=gene,
        acts_on=strategy.acts_on,
        effector=one.vehicle.key,
        effector_name=_display_name(vector, one),
        guides=(),
        purpose=f"Brings a working copy of {carried.transgene.name} into {vector.tissue} by {given}, as {one.form}.",
        outcomes=(outcome,),
        useful_share=_NOT_PREDICTED,
        oligos=tuple(
            Oligo(
                construct.name,
                construct.sequence,
                f"genome {'half ' if plural else ''}to be synthesised, {len(construct.sequence):,} bp",
            )
            for construct in vector.constructs
        ),
        facts=_facts(vector, one),
        vector=vector,
    )


def _display_name(vector: Vector, one: Alternative) -> str:
    words = _WORDS[one.form]
    carrier = one.vehicle.capsid or {"lentivirus": "lentiviral vector", "LNP": "LNP"}[one.vehicle.kind]
    promoter = ""
    if one.promoter is not None:
        used = next(
            part for part in vector.parts if part.kind is FeatureKind.PROMOTER and part.key != "lv_rsv_5"
        )
        promoter = f", {used.name.partition(':')[0]}"
    head = f"{words} {carrier}".strip() if one.form is not GenomeForm.DUAL_AAV else f"{carrier} {words}"
    return f"{head}{promoter} ({one.vehicle.route})"


def _facts(vector: Vector, one: Alternative) -> tuple[tuple[str, str], ...]:
    """What the vector's own fields do not say."""
    coding = vector.coding[0]
    facts = [
        ("vehicle", f"{one.vehicle.name} ({vector.stage} here)"),
        ("transgene_source", coding.native_source or "protein given"),
        ("protein_aa", str(len(coding.protein))),
        ("codon_adaptation_index", f"{coding.measures.cai:.3f}"),
    ]
    if vector.avoided_sites:
        facts.append(("avoided_sites", ", ".join(vector.avoided_sites)))
    return tuple(facts)
