"""Whether a cut with a donor template can serve a target: it writes any change, in cells that divide."""

from __future__ import annotations

from revertant.modality.mechanism import addition_helps, correction_helps
from revertant.model import Allele, Finding, Route, Status, Strategy, Target

__all__ = ["DIVIDING", "NAME", "cells_finding", "hdr_strategies"]

NAME = "hdr"

#: Homologous recombination is suppressed outside S and G2.
SOURCES = ("doi:10.1038/nature16142", "doi:10.1093/nar/gkh703")

#: Insertion without homology works in cells that do not divide.
_WITHOUT_HOMOLOGY = ("doi:10.1038/nature20565",)

#: Tissues whose cells divide while they are edited outside the body.
DIVIDING = frozenset({"haematopoietic stem cell", "T cell", "skin"})

#: Longest stretch that an AAV6 donor writes beside its arms: 4.5 kb less two arms of 400.
LONGEST_BP = 3700


def hdr_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge restoration from a donor template for each allele, and knock-in of the whole coding sequence.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    cells = cells_finding(target)
    strategies = [
        Strategy(
            NAME,
            Route.RESTORE_WILD_TYPE,
            target,
            (cells, _length(allele), correction_helps(target, allele)),
            allele=allele,
        )
        for allele in target.alleles
    ]
    strategies.append(Strategy(NAME, Route.ADD_GENE, target, (cells, _cargo(target), addition_helps(target))))
    return tuple(strategies)


def cells_finding(target: Target) -> Finding:
    """Judge whether the cells to be treated divide.

    Examples
    --------
    >>> from revertant.model import Strand, Transcript
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 9),), (0, 9))
    >>> cells_finding(Target("G", gene, (), tissues=("brain",))).status.value
    'fail'
    """
    rule, tissue = "cells.dividing", target.tissues[0] if target.tissues else ""
    if not tissue:
        return Finding(rule, Status.UNKNOWN, "The tissue to be treated is not known.")
    if tissue in DIVIDING:
        return Finding(
            rule,
            Status.CAUTION,
            f"Cells of this tissue ({tissue}) divide in culture, which repair from a donor needs; its share is low.",
            value=tissue,
            sources=SOURCES,
            checked=False,
        )
    return Finding(
        rule,
        Status.FAIL,
        f"Repair from a donor needs dividing cells; cells of this tissue ({tissue}) do not divide when treated. "
        "Insertion without homology (HITI) works there, but it adds sequence and corrects none.",
        value=tissue,
        sources=(*SOURCES, *_WITHOUT_HOMOLOGY),
        checked=False,
    )


def _length(allele: Allele) -> Finding:
    """Whether a donor could hold what has to be written."""
    rule, written = "chemistry.donor_writes", len(allele.variant.ref)
    if written > LONGEST_BP:
        return Finding(
            rule,
            Status.FAIL,
            f"Restoring {allele.name} means writing {written} bases; no donor of this catalogue holds that and arms.",
            value=f"{written} bases",
            threshold=f"{LONGEST_BP} bases",
        )
    return Finding(
        rule,
        Status.PASS,
        f"A donor can write any change of this length; restoring {allele.name} means writing {written} "
        f"{'base' if written == 1 else 'bases'}.",
        value=f"{written} bases",
        threshold=f"{LONGEST_BP} bases",
    )


def _cargo(target: Target) -> Finding:
    """Whether the coding sequence fits an AAV6 donor between its arms."""
    rule, length = "donor.cargo_fits", target.transcript.coding_bases
    fits = 0 < length <= LONGEST_BP
    text = (
        f"The coding sequence of {length} bases fits an AAV6 donor, its own 3' end not yet counted."
        if fits
        else f"The coding sequence of {length} bases does not fit an AAV6 donor."
        if length
        else f"{target.transcript.transcript_id} codes for no protein."
    )
    return Finding(
        rule,
        Status.PASS if fits else Status.FAIL,
        text,
        value=f"{length} bp",
        threshold=f"{LONGEST_BP} bp",
        sources=("doi:10.1038/mt.2009.255",),
        checked=False,
    )
