"""What is asked of ``revertant car``, read into the values it is made of; what nothing would come of is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from revertant.errors import InputError, UsageError

if TYPE_CHECKING:
    from revertant.knowledge import OwnParts
    from revertant.modality.car_t import CarrierKind, EscapeScenario
    from revertant.modality.car_t.receptor import ReceptorBrief, TracSite
    from revertant.model import CellProduct, InputDigest
    from revertant.planning import OpenedFiles

__all__ = [
    "asked_day",
    "asked_escape",
    "asked_vectors",
    "digests_of",
    "is_edited",
    "own_parts_of",
    "refuse_idle",
    "stated",
    "trac_site",
]

#: Options of the receptor, which a product's receptor leaves no room for; with what they are when nobody names them.
_OF_RECEPTOR: Mapping[str, object] = MappingProxyType({
    "binder": "", "second_binder": "", "domain": None, "order": "", "linker": "", "signal": "cd8a_signal", "hinge": "",
    "transmembrane": "", "costim": None, "generation": 2, "zeta": "cd3z", "armour": "", "switch": "", "parts": None,
})  # fmt: skip


#: Options of the genome whose cells are edited, and of the edits.
_OF_EDITS = ("reference", "models", "vcf", "sample", "editor", "nuclease", "edit_first")


def is_edited(cells: CellProduct, antigen: str, product: str) -> bool:
    """Whether a gene of the cells is to be edited."""
    from revertant import knowledge
    from revertant.modality.car_t.edits import EditRequest, wanted_edits
    from revertant.modality.car_t.receptor import product_receptor

    row = knowledge.antigen_named(antigen)
    symbol = (row.symbol or row.key) if row is not None else antigen.strip().upper()
    antigens = product_receptor(product).antigens if product.strip() else (symbol,)
    request = EditRequest(
        cells.source,
        antigens,
        knock_in=cells.knock_in,
        alemtuzumab=cells.alemtuzumab,
        checkpoint=cells.checkpoint,
        more=cells.knock_out,
        keep=cells.keep,
    )
    return bool(wanted_edits(request))


def refuse_idle(values: Mapping[str, object], kinds: tuple[CarrierKind, ...], edited: bool) -> None:
    """Refuse an option that nothing would be made of: what is asked must not be passed over in silence."""
    idle = {name for name, usual in _OF_RECEPTOR.items() if values["product"] and values[name] != usual}
    why = "a product's receptor is rebuilt as it is"
    names = {kind.value for kind in kinds}
    if not idle and "aav6_trac" not in names and values["trac"]:
        idle, why = {"trac"}, "only a donor for TRAC (--knock-in TRAC, --vector aav6_trac) reads it"
    if not idle and not edited:
        idle = {name for name in _OF_EDITS if values[name]}
        why = "no gene of these cells is edited"
    if not idle and "lentiviral" not in names and values["promoter"]:
        idle, why = {"promoter"}, "only a lentiviral vector has a promoter to choose"
    if idle:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(idle))
        raise UsageError(
            f"Nothing would come of {options}: {why}.", remedy="Leave it out.", code="idle-option"
        )


#: Options that are stated in the provenance, in their order.
_STATED = (
    "antigen", "product", "binder", "second_binder", "domain", "order", "linker", "signal", "hinge", "transmembrane",
    "costim", "generation", "zeta", "armour", "switch", "vector", "promoter", "avoid_site", "date", "burden_cells",
    "loss_rate", "joint_loss_rate", "doubling_days", "cells", "knock_out", "keep", "knock_in", "edit_first",
    "alemtuzumab", "checkpoint", "hla", "donor_hla", "sample", "editor", "nuclease", "mismatches", "dna_bulges",
    "rna_bulges", "max_edits", "no_offtargets",
)  # fmt: skip


def stated(values: Mapping[str, object]) -> dict[str, str]:
    """Everything that was asked, for the provenance; what was left open says so."""

    def words(value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "not stated"
        return "not stated" if value is None or value == "" else str(value)

    return {name: words(values.get(name)) for name in _STATED}


def asked_day(text: str) -> dt.date | None:
    """Read the day whose statements count."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is no day.", where="--date", remedy="Write YYYY-MM-DD.") from None


