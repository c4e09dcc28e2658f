"""Epigenome designs: places around the start counted a second time, copies, neighbours, islands, off-targets."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import NOTHING, allele_of, fits, flip, person, target_of, toy_gene

from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.knowledge import epigenome_editors
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.epigenome import EPIGENOME
from revertant.modality.epigenome.promoter import cpg_content, offset_of, start_of, stretch_at
from revertant.model import (
    Allele,
    Call,
    Case,
    CaseVariant,
    Coverage,
    Locus,
    Mechanism,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    Pathogenicity,
    Route,
    Status,
    Strand,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
SIZE, TSS = 3000, 1500


def bases(seed=1, size=SIZE):
    return "".join(random.Random(seed).choices("ACGT", k=size))


def gene(strand=Strand.PLUS, start=TSS):
    """A gene of one exon of 900 bases that starts at ``start``."""
    exon = (start, start + 900) if strand is Strand.PLUS else (start - 899, start + 1)
    return Transcript("NM_1.1", "OWN", "s", strand, (exon,), (exon[0] + 30, exon[1] - 30))


def copies_of(variant, zygosity=Zygosity.HETEROZYGOUS, phased=True):
    return Allele(
        variant,
        zygosity,
        Pathogenicity.PATHOGENIC,
        NOTHING,
        "",
        (True, False) if phased else (),
        "1" if phased else None,
    )


def made(
    route, transcript, allele=None, *, text=None, calls=(), models=None, most=5000, editors=(), **target
):
    text = text or bases()
    genome = person(Reference.from_sequences({"s": text}), *calls)
    facts = {
        "mechanism": Mechanism.GAIN_OF_FUNCTION,
        "dispensable": True,
        "haploinsufficient": False,
        **target,
    }
    known = allele or copies_of(Variant("s", 10, text[10], "A" if text[10] != "A" else "C"))
    wanted = target_of(transcript, known, biallelic=False, **facts)
    [strategy] = [
        s
        for s in EPIGENOME.eligibility(wanted, CASE)
        if s.route is route and (s.allele is not None) == (allele is not None)
    ]
    options = DesignOptions(most_designs=most, editors=editors)
    batch = EPIGENOME.design(strategy, genome, models or GeneModels([transcript]), options)
    return strategy, genome, batch


def places_by_hand(text, transcript, editor):
    """Spacers of NGG sites whose PAM's N lies in the window, with its distance from the start."""
    found = {}
    for strand, read in (("+", text), ("-", flip(text))):
        for at in range(20, len(read) - 2):
            if fits("NGG", read[at : at + 3]):
                place = at if strand == "+" else len(text) - 1 - at
                start = transcript.exons[0][0] if transcript.strand == "+" else transcript.exons[-1][1] - 1
                away = place - start if transcript.strand == "+" else start - place
                if editor.window[0] <= away <= editor.window[1]:
                    found[read[at - 20 : at], strand] = away
    return found


@pytest.mark.parametrize("strand", Strand)
@pytest.mark.parametrize("key", ["crispri_krab", "crisproff", "crispra_vp64"])
def test_every_guide_of_the_window_and_its_distance(key, strand):
    editor = epigenome_editors()[key]
    silences = editor.direction == "silence"
    route = Route.LOWER_EXPRESSION if silences else Route.RAISE_EXPRESSION
    mechanism = Mechanism.GAIN_OF_FUNCTION if silences else Mechanism.HAPLOINSUFFICIENCY
    _, _, batch = made(route, gene(strand), editors=(key,), mechanism=mechanism)
    expected = places_by_hand(bases(), gene(strand), editor)
    seen = {
        (d.guides[0].spacer, str(d.guides[0].locus.strand)): int(dict(d.facts)["distance_from_start_bp"])
        for d in batch.designs
    }
    assert seen == expected
    assert len(seen) > 20
    # The core first, from its middle outwards.
    middle = sum(editor.core_window) / 2
    order = [
        (
            not editor.reaches(int(dict(d.facts)["distance_from_start_bp"]), core=True),
            abs(int(dict(d.facts)["distance_from_start_bp"]) - middle),
        )
        for d in batch.designs
    ]
    assert order == sorted(order)


def test_editors_take_turns():
    _, _, batch = made(Route.LOWER_EXPRESSION, gene(), most=6)
    assert [d.effector for d in batch.designs[:3]] == ["crispri_krab", "crispri_sa_krab", "crisproff"]
    assert batch.tally.kept == 6
    assert any("beyond the 6 best" in reason for reason, _ in batch.tally.refused)


