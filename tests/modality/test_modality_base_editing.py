"""Base editing on the cases the project must get right: sickle cell, carriers, splice sites, knock-outs."""

from __future__ import annotations

import math
from importlib.resources import files

import pytest
from modality_cases import (
    CODE,
    MOST_BASES,
    PAIRS,
    allele_of,
    both,
    first_copy,
    flip,
    haplotype,
    person,
    protein_of,
    second_copy,
    target_of,
    toy_gene,
    wide_window,
)

from revertant import knowledge
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.base_editing.outcome import NEAR_SPLICE, is_unwanted
from revertant.modality.base_editing.shares import (
    ROUGH,
    genotype_shares,
    useful_share,
    useful_yield,
    working_window,
)
from revertant.modality.nuclease import NUCLEASE
from revertant.model import (
    BaseChange,
    Call,
    Case,
    CaseVariant,
    Effect,
    Estimate,
    Locus,
    Mechanism,
    Outcome,
    Route,
    Site,
    Status,
    Strand,
    Strategy,
    Subject,
    Variant,
    Zygosity,
)

DEMO = files("revertant.cli") / "demo_data"
CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))
SICKLE = Variant("chr11", 5227001, "T", "A")
RS713040 = Variant("chr11", 5227012, "A", "G")
ALL = DesignOptions(most_designs=10_000)


@pytest.fixture(scope="module")
def hbb():
    reference = Reference.open(str(DEMO / "loci.GRCh38.fa"))
    return reference, load_gene_models(str(DEMO / "HBB.GRCh38.gtf"), reference).transcripts[0]


def strategy_for(route, transcript, allele, **more):
    target = target_of(transcript, allele, **more)
    [found] = [s for s in BASE_EDITING.eligibility(target, CASE) if s.route is route and s.allele == allele]
    return found


def designs_of(strategy, genome, options=ALL):
    return BASE_EDITING.design(strategy, genome, GeneModels([strategy.target.transcript]), options).designs


def assessed(design, strategy, genome):
    context = AssessmentContext(CASE, strategy, genome, GeneModels([strategy.target.transcript]), None)
    return BASE_EDITING.assess(design, context)


def makassar(hbb, *calls, zygosity=Zygosity.HOMOZYGOUS):
    reference, transcript = hbb
    allele = allele_of(SICKLE, transcript, reference, zygosity)
    strategy = strategy_for(Route.BENIGN_SUBSTITUTION, transcript, allele)
    genome = person(reference, *calls)
    return strategy, genome, designs_of(strategy, genome, DesignOptions(("abe8e_nrch",)))


def test_sickle_cell_makassar(hbb):
    strategy, genome, designs = makassar(hbb, both(SICKLE))
    assert strategy.status is Status.CAUTION
    [design] = [d for d in designs if d.guides[0].pam == "CACC"]
    guide = design.guides[0]
    assert (guide.spacer, guide.pam_pattern, guide.haplotypes) == ("TTCTCCACAGGAGTCAGATG", "NRCH", ("1", "2"))
    assert guide.locus.strand is Strand.PLUS
    facts = dict(design.facts)
    assert facts["target_spacer_position"] == "7"
    assert facts["bystanders"].startswith("A9 silent: ")
    assert facts["unwanted_genotypes"] == "0"
    best, together, alone = design.outcomes
    assert (best.effect, best.protein, best.useful) == (Effect.BENIGN_SUBSTITUTION, "p.(Glu7Ala)", True)
    assert [c.spacer_position for c in best.changes] == [7]
    assert (together.effect, together.protein) == (Effect.BENIGN_SUBSTITUTION, "p.(Glu7Ala)")
    assert [c.spacer_position for c in together.changes] == [7, 9]
    assert (alone.effect, alone.useful) == (Effect.NO_EFFECT, False)
    assert "the pathogenic allele stays" in alone.label
    assert {o.effect for o in design.outcomes}.isdisjoint(
        {Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN}
    )
    assert "restor" not in " ".join([design.purpose, *(o.label for o in design.outcomes)])
    assert design.precedent
    found = assessed(design, strategy, genome)
    assert found.of("edit.coding_bystander").status is Status.PASS
    assert found.of("edit.target_in_core_window").status is Status.PASS
    assert found.of("edit.other_copy").status is Status.NOT_APPLICABLE
    assert found.of("edit.useful_share").status is Status.UNKNOWN
    assert found.of("deaminase.elsewhere").status is Status.UNKNOWN
    assert found.of("offtarget.coverage").status is Status.UNKNOWN


