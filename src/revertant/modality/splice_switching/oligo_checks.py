"""The rules an antisense oligo must answer: sequence, matches elsewhere, delivery, what is not judged."""

from __future__ import annotations

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.safety import tissue_words
from revertant.modality.splice_switching.antisense import DESIGN_SOURCES, LEAST_GC, MOST_GC
from revertant.modality.splice_switching.eligibility import options_for
from revertant.modality.splice_switching.guideline import exon_skipping_points
from revertant.modality.splice_switching.place import place_of
from revertant.model import Design, Finding, Locus, Status

__all__ = ["oligo_findings"]

#: Unmethylated CpG in a phosphorothioate backbone wakes innate immunity.
_CPG_SOURCES = ("doi:10.1038/374546a0",)
#: Off-target effects of splice-switching oligos were measured, and are hard to predict from sequence.
_OFF_TARGET_SOURCES = ("pmcid:PMC6954394",)


def oligo_findings(design: Design, context: AssessmentContext) -> tuple[Finding, ...]:
    """Apply every rule of an oligo design.

    Parameters
    ----------
    design
        A design with antisense oligos.
    context
        The case and the strategy.
    """
    facts = dict(design.facts)
    return (
        *_guideline(design, context),
        _precedent(design),
        _on_patient_sequence(design, context),
        _composition(design, facts),
        *_flag_findings(facts),
        *_elsewhere(facts),
        _activity(),
        *_delivery(design, context),
        Finding(
            "immunity.editor",
            Status.NOT_APPLICABLE,
            "An oligo brings no foreign protein; see the backbone's risks.",
        ),
        Finding(
            "oligo.backbone",
            Status.UNKNOWN,
            "Effects of the backbone on platelets, kidney, liver and complement are not judged here.",
        ),
        Finding(
            "oligo.duration",
            Status.CAUTION,
            "An oligo changes no DNA: it wears off, can be stopped, and has to be given again and again.",
        ),
    )


def _guideline(design: Design, context: AssessmentContext) -> tuple[Finding, ...]:
    """The decision points of the guideline go with each oligo, read for the exons that this one leaves out.

    The strategy's own points were read for the first of several sets of exons.
    """
    target, allele = context.strategy.target, context.strategy.allele
    skipped = design.splicing.skipped if design.splicing is not None else ()
    points = context.strategy.findings
    if skipped and allele is not None:
        own = tuple(option for option in options_for(allele, target) if option.skipped == skipped)
        points = exon_skipping_points(target, place_of(allele, target.transcript), own)
    return tuple(finding for finding in points if finding.rule.startswith("n1c."))


def _precedent(design: Design) -> Finding:
    rule = "knowledge.precedent"
    rows = [knowledge.antisense_for(oligo.sequence) for oligo in design.antisense]
    row = next((one for one in rows if one is not None), None)
    if row is None:
        return Finding(rule, Status.NOT_APPLICABLE, "No use of this very oligo is known here.")
    return Finding(
        rule,
        Status.PASS if row.checked else Status.CAUTION,
        f"{row.name}: {row.use}",
        value=row.stage,
        sources=row.sources,
        checked=row.checked,
    )


def _on_patient_sequence(design: Design, context: AssessmentContext) -> Finding:
    """Say on whose sequence the oligo was made; an oligo has no guide to ask."""
    rule = "guide.on_patient_sequence"
    called = context.called
    if called is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            "No genome of the patient was given: the oligo is read from the reference and the case's variants. A "
            "further variant under it would weaken it.",
        )
    if not all(
        any(oligo.locus.overlaps(Locus(*stretch)) for stretch in called) for oligo in design.antisense
    ):
        return Finding(
            rule,
            Status.UNKNOWN,
            "The patient's VCF has no records around this oligo: a variant would not be seen.",
        )
    if any("putative" in oligo.haplotypes for oligo in design.antisense):
        return Finding(
            rule,
            Status.CAUTION,
            "Variants near the oligo are not phased: the patient may not carry this sequence.",
        )
    copies = " and ".join(dict.fromkeys(copy for oligo in design.antisense for copy in oligo.haplotypes))
    return Finding(
        rule, Status.PASS, f"The oligo matches the patient's copy {copies} to the base.", value=copies
    )


