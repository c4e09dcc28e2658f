"""Whether a nuclease can tell a variant's copy from the wild type. Information, not a correction.

Where a dominant variant makes a PAM or changes a seed, a guide can cut its copy and spare the other. Whether that
would help anyone is a question of the disease, which a row of sequence does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.modality.allele_specific import DiscriminationKind, told_from
from revertant.planning.atlas.places import ContextPlaces, nuclease_kinds

__all__ = ["AlleleReach", "judge_allele"]

#: Best first; other kinds of difference do not tell copies apart.
_KINDS = (DiscriminationKind.PAM, DiscriminationKind.WEAK_PAM, DiscriminationKind.SEED)


@dataclass(frozen=True, slots=True)
class AlleleReach:
    """How the kinds of nuclease can tell one variant's copy from the wild type.

    Parameters
    ----------
    kinds
        ``(kind of nuclease, best difference)`` of each that can.
    """

    kinds: tuple[tuple[str, DiscriminationKind], ...] = ()

    @property
    def best(self) -> DiscriminationKind | None:
        """The best difference of all; ``None`` when no nuclease can tell the copies apart."""
        return min((found for _, found in self.kinds), key=_KINDS.index, default=None)

    def of(self, key: str) -> DiscriminationKind | None:
        """The best difference of one kind of nuclease."""
        return dict(self.kinds).get(key)


def judge_allele(places: ContextPlaces) -> AlleleReach:
    """Say how nucleases can tell one variant's copy from the wild type.

    Examples
    --------
    >>> from revertant.planning.atlas.rows import ContextRow
    >>> from revertant.variant import parse_edit
    >>> edit = parse_edit("AACCATGGTGCACCTGACTCCTG(A/T)GGAGAAGTCTGCCGTTACTG")
    >>> found = judge_allele(ContextPlaces.of(ContextRow(2, "NM_000518.5(HBB):c.20A>T", "HBB", "", edit)))
    >>> found.of("spcas9").value, found.best.value
    ('seed', 'pam')
    """
    found = []
    for kind in nuclease_kinds():
        best: DiscriminationKind | None = None
        for site in places.near(places.sites(kind), kind):
            told = told_from(site, [places.edit.wanted], kind.nuclease.seed_nt, kind.nuclease.search_pam).kind
            if told in _KINDS and (best is None or _KINDS.index(told) < _KINDS.index(best)):
                best = told
            if best is DiscriminationKind.PAM:
                break
        if best is not None:
            found.append((kind.key, best))
    return AlleleReach(tuple(found))
