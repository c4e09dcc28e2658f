"""Rules every editing design answers: delivery, damage at the cut, immunity, conditioning, the guide itself."""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.modality.damage import cut_damage_findings, nick_damage_findings, risk_finding
from revertant.modality.oligos import POL3_TERMINATOR
from revertant.model import Case, Design, EditingPlace, Finding, Locus, Status, Strategy, Target

__all__ = [
    "TERMINATOR_SOURCES",
    "best_vehicle",
    "catalogue_finding",
    "conditioning_finding",
    "cut_damage_findings",
    "delivery_findings",
    "guide_findings",
    "haplotype_finding",
    "nick_damage_findings",
    "site_findings",
    "tissue_words",
    "vehicle_risk_findings",
]

_WORDS = {EditingPlace.IN_VIVO: "in the body", EditingPlace.EX_VIVO: "outside the body"}

#: Which protein a nuclease's key stands for, as the immunity facts name it.
_PROTEINS = (("spcas9", "SpCas9"), ("sacas9", "SaCas9"), ("ascas12a", "AsCas12a"), ("lbcas12a", "LbCas12a"))

#: U6 ends transcription at a run of four T (Pol III terminator).
TERMINATOR_SOURCES = ("doi:10.1016/0092-8674(81)90522-5",)


def delivery_findings(
    design: Design, target: Target, case: Case, cargo_bp: int | None
) -> tuple[Finding, ...]:
    """Judge delivery, immunity to editor and vehicle, and conditioning.

    Parameters
    ----------
    design
        The design.
    target
        Says which tissue must be reached, and whether in or outside the body.
    case
        For serology.
    cargo_bp
        Coding length of the editor (a lower bound is enough to rule a vehicle out); ``None`` when not known.
    """
    if not target.tissues:
        unknown = Finding(
            "delivery.vehicle",
            Status.UNKNOWN,
            f"The tissue to be treated is not known for {target.gene}. State it in the case (tissue).",
        )
        return (unknown, _editor_immunity(design, target), conditioning_finding(target, None))
    delivered = tuple(_delivered(design, target, tissue, cargo_bp) for tissue in target.tissues)
    vehicle = best_vehicle(target, cargo_bp)
    if vehicle is None:
        return (*delivered, _editor_immunity(design, target), conditioning_finding(target, None))
    return (
        *delivered,
        *vehicle_risk_findings(vehicle, target.tissues[0]),
        _vehicle_immunity(vehicle, case),
        _editor_immunity(design, target),
        conditioning_finding(target, vehicle),
    )


def best_vehicle(target: Target, cargo_bp: int | None) -> knowledge.Vehicle | None:
    """Return the best proven vehicle into the main tissue; ``None`` when none is known."""
    if not target.tissues:
        return None
    fits = knowledge.vehicles_for(target.tissues[0], cargo_bp, target.editing_place)
    return fits[0].vehicle if fits else None


def _delivered(design: Design, target: Target, tissue: str, cargo_bp: int | None) -> Finding:
    """Judge delivery into one tissue. The main tissue's finding is the gate; further tissues are named."""
    main = tissue == target.tissues[0]
    rule = "delivery.vehicle" if main else f"delivery.also_{tissue.replace(' ', '_')}"
    fits = knowledge.vehicles_for(tissue, cargo_bp, target.editing_place)
    if not fits:
        place = f" {_WORDS[target.editing_place]}" if target.editing_place else ""
        cargo = f" with a cargo of {cargo_bp} bp or more" if cargo_bp else ""
        text = (
            f"No vehicle is known here to have brought an editor{cargo} into {tissue_words(tissue)}{place}."
        )
        return Finding(rule, Status.FAIL, text, value=tissue)
    vehicle, because = fits[0]
    evidence = vehicle.evidence(tissue)
    return Finding(
        rule,
        Status.PASS if evidence.rank >= knowledge.Evidence.CLINICAL.rank else Status.CAUTION,
        f"{vehicle.name}: {because}{_not_counted(design) if vehicle.capacity_bp and cargo_bp else ''}",
        value=f"{vehicle.name} ({evidence.value})",
        threshold="clinical use in this tissue",
        sources=vehicle.sources,
        checked=vehicle.checked,
    )


def tissue_words(tissue: str) -> str:
    """Write a tissue for people.

    Examples
    --------
    >>> tissue_words("liver"), tissue_words("widespread")
    ('liver', 'every tissue that would need it')
    """
    return "every tissue that would need it" if tissue == knowledge.Tissue.WIDESPREAD else tissue


