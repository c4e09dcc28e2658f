"""Variants in every way people write them, as one normalised value, and what they do to a transcript.

A variant is a replacement of forward-strand bases. Whatever the spelling (a VCF record, HGVS, SPDI, an
rsID), the same change becomes the same :class:`~revertant.model.Variant`: REF checked against the sequence,
trimmed, shifted left. Going out, HGVS is shifted to the 3' end as it asks. Consequences are exact: the
mutant coding sequence is built and translated.
"""

from revertant.variant.coding import CodingContext, coding_context
from revertant.variant.consequence import predict_consequence
from revertant.variant.edit_place import resolve_edit
from revertant.variant.edit_string import EditString, parse_edit
from revertant.variant.hgvs import resolve_hgvs, transcript_of
from revertant.variant.hgvs_text import HgvsText, parse_hgvs
from revertant.variant.hgvs_write import hgvs_c, hgvs_g
from revertant.variant.normalise import check_ref, normalise, shift_right, trim
from revertant.variant.numbering import Numbering, numbering
from revertant.variant.spdi import resolve_spdi
from revertant.variant.structure import structure_of
from revertant.variant.text import ACCEPTED_FORMS, is_hgvs, resolve
from revertant.variant.vcf import VcfCalls, read_calls
from revertant.variant.vcf_genotypes import GenotypeSeen, Seen, genotypes_of

__all__ = [
    "ACCEPTED_FORMS",
    "CodingContext",
    "EditString",
    "GenotypeSeen",
    "HgvsText",
    "Numbering",
    "Seen",
    "VcfCalls",
    "check_ref",
    "coding_context",
    "genotypes_of",
    "hgvs_c",
    "hgvs_g",
    "is_hgvs",
    "normalise",
    "numbering",
    "parse_edit",
    "parse_hgvs",
    "predict_consequence",
    "read_calls",
    "resolve",
    "resolve_edit",
    "resolve_hgvs",
    "resolve_spdi",
    "shift_right",
    "structure_of",
    "transcript_of",
    "trim",
]
