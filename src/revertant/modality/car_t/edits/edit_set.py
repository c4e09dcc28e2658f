"""From what a product is to be to its edit set, with the designs behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.genome import GeneModels, PatientGenome
from revertant.modality.car_t.edits.findings import edit_findings
from revertant.modality.car_t.edits.guides import FoundWays, ways_to_edit
from revertant.modality.car_t.edits.hla import compare_hla
from revertant.modality.car_t.edits.joinings import Cut, translocation_assays
from revertant.modality.car_t.edits.wishes import EditRequest, EditWish, wanted_edits
from revertant.modality.contract import DesignOptions
from revertant.model import CellEdit, Design, EditMethod, EditSet, Locus
from revertant.offtarget.annotation.translocations import cut_position

__all__ = ["EditBatch", "design_edit_set"]

_CUTS = (EditMethod.KNOCK_IN, EditMethod.NUCLEASE)


@dataclass(frozen=True, slots=True)
class EditBatch:
    """An edit set, and the designs of its preferred ways in the order of its edits.

    An edit for which no guide could be made has no design, so there may be fewer.
    """

    edit_set: EditSet
    designs: tuple[Design, ...]


def design_edit_set(
    request: EditRequest,
    genome: PatientGenome | None = None,
    models: GeneModels | None = None,
    options: DesignOptions | None = None,
) -> EditBatch:
    """Make the edit set of a product.

    Parameters
    ----------
    request
        What it is to be.
    genome, models
        Whose cells are edited (the donor's, or the patient's), and gene models; ``None`` without a reference: the set
        then says which sequences it needs.
    options
        Editors and nucleases to use.

    Examples
    --------
    >>> from revertant.model import CellSource
    >>> batch = design_edit_set(EditRequest(CellSource.ALLOGENEIC, ("CD7",)))
    >>> [edit.gene for edit in batch.edit_set.edits], batch.edit_set.breaks
    (['TRAC', 'CD7', 'B2M', 'CIITA'], 0)
    >>> batch.edit_set.edits[1].needs
    'no reference genome was given; the sequence of CD7 (chr17, 17q25.3) is needed'
    """
    wishes = wanted_edits(request)
    found = [ways_to_edit(wish, genome, models, options or DesignOptions(), request.first) for wish in wishes]
    edits = _shared(tuple(_edit(wish, ways) for wish, ways in zip(wishes, found, strict=True)))
    cuts = [cut for edit in edits for cut in _cuts(edit, models)]
    assays = translocation_assays(cuts, genome) if genome is not None else ()
    hla = compare_hla(request.patient_hla, request.donor_hla) if request.donor_hla else ()
    nuclease_breaks = _nuclease_breaks(edits)
    designs = tuple(dict.fromkeys(ways.designs[0] for ways in found if ways.designs))
    made = EditSet(request.cells, edits, assays, nuclease_breaks, hla)
    findings = edit_findings(request, made, models)
    return EditBatch(EditSet(request.cells, edits, assays, nuclease_breaks, hla, findings), designs)


def _edit(wish: EditWish, ways: FoundWays) -> CellEdit:
    row = wish.row
    knock_in = row.knock_in_sources if wish.is_knock_in else ()
    return CellEdit(
        gene=row.key,
        band=row.band,
        purposes=wish.purposes,
        because=f"{wish.because} {ways.left_out}".strip(),
        options=ways.options,
        needs=ways.needs,
        sources=tuple(dict.fromkeys((*row.sources, *knock_in))),
        checked=row.checked,
    )


def _shared(edits: tuple[CellEdit, ...]) -> tuple[CellEdit, ...]:
    """Count a place once where the guide of one gene fits a later gene of the set too: one guide then serves both."""
    taken: dict[tuple[str, Locus], str] = {}
    told = []
    for edit in edits:
        option = edit.chosen
        by = taken.get((option.effector, option.guide.locus), "") if option is not None else ""
        if option is not None and by:
            label = f"{option.label.rstrip('.')}; the guide for {by} does it too"
            served = replace(option, breaks=0, label=label)
            edit = replace(edit, options=(served, *edit.options[1:]))  # noqa: PLW2901 - the edit as it is told
        elif option is not None:
            taken |= {(option.effector, place): edit.gene for place in option.copies}
        told.append(edit)
    return tuple(told)


def _nuclease_breaks(edits: Sequence[CellEdit]) -> int | None:
    options = [edit.by(*_CUTS) for edit in edits]
    breaks = [option.breaks for option in options if option is not None]
    return sum(breaks) if len(breaks) == len(options) else None


def _cuts(edit: CellEdit, models: GeneModels | None) -> list[Cut]:
    """The breaks of an edit's preferred way: one for each place its guide fits letter by letter."""
    option = edit.chosen
    if option is None or not option.breaks:
        return []
    nuclease = knowledge.nucleases()[option.effector]
    own = knowledge.car_edits()[edit.gene]
    cuts = []
    for number, locus in enumerate(option.copies, start=1):
        gene = edit.gene if number == 1 else _gene_at(locus, models)
        row = knowledge.car_edits().get(gene)
        # A second place of unknown gene has no known arm; what is held like the gene itself has its row's.
        place = row if row is not None else own if number == 1 else None
        cuts.append(
            Cut(
                gene or f"{edit.gene} ({number})",
                option.guide,
                locus,
                cut_position(locus, option.guide.pam_side, nuclease.cut_offset_top),
                place.contig if place is not None else "",
                place.arm if place is not None else "",
            )
        )
    return cuts


def _gene_at(locus: Locus, models: GeneModels | None) -> str:
    genes = sorted({one.gene for one in models.overlapping(locus)}) if models is not None else []
    return genes[0] if len(genes) == 1 else ""
