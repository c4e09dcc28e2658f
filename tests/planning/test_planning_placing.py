"""What the case says of copies, build, sex and phase must fit together, and fit to the VCF."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planning_cases import DEMO, HET, HOM, REFERENCE, case_of, inputs_of, stated

from revertant.errors import IncompatibleInputsError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.model import (
    Call,
    CaseFiles,
    Mechanism,
    Sex,
    Status,
    Strand,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.planning import PlanOptions, make_plan, resolve_case
from revertant.planning.ploidy import check_ploidy

SICKLE = Variant("chr11", 5227001, "T", "A")
HBE = Variant("chr11", 5226942, "C", "T")


def pair(first="", second="", **more):
    return case_of(
        stated("NM_000518.5:c.20A>T", phase=first),
        stated("NM_000518.5:c.79G>A", phase=second, path="variants[1]"),
        **more,
    )


def refusal(case, *calls, **more):
    with pytest.raises(IncompatibleInputsError) as caught:
        resolve_case(inputs_of(case, *calls, **more))
    assert (caught.value.exit_status, bool(caught.value.remedy)) == (4, True)
    return caught.value


def statuses(resolved, rule):
    return [finding.status for finding in resolved.findings if finding.rule == rule]


WINDOW = next(
    window for window in REFERENCE.windows if window.contig == "chr11" and window.start < 5227001 < window.end
)
PLACE = f"{WINDOW.start + 1}-{WINDOW.end}"
BASES = REFERENCE.fetch("chr11", WINDOW.start, WINDOW.end)
BY_ACCESSION = Reference.from_sequences({f"NC_000011.10:{PLACE}": BASES})
NAMELESS = Reference.from_sequences({f"chr11:{PLACE}": BASES})


@pytest.mark.parametrize("build", ["GRCh37", "hg19", "GRCh37.p13", "chm13v2.0", "hs1"])
def test_coordinates_of_another_build_are_refused(build):
    error = refusal(case_of(stated("chr11:5227002:T:A", build=build)))
    assert (error.code, error.where) == ("wrong-build", "variants[0].build")


@pytest.mark.parametrize(
    ("build", "reference", "cautions"),
    [
        ("", REFERENCE, 0),
        ("hg38", REFERENCE, 1),
        ("GRCh38.p14", NAMELESS, 1),
        ("zv9", REFERENCE, 1),
        ("b38", BY_ACCESSION, 0),
    ],
)
def test_a_build_that_cannot_be_compared_firmly_is_a_caution(build, reference, cautions):
    models = load_gene_models(str(DEMO / "HBB.GRCh38.gtf"), reference)
    case = case_of(stated("NM_000518.5:c.20A>T", build=build))
    resolved = resolve_case(inputs_of(case, models=models, reference=reference))
    assert statuses(resolved, "case.build") == [Status.CAUTION] * cautions


def twice(one, other):
    second = {"expressions": ("NM_000518.5:c.20A>T",), "path": "variants[1]"} | other
    return case_of(stated("chr11:5227002:T:A", **one), stated(*second.pop("expressions"), **second))


@pytest.mark.parametrize(
    ("one", "other", "zygosity", "cautions"),
    [
        ({}, {}, HET, 0),
        ({}, {"zygosity": Zygosity.UNKNOWN}, HET, 0),
        ({"zygosity": Zygosity.UNKNOWN}, {"zygosity": HOM}, HOM, 0),
        ({"gene": ""}, {"gene": "hbb"}, HET, 0),
        ({"phase": "maternal"}, {"phase": "Maternal"}, HET, 0),
        ({"phase": "maternal"}, {"phase": "paternal"}, HOM, 1),
        ({"phase": "maternal", "zygosity": HOM}, {"phase": "paternal", "zygosity": HOM}, HOM, 1),
    ],
)
def test_a_variant_stated_twice_is_one(one, other, zygosity, cautions):
    resolved = resolve_case(inputs_of(twice(one, other)))
    [target] = resolved.targets
    [allele] = target.alleles
    assert (target.gene, allele.variant, allele.zygosity) == ("HBB", SICKLE, zygosity)
    assert target.biallelic is (True if zygosity is HOM else None)
    assert [call.copies for call in resolved.genome.calls] == [(True, zygosity is HOM)]
    assert statuses(resolved, "case.both_copies") == [Status.CAUTION] * cautions
    assert resolved.tallies[0].refused == (("the same variant again", 1),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"zygosity": HOM}, {}),
        ({"zygosity": HOM, "phase": "maternal"}, {"phase": "paternal"}),
        ({"gene": "HBB"}, {"gene": "HBD"}),
        ({"mechanism": Mechanism.GAIN_OF_FUNCTION}, {"mechanism": Mechanism.LOSS_OF_FUNCTION}),
    ],
)
def test_a_variant_stated_twice_must_not_contradict_itself(one, other):
    error = refusal(twice(one, other))
    assert (error.code, error.where) == ("variant-stated-twice", "variants[0], variants[1]")


def test_the_same_variant_on_three_labels_is_refused():
    case = case_of(*(stated("chr11:5227002:T:A", phase=label) for label in ("a", "b", "c")))
    assert refusal(case).code == "variant-stated-twice"


@pytest.mark.parametrize(
    ("first", "second", "calls"),
    [
        ({"zygosity": HOM}, {"zygosity": HOM}, []),
        ({"phase": "m"}, {"phase": "m"}, []),
        ({}, {"zygosity": HOM}, [Call(Variant("chr11", 5227001, "T", "C"), (True, True))]),
    ],
)
def test_a_variant_without_a_place_on_the_genome_is_refused(first, second, calls):
    case = case_of(
        stated("chr11:5227002:T:A", **first), stated("chr11:5227002:T:C", path="variants[1]", **second)
    )
    error = refusal(case, *calls)
    assert error.code == "variant-not-placed"
    assert "clashes with another call" in error.what


def test_calls_the_genome_refuses_are_counted_and_said():
    rival = Call(Variant("chr11", 5227001, "T", "C"), (True, True))
    inputs = inputs_of(case_of(stated("chr11:5227002:T:A", zygosity=HOM)), rival)
    resolved = resolve_case(inputs)
    [said] = [finding for finding in resolved.findings if finding.rule == "vcf.calls_placed"]
    assert (said.status, said.value) == (Status.CAUTION, "1 of 2 calls")
    plan = make_plan(inputs, PlanOptions(search_off_targets=False))
    [tally] = [tally for tally in plan.tallies if tally.name == "calls on the patient's genome"]
    assert (tally.read, tally.kept) == (2, 1)


@pytest.mark.parametrize(
    ("labels", "second", "conflict"),
    [
        (("m", "p"), (True, False), True),
        (("m", "m"), (False, True), True),
        (("m", "p"), (False, True), False),
        (("m", "M "), (True, False), False),
    ],
)
def test_the_stated_phase_must_not_contradict_the_vcf(labels, second, conflict):
    calls = [Call(SICKLE, (True, False), "7"), Call(HBE, second, "7")]
    if conflict:
        error = refusal(pair(*labels), *calls)
        assert (error.code, error.where) == ("phase-conflict", "variants[0], variants[1]")
    else:
        [target] = resolve_case(inputs_of(pair(*labels), *calls)).targets
        assert target.biallelic is (labels[1] == "p")


@pytest.mark.parametrize(("labels", "biallelic"), [(("m", "p"), True), (("m", "m"), False)])
@pytest.mark.parametrize("copies", [(True, False), (False, True)])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_label_joins_the_phase_set_of_the_vcf(labels, biallelic, copies, swapped):
    calls = [Call(HBE if swapped else SICKLE, copies, "7"), Call(SICKLE if swapped else HBE, (True, False))]
    [target] = resolve_case(inputs_of(pair(*labels), *calls)).targets
    assert target.biallelic is biallelic
    assert {allele.phase_set for allele in target.alleles} == {"7"}


@pytest.mark.parametrize("gene", ["hbb", "Hbb", " HBB "])
def test_a_gene_is_spelt_as_the_models_spell_it(gene):
    [target] = resolve_case(inputs_of(case_of(stated("chr11:5227002:T:A", gene=gene, zygosity=HOM)))).targets
    assert (target.gene, target.inheritance, target.mechanism) == ("HBB", "AR", Mechanism.GAIN_OF_FUNCTION)


@pytest.mark.parametrize("genes", [("HBB", ""), ("", "HBB"), ("hbb", "HBB")])
def test_phase_holds_within_the_gene_found(genes):
    case = case_of(
        stated("NM_000518.5:c.20A>T", gene=genes[0], phase="maternal"),
        stated("NM_000518.5:c.79G>A", gene=genes[1], phase="paternal", path="variants[1]"),
    )
    [target] = resolve_case(inputs_of(case)).targets
    assert target.biallelic is True


def test_a_person_has_two_copies():
    case = case_of(
        stated("NM_000518.5:c.20A>T", phase="a"),
        stated("NM_000518.5:c.79G>A", phase="b"),
        stated("NM_000518.5:c.19G>A", phase="c", gene=""),
    )
    assert refusal(case).code == "phase-labels"


def test_an_autosome_is_never_hemizygous():
    case = case_of(stated("chr11:5227002:T:A", zygosity=Zygosity.HEMIZYGOUS))
    assert refusal(case).code == "hemizygous-autosome"
    unknown = case_of(stated("chr11:5227002:T:A", zygosity=Zygosity.UNKNOWN))
    assert refusal(unknown, Call(SICKLE, (True,))).code == "hemizygous-autosome"


ON_X = Reference.from_sequences({"chrX:50000001-50000300": "ACGTTGCA" * 37 + "ACGT"}, build="GRCh38")
X_MODELS = GeneModels([Transcript("NR_X.1", "XG", "chrX", Strand.PLUS, ((50_000_000, 50_000_300),), None)])
X_VARIANT = Variant("chrX", 50_000_001, "C", "T")
HEMI = Zygosity.HEMIZYGOUS


@pytest.mark.parametrize(
    ("sex", "zygosity", "called", "taken", "cautions"),
    [
        (Sex.MALE, HEMI, None, HEMI, 0),
        (Sex.MALE, HET, None, HET, 1),
        (Sex.MALE, HOM, None, HEMI, 1),
        (Sex.MALE, HOM, (True,), HEMI, 1),
        (Sex.MALE, HOM, (True, True), HEMI, 1),
        (Sex.MALE, Zygosity.UNKNOWN, (True, True), HEMI, 1),
        (Sex.FEMALE, HEMI, None, HEMI, 1),
        (Sex.FEMALE, HET, None, HET, 0),
        (Sex.FEMALE, HOM, None, HOM, 0),
        (Sex.UNKNOWN, HEMI, None, HEMI, 0),
    ],
)
def test_zygosity_on_x_fits_the_sex(sex, zygosity, called, taken, cautions):
    case = case_of(stated("chrX:50000002:C:T", gene="XG", zygosity=zygosity), subject=Subject("person", sex))
    calls = [Call(X_VARIANT, called)] if called else []
    resolved = resolve_case(inputs_of(case, *calls, models=X_MODELS, reference=ON_X))
    assert statuses(resolved, "case.ploidy") == [Status.CAUTION] * cautions
    assert resolved.targets[0].alleles[0].zygosity is taken
    if not called:
        copies = {HEMI: (True,), HOM: (True, True), HET: (True, False)}[taken]
        assert resolved.genome.calls[0].copies == copies


@pytest.mark.parametrize("build", ["GRCh38", ""])
def test_x_and_y_are_alike_in_the_pseudoautosomal_regions(build):
    reference = Reference.from_sequences({"chrX:1000001-1000100": "ACGT" * 25}, build=build)
    found = []
    variant = Variant("chrX", 1_000_001, "C", "T")
    assert check_ploidy(variant, HOM, Sex.MALE, reference, found) is HOM
    assert check_ploidy(variant, HET, Sex.MALE, reference, found) is HET
    assert not found


def test_a_variant_on_the_y_of_a_woman_is_a_caution():
    found = []
    check_ploidy(Variant("chrY", 10_000_000, "C", "T"), HEMI, Sex.FEMALE, ON_X, found)
    assert [finding.status for finding in found] == [Status.CAUTION]


@pytest.mark.parametrize(
    ("stated_sex", "hint", "cautions"),
    [
        (Sex.MALE, Sex.FEMALE, 1),
        (Sex.FEMALE, Sex.MALE, 1),
        (Sex.MALE, Sex.MALE, 0),
        (Sex.UNKNOWN, Sex.MALE, 0),
        (Sex.MALE, Sex.UNKNOWN, 0),
    ],
)
def test_the_vcf_must_look_like_the_stated_sex(stated_sex, hint, cautions):
    case = case_of(stated("chr11:5227002:T:A", zygosity=HOM), subject=Subject("person", stated_sex))
    inputs = inputs_of(case, Call(SICKLE, (True, True)))
    resolved = resolve_case(replace(inputs, vcf=replace(inputs.vcf, sex_hint=hint)))
    assert statuses(resolved, "vcf.sex") == [Status.CAUTION] * cautions


@pytest.mark.parametrize(("calls", "cautions"), [([], 1), ([Call(SICKLE, (True, True))], 0)])
def test_a_sample_without_a_vcf_is_a_caution(calls, cautions):
    case = case_of(stated("chr11:5227002:T:A", zygosity=HOM), files=CaseFiles(sample="HG00096"))
    resolved = resolve_case(inputs_of(case, *calls))
    assert statuses(resolved, "case.sample_unused") == [Status.CAUTION] * cautions
