"""Numbers with their comparators and units, in all the ways people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from revertant.trials.eligibility.grammar import table

__all__ = ["Comparison", "Side", "comparisons", "levelled", "number"]

_LEVEL = str.maketrans(
    {
        "\\": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\u200b": " ",
        "：": ":", "，": ",", "；": ";", "（": "(", "）": ")", "。": ".", "、": ",", "％": "%",
        "＞": ">", "＜": "<", "＝": "=", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤",
        "×": "x", "✕": "x", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "～": "-", "~": "-",
        "µ": "u", "\u039c": "u", "μ": "u", "’": "'", "‘": "'", "“": '"', "”": '"', "²": "2", "³": "3", "⁹": "9",
    }
)  # fmt: skip


def levelled(text: str) -> str:
    """Write one sign for each of its variants, letter by letter, so that places stay the same.

    Examples
    --------
    >>> levelled("AST ≦ 3×ULN；age 18～75")
    'AST ≤ 3xULN;age 18-75'
    """
    return text.translate(_LEVEL)


_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_POWER = r"\s*x\s*10\s*(?:\^|e|\*\*)?\s*\(?\d{1,2}\)?(?=\s*/|\s*cells|\s|$)"
_FIGURES = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+(?:\.\d+)?|\.\d+)(?:{_POWER})?"
_NUMBER = rf"(?:{_FIGURES}|(?:{'|'.join(_WORDS)})(?![a-z]))"
_UP = r"(?:or|and)\s+(?:more|greater|above|higher|older|over|up|longer|better)(?![a-z]|\s+than)"
_DOWN = r"(?:or|and)\s+(?:less|fewer|below|lower|younger|under)(?![a-z]|\s+than)"
_HAS_NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
#: The unit of numbers whose sense is not clear.
UNREADABLE = "?"


@cache
def _units() -> tuple[tuple[str, str], ...]:
    """Return each unit with the pattern of its names."""
    return tuple((unit, "|".join(words)) for unit, words in table("units").items())


@cache
def _operators() -> tuple[tuple[str, str], ...]:
    """Return each comparator with the pattern of its words."""
    return tuple((sign, "|".join(words)) for sign, words in table("operators").items())


@cache
def _comparison() -> re.Pattern[str]:
    """Return the pattern of a number with comparator and unit: a range, a limit, or a number alone."""
    operator = "|".join(f"(?P<op{place}>{words})" for place, (_, words) in enumerate(_operators()))
    unit = "|".join(f"(?P<unit{place}>{words})" for place, (_, words) in enumerate(_units()))
    low_unit = "|".join(words for _, words in _units())
    return re.compile(
        rf"""(?:(?<![\w.^/-])|(?=[<>≥≤=]))(?:
            (?:(?P<between>between)\s+|from\s+)?
                (?P<low>{_NUMBER})(?!\d|,\d{{3}})(?:\s*(?P<low_unit>{low_unit}))?(?:\s+of\s+age|\s+old)?
                \s*(?P<joint>-|to|(?(between)and|through)|through|or|,\s*\d(?:\s*,\s*(?:or|and)?|\s+(?:or|and)))\s*(?P<high>{_NUMBER})
            |(?:{operator})\s*(?:(?:the|a|an|about|equal\s+to|than)\s+)?
                (?P<value>{_NUMBER})(?:\s*-\s*(?P<upto>{_NUMBER}))?
            |(?P<bare>{_NUMBER})(?P<plus>\+)?
        )(?:\s*(?:{unit}))?(?:(?:\s+of\s+age|\s+old)?(?:(?P<up>\s*\(?\s*{_UP}\)?)|(?P<down>\s*\(?\s*{_DOWN}\)?)))?""",
        re.VERBOSE | re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a comparison: the comparator and the number."""

    op: str
    value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is written of a number: its ends, its unit, and where it stands.

    Parameters
    ----------
    start, end
        Where it stands.
    low, high
        Its ends; neither where only a number is written.
    bare
        The number alone.
    unit
        In the letters of the catalogue of measurements; empty when none is written.
    word
        The words of the comparator.
    """

    start: int
    end: int
    low: Side | None = None
    high: Side | None = None
    bare: float | None = None
    unit: str = ""
    word: str = ""


def number(text: str) -> float:
    """Read a number.

    Examples
    --------
    >>> number("1,000"), number("1.5 x 10^9"), number("eighteen")
    (1000.0, 1500000000.0, 18.0)
    """
    words = text.strip().lower()
    if words in _WORDS:
        return float(_WORDS.index(words))
    base, _, power = words.partition("x")
    value = float(base.replace(",", "").strip())
    if power:
        digits = re.sub(r"[^\d]", "", power.replace("10", "", 1))
        value *= 10.0 ** int(digits)
    return value


def _unit(found: re.Match[str]) -> str:
    return next((name for place, (name, _) in enumerate(_units()) if found[f"unit{place}"]), "")


def _range(found: re.Match[str], start: int, end: int, unit: str) -> Iterator[Comparison]:
    """Yield a range, as two comparisons where its ends have different units ("7 days to 24 months")."""
    low, high = number(found["low"]), number(found["high"])
    low_unit = next(
        (
            name
            for name, words in _units()
            if found["low_unit"] and re.fullmatch(words, found["low_unit"], re.IGNORECASE)
        ),
        "",
    )
    joint = found["joint"].lower()
    is_list = joint == "or" or joint.startswith(",")
    if low_unit and unit and low_unit != unit:
        yield Comparison(start, found.end("low_unit"), Side(">=", low), unit=low_unit)
        yield Comparison(found.start("high"), end, None, Side("<=", high), unit=unit)
    elif low < high and (not is_list or high - low == (1 if joint == "or" else 2)):
        yield Comparison(start, end, Side(">=", low), Side("<=", high), unit=unit or low_unit)
    else:
        yield Comparison(start, end, bare=high, unit=UNREADABLE)


@lru_cache(maxsize=64)
def comparisons(text: str) -> tuple[Comparison, ...]:
    """Return every number of a levelled text with its comparator and unit.

    Examples
    --------
    >>> [(one.low, one.high, one.unit) for one in comparisons("no more than 2.5 x ULN")]
    [(None, Side(op='<=', value=2.5), 'x_ULN')]
    >>> [(one.low.value, one.high.value, one.unit) for one in comparisons("between 18 and 65 years")]
    [(18.0, 65.0, 'years')]
    """
    return tuple(_comparisons(text)) if _HAS_NUMBER.search(text) else ()


def _comparisons(text: str) -> Iterator[Comparison]:
    for found in _comparison().finditer(text):
        start, end, unit = found.start(), found.end(), _unit(found)
        start += len(found[0]) - len(found[0].lstrip())
        if found["low"]:
            yield from _range(found, start, end, unit)
        elif found["value"]:
            place = next(place for place in range(len(_operators())) if found[f"op{place}"])
            side = Side(_operators()[place][0], number(found["value"]))
            low_side, high_side = (side, None) if side.op[0] == ">" else (None, side)
            if found["upto"]:
                high_side = Side("<=", number(found["upto"]))
                unit = unit if low_side and low_side.value < high_side.value else UNREADABLE
            yield Comparison(start, end, low_side, high_side, unit=unit, word=found[f"op{place}"].lower())
        else:
            value = number(found["bare"])
            if found["up"] or found["plus"]:
                yield Comparison(start, end, Side(">=", value), unit=unit)
            elif found["down"]:
                yield Comparison(start, end, None, Side("<=", value), unit=unit)
            else:
                yield Comparison(start, end, bare=value, unit=unit)
