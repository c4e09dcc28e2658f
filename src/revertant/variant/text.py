"""Whatever people write for a variant, resolved to one normalised :class:`~revertant.model.Variant`.

The form decides how positions count: HGVS and VCF text from 1, SPDI from 0. An rsID is no variant but a
place in a database; it is looked up in a VCF the user gives, and several alleles there are an ambiguity
that is reported.
"""

from __future__ import annotations

import re
from pathlib import Path

from revertant.errors import InputError, RevertantError
from revertant.genome import GeneModels, Reference
from revertant.model import Variant
from revertant.sequence import is_dna
from revertant.variant.edit_place import is_edit_string, resolve_edit
from revertant.variant.hgvs import resolve_hgvs
from revertant.variant.limits import is_count, shown
from revertant.variant.normalise import normalise
from revertant.variant.rsid import resolve_rsid
from revertant.variant.spdi import is_spdi, resolve_spdi
from revertant.variant.symbolic import is_symbolic, resolve_symbolic

__all__ = ["ACCEPTED_FORMS", "is_hgvs", "resolve"]

#: One example of each form, for error messages and help.
ACCEPTED_FORMS = (
    "NM_000518.5:c.20A>T",
    "NC_000011.10:g.5227002T>A",
    "NC_000011.10:5227001:T:A (SPDI)",
    "chr11:5227002:T:A",
    "11-5227002-T-A",
    "chrX:31967339-31968514:<DEL> (or <DUP>, <INV>; exact ends)",
    "rs334 (with a VCF that holds it)",
    "CAGTAACGGCAGACTTCTCC(T/A)CAGGAG (20 bases or more, found once in the reference)",
)
_SEPARATED = re.compile(
    r"(?P<contig>[^\s:]+)(?:\s*[:\t]\s*|\s+)(?P<pos>[\d,]+)(?:[:\s/]+)?(?P<ref>[A-Za-z*.-]+)[:\s/>]+(?P<alt>\S+)"
)
_DASHED = re.compile(r"(?P<contig>[^\s:]+?)[-_](?P<pos>\d+)[-_](?P<ref>[A-Za-z]+)[-_/](?P<alt>[A-Za-z]+)")
_RSID = re.compile(r"rs\d+", re.IGNORECASE)
_HGVS = re.compile(r"(^|:)\s*\(?[cgmnpro]\.")


def is_hgvs(expression: str) -> bool:
    """Say whether a text is meant as HGVS, be it right or wrong.

    Examples
    --------
    >>> is_hgvs("NM_000518.5:c.20A>T"), is_hgvs("NC_000011.10:5227001:T:A")
    (True, False)
    """
    return _HGVS.search(expression.strip()) is not None


def resolve(
    expression: str,
    reference: Reference,
    models: GeneModels | None = None,
    *,
    rsid_vcf: Path | str = "",
    where: str = "",
) -> Variant:
    """Find the variant an expression names, in whichever accepted form it is written.

    Parameters
    ----------
    expression
        HGVS ``g.``, ``m.``, ``c.`` or ``n.``; SPDI; ``chr:pos:ref:alt`` (counting from 1) with colons,
        dashes or tabs (a VCF line); ``chr:start-end:<DEL>``; or an rsID.
    reference
        The genome.
    models
        Gene models, for ``c.`` and ``n.``.
    rsid_vcf
        A VCF whose ID column holds rsIDs.
    where
        File and field, for error messages.

    Returns
    -------
    Variant
        Normalised, with REF checked.

    Raises
    ------
    InputError
        When the expression has none of these forms or is malformed.
    IncompatibleInputsError
        When it disagrees with the reference or the gene models.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr11:5227001-5227004": "CTCA"})
    >>> texts = ("11-5227002-T-A", "NC_000011.10:5227001:T:A", "chr11:5227002 T>A")
    >>> {str(resolve(text, reference)) for text in texts}
    {'chr11:5227002:T:A'}
    """
    try:
        return _resolved(expression.strip(), reference, models, rsid_vcf, where)
    except RevertantError as error:
        # Errors of the reference and the gene models do not know which field of which file they are about.
        if where and not error.where.startswith(where):
            error.where = f"{where}: {error.where}" if error.where else where
        raise


def _resolved(
    text: str, reference: Reference, models: GeneModels | None, rsid_vcf: Path | str, where: str
) -> Variant:
    if not text:
        raise _unknown(text, where)
    if _RSID.fullmatch(text):
        return resolve_rsid(text, reference, rsid_vcf, where=where)
    if is_symbolic(text):
        return resolve_symbolic(text, reference, where=where)
    if is_edit_string(text):
        return resolve_edit(text, reference, where=where)
    if is_hgvs(text):
        return resolve_hgvs(text, reference, models, where=where)
    if is_spdi(text):
        return resolve_spdi(text, reference, where=where)
    return _resolve_vcf_text(text, reference, where)


def _resolve_vcf_text(text: str, reference: Reference, where: str) -> Variant:
    fields = text.split("\t")
    if len(fields) >= 5:
        contig, position, _, ref, alt = fields[:5]
    else:
        match = _DASHED.fullmatch(text) or _SEPARATED.fullmatch(text)
        if match is None:
            raise _unknown(text, where)
        contig, position, ref, alt = (match[name] for name in ("contig", "pos", "ref", "alt"))
    position = position.replace(",", "")
    if not is_count(position) or int(position) < 1:
        raise _bad(text, f"{shown(position)!r} is not a position; positions count from 1", where)
    if "," in alt:
        raise _bad(text, "it names several ALT alleles; give them one by one", where)
    ref, alt = ref.upper(), "" if alt == "-" else alt.upper()
    if ref == "-":
        raise _bad(text, "an insertion without its anchor base can be read in two ways", where)
    if not is_dna(ref) or not is_dna(alt):
        raise _bad(text, "alleles may hold A, C, G and T only", where)
    if ref == alt:
        raise _bad(text, "REF and ALT are the same", where)
    contig = reference.canonical_contig(contig)
    return normalise(Variant(contig, int(position) - 1, ref, alt), reference, where=where)


def _unknown(text: str, where: str) -> InputError:
    return InputError(
        f"'{shown(text)}' is in no form that names a variant.",
        where=where,
        remedy=f"Accepted: {', '.join(ACCEPTED_FORMS)}.",
        code="unknown-variant-form",
    )


def _bad(text: str, because: str, where: str) -> InputError:
    remedy = "Write chr:pos:ref:alt as in VCF, such as chr11:5227002:T:A, with an anchor base for indels."
    return InputError(
        f"'{shown(text)}' cannot be used: {because}.", where=where, remedy=remedy, code="bad-variant-text"
    )
