"""Does the patient's VCF deny what the case states? Silence is a caution; a firm 0/0 stops the plan.

A VCF that leaves a variant out may have failed to see it: indels in repeats, low coverage, a panel that ends
elsewhere. One that says the person has the reference on every copy cannot belong to a case that says the
opposite, and a plan made from both would be for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

from revertant.errors import IncompatibleInputsError
from revertant.genome import PatientGenome
from revertant.model import CaseVariant, Finding, Status, Variant, Zygosity
from revertant.planning.inputs import Inputs
from revertant.planning.ploidy import sex_finding
from revertant.variant import GenotypeSeen, Seen, genotypes_of

__all__ = ["ask_vcf", "file_findings", "uncalled_finding"]


def ask_vcf(inputs: Inputs, variants: Iterable[Variant]) -> dict[Variant, GenotypeSeen]:
    """Ask the VCF, in one pass, about those variants that are not among its calls; empty without a VCF."""
    if inputs.vcf is None:
        return {}
    calls = inputs.vcf.calls
    missing = [variant for variant in dict.fromkeys(variants) if not calls.of_variant(variant)]
    if not missing or not inputs.vcf_path:
        return {variant: GenotypeSeen(variant, Seen.NO_RECORD) for variant in missing}
    found = genotypes_of(inputs.vcf_path, inputs.reference, inputs.vcf.sample, missing)
    return dict(zip(missing, found, strict=True))


def file_findings(inputs: Inputs, genome: PatientGenome) -> tuple[Finding, ...]:
    """Say what a reader must know of the VCF as a whole, or of the sample that was named without one."""
    if inputs.vcf is None:
        if not inputs.case.files.sample:
            return ()
        because = (
            "A sample is named, but no VCF: the plan knows nothing of this person beyond the case's variants."
        )
        return (Finding("case.sample_unused", Status.CAUTION, because),)
    found = [*inputs.vcf.findings]
    if contradiction := sex_finding(inputs):
        found.append(contradiction)
    if genome.refused:
        tally = genome.tally
        reasons = "; ".join(f"{reason} ({count})" for reason, count in tally.refused)
        because = (
            f"Some calls could not be laid over the reference and are not part of the genome: {reasons}."
        )
        value = f"{len(genome.refused)} of {tally.read} calls"
        found.append(Finding("vcf.calls_placed", Status.CAUTION, because, value=value))
    return tuple(found)


def uncalled_finding(stated: CaseVariant, seen: GenotypeSeen) -> Finding:
    """Say why a variant of the case is not among the VCF's calls.

    Raises
    ------
    IncompatibleInputsError
        Code ``vcf-contradicts-case`` when the VCF says that the person does not carry it.
    """
    if seen.seen is Seen.ABSENT:
        raise _contradiction(stated, seen)
    said = {
        Seen.NO_RECORD: f"The VCF does not hold {seen.variant}",
        Seen.MISSING: f"The VCF makes no firm call of {seen.variant} (genotype {seen.genotype})",
        Seen.CARRIED: f"The VCF holds {seen.variant} ({seen.genotype}) only in a record that could not be used "
        f"(FILTER {seen.filters})",
    }[seen.seen]
    because = f"{said}; it was added to the patient's genome as the case states it."
    return Finding("vcf.holds_variant", Status.CAUTION, because, value=str(seen.variant))


def _contradiction(stated: CaseVariant, seen: GenotypeSeen) -> IncompatibleInputsError:
    claim = "carried" if stated.zygosity is Zygosity.UNKNOWN else stated.zygosity.value
    return IncompatibleInputsError(
        f"The case says {seen.variant} is {claim}, but the VCF says that this person does not carry it: "
        f"genotype {seen.genotype} at {seen.record}.",
        where=stated.path,
        remedy="Usual causes: swapped samples, another person's file, or the wrong sample of a family's file. "
        "Give the patient's own VCF and sample, or correct the case; without a VCF the case alone is planned.",
        code="vcf-contradicts-case",
    )
