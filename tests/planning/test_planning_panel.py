"""The panel of a plan: asked for, made for the designs that lead, stated in the provenance, refused without primer3."""

from __future__ import annotations

from importlib.resources import as_file, files

import pytest

from revertant import patient, planning
from revertant.errors import UsageError
from revertant.offtarget.panel import primers
from revertant.planning.panel import MOST_DESIGNS, panel_of_plan
from revertant.planning.parameters import options_of


@pytest.fixture(scope="module")
def inputs():
    with as_file(files("revertant.cli") / "demo_data") as folder:
        path = folder / "sickle_cell.yaml"
        yield planning.open_inputs(patient.read_case(path), path)


@pytest.fixture(scope="module")
def plan(inputs):
    return planning.make_plan(inputs, planning.PlanOptions(amplicons=12))


def test_the_leading_guides_have_their_targets_on_the_panel(plan):
    leads = {}
    for ranked in plan.designs:
        if not ranked.tier.startswith("stopped"):
            leads.setdefault(ranked.group, ranked)
    wanted = {
        guide.spacer
        for ranked in list(leads.values())[:MOST_DESIGNS]
        for guide in ranked.design.guides[: len(ranked.assessment.off_targets)]
    }
    assert plan.panel is not None
    on_panel = {name for amplicon in plan.panel.amplicons for name in amplicon.guides}
    assert on_panel == wanted
    assert plan.panel.size == 12


def test_primers_lie_where_the_amplicon_is_and_around_its_sites(plan, inputs):
    from revertant.sequence import reverse_complement  # noqa: PLC0415

    for amplicon in plan.panel.amplicons:
        assert amplicon.locus is not None
        bases = inputs.reference.fetch(amplicon.locus.contig, amplicon.locus.start, amplicon.locus.end)
        assert bases.startswith(amplicon.forward) or bases.endswith(reverse_complement(amplicon.forward))
        assert len(bases) == amplicon.product_bp
        assert all(amplicon.locus.contains(site.locus) for site in amplicon.sites)


def test_it_is_stated_and_read_back(plan):
    stated = dict(plan.provenance.parameters)
    assert stated["amplicons"] == "12"
    assert options_of(stated).amplicons == 12


def test_without_being_asked_for_there_is_none(inputs):
    quiet = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False))
    assert quiet.panel is None
    assert "amplicons" not in dict(quiet.provenance.parameters)
    without_search = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False, amplicons=5))
    assert without_search.panel is None


def test_nothing_to_search_for_gives_no_panel(inputs):
    assert panel_of_plan((), None, 12) is None


def test_it_is_refused_before_the_work_when_primer3_is_missing(inputs, monkeypatch):
    def missing() -> None:
        raise UsageError("primer3-py is not installed.", code="no-primer3")

    monkeypatch.setattr("revertant.planning.panel.require_primer3", missing)
    assert callable(primers.require_primer3)
    with pytest.raises(UsageError) as caught:
        planning.make_plan(inputs, planning.PlanOptions(amplicons=1))
    assert caught.value.code == "no-primer3"
