"""Options of ``revertant car`` on the cells that get a receptor: whose they are, and what is edited in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.errors import UsageError

if TYPE_CHECKING:
    from revertant.model import CellProduct, EditMethod, InputDigest
    from revertant.planning import OpenedFiles
    from revertant.planning.inputs import Progress

__all__ = [
    "Alemtuzumab",
    "Cells",
    "Checkpoint",
    "DonorHla",
    "EditFirst",
    "Hla",
    "Keep",
    "KnockIn",
    "KnockOut",
    "alleles",
    "cell_product",
    "open_cells",
]

Cells = Annotated[
    str, typer.Option("--cells", help="autologous (the patient's own) or allogeneic (a donor's).")
]
KnockOut = Annotated[
    list[str] | None,
    typer.Option(
        "--knock-out", help="Genes to edit beside those the product needs: TRBC1,TRBC2 (repeatable)."
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep", help="Genes that stay as they are though the product needs them edited: B2M,CIITA."
    ),
]
KnockIn = Annotated[
    str, typer.Option("--knock-in", help="TRAC: the receptor is put there, by a donor in AAV6.")
]
EditFirst = Annotated[
    str,
    typer.Option("--edit-first", help="base_editing or nuclease: which comes first where both are found."),
]
Alemtuzumab = Annotated[
    bool, typer.Option("--alemtuzumab", help="Lymphodepletion includes alemtuzumab: CD52 is edited.")
]
Checkpoint = Annotated[bool, typer.Option("--checkpoint", help="PD-1 is removed.")]
Hla = Annotated[
    list[str] | None,
    typer.Option("--hla", help="HLA alleles of the patient: A*02:01,A*24:02; of a homozygote each twice."),
]
DonorHla = Annotated[list[str] | None, typer.Option("--donor-hla", help="The same of the donor.")]


def cell_product(
    cells: str,
    knock_out: list[str] | None,
    keep: list[str] | None,
    knock_in: str,
    edit_first: str,
    *,
    alemtuzumab: bool,
    checkpoint: bool,
    donor_hla: list[str] | None,
) -> CellProduct:
    """Read what is asked of the cells; what cannot be read, or does not go together, is refused."""
    from revertant.model import CellProduct, CellSource

    try:
        source = CellSource(cells.strip().lower() or CellSource.AUTOLOGOUS)
    except ValueError:
        raise UsageError(
            f"--cells is {cells!r}.", remedy="Write autologous or allogeneic.", code="unknown-word"
        ) from None
    if knock_in and knock_in.strip().upper() != "TRAC":
        raise UsageError(
            f"--knock-in is {knock_in!r}: a receptor is put into TRAC here, or anywhere.",
            remedy="Write TRAC, or leave it out.",
            code="unknown-word",
        )
    if donor_hla and source is CellSource.AUTOLOGOUS:
        raise UsageError(
            "Nothing would come of --donor-hla: the cells are the patient's own.",
            remedy="Ask for --cells allogeneic, or leave it out.",
            code="idle-option",
        )
    return replace(
        CellProduct(source=source, alemtuzumab=alemtuzumab, checkpoint=checkpoint),
        knock_in=bool(knock_in),
        knock_out=_words(knock_out),
        keep=_words(keep),
        edit_first=_way(edit_first),
        donor_hla=alleles("--donor-hla", donor_hla),
    )


def _way(text: str) -> EditMethod:
    from revertant.model import EditMethod

    known = {way.value: way for way in (EditMethod.BASE_EDITING, EditMethod.NUCLEASE)}
    word = text.strip().lower().replace("-", "_") or EditMethod.BASE_EDITING.value
    if word not in known:
        raise UsageError(
            f"--edit-first is {text!r}.", remedy=f"Write {' or '.join(known)}.", code="unknown-word"
        )
    return known[word]


def _words(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Split what is given by commas or in several options, each once."""
    words = (word.strip().upper() for text in texts or () for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def alleles(option: str, texts: Iterable[str] | None) -> tuple[str, ...]:
    """Read HLA alleles; a homozygote has the same one twice."""
    from revertant.patient.scalars import Unreadable, hla_allele

    try:
        return tuple(hla_allele(word) for text in texts or () for word in text.split(",") if word.strip())
    except Unreadable as error:
        raise UsageError(error.what, where=option, remedy=error.remedy, code="no-allele") from None


def open_cells(
    reference: Path | None, models: Path | None, vcf: Path | None, sample: str, progress: Progress
) -> tuple[OpenedFiles | None, tuple[InputDigest, ...]]:
    """Open whose genome is edited, with the digests of what was read; nothing without a reference."""
    from revertant.model import InputDigest
    from revertant.planning import file_digest, open_files

    if reference is None:
        for name, given in (("--models", models), ("--vcf", vcf), ("--sample", sample)):
            if given:
                raise UsageError(
                    f"{name} is named, and no reference.", remedy="Name --reference too.", code="no-reference"
                )
        return None, ()
    opened = open_files(str(reference), str(models or ""), str(vcf or ""), sample, progress=progress)
    digests = [InputDigest("reference", opened.reference.name, opened.reference.sha256)]
    if opened.models is not None:
        digests.append(InputDigest("gene models", opened.models.name, opened.models.sha256))
    if vcf is not None:
        digests.append(InputDigest("vcf", vcf.name, file_digest(vcf)))
    return opened, tuple(digests)
