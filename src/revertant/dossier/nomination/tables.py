"""The tables of a nomination: who carries a site, which cuts could be joined, what to sequence; and a BED file.

They follow the rules of :mod:`revertant.dossier.tables`: an unknown is an empty cell, positions count from 1 and
include the last base, except in BED.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from revertant.dossier.tables import Column, judgement_columns, table_text
from revertant.model import (
    Amplicon,
    HaplotypeCount,
    Locus,
    Nomination,
    OffTargetSite,
    PopulationSite,
    TranslocationPair,
)
from revertant.offtarget.scoring.tiers import tier_of_site

__all__ = [
    "AMPLICON_COLUMNS",
    "BED_COLUMNS",
    "NOMINATION_TABLES",
    "PAIR_COLUMNS",
    "POPULATION_COLUMNS",
    "amplicons_text",
    "pairs_text",
    "populations_text",
    "sites_bed_text",
]

Row = TypeVar("Row")

_NOT_BED = re.compile(r"[\s\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class _Counted:
    """A site of a population with one of its counts."""

    found: PopulationSite
    count: HaplotypeCount


@dataclass(frozen=True, slots=True)
class _Numbered(Generic[Row]):
    """A row with its place in the list, counted from 1."""

    number: int
    row: Row


def _site_columns(site: Callable[[Any], OffTargetSite]) -> tuple[Column[Any], ...]:
    """Columns that say which site it is and how it pairs with the guide."""
    return (
        Column("spacer", "Spacer searched for.", lambda r: site(r).spacer),
        Column("contig", "Contig of the site.", lambda r: site(r).locus.contig),
        Column("start_1based", "First base of the aligned DNA without PAM, forward strand, counted from 1.",
               lambda r: site(r).locus.start + 1),
        Column("end_1based", "Last base, included.", lambda r: site(r).locus.end),
        Column("strand", "Strand of the site.", lambda r: site(r).locus.strand.value),
        Column("aligned_spacer", "Spacer in the alignment, 5'→3'; - is a DNA bulge.", lambda r: site(r).aligned_spacer),
        Column("aligned_dna", "DNA in the alignment, 5'→3'; - is an RNA bulge.", lambda r: site(r).aligned_target),
        Column("pam", "PAM found.", lambda r: site(r).pam),
        Column("mismatches", "Mismatched bases.", lambda r: site(r).mismatches),
        Column("dna_bulges", "Extra bases in the DNA.", lambda r: site(r).dna_bulges),
        Column("rna_bulges", "Extra bases in the guide.", lambda r: site(r).rna_bulges),
        Column("cfd", "CFD score, 0 to 1; empty where CFD is not defined.", lambda r: site(r).cfd),
        Column("reference_cfd", "CFD of the reference sequence at the same place.", lambda r: site(r).reference_cfd),
        *judgement_columns(site),
    )  # fmt: skip


#: Columns of ``populations.tsv``: one row for each site and population.
POPULATION_COLUMNS: tuple[Column[_Counted], ...] = (
    Column("guide", "Name of the guide.", lambda r: r.found.guide),
    *_site_columns(lambda r: r.found.site),
    Column("origin", "gained, changed or lost against the reference.", lambda r: r.found.site.origin.value),
    Column("population", "Name of the population, unlabelled, or all.", lambda r: r.count.population),
    Column("carrying", "Copies that carry the site; for a lost site, that have lost it.", lambda r: r.count.carrying),
    Column("called", "Copies whose sequence is known over the whole site: the denominator; 0 when only a frequency "
           "was given.", lambda r: r.count.called),
    Column("frequency", "Share of the copies, 0 to 1; empty when nobody was called.", lambda r: r.count.frequency),
    Column("people", "Persons of all populations with at least one such copy; empty for a file without people.",
           lambda r: r.found.people),
    Column("is_phased", "yes when haplotypes were observed; no when each allele was taken alone.",
           lambda r: r.found.is_phased),
    Column("variants", "Variants that made, changed or destroyed it, contig:position:ref:alt.",
           lambda r: ",".join(str(variant) for variant in r.found.site.variants)),
    Column("annotation", "Gene and region.", lambda r: r.found.site.annotation),
)  # fmt: skip

#: Columns of ``pairs.tsv``: one row for two cuts whose ends could be joined.
PAIR_COLUMNS: tuple[Column[_Numbered[TranslocationPair]], ...] = (
    Column("rank", "Place in the ranking, 1 is the most likely.", lambda r: r.number),
    Column("kind", "What a joining gives.", lambda r: r.row.kind),
    Column("on_target", "yes when one of the two is an intended target.", lambda r: r.row.on_target),
    Column("score", "What the pairs are ranked by, 0 to 1.", lambda r: r.row.score),
    Column("method", "How the score was come by.", lambda r: r.row.method),
    Column("distance_bp", "Bases between the cuts; empty on different contigs.", lambda r: r.row.distance_bp),
    Column("first_guide", "Guide of the first cut.", lambda r: r.row.first_guide),
    Column(
        "first",
        "Aligned DNA of the first site without PAM, contig:start-end:strand.",
        lambda r: str(r.row.first),
    ),
    Column("second_guide", "Guide of the second cut.", lambda r: r.row.second_guide),
    Column("second", "Aligned DNA of the second site.", lambda r: str(r.row.second)),
)

#: Columns of ``amplicons.tsv``: one row for each stretch to sequence, ready to order.
AMPLICON_COLUMNS: tuple[Column[_Numbered[Amplicon]], ...] = (
    Column("name", "Name to order under, in order of danger.", lambda r: _amplicon_name(r.number)),
    Column("forward", "Forward primer, 5'→3'; empty when none could be found.", lambda r: r.row.forward),
    Column("reverse", "Reverse primer, 5'→3'.", lambda r: r.row.reverse),
    Column("forward_tm_celsius", "Its melting temperature as primer3 computes it.", lambda r: r.row.forward_tm_celsius),
    Column("reverse_tm_celsius", "That of the reverse primer.", lambda r: r.row.reverse_tm_celsius),
    Column("product_bp", "Length of the product on the sequence the primers were designed on.",
           lambda r: r.row.product_bp),
    Column("contig", "Contig of the product.", lambda r: _of(r.row.locus, lambda locus: locus.contig)),
    Column("start_1based", "First base of the product on the reference, primers included, counted from 1.",
           lambda r: _of(r.row.locus, lambda locus: locus.start + 1)),
    Column("end_1based", "Last base, included.", lambda r: _of(r.row.locus, lambda locus: locus.end)),
    Column("haplotypes", "Copies on which both primers match.", lambda r: ",".join(r.row.haplotypes)),
    Column("sites", "Sites inside, worst first, contig:start-end:strand, separated by semicolons.",
           lambda r: ";".join(str(site.locus) for site in r.row.sites)),
    Column("guides", "Their guides, in the same order.", lambda r: ";".join(r.row.guides)),
    Column("tiers", "Their tiers, in the same order.",
           lambda r: ";".join(str(tier_of_site(site).number) for site in r.row.sites)),
    Column("reason", "Why it is on the panel.", lambda r: r.row.reason),
    Column("problem", "What is wrong with the primers; empty when nothing.", lambda r: r.row.problem),
    Column("specificity", "Where else the primers match, or why that was not checked.", lambda r: r.row.specificity),
)  # fmt: skip

#: Columns of ``sites.bed`` beyond BED6, and those of BED6, with what they hold here.
BED_COLUMNS: tuple[tuple[str, str], ...] = (
    ("chrom", "Contig."),
    ("chromStart", "First base of the aligned DNA without PAM, counted from 0."),
    ("chromEnd", "One past the last base."),
    ("name", "Guide and edits, guide|edits; origin too where it is not the reference."),
    ("score", "1000 times the CFD; 0 where CFD is not defined: see column 11."),
    ("strand", "Strand of the site."),
    ("mismatches", "Mismatched bases."),
    ("dna_bulges", "Extra bases in the DNA."),
    ("rna_bulges", "Extra bases in the guide."),
    ("origin", "reference, gained or changed."),
    ("cfd", "CFD score, 0 to 1; a dot where CFD is not defined."),
    ("haplotypes", "Copies that carry it."),
    ("tier", "1, to be looked at first, to 5."),
    ("marks", "Coding, splice site, lists its genes are on, separated by commas; a dot where none."),
    ("edit_effect", "For a base editor: the bases it could edit there; else a dot."),
)

#: The tables of a nomination, apart from ``sites.tsv``, which the search writes.
NOMINATION_TABLES: tuple[tuple[str, tuple[Column[Any], ...]], ...] = (
    ("populations.tsv", POPULATION_COLUMNS),
    ("pairs.tsv", PAIR_COLUMNS),
    ("amplicons.tsv", AMPLICON_COLUMNS),
)


def populations_text(nomination: Nomination) -> str:
    """Return the text of ``populations.tsv``."""
    return table_text(
        POPULATION_COLUMNS,
        (_Counted(found, count) for found in nomination.population or () for count in found.counts),
    )


def pairs_text(nomination: Nomination) -> str:
    """Return the text of ``pairs.tsv``."""
    return table_text(PAIR_COLUMNS, (_Numbered(*row) for row in enumerate(nomination.pairs, start=1)))


def amplicons_text(nomination: Nomination) -> str:
    """Return the text of ``amplicons.tsv``."""
    amplicons = nomination.panel.amplicons if nomination.panel else ()
    return table_text(AMPLICON_COLUMNS, (_Numbered(*row) for row in enumerate(amplicons, start=1)))


def sites_bed_text(nomination: Nomination) -> str:
    """Return the text of ``sites.bed``: the sites this person has that the nomination holds, 0-based, half-open."""
    rows = [
        (
            site.locus.contig,
            site.locus.start,
            site.locus.end,
            _bed_name(name, site),
            round(1000 * (site.cfd or 0.0)),
            site.locus.strand.value,
            site.mismatches,
            site.dna_bulges,
            site.rna_bulges,
            site.origin.value,
            "." if site.cfd is None else repr(site.cfd),
            ",".join(site.haplotypes),
            tier.number,
            ",".join(tier.marks) or ".",
            site.edit_effect or ".",
        )
        for name, report in zip(nomination.names, nomination.reports, strict=True)
        for site in report.present_sites
        for tier in (tier_of_site(site),)
    ]
    rows.sort()
    return "".join("\t".join(_bed_cell(value) for value in row) + "\n" for row in rows)


def _bed_name(name: str, site: OffTargetSite) -> str:
    origin = "" if site.origin.value == "reference" else f"|{site.origin}"
    return f"{name}|{site.edits}{origin}"


def _bed_cell(value: object) -> str:
    """Write a cell without white space, which some readers take for the next column, and without control characters."""
    return str(value) if isinstance(value, int) else _NOT_BED.sub("_", str(value))


def _amplicon_name(number: int) -> str:
    return f"OT{number:03d}"


def _of(locus: Locus | None, part: Callable[[Locus], object]) -> object:
    return None if locus is None else part(locus)