def asked_vectors(vector: list[str] | None, cells: CellProduct) -> tuple[CarrierKind, ...]:
    """The vectors asked for; a receptor that is put into TRAC comes in a donor for it."""
    from revertant.modality.car_t import CarrierKind

    usual = CarrierKind.AAV6_TRAC if cells.knock_in else CarrierKind.LENTIVIRAL
    kinds = tuple(_kind(word) for word in vector or [usual.value])
    if cells.knock_in and CarrierKind.AAV6_TRAC not in kinds:
        raise UsageError(
            "--knock-in TRAC needs a donor for it, and other vectors are named.",
            remedy="Name --vector aav6_trac, or leave one of them out.",
            code="two-places",
        )
    return kinds


def _kind(word: str) -> CarrierKind:
    from revertant.modality.car_t import CarrierKind

    try:
        return CarrierKind(word.strip().lower())
    except ValueError:
        raise UsageError(
            f"--vector is {word!r}.",
            remedy=f"Use one of {', '.join(kind.value for kind in CarrierKind)}.",
            code="unknown-word",
        ) from None


def own_parts_of(path: Path | None) -> OwnParts:
    """Read the user's own parts; none without a file."""
    from revertant.knowledge import OwnParts, read_own_parts

    return read_own_parts(path) if path is not None else OwnParts()


def trac_site(fasta: Path | None, files: OpenedFiles | None) -> TracSite | None:
    """Read the place in TRAC: from a file of its own, else from the reference where that covers it."""
    from revertant.genome import PatientGenome
    from revertant.modality.car_t.receptor import find_trac, trac_of_cells

    if fasta is not None:
        return find_trac(_one_record(fasta), fasta.name)
    if files is None:
        return None
    return trac_of_cells(PatientGenome(files.reference, files.vcf.calls if files.vcf is not None else ()))


def _one_record(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file cannot be read: {error}.", where=str(path), remedy="Give one FASTA record."
        ) from error
    records = [one for one in text.split(">") if one.strip()]
    if not text.lstrip().startswith(">") or len(records) != 1:
        raise InputError(
            f"{len(records)} records stand in it, not one.", where=str(path), remedy="Give one FASTA record."
        )
    return "".join(records[0].splitlines()[1:])


def asked_escape(
    brief: ReceptorBrief | None,
    product: str,
    burden: float | None,
    rates: list[float],
    joint: float | None,
    doubling: float | None,
) -> EscapeScenario | None:
    """Read a scenario of escape; none where nothing of it is stated."""
    from revertant.modality.car_t import EscapeGate, EscapeScenario
    from revertant.modality.car_t.receptor import assemble_receptor, product_receptor

    if burden is None and not rates and joint is None and doubling is None:
        return None
    if burden is None or not rates:
        raise UsageError(
            "A scenario of escape needs the tumour's cells and a rate of loss.",
            remedy="Name --burden-cells and --loss-rate.",
            code="scenario",
        )
    receptor = product_receptor(product) if brief is None else assemble_receptor(brief)[0]
    gate = EscapeGate.SINGLE if len(receptor.antigens) == 1 else EscapeGate.EITHER
    if len(rates) != len(receptor.antigens):
        raise UsageError(
            f"The receptor binds {' and '.join(receptor.antigens)}, and {len(rates)} rates of loss are given.",
            remedy="Name --loss-rate once for each antigen.",
            code="loss-rates",
        )
    pairs = tuple(zip(receptor.antigens, rates, strict=True))
    return EscapeScenario(gate, burden, pairs, joint, doubling)


def digests_of(files: Mapping[str, Path | None]) -> tuple[InputDigest, ...]:
    """Return a digest of each file that is named, by its role."""
    from revertant.model import InputDigest
    from revertant.planning import file_digest

    return tuple(
        InputDigest(role, path.name, file_digest(path)) for role, path in files.items() if path is not None
    )
