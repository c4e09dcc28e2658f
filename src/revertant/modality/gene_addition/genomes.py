"""The genomes themselves: from the chosen parts and a coding sequence to what is packaged, and to its plasmid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from revertant.knowledge import VectorPart
from revertant.modality.gene_addition.assemble import Piece, as_plasmid, lay, occurrences
from revertant.modality.gene_addition.cassette import Cassette, detargeting_bases
from revertant.modality.gene_addition.coding.options import recognition_sites
from revertant.modality.gene_addition.oversized import DualMethod, DualSplit
from revertant.modality.gene_addition.oversized.halves import OVERLAP_BP
from revertant.model import Construct, Feature, FeatureKind, GenomeForm

__all__ = [
    "CLONING_ENZYMES",
    "Insert",
    "Sites",
    "aav_genome",
    "backbone_of",
    "dual_genomes",
    "ends_of",
    "frame_bp",
    "free_sites",
    "joining_bp",
    "joining_parts",
    "lentiviral_genome",
    "mrna",
    "piece_of",
    "transfer_plasmid",
]

#: Enzymes for cloning, first those tried first: no CpG, and ends that do not fit each other. The sites of the first
#: three hold neither GT nor AG, so they make no splice site.
CLONING_ENZYMES = ("PacI", "BamHI", "EcoRI", "SbfI", "NheI", "KpnI", "HindIII")

#: What stands at the ends of each form, by catalogue key.
_ENDS = {
    GenomeForm.SINGLE_STRANDED_AAV: ("itr_aav2_145_flip", "itr_aav2_145_flop_3"),
    GenomeForm.SELF_COMPLEMENTARY_AAV: ("itr_aav2_sc_wt_143", "itr_aav2_dtrs_113"),
    GenomeForm.DUAL_AAV: ("itr_aav2_145_flip", "itr_aav2_145_flop_3"),
}
_LENTIVIRAL_BEFORE = ("lv_ltr_5", "lv_leader", "lv_psi", "lv_gag", "lv_rre", "lv_env", "lv_cppt")
_LENTIVIRAL_AFTER = ("lv_ppt", "lv_ltr_3_sin")
#: Before the 5' LTR, where the genome is begun in the producer cell; not packaged.
_LENTIVIRAL_START = "lv_rsv_5"
_BACKBONE = ("backbone_kanr", "backbone_puc_ori")

_Parts = Mapping[str, VectorPart]


@dataclass(frozen=True, slots=True)
class Sites:
    """The two restriction sites around a coding sequence: name and bases of each, empty where none is left."""

    before: tuple[str, str] = ("", "")
    after: tuple[str, str] = ("", "")

    @property
    def total_bp(self) -> int:
        """Their bases together."""
        return len(self.before[1]) + len(self.after[1])


@dataclass(frozen=True, slots=True)
class Insert:
    """What is laid between the ends of a genome.

    Parameters
    ----------
    cassette
        The parts beside the coding sequence.
    coding, gene
        The coding sequence with its stop codon, and what to call it.
    parts
        Every part by key.
    sites
        Restriction sites around the coding sequence.
    inside
        Features of the coding sequence, counted from its first base (domains of its protein).
    """

    cassette: Cassette
    coding: str
    gene: str
    parts: _Parts
    sites: Sites = Sites()
    inside: tuple[Feature, ...] = ()


def ends_of(form: GenomeForm, parts: _Parts) -> tuple[VectorPart, VectorPart]:
    """Return the terminal repeats of a form of AAV: resolvable at both ends, or at one for a self-complementary one.

    Examples
    --------
    >>> from revertant.knowledge import vector_parts
    >>> [end.resolvable for end in ends_of(GenomeForm.SELF_COMPLEMENTARY_AAV, vector_parts())]
    [True, False]
    """
    left, right = _ENDS[form]
    return parts[left], parts[right]


def frame_bp(form: GenomeForm, parts: _Parts) -> int:
    """Return the bases of a form that stand around any cassette.

    Examples
    --------
    >>> from revertant.knowledge import vector_parts
    >>> frame_bp(GenomeForm.SELF_COMPLEMENTARY_AAV, vector_parts())
    256
    """
    if form in _ENDS:
        return sum(len(end.sequence) for end in ends_of(form, parts))
    if form is GenomeForm.LENTIVIRAL:
        return sum(len(parts[key].sequence) for key in (*_LENTIVIRAL_BEFORE, *_LENTIVIRAL_AFTER))
    return 0


def piece_of(part: VectorPart) -> Piece:
    """Make a piece of a catalogue part, as it stands in the catalogue.

    Parameters
    ----------
    part
        A part whose sequence is held.
    """
    return Piece(part.kind, part.name, part.sequence, part.key, part.note)


def aav_genome(name: str, form: GenomeForm, insert: Insert) -> Construct:
    """Lay a whole cassette between two terminal repeats.

    Parameters
    ----------
    name, form
        Of the construct.
    insert
        The cassette with its coding sequence.
    """
    left, right = ends_of(form, insert.parts)
    return lay(name, form, [piece_of(left), *_inner(insert), piece_of(right)])


def dual_genomes(name: str, insert: Insert, split: DualSplit) -> tuple[Construct, Construct]:
    """Lay the halves of a gene between terminal repeats: the promoter in one, the polyadenylation signal in the other.

    Parameters
    ----------
    name
        Of the pair; the halves add ``-5`` and ``-3``.
    insert
        The cassette with its coding sequence.
    split
        Where the coding sequence is cut, and what joins it.
    """
    form, cassette = GenomeForm.DUAL_AAV, insert.cassette
    left, right = ends_of(form, insert.parts)
    five, three = _halves(split, insert)
    first = [piece_of(left), piece_of(cassette.promoter), piece_of(cassette.kozak), *five, piece_of(right)]
    second = [piece_of(left), *three, *_after_coding(insert), piece_of(right)]
    return lay(f"{name}-5", form, first), lay(f"{name}-3", form, second)


def _halves(split: DualSplit, insert: Insert) -> tuple[list[Piece], list[Piece]]:
    coding, gene = insert.coding, insert.gene
    shared = len(split.five_prime) + len(split.three_prime) - len(coding)
    if split.method is DualMethod.OVERLAPPING:
        cut = split.after_bp
        overlap = "shared with the other half: the two recombine here"
        region = FeatureKind.RECOMBINOGENIC
        five = Piece(
            FeatureKind.CDS,
            f"{gene} CDS, bases 1 to {cut + shared}",
            split.five_prime,
            inside=(Feature(region, f"overlap of {shared} bp", cut, cut + shared, note=overlap),),
        )
        three = Piece(
            FeatureKind.CDS,
            f"{gene} CDS, bases {cut + 1} to {len(coding)}",
            split.three_prime,
            inside=(Feature(region, f"overlap of {shared} bp", 0, shared, note=overlap),),
        )
        return [five], [three]
    cut = split.after_bp
    joining = joining_parts(insert.parts)
    donor, acceptor, middle = (
        joining[FeatureKind.SPLICE_DONOR],
        joining[FeatureKind.SPLICE_ACCEPTOR],
        joining.get(FeatureKind.RECOMBINOGENIC),
    )
    between = [piece_of(middle)] if middle is not None and split.method is DualMethod.HYBRID else []
    return (
        [Piece(FeatureKind.CDS, f"{gene} CDS, bases 1 to {cut}", coding[:cut]), piece_of(donor), *between],
        [
            *between,
            piece_of(acceptor),
            Piece(FeatureKind.CDS, f"{gene} CDS, bases {cut + 1} to {len(coding)}", coding[cut:]),
        ],
    )


def joining_parts(parts: _Parts) -> dict[FeatureKind, VectorPart]:
    """Return the splice sites and the recombinogenic stretch whose sequences are held, by kind."""
    kinds = (FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR, FeatureKind.RECOMBINOGENIC)
    return {part.kind: part for part in parts.values() if part.kind in kinds and part.sequence}


def joining_bp(parts: _Parts) -> int:
    """Return what joins two halves takes of both genomes together: splice sites and AK, else an overlap."""
    held = joining_parts(parts)
    if not {FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR} <= set(held):
        return OVERLAP_BP
    middle = held.get(FeatureKind.RECOMBINOGENIC)
    sites = held[FeatureKind.SPLICE_DONOR].sequence + held[FeatureKind.SPLICE_ACCEPTOR].sequence
    return len(sites) + 2 * (len(middle.sequence) if middle else 0)


def lentiviral_genome(name: str, insert: Insert) -> Construct:
    """Lay a cassette between the LTRs of a self-inactivating lentiviral vector.

    Parameters
    ----------
    name
        Of the construct.
    insert
        The cassette with its coding sequence.
    """
    before = [piece_of(insert.parts[key]) for key in _LENTIVIRAL_BEFORE]
    after = [piece_of(insert.parts[key]) for key in _LENTIVIRAL_AFTER]
    return lay(name, GenomeForm.LENTIVIRAL, [*before, *_inner(insert), *after])


def mrna(name: str, coding: str, gene: str, parts: _Parts, inside: tuple[Feature, ...] = ()) -> Construct:
    """Lay a messenger RNA from the first base of its 5' UTR to the end of its tail, in DNA letters.

    Parameters
    ----------
    name
        Of the construct.
    coding, gene
        The coding sequence with its stop codon, and what to call it.
    parts
        Every part by key.
    inside
        Features of the coding sequence, counted from its first base.
    """
    keys = ("utr5_hbb", "kozak")
    pieces = [
        *(piece_of(parts[key]) for key in keys),
        Piece(FeatureKind.CDS, f"{gene} CDS", coding, inside=inside),
        piece_of(parts["utr3_hbb"]),
        piece_of(parts["polya_tail_120"]),
    ]
    return lay(name, GenomeForm.MRNA, pieces)


def _inner(insert: Insert) -> list[Piece]:
    return [
        piece_of(insert.cassette.promoter),
        *_site(insert.sites.before),
        piece_of(insert.cassette.kozak),
        Piece(FeatureKind.CDS, f"{insert.gene} CDS", insert.coding, inside=insert.inside),
        *_site(insert.sites.after),
        *_after_coding(insert),
    ]


def _site(site: tuple[str, str]) -> list[Piece]:
    name, bases = site
    return [Piece(FeatureKind.CLONING_SITE, name, bases, note="Cuts once.")] if bases else []


def _after_coding(insert: Insert) -> list[Piece]:
    cassette = insert.cassette
    pieces = [piece_of(cassette.wpre)] if cassette.wpre is not None else []
    for key, copies in cassette.detargeting:
        site = insert.parts[key]
        bases = detargeting_bases(key, copies)
        places = [at for at in range(len(bases)) if bases.startswith(site.sequence, at)]
        inside = tuple(
            Feature(FeatureKind.MIRNA_SITES, f"{site.name} {number}", at, at + len(site.sequence), part=key)
            for number, at in enumerate(places, start=1)
        )
        label = f"{site.name}, {copies} copies"
        pieces.append(Piece(FeatureKind.MIRNA_SITES, label, bases, note=site.note, inside=inside))
    return [*pieces, *([piece_of(cassette.polya)] if cassette.polya is not None else [])]


def backbone_of(form: GenomeForm, parts: _Parts, own: Iterable[VectorPart]) -> list[VectorPart]:
    """Return what closes a genome into a plasmid: the user's backbone, else resistance and origin of the catalogue."""
    brought = [
        part for part in own if part.kind is FeatureKind.BACKBONE and part.sequence and part.fits(form)
    ]
    chosen = brought or [parts[key] for key in _BACKBONE]
    return [*chosen, *([parts[_LENTIVIRAL_START]] if form is GenomeForm.LENTIVIRAL else [])]


def transfer_plasmid(genome: Construct, backbone: Sequence[VectorPart]) -> Construct:
    """Close a genome into its transfer plasmid.

    Parameters
    ----------
    genome
        From terminal repeat to terminal repeat, or LTR to LTR.
    backbone
        What follows it, in this order.
    """
    return as_plasmid(genome, [piece_of(part) for part in backbone], f"p{genome.name}")


def free_sites(plasmid: Construct, avoided: Sequence[str]) -> Sites:
    """Choose two enzymes that do not cut a plasmid made without sites for them.

    Parameters
    ----------
    plasmid
        The transfer plasmid, the coding sequence included.
    avoided
        Names of enzymes the user wants nowhere.
    """
    unwanted = {name.lower() for name in avoided}
    free = [
        (name, site)
        for name, site in recognition_sites(CLONING_ENZYMES)
        if name.lower() not in unwanted and not occurrences(plasmid.sequence, site, circular=plasmid.circular)
    ]
    return Sites(free[0], free[1]) if len(free) > 1 else Sites()
