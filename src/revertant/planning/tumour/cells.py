"""What is told of the cells that get a receptor: whose they are, and what is edited in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant.model import CellProduct, CellSource, EditSet, Finding, Status
from revertant.planning.inputs import Inputs

__all__ = ["donor_findings", "edits_in_words", "without_binder"]


def donor_findings(inputs: Inputs, asked: CellProduct) -> Iterator[Finding]:
    """Say whose genome a VCF is, and which alleles are compared with nothing.

    Parameters
    ----------
    inputs
        With the VCF, where one was given.
    asked
        The cells that are asked for.
    """
    if asked.source is CellSource.ALLOGENEIC and inputs.vcf is not None:
        text = "The cells are a donor's: the VCF is taken for the donor's, since theirs is the genome that is edited."
        yield Finding("cells.genome", Status.CAUTION, text)
    if asked.source is CellSource.AUTOLOGOUS and asked.donor_hla:
        text = "HLA alleles of a donor are given, and the cells are the patient's own: they are compared with nothing."
        yield Finding("cells.donor_hla", Status.CAUTION, text)


def edits_in_words(edit_set: EditSet) -> str:
    """Return the edits in words, as the end of a sentence; empty where nothing is edited.

    Parameters
    ----------
    edit_set
        What is edited in the cells.
    """
    number = len(edit_set.edits)
    if not number:
        return ""
    missing = sum(edit.chosen is None for edit in edit_set.edits)
    without = f", {missing} of them without a guide yet" if missing else ""
    # A guide that is yet to be found may cut as well.
    least = "at least " if missing else ""
    breaks = f"{least}{edit_set.breaks} {'break' if edit_set.breaks == 1 else 'breaks'} made on purpose"
    return f"; {number} {'gene' if number == 1 else 'genes'} to be edited{without}, {breaks}"


def without_binder(antigens: Sequence[str]) -> str:
    """Return the verdict on antigens that no binder is held for.

    Examples
    --------
    >>> without_binder(["CD7"]).partition(";")[0]
    'No receptor could be built against CD7 for want of a binder'
    """
    return (
        f"No receptor could be built against {' or '.join(antigens)} for want of a binder; the edits of the cells, "
        "what else carries it and what to watch are planned without it."
    )
