"""Which records of a block are plain, and which of these are refused: no state, no error, only columns.

The questions are those of :class:`revertant.variant.vcf_reader.RecordReader`, in its order, each asked for all
records that are left. A record that is not plain at some point is *slow*: it is for that reader to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from revertant.model import Locus
from revertant.variant.limits import shown
from revertant.variant.vcf_alleles import Stretches
from revertant.variant.vcf_fields import Bytes, Field, Lines, Mask, Numbers, Words
from revertant.variant.vcf_plain import CARRIES, IS_MISSING, genotype_codes, is_base, is_spelt

__all__ = ["Judged", "Judges"]

#: What a gVCF writes for "any other allele".
_ANY_OTHER = (b"<NON_REF>", b"<*>")


@dataclass(slots=True)
class Judged:
    """What was found of a block's records; rows are indexes into ``Lines.records``.

    Parameters
    ----------
    slow
        Records to be read one by one.
    refused
        ``(rows, reason)`` of plain records that are of no use.
    covered
        Records that lie where the reference has sequence.
    counts_for_build
        Those whose REF is a single base, and that lie in the regions asked for.
    plain
        Rows with a plain genotype: refused ones among them, when nothing is carried.
    genotype
        Its code, for each record; -1 where it is not known.
    spelt
        Whether ALT is one allele of plain letters, for each record.
    phase_place
        Which part of the sample's field is the phase set, for each record; -1 for none.
    """

    slow: Mask
    refused: list[tuple[Numbers, str]]
    covered: Mask
    counts_for_build: Mask
    plain: Numbers
    genotype: Numbers
    spelt: Mask
    phase_place: Numbers

    def reasons(self) -> Counter[str]:
        """Count the reasons why plain records are of no use."""
        found: Counter[str] = Counter()
        for rows, reason in self.refused:
            if count := int(np.count_nonzero(~self.slow[rows])):
                found[reason] += count
        return found


@dataclass(slots=True)
class Judges:
    """What is asked of each block, and the words met so far.

    Parameters
    ----------
    stretches
        What the reference covers.
    regions
        Where records are wanted; everywhere when ``None``.
    keep_filtered
        Whether FILTER does not matter.
    """

    stretches: Stretches
    regions: Sequence[Locus] | None
    keep_filtered: bool
    _filters: Words = field(default_factory=Words)
    _formats: Words = field(default_factory=Words)
    _others: Words = field(default_factory=Words)

    def judge(self, lines: Lines, names: Numbers, spellings: Mapping[int, str | None]) -> Judged:
        """Ask everything of a block.

        Parameters
        ----------
        lines
            The block.
        names
            A number for the contig name of each record.
        spellings
            The reference's spelling of each of these; empty when it has no such contig, ``None`` when the name
            ends the reading.
        """
        count = len(lines.records)
        none = np.full(count, -1, np.int64)
        slow = ~lines.is_plain()
        refused: list[tuple[Numbers, str]] = []
        covered, asked = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        for code, contig in spellings.items():
            rows = np.flatnonzero(names == code)
            if contig:
                start, size = lines.position[rows] - 1, lines.ref.size[rows]
                inside = self.stretches.index(contig, start, size) >= 0
                refused.append((rows[~inside], "outside the reference windows"))
                covered[rows] = inside
                wanted = self._in_regions(contig, start, start + size)
                refused.append((rows[inside & ~wanted], "outside the asked regions"))
                asked[rows] = inside & wanted
            elif contig is None:
                slow[rows] = True
            else:
                refused.append((rows, "contig is not in the reference"))
        for_build = asked & (lines.ref.size == 1) & is_base(lines.data, lines.ref)
        judged = Judged(slow, refused, covered, for_build, none, none.copy(), ~slow, none.copy())
        left = self._passed(lines, np.flatnonzero(asked & ~slow), judged)
        judged.plain = self._plain(lines, left, judged)
        carries = CARRIES[judged.genotype[judged.plain]]
        is_missing = IS_MISSING[judged.genotype[judged.plain]]
        refused.append((judged.plain[is_missing], "genotype is missing"))
        refused.append((judged.plain[~carries & ~is_missing], "only the reference allele is carried"))
        return judged

    def _in_regions(self, contig: str, start: Numbers, end: Numbers) -> Mask:
        if self.regions is None:
            return np.ones(len(start), np.bool_)
        spans = sorted((region.start, region.end) for region in self.regions if region.contig == contig)
        if not spans:
            return np.zeros(len(start), np.bool_)
        low, high = np.array(spans, np.int64).T
        # Of the regions that start before a record ends, the one that reaches farthest decides.
        before = np.searchsorted(low, end, side="left")
        reach = np.concatenate([[-1], np.maximum.accumulate(high)])
        return np.asarray(reach[before] > start)

    def _passed(self, lines: Lines, rows: Numbers, judged: Judged) -> Numbers:
        """Records whose FILTER and ALT leave something to look at."""
        if not self.keep_filtered:
            codes = self._filters.codes(lines.data, lines.filters.of(rows))
            failed = np.zeros(len(rows), np.bool_)
            for code in np.unique(codes).tolist():
                here = codes == code
                if code < 0:
                    judged.slow[rows[here]] = True
                elif (text := self._filters.texts[code]) not in {b"PASS", b".", b""}:
                    reason = f"FILTER is not PASS ({shown(text.decode())})"
                    judged.refused.append((rows[here], reason))
                else:
                    continue
                failed |= here
            rows = rows[~failed]
        no_alt = (lines.alt.size[rows] == 1) & (lines.data[lines.alt.start[rows]] == ord("."))
        judged.refused.append((rows[no_alt], "no ALT allele"))
        left: Numbers = rows[~no_alt]
        return left

    def _plain(self, lines: Lines, rows: Numbers, judged: Judged) -> Numbers:
        """Records whose alleles, FORMAT and genotype are plain; the others become slow."""
        data = lines.data
        codes = self._formats.codes(data, lines.formats.of(rows))
        places = np.array([*map(_phase_place, self._formats.texts), -2], np.int64)[codes]
        genotype = genotype_codes(data, lines.sample.of(rows))
        spelt = is_spelt(data, lines.alt.of(rows))
        judged.spelt[rows] = spelt
        judged.genotype[rows] = genotype
        judged.phase_place[rows] = places
        usable = spelt.copy()
        if not spelt.all():
            # Another allele than those listed, which nobody carries: the record of a place without variants.
            usable[~spelt] = ~CARRIES[genotype[~spelt]] & self._is_any_other(data, lines.alt.of(rows[~spelt]))
        usable &= (places > -2) & (genotype >= 0) & is_spelt(data, lines.ref.of(rows))
        judged.slow[rows[~usable]] = True
        return rows[usable]

    def _is_any_other(self, data: Bytes, allele: Field) -> Mask:
        fits = np.isin(allele.size, [len(word) for word in _ANY_OTHER])
        codes = self._others.codes(data, allele.of(fits))
        fits[fits] = np.array([*(word in _ANY_OTHER for word in self._others.texts), False])[codes]
        return fits


def _phase_place(text: bytes) -> int:
    """Which key of a FORMAT is PS; -1 for none, -2 when the FORMAT is not plain."""
    keys = text.split(b":")
    if keys[0] != b"GT" or keys.count(b"GT") > 1 or keys.count(b"PS") > 1:
        return -2
    return keys.index(b"PS") if b"PS" in keys else -1
