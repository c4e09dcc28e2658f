"""Does this kind of change help against this mechanism? One rule, one place, for every modality.

Correcting an allele helps whatever the mechanism. Everything else depends on it: silencing a gene that is
already lacking makes the disease worse, adding a healthy copy does not stop a toxic one. An unknown mechanism
gives *unknown*, and unknown never makes a strategy eligible.
"""

from __future__ import annotations

from revertant import knowledge
from revertant.model import Allele, Finding, Mechanism, Site, Status, Target, Zygosity

__all__ = [
    "addition_helps",
    "allele_specific_knock_out_helps",
    "correction_helps",
    "knock_out_helps",
    "raising_helps",
    "site_disruption_helps",
    "skipping_helps",
    "wrong_site_shown",
]

# "Splice" alone says how an allele goes wrong, not whether its product is lacking or harmful: it is in neither.
_LACKING = frozenset({Mechanism.LOSS_OF_FUNCTION, Mechanism.HAPLOINSUFFICIENCY})
_HARMFUL = frozenset({Mechanism.GAIN_OF_FUNCTION, Mechanism.DOMINANT_NEGATIVE})
#: Dominant repeat expansions act through toxic products, recessive ones through loss (review).
_DOMINANT_REPEATS = ("doi:10.1146/annurev.neuro.29.051605.113042",)

_ASK = "State the mechanism in the case (variants[].mechanism) if it is established."


def _words(mechanism: Mechanism) -> str:
    return mechanism.value.replace("_", " ")


def _by_mechanism(rule: str, status: Status, because: str, target: Target) -> Finding:
    return Finding(rule, status, because, value=_words(target.mechanism), sources=target.sources)


def _unknown(rule: str, target: Target) -> Finding:
    return Finding(
        rule,
        Status.UNKNOWN,
        f"How variants of {target.gene} cause this disease is not established here, so this route cannot be "
        f"judged. {_ASK}",
        value=_words(target.mechanism),
    )


def correction_helps(target: Target, allele: Allele) -> Finding:
    """Judge whether giving the allele its wild-type product back helps: it does, whatever the mechanism."""
    return Finding(
        "mechanism.correction",
        Status.PASS,
        f"Removing {allele.name} itself helps whether the allele is missing, toxic or mis-spliced.",
        value=_words(target.mechanism),
        sources=target.sources,
    )


def knock_out_helps(target: Target) -> Finding:
    """Judge whether destroying every copy of the gene helps: a harmful product, and a gene one can do without."""
    rule = "mechanism.knock_out"
    every = "takes every copy" if target.biallelic else "hits the other copy too"
    if target.dispensable is False:
        return Finding(
            rule,
            Status.FAIL,
            f"A knock-out of {target.gene} {every}, and people without {target.gene} are ill.",
            value="loss of both copies causes disease",
            sources=target.sources,
        )
    if target.mechanism in _LACKING:
        return _by_mechanism(
            rule,
            Status.FAIL,
            f"{target.gene} makes disease by {_words(target.mechanism)}: knocking it out takes away what is left.",
            target,
        )
    if target.haploinsufficient:
        return Finding(
            rule,
            Status.FAIL,
            f"One lost copy of {target.gene} already makes disease (haploinsufficient): knocking it out is refused.",
            value="haploinsufficient",
            sources=target.sources,
        )
    if target.mechanism not in _HARMFUL:
        return _unknown(rule, target)
    if target.dispensable is None:
        return _by_mechanism(
            rule,
            Status.UNKNOWN,
            f"A knock-out of {target.gene} {every}; whether people can do without it is not known here.",
            target,
        )
    return _by_mechanism(
        rule,
        Status.CAUTION,
        f"The product of {target.gene} does the harm and people can do without it; a knock-out {every}.",
        target,
    )


def allele_specific_knock_out_helps(target: Target, allele: Allele) -> Finding:
    """Judge whether destroying only the pathogenic copy helps: a harmful product, and a healthy copy to spare."""
    rule = "mechanism.allele_specific_knock_out"
    if target.mechanism in _LACKING:
        return _by_mechanism(
            rule,
            Status.FAIL,
            f"{target.gene} makes disease by {_words(target.mechanism)}: silencing an allele does not bring the "
            "product back.",
            target,
        )
    if allele.consequence.is_truncating:
        return Finding(
            rule,
            Status.FAIL,
            f"{allele.name} already cuts the product short ({allele.consequence.worst.value.replace('_', ' ')}): a "
            "knock-out of this copy changes little. If it truly does harm, its product escapes decay; show that first.",
            value=allele.consequence.worst.value,
        )
    if allele.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS}:
        return Finding(
            rule,
            Status.FAIL,
            f"{allele.name} is {allele.zygosity.value}: there is no healthy copy to spare.",
            value=allele.zygosity.value,
        )
    if target.haploinsufficient:
        return Finding(
            rule,
            Status.FAIL,
            f"One lost copy of {target.gene} already makes disease (haploinsufficient): the single healthy copy "
            "left would not be enough.",
            value="haploinsufficient",
            sources=target.sources,
        )
    is_dominant_repeat = target.mechanism is Mechanism.REPEAT_EXPANSION and target.inheritance == "AD"
    if target.mechanism not in _HARMFUL and not is_dominant_repeat:
        return _unknown(rule, target)
    if allele.zygosity is Zygosity.UNKNOWN:
        return Finding(
            rule, Status.UNKNOWN, "The zygosity is not stated, so a healthy copy cannot be assumed."
        )
    if is_dominant_repeat:
        return Finding(
            rule,
            Status.CAUTION,
            "An expanded repeat that makes disease in one copy acts mostly through a toxic RNA or protein; whether it "
            f"does here, and that one copy of {target.gene} is enough, has to be shown.",
            value=f"{_words(target.mechanism)}, dominant",
            sources=_DOMINANT_REPEATS,
            checked=False,
        )
    if target.haploinsufficient is None:
        return _by_mechanism(
            rule,
            Status.CAUTION,
            f"The product of this allele does the harm; whether one copy of {target.gene} is enough is not known.",
            target,
        )
    return _by_mechanism(
        rule,
        Status.PASS,
        f"The product of this allele does the harm, and one healthy copy of {target.gene} is enough.",
        target,
    )


