"""Whether a nuclease can serve a target, on which routes, and if not, why not."""

from __future__ import annotations

from revertant.modality.mechanism import (
    allele_specific_knock_out_helps,
    knock_out_helps,
    site_disruption_helps,
)
from revertant.model import Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "nuclease_strategies"]

NAME = "nuclease"


def nuclease_strategies(target: Target) -> tuple[Strategy, ...]:
    """Apply nucleases to a target: knock-out, allele-specific knock-out, disruption of named sites.

    A cut alone is not taken to restore an allele, though repair loses some small duplications that way; that is
    said once for each allele rather than left out.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = [Strategy(NAME, Route.KNOCK_OUT, target, (knock_out_helps(target),))]
    for allele in target.alleles:
        no_template = Finding(
            "chemistry.cut_restores",
            Status.FAIL,
            f"Repair of a cut without a template leaves a mixture of insertions and deletions; it is not taken to "
            f"restore {allele.name}.",
            sources=("doi:10.1038/s41586-018-0686-x",),
            checked=False,
        )
        specific = allele_specific_knock_out_helps(target, allele)
        strategies.append(Strategy(NAME, Route.RESTORE_WILD_TYPE, target, (no_template,), allele=allele))
        strategies.append(Strategy(NAME, Route.ALLELE_SPECIFIC_KNOCK_OUT, target, (specific,), allele=allele))
    strategies += [
        Strategy(
            NAME, Route.DISRUPT_REGULATORY_SITE, target, (site_disruption_helps(target, site),), site=site
        )
        for site in target.sites
    ]
    return tuple(strategies)
