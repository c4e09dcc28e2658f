"""Random gene models, and a reader of them that goes base by base and knows no intervals."""

from __future__ import annotations

import random

from revertant.genome import GeneModels
from revertant.model import Region, Strand, Transcript

CONTIGS = ("chr1", "chr2")
LENGTH = 2_000
TELLING = list(Region)


def random_models(rng: random.Random, promoter_bp: int = 60) -> GeneModels:
    """A few genes with several transcripts each, overlapping, nested, on both strands and two contigs."""
    made = []
    for gene in range(rng.randint(0, 5)):
        contig, strand = rng.choice(CONTIGS), rng.choice(list(Strand))
        at = rng.choice((0, 0, rng.randrange(LENGTH // 2)))
        exons = []
        for _ in range(rng.randint(1, 6)):
            size = rng.choice((1, 2, 5, 20, 60))
            exons.append((at, at + size))
            at += size + rng.choice((0, 1, 2, 3, 4, 10, 80, 300))
        for number in range(rng.randint(1, 3)):
            kept = tuple(exon for exon in exons if rng.random() < 0.8) or (exons[0],)
            low, high = kept[0][0], kept[-1][1]
            cds = None
            if rng.random() < 0.7:
                inner = sorted(p for start, end in kept for p in range(start, end))
                first, last = sorted((rng.choice(inner), rng.choice(inner)))
                cds = first, last + 1
            # One accession on two contigs, as on X and Y, and one symbol twice.
            name = "PAR.1" if rng.random() < 0.1 else f"T{gene}{number}.{rng.randint(1, 2)}"
            symbol = rng.choice(("TWIN", f"G{gene}", f"G{gene}", f"g{gene}"))
            made.append(Transcript(name, symbol, contig, strand, kept, cds, rng.random() < 0.3))
            assert low < high
    return GeneModels(made)


def by_hand(contig, start, end, models, promoter_bp):
    """Text, region and genes of a site, from what each base of it is in each transcript."""
    best = {}
    for transcript in models.transcripts:
        if transcript.contig.removeprefix("chr") != contig.removeprefix("chr"):
            continue
        seen = [part for base in range(start, end) if (part := _base(transcript, base, promoter_bp))]
        if not seen:
            continue
        region, number, side, text = min(seen, key=lambda part: (TELLING.index(part[0]), part[1:3]))
        key = (
            TELLING.index(region), not transcript.is_mane_select, transcript.transcript_id, transcript.gene,
            transcript.exons, number, side,
        )  # fmt: skip
        if transcript.gene not in best or key < best[transcript.gene][0]:
            best[transcript.gene] = key, region, f"{transcript.gene} {text}"
    if best:
        genes = sorted(best, key=lambda gene: best[gene][0])
        return "; ".join(best[g][2] for g in genes), best[genes[0]][1], tuple(genes)
    gaps = [
        (
            min(abs(base - other) for base in (start, end - 1) for other in (t.locus.start, t.locus.end - 1)),
            t.gene,
        )
        for t in models.transcripts
        if t.contig.removeprefix("chr") == contig.removeprefix("chr")
    ]
    if not gaps:
        return "intergenic, no gene on this contig", Region.INTERGENIC, ()
    gap, gene = min(gaps)
    return f"intergenic, {gap:,} bp from {gene}", Region.INTERGENIC, ()


def _base(transcript, base, promoter_bp):
    """Region, number, side and words of one base in one transcript; None outside."""
    plus = transcript.strand is Strand.PLUS
    number = transcript.exon_number(base)
    if number is not None:
        if transcript.cds is None:
            return Region.EXON, number, 0, f"exon {number} (non-coding)"
        if transcript.genome_to_coding(base) is not None:
            return Region.CDS, number, 0, f"exon {number} (CDS)"
        start = transcript.genome_to_spliced(transcript.coding_to_genome(0))
        side = int(transcript.genome_to_spliced(base) > start)
        return Region.UTR, number, side, f"exon {number} ({'35'[not side]}' UTR)"
    if transcript.locus.start <= base < transcript.locus.end:
        passed = sum((end <= base) if plus else (start > base) for start, end in transcript.exons)
        step = 1 if plus else -1
        if any(transcript.exon_number(base - step * k) for k in (1, 2)):
            return Region.SPLICE, passed, 0, f"intron {passed} (splice donor)"
        if any(transcript.exon_number(base + step * k) for k in (1, 2)):
            return Region.SPLICE, passed, 1, f"intron {passed} (splice acceptor)"
        return Region.INTRON, passed, 0, f"intron {passed}"
    before = transcript.locus.start - base if plus else base - transcript.locus.end + 1
    if 1 <= before <= promoter_bp:
        return Region.PROMOTER, 0, 0, f"promoter (within {promoter_bp:,} bp upstream)"
    return None
