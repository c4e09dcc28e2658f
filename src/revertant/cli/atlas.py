"""``revertant atlas``: which of many variants could be put right, and by what."""

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
    report: Annotated[
        Path | None, typer.Option("--report", help="Write drawings and tables to this HTML page.")
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, help="Processes to use.")] = 2,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Print the correctability atlas: which variants base editing, prime editing, or a cut and a donor put right.

    The table needs the columns name (HGVS), gene, phenotype, correction, correction_length, reference_allele,
    alternate_allele, edit_offset, mutant_context and wildtype_context. No genome is needed.
    """
    from revertant import dossier, planning

    for path in (out, report):
        _check_free(path, force=force)
    with console.progress_bar(quiet=quiet or as_json) as progress:
        table = planning.read_contexts(contexts)
        made = planning.build_atlas(table, processes=processes, progress=progress)
    if out is not None:
        _write(out, planning.write_atlas(made))
    if report is not None:
        _write(report, dossier.atlas_html(made, contexts.name))
    tables = planning.atlas_tables(made)
    if as_json:
        console.print_json(
            {
                "ok": True,
                "tally": made.tally,
                "refused": made.refused,
                "definitions": planning.DEFINITIONS,
                "tables": [{"title": one.title, "header": one.header, "rows": one.rows} for one in tables],
            }
        )
    else:
        console.print_text("\n\n".join(one.text for one in tables))
    return 0


def _check_free(path: Path | None, *, force: bool) -> None:
    """Refuse a file that exists, before anything is worked out."""
    from revertant.errors import UsageError

    try:
        taken = path is not None and path.exists()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error
    if taken and not force:
        raise UsageError(f"{path} exists.", remedy="Name another file, or pass --force.", code="file-exists")


def _write(path: Path, text: str) -> None:
    from revertant.errors import UsageError

    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error
