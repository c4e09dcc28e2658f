"""From a brief to designs: one receptor in each vector asked for, with everything that is known against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.errors import NoDesignError
from revertant.knowledge import CarRole
from revertant.modality.car_t.receptor.assemble import assemble_receptor, product_receptor
from revertant.modality.car_t.receptor.brief import ReceptorBrief
from revertant.modality.car_t.receptor.carrying import Carried, CarrierKind, CarrierOptions, carry
from revertant.modality.car_t.receptor.receptor import Receptor
from revertant.modality.car_t.receptor.rules import receptor_findings
from revertant.modality.car_t.receptor.trac import TracSite, arm_finding
from revertant.modality.gene_addition import (
    construct_finding,
    lentiviral_findings,
    packaging_findings,
    parts_finding,
    protein_finding,
    x_protein_finding,
)
from revertant.modality.recut import RECUT_SOURCES, Site, is_cut
from revertant.model import (
    Assessment,
    Choice,
    Construct,
    Design,
    Effect,
    Estimate,
    FeatureKind,
    Finding,
    Outcome,
    PamSide,
    Route,
    Status,
)
from revertant.sequence import translate

__all__ = ["CarDesign", "design_product", "design_receptor"]

_NOT_PREDICTED = Estimate(
    None,
    "share of treated cells, 0 to 1",
    "how many cells carry the receptor is not predicted by this version",
    in_domain=False,
)
_PURPOSE = {
    CarrierKind.LENTIVIRAL: "a lentiviral vector adds the receptor at random places of their genome",
    CarrierKind.AAV6_TRAC: "a cut and an AAV6 donor put the receptor into TRAC, in the place of the T-cell receptor",
    CarrierKind.MRNA: "electroporated mRNA makes the receptor for days, and changes no genome",
}


@dataclass(frozen=True, slots=True)
class CarDesign:
    """A receptor in its vectors.

    Parameters
    ----------
    receptor
        The receptor.
    choices
        Decisions on it.
    designs, assessments
        One for each vector that could be made, in the order asked.
    refused
        ``(vector, why)`` of the others.
    """

    receptor: Receptor
    choices: tuple[Choice, ...]
    designs: tuple[Design, ...]
    assessments: tuple[Assessment, ...]
    refused: tuple[tuple[CarrierKind, str], ...]


def design_receptor(
    brief: ReceptorBrief,
    kinds: Sequence[CarrierKind] = (CarrierKind.LENTIVIRAL,),
    options: CarrierOptions | None = None,
) -> CarDesign:
    """Design a receptor, and what carries it into T cells.

    Parameters
    ----------
    brief
        What is asked of the receptor.
    kinds, options
        Vectors to make, and the user's choices of them.

    Raises
    ------
    RevertantError
        When the receptor cannot be built. A vector that cannot is refused with its reason.

    Examples
    --------
    >>> made = design_receptor(ReceptorBrief("CD19"), [CarrierKind.MRNA, CarrierKind.TRANSPOSON])
    >>> len(made.designs), [kind.value for kind, _ in made.refused]
    (1, ['transposon'])
    """
    receptor, choices = assemble_receptor(brief)
    return _designed(receptor, choices, kinds, options or CarrierOptions())


def design_product(
    key: str,
    kinds: Sequence[CarrierKind] = (CarrierKind.LENTIVIRAL,),
    options: CarrierOptions | None = None,
) -> CarDesign:
    """Rebuild a product's receptor, and put it into vectors of this program.

    The protein is the product's; the DNA is not.

    Parameters
    ----------
    key
        Of the architecture or of the product.
    kinds, options
        As for :func:`design_receptor`.

    Examples
    --------
    >>> design_product("abecma", [CarrierKind.MRNA]).receptor.antigens
    ('TNFRSF17',)
    """
    receptor = product_receptor(key)
    names = " + ".join(segment.part.name for segment in receptor.segments)
    choice = Choice(
        "receptor",
        receptor.name,
        f"Asked for: the receptor of this product, part by part ({names}).",
        sources=tuple(dict.fromkeys(s for segment in receptor.segments for s in segment.part.sources)),
    )
    return _designed(receptor, (choice,), kinds, options or CarrierOptions())


def _designed(
    receptor: Receptor, choices: tuple[Choice, ...], kinds: Sequence[CarrierKind], options: CarrierOptions
) -> CarDesign:
    designs, assessments, refused = [], [], []
    for kind in dict.fromkeys(kinds):
        try:
            carried = carry(receptor, kind, options)
        except NoDesignError as error:
            refused.append((kind, f"{error.what} {error.remedy}".strip()))
            continue
        design = _design(receptor, choices, carried, kind)
        designs.append(design)
        findings = (
            *_construct_findings(receptor, carried, kind, options.trac),
            *receptor_findings(receptor),
            *carried.coding.findings[0],
        )
        assessments.append(Assessment(design.design_id, findings))
    return CarDesign(receptor, choices, tuple(designs), tuple(assessments), tuple(refused))


def _design(receptor: Receptor, choices: tuple[Choice, ...], carried: Carried, kind: CarrierKind) -> Design:
    vector = replace(carried.vector, choices=(*choices, *carried.vector.choices))
    antigens = " or ".join(receptor.antigens)
    construct = vector.constructs[0]
    outcome = Outcome(
        (),
        Effect.GENE_ADDED,
        useful=True,
        protein="",
        label=f"T cells that carry a receptor against {antigens}",
        share=_NOT_PREDICTED,
    )
    switches = [s.part.name for s in receptor.of_role(CarRole.SWITCH)]
    facts = (
        ("receptor", receptor.name),
        ("binders", ", ".join(receptor.binders)),
        ("generation", str(receptor.generation)),
        ("translated_aa", str(len(receptor.protein))),
        ("proteins_aa", ", ".join(str(len(chain)) for chain in receptor.chains)),
        ("safety_switch", ", ".join(switches) or "none"),
        ("packaged_bp", str(construct.packaged_bp)),
        ("receptor_parts", ", ".join(segment.part.key for segment in receptor.segments)),
    )
    return Design(
        modality="car_t",
        route=Route.ATTACK_TUMOUR,
        gene=receptor.name,
        acts_on=f"{antigens} on tumour cells",
        effector=vector.capsid,
        effector_name=vector.capsid_name,
        guides=(),
        purpose=f"Turns T cells against cells with {antigens}: {_PURPOSE[kind]}.",
        outcomes=(outcome,),
        useful_share=_NOT_PREDICTED,
        facts=facts,
        vector=vector,
    )


def _construct_findings(
    receptor: Receptor, carried: Carried, kind: CarrierKind, trac: TracSite | None
) -> tuple[Finding, ...]:
    construct = carried.vector.constructs[0]
    # The receptor's own parts are proteins: they are asked about by the rules of the receptor.
    own = {segment.part.key for segment in receptor.segments}
    bare = replace(carried.vector, parts=tuple(part for part in carried.vector.parts if part.key not in own))
    shared = (
        construct_finding(bare),
        protein_finding(bare),
        _concatenated(receptor, construct),
        parts_finding(bare),
        x_protein_finding(bare),
        _expression(kind),
    )
    if kind is CarrierKind.LENTIVIRAL:
        # The follow-up of blood stem cells is not that of T cells, which stands with the safety of these.
        of_cells = [f for f in lentiviral_findings(construct) if f.rule != "lentiviral.follow_up"]
        return (*shared, *of_cells)
    if kind is CarrierKind.AAV6_TRAC and trac is not None:
        return (*shared, *_donor_findings(construct, trac), *packaging_findings(construct))
    return shared


def _concatenated(receptor: Receptor, construct: Construct) -> Finding:
    """Read each part off the construct by its feature, and compare it with its row of the catalogue."""
    rule = "receptor.protein"
    (cds,) = construct.of_kind(FeatureKind.CDS)
    named = {(one.start - cds.start, one.end - cds.start): one for one in construct.features}
    wrong = []
    for segment in receptor.segments:
        feature = named.get((3 * segment.start, 3 * segment.end))
        if feature is None or translate(construct.bases_of(feature)) != segment.part.protein:
            wrong.append(segment.part.name)
    value = f"{len(receptor.segments)} parts, {len(receptor.protein)} residues"
    if wrong:
        text = f"Read off the construct, these parts are not what the catalogue has: {', '.join(wrong)}."
        return Finding(rule, Status.FAIL, text, value)
    text = "Each part, read off the construct, is its row of the catalogue; laid end to end they are the protein."
    return Finding(rule, Status.PASS, text, value)


def _expression(kind: CarrierKind) -> Finding:
    rule = "vector.expression"
    if kind is CarrierKind.MRNA:
        text = (
            "The receptor is made for days: each dose of cells works for as long, and no copy is left in the genome. "
            "How much is made has to be measured."
        )
        return Finding(rule, Status.CAUTION, text)
    text = "How much of the receptor the cells make is not predicted: measure it on the surface, with tonic signals."
    return Finding(rule, Status.UNKNOWN, text)


def _donor_findings(construct: Construct, trac: TracSite) -> tuple[Finding, ...]:
    nuclease = knowledge.nucleases()["spcas9"]
    site = Site(trac.spacer, nuclease.search_pam, PamSide.THREE_PRIME, nuclease.seed_nt)
    guide = f"{trac.spacer} {trac.pam}"
    if is_cut(construct.sequence, site):
        recut = Finding(
            "trac.donor_not_cut",
            Status.FAIL,
            "The donor holds a site of its own guide, and would be cut before and after repair.",
            guide,
            sources=RECUT_SOURCES,
        )
    else:
        recut = Finding(
            "trac.donor_not_cut",
            Status.PASS,
            "The receptor parts the protospacer within the seed of the guide: neither donor nor repaired locus is "
            "cut again.",
            guide,
            sources=(*trac.sources, *RECUT_SOURCES),
        )
    elsewhere = Finding(
        "trac.off_targets",
        Status.UNKNOWN,
        "Where else the guide cuts in the cells' genome was not searched here: run revertant offtargets on it.",
        guide,
        sources=trac.sources,
    )
    return (arm_finding(trac), recut, elsewhere)
