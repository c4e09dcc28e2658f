"""Reads of people with known copies of SMN1 and SMN2, written as BAM files small enough to make a thousand of.

A file holds what the caller looks at: both genes and control bins. The genes' sequence is random letters with the real
exons and the real differing bases in place, each at its real coordinates. Reads that show a differing base are aligned
to their gene; the others fit both and are put at either, with mapping quality 0, as aligners do.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pysam

from revertant.genome import builds
from revertant.patient.smn.controls import genome_controls
from revertant.patient.smn.loci import TAG_POSITIONS, exons, lifted, voting_sites

READ_BP = 150
#: The simulated stretch of SMN1 on GRCh38, 0-based half-open.
START, END = 70_924_000, 70_955_200
#: What exons 7-8 lose in SMNΔ7-8: 6.3 kb.
DELETION = (70_947_900, 70_954_213)
#: SMN1 less SMN2, from each place of SMN1 on; between the exons and sites that fix it the borders are arbitrary.
SHIFTS = (
    (START, 875_418),
    (70_930_000, 875_424),
    (70_943_800, 875_423),
    (70_945_500, 875_425),
    (70_951_150, 875_420),
)
#: Eight times fewer bins than the caller takes of a real genome: the simulated scale is the rougher one.
SPACING_BP = 16_000_000

_CODES = {"A": 1, "C": 2, "G": 4, "T": 8}


@dataclass(frozen=True)
class Person:
    """Copies, and how they were sequenced.

    ``smn1_variants`` and ``smn2_variants``: ``(0-based place on SMN1, GRCh38; base; copies that carry it)``.
    """

    smn1: int = 2
    smn2: int = 2
    deleted: int = 0
    depth: float = 30.0
    tagged: int = 0
    hybrids: int = 0
    smn1_variants: tuple[tuple[int, str, int], ...] = ()
    smn2_variants: tuple[tuple[int, str, int], ...] = ()
    contamination: float = 0.0
    contaminant: tuple[int, int, int] = (2, 2, 0)
    bin_spread: float = 0.05
    region_spread: float = 0.01
    gc_slope: float = 0.5
    error: float = 0.003
    misplaced: float = 0.02
    build: str = "GRCh38"
    prefix: str = "chr"
    extra_contigs: tuple[tuple[str, int], ...] = ()
    empty: tuple[tuple[int, int], ...] = field(default=())


@cache
def _gene_codes():
    """Letters of SMN1 and of SMN2 along SMN1's places (SMN2's own shifts come with its coordinates)."""
    rng = np.random.default_rng(270641)
    letters = rng.choice(np.array([1, 2, 4, 8], np.uint8), END - START, p=[0.29, 0.21, 0.21, 0.29])
    for exon in exons():
        at = exon.smn1_start - exon.FLANK - START
        letters[at : at + len(exon.letters)] = [_CODES[base] for base in exon.letters]
    second = letters.copy()
    for site in voting_sites():
        letters[site.smn1_position - 1 - START] = _CODES[site.smn1_base]
        second[site.smn1_position - 1 - START] = _CODES[site.smn2_base]
    for one in (letters, second):
        one[TAG_POSITIONS[0] - 1 - START] = _CODES["T"]
    return letters, second


@cache
def _bins(build, spacing_bp):
    """Control bins with their letters and GC content, the same for everybody."""
    rng = np.random.default_rng(840)
    found = []
    for name, start, end in genome_controls(build, spacing_bp=spacing_bp).regions:
        gc = float(np.clip(rng.normal(0.42, 0.05), 0.3, 0.6))
        weights = [(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2]
        codes = rng.choice(np.array([1, 2, 4, 8], np.uint8), end - start + 2 * READ_BP, p=weights)
        found.append((name, start, end, gc, codes))
    return found


def simulated_controls(build="GRCh38", spacing_bp=SPACING_BP):
    """The control bins of a simulated file."""
    return genome_controls(build, spacing_bp=spacing_bp)


def _gc_factor(person, gc):
    return float(np.exp(person.gc_slope * (gc - 0.42)))


def _copies(person):
    """Every copy as ``(weight, letters along SMN1's places, gene 0 or 1, whether exons 7-8 are deleted)``."""
    smn1, smn2 = _gene_codes()
    made = []
    for weight, (first, second, lost), own in (
        (1 - person.contamination, (person.smn1, person.smn2, person.deleted), True),
        (person.contamination, person.contaminant, False),
    ):
        if not weight:
            continue
        for gene, number, letters in ((0, first, smn1), (1, second, smn2)):
            for index in range(number):
                mine = letters.copy()
                if own and gene == 0 and index < person.tagged:
                    mine[TAG_POSITIONS[0] - 1 - START] = _CODES["G"]
                if own and gene == 0 and index < person.hybrids:
                    # The copy has SMN1's bases around exon 7 only.
                    for site in voting_sites():
                        if not site.splice_window:
                            mine[site.smn1_position - 1 - START] = _CODES[site.smn2_base]
                for place, base, carriers in (
                    (person.smn1_variants, person.smn2_variants)[gene] if own else ()
                ):
                    if index < carriers:
                        mine[place - START] = _CODES[base]
                made.append((weight, mine, gene, False))
        made += [(weight, smn2, 1, True)] * lost
    return made


def _shift(places):
    starts = np.array([start for start, _ in SHIFTS])
    return np.array([shift for _, shift in SHIFTS])[np.searchsorted(starts, places, side="right") - 1]


def _gene_reads(person, rng):
    """Reads of both genes: place (0-based, the file's build), letters, mapping quality, number of the fragment."""
    sites = np.array([site.smn1_position - 1 for site in voting_sites()])
    factors = np.exp(rng.normal(0.0, person.region_spread, 2))
    places, letters, qualities, fragments = [], [], [], []
    count = 0
    for weight, codes, gene, is_deleted in _copies(person):
        expected = weight * person.depth / 2 * (END - 700 - START) / (2 * READ_BP) * factors.max()
        number = rng.poisson(expected)
        insert = np.clip(rng.normal(420, 80, number), READ_BP, 700).astype(int)
        first = rng.integers(START, END - 700, number)
        kept = rng.random(number) < np.where(first < DELETION[0], factors[0], factors[1]) / factors.max()
        if is_deleted:
            kept &= (first + insert <= DELETION[0]) | (first >= DELETION[1])
        first, insert = first[kept], insert[kept]
        second = first + insert - READ_BP
        shows = np.zeros(len(first), bool)
        for start in (first, second):
            shows |= ((sites >= start[:, None]) & (sites < start[:, None] + READ_BP)).any(axis=1)
        chosen = np.where(shows, gene, rng.integers(0, 2, len(first)))
        wrong = shows & (rng.random(len(first)) < person.misplaced)
        chosen = np.where(wrong, 1 - chosen, chosen)
        # A read across a place where the genes differ in length is aligned to its own gene.
        same = (_shift(first) == _shift(first + READ_BP)) & (_shift(second) == _shift(second + READ_BP))
        chosen = np.where(same, chosen, gene)
        quality = np.where(shows & ~wrong, 60, 0)
        names = count + np.arange(len(first))
        count += len(first)
        for start in (first, second):
            read = codes[start[:, None] - START + np.arange(READ_BP)]
            wrong_bases = rng.integers(0, max(read.size, 1), rng.binomial(read.size, person.error))
            read.reshape(-1)[wrong_bases] = rng.choice(np.array([1, 2, 4, 8], np.uint8), len(wrong_bases))
            places.append(np.where(chosen == 0, start, start - _shift(start)))
            letters.append(read)
            qualities.append(quality)
            fragments.append(names)
    if not places:
        return np.zeros(0, int), np.zeros((0, READ_BP), np.uint8), np.zeros(0, int), np.zeros(0, int), 0
    moved = lifted(0, person.build)
    return (
        np.concatenate(places) + moved,
        np.concatenate(letters),
        np.concatenate(qualities),
        np.concatenate(fragments),
        count,
    )


def write_person(path, person, seed, spacing_bp=SPACING_BP):
    """Write a person's reads as BAM, with its index."""
    rng = np.random.default_rng(seed)
    contigs = [(person.prefix + fact.name, fact.length) for fact in builds()[person.build].contigs.values()]
    numbers = {name: index for index, (name, _) in enumerate(contigs)}
    contigs += person.extra_contigs
    places, letters, qualities, fragments, count = _gene_reads(person, rng)
    keep = np.ones(len(places), bool)
    for start, end in person.empty:
        keep &= ~((places < end) & (places + READ_BP > start))
    columns = [
        (
            np.full(int(keep.sum()), numbers[person.prefix + "5"]),
            places[keep],
            letters[keep],
            qualities[keep],
            fragments[keep],
        )
    ]
    for name, start, end, gc, codes in _bins(person.build, spacing_bp):
        expected = person.depth * (end - start + READ_BP) / READ_BP * _gc_factor(person, gc)
        number = rng.poisson(expected * np.exp(rng.normal(0.0, person.bin_spread)))
        at = rng.integers(0, end - start + READ_BP, number)
        columns.append(
            (
                np.full(number, numbers[person.prefix + name]),
                start - READ_BP + at,
                codes[at[:, None] + np.arange(READ_BP)],
                np.full(number, 60),
                count + np.arange(number),
            )
        )
        count += number
    whole = [np.concatenate(column) for column in zip(*columns, strict=True)]
    write_reads(path, contigs, *whole)


def write_reads(path, contigs, references, places, letters, qualities, fragments):
    """Write sorted, indexed BAM of reads that align without gaps."""
    order = np.lexsort((places, references))
    record = np.dtype(
        [
            ("size", "<i4"), ("reference", "<i4"), ("place", "<i4"), ("name_length", "u1"), ("quality", "u1"),
            ("bin", "<u2"), ("operations", "<u2"), ("flag", "<u2"), ("length", "<i4"), ("mate_reference", "<i4"),
            ("mate_place", "<i4"), ("template", "<i4"), ("name", "u1", (9,)), ("cigar", "<u4"),
            ("letters", "u1", (READ_BP // 2,)), ("qualities", "u1", (READ_BP,)),
        ]
    )  # fmt: skip
    made = np.zeros(len(places), record)
    made["size"] = record.itemsize - 4
    made["reference"] = references[order]
    made["place"] = places[order]
    made["name_length"] = 9
    made["quality"] = qualities[order]
    made["operations"] = 1
    made["length"] = READ_BP
    made["mate_reference"] = made["mate_place"] = -1
    digits = fragments[order][:, None] // 10 ** np.arange(7, -1, -1) % 10 + ord("0")
    made["name"][:, :8] = digits
    made["cigar"] = READ_BP << 4
    ordered = letters[order]
    made["letters"] = (ordered[:, ::2] << 4) | ordered[:, 1::2]
    made["qualities"] = 35
    text = "@HD\tVN:1.6\tSO:coordinate\n" + "".join(f"@SQ\tSN:{name}\tLN:{size}\n" for name, size in contigs)
    text += "@RG\tID:1\tSM:simulated\n"
    header = b"BAM\x01" + struct.pack("<i", len(text)) + text.encode() + struct.pack("<i", len(contigs))
    for name, size in contigs:
        header += struct.pack("<i", len(name) + 1) + name.encode() + b"\0" + struct.pack("<i", size)
    blob = header + made.tobytes()
    with Path(path).open("wb") as file:
        file.writelines(_block(blob[at : at + 60_000]) for at in range(0, len(blob), 60_000))
        file.write(_block(b""))
    pysam.index(str(path))


def _block(content):
    """One BGZF block, not compressed but for the last, empty one, which must be the known end marker."""
    if not content:
        return bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
    packer = zlib.compressobj(0, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    head = struct.pack("<4BI2BH2BHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, len(packed) + 25)
    return head + packed + struct.pack("<II", zlib.crc32(content), len(content))
