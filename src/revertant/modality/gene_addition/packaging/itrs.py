"""Finding the terminal repeats, and measuring what lies between them.

Plasmids carry ITRs of 128, 130, 141, 143 and 145 nt, cut at either end, in either of two orientations, and often with
a deletion in an arm. Each repeat is therefore aligned to the whole repeat of AAV2, and its ends are those of the
alignment: nothing is taken from a name or from an assumed length. One known addition is allowed for: the 141-nt form
ends in a cloning site (CCTGCAGGCAG) instead of its first 17 bases.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from revertant.errors import InputError
from revertant.knowledge import vector_part
from revertant.model import Strand
from revertant.sequence import reverse_complement

if TYPE_CHECKING:
    from Bio.Align import PairwiseAligner

__all__ = ["ITR_SOURCES", "WHOLE_REPEAT", "PackagedSpan", "TerminalRepeat", "find_itrs", "measure_packaged"]

#: Key of the whole repeat in the catalogue of parts, ``NC_001401.2:1-145``.
WHOLE_REPEAT = "itr_aav2_145_flip"
ITR_SOURCES = ("refseq:NC_001401.2",)

#: The hairpin without D: what follows it is D.
_STEM = 125
#: The terminal resolution site on this strand; its last two bases are the first of D.
_NICKED, _NICKED_IN_D = "CCAACT", 2
#: PstI/SbfI remnant that stands for the first bases of the 141-nt form.
_CLONED_END = "CCTGCAGGCAG"
_MATCH, _MISMATCH, _GAP, _EXTEND = 1.0, -1.5, -3.0, -0.5
#: Of 145; a repeat without D and both flanks has 91, and a stretch of chance none near it.
_LEAST_SCORE = 60.0
#: An alignment's end must rest on this many equal bases in a row, or it is cut back.
_ANCHOR_NT = 8
#: A repeat is looked for where so many of its bases stand in a row.
_SEED_NT = 11
#: A run of G or C that goes on so far outside the repeat is the tail of G/C-tailing, by which ITRs were cloned.
_TAIL_NT = 8


@dataclass(frozen=True, slots=True)
class TerminalRepeat:
    """One ITR on a sequence.

    Parameters
    ----------
    start, end
        0-based, half-open, on the forward strand; ``end`` passes the sequence's length where it spans the origin.
    strand
        ``PLUS`` when its D element points to the right: the genome lies to the right of it. For a repeat without D both
        read the same, and this says nothing.
    orientation
        ``"flip"`` or ``"flop"``; empty where arms are missing so that both fit equally.
    has_d
        Whether D and the terminal resolution site are there: without them Rep does not nick, and the genome is packaged
        as a double length.
    identity
        Equal bases in the alignment over its columns.

    Examples
    --------
    >>> from revertant.knowledge import vector_part
    >>> find_itrs(vector_part("itr_aav2_145_flip").sequence + "ACGT" * 100)[0].has_d
    True
    """

    start: int
    end: int
    strand: Strand
    orientation: str
    has_d: bool
    identity: float

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class PackagedSpan:
    """What is packaged of a sequence, from ITR to ITR.

    Parameters
    ----------
    start, end
        0-based, half-open; ``end`` passes the sequence's length where the span crosses the origin of a plasmid.
    left, right
        The repeats.
    """

    start: int
    end: int
    left: TerminalRepeat
    right: TerminalRepeat

    @property
    def packaged_bp(self) -> int:
        """Bases from the first of the left ITR to the last of the right."""
        return self.end - self.start

    @property
    def self_complementary(self) -> bool:
        """Whether exactly one repeat lacks D, as in a self-complementary genome."""
        return self.left.has_d != self.right.has_d


def find_itrs(sequence: str, *, circular: bool = False) -> tuple[TerminalRepeat, ...]:
    """Find the AAV2 terminal repeats on both strands.

    Parameters
    ----------
    sequence
        DNA; the case of the letters does not matter.
    circular
        Whether the ends are joined.

    Returns
    -------
    tuple[TerminalRepeat, ...]
        By start; empty where there is none.

    Examples
    --------
    >>> from revertant.knowledge import vector_part
    >>> filler, itr = "ACGTTGCA" * 40, vector_part("itr_aav2_145_flip").sequence
    >>> plasmid = filler + itr + filler + reverse_complement(itr) + filler
    >>> [(itr.start, len(itr), itr.strand.value) for itr in find_itrs(plasmid)]
    [(320, 145, '+'), (785, 145, '-')]
    """
    text = sequence.upper()
    length = len(text)
    if circular:
        text += text[: 2 * _whole_bp()]
    aligner = _aligner()
    seen: list[TerminalRepeat] = []
    for low, high in _windows(text):
        masked = text[low:high]
        while (best := _best(aligner, masked, text, low)) is not None:
            seen.append(best)
            masked = masked[: best.start - low] + "N" * len(best) + masked[best.end - low :]
    # A repeat across the origin of a plasmid is seen in part at the start, and whole at the end: the whole one counts.
    found: list[TerminalRepeat] = []
    for repeat in sorted(seen, key=lambda itr: (-len(itr), itr.start)):
        if repeat.start < length and not any(_same(repeat, other, length) for other in found):
            found.append(repeat)
    return tuple(sorted(found, key=lambda itr: itr.start))


@cache
def _queries() -> tuple[tuple[str, Strand, str], ...]:
    """Both orientations on both strands: flop is the reverse complement of the hairpin, with the same D."""
    flip = vector_part(WHOLE_REPEAT).sequence
    flop = reverse_complement(flip[:_STEM]) + flip[_STEM:]
    return (
        (flip, Strand.PLUS, "flip"),
        (flop, Strand.PLUS, "flop"),
        (reverse_complement(flip), Strand.MINUS, "flip"),
        (reverse_complement(flop), Strand.MINUS, "flop"),
    )


def _whole_bp() -> int:
    return len(_queries()[0][0])


@cache
def _resolvable() -> str:
    """The resolution site and D, as they end a repeat whose genome lies to the right."""
    return _NICKED + _queries()[0][0][_STEM + _NICKED_IN_D :]


@cache
def _seeds() -> frozenset[str]:
    return frozenset(
        query[start : start + _SEED_NT]
        for query, _, _ in _queries()
        for start in range(len(query) - _SEED_NT + 1)
    )


def _windows(text: str) -> list[tuple[int, int]]:
    """Stretches around what a repeat could be seeded by: the rest need not be aligned."""
    reach = _whole_bp() + 2 * _SEED_NT
    windows: list[tuple[int, int]] = []
    for place in range(len(text) - _SEED_NT + 1):
        if text[place : place + _SEED_NT] in _seeds():
            low, high = max(0, place - reach), min(len(text), place + _SEED_NT + reach)
            if windows and low <= windows[-1][1]:
                windows[-1] = (windows[-1][0], high)
            else:
                windows.append((low, high))
    return windows


def _same(one: TerminalRepeat, other: TerminalRepeat, length: int) -> bool:
    """Whether two hits are one repeat, seen again past the origin."""
    return any(one.start < other.end + turn and other.start + turn < one.end for turn in (-length, 0, length))


def _aligner() -> PairwiseAligner:
    from Bio.Align import PairwiseAligner  # noqa: PLC0415 - heavy, and used only here

    aligner = PairwiseAligner()  # type: ignore[no-untyped-call]
    aligner.mode = "local"
    aligner.match_score, aligner.mismatch_score = _MATCH, _MISMATCH
    aligner.open_gap_score, aligner.extend_gap_score = _GAP, _EXTEND
    return aligner


def _best(aligner: PairwiseAligner, masked: str, text: str, low: int) -> TerminalRepeat | None:
    """The best repeat in a window of the text that begins at ``low``; found ones are masked by N."""
    scores: list[float] = [
        aligner.score(masked, query)  # type: ignore[no-untyped-call]
        for query, _, _ in _queries()
    ]
    if max(scores) < _LEAST_SCORE:
        return None
    query, strand, orientation = _queries()[scores.index(max(scores))]
    blocks, identity = _blocks(aligner, masked, query)
    ends = _ends(text, query, [(start + low, end + low, first) for start, end, first in blocks])
    if ends is None:
        return None
    start, end = ends
    bases = text[start:end]
    has_d = _resolvable() in (bases if strand is Strand.PLUS else reverse_complement(bases))
    return TerminalRepeat(start, end, strand, orientation if has_d else "", has_d, identity)


def _blocks(aligner: PairwiseAligner, text: str, query: str) -> tuple[list[tuple[int, int, int]], float]:
    """Stretches without gaps as ``(start, end, start in the query)``, and the identity over the columns."""
    alignment = next(iter(aligner.align(text, query)))  # type: ignore[no-untyped-call]
    targets, queries = alignment.aligned
    blocks = [
        (int(start), int(end), int(first)) for (start, end), (first, _) in zip(targets, queries, strict=True)
    ]
    equal = sum(
        text[start + i] == query[first + i] for start, end, first in blocks for i in range(end - start)
    )
    return blocks, equal / alignment.length


def _ends(text: str, query: str, blocks: list[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Cut the alignment back to ends that rest on equal bases, then settle what cloning left at them."""
    runs = [run for block in blocks for run in _equal_runs(text, query, block)]
    anchors = [run for run in runs if run[1] - run[0] >= _ANCHOR_NT]
    if not anchors:
        return None
    start, end = anchors[0][0], anchors[-1][1]
    if text[start - len(_CLONED_END) : start] == _CLONED_END:
        start -= len(_CLONED_END)
    if text[end : end + len(_CLONED_END)] == reverse_complement(_CLONED_END):
        end += len(_CLONED_END)
    size = len(text)
    return _past_tail(text, start, end), size - _past_tail(text[::-1], size - end, size - start)


