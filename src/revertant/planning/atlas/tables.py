"""The atlas as tables: the account of the rows, what each way and each set of editors puts right, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from revertant.modality.allele_specific import DiscriminationKind
from revertant.modality.prime_editing.pegrna import FARTHEST_EDIT_NT
from revertant.planning.atlas.base_editing import change_needed
from revertant.planning.atlas.base_tables import base_tables
from revertant.planning.atlas.donor_repair import Shielding
from revertant.planning.atlas.places import nuclease_kinds
from revertant.planning.atlas.prime_editing import prime_nickases
from revertant.planning.atlas.record import Atlas, AtlasRow, Pams, Way, counted
from revertant.planning.atlas.table import AtlasTable, share

__all__ = ["NICK_STEPS", "atlas_tables", "ways_text"]

#: How many genes a table lists.
_GENES = 15
#: Distances from nick to edit up to which a table counts.
NICK_STEPS = (5, 10, 15, FARTHEST_EDIT_NT)


def atlas_tables(atlas: Atlas) -> tuple[AtlasTable, ...]:
    """Count an atlas: rows, ways and sets of editors, by change and by gene; then each way by itself.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> [table.title for table in atlas_tables(Atlas((), Tally.of("rows", kept=0)))][:3]
    ['Rows', 'Put right by each way, and by which editors', 'Put right by just these ways']
    """
    return (
        _rows(atlas),
        _sets(atlas),
        _combinations(atlas),
        *(_by_change(atlas, pams) for pams in Pams),
        _by_gene(atlas),
        _prime(atlas),
        *_prime_reasons(atlas),
        _donor(atlas),
        *_donor_reasons(atlas),
        _allele(atlas),
        *base_tables(atlas),
    )


def ways_text(ways: Iterable[Way]) -> str:
    """Name a set of ways.

    Examples
    --------
    >>> ways_text({Way.PRIME, Way.BASE}), ways_text(())
    ('base editing + prime editing', 'none')
    """
    return " + ".join(way.value for way in Way if way in set(ways)) or "none"


def _rows(atlas: Atlas) -> AtlasTable:
    tally = atlas.tally
    rows = [("read", str(tally.read)), ("kept", str(tally.kept))]
    rows += [(f"refused: {reason}", str(count)) for reason, count in tally.refused]
    return AtlasTable("Rows", ("what", "variants"), tuple(rows))


def _sets(atlas: Atlas) -> AtlasTable:
    """Each way and some sets of ways, with SpCas9's PAM alone and with every PAM."""
    asked: tuple[tuple[str, Callable[[frozenset[Way]], bool]], ...] = (
        *((way.value, lambda ways, way=way: way in ways) for way in Way),
        ("base or prime editing, no double-strand break", lambda ways: bool(ways & {Way.BASE, Way.PRIME})),
        ("any of the three", bool),
        ("none", lambda ways: not ways),
    )
    total = len(atlas.rows)
    by_pams = [atlas.ways(pams) for pams in Pams]
    rows = []
    for name, holds in asked:
        cells = []
        for ways in by_pams:
            count = sum(number for found, number in ways.items() if holds(found))
            cells += [str(count), share(count, total)]
        rows.append((name, *cells))
    header = ("put right by", *(cell for pams in Pams for cell in (pams.value, "share")))
    return AtlasTable("Put right by each way, and by which editors", header, tuple(rows))


