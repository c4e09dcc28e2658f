"""Structural alleles: repeats and insertions cut out, duplications collapsed, every result built a second time."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from modality_cases import NOTHING, flip, person, target_of

from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.nuclease import NUCLEASE
from revertant.model import (
    Allele,
    Call,
    Case,
    CaseVariant,
    Effect,
    Locus,
    Mechanism,
    Pathogenicity,
    Route,
    Status,
    Strand,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.planning.structural import structural_findings, structure_for
from revertant.variant import resolve

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))


def bases(seed, size):
    return "".join(random.Random(seed).choices("ACGT", k=size))


def allele_of(variant, reference, zygosity=Zygosity.HETEROZYGOUS, mechanism=Mechanism.UNKNOWN):
    structure = structure_for(variant, reference, mechanism)
    return Allele(variant, zygosity, Pathogenicity.PATHOGENIC, NOTHING, structure=structure)


def made(
    route,
    transcript,
    allele,
    genome,
    *,
    mechanism=Mechanism.GAIN_OF_FUNCTION,
    nucleases=("spcas9",),
    most=500,
):
    target = target_of(
        transcript, allele, mechanism=mechanism, biallelic=False, haploinsufficient=False, dispensable=False
    )
    found = [s for s in NUCLEASE.eligibility(target, CASE) if s.route is route]
    [strategy] = found
    if not strategy.is_eligible:
        return strategy, None
    options = DesignOptions(nucleases=nucleases, most_designs=most)
    return strategy, NUCLEASE.design(strategy, genome, GeneModels([transcript]), options)


def two_exons(size, gap, *, minus=False):
    """A gene whose exons leave an intron ``gap`` free."""
    strand = Strand.MINUS if minus else Strand.PLUS
    return Transcript("NM_1.1", "G", "s", strand, ((20, gap[0]), (gap[1], size - 20)), (40, size - 40))


@pytest.mark.parametrize("minus", [False, True])
@pytest.mark.parametrize("phase", ["1", None])
def test_an_intronic_repeat_is_cut_out(minus, phase):
    left, right = bases(3, 500), bases(4, 500)
    text = left + "GAA" * 8 + right
    reference = Reference.from_sequences({"s": text})
    more = Variant("s", 500, "", "GAA" * 60)
    gene = two_exons(len(text), (200, 820), minus=minus)
    allele = allele_of(more, reference)
    assert allele.structure.copies == 68
    genome = person(reference, Call(more, (True, False), phase_set=phase))
    strategy, batch = made(Route.REMOVE_STRETCH, gene, allele, genome)
    assert strategy.findings[0].value == "an intron or outside the gene"
    assert batch.designs
    own = left + "GAA" * 68 + right
    for design in batch.designs:
        facts = dict(design.facts)
        before, after = facts["junction"].split("|")
        assert own.index(before) + len(before) <= 500
        assert own.index(after) >= 500 + 3 * 68
        assert "GAAGAAGAAGAAGAA" not in before + after
        for guide in design.guides:
            site = guide.target_with_pam
            place = own.find(site) if guide.locus.strand is Strand.PLUS else own.find(flip(site))
            assert place + len(site) <= 500 or place >= 500 + 3 * 68
        assert facts["reading_frame"] == "kept"
        assert design.outcomes[0].effect is Effect.STRETCH_REMOVED
        # Flanks that are the same on both copies need no phase.
        assert facts["one_copy_has_both_sites"] == "yes"
    models = GeneModels([gene])
    found = NUCLEASE.assess(batch.designs[0], AssessmentContext(CASE, strategy, genome, models, None))
    assert found.of("edit.what_is_lost").status is Status.PASS
    assert found.of("edit.useful_share").status is Status.UNKNOWN


def test_a_coding_repeat_is_not_cut_out():
    left, right = bases(3, 300), bases(4, 300)
    text = left + "CAG" * 19 + right
    reference = Reference.from_sequences({"s": text})
    allele = allele_of(resolve("s:g.301CAG[44]", reference), reference)
    gene = Transcript("NM_1.1", "G", "s", Strand.PLUS, ((20, len(text) - 20),), (40, len(text) - 40))
    strategy, batch = made(Route.REMOVE_STRETCH, gene, allele, person(reference))
    assert batch is None
    assert strategy.status is Status.FAIL
    assert "coding sequence" in strategy.findings[0].because


def test_a_repeat_in_the_utr_is_cut_out_and_keeps_the_coding_sequence():
    left, right = bases(13, 300), bases(14, 300)
    text = left + "CTG" * 5 + right
    reference = Reference.from_sequences({"s": text})
    more = resolve("s:g.301CTG[85]", reference)
    gene = Transcript("NM_1.1", "G", "s", Strand.PLUS, ((20, len(text) - 20),), (40, 220))
    allele = allele_of(more, reference)
    _, batch = made(Route.REMOVE_STRETCH, gene, allele, person(reference, Call(more, (True, False))))
    for design in batch.designs:
        start = int(dict(design.facts)["lost_stretch"].split(":")[1].split("-")[0]) - 1
        assert start >= 220
    assert batch.designs


def test_an_insertion_in_an_intron_is_cut_out():
    text = bases(5, 900)
    foreign = bases(6, 300)
    reference = Reference.from_sequences({"s": text})
    inserted = Variant("s", 450, "", foreign)
    gene = two_exons(900, (200, 700))
    genome = person(reference, Call(inserted, (True, True)))
    _, batch = made(Route.REMOVE_STRETCH, gene, allele_of(inserted, reference, Zygosity.HOMOZYGOUS), genome)
    assert batch.designs
    own = text[:450] + foreign + text[450:]
    for design in batch.designs:
        before, after = dict(design.facts)["junction"].split("|")
        a, b = own.index(before) + len(before), own.index(after)
        assert a <= 450
        assert b >= 750
        for guide in design.guides:
            site = guide.target_with_pam
            site = site if guide.locus.strand is Strand.PLUS else flip(site)
            assert site in text  # nothing of the element


@pytest.mark.parametrize("minus", [False, True])
@pytest.mark.parametrize("key", ["spcas9", "ascas12a", "sacas9"])
def test_a_tandem_duplication_collapses_to_the_wild_type(minus, key):
    """Cut the doubled text at both sites and join the outer parts: the reference text comes back, exactly."""
    text = bases(8, 2400)
    reference = Reference.from_sequences({"s": text})
    doubled = resolve("s:601-1800:<DUP>", reference)
    exons = ((20, 200), (1150, 1250), (2100, 2380))
    gene = Transcript("NM_1.1", "G", "s", Strand.MINUS if minus else Strand.PLUS, exons, (40, 2360))
    allele = allele_of(doubled, reference, Zygosity.HEMIZYGOUS)
    genome = person(reference, Call(doubled, (True,)))
    strategy, batch = made(
        Route.RESTORE_WILD_TYPE, gene, allele, genome, mechanism=Mechanism.LOSS_OF_FUNCTION, nucleases=(key,)
    )
    assert strategy.status is Status.CAUTION
    assert batch.designs
    copy = text[: doubled.start] + doubled.alt + text[doubled.start :]
    assert copy == text[:1800] + text[600:1800] + text[1800:]
    for design in batch.designs:
        [guide] = design.guides
        site = guide.target_with_pam if guide.locus.strand is Strand.PLUS else flip(guide.target_with_pam)
        first = copy.index(site)
        second = copy.index(site, first + 1)
        assert second - first == 1200
        cut = int(dict(design.facts)["cut"].split(":")[1].split("^")[0])
        inside = cut - copy.index(site)
        assert copy[: first + inside] + copy[second + inside :] == text
        low, high = (8, 40) if minus else (40, 8)  # more is needed before an acceptor than behind a donor
        assert not any(start - low < cut < end + high for start, end in gene.exons)
        assert design.outcomes[0].effect is Effect.RESTORES_WILD_TYPE
    found = NUCLEASE.assess(
        batch.designs[0], AssessmentContext(CASE, strategy, genome, GeneModels([gene]), None)
    )
    assert found.of("edit.collapse").status is Status.PASS
    assert found.of("edit.other_copy").status is Status.NOT_APPLICABLE


def test_other_kinds_are_not_designed_by_cuts():
    text = bases(9, 1500)
    reference = Reference.from_sequences({"s": text})
    gene = two_exons(1500, (400, 1100))
    for written in ("DEL", "INV"):
        allele = allele_of(resolve(f"s:601-800:<{written}>", reference), reference)
        target = target_of(gene, allele)
        routes = {s.route: s for s in NUCLEASE.eligibility(target, CASE)}
        assert routes[Route.RESTORE_WILD_TYPE].status is Status.FAIL
        assert Route.REMOVE_STRETCH not in routes
        findings = structural_findings([allele])
        assert findings[0].rule == "structure.kind"
        assert {finding.value for finding in findings} & {"elsewhere", "limited"}
        assert all(finding.because.endswith(".") for finding in findings)


def test_a_small_variant_has_no_structure():
    text = bases(9, 200)
    reference = Reference.from_sequences({"s": text})
    small = Variant("s", 50, text[50:53], "")
    assert structural_findings([allele_of(small, reference)]) == ()


def test_flanks_outside_the_reference_are_said():
    text = "GAA" * 8 + bases(4, 300)
    reference = Reference.from_sequences({"s": text})
    more = Variant("s", 0, "", "GAA" * 60)
    gene = Transcript("NM_1.1", "G", "s", Strand.PLUS, ((200, 300),), (210, 290))
    _, batch = made(
        Route.REMOVE_STRETCH, gene, allele_of(more, reference), person(reference, Call(more, (True, True)))
    )
    assert batch.designs == ()
    assert any("outside the reference" in reason for reason, _ in batch.tally.refused)


@pytest.fixture(scope="module")
def windows(shared_data):
    reference = Reference.open(str(shared_data / "genome" / "GRCh38.windows.fa.gz"))
    return reference, load_gene_models(
        str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference
    )


def test_a_duplicated_dmd_exon_2(windows):
    """The most frequent duplication of DMD, with breakpoints in the introns: one copy comes back, in frame."""
    reference, models = windows
    gene = models.choose("DMD").transcript
    doubled = resolve("NM_004006.3:c.32-900_93+900dup", reference, models)
    allele = allele_of(doubled, reference, Zygosity.HEMIZYGOUS)
    genome = person(reference, Call(doubled, (True,)))
    _, batch = made(
        Route.RESTORE_WILD_TYPE, gene, allele, genome, mechanism=Mechanism.LOSS_OF_FUNCTION, most=40
    )
    assert len(batch.designs) >= 20
    around = Locus(gene.contig, doubled.start - 2000, doubled.start + 4000)
    text = reference.fetch(around.contig, around.start, around.end)
    at = doubled.start - around.start
    copy = text[:at] + doubled.alt + text[at:]
    for design in batch.designs:
        [guide] = design.guides
        site = guide.target_with_pam if guide.locus.strand is Strand.PLUS else flip(guide.target_with_pam)
        first = copy.index(site)
        second = copy.index(site, first + 1)
        assert copy[:first] + copy[second:] == text


def test_smn1_is_gone_and_nothing_is_cut(windows):
    """Without the gene there is nothing to edit: the routes say addition."""
    reference, models = windows
    smn1 = models.choose("SMN1").transcript
    gone = resolve(f"chr5:{smn1.locus.start - 999}-{smn1.locus.end + 1000}:<DEL>", reference, models)
    allele = allele_of(gone, reference, Zygosity.HOMOZYGOUS)
    values = {finding.rule: finding.value for finding in structural_findings([allele])}
    assert values["structure.deletion_addition"] == "designed"
    target = target_of(smn1, replace(allele), mechanism=Mechanism.LOSS_OF_FUNCTION)
    assert not any(s.is_eligible for s in NUCLEASE.eligibility(target, CASE))
