"""Common and age-related diseases: routes by one gene where no variant of the person is to be corrected.

A case may name such a disease and no variant. Then nothing of the person is mended: the product of a gene is lowered,
raised or replaced, and what speaks for and against that is told for each gene of the catalogue. A knock-out is designed
where the reference holds the gene; every other route says what would lay it out, or why nothing is. The policy gate has
been asked before: a polygenic score, enhancement, or prevention without a classified variant never comes here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant import knowledge
from revertant.knowledge import ComplexRoute
from revertant.model import Finding, Mechanism, Rejection, Route, Status, Strategy, Target
from revertant.planning.inputs import Inputs
from revertant.planning.routes import ELSEWHERE

__all__ = [
    "COMMON",
    "as_common",
    "common_genes",
    "common_rejections",
    "common_routes",
    "common_sentence",
    "common_targets",
    "route_findings",
]

#: Start of every rule of these routes: ``common.<route>``, and below it genetics, trial, harm and design.
COMMON = "common."

_LOWERS = frozenset({Route.KNOCK_OUT, Route.LOWER_EXPRESSION})
_HELPS = "mechanism.knock_out"
_ACTS = {"lower": "lowered", "raise": "raised", "replace": "replaced"}
_STATUS_WORDS = {
    "running": "running",
    "finished": "finished",
    "unread": "finished, results not read",
    "paused": "paused",
    "stopped": "stopped",
    "no_benefit": "showed no benefit",
}
_TRIAL_STATUS = {"finished": Status.PASS, "running": Status.UNKNOWN, "unread": Status.UNKNOWN}


def common_routes(inputs: Inputs) -> tuple[ComplexRoute, ...]:
    """Return the routes for the diseases of a case that names no variant; none for any other case.

    Examples
    --------
    >>> from revertant.model import Case, Disease, Subject
    >>> from revertant.planning.inputs import without_genome
    >>> case = Case("c", Subject("s"), (), (Disease("X:1", "Wild-type ATTR amyloidosis"),))
    >>> [route.key for route in common_routes(without_genome(case))]
    ['amyloidosis_ttr']
    """
    if inputs.inquiry is not None or inputs.tumour is not None or inputs.case.variants:
        return ()
    return knowledge.complex_routes_for(inputs.case.diseases)


def common_genes(inputs: Inputs) -> tuple[str, ...]:
    """Return the genes to knock out that the reference and its gene models hold."""
    if not inputs.has_genome:
        return ()
    wanted = [route.gene for route in common_routes(inputs) if route.design == "knock_out"]
    return tuple(gene for gene in dict.fromkeys(wanted) if inputs.models.of_gene(gene))


def common_targets(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Say of targets that no variant of the person is behind them: the catalogue's mechanism is of other people."""
    because = "No variant of this person is corrected: the gene works, and its product is lowered."
    return tuple(
        replace(target, mechanism=Mechanism.UNKNOWN, mechanism_because=because, sources=())
        for target in targets
    )


def as_common(strategy: Strategy, routes: Sequence[ComplexRoute]) -> Strategy:
    """Let a knock-out or silencing go on that human genetics speaks for and no rule against; others stay as they are.

    Parameters
    ----------
    strategy
        As its modality judged it; what it could not know of the mechanism becomes a caution with the evidence.
    routes
        From :func:`common_routes`.
    """
    route = next((one for one in routes if one.gene == strategy.target.gene), None)
    if route is None or route.design != "knock_out" or strategy.route not in _LOWERS:
        return strategy
    because = f"No variant of this person is corrected: {route.gene} is lowered. {route.why} {route.genetics.statement}"
    findings = tuple(
        replace(
            finding,
            status=Status.CAUTION,
            because=because,
            value="no variant of this person",
            sources=route.genetics.sources,
            checked=route.genetics.checked,
        )
        if finding.rule == _HELPS and finding.status is Status.UNKNOWN
        else finding
        for finding in strategy.findings
    )
    return replace(strategy, findings=findings)


def route_findings(routes: Sequence[ComplexRoute], genes: Sequence[str]) -> tuple[Finding, ...]:
    """Tell each route with its evidence: what it is, human genetics, trials, harms, and what designs it.

    Parameters
    ----------
    routes
        From :func:`common_routes`.
    genes
        Those that are designed for in this plan.
    """
    return tuple(finding for route in routes for finding in _told(route, genes))


