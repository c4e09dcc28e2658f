"""The constructs of a plan: each sequence once, with the name of its files and the designs that use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from revertant.dossier.vectors.genbank import fasta_text, genbank_text, protein_fasta_text
from revertant.dossier.vectors.insdc import safe_name
from revertant.model import Construct, Design, Plan, RankedDesign, Vector

__all__ = [
    "CONSTRUCTS_FOLDER",
    "PlacedConstruct",
    "construct_texts",
    "placed_constructs",
    "proteins_text",
    "vector_designs",
]

#: The folder of a dossier that holds what is written of its vectors.
CONSTRUCTS_FOLDER = "constructs"

_LONGEST_STEM = 48


@dataclass(frozen=True, slots=True)
class PlacedConstruct:
    """A construct with its place in the dossier.

    Parameters
    ----------
    stem
        Name of its files without ending, unlike any other in this dossier, also where case does not count.
    locus
        Name on the first line of its GenBank file.
    construct
        The sequence and its features.
    is_plasmid
        Whether it is a transfer plasmid rather than the genome that is packaged.
    designs
        The designs that use it, in rank order.
    """

    stem: str
    locus: str
    construct: Construct
    is_plasmid: bool
    designs: tuple[Design, ...]

    @property
    def vector(self) -> Vector:
        """The vector of the first design that uses it."""
        vector = self.designs[0].vector
        assert vector is not None
        return vector


def vector_designs(plan: Plan) -> tuple[RankedDesign, ...]:
    """Return the designs that are vectors, in rank order.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> vector_designs(Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, ""))
    ()
    """
    ranked = sorted(plan.designs, key=lambda one: one.rank)
    return tuple(one for one in ranked if one.design.vector is not None)


def placed_constructs(plan: Plan) -> tuple[PlacedConstruct, ...]:
    """List every distinct construct and plasmid in the order of the designs, and name its files.

    Two designs that differ in the capsid alone share their genome: it is written once.
    """
    users: dict[tuple[Construct, bool], list[Design]] = {}
    for ranked in vector_designs(plan):
        vector = ranked.design.vector
        assert vector is not None
        for is_plasmid, constructs in ((False, vector.constructs), (True, vector.plasmids)):
            for construct in constructs:
                users.setdefault((construct, is_plasmid), []).append(ranked.design)
    found = []
    for number, ((construct, is_plasmid), designs) in enumerate(users.items(), start=1):
        # The number alone tells two apart, whatever they are called.
        stem = f"{number:02d}_{safe_name(construct.name, _LONGEST_STEM)}"
        locus = f"{number:02d}_{safe_name(construct.name, 13)}"
        distinct = tuple(dict.fromkeys(designs))
        found.append(PlacedConstruct(stem, locus, construct, is_plasmid, distinct))
    return tuple(found)


def construct_texts(plan: Plan) -> Mapping[str, str]:
    """Return the GenBank and FASTA files of a plan's constructs: name in the folder to text."""
    texts = {}
    for placed in placed_constructs(plan):
        vector = placed.vector
        comment = [
            f"{'Transfer plasmid' if placed.is_plasmid else 'Vector genome'} of the plan {plan.case_id}.",
            f"{vector.capsid_name}; {vector.route}; to reach {vector.tissue}.",
            f"Designs: {', '.join(design.design_id for design in placed.designs)}.",
            *(
                f"{feature.kind.value}: {feature.name}; after base {feature.start}. {feature.note}"
                for feature in placed.construct.features
                if not len(feature)
            ),
            f"{plan.provenance.software} {plan.provenance.version}. The date of this record is a constant.",
            plan.notice,
        ]
        texts[f"{placed.stem}.gb"] = genbank_text(
            placed.construct,
            locus=placed.locus,
            coding=vector.coding,
            parts=vector.parts,
            comment="\n".join(comment),
        )
        texts[f"{placed.stem}.fa"] = fasta_text(placed.construct, name=placed.stem)
    return texts


def proteins_text(plan: Plan) -> str:
    """Return every protein that the vectors of a plan encode as FASTA, each once, without stop.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> proteins_text(Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, ""))
    ''
    """
    proteins: dict[tuple[str, str], None] = {}
    for ranked in vector_designs(plan):
        vector = ranked.design.vector
        assert vector is not None
        proteins |= {(one.name, one.protein): None for one in vector.coding}
    return "".join(
        protein_fasta_text(protein, name=f"{number:02d}_{safe_name(name, _LONGEST_STEM)}")
        for number, (name, protein) in enumerate(proteins, start=1)
    )
