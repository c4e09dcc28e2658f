"""What to order for a guide: the synthetic spacer, and a cloning pair where one scheme is standard."""

from __future__ import annotations

from revertant.model import Guide, Oligo, PamSide
from revertant.sequence import reverse_complement

__all__ = ["guide_oligos"]

#: BbsI overhangs of the U6 vectors of Ran et al. 2013 (pX330 family).
TOP_OVERHANG, BOTTOM_OVERHANG = "CACC", "AAAC"
#: U6 ends transcription at a run of four T (doi:10.1016/0092-8674(81)90522-5).
POL3_TERMINATOR = "TTTT"
SCHEME = "U6 vector with BbsI overhangs CACC/AAAC (doi:10.1038/nprot.2013.143)"

#: Nucleases whose guides those vectors express.
_PX330 = ("spcas9", "sp")


def guide_oligos(guide: Guide, nuclease: str) -> tuple[Oligo, ...]:
    """Write down the strands to order for one guide.

    Parameters
    ----------
    guide
        The guide; its spacer is 5'→3'.
    nuclease
        Catalogue key of the nuclease, which decides whether the cloning scheme applies.

    Returns
    -------
    tuple[Oligo, ...]
        The spacer for chemical synthesis, and for SpCas9 and its variants the two cloning oligos, unless the
        spacer holds a terminator of U6. U6 starts with G: where the spacer does not, one is put *before* it and
        never in place of its first base.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> guide = Guide("CTTGCCCCACAGGGCAGTAA", "CGG", "NGG", PamSide.THREE_PRIME, Locus("chr11", 0, 20))
    >>> [oligo.sequence for oligo in guide_oligos(guide, "spcas9")][1:]
    ['CACCGCTTGCCCCACAGGGCAGTAA', 'AAACTTACTGCCCTGTGGGGCAAGC']
    """
    end = "5'" if guide.pam_side is PamSide.THREE_PRIME else "3'"
    note = f"the {len(guide.spacer)} nt at the {end} end of the guide RNA; order as RNA (U for T)"
    if POL3_TERMINATOR in guide.spacer:
        return (Oligo("spacer", guide.spacer, f"{note}; no U6 oligos: TTTT would end transcription"),)
    oligos = [Oligo("spacer", guide.spacer, note)]
    if guide.pam_side is PamSide.THREE_PRIME and nuclease.startswith(_PX330):
        insert = guide.spacer if guide.spacer.startswith("G") else f"G{guide.spacer}"
        lead = "" if insert == guide.spacer else "; G put before the spacer for U6"
        oligos.append(Oligo("cloning_top", TOP_OVERHANG + insert, SCHEME + lead))
        oligos.append(Oligo("cloning_bottom", BOTTOM_OVERHANG + reverse_complement(insert), SCHEME))
    return tuple(oligos)
