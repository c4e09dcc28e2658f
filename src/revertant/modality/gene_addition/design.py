"""From a target to complete vectors: the transgene, its codons, the parts around it, the genome and its plasmid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from revertant import knowledge
from revertant.errors import NoDesignError, RevertantError
from revertant.genome import PatientGenome
from revertant.knowledge import VectorPart, Vehicle
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.gene_addition.alternatives import SITES_BP, Alternative, Brief, alternatives
from revertant.modality.gene_addition.assemble import construct_faults
from revertant.modality.gene_addition.carried import Carried, shortened, transgene_of
from revertant.modality.gene_addition.cassette import Cassette, Setting, choose_cassette
from revertant.modality.gene_addition.choice import (
    backbone_choice,
    form_choice,
    mrna_choices,
    site_choice,
    split_choice,
    vehicle_choice,
)
from revertant.modality.gene_addition.coding import CodingDesign, CodingOptions, design_coding
from revertant.modality.gene_addition.eligibility import vehicles_that_add
from revertant.modality.gene_addition.genomes import (
    CLONING_ENZYMES,
    Insert,
    aav_genome,
    backbone_of,
    dual_genomes,
    frame_bp,
    free_sites,
    joining_parts,
    lentiviral_genome,
    mrna,
    transfer_plasmid,
)
from revertant.modality.gene_addition.oversized import (
    DualMethod,
    SplitRoom,
    dual_splits,
    routes_for_gene,
)
from revertant.modality.gene_addition.packaging import REFERENCE_BP, full_length_fraction
from revertant.modality.gene_addition.record import construct_name, dose_anchor, part_uses, record_of
from revertant.model import (
    Choice,
    CodingSequence,
    Construct,
    Design,
    FeatureKind,
    GenomeForm,
    Status,
    Strategy,
    Tally,
    Target,
    Transgene,
    Vector,
)

__all__ = ["coding_options", "design_vectors"]

#: Room that two halves keep free, so that there is a choice of places to cut: AG|G stands once in 64 bases by chance.
_SLACK_BP = 200
_SINGLE = (GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV)


def design_vectors(strategy: Strategy, genome: PatientGenome, options: DesignOptions) -> DesignBatch:
    """Make the vectors of an eligible strategy, best proven first.

    Parameters
    ----------
    strategy
        An eligible gene-addition strategy.
    genome
        Its reference gives the native coding sequence where no other is given; the patient's own copies are not used.
    options
        What the user insists on, and how many designs to keep.

    Returns
    -------
    DesignBatch
        Complete alternatives side by side, or the reasons why there is none.
    """
    target = strategy.target
    refused: list[str] = []
    try:
        whole = transgene_of(strategy, genome, options)
    except RevertantError as error:
        return _none([f"no transgene: {error}", *_by_length(target)])
    vehicles = vehicles_that_add(target)
    tissue = knowledge.tissue_named(target.tissues[0])
    brief = Brief(
        whole.transgene.name,
        whole.coding_bp,
        tissue,
        options.forms,
        options.capsid,
        options.promoter,
        {part.key: part for part in options.parts},
    )
    if options.capsid and not any(
        options.capsid.lower() in {v.capsid.lower(), v.key.lower()} for v in vehicles
    ):
        known = ", ".join(dict.fromkeys(vehicle.capsid or vehicle.key for vehicle in vehicles))
        return _none(
            [f"{options.capsid} is not known to have carried a gene into {tissue.value}; known are {known}"]
        )
    wanted = [(whole, one) for one in alternatives(vehicles, brief, refused)]
    if not any(one.form in _SINGLE for _, one in wanted):
        wanted += shortened(whole, target.gene, vehicles, brief, refused)
    made: list[Design] = []
    for carried, alternative in wanted:
        if len(made) == options.most_designs:
            refused.append(f"beyond the {options.most_designs} best proven of this strategy")
            continue
        try:
            vector = _vector(carried, alternative, brief, vehicles, options)
        except RevertantError as error:
            refused.append(f"{alternative.form} in {alternative.vehicle.name}: {error}")
            continue
        made.append(record_of(strategy, vector, (carried, alternative), len(made) + 1, options))
    if not made and not refused:
        refused.append(f"no form of genome that was asked for brings a gene into {tissue.value}")
    return DesignBatch(tuple(made), Tally.of("vectors", kept=len(made), refused=refused))


def _by_length(target: Target) -> list[str]:
    """What the length of the coding sequence alone rules out."""
    length = target.transcript.coding_bases
    routes = routes_for_gene(target.gene, length, target.tissues[0]) if length else ()
    return [f"{route.name}: {route.because}" for route in routes if route.fit is Status.FAIL]


def _none(refused: list[str]) -> DesignBatch:
    return DesignBatch((), Tally.of("vectors", kept=0, refused=refused))


def coding_options(form: GenomeForm, avoid_sites: Sequence[str]) -> CodingOptions:
    """Return the limits a coding sequence is designed to: the enzymes of cloning and of the user cut nowhere in it.

    Examples
    --------
    >>> coding_options(GenomeForm.MRNA, ["EcoRV"]).avoid_sites[-1]
    'EcoRV'
    """
    names = (*CodingOptions().avoid_sites, *CLONING_ENZYMES, *avoid_sites)
    is_mrna = form is GenomeForm.MRNA
    return CodingOptions(
        form=GenomeForm.MRNA if is_mrna else GenomeForm.SINGLE_STRANDED_AAV,
        avoid_sites=tuple(dict.fromkeys(names)),
    )


@lru_cache(maxsize=64)
def _coded(transgene: Transgene, options: CodingOptions) -> CodingDesign:
    """Design a coding sequence once for all vectors that carry it."""
    return design_coding(transgene, options)


def _vector(
    carried: Carried,
    one: Alternative,
    brief: Brief,
    vehicles: Sequence[Vehicle],
    options: DesignOptions,
) -> Vector:
    coded = _coded(carried.transgene, coding_options(one.form, options.avoid_sites))
    coding = coded.candidates[0]
    name = construct_name(carried.transgene.name, one)
    constructs, plasmids, parts_choices = _built(name, coding, one, brief, options)
    _refuse_faults(constructs, plasmids, coding, brief.parts)
    choices = (
        vehicle_choice(one, vehicles, brief.tissue),
        form_choice(one),
        carried.choice,
        *coded.choices,
        *parts_choices,
    )
    return Vector(
        form=one.form,
        capsid=one.vehicle.capsid or one.vehicle.key,
        capsid_name=one.vehicle.capsid or one.vehicle.name,
        route=one.vehicle.route,
        tissue=brief.tissue.value,
        constructs=constructs,
        coding=(coding,),
        parts=part_uses((*constructs, *plasmids), brief.parts),
        choices=choices,
        full_length=tuple(full_length_fraction(c.packaged_bp, c.form) for c in constructs),
        plasmids=plasmids,
        dose=dose_anchor(one.vehicle, brief),
    )


_Built = tuple[tuple[Construct, ...], tuple[Construct, ...], tuple[Choice, ...]]


def _built(
    name: str, coding: CodingSequence, one: Alternative, brief: Brief, options: DesignOptions
) -> _Built:
    """The genomes, their plasmids, and what was decided of their parts."""
    if one.form is GenomeForm.MRNA:
        made = mrna(name, coding.designed, coding.name, brief.parts)
        return (made,), (), mrna_choices(brief.parts)
    if one.form is GenomeForm.DUAL_AAV:
        return _dual(name, coding, one, brief, options)
    fixed = frame_bp(one.form, brief.parts) + len(coding.designed) + SITES_BP
    cassette = _cassette(one, brief, fixed)
    insert = Insert(cassette, coding.designed, coding.name, brief.parts)
    backbone = backbone_of(one.form, brief.parts, options.parts)
    bare = _laid(name, one.form, insert)
    sites = free_sites(transfer_plasmid(bare, backbone), options.avoid_sites)
    made = _laid(name, one.form, replace(insert, sites=sites))
    plasmid = transfer_plasmid(made, backbone)
    around = (site_choice(sites.before[0], sites.after[0]), backbone_choice(backbone))
    return (made,), (plasmid,), (*cassette.choices, *around)


def _laid(name: str, form: GenomeForm, insert: Insert) -> Construct:
    return (
        lentiviral_genome(name, insert) if form is GenomeForm.LENTIVIRAL else aav_genome(name, form, insert)
    )


def _cassette(one: Alternative, brief: Brief, fixed_bp: int) -> Cassette:
    assert one.promoter is not None
    setting = Setting(one.form, brief.tissue, one.vehicle, brief.gene, brief.own_parts)
    return choose_cassette(one.promoter, one.weighed, setting, fixed_bp)


def _dual(
    name: str, coding: CodingSequence, one: Alternative, brief: Brief, options: DesignOptions
) -> _Built:
    """Two halves, joined by what is held: the promoter in one, what follows the coding sequence in the other."""
    assert one.promoter is not None
    joining = joining_parts(brief.parts)
    method = _method(joining)
    donor, acceptor, middle = _joined_by(method, joining)
    frame = frame_bp(one.form, brief.parts)
    begin = len(one.promoter.part.sequence) + len(brief.parts["kozak"].sequence)
    five = REFERENCE_BP - frame - begin
    rest = max(0, len(coding.designed) - (five - len(donor) - len(middle)))
    # What begins the other half takes no room beside what ends this one.
    fixed = frame + len(middle) + len(acceptor) + rest - begin + _SLACK_BP
    cassette = _cassette(one, brief, fixed)
    room = SplitRoom(five, REFERENCE_BP - frame - (cassette.regulation_bp - begin))
    splits = dual_splits(
        coding.designed, method, room, donor=donor, acceptor=acceptor, recombinogenic=middle, most=1
    )
    if not splits:
        raise NoDesignError(
            f"Two AAV have no place to cut {len(coding.designed):,} coding bases so that both halves fit.",
            remedy="A shortened gene, another vehicle, or a shorter promoter with --parts.",
            code="dual-does-not-fit",
        )
    halves = dual_genomes(name, Insert(cassette, coding.designed, coding.name, brief.parts), splits[0])
    backbone = backbone_of(one.form, brief.parts, options.parts)
    around = (split_choice(splits[0], brief.parts), backbone_choice(backbone))
    plasmids = tuple(transfer_plasmid(half, backbone) for half in halves)
    return halves, plasmids, (*cassette.choices, *around)


def _method(joining: Mapping[FeatureKind, VectorPart]) -> DualMethod:
    if {FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR} <= set(joining):
        return DualMethod.HYBRID if FeatureKind.RECOMBINOGENIC in joining else DualMethod.TRANS_SPLICING
    return DualMethod.OVERLAPPING


def _joined_by(method: DualMethod, joining: Mapping[FeatureKind, VectorPart]) -> tuple[str, str, str]:
    """Bases of the splice donor, the acceptor and the recombinogenic stretch; empty where the method has none."""
    kinds = {
        DualMethod.OVERLAPPING: (),
        DualMethod.TRANS_SPLICING: (FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR),
        DualMethod.HYBRID: (
            FeatureKind.SPLICE_DONOR,
            FeatureKind.SPLICE_ACCEPTOR,
            FeatureKind.RECOMBINOGENIC,
        ),
    }[method]
    donor, acceptor, middle = (*(joining[kind].sequence for kind in kinds), "", "", "")[:3]
    return donor, acceptor, middle


def _refuse_faults(
    constructs: Sequence[Construct],
    plasmids: Sequence[Construct],
    coding: CodingSequence,
    parts: Mapping[str, VectorPart],
) -> None:
    """No construct leaves that is not what its features say; a fault here is one of the program."""
    is_split = len(constructs) > 1
    proteins = () if is_split else (coding.protein,)
    for construct in (*constructs, *plasmids):
        faults = construct_faults(construct, proteins, lambda key: parts[key].sequence)
        if faults:
            raise NoDesignError(
                f"{construct.name} is not what its features say: {faults[0]}",
                remedy="This is a fault of the program: please report it.",
                code="construct-fault",
            )
