"""Writes a simulated person's whole-genome VCF over a genome; the same seed gives the same records.

    python benchmarks/offtarget/person.py FOLDER/genome.fa FOLDER/person.vcf.gz [--variants N] [--measure]

84 % single bases, 15 % indels of 1 to 20 bases, 1 % longer substitutions; 40 % homozygous; of the rest 90 % phased,
one phase set for each contig; 1 % carry two alternative alleles; some symbolic and some filtered records. Variants
come in clusters, as in people: up to 8 within 25 bases. None lies in N. ``--measure`` also reads the file and lays
it over the genome, and prints seconds and peak memory.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pysam

from revertant.genome import PatientGenome, Reference
from revertant.variant import read_calls

SEED = 11
PER_BASE = 4.5e-3
BATCH = 200_000
BASES = np.frombuffer(b"ACGT", np.uint8)
#: How many variants stand together, and how often: our choice, so that places with many are there to be tested.
CLUSTER = np.array([0.83, 0.11, 0.035, 0.012, 0.006, 0.004, 0.002, 0.001])
LONGEST = 20
PHASED, UNPHASED = "GT:AD:DP:GQ:PS", "GT:AD:DP:GQ"


def places(rng: np.random.Generator, text: np.ndarray, wanted: int) -> np.ndarray:
    """Sorted places of records; the 25 bases after each are plain bases, so that no allele holds an N."""
    room = LONGEST + 8
    plain = np.concatenate([[0], np.cumsum(~np.isin(text, BASES), dtype=np.int64)])
    # 2 % more, since some fall on one place or under the REF of another.
    heads = rng.integers(1, len(text) - room, int(1.02 * wanted / (CLUSTER @ np.arange(1, 9))))
    sizes = rng.choice(np.arange(1, 9), len(heads), p=CLUSTER)
    inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    spread = np.where(inside == 0, 0, rng.integers(1, 25, len(inside)))
    found = np.unique(np.repeat(heads, sizes) + spread)
    found = found[found < len(text) - room]
    return found[plain[found + room] == plain[found - 1]]


def alleles(rng: np.random.Generator, text: np.ndarray, at: np.ndarray) -> tuple[list[str], list[str]]:
    """REF and ALT of each place: a single base, an insertion or deletion with its anchor, or a longer substitution."""
    count = len(at)
    kind = rng.choice(3, count, p=[0.84, 0.15, 0.01])
    size = np.minimum(rng.geometric(0.35, count), LONGEST)
    deletes = rng.random(count) < 0.5
    other = (np.searchsorted(BASES, text[at]) + rng.integers(1, 4, count)) % 4
    refs = [chr(base) for base in text[at].tolist()]
    alts = [chr(base) for base in BASES[other].tolist()]
    random = (
        BASES[rng.integers(0, 4, (count, LONGEST + 1))] if count else np.empty((0, LONGEST + 1), np.uint8)
    )
    for row in np.flatnonzero(kind).tolist():
        start, length = int(at[row]), int(size[row])
        if kind[row] == 2:
            length = 2 + length % 3
            refs[row] = text[start : start + length].tobytes().decode()
            made = random[row, :length].copy()
            for end in (0, length - 1):
                if made[end] == text[start + end]:
                    made[end] = BASES[(int(np.searchsorted(BASES, made[end])) + 1) % 4]
            alts[row] = made.tobytes().decode()
        elif deletes[row]:
            refs[row] = text[start : start + 1 + length].tobytes().decode()
            alts[row] = refs[row][0]
        else:
            alts[row] = refs[row] + random[row, :length].tobytes().decode()
    return refs, alts


def records(rng: np.random.Generator, name: str, text: np.ndarray, wanted: int) -> Iterator[str]:
    """The lines of one contig."""
    at = places(rng, text, wanted)
    first = int(at[0]) + 1 if len(at) else 0
    end_before, copy_before = 0, -1
    for low in range(0, len(at), BATCH):
        here = at[low : low + BATCH]
        count = len(here)
        refs, alts = alleles(rng, text, here)
        homozygous = (rng.random(count) < 0.4).tolist()
        phased = (rng.random(count) < 0.9).tolist()
        copies = rng.integers(0, 2, count).tolist()
        two, symbolic, filtered = ((rng.random(count) < share).tolist() for share in (0.01, 0.0005, 0.01))
        depth, quality = rng.integers(12, 60, count).tolist(), rng.integers(20, 100, count).tolist()
        lines = []
        for row, start in enumerate(here.tolist()):
            ref, alt, copy = refs[row], alts[row], copies[row]
            if start < end_before:
                # Under another record's REF, a call fits on the other copy only; where there is none, it is left out.
                if copy_before < 0:
                    continue
                copy, is_het, is_phased, is_two = 1 - copy_before, True, True, False
                copy_before = -1
            else:
                is_het, is_phased, is_two = not homozygous[row], phased[row], two[row]
                copy_before = copy if is_het and is_phased and not is_two else -1
            if symbolic[row] and len(ref) == 1:
                alt, info = "<DEL>", f"SVTYPE=DEL;END={start + 300}"
            else:
                info = f"AC={1 if is_het else 2};AN=2;DP={depth[row]};MQ=60.00"
                end_before = max(end_before, start + len(ref))
            separator = "|" if is_phased else "/"
            if is_two and alt != "<DEL>":
                second = (
                    ref + ref[-1] + "AC"
                    if len(ref) > 1 or len(alt) > 1
                    else next(base for base in "GATC" if base not in {ref, alt})
                )
                alt, info = f"{alt},{second}", info.replace("AC=1;", "AC=1,1;").replace("AC=2;", "AC=1,1;")
                genotype = f"1{separator}2" if copy == 0 else f"2{separator}1"
            elif is_het:
                genotype = f"1{separator}0" if copy == 0 and is_phased else f"0{separator}1"
            else:
                genotype = f"1{separator}1"
            passed = "LowQual" if filtered[row] else "PASS"
            half = depth[row] // 2
            reads = f"{half},{depth[row] - half}" + (",0" if is_two else "")
            sample = f"{genotype}:{reads}:{depth[row]}:{quality[row]}"
            fmt, sample = (PHASED, f"{sample}:{first}") if is_phased else (UNPHASED, sample)
            lines.append(
                f"{name}\t{start + 1}\t.\t{ref}\t{alt}\t{quality[row]}\t{passed}\t{info}\t{fmt}\t{sample}\n"
            )
        yield "".join(lines)


def header(lengths: dict[str, int]) -> str:
    contigs = "".join(f"##contig=<ID={name},length={length}>\n" for name, length in lengths.items())
    texts = "".join(
        f'##FORMAT=<ID={key},Number={number},Type={kind},Description="{what}">\n'
        for key, number, kind, what in (
            ("GT", "1", "String", "Genotype"),
            ("AD", "R", "Integer", "Reads of each allele"),
            ("DP", "1", "Integer", "Reads"),
            ("GQ", "1", "Integer", "Quality of the genotype"),
            ("PS", "1", "Integer", "Phase set"),
        )
    )
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tperson\n"
    return f'##fileformat=VCFv4.3\n##FILTER=<ID=LowQual,Description="Low quality">\n{contigs}{texts}{columns}'


def write_person(fasta: Path, out: Path, variants: int = 0) -> None:
    """Write the VCF; ``variants`` is 4.5 for each thousand bases when it is 0."""
    genome = pysam.FastaFile(str(fasta))
    lengths = dict(zip(genome.references, genome.lengths, strict=True))
    total = sum(lengths.values())
    with pysam.BGZFile(str(out), "wb") as file:
        file.write(header(lengths).encode())
        for number, (name, length) in enumerate(lengths.items()):
            rng = np.random.default_rng([SEED, number])
            text = np.frombuffer(genome.fetch(name).upper().encode(), np.uint8)
            for lines in records(rng, name, text, round((variants or total * PER_BASE) * length / total)):
                file.write(lines.encode())


def measure(fasta: Path, vcf: Path) -> None:
    start = time.perf_counter()
    found = read_calls(vcf, reference := Reference.open(fasta))
    read = time.perf_counter()
    genome = PatientGenome(reference, found.calls)
    placed = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{found.tally.read:,} records, {len(found.calls):,} calls, {len(genome.refused):,} not placed")
    print(
        f"read {read - start:.1f} s, placed {placed - read:.1f} s, peak {peak:.0f} MB,"
        f" {time.process_time():.1f} s of one core in all"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fasta", type=Path)
    parser.add_argument("vcf", type=Path)
    parser.add_argument("--variants", type=float, default=0)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    if not options.measure:
        write_person(options.fasta, options.vcf, int(options.variants))
    else:
        measure(options.fasta, options.vcf)


if __name__ == "__main__":
    main()
