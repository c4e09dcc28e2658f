"""A receptor in its vector made a whole therapy: judged antigens, edits, course, organs at risk, what to watch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from revertant import knowledge
from revertant.genome import GeneModels, PatientGenome
from revertant.knowledge import CellularKinetics
from revertant.modality.car_t.edits import EditBatch, EditRequest, design_edit_set
from revertant.modality.car_t.escape import EscapeScenario, escape_finding, escape_unknown, simulate_escape
from revertant.modality.car_t.infusion import infusion_findings, outside_study
from revertant.modality.car_t.kinetics import domain_finding, simulate_courses
from revertant.modality.car_t.receptor import Receptor, product_receptor
from revertant.modality.car_t.safety import (
    RiskState,
    edit_items,
    organ_findings,
    organ_items,
    risk_findings,
    safety_findings,
    watch_items,
)
from revertant.modality.car_t.targets import GateSearch, TargetAssessment, TargetVerdict
from revertant.modality.contract import DesignOptions
from revertant.model import (
    Assessment,
    CarTherapy,
    CellProduct,
    CellSource,
    Design,
    Finding,
    GenomeForm,
    JudgedAntigen,
    JudgedGate,
    KineticsBands,
    Oligo,
    Status,
    WatchItem,
)

__all__ = [
    "Completed",
    "TherapyGround",
    "complete_therapy",
    "edit_oligos",
    "edit_request",
    "findings_of",
    "judged_antigen",
    "judged_gates",
    "kinetics_finding",
    "watch_of",
]

#: Days a course is followed, and how many people are drawn.
_DAYS, _PEOPLE = 365, 1000
_MOST_GATES = 12
#: Rules on normal tissue, in the order in which they are told.
_SAFETY = ("car_t.target.safety_known", "car_t.target.normal_samples", "car_t.target.normal_cells")
_PHASES = ("before", "release", "first weeks", "follow-up")
_STATUS = {
    TargetVerdict.USABLE: Status.PASS,
    TargetVerdict.WITH_LIMITS: Status.CAUTION,
    TargetVerdict.UNKNOWN: Status.UNKNOWN,
    TargetVerdict.NOT_ALONE: Status.FAIL,
    TargetVerdict.NOT_THERE: Status.FAIL,
}


@dataclass(frozen=True, slots=True)
class TherapyGround:
    """What is known of the tumour and of the person; everything may be left out.

    Parameters
    ----------
    disease, age_years, weight_kg
        The tumour by name, and age and weight at infusion.
    cells, patient_hla
        The cells that are asked for, and the patient's HLA alleles.
    genome, models, options
        Whose cells are edited, and with what; ``None`` without a reference.
    risk
        What is known of the patient before infusion.
    escape, escape_lacks
        A scenario of antigen escape, or what it lacks.
    on_date, jurisdiction
        Whose statements on safety count.
    """

    disease: str = ""
    age_years: float | None = None
    weight_kg: float | None = None
    cells: CellProduct = field(default_factory=CellProduct)
    patient_hla: tuple[str, ...] = ()
    genome: PatientGenome | None = None
    models: GeneModels | None = None
    options: DesignOptions = field(default_factory=DesignOptions)
    risk: RiskState = field(default_factory=RiskState)
    escape: EscapeScenario | None = None
    escape_lacks: str = "The tumour's cells, and how often a division loses the antigen, are not stated."
    on_date: dt.date | None = None
    jurisdiction: str = "US"


@dataclass(frozen=True, slots=True)
class Completed:
    """A whole therapy; ``edit_designs`` are the designs behind its guides, in their order."""

    design: Design
    assessment: Assessment
    edit_designs: tuple[Design, ...]


def complete_therapy(
    design: Design, assessment: Assessment, receptor: Receptor, ground: TherapyGround
) -> Completed:
    """Add to a receptor in its vector what does not depend on the vector alone.

    Parameters
    ----------
    design, assessment
        Of the receptor in one vector.
    receptor
        The receptor.
    ground
        What is known of the tumour and of the person.

    Examples
    --------
    >>> from revertant.modality.car_t import CarrierKind, ReceptorBrief, design_receptor
    >>> made = design_receptor(ReceptorBrief("CD19"), [CarrierKind.MRNA])
    >>> ground = TherapyGround("B-cell acute lymphoblastic leukaemia", 9)
    >>> whole = complete_therapy(made.designs[0], made.assessments[0], made.receptor, ground)
    >>> whole.design.car.kinetics.people, whole.design.car.watch[0].when
    (1000, 'before')
    """
    assert design.vector is not None
    form, antigens = design.vector.form, receptor.antigens
    batch = _edits(design, receptor, ground)
    # Where nothing can be foreseen the cells are no worse for it: it stands beside the course, not among the rules.
    finding = kinetics_finding(
        receptor, ground.disease, ground.age_years, cells=ground.cells, weight_kg=ground.weight_kg
    )
    guides = tuple(guide for one in batch.designs for guide in one.guides)
    whole = replace(
        design,
        guides=guides,
        oligos=(*design.oligos, *edit_oligos(batch)),
        car=CarTherapy(
            disease=ground.disease,
            attacked=antigens,
            protein=receptor.protein,
            domains=receptor.domains,
            edit_set=batch.edit_set,
            kinetics=_course(finding),
            kinetics_finding=finding,
            infusion=infusion_findings(receptor, ground.disease, ground.weight_kg, ground.cells),
            watch=watch_of(antigens, form, batch, ground),
        ),
    )
    findings = (*assessment.findings, *findings_of(antigens, form, batch, ground))
    return Completed(whole, Assessment(whole.design_id, findings), batch.designs)


def watch_of(
    antigens: tuple[str, ...], form: GenomeForm, batch: EditBatch, ground: TherapyGround
) -> tuple[WatchItem, ...]:
    """Return what to watch, in order of time.

    Parameters
    ----------
    antigens, form, batch, ground
        What is attacked, with what vector, in cells with which edits, and what is known of tumour and person.
    """
    watch = (
        *watch_items(ground.on_date, jurisdiction=ground.jurisdiction, form=form, antigens=antigens),
        *edit_items(batch.edit_set),
        *organ_items(antigens),
    )
    return tuple(sorted(watch, key=lambda item: _PHASES.index(item.when)))


def findings_of(
    antigens: tuple[str, ...], form: GenomeForm, batch: EditBatch, ground: TherapyGround
) -> tuple[Finding, ...]:
    """Apply the rules that ask neither of the receptor's parts nor of its vector's letters.

    Parameters
    ----------
    antigens, form, batch, ground
        What is attacked, with what vector, in cells with which edits, and what is known of tumour and person.
    """
    safety = safety_findings(ground.on_date, jurisdiction=ground.jurisdiction, form=form, antigens=antigens)
    escape = (
        escape_finding(simulate_escape(ground.escape))
        if ground.escape is not None
        else escape_unknown(antigens, ground.escape_lacks)
    )
    return (
        *batch.edit_set.findings,
        *organ_findings(antigens),
        escape,
        # What is only to be done stands in the list of what to watch.
        *(one for one in safety if one.status is not Status.UNKNOWN),
        *risk_findings(ground.risk),
    )


def edit_oligos(batch: EditBatch) -> Iterator[Oligo]:
    """Yield what to order for the edits: the guides, and the primers of the joinings, each once.

    Parameters
    ----------
    batch
        The edit set with its designs.
    """
    for design in batch.designs:
        for oligo in design.oligos:
            yield replace(oligo, name=f"{design.gene}_{oligo.name}")
    told: set[str] = set()
    for assay in batch.edit_set.assays:
        for junction in assay.junctions:
            for end, primer in zip(
                junction.ends.split(" + "), (junction.forward, junction.reverse), strict=True
            ):
                if primer and primer not in told:
                    told.add(primer)
                    note = "primer that reads towards the break, for the assays of rearrangements"
                    yield Oligo(f"{end.replace(' ', '_')}_primer", primer, note)


def _edits(design: Design, receptor: Receptor, ground: TherapyGround) -> EditBatch:
    assert design.vector is not None
    request = edit_request(receptor.antigens, ground, knock_in=design.vector.capsid == "AAV6")
    return design_edit_set(request, ground.genome, ground.models, ground.options)


def edit_request(antigens: tuple[str, ...], ground: TherapyGround, *, knock_in: bool) -> EditRequest:
    """Return what is asked of the cells' edits.

    Parameters
    ----------
    antigens
        What the receptor attacks.
    ground
        What is known of the tumour and of the person.
    knock_in
        Whether the receptor is put into TRAC.
    """
    cells = ground.cells
    return EditRequest(
        cells.source,
        antigens,
        knock_in=knock_in,
        alemtuzumab=cells.alemtuzumab,
        checkpoint=cells.checkpoint,
        more=cells.knock_out,
        keep=cells.keep,
        first=cells.edit_first,
        patient_hla=ground.patient_hla,
        donor_hla=cells.donor_hla,
    )


def _model() -> CellularKinetics:
    """The catalogue's model; there is one, and a second would have to be chosen by its product."""
    [model] = knowledge.cellular_kinetics().values()
    return model


