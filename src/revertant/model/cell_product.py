"""What a case asks of T cells with a receptor, and what it says of the tumour they are to attack."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model.car_edits import CellSource, EditMethod

__all__ = ["AntigenLoss", "CellProduct", "EscapeInputs", "LymphodepletingDrug", "TumourState"]


@dataclass(frozen=True, slots=True)
class LymphodepletingDrug:
    """One drug of a lymphodepletion; ``None`` where its dose or its days are not stated.

    Parameters
    ----------
    drug
        Its non-proprietary name, in lower case.
    mg_per_m2
        Dose of one day.
    days
        On how many days.
    """

    drug: str
    mg_per_m2: float | None = None
    days: int | None = None

    @property
    def words(self) -> str:
        """The drug with its dose, for people.

        Examples
        --------
        >>> LymphodepletingDrug("fludarabine", 30, 4).words
        'fludarabine 30 mg/m² on 4 days'
        """
        dose = f" {self.mg_per_m2:g} mg/m²" if self.mg_per_m2 is not None else ""
        when = f" on {self.days} {'day' if self.days == 1 else 'days'}" if self.days is not None else ""
        return f"{self.drug}{dose}{when}"


@dataclass(frozen=True, slots=True)
class CellProduct:
    """What cells with a receptor are asked for.

    Parameters
    ----------
    antigens
        Antigens to attack; empty leaves the choice to what was measured.
    source
        Whose T cells.
    donor_hla
        HLA alleles of the donor.
    knock_in
        Whether the receptor is to be put into TRAC.
    alemtuzumab
        Whether lymphodepletion includes that antibody.
    checkpoint
        Whether PD-1 is to be removed.
    knock_out, keep
        Genes to edit beside those that the product needs, and genes that stay as they are though it would have them
        edited.
    edit_first
        Which way comes first where both are found: base editing, or a cut (``EditMethod.NUCLEASE``).
    dose_cells, dose_cells_per_kg
        Living cells with the receptor that are to be given, in all or for each kg; ``None`` where not stated.
    lymphodepletion
        The drugs of it; empty where not stated.
    """

    antigens: tuple[str, ...] = ()
    source: CellSource = CellSource.AUTOLOGOUS
    donor_hla: tuple[str, ...] = ()
    knock_in: bool = False
    alemtuzumab: bool = False
    checkpoint: bool = False
    knock_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    edit_first: EditMethod = EditMethod.BASE_EDITING
    dose_cells: float | None = None
    dose_cells_per_kg: float | None = None
    lymphodepletion: tuple[LymphodepletingDrug, ...] = ()


@dataclass(frozen=True, slots=True)
class AntigenLoss:
    """How cells of a tumour lose an antigen.

    Parameters
    ----------
    antigen
        The antigen.
    per_division
        The probability that a division leaves one daughter without it, for good; ``None`` where not stated.
    negative_share
        Share of the tumour's cells that were measured to lack it, 0 to 1; ``None`` where not measured.
    """

    antigen: str
    per_division: float | None = None
    negative_share: float | None = None


@dataclass(frozen=True, slots=True)
class EscapeInputs:
    """What a scenario of antigen escape is made of; no number is filled in where one lacks.

    Parameters
    ----------
    burden_cells
        Cells of the tumour when it is treated.
    losses
        How they lose each antigen.
    joint_loss_per_division, joint_negative_share
        The same for both of two antigens at once.
    doubling_days
        Time in which cells that escaped double.
    """

    burden_cells: float | None = None
    losses: tuple[AntigenLoss, ...] = ()
    joint_loss_per_division: float | None = None
    joint_negative_share: float | None = None
    doubling_days: float | None = None


@dataclass(frozen=True, slots=True)
class TumourState:
    """What is known of a tumour beside its tables.

    Parameters
    ----------
    marrow_blast_share
        Share of blasts in the marrow before lymphodepletion, 0 to 1.
    escape
        A scenario of antigen escape; ``None`` where none is asked for.
    """

    marrow_blast_share: float | None = None
    escape: EscapeInputs | None = None
