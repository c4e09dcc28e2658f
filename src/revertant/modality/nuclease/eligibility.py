"""Whether a nuclease can serve a target, on which routes, and if not, why not."""

from __future__ import annotations

from revertant.modality.mechanism import (
    allele_specific_knock_out_helps,
    correction_helps,
    knock_out_helps,
    site_disruption_helps,
)
from revertant.modality.nuclease.structural import place_finding
from revertant.model import Allele, Finding, Route, Status, Strategy, StructureKind, Target

__all__ = ["NAME", "nuclease_strategies"]

NAME = "nuclease"

#: Structural changes that can be cut out by their flanks.
_CUT_OUT = frozenset({StructureKind.REPEAT_EXPANSION, StructureKind.INSERTION})


def nuclease_strategies(target: Target) -> tuple[Strategy, ...]:
    """Apply nucleases to a target: knock-out of every copy or one, named sites, repeats and duplications.

    A cut alone is not taken to restore an allele, though repair loses some small duplications that way; that is
    said once for each allele rather than left out.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = [Strategy(NAME, Route.KNOCK_OUT, target, (knock_out_helps(target),))]
    for allele in target.alleles:
        restores: tuple[Finding, ...] = (_restores(allele),)
        if allele.structure is not None and allele.structure.kind is StructureKind.TANDEM_DUPLICATION:
            restores = (_collapses(allele), correction_helps(target, allele))
        specific = allele_specific_knock_out_helps(target, allele)
        strategies.append(Strategy(NAME, Route.RESTORE_WILD_TYPE, target, restores, allele=allele))
        strategies.append(Strategy(NAME, Route.ALLELE_SPECIFIC_KNOCK_OUT, target, (specific,), allele=allele))
        if allele.structure is not None and allele.structure.kind in _CUT_OUT:
            findings = (place_finding(allele, target.transcript), correction_helps(target, allele))
            strategies.append(Strategy(NAME, Route.REMOVE_STRETCH, target, findings, allele=allele))
    strategies += [
        Strategy(
            NAME, Route.DISRUPT_REGULATORY_SITE, target, (site_disruption_helps(target, site),), site=site
        )
        for site in target.sites
    ]
    return tuple(strategies)


def _restores(allele: Allele) -> Finding:
    return Finding(
        "chemistry.cut_restores",
        Status.FAIL,
        f"Repair of a cut without a template leaves a mixture of insertions and deletions; it is not taken to "
        f"restore {allele.name}.",
        sources=("doi:10.1038/s41586-018-0686-x",),
        checked=False,
    )


def _collapses(allele: Allele) -> Finding:
    assert allele.structure is not None
    return Finding(
        "chemistry.cut_restores",
        Status.CAUTION,
        f"One guide cuts both copies of the doubled {allele.structure.size_bp:,} bp; joining the outer parts leaves "
        "the single copy, as done in Dmd mice.",
        sources=("pmcid:PMC8103086",),
    )
