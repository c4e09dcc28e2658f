"""Which named places elsewhere in the genome treat the case's disease, on this reference."""

from __future__ import annotations

from revertant import knowledge
from revertant.genome import Reference
from revertant.model import Case, Locus, Site

__all__ = ["sites_for"]


def sites_for(gene: str, case: Case, reference: Reference) -> tuple[Site, ...]:
    """Return the catalogue's regulatory sites that treat the case's disease and that the reference covers.

    A site shown to treat one disease of a gene is not offered for another: where the case names diseases, one
    of them must be among the site's.
    """
    named = {disease.disease_id for disease in case.diseases}
    sites = []
    for fact in knowledge.sites().values():
        if gene not in fact.benefits or not reference.has_contig(fact.contig):
            continue
        if named and not named.intersection(fact.diseases):
            continue
        locus = Locus(reference.canonical_contig(fact.contig), fact.start - 1, fact.end)
        if reference.build not in {"", fact.build} or not reference.covers(locus):
            continue
        sites.append(
            Site(
                fact.key,
                fact.name,
                locus,
                fact.motif,
                fact.purpose,
                fact.sources,
                checked=fact.checked,
                note=fact.note,
            )
        )
    return tuple(sites)
