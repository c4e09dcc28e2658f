"""The one vocabulary of tissues: what a gene catalogue names is what a vehicle must reach."""

from __future__ import annotations

from enum import StrEnum

from revertant.errors import InputError

__all__ = ["Tissue", "tissue_named"]


class Tissue(StrEnum):
    """A tissue or cell type that a gene therapy is meant to reach."""

    ADIPOSE = "adipose tissue"
    BLOOD_VESSEL = "blood vessel"
    BONE = "bone"
    BRAIN = "brain"
    COCHLEA = "cochlea"
    HEART = "heart"
    HAEMATOPOIETIC_STEM_CELL = "haematopoietic stem cell"
    KIDNEY = "kidney"
    LIVER = "liver"
    AIRWAY = "lung airway epithelium"
    PANCREAS = "pancreas"
    PERIPHERAL_NERVE = "peripheral nerve"
    RETINA = "retina"
    SKELETAL_MUSCLE = "skeletal muscle"
    SKIN = "skin"
    SPINAL_CORD = "spinal cord motor neurons"
    T_CELL = "T cell"
    WIDESPREAD = "widespread"


# What people write for the same thing; each is read without regard to case.
_SYNONYMS = {
    "airway": Tissue.AIRWAY,
    "blood": Tissue.HAEMATOPOIETIC_STEM_CELL,
    "bone marrow": Tissue.HAEMATOPOIETIC_STEM_CELL,
    "central nervous system": Tissue.BRAIN,
    "cns": Tissue.BRAIN,
    "ear": Tissue.COCHLEA,
    "eye": Tissue.RETINA,
    "hematopoietic stem cell": Tissue.HAEMATOPOIETIC_STEM_CELL,
    "hepatocyte": Tissue.LIVER,
    "hsc": Tissue.HAEMATOPOIETIC_STEM_CELL,
    "inner ear": Tissue.COCHLEA,
    "lung": Tissue.AIRWAY,
    "motor neuron": Tissue.SPINAL_CORD,
    "muscle": Tissue.SKELETAL_MUSCLE,
    "photoreceptor": Tissue.RETINA,
    "spinal cord": Tissue.SPINAL_CORD,
    "t cells": Tissue.T_CELL,
}


def tissue_named(text: str) -> Tissue:
    """Read a tissue as people write it.

    Parameters
    ----------
    text
        A name of the vocabulary or one of its common synonyms, in any case.

    Raises
    ------
    InputError
        When the vocabulary has no such tissue; the message lists it.

    Examples
    --------
    >>> tissue_named("Bone marrow")
    <Tissue.HAEMATOPOIETIC_STEM_CELL: 'haematopoietic stem cell'>
    """
    wanted = " ".join(text.lower().replace("_", " ").split())
    for tissue in Tissue:
        if tissue.value.lower() == wanted:
            return tissue
    if wanted in _SYNONYMS:
        return _SYNONYMS[wanted]
    known = ", ".join(tissue.value for tissue in Tissue)
    raise InputError(f"{text!r} is no tissue this project knows.", remedy=f"Use one of: {known}.")
