"""Single-base variants in the coding exons: in SMN1 or in SMN2, since most reads fit both.

Small insertions and deletions are not looked for: aligners place them differently in the two genes.
"""

from __future__ import annotations

import math

from revertant.patient.smn.counts import ExonBases, ReadCounts
from revertant.patient.smn.depth import LEAST_POSTERIOR, MOST_COPIES
from revertant.patient.smn.intervals import copy_range, unknown_range
from revertant.patient.smn.loci import Exon, exons, voting_sites
from revertant.patient.smn.result import CopyRange, ExonVariant
from revertant.patient.smn.sites import ERROR, share_posterior

__all__ = ["exon_variants"]

#: A variant needs so many fragments, and to be this much likelier than errors: our own choices.
FEWEST_FRAGMENTS = 4
LEAST_LOG10_RATIO = 4.0
#: Fragments that must join a variant to one gene's bases, with none against, to name the gene.
FEWEST_LINKED = 3


def exon_variants(counts: ReadCounts, total: CopyRange, full_length: CopyRange) -> tuple[ExonVariant, ...]:
    """Find the single-base variants.

    Parameters
    ----------
    counts
        What was read.
    total, full_length
        Copies of exons 1-6 and of exons 7-8; a variant's copies are counted of them where they are called.
    """
    sites = {site.smn1_position - 1 for site in voting_sites()}
    found = []
    for exon, bases in zip(exons(), counts.exon_bases, strict=True):
        copies = full_length if exon.name == "7" else total
        for offset in range(len(exon.letters)):
            # The sites by which the genes differ are no variants.
            if exon.smn1_start - exon.FLANK + offset not in sites:
                made = (_variant(exon, bases, offset, base, copies) for base in "ACGT")
                found += [one for one in made if one is not None]
    return tuple(found)


def _variant(exon: Exon, bases: ExonBases, offset: int, base: str, copies: CopyRange) -> ExonVariant | None:
    """Judge one base at one place; ``None`` when errors explain it."""
    reference = exon.letters[offset]
    count = dict(zip("ACGT", bases.counts[offset], strict=True))
    seen, rest = count[base], count[reference]
    if base == reference or seen < FEWEST_FRAGMENTS or _log10_ratio(seen, rest, copies) < LEAST_LOG10_RATIO:
        return None
    linked = {(place, letter): (smn1, smn2) for place, letter, smn1, smn2 in bases.linked}
    smn1, smn2 = linked.get((offset, base), (0, 0))
    gene = "SMN1 or SMN2"
    if smn1 >= FEWEST_LINKED and not smn2:
        gene = "SMN1"
    elif smn2 >= FEWEST_LINKED and not smn1:
        gene = "SMN2"
    return ExonVariant(
        gene=gene,
        hgvs=f"NM_000344.4:c.{exon.hgvs_position(offset)}{reference}>{base}",
        exon=exon.name,
        reference_fragments=rest,
        variant_fragments=seen,
        copies=_carriers(seen, rest, copies),
        linked_to_smn1=smn1,
        linked_to_smn2=smn2,
    )


def _log10_ratio(seen: int, rest: int, copies: CopyRange) -> float:
    """Compare one carrying copy or more with none, of the copies there are, or of the most that are counted."""
    of = copies.best if copies.is_call and copies.best else MOST_COPIES
    shares = [min(1 - ERROR, carriers / of) for carriers in range(1, of + 1)]
    best = max(seen * math.log(share) + rest * math.log(1 - share) for share in shares)
    none = seen * math.log(ERROR) + rest * math.log(1 - ERROR)
    return (best - none) / math.log(10)


def _carriers(seen: int, rest: int, copies: CopyRange) -> CopyRange:
    """Copies that carry a variant, of all copies of both genes."""
    what = "copies with the variant"
    if not copies.is_call or not copies.best:
        return unknown_range(what, "copies-not-called", "How many copies there are in all was not called.")
    found = share_posterior(seen, rest, copies.best)
    best = max(found, key=lambda number: found[number])
    return copy_range(
        what,
        found,
        is_call=found[best] >= LEAST_POSTERIOR,
        code="share-of-reads",
        because=f"{seen} of {seen + rest} fragments, {copies.best} copies in all.",
    )
