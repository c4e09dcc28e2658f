"""A plan with an oligo and no guide: report, tables and tracks say what there is, and nothing that is not."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import plan_builder as build
import pytest
from report_page import POISON, Page
from rich.console import Console

from revertant.dossier.files import write_dossier
from revertant.dossier.report import report_html
from revertant.dossier.tables import DESIGN_COLUMNS, bed_text, designs_text, off_targets_text, oligos_text
from revertant.dossier.terminal import summary_table
from revertant.model import (
    AntisenseOligo,
    Assessment,
    Design,
    Finding,
    Locus,
    Oligo,
    RankedDesign,
    Route,
    SequenceView,
    SpliceChange,
    Status,
    Strand,
    ViewSpan,
)

#: On the plus strand, while HBB is read on the minus strand: the middle of exon 2.
PLACE = Locus("chr11", 5226680, 5226698, Strand.PLUS)
SEQUENCE = build.bases("chr11", PLACE.start, PLACE.end)
SHOWN = Locus("chr11", PLACE.start - 10, PLACE.end + 10)
MATCHES = "0 further perfect matches and 3 with one mismatch in the 3,891 bases searched."


def oligo_plan():
    oligo = AntisenseOligo(SEQUENCE, PLACE, "PMO", "inside of exon 2", ("1", "2"))
    design = Design(
        modality="splice_switching",
        route=Route.SKIP_EXON,
        gene="HBB",
        acts_on="c.20A>T",
        effector="antisense_oligo",
        effector_name="Antisense oligo (PMO)",
        guides=(),
        purpose="An antisense oligo covers the inside of exon 2 and so leaves out exon 2.",
        oligos=(Oligo("antisense", SEQUENCE, "PMO, steric blocking"),),
        view=SequenceView(
            SHOWN,
            build.bases("chr11", SHOWN.start, SHOWN.end),
            (ViewSpan("oligo", 10, 28, "inside of exon 2"), ViewSpan("exon", 0, 38, "exon 2")),
        ),
        antisense=(oligo,),
        splicing=SpliceChange("NM_000518.5", (2,)),
    )
    findings = (Finding("oligo.matches_elsewhere", Status.UNKNOWN, MATCHES, "0 and 3"),)
    ranked = RankedDesign(
        1,
        "group-1",
        "leaves exons out",
        "It is the only one in its tier.",
        on_front=True,
        design=design,
        assessment=Assessment(design.design_id, findings),
    )
    return replace(build.sickle_plan(), designs=(ranked,), off_targets=(), coverage=None)


@pytest.fixture(scope="module")
def plan():
    return oligo_plan()


def test_the_page_shows_the_oligo_and_the_exon(plan):
    page = Page(report_html(plan))
    assert not page.open
    assert page.text.count(SEQUENCE) >= 3  # the card, the detail, the ordering sheet
    assert "18 nt · PMO · covers inside of exon 2" in page.text
    assert MATCHES in page.text
    assert "An oligo has no guide to search for" in page.text
    assert "No off-target search was made for this design" not in page.text
    drawings = [names.get("class", "") for tag, names in page.elements if tag == "svg"]
    assert drawings.count("transcript") == 2  # wide and narrow
    labels = [names["aria-label"] for tag, names in page.elements if names.get("class") == "transcript"]
    assert all("exon 2 left out by this design" in label for label in labels)


def test_hostile_words_stay_words(plan):
    [ranked] = plan.designs
    design = ranked.design
    [oligo] = design.antisense
    bad = replace(
        design,
        antisense=(replace(oligo, sequence=POISON, chemistry=POISON, covers=POISON),),
        splicing=SpliceChange("NM_000518.5", hidden=Locus("chr11", 5226700, 5226720), label=POISON),
    )
    page = Page(report_html(replace(plan, designs=(replace(ranked, design=bad),))))
    assert not page.open
    scripts = [names for tag, names in page.elements if tag == "script"]
    assert len(scripts) == 1
    assert not any(tag == "img" for tag, _ in page.elements)


def test_tables(plan):
    header, line = designs_text(plan).splitlines()
    row = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert list(row) == [column.name for column in DESIGN_COLUMNS]
    assert row["antisense"] == SEQUENCE
    assert row["antisense_place"] == "chr11:5226681-5226698:+"
    assert row["exons_left_out"] == "2"
    assert row["spacer"] == row["pam"] == row["contig"] == row["off_target_sites"] == ""
    assert len(off_targets_text(plan).splitlines()) == 1
    assert bed_text(plan) == ""
    assert oligos_text(plan).splitlines()[1].split("\t")[2:5] == ["antisense", SEQUENCE, "18"]


def test_the_terminal(plan):
    console = Console(file=StringIO(), width=160, color_system=None)
    console.print(summary_table(plan))
    text = " ".join(console.file.getvalue().split())
    assert SEQUENCE in text
    assert "Antisense oligo (PMO)" in text
    assert "not searched" not in text


def test_every_file_is_written(plan, tmp_path):
    names = [path.name for path in write_dossier(plan, tmp_path / "out")]
    assert "offtargets.bed" in names
    assert (tmp_path / "out" / "offtargets.bed").read_bytes() == b""


def test_tables_without_splice_switching_have_empty_cells():
    header, *lines = designs_text(build.sickle_plan()).splitlines()
    places = [header.split("\t").index(name) for name in ("antisense", "antisense_place", "exons_left_out")]
    assert all(line.split("\t")[place] == "" for line in lines for place in places)
