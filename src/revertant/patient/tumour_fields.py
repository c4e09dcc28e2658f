"""The fields of ``case.yaml`` that a tumour needs: its cell therapy, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from revertant.model import CellSource
from revertant.patient import scalars
from revertant.patient.field_types import Field, Group, gene_symbol, one_of
from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable

__all__ = ["CELLS", "TUMOUR_FILES"]


def _unit(text: str) -> str:
    from revertant.modality.car_t.targets import ExpressionUnit  # noqa: PLC0415 - heavy, and few cases need it

    known = {unit.value.lower(): unit.value for unit in ExpressionUnit}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise Unreadable(
            f"{shown(text)} is no unit of expression.", f"Write {', '.join(known.values())}."
        ) from None


CELLS = Group(
    {
        "antigens": Field("text or list", "Antigens to attack: CD19.", gene_symbol, many=True),
        "source": one_of("Whose T cells; autologous when not stated.", CellSource),
        "donor_hla": Field(
            "text or list",
            "HLA alleles of the donor; of a homozygote each twice.",
            scalars.hla_allele,
            many=True,
        ),
        "knock_in": Field("yes or no", "Whether the receptor is put into TRAC.", scalars.truth),
        "alemtuzumab": Field("yes or no", "Whether lymphodepletion includes alemtuzumab.", scalars.truth),
        "checkpoint": Field("yes or no", "Whether PD-1 is to be removed.", scalars.truth),
    },
    "T cells with a receptor against a tumour.",
)  # fmt: skip - one field a line reads as the table it is

#: Files of a tumour, under ``files``.
TUMOUR_FILES: Mapping[str, Field] = MappingProxyType({
    "expression": Field("path", "Expression of the tumour: TSV, genes by samples."),
    "expression_unit": Field(
        "one of TPM, log2(TPM+1), counts", "Unit of both tables; TPM when not stated.", _unit
    ),
    "normal_expression": Field(
        "path", "Expression of normal tissue: TSV, samples named by organ."
    ),
    "clusters": Field(
        "path", "Single cells of the tumour and of organs, summed up by cluster: TSV."
    ),
    "cell_matrix": Field("path", "Single cells: Matrix Market, genes by cells."),
    "cell_genes": Field("path", "Its genes, one a line."),
    "cell_labels": Field("path", "For each cell malignant, or its organ."),
})  # fmt: skip
