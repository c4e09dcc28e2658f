"""Phenopacket JSON to the standard's own message, with every problem named by its path.

The GA4GH library stops at the first mistake. So the JSON is walked along the library's own descriptors first,
each leaf is checked by the library alone, and only what passed is parsed as a whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from revertant.errors import InputError
from revertant.patient.problems import Problems, did_you_mean, shown

__all__ = ["load_phenopacket"]

_DEPTH = 48
_VERSION_1 = ("genes", "variants", "htsFiles", "hts_files")
_OTHER_MESSAGES = {
    "proband": "a Family",
    "members": "a Cohort",
    "relatives": "a Family",
    "pedigree": "a Family",
}


def load_phenopacket(text: str, problems: Problems) -> Any:
    """Parse one phenopacket (GA4GH v2, JSON).

    Parameters
    ----------
    text
        The JSON.
    problems
        Where unknown fields and wrong types are noted.

    Returns
    -------
    phenopackets.schema.v2.Phenopacket or None
        The message; ``None`` when problems were noted.

    Raises
    ------
    InputError
        When the text is not JSON, or is JSON but not a phenopacket.
    """
    from google.protobuf import json_format  # noqa: PLC0415 - keeps the start of the command fast
    from phenopackets.schema.v2 import Phenopacket  # noqa: PLC0415

    tree = _load_json(text, problems)
    for key, name in _OTHER_MESSAGES.items():
        if key in tree:
            remedy = "Give the phenopacket of one person."
            raise InputError(f"The file is {name} message, not a phenopacket.", where=key, remedy=remedy)
    before = len(problems)
    _check(tree, Phenopacket.DESCRIPTOR, "", problems, 0)
    if len(problems) > before:
        return None
    try:
        return json_format.ParseDict(tree, Phenopacket())
    except (json_format.ParseError, ValueError, TypeError, RecursionError):
        remedy = "Validate the file with phenopacket-tools."
        problems.add("", "The GA4GH library cannot read the phenopacket.", remedy)
        return None


def _load_json(text: str, problems: Problems) -> dict[str, Any]:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            for key in twice:
                problems.add(
                    key if key.isprintable() else "", "The key stands twice in one object.", "Keep one."
                )
        return found

    def constant(name: str) -> None:
        raise InputError(f"{name} is not a JSON number.", remedy="Remove the field or write a number.")

    try:
        tree = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        what = f"The text is not valid JSON: {error.msg.lower()}."
        remedy = "Check that the file is complete and was not edited by hand."
        raise InputError(what, where=place, remedy=remedy) from None
    except (ValueError, RecursionError):
        what = "The text is not valid JSON: numbers too long or nesting too deep."
        raise InputError(what, remedy="Export the phenopacket again.") from None
    if not isinstance(tree, dict):
        what = f"The file holds {shown(tree)}, not one phenopacket."
        raise InputError(what, remedy="Give one phenopacket object in one file.")
    return tree


@dataclass(frozen=True, slots=True)
class _Slot:
    """One field of one object: how it is written, what the schema says of it, and where it stands."""

    key: str
    field: Any
    owner: Any
    place: str
    depth: int


def _check(node: dict[str, Any], descriptor: Any, path: str, problems: Problems, depth: int) -> None:
    """Walk one JSON object along its protobuf descriptor."""
    if depth > _DEPTH:
        what = f"The object nests deeper than {_DEPTH} levels."
        problems.add(path[:120], what, "Export the phenopacket again.")
        return
    known: dict[str, Any] = {}
    for field in descriptor.fields:
        known[field.name] = known[field.json_name] = field
    seen: dict[str, str] = {}
    for key, value in node.items():
        place = f"{path}.{key}" if path else key
        if key not in known:
            # A key can hold anything; one that does not print stays out of the message.
            where = place if key.isprintable() else path
            problems.add(where[:300], "This field is not known.", _unknown(key, descriptor))
            continue
        if value is None:
            continue
        slot = _Slot(key, known[key], descriptor, place, depth)
        # Members of a "oneof", and the two spellings of one field, exclude each other.
        union = slot.field.containing_oneof
        choice = union.name if union else slot.field.json_name
        if choice in seen:
            problems.add(place, f"This excludes {seen[choice]!r}, which is also there.", "Keep one of them.")
            continue
        seen[choice] = key
        if _is_repeated(slot.field) and not _is_map(slot.field):
            _check_list(value, slot, problems)
        else:
            _check_value(value, slot, problems)


def _check_list(value: Any, slot: _Slot, problems: Problems) -> None:
    if not isinstance(value, list):
        what = f"This should be a list, not {shown(value)}."
        problems.add(slot.place, what, "Put it in square brackets.")
        return
    for index, item in enumerate(value):
        _check_value(item, replace(slot, place=f"{slot.place}[{index}]"), problems)


def _check_value(value: Any, slot: _Slot, problems: Problems) -> None:
    field = slot.field
    inner = field.message_type
    if inner is not None and not inner.full_name.startswith("google.") and not _is_map(field):
        if isinstance(value, dict):
            _check(value, inner, slot.place, problems, slot.depth + 1)
        else:
            what = f"This should be an object, not {shown(value)}."
            names = ", ".join(one.json_name for one in inner.fields)
            problems.add(slot.place, what, f"Its fields: {names}.")
    elif field.enum_type is not None:
        names_known = field.enum_type.values_by_name
        if not (isinstance(value, str) and value in names_known):
            word = value if isinstance(value, str) else ""
            problems.add(
                slot.place, f"{shown(value)} is not one of its words.", did_you_mean(word, names_known)
            )
    else:
        _check_leaf(value, slot, problems)


def _check_leaf(value: Any, slot: _Slot, problems: Problems) -> None:
    """Let the library judge one leaf, alone in an empty message of its kind."""
    from google.protobuf import json_format, message_factory  # noqa: PLC0415

    message = message_factory.GetMessageClass(slot.owner)()
    many = _is_repeated(slot.field) and not _is_map(slot.field)
    try:
        json_format.ParseDict({slot.key: [value] if many else value}, message)
        message.SerializeToString()
    except (json_format.ParseError, ValueError, TypeError, RecursionError):
        # An identifier is not repeated in a message: it can name the person.
        what = "The value" if slot.key.lower().endswith("id") else shown(value)
        remedy = f"The GA4GH schema asks for {_type_name(slot.field)}."
        problems.add(slot.place, f"{what} has the wrong type or form here.", remedy)


def _is_repeated(field: Any) -> bool:
    # protobuf 6 has the property and warns of the label; protobuf 5 has the label only.
    stated = getattr(field, "is_repeated", None)
    return bool(field.label == field.LABEL_REPEATED if stated is None else stated)


def _is_map(field: Any) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _type_name(field: Any) -> str:
    if _is_map(field):
        return "an object of texts"
    if field.message_type is not None:
        times = field.message_type.name == "Timestamp"
        return "a time such as 2026-03-01T00:00:00Z" if times else f"a {field.message_type.name}"
    kinds = {
        field.CPPTYPE_STRING: "text",
        field.CPPTYPE_BOOL: "true or false",
        field.CPPTYPE_DOUBLE: "a number",
        field.CPPTYPE_FLOAT: "a number",
    }
    return kinds.get(field.cpp_type, "a whole number")


def _unknown(key: str, descriptor: Any) -> str:
    if descriptor.name == "Phenopacket" and key in _VERSION_1:
        return "It belongs to phenopackets version 1; convert the file to version 2 with phenopacket-tools."
    return did_you_mean(key, [field.json_name for field in descriptor.fields])