def test_sickle_cell_cannot_be_restored(hbb):
    reference, transcript = hbb
    allele = allele_of(SICKLE, transcript, reference)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    assert strategy.status is Status.FAIL
    [chemistry] = [f for f in strategy.findings if f.rule == "chemistry.direct_restoration"]
    assert chemistry.value == "T→A"
    assert "which no base editor makes: ABE make A→G" in chemistry.because
    assert designs_of(strategy, person(reference, both(SICKLE))) == ()
    assert not strategy_for(Route.RESTORE_PROTEIN, transcript, allele).is_eligible


@pytest.mark.parametrize("copy", [both, first_copy])
def test_a_neighbour_under_the_guide_changes_the_spacer(hbb, copy):
    """rs713040 (HBB c.9T>C): on one copy there are two guides, each on its own copy."""
    _, _, designs = makassar(hbb, both(SICKLE), copy(RS713040))
    guides = {d.guides[0].spacer: d.guides[0] for d in designs if d.guides[0].pam == "CACC"}
    changed = guides.pop("TTCTCCACAGGAGTCAGGTG")
    assert RS713040 in changed.variants
    if copy is both:
        assert not guides
    else:
        assert changed.haplotypes == ("1",)
        assert guides["TTCTCCACAGGAGTCAGATG"].haplotypes == ("2",)


def test_heterozygous_sickle_is_read_from_the_copy_that_carries_it(hbb):
    calls = (first_copy(SICKLE), second_copy(RS713040))
    strategy, genome, designs = makassar(hbb, *calls, zygosity=Zygosity.HETEROZYGOUS)
    [design] = [d for d in designs if d.guides[0].pam == "CACC"]
    assert design.guides[0].spacer == "TTCTCCACAGGAGTCAGATG"
    assert design.guides[0].haplotypes == ("1",)
    facts = dict(design.facts)
    assert facts["other_copy_site"] == "TTCTCCTCAGGAGTCAGGTGCACC"
    found = assessed(design, strategy, genome).of("edit.other_copy")
    # Positions 7 and 18 differ; 18 lies in the seed. On the other copy only A9 (silent) can be edited.
    assert found.status is Status.PASS
    assert "18" in found.because
    assert facts["other_copy"] == "unharmed"


def toy_case(minus, coding_index, alt, zygosity, *, neighbour=None, mechanism=Mechanism.LOSS_OF_FUNCTION):
    """A variant at a coding index of the toy gene, bases given on the coding strand."""
    reference, transcript = toy_gene(minus=minus)
    place = transcript.coding_to_genome(coding_index)
    ref = reference.fetch("toy", place, place + 1)
    variant = Variant("toy", place, ref, PAIRS[alt] if minus else alt)
    call = both if zygosity is Zygosity.HOMOZYGOUS else first_copy
    calls = [call(variant)]
    if neighbour is not None:
        calls.append(neighbour(reference, transcript))
    allele = allele_of(variant, transcript, reference, zygosity)
    return reference, transcript, allele, person(reference, *calls), mechanism


