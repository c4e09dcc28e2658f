"""Real people: the personal search against brute force on both copies of each, written out as sequence.

The VCF is read here a second time, by plain text, and the copies are written by :func:`campaigns.written`; the
sequences are searched by :class:`campaigns.WrittenOut`, which is the slow twin with a memory. Nothing of the personal
search is used on that side.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from campaigns import WrittenOut, in_processes, tell, written
from offtarget_cases import content, random_bases, resembling

from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Call,
    Locus,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    SearchLimits,
    SiteOrigin,
    Strand,
    Variant,
)
from revertant.offtarget import scan_by_hand, search
from revertant.sequence import is_dna, reverse_complement
from revertant.variant import read_calls

CFTR = Locus("chr7", 117479962, 117668664)
CHR21 = Locus("chr21", 24985580, 26000306)
CHR20 = Locus("chr20", 0, 1_000_000)
KGP = "variants/GRCh38.1kgp.CFTR.vcf.gz"
NA12878 = "variants/GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz"
HG002 = "variants/GRCh38.HG002.chr20.unphased.vcf.gz"
# The exa-cel guide, HEK site 4, and a VEGFA guide with many off-targets.
PUBLISHED = ("CTAACAGTTGCTTTTATCAC", "GGCACTGCGGCTGGAGGTGG", "GGTGAGTGAGTGTGTGCGTG")
PEOPLE = 3_202


@cache
def _reference(data: Path, place: Locus) -> tuple[Reference, str]:
    windows = Reference.open(data / "genome/GRCh38.windows.fa.gz")
    text = windows.fetch(place.contig, place.start, place.end)
    return Reference.from_sequences({f"{place.contig}:{place.start + 1}-{place.end}": text}), text


@cache
def _requests(data: Path, place: Locus, count: int = 20) -> tuple[OffTargetRequest, ...]:
    """Published guides, and NGG sites of the place itself."""
    _, text = _reference(data, place)
    rng = random.Random(20)
    guides = list(PUBLISHED)
    while len(guides) < count:
        at = rng.randrange(len(text) - 23)
        site = text[at : at + 23]
        if is_dna(site) and site.endswith("GG"):
            guides.append(site[:20])
    return tuple(OffTargetRequest(guide, "NGG", limits=SearchLimits(4, 1, 1)) for guide in guides)


@cache
def _rows(
    data: Path, vcf: str, place: Locus
) -> tuple[tuple[str, ...], tuple[tuple[Variant, int, list[str]], ...]]:
    """Samples, and for each ALT allele the variant, its number and the genotypes of all samples, as text."""
    samples: tuple[str, ...] = ()
    rows = []
    with gzip.open(data / vcf, "rt") as file:
        for line in file:
            if line.startswith("##"):
                continue
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#"):
                samples = tuple(fields[9:])
                continue
            contig, start, ref = fields[0], int(fields[1]) - 1, fields[3]
            if contig != place.contig or not (place.start < start and start + len(ref) < place.end):
                continue
            if fields[6] not in {"PASS", "."}:
                continue
            for number, alt in enumerate(fields[4].split(","), start=1):
                if not is_dna(alt):
                    continue
                shared = len(ref) != len(alt) and ref[0] == alt[0]
                variant = Variant(contig, start + shared, ref[shared:], alt[shared:])
                rows.append((variant, number, [value.split(":")[0] for value in fields[9:]]))
    return samples, tuple(rows)


def _calls(rows, column: int, *, phased_only: bool = False) -> list[Call]:
    calls = []
    for variant, number, genotypes in rows:
        text = genotypes[column]
        if "." in text:
            continue
        copies = tuple(int(allele) == number for allele in text.replace("/", "|").split("|"))
        if phased_only and "/" in text and not all(copies):
            continue
        if any(copies):
            phase = "1" if "|" in text and not all(copies) else None
            calls.append(Call(variant, copies, phase_set=phase))
    return calls


def _checked(data: Path, vcf: str, place: Locus, columns: list[int], guides: int = 20) -> Counter[str]:
    """Search some people and compare each copy with brute force."""
    reference, text = _reference(data, place)
    requests = _requests(data, place, guides)
    brute = WrittenOut(requests)
    samples, rows = _rows(data, vcf, place)
    seen: Counter[str] = Counter()
    for column in columns:
        genome = PatientGenome(reference, _calls(rows, column, phased_only=True))
        reports = search(requests, genome)
        applied = genome.calls_in(place)
        assert len(applied) + len(genome.refused) == len(genome.calls)
        seen["calls"] += len(applied)
        seen["refused calls"] += len(genome.refused)
        seen["people"] += 1
        for copy in (0, 1):
            carried = [call.variant for call in applied if call.copies[copy]]
            sequence, _ = written(text, carried, place.start)
            for guide, (report, hits) in enumerate(zip(reports, brute.contents(sequence), strict=True)):
                reported = Counter(
                    content(site)
                    for site in report.sites
                    if str(copy + 1) in site.haplotypes and site.origin is not SiteOrigin.LOST
                )
                expected = Counter({(s, pam, low, top): n for (s, pam, top, low), n in hits.items()})
                assert (
                    Counter({(s, p, low, top): n for (s, p, top, low), n in reported.items()}) == expected
                ), (
                    samples[column],
                    copy,
                    requests[guide],
                )
        seen.update(site.origin.value for report in reports for site in report.sites)
    return seen


def _checked_share(share: tuple[Path, str, Locus, list[int]]) -> Counter[str]:
    return _checked(*share)


def test_the_memory_of_the_twin_changes_nothing(shared_data):
    """Brute force with a memory finds what the twin finds: real sequence, contig ends, IUPAC letters."""
    rng = random.Random(1)
    _, text = _reference(shared_data, CFTR)
    requests = _requests(shared_data, CFTR)[:6]
    brute = WrittenOut(requests)
    pieces = [text[at : at + 1500] for at in (0, 700, 90_000)]
    for request in requests:
        near = resembling(rng, request)
        pieces += [near, near[1:], near + "N" + near, random_bases(rng, 40) + near.replace("G", "R", 1)]
    for piece in (*pieces, "", "GG"):
        found = [[] for _ in requests]
        for number, hit in brute.hits(piece):
            found[number].append(hit)
        assert tuple(tuple(sorted(hits)) for hits in found) == scan_by_hand([piece], requests)
    five = [OffTargetRequest("GCTGATGGTCCATGTCTGTTACT", "TTTV", PamSide.FIVE_PRIME, SearchLimits(5, 1, 1))]
    found = sorted(hit for _, hit in WrittenOut(five).hits(text[:3000]))
    assert (tuple(found),) == scan_by_hand([text[:3000]], five)


def test_four_people_equal_both_written_out_copies(shared_data):
    samples, _ = _rows(shared_data, KGP, CFTR)
    assert len(samples) == PEOPLE
    columns = [samples.index(name) for name in ("HG02855", "NA19328", "HG00096", "NA12878")]
    seen = _checked(shared_data, KGP, CFTR, columns, guides=6)
    assert seen["calls"] > 600
    assert seen["changed"] > 0


@pytest.mark.long
def test_every_person_equals_both_written_out_copies(shared_data):
    shares = [(shared_data, KGP, CFTR, list(range(first, PEOPLE, 8))) for first in range(8)]
    seen: Counter[str] = Counter()
    for some in in_processes(_checked_share, shares):
        seen += some
        tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    assert seen["people"] == PEOPLE
    assert min(seen[origin] for origin in ("gained", "changed")) > 0


@pytest.mark.long
def test_na12878_equals_both_written_out_copies_of_chr21(shared_data):
    seen = _checked(shared_data, NA12878, CHR21, [0])
    tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    assert seen["calls"] > 1500


@pytest.mark.parametrize("sample", ["HG02855", "NA12878"])
def test_the_reader_of_vcfs_reads_the_same_people(shared_data, sample):
    """The calls the campaign searches with are those the program reads."""
    reference, _ = _reference(shared_data, CFTR)
    samples, rows = _rows(shared_data, KGP, CFTR)
    mine = _calls(rows, samples.index(sample))
    found = read_calls(shared_data / KGP, reference, sample).calls
    inside = [
        call for call in found if CFTR.start < call.variant.start - 1 and call.variant.end < CFTR.end - 1
    ]
    key = [(call.variant, call.copies) for call in inside]
    assert set(key) <= {(call.variant, call.copies) for call in mine}
    assert len(mine) - len(key) <= 2


# --- without phase -------------------------------------------------------------------------------------------


_REACH = 24
#: Bases beside a site that its alignment could reach for: one more bulge than is allowed.
_SPARE = 2


def _stretches(calls: list[Call], place: Locus) -> Iterator[tuple[int, int, list[Call]]]:
    """Calls that one site could touch together, by a plain walk, and what lies between them."""
    groups: list[list[Call]] = []
    end = -(10**9)
    for call in sorted(calls, key=lambda one: one.variant):
        if not groups or call.variant.start - end > _REACH + 2:
            groups.append([])
        groups[-1].append(call)
        end = max(end, call.variant.end)
    at = place.start
    for group in groups:
        low = min(call.variant.start for call in group) - 1
        high = max(call.variant.end for call in group) + 1
        yield at, low, []
        yield low, high, group
        at = high
    yield at, place.end, []


def _combinations(free: list[Variant]) -> Iterator[list[Variant]]:
    """What one copy may hold: of two alleles that exclude each other, one lies on either copy."""
    rivals = [
        (one, other)
        for one, other in combinations(range(len(free)), 2)
        if (free[one].start < free[other].end and free[other].start < free[one].end)
        or (free[one].start == free[other].start and not free[one].ref and not free[other].ref)
    ]
    for taken in product((False, True), repeat=len(free)):
        if all(taken[one] != taken[other] for one, other in rivals):
            yield [variant for variant, is_in in zip(free, taken, strict=True) if is_in]


def _check_unphased(data: Path, place: Locus, count: int) -> Counter[str]:
    """HG002: around each cluster, exactly the sites that some combination of the unphased variants gives."""
    windows = Reference.open(data / "genome/GRCh38.windows.fa.gz")
    text = windows.fetch(place.contig, place.start, place.end)
    reference = Reference.from_sequences({f"{place.contig}:{place.start + 1}-{place.end}": text})
    requests = _requests(data, CHR20, count)
    _, rows = _rows(data, HG002, place)
    genome = PatientGenome(reference, _calls(rows, 0))
    reports = search(requests, genome)
    applied = list(genome.calls_in(place))
    brute = WrittenOut(requests)
    expected: list[set] = [set() for _ in requests]
    loose: list[Locus] = []
    seen: Counter[str] = Counter(calls=len(applied))
    for low, high, group in _stretches(applied, place):
        # What reaches into a cluster is the cluster's own, with its variants.
        around = _REACH if group else 0
        start, end = max(low - around, place.start), min(high + around, place.end)
        free = [call.variant for call in group if not all(call.copies)]
        fixed = [call.variant for call in group if all(call.copies)]
        if len(free) > 6:
            # More combinations than are searched: the report says so, and this place is left out.
            loose.append(Locus(place.contig, low, high))
            continue
        seen["clusters"] += bool(group)
        for chosen in _combinations(free):
            sequence, places = written(text[start - place.start : end - place.start], fixed + chosen, start)
            seen["combinations"] += 1
            # Beside a cut edge a site may align as if the sequence ended there; the stretch next to it has it whole.
            first = 0 if start == place.start else _SPARE
            last = len(sequence) - (0 if end == place.end else _SPARE)
            for number, hit in brute.hits(sequence):
                if first <= hit.start and hit.end <= last:
                    locus = Locus(place.contig, places[hit.start], places[hit.end - 1] + 1)
                    expected[number].add((content(hit), locus))
    incomplete = "places with more possible haplotypes than the 64 searched"
    assert dict(reports[0].coverage.not_searched).get(incomplete, 0) == len(loose)
    for number, report in enumerate(reports):
        present = [site for site in report.sites if site.origin is not SiteOrigin.LOST]

        def settled(items) -> set:
            return {what for what, where in items if not any(where.overlaps(other) for other in loose)}

        reported = settled((content(site), site.locus) for site in present)
        assert reported == settled(expected[number]), requests[number].spacer
        seen["sites"] += len(reported)
        seen["putative sites"] += sum("putative" in site.haplotypes for site in present)
    seen["clusters with too many combinations"] = len(loose)
    return seen


def test_hg002_without_phase_has_what_some_combination_gives(shared_data):
    seen = _check_unphased(shared_data, Locus("chr20", 100_000, 160_000), 8)
    assert seen["combinations"] > 100


@pytest.mark.long
def test_hg002_without_phase_over_a_million_bases(shared_data):
    seen = _check_unphased(shared_data, Locus("chr20", 60_000, 1_000_000), 20)
    tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    assert seen["putative sites"] > 10


# --- at home -------------------------------------------------------------------------------------------------


def _targets_beside_variants(data: Path, count: int, seed: int) -> list[OffTargetRequest]:
    """Guides whose target a common variant touches, half of them indels."""
    reference, _ = _reference(data, CFTR)
    _, rows = _rows(data, KGP, CFTR)
    rng = random.Random(seed)
    common = [variant for variant, _, genotypes in rows if sum("1" in x for x in genotypes) > 300]
    found: dict[bool, list[OffTargetRequest]] = {True: [], False: []}
    for variant in common:
        for at, strand in product(range(variant.start - 26, variant.end + 4), Strand):
            site = reference.fetch(CFTR.contig, at, at + 23)
            site = reverse_complement(site) if strand is Strand.MINUS else site
            start = at if strand is Strand.PLUS else at + 3
            target = Locus(CFTR.contig, start, start + 20, strand)
            if site.endswith("GG") and target.start - 3 <= variant.start <= target.end + 3:
                ends = rng.random() < 0.3
                request = OffTargetRequest(
                    site[:20], "NGG", limits=SearchLimits(4, 1, 1, end_bulges=ends), target=target
                )
                found[len(variant.ref) == len(variant.alt)].append(request)
    return [request for some in found.values() for request in rng.sample(some, count // 2)]


def _is_at_home(site: OffTargetSite, request: OffTargetRequest, text: str) -> bool:
    """Whether a letter lies on the base on which it lies at the target, the site's variants written out."""
    target, strand = request.target, site.locus.strand
    low, high = site.locus.start - 60, site.locus.end + 60
    # A site of the reference names the variants that end it on the other copy.
    made = site.variants if site.origin in {SiteOrigin.GAINED, SiteOrigin.CHANGED} else ()
    bases, places = written(text[low - CFTR.start : high - CFTR.start], made, low)
    dna = site.aligned_target.replace("-", "")
    forward = dna if strand is Strand.PLUS else reverse_complement(dna)
    at = bases.find(forward)
    while (places[at], places[at + len(dna) - 1] + 1) != (site.locus.start, site.locus.end):
        at = bases.find(forward, at + 1)
        assert at >= 0, site
    letter = read = 0
    for top, low_row in zip(site.aligned_spacer, site.aligned_target, strict=True):
        if top != "-" and low_row != "-":
            place = places[at + read] if strand is Strand.PLUS else places[at + len(dna) - 1 - read]
            home = target.start + letter if strand is Strand.PLUS else target.end - 1 - letter
            if place == home:
                return True
        letter += top != "-"
        read += low_row != "-"
    return False


def _check_at_home(data: Path, people: int, guides: int, seed: int) -> Counter[str]:
    reference, text = _reference(data, CFTR)
    _, rows = _rows(data, KGP, CFTR)
    requests = _targets_beside_variants(data, guides, seed)
    seen: Counter[str] = Counter()
    for column in random.Random(seed).sample(range(PEOPLE), people):
        genome = PatientGenome(reference, _calls(rows, column, phased_only=True))
        for report in search(requests, genome):
            target = report.request.target
            for site in report.sites:
                if site.locus.strand is target.strand and site.locus.overlaps(target):
                    seen["other sites that overlap the target"] += 1
                    assert not _is_at_home(site, report.request, text), (column, report.request, site)
            for reason, count in report.tally.refused:
                seen[reason] += count
            seen["searches"] += 1
    return seen


def test_no_person_has_the_target_as_an_off_target(shared_data):
    seen = _check_at_home(shared_data, 4, 16, 2)
    assert seen["the intended target's other allele"] > 0


@pytest.mark.long
def test_no_person_has_the_target_as_an_off_target_in_ten_thousand_searches(shared_data):
    seen = _check_at_home(shared_data, 100, 100, 3)
    tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    assert seen["the intended target's other allele"] > 1_000
