"""Write the page of all model cards into the documentation: ``python -m training.report``."""

from __future__ import annotations

from collections.abc import Iterator

from revertant.prediction.card import Card, DataSet, cards
from training.data import ROOT
from training.package import figure_table

__all__ = ["PAGE", "main", "page"]

PAGE = ROOT / "docs" / "benchmarks" / "predictors.md"
INTRO = """# Predictors

What each trained model of {py:mod}`revertant.prediction` learnt from, what it never saw, and how well it does there,
beside a baseline on the same rows. Intervals are 95 % over bootstrap samples. The scripts lie in `training/`, need
`pip install -e ".[training]"` and the published data, and write weights, cards and (`python -m training.report`) this
page; a second run on the same machine writes the same bytes. Outside a model's domain the program says "not defined".
"""


def _data(rows: tuple[DataSet, ...]) -> Iterator[str]:
    for row in rows:
        yield f"- {row.name}: {row.rows:,} rows ({row.source}; licence: {row.licence}; `{row.file}`)"


def _section(card: Card) -> Iterator[str]:
    yield from (f"## {card.title}", "")
    yield f"`{card.key}`, weights `{card.digest}`, made by `{card.script}`. Unit: {card.unit}."
    yield from ("", f"**Domain.** {card.domain}.", "", f"**Model.** {card.method}.", "", "**Trained on**", "")
    yield from _data(card.training)
    yield from ("", "**Never used in training**", "")
    yield from _data(card.held_out)
    yield from ("", f"**Split.** {card.split}", "", f"**Interval.** {card.interval}.", "")
    yield from (figure_table(card.figures), "", "**Limits**", "")
    yield from (f"- {limit}" for limit in card.limits)


def _all_figures() -> Iterator[str]:
    yield from (
        "## All figures",
        "",
        "| model | test set | metric | n | this model (95 % interval) | baseline |",
    )
    yield "|---|---|---|--:|---|---|"
    for key in sorted(cards()):
        for row in figure_table(cards()[key].figures).splitlines()[2:]:
            yield f"| `{key}` {row}"
    yield ""


def page() -> str:
    """Return the page, made of the cards alone."""
    lines = [INTRO, *_all_figures()]
    for key in sorted(cards()):
        lines += [*_section(cards()[key]), ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
