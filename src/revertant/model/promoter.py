"""A promoter with what an epigenome editor would meet there, in bp along the gene from its first transcribed base."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NearbyStart", "PromoterMap"]


@dataclass(frozen=True, slots=True)
class NearbyStart:
    """Another place where transcription starts.

    Parameters
    ----------
    gene
        Symbol.
    offset_bp
        Its first transcribed base; negative is upstream.
    is_same_way
        Whether it is transcribed in the own gene's direction.
    """

    gene: str
    offset_bp: int
    is_same_way: bool


@dataclass(frozen=True, slots=True)
class PromoterMap:
    """A promoter and one guide on it.

    Parameters
    ----------
    gene
        The gene whose promoter it is.
    window, core_window
        Where the editor may bind, and where it binds best; both ends count.
    guide_bp
        The base of the guide's PAM next to the protospacer.
    guide_is_same_way
        Whether the guide reads in the gene's direction.
    cpg
        Offsets of the C of each CpG.
    starts
        Other starts in the window: of other genes, and further ones of the same gene.

    Examples
    --------
    >>> PromoterMap("HBB", (-25, 500), (25, 75), 44, True).shown
    (-25, 500)
    """

    gene: str
    window: tuple[int, int]
    core_window: tuple[int, int]
    guide_bp: int
    guide_is_same_way: bool
    cpg: tuple[int, ...] = ()
    starts: tuple[NearbyStart, ...] = ()

    @property
    def shown(self) -> tuple[int, int]:
        """The stretch that holds the window, the start and the other starts."""
        places = [0, *self.window, *(start.offset_bp for start in self.starts)]
        return min(places), max(places)
