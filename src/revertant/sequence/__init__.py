"""Letters: the IUPAC alphabet as sets of bases, strands, codons and translation.

Sequences are upper-case ``str`` in here. An IUPAC letter is a *set* of bases, so that a PAM, an ambiguous
genome base and a degenerate guide obey one rule: sets either fit into each other or they do not.
"""

from revertant.sequence.codons import (
    AMINO_ACIDS_3,
    CODONS,
    MITOCHONDRIAL_CODONS,
    STOPS,
    three_letter,
    translate,
)
from revertant.sequence.iupac import (
    BASES,
    IUPAC_MASK,
    complement,
    find_pattern,
    is_dna,
    is_iupac,
    mask_of,
    matches,
    reverse_complement,
)

__all__ = [
    "AMINO_ACIDS_3",
    "BASES",
    "CODONS",
    "IUPAC_MASK",
    "MITOCHONDRIAL_CODONS",
    "STOPS",
    "complement",
    "find_pattern",
    "is_dna",
    "is_iupac",
    "mask_of",
    "matches",
    "reverse_complement",
    "three_letter",
    "translate",
]
