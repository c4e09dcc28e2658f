"""``revertant policy checklists``: which guidance documents are held, and what each asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson
from revertant.cli.world import Country, Day, place_and_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from revertant.policy.checklists import Document

__all__ = ["checklists"]


def checklists(
    name: Annotated[str, typer.Argument(help="A document, to see its items; all documents without it.")] = "",
    country: Country = "",
    date: Day = "",
    as_json: AsJson = False,
) -> None:
    """List the guidance documents that a plan is held against, with their dates, or the items of one.

    --country and --date choose those that hold there and then. A document that was not read at its issuer says so.
    """
    from revertant import policy
    from revertant.errors import UsageError

    place, day = place_and_day(country, date)
    held = policy.guidance_documents()
    if name:
        if name not in held:
            raise UsageError(f"There is no document {name!r}.", remedy=f"Known are: {', '.join(held)}.")
        document = held[name]
        if as_json:
            console.print_json({"ok": True, "document": document})
        else:
            console.print_rich(lambda _: _items(document))
        return
    found = [one for one in held.values() if one.counts_on(day) and one.holds_in(place)]
    if as_json:
        digest = policy.checklists_digest()
        console.print_json({"ok": True, "documents": found, "held": len(held), "digest": digest})
        return
    console.print_rich(lambda _: _documents(found, len(held)))


def _documents(found: Sequence[Document], held: int) -> RenderableType:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    # Name and title share a column: eight of them would leave each a few letters on a narrow terminal.
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    made.add_column("document", overflow="fold", ratio=5)
    made.add_column("issuer and date", overflow="fold", ratio=3)
    made.add_column("where", min_width=5, max_width=8)
    made.add_column("items", justify="right")
    made.add_column("read", min_width=10)
    for one in found:
        made.add_row(
            Text.assemble((one.key, "bold"), "\n", one.title),
            f"{one.issuer}\n{one.dated}, {one.status.value}",
            ", ".join(one.jurisdiction),
            str(len(one.items)),
            "yes" if one.checked else "not at its issuer",
        )
    tail = f"{len(found)} of {held} documents. No legal advice, and no list is complete."
    return Group(made, Text(tail, style="italic"))


def _items(document: Document) -> RenderableType:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("item", "section", "what is asked", "answered by", "needs"):
        made.add_column(column, overflow="fold", ratio={"what is asked": 5, "needs": 4}.get(column, 2))
    for item in document.items:
        made.add_row(item.id, item.section, item.asked, item.answered_by.value, item.needs)
    head = f"{document.title} ({document.issuer}, {document.dated}, {document.status.value})"
    return Group(Text(head, style="bold"), made, Text(document.address))
