"""Which promoter drives the gene in a tissue. A stronger one is not a better one.

Promoters are put in an order by what is known of them *in this tissue*: what products and published comparisons used
there, then what is made for the tissue, then what the catalogue prefers. One that works in other cells of the tissue
than those that need the gene is not taken. Strength decides only where too much of the product is known to harm
people: then the weakest comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from revertant import knowledge
from revertant.errors import UsageError
from revertant.knowledge import Tissue, VectorPart
from revertant.model import FeatureKind, GenomeForm

__all__ = ["NOT_STRONGER", "PromoterChoice", "has_intron", "promoters_for"]

#: Codon-optimised SMN1 under its own promoter did better in mice with SMA, and was safer, than the product's strong
#: promoter.
NOT_STRONGER = "doi:10.1038/s44321-024-00037-x"

#: Promoters of the catalogue that drive no gene in a cell.
_OTHER_USES = {
    "lv_rsv_5": "makes the genome of a lentiviral vector in the producer cell and is not packaged",
    "promoter_t7": "is read by a phage polymerase, in the test tube",
}


_STRENGTH = ("weak", "medium", "unknown", "strong")


@dataclass(frozen=True, slots=True)
class PromoterChoice:
    """One promoter weighed for a tissue.

    Parameters
    ----------
    part
        The catalogue row.
    because
        Why it stands where it stands: a clause that follows the promoter's name.
    usable
        Whether a construct can be made with it: a sequence is held, it fits the form, and nothing speaks against it.
    sources
        What the reason rests on.
    """

    part: VectorPart
    because: str
    usable: bool
    sources: tuple[str, ...]


def has_intron(part: VectorPart) -> bool:
    """Whether a promoter part brings an intron of its own.

    Examples
    --------
    >>> has_intron(knowledge.vector_part("promoter_cbh")), has_intron(knowledge.vector_part("promoter_hsyn1"))
    (True, False)
    """
    name = part.name.lower()
    return ("intron" in name and "without intron" not in name) or "intron is built in" in part.note.lower()


def promoters_for(
    tissue: Tissue,
    form: GenomeForm,
    gene: str,
    *,
    asked: str = "",
    own_parts: Mapping[str, VectorPart] | None = None,
) -> tuple[PromoterChoice, ...]:
    """Put the promoters for a tissue and a form of genome in order.

    Parameters
    ----------
    tissue, form
        Where it has to work, and in what.
    gene
        Its symbol: too much of some genes' products is known to do harm.
    asked
        Key of the promoter the user insists on; it then stands alone, with what speaks against it.
    own_parts
        The user's own parts by key.

    Returns
    -------
    tuple[PromoterChoice, ...]
        Usable ones first, best first; the others with the reason why not.

    Raises
    ------
    UsageError
        When the promoter asked for does not exist, or no sequence of it is held.

    Examples
    --------
    >>> order = promoters_for(Tissue.SPINAL_CORD, GenomeForm.SELF_COMPLEMENTARY_AAV, "SMN1")
    >>> order[0].part.key, [c.because for c in order if c.part.key == "promoter_cba"]
    ('promoter_cbh', ['it was weak in motor neurons, where CBh was not'])
    """
    parts = {**knowledge.vector_parts(), **(own_parts or {})}
    if asked:
        return (_asked(asked, parts, tissue, form, _cells_of(gene)),)
    careful, cells = _harms_people(gene), _cells_of(gene)
    weighed = [
        _weigh(part, tissue, form, cells, careful=careful)
        for part in knowledge.parts_of_kind(FeatureKind.PROMOTER, tissue.value, parts=parts.values())
    ]
    weighed.sort(key=lambda choice: _order(choice, tissue, cells, own_parts or {}, careful=careful))
    return tuple(weighed)


def _harms_people(gene: str) -> bool:
    fact = knowledge.dosage_facts().get(gene)
    return fact is not None and fact.found_in == "people"


def _cells_of(gene: str) -> frozenset[str]:
    """The cells that need a gene; empty where it is not known."""
    fact = knowledge.find_gene(gene)
    return frozenset(fact.cells) if fact is not None else frozenset()


def _asked(
    key: str, parts: Mapping[str, VectorPart], tissue: Tissue, form: GenomeForm, cells: frozenset[str]
) -> PromoterChoice:
    part = parts.get(key)
    if part is None or part.kind is not FeatureKind.PROMOTER:
        known = ", ".join(
            sorted(k for k, one in parts.items() if one.kind is FeatureKind.PROMOTER and one.sequence)
        )
        raise UsageError(
            f"There is no promoter {key!r}.",
            remedy=f"Use one of {known}, or bring it with --parts.",
            code="no-part",
        )
    if not part.sequence:
        raise UsageError(
            f"No sequence of {part.name} is held: {part.note}",
            remedy="Bring it with --parts, or let the promoter be chosen.",
            code="no-sequence",
        )
    weighed = _weigh(part, tissue, form, cells, careful=False)
    against = "" if weighed.usable else f", though {weighed.because}"
    return PromoterChoice(part, f"it was asked for{against}", usable=True, sources=weighed.sources)


def _weigh(
    part: VectorPart, tissue: Tissue, form: GenomeForm, cells: frozenset[str], *, careful: bool
) -> PromoterChoice:
    known = knowledge.promoter_experience(part.key, tissue)
    against = next((one for one in known if not one.speaks_for), None)
    if part.key in _OTHER_USES:
        return PromoterChoice(part, f"it {_OTHER_USES[part.key]}", usable=False, sources=part.sources)
    if not part.sequence:
        return PromoterChoice(part, "no sequence of it is held", usable=False, sources=part.sources)
    if not part.fits(form):
        return PromoterChoice(part, f"it is not for {form}", usable=False, sources=part.sources)
    if form is GenomeForm.LENTIVIRAL and (part.oncogenic or part.virus):
        text = "a viral enhancer can switch on the genes beside which it lands"
        return PromoterChoice(part, text, usable=False, sources=part.sources)
    if against is not None:
        return PromoterChoice(part, against.because, usable=False, sources=against.sources)
    working = " and ".join(part.cells)
    if cells and part.cells and not cells & set(part.cells):
        text = f"it works in {working}, and the gene is needed in {' and '.join(sorted(cells))}"
        return PromoterChoice(part, text, usable=False, sources=part.sources)
    speaks = next((one for one in known if one.speaks_for), None)
    where = (
        "it is active in every tissue"
        if knowledge.UBIQUITOUS in part.tissues
        else f"it is made for {working or tissue.value}"
    )
    if part.cells and not cells:
        where += ", and whether those are the cells that need the gene is not known here"
    reasons = [speaks.because if speaks else where]
    if careful:
        reasons.append(f"its strength is {part.strength}, and too much of this gene's product does harm")
    return PromoterChoice(
        part, "; ".join(reasons), usable=True, sources=speaks.sources if speaks else part.sources
    )


def _order(
    choice: PromoterChoice,
    tissue: Tissue,
    cells: frozenset[str],
    own_parts: Mapping[str, VectorPart],
    *,
    careful: bool,
) -> tuple[object, ...]:
    part = choice.part
    speaks = any(one.speaks_for for one in knowledge.promoter_experience(part.key, tissue))
    return (
        not choice.usable,
        part.key not in own_parts,
        _STRENGTH.index(part.strength) if careful else 0,
        not speaks,
        bool(part.cells) and not cells,  # it may work where the gene is not needed
        knowledge.UBIQUITOUS in part.tissues,
        not part.preferred,
        bool(part.virus),
        part.organism not in {"human", ""},
        len(part.sequence),
        part.key,
    )
