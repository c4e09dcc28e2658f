"""Base editing: one base turned into another without cutting both strands.

A deaminase tied to a nickase converts A to G or C to T (or C to G) inside a small window of the protospacer. The
art is to put the wanted base into that window on *this person's* allele and to know every other base that will
be hit with it: each combination of edits is a genotype, and each genotype is translated.
"""

from revertant.modality.base_editing.modality import BASE_EDITING, BaseEditing

__all__ = ["BASE_EDITING", "BaseEditing"]
