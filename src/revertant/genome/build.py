"""Whether variants and reference belong to the same genome build.

By chance a REF base agrees with a wrong build in a quarter of places, and up to 55 % were seen at 20
variants; a right build agrees practically always. So 20 variants decide, and fewer leave the question open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from revertant.errors import IncompatibleInputsError
from revertant.genome.reference import Reference
from revertant.model import Finding, Locus, Status

__all__ = ["ENOUGH_VARIANTS", "NEEDED_AGREEMENT", "check_build"]

#: Single-base variants needed for a verdict.
ENOUGH_VARIANTS = 20
#: Share of REF bases that must agree.
NEEDED_AGREEMENT = 0.99

_RULE = "genome.build"


def check_build(reference: Reference, snvs: Iterable[tuple[str, int, str]]) -> Finding:
    """Compare REF bases with the reference.

    Parameters
    ----------
    reference
        The reference in use.
    snvs
        ``(contig, 0-based position, REF base)`` of single-base variants. Places the reference does not cover,
        or where it has an ambiguous base, do not count.

    Returns
    -------
    Finding
        Pass when at least 99 % of at least 20 variants agree overall and on every contig with 20 or more;
        unknown when there are fewer.

    Raises
    ------
    IncompatibleInputsError
        Code ``wrong-build`` when too many disagree.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1": "ACGT" * 10})
    >>> check_build(reference, [("1", i, "ACGT"[i % 4]) for i in range(30)]).status.value
    'pass'
    >>> check_build(reference, [("1", 0, "A")]).status.value
    'unknown'
    """
    tried: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for contig, position, base in snvs:
        if position < 0 or len(base) != 1 or not reference.has_contig(contig):
            continue
        spelling = reference.canonical_contig(contig)
        if not reference.covers(Locus(spelling, position, position + 1)):
            continue
        found = reference.fetch(spelling, position, position + 1)
        if found in "ACGT":
            tried[spelling] += 1
            agreed[spelling] += found == base.upper()
    total, right = tried.total(), agreed.total()
    threshold = f"at least {NEEDED_AGREEMENT:.0%} of at least {ENOUGH_VARIANTS} single-base variants"
    if total < ENOUGH_VARIANTS:
        because = (
            f"Only {total} single-base variants lie in the reference: too few to confirm the genome build."
        )
        return Finding(_RULE, Status.UNKNOWN, because, value=f"{right} of {total} agree", threshold=threshold)
    # A wrong build can agree on one contig (the mitochondrion) and not on another, so each contig is judged
    # too.
    bad = [
        contig
        for contig, count in tried.items()
        if count >= ENOUGH_VARIANTS and agreed[contig] < NEEDED_AGREEMENT * count
    ]
    if right < NEEDED_AGREEMENT * total or bad:
        place = f" (contigs {', '.join(sorted(bad))})" if bad else ""
        raise IncompatibleInputsError(
            f"REF agrees with the reference at only {right} of {total} single-base variants{place}.",
            where=reference.name,
            remedy="The variants were called on another genome build: use the reference they were called on.",
            code="wrong-build",
        )
    known = f" ({reference.build})" if reference.build else ""
    because = f"REF agrees with the reference{known} at {right} of {total} single-base variants."
    return Finding(_RULE, Status.PASS, because, value=f"{right / total:.2%}", threshold=threshold)
