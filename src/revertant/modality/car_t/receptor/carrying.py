"""What carries a receptor into T cells: the genome, its plasmid, its codons, and the parts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from revertant import knowledge
from revertant.errors import NoDesignError, UsageError
from revertant.knowledge import Tissue, VectorPart
from revertant.modality.car_t.receptor.receptor import Receptor
from revertant.modality.car_t.receptor.trac import INTERVAL, TracSite
from revertant.modality.gene_addition import (
    Cassette,
    CodingDesign,
    CodingOptions,
    Insert,
    Piece,
    backbone_of,
    coding_options,
    construct_faults,
    design_coding,
    ends_of,
    free_sites,
    full_length_fraction,
    lay,
    lentiviral_genome,
    mrna,
    part_uses,
    piece_of,
    promoters_for,
    transfer_plasmid,
)
from revertant.model import (
    Choice,
    CodingSequence,
    Construct,
    FeatureKind,
    GenomeForm,
    PartUse,
    Transgene,
    Vector,
)

__all__ = ["Carried", "CarrierKind", "CarrierOptions", "carry"]

#: Kymriah's vector carries EF1α (PMC9617572, table 1).
_PROMOTER = "promoter_ef1a"
_PROMOTER_SOURCES = ("pmcid:PMC9617572",)
_WPRE = "wpre_x_mutated"
#: Polyadenylation signals of the donor, the first that leaves the genome whole.
_POLYA = "polya_bgh_225"
_JOINT = "p2a"


class CarrierKind(StrEnum):
    """The ways in which a receptor is brought into T cells."""

    LENTIVIRAL = "lentiviral"
    AAV6_TRAC = "aav6_trac"
    MRNA = "mrna"
    TRANSPOSON = "transposon"
    GAMMARETROVIRAL = "gammaretroviral"


#: Catalogue keys of the vehicles, and what to say of the others.
_VEHICLES = {
    CarrierKind.LENTIVIRAL: "lentivirus_t_cell",
    CarrierKind.AAV6_TRAC: "aav6_donor",
    CarrierKind.MRNA: "electroporation_mrna_t_cell",
}
_REFUSED = {
    CarrierKind.TRANSPOSON: "no terminal repeats of a transposon (Sleeping Beauty, piggyBac) are held in the catalogue",
    CarrierKind.GAMMARETROVIRAL: "no gammaretroviral LTRs and packaging signal are held in the catalogue",
}


@dataclass(frozen=True, slots=True)
class CarrierOptions:
    """What the user may choose of a vector.

    Parameters
    ----------
    promoter
        Catalogue key of a promoter for a lentiviral vector; empty takes EF1α.
    parts
        The user's own vector parts by key.
    avoid_sites
        Restriction enzymes that must not cut the coding sequence.
    trac
        The place in TRAC, which an AAV6 donor needs.
    """

    promoter: str = ""
    parts: Mapping[str, VectorPart] = field(default_factory=dict)
    avoid_sites: tuple[str, ...] = ()
    trac: TracSite | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A receptor in its vector.

    Parameters
    ----------
    vector
        The vector.
    coding
        How its codons were chosen, with their findings.
    """

    vector: Vector
    coding: CodingDesign


