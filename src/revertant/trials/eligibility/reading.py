"""What reading an eligibility text gives: its lines, what each asks, and what was left unread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from revertant.knowledge import Criterion
from revertant.model import Tally

__all__ = ["EligibilityLine", "EligibilityReading", "Polarity", "ReadCriterion", "Stage", "Whose"]

#: What a line's heading, or the line itself, says about those it describes.
Polarity = Literal["inclusion", "exclusion", "unknown"]
#: Whom a line describes.
Whose = Literal["patient", "donor"]
#: When a line has to hold; empty means at enrolment.
Stage = Literal["", "collection", "lymphodepletion", "infusion"]


@dataclass(frozen=True, slots=True)
class ReadCriterion:
    """One criterion, and the words it was read from.

    Parameters
    ----------
    criterion
        What is asked. Met always means that nothing stands in the way.
    start, end
        Where its words stand in the whole text.
    family
        The part of the grammar that read it (``"age"``, ``"organ_function"``).
    """

    criterion: Criterion
    start: int
    end: int
    family: str


@dataclass(frozen=True, slots=True)
class EligibilityLine:
    r"""One line of an eligibility text.

    Parameters
    ----------
    text
        Its words, as they stand.
    start
        Where they begin in the whole text.
    polarity
        ``"inclusion"`` or ``"exclusion"``, as the heading above or the line itself says; ``"unknown"`` where neither
        does, and then nothing is typed.
    whose, stage
        Whom it describes, and when it has to hold. What is asked of a donor is never typed: it says nothing of the
        patient.
    under
        The headings and the opening lines above it, outermost first, as they stand.
    read
        The criteria typed.
    unread
        The words that no criterion took, and that may ask for something else.

    Examples
    --------
    >>> from revertant.trials.eligibility import read_eligibility
    >>> line = read_eligibility("Exclusion criteria:\n- Bad teeth").lines[0]
    >>> line.polarity, line.criteria, line.unread
    ('exclusion', (), ('Bad teeth',))
    """

    text: str
    start: int
    polarity: Polarity
    whose: Whose = "patient"
    stage: Stage = ""
    under: tuple[str, ...] = ()
    read: tuple[ReadCriterion, ...] = ()
    unread: tuple[str, ...] = ()

    derived: ClassVar = ("is_parsed", "is_whole")

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """What the line asks, as far as it was read; all must be met."""
        return tuple(one.criterion for one in self.read)

    @property
    def is_parsed(self) -> bool:
        """Whether anything of the line was read."""
        return bool(self.read)

    @property
    def is_whole(self) -> bool:
        """Whether all of the line was read; only then do its criteria decide it."""
        return bool(self.read) and not self.unread


@dataclass(frozen=True, slots=True)
class EligibilityReading:
    """A whole eligibility text, read.

    Parameters
    ----------
    text
        As it was given.
    lines
        The lines that ask for something, in their order.
    headings
        The lines that only say what stands below them.
    tally
        Every line that is not empty: kept as a line, or refused as a heading.
    """

    text: str
    lines: tuple[EligibilityLine, ...]
    headings: tuple[str, ...]
    tally: Tally

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria typed, line by line."""
        return tuple(one for line in self.lines for one in line.criteria)
