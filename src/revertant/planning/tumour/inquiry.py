"""A receptor asked for without a patient, as a plan: the same dossier, made for nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from revertant import __version__, knowledge, policy
from revertant.errors import InputError, NoDesignError
from revertant.genome import PatientGenome
from revertant.modality import DesignOptions
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
from revertant.modality.car_t.therapy import Completed, TherapyGround, complete_therapy
from revertant.modality.car_t.unbound import can_stand_without, holds_residues, therapy_without_receptor
from revertant.model import (
    Case,
    CellProduct,
    InputDigest,
    Plan,
    Provenance,
    RankedDesign,
    Rejection,
    Route,
    SearchLimits,
    Tally,
)
from revertant.planning.coding_sequences import no_sequence
from revertant.planning.inputs import Inputs, OpenedFiles, Progress, no_progress
from revertant.planning.inquiry import Inquiry, case_of
from revertant.planning.make import SCHEMA
from revertant.planning.placing import lay_out
from revertant.planning.tumour.cells import donor_findings, edits_in_words, without_binder
from revertant.planning.tumour.naming import symbol_of
from revertant.planning.tumour.off_targets import therapy_off_targets, with_off_targets
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
    cells, patient_hla
        The cells that get the receptor, and the patient's HLA alleles.
    files, options, limits
        Whose genome is edited, with what, and how far off-targets are searched; without files each edit says which
        sequence it needs, and without limits nothing is searched.
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
    cells: CellProduct = field(default_factory=CellProduct)
    patient_hla: tuple[str, ...] = ()
    files: OpenedFiles | None = None
    options: DesignOptions = field(default_factory=DesignOptions)
    limits: SearchLimits | None = None
    digests: tuple[InputDigest, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Receptors:
    """The receptor in its vectors; ``made`` is ``None`` where no binder of its antigen is held, which ``why`` says."""

    antigens: tuple[str, ...]
    made: CarDesign | None
    why: str = ""


def receptor_plan(inquiry: ReceptorInquiry, progress: Progress = no_progress) -> Plan:
    """Design a receptor with its vectors and the edits of its cells, and write it down as a plan without a patient.

    Parameters
    ----------
    inquiry
        What is asked.
    progress
        Told what is being done.

    Returns
    -------
    Plan
        Of an antigen that a catalogue knows and no binder is held for, everything but the receptor.

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
    found = _receptors(inquiry)
    antigens = " and ".join(found.antigens)
    case = case_of(Inquiry(gene=antigens))
    gate = policy.gate(case, on_date=inquiry.on_date, for_person=False)
    policy.enforce(gate)
    inputs = _inputs(case, inquiry)
    genome = lay_out((), inputs) if inputs.has_genome else None
    completed = _completed(found, inquiry, genome, inputs)
    reports = therapy_off_targets(completed, genome, inputs, inquiry.limits, progress)
    ranked = tuple(
        rank_receptor(number, *with_off_targets(one, reports.get(one.design.design_id)))
        for number, one in enumerate(completed, start=1)
    )
    searched = tuple(dict.fromkeys(report for one in ranked for report in one.assessment.off_targets))
    refused = found.made.refused if found.made is not None else ()
    findings = (*case.findings, *donor_findings(inputs, inquiry.cells))
    return Plan(
        schema=SCHEMA,
        case_id=case.case_id,
        question=f"Without a patient: which receptor turns T cells against cells with {antigens}, and what carries it?",
        verdict=_verdict(found, ranked),
        gate=gate,
        targets=(),
        strategies=(),
        designs=ranked,
        rejections=(
            *((_rejection(antigens, found.why),) if found.why else ()),
            *(_rejection(f"{antigens}, {kind.value}", why) for kind, why in refused),
        ),
        unknowns=open_questions(ranked, (*gate, *findings)),
        coverage=searched[0].coverage if searched else None,
        tallies=(
            Tally.of(
                "vectors",
                kept=sum(one.design.vector is not None for one in ranked),
                refused=[
                    *([found.why] if found.why else []),
                    *(f"{kind.value}: {why}" for kind, why in refused),
                ],
            ),
            *((inputs.models.tally,) if inputs.models.transcripts else ()),
            *((inputs.vcf.tally,) if inputs.vcf is not None else ()),
        ),
        provenance=Provenance(
            software="revertant",
            version=__version__,
            inputs=inquiry.digests,
            catalogues=(*knowledge.catalogue_versions(), ("policy rules", policy.rules_digest())),
            parameters=tuple((name, str(value)) for name, value in inquiry.parameters.items()),
        ),
        notice=NOTICE,
        findings=findings,
        off_targets=searched,
    )


