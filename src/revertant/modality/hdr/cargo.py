"""What is knocked in: a cassette somebody gives, or a gene's own coding sequence. No sequence is made up here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from revertant.errors import InputError, RevertantError
from revertant.genome import HaplotypeWindow, Reference
from revertant.modality.recut import Site, is_cut
from revertant.modality.silent import SilentJudge, applied, blocking_changes
from revertant.model import Locus, PamSide, Strand, Transcript
from revertant.sequence import is_dna, reverse_complement
from revertant.variant.coding import coding_context

__all__ = ["AFTER_THE_TRANSCRIPT_BP", "Cargo", "coding_cargo", "given_cargo", "shielded"]

#: Bases behind the transcript's end that go along, since cleavage also reads what follows the site (own choice).
AFTER_THE_TRANSCRIPT_BP = 100


@dataclass(frozen=True, slots=True)
class Cargo:
    """A sequence to be knocked in.

    Parameters
    ----------
    name
        What it is, in words.
    sequence
        5'→3', coding strand.
    coding_bp
        Length of the coding sequence it begins with; 0 when that is not known (a cassette as given).
    note
        What a designer should know.
    """

    name: str
    sequence: str
    coding_bp: int = 0
    note: str = ""


def given_cargo(name: str, sequence: str) -> Cargo:
    """Take a cassette as somebody gives it.

    Raises
    ------
    InputError
        When it is no DNA.

    Examples
    --------
    >>> given_cargo("a reporter", "atgaaa").sequence
    'ATGAAA'
    """
    bases = "".join(sequence.split()).upper()
    if not bases or not is_dna(bases):
        raise InputError(
            f"The cassette {name!r} is no DNA sequence.",
            remedy="Give A, C, G and T only, 5' to 3'.",
        )
    return Cargo(name, bases, note="The cassette is taken as given; what it makes is not judged here.")


def coding_cargo(transcript: Transcript, reference: Reference) -> Cargo | str:
    """Make the cargo that spells a gene's own protein: its coding sequence and its own 3' end.

    Parameters
    ----------
    transcript, reference
        Where it is read. The wild type is the reference's.

    Returns
    -------
    Cargo | str
        The cargo, or why it cannot be read.
    """
    if transcript.cds is None:
        return f"{transcript.transcript_id} codes for no protein"
    if not transcript.has_start:
        return f"{transcript.transcript_id} begins within its protein: it has no start codon"
    minus = transcript.strand is Strand.MINUS
    low, high = transcript.exons[0][0], transcript.exons[-1][1]
    behind = (
        Locus(transcript.contig, low - AFTER_THE_TRANSCRIPT_BP, low)
        if minus
        else Locus(transcript.contig, high, high + AFTER_THE_TRANSCRIPT_BP)
    )
    whole = [Locus(transcript.contig, *exon) for exon in transcript.exons]
    if behind.start < 0 or not all(reference.covers(place) for place in (*whole, behind)):
        return "the reference does not cover the whole transcript and what follows it"
    try:
        context = coding_context(transcript, reference)
    except RevertantError as error:
        return str(error)
    tail = reference.fetch(behind.contig, behind.start, behind.end)
    bases = context.coding + context.after_coding + (reverse_complement(tail) if minus else tail)
    if not is_dna(bases):
        return "the transcript holds an ambiguous base"
    return Cargo(
        f"coding sequence of {transcript.gene} ({transcript.transcript_id}) with its own 3' end",
        bases,
        len(context.coding),
        "Introns are left out, and with them whatever they do for expression.",
    )


def shielded(cargo: Cargo, site: Site) -> Cargo | str:
    """Return the cargo with silent changes that keep a guide off it; itself where the guide does not fit anyway.

    Examples
    --------
    >>> from revertant.model import PamSide
    >>> cargo = Cargo("a gene", "ATGGCTCTTGCCCCACAGGGCAGTAACGGTCTGTAA", 36)
    >>> site = Site("CTTGCCCCACAGGGCAGTAA", "NRG", PamSide.THREE_PRIME, 10)
    >>> shielded(cargo, site).sequence
    'ATGGCTCTTGCCCCACAGGGCTCTAACGGTCTGTAA'
    """
    if not is_cut(cargo.sequence, site):
        return cargo
    places = [
        (at, is_plus)
        for spacer, is_plus in ((site.spacer, True), (reverse_complement(site.spacer), False))
        if (at := cargo.sequence.find(spacer)) >= 0
    ]
    if not cargo.coding_bp or not places:
        return "the cassette holds a site of the guide outside of what can be spelt another way"
    size = len(cargo.sequence)
    judge = _judge_of(cargo)
    at, is_plus = places[0]
    middle = at + len(site.spacer) // 2
    # Only what lies in the seed or the PAM keeps a guide off.
    if (site.pam_side is PamSide.THREE_PRIME) == is_plus:
        low, high = at + len(site.spacer) - site.seed_nt, at + len(site.spacer) + len(site.pam)
    else:
        low, high = at - len(site.pam), at + site.seed_nt
    found = blocking_changes(judge, site, (max(0, low), min(high, size)), middle)
    if not found:
        return "no silent change keeps the guide off the coding sequence that is knocked in"
    after = applied(judge.edited, found[0])
    return Cargo(
        cargo.name, after.bases, cargo.coding_bp, f"{cargo.note} Written another way: {found[0].text}."
    )


@lru_cache(maxsize=4)
def _judge_of(cargo: Cargo) -> SilentJudge:
    """What may change silently in a cargo: the same for every guide that is kept off it."""
    size = len(cargo.sequence)
    gene = Transcript("cargo", "cargo", "cargo", Strand.PLUS, ((0, size),), (0, cargo.coding_bp))
    return SilentJudge(HaplotypeWindow.of_reference(Locus("cargo", 0, size), cargo.sequence), [gene])
