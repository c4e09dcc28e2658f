"""``revertant vector``: a gene, a protein or a coding sequence in, vectors that carry it out, as the same dossier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli.options import AsJson, AvoidSites, Force, ModelsFile, Quiet, ReferenceFile, out_folder
from revertant.cli.plan import plan_inputs
from revertant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revertant.knowledge import VectorPart
    from revertant.model import GenomeForm, Transgene
    from revertant.planning import Inputs
    from revertant.planning.inputs import Progress

__all__ = ["vector"]

#: What people type for a form, and the form's name in :class:`revertant.model.GenomeForm`.
_FORMS = {
    "ss": "ssAAV",
    "sc": "scAAV",
    "dual": "dual_AAV",
    "lentiviral": "lentiviral",
    "mrna": "LNP-mRNA",
}


def vector(
    gene: Annotated[
        str,
        typer.Argument(
            metavar="GENE|FASTA", help="Gene symbol, or a FASTA file with one protein or coding sequence."
        ),
    ],
    out: Annotated[Path, out_folder("Folder for the dossier.")],
    tissue: Annotated[
        str, typer.Option("--tissue", help="Tissue to reach; else the gene catalogue decides.")
    ] = "",
    form: Annotated[
        list[str] | None,
        typer.Option("--form", help="ss, sc, dual, lentiviral or mrna only (repeatable); else all that fit."),
    ] = None,
    capsid: Annotated[
        str, typer.Option("--capsid", help="Use only this capsid, by catalogue key or name such as AAV9.")
    ] = "",
    promoter: Annotated[str, typer.Option("--promoter", help="Use this promoter, by catalogue key.")] = "",
    parts: Annotated[
        Path | None,
        typer.Option("--parts", help="Your own parts: TOML in the format of the catalogue of parts."),
    ] = None,
    avoid_site: AvoidSites = None,
    name: Annotated[
        str, typer.Option("--name", help="Name of the gene in the file; else the record's own.")
    ] = "",
    reference: ReferenceFile = None,
    models: ModelsFile = None,
    transcript: Annotated[
        str, typer.Option("--transcript", help="Transcript to use, with its version.")
    ] = "",
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Design vectors that add a gene, and write the same dossier as plan, with the constructs as GenBank and FASTA.

    Nobody is planned for. Without --reference the catalogue's coding sequence is used. Exit status 5 when no vector can
    be put forward (the report says why).
    """
    from revertant.knowledge import symbol_as_catalogued
    from revertant.modality import DesignOptions
    from revertant.model import InputDigest
    from revertant.planning import Inquiry, PlanOptions, case_of, open_inputs
    from revertant.planning.inputs import file_digest

    transgene = _transgene(gene.strip(), name.strip())
    if transcript.strip() and (transgene is not None or reference is None):
        raise UsageError(
            "--transcript chooses how a gene is spliced from a reference genome, and none is used here.",
            remedy="Leave --transcript out, or name a gene with --reference and --models.",
            code="transcript-without-reference",
        )
    inquiry = Inquiry(
        gene="" if transgene else symbol_as_catalogued(gene),
        transgene=transgene,
        adds_gene=True,
        tissue=_tissue(tissue),
        transcript=transcript.strip(),
    )
    options = PlanOptions(
        design=DesignOptions(
            transgene=transgene,
            forms=_forms(form or []),
            capsid=_capsid(capsid.strip()),
            promoter=promoter.strip(),
            parts=_parts(parts),
            avoid_sites=_enzymes(avoid_site or ()),
        ),
        search_off_targets=False,
        modalities=("gene_addition",),
    )

    def read(progress: Progress) -> Inputs:
        opened = open_inputs(
            case_of(inquiry),
            reference=str(reference or ""),
            models=str(models or ""),
            inquiry=inquiry,
            progress=progress,
        )
        files = {"transgene": Path(gene) if transgene else None, "parts": parts}
        digests = [InputDigest(role, path.name, file_digest(path)) for role, path in files.items() if path]
        return replace(opened, digests=(*opened.digests, *digests))

    return plan_inputs(read, out, options, force=force, as_json=as_json, quiet=quiet)


def _transgene(text: str, name: str) -> Transgene | None:
    """Read the file that is named; ``None`` when the text is a gene's symbol."""
    from revertant.modality.gene_addition import read_transgene

    if not text:
        raise UsageError("No gene is named.", remedy="Name a gene or a FASTA file.", code="no-question")
    path = Path(text)
    if path.is_file():
        return read_transgene(path, name)
    if path.suffix or len(path.parts) > 1:
        raise UsageError(
            f"There is no file {text}.", remedy="Check the path, or name a gene.", code="no-such-file"
        )
    if name:
        raise UsageError(
            f"--name belongs to a file, but {text!r} is none.",
            remedy="Leave --name out.",
            code="name-without-file",
        )
    return None


def _capsid(text: str) -> str:
    """Refuse what no vehicle of the catalogue has; whether it reaches the tissue is the designer's question."""
    from revertant import knowledge

    if not text:
        return ""
    carry = [one for one in knowledge.vehicles() if any(reach.addition.rank for reach in one.reach)]
    known = dict.fromkeys(one.capsid or one.key for one in carry)
    if text.casefold() not in {name.casefold() for name in (*known, *(one.key for one in carry))}:
        raise UsageError(
            f"There is no capsid {text!r} among the vehicles of the catalogue.",
            where="--capsid",
            remedy=f"Use one of {', '.join(known)}.",
            code="unknown-capsid",
        )
    return text


def _enzymes(names: Sequence[str]) -> tuple[str, ...]:
    from revertant.modality.gene_addition import CodingOptions

    asked = tuple(name.strip() for name in names)
    CodingOptions(avoid_sites=asked)  # refuses what is no enzyme
    return asked


def _parts(path: Path | None) -> tuple[VectorPart, ...]:
    if path is None:
        return ()
    from revertant.knowledge import read_own_parts

    own = read_own_parts(path).vector
    if not own:
        raise UsageError(
            "The parts file holds no part of a vector.",
            where=str(path),
            remedy="Such a part has a kind; parts of receptors are for revertant car and revertant plan.",
            code="idle-option",
        )
    return tuple(own.values())


def _tissue(text: str) -> str:
    from revertant.knowledge import tissue_named

    return tissue_named(text).value if text.strip() else ""


def _forms(words: list[str]) -> tuple[GenomeForm, ...]:
    from revertant.model import GenomeForm

    found = []
    for word in words:
        key = word.strip().lower()
        if key not in _FORMS:
            raise UsageError(
                f"--form is {word!r}.", remedy=f"Use one of {', '.join(_FORMS)}.", code="unknown-word"
            )
        found.append(GenomeForm(_FORMS[key]))
    return tuple(dict.fromkeys(found))
