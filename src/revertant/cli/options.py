"""Options that several commands share, written once so that their names cannot drift apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from revertant.errors import UsageError

__all__ = [
    "Amplicons",
    "AsJson",
    "AvoidSites",
    "BundleInputs",
    "Calls",
    "DnaBulges",
    "Editors",
    "Force",
    "ModelsFile",
    "MostDesigns",
    "NoOffTargets",
    "Nucleases",
    "OwnPartsFile",
    "PlanEdits",
    "PlanMismatches",
    "Quiet",
    "ReferenceFile",
    "RnaBulges",
    "Sample",
    "named_folder",
    "out_folder",
]


def named_folder(text: str) -> Path:
    """Read ``--out``: an empty text, as from a shell variable that is not set, is not the folder we are in."""
    if not text.strip():
        raise UsageError(
            "No output folder is named: --out is empty.", remedy="Name a folder.", code="output-not-named"
        )
    return Path(text)


def out_folder(help_: str) -> Any:
    """Return the option ``--out`` of a command that fills a folder."""
    return typer.Option("--out", help=help_, parser=named_folder, metavar="<path>")


ReferenceFile = Annotated[
    Path | None, typer.Option("--reference", help="Reference genome or windows: FASTA, plain or BGZF.")
]
ModelsFile = Annotated[Path | None, typer.Option("--models", help="Gene models: GTF, GFF3 or UCSC genePred.")]
Calls = Annotated[Path | None, typer.Option("--vcf", help="The patient's variant calls.")]
Sample = Annotated[str, typer.Option("--sample", help="Sample name in the VCF.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object to stdout.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
PlanMismatches = Annotated[
    int,
    typer.Option(
        "-m",
        "--mismatches",
        min=0,
        max=8,
        help="Mismatches of an off-target. Bulges count with them: --max-edits allows 4 in all.",
    ),
]
PlanEdits = Annotated[
    int,
    typer.Option(
        "--max-edits",
        min=0,
        max=14,
        help="Mismatches and bulges of an off-target together; revertant offtargets allows 6 when not told.",
    ),
]
NoOffTargets = Annotated[
    bool, typer.Option("--no-offtargets", help="Skip the search; what needs it is then unknown.")
]
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
AvoidSites = Annotated[
    list[str] | None,
    typer.Option(
        "--avoid-site", help="Restriction enzyme that must not cut the coding sequence (repeatable)."
    ),
]
OwnPartsFile = Annotated[
    Path | None,
    typer.Option(
        "--parts", help="Your own parts of vectors and receptors, and binders: TOML as in the catalogues."
    ),
]
BundleInputs = Annotated[
    bool,
    typer.Option(
        "--bundle-inputs",
        help="Carry inputs of up to 16 MiB along in the folder crate_inputs: they hold the person's data.",
    ),
]
Amplicons = Annotated[
    int,
    typer.Option(
        "--amplicons",
        min=0,
        help="Off-target sites of the leading designs on a validation panel with primers; 0 for none.",
    ),
]
MostDesigns = Annotated[
    int,
    typer.Option(
        "--most-designs",
        min=1,
        max=5000,
        help="Designs of one strategy that are assessed; the rest are counted.",
    ),
]
