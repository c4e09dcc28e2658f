"""Cases on the genome: what agrees, what contradicts, and on which copy a variant lies."""

from __future__ import annotations

import pytest
from planning_cases import HET, HOM, MODELS, REFERENCE, case_of, inputs_of, stated

from revertant.errors import IncompatibleInputsError, InputError, ProblemsError, RevertantError
from revertant.genome import GeneModels
from revertant.model import Call, Locus, Mechanism, Status, Strand, Transcript, Variant, Zygosity
from revertant.planning import resolve_case

SICKLE = Variant("chr11", 5227001, "T", "A")
HBE = Variant("chr11", 5226942, "C", "T")
FAR = Transcript("NM_FAR.1", "FAR", "chr11", Strand.PLUS, ((9_000_000, 9_000_300),), (9_000_000, 9_000_300))


@pytest.mark.parametrize(
    ("variants", "calls", "code", "kind"),
    [
        (
            [stated("NM_000518.5:c.20A>T", "chr11:5227002:T:C")],
            [],
            "expressions-disagree",
            IncompatibleInputsError,
        ),
        (
            [stated("chr11:5227002:T:A")],
            [Call(SICKLE, (True, True))],
            "zygosity-conflict",
            IncompatibleInputsError,
        ),
        (
            [stated("chr11:5227002:T:A", zygosity=HOM)],
            [Call(SICKLE, (True, False))],
            "zygosity-conflict",
            IncompatibleInputsError,
        ),
        ([stated("chr11:5227002:T:A", gene="FAR")], [], "wrong-gene", IncompatibleInputsError),
        ([stated("chr2:60495265:T:A", gene="HBB")], [], None, RevertantError),
        ([stated("chr11:9000001:T:A")], [], "outside-reference", RevertantError),
        ([stated("NM_000518.4:c.20A>T")], [], "transcript-version", RevertantError),
        ([stated("chr11:5227002:G:A")], [], "ref-mismatch", RevertantError),
        ([stated("chr11:5227002:T:A", gene="NOPE")], [], None, RevertantError),
        ([stated("chr2:60495265:N:A", gene="")], [], None, RevertantError),
        ([stated()], [], "no-expression", InputError),
    ],
)
def test_contradictions_are_errors_with_a_remedy(variants, calls, code, kind):
    models = GeneModels([*MODELS.transcripts, FAR])
    with pytest.raises(kind) as caught:
        resolve_case(inputs_of(case_of(*variants), *calls, models=models))
    if code is not None:
        assert caught.value.code == code
    assert caught.value.what
    assert caught.value.remedy or code == "no-expression"
    assert caught.value.exit_status in {3, 4}


def test_variant_of_another_contig_than_its_gene():
    here = REFERENCE.fetch("chr2", 60495264, 60495265)
    expression = f"chr2:60495265:{here}:{'A' if here != 'A' else 'C'}"
    with pytest.raises(IncompatibleInputsError) as caught:
        resolve_case(inputs_of(case_of(stated(expression))))
    assert (caught.value.code, caught.value.where) == ("wrong-gene", "variants[0]")
    with pytest.raises(IncompatibleInputsError) as caught:
        resolve_case(inputs_of(case_of(stated(expression, gene=""))))
    assert caught.value.code == "which-gene"


def test_two_bad_variants_are_reported_together():
    bad = [stated("chr11:5227002:G:A"), stated("NM_000518.4:c.20A>T", path="variants[1]")]
    with pytest.raises(ProblemsError) as caught:
        resolve_case(inputs_of(case_of(*bad)))
    assert len(caught.value.problems) == 2


def test_different_mechanisms_for_one_gene():
    variants = [
        stated("NM_000518.5:c.20A>T", mechanism=Mechanism.GAIN_OF_FUNCTION),
        stated("NM_000518.5:c.79G>A", mechanism=Mechanism.LOSS_OF_FUNCTION),
    ]
    with pytest.raises(IncompatibleInputsError) as caught:
        resolve_case(inputs_of(case_of(*variants)))
    assert caught.value.code == "mechanism-conflict"


def test_expressions_that_agree_and_one_that_cannot_be_checked():
    variant = stated("NM_000518.5:c.20A>T", "NC_000011.10:g.5227002T>A", "NM_999999.1:c.20A>T", zygosity=HOM)
    resolved = resolve_case(inputs_of(case_of(variant)))
    [target] = resolved.targets
    [allele] = target.alleles
    assert (allele.variant, allele.name, target.biallelic) == (SICKLE, "NM_000518.5:c.20A>T", True)
    assert [f.status for f in resolved.findings if f.rule == "case.expression_checked"] == [Status.CAUTION]


