"""Sites over calls that contradict each other are not certain; sites beside an indel that was put back are right."""

from __future__ import annotations

from random import Random

import pytest

from revertant.genome import PatientGenome, Reference
from revertant.model import Call, Locus, OffTargetRequest, SearchLimits, SiteOrigin, Variant
from revertant.offtarget import search
from revertant.offtarget.search import search_by_hand
from revertant.offtarget.stream import streaming

GUIDE = OffTargetRequest("ACGTCATTGACCTAGATCCA", "NGG", limits=SearchLimits(mismatches=3))
FLANK = "TTATCTATATTCATTTATAC"


def test_a_site_over_calls_that_clash_is_putative_and_counted():
    text = FLANK + GUIDE.spacer + "TGG" + FLANK * 4 + GUIDE.spacer + "AGG" + FLANK
    at = len(FLANK)
    deletion = Call(Variant("s", at + 5, "ATTG", ""), (True, True))
    within = Call(Variant("s", at + 6, "T", "C"), (True, True))
    beside = Call(Variant("s", at + 60, "T", "C"), (True, True))
    genome = PatientGenome(Reference.from_sequences({"s": text}), [deletion, within, beside])
    [report] = search([GUIDE], genome)
    by_start = {site.locus.start: (site.origin, site.haplotypes) for site in report.sites}
    assert by_start[at] == (SiteOrigin.LOST, ("putative",))
    assert by_start[text.rindex(GUIDE.spacer)] == (SiteOrigin.REFERENCE, ("1", "2"))
    counts = dict(report.coverage.not_searched)
    assert counts["patient calls that could not be applied"] == 1
    assert counts["places where calls leave it open what a copy holds (sites there are putative)"] == 1
    clean = PatientGenome(genome.reference, [deletion, beside])
    [report] = search([GUIDE], clean)
    assert "leave it open" not in str(report.coverage.not_searched)
    assert {site.haplotypes for site in report.sites} == {("1", "2")}


def test_a_site_is_found_where_only_the_place_of_the_file_makes_it():
    """CACACA loses CA behind the SNV; leftmost, the SNV would come into another base's place."""
    repeat, head = "CACACACA", GUIDE.spacer[:8]
    tail = GUIDE.spacer[14:]
    spacer = head + "CATACA" + tail
    text = FLANK + head + repeat + tail + "TGG" + FLANK
    at = len(FLANK) + len(head)
    calls = [
        Call(Variant("s", at, "CA", ""), (True, True), moved=6),
        Call(Variant("s", at + 2, "C", "T"), (True, True)),
    ]
    genome = PatientGenome(Reference.from_sequences({"s": text}), calls)
    [report] = search([OffTargetRequest(spacer, "NGG", limits=SearchLimits(mismatches=0))], genome)
    [site] = report.sites
    assert (site.origin, site.edits, site.haplotypes) == (SiteOrigin.GAINED, 0, ("1", "2"))
    assert site.variants == tuple(call.variant for call in genome.calls_in(Locus("s", at, at + 9)))


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("seed", range(6))
def test_put_back_calls_are_searched_as_by_hand(seed, few, monkeypatch):
    """The compiled windows, those of the genome and the slow search see the same copies."""
    monkeypatch.setattr(streaming, "_FEW_CLUSTERS", few)
    rng = Random(seed)
    text, calls = "", []
    for _ in range(12):
        text += "".join(rng.choices("ACGT", k=45))
        at = len(text)
        unit = rng.choice(("CA", "TG", "A", "CAG"))
        text += unit * 5
        copies, phase_set = rng.choice((((True, True), None), ((True, False), "p"), ((True, False), None)))
        is_deletion = rng.randrange(2)
        indel = Variant("s", at, unit, "") if is_deletion else Variant("s", at, "", unit)
        calls.append(Call(indel, copies, phase_set, moved=rng.randint(0, 4 * len(unit))))
        spot = at + rng.randint(0, 4)
        calls.append(
            Call(Variant("s", spot, text[spot], "G" if text[spot] != "G" else "C"), copies, phase_set)
        )
    genome = PatientGenome(Reference.from_sequences({"s": text}), calls)
    assert len(genome._written.rows) > 0
    guides = [
        OffTargetRequest(text[at : at + 20], "NRG", limits=SearchLimits(3, 1, 1)) for at in (30, 95, 200, 330)
    ]
    assert search(guides, genome) == search_by_hand(guides, genome)
