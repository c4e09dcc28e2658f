"""Names of diseases that mean the same, and which disease is a kind of which, for finding trials.

A row is a disease under all the names that registries and clinics write for it. It is no ontology: it holds what the
catalogued products and the trials of gene and cell therapies are about. A name that no row holds is compared by its
words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.genes import genes

__all__ = ["DiseaseName", "disease_named", "diseases", "names_by_id", "spelt"]

#: British spellings and what is written here instead, and Greek letters; in this order.
_SPELLINGS = {
    "aemi": "emi",
    "haem": "hem",
    "oedem": "edem",
    "oesoph": "esoph",
    "tumour": "tumor",
    "leuc": "leuk",
    "paed": "ped",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseName(Row):
    """One disease.

    Parameters
    ----------
    names
        What it is called, the usual name first; abbreviations too. Spelling (British, American), hyphens and capitals
        do not matter.
    ids
        Identifiers that mean it (OMIM, MONDO, ORPHA).
    mesh
        Descriptor of the Medical Subject Headings; empty where none was seen in a record.
    broader
        Keys of the diseases that this one is a kind of.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...] = ()
    mesh: str = ""
    broader: tuple[str, ...] = ()

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.names:
            yield "A disease needs a name."
        if self.key in self.broader:
            yield "A disease is no kind of itself."
        if self.mesh and not re.fullmatch(r"D\d{6}(\d{3})?", self.mesh):
            yield f"{self.mesh!r} is no descriptor of MeSH."

    @property
    def ancestors(self) -> frozenset[str]:
        """Keys of every disease that this one is a kind of, however far above.

        Examples
        --------
        >>> sorted(diseases()["acute_myeloid_leukemia"].ancestors)
        ['acute_leukemia', 'cancer', 'hematologic_cancer', 'leukemia', 'myeloid_neoplasm']
        """
        return _above(self.broader)


@cache
def _above(keys: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += diseases()[key].broader
    return frozenset(found)


@cache
def diseases() -> Mapping[str, DiseaseName]:
    """Return the diseases by key.

    Examples
    --------
    >>> diseases()["multiple_myeloma"].names[:3]
    ('multiple myeloma', 'plasma cell myeloma', 'MM')
    """
    return load_rows("diseases.toml", DiseaseName)


def spelt(name: str) -> str:
    """Return a name in one spelling: lower case, American, words parted by single spaces.

    Examples
    --------
    >>> spelt("B-cell Acute Lymphoblastic Leukaemia"), spelt("Sjögren's syndrome")
    ('b cell acute lymphoblastic leukemia', 'sjogren syndrome')
    """
    text = re.sub(r"['\u2019]s\b", "", name.casefold())
    for one, other in _SPELLINGS.items():
        text = text.replace(one, other)
    text = text.replace("ö", "o").replace("é", "e").replace("ü", "u").replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", text))


@cache
def _by_name() -> Mapping[str, str]:
    return {spelt(name): row.key for row in diseases().values() for name in row.names}


def disease_named(name: str) -> DiseaseName | None:
    """Find a disease by one of its names; ``None`` when no row has it.

    Examples
    --------
    >>> disease_named("Acute Myeloid Leukaemia").key, disease_named("AML").key, disease_named("measles")
    ('acute_myeloid_leukemia', 'acute_myeloid_leukemia', None)
    """
    key = _by_name().get(spelt(name))
    return diseases()[key] if key else None


@cache
def names_by_id() -> Mapping[str, str]:
    """Return the usual name of each identifier that a catalogue holds: the diseases here, and those of the genes.

    Examples
    --------
    >>> names_by_id()["OMIM:253300"], names_by_id()["OMIM:248200"]
    ('Spinal muscular atrophy, type I', 'Stargardt disease 1')
    """
    of_genes = {one.id: one.label for fact in genes().values() for one in fact.by_disease}
    return of_genes | {identifier: row.names[0] for row in diseases().values() for identifier in row.ids}
