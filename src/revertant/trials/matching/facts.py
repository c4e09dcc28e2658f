"""What of a case a trial is found and judged by: the names of its diseases, its genes, the person, the country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant.knowledge import disease_named, names_by_id, symbol_as_catalogued
from revertant.model import Case, Target
from revertant.policy import EU_MEMBERS
from revertant.trials.answer import Person

__all__ = ["CaseFacts", "case_facts", "countries_meant"]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case as trials see it.

    Parameters
    ----------
    person
        The person, for the criteria of the text.
    names
        Names of the stated diseases: their labels, and what the catalogues call their identifiers.
    synonyms
        Those names and all others that the catalogue of diseases has for them, to be found in titles.
    genes
        Symbols of the genes of variants, copies and targets.
    country
        ISO code or ``"EU"``; empty where it does not matter.
    """

    person: Person
    names: tuple[str, ...]
    synonyms: tuple[str, ...]
    genes: tuple[str, ...]
    country: str = ""

    @property
    def tells_what_is_wrong(self) -> bool:
        """Whether there is anything a trial could be found by."""
        return bool(self.names or self.genes)


def case_facts(case: Case, targets: Sequence[Target] = (), *, country: str = "") -> CaseFacts:
    """Gather what trials are found by.

    Parameters
    ----------
    case
        The case as read.
    targets
        Its targets as resolved on the genome, where there is one.
    country
        Instead of the case's own jurisdiction.

    Examples
    --------
    >>> from revertant.model import CopyNumber, Disease, Subject
    >>> infant = Case(
    ...     "i",
    ...     Subject("i"),
    ...     (),
    ...     diseases=(Disease("OMIM:253300"),),
    ...     copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"),),
    ... )
    >>> facts = case_facts(infant)
    >>> facts.names, facts.genes
    (('Spinal muscular atrophy, type I',), ('SMN1',))
    """
    known = names_by_id()
    stated = [
        name for one in case.diseases for name in (one.label, known.get(one.disease_id, "")) if name.strip()
    ]
    names = tuple(dict.fromkeys(stated))
    rows = [row for name in names if (row := disease_named(name)) is not None]
    synonyms = tuple(dict.fromkeys((*names, *(name for row in rows for name in row.names))))
    genes = {
        *(target.gene for target in targets),
        *(variant.gene for variant in case.variants),
        *(copies.gene for copies in case.copy_numbers),
    } - {""}
    return CaseFacts(
        Person(case, tuple(targets)),
        names,
        synonyms,
        tuple(sorted({symbol_as_catalogued(gene) for gene in genes})),
        country or case.jurisdiction,
    )


def countries_meant(place: str) -> frozenset[str]:
    """Return the countries that a place means: the members of the European Union, or the country itself.

    Examples
    --------
    >>> countries_meant("CH"), "FR" in countries_meant("EU"), countries_meant("")
    (frozenset({'CH'}), True, frozenset())
    """
    if place == "EU":
        return EU_MEMBERS
    return frozenset({place}) if place else frozenset()
