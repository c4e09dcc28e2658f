"""Says how many off-target sites are private to how many people, by population.

    python benchmarks/offtarget/people.py DATA [--guides 20] [--seed 1]

``DATA`` holds ``genome/GRCh38.windows.fa.gz`` and, in ``variants``, ``GRCh38.1kgp.CFTR.vcf.gz`` and
``1kgp.samples.tsv`` (1000 Genomes, high coverage: 3,202 people over the CFTR gene). The guides are sites beside an
NGG drawn from that window with a fixed seed, on both strands. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from revertant.genome import Reference
from revertant.model import Locus, OffTargetRequest, PopulationSite, SearchLimits, SiteOrigin, Strand
from revertant.offtarget.population.population import PopulationResult, population_sites
from revertant.sequence import is_dna, reverse_complement

CFTR = Locus("chr7", 117479962, 117668664)
LIMITS = SearchLimits(4, 1, 1)
#: (most people, heading)
CLASSES = ((1, "1 person"), (5, "2-5"), (50, "6-50"), (10**9, "more than 50"))
ORIGINS = (SiteOrigin.GAINED, SiteOrigin.CHANGED, SiteOrigin.LOST)


def drawn(reference: Reference, count: int, seed: int) -> Iterator[OffTargetRequest]:
    text = reference.fetch(CFTR.contig, CFTR.start, CFTR.end)
    rng = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        at = rng.randrange(len(text) - 23)
        strand = rng.choice(list(Strand))
        site = text[at : at + 23]
        start = CFTR.start + at
        if strand is Strand.MINUS:
            site, start = reverse_complement(site), start + 3
        if is_dna(site) and site.endswith("GG") and site[:20] not in seen:
            seen.add(site[:20])
            target = Locus(CFTR.contig, start, start + 20, strand)
            yield OffTargetRequest(site[:20], "NGG", limits=LIMITS, target=target)


def class_of(people: int) -> str:
    return next(heading for most, heading in CLASSES if people <= most)


def by_people(result: PopulationResult) -> Iterator[tuple[str, ...]]:
    """One row for each origin."""
    rows = [row for rows in result.sites for row in rows]
    for origin in (*ORIGINS, None):
        chosen = [row for row in rows if origin in {None, row.site.origin}]
        found = Counter(class_of(row.people or 0) for row in chosen)
        numbers = (str(found[heading]) for _, heading in CLASSES)
        yield origin.value if origin else "together", *numbers, str(len(chosen))


def by_population(result: PopulationResult) -> Iterator[tuple[str, ...]]:
    """One row for each population: sites somebody of it carries, in how many people, and those found nowhere else."""
    rows = [row for rows in result.sites for row in rows]
    names = sorted({count.population for row in rows for count in row.counts} - {"all", "unlabelled"})
    for name in (*names, "unlabelled"):
        here = [row for row in rows if carrying(row, name)]
        found = Counter(class_of(row.people or 0) for row in here)
        only = sum(carrying(row, name) == row.overall.carrying for row in here)
        worst = sum(row.counts[0].population == name for row in here if row.counts[0].carrying)
        numbers = (str(found[heading]) for _, heading in CLASSES)
        yield name, *numbers, str(len(here)), str(only), "-" if name == "unlabelled" else str(worst)


def carrying(row: PopulationSite, name: str) -> int:
    return next(count.carrying for count in row.counts if count.population == name)


def show(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    print("| " + " | ".join(headings) + " |")
    print("|---" * len(headings) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--guides", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reference = Reference.open(options.data / "genome/GRCh38.windows.fa.gz")
    requests = list(drawn(reference, options.guides, options.seed))
    variants = options.data / "variants"
    start = time.perf_counter()
    result = population_sites(
        [request.spacer for request in requests],
        requests,
        reference,
        variants / "GRCh38.1kgp.CFTR.vcf.gz",
        variants / "1kgp.samples.tsv",
    )
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(result.statement)
    print(
        f"\n{len(requests)} guides, 4 mismatches + 1 DNA + 1 RNA bulge: {seconds:.1f} s, peak {peak:.0f} MB,"
    )
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}\n")
    headings = tuple(heading for _, heading in CLASSES)
    show(("sites carried by", *headings, "all"), by_people(result))
    show(
        ("carried by somebody of", *headings, "all", "nowhere else", "most frequent here"),
        by_population(result),
    )


if __name__ == "__main__":
    main()
