"""The correctability atlas: of many pathogenic variants, which could a base editor put right, and how cleanly.

Each variant is asked the question a plan asks for one person, with the same pieces: the local sequence becomes a
small genome, the variant a homozygous call, and every editor of the catalogue is placed on it. For each
chemistry and PAM the best guide decides the class: **clean** (no other base in the window can be edited),
**silent** (every genotype with the target edited has the wild-type protein), **coding** (some change it),
**unknown** (the frame is not known), or not at all, with the reason.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import combinations

from revertant import knowledge
from revertant.genome import PatientGenome
from revertant.modality.base_editing.intended import Wish, guide_strands, restoring_wish
from revertant.modality.base_editing.outcome import Judge
from revertant.modality.base_editing.placing import Candidate, place_editors
from revertant.model import (
    Allele,
    BaseChange,
    Call,
    Consequence,
    Pathogenicity,
    Route,
    Tally,
    Zygosity,
)
from revertant.planning.atlas_frame import ContextGene, context_gene
from revertant.planning.atlas_rows import ContextRow, ContextTable
from revertant.sequence import complement
from revertant.variant import EditString

__all__ = [
    "Atlas",
    "AtlasRow",
    "Bystanders",
    "Cell",
    "build_atlas",
    "cells",
    "change_needed",
    "judge_placed",
    "judge_row",
]

#: A chemistry and a PAM, as the editors of the catalogue group.
Cell = tuple[str, str]

#: Rows sent to a process at a time: small enough for an even load, large enough to be worth sending.
_CHUNK = 64


class Bystanders(StrEnum):
    """What the best guide does besides putting the variant right, best first."""

    CLEAN = "clean"
    SILENT = "silent bystanders"
    UNKNOWN = "bystanders not known"
    CODING = "coding bystanders"

    @property
    def rank(self) -> int:
        """0 is the best."""
        return list(Bystanders).index(self)


@dataclass(frozen=True, slots=True)
class AtlasRow:
    """What base editing can do for one variant.

    Parameters
    ----------
    row
        The variant.
    best
        The best class any editor reaches; ``None`` when none can restore the wild type.
    because
        Why none can; empty otherwise.
    editors
        ``(editor key, class)`` of every editor that can, in the order of the catalogue.
    guide
        Editor key, spacer, PAM and target position of the best guide; empty when there is none.
    frame
        Why the reading frame is not known; empty when it is known or was not asked for.
    """

    row: ContextRow
    best: Bystanders | None
    because: str = ""
    editors: tuple[tuple[str, Bystanders], ...] = ()
    guide: tuple[str, str, str, int] | None = None
    frame: str = ""

    @property
    def by_cell(self) -> dict[Cell, Bystanders]:
        """The best class for each chemistry and PAM that can restore the wild type."""
        known = knowledge.editors()
        found: dict[Cell, Bystanders] = {}
        for key, reached in self.editors:
            cell = known[key].chemistry, known[key].pam
            if cell not in found or reached.rank < found[cell].rank:
                found[cell] = reached
        return found


@dataclass(frozen=True, slots=True)
class Atlas:
    """The atlas of one table.

    Parameters
    ----------
    rows
        In the order of the table.
    tally
        Rows read, kept and refused.
    refused
        ``(line, reason)`` of every row that was refused.
    """

    rows: tuple[AtlasRow, ...]
    tally: Tally
    refused: tuple[tuple[int, str], ...] = ()

    def best(self) -> Counter[Bystanders]:
        """How many variants reach each class with the best of all editors."""
        return Counter(row.best for row in self.rows if row.best is not None)

    def of_cell(self, cell: Cell) -> Counter[Bystanders]:
        """How many variants reach each class with one chemistry and PAM."""
        return Counter(row.by_cell[cell] for row in self.rows if cell in row.by_cell)

    def of_editor(self, key: str) -> Counter[Bystanders]:
        """How many variants reach each class with one editor."""
        return Counter(dict(row.editors)[key] for row in self.rows if key in dict(row.editors))

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why the rest cannot be corrected, most frequent first."""
        counts = Counter(row.because for row in self.rows if row.best is None)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def frames(self) -> tuple[tuple[str, int], ...]:
        """Why reading frames are not known, most frequent first."""
        counts = Counter(row.frame for row in self.rows if row.frame)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def cells() -> tuple[Cell, ...]:
    """Every chemistry and PAM of the catalogue: ABE, CBE, CGBE, dual; each with its least demanding PAM last.

    Examples
    --------
    >>> ("ABE", "NGG") in cells(), ("CGBE", "NG") in cells()
    (True, False)
    """
    order = ("ABE", "CBE", "CGBE", "dual")
    found = {(editor.chemistry, editor.pam) for editor in knowledge.editors().values()}
    return tuple(sorted(found, key=lambda cell: (order.index(cell[0]), cell[1])))


