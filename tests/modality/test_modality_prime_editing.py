"""Prime editing designs: published sets, the patient's own sequence, the other copy, silent changes, findings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from modality_cases import (
    allele_of,
    both,
    first_copy,
    flip,
    haplotype,
    person,
    protein_of,
    second_copy,
    splice_letters,
    target_of,
    toy_gene,
)
from test_modality_pegrna import SET_3_5, SET_3_7, same_guide

from revertant import knowledge
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions, modality_named
from revertant.modality.prime_editing.design import REACH_BP, design_prime_edits
from revertant.modality.prime_editing.efficiency import target_seen
from revertant.modality.prime_editing.eligibility import prime_editing_strategies
from revertant.modality.prime_editing.placing import candidates, places_of
from revertant.modality.prime_editing.simulate import NotWritten, Written, simulate
from revertant.modality.protospacers import reviewable_windows
from revertant.modality.silent import SilentJudge
from revertant.modality.view import variant_spans
from revertant.modality.wanted import wanted_window
from revertant.model import (
    Call,
    Case,
    CaseVariant,
    Effect,
    Locus,
    Status,
    Strand,
    Subject,
    Variant,
    Zygosity,
)
from revertant.prediction import prime_editing_efficiency
from revertant.variant import normalise

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
SICKLE = Variant("chr11", 5227001, "T", "A")
RS713040 = Variant("chr11", 5227012, "A", "G")
PE2 = knowledge.prime_editors()["pe2"]


@pytest.fixture(scope="module")
def hbb(shared_data):
    """The window of HBB and its gene models."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    transcript = next(t for t in models.of_gene("HBB") if t.transcript_id.startswith("NM_000518."))
    return reference, transcript, models


def strategy_of(variant, transcript, reference, zygosity=Zygosity.HOMOZYGOUS):
    allele = allele_of(variant, transcript, reference, zygosity)
    return prime_editing_strategies(target_of(transcript, allele))[0]


def designed(variant, transcript, genome, models=None, zygosity=Zygosity.HOMOZYGOUS, **options):
    strategy = strategy_of(variant, transcript, genome.reference, zygosity)
    batch = design_prime_edits(strategy, genome, models or GeneModels([transcript]), DesignOptions(**options))
    assert batch.tally.kept == len(batch.designs)
    assert batch.designs or batch.tally.refused
    return strategy, batch


@pytest.mark.parametrize(("spacer", "rtt", "pbs", "nick"), [SET_3_7, SET_3_5], ids=["3.7", "3.5"])
def test_published_sets_are_among_the_designs(hbb, spacer, rtt, pbs, nick):
    """Anzalone 2019, sets 3.7 and 3.5; 3.7 on the haplotype with rs713040-C, as the published spacer has it."""
    reference, transcript, models = hbb
    genome = PatientGenome(reference, [both(SICKLE), both(RS713040)])
    [window] = reviewable_windows(genome, SICKLE.locus.widened(REACH_BP), [])
    wanted = wanted_window(window, reference, gone=[SICKLE])
    places = places_of(window, wanted, [PE2], SilentJudge(wanted, [transcript]))
    found = [
        (number, one)
        for number, one in enumerate(candidates(places))
        if (one.pegrna.spacer, one.pegrna.rtt, one.pegrna.pbs) == (spacer, rtt, pbs)
        and one.nick is not None
        and same_guide(one.nick.spacer, nick)
    ]
    [(number, _)] = found
    # As a design, whole.
    _, batch = designed(SICKLE, transcript, genome, models, editors=("pe2",), most_designs=number + 1)
    whole = [
        d
        for d in batch.designs
        if (d.pegrnas[0].spacer, d.pegrnas[0].rtt, d.pegrnas[0].pbs) == (spacer, rtt, pbs)
        and len(d.guides) == 2
        and same_guide(d.guides[1].spacer, nick)
    ]
    assert len(whole) == 1
    assert whole[0].precedent_stage == "preclinical"
    assert whole[0].effector_name == "PE3"
    assert dict(whole[0].facts)["edit_position"] == ("+4" if spacer == SET_3_7[0] else "+2")


