"""The laboratory sheet: what to order, what to sequence, which assays to run, and what has to run beside them."""

from revertant.dossier.laboratory.page import laboratory_html

__all__ = ["laboratory_html"]
