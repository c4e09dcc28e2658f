"""The report: one HTML file that needs nothing else, and shows a reader the answer before the reasons.

Every text is escaped by the template engine; the only mark-up that goes in unescaped is what this room makes
itself. A content security policy forbids the page to load anything, and allows only its own script and style
by their digests.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from revertant.dossier import words
from revertant.dossier.selection import by_severity, status_counts
from revertant.dossier.tables import DESIGN_COLUMNS, OFF_TARGET_COLUMNS, OLIGO_COLUMNS
from revertant.dossier.views import alignment_html, group_views, guide_html
from revertant.model import SiteOrigin, Status

if TYPE_CHECKING:
    from revertant.model import Allele, Plan

__all__ = ["report_html"]

_CARDS_OPEN = 12  # cards shown before the rest is folded away


def report_html(plan: Plan) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    >>> plan = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False))
    >>> report_html(plan).startswith("<!doctype html>")
    True
    """
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template("report.html.j2")
    text = page.render(
        plan=plan,
        groups=group_views(plan),
        cards_open=_CARDS_OPEN,
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        policy=policy,
        statuses=tuple(Status),
        origins=tuple(SiteOrigin),
        tables=(
            ("designs.tsv", DESIGN_COLUMNS),
            ("offtargets.tsv", OFF_TARGET_COLUMNS),
            ("oligos.tsv", OLIGO_COLUMNS),
        ),
    )
    return text.rstrip() + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("revertant.dossier"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_clean,
    )
    environment.filters.update(
        alignment=alignment_html,
        amount=words.amount_text,
        by_severity=by_severity,
        change=words.change_text,
        count=words.count_text,
        estimate=words.estimate_text,
        guide=guide_html,
        interval=words.interval_text,
        link=words.source_link,
        locus=words.locus_text,
        number=words.number_text,
        percent=words.percent,
        phase=_phase_text,
        status_counts=status_counts,
        status_word=words.STATUS_WORDS.__getitem__,
        strand=words.strand_text,
        variant=words.variant_text,
    )
    return environment


def _clean(value: object) -> object:
    """Keep control characters and direction overrides of a text out of the page."""
    return words.one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _phase_text(allele: Allele) -> str:
    """Say on which chromosome copies an allele lies."""
    if not allele.copies:
        return "copy unknown" if allele.zygosity.value == "heterozygous" else ""
    if all(allele.copies):
        return "on every copy"
    carriers = [str(copy) for copy, carries in enumerate(allele.copies, start=1) if carries]
    named = f" of phase set {allele.phase_set}" if allele.phase_set else ", phase unknown"
    return f"on copy {' and '.join(carriers)}{named}"


@lru_cache(maxsize=4)
def _asset(name: str) -> str:
    folder = resources.files("revertant.dossier") / "templates"
    return (folder / name).read_text(encoding="utf-8").strip()


def _digest(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
