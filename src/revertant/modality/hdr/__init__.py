"""Homology-directed repair: a cut and a donor template."""

from revertant.modality.hdr.modality import HDR

__all__ = ["HDR"]
