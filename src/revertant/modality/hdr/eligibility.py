"""Whether a cut with a donor template can serve a target: it writes any change, in cells that divide."""

from __future__ import annotations

from revertant.modality.mechanism import correction_helps
from revertant.model import Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "hdr_strategies"]

NAME = "hdr"


#: Homologous recombination is suppressed outside S and G2.
SOURCES = ("doi:10.1038/nature16142", "doi:10.1093/nar/gkh703")

#: Tissues whose cells divide while they are edited outside the body.
_DIVIDING = frozenset({"haematopoietic stem cell", "T cell", "skin"})


def hdr_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge restoration from a donor template for each allele.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    tissue = target.tissues[0] if target.tissues else ""
    if not tissue:
        cells = Finding("cells.dividing", Status.UNKNOWN, "The tissue to be treated is not known.")
    elif tissue in _DIVIDING:
        cells = Finding(
            "cells.dividing",
            Status.CAUTION,
            f"Cells of this tissue ({tissue}) divide in culture, which repair from a donor needs; its share is low.",
            value=tissue,
            sources=SOURCES,
            checked=False,
        )
    else:
        cells = Finding(
            "cells.dividing",
            Status.FAIL,
            f"Repair from a donor needs dividing cells; cells of this tissue ({tissue}) do not divide when treated.",
            value=tissue,
            sources=SOURCES,
            checked=False,
        )
    return tuple(
        Strategy(
            NAME, Route.RESTORE_WILD_TYPE, target, (cells, correction_helps(target, allele)), allele=allele
        )
        for allele in target.alleles
    )
