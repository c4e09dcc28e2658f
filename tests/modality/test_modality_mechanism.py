"""What a mechanism allows: the truth table, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from modality_cases import NOTHING, allele_of, target_of, toy_gene

from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.mechanism import (
    addition_helps,
    allele_specific_knock_out_helps,
    correction_helps,
    knock_out_helps,
    raising_helps,
)
from revertant.modality.nuclease import NUCLEASE
from revertant.model import Consequence, ConsequenceTerm, Mechanism, Route, Status, Variant, Zygosity

REFERENCE, GENE = toy_gene()
VARIANT = Variant("toy", 30, REFERENCE.fetch("toy", 30, 31), "T")
LOF, HI, GOF = Mechanism.LOSS_OF_FUNCTION, Mechanism.HAPLOINSUFFICIENCY, Mechanism.GAIN_OF_FUNCTION
DN, SPLICE, REPEAT, UNKNOWN = (
    Mechanism.DOMINANT_NEGATIVE,
    Mechanism.SPLICE,
    Mechanism.REPEAT_EXPANSION,
    Mechanism.UNKNOWN,
)
HET, HOM, HEMI, ANY = Zygosity.HETEROZYGOUS, Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS, Zygosity.UNKNOWN
P, C, F, U = Status.PASS, Status.CAUTION, Status.FAIL, Status.UNKNOWN


def target(mechanism, zygosity=HET, **more):
    allele = allele_of(VARIANT, GENE, REFERENCE, zygosity, NOTHING)
    return target_of(GENE, allele, mechanism=mechanism, **more)


@pytest.mark.parametrize(
    ("mechanism", "haploinsufficient", "dispensable", "status"),
    [
        (LOF, False, True, F),
        (HI, True, False, F),
        *((mechanism, None, False, F) for mechanism in Mechanism),
        (GOF, True, True, F),
        (DN, True, True, F),
        (GOF, False, True, C),
        (DN, None, True, C),
        (GOF, False, False, F),
        (GOF, False, None, U),
        (DN, None, None, U),
        (SPLICE, False, True, U),
        (REPEAT, False, True, U),
        (UNKNOWN, False, True, U),
        (UNKNOWN, True, True, F),
    ],
)
def test_knock_out(mechanism, haploinsufficient, dispensable, status):
    found = knock_out_helps(target(mechanism, haploinsufficient=haploinsufficient, dispensable=dispensable))
    assert found.status is status
    if dispensable is False:
        assert "without TOY are ill" in found.because
    elif haploinsufficient and mechanism is not HI:
        assert "haploinsufficient" in found.because


@pytest.mark.parametrize(
    ("mechanism", "zygosity", "haploinsufficient", "status"),
    [
        (GOF, HET, False, P),
        (DN, HET, False, P),
        (DN, HET, None, C),
        (DN, HET, True, F),
        (GOF, HOM, False, F),
        (GOF, HEMI, False, F),
        (DN, ANY, False, U),
        (LOF, HET, False, F),
        (HI, HET, False, F),
        (UNKNOWN, HET, False, U),
        (SPLICE, HET, False, U),
        (UNKNOWN, HOM, False, F),
    ],
)
def test_allele_specific_knock_out(mechanism, zygosity, haploinsufficient, status):
    given = target(mechanism, zygosity, haploinsufficient=haploinsufficient)
    found = allele_specific_knock_out_helps(given, given.alleles[0])
    assert found.status is status
    if zygosity in {HOM, HEMI} and mechanism is not LOF:
        assert "no healthy copy to spare" in found.because


TRUNCATING = {ConsequenceTerm.STOP_GAINED, ConsequenceTerm.FRAMESHIFT, ConsequenceTerm.START_LOST}


@pytest.mark.parametrize("mechanism", [GOF, DN, SPLICE, UNKNOWN])
@pytest.mark.parametrize("term", [*sorted(TRUNCATING), ConsequenceTerm.MISSENSE, ConsequenceTerm.SYNONYMOUS])
def test_no_knock_out_of_an_allele_that_makes_no_whole_protein_already(mechanism, term):
    consequence = Consequence("NM_9.1", "TOY", (term,))
    allele = allele_of(VARIANT, GENE, REFERENCE, HET, consequence)
    found = allele_specific_knock_out_helps(target_of(GENE, allele, mechanism=mechanism), allele)
    assert ("already cuts the product short" in found.because) == (term in TRUNCATING)
    if term in TRUNCATING:
        assert found.status is F


@pytest.mark.parametrize(
    ("mechanism", "inheritance", "status"),
    [
        (LOF, "AR", P),
        (HI, "AD", P),
        (DN, "AD", F),
        (GOF, "AD", F),
        (GOF, "", F),
        (GOF, "AR", C),
        (DN, "AR", C),
        (UNKNOWN, "AR", U),
        (SPLICE, "AR", U),
        (REPEAT, "AD", U),
    ],
)
def test_addition(mechanism, inheritance, status):
    assert addition_helps(target(mechanism, inheritance=inheritance, biallelic=True)).status is status


@pytest.mark.parametrize(
    ("inheritance", "biallelic", "alleles", "status"),
    [
        ("AR", True, False, P),
        ("AR", False, False, F),
        ("AR", None, False, U),
        ("AR", None, True, P),
        ("AD", False, True, P),
    ],
)
def test_addition_asks_whether_anything_is_lacking(inheritance, biallelic, alleles, status):
    """A carrier of a recessive disease lacks nothing; a gene without variants lacks something where a count says so."""
    given = target(LOF, inheritance=inheritance, biallelic=biallelic)
    given = given if alleles else replace(given, alleles=())
    assert addition_helps(given).status is status


@pytest.mark.parametrize(
    ("mechanism", "biallelic", "status"),
    [(LOF, True, F), (LOF, False, P), (HI, False, P), (LOF, None, U), (GOF, False, F), (UNKNOWN, False, U)],
)
def test_raising(mechanism, biallelic, status):
    assert raising_helps(target(mechanism, biallelic=biallelic)).status is status


@pytest.mark.parametrize("mechanism", Mechanism)
def test_correction_helps_whatever_the_mechanism(mechanism):
    given = target(mechanism)
    assert correction_helps(given, given.alleles[0]).status is P


@pytest.mark.parametrize("modality", [BASE_EDITING, NUCLEASE])
@pytest.mark.parametrize("zygosity", Zygosity)
def test_unknown_mechanism_never_makes_silencing_eligible(modality, zygosity):
    for strategy in modality.eligibility(target(UNKNOWN, zygosity, dispensable=True), None):
        if strategy.route in {Route.KNOCK_OUT, Route.ALLELE_SPECIFIC_KNOCK_OUT, Route.DISRUPT_SPLICE_SITE}:
            assert not strategy.is_eligible


@pytest.mark.parametrize(
    ("inheritance", "haploinsufficient", "zygosity", "status"),
    [
        ("AD", False, HET, C),
        ("AD", None, HET, C),
        ("AD", True, HET, F),
        ("AD", False, HOM, F),
        ("AD", False, ANY, U),
        ("AR", False, HET, U),
        ("", False, HET, U),
    ],
)
def test_a_dominant_repeat_expansion_may_be_silenced_on_its_copy(
    inheritance, haploinsufficient, zygosity, status
):
    """A recessive expansion (FXN) is a loss; of a dominant one the copy's product does the harm."""
    given = target(REPEAT, zygosity, inheritance=inheritance, haploinsufficient=haploinsufficient)
    assert allele_specific_knock_out_helps(given, given.alleles[0]).status is status
