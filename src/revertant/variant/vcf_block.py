"""Records in blocks: what most records of a file look like is read by NumPy, the others one by one.

A record is *plain* when its alleles are one REF and one ALT of the letters A, C, G, T, FORMAT starts with GT, and GT
is made of ``0``, ``1`` and ``.``. Nothing can be wrong with such a record that would end the reading; it is kept, or
refused for one of a few reasons. Any other line goes to :class:`RecordReader`, which stays the arbiter. In both ways
calls end in the same columns, in which a variant that the file calls twice is found when all are there.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revertant.errors import IncompatibleInputsError
from revertant.genome import CallTable, builds, contig_name
from revertant.genome.call_columns import CallColumns, Columns
from revertant.genome.call_table import variant_order
from revertant.model import Call
from revertant.variant.vcf_alleles import Alleles, Stretches, normalise_alleles, same_letters
from revertant.variant.vcf_fields import Lines, Numbers, Words, split_lines
from revertant.variant.vcf_judge import Judged, Judges
from revertant.variant.vcf_plain import (
    CARRIES,
    IS_HALF,
    IS_HAPLOID,
    IS_MIXED,
    IS_REFERENCE,
    NEEDS_PHASE,
    PATTERNS,
    allele_key,
    allele_keys,
    phase_fields,
)
from revertant.variant.vcf_reader import DUPLICATE, DUPLICATE_DIFFERENT, PER_CONTIG, RecordReader

__all__ = ["BlockReader"]

#: Longer names of phase sets are looked at one by one.
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of lines with what was found of it."""

    lines: Lines
    judged: Judged
    names: Numbers
    spellings: Mapping[int, str | None]

    def rows_of(self, code: int, rows: Numbers) -> Numbers:
        """Those of some records that lie on one contig."""
        found: Numbers = rows[self.names[rows] == code]
        return found