@pytest.mark.parametrize("minus", [False, True])
def test_other_copy_with_a_coding_bystander_is_a_caution(minus):
    """Codon 2 GCT to ACT in a heterozygote: the guides that also edit a healthy codon say so."""
    reference, transcript, allele, genome, _ = toy_case(minus, 24, "A", Zygosity.HETEROZYGOUS)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    designs = designs_of(strategy, genome, DesignOptions(("abe8e_spry", "abe8e_nrch", "abe8e")))
    assert designs
    states = set()
    healthy = haplotype(reference, "toy", 60, len(reference.fetch("toy", 0, reference.total_bases)) - 60, [])
    letters = "".join(base.letter for base in healthy)
    by_place = {base.place: i for i, base in enumerate(healthy)}
    for design in designs:
        facts, guide = dict(design.facts), design.guides[0]
        found = assessed(design, strategy, genome).of("edit.other_copy")
        states.add(facts["other_copy"])
        # By hand: the same place on the other copy, its editable bases, and every genotype of them.
        low = by_place[guide.locus.start]
        spacer = letters[low : low + 20]
        plus = guide.locus.strand is Strand.PLUS
        first, last = knowledge.editors()[design.effector].window
        at = [
            low + p - 1 if plus else low + 20 - p
            for p in range(first, last + 1)
            if (spacer if plus else flip(spacer))[p - 1] == "A"
        ]
        harm = False
        for mask in range(1, 2 ** len(at)):
            made = list(healthy)
            for bit, index in enumerate(at):
                if mask >> bit & 1:
                    made[index] = type(made[index])("G" if plus else "C", made[index].place, made[index].home)
            harm |= protein_of(made, transcript) != protein_of(healthy, transcript)
        if facts["other_copy"] == "at risk":
            assert found.status is Status.CAUTION
            assert harm or NEAR_SPLICE.strip(", ") in found.because
        else:
            assert found.status is Status.PASS
            if facts["other_copy"] == "unharmed":
                assert not harm
    assert states


def test_other_copy_is_unknown_without_zygosity():
    reference, transcript, allele, _, _ = toy_case(False, 24, "A", Zygosity.UNKNOWN)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    genome = person(reference, Call(allele.variant, (True, False)))
    design = designs_of(strategy, genome)[0]
    assert assessed(design, strategy, genome).of("edit.other_copy").status is Status.UNKNOWN


def test_splice_region_bystanders_are_a_caution():
    """c.40G>A is the base before the split codon: a guide that edits the exon's last bases is not clean."""
    _reference, transcript, allele, genome, _ = toy_case(False, 33, "A", Zygosity.HOMOZYGOUS)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    region = 0
    for design in designs_of(strategy, genome):
        near = [o for o in design.outcomes if o.label.endswith(NEAR_SPLICE)]
        if near:
            region += 1
            found = assessed(design, strategy, genome).of("edit.coding_bystander")
            assert found.status is Status.CAUTION
            assert "splice region" in found.because
        edges = {e + d for e in (transcript.exons[0][1],) for d in range(-3, 8)}
        for outcome in design.outcomes:
            added = {c.position for c in outcome.changes} - {allele.variant.start}
            kept = outcome.effect in {Effect.RESTORES_PROTEIN, Effect.NO_EFFECT, Effect.PROTEIN_CHANGED}
            if added & edges and kept:
                assert outcome.label.endswith(NEAR_SPLICE)
            if outcome.label.endswith(NEAR_SPLICE):
                assert not outcome.useful
    assert region


def test_every_genotype_is_listed_and_unwanted_ones_are_counted():
    _reference, transcript, allele, genome, _ = toy_case(False, 24, "A", Zygosity.HOMOZYGOUS)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    most = 0
    for design in designs_of(strategy, genome):
        facts = dict(design.facts)
        editable = {c.position for o in design.outcomes for c in o.changes}
        most = max(most, len(editable))
        assert len(design.outcomes) == int(facts["genotypes"]) == 2 ** len(editable) - 1
        assert len({o.changes for o in design.outcomes}) == len(design.outcomes)
        assert int(facts["unwanted_genotypes"]) == sum(map(is_unwanted, design.outcomes))
        found = assessed(design, strategy, genome).of("edit.coding_bystander")
        assert (found.status is Status.PASS) == (facts["unwanted_genotypes"] == "0")
    assert 4 <= most <= MOST_BASES


def edited_by_hand(bases, changes):
    made = list(bases)
    for index, base in enumerate(made):
        for change in changes:
            if base.place == change.position:
                assert base.letter == change.before
                made[index] = type(base)(change.after, base.place, base.home)
    return made


