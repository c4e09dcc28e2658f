"""A simulated edit for a terminal: the marked sequence, and each result under it, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from revertant.dossier.alignment import Aligned
from revertant.dossier.simulation.views import SimulationView, headline, simulation_views
from revertant.dossier.words import count_text, estimate_text, one_line
from revertant.model import Estimate, ViewSpan
from revertant.planning.simulation import Simulation, SimulationReport

__all__ = ["simulation_text"]

_NAME = 12  # columns for what a row is
_SIGNS = {"protospacer": "=", "pam": "^", "window": "~", "pbs": "<", "rtt": ">", "arm": "-", "target": "*"}
_STYLES = {
    "protospacer": "cyan",
    "pam": "yellow",
    "window": "green",
    "pbs": "green",
    "rtt": "magenta",
    "arm": "green",
}
#: Results drawn letter by letter; the table lists all.
MOST_DRAWN = 4


def simulation_text(report: SimulationReport, *, width: int = 100) -> RenderableType:
    """Return what a terminal shows of a simulation.

    Parameters
    ----------
    report
        What was simulated.
    width
        Columns of the terminal.

    Examples
    --------
    >>> from rich.console import Console
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_all, simulate_cut
    >>> cas9 = knowledge.nucleases()["spcas9"]
    >>> ground = given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA")
    >>> report = simulate_all([ground], lambda ground: simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", cas9))
    >>> console = Console(width=100, color_system=None)
    >>> with console.capture() as shown:
    ...     console.print(simulation_text(report))
    >>> [line.rstrip() for line in shown.get().splitlines()[2:6]]
    ['5′→3′       AAAACTAACAGTTGCTTTTATCACAGGCTCCA', 'protospacer     ====================', \
'pam                                 ^^^', 'cut                              ╵']
    """
    room = max(width - _NAME - 1, 20)
    parts: list[RenderableType] = []
    for view in simulation_views(report):
        parts += _one(view, room)
    parts += [_text(f"Not edited: {copies}. {reason}", "yellow") for copies, reason in report.not_edited]
    parts.append(_text(report.notice, "dim"))
    return Group(*parts)


def _one(view: SimulationView, room: int) -> Iterator[RenderableType]:
    simulation = view.simulation
    yield _text(headline(simulation), "bold")
    before = f" Before: {'; '.join(view.before)}." if view.before else ""
    yield _text(f"{view.copies[:1].upper()}{view.copies[1:]}, {simulation.view.locus}.{before}")
    yield from _marked(simulation, room)
    for one in view.alleles[:MOST_DRAWN]:
        share = f"  {estimate_text(one.allele.share)}" if _is_known(one.allele.share) else ""
        yield Text()
        yield _text(f"{one.allele.label}{share}", "bold")
        yield from _aligned(one.rows, room)
        for line in (*one.names, *one.does):
            yield _text(f"{'':{_NAME}}{line}")
    if len(view.alleles) > 1:
        yield _table(view)
    yield Text()
    for finding in simulation.findings:
        value = f" ({finding.value})" if finding.value else ""
        yield _text(f"{finding.status.value}: {finding.because}{value}")


def _marked(simulation: Simulation, room: int) -> Iterator[Text]:
    """The sequence with one row for each kind of mark."""
    view = simulation.view
    spans = [span for span in view.spans if span.kind in _SIGNS or span.kind in {"cut", "nick"}]
    for low in range(0, len(view.bases), room):
        high = min(low + room, len(view.bases))
        yield Text(f"{'5′→3′':{_NAME}}") + Text(view.bases[low:high], "bold")
        for kind in dict.fromkeys(span.kind for span in sorted(spans, key=_order)):
            row = "".join(_sign(index, kind, spans) for index in range(low, high)).rstrip()
            if row:
                yield Text(f"{kind:{_NAME}}", "dim") + Text(row, _STYLES.get(kind, "red"))


def _is_known(share: Estimate | None) -> bool:
    return share is not None and share.value is not None


def _order(span: ViewSpan) -> int:
    return [*_SIGNS, "cut", "nick"].index(span.kind)


def _sign(index: int, kind: str, spans: list[ViewSpan]) -> str:
    for span in spans:
        if span.kind != kind:
            continue
        if kind in _SIGNS and span.start <= index < span.end:
            return _SIGNS[kind]
        # A cut lies between two bases: the stroke stands at the left of the one behind it.
        if kind not in _SIGNS and span.start == index:
            return "╵"
    return " "


def _aligned(rows: Aligned, room: int) -> Iterator[Text]:
    for low in range(0, len(rows.before), room):
        part = slice(low, low + room)
        changed = {index - low for index in rows.changed if low <= index < low + room}
        yield Text(f"{'before':{_NAME}}", "dim") + _lit(rows.before[part], changed, "red")
        yield Text(f"{'':{_NAME}}") + Text(rows.between[part], "dim")
        yield Text(f"{'after':{_NAME}}", "dim") + _lit(rows.after[part], changed, "bold green")
    if rows.left_out:
        yield _text(
            f"{'':{_NAME}}{count_text(rows.left_out, 'letter')} left out here; --json gives them", "dim"
        )


def _lit(letters: str, changed: set[int], style: str) -> Text:
    text = Text()
    for index, letter in enumerate(letters):
        text.append(letter, style if index in changed else "")
    return text


def _table(view: SimulationView) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Result")
    table.add_column("Share", justify="right", no_wrap=True)
    table.add_column("Afterwards")
    for one in view.alleles:
        share = estimate_text(one.allele.share)
        table.add_row(_text(one.allele.label), _text(share), _text("\n".join((*one.names, *one.does))))
    return table


def _text(words: str, style: str = "") -> Text:
    """Make a text that is shown as it stands: no mark-up of the terminal, no control character."""
    return Text("\n".join(one_line(part) for part in words.split("\n")), style=style)
