"""Text to typed values. Each parser takes the text as written and says what is wrong with it.

Parsers raise :class:`Unreadable`; the reader adds the place. Numbers are plain ASCII decimals: a comma, a
unit or ``nan`` is refused rather than guessed at.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from enum import StrEnum
from typing import TypeVar

from revertant.knowledge import agents, conditions, measurements
from revertant.patient.countries import JURISDICTIONS
from revertant.patient.problems import did_you_mean, shown

__all__ = [
    "AGE_YEARS",
    "BUILDS",
    "COPY_METHODS",
    "DAYS_IN_YEAR",
    "Unreadable",
    "age_in_years",
    "agent",
    "build_name",
    "choice",
    "condition",
    "copies",
    "copy_method",
    "duration_in_years",
    "hla_allele",
    "iso_date",
    "jurisdiction",
    "label",
    "measured",
    "measurement_name",
    "titre",
    "truth",
    "weight_in_kg",
]

AGE_YEARS = (0.0, 130.0)
# From the smallest surviving newborns (about 0.2 kg) to the heaviest patients dosed by weight.
WEIGHT_KG = (0.2, 400.0)
DAYS_IN_YEAR = 365.25
_LONGEST_LABEL = 200

# Names people and files use for the builds we know.
BUILDS = {
    "grch38": "GRCh38",
    "hg38": "GRCh38",
    "b38": "GRCh38",
    "grch37": "GRCh37",
    "hg19": "GRCh37",
    "b37": "GRCh37",
    "hs37d5": "GRCh37",
    "t2t-chm13v2.0": "T2T-CHM13v2.0",
    "chm13v2.0": "T2T-CHM13v2.0",
    "chm13": "T2T-CHM13v2.0",
    "hs1": "T2T-CHM13v2.0",
}

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_AMOUNT = r"([0-9]+(?:[.,][0-9]+)?)"
_DURATION = re.compile(
    rf"P(?=.)(?:{_AMOUNT}Y)?(?:{_AMOUNT}M)?(?:{_AMOUNT}W)?(?:{_AMOUNT}D)?"
    rf"(?:T(?=.)(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?)?"
)
_IN_YEARS = (
    1.0,
    1 / 12,
    7 / DAYS_IN_YEAR,
    1 / DAYS_IN_YEAR,
    1 / DAYS_IN_YEAR / 24,
    1 / DAYS_IN_YEAR / 1440,
    1 / DAYS_IN_YEAR / 86400,
)
_TITRE = re.compile(r"(<\s*)?(?:1\s*:\s*)?([0-9]+(?:\.[0-9]+)?)")
_COPIES = re.compile(r"(>=\s*|≥\s*)?([0-9]{1,2})(?:\s*-\s*([0-9]{1,2}))?")
# More copies of one gene than any assay in use tells apart.
_MOST_COPIES = 20
#: How copies of a gene are counted, as a case may write it.
COPY_METHODS = ("MLPA", "dPCR", "qPCR", "NGS", "in_silico")
# IPD-IMGT/HLA names: gene, one to four fields, an optional letter for expression.
_HLA = re.compile(
    r"(?:HLA-)?((?:[ABCEFG]|DRA|DRB[1-9]|D[PQ][AB][12])\*[0-9]{2,3}(?::[0-9]{2,4}){0,3}[NLSCAQ]?)"
)
_VALUE = (0.0, 1e12)
_NOT_DETECTED = ("not detected", "negative", "neg")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}

_Word = TypeVar("_Word", bound=StrEnum)


class Unreadable(ValueError):  # noqa: N818 - it is not yet the error a user sees
    """A scalar that is not what its field needs.

    Parameters
    ----------
    what, remedy
        As in :mod:`revertant.errors`.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def label(text: str) -> str:
    """Return one line of printable text without the white space around it."""
    text = text.strip()
    if not text:
        raise Unreadable("The text is empty.", "Write a value, or leave the line out.")
    if not text.isprintable():
        raise Unreadable("The text holds control characters or line breaks.", "Write it on one line.")
    if len(text) > _LONGEST_LABEL:
        raise Unreadable(f"The text is longer than {_LONGEST_LABEL} characters.", "Shorten it.")
    return text


