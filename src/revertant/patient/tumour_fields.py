"""The fields of ``case.yaml`` that a tumour needs: its cell therapy, and what was measured of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from revertant.model import CellSource, EditMethod
from revertant.patient import quantities, scalars
from revertant.patient.field_types import Field, Group, gene_symbol, one_of
from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable

__all__ = ["CELLS", "TUMOUR", "TUMOUR_FILES"]


def _drug(text: str) -> str:
    name = " ".join(text.split()).lower()
    if not _DRUG.fullmatch(name):
        raise Unreadable(
            f"{shown(text)} is no name of a drug.", "Write its non-proprietary name: fludarabine."
        )
    return name


def _unit(text: str) -> str:
    from revertant.modality.car_t.targets import ExpressionUnit  # noqa: PLC0415 - heavy, and few cases need it

    known = {unit.value.lower(): unit.value for unit in ExpressionUnit}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise Unreadable(
            f"{shown(text)} is no unit of expression.", f"Write {', '.join(known.values())}."
        ) from None


def _edited_gene(text: str) -> str:
    from revertant.knowledge import car_edits  # noqa: PLC0415 - few cases need it

    gene = text.strip().upper()
    if gene not in car_edits():
        raise Unreadable(
            f"{shown(text)} is not among the genes that are edited in T cells.",
            f"Known are {', '.join(car_edits())}.",
        )
    return gene


def _edit_way(text: str) -> EditMethod:
    known = {way.value: way for way in (EditMethod.BASE_EDITING, EditMethod.NUCLEASE)}
    try:
        return known[text.strip().lower().replace("-", "_").replace(" ", "_")]
    except KeyError:
        raise Unreadable(f"{shown(text)} is no way to edit.", f"Write {' or '.join(known)}.") from None


_DRUG = re.compile(r"[a-z][a-z0-9 -]{2,59}")

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
        "knock_out": Field(
            "text or list",
            "Genes to edit beside those the product needs: TRBC1, TRBC2.",
            _edited_gene,
            many=True,
        ),
        "keep": Field(
            "text or list",
            "Genes that stay as they are though the product needs them edited.",
            _edited_gene,
            many=True,
        ),
        "edit_first": Field(
            "one of base_editing, nuclease",
            "Which comes first where both are found; base_editing unless stated.",
            _edit_way,
        ),
        "dose_cells": Field(
            "number", "Living cells with the receptor to be given, in all: 2e8.", quantities.cells
        ),
        "dose_cells_per_kg": Field(
            "number",
            "The same for each kg of body weight: 3e6. State one of the two.",
            quantities.cells_per_kg,
        ),
        "lymphodepletion": Group(
            {
                "drug": Field("text", "Non-proprietary name: fludarabine.", _drug, required=True),
                "mg_per_m2": Field("number", "Dose of one day in mg/m².", quantities.mg_per_m2),
                "days": Field("whole number", "On how many days.", quantities.day_count),
            },
            "Drugs given before the cells.",
            repeated=True,
        ),
    },
    "T cells with a receptor against a tumour.",
)  # fmt: skip - one field a line reads as the table it is

TUMOUR = Group(
    {
        "marrow_blast_share": Field(
            "number", "Share of blasts in the marrow before lymphodepletion, 0 to 1.", quantities.probability
        ),
        "escape": Group(
            {
                "burden_cells": Field(
                    "number", "Cells of the tumour when it is treated: 1e11.", quantities.tumour_cells
                ),
                "losses": Group(
                    {
                        "antigen": Field("text", "The antigen: CD19.", gene_symbol, required=True),
                        "per_division": Field(
                            "number",
                            "Probability that a division leaves a daughter without it: 1e-7.",
                            quantities.probability,
                        ),
                        "negative_share": Field(
                            "number", "Share of the tumour's cells measured to lack it, 0 to 1.", quantities.probability
                        ),
                    },
                    "How cells lose each antigen.",
                    repeated=True,
                ),
                "joint_loss_per_division": Field(
                    "number",
                    "Probability that a division takes both antigens at once; 0 is an assumption of its own.",
                    quantities.probability,
                ),
                "joint_negative_share": Field(
                    "number", "Share of the tumour's cells measured to lack both.", quantities.probability
                ),
                "doubling_days": Field("number", "Days in which cells that escaped double.", quantities.doubling),
            },
            "A scenario of antigen escape. No rate is filled in.",
        ),
    },
    "What is known of a tumour beside its tables.",
)  # fmt: skip

#: Files of a tumour, under ``files``.
TUMOUR_FILES: Mapping[str, Field] = MappingProxyType({
    "expression": Field("path", "Expression of the tumour: TSV, genes by samples; or .h5ad."),
    "expression_unit": Field(
        "one of TPM, log2(TPM+1), counts", "Unit of both tables; TPM when not stated.", _unit
    ),
    "normal_expression": Field(
        "path", "Expression of normal tissue: TSV, samples named by organ."
    ),
    "clusters": Field(
        "path", "Single cells of the tumour and of organs, summed up by cluster: TSV."
    ),
    "group_column": Field(
        "text", "Of an .h5ad: column of the cells that says malignant, or the organ."
    ),
    "cluster_column": Field("text", "Column of the cells that names their cluster; else the groups are taken."),
    "malignant_label": Field("text", "What the column of groups says of malignant cells; malignant unless stated."),
    "gene_column": Field("text", "Column of the genes that holds their symbols; else their names are taken."),
    "matrix_layer": Field("text", "Layer that holds the counts; else the matrix itself is taken."),
    "cell_matrix": Field("path", "Single cells: Matrix Market, genes by cells."),
    "cell_genes": Field("path", "Its genes, one a line."),
    "cell_labels": Field("path", "For each cell malignant, or its organ."),
    "surfaceome": Field("path", "Genes with a protein on the surface: one symbol a line, or a table."),
    "symbols": Field("path", "Gene symbols and their other names: the complete set of the HGNC."),
})  # fmt: skip
