"""Drawings of simulated edits: every letter in its place, whatever comes or goes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from revertant import knowledge
from revertant.dossier import simulation_html, simulation_svg, simulation_text
from revertant.dossier.alignment import MOST_SHOWN, Aligned, aligned
from revertant.dossier.drawing.alignment import draw_alignment
from revertant.dossier.simulation.views import headline
from revertant.planning.simulation import (
    given_ground,
    simulate_all,
    simulate_base_edit,
    simulate_cut,
    simulate_repair,
)
from revertant.planning.simulation.alleles import edited_allele

LEFT, RIGHT = "TTGACCTTGAGCTAACCATGGTGCACCTGACTCC", "TGTGGAGAAGTCTGCCGTTACTGCCCTGTGGGGCAAG"
HERE, SPACER = LEFT + RIGHT, "CATGGTGCACCTGACTCCTG"
CAS9 = knowledge.nucleases()["spcas9"]
CUT = simulate_cut(given_ground(HERE), SPACER, CAS9)


def report_of(simulation):
    return simulate_all([given_ground(HERE)], lambda _: simulation)


def inserted(size):
    return simulate_repair(given_ground(HERE), SPACER, CAS9, LEFT + "GATTACA" * (size // 7) + RIGHT)


def shown(simulation, width=100):
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(simulation_text(report_of(simulation), width=width))
    return captured.get()


@given(st.integers(0, len(HERE)), st.integers(0, 20), st.text("ACGT", max_size=20))
def test_the_rows_spell_both_sequences(start, removed, written):
    allele = edited_allele(given_ground(HERE), start, min(removed, len(HERE) - start), written, "any")
    rows = aligned(CUT, allele)
    before, after = rows.before.replace("-", ""), rows.after.replace("-", "")
    assert len(rows.before) == len(rows.after) == len(rows.between)
    assert HERE[rows.start :].startswith(before)
    assert allele.sequence[rows.start :].startswith(after)
    assert all(
        (a == b) == (mark == "|") for a, b, mark in zip(rows.before, rows.after, rows.between, strict=True)
    )


def test_a_long_insertion_is_shown_by_its_ends_and_says_so():
    simulation = inserted(140)
    rows = aligned(simulation, simulation.alleles[0])
    assert rows.left_out > 140 - MOST_SHOWN
    assert len(rows.before) < MOST_SHOWN + 40
    assert "letters left out" in shown(simulation)
    assert "letters are left out" in simulation_html(report_of(simulation))


@pytest.mark.parametrize("columns", [10, 26, 76])
def test_a_drawing_wraps_without_losing_a_letter(columns):
    rows = Aligned("ACGTACGTAC--ACGTACGT", "ACGTTCGTACGGACGTA--T", 0)
    tree = ET.fromstring(draw_alignment(rows, columns=columns))
    letters = "".join(text.text for text in tree.iter() if text.get("class") in {"base", "new-letter"})
    assert sorted(letters) == sorted(rows.before + rows.after)
    width = float(tree.get("viewBox").split()[2])
    places = [float(x) for text in tree.iter() for x in (text.get("x") or "").split()]
    assert max(places) < width


def test_the_drawing_of_all_is_well_formed_and_has_its_style():
    simulation = simulate_base_edit(
        given_ground("GGTTTTTATCACAGGCTCCAGGAAGGGTTT"), "TTTTATCACAGGCTCCAGGA", knowledge.editors()["abemax"]
    )
    text = simulation_svg(report_of(simulation))
    root = ET.fromstring(text)
    assert root.get("role") == "img"
    assert "--paper" in text
    assert [a.label for a in simulation.alleles] == re.findall(r">(A\dG(?: and A\dG)?) \(", text)


def test_no_place_beyond_the_terminal():
    for width in (40, 60, 100):
        assert max(map(len, shown(CUT, width).splitlines())) <= width


def test_the_sentence_says_where_and_what():
    assert headline(CUT).startswith("SpCas9 cuts at sequence:33^34; the most frequent indel, ")
    assert headline(simulate_cut(given_ground(HERE[10:]), SPACER, CAS9)) == "SpCas9 cuts at sequence:23^24."
    assert headline(inserted(7)).startswith(
        "Repair from the donor after SpCas9 writes GATTACA at sequence:34^35."
    )
