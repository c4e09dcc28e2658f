"""Which genes of a T cell have to be edited for a product, and why."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import UsageError
from revertant.knowledge import CarEdit, car_edits
from revertant.model import CellSource, EditMethod, EditPurpose

__all__ = ["EditRequest", "EditWish", "wanted_edits"]

_TCR, _HLA_I, _HLA_II, _ALEMTUZUMAB_TARGET, _BRAKE = "TRAC", "B2M", "CIITA", "CD52", "PDCD1"


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What the product is to be.

    Parameters
    ----------
    cells
        Whose cells.
    antigens
        Symbols of the antigens the receptor attacks.
    knock_in
        Whether the receptor is put into TRAC instead of anywhere.
    alemtuzumab
        Whether lymphodepletion includes that antibody.
    checkpoint
        Whether PD-1 is to be removed.
    more
        Further genes of the catalogue (``"TRBC1"``), in their order.
    keep
        Genes that stay as they are though the product would have them edited; the rules judge what that leaves.
    first
        Which way comes first where both are found: base editing, or a cut.
    patient_hla, donor_hla
        HLA alleles of both, as far as they are typed (``"A*02:01"``).

    Raises
    ------
    UsageError
        For a gene that the catalogue does not have, or that is to be edited and kept.

    Examples
    --------
    >>> EditRequest(CellSource.AUTOLOGOUS, ("CD7",)).more
    ()
    """

    cells: CellSource
    antigens: tuple[str, ...] = ()
    knock_in: bool = False
    alemtuzumab: bool = False
    checkpoint: bool = False
    more: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    first: EditMethod = EditMethod.BASE_EDITING
    patient_hla: tuple[str, ...] = ()
    donor_hla: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = [gene for gene in (*self.more, *self.keep) if gene not in car_edits()]
        if unknown:
            raise UsageError(
                f"{', '.join(unknown)} is not among the genes that are edited in T cells.",
                remedy=f"Known are: {', '.join(car_edits())}.",
                code="no-edit",
            )
        stated = {*self.more, *((_TCR,) if self.knock_in else ())}
        if both := [gene for gene in self.keep if gene in stated]:
            raise UsageError(
                f"{', '.join(both)} is to be edited and to be kept.",
                remedy="Ask for one of them.",
                code="edited-and-kept",
            )
        if self.first not in {EditMethod.BASE_EDITING, EditMethod.NUCLEASE}:
            raise UsageError(
                f"{self.first.value} is no way to knock a gene out.", remedy="Name base_editing or nuclease."
            )


@dataclass(frozen=True, slots=True)
class EditWish:
    """One gene to edit, with its row of the catalogue, its purposes here and the reason as sentences."""

    row: CarEdit
    purposes: tuple[EditPurpose, ...]
    because: str

    @property
    def is_knock_in(self) -> bool:
        """Whether the receptor is put here."""
        return EditPurpose.KNOCK_IN in self.purposes


def wanted_edits(request: EditRequest) -> tuple[EditWish, ...]:
    """Say which genes a product needs edited: what is needed first, what was merely asked for last.

    Cells of a donor lose the T-cell receptor (TRAC, unless TRBC1 and TRBC2 are named instead) and HLA of both classes;
    cells against an antigen that T cells carry lose that antigen, whoever gave them. What is to be kept stays.

    Examples
    --------
    >>> own = EditRequest(CellSource.AUTOLOGOUS, ("CD19",))
    >>> wanted_edits(own)
    ()
    >>> given = EditRequest(CellSource.ALLOGENEIC, ("CD7",), alemtuzumab=True)
    >>> [wish.row.key for wish in wanted_edits(given)]
    ['TRAC', 'CD7', 'B2M', 'CIITA', 'CD52']
    """
    rows = car_edits()
    wanted: dict[str, EditWish] = {}

    def want(gene: str, purpose: EditPurpose, because: str = "") -> None:
        row = rows[gene]
        known = wanted.get(gene)
        sentence = because or " ".join(filter(None, (row.reason, row.caution)))
        if known is None:
            wanted[gene] = EditWish(row, (purpose,), sentence)
        elif purpose not in known.purposes:
            wanted[gene] = EditWish(row, (*known.purposes, purpose), f"{known.because} {sentence}")

    donated = request.cells is CellSource.ALLOGENEIC
    instead = {row.key for row in rows.values() if row.instead_of == _TCR}
    if donated and not instead <= set(request.more):
        want(_TCR, EditPurpose.GRAFT_VERSUS_HOST)
    if request.knock_in:
        want(_TCR, EditPurpose.KNOCK_IN, rows[_TCR].knock_in)
    for gene in dict.fromkeys(request.antigens):
        if gene in rows and EditPurpose.FRATRICIDE in rows[gene].purposes:
            want(gene, EditPurpose.FRATRICIDE)
    if donated:
        want(_HLA_I, EditPurpose.HOST_VERSUS_GRAFT)
        want(_HLA_II, EditPurpose.HOST_VERSUS_GRAFT)
    if request.alemtuzumab:
        want(_ALEMTUZUMAB_TARGET, EditPurpose.LYMPHODEPLETION_RESISTANCE)
    if request.checkpoint:
        want(_BRAKE, EditPurpose.CHECKPOINT)
    for gene in request.more:
        want(gene, rows[gene].purposes[0])
    return tuple(wish for gene, wish in wanted.items() if gene not in request.keep)
