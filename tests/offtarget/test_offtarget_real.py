"""Real people and real sequence: the personal search against brute force on the written-out haplotypes."""

from __future__ import annotations

import random
from collections import Counter

import pysam
import pytest
from offtarget_cases import content, on_copy, substituted

from revertant.genome import PatientGenome, Reference
from revertant.model import Call, Locus, OffTargetRequest, SearchLimits, SiteOrigin, Variant
from revertant.offtarget import scan, scan_by_hand, search
from revertant.sequence import is_dna

CFTR = Locus("chr7", 117479962, 117668664)
CHR21 = Locus("chr21", 24985580, 26000306)
# The exa-cel guide, HEK site 4, and a VEGFA guide with many off-targets.
PUBLISHED = ("CTAACAGTTGCTTTTATCAC", "GGCACTGCGGCTGGAGGTGG", "GGTGAGTGAGTGTGTGCGTG")


@pytest.fixture(scope="module")
def windows(shared_data) -> Reference:
    return Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")


def _calls(path, sample: str, place: Locus) -> list[Call]:
    calls = []
    with pysam.VariantFile(str(path)) as file:
        file.subset_samples([sample])
        for record in file:
            if not (place.start < record.start and record.stop < place.end):
                continue
            genotype = record.samples[sample].allele_indices
            if None in genotype or not (record.samples[sample].phased or len(set(genotype)) == 1):
                continue
            for index, alt in enumerate(record.alts, start=1):
                copies = tuple(allele == index for allele in genotype)
                if any(copies) and is_dna(alt):
                    ref, start = record.ref, record.start
                    shared = ref[0] == alt[0] and len(ref) != len(alt)
                    variant = Variant(record.chrom, start + shared, ref[shared:], alt[shared:])
                    calls.append(Call(variant, copies, phase_set="1"))
    return calls


def _guides(text: str, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    guides = []
    while len(guides) < count:
        at = rng.randrange(len(text) - 23)
        site = text[at : at + 23]
        if is_dna(site) and site.endswith("GG"):
            guides.append(site[:20])
    return guides


PEOPLE = [
    ("variants/GRCh38.1kgp.CFTR.vcf.gz", "HG02855", CFTR, 300),
    ("variants/GRCh38.1kgp.CFTR.vcf.gz", "NA19328", CFTR, 300),
    ("variants/GRCh38.1kgp.CFTR.vcf.gz", "HG00096", CFTR, 10),
    ("variants/GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz", "NA12878", CHR21, 1500),
]


@pytest.mark.parametrize(("vcf", "sample", "place", "at_least"), PEOPLE)
def test_a_persons_sites_equal_both_written_out_haplotypes(
    windows, shared_data, vcf, sample, place, at_least
):
    text = windows.fetch(place.contig, place.start, place.end)
    reference = Reference.from_sequences({f"{place.contig}:{place.start + 1}-{place.end}": text})
    genome = PatientGenome(reference, _calls(shared_data / vcf, sample, place))
    applied = genome.calls_in(place)
    assert len(applied) >= at_least
    limits = SearchLimits(5, 1, 1)
    requests = [OffTargetRequest(guide, "NGG", limits=limits) for guide in (*PUBLISHED, *_guides(text, 5, 5))]
    requests.append(OffTargetRequest(_guides(text, 1, 6)[0], "NRN", limits=SearchLimits(5)))
    reports = search(requests, genome)
    for copy in (0, 1):
        carried = [
            Variant(place.contig, call.variant.start - place.start, call.variant.ref, call.variant.alt)
            for call in applied
            if call.copies[copy]
        ]
        for report, hits in zip(reports, scan([substituted(text, carried)], requests), strict=True):
            assert on_copy(report.present_sites, str(copy + 1)) == Counter(content(hit) for hit in hits)
    origins = Counter(site.origin for report in reports for site in report.sites)
    assert origins[SiteOrigin.REFERENCE] > 50
    if at_least > 100:
        assert origins[SiteOrigin.GAINED] + origins[SiteOrigin.LOST] > 0
        assert origins[SiteOrigin.CHANGED] > 0


def test_a_short_real_stretch_by_hand(windows):
    text = windows.fetch(CFTR.contig, CFTR.start + 60_000, CFTR.start + 64_000)
    requests = [OffTargetRequest(guide, "NGG", limits=SearchLimits(5, 1, 1)) for guide in _guides(text, 3, 9)]
    fast = scan([text], requests)
    assert fast == scan_by_hand([text], requests)
    assert all(fast)
