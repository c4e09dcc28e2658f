"""Gene models: the transcripts of a file, found by gene, accession or place."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome.annotation import RowAccount, recognise_format
from revertant.genome.annotation_readers import read_gene_pred, read_gff3, read_gtf
from revertant.genome.compression import open_text, sha256_of
from revertant.genome.contigs import contig_name
from revertant.genome.reference import Reference
from revertant.genome.transcripts import StopRule, decide_stop_rule, finish
from revertant.model import Finding, Locus, Status, Tally, Transcript

__all__ = ["GeneModels", "TranscriptChoice", "load_gene_models"]

_RULE = "genome.transcript_choice"


@dataclass(frozen=True, slots=True)
class TranscriptChoice:
    """The transcript a gene is read on, and why that one."""

    transcript: Transcript
    because: str
    finding: Finding


class GeneModels:
    """The transcripts of one file.

    Parameters
    ----------
    transcripts
        All of them.
    tally, row_tally
        The accounts of the file's transcripts and of its rows.
    name, sha256
        The file's name and digest.
    stop_rule
        How the file treats the stop codon.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> models = GeneModels([Transcript("NM_1.2", "G", "chr1", Strand.PLUS, ((0, 90),), (0, 90), True)])
    >>> models.choose("G").transcript.transcript_id, models.by_id("NM_1").transcript_id
    ('NM_1.2', 'NM_1.2')
    """

    def __init__(
        self,
        transcripts: Sequence[Transcript],
        *,
        tally: Tally | None = None,
        row_tally: Tally | None = None,
        name: str = "",
        sha256: str = "",
        stop_rule: StopRule | None = None,
    ) -> None:
        self.transcripts = tuple(
            sorted(transcripts, key=lambda item: (item.contig, item.locus.start, item.transcript_id))
        )
        self.tally = tally or Tally.of("transcripts", kept=len(self.transcripts))
        self.row_tally = row_tally
        self.name = name
        self.sha256 = sha256
        self.stop_rule = stop_rule
        self._by_gene: dict[str, list[Transcript]] = {}
        self._by_base: dict[str, list[Transcript]] = {}
        by_contig: dict[str, list[Transcript]] = {}
        for transcript in self.transcripts:
            self._by_gene.setdefault(transcript.gene.upper(), []).append(transcript)
            self._by_base.setdefault(transcript.transcript_id.split(".")[0].upper(), []).append(transcript)
            by_contig.setdefault(_bare(transcript.contig), []).append(transcript)
        self._by_contig = {
            contig: (items, list(accumulate((item.locus.end for item in items), max)))
            for contig, items in by_contig.items()
        }

    @property
    def genes(self) -> tuple[str, ...]:
        """Gene symbols, sorted."""
        return tuple(sorted({transcript.gene for transcript in self.transcripts}))

    def of_gene(self, symbol: str) -> tuple[Transcript, ...]:
        """Return a gene's transcripts (upper and lower case alike); empty when there is no such gene."""
        return tuple(self._by_gene.get(symbol.upper(), ()))

    def by_id(self, accession: str) -> Transcript:
        """Return a transcript by accession.

        A version, when given, must be the one the models have: another version may number its bases
        otherwise.

        Raises
        ------
        IncompatibleInputsError
            Code ``transcript-version`` or ``unknown-transcript``.
        """
        base, _, version = accession.strip().partition(".")
        family = self._by_base.get(base.upper(), [])
        exact = [
            item for item in family if not version or item.transcript_id.upper() == accession.strip().upper()
        ]
        if exact:
            # Of several versions the newest; of several places a primary contig, and X before Y.
            return min(
                exact, key=lambda item: (-_version(item.transcript_id), contig_name(item.contig) is None)
            )
        if family:
            have = ", ".join(sorted({item.transcript_id for item in family}))
            raise IncompatibleInputsError(
                f"The gene models have {have}, not {accession}.",
                where=self.name,
                remedy=f"Describe the variant on {have}, or use gene models that contain {accession}.",
                code="transcript-version",
            )
        near = [key for key in sorted(self._by_base) if _one_letter_apart(key, base.upper())][:3]
        names = ", ".join(sorted(item.transcript_id for key in near for item in self._by_base[key]))
        raise IncompatibleInputsError(
            f"The gene models have no transcript {accession!r}.",
            where=self.name,
            remedy=(f"Did you mean {names}? " if names else "")
            + "Use gene models that contain it (RefSeq models for NM_, Ensembl or GENCODE models for ENST).",
            code="unknown-transcript",
        )

    def overlapping(self, locus: Locus) -> tuple[Transcript, ...]:
        """Return the transcripts, introns included, that share a base with a locus (in any spelling)."""
        items, reach = self._by_contig.get(_bare(locus.contig), ([], []))
        found = []
        for index in range(bisect_right(reach, locus.start), len(items)):
            place = items[index].locus
            if place.start >= locus.end:
                break
            if place.end > locus.start:
                found.append(items[index])
        return tuple(found)

    def choose(self, gene: str, named: str = "") -> TranscriptChoice:
        """Choose the transcript a gene is read on.

        The one that is named wins; else MANE Select; else, with a caution, the one with the longest coding
        sequence (of equals the first by accession).

        Raises
        ------
        IncompatibleInputsError
            Code ``unknown-gene``, ``unknown-transcript``, ``transcript-version`` or
            ``transcript-of-other-gene``.
        """
        everywhere = self.of_gene(gene)
        # Copies on alternate loci and patches stand back behind the primary contig.
        family = tuple(item for item in everywhere if contig_name(item.contig)) or everywhere
        if not family and gene:
            near = difflib.get_close_matches(gene.upper(), list(self._by_gene), n=3, cutoff=0.6)
            names = ", ".join(sorted({self._by_gene[key][0].gene for key in near}))
            raise IncompatibleInputsError(
                f"The gene models have no gene {gene!r}.",
                where=self.name,
                remedy=(f"Did you mean {names}? " if names else "")
                + "Use the current HGNC symbol, or gene models that contain this gene.",
                code="unknown-gene",
            )
        if named:
            transcript = self.by_id(named)
            if gene and transcript.gene.upper() != gene.upper():
                raise IncompatibleInputsError(
                    f"{transcript.transcript_id} is a transcript of {transcript.gene}, not of {gene}.",
                    where=self.name,
                    remedy="Correct the gene or the transcript.",
                    code="transcript-of-other-gene",
                )
            return _choice(transcript, "the case names it", Status.PASS)
        if not family:
            raise IncompatibleInputsError(
                "Neither a gene nor a transcript is named.",
                where=self.name,
                remedy="Name one.",
                code="unknown-gene",
            )
        if mane := [item for item in family if item.is_mane_select]:
            return _choice(mane[0], "it is the MANE Select transcript", Status.PASS)
        longest = max(family, key=lambda item: item.coding_bases)
        best = min(
            (item for item in family if item.coding_bases == longest.coding_bases),
            key=lambda item: item.transcript_id,
        )
        if len(family) == 1:
            reason = "it is the gene's only transcript in the models, which mark none as MANE Select"
        elif best.cds is None:
            reason = "the gene has no coding transcript in the models"
        else:
            reason = "it has the longest coding sequence; the models mark none as MANE Select"
        return _choice(best, reason, Status.CAUTION)


