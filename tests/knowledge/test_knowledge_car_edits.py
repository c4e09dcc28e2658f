"""The genes that are edited in T cells lie where their bands say."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from revertant.knowledge import car_edits, multiplex_facts, precedents, safe_harbours
from revertant.model import EditPurpose

#: Centromeres of GRCh37 in megabases, rounded (UCSC hg19, table gap): far from every gene below.
_CENTROMERES = {"1": 122, "2": 94, "11": 53, "15": 18, "16": 36, "17": 23}


def test_contig_and_arm_agree_with_coordinates(shared_data: Path) -> None:
    """Gene coordinates on GRCh37 are those of the gnomAD v2.1.1 constraint table."""
    with gzip.open(shared_data / "genes" / "gnomad_v2.1.1_constraint.tsv.gz", "rt") as handle:
        rows = {row["gene"]: row for row in csv.DictReader(handle, delimiter="\t")}
    held = {gene: row for gene, row in car_edits().items() if gene in rows}
    assert set(held) >= {"B2M", "CIITA", "CD52", "PDCD1", "CD7", "CD5", "CD2"}
    for gene, row in held.items():
        chromosome = rows[gene]["chromosome"]
        megabases = float(rows[gene]["start_position"]) / 1e6
        assert row.contig == f"chr{chromosome}"
        assert row.arm == ("p" if megabases < _CENTROMERES[chromosome] else "q"), gene


def test_guides_lie_on_the_contig_of_their_gene() -> None:
    for row in car_edits().values():
        for guide in (precedents()[key] for key in row.guides):
            assert guide.locus is None or guide.locus.contig == row.contig


def test_the_harbour_and_the_edit_name_the_same_guides() -> None:
    assert set(car_edits()["TRAC"].guides) == set(safe_harbours()["trac"].guides)


@pytest.mark.parametrize(
    "purpose", [purpose for purpose in EditPurpose if purpose is not EditPurpose.KNOCK_IN]
)
def test_every_purpose_has_a_gene(purpose: EditPurpose) -> None:
    assert any(purpose in row.purposes for row in car_edits().values())


def test_every_measurement_was_read() -> None:
    assert all(fact.checked for fact in multiplex_facts())
