"""The standard genetic code, translation, and amino-acid names.

The code table is NCBI translation table 1 (and 2 for the mitochondrion), built from the table's own compact
notation so that no hand-typed list can slip.
"""

from __future__ import annotations

from itertools import product

__all__ = ["AMINO_ACIDS_3", "CODONS", "MITOCHONDRIAL_CODONS", "STOPS", "three_letter", "translate"]

# NCBI genetic codes, https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi: bases in the order TCAG.
_ORDER = ["".join(codon) for codon in product("TCAG", repeat=3)]
_TABLE_1 = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_TABLE_2 = "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG"

#: Codon to one-letter residue, ``*`` for stop (NCBI table 1).
CODONS = dict(zip(_ORDER, _TABLE_1, strict=True))
#: The vertebrate mitochondrial code (NCBI table 2).
MITOCHONDRIAL_CODONS = dict(zip(_ORDER, _TABLE_2, strict=True))
#: Stop codons of the standard code.
STOPS = frozenset(codon for codon, residue in CODONS.items() if residue == "*")

#: One-letter to three-letter residue names as HGVS writes them.
AMINO_ACIDS_3 = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly",
    "H": "His", "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser",
    "T": "Thr", "W": "Trp", "Y": "Tyr", "V": "Val", "*": "Ter", "X": "Xaa",
}  # fmt: skip


def translate(coding: str, table: dict[str, str] = CODONS) -> str:
    """Translate whole codons; a codon with an ambiguous base gives ``X``, a partial last codon is dropped.

    Parameters
    ----------
    coding
        Upper-case coding sequence in frame.
    table
        The genetic code.

    Examples
    --------
    >>> translate("ATGGAGTAA"), translate("ATGNAG"), translate("ATGGA")
    ('ME*', 'MX', 'M')
    """
    return "".join(table.get(coding[i : i + 3], "X") for i in range(0, len(coding) - 2, 3))


def three_letter(residues: str) -> str:
    """Write one-letter residues in three letters.

    Examples
    --------
    >>> three_letter("EV*")
    'GluValTer'
    """
    return "".join(AMINO_ACIDS_3[residue] for residue in residues)
