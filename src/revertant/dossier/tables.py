"""The tables of a dossier: documented columns, one row a line, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula (it starts with ``=``, ``+``, ``-`` or ``@`` and is neither a
number nor a strand) gets a leading apostrophe; tabs and line breaks inside a text become spaces. An unknown
is an empty cell. Positions count from 1 and include the last base, except in BED.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from revertant.dossier.activities import site_activities
from revertant.dossier.selection import GuideReport, guide_reports, status_counts, worst_first
from revertant.dossier.vectors.words import promoter_text
from revertant.dossier.words import one_line
from revertant.model import (
    AntisenseOligo,
    CodingSequence,
    Estimate,
    Guide,
    OffTargetSite,
    Oligo,
    Plan,
    RankedDesign,
    SiteOrigin,
    Status,
    Vector,
)
from revertant.offtarget.scoring.tiers import tier_of_site
from revertant.offtarget.stream.cells import formula_safe
from revertant.policy import screening_mark
from revertant.prediction import Predictions

__all__ = [
    "DESIGN_COLUMNS",
    "OFF_TARGET_COLUMNS",
    "OLIGO_COLUMNS",
    "PLAN_TABLES",
    "SCREENING",
    "Column",
    "bed_text",
    "columns_text",
    "designs_text",
    "judgement_columns",
    "off_targets_text",
    "oligos_text",
    "safe_cell",
    "table_text",
]

Row = TypeVar("Row")

#: What the column ``screening`` of an order sheet says.
SCREENING = (
    "Biosecurity screening: not screened until revertant policy screen or the maker has, or not asked for."
)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its name in the header, what it means, and how a row's value is found."""

    name: str
    meaning: str
    value: Callable[[Row], object]


_SiteRow = tuple[GuideReport, OffTargetSite, Predictions, int]
_OligoRow = tuple[RankedDesign, Oligo]


def _guides(part: Callable[[Guide], object]) -> Callable[[RankedDesign], object]:
    return lambda ranked: ";".join(str(part(guide)) for guide in ranked.design.guides)


def _oligos(part: Callable[[AntisenseOligo], object]) -> Callable[[RankedDesign], object]:
    return lambda ranked: ";".join(str(part(oligo)) for oligo in ranked.design.antisense)


def _left_out(ranked: RankedDesign) -> str:
    change = ranked.design.splicing
    return ";".join(map(str, change.skipped)) if change is not None else ""


def _vector(part: Callable[[Vector], object]) -> Callable[[RankedDesign], object]:
    return lambda ranked: None if ranked.design.vector is None else part(ranked.design.vector)


def _native_cpg(coding: CodingSequence) -> str:
    return str(coding.native_measures.cpg) if coding.native_measures else ""


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _share(part: Callable[[Estimate], object]) -> Callable[[RankedDesign], object]:
    def value(ranked: RankedDesign) -> object:
        return part(ranked.design.useful_share) if ranked.design.useful_share else None

    return value


def _status_count(status: Status) -> Callable[[RankedDesign], object]:
    return lambda ranked: dict(status_counts(ranked.assessment.findings)).get(status, 0)


def _present(ranked: RankedDesign) -> tuple[OffTargetSite, ...] | None:
    reports = ranked.assessment.off_targets
    return tuple(site for report in reports for site in report.present_sites) if reports else None


def _highest_cfd(ranked: RankedDesign) -> float | None:
    return max((site.cfd for site in _present(ranked) or () if site.cfd is not None), default=None)


def _fewest_edits(ranked: RankedDesign) -> int | None:
    reports = ranked.assessment.off_targets or ()
    return min((edits for report in reports for edits, _ in report.sites_by_edits), default=None)


def _site_count(ranked: RankedDesign) -> int | None:
    reports = ranked.assessment.off_targets
    return sum(report.present_count for report in reports) if reports else None


