"""Donors, cuts and blocking changes, worked out a second time from the sequence."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modality_cases import (
    allele_of,
    both,
    first_copy,
    fits,
    flip,
    haplotype,
    person,
    protein_of,
    second_copy,
    splice_letters,
    target_of,
    toy_gene,
)

from revertant import knowledge
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.hdr import HDR
from revertant.modality.hdr.donors import DONOR_RULES, repaired
from revertant.modality.hdr.eligibility import LONGEST_BP
from revertant.model import (
    Call,
    Case,
    CaseVariant,
    Donor,
    DonorKind,
    Effect,
    Locus,
    Route,
    Status,
    Strand,
    Subject,
    Variant,
    Zygosity,
)

DEMO = files("revertant.cli") / "demo_data"
CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
SICKLE = Variant("chr11", 5227001, "T", "A")
R02 = "CTTGCCCCACAGGGCAGTAA"
SOME = ("spcas9", "sacas9", "nme2cas9", "ascas12a", "enascas12a", "spry")
BLOOD = ("haematopoietic stem cell",)


@pytest.fixture(scope="module")
def hbb():
    reference = Reference.open(DEMO / "loci.GRCh38.fa")
    models = load_gene_models(DEMO / "HBB.GRCh38.gtf", reference)
    return reference, models, models.choose("HBB").transcript


def batch_of(genome, models, target, **options):
    strategy = HDR.eligibility(target, CASE)[0]
    assert strategy.is_eligible
    return strategy, HDR.design(strategy, genome, models, DesignOptions(**options))


def assessed(design, strategy, genome, models, called=None):
    context = AssessmentContext(CASE, strategy, genome, models, None, called)
    return {finding.rule: finding for finding in HDR.assess(design, context).findings}


def forward(donor):
    """The donor as it reads on the forward strand, with its arms in forward order."""
    if donor.left_arm.strand is Strand.PLUS:
        return donor.sequence, donor.left_arm_bp, donor.right_arm_bp
    return flip(donor.sequence), donor.right_arm_bp, donor.left_arm_bp


def swapped(bases, donor):
    """What two crossovers, one in each arm, leave: found by splitting at the arms' inner ends."""
    text, left, right = forward(donor)
    before, middle_and_right = bases.split(text[:left])
    _, behind = middle_and_right.split(text[len(text) - right :])
    return before + text + behind


# Sickle cell disease, the published cut.


def test_the_published_sickle_guide_is_designed(hbb):
    """Row R02 of published guides: spacer and PAM as measured in K562 (Haeussler 2016 table)."""
    reference, models, transcript = hbb
    genome = person(reference, both(SICKLE))
    target = target_of(transcript, allele_of(SICKLE, transcript, reference), tissues=BLOOD)
    strategy, batch = batch_of(genome, models, target, most_designs=8)
    first = batch.designs[0]
    assert (first.guides[0].spacer, first.guides[0].pam) == (R02, "CGG")
    assert first.guides[0].locus == Locus("chr11", 5226967, 5226987, Strand.PLUS)
    assert first.precedent_stage == "published"
    assert {d.donor.kind for d in batch.designs if d.guides[0].spacer == R02} == {
        DonorKind.SSODN,
        DonorKind.AAV6,
    }
    for design in batch.designs:
        low, high = 5224655, 5227595
        sick = haplotype(reference, "chr11", low, high, [SICKLE])
        written = swapped("".join(base.letter for base in sick), design.donor)
        wanted = haplotype(reference, "chr11", low, high, design.donor.blocking)
        assert written == "".join(base.letter for base in wanted)
        assert protein_of(wanted, transcript) == protein_of(
            haplotype(reference, "chr11", low, high, []), transcript
        )
    # Between c.37|c.38 (17 bases 5' of the PAM) and the A of codon 7 stand 17 bases.
    facts = dict(first.facts)
    assert facts["cut"] == "chr11:5226984^5226985"
    assert facts["cut_to_edit_nt"] == str(5227001 - 5226984)
    findings = assessed(first, strategy, genome, models)
    assert findings["edit.cut_to_edit"].status is Status.CAUTION
    assert findings["edit.useful_share"].status is Status.UNKNOWN
    assert first.useful_share.value is None


