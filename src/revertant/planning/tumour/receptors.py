"""Which receptors are made against a tumour's antigens, in what, and why others are not."""

from __future__ import annotations

from collections.abc import Sequence

from revertant import knowledge
from revertant.errors import RevertantError
from revertant.genome import PatientGenome
from revertant.knowledge import CarBinder
from revertant.modality import DesignOptions
from revertant.modality.car_t import (
    CarDesign,
    CarrierKind,
    CarrierOptions,
    ReceptorBrief,
    TargetSelection,
    design_product,
    design_receptor,
)
from revertant.modality.car_t.eligibility import NAME
from revertant.modality.car_t.receptor.trac import TracSite, holds_trac, trac_of_cells
from revertant.model import CellProduct, Finding, LabelMatch, LabelVerdict, Rejection, Route, Status

__all__ = [
    "MOST_ATTACKED",
    "bound_genes",
    "carrier_of",
    "not_taken",
    "own_binders",
    "receptor_against",
    "wanted_receptors",
]

#: How many usable antigens a receptor is made for, where the case names none.
MOST_ATTACKED = 3
_OPEN_LABELS = (LabelVerdict.FITS, LabelVerdict.FITS_IF)


def bound_genes(options: DesignOptions) -> tuple[str, ...]:
    """Return the symbols of the antigens that a binder of the catalogue or of the user binds, sorted.

    Examples
    --------
    >>> "CD19" in bound_genes(DesignOptions())
    True
    """
    binders = (*knowledge.car_binders().values(), *options.car_binders)
    return tuple(sorted({binder.antigen for binder in binders}))


def carrier_of(
    genome: PatientGenome | None, asked: CellProduct, options: DesignOptions, rejections: list[Rejection]
) -> tuple[CarrierOptions, tuple[CarrierKind, ...]]:
    """A lentivirus; where the receptor is to go into TRAC, an AAV6 donor with arms of the cells' own genome."""
    own = {part.key: part for part in options.parts}
    if not asked.knock_in:
        return CarrierOptions(parts=own), (CarrierKind.LENTIVIRAL,)
    site: TracSite | None = None
    if genome is not None and holds_trac(genome.reference):
        try:
            site = trac_of_cells(genome)
        except RevertantError as error:
            rejections.append(not_taken("TRAC", "design", f"{error.what} {error.remedy}".strip()))
    return CarrierOptions(parts=own, trac=site), (CarrierKind.AAV6_TRAC, CarrierKind.LENTIVIRAL)


def wanted_receptors(
    asked: CellProduct,
    selection: TargetSelection,
    labels: Sequence[LabelMatch],
    options: DesignOptions,
    rejections: list[Rejection],
) -> list[tuple[tuple[str, ...], str]]:
    """The antigens to attack, together or alone, each with the product whose receptor is rebuilt, if one fits.

    Named antigens go by their symbols.
    """
    products = _products(labels)
    named = asked.antigens
    if named:
        if len(named) > 2:
            why = f"A receptor of one chain binds two antigens at most: it is made for {' or '.join(named[:2])}."
            rejections.append(not_taken(" or ".join(named), "design", why))
        alone: list[tuple[tuple[str, ...], str]] = [((name,), products.get(name, "")) for name in named]
        return [(named[:2], ""), *alone] if len(named) > 1 else alone
    usable = [target.gene for target in selection.usable]
    bound = knowledge.bound_antigens(usable, own_binders(options))
    unbound = [gene for gene in usable if gene not in bound]
    for gene in bound[MOST_ATTACKED:]:
        why = f"It could be attacked; receptors are made for the {MOST_ATTACKED} before it. Name it to have one."
        rejections.append(not_taken(gene, "design", why))
    for gene in unbound[MOST_ATTACKED:]:
        why = "It could be attacked, but no binder of it is in the catalogue. Name it to have everything else planned."
        rejections.append(not_taken(gene, "design", why))
    return [((gene,), products.get(gene, "")) for gene in (*bound[:MOST_ATTACKED], *unbound[:MOST_ATTACKED])]


def own_binders(options: DesignOptions) -> dict[str, CarBinder]:
    """Return the user's own binders by key."""
    return {row.key: row for row in options.car_binders}


def _products(labels: Sequence[LabelMatch]) -> dict[str, str]:
    """For each antigen the product that fits best by its label, or may, and whose receptor can be rebuilt."""
    found: dict[str, str] = {}
    rows = knowledge.car_architectures()
    for verdict in _OPEN_LABELS:
        for match in labels:
            for key, row in rows.items():
                if match.verdict is verdict and match.product in row.products and row.vector == "lentiviral":
                    found.setdefault(knowledge.car_binders()[row.binder].antigen, key)
    return found


def receptor_against(
    names: tuple[str, ...],
    product: str,
    kinds: Sequence[CarrierKind],
    carrier: CarrierOptions,
    *,
    options: DesignOptions,
    rejections: list[Rejection],
) -> CarDesign | None:
    """Build a receptor, or note why it cannot be; of two antigens one receptor that binds either."""
    own = own_binders(options)
    try:
        # A binder that the user brings for an antigen is meant to be used.
        if product and not any(row.binds(name) for row in own.values() for name in names):
            return design_product(product, kinds, carrier)
        second = ""
        if len(names) > 1:
            second = knowledge.binders_of(names[1], own)[0].key
        parts = {part.key: part for part in options.car_parts}
        brief = ReceptorBrief(names[0], second_binder=second, own_parts=parts, own_binders=own)
        return design_receptor(brief, kinds, carrier)
    except RevertantError as error:
        why = f"{error.what} {error.remedy}".strip()
        rejections.append(not_taken(" or ".join(names), "design", why))
        return None


def not_taken(acts_on: str, stage: str, because: str, findings: Sequence[Finding] = ()) -> Rejection:
    """Write down an antigen or a vector that is not taken; findings that pass are no reason."""
    open_ones = tuple(one for one in findings if one.status is not Status.PASS)
    return Rejection(NAME, Route.ATTACK_TUMOUR, acts_on, stage, because, open_ones)
