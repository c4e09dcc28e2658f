"""``revertant design``: one variant, region or gene in, without a case; the same dossier out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli.options import (
    Amplicons,
    AsJson,
    Calls,
    DnaBulges,
    Editors,
    Force,
    ModelsFile,
    MostDesigns,
    NoOffTargets,
    Nucleases,
    PlanEdits,
    PlanMismatches,
    Quiet,
    ReferenceFile,
    RnaBulges,
    Sample,
    out_folder,
)
from revertant.cli.plan import design_options, plan_inputs
from revertant.errors import UsageError

if TYPE_CHECKING:
    from enum import StrEnum
    from typing import TypeVar

    from revertant.planning import Inputs
    from revertant.planning.inputs import Progress

    _Word = TypeVar("_Word", bound=StrEnum)

__all__ = ["design"]

_DISEASE_PREFIXES = frozenset({"OMIM", "MONDO", "ORPHA"})


def design(
    out: Annotated[Path, out_folder("Folder for the dossier.")],
    variant: Annotated[
        str,
        typer.Argument(
            metavar="[VARIANT]", help="HGVS, SPDI, chr:pos:ref:alt, rsID (with --vcf) or ACGT(A/G)ACGT."
        ),
    ] = "",
    region: Annotated[
        str,
        typer.Option(
            "--region",
            help="Break this stretch instead, contig:start-end: a regulatory motif, 60 bases at most.",
        ),
    ] = "",
    gene: Annotated[
        str, typer.Option("--gene", help="The gene of the variant or region; alone, the gene to knock out.")
    ] = "",
    reference: ReferenceFile = None,
    models: ModelsFile = None,
    vcf: Calls = None,
    sample: Sample = "",
    modality: Annotated[
        list[str] | None,
        typer.Option("--modality", help="Ask only this modality, such as prime_editing (repeatable)."),
    ] = None,
    editor: Editors = None,
    nuclease: Nucleases = None,
    most_designs: MostDesigns = 40,
    transcript: Annotated[
        str, typer.Option("--transcript", help="Transcript to use, with its version.")
    ] = "",
    zygosity: Annotated[
        str, typer.Option("--zygosity", help="heterozygous, homozygous or hemizygous; else unknown.")
    ] = "",
    pathogenicity: Annotated[
        str, typer.Option("--pathogenicity", help="ACMG/AMP class, such as likely_pathogenic; else unknown.")
    ] = "",
    mechanism: Annotated[
        str,
        typer.Option(
            "--mechanism",
            help="How it makes disease, such as gain_of_function; else the gene catalogue decides.",
        ),
    ] = "",
    disease: Annotated[
        str,
        typer.Option("--disease", help="OMIM, MONDO or ORPHA identifier; else every disease of the gene."),
    ] = "",
    tissue: Annotated[
        str, typer.Option("--tissue", help="Tissue to reach; else the gene catalogue decides.")
    ] = "",
    place: Annotated[
        str, typer.Option("--place", help="in_vivo or ex_vivo; else the gene catalogue decides.")
    ] = "",
    mismatches: PlanMismatches = 4,
    dna_bulges: DnaBulges = 1,
    rna_bulges: RnaBulges = 1,
    max_edits: PlanEdits = 4,
    no_offtargets: NoOffTargets = False,
    amplicons: Amplicons = 0,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Design edits for one variant, region or gene without a case, and write the same dossier as plan.

    Nobody is planned for: what a case would say of the person is unknown in the report. Exit status 5 when no
    design can be put forward (the report says why), 6 when a policy rule stops it.
    """
    from revertant.modality import modality_named
    from revertant.model import EditingPlace, Mechanism, Pathogenicity, SearchLimits, Zygosity
    from revertant.planning import Inquiry, PlanOptions, case_of, open_inputs

    for name in modality or ():
        modality_named(name)
    if vcf is None and sample:
        raise UsageError(
            f"A sample {sample!r} is named, but no VCF.", remedy="Pass --vcf too.", code="no-vcf"
        )
    inquiry = Inquiry(
        variant=variant.strip(),
        region=region.strip(),
        gene=gene.strip(),
        transcript=transcript.strip(),
        zygosity=_word("--zygosity", zygosity, Zygosity) or Zygosity.UNKNOWN,
        pathogenicity=_word("--pathogenicity", pathogenicity, Pathogenicity) or Pathogenicity.NOT_PROVIDED,
        mechanism=_word("--mechanism", mechanism, Mechanism) or Mechanism.UNKNOWN,
        disease_id=_disease(disease),
        tissue=tissue.strip(),
        editing_place=_word("--place", place, EditingPlace),
    )
    options = PlanOptions(
        design=design_options(editor, nuclease, most_designs),
        limits=SearchLimits(mismatches, dna_bulges, rna_bulges, total_edits=max_edits),
        search_off_targets=not no_offtargets,
        amplicons=amplicons,
        modalities=tuple(modality or ()),
    )

    def read(progress: Progress) -> Inputs:
        return open_inputs(
            case_of(inquiry),
            reference=str(reference or ""),
            models=str(models or ""),
            vcf=str(vcf or ""),
            sample=sample,
            inquiry=inquiry,
            progress=progress,
        )

    return plan_inputs(read, out, options, force=force, as_json=as_json, quiet=quiet)


def _disease(text: str) -> str:
    """Read a disease identifier: a name would match no row of the catalogue, and so take routes away unseen."""
    found = text.strip()
    prefix, _, number = found.partition(":")
    if found and (prefix.upper() not in _DISEASE_PREFIXES or not number.isdecimal()):
        raise UsageError(
            f"--disease is {text!r}, which is no identifier.",
            remedy="Write it as OMIM:603903, MONDO:0011382 or ORPHA:232; leave it out for every disease of the gene.",
            code="no-disease-identifier",
        )
    return f"{prefix.upper()}:{number}" if found else ""


def _word(option: str, text: str, kind: type[_Word]) -> _Word | None:
    """Read one of the model's words; ``None`` when it is not given."""
    if not text:
        return None
    try:
        return kind(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError as error:
        known = ", ".join(word.value for word in kind)
        raise UsageError(
            f"{option} is {text!r}.", remedy=f"Use one of {known}.", code="unknown-word"
        ) from error
