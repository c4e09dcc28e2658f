"""Telling copies apart: a PAM made or lost, a PAM weakened, seed, far from the PAM, and sites moved by indels."""

from __future__ import annotations

import pytest
from modality_cases import NOTHING, allele_of, first_copy, flip, person, second_copy, target_of

from revertant.genome import GeneModels, Reference
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.allele_specific import DiscriminationKind, discriminate
from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.nuclease import NUCLEASE
from revertant.modality.protospacers import protospacers
from revertant.model import (
    Allele,
    Call,
    Case,
    CaseVariant,
    Locus,
    Mechanism,
    PamSide,
    Pathogenicity,
    Route,
    Status,
    Strand,
    Strategy,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.offtarget import cfd_score

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
LEFT, RIGHT = "CATTCATCATTCATCATTCAT" * 2, "ATCATTCATCATTCATTCATC" * 2
SPACER = "CACTTCATCATCTACTTCAC"


def compared(site, offset, ref, alt, *, strand="+", pam="NGG", side=PamSide.THREE_PRIME, weaker="", extra=()):
    """Discriminate a site whose text on the pathogenic copy comes from one variant of the reference text."""
    text = LEFT + (site if strand == "+" else flip(site)) + RIGHT
    at = len(LEFT) + offset if strand == "+" else len(LEFT) + len(site) - offset - len(ref)
    ref, alt = (ref, alt) if strand == "+" else (flip(ref), flip(alt))
    assert text[at : at + len(ref)] == ref
    if len(ref) != len(alt):
        ref, alt, at = text[at - 1] + ref, text[at - 1] + alt, at - 1
    variant = Variant("s", at, ref, alt)
    reference = Reference.from_sequences({"s": text})
    genome = person(reference, first_copy(variant), *extra)
    allele = Allele(variant, Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, NOTHING)
    windows = [w for w in genome.windows(Locus("s", 0, len(text))) if variant in w.variants]
    return {
        (p.spacer, p.pam): discriminate(p, allele, genome, 10, weaker)
        for window in windows
        for p in protospacers(window, pam, side, len(SPACER))
        if p.strand is Strand(strand)
    }


@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_variant_makes_the_pam(strand):
    found = compared(SPACER + "TGA", 22, "A", "G", strand=strand)
    told = found[SPACER, "TGG"]
    assert (told.kind, told.mismatches, told.healthy_site) == (DiscriminationKind.PAM, (), SPACER + "TGA")
    assert told.tells_apart
    assert told.is_sure
    assert "TGA on the other, which is no PAM" in told.because


@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_variant_weakens_the_pam_of_the_healthy_copy(strand):
    found = compared(SPACER + "TAG", 21, "A", "G", strand=strand, weaker="NRG")
    told = found[SPACER, "TGG"]
    assert told.kind is DiscriminationKind.WEAK_PAM
    assert told.tells_apart
    assert not told.is_sure
    assert "weak but still cut" in told.because


@pytest.mark.parametrize("strand", ["+", "-"])
def test_the_variant_breaks_the_pam(strand):
    """The pathogenic copy has no site any more: there is nothing to design there."""
    found = compared(SPACER + "TGG", 22, "G", "A", strand=strand)
    assert (SPACER, "TGG") not in found
    assert all(pam.endswith("GG") for _, pam in found)


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("position", range(1, 21))
def test_seed_and_distal(strand, position):
    new = "G" if SPACER[position - 1] != "G" else "A"
    ours = SPACER[: position - 1] + new + SPACER[position:]
    told = compared(SPACER + "TGG", position - 1, SPACER[position - 1], new, strand=strand)[ours, "TGG"]
    assert told.kind is (DiscriminationKind.SEED if position > 10 else DiscriminationKind.DISTAL)
    assert told.tells_apart == (position > 10)
    assert (told.mismatches, told.healthy_site) == ((position,), SPACER + "TGG")
    assert str(position) in told.because


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("position", [1, 6, 10, 11, 20])
def test_seed_of_a_5_prime_pam(strand, position):
    new = "G" if SPACER[position - 1] != "G" else "A"
    ours = SPACER[: position - 1] + new + SPACER[position:]
    found = compared(
        "TTTA" + SPACER,
        4 + position - 1,
        SPACER[position - 1],
        new,
        strand=strand,
        pam="TTTV",
        side=PamSide.FIVE_PRIME,
    )
    told = found[ours, "TTTA"]
    assert told.kind is (DiscriminationKind.SEED if position <= 10 else DiscriminationKind.DISTAL)
    assert told.healthy_site == "TTTA" + SPACER


def test_a_variant_outside_the_site_tells_nothing():
    text = LEFT + SPACER + "TGG" + RIGHT
    variant = Variant("s", 3, text[3], "G")
    reference = Reference.from_sequences({"s": text})
    genome = person(reference, first_copy(variant))
    allele = Allele(variant, Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, NOTHING)
    [window] = [w for w in genome.windows(Locus("s", 0, len(text))) if w.variants]
    [place] = [p for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 20) if p.pam == "TGG"]
    told = discriminate(place, allele, genome, 10)
    assert (told.kind, told.mismatches) == (DiscriminationKind.NONE, ())
    assert not told.tells_apart
    assert told.site.guide().locus == place.guide().locus


