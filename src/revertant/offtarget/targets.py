"""Which site a guide was made for, when nobody says: the one place that it fits perfectly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from revertant.genome import PatientGenome
from revertant.model import Locus, OffTargetRequest, SearchLimits, Strand
from revertant.offtarget.streaming import SiteStream

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
    """

    target: Locus | None
    matches: tuple[Locus, ...] = ()
    count: int = 0
    is_given: bool = False


def find_targets(
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    progress: Callable[[str, float], None] | None = None,
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
            found |= _perfect_matches(requests, open_ones, place, progress)
            open_ones = [index for index in open_ones if not found[index].count]
    return tuple(found[index] for index in range(len(requests)))


def _perfect_matches(
    requests: Sequence[OffTargetRequest],
    indexes: Sequence[int],
    genome: PatientGenome,
    progress: Callable[[str, float], None] | None,
) -> dict[int, TargetSearch]:
    exact = [replace(requests[index], limits=SearchLimits(0), target=None) for index in indexes]
    windows = genome.reference.windows
    named: list[dict[Locus, None]] = [{} for _ in exact]
    counts = [0] * len(exact)
    for block in SiteStream(exact, genome, progress).blocks():
        kept = block.take(~block.is_lost)
        rows = zip(
            kept.found.guide.tolist(),
            kept.found.sequence.tolist(),
            kept.start.tolist(),
            kept.end.tolist(),
            kept.found.is_minus.tolist(),
            strict=True,
        )
        for guide, sequence, start, end, is_minus in rows:
            strand = Strand.MINUS if is_minus else Strand.PLUS
            locus = Locus(windows[sequence].contig, start, end, strand)
            # Several versions of one place, which different copies carry, are one match.
            if locus not in named[guide]:
                counts[guide] += 1
                if len(named[guide]) < MOST_NAMED:
                    named[guide][locus] = None
    return {
        index: TargetSearch(next(iter(some)) if count == 1 else None, tuple(some), count)
        for index, some, count in zip(indexes, named, counts, strict=True)
    }
