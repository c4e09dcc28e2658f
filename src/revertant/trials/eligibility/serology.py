"""Antibodies against capsids: a titre counts only where the text says how it is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from revertant.knowledge import Criterion, capsids
from revertant.trials.eligibility.atoms import Atom, bounded
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.numbers import Comparison, Side

__all__ = ["titres_of"]

_NAB = re.compile(r"neutrali[sz]ing|\bN-?Abs?\b", re.IGNORECASE)
_TAB = re.compile(
    r"\btotal\b|\bbinding\b|\bT-?Abs?\b|\bELISA\b|immunosorbent|binding\s+immunoassay", re.IGNORECASE
)
_ANTIBODY = re.compile(
    r"antibod(?:y|ies)|\bN-?Abs?\b|\bT-?Abs?\b|titer|titre|seropositiv|immunity", re.IGNORECASE
)
_OPS = (
    (">=", r"≥|>\s?=|.*or\s+equal.*(?<=equal\sto)|at\s+least|at\s+or\s+above"),
    ("<=", r"≤|<\s?/?\s?=|(?:no|not)\s+.*|at\s+or\s+below"),
    (">", r">|(?:greater|more|higher)\s+than|exceed.*|above|over"),
    ("<", r"<|(?:less|lower)\s+than|below"),
)
_NONE = re.compile(
    r"\b(?:detectable|detected|presence\s+of|any|positive|pre-?existing)\b|seropositiv", re.IGNORECASE
)


def _operator(words: str) -> str:
    said = " ".join(words.lower().split())
    if "or equal to" in said:
        return ">=" if re.match(r"greater|more|higher", said) else "<="
    return next((op for op, pattern in _OPS if re.fullmatch(pattern, said)), "")


def titres_of(text: str) -> Iterator[Atom]:
    """Yield what a levelled line asks of antibodies against a capsid.

    Examples
    --------
    >>> [one.barred.at_most for one in titres_of("anti-AAV9 total binding antibody titre > 1:50")]
    [50.0]
    >>> list(titres_of("anti-AAV9 antibody titre > 1:50"))
    []
    """
    lower = text.lower()
    if "aav" not in lower and "adeno" not in lower:
        return
    types = list(pattern("serotype").finditer(text))
    if len(types) == 0 or not _ANTIBODY.search(text):
        return
    named = {_antigen(found["type"] or found["type2"]) for found in types}
    is_nab, is_tab = bool(_NAB.search(text)), bool(_TAB.search(text))
    if len(named) != 1 or is_nab is is_tab or "" in named:
        return
    asked = Criterion(
        key="",
        kind="indication",
        asks="titre",
        text="",
        antigen=named.pop(),
        assay="NAb" if is_nab else "TAb",
    )
    limits = list(pattern("titre").finditer(text))
    first = types[0]
    if len(limits) == 1:
        found = limits[0]
        op, value = _operator(found["op"]), float(found["value"].replace(",", ""))
        if found["up"]:
            op = ">="
        elif found["down"]:
            op = "<="
        if not op:
            return
        side = Side(op, value)
        comparison = Comparison(
            found.start(), found.end(), side if op[0] == ">" else None, side if op[0] == "<" else None
        )
        wanted, barred = bounded(asked, comparison, "low")
        yield Atom(
            min(first.start(), found.start()),
            max(first.end(), found.end()),
            "titre",
            wanted,
            barred,
            is_settled=True,
        )
    elif not limits and not re.search(
        r"\d\s?:\s?\d|titers?\s+(?:above|below|over)|elevated|high\b", text, re.IGNORECASE
    ):
        none = Comparison(first.start(), first.end(), None, Side("<=", 0.0))
        wanted, _ = bounded(asked, none)
        absent, there = bool(pattern("absent").search(text)), bool(_NONE.search(text))
        if absent:
            yield Atom(first.start(), first.end(), "titre", wanted, None, is_settled=True)
        elif there or re.search(r"antibod(?:y|ies)\s+(?:to|against)", text, re.IGNORECASE):
            yield Atom(first.start(), first.end(), "titre", None, wanted)


def _antigen(written: str) -> str:
    """Return the capsid's key in the catalogue; empty when it has none."""
    name = f"AAV{re.sub(r'[^a-zA-Z0-9]', '', written)}".upper()
    return next((key for key in capsids() if re.sub(r"[^A-Z0-9]", "", key.upper()) == name), "")
