"""What a change of sequence does to one transcript."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Consequence", "ConsequenceTerm"]


class ConsequenceTerm(StrEnum):
    """Sequence Ontology terms, most severe first."""

    TRANSCRIPT_ABLATION = "transcript_ablation"
    SPLICE_ACCEPTOR = "splice_acceptor_variant"
    SPLICE_DONOR = "splice_donor_variant"
    STOP_GAINED = "stop_gained"
    FRAMESHIFT = "frameshift_variant"
    STOP_LOST = "stop_lost"
    START_LOST = "start_lost"
    INFRAME_INSERTION = "inframe_insertion"
    INFRAME_DELETION = "inframe_deletion"
    INFRAME_DELINS = "inframe_indel"
    MISSENSE = "missense_variant"
    SPLICE_REGION = "splice_region_variant"
    STOP_RETAINED = "stop_retained_variant"
    SYNONYMOUS = "synonymous_variant"
    UTR_5 = "5_prime_UTR_variant"
    UTR_3 = "3_prime_UTR_variant"
    NON_CODING_EXON = "non_coding_transcript_exon_variant"
    INTRON = "intron_variant"
    UPSTREAM = "upstream_gene_variant"
    DOWNSTREAM = "downstream_gene_variant"
    INTERGENIC = "intergenic_variant"

    @property
    def severity(self) -> int:
        """0 is the most severe."""
        return list(ConsequenceTerm).index(self)


#: Terms that, in the absence of other knowledge, take away the product of the allele.
TRUNCATING = frozenset(
    {
        ConsequenceTerm.TRANSCRIPT_ABLATION,
        ConsequenceTerm.SPLICE_ACCEPTOR,
        ConsequenceTerm.SPLICE_DONOR,
        ConsequenceTerm.STOP_GAINED,
        ConsequenceTerm.FRAMESHIFT,
        ConsequenceTerm.START_LOST,
    }
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a variant, or a set of edits, does to one transcript.

    Parameters
    ----------
    transcript_id, gene
        The transcript that was asked.
    terms
        Sequence Ontology terms, most severe first.
    hgvs_c, hgvs_p
        HGVS descriptions (``"NM_000518.5:c.20A>T"``, ``"p.(Glu7Val)"``); ``hgvs_p`` is empty in UTRs and
        outside the gene, and ``p.?`` where the effect on splicing leaves the protein open.
    codon_before, codon_after
        The codon a substitution touches, empty otherwise.
    amino_acids_before, amino_acids_after
        One-letter residues that differ (``"E"``, ``"V"``); ``*`` is a stop.
    protein_position
        1-based first residue that differs; ``None`` outside the CDS.
    new_stop_after
        For a frameshift, residues from the first changed one to the new stop; ``None`` when there is none in
        the transcript.
    exon
        1-based number of the exon touched; ``None`` in introns.
    """

    transcript_id: str
    gene: str
    terms: tuple[ConsequenceTerm, ...]
    hgvs_c: str = ""
    hgvs_p: str = ""
    codon_before: str = ""
    codon_after: str = ""
    amino_acids_before: str = ""
    amino_acids_after: str = ""
    protein_position: int | None = None
    new_stop_after: int | None = None
    exon: int | None = None

    @property
    def worst(self) -> ConsequenceTerm:
        """The most severe term."""
        return self.terms[0]

    @property
    def changes_protein(self) -> bool:
        """Whether residues, length, start or stop of the protein change, or a splice site is hit."""
        return self.worst.severity <= ConsequenceTerm.MISSENSE.severity

    @property
    def is_truncating(self) -> bool:
        """Whether the product of this allele is expected to be lost or cut short."""
        return self.worst in TRUNCATING
