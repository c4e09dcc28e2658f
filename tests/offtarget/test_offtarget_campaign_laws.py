"""Laws that hold for any right search, whoever wrote it: no twin is asked, the search is set against itself.

Each law takes a seed, makes a case, and compares two searches that must agree. The scans are taken in turn: NumPy and
compiled.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from campaigns import in_processes, kernel_case, tell, written
from campaigns_people import make_person, vcf_text
from offtarget_cases import content, random_bases

from revertant.genome import PatientGenome, Reference
from revertant.model import OffTargetRequest, SiteOrigin
from revertant.offtarget import scan, scan_by_hand, search
from revertant.offtarget.matching.compiled import scan_compiled
from revertant.offtarget.matching.guides import fits_kernels
from revertant.sequence import reverse_complement
from revertant.variant import read_calls

_LONG = 2_000


def _scanner(rng: random.Random, *requests: OffTargetRequest) -> Callable:
    return scan_compiled if all(map(fits_kernels, requests)) and rng.random() < 0.5 else scan


def _places(hits) -> set:
    return {(hit.sequence, hit.strand, hit.pam_start) for hit in hits}


def more_edits_find_no_less(seed: int) -> int:
    """The sites within k edits are among those within k + 1, with any of the limits."""
    rng = random.Random(seed)
    contigs, request = kernel_case(rng, every=True)
    kind = rng.choice(("mismatches", "dna_bulges", "rna_bulges", "total_edits", "end_bulges"))
    now = getattr(request.limits, kind)
    more = None if now is None or (kind == "total_edits" and rng.random() < 0.2) else now + 1
    wider = replace(request, limits=replace(request.limits, **{kind: True if kind == "end_bulges" else more}))
    # NumPy alone: each of these limits would have to be compiled.
    [found], [all_found] = scan(contigs, [request]), scan(contigs, [wider])
    assert _places(found) <= _places(all_found), (seed, kind)
    return len(found)


def the_other_strand_is_a_mirror(seed: int) -> int:
    """Turning every contig round turns every hit round."""
    rng = random.Random(seed)
    contigs, request = kernel_case(rng)
    scanner = _scanner(rng, request)
    [here], [there] = scanner(contigs, [request]), scanner(list(map(reverse_complement, contigs)), [request])
    mirrored = []
    for hit in there:
        size = len(contigs[hit.sequence])
        mirrored.append(
            replace(
                hit,
                strand=hit.strand.opposite,
                pam_start=size - hit.pam_start - len(request.pam),
                start=size - hit.end,
                end=size - hit.start,
            )
        )
    assert sorted(mirrored) == list(here), seed
    return len(here)


def pieces_with_an_overlap_are_the_whole(seed: int) -> int:
    """Cut a contig into pieces that overlap by a site's reach: together they hold the whole's sites."""
    rng = random.Random(seed)
    contigs, request = kernel_case(rng)
    scanner = _scanner(rng, request)
    text = "".join(contigs) + random_bases(rng, rng.randint(0, 60))
    reach = len(request.spacer) + request.limits.dna_bulges + len(request.pam)
    cut = rng.randint(0, len(text))
    [whole] = scanner([text], [request])
    low, high = max(0, cut - reach), min(len(text), cut + reach)
    [pieces] = scanner([text[:high], text[low:]], [request])
    # A piece answers for the PAMs whose whole reach lies in it: left of the cut, right of it.
    joined = [hit for hit in pieces if hit.sequence == 0 and hit.pam_start < cut]
    joined += [
        replace(hit, sequence=0, pam_start=hit.pam_start + low, start=hit.start + low, end=hit.end + low)
        for hit in pieces
        if hit.sequence == 1 and hit.pam_start + low >= cut
    ]
    assert sorted(joined) == list(whole), (seed, cut)
    return len(whole)


def guides_do_not_disturb_each_other(seed: int) -> int:
    """Guides in another order, alone, or twice: each finds what it finds."""
    rng = random.Random(seed)
    cases = [kernel_case(rng) for _ in range(4)]
    contigs = [text for texts, _ in cases for text in texts]
    requests = [request for _, request in cases]
    order = [rng.randrange(4) for _ in range(5)]
    scanner = _scanner(rng, *requests)
    together = scanner(contigs, requests)
    assert scanner(contigs, [requests[index] for index in order]) == tuple(together[i] for i in order), seed
    alone = rng.randrange(4)
    assert scanner(contigs, [requests[alone]])[0] == together[alone], seed
    return sum(map(len, together))


def lower_case_is_upper_case(seed: int) -> int:
    """Soft-masked sequence is sequence."""
    rng = random.Random(seed)
    contigs, request = kernel_case(rng)
    texts = {f"c{number}": text for number, text in enumerate(contigs) if text} or {"c": "A"}
    lower = {
        name: "".join(base.lower() if rng.random() < 0.5 else base for base in text)
        for name, text in texts.items()
    }
    if request.limits.mismatches >= len(request.spacer) or len(request.spacer) < 9:
        request = replace(request, spacer="ACGTACGTAC" + request.spacer[:10])
    genomes = [Reference.from_sequences(texts)]
    with tempfile.TemporaryDirectory() as folder:
        fasta = Path(folder, "r.fa")
        fasta.write_text("".join(f">{name}\n{text}\n" for name, text in lower.items()))
        genomes.append(Reference.open(fasta))
        upper, soft = (search([request], PatientGenome(genome)) for genome in genomes)
    assert upper == soft, seed
    return len(upper[0].sites)


def rows_of_the_vcf_in_any_order(seed: int) -> int:
    """A VCF's rows within a contig may stand in any order."""
    rng = random.Random(seed)
    person = make_person(seed, sites_each=1, settled=True)
    lines = vcf_text(person).splitlines()
    header, rows = [x for x in lines if x[0] == "#"], [x for x in lines if x[0] != "#"]
    mixed = rng.sample(rows, len(rows))
    reports = []
    reference = Reference.from_sequences(person.contigs)
    with tempfile.TemporaryDirectory() as folder:
        for order in (rows, mixed):
            vcf = Path(folder, "p.vcf")
            vcf.write_text("\n".join([*header, *order, ""]))
            calls = read_calls(vcf, reference).calls
            reports.append(search(person.requests, PatientGenome(reference, calls, sex=person.sex)))
    assert reports[0] == reports[1], seed
    return sum(len(report.sites) for report in reports[0])


