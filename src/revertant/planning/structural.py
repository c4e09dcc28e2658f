"""What a structural allele means for the plan: its kind, and every route there is for it or is not."""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.genome import Reference
from revertant.model import Allele, Finding, Mechanism, Status, Structure, Variant
from revertant.variant import structure_of

__all__ = ["structural_findings", "structure_for"]

#: A case that states a repeat expansion has looked at the repeat: then any whole unit counts.
_ANY_UNIT_BP = 2

_STATUS = {
    "designed": Status.PASS,
    "elsewhere": Status.CAUTION,
    "limited": Status.CAUTION,
    "none": Status.NOT_APPLICABLE,
}
_WORDS = {
    "designed": "Designed here",
    "elsewhere": "Not designed by this version",
    "limited": "In part of the cases",
    "none": "Not a route",
}


def structure_for(variant: Variant, reference: Reference, mechanism: Mechanism) -> Structure | None:
    """Say what structural change a variant is; a stated repeat expansion is one however short it is.

    Examples
    --------
    >>> reference = Reference.from_sequences({"s": "TTAC" + "CAG" * 5 + "GTT"})
    >>> few = Variant("s", 4, "", "CAGCAG")
    >>> structure_for(few, reference, Mechanism.UNKNOWN) is None
    True
    >>> structure_for(few, reference, Mechanism.REPEAT_EXPANSION).words
    'repeat expansion of CAG from 5 to 7 units'
    """
    if mechanism is not Mechanism.REPEAT_EXPANSION:
        return structure_of(variant, reference)
    found = structure_of(variant, reference, least_bp=_ANY_UNIT_BP)
    return found if found is not None and found.is_repeat else structure_of(variant, reference)


def structural_findings(alleles: Sequence[Allele]) -> tuple[Finding, ...]:
    """List, for each structural allele, what it is and the routes that exist or do not, with reasons.

    Parameters
    ----------
    alleles
        The target's alleles.

    Examples
    --------
    >>> structural_findings(())
    ()
    """
    findings: list[Finding] = []
    kinds = []
    for allele in alleles:
        if allele.structure is None:
            continue
        findings.append(
            Finding(
                "structure.kind",
                Status.CAUTION,
                f"{allele.name} is a {allele.structure.words}; its ends are taken as stated, to the base. Long reads "
                "over both ends would confirm them.",
                value=allele.structure.kind.label,
            )
        )
        kinds.append(allele.structure.kind)
    findings += [
        Finding(
            f"structure.{row.key}",
            _STATUS[row.verdict],
            f"{_WORDS[row.verdict]}: {row.route}. {row.statement}",
            value=row.verdict,
            sources=row.sources,
            checked=row.checked,
        )
        for kind in dict.fromkeys(kinds)
        for row in knowledge.structural_routes(kind)
    ]
    return tuple(findings)
