"""Known constructs measured from ITR to ITR, beside their own annotation.

    python benchmarks/vectors/measure.py

reads the plasmids of the test data with Biopython and prints the table of ``docs/benchmarks/vectors.md``. The
annotation is that of the file: features named ITR in a GenBank file, the row ``vector`` in a BED file.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from Bio import BiopythonParserWarning, SeqIO

from revertant.errors import InputError
from revertant.modality.gene_addition.packaging import measure_packaged

DATA = Path(os.environ.get("REVERTANT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))


def annotated(path, record):
    """First and last base of the genome as the file has it, or nothing."""
    bed = path.with_suffix(".bed")
    if bed.exists():
        rows = [line.split("\t") for line in bed.read_text().splitlines()]
        return next((int(start), int(end)) for _, start, end, name, *_ in rows if name.strip() == "vector")
    repeats = [f for f in record.features if "ITR" in " ".join(map(str, f.qualifiers.values()))]
    if not repeats:
        return None
    return min(int(f.location.start) for f in repeats), max(int(f.location.end) for f in repeats)


def main():
    """Print one row for each plasmid."""
    warnings.simplefilter("ignore", BiopythonParserWarning)
    print("| plasmid | annotated | measured | left and right ITR | form |")
    print("|---|---|---|---|---|")
    folder = DATA / "vectors" / "plasmids"
    for path in sorted(p for p in folder.iterdir() if p.suffix in {".gb", ".gbk", ".fasta"}):
        kind = "fasta" if path.suffix == ".fasta" else "genbank"
        record = next(SeqIO.parse(path, kind))
        try:
            span = measure_packaged(str(record.seq), circular=True)
        except InputError as error:
            print(f"| {path.name} | none | refused: {error.what} | | |")
            continue
        ends = annotated(path, record)
        form = "self-complementary" if span.self_complementary else "single-stranded"
        print(
            f"| {path.name} | {ends[0] + 1}-{ends[1]} ({ends[1] - ends[0]:,} bp) | "
            f"{span.start + 1}-{span.end} ({span.packaged_bp:,} bp) | {len(span.left)}, {len(span.right)} nt | {form} |"
        )


if __name__ == "__main__":
    main()
