"""Draw off-target sites: where in the searched sequence they lie, and how near and how active they may be.

Shape and colour both tell the origin: a circle is in the reference, a triangle was gained in this person, a
diamond changed, an open square was lost. A site without a CFD score is never drawn at zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.words import count_text, locus_text, number_text
from revertant.model import Coverage, OffTargetReport, OffTargetSite, SiteOrigin

__all__ = ["MOST_MARKS", "draw_contigs", "draw_scores"]

#: Marks in one drawing; more would be a blur and a heavy file.
MOST_MARKS = 600
_MOST_CONTIGS = 26

_WIDTH = 520.0
_LEFT = 62.0
_RIGHT = 12.0
_CONTIG_ROW, _TIGHT_ROW = 46.0, 32.0
_ROOMY = 8  # contigs up to which each row says which bases it shows


def draw_contigs(report: OffTargetReport, sites: Sequence[OffTargetSite]) -> str:
    """Draw the searched windows contig by contig with the sites on them.

    Windows of one contig stand side by side, the sequence between them is left out. The height of a mark is
    its CFD score; an open mark on the line has none.

    Parameters
    ----------
    report
        For its coverage.
    sites
        The sites to draw, the most important first.

    Examples
    --------
    >>> from revertant.model import Coverage, OffTargetRequest
    >>> coverage = Coverage(100, (("chr1", 0, 100),), False, ("reference",), "100 bases.")
    >>> draw_contigs(OffTargetReport(OffTargetRequest("ACGT", "NGG"), (), coverage), []).startswith("<svg")
    True
    """
    windows = _windows_by_contig(report.coverage)
    sizes = {contig: sum(end - start for start, end in parts) for contig, parts in windows.items()}
    # Unplaced scaffolds outnumber the chromosomes of a whole genome: the longest contigs are drawn, in their order.
    largest = set(sorted(windows, key=lambda contig: -sizes[contig])[:_MOST_CONTIGS])
    shown = [contig for contig in windows if contig in largest]
    longest = max((sizes[contig] for contig in shown), default=1)
    roomy = len(shown) <= _ROOMY
    places: dict[str, list[OffTargetSite]] = defaultdict(list)
    for site in sites[:MOST_MARKS]:
        places[site.locus.contig].append(site)
    parts, y = [], 6.0
    for contig in shown:
        parts.append(_contig_row(contig, windows[contig], longest, places[contig], y, roomy=roomy))
        y += _CONTIG_ROW if roomy else _TIGHT_ROW
    if len(windows) > len(shown):
        rest = count_text(len(windows) - len(shown), "more contig")
        parts.append(svg.text(_LEFT, y + 10, f"{rest} not drawn", "axis-label"))
        y += 16
    words = f"{count_text(len(sites), 'site')} on {count_text(len(windows), 'contig')} searched"
    return svg.drawing(_WIDTH, max(y + 4, 20), "".join(parts), "contigs", label=words)


def draw_scores(sites: Sequence[OffTargetSite]) -> str:
    """Draw every site by its number of edits (across) and its CFD score (up).

    Parameters
    ----------
    sites
        The sites to draw, the most important first.

    Examples
    --------
    >>> draw_scores([]).startswith("<svg")
    True
    """
    drawn = sites[:MOST_MARKS]
    if not drawn:
        return svg.drawing(_WIDTH, 20, svg.text(0, 14, "No site.", "axis-label"), "scores", label="No site")
    low, high = min(site.edits for site in drawn), max(site.edits for site in drawn)
    column = min((_WIDTH - _LEFT - _RIGHT) / (high - low + 1), 110.0)
    scored = any(site.cfd is not None for site in drawn)
    top, bottom = 12.0, 152.0 if scored else 12.0
    strip = bottom + 34 if any(site.cfd is None for site in drawn) else bottom
    right = _LEFT + column * (high - low + 1)
    parts = [_score_axis(top, bottom, right)] if scored else []
    if strip > bottom:
        parts.append(svg.line(_LEFT, strip, right, strip, "grid"))
        parts.append(svg.text(_LEFT - 8, strip - 4, "CFD not", "axis-label last"))
        parts.append(svg.text(_LEFT - 8, strip + 8, "defined", "axis-label last"))
    for edits in range(low, high + 1):
        x = _LEFT + column * (edits - low + 0.5)
        parts.append(svg.text(x, strip + 22, str(edits), "axis-label mid"))
    parts.append(svg.text((_LEFT + right) / 2, strip + 38, "mismatches and bulges", "axis-label mid"))
    taken: dict[tuple[int, int], int] = defaultdict(int)
    for site in drawn:
        y = strip if site.cfd is None else bottom - site.cfd * (bottom - top)
        cell = (site.edits, round(y / 7))
        x = _LEFT + column * (site.edits - low + 0.5) + _beside(taken[cell], column)
        taken[cell] += 1
        parts.append(_mark(site, x, y))
    return svg.drawing(_WIDTH, strip + 44, "".join(parts), "scores", label="Sites by edits and CFD score")


def _windows_by_contig(coverage: Coverage) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for contig, start, end in coverage.windows:
        found.setdefault(contig, []).append((start, end))
    return dict(sorted(found.items(), key=lambda item: _natural(item[0])))


def _natural(contig: str) -> tuple[tuple[bool, int, str], ...]:
    """Order contigs as people count: chr2 before chr11."""
    parts = re.findall(r"\d+|\D+", contig)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _contig_row(
    contig: str,
    windows: Sequence[tuple[int, int]],
    longest: int,
    sites: Sequence[OffTargetSite],
    y: float,
    *,
    roomy: bool,
) -> str:
    bases = sum(end - start for start, end in windows)
    room = _WIDTH - _LEFT - _RIGHT
    width = max(room * bases / longest, 40.0 if roomy else 3.0)
    gap = min(4.0, 0.2 * width / max(len(windows) - 1, 1))
    scale = (width - gap * (len(windows) - 1)) / max(bases, 1)
    base_line = y + 26
    parts = [svg.text(0, base_line + 7, contig, "contig-label")]
    x, starts = _LEFT, []
    for start, end in windows:
        starts.append((start, end, x))
        tip = f"{contig}:{start + 1:,}–{end:,}"
        parts.append(svg.rect(x, base_line, max((end - start) * scale, 1), 7, "window", radius=3.5, tip=tip))
        x += (end - start) * scale + gap
    first, last = windows[0][0], windows[-1][1]
    if roomy:
        words = f"{number_text(first + 1)}–{number_text(last)}"
        if len(windows) > 1:
            words += f", {len(windows)} windows"
        parts.append(svg.text(_LEFT, base_line + 19, words, "axis-label"))
    for site in sites:
        for start, end, left in starts:
            if start <= site.locus.start <= end:
                mark_x = left + (site.locus.start - start) * scale
                height = 0.0 if site.cfd is None else 2 + site.cfd * 20
                if height:
                    parts.append(
                        svg.line(mark_x, base_line, mark_x, base_line - height, f"stem {site.origin}")
                    )
                parts.append(_mark(site, mark_x, base_line - height if height else base_line + 3.5))
                break
    return "".join(parts)


def _score_axis(top: float, bottom: float, right: float) -> str:
    parts = [svg.text(0, top + 4, "CFD", "axis-label")]
    for tenths in range(0, 11, 2):
        y = bottom - tenths / 10 * (bottom - top)
        parts.append(svg.line(_LEFT, y, right, y, "grid"))
        parts.append(svg.text(_LEFT - 8, y + 3.5, f"{tenths / 10:.1f}", "axis-label last"))
    return "".join(parts)


def _beside(already: int, column: float) -> float:
    """Put marks that would hide each other side by side, out from the middle, held within their column."""
    step = (already + 1) // 2 * 7.0
    half = column / 2 - 5
    if half <= 0:
        return 0.0
    offset = step % half if step > half else step
    return offset if already % 2 else -offset


def _mark(site: OffTargetSite, x: float, y: float) -> str:
    score = "CFD not defined" if site.cfd is None else f"CFD {site.cfd:.3f}"
    tip = f"{locus_text(site.locus)}: {count_text(site.edits, 'edit')}, {score}, {site.origin}"
    kind = f"mark {site.origin}" + (" unscored" if site.cfd is None else "")
    px, py = svg.number(x), svg.number(y)
    shapes = {
        SiteOrigin.REFERENCE: f"M{px} {py}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
        SiteOrigin.GAINED: f"M{px} {py}m0 -4.5l4.4 7.6h-8.8z",
        SiteOrigin.CHANGED: f"M{px} {py}m0 -4.4l4.4 4.4l-4.4 4.4l-4.4 -4.4z",
        SiteOrigin.LOST: f"M{px} {py}m-3.2 -3.2h6.4v6.4h-6.4z",
    }
    return svg.path(shapes[site.origin], kind, tip=tip)
