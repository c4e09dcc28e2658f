"""Twin pegRNAs: every pair gives the wanted sequence or is refused, and long edits become eligible with them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modality_cases import (
    allele_of,
    both,
    first_copy,
    fits,
    flip,
    person,
    second_copy,
    target_of,
    toy_gene,
)

from revertant.genome import GeneModels
from revertant.modality import AssessmentContext, DesignOptions, modality_named
from revertant.modality.prime_editing.simulate import NotWritten
from revertant.modality.prime_editing.twin import (
    LONGEST_FLAP_NT,
    LONGEST_REPLACED_NT,
    LONGEST_WRITTEN_NT,
    TwinWritten,
    simulate_twin,
    twin_pairs,
)
from revertant.model import Case, CaseVariant, Status, Strand, Subject, Variant, Zygosity
from revertant.variant import normalise

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
# nick after ...GATTCA|CGATGG, and CCATTA|GCAAGT on the other strand
LEFT, RIGHT = "TTACGATCAACGTAGCTAGGATTCACGATGGCT", "CATCCATTAGCAAGTCCTAACGGTCATTGCATCGA"


def parts(pair):
    return [(peg.spacer, peg.pbs, peg.rtt) for peg in (pair.plus, pair.minus)]


def test_by_hand():
    """Flaps of 24 nt that pair over 16: what they spell together stands between the nicks."""
    new = "CGA" + "GATTACAGATTTGCCCAGTACCTGAGCA" + "T"
    head, tail = new[:24], new[-24:]
    assert (len(new), head[-16:]) == (32, tail[:16])
    plus = ("AACGTAGCTAGGATTCACGA", flip("TAGGATTCA"), flip(head))
    minus = (flip("TTAGCAAGTCCTAACGGTCA"), "GCAAGTCCT", tail)
    sequence = LEFT + "ACGTTGCA" * 6 + RIGHT
    found = simulate_twin(sequence, plus, minus)
    assert isinstance(found, TwinWritten), found
    left = sequence.index("CGATGG")
    right = sequence.index("GCAAGTCC")
    assert found.sequence == sequence[:left] + new + sequence[right:]
    assert found.overlap_nt == 16
    turned = simulate_twin(flip(sequence), plus, minus)
    assert turned.sequence == flip(found.sequence)


@pytest.mark.parametrize(
    ("plus", "minus", "because"),
    [
        ({}, {"rtt": "ACGT" * 6}, "do not pair"),
        ({"pbs": "AAAAAAAAA"}, {}, "primer binding site"),
        ({"spacer": "A" * 20}, {}, "no protospacer"),
    ],
)
def test_what_cannot_be_written(plus, minus, because):
    [pair] = twin_pairs(LEFT + "ACGTTGCA" * 10 + RIGHT, LEFT + RIGHT)
    names = ("spacer", "pbs", "rtt")
    one, other = (dict(zip(names, part, strict=True)) for part in parts(pair))
    found = simulate_twin(
        LEFT + "ACGTTGCA" * 10 + RIGHT, tuple({**one, **plus}.values()), tuple({**other, **minus}.values())
    )
    assert isinstance(found, NotWritten)
    assert because in found.because


@st.composite
def long_edits(draw):
    left, right = (
        draw(st.text("ACGT", min_size=60, max_size=90)),
        draw(st.text("ACGT", min_size=60, max_size=90)),
    )
    middle = st.text("ACGT", max_size=60)
    old, new = draw(middle), draw(middle)
    return (left + "A" + old + right, left + "C" + new + right)


@given(long_edits())
@settings(max_examples=40)
def test_every_pair_gives_the_wanted_sequence_or_is_refused(edit):
    before, after = edit
    for pair in twin_pairs(before, after):
        assert len(pair.written) <= LONGEST_WRITTEN_NT
        assert pair.replaced_nt <= LONGEST_REPLACED_NT
        for peg in (pair.plus, pair.minus):
            assert len(peg.rtt) <= LONGEST_FLAP_NT
            site = before[peg.start : peg.start + 20]
            assert peg.spacer == (site if peg.strand is Strand.PLUS else flip(site))
            assert fits("NGG", peg.pam)
        found = simulate_twin(before, *parts(pair))
        if isinstance(found, NotWritten):
            # Flaps that can pair in two registers are the only pairs that are enumerated and refused.
            assert "more than one way" in found.because
            head, tail = flip(pair.plus.rtt), pair.minus.rtt
            assert sum(head[-k:] == tail[:k] for k in range(10, len(head) + 1)) > 1
        else:
            assert found.sequence == after
            assert found.overlap_nt == pair.overlap_nt


def test_a_long_insertion_is_taken_out_by_two_pegrnas():
    reference, transcript = toy_gene()
    place = transcript.cds[0] + 15
    sick = normalise(Variant("toy", place, "", "GATTACCATG" * 12), reference)
    target = target_of(transcript, allele_of(sick, transcript, reference))
    modality = modality_named("prime_editing")
    [strategy] = modality.eligibility(target, CASE)
    assert strategy.findings[0].status is Status.CAUTION
    genome, models = person(reference, both(sick)), GeneModels([transcript])
    batch = modality.design(strategy, genome, models, DesignOptions())
    assert batch.designs
    [window] = genome.windows(transcript.locus.widened(60))
    wild = reference.fetch("toy", transcript.locus.start - 60, transcript.locus.end + 60)
    for design in batch.designs:
        assert len(design.guides) == len(design.pegrnas) == 2
        assert {guide.locus.strand for guide in design.guides} == set(Strand)
        molecules = [(peg.spacer, peg.pbs, peg.rtt) for peg in design.pegrnas]
        found = simulate_twin(window.bases, *molecules, pam=design.guides[0].pam_pattern)
        assert isinstance(found, TwinWritten)
        assert found.sequence == wild
        assert len([span for span in design.view.spans if span.kind == "nick"]) == 2
        assert {"pegrna_1", "pegrna_2", "epegrna_tevopreQ1_1"} <= {oligo.name for oligo in design.oligos}
    context = AssessmentContext(CASE, strategy, genome, models, None)
    rules = {finding.rule for finding in modality.assess(batch.designs[0], context).findings}
    assert rules >= {"edit.flaps_pair", "nicking.guide", "edit.kept_off", "damage.nick", "pegrna.pbs_length"}


def test_what_two_pegrnas_do_to_the_other_copy():
    """On a healthy copy they write what stands there; a variant of its own between the nicks would be lost."""
    reference, transcript = toy_gene()
    place = transcript.cds[0] + 15
    sick = normalise(Variant("toy", place, "", "GATTACCATG" * 12), reference)
    here = reference.fetch("toy", place + 6, place + 7)
    own = Variant("toy", place + 6, here, "A" if here != "A" else "G")
    modality = modality_named("prime_editing")
    states = []
    for calls in ((first_copy(sick),), (first_copy(sick), second_copy(own))):
        allele = allele_of(sick, transcript, reference, Zygosity.HETEROZYGOUS)
        [strategy] = modality.eligibility(target_of(transcript, allele), CASE)
        genome, models = person(reference, *calls), GeneModels([transcript])
        batch = modality.design(strategy, genome, models, DesignOptions())
        assert batch.designs
        states.append({dict(design.facts)["other_copy"] for design in batch.designs})
        context = AssessmentContext(CASE, strategy, genome, models, None)
        for design in batch.designs:
            status = modality.assess(design, context).of("edit.other_copy").status
            assert (status is Status.CAUTION) == (dict(design.facts)["other_copy"] == "at risk")
    assert states[0] <= {"unharmed", "spared"}
    assert "at risk" in states[1]


def test_beyond_two_pegrnas_is_refused():
    reference, transcript = toy_gene()
    place = transcript.cds[0] + 5
    sick = Variant("toy", place, reference.fetch("toy", place, place + 95), "")
    target = target_of(transcript, allele_of(sick, transcript, reference))
    [strategy] = modality_named("prime_editing").eligibility(target, CASE)
    assert not strategy.is_eligible
    assert "one pegRNA, or two" in strategy.findings[0].because


def test_mitochondrial_dna_is_out_of_reach():
    reference, transcript = toy_gene()
    allele = allele_of(Variant("toy", transcript.cds[0] + 15, "C", "T"), transcript, reference)
    there = replace(allele, variant=replace(allele.variant, contig="chrM"))
    [strategy] = modality_named("prime_editing").eligibility(target_of(transcript, there), CASE)
    assert [f.rule for f in strategy.findings if f.status is Status.FAIL] == ["chemistry.mitochondrion"]


def test_a_middle_edit_has_both_kinds():
    reference, transcript = toy_gene()
    sick = normalise(Variant("toy", transcript.cds[0] + 15, "", "GATTACCATGTCCATTGCAGTTACG"), reference)
    target = target_of(transcript, allele_of(sick, transcript, reference))
    modality = modality_named("prime_editing")
    [strategy] = modality.eligibility(target, CASE)
    batch = modality.design(
        strategy, person(reference, both(sick)), GeneModels([transcript]), DesignOptions()
    )
    kinds = [len(design.pegrnas) for design in batch.designs]
    assert kinds.count(1) == 40 - kinds.count(2)
    assert 1 <= kinds.count(2) <= 8
    assert kinds == sorted(kinds)
