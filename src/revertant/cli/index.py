"""``revertant index``: build the off-target tables of a reference ahead of the first search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revertant.cli import console
from revertant.cli.effectors import pam_side_of
from revertant.cli.options import AsJson, Force, Quiet
from revertant.errors import UsageError

__all__ = ["index"]


def index(
    reference: Annotated[Path, typer.Argument(help="Reference genome: FASTA, plain or BGZF.")],
    pam: Annotated[list[str] | None, typer.Option("--pam", help="PAM, IUPAC letters (repeatable).")] = None,
    pam_side: Annotated[
        int, typer.Option("--pam-side", help="3: the PAM follows the spacer; 5: it comes before.")
    ] = 3,
    longest: Annotated[
        int, typer.Option("--longest", min=17, max=28, help="Longest guide with its DNA bulges.")
    ] = 22,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Build the off-target tables of a reference. A search builds what it misses; this does it ahead.

    Tables of several PAMs are built in one pass over the reference.
    """
    from revertant.genome import Reference
    from revertant.offtarget.table.table import is_worth_a_table, ready_tables
    from revertant.sequence import is_iupac

    side = pam_side_of(pam_side)
    patterns = [pattern.upper() for pattern in pam or ["NGG"]]
    for pattern in patterns:
        if not pattern or not is_iupac(pattern) or not is_worth_a_table(pattern):
            raise UsageError(
                f"There is no table for the PAM {pattern!r}.",
                remedy="Give up to 8 IUPAC letters that fit at most one place in eight; looser PAMs are searched"
                " without a table.",
            )
    with console.progress_bar(quiet=quiet or as_json) as progress:
        opened = Reference.open(reference, progress)
        if not (quiet or as_json):
            console.note(f"Tables of {', '.join(patterns)} for {opened.name}, {opened.total_bases:,} bases.")
        made = [
            {"pam": table.pam, "pam_side": side, "sites": table.sites, "folder": str(table.folder)}
            for table in ready_tables(opened, patterns, side, longest, progress, afresh=force)
        ]
    if as_json:
        console.print_json({"ok": True, "tables": made})
    else:
        for row in made:
            console.print_text(f"{row['pam']}\t{row['sites']} sites\t{row['folder']}")