def _receptors(inquiry: ReceptorInquiry) -> _Receptors:
    """Build the receptor in its vectors; one that nothing of a user's own could be meant for may lack its binder."""
    brief = inquiry.brief
    if brief is None:
        made = design_product(inquiry.product, inquiry.kinds, inquiry.carrier)
        return _Receptors(made.receptor.antigens, made)
    try:
        made = design_receptor(brief, inquiry.kinds, inquiry.carrier)
    except (InputError, NoDesignError) as error:
        symbol = symbol_of(brief.antigen)
        named = brief.binder or brief.domains or brief.second_binder
        if named or error.code not in {"no-binder", "no-sequence"} or not can_stand_without(symbol):
            raise
        if holds_residues(symbol, brief.own_binders, brief.own_parts):
            raise  # another part is what lacks
        return _Receptors((symbol,), None, f"{error.what} {error.remedy}".strip())
    return _Receptors(made.receptor.antigens, made)


def _inputs(case: Case, inquiry: ReceptorInquiry) -> Inputs:
    files = inquiry.files
    if files is None:
        return Inputs(case, *no_sequence(), has_genome=False)
    models = files.models if files.models is not None else no_sequence()[1]
    return Inputs(case, files.reference, models, files.vcf, digests=inquiry.digests)


def _completed(
    found: _Receptors, inquiry: ReceptorInquiry, genome: PatientGenome | None, inputs: Inputs
) -> list[Completed]:
    """Add what does not depend on the vector alone; of a tumour and of a person nothing is known here."""
    ground = TherapyGround(
        cells=replace(inquiry.cells, antigens=found.antigens),
        patient_hla=inquiry.patient_hla,
        genome=genome,
        models=inputs.models if genome is not None else None,
        options=inquiry.options,
        risk=inquiry.risk,
        escape=inquiry.escape,
        on_date=inquiry.on_date,
        jurisdiction=inquiry.jurisdiction,
    )
    made = found.made
    if made is None:
        return [therapy_without_receptor(found.antigens[0], ground)]
    return [
        complete_therapy(design, assessment, made.receptor, ground)
        for design, assessment in zip(made.designs, made.assessments, strict=True)
    ]


def _rejection(acts_on: str, why: str) -> Rejection:
    return Rejection("car_t", Route.ATTACK_TUMOUR, acts_on, "design", why)


def _verdict(found: _Receptors, ranked: Sequence[RankedDesign]) -> str:
    made = found.made
    if made is None:
        return without_binder(found.antigens)
    standing = [one for one in ranked if not one.tier.startswith("stopped")]
    receptor = made.receptor
    behind = " with its safety switch" if receptor.of_role(knowledge.CarRole.SWITCH) else ""
    what = f"{receptor.name}, {len(receptor.protein)} residues{behind}"
    if not standing:
        reasons = [one.because for one in ranked] or [why for _, why in made.refused]
        return f"No vector can be put forward for {what}: {' '.join(dict.fromkeys(reasons))}"
    names = [one.design.vector.constructs[0].name for one in standing if one.design.vector is not None]
    car = standing[0].design.car
    edited = edits_in_words(car.edit_set) if car is not None else ""
    return f"{what}, can be put forward for review in {' and '.join(names)}{edited}."
