"""A variant's own stretch of sequence as two haplotypes, and the places on it where each kind of nuclease fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from revertant import knowledge
from revertant.genome import HaplotypeWindow
from revertant.genome.haplotype import compose
from revertant.knowledge import Nuclease
from revertant.modality.hdr.placing import Edit
from revertant.modality.protospacers import Protospacer, protospacers
from revertant.planning.atlas.frame import ContextGene, context_gene
from revertant.planning.atlas.rows import ContextRow

__all__ = ["ContextPlaces", "NucleaseKind", "nuclease_kinds"]


@dataclass(frozen=True, slots=True)
class NucleaseKind:
    """Nucleases of the catalogue that bind and cut the same places.

    Parameters
    ----------
    nuclease
        The one that stands for all of them: checked before unchecked, the wild type before its variants.
    members
        The keys of all of them.
    """

    nuclease: Nuclease
    members: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key of the one that stands for all of them."""
        return self.nuclease.key

    @property
    def words(self) -> str:
        """Its name, and how many others it stands for: ``"SpCas9 and 9 others"``."""
        others = len(self.members) - 1
        if not others:
            return self.nuclease.name
        return f"{self.nuclease.name} and {others} other{'s' if others > 1 else ''}"


@cache
def nuclease_kinds() -> tuple[NucleaseKind, ...]:
    """Group the nucleases of the catalogue by PAM, spacer, cut and seed; NGG first, then by PAM.

    Examples
    --------
    >>> first = nuclease_kinds()[0]
    >>> first.key, first.nuclease.pam, "hifi_cas9" in first.members
    ('spcas9', 'NGG', True)
    """
    groups: dict[tuple[object, ...], list[Nuclease]] = {}
    for one in knowledge.nucleases().values():
        cut = one.cut_offset_top, one.cut_offset_bottom
        groups.setdefault(
            (one.pam, one.pam_side, one.spacer_nt, cut, one.seed_nt, one.search_pam), []
        ).append(one)
    kinds = []
    for members in groups.values():
        first = min(members, key=lambda one: (not one.checked, one.high_fidelity, len(one.key), one.key))
        kinds.append(NucleaseKind(first, tuple(sorted(one.key for one in members))))
    return tuple(sorted(kinds, key=lambda kind: (kind.nuclease.pam != "NGG", kind.nuclease.pam, kind.key)))


@dataclass
class ContextPlaces:
    """One row's sequence, mutant and wild type, and the protospacers on the mutant, found once for all who ask.

    Parameters
    ----------
    gene
        The stretch with the transcript the row's name implies.
    edit
        What turns the mutant into the wild type.
    """

    gene: ContextGene
    edit: Edit
    _sites: dict[str, tuple[Protospacer, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, row: ContextRow) -> ContextPlaces:
        """Lay out a row.

        Examples
        --------
        >>> from revertant.variant import parse_edit
        >>> places = ContextPlaces.of(ContextRow(2, "c.20A>T", "HBB", "", parse_edit("CTCCTG(A/T)GGAGAAG")))
        >>> places.edit.window.bases, places.edit.wanted.bases, places.edit.start
        ('CTCCTGTGGAGAAG', 'CTCCTGAGGAGAAG', 6)
        """
        gene = context_gene(row)
        bases, blocks = compose(gene.locus, row.edit.before, (gene.variant,))
        mutant = HaplotypeWindow(gene.locus, bases, (gene.variant,), blocks=blocks)
        wild = HaplotypeWindow.of_reference(gene.locus, row.edit.before)
        return cls(gene, Edit(mutant, wild, row.edit.start, len(row.edit.alt), len(row.edit.ref)))

    def sites(self, kind: NucleaseKind) -> tuple[Protospacer, ...]:
        """Every protospacer on the mutant that this kind of nuclease binds."""
        known = self._sites.get(kind.key)
        if known is None:
            one = kind.nuclease
            known = tuple(protospacers(self.edit.window, one.pam, one.pam_side, one.spacer_nt))
            self._sites[kind.key] = known
        return known

    def near(self, sites: Iterable[Protospacer], kind: NucleaseKind) -> tuple[Protospacer, ...]:
        """Those sites of which the PAM or the seed holds a base of the variant, or the place where it took bases."""
        seed_nt = kind.nuclease.seed_nt
        start, end = self.edit.start, self.edit.start + self.edit.removed
        found = []
        for site in sites:
            pam = site.pam_start, site.pam_start + len(site.pam)
            seed = (
                (site.end - seed_nt, site.end) if pam[0] == site.end else (site.start, site.start + seed_nt)
            )
            low, high = min(pam[0], seed[0]), max(pam[1], seed[1])
            if (start < high and low < end) if start < end else low < start < high:
                found.append(site)
        return tuple(found)
