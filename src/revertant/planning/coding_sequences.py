"""What a plan stands on where no genome is given: the coding sequence of each gene, as a contig of its own.

A vector carries a coding sequence and acts on no place of the genome, so it can be planned without one. Positions
then count along the coding sequence (``c.1`` is its first base); introns, promoters and the rest of the genome are
not there, and nothing is said of them. Where only the length of a coding sequence is known, its bases are N.
"""

from __future__ import annotations

from collections.abc import Iterable

from revertant import knowledge
from revertant.errors import UsageError
from revertant.genome import GeneModels, Reference
from revertant.model import Strand, Transcript, Transgene

__all__ = ["WITHOUT_GENOME", "coding_sequences", "no_sequence"]

#: Why something was not done, in the words of every rejection and finding.
WITHOUT_GENOME = "no reference genome was given"

_NAME = "coding sequences"
_CODON = 3


def coding_sequences(
    symbols: Iterable[str], transgene: Transgene | None = None
) -> tuple[Reference, GeneModels]:
    """Lay the coding sequences of genes out as contigs, each with its one transcript.

    Parameters
    ----------
    symbols
        Gene symbols; an earlier symbol is taken for the present one.
    transgene
        What the user gave to be carried: it stands for the gene of its name.

    Returns
    -------
    tuple of Reference and GeneModels
        The contig is the accession of the coding sequence. One whose bases are not known is all N.

    Raises
    ------
    UsageError
        Code ``no-reference`` when nothing is known of a gene, or no gene is named.

    Examples
    --------
    >>> reference, models = coding_sequences(["SMN1"])
    >>> [transcript] = models.of_gene("SMN1")
    >>> transcript.contig, transcript.coding_bases, reference.fetch(transcript.contig, 0, 9)
    ('NM_000344.4', 885, 'ATGGCGATG')
    """
    laid: dict[str, tuple[Transcript, str]] = {}
    for symbol in dict.fromkeys(symbols):
        contig, gene, bases = _coding_sequence(symbol, transgene)
        length = len(bases)
        transcript = Transcript(contig, gene, contig, Strand.PLUS, ((0, length),), (0, length))
        laid.setdefault(contig, (transcript, bases))
    if not laid:
        raise UsageError(
            "Neither a reference genome nor a gene of the catalogues is named.",
            remedy="Pass --reference FASTA and --models GTF, or name the gene of every variant (variants[].gene).",
            code="no-reference",
        )
    reference = Reference.from_sequences({contig: bases for contig, (_, bases) in laid.items()}, name=_NAME)
    return reference, GeneModels([transcript for transcript, _ in laid.values()], name=_NAME)


def no_sequence() -> tuple[Reference, GeneModels]:
    """Return what stands for a genome where a plan needs no sequence at all: one unknown base, and no gene.

    Examples
    --------
    >>> reference, models = no_sequence()
    >>> reference.total_bases, models.genes
    (1, ())
    """
    return Reference.from_sequences({"none": "N"}, name="no sequence"), GeneModels([], name="no gene models")


def _coding_sequence(symbol: str, transgene: Transgene | None) -> tuple[str, str, str]:
    """Return contig, gene and bases of a coding sequence, with its stop codon; N where the bases are not known."""
    fact = knowledge.find_gene(symbol)
    gene = fact.symbol if fact else symbol
    if transgene is not None and transgene.name == symbol:
        return f"{symbol}-transgene", gene, transgene.cds or "N" * _CODON * (len(transgene.protein) + 1)
    row = knowledge.transgenes().get(gene)
    if row is not None and row.cds and not row.form:
        return row.transcript, gene, row.cds
    if fact is not None and fact.cds_bp is not None:
        return fact.transcript, gene, "N" * fact.cds_bp
    raise UsageError(
        f"{symbol} is not in the catalogues, and {WITHOUT_GENOME}.",
        remedy="Pass --reference FASTA and --models GTF ('revertant reference fetch grch38' downloads a genome), or "
        "give the protein to be carried.",
        code="no-reference",
    )
