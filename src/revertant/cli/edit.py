"""``revertant edit``: apply a guide, a pegRNA or a donor to a sequence, and see what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.effectors import check_effectors
from revertant.cli.options import AsJson, Calls, Force, ModelsFile, Quiet, ReferenceFile, Sample
from revertant.cli.sequences import read_sequence
from revertant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from revertant.planning.inputs import Progress
    from revertant.planning.simulation import Ground, Simulation, SimulationReport

__all__ = ["edit_app", "simulate"]

edit_app = typer.Typer(help="Apply an edit to a sequence, and see what comes out.", no_args_is_help=True)

#: Bases on either side of a place that are looked at too: a nicking guide lies up to 100 away.
FLANK_BP = 200

_PARTS = {
    "pbs": "the primer binding site",
    "rtt": "the template",
    "extension": "the extension",
    "ngrna": "the nicking guide",
}


@edit_app.callback()
def _group() -> None:
    """Apply an edit to a sequence, and see what comes out."""


@edit_app.command()
def simulate(
    guide: Annotated[str, typer.Option("--guide", help="Spacer 5'→3', without PAM and scaffold.")],
    nuclease: Annotated[
        str, typer.Option("--nuclease", help="Catalogue key of the nuclease that cuts, such as spcas9.")
    ] = "",
    editor: Annotated[
        str, typer.Option("--editor", help="Catalogue key of a base or prime editor, such as abe8e or pe2.")
    ] = "",
    pbs: Annotated[str, typer.Option("--pbs", help="Primer binding site of a pegRNA, 5'→3'.")] = "",
    rtt: Annotated[str, typer.Option("--rtt", help="Template of a pegRNA, 5'→3'.")] = "",
    extension: Annotated[
        str,
        typer.Option("--extension", help="Template and primer binding site in one, 5'→3', without a motif."),
    ] = "",
    ngrna: Annotated[str, typer.Option("--ngrna", help="Spacer of a nicking guide beside a pegRNA.")] = "",
    donor: Annotated[
        str | None, typer.Option("--donor", help="Repair template for the cut: letters or a FASTA file.")
    ] = None,
    sequence: Annotated[
        str,
        typer.Option("--sequence", help="What is edited: letters or a FASTA file; else a genome is named."),
    ] = "",
    reference: ReferenceFile = None,
    models: ModelsFile = None,
    vcf: Calls = None,
    sample: Sample = "",
    variant: Annotated[
        str,
        typer.Option("--variant", help="A variant that the edited copy carries; the place, without --locus."),
    ] = "",
    locus: Annotated[str, typer.Option("--locus", help="Place on the genome, contig:start-end.")] = "",
    flank: Annotated[
        int, typer.Option("--flank", min=0, max=20_000, help="Bases beside the place that are looked at too.")
    ] = FLANK_BP,
    copy: Annotated[str, typer.Option("--copy", help="Only this copy of the person: 1 or 2.")] = "",
    transcript: Annotated[
        str, typer.Option("--transcript", help="The only transcript to read, with its version.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a page (.html) or a drawing (.svg) as well.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Apply a guide, a pegRNA or a donor to a sequence, and draw what comes out.

    The sequence is a copy that a person carries (reference, VCF, locus) or one that is given. What has no single
    place on it is refused with what stands there: spacer not found or found twice, PAM missing, arms not found.
    """
    from revertant import dossier
    from revertant.planning.simulation import simulate_all

    if out is not None:
        dossier.check_simulation_file(out, force=force)
    parts = {"pbs": pbs, "rtt": rtt, "extension": extension, "ngrna": ngrna}
    template = read_sequence(donor, "--donor")[1] if donor is not None else ""
    edit = _edit(guide, nuclease, editor, parts, template)
    place = {"variant": variant, "locus": locus, "copy": copy, "transcript": transcript}
    files = {"reference": reference, "models": models, "vcf": vcf}
    named = {role: str(path) for role, path in files.items() if path is not None}
    with console.progress_bar(quiet=quiet or as_json) as progress:
        if sequence:
            grounds, origin = _given(sequence, named, place, sample)
        else:
            # A donor's arms may reach as far as the donor is long.
            grounds, origin = _on_genome(named, sample, place, flank + len(template), progress)
        asked = {"guide": guide, "nuclease": nuclease, "editor": editor, **parts, **place}
        parameters = [*((name, text) for name, text in asked.items() if text), *origin]
        report = simulate_all(grounds, edit, parameters)
        written = dossier.write_simulation(report, out, force=force) if out is not None else None
    if as_json:
        console.print_json({"ok": True, **_plain(report), "files": [str(written)] if written else []})
        return
    console.print_rich(lambda width: dossier.simulation_text(report, width=width))
    if written is not None:
        console.print_text(f"Drawing: {written}")


