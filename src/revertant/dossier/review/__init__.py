"""The reviewer's document: a plan in the order of the Common Technical Document, with its gaps printed as gaps."""

from revertant.dossier.review.word import review_docx

__all__ = ["review_docx"]