def judge_row(row: ContextRow) -> AtlasRow:
    """Say what base editing can do for one variant.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTG(A/T)GGAGAAGTCTGC")
    >>> judge_row(ContextRow(2, "NM_000518.5(HBB):c.20A>T (p.Glu7Val)", "HBB", "", edit)).because
    'transversion that no deaminase makes (A to T or T to A)'
    """
    edit, needed = row.edit, change_needed(row.edit)
    if len(edit.ref) != len(edit.alt):
        article = "an" if needed.startswith("i") else "a"
        return AtlasRow(row, None, f"{article} {needed} is needed: base editors add and remove no bases")
    changes = tuple(
        BaseChange(edit.start + offset, now, wild)
        for offset, (wild, now) in enumerate(zip(edit.ref, edit.alt, strict=True))
        if wild != now
    )
    if not any(guide_strands(changes, editor.base_changes) for editor in knowledge.editors().values()):
        many = len(changes) > 1
        because = "several bases that no single editor changes together" if many else _transversion(needed)
        return AtlasRow(row, None, because)
    return judge_placed(row, context_gene(row))


def change_needed(edit: EditString) -> str:
    """Name the change that turns the variant back into the wild type, on either strand.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> change_needed(parse_edit("CTG(A/T)GG")), change_needed(parse_edit("CTG(-A)GG"))
    ('A to T or T to A', 'insertion')
    """
    if len(edit.ref) != len(edit.alt):
        return "insertion" if len(edit.ref) > len(edit.alt) else "deletion"
    if len(edit.ref) > 1:
        return "several bases"
    readings = {f"{edit.alt} to {edit.ref}", f"{complement(edit.alt)} to {complement(edit.ref)}"}
    return " or ".join(sorted(readings))


def _transversion(needed: str) -> str:
    return f"transversion that no deaminase makes ({needed})"


def judge_placed(row: ContextRow, gene: ContextGene) -> AtlasRow:
    """Say what base editing can do for a variant on a given reference and transcript.

    Parameters
    ----------
    row
        A row that exchanges bases.
    gene
        The small reference a row's own sequence makes, or the real genome and transcript.
    """
    editors = tuple(knowledge.editors().values())
    genome = PatientGenome(gene.reference, [Call(gene.variant, (True, True), origin="case")])
    [window] = genome.windows(gene.locus)
    allele = Allele(
        gene.variant,
        Zygosity.HOMOZYGOUS,
        Pathogenicity.PATHOGENIC,
        Consequence("", row.gene, (), hgvs_c=row.name),
    )
    wish = restoring_wish(allele)
    assert wish is not None  # the edit leaves the length unchanged
    refused: list[str] = []
    judge = _RowJudge(Judge(window, gene.reference, gene.transcript, pathogenic=(gene.variant,)), gene, wish)
    reached: dict[str, tuple[Bystanders, Candidate]] = {}
    for candidate in place_editors(wish, window, editors, refused):
        found = judge.of(candidate)
        known = reached.get(candidate.editor.key)
        if known is None or _order(found, candidate) < _order(*known):
            reached[candidate.editor.key] = found, candidate
    if not reached:
        crowded = sorted({reason for reason in refused if not reason.startswith("no ")})
        return AtlasRow(
            row, None, crowded[0] if crowded else "no PAM puts the base into the window of any editor"
        )
    best, candidate = min(reached.values(), key=lambda pair: _order(*pair))
    spacer = candidate.protospacer
    return AtlasRow(
        row,
        best,
        editors=tuple((key, reached[key][0]) for key in knowledge.editors() if key in reached),
        guide=(candidate.editor.key, spacer.spacer, spacer.pam, candidate.targets[0].spacer_position),
        frame=gene.because,
    )


