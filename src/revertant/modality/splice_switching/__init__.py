"""Splice switching: skipping an exon, or hiding a wrong splice site."""

from revertant.modality.splice_switching.modality import SPLICE_SWITCHING

__all__ = ["SPLICE_SWITCHING"]
