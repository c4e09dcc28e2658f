"""Which designs a laboratory would make first, and what has to be ordered for them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from revertant.dossier.selection import design_groups
from revertant.dossier.vectors.tables import order_rows
from revertant.model import Plan, RankedDesign
from revertant.policy import expected_words, screening_mark

__all__ = ["MOST_DESIGNS", "OrderLine", "bench_designs", "order_lines"]

#: Designs that a laboratory would start with: the leads of the first groups that stand.
MOST_DESIGNS = 5
#: Longer sequences are named by their digest; the order sheets hold them whole.
_LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One sequence to order.

    Parameters
    ----------
    ranks
        Ranks of the designs it is for.
    name, note
        What it is, and what to know.
    bases, length
        5'→3' as DNA, empty where it is too long to be shown; how many.
    digest
        SHA-256, as certificates name it.
    where
        The file that holds it.
    screening
        What the order sheet says of biosecurity screening.
    expected
        Vector parts from viruses in it.
    """

    ranks: tuple[int, ...]
    name: str
    note: str
    bases: str
    length: int
    digest: str
    where: str
    screening: str
    expected: str


def bench_designs(plan: Plan) -> tuple[RankedDesign, ...]:
    """Return the designs to start with; one that a rule has stopped is never among them."""
    leads = (group.lead for group in design_groups(plan))
    return tuple(lead for lead in leads if not lead.tier.startswith("stopped"))[:MOST_DESIGNS]


def order_lines(plan: Plan) -> tuple[OrderLine, ...]:
    """List what is to be ordered for the designs to start with; a sequence that several need stands once."""
    users: dict[tuple[str, str, str, str], list[int]] = {}
    for name, note, bases, where, rank in _ordered(plan):
        ranks = users.setdefault((name, note, bases, where), [])
        if rank not in ranks:
            ranks.append(rank)
    return tuple(
        OrderLine(
            tuple(ranks),
            name,
            note,
            bases if len(bases) <= _LONGEST_SHOWN else "",
            len(bases),
            hashlib.sha256(bases.encode()).hexdigest(),
            where,
            screening_mark(len(bases)),
            expected_words(bases),
        )
        for (name, note, bases, where), ranks in users.items()
    )


def _ordered(plan: Plan) -> Iterator[tuple[str, str, str, str, int]]:
    leads = bench_designs(plan)
    ranks = {ranked.design.design_id: ranked.rank for ranked in leads}
    for ranked in leads:
        for oligo in ranked.design.oligos:
            # The genomes of a vector are ordered from their own sheet, cut where the maker joins them.
            if ranked.design.vector is None or len(oligo.sequence) <= _LONGEST_SHOWN:
                yield oligo.name, oligo.note, oligo.sequence, "oligos.tsv", ranked.rank
    for row in order_rows(plan):
        for design in row.designs:
            if design.design_id in ranks:
                where = "constructs/constructs_order.tsv"
                yield row.what, row.note, row.sequence, where, ranks[design.design_id]
