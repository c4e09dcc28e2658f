"""Where a design stands: the answers to every question that its place depends on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from revertant.knowledge import Evidence, effectors_in_people
from revertant.modality import worst_site
from revertant.model import Assessment, Design, Effect, Finding, Route, Status

__all__ = ["GATES", "STOPPED", "TIERS", "Standing", "failed", "standing_of"]

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
STOPPED = len(TIERS) - 1

#: How far a published use has come, best first; only the first two are uses in people.
_STAGES = ("approved", "clinical", "preclinical", "published", "")
#: Stands behind every exposure that was measured.
_NOT_SEARCHED = (2.0, 2.0)
_IN_PEOPLE = frozenset({"approved", "clinical"})

#: Below this a predicted share is no better than none: both leave most edited alleles in doubt.
_ENOUGH = 0.5

#: Findings whose failure stops a design whatever else it does well.
GATES = (
    "delivery.vehicle",
    "edit.more_harm_than_good",
    "edit.activity_on_other_copy",
    "vector.protein_unchanged",
    "vector.construct",
    "packaging.length",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A design with everything its place depends on.

    Parameters
    ----------
    design, assessment
        What is placed.
    tier
        Index into :data:`TIERS`.
    stage
        How far a published use of this very guide has come; empty when none is known.
    in_core
        Whether the target lies in the core of the window.
    useful
        Expected useful yield; ``None`` where it is not predicted.
    exposure
        How close the worst off-target is, larger is worse; ``None`` when none was sought.
    coding_bystander
        Whether a bystander changes the protein.
    untried
        Whether effector or vehicle has not been used in people.
    unlike_product
        Whether a vector is of another capsid or route than the products whose label fits.
    alternative
        The place the maker of several vectors gives this one; 0 for everything else.
    unknowns, cautions
        How many findings are so.
    """

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
        """The questions in the order in which they are asked, each a tie-breaker of the one before."""
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


def standing_of(
    design: Design, assessment: Assessment, product_classes: Collection[tuple[str, str]]
) -> Standing:
    """Answer every question that a design's place depends on.

    Parameters
    ----------
    design, assessment
        What is placed.
    product_classes
        Capsid and route of the products whose label fits this person.
    """
    statuses = [finding.status for finding in assessment.findings]
    bystander = assessment.of("edit.coding_bystander")
    edge = assessment.of("edit.just_outside_window")
    core = assessment.of("edit.target_in_core_window")
    expected = design.useful_yield or design.useful_share
    return Standing(
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
    stage = design.vector.stage if design.vector is not None else ""
    return float(Evidence(stage).rank) if stage else 0.0


def _alternative(design: Design) -> int:
    """The place that the maker of several vectors for one gene gives this one; 0 for everything else."""
    return design.vector.preference if design.vector is not None else 0


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
    if any(failed(assessment.of(rule)) for rule in GATES):
        return STOPPED
    if design.precedent_stage in _IN_PEOPLE:
        return _USED
    if design.route in _TIER_OF_ROUTE:
        return _TIER_OF_ROUTE[design.route]
    # Useful outcomes come first and the likeliest first: the tier is what a design does best, not what it might.
    return _TIER_OF_EFFECT.get(design.outcomes[0].effect, _HIDES)


def failed(finding: Finding | None) -> bool:
    """Whether a rule was applied and failed.

    Examples
    --------
    >>> failed(None)
    False
    """
    return finding is not None and finding.status is Status.FAIL
