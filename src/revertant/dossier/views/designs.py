"""What the report's template is given: designs with their drawings, guides with the sites shown, all capped.

A plan may hold thousands of sites and hundreds of designs. The caps live here, and each shortened list knows
how many it leaves out, so that the page can say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from revertant.dossier.activities import ShownActivity, shown_activities
from revertant.dossier.drawing.donor import donor_legend, draw_donor
from revertant.dossier.drawing.offtargets import MOST_MARKS, draw_contigs, draw_scores
from revertant.dossier.drawing.outcomes import draw_genotypes, draw_indels, indel_legend
from revertant.dossier.drawing.promoter import draw_promoter, promoter_legend
from revertant.dossier.drawing.sequence import draw_sequence, legend_of
from revertant.dossier.drawing.transcript import draw_transcript, transcript_legend
from revertant.dossier.selection import (
    GuideReport,
    by_severity,
    design_groups,
    design_off_targets,
    gene_strands,
    gene_transcripts,
    guide_reports,
    status_counts,
    worst_first,
)
from revertant.dossier.vectors.views import VectorView, vector_view
from revertant.dossier.views.tumour import CarView, car_view
from revertant.dossier.words import one_line
from revertant.model import (
    BaseChange,
    Design,
    Donor,
    Finding,
    Guide,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    Plan,
    PromoterMap,
    RankedDesign,
    SpliceChange,
    Status,
    Strand,
    Transcript,
)
from revertant.sequence import BASES, IUPAC_MASK

__all__ = [
    "DesignView",
    "GroupView",
    "SearchView",
    "alignment_html",
    "group_views",
    "guide_html",
    "request_html",
]

_MOST_DRAWINGS = 40
_PROMOTER_WIDE, _PROMOTER_NARROW = 760.0, 360.0
_MOST_ROWS = 500  # table rows for one guide
_MOST_ROWS_TOGETHER = 3000
_FEWEST_ROWS = 20
_WIDE, _NARROW = 76, 26  # most bases in one row of a drawing


@dataclass(frozen=True, slots=True)
class SearchView:
    """The off-targets of one guide as shown; ``shown_at`` is the design where its table stands."""

    number: int
    guide: Guide
    report: OffTargetReport
    shown_at: str
    here: bool
    sites: tuple[OffTargetSite, ...]
    activities: tuple[ShownActivity, ...]
    total: int
    marks: int
    contigs: Markup
    scores: Markup


@dataclass(frozen=True, slots=True)
class DesignView:
    """One design as shown.

    ``findings`` are those that the group's lead does not share (all of them for the lead), ``shared`` says how
    many are left out because they are the lead's own.
    """

    ranked: RankedDesign
    design: Design
    contig: str
    drawing: Markup
    drawing_narrow: Markup
    legend: tuple[tuple[str, str], ...]
    transcript: Markup
    transcript_narrow: Markup
    transcript_legend: tuple[tuple[str, str], ...]
    promoter: Markup
    promoter_narrow: Markup
    promoter_legend: tuple[tuple[str, str], ...]
    donor: Markup
    donor_narrow: Markup
    donor_legend: tuple[tuple[str, str], ...]
    outcomes: Markup
    outcomes_narrow: Markup
    outcomes_legend: tuple[tuple[str, str], ...]
    vector: VectorView | None
    car: CarView | None
    findings: tuple[Finding, ...]
    shared: int
    counts: tuple[tuple[Status, int], ...]
    off_targets: str
    searches: tuple[SearchView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of near-identical designs as shown."""

    lead: DesignView
    variants: tuple[DesignView, ...]


