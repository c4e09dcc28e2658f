"""What a cut or a nick can do to the DNA around it."""

from __future__ import annotations

from revertant import knowledge
from revertant.model import Finding, Status

__all__ = ["cut_damage_findings", "nick_damage_findings", "risk_finding"]

#: The risk of a cut that only a viral vehicle brings with it.
_OF_AAV = "dsb_aav_integration"

#: Cytosine editors change DNA away from the guide in mouse embryos and in rice, and RNA in human cells.
_DEAMINASE_SOURCES = (
    "doi:10.1126/science.aav9973",
    "doi:10.1126/science.aaw7166",
    "doi:10.1038/s41586-019-1161-z",
)


def risk_finding(rule: str, risk: knowledge.RiskFact) -> Finding:
    """Pass on a known risk as a caution."""
    return Finding(
        rule,
        Status.CAUTION,
        f"{risk.name}: {risk.statement} {risk.mitigation}",
        sources=risk.sources,
        checked=risk.checked,
    )


def cut_damage_findings(vehicle: knowledge.Vehicle | None = None) -> tuple[Finding, ...]:
    """Say what a double-strand break can do: a caution for each risk, on every nuclease design.

    Parameters
    ----------
    vehicle
        The vehicle: only where it is an AAV can its genome be caught in the cut. Unknown counts as possible.

    Examples
    --------
    >>> {finding.status.value for finding in cut_damage_findings()}
    {'caution'}
    """
    viral = vehicle is None or "AAV" in vehicle.kind
    return tuple(
        risk_finding(f"damage.{risk.key}", risk)
        for risk in knowledge.risks("double_strand_break")
        if viral or risk.key != _OF_AAV
    )


def nick_damage_findings(*, prime: bool = False, second_nick: bool = False) -> tuple[Finding, ...]:
    """Say what an editor's nick can do: rarely a break, so one caution and no double-strand-break rules.

    Parameters
    ----------
    prime
        A prime editor, which has no deaminase; else a base editor.
    second_nick
        Whether the other strand is nicked as well, by a guide or by a second pegRNA.

    Examples
    --------
    >>> [finding.rule for finding in nick_damage_findings(prime=True)]
    ['damage.nick']
    """
    cut = "both strands, one nick each" if second_nick else "one strand"
    nick = Finding(
        "damage.nick",
        Status.CAUTION,
        f"A {'prime' if prime else 'base'} editor cuts {cut}; a small share of alleles still ends with indels, and "
        "rarely with a large deletion or a translocation. Measure them.",
        sources=("doi:10.1038/s41587-023-01915-4",),
        checked=True,
    )
    if prime:
        return (nick,)
    elsewhere = Finding(
        "deaminase.elsewhere",
        Status.UNKNOWN,
        "A deaminase can act away from the guide, on DNA and on RNA; no sequence search can find that. "
        "Transcriptome and whole-genome sequencing of edited cells would show it.",
        sources=_DEAMINASE_SOURCES,
        checked=True,
    )
    return nick, elsewhere
