"""Options that several commands share, written once so that their names cannot drift apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AsJson",
    "DnaBulges",
    "Editors",
    "Force",
    "ModelsFile",
    "Nucleases",
    "Quiet",
    "ReferenceFile",
    "RnaBulges",
]

ReferenceFile = Annotated[
    Path | None, typer.Option("--reference", help="Reference genome or windows: FASTA, plain or BGZF.")
]
ModelsFile = Annotated[Path | None, typer.Option("--models", help="Gene models: GTF, GFF3 or UCSC genePred.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to stdout.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
DnaBulges = Annotated[
    int, typer.Option("--dna-bulges", min=0, max=3, help="Extra bases in the DNA of an off-target.")
]
RnaBulges = Annotated[
    int, typer.Option("--rna-bulges", min=0, max=3, help="Extra bases in the guide at an off-target.")
]
Editors = Annotated[
    list[str] | None, typer.Option("--editor", help="Use only this base editor (repeatable).")
]
Nucleases = Annotated[
    list[str] | None, typer.Option("--nuclease", help="Use only this nuclease (repeatable).")
]
