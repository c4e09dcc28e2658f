"""What the breaks of one treatment can be joined to: every pair, its four joinings, and the primers that show each.

A break leaves a left and a right end. On the long arm (q) the left end holds the centromere, on the short arm (p) the
right one. Two ends with a centromere make a dicentric chromosome, two without an acentric one, one of each a balanced
translocation::

    A on q, B on q:   left A + right B   balanced       left A  + left B    dicentric
                      left B + right A   balanced       right A + right B   acentric

The primers beside a cut point at it. A forward primer of one cut and a reverse primer of the other meet when a left end
is joined to a right end; two forward primers meet across two left ends, two reverse primers across two right ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from revertant.errors import UsageError
from revertant.genome import PatientGenome
from revertant.model import Guide, Junction, Locus, TranslocationAssay, TranslocationPair
from revertant.offtarget.panel.primer_options import PrimerPair
from revertant.offtarget.panel.primers import find_primers

__all__ = ["Cut", "translocation_assays"]

_METHOD = "Both cuts are made on purpose, so each counts as 1. A ranking aid, not a measured or predicted frequency."
_LEFT, _RIGHT = "left", "right"
_KINDS = ("acentric", "balanced translocation", "dicentric")


@dataclass(frozen=True, slots=True)
class Cut:
    """One double-strand break made on purpose.

    Parameters
    ----------
    name
        The gene, with a number where one guide cuts more than one place.
    guide
        The guide that cuts.
    locus
        The aligned DNA there, without PAM.
    position
        Bases of the contig left of the cut.
    chromosome, arm
        The chromosome, and ``"p"`` or ``"q"``; empty when not known.
    """

    name: str
    guide: Guide
    locus: Locus
    position: int
    chromosome: str
    arm: str


def translocation_assays(cuts: Sequence[Cut], genome: PatientGenome) -> tuple[TranslocationAssay, ...]:
    """List the n(n-1)/2 pairs of n breaks, each with its four joinings.

    Parameters
    ----------
    cuts
        The breaks, in their order.
    genome
        Whose genome the primers are made on.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import PamSide
    >>> genome = PatientGenome(Reference.from_sequences({"a": "ACGT" * 40, "b": "TTGCA" * 40}))
    >>> guide = Guide("ACGTACGTACGTACGTACGT", "ACG", "NGG", PamSide.THREE_PRIME, Locus("a", 40, 60))
    >>> one = Cut("TRAC", guide, Locus("a", 40, 60), 57, "chr14", "q")
    >>> other = Cut("CIITA", guide, Locus("b", 40, 60), 57, "chr16", "p")
    >>> [assay] = translocation_assays([one, other], genome)
    >>> [(junction.ends, junction.kind) for junction in assay.junctions][:2]
    [('TRAC left + CIITA right', 'dicentric'), ('CIITA left + TRAC right', 'acentric')]
    """
    primers, problems = _primers(cuts, genome) if len(cuts) > 1 else ({}, {})
    return tuple(_assay(one, other, primers, problems) for one, other in combinations(cuts, 2))


def _primers(cuts: Sequence[Cut], genome: PatientGenome) -> tuple[dict[Locus, PrimerPair], dict[Locus, str]]:
    found: dict[Locus, PrimerPair] = {}
    problems: dict[Locus, str] = {}
    for cut in cuts:
        try:
            search = find_primers(cut.locus, genome, margin=len(cut.guide.pam))
        except UsageError as error:
            if error.code != "no-primer3":
                raise
            problems[cut.locus] = f"{error.what} {error.remedy}"
            continue
        if search.pairs:
            found[cut.locus] = search.pairs[0]
        else:
            problems[cut.locus] = f"No primers for {cut.name}: {search.problem}"
    return found, problems


def _assay(
    one: Cut, other: Cut, primers: dict[Locus, PrimerPair], problems: dict[Locus, str]
) -> TranslocationAssay:
    together = one.locus.contig == other.locus.contig
    same_chromosome = together or (one.chromosome != "" and one.chromosome == other.chromosome)
    if together and other.position < one.position:
        one, other = other, one
    said = [problems[cut.locus] for cut in (one, other) if cut.locus in problems]
    if same_chromosome and not together:
        said.append("Both lie on one chromosome, in an order that this reference does not tell.")
    elif not (one.arm and other.arm):
        said.append("The arm of a cut is not known, so which product has two centromeres cannot be told.")
    pair = TranslocationPair(
        one.locus,
        other.locus,
        one.name,
        other.name,
        "inversion or deletion" if same_chromosome else "translocation",
        abs(one.position - other.position) if together else None,
        1.0,
        _METHOD,
        on_target=True,
    )
    ends = (
        ((one, _LEFT), (other, _RIGHT)),
        ((other, _LEFT), (one, _RIGHT)),
        ((one, _LEFT), (other, _LEFT)),
        ((one, _RIGHT), (other, _RIGHT)),
    )
    junctions = tuple(
        _junction(first, second, _kind(first, second, together=together, same=same_chromosome), primers)
        for first, second in ends
    )
    return TranslocationAssay(one.name, other.name, pair, junctions, " ".join(dict.fromkeys(said)))


def _kind(first: tuple[Cut, str], second: tuple[Cut, str], *, together: bool, same: bool) -> str:
    """Name a joining; within one chromosome the first cut lies left of the second."""
    (one, side), (other, other_side) = first, second
    known = bool(one.arm and other.arm)
    form = _KINDS[_has_centromere(*first) + _has_centromere(*second)] if known else "translocation"
    if not same:
        return form
    if not together:
        return "rearrangement of one chromosome"
    if side == other_side:
        return f"inversion; between the two homologues {form}"
    # The two cuts stand from left to right in the first pair of ends, and the other way round in the second.
    if one.position > other.position:
        return "ring of what lies between"
    across = known and one.arm != other.arm
    return "deletion of what lies between" + (", the centromere with it" if across else "")


def _has_centromere(cut: Cut, side: str) -> bool:
    return (cut.arm == "q") == (side == _LEFT)


def _junction(
    first: tuple[Cut, str], second: tuple[Cut, str], kind: str, primers: dict[Locus, PrimerPair]
) -> Junction:
    (one, side), (other, other_side) = first, second
    ends = f"{one.name} {side} + {other.name} {other_side}"
    if one.locus not in primers or other.locus not in primers:
        return Junction(kind, ends)
    (first_primer, reach), (second_primer, other_reach) = (
        _primer(cut, at, primers[cut.locus]) for cut, at in (first, second)
    )
    return Junction(kind, ends, first_primer, second_primer, reach + other_reach)


def _primer(cut: Cut, side: str, pair: PrimerPair) -> tuple[str, int]:
    """Return the primer that reads towards a break from one side, and how many bases it adds to a product."""
    if side == _LEFT:
        return pair.forward, cut.position - pair.forward_locus.start
    return pair.reverse, pair.reverse_locus.end - cut.position
