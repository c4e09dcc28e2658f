"""What the vector is to carry: from the user's file, the catalogue, or the reference genome, never the patient's copy.

A protein can be written in DNA in many ways, so a protein is enough. Whatever comes in, the protein is fixed here,
and every later step is held against it.
"""

from __future__ import annotations

import re
from pathlib import Path

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.genome.compression import open_text
from revertant.model import Target, Transgene
from revertant.sequence import is_dna, translate
from revertant.variant import coding_context

__all__ = ["coding_problem", "native_transgene", "parse_transgene", "protein_problem", "read_transgene"]

#: The twenty residues that codons of the standard code encode.
_RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWY")
#: Every letter of DNA and RNA, ambiguous ones included; a record of nothing else is read as nucleotides.
_NUCLEOTIDES = frozenset("ACGTUN")


def read_transgene(path: Path, name: str = "") -> Transgene:
    """Read a transgene from a FASTA file.

    Parameters
    ----------
    path
        One record: a protein, or a coding sequence from start to stop codon; plain or compressed.
    name
        Its name; empty takes the record's, else the file's.

    Raises
    ------
    InputError
        When the file holds no such record; the message says what was found and what to do.
    """
    with open_text(path) as lines:
        return parse_transgene("".join(lines), name, where=str(path), fallback=path.name.partition(".")[0])


def parse_transgene(text: str, name: str = "", *, where: str = "", fallback: str = "transgene") -> Transgene:
    r"""Read a transgene from the text of a FASTA file.

    Parameters
    ----------
    text
        One record, with or without a header.
    name
        Its name; empty takes the header's first word, else ``fallback``.
    where
        The file, for messages and as the source.
    fallback
        The name of a record without a header.

    Raises
    ------
    InputError
        When there is no record or more than one, or when it is neither a protein nor an open reading frame.

    Examples
    --------
    >>> parse_transgene(">p1\nMAMSSG*\n")
    Transgene(name='p1', protein='MAMSSG', cds='', source='')
    >>> parse_transgene("atggctatgtaa", "tiny").protein
    'MAM'
    """
    header, sequence = _single_record(text, where)
    called = _plain_name(name or _named_in(header) or fallback)
    if set(sequence) <= _NUCLEOTIDES:
        cds = sequence.replace("U", "T")
        _check_coding(cds, where)
        return Transgene(called, translate(cds)[:-1], cds, source=where)
    protein = sequence.removesuffix("*")
    _refuse(protein_problem(protein), where)
    return Transgene(called, protein, source=where)


def native_transgene(target: Target, reference: Reference) -> Transgene:
    """Splice the wild-type coding sequence of a target's transcript out of the reference genome.

    Parameters
    ----------
    target
        Its transcript decides which protein is made.
    reference
        The reference genome, not the patient's: the copy to be added must not carry the patient's variants.

    Raises
    ------
    InputError
        When the transcript codes for nothing that a cassette can make (selenocysteine, mitochondrial code).
    IncompatibleInputsError
        When the reference does not cover it or gives no open reading frame.
    """
    transcript = target.transcript
    if transcript.cds is None:
        raise InputError(
            f"{transcript.transcript_id} has no coding sequence.",
            remedy="Name another transcript, or give the protein in a FASTA file.",
            code="not-coding",
        )
    if not transcript.has_start:
        raise InputError(
            f"{transcript.transcript_id} begins within its protein: it has no start codon.",
            remedy="Name another transcript, or give the protein in a FASTA file.",
            code="no-start",
        )
    start, end = transcript.coding_exons[0]
    if not reference.fetch(transcript.contig, start, end).strip("N"):
        raise InputError(
            f"Of {transcript.transcript_id} only the length of the coding sequence is known here "
            f"({transcript.coding_bases:,} bases), not its bases.",
            remedy="Give the protein or the coding sequence in a FASTA file, or a reference genome with gene models.",
            code="bases-not-known",
        )
    context = coding_context(transcript, reference)
    if context.selenocysteines:
        raise InputError(
            f"{transcript.transcript_id} codes for selenocysteine at residue "
            f"{min(context.selenocysteines) // 3 + 1}: its UGA is read so only with the message's own SECIS element, "
            "which no cassette of this catalogue has.",
            remedy="Design this transgene by hand.",
            code="selenocysteine",
        )
    _check_coding(context.coding, transcript.transcript_id)
    return Transgene(
        target.gene, translate(context.coding)[:-1], context.coding, source=transcript.transcript_id
    )


