"""``revertant smn``: copies of SMN1 and SMN2 from a person's reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Force, Quiet

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from revertant.patient.smn import CopyRange, SmnCall

__all__ = ["smn"]

_MARKS = {"pass": "green", "caution": "yellow", "fail": "red", "unknown": "magenta", "not_applicable": "dim"}


def smn(
    reads: Annotated[
        Path, typer.Argument(help="The person's aligned reads: BAM or CRAM, sorted and indexed.")
    ],
    reference: Annotated[
        Path | None, typer.Option("--reference", help="The FASTA a CRAM was written with; a BAM needs none.")
    ] = None,
    build: Annotated[
        str, typer.Option("--build", help="Refuse reads that are not aligned to this build (GRCh37, GRCh38).")
    ] = "",
    controls: Annotated[
        Path | None,
        typer.Option("--controls", help="Control regions of targeted data: BED. A whole genome needs none."),
    ] = None,
    panel: Annotated[
        Path | None,
        typer.Option("--panel", help="Samples of the same targeted assay with known copies: TSV."),
    ] = None,
    ancestry: Annotated[
        str, typer.Option("--ancestry", help="The person's population, for the residual carrier risk.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the whole result to this JSON file.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Count the copies of SMN1 and SMN2: intervals with reasons, to be confirmed by MLPA or digital PCR.

    Reads of a whole genome at 20x or more, aligned to GRCh37 or GRCh38 without alternate contigs. A number that is
    not sure is not called, and the reason is said.
    """
    from revertant.errors import UsageError
    from revertant.patient.smn import call_smn, read_controls, read_panel

    if out is not None and out.exists() and not force:
        raise UsageError(f"{out} exists.", remedy="Name another file, or pass --force.", code="file-exists")
    if panel is not None and controls is None:
        raise UsageError(
            "A panel is for targeted data, and no control regions are named.",
            remedy="Name them with --controls, or leave --panel out.",
            code="panel-without-controls",
        )
    regions = read_controls(controls) if controls is not None else None
    known = read_panel(panel) if panel is not None else None
    with console.progress_bar(quiet=quiet or as_json) as progress:
        call = call_smn(
            reads,
            reference=reference or "",
            build=build,
            controls=regions,
            panel=known,
            ancestry=ancestry,
            progress=progress,
        )
    if out is not None:
        _write(out, call)
    if as_json:
        console.print_json(_plain(call))
    else:
        console.print_rich(lambda _: _view(call))


def _plain(call: SmnCall) -> dict[str, object]:
    from revertant.model import plain

    found = plain(call)
    assert isinstance(found, dict)
    return {"ok": True, **found, "copy_numbers": plain(call.copy_numbers)}


def _write(out: Path, call: SmnCall) -> None:
    from revertant.errors import UsageError

    text = json.dumps(_plain(call), sort_keys=True, ensure_ascii=False, indent=1)
    try:
        out.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error


def _view(call: SmnCall) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    quality = call.quality
    head = Text(f"SMN1 and SMN2 of {call.sample or 'a sample without a name'}", style="bold")
    head.append(f"  {call.build}, {quality.kind}, {quality.depth:.1f}x", style="not bold")
    parts: list[RenderableType] = [head, _status(call), _copies(call)]
    if call.reasons:
        parts.append(_reasons(call))
    parts.append(_sites(call))
    if call.variants:
        parts.append(_variants(call))
    parts.append(_findings(call))
    parts.append(Text("In silico, for research use: never a basis for treatment alone.", style="italic"))
    return Group(*parts)


def _status(call: SmnCall) -> RenderableType:
    from rich.text import Text

    styles = {"SMN1 absent": "bold red", "SMN1 present": "bold green", "no call": "bold magenta"}
    line = Text(call.status.value, style=styles[call.status.value])
    return line.append(f": {call.status_because}", style="default not bold")


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    return made


_NUMBERS = {"copies", "probability", "SMN1's base", "SMN2's base", "other", "votes for", "fragments"}


def _copies(call: SmnCall) -> RenderableType:
    made = _table("Copies (99 % intervals)", "what", "copies", "probability", "called", "why")
    names = {
        "SMN1": call.smn1,
        "SMN2": call.smn2,
        "both, with exons 7-8": call.full_length,
        "both, with exons 1-6": call.total,
        "both, exons 7-8 deleted": call.without_exons_7_8,
    }
    for name, found in names.items():
        why = "see the reasons" if call.reasons else found.because
        made.add_row(name, found.text, _probability(found), "yes" if found.is_call else "no", why)
    return made


def _reasons(call: SmnCall) -> RenderableType:
    """Say what stands in the way of all numbers once, rather than in each row."""
    made = _table("Why copies are not counted", "", "")
    made.show_header = False
    for number, reason in enumerate(call.reasons, 1):
        made.add_row(f"{number}.", reason)
    return made


def _probability(found: CopyRange) -> str:
    if found.probability is None:
        return ""
    return "> 0.999" if found.probability > 0.999 else f"{found.probability:.3f}"


def _sites(call: SmnCall) -> RenderableType:
    title = "Fragments at the bases that tell the genes apart"
    made = _table(title, "site", "SMN1's base", "SMN2's base", "other", "votes for")
    for site in call.sites:
        choice = "undecided" if site.vote is None else str(site.vote)
        made.add_row(
            site.label,
            str(site.smn1),
            str(site.smn2),
            str(site.other),
            ("" if call.vote is None else choice) if site.is_covered else "not covered",
        )
    return made


def _variants(call: SmnCall) -> RenderableType:
    made = _table("Single-base variants in coding exons", "variant", "in", "fragments", "copies")
    for one in call.variants:
        of = one.reference_fragments + one.variant_fragments
        made.add_row(one.hgvs, one.gene, f"{one.variant_fragments} of {of}", one.copies.text)
    return made


def _findings(call: SmnCall) -> RenderableType:
    from rich.text import Text

    made = _table("Findings", "", "")
    made.show_header = False
    for finding in call.findings:
        if finding.rule == "smn.copies_called" and call.reasons:
            continue  # its reasons stand above
        doubt = "" if finding.checked else " (source not checked)"
        mark = Text(finding.status.value.replace("_", " "), style=_MARKS[finding.status.value])
        made.add_row(mark, f"{finding.because}{doubt}")
    return made
