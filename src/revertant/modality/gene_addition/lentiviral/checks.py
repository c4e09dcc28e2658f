"""The rules a lentiviral construct must answer."""

from __future__ import annotations

import re
from functools import cache

from revertant.knowledge import vector_parts
from revertant.modality.gene_addition.lentiviral.follow_up import (
    SKYSONA_LABEL,
    copy_number_finding,
    follow_up_findings,
)
from revertant.model import Construct, Feature, FeatureKind, Finding, GenomeForm, Status

__all__ = ["lentiviral_findings", "lentiviral_length_finding"]

#: What suppliers and programmes work with between the LTRs; Kumar 2001 found no absolute limit.
PRACTICAL_BP = 9000
#: Beyond this no proviral length was titred by Kumar 2001 in what was read.
LONGEST_TITRED_BP = 18_000
LENGTH_SOURCES = (
    "doi:10.1089/104303401753153947",
    "url:https://tailored-genes.com/faq/what-is-the-maximum-gene-capacity-of-a-lv-vector/",
)

#: A whole HIV-1 LTR, and one without the 400 bases of U3 that start transcription (Zufferey 1998).
WHOLE_LTR_BP = 634
SELF_INACTIVATING_LTR_BP = WHOLE_LTR_BP - 400
SELF_INACTIVATING_SOURCES = ("doi:10.1128/JVI.72.12.9873-9880.1998",)

#: An insert of this length in the 3' LTR lowered titre by more than an order of magnitude, whatever its sequence.
LTR_INSERT_BP = 1200
#: A 77-bp insulator in the LTR worked; what lies between the two lengths was not read.
SMALL_INSERT_BP = 77
INSULATOR_SOURCES = (
    "url:https://ashpublications.org/blood/article/112/11/2359/61124",
    "url:https://ashpublications.org/blood/article/110/11/3734/58197",
    "pmcid:PMC2605779",
)

#: Promoters and enhancers of retroviruses, as they are named on maps: each can switch on a gene beside it.
RETROVIRAL_NAMES = frozenset({"mndu3", "mnd", "sffv", "mscv", "mpsv", "mmlv", "rsv", "ltr"})
#: Promoters of the cell, ubiquitous or of one lineage.
CELLULAR_NAMES = frozenset(
    {
        "pgk", "hpgk", "mpgk", "efs", "ef1a", "ef1", "eef1a1", "efs1a", "ubc", "hbb", "globin", "was", "cd68", "b29",
        "gp91", "synapsin", "syn1", "hsyn", "ttr", "albumin", "gata1", "ank1", "ankyrin",
    }
)  # fmt: skip


