"""Each kind of question, on its own: thresholds, missing facts, contradictions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.knowledge import Criterion, LabelDose
from revertant.model import (
    Case,
    CaseVariant,
    CopyNumber,
    CriterionState,
    Disease,
    Locus,
    Measurement,
    Pathogenicity,
    Serology,
    Sex,
    Strand,
    Structure,
    StructureKind,
    Subject,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.trials.answer import Person
from revertant.trials.criteria import match_criterion
from revertant.trials.dosing import dose_for
from revertant.trials.serology import TITRE_HOLDS_DAYS

MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET
UNKNOWN, CONFLICT = CriterionState.UNKNOWN, CriterionState.CONFLICT
DAY = dt.date(2026, 11, 26)
DELETED = StructureKind.DELETION


def asked(asks, **fields):
    return Criterion(key="x", kind="indication", asks=asks, text="Asked.", **fields)


def person(targets=(), on_date=DAY, subject=None, **fields):
    return Person(Case("c", subject or Subject("s"), fields.pop("variants", ()), **fields), targets, on_date)


def state(criterion, who):
    return match_criterion(criterion, who).state


BELOW_400 = asked("titre", antigen="AAVrh74", assay="TAb", below=400)
AT_MOST_50 = asked("titre", antigen="AAV9", assay="TAb", at_most=50)
NONE_FOUND = asked("titre", antigen="AAV5", assay="TAb", at_most=0)


@pytest.mark.parametrize(
    ("criterion", "titre", "below", "expected"),
    [
        (AT_MOST_50, 50.0, False, MET),
        (AT_MOST_50, 50.1, False, NOT_MET),
        (AT_MOST_50, 50.0, True, MET),
        (AT_MOST_50, 51.0, True, UNKNOWN),
        (AT_MOST_50, None, False, MET),
        (BELOW_400, 399.0, False, MET),
        (BELOW_400, 400.0, False, NOT_MET),
        (BELOW_400, 400.0, True, MET),
        (BELOW_400, 800.0, True, UNKNOWN),
        (NONE_FOUND, None, False, MET),
        (NONE_FOUND, 5.0, False, NOT_MET),
        (NONE_FOUND, 5.0, True, UNKNOWN),
    ],
)
def test_titres_on_both_sides_of_a_limit(criterion, titre, below, expected):
    result = Serology(criterion.antigen, "TAb", titre, below=below)
    assert state(criterion, person(serology=(result,))) is expected


@given(titre=st.floats(1, 1e5), limit=st.integers(1, 10**5))
def test_a_titre_is_met_exactly_when_it_does_not_exceed_the_limit(titre, limit):
    criterion = asked("titre", antigen="AAV9", assay="TAb", at_most=float(limit))
    expected = MET if titre <= limit else NOT_MET
    assert state(criterion, person(serology=(Serology("AAV9", "TAb", titre),))) is expected
    if titre <= limit:
        assert state(criterion, person(serology=(Serology("AAV9", "TAb", titre, below=True),))) is MET


def test_the_newest_titre_counts_and_an_old_one_asks_for_a_new_one():
    old, new = (
        Serology("AAV9", "TAb", 400.0, date="2026-09-01"),
        Serology("AAV9", "TAb", 25.0, date="2026-11-01"),
    )
    assert state(AT_MOST_50, person(serology=(old, new))) is MET
    assert state(AT_MOST_50, person(serology=(new, old))) is MET
    last_day = dt.date(2026, 11, 1) + dt.timedelta(days=TITRE_HOLDS_DAYS)
    assert state(AT_MOST_50, person(serology=(new,), on_date=last_day)) is MET
    stale = match_criterion(AT_MOST_50, person(serology=(new,), on_date=last_day + dt.timedelta(days=1)))
    assert stale.state is UNKNOWN
    assert "Test again" in stale.to_measure
    assert state(AT_MOST_50, person(serology=(new,), on_date=None)) is MET


def test_a_falling_titre_is_said_to_fall():
    course = (
        Serology("AAV9", "TAb", 800.0, date="2026-09-01"),
        Serology("AAV9", "TAb", 400.0, date="2026-10-01"),
        Serology("AAV9", "TAb", 100.0, date="2026-11-01"),
    )
    falling = match_criterion(AT_MOST_50, person(serology=course))
    assert falling.state is NOT_MET
    assert "fallen from 1:800 in 61 days" in falling.because
    assert "titre is falling" in falling.to_measure
    rising = match_criterion(
        AT_MOST_50, person(serology=(*course[:2], Serology("AAV9", "TAb", 401.0, date="2026-11-01")))
    )
    assert "fallen" not in rising.because


def test_results_without_a_day_that_disagree_are_a_conflict():
    both = (Serology("AAV9", "TAb", 25.0), Serology("AAV9", "TAb", 100.0))
    assert state(AT_MOST_50, person(serology=both)) is CONFLICT


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ((CopyNumber("SMN2", 3, 3, "MLPA"),), MET),
        ((CopyNumber("SMN2", 4, 4, "MLPA"),), NOT_MET),
        ((CopyNumber("SMN2", 4, None, "MLPA"),), NOT_MET),
        ((CopyNumber("SMN2", 3, None, "MLPA"),), UNKNOWN),
        ((CopyNumber("SMN2", 3, None, "MLPA"), CopyNumber("SMN2", 3, 3, "dPCR")), MET),
        ((CopyNumber("SMN2", 3, 3, "MLPA"), CopyNumber("SMN2", 4, 4, "dPCR")), CONFLICT),
        ((CopyNumber("SMN2", 2, 2, "in_silico"),), CONFLICT),
        ((CopyNumber("SMN1", 2, 2, "MLPA"),), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_copies(copies, expected):
    criterion = asked("copies", gene="SMN2", at_most=3)
    assert state(criterion, person(copy_numbers=copies)) is expected


@given(low=st.integers(0, 8), high=st.integers(0, 8), method=st.sampled_from(["in_silico", ""]))
def test_an_unconfirmed_number_is_never_met_or_not_met(low, high, method):
    who = person(copy_numbers=(CopyNumber("SMN1", low, max(low, high), method),))
    for criterion in (asked("copies", gene="SMN1", at_most=3), asked("biallelic", gene="SMN1")):
        answer = match_criterion(criterion, who)
        assert answer.state is CONFLICT
        assert "MLPA or digital PCR" in answer.to_measure


def variant(zygosity, phase="", pathogenicity=Pathogenicity.PATHOGENIC, gene="RPE65"):
    return CaseVariant(
        (f"NM_000329.3:c.{len(phase) + 1}A>T",), zygosity, pathogenicity, gene=gene, phase=phase
    )


HET = Zygosity.HETEROZYGOUS


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ((variant(Zygosity.HOMOZYGOUS),), MET),
        ((variant(HET, "maternal"), variant(HET, "paternal")), MET),
        ((variant(HET, "maternal"), variant(HET, "maternal")), NOT_MET),
        ((variant(HET, "maternal"), variant(HET)), UNKNOWN),
        ((variant(HET),), UNKNOWN),
        ((variant(Zygosity.HOMOZYGOUS, pathogenicity=Pathogenicity.UNCERTAIN),), UNKNOWN),
        ((variant(Zygosity.HOMOZYGOUS, gene="HBB"),), UNKNOWN),
        ((), UNKNOWN),
    ],
)
def test_both_copies_by_variants(variants, expected):
    assert state(asked("biallelic", gene="RPE65"), person(variants=variants)) is expected


@pytest.mark.parametrize(("biallelic", "expected"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)])
def test_a_resolved_target_knows_the_phase(biallelic, expected):
    allele = SimpleNamespace(name="c.1A>T", zygosity=HET, pathogenicity=Pathogenicity.PATHOGENIC)
    target = SimpleNamespace(gene="RPE65", alleles=(allele, allele), biallelic=biallelic)
    assert state(asked("biallelic", gene="RPE65"), person(targets=(target,))) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((Measurement("ALT", 2.0, "x_ULN"),), MET),
        ((Measurement("ALT", 2.01, "x_ULN"),), NOT_MET),
        ((Measurement("ALT", 30, "U/L"),), UNKNOWN),
        ((Measurement("AST", 1, "x_ULN"),), UNKNOWN),
        ((Measurement("ALT", 3, "x_ULN", "2026-01-01"), Measurement("ALT", 1, "x_ULN", "2026-02-01")), MET),
        ((Measurement("ALT", 3, "x_ULN"), Measurement("ALT", 1, "x_ULN")), CONFLICT),
        ((), UNKNOWN),
    ],
)
def test_measurements(values, expected):
    criterion = asked("measurement", measurement="ALT", unit="x_ULN", at_most=2)
    assert state(criterion, person(measurements=values)) is expected


def test_units_are_converted():
    criterion = asked("measurement", measurement="platelets", unit="10*9/L", at_least=150)
    assert state(criterion, person(measurements=(Measurement("platelets", 150000, "1/uL"),))) is MET
    assert state(criterion, person(measurements=(Measurement("platelets", 149999, "1/uL"),))) is NOT_MET


def test_conditions_sex_weight_and_age_that_nobody_states_are_unknown():
    nobody = person()
    for criterion in (
        asked("condition", condition="ambulatory"),
        asked("sex", sex="male"),
        asked("weight", at_least=2.6),
        asked("age", below=2, unit="years"),
        asked("diagnosis", names=("sma",)),
        asked("variant", gene="DMD"),
    ):
        answer = match_criterion(criterion, nobody)
        assert answer.state is UNKNOWN
        assert answer.to_measure


def test_conditions_and_sex():
    boy = person(subject=Subject("s", Sex.MALE), conditions=(("ambulatory", True), ("pregnant", False)))
    assert state(asked("condition", condition="ambulatory"), boy) is MET
    assert state(asked("condition", condition="ambulatory", answer=False), boy) is NOT_MET
    assert state(asked("condition", condition="pregnant", answer=False), boy) is MET
    assert state(asked("sex", sex="male"), boy) is MET
    assert state(asked("sex", sex="female"), boy) is NOT_MET


@pytest.mark.parametrize(("unit", "limit"), [("years", 2), ("months", 24), ("days", 730.5)])
def test_ages_in_every_unit_have_the_same_limit(unit, limit):
    criterion = asked("age", below=limit, unit=unit)
    assert state(criterion, person(subject=Subject("s", age_years=2.0))) is NOT_MET
    assert state(criterion, person(subject=Subject("s", age_years=2.0 - 1 / 365.25))) is MET


def test_a_disease_is_ruled_out_by_its_identifier_and_never_by_its_name():
    criterion = asked("diagnosis", names=("spinal muscular atrophy",), diseases=("OMIM:253300",))
    for disease, expected in (
        (Disease("OMIM:253300"), MET),
        (Disease("X:1", "Spinal Muscular Atrophy type 2"), MET),
        (Disease("X:1", "Spinal muscular atrophy with respiratory distress 1"), UNKNOWN),
        (Disease("OMIM:PS253300", "Spinal muscular atrophies"), UNKNOWN),
        (Disease("OMIM:604320", "Spinal muscular atrophy with respiratory distress 1"), NOT_MET),
    ):
        assert state(criterion, person(diseases=(disease,))) is expected


YES, NO = asked("condition", condition="ambulatory"), asked("condition", condition="ambulatory", answer=False)
OPEN, CLASH = asked("sex", sex="male"), asked("copies", gene="SMN2", at_most=3)


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        ((YES, NO), MET),
        ((NO, NO), NOT_MET),
        ((NO, OPEN), UNKNOWN),
        ((NO, CLASH), CONFLICT),
        ((OPEN, CLASH), CONFLICT),
        ((YES, CLASH), MET),
    ],
)
def test_one_alternative_is_enough(alternatives, expected):
    who = person(conditions=(("ambulatory", True),), copy_numbers=(CopyNumber("SMN2", 2, 2, "in_silico"),))
    assert state(asked("any", of=alternatives), who) is expected


def test_the_published_table_of_volumes_and_vials():
    """Zolgensma USPI, table of dose volumes, and the vials of each kit (zolgensma-hcp.com, prepare for infusion)."""
    dose = LabelDose(
        text="",
        vg_per_kg=1.1e14,
        vg_per_ml=2e13,
        kit_from_kg=2.6,
        kit_to_kg=21.0,
        kit_step_kg=0.5,
        vial_ml=8.3,
    )
    volumes = "16.5 19.3 22.0 24.8 27.5 30.3 33.0 35.8 38.5 41.3 44.0 46.8 49.5 52.3 55.0 57.8 60.5 63.3 66.0 68.8 71.5 74.3"
    more = "77.0 79.8 82.5 85.3 88.0 90.8 93.5 96.3 99.0 101.8 104.5 107.3 110.0 112.8 115.5"
    vials = [2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6]
    for number, volume in enumerate(f"{volumes} {more}".split()):
        low = 2.6 + 0.5 * number
        for weight in (low, low + 0.4):
            assert f"holds {volume} mL in" in dose_for(dose, round(weight, 1))
        if number < len(vials):
            assert f"in {vials[number]} vials" in dose_for(dose, round(low, 1))


def test_doses_of_other_kinds():
    assert dose_for(None, 4.6) == ""
    assert (
        dose_for(LabelDose(text="Once.", vg=1.2e14), None) == "Once. 1.2e14 vg in all, whatever the weight."
    )
    assert dose_for(LabelDose(text="Once."), 70) == "Once."
    # Roctavian SmPC, table 1: 70 kg take 210 mL and 27 vials of 8 mL.
    roctavian = LabelDose(text="Once.", vg_per_kg=6e13, vg_per_ml=2e13, vial_ml=8)
    assert dose_for(roctavian, 70) == "Once. 6e13 vg/kg: 4.2e15 vg for 70 kg, 210 mL from 27 vials."
    assert dose_for(roctavian, None).endswith("the weight is not stated.")


EXONS = tuple((100 * n, 100 * n + 50) for n in range(1, 80))
DMD = Transcript("NM_004006.3", "DMD", "chrX", Strand.PLUS, EXONS, (100, 7950))
NO_DELETION = asked("exons", gene="DMD", exons=(8, 9), exon_count=79, condition="dmd_deletion_exon_8_or_9")


def lost(start, end):
    """A boy who lost a stretch of the model gene, whose exon n starts at base 100 n and is 50 long."""
    locus = Locus("chrX", start, end)
    allele = SimpleNamespace(
        name=f"del {start}-{end}", variant=None, structure=Structure(DELETED, locus, end - start)
    )
    return (SimpleNamespace(gene="DMD", alleles=(allele,), transcript=DMD),)


def changed(ref, alt):
    allele = SimpleNamespace(name="small", variant=Variant("chrX", 810, ref, alt), structure=None)
    return (SimpleNamespace(gene="DMD", alleles=(allele,), transcript=DMD),)


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (lost(849, 1000), NOT_MET),
        (lost(850, 900), MET),
        (lost(949, 950), NOT_MET),
        (lost(950, 2000), MET),
        (lost(100, 7950), NOT_MET),
        (changed("AC", "A"), NOT_MET),
        (changed("A", "C"), MET),
        (changed("A", "AC"), MET),
    ],
)
def test_any_base_deleted_of_an_exon_counts(targets, expected):
    who = person(targets=targets)
    assert state(NO_DELETION, who) is expected
    # What the case states besides must agree.
    answer = expected is NOT_MET
    for said, together in ((answer, expected), (not answer, CONFLICT)):
        assert (
            state(NO_DELETION, person(targets=targets, conditions=(("dmd_deletion_exon_8_or_9", said),)))
            is together
        )


def test_a_transcript_that_counts_exons_otherwise_says_nothing():
    shorter = dataclasses.replace(DMD, exons=EXONS[:-1], cds=(100, 7850))
    (target,) = lost(849, 1000)
    targets = (SimpleNamespace(gene="DMD", alleles=target.alleles, transcript=shorter),)
    assert state(NO_DELETION, person(targets=targets)) is UNKNOWN
    assert (
        state(NO_DELETION, person(targets=targets, conditions=(("dmd_deletion_exon_8_or_9", False),))) is MET
    )