def choice(text: str, words: type[_Word]) -> _Word:
    """Return the member of an enumeration; case, spaces and hyphens do not matter.

    Examples
    --------
    >>> from revertant.model import Zygosity
    >>> choice("Homozygous", Zygosity)
    <Zygosity.HOMOZYGOUS: 'homozygous'>
    """
    key = text.strip().lower().replace(" ", "_").replace("-", "_")
    try:
        return words(key)
    except ValueError:
        known = [word.value for word in words]
        raise Unreadable(f"{shown(text)} is not one of its words.", did_you_mean(key, known)) from None


def truth(text: str) -> bool:
    """Return yes or no.

    Examples
    --------
    >>> truth("yes")
    True
    """
    try:
        return _TRUTH[text.strip().lower()]
    except KeyError:
        raise Unreadable(f"{shown(text)} is neither yes nor no.", "Write yes or no.") from None


def _number(text: str, unit: str, bounds: tuple[float, float]) -> float:
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        remedy = f"Write the number in {unit} alone, with a point for decimals, such as 12.5."
        raise Unreadable(f"{shown(text)} is not a plain number.", remedy)
    value = float(text)
    if not bounds[0] <= value <= bounds[1]:
        what = f"{shown(text)} lies outside {bounds[0]:g} to {bounds[1]:g} {unit}."
        raise Unreadable(what, "Check the value and its unit.")
    return value


def age_in_years(text: str) -> float:
    """Return an age in years, from a number of years or an ISO 8601 duration.

    Examples
    --------
    >>> age_in_years("P2Y6M"), age_in_years("34")
    (2.5, 34.0)
    """
    if text.strip().startswith("P"):
        return duration_in_years(text)
    try:
        return _number(text, "years", AGE_YEARS)
    except Unreadable as error:
        raise Unreadable(error.what, f"{error.remedy} Weeks and months are written P8W and P3M.") from None


def duration_in_years(text: str) -> float:
    """Return an ISO 8601 duration in years.

    A month counts as a twelfth of a year and a day as 1/365.25: ages decide whether a person is a minor, not
    a date.

    Examples
    --------
    >>> duration_in_years("P3M7D") < 0.28
    True
    """
    text = text.strip()
    match = _DURATION.fullmatch(text)
    if match is None:
        remedy = "Write years, months and days such as P2Y6M or P3M7D."
        raise Unreadable(f"{shown(text)} is not an ISO 8601 duration.", remedy)
    amounts = [float(part.replace(",", ".")) if part else 0.0 for part in match.groups()]
    years = sum(amount * factor for amount, factor in zip(amounts, _IN_YEARS, strict=True))
    if years > AGE_YEARS[1]:
        raise Unreadable(f"{shown(text)} is more than {AGE_YEARS[1]:g} years.", "Check the age.")
    return years


def weight_in_kg(text: str) -> float:
    """Return a body weight in kilograms."""
    return _number(text, "kg", WEIGHT_KG)


def iso_date(text: str) -> str:
    """Return a calendar date ``YYYY-MM-DD`` as written, after checking that it exists."""
    text = text.strip()
    # Only this one of the forms that fromisoformat reads.
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return dt.date.fromisoformat(text).isoformat()
    raise Unreadable(f"{shown(text)} is not a calendar date.", "Write year-month-day, such as 2026-03-01.")


def jurisdiction(text: str) -> str:
    """Return an ISO 3166-1 alpha-2 code or ``EU``; ``NO`` is Norway, and ``no`` is refused as ambiguous.

    Examples
    --------
    >>> jurisdiction("NO")
    'NO'
    """
    code = text.strip()
    if code in JURISDICTIONS:
        return code
    if code == "UK":
        raise Unreadable("'UK' is not an ISO 3166 code.", "Write GB for the United Kingdom.")
    if code.upper() in JURISDICTIONS:
        remedy = f"Write {code.upper()} if that country is meant; leave the line out if none is."
        raise Unreadable(f"{shown(text)} is not in capitals.", remedy)
    remedy = "Write a two-letter ISO 3166-1 code such as GB, US or NO, or EU."
    raise Unreadable(f"{shown(text)} is not a jurisdiction code.", remedy)


