"""No phantoms at home: real guides do not list their own target, under whatever alignment.

What a phantom is, by the DNA: a listed site on the target's strand in which at least one guide letter lies on the very
base on which it lies at the target. That is the target itself; the target beside its own PAM with a gap; and the target
read from a shifted PAM, where a gap brings the rest of the guide back onto the target. Another site that merely
overlaps the target has every letter elsewhere: in a tandem repeat such a site is real and has to be listed. So is a
perfect copy somewhere else.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from campaigns import tell
from offtarget_cases import random_bases

from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Call,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    SearchLimits,
    Strand,
    Variant,
)
from revertant.offtarget import search
from revertant.sequence import is_dna, reverse_complement

_LIMITS = SearchLimits(4, 1, 1)


def _placed(rows: tuple[str, str], locus: Locus) -> set[tuple[int, int]]:
    """Each guide letter of an alignment with the position of its base, both read 5' to 3'."""
    placed, letter, read = set(), 0, 0
    for top, low in zip(*rows, strict=True):
        if top != "-" and low != "-":
            at = locus.start + read if locus.strand is Strand.PLUS else locus.end - 1 - read
            placed.add((letter, at))
        letter += top != "-"
        read += low != "-"
    return placed


def is_phantom(site: OffTargetSite, request: OffTargetRequest) -> bool:
    """Whether a letter of the guide lies where it lies at the target."""
    target = request.target
    if (site.locus.contig, site.locus.strand) != (target.contig, target.strand):
        return False
    at_home = _placed((request.spacer, request.spacer), target)
    return not at_home.isdisjoint(_placed((site.aligned_spacer, site.aligned_target), site.locus))


def real_requests(reference: Reference, count: int, seed: int) -> list[OffTargetRequest]:
    """Random NGG sites of a reference, each with its place as the target."""
    rng = random.Random(seed)
    windows = [window for window in reference.windows if len(window) > 500]
    weights = [len(window) for window in windows]
    requests: list[OffTargetRequest] = []
    while len(requests) < count:
        [window] = rng.choices(windows, weights)
        at = rng.randrange(window.start, window.end - 23)
        strand = rng.choice(list(Strand))
        site = reference.fetch(window.contig, at, at + 23)
        if strand is Strand.MINUS:
            site = reverse_complement(site)
        if is_dna(site) and site.endswith("GG"):
            start = at if strand is Strand.PLUS else at + 3
            target = Locus(window.contig, start, start + 20, strand)
            requests.append(OffTargetRequest(site[:20], "NGG", limits=_LIMITS, target=target))
    return requests


def _check(
    report: OffTargetReport, everything: OffTargetReport, reference: Reference
) -> tuple[int, int, int, int]:
    """Check one guide; return how many alignments of the target were left out, overlaps, copies, all sites."""
    request = report.request
    phantoms = [site for site in everything.sites if is_phantom(site, request)]
    assert not any(is_phantom(site, request) for site in report.sites), request
    # What was left out is exactly the phantoms: no real site is hidden behind the target.
    assert set(everything.sites) - set(report.sites) == set(phantoms), request
    assert len(report.sites) + len(phantoms) == len(everything.sites)
    own = [site for site in phantoms if site.locus == request.target and not site.edits]
    assert len(own) == 1, request
    refused = dict(report.tally.refused)
    assert refused["the intended target"] == 1
    assert sum(refused.values()) == len(phantoms)
    assert report.other_allele is None
    for site in report.sites:
        text = reference.fetch(site.locus.contig, site.locus.start, site.locus.end)
        text = reverse_complement(text) if site.locus.strand is Strand.MINUS else text
        assert text == site.aligned_target.replace("-", ""), site
    overlapping = sum(
        site.locus.overlaps(request.target) and site.locus.strand is request.target.strand
        for site in report.sites
    )
    copies = sum(not site.edits for site in report.sites)
    return len(phantoms) - 1, overlapping, copies, len(report.sites)


def _run(reference: Reference, count: int, seed: int) -> None:
    requests = real_requests(reference, count, seed)
    genome = PatientGenome(reference)
    reports = search(requests, genome)
    open_reports = search([replace(request, target=None) for request in requests], genome)
    rows = [_check(*pair, reference) for pair in zip(reports, open_reports, strict=True)]
    shifted, overlapping, copies, sites = (sum(column) for column in zip(*rows, strict=True))
    with_shifted = sum(row[0] > 0 for row in rows)
    tell(
        f"{count} guides: {sites:,} sites listed, {copies} perfect copies, {overlapping} real sites that overlap "
        f"their target, no phantom; left out: every target, and {shifted} shifted alignments of the targets of "
        f"{with_shifted} guides"
    )
    # Without the rule there would be phantoms, so the check can fail.
    assert with_shifted > count // 20
    assert sites > count


def test_forty_real_guides_list_no_phantom(shared_data):
    windows = Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")
    chosen = [w for w in windows.windows if w.contig in {"chr7", "chr11"} and len(w) > 5_000]
    texts = {f"{w.contig}:{w.start + 1}-{w.end}": windows.fetch(w.contig, w.start, w.end) for w in chosen}
    _run(Reference.from_sequences(texts), 40, 11)


@pytest.mark.long
def test_five_hundred_real_guides_list_no_phantom(shared_data):
    _run(Reference.open(shared_data / "genome/GRCh38.windows.fa.gz"), 500, 12)


def test_a_tandem_repeat_has_real_sites_beside_the_target():
    """Each unit is a target of its own; only the target's own letters are left out."""
    unit = "CTAACAGTTGCTTTTATCACAGG"
    text = "TATCTATATTACTATACTAT" + unit * 3 + "ATATTACTATACTAATCTTA"
    start = 20 + len(unit)
    request = OffTargetRequest(unit[:20], "NGG", limits=_LIMITS, target=Locus("s", start, start + 20))
    [report] = search([request], PatientGenome(Reference.from_sequences({"s": text})))
    assert [site.locus.start for site in report.sites if not site.edits] == [20, 20 + 2 * len(unit)]
    assert not any(is_phantom(site, request) for site in report.sites)


