"""What the routes and forms of vectors have in common."""

from __future__ import annotations

from revertant import knowledge
from revertant.model import GenomeForm, Vector

__all__ = [
    "antigens_of",
    "is_aav",
    "is_in_csf",
    "is_outside_body",
    "is_systemic",
    "labels_in_force",
    "products_of",
]

_CSF = frozenset({"intrathecal", "intracisternal", "intracerebroventricular"})
_SYSTEMIC = "intravenous"
_AAV = frozenset({GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV})


def is_aav(vector: Vector) -> bool:
    """Whether it is packed in a capsid of an AAV."""
    return vector.form in _AAV


def is_systemic(vector: Vector) -> bool:
    """Whether it is given into the blood."""
    return vector.route == _SYSTEMIC


def is_in_csf(vector: Vector) -> bool:
    """Whether it is given into the cerebrospinal fluid."""
    return vector.route in _CSF


def is_outside_body(vector: Vector) -> bool:
    """Whether cells are treated outside the body."""
    return vector.route.startswith("ex vivo")


def antigens_of(vector: Vector) -> tuple[str, ...]:
    """Return the names under which antibodies against the capsid are reported; empty without a capsid."""
    if not is_aav(vector):
        return ()
    row = knowledge.capsids().get(vector.capsid)
    return tuple(dict.fromkeys(filter(None, (vector.capsid, row.serotype if row else ""))))


def products_of(gene: str) -> tuple[knowledge.Product, ...]:
    """Return the approved products for a gene."""
    return tuple(product for product in knowledge.products().values() if gene in product.genes)


def labels_in_force(product: knowledge.Product) -> tuple[knowledge.ProductLabel, ...]:
    """Return the newest label of each jurisdiction."""
    return tuple(label for label in product.labels if label.in_force(None))
