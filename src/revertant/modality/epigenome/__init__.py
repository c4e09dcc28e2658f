"""Epigenome editing: switching a gene up or down without changing its sequence.

An editor that binds and does not cut is brought to the promoter. It silences a gene that does harm, both copies or
the harmful one alone where a variant of the promoter tells them apart, or raises the intact copy of a gene of which
one copy is too little. What it does depends on the place: every row of the catalogue has its window around the start.
"""

from revertant.modality.epigenome.modality import EPIGENOME, EpigenomeEditing

__all__ = ["EPIGENOME", "EpigenomeEditing"]
