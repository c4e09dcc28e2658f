"""Knock-in: published guides at safe harbours, and a gene's own coding sequence at its start."""

from __future__ import annotations

from importlib.resources import files

import pytest
from modality_cases import CODE, allele_of, both, flip, haplotype, person, target_of

from revertant import knowledge
from revertant.errors import InputError
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.hdr import HDR, coding_cargo, design_in_harbour, given_cargo
from revertant.model import (
    Case,
    CaseVariant,
    DonorKind,
    Locus,
    Mechanism,
    Route,
    Status,
    Strand,
    Strategy,
    Subject,
    Transcript,
    Variant,
)

DEMO = files("revertant.cli") / "demo_data"
CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
CASSETTE = given_cargo("a test cassette", "GCTAGCTTGACCATTGCAACCGGTTAATCCATGCTTAGACCTGA" * 4)


@pytest.fixture(scope="module")
def amplicons(shared_data):
    text = (shared_data / "genome" / "amplicons.fa").read_text(encoding="utf-8")
    found = {}
    for record in text.split(">")[1:]:
        head, _, bases = record.partition("\n")
        found[head.split()[0]] = bases.replace("\n", "")
    return found


def strategy_of(gene, name):
    transcript = Transcript("NM_1.1", gene, name, Strand.PLUS, ((0, 10),))
    return Strategy("hdr", Route.ADD_GENE, target_of(transcript, tissues=("T cell",)), ())


def in_harbour(key, bases, *variants, cargo=CASSETTE, donors=("long_ssDNA",), place=True):
    harbour = knowledge.safe_harbours()[key]
    reference = Reference.from_sequences({"amplicon": bases})
    genome = person(reference, *map(both, variants)) if variants else PatientGenome(reference)
    return design_in_harbour(
        harbour,
        cargo,
        strategy_of(harbour.gene, "amplicon"),
        genome,
        models=GeneModels([]),
        options=DesignOptions(donors=donors),
        place=Locus("amplicon", 0, len(bases)) if place else None,
    )


def check_insertion(bases, design, guide, pam):
    """The donor is the amplicon with the cassette three bases 5' of the PAM, and shorter."""
    text = bases if guide + pam in bases else flip(bases)
    cut = text.index(guide + pam) + len(guide) - 3
    made = text[:cut] + CASSETTE.sequence + text[cut:]
    turned = text[:cut] + flip(CASSETTE.sequence) + text[cut:]
    wanted = (made, flip(made), turned, flip(turned))
    assert any(design.donor.sequence in whole for whole in wanted)
    left, right = design.donor.left_arm_bp, design.donor.right_arm_bp
    assert left + right + len(CASSETTE.sequence) == len(design.donor.sequence)
    arms = design.donor.sequence[:left], design.donor.sequence[-right:]
    assert all(arm in bases or arm in flip(bases) for arm in arms)
    assert design.donor.cargo == CASSETTE.name


@pytest.mark.parametrize(
    ("key", "amplicon", "spacer", "pam"),
    [
        # Rows 19 (Eyquem 2017, 10.1038/nature21405), 18 and 25 (CHANGE-seq, Lazzarotto 2020).
        ("trac", "TRAC", "CAGGGTTCTGGATATCTGT", "GGG"),
        ("trac", "TRAC", "GTCAGGGTTCTGGATATCTG", "TGG"),
        ("aavs1", "AAVS1", "GGGGCCACTAGGGACAGGAT", "TGG"),
    ],
)
def test_published_guides_open_the_harbours(amplicons, key, amplicon, spacer, pam):
    bases = amplicons[amplicon]
    batch = in_harbour(key, bases)
    [design] = [d for d in batch.designs if d.guides[0].spacer == spacer]
    assert design.guides[0].pam == pam
    assert design.precedent_stage == "published"
    check_insertion(bases, design, spacer, pam)
    context = AssessmentContext(
        CASE,
        strategy_of("G", "amplicon"),
        PatientGenome(Reference.from_sequences({"a": "A"})),
        GeneModels([]),
        None,
    )
    findings = {finding.rule: finding for finding in HDR.assess(design, context).findings}
    assert findings["edit.recutting"].status in {Status.PASS, Status.CAUTION}
    assert findings["donor.cargo"].status is Status.CAUTION
    assert "cells.dividing" in findings


