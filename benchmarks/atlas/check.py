"""The atlas against real gene models: does a frame told by a name alone give the same classes?

    python benchmarks/atlas/check.py

Every variant of the table whose gene lies in the reference windows is judged twice: with the frame its name
implies, as the atlas does, and with the real transcript on the real genome.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from revertant.errors import RevertantError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.model import Locus, Strand, Transcript
from revertant.planning import ContextRow, read_contexts
from revertant.planning.atlas import BaseReach, judge_base
from revertant.planning.atlas.base_editing import judge_placed
from revertant.planning.atlas.frame import ContextGene, context_gene
from revertant.sequence import reverse_complement
from revertant.variant import resolve

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))


def real_gene(row: ContextRow, reference: Reference, models: GeneModels) -> ContextGene | None:
    """The same row on the real genome; ``None`` where the models or the sequence do not fit."""
    accession = row.name.split("(")[0].split(":")[0]
    stem = accession.split(".")[0]
    held = [t for t in models.transcripts if t.transcript_id.split(".")[0] == stem]
    if not held:
        return None
    transcript = covered(held[0], reference)
    if transcript is None:
        return None
    name = transcript.transcript_id + ":" + row.name.split(":", 1)[1]
    try:
        variant = resolve(name, reference, models)
    except RevertantError:
        return None
    edit = row.edit
    for strand in Strand:
        wild = edit.before if strand is Strand.PLUS else reverse_complement(edit.before)
        at = edit.start if strand is Strand.PLUS else len(wild) - 1 - edit.start
        locus = Locus(variant.contig, variant.start - at, variant.start - at + len(wild))
        if reference.covers(locus) and reference.fetch(locus.contig, locus.start, locus.end) == wild:
            return ContextGene(reference, locus, variant, transcript)
    return None


def covered(transcript: Transcript, reference: Reference) -> Transcript | None:
    """The transcript without the untranslated ends that the windows leave out; ``None`` when more is missing."""
    if not all(reference.covers(Locus(transcript.contig, *exon)) for exon in transcript.coding_exons):
        return None
    exons = []
    for start, end in transcript.exons:
        inside = [
            place
            for place in (start, end - 1)
            if reference.covers(Locus(transcript.contig, place, place + 1))
        ]
        stretch = reference.stretch_around(transcript.contig, inside[0]) if inside else None
        if stretch is not None:
            exons.append((max(start, stretch.start), min(end, stretch.end)))
    return replace(transcript, exons=tuple(exons))


def main() -> None:
    reference = Reference.open(DATA / "genome/GRCh38.windows.fa.gz")
    models = load_gene_models(DATA / "genome/GRCh38.windows.refseq.gtf.gz", reference)
    genes = {transcript.gene for transcript in models.transcripts}
    table = read_contexts(DATA / "clinvar/clinvar_contexts.tsv.gz")
    rows = [row for row in table.rows if row.gene in genes and len(row.edit.ref) == len(row.edit.alt)]
    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        ours = judge_base(row, context_gene(row))
        if not ours.editors:
            counts["not correctable"] += 1
            continue
        gene = real_gene(row, reference, models)
        if gene is None:
            counts["no real transcript or other sequence"] += 1
            continue
        theirs = judge_placed(row, gene)
        counts["compared"] += 1
        compare(row, ours, theirs, pairs, counts)
    for what, count in sorted(counts.items()):
        print(f"{what}\t{count}")
    print("\nclass by name\tclass by real transcript\teditor and variant pairs")
    for (a, b), count in sorted(pairs.items()):
        print(f"{a}\t{b}\t{count}")


def compare(
    row: ContextRow,
    ours: BaseReach,
    theirs: BaseReach,
    pairs: Counter[tuple[str, str]],
    counts: Counter[str],
) -> None:
    a, b = dict(ours.editors), dict(theirs.editors)
    if set(a) != set(b):
        counts["other editors"] += 1
        print("other editors", row.name, sorted(set(a) ^ set(b)))
    for key in sorted(set(a) & set(b)):
        pairs[a[key].value, b[key].value] += 1
    if ours.best is not theirs.best:
        counts["best class differs"] += 1
        print("best differs", row.name, ours.best, theirs.best, ours.guide, theirs.guide)


if __name__ == "__main__":
    main()
