"""The short answer for a terminal: verdict, the leading designs, and how much is unknown."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from revertant.dossier.selection import design_groups, design_off_targets, searched_for
from revertant.dossier.vectors.words import vector_text
from revertant.dossier.views.products import product_lines
from revertant.dossier.views.readiness import readiness_line
from revertant.dossier.views.trials import trial_lines
from revertant.dossier.words import count_text, estimate_text, modality_text, one_line, outlook_of
from revertant.model import Plan, RankedDesign, Rejection

__all__ = ["summary_table"]


#: A narrower terminal gets the columns one cannot do without.
WIDE = 130

#: Reasons that fit on a screen where no design is offered; the report has them all.
_MOST_REASONS = 6


def summary_table(plan: Plan, *, most: int = 10, width: int = WIDE) -> RenderableType:
    """Return what a terminal shows of a plan.

    Parameters
    ----------
    plan
        The plan.
    most
        Groups of designs to list; the rest is counted.
    width
        Columns of the terminal; below 130 off-targets and reasons are left to the report.

    Examples
    --------
    >>> from revertant.model import Plan, Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> from rich.console import Console
    >>> console = Console(width=100, color_system=None)
    >>> console.print(summary_table(plan))
    No.
    No design is offered. 0 routes were not taken, 0 questions are open. No off-target search was made.
    """
    groups = design_groups(plan)
    parts: list[RenderableType] = [_text(plan.verdict, "bold")]
    if plan.products:
        parts.append(
            _text("\n".join(["Approved products, by label:", *(f"  {line}" for line in product_lines(plan))]))
        )
    if lines := trial_lines(plan):
        parts.append(
            _text("\n".join(["Clinical trials that are possible:", *(f"  {line}" for line in lines)]))
        )
    if groups:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        table.add_column("#", justify="right", no_wrap=True)
        table.add_column("Design", min_width=18, max_width=36)
        vectors = any(group.lead.design.vector is not None for group in groups[:most])
        table.add_column("Guide or vector" if vectors else "Guide and PAM", no_wrap=not vectors)
        table.add_column("Useful", justify="right", no_wrap=True)
        wide = width >= WIDE
        if wide:
            table.add_column("Off-targets", min_width=14, max_width=30)
            table.add_column("Why here", min_width=18)
        for place, group in enumerate(groups[:most], start=1):
            cells = _row(place, group.lead, len(group.variants))
            table.add_row(*(cells if wide else cells[:4]))
        parts.append(table)
    elif plan.rejections:
        parts.append(_text(_why_none(plan.rejections)))
    parts.append(_text(_closing(plan, len(groups), most)))
    if line := readiness_line(plan):
        parts.append(_text(line))
    return Group(*parts)


def _row(place: int, ranked: RankedDesign, variants: int) -> tuple[Text, ...]:
    design = ranked.design
    name = Text.assemble(
        (one_line(design.route.label), "bold"), "\n", one_line(f"{design.acts_on}, {design.effector_name}")
    )
    name.append(f"\n{one_line(ranked.tier)}", style="dim")
    if variants:
        name.append(f"\n+ {count_text(variants, 'near-identical variant')}", style="dim")
    guides = Text()
    for number, guide in enumerate(design.guides):
        guides.append("\n" if number else "")
        guides.append(one_line(guide.spacer), style="cyan")
        guides.append(f" {one_line(guide.pam)}", style="yellow")
    for number, oligo in enumerate(design.antisense):
        guides.append("\n" if number or design.guides else "")
        guides.append(one_line(oligo.sequence), style="cyan")
    if design.vector is not None and not guides:
        guides = _text(vector_text(design.vector))
    named, estimate = outlook_of(design)
    share = estimate_text(estimate).replace(" (", "\n(")
    if design.vector is not None and (estimate is None or estimate.value is None):
        share = "–"
    if named == "expected yield":
        share = f"yield {share}"
    if estimate is not None and estimate.value is not None and not estimate.in_domain:
        share += "\nout of domain"
    off_targets = design_off_targets(design, ranked.assessment)
    return _text(str(place)), name, guides, _text(share), _text(off_targets), _text(ranked.because)


def _why_none(rejections: Sequence[Rejection]) -> str:
    """Say why there is no design, here and not in the report alone: the first reasons, the rest counted."""
    alike: dict[str, list[str]] = {}
    for one in rejections:
        route = one.route.label if one.route else "every route"
        alike.setdefault(one.because, []).append(f"{route} ({modality_text(one.modality)}), {one.acts_on}")
    lines = [f"  {'; '.join(dict.fromkeys(named))}: {because}" for because, named in alike.items()]
    more = len(lines) - _MOST_REASONS
    rest = [f"  {count_text(more, 'more reason')} in the report."] if more > 0 else []
    return "\n".join(["Why not:", *lines[:_MOST_REASONS], *rest])


def _closing(plan: Plan, groups: int, most: int) -> str:
    first = f"{count_text(groups - most, 'more group')} not listed." if groups > most else ""
    if not groups:
        first = "No design is offered."
    routes = count_text(len(plan.rejections), "route was", "routes were")
    unknowns = count_text(len(plan.unknowns), "question is", "questions are")
    coverage = "No off-target search was made." if searched_for(plan) else ""
    coverage = plan.coverage.statement if plan.coverage else coverage
    return f"{first} {routes} not taken, {unknowns} open. {coverage}".strip()


def _text(words: str, style: str = "") -> Text:
    """Make a text that is shown as it stands: no mark-up of the terminal, no control character."""
    return Text("\n".join(one_line(part) for part in words.split("\n")), style=style)
