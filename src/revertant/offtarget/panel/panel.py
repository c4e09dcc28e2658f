"""The validation panel: which sites to sequence in edited cells, and with which primers.

A search names places that could be edited; sequencing says whether they are. A panel holds

* the intended target of each guide, first: the positive control. Where it shows no edits, nothing else counts;
* every site that must be looked at: at most two edits, or a CFD of 0.5 or more, in **this person's** sequence;
* then the worst of the others, as many as were asked for.

Sites so near to each other that one product holds them share an amplicon. A site the person has lost is not there
to be sequenced. What a panel leaves out is said with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from revertant.errors import UsageError
from revertant.genome import PatientGenome
from revertant.model import Amplicon, Locus, OffTargetReport, SiteOrigin, ValidationPanel, Variant
from revertant.offtarget.panel.primer_options import PrimerOptions, PrimerSearch
from revertant.offtarget.panel.primers import find_primers
from revertant.offtarget.panel.priming import LAST_BASES, PrimingPlaces, priming_places
from revertant.offtarget.panel.sites import ChosenSite, choose_sites, intended_targets
from revertant.offtarget.panel.statement import panel_statement

__all__ = ["validation_panel"]

_STAGE = "designing primers"
_Group = tuple[ChosenSite, ...]
_Progress = Callable[[str, float], None]


def validation_panel(
    names: Sequence[str],
    reports: Sequence[OffTargetReport],
    genome: PatientGenome,
    *,
    size: int = 48,
    options: PrimerOptions | None = None,
    progress: _Progress | None = None,
) -> ValidationPanel:
    """Choose the sites to sequence and find primers for them, on this person's copies.

    Parameters
    ----------
    names
        A name for each guide.
    reports
        What was found for each, in the same order; their requests name the intended targets.
    genome
        The genome that was searched.
    size
        How many off-target sites to look at. Those that must be looked at are all taken, even when they are more;
        positive controls are not counted.
    options
        What is asked of the primers; the defaults when ``None``.
    progress
        Called with a stage name and a share from 0 to 1.

    Returns
    -------
    ValidationPanel
        Positive controls first, then in order of danger. An amplicon for which no primers were found is listed
        with its ``problem``.

    Raises
    ------
    UsageError
        When names and reports do not belong together, ``size`` is negative, or primer3-py is not installed
        (code ``no-primer3``).

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import OffTargetRequest, SearchLimits
    >>> from revertant.offtarget import search
    >>> left = "GATTCAGCCTAGGTACCATTGCAGGTTCACATGCCTGATAGCTTGCAAGTCCGATGATCAGGCTAACTGTTCGACCATAGG" * 3
    >>> text = left + "CTAACAGTTGCTTTTATCACAGG" + left
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": text}))
    >>> target = Locus("chr1", len(left), len(left) + 20)
    >>> guide = OffTargetRequest("CTAACAGTTGCTTTTATCAC", "NGG", limits=SearchLimits(2), target=target)
    >>> panel = validation_panel(["g1"], search([guide], genome), genome, size=10)
    >>> [(amplicon.reason, amplicon.locus.contains(target)) for amplicon in panel.amplicons]
    [('intended target (positive control)', True)]
    """
    options = options or PrimerOptions()
    if len(names) != len(reports) or size < 0:
        raise UsageError(
            f"{len(names)} names, {len(reports)} reports and a panel of {size} sites do not go together.",
            remedy="Give one name for each report, and a size of 0 or more.",
        )
    controls, without_control = intended_targets(names, reports, genome)
    chosen = (*controls, *choose_sites(names, reports, size))
    rank = {id(site): number for number, site in enumerate(chosen)}
    unapplied = tuple(refusal.call.variant for refusal in genome.refused) if chosen else ()
    designed: list[tuple[_Group, PrimerSearch]] = []
    groups = _together(chosen, options)
    for number, group in enumerate(groups, start=1):
        ranked = tuple(sorted(group, key=lambda item: rank[id(item)]))
        designed += _designed(ranked, genome, options, unapplied)
        if progress is not None:
            progress(_STAGE, number / len(groups))
    designed.sort(key=lambda item: rank[id(item[0][0])])
    elsewhere = _elsewhere([found for _, found in designed], genome, options, progress)
    amplicons = tuple(
        _amplicon(group, found, places, genome, options)
        for (group, found), places in zip(designed, elsewhere, strict=True)
    )
    missed = tuple(item for group, found in designed if not found.pairs for item in group)
    statement = panel_statement(chosen, missed, reports, without_control)
    return ValidationPanel(amplicons, statement, size)


def _together(chosen: Sequence[ChosenSite], options: PrimerOptions) -> list[_Group]:
    """Group the sites that one product can hold, along the genome, each group as long as it fits."""
    room = options.product_max - 2 * (options.site_to_primer + options.size_best)
    groups: list[list[ChosenSite]] = []
    for item in sorted(chosen, key=lambda item: item.site.locus):
        if groups:
            hull = _hull([*groups[-1], item])
            if hull is not None and len(hull) + 2 * _margin([*groups[-1], item]) <= room:
                groups[-1].append(item)
                continue
        groups.append([item])
    return [tuple(group) for group in groups]


def _hull(group: Sequence[ChosenSite]) -> Locus | None:
    """The stretch from the first site to the last, ``None`` when they lie on different contigs."""
    loci = [item.site.locus for item in group]
    if len({locus.contig for locus in loci}) > 1:
        return None
    return Locus(loci[0].contig, min(locus.start for locus in loci), max(locus.end for locus in loci))


def _margin(group: Sequence[ChosenSite]) -> int:
    return max(len(item.site.pam) for item in group)


def _designed(
    group: _Group, genome: PatientGenome, options: PrimerOptions, unapplied: Sequence[Variant]
) -> list[tuple[_Group, PrimerSearch]]:
    """Find primers for a group; where one product cannot serve it, for its parts."""
    hull = _hull(group)
    if hull is None:
        msg = "a group lies on one contig"
        raise ValueError(msg)
    worst = group[0].site
    is_made = worst.origin is not SiteOrigin.REFERENCE
    found = find_primers(
        hull,
        genome,
        options,
        margin=_margin(group),
        variants=worst.variants if is_made else (),
        without=() if is_made else worst.variants,
        haplotypes=worst.haplotypes,
        unapplied=unapplied,
    )
    parts = () if found.pairs else _parts(group)
    if not parts:
        return [(group, found)]
    return [item for part in parts for item in _designed(part, genome, options, unapplied)]


def _parts(group: _Group) -> tuple[_Group, ...]:
    """Cut a group in two at its widest gap; nothing when its sites overlap or touch."""
    along = sorted(group, key=lambda item: item.site.locus)
    reach = accumulate((item.site.locus.end for item in along), max)
    gaps = [after.site.locus.start - end for end, after in zip(reach, along[1:], strict=False)]
    if not gaps or max(gaps) <= 0:
        return ()
    left = {id(item) for item in along[: gaps.index(max(gaps)) + 1]}
    return tuple(item for item in group if id(item) in left), tuple(i for i in group if id(i) not in left)


def _elsewhere(
    searches: Sequence[PrimerSearch],
    genome: PatientGenome,
    options: PrimerOptions,
    progress: _Progress | None,
) -> Iterator[tuple[tuple[PrimingPlaces, PrimingPlaces], ...]]:
    """For each pair of each search the other places of its two primers; nothing where that is not looked for."""
    if genome.reference.total_bases > options.specificity_bases:
        yield from (() for _ in searches)
        return
    primers = [
        primer
        for found in searches
        for pair in found.pairs
        for primer in ((pair.forward, pair.forward_locus), (pair.reverse, pair.reverse_locus))
    ]
    places = iter(priming_places(primers, genome.reference, progress))
    for found in searches:
        yield tuple((next(places), next(places)) for _ in found.pairs)


def _amplicon(
    group: _Group,
    found: PrimerSearch,
    places: Sequence[tuple[PrimingPlaces, PrimingPlaces]],
    genome: PatientGenome,
    options: PrimerOptions,
) -> Amplicon:
    sites, guides = tuple(item.site for item in group), tuple(item.guide for item in group)
    reason = "; ".join(dict.fromkeys(item.reason for item in group))
    if not found.pairs:
        return Amplicon(sites, guides, reason, None, "", "", None, None, None, (), found.problem)
    number = min(range(len(found.pairs)), key=lambda number: _ambiguity(places, number))
    pair = found.pairs[number]
    problem, specificity = pair.problem, _unchecked(genome, options)
    if places:
        specificity = _said(places[number], genome.reference.total_bases)
        if all(place.whole for place in places[number]):
            problem += (
                " Both primers match whole elsewhere too: a second copy may be amplified with the site."
            )
    return Amplicon(
        sites,
        guides,
        reason,
        pair.locus,
        pair.forward,
        pair.reverse,
        pair.forward_tm_celsius,
        pair.reverse_tm_celsius,
        pair.product_bp,
        pair.haplotypes,
        problem.strip(),
        specificity,
    )


def _ambiguity(places: Sequence[tuple[PrimingPlaces, PrimingPlaces]], number: int) -> tuple[int, ...]:
    """How much a pair may amplify elsewhere; both of its primers must prime there. Equal ones keep their order."""
    if not places:
        return (number,)
    one, other = places[number]
    last = one.last_bases, other.last_bases
    return min(one.whole, other.whole), min(last), sum(last), number


def _said(places: tuple[PrimingPlaces, PrimingPlaces], bases: int) -> str:
    words = [
        f"the {name} primer {place.whole:,} whole, {place.last_bases:,} with its last {LAST_BASES} bases"
        for name, place in zip(("forward", "reverse"), places, strict=True)
    ]
    return (
        f"Other places that match in the {bases:,} bases of the reference: {'; '.join(words)}. Places with"
        " mismatches were not counted."
    )


def _unchecked(genome: PatientGenome, options: PrimerOptions) -> str:
    return (
        f"Not checked: the reference has {genome.reference.total_bases:,} bases, and only up to"
        f" {options.specificity_bases:,} are looked through for other places of the primers."
    )