def test_the_sickle_arms_are_those_of_the_copy_with_the_allele(hbb):
    """rs713040 (c.9T>C) on the sickle copy stands in the donor; on the healthy copy it does not."""
    reference, models, transcript = hbb
    own = Variant("chr11", 5227012, "A", "G")
    assert reference.fetch("chr11", 5227012, 5227013) == "A"
    allele = allele_of(SICKLE, transcript, reference, Zygosity.HETEROZYGOUS)
    target = target_of(transcript, allele, tissues=BLOOD)
    for call, carried in ((first_copy(own), True), (second_copy(own), False)):
        genome = person(reference, first_copy(SICKLE), call)
        narrow = {"nucleases": ("spcas9",), "most_designs": 6}
        strategy, batch = batch_of(genome, models, target, **narrow)
        plain = batch_of(person(reference, first_copy(SICKLE)), models, target, **narrow)[1]
        assert batch.designs
        for design in batch.designs:
            assert design.donor.haplotypes == ("1",)
            assert (own in design.donor.variants) is carried
            text = forward(design.donor)[0]
            assert ("GGTGCATCTGACTCCTGAGG" in flip(text)) is not carried or design.donor.blocking
        by_molecule = {design.donor.sequence for design in plain.designs}
        assert ({d.donor.sequence for d in batch.designs} <= by_molecule) is not carried
        found = assessed(batch.designs[0], strategy, genome, models, [("chr11", 5224655, 5227595)])
        arms = found["donor.arms_on_patient_sequence"]
        assert arms.status is Status.PASS
        assert (str(own) in arms.value) is carried


def test_unphased_variants_in_the_arms_make_putative_donors(hbb):
    reference, models, transcript = hbb
    own = Variant("chr11", 5227012, "A", "G")
    allele = allele_of(SICKLE, transcript, reference, Zygosity.HETEROZYGOUS)
    target = target_of(transcript, allele, tissues=BLOOD)
    genome = PatientGenome(reference, [Call(SICKLE, (True, False)), Call(own, (True, False))])
    strategy, batch = batch_of(
        genome, models, target, nucleases=("spcas9",), donors=("ssODN",), most_designs=6
    )
    assert {design.donor.haplotypes for design in batch.designs} == {("putative",)}
    assert {own in design.donor.variants for design in batch.designs} == {True, False}
    for design in batch.designs:
        found = assessed(design, strategy, genome, models, [("chr11", 5224655, 5227595)])
        assert found["donor.arms_on_patient_sequence"].status is Status.CAUTION
        assert found["edit.other_copy"].status is not Status.NOT_APPLICABLE


def test_too_many_unphased_variants_are_refused(hbb):
    reference, models, transcript = hbb
    places = [5226900, 5226920, 5226940, 5227050, 5227060]
    own = []
    for place in places:
        here = reference.fetch("chr11", place, place + 1)
        own.append(Call(Variant("chr11", place, here, "A" if here != "A" else "C"), (True, False)))
    genome = PatientGenome(reference, [Call(SICKLE, (True, False)), *own])
    allele = allele_of(SICKLE, transcript, reference, Zygosity.HETEROZYGOUS)
    _, batch = batch_of(
        genome, models, target_of(transcript, allele, tissues=BLOOD), donors=("ssODN",), nucleases=("spcas9",)
    )
    assert batch.designs == ()
    assert any("phase the variants first" in reason for reason, _ in batch.tally.refused)


# Any allele of a toy gene.


def alleles(draw, reference, transcript):
    """A substitution, an insertion or a deletion well inside the middle exon or in the intron before it."""
    low, high = transcript.exons[1]
    start = draw(st.integers(low - 30, high - 8))
    length = draw(st.integers(1, 6))
    here = reference.fetch("toy", start, start + length)
    kind = draw(st.sampled_from(["change", "insert", "delete"]))
    if kind == "change":
        return Variant("toy", start, here[0], draw(st.sampled_from([b for b in "ACGT" if b != here[0]])))
    if kind == "insert":
        return Variant("toy", start, here[0], here[0] + draw(st.text("ACGT", min_size=1, max_size=12)))
    return Variant("toy", start, here + reference.fetch("toy", start + length, start + length + 1), here[0])


@pytest.mark.parametrize("minus", [False, True])
@settings(max_examples=3)
@given(data=st.data())
def test_every_donor_of_any_allele_leaves_the_wild_type(minus, data):
    check_any_allele(minus, data)


@pytest.mark.long
@pytest.mark.parametrize("minus", [False, True])
@settings(max_examples=100)
@given(data=st.data())
def test_every_donor_of_many_alleles_leaves_the_wild_type(minus, data):
    check_any_allele(minus, data)


