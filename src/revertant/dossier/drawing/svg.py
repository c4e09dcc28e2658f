"""The few words of SVG the drawings need: elements with escaped text and short numbers.

Colours are not set here. Every element has a class, and the report's style sheet colours it, so that light,
dark and printed pages come from one drawing.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from revertant.dossier.words import one_line

__all__ = ["drawing", "element", "group", "line", "number", "path", "rect", "text", "text_run"]


def number(value: float) -> str:
    """Write a coordinate with at most one decimal.

    Examples
    --------
    >>> number(3.0), number(2.25), number(-0.04)
    ('3', '2.2', '0')
    """
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return one element; a trailing underscore and inner underscores of names become dashes.

    Examples
    --------
    >>> element("g", "x", class_="a", data_x=2)
    '<g class="a" data-x="2">x</g>'
    """
    parts = [name]
    for key, value in attributes.items():
        shown = value if isinstance(value, str) else number(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{escape(one_line(shown))}"')
    opening = " ".join(parts)
    return f"<{opening}>{content}</{name}>" if content else f"<{opening}/>"


def rect(
    x: float, y: float, width: float, height: float, class_: str, *, radius: float = 0, tip: str = ""
) -> str:
    """Return a rectangle, with an optional tooltip."""
    round_ = {"rx": radius} if radius else {}
    return element("rect", _title(tip), class_=class_, x=x, y=y, width=width, height=height, **round_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """Return a straight line."""
    return element("line", class_=class_, x1=x1, y1=y1, x2=x2, y2=y2)


def path(data: str, class_: str, *, tip: str = "") -> str:
    """Return a path."""
    return element("path", _title(tip), class_=class_, d=data)


def text(x: float, y: float, words: str, class_: str, *, tip: str = "") -> str:
    """Return one text; its anchor is a matter of its class."""
    return element("text", escape(one_line(words)) + _title(tip), class_=class_, x=x, y=y)


def text_run(xs: Iterable[float], y: float, letters: str, class_: str) -> str:
    """Return a text whose letters stand each at its own place."""
    places = " ".join(number(x) for x in xs)
    return element("text", escape(one_line(letters)), class_=class_, x=places, y=y)


def _title(tip: str) -> str:
    """Return a tooltip, empty when there is nothing to say."""
    return f"<title>{escape(one_line(tip))}</title>" if tip else ""


def group(content: str, class_: str) -> str:
    """Return a group."""
    return element("g", content, class_=class_)


def drawing(width: float, height: float, content: str, class_: str, *, label: str) -> str:
    """Return a whole drawing that scales with the page; ``label`` says in words what it shows."""
    return element(
        "svg",
        content,
        class_=class_,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
        xmlns="http://www.w3.org/2000/svg",
    )
