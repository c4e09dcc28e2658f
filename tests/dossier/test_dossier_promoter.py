"""The drawing of a promoter: everything stands at its place on one scale, and inside the drawing."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builder import sickle_plan

from revertant.dossier.drawing.promoter import draw_promoter, promoter_legend
from revertant.dossier.report import report_html
from revertant.model import NearbyStart, PromoterMap

SPACE = "{http://www.w3.org/2000/svg}"


def promoter_of(guide=44, window=(-25, 500), core=(25, 75), cpg=(-20, 130, 131, 490), starts=()):
    return PromoterMap("HBB", window, core, guide, True, cpg, starts)


def drawn(promoter, width=760.0):
    return ET.fromstring(draw_promoter(promoter, width=width))


def of_class(root, kind):
    return [e for e in root.iter() if e.get("class") == kind]


def test_places_lie_on_one_scale():
    root = drawn(promoter_of())
    window, core = of_class(root, "window")[0], of_class(root, "core")[0]
    scale = float(window.get("width")) / 525
    left = float(window.get("x"))
    assert float(core.get("x")) == pytest.approx(left + 50 * scale, abs=0.2)
    assert float(core.get("width")) == pytest.approx(50 * scale, abs=0.2)
    places = [float(e.get("x")) + 0.6 for e in of_class(root, "cpg")]
    assert places == pytest.approx([left + (at + 25) * scale for at in (-20, 130, 131, 490)], abs=0.2)
    guide = float(re.match(r"M([\d.]+)", of_class(root, "guide")[0].get("d")).group(1))
    assert guide == pytest.approx(left + 69 * scale, abs=0.2)
    start = float(re.match(r"M([\d.]+)", of_class(root, "start")[0].get("d")).group(1))
    assert start == pytest.approx(left + 25 * scale, abs=0.2)


@given(
    st.integers(-900, 900),
    st.integers(-900, 0),
    st.integers(1, 900),
    st.lists(st.tuples(st.integers(-999, 999), st.booleans()), max_size=3),
    st.sampled_from([360.0, 760.0]),
)
def test_texts_stay_inside(guide, low, high, starts, width):
    guide = max(low, min(guide, high))
    others = tuple(NearbyStart("LONGNAME1", offset, way) for offset, way in starts)
    root = drawn(promoter_of(guide, (low, high), (low, high), (), others), width)
    assert float(root.get("width")) == width
    for text in root.iter(f"{SPACE}text"):
        assert 0 <= float(text.get("x")) <= width
    assert not of_class(root, "core")
    assert len(of_class(root, "other-start")) == len(others)


def test_the_legend_names_what_is_there():
    assert "core" not in dict(promoter_legend(promoter_of(core=(-25, 500))))
    assert "other-start" in dict(promoter_legend(promoter_of(starts=(NearbyStart("X", 40, False),))))
    assert "cpg" not in dict(promoter_legend(promoter_of(cpg=())))


def test_it_is_told_in_words():
    root = drawn(promoter_of(starts=(NearbyStart("BACK", -200, False),)))
    label = root.get("aria-label")
    assert "the guide lies at 44 bp" in label
    assert "BACK at -200 bp" in label


def test_the_report_draws_it():
    plan = sickle_plan()
    first = plan.designs[0]
    switched = replace(first, design=replace(first.design, promoter=promoter_of()))
    without, page = (
        report_html(replace(plan, designs=(one, *plan.designs[1:]))) for one in (first, switched)
    )
    assert 'class="promoter"' not in without
    assert page.count('<svg class="promoter"') == 2  # for wide and for narrow pages
    assert "where it binds best" in page