def lentiviral_findings(construct: Construct, part_keys: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Apply every lentiviral rule to one construct.

    Parameters
    ----------
    construct
        A construct of form ``LENTIVIRAL``, its features annotated.
    part_keys
        Further catalogue keys to be judged as promoters, for parts that no feature names.

    Returns
    -------
    tuple[Finding, ...]
        Length and titre, self-inactivation, promoter, insulator, copy number and follow-up; one finding that says so
        for another form.

    Examples
    --------
    >>> from revertant.model import Construct, Feature, FeatureKind, GenomeForm
    >>> parts = (
    ...     Feature(FeatureKind.LTR, "5' LTR", 0, 181),
    ...     Feature(FeatureKind.PROMOTER, "SFFV", 1000, 1500),
    ...     Feature(FeatureKind.LTR, "3' LTR (SIN)", 3000, 3234),
    ... )
    >>> construct = Construct("x", GenomeForm.LENTIVIRAL, "A" * 3234, parts, (0, 3234))
    >>> [f"{f.rule}: {f.status.value}" for f in lentiviral_findings(construct)][2]
    'lentiviral.promoter: fail'
    """
    if construct.form is not GenomeForm.LENTIVIRAL:
        return (
            Finding(
                "lentiviral.length", Status.NOT_APPLICABLE, f"{construct.form} is not a lentiviral vector."
            ),
        )
    return (
        lentiviral_length_finding(_between_ltrs(construct)),
        _self_inactivating(construct),
        _promoter(construct, part_keys),
        _insulator(construct),
        copy_number_finding(None),
        *follow_up_findings(),
    )


def lentiviral_length_finding(provirus_bp: int) -> Finding:
    """Hold a length from LTR to LTR against what is practical.

    Parameters
    ----------
    provirus_bp
        From the first base of the 5' LTR to the last of the 3' LTR.

    Examples
    --------
    >>> lentiviral_length_finding(8_200).status, lentiviral_length_finding(12_000).status
    (<Status.PASS: 'pass'>, <Status.CAUTION: 'caution'>)
    """
    rule, value = "lentiviral.length", f"{provirus_bp:,} bp from LTR to LTR"
    threshold = f"{PRACTICAL_BP:,} bp in practice; no hard limit"
    if provirus_bp <= PRACTICAL_BP:
        return Finding(
            rule,
            Status.PASS,
            "Within what is packaged in practice. Titre falls semi-logarithmically with every further base.",
            value,
            threshold,
            LENGTH_SOURCES,
        )
    seen = (
        "measurable titres were seen beyond 18 kb, of limited use"
        if provirus_bp <= LONGEST_TITRED_BP
        else "longer than what was titred"
    )
    return Finding(
        rule,
        Status.CAUTION,
        f"Longer than what is packaged in practice: {seen}. Titre falls by a constant factor with each further "
        "kilobase; how large that factor is depends on the vector and was not read.",
        value,
        threshold,
        LENGTH_SOURCES,
    )


def _between_ltrs(construct: Construct) -> int:
    ltrs = construct.of_kind(FeatureKind.LTR)
    if len(ltrs) < 2:
        return construct.packaged_bp
    return max(ltr.end for ltr in ltrs) - min(ltr.start for ltr in ltrs)


def _three_prime_ltr(construct: Construct) -> Feature | None:
    ltrs = construct.of_kind(FeatureKind.LTR)
    return max(ltrs, key=lambda ltr: ltr.end) if len(ltrs) >= 2 else None


def _inside(feature: Feature, outer: Feature) -> bool:
    return outer.start <= feature.start and feature.end <= outer.end


def _self_inactivating(construct: Construct) -> Finding:
    """What the 3' LTR keeps of U3 ends up at both ends of the provirus."""
    rule, threshold = (
        "lentiviral.self_inactivating",
        f"3' LTR of {SELF_INACTIVATING_LTR_BP} bp, inserts not counted",
    )
    ltr = _three_prime_ltr(construct)
    if ltr is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            "Two LTRs are not annotated: whether the vector inactivates its own promoter is not known.",
            threshold=threshold,
            sources=SELF_INACTIVATING_SOURCES,
            checked=False,
        )
    inserts = sum(
        len(feature) for feature in construct.of_kind(FeatureKind.INSULATOR) if _inside(feature, ltr)
    )
    kept = len(ltr) - inserts
    if kept <= SELF_INACTIVATING_LTR_BP + 10:
        status, text = (
            Status.PASS,
            "The 3' LTR has lost the enhancer and promoter of U3: the provirus has none at its ends.",
        )
    elif kept >= WHOLE_LTR_BP - 10:
        status, text = (
            Status.FAIL,
            "The 3' LTR is whole: the provirus would carry the viral promoter at both ends.",
        )
    else:
        status, text = (
            Status.UNKNOWN,
            "The 3' LTR is partly deleted; whether its promoter is gone must be read on the sequence.",
        )
    return Finding(rule, status, text, f"{kept} bp", threshold, SELF_INACTIVATING_SOURCES, checked=False)


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower().replace("α", "a")))


@cache
def _oncogenic() -> frozenset[str]:
    """What the catalogue knows or suspects to switch on neighbouring genes, as the last word of its key."""
    return frozenset(key.rpartition("_")[2] for key, part in vector_parts().items() if part.oncogenic)


