"""The atlas of base editing as tables: classes of bystanders by change, chemistry, PAM and editor."""

from __future__ import annotations

from collections import Counter

from revertant import knowledge
from revertant.planning.atlas.base_editing import Bystanders, Cell, cells, change_needed
from revertant.planning.atlas.record import Atlas
from revertant.planning.atlas.table import AtlasTable, share

__all__ = ["base_tables"]

#: How many single editors a table lists.
_BEST_EDITORS = 12


def base_tables(atlas: Atlas) -> tuple[AtlasTable, ...]:
    """Count what base editing reaches: overall, by change, chemistry and PAM, why not, and the best single editors.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> base_tables(Atlas((), Tally.of("rows", kept=0)))[0].title
    'Base editing: the best of all editors'
    """
    return (
        _overall(atlas),
        _by_change(atlas),
        _by_cell(atlas),
        _reasons(atlas),
        _editors(atlas),
        *_frames(atlas),
    )


def _overall(atlas: Atlas) -> AtlasTable:
    best, total = atlas.best(), len(atlas.rows)
    rows = [(name.value, str(best[name]), share(best[name], total)) for name in Bystanders]
    rest = total - best.total()
    rows += [("not correctable", str(rest), share(rest, total)), ("all", str(total), share(total, total))]
    return AtlasTable("Base editing: the best of all editors", ("class", "variants", "share"), tuple(rows))


def _by_change(atlas: Atlas) -> AtlasTable:
    variants = Counter(change_needed(row.row.edit) for row in atlas.rows)
    counted: dict[str, Counter[Bystanders]] = {needed: Counter() for needed in variants}
    for row in atlas.rows:
        if row.base.best is not None:
            counted[change_needed(row.row.edit)][row.base.best] += 1
    order = sorted(variants, key=lambda needed: (-variants[needed], needed))
    rows = tuple(
        (needed, str(variants[needed]), *_columns(counted[needed], variants[needed])) for needed in order
    )
    return AtlasTable(
        "Base editing: by the change needed, shares of its own variants",
        ("change", "variants", *_HEADER),
        rows,
    )


def _by_cell(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    counted: dict[Cell, Counter[Bystanders]] = {cell: Counter() for cell in cells()}
    for row in atlas.rows:
        for cell, reached in row.base.by_cell.items():
            counted[cell][reached] += 1
    known = knowledge.editors().values()
    rows = []
    for cell, counts in counted.items():
        editors = sum((editor.chemistry, editor.pam) == cell for editor in known)
        rows.append((*cell, str(editors), *_columns(counts, total)))
    return AtlasTable(
        "Base editing: by chemistry and PAM", ("chemistry", "PAM", "editors", *_HEADER), tuple(rows)
    )


#: Columns of a table that counts the classes.
_HEADER = ("restorable", "share", "clean", "share", "silent", "share", "not known", "coding", "share")


def _columns(counts: Counter[Bystanders], total: int) -> tuple[str, ...]:
    clean, silent, coding = counts[Bystanders.CLEAN], counts[Bystanders.SILENT], counts[Bystanders.CODING]
    return (
        str(counts.total()),
        share(counts.total(), total),
        str(clean),
        share(clean, total),
        str(silent),
        share(silent, total),
        str(counts[Bystanders.UNKNOWN]),
        str(coding),
        share(coding, total),
    )


def _reasons(atlas: Atlas) -> AtlasTable:
    rest = [(reason, str(count), share(count, len(atlas.rows))) for reason, count in atlas.reasons()]
    return AtlasTable(
        "Base editing: why the rest cannot be corrected", ("reason", "variants", "share"), tuple(rest)
    )


def _editors(atlas: Atlas) -> AtlasTable:
    """The editors that correct most variants without changing another residue."""
    counted: dict[str, Counter[Bystanders]] = {key: Counter() for key in knowledge.editors()}
    for row in atlas.rows:
        for key, reached in row.base.editors:
            counted[key][reached] += 1

    def order(key: str) -> tuple[int, int, str]:
        counts = counted[key]
        return -(counts[Bystanders.CLEAN] + counts[Bystanders.SILENT]), -counts[Bystanders.CLEAN], key

    rows = []
    for key in sorted(counted, key=order)[:_BEST_EDITORS]:
        editor = knowledge.editors()[key]
        rows.append((editor.name, editor.chemistry, editor.pam, *_columns(counted[key], len(atlas.rows))))
    title = "Base editing: the single editors that correct most without changing another residue"
    return AtlasTable(title, ("editor", "chemistry", "PAM", *_HEADER), tuple(rows))


def _frames(atlas: Atlas) -> tuple[AtlasTable, ...]:
    rows = tuple((reason, str(count)) for reason, count in atlas.frames())
    return (
        (AtlasTable("Base editing: why a reading frame is not known", ("reason", "variants"), rows),)
        if rows
        else ()
    )