def _equal_runs(text: str, query: str, block: tuple[int, int, int]) -> list[tuple[int, int]]:
    start, end, first = block
    runs: list[tuple[int, int]] = []
    since: int | None = None
    for place in range(start, end):
        if text[place] == query[first + place - start]:
            since = place if since is None else since
        elif since is not None:
            runs.append((since, place))
            since = None
    if since is not None:
        runs.append((since, end))
    return runs


def _past_tail(text: str, start: int, end: int) -> int:
    """Move a start past a run of G or C that goes on outside: it belongs to the tail, not to the repeat."""
    letter = text[start]
    outside = len(text[:start]) - len(text[:start].rstrip(letter))
    if letter not in "GC" or outside < _TAIL_NT:
        return start
    inside = len(text[start:end]) - len(text[start:end].lstrip(letter))
    return start + inside


def measure_packaged(sequence: str, *, circular: bool = False) -> PackagedSpan:
    """Measure a construct from ITR to ITR.

    Parameters
    ----------
    sequence
        A plasmid or a packaged genome.
    circular
        Whether it is a plasmid: then the D elements say which of the two arcs is the genome.

    Raises
    ------
    InputError
        When there are not exactly two ITRs, or when they do not face each other.

    Examples
    --------
    >>> from revertant.knowledge import vector_part
    >>> itr = vector_part("itr_aav2_145_flip").sequence
    >>> genome = itr + "ACGTTGCA" * 400 + reverse_complement(itr)
    >>> span = measure_packaged("TTTT" + genome + "GGTT")
    >>> span.start, span.packaged_bp == len(genome), span.self_complementary
    (4, True, False)
    """
    repeats = find_itrs(sequence, circular=circular)
    if len(repeats) != 2:
        raise InputError(
            f"{len(repeats)} AAV2 terminal repeats were found, not two.",
            where=f"sequence of {len(sequence)} bases",
            remedy="Give a plasmid or a genome with both ITRs of AAV2; repeats of other serotypes are not looked for.",
        )
    first, second = repeats
    forward = _faces(first, second)
    if forward or not circular:
        if not forward and (first.has_d or second.has_d):
            raise _facing(sequence)
        return PackagedSpan(first.start, second.end, first, second)
    if not _faces(second, first):
        raise _facing(sequence)
    return PackagedSpan(second.start, first.end + len(sequence), second, first)


def _faces(left: TerminalRepeat, right: TerminalRepeat) -> bool:
    """Whether every D element that is there points to the other repeat; at least one must be there."""
    turned = (not left.has_d or left.strand is Strand.PLUS) and (
        not right.has_d or right.strand is Strand.MINUS
    )
    return turned and (left.has_d or right.has_d)


def _facing(sequence: str) -> InputError:
    return InputError(
        "The D elements of the two terminal repeats do not face each other: what is packaged is not defined.",
        where=f"sequence of {len(sequence)} bases",
        remedy="Check the orientation of the ITRs in the plasmid.",
    )