def _choice(transcript: Transcript, reason: str, status: Status) -> TranscriptChoice:
    because = f"{transcript.gene} is read on {transcript.transcript_id}, because {reason}."
    return TranscriptChoice(
        transcript, reason, Finding(_RULE, status, because, value=transcript.transcript_id)
    )


def _bare(contig: str) -> str:
    meant = contig_name(contig)
    return meant.name if meant else contig


def _one_letter_apart(one: str, other: str) -> bool:
    """Accessions are numbers without meaning: only a single mistyped digit makes one like another."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _version(accession: str) -> int:
    text = accession.rpartition(".")[2]
    return int(text) if text.isdigit() else 0


def load_gene_models(path: Path | str, reference: Reference | None = None) -> GeneModels:
    """Read gene models.

    Parameters
    ----------
    path
        GTF, GFF3, UCSC genePred or refGene, plain or compressed; recognised by content.
    reference
        Settles by sequence whether the CDS includes the stop codon, where the file itself leaves it open, and
        gives the contigs their spelling; contigs it does not have keep the file's.

    Raises
    ------
    InputError
        When the file cannot be read as gene models, or holds no transcript.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> with as_file(files("revertant.cli") / "demo_data" / "HBB.GRCh38.gtf") as path:
    ...     models = load_gene_models(path)
    >>> models.choose("HBB").transcript.coding_bases
    444
    """
    place = Path(path)
    where = str(place)
    with open_text(place) as lines:
        head = list(islice(lines, 2000))
        kind = recognise_format(head, where)
        reader = {"gtf": read_gtf, "gff3": read_gff3, "genepred": read_gene_pred}[kind]
        account = RowAccount()
        raw = reader(chain(head, lines), where, account)
    rule = decide_stop_rule(raw, kind, reference)
    made = [finish(item, rule, reference) for item in raw]
    good = [item for item in made if isinstance(item, Transcript)]
    refused = [item for item in made if isinstance(item, str)]
    if not good:
        first = f" ({refused[0]})" if refused else ""
        raise InputError(
            f"The file holds no usable transcript{first}.",
            where=where,
            remedy="Give gene models with exon rows for each transcript.",
        )
    return GeneModels(
        good,
        tally=Tally.of("transcripts", kept=len(good), refused=refused),
        row_tally=Tally.of("gene model rows", kept=account.used, refused=account.skipped),
        name=place.name,
        sha256=sha256_of(place),
        stop_rule=rule,
    )