def toy_text(reference, variants):
    return haplotype(reference, "toy", 0, reference.total_bases, variants)


@pytest.mark.parametrize("minus", [False, True])
@pytest.mark.parametrize("index", [16, 24])
def test_harm_against_good_by_hand(index, minus):
    """Shares of genotypes with another protein than before and after the repair, against those repaired."""
    reference, transcript = toy_gene(minus=minus)
    place = transcript.coding_to_genome(index)
    wild = reference.fetch("toy", place, place + 1)
    variant = Variant("toy", place, wild, {"A": "G", "G": "A", "C": "T", "T": "C"}[wild])
    allele, genome = allele_of(variant, transcript, reference), person(reference, both(variant))
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    sick, healthy = toy_text(reference, [variant]), toy_text(reference, [])
    kept = [protein_of(sick, transcript), protein_of(healthy, transcript)]
    edges = [
        edge for exon in transcript.exons for edge in exon if transcript.cds[0] < edge < transcript.cds[1]
    ]
    known = 0
    for design in designs_of(strategy, genome):
        found = assessed(design, strategy, genome).of("edit.more_harm_than_good")
        if dict(design.facts)["unwanted_genotypes"] == "0":
            assert found.status is Status.PASS
            continue
        if design.useful_share.value is None:
            assert found.status is Status.UNKNOWN
            continue
        wrong = right = 0.0
        for outcome in design.outcomes:
            made = edited_by_hand(sick, outcome.changes)
            places = {c.position for c in outcome.changes} - {place}
            near = any(-9 <= one - edge <= 8 for one in places for edge in edges)
            if near:
                break  # what counts as near an exon's edge has a test of its own
            if protein_of(made, transcript) not in kept:
                wrong += outcome.share.value
            elif place in {c.position for c in outcome.changes}:
                right += outcome.share.value
        else:
            known += 1
            assert math.isclose(right, design.useful_share.value, abs_tol=1e-9)
            assert math.isclose(float(dict(design.facts)["unwanted_share"]), wrong, abs_tol=0.0051)
            if not design.useful_share.in_domain:
                assert found.status is Status.UNKNOWN
            elif not math.isclose(wrong, right, abs_tol=1e-3):
                assert (found.status is Status.FAIL) == (wrong > right)
    assert known


@pytest.mark.parametrize("minus", [False, True])
def test_a_harmful_base_just_outside_the_window_is_named(minus):
    """By hand: the two spacer positions on either side, each edited together with the target."""
    _, transcript, allele, genome, _ = toy_case(minus, 24, "A", Zygosity.HOMOZYGOUS)
    reference = genome.reference
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    sick = toy_text(reference, [allele.variant])
    healthy = protein_of(toy_text(reference, []), transcript)
    states = set()
    for design in designs_of(strategy, genome):
        guide, makes = design.guides[0], dict(knowledge.editors()[design.effector].base_changes)
        first, last = wide_window(design.effector)
        plus = guide.locus.strand is Strand.PLUS
        named = []
        for position in (first - 2, first - 1, last + 1, last + 2):
            if not 1 <= position <= len(guide.spacer) or guide.spacer[position - 1] not in makes:
                continue
            place = guide.locus.start + position - 1 if plus else guide.locus.end - position
            before = guide.spacer[position - 1]
            after = makes[before]
            pair = (before, after) if plus else (PAIRS[before], PAIRS[after])
            target = BaseChange(allele.variant.start, allele.variant.alt, allele.variant.ref)
            made = edited_by_hand(sick, [target, BaseChange(place, *pair)])
            if protein_of(made, transcript) != healthy:
                named.append(f"{before}{position}")
        found = assessed(design, strategy, genome).of("edit.just_outside_window")
        told = [] if found.status is Status.PASS else [one.split(":")[0] for one in found.value.split("; ")]
        # A base near an exon's edge is named too, though the protein stays.
        assert set(named) <= set(told)
        assert all(one in named or NEAR_SPLICE.strip(", ") in found.because for one in told)
        states.add(found.status)
    assert states == {Status.PASS, Status.CAUTION}