def _order(found: Bystanders, candidate: Candidate) -> tuple[object, ...]:
    return found.rank, *candidate.order


class _RowJudge:
    """The bystanders of one variant, each set of them judged once."""

    def __init__(self, judge: Judge, gene: ContextGene, wish: Wish) -> None:
        self._judge = judge
        self._gene = gene
        self._wish = wish
        self._known: dict[frozenset[tuple[int, str]], Bystanders] = {}
        self._harmless = cache(self._is_harmless)

    def of(self, candidate: Candidate) -> Bystanders:
        """Classify one editor on one protospacer."""
        places = frozenset((change.position, change.after) for change in candidate.bystanders)
        if places not in self._known:
            self._known[places] = self._classify(candidate.bystanders)
        return self._known[places]

    def _classify(self, bystanders: tuple[BaseChange, ...]) -> Bystanders:
        if not bystanders:
            return Bystanders.CLEAN
        if self._gene.transcript is None:
            return Bystanders.UNKNOWN
        bare = tuple(BaseChange(change.position, change.before, change.after) for change in bystanders)
        readable = tuple(change for change in bare if change.position not in self._gene.unread)
        # One bystander by itself settles most cases; only when all are silent are their combinations asked.
        subsets = (set_ for size in range(1, len(readable) + 1) for set_ in combinations(readable, size))
        if not all(self._harmless(subset) for subset in subsets):
            return Bystanders.CODING
        return Bystanders.SILENT if len(readable) == len(bare) else Bystanders.UNKNOWN

    def _is_harmless(self, bystanders: tuple[BaseChange, ...]) -> bool:
        changes = tuple(sorted((*self._wish.changes, *bystanders)))
        return self._judge.outcome(changes, Route.RESTORE_WILD_TYPE).useful


def build_atlas(
    table: ContextTable,
    *,
    processes: int = 1,
    progress: Callable[[str, float], None] | None = None,
) -> Atlas:
    """Judge every row of a table.

    Parameters
    ----------
    table
        From :func:`revertant.planning.read_contexts`.
    processes
        How many to use; the result does not depend on it.
    progress
        Called with a stage name and a share from 0 to 1.

    Examples
    --------
    >>> from revertant.variant import parse_edit
    >>> row = ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", parse_edit("CATCTGACTCCTG(A/T)GGAGAAGTC"))
    >>> build_atlas(ContextTable((row,), ())).reasons()
    (('transversion that no deaminase makes (A to T or T to A)', 1),)
    """
    found: list[AtlasRow] = []
    for row in _judged(table.rows, processes):
        found.append(row)
        if progress is not None and not len(found) % _CHUNK:
            progress("judging variants", len(found) / len(table.rows))
    return Atlas(tuple(found), table.tally, table.refused)


def _judged(rows: Sequence[ContextRow], processes: int) -> Iterator[AtlasRow]:
    if processes < 2 or len(rows) <= _CHUNK:
        yield from map(judge_row, rows)
        return
    chunks = [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for judged in pool.map(_judge_rows, chunks):
            yield from judged


def _judge_rows(rows: Iterable[ContextRow]) -> list[AtlasRow]:
    return [judge_row(row) for row in rows]
