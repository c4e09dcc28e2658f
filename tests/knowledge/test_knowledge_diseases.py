"""Names of diseases: no name means two diseases, what is above exists, spelling does not matter."""

from __future__ import annotations

from collections import Counter

import pytest

from revertant.knowledge import disease_named, diseases, names_by_id, products, spelt


def test_no_name_means_two_diseases():
    names = Counter(name for row in diseases().values() for name in {spelt(one) for one in row.names})
    assert [name for name, count in names.items() if count > 1] == []


def test_what_is_above_exists_and_never_in_a_circle():
    for row in diseases().values():
        assert set(row.broader) <= set(diseases())
        assert row.key not in row.ancestors


def test_no_identifier_means_two_diseases():
    ids = Counter(one for row in diseases().values() for one in row.ids)
    assert [one for one, count in ids.items() if count > 1] == []


def test_the_diseases_of_the_products_are_known_by_name_or_identifier():
    """A person with an approved product's disease is found in trials by more than the letters typed."""
    for product in products().values():
        if product.diseases:
            assert any(one in names_by_id() for one in product.diseases), product.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acute Myeloid Leukaemia", "acute myeloid leukemia"),
        ("HAEMOPHILIA-A", "hemophilia a"),
        ("β-thalassaemia", "Beta Thalassemia"),
        ("Sjögren\u2019s syndrome", "Sjogren Syndrome"),
        ("solid tumours", "Solid Tumors"),
    ],
)
def test_spelling_does_not_matter(one, other):
    assert spelt(one) == spelt(other)
    assert disease_named(one) is disease_named(other)
    assert disease_named(one) is not None
