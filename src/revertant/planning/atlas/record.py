"""What the atlas holds: for each variant, what each way of editing can do, and which of them count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from revertant.model import Tally
from revertant.planning.atlas.allele_specific import AlleleReach
from revertant.planning.atlas.base_editing import BaseReach, Bystanders, Cell
from revertant.planning.atlas.donor_repair import RepairReach
from revertant.planning.atlas.places import nuclease_kinds
from revertant.planning.atlas.prime_editing import PrimeReach, prime_nickases
from revertant.planning.atlas.rows import ContextRow

__all__ = ["Atlas", "AtlasRow", "Pams", "Way", "counted"]


class Way(StrEnum):
    """The ways of putting a variant right that a row of sequence can be asked about."""

    BASE = "base editing"
    PRIME = "prime editing"
    DONOR = "cut and donor"


class Pams(StrEnum):
    """Which editors may be used: those of SpCas9's own PAM, or every one of the catalogue."""

    NGG = "NGG only"
    ANY = "any PAM"

    def allow(self, pam: str) -> bool:
        """Whether an editor with this PAM may be used."""
        return self is Pams.ANY or pam == "NGG"


@dataclass(frozen=True, slots=True)
class AtlasRow:
    """What can be done for one variant.

    Parameters
    ----------
    row
        The variant.
    base, prime, repair
        What each way can do.
    allele
        How nucleases can tell its copy from the wild type: information, not a correction.
    """

    row: ContextRow
    base: BaseReach
    prime: PrimeReach
    repair: RepairReach
    allele: AlleleReach

    def ways(self, pams: Pams = Pams.ANY) -> frozenset[Way]:
        """Return the ways that put the variant right.

        Base editing counts without bystanders, or with silent ones; prime editing where a pegRNA was simulated to
        give the wild type; a cut and a donor where the repaired allele is surely not cut again.
        """
        found = set()
        if any(
            pams.allow(pam) and reached.rank <= Bystanders.SILENT.rank
            for (_, pam), reached in self.base.by_cell.items()
        ):
            found.add(Way.BASE)
        nickases = {editor.nuclease: editor.base.pam for editor in prime_nickases()}
        if any(pams.allow(nickases[edit.nuclease]) for edit in self.prime.edits):
            found.add(Way.PRIME)
        kinds = {kind.key: kind.nuclease.pam for kind in nuclease_kinds()}
        if any(cut.shielding.counts and pams.allow(kinds[cut.kind]) for cut in self.repair.cuts):
            found.add(Way.DONOR)
        return frozenset(found)


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

    def ways(self, pams: Pams) -> Counter[frozenset[Way]]:
        """How many variants can be put right by just these ways, by none (the empty set) included."""
        return Counter(row.ways(pams) for row in self.rows)

    def best(self) -> Counter[Bystanders]:
        """How many variants reach each class with the best of all base editors."""
        return Counter(row.base.best for row in self.rows if row.base.best is not None)

    def of_cell(self, cell: Cell) -> Counter[Bystanders]:
        """How many variants reach each class with one chemistry and PAM."""
        return Counter(row.base.by_cell[cell] for row in self.rows if cell in row.base.by_cell)

    def of_editor(self, key: str) -> Counter[Bystanders]:
        """How many variants reach each class with one base editor."""
        return Counter(dict(row.base.editors)[key] for row in self.rows if key in dict(row.base.editors))

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why base editors cannot correct the rest, most frequent first."""
        return counted(row.base.because for row in self.rows if row.base.best is None)

    def frames(self) -> tuple[tuple[str, int], ...]:
        """Why reading frames are not known, of variants that base editors can correct, most frequent first."""
        return counted(row.base.frame for row in self.rows if row.base.frame)


def counted(reasons: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Count reasons, most frequent first, then by their words."""
    return tuple(sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0])))
