"""Many sites, one number: guide-level scores, each under the name of its own formula.

Published tools sum the same site scores in different ways, and their numbers must not be mixed. Each
formula is applied here to the sites this search found, so it depends on the limits, the PAM pattern and
the sequence searched: a score over windows is no score of a genome.

Only ungapped sites that the person (or the reference) has are summed, as the tools do. Where the two
copies of a genome differ at one PAM, the higher-scoring version counts, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from revertant.model import Estimate, OffTargetRequest, OffTargetSite, SiteOrigin
from revertant.offtarget.scoring.scores import CFD_SOURCES, MIT_SOURCES, cfd_score, mit_score, why_no_cfd

__all__ = [
    "AGGREGATES",
    "CFD_STEPS",
    "CRISPOR_MISMATCHES",
    "CRISPOR_OTHER_PAM",
    "MIT_STEPS",
    "SiteSums",
    "aggregate",
    "sums_of",
]

#: Names of the formulas, in the order of reports.
AGGREGATES = (
    "CFD specificity (FlashFry formula)",
    "CFD specificity (GuideScan2 formula)",
    "MIT specificity (CRISPOR formula)",
    "CFD specificity (CRISPOR code)",
)

#: CRISPOR's sums are over sites with at most so many mismatches.
CRISPOR_MISMATCHES = 4
#: CRISPOR lowers MIT hits beside a PAM other than NGG by this factor.
CRISPOR_OTHER_PAM = 0.2


#: Scores are added up as whole numbers of these steps: the sum of millions is the same in any order, to the last bit.
CFD_STEPS = 1 << 40
MIT_STEPS = 1 << 32


@dataclass(frozen=True, slots=True)
class SiteSums:
    """What the formulas add up, over the ungapped sites that are there; one summand for each place.

    Parameters
    ----------
    places
        How many places there are, scored or not.
    perfect
        How many of the sites have no mismatch.
    cfd, cfd_places
        Sum of CFD and how many it is of.
    few_cfd, few_cfd_places, few_mit, few_mit_places
        The same over sites with at most four mismatches, MIT as CRISPOR weighs it.
    """

    places: int = 0
    perfect: int = 0
    cfd: float = 0.0
    cfd_places: int = 0
    few_cfd: float = 0.0
    few_cfd_places: int = 0
    few_mit: float = 0.0
    few_mit_places: int = 0


def sums_of(sites: Iterable[OffTargetSite]) -> SiteSums:
    """Add up what the formulas need of off-target sites; lost and bulged ones are left out.

    Examples
    --------
    >>> sums_of(()).places
    0
    """
    ungapped = [
        site
        for site in sites
        if site.origin is not SiteOrigin.LOST and not site.dna_bulges and not site.rna_bulges
    ]
    cfd = _worst_by_place(
        (site, cfd_score(site.aligned_spacer, site.aligned_target, site.pam)) for site in ungapped
    )
    few = [site for site in ungapped if site.mismatches <= CRISPOR_MISMATCHES]
    mit = _worst_by_place((site, _crispor_mit(site)) for site in few)
    cfd_few = _worst_by_place(
        (site, cfd_score(site.aligned_spacer, site.aligned_target, site.pam)) for site in few
    )
    return SiteSums(
        len({_place(site) for site in ungapped}),
        sum(site.mismatches == 0 for site in ungapped),
        sum(round(score * CFD_STEPS) for score in cfd) / CFD_STEPS,
        len(cfd),
        sum(round(score * CFD_STEPS) for score in cfd_few) / CFD_STEPS,
        len(cfd_few),
        sum(round(score * MIT_STEPS) for score in mit) / MIT_STEPS,
        len(mit),
    )


def aggregate(
    request: OffTargetRequest, sums: SiteSums, target_count: int, *, genome_wide: bool = True
) -> tuple[tuple[str, Estimate], ...]:
    """Compute every guide-level score.

    Parameters
    ----------
    request
        The guide.
    sums
        Over its off-target sites, the intended target excluded.
    target_count
        How many intended targets were found in the searched sequence: 1, or 0.
    genome_wide
        Whether the whole genome was searched. The formulas are made for that: over windows they only say how
        the windows fare, and are marked as outside their domain.

    Returns
    -------
    tuple of (str, Estimate)
        Names as in :data:`AGGREGATES`.

    Examples
    --------
    >>> guide = OffTargetRequest("GACTTGTTTTCATTGTTCTC", "NGG")
    >>> [estimate.value for _, estimate in aggregate(guide, SiteSums(), 1)]
    [1.0, 1.0, 100.0, 100.0]
    >>> aggregate(OffTargetRequest("GACTTGTTTTCATTGTTCTCA", "NNGRRT"), SiteSums(), 1)[0][1].value is None
    True
    """
    why_not = why_no_cfd(request.spacer, request.pam, request.pam_side, wild_type=request.cfd_applies)
    if why_not:
        return tuple(
            (name, Estimate(None, "not defined", why_not.replace("CFD", "The score"), in_domain=False))
            for name in AGGREGATES
        )
    # GuideScan2 sums the perfect matches too, the target among them, and counts one where it finds none.
    all_cfd = sums.cfd + target_count
    # A perfect match without a CFD (a base is ambiguous), or beside a weak PAM, is not the one it counts on.
    if not target_count and (not sums.perfect or all_cfd < 1):
        all_cfd += 1
    where = "" if genome_wide else "; over the bases searched only, which are not the whole genome"
    left_out = sums.places - sums.cfd_places
    note = f"; {left_out} sites with ambiguous bases left out" if left_out else ""
    values = (
        (
            1 / (1 + sums.cfd),
            f"1 / (1 + sum of CFD) over {sums.cfd_places} ungapped off-target sites{note}",
            "0 to 1",
            (*CFD_SOURCES, "FlashFry, doi:10.1186/s12915-018-0545-0"),
        ),
        (
            1 / all_cfd,
            f"1 / sum of CFD over {sums.cfd_places} ungapped off-target sites and the perfect matches{note}",
            "0 to 1",
            (*CFD_SOURCES, "GuideScan2, doi:10.1101/2022.05.02.490368"),
        ),
        (
            float(round(100 * 100 / (100 + sums.few_mit))),
            (
                f"round(10000 / (100 + sum of MIT hit scores)) over {sums.few_mit_places} ungapped off-target"
                f" sites with at most 4 mismatches; hits beside a PAM other than NGG times 0.2{note}"
            ),
            "0 to 100",
            (*MIT_SOURCES, "CRISPOR, doi:10.1186/s13059-016-1012-2"),
        ),
        (
            float(round(100 * 100 / (100 + sums.few_cfd))),
            (
                f"round(10000 / (100 + sum of CFD, 0 to 1)) over {sums.few_cfd_places} ungapped off-target"
                f" sites with at most 4 mismatches, as CRISPOR's code has it: compressed near 100{note}"
            ),
            "0 to 100",
            (*CFD_SOURCES, "CRISPOR, doi:10.1186/s13059-016-1012-2"),
        ),
    )
    return tuple(
        (name, Estimate(value, unit, method + where, in_domain=genome_wide, sources=sources))
        for name, (value, method, unit, sources) in zip(AGGREGATES, values, strict=True)
    )


def _crispor_mit(site: OffTargetSite) -> float | None:
    score = mit_score(site.aligned_spacer, site.aligned_target)
    if score is None or site.pam.endswith("GG"):
        return score
    return score * CRISPOR_OTHER_PAM


def _place(site: OffTargetSite) -> tuple[str, int, int, str]:
    return site.locus.contig, site.locus.start, site.locus.end, site.locus.strand.value


def _worst_by_place(scored: Iterable[tuple[OffTargetSite, float | None]]) -> list[float]:
    worst: dict[tuple[str, int, int, str], float] = {}
    for site, score in scored:
        if score is not None:
            place = _place(site)
            worst[place] = max(score, worst.get(place, 0.0))
    return [worst[place] for place in sorted(worst)]
