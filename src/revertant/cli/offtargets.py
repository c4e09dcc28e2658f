"""``revertant offtargets``: guides in, every place where they could act out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.effectors import choose_effector
from revertant.cli.options import AsJson, DnaBulges, Force, ModelsFile, Quiet, RnaBulges, out_folder
from revertant.errors import UsageError

if TYPE_CHECKING:
    from revertant.model import Nomination

__all__ = ["offtargets"]


def offtargets(
    guides: Annotated[
        list[str],
        typer.Argument(
            metavar="GUIDE...", help="Spacers 5'→3' without PAM, or files of guides (TSV, CSV, text, FASTA)."
        ),
    ],
    reference: Annotated[
        Path, typer.Option("--reference", help="Reference genome or windows: FASTA, plain or BGZF.")
    ],
    out: Annotated[Path, out_folder("Folder for the report and the tables.")],
    vcf: Annotated[Path | None, typer.Option("--vcf", help="One person's variant calls.")] = None,
    sample: Annotated[str, typer.Option("--sample", help="Sample name in the VCF.")] = "",
    panel: Annotated[
        Path | None, typer.Option("--panel", help="VCF of many people, phased, or with frequencies only.")
    ] = None,
    populations: Annotated[
        Path | None, typer.Option("--populations", help="Table that names each person's population.")
    ] = None,
    models: ModelsFile = None,
    pam: Annotated[
        str, typer.Option("--pam", help="PAM, IUPAC letters; NGG, or the effector's, when left out.")
    ] = "",
    pam_side: Annotated[
        int | None,
        typer.Option("--pam-side", help="3: the PAM follows the spacer (usual); 5: it comes before."),
    ] = None,
    nuclease: Annotated[
        str,
        typer.Option("--nuclease", help="Catalogue key; without an effector CFD assumes wild-type SpCas9."),
    ] = "",
    editor: Annotated[str, typer.Option("--editor", help="Catalogue key of a base editor.")] = "",
    mismatches: Annotated[
        int,
        typer.Option(
            "-m",
            "--mismatches",
            min=0,
            max=8,
            help="Mismatches of a site. Bulges come on top: with the defaults, 4 + 1 + 1, a site has up to 6 edits.",
        ),
    ] = 4,
    dna_bulges: DnaBulges = 1,
    rna_bulges: RnaBulges = 1,
    max_edits: Annotated[
        int | None,
        typer.Option(
            "--max-edits",
            min=0,
            max=14,
            help="Mismatches and bulges together. Left out, all that the three limits allow: 6 with the defaults; "
            "a plan allows 4.",
        ),
    ] = None,
    end_bulges: Annotated[
        bool, typer.Option("--end-bulges", help="Let bulges lie at the ends of the guide too.")
    ] = False,
    target: Annotated[
        str, typer.Option("--target", help="The only guide's intended site: chr11:5226925-5226944:+.")
    ] = "",
    amplicons: Annotated[
        int, typer.Option("--amplicons", min=0, help="Sites on a validation panel with primers; 0 for none.")
    ] = 0,
    cancer_genes: Annotated[
        Path | None, typer.Option("--cancer-genes", help="List to take the place of the built-in one.")
    ] = None,
    essential_genes: Annotated[
        Path | None, typer.Option("--essential-genes", help="List to take the place of the built-in one.")
    ] = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write the sites as Parquet too.")] = False,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Nominate off-targets: every site of guides in a reference, in one person's genome, in a population.

    Writes report.html, sites.tsv with every site, sites.bed, pairs.tsv, nomination.json, and, where asked for,
    gained.vcf, populations.tsv, amplicons.tsv and sites.parquet.
    """
    from revertant import dossier, planning
    from revertant.genome import PatientGenome
    from revertant.model import InputDigest, SearchLimits
    from revertant.offtarget.guides.files import read_guides
    from revertant.offtarget.guides.listing import parse_target
    from revertant.offtarget.nominate import NominationOptions, effector_of, nominate

    dossier.check_nomination_folder(out, force=force)
    if populations is not None and panel is None:
        raise UsageError("Populations are named, but no panel.", remedy="Pass --panel too.", code="no-panel")
    effector = choose_effector(nuclease, editor, pam, pam_side)
    options = NominationOptions(
        effector=effector.key,
        panel=panel,
        populations=populations,
        amplicons=amplicons,
        cancer_genes=cancer_genes,
        essential_genes=essential_genes,
        parquet=parquet,
    )
    intended = parse_target(target, "--target") if target else None
    listed = read_guides(guides, pam=effector.pam, pam_side=effector.pam_side, target=intended)
    # Before a genome is read: this needs none of it.
    effector_of(effector.key, [guide.pam_side for guide in listed.guides])
    limits = SearchLimits(mismatches, dna_bulges, rna_bulges, total_edits=max_edits, end_bulges=end_bulges)
    with console.progress_bar(quiet=quiet or as_json) as progress:
        opened = planning.open_files(
            str(reference), str(models or ""), str(vcf or ""), sample, progress=progress
        )
        placed = listed.placed_on(opened.reference)
        calls = opened.vcf
        genome = (
            PatientGenome(opened.reference)
            if calls is None
            else PatientGenome(opened.reference, calls.calls, sex=calls.sex_hint, name=calls.sample)
        )
        digests = [InputDigest("guides", path.name, planning.file_digest(path)) for path in listed.files]
        if vcf is not None:
            digests.append(InputDigest("vcf", vcf.name, planning.file_digest(vcf)))
        with dossier.nomination_folder(out, force=force) as folder:
            made = nominate(
                placed.names,
                placed.requests(limits, cfd_applies=effector.cfd_applies),
                genome,
                options,
                models=opened.models,
                vcf=calls,
                inputs=digests,
                folder=folder,
                progress=progress,
            )
            progress("writing the report", 1.0)
            written = dossier.write_nomination(made, folder, opened.reference)
    paths = [out / name for name in written]
    if as_json:
        console.print_json(_as_object(made, paths))
    else:
        _print_summary(made)
        console.print_text(f"Report: {paths[0]}\nSites:  {out / 'sites.tsv'}")
    return 0


def _as_object(made: Nomination, paths: list[Path]) -> dict[str, object]:
    from revertant.dossier.nomination.selection import count_of, highest_cfd, nearest_site
    from revertant.model import SiteOrigin

    guides = []
    for name, report in zip(made.names, made.reports, strict=True):
        near, highest = nearest_site(report), highest_cfd(report)
        guides.append(
            {
                "name": name,
                "spacer": report.request.spacer,
                "pam": report.request.pam,
                "target": str(report.request.target) if report.request.target else None,
                "sites": count_of(report),
                "sites_by_edits": [
                    {"edits": edits, "sites": sites} for edits, sites in report.sites_by_edits
                ],
                "tier_counts": list(report.tier_counts),
                "nearest": str(near.locus) if near else None,
                "nearest_edits": near.edits if near else None,
                "highest_cfd": highest.cfd if highest else None,
                **{origin.value: count_of(report, origin) for origin in SiteOrigin},
            }
        )
    return {
        "ok": True,
        "nomination_id": made.nomination_id,
        "genome_wide": made.coverage.genome_wide,
        "coverage": made.coverage.statement,
        "not_searched": [{"what": what, "count": count} for what, count in made.coverage.not_searched],
        "guides": guides,
        "findings": list(made.findings),
        "files": [str(path) for path in paths],
    }


def _print_summary(made: Nomination) -> None:
    from revertant.dossier.nomination.terminal import nomination_summary

    console.print_rich(lambda _: nomination_summary(made))