def test_a_deletion_in_a_run_of_g_leaves_the_site_on_the_healthy_copy():
    """The PAM's own place moves by one base; the other copy still has the site beside it."""
    site = SPACER + "TGGG" + "CA"
    told = compared(site, 21, "G", "")[SPACER, "TGG"]
    assert told.kind is DiscriminationKind.NONE
    assert told.healthy_site == SPACER + "TGG"


def test_a_deletion_in_the_spacer_counts_what_is_left():
    """The pathogenic spacer lacks a base; anchored at the PAM, the other copy differs in what lies beyond it."""
    site = "A" + SPACER + "TGG"
    found = compared(site, 12, site[12], "")
    [told] = [value for (_, pam), value in found.items() if pam == "TGG"]
    assert told.healthy_site == SPACER + "TGG"
    assert all(position <= 12 for position in told.mismatches)


def test_the_least_difference_of_unphased_copies_counts():
    """A further unphased variant in the PAM may lie on the other copy or not: it is not counted on."""
    text = LEFT + SPACER + "TGG" + RIGHT
    pam_place = len(LEFT) + 22
    unphased = Call(Variant("s", pam_place, "G", "C"), (True, False))
    found = compared(SPACER + "TGG", 2, "C", "G", extra=(unphased,))
    told = found["CAGTTCATCATCTACTTCAC", "TGG"]
    assert told.kind is DiscriminationKind.DISTAL
    assert text[pam_place] == "G"


def test_homozygous_has_no_healthy_copy():
    text = LEFT + SPACER + "TGG" + RIGHT
    variant = Variant("s", len(LEFT), "C", "G")
    genome = person(Reference.from_sequences({"s": text}), Call(variant, (True, True)))
    allele = Allele(variant, Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, NOTHING)
    [window] = genome.windows(Locus("s", 0, len(text)))
    place = next(p for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 20) if p.pam == "TGG")
    told = discriminate(place, allele, genome, 10)
    assert told.kind is DiscriminationKind.NONE
    assert "No copy without this allele" in told.because


def gene_with(site, offset, ref, alt):
    """A single-exon gene with a site in its early coding sequence and a dominant allele in that site."""
    head, body = "CATCAT" * 8, "ATG" + "ACTTCATCA" * 5
    text = head + body + site + "T" * ((3 - len(site) % 3) % 3) + "ACTTCATCA" * 18 + "TAA" + "CATCAT" * 8
    start = len(head)
    gene = Transcript(
        "NM_8.1", "ONE", "s", Strand.PLUS, ((start - 20, len(text) - 10),), (start, len(text) - 48)
    )
    variant = Variant("s", start + len(body) + offset, ref, alt)
    reference = Reference.from_sequences({"s": text})
    allele = allele_of(variant, gene, reference, Zygosity.HETEROZYGOUS)
    target = target_of(gene, allele, mechanism=Mechanism.DOMINANT_NEGATIVE, haploinsufficient=False)
    return reference, gene, target, variant


@pytest.mark.parametrize(
    ("site", "offset", "ref", "alt", "kind", "status"),
    [
        (SPACER + "TGA", 22, "A", "G", "pam", Status.PASS),
        (SPACER + "TAG", 21, "A", "G", "weak_pam", Status.CAUTION),
        (SPACER + "TGG", 17, "C", "G", "seed", Status.CAUTION),
        (SPACER + "TGG", 2, "C", "G", None, None),
    ],
)
def test_nuclease_designs_for_one_copy(site, offset, ref, alt, kind, status):
    reference, gene, target, variant = gene_with(site, offset, ref, alt)
    strategy = next(
        s for s in NUCLEASE.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT
    )
    assert strategy.is_eligible
    genome = person(reference, first_copy(variant))
    options = DesignOptions(nucleases=("spcas9",))
    batch = NUCLEASE.design(strategy, genome, GeneModels([gene]), options)
    ours = site[:offset] + alt + site[offset + 1 :]
    found = [d for d in batch.designs if d.guides[0].target_with_pam == ours]
    if kind is None:
        assert not found
        assert "does not tell the copies apart (the variant is outside PAM and seed)" in dict(
            batch.tally.refused
        )
        return
    [design] = found
    facts = dict(design.facts)
    assert (facts["told_apart_by"], facts["healthy_copy_site"]) == (kind, site)
    assert design.guides[0].haplotypes == ("1",)
    assert design.purpose == f"SpCas9 cuts the copy that does harm. {facts['why_here']}"
    context = AssessmentContext(CASE, strategy, genome, GeneModels([gene]), None)
    assert NUCLEASE.assess(design, context).of("edit.spares_healthy_copy").status is status


