"""A bare sequence with one edit in it: ``ACGT(A/G)ACGT``, ``ACGT(+ATC)ACGT``, ``ACGT(-ATC)ACGT``.

The form needs no genome. It reads *before* → *after*: ``(A/G)`` turns A into G, ``(+ATC)`` puts ATC in,
``(-ATC)`` takes ATC out. Which of the two is the patient's and which the wild type is the caller's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from revertant.errors import InputError
from revertant.sequence import is_dna, is_iupac
from revertant.variant.limits import shown

__all__ = ["EditString", "parse_edit"]

_FORMS = "Accepted: ACGT(A/G)ACGT, ACGT(+ATC)ACGT, ACGT(-ATC)ACGT."
_EDIT = re.compile(r"([^()]*)\(([^()]*)\)([^()]*)")


@dataclass(frozen=True, slots=True)
class EditString:
    """One edit within a stretch of sequence.

    Parameters
    ----------
    left, right
        The flanks; IUPAC letters are allowed.
    ref, alt
        What is replaced, and by what; one of them may be empty.

    Examples
    --------
    >>> edit = parse_edit("ACC(A/G)TT")
    >>> edit.before, edit.after, edit.start
    ('ACCATT', 'ACCGTT', 3)
    """

    left: str
    ref: str
    alt: str
    right: str

    @property
    def before(self) -> str:
        """The sequence before the edit."""
        return self.left + self.ref + self.right

    @property
    def after(self) -> str:
        """The sequence after the edit."""
        return self.left + self.alt + self.right

    @property
    def start(self) -> int:
        """0-based place of the edit, in ``before`` and ``after`` alike."""
        return len(self.left)

    @property
    def flanks(self) -> tuple[str, str]:
        """Both flanks."""
        return self.left, self.right

    def __str__(self) -> str:
        if not self.ref:
            return f"{self.left}(+{self.alt}){self.right}"
        if not self.alt:
            return f"{self.left}(-{self.ref}){self.right}"
        return f"{self.left}({self.ref}/{self.alt}){self.right}"


def parse_edit(text: str, *, where: str = "") -> EditString:
    """Read a sequence with one edit in brackets.

    Parameters
    ----------
    text
        White space and case do not matter.
    where
        File and line, for the error message.

    Raises
    ------
    InputError
        When brackets, letters or alleles are not as they should be.

    Examples
    --------
    >>> parse_edit("acgt(+atc)RYgt")
    EditString(left='ACGT', ref='', alt='ATC', right='RYGT')
    >>> str(parse_edit("GG (CT/-) AA"))
    'GG(-CT)AA'
    """
    bare = re.sub(r"\s+", "", text).upper()
    _check_brackets(bare, where)
    left, inside, right = _parts(bare)
    ref, alt = _alleles(inside, where)
    for name, letters in (("left flank", left), ("right flank", right)):
        if not is_iupac(letters):
            _refuse(f"The {name} holds {_odd(letters)}.", where)
    for letters in (ref, alt):
        if not is_dna(letters):
            _refuse(f"The edit holds {_odd(letters, plain=True)}; edited bases must be A, C, G or T.", where)
    if ref == alt:
        _refuse(f"The edit '({shown(inside)})' changes nothing.", where)
    return EditString(left, ref, alt, right)


def _check_brackets(bare: str, where: str) -> None:
    if not bare:
        _refuse("The sequence is empty.", where)
    if any(letter in bare for letter in "[]{}"):
        _refuse("The edit is in square or curly brackets.", where)
    depth = 0
    for index, letter in enumerate(bare, start=1):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth > 1:
            _refuse(f"Brackets are nested at letter {index}.", where)
        if depth < 0:
            _refuse(f"Letter {index} closes a bracket that was not opened.", where)
    if depth:
        _refuse("A bracket is not closed.", where)
    edits = bare.count("(")
    if edits != 1:
        found = "no edit" if edits == 0 else f"{edits} edits"
        _refuse(f"The sequence holds {found}; it must hold one.", where)


def _parts(bare: str) -> tuple[str, str, str]:
    match = _EDIT.fullmatch(bare)
    assert match is not None  # the brackets were counted before
    return match[1], match[2], match[3]


def _alleles(inside: str, where: str) -> tuple[str, str]:
    if inside.startswith(("+", "-")) and "/" not in inside:
        bases = inside[1:]
        if not bases:
            _refuse(f"The edit '({shown(inside)})' names no bases.", where)
        return ("", bases) if inside[0] == "+" else (bases, "")
    if inside.count("/") != 1:
        _refuse(f"The edit '({shown(inside)})' is none of (A/G), (+ATC), (-ATC).", where)
    ref, alt = (allele.replace("-", "") if allele == "-" else allele for allele in inside.split("/"))
    return ref, alt


def _odd(letters: str, *, plain: bool = False) -> str:
    odd = sorted({letter for letter in letters if not (is_dna(letter) if plain else is_iupac(letter))})
    rna = " (RNA: write T for U)" if odd == ["U"] else ""
    return f"letters that do not belong there: {', '.join(map(repr, odd))}{rna}"


def _refuse(what: str, where: str) -> None:
    raise InputError(what, where=where, remedy=_FORMS, code="bad-edit-string")
