"""One way to write numbers that span many powers of ten."""

from __future__ import annotations

__all__ = ["SIGNIFICANT_DIGITS", "power_text", "rounded"]

#: Digits of a simulated number that are kept: more differ between machines, and mean nothing.
SIGNIFICANT_DIGITS = 6


def power_text(value: float, digits: int = 3) -> str:
    """Write a number with so many digits, its power of ten as labels write it.

    Parameters
    ----------
    value
        The number.
    digits
        Digits that count, at most.

    Examples
    --------
    >>> power_text(1.5e11), power_text(5.06e14), power_text(1.01e-8), power_text(40.0)
    ('1.5e11', '5.06e14', '1.01e-8', '40')
    """
    mantissa, power, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}{power}{int(exponent)}" if power else mantissa


def rounded(value: float) -> float:
    """Round a simulated number to the digits that are kept.

    Examples
    --------
    >>> rounded(24017.388912345), rounded(0.0), rounded(1.23456789e-7)
    (24017.4, 0.0, 1.23457e-07)
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
