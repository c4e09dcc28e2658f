"""Planted truth: every site that was planted is found, and nothing that is not there is reported.

The people of :mod:`campaigns_people` are made from their copies, so the truth is known beforehand. What the search
reports is derived again from the reference and the alleles it lists, letter by letter and place by place.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from campaigns import as_if_large, in_processes, tell, written
from campaigns_people import Person, Plan, make_person, vcf_text
from offtarget_cases import content

from revertant.genome import PatientGenome, Reference
from revertant.model import Locus, OffTargetReport, OffTargetSite, PamSide, SiteOrigin, Strand
from revertant.offtarget import scan_by_hand, search
from revertant.sequence import reverse_complement
from revertant.variant import read_calls

_NEW = {SiteOrigin.GAINED, SiteOrigin.CHANGED}


def _search(person: Person) -> tuple[OffTargetReport, ...]:
    reference = Reference.from_sequences(person.contigs)
    return search(person.requests, PatientGenome(reference, person.calls, sex=person.sex))


def _pam_start(site: OffTargetSite, side: PamSide) -> int:
    leftward = (side is PamSide.THREE_PRIME) == (site.locus.strand is Strand.PLUS)
    return site.locus.end if leftward else site.locus.start - len(site.pam)


class _Copies:
    """The written-out copies of one contig of one person, and the twin's hits on them, by guide."""

    def __init__(self, person: Person, contig: str) -> None:
        self.reference = person.contigs[contig]
        self.texts = [
            written(self.reference, person.carried(contig, copy)) for copy in range(person.copies(contig))
        ]
        self.hits = [scan_by_hand([text], person.requests) for text, _ in self.texts]
        self.on_reference = scan_by_hand([self.reference], person.requests)


def check_person(person: Person, reports: tuple[OffTargetReport, ...], where: str) -> Counter[str]:
    """Hold reports against the person's written-out copies; what was seen is counted."""
    seen: Counter[str] = Counter()
    for contig in person.contigs:
        copies = _Copies(person, contig)
        for guide, report in enumerate(reports):
            sites = [site for site in report.sites if site.locus.contig == contig]
            about = f"{where}, {contig}, guide {guide}"
            if contig == "chr3":
                _check_unphased(person, guide, sites, about)
            else:
                _check_phased(copies, guide, sites, about)
                _check_lost(person, copies, guide, sites, about)
            for site in sites:
                if site.origin in _NEW:
                    _check_derivation(person, site, about)
                seen[site.origin.value] += 1
    carried = {call.variant for call in person.calls}
    for plan in person.plans:
        if not carried.issuperset(plan.variants):
            continue
        if plan.is_destroyed:
            seen["to be destroyed"] += 1
            continue
        _check_found(person, plan, reports, where)
        seen["planted"] += 1
        seen[plan.zygosity] += 1
        seen[f"{plan.place} in the contig"] += 1
        seen[f"{len(plan.variants)} variants"] += 1
        seen.update(plan.kinds)
    return seen


def _check_phased(copies: _Copies, guide: int, sites: list[OffTargetSite], where: str) -> None:
    for copy, hits in enumerate(copies.hits):
        reported = Counter(
            content(site)
            for site in sites
            if str(copy + 1) in site.haplotypes and site.origin is not SiteOrigin.LOST
        )
        assert reported == Counter(map(content, hits[guide])), (where, copy)


def _check_unphased(person: Person, guide: int, sites: list[OffTargetSite], where: str) -> None:
    """Without phase: exactly what some combination of the heterozygous variants of one place gives."""
    calls = [call for call in person.calls if call.variant.contig == "chr3"]
    fixed = [call.variant for call in calls if all(call.copies)]
    possible = set()
    for plan in person.plans:
        if plan.contig != "chr3":
            continue
        free = [v for v in plan.variants if v not in fixed and any(call.variant == v for call in calls)]
        for taken in product((False, True), repeat=len(free)):
            chosen = [variant for variant, is_in in zip(free, taken, strict=True) if is_in]
            text, _ = written(person.contigs["chr3"], fixed + chosen)
            possible |= {content(hit) for hit in scan_by_hand([text], [person.requests[guide]])[0]}
    assert {content(site) for site in sites if site.origin is not SiteOrigin.LOST} == possible, where


