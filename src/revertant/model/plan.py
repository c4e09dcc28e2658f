"""The plan: ranked designs, rejected routes with reasons, unknowns, provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from revertant.model.car_t import JudgedTumour
from revertant.model.checklist import Checklist
from revertant.model.design import Design
from revertant.model.finding import Finding, Status
from revertant.model.identity import canonical_json
from revertant.model.offtarget import Coverage, OffTargetReport
from revertant.model.panel import ValidationPanel
from revertant.model.product import LabelMatch
from revertant.model.tally import Tally
from revertant.model.target import Route, Strategy, Target
from revertant.model.trial import TrialMatch

__all__ = [
    "Assessment",
    "Coverage",
    "InputDigest",
    "Plan",
    "Provenance",
    "RankedDesign",
    "Rejection",
    "Unknown",
]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The findings of one design, and the off-targets of each of its guides, in the guides' order."""

    design_id: str
    findings: tuple[Finding, ...]
    off_targets: tuple[OffTargetReport, ...] = ()

    by_name: ClassVar = {"off_targets": "report_id"}

    @property
    def worst(self) -> Status:
        """The worst status among the findings that apply; no findings means unknown."""
        relevant = [
            finding.status for finding in self.findings if finding.status is not Status.NOT_APPLICABLE
        ]
        return min(relevant, key=lambda status: status.severity) if relevant else Status.UNKNOWN

    def of(self, rule: str) -> Finding | None:
        """Return the finding of one rule, ``None`` when it was not applied."""
        return next((finding for finding in self.findings if finding.rule == rule), None)


@dataclass(frozen=True, slots=True)
class RankedDesign:
    """A design in its place.

    Parameters
    ----------
    rank
        1 is first. Designs of one group share a card; the group's first design leads it.
    group
        Name of the group of near-identical designs.
    tier
        The named tier it stands in; ``because`` says why it stands where it stands.
    on_front
        Whether no other design is at least as good on every axis and better on one.
    """

    rank: int
    group: str
    tier: str
    because: str
    on_front: bool
    design: Design
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Rejection:
    """A route that was not taken, and why.

    ``route`` is ``None`` where a modality was not asked for any. ``stage`` is where it ended: ``eligibility``,
    ``design`` or ``assessment``; ``elsewhere`` marks a route that makes sense but whose molecules this version does
    not design.
    """

    modality: str
    route: Route | None
    acts_on: str
    stage: str
    because: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not known and would change the plan: the question, why it matters, how to find out."""

    question: str
    why_it_matters: str
    how_to_find_out: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class InputDigest:
    """One input by role, name without folder, and SHA-256 of its bytes."""

    role: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the plan comes from. No clock: the same input gives the same bytes."""

    software: str
    version: str
    inputs: tuple[InputDigest, ...]
    catalogues: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to one case.

    Parameters
    ----------
    schema
        Name and version of the published JSON schema.
    case_id, question
        The case, and the question in one sentence.
    verdict
        The answer in one or two sentences, first thing a reader sees.
    gate
        Findings of the policy rules (all passed, or there would be no plan).
    targets, strategies
        What is wrong, and every modality and route considered, eligible or not.
    designs
        In rank order.
    rejections, unknowns
        Why other routes are not taken; what is not known.
    coverage
        What the off-target search covered; ``None`` when none was made.
    tallies
        Row accounts of every stage.
    notice
        The research-use notice.
    findings
        What was noticed while the inputs were read and put together.
    off_targets
        One report for each guide searched; designs refer to them.
    products
        Approved products for these diseases or genes, each held against this person under each jurisdiction's label.
    trials
        Clinical trials about these diseases or genes, those that are possible first; empty where no store of trials was
        given (an unknown says so).
    tumour
        What the tumour offers to be attacked; ``None`` where no tumour is planned for.
    checklists
        What guidance documents ask, answered for the leading design of each modality; empty where nobody is to be
        treated, and where no design stands.
    panel
        Which sites to sequence to see whether the leading designs edit them, with primers; ``None`` when it was not
        asked for, and where nothing was searched.
    decision_log
        The log of the gate's decision as canonical JSON, as ``revertant policy replay`` reads it. It is a file of its
        own beside the plan, and no part of its JSON.
    """

    left_out: ClassVar = ("decision_log",)

    schema: str
    case_id: str
    question: str
    verdict: str
    gate: tuple[Finding, ...]
    targets: tuple[Target, ...]
    strategies: tuple[Strategy, ...]
    designs: tuple[RankedDesign, ...]
    rejections: tuple[Rejection, ...]
    unknowns: tuple[Unknown, ...]
    coverage: Coverage | None
    tallies: tuple[Tally, ...]
    provenance: Provenance
    notice: str
    findings: tuple[Finding, ...] = ()
    off_targets: tuple[OffTargetReport, ...] = ()
    products: tuple[LabelMatch, ...] = ()
    trials: tuple[TrialMatch, ...] = ()
    tumour: JudgedTumour | None = None
    checklists: tuple[Checklist, ...] = ()
    panel: ValidationPanel | None = None
    decision_log: str = ""

    def to_json(self) -> str:
        """Return the plan as canonical, indented JSON with a final newline."""
        return canonical_json(self, indent=1) + "\n"
