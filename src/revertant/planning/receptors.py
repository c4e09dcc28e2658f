"""A receptor asked for without a patient, as a plan: the same dossier, made for nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from revertant import __version__, knowledge, policy
from revertant.modality.car_t import (
    CarDesign,
    CarrierKind,
    CarrierOptions,
    EscapeScenario,
    ReceptorBrief,
    RiskState,
    design_product,
    design_receptor,
    domain_finding,
    escape_finding,
    organ_findings,
    organ_items,
    risk_findings,
    safety_findings,
    simulate_escape,
    watch_items,
)
from revertant.modality.car_t.edits import EditRequest, design_edit_set
from revertant.model import (
    Assessment,
    CarTherapy,
    CellSource,
    Design,
    Finding,
    InputDigest,
    Plan,
    Provenance,
    RankedDesign,
    Rejection,
    Route,
    Status,
    Tally,
    Unknown,
)
from revertant.planning.inquiry import NO_CASE, Inquiry, case_of
from revertant.planning.make import SCHEMA
from revertant.planning.verdict import NOTICE

__all__ = ["ReceptorInquiry", "receptor_plan"]

_STOPPED = "stopped by a failed rule"
_PRODUCT = "receptor of an approved product"
_OWN = "receptor against the antigen"
_PHASES = ("before", "release", "first weeks", "follow-up")

#: What is open, as questions: why it matters, and how to find out.
_OPEN = {
    "receptor.precedent": (
        "How does this receptor do in people?",
        "What differs from a product was not tried there.",
        "Compare it with the product's receptor in cells and animals first.",
    ),
    "receptor.hinge": (
        "Does the hinge fit the distance of the epitope from the membrane?",
        "Too short or too long a hinge keeps the cells from killing.",
        "Compare a short and a long hinge in cells that carry the antigen.",
    ),
    "receptor.tonic_signalling": (
        "Does the receptor signal without antigen?",
        "Such signals exhaust the cells before they meet the tumour.",
        "Measure CD3ζ phosphorylation and exhaustion markers in unstimulated cells.",
    ),
    "vector.expression": (
        "How much of the receptor do the cells make?",
        "Benefit and signals without antigen depend on it.",
        "Measure it on the surface of transduced cells.",
    ),
    "trac.off_targets": (
        "Where else does the guide for TRAC cut?",
        "A cut elsewhere can do harm, and is a partner for translocations.",
        "Run revertant offtargets on it, with the genome of the cells.",
    ),
    "lentiviral.copy_number": (
        "How many copies does a cell carry?",
        "Every copy in the genome is a risk that stays.",
        "Measure it in each drug product before release.",
    ),
    "car_t.organ": (
        "Which normal cells carry the antigen?",
        "They are attacked like the tumour.",
        "Look for the protein on normal tissues, those that people cannot live without first.",
    ),
    "escape.probability": (
        "How often do cells of this tumour lose the antigen?",
        "What loses it escapes; the scenario holds for the rates that were assumed only.",
        "Look for cells without it before treatment, by flow cytometry and sequencing.",
    ),
    NO_CASE: (
        "Who would be treated?",
        "Everything that depends on a person is unknown here.",
        "Write a case file for the person and run revertant plan.",
    ),
}


@dataclass(frozen=True, slots=True)
class ReceptorInquiry:
    """What is asked.

    Parameters
    ----------
    brief
        The receptor; ``None`` where a product's is asked for.
    product
        Key or name of a product whose receptor is rebuilt; empty for one by the brief.
    kinds, carrier
        The vectors, and the user's choices of them.
    on_date, jurisdiction
        Whose statements on safety count.
    risk
        What is known of a patient.
    escape
        A scenario of antigen escape; ``None`` for none.
    digests, parameters
        Files that were read, and everything that was stated.
    """

    brief: ReceptorBrief | None = None
    product: str = ""
    kinds: tuple[CarrierKind, ...] = (CarrierKind.LENTIVIRAL,)
    carrier: CarrierOptions = field(default_factory=CarrierOptions)
    on_date: dt.date | None = None
    jurisdiction: str = "US"
    risk: RiskState = field(default_factory=RiskState)
    escape: EscapeScenario | None = None
    digests: tuple[InputDigest, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


def receptor_plan(inquiry: ReceptorInquiry) -> Plan:
    """Design a receptor with its vectors, and write it down as a plan without a patient.

    Parameters
    ----------
    inquiry
        What is asked.

    Raises
    ------
    RevertantError
        When the receptor cannot be built; a vector that cannot is a rejection with its reason.

    Examples
    --------
    >>> plan = receptor_plan(ReceptorInquiry(ReceptorBrief("CD19"), kinds=(CarrierKind.MRNA,)))
    >>> plan.designs[0].design.vector.coding[0].protein.startswith("MALPVTALLLPLALLLHAARP")
    True
    """
    made = (
        design_product(inquiry.product, inquiry.kinds, inquiry.carrier)
        if inquiry.brief is None
        else design_receptor(inquiry.brief, inquiry.kinds, inquiry.carrier)
    )
    antigens = " and ".join(made.receptor.antigens)
    case = case_of(Inquiry(gene=antigens))
    gate = policy.gate(case, on_date=inquiry.on_date, for_person=False)
    policy.enforce(gate)
    ranked = tuple(
        _ranked(number, *_whole(design, assessment, made, inquiry))
        for number, (design, assessment) in enumerate(
            zip(made.designs, made.assessments, strict=True), start=1
        )
    )
    refused = [f"{kind.value}: {why}" for kind, why in made.refused]
    return Plan(
        schema=SCHEMA,
        case_id=case.case_id,
        question=f"Without a patient: which receptor turns T cells against cells with {antigens}, and what carries it?",
        verdict=_verdict(made, ranked),
        gate=gate,
        targets=(),
        strategies=(),
        designs=ranked,
        rejections=tuple(
            Rejection("car_t", Route.ATTACK_TUMOUR, f"{antigens}, {kind.value}", "design", why)
            for kind, why in made.refused
        ),
        unknowns=_unknowns(ranked, (*gate, *case.findings)),
        coverage=None,
        tallies=(Tally.of("vectors", kept=len(ranked), refused=refused),),
        provenance=Provenance(
            software="revertant",
            version=__version__,
            inputs=inquiry.digests,
            catalogues=(*knowledge.catalogue_versions(), ("policy rules", policy.rules_digest())),
            parameters=tuple((name, str(value)) for name, value in inquiry.parameters.items()),
        ),
        notice=NOTICE,
        findings=case.findings,
    )


def _whole(
    design: Design, assessment: Assessment, made: CarDesign, inquiry: ReceptorInquiry
) -> tuple[Design, Assessment]:
    """Add what does not depend on the vector alone: edits, organs, escape, risk, what labels say and ask for."""
    assert design.vector is not None
    antigens, form = made.receptor.antigens, design.vector.form
    place = {"jurisdiction": inquiry.jurisdiction}
    safety = safety_findings(inquiry.on_date, form=form, antigens=antigens, **place)
    watch = (
        *watch_items(inquiry.on_date, form=form, antigens=antigens, **place),
        *organ_items(antigens),
    )
    edits = design_edit_set(
        EditRequest(CellSource.AUTOLOGOUS, antigens, knock_in=design.vector.capsid == "AAV6")
    )
    model = next(iter(knowledge.cellular_kinetics().values()))
    therapy = CarTherapy(
        disease="",
        antigens=(),
        gates=(),
        gates_because="No tumour was given: antigens were not judged in one, and gates were not searched.",
        attacked=antigens,
        protein=made.receptor.protein,
        domains=made.receptor.domains,
        edit_set=edits.edit_set,
        kinetics=None,
        kinetics_finding=domain_finding(model, "", None),
        watch=tuple(sorted(watch, key=lambda item: _PHASES.index(item.when))),
    )
    whole = replace(design, car=therapy)
    escape = (escape_finding(simulate_escape(inquiry.escape)),) if inquiry.escape is not None else ()
    findings = (
        *assessment.findings,
        *organ_findings(antigens),
        *escape,
        # What is only to be done stands in the list of what to watch.
        *(finding for finding in safety if finding.status is not Status.UNKNOWN),
        *risk_findings(inquiry.risk),
    )
    return whole, Assessment(whole.design_id, findings)


def _ranked(number: int, design: Design, assessment: Assessment) -> RankedDesign:
    failed = [finding.because for finding in assessment.findings if finding.status is Status.FAIL]
    precedent = assessment.of("receptor.precedent")
    if failed:
        tier, because = _STOPPED, " ".join(failed)
    elif precedent is not None and precedent.status is Status.PASS:
        tier, because = _PRODUCT, f"{precedent.because} Its DNA is this program's own."
    else:
        tier = _OWN
        because = "Every rule that can be answered on the sequence is; what only cells can answer is open."
    return RankedDesign(
        number, design.design_id, tier, because, on_front=False, design=design, assessment=assessment
    )


def _verdict(made: CarDesign, ranked: Sequence[RankedDesign]) -> str:
    standing = [one for one in ranked if not one.tier.startswith("stopped")]
    receptor = made.receptor
    what = f"{receptor.name}, {len(receptor.protein)} residues"
    if not standing:
        reasons = [one.because for one in ranked] or [why for _, why in made.refused]
        return f"No vector can be put forward for {what}: {' '.join(reasons)}"
    names = [one.design.vector.constructs[0].name for one in standing if one.design.vector is not None]
    return f"{what}, can be put forward for review in {' and '.join(names)}."


def _unknowns(ranked: Sequence[RankedDesign], findings: Sequence[Finding]) -> tuple[Unknown, ...]:
    """The open questions, each once."""
    found: dict[str, Unknown] = {}
    assessed = [finding for one in ranked for finding in one.assessment.findings]
    for finding in (*findings, *assessed):
        if finding.status is Status.UNKNOWN and finding.rule in _OPEN:
            question, why, how = _OPEN[finding.rule]
            found.setdefault(finding.rule, Unknown(question, why, how, finding.rule))
    return tuple(found.values())
