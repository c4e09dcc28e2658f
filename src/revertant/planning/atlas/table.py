"""One table of the atlas, for a terminal, a page or a machine."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AtlasTable", "share"]


@dataclass(frozen=True, slots=True)
class AtlasTable:
    """One table: a title, a header and rows of text.

    Examples
    --------
    >>> print(AtlasTable("Fruit", ("name", "n"), (("apple", "2"), ("fig", "10"))).text)
    Fruit
    name    n
    apple   2
    fig    10
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """Aligned for a terminal: words left, numbers right."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        numeric = [
            column > 0 and all(row[column][:1] in "0123456789-" for row in self.rows)
            for column in range(len(self.header))
        ]
        drawn = [
            "  ".join(
                cell.rjust(width) if is_number else cell.ljust(width)
                for cell, width, is_number in zip(line, widths, numeric, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, *drawn])

    @property
    def markdown(self) -> str:
        """The same as a Markdown table, without the title."""
        lines = [self.header, ("---",) * len(self.header), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def share(count: int, total: int) -> str:
    """Write a share in percent, never rounding some to none or to all; a dash where there is nothing to be a share of.

    Examples
    --------
    >>> share(1, 8), share(0, 0)
    ('12.5 %', '-')
    >>> share(1, 10_000), share(9_999, 10_000)
    ('<0.1 %', '>99.9 %')
    """
    if not total:
        return "-"
    if 0 < count * 2000 < total:
        return "<0.1 %"
    if 0 < (total - count) * 2000 <= total:
        return ">99.9 %"
    return f"{100 * count / total:.1f} %"
