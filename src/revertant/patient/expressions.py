"""Shapes of the texts that name a DNA change. The shape is judged here, the content by the genome."""

from __future__ import annotations

import re

from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable

__all__ = ["edit", "gnomad", "hgvs", "rsid", "spdi", "symbolic", "vcf"]

_HGVS = re.compile(r"[^\s:]{1,80}:(?P<kind>[a-z])\.\S{1,4000}")
_SPDI = re.compile(r"[^\s:]{1,80}:[0-9]{1,12}:(?:[0-9]{1,9}|[A-Za-z]*):[A-Za-z]*")
_VCF = re.compile(r"[^\s:]{1,80}:[1-9][0-9]{0,11}:[A-Za-z]+:[A-Za-z]+")
_SYMBOLIC = re.compile(r"[^\s:]{1,80}:[1-9][0-9,]{0,14}-[1-9][0-9,]{0,14}:<(?:DEL|DUP|DUP:TANDEM|INV)>")
_KINDS = re.compile(r"<(DEL|DUP|INV)(?::[A-Z0-9:]*)?>")
_RSID = re.compile(r"rs[1-9][0-9]{0,11}")
_GNOMAD = re.compile(r"([^\s:-]{1,80})-([1-9][0-9]{0,11})-([A-Za-z]+)-([A-Za-z]+)")
_EDIT = re.compile(r"[ACGTacgt]{0,5000}\((?:[ACGTacgt]*/[ACGTacgt]*|[+-][ACGTacgt]+)\)[ACGTacgt]{0,5000}")
_DNA_KINDS = "cgmn"


def hgvs(text: str) -> str:
    """Return an HGVS description of DNA (``c.``, ``g.``, ``m.`` or ``n.``).

    Examples
    --------
    >>> hgvs("NM_000518.5:c.20A>T")
    'NM_000518.5:c.20A>T'
    """
    text = text.strip()
    match = _HGVS.fullmatch(text)
    if match is None:
        remedy = "Write the accession with its version, a colon and the change, such as NM_000518.5:c.20A>T."
        raise Unreadable(f"{shown(text)} is not an HGVS description.", remedy)
    if match["kind"] not in _DNA_KINDS:
        what = f"{shown(text)} does not describe a change of DNA."
        remedy = "Give the c. or g. description: many DNA changes can make the same protein."
        raise Unreadable(what, remedy)
    return text


def spdi(text: str) -> str:
    """Return a SPDI, ``sequence:position:deleted:inserted`` with a 0-based position."""
    return _shaped(
        text, _SPDI, "a SPDI", "Write sequence:position:deleted:inserted, NC_000011.10:5227001:T:A."
    )


def vcf(text: str) -> str:
    """Return ``contig:position:REF:ALT`` with a 1-based position, or ``contig:start-end:<DEL>`` with exact ends."""
    if _SYMBOLIC.fullmatch(text.strip()):
        return text.strip()
    return _shaped(
        text, _VCF, "a VCF-like variant", "Write contig:position:REF:ALT, such as chr11:5227002:T:A."
    )


def symbolic(contig: str, position: int, alt: str, info: str) -> str:
    """Return a symbolic allele of a VCF record as ``contig:start-end:<DEL>``.

    Parameters
    ----------
    contig, position, alt, info
        The record's fields: the position is the base before the event, INFO holds END or SVLEN.

    Raises
    ------
    Unreadable
        When the record does not say which bases are meant.

    Examples
    --------
    >>> symbolic("chrX", 31967338, "<DEL>", "SVTYPE=DEL;END=31969014")
    'chrX:31967339-31969014:<DEL>'
    """
    kind = _KINDS.fullmatch(alt)
    if kind is None:
        raise Unreadable(f"{shown(alt)} does not say which bases are there.", "Give the bases or HGVS.")
    fields = dict(part.partition("=")[::2] for part in info.split(";"))
    length = fields.get("SVLEN", "").lstrip("-")
    if fields.get("END", "").isdecimal():
        end = int(fields["END"])
    elif length.isdecimal():
        end = position + int(length)
    else:
        raise Unreadable(f"{shown(alt)} has no end.", "Give END or SVLEN in INFO, or HGVS.")
    return f"{contig}:{position + 1}-{end}:<{kind[1]}>"


def rsid(text: str) -> str:
    """Return a dbSNP identifier."""
    return _shaped(text, _RSID, "an rsID", "Write rs and digits, such as rs334.")


def edit(text: str) -> str:
    """Return a sequence with an edit in it, such as ``ACGT(A/G)ACGT``, without white space."""
    bare = re.sub(r"\s+", "", text)
    return _shaped(
        bare, _EDIT, "a sequence with an edit", "Write wild type/patient in brackets: ACGT(A/G)ACGT."
    )


def gnomad(text: str) -> str:
    """Return a gnomAD identifier as ``contig:position:REF:ALT``.

    Examples
    --------
    >>> gnomad("11-5227002-T-A")
    '11:5227002:T:A'
    """
    checked = _shaped(text, _GNOMAD, "a gnomAD identifier", "Write contig-position-REF-ALT.")
    return ":".join(checked.split("-"))


def _shaped(text: str, pattern: re.Pattern[str], name: str, remedy: str) -> str:
    text = text.strip()
    if not pattern.fullmatch(text):
        raise Unreadable(f"{shown(text)} is not {name}.", remedy)
    return text
