"""From a posterior to an interval of copies."""

from __future__ import annotations

from collections.abc import Mapping

from revertant.patient.smn.result import CopyRange

__all__ = ["INTERVAL", "at_least", "copy_range", "unknown_range"]

#: What an interval holds of the posterior.
INTERVAL = 0.99


def copy_range(
    what: str, posterior: Mapping[int, float], *, is_call: bool, code: str, because: str
) -> CopyRange:
    """Make the interval of a posterior: half a per cent is left out at either end at most.

    Parameters
    ----------
    what
        What is counted.
    posterior
        Copies to probability.
    is_call, code, because
        Whether the most probable number can be relied on, and why.

    Examples
    --------
    >>> found = copy_range("SMN2", {2: 0.03, 3: 0.969, 4: 0.001}, is_call=True, code="majority", because="")
    >>> found.text, found.best
    ('2 to 3', 3)
    """
    edge = (1 - INTERVAL) / 2
    numbers = sorted(posterior)
    low = high = numbers[0]
    below = 0.0
    for number in numbers:
        if below <= edge:
            low = number
        below += posterior[number]
    above = 0.0
    for number in reversed(numbers):
        if above <= edge:
            high = number
        above += posterior[number]
    best = max(posterior, key=lambda number: posterior[number])
    return CopyRange(what, low, high, best, posterior[best], is_call, code, because)


def unknown_range(what: str, code: str, because: str) -> CopyRange:
    """Say that nothing is known, and why.

    Examples
    --------
    >>> unknown_range("SMN1", "no-reads", "The file has no reads of it.").text
    'not known'
    """
    return CopyRange(what, None, None, None, None, is_call=False, code=code, because=because)


def at_least(what: str, low: int, high: int | None, code: str, because: str) -> CopyRange:
    """Give bounds without a most probable number.

    Examples
    --------
    >>> at_least("SMN1", 1, None, "not-covered", "").text
    'at least 1'
    """
    return CopyRange(what, low, high, None, None, is_call=False, code=code, because=because)