#: Columns of ``designs.tsv``, one row for each design in rank order.
DESIGN_COLUMNS: tuple[Column[RankedDesign], ...] = (
    Column("rank", "Place in the ranking, 1 is first.", lambda r: r.rank),
    Column("group", "Group of near-identical designs.", lambda r: r.group),
    Column("tier", "Named tier of the ranking.", lambda r: r.tier),
    Column("on_pareto_front", "yes when no other design is at least as good everywhere and better somewhere.",
           lambda r: r.on_front),
    Column("design_id", "Name derived from the design's content.", lambda r: r.design.design_id),
    Column("modality", "Kind of therapy.", lambda r: r.design.modality),
    Column("route", "What the edit is meant to achieve.", lambda r: r.design.route.value),
    Column("gene", "Gene acted on.", lambda r: r.design.gene),
    Column("acts_on", "Allele or site acted on.", lambda r: r.design.acts_on),
    Column("effector", "Nuclease or editor, catalogue key.", lambda r: r.design.effector),
    Column("effector_name", "Nuclease or editor, display name.", lambda r: r.design.effector_name),
    Column("spacer", "Spacer of each guide, 5'→3' as DNA; guides are separated by semicolons.",
           _guides(lambda g: g.spacer)),
    Column("pam", "PAM on this person's allele, one for each guide.", _guides(lambda g: g.pam)),
    Column("pam_pattern", "IUPAC pattern the PAM satisfies.", _guides(lambda g: g.pam_pattern)),
    Column("contig", "Contig of each protospacer.", _guides(lambda g: g.locus.contig)),
    Column("start_1based", "First base of each protospacer without PAM, forward strand, counted from 1.",
           _guides(lambda g: g.locus.start + 1)),
    Column("end_1based", "Last base of each protospacer, included.", _guides(lambda g: g.locus.end)),
    Column("strand", "Strand that reads as the spacer.", _guides(lambda g: g.locus.strand.value)),
    Column("patient_variants", "This person's variants inside spacer or PAM, contig:position:ref:alt.",
           _guides(lambda g: ",".join(str(variant) for variant in g.variants))),
    Column("haplotypes", "Copies the guide lies on.", _guides(lambda g: ",".join(g.haplotypes))),
    Column("antisense", "Antisense oligos, 5'→3' as DNA, separated by semicolons.", _oligos(lambda o: o.sequence)),
    Column("antisense_place", "Stretch each oligo covers, contig:first-last:strand of the oligo.",
           _oligos(lambda o: o.locus)),
    Column("exons_left_out", "Numbers of the exons that a splice-switching design leaves out.", _left_out),
    Column("vector", "Form of the genome that a vector brings.", _vector(lambda v: v.form.value)),
    Column("capsid", "Capsid or particle, display name.", _vector(lambda v: v.capsid_name)),
    Column("promoter", "Promoters on it.", _vector(promoter_text)),
    Column("packaged_bp", "Bases packaged, terminal repeats included; one for each genome.",
           _vector(lambda v: ";".join(str(one.packaged_bp) for one in v.constructs))),
    Column("full_length", "Expected share of whole genomes, one for each, in the order of the genomes; nothing between "
           "semicolons where it is not defined.",
           _vector(lambda v: ";".join(_figure(one.value) for one in v.full_length))),
    Column("cds_cpg", "CpG of each designed coding sequence.",
           _vector(lambda v: ";".join(str(one.measures.cpg) for one in v.coding))),
    Column("cds_cpg_native", "CpG of its native sequence; nothing where only the protein is known.",
           _vector(lambda v: ";".join(map(_native_cpg, v.coding)))),
    Column("useful_share", "Share of edited alleles whose genotype serves the route, 0 to 1.",
           _share(lambda e: e.value)),
    Column("useful_share_low", "Lower end of its interval.", _share(lambda e: e.low)),
    Column("useful_share_high", "Upper end of its interval.", _share(lambda e: e.high)),
    Column("useful_share_method", "How the share was come by.", _share(lambda e: e.method)),
    Column("off_target_sites", "Sites this person has, over all guides; empty when no search was made.",
           _site_count),
    Column("off_target_fewest_edits", "Mismatches and bulges of the nearest site.", _fewest_edits),
    Column("off_target_highest_cfd", "Highest CFD score where CFD is defined.", _highest_cfd),
    Column("findings_fail", "Rules that failed.", _status_count(Status.FAIL)),
    Column("findings_unknown", "Rules that could not be answered.", _status_count(Status.UNKNOWN)),
    Column("findings_caution", "Rules that ask for caution.", _status_count(Status.CAUTION)),
    Column("findings_pass", "Rules that passed.", _status_count(Status.PASS)),
    Column("purpose", "What the design does, one sentence.", lambda r: r.design.purpose),
    Column("because", "Why it stands where it stands.", lambda r: r.because),
    Column("precedent", "Sources of a published use of this guide and effector class.",
           lambda r: ";".join(r.design.precedent)),
)  # fmt: skip


