"""``revertant demo``: real cases on built-in sequence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Force, Quiet, out_folder

__all__ = ["DEMOS", "Demo", "demo"]


@dataclass(frozen=True, slots=True)
class Demo:
    """A built-in case: its name, file, title and what it teaches."""

    name: str
    case_file: str
    title: str
    teaches: str


DEMOS = (
    Demo(
        "sickle-cell",
        "sickle_cell.yaml",
        "Sickle-cell disease, HBB c.20A>T on both copies",
        "One disease, four ways in: breaking the BCL11A enhancer as the approved exa-cel does, writing the wild type "
        "by prime editing or from a donor, turning the sickle residue into the benign Hb G-Makassar by base editing; "
        "and why no base editor restores it.",
    ),
    Demo(
        "sickle-cell-phased",
        "sickle_cell_rs713040.yaml",
        "The same disease in a carrier of rs713040 (HBB c.9T>C)",
        "A harmless variant under the guide: the Makassar guide of the first demo would mismatch this patient, "
        "so the plan gives the guide that fits the patient's own copy.",
    ),
    Demo(
        "hbe-thalassaemia",
        "hbe_beta_thalassaemia.yaml",
        "Haemoglobin E with beta-thalassaemia: HBB c.79G>A and c.92+5G>C on different copies",
        "A compound heterozygote: each allele has its own routes. c.79G>A is restored by adenine base editors; "
        "c.92+5G>C needs C to G, which only CGBE make, and no PAM of theirs puts that base into the window.",
    ),
    Demo(
        "sma",
        "sma.yaml",
        "Spinal muscular atrophy in an infant of 8 weeks: no SMN1, two SMN2, anti-AAV9 1:25",
        "An approved product comes first: each criterion of its label is a finding, with what must still be measured. "
        "Behind it the vectors of its class, base by base. There is nothing in SMN1 to edit, and no genome is needed.",
    ),
    Demo(
        "rpe65",
        "rpe65.yaml",
        "RPE65 retinal dystrophy, c.1202_1203insCTGG and c.311G>T on different copies, as published",
        "Adding a gene in the eye: what the label asks and the case does not say (are enough retinal cells alive?),"
        " and the vectors. One allele leaves the protein whole, so it is hardly foreign to this child.",
    ),
    Demo(
        "b-all",
        "b_all.yaml",
        "B-cell acute lymphoblastic leukaemia in a child of 9 years, second relapse; the expression is made up",
        "A tumour instead of a gene: antigens held against normal organs, the approved product first, its receptor"
        " rebuilt to the residue, how its cells expand and persist, and what to watch, for life.",
    ),
)


def demo(
    name: Annotated[str, typer.Argument(help="Name of a demo; see --list.")] = "sickle-cell",
    out: Annotated[Path | None, out_folder("Folder for the dossier.")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="List the demos and what each teaches.")] = False,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Plan a built-in real case and show where the report is. Needs no download."""
    from importlib.resources import as_file, files

    from revertant.errors import UsageError

    if show_list:
        _print_list(as_json=as_json)
        return 0
    chosen = next((one for one in DEMOS if one.name == name), None)
    if chosen is None:
        raise UsageError(
            f"There is no demo {name!r}.", remedy=f"Known are: {', '.join(one.name for one in DEMOS)}."
        )
    from revertant.cli.plan import plan_case
    from revertant.planning import PlanOptions

    folder = out or Path(f"revertant-demo-{chosen.name}")
    if not as_json:
        console.print_text(f"{chosen.title}\n{chosen.teaches}\n")
    with as_file(files("revertant.cli") / "demo_data") as data:
        return plan_case(
            data / chosen.case_file,
            folder,
            {},
            "",
            PlanOptions(),
            force=force or out is None,
            as_json=as_json,
            quiet=quiet,
        )


def _print_list(*, as_json: bool) -> None:
    if as_json:
        console.print_json({"ok": True, "demos": list(DEMOS)})
        return
    console.print_text("\n\n".join(f"{one.name}\n  {one.title}\n  {one.teaches}" for one in DEMOS))
