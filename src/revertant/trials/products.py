"""Approved products held against one person, label by label."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from revertant.knowledge import Criterion, Product, ProductLabel, products, symbol_as_catalogued
from revertant.model import Case, CriterionMatch, CriterionState, LabelMatch, LabelVerdict, Target, Unknown
from revertant.trials.answer import Person
from revertant.trials.criteria import match_criterion, states_disease
from revertant.trials.dosing import dose_for
from revertant.trials.jurisdictions import label_jurisdiction

__all__ = ["match_products", "named_labels", "product_unknowns"]

_ORDER = tuple(LabelVerdict)
_ASKED_FIRST = ("indication", "exclusion", "trial", "precaution")


def match_products(
    case: Case,
    targets: Sequence[Target] = (),
    *,
    on_date: dt.date | None = None,
    jurisdictions: Iterable[str] = (),
) -> tuple[LabelMatch, ...]:
    """Hold every approved product for the genes or diseases of a case against the person.

    Parameters
    ----------
    case
        The case as read.
    targets
        Its targets as resolved on the genome, where there is one: they know phase and both copies.
    on_date
        The day whose labels count, and against which the age of a titre is judged; without it the newest labels.
    jurisdictions
        ISO 3166-1 codes or ``"EU"``; a country of the European Economic Area means the EU's label. All labels known
        when empty.

    Returns
    -------
    tuple[LabelMatch, ...]
        One for each product and label, those that fit first; empty when no product of the catalogue is for these
        genes or diseases, or none has a label there on that day.

    Examples
    --------
    >>> from revertant.model import CopyNumber, Disease, Serology, Subject
    >>> infant = Case(
    ...     "infant",
    ...     Subject("i", age_years=56 / 365.25, weight_kg=4.6),
    ...     (),
    ...     diseases=(Disease("OMIM:253300"),),
    ...     copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN2", 2, 2, "MLPA")),
    ...     serology=(Serology("AAV9", "TAb", 25),),
    ... )
    >>> [(one.product_name, one.verdict.value) for one in match_products(infant, jurisdictions=("US",))]
    [('Zolgensma', 'fits'), ('Itvisma', 'does_not_fit')]
    """
    person = Person(case, tuple(targets), on_date)
    matches = [
        _match(product, label, person)
        for product, label in _labels_for(case, targets, on_date, jurisdictions)
    ]
    return tuple(
        sorted(matches, key=lambda one: (_ORDER.index(one.verdict), one.product, _place(one.jurisdiction)))
    )


def _place(jurisdiction: str) -> tuple[bool, bool, str]:
    """Order jurisdictions: US and EU first, as most labels are theirs."""
    return jurisdiction != "US", jurisdiction != "EU", jurisdiction


def _labels_for(
    case: Case,
    targets: Sequence[Target] = (),
    on_date: dt.date | None = None,
    jurisdictions: Iterable[str] = (),
) -> tuple[tuple[Product, ProductLabel], ...]:
    """Return the products for the genes or diseases of a case, with the labels that hold on a day."""
    wanted = {label_jurisdiction(one) for one in jurisdictions}
    return tuple(
        (product, label)
        for product in products().values()
        if _is_for(product, case, targets)
        for label in product.labels
        if label.in_force(on_date) and (not wanted or label.jurisdiction in wanted)
    )


def _is_for(product: Product, case: Case, targets: Sequence[Target]) -> bool:
    genes = {
        *(target.gene for target in targets),
        *(variant.gene for variant in case.variants),
        *(copies.gene for copies in case.copy_numbers),
    }
    return bool(genes & set(product.genes)) or any(
        disease.disease_id in product.diseases or states_disease(disease.label, product.disease_names)
        for disease in case.diseases
    )


def _of_product(criterion: Criterion, product: Product) -> Criterion:
    """A diagnosis that names no disease of its own is that of the product."""
    if criterion.asks != "diagnosis" or criterion.names:
        return criterion
    return replace(criterion, names=product.disease_names, diseases=product.diseases)


def _match(product: Product, label: ProductLabel, person: Person) -> LabelMatch:
    return LabelMatch(
        product=product.key,
        product_name=product.name,
        jurisdiction=label.jurisdiction,
        as_of=label.read_on,
        market_status=label.market_status(person.on_date),
        criteria=tuple(
            match_criterion(_of_product(criterion, product), person, label.sources, checked=label.checked)
            for criterion in label.criteria
        ),
        boxed_warnings=label.boxed_warnings,
        dose=dose_for(label.dose, person.case.subject.weight_kg),
    )


def product_unknowns(matches: Sequence[LabelMatch]) -> tuple[Unknown, ...]:
    """List what to measure next, for the products that fit or may fit.

    Parameters
    ----------
    matches
        From :func:`match_products`.

    Returns
    -------
    tuple[Unknown, ...]
        Each thing to measure once, with the labels it is for; what decides stands before what only cautions.

    Examples
    --------
    >>> from revertant.model import CopyNumber, Subject
    >>> infant = Case("i", Subject("i", age_years=0.2), (), copy_numbers=(CopyNumber("SMN1", 0, 0, "in_silico"),))
    >>> product_unknowns(match_products(infant, jurisdictions=("US",)))[1].how_to_find_out
    'Confirm the copies of SMN1 by MLPA or digital PCR.'
    """
    asked: dict[tuple[str, str], list[tuple[LabelMatch, CriterionMatch]]] = {}
    for match in matches:
        if match.verdict not in {LabelVerdict.FITS, LabelVerdict.FITS_IF}:
            continue
        for one in match.criteria:
            if one.state in {CriterionState.UNKNOWN, CriterionState.CONFLICT} and one.to_measure:
                # What only cautions is asked together, once; titres stand alone, as they take time to measure.
                key = ("precaution", "") if one.kind == "precaution" else (one.kind, one.to_measure)
                asked.setdefault(key, []).append((match, one))
    ranked = sorted(asked.items(), key=lambda item: _ASKED_FIRST.index(item[0][0]))
    return tuple(_unknown(kind, told) for (kind, _), told in ranked)


def _unknown(kind: str, told: Sequence[tuple[LabelMatch, CriterionMatch]]) -> Unknown:
    labels = named_labels([match for match, _ in told])
    ways = list(dict.fromkeys(one.to_measure for _, one in told))
    how = " ".join(ways if len(ways) == 1 else (f"({number}) {way}" for number, way in enumerate(ways, 1)))
    first = told[0][1]
    if kind == "precaution":
        question = f"What else do the labels warn of: {labels}?"
        return Unknown(
            question, "It does not decide whether a label fits, but cautions.", how, "product.precautions"
        )
    words = " ".join(symbol_as_catalogued(word) for word in first.criterion.split("_"))
    why = (
        "A caution, not a limit of the label." if kind == "trial" else "Whether the label fits depends on it."
    )
    question = f"{words[0].upper()}{words[1:]}: what holds for this person? Asked by {labels}."
    return Unknown(question, f"{first.because} {why}", how, f"product.{first.criterion}")


def named_labels(matches: Sequence[LabelMatch]) -> str:
    """Name products with the jurisdictions of their labels.

    Examples
    --------
    >>> named_labels([LabelMatch("a", "A", "US", "", "marketed", ()), LabelMatch("a", "A", "EU", "", "marketed", ())])
    'A (US, EU)'
    """
    places: dict[str, list[str]] = {}
    for match in matches:
        known = places.setdefault(match.product_name, [])
        if match.jurisdiction not in known:
            known.append(match.jurisdiction)
    named = [f"{name} ({', '.join(where)})" for name, where in places.items()]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