def test_the_guide_is_the_patients_own(hbb):
    reference, transcript, models = hbb
    as_reference = PatientGenome(reference, [both(SICKLE)])
    as_published = PatientGenome(reference, [both(SICKLE), both(RS713040)])
    spacers = [
        {d.guides[0].spacer for d in designed(SICKLE, transcript, genome, models)[1].designs}
        for genome in (as_reference, as_published)
    ]
    assert "CATGGTGCATCTGACTCCTG" in spacers[0] - spacers[1]
    assert SET_3_7[0] in spacers[1] - spacers[0]
    for design in designed(SICKLE, transcript, as_published, models)[1].designs:
        [peg] = design.pegrnas
        assert SICKLE not in peg.written
        # What the flap writes holds the person's own variant where it reaches so far.
        if RS713040 in peg.written:
            assert design.guides[0].haplotypes == ("1", "2")


def test_a_heterozygote_without_phase_farther_off_is_not_called_putative():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    place = transcript.cds[0] + 130
    here = reference.fetch("toy", place, place + 1)
    far = Variant("toy", place, here, "C" if here != "C" else "G")
    unphased = [Call(sick, (True, False)), Call(far, (True, False))]
    _, batch = designed(sick, transcript, person(reference, *unphased), zygosity=Zygosity.HETEROZYGOUS)
    assert batch.designs
    near = [d for d in batch.designs if len(d.guides) == 1]
    alone = designed(
        sick, transcript, person(reference, Call(sick, (True, False))), zygosity=Zygosity.HETEROZYGOUS
    )[1].designs
    assert {d.guides[0].haplotypes for d in near} == {d.guides[0].haplotypes for d in alone}


def test_what_the_other_copy_would_become():
    """The other copy has a variant of its own where the flap writes."""
    reference, transcript = toy_gene()
    start = transcript.cds[0] + 15
    sick = Variant("toy", start, "C", "T")
    here = reference.fetch("toy", start + 4, start + 5)
    own = Variant("toy", start + 4, here, "A" if here != "A" else "G")
    plain = person(reference, first_copy(sick))
    mixed = person(reference, first_copy(sick), second_copy(own))
    states = []
    for genome in (plain, mixed):
        strategy, batch = designed(sick, transcript, genome, zygosity=Zygosity.HETEROZYGOUS)
        states.append({dict(d.facts)["other_copy"] for d in batch.designs})
        context = AssessmentContext(CASE, strategy, genome, GeneModels([transcript]), None)
        for design in batch.designs[:5]:
            finding = modality_named("prime_editing").assess(design, context).of("edit.other_copy")
            risk = dict(design.facts)["other_copy"] == "at risk"
            assert finding.status is (Status.CAUTION if risk else Status.PASS)
    assert "at risk" not in states[0]
    assert "at risk" in states[1]


def test_options_narrow_and_the_cap_is_counted():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    genome = person(reference, both(sick))
    _, wide = designed(sick, transcript, genome)
    _, one = designed(sick, transcript, genome, most_designs=1)
    assert len(wide.designs) == 40
    assert one.designs == wide.designs[:1]
    assert one.tally.read == wide.tally.read > 1000
    _, narrow = designed(sick, transcript, genome, editors=("pe7", "abe8e"))
    assert {d.effector for d in narrow.designs} == {"pe7"}
    _, none = designed(sick, transcript, genome, editors=("abe8e",))
    assert none.tally.refused == (("no prime editor is among the editors asked for", 1),)
    _, healthy = designed(sick, transcript, person(reference))
    assert healthy.designs == ()
    assert "carries the allele" in healthy.tally.refused[0][0]


def test_relaxed_editors_stand_where_the_strict_one_cannot():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    _, batch = designed(sick, transcript, person(reference, both(sick)), most_designs=400)
    by_pam = {}
    for design in batch.designs:
        by_pam.setdefault(design.guides[0].pam_pattern, set()).add(design.effector)
    assert by_pam["NGG"] == {"pemax"}
    assert by_pam.keys() > {"NGG"}
    places = [(d.guides[0].locus, d.guides[0].pam_pattern) for d in batch.designs]
    assert len({locus for locus, _ in set(places)}) == len(set(places))


