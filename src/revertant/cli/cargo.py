"""``revertant cargo``: which editors fit one AAV with their guide, and which have to be split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson
from revertant.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from revertant.modality.gene_addition.oversized import EditorCargo

__all__ = ["cargo"]


def cargo(
    editor: Annotated[
        list[str] | None,
        typer.Argument(help="Catalogue keys of nucleases or editors; all when none is named."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which nucleases and editors fit one AAV with a promoter and their guide, and which have to be split."""
    from revertant.modality.gene_addition.oversized import editor_cargo, editor_cargos

    known = {one.key for one in editor_cargos()}
    for key in editor or ():
        if key not in known:
            raise UsageError(
                f"There is no nuclease, base editor or prime editor {key!r} in the catalogues.",
                remedy="Run revertant cargo --json without a name: it lists every key.",
                code="no-editor",
            )
    cargos = tuple(editor_cargo(key) for key in editor) if editor else editor_cargos()
    if as_json:
        console.print_json({"ok": True, "cargos": list(cargos)})
        return
    console.print_rich(lambda _width: _table(cargos))


def _table(cargos: tuple[EditorCargo, ...]) -> RenderableType:
    from rich import box
    from rich.table import Table

    from revertant.dossier.words import STATUS_WORDS, one_line

    table = Table(box=box.SIMPLE_HEAD)
    for title in ("Editor", "Kind", "One AAV?", "Why"):
        table.add_column(title)
    table.add_column("Coding, bp", justify="right")
    for one in cargos:
        # Linkers and tags that were not counted make a length a lower bound.
        length = (
            "not known" if one.coding_bp is None else f"{'≥ ' if one.lower_bound else ''}{one.coding_bp:,}"
        )
        table.add_row(one_line(one.name), one.kind, STATUS_WORDS[one.status], one_line(one.because), length)
    return table
