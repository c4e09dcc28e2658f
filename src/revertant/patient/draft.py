"""What one file says of a case; ``None`` and empty mean that it says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from revertant.errors import InputError
from revertant.model import (
    CaseFiles,
    CaseVariant,
    CellProduct,
    CopyNumber,
    Disease,
    EditingPlace,
    Finding,
    Intent,
    Measurement,
    Serology,
    Sex,
    Tally,
    TargetCells,
    TumourState,
)

__all__ = ["Draft"]


@dataclass(slots=True)
class Draft:
    """A case as far as one file states it. ``missing`` says why the file holds no variant."""

    case_id: str = ""
    subject_id: str = field(default="", repr=False)
    sex: Sex | None = None
    age_years: float | None = None
    weight_kg: float | None = None
    diseases: tuple[Disease, ...] = ()
    variants: tuple[CaseVariant, ...] = ()
    missing: tuple[InputError, ...] = ()
    intent: Intent | None = None
    target_cells: TargetCells | None = None
    jurisdiction: str = ""
    consent: bool | None = None
    editing_place: EditingPlace | None = None
    tissue: str = ""
    transcript: str = ""
    serology: tuple[Serology, ...] = ()
    copy_numbers: tuple[CopyNumber, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    conditions: tuple[tuple[str, bool], ...] = ()
    last_treatments: tuple[tuple[str, str], ...] = ()
    hla: tuple[str, ...] = ()
    cells: CellProduct | None = None
    tumour: TumourState | None = None
    files: CaseFiles = field(default_factory=CaseFiles)
    phenopacket: str = field(default="", repr=False)
    findings: tuple[Finding, ...] = ()
    tallies: tuple[Tally, ...] = ()
