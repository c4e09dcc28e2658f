"""Vectors designed whole: well-known genes get the vectors of clinical practice, and every construct reads back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from modality_cases import CODE, person, target_of

from revertant import knowledge
from revertant.genome import GeneModels, Reference
from revertant.modality import AssessmentContext, DesignOptions, modality_named
from revertant.modality.gene_addition.effects import message_length_finding
from revertant.modality.gene_addition.transgene import parse_transgene
from revertant.model import (
    Case,
    EditingPlace,
    FeatureKind,
    GenomeForm,
    Mechanism,
    Status,
    Strand,
    Subject,
    Transcript,
    Transgene,
)

ADDITION = modality_named("gene_addition")
RESIDUES = {"Ter": "*", "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E",
            "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P",
            "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V"}  # fmt: skip
AAV = {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV}


def case_of_age(years=None):
    return Case("c", Subject("s", age_years=years), ())


def strategy_for(gene, tissue, coding_bp, place=EditingPlace.IN_VIVO):
    """A lost gene known by its length alone: its bases are N, and its transgene is given or in the catalogue."""
    transcript = Transcript(f"{gene}.1", gene, gene, Strand.PLUS, ((0, coding_bp),), (0, coding_bp))
    target = target_of(
        transcript, mechanism=Mechanism.LOSS_OF_FUNCTION, tissues=(tissue,), editing_place=place
    )
    [strategy] = ADDITION.eligibility(target, case_of_age())
    return strategy


def batch_for(gene, tissue, coding_bp, *, place=EditingPlace.IN_VIVO, **options):
    strategy = strategy_for(gene, tissue, coding_bp, place)
    genome = person(Reference.from_sequences({gene: "N" * coding_bp}))
    return strategy, ADDITION.design(strategy, genome, GeneModels([]), DesignOptions(**options))


def assessed(strategy, design, case=None):
    genome = person(Reference.from_sequences({"x": "ACGT"}))
    context = AssessmentContext(case or case_of_age(), strategy, genome, GeneModels([]), None)
    return ADDITION.assess(design, context)


def protein_on(construct):
    """Translate the coding feature by a table written out a second time."""
    [feature] = construct.of_kind(FeatureKind.CDS)
    bases = construct.bases_of(feature)
    return "".join(RESIDUES[CODE[bases[at : at + 3]]] for at in range(0, len(bases), 3))


def random_protein(length, seed):
    draw = random.Random(seed)
    return "M" + "".join(draw.choice("ACDEFGHIKLMNPQRSTVWY") for _ in range(length - 1))


@pytest.fixture(scope="module")
def smn1():
    return batch_for("SMN1", "spinal cord motor neurons", 885)


@pytest.fixture(scope="module")
def rpe65():
    return batch_for("RPE65", "retina", 1602)


def test_smn1_fits_a_self_complementary_aav9_with_cbh(smn1):
    _, batch = smn1
    first = batch.designs[0].vector
    assert (first.form, first.capsid) == (GenomeForm.SELF_COMPLEMENTARY_AAV, "AAV9")
    assert 2 <= len(batch.designs) <= 6
    [construct] = first.constructs
    assert construct.packaged_bp <= 2350
    keys = {part.key for part in first.parts}
    assert "promoter_cbh" in keys
    ends = construct.of_kind(FeatureKind.ITR)
    resolvable = [knowledge.vector_part(end.part).resolvable for end in ends]
    assert resolvable == [True, False]
    assert protein_on(construct) == knowledge.transgene("SMN1").protein + "*"
    routes = {design.vector.route for design in batch.designs}
    assert {"intrathecal", "intravenous"} <= routes
    by_route = {design.vector.route: design.vector for design in reversed(batch.designs)}
    assert "mirna_183" in {part.key for part in by_route["intrathecal"].parts}
    assert "mirna_122" in {part.key for part in by_route["intravenous"].parts}


def test_cba_is_not_taken_for_motor_neurons_and_the_reason_is_told(smn1):
    _, batch = smn1
    [choice] = [one for one in batch.designs[0].vector.choices if one.what == "promoter"]
    told = dict(choice.alternatives)
    assert "weak in motor neurons" in told[knowledge.vector_part("promoter_cba").name]
    assert "falls silent" in told[knowledge.vector_part("promoter_cmv").name]
    assert any("own promoter" in name for name in told)
    assert "doi:10.1038/s44321-024-00037-x" in choice.sources


def test_rpe65_in_aav2_under_the_retina(rpe65):
    _, batch = rpe65
    first = batch.designs[0].vector
    assert (first.form, first.capsid, first.route) == (GenomeForm.SINGLE_STRANDED_AAV, "AAV2", "subretinal")
    assert "promoter_cba" in {part.key for part in first.parts}
    assert protein_on(first.constructs[0]) == knowledge.transgene("RPE65").protein + "*"
    assert first.coding[0].measures.cpg < first.coding[0].native_measures.cpg
    ends = [feature.part for feature in first.constructs[0].of_kind(FeatureKind.ITR)]
    assert all(knowledge.vector_part(end).resolvable for end in ends)


@pytest.mark.parametrize("name", ["smn1", "rpe65"])
def test_every_vector_passes_what_is_read_on_its_sequence(name, request):
    strategy, batch = request.getfixturevalue(name)
    for design in batch.designs:
        found = assessed(strategy, design)
        for rule in ("vector.construct", "vector.protein_unchanged", "vector.cloning_sites"):
            assert found.of(rule).status is Status.PASS, rule
        for rule in ("packaging.length", "packaging.itr_to_itr", "packaging.terminal_resolution"):
            assert found.of(rule).status is Status.PASS, rule
        assert found.of("coding.protein_identical").status is Status.PASS
        assert found.of("coding.restriction_sites").status is Status.PASS
        assert found.of("delivery.vehicle").status is Status.PASS
        assert found.of("vector.expression").status is Status.UNKNOWN
        assert found.of("immunity.capsid").status is Status.UNKNOWN


def test_a_gene_too_long_for_one_aav_goes_into_two_that_join(rpe65):
    protein = random_protein(2273, 7)
    given = Transgene("ABCA4", protein, source="a protein of its length")
    strategy, batch = batch_for("ABCA4", "retina", 6822, transgene=given, most_designs=1)
    vector = batch.designs[0].vector
    assert vector.form is GenomeForm.DUAL_AAV
    assert len(vector.constructs) == len(vector.plasmids) == len(vector.full_length) == 2
    assert all(construct.packaged_bp <= 4700 for construct in vector.constructs)
    found = assessed(strategy, batch.designs[0])
    assert found.of("vector.protein_unchanged").status is Status.PASS
    assert found.of("vector.construct").status is Status.PASS
    assert any("oversized genome is never proposed" in reason for reason, _ in batch.tally.refused)
    # A base lost at the joint is seen.
    second = vector.constructs[1]
    [coding] = second.of_kind(FeatureKind.CDS)
    at = coding.start + 1
    wrong = {"A": "C", "C": "A", "G": "C", "T": "A"}[second.sequence[at]]
    broken = replace(second, sequence=second.sequence[:at] + wrong + second.sequence[at + 1 :])
    damaged = replace(batch.designs[0], vector=replace(vector, constructs=(vector.constructs[0], broken)))
    assert assessed(strategy, damaged).of("vector.protein_unchanged").status is Status.FAIL


def test_two_halves_are_never_said_to_be_needed_where_one_genome_has_room():
    _, batch = batch_for("RPE65", "retina", 1602, forms=(GenomeForm.DUAL_AAV,), most_designs=1)
    [form] = [one for one in batch.designs[0].vector.choices if one.what == "form of genome"]
    assert "It was asked for" in form.because
    assert "no room" not in form.because


def test_a_capsid_known_for_two_halves_brings_a_gene_that_fits_in_one():
    given = Transgene("GJB2", random_protein(226, 8))
    _, batch = batch_for("GJB2", "cochlea", 681, transgene=given, most_designs=1)
    vector = batch.designs[0].vector
    assert (vector.form, vector.capsid) == (GenomeForm.SELF_COMPLEMENTARY_AAV, "AAV1")
    [form] = [one for one in vector.choices if one.what == "form of genome"]
    assert "two halves in this capsid" in form.because
    _, halves = batch_for(
        "GJB2", "cochlea", 681, transgene=given, most_designs=1, forms=(GenomeForm.DUAL_AAV,)
    )
    assert halves.designs[0].vector.form is GenomeForm.DUAL_AAV


def test_a_splice_site_across_a_border_is_seen(smn1):
    strategy, batch = smn1
    design = batch.designs[0]
    vector = design.vector
    [construct] = vector.constructs
    assert assessed(strategy, design).of("vector.joints").status is Status.PASS
    # CAG|GTAAGT over the border: neither side shows it alone.
    [coding] = construct.of_kind(FeatureKind.CDS)
    sequence = construct.sequence[: coding.end - 3] + "CAGGTAAGT" + construct.sequence[coding.end + 6 :]
    assert len(sequence) == len(construct.sequence)
    spliced = replace(vector, constructs=(replace(construct, sequence=sequence),))
    found = assessed(strategy, replace(design, vector=spliced)).of("vector.joints")
    assert found.status is Status.CAUTION
    assert f"donor at base {coding.end + 1}" in found.because


def test_dystrophin_gets_no_vector_and_every_reason():
    _, batch = batch_for("DMD", "skeletal muscle", 11_058)
    assert not batch.designs
    said = " ".join(reason for reason, _ in batch.tally.refused)
    assert "one oversized AAV: Refused" in said
    assert "dual AAV" in said
    given = Transgene("DMD", random_protein(3685, 1))
    _, batch = batch_for("DMD", "skeletal muscle", 11_058, transgene=given)
    assert not batch.designs
    said = " ".join(reason for reason, _ in batch.tally.refused)
    assert "an oversized genome is never proposed" in said
    assert "in words only" in said


def test_liver_offers_capsids_and_a_message():
    given = Transgene("F9", random_protein(461, 3))
    strategy, batch = batch_for("F9", "liver", 1386, transgene=given)
    made = {(design.vector.form, design.vector.capsid) for design in batch.designs}
    assert {capsid for form, capsid in made if form in AAV} >= {"AAV5", "AAV8"}
    assert GenomeForm.MRNA in {form for form, _ in made}
    for design in batch.designs:
        keys = {part.key for part in design.vector.parts}
        assert not keys & {"wpre", "opre", "mirna_122"}
        if design.vector.form is GenomeForm.MRNA:
            [construct] = design.vector.constructs
            kinds = [f.kind for f in construct.features]
            assert kinds[0] is FeatureKind.UTR_5
            assert kinds[-1] is FeatureKind.POLYA_TAIL
            assert protein_on(construct) == given.protein + "*"
    child, adult = case_of_age(0.5), case_of_age(40)
    first = batch.designs[0]
    assert assessed(strategy, first, child).of("vector.dividing_tissue").status is Status.CAUTION
    assert assessed(strategy, first, adult).of("vector.dividing_tissue").status is Status.PASS
    assert assessed(strategy, first).of("vector.dividing_tissue").status is Status.UNKNOWN


def test_blood_stem_cells_get_a_lentivirus_with_a_promoter_of_the_cell():
    given = Transgene("ADA", random_protein(363, 4))
    strategy, batch = batch_for(
        "ADA", "haematopoietic stem cell", 1092, place=EditingPlace.EX_VIVO, transgene=given
    )
    assert {design.vector.form for design in batch.designs} == {GenomeForm.LENTIVIRAL}
    vector = batch.designs[0].vector
    [construct] = vector.constructs
    assert [f.part for f in construct.of_kind(FeatureKind.LTR)] == ["lv_ltr_5", "lv_ltr_3_sin"]
    assert construct.packaged == (0, len(construct.sequence))
    assert not construct.of_kind(FeatureKind.POLYA_SIGNAL)
    assert all(not knowledge.vector_part(f.part).virus for f in construct.of_kind(FeatureKind.PROMOTER))
    found = assessed(strategy, batch.designs[0])
    assert found.of("lentiviral.promoter").status is Status.PASS
    assert found.of("lentiviral.self_inactivating").status is Status.PASS
    assert found.of("vector.woodchuck_x").status is Status.PASS
    assert not any("AAV" in design.effector_name for design in batch.designs)


def test_too_much_mecp2_takes_the_weakest_promoter_and_no_enhancer_of_expression():
    given = Transgene("MECP2", random_protein(486, 5))
    strategy, batch = batch_for("MECP2", "brain", 1461, transgene=given, most_designs=1)
    keys = {part.key for part in batch.designs[0].vector.parts}
    promoter = next(key for key in keys if key.startswith("promoter_"))
    assert knowledge.vector_part(promoter).strength in {"weak", "medium"}
    assert not keys & {"wpre", "opre"}
    assert assessed(strategy, batch.designs[0]).of("vector.dosage_sensitive").status is Status.CAUTION
    [finding] = [f for f in strategy.findings if f.rule == "vector.dosage_sensitive"]
    assert finding.status is Status.CAUTION


def test_what_the_user_insists_on_is_kept(smn1):
    _, batch = batch_for(
        "SMN1",
        "spinal cord motor neurons",
        885,
        forms=(GenomeForm.SINGLE_STRANDED_AAV,),
        promoter="promoter_hpgk",
        avoid_sites=("PacI", "EcoRV"),
    )
    assert batch.designs
    for design in batch.designs:
        vector = design.vector
        assert vector.form is GenomeForm.SINGLE_STRANDED_AAV
        assert "promoter_hpgk" in {part.key for part in vector.parts}
        assert "GATATC" not in vector.coding[0].designed
        assert all(f.name != "PacI" for f in vector.constructs[0].of_kind(FeatureKind.CLONING_SITE))
    _, none = batch_for("SMN1", "spinal cord motor neurons", 885, capsid="AAV5")
    assert not none.designs
    assert "AAV5 is not known to have carried a gene" in none.tally.refused[0][0]
    _, asked = batch_for("SMN1", "spinal cord motor neurons", 885, forms=(GenomeForm.MRNA,))
    assert not asked.designs
    assert asked.tally.refused


def test_the_user_s_own_parts_come_first_and_are_said_to_be_theirs():
    own = knowledge.VectorPart(
        key="ours",
        name="OUR: native promoter",
        kind=FeatureKind.PROMOTER,
        sequence="GATTACAGGCTTAACCTGCA" * 15,
        length_bp=300,
        tissues=("spinal cord motor neurons",),
        sources=("repository:ours",),
        as_of="2026-11-26",
    )
    strategy, batch = batch_for("SMN1", "spinal cord motor neurons", 885, parts=(own,), most_designs=1)
    design = batch.designs[0]
    assert "ours" in {part.key for part in design.vector.parts}
    found = assessed(strategy, design)
    assert found.of("vector.construct").status is Status.CAUTION
    assert "ours" in found.of("vector.construct").because
    assert found.of("vector.protein_unchanged").status is Status.PASS


def test_a_changed_base_anywhere_in_a_vector_is_seen(smn1):
    strategy, batch = smn1
    design = batch.designs[0]
    vector = design.vector
    [construct] = vector.constructs
    draw = random.Random(11)
    for at in draw.sample(range(len(construct.sequence)), 20):
        wrong = draw.choice([base for base in "ACGT" if base != construct.sequence[at]])
        sequence = construct.sequence[:at] + wrong + construct.sequence[at + 1 :]
        damaged = replace(vector, constructs=(replace(construct, sequence=sequence),))
        found = assessed(strategy, replace(design, vector=damaged))
        statuses = {found.of(rule).status for rule in ("vector.construct", "vector.protein_unchanged")}
        around = [feature for feature in construct.features if feature.start <= at < feature.end]
        if any(feature.part for feature in around):
            assert Status.FAIL in statuses, at
        elif any(feature.kind is FeatureKind.CDS for feature in around):
            same = protein_on(construct) == protein_on(damaged.constructs[0])
            assert (Status.FAIL in statuses) != same, at


@pytest.mark.parametrize("seed", range(6))
def test_random_proteins_read_back_from_the_finished_construct(seed):
    length = random.Random(seed).choice([50, 90, 140, 200, 260])
    given = parse_transgene(f">g{seed}\n{random_protein(length, 100 + seed)}\n")
    tissue = ["liver", "retina", "brain", "skeletal muscle", "heart", "spinal cord motor neurons"][seed]
    strategy, batch = batch_for(given.name, tissue, 3 * length + 3, transgene=given, most_designs=2)
    assert batch.designs
    for design in batch.designs:
        for construct in (*design.vector.constructs, *design.vector.plasmids):
            assert protein_on(construct) == given.protein + "*"
        assert assessed(strategy, design).of("vector.construct").status is Status.PASS


def test_a_message_longer_than_any_given_to_people_is_a_caution(smn1):
    longest = max(
        row.least_cargo_bp or 0
        for key, row in knowledge.editors().items()
        if key in knowledge.effectors_in_people()
    )
    short = message_length_finding(smn1[1].designs[0].vector)
    assert short.status is Status.NOT_APPLICABLE
    vector = smn1[1].designs[0].vector
    for bases, status in ((longest, Status.PASS), (longest + 3, Status.CAUTION)):
        coding = replace(vector.coding[0], designed="A" * bases)
        found = message_length_finding(replace(vector, form=GenomeForm.MRNA, coding=(coding,)))
        assert found.status is status
        assert found.threshold == f"{longest:,} bases"