def kinetics_finding(
    receptor: Receptor,
    disease: str,
    age_years: float | None,
    source: CellSource | None = None,
    *,
    cells: CellProduct | None = None,
    weight_kg: float | None = None,
) -> Finding:
    """Say whether the model of expansion holds for this receptor in this person.

    A model is of one product: of another antigen it says nothing, of another receptor against the same antigen it says
    what that product did. It was made on people's own cells, and says nothing of a donor's; a stated dose that none of
    its people was given lies outside it. Within them dose and lymphodepletion do not move its curves.
    """
    model = _model()
    stated = cells or CellProduct()
    source = source or stated.source
    finding = domain_finding(model, disease, age_years)
    own = product_receptor(model.product)
    if finding.status is not Status.PASS:
        return finding
    if source is CellSource.ALLOGENEIC:
        text = f"{model.name}: that model is of people's own cells; of a donor's nothing is foreseen."
        return replace(finding, status=Status.FAIL, because=text, value=source.value)
    if receptor.antigens != own.antigens:
        text = (
            f"{model.name}: that model is of cells against {' and '.join(own.antigens)}, and these attack "
            f"{' and '.join(receptor.antigens)}; nothing is foreseen."
        )
        return replace(finding, status=Status.FAIL, because=text, value=" and ".join(receptor.antigens))
    outside = outside_study(model, weight_kg, stated)
    if outside:
        text = f"{model.name}: {outside[:1].lower()}{outside[1:]} Nothing is foreseen."
        return replace(finding, status=Status.UNKNOWN, because=text)
    finding = replace(finding, because=f"{finding.because} {model.covariates}".strip())
    drugs = {one.drug for one in stated.lymphodepletion}
    if drugs and model.usual_drug not in drugs:
        few = "The stated one has none of it: few such people stand behind the model."
        text = f"{finding.because} {model.lymphodepletion} {few}"
        finding = replace(finding, status=Status.CAUTION, because=text)
    if receptor.protein == own.protein:
        return finding
    text = f"{finding.because} This receptor is not that of {model.product}: its cells may behave otherwise."
    return replace(finding, status=Status.CAUTION, because=text)


