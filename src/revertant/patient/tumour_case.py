"""What a case file says of a cell therapy and of a tumour, as values; contradictions are problems."""

from __future__ import annotations

from collections import Counter
from typing import Any

from revertant.model import (
    AntigenLoss,
    CellProduct,
    CellSource,
    EditMethod,
    EscapeInputs,
    LymphodepletingDrug,
    TumourState,
)
from revertant.patient.problems import Problems

__all__ = ["cells_of", "tumour_of"]


def cells_of(row: dict[str, Any], problems: Problems) -> CellProduct:
    """Return the cell therapy of a case."""
    drugs = tuple(
        LymphodepletingDrug(one.get("drug", ""), one.get("mg_per_m2"), one.get("days"))
        for one in row.get("lymphodepletion", ())
    )
    _refuse_twice([one.drug for one in drugs], "cells.lymphodepletion", "drug", problems)
    if "dose_cells" in row and "dose_cells_per_kg" in row:
        what = "The dose is stated in all and for each kg."
        problems.add("cells.dose_cells", what, "State one of them; the weight gives the other.")
    for gene in row.get("knock_out", ()):
        if gene in row.get("keep", ()):
            problems.add("cells.keep", f"{gene} is to be edited and to be kept.", "Ask for one of them.")
    if row.get("knock_in", False) and "TRAC" in row.get("keep", ()):
        what = "The receptor is to be put into TRAC, and TRAC is to be kept."
        problems.add("cells.keep", what, "Ask for one of them.")
    return CellProduct(
        antigens=tuple(dict.fromkeys(row.get("antigens", ()))),
        source=row.get("source", CellSource.AUTOLOGOUS),
        donor_hla=row.get("donor_hla", ()),
        knock_in=row.get("knock_in", False),
        alemtuzumab=row.get("alemtuzumab", False),
        checkpoint=row.get("checkpoint", False),
        knock_out=tuple(dict.fromkeys(row.get("knock_out", ()))),
        keep=tuple(dict.fromkeys(row.get("keep", ()))),
        edit_first=row.get("edit_first", EditMethod.BASE_EDITING),
        dose_cells=row.get("dose_cells"),
        dose_cells_per_kg=row.get("dose_cells_per_kg"),
        lymphodepletion=drugs,
    )


def tumour_of(row: dict[str, Any], problems: Problems) -> TumourState:
    """Return what a case says of its tumour."""
    return TumourState(
        marrow_blast_share=row.get("marrow_blast_share"),
        escape=_escape(row["escape"], problems) if "escape" in row else None,
    )


def _escape(row: dict[str, Any], problems: Problems) -> EscapeInputs:
    losses = tuple(
        AntigenLoss(one.get("antigen", ""), one.get("per_division"), one.get("negative_share"))
        for one in row.get("losses", ())
    )
    _refuse_twice([one.antigen for one in losses], "tumour.escape.losses", "antigen", problems)
    alone = [one.negative_share for one in losses if one.negative_share is not None]
    both = row.get("joint_negative_share")
    if both is not None and alone and both > min(alone):
        what = f"A share of {both:g} lacks both antigens, and only {min(alone):g} lacks one of them."
        problems.add(
            "tumour.escape.joint_negative_share", what, "What lacks both lacks each: check the shares."
        )
    return EscapeInputs(
        burden_cells=row.get("burden_cells"),
        losses=losses,
        joint_loss_per_division=row.get("joint_loss_per_division"),
        joint_negative_share=row.get("joint_negative_share"),
        doubling_days=row.get("doubling_days"),
    )


def _refuse_twice(names: list[str], path: str, noun: str, problems: Problems) -> None:
    for name, count in Counter(name for name in names if name).items():
        if count > 1:
            problems.add(path, f"The {noun} {name} stands {count} times.", "Keep one row of it.")
