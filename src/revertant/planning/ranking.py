"""The order of the designs, and the sentence why each stands where it stands. No hidden weighted sum.

Designs are first put into named **tiers** that people can follow. Inside a tier they are ordered by a short list
of questions, each asked only when the one before it is a tie. A **Pareto front** over four axes says which
designs no other design beats. Near-identical designs are **grouped** so that a card shows a choice, not a list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from revertant.knowledge import Evidence, effectors_in_people
from revertant.modality import worst_site
from revertant.model import Assessment, Design, Effect, Finding, RankedDesign, Route, Status

__all__ = ["TIERS", "near_identical", "rank_designs"]

#: Tiers from first to last, each with the question it answers.
TIERS = (
    ("used in people", "People have been treated with this very guide and effector for this purpose."),
    ("restores the wild type", "Its most likely useful genotype is the wild-type sequence."),
    ("restores the wild-type protein", "The protein is the wild type's; a silent difference in DNA remains."),
    ("known benign substitution", "It puts a residue known to be benign in the place of the pathogenic one."),
    (
        "adds a working copy",
        "It brings a working copy of the gene beside the patient's own, which stay as they are.",
    ),
    (
        "hides a wrong splice site",
        "It breaks the splice site that the variant has made; the variant stays. Normal splicing has to be shown.",
    ),
    (
        "leaves exons out",
        "Its message is read in frame without some exons; how far the shorter protein works has to be shown.",
    ),
    ("regulatory site", "It breaks a regulatory site that treats the disease indirectly."),
    (
        "silences the harmful allele",
        "It destroys the copy that does harm; how well the other copy is spared is a finding of its own.",
    ),
    ("knocks the gene out", "It destroys every copy of the gene."),
    (
        "takes the harmful stretch out",
        "It cuts out what was inserted or repeated; what the shortened gene makes has to be shown.",
    ),
    (
        "switches the gene",
        "It raises or silences the gene and leaves its sequence as it is; how far has to be measured.",
    ),
    (
        "stopped by a failed rule",
        "A rule failed: see its findings. It is listed so that the reason can be read.",
    ),
)

_USED = 0
_BENIGN, _ADDS, _HIDES, _SKIPS, _SITE, _SILENCES, _KNOCKS_OUT, _TAKES_OUT, _SWITCHES = range(3, 12)
_STOPPED = len(TIERS) - 1

#: How far a published use has come, best first; only the first two are uses in people.
_STAGES = ("approved", "clinical", "preclinical", "published", "")
#: Stands behind every exposure that was measured.
_NOT_SEARCHED = (2.0, 2.0)
_IN_PEOPLE = frozenset({"approved", "clinical"})

#: Below this a predicted share is no better than none: both leave most edited alleles in doubt.
_ENOUGH = 0.5

#: Protospacers that start this close, on one strand, are variants of one idea.
NEAR_BASES = 5

#: Findings whose failure stops a design whatever else it does well.
_GATES = (
    "delivery.vehicle",
    "edit.more_harm_than_good",
    "edit.activity_on_other_copy",
    "vector.protein_unchanged",
    "vector.construct",
    "packaging.length",
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A design with everything its place depends on."""

    design: Design
    assessment: Assessment
    tier: int
    stage: str
    in_core: bool
    useful: float | None
    exposure: tuple[float, float] | None
    coding_bystander: bool
    untried: bool
    unlike_product: bool
    alternative: int
    unknowns: int
    cautions: int

    @property
    def order(self) -> tuple[object, ...]:
        return (
            self.tier,
            _STAGES.index(self.stage),
            not self.in_core,
            self.coding_bystander,
            -self.enough,
            self.exposure if self.exposure is not None else _NOT_SEARCHED,
            self.untried,
            self.unlike_product,
            self.alternative,
            self.unknowns,
            self.cautions,
            # Yields of two kinds of editor are not measured alike: only those of one kind are compared.
            self.design.modality,
            -(self.useful if self.useful is not None else -1.0),
            self.design.design_id,
        )

    @property
    def enough(self) -> float:
        """The expected useful yield where it is large enough to tell designs apart, else 0."""
        return self.useful if self.useful is not None and self.useful >= _ENOUGH else 0.0

    @property
    def axes(self) -> tuple[float, ...]:
        """Larger is better: useful yield, distance of the worst off-target, its score, how much is known.

        What was not predicted or not searched stands at the bottom of its axis: unknown is never an advantage. Vectors
        are held against each other only: how far their vehicle has come in the tissue, the share of whole genomes, and
        how much is known.
        """
        vector = self.design.vector
        if vector is not None:
            whole = [share.value for share in vector.full_length if share.value is not None]
            return (_evidence(self.design), min(whole, default=0.0), -float(self.unknowns))
        return (
            self.useful if self.useful is not None else -1.0,
            *(-part for part in (self.exposure if self.exposure is not None else _NOT_SEARCHED)),
            -float(self.unknowns),
        )


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
    made = (_standing(design, assessment, product_classes) for design, assessment in pairs)
    standings = sorted(made, key=lambda s: s.order)
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


