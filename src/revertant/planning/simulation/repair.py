"""Repair of a cut from a donor: its arms find their place beside the cut, and what lies between them is written."""

from __future__ import annotations

from dataclasses import replace

from revertant.errors import IncompatibleInputsError
from revertant.knowledge import Nuclease
from revertant.modality.cutting import cut_indexes
from revertant.modality.protospacers import Protospacer
from revertant.modality.recut import RECUT_SOURCES, Site, is_cut
from revertant.model import Finding, Oligo, Status, ViewSpan
from revertant.planning.simulation.alleles import edited_allele
from revertant.planning.simulation.cut import cut_spans, simulate_cut
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.marks import view_of
from revertant.planning.simulation.placing import place_guide
from revertant.planning.simulation.result import Simulation
from revertant.sequence import reverse_complement

__all__ = ["LEAST_ARM_NT", "simulate_repair"]

#: A shorter arm is not taken to hold: designed ones have at least 30.
LEAST_ARM_NT = 15


def simulate_repair(ground: Ground, spacer: str, nuclease: Nuclease, donor: str) -> Simulation:
    """Cut a sequence and repair it from a donor.

    Parameters
    ----------
    ground
        The sequence.
    spacer, nuclease
        The guide and the nuclease that cut.
    donor
        The repair template, either strand, 5'→3'. From each end inwards it is an arm as far as it spells the
        sequence beside the cut.

    Raises
    ------
    IncompatibleInputsError
        Code ``arm-not-found`` where an end of the donor is found nowhere on its side of the cut, or at two places.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation.ground import given_ground
    >>> before = "GACCTTGAGCTAACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTGCCCTG"
    >>> donor = before.replace("CCTGTGGAG", "CCTGAAGAG")
    >>> found = simulate_repair(given_ground(before), "CATGGTGCACCTGACTCCTG", knowledge.nucleases()["spcas9"], donor)
    >>> found.alleles[0].sequence == donor, found.alleles[0].removed, found.alleles[0].written
    (True, 'TG', 'AA')
    """
    site = place_guide(ground, spacer, nuclease.pam, nuclease.pam_side)
    low, high = sorted(cut_indexes(site, nuclease))
    bases = ground.window.bases
    turned = reverse_complement(donor)
    forward = max(donor, turned, key=lambda text: min(_arms(bases, text, low, high)))
    left, right = _arms(bases, forward, low, high)
    right = min(right, len(forward) - left)  # arms may not overlap in the donor
    if min(left, right) < LEAST_ARM_NT:
        raise IncompatibleInputsError(
            f"The donor cannot be laid beside the cut: from its ends inwards {left} and {right} nt spell the sequence "
            f"left and right of the cut, each at one place; arms need {LEAST_ARM_NT}.",
            where=ground.place(site.start, site.end, site.strand.value),
            remedy="Give the whole donor with both arms, the copy it was made for (--vcf, --variant), and enough "
            "sequence for the arms (--flank).",
            code="arm-not-found",
        )
    start, end = bases.find(forward[:left]), bases.find(forward[len(forward) - right :]) + right
    allele = edited_allele(ground, start, end - start, forward, "repaired from the donor")
    again = is_cut(allele.sequence, Site.of(site, nuclease.seed_nt, nuclease.search_pam))
    cut = simulate_cut(ground, spacer, nuclease)
    marks = (*cut_spans(site, nuclease), *_spans(site, (start, start + left), (end - right, end)))
    view, view_start = view_of(ground, site, marks)
    return replace(
        cut,
        method="hdr",
        molecules=(*cut.molecules, Oligo("donor", donor, "5′→3′")),
        view=view,
        view_start=view_start,
        alleles=(allele,),
        findings=(
            _share(),
            _again(again=again),
            *(one for one in cut.findings if one.rule == "outcome.frame"),
        ),
        facts=(*cut.facts, ("arms", f"{left} nt left and {right} nt right of what is written")),
    )


def _arms(bases: str, donor: str, low: int, high: int) -> tuple[int, int]:
    """Lengths over which the ends of a donor spell the sequence left of a cut and right of it; 0 where nowhere."""
    left, right = _run(bases[:low], donor), _run(bases[high:][::-1], donor[::-1])
    is_single = bases.count(donor[:left]) == 1 == bases.count(donor[len(donor) - right :])
    return (left, right) if is_single else (0, 0)


def _run(side: str, donor: str) -> int:
    """Length of the longest beginning of a donor that stands on one side; 0 where two places hold equally long ones."""
    first = donor[:LEAST_ARM_NT]
    places = [at for at in range(len(side)) if side.startswith(first, at)]
    runs = sorted((_same(side[at:], donor) for at in places), reverse=True)
    return runs[0] if runs and (len(runs) == 1 or runs[0] > runs[1]) else 0


def _same(one: str, other: str) -> int:
    most = min(len(one), len(other))
    return next((i for i in range(most) if one[i] != other[i]), most)


def _spans(site: Protospacer, left: tuple[int, int], right: tuple[int, int]) -> tuple[ViewSpan, ...]:
    return tuple(ViewSpan("arm", *arm, f"arm {arm[1] - arm[0]} nt", site.strand) for arm in (left, right))


def _share() -> Finding:
    return Finding(
        "outcome.repair",
        Status.UNKNOWN,
        "How many alleles are repaired from the donor, and how many end with an indel, is not predicted: it depends on "
        "the cells.",
    )


def _again(*, again: bool) -> Finding:
    if again:
        because = "The repaired allele still holds PAM and seed: it can be cut again and end with an indel."
        return Finding("repair.cut_again", Status.CAUTION, because, sources=RECUT_SOURCES)
    return Finding(
        "repair.cut_again",
        Status.PASS,
        "The guide finds PAM and seed no more on the repaired allele: it is not expected to be cut again.",
        sources=RECUT_SOURCES,
    )