def test_the_yield_is_the_share_weighed_by_the_position():
    """ABEmax edits position 8 at 0.0343 and position 5, its best, at 0.21144."""
    editor = knowledge.editors()["abemax"]
    target = BaseChange(108, "A", "G", 8)
    share = Estimate(0.9, "share of edited alleles, 0 to 1", "m", sources=("doi:10.1/x",))
    found = useful_yield(editor, share, [target], Strand.PLUS)
    assert math.isclose(found.value, 0.9 * 0.0343 / 0.21144, abs_tol=1e-4)
    flipped = BaseChange(108, "T", "C", 8)
    assert useful_yield(editor, share, [flipped], Strand.MINUS).value == found.value
    assert useful_yield(editor, share, [BaseChange(105, "A", "G", 5)], Strand.PLUS).value == 0.9
    both_wanted = [target, BaseChange(105, "A", "G", 5)]
    assert useful_yield(editor, share, both_wanted, Strand.PLUS).value == found.value
    assert useful_yield(editor, Estimate(None, "u", "m", in_domain=False), [target], Strand.PLUS) is None
    assert useful_yield(knowledge.editors()["abe8e"], share, [target], Strand.PLUS) is None


@pytest.mark.parametrize("key", sorted(knowledge.editors()))
def test_the_working_window_is_never_narrower_than_the_catalogues(key):
    window = knowledge.editors()[key].window
    found = working_window(key)
    assert found == wide_window(key)
    assert found[0] <= window[0] <= window[1] <= found[1]


def test_a_share_is_never_a_pass():
    """Mean rates of one experiment do not stand for a measurement of this guide."""
    _, transcript, allele, genome, _ = toy_case(False, 24, "A", Zygosity.HOMOZYGOUS)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    statuses = set()
    for design in designs_of(strategy, genome):
        found = assessed(design, strategy, genome).of("edit.useful_share")
        known = design.useful_share.value is not None and design.useful_share.in_domain
        assert found.status is (Status.CAUTION if known else Status.UNKNOWN)
        if known:
            assert ROUGH in found.because
        statuses.add(found.status)
    assert statuses == {Status.CAUTION, Status.UNKNOWN}


def test_harm_and_edges_do_not_matter_where_the_product_is_to_be_lost():
    reference, transcript = toy_gene()
    target = target_of(
        transcript, mechanism=Mechanism.GAIN_OF_FUNCTION, dispensable=True, haploinsufficient=False
    )
    strategy = Strategy("base_editing", Route.KNOCK_OUT, target, ())
    genome = person(reference)
    for design in designs_of(strategy, genome, DesignOptions(("be4max", "abemax"))):
        found = assessed(design, strategy, genome)
        assert found.of("edit.more_harm_than_good").status is Status.NOT_APPLICABLE
        assert found.of("edit.just_outside_window").status is Status.NOT_APPLICABLE


@pytest.mark.parametrize("minus", [False, True])
def test_a_lost_start_beside_the_allele_does_not_hide_bystanders(minus):
    """Codon 3 of a copy that has also lost its start: a bystander that changes codon 2 is not called silent."""
    reference, transcript = toy_gene(minus=minus)
    places = [transcript.coding_to_genome(index) for index in range(12)]

    def on_gene(index, alt):
        ref = reference.fetch("toy", places[index], places[index] + 1)
        return Variant("toy", places[index], ref, PAIRS[alt] if minus else alt)

    start, sick = on_gene(0, "C"), on_gene(6, "A")
    allele = allele_of(sick, transcript, reference)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    genome = person(reference, both(start), both(sick))
    seen = 0
    for design in designs_of(strategy, genome):
        for outcome in design.outcomes:
            touched = {c.position for c in outcome.changes} & set(places[3:9]) - {sick.start}
            if {c.position for c in outcome.changes} == {sick.start}:
                assert outcome.effect is Effect.RESTORES_WILD_TYPE
            elif touched & {places[3], places[4], places[7]}:
                seen += 1
                assert not outcome.useful or outcome.effect is Effect.RESTORES_WILD_TYPE
    assert seen or minus is None


