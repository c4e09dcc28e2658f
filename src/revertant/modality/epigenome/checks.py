"""The rules an epigenome design must answer."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.genome import GeneModels
from revertant.knowledge import EpigenomeEditor, epigenome_editors
from revertant.modality.contract import AssessmentContext
from revertant.modality.epigenome.promoter import (
    BIDIRECTIONAL_SOURCES,
    ISLAND_SOURCES,
    offset_of,
)
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.precedent import precedent_finding
from revertant.modality.safety import (
    delivery_findings,
    guide_findings,
    haplotype_finding,
)
from revertant.model import Assessment, Design, Finding, Locus, OffTargetReport, Route, Status, Transcript

__all__ = ["assess_epigenome_edit"]

#: Start sites differ between tissues; FANTOM's CAGE peaks are what the windows were measured on.
CAGE_SOURCES = ("doi:10.1038/nature13182", "doi:10.7554/eLife.19760")
CRISPROFF_SOURCES = ("doi:10.1016/j.cell.2021.03.025",)
#: dCas9 binds many places by its seed alone; CFD was measured on cutting.
BINDING_SOURCES = ("doi:10.1038/nbt.2889", "doi:10.1038/nbt.2916")


def assess_epigenome_edit(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every epigenome rule to one design.

    Parameters
    ----------
    design
        An epigenome design.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    editor = epigenome_editors()[design.effector]
    facts = dict(design.facts)
    off_targets = [
        finding
        for finding in off_target_findings(context.off_targets, context.called)
        if finding.rule != "offtarget.coding_site"  # what only binds changes no coding sequence
    ]
    findings = (
        Finding(
            "edit.useful_share",
            Status.UNKNOWN,
            f"How far {design.gene} is {'raised' if design.route is Route.RAISE_EXPRESSION else 'silenced'} is not "
            "predicted by this version; measure RNA and protein.",
        ),
        _start(facts),
        _window(facts, editor),
        _copies(facts),
        _neighbours(facts),
        _island(facts, editor),
        *_methylation(editor),
        Finding(
            "edit.durability",
            Status.PASS if editor.lasting and editor.checked else Status.CAUTION,
            editor.durability,
            value="lasting" if editor.lasting else "while the editor is expressed",
            sources=editor.durability_sources,
            checked=editor.durability_checked,
        ),
        precedent_finding(design),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_targets,
        _in_promoters(design, context),
        *delivery_findings(design, context.strategy.target, context.case, editor.least_cargo_bp),
        Finding(
            "damage.no_break",
            Status.PASS,
            "The editor binds and does not cut: no strand is broken, and the sequence stays as it is.",
            sources=editor.sources[:1],
            checked=editor.checked,
        ),
        Finding(
            "knowledge.editor",
            Status.PASS if editor.checked else Status.UNKNOWN,
            f"Windows of {editor.name}: "
            f"{(editor.checked_against or 'not checked against the primary source').rstrip('.')}. {editor.note}",
            value=f"{editor.window[0]} to {editor.window[1]} bp",
            sources=editor.sources,
            checked=editor.checked,
        ),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _start(facts: dict[str, str]) -> Finding:
    """The start is the gene model's: no measurement of where this tissue starts."""
    starts = facts["starts_of_the_gene"]
    several = (
        "" if starts == "0" else f" The gene's transcripts start at {starts} bp; others may be used instead."
    )
    return Finding(
        "edit.transcription_start",
        Status.CAUTION,
        f"The start is that of the gene model ({facts['transcription_start']}); start sites measured by CAGE in the "
        f"tissue to be treated are not used here, and the windows were measured on those.{several}",
        value=facts["transcription_start"],
        sources=CAGE_SOURCES,
        checked=False,
    )


def _window(facts: dict[str, str], editor: EpigenomeEditor) -> Finding:
    in_core = facts["in_core_window"] == "yes"
    return Finding(
        "edit.target_in_core_window",
        Status.PASS if in_core else Status.CAUTION,
        f"The PAM lies {facts['distance_from_start_bp']} bp from the start, {'inside' if in_core else 'outside'} the "
        f"best window of {editor.name} ({facts['core_window_bp']} bp).",
        value=f"{facts['distance_from_start_bp']} bp",
        threshold=f"{facts['core_window_bp']} bp",
        sources=editor.sources,
        checked=editor.checked,
    )