def _standing(
    design: Design, assessment: Assessment, product_classes: Collection[tuple[str, str]]
) -> _Standing:
    statuses = [finding.status for finding in assessment.findings]
    bystander = assessment.of("edit.coding_bystander")
    edge = assessment.of("edit.just_outside_window")
    core = assessment.of("edit.target_in_core_window")
    expected = design.useful_yield or design.useful_share
    return _Standing(
        design=design,
        assessment=assessment,
        tier=_tier(design, assessment),
        stage=design.precedent_stage,
        in_core=core is None or core.status is Status.PASS,
        useful=expected.value if expected is not None and expected.in_domain else None,
        exposure=_oligo_exposure(design) if design.antisense else _exposure(assessment),
        coding_bystander=any(
            found is not None and found.status is Status.CAUTION for found in (bystander, edge)
        ),
        untried=_is_untried(design),
        unlike_product=design.vector is not None
        and (design.vector.capsid, design.vector.route) not in product_classes,
        alternative=_alternative(design),
        unknowns=sum(status is Status.UNKNOWN for status in statuses),
        cautions=sum(status is Status.CAUTION for status in statuses),
    )


def _is_untried(design: Design) -> bool:
    """Whether the effector, or the vehicle of a vector in this tissue, has not been used in people."""
    if design.vector is not None:
        return _evidence(design) < Evidence.CLINICAL.rank
    return design.effector not in effectors_in_people()


def _evidence(design: Design) -> float:
    """How far the vehicle of a vector has come in the tissue."""
    return float(Evidence(dict(design.facts)["vehicle_evidence"]).rank)


def _alternative(design: Design) -> int:
    """The place that the maker of several vectors for one gene gives this one; 0 for everything else."""
    return int(dict(design.facts)["alternative"]) if design.vector is not None else 0


def _exposure(assessment: Assessment) -> tuple[float, float] | None:
    """How close the worst off-target is, larger is worse: by edits, then by CFD; ``None`` when none was sought.

    Edits can be counted for every guide, so they come first; a CFD that is not defined stands behind every score.
    """
    if not assessment.off_targets:
        return None
    site = worst_site(assessment.off_targets)
    if site is None:
        return (0.0, 0.0)
    return (1.0 / (1 + site.edits), site.cfd if site.cfd is not None else 1.0)


def _oligo_exposure(design: Design) -> tuple[float, float] | None:
    """How close an oligo's next match is, on the scale of guides; ``None`` when it was not looked up.

    More than one mismatch is not looked for, so the best that can be said is that two may be enough.
    """
    facts = dict(design.facts)
    counts = [facts.get(name) for name in ("perfect_matches_elsewhere", "one_mismatch_elsewhere")]
    if None in counts:
        return None
    edits = next((number for number, count in enumerate(counts) if count != "0"), len(counts))
    return (1.0 / (1 + edits), 1.0)


_TIER_OF_EFFECT = {Effect.RESTORES_WILD_TYPE: 1, Effect.RESTORES_PROTEIN: 2}
_TIER_OF_ROUTE = {
    Route.BENIGN_SUBSTITUTION: _BENIGN,
    Route.ADD_GENE: _ADDS,
    Route.DISRUPT_SPLICE_SITE: _HIDES,
    Route.SKIP_EXON: _SKIPS,
    Route.DISRUPT_REGULATORY_SITE: _SITE,
    Route.ALLELE_SPECIFIC_KNOCK_OUT: _SILENCES,
    Route.KNOCK_OUT: _KNOCKS_OUT,
    Route.REMOVE_STRETCH: _TAKES_OUT,
    Route.RAISE_EXPRESSION: _SWITCHES,
    Route.LOWER_EXPRESSION: _SWITCHES,
}


def _tier(design: Design, assessment: Assessment) -> int:
    if any(_failed(assessment.of(rule)) for rule in _GATES):
        return _STOPPED
    if design.precedent_stage in _IN_PEOPLE:
        return _USED
    if design.route in _TIER_OF_ROUTE:
        return _TIER_OF_ROUTE[design.route]
    # Useful outcomes come first and the likeliest first: the tier is what a design does best, not what it might.
    return _TIER_OF_EFFECT.get(design.outcomes[0].effect, _HIDES)


def _failed(finding: Finding | None) -> bool:
    return finding is not None and finding.status is Status.FAIL


def _front(standings: Iterable[_Standing]) -> frozenset[str]:
    """Ids of the designs that no other design equals on every axis and beats on one."""
    points = [
        (standing.axes, standing.design.vector is not None, standing.design.design_id)
        for standing in standings
        if standing.tier != _STOPPED
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


def _because(standing: _Standing, lead: _Standing, standings: Sequence[_Standing]) -> str:
    """Say in one or two sentences why a design stands where it stands."""
    _, meaning = TIERS[standing.tier]
    if standing.tier == _STOPPED:
        failed = [
            found.because for rule in _GATES if _failed(found := standing.assessment.of(rule)) and found
        ]
        return f"Stopped: {failed[0]}"
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


def _strength(standing: _Standing) -> str:
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


def _difference(standing: _Standing, better: _Standing) -> str:
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
        return dict(standing.design.facts)["stands_because"]
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