@pytest.mark.parametrize("minus", [False, True])
def test_multi_base_allele_is_restored_as_one(minus):
    """AC for GT on the guide's strand: one dual editor makes both changes, no single editor does."""
    reference, transcript = toy_gene(minus=minus)
    place = min(transcript.coding_to_genome(i) for i in (15, 16))
    wild = reference.fetch("toy", place, place + 2)
    sick = "".join({"A": "G", "G": "A", "C": "T", "T": "C"}[base] for base in wild)
    variant = Variant("toy", place, wild, sick)
    allele = allele_of(variant, transcript, reference)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    for design in designs_of(strategy, person(reference, both(variant))):
        best = design.outcomes[0]
        assert best.effect is Effect.RESTORES_WILD_TYPE
        assert {c.position for c in best.changes} == {place, place + 1}
        makes = dict(knowledge.editors()[design.effector].base_changes)
        assert len(makes) == 2 or wild[0] == wild[1]


@pytest.mark.parametrize("key", ["abemax", "abe7_10", "be4max", "target_acemax"])
def test_genotype_shares_sum_to_one_and_useful_is_their_sum(key):
    editor = knowledge.editors()[key]
    bases = [b for b in "AC" if b in dict(editor.base_changes)]
    editable = tuple(
        BaseChange(100 + p, base, dict(editor.base_changes)[base], p)
        for p, base in zip((4, 6, 7), bases * 3, strict=False)
    )
    shares = genotype_shares(editor, editable, Strand.PLUS)
    assert math.isclose(sum(s.value for s in shares.values()), 1, abs_tol=1e-9)
    wanted = [Outcome((editable[0],), Effect.RESTORES_WILD_TYPE, True, "", "")]
    wanted.append(Outcome(editable[:2], Effect.RESTORES_PROTEIN, True, "", ""))
    wanted.append(Outcome((editable[1],), Effect.PROTEIN_CHANGED, False, "", ""))
    useful = useful_share(editor, editable, Strand.PLUS, wanted)
    expected = sum(
        shares[tuple(sorted(c.spacer_position for c in o.changes))].value for o in wanted if o.useful
    )
    assert math.isclose(useful.value, expected, rel_tol=1e-9)
    flipped = tuple(
        BaseChange(c.position, PAIRS[c.before], PAIRS[c.after], c.spacer_position) for c in editable
    )
    assert genotype_shares(editor, flipped, Strand.MINUS) == shares


def test_useful_share_of_designs_is_the_sum_of_their_useful_outcomes():
    _reference, transcript, allele, genome, _ = toy_case(False, 24, "A", Zygosity.HOMOZYGOUS)
    strategy = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    seen = 0
    for design in designs_of(strategy, genome):
        if design.useful_share.value is None or len(design.outcomes) != int(dict(design.facts)["genotypes"]):
            continue
        seen += 1
        listed_sum = sum(o.share.value for o in design.outcomes if o.useful and o.share is not None)
        assert math.isclose(design.useful_share.value, listed_sum, abs_tol=1e-9)
        assert math.isclose(
            sum(o.share.value for o in design.outcomes if o.share is not None), 1, abs_tol=1e-9
        )
    assert seen


def test_no_profile_no_share(hbb):
    _, _, designs = makassar(hbb, both(SICKLE))
    assert all(d.useful_share.value is None and not d.useful_share.in_domain for d in designs)
    assert all(o.share is None for d in designs for o in d.outcomes)