def _check_lost(person: Person, copies: _Copies, guide: int, sites: list[OffTargetSite], where: str) -> None:
    """A lost site is on no copy in any form, and each reference site is kept, changed or lost."""
    request = person.requests[guide]
    there = set()
    for (text, places), hits in zip(copies.texts, copies.hits, strict=True):
        for hit in hits[guide]:
            at = places[hit.pam_start]
            if at < len(copies.reference) and (not hit.pam_start or places[hit.pam_start - 1] != at):
                there.add((hit.strand, at, content(hit)))
        assert len(text) == len(places), where
    for site in sites:
        if site.origin is SiteOrigin.LOST:
            place = site.locus.strand, _pam_start(site, request.pam_side)
            assert (*place, content(site)) not in there, (where, site)
    for hit in copies.on_reference[guide]:
        here = Locus(sites[0].locus.contig, hit.start, hit.end, hit.strand) if sites else None
        assert any(site.locus.overlaps(here) and site.locus.strand is hit.strand for site in sites), (
            where,
            hit,
        )


def _check_derivation(person: Person, site: OffTargetSite, where: str) -> None:
    """The site's very letters stand at its very place when its own variants are written into the reference."""
    about = where, site
    calls = {call.variant: call for call in person.calls}
    assert site.variants, about
    for label in site.haplotypes:
        if label in {"1", "2"}:
            assert all(calls[variant].copies[int(label) - 1] for variant in site.variants), about
    text, places = written(person.contigs[site.locus.contig], site.variants)
    target = site.aligned_target.replace("-", "")
    side = next(r.pam_side for r in person.requests if r.spacer == site.spacer)
    whole = target + site.pam if side is PamSide.THREE_PRIME else site.pam + target
    is_minus = site.locus.strand is Strand.MINUS
    before = len(site.pam) if (side is PamSide.FIVE_PRIME) != is_minus else 0
    if is_minus:
        whole = reverse_complement(whole)
    at = text.find(whole)
    while at >= 0:
        start = at + before
        if (places[start], places[start + len(target) - 1] + 1) == (site.locus.start, site.locus.end):
            return
        at = text.find(whole, at + 1)
    raise AssertionError(about)


def _check_found(person: Person, plan: Plan, reports: tuple[OffTargetReport, ...], where: str) -> None:
    """The planted site itself: its letters at its place, on each copy that carries it."""
    request = person.requests[plan.guide]
    strand = Strand.MINUS if plan.is_minus else Strand.PLUS
    [planted] = [
        hit
        for hit in scan_by_hand([plan.text], [request])[0]
        if (hit.strand, hit.pam_start) == (strand, plan.pam_start)
    ]
    sites = [
        site
        for site in reports[plan.guide].sites
        if site.locus.contig == plan.contig and content(site) == content(planted)
    ]
    for copy, carries in enumerate(plan.copies):
        if not carries:
            continue
        carried = [call.variant for call in person.calls if call.variant in set(plan.variants)]
        carried += [v for v in person.carried(plan.contig, copy) if v not in carried]
        offset = 0
        for other in person.plans:
            if other is plan:
                break
            if other.contig == plan.contig:
                offset += len(other.text if set(other.variants) <= set(carried) else other.reference)
        text, places = written(person.contigs[plan.contig], carried)
        start, end = offset + planted.start, offset + planted.end
        assert text[start:end] == plan.text[planted.start : planted.end], where
        locus = Locus(plan.contig, places[start], places[end - 1] + 1, strand)
        labels = {str(copy + 1), "putative"} if plan.zygosity == "unphased" else {str(copy + 1)}
        # The same DNA beside the same PAM is a site of the reference, and named by its place there.
        assert any(
            (site.locus == locus or (site.origin is SiteOrigin.REFERENCE and site.locus.overlaps(locus)))
            and site.origin is not SiteOrigin.LOST
            and not labels.isdisjoint(site.haplotypes)
            for site in sites
        ), (where, plan, locus, sites)