def test_every_rule_is_answered():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    genome = person(reference, both(sick))
    strategy, batch = designed(sick, transcript, genome, most_designs=60)
    context = AssessmentContext(CASE, strategy, genome, GeneModels([transcript]), None)
    kept_off, nicks = set(), set()
    for design in batch.designs:
        assessment = modality_named("prime_editing").assess(design, context)
        rules = {finding.rule: finding for finding in assessment.findings}
        assert rules.keys() >= {
            "edit.simulated", "edit.useful_share", "edit.distance_from_nick", "edit.kept_off",
            "edit.mismatch_repair", "edit.flap_lands_once", "edit.other_copy", "pegrna.pbs_length",
            "pegrna.pbs_gc", "pegrna.rtt_length", "pegrna.first_base", "pegrna.pol3_terminator",
            "pegrna.u6_start", "nicking.guide", "delivery.vehicle", "damage.nick", "immunity.editor",
            "conditioning", "offtarget.coverage", "guide.on_patient_sequence", "knowledge.editor",
        }  # fmt: skip
        assert "deaminase.elsewhere" not in rules
        known = design.useful_yield.value is not None
        assert rules["edit.useful_share"].status is (Status.CAUTION if known else Status.UNKNOWN)
        assert "SpCas9" in rules["immunity.editor"].because
        first = design.pegrnas[0].extension
        assert (rules["pegrna.first_base"].status is Status.CAUTION) == (first[0] == "C")
        assert (rules["pegrna.pol3_terminator"].status is Status.CAUTION) == ("TTTT" in first)
        assert all(finding.because.endswith(".") for finding in assessment.findings)
        kept_off.add(rules["edit.kept_off"].status)
        nicks.add(rules["nicking.guide"].status)
        if design.pegrnas[0].silent:
            assert rules["edit.mismatch_repair"].status is Status.PASS
    assert kept_off == {Status.PASS, Status.CAUTION}
    assert nicks == {Status.NOT_APPLICABLE, Status.PASS, Status.CAUTION}


def test_the_efficiency_is_asked_of_the_patients_own_target():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    genome = person(reference, both(sick))
    [window] = genome.windows(Locus("toy", 0, reference.windows[0].end))
    _, batch = designed(sick, transcript, genome, most_designs=60)
    defined = 0
    for design in batch.designs:
        guide, [peg] = design.guides[0], design.pegrnas
        target = target_seen(guide, [window])
        assert len(target) == 74
        assert target[4:27].startswith(guide.target_with_pam)
        assert target in (window.bases if guide.locus.strand is Strand.PLUS else flip(window.bases))
        assert design.useful_yield == prime_editing_efficiency(target, peg.pbs, peg.rtt)
        defined += design.useful_yield.value is not None
        if guide.pam_pattern != "NGG":
            assert "the domain is NGG" in design.useful_yield.method or guide.pam.endswith("GG")
    assert defined > 20
    assert target_seen(batch.designs[0].guides[0], []) == ""


def test_the_efficiency_is_not_carried_over_to_another_nickase(hbb):
    """The protospacer of set 3.5 has an NGG PAM: a figure for PE2 there says nothing of PE2-NG."""
    reference, transcript, models = hbb
    genome = PatientGenome(reference, [both(SICKLE)])
    found = {}
    for key in ("pe2", "pemax", "pe2_ng"):
        _, batch = designed(SICKLE, transcript, genome, models, editors=(key,))
        found[key] = [d.useful_yield for d in batch.designs if d.pegrnas[0].spacer == SET_3_5[0]]
    for key in ("pe2", "pemax"):
        assert any(one.value is not None for one in found[key])
    assert found["pe2_ng"]
    assert all(one.value is None for one in found["pe2_ng"])
    assert any("it learnt from SpCas9, and PE" in one.method for one in found["pe2_ng"])


def test_what_is_ordered():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    _, batch = designed(sick, transcript, person(reference, both(sick)))
    design = next(d for d in batch.designs if len(d.guides) == 2)
    [peg] = design.pegrnas
    oligos = {oligo.name: oligo.sequence for oligo in design.oligos}
    parts = knowledge.guide_parts()
    whole = peg.spacer + parts["sp_scaffold"].sequence + peg.rtt + peg.pbs
    assert oligos["pegrna"] == whole
    assert oligos["epegrna_tevopreQ1"] == whole + parts["tevopreQ1"].sequence
    assert oligos["epegrna_mpknot"] == whole + parts["mpknot"].sequence
    assert (oligos["pegrna_spacer"], oligos["pegrna_extension"]) == (peg.spacer, peg.rtt + peg.pbs)
    assert oligos["ngrna_spacer"] == design.guides[1].spacer
    assert design.guides[0].locus.strand is not design.guides[1].locus.strand