def check_any_allele(minus, data):
    reference, transcript = toy_gene(minus=minus)
    total = reference.windows[0].end
    sick = alleles(data.draw, reference, transcript)
    calls = [both(sick)]
    own = []
    for side in (-70, 60):
        place = sick.start + side + data.draw(st.integers(0, 8))
        here = reference.fetch("toy", place, place + 1)
        kind = data.draw(st.sampled_from(["none", "change", "insert"]))
        if kind != "none":
            alt = {"A": "C", "C": "G", "G": "T", "T": "A"}[here]
            own.append(Variant("toy", place, here, alt if kind == "change" else here + alt))
    genome = person(reference, *calls, *map(both, own))
    [window] = genome.windows(Locus("toy", 0, total))
    carried = [v for v in window.variants if v not in own]
    if len(carried) != 1 or len(window.variants) != len(own) + 1:
        return  # an indel was laid beside one of the person's own
    allele = allele_of(carried[0], transcript, reference)
    target = target_of(transcript, allele, tissues=BLOOD)
    strategy, batch = batch_of(
        genome,
        GeneModels([transcript]),
        target,
        most_designs=4,
        donors=("ssODN", "long_ssDNA"),
        nucleases=SOME,
    )
    assert batch.designs or batch.tally.refused
    for design in batch.designs:
        donor, rule = design.donor, DONOR_RULES[design.donor.kind]
        assert len(donor.sequence) <= rule.most_bp
        assert rule.least_arm_bp <= min(donor.left_arm_bp, donor.right_arm_bp)
        assert max(donor.left_arm_bp, donor.right_arm_bp) <= rule.most_arm_bp
        before = "".join(base.letter for base in haplotype(reference, "toy", 0, total, window.variants))
        healthy = haplotype(reference, "toy", 0, total, own)
        wanted = haplotype(reference, "toy", 0, total, [*own, *donor.blocking])
        assert swapped(before, donor) == "".join(base.letter for base in wanted)
        assert protein_of(wanted, transcript) == protein_of(healthy, transcript)
        assert splice_letters(wanted, transcript) == splice_letters(healthy, transcript)
        nuclease, guide = knowledge.nucleases()[design.effector], design.guides[0]
        assert guide.target_with_pam in before + flip(before)
        for text in ("".join(base.letter for base in wanted), donor.sequence):
            assert guide.target_with_pam not in text + "-" + flip(text)
            assert not any(
                fits(nuclease.search_pam, pam)
                for both_strands in (text, flip(text))
                for pam in pams_beside(both_strands, guide.spacer, nuclease)
            )
        facts = dict(design.facts)
        assert int(facts["cut_to_edit_nt"]) <= rule.most_distance_bp
        assert design.outcomes[0].effect is (
            Effect.RESTORES_PROTEIN if donor.blocking else Effect.RESTORES_WILD_TYPE
        )
        findings = assessed(design, strategy, genome, GeneModels([transcript]))
        assert findings["edit.simulated"].status is Status.PASS
        assert {"delivery.vehicle", "immunity.editor", "conditioning", "damage.dsb_p53"} <= set(findings)


def pams_beside(text, spacer, nuclease):
    """Every PAM-long word beside an exact copy of the spacer's seed."""
    size, seed_nt = len(nuclease.pam), nuclease.seed_nt
    seed = spacer[-seed_nt:] if nuclease.family == "cas9" else spacer[:seed_nt]
    at = text.find(seed)
    while at >= 0:
        low = at + seed_nt if nuclease.family == "cas9" else at - size
        if low >= 0:
            yield text[low : low + size]
        at = text.find(seed, at + 1)


@pytest.mark.parametrize("kind", DonorKind)
def test_every_kind_of_donor(hbb, kind):
    reference, models, transcript = hbb
    genome = person(reference, both(SICKLE))
    target = target_of(transcript, allele_of(SICKLE, transcript, reference), tissues=BLOOD)
    strategy, batch = batch_of(
        genome, models, target, donors=(kind.value,), nucleases=("spcas9",), most_designs=3
    )
    if kind is DonorKind.PLASMID:  # 593 bases lie between the allele and the end of this reference
        assert all(design.donor.right_arm_bp < 594 for design in batch.designs)
    assert batch.designs
    for design in batch.designs:
        assert design.donor.kind is kind
        findings = assessed(design, strategy, genome, models)
        assert findings["donor.length"].status is Status.PASS
        assert ("donor.strand" in findings) is (kind in {DonorKind.SSODN, DonorKind.LONG_SSDNA})
        assert ("donor.integrates_elsewhere" in findings) is (kind in {DonorKind.PLASMID, DonorKind.AAV6})
        if kind is DonorKind.AAV6:
            assert "damage.dsb_aav_integration" in findings
        guide_strand = design.guides[0].locus.strand
        expected = guide_strand.opposite if "donor.strand" in findings else Strand.PLUS
        assert design.donor.left_arm.strand is expected
        assert design.oligos[-1].sequence == design.donor.sequence
        assert "phosphorothioate" in design.oligos[-1].note or kind is not DonorKind.SSODN


