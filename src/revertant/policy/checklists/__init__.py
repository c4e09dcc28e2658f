"""What regulators ask for, as open data, and how much of it a plan answers.

The one idea: **a document is data, and an item is satisfied only by a finding that is there**. What computation cannot
answer names the assay, the person or the input that can.
"""

from revertant.policy.checklists.answering import answer_checklists, kinds_of, leading_designs, place_of
from revertant.policy.checklists.documents import (
    AnsweredBy,
    Document,
    Item,
    ProductKind,
    checklists_digest,
    guidance_documents,
    parse_document,
)

__all__ = [
    "AnsweredBy",
    "Document",
    "Item",
    "ProductKind",
    "answer_checklists",
    "checklists_digest",
    "guidance_documents",
    "kinds_of",
    "leading_designs",
    "parse_document",
    "place_of",
]
