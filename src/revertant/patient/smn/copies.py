"""From counts to copies: every number with the reason why it is called, or why it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from revertant.patient.smn.controls import ControlKind, Normaliser, clumping
from revertant.patient.smn.counts import PartCount, ReadCounts
from revertant.patient.smn.depth import (
    LEAST_POSTERIOR,
    LEAST_TAIL,
    MOST_COPIES,
    DepthCopies,
    Scale,
    copies_from_depth,
    scale_of,
)
from revertant.patient.smn.intervals import at_least, copy_range, unknown_range
from revertant.patient.smn.obstacles import Obstacle, obstacles
from revertant.patient.smn.panel import Panel
from revertant.patient.smn.result import CopyRange, SmaStatus
from revertant.patient.smn.sites import (
    FEWEST_VOTES,
    Vote,
    VoteOutcome,
    covered_sites,
    disease_site_ratio,
    full_length_evidence,
    smn1_given_full_length,
    vote,
)

__all__ = ["DECISIVE_LOG10", "SUPPORTING_LOG10", "Copies", "count_copies"]

#: c.840 alone decides from this ratio on, as published; with all sites agreeing a weaker one is enough.
DECISIVE_LOG10 = 6.0
SUPPORTING_LOG10 = 1.0

_SITE_REASONS = {
    VoteOutcome.MAJORITY: "{votes} of 8 sites agree.",
    VoteOutcome.AGREES_WITH_SUM: "{votes} of 8 sites agree, and so does the sum of all sites.",
    VoteOutcome.SPLICE_DISAGREES: "The three sites around exon 7 say another number than all eight: a hybrid of both "
    "genes is possible.",
    VoteOutcome.AMBIGUOUS: "The sites leave more than one number open.",
    VoteOutcome.NO_WHOLE_NUMBER: "The share of reads with SMN1's bases fits no whole number of copies: reads of a "
    "second person, or a mosaic.",
}


_SECOND_PERSON = VoteOutcome.NO_WHOLE_NUMBER.value.replace(" ", "-")
#: Outcomes after which the share of SMN1 means nothing.
_DISTRUSTED = {VoteOutcome.NO_WHOLE_NUMBER, VoteOutcome.NOT_COVERED, VoteOutcome.SPLICE_DISAGREES}


@dataclass(frozen=True, slots=True)
class Copies:
    """All numbers of one sample, with what stands in the way, the vote and what it rests on."""

    total: CopyRange
    full_length: CopyRange
    without_exons_7_8: CopyRange
    smn1: CopyRange
    smn2: CopyRange
    reasons: tuple[str, ...]
    vote: Vote | None
    covered: tuple[int, ...]
    log10_ratio: float | None
    status: SmaStatus
    status_because: str


def count_copies(counts: ReadCounts, norm: Normaliser, panel: Panel | None = None) -> Copies:
    """Count the copies.

    Parameters
    ----------
    counts
        What was read.
    norm
        The scale of the sample.
    panel
        Samples of the same assay, for targeted data.
    """
    in_the_way = obstacles(counts, norm, panel)
    covered = covered_sites(counts.fragments, [site.at_smn1 for site in counts.sites])
    if in_the_way:
        return _blocked(counts, covered, in_the_way)
    depth = _depth(counts, norm, panel)
    by_depth = _most_probable(depth.full_length)
    voted = vote(counts.fragments, covered, by_depth) if by_depth else None
    if voted and voted.outcome not in _DISTRUSTED:
        depth = depth.weighted(full_length_evidence(counts.fragments, covered, depth.full_length))
    possible = [copies for copies, chance in depth.full_length.items() if copies and chance > LEAST_TAIL]
    ratio = disease_site_ratio(counts.fragments, possible)
    total, full, lacking = _by_depth(depth, by_depth)
    smn1, smn2 = _by_sites(counts, depth, full, covered, voted, ratio=ratio)
    status, because = _status(ratio, smn1, hidden=False)
    return Copies(total, full, lacking, smn1, smn2, (), voted, covered, ratio, status, because)


def _blocked(counts: ReadCounts, covered: tuple[int, ...], in_the_way: Sequence[Obstacle]) -> Copies:
    """Say why nothing is counted; c.840 may still show that there is a copy."""
    ratio = disease_site_ratio(counts.fragments, range(1, MOST_COPIES + 1))
    too_few = [] if len(covered) >= FEWEST_VOTES else [Obstacle("not-covered", _few_sites(covered))]
    total, full, lacking = (
        _unknown(what, in_the_way) for what in ("exons 1-6", "exons 7-8", "without exons 7-8")
    )
    everything = [*in_the_way, *too_few]
    smn1, smn2 = (_unknown(name, everything) for name in ("SMN1", "SMN2"))
    if ratio is not None and ratio >= DECISIVE_LOG10:
        smn1 = at_least("SMN1", 1, None, smn1.code, smn1.because)
    status, because = _status(ratio, smn1, hidden=any(one.hides_smn1 for one in in_the_way))
    reasons = tuple(one.because for one in everything)
    return Copies(total, full, lacking, smn1, smn2, reasons, None, covered, ratio, status, because)


def _most_probable(posterior: Mapping[int, float]) -> int:
    return max(posterior, key=lambda copies: posterior[copies])


def _few_sites(covered: Sequence[int]) -> str:
    return (
        f"Only {len(covered)} of the 8 sites that tell SMN1 from SMN2 are covered by reads of both genes; at least "
        f"{FEWEST_VOTES} are needed."
    )


def _unknown(what: str, in_the_way: Sequence[Obstacle]) -> CopyRange:
    return unknown_range(what, in_the_way[0].code, " ".join(one.because for one in in_the_way))


def _depth(counts: ReadCounts, norm: Normaliser, panel: Panel | None) -> DepthCopies:
    first, second = counts.exons_1_6, counts.exons_7_8
    if panel is not None and counts.kind is ControlKind.TARGETED:
        each = norm.reads_per_copy_bp
        scales = panel.scales(each * first.length_bp, each * second.length_bp)
    else:
        scales = _scale(norm, first), _scale(norm, second)
    return copies_from_depth(first.reads, scales[0], second.reads, scales[1])


def _scale(norm: Normaliser, part: PartCount) -> Scale:
    return scale_of(norm, part.length_bp, clumping(part.reads, part.fragments))


def _by_depth(depth: DepthCopies, full_length: int) -> tuple[CopyRange, CopyRange, CopyRange]:
    total_best = _most_probable(depth.total)
    total = _one_by_depth("exons 1-6", depth.total, depth.total_measured, depth.total_tail, total_best)
    full = _one_by_depth(
        "exons 7-8", depth.full_length, depth.full_length_measured, depth.full_length_tail, full_length
    )
    posterior = depth.without_exons_7_8
    is_call = total.is_call and full.is_call and max(posterior.values()) >= LEAST_POSTERIOR
    because = "Copies of exons 1-6 less copies of exons 7-8."
    if not is_call:
        failed = total if not total.is_call else full
        because = f"{failed.what} were not called: {failed.because}"
    lacking = copy_range(
        "without exons 7-8",
        posterior,
        is_call=is_call,
        code="difference" if is_call else "depth-not-called",
        because=because,
    )
    return total, full, lacking


def _one_by_depth(
    what: str, posterior: Mapping[int, float], measured: float, tail: float, by_depth: int
) -> CopyRange:
    """Call one number: the sites may make it surer or less sure, and never change what depth says."""
    best = _most_probable(posterior)
    if by_depth > MOST_COPIES:
        code, because = (
            "too-many",
            f"Depth says {measured:.2f} copies; more than {MOST_COPIES} are not counted.",
        )
        return at_least(what, MOST_COPIES + 1, None, code, because)
    if tail < LEAST_TAIL:
        code, because = "depth-between", f"Depth says {measured:.2f} copies, which fits no whole number."
    elif best != by_depth:
        code = "sites-contradict-depth"
        because = f"Depth says {measured:.2f} copies, but the share of SMN1 fits {best} better."
    elif posterior[best] < LEAST_POSTERIOR:
        code = "depth-unsure"
        because = f"Depth says {measured:.2f} copies: {best} has a probability of {posterior[best]:.3f} only."
    else:
        code, because = "depth", f"Depth says {measured:.2f} copies."
    return copy_range(what, posterior, is_call=code == "depth", code=code, because=because)


def _by_sites(
    counts: ReadCounts,
    depth: DepthCopies,
    full: CopyRange,
    covered: tuple[int, ...],
    voted: Vote | None,
    *,
    ratio: float | None,
) -> tuple[CopyRange, CopyRange]:
    lowest = 1 if ratio is not None and ratio >= DECISIVE_LOG10 else 0
    if voted is None:
        because = (
            "No copy of either gene has exons 7-8: nobody is known to live without (mice die as embryos), so their "
            "reads are missing from the file."
        )
        return unknown_range("SMN1", "no-full-length", because), unknown_range(
            "SMN2", "no-full-length", because
        )
    if full.best is None:
        because = f"Exons 7-8 were not called: {full.because}"
        return at_least("SMN1", lowest, None, full.code, because), at_least(
            "SMN2", 0, None, full.code, because
        )
    agreeing = sum(choice == voted.copies for choice in voted.votes if choice is not None)
    why = (
        _few_sites(covered)
        if voted.outcome is VoteOutcome.NOT_COVERED
        else _SITE_REASONS[voted.outcome].format(votes=agreeing)
    )
    code = voted.outcome.value.replace(" ", "-")
    if voted.outcome in _DISTRUSTED:
        rest = None if full.high is None else full.high - lowest
        return at_least("SMN1", lowest, full.high, code, why), at_least("SMN2", 0, rest, code, why)
    if not full.is_call:
        code, why = full.code, f"Exons 7-8 were not called: {full.because}"
    first: dict[int, float] = {}
    second: dict[int, float] = {}
    for copies, probability in depth.full_length.items():
        for number, share in smn1_given_full_length(counts.fragments, covered, copies).items():
            first[number] = first.get(number, 0.0) + probability * share
            second[copies - number] = second.get(copies - number, 0.0) + probability * share
    expected = {"SMN1": voted.copies, "SMN2": full.best - (voted.copies or 0)}
    ranges = []
    for name, posterior in (("SMN1", first), ("SMN2", second)):
        best = _most_probable(posterior)
        sure = best == expected[name] and posterior[best] >= LEAST_POSTERIOR
        is_call = full.is_call and voted.is_call and sure
        ranges.append(copy_range(name, posterior, is_call=is_call, code=code, because=why))
    return ranges[0], ranges[1]


def _status(ratio: float | None, smn1: CopyRange, *, hidden: bool) -> tuple[SmaStatus, str]:
    """Decide whether there is any SMN1; what can hide it forbids "absent", and a contradiction forbids both."""
    if ratio is None:
        return SmaStatus.NO_CALL, "Too few reads at c.840."
    called = smn1.best if smn1.is_call else None
    size = f"10^{abs(ratio):.1f} times"
    if ratio <= -DECISIVE_LOG10 or (ratio <= -SUPPORTING_LOG10 and called == 0):
        because = f"The reads at c.840 are {size} likelier with no SMN1 than with one copy or more."
        if hidden:
            return SmaStatus.NO_CALL, f"{because} But reads of SMN1 may be missing from the file."
        if called:
            return SmaStatus.NO_CALL, f"{because} But all sites together say {called}."
        return SmaStatus.SMN1_ABSENT, because
    if smn1.code == _SECOND_PERSON:
        return SmaStatus.NO_CALL, smn1.because
    if ratio >= DECISIVE_LOG10 or (ratio >= SUPPORTING_LOG10 and called):
        because = f"The reads at c.840 are {size} likelier with one SMN1 or more than with none."
        if called == 0:
            return SmaStatus.NO_CALL, f"{because} But all sites together say none."
        return SmaStatus.SMN1_PRESENT, because
    return SmaStatus.NO_CALL, "The reads at c.840 do not decide between none and one SMN1."
