"""Where a receptor is put into TRAC: the arms, the frame of its first exon, and the guide that opens it.

The receptor is put behind the second base of the first exon, which ends the codon that the exon before it began: a 2A
peptide in frame with the T-cell receptor then lets the receptor go, driven by the locus' own promoter. What is left of
the protospacer in the left arm no longer has the seed of the guide, which is tried here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from revertant.errors import InputError
from revertant.genome import PatientGenome, Reference
from revertant.knowledge import car_edits, precedents
from revertant.modality.hdr import DONOR_RULES
from revertant.model import DonorKind, Finding, Locus, Status
from revertant.sequence import is_dna, reverse_complement, translate

__all__ = ["INTERVAL", "TracSite", "arm_finding", "find_trac", "holds_trac", "trac_of_cells"]

#: What the first exon of TRAC begins with: two bases that end a codon, and residues of the constant region.
_EXON_RESIDUES = "IQNPDPAVYQ"
_SPLIT_CODON_BP = 2
#: Stretch of GRCh38 that holds the first exon (base 22,547,506 on, by the place of the neighbouring guide TRAC site 1)
#: with a thousand bases on each side.
INTERVAL = Locus("chr14", 22_546_505, 22_548_506)
_ARM_BP = 800


@dataclass(frozen=True, slots=True)
class TracSite:
    """The place in TRAC, read on a given sequence.

    Parameters
    ----------
    left, right
        The arms, 5'→3' on the strand of the gene; the left one ends with the second base of the first exon.
    spacer, pam
        The guide that opens it.
    source
        Where the sequence is from.
    sources
        Where the guide is from.
    own
        Whether the arms are those of the cells themselves, with their variants.
    """

    left: str
    right: str
    spacer: str
    pam: str
    source: str
    sources: tuple[str, ...]
    own: bool = False


def find_trac(sequence: str, source: str, *, arm_bp: int = _ARM_BP) -> TracSite:
    """Find the place on a sequence of either strand, and read the arms.

    Parameters
    ----------
    sequence
        Bases that hold the start of the first exon of TRAC, of the patient or of the reference.
    source
        Where they are from, for the reader.
    arm_bp
        Longest arm to take on each side.

    Raises
    ------
    InputError
        When the guide does not stand on it exactly once, or the first exon does not follow in its frame; the message
        names the interval that is needed.

    Examples
    --------
    >>> exon = "CCCACAGATATCCAGAACCCTGACCCTGCCGTGTACCAGCTG"
    >>> site = find_trac("ACGT" * 5 + exon, "made up")
    >>> site.left[-9:], site.right[:8]
    ('CCCACAGAT', 'ATCCAGAA')
    """
    bases = "".join(sequence.split()).upper()
    row = precedents()[car_edits()["TRAC"].knock_in_guide]
    if not is_dna(bases):
        raise InputError(
            f"{source} holds other letters than A, C, G and T.", remedy=_needed(), code="trac-not-dna"
        )
    # The guide lies on the strand opposite to the gene.
    protospacer = reverse_complement(row.spacer + row.pam)
    places = [
        (strand, at)
        for strand in (bases, reverse_complement(bases))
        for at in range(len(strand) - len(protospacer) + 1)
        if strand.startswith(protospacer, at)
    ]
    if len(places) != 1:
        raise InputError(
            f"The guide {row.spacer} for TRAC stands {len(places)} times on {source}, not once.",
            remedy=_needed(),
            code="trac-not-found",
        )
    strand, at = places[0]
    start = strand.find("CAG", at) + 3  # the splice acceptor ends in CAG; the exon begins behind it
    coding = strand[start + _SPLIT_CODON_BP :][: 3 * len(_EXON_RESIDUES)]
    if translate(coding) != _EXON_RESIDUES:
        raise InputError(
            f"Behind the splice acceptor of {source} the first exon of TRAC does not follow: it reads "
            f"{translate(coding) or 'nothing'}, not {_EXON_RESIDUES}.",
            remedy=_needed(),
            code="trac-not-in-frame",
        )
    cut = start + _SPLIT_CODON_BP
    return TracSite(
        strand[max(0, cut - arm_bp) : cut],
        strand[cut : cut + arm_bp],
        row.spacer,
        row.pam,
        source,
        row.sources,
    )


def holds_trac(reference: Reference) -> bool:
    """Whether a reference covers the place and the arms.

    Examples
    --------
    >>> holds_trac(Reference.from_sequences({"chr1": "ACGT"}))
    False
    """
    return reference.has_contig(INTERVAL.contig) and reference.covers(INTERVAL)


def trac_of_cells(genome: PatientGenome) -> TracSite:
    """Read the place on the cells' own genome: on a copy that has the guide, with that copy's variants in the arms.

    Parameters
    ----------
    genome
        Whose cells get the receptor; of a genome without calls the reference is read.

    Raises
    ------
    InputError
        When the reference does not cover the place, or no copy has the guide and the exon behind it.
    """
    reference, place = genome.reference, f"{INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end}"
    if not holds_trac(reference):
        raise InputError(
            f"The reference does not cover {place}, where TRAC lies.",
            where=reference.name,
            remedy=_needed(),
            code="trac-not-covered",
        )
    if not genome.has_calls:
        return find_trac(
            reference.fetch(INTERVAL.contig, INTERVAL.start, INTERVAL.end), f"{reference.name} {place}"
        )
    windows = genome.windows(INTERVAL)
    told = f"{reference.name} {place} with the cells' own variants"
    if len(windows) > 1:
        told += f", one of {len(windows)} sequences they may carry there"
    problem: InputError | None = None
    for window in windows:
        try:
            return replace(find_trac(window.bases, told), own=True)
        except InputError as error:
            problem = problem or error
    assert problem is not None
    raise problem


def _needed() -> str:
    return (
        f"Give the sequence of {INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end} (GRCh38), of the cells to be "
        "treated "
        "where it is known."
    )


def arm_finding(site: TracSite) -> Finding:
    """Hold the arms against what an AAV6 donor needs.

    Examples
    --------
    >>> arm_finding(TracSite("A" * 500, "C" * 90, "", "", "made up", ())).status
    <Status.FAIL: 'fail'>
    """
    rule, least = "trac.arms", DONOR_RULES[DonorKind.AAV6].least_arm_bp
    value = f"{len(site.left)} and {len(site.right)} bp"
    threshold = f"at least {least} bp each"
    sources = DONOR_RULES[DonorKind.AAV6].sources
    if min(len(site.left), len(site.right)) < least:
        text = f"The arms read from {site.source} are too short for repair by homology. {_needed()}"
        return Finding(rule, Status.FAIL, text, value, threshold, sources)
    text = (
        f"Arms as read from {site.source}."
        if site.own
        else f"Arms as read from {site.source}; the cells' own variants there make repair rarer, so read theirs."
    )
    return Finding(rule, Status.PASS, text, value, threshold, sources)
