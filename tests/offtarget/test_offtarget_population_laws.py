"""The law of a panel: what is written out copy by copy and searched slowly is what the counts say.

Each person is a population of their own, so the counts tell who carries what. For a person whose copies are
known, the sites of both copies written out are those of the reference twice, with the gained and changed ones
more, and the lost and the replaced ones less.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offtarget_cases import (
    content,
    random_bases,
    random_request,
    random_variants,
    resembling,
    substituted,
)
from population_cases import found, line

from revertant.genome import Reference
from revertant.model import OffTargetRequest, SiteOrigin, Variant
from revertant.offtarget import scan_by_hand
from revertant.variant import normalise

PEOPLE = 4


def random_panel(rng: random.Random, request: OffTargetRequest):
    """A sequence with sites in it, its variants, and the copies that carry them."""
    parts = [random_bases(rng, rng.randint(0, 30))]
    for _ in range(rng.randint(1, 3)):
        parts += [resembling(rng, request), random_bases(rng, rng.randint(0, 12))]
    if rng.random() < 0.3:
        parts.append("CA" * rng.randint(2, 8))
    parts.append(random_bases(rng, 12))
    text = "".join(parts)
    variants = left_aligned(text, random_variants(rng, text, "s", snv_only=rng.random() < 0.3))
    rate = rng.choice((0.2, 0.5, 0.8))
    carried = [[[rng.random() < rate for _ in range(2)] for _ in range(PEOPLE)] for _ in variants]
    return text, variants, carried


def left_aligned(text: str, variants: list[Variant]) -> list[Variant]:
    """As VCF asks for, without those that then lie on or beside another."""
    reference = Reference.from_sequences({"s": text})
    kept: list[Variant] = []
    for variant in sorted(normalise(variant, reference) for variant in variants):
        if not kept or kept[-1].end < variant.start:
            kept.append(variant)
    return kept


def sound_request(rng: random.Random) -> OffTargetRequest:
    """One that a search does not refuse because every place would fit."""
    while True:
        request = random_request(rng)
        limits = request.limits
        if limits.rna_bulges + limits.dna_bulges <= len(request.spacer) - 2:
            return request


def genotype(rng: random.Random, copies: list[bool], is_alone: bool) -> str:
    """Phase is written where it matters; where it does not, it may be left out."""
    first, second = map(int, copies)
    is_even = first == second
    return f"{first}/{second}" if (is_even or is_alone) and rng.random() < 0.5 else f"{first}|{second}"


def check(rng: random.Random, folder: Path) -> Counter[SiteOrigin]:
    request = sound_request(rng)
    text, variants, carried = random_panel(rng, request)
    lines = [
        line(text, variant, *(genotype(rng, copies, len(variants) == 1) for copies in row))
        for variant, row in zip(variants, carried, strict=True)
    ]
    if not lines:
        return Counter()
    people = {f"P{number}": f"person {number}" for number in range(PEOPLE)}
    result = found(folder, {"s": text}, lines, [request], people)
    rows = result.sites[0]
    [there] = scan_by_hand([text], [request])
    reference = Counter(content(hit) for hit in there)
    for number in range(PEOPLE):
        copies = [
            [variant for variant, row in zip(variants, carried, strict=True) if row[number][copy]]
            for copy in range(2)
        ]
        expected: Counter[tuple[object, ...]] = Counter()
        for carries in copies:
            [hits] = scan_by_hand([substituted(text, carries)], [request])
            expected.update(content(hit) for hit in hits)
        law(rows, f"person {number}", reference, expected, len(request.spacer))
    for row in rows:
        carriers = [count.carrying for count in row.counts if count.population.startswith("person")]
        assert row.overall.carrying == sum(carriers) > 0
        assert row.overall.called == 2 * PEOPLE
        assert row.people == sum(count > 0 for count in carriers)
    return Counter(row.site.origin for row in rows)


def law(rows, person: str, reference: Counter, expected: Counter, size: int) -> None:
    balance = Counter({site: 2 * count for site, count in reference.items()})
    replaced = 0
    for row in rows:
        [count] = [count for count in row.counts if count.population == person]
        if row.site.origin is SiteOrigin.LOST:
            balance[content(row.site)] -= count.carrying
        else:
            balance[content(row.site)] += count.carrying
            replaced += count.carrying * (row.site.origin is SiteOrigin.CHANGED)
    balance.subtract(expected)
    # What is left over are the reference's sites that changed ones stand in for.
    assert all(number >= 0 for number in balance.values()), balance
    # With very short guides every place is a site, and one row can replace a site on one haplotype and stand
    # beside it on another; such a row is called changed.
    left = sum(balance.values())
    assert left == replaced if size >= 12 else left <= replaced
    assert set(+balance) <= set(reference)


@settings(max_examples=120)
@given(st.integers(0, 1 << 30))
def test_counts_are_those_of_the_copies_written_out(seed):
    with tempfile.TemporaryDirectory() as folder:
        check(random.Random(seed), Path(folder))


def test_the_cases_hold_every_origin():
    total: Counter[SiteOrigin] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(60):
            total += check(random.Random(seed), Path(folder))
    assert min(total[origin] for origin in (SiteOrigin.GAINED, SiteOrigin.CHANGED, SiteOrigin.LOST)) > 20


@pytest.mark.long
def test_counts_are_those_of_the_copies_written_out_many_times():
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(5_000):
            check(random.Random(10_000_000 + seed), Path(folder))
