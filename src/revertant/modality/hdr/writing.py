"""How a donor is written down: for tables, for ordering, and what is not predicted of it."""

from __future__ import annotations

from revertant.modality.hdr.donors import DONOR_RULES
from revertant.modality.hdr.placing import Placed
from revertant.modality.recut import Shield
from revertant.model import Donor, Estimate, Oligo

__all__ = ["donor_facts", "donor_oligo", "not_predicted", "stopped_by"]


def not_predicted() -> Estimate:
    """Return the estimate of a share that nothing in this version predicts."""
    return Estimate(
        None,
        "share of edited alleles, 0 to 1",
        "how many cells repair from a donor depends on cells and dose and is not predicted",
        in_domain=False,
    )


def stopped_by(placed: Placed) -> str:
    """Say what keeps the nuclease from cutting the repaired allele."""
    part = "PAM" if placed.blocking.shield is Shield.PAM else "seed"
    return f"{part}, {'by silent changes' if placed.blocking.changes else 'by the edit itself'}"


def donor_facts(donor: Donor) -> tuple[tuple[str, str], ...]:
    """Say what a donor is, for tables."""
    copies: dict[tuple[str, ...], str] = {("putative",): "a putative copy", ("reference",): "the reference"}
    own = copies.get(donor.haplotypes, f"copy {' and '.join(donor.haplotypes)}")
    strand = donor.left_arm.strand
    facts = [
        ("donor", donor.kind.value),
        ("donor_nt", str(len(donor.sequence))),
        ("arms_nt", f"{donor.left_arm_bp} and {donor.right_arm_bp}"),
        ("arms_read_from", own),
        ("own_variants_in_donor", ", ".join(map(str, donor.variants)) or "none"),
    ]
    if DONOR_RULES[donor.kind].single_stranded:
        facts.append(("donor_strand", f"{strand} strand, complementary to the strand with the PAM"))
    return tuple(facts)


def donor_oligo(donor: Donor) -> Oligo:
    """Write a donor down for ordering."""
    rule = DONOR_RULES[donor.kind]
    return Oligo("donor", donor.sequence, f"{rule.title}: {rule.note}")
