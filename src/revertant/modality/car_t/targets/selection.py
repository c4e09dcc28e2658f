"""Which antigens of a tumour could be attacked, each with every judgement; that none is safe is an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from revertant.errors import UsageError
from revertant.knowledge import GeneList
from revertant.knowledge.antigens import Antigen, antigen_named, antigens
from revertant.modality.car_t.targets.clusters import ClusterTable
from revertant.modality.car_t.targets.expression import ExpressionTable
from revertant.modality.car_t.targets.judging import (
    AntigenVariant,
    clinical_finding,
    expression_finding,
    form_findings,
    fratricide_finding,
    homogeneity_finding,
    loss_finding,
    shed_finding,
    surface_finding,
    variant_findings,
)
from revertant.modality.car_t.targets.safety import (
    OrganLevel,
    catalogue_safety,
    cell_safety,
    contrast,
    normal_levels,
    sample_safety,
)
from revertant.model import Finding, Status, Tally

__all__ = [
    "TargetAssessment",
    "TargetLimits",
    "TargetSelection",
    "TargetVerdict",
    "TumourEvidence",
    "assess_target",
    "select_targets",
]

#: Rules whose failure forbids a target by itself, whatever the others say.
_SAFETY = ("car_t.target.safety_known", "car_t.target.normal_samples", "car_t.target.normal_cells")
#: Rules that have to be answered before a target counts as usable.
_NEEDED = ("car_t.target.surface", "car_t.target.expression", "car_t.target.safety_known")


class TargetVerdict(StrEnum):
    """What becomes of an antigen as a single target, best first."""

    USABLE = "usable alone"
    WITH_LIMITS = "usable with limits"
    UNKNOWN = "not known"
    NOT_ALONE = "not as a single target"
    NOT_THERE = "not on this tumour"


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """What counts as expressed, as enough and as too much.

    Parameters
    ----------
    expressed
        Level per million from which a gene counts as expressed (the Human Protein Atlas uses 1).
    least_share
        Share of malignant cells that should carry a target; no published limit exists.
    most_hit
        Share of the cells of a normal cluster that may carry it; no published limit exists.

    Examples
    --------
    >>> TargetLimits().expressed
    1.0
    """

    expressed: float = 1.0
    least_share: float = 0.8
    most_hit: float = 0.05

    def __post_init__(self) -> None:
        if not (self.expressed > 0 and 0 < self.least_share <= 1 and 0 <= self.most_hit < 1):
            raise UsageError(
                f"These limits cannot be met or missed: {self.expressed:g}, {self.least_share:g}, {self.most_hit:g}.",
                remedy="Give a level above 0 and shares of 1.",
            )


@dataclass(frozen=True, slots=True)
class TumourEvidence:
    """Everything that is known of one tumour.

    Parameters
    ----------
    tumour
        Expression of the tumour's samples.
    normals
        Expression of normal samples, named by organ; ``None`` without.
    clusters
        Single cells summed up by cluster; ``None`` without.
    surfaceome
        Genes with a protein on the surface; ``None`` leaves the antigens of the catalogue.
    variants
        Variants in antigens.
    germline
        ``(gene, finding)``: whether the person's calls in an antigen could be looked through.
    """

    tumour: ExpressionTable
    normals: ExpressionTable | None = None
    clusters: ClusterTable | None = None
    surfaceome: GeneList | None = None
    variants: tuple[AntigenVariant, ...] = ()
    germline: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True, slots=True)
class TargetAssessment:
    """One antigen, judged.

    Parameters
    ----------
    gene
        The symbol; the catalogue's key where no gene stands for the antigen.
    antigen
        Its row of the catalogue, if it has one.
    level
        Median level in the tumour, per million; ``None`` when not measured.
    organs
        Levels in normal organs, highest first; ``None`` without normal samples.
    contrast_log2
        Tumour against the essential organ with the highest level; ``None`` where there is nothing to compare.
    findings
        Every judgement.
    verdict
        What follows.
    """

    gene: str
    antigen: Antigen | None
    level: float | None
    organs: tuple[OrganLevel, ...] | None
    contrast_log2: float | None
    findings: tuple[Finding, ...]
    verdict: TargetVerdict

    def finding(self, rule: str) -> Finding:
        """Return the judgement of a rule (``"safety_known"``), the gravest where there are several."""
        found = [one for one in self.findings if one.rule == f"car_t.target.{rule}"]
        if not found:
            raise UsageError(
                f"{self.gene} was not judged by {rule!r}.", remedy="Name a rule of its findings."
            )
        return min(found, key=lambda one: one.status.severity)


@dataclass(frozen=True, slots=True)
class TargetSelection:
    """The antigens of a tumour.

    Parameters
    ----------
    targets
        Judged antigens: by verdict, then by contrast, then by level.
    findings
        What the tables themselves are good for.
    tally
        How many genes were judged, and why the others were not.
    because
        Why no target is usable; empty where one is.
    """

    targets: tuple[TargetAssessment, ...]
    findings: tuple[Finding, ...]
    tally: Tally
    because: str = ""

    @property
    def usable(self) -> tuple[TargetAssessment, ...]:
        """Targets that are usable alone, or with limits."""
        return tuple(
            one for one in self.targets if one.verdict in {TargetVerdict.USABLE, TargetVerdict.WITH_LIMITS}
        )


def assess_target(
    name: str, evidence: TumourEvidence, limits: TargetLimits | None = None
) -> TargetAssessment:
    """Judge one antigen in one tumour.

    Parameters
    ----------
    name
        Symbol, or another name of an antigen of the catalogue.
    evidence
        What is known of the tumour.
    limits
        What counts as enough; ``None`` takes the defaults.

    Examples
    --------
    >>> import numpy as np
    >>> from revertant.modality.car_t.targets import ExpressionTable, ExpressionUnit
    >>> table = ExpressionTable("t", ("ERBB2",), ("T1",), np.array([[250.0]]), ExpressionUnit.TPM, (), ())
    >>> judged = assess_target("HER2", TumourEvidence(table))
    >>> judged.gene, judged.verdict.value, judged.finding("safety_known").value
    ('ERBB2', 'not as a single target', 'lung: epithelium')
    """
    limits = limits or TargetLimits()
    antigen = antigen_named(name)
    gene = (antigen.symbol or antigen.key) if antigen else name.strip().upper()
    levels = evidence.tumour.levels(gene)
    level = None if levels is None else median(levels)
    organs = None if evidence.normals is None else normal_levels(evidence.normals, gene)
    essential = [one.level for one in organs or () if one.essential]
    ratio = contrast(level, max(essential)) if level is not None and essential else None
    findings = (
        surface_finding(gene, antigen, evidence.surfaceome),
        expression_finding(levels, level, antigen, limits.expressed),
        homogeneity_finding(evidence.clusters, gene, limits.least_share),
        catalogue_safety(antigen),
        sample_safety(organs, level, limits.expressed),
        *cell_safety(evidence.clusters, gene, limits.most_hit, antigen),
        *(finding for symbol, finding in evidence.germline if symbol == gene),
        *variant_findings(evidence.variants, gene, antigen),
        *form_findings(antigen),
        loss_finding(antigen),
        shed_finding(antigen),
        fratricide_finding(antigen),
        clinical_finding(antigen),
    )
    return TargetAssessment(gene, antigen, level, organs, ratio, findings, _verdict(findings))


def _verdict(findings: Sequence[Finding]) -> TargetVerdict:
    """Read the verdict off the judgements; unknown never counts as pass."""
    failed = {one.rule for one in findings if one.status is Status.FAIL}
    if {"car_t.target.expression", "car_t.target.surface"} & failed:
        return TargetVerdict.NOT_THERE
    if failed:
        return TargetVerdict.NOT_ALONE
    unknown = {one.rule for one in findings if one.status is Status.UNKNOWN}
    if unknown & set(_NEEDED):
        return TargetVerdict.UNKNOWN
    open_safety = {one.rule for one in findings if one.rule in _SAFETY and one.status is not Status.PASS}
    doubts = {one.rule for one in findings if one.status is Status.CAUTION} | unknown
    if open_safety or doubts & {
        "car_t.target.homogeneity",
        "car_t.target.variant",
        "car_t.target.germline",
        "car_t.target.fratricide",
    }:
        return TargetVerdict.WITH_LIMITS
    return TargetVerdict.USABLE


def select_targets(
    evidence: TumourEvidence, limits: TargetLimits | None = None, *, only: Sequence[str] = ()
) -> TargetSelection:
    """Judge every antigen of a tumour that can be on its surface.

    Parameters
    ----------
    evidence
        What is known of the tumour.
    limits
        What counts as enough; ``None`` takes the defaults.
    only
        Names to judge whatever their expression; empty judges every gene that is on the list of surface proteins or in
        the catalogue and expressed.

    Returns
    -------
    TargetSelection
        With a reason where no target is usable.

    Examples
    --------
    >>> import numpy as np
    >>> from revertant.modality.car_t.targets import ExpressionTable, ExpressionUnit
    >>> genes, levels = ("ERBB2", "CD33", "GAPDH"), np.array([[250.0], [0.1], [900.0]])
    >>> found = select_targets(TumourEvidence(ExpressionTable("t", genes, ("T1",), levels, ExpressionUnit.TPM, (), ())))
    >>> [target.gene for target in found.targets], found.usable, found.tally.refused
    (['ERBB2'], (), (('not expressed', 1), ('not known to be on the surface', 1)))
    >>> found.because
    'No target is usable: 1 not as a single target (ERBB2: lung).'
    """
    limits = limits or TargetLimits()
    findings = [*evidence.tumour.findings, *(evidence.normals.findings if evidence.normals else ())]
    if evidence.normals is None:
        findings.append(
            Finding(
                "car_t.expression.normals",
                Status.UNKNOWN,
                "No normal samples were given: safety rests on the catalogue alone, and genes outside it stay unknown.",
            )
        )
    names, refused = (list(only), []) if only else _candidates(evidence, limits)
    targets = sorted((assess_target(name, evidence, limits) for name in dict.fromkeys(names)), key=_rank)
    tally = Tally.of("genes of the tumour", kept=len(targets), refused=refused)
    selection = TargetSelection(tuple(targets), tuple(findings), tally)
    if selection.usable:
        return selection
    return TargetSelection(selection.targets, selection.findings, tally, _because(targets))


def _candidates(evidence: TumourEvidence, limits: TargetLimits) -> tuple[list[str], list[str]]:
    listed = {row.symbol for row in antigens().values() if row.symbol}
    kept, refused = [], []
    for gene, levels in zip(evidence.tumour.genes, evidence.tumour.per_million.tolist(), strict=True):
        if gene not in listed and (evidence.surfaceome is None or gene not in evidence.surfaceome):
            refused.append("not known to be on the surface")
        elif median(levels) < limits.expressed:
            refused.append("not expressed")
        else:
            kept.append(gene)
    return kept, refused


def _rank(target: TargetAssessment) -> tuple[int, float, float, str]:
    return (
        list(TargetVerdict).index(target.verdict),
        -target.contrast_log2 if target.contrast_log2 is not None else 0.0,
        -(target.level or 0.0),
        target.gene,
    )


def _because(targets: Sequence[TargetAssessment]) -> str:
    if not targets:
        return "No target is usable: no gene of the tumour is both expressed and known to be on the surface."
    counts = Counter(target.verdict for target in targets)
    parts = []
    for verdict in (TargetVerdict.UNKNOWN, TargetVerdict.NOT_ALONE, TargetVerdict.NOT_THERE):
        if counts[verdict]:
            shown = [_why(target) for target in targets if target.verdict is verdict][:3]
            parts.append(f"{counts[verdict]:,} {verdict.value} ({', '.join(shown)})")
    return f"No target is usable: {'; '.join(parts)}."


def _why(target: TargetAssessment) -> str:
    """The gene and the organ that forbids it."""
    for one in target.findings:
        if one.rule in _SAFETY and one.status is Status.FAIL and one.value:
            return f"{target.gene}: {one.value.partition(':')[0]}"
    return target.gene
