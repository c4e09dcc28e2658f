"""The design of a pair of cuts: what is lost, what can come of it, and the joined sequence drawn."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.modality.loss import Loss
from revertant.modality.nuclease.excision import JOINING_SOURCES, Excision
from revertant.modality.oligos import guide_oligos
from revertant.modality.protospacers import Protospacer
from revertant.model import (
    Design,
    Effect,
    Estimate,
    Finding,
    Guide,
    Locus,
    Oligo,
    Outcome,
    SequenceView,
    Status,
    Strand,
    Strategy,
    ViewSpan,
)

__all__ = ["excision_design", "excision_findings"]

#: Bases on either side of the junction that are drawn.
SHOWN_NT = 45

_SHARE = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "how often a stretch is lost, turned round or kept is not predicted by this version",
    in_domain=False,
)


def excision_design(
    excision: Excision,
    strategy: Strategy,
    loss: Loss,
    *,
    effect: Effect,
    because: str,
    indels_matter: bool,
    facts: Sequence[tuple[str, str]] = (),
) -> Design:
    """Write the design of a pair of cuts.

    Parameters
    ----------
    excision
        The pair.
    strategy
        What it is for.
    loss
        What the transcript loses.
    effect
        What the clean join does.
    because
        The end of a sentence whose subject is the nuclease.
    indels_matter
        Whether a small insertion or deletion at the junction spoils the purpose: it does in coding sequence.
    facts
        Further facts for tables.
    """
    nuclease = excision.nuclease
    guides = (excision.left.guide(), excision.right.guide())
    junctions = ["|".join(join) for join in excision.junctions()]
    lost = excision.lost
    recut = ", ".join(site.spacer for site in excision.recut_by)
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=guides,
        purpose=f"Two cuts of {nuclease.name} {because}: {len(lost):,} bp are lost.",
        outcomes=_outcomes(lost, effect, indels_matter=indels_matter),
        useful_share=_SHARE,
        oligos=_oligos(guides, nuclease.key),
        view=_joined(excision),
        facts=(
            ("lost_stretch", str(Locus(lost.contig, lost.start, lost.end)).removesuffix(":+")),
            ("lost_bp", str(len(lost))),
            ("junction", " or ".join(junctions)),
            ("ends", nuclease.overhang),
            ("what_is_lost", loss.because),
            ("reading_frame", {True: "kept", False: "shifted", None: "not clear"}[loss.keeps_frame]),
            ("pams", "outside the lost stretch" if excision.is_pam_out else "not both outside"),
            ("site_made_again", recut or "none"),
            ("one_copy_has_both_sites", "yes" if excision.is_certain else "not known"),
            ("why_here", because),
            *facts,
        ),
    )


def _oligos(guides: Sequence[Guide], key: str) -> tuple[Oligo, ...]:
    return tuple(
        Oligo(f"{name}_{oligo.name}", oligo.sequence, oligo.note)
        for name, guide in zip(("left", "right"), guides, strict=True)
        for oligo in guide_oligos(guide, key)
    )


def _outcomes(lost: Locus, effect: Effect, *, indels_matter: bool) -> tuple[Outcome, ...]:
    """What two cuts can leave behind; none has a share."""
    size = f"{len(lost):,} bp"

    def outcome(what: Effect, label: str, *, useful: bool) -> Outcome:
        return Outcome((), what, useful=useful, protein="", label=label, share=_SHARE)

    small = "small insertion or deletion at the junction"
    return (
        outcome(effect, f"{size} lost, the ends joined as they were cut", useful=True),
        outcome(
            Effect.PROTEIN_CHANGED if indels_matter else effect,
            f"{size} lost, with a {small}",
            useful=not indels_matter,
        ),
        outcome(Effect.PROTEIN_CHANGED, f"the {size} turned round and put back", useful=False),
        outcome(
            Effect.NO_EFFECT, "small insertions or deletions at one cut or both, nothing lost", useful=False
        ),
    )


def _joined(excision: Excision) -> SequenceView:
    """The copy as it is after a clean join, with what is left of each guide's site."""
    left, right = excision.left, excision.right
    a, b = max(excision.left_cuts), min(excision.right_cuts)
    low, high = max(0, a - SHOWN_NT), min(len(right.window.bases), b + SHOWN_NT)
    shift = a - low - b  # from an index of the right window to one of the drawing
    bases = left.window.bases[low:a] + right.window.bases[b:high]
    spans = [
        *_kept(left, -low, 0, a - low, "left"),
        *_kept(right, shift, a - low, len(bases), "right"),
        ViewSpan("cut", a - low, a - low, f"{len(excision.lost):,} bp lost here", Strand.PLUS),
        ViewSpan("cut", a - low, a - low, "", Strand.MINUS),
    ]
    locus = Locus(
        left.window.locus.contig,
        left.window.to_reference(low),
        right.window.to_reference(high - 1) + 1,
    )
    return SequenceView(
        locus, bases, tuple(sorted(spans, key=lambda span: (span.start, span.end, span.kind)))
    )


