"""The JSON schemas of ``plan.json`` and ``nomination.json``, made from the value objects' own type hints.

So they cannot drift: what the objects hold is what the schema says.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import types
import typing
from enum import Enum
from typing import TYPE_CHECKING, Any

from revertant.errors import UsageError
from revertant.model import Nomination, Plan

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SCHEMAS", "nomination_schema", "plan_schema", "schema_text", "write_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FOLDER = "https://revertant.github.io/revertant/schema"
_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}

#: What is published, by its name on the command line: the value object and the schema's title.
SCHEMAS: dict[str, tuple[type, str]] = {
    "plan": (Plan, "Revertant plan"),
    "nomination": (Nomination, "Revertant off-target nomination"),
}


def plan_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of ``plan.json``.

    Every property is required and no other is allowed; descriptions are those of the value objects.

    Examples
    --------
    >>> schema = plan_schema()
    >>> schema["$defs"]["Locus"]["properties"]["start"]["type"]
    'integer'
    >>> schema["$defs"]["Status"]["enum"]
    ['pass', 'caution', 'fail', 'unknown', 'not_applicable']
    """
    return _schema_of("plan")


def nomination_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of ``nomination.json``.

    Examples
    --------
    >>> schema = nomination_schema()
    >>> schema["title"], schema["$ref"]
    ('Revertant off-target nomination', '#/$defs/Nomination')
    """
    return _schema_of("nomination")


def _schema_of(name: str) -> dict[str, Any]:
    if name not in SCHEMAS:
        raise UsageError(f"There is no schema {name!r}.", remedy=f"Known are: {', '.join(SCHEMAS)}.")
    cls, title = SCHEMAS[name]
    definitions: dict[str, Any] = {}
    root = _of_type(cls, definitions)
    return {
        "$schema": _DIALECT,
        "$id": f"{_FOLDER}/{name}.schema.json",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text(name: str = "plan") -> str:
    """Return a schema as the text of its file, with a final newline.

    Parameters
    ----------
    name
        ``"plan"`` or ``"nomination"``.

    Raises
    ------
    UsageError
        For any other name.

    Examples
    --------
    >>> schema_text("nomination").splitlines()[1]
    '  "$schema": "https://json-schema.org/draft/2020-12/schema",'
    """
    return json.dumps(_schema_of(name), indent=2, ensure_ascii=False) + "\n"


def write_schema(path: Path, name: str = "plan") -> Path:
    """Write a schema to a file and return its path.

    Parameters
    ----------
    path
        The file; the project's own copies are ``docs/schema/plan.schema.json`` and
        ``docs/schema/nomination.schema.json``.
    name
        ``"plan"`` or ``"nomination"``.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_schema(pathlib.Path(folder, "plan.schema.json")).stat().st_size > 0
    True
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema_text(name), encoding="utf-8", newline="\n")
    return path


def _of_type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _of_tuple(arguments, definitions)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_of_type(argument, definitions) for argument in arguments]}
    if isinstance(hint, type) and issubclass(hint, Enum):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {
                "type": "string",
                "description": _summary(hint),
                "enum": [member.value for member in hint],
            }
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # holds the place, should a type refer to itself
            definitions[hint.__name__] = _of_dataclass(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"{hint!r} has no JSON schema")


def _of_tuple(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return {"type": "array", "items": _of_type(arguments[0], definitions)}
    return {
        "type": "array",
        "prefixItems": [_of_type(argument, definitions) for argument in arguments],
        "items": False,
        "minItems": len(arguments),
    }


def _of_dataclass(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    texts = _parameter_texts(cls)
    properties: dict[str, Any] = {}
    by_name: dict[str, str] = getattr(cls, "by_name", {})
    left_out = getattr(cls, "left_out", ())
    for field in dataclasses.fields(cls):
        if field.name in left_out:
            continue
        hint = hints[field.name]
        if field.name in by_name:
            schema = _of_reference(hint, by_name[field.name], definitions)
        else:
            schema = _of_type(hint, definitions)
        properties[field.name] = _described(schema, texts.get(field.name))
    for name in getattr(cls, "derived", ()):
        getter = getattr(cls, name).fget
        hint = typing.get_type_hints(getter)["return"]
        properties[name] = _described(_of_type(hint, definitions), _summary(getter))
    return {
        "type": "object",
        "description": _summary(cls),
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _of_reference(hint: Any, attribute: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of a field that is written as one attribute of its value, or of each of its values."""
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return {"type": "array", "items": _of_reference(item, attribute, definitions)}
    schemas = []
    for part in typing.get_args(hint) or (hint,):
        if dataclasses.is_dataclass(part):
            getter = getattr(part, attribute, None)
            owner = getter.fget if isinstance(getter, property) else part
            named = typing.get_type_hints(owner)["return" if owner is not part else attribute]
            schemas.append(_of_type(named, definitions))
        else:
            schemas.append(_of_type(part, definitions))
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _described(schema: dict[str, Any], text: str | None) -> dict[str, Any]:
    return {**schema, "description": text} if text else schema


def _summary(thing: object) -> str:
    """Return the first paragraph of a docstring on one line."""
    text = inspect.getdoc(thing) or ""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _parameter_texts(cls: type) -> dict[str, str]:
    """Read the numpydoc ``Parameters`` section: one text for each name, also for ``a, b`` shared lines."""
    section = re.search(
        r"Parameters\n-+\n(.*?)(?:\n\n[A-Z][a-z]+\n-+\n|\Z)", inspect.getdoc(cls) or "", re.DOTALL
    )
    texts: dict[str, str] = {}
    names: list[str] = []
    for line in section[1].splitlines() if section else ():
        if line.startswith(" "):
            for name in names:
                texts[name] = f"{texts.get(name, '')} {line.strip()}".strip()
        elif line:
            names = [name.strip() for name in line.split(",")]
    return texts