def _not_counted(design: Design) -> str:
    """Say what a lower bound of an editor's length leaves out; empty when the length is the whole one."""
    if design.effector in knowledge.epigenome_editors() or design.effector in knowledge.prime_editors():
        return " That is a lower bound: linkers and tags are not counted."
    editor = knowledge.editors().get(design.effector)
    if editor is None or editor.cargo_bp is not None:
        return ""
    parts = "linkers and tags" if editor.fused_residues else "deaminase, linkers and tags"
    return f" That is a lower bound: {parts} are not counted."


def vehicle_risk_findings(vehicle: knowledge.Vehicle, tissue: str) -> tuple[Finding, ...]:
    """Say what this kind of vehicle, given this way, has done to people.

    Parameters
    ----------
    vehicle, tissue
        What is given, and what it is to reach.
    """
    known = knowledge.risks("vehicle", knowledge.tissue_named(tissue))
    return tuple(
        risk_finding(f"vehicle.{risk.key}", risk)
        for risk in known
        if vehicle.kind in risk.vehicle_kinds and risk.vehicle_route in {"", vehicle.route}
    )


def _vehicle_immunity(vehicle: knowledge.Vehicle, case: Case) -> Finding:
    """A missing antibody titre is not a negative one."""
    rule = "immunity.vehicle"
    if vehicle.kind == "LNP":
        return Finding(
            rule,
            Status.UNKNOWN,
            "Reactions to a lipid nanoparticle (antibodies against PEG, infusion reactions) are not judged here.",
        )
    if not vehicle.capsid:
        return Finding(
            rule, Status.NOT_APPLICABLE, f"{vehicle.name} has no capsid to which antibodies would bind."
        )
    results = [s for s in case.serology if s.target.upper() == vehicle.capsid.upper()]
    if not results:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"No antibody result against {vehicle.capsid} is given; a missing titre is not a negative one.",
        )
    latest = max(results, key=lambda result: result.date)
    if latest.titre is None or latest.below:
        limit = f"below 1:{latest.titre:g}" if latest.titre is not None else "not detected"
        return Finding(
            rule, Status.PASS, f"Antibodies against {vehicle.capsid} are {limit} ({latest.assay})."
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"Antibodies against {vehicle.capsid} at 1:{latest.titre:g} ({latest.assay}); cut-offs differ by product.",
        value=f"1:{latest.titre:g}",
    )


def _editor_immunity(design: Design, target: Target) -> Finding:
    """Whether the person's immune system meets the bacterial protein. Only a test of this person can pass."""
    rule = "immunity.editor"
    nuclease = knowledge.nuclease_behind(design.effector)
    protein = _protein(nuclease) if nuclease else ""
    # A fact with a figure describes a population; one without may describe a single tissue.
    facts = sorted(knowledge.immunity_to(protein) if protein else (), key=lambda fact: not fact.share)
    if target.editing_place is EditingPlace.EX_VIVO:
        common = f" {facts[0].statement}" if facts else ""
        return Finding(
            rule,
            Status.CAUTION,
            f"Cells are edited outside the body, so they should hold little of the editor when they return.{common}",
            sources=facts[0].sources if facts else (),
            checked=facts[0].checked if facts else True,
        )
    if not facts:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"Pre-existing immunity to {design.effector_name} is not known here; measure it.",
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        f"{facts[0].statement} This patient was not tested.",
        value=facts[0].share,
        sources=facts[0].sources,
        checked=facts[0].checked,
    )


def _protein(nuclease: knowledge.Nuclease) -> str:
    """The bacterial protein a nuclease is or was engineered from; empty when nothing is known of immunity to it.

    A few exchanged residues leave most of what antibodies and T cells see.
    """
    return next(
        (
            name
            for start, name in _PROTEINS
            if nuclease.key.startswith(start) or nuclease.origin.startswith(f"engineered {name}")
        ),
        "",
    )


def conditioning_finding(target: Target, vehicle: knowledge.Vehicle | None) -> Finding:
    """Judge whether room must be made in the marrow for cells treated outside the body.

    Parameters
    ----------
    target
        Its main tissue and where its cells are treated.
    vehicle
        What is used; ``None`` where none is known.
    """
    rule = "conditioning"
    place = target.editing_place or (vehicle.place if vehicle else None)
    if place is None:
        return Finding(rule, Status.UNKNOWN, "Whether cells are edited in or outside the body is not known.")
    if place is not EditingPlace.EX_VIVO:
        return Finding(rule, Status.NOT_APPLICABLE, "Treatment in the body needs no conditioning.")
    tissue = knowledge.tissue_named(target.tissues[0]) if target.tissues else None
    known = knowledge.risks("conditioning", tissue) if tissue else ()
    if not known:
        return Finding(rule, Status.UNKNOWN, "What conditioning these cells need is not known here.")
    return risk_finding(rule, known[0])


