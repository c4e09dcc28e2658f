"""Back from the parameters that a plan states to the options it was made with, so that it can be made again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from revertant.errors import IncompatibleInputsError, InputError
from revertant.modality import DesignOptions
from revertant.model import SearchLimits
from revertant.planning.make import PlanOptions

__all__ = ["options_of"]

_ALL, _NO_LIMIT = "all", "no limit"
#: Parameters that only a question without a patient can have set.
_OTHERS = ("forms", "capsid", "promoter", "avoid_sites", "transgene")


def options_of(parameters: Mapping[str, str], *, where: str = "") -> PlanOptions:
    """Return the options that a plan's provenance states; parts of the user's own are read from their file again.

    Parameters
    ----------
    parameters
        Of the provenance of a plan for a case.
    where
        The file they stand in, for errors.

    Raises
    ------
    InputError
        When one is missing, or is none that a plan writes.
    IncompatibleInputsError
        Code ``not-a-case`` when they are those of a question without a patient.

    Examples
    --------
    >>> stated = {"mismatches": "3", "dna_bulges": "0", "rna_bulges": "0", "total_edits": "no limit",
    ...           "search_off_targets": "True", "editors": "all", "nucleases": "spcas9", "most_designs": "40"}
    >>> options = options_of(stated)
    >>> options.limits.total_edits, options.design.nucleases
    (None, ('spcas9',))
    """
    asked = sorted(name for name in parameters if name in _OTHERS or name.startswith("asked_"))
    if asked:
        raise IncompatibleInputsError(
            f"The dossier was made without a case: {', '.join(asked)} stand in its parameters.",
            where=where,
            remedy="Only dossiers of a case are made again from their crate; run the command of this one again.",
            code="not-a-case",
        )
    try:
        edits = parameters["total_edits"]
        return PlanOptions(
            design=DesignOptions(
                editors=_names(parameters["editors"]),
                nucleases=_names(parameters["nucleases"]),
                most_designs=_count(parameters["most_designs"]),
            ),
            limits=SearchLimits(
                _count(parameters["mismatches"]),
                _count(parameters["dna_bulges"]),
                _count(parameters["rna_bulges"]),
                total_edits=None if edits == _NO_LIMIT else _count(edits),
            ),
            gate_size=_count(parameters.get("gate_size", str(PlanOptions().gate_size))),
            search_off_targets={"True": True, "False": False}[parameters["search_off_targets"]],
            amplicons=_count(parameters.get("amplicons", "0")),
            modalities=_names(parameters.get("modalities", _ALL)),
            country=parameters.get("country", ""),
            on_date=dt.date.fromisoformat(parameters["date"]) if "date" in parameters else None,
        )
    except (KeyError, ValueError) as error:
        raise InputError(
            f"The parameters are not those of a plan: {error}.",
            where=where,
            remedy="Take the file from the dossier again.",
            code="parameters-not-read",
        ) from error


def _count(text: str) -> int:
    """Read a number as a plan writes it: a limit below zero would find nothing, and say that nothing is there."""
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError(f"{text!r} is no number of them")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return () if text == _ALL else tuple(text.split(", "))
