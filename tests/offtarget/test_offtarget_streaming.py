"""The stream of columns says what the search of objects says: every site, count and score."""

from __future__ import annotations

import dataclasses
import random

import pytest
from offtarget_cases import random_bases, random_calls, random_variants, resembling

from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.model import Call, Locus, OffTargetRequest, SearchLimits, Sex, Strand, Transcript, Variant
from revertant.offtarget import search_by_hand
from revertant.offtarget.kernels import loading
from revertant.offtarget.person import delta_table
from revertant.offtarget.scoring.tiers import tier_counts
from revertant.offtarget.stream import streaming
from revertant.offtarget.stream.report import coverage_of
from revertant.offtarget.stream.streaming import SiteStream
from revertant.offtarget.stream.summary import Summary


def _reports(requests, genome, models, keep=10_000):
    stream = SiteStream(requests, genome)
    summary = Summary(requests, genome.reference.windows, keep, stream.scores)
    for block in stream.blocks():
        summary.add(block)
    return summary.reports(stream.ledgers, coverage_of(genome, stream.searched), models)


def _case(seed: int):
    rng = random.Random(seed)
    limits = SearchLimits(rng.randint(1, 4), rng.choice((0, 1)), rng.choice((0, 1)))
    requests = [
        OffTargetRequest(random_bases(rng, 20), rng.choice(("NGG", "NRG")), limits=limits) for _ in range(3)
    ]
    sequences, calls, targets = {}, [], []
    for number in range(3):
        name = f"chr{number + 1}"
        parts = [random_bases(rng, 30)]
        for request in requests:
            for _ in range(4):
                parts += [resembling(rng, request), random_bases(rng, rng.randint(0, 40))]
        text = "".join(parts)
        sequences[name] = text
        variants = random_variants(rng, text, name, snv_only=rng.random() < 0.3)
        some = random_calls(rng, variants)
        if rng.random() < 0.4:
            some = [dataclasses.replace(call, phase_set=None) for call in some]
        calls += some
        at = text.find(requests[number].spacer)
        targets.append(Locus(name, at, at + 20, Strand.PLUS) if at >= 0 else None)
    requests = [dataclasses.replace(r, target=t) for r, t in zip(requests, targets, strict=True)]
    models = GeneModels([Transcript("T.1", "G", "chr1", Strand.PLUS, ((20, 90), (120, 200)), (30, 150))])
    return requests, Reference.from_sequences(sequences), calls, models


def _same(report, other):
    plain = dataclasses.replace(report, aggregates=(), counts=())
    assert plain == dataclasses.replace(other, aggregates=(), counts=())
    assert report.site_counts == other.site_counts
    assert report.tier_counts == tier_counts(report.sites)
    assert sum(report.tier_counts) == report.present_count
    for (name, one), (other_name, two) in zip(report.aggregates, other.aggregates, strict=True):
        assert name == other_name
        assert one.method == two.method
        assert one.value == two.value or one.value == pytest.approx(two.value, abs=1e-12)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("has_calls", [False, True])
def test_the_stream_gives_the_reports_of_the_search(seed, has_calls):
    requests, reference, calls, models = _case(seed)
    genome = PatientGenome(reference, calls if has_calls else ())
    found = _reports(requests, genome, models)
    assert sum(len(report.sites) for report in found) > 5
    for report, other in zip(found, search_by_hand(requests, genome, models=models), strict=True):
        _same(report, other)


@pytest.mark.parametrize("seed", range(12))
def test_the_kernel_that_writes_windows_loses_no_site(seed, monkeypatch):
    """With the fast way for every cluster, and small chunks, the answer is the same."""
    monkeypatch.setattr(streaming, "_FEW_CLUSTERS", 0)
    monkeypatch.setattr(delta_table, "_CHUNK", 200)
    monkeypatch.setattr(delta_table, "_ROOM", 1 << 10)
    requests, reference, calls, models = _case(seed + 500)
    genome = PatientGenome(reference, calls)
    for report, other in zip(
        _reports(requests, genome, models), search_by_hand(requests, genome, models=models), strict=True
    ):
        _same(report, other)


def test_only_the_worst_are_held_and_all_are_counted():
    rng = random.Random(5)
    request = OffTargetRequest(random_bases(rng, 20), "NGG", limits=SearchLimits(4))
    text = "".join(resembling(rng, request) + random_bases(rng, 9) for _ in range(400))
    genome = PatientGenome(Reference.from_sequences({"chr1": text}))
    [whole] = _reports([request], genome, None)
    [few] = _reports([request], genome, None, keep=7)
    assert few.site_counts == whole.site_counts
    assert few.tier_counts == whole.tier_counts == tier_counts(whole.sites)
    assert few.tier_counts[0] > len(few.sites)
    assert few.aggregates == whole.aggregates
    assert len(few.sites) == 7
    must = [site for site in whole.sites if site.edits <= 2 or (site.cfd or 0) >= 0.5]
    assert len(must) > 7
    assert set(few.sites) == set(must[:7])


def test_that_kernels_are_loaded_is_said_before_the_first_is(tmp_path, monkeypatch):
    monkeypatch.setattr("revertant.offtarget.stream.sources.COMPILED_BASES", 0)
    fasta = tmp_path / "r.fa"
    fasta.write_text(">chr1\nACGT\n")
    happened: list[str] = []

    def load() -> None:
        happened.append("loaded")
        raise InterruptedError

    monkeypatch.setattr(loading, "load_rows", load)
    with pytest.raises(InterruptedError):
        SiteStream([OffTargetRequest("A" * 20, "NGG")], PatientGenome(Reference.open(fasta)), _into(happened))
    assert [what.split(" (")[0] for what in happened] == ["loading the search kernels", "loaded"]


def _into(happened: list[str]):
    return lambda stage, _: happened.append(stage)


def test_sites_of_x_and_y_name_the_copies_a_man_has():
    guide = "ACGTTGCATCGATTGACCTA"
    text = "T" * 40 + guide + "TGG" + "T" * 40
    reference = Reference.from_sequences({"chrX": text, "chr1": text + "ACGT"})
    call = Call(Variant("chr1", 105, "G", "C"), (True, True))
    genome = PatientGenome(reference, [call], sex=Sex.MALE)
    [report] = _reports([OffTargetRequest(guide, "NGG")], genome, None)
    assert {site.locus.contig: site.haplotypes for site in report.sites} == {
        "chrX": ("1",),
        "chr1": ("1", "2"),
    }
