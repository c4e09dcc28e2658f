"""Epigenome editing: switching a gene up or down without changing its sequence."""

from revertant.modality.epigenome.modality import EPIGENOME

__all__ = ["EPIGENOME"]