def judgement_columns(site: Callable[[Any], OffTargetSite]) -> tuple[Column[Any], ...]:
    """Return the columns that say how much a site matters; ``site`` finds it in a row."""
    return (
        Column("tier", "1, to be looked at first, to 5; of a lost site, that of the reference.",
               lambda r: tier_of_site(site(r)).number),
        Column("region", "What lies there; empty without gene models.", lambda r: site(r).region),
        Column("gene_lists", "Lists that one of its genes is on.", lambda r: ",".join(site(r).gene_lists)),
        Column("edit_effect", "For a base editor: the bases it could edit there, and what that would do.",
               lambda r: site(r).edit_effect),
    )  # fmt: skip


def _activity(part: Callable[[Predictions], NDArray[np.float64]]) -> Callable[[_SiteRow], object]:
    def value(row: _SiteRow) -> object:
        _, _, found, place = row
        return None if found.why_not[place] else float(f"{part(found)[place]:.3g}")

    return value


#: Columns of ``offtargets.tsv``, one row for each site of each distinct guide search.
OFF_TARGET_COLUMNS: tuple[Column[_SiteRow], ...] = (
    Column("guide", "Number of the guide search, as in the report.", lambda r: f"G{r[0].number}"),
    Column("design_ids", "Designs that use this guide, separated by semicolons.",
           lambda r: ";".join(r[0].design_ids)),
    Column("spacer", "Spacer searched for.", lambda r: r[0].report.request.spacer),
    Column("pam_searched", "IUPAC pattern of the PAM searched for.", lambda r: r[0].report.request.pam),
    Column("contig", "Contig of the site.", lambda r: r[1].locus.contig),
    Column("start_1based", "First base of the aligned DNA without PAM, forward strand, counted from 1.",
           lambda r: r[1].locus.start + 1),
    Column("end_1based", "Last base, included.", lambda r: r[1].locus.end),
    Column("strand", "Strand of the site.", lambda r: r[1].locus.strand.value),
    Column("aligned_spacer", "Spacer in the alignment, 5'→3'; - is a DNA bulge.", lambda r: r[1].aligned_spacer),
    Column("aligned_dna", "DNA in the alignment, 5'→3'; - is an RNA bulge.", lambda r: r[1].aligned_target),
    Column("pam", "PAM found.", lambda r: r[1].pam),
    Column("mismatches", "Mismatched bases.", lambda r: r[1].mismatches),
    Column("dna_bulges", "Extra bases in the DNA.", lambda r: r[1].dna_bulges),
    Column("rna_bulges", "Extra bases in the guide.", lambda r: r[1].rna_bulges),
    Column("cfd", "CFD score, 0 to 1; empty where CFD is not defined.", lambda r: r[1].cfd),
    Column("reference_cfd", "CFD of the reference sequence at the same place.", lambda r: r[1].reference_cfd),
    Column("activity", "Probability that an assay in cells finds the site cut, 0 to 1, by this project's model; empty "
           "where it is not defined.", _activity(lambda found: found.value)),
    Column("activity_low", "Lower end of its interval.", _activity(lambda found: found.low)),
    Column("activity_high", "Upper end of its interval.", _activity(lambda found: found.high)),
    Column("activity_not_defined", "Why there is no such probability.", lambda r: r[2].why_not[r[3]]),
    Column("origin", "reference, gained, changed or lost in this person.", lambda r: r[1].origin.value),
    Column("haplotypes", "Copies that carry it; for a lost site, the copies that lost it.",
           lambda r: ",".join(r[1].haplotypes)),
    Column("variants", "This person's variants that made, changed or destroyed it.",
           lambda r: ",".join(str(variant) for variant in r[1].variants)),
    Column("annotation", "Gene and region.", lambda r: r[1].annotation),
    *judgement_columns(lambda r: r[1]),
)  # fmt: skip

