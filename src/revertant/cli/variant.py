"""``revertant variant``: one variant in every way of writing it, and what it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, ModelsFile

if TYPE_CHECKING:
    from revertant import genome as genome_room
    from revertant import model

__all__ = ["variant"]


def variant(
    expression: Annotated[str, typer.Argument(help="HGVS, SPDI, chr:pos:ref:alt, rsID or ACGT(A/G)ACGT.")],
    reference: Annotated[Path, typer.Option("--reference", help="Reference genome or windows: FASTA.")],
    models: ModelsFile = None,
    vcf: Annotated[Path | None, typer.Option("--vcf", help="A VCF in which rsIDs are looked up.")] = None,
    as_json: AsJson = False,
) -> None:
    """Resolve a variant and say what it does to the transcripts it touches."""
    from revertant.genome import Reference, load_gene_models
    from revertant.variant import hgvs_c, hgvs_g, predict_consequence, resolve

    genome = Reference.open(reference)
    known = load_gene_models(models, genome) if models is not None else None
    found = resolve(expression, genome, known, rsid_vcf=vcf or "")
    rows = []
    for transcript in known.overlapping(found.locus) if known is not None else ():
        consequence = predict_consequence([found], transcript, genome)
        rows.append(
            {
                "gene": transcript.gene,
                "transcript": transcript.transcript_id,
                "mane_select": transcript.is_mane_select,
                "hgvs_c": hgvs_c(found, transcript, genome),
                "hgvs_p": consequence.hgvs_p,
                "consequence": ", ".join(term.value for term in consequence.terms),
            }
        )
    written = {
        "vcf": _vcf_text(found, genome),
        "spdi": found.spdi,
        "hgvs_g": hgvs_g(found, genome),
        "kind": found.kind.value,
    }
    if as_json:
        console.print_json({"ok": True, **written, "transcripts": rows})
        return
    lines = [f"{name}\t{value}" for name, value in written.items()]
    lines += [f"{r['gene']}\t{r['hgvs_c']}\t{r['hgvs_p'] or '-'}\t{r['consequence']}" for r in rows]
    console.print_text("\n".join(lines))


def _vcf_text(found: model.Variant, genome: genome_room.Reference) -> str:
    """Write a variant as VCF does: indels with the base before them."""
    ref, alt, start = found.ref, found.alt, found.start
    if start and not (ref and alt):
        before = genome.fetch(found.contig, start - 1, start)
        ref, alt, start = before + ref, before + alt, start - 1
    return f"{found.contig}:{start + 1}:{ref}:{alt}"
