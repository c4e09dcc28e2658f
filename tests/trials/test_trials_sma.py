"""One infant with spinal muscular atrophy, and the same infant with one thing changed: exactly those criteria change.

Labels: Zolgensma and Itvisma USPI, the EU's SmPC, the Swiss Fachinformation; sources stand with each criterion.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from revertant.model import (
    Case,
    CaseVariant,
    CopyNumber,
    CriterionState,
    Disease,
    LabelVerdict,
    Pathogenicity,
    Serology,
    Subject,
    Zygosity,
)
from revertant.trials import match_products, product_unknowns

MET, NOT_MET = CriterionState.MET, CriterionState.NOT_MET
UNKNOWN, CONFLICT = CriterionState.UNKNOWN, CriterionState.CONFLICT
DAY = dt.date(2026, 11, 26)
INFANT = Case(
    "infant",
    Subject("i", age_years=56 / 365.25, weight_kg=4.6),
    (),
    diseases=(Disease("MONDO:0001516", "spinal muscular atrophy"),),
    copy_numbers=(
        CopyNumber("SMN1", 0, 0, "MLPA", "2026-11-10", "laboratory"),
        CopyNumber("SMN2", 2, 2, "MLPA", "2026-11-10", "laboratory"),
    ),
    serology=(Serology("AAV9", "TAb", 25.0, date="2026-11-12"),),
    conditions=(("hypersensitivity_to_product", False), ("sma_type_1", False)),
)
#: Every label of both products that held on that day, with whether it fits the infant.
FITS, DOES_NOT = LabelVerdict.FITS, LabelVerdict.DOES_NOT_FIT
VERDICTS = {
    ("zolgensma", "US"): FITS,
    ("zolgensma", "EU"): FITS,
    ("zolgensma", "GB"): FITS,
    ("zolgensma", "CH"): FITS,
    ("itvisma", "US"): DOES_NOT,
    ("itvisma", "EU"): DOES_NOT,
}
ZOLGENSMA = [label for label in VERDICTS if label[0] == "zolgensma"]
BY_COPIES = [label for label in ZOLGENSMA if label[1] != "US"]


def changed(**fields):
    subject = {key: fields.pop(key) for key in ("age_years", "weight_kg") if key in fields}
    return dataclasses.replace(INFANT, subject=dataclasses.replace(INFANT.subject, **subject), **fields)


def copies(smn1=(0, 0, "MLPA"), smn2=(2, 2, "MLPA")):
    return (CopyNumber("SMN1", *smn1), CopyNumber("SMN2", *smn2))


def states(case):
    return {
        (match.product, match.jurisdiction, one.criterion): one.state
        for match in match_products(case, on_date=DAY)
        for one in match.criteria
    }


def differences(case):
    """What changed from the infant: criterion by label, with the new state."""
    before, after = states(INFANT), states(case)
    assert before.keys() == after.keys()
    return {key: state for key, state in after.items() if state is not before[key]}


def verdicts(case):
    return {(match.product, match.jurisdiction): match.verdict for match in match_products(case, on_date=DAY)}


def test_the_infant_fits_every_intravenous_label_and_each_criterion_is_a_finding():
    matches = match_products(INFANT, on_date=DAY)
    assert verdicts(INFANT) == VERDICTS
    us = next(match for match in matches if (match.product, match.jurisdiction) == ("zolgensma", "US"))
    assert {one.criterion: one.state for one in us.criteria if one.kind == "indication"} == {
        "diagnosis": MET,
        "age": MET,
        "smn1_biallelic": MET,
    }
    assert all(one.because and one.sources for match in matches for one in match.criteria)
    assert all(one.evidence for match in matches for one in match.criteria if one.state in {MET, NOT_MET})
    assert all(
        one.to_measure for match in matches for one in match.criteria if one.state in {UNKNOWN, CONFLICT}
    )
    assert us.boxed_warnings
    # 4.6 kg times 1.1e14 vg/kg; the label's table gives 27.5 mL and a kit of 4 vials for 4.6 to 5.0 kg.
    assert us.dose.endswith(
        "5.06e14 vg for 4.6 kg; the kit for 4.6 to 5.0 kg holds 27.5 mL in 4 vials, the dose of 5.0 kg."
    )


def test_no_titre_is_unknown_and_asked_for():
    case = changed(serology=())
    assert differences(case) == {(*label, "anti_AAV9"): UNKNOWN for label in VERDICTS}
    assert verdicts(case) == VERDICTS
    asked = next(
        one for one in product_unknowns(match_products(case, on_date=DAY)) if "AAV9" in one.how_to_find_out
    )
    assert "Measure anti-AAV9 (total binding, TAb)" in asked.how_to_find_out


def test_a_titre_of_the_other_assay_says_nothing():
    case = changed(serology=(Serology("AAV9", "NAb", 5.0, date="2026-11-12"),))
    assert differences(case) == {(*label, "anti_AAV9"): UNKNOWN for label in VERDICTS}


def test_1_to_100_is_a_caution_above_what_the_trials_evaluated_and_no_limit_of_the_label():
    case = changed(serology=(Serology("AAV9", "TAb", 100.0, date="2026-11-12"),))
    assert differences(case) == {(*label, "anti_AAV9"): NOT_MET for label in VERDICTS}
    assert verdicts(case) == VERDICTS
    titre = next(
        one
        for match in match_products(case, on_date=DAY)
        for one in match.criteria
        if one.criterion == "anti_AAV9"
    )
    assert titre.kind == "trial"
    assert "antibodies from the mother fall" in titre.to_measure
    assert "pmid:37822718" in titre.sources


def test_four_copies_of_smn2_differ_by_jurisdiction():
    case = changed(copy_numbers=copies(smn2=(4, 4, "dPCR")))
    assert differences(case) == {(*label, "type_1_or_smn2_copies"): NOT_MET for label in BY_COPIES}
    assert verdicts(case) == VERDICTS | dict.fromkeys(BY_COPIES, DOES_NOT)


def test_four_copies_of_smn2_with_type_1_fit_everywhere():
    case = changed(
        copy_numbers=copies(smn2=(4, 4, "dPCR")),
        conditions=(("hypersensitivity_to_product", False), ("sma_type_1", True)),
    )
    assert differences(case) == {}


def test_an_interval_on_both_sides_of_the_limit_is_unknown():
    case = changed(copy_numbers=copies(smn2=(3, 4, "MLPA")))
    assert differences(case) == {(*label, "type_1_or_smn2_copies"): UNKNOWN for label in BY_COPIES}
    assert verdicts(case) == VERDICTS | dict.fromkeys(BY_COPIES, LabelVerdict.FITS_IF)


def test_three_years_fail_the_us_and_swiss_intravenous_labels_and_meet_the_intrathecal_ones():
    case = changed(age_years=3.0)
    assert differences(case) == {
        ("zolgensma", "US", "age"): NOT_MET,
        ("zolgensma", "CH", "age"): NOT_MET,
        # In the EU and in Great Britain a caution: safety and efficacy are not established.
        ("zolgensma", "EU", "age"): NOT_MET,
        ("zolgensma", "GB", "age"): NOT_MET,
        ("itvisma", "US", "age"): MET,
        ("itvisma", "EU", "age"): MET,
    }
    assert verdicts(case) == {
        ("zolgensma", "US"): DOES_NOT,
        ("zolgensma", "CH"): DOES_NOT,
        ("zolgensma", "EU"): FITS,
        ("zolgensma", "GB"): FITS,
        ("itvisma", "US"): FITS,
        ("itvisma", "EU"): FITS,
    }


@pytest.mark.parametrize(("age", "iv"), [(2.0 - 1 / 365.25, FITS), (2.0, DOES_NOT)])
def test_the_second_birthday_is_the_limit(age, iv):
    found = verdicts(changed(age_years=age))
    assert found["zolgensma", "US"] is iv
    assert found["itvisma", "US"] is (DOES_NOT if iv is FITS else FITS)


def test_a_carrier_fails_the_genotype_alone():
    case = changed(copy_numbers=copies(smn1=(1, 1, "MLPA")))
    assert differences(case) == {(*label, "smn1_biallelic"): NOT_MET for label in VERDICTS}
    assert set(verdicts(case).values()) == {DOES_NOT}


def test_one_copy_with_a_pathogenic_variant_on_it_is_biallelic():
    variant = CaseVariant(
        ("NM_000344.4:c.815A>G",), Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, gene="SMN1"
    )
    case = changed(copy_numbers=copies(smn1=(1, 1, "MLPA")), variants=(variant,))
    assert differences(case) == {}


def test_copies_counted_by_software_alone_never_decide():
    case = changed(copy_numbers=copies(smn1=(0, 0, "in_silico")))
    assert differences(case) == {(*label, "smn1_biallelic"): CONFLICT for label in VERDICTS}
    assert verdicts(case) == VERDICTS | dict.fromkeys(ZOLGENSMA, LabelVerdict.FITS_IF)
    how = " ".join(one.how_to_find_out for one in product_unknowns(match_products(case, on_date=DAY)))
    assert "Confirm the copies of SMN1 by MLPA or digital PCR." in how
    carrier = changed(copy_numbers=copies(smn1=(1, 1, "in_silico")))
    assert differences(carrier) == differences(case)
    both = changed(copy_numbers=copies(smn1=(0, 0, "in_silico"), smn2=(2, 2, "in_silico")))
    assert differences(both) == differences(case) | {
        (*label, "type_1_or_smn2_copies"): CONFLICT for label in BY_COPIES
    }


def test_a_number_whose_method_nobody_states_never_decides():
    case = changed(copy_numbers=copies(smn1=(0, 0, "")))
    assert differences(case) == {(*label, "smn1_biallelic"): CONFLICT for label in VERDICTS}


def test_reports_that_disagree_are_a_conflict():
    twice = (*copies(), CopyNumber("SMN2", 4, 4, "dPCR"))
    assert differences(changed(copy_numbers=twice)) == {
        (*label, "type_1_or_smn2_copies"): CONFLICT for label in BY_COPIES
    }


def test_an_unconfirmed_number_beside_a_confirmed_one_changes_nothing():
    twice = (*copies(), CopyNumber("SMN1", 1, 1, "in_silico"), CopyNumber("SMN2", 4, 4, "in_silico"))
    assert differences(changed(copy_numbers=twice)) == {}


@pytest.mark.parametrize(
    ("weight", "kit"), [(2.5, "no kit"), (2.6, "16.5 mL in 2 vials"), (21.0, "115.5 mL in 14")]
)
def test_weights_at_the_ends_of_the_table(weight, kit):
    case = changed(weight_kg=weight)
    us = next(match for match in match_products(case, jurisdictions=("US",)) if match.product == "zolgensma")
    assert kit in us.dose
    asked = next(one for one in us.criteria if one.criterion == "weight")
    assert asked.state is (NOT_MET if weight < 2.6 else MET)
    assert us.verdict is FITS


def test_jurisdictions_and_days_choose_the_labels():
    assert [m.jurisdiction for m in match_products(INFANT, on_date=DAY, jurisdictions=("DE",))] == [
        "EU",
        "EU",
    ]
    assert match_products(INFANT, jurisdictions=("BR",)) == ()
    early = match_products(INFANT, on_date=dt.date(2019, 6, 1))
    assert [(match.product, match.jurisdiction) for match in early] == [("zolgensma", "US")]


def test_what_is_asked_together_is_numbered_and_genes_keep_their_capitals():
    case = changed(copy_numbers=copies(smn1=(0, 0, "in_silico")))
    asked = product_unknowns(match_products(case, on_date=DAY, jurisdictions=("US",)))
    assert any(one.question.startswith("SMN1 biallelic: ") for one in asked)
    [cautions] = [one for one in asked if one.rule == "product.precautions"]
    assert cautions.how_to_find_out.startswith("(1) ")
    assert "(2) " in cautions.how_to_find_out
