"""Safety of CAR-T cells: statements by their day, risk factors that are never absent because nobody looked, organs."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.knowledge import car_t_safety
from revertant.modality.car_t.edits import EditRequest, design_edit_set
from revertant.modality.car_t.safety import (
    RiskState,
    edit_items,
    organ_findings,
    organ_items,
    risk_findings,
    safety_findings,
    watch_items,
)
from revertant.model import CellSource, EditMethod, GenomeForm, Status
from t_cell_genes import t_cell_genome

REMOVED = dt.date(2025, 6, 26)
DAY = dt.timedelta(days=1)


def by_rule(findings):
    return {finding.rule: finding for finding in findings}


def test_the_rems_ends_on_its_day_and_says_so_afterwards():
    before, after = by_rule(safety_findings(REMOVED - DAY)), by_rule(safety_findings(REMOVED))
    assert before["car_t.rems"].status is Status.CAUTION
    assert after["car_t.rems"].status is Status.NOT_APPLICABLE
    assert after["car_t.rems"].value == "until 2025-06-25"
    assert "car_t.watch_four_weeks" in before
    assert "car_t.watch_four_weeks" not in after
    assert "at least two weeks" in after["car_t.watch_two_weeks"].because


def test_without_a_day_the_newest_statements_hold():
    newest = safety_findings()
    assert newest == safety_findings(dt.date(2026, 11, 26))
    assert by_rule(newest)["car_t.rems"].status is Status.NOT_APPLICABLE


def test_t_cell_malignancies_are_warned_of_since_april_2024_and_followed_for_life():
    early, late = (
        by_rule(safety_findings(dt.date(2024, 4, 17))),
        by_rule(safety_findings(dt.date(2024, 4, 18))),
    )
    assert "car_t.boxed_t_cell_malignancy" not in early
    assert late["car_t.boxed_t_cell_malignancy"].status is Status.CAUTION
    assert "for life" in late["car_t.life_long_malignancy"].because
    assert "transgene" in late["car_t.life_long_malignancy"].because


def test_before_the_first_product_nothing_of_a_label_holds():
    rules = by_rule(safety_findings(dt.date(2017, 8, 29)))
    assert not {"car_t.rems", "car_t.boxed_crs_neurotoxicity", "car_t.watch_four_weeks"} & set(rules)


def test_statements_of_another_place_vector_or_antigen_are_left_out():
    assert "car_t.rems" not in by_rule(safety_findings(REMOVED - DAY, jurisdiction="EU"))
    lentiviral, message = by_rule(safety_findings()), by_rule(safety_findings(form=GenomeForm.MRNA))
    assert "car_t.replication_competent_lentivirus" in lentiviral
    assert "lentiviral.copy_number" in lentiviral
    assert not {"car_t.replication_competent_lentivirus", "lentiviral.copy_number"} & set(message)
    assert "car_t.immunoglobulins" in by_rule(safety_findings(antigens=["CD19"]))
    assert "car_t.immunoglobulins" not in by_rule(safety_findings(antigens=["TNFRSF17"]))


def test_what_to_watch_stands_in_order_of_time_and_ends_with_its_day():
    items = watch_items(REMOVED, antigens=["CD19"])
    order = ["before", "release", "first weeks", "follow-up"]
    places = [order.index(item.when) for item in items]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2, 3}
    assert any("two weeks" in item.what for item in items)
    assert not any("four weeks" in item.what for item in items)
    assert any("four weeks" in item.what for item in watch_items(REMOVED - DAY))


@given(st.dates(dt.date(2010, 1, 1), dt.date(2030, 1, 1)))
def test_what_has_to_be_done_never_passes(day):
    found = safety_findings(day, antigens=["CD19"])
    assert Status.PASS not in {finding.status for finding in found}
    assert all(finding.sources for finding in found)


def test_every_risk_factor_is_unknown_until_something_is_known():
    found = risk_findings()
    assert {finding.status for finding in found} == {Status.UNKNOWN}
    assert len(found) == sum(row.kind == "risk_factor" for row in car_t_safety().values())


@pytest.mark.parametrize(
    ("share", "status"), [(0.5, Status.PASS), (0.51, Status.CAUTION), (0.0, Status.PASS)]
)
def test_half_of_the_marrow_is_the_limit(share, status):
    assert (
        by_rule(risk_findings(RiskState(marrow_blast_share=share)))["car_t.crs_tumour_burden"].status
        is status
    )


def test_each_fact_of_the_patient_changes_its_own_finding_alone():
    nothing = by_rule(risk_findings())
    for name, rule in (
        ("growing_after_lymphodepletion", "car_t.crs_growing_burden"),
        ("active_infection", "car_t.crs_infection"),
        ("inflammation", "car_t.crs_inflammation"),
    ):
        for answer, status in ((True, Status.CAUTION), (False, Status.PASS)):
            found = by_rule(risk_findings(RiskState(**{name: answer})))
            assert found[rule].status is status
            assert {key for key in found if found[key] != nothing[key]} == {rule}


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(UsageError, match="blast share"):
        RiskState(marrow_blast_share=share)


def test_organs_in_which_a_treatment_was_stopped_fail_and_come_first():
    found = organ_findings(["ERBB2"])
    assert [finding.value.split(":")[0] for finding in found[:2]] == ["lung", "heart"]
    assert found[0].status is Status.FAIL
    assert all(finding.sources for finding in found)


def test_an_antigen_borne_by_people_is_a_caution_and_one_nobody_knows_is_unknown():
    assert {finding.status for finding in organ_findings(["CD19"])} == {Status.CAUTION}
    assert [finding.status for finding in organ_findings(["NOTHING"])] == [Status.UNKNOWN]
    assert organ_items(["NOTHING"]) == ()


def test_organs_are_watched_in_the_first_weeks():
    items = organ_items(["CD19", "TNFRSF17"])
    assert {item.when for item in items} == {"first weeks"}
    assert any("B cells carry CD19" in item.what for item in items)


def test_copies_of_the_vector_are_counted_before_release_where_it_integrates():
    def copies(form):
        return [one for one in watch_items(form=form) if one.what.startswith("Vector copies per cell")]

    [asked] = copies(GenomeForm.LENTIVIRAL)
    assert (asked.when, asked.checked) == ("release", False)
    assert asked.sources
    assert copies(GenomeForm.MRNA) == []


def test_cells_of_a_donor_are_watched_for_what_they_can_do():
    def told(request):
        made = design_edit_set(request, None).edit_set
        return [(one.when, one.what.partition(":")[0]) for one in edit_items(made)]

    donor, own = CellSource.ALLOGENEIC, CellSource.AUTOLOGOUS
    kept = ("release", "T cells that kept their receptor")
    assert kept in told(EditRequest(donor, ("CD19",)))
    # Where the receptor stays on purpose there is nothing to remove, and all the more to watch.
    assert told(EditRequest(donor, ("CD19",), keep=("TRAC",))) == [
        ("first weeks", "Graft-versus-host disease")
    ]
    assert told(EditRequest(own, ("CD7",))) == []


def test_breaks_that_can_be_joined_are_tested_before_release(tmp_path):
    genome, models = t_cell_genome(tmp_path)
    request = EditRequest(CellSource.ALLOGENEIC, ("CD19",), keep=("CIITA",), first=EditMethod.NUCLEASE)
    made = design_edit_set(request, genome, models).edit_set
    [pair] = made.assays
    [item] = [one for one in edit_items(made) if one.what.startswith("Rearrangements")]
    assert (pair.first, pair.second, item.when) == ("TRAC", "B2M", "release")
    assert item.sources