def pair(first="", second="", **more):
    return case_of(
        stated("NM_000518.5:c.20A>T", phase=first),
        stated("NM_000518.5:c.79G>A", phase=second, path="variants[1]"),
        **more,
    )


@pytest.mark.parametrize(
    ("case", "calls", "biallelic", "status"),
    [
        (pair(), [], None, Status.UNKNOWN),
        (pair("maternal", "paternal"), [], True, Status.PASS),
        (pair("maternal", "maternal"), [], False, Status.CAUTION),
        (pair("maternal", ""), [], None, Status.UNKNOWN),
        (pair(), [Call(SICKLE, (True, False), "7"), Call(HBE, (False, True), "7")], True, Status.PASS),
        (pair(), [Call(SICKLE, (True, False), "7"), Call(HBE, (True, False), "7")], False, Status.CAUTION),
        (pair(), [Call(SICKLE, (True, False), "7"), Call(HBE, (True, False), "8")], None, Status.UNKNOWN),
        (pair(), [Call(SICKLE, (True, False)), Call(HBE, (True, False))], None, Status.UNKNOWN),
        (pair("m", "p"), [Call(SICKLE, (True, False)), Call(HBE, (True, False))], True, Status.PASS),
        (pair("m", "m"), [Call(SICKLE, (True, False)), Call(HBE, (True, False))], False, Status.CAUTION),
    ],
)
def test_phase_of_a_compound_heterozygote(case, calls, biallelic, status):
    resolved = resolve_case(inputs_of(case, *calls))
    [target] = resolved.targets
    assert target.biallelic is biallelic
    assert next(f for f in target.findings if f.rule == "target.phase").status is status
    held = [call.variant for call in resolved.genome.calls]
    assert sorted(held) == sorted({SICKLE, HBE})
    assert {allele.variant for allele in target.alleles} == {SICKLE, HBE}


def test_a_stated_zygosity_may_be_left_to_the_vcf():
    case = case_of(stated("chr11:5227002:T:A", zygosity=Zygosity.UNKNOWN))
    [target] = resolve_case(inputs_of(case, Call(SICKLE, (True, True)))).targets
    assert target.alleles[0].zygosity is HOM
    alone = resolve_case(inputs_of(case))
    assert alone.targets[0].biallelic is None
    assert [f.status for f in alone.findings if f.rule == "case.zygosity"] == [Status.UNKNOWN]


def test_a_variant_the_vcf_lacks_is_added_and_said():
    other = Call(HBE, (True, False))
    resolved = resolve_case(inputs_of(case_of(stated("chr11:5227002:T:A")), other))
    assert [f.status for f in resolved.findings if f.rule == "vcf.holds_variant"] == [Status.CAUTION]
    assert {c.variant for c in resolved.genome.calls} == {SICKLE, HBE}


def test_an_allele_is_named_as_it_lies_on_the_genome():
    """One of two CTC is gone, the upper one in the VCF, and the lower one holds another change."""
    deletion, inside = Variant("chr11", 5226997, "CTC", ""), Variant("chr11", 5226998, "T", "A")
    calls = Call(deletion, (True, True), moved=3), Call(inside, (True, True))
    resolved = resolve_case(inputs_of(case_of(stated("NM_000518.5:c.22_24del", zygosity=HOM)), *calls))
    [allele] = resolved.targets[0].alleles
    assert allele.variant == Variant("chr11", 5227000, "CTC", "")
    [window] = resolved.genome.windows(Locus("chr11", 5226994, 5227006))
    assert (window.bases, allele.variant in window.variants) == ("CTTCACAGG", True)
    # Its name stays that of the change, wherever in the repeat it lies.
    [alone] = (
        resolve_case(inputs_of(case_of(stated("NM_000518.5:c.22_24del", zygosity=HOM)))).targets[0].alleles
    )
    assert (alone.variant, alone.hgvs_g) == (deletion, allele.hgvs_g)


def test_the_gene_is_the_one_the_variant_lies_in():
    [target] = resolve_case(inputs_of(case_of(stated("chr11:5227002:T:A", gene="", zygosity=HET)))).targets
    # One heterozygous variant of a recessive disease: whether an intact copy is left is not known.
    assert (target.gene, target.biallelic) == ("HBB", None)
    assert target.mechanism_because
    assert target.transcript_because
