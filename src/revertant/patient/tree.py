"""YAML as a tree of text: every scalar stays what was written, and the schema gives it its type.

YAML guesses types, and guesses wrong where it matters here: the jurisdiction ``NO`` (Norway) becomes *false*,
the titre ``1:50`` becomes 110, the id ``1e3`` becomes 1000. So nothing is guessed. Anchors, aliases and tags
are refused: a case needs none of them, and they are how a small file becomes a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revertant.errors import InputError
from revertant.patient.problems import Problems, shown

if TYPE_CHECKING:
    from yaml.events import Event

__all__ = ["Branch", "Leaf", "Node", "Row", "read_tree"]

_DEPTH = 16
_NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar, as written. ``text`` is ``None`` where nothing was written (``age:``)."""

    text: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping, in the order of the file."""

    items: dict[str, Node]
    line: int


Node = Leaf | Row | Branch


class _Builder:
    """Builds the tree from YAML events without recursion; notes duplicate keys and odd keys."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.roots: list[Node] = []
        # One entry per open collection: kind, line, children so far (of a mapping, keys and values in turn).
        self.open: list[tuple[str, int, list[Node]]] = []

    def take(self, event: Event) -> None:
        import yaml  # noqa: PLC0415 - keeps the start of the command fast

        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal("an anchor or alias, which is not read here", line, "Write the values out.")
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refusal(
                "a YAML tag, which is not read here", line, "Remove the word that starts with '!'."
            )
        if isinstance(event, yaml.ScalarEvent):
            empty = event.style is None and event.value in _NOTHING
            self._put(Leaf(None if empty else event.value, line))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            kind = "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
            if len(self.open) >= _DEPTH:
                raise _refusal(f"more than {_DEPTH} levels", line, "A case file needs at most four.")
            self.open.append((kind, line, []))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            kind, start, children = self.open.pop()
            self._put(Row(tuple(children), start) if kind == "list" else self._branch(start, children))

    def _put(self, node: Node) -> None:
        (self.open[-1][2] if self.open else self.roots).append(node)

    def _branch(self, line: int, children: list[Node]) -> Branch:
        items: dict[str, Node] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Leaf) or key.text is None:
                self.problems.add(f"line {key.line}", "A key is not a plain word.", "Write 'key: value'.")
            elif key.text in items:
                what = f"The key {shown(key.text)} stands twice."
                self.problems.add(f"line {key.line}", what, "Keep one of them.")
            else:
                items[key.text] = value
        return Branch(items, line)


def read_tree(text: str, problems: Problems) -> Branch:
    """Read one YAML document whose root is a mapping.

    Parameters
    ----------
    text
        The document.
    problems
        Where duplicate keys are noted, with their line.

    Raises
    ------
    InputError
        When the text is not YAML, holds several documents, or uses what is refused.

    Examples
    --------
    >>> tree = read_tree("jurisdiction: NO", Problems("case.yaml"))
    >>> tree.items["jurisdiction"]
    Leaf(text='NO', line=1)
    """
    import yaml  # noqa: PLC0415 - keeps the start of the command fast

    builder = _Builder(problems)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = "The text is not valid YAML here."
        remedy = "Check the indentation, the quotes and the colons around this line."
        raise InputError(what, where=place, remedy=remedy) from None
    except InputError:
        raise
    # PyYAML lets plain ValueError, IndexError and RecursionError out for some malformed text.
    except (yaml.YAMLError, ValueError, IndexError, KeyError, RecursionError, OverflowError):
        what = "The text is not valid YAML: it holds characters or nesting that YAML does not allow."
        raise InputError(what, remedy="Remove control characters; check the file in a text editor.") from None
    if len(builder.roots) > 1:
        line = builder.roots[1].line
        raise _refusal("a second document", line, "Keep one case in one file; remove the '---' line.")
    root = builder.roots[0] if builder.roots else Leaf(None, 1)
    if not isinstance(root, Branch):
        raise _refusal("no keys at the top of the file", root.line, "Write 'id: my-case' and so on.")
    return root


def _refusal(what: str, line: int, remedy: str) -> InputError:
    return InputError(f"Found {what}.", where=f"line {line}", remedy=remedy)
