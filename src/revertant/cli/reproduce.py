"""``revertant reproduce``: a dossier made again from its crate, and every byte compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Force, Quiet, out_folder

if TYPE_CHECKING:
    from revertant.dossier import Comparison, Crate
    from revertant.model import InputDigest, Provenance
    from revertant.planning import Inputs
    from revertant.planning.inputs import Progress

__all__ = ["reproduce"]


def reproduce(
    crate: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Dossier of a case, or the ro-crate-metadata.json in it.")
    ],
    out: Annotated[Path, out_folder("Folder for the dossier that is made again.")],
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--inputs", help="Folder with the inputs, looked through with all it holds (repeatable)."
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a dossier again from its crate, and compare every file byte for byte.

    The inputs are found by their digests: in the dossier itself where they were carried along, under --inputs, and
    among the built-in demos. Exit status 4 when an input is missing or any byte differs; what differs is named, and
    whether version, catalogues or the earlier files have changed.
    """
    from importlib.resources import as_file, files
    from tempfile import TemporaryDirectory

    from revertant import dossier, planning
    from revertant.errors import IncompatibleInputsError

    before = dossier.read_crate(crate)
    if out.exists() and out.resolve() == before.folder.resolve():
        raise IncompatibleInputsError(
            "The dossier would be made again over the earlier one.",
            where=str(out),
            remedy="Name another folder with --out.",
            code="same-folder",
        )
    dossier.check_folder(out, force=force)
    options = planning.options_of(dict(before.provenance.parameters), where=str(before.folder))
    with (
        as_file(files("revertant.cli") / "demo_data") as demos,
        TemporaryDirectory(prefix="revertant-") as room,
        console.progress_bar(quiet=quiet or as_json) as progress,
    ):
        found = dossier.find_inputs(before, (*(inputs or ()), demos))
        opened = _open(before, found, Path(room), progress)
        if own := next((path for one, path in found.items() if one.role == "parts"), None):
            from dataclasses import replace

            from revertant.cli.plan import with_own_parts

            options = replace(options, design=with_own_parts(options.design, own))
        made = planning.make_plan(opened, options, progress)
        dossier.write_dossier(made, out, opened, force=force, bundle_inputs=before.carries_inputs)
    rows = dossier.compare_dossiers(before, out)
    return _told(rows, _notes(before, made.provenance), out, as_json=as_json)


def _open(before: Crate, found: dict[InputDigest, Path], room: Path, progress: Progress) -> Inputs:
    """Open the inputs where they are laid; the digests are those of the crate, in its order."""
    from dataclasses import replace

    from revertant import dossier, patient, planning
    from revertant.errors import IncompatibleInputsError

    case_file = next((path for one, path in found.items() if one.role == "case"), None)
    if case_file is None:
        raise IncompatibleInputsError(
            "The dossier was made without a case file.",
            where=str(before.folder),
            remedy="Only dossiers of a case are made again from their crate; run the command of this one again.",
            code="not-a-case",
        )
    laid = dossier.lay_inputs(found, room, patient.paths_named(case_file))
    sample = dict(before.provenance.parameters).get("sample", "none")
    opened = planning.open_inputs(
        patient.read_case(laid["case"]),
        laid["case"],
        reference=str(laid.get("reference", "")),
        models=str(laid.get("gene models", "")),
        vcf=str(laid.get("vcf", "")),
        sample="" if sample == "none" else sample,
        progress=progress,
    )
    opened = planning.with_trials(opened, str(laid.get("trials", "")))
    # What was read beside the case (parts of one's own) has its digest too; all were found by it.
    trials = next((str(path) for one, path in found.items() if one.role == "trials"), "")
    return replace(
        planning.with_trials(opened, trials),
        digests=before.provenance.inputs,
        paths=tuple(str(found[one]) for one in before.provenance.inputs),
    )


def _notes(before: Crate, now: Provenance) -> list[str]:
    """What is no longer as it was when the dossier was made."""
    from revertant import dossier

    then, notes = before.provenance, []
    if then.version != now.version:
        notes.append(f"The dossier was made by version {then.version}; this is {now.version}.")
    rows, others = dict(now.catalogues), dict(then.catalogues)
    if differ := sorted(name for name in {*rows, *others} if rows.get(name) != others.get(name)):
        notes.append(f"Catalogues differ from those of the dossier: {', '.join(differ)}.")
    if changed := dossier.changed_since(before):
        notes.append(
            f"Files of the dossier were changed after it was made, or are gone: {', '.join(changed)}."
        )
    return notes


def _told(rows: Sequence[Comparison], notes: list[str], out: Path, *, as_json: bool) -> int:
    from revertant.errors import IncompatibleInputsError

    counts = Counter(row.state for row in rows)
    all_same = counts["same"] == len(rows)
    if as_json:
        console.print_json(
            {
                "ok": all_same,
                "same": counts["same"],
                "files": [{"name": row.name, "state": row.state, "where": row.where} for row in rows],
                "notes": notes,
                "out": str(out),
            }
        )
    else:
        for row in rows:
            console.print_text(f"{row.state:<10} {row.name}{f' ({row.where})' if row.where else ''}")
        for note in notes:
            console.print_text(note)
        said = "Every file is the same, byte for byte." if all_same else "The dossiers are not the same."
        console.print_text(f"{said} {counts['same']} of {len(rows)} files. Made again in {out}")
    return 0 if all_same else IncompatibleInputsError.exit_status
