"""The sequence that is edited: a copy a person carries over a stretch of the genome, or a sequence that was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import GeneModels, HaplotypeWindow, PatientGenome, Reference
from revertant.modality.protospacers import reachable, reviewable_windows
from revertant.model import Locus, Transcript
from revertant.sequence import is_iupac

__all__ = ["STATED", "Ground", "copies_words", "given_ground", "grounds_at"]

#: Longest sequence looked at: a donor's arms and its cargo fit, and a guide is still found at once.
LONGEST_BP = 100_000


#: Marks a copy that nobody was seen to carry: the reference with a variant that was stated.
STATED = ("stated",)


def copies_words(haplotypes: Sequence[str], *, on_genome: bool = True) -> str:
    """Say which copies carry a sequence.

    Examples
    --------
    >>> copies_words(("1", "2")), copies_words(("2",)), copies_words(("reference",)), copies_words(STATED)
    ('copies 1 and 2', 'copy 2', 'the reference', 'the reference with the variant stated')
    """
    if not on_genome:
        return "the sequence given"
    known: dict[tuple[str, ...], str] = {
        ("reference",): "the reference",
        STATED: "the reference with the variant stated",
        ("putative",): "a copy that is possible as the phase is not known",
    }
    named = known.get(tuple(haplotypes))
    return named or f"cop{'y' if len(haplotypes) == 1 else 'ies'} {' and '.join(haplotypes)}"


@dataclass(frozen=True, slots=True)
class Ground:
    """One sequence, with the reference under it and the transcripts that read it.

    Parameters
    ----------
    window
        The sequence and its pairing with the reference.
    reference
        The genome; for a given sequence, that sequence alone.
    transcripts
        Those whose protein is worked out.
    on_genome
        False for a given sequence.

    Examples
    --------
    >>> given_ground("ACGTACGTAC").window.bases
    'ACGTACGTAC'
    """

    window: HaplotypeWindow
    reference: Reference
    transcripts: tuple[Transcript, ...] = ()
    on_genome: bool = True

    @property
    def reference_bases(self) -> str:
        """The reference over the same interval."""
        locus = self.window.locus
        return self.reference.fetch(locus.contig, locus.start, locus.end)

    @property
    def copies(self) -> str:
        """The copies, in words."""
        return copies_words(self.window.haplotypes, on_genome=self.on_genome)

    def place(self, start: int, end: int, strand: str) -> str:
        """Name a stretch of the window as a reader finds it."""
        locus = self.window.reference_locus(start, end)
        return f"{locus.contig}:{locus.start + 1}-{locus.end}:{strand}"


def given_ground(sequence: str, name: str = "sequence") -> Ground:
    """Make the ground of a sequence that was given.

    Parameters
    ----------
    sequence
        Forward strand, 5'→3'; T and U are one letter.
    name
        What it is called; its positions count from 1.

    Raises
    ------
    InputError
        Code ``bad-sequence`` when it is empty, too long, or holds other letters than nucleotides have.

    Examples
    --------
    >>> ground = given_ground("acgu acgt")
    >>> ground.window.bases, ground.place(0, 4, "+")
    ('ACGTACGT', 'sequence:1-4:+')
    """
    bases = "".join(sequence.split()).upper().replace("U", "T")
    if not bases or not is_iupac(bases):
        odd = sorted(set(bases) - set("ACGTRYSWKMBDHVN"))
        what = f"It holds {', '.join(map(repr, odd[:5]))}" if odd else "It is empty"
        raise InputError(
            f"The sequence cannot be read. {what}.",
            where=name,
            remedy="Give nucleotides only, 5'→3'.",
            code="bad-sequence",
        )
    if len(bases) > LONGEST_BP:
        raise InputError(
            f"The sequence has {len(bases):,} bases; at most {LONGEST_BP:,} are looked at.",
            where=name,
            remedy="Give the stretch around the edit.",
            code="bad-sequence",
        )
    reference = Reference.from_sequences({name: bases})
    [contig] = reference.contigs
    locus = reference.windows[0] if reference.windows else Locus(contig, 0, len(bases))
    return Ground(HaplotypeWindow.of_reference(locus, bases), reference, on_genome=False)


def grounds_at(
    genome: PatientGenome, locus: Locus, models: GeneModels | None = None, transcript: str = ""
) -> tuple[Ground, ...]:
    """Return every sequence a person carries, or may carry, over a place.

    Parameters
    ----------
    genome, locus
        The person and the place; it is clipped to the reference.
    models
        Gene models; without them no protein is worked out.
    transcript
        The only transcript to read; empty for the usual one of each gene that lies here.

    Raises
    ------
    IncompatibleInputsError
        Code ``too-many-sequences`` where phase must be known first, ``no-copy`` where the person has none (Y of a
        woman), ``unknown-transcript``.

    Examples
    --------
    >>> from revertant.model import Call, Variant
    >>> reference = Reference.from_sequences({"chr1": "ACGTACGTAC"})
    >>> calls = [Call(Variant("chr1", 3, "T", "A"), (True, False), phase_set="1")]
    >>> [(g.window.bases, g.copies) for g in grounds_at(PatientGenome(reference, calls), Locus("chr1", 0, 10))]
    [('ACGAACGTAC', 'copy 1'), ('ACGTACGTAC', 'copy 2')]
    """
    refused: list[str] = []
    windows = reviewable_windows(genome, reachable(genome.reference, locus), refused)
    if not windows:
        raise IncompatibleInputsError(
            f"{refused[0][0].upper()}{refused[0][1:]}."
            if refused
            else "The person has no copy of this place.",
            where=str(locus),
            remedy="Name a smaller place with --locus or --flank, or phase the variants." if refused else "",
            code="too-many-sequences" if refused else "no-copy",
        )
    found: tuple[Transcript, ...] = ()
    if models is not None and transcript:
        found = (models.by_id(transcript),)
    elif models is not None:
        genes = sorted({item.gene for item in models.overlapping(windows[0].locus)})
        found = tuple(models.choose(gene).transcript for gene in genes)
    return tuple(Ground(window, genome.reference, found) for window in windows)
