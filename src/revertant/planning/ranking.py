"""The order of the designs, and the sentence why each stands where it stands. No hidden weighted sum.

Designs are first put into named **tiers** that people can follow. Inside a tier they are ordered by a short list
of questions, each asked only when the one before it is a tie. A **Pareto front** over four axes says which
designs no other design beats. Near-identical designs are **grouped** so that a card shows a choice, not a list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from revertant.model import Assessment, Design, RankedDesign, Route, Status
from revertant.planning.standing import GATES, STOPPED, TIERS, Standing, failed, standing_of

__all__ = ["TIERS", "near_identical", "rank_designs"]

#: Protospacers that start this close, on one strand, are variants of one idea.
NEAR_BASES = 5


def rank_designs(
    pairs: Sequence[tuple[Design, Assessment]], product_classes: Collection[tuple[str, str]] = ()
) -> tuple[RankedDesign, ...]:
    """Order designs and say why.

    Parameters
    ----------
    pairs
        Each design with its assessment.
    product_classes
        Capsid and route of the products whose label fits this person: vectors of their class come first.

    Returns
    -------
    tuple[RankedDesign, ...]
        Groups in the order of their best design; designs of one group stand together.

    Examples
    --------
    >>> rank_designs([])
    ()
    """
    made = (standing_of(design, assessment, product_classes) for design, assessment in pairs)
    standings = sorted(made, key=lambda s: s.order)
    front = _front(standings)
    groups: list[list[Standing]] = []
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


def _belongs(standing: Standing, lead: Standing) -> bool:
    """Whether a design joins a group: a stopped one never stands among those that can be put forward."""
    same = (standing.tier == STOPPED) == (lead.tier == STOPPED)
    return same and near_identical(lead.design, standing.design)


def near_identical(one: Design, other: Design) -> bool:
    """Say whether two designs are variants of one idea.

    Same modality, route and target, same strand, protospacers (or oligos) that start within five bases of each
    other, and (but for knock-outs, where any early stop serves) the same best outcome.
    """
    places = [[molecule.locus for molecule in design.guides or design.antisense] for design in (one, other)]
    if not all(places) or bool(one.guides) != bool(other.guides):
        return False
    first, second = places[0][0], places[1][0]
    same_idea = (one.modality, one.route, one.acts_on) == (other.modality, other.route, other.acts_on)
    same_place = (first.contig, first.strand) == (second.contig, second.strand)
    close = abs(first.start - second.start) <= NEAR_BASES
    return same_idea and same_place and close and _best_label(one) == _best_label(other)


def _best_label(design: Design) -> str:
    if design.route is Route.KNOCK_OUT or not design.outcomes:
        return ""
    return design.outcomes[0].label


def _front(standings: Iterable[Standing]) -> frozenset[str]:
    """Ids of the designs that no other design equals on every axis and beats on one."""
    points = [
        (standing.axes, standing.design.vector is not None, standing.design.design_id)
        for standing in standings
        if standing.tier != STOPPED
    ]
    kept = []
    for axes, is_vector, name in points:
        beaten = any(
            all(theirs >= ours for theirs, ours in zip(other, axes, strict=True)) and other != axes
            for other, other_is_vector, _ in points
            if other_is_vector is is_vector
        )
        if not beaten:
            kept.append(name)
    return frozenset(kept)


def _because(standing: Standing, lead: Standing, standings: Sequence[Standing]) -> str:
    """Say in one or two sentences why a design stands where it stands."""
    _, meaning = TIERS[standing.tier]
    if standing.tier == STOPPED:
        reasons = [found.because for rule in GATES if failed(found := standing.assessment.of(rule)) and found]
        return f"Stopped: {reasons[0]}"
    if standing is not lead:
        return f"A variant of the design above: {_difference(standing, lead)}."
    parts = [meaning]
    rivals = [other for other in standings if other.tier == standing.tier and other is not standing]
    if not rivals:
        parts.append("It is the only one in its tier.")
    elif standing.order < min(other.order for other in rivals):
        strength = _strength(standing)
        parts.append(f"First in its tier: {strength}." if strength else "First in its tier.")
    else:
        best = min(rivals, key=lambda other: other.order)
        parts.append(f"Behind {best.design.effector_name} because {_difference(standing, best)}.")
    return " ".join(parts)


def _strength(standing: Standing) -> str:
    """What speaks for a design, of what was asked of it: an oligo has no window, a donor no bystander."""
    if standing.stage:
        return f"this very guide has a published use ({standing.stage})"
    if standing.design.vector is not None and not standing.unlike_product:
        return "capsid and route of a product whose label fits this person, or may"
    asked = standing.assessment.of
    placed, bystander = asked("edit.target_in_core_window"), asked("edit.coding_bystander")
    parts = []
    if placed is not None:
        parts.append("target in the core of the window" if standing.in_core else "best placed target")
    if bystander is not None and bystander.status is Status.PASS and not standing.coding_bystander:
        parts.append("no bystander changes the protein")
    if standing.useful is not None:
        parts.append(f"{_share(standing.useful)} expected useful yield")
    return ", ".join(parts)


def _share(value: float) -> str:
    """Write a share; a little is not none."""
    return "<1%" if 0 < value < 0.005 else f"{value:.0%}"


def _difference(standing: Standing, better: Standing) -> str:
    """The first question on which two designs of one tier differ."""
    if standing.tier != better.tier:
        return f"it belongs to «{TIERS[standing.tier][0]}»"
    if standing.stage != better.stage:
        return f"that guide's published use has come further ({better.stage})"
    if standing.in_core != better.in_core:
        return "its target lies outside the core of the window"
    if standing.coding_bystander != better.coding_bystander:
        return "a bystander here, or just outside the window, changes the protein"
    if standing.enough != better.enough:
        ours = "not predicted" if standing.useful is None else _share(standing.useful)
        theirs = "not predicted" if better.useful is None else _share(better.useful)
        return f"its expected useful yield is {ours} against {theirs}"
    if standing.exposure != better.exposure:
        if standing.exposure is None:
            return "its off-targets were not searched"
        fewer = better.exposure is None or standing.exposure[0] != better.exposure[0]
        return (
            "its worst off-target has fewer edits"
            if fewer
            else "its worst off-target scores higher or has no score"
        )
    if standing.untried != better.untried:
        return f"{better.design.effector_name} has been used in people and {standing.design.effector_name} has not"
    if standing.unlike_product != better.unlike_product:
        return "that one has capsid and route of a product whose label fits this person, or may"
    if standing.alternative != better.alternative:
        return standing.design.vector.stands_because if standing.design.vector else "its maker puts it behind"
    if standing.unknowns != better.unknowns:
        return f"it leaves {standing.unknowns} questions open against {better.unknowns}"
    if standing.cautions != better.cautions:
        return f"it has {standing.cautions} cautions against {better.cautions}"
    same_kind = standing.design.modality == better.design.modality
    if same_kind and better.useful is not None and standing.useful != better.useful:
        ours = "not predicted" if standing.useful is None else f"{standing.useful:.1%}"
        theirs = f"{better.useful:.1%}"
        if ours == theirs:
            return f"its expected useful yield is {theirs} too, less by what rounding hides"
        return f"its expected useful yield is {ours} against {theirs}"
    return "the two are equal in every question; the order is by name"
