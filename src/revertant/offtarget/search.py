"""The one question of this room: where else these guides could go, in this person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from revertant.errors import InputError, ProblemsError, RevertantError
from revertant.genome import GeneModels, PatientGenome
from revertant.model import Locus, OffTargetReport, OffTargetRequest
from revertant.offtarget.matching.guides import fits_kernels
from revertant.offtarget.matching.hit import reach_of
from revertant.offtarget.matching.scanning import Scanner, scan
from revertant.offtarget.matching.twin import scan_by_hand
from revertant.offtarget.person.delta import Cluster, clusters_of
from revertant.offtarget.person.patient import personal_hits
from revertant.offtarget.person.window_search import search_windows
from revertant.offtarget.stream.report import SearchedSequence, coverage_of, make_report
from revertant.offtarget.stream.streaming import SiteStream
from revertant.offtarget.stream.summary import Summary
from revertant.sequence import is_iupac

__all__ = ["check_requests", "search", "search_by_hand"]

_STAGE = "searching off-targets"


def search(
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    *,
    models: GeneModels | None = None,
    keep: int | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[OffTargetReport, ...]:
    """Find the off-target sites of guides in a genome.

    Parameters
    ----------
    requests
        The guides. All are searched in one pass, so ask for many at once.
    genome
        The person's genome. Without calls it is the reference, and sites are labelled so.
    models
        Gene models, to annotate the sites with.
    keep
        How many sites that the reference has too are held for each guide, the worst ones; all when ``None``. Counts
        and scores are of all sites in any case. In a whole genome a guide can have a hundred thousand.
    progress
        Called with a stage name and a share from 0 to 1.

    Returns
    -------
    tuple of OffTargetReport
        One for each request, in order.

    Raises
    ------
    ProblemsError
        When guides, PAMs or limits make no sense; all of them are named.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import SearchLimits
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(1), target=Locus("chr1", 1, 9))
    >>> [report] = search([guide], genome)
    >>> [(str(site.locus), site.aligned_target, site.mismatches) for site in report.sites]
    [('chr1:15-22:+', 'TACGAACG', 1)]
    """
    requests = tuple(requests)
    check_requests(requests)
    if not requests:
        return ()
    if not all(map(fits_kernels, requests)):
        return _search(requests, genome, scan, models, progress)
    stream = SiteStream(requests, genome, progress)
    summary = Summary(requests, genome.reference.windows, keep, stream.scores)
    for block in stream.blocks():
        summary.add(block)
    if progress is not None:
        progress(_STAGE, 1.0)
    return summary.reports(stream.ledgers, coverage_of(genome, stream.searched), models)


def search_by_hand(
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    *,
    models: GeneModels | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[OffTargetReport, ...]:
    """Do the same as :func:`search`, slowly: the obvious scan, every site an object. It is there to be compared with.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> guides = [OffTargetRequest("TACGTACG", "NGG")]
    >>> search_by_hand(guides, genome) == search(guides, genome)
    True
    """
    return _search(requests, genome, scan_by_hand, models, progress)


def _search(
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    scanner: Scanner,
    models: GeneModels | None,
    progress: Callable[[str, float], None] | None,
) -> tuple[OffTargetReport, ...]:
    requests = tuple(requests)
    check_requests(requests)
    if not requests:
        return ()
    stretches = genome.reference.windows
    searched = SearchedSequence()
    hits = scanner(_reference_sequences(genome, stretches, searched), requests, _meter(genome, progress))
    clusters: tuple[Cluster, ...] = ()
    if genome.has_calls:
        clusters = clusters_of(genome, stretches, max(reach_of(request) for request in requests))
        searched.incomplete_places += [cluster.core for cluster in clusters if not cluster.complete]
        searched.refused_calls = len(genome.refused)
    window_hits = search_windows(clusters, requests, scanner)
    coverage = coverage_of(genome, searched)
    reports = []
    for request, on_reference, in_windows in zip(requests, hits, window_hits, strict=True):
        personal = personal_hits(
            request, genome, stretches, clusters, reference_hits=on_reference, window_hits=in_windows
        )
        reports.append(make_report(request, personal, coverage, models))
    if progress is not None:
        progress(_STAGE, 1.0)
    return tuple(reports)


def _reference_sequences(
    genome: PatientGenome, stretches: Sequence[Locus], searched: SearchedSequence
) -> Iterator[str]:
    for stretch in stretches:
        yield searched.count(genome.reference.fetch(stretch.contig, stretch.start, stretch.end))


def _meter(
    genome: PatientGenome, progress: Callable[[str, float], None] | None
) -> Callable[[int], None] | None:
    if progress is None:
        return None
    done, total = 0, max(genome.reference.total_bases, 1)

    def advance(bases: int) -> None:
        nonlocal done
        done += bases
        progress(_STAGE, min(done / total, 1.0))

    return advance


def check_requests(requests: Sequence[OffTargetRequest]) -> None:
    """Refuse guides, PAMs and limits that make no sense; all of them are named.

    Raises
    ------
    ProblemsError
        Naming up to three faults of each guide.
    """
    problems: list[RevertantError] = []
    for number, request in enumerate(requests, start=1):
        problems += [
            InputError(what, where=f"guide {number}", remedy=remedy, code="bad-guide")
            for what, remedy in islice(_faults(request), 3)
        ]
    if problems:
        raise ProblemsError(problems, where="off-target search")


def _faults(request: OffTargetRequest) -> Iterator[tuple[str, str]]:
    size, limits = len(request.spacer), request.limits
    if size < 2 or not is_iupac(request.spacer):
        yield (
            f"{request.spacer!r} is no spacer.",
            "Write it 5'→3' in upper-case DNA letters, without the PAM.",
        )
    if not request.pam or not is_iupac(request.pam):
        yield f"{request.pam!r} is no PAM.", "Write an IUPAC pattern such as NGG; N for no PAM at all."
    # A guide of two letters has no place for an internal bulge, so a limit on them does no harm there.
    most_open = 0 if limits.end_bulges else 1
    kinds = (limits.mismatches, limits.dna_bulges, limits.rna_bulges, limits.total_edits or 0)
    if min(kinds) < 0:
        yield "A limit is negative.", "Use 0 or more."
    elif limits.mismatches >= size > 1 or limits.rna_bulges + limits.dna_bulges > size - 2 >= most_open:
        yield f"So many edits let every place match a spacer of {size} nt.", "Lower the limits."
