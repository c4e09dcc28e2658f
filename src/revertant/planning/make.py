"""The whole line: case, gate, targets, strategies, designs, assessments, ranking, plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from revertant import __version__, knowledge, policy
from revertant.genome import PatientGenome
from revertant.modality import DesignOptions, modality_named
from revertant.model import (
    Design,
    Finding,
    Plan,
    Provenance,
    Rejection,
    SearchLimits,
    Status,
    Strategy,
    Tally,
    canonical_json,
)
from revertant.planning.assess import assess_designs, search_off_targets
from revertant.planning.coding_sequences import WITHOUT_GENOME
from revertant.planning.common_disease import (
    as_common,
    common_rejections,
    common_routes,
    common_sentence,
    route_findings,
)
from revertant.planning.first_resort import FirstResort, first_resort
from revertant.planning.inputs import Inputs, Progress, no_progress
from revertant.planning.outside import outside_rejections, outside_sentence, outside_unknowns
from revertant.planning.panel import check_primers, panel_of_plan
from revertant.planning.ranking import rank_designs
from revertant.planning.routes import ELSEWHERE, ask_modalities
from revertant.planning.targets import resolve_case
from revertant.planning.trials_asked import AskedTrials, ask_trials
from revertant.planning.tumour.line import attack_tumour
from revertant.planning.verdict import NOTICE, question_of, unknowns_of, verdict_of

__all__ = ["SCHEMA", "PlanOptions", "make_plan"]

#: Name and version of the plan's published JSON schema.
SCHEMA = "revertant-plan/1"


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What the user may choose.

    Parameters
    ----------
    design
        Editors and nucleases to use, and how many designs to keep for each strategy.
    limits
        How far from the spacer an off-target may be; by default four edits in all, among them at most one DNA
        and one RNA bulge.
    search_off_targets
        False skips the search; every finding that needs it is then unknown, never a pass.
    amplicons
        Off-target sites on the validation panel of the leading designs; 0 for none. Needs primer3-py.
    modalities
        Names of the modalities to ask; empty means all.
    gate_size
        Antigens of a gate over a tumour's single cells at most, 1 to 3; triples take longer.
    country
        ISO 3166-1 code or ``"EU"``: where labels and rules are read, instead of the case's jurisdiction.
    on_date
        The day whose labels and rules count; without it the newest labels, and every rule.
    """

    design: DesignOptions = field(default_factory=DesignOptions)
    limits: SearchLimits = field(default_factory=lambda: SearchLimits(4, 1, 1, total_edits=4))
    search_off_targets: bool = True
    amplicons: int = 0
    modalities: tuple[str, ...] = ()
    gate_size: int = 2
    country: str = ""
    on_date: dt.date | None = None


