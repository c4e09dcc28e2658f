"""What the template is given of a cell therapy: drawings, edits in words, and what to watch by its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from markupsafe import Markup

from revertant.dossier.drawing.antigens import MOST_DRAWN, antigens_legend, draw_antigens
from revertant.dossier.drawing.course import course_legend, draw_course
from revertant.dossier.drawing.escape import draw_escape, escape_legend
from revertant.dossier.drawing.joinings import draw_joinings, joinings_legend
from revertant.dossier.vectors.views import Drawing
from revertant.model import CarTherapy, EditMethod, JudgedAntigen, JudgedTumour, Plan, WatchItem

__all__ = ["METHOD_WORDS", "CarView", "TumourView", "car_view", "tumour_view"]

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
class TumourView:
    """What a tumour offers as shown; ``undrawn`` and ``more`` are antigens in the table only, and in neither.

    ``attacked`` are the antigens of the plan's designs.
    """

    tumour: JudgedTumour
    antigens: Drawing
    legend: tuple[tuple[str, str], ...]
    shown: tuple[JudgedAntigen, ...]
    undrawn: int
    more: int
    attacked: frozenset[str]
    escape: Drawing
    escape_legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CarView:
    """A cell therapy as shown."""

    therapy: CarTherapy
    joinings: Drawing
    joinings_legend: tuple[tuple[str, str], ...]
    course: Drawing
    course_legend: tuple[tuple[str, str], ...]
    watch: tuple[tuple[str, tuple[WatchItem, ...]], ...]


def tumour_view(plan: Plan) -> TumourView | None:
    """Prepare what a plan's tumour offers; ``None`` where no tumour is planned for."""
    tumour = plan.tumour
    if tumour is None:
        return None
    measured = sum(one.tumour is not None for one in tumour.antigens)
    escape = tumour.escape
    cars = [ranked.design.car for ranked in plan.designs if ranked.design.car is not None]
    return TumourView(
        tumour,
        _both(partial(draw_antigens, tumour.antigens)),
        antigens_legend() if measured else (),
        tumour.antigens[:_MOST_ROWS],
        max(0, min(measured, _MOST_ROWS) - MOST_DRAWN),
        max(0, len(tumour.antigens) - _MOST_ROWS),
        frozenset(gene for car in cars for gene in car.attacked),
        _both(partial(draw_escape, escape)) if escape is not None else Drawing(Markup(), Markup()),
        escape_legend(escape) if escape is not None else (),
    )


def car_view(therapy: CarTherapy) -> CarView:
    """Prepare a cell therapy."""
    kinetics = therapy.kinetics
    return CarView(
        therapy,
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
