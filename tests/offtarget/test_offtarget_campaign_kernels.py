"""The compiled kernels against the slow twin, on a million random cases.

A case is one guide against one set of contigs. The twin answers each case alone; the compiled scan gets eight
guides and all their contigs in one call, so that limits, lengths and PAMs lie side by side in its tables as they do
in use. One batch in ten has one PAM and goes through a site table on disk as well; one case in five goes through
the NumPy search too.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from campaigns import in_processes, kernel_case, tell

from revertant.genome import Reference
from revertant.model import PamSide, Strand
from revertant.offtarget import scan_by_hand
from revertant.offtarget.matching.compiled import scan_compiled
from revertant.offtarget.matching.guides import fits_kernels, group_guides
from revertant.offtarget.matching.packed import scan_packed
from revertant.offtarget.table.build import build_table
from revertant.offtarget.table.table import DEPTHS, SiteTable

_BATCH = 8
_CHUNK = 2_000
_TABLE_PAMS = (
    ("NGG", PamSide.THREE_PRIME),
    ("NNGRRT", PamSide.THREE_PRIME),
    ("TTTV", PamSide.FIVE_PRIME),
    ("NRG", PamSide.FIVE_PRIME),
)


def _from_table(folder: Path, contigs: list[str], requests) -> list[list]:
    """What a table on disk finds; contigs without bases are no records of a reference."""
    numbers = [number for number, text in enumerate(contigs) if text]
    fasta = folder / "r.fa"
    fasta.write_text("".join(f">{number:05d}\n{contigs[number]}\n" for number in numbers))
    reference = Reference.open(fasta)
    [guides] = group_guides(requests)
    place = folder / "table"
    build_table(place, reference, guides.pam, guides.side, DEPTHS[-1])
    table = SiteTable.open(place, reference, guides.pam, guides.side)
    found: list[list] = [[] for _ in requests]
    for sites in table.search(guides):
        for index, hit in sites.hits(requests):
            found[index].append(replace(hit, sequence=numbers[hit.sequence]))
    for path in (*place.iterdir(), fasta):
        path.unlink()
    return [sorted(hits) for hits in found]


def compare_chunk(chunk: tuple[int, bool]) -> Counter[str]:
    """Compare the cases of one seed, with every limit or with some; what was seen is counted."""
    seed, every = chunk
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for batch in range(_CHUNK // _BATCH):
            _compare_batch(rng, Path(folder), f"seed {seed}, batch {batch}", seen, every=every)
    return seen


def _compare_batch(rng: random.Random, folder: Path, where: str, seen: Counter[str], *, every: bool) -> None:
    is_tabled = rng.random() < 0.1
    pam, side = rng.choice(_TABLE_PAMS) if is_tabled else ("", None)
    longest = DEPTHS[-1] if is_tabled else 32
    cases = [kernel_case(rng, pam, side, longest=longest, every=every) for _ in range(_BATCH)]
    requests = [request for _, request in cases]
    assert all(map(fits_kernels, requests)), where
    contigs = [text for texts, _ in cases for text in texts]
    together = {"compiled": scan_compiled(contigs, requests)}
    if is_tabled:
        together["table"] = _from_table(folder, contigs, requests)
    first = 0
    for number, (texts, request) in enumerate(cases):
        [slow] = scan_by_hand(texts, [request])
        expected = [replace(hit, sequence=first + hit.sequence) for hit in slow]
        for name, found in together.items():
            own = [hit for hit in found[number] if first <= hit.sequence < first + len(texts)]
            assert own == expected, (name, where, number, texts, request)
            seen[name] += 1
        if rng.random() < 0.2:
            assert scan_packed(texts, [request])[0] == slow, ("packed", where, number, texts, request)
            seen["packed"] += 1
        first += len(texts)
        _note(seen, texts, request, slow)


def _note(seen: Counter[str], texts, request, hits) -> None:
    seen["cases"] += 1
    seen["hits"] += len(hits)
    seen[f"length {len(request.spacer)}"] += bool(hits)
    for hit in hits:
        seen[f"strand {hit.strand.value}"] += 1
        seen[f"side {request.pam_side.value}"] += 1
        seen[f"mismatches {hit.mismatches}"] += 1
        seen[f"DNA bulges {hit.dna_bulges}"] += 1
        seen[f"RNA bulges {hit.rna_bulges}"] += 1
        rows = hit.aligned_spacer, hit.aligned_target
        seen["bulge at an end"] += any("-" in {row[0], row[-1]} for row in rows)
        seen["both bulges"] += bool(hit.dna_bulges and hit.rna_bulges)
        seen["IUPAC in the genome"] += not set(hit.aligned_target + hit.pam) <= set("ACGT-")
        seen["IUPAC in the guide"] += not set(hit.aligned_spacer) <= set("ACGT-")
        start, end = hit.footprint
        seen["first base of a contig"] += start == 0
        seen["last base of a contig"] += end == len(texts[hit.sequence])


def _compare(seeds: range, *, every: bool) -> None:
    seen: Counter[str] = Counter()
    for some in in_processes(compare_chunk, [(seed, every) for seed in seeds]):
        seen += some
        if seen["cases"] % 100_000 == 0:
            tell(f"{seen['cases']:,} cases, no difference")
    tell("; ".join(f"{name}: {count:,}" for name, count in sorted(seen.items())))
    assert seen["cases"] == seen["compiled"] == len(seeds) * _CHUNK
    # A campaign that sees too little of anything proves nothing of it.
    least = len(seeds) * 20
    for size in range(17, 26):
        assert seen[f"length {size}"] > least
    kinds = [f"mismatches {count}" for count in range(9)]
    kinds += [f"{kind} bulges {count}" for kind in ("DNA", "RNA") for count in range(4)]
    kinds += [f"strand {strand.value}" for strand in Strand] + [f"side {side.value}" for side in PamSide]
    kinds += [
        "both bulges",
        "bulge at an end",
        "IUPAC in the genome",
        "IUPAC in the guide",
        "table",
        "packed",
    ]
    kinds += ["first base of a contig", "last base of a contig"]
    for kind in kinds:
        assert seen[kind] > least, kind


def test_kernels_equal_their_twin_on_twenty_thousand_cases():
    _compare(range(10), every=False)


@pytest.mark.long
def test_kernels_equal_their_twin_on_a_million_cases():
    _compare(range(1_000, 1_500), every=True)


def test_a_kernel_that_is_wrong_is_found_out(monkeypatch):
    """The comparison can fail: a scan that loses the sites at the start of a contig does not pass."""

    def losing(contigs, requests):
        return tuple(tuple(hit for hit in hits if hit.footprint[0]) for hits in sound(contigs, requests))

    sound = scan_compiled

    monkeypatch.setattr(sys.modules[__name__], "scan_compiled", losing)
    with pytest.raises(AssertionError, match="seed 5, batch"):
        compare_chunk((5, False))