def _promoter(construct: Construct, part_keys: tuple[str, ...]) -> Finding:
    rule, threshold = "lentiviral.promoter", "a promoter of the cell or of its lineage"
    # What stands before the 5' LTR drives the RNA in the producer cell, and is not packaged.
    begins = min((ltr.start for ltr in construct.of_kind(FeatureKind.LTR)), default=0)
    kinds = (*construct.of_kind(FeatureKind.PROMOTER), *construct.of_kind(FeatureKind.ENHANCER))
    features = [feature for feature in kinds if feature.start >= begins]
    named = [(feature.name, _tokens(feature.name) | _tokens(feature.part)) for feature in features]
    named += [(key, _tokens(key)) for key in part_keys]
    strong = sorted({name for name, tokens in named if tokens & (RETROVIRAL_NAMES | _oncogenic())})
    if strong:
        return Finding(
            rule,
            Status.FAIL,
            f"{', '.join(strong)} is a strong retroviral promoter or enhancer: it can switch on the gene beside which "
            "it lands. Lenti-D, whose promoter is MNDU3, led to leukaemia 14 months to 7.5 years later. Take a "
            "promoter of the cell, such as PGK or EFS, or of the lineage.",
            ", ".join(strong),
            threshold,
            (SKYSONA_LABEL,),
            checked=False,
        )
    cellular = sorted({name for name, tokens in named if tokens & CELLULAR_NAMES})
    if cellular and len(cellular) == len({name for name, _ in named}):
        return Finding(
            rule,
            Status.PASS,
            f"{', '.join(cellular)} is a promoter of the cell. That lowers the risk of switching on a neighbour; it "
            "does not end it.",
            ", ".join(cellular),
            threshold,
            (SKYSONA_LABEL,),
            checked=False,
        )
    others = ", ".join(sorted({name for name, _ in named} - set(cellular))) or "no promoter is annotated"
    return Finding(
        rule,
        Status.UNKNOWN,
        f"Whether this promoter acts on genes beside it is not known to the catalogue: {others}. Test it by "
        "immortalisation or insertional transformation assays.",
        others,
        threshold,
    )


def _insulator(construct: Construct) -> Finding:
    rule = "lentiviral.insulator"
    threshold = f"none of about {LTR_INSERT_BP:,} bp in the 3' LTR"
    insulators = construct.of_kind(FeatureKind.INSULATOR)
    if not insulators:
        return Finding(rule, Status.NOT_APPLICABLE, "The vector carries no insulator.", threshold=threshold)
    ltr = _three_prime_ltr(construct)
    if ltr is None:
        return Finding(rule, Status.UNKNOWN, "Two LTRs are not annotated.", threshold=threshold)
    inserted = sum(len(feature) for feature in insulators if _inside(feature, ltr))
    value = f"{inserted} bp in the 3' LTR"
    if inserted == 0:
        return Finding(
            rule,
            Status.PASS,
            "The insulator lies inside the vector, where 1.2 kb more did not lower titre. It is not copied to both "
            "ends.",
            value,
            threshold,
            INSULATOR_SOURCES[:2],
        )
    if inserted <= SMALL_INSERT_BP:
        return Finding(
            rule,
            Status.PASS,
            "A 77-bp insulator in the LTR keeps the titre.",
            value,
            threshold,
            INSULATOR_SOURCES[2:],
        )
    if inserted < LTR_INSERT_BP:
        return Finding(
            rule,
            Status.CAUTION,
            "Titre falls with the length of what stands in the 3' LTR, whatever its sequence; by how much at this "
            "length was not read.",
            value,
            threshold,
            INSULATOR_SOURCES[:2],
        )
    return Finding(
        rule,
        Status.FAIL,
        "An insert as long as the 1.2-kb cHS4 in the 3' LTR cuts titre more than tenfold, whatever its sequence; "
        "inside the vector it costs nothing. Move it, or take a short one.",
        value,
        threshold,
        INSULATOR_SOURCES[:2],
    )