def carry(receptor: Receptor, kind: CarrierKind, options: CarrierOptions | None = None) -> Carried:
    """Write a receptor in codons, and lay it into a genome.

    Parameters
    ----------
    receptor
        The receptor.
    kind
        What carries it.
    options
        The user's choices.

    Returns
    -------
    Carried
        Every construct is read again: its parts are the catalogue's, its coding sequence translates to the receptor.

    Raises
    ------
    NoDesignError
        When the catalogue has no parts for this kind, or the place in TRAC is not given.
    UsageError
        When the promoter does not exist.

    Examples
    --------
    >>> from revertant.modality.car_t import product_receptor
    >>> made = carry(product_receptor("tisagenlecleucel"), CarrierKind.MRNA)
    >>> len(made.vector.coding[0].protein), made.vector.constructs[0].form.value
    (486, 'LNP-mRNA')
    """
    options = options or CarrierOptions()
    if kind in _REFUSED:
        raise NoDesignError(
            f"A receptor cannot be put into a {kind.value} vector: {_REFUSED[kind]}.",
            remedy="Choose lentiviral, aav6_trac or mrna.",
            code="no-parts-for-vector",
        )
    parts = {**knowledge.vector_parts(), **options.parts}
    form = {
        CarrierKind.LENTIVIRAL: GenomeForm.LENTIVIRAL,
        CarrierKind.AAV6_TRAC: GenomeForm.SINGLE_STRANDED_AAV,
        CarrierKind.MRNA: GenomeForm.MRNA,
    }[kind]
    coded = _coded(Transgene(receptor.name, receptor.protein), coding_options(form, options.avoid_sites))
    coding = coded.candidates[0]
    genome, plasmid, choices = _genome(receptor, coding, kind, parts, options)
    plasmids = (plasmid,) if plasmid is not None else ()
    for construct in (genome, *plasmids):
        faults = construct_faults(construct, (receptor.protein,), lambda key: parts[key].sequence)
        if faults:
            raise NoDesignError(
                f"{construct.name} is not what its features say: {faults[0]}",
                remedy="This is a fault of the program: please report it.",
                code="construct-fault",
            )
    vehicle = next(one for one in knowledge.vehicles() if one.key == _VEHICLES[kind])
    is_aav = kind is CarrierKind.AAV6_TRAC
    vector = Vector(
        form=form,
        capsid=vehicle.capsid or vehicle.key,
        capsid_name=vehicle.capsid or vehicle.name,
        route=vehicle.route,
        tissue=Tissue.T_CELL.value,
        constructs=(genome,),
        coding=(coding,),
        parts=(*part_uses((genome, *plasmids), parts), *_receptor_parts(receptor)),
        choices=(*choices, *coded.choices),
        full_length=(full_length_fraction(genome.packaged_bp, form),) if is_aav else (),
        plasmids=plasmids,
    )
    return Carried(vector, coded)


@lru_cache(maxsize=16)
def _coded(transgene: Transgene, options: CodingOptions) -> CodingDesign:
    """Write one receptor once for all vectors that carry it."""
    return design_coding(transgene, options)


_Genome = tuple[Construct, Construct | None, tuple[Choice, ...]]


def _genome(
    receptor: Receptor,
    coding: CodingSequence,
    kind: CarrierKind,
    parts: Mapping[str, VectorPart],
    options: CarrierOptions,
) -> _Genome:
    if kind is CarrierKind.MRNA:
        name = f"{receptor.name}-mRNA"
        made = mrna(name, coding.designed, receptor.name, parts, receptor.features)
        return made, None, _mrna_choices(parts)
    if kind is CarrierKind.AAV6_TRAC:
        return _donor(receptor, coding, parts, options)
    return _lentiviral(receptor, coding, parts, options)


def _lentiviral(
    receptor: Receptor, coding: CodingSequence, parts: Mapping[str, VectorPart], options: CarrierOptions
) -> _Genome:
    promoter, promoter_choice = _promoter(parts, options)
    cassette = Cassette(promoter, None, parts["kozak"], parts[_WPRE])
    insert = Insert(cassette, coding.designed, receptor.name, parts, inside=receptor.features)
    name = f"{receptor.name}-LV-{promoter.key.removeprefix('promoter_')}"
    backbone = backbone_of(GenomeForm.LENTIVIRAL, parts, options.parts.values())
    bare = lentiviral_genome(name, insert)
    sites = free_sites(transfer_plasmid(bare, backbone), options.avoid_sites)
    made = lentiviral_genome(name, replace(insert, sites=sites))
    cut_by = " and ".join(site[0] for site in (sites.before, sites.after) if site[0]) or "none"
    choices = (
        promoter_choice,
        Choice(
            "WPRE",
            parts[_WPRE].name,
            "It raises titre and expression; no X peptide can be made of it.",
            ((parts["wpre"].name, "the first 61 residues of X can be made of it"),),
            parts[_WPRE].sources,
        ),
        Choice(
            "polyA signal",
            "that of the 3' LTR",
            "A signal inside a lentiviral genome, on its strand, would end the genome.",
        ),
        Choice("cloning sites", cut_by, "Each cuts the plasmid once, before and behind the coding sequence."),
    )
    return made, transfer_plasmid(made, backbone), choices