class _Budget:
    """How much may still be drawn and listed."""

    def __init__(self, plan: Plan) -> None:
        self.searches: Mapping[OffTargetReport, GuideReport] = {
            guide.report: guide for guide in guide_reports(plan)
        }
        count = max(len(self.searches), 1)
        self.rows = min(_MOST_ROWS, max(_FEWEST_ROWS, _MOST_ROWS_TOGETHER // count))
        self.marks = min(MOST_MARKS, max(_FEWEST_ROWS, 10 * MOST_MARKS // count))
        self.drawings = _MOST_DRAWINGS
        self.shown_at: dict[OffTargetReport, str] = {}
        self.plan = plan


def group_views(plan: Plan) -> tuple[GroupView, ...]:
    """Prepare every group of designs; the leads are drawn before any variant is."""
    budget = _Budget(plan)
    strands, transcripts = gene_strands(plan), gene_transcripts(plan)
    groups = design_groups(plan)
    leads = [_design_view(group.lead, None, budget, strands, transcripts) for group in groups]
    return tuple(
        GroupView(
            lead,
            tuple(
                _design_view(ranked, group.lead, budget, strands, transcripts) for ranked in group.variants
            ),
        )
        for group, lead in zip(groups, leads, strict=True)
    )


def _design_view(
    ranked: RankedDesign,
    lead: RankedDesign | None,
    budget: _Budget,
    strands: Mapping[str, Strand],
    transcripts: Mapping[str, Transcript],
) -> DesignView:
    design = ranked.design
    known = set(lead.assessment.findings) if lead else set()
    findings = by_severity(ranked.assessment.findings)
    own = tuple(finding for finding in findings if finding not in known)
    wide, narrow = _drawings(design, budget, strands)
    # A design whose sequence is not drawn for want of room is not drawn on its transcript either.
    spliced = _spliced(design, transcripts) if wide or design.view is None else None
    promoter = design.promoter if wide else None
    donor = design.donor if wide else None
    return DesignView(
        ranked=ranked,
        design=design,
        contig=next((molecule.locus.contig for molecule in design.guides or design.antisense), ""),
        drawing=wide,
        drawing_narrow=narrow,
        legend=legend_of(design.view) if design.view else (),
        transcript=_transcript_drawing(spliced, 2),
        transcript_narrow=_transcript_drawing(spliced, 0),
        transcript_legend=transcript_legend(*spliced) if spliced else (),
        promoter=_promoter_drawing(promoter, _PROMOTER_WIDE),
        promoter_narrow=_promoter_drawing(promoter, _PROMOTER_NARROW),
        promoter_legend=promoter_legend(promoter) if promoter else (),
        donor=_donor_drawing(donor, _PROMOTER_WIDE),
        donor_narrow=_donor_drawing(donor, _PROMOTER_NARROW),
        donor_legend=donor_legend(donor) if donor else (),
        outcomes=_outcomes_drawing(design if wide else None),
        outcomes_narrow=_outcomes_drawing(design if wide else None, narrow=True),
        outcomes_legend=indel_legend() if wide and design.indel_lengths else (),
        vector=_vector(design, budget),
        car=car_view(design.car) if design.car is not None else None,
        findings=own,
        shared=len(findings) - len(own),
        counts=status_counts(findings),
        off_targets=design_off_targets(design, ranked.assessment),
        searches=_searches(ranked, budget),
    )


def _drawings(design: Design, budget: _Budget, strands: Mapping[str, Strand]) -> tuple[Markup, Markup]:
    if design.view is None or not design.view.bases or budget.drawings == 0:
        return Markup(), Markup()
    budget.drawings -= 1
    # A site outside the disease gene has no codons of that gene, so no reading direction either.
    reads = any(span.kind in {"codon", "exon"} for span in design.view.spans)
    wide, narrow = (
        draw_sequence(
            design.view,
            changes=_changes(design),
            planned=_planned(design),
            gene=design.gene if reads else "",
            gene_strand=strands.get(design.gene),
            columns=columns,
        )
        for columns in (_WIDE, _NARROW)
    )
    # The drawings escape their own texts.
    return Markup(wide), Markup(narrow)  # noqa: S704


def _vector(design: Design, budget: _Budget) -> VectorView | None:
    if design.vector is None or budget.drawings == 0:
        return None
    budget.drawings -= 1
    return vector_view(design.vector, budget.plan)


def _spliced(design: Design, transcripts: Mapping[str, Transcript]) -> tuple[Transcript, SpliceChange] | None:
    """The transcript whose splicing a design changes, with the change; ``None`` for other designs."""
    change = design.splicing
    transcript = transcripts.get(change.transcript_id) if change is not None else None
    return None if change is None or transcript is None else (transcript, change)


def _transcript_drawing(spliced: tuple[Transcript, SpliceChange] | None, beside: int) -> Markup:
    # The drawing escapes its own texts.
    return Markup(draw_transcript(*spliced, beside=beside) if spliced else "")  # noqa: S704


def _promoter_drawing(promoter: PromoterMap | None, width: float) -> Markup:
    # The drawing escapes its own texts.
    return Markup(draw_promoter(promoter, width=width) if promoter else "")  # noqa: S704


def _outcomes_drawing(design: Design | None, *, narrow: bool = False) -> Markup:
    """Indels by length where they are predicted, else the genotypes that have a share; nothing of one alone."""
    if design is None:
        return Markup()
    drawn = draw_indels(design.indel_lengths, narrow=narrow)
    if not drawn and len(design.outcomes) > 1:
        drawn = draw_genotypes(design.outcomes, narrow=narrow)
    # The drawing escapes its own texts.
    return Markup(drawn)  # noqa: S704


def _donor_drawing(donor: Donor | None, width: float) -> Markup:
    # The drawing escapes its own texts.
    return Markup(draw_donor(donor, width=width) if donor else "")  # noqa: S704


def _changes(design: Design) -> tuple[BaseChange, ...]:
    return tuple(dict.fromkeys(change for outcome in design.outcomes for change in outcome.changes))


def _planned(design: Design) -> tuple[BaseChange, ...]:
    return next((outcome.changes for outcome in design.outcomes if outcome.useful and outcome.changes), ())


def _searches(ranked: RankedDesign, budget: _Budget) -> tuple[SearchView, ...]:
    views = []
    for guide, report in zip(ranked.design.guides, ranked.assessment.off_targets, strict=False):
        here = report not in budget.shown_at
        shown_at = budget.shown_at.setdefault(report, ranked.design.design_id)
        sites = worst_first(report.sites) if here else ()
        marks = sites[: budget.marks]
        views.append(
            SearchView(
                number=budget.searches[report].number,
                guide=guide,
                report=report,
                shown_at=shown_at,
                here=here,
                sites=sites[: budget.rows],
                activities=shown_activities(sites[: budget.rows], report.request),
                total=sum(one.sites for one in report.site_counts),
                marks=len(marks),
                contigs=Markup(draw_contigs(report, marks) if marks else ""),  # noqa: S704
                scores=Markup(draw_scores(marks) if marks else ""),  # noqa: S704
            )
        )
    return tuple(views)


def guide_html(guide: Guide, changes: Sequence[BaseChange] = ()) -> Markup:
    """Write spacer and PAM with the edited bases marked.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> guide = Guide("ACGT", "AGG", "NGG", PamSide.THREE_PRIME, Locus("chr1", 0, 4))
    >>> str(guide_html(guide, [BaseChange(0, "A", "G", 1)]))
    '<code class="guide"><span class="spacer"><mark>A</mark>CGT</span><span class="pam">AGG</span></code>'
    """
    edited = {change.spacer_position for change in changes}
    letters = [
        Markup("<mark>{}</mark>").format(letter) if place in edited else escape(letter)
        for place, letter in enumerate(one_line(guide.spacer), start=1)
    ]
    spacer = Markup('<span class="spacer">{}</span>').format(Markup().join(letters))
    pam = Markup('<span class="pam">{}</span>').format(one_line(guide.pam))
    parts = (spacer, pam) if guide.pam_side is PamSide.THREE_PRIME else (pam, spacer)
    return Markup('<code class="guide">{}{}</code>').format(*parts)


def request_html(request: OffTargetRequest) -> Markup:
    """Write spacer and PAM pattern of a search.

    Examples
    --------
    >>> str(request_html(OffTargetRequest("ACGT", "NGG")))
    '<code class="guide"><span class="spacer">ACGT</span><span class="pam">NGG</span></code>'
    """
    spacer = Markup('<span class="spacer">{}</span>').format(one_line(request.spacer))
    pam = Markup('<span class="pam">{}</span>').format(one_line(request.pam))
    parts = (spacer, pam) if request.pam_side is PamSide.THREE_PRIME else (pam, spacer)
    return Markup('<code class="guide">{}{}</code>').format(*parts)


def alignment_html(site: OffTargetSite) -> Markup:
    """Write an alignment as two lines: the guide, and the DNA with a dot for each match.

    A mismatch is bold, a bulge in italics; an ambiguous letter of the DNA that may match is shown as it is.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> site = OffTargetSite("ACGT", Locus("chr1", 0, 4), "AGG", "ACGT", "ACTT", 1)
    >>> str(alignment_html(site))
    '<code class="alignment"><span>ACGT</span><span>··<b>T</b>·</span></code>'
    """
    spacer, target = one_line(site.aligned_spacer), one_line(site.aligned_target)
    pairs = [_pair(*letters) for letters in zip(spacer, target, strict=False)]
    top, bottom = ("".join(cell[row] for cell in pairs) for row in (0, 1))
    return Markup(f'<code class="alignment"><span>{top}</span><span>{bottom}</span></code>')  # noqa: S704 - escaped


@lru_cache(maxsize=4096)
def _pair(ours: str, theirs: str) -> tuple[str, str]:
    """Write one letter of the guide and what it meets; a page has a hundred thousand of the same few pairs."""
    top = "<i>-</i>" if ours == "-" else str(escape(ours))
    shown = str(escape(theirs))
    if "-" in (ours, theirs):
        return top, f"<i>{shown}</i>"
    if not _fits(ours, theirs):
        return top, f"<b>{shown}</b>"
    return top, "·" if theirs in BASES else shown


def _fits(ours: str, theirs: str) -> bool:
    """Whether a letter of a guide may pair with one of the genome, whose ``N`` is unknown and pairs with none."""
    return bool(theirs != "N" and IUPAC_MASK.get(ours, 0) & IUPAC_MASK.get(theirs, 0))
