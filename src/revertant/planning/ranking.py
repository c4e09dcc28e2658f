"""The order of the designs, and the sentence why each stands where it stands. No hidden weighted sum.

Designs are first put into named **tiers** that people can follow. Inside a tier they are ordered by a short list
of questions, each asked only when the one before it is a tie. A **Pareto front** over three axes says which
designs no other design beats. Near-identical designs are **grouped** so that a card shows a choice, not a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from revertant.modality import worst_site
from revertant.model import Assessment, Design, Effect, Finding, RankedDesign, Route, Status

__all__ = ["TIERS", "near_identical", "rank_designs"]

#: Tiers from first to last, each with the question it answers.
TIERS = (
    ("restores the wild type", "Its most likely useful genotype is the wild-type sequence."),
    ("restores the wild-type protein", "The protein is the wild type's; a silent difference in DNA remains."),
    (
        "established site",
        "It breaks a regulatory site at which people have been treated with this very guide.",
    ),
    ("known benign substitution", "It puts a residue known to be benign in the place of the pathogenic one."),
    (
        "hides a wrong splice site",
        "It breaks the splice site that the variant has made; the variant stays. Normal splicing has to be shown.",
    ),
    ("regulatory site", "It breaks a regulatory site that treats the disease indirectly."),
    ("silences the harmful allele", "It destroys the harmful copy and spares the healthy one."),
    ("knocks the gene out", "It destroys every copy of the gene."),
    (
        "stopped by a failed rule",
        "A rule failed: see its findings. It is listed so that the reason can be read.",
    ),
)

_STOPPED = len(TIERS) - 1

#: Protospacers that start this close, on one strand, are variants of one idea.
NEAR_BASES = 5

#: Findings whose failure stops a design whatever else it does well.
_GATES = ("delivery.vehicle",)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A design with everything its place depends on."""

    design: Design
    assessment: Assessment
    tier: int
    precedent: bool
    in_core: bool
    useful: float | None
    danger: float | None
    coding_bystander: bool
    unknowns: int
    cautions: int

    @property
    def order(self) -> tuple[object, ...]:
        return (
            self.tier,
            not self.precedent,
            self.coding_bystander,
            not self.in_core,
            -(self.useful if self.useful is not None else -1.0),
            self.danger if self.danger is not None else 2.0,
            self.unknowns,
            self.cautions,
            self.design.design_id,
        )

    @property
    def axes(self) -> tuple[float, float, float]:
        """Larger is better: useful share, safety of the worst off-target, how much is known.

        What was not predicted or not searched stands at the bottom of its axis: unknown is never an advantage.
        """
        return (
            self.useful if self.useful is not None else -1.0,
            -self.danger if self.danger is not None else -2.0,
            -float(self.unknowns),
        )


def rank_designs(pairs: Sequence[tuple[Design, Assessment]]) -> tuple[RankedDesign, ...]:
    """Order designs and say why.

    Parameters
    ----------
    pairs
        Each design with its assessment.

    Returns
    -------
    tuple[RankedDesign, ...]
        Groups in the order of their best design; designs of one group stand together.

    Examples
    --------
    >>> rank_designs([])
    ()
    """
    standings = sorted((_standing(design, assessment) for design, assessment in pairs), key=lambda s: s.order)
    front = _front(standings)
    groups: list[list[_Standing]] = []
    for standing in standings:
        home = next((group for group in groups if _belongs(standing, group[0])), None)
        if home is None:
            groups.append([standing])
        else:
            home.append(standing)
    ranked: list[RankedDesign] = []
    for number, members in enumerate(groups, start=1):
        for standing in members:
            ranked.append(
                RankedDesign(
                    rank=len(ranked) + 1,
                    group=f"group-{number}",
                    tier=TIERS[standing.tier][0],
                    because=_because(standing, members[0], standings),
                    on_front=standing.design.design_id in front,
                    design=standing.design,
                    assessment=standing.assessment,
                )
            )
    return tuple(ranked)


def _belongs(standing: _Standing, lead: _Standing) -> bool:
    """Whether a design joins a group: a stopped one never stands among those that can be put forward."""
    same = (standing.tier == _STOPPED) == (lead.tier == _STOPPED)
    return same and near_identical(lead.design, standing.design)


def near_identical(one: Design, other: Design) -> bool:
    """Say whether two designs are variants of one idea.

    Same modality, route and target, same strand, protospacers that start within five bases of each other, and
    (but for knock-outs, where any early stop serves) the same best outcome.
    """
    first, second = one.guides[0].locus, other.guides[0].locus
    same_idea = (one.modality, one.route, one.acts_on) == (other.modality, other.route, other.acts_on)
    same_place = (first.contig, first.strand) == (second.contig, second.strand)
    close = abs(first.start - second.start) <= NEAR_BASES
    return same_idea and same_place and close and _best_label(one) == _best_label(other)


def _best_label(design: Design) -> str:
    if design.route is Route.KNOCK_OUT or not design.outcomes:
        return ""
    return design.outcomes[0].label