def _told(route: ComplexRoute, genes: Sequence[str]) -> list[Finding]:
    rule = f"{COMMON}{route.key}"
    support = route.genetics
    head = (
        f"No variant of this person is corrected; the product of {route.gene} is {_ACTS[route.direction]} in the "
        f"{route.tissue}. {route.why} Carried by {route.vehicle}."
    )
    told = [
        Finding(
            rule,
            Status.NOT_APPLICABLE if route.research_only else Status.CAUTION,
            f"Research only. {head}" if route.research_only else head,
            value=f"{route.direction} {route.gene}, for {route.disease}",
            sources=route.sources,
            checked=route.checked,
        ),
        Finding(
            f"{rule}.genetics",
            Status.PASS if support.supports else Status.CAUTION,
            support.statement,
            value="supports it" if support.supports else "does not support it",
            sources=support.sources,
            checked=support.checked,
        ),
    ]
    told += [
        Finding(
            f"{rule}.trial",
            _TRIAL_STATUS.get(trial.status, Status.CAUTION),
            f"{trial.name}, {trial.what}: {trial.shown}",
            value=f"{trial.stage}, {_STATUS_WORDS[trial.status]}, as of {trial.as_of}",
            sources=trial.sources,
            checked=trial.checked,
        )
        for trial in route.trials
    ]
    if not route.trials:
        because = "No trial of this route in people is catalogued; that is no statement that there is none."
        told.append(Finding(f"{rule}.trial", Status.UNKNOWN, because))
    told += [
        Finding(
            f"{rule}.harm",
            Status.CAUTION,
            harm.statement,
            value=harm.date,
            sources=harm.sources,
            checked=harm.checked,
        )
        for harm in route.harms
    ]
    return [*told, _design(route, genes, rule)]


def _design(route: ComplexRoute, genes: Sequence[str], rule: str) -> Finding:
    rule = f"{rule}.design"
    if route.design == "knock_out":
        if route.gene in genes:
            return Finding(rule, Status.PASS, f"Designs that knock out {route.gene} are judged in this plan.")
        because = (
            f"{route.gene} is not in the reference: pass --reference and --models that hold {route.interval} with "
            f"some thousand bases around it, or run revertant design --gene {route.gene}."
        )
        return Finding(rule, Status.UNKNOWN, because, value=route.interval, sources=route.interval_sources)
    return Finding(rule, Status.NOT_APPLICABLE, _not_designed(route))


def _not_designed(route: ComplexRoute) -> str:
    if route.design == "vector" and not route.design_because:
        return f"Not designed in a plan; revertant vector --gene {route.gene} lays vectors out for review."
    return route.design_because


def common_rejections(
    routes: Sequence[ComplexRoute], genes: Sequence[str], names: Sequence[str] = ()
) -> tuple[Rejection, ...]:
    """Return every route of which this plan makes no design, with the reason.

    Parameters
    ----------
    routes, genes
        As for :func:`route_findings`.
    names
        Modalities that were asked; empty means all.
    """
    rejections = []
    for route in routes:
        modality = "nuclease" if route.direction == "lower" and route.design != "vector" else "gene_addition"
        if (route.design == "knock_out" and route.gene in genes) or (names and modality not in names):
            continue
        because = _design(route, genes, f"{COMMON}{route.key}").because
        stage = ELSEWHERE if route.design == "vector" else "eligibility"
        rejections.append(Rejection(modality, None, route.gene, stage, because))
    return tuple(rejections)


def common_sentence(routes: Sequence[ComplexRoute]) -> str:
    """Say what the plan is about where no variant is named; empty without routes.

    Examples
    --------
    >>> common_sentence([knowledge.complex_routes()["amyloidosis_ttr"]])
    'No variant is named, so none is corrected; routes by one gene: lower TTR.'
    >>> common_sentence([])
    ''
    """
    if not routes:
        return ""
    told = dict.fromkeys(
        f"{route.direction} {route.gene}{' (research only)' if route.research_only else ''}"
        for route in routes
    )
    return f"No variant is named, so none is corrected; routes by one gene: {', '.join(told)}."
