"""Cases that name no genome: what is read, what is checked, what is left unchecked, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning_cases import sickle_case, stated

from revertant.errors import IncompatibleInputsError, InputError, ProblemsError, UsageError
from revertant.knowledge import transgenes
from revertant.modality import DesignOptions, modalities
from revertant.model import CaseFiles, CopyNumber, Disease, GenomeForm, Mechanism, Status, Transgene, Zygosity
from revertant.planning import (
    Inputs,
    Inquiry,
    PlanOptions,
    case_of,
    coding_sequences,
    make_plan,
    open_inputs,
    resolve_case,
    without_genome,
)
from revertant.sequence import translate

#: Patient 4 of doi:10.1001/jamaophthalmol.2019.3914: one variant in an intron, one in the coding sequence, in trans.
INTRON, MISSENSE = "NM_000329.2:c.11+5G>A", "NM_000329.2:c.1399C>T"
NO_DESIGN = PlanOptions(design=DesignOptions(most_designs=1), modalities=("base_editing", "prime_editing"))


def rpe65(*variants):
    return replace(
        sickle_case(),
        files=CaseFiles(),
        variants=variants,
        diseases=(Disease("OMIM:204100"),),
        jurisdiction="US",
    )


def one(expression, **more):
    return stated(expression, gene=more.pop("gene", "RPE65"), **more)


def resolved(*variants):
    return resolve_case(without_genome(rpe65(*variants)))


def rules(found):
    return {finding.rule: finding.status for finding in found.findings}


def test_a_variant_in_the_coding_sequence_is_held_against_it():
    found = resolved(one("NM_000329.2:c.311G>T", zygosity=Zygosity.HOMOZYGOUS))
    [target] = found.targets
    [allele] = target.alleles
    assert (allele.consequence.hgvs_p, allele.hgvs_g) == ("p.(Gly104Val)", "")
    assert allele.consequence.exon is None
    assert target.biallelic is True
    assert "case.variant_checked" not in rules(found)
    assert rules(found)["genome.given"] is Status.UNKNOWN


def test_an_insertion_is_named_as_hgvs_asks_and_its_frame_is_exact():
    """Patient 3 of the same paper; ClinVar (variation 98831) has the insertion as a duplication, as HGVS asks."""
    [target] = resolved(one("NM_000329.2:c.1202_1203insCTGG")).targets
    found = target.alleles[0].consequence
    assert (found.hgvs_c, found.hgvs_p) == ("NM_000329.2:c.1207_1210dup", "p.(Glu404AlafsTer4)")


def test_an_intron_is_read_and_left_unchecked_and_still_counts():
    found = resolved(one(INTRON, phase="maternal"), one(MISSENSE, phase="paternal"))
    [target] = found.targets
    assert [allele.consequence.hgvs_p for allele in target.alleles] == ["p.(Pro467Ser)"]
    assert target.biallelic is True
    assert rules(found)["case.variant_checked"] is Status.UNKNOWN
    plan = make_plan(
        without_genome(rpe65(one(INTRON, phase="maternal"), one(MISSENSE, phase="paternal"))), NO_DESIGN
    )
    assert "c.1399C>T" in plan.question
    assert "Is the variant what its text says, on the genome?" in {
        unknown.question for unknown in plan.unknowns
    }


@pytest.mark.parametrize(
    ("first", "second", "biallelic"),
    [("maternal", "paternal", True), ("maternal", "Maternal", False), ("maternal", "", None), ("", "", None)],
)
def test_phase_decides_as_it_is_stated(first, second, biallelic):
    [target] = resolved(one(INTRON, phase=first), one(MISSENSE, phase=second)).targets
    assert target.biallelic is biallelic


@pytest.mark.parametrize(
    ("text", "gene"),
    [
        ("NM_000329.3:c.700C>T", "RPE65"),  # another version that states the base it replaces
        ("NC_000001.11:g.68439586G>A", "RPE65"),
        ("chr1:68439586:G:A", "RPE65"),
        ("rs61752871", "RPE65"),
        ("ENST00000262340.6:c.700C>T", "RPE65"),
        ("NM_000329.2:c.*5A>G", "RPE65"),
        ("NM_000329.3:c.1067del", "RPE65"),
        ("NM_000152.5:c.1935C>A", "GAA"),  # a gene of which only the length is shipped
    ],
)
def test_every_accepted_form_is_read(text, gene):
    found = resolved(one(text, gene=gene, zygosity=Zygosity.HOMOZYGOUS))
    [target] = found.targets
    assert (target.gene, target.biallelic) == (gene, True)
    checked = text == "NM_000329.3:c.700C>T"
    assert bool(target.alleles) is checked
    assert ("case.variant_checked" in rules(found)) is not checked


@pytest.mark.parametrize(
    ("text", "error", "word"),
    [
        ("NM_000329.2:c.311C>T", IncompatibleInputsError, "but the reference has G"),
        ("NM_000329.2:c.9311G>T", InputError, "has no position 9311"),
        ("NM_000329.2:c.311G>", InputError, "ends too early"),
        ("what?", InputError, "in no form"),
        ("chr1:0:G:A", InputError, "positions count from 1"),
    ],
)
def test_what_is_wrong_is_said_as_with_a_genome(text, error, word):
    with pytest.raises(error, match=word):
        resolved(one(text))


def test_expressions_that_are_two_variants():
    with pytest.raises(IncompatibleInputsError, match="not the same variant"):
        resolved(stated("NM_000329.2:c.311G>T", "NM_000329.2:c.700C>T", gene="RPE65"))


def test_a_second_spelling_that_was_not_checked_is_a_caution():
    found = resolved(stated("NM_000329.2:c.700C>T", "NC_000001.11:g.68439586G>A", gene="RPE65"))
    assert rules(found)["case.variant_checked"] is Status.CAUTION


def test_all_problems_are_told_together():
    with pytest.raises(ProblemsError) as caught:
        resolved(one("NM_000329.2:c.311C>T"), one("what?"))
    assert len(caught.value.problems) == 2


def test_the_gene_is_that_of_the_transcript_where_none_is_named():
    assert resolved(one("NM_000329.2:c.311G>T", gene="")).targets[0].gene == "RPE65"
    with pytest.raises(IncompatibleInputsError, match="names no gene"):
        resolved(one("chr1:68439586:G:A", gene=""), one(MISSENSE))


def test_a_transcript_that_the_case_asks_for_is_not_dropped_in_silence():
    case = replace(rpe65(one(MISSENSE)), transcript="ENST00000262340.6")
    [target] = resolve_case(without_genome(case)).targets
    assert "The case asks for ENST00000262340.6" in target.transcript_because


def test_nothing_is_known_of_a_gene():
    with pytest.raises(UsageError, match="NOGENE1 is not in the catalogues") as caught:
        without_genome(rpe65(one("NM_1.1:c.5A>G", gene="NOGENE1")))
    assert (caught.value.code, caught.value.exit_status) == ("no-reference", 2)
    assert "--reference" in caught.value.remedy


@pytest.mark.parametrize("given", ["models", "vcf", "sample"])
def test_a_file_that_needs_a_reference_is_not_dropped(given):
    with pytest.raises(UsageError, match="No reference genome is named"):
        open_inputs(rpe65(one(MISSENSE)), **{given: "x"})


def test_a_variant_of_a_gene_of_which_no_copy_is_left_contradicts():
    case = replace(
        rpe65(one("NM_000344.4:c.5C>G", gene="SMN1")), copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"),)
    )
    with pytest.raises(IncompatibleInputsError, match="states a variant of it"):
        resolve_case(without_genome(case))


def test_every_modality_that_needs_a_genome_says_that_it_was_not_judged():
    case = rpe65(one(MISSENSE, zygosity=Zygosity.HOMOZYGOUS))
    names = tuple(modality.name for modality in modalities() if modality.needs_genome)
    plan = make_plan(without_genome(case), PlanOptions(modalities=names))
    told = {one.modality: one.because for one in plan.rejections}
    assert set(names) <= set(told)
    assert {told[name] for name in names} == {"Not judged: no reference genome was given."}
    assert plan.verdict.endswith("Nothing that acts on the genome was judged: no reference genome was given.")
    assert dict(plan.provenance.parameters)["build"] == "no reference genome was given"
    assert dict(plan.provenance.parameters)["coding_sequences"] == "NM_000329.2"


SMALL = DesignOptions(most_designs=1, forms=(GenomeForm.SELF_COMPLEMENTARY_AAV,))
VECTOR = PlanOptions(design=SMALL, modalities=("gene_addition",))


def asked(**fields):
    inquiry = Inquiry(**fields)
    return make_plan(without_genome(case_of(inquiry), inquiry), VECTOR)


def test_a_vector_is_asked_for_by_gene():
    plan = asked(gene="SMN1", adds_gene=True)
    assert plan.question == "Without a patient: which vectors could carry a working copy of SMN1?"
    assert "genome.given" not in {one.rule for one in plan.findings}
    assert plan.designs
    assert plan.designs[0].design.vector.coding[0].native_source == "NM_000344.4"
    helps = next(one for one in plan.strategies[0].findings if one.rule == "mechanism.addition")
    assert helps.status is Status.CAUTION


def test_a_vector_is_asked_for_by_protein():
    own = Transgene("mine", translate(transgenes()["SMN1"].cds)[:120])
    plan = asked(transgene=own, tissue="liver")
    assert plan.targets[0].gene == "mine"
    assert plan.designs[0].design.vector.coding[0].protein == own.protein
    assert dict(plan.provenance.parameters)["transgene"] == "mine (120 residues)"


def test_a_vector_of_a_gene_whose_product_does_harm_is_refused_all_the_same():
    plan = asked(gene="SOD1", adds_gene=True, mechanism=Mechanism.GAIN_OF_FUNCTION)
    assert not plan.designs
    assert "the harm" in plan.rejections[0].because


def test_two_questions_are_one_too_many():
    with pytest.raises(UsageError, match="an edit too"):
        Inquiry(variant=MISSENSE, adds_gene=True)
    region = Inquiry(region="chr1:1-10", gene="HBB")
    with pytest.raises(UsageError, match="No reference"):
        without_genome(case_of(region), region)


def test_coding_sequences_are_what_the_catalogue_ships():
    reference, models = coding_sequences(["RPE65", "GAA", "RPE65"])
    assert models.genes == ("GAA", "RPE65")
    [gaa] = models.of_gene("GAA")
    assert set(reference.fetch(gaa.contig, 0, gaa.coding_bases)) == {"N"}
    assert isinstance(without_genome(rpe65(one(MISSENSE))), Inputs)
