"""The IUPAC alphabet as bit masks: a letter is the set of bases it stands for.

A = 1, C = 2, G = 4, T = 8; ``N`` is all four. Two letters *match* when their sets share a base; a genome's
``N`` is unknown sequence and matches nothing unless the caller says otherwise (see :func:`matches`).
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = [
    "BASES",
    "IUPAC_MASK",
    "complement",
    "find_pattern",
    "is_dna",
    "is_iupac",
    "mask_of",
    "matches",
    "reverse_complement",
]

BASES = "ACGT"

#: Bit mask of each IUPAC letter (NC-IUB 1984, doi:10.1093/nar/13.9.3021); U reads as T.
IUPAC_MASK = {
    "A": 1, "C": 2, "G": 4, "T": 8, "U": 8,
    "R": 5, "Y": 10, "S": 6, "W": 9, "K": 12, "M": 3,
    "B": 14, "D": 13, "H": 11, "V": 7, "N": 15,
}  # fmt: skip

_LETTER = {mask: letter for letter, mask in IUPAC_MASK.items() if letter != "U"}
_COMPLEMENT = str.maketrans("ACGTURYSWKMBDHVNacgturyswkmbdhvn-", "TGCAAYRSWMKVHDBNtgcaayrswmkvhdbn-")


def is_dna(text: str) -> bool:
    """Whether the text is upper-case A, C, G, T only (the empty text is).

    Examples
    --------
    >>> is_dna("ACGT"), is_dna("ACGN"), is_dna("acgt")
    (True, False, False)
    """
    return not text.strip(BASES)


def is_iupac(text: str) -> bool:
    """Whether every letter is an upper-case IUPAC nucleotide code (U excluded).

    Examples
    --------
    >>> is_iupac("NNGRRT"), is_iupac("NGZ")
    (True, False)
    """
    return all(letter in IUPAC_MASK and letter != "U" for letter in text)


def mask_of(letter: str) -> int:
    """Return the bit mask of one IUPAC letter.

    Raises
    ------
    KeyError
        When the letter is no IUPAC code.

    Examples
    --------
    >>> mask_of("R") == mask_of("A") | mask_of("G")
    True
    """
    return IUPAC_MASK[letter.upper()]


def complement(text: str) -> str:
    """Complement each letter, IUPAC codes and gaps included, keeping the order.

    Examples
    --------
    >>> complement("ACGTRYN-")
    'TGCAYRN-'
    """
    return text.translate(_COMPLEMENT)


def reverse_complement(text: str) -> str:
    """Return the other strand, 5'→3'.

    Examples
    --------
    >>> reverse_complement("AACGTN")
    'NACGTT'
    """
    return complement(text)[::-1]


def matches(pattern: str, sequence: str) -> bool:
    """Whether every base of a sequence is among those its pattern letter allows.

    The sequence's own ambiguity counts against it: it must lie *within* the pattern (an ``N`` in the genome
    satisfies only an ``N`` in the pattern).

    Parameters
    ----------
    pattern, sequence
        IUPAC text of equal length.

    Examples
    --------
    >>> matches("NGG", "TGG"), matches("NRCH", "CACC"), matches("NGG", "TGN")
    (True, True, False)
    """
    return len(pattern) == len(sequence) and all(
        IUPAC_MASK.get(base, 16) & ~IUPAC_MASK[letter] == 0
        for letter, base in zip(pattern, sequence, strict=True)
    )


@lru_cache(maxsize=512)
def _pattern_regex(pattern: str) -> re.Pattern[str]:
    classes = (
        "[" + "".join(base for base, mask in IUPAC_MASK.items() if mask & ~IUPAC_MASK[letter] == 0) + "]"
        for letter in pattern
    )
    return re.compile("(?=" + "".join(classes) + ")")


def find_pattern(pattern: str, sequence: str) -> list[int]:
    """Find every place, overlaps included, where an IUPAC pattern is satisfied on the given strand.

    Examples
    --------
    >>> find_pattern("NGG", "AGGGTGG")
    [0, 1, 4]
    """
    return [match.start() for match in _pattern_regex(pattern).finditer(sequence)]