def _standing(design: Design, assessment: Assessment) -> _Standing:
    statuses = [finding.status for finding in assessment.findings]
    bystander = assessment.of("edit.coding_bystander")
    core = assessment.of("edit.target_in_core_window")
    share = design.useful_share
    worst = worst_site(assessment.off_targets)
    danger: float | None = None
    if assessment.off_targets:
        danger = 0.0
        if worst is not None:
            danger = worst.cfd if worst.cfd is not None else 1.0 / (1 + worst.edits)
    return _Standing(
        design=design,
        assessment=assessment,
        tier=_tier(design, assessment),
        precedent=bool(design.precedent),
        in_core=core is None or core.status is Status.PASS,
        useful=share.value if share is not None and share.in_domain else None,
        danger=danger,
        coding_bystander=bystander is not None and bystander.status is Status.CAUTION,
        unknowns=sum(status is Status.UNKNOWN for status in statuses),
        cautions=sum(status is Status.CAUTION for status in statuses),
    )


_TIER_OF_EFFECT = {Effect.RESTORES_WILD_TYPE: 0, Effect.RESTORES_PROTEIN: 1, Effect.BENIGN_SUBSTITUTION: 3}


def _tier(design: Design, assessment: Assessment) -> int:
    if any(_failed(assessment.of(rule)) for rule in _GATES):
        return _STOPPED
    if design.route is Route.DISRUPT_REGULATORY_SITE:
        return 2 if design.precedent else 5
    if design.route is Route.ALLELE_SPECIFIC_KNOCK_OUT:
        return 6
    if design.route is Route.KNOCK_OUT:
        return 7
    # Useful outcomes come first and the likeliest first: the tier is what a design does best, not what it might.
    return _TIER_OF_EFFECT.get(design.outcomes[0].effect, 4)


def _failed(finding: Finding | None) -> bool:
    return finding is not None and finding.status is Status.FAIL


def _front(standings: Iterable[_Standing]) -> frozenset[str]:
    """Ids of the designs that no other design equals on every axis and beats on one."""
    points = [
        (standing.axes, standing.design.design_id) for standing in standings if standing.tier != _STOPPED
    ]
    kept = []
    for axes, name in points:
        beaten = any(
            all(theirs >= ours for theirs, ours in zip(other, axes, strict=True)) and other != axes
            for other, _ in points
        )
        if not beaten:
            kept.append(name)
    return frozenset(kept)


def _because(standing: _Standing, lead: _Standing, standings: Sequence[_Standing]) -> str:
    """Say in one or two sentences why a design stands where it stands."""
    _, meaning = TIERS[standing.tier]
    if standing.tier == _STOPPED:
        failed = [f.because for f in standing.assessment.findings if f.status is Status.FAIL]
        return f"Stopped: {failed[0]}"
    if standing is not lead:
        return f"A variant of the design above: {_difference(standing, lead)}."
    parts = [meaning]
    rivals = [other for other in standings if other.tier == standing.tier and other is not standing]
    if not rivals:
        parts.append("It is the only one in its tier.")
    elif standing.order < min(other.order for other in rivals):
        parts.append(f"First in its tier: {_strength(standing)}.")
    else:
        best = min(rivals, key=lambda other: other.order)
        parts.append(f"Behind {best.design.effector_name} because {_difference(standing, best)}.")
    return " ".join(parts)


def _strength(standing: _Standing) -> str:
    if standing.precedent:
        return "this very guide has been used before"
    if not standing.coding_bystander and standing.useful is not None:
        return f"no harmful bystander and {standing.useful:.0%} useful genotypes predicted"
    if not standing.coding_bystander:
        return "no bystander changes the protein"
    if standing.useful is not None:
        return f"{standing.useful:.0%} useful genotypes predicted"
    return "fewest unknowns"


def _difference(standing: _Standing, better: _Standing) -> str:
    """The first question on which two designs of one tier differ."""
    if standing.tier != better.tier:
        return f"its tier is «{TIERS[standing.tier][0]}»"
    if standing.precedent != better.precedent:
        return "that guide has a published use and this one has none"
    if standing.coding_bystander != better.coding_bystander:
        return "a bystander here changes the protein"
    if standing.in_core != better.in_core:
        return "its target lies outside the core of the window"
    if standing.useful != better.useful:
        ours = "not predicted" if standing.useful is None else f"{standing.useful:.0%}"
        theirs = "not predicted" if better.useful is None else f"{better.useful:.0%}"
        return f"its useful share is {ours} against {theirs}"
    if standing.danger != better.danger:
        if standing.danger is None:
            return "its off-targets were not searched"
        return "its worst off-target is more likely to be edited"
    if standing.unknowns != better.unknowns:
        return f"it leaves {standing.unknowns} questions open against {better.unknowns}"
    if standing.cautions != better.cautions:
        return f"it has {standing.cautions} cautions against {better.cautions}"
    return "the two are equal in every question; the order is by name"