def _composition(design: Design, facts: dict[str, str]) -> Finding:
    shares = [
        sum(base in "GC" for base in oligo.sequence) / len(oligo.sequence) for oligo in design.antisense
    ]
    inside = all(LEAST_GC <= share <= MOST_GC for share in shares)
    return Finding(
        "oligo.gc_content",
        Status.PASS if inside else Status.CAUTION,
        f"{facts['gc_content']} of the oligo is G or C; against DMD, effective oligos had more than ineffective ones.",
        value=facts["gc_content"],
        threshold=f"{LEAST_GC:.0%} to {MOST_GC:.0%} (this project's own rule of thumb)",
        sources=DESIGN_SOURCES,
    )


def _flag_findings(facts: dict[str, str]) -> tuple[Finding, ...]:
    flags = facts["flags"]
    found = []
    for rule, word, text, sources in (
        ("oligo.cpg", "CpG", "CpG can wake innate immunity; methylated C avoids it.", _CPG_SOURCES),
        ("oligo.self_complementary", "fold", "The oligo may fold or pair with itself.", DESIGN_SOURCES),
        ("oligo.quadruplex", "quadruplex", "Runs of G may form a quadruplex.", ()),
    ):
        named = [flag for flag in flags.split("; ") if word in flag]
        found.append(
            Finding(
                rule,
                Status.CAUTION if named else Status.PASS,
                f"{text} Here: {', '.join(named)}." if named else "Nothing of the kind in this oligo.",
                value=", ".join(named) or "none",
                sources=sources,
                checked=sources != _CPG_SOURCES,
            )
        )
    return tuple(found)


def _elsewhere(facts: dict[str, str]) -> tuple[Finding, ...]:
    whole = facts["searched_whole_genome"] == "yes"
    perfect, near = facts["perfect_matches_elsewhere"], facts["one_mismatch_elsewhere"]
    where = "in the genome" if whole else f"in the {facts['searched_bases']} bases searched"
    clean = perfect == "0" and near == "0"
    status = Status.CAUTION if not clean else Status.PASS if whole else Status.UNKNOWN
    text = (
        f"{perfect} further perfect matches and {near} with one mismatch {where}, both strands; more mismatches and "
        "this person's own variants were not searched."
    )
    return (
        Finding(
            "offtarget.coverage",
            Status.PASS if whole else Status.UNKNOWN,
            f"The oligo was looked up in {facts['searched_bases']} bases"
            + (", a whole genome." if whole else ", which are not the whole genome."),
            value=f"{facts['searched_bases']} bases",
        ),
        Finding(
            "oligo.matches_elsewhere",
            status,
            text,
            value=f"{perfect} and {near}",
            threshold="0 and 0",
            sources=_OFF_TARGET_SOURCES,
        ),
    )


def _activity() -> Finding:
    return Finding(
        "oligo.activity",
        Status.UNKNOWN,
        "How well this oligo works is not predicted: test several in cells of the patient and read RNA.",
        sources=DESIGN_SOURCES,
    )


def _delivery(design: Design, context: AssessmentContext) -> tuple[Finding, ...]:
    """Whether an oligo of this chemistry has acted in each tissue that has to be reached."""
    target = context.strategy.target
    if not target.tissues:
        text = f"The tissue to be treated is not known for {target.gene}. State it in the case (tissue)."
        return (Finding("delivery.vehicle", Status.UNKNOWN, text),)
    chemistry = design.antisense[0].chemistry
    found = []
    for tissue in target.tissues:
        rule = (
            "delivery.vehicle" if tissue == target.tissues[0] else f"delivery.also_{tissue.replace(' ', '_')}"
        )
        rows = [row for row in knowledge.antisense_reaching(tissue) if row.chemistry == chemistry]
        if not rows:
            text = f"No oligo of this chemistry ({chemistry}) is known here to have acted in {tissue_words(tissue)}."
            found.append(Finding(rule, Status.UNKNOWN, text, value=tissue))
            continue
        row = rows[0]
        found.append(
            Finding(
                rule,
                Status.PASS if row.stage in {"approved", "clinical"} else Status.CAUTION,
                f"{row.name} of the same chemistry acts in {row.tissue.value}, given {row.route} ({row.stage}). "
                "Without a vehicle: it enters cells by itself.",
                value=f"{row.route} ({row.stage})",
                threshold="clinical use in this tissue",
                sources=row.sources,
                checked=row.checked,
            )
        )
    return tuple(found)