def _copies(facts: dict[str, str]) -> Finding:
    rule = "edit.spares_healthy_copy"
    if "told_apart_by" not in facts:
        return Finding(rule, Status.NOT_APPLICABLE, "The promoters of both copies are meant.")
    sure = facts["told_apart_by"] == "pam"
    text = facts["why_here"]
    if not sure:
        text += (
            " How far the editor still acts on the other copy is not defined: CFD was measured on cutting, and a "
            "Cas9 that only binds asks for less of the spacer."
        )
    return Finding(
        rule,
        Status.PASS if sure else Status.UNKNOWN,
        text,
        value=facts["healthy_copy_site"],
        sources=() if sure else BINDING_SOURCES,
        checked=sure,
    )


def _neighbours(facts: dict[str, str]) -> Finding:
    named = facts["other_genes_starting_here"]
    if named == "none":
        return Finding(
            "edit.neighbouring_start",
            Status.PASS,
            "No other gene of the gene models starts in the editor's window or shares a bidirectional promoter.",
            value=named,
        )
    return Finding(
        "edit.neighbouring_start",
        Status.CAUTION,
        f"Other genes start here and may be switched too: {named} (bp from this start).",
        value=named,
        threshold="none",
        sources=BIDIRECTIONAL_SOURCES,
        checked=False,
    )


def _island(facts: dict[str, str], editor: EpigenomeEditor) -> Finding:
    rule = "edit.cpg_island"
    if not editor.methylates:
        return Finding(rule, Status.NOT_APPLICABLE, "This editor does not act through DNA methylation.")
    density, island = facts["cpg_per_100_bp"], facts["cpg_island"]
    if island == "not known":
        return Finding(
            rule, Status.UNKNOWN, "The promoter's CpG could not be counted: the reference ends here."
        )
    if island == "yes":
        text = f"The promoter has a CpG island ({density} CpG per 100 bp): there is much to be methylated."
        return Finding(rule, Status.PASS, text, f"{density} per 100 bp", sources=ISLAND_SOURCES)
    return Finding(
        rule,
        Status.CAUTION,
        f"The promoter has no CpG island ({density} CpG per 100 bp); most such genes could be silenced too.",
        value=f"{density} per 100 bp",
        sources=CRISPROFF_SOURCES,
    )


def _methylation(editor: EpigenomeEditor) -> tuple[Finding, ...]:
    if not editor.needs_methylated:
        return ()
    return (
        Finding(
            "edit.promoter_is_methylated",
            Status.UNKNOWN,
            "This editor takes DNA methylation off: it helps only where the promoter is methylated, which the promoter "
            "of an intact, active copy is not. Measure methylation in the tissue.",
            sources=editor.sources,
            checked=False,
        ),
    )


def _in_promoters(design: Design, context: AssessmentContext) -> Finding:
    """Sites from which the editor would act on another gene: those within its window around another start."""
    rule = "offtarget.in_promoter"
    if context.off_targets is None:
        return Finding(rule, Status.UNKNOWN, "Not known without a search.")
    if not context.models.transcripts:
        return Finding(rule, Status.UNKNOWN, "No gene models were given: promoters are not known.")
    window = epigenome_editors()[design.effector].window
    genes = _genes_reached(design.gene, context.off_targets, context.models, window)
    threshold = f"none from {window[0]} to {window[1]} bp around a start"
    if genes:
        first = "; ".join(f"{gene} ({edits} edits)" for gene, edits in list(genes.items())[:8])
        return Finding(
            rule,
            Status.CAUTION,
            f"Sites in the promoters of {len(genes)} other genes, which may be switched too: {first}. Binding asks "
            "for less of the spacer than cutting; measure the transcriptome.",
            value=str(len(genes)),
            threshold=threshold,
            sources=BINDING_SOURCES,
            checked=False,
        )
    sure = all(r.coverage.genome_wide and r.holds_every_site for r in context.off_targets)
    return Finding(
        rule,
        Status.PASS if sure else Status.UNKNOWN,
        "None of the sites found lies in the promoter of another gene"
        f"{' of the gene models' if sure else '; not every base was searched, or not every site was looked at'}.",
        value="0",
        threshold=threshold,
    )


def _genes_reached(
    own: str, reports: Sequence[OffTargetReport], models: GeneModels, window: tuple[int, int]
) -> dict[str, int]:
    """Other genes with a site in the window of a start, each with its fewest edits, fewest first."""
    reach = max(abs(window[0]), abs(window[1]))
    found: dict[str, int] = {}
    for report in reports:
        for site in report.present_sites:
            near = Locus(site.locus.contig, max(0, site.locus.start - reach), site.locus.end + reach)
            for transcript in models.overlapping(near):
                if transcript.gene != own and _is_reached(transcript, site.locus, window):
                    found[transcript.gene] = min(site.edits, found.get(transcript.gene, site.edits))
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _is_reached(transcript: Transcript, site: Locus, window: tuple[int, int]) -> bool:
    return window[0] <= offset_of(transcript, (site.start + site.end) // 2) <= window[1]
