"""Pieces laid end to end: the construct and its features, so that every base has a name.

A construct is never edited, only laid: its features are computed from the pieces it is made of, so there can be no
gap and no overlap between them. :func:`construct_faults` then looks at the finished sequence alone, as a stranger
would, and must find each part and the protein in it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from revertant.model import Construct, Feature, FeatureKind, GenomeForm, Strand
from revertant.sequence import STOPS, is_dna, reverse_complement, translate

__all__ = ["Piece", "as_plasmid", "construct_faults", "lay", "occurrences", "uncovered"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a construct before it has a place.

    Parameters
    ----------
    kind, name, part, note, strand
        As of :class:`revertant.model.Feature`.
    bases
        Forward strand of the construct.
    inside
        Features within it, counted from its own first base.
    """

    kind: FeatureKind
    name: str
    bases: str
    part: str = ""
    note: str = ""
    strand: Strand = Strand.PLUS
    inside: tuple[Feature, ...] = ()

    @property
    def reversed(self) -> Piece:
        """The same piece, read on the other strand."""
        length = len(self.bases)
        inside = tuple(
            replace(one, start=length - one.end, end=length - one.start, strand=_other(one.strand))
            for one in reversed(self.inside)
        )
        return replace(self, bases=reverse_complement(self.bases), strand=_other(self.strand), inside=inside)


def _other(strand: Strand) -> Strand:
    return Strand.MINUS if strand is Strand.PLUS else Strand.PLUS


def lay(name: str, form: GenomeForm, pieces: Sequence[Piece]) -> Construct:
    """Lay pieces end to end into the linear genome that is packaged.

    Parameters
    ----------
    name
        Short name, fit for a file name.
    form
        The kind of genome.
    pieces
        In their order, 5'→3'; empty ones are left out.

    Examples
    --------
    >>> pieces = [Piece(FeatureKind.KOZAK, "Kozak", "GCCACC"), Piece(FeatureKind.CDS, "c", "ATGTAA")]
    >>> made = lay("x", GenomeForm.MRNA, pieces)
    >>> made.sequence, [(f.name, f.start, f.end) for f in made.features]
    ('GCCACCATGTAA', [('Kozak', 0, 6), ('c', 6, 12)])
    """
    features: list[Feature] = []
    at = 0
    for piece in pieces:
        if not piece.bases:
            continue
        end = at + len(piece.bases)
        features.append(Feature(piece.kind, piece.name, at, end, piece.strand, piece.part, piece.note))
        features += [replace(one, start=at + one.start, end=at + one.end) for one in piece.inside]
        at = end
    sequence = "".join(piece.bases for piece in pieces)
    return Construct(name, form, sequence, tuple(features), (0, len(sequence)))


def as_plasmid(construct: Construct, backbone: Sequence[Piece], name: str) -> Construct:
    """Close a packaged genome into a circle with a backbone: the transfer plasmid.

    Parameters
    ----------
    construct
        The genome from terminal repeat to terminal repeat.
    backbone
        What follows it until it starts again.
    name
        Name of the plasmid.
    """
    rest = lay(name, construct.form, backbone)
    offset = len(construct.sequence)
    moved = tuple(replace(one, start=one.start + offset, end=one.end + offset) for one in rest.features)
    return Construct(
        name,
        construct.form,
        construct.sequence + rest.sequence,
        (*construct.features, *moved),
        (0, offset),
        circular=True,
    )


def occurrences(sequence: str, site: str, *, circular: bool = False) -> int:
    """Count the places of a site on both strands; a palindrome counts once a place.

    Examples
    --------
    >>> occurrences("AGAATTCA", "GAATTC"), occurrences("TTCAAGAA", "GAATTC")
    (1, 0)
    >>> occurrences("TTCAAGAA", "GAATTC", circular=True)
    1
    """
    text = sequence + sequence[: len(site) - 1] if circular else sequence
    strands = {site, reverse_complement(site)}
    return sum(text.startswith(one, at) for one in strands for at in range(len(text) - len(site) + 1))


def uncovered(construct: Construct) -> tuple[tuple[int, int], ...]:
    """Return the stretches that no feature covers, and those where features overlap without one holding the other."""
    faults: list[tuple[int, int]] = []
    at = 0
    outer: Feature | None = None
    for feature in sorted(construct.features, key=lambda one: (one.start, -one.end)):
        if outer is not None and feature.end <= outer.end:
            continue  # nested
        if feature.start != at:
            faults.append((min(at, feature.start), max(at, feature.start)))
        at, outer = feature.end, feature
    if at != len(construct.sequence):
        faults.append((min(at, len(construct.sequence)), max(at, len(construct.sequence))))
    return tuple(faults)


def construct_faults(
    construct: Construct, proteins: Iterable[str], bases_of_part: Callable[[str], str]
) -> tuple[str, ...]:
    """Look at a finished construct alone and say everything that is wrong with it.

    Parameters
    ----------
    construct
        The construct.
    proteins
        What its coding sequences have to encode, in their order, without stop; a stretch of a coding sequence that is
        not translated from start to stop on this construct (half of a dual vector) is not asked for here.
    bases_of_part
        Sequence of a catalogue part by its key.

    Returns
    -------
    tuple[str, ...]
        Plain sentences; empty when all is as it should be.
    """
    faults = [] if is_dna(construct.sequence) else ["The sequence holds other letters than A, C, G and T."]
    faults += [
        f"Bases {start + 1} to {end} are covered by no feature, or by two."
        for start, end in uncovered(construct)
    ]
    for feature in construct.features:
        if not 0 <= feature.start < feature.end <= len(construct.sequence):
            faults.append(f"{feature.name} lies outside the sequence.")
            continue
        if feature.part:
            own = construct.bases_of(feature)
            stands = own if feature.strand is Strand.PLUS else reverse_complement(own)
            if stands != bases_of_part(feature.part):
                faults.append(f"{feature.name} differs from part {feature.part} of the catalogue.")
    coding = [feature for feature in construct.of_kind(FeatureKind.CDS) if _is_whole(construct, feature)]
    wanted = list(proteins)
    if len(coding) != len(wanted):
        faults.append(f"{len(coding)} coding sequences stand on it, not {len(wanted)}.")
    for feature, protein in zip(coding, wanted, strict=False):
        own = construct.bases_of(feature)
        read = translate(own if feature.strand is Strand.PLUS else reverse_complement(own))
        if read != f"{protein}*":
            faults.append(f"{feature.name} does not encode the protein asked for.")
    start, end = construct.packaged
    if not 0 <= start < end <= len(construct.sequence):
        faults.append("What is packaged lies outside the sequence.")
    return tuple(faults)


def _is_whole(construct: Construct, feature: Feature) -> bool:
    """Whether a coding sequence runs from a start to a stop codon in frame, as half of a dual vector does not."""
    own = construct.bases_of(feature)
    bases = own if feature.strand is Strand.PLUS else reverse_complement(own)
    return bases.startswith("ATG") and bases[-3:] in STOPS and len(bases) % len("ATG") == 0