def _kept(site: Protospacer, shift: int, low: int, high: int, name: str) -> list[ViewSpan]:
    """The parts of a guide's site that the joined copy keeps: bases of the spacer by their numbers, and the PAM."""
    spans = []
    first, last = max(site.start + shift, low), min(site.end + shift, high)
    if first < last:
        ends = sorted((site.position_of(first - shift), site.position_of(last - 1 - shift)))
        label = f"{ends[0]}-{ends[1]} of the {name} guide"
        spans.append(ViewSpan("motif", first, last, label, site.strand))
    first, last = max(site.pam_start + shift, low), min(site.pam_start + len(site.pam) + shift, high)
    if last - first == len(site.pam):
        spans.append(ViewSpan("pam", first, last, site.pam_pattern, site.strand))
    for variant in site.window.variants:
        index = site.window.from_reference(variant.start)
        if index is not None and low <= index + shift < high:
            end = min(index + shift + max(1, len(variant.alt)), high)
            spans.append(ViewSpan("variant", index + shift, end, str(variant)))
    return spans


def excision_findings(design: Design) -> tuple[Finding, ...]:
    """Judge what two cuts of one copy bring with them, from the facts noted when the design was made.

    Parameters
    ----------
    design
        From :func:`excision_design`.
    """
    facts = dict(design.facts)
    frame = facts["reading_frame"]
    return (
        Finding(
            "edit.junction",
            Status.CAUTION,
            f"Joined as cut, the copy reads {facts['junction']}; at 71 sites about half of the joins were accurate, "
            "the others held small insertions or deletions.",
            value=facts["junction"],
            sources=JOINING_SOURCES,
        ),
        Finding(
            "edit.what_is_lost",
            {"kept": Status.PASS, "shifted": Status.CAUTION}.get(frame, Status.CAUTION),
            f"{facts['lost_bp']} bp are lost ({facts['lost_stretch']}). {facts['what_is_lost']}",
            value=f"reading frame {frame}",
        ),
        Finding(
            "edit.one_copy_has_both",
            Status.PASS if facts["one_copy_has_both_sites"] == "yes" else Status.UNKNOWN,
            "One copy of this person carries both sites."
            if facts["one_copy_has_both_sites"] == "yes"
            else "Variants near the two sites are not phased with each other: no copy may carry both.",
        ),
        Finding(
            "edit.site_made_again",
            Status.PASS if facts["site_made_again"] == "none" else Status.CAUTION,
            "The junction makes neither guide's site again."
            if facts["site_made_again"] == "none"
            else f"The junction makes a site again ({facts['site_made_again']}): it is cut until an indel ends it.",
            value=facts["site_made_again"],
            threshold="none",
        ),
        Finding(
            "damage.two_cuts",
            Status.CAUTION,
            "Two cuts of one chromosome can also turn the stretch round, keep it with an indel at each cut, or lose "
            "more than was meant; long reads across both cuts would show it.",
            sources=("pmcid:PMC8847327",),
        ),
    )
