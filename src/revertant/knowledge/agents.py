"""Agents: classes of treatment that labels and trials ask about by the time since the last one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.conditions import conditions

__all__ = ["Agent", "agents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Row):
    """One class of treatment.

    Parameters
    ----------
    name
        In words, as after "the last".
    condition
        Key of :func:`conditions` that says whether there ever was one; empty where none asks.
    """

    name: str
    condition: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.condition and self.condition not in conditions():
            yield f"{self.condition!r} is no condition."


@cache
def agents() -> Mapping[str, Agent]:
    """Return the classes of treatment by key.

    Examples
    --------
    >>> agents()["live_vaccine"].name
    'live vaccine'
    """
    return load_rows("agents.toml", Agent)
