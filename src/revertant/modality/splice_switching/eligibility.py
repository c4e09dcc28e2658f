"""Whether a changed splicing pattern can serve a target."""

from __future__ import annotations

from revertant.model import (
    Allele,
    ConsequenceTerm,
    Finding,
    Mechanism,
    Route,
    Status,
    Strategy,
    Target,
)

__all__ = ["NAME", "splice_switching_strategies"]

NAME = "splice_switching"


#: Consequences that explain no disease by themselves: then splicing is the likely way.
_NEAR_SPLICE = frozenset({ConsequenceTerm.SPLICE_REGION, ConsequenceTerm.INTRON, ConsequenceTerm.SYNONYMOUS})


def splice_switching_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge skipping the exon of each allele, and hiding a wrong splice site the allele has made.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = []
    for allele in target.alleles:
        strategies.append(
            Strategy(NAME, Route.SKIP_EXON, target, (_skipping(allele, target),), allele=allele)
        )
        hiding = _hiding(allele, target)
        strategies.append(Strategy(NAME, Route.DISRUPT_SPLICE_SITE, target, (hiding,), allele=allele))
    return tuple(strategies)


def _skipping(allele: Allele, target: Target) -> Finding:
    """Whether leaving the exon out keeps the reading frame."""
    rule = "splice.exon_in_frame"
    number = allele.consequence.exon
    transcript = target.transcript
    if number is None or not transcript.coding_exons:
        return Finding(rule, Status.FAIL, f"{allele.name} lies in no coding exon that could be left out.")
    start, end = transcript.ordered_exons[number - 1]
    assert transcript.cds is not None
    coding = min(end, transcript.cds[1]) - max(start, transcript.cds[0])
    if number in {1, len(transcript.exons)} or coding != end - start:
        return Finding(rule, Status.FAIL, f"Exon {number} holds the start or the end of the protein.")
    if coding % 3:
        return Finding(
            rule,
            Status.FAIL,
            f"Exon {number} has {coding} bases: leaving it out shifts the reading frame.",
            value=f"{coding} bp",
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        f"Leaving out exon {number} ({coding} bases) keeps the frame; whether a protein without it works is not "
        "known here.",
        value=f"{coding} bp",
    )


def _hiding(allele: Allele, target: Target) -> Finding:
    """Whether the allele is known to act through a wrong splice site."""
    rule = "splice.wrong_site"
    if target.mechanism is Mechanism.SPLICE:
        return Finding(
            rule,
            Status.CAUTION,
            f"{allele.name} is stated to act through splicing: the wrong site could be hidden; confirm on RNA.",
        )
    if allele.consequence.worst in _NEAR_SPLICE:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"Whether {allele.name} makes a wrong splice site has not been shown: RNA of the patient would tell.",
        )
    return Finding(rule, Status.FAIL, f"{allele.name} makes no wrong splice site that could be hidden.")
