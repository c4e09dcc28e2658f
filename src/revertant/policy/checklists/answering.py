"""Documents held against a plan: which apply, and how each of their items stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from revertant.model import (
    Case,
    Checklist,
    ChecklistItem,
    Design,
    EditingPlace,
    GenomeForm,
    ItemState,
    Plan,
    RankedDesign,
)
from revertant.policy.checklists.answers import ANSWERS
from revertant.policy.checklists.documents import Document, Item, ProductKind, guidance_documents
from revertant.policy.checklists.ground import Answered, Ground
from revertant.policy.screening import ScreeningRecord

__all__ = ["answer_checklists", "kinds_of", "leading_designs", "place_of"]

_AAV = {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV}


def answer_checklists(
    plan: Plan,
    case: Case,
    *,
    on_date: dt.date | None = None,
    records: Iterable[ScreeningRecord] = (),
    designs: Sequence[str] = (),
) -> tuple[Checklist, ...]:
    """Answer every document that applies, for each leading design.

    Parameters
    ----------
    plan
        The plan, made.
    case
        The case it answers; its jurisdiction chooses the documents. Where it names none, all are answered.
    on_date
        A document that is not out on that day, or no longer counts, is left out. Without a day the newest count.
    records
        Screening records of what is ordered, as ``revertant policy screen`` gives them.
    designs
        Ids of the designs to answer for; by default those of ``leading_designs``.

    Returns
    -------
    tuple of Checklist
        By the rank of the design, then by the document's key. Empty where no design stands: there is nothing to be
        held against a document.

    Raises
    ------
    KeyError
        When an id is of no design of the plan.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     case = patient.read_case(folder / "sma.yaml")
    ...     plan = planning.make_plan(planning.open_inputs(case))
    >>> screening = answer_checklists(plan, case)[-1]
    >>> screening.checklist_id, screening.items[0].state.label
    ('order_screening_2024', 'missing')
    """
    by_hash = {record.sha256: record for record in records}
    if designs:
        by_id = {ranked.design.design_id: ranked for ranked in plan.designs}
        chosen = tuple(by_id[name] for name in designs)
    else:
        chosen = leading_designs(plan)
    return tuple(
        _answer(document, Ground(plan, case, ranked, by_hash, on_date))
        for ranked in chosen
        for document in guidance_documents().values()
        if document.counts_on(on_date)
        and document.holds_in(case.jurisdiction)
        and _applies(document, ranked.design, plan)
    )


def leading_designs(plan: Plan) -> tuple[RankedDesign, ...]:
    """Return the first design of each modality that stands.

    Documents ask by the kind of product. Groups of one modality differ in their molecule, hardly in what is asked, so
    that one design of each answers for them; any other can be named.
    """
    found: dict[str, RankedDesign] = {}
    for ranked in plan.designs:
        if not ranked.tier.startswith("stopped"):
            found.setdefault(ranked.design.modality, ranked)
    return tuple(found.values())


def kinds_of(design: Design) -> frozenset[ProductKind]:
    """Return what a design is, as far as documents ask."""
    forms = {made.form for made in design.vector.constructs} if design.vector else set()
    edited_cells = design.car is not None and bool(design.car.edit_set.edits)
    says = {
        ProductKind.GENOME_EDITING: bool(design.guides) or edited_cells,
        ProductKind.GENE_ADDITION: design.vector is not None and design.car is None,
        ProductKind.ANTISENSE: bool(design.antisense),
        ProductKind.CAR_T: design.car is not None,
        ProductKind.RETROVIRAL: GenomeForm.LENTIVIRAL in forms,
        ProductKind.AAV: bool(forms & _AAV) or (design.donor is not None and design.donor.kind == "AAV6"),
    }
    return frozenset(kind for kind, is_so in says.items() if is_so)


def place_of(design: Design, plan: Plan) -> EditingPlace | None:
    """Return where cells are treated; ``None`` where that is not known, and what is asked of either place is asked."""
    if design.car is not None:
        return EditingPlace.EX_VIVO
    return next((target.editing_place for target in plan.targets if target.gene == design.gene), None)


def _applies(asked: Document | Item, design: Design, plan: Plan) -> bool:
    kinds, place = kinds_of(design), place_of(design, plan)
    if asked.applies_to and not kinds & {*asked.applies_to}:
        return False
    if kinds & {*asked.except_for}:
        return False
    return not asked.place or place is None or place in asked.place


def _answer(document: Document, ground: Ground) -> Checklist:
    design = ground.ranked.design
    return Checklist(
        checklist_id=document.key,
        title=document.title,
        issuer=document.issuer,
        jurisdictions=document.jurisdiction,
        place=ground.case.jurisdiction,
        dated=document.dated,
        status=document.status,
        address=document.address,
        checked=document.checked,
        design_id=design.design_id,
        items=tuple(
            _item(item, document, ANSWERS[item.answered_by](ground, item))
            for item in document.items
            if _applies(item, design, ground.plan)
        ),
    )


def _item(item: Item, document: Document, answered: Answered) -> ChecklistItem:
    settled = answered.state in {ItemState.SATISFIED, ItemState.NOT_APPLICABLE}
    return ChecklistItem(
        item_id=item.id,
        section=item.section,
        asked=item.asked,
        state=answered.state,
        because=answered.because,
        needs="" if settled else answered.needs or item.needs,
        evidence=answered.evidence,
        sources=item.sources or document.sources,
        checked=item.checked and answered.checked,
    )