def test_guides_are_the_patients_own():
    """A homozygous variant of the promoter is in the guide; a heterozygous one gives both guides."""
    text = bases()
    place = TSS + 50
    swap = Variant("s", place, text[place], "A" if text[place] != "A" else "C")
    _, _, batch = made(
        Route.LOWER_EXPRESSION, gene(), calls=[Call(swap, (True, True))], editors=("crisproff",)
    )
    over = [d for d in batch.designs if d.guides[0].locus.start <= place < d.guides[0].locus.end]
    own = text[:place] + swap.alt + text[place + 1 :]
    assert over
    for design in over:
        assert swap in design.guides[0].variants
        assert design.guides[0].spacer in own or flip(design.guides[0].spacer) in own


def one_site(pam="TGG"):
    """A promoter with a single NGG site, its PAM base next to the spacer 50 bp behind the start."""
    filler = ("CATTAATCATTAATTCATAC" * 200)[:SIZE]
    site = "ATTACTTTAATCATTACTTA" + pam
    at = TSS + 50 - 20
    return filler[:at] + site + filler[at + 23 :], at


@pytest.mark.parametrize("minus", [False, True])
def test_allele_specific_silencing_by_a_handle_in_the_pam(minus):
    text, at = one_site()
    snp = Variant("s", at + 21, "G", "A")
    sick = Variant("s", TSS + 400, text[TSS + 400], "G")
    transcript = gene()
    if minus:
        text = flip(text)
        snp = Variant("s", SIZE - 1 - snp.start, "C", "T")
        sick = Variant("s", SIZE - 1 - sick.start, flip(sick.ref), "C")
        transcript = gene(Strand.MINUS, SIZE - 1 - TSS)
    calls = [Call(sick, (True, False), phase_set="1"), Call(snp, (False, True), phase_set="1")]
    strategy, genome, batch = made(
        Route.LOWER_EXPRESSION, transcript, copies_of(sick), text=text, calls=calls, editors=("crispri_krab",)
    )
    [design] = batch.designs
    assert design.guides[0].spacer == "ATTACTTTAATCATTACTTA"
    assert dict(design.facts)["told_apart_by"] == "weak_pam"  # NAG is bound now and then
    # The handle on the pathogenic copy breaks its PAM: nothing to be had there.
    calls[1] = Call(snp, (True, False), phase_set="1")
    _, _, none = made(
        Route.LOWER_EXPRESSION, transcript, copies_of(sick), text=text, calls=calls, editors=("crispri_krab",)
    )
    assert none.designs == ()
    assert none.tally.refused
    # A promoter variant of unknown phase is no handle, and the reason says what to do.
    calls[1] = Call(snp, (True, False))
    _, _, open_ = made(
        Route.LOWER_EXPRESSION, transcript, copies_of(sick), text=text, calls=calls, editors=("crispri_krab",)
    )
    assert open_.designs == ()
    assert any("long reads" in reason for reason, _ in open_.tally.refused)
    assessment = EPIGENOME.assess(
        design, AssessmentContext(CASE, strategy, genome, GeneModels([transcript]), None)
    )
    assert assessment.of("edit.spares_healthy_copy").status is Status.UNKNOWN
    assert "not defined" in assessment.of("edit.spares_healthy_copy").because


def test_a_lost_pam_spares_surely():
    text, at = one_site()
    snp = Variant("s", at + 21, "G", "C")
    sick = Variant("s", TSS + 400, text[TSS + 400], "G")
    calls = [Call(sick, (True, False), phase_set="1"), Call(snp, (False, True), phase_set="1")]
    strategy, genome, batch = made(
        Route.LOWER_EXPRESSION, gene(), copies_of(sick), text=text, calls=calls, editors=("crispri_krab",)
    )
    [design] = batch.designs
    assessment = EPIGENOME.assess(
        design, AssessmentContext(CASE, strategy, genome, GeneModels([gene()]), None)
    )
    assert assessment.of("edit.spares_healthy_copy").status is Status.PASS


def test_phase_decides_eligibility():
    reference, transcript = toy_gene()
    variant = Variant("toy", transcript.cds[0] + 15, "C", "T")
    allele = replace(
        allele_of(variant, transcript, reference, Zygosity.HETEROZYGOUS), copies=(), phase_set=None
    )
    target = target_of(transcript, allele, mechanism=Mechanism.DOMINANT_NEGATIVE, haploinsufficient=False)

    def specific(one):
        return next(s for s in EPIGENOME.eligibility(replace(target, alleles=(one,)), CASE) if s.allele)

    assert not specific(allele).is_eligible
    assert any("Long reads" in f.because for f in specific(allele).findings)
    phased = replace(allele, copies=(True, False), phase_set="1")
    assert specific(phased).is_eligible == (not phased.consequence.is_truncating)