@dataclass(slots=True)
class BlockReader(RecordReader):
    """The state of one pass over a VCF in blocks; the parameters are those of :class:`RecordReader`."""

    _columns: CallColumns = field(default_factory=CallColumns)
    # The line of each call, what else a record with several carried alleles held, and records half called: needed
    # once it is known which calls the file had made before.
    _numbers: array[int] = field(default_factory=lambda: array("q"))
    _several: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _half: set[int] = field(default_factory=set)
    _denied_keys: list[NDArray[np.uint64]] = field(default_factory=list)
    _denied_again: int = 0
    _names: Words = field(default_factory=Words)
    _judges: Judges | None = None
    _in_block: bool = False

    def take_block(self, text: bytes, number: int) -> int:
        """Account for a block of lines, of which the first has the given number; returns how many there are.

        Raises
        ------
        InputError
            When a line is no sound record.
        """
        if self._judges is None:
            self._judges = Judges(Stretches(self.reference), self.regions, self.keep_filtered)
        lines = split_lines(text, self.width, self.column)
        names = self._names.codes(lines.data, lines.contig)
        alone = np.ones(len(lines), np.bool_)
        if (names < 0).any():  # more contig names than are numbered
            self._take_alone(lines, alone, number)
            return len(lines)
        spellings = self._spellings(names)
        judged = self._judges.judge(lines, names, spellings)
        block = _Block(lines, judged, names, spellings)
        normalised = self._normalise_plain(block, self._judges.stretches)
        alone[lines.records[~judged.slow]] = False
        self._in_block = True
        self._take_alone(lines, alone, number)
        self._in_block = False
        self._note_block(block)
        for code, rows, alleles in normalised:
            self._keep(block, code, rows, alleles, number)
        return len(lines)

    def _take_alone(self, lines: Lines, alone: NDArray[np.bool_], number: int) -> None:
        for index in np.flatnonzero(alone).tolist():
            self.take(lines.line(index), number + index)

    def _spellings(self, names: Numbers) -> dict[int, str | None]:
        """The reference's spelling of each contig name; ``None`` for one that ends the reading where it comes."""
        found: dict[int, str | None] = {}
        codes, first = np.unique(names, return_index=True)
        for code in codes[np.argsort(first)].tolist():
            try:
                found[code] = self._contig(self._names.texts[code].decode("utf-8"))
            except IncompatibleInputsError:
                found[code] = None
        return found

    def _normalise_plain(self, block: _Block, stretches: Stretches) -> list[tuple[int, Numbers, Alleles]]:
        """Normalise carried alleles, and denied ones that have more than one spelling."""
        lines, judged, rows = block.lines, block.judged, block.judged.plain
        genotype = judged.genotype[rows]
        single = (lines.ref.size[rows] == 1) & (lines.alt.size[rows] == 1)
        same = single & same_letters(lines.data, lines.ref.start[rows], lines.alt.start[rows])
        judged.refused.append((rows[CARRIES[genotype] & same], "ALT is the same as REF"))
        needed = (CARRIES[genotype] & ~same) | (IS_REFERENCE[genotype] & judged.spelt[rows] & ~single)
        found = []
        for code, contig in block.spellings.items():
            here = block.rows_of(code, rows[needed])
            if not contig or not len(here):
                continue
            places = lines.position[here] - 1, lines.ref.start[here], lines.ref.size[here]
            alleles = Alleles.of(*places, lines.alt.start[here], lines.alt.size[here])
            normalise_alleles(alleles, lines.data, self.reference, contig, stretches)
            judged.slow[here[alleles.left_over]] = True
            found.append((code, here[~alleles.left_over], alleles.of_rows(~alleles.left_over)))
        return found

    def _note_block(self, block: _Block) -> None:
        """Account for everything but the calls; what has to come in order counts slow records too."""
        lines, judged, names = block.lines, block.judged, block.names
        start = lines.position - 1
        if len(names):
            first, last = (self._names.texts[code].decode("utf-8") for code in (names[0], names[-1]))
            RecordReader._note_order(self, first, int(start[0]))  # noqa: SLF001
            self.unsorted += int(np.count_nonzero((names[1:] == names[:-1]) & (start[1:] < start[:-1])))
            self._last = last, int(start[-1])
        self.refused.update(judged.reasons())
        self._note_snvs(block)
        for code, contig in block.spellings.items():
            if not contig:
                continue
            rows = block.rows_of(code, np.flatnonzero(judged.covered & ~judged.slow))
            if len(rows):
                low, high = int(start[rows].min()), int((start[rows] + lines.ref.size[rows]).max())
                before = self.extent.get(contig, (low, high))
                self.extent[contig] = min(before[0], low), max(before[1], high)
            plain = block.rows_of(code, judged.plain[~judged.slow[judged.plain]])
            self._note_sexes(contig, start[plain], judged.genotype[plain])
            self._deny_singles(block, contig, plain)

    def _note_snvs(self, block: _Block) -> None:
        """Take the first single bases of each contig, under whichever of its names they come."""
        lines, names = block.lines, block.names
        for contig in dict.fromkeys(filter(None, block.spellings.values())):
            codes = [code for code, spelling in block.spellings.items() if spelling == contig]
            rows = np.flatnonzero(block.judged.counts_for_build & np.isin(names, codes))
            for row in rows[: PER_CONTIG - self._snvs_on[contig]].tolist():
                base = chr(lines.data[lines.ref.start[row]]).upper()
                RecordReader._note_snv(self, contig, int(lines.position[row]) - 1, base)  # noqa: SLF001

    def _note_sexes(self, contig: str, start: Numbers, genotype: Numbers) -> None:
        meant = contig_name(contig)
        if meant is None or meant.name != "X" or not self.reference.build:
            return
        outside = np.ones(len(start), np.bool_)
        for name, low, high in builds()[self.reference.build].par:
            if name == "X":
                outside &= (start < low) | (start >= high)
        self._haploid_x += int(np.count_nonzero(IS_HAPLOID[genotype[outside]]))
        self._heterozygous_x += int(np.count_nonzero(IS_MIXED[genotype[outside]]))

    def _deny_singles(self, block: _Block, contig: str, rows: Numbers) -> None:
        """Remember denied substitutions of one base, which have one spelling whatever the reference holds."""
        lines, judged = block.lines, block.judged
        single = (lines.ref.size[rows] == 1) & (lines.alt.size[rows] == 1) & judged.spelt[rows]
        rows = rows[single & IS_REFERENCE[judged.genotype[rows]]]
        if len(rows):
            alleles = Alleles.of(
                lines.position[rows] - 1,
                lines.ref.start[rows],
                lines.ref.size[rows],
                lines.alt.start[rows],
                lines.alt.size[rows],
            )
            self._denied_keys.append(allele_keys(self._columns_of(block, contig, alleles)))

    def _keep(self, block: _Block, code: int, rows: Numbers, alleles: Alleles, number: int) -> None:
        """Take plain records of one contig: calls, denied alleles, and those whose REF is not the reference's."""
        lines, judged = block.lines, block.judged
        contig = block.spellings[code] or ""
        carries = CARRIES[judged.genotype[rows]]
        wrong = int(np.count_nonzero(carries & ~alleles.agrees))
        if wrong:
            self.refused["REF does not match the reference"] += wrong
            self._mismatched[contig] += wrong
        denied = ~carries & alleles.agrees
        if denied.any():
            self._denied_keys.append(allele_keys(self._columns_of(block, contig, alleles.of_rows(denied))))
        kept = carries & alleles.agrees
        if not kept.any():
            return
        rows, alleles = rows[kept], alleles.of_rows(kept)
        genotype = judged.genotype[rows]
        columns = self._columns_of(block, contig, alleles)
        columns.copies[:] = self._pattern_codes()[genotype]
        phased = NEEDS_PHASE[genotype]
        columns.phase_set[phased] = self._phase_sets(
            lines, rows[phased], judged.phase_place[rows[phased]], contig
        )
        self._columns.extend(columns)
        line = lines.records[rows] + number
        self._numbers.frombytes(line.astype(np.int64).tobytes())
        half = line[IS_HALF[genotype]].tolist()
        self._half.update(half)
        self.half_calls += len(half)
        self.kept += len(rows)
        self._agreed[contig] += len(rows)

    def _columns_of(self, block: _Block, contig: str, alleles: Alleles) -> Columns:
        """Unphased columns of some alleles, their copies still to be said."""
        offset, pool = alleles.letters(block.lines.data)
        code = self._columns.contigs.setdefault(contig, len(self._columns.contigs))
        known = self._columns.sources
        none = np.zeros(len(offset), np.int32)
        sizes = alleles.ref_size.astype(np.int32), alleles.alt_size.astype(np.int32)
        source = none + known.setdefault(("vcf", 0), len(known))
        if len(moved := np.flatnonzero(alleles.moved)):
            found, which = np.unique(alleles.moved[moved], return_inverse=True)
            codes = [known.setdefault(("vcf", steps), len(known)) for steps in found.tolist()]
            source[moved] = np.array(codes, np.int32)[which]
        return Columns(none + code, alleles.start, *sizes, offset, none, none - 1, source, pool)

    def _pattern_codes(self) -> Numbers:
        known = self._columns.patterns
        return np.array([known.setdefault(p, len(known)) if any(p) else -1 for p in PATTERNS], np.int64)

    def _phase_sets(self, lines: Lines, rows: Numbers, place: Numbers, contig: str) -> Numbers:
        """Numbers of the phase sets of some records of one contig."""
        known, data = self._columns.phase_sets, lines.data
        named = phase_fields(data, lines.sample.of(rows), np.maximum(place, 0))
        is_dot = (named.size == 1) & (data[named.start] == ord("."))
        own = np.flatnonzero((place >= 0) & (named.size > 0) & ~is_dot)
        found = np.zeros(len(rows), np.int64)
        if len(own) < len(rows):
            found[:] = known.setdefault(contig, len(known))
        if len(own):
            # Neighbours mostly share their phase set, so only the first of each run is read as text.
            start, size = named.start[own], named.size[own]
            most = np.arange(min(int(size.max()), _LONGEST_NAME))
            letters = np.where(
                most < size[:, None], data[np.minimum(start[:, None] + most, len(data) - 1)], 0
            )
            is_new = np.ones(len(own), np.bool_)
            is_new[1:] = (size[1:] != size[:-1]) | (size[1:] > _LONGEST_NAME)
            is_new[1:] |= (letters[1:] != letters[:-1]).any(axis=1)
            heads = np.flatnonzero(is_new)
            codes = []
            for low, length in zip(start[heads].tolist(), size[heads].tolist(), strict=True):
                name = f"{contig}:{lines.text[low : low + length].decode('ascii')}"
                codes.append(known.setdefault(name, len(known)))
            found[own] = np.repeat(codes, np.diff(np.append(heads, len(own))))
        return found

    def _note_order(self, contig: str, start: int) -> None:
        if not self._in_block:
            RecordReader._note_order(self, contig, start)  # noqa: SLF001

    def _note_snv(self, contig: str, start: int, ref: str) -> None:
        if not self._in_block:
            RecordReader._note_snv(self, contig, start, ref)  # noqa: SLF001

    def _account(self, found: Sequence[Call | str], number: int, *, is_half: bool) -> str:
        """Keep the calls of a record as if the file had made none of them before; :meth:`table` sees to that."""
        calls = [one for one in found if isinstance(one, Call)]
        lost = tuple(one if isinstance(one, str) else "" for one in found)
        if not calls:
            return lost[0]
        for call in calls:
            self._columns.append(call)
            self._numbers.append(number)
        if len(found) > 1:
            self._several[number] = lost
        self.partial.update(reason for reason in lost if reason)
        if is_half:
            self._half.add(number)
            self.half_calls += 1
        return ""

    def _deny(self, contig: str, start: int, ref: str, alt: str) -> None:
        code = self._columns.contigs.setdefault(contig, len(self._columns.contigs))
        key = np.uint64(allele_key(code, start, ref.encode("ascii"), alt.encode("ascii")))
        self._denied.append(int(key.astype(np.int64)))

    def conflicts(self) -> int:
        """How often the file calls a variant it has called already, with another genotype or as not there."""
        return self.refused[DUPLICATE_DIFFERENT] + self._denied_again

    def table(self) -> CallTable:
        """Every call, sorted by variant; to be asked for once, when all records are read."""
        table = CallTable.from_columns(self._columns)
        numbers = np.frombuffer(self._numbers, np.int64) if self._numbers else np.zeros(0, np.int64)
        order, first = variant_order(table, numbers)
        again = np.flatnonzero(first != order)
        self._refuse_again(table, numbers, order[again], first[again])
        order = np.delete(order, again)
        del first, numbers
        self._numbers = array("q")
        # One column at a time, each in place of the old one: a whole genome's would take much room twice.
        contigs, phase_sets, patterns, sources = (
            table.contigs,
            table.phase_sets,
            table.patterns,
            table.sources,
        )
        columns: list[NDArray[Any]] = list(table.columns())
        del table
        for place in range(len(columns) - 1):
            columns[place] = columns[place][order]
        table = CallTable(contigs, phase_sets, patterns, sources, *Columns._make(columns))
        if self._denied:
            self._denied_keys.append(np.array(self._denied, np.int64).astype(np.uint64))
        if self._denied_keys:
            carried = allele_keys(table.columns())
            self._denied_again = sum(int(np.isin(keys, carried).sum()) for keys in self._denied_keys)
        return table

    def _refuse_again(self, table: CallTable, numbers: Numbers, rows: Numbers, first: Numbers) -> None:
        """Refuse calls of variants that the file has called before."""
        lost: dict[int, dict[int, str]] = {}
        for row, earlier in zip(rows.tolist(), first.tolist(), strict=True):
            same = table.copies[row] == table.copies[earlier]
            lost.setdefault(int(numbers[row]), {})[row] = DUPLICATE if same else DUPLICATE_DIFFERENT
        for number, reasons in lost.items():
            before = self._several.get(number, ("",))
            if len(reasons) + sum(map(bool, before)) == len(before):
                self.kept -= 1
                self.half_calls -= number in self._half
                self.partial.subtract(reason for reason in before if reason)
                # Rows of a record come in the order of its alleles.
                self.refused[before[0] or reasons[min(reasons)]] += 1
            else:
                self.partial.update(reasons.values())
