"""Published phenopackets from file to dossier through the command, each document opened in its own reader library."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench():
    """The benchmark itself, so that what it prints and what is held here cannot drift apart."""
    spec = importlib.util.spec_from_file_location("dossiers_run", ROOT / "benchmarks" / "dossiers" / "run.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["dossiers_run"] = module
    spec.loader.exec_module(module)
    return module


def hold(bench, shared_data, many):
    inside, outside = bench.chosen(shared_data, many)
    assert len(inside) == len(outside) == many
    for packet in inside:
        made = bench.make(packet, shared_data)
        assert made.status in {0, 5}, made.said
        assert not made.faults
        names = {name for name, _ in made.opened}
        assert {"plan.json", "phenopacket.json", "fhir.json", "prov.json", "ro-crate-metadata.json"} <= names
    for packet in outside:
        made = bench.make(packet, shared_data)
        assert made.status == 5, made.said
        assert not made.faults
        assert not made.missing
        assert made.designs == 0


def test_three_of_each(bench, shared_data):
    hold(bench, shared_data, 3)


@pytest.mark.long
def test_fifty_of_each(bench, shared_data):
    hold(bench, shared_data, 50)


def test_a_reader_that_finds_a_fault_tells_it(bench, tmp_path):
    (tmp_path / "broken.vcf").write_text("no header\n", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "uneven.tsv").write_text("a\tb\nc\n", encoding="utf-8")
    (tmp_path / "page.html").write_text('<html><img src="https://a.b/c.png"></html>', encoding="utf-8")
    (tmp_path / "what.xyz").write_text("?", encoding="utf-8")
    opened, faults = bench.open_every(tmp_path)
    assert opened == []
    assert [fault.split(":")[0] for fault in faults] == [
        "broken.json", "broken.vcf", "page.html", "uneven.tsv", "what.xyz",
    ]  # fmt: skip
