"""Where a nuclease cuts on the patient's sequence, and which nucleases a user wants."""

from __future__ import annotations

from revertant import knowledge
from revertant.knowledge import Nuclease
from revertant.modality.contract import DesignOptions
from revertant.modality.protospacers import Protospacer
from revertant.model import PamSide, Strand

__all__ = ["cut_indexes", "usable_nucleases"]


def usable_nucleases(options: DesignOptions) -> tuple[Nuclease, ...]:
    """Return the catalogue's nucleases, narrowed to the ones the user named."""
    return tuple(
        n for n in knowledge.nucleases().values() if not options.nucleases or n.key in options.nucleases
    )


def cut_indexes(protospacer: Protospacer, nuclease: Nuclease) -> tuple[int, int]:
    """Return the cut on the top and the bottom strand, as the index in ``window.bases`` of the base right of it.

    Examples
    --------
    >>> from revertant.genome import PatientGenome, Reference
    >>> from revertant.modality.protospacers import protospacers
    >>> from revertant.model import Locus
    >>> genome = PatientGenome(Reference.from_sequences({"s": "CTAACAGTTGCTTTTATCACAGGC"}))
    >>> [window] = genome.windows(Locus("s", 0, 24))
    >>> [site] = [p for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 20) if p.strand == "+"]
    >>> cut_indexes(site, knowledge.nucleases()["spcas9"])
    (17, 17)
    """
    pam_on_right = (protospacer.pam_side is PamSide.THREE_PRIME) == (protospacer.strand is Strand.PLUS)
    top, bottom = nuclease.cut_offset_top, nuclease.cut_offset_bottom
    if pam_on_right:
        return protospacer.end - top, protospacer.end - bottom
    return protospacer.start + top, protospacer.start + bottom