def guide_findings(design: Design) -> tuple[Finding, ...]:
    """Judge what the spacers are made of."""
    findings = []
    for guide in design.guides:
        at = guide.spacer.find(POL3_TERMINATOR)
        findings.append(
            Finding(
                "guide.pol3_terminator",
                Status.PASS if at < 0 else Status.CAUTION,
                "The spacer has no run of four T that would end transcription from U6."
                if at < 0
                else f"TTTT at position {at + 1} ends transcription from U6: order the guide as synthetic RNA.",
                value=guide.spacer,
                sources=TERMINATOR_SOURCES,
                checked=True,
            )
        )
        share = sum(base in "GC" for base in guide.spacer) / len(guide.spacer)
        inside = 0.2 <= share <= 0.8
        findings.append(
            Finding(
                "guide.gc_content",
                Status.PASS if inside else Status.CAUTION,
                f"{share:.0%} of the spacer is G or C.",
                value=f"{share:.0%}",
                threshold="20 % to 80 % (this project's own rule of thumb)",
            )
        )
        findings.append(_activity(design))
    return tuple(findings)


def _activity(design: Design) -> Finding:
    """What is known of how well a guide works: a prediction from letters is no measurement, so never a pass."""
    rule = "guide.activity"
    facts = dict(design.facts)
    if unit := facts.get("predicted_activity_is"):
        return Finding(
            rule,
            Status.CAUTION,
            f"Predicted from its letters ({unit}); cells, delivery and chromatin decide as much. Measure it.",
            value=facts["predicted_activity"],
        )
    if design.pegrnas and design.useful_yield is not None and design.useful_yield.value is not None:
        return Finding(rule, Status.NOT_APPLICABLE, "How much the pegRNA writes is predicted instead.")
    # Where a model was asked and declined, the fact is its reason.
    reason = facts.get("predicted_activity", "no model covers this effector")
    return Finding(rule, Status.UNKNOWN, f"How active this guide is was not predicted: {reason}.")


def site_findings(strategy: Strategy) -> tuple[Finding, ...]:
    """Pass on what the catalogue warns of at a regulatory site (a second copy, a deletion between two)."""
    site = strategy.site
    if site is None or not site.note:
        return ()
    return (
        Finding(
            "site.note", Status.CAUTION, site.note, site.name, sources=site.sources, checked=site.checked
        ),
    )


def haplotype_finding(design: Design, called: Sequence[tuple[str, int, int]] | None) -> Finding:
    """Say on whose sequence the guide was designed.

    Parameters
    ----------
    design
        The design.
    called
        Stretches on which the patient's VCF has records; ``None`` without a VCF.
    """
    rule = "guide.on_patient_sequence"
    guides = design.guides
    if called is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            "No genome of the patient was given: the guide is read from the reference and the case's variants. A "
            "further variant under the guide would change it.",
        )
    if not all(any(guide.locus.overlaps(Locus(*stretch)) for stretch in called) for guide in guides):
        return Finding(
            rule,
            Status.UNKNOWN,
            "The patient's VCF has no records around this guide: it is read from the reference, and a variant under "
            "it would not be seen.",
        )
    if any("putative" in guide.haplotypes for guide in guides):
        return Finding(
            rule,
            Status.CAUTION,
            "Variants near the guide are not phased: the patient may not carry exactly this sequence.",
        )
    changed = sorted({str(variant) for guide in guides for variant in guide.variants})
    if changed:
        return Finding(
            rule,
            Status.PASS,
            f"The guide is read from the patient's own copies, which differ from the reference here: "
            f"{', '.join(changed)}.",
            value=", ".join(changed),
        )
    return Finding(rule, Status.PASS, "The patient's own copies equal the reference under this guide.")


def catalogue_finding(
    rule: str, what: str, row: knowledge.BaseEditor | knowledge.PrimeEditor | knowledge.Nuclease, value: str
) -> Finding:
    """Say whether a catalogue row's facts (``what``) were checked against their source."""
    basis = row.checked_against or "not checked against the primary source"
    return Finding(
        rule,
        Status.PASS if row.checked else Status.UNKNOWN,
        f"{what} of {row.name}: {basis.rstrip('.')}.",
        value=value,
        sources=row.sources,
        checked=row.checked,
    )
