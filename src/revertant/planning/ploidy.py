"""How many copies a person has of a place, and whether the stated zygosity and sex fit to that."""

from __future__ import annotations

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference, builds, contig_name
from revertant.model import Finding, Sex, Status, Variant, Zygosity
from revertant.planning.inputs import Inputs

__all__ = ["check_ploidy", "sex_finding", "sex_of"]


def sex_of(inputs: Inputs) -> Sex:
    """Return the sex the case states, else what the VCF's genotypes on X hint at."""
    stated = inputs.case.subject.sex
    return inputs.vcf.sex_hint if stated is Sex.UNKNOWN and inputs.vcf is not None else stated


def sex_finding(inputs: Inputs) -> Finding | None:
    """Say when the VCF's genotypes on X do not fit the stated sex: swapped samples look like this."""
    stated, hint = inputs.case.subject.sex, inputs.vcf.sex_hint if inputs.vcf else Sex.UNKNOWN
    if Sex.UNKNOWN in {stated, hint} or stated is hint:
        return None
    return Finding(
        "vcf.sex",
        Status.CAUTION,
        f"The case says the person is {stated.value}, but the VCF's genotypes on X look {hint.value}: check that the "
        "VCF is this person's. The case's statement was taken.",
        value=hint.value,
        threshold=stated.value,
    )


def check_ploidy(
    variant: Variant,
    zygosity: Zygosity,
    sex: Sex,
    reference: Reference,
    findings: list[Finding],
    *,
    where: str = "",
) -> Zygosity:
    """Return the zygosity as it can be; a man's only X cannot carry a variant twice.

    Parameters
    ----------
    variant, zygosity, sex
        What is carried, how, and by whom.
    reference
        Its build decides where X and Y are alike.
    findings
        Cautions are added here.
    where
        The variant's place in the case, for the error.

    Raises
    ------
    IncompatibleInputsError
        Code ``hemizygous-autosome``.

    Examples
    --------
    >>> reference, found = Reference.from_sequences({"chrX": "ACGT"}, build="GRCh38"), []
    >>> variant = Variant("chrX", 1, "C", "T")
    >>> check_ploidy(variant, Zygosity.HOMOZYGOUS, Sex.MALE, reference, found).value, found[0].rule
    ('hemizygous', 'case.ploidy')
    """
    meant = contig_name(variant.contig)
    bare = meant.name if meant else ""
    if bare.isdigit() and zygosity is Zygosity.HEMIZYGOUS:
        raise IncompatibleInputsError(
            f"{variant} is said to be hemizygous, but chromosome {bare} has two copies.",
            where=where,
            remedy="State heterozygous or homozygous. If the other copy is deleted, state the deletion as a variant "
            "of its own.",
            code="hemizygous-autosome",
        )
    if bare not in {"X", "Y"} or _may_be_pseudoautosomal(bare, variant, reference.build):
        return zygosity
    said = f"{variant} is said to be {zygosity.value} in a person who is {sex.value}"
    because = ""
    if sex is Sex.MALE and zygosity is Zygosity.HETEROZYGOUS:
        because = (
            f"{said}, with one copy of {bare}: check sex and zygosity, or mosaicism or XXY must explain it."
        )
    elif sex is Sex.MALE and zygosity is Zygosity.HOMOZYGOUS:
        because = f"{said}, with one copy of {bare}; it was taken as hemizygous."
        zygosity = Zygosity.HEMIZYGOUS
    elif sex is Sex.FEMALE and bare == "Y":
        because = f"{variant} lies on Y, but the person is said to be female: check sex and variant."
    elif sex is Sex.FEMALE and zygosity is Zygosity.HEMIZYGOUS:
        because = f"{said}, with two copies of X: check sex and zygosity, or one X must be missing there."
    if because:
        findings.append(Finding("case.ploidy", Status.CAUTION, because, value=str(variant)))
    return zygosity


def _may_be_pseudoautosomal(bare: str, variant: Variant, build: str) -> bool:
    """Whether the place is alike on X and Y; in an unknown build, whether it is so in any build."""
    known = builds()
    chosen = [known[build]] if build in known else known.values()
    return any(
        name == bare and start <= variant.start < end for one in chosen for name, start, end in one.par
    )