def test_arms_are_where_they_say(hbb):
    reference, models, transcript = hbb
    target = target_of(transcript, allele_of(SICKLE, transcript, reference), tissues=BLOOD)
    _, batch = batch_of(person(reference, both(SICKLE)), models, target, most_designs=6)
    for design in batch.designs:
        donor = design.donor
        for arm, bases in (
            (donor.left_arm, donor.sequence[: donor.left_arm_bp]),
            (donor.right_arm, donor.sequence[len(donor.sequence) - donor.right_arm_bp :]),
        ):
            here = reference.fetch("chr11", arm.start, arm.end)
            assert bases == (here if arm.strand is Strand.PLUS else flip(here))


def test_a_frameshift_before_forbids_silent_changes(hbb):
    """With another frameshift of unknown phase upstream, which codons are read is not known."""
    reference, models, transcript = hbb
    stop = Variant(
        "chr11",
        transcript.coding_to_genome(200),
        reference.fetch("chr11", transcript.coding_to_genome(200), transcript.coding_to_genome(200) + 1),
        "A",
    )
    if stop.ref == "A":
        stop = Variant("chr11", stop.start, "A", "C")
    place = transcript.coding_to_genome(30)
    shift = Variant("chr11", place, reference.fetch("chr11", place, place + 1), "")
    allele = allele_of(stop, transcript, reference)
    genome = person(reference, both(stop), both(shift))
    target = target_of(transcript, allele, tissues=BLOOD)
    _, batch = batch_of(genome, models, target, donors=("ssODN",), nucleases=("spcas9", "sacas9"))
    assert all(not design.donor.blocking for design in batch.designs)
    assert any("frameshift" in reason for reason, _ in batch.tally.refused)


def test_eligibility():
    reference, transcript = toy_gene()
    place = transcript.cds[0] + 15
    variant = Variant("toy", place, "C", "T")
    allele = allele_of(variant, transcript, reference)
    for tissues, status in ((BLOOD, Status.CAUTION), (("brain",), Status.FAIL), ((), Status.UNKNOWN)):
        strategy, addition = HDR.eligibility(target_of(transcript, allele, tissues=tissues), CASE)
        assert (addition.route, addition.status) == (Route.ADD_GENE, status)
        assert (strategy.route, strategy.status) == (Route.RESTORE_WILD_TYPE, status)
    assert (
        "HITI"
        in HDR.eligibility(target_of(transcript, allele, tissues=("brain",)), CASE)[0].findings[0].because
    )
    long = allele_of(
        Variant("toy", place, "C" * (LONGEST_BP + 1), ""),
        transcript,
        reference,
        consequence=allele.consequence,
    )
    strategy, _ = HDR.eligibility(target_of(transcript, long, tissues=BLOOD), CASE)
    assert strategy.status is Status.FAIL


def test_repair_refuses_arms_that_lie_elsewhere():
    place = Locus("s", 0, 4)
    donor = Donor(DonorKind.SSODN, "ACGATTGCC", 4, 4, place, place)
    assert repaired("TTACGACCTGCCTT", (7, 7), donor) == "TTACGATTGCCTT"
    assert repaired("TTACGACCTGCCTTGCC", (7, 7), donor) is None  # the right arm lies at two places
    assert repaired("TTACGACCTGCCTT", (4, 4), donor) is None  # the cut lies in an arm
    assert repaired("TTACGACCTGGCTT", (7, 7), donor) is None  # no right arm
    turned = Donor(DonorKind.SSODN, flip("ACGATTGCC"), 4, 4, Locus("s", 0, 4, Strand.MINUS), place)
    assert repaired("TTACGACCTGCCTT", (6, 8), turned) == "TTACGATTGCCTT"
