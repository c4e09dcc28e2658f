"""The atlas as tables: counts for reading, and one row for each variant for looking up."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from revertant import knowledge
from revertant.planning.atlas import Atlas, AtlasRow, Bystanders, Cell, cells, change_needed

__all__ = ["AtlasTable", "atlas_tables", "write_atlas"]

#: How many single editors and reasons a table lists.
_BEST_EDITORS = 12


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


def atlas_tables(atlas: Atlas) -> tuple[AtlasTable, ...]:
    """Count an atlas: overall, for each chemistry and PAM, why not, and the best single editors.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> [table.title for table in atlas_tables(Atlas((), Tally.of("rows", kept=0)))][:2]
    ['Rows', 'Restoring the wild type with the best of all editors']
    """
    return (
        _rows(atlas),
        _overall(atlas),
        _by_change(atlas),
        _by_cell(atlas),
        _reasons(atlas),
        _editors(atlas),
        *_frames(atlas),
    )


def _rows(atlas: Atlas) -> AtlasTable:
    tally = atlas.tally
    rows = [("read", str(tally.read)), ("kept", str(tally.kept))]
    rows += [(f"refused: {reason}", str(count)) for reason, count in tally.refused]
    return AtlasTable("Rows", ("what", "variants"), tuple(rows))


def _overall(atlas: Atlas) -> AtlasTable:
    best, total = atlas.best(), len(atlas.rows)
    rows = [(name.value, str(best[name]), _share(best[name], total)) for name in Bystanders]
    rest = total - best.total()
    rows += [("not correctable", str(rest), _share(rest, total)), ("all", str(total), _share(total, total))]
    return AtlasTable(
        "Restoring the wild type with the best of all editors", ("class", "variants", "share"), tuple(rows)
    )


def _by_change(atlas: Atlas) -> AtlasTable:
    variants = Counter(change_needed(row.row.edit) for row in atlas.rows)
    counted: dict[str, Counter[Bystanders]] = {needed: Counter() for needed in variants}
    for row in atlas.rows:
        if row.best is not None:
            counted[change_needed(row.row.edit)][row.best] += 1
    order = sorted(variants, key=lambda needed: (-variants[needed], needed))
    rows = tuple(
        (needed, str(variants[needed]), *_columns(counted[needed], variants[needed])) for needed in order
    )
    return AtlasTable(
        "By the change needed, shares of its own variants", ("change", "variants", *_HEADER), rows
    )


def _by_cell(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    counted: dict[Cell, Counter[Bystanders]] = {cell: Counter() for cell in cells()}
    for row in atlas.rows:
        for cell, reached in row.by_cell.items():
            counted[cell][reached] += 1
    known = knowledge.editors().values()
    rows = []
    for cell, counts in counted.items():
        editors = sum((editor.chemistry, editor.pam) == cell for editor in known)
        rows.append((*cell, str(editors), *_columns(counts, total)))
    return AtlasTable("By chemistry and PAM", ("chemistry", "PAM", "editors", *_HEADER), tuple(rows))


#: Columns of a table that counts the classes.
_HEADER = ("restorable", "share", "clean", "share", "silent", "share", "not known", "coding", "share")


def _columns(counts: Counter[Bystanders], total: int) -> tuple[str, ...]:
    clean, silent, coding = counts[Bystanders.CLEAN], counts[Bystanders.SILENT], counts[Bystanders.CODING]
    return (
        str(counts.total()),
        _share(counts.total(), total),
        str(clean),
        _share(clean, total),
        str(silent),
        _share(silent, total),
        str(counts[Bystanders.UNKNOWN]),
        str(coding),
        _share(coding, total),
    )


def _reasons(atlas: Atlas) -> AtlasTable:
    rest = [(reason, str(count), _share(count, len(atlas.rows))) for reason, count in atlas.reasons()]
    return AtlasTable("Why the rest cannot be corrected", ("reason", "variants", "share"), tuple(rest))


def _editors(atlas: Atlas) -> AtlasTable:
    """The editors that correct most variants without changing another residue."""
    counted: dict[str, Counter[Bystanders]] = {key: Counter() for key in knowledge.editors()}
    for row in atlas.rows:
        for key, reached in row.editors:
            counted[key][reached] += 1

    def order(key: str) -> tuple[int, int, str]:
        counts = counted[key]
        return -(counts[Bystanders.CLEAN] + counts[Bystanders.SILENT]), -counts[Bystanders.CLEAN], key

    rows = []
    for key in sorted(counted, key=order)[:_BEST_EDITORS]:
        editor = knowledge.editors()[key]
        rows.append((editor.name, editor.chemistry, editor.pam, *_columns(counted[key], len(atlas.rows))))
    title = "The single editors that correct most without changing another residue"
    return AtlasTable(title, ("editor", "chemistry", "PAM", *_HEADER), tuple(rows))


def _frames(atlas: Atlas) -> tuple[AtlasTable, ...]:
    rows = tuple((reason, str(count)) for reason, count in atlas.frames())
    return (AtlasTable("Why a reading frame is not known", ("reason", "variants"), rows),) if rows else ()


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "-"


def write_atlas(atlas: Atlas) -> str:
    r"""Write one tab-separated row for each variant: its best guide, and its class for each chemistry and PAM.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> write_atlas(Atlas((), Tally.of("rows", kept=0))).split("\t")[:5]
    ['line', 'name', 'gene', 'phenotype', 'best']
    """
    text = StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
    fixed = (
        "line",
        "name",
        "gene",
        "phenotype",
        "best",
        "because",
        "editor",
        "spacer",
        "pam",
        "target_position",
    )
    writer.writerow([*fixed, "frame_not_known", *(f"{chemistry}_{pam}" for chemistry, pam in cells())])
    for row in atlas.rows:
        writer.writerow(_line(row, cells()))
    return text.getvalue()


def _line(row: AtlasRow, columns: Sequence[Cell]) -> list[str]:
    best = row.best.value if row.best is not None else "not correctable"
    guide = tuple(str(part) for part in row.guide) if row.guide is not None else ("", "", "", "")
    reached = row.by_cell
    classes = [reached[cell].value if cell in reached else "" for cell in columns]
    written = row.row
    return [
        str(written.line),
        written.name,
        written.gene,
        written.phenotype,
        best,
        row.because,
        *guide,
        row.frame,
        *classes,
    ]