def _repeat(rng: random.Random) -> tuple[str, OffTargetRequest] | None:
    """A worn tandem repeat with a target in it, on either strand and with the PAM on either side."""
    unit = random_bases(rng, rng.choice((1, 2, 2, 3, 3, 4, 5)))
    body = [rng.choice("ACGT") if rng.random() < 0.06 else base for base in (unit * 60)[:60]]
    text = "TATCTATATTACTATACTAT" + "".join([*body[:30], "AGG"[: rng.randint(0, 3)], *body[30:], "GGG"])
    text += "ATTACTATACTAATCTTAT"
    three = rng.random() < 0.7
    if three:
        starts = [match.start() - 20 for match in re.finditer("(?=[ACGT]GG)", text) if match.start() >= 20]
    else:
        starts = [match.start() + 4 for match in re.finditer("(?=[ACGT]{2}T[ACG])", text[:-20])]
    starts = [start for start in starts if start + 20 <= len(text)]
    if not starts:
        return None
    start = rng.choice(starts)
    target, spacer = Locus("s", start, start + 20), text[start : start + 20]
    if rng.random() < 0.5:
        target = Locus("s", len(text) - target.end, len(text) - target.start, Strand.MINUS)
        text = reverse_complement(text)
    limits = SearchLimits(
        rng.randint(0, 4), rng.randint(0, 2), rng.randint(0, 2), end_bulges=rng.random() < 0.3
    )
    pam, side = ("NGG", PamSide.THREE_PRIME) if three else ("NNTV", PamSide.FIVE_PRIME)
    return text, OffTargetRequest(spacer, pam, side, limits, target)


def _repeats_list_what_is_another_site(seeds: range) -> tuple[int, int]:
    sites = phantoms = 0
    for seed in seeds:
        made = _repeat(random.Random(seed))
        if made is None:
            continue
        text, request = made
        genome = PatientGenome(Reference.from_sequences({"s": text}))
        [report] = search([request], genome)
        [everything] = search([replace(request, target=None)], genome)
        at_home = {site for site in everything.sites if is_phantom(site, request)}
        assert set(everything.sites) - set(report.sites) == at_home, (seed, request)
        sites += len(report.sites)
        phantoms += len(at_home) - 1
    return sites, phantoms


def test_repeats_list_exactly_what_is_another_site():
    sites, phantoms = _repeats_list_what_is_another_site(range(60))
    assert min(sites, phantoms) > 10


@pytest.mark.long
def test_three_thousand_repeats_list_exactly_what_is_another_site():
    sites, phantoms = _repeats_list_what_is_another_site(range(1_000, 4_000))
    tell(f"3,000 repeats: {sites:,} other sites listed, {phantoms:,} alignments of the target left out")
    assert min(sites, phantoms) > 1_000


# --- at home in a person -------------------------------------------------------------------------------------

_LEFT, _RIGHT = "TATCTATATTACTATACTATCTTATACTAA", "ATATTACTATACTATCTTATACTAATATCT"


@pytest.mark.parametrize("copies", [(True, False), (True, True)])
@pytest.mark.parametrize("strand", list(Strand))
@pytest.mark.parametrize("end_bulges", [False, True])
def test_an_indel_within_the_target_does_not_make_it_an_off_target(copies, strand, end_bulges):
    """One A less of a run moves the PAM against the reference; the target itself reads as the guide, as before."""
    spacer = "CACCAAGTTAAAAAAAAAAA"
    text = _LEFT + spacer + "AGGG" + _RIGHT
    deletion = Variant("s", len(_LEFT) + 9, "A", "")
    target = Locus("s", len(_LEFT), len(_LEFT) + 20)
    if strand is Strand.MINUS:
        text = reverse_complement(text)
        deletion = Variant("s", len(text) - deletion.end, "T", "")
        target = Locus("s", len(text) - target.end, len(text) - target.start, strand)
    limits = replace(_LIMITS, end_bulges=end_bulges)
    request = OffTargetRequest(spacer, "NGG", limits=limits, target=target)
    calls = [Call(deletion, copies, phase_set=None if all(copies) else "1")]
    [report] = search([request], PatientGenome(Reference.from_sequences({"s": text}), calls))
    assert report.sites == ()
    assert dict(report.tally.refused)["the intended target"] >= 1


def test_another_allele_of_the_target_with_an_indel_is_kept_apart():
    """A mismatch beside the indel: no off-target, but the target's other allele."""
    spacer = "CACCAAGTTAAAAAAAAAAA"
    text = _LEFT + "CACCAAGTTAAAAAAAAAAA" + "AGGG" + _RIGHT
    calls = [
        Call(Variant("s", len(_LEFT) + 9, "A", ""), (True, False), phase_set="1"),
        Call(Variant("s", len(_LEFT) + 3, "C", "T"), (True, False), phase_set="1"),
    ]
    target = Locus("s", len(_LEFT), len(_LEFT) + 20)
    request = OffTargetRequest(spacer, "NGG", limits=_LIMITS, target=target)
    [report] = search([request], PatientGenome(Reference.from_sequences({"s": text}), calls))
    assert report.sites == ()
    assert (report.other_allele.mismatches, report.other_allele.haplotypes) == (1, ("1",))
