"""Nucleases: a cut, repaired by the cell with small insertions and deletions.

A cut destroys; it does not restore. It serves to knock out a gene that does harm, the harmful copy alone where
PAM or seed tell the copies apart, or a named regulatory site. Every design says what both shifted reading frames
come to, and what a double-strand break can do beyond them.
"""

from revertant.modality.nuclease.modality import NUCLEASE, NucleaseEditing

__all__ = ["NUCLEASE", "NucleaseEditing"]
