"""The CFTR panel of 3,202 people: counts against every one of 6,404 copies written out and searched slowly.

The panel is read a second time here, by htslib, and grouped by code of its own.
"""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import pysam
import pytest
from offtarget_cases import content, substituted

from revertant.genome import Reference
from revertant.model import Locus, OffTargetRequest, SearchLimits, SiteOrigin, Variant
from revertant.offtarget import scan, scan_by_hand
from revertant.offtarget.matching.hit import reach_of
from revertant.offtarget.population.population import population_sites
from revertant.sequence import is_dna, reverse_complement

CFTR = Locus("chr7", 117479962, 117668664)
PANEL = "variants/GRCh38.1kgp.CFTR.vcf.gz"
LIMITS = SearchLimits(4, 1, 1)


@dataclass
class Allele:
    variant: Variant
    copies: tuple[bool, ...]


@pytest.fixture(scope="module")
def windows(shared_data) -> Reference:
    return Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")


@pytest.fixture(scope="module")
def groups(shared_data) -> list[list[Allele]]:
    """Alleles that lie less than a site's reach apart; the base before an indel is cut off."""
    alleles = []
    with pysam.VariantFile(str(shared_data / PANEL)) as file:
        for row in file:
            if not CFTR.start <= row.start < row.stop <= CFTR.end:
                continue
            [alt], ref, start = row.alts, row.ref, row.start
            if len(ref) != len(alt):
                assert ref[0] == alt[0]
                ref, alt, start = ref[1:], alt[1:], start + 1
            text = str(row).rstrip("\n").split("\t", 9)[9]
            copies = tuple(text[at] == "1" for at in range(0, len(text), 2))
            assert sum(copies) == row.info["AC"][0]
            alleles.append(Allele(Variant("chr7", start, ref, alt), copies))
    alleles.sort(key=lambda allele: (allele.variant.start, allele.variant.end))
    reach = reach_of(OffTargetRequest("A" * 20, "NGG", limits=LIMITS))
    found: list[list[Allele]] = []
    end = -(10**9)
    for allele in alleles:
        if allele.variant.start - 1 - end >= reach:
            found.append([])
        found[-1].append(allele)
        end = max(end, allele.variant.end + 1)
    return found


@pytest.fixture(scope="module")
def people(shared_data) -> list[str]:
    with (shared_data / "variants/1kgp.samples.tsv").open() as file:
        table = {row["sample"]: row["superpopulation"] for row in csv.DictReader(file, delimiter="\t")}
    with pysam.VariantFile(str(shared_data / PANEL)) as file:
        return [table.get(sample, "unlabelled") for sample in file.header.samples]


def guides(text: str, count: int, seed: int) -> list[OffTargetRequest]:
    rng = random.Random(seed)
    chosen: list[OffTargetRequest] = []
    while len(chosen) < count:
        at = rng.randrange(len(text) - 23)
        site = rng.choice((text[at : at + 23], reverse_complement(text[at : at + 23])))
        if is_dna(site) and site.endswith("GG"):
            chosen.append(OffTargetRequest(site[:20], "NGG", limits=LIMITS))
    return chosen


def clash(one: Variant, other: Variant) -> bool:
    if one.start == one.end == other.start == other.end:
        return True
    return one.start < other.end and other.start < one.end


def haplotypes(group: list[Allele]) -> dict[tuple[Variant, ...] | None, list[int]]:
    """Copies by what they carry; ``None`` for those whose alleles exclude each other."""
    found: dict[tuple[Variant, ...] | None, list[int]] = defaultdict(list)
    for copy, carried in enumerate(zip(*(allele.copies for allele in group), strict=True)):
        chosen = tuple(allele.variant for allele, has in zip(group, carried, strict=True) if has)
        bad = any(clash(one, other) for i, one in enumerate(chosen) for other in chosen[i + 1 :])
        found[None if bad else chosen].append(copy)
    return found


