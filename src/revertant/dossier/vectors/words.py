"""A vector in words: its form, promoters, dose, and how much of it is packaged whole."""

from __future__ import annotations

import re

from revertant.dossier.words import number_text, percent
from revertant.model import CodingSequence, Estimate, FeatureKind, GenomeForm, Vector, power_text

__all__ = ["cpg_text", "dose_text", "form_text", "promoter_text", "short_name", "vector_text", "whole_text"]

_FORMS = {
    GenomeForm.SINGLE_STRANDED_AAV: "single-stranded AAV",
    GenomeForm.SELF_COMPLEMENTARY_AAV: "self-complementary AAV",
    GenomeForm.DUAL_AAV: "dual AAV",
    GenomeForm.LENTIVIRAL: "lentivirus",
    GenomeForm.MRNA: "mRNA",
}


def form_text(form: GenomeForm) -> str:
    """Name a form of genome in words.

    Examples
    --------
    >>> form_text(GenomeForm.SELF_COMPLEMENTARY_AAV), all(form_text(form) for form in GenomeForm)
    ('self-complementary AAV', True)
    """
    return _FORMS[form]


def whole_text(estimate: Estimate | None) -> str:
    """Write the expected share of whole genomes: of a genome's at 4.7 kb, never of all particles.

    Examples
    --------
    >>> whole_text(Estimate(0.137, "whole genomes, 0 to 1", "curve", 0.03, 0.14)), whole_text(None)
    ('14% of that at 4.7 kb (3%–14%)', 'not estimated')
    >>> whole_text(Estimate(None, "whole genomes, 0 to 1", "not defined: below 3 kb"))
    'not defined'
    """
    if estimate is None:
        return "not estimated"
    if estimate.value is None:
        return "not defined"
    shown = f"{percent(estimate.value)} of that at 4.7 kb"
    if estimate.low is None or estimate.high is None:
        return shown
    return f"{shown} ({percent(estimate.low)}–{percent(estimate.high)})"


def short_name(name: str) -> str:
    """Return what stands before the first colon or comma of a name: as much as a map has room for.

    Examples
    --------
    >>> short_name("CBh: CMV enhancer, hybrid intron"), short_name("AAV2 ITR, flip, 5' end"), short_name("EFS")
    ('CBh', 'AAV2 ITR', 'EFS')
    """
    return re.split(r"[:,] ", name, maxsplit=1)[0].strip() or name


def promoter_text(vector: Vector) -> str:
    """Name the promoters of a vector, in the order of its constructs.

    Examples
    --------
    >>> promoter_text(Vector(GenomeForm.MRNA, "lnp", "LNP", "", "liver", (), (), (), ()))
    ''
    """
    kinds = (FeatureKind.PROMOTER, FeatureKind.POL3_PROMOTER)
    features = (one for construct in vector.constructs for one in construct.features)
    return ", ".join(dict.fromkeys(short_name(one.name) for one in features if one.kind in kinds))


def cpg_text(coding: CodingSequence) -> str:
    """Write the CpG of a coding sequence as designed, against its native one."""
    now = number_text(coding.measures.cpg)
    return f"{now}, native {number_text(coding.native_measures.cpg)}" if coding.native_measures else now


def dose_text(vector: Vector) -> str:
    """Write the dose a vector is anchored to; empty where none is known.

    Examples
    --------
    >>> dose_text(Vector(GenomeForm.MRNA, "lnp", "LNP", "", "liver", (), (), (), ()))
    ''
    """
    dose = vector.dose
    if dose is None:
        return ""
    parts = [
        f"{power_text(dose.vg_per_kg)} vg/kg" if dose.vg_per_kg is not None else "",
        f"{power_text(dose.vg_total)} vg in all" if dose.vg_total is not None else "",
        f"{dose.volume_ml:g} ml" if dose.volume_ml is not None else "",
        dose.vials,
    ]
    return "; ".join(part for part in parts if part) or "no figure"


def vector_text(vector: Vector) -> str:
    """Sum up a vector in a few words: promoters, and what is packaged.

    Examples
    --------
    >>> vector_text(Vector(GenomeForm.MRNA, "lnp", "LNP", "", "liver", (), (), (), ()))
    'mRNA'
    """
    sizes = " + ".join(number_text(one.packaged_bp) for one in vector.constructs)
    unit = "nt" if vector.form is GenomeForm.MRNA else "bp"
    named = (form_text(vector.form), promoter_text(vector), f"{sizes} {unit}" if sizes else "")
    return ", ".join(part for part in named if part)
