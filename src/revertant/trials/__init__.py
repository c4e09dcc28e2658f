"""The first resort: whether an approved product is there already for this person.

The one idea: **each criterion of a label gets its own answer** (met, not met, unknown, conflict) with the evidence and
with what to measure next. What nobody has stated is unknown and never met; a number that only software has counted
decides nothing.
"""

from revertant.trials.products import match_products, named_labels, product_unknowns

__all__ = ["match_products", "named_labels", "product_unknowns"]