def test_base_editing_for_one_copy_spares_the_other():
    """Every base-editing design of the route tells the copies apart, by the same comparison."""
    reference, gene, target, variant = gene_with("CAATTCATCATCTACTTCACTGA", 22, "A", "G")
    strategy = next(
        s for s in BASE_EDITING.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT
    )
    genome = person(reference, first_copy(variant))
    batch = BASE_EDITING.design(strategy, genome, GeneModels([gene]), DesignOptions(most_designs=1000))
    assert batch.designs or batch.tally.refused
    assert "does not tell the copies apart (the variant is outside PAM and seed)" in dict(batch.tally.refused)
    for design in batch.designs:
        assert variant in design.guides[0].variants
        facts = dict(design.facts)
        assert facts["other_copy_site"] != design.guides[0].target_with_pam
        context = AssessmentContext(CASE, strategy, genome, GeneModels([gene]), None)
        found = BASE_EDITING.assess(design, context)
        assert found.of("edit.other_copy").status in {Status.PASS, Status.CAUTION}
        assert (found.of("edit.activity_on_other_copy") is not None) == ("activity_on_other_copy" in facts)


@pytest.mark.parametrize(
    ("site", "offset", "ref", "alt", "state", "status"),
    [
        # The other copy has TGA, no PAM: CFD 0.0694 of the own site.
        ("CAATTCATCATCTACTTCACTGA", 22, "A", "G", "spared", Status.CAUTION),
        # A mismatch in the seed: the published weight of that pair and position.
        ("CAATTCATCATCTACTTCACTGG", 16, "T", "C", "at risk", None),
    ],
)
def test_base_editing_for_one_copy_says_what_the_other_suffers(site, offset, ref, alt, state, status):
    reference, gene, target, variant = gene_with(site, offset, ref, alt)
    strategy = next(
        s for s in BASE_EDITING.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT
    )
    genome = person(reference, first_copy(variant))
    options = DesignOptions(most_designs=1000, editors=("be4max", "be3", "a3a_be3", "evocda1_be4max"))
    batch = BASE_EDITING.design(strategy, genome, GeneModels([gene]), options)
    ours = site[:offset] + alt + site[offset + 1 :]
    designs = [d for d in batch.designs if d.guides[0].target_with_pam == ours]
    assert designs
    for design in designs:
        facts = dict(design.facts)
        assert facts["other_copy"] == state
        expected = cfd_score(ours[:20], site[:20], site[20:])
        if "activity_on_other_copy" in facts:
            assert float(facts["activity_on_other_copy"]) == pytest.approx(expected, abs=1e-4)
            context = AssessmentContext(CASE, strategy, genome, GeneModels([gene]), None)
            found = BASE_EDITING.assess(design, context).of("edit.activity_on_other_copy")
            assert found.status is (
                status
                or (Status.PASS if expected < 0.05 else Status.CAUTION if expected < 0.2 else Status.FAIL)
            )
    assert any("activity_on_other_copy" in dict(design.facts) for design in designs)


def test_the_other_pathogenic_copy_is_the_healthy_one_to_this_allele():
    """A compound heterozygote: the copy with the other variant is compared, whatever else it carries."""
    text = LEFT + SPACER + "TGG" + RIGHT
    reference = Reference.from_sequences({"s": text})
    ours, theirs = Variant("s", len(LEFT) + 1, "A", "G"), Variant("s", len(LEFT) + 17, "C", "G")
    genome = person(reference, first_copy(ours), second_copy(theirs))
    allele = Allele(ours, Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, NOTHING)
    [window] = [w for w in genome.windows(Locus("s", 0, len(text))) if ours in w.variants]
    place = next(p for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 20) if p.pam == "TGG")
    told = discriminate(place, allele, genome, 10)
    assert (told.kind, told.mismatches) == (DiscriminationKind.SEED, (2, 18))


def test_strategy_needs_the_allele():
    reference, gene, target, variant = gene_with(SPACER + "TGA", 22, "A", "G")
    strategy = Strategy("base_editing", Route.RESTORE_WILD_TYPE, target, ())
    genome = person(reference, first_copy(variant))
    batch = BASE_EDITING.design(strategy, genome, GeneModels([gene]), DesignOptions())
    assert (batch.designs, batch.tally.read) == ((), 1)


@pytest.mark.parametrize("strand", ["+", "-"])
def test_a_site_that_stands_a_unit_further_on_is_no_difference(strand):
    """One unit less on the pathogenic copy: its junction reads like the end of the longer repeat of the other."""
    unit = "GCGCGGGGCGGG"
    text = LEFT + "CCTGCAAGAAGG" + unit * 3 + RIGHT
    text = text if strand == "+" else flip(text)
    start = text.index(unit if strand == "+" else flip(unit))
    shorter = Variant("s", start, text[start : start + 12], "")
    genome = person(Reference.from_sequences({"s": text}), first_copy(shorter))
    allele = Allele(shorter, Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, NOTHING)
    ours, other = genome.windows(Locus("s", 0, len(text)))
    assert shorter in ours.variants
    seen = 0
    for place in protospacers(ours, "NGG", PamSide.THREE_PRIME, 20):
        site = place.guide().target_with_pam
        shown = site if place.strand is Strand.PLUS else flip(site)
        if shown in other.bases:
            seen += 1
            assert not discriminate(place, allele, genome, 10).tells_apart
    assert seen >= 3