def check_group(group, rows, requests, windows, people, scanner) -> int:
    """Hold the rows of one group against its copies; returns how many rows there are."""
    reach = reach_of(requests[0])
    low = max(min(a.variant.start for a in group) - 1 - reach, CFTR.start)
    high = min(max(a.variant.end for a in group) + 1 + reach, CFTR.end)
    text = windows.fetch("chr7", low, high)
    by_haplotype = haplotypes(group)
    known = [chosen for chosen in by_haplotype if chosen is not None]
    texts = [substituted(text, [replace(v, start=v.start - low) for v in chosen]) for chosen in known]
    called = Counter(people[copy // 2] for chosen in known for copy in by_haplotype[chosen])
    carriers = {chosen: Counter(people[c // 2] for c in by_haplotype[chosen]) for chosen in known}
    total = 0
    for request, there, on_copies, of_guide in zip(
        requests, scanner([text], requests), scanner(texts, requests), rows, strict=True
    ):
        reference = Counter(content(hit) for hit in there)
        expected: dict[str, Counter] = defaultdict(Counter)
        for hit in on_copies:
            for population, copies in carriers[known[hit.sequence]].items():
                expected[population][content(hit)] += copies
        for population, copies in called.items():
            balance = Counter({site: copies * count for site, count in reference.items()})
            replaced = 0
            for row in of_guide:
                [count] = [count for count in row.counts if count.population == population]
                assert count.called == copies
                balance[content(row.site)] += count.carrying * (
                    -1 if row.site.origin is SiteOrigin.LOST else 1
                )
                replaced += count.carrying * (row.site.origin is SiteOrigin.CHANGED)
            balance.subtract(expected[population])
            assert min(balance.values(), default=0) >= 0, request
            assert sum(balance.values()) == replaced
            assert set(+balance) <= set(reference)
        for row in of_guide:
            if row.site.origin is not SiteOrigin.LOST:
                having = [
                    c
                    for chosen in known
                    for c in by_haplotype[chosen]
                    if set(row.site.variants) <= set(chosen)
                ]
                assert row.overall.carrying <= len(having)
                assert row.people <= len({copy // 2 for copy in having})
        total += len(of_guide)
    return total


def grouped(groups, sites) -> dict[int, list[list]]:
    """The rows of each guide by the group their variants belong to."""
    group_of = {allele.variant: number for number, group in enumerate(groups) for allele in group}
    found: dict[int, list[list]] = defaultdict(lambda: [[] for _ in sites])
    for guide, rows in enumerate(sites):
        for row in rows:
            [number] = {group_of[variant] for variant in row.site.variants}
            found[number][guide].append(row)
    return found


def test_rows_are_those_of_all_copies_written_out(windows, shared_data, groups, people):
    text = windows.fetch("chr7", CFTR.start, CFTR.end)
    requests = guides(text, 6, 3)
    names = [f"guide {number}" for number in range(len(requests))]
    table = shared_data / "variants/1kgp.samples.tsv"
    result = population_sites(names, requests, windows, shared_data / PANEL, table)
    assert "holds 3,202 people and 3,507 alleles" in result.statement
    assert "unlabelled 688. 21 of the table's people are not in the panel." in result.statement
    assert result.account.alleles == sum(map(len, groups))
    by_group = grouped(groups, result.sites)
    assert len(by_group) >= 10
    # Every group with a row and, as a control, the largest and some others: there must be no row to be found.
    rng = random.Random(1)
    largest = max(range(len(groups)), key=lambda number: len(groups[number]))
    control = {largest, *rng.sample(range(len(groups)), 12)} - set(by_group)
    assert control
    total = 0
    for number in sorted({*by_group, *control}):
        rows = by_group.get(number, [[] for _ in requests])
        total += check_group(groups[number], rows, requests, windows, people, scan_by_hand)
    assert total == sum(map(len, result.sites)) > 10


@pytest.mark.long
def test_every_group_of_twenty_guides(windows, shared_data, groups, people):
    """The same for all groups, by the fast search, whose twin stands in the other tests."""
    text = windows.fetch("chr7", CFTR.start, CFTR.end)
    requests = guides(text, 20, 5)
    names = [f"guide {number}" for number in range(len(requests))]
    table = shared_data / "variants/1kgp.samples.tsv"
    result = population_sites(names, requests, windows, shared_data / PANEL, table)
    by_group = grouped(groups, result.sites)
    for number, group in enumerate(groups):
        rows = by_group.get(number, [[] for _ in requests])
        check_group(group, rows, requests, windows, people, scan)


def test_hits_handed_in_and_the_column_asked_for(windows, shared_data):
    text = windows.fetch("chr7", CFTR.start, CFTR.end)
    requests = guides(text, 3, 8)
    place = next(number for number, window in enumerate(windows.windows) if window == CFTR)
    hits = [[replace(hit, sequence=place) for hit in found] for found in scan([text], requests)]
    files = shared_data / PANEL, shared_data / "variants/1kgp.samples.tsv"
    names = ["a", "b", "c"]
    alone = population_sites(names, requests, windows, *files, column="population")
    given = population_sites(names, requests, windows, *files, column="population", reference_hits=hits)
    assert alone == given
    rows = [row for rows in alone.sites for row in rows]
    assert rows
    assert all(len(row.counts) == 26 + 2 for row in rows)


def test_a_real_list_of_sites(windows, shared_data):
    """Each site re-derived from the reference and its one allele."""
    stretch = next(w for w in windows.windows if w.contig == "chr22" and len(w) > 1_000_000)
    text = windows.fetch("chr22", stretch.start, stretch.start + 400_000)
    requests = guides(text, 4, 2)
    path = shared_data / "variants/GRCh38.chr22_omni.vcf.gz"
    result = population_sites(["a", "b", "c", "d"], requests, windows, path)
    rows = [row for rows in result.sites for row in rows]
    assert rows
    for row in rows:
        [variant] = row.site.variants
        assert not row.is_phased
        assert row.people is None
        assert 0 < row.overall.carrying <= row.overall.called
        low = variant.start - 60
        around = windows.fetch("chr22", low, variant.end + 60)
        changed = substituted(around, [replace(variant, start=60)])
        request = replace(requests["abcd".index(row.guide)])
        [before], [after] = scan_by_hand([around], [request]), scan_by_hand([changed], [request])
        sign = -1 if row.site.origin is SiteOrigin.LOST else 1
        wanted = content(row.site)
        difference = [content(hit) for hit in after].count(wanted) - [content(hit) for hit in before].count(
            wanted
        )
        assert difference == sign
