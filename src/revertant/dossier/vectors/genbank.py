"""Constructs as GenBank and FASTA text: the same bytes each time, whatever the day."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from revertant.dossier.vectors.insdc import InsdcFeature, ascii_text, insdc_features, safe_name
from revertant.errors import InputError
from revertant.model import CodingSequence, Construct, PartUse, Strand
from revertant.sequence import is_iupac

if TYPE_CHECKING:
    from Bio.SeqFeature import SeqFeature

__all__ = ["fasta_text", "genbank_text", "protein_fasta_text"]

#: The date that Biopython writes where a record has none: no clock takes part in a dossier.
_UNDATED = "01-JAN-1980"
_LONGEST_LOCUS = 16  # the columns that the flat file's first line has for it
_LINE = 70


def genbank_text(
    construct: Construct,
    *,
    locus: str = "",
    coding: Sequence[CodingSequence] = (),
    parts: Sequence[PartUse] = (),
    comment: str = "",
) -> str:
    """Return a construct as a GenBank flat file.

    Parameters
    ----------
    construct
        What to write.
    locus
        Name on the first line, at most 16 letters, digits, dashes and underscores; made from the construct's own name
        when left out.
    coding, parts
        What is known of the coding sequences and parts on it.
    comment
        What else a reader should know; one paragraph a line.

    Raises
    ------
    InputError
        When the sequence is empty or not DNA, or a feature lies outside it.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> text = genbank_text(Construct("p1", GenomeForm.SINGLE_STRANDED_AAV, "ACGT", (), (0, 4), circular=True))
    >>> text.splitlines()[0]
    'LOCUS       p1                         4 bp    DNA     circular SYN 01-JAN-1980'
    """
    from Bio import BiopythonWarning  # noqa: PLC0415 - a quarter of a second
    from Bio.Seq import Seq  # noqa: PLC0415
    from Bio.SeqIO import write  # noqa: PLC0415
    from Bio.SeqRecord import SeqRecord  # noqa: PLC0415

    _check(construct)
    name = safe_name(locus or construct.name, _LONGEST_LOCUS)
    is_rna = construct.form.value == "LNP-mRNA" and not construct.circular
    written = "\n".join(filter(None, map(ascii_text, comment.splitlines())))
    annotations: dict[str, Any] = {
        "molecule_type": "mRNA" if is_rna else "DNA",
        "topology": "circular" if construct.circular else "linear",
        "data_file_division": "SYN",
        "date": _UNDATED,
        "accessions": [name],
        "source": "synthetic construct",
        "organism": "synthetic construct",
        "taxonomy": ["other sequences", "artificial sequences"],
        **({"comment": written} if written else {}),
    }
    record = SeqRecord(
        Seq(construct.sequence.upper()),
        id=name,
        name=name,
        description=ascii_text(construct.name) or name,
        features=[_seq_feature(one) for one in insdc_features(construct, coding, parts)],
        annotations=annotations,
    )
    stream = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error", BiopythonWarning)  # what it warns of would not be read back
        write(record, stream, "genbank")
    return stream.getvalue()


def fasta_text(construct: Construct, *, name: str = "") -> str:
    r"""Return a construct's bases as FASTA.

    Parameters
    ----------
    construct
        What to write.
    name
        The record's name; made from the construct's own name when left out.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> fasta_text(Construct("p1", GenomeForm.MRNA, "ACGT", (), (0, 4)))
    '>p1 LNP-mRNA linear 4 bp, packaged 1-4\nACGT\n'
    """
    _check(construct)
    topology = "circular" if construct.circular else "linear"
    start, end = construct.packaged
    title = f"{construct.form.value} {topology} {len(construct.sequence)} bp, packaged {start + 1}-{end}"
    return _fasta(f"{safe_name(name or construct.name, 60)} {title}", construct.sequence.upper())


def protein_fasta_text(protein: str, *, name: str) -> str:
    r"""Return a protein as FASTA.

    Parameters
    ----------
    protein
        One-letter residues.
    name
        The record's name.

    Examples
    --------
    >>> protein_fasta_text("MA", name="p1")
    '>p1 2 residues, as translated\nMA\n'
    """
    return _fasta(f"{safe_name(name, 60)} {len(protein)} residues, as translated", protein)


def _fasta(title: str, letters: str) -> str:
    lines = [letters[at : at + _LINE] for at in range(0, len(letters), _LINE)]
    return "\n".join([f">{title}", *lines]) + "\n"


def _check(construct: Construct) -> None:
    """Refuse what could not be written as it is."""
    length = len(construct.sequence)
    if not length or not is_iupac(construct.sequence.upper()):
        raise InputError(
            "A construct's sequence is empty or holds letters that are not DNA.",
            where=construct.name,
            remedy="Write it in the letters A, C, G, T and the IUPAC codes of several bases.",
        )
    for feature in construct.features:
        if not 0 <= feature.start <= feature.end <= length:
            raise InputError(
                f"The feature {feature.name!r} lies outside its construct of {length} bases.",
                where=construct.name,
                remedy="Count features from 0 on the construct's own sequence.",
            )


def _seq_feature(feature: InsdcFeature) -> SeqFeature:
    from Bio.SeqFeature import AfterPosition, BeforePosition, ExactPosition, SeqFeature, SimpleLocation  # noqa: PLC0415

    # Biopython is typed in parts only.
    first = BeforePosition if feature.open_start else ExactPosition
    last = AfterPosition if feature.open_end else ExactPosition
    place = SimpleLocation(  # type: ignore[no-untyped-call]
        first(feature.start), last(feature.end), 1 if feature.strand is Strand.PLUS else -1
    )
    qualifiers = {key: list(values) for key, values in feature.qualifiers}
    return SeqFeature(place, feature.key, qualifiers=qualifiers)  # type: ignore[no-untyped-call]
