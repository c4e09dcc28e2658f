"""Read a registry's eligibility text: lines, then what each asks."""

from __future__ import annotations

from revertant.model import Tally
from revertant.trials.eligibility.reading import EligibilityLine, EligibilityReading
from revertant.trials.eligibility.sections import Place, lines_of

__all__ = ["read_eligibility"]


def read_eligibility(text: str) -> EligibilityReading:
    r"""Read the eligibility criteria of a trial or a label.

    Parameters
    ----------
    text
        As a registry gives it, headings and bullets included.

    Returns
    -------
    EligibilityReading
        Every line with what was read of it and what was not. Nothing unread is assumed.

    Examples
    --------
    >>> reading = read_eligibility("Inclusion Criteria:\n* Age 18 to 75 years\nExclusion Criteria:\n* Bad teeth")
    >>> [(line.polarity, line.is_parsed) for line in reading.lines]
    [('inclusion', False), ('exclusion', False)]
    """
    places = tuple(lines_of(text))
    lines = tuple(_line(text, place) for place in places if not place.is_heading)
    headings = tuple(text[place.start : place.end] for place in places if place.is_heading)
    return EligibilityReading(
        text,
        lines,
        headings,
        Tally.of("eligibility lines", kept=len(lines), refused=["heading"] * len(headings)),
    )


def _line(text: str, place: Place) -> EligibilityLine:
    return EligibilityLine(
        text=text[place.start : place.end],
        start=place.start,
        polarity=place.section.polarity,
        whose=place.section.whose,
        stage=place.section.stage,
        under=(*place.section.headings, *place.parents),
        unread=(text[place.body : place.end],),
    )