@given(st.integers(-700, 700), st.sampled_from(list(Strand)))
def test_stretches_and_offsets_agree(offset, strand):
    transcript = gene(strand)
    place = start_of(transcript) + (offset if strand is Strand.PLUS else -offset)
    assert offset_of(transcript, place) == offset
    window = (-550, -25)
    stretch = stretch_at(transcript, window)
    assert (stretch.start <= place < stretch.end) == (window[0] <= offset <= window[1])


def context_of(strategy, genome, models, reports=None):
    return AssessmentContext(CASE, strategy, genome, models, reports)


def test_neighbours_and_bidirectional_promoters_are_named():
    own = gene()
    back = Transcript("NM_2.1", "BACK", "s", Strand.MINUS, ((300, TSS - 800),))
    near = Transcript("NM_3.1", "NEAR", "s", Strand.PLUS, ((TSS + 200, TSS + 900),))
    far = Transcript("NM_4.1", "FAR", "s", Strand.MINUS, ((100, TSS - 1100),))
    models = GeneModels([own, back, near, far])
    strategy, genome, batch = made(Route.LOWER_EXPRESSION, own, models=models, most=3)
    finding = EPIGENOME.assess(batch.designs[0], context_of(strategy, genome, models)).of(
        "edit.neighbouring_start"
    )
    assert finding.status is Status.CAUTION
    assert finding.value == "NEAR at +200, BACK at -801 (bidirectional promoter)"
    alone = GeneModels([own, far])
    strategy, genome, batch = made(Route.LOWER_EXPRESSION, own, models=alone, most=3)
    finding = EPIGENOME.assess(batch.designs[0], context_of(strategy, genome, alone)).of(
        "edit.neighbouring_start"
    )
    assert finding.status is Status.PASS


def test_other_starts_of_the_gene_are_named():
    own = gene()
    other = Transcript("NM_1.2", "OWN", "s", Strand.PLUS, ((TSS - 700, TSS - 600), (TSS + 10, TSS + 900)))
    models = GeneModels([own, other])
    strategy, genome, batch = made(Route.LOWER_EXPRESSION, own, models=models, most=1)
    finding = EPIGENOME.assess(batch.designs[0], context_of(strategy, genome, models)).of(
        "edit.transcription_start"
    )
    assert finding.status is Status.CAUTION
    assert "CAGE" in finding.because
    assert "-700, 0 bp" in finding.because


def islands_by_hand(text):
    for at in range(len(text) - 199):
        part = text[at : at + 200]
        pairs = sum(part[i : i + 2] == "CG" for i in range(199))
        c, g = part.count("C"), part.count("G")
        if c + g > 100 and pairs * 200 > 0.6 * c * g:
            return True
    return False


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(150, 420))
def test_islands_by_hand(seed, weight, size):
    text = "".join(random.Random(seed).choices("ACGT", weights=(1, weight, weight, 1), k=size))
    content = cpg_content(text)
    if size < 200:
        assert content is None
    else:
        assert content.has_island == islands_by_hand(text)
        assert content.cpg == sum(text[i : i + 2] == "CG" for i in range(size - 1))


def test_methylation_and_durability_are_judged():
    poor = ("CATTAATCATTAATTCATACTGG" * 200)[:SIZE]
    rich = poor[: TSS - 300] + "CCGG" * 150 + poor[TSS + 300 :]
    for text, status in ((poor, Status.CAUTION), (rich, Status.PASS)):
        strategy, genome, batch = made(
            Route.LOWER_EXPRESSION, gene(), text=text, most=1, editors=("crisproff",)
        )
        found = EPIGENOME.assess(batch.designs[0], context_of(strategy, genome, GeneModels([gene()])))
        assert found.of("edit.cpg_island").status is status
        assert found.of("edit.durability").value == "lasting"
    strategy, genome, batch = made(
        Route.RAISE_EXPRESSION, gene(), text=poor, most=9, mechanism=Mechanism.HAPLOINSUFFICIENCY
    )
    for design in batch.designs:
        found = EPIGENOME.assess(design, context_of(strategy, genome, GeneModels([gene()])))
        asked = found.of("edit.promoter_is_methylated")
        assert (asked is not None) == (design.effector == "crispron")
        assert asked is None or asked.status is Status.UNKNOWN
        assert found.of("offtarget.in_promoter").status is Status.UNKNOWN
        assert found.of("edit.useful_share").status is Status.UNKNOWN


