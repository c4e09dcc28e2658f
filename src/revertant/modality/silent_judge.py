"""What silent changes one edited haplotype allows, judged on every transcript that must not notice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from revertant.genome import HaplotypeWindow
from revertant.modality.reading import plain_places, reading_frame
from revertant.modality.recut import Shield
from revertant.model import Strand, Transcript, Variant
from revertant.prediction.splice import (
    ACCEPTOR_EXON_NT,
    ACCEPTOR_INTRON_NT,
    SpliceKind,
    splice_sites,
)
from revertant.sequence import BASES, CODONS, complement, reverse_complement, three_letter

__all__ = ["SilentJudge", "SilentLimits", "SilentSet"]


#: 95 % of the splice sites of the gene models score at least so much (see the card of the scores).
NEW_SITE_BITS = 3.0
#: A standing site that gains so much, a doubling of its odds, counts as changed.
STRONGER_BITS = 1.0


@dataclass(frozen=True, slots=True)
class SilentLimits:
    """How far silent changes may go.

    Parameters
    ----------
    exon_margin_nt
        Bases of an exon, next to either edge, that are left alone; at least 3.
    donor_margin_nt, acceptor_margin_nt
        Intron bases, next to a donor and an acceptor, that are left alone.
    in_utr, in_intron
        Whether changes outside the coding sequence, in the transcript's UTRs or introns, are allowed.
    splice_bits
        MaxEntScan score from which a GT or AG that a change makes counts as a new splice site; one that stands and
        gains a bit counts too.
    seed_mismatches
        Fewest differences in the seed that are taken to stop the nuclease.
    most_blocking
        Most substitutions in one blocking set.
    evading_reach_nt, most_evading
        How far from the edit, and how many, substitutions that evade mismatch repair may be.
    """

    exon_margin_nt: int = 3
    donor_margin_nt: int = 8
    acceptor_margin_nt: int = 50
    in_utr: bool = False
    in_intron: bool = False
    splice_bits: float = NEW_SITE_BITS
    seed_mismatches: int = 2
    most_blocking: int = 3
    evading_reach_nt: int = 5
    most_evading: int = 2

    def __post_init__(self) -> None:
        if self.exon_margin_nt < 3 or self.donor_margin_nt < 8 or self.acceptor_margin_nt < 20:
            msg = "margins around exon edges cannot be less than 3 (exon), 8 (donor) and 20 (acceptor)"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class SilentSet:
    """Substitutions that go together and change no protein.

    Parameters
    ----------
    changes
        Against the reference, in genome order; empty when the edit alone already does what is wanted.
    indexes
        Their indexes in the edited window's bases.
    text
        What they are, for people (``"Thr5 ACT>ACC"``).
    shield
        What keeps the guide off with them (:func:`blocking_changes`).
    new_splice_letters
        GT and AG on the transcript's strand that the changes make: each could be a part of a new splice site.
    """

    changes: tuple[Variant, ...]
    indexes: tuple[int, ...] = ()
    text: str = ""
    shield: Shield = Shield.NONE
    new_splice_letters: int = 0


#: Words that changes in a UTR may neither make nor break: start and stop codons, and the poly(A) signals.
_UTR_5_WORDS = ("ATG", "TAA", "TAG", "TGA")
_UTR_3_WORDS = ("AATAAA", "ATTAAA")
#: Bases before the start codon that are left alone: they decide how well it is read (doi:10.1093/nar/15.20.8125).
_START_CONTEXT_NT = 9


class SilentJudge:
    """What one edited haplotype allows, worked out once for many candidate changes.

    Parameters
    ----------
    edited
        The haplotype as the edit leaves it. It is taken to be read into in the reference's frame; see
        :func:`revertant.modality.reading.entering_frame_is_known`.
    transcripts
        Transcripts that must not notice; the first one's protein decides what a UTR or an intron is.
    limits
        What is allowed.
    """

    def __init__(
        self,
        edited: HaplotypeWindow,
        transcripts: Sequence[Transcript],
        limits: SilentLimits = SilentLimits(),
    ) -> None:
        self.edited = edited
        self.limits = limits
        self._transcripts = tuple(transcripts)
        frames = [reading_frame(edited, transcript) for transcript in self._transcripts]
        #: Why nothing can be changed here; empty when something may be.
        self.because = next((frame.because for frame in frames if frame.because), "")
        self._codons = [frame.by_index() for frame in frames]
        self._places = plain_places(edited)
        self._main = self._transcripts[0]
        self._clear: dict[int, bool] = {}
        self._known: dict[tuple[tuple[int, str], ...], SilentSet | None] = {}

    def candidates(self, region: tuple[int, int]) -> Iterator[dict[int, str]]:
        """Every smallest change the code or the place suggests, before the transcripts are asked."""
        if self.because:
            return
        low, high = region
        seen = set()
        for index in range(max(0, low), min(len(self.edited.bases), high)):
            codon = self._codons[0].get(index)
            if codon is None:
                yield from (
                    {index: base}
                    for base in BASES
                    if base != self.edited.bases[index] and self._is_open(index)
                )
            elif codon.indexes not in seen:
                seen.add(codon.indexes)
                for other, residue in CODONS.items():
                    if residue == codon.residue and other != codon.bases:
                        changed = self._spelt(codon.indexes, codon.bases, other)
                        if all(low <= place < high for place in changed):
                            yield changed

    def _spelt(self, indexes: tuple[int, int, int], now: str, other: str) -> dict[int, str]:
        minus = self._main.strand is Strand.MINUS
        return {
            index: complement(base) if minus else base
            for index, old, base in zip(indexes, now, other, strict=True)
            if old != base
        }

    def _is_open(self, index: int) -> bool:
        """Whether a base outside the code lies where the limits allow changes."""
        place = self._places.get(index)
        cds = self._main.cds
        if place is None or cds is None:
            return False
        if self._main.exon_number(place) is None:
            low, high = self._main.exons[0][0], self._main.exons[-1][1]
            return self.limits.in_intron and low <= place < high
        if cds[0] <= place < cds[1]:
            return False  # coding, but its codon does not lie whole in the window
        before = cds[0] - place if self._main.strand is Strand.PLUS else place - cds[1] + 1
        return self.limits.in_utr and not 0 < before <= _START_CONTEXT_NT

    def judged(self, change: dict[int, str]) -> SilentSet | None:
        """Return the change as a set when no transcript notices it."""
        key = tuple(sorted(change.items()))
        if key not in self._known:
            self._known[key] = self._judged(change)
        return self._known[key]

    def _judged(self, change: dict[int, str]) -> SilentSet | None:
        if not change or not self._is_silent(change) or self._makes_splice_site(change):
            return None
        indexes = tuple(sorted(change))
        contig = self.edited.locus.contig
        variants = tuple(
            Variant(contig, self._places[index], self.edited.bases[index], change[index]) for index in indexes
        )
        return SilentSet(
            variants, indexes, self._text(change), new_splice_letters=self._new_splice_letters(change)
        )

    def joined(self, parts: Sequence[SilentSet]) -> SilentSet | None:
        """Return several changes as one, judged together; ``None`` when they clash or are noticed."""
        if len(parts) == 1:
            return parts[0]
        change: dict[int, str] = {}
        for part in parts:
            for index, variant in zip(part.indexes, part.changes, strict=True):
                if index in change:
                    return None
                change[index] = variant.alt
        return self.judged(change)

    def _bases_with(self, change: dict[int, str]) -> str:
        bases = list(self.edited.bases)
        for index, base in change.items():
            bases[index] = base
        return "".join(bases)

    def _is_silent(self, change: dict[int, str]) -> bool:
        if not all(index in self._places and self._is_clear(self._places[index]) for index in change):
            return False
        for codons in self._codons:
            for codon in {
                codons[index].indexes: codons[index] for index in change if index in codons
            }.values():
                after = codon
                for index, base in change.items():
                    if index in codon.indexes:
                        after = after.changed(index, base)
                if codon.is_kept or after.residue != codon.residue:
                    return False
        return self._keeps_words(change)

    def _is_clear(self, place: int) -> bool:
        """Whether a reference position is far enough from the exon edges of every transcript."""
        if place not in self._clear:
            self._clear[place] = all(
                self._is_clear_of(place, number) for number in range(len(self._transcripts))
            )
        return self._clear[place]

    def _is_clear_of(self, place: int, number: int) -> bool:
        transcript, limits = self._transcripts[number], self.limits
        donor_on_left = transcript.strand is Strand.PLUS
        left_margin = limits.donor_margin_nt if donor_on_left else limits.acceptor_margin_nt
        right_margin = limits.acceptor_margin_nt if donor_on_left else limits.donor_margin_nt
        previous_end: int | None = None
        for start, end in transcript.exons:
            if start <= place < end:
                is_inside = min(place - start, end - 1 - place) >= limits.exon_margin_nt
                # A coding base whose codon is cut off by the window's edge is left alone.
                return is_inside and (
                    transcript.genome_to_coding(place) is None
                    or self.edited.from_reference(place) in self._codons[number]
                )
            if place < start:
                if previous_end is None:
                    return True
                return place - previous_end >= left_margin and start - 1 - place >= right_margin
            previous_end = end
        return True

    def _keeps_words(self, change: dict[int, str]) -> bool:
        """Whether changes in a UTR leave starts, stops and poly(A) signals as they are."""
        cds = self._main.cds
        minus = self._main.strand is Strand.MINUS
        after = self._bases_with(change)
        for index in change:
            if index in self._codons[0] or cds is None or self._main.exon_number(self._places[index]) is None:
                continue
            is_5 = (self._places[index] < cds[0]) != minus
            words = _UTR_5_WORDS if is_5 else _UTR_3_WORDS
            reach = len(words[0]) - 1
            low, high = max(0, index - reach), index + reach + 1
            if _places_of(words, self.edited.bases[low:high], minus=minus) != _places_of(
                words, after[low:high], minus=minus
            ):
                return False
        return True

    def _makes_splice_site(self, change: dict[int, str]) -> bool:
        """Whether a site that could be spliced comes up, or one that stands gains a bit, on any transcript."""
        reach = ACCEPTOR_INTRON_NT + ACCEPTOR_EXON_NT
        low, high = max(0, min(change) - reach), max(change) + reach + 1
        now, after = self.edited.bases[low:high], self._bases_with(change)[low:high]
        return any(
            _stronger(now, after, self.limits.splice_bits, minus=strand is Strand.MINUS)
            for strand in sorted({transcript.strand for transcript in self._transcripts})
        )

    def _new_splice_letters(self, change: dict[int, str]) -> int:
        minus = self._main.strand is Strand.MINUS
        low, high = max(0, min(change) - 1), max(change) + 2
        before = _places_of(("GT", "AG"), self.edited.bases[low:high], minus=minus)
        after = _places_of(("GT", "AG"), self._bases_with(change)[low:high], minus=minus)
        return len(after - before)

    def _text(self, change: dict[int, str]) -> str:
        parts: dict[tuple[int, ...], str] = {}
        for index in sorted(change, reverse=self._main.strand is Strand.MINUS):
            codon = self._codons[0].get(index)
            if codon is None:
                place = f"{self.edited.locus.contig}:{self._places[index] + 1}"
                parts[(index,)] = f"{place} {self.edited.bases[index]}>{change[index]}"
            elif codon.indexes not in parts:
                after = codon
                for at, base in change.items():
                    if at in codon.indexes:
                        after = after.changed(at, base)
                name = f"{three_letter(codon.residue)}{codon.number}"
                parts[codon.indexes] = f"{name} {codon.bases}>{after.bases}"
        return ", ".join(parts.values())


def _stronger(now: str, after: str, bits: float, *, minus: bool) -> bool:
    if minus:
        now, after = reverse_complement(now), reverse_complement(after)
    before = _standing_sites(now, bits)
    return any(
        site.score > before.get((site.edge, site.kind), -math.inf) for site in splice_sites(after, bits)
    )


@lru_cache(maxsize=1024)
def _standing_sites(bases: str, bits: float) -> dict[tuple[int, SpliceKind], float]:
    """Scores of the sites that stand already, asked for again with each change of the same stretch."""
    return {(site.edge, site.kind): site.score for site in splice_sites(bases, bits)}


def _places_of(words: Iterable[str], bases: str, *, minus: bool) -> set[tuple[int, str]]:
    """Where words stand on the gene's strand."""
    text = reverse_complement(bases) if minus else bases
    return {(at, word) for word in words for at in range(len(text)) if text.startswith(word, at)}
