"""``revertant atlas``: which of many variants base editors could put right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Force, Quiet

__all__ = ["atlas"]


def atlas(
    contexts: Annotated[
        Path, typer.Argument(help="Table of variants with their sequence: TSV, plain or gzip.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write one row for each variant to this TSV.")
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, help="Processes to use.")] = 2,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Print the correctability atlas: by editor chemistry and PAM, which variants can be restored, how cleanly.

    The table needs the columns name (HGVS), gene, phenotype, correction, correction_length, reference_allele,
    alternate_allele, edit_offset, mutant_context and wildtype_context. No genome is needed.
    """
    from revertant import planning
    from revertant.errors import UsageError

    try:
        taken = out is not None and out.exists()
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error
    if taken and not force:
        raise UsageError(f"{out} exists.", remedy="Name another file, or pass --force.", code="file-exists")
    with console.progress_bar(quiet=quiet or as_json) as progress:
        table = planning.read_contexts(contexts)
        made = planning.build_atlas(table, processes=processes, progress=progress)
    if out is not None:
        try:
            out.write_text(planning.write_atlas(made), encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(
                f"{out} cannot be written ({error.strerror}).", remedy="Name another file."
            ) from error
    tables = planning.atlas_tables(made)
    if as_json:
        found = [{"title": one.title, "header": one.header, "rows": one.rows} for one in tables]
        console.print_json({"ok": True, "tally": made.tally, "refused": made.refused, "tables": found})
    else:
        console.print_text("\n\n".join(one.text for one in tables))
    return 0
