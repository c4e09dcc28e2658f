"""One thing a label or a trial asks of a person, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from revertant.knowledge.agents import agents
from revertant.knowledge.conditions import conditions
from revertant.knowledge.measurements import TIMES_UPPER_LIMIT, measurements
from revertant.model import Serology

__all__ = ["Criterion"]

Kind = Literal["indication", "exclusion", "precaution", "trial"]
Asks = Literal[
    "age",
    "all",
    "any",
    "biallelic",
    "condition",
    "copies",
    "diagnosis",
    "exons",
    "hla",
    "measurement",
    "sex",
    "titre",
    "variant",
    "washout",
    "weight",
]

#: The fields that each question needs, and those it may have besides thresholds.
_NEEDS: dict[str, tuple[str, ...]] = {
    "age": ("unit",),
    "all": ("of",),
    "any": ("of",),
    "biallelic": ("gene",),
    "condition": ("condition",),
    "copies": ("gene",),
    "diagnosis": (),
    "exons": ("gene", "exons", "exon_count", "condition"),
    "hla": ("alleles",),
    "measurement": ("measurement", "unit"),
    "sex": ("sex",),
    "titre": ("antigen", "assay"),
    "variant": ("gene",),
    "washout": ("agent", "unit"),
    "weight": (),
}
_MAY_HAVE = {"condition": {"answer"}, "diagnosis": {"diseases", "names"}, "hla": {"answer"}}
_ALWAYS = ("key", "kind", "asks", "text", "sources", "checked", "retest", "unless", "provided")
_THRESHOLDS = ("at_least", "above", "at_most", "below")
_MEASURED = frozenset({"age", "copies", "measurement", "titre", "washout", "weight"})
_DAYS = {"years": 365.25, "months": 365.25 / 12, "weeks": 7.0, "days": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing a label asks of a person.

    Parameters
    ----------
    key
        Its name within the label (``"age"``).
    kind
        ``"indication"`` or ``"exclusion"``, which decide; ``"precaution"`` (the label warns or recommends) or
        ``"trial"`` (asked in the trials, not by the label), which caution.
    asks
        What kind of question it is; it says which of the other fields count.
    text
        What is asked, in a sentence. Met always means that nothing stands in the way: an exclusion is met when the
        person is *not* excluded.
    at_least, above, at_most, below
        Thresholds of a number in ``unit``; of a titre, the reciprocal (50 for 1:50), 0 meaning that none may be found.
    unit
        ``"years"``, ``"months"``, ``"weeks"`` or ``"days"`` of an age or of a time since a treatment; the unit of a
        measurement.
    gene
        The gene whose copies or variants count.
    diseases, names
        Identifiers and names (lower case) that state the diagnosis; the product's own when empty.
    sex
        ``"male"`` or ``"female"``.
    antigen, assay
        What the antibody binds, and ``"TAb"`` or ``"NAb"``: their titres do not compare.
    measurement
        Key of :func:`measurements`.
    condition, answer
        Key of :func:`conditions`, and the answer that meets the criterion.
    exons, exon_count
        Exons of which nothing may be deleted, and how many exons the transcript has that numbers them so; the condition
        says the same where no variant does.
    alleles
        HLA alleles by two fields, of which one must be there, or none when ``answer`` is false.
    of
        The alternatives of ``"any"``, of which one must be met, or the parts of ``"all"``, of which each must be.
    agent
        Key of :func:`agents`: the time since the last one is held against the thresholds.
    unless
        Words of the text that were not read and may lift the criterion: not met is then unknown.
    provided
        Words that were not read and may ask for more, or for another time: met is then unknown.
    retest
        What is said of testing again, where something is.
    sources, checked
        Where it stands, when that is another place than the label's.
    """

    key: str
    kind: Kind
    asks: Asks
    text: str
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    unit: str = ""
    gene: str = ""
    diseases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sex: Literal["", "male", "female"] = ""
    antigen: str = ""
    assay: Literal["", "TAb", "NAb"] = ""
    measurement: str = ""
    condition: str = ""
    answer: bool = True
    exons: tuple[int, ...] = ()
    exon_count: int = 0
    alleles: tuple[str, ...] = ()
    of: tuple[Criterion, ...] = ()
    agent: str = ""
    unless: str = ""
    provided: str = ""
    retest: str = ""
    sources: tuple[str, ...] = ()
    checked: bool | None = None

    def allows(self, value: float) -> bool:
        """Whether a number lies within the thresholds.

        Examples
        --------
        >>> asked = Criterion(key="age", kind="indication", asks="age", text="Below 2 years.", below=2, unit="years")
        >>> asked.allows(1.99), asked.allows(2.0)
        (True, False)
        """
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )

    def allows_titre(self, result: Serology) -> bool | None:
        """Say whether a titre lies within the limit; ``None`` where "less than" is written above the limit.

        Examples
        --------
        >>> asked = Criterion(
        ...     key="a", kind="trial", asks="titre", text="At most 1:50.", antigen="AAV9", assay="TAb", at_most=50
        ... )
        >>> asked.allows_titre(Serology("AAV9", "TAb", 100.0))
        False
        >>> asked.allows_titre(Serology("AAV9", "TAb", 50.0, below=True))
        True
        """
        if result.titre is None:
            return self.allows(0.0)
        if not result.below:
            return self.allows(result.titre)
        # Somewhere below the titre written: within the limit when even just below it would be, and not when even
        # nothing would not.
        limit = self.at_most if self.at_most is not None else self.below
        if limit is not None and limit > 0 and result.titre <= limit:
            return True
        return None if self.allows(0.0) else False

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        named = f"Criterion {self.key!r}"
        needs = _NEEDS[self.asks]
        yield from (f"{named} needs {name}." for name in needs if not getattr(self, name))
        has_threshold = any(getattr(self, name) is not None for name in _THRESHOLDS)
        if has_threshold is not (self.asks in _MEASURED):
            yield f"{named} {'needs a' if self.asks in _MEASURED else 'has no'} threshold."
        used = {*needs, *_ALWAYS, *_THRESHOLDS}
        used |= _MAY_HAVE.get(self.asks, set())
        extra = [f.name for f in fields(self) if f.name not in used and getattr(self, f.name) != f.default]
        if extra:
            yield f"{named} does not use {', '.join(extra)}."
        if self.asks in {"age", "washout"} and self.unit not in _DAYS:
            yield f"{named} has {'an age' if self.asks == 'age' else 'a time'} in {', '.join(_DAYS)}."
        if self.agent and self.agent not in agents():
            yield f"{named} asks for {self.agent!r}, which is no agent."
        if self.condition and self.condition not in conditions():
            yield f"{named} asks for {self.condition!r}, which is no condition."
        if self.measurement:
            yield from self._unit_problems(named)
        for one in self.of:
            yield from one.problems()

    def _unit_problems(self, named: str) -> Iterator[str]:
        fact = measurements().get(self.measurement)
        if fact is None:
            yield f"{named} asks for {self.measurement!r}, which is no measurement."
        elif self.unit not in {one.unit for one in fact.units} and not (
            fact.by_limit and self.unit == TIMES_UPPER_LIMIT
        ):
            yield f"{named} has a unit that {self.measurement} is not measured in."

    @property
    def days_in_unit(self) -> float:
        """Days in one unit of an age or of a time since a treatment."""
        return _DAYS[self.unit]