def test_arms_at_a_harbour_are_the_persons(amplicons):
    bases = amplicons["TRAC"]
    own = Variant("amplicon", 60, bases[60], "A" if bases[60] != "A" else "C")
    for design in in_harbour("trac", bases, own).designs:
        assert design.donor.variants == (own,)
        arm = bases[50:60] + own.alt + bases[61:70]
        assert arm in design.donor.sequence + flip(design.donor.sequence)
    under = Variant("amplicon", 128, bases[128], "A" if bases[128] != "A" else "C")
    batch = in_harbour("trac", bases, under)
    assert batch.designs == ()
    assert any("does not lie once on this copy" in reason for reason, _ in batch.tally.refused)


def test_what_cannot_be_designed_says_why(amplicons):
    bases = amplicons["TRAC"]
    for batch, words in (
        (in_harbour("trac", bases, donors=("AAV6",)), "the reference ends within an arm"),
        (
            in_harbour("trac", bases, cargo=given_cargo("long", "GATTACA" * 600), donors=("AAV6",)),
            "holds 4500",
        ),
        (in_harbour("trac", bases, place=False), "name the place"),
    ):
        assert batch.designs == ()
        assert any(words in reason for reason, _ in batch.tally.refused)
    with pytest.raises(InputError, match="no DNA"):
        given_cargo("x", "ACGU")


@pytest.fixture(scope="module")
def hbb():
    reference = Reference.open(DEMO / "loci.GRCh38.fa")
    models = load_gene_models(DEMO / "HBB.GRCh38.gtf", reference)
    return reference, models, models.choose("HBB").transcript


def test_the_whole_coding_sequence_at_its_own_start(hbb):
    """The repaired chromosome, read from the old start codon, spells beta-globin without an intron."""
    reference, models, transcript = hbb
    stop = Variant("chr11", 5226773, "G", "A")  # NM_000518.5:c.118C>T, p.Gln40Ter
    own = Variant("chr11", 5227100, "T", "C") if reference.fetch("chr11", 5227100, 5227101) == "T" else None
    calls = [both(stop), *([both(own)] if own else [])]
    allele = allele_of(stop, transcript, reference)
    target = target_of(
        transcript, allele, mechanism=Mechanism.LOSS_OF_FUNCTION, tissues=("haematopoietic stem cell",)
    )
    strategy = HDR.eligibility(target, CASE)[-1]
    assert strategy.is_eligible
    batch = HDR.design(strategy, person(reference, *calls), models, DesignOptions(most_designs=5))
    assert batch.designs
    low, high = 5224655, 5227595
    before = "".join(
        base.letter for base in haplotype(reference, "chr11", low, high, [call.variant for call in calls])
    )
    cargo = coding_cargo(transcript, reference)
    assert len(cargo.sequence) == 444 + 134 + 100 or len(cargo.sequence) > 444
    for design in batch.designs:
        donor = design.donor
        assert donor.kind is DonorKind.AAV6
        assert len(donor.sequence) <= 4500
        head, rest = before.split(donor.sequence[: donor.left_arm_bp])
        _, tail = rest.split(donor.sequence[-donor.right_arm_bp :])
        after = flip(head + donor.sequence + tail)
        # The 50 bases 5' of the start codon, and the leader of 50 bases before it, are as they were.
        start = high - 5227021
        assert after[:start] == flip(before)[:start]
        residues = [CODE[after[at : at + 3]] for at in range(start, start + 444, 3)]
        assert residues[0] == "Met"
        assert residues[-1] == "Ter"
        wild = [CODE[cargo.sequence[at : at + 3]] for at in range(0, 444, 3)]
        assert residues == wild
        guide = design.guides[0].target_with_pam
        assert guide in before + flip(before)
        assert guide not in after + "-" + flip(after)


def test_a_gene_too_long_for_the_donor(hbb):
    reference, _, transcript = hbb
    long = Transcript("NM_2.1", "LONG", "chr11", Strand.MINUS, ((0, 9000),), (0, 9000))
    strategy = HDR.eligibility(target_of(long, tissues=("T cell",)), CASE)[-1]
    assert strategy.status is Status.FAIL
    uncovered = Transcript("NM_3.1", "OUT", "chr11", Strand.PLUS, ((10, 310),), (10, 310))
    assert "does not cover" in coding_cargo(uncovered, reference)
    assert "codes for no protein" in coding_cargo(
        Transcript("NR_1.1", "N", "chr11", Strand.PLUS, ((10, 20),)), reference
    )
    assert coding_cargo(transcript, reference).coding_bp == 444