def _course(finding: Finding) -> KineticsBands | None:
    if finding.status not in {Status.PASS, Status.CAUTION}:
        return None
    return simulate_courses(_model(), days=_DAYS, people=_PEOPLE)


def judged_antigen(target: TargetAssessment, positive_share: float | None = None) -> JudgedAntigen:
    """Write down a judged antigen for a plan.

    Parameters
    ----------
    target
        As judged.
    positive_share
        Share of malignant cells that carry it, where cells were counted.
    """
    antigen, organs = target.antigen, target.organs or ()
    worst = max((one for one in organs if one.essential), key=lambda one: one.level, default=None)
    worst = worst or (organs[0] if organs else None)
    decisive = _decisive(target)
    names = antigen.aliases if antigen is not None else ()
    return JudgedAntigen(
        gene=target.gene,
        name=", ".join(names[:2]),
        tumour=target.level,
        unit="per million",
        worst_organ=worst.organ if worst is not None else "",
        worst=worst.level if worst is not None else None,
        positive_share=positive_share,
        verdict=target.verdict.value,
        status=_STATUS[target.verdict],
        because=decisive.because,
        findings=target.findings,
        stage=antigen.furthest.stage if antigen is not None else "",
    )


def _decisive(target: TargetAssessment) -> Finding:
    """The finding to be told first: what fails, else what normal tissue says, else the gravest that is open.

    Of what fails, harm to normal tissue goes before what the tumour lacks.
    """
    grave = min(target.findings, key=lambda one: one.status.severity)
    safety = [one for one in target.findings if one.rule in _SAFETY]
    for status in (Status.FAIL, Status.CAUTION):
        told = [one for one in safety if one.status is status]
        if told:
            return told[0]
        if grave.status is Status.FAIL:
            return grave
    known = target.finding("safety_known")
    return grave if known.status is Status.PASS else known


def judged_gates(search: GateSearch) -> tuple[JudgedGate, ...]:
    """Write down the best gates of a search for a plan."""
    return tuple(
        JudgedGate(
            found.gate.sentence,
            found.gate.antigens,
            found.coverage,
            found.worst.organ,
            found.worst.share,
            found.worst.upper,
        )
        for found in search.gates[:_MOST_GATES]
    )
