"""Whether a further, healthy copy of the gene helps, and whether it fits a vector."""

from __future__ import annotations

from revertant.modality.mechanism import addition_helps
from revertant.model import Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "gene_addition_strategies"]

NAME = "gene_addition"


#: Room for a coding sequence in one single-stranded AAV: 4.7 kb less ITRs, promoter and polyA. A full-length
#: fraction falls steeply between 4.9 and 5.0 kb (Kosaka 2025); nothing above 5.2 kb is packaged (Wu 2010).
ROOM_IN_AAV_BP = 3700
LARGEST_AAV_BP = 4700
SOURCES = ("doi:10.1038/mt.2009.255",)


def gene_addition_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge gene addition: mechanism first, then size.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    return (Strategy(NAME, Route.ADD_GENE, target, (addition_helps(target), _size(target))),)


def _size(target: Target) -> Finding:
    """Whether the coding sequence leaves room for a promoter and a polyA signal in one AAV."""
    rule, length = "vector.cargo_fits", target.transcript.coding_bases
    value, threshold = f"{length} bp", f"about {ROOM_IN_AAV_BP} bp"
    if not length:
        return Finding(rule, Status.UNKNOWN, f"{target.transcript.transcript_id} has no coding sequence.")
    if length <= ROOM_IN_AAV_BP:
        status, text = Status.PASS, "fits one AAV with promoter and polyA signal"
    elif length <= LARGEST_AAV_BP:
        status, text = (
            Status.CAUTION,
            "leaves little room in one AAV: short regulatory parts or another vector",
        )
    else:
        status, text = Status.CAUTION, "does not fit one AAV: two vectors, a shortened gene, or a lentivirus"
    return Finding(
        rule,
        status,
        f"The coding sequence of {length} bases {text}.",
        value,
        threshold,
        SOURCES,
        checked=False,
    )