#: Columns of ``oligos.tsv``, one row for each strand to order.
OLIGO_COLUMNS: tuple[Column[_OligoRow], ...] = (
    Column("rank", "Rank of the design.", lambda r: r[0].rank),
    Column("design_id", "The design.", lambda r: r[0].design.design_id),
    Column("name", "Name of the oligo.", lambda r: r[1].name),
    Column("sequence", "5'→3', DNA letters.", lambda r: r[1].sequence),
    Column("length", "Bases.", lambda r: len(r[1].sequence)),
    Column("note", "What it is for.", lambda r: r[1].note),
    Column("screening", SCREENING, lambda r: screening_mark(len(r[1].sequence))),
)

#: The tables of a plan's dossier.
PLAN_TABLES: tuple[tuple[str, tuple[Column[Any], ...]], ...] = (
    ("designs.tsv", DESIGN_COLUMNS),
    ("offtargets.tsv", OFF_TARGET_COLUMNS),
    ("oligos.tsv", OLIGO_COLUMNS),
)


def safe_cell(value: object) -> str:
    """Write one value as a cell.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-"), safe_cell(-1.5), safe_cell(None), safe_cell(True)
    ("'=HYPERLINK(1)", '-', '-1.5', '', 'yes')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return formula_safe(one_line(str(value)))


def designs_text(plan: Plan) -> str:
    """Return the text of ``designs.tsv``."""
    return table_text(DESIGN_COLUMNS, sorted(plan.designs, key=lambda ranked: ranked.rank))


def off_targets_text(plan: Plan) -> str:
    """Return the text of ``offtargets.tsv``: every site that the plan holds, lost ones included.

    Of a whole genome that is the worst of each guide, and all that this person's variants gained, changed or lost.
    """
    return table_text(
        OFF_TARGET_COLUMNS,
        [row for guide in guide_reports(plan) for row in _site_rows(guide)],
    )


def _site_rows(guide: GuideReport) -> list[_SiteRow]:
    """Sites of one search, worst first, each with the predictions of all and its place among them."""
    sites = worst_first(guide.report.sites)
    found = site_activities(sites, guide.report.request)
    return [(guide, site, found, place) for place, site in enumerate(sites)]


def oligos_text(plan: Plan) -> str:
    """Return the text of ``oligos.tsv``."""
    ranked = sorted(plan.designs, key=lambda ranked: ranked.rank)
    return table_text(OLIGO_COLUMNS, [(design, oligo) for design in ranked for oligo in design.design.oligos])


def bed_text(plan: Plan) -> str:
    """Return the text of ``offtargets.bed``: the sites this person has, as BED6 (0-based, half-open).

    The name is guide and edits (``G1|3``), the score 1000 times the CFD, 0 where CFD is not defined.
    """
    rows = [
        (
            site.locus.contig,
            site.locus.start,
            site.locus.end,
            f"G{guide.number}|{site.edits}"
            + ("" if site.origin is SiteOrigin.REFERENCE else f"|{site.origin}"),
            round(1000 * (site.cfd or 0.0)),
            site.locus.strand.value,
        )
        for guide in guide_reports(plan)
        for site in guide.report.present_sites
    ]
    rows.sort()
    return "".join("\t".join(re.sub(r"\s", "_", str(value)) for value in row) + "\n" for row in rows)


def columns_text(tables: Sequence[tuple[str, Sequence[Column[Any]]]] = ()) -> str:
    """Return the documentation of every column as Markdown.

    Parameters
    ----------
    tables
        Names of tables with their columns; those of a plan when left out.

    Examples
    --------
    >>> columns_text().startswith("#")
    True
    """
    parts = []
    for name, columns in tables or PLAN_TABLES:
        lines = [f"| `{column.name}` | {column.meaning} |" for column in columns]
        parts.append("\n".join([f"## {name}", "", "| column | meaning |", "|---|---|", *lines, ""]))
    return "\n".join(parts)


def table_text(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> str:
    r"""Return rows as tab-separated text below a line of column names.

    Examples
    --------
    >>> table_text((Column("twice", "Two times the row.", lambda row: 2 * row),), [1, 2])
    'twice\n2\n4\n'
    """
    lines = ["\t".join(column.name for column in columns)]
    lines += ["\t".join(safe_cell(column.value(row)) for column in columns) for row in rows]
    return "\n".join(lines) + "\n"
