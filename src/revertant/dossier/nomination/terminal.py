"""The short answer of a nomination for a terminal: what was searched, and what each guide found."""

from __future__ import annotations

from collections import defaultdict

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from revertant.dossier.nomination.selection import count_of, has_person, highest_cfd, nearest_site
from revertant.dossier.selection import by_severity
from revertant.dossier.words import (
    STATUS_WORDS,
    count_text,
    limits_text,
    one_line,
    place_text,
    score_text,
    strand_text,
)
from revertant.model import Finding, Locus, Nomination, OffTargetReport, SiteOrigin, Status

__all__ = ["nomination_summary"]

_MOST_NOTES = 8


def nomination_summary(nomination: Nomination, *, most: int = 20) -> RenderableType:
    """Return what a terminal shows of a nomination.

    Parameters
    ----------
    nomination
        What was found.
    most
        Guides to list; the rest is counted.

    Examples
    --------
    >>> from revertant.model import Coverage, Provenance
    >>> coverage = Coverage(100, (("chr1", 0, 100),), False, ("reference",), "Only 100 bases were searched.")
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> from rich.console import Console
    >>> console = Console(width=100, color_system=None)
    >>> console.print(nomination_summary(Nomination("s", (), (), coverage, (), None, "", (), None, origin)))
    Only 100 bases were searched.
    """
    parts: list[RenderableType] = []
    person = has_person(nomination)
    if nomination.reports:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        table.add_column("Guide", min_width=8, overflow="fold")
        table.add_column("Sites", justify="right", no_wrap=True)
        table.add_column("By edits", min_width=12)
        table.add_column("Nearest", no_wrap=True)
        table.add_column("CFD", justify="right", no_wrap=True)
        if person:
            table.add_column("This person", no_wrap=True)
        for name, report in list(zip(nomination.names, nomination.reports, strict=True))[:most]:
            cells = _row(name, report)
            table.add_row(*(cells if person else cells[:-1]))
        parts.append(table)
    if len(nomination.reports) > most:
        parts.append(_text(f"{count_text(len(nomination.reports) - most, 'more guide')} not listed."))
    limits = {report.request.limits for report in nomination.reports}
    if len(limits) == 1:
        parts.append(_text(f"Searched with up to {limits_text(limits.pop())}."))
    parts.append(_text(_closing(nomination)))
    notes = _notes(nomination)
    for found in notes[:_MOST_NOTES]:
        alike = f" ({len(found) - 1:,} more like it.)" if len(found) > 1 else ""
        parts.append(_text(f"{STATUS_WORDS[found[0].status].capitalize()}: {found[0].because}{alike}"))
    if len(notes) > _MOST_NOTES:
        rest = sum(map(len, notes[_MOST_NOTES:]))
        parts.append(_text(f"{count_text(rest, 'more finding')} in the report."))
    return Group(*parts)


def _notes(nomination: Nomination) -> list[list[Finding]]:
    """What a reader must not miss: findings that failed, ask for caution, or could not be answered, by their rule.

    Not those that the closing sentence says, nor that no person's genome was searched where none was given.
    """
    known = {"offtarget.coverage"}
    if not any(one.role == "vcf" for one in nomination.provenance.inputs):
        known.add("offtarget.patient_genome")
    open_ones = {Status.FAIL, Status.UNKNOWN, Status.CAUTION}
    by_rule: dict[tuple[str, Status], list[Finding]] = defaultdict(list)
    for one in by_severity(nomination.findings):
        if one.status in open_ones and one.rule not in known:
            by_rule[one.rule, one.status].append(one)
    return list(by_rule.values())


def _row(name: str, report: OffTargetReport) -> tuple[Text, ...]:
    by_edits = ", ".join(f"{edits}: {sites:,}" for edits, sites in report.sites_by_edits) or "none"
    near, highest = nearest_site(report), highest_cfd(report)
    place = f"{count_text(near.edits, 'edit')}\n{_place(near.locus)}" if near else "none"
    score = score_text(highest.cfd) if highest else "not defined" if near else ""
    personal = "\n".join(
        f"{count_of(report, origin):,} {origin}"
        for origin in (SiteOrigin.GAINED, SiteOrigin.CHANGED, SiteOrigin.LOST)
    )
    return tuple(map(_text, (one_line(name), f"{count_of(report):,}", by_edits, place, score, personal)))


def _place(locus: Locus) -> str:
    return f"{place_text(locus.contig, locus.start)} ({strand_text(locus.strand)})"


def _closing(nomination: Nomination) -> str:
    sentences = [nomination.coverage.statement]
    if nomination.population is not None:
        one = len(nomination.population) == 1
        found = count_text(len(nomination.population), "site")
        sentences.append(
            f"{found} {'is' if one else 'are'} made, changed or destroyed by variants of the population."
        )
    if nomination.panel is not None:
        sentences.append(f"{count_text(len(nomination.panel.amplicons), 'amplicon')} to sequence.")
    return " ".join(sentences)


def _text(words: str) -> Text:
    """Make a text that is shown as it stands: no mark-up of the terminal, no control character."""
    return Text("\n".join(one_line(part) for part in words.split("\n")))
