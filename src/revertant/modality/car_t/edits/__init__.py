"""The edit set of an engineered T cell: which genes, how, and what their breaks could do together.

A receptor alone makes an autologous product. Cells of a donor must not attack the patient nor be rejected, cells
against an antigen that T cells carry must not kill each other. Each of these is a gene to edit. A base editor makes no
double-strand break and is preferred; n breaks can be joined in n(n-1)/2 pairs, and each pair needs its assay.
"""

from revertant.modality.car_t.edits.edit_set import EditBatch, design_edit_set
from revertant.modality.car_t.edits.hla import compare_hla
from revertant.modality.car_t.edits.joinings import Cut, translocation_assays
from revertant.modality.car_t.edits.wishes import EditRequest, EditWish, wanted_edits

__all__ = [
    "Cut",
    "EditBatch",
    "EditRequest",
    "EditWish",
    "compare_hla",
    "design_edit_set",
    "translocation_assays",
    "wanted_edits",
]
