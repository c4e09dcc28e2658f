"""One self-contained page: templates, style and script put together so that nothing is loaded from elsewhere.

Every text is escaped by the template engine; the only mark-up that goes in unescaped is what this room makes
itself. A content security policy forbids the page to load anything, and allows only its own script and style
by their digests.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from revertant.dossier import words
from revertant.dossier.selection import by_severity, status_counts
from revertant.dossier.vectors import words as vector_words
from revertant.dossier.views import products as product_views
from revertant.dossier.views import tumour as tumour_views
from revertant.dossier.views.designs import alignment_html, guide_html, request_html
from revertant.model import SiteOrigin, Status
from revertant.offtarget.scoring.tiers import TIER_MEANINGS, TIER_RULES, tier_of_site

if TYPE_CHECKING:
    from revertant.model import Allele

__all__ = ["render"]

#: Places behind which a long identifier may go on in the next line.
_BREAKS = re.compile(r"(?<=[/.;:_)-])(?=\S)")


def render(template: str, *, styles: tuple[str, ...] = ("report.css",), **values: object) -> str:
    """Return a page made from a template of this package.

    Parameters
    ----------
    template
        Name of the template; it extends ``page.html.j2``.
    styles
        Names of the style sheets, which become one.
    **values
        What the template is given.
    """
    style, script = "\n".join(map(_asset, styles)), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    text = (
        _environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - a file of this package
            policy=policy,
            statuses=tuple(Status),
            origins=tuple(SiteOrigin),
            **values,
        )
    )
    return text.strip() + "\n"


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
    environment.globals["tiers"] = tuple(zip(TIER_RULES, TIER_MEANINGS, strict=True))
    environment.filters.update(
        alignment=alignment_html,
        amount=words.amount_text,
        breakable=_breakable,
        by_severity=by_severity,
        change=words.change_text,
        copies=words.copies_text,
        count=words.count_text,
        cpg=vector_words.cpg_text,
        criteria=product_views.criteria_view,
        dose=vector_words.dose_text,
        estimate=words.estimate_text,
        form=vector_words.form_text,
        outlook=words.outlook_of,
        guide=guide_html,
        interval=words.interval_text,
        limits=words.limits_text,
        modality_word=words.modality_text,
        method=tumour_views.METHOD_WORDS.__getitem__,
        link=words.source_link,
        locus=words.locus_text,
        number=words.number_text,
        percent=words.percent,
        phase=_phase_text,
        request=request_html,
        score=words.score_text,
        significant=words.significant_text,
        state_status=product_views.state_status,
        state_word=product_views.STATE_WORDS.__getitem__,
        status_counts=status_counts,
        status_word=words.STATUS_WORDS.__getitem__,
        strand=words.strand_text,
        tier=tier_of_site,
        variant=words.variant_text,
        vector_text=vector_words.vector_text,
        verdict_status=product_views.verdict_status,
        whole=vector_words.whole_text,
        verdict_word=product_views.VERDICT_WORDS.__getitem__,
    )
    return environment


def _clean(value: object) -> object:
    """Keep control characters and direction overrides of a text out of the page."""
    return words.one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _breakable(source: str) -> Markup:
    """Let an identifier break behind a slash, a dot or the like, and nowhere else."""
    parts = _BREAKS.split(words.one_line(source))
    return Markup("<wbr>").join(part for part in parts if part)


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
