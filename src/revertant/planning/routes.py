"""Every modality asked about every target: strategies, and a reason wherever one could not be asked or found nothing.

Nothing is left out without a word: a modality that needs a genome which was not given, or that found nothing to act on,
is a rejection like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.modality import modalities, modality_named
from revertant.model import Case, Finding, Rejection, Route, Status, Strategy, Target
from revertant.planning.asked import as_asked
from revertant.planning.coding_sequences import WITHOUT_GENOME
from revertant.planning.copies import copies_of
from revertant.planning.inputs import Inputs

__all__ = ["ELSEWHERE", "ask_modalities"]

#: Stage of a route that makes sense but whose molecules this version does not design.
ELSEWHERE = "elsewhere"

#: The modality under which switching the splicing of a second gene stands.
_SPLICING = "splice_switching"


def ask_modalities(
    targets: Sequence[Target], inputs: Inputs, names: Sequence[str] = ()
) -> tuple[tuple[Strategy, ...], tuple[Rejection, ...]]:
    """Ask every modality, or those that are named, about every target.

    Parameters
    ----------
    targets
        From :func:`revertant.planning.resolve_case`.
    inputs
        The case, and whether there is a genome.
    names
        Modalities to ask; empty means all.

    Returns
    -------
    tuple
        The strategies, and the rejections of modalities that gave none or were not asked.
    """
    asked = [modality_named(name) for name in dict.fromkeys(names)] or modalities()
    strategies: list[Strategy] = []
    rejections: list[Rejection] = []
    for target in targets:
        for modality in asked:
            if modality.needs_genome and not inputs.has_genome:
                because = f"Not judged: {WITHOUT_GENOME}."
                rejections.append(Rejection(modality.name, None, target.gene, "eligibility", because))
                continue
            found = [as_asked(one, inputs) for one in modality.eligibility(target, inputs.case)]
            strategies += found
            # Who asks for a gene asks for what can be had without a variant; where nothing can, that is said.
            wanted = inputs.inquiry is None or not found
            if wanted and modality.needs_genome and not target.alleles:
                because, route = _nothing_to_correct(target, inputs.case), None
                if found:  # other routes of it are judged, such as at a named site elsewhere
                    route = Route.RESTORE_WILD_TYPE
                rejections.append(Rejection(modality.name, route, target.gene, "eligibility", because))
        if any(modality.name == _SPLICING for modality in asked):
            rejections += _second_genes(target, inputs.case)
    return tuple(strategies), tuple(rejections)


def _nothing_to_correct(target: Target, case: Case) -> str:
    copies = copies_of(target.gene, case)
    if copies is not None and copies.are_absent:
        return f"Not applicable: no copy of {target.gene} is left, so there is nothing there to correct."
    return f"Not applicable: no variant of {target.gene} is stated, so there is nothing to correct."


def _second_genes(target: Target, case: Case) -> list[Rejection]:
    """Name the route on a second gene of the same protein, where the person has lost the first and has the second."""
    found = []
    for row in knowledge.paralogues_of(target.gene):
        copies = copies_of(row.key, case)
        if not row.elsewhere or not target.biallelic or (copies is not None and copies.are_absent):
            continue
        counted = copies.words if copies is not None else "a number of copies that is not stated"
        because = f"{row.elsewhere[0].upper()}{row.elsewhere[1:]}."
        finding = Finding(
            "route.second_gene",
            Status.CAUTION,
            f"{row.statement} {because}",
            value=f"{row.key}: {counted}",
            sources=(*row.sources, *row.elsewhere_sources),
            checked=False,
        )
        found.append(Rejection(_SPLICING, None, row.key, ELSEWHERE, because, (finding,)))
    return found
