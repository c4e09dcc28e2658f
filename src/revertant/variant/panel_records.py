"""Records of a whole panel: one pass, one reason for each record and each allele that is not used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from revertant.errors import InputError
from revertant.genome.haplotype import touched
from revertant.model import HaplotypeCount
from revertant.sequence import is_dna
from revertant.variant.genotype import AlleleNumberError
from revertant.variant.limits import MOST_DIGITS, shown
from revertant.variant.panel_genotypes import CONTIG_WIDE, MISSING, GenotypeRow, read_row
from revertant.variant.panel_info import counts_of_alleles
from revertant.variant.panel_runs import PanelRun, RunBuilder
from revertant.variant.vcf_reader import RecordReader

__all__ = ["PanelRecords"]

_END = re.compile(rf"(?:^|;)END=([0-9]{{1,{MOST_DIGITS}}})(?:;|$)")
_NOBODY = "only the reference allele is carried"
_Placed = tuple[str, int, str, tuple[str, ...]]
_SAME = "ALT is the same as REF"


@dataclass(slots=True, kw_only=True)
class PanelRecords(RecordReader):
    """The state of one pass over the records of a panel.

    Parameters
    ----------
    builder
        Where the alleles go.
    persons
        How many sample columns there are; 0 for a sites-only file.
    ready
        Runs that are complete; who reads them empties the list.
    unlisted
        Alleles of a sites-only file that come without a frequency.
    """

    builder: RunBuilder
    persons: int
    ready: list[PanelRun] = field(default_factory=list)
    unlisted: int = 0
    alleles: int = 0
    _sets: dict[str, int] = field(default_factory=dict)
    _passed: set[str] = field(default_factory=set)
    _place: tuple[str, int] = ("", 0)

    def _use(self, fields: Sequence[str], number: int) -> str:
        """Hand the alleles of a record on; returns the reason when none came of it."""
        self._check_order(fields, number)
        placed = self._placed(fields)
        if isinstance(placed, str):
            return placed
        contig, start, ref, alts = placed
        self.ready.extend(self.builder.move_to(contig, start))
        if not self.persons:
            return self._use_listed(placed, fields[7])
        keys = self._keys(fields, number)
        if "GT" not in keys:
            return "no GT in FORMAT"
        try:
            row, refused = read_row(fields[9], self.persons, keys, self._sets)
        except AlleleNumberError as error:
            raise self._bad(f"GT cannot be used: {error}.", number) from error
        self.partial.update({f"genotype: {reason}": count for reason, count in refused.items()})
        most = int(row.alleles.max())
        if most > len(alts):
            raise self._bad(f"GT names allele {most} but there are {len(alts)} ALT alleles.", number)
        end = start + len(ref)
        if any(alt.startswith("<") for alt in alts) and (found := _END.search(fields[7])):
            end = max(end, int(found[1]))
        return self._use_row(placed, row, end)

    def _use_row(self, placed: _Placed, row: GenotypeRow, end: int) -> str:
        _, start, ref, alts = placed
        unknown = row.alleles == MISSING
        lost = []
        used = 0
        for number, alt in enumerate(alts, start=1):
            carriers = row.alleles == number
            if not carriers.any():
                continue
            reason = "REF holds letters other than A, C, G, T"
            if ref and is_dna(ref):
                reason = self._add_allele(placed, alt, carriers, row)
            if not reason:
                used += 1
                continue
            lost.append(reason)
            if alt == "*":
                self.builder.hide(start, start + len(ref), _told(row, carriers), is_star=True)
            elif reason != _SAME and not reason.startswith("duplicate"):
                self.builder.hide(start, end, _told(row, carriers))
        if not used and unknown.any():
            # Otherwise the alleles used carry what was not called.
            self.builder.hide(start, start + len(ref), _told(row, unknown))
        self.alleles += used
        if not used:
            is_missing = bool((row.alleles < 0).all())
            return lost[0] if lost else "genotype is missing" if is_missing else _NOBODY
        self.partial.update(lost)
        return ""

    def _use_listed(self, placed: _Placed, info: str) -> str:
        _, _, ref, alts = placed
        if not is_dna(ref) or not ref:
            return "REF holds letters other than A, C, G, T"
        listed, is_sound = counts_of_alleles(info, len(alts))
        if not is_sound:
            self.partial["INFO: a count or frequency that cannot be used"] += 1
        lost = []
        nobody = np.empty((0, 2), np.bool_)
        used = 0
        for alt, counts in zip(alts, listed, strict=True):
            if counts[-1].called and not counts[-1].carrying:
                lost.append(_NOBODY)
                continue
            reason = self._add_allele(placed, alt, nobody, None, counts)
            if reason:
                lost.append(reason)
                continue
            used += 1
            self.unlisted += all(count.frequency is None for count in counts)
        self.alleles += used
        if not used:
            return lost[0]
        self.partial.update(lost)
        return ""

    def _add_allele(
        self,
        placed: _Placed,
        alt: str,
        carriers: NDArray[np.bool_],
        row: GenotypeRow | None,
        counts: tuple[HaplotypeCount, ...] = (),
    ) -> str:
        contig, start, ref, _ = placed
        found = self._normalised(contig, start, ref, alt)
        if isinstance(found, str):
            return found
        variant, shift = found
        if self.reference.stretch_around(contig, touched(variant)[0]) is None:
            # Bases put in before the first covered base belong to a base that is not there.
            return "an insertion before the first base of a reference window"
        return self.builder.add(variant, carriers, row, counts, shift=shift)

    def _check_order(self, fields: Sequence[str], number: int) -> None:
        """Refuse a file that is not sorted: neighbours could not be seen together."""
        # Two names of one contig are one contig.
        contig, start = self._contig(fields[0]) or fields[0], int(fields[1]) - 1
        before, at = self._place
        if contig != before:
            if contig in self._passed:
                raise self._unsorted(f"Records of {shown(contig)} stand in two places", number)
            self._passed.add(contig)
        elif start < at:
            raise self._unsorted(f"POS {start + 1} comes after {at + 1}", number)
        self._place = contig, start

    def _unsorted(self, what: str, number: int) -> InputError:
        return InputError(
            f"{what}: the panel is not sorted.",
            where=f"{self.name}:{number}",
            remedy="Sort it, for example with 'bcftools sort -Oz'.",
            code="unsorted-vcf",
        )


def _told(row: GenotypeRow, copies: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Copies that may be meant: both of a person whose copies have no order along the contig."""
    told = copies.copy()
    told[row.heterozygous & (row.phases != CONTIG_WIDE) & copies.any(axis=1)] = True
    return told
