"""How well MaxEntScan scores tell the splice sites of gene models from every other GT and AG of the same genes.

    python benchmarks/splice/separation.py

reads ``genome/GRCh38.windows.fa.gz`` and its gene models from the test data. A true site is one that any transcript
uses, counted once; a decoy is any other GT or AG on the transcribed strand between the ends of a gene. Sites beside
letters other than GT or AG are counted apart. Intervals are bootstrap over genes, 200 samples, seed 1.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from revertant.genome import Reference, load_gene_models
from revertant.model import Locus, Strand
from revertant.prediction import SpliceKind, splice_sites
from revertant.sequence import reverse_complement

DATA = Path(os.environ.get("REVERTANT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
#: Lower than any score: every GT and AG is listed.
LOWEST = -1000.0


def true_edges(transcripts):
    """Edges of introns on the genome, as (kind, index of the intron's outer base on the plus strand)."""
    found = set()
    for transcript in transcripts:
        plus = transcript.strand is Strand.PLUS
        for (_, end), (start, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
            left, right = (SpliceKind.DONOR, SpliceKind.ACCEPTOR)[:: 1 if plus else -1]
            found |= {(left, end), (right, start)}
    return found


def rows_of_gene(models, reference, gene):
    """Scores and labels of one gene by kind, and how many of its true sites have other letters."""
    transcripts = [t for t in models.of_gene(gene) if len(t.exons) > 1]
    transcripts = [t for t in transcripts if reference.covers(t.locus.widened(30))]
    if not transcripts:
        return {}, 0
    contig, strand = transcripts[0].contig, transcripts[0].strand
    transcripts = [t for t in transcripts if (t.contig, t.strand) == (contig, strand)]
    low = min(t.locus.start for t in transcripts) - 30
    high = max(t.locus.end for t in transcripts) + 30
    if not reference.covers(Locus(contig, low, high)):
        return {}, 0
    bases = reference.fetch(contig, low, high)
    sense = bases if strand is Strand.PLUS else reverse_complement(bases)
    true = true_edges(transcripts)
    rows, seen = {kind: ([], []) for kind in SpliceKind}, set()
    for site in splice_sites(sense, LOWEST):
        edge = low + site.edge if strand is Strand.PLUS else high - site.edge
        scores, labels = rows[site.kind]
        scores.append(site.score)
        labels.append((site.kind, edge) in true)
        if labels[-1]:
            seen.add((site.kind, edge))
    return rows, len(true - seen)


def auroc(scores, labels):
    """Area under the ROC curve, ties counted half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = labels.sum()
    return (ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


def main():
    reference = Reference.open(DATA / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(DATA / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    genes, other = {kind: [] for kind in SpliceKind}, 0
    for gene in models.genes:
        rows, missed = rows_of_gene(models, reference, gene)
        other += missed
        for kind, (scores, labels) in rows.items():
            genes[kind].append((np.array(scores), np.array(labels, bool)))
    print(f"true sites with other letters than GT or AG: {other}")
    print(
        "kind\tgenes\ttrue\tdecoys\tAUROC\tlow\thigh\tmedian true\tshare of true >= 3\tdecoys >= 3 per true"
    )
    random = np.random.default_rng(1)
    for kind, parts in genes.items():
        scores, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
        value = auroc(scores, labels)
        drawn = []
        for _ in range(200):
            chosen = random.integers(0, len(parts), len(parts))
            sample = [np.concatenate([parts[i][column] for i in chosen]) for column in (0, 1)]
            drawn.append(auroc(sample[0], sample[1]))
        low, high = np.quantile(drawn, [0.025, 0.975])
        true = scores[labels]
        decoys = (scores[~labels] >= 3).sum() / labels.sum()
        print(
            f"{kind}\t{len(parts)}\t{labels.sum()}\t{(~labels).sum()}\t{value:.4f}\t{low:.4f}\t{high:.4f}\t"
            f"{np.median(true):.2f}\t{(true >= 3).mean():.3f}\t{decoys:.1f}"
        )


if __name__ == "__main__":
    main()
