"""The skeleton of the reviewer's document: which sections there are, in what order, and what each needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from revertant.knowledge import Row, load_rows

__all__ = ["REST", "Section", "section_for", "sections"]

#: The rule prefix that takes what no section has named.
REST = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Row):
    """One section; its key starts with its number in the Common Technical Document.

    Parameters
    ----------
    title
        Its heading.
    part
        Name of the function that writes what the plan holds; empty where the findings alone are printed.
    rules
        Prefixes of the rules whose findings and open questions belong here.
    needs
        The gap printed when the plan holds nothing for it.
    gaps
        What no plan holds.
    """

    title: str
    part: str = ""
    rules: tuple[str, ...] = ()
    needs: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number as it stands before the title."""
        return self.key.split(" ", maxsplit=1)[0]

    @property
    def level(self) -> int:
        """Depth of its heading: 1 for a module, 3 at most.

        Examples
        --------
        >>> [one.level for one in sections() if one.key in {"1", "2.2", "3.2.S", "3.2.S.1.2"}]
        [1, 2, 2, 3]
        """
        depth = self.number.count(".") - (self.number.startswith("3.2."))
        return min(depth + 1, 3)

    def problems(self) -> Iterator[str]:
        """Yield what makes a section that would print nothing or claim nothing."""
        if not re.fullmatch(r"[1-5](\.[0-9SPAR]+)*( [a-z]+)?", self.key):
            yield f"{self.key!r} is no number of a section."
        if self.needs and not (self.part or self.rules) and self.number != "3.2.S":
            yield "A section that writes nothing has no need of its own; name it among the gaps."


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections in the order of the document.

    Examples
    --------
    >>> sections()[0].title, sections()[-1].title
    ('Administrative information', 'Consent points')
    """
    text = (resources.files("revertant.dossier") / "review" / "sections.toml").read_text(encoding="utf-8")
    rows = load_rows("sections.toml", Section, text=text)
    order = [line.split('"')[1] for line in text.splitlines() if line.startswith('["')]
    return tuple(rows[key] for key in order)


@cache
def section_for(rule: str) -> str:
    """Return the key of the section a rule's findings belong to: the one that names most of it.

    Examples
    --------
    >>> section_for("vector.integration"), section_for("vector.woodchuck_x")
    ('4.2.3.3', '2.6.6')
    """
    fits = [
        (len(prefix), one.key)
        for one in sections()
        for prefix in one.rules
        if prefix != REST and rule.startswith(prefix)
    ]
    if fits:
        return max(fits, key=lambda fit: fit[0])[1]
    return next(one.key for one in sections() if REST in one.rules)