def make_plan(inputs: Inputs, options: PlanOptions | None = None, progress: Progress = no_progress) -> Plan:
    """Turn a case with its opened files into a plan.

    Parameters
    ----------
    inputs
        From :func:`open_inputs`.
    options
        The user's choices.
    progress
        Told what is being done.

    Returns
    -------
    Plan
        Ranked designs, rejected routes, unknowns. A plan without designs is a plan: it says why.

    Raises
    ------
    PolicyStopError
        When a policy rule forbids going on, before anything is designed.
    RevertantError
        When the case cannot be resolved on the genome.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    ...     plan = make_plan(inputs, PlanOptions(search_off_targets=False))
    >>> plan.designs[0].design.guides[0].spacer, plan.designs[0].tier
    ('CTAACAGTTGCTTTTATCAC', 'used in people')
    """
    chosen = _with_transgene(options or PlanOptions(), inputs)
    inputs = _in_country(inputs, chosen.country)
    check_primers(chosen.amplicons)
    # No variant of a tumour is edited: they are held against the antigens, whatever their class.
    gated = replace(inputs.case, variants=()) if inputs.tumour is not None else inputs.case
    decision = policy.decide(gated, on_date=chosen.on_date, for_person=inputs.inquiry is None)
    gate = policy.findings_of(decision)
    policy.enforce(gate)
    if inputs.tumour is not None:
        return _answered(_tumour_plan(inputs, chosen, gate, progress), inputs, chosen, decision)
    progress("resolving variants", 0.0)
    resolved = resolve_case(inputs)
    first, trials = FirstResort(), AskedTrials()
    if inputs.inquiry is None:
        first = first_resort(inputs.case, resolved.targets, chosen.on_date)
        trials = ask_trials(inputs, resolved.targets, chosen.on_date)
    strategies, not_asked = ask_modalities(resolved.targets, inputs, chosen.modalities)
    common, lowered = common_routes(inputs), [target.gene for target in resolved.targets]
    strategies = tuple(as_common(strategy, common) for strategy in strategies)
    not_asked += common_rejections(common, lowered, chosen.modalities)
    not_asked += outside_rejections(resolved.outside, chosen.modalities)
    pairs, rejections, tallies = _designs(strategies, resolved.genome, inputs, chosen, progress)
    reports = None
    if chosen.search_off_targets and pairs:
        designs = [design for _, design in pairs]
        reports = search_off_targets(designs, resolved.genome, inputs, chosen.limits, progress)
    judged = assess_designs(pairs, resolved.genome, inputs, reports)
    ranked = rank_designs(judged, first.classes)
    rejections += not_asked
    rejections += tuple(
        Rejection(r.design.modality, r.design.route, r.design.acts_on, "assessment", r.because)
        for r in ranked
        if r.tier.startswith("stopped")
    )
    rejections = tuple(dict.fromkeys(rejections))
    progress("writing the plan", 1.0)
    made = Plan(
        schema=SCHEMA,
        case_id=inputs.case.case_id,
        question=question_of(inputs.case, resolved.targets, inputs.inquiry),
        verdict=_sentences(
            first.sentence,
            trials.sentence,
            common_sentence(common),
            verdict_of(ranked, rejections, has_genome=_is_judged_whole(inputs)),
            outside_sentence(resolved.outside),
        ),
        gate=gate,
        targets=resolved.targets,
        strategies=strategies,
        designs=ranked,
        rejections=rejections,
        unknowns=(
            *outside_unknowns(resolved.outside),
            *first.unknowns,
            *unknowns_of(
                () if common else resolved.targets,
                strategies,
                ranked,
                (*gate, *inputs.case.findings, *resolved.findings),
            ),
            *trials.unknowns,
        ),
        coverage=next(iter(reports.values())).coverage if reports else None,
        tallies=(
            *inputs.case.tallies,
            *trials.tallies,
            *resolved.tallies,
            *_input_tallies(inputs),
            *tallies,
        ),
        provenance=_provenance(inputs, chosen),
        notice=NOTICE,
        findings=(
            *inputs.case.findings,
            *resolved.findings,
            *first.findings,
            *route_findings(common, lowered),
        ),
        off_targets=tuple(reports.values()) if reports else (),
        products=first.matches,
        trials=trials.matches,
        panel=panel_of_plan(ranked, resolved.genome, chosen.amplicons, progress),
    )
    return _answered(made, inputs, chosen, decision)


