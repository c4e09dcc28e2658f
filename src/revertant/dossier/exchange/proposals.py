"""What the dossier proposes, for formats that have a place for a therapy: products first, then the leading designs."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.dossier.selection import design_groups
from revertant.model import LabelVerdict, Plan, RankedDesign

__all__ = ["Proposal", "proposals"]

#: Designs that are named; each leads a group of near-identical ones.
_MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """One therapy that is proposed and was not given.

    Parameters
    ----------
    key
        The product's key with its jurisdiction, or the design's id.
    text
        What it is, beginning with how sure that is.
    gene, acts_on
        What a design acts on; empty for a product.
    """

    key: str
    text: str
    gene: str = ""
    acts_on: str = ""


def proposals(plan: Plan) -> tuple[Proposal, ...]:
    """Return the approved products whose label fits, and the designs that lead their groups and stand.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> proposals(Plan("s", "c", "", "", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), ""))
    ()
    """
    found = [
        Proposal(
            f"product:{match.product}:{match.jurisdiction}",
            f"PROPOSED, NOT GIVEN. The label of the approved product {match.product_name} ({match.jurisdiction}, "
            f"{match.as_of}) fits, as far as the case says. It comes before any new design.",
        )
        for match in plan.products
        if match.verdict is LabelVerdict.FITS
    ]
    leads = [group.lead for group in design_groups(plan) if not group.lead.tier.startswith("stopped")]
    return (*found, *(_of_design(lead, plan) for lead in leads[:_MOST]))


def _of_design(ranked: RankedDesign, plan: Plan) -> Proposal:
    design = ranked.design
    guides = ", ".join(f"guide {guide.spacer} ({guide.pam})" for guide in design.guides)
    made_of = f" with {guides}" if guides else ""
    text = (
        f"HYPOTHESIS, NOT GIVEN. Rank {ranked.rank}, {ranked.tier}: {design.effector_name}{made_of}. {design.purpose} "
        f"{plan.notice}"
    )
    return Proposal(design.design_id, text, design.gene, design.acts_on)