def without_some(person: Person, rng: random.Random) -> Person:
    """The same reference, a person who lacks the alleles of some plans."""
    lacking = {v for plan in person.plans if rng.random() < 0.5 for v in plan.variants}
    return replace(
        person,
        calls=[call for call in person.calls if call.variant not in lacking],
    )


def _way(seed: int) -> AbstractContextManager[None]:
    """Small references, and large ones, are searched in different ways: take both."""
    return as_if_large() if seed % 2 else nullcontext()


def in_memory(seed: int) -> Counter[str]:
    """Plant and search through objects: a person, and one who lacks some of the alleles."""
    person = make_person(seed)
    other = without_some(person, random.Random(seed))
    with _way(seed):
        found, reports = _search(person), _search(other)
    seen = check_person(person, found, f"seed {seed}")
    check_person(other, reports, f"seed {seed}, who lacks some")
    lacking = {call.variant for call in person.calls} - {call.variant for call in other.calls}
    for report in reports:
        for site in report.sites:
            assert lacking.isdisjoint(site.variants), (seed, site)
    return seen


def through_files(seed: int) -> Counter[str]:
    """Plant and search through files: FASTA and VCF on disk."""
    person = make_person(seed, settled=True)
    with tempfile.TemporaryDirectory() as folder:
        fasta, vcf = Path(folder, "r.fa"), Path(folder, "p.vcf")
        fasta.write_text("".join(f">{name}\n{text}\n" for name, text in person.contigs.items()))
        vcf.write_text(vcf_text(person))
        reference = Reference.open(fasta)
        found = read_calls(vcf, reference)
        assert [call.variant for call in found.calls] == sorted(call.variant for call in person.calls), seed
        genome = PatientGenome(reference, found.calls, sex=person.sex)
        assert not genome.refused, (seed, genome.refused)
        with _way(seed):
            reports = search(person.requests, genome)
    return check_person(person, reports, f"seed {seed}, through files")


def _run(work, seeds: range) -> Counter[str]:
    seen: Counter[str] = sum(in_processes(work, seeds), Counter())
    tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    for kind in (
        *("SNV", "insertion", "deletion", "MNV", "8 variants", "heterozygous", "homozygous", "haploid"),
        *(
            "unphased",
            "to be destroyed",
            "first in the contig",
            "last in the contig",
            "gained",
            "changed",
            "lost",
        ),
    ):
        assert seen[kind] > len(seeds) // 20, kind
    return seen


@pytest.mark.parametrize("work", [in_memory, through_files])
def test_two_hundred_planted_sites_are_found_and_nothing_else(work):
    assert sum(work(seed)["planted"] for seed in range(25)) > 200


@pytest.mark.long
@pytest.mark.parametrize("work", [in_memory, through_files])
def test_ten_thousand_planted_sites_are_found_and_nothing_else(work):
    assert _run(work, range(1_000, 2_150))["planted"] >= 10_000


def test_phantoms_and_misses_would_be_noticed():
    """The checks can fail: a report without a planted site, or with a site of somebody else, does not pass."""
    person, other = make_person(3), make_person(4)
    reports = _search(person)
    plan = next(plan for plan in person.plans if not plan.is_destroyed)
    poorer = tuple(
        replace(report, sites=tuple(s for s in report.sites if set(plan.variants).isdisjoint(s.variants)))
        for report in reports
    )
    with pytest.raises(AssertionError):
        check_person(person, poorer, "poorer")
    bare = replace(person, calls=[])
    with pytest.raises(AssertionError):
        check_person(bare, reports, "phantoms")
    assert _search(other) != reports
    site = next(s for report in reports for s in report.sites if s.origin in _NEW)
    moved = replace(site.locus, start=site.locus.start + 1)
    with pytest.raises(AssertionError):
        _check_derivation(person, replace(site, locus=moved), "moved")
    with pytest.raises(AssertionError):
        _check_derivation(person, replace(site, variants=()), "without its variants")