@pytest.mark.parametrize("minus", [False, True])
def test_knock_out_by_base_editing(minus):
    """Stops are stops of the edited sequence, starts are lost, GT and AG are broken; only in the early half."""
    reference, transcript = toy_gene(minus=minus)
    target = target_of(
        transcript, mechanism=Mechanism.GAIN_OF_FUNCTION, dispensable=True, haploinsufficient=False
    )
    [strategy] = [s for s in BASE_EDITING.eligibility(target, CASE) if s.route is Route.KNOCK_OUT]
    genome = person(reference)
    healthy = haplotype(reference, "toy", 0, reference.total_bases, [])
    residues = protein_of(healthy, transcript)
    coding = "".join(healthy[transcript.coding_to_genome(i)].letter for i in range(transcript.coding_bases))
    coding = "".join(PAIRS[b] for b in coding) if minus else coding
    kinds = {"stop": 0, "start": 0, "donor": 0, "acceptor": 0}
    codons = set()
    designs = designs_of(strategy, genome)
    assert len({d.design_id for d in designs}) == len(designs)
    for design in designs:
        label = dict(design.facts)["edit"]
        best = next(o for o in design.outcomes if o.useful)
        assert best.effect is Effect.KNOCKS_OUT
        edit = list(best.changes)
        made = list(healthy)
        for change in edit:
            assert made[change.position].letter == change.before
            made[change.position] = type(made[0])(change.after, change.position, change.position)
        now = protein_of(made, transcript)
        if label.startswith("stop"):
            number = int("".join(ch for ch in label.split()[-1] if ch.isdigit()))
            kinds["stop"] += 1
            assert number <= len(coding) // 3 * 0.5 + 1
            codon = coding[3 * number - 3 : 3 * number]
            codons.add(codon)
            assert label.split()[-1] == f"{CODE[codon]}{number}"
            if len(edit) == 1:
                assert (len(now), now[-1]) == (number, "Ter")
        elif label.startswith("start"):
            kinds["start"] += 1
        else:
            kinds["donor" if "donor" in label else "acceptor"] += 1
    assert all(kinds.values()), kinds
    assert codons <= {"CAA", "CAG", "CGA", "TGG"}
    assert {"CAA", "TGG", "CGA"} <= codons
    assert residues[-1] == "Ter"
    assert any(c != "TGG" for c in codons)


def wrong_donor():
    """An intron base turned to G before a T: a new GT that no editor can turn back (T to G)."""
    reference, transcript = toy_gene()
    low, high = transcript.exons[0][1] + 10, transcript.exons[1][0] - 20
    text = reference.fetch("toy", low, high)
    at = low + text.index("TTG")
    return reference, transcript, Variant("toy", at, "T", "G")


@pytest.mark.parametrize("minus", [False, True])
def test_a_wrong_splice_site_is_broken_by_another_edit(minus):
    reference, transcript, variant = wrong_donor()
    if minus:
        total = reference.total_bases
        reference, transcript = toy_gene(minus=True)
        variant = Variant("toy", total - 1 - variant.start, PAIRS[variant.ref], PAIRS[variant.alt])
    allele = allele_of(variant, transcript, reference)
    genome = person(reference, both(variant))
    restore = strategy_for(Route.RESTORE_WILD_TYPE, transcript, allele)
    assert not restore.is_eligible
    unknown = strategy_for(Route.DISRUPT_SPLICE_SITE, transcript, allele)
    assert unknown.status is Status.UNKNOWN
    assert "RNA of the patient would tell" in " ".join(f.because for f in unknown.findings)
    strategy = strategy_for(Route.DISRUPT_SPLICE_SITE, transcript, allele, mechanism=Mechanism.SPLICE)
    assert strategy.status is Status.CAUTION
    designs = designs_of(strategy, genome)
    assert designs
    sick = haplotype(reference, "toy", 0, reference.total_bases, [variant])
    pair = {variant.start, variant.start + (-1 if minus else 1)}
    for design in designs:
        for outcome in design.outcomes:
            made = list(sick)
            for change in outcome.changes:
                made[change.position] = type(made[0])(change.after, change.position, change.position)
            letters = "".join(made[place].letter for place in sorted(pair))
            gone = (flip(letters) if minus else letters) != "GT"
            assert gone == outcome.useful == (outcome.effect is Effect.SPLICE_CHANGED)
            assert protein_of(made, transcript) == protein_of(sick, transcript)
        assert design.outcomes[0].label == "the wrong splice site is broken"
        assert "wrong splice donor broken: GT to" in dict(design.facts)["edit"]
        assert assessed(design, strategy, genome).of("edit.coding_bystander").status is Status.PASS


