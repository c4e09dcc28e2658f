"""Whether prime editing can serve a target.

It writes any small change without a template and without a double-strand break.
"""

from __future__ import annotations

from revertant.genome import contig_name
from revertant.modality.mechanism import correction_helps
from revertant.modality.prime_editing.pegrna import LONGEST_EDIT_NT
from revertant.modality.prime_editing.twin import LONGEST_REPLACED_NT, LONGEST_WRITTEN_NT
from revertant.model import Allele, Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "prime_editing_strategies"]

NAME = "prime_editing"

SOURCES = (
    "doi:10.1038/s41586-019-1711-4",
    "doi:10.1038/s41587-024-02268-2",
    "doi:10.1038/s41587-021-01133-w",
)


def prime_editing_strategies(target: Target) -> tuple[Strategy, ...]:
    """Judge restoration by prime editing for each allele.

    Parameters
    ----------
    target
        The target, resolved on the genome.
    """
    strategies = []
    for allele in target.alleles:
        findings = (_size(allele), *_place(allele), correction_helps(target, allele))
        strategies.append(Strategy(NAME, Route.RESTORE_WILD_TYPE, target, findings, allele=allele))
    return tuple(strategies)


def _size(allele: Allele) -> Finding:
    """Whether one pegRNA, or two, can write the wild type over the allele."""
    written, replaced = len(allele.variant.ref), len(allele.variant.alt)
    length = max(written, replaced)
    one = length <= LONGEST_EDIT_NT
    two = written <= LONGEST_WRITTEN_NT and replaced <= LONGEST_REPLACED_NT
    if one:
        text = f"An edit of {length} bases is within what single pegRNAs write."
    elif two:
        text = f"An edit of {length} bases is beyond what single pegRNAs write; two on opposite strands can replace it."
    else:
        text = f"An edit of {length} bases is beyond what one pegRNA, or two, write."
    return Finding(
        "chemistry.edit_length",
        Status.PASS if one else Status.CAUTION if two else Status.FAIL,
        text,
        value=f"{length} bp",
        threshold=f"{LONGEST_EDIT_NT} bp; with two pegRNAs {LONGEST_WRITTEN_NT} bp written, {LONGEST_REPLACED_NT} bp "
        "replaced",
        sources=SOURCES,
        checked=False,
    )


def _place(allele: Allele) -> tuple[Finding, ...]:
    """Mitochondrial DNA is out of reach: guide RNAs are not brought into mitochondria."""
    name = contig_name(allele.variant.contig)
    if name is None or name.name != "MT":
        return ()
    return (
        Finding(
            "chemistry.mitochondrion",
            Status.FAIL,
            "The variant lies in mitochondrial DNA: no guide RNA is known to be brought there.",
            value="mitochondrial DNA",
            sources=("doi:10.1038/s41586-020-2477-4",),
            checked=False,
        ),
    )
