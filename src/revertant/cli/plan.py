"""``revertant plan``: one case in, one dossier out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.effectors import check_effectors
from revertant.cli.options import (
    Amplicons,
    AsJson,
    BundleInputs,
    Calls,
    DnaBulges,
    Editors,
    Force,
    ModelsFile,
    MostDesigns,
    NoOffTargets,
    Nucleases,
    OwnPartsFile,
    PlanEdits,
    PlanMismatches,
    Quiet,
    ReferenceFile,
    RnaBulges,
    Sample,
    out_folder,
)
from revertant.cli.world import Country, Day, place_and_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from revertant.modality import DesignOptions
    from revertant.model import Plan
    from revertant.planning import Inputs, PlanOptions
    from revertant.planning.inputs import Progress

__all__ = ["design_options", "plan", "plan_case", "plan_inputs", "with_digest", "with_own_parts"]


def plan(
    case: Annotated[Path, typer.Argument(help="Phenopacket (JSON) or case.yaml.")],
    out: Annotated[Path, out_folder("Folder for the dossier.")],
    reference: ReferenceFile = None,
    models: ModelsFile = None,
    vcf: Calls = None,
    sample: Sample = "",
    mismatches: PlanMismatches = 4,
    dna_bulges: DnaBulges = 1,
    rna_bulges: RnaBulges = 1,
    max_edits: PlanEdits = 4,
    no_offtargets: NoOffTargets = False,
    amplicons: Amplicons = 0,
    editor: Editors = None,
    nuclease: Nucleases = None,
    most_designs: MostDesigns = 40,
    parts: OwnPartsFile = None,
    gate_size: Annotated[
        int,
        typer.Option("--gate-size", min=1, max=3, help="Of a tumour: antigens of a gate at most, 1 to 3."),
    ] = 2,
    country: Country = "",
    date: Day = "",
    trials: Annotated[
        Path | None,
        typer.Option("--trials", help="A store of clinical trials: revertant trials sync fills one."),
    ] = None,
    bundle_inputs: BundleInputs = False,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make a plan for one patient and write the dossier.

    Writes the report, tables, plan.json, and the same for other machines: phenopacket, FHIR, VCF, BED, provenance; the
    folder is an RO-Crate that revertant reproduce makes again. Exit status 5 when no design can be put forward (the
    dossier says why), 6 when a policy rule stops the plan.
    """
    from revertant.model import SearchLimits
    from revertant.planning import PlanOptions

    place, day = place_and_day(country, date)
    options = PlanOptions(
        design=with_own_parts(design_options(editor, nuclease, most_designs), parts),
        limits=SearchLimits(mismatches, dna_bulges, rna_bulges, total_edits=max_edits),
        search_off_targets=not no_offtargets,
        amplicons=amplicons,
        gate_size=gate_size,
        country=place,
        on_date=day,
    )
    files = {"reference": reference, "models": models, "vcf": vcf}
    named = {name: str(path) for name, path in files.items() if path is not None}
    named.update(
        {name: str(path) for name, path in (("parts", parts), ("trials", trials)) if path is not None}
    )
    return plan_case(
        case,
        out,
        named,
        sample,
        options,
        force=force,
        as_json=as_json,
        quiet=quiet,
        bundle_inputs=bundle_inputs,
    )


def plan_case(
    case_path: Path,
    out: Path,
    files: dict[str, str],
    sample: str,
    options: PlanOptions,
    *,
    force: bool,
    as_json: bool,
    quiet: bool,
    bundle_inputs: bool = False,
) -> int:
    """Read a case, plan, write, and say where the report is."""

    def read(progress: Progress) -> Inputs:
        from revertant import patient, planning

        case = patient.read_case(case_path)
        inputs = planning.open_inputs(
            case,
            case_path,
            reference=files.get("reference", ""),
            models=files.get("models", ""),
            vcf=files.get("vcf", ""),
            sample=sample,
            progress=progress,
        )
        inputs = with_digest(inputs, "parts", files.get("parts", ""))
        return planning.with_trials(inputs, files.get("trials", ""))

    return plan_inputs(
        read, out, options, force=force, as_json=as_json, quiet=quiet, bundle_inputs=bundle_inputs
    )


def plan_inputs(
    read: Callable[[Progress], Inputs],
    out: Path,
    options: PlanOptions,
    *,
    force: bool,
    as_json: bool,
    quiet: bool,
    bundle_inputs: bool = False,
) -> int:
    """Plan what ``read`` opens, write the dossier, and say where the report is."""
    from revertant import dossier, planning
    from revertant.errors import NoDesignError

    dossier.check_folder(out, force=force)
    with console.progress_bar(quiet=quiet or as_json) as progress:
        inputs = read(progress)
        made = planning.make_plan(inputs, options, progress)
        written = dossier.write_dossier(made, out, inputs, force=force, bundle_inputs=bundle_inputs)
    if as_json:
        console.print_json(
            {
                "ok": True,
                "case_id": made.case_id,
                "verdict": made.verdict,
                "designs": len(made.designs),
                "rejections": len(made.rejections),
                "unknowns": len(made.unknowns),
                "files": [str(path) for path in written],
            }
        )
    else:
        _print_summary(made)
        report = next(path for path in written if path.name == "report.html")
        console.print_text(f"Report: {report}")
    standing = [ranked for ranked in made.designs if not ranked.tier.startswith("stopped")]
    return 0 if standing else NoDesignError.exit_status


def design_options(
    editors: list[str] | None, nucleases: list[str] | None, most_designs: int
) -> DesignOptions:
    """Return what the modalities may use; a key that no catalogue has is refused."""
    from revertant.modality import DesignOptions

    check_effectors(editors or (), nucleases or ())
    return DesignOptions(
        editors=tuple(editors or ()), nucleases=tuple(nucleases or ()), most_designs=most_designs
    )


def with_own_parts(options: DesignOptions, path: Path | None) -> DesignOptions:
    """Return the options with what a parts file holds, of vectors and of receptors."""
    from dataclasses import replace

    from revertant.knowledge import read_own_parts

    if path is None:
        return options
    own = read_own_parts(path)
    return replace(
        options,
        parts=tuple(own.vector.values()),
        car_parts=tuple(own.receptor.values()),
        car_binders=tuple(own.binders.values()),
    )


def with_digest(inputs: Inputs, role: str, path: str) -> Inputs:
    """Return the inputs with one more file that was read; an empty path is none."""
    from dataclasses import replace

    from revertant.model import InputDigest
    from revertant.planning import file_digest

    if not path:
        return inputs
    digest = InputDigest(role, Path(path).name, file_digest(Path(path)))
    return replace(inputs, digests=(*inputs.digests, digest), paths=(*inputs.paths, path))


def _print_summary(made: Plan) -> None:
    from revertant.dossier import summary_table

    console.print_rich(lambda width: summary_table(made, width=width))
