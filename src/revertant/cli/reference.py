"""``revertant reference``: get a reference genome, and look at one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Quiet

__all__ = ["fetch", "info", "reference_app"]

reference_app = typer.Typer(help="Get a reference genome, or look at one.", no_args_is_help=True)


@reference_app.command()
def fetch(
    build: Annotated[str, typer.Argument(help="grch38")],
    folder: Annotated[Path, typer.Option("--folder", help="Where to put the files.")] = Path("reference"),
    base_url: Annotated[str, typer.Option("--mirror", help="A mirror with the same paths as NCBI.")] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Download a genome and its gene models: resumable, checksummed, indexed."""
    from revertant import genome

    with console.progress_bar(quiet=quiet or as_json) as progress:
        named = {"base_url": base_url} if base_url else {}
        fetched = genome.fetch_reference(build, folder, progress=progress, **named)
    if as_json:
        files = {"reference": str(fetched.reference), "models": str(fetched.gene_models)}
        console.print_json({"ok": True, "build": fetched.build, **files})
    else:
        console.print_text(f"--reference {fetched.reference} --models {fetched.gene_models}")


@reference_app.command()
def info(
    fasta: Annotated[Path, typer.Argument(help="FASTA, plain or BGZF.")],
    as_json: AsJson = False,
) -> None:
    """Say what a reference covers: build, contigs, windows, bases."""
    from revertant.genome import Reference

    reference = Reference.open(fasta)
    found = {
        "ok": True,
        "name": reference.name,
        "build": reference.build or "not recognised",
        "whole_genome": reference.is_whole_genome,
        "contigs": len(reference.contigs),
        "stretches": len(reference.windows),
        "bases": reference.total_bases,
        "sha256": reference.sha256,
    }
    if as_json:
        console.print_json(found)
    else:
        console.print_text("\n".join(f"{name}\t{value}" for name, value in found.items() if name != "ok"))
