"""What a small insertion or deletion at a cut does to the protein: the two shifted frames, read to their stops.

Any indel shifts the frame by one, by two, or not at all. For the two shifts the new stop is found exactly on the
transcript. A stop more than 50 bases before the last exon junction is expected to trigger nonsense-mediated
decay (the 50-nucleotide rule); one after it leaves a shortened protein.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from revertant.genome import Reference
from revertant.model import Strand, Transcript
from revertant.sequence import STOPS, reverse_complement

__all__ = ["NMD_DISTANCE_BP", "NMD_SOURCES", "FrameOutcome", "frame_outcomes"]

#: A stop farther than this before the last exon-exon junction is expected to trigger decay.
NMD_DISTANCE_BP = 50
NMD_SOURCES = ("doi:10.1016/s0968-0004(98)01208-0",)


@dataclass(frozen=True, slots=True)
class FrameOutcome:
    """One shifted reading frame.

    Parameters
    ----------
    shift
        1 when one base too many is read (insertion of 1, deletion of 2 ...), 2 when two are.
    residues_kept
        Residues before the cut that stay as they were.
    residues_to_stop
        Foreign residues from the cut to the new stop; ``None`` when no stop follows in the transcript.
    decay
        Whether nonsense-mediated decay is expected.
    """

    shift: int
    residues_kept: int
    residues_to_stop: int | None
    decay: bool


def frame_outcomes(transcript: Transcript, reference: Reference, cut: int) -> tuple[FrameOutcome, ...]:
    """Read both shifted frames from a cut to their stops.

    Parameters
    ----------
    transcript
        A coding transcript; its exons are taken as spliced normally.
    reference
        For the sequence.
    cut
        0-based genome position of the base to the right of the cut; it must lie in the coding sequence.

    Returns
    -------
    tuple[FrameOutcome, ...]
        For shift 1 and shift 2; empty when the cut lies outside the coding sequence.
    """
    coding_index = transcript.genome_to_coding(cut)
    if coding_index is None:
        return ()
    if transcript.strand is Strand.MINUS:
        coding_index += 1  # the cut lies behind this base in the direction of reading
    spliced = _spliced(transcript, reference)
    offset = _coding_offset(transcript)
    junction = len(spliced) - (transcript.ordered_exons[-1][1] - transcript.ordered_exons[-1][0])
    outcomes = []
    for shift in (1, 2):
        # One base too many: the codon that holds the cut is read one base earlier from there on.
        start = coding_index - coding_index % 3
        kept = start // 3
        body = (
            spliced[offset + start : offset + coding_index] + "N" * shift + spliced[offset + coding_index :]
        )
        stop = next((i for i in range(0, len(body) - 2, 3) if body[i : i + 3] in STOPS), None)
        if stop is None:
            outcomes.append(FrameOutcome(shift, kept, None, decay=False))
            continue
        place = offset + start + stop - shift
        last = len(transcript.exons) == 1
        outcomes.append(
            FrameOutcome(shift, kept, stop // 3, decay=not last and junction - place > NMD_DISTANCE_BP)
        )
    return tuple(outcomes)


@lru_cache(maxsize=16)
def _spliced(transcript: Transcript, reference: Reference) -> str:
    parts = [reference.fetch(transcript.contig, start, end) for start, end in transcript.ordered_exons]
    if transcript.strand is Strand.MINUS:
        parts = [reverse_complement(part) for part in parts]
    return "".join(parts)


def _coding_offset(transcript: Transcript) -> int:
    index = transcript.genome_to_spliced(transcript.coding_to_genome(0))
    assert index is not None
    return index
