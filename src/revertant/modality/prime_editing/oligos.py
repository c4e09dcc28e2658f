"""What to order for a prime editing design: whole pegRNAs, their parts for any cloning scheme, and nicking guides."""

from __future__ import annotations

from collections.abc import Iterator

from revertant import knowledge
from revertant.modality.oligos import POL3_TERMINATOR, guide_oligos
from revertant.model import Guide, Oligo, PegRna

__all__ = ["pegrna_oligos", "prime_editing_oligos"]

_ORDER = "order as RNA (U for T)"


def prime_editing_oligos(
    guides: tuple[Guide, ...], pegrnas: tuple[PegRna, ...], nuclease: str
) -> tuple[Oligo, ...]:
    """Write down the strands to order for a design.

    Parameters
    ----------
    guides, pegrnas
        As in a design: the first guides are those of the pegRNAs.
    nuclease
        Catalogue key of the nuclease.
    """
    found: list[Oligo] = []
    for number, peg in enumerate(pegrnas, start=1):
        found += pegrna_oligos(peg, f"_{number}" if len(pegrnas) > 1 else "")
    for guide in guides[len(pegrnas) :]:
        found += [Oligo(f"ngrna_{one.name}", one.sequence, one.note) for one in guide_oligos(guide, nuclease)]
    return tuple(found)


def pegrna_oligos(peg: PegRna, suffix: str = "") -> Iterator[Oligo]:
    """Yield a pegRNA whole, in its parts, and with each 3' motif.

    U6 starts with G: where the spacer does not, one is put before it, never in place of its first base.

    Examples
    --------
    >>> peg = PegRna("CATGGTGCACCTGACTCCTG", "GAGTCAGGTGCAC", "AGACTTCTCCTCAG")
    >>> for oligo in pegrna_oligos(peg):
    ...     print(oligo.name, len(oligo.sequence))
    pegrna 123
    pegrna_spacer 20
    pegrna_extension 27
    epegrna_mpknot 179
    epegrna_tevopreQ1 160
    """
    parts = knowledge.guide_parts()
    scaffold = parts["sp_scaffold"]
    whole = peg.spacer + scaffold.sequence + peg.extension
    if POL3_TERMINATOR in peg.spacer or POL3_TERMINATOR in peg.extension:
        start = "; not from U6: TTTT in spacer or extension would end transcription"
    elif peg.spacer.startswith("G"):
        start = "; from U6 as it is"
    else:
        start = "; from U6 with one G put before the spacer"
    yield Oligo(
        f"pegrna{suffix}",
        whole,
        f"spacer, scaffold, template, primer binding site; {_ORDER}{start}. For PE7 a pegRNA made by chemical "
        "synthesis needs a tract of U after it",
    )
    yield Oligo(f"pegrna_spacer{suffix}", peg.spacer, "5' part, for any cloning scheme")
    yield Oligo(
        f"pegrna_extension{suffix}",
        peg.extension,
        "3' part, template then primer binding site, for any scheme",
    )
    for key, part in parts.items():
        if part.kind == "motif":
            yield Oligo(
                f"epegrna_{key}{suffix}",
                whole + part.sequence,
                f"pegRNA with {part.name} at its 3' end; {_ORDER}. A linker of 8 nt before the motif, chosen so "
                "that it pairs with nothing, is advised and not included",
            )