def _plain(report: SimulationReport) -> dict[str, object]:
    from revertant.model import plain

    found = plain(report)
    assert isinstance(found, dict)
    return found


def _edit(
    guide: str, nuclease: str, editor: str, parts: dict[str, str], donor: str
) -> Callable[[Ground], Simulation]:
    """Choose what is done; parts that do not go together are refused."""
    from revertant import knowledge
    from revertant.planning import simulation

    check_effectors([editor] if editor else [], [nuclease] if nuclease else [])
    if bool(nuclease) == bool(editor):
        raise UsageError(
            "A nuclease and an editor are named." if editor else "Neither a nuclease nor an editor is named.",
            remedy="Name one of them: --nuclease for a cut, --editor for a base or prime editor.",
            code="which-effector",
        )
    spacer = simulation.molecule_letters(guide, "the spacer")
    given = {name: simulation.molecule_letters(text, _PARTS[name]) for name, text in parts.items() if text}
    if nuclease:
        protein = knowledge.nucleases()[nuclease]
        _refuse_parts(given, "a nuclease")
        if donor:
            template = simulation.molecule_letters(donor, "the donor")
            return lambda ground: simulation.simulate_repair(ground, spacer, protein, template)
        return lambda ground: simulation.simulate_cut(ground, spacer, protein)
    if donor:
        raise UsageError(
            "A donor is given without a cut.",
            remedy="Name the nuclease with --nuclease.",
            code="which-effector",
        )
    prime, base = knowledge.prime_editors().get(editor), knowledge.editors().get(editor)
    if prime is not None:
        return lambda ground: simulation.simulate_prime_edit(ground, spacer, prime, **given)
    if base is None:
        raise UsageError(
            f"{editor} changes no sequence.", remedy="Name a base or prime editor.", code="which-effector"
        )
    _refuse_parts(given, "a base editor")
    return lambda ground: simulation.simulate_base_edit(ground, spacer, base)


def _refuse_parts(given: dict[str, str], whose: str) -> None:
    if given:
        named = " and ".join(f"--{name}" for name in given)
        raise UsageError(
            f"{named} {'belongs' if len(given) == 1 else 'belong'} to a pegRNA, not to the guide of {whose}.",
            remedy="Name a prime editor with --editor, such as pe2.",
            code="which-effector",
        )


def _given(
    sequence: str, named: dict[str, str], place: dict[str, str], sample: str
) -> tuple[tuple[Ground, ...], list[tuple[str, str]]]:
    from revertant.planning.simulation import given_ground

    if named or sample or any(place.values()):
        raise UsageError(
            "A sequence is given, and a genome or a place on it is named.",
            remedy="Give --sequence alone, or --reference with --locus or --variant.",
            code="two-sequences",
        )
    name, letters = read_sequence(sequence, "--sequence")
    return (given_ground(letters, name),), [("sequence", name)]


def _on_genome(
    named: dict[str, str], sample: str, place: dict[str, str], flank: int, progress: Progress
) -> tuple[tuple[Ground, ...], list[tuple[str, str]]]:
    from revertant.planning import open_files
    from revertant.planning.simulation import copies_at

    if "reference" not in named:
        raise UsageError(
            "Nothing is named to be edited.",
            remedy="Give --sequence, or --reference with --locus or --variant.",
            code="no-sequence",
        )
    opened = open_files(
        named["reference"], named.get("models", ""), named.get("vcf", ""), sample, progress=progress
    )
    grounds = copies_at(opened, flank=flank, vcf_path=named.get("vcf", ""), **place)
    origin = [(role, Path(path).name) for role, path in named.items()]
    return grounds, origin + ([("sample", opened.vcf.sample)] if opened.vcf else [])
