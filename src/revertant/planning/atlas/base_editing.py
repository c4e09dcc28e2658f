"""What base editing can do for a variant of the atlas, and how cleanly.

The question a plan asks for one person, with the same pieces: the local sequence becomes a small genome, the
variant a homozygous call, and every editor of the catalogue is placed on it. For each chemistry and PAM the best
guide decides the class: **clean** (no other base in the window can be edited), **silent** (every genotype with the
target edited has the wild-type protein), **coding** (some change it), **unknown** (the frame is not known), or not
at all, with the reason.
"""

from __future__ import annotations

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
    Zygosity,
)
from revertant.planning.atlas.frame import ContextGene
from revertant.planning.atlas.rows import ContextRow
from revertant.sequence import complement
from revertant.variant import EditString

__all__ = ["BaseReach", "Bystanders", "Cell", "cells", "change_needed", "judge_base", "judge_placed"]

#: A chemistry and a PAM, as the editors of the catalogue group.
Cell = tuple[str, str]


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
class BaseReach:
    """What base editing can do for one variant.

    Parameters
    ----------
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


def judge_base(row: ContextRow, gene: ContextGene) -> BaseReach:
    """Say what base editing can do for one variant.

    Parameters
    ----------
    row
        The variant.
    gene
        The small reference and the transcript its name implies; asked only where a base can be exchanged.

    Examples
    --------
    >>> from revertant.planning.atlas.frame import context_gene
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTG(A/T)GGAGAAGTCTGC")
    >>> row = ContextRow(2, "NM_000518.5(HBB):c.20A>T (p.Glu7Val)", "HBB", "", edit)
    >>> judge_base(row, context_gene(row)).because
    'transversion that no deaminase makes (A to T or T to A)'
    """
    edit, needed = row.edit, change_needed(row.edit)
    if len(edit.ref) != len(edit.alt):
        article = "an" if needed.startswith("i") else "a"
        return BaseReach(None, f"{article} {needed} is needed: base editors add and remove no bases")
    changes = tuple(
        BaseChange(edit.start + offset, now, wild)
        for offset, (wild, now) in enumerate(zip(edit.ref, edit.alt, strict=True))
        if wild != now
    )
    if not any(guide_strands(changes, editor.base_changes) for editor in knowledge.editors().values()):
        many = len(changes) > 1
        because = "several bases that no single editor changes together" if many else _transversion(needed)
        return BaseReach(None, because)
    return judge_placed(row, gene)


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


def judge_placed(row: ContextRow, gene: ContextGene) -> BaseReach:
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
        return BaseReach(
            None, crowded[0] if crowded else "no PAM puts the base into the window of any editor"
        )
    best, candidate = min(reached.values(), key=lambda pair: _order(*pair))
    spacer = candidate.protospacer
    return BaseReach(
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
