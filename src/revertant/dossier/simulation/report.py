"""A simulated edit as one page, or as one drawing: files that need nothing else."""

from __future__ import annotations

from importlib import resources

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.alignment import draw_alignment
from revertant.dossier.page import render
from revertant.dossier.simulation.views import MOST_DRAWN, allele_names, headline, simulation_views
from revertant.planning.simulation import SimulationReport

__all__ = ["simulation_html", "simulation_svg"]

_STYLES = ("report.css", "simulation.css")
_MARGIN, _LINE = 20.0, 26.0
#: Width in letters of sentences in a drawing.
_WIDE = 128


def simulation_html(report: SimulationReport) -> str:
    """Return a simulation as one self-contained HTML page.

    Parameters
    ----------
    report
        At least one simulation.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_all, simulate_cut
    >>> cas9 = knowledge.nucleases()["spcas9"]
    >>> ground = given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA")
    >>> report = simulate_all([ground], lambda ground: simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", cas9))
    >>> "SpCas9 cuts at sequence:21^22." in simulation_html(report)
    True
    """
    return render(
        "simulation.html.j2",
        styles=_STYLES,
        report=report,
        views=simulation_views(report),
        headlines=[headline(simulation) for simulation in report.simulations],
        names_before=[allele_names(simulation, simulation.before) for simulation in report.simulations],
        drawn=MOST_DRAWN,
    )


def simulation_svg(report: SimulationReport) -> str:
    """Return a simulation as one drawing with its own style.

    Parameters
    ----------
    report
        At least one simulation.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_all, simulate_cut
    >>> cas9 = knowledge.nucleases()["spcas9"]
    >>> ground = given_ground("AAAACTAACAGTTGCTTTTATCACAGGCTCCA")
    >>> report = simulate_all([ground], lambda ground: simulate_cut(ground, "CTAACAGTTGCTTTTATCAC", cas9))
    >>> simulation_svg(report).startswith("<svg"), simulation_svg(report).count("<svg")
    (True, 2)
    """
    parts: list[str] = []
    y, widest = _MARGIN, 0.0

    def write(words: str, kind: str) -> None:
        nonlocal y
        for row in _wrapped(words):
            y += _LINE - 6
            parts.append(svg.text(_MARGIN, y, row, kind))
        y += 8

    def draw(drawing: str) -> None:
        nonlocal y, widest
        width, height = _size(drawing)
        parts.append(drawing.replace("<svg ", f'<svg x="{svg.number(_MARGIN)}" y="{svg.number(y)}" ', 1))
        y += height + 14
        widest = max(widest, width)

    for view in simulation_views(report):
        write(headline(view.simulation), "title")
        write(f"{view.title}; {view.copies}. Before the edit:", "words")
        draw(str(view.drawing))
        for one in view.alleles[:MOST_DRAWN]:
            share = one.allele.share
            known = f" ({share.value:.0%})" if share is not None and share.value is not None else ""
            write(f"{one.allele.label}{known}: {', '.join((*one.names, *one.does))}", "words")
            draw(draw_alignment(one.rows))
        if len(view.alleles) > MOST_DRAWN:
            write(f"{len(view.alleles) - MOST_DRAWN} more are not drawn.", "words")
    for copies, reason in report.not_edited:
        write(f"Not edited: {copies}. {reason}", "words")
    write(report.notice, "words")
    width = max(widest, _WIDE * 6.6) + 2 * _MARGIN
    sheet = svg.element("rect", class_="sheet", x=0, y=0, width=width, height=y + _MARGIN)
    style = f"<style>{_style()}</style>"
    label = headline(report.simulations[0])
    return svg.drawing(width, y + _MARGIN, style + sheet + "".join(parts), "simulation", label=label) + "\n"


def _style() -> str:
    folder = resources.files("revertant.dossier") / "templates"
    sheets = "\n".join((folder / name).read_text(encoding="utf-8").strip() for name in _STYLES)
    own = (
        ".simulation .sheet { fill: var(--paper); } .simulation .title { font: 600 17px var(--serif); } "
        ".simulation .words { font-size: 12.5px; fill: var(--soft); }"
    )
    return f"{sheets}\n{own}".replace("&", "&amp;").replace("<", "&lt;")


def _size(drawing: str) -> tuple[float, float]:
    """Width and height that a drawing states."""
    head = drawing[: drawing.index(">")]
    return tuple(float(head.split(f' {name}="')[1].split('"')[0]) for name in ("width", "height"))  # type: ignore[return-value]


def _wrapped(words: str) -> list[str]:
    rows = [""]
    for word in words.split(" "):
        if rows[-1] and len(rows[-1]) + 1 + len(word) > _WIDE:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows
