"""HGVS text to a plain value: the grammar is the library's, the refusals are ours.

``mutalyzer-hgvs-parser`` holds the whole grammar. This module keeps the part of it that names exactly one
change of DNA, and says of every other part why it is refused: a range of uncertain ends, a protein, two
variants at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from revertant.errors import InputError
from revertant.sequence import is_dna
from revertant.variant.limits import shown

__all__ = ["HgvsText", "Inserted", "Place", "bare_expression", "parse_hgvs"]

_PROTEIN_PART = re.compile(r"[\s,;]+\(?(?:[A-Z]{2}_\d+(?:\.\d+)?:)?\(?p\..*$")
_FORMS = (
    "Accepted: NC_000011.10:g.5227002T>A, NM_000518.5:c.20A>T, del, dup, ins, delins and inv of them, and exact repeat "
    "counts such as NM_002111.8:c.52CAG[40]."
)
_LONGEST = 1_000_000  # inserted bases; a slip in a repeat count must not fill the memory
_OPERATIONS = {
    "substitution": "sub",
    "deletion": "del",
    "duplication": "dup",
    "insertion": "ins",
    "deletion_insertion": "delins",
    "inversion": "inv",
    "repeat": "rep",
}
_REFUSED = {
    "equal": "it says that nothing is changed",
    "conversion": "conversions are not read",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One position as written: ``c.*10+3`` is ``Place(10, 3, "downstream")``."""

    number: int
    offset: int = 0
    region: str = ""


@dataclass(frozen=True, slots=True)
class Inserted:
    """Inserted bases: literal ``bases``, or a stretch of the same reference, perhaps inverted.

    Of a repeat, ``bases`` is one unit (empty where the description leaves it to the reference) and ``times`` how
    often it stands there.
    """

    bases: str = ""
    times: int = 1
    start: Place | None = None
    end: Place | None = None
    is_inverted: bool = False


@dataclass(frozen=True, slots=True)
class HgvsText:
    """One HGVS description, taken apart and not yet looked up.

    Parameters
    ----------
    accession, selector
        What stands before the colon: ``NC_000011.10(NM_000518.5)``, ``NM_000016.5(ACADM)``.
    system
        ``"g"``, ``"m"``, ``"c"`` or ``"n"``.
    operation
        ``"sub"``, ``"del"``, ``"dup"``, ``"ins"``, ``"delins"`` or ``"inv"``.
    start, end
        The positions; equal for a single one.
    deleted, deleted_length
        What the description says of the replaced bases, if anything.
    inserted
        The parts that are put in.
    text
        The expression itself, without a protein part.
    """

    accession: str
    selector: str
    system: str
    operation: str
    start: Place
    end: Place
    deleted: str
    deleted_length: int | None
    inserted: tuple[Inserted, ...]
    text: str


def bare_expression(expression: str) -> str:
    """Strip white space and a protein part behind the description.

    Examples
    --------
    >>> bare_expression(" NM_000016.5(ACADM):c.1073del (p.Lys358fs) ")
    'NM_000016.5(ACADM):c.1073del'
    """
    return _PROTEIN_PART.sub("", expression.strip()).replace(" ", "")


def parse_hgvs(expression: str, *, where: str = "") -> HgvsText:
    """Take an HGVS description of one DNA change apart.

    Raises
    ------
    InputError
        When it is no HGVS, or names no single, exact change of DNA.

    Examples
    --------
    >>> parsed = parse_hgvs("NM_000518.5:c.92+1G>A")
    >>> parsed.operation, parsed.start, parsed.deleted
    ('sub', Place(number=92, offset=1, region='cds'), 'G')
    """
    text = bare_expression(expression)
    if re.match(r"m\.", text):
        text = f"NC_012920.1:{text}"  # there is one human mitochondrial reference sequence
    _refuse_early(text, where)
    model = _model(text, where)
    system = str(model.get("coordinate_system", ""))
    if system not in {"g", "m", "c", "n"}:
        raise _no(text, f"'{system or '?'}.' descriptions do not name a change of DNA", where)
    variants = model.get("variants") or []
    if len(variants) != 1:
        raise _no(text, f"it names {len(variants)} variants; give them one by one", where)
    return _taken_apart(text, model, variants[0], system, where)


def _refuse_early(text: str, where: str) -> None:
    """Say the common cases in better words than a grammar can."""
    if re.search(r"(^|:)\(?p\.", text):
        raise _no(text, "a protein description does not tell which bases are changed", where)
    if re.search(r"(^|:)r\.", text):
        raise _no(text, "an RNA description does not tell the change of DNA", where)
    if text.endswith("="):
        raise _no(text, "'=' says that nothing is changed", where)
    if re.match(r"[cgn]\.", text):
        raise _no(text, "it does not name the reference sequence it counts on", where)


def _model(text: str, where: str) -> Mapping[str, Any]:
    from mutalyzer_hgvs_parser.exceptions import UnexpectedCharacter, UnexpectedEnd  # noqa: PLC0415

    try:
        return _parsed(text)
    except UnexpectedCharacter as error:
        at = int(error.pos_in_stream)
        raise _no(text, f"letter {at + 1} ({text[at]!r}) does not fit the grammar", where) from error
    except UnexpectedEnd as error:
        raise _no(text, "it ends too early", where) from error
    except Exception as error:  # the library lets internal errors of its grammar through
        raise _no(text, "it does not fit the grammar", where) from error


@lru_cache(maxsize=8192)
def _parsed(text: str) -> Mapping[str, Any]:
    """Parse once: the grammar takes milliseconds, and the same variant comes up again in cohorts."""
    # Importing the grammar takes about 90 ms, which callers that never read HGVS should not pay.
    from mutalyzer_hgvs_parser import to_model  # noqa: PLC0415

    model: Mapping[str, Any] = to_model(text)
    return model


def _taken_apart(
    text: str, model: Mapping[str, Any], variant: Mapping[str, Any], system: str, where: str
) -> HgvsText:
    kind = str(variant.get("type", ""))
    if kind not in _OPERATIONS:
        raise _no(text, _REFUSED.get(kind, f"{kind or 'this kind of change'} is not read"), where)
    start, end = _range(text, variant["location"], system, where)
    deleted, length = _deleted(text, variant, where)
    operation = _OPERATIONS[kind]
    read = _repeated if operation == "rep" else _inserted
    inserted = tuple(read(text, part, system, where) for part in variant.get("inserted", ()))
    if operation in {"dup", "inv"}:
        # The grammar files the bases a dup or inv names under "inserted"; they describe the reference.
        deleted, inserted = "".join(part.bases for part in inserted), ()
    if operation in {"ins", "delins", "sub"} and not inserted:
        raise _no(text, "the inserted bases are not named", where)
    reference = model.get("reference") or {}
    selector = str((reference.get("selector") or {}).get("id", ""))
    accession = str(reference.get("id", ""))
    return HgvsText(accession, selector, system, operation, start, end, deleted, length, inserted, text)


def _range(text: str, location: Mapping[str, Any], system: str, where: str) -> tuple[Place, Place]:
    if location.get("uncertain"):
        raise _no(text, "its ends are uncertain", where)
    if location["type"] == "point":
        place = _place(text, location, system, where)
        return place, place
    return _place(text, location["start"], system, where), _place(text, location["end"], system, where)


def _place(text: str, point: Mapping[str, Any], system: str, where: str) -> Place:
    if point.get("uncertain") or point.get("type") != "point" or "position" not in point:
        raise _no(text, "a position is uncertain or unknown", where)
    offset = point.get("offset") or {}
    if offset.get("uncertain") or (offset and "value" not in offset):
        raise _no(text, "an intron offset is unknown", where)
    region = {"c": "cds", "n": "transcript"}.get(system, "")
    region = str(point.get("outside_cds", region))
    if region in {"upstream", "downstream"} and system in {"g", "m"}:
        raise _no(text, "genomic positions have no '-' or '*'", where)
    if offset and system in {"g", "m"}:
        raise _no(text, "genomic positions have no offsets", where)
    return Place(int(point["position"]), int(offset.get("value", 0)), region)


def _deleted(text: str, variant: Mapping[str, Any], where: str) -> tuple[str, int | None]:
    parts = variant.get("deleted") or ()
    if not parts:
        return "", None
    if len(parts) != 1:
        raise _no(text, "the deleted bases are named in several parts", where)
    part = parts[0]
    if "sequence" in part:
        return _bases(text, part, where), None
    value = (part.get("length") or {}).get("value")
    if value is None:
        raise _no(text, "the number of deleted bases is unknown", where)
    return "", int(value)


def _inserted(text: str, part: Mapping[str, Any], system: str, where: str) -> Inserted:
    inverted = bool(part.get("inverted"))
    if "sequence" in part:
        return Inserted(_bases(text, part, where), is_inverted=inverted)
    if "location" in part and part.get("source") == "reference":
        start, end = _range(text, part["location"], system, where)
        return Inserted(start=start, end=end, is_inverted=inverted)
    raise _no(text, "the inserted bases are not given as sequence", where)


def _repeated(text: str, part: Mapping[str, Any], _system: str, where: str) -> Inserted:
    """One unit of a repeat with its count; a count without bases stands where a length does."""
    count = part.get("repeat_number") or part.get("length") or {}
    if count.get("uncertain") or "value" not in count:
        if not count:
            # A shell takes an unquoted > for a redirection and passes on what stands before it.
            raise _no(
                text, "no change is named behind the place; in a shell, put a variant with > in quotes", where
            )
        raise _no(text, "a repeat count is unknown; give the exact number", where)
    times = int(count["value"])
    unit = _bases(text, {"sequence": part["sequence"]}, where) if "sequence" in part else ""
    if times * max(len(unit), 1) > _LONGEST:
        raise _no(text, f"it inserts more than {_LONGEST} bases", where)
    return Inserted(unit, times)


def _bases(text: str, part: Mapping[str, Any], where: str) -> str:
    count = part.get("repeat_number")
    times = 1
    if count is not None:
        if count.get("uncertain") or "value" not in count:
            raise _no(text, "a repeat count is unknown", where)
        times = int(count["value"])
        if times * len(part["sequence"]) > _LONGEST:
            raise _no(text, f"it inserts more than {_LONGEST} bases", where)
    bases = str(part["sequence"]).upper() * times
    if "U" in bases:
        raise _no(text, "U is RNA; DNA is written with T", where)
    if not is_dna(bases):
        raise _no(text, f"'{shown(str(part['sequence']))}' holds letters other than A, C, G, T", where)
    return bases


def _no(text: str, because: str, where: str) -> InputError:
    return InputError(
        f"'{shown(text)}' cannot be used: {because}.", where=where, remedy=_FORMS, code="bad-hgvs"
    )
