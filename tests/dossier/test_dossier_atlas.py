"""The atlas's page: drawings that show the counts, and nothing that is loaded or gets out of its place."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier import atlas_html
from revertant.dossier.drawing.atlas import draw_by_change, draw_combinations, draw_nicks
from revertant.model import Tally
from revertant.planning import DEFINITIONS, Atlas, ContextRow, ContextTable, build_atlas
from revertant.planning.atlas import Pams
from revertant.variant import parse_edit

SVG = "{http://www.w3.org/2000/svg}"
LEFT = "ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTG"
RIGHT = "GGAGAAGTCTGCCGTTACTGCCCTGTGGGGCAAGGTGAACGTGGATGAAG"


@pytest.fixture(scope="module")
def made() -> Atlas:
    """Sickle, the same base as a transition, and a stretch too short for anything."""
    rows = (
        ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", parse_edit(f"{LEFT}(A/T){RIGHT}")),
        ContextRow(3, "NM_000518.5(HBB):c.20A>G", "HBB", "", parse_edit(f"{LEFT}(A/G){RIGHT}")),
        ContextRow(4, "short", POISON, POISON, parse_edit("ACATGGA(A/T)GGCTTAC")),
    )
    return build_atlas(ContextTable(rows, ((5, POISON),)))


def marks(drawing: str, name: str, kind: str) -> list[ET.Element]:
    return [e for e in ET.fromstring(drawing).iter(SVG + name) if kind in e.get("class", "").split()]


def test_bars_stand_for_the_sets_of_ways(made: Atlas) -> None:
    drawing = draw_combinations(made)
    for pams, kind in ((Pams.NGG, "pams-ngg"), (Pams.ANY, "pams-any")):
        counts = made.ways(pams)
        bars = marks(drawing, "rect", kind)
        assert len(bars) == len(counts)
        for bar in bars:
            tip = bar.findtext(f"{SVG}title") or ""
            assert f", {pams.value}: " in tip
        tallest = max(bars, key=lambda bar: float(bar.get("height", "0")))
        most = max(counts.values())
        assert f"{most} variant" in (tallest.findtext(f"{SVG}title") or "")


def test_bars_by_change_are_as_long_as_their_share(made: Atlas) -> None:
    drawing = draw_by_change(made)
    bars = list(ET.fromstring(drawing).iter(f"{SVG}rect"))
    lengths: dict[float, float] = {}
    for bar in bars:
        y = float(bar.get("y", "0"))
        lengths[y] = lengths.get(y, 0) + float(bar.get("width", "0"))
    assert len(lengths) == 2 * 2  # two kinds of change, each with NGG only and with any PAM
    assert max(lengths.values()) - min(lengths.values()) < 1


def test_curves_never_fall(made: Atlas) -> None:
    paths = [e.get("d", "") for e in ET.fromstring(draw_nicks(made)).iter(f"{SVG}path")]
    assert len(paths) == 4
    for path in paths:
        heights = [float(part.split("H")[0]) for part in path.split("V")[1:]]
        assert len(heights) == 25
        assert heights == sorted(heights, reverse=True)


def test_the_page_says_what_counts_and_loads_nothing(made: Atlas) -> None:
    text = atlas_html(made, POISON)
    check_nothing_is_loaded(text)
    page = Page(text)
    assert not page.open
    assert "<script>alert" not in text
    for one in DEFINITIONS:
        assert one.meaning in page.text
        assert one.not_shown in page.text
    assert "Of 3 variants, prime editing reaches 66.7 %" in page.text
    assert "1 is out of reach of all three" in page.text
    assert atlas_html(made, POISON) == text


def test_an_atlas_without_rows_says_so() -> None:
    page = Page(atlas_html(Atlas((), Tally.of("rows", kept=0))))
    assert "The table holds no variant that could be judged." in page.text
    assert page.text.count("There is nothing to draw.") == 3
