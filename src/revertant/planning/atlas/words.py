"""What counts as correctable in the atlas, way by way, in words; and what a stretch of sequence cannot show."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.modality.hdr.placing import NEAR_NT
from revertant.modality.prime_editing.pegrna import FARTHEST_EDIT_NT, HOMOLOGY_NT, LONGEST_EDIT_NT, PBS_NT
from revertant.modality.silent import SilentLimits

__all__ = ["DEFINITIONS", "Definition"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What the atlas says of one way of editing.

    Parameters
    ----------
    title
        The way.
    counts
        ``"counted"``, ``"information"`` or ``"not judged"``.
    meaning
        When a variant counts.
    not_shown
        What a stretch of sequence leaves open.
    """

    title: str
    counts: str
    meaning: str
    not_shown: str


#: In the order of the tables.
DEFINITIONS = (
    Definition(
        "base editing",
        "counted",
        "An editor of the catalogue turns the variant back into the wild type, and no other base of its window can "
        "change, or every combination of those that can leaves the protein and the splice sites as they are.",
        "Exon edges that the variant's name does not give.",
    ),
    Definition(
        "prime editing",
        "counted",
        "A pegRNA, applied to the mutant sequence, gives the wild type letter by letter: edit beginning at +1 to "
        f"+{FARTHEST_EDIT_NT} from the nick, edit of up to {LONGEST_EDIT_NT} bases, primer binding site of "
        f"{PBS_NT[0]} to {PBS_NT[1]} and {HOMOLOGY_NT[0]} to {HOMOLOGY_NT[1]} bases beyond the edit.",
        "How well it works; whether spacer or flap find a second place beyond the sequence of the row.",
    ),
    Definition(
        "cut and donor",
        "counted",
        f"A nuclease cuts within {NEAR_NT} bases of every base that changes, and the repaired allele has lost its PAM "
        f"or two matches of its seed: by the edit itself, or by up to {SilentLimits().most_blocking} silent changes "
        "checked on the codons.",
        "Placement only: the donor's arms reach beyond the sequence of the row. Where the reading frame is not known "
        "there is no codon check, and changes outside the code are not tried; neither is counted.",
    ),
    Definition(
        "allele-specific cut",
        "information",
        "The variant makes a PAM, a better PAM, or a mismatch in the seed, so that a guide can tell it from the wild "
        "type. That silences a copy and corrects nothing.",
        "Whether losing the copy helps; other variants of the copy that could serve as a handle.",
    ),
    Definition(
        "splice switching",
        "not judged",
        "Which exons may be left out, and whether a wrong splice site can be hidden, is read from the whole "
        "transcript.",
        "Exons, their phases, and nearly all splice sites.",
    ),
    Definition(
        "epigenome editing",
        "not judged",
        "Guides lie around the start of transcription, and whether more or less of the product helps is a question of "
        "the disease.",
        "The promoter, the start of transcription, the mechanism.",
    ),
    Definition(
        "gene addition",
        "not judged",
        "Whether the coding sequence fits a vector and a further copy helps does not depend on the variant's sequence.",
        "The coding sequence, the tissue, the mechanism.",
    ),
)
