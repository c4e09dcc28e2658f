"""Variants of known phase as handles: which copy a guide meets, what the other copy then suffers, and when not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import NOTHING, flip, haplotype, person, target_of

from revertant import knowledge
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.allele_specific import told_from
from revertant.modality.epigenome import EPIGENOME
from revertant.modality.handles import NOT_PHASED, phase_finding_of, phase_is_known, two_copies
from revertant.modality.nuclease import NUCLEASE
from revertant.modality.other_activity import activity_on_other, other_activity_finding
from revertant.modality.protospacers import protospacers
from revertant.model import (
    Allele,
    Call,
    Case,
    CaseVariant,
    Estimate,
    Locus,
    Mechanism,
    PamSide,
    Pathogenicity,
    Route,
    Status,
    Strand,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.offtarget import cfd_score
from revertant.variant import read_calls

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
CAS9 = knowledge.nucleases()["spcas9"]
SPACER = "CACTTCATCATCTACTTCAC"


def allele_of(variant, copies=(True, False), phase_set="1", zygosity=Zygosity.HETEROZYGOUS):
    return Allele(variant, zygosity, Pathogenicity.PATHOGENIC, NOTHING, "", copies, phase_set)


SICK = Variant("s", 3, "A", "C")


@pytest.mark.parametrize(
    ("snp_copies", "snp_set", "own_base", "reason"),
    [
        ((True, False), "1", "T", None),  # in cis: the harmful copy has the SNP
        ((False, True), "1", "G", None),  # in trans: the healthy copy has it
        ((True, False), "2", None, NOT_PHASED),
        ((True, False), None, None, NOT_PHASED),
        ((True, True), "1", None, ""),  # on both: no difference
    ],
)
@pytest.mark.parametrize("sick_first", [True, False])
def test_which_copy_holds_what(snp_copies, snp_set, own_base, reason, sick_first):
    text = "GTCAGATTGACCATGACCAGTT" * 3
    text = text[:3] + "A" + text[4:40] + "G" + text[41:]
    carrier = (True, False) if sick_first else (False, True)
    snp_copies = snp_copies if sick_first or snp_copies == (True, True) else snp_copies[::-1]
    snp = Call(Variant("s", 40, "G", "T"), snp_copies, phase_set=snp_set)
    genome = person(Reference.from_sequences({"s": text}), Call(SICK, carrier, phase_set="1"), snp)
    refused = []
    found = two_copies(genome, allele_of(SICK, carrier), Locus("s", 30, 50), refused)
    if own_base is None:
        assert found is None
        assert refused == ([reason] if reason else [])
    else:
        assert found.harmful.bases[10] == own_base
        assert found.healthy.bases[10] == ("T" if own_base == "G" else "G")


def test_phase_is_asked_for():
    assert phase_is_known(allele_of(SICK))
    assert phase_finding_of(allele_of(SICK)).status is Status.PASS
    for allele in (allele_of(SICK, (), None), allele_of(SICK, (True, False), None)):
        assert not phase_is_known(allele)
        assert "Long reads" in phase_finding_of(allele).because
        assert phase_finding_of(allele).status is Status.UNKNOWN
    both = allele_of(SICK, (True, True), None, Zygosity.HOMOZYGOUS)
    assert phase_finding_of(both).status is Status.FAIL


def site_and_told(change, alt, pam="TGG", nuclease=CAS9):
    """A site on the reference copy; the other copy has one base of it changed."""
    left = "CATTCATTCATTCATTCATTCATTC"
    text = left + SPACER + pam + left
    place = len(left) + change
    snp = Variant("s", place, text[place], alt)
    genome = person(Reference.from_sequences({"s": text}), Call(snp, (False, True), phase_set="1"))
    own, other = genome.windows(Locus("s", 0, len(text)))
    [site] = [p for p in protospacers(own, nuclease.pam, PamSide.THREE_PRIME, 20) if p.spacer == SPACER]
    return site, told_from(site, [other], nuclease.seed_nt, nuclease.search_pam)


@given(st.integers(0, 19), st.sampled_from("ACGT"))
def test_activity_is_the_published_weight(index, base):
    """One mismatch: CFD of the site written out with that base."""
    if base == SPACER[index]:
        return
    site, told = site_and_told(index, base)
    letters = list(SPACER)
    letters[index] = base
    expected = cfd_score(SPACER, "".join(letters), "TGG")
    activity = activity_on_other(site, told, CAS9)
    assert activity.value == pytest.approx(expected, abs=1e-4)
    assert told.mismatches == (index + 1,)


def test_activity_of_a_weaker_pam():
    """NAG keeps 0.259 of the activity of NGG; NCG and others follow the same table (Doench 2016)."""
    site, told = site_and_told(21, "A")
    assert activity_on_other(site, told, CAS9).value == pytest.approx(0.2593, abs=1e-4)


@pytest.mark.parametrize("key", ["spcas9_hf1", "spcas9_ng", "sacas9", "ascas12a"])
def test_activity_is_not_defined_out_of_domain(key):
    site, told = site_and_told(15, "G")
    activity = activity_on_other(site, told, knowledge.nucleases()[key])
    assert activity.value is None
    assert not activity.in_domain
    assert activity.method.startswith("not defined")


def test_activity_is_not_defined_across_an_indel():
    left = "CATTCATTCATTCATTCATTCATTC"
    text = left + SPACER + "TGG" + left
    gap = Variant("s", len(left) + 9, text[len(left) + 9 : len(left) + 11], text[len(left) + 9])
    genome = person(Reference.from_sequences({"s": text}), Call(gap, (False, True), phase_set="1"))
    own, other = genome.windows(Locus("s", 0, len(text)))
    [site] = [p for p in protospacers(own, "NGG", PamSide.THREE_PRIME, 20) if p.spacer == SPACER]
    activity = activity_on_other(site, told_from(site, [other], 10, "NRG"), CAS9)
    assert activity.value is None
    assert "bulge" in activity.method


@pytest.mark.parametrize(
    ("value", "no_pam", "status"),
    [
        (0.01, False, Status.PASS),
        (0.1, False, Status.CAUTION),
        (0.2, False, Status.FAIL),
        (0.9, False, Status.FAIL),
        (0.9, True, Status.CAUTION),
        (None, True, Status.PASS),
        (None, False, Status.UNKNOWN),
    ],
)
def test_the_other_copys_activity_is_judged(value, no_pam, status):
    finding = other_activity_finding(Estimate(value, "", "not defined: x"), has_no_pam=no_pam)
    assert finding.status is status
    assert finding.because.endswith(".")


def knock_out(minus, snp_on_harmful, phase="1"):
    """A gene whose pathogenic variant no nuclease tells apart, and a SNP that makes the only PAM of an exon."""
    filler = ("CATTAATCATTAATTCATAT" * 40)[:600]
    site = "ATTACTTTAATCATTACTTATGA"  # TGA is no PAM, TGG is
    text = filler[:100] + "ATG" + filler[103:160] + site + filler[183:]
    place = 160 + 22
    snp, sick = Variant("s", place, "A", "G"), Variant("s", 231, "A", "T")
    strand, exon = Strand.PLUS, (80, 500)
    if minus:
        size = len(text)
        text = flip(text)
        snp = Variant("s", size - 1 - place, "T", "C")
        sick = Variant("s", size - 1 - 231, "T", "A")
        strand, exon = Strand.MINUS, (size - 500, size - 80)
    cds = (exon[0] + 20, exon[1] - 60) if strand is Strand.PLUS else (exon[0] + 60, exon[1] - 20)
    gene = Transcript("NM_1.1", "G", "s", strand, (exon,), cds)
    calls = [
        Call(sick, (True, False), phase_set="1"),
        Call(snp, (True, False) if snp_on_harmful else (False, True), phase_set=phase),
    ]
    genome = person(Reference.from_sequences({"s": text}), *calls)
    target = target_of(
        gene, allele_of(sick), mechanism=Mechanism.DOMINANT_NEGATIVE, haploinsufficient=False, biallelic=False
    )
    [strategy] = [s for s in NUCLEASE.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT]
    options = DesignOptions(nucleases=("spcas9",))
    return strategy, genome, NUCLEASE.design(strategy, genome, GeneModels([gene]), options), snp


@pytest.mark.parametrize("minus", [False, True])
def test_a_snp_in_cis_serves_as_handle(minus):
    strategy, genome, batch, snp = knock_out(minus, snp_on_harmful=True)
    [design] = batch.designs
    facts = dict(design.facts)
    assert design.guides[0].spacer == "ATTACTTTAATCATTACTTA"
    assert design.guides[0].pam == "TGG"
    assert snp in design.guides[0].variants
    assert facts["handle"] == str(snp)
    assert facts["told_apart_by"] == "pam"
    # The other copy's TGA: CFD's weight for GA over GG.
    assert float(facts["activity_on_other_copy"]) == pytest.approx(0.0694, abs=1e-4)
    models = GeneModels([strategy.target.transcript])
    assessed = NUCLEASE.assess(design, AssessmentContext(CASE, strategy, genome, models, None))
    assert assessed.of("edit.activity_on_other_copy").status is Status.CAUTION
    assert assessed.of("edit.spares_healthy_copy").status is Status.PASS


@pytest.mark.parametrize("minus", [False, True])
def test_a_snp_in_trans_that_makes_the_pam_is_no_handle(minus):
    """Then the healthy copy has the PAM: cutting there would destroy the wrong one."""
    _, _, batch, _ = knock_out(minus, snp_on_harmful=False)
    assert batch.designs == ()
    assert batch.tally.refused


@pytest.mark.parametrize("phase", ["7", None])
def test_without_phase_no_handle_and_a_reason(phase):
    _, _, batch, _ = knock_out(minus=False, snp_on_harmful=True, phase=phase)
    assert batch.designs == ()
    assert any("long reads" in reason for reason, _ in batch.tally.refused)


def test_an_unphased_allele_says_what_would_help():
    strategy, genome, _, _ = knock_out(minus=False, snp_on_harmful=True)
    allele = replace(strategy.allele, copies=(), phase_set=None)
    lone = replace(strategy, allele=allele)
    batch = NUCLEASE.design(
        lone, genome, GeneModels([strategy.target.transcript]), DesignOptions(nucleases=("spcas9",))
    )
    assert any("Long reads" in reason for reason, _ in batch.tally.refused)


def test_a_gene_of_which_one_copy_is_too_little_is_refused():
    strategy, _, _, _ = knock_out(minus=False, snp_on_harmful=True)
    target = replace(strategy.target, haploinsufficient=True)
    [again] = [s for s in NUCLEASE.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT]
    assert again.status is Status.FAIL
    assert "would not be enough" in again.findings[0].because


def excision_case(minus, snp_copies, phase="1"):
    """Two exons; upstream a SNP makes the only PAM; in intron 1 a site that both copies have."""
    filler = ("CATTAATCATTAATTCATAT" * 100)[:1600]
    site = "ATTACTTTAATCATTACTTA"
    text = filler[:600] + site + "TGA" + filler[623:1040] + "ATTAGTTTAGTCATTAGTTA" + "AGG" + filler[1063:]
    snp, sick = Variant("s", 622, "A", "G"), Variant("s", 1331, "A", "T")
    exons, cds, strand = ((800, 1000), (1300, 1500)), (850, 1450), Strand.PLUS
    assert text[1331] == "A"
    if minus:
        size = len(text)
        text = flip(text)
        snp, sick = Variant("s", size - 623, "T", "C"), Variant("s", size - 1332, "T", "A")
        exons = tuple((size - e, size - s) for s, e in reversed(exons))
        cds, strand = (size - cds[1], size - cds[0]), Strand.MINUS
    gene = Transcript("NM_1.1", "G", "s", strand, exons, cds)
    calls = [Call(sick, (True, False), phase_set="1"), Call(snp, snp_copies, phase_set=phase)]
    genome = person(Reference.from_sequences({"s": text}), *calls)
    target = target_of(
        gene, allele_of(sick), mechanism=Mechanism.DOMINANT_NEGATIVE, haploinsufficient=False, biallelic=False
    )
    [strategy] = [s for s in NUCLEASE.eligibility(target, CASE) if s.route is Route.ALLELE_SPECIFIC_KNOCK_OUT]
    options = DesignOptions(nucleases=("spcas9",))
    batch = NUCLEASE.design(strategy, genome, GeneModels([gene]), options)
    return strategy, genome, batch, text


@pytest.mark.parametrize("minus", [False, True])
def test_promoter_and_first_exon_are_taken_from_the_harmful_copy(minus):
    strategy, genome, batch, text = excision_case(minus, (True, False))
    [design] = batch.designs
    facts = dict(design.facts)
    assert {guide.spacer for guide in design.guides} == {"ATTACTTTAATCATTACTTA", "ATTAGTTTAGTCATTAGTTA"}
    # 17 bases of each spacer are left of the cut: 600 + 17 and 1040 + 17 from the gene's own side.
    size = len(text)
    start, end = (617, 1057) if not minus else (size - 1057, size - 617)
    assert facts["lost_stretch"] == f"s:{start + 1}-{end}"
    assert facts["junction"] == f"{text[start - 20 : start]}|{text[end : end + 20]}"
    assert facts["told_apart_by"] == "pam"
    assert design.view.bases == text[start - 45 : start] + text[end : end + 45]
    assert next(s for s in design.view.spans if s.kind == "cut").start == 45
    models = GeneModels([strategy.target.transcript])
    found = NUCLEASE.assess(design, AssessmentContext(CASE, strategy, genome, models, None))
    assert found.of("edit.spares_healthy_copy").status is Status.PASS
    assert found.of("edit.cut_on_both_copies").status is Status.CAUTION
    assert found.of("edit.one_copy_has_both").status is Status.PASS
    assert [outcome.useful for outcome in design.outcomes] == [True, True, False, False]


@pytest.mark.parametrize(
    ("copies", "phase"), [((False, True), "1"), ((True, False), "8"), ((True, False), None)]
)
def test_no_excision_by_a_handle_elsewhere(copies, phase):
    assert excision_case(minus=False, snp_copies=copies, phase=phase)[2].designs == ()


def test_handles_of_a_real_person(shared_data):
    """NA12878's phased chr21: every guide with a handle stands on the copy aimed at, and differs on the other."""
    reference = Reference.open(str(shared_data / "genome" / "GRCh38.windows.fa.gz"))
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    gene = models.choose("CSTB").transcript
    region = gene.locus.widened(3000)
    vcf = shared_data / "variants" / "GRCh38.PlatinumGenomes_NA12878.chr21.vcf.gz"
    calls = read_calls(vcf, reference, regions=[region]).calls
    genome = PatientGenome(reference, calls)
    sick = next(c for c in genome.calls_in(gene.locus) if c.is_heterozygous and c.phase_set)
    allele = allele_of(sick.variant, sick.copies, sick.phase_set)
    target = target_of(
        gene, allele, mechanism=Mechanism.DOMINANT_NEGATIVE, haploinsufficient=False, biallelic=False
    )
    low, high = gene.locus.start - 200, gene.locus.end + 2000
    copies = []
    for copy in (0, 1):
        own = {c.variant for c in genome.calls_in(Locus(gene.contig, low, high)) if c.copies[copy]}
        copies.append("".join(base.letter for base in haplotype(reference, gene.contig, low, high, own)))
    harmful, healthy = copies if sick.copies[0] else copies[::-1]
    found = 0
    for modality, route in ((NUCLEASE, Route.ALLELE_SPECIFIC_KNOCK_OUT), (EPIGENOME, Route.LOWER_EXPRESSION)):
        [strategy] = [
            s for s in modality.eligibility(target, CASE) if s.route is route and s.allele is not None
        ]
        batch = modality.design(strategy, genome, models, DesignOptions(most_designs=60))
        for design in batch.designs:
            sites = [
                guide.target_with_pam if guide.locus.strand is Strand.PLUS else flip(guide.target_with_pam)
                for guide in design.guides
            ]
            assert all(site in harmful for site in sites)
            assert any(site not in healthy for site in sites)
            found += 1
    assert found >= 2
