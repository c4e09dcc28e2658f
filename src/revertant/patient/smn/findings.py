"""What a reader of the copies must know, the required confirmation first."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.model import Finding, Status
from revertant.patient.smn.controls import Normaliser
from revertant.patient.smn.copies import DECISIVE_LOG10, SUPPORTING_LOG10, Copies
from revertant.patient.smn.result import ExonVariant, SmaStatus, TagCall
from revertant.patient.smn.risk import CarrierRisk, carrier_risks

__all__ = ["smn_findings"]

_METHOD = "doi:10.1038/s41436-020-0754-0"
_FREQUENCIES = "pmcid:PMC2729371"
_TAG = "pmcid:PMC9943720"
#: More spread between control bins than this is unusual and said: our own choice.
MUCH_SPREAD = 0.15


def smn_findings(
    copies: Copies,
    tag: TagCall,
    variants: Sequence[ExonVariant],
    norm: Normaliser,
    ancestry: CarrierRisk | None,
) -> tuple[Finding, ...]:
    """Say what the numbers mean and what they do not.

    Parameters
    ----------
    copies, tag, variants, norm
        What was found.
    ancestry
        The person's population, where it is named.
    """
    found = [_confirmation(copies), _presence(copies), _numbers(copies)]
    if copies.smn1.is_call and copies.smn1.best:
        found += [_carrier(copies.smn1.best, ancestry)]
        if copies.smn1.best >= 2:
            found.append(_tag(tag))
    found += [_small_variants(variants), _quality(norm)]
    return tuple(found)


def _confirmation(copies: Copies) -> Finding:
    because = (
        "Copies counted from short reads must be confirmed by a laboratory (MLPA or digital PCR) before they decide "
        "about a treatment, a diagnosis or a carrier: alone they never do. Even a laboratory's count of four copies "
        "of SMN2 has turned out to be three when a child fell ill."
    )
    value = f"SMN1 {copies.smn1.text}, SMN2 {copies.smn2.text} (in silico)"
    return Finding(
        "smn.confirm_by_mlpa_or_dpcr",
        Status.UNKNOWN,
        because,
        value=value,
        threshold="a laboratory's MLPA or digital PCR",
        sources=("doi:10.3233/JND-200475",),
    )


def _presence(copies: Copies) -> Finding:
    statuses = {
        SmaStatus.SMN1_ABSENT: Status.FAIL,
        SmaStatus.SMN1_PRESENT: Status.PASS,
        SmaStatus.NO_CALL: Status.UNKNOWN,
    }
    ratio = copies.log10_ratio
    return Finding(
        "smn.smn1_present",
        statuses[copies.status],
        copies.status_because,
        value="" if ratio is None else f"log10 ratio {ratio:.1f}",
        threshold=f"beyond {DECISIVE_LOG10:.0f} alone, beyond {SUPPORTING_LOG10:.0f} where all sites agree",
        sources=(_METHOD,),
    )


def _numbers(copies: Copies) -> Finding:
    rows = (copies.smn1, copies.smn2)
    missing = [row for row in rows if not row.is_call]
    if not missing:
        because = f"SMN1 and SMN2 were counted. {copies.smn1.because}"
        return Finding("smn.copies_called", Status.PASS, because, sources=(_METHOD,))
    names = " and ".join(row.what for row in missing)
    because = f"Copies of {names} were not called. {missing[0].because}"
    return Finding("smn.copies_called", Status.UNKNOWN, because, sources=(_METHOD,))


def _carrier(smn1: int, ancestry: CarrierRisk | None) -> Finding:
    if smn1 == 1:
        because = "One copy of SMN1: a carrier, unless the copies lie otherwise than they seem."
        return Finding("smn.carrier", Status.CAUTION, because, value="1 copy", sources=(_METHOD,))
    because = (
        f"{smn1} copies of SMN1 may all lie on one chromosome, and the person then is a carrier (2+0), or one copy "
        "may carry a small variant: counting cannot tell. "
    )
    rows = (
        [ancestry]
        if ancestry is not None
        else sorted(carrier_risks().values(), key=lambda r: r.residual_1_in)
    )
    if smn1 > 2:
        because += "The residual risk is published for two copies; with more it is smaller."
        return Finding("smn.carrier", Status.CAUTION, because, sources=(_FREQUENCIES,))
    risks = "; ".join(
        f"{row.name} 1 in {row.residual_1_in}{'' if row.checked else ' (not checked)'}" for row in rows
    )
    because += f"Residual risk of being a carrier with two copies and no family history: {risks}."
    return Finding(
        "smn.carrier",
        Status.CAUTION,
        because,
        value=f"1 in {rows[0].residual_1_in}" if len(rows) == 1 else "population not named",
        sources=(_FREQUENCIES,),
        checked=all(row.checked for row in rows),
    )


def _tag(tag: TagCall) -> Finding:
    copies = tag.copies
    value = f"G in {tag.g} of {tag.g + tag.t} fragments"
    threshold = "g.27134T>G"
    if copies.low is None:
        return Finding(
            "smn.two_on_one_chromosome_tag", Status.UNKNOWN, copies.because, value, threshold, (_TAG,)
        )
    if copies.high == 0:
        because = (
            "The tag of two copies on one chromosome, g.27134T>G, is absent. That lowers the risk of a 2+0 carrier and "
            "does not exclude it."
        )
        return Finding("smn.two_on_one_chromosome_tag", Status.PASS, because, value, threshold, (_TAG,))
    if tag.is_on_smn1 is False:
        because = (
            "g.27134T>G is there, but the fragments that show it show SMN2's bases: it says nothing on SMN1."
        )
        return Finding("smn.two_on_one_chromosome_tag", Status.PASS, because, value, threshold, (_TAG,))
    because = (
        "g.27134T>G is there: the risk of a 2+0 carrier is raised. With two copies and this tag the published risk of "
        "a silent carrier is 1.7 to 3.0 %; with the two haplotypes of the common African two-copy allele, which long "
        "reads show, it is 88.5 %."
    )
    return Finding("smn.two_on_one_chromosome_tag", Status.CAUTION, because, value, threshold, (_TAG,))


def _small_variants(variants: Sequence[ExonVariant]) -> Finding:
    rest = "Small insertions and deletions, deep introns and promoters were not looked at."
    if variants:
        named = "; ".join(f"{one.hgvs} in {one.gene}" for one in variants)
        because = f"Single-base variants in coding exons: {named}. Whether one of them harms is not judged here. {rest}"
        return Finding("smn.small_variants", Status.CAUTION, because, value=str(len(variants)))
    because = f"No single-base variant was found in the coding exons of SMN1 and SMN2. {rest}"
    return Finding("smn.small_variants", Status.UNKNOWN, because, value="0")


def _quality(norm: Normaliser) -> Finding:
    value = f"{norm.depth:.1f}x, deviation {norm.median_absolute_deviation:.3f}"
    threshold = f"deviation below {MUCH_SPREAD}"
    if norm.median_absolute_deviation > MUCH_SPREAD:
        because = "The control regions vary much: the library is uneven, and copies by depth are less sure."
        return Finding("smn.even_coverage", Status.CAUTION, because, value, threshold, (_METHOD,))
    because = f"{norm.bins_used} of {norm.bins_read} control regions set the scale."
    return Finding("smn.even_coverage", Status.PASS, because, value, threshold, (_METHOD,))
