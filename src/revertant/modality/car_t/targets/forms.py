"""The gates of one, two and three antigens that can be built into cells, and the obvious way to read them.

A gate attacks a cell when the sentence is true of the antigens on it. Only gates that need at least one antigen to be
present are among them: a cell that attacks whatever lacks an antigen attacks the whole body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any

__all__ = ["FORMS", "Form", "Gate", "parts_of"]

#: A sentence: ``("A",)``, ``("not", x)``, ``("and", x, y, ...)`` or ``("or", x, y, ...)``.
_Tree = tuple[Any, ...]
_A, _B, _C = ("A",), ("B",), ("C",)
_NOT_B, _NOT_C = ("not", _B), ("not", _C)


@dataclass(frozen=True, slots=True)
class Form:
    """The shape of a gate.

    Parameters
    ----------
    name
        The sentence over A, B and C.
    tree
        The same, to be worked out.
    antigens
        How many it uses.
    alike
        Places that may change with each other without changing the gate.
    """

    name: str
    tree: _Tree
    antigens: int
    alike: tuple[int, ...] = ()


#: Every form, in the order of the numbers the compiled kernels use.
FORMS = (
    Form("A", _A, 1),
    Form("A and B", ("and", _A, _B), 2, (0, 1)),
    Form("A or B", ("or", _A, _B), 2, (0, 1)),
    Form("A and not B", ("and", _A, _NOT_B), 2),
    Form("A and B and C", ("and", _A, _B, _C), 3, (0, 1, 2)),
    Form("A and B and not C", ("and", _A, _B, _NOT_C), 3, (0, 1)),
    Form("A and not B and not C", ("and", _A, _NOT_B, _NOT_C), 3, (1, 2)),
    Form("A or B or C", ("or", _A, _B, _C), 3, (0, 1, 2)),
    Form("(A or B) and C", ("and", ("or", _A, _B), _C), 3, (0, 1)),
    Form("(A or B) and not C", ("and", ("or", _A, _B), _NOT_C), 3, (0, 1)),
    Form("(A and B) or C", ("or", ("and", _A, _B), _C), 3, (0, 1)),
    Form("(A and not B) or C", ("or", ("and", _A, _NOT_B), _C), 3),
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A form over antigens.

    Parameters
    ----------
    form
        Its number in ``FORMS``.
    antigens
        Gene symbols in the places of A, B and C.

    Examples
    --------
    >>> Gate(3, ("CD33", "CD7")).sentence
    'CD33 and not CD7'
    >>> Gate.of(1, ["MSLN", "CLDN18"]) == Gate.of(1, ["CLDN18", "MSLN"])
    True
    """

    form: int
    antigens: tuple[str, ...]

    @classmethod
    def of(cls, form: int, antigens: Sequence[str]) -> Gate:
        """Make a gate, with antigens that may change places in the order of their names."""
        placed = list(antigens)
        alike = FORMS[form].alike
        for place, name in zip(alike, sorted(placed[place] for place in alike), strict=True):
            placed[place] = name
        return cls(form, tuple(placed))

    @property
    def sentence(self) -> str:
        """The gate in words."""
        names = dict(zip("ABC", self.antigens, strict=False))
        words = FORMS[self.form].name.replace("(", "( ").replace(")", " )").split()
        text = " ".join(names.get(word, word) for word in words)
        return text.replace("( ", "(").replace(" )", ")")

    def attacks(self, present: Mapping[str, Any]) -> Any:
        """Say which cells it attacks.

        Parameters
        ----------
        present
            For each antigen whether it is there: truth values, or arrays of them over cells.

        Examples
        --------
        >>> Gate(3, ("CD33", "CD7")).attacks({"CD33": True, "CD7": False})
        True
        """
        return _work_out(FORMS[self.form].tree, dict(zip("ABC", self.antigens, strict=False)), present)


def _work_out(tree: _Tree, names: Mapping[str, str], present: Mapping[str, Any]) -> Any:
    if len(tree) == 1:
        return present[names[tree[0]]]
    values = [_work_out(branch, names, present) for branch in tree[1:]]
    if tree[0] == "not":
        return values[0] ^ True
    result = values[0]
    for value in values[1:]:
        result = result & value if tree[0] == "and" else result | value
    return result


def parts_of(gate: Gate) -> Iterator[Gate]:
    """Yield the smaller gates that are left when antigens are left out.

    What needs no antigen to be present goes as well: of "A and not B" without A nothing is left.

    Examples
    --------
    >>> sorted(part.sentence for part in parts_of(Gate(9, ("MSLN", "EPCAM", "CD33"))))
    ['EPCAM', 'EPCAM and not CD33', 'EPCAM or MSLN', 'MSLN', 'MSLN and not CD33']
    """
    parts = {
        Gate.of(form, [gate.antigens[at] for at in places]) for form, places in _shapes_within(gate.form)
    }
    yield from sorted(parts, key=lambda part: (part.form, part.antigens))


@cache
def _shapes_within(form: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Forms within a form, each with the places of the larger one that its own take."""
    letters = "ABC"[: FORMS[form].antigens]
    found: dict[Any, tuple[int, tuple[int, ...]]] = {}
    for kept in range(1, 2 ** len(letters) - 1):
        rest = _without(FORMS[form].tree, {x for at, x in enumerate(letters) if not kept >> at & 1})
        if rest is None:
            continue
        for other, shape in enumerate(FORMS):
            for places in permutations(range(len(letters)), shape.antigens):
                if _plain(rest) == _plain(shape.tree, [letters[at] for at in places]):
                    found.setdefault(_plain(rest), (other, places))
    return tuple(found.values())


def _without(tree: _Tree, gone: set[str]) -> _Tree | None:
    """What is left of a sentence; ``None`` where nothing that must be present is."""
    if len(tree) == 1:
        return None if tree[0] in gone else tree
    if tree[0] == "not":
        return None if tree[1][0] in gone else tree
    left = [branch for branch in (_without(branch, gone) for branch in tree[1:]) if branch is not None]
    if all(branch[0] == "not" for branch in left):
        return None
    return left[0] if len(left) == 1 else (tree[0], *left)


def _plain(tree: _Tree, names: Sequence[str] = "ABC") -> Any:
    """A sentence as a value that does not depend on the order within "and" and "or"."""
    if len(tree) == 1:
        return names["ABC".index(tree[0])]
    return tree[0], frozenset(_plain(branch, names) for branch in tree[1:])
