"""Pairs of cuts that could be joined to each other.

A nuclease that cuts both strands leaves two ends at every site it cuts. Where a cell has two cuts at once, an end
of one may be joined to an end of the other. Two cuts of one chromosome can lose or turn round what lies between
them, which is seen in cells with two guides (doi:10.1186/s13059-015-0680-7); cuts of different chromosomes give a
translocation, and off-target cuts have been found by their translocations to the target
(doi:10.1038/nbt.3101).

How often a pair is joined is not known from its sequences, and no model of it is used here. The pairs are put in
an order to look at: those first of which both cuts are likely. What becomes of a pair (balanced or not, one
centromere or two) depends on which ends are joined, and is not said.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from revertant.errors import UsageError
from revertant.model import (
    Locus,
    OffTargetReport,
    OffTargetSite,
    PamSide,
    SiteOrigin,
    Strand,
    TranslocationPair,
)
from revertant.offtarget.scoring.scores import why_no_cfd
from revertant.offtarget.stream.report import target_is_lost

__all__ = ["WORST_OF_EACH_GUIDE", "cut_position", "translocation_pairs"]

#: How many off-target sites of each guide enter, at least. A pair with the n-th worst of all sites has n - 2 pairs
#: before it, so the first hundred pairs need no more than that many sites; the rest is room for sites that make no
#: pair because they overlap. Where more pairs are asked for, twice as many sites enter.
WORST_OF_EACH_GUIDE = 200

_AID = "A ranking aid, not a measured or predicted frequency."
_BY_CFD = f"Product of the CFD scores of the two cuts; an intended target counts as 1. {_AID}"
_BY_EDITS = (
    "1 / (1 + edits of both sites together), an intended target having none, because CFD is not defined for"
    f" every guide. {_AID}"
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """One place that is cut. ``cfd`` is ``None`` where it is not defined; an intended target has 1."""

    guide: int
    locus: Locus
    position: int
    cfd: float | None
    edits: int
    is_target: bool


def translocation_pairs(
    names: Sequence[str],
    reports: Sequence[OffTargetReport],
    targets: Sequence[Locus | None],
    *,
    cut_offset: int,
    most: int = 100,
) -> tuple[TranslocationPair, ...]:
    """Rank the pairs of cuts of one treatment.

    Every two cuts make a pair, of one guide or of two: target with off-target, off-target with off-target, target
    with target. Sites the person has lost are never cut. Sites whose DNA overlaps are one place and make no pair:
    what is lost between them is an indel like any other. The same cut on both homologous chromosomes, which has
    been seen to join too (doi:10.1038/nbt.3101), is no pair of two sites and not listed.

    Parameters
    ----------
    names
        A name for each guide.
    reports
        The sites of each guide, in the same order.
    targets
        The intended site of each guide; ``None`` where there is none. Where the person has lost it, their other
        allele of it stands in, with its own score.
    cut_offset
        Bases between the PAM and the cut, on the strand that carries the PAM
        (:attr:`revertant.knowledge.Nuclease.cut_offset_top`).
    most
        How many pairs to return.

    Returns
    -------
    tuple of TranslocationPair
        Highest score first, ties by edits and place; the worse cut of each pair is its ``first``. Where CFD is
        defined for every guide, a pair's score is the product of the two CFDs; otherwise pairs are ranked by
        their edits, since scores of two kinds cannot be compared. ``method`` says which, and what did not enter.

    Raises
    ------
    UsageError
        When the arguments do not belong together.

    Examples
    --------
    >>> from revertant.genome import PatientGenome, Reference
    >>> from revertant.model import OffTargetRequest, SearchLimits
    >>> from revertant.offtarget import search
    >>> spacer = "CTAACAGTTGCTTTTATCAC"
    >>> near = "CTAACAGTTGCTTTTATCAT"
    >>> reference = Reference.from_sequences({"chr2": "TT" + spacer + "AGGTT", "chr9": "AA" + near + "TGGAA"})
    >>> target = Locus("chr2", 2, 22)
    >>> guide = OffTargetRequest(spacer, "NGG", limits=SearchLimits(2), target=target)
    >>> [pair] = translocation_pairs(["g1"], search([guide], PatientGenome(reference)), [target], cut_offset=3)
    >>> pair.kind, pair.on_target, str(pair.second), round(pair.score, 3)
    ('translocation', True, 'chr9:3-22:+', 0.3)
    """
    if not len(names) == len(reports) == len(targets):
        raise UsageError(
            f"{len(names)} names, {len(reports)} reports and {len(targets)} targets were given.",
            remedy="Give one of each for every guide; None for a guide without target.",
        )
    if most < 1 or cut_offset < 0:
        raise UsageError(
            f"most={most} and cut_offset={cut_offset} make no sense.",
            remedy="Ask for at least one pair, and count the cut from the PAM in bases.",
        )
    by_cfd = not any(_why_no_cfd(report) for report in reports)
    entering = max(WORST_OF_EACH_GUIDE, 2 * most)
    cuts: list[_Cut] = []
    left_out, unscored = False, 0
    for guide, (report, target) in enumerate(zip(reports, targets, strict=True)):
        worst, more, without = _worst(report, entering, by_cfd=by_cfd)
        on_target = _target_cut(guide, report, target, cut_offset)
        if on_target is not None and on_target.cfd is None and by_cfd:
            without += 1
        elif on_target is not None:
            cuts.append(on_target)
        cuts += _distinct(_cut(guide, report.request.pam_side, site, cut_offset) for site in worst)
        left_out |= more
        unscored += without
    cuts.sort(key=lambda cut: (-(cut.cfd or 0.0) if by_cfd else 0.0, cut.edits, *_place(cut)))
    method = _method(entering, by_cfd=by_cfd, left_out=left_out, unscored=unscored)
    best = _best(cuts, most, by_cfd=by_cfd)
    return tuple(_pair(one, other, names, method, by_cfd=by_cfd) for one, other in best)


def cut_position(locus: Locus, pam_side: PamSide, cut_offset: int) -> int:
    """Return where a site is cut: the number of bases of its contig left of the cut.

    Parameters
    ----------
    locus
        The aligned DNA, without PAM.
    pam_side
        Where the PAM lies.
    cut_offset
        Bases between the PAM and the cut.

    Examples
    --------
    >>> cut_position(Locus("chr1", 100, 120), PamSide.THREE_PRIME, 3)
    117
    >>> cut_position(Locus("chr1", 100, 120, Strand.MINUS), PamSide.THREE_PRIME, 3)
    103
    """
    pam_at_right = (pam_side is PamSide.THREE_PRIME) == (locus.strand is Strand.PLUS)
    return max(locus.end - cut_offset, 0) if pam_at_right else locus.start + cut_offset


def _why_no_cfd(report: OffTargetReport) -> str:
    request = report.request
    return why_no_cfd(request.spacer, request.pam, request.pam_side, wild_type=request.cfd_applies)


def _target_cut(guide: int, report: OffTargetReport, target: Locus | None, cut_offset: int) -> _Cut | None:
    if target is None:
        return None
    side = report.request.pam_side
    if not target_is_lost(report):
        return _Cut(guide, target, cut_position(target, side, cut_offset), 1.0, 0, is_target=True)
    if report.other_allele is None:
        return None
    return _cut(guide, side, report.other_allele, cut_offset, is_target=True)


def _cut(guide: int, side: PamSide, site: OffTargetSite, cut_offset: int, *, is_target: bool = False) -> _Cut:
    position = cut_position(site.locus, side, cut_offset)
    return _Cut(guide, site.locus, position, site.cfd, site.edits, is_target)


def _worst(report: OffTargetReport, entering: int, *, by_cfd: bool) -> tuple[list[OffTargetSite], bool, int]:
    """The worst sites this person has; whether there are more; how many have no CFD."""
    sites, lost = report.sites, SiteOrigin.LOST
    # A guide may have a hundred thousand sites: one number of each is read, and numbers are sorted. Equal ones
    # keep the order of the report.
    if by_cfd:
        key = -np.array([site.cfd for site in sites], np.float64)
    else:
        key = np.array([site.mismatches + site.dna_bulges + site.rna_bulges for site in sites], np.float64)
    undefined = np.isnan(key)
    order = np.argsort(key, kind="stable")[: len(sites) - int(undefined.sum())]
    present = (sites[index] for index in order if sites[index].origin is not lost)
    chosen = list(islice(present, entering))
    more = next(present, None) is not None or (bool(report.counts) and len(chosen) == entering)
    return chosen, more, sum(sites[index].origin is not lost for index in np.flatnonzero(undefined))


def _distinct(cuts: Iterator[_Cut]) -> Iterator[_Cut]:
    """Each place once, in its worst form: two copies of a person may spell one site in two ways."""
    seen: set[tuple[str, int, Strand]] = set()
    for cut in cuts:
        place = cut.locus.contig, cut.position, cut.locus.strand
        if place not in seen:
            seen.add(place)
            yield cut


def _place(cut: _Cut) -> tuple[object, ...]:
    return not cut.is_target, cut.locus, cut.guide


def _score(one: _Cut, other: _Cut, *, by_cfd: bool) -> float:
    return (one.cfd or 0.0) * (other.cfd or 0.0) if by_cfd else 1 / (1 + one.edits + other.edits)


def _best(cuts: Sequence[_Cut], most: int, *, by_cfd: bool) -> list[tuple[_Cut, _Cut]]:
    """The first pairs of all, in order, without making them all.

    ``cuts`` are sorted, so in row *i* of the triangle of pairs (*i*, *j*) the scores fall with *j*, and the first
    pair of row *i* is no better than the first pair of the row above. A heap of one pair for each row begun then
    always holds the next best pair.
    """

    def rank(i: int, j: int) -> tuple[float, int, int]:
        return -_score(cuts[i], cuts[j], by_cfd=by_cfd), i, j

    found: list[tuple[_Cut, _Cut]] = []
    heap = [rank(0, 1)] if len(cuts) > 1 else []
    while heap and len(found) < most:
        _, i, j = heapq.heappop(heap)
        if j + 1 < len(cuts):
            heapq.heappush(heap, rank(i, j + 1))
            if j == i + 1:
                heapq.heappush(heap, rank(j, j + 1))
        if not cuts[i].locus.overlaps(cuts[j].locus):
            found.append((cuts[i], cuts[j]))
    return found


def _pair(one: _Cut, other: _Cut, names: Sequence[str], method: str, *, by_cfd: bool) -> TranslocationPair:
    together = one.locus.contig == other.locus.contig
    return TranslocationPair(
        one.locus,
        other.locus,
        names[one.guide],
        names[other.guide],
        "inversion or deletion" if together else "translocation",
        abs(one.position - other.position) if together else None,
        _score(one, other, by_cfd=by_cfd),
        method,
        one.is_target or other.is_target,
    )


def _method(entering: int, *, by_cfd: bool, left_out: bool, unscored: int) -> str:
    parts = [_BY_CFD if by_cfd else _BY_EDITS]
    if left_out:
        parts.append(f"Only the worst {entering:,} off-target sites of each guide entered.")
    if unscored:
        noun = "site has" if unscored == 1 else "sites have"
        parts.append(f"{unscored:,} {noun} ambiguous bases, so no CFD, and did not enter.")
    return " ".join(parts)