def protein_problem(protein: str) -> tuple[str, str, str] | None:
    """Say what is wrong with a protein as a transgene: the fault, the remedy and a code; ``None`` for nothing."""
    if not protein:
        return "The protein is empty.", "Give one record with residues.", "empty-transgene"
    if "*" in protein:
        return (
            f"A stop (*) stands at residue {protein.index('*') + 1} of {len(protein)}.",
            "Give one complete protein without stops.",
            "stop-inside",
        )
    strange = next(((at, one) for at, one in enumerate(protein, start=1) if one not in _RESIDUES), None)
    if strange is not None:
        at, residue = strange
        known = {
            "X": "is unknown",
            "U": "is selenocysteine, which needs a SECIS element",
            "B": "is ambiguous",
        }
        return (
            f"Residue {at} ({residue!r}) {known.get(residue, 'is none of the twenty that codons encode')}.",
            "Give the protein with the twenty standard residues only.",
            "bad-residue",
        )
    if not protein.startswith("M"):
        return (
            f"The protein starts with {protein[0]}, not with methionine: translation would not start there.",
            "Give the whole precursor (with its signal peptide), or put M before it.",
            "no-start",
        )
    return None


def coding_problem(cds: str) -> tuple[str, str, str] | None:
    """Say what is wrong with a coding sequence: the fault, the remedy and a code; ``None`` for nothing."""
    if not is_dna(cds):
        at = next(at for at, base in enumerate(cds, start=1) if base not in "ACGT")
        return f"Base {at} ({cds[at - 1]}) is not known.", "Give every base.", "ambiguous-base"
    if len(cds) % 3:
        return (
            f"The sequence has {len(cds):,} bases, which is no multiple of three.",
            "Give the coding sequence alone, from ATG to stop, without UTRs and introns.",
            "no-frame",
        )
    if not cds.startswith("ATG"):
        return (
            f"The coding sequence starts with {cds[:3]}, not ATG.",
            "Give the coding sequence alone, from ATG to stop, without UTRs and introns.",
            "no-start",
        )
    protein = translate(cds)
    if "*" not in protein:
        return (
            "The coding sequence has no stop codon.",
            "Add TAA, TAG or TGA at its end, or give the protein instead.",
            "no-stop",
        )
    if protein.index("*") + 1 < len(protein):
        return (
            f"Codon {protein.index('*') + 1} of {len(protein)} is a stop.",
            "Give an open reading frame that ends with its only stop codon.",
            "stop-inside",
        )
    return (
        None
        if len(protein) > len("M*")
        else ("There is nothing between start and stop.", "Give a gene.", "empty-transgene")
    )


def _check_coding(cds: str, where: str) -> None:
    _refuse(coding_problem(cds), where)


def _refuse(problem: tuple[str, str, str] | None, where: str) -> None:
    if problem is not None:
        what, remedy, code = problem
        raise InputError(what, where=where, remedy=remedy, code=code)


def _single_record(text: str, where: str) -> tuple[str, str]:
    """Return header and upper-case letters of the only record."""
    headers = [line[1:].strip() for line in text.splitlines() if line.startswith(">")]
    if len(headers) > 1:
        raise InputError(
            f"The file has {len(headers)} records; one transgene is needed.",
            where=where,
            remedy="Give one record: one protein or one coding sequence.",
            code="several-records",
        )
    letters = "".join(line for line in text.splitlines() if not line.startswith((">", ";")))
    sequence = re.sub(r"\s", "", letters).upper()
    if not sequence:
        raise InputError(
            "The file holds no sequence.",
            where=where,
            remedy="Give one FASTA record: a protein or a coding sequence.",
            code="empty-transgene",
        )
    strange = re.search(r"[^A-Z*]", sequence)
    if strange is not None:
        raise InputError(
            f"{strange.group()!r} at letter {strange.start() + 1} is no letter of a sequence.",
            where=where,
            remedy="Give plain FASTA.",
            code="bad-letter",
        )
    return headers[0] if headers else "", sequence


def _named_in(header: str) -> str:
    """Return the gene a UniProt header names (``GN=``), else its first word."""
    gene = re.search(r"\bGN=(\S+)", header)
    return gene.group(1) if gene else next(iter(header.split()), "")


def _plain_name(text: str) -> str:
    """Keep of a name what a file name and a GenBank locus can hold."""
    last = text.rsplit("|", maxsplit=1)[-1] or text
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.") or "transgene"