def _promoter(parts: Mapping[str, VectorPart], options: CarrierOptions) -> tuple[VectorPart, Choice]:
    asked = options.promoter
    if asked:
        chosen = promoters_for(
            Tissue.T_CELL, GenomeForm.LENTIVIRAL, "", asked=asked, own_parts=options.parts
        )[0]
        return chosen.part, Choice(
            "promoter", chosen.part.name, f"{chosen.because}.".capitalize(), sources=chosen.sources
        )
    weighed = promoters_for(Tissue.T_CELL, GenomeForm.LENTIVIRAL, "", own_parts=options.parts)
    others: dict[str, list[str]] = {}
    for one in weighed:
        if one.part.key != _PROMOTER:
            why = "usable too: --promoter takes it" if one.usable else one.because
            others.setdefault(why, []).append(one.part.name.partition(":")[0])
    part = parts.get(_PROMOTER)
    if part is None or not part.sequence:
        raise UsageError(f"No sequence of {_PROMOTER} is held.", remedy="Name another with --promoter.")
    because = "Kymriah's lentiviral vector carries EF1α, a promoter of the cell."
    return part, Choice(
        "promoter",
        part.name,
        because,
        tuple((", ".join(names), why) for why, names in others.items()),
        tuple(dict.fromkeys((*_PROMOTER_SOURCES, *part.sources))),
    )


def _donor(
    receptor: Receptor, coding: CodingSequence, parts: Mapping[str, VectorPart], options: CarrierOptions
) -> _Genome:
    site = options.trac
    if site is None:
        raise NoDesignError(
            "A donor for TRAC needs the sequence of the place: no arms can be read without it.",
            remedy=f"Give a reference that holds {INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end} of GRCh38 "
            "(files.reference of a case; --reference, or --trac for that sequence alone, of revertant car).",
            code="trac-not-given",
        )
    left, right = ends_of(GenomeForm.SINGLE_STRANDED_AAV, parts)
    arm = f"of {site.source}"
    pieces = [
        piece_of(left),
        Piece(FeatureKind.RECOMBINOGENIC, "TRAC left arm", site.left, note=f"homology {arm}"),
        piece_of(parts[_JOINT]),
        Piece(
            FeatureKind.CDS,
            f"{receptor.name} CDS",
            coding.designed,
            inside=receptor.features,
            note="in frame behind the 2A peptide and the first exon of TRAC",
        ),
        piece_of(parts[_POLYA]),
        Piece(FeatureKind.RECOMBINOGENIC, "TRAC right arm", site.right, note=f"homology {arm}"),
        piece_of(right),
    ]
    made = lay(f"{receptor.name}-AAV6-TRAC", GenomeForm.SINGLE_STRANDED_AAV, pieces)
    backbone = backbone_of(GenomeForm.SINGLE_STRANDED_AAV, parts, options.parts.values())
    choices = (
        Choice(
            "place",
            "TRAC, first exon",
            "The receptor is read from the promoter of the T-cell receptor, which it replaces.",
            (
                (
                    "a random place, by a lentivirus",
                    "every copy is one more place where a growth gene can be hit",
                ),
            ),
            site.sources,
        ),
        Choice(
            "joint",
            parts[_JOINT].name,
            "In frame behind the second base of the first exon, it lets the receptor go from what is left of the "
            "T-cell receptor.",
            sources=parts[_JOINT].sources,
        ),
        Choice(
            "polyA signal",
            parts[_POLYA].name,
            "It ends the message before the rest of TRAC.",
            sources=parts[_POLYA].sources,
        ),
    )
    return made, transfer_plasmid(made, backbone), choices


def _mrna_choices(parts: Mapping[str, VectorPart]) -> tuple[Choice, ...]:
    five, three, tail = parts["utr5_hbb"], parts["utr3_hbb"], parts["polya_tail_120"]
    return (
        Choice(
            "untranslated regions",
            f"{five.name}; {three.name}",
            "Those of human beta-globin, whose message is stable.",
            sources=(*five.sources, *three.sources),
        ),
        Choice("tail", tail.name, tail.note or "It protects the message.", sources=tail.sources),
    )


def _receptor_parts(receptor: Receptor) -> tuple[PartUse, ...]:
    """The receptor's parts, once each, with the bases that encode them."""
    kinds = {feature.note: feature.kind for feature in receptor.features}
    found: dict[str, PartUse] = {}
    for segment, kind in zip(receptor.segments, kinds.values(), strict=True):
        part = segment.part
        about = ". ".join(
            text[:1].upper() + text[1:].removesuffix(".")
            for text in (part.accession, part.checked_against, part.note)
            if text
        )
        found.setdefault(
            part.key,
            PartUse(
                part.key, part.name, kind, 3 * len(part.protein), part.sources, part.checked, f"{about}."
            ),
        )
    return tuple(found.values())
