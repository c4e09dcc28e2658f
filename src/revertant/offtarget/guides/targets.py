"""Which site a guide was made for, when nobody says: the one place that it fits perfectly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from revertant.genome import PatientGenome
from revertant.model import Locus, OffTargetRequest, SearchLimits, Strand
from revertant.offtarget.stream.streaming import SiteStream

__all__ = ["TargetSearch", "find_targets"]

#: Perfect matches of a guide that are named; there can be a hundred thousand.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class TargetSearch:
    """Where a guide fits perfectly.

    Parameters
    ----------
    target
        The intended site: the one that was named, or else the only perfect match; ``None`` when there is none, or
        when there are several and so none can be told to be the one.
    matches
        Perfect matches, the first ones in the order of the genome; none where the target was named.
    count
        How many there are.
    is_given
        Whether the target was named.
    copies
        For a match that only this person has, the copies that carry it; none for one of the reference.
    """

    target: Locus | None
    matches: tuple[Locus, ...] = ()
    count: int = 0
    is_given: bool = False
    copies: tuple[str, ...] = ()


def find_targets(
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    progress: Callable[[str, float], None] | None = None,
    *,
    design_pams: Mapping[str, str] = MappingProxyType({}),
) -> tuple[TargetSearch, ...]:
    """Find the intended site of guides whose request names none.

    The reference is searched first; for a guide that fits nowhere there, the person's own genome, since a guide may be
    made for an allele of this person.

    Parameters
    ----------
    requests
        The guides.
    genome
        The person's genome.
    design_pams
        For a PAM that is searched with, the narrower one that guides are designed for: a match beside another is
        no target.
    progress
        Called with a stage name and a share from 0 to 1.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> [found] = find_targets([OffTargetRequest("TACGTACG", "NGG")], genome)
    >>> str(found.target), found.count
    ('chr1:2-9:+', 1)
    """
    found = {
        index: TargetSearch(request.target, is_given=True)
        for index, request in enumerate(requests)
        if request.target is not None
    }
    open_ones = [index for index in range(len(requests)) if index not in found]
    for place in (PatientGenome(genome.reference), genome):
        if open_ones and (place is not genome or genome.has_calls):
            exact = [_exact(requests[index], design_pams) for index in open_ones]
            found |= dict(zip(open_ones, _perfect_matches(exact, place, progress), strict=True))
            open_ones = [index for index in open_ones if not found[index].count]
    return tuple(found[index] for index in range(len(requests)))


def _exact(request: OffTargetRequest, design_pams: Mapping[str, str]) -> OffTargetRequest:
    pam = design_pams.get(request.pam, request.pam)
    return replace(request, limits=SearchLimits(0), target=None, pam=pam)


def _perfect_matches(
    exact: Sequence[OffTargetRequest],
    genome: PatientGenome,
    progress: Callable[[str, float], None] | None,
) -> tuple[TargetSearch, ...]:
    windows = genome.reference.windows
    named: list[dict[Locus, tuple[str, ...]]] = [{} for _ in exact]
    counts = [0] * len(exact)
    for block in SiteStream(exact, genome, progress).blocks():
        kept = block.take(~block.is_lost)
        rows = zip(
            kept.found.guide.tolist(),
            kept.found.sequence.tolist(),
            kept.start.tolist(),
            kept.end.tolist(),
            kept.found.is_minus.tolist(),
            kept.carrier.tolist(),
            strict=True,
        )
        for guide, sequence, start, end, is_minus, who in rows:
            strand = Strand.MINUS if is_minus else Strand.PLUS
            locus = Locus(windows[sequence].contig, start, end, strand)
            # Several versions of one place, which different copies carry, are one match.
            if locus not in named[guide]:
                counts[guide] += 1
                if len(named[guide]) < MOST_NAMED:
                    named[guide][locus] = block.carriers[who].haplotypes if genome.has_calls else ()
    return tuple(
        TargetSearch(
            next(iter(some)) if count == 1 else None,
            tuple(some),
            count,
            copies=next(iter(some.values())) if count == 1 else (),
        )
        for some, count in zip(named, counts, strict=True)
    )