def test_off_targets_in_other_promoters_are_counted():
    own = gene()
    other = Transcript("NM_8.1", "OTHER", "t", Strand.PLUS, ((1000, 2000),))
    models = GeneModels([own, other])
    strategy, genome, batch = made(
        Route.LOWER_EXPRESSION, own, models=models, most=1, editors=("crispri_krab",)
    )
    design = batch.designs[0]
    spacer = design.guides[0].spacer

    def judged(*starts):
        sites = tuple(
            OffTargetSite(spacer, Locus("t", start, start + 20), "TGG", spacer, spacer, 2) for start in starts
        )
        coverage = Coverage(3000, (("t", 0, 3000),), True, ("reference",), "All.")
        report = OffTargetReport(OffTargetRequest(spacer, "NGG"), sites, coverage)
        return EPIGENOME.assess(design, context_of(strategy, genome, models, (report,)))

    assert judged(1100).of("offtarget.in_promoter").status is Status.CAUTION
    assert "OTHER (2 edits)" in judged(1100).of("offtarget.in_promoter").because
    assert judged(1600).of("offtarget.in_promoter").status is not Status.CAUTION
    assert judged(900).of("offtarget.in_promoter").status is not Status.CAUTION
    assert judged(900).of("offtarget.coding_site") is None


def test_a_promoter_outside_the_reference_is_said():
    text = bases()[: TSS - 200]
    transcript = Transcript("NM_1.1", "OWN", "s", Strand.PLUS, ((TSS + 2000, TSS + 3000),))
    _, _, batch = made(Route.LOWER_EXPRESSION, transcript, text=text)
    assert batch.designs == ()
    assert any("outside the reference" in reason for reason, _ in batch.tally.refused)


def test_real_promoters(shared_data):
    """LMNA and HBB: the start of MANE Select, its CpG, and guides where the sequence says they are."""
    reference = Reference.open(str(shared_data / "genome" / "GRCh38.windows.fa.gz"))
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    seen = {}
    for symbol in ("LMNA", "HBB"):
        transcript = models.choose(symbol).transcript
        start = start_of(transcript)
        variant = Variant(transcript.contig, start, reference.fetch(transcript.contig, start, start + 1), "N")
        variant = replace(variant, alt="A" if variant.ref != "A" else "C")
        target = target_of(
            transcript,
            copies_of(variant),
            mechanism=Mechanism.HAPLOINSUFFICIENCY,
            biallelic=False,
        )
        [strategy] = [s for s in EPIGENOME.eligibility(target, CASE) if s.route is Route.RAISE_EXPRESSION]
        batch = EPIGENOME.design(strategy, person(reference), models, DesignOptions(most_designs=9))
        assert batch.designs
        for design in batch.designs:
            guide = design.guides[0]
            text = reference.fetch(guide.locus.contig, guide.locus.start, guide.locus.end)
            assert guide.spacer == (text if guide.locus.strand is Strand.PLUS else flip(text))
        seen[symbol] = dict(batch.designs[0].facts)["cpg_island"]
    # LMNA is expressed widely from an island, beta-globin in red cells only and without one.
    assert seen == {"LMNA": "yes", "HBB": "no"}


@pytest.mark.parametrize("strand", Strand)
def test_the_map_holds_window_guide_cpg_and_starts(strand):
    own = gene(strand)
    text = bases()
    sign = 1 if strand is Strand.PLUS else -1
    near = Transcript(
        "NM_3.1", "NEAR", "s", strand.opposite, ((TSS + 100 * sign - 90 * (sign > 0), TSS + 100 * sign + 91),)
    )
    models = GeneModels([own, near])
    _, _, batch = made(Route.LOWER_EXPRESSION, own, models=models, most=4, editors=("crisproff",))
    read = text if strand is Strand.PLUS else flip(text)
    start = TSS if strand is Strand.PLUS else SIZE - 1 - TSS
    expected = [at - start for at in range(start - 500, start + 501) if read[at : at + 2] == "CG"]
    for design in batch.designs:
        shown = design.promoter
        assert shown.window == (-500, 500)
        assert shown.guide_bp == int(dict(design.facts)["distance_from_start_bp"])
        assert shown.guide_is_same_way == (design.guides[0].locus.strand is strand)
        # The last C may have its G behind the stretch that was read.
        assert set(shown.cpg) ^ set(expected) <= {500, -500}
        assert [(s.gene, s.is_same_way) for s in shown.starts] == [("NEAR", False)]
