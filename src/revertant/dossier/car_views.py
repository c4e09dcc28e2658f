"""What the template is given of a cell therapy: drawings, edits in words, and what to watch by its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from markupsafe import Markup

from revertant.dossier.svg_antigens import MOST_DRAWN, antigens_legend, draw_antigens
from revertant.dossier.svg_course import course_legend, draw_course
from revertant.dossier.svg_joinings import draw_joinings, joinings_legend
from revertant.dossier.vector_views import Drawing
from revertant.model import CarTherapy, EditMethod, WatchItem

__all__ = ["METHOD_WORDS", "CarView", "car_view"]

METHOD_WORDS = {
    EditMethod.BASE_EDITING: "base editing",
    EditMethod.NUCLEASE: "cut",
    EditMethod.KNOCK_IN: "cut and receptor put in",
}
_WIDE, _NARROW = 760.0, 360.0
_MOST_ROWS = 60
_WHEN_WORDS = {
    "before": "Before the cells are given",
    "release": "Before release of the product",
    "first weeks": "In the first weeks",
    "follow-up": "Afterwards",
}


@dataclass(frozen=True, slots=True)
class CarView:
    """A cell therapy as shown; ``more_antigens`` says how many stand in neither drawing nor table.

    ``shows_tumour`` is false where what was judged of the tumour stands with another design already.
    """

    therapy: CarTherapy
    shows_tumour: bool
    antigens: Drawing
    antigens_legend: tuple[tuple[str, str], ...]
    undrawn: int
    more_antigens: int
    joinings: Drawing
    joinings_legend: tuple[tuple[str, str], ...]
    course: Drawing
    course_legend: tuple[tuple[str, str], ...]
    watch: tuple[tuple[str, tuple[WatchItem, ...]], ...]
    most_rows: int = _MOST_ROWS


def car_view(therapy: CarTherapy, *, shows_tumour: bool = True) -> CarView:
    """Prepare a cell therapy."""
    measured = sum(one.tumour is not None for one in therapy.antigens)
    kinetics = therapy.kinetics
    return CarView(
        therapy,
        shows_tumour,
        _both(partial(draw_antigens, therapy.antigens)),
        antigens_legend() if measured else (),
        max(0, measured - MOST_DRAWN),
        max(0, len(therapy.antigens) - _MOST_ROWS),
        _both(partial(draw_joinings, therapy.edit_set)),
        joinings_legend() if therapy.edit_set.assays else (),
        _both(partial(draw_course, kinetics)) if kinetics is not None else Drawing(Markup(), Markup()),
        course_legend(kinetics) if kinetics is not None else (),
        tuple(
            (_WHEN_WORDS[when], tuple(items))
            for when, items in groupby(therapy.watch, key=lambda item: item.when)
        ),
    )


def _both(draw: Callable[..., str]) -> Drawing:
    # The drawings escape their own texts.
    return Drawing(Markup(draw(width=_WIDE)), Markup(draw(width=_NARROW)))  # noqa: S704