def test_the_drawing_marks_what_pairs_and_what_is_written():
    reference, transcript = toy_gene()
    start = transcript.cds[0] + 15
    for ref, alt in (("C", "T"), ("", "GATTACA")):
        sick = normalise(Variant("toy", start, ref, alt), reference)
        _, batch = designed(sick, transcript, person(reference, both(sick)))
        for design in batch.designs:
            [peg], view = design.pegrnas, design.view
            strand = design.guides[0].locus.strand
            spans = {span.kind: span for span in view.spans if span.strand is strand}
            pbs, rtt = (view.bases[spans[kind].start : spans[kind].end] for kind in ("pbs", "rtt"))
            assert peg.pbs == (flip(pbs) if strand is Strand.PLUS else pbs)
            touching = spans["pbs"].end == spans["rtt"].start or spans["rtt"].end == spans["pbs"].start
            assert touching
            edge = spans["pbs"].end if strand is Strand.PLUS else spans["pbs"].start
            assert spans["nick"].start == edge
            if len(sick.ref) == len(sick.alt):
                assert len(rtt) == len(peg.rtt)
                target = spans["target"]
                assert view.locus.start + target.start == sick.start
            else:
                assert len(rtt) == len(peg.rtt) + 7
            assert len([span for span in view.spans if span.kind == "nick"]) == len(design.guides)


def test_an_inserted_variant_is_drawn_on_its_own_bases():
    reference, transcript = toy_gene()
    sick = normalise(Variant("toy", transcript.cds[0] + 15, "", "GATTACA"), reference)
    [window] = person(reference, both(sick)).windows(Locus("toy", sick.start - 20, sick.start + 20))
    [span] = variant_spans(window)
    assert window.bases[span.start : span.end] == sick.alt


# -- silent changes ----------------------------------------------------------------------------------------------


@st.composite
def coding_variants(draw):
    """A toy gene on either strand with a substitution, insertion or deletion near its coding sequence."""
    reference, transcript = toy_gene(minus=draw(st.booleans()))
    exons = transcript.coding_exons
    start, end = draw(st.sampled_from(exons))
    place = draw(st.integers(start + 4, end - 12))
    ref = reference.fetch("toy", place, place + draw(st.integers(0, 7)))
    alt = draw(st.text("ACGT", max_size=7).filter(lambda text: text != ref))
    return reference, transcript, normalise(Variant("toy", place, ref, alt), reference)


@given(coding_variants())
@settings(max_examples=25)
def test_silent_changes_never_change_protein_or_splice_sites(drawn):
    """Indels that shift the frame included, on both strands: the wanted allele is read again, base by base."""
    reference, transcript, sick = drawn
    genome = person(reference, both(sick))
    window_locus = Locus("toy", 0, reference.windows[0].end)
    [window] = genome.windows(window_locus)
    _, batch = designed(sick, transcript, genome, most_designs=60)
    wild = haplotype(reference, "toy", 0, window_locus.end, [])
    for design in batch.designs:
        [peg] = design.pegrnas
        written = simulate(window.bases, peg.spacer, peg.pbs, peg.rtt, pam=design.guides[0].pam_pattern)
        if isinstance(written, NotWritten):
            # Over the whole contig a spacer can stand twice; over the stretch looked at it does not.
            assert "protospacers" in written.because
            continue
        assert isinstance(written, Written)
        edited = haplotype(reference, "toy", 0, window_locus.end, peg.silent)
        assert written.sequence == "".join(base.letter for base in edited)
        assert protein_of(edited, transcript) == protein_of(wild, transcript)
        assert splice_letters(edited, transcript) == splice_letters(wild, transcript)
        effect = design.outcomes[0].effect
        assert effect is (Effect.RESTORES_PROTEIN if peg.silent else Effect.RESTORES_WILD_TYPE)
        changed = {(c.position, c.after) for c in design.outcomes[0].changes}
        if len(sick.ref) == len(sick.alt):
            # A base that the pathogenic allele shares with a silent change stays as it is.
            kept = {(v.start, v.alt) for v in peg.silent if window.bases[v.start] == v.alt}
            assert changed >= {(v.start, v.alt) for v in peg.silent} - kept


def test_silent_changes_break_the_pam_or_the_seed():
    reference, transcript = toy_gene()
    sick = Variant("toy", transcript.cds[0] + 15, "C", "T")
    _, batch = designed(sick, transcript, person(reference, both(sick)), most_designs=300)
    silent = [d for d in batch.designs if d.pegrnas[0].silent]
    assert silent
    assert any(dict(d.facts)["kept_off_by"] != "none" for d in silent)
    for design in silent:
        assert dict(design.facts)["silent_changes"] != "none"
        assert {span.kind for span in design.view.spans} >= {"silent", "pbs", "rtt", "nick", "target"}