@pytest.mark.parametrize(
    ("mechanism", "status"),
    [
        (Mechanism.LOSS_OF_FUNCTION, Status.FAIL),
        (Mechanism.UNKNOWN, Status.FAIL),
        (Mechanism.SPLICE, Status.CAUTION),
    ],
)
def test_a_missense_allele_makes_a_wrong_site_only_if_that_is_stated(mechanism, status):
    _, transcript, allele, _, _ = toy_case(False, 24, "A", Zygosity.HOMOZYGOUS)
    strategy = strategy_for(Route.DISRUPT_SPLICE_SITE, transcript, allele, mechanism=mechanism)
    assert strategy.status is status


@pytest.mark.parametrize(("ref", "alt"), [("T", "C"), ("C", "CA")])
def test_no_wrong_splice_site_from_c_or_an_indel(ref, alt):
    reference, transcript = toy_gene()
    at = transcript.exons[0][1] + 10
    at += reference.fetch("toy", at, at + 30).index(ref)
    allele = allele_of(Variant("toy", at, ref, alt), transcript, reference)
    strategy = strategy_for(Route.DISRUPT_SPLICE_SITE, transcript, allele, mechanism=Mechanism.SPLICE)
    assert strategy.status is Status.FAIL


def test_splice_base_that_completes_no_dinucleotide_gives_reasons():
    reference, transcript = toy_gene()
    at = transcript.exons[0][1] + 10
    text = reference.fetch("toy", at, at + 60)
    at += next(i for i in range(1, 58) if text[i] != "T" and text[i - 1] != "G")
    variant = Variant("toy", at, reference.fetch("toy", at, at + 1), "T")
    allele = allele_of(variant, transcript, reference)
    strategy = strategy_for(Route.DISRUPT_SPLICE_SITE, transcript, allele, mechanism=Mechanism.SPLICE)
    batch = BASE_EDITING.design(strategy, person(reference, both(variant)), GeneModels([transcript]), ALL)
    assert batch.designs == ()
    assert batch.tally.refused


@pytest.mark.parametrize("copy", [both, first_copy])
@pytest.mark.parametrize("modality", [BASE_EDITING, NUCLEASE])
def test_a_motif_this_copy_has_lost_is_not_broken_again(modality, copy):
    reference, transcript = toy_gene()
    low = 40
    motif = reference.fetch("toy", low, low + 5)
    site = Site("k", "a site", Locus("toy", low, low + 5), motif, "It helps.", ("doi:10.1/x",))
    variant = Variant("toy", low + 2, motif[2], next(b for b in "TGCA" if b != motif[2]))
    target = target_of(transcript, mechanism=Mechanism.UNKNOWN, sites=(site,))
    strategy = Strategy(modality.name, Route.DISRUPT_REGULATORY_SITE, target, (), site=site)
    genome = person(reference, copy(variant))
    batch = modality.design(strategy, genome, GeneModels([transcript]), ALL)
    if copy is both:
        assert batch.designs == ()
        assert {reason for reason, _ in batch.tally.refused} == {"the motif is changed on this haplotype"}
    else:
        assert batch.designs
        assert all(
            d.guides[0].haplotypes == ("2",) or variant not in d.guides[0].variants for d in batch.designs
        )


@pytest.mark.parametrize("coding_index", [3 + 12, 21, 42])
def test_a_haplotype_with_another_base_at_the_target_gets_no_design(coding_index):
    """Knock-out wishes are made on the reference; a copy with another base there has nothing to edit."""
    reference, transcript = toy_gene()
    place = transcript.coding_to_genome(coding_index)
    ref = reference.fetch("toy", place, place + 1)
    variant = Variant("toy", place, ref, "T" if ref != "T" else "A")
    target = target_of(
        transcript, mechanism=Mechanism.GAIN_OF_FUNCTION, dispensable=True, haploinsufficient=False
    )
    strategy = Strategy("base_editing", Route.KNOCK_OUT, target, ())
    for design in designs_of(strategy, person(reference, both(variant))):
        assert dict(design.facts)["target_spacer_position"]
        assert all(c.position != place or c.before == variant.alt for o in design.outcomes for c in o.changes)
