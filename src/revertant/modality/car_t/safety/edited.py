"""What is tested and watched because the cells are edited, or a donor's: the rules on the edit set, as things to do."""

from __future__ import annotations

from collections.abc import Iterator

from revertant.model import CellSource, EditSet, Finding, Status, WatchItem

__all__ = ["edit_items"]


def edit_items(edit_set: EditSet) -> Iterator[WatchItem]:
    """Yield what to test before release and to watch for, each with the sources of the rule it follows from.

    Parameters
    ----------
    edit_set
        The edits with their findings.

    Examples
    --------
    >>> from revertant.modality.car_t.edits import EditRequest, design_edit_set
    >>> made = design_edit_set(EditRequest(CellSource.ALLOGENEIC, ("CD19",)), None).edit_set
    >>> [(item.when, item.what.partition(":")[0]) for item in edit_items(made)]
    [('release', 'T cells that kept their receptor'), ('first weeks', 'Graft-versus-host disease')]
    >>> list(edit_items(design_edit_set(EditRequest(CellSource.AUTOLOGOUS, ("CD19",)), None).edit_set))
    []
    """
    rules = {finding.rule: finding for finding in edit_set.findings}
    if edit_set.assays:
        number = len(edit_set.assays)
        pairs = "the pair" if number == 1 else f"each of {number:,} pairs"
        what = f"Rearrangements: {pairs} of breaks by its assay, in the edited cells."
        yield _item("release", what, rules["edits.double_strand_breaks"])
    if edit_set.cells is not CellSource.ALLOGENEIC:
        return
    graft = rules["edits.graft_versus_host"]
    if graft.status is not Status.FAIL:
        yield _item("release", "T cells that kept their receptor: removed, and what is left counted.", graft)
    yield _item("first weeks", "Graft-versus-host disease: the cells are a donor's.", graft)


def _item(when: str, what: str, finding: Finding) -> WatchItem:
    return WatchItem(when, what, finding.because, finding.sources, finding.checked)