def build_name(text: str) -> str:
    """Return the project's name of a genome build; patch levels do not matter.

    Examples
    --------
    >>> build_name("hg38"), build_name("GRCh37.p13")
    ('GRCh38', 'GRCh37')
    """
    key = re.sub(r"\.p[0-9]+$", "", text.strip().lower())
    try:
        return BUILDS[key]
    except KeyError:
        what = f"{shown(text)} is not a genome build we know."
        raise Unreadable(what, "Write GRCh38, GRCh37 or T2T-CHM13v2.0.") from None


def titre(text: str) -> tuple[float | None, bool]:
    """Return a reciprocal titre and whether the true one lies below it.

    Examples
    --------
    >>> titre("1:50"), titre("<1:50"), titre("not detected")
    ((50.0, False), (50.0, True), (None, False))
    """
    text = text.strip()
    if text.lower() in _NOT_DETECTED:
        return None, False
    match = _TITRE.fullmatch(text)
    if match is None or float(match[2]) < 1:
        remedy = "Write 1:50, <1:50 or 'not detected'; for a titre above the range give its end point."
        raise Unreadable(f"{shown(text)} is not a titre.", remedy)
    return float(match[2]), match[1] is not None


def copies(text: str) -> tuple[int, int | None]:
    """Return the copies of a gene as an interval; no upper end for "at least".

    Examples
    --------
    >>> copies("2"), copies("3-4"), copies(">=4")
    ((2, 2), (3, 4), (4, None))
    """
    match = _COPIES.fullmatch(text.strip())
    if match is None or (match[1] and match[3]):
        raise Unreadable(f"{shown(text)} is not a number of copies.", "Write 2, 3-4 or '>=4'.")
    low = int(match[2])
    high = None if match[1] else int(match[3] or low)
    if low > _MOST_COPIES or (high is not None and not low <= high <= _MOST_COPIES):
        what = f"{shown(text)} lies outside 0 to {_MOST_COPIES} copies, or runs backwards."
        raise Unreadable(what, "Check the report.")
    return low, high


def copy_method(text: str) -> str:
    """Return the method of a copy number as the model writes it.

    Examples
    --------
    >>> copy_method("mlpa"), copy_method("in silico")
    ('MLPA', 'in_silico')
    """
    return _known_word(text, {method.lower(): method for method in COPY_METHODS}, "a method we know")


def measurement_name(text: str) -> str:
    """Return a key of the catalogue of measurements; capitals do not matter.

    Examples
    --------
    >>> measurement_name("alt")
    'ALT'
    """
    return _known_word(text, {key.lower(): key for key in measurements()}, "a measurement we know")


def measured(text: str) -> float:
    """Return a measured value, 0 or above."""
    return _number(text, "the unit stated", _VALUE)


def condition(text: str) -> str:
    """Return a key of the catalogue of conditions.

    Examples
    --------
    >>> condition("active infection")
    'active_infection'
    """
    return _known_word(text, {key: key for key in conditions()}, "a condition that labels or trials ask for")


def agent(text: str) -> str:
    """Return a key of the catalogue of classes of treatment.

    Examples
    --------
    >>> agent("live vaccine")
    'live_vaccine'
    """
    return _known_word(text, {key: key for key in agents()}, "a class of treatment that trials ask for")


def _known_word(text: str, known: dict[str, str], what: str) -> str:
    """Return the word as written in a vocabulary; case, spaces and hyphens do not matter."""
    key = text.strip().lower().replace(" ", "_").replace("-", "_")
    if key not in known:
        raise Unreadable(f"{shown(text)} is not {what}.", did_you_mean(key, known.values()))
    return known[key]


def hla_allele(text: str) -> str:
    """Return an HLA allele without the prefix.

    Examples
    --------
    >>> hla_allele("HLA-A*02:01")
    'A*02:01'
    """
    match = _HLA.fullmatch(text.strip())
    if match is None:
        raise Unreadable(f"{shown(text)} is not an HLA allele.", "Write A*02:01 or DRB1*15:01.")
    return match[1]
