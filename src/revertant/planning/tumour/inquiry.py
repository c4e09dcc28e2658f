"""A receptor asked for without a patient, as a plan: the same dossier, made for nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
)
from revertant.modality.car_t.therapy import TherapyGround, complete_therapy
from revertant.model import (
    Assessment,
    Design,
    InputDigest,
    Plan,
    Provenance,
    RankedDesign,
    Rejection,
    Route,
    Tally,
)
from revertant.planning.inquiry import Inquiry, case_of
from revertant.planning.make import SCHEMA
from revertant.planning.tumour.ranking import open_questions, rank_receptor
from revertant.planning.verdict import NOTICE

__all__ = ["ReceptorInquiry", "receptor_plan"]


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
        rank_receptor(number, *_whole(design, assessment, made, inquiry))
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
        unknowns=open_questions(ranked, (*gate, *case.findings)),
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
    """Add what does not depend on the vector alone; of a tumour and of a person nothing is known here."""
    ground = TherapyGround(
        risk=inquiry.risk,
        escape=inquiry.escape,
        on_date=inquiry.on_date,
        jurisdiction=inquiry.jurisdiction,
    )
    whole = complete_therapy(design, assessment, made.receptor, ground)
    return whole.design, whole.assessment


def _verdict(made: CarDesign, ranked: Sequence[RankedDesign]) -> str:
    standing = [one for one in ranked if not one.tier.startswith("stopped")]
    receptor = made.receptor
    behind = " with its safety switch" if receptor.of_role(knowledge.CarRole.SWITCH) else ""
    what = f"{receptor.name}, {len(receptor.protein)} residues{behind}"
    if not standing:
        reasons = [one.because for one in ranked] or [why for _, why in made.refused]
        return f"No vector can be put forward for {what}: {' '.join(reasons)}"
    names = [one.design.vector.constructs[0].name for one in standing if one.design.vector is not None]
    return f"{what}, can be put forward for review in {' and '.join(names)}."