def addition_helps(target: Target) -> Finding:
    """Judge whether a further healthy copy of the gene helps."""
    rule = "mechanism.addition"
    if target.mechanism in _HARMFUL and target.inheritance == "AR":
        return Finding(
            rule,
            Status.CAUTION,
            f"The product of the pathogenic allele does the harm, but carriers with one healthy {target.gene} are "
            "well (recessive): a healthy copy helps if it is made in a like amount.",
            value=f"{_words(target.mechanism)}, recessive",
            sources=target.sources,
        )
    if target.mechanism in _HARMFUL:
        return _by_mechanism(
            rule,
            Status.FAIL,
            f"The product of the pathogenic allele does the harm ({_words(target.mechanism)}): adding a healthy "
            f"{target.gene} does not stop it.",
            target,
        )
    if target.mechanism not in _LACKING:
        return _unknown(rule, target)
    if target.biallelic is False and target.inheritance == "AR":
        return Finding(
            rule,
            Status.FAIL,
            f"A working copy of {target.gene} is left, and carriers of a recessive disease are well: nothing lacks.",
            value="a working copy is left",
            sources=target.sources,
        )
    if target.biallelic is None and not target.alleles:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"It is not known whether a working copy of {target.gene} is left: neither a laboratory's count of its "
            "copies nor variants on both say so.",
        )
    return _by_mechanism(
        rule,
        Status.PASS,
        f"{target.gene} is lacking ({_words(target.mechanism)}): a working copy replaces it.",
        target,
    )


def raising_helps(target: Target) -> Finding:
    """Judge whether more product of the gene as it stands helps: only when a healthy copy is there to be raised."""
    rule = "mechanism.raise_expression"
    if target.biallelic:
        return Finding(
            rule,
            Status.FAIL,
            f"No intact copy of {target.gene} is left: raising its expression raises the broken product.",
        )
    if target.mechanism in _HARMFUL:
        return _by_mechanism(
            rule,
            Status.FAIL,
            f"More of a harmful product ({_words(target.mechanism)}) does more harm.",
            target,
        )
    if target.mechanism not in _LACKING:
        return _unknown(rule, target)
    if target.biallelic is None:
        return Finding(rule, Status.UNKNOWN, "It is not known whether an intact copy is left to be raised.")
    return _by_mechanism(
        rule, Status.PASS, (f"One intact copy of {target.gene} is left and can be raised."), target
    )


def skipping_helps(target: Target, allele: Allele) -> Finding:
    """Judge whether a product without the exons around the allele helps: it must be better than what is there now."""
    rule = "mechanism.exon_skipping"
    if target.mechanism in _LACKING or allele.consequence.is_truncating:
        return _by_mechanism(
            rule,
            Status.PASS,
            f"{target.gene} lacks a product: one that is shorter may do part of its work.",
            target,
        )
    return _by_mechanism(
        rule,
        Status.CAUTION,
        f"The changed part goes with its exon, whatever it does; that the shorter product of {target.gene} does no "
        "harm of its own has to be shown.",
        target,
    )


def site_disruption_helps(target: Target, site: Site) -> Finding:
    """Judge whether destroying a named regulatory site treats the target's disease."""
    return Finding(
        "mechanism.regulatory_site",
        Status.PASS,
        f"{site.purpose} This does not depend on the variant in {target.gene}.",
        value=site.name,
        sources=site.sources,
        checked=site.checked,
    )


def wrong_site_shown(target: Target, allele: Allele) -> Finding | None:
    """Say who holds that an allele makes a wrong splice site: the case, or the catalogue of genes.

    Parameters
    ----------
    target
        The target; its mechanism may state it.
    allele
        The allele; the catalogue may know it.

    Returns
    -------
    Finding or None
        A caution, as only RNA of the person shows it; ``None`` where nobody holds it. A prediction does not count.
    """
    rule = "splice.wrong_site"
    if target.mechanism is Mechanism.SPLICE:
        because = f"{allele.name} is stated to act through splicing; confirm on RNA."
        return Finding(rule, Status.CAUTION, because, value="stated")
    fact = knowledge.find_gene(target.gene)
    known = fact.wrong_site_of(allele.consequence.hgvs_c) if fact is not None else None
    if known is None:
        return None
    because = f"{allele.name} is known to make a wrong splice site; confirm on RNA. {known.because}"
    return Finding(rule, Status.CAUTION, because, value="known", sources=known.sources, checked=known.checked)