def _combinations(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    by_pams = [atlas.ways(pams) for pams in Pams]
    found = sorted(
        {ways for one in by_pams for ways in one}, key=lambda ways: (-by_pams[-1][ways], ways_text(ways))
    )
    rows = tuple(
        (ways_text(ways), *(cell for one in by_pams for cell in (str(one[ways]), share(one[ways], total))))
        for ways in found
    )
    header = ("just these ways", *(cell for pams in Pams for cell in (pams.value, "share")))
    return AtlasTable("Put right by just these ways", header, rows)


def _grouped(atlas: Atlas, pams: Pams, group: Callable[[AtlasRow], str]) -> list[tuple[str, ...]]:
    """One line for each group of variants, the largest first: how many each way puts right."""
    groups: dict[str, list[frozenset[Way]]] = {}
    for row in atlas.rows:
        groups.setdefault(group(row), []).append(row.ways(pams))
    lines = []
    for name, found in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        counts = [sum(way in ways for ways in found) for way in Way]
        counts.append(sum(map(bool, found)))
        shares = [cell for count in counts for cell in (str(count), share(count, len(found)))]
        lines.append((name, str(len(found)), *shares))
    return lines


_GROUPED = ("variants", *(cell for way in (*Way, "any") for cell in (str(way), "share")))


def _by_change(atlas: Atlas, pams: Pams) -> AtlasTable:
    lines = _grouped(atlas, pams, lambda row: change_needed(row.row.edit))
    return AtlasTable(
        f"By the change needed, {pams.value}, shares of its own variants", ("change", *_GROUPED), tuple(lines)
    )


def _by_gene(atlas: Atlas) -> AtlasTable:
    lines = _grouped(atlas, Pams.ANY, lambda row: row.row.gene or "not named")
    title = f"By gene, any PAM: the {min(_GENES, len(lines))} of {len(lines)} genes with most variants"
    return AtlasTable(title, ("gene", *_GROUPED), tuple(lines[:_GENES]))


def _prime(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    lines = []
    for editor in prime_nickases():
        nicks = [
            edit.edit_position
            for row in atlas.rows
            if (edit := row.prime.with_nickase(editor.nuclease)) is not None
        ]
        counts = [sum(nick <= step for nick in nicks) for step in NICK_STEPS]
        shares = [cell for count in counts for cell in (str(count), share(count, total))]
        lines.append((editor.base.pam, editor.name, *shares))
    header = (
        "PAM",
        "such as",
        *(cell for step in NICK_STEPS for cell in (f"edit at +1 to +{step}", "share")),
    )
    return AtlasTable(
        "Prime editing: by PAM, and by where the edit lies from the nearest nick", header, tuple(lines)
    )


def _prime_reasons(atlas: Atlas) -> tuple[AtlasTable, ...]:
    pams = {editor.nuclease: editor.base.pam for editor in prime_nickases()}
    lines = [
        (pam, reason, str(count), share(count, len(atlas.rows)))
        for nuclease, pam in pams.items()
        for reason, count in counted(
            why for row in atlas.rows for key, why in row.prime.because if key == nuclease
        )
    ]
    title = "Prime editing: why no pegRNA"
    return (AtlasTable(title, ("PAM", "reason", "variants", "share"), tuple(lines)),) if lines else ()


def _donor(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    lines = []
    for kind in nuclease_kinds():
        found = Counter(
            cut.shielding for row in atlas.rows if (cut := row.repair.by_kind(kind.key)) is not None
        )
        counts = sum(number for shielding, number in found.items() if shielding.counts)
        lines.append(
            (
                kind.nuclease.pam,
                kind.words,
                str(found.total()),
                share(found.total(), total),
                *(str(found[shielding]) for shielding in Shielding),
                str(counts),
                share(counts, total),
            )
        )
    header = ("PAM", "nuclease", "cut near", "share", *(one.value for one in Shielding), "counted", "share")
    title = "Cut and donor: by nuclease, and by what keeps it from cutting again"
    return AtlasTable(title, header, tuple(lines))


def _donor_reasons(atlas: Atlas) -> tuple[AtlasTable, ...]:
    total = len(atlas.rows)
    reasons = counted(row.repair.because for row in atlas.rows if row.repair.because)
    lines = tuple((reason, str(count), share(count, total)) for reason, count in reasons)
    return (AtlasTable("Cut and donor: why not", ("reason", "variants", "share"), lines),) if lines else ()


def _allele(atlas: Atlas) -> AtlasTable:
    total = len(atlas.rows)
    shown = (DiscriminationKind.PAM, DiscriminationKind.WEAK_PAM, DiscriminationKind.SEED)

    def line(pam: str, name: str, found: Counter[DiscriminationKind]) -> tuple[str, ...]:
        return (
            pam,
            name,
            *(cell for kind in shown for cell in (str(found[kind]), share(found[kind], total))),
            str(total - found.total()),
        )

    best = Counter(one for row in atlas.rows if (one := row.allele.best) is not None)
    lines = [line("any", "best of all", best)]
    for kind in nuclease_kinds():
        found = Counter(one for row in atlas.rows if (one := row.allele.of(kind.key)) is not None)
        lines.append(line(kind.nuclease.pam, kind.words, found))
    header = (
        "PAM",
        "nuclease",
        "makes a PAM",
        "share",
        "makes a better PAM",
        "share",
        "seed only",
        "share",
        "no",
    )
    return AtlasTable(
        "Allele-specific cut: how the variant can be told from the wild type", header, tuple(lines)
    )
