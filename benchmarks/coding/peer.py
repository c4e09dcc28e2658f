"""Our codon design beside DNA Chisel's plain defaults, on real coding sequences.

    python benchmarks/coding/peer.py

"Defaults" is the recipe of DNA Chisel's own documentation: EnforceTranslation, the same enzyme sites avoided, GC in
windows, and CodonOptimize for human. A second recipe adds ``~no(CG)`` as an objective, the work-around its users have
for CpG. Both start from the native sequence; each run is seeded with 1. Times are of the processor.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
from dnachisel import (
    AvoidPattern,
    CodonOptimize,
    DnaOptimizationProblem,
    EnforceGCContent,
    EnforceTranslation,
)

from revertant.genome import Reference, load_gene_models
from revertant.modality.gene_addition.coding import CodingOptions, coding_findings, coding_of, design_coding
from revertant.model import Status, Transgene
from revertant.sequence import translate
from revertant.variant import coding_context

DATA = Path(os.environ.get("REVERTANT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
GENES = ("HBB", "LMNA", "ARSA", "SHANK3", "DMD")
LIMITS = CodingOptions()


def natives():
    """SMN1 and RPE65, then the longest coding sequence of some genes of the windows."""
    name = ""
    found = {}
    for line in (DATA / "vectors" / "transgene_cds.fasta").read_text().splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            found[name] = ""
        else:
            found[name] += line.strip()
    reference = Reference.open(DATA / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(DATA / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    for gene in GENES:
        whole = [one for one in models.of_gene(gene) if one.cds and reference.covers(one.locus)]
        if whole:
            longest = max(whole, key=lambda one: (one.coding_bases, one.transcript_id))
            found[gene] = coding_context(longest, reference).coding
    return found


def chisel(bases, *, cpg):
    np.random.seed(1)  # noqa: NPY002 - the only one the library knows
    objectives = [CodonOptimize(species="h_sapiens")]
    if cpg:
        objectives.insert(0, AvoidPattern("CG", boost=10))
    problem = DnaOptimizationProblem(
        bases,
        constraints=[
            EnforceTranslation(),
            *(AvoidPattern(f"{name}_site") for name in LIMITS.avoid_sites),
            EnforceGCContent(LIMITS.gc_low, LIMITS.gc_high, window=LIMITS.gc_window_bp),
        ],
        objectives=objectives,
        logger=None,
    )
    problem.resolve_constraints()
    problem.optimize()
    return problem.sequence


def row(name, bases, kind, designed, seconds):
    coding = coding_of(name, translate(bases)[:-1], bases, designed)
    found = coding.measures
    missed = [
        finding.rule.removeprefix("coding.")
        for finding in coding_findings(coding, LIMITS)
        if finding.status in {Status.FAIL, Status.CAUTION}
        and not (kind == "native" and finding.rule == "coding.cpg")
    ]
    print(
        f"| {name} ({len(bases):,} bp) | {kind} | {found.cai:.3f} | {found.cpg} | {found.donors + found.acceptors} | "
        f"{found.polya_signals} | {found.gc:.1%} | {seconds if isinstance(seconds, str) else f'{seconds:.2f}'} | "
        f"{', '.join(missed) or 'none'} |"
    )


def main():
    print("| sequence | design | CAI | CpG | cryptic splice sites | polyA signals | GC | s | limits missed |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, bases in natives().items():
        row(name, bases, "native", bases, "")
        for kind, cpg in (("DNA Chisel, defaults", False), ("DNA Chisel, ~no(CG)", True)):
            began = time.process_time()
            designed = chisel(bases, cpg=cpg)
            row(name, bases, kind, designed, time.process_time() - began)
        began = time.process_time()
        design = design_coding(Transgene(name, translate(bases)[:-1], bases), LIMITS)
        seconds = time.process_time() - began
        row(
            name,
            bases,
            f"ours, first of {len(design.candidates)}",
            design.candidates[0].designed,
            seconds,
        )


if __name__ == "__main__":
    main()
