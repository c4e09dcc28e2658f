"""What labels state of doses and lymphodepletion, and the doses a model of expansion was made on."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.knowledge import CarDose, CellDose


def test_every_row_is_a_product_and_says_that_its_label_was_read_in_a_copy() -> None:
    assert set(knowledge.car_doses()) <= set(knowledge.products())
    assert all(row.sources and not row.checked for row in knowledge.car_doses().values())


def test_every_architecture_of_a_product_has_a_dose_or_is_said_to_have_none() -> None:
    held = {key for row in knowledge.car_architectures().values() for key in row.products}
    # No copy of the dosage section of Breyanzi was found.
    assert held - set(knowledge.car_doses()) == {"breyanzi"}


@pytest.mark.parametrize(
    ("product", "disease", "weight", "low", "high"),
    [
        ("kymriah_leukaemia", "b-cell acute lymphoblastic leukaemia", 50, 1e7, 2.5e8),
        ("kymriah_leukaemia", "b-cell acute lymphoblastic leukaemia", 50.1, 1e7, 2.5e8),
        ("kymriah_lymphoma", "follicular lymphoma", 80, 0.6e8, 6e8),
        ("yescarta", "large b-cell lymphoma", 80, 1.6e8, 1.6e8),
        ("yescarta", "large b-cell lymphoma", 120, 2e8, 2e8),
        ("tecartus", "mantle cell lymphoma", 70, 1.4e8, 1.4e8),
        ("tecartus", "b-cell acute lymphoblastic leukemia", 70, 7e7, 7e7),
        ("abecma", "multiple myeloma", 70, 3e8, 5.1e8),
        ("carvykti", "multiple myeloma", 70, 3.5e7, 7e7),
        ("aucatzyl", "b-cell acute lymphoblastic leukemia", 70, 4.1e8, 4.1e8),
    ],
)
def test_cells_of_a_label_by_weight(
    product: str, disease: str, weight: float, low: float, high: float
) -> None:
    [dose] = [one for one in knowledge.car_doses()[product].doses_for(disease) if one.is_for(weight)]
    assert dose.cells(weight) == pytest.approx((low, high))


def test_doses_of_the_study_by_weight() -> None:
    """Stein 2019, table 2, as nlmixr2lib quotes it."""
    small, large = knowledge.cellular_kinetics()["tisagenlecleucel_b_all"].doses
    assert (small.words, large.words) == (
        "2e5 to 5.4e6 cells/kg up to 50 kg",
        "3e6 to 2.6e8 cells in all above 50 kg",
    )
    assert small.is_for(50)
    assert not large.is_for(50)


def test_a_range_that_is_none_is_a_problem() -> None:
    wrong = CarDose(
        key="x",
        name="x",
        sources=("label:x",),
        as_of="2026-11-26",
        checked=False,
        doses=(CellDose(per="kg", low=2, high=1, above_kg=60, to_kg=50),),
    )
    assert len(list(wrong.problems())) == 2