def variants_elsewhere_keep_a_site(seed: int) -> int:
    """More variants far from a site leave the site as it was, with its copies and its variants."""
    rng = random.Random(seed)
    person = make_person(seed)
    moved = rng.sample(person.plans, rng.randint(1, 4))
    elsewhere = {variant for plan in moved for variant in plan.variants}
    reference = Reference.from_sequences(person.contigs)
    fewer = [call for call in person.calls if call.variant not in elsewhere]
    some, every = (
        search(person.requests, PatientGenome(reference, calls, sex=person.sex))
        for calls in (fewer or person.calls, person.calls)
    )
    kept = 0
    for one, other in zip(some, every, strict=True):
        for site in one.sites:
            zone = range(site.locus.start - 60, site.locus.end + 60)
            if any(v.contig == site.locus.contig and (v.start in zone or v.end in zone) for v in elsewhere):
                continue
            assert site in other.sites, (seed, site)
            kept += 1
    return kept


def a_copy_is_the_substituted_genome(seed: int) -> int:
    """The sites of a copy are those of the genome into which its variants are written."""
    person = make_person(seed)
    reference = Reference.from_sequences(person.contigs)
    reports = search(person.requests, PatientGenome(reference, person.calls, sex=person.sex))
    phased = [contig for contig in person.contigs if contig != "chr3"]
    sites = 0
    for copy in (0, 1):
        there = [contig for contig in phased if copy < person.copies(contig)]
        texts = {contig: written(person.contigs[contig], person.carried(contig, copy))[0] for contig in there}
        plain = search(person.requests, PatientGenome(Reference.from_sequences(texts)))
        for report, other in zip(reports, plain, strict=True):
            mine = Counter(
                (site.locus.contig, content(site))
                for site in report.sites
                if site.origin is not SiteOrigin.LOST
                and site.locus.contig in there
                and str(copy + 1) in site.haplotypes
            )
            assert mine == Counter((site.locus.contig, content(site)) for site in other.sites), (seed, copy)
            sites += mine.total()
    return sites


LAWS = (
    more_edits_find_no_less,
    the_other_strand_is_a_mirror,
    pieces_with_an_overlap_are_the_whole,
    guides_do_not_disturb_each_other,
    lower_case_is_upper_case,
    rows_of_the_vcf_in_any_order,
    variants_elsewhere_keep_a_site,
    a_copy_is_the_substituted_genome,
)
_OF_PEOPLE = LAWS[5:]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_holds_in_a_few_cases(law):
    assert sum(map(law, range(10 if law in _OF_PEOPLE else 100))) > 20


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_holds_in_two_thousand_cases(law):
    sites = sum(in_processes(law, range(1_000, 1_000 + _LONG)))
    tell(f"{law.__name__}: {_LONG:,} cases, {sites:,} sites compared")
    assert sites > _LONG // 2


def test_the_search_by_hand_keeps_the_laws_too():
    """A law that the obvious search broke would be no law."""
    rng = random.Random(0)
    for _ in range(30):
        contigs, request = kernel_case(rng)
        mirrored = scan_by_hand(list(map(reverse_complement, contigs)), [request])
        assert len(mirrored[0]) == len(scan_by_hand(contigs, [request])[0])