def _sentences(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def _answered(plan: Plan, inputs: Inputs, options: PlanOptions, decision: policy.Decision) -> Plan:
    """Hold the plan against the guidance documents, where someone is treated, and lay the gate's log beside it."""
    asked = inputs.inquiry is None
    lists = policy.answer_checklists(plan, inputs.case, on_date=options.on_date) if asked else ()
    log = canonical_json(decision.as_json(), indent=1) + "\n"
    return replace(plan, checklists=lists, decision_log=log)


def _is_judged_whole(inputs: Inputs) -> bool:
    """Whether nothing is left out for want of a genome: one is given, or a vector alone was asked for."""
    return inputs.has_genome or (inputs.inquiry is not None and inputs.inquiry.wants_vector)


def _tumour_plan(inputs: Inputs, options: PlanOptions, gate: tuple[Finding, ...], progress: Progress) -> Plan:
    """Plan for a tumour: approved products first, then receptors; no gene is wrong, so there are no targets."""
    first = first_resort(inputs.case, (), options.on_date)
    trials = ask_trials(inputs, (), options.on_date)
    line = attack_tumour(
        inputs,
        options.design,
        options.limits if options.search_off_targets else None,
        labels=first.matches,
        on_date=options.on_date,
        gate_size=options.gate_size,
        progress=progress,
    )
    progress("writing the plan", 1.0)
    return Plan(
        schema=SCHEMA,
        case_id=inputs.case.case_id,
        question=line.question,
        verdict=_sentences(first.sentence, trials.sentence, line.verdict),
        gate=gate,
        targets=(),
        strategies=(),
        designs=line.designs,
        rejections=line.rejections,
        unknowns=(*first.unknowns, *line.unknowns, *trials.unknowns),
        coverage=line.off_targets[0].coverage if line.off_targets else None,
        tallies=(*inputs.case.tallies, *trials.tallies, *_input_tallies(inputs), *line.tallies),
        provenance=_provenance(inputs, options),
        notice=NOTICE,
        findings=(*inputs.case.findings, *line.findings, *first.findings),
        off_targets=line.off_targets,
        products=first.matches,
        trials=trials.matches,
        tumour=line.tumour,
    )


def _in_country(inputs: Inputs, country: str) -> Inputs:
    """Return the inputs with the jurisdiction the user names instead of the case's."""
    return replace(inputs, case=replace(inputs.case, jurisdiction=country)) if country else inputs


def _with_transgene(options: PlanOptions, inputs: Inputs) -> PlanOptions:
    """Hand on what an inquiry wants to be carried."""
    carried = inputs.inquiry.transgene if inputs.inquiry is not None else None
    if carried is None or options.design.transgene is not None:
        return options
    return replace(options, design=replace(options.design, transgene=carried))


def _designs(
    strategies: Sequence[Strategy],
    genome: PatientGenome,
    inputs: Inputs,
    options: PlanOptions,
    progress: Progress,
) -> tuple[list[tuple[Strategy, Design]], tuple[Rejection, ...], tuple[Tally, ...]]:
    """Make the designs of every eligible strategy; every other strategy becomes a rejection with its reason."""
    pairs: list[tuple[Strategy, Design]] = []
    rejections: list[Rejection] = []
    tallies: list[Tally] = []
    for number, strategy in enumerate(strategies):
        progress("designing", number / len(strategies))
        modality = modality_named(strategy.modality)
        if not strategy.is_eligible:
            rejections.append(_not_eligible(strategy))
        elif not modality.makes_designs:
            text = f"{modality.title} makes sense here; its molecules are not designed by this version."
            rejections.append(_rejection(strategy, ELSEWHERE, text))
        else:
            batch = modality.design(strategy, genome, inputs.models, options.design)
            tallies.append(_named(batch.tally, strategy))
            pairs += [(strategy, design) for design in batch.designs]
            if not batch.designs:
                reasons = "; ".join(f"{reason} ({count})" for reason, count in batch.tally.refused)
                rejections.append(_rejection(strategy, "design", f"No design was possible: {reasons}."))
    return pairs, tuple(rejections), tuple(tallies)


def _not_eligible(strategy: Strategy) -> Rejection:
    decisive = [f for f in strategy.findings if f.status is strategy.status]
    return _rejection(strategy, "eligibility", " ".join(f.because for f in decisive))


def _rejection(strategy: Strategy, stage: str, because: str) -> Rejection:
    findings: tuple[Finding, ...] = tuple(f for f in strategy.findings if f.status is not Status.PASS)
    return Rejection(strategy.modality, strategy.route, strategy.acts_on, stage, because, findings)


def _named(tally: Tally, strategy: Strategy) -> Tally:
    name = f"{strategy.modality}, {strategy.route.label}, {strategy.acts_on}: {tally.name}"
    return Tally(name, tally.read, tally.kept, tally.refused)


def _input_tallies(inputs: Inputs) -> tuple[Tally, ...]:
    models = (inputs.models.tally,) if inputs.has_genome else ()
    return (*models, *((inputs.vcf.tally,) if inputs.vcf else ()))


def _provenance(inputs: Inputs, options: PlanOptions) -> Provenance:
    limits = options.limits
    parameters = {
        "mismatches": limits.mismatches,
        "dna_bulges": limits.dna_bulges,
        "rna_bulges": limits.rna_bulges,
        "total_edits": limits.total_edits if limits.total_edits is not None else "no limit",
        "search_off_targets": options.search_off_targets,
        **({"amplicons": options.amplicons} if options.amplicons else {}),
        "editors": ", ".join(options.design.editors) or "all",
        "nucleases": ", ".join(options.design.nucleases) or "all",
        "most_designs": options.design.most_designs,
        "build": inputs.reference.build or ("not recognised" if inputs.has_genome else WITHOUT_GENOME),
        "sample": inputs.vcf.sample if inputs.vcf else "none",
    }
    if not inputs.has_genome and inputs.tumour is None:
        parameters["coding_sequences"] = ", ".join(inputs.reference.contigs)
    if inputs.tumour is not None:
        parameters["gate_size"] = options.gate_size
    if options.country:
        parameters["country"] = options.country
    if options.on_date:
        parameters["date"] = options.on_date.isoformat()
    if options.modalities:
        parameters["modalities"] = ", ".join(dict.fromkeys(options.modalities))
    asked = options.design
    vectors = {
        "forms": ", ".join(asked.forms),
        "capsid": asked.capsid,
        "promoter": asked.promoter,
        "own_parts": ", ".join(part.key for part in (*asked.parts, *asked.car_parts, *asked.car_binders)),
        "avoid_sites": ", ".join(asked.avoid_sites),
    }
    parameters.update({name: value for name, value in vectors.items() if value})
    if inputs.inquiry is not None:
        parameters.update(inputs.inquiry.parameters)
    return Provenance(
        software="revertant",
        version=__version__,
        inputs=inputs.digests,
        catalogues=(
            *knowledge.catalogue_versions(),
            ("policy rules", policy.rules_digest()),
            ("guidance documents", policy.checklists_digest()),
        ),
        parameters=tuple((name, str(value)) for name, value in parameters.items()),
    )
