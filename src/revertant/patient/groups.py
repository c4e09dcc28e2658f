"""Read a tree by its table of fields; every problem is noted with its path and line."""

from __future__ import annotations

from revertant.patient.field_types import Field, Group, Words
from revertant.patient.problems import Problems, did_you_mean, shown
from revertant.patient.scalars import Unreadable
from revertant.patient.tree import Branch, Leaf, Node, Row

__all__ = ["read_group"]


def read_group(branch: Branch, group: Group, path: str, problems: Problems) -> dict[str, object]:
    """Read one mapping by its group; every problem is noted with its path and line.

    Returns
    -------
    dict
        Typed values of the fields that are there: a list of dicts for a repeated group, a dict for another
        group, a tuple for a field with ``many``.
    """
    values: dict[str, object] = {}
    for name, node in branch.items.items():
        if name not in group.fields:
            where = _place(_join(path, shown(name).strip("'\"")), node.line)
            problems.add(where, "This key is not known.", did_you_mean(name, group.fields))
    for name, field in group.fields.items():
        node_or_none = branch.items.get(name)
        stated = node_or_none is not None and not (
            isinstance(node_or_none, Leaf) and node_or_none.text is None
        )
        if node_or_none is None or not stated:
            if isinstance(field, Field) and field.required:
                line = branch.line if node_or_none is None else node_or_none.line
                problems.add(_place(_join(path, name), line), "This key is missing.", field.meaning)
            continue
        value = _read(node_or_none, field, _join(path, name), problems)
        if value is not None:
            values[name] = value
    return values


def _read(node: Node, field: Field | Words | Group, path: str, problems: Problems) -> object:
    if isinstance(field, Field):
        return _read_field(node, field, path, problems)
    if isinstance(field, Words):
        return _read_words(node, field, path, problems)
    if not field.repeated:
        if isinstance(node, Branch):
            return read_group(node, field, path, problems)
        problems.add(_place(path, node.line), "This should be a mapping.", _example(field))
        return None
    if not isinstance(node, Row):
        problems.add(_place(path, node.line), "This should be a list.", "Start each item with '- '.")
        return None
    rows = []
    for index, item in enumerate(node.items):
        if isinstance(item, Branch):
            rows.append(read_group(item, field, f"{path}[{index}]", problems))
        else:
            problems.add(_place(f"{path}[{index}]", item.line), "This should be a mapping.", _example(field))
            rows.append({})
    return rows


def _read_field(node: Node, field: Field, path: str, problems: Problems) -> object:
    if isinstance(node, Leaf) and node.text is not None:
        try:
            value = field.parse(node.text)
        except Unreadable as error:
            problems.add(_place(path, node.line), error.what, error.remedy)
            return None
        return (value,) if field.many else value
    if field.many and isinstance(node, Row):
        single = Field(field.kind, field.meaning, field.parse)
        read = [_read_field(item, single, f"{path}[{i}]", problems) for i, item in enumerate(node.items)]
        return tuple(value for value in read if value is not None)
    problems.add(_place(path, node.line), f"This should be {field.kind}.", field.meaning)
    return None


def _read_words(node: Node, words: Words, path: str, problems: Problems) -> dict[str, object] | None:
    if not isinstance(node, Branch):
        problems.add(_place(path, node.line), "This should be a mapping.", words.meaning)
        return None
    answer = Field(words.kind, words.meaning, words.parse)
    values: dict[str, object] = {}
    for name, item in node.items.items():
        here = _join(path, shown(name).strip("'\""))
        try:
            key = words.parse_key(name)
        except Unreadable as error:
            problems.add(_place(here, item.line), error.what, error.remedy)
            continue
        if isinstance(item, Leaf) and item.text is None:
            # A key without an answer says nothing: unknown, like a key that is not there.
            continue
        if key in values:
            problems.add(_place(here, item.line), f"{key} is answered twice.", "Keep one of them.")
            continue
        value = _read_field(item, answer, here, problems)
        if value is not None:
            values[key] = value
    return values


def _example(group: Group) -> str:
    return f"Write its keys below it, indented: {', '.join(group.fields)}."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _place(path: str, line: int) -> str:
    return f"{path} (line {line})"
