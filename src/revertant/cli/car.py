"""``revertant car``: an antigen in, a receptor and what carries it out, as the same dossier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.car_asked import (
    asked_day,
    asked_escape,
    asked_vectors,
    digests_of,
    is_edited,
    own_parts_of,
    refuse_idle,
    stated,
    trac_site,
)
from revertant.cli.cells import (
    Alemtuzumab,
    Cells,
    Checkpoint,
    DonorHla,
    EditFirst,
    Hla,
    Keep,
    KnockIn,
    KnockOut,
    alleles,
    cell_product,
    open_cells,
)
from revertant.cli.options import (
    AsJson,
    AvoidSites,
    Calls,
    DnaBulges,
    Editors,
    Force,
    ModelsFile,
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
from revertant.cli.plan import design_options
from revertant.errors import NoDesignError, UsageError

if TYPE_CHECKING:
    from revertant.model import Plan

__all__ = ["car"]


def car(
    out: Annotated[Path, out_folder("Folder for the dossier.")],
    antigen: Annotated[str, typer.Option("--antigen", help="Antigen, by HGNC symbol or another name.")] = "",
    product: Annotated[
        str, typer.Option("--product", help="Rebuild the receptor of this product instead, by key or name.")
    ] = "",
    binder: Annotated[str, typer.Option("--binder", help="Binder, by catalogue key.")] = "",
    second_binder: Annotated[
        str, typer.Option("--second-binder", help="A second binder, for a tandem receptor.")
    ] = "",
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", help="Variable domain of a binder of your own, by part key (repeatable)."),
    ] = None,
    order: Annotated[str, typer.Option("--order", help="VL-VH or VH-VL; else the original's.")] = "",
    linker: Annotated[str, typer.Option("--linker", help="Linker between the variable domains.")] = "",
    signal: Annotated[str, typer.Option("--signal", help="Signal peptide.")] = "cd8a_signal",
    hinge: Annotated[str, typer.Option("--hinge", help="Hinge; else that of products.")] = "",
    transmembrane: Annotated[
        str, typer.Option("--transmembrane", help="Transmembrane part; else that of products.")
    ] = "",
    costim: Annotated[
        list[str] | None,
        typer.Option("--costim", help="4-1BB, CD28 or a part key, from the membrane on (repeatable)."),
    ] = None,
    generation: Annotated[int, typer.Option("--generation", min=1, max=5, help="1 to 5.")] = 2,
    zeta: Annotated[str, typer.Option("--zeta", help="Signalling part of CD3ζ.")] = "cd3z",
    armour: Annotated[str, typer.Option("--armour", help="Armour of a fourth generation.")] = "",
    switch: Annotated[str, typer.Option("--switch", help="Safety switch, such as egfrt.")] = "",
    vector: Annotated[
        list[str] | None,
        typer.Option("--vector", help="lentiviral, aav6_trac or mrna (repeatable); lentiviral unless named."),
    ] = None,
    promoter: Annotated[
        str, typer.Option("--promoter", help="Promoter of a lentiviral vector, by catalogue key.")
    ] = "",
    trac: Annotated[
        Path | None,
        typer.Option("--trac", help="FASTA with the place in TRAC, for aav6_trac; else --reference is read."),
    ] = None,
    cells: Cells = "",
    knock_out: KnockOut = None,
    keep: Keep = None,
    knock_in: KnockIn = "",
    edit_first: EditFirst = "",
    alemtuzumab: Alemtuzumab = False,
    checkpoint: Checkpoint = False,
    hla: Hla = None,
    donor_hla: DonorHla = None,
    reference: ReferenceFile = None,
    models: ModelsFile = None,
    vcf: Calls = None,
    sample: Sample = "",
    editor: Editors = None,
    nuclease: Nucleases = None,
    mismatches: PlanMismatches = 4,
    dna_bulges: DnaBulges = 1,
    rna_bulges: RnaBulges = 1,
    max_edits: PlanEdits = 4,
    no_offtargets: NoOffTargets = False,
    parts: OwnPartsFile = None,
    avoid_site: AvoidSites = None,
    date: Annotated[
        str, typer.Option("--date", help="Read statements on safety of this day, YYYY-MM-DD.")
    ] = "",
    burden_cells: Annotated[
        float | None, typer.Option("--burden-cells", help="Scenario of escape: cells of the tumour.")
    ] = None,
    loss_rate: Annotated[
        list[float] | None,
        typer.Option(
            "--loss-rate", help="Scenario: loss of each antigen a division, in their order (repeatable)."
        ),
    ] = None,
    joint_loss_rate: Annotated[
        float | None,
        typer.Option("--joint-loss-rate", help="Scenario: loss of both antigens at once a division."),
    ] = None,
    doubling_days: Annotated[
        float | None, typer.Option("--doubling-days", help="Scenario: doubling time of what escaped.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Design a chimeric antigen receptor, its vectors and the edits of its cells, and write the same dossier as plan.

    Nobody is planned for. Parts without residues in the catalogue are refused; bring them with --parts. The VCF is that
    of whose cells are edited. Exit status 5 when the receptor or every vector is refused, with the reason.
    """
    from revertant import dossier, planning
    from revertant.modality.car_t import CarrierKind, CarrierOptions
    from revertant.modality.car_t.receptor import ReceptorBrief, costimulatory_key
    from revertant.model import SearchLimits

    dossier.check_folder(out, force=force)
    if bool(antigen.strip()) == bool(product.strip()):
        raise UsageError(
            "Ask for an antigen or for a product's receptor: one of them.",
            remedy="Name --antigen, or --product.",
            code="no-question",
        )
    day = asked_day(date)
    product_cells = cell_product(
        cells,
        knock_out,
        keep,
        knock_in,
        edit_first,
        alemtuzumab=alemtuzumab,
        checkpoint=checkpoint,
        donor_hla=donor_hla,
    )
    kinds = asked_vectors(vector, product_cells)
    design = design_options(editor, nuclease, 40)
    own = own_parts_of(parts)
    brief = None
    if antigen.strip():
        brief = ReceptorBrief(
            antigen.strip(),
            binder=binder.strip(),
            second_binder=second_binder.strip(),
            domains=tuple(word.strip() for word in domain or ()),
            order=order.strip(),
            linker=linker.strip(),
            signal=signal.strip(),
            hinge=hinge.strip(),
            transmembrane=transmembrane.strip(),
            costimulatory=tuple(map(costimulatory_key, costim or ())),
            generation=generation,
            zeta=zeta.strip(),
            armour=armour.strip(),
            switch=switch.strip(),
            own_parts=own.receptor,
            own_binders=own.binders,
        )
    product_cells = replace(product_cells, knock_in=CarrierKind.AAV6_TRAC in kinds)
    refuse_idle(locals(), kinds, is_edited(product_cells, antigen, product))
    with console.progress_bar(quiet=quiet or as_json) as progress:
        files, digests = open_cells(reference, models, vcf, sample, progress)
        site = trac_site(trac, files) if CarrierKind.AAV6_TRAC in kinds else None
        progress("designing the receptor", 0.0)
        made = planning.receptor_plan(
            planning.ReceptorInquiry(
                brief,
                product=product.strip(),
                kinds=kinds,
                carrier=CarrierOptions(promoter.strip(), own.vector, tuple(avoid_site or ()), site),
                on_date=day,
                escape=asked_escape(
                    brief, product, burden_cells, loss_rate or [], joint_loss_rate, doubling_days
                ),
                digests=(*digests_of({"parts": parts, "trac": trac}), *digests),
                parameters=stated(locals()),
                cells=product_cells,
                patient_hla=alleles("--hla", hla),
                files=files,
                options=design,
                limits=None
                if no_offtargets
                else SearchLimits(mismatches, dna_bulges, rna_bulges, total_edits=max_edits),
            ),
            progress,
        )
        progress("writing the dossier", 0.9)
        written = dossier.write_dossier(made, out, force=force)
    _say(made, written, as_json=as_json)
    standing = [ranked for ranked in made.designs if not ranked.tier.startswith("stopped")]
    return 0 if standing else NoDesignError.exit_status


def _say(made: Plan, written: tuple[Path, ...], *, as_json: bool) -> None:
    report = next(path for path in written if path.name == "report.html")
    if not as_json:
        console.print_text(made.verdict)
        for rejection in made.rejections:
            console.print_text(f"Not made: {rejection.acts_on}: {rejection.because}")
        console.print_text(f"Report: {report}")
        return
    console.print_json(
        {
            "ok": True,
            "verdict": made.verdict,
            "designs": [
                {
                    "design_id": ranked.design.design_id,
                    "tier": ranked.tier,
                    "construct": ranked.design.vector.constructs[0].name,
                    "packaged_bp": ranked.design.vector.constructs[0].packaged_bp,
                    "protein": ranked.design.vector.coding[0].protein,
                    "findings": ranked.assessment.findings,
                }
                for ranked in made.designs
                if ranked.design.vector is not None
            ],
            "refused": [{"vector": one.acts_on, "because": one.because} for one in made.rejections],
            "unknowns": len(made.unknowns),
            "files": [str(path) for path in written],
        }
    )
