"""How far a guide made for one copy still acts on the other: by CFD where that is defined, else not defined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant.knowledge import Nuclease
from revertant.modality.allele_specific import Discrimination
from revertant.modality.protospacers import Protospacer
from revertant.model import Estimate, Finding, Status, Variant, VariantKind
from revertant.offtarget import cfd_score, why_no_cfd
from revertant.offtarget.scoring.scores import CFD_SOURCES
from revertant.offtarget.scoring.tiers import CFD_STEPS, TIER_SOURCES

__all__ = ["activity_on_other", "noted_activity", "other_activity_finding", "other_copy_facts"]

#: CFD on the other copy below which it counts as spared, and from which it counts as cut: the ends of the steps by
#: which off-target sites are sorted.
SPARED_CFD, CUT_CFD = CFD_STEPS[-1], CFD_STEPS[1]

UNIT = "share of the activity on the copy aimed at, 0 to 1"

_SUBSTITUTIONS = frozenset({VariantKind.SUBSTITUTION, VariantKind.MULTI_SUBSTITUTION})


def activity_on_other(protospacer: Protospacer, told: Discrimination, nuclease: Nuclease) -> Estimate:
    """Predict how far the guide still acts on the other copy, relative to its own site.

    Parameters
    ----------
    protospacer
        The guide's site on the copy aimed at.
    told
        How the other copy differs there.
    nuclease
        The nuclease.

    Returns
    -------
    Estimate
        CFD of the other copy's site over CFD of the own one. ``value`` is ``None`` where CFD is not defined: for
        another nuclease, spacer or PAM, and where an indel stands between the copies, since a guide may bridge it
        by a bulge.
    """

    def undefined(why: str) -> Estimate:
        return Estimate(None, UNIT, f"not defined: {why}", in_domain=False, sources=CFD_SOURCES)

    why = why_no_cfd(
        protospacer.spacer, protospacer.pam_pattern, protospacer.pam_side, wild_type=nuclease.cfd_defined
    )
    if why:
        return undefined(why)
    if told.site is None:
        return undefined(
            "the site does not exist on the other copy, and no alignment says what stands for it"
        )
    own, other = protospacer.window, told.site.window
    differing = {*own.variants} ^ {*other.variants}
    site = replace(told.site, window=other).guide().locus.widened(len(protospacer.pam) + 1)
    if any(v.kind not in _SUBSTITUTIONS and v.start < site.end and site.start <= v.end for v in differing):
        return undefined("the copies differ by an insertion or a deletion here, which a bulge may bridge")
    theirs = cfd_score(protospacer.spacer, told.site.spacer, told.site.pam)
    ours = cfd_score(protospacer.spacer, protospacer.spacer, protospacer.pam)
    if theirs is None or not ours:
        return undefined("a base of the site is not known")
    return Estimate(
        round(theirs / ours, 4), UNIT, "CFD of the other copy's site, a ranking score", sources=CFD_SOURCES
    )


def other_activity_finding(activity: Estimate, *, has_no_pam: bool, acts: str = "cut") -> Finding:
    """Judge the predicted activity on the copy that is to be spared.

    Parameters
    ----------
    activity
        From :func:`activity_on_other`.
    has_no_pam
        Whether the other copy has no PAM at all, not even a weak one: then no score is needed.
    acts
        What the guide does there, as a participle.

    Examples
    --------
    >>> other_activity_finding(Estimate(0.5, "", "CFD"), has_no_pam=False).status.value
    'fail'
    """
    rule = "edit.activity_on_other_copy"
    threshold = f"below {SPARED_CFD:g} spared, {CUT_CFD:g} or more {acts} (steps of the off-target tiers)"
    if activity.value is None:
        if has_no_pam:
            text = f"The other copy has no PAM; a score for it is {activity.method}."
            return Finding(rule, Status.PASS, text, "no PAM", threshold, activity.sources)
        text = f"How far the other copy is {acts} is {activity.method}. Measure it on both copies."
        return Finding(rule, Status.UNKNOWN, text, "not defined", threshold, activity.sources)
    status = (
        Status.PASS
        if activity.value < SPARED_CFD
        else Status.CAUTION
        if has_no_pam or activity.value < CUT_CFD
        else Status.FAIL
    )
    words = {Status.PASS: "is expected to be spared", Status.CAUTION: f"may be {acts} now and then"}
    return Finding(
        rule,
        status,
        f"By CFD the other copy {words.get(status, f'is expected to be {acts} too')} ({activity.value:.3f} of the "
        "activity on the copy aimed at); CFD ranks sites and is no measured share.",
        value=f"{activity.value:.3f}",
        threshold=threshold,
        sources=(*activity.sources, *TIER_SOURCES),
    )


def other_copy_facts(
    activity: Estimate | None, handles: Sequence[Variant] = (), number: str = ""
) -> tuple[tuple[str, str], ...]:
    """Write a predicted activity and the handle down as facts of a design.

    Parameters
    ----------
    activity
        From :func:`activity_on_other`; ``None`` when no copy is to be spared.
    handles
        Variants, beside the pathogenic one, by which the guide tells the copies apart.
    number
        Tells the guides of one design apart: ``"left_"``.

    Examples
    --------
    >>> other_copy_facts(Estimate(0.069, "share", "CFD"))
    (('activity_on_other_copy', '0.069'), ('activity_method', 'CFD'))
    """
    if activity is None:
        return ()
    value = "not defined" if activity.value is None else f"{activity.value:g}"
    named = ((f"{number}handle", ", ".join(map(str, handles))),) if handles else ()
    return (
        *named,
        (f"{number}activity_on_other_copy", value),
        (f"{number}activity_method", activity.method),
    )


def noted_activity(facts: dict[str, str], number: str = "") -> Estimate | None:
    """Read back what :func:`other_copy_facts` wrote; ``None`` where nothing was written.

    Examples
    --------
    >>> noted_activity(dict(other_copy_facts(Estimate(0.069, "share", "CFD")))).value
    0.069
    """
    text = facts.get(f"{number}activity_on_other_copy")
    if text is None:
        return None
    value = None if text == "not defined" else float(text)
    return Estimate(
        value, UNIT, facts[f"{number}activity_method"], in_domain=value is not None, sources=CFD_SOURCES
    )
