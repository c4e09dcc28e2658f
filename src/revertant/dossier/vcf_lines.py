"""What every VCF of a dossier is made of: its header, its alleles, and texts that VCF can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from revertant.genome import Reference
from revertant.model import Locus, Provenance, Variant

__all__ = ["contig_lines", "header_lines", "percent_encoded", "vcf_alleles", "vcf_contigs"]

#: Names of contigs that VCF 4.3 allows (section 1.4.7).
_CONTIG = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*")


def vcf_contigs(reference: Reference) -> list[str]:
    """Return the contigs whose names VCF can hold, in the reference's order.

    Examples
    --------
    >>> vcf_contigs(Reference.from_sequences({"chr1": "ACGT"}))
    ['chr1']
    """
    return [contig for contig in reference.contigs if _CONTIG.fullmatch(contig)]


def header_lines(source: Provenance, reference: Reference) -> list[str]:
    """Return the first lines of a header: format, software, reference.

    Examples
    --------
    >>> header_lines(Provenance("revertant", "1", (), (), ()), Reference.from_sequences({"chr1": "A"}))[:2]
    ['##fileformat=VCFv4.3', '##source=revertant 1']
    """
    return [
        "##fileformat=VCFv4.3",
        f"##source={_plain(f'{source.software} {source.version}')}",
        f"##reference={_plain(reference.name)}",
    ]


def contig_lines(contigs: Iterable[str], reference: Reference) -> list[str]:
    """Return the contigs' lines of a header; of windows the length of a contig is not known.

    Examples
    --------
    >>> contig_lines(["chr1"], Reference.from_sequences({"chr1:1-4": "ACGT"}))
    ['##contig=<ID=chr1>']
    """
    whole = {window.contig: window.end for window in reference.windows} if reference.is_whole_genome else {}
    assembly = f",assembly={reference.build}" if reference.build else ""
    lines = []
    for contig in contigs:
        length = f",length={whole[contig]}" if contig in whole else ""
        lines.append(f"##contig=<ID={contig}{length}{assembly}>")
    return lines


def vcf_alleles(variant: Variant, reference: Reference) -> tuple[int, str, str]:
    """Return POS, REF and ALT; an empty allele gets the base before it, or after it where nothing comes before.

    Examples
    --------
    >>> vcf_alleles(Variant("chr1", 2, "G", ""), Reference.from_sequences({"chr1": "ACGT"}))
    (2, 'CG', 'C')
    """
    if variant.ref and variant.alt:
        return variant.start + 1, variant.ref, variant.alt
    before = _base(reference, variant.contig, variant.start - 1)
    if before:
        return variant.start, before + variant.ref, before + variant.alt
    after = _base(reference, variant.contig, variant.end) or "N"
    return variant.start + 1, variant.ref + after, variant.alt + after


def _base(reference: Reference, contig: str, position: int) -> str:
    """Return one base of the reference, empty where it has none."""
    if position < 0 or not reference.covers(Locus(contig, position, position + 1)):
        return ""
    return reference.fetch(contig, position, position + 1)


def percent_encoded(text: str) -> str:
    """Percent-encode what VCF keeps for itself, white space, and everything that is not ASCII.

    Examples
    --------
    >>> percent_encoded("a;b c")
    'a%3Bb%20c'
    """
    shown = quote(text, safe="!\"#$'()*+-./:<>?@[]^_`{|}~", errors="backslashreplace")
    return shown if shown != "." else "%2E"


def _plain(text: str) -> str:
    """Write a header's text on one line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
