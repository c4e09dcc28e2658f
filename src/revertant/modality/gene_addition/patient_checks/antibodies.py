"""Antibodies against the capsid: by assay, serotype and date, held against the limits that products name.

There is no titre that holds for every product. Limits are those of labels and trials of products with this capsid, each
for one assay; binding and neutralising titres do not compare, and a missing titre is not a negative one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from revertant import knowledge
from revertant.modality.gene_addition.patient_checks.routes import (
    antigens_of,
    is_aav,
    is_outside_body,
    labels_in_force,
)
from revertant.model import Case, Finding, Serology, Status, Target, Vector

__all__ = ["antibody_findings"]

_RULE = "immunity.capsid"
_AGAIN = "immunity.capsid_retest"
#: Below this age an elevated titre may still be the mother's.
MATERNAL_YEARS = 1.0


class _Limit(NamedTuple):
    product: knowledge.Product
    label: knowledge.ProductLabel
    criterion: knowledge.Criterion

    @property
    def sources(self) -> tuple[str, ...]:
        return self.criterion.sources or self.label.sources

    @property
    def checked(self) -> bool:
        return self.label.checked if self.criterion.checked is None else self.criterion.checked


def antibody_findings(vector: Vector, case: Case, target: Target) -> tuple[Finding, ...]:
    """Hold the antibodies that are stated against the limits of products with this capsid.

    Parameters
    ----------
    vector
        Its capsid names the antigen.
    case
        The antibody results, and the age for antibodies of the mother.
    target
        Products for its gene come first.
    """
    if not is_aav(vector) or is_outside_body(vector):
        text = f"{vector.capsid_name} meets no antibodies against a capsid of an AAV in the blood."
        return (Finding(_RULE, Status.NOT_APPLICABLE, text), Finding(_AGAIN, Status.NOT_APPLICABLE, text))
    names = antigens_of(vector)
    limits = _limits(names, target.gene, vector.route)
    results = [one for one in case.serology if one.target.upper() in {name.upper() for name in names}]
    capsid = _judged(vector, results, limits)
    return (capsid, _again(case, capsid))


def _limits(antigens: Sequence[str], gene: str, route: str) -> tuple[_Limit, ...]:
    """Every product's limit against these antigens, each once; those for the gene, and given this way, come first."""
    given = {row.product or row.key for row in knowledge.dose_anchors() if row.route == route}
    wanted = {name.upper() for name in antigens}
    found: dict[tuple[str, str, float | None, float | None], _Limit] = {}
    ordered = sorted(
        knowledge.products().values(), key=lambda row: (gene not in row.genes, row.key not in given)
    )
    for product in ordered:
        for label in labels_in_force(product):
            for asked in label.criteria:
                if asked.asks == "titre" and asked.antigen.upper() in wanted:
                    key = (product.name, asked.assay, asked.at_most, asked.below)
                    found.setdefault(key, _Limit(product, label, asked))
    return tuple(found.values())


def _judged(vector: Vector, results: Sequence[Serology], limits: Sequence[_Limit]) -> Finding:
    if not results:
        return _missing(vector, limits)
    newest_date = max(one.date for one in results)
    newest = [one for one in results if one.date == newest_date]
    said = "; ".join(_shown(one) for one in newest)
    held = [(limit, one) for limit in limits for one in newest if one.assay == limit.criterion.assay]
    if not held:
        return _without_limit(vector, newest, limits, said)
    first, _ = held[0]
    answers = [(limit, one, limit.criterion.allows_titre(one)) for limit, one in held]
    over = [(limit, one) for limit, one, allowed in answers if allowed is False]
    threshold = _words(first.criterion)
    if over:
        limit, one = over[0]
        status = Status.FAIL if limit.criterion.kind == "exclusion" else Status.CAUTION
        text = (
            f"{_shown(one)} lies above what {limit.product.name} names ({_words(limit.criterion)}). "
            f"{limit.criterion.text}"
        )
        return Finding(_RULE, status, text, said, _words(limit.criterion), limit.sources, limit.checked)
    if any(allowed is None for _, _, allowed in answers):
        text = f"{said} does not say on which side of the limit the titre lies: titrate further."
        return Finding(_RULE, Status.UNKNOWN, text, said, threshold, first.sources, first.checked)
    text = f"{said} lies within the limit of {first.product.name} ({threshold}); this vector has none of its own."
    return Finding(_RULE, Status.PASS, text, said, threshold, first.sources, first.checked)


def _missing(vector: Vector, limits: Sequence[_Limit]) -> Finding:
    known = [fact for fact in knowledge.seroprevalence(vector.capsid) if fact.checked]
    common = f" Of others: {known[0].statement}" if known else ""
    limit = f" {limits[0].product.name}: {_words(limits[0].criterion)}." if limits else ""
    text = f"No antibodies against {vector.capsid} are stated; a missing titre is not a negative one.{limit}{common}"
    sources = (*(limits[0].sources if limits else ()), *(known[0].sources if known else ()))
    return Finding(
        _RULE, Status.UNKNOWN, text, threshold=_words(limits[0].criterion) if limits else "", sources=sources
    )


def _without_limit(
    vector: Vector, newest: Sequence[Serology], limits: Sequence[_Limit], said: str
) -> Finding:
    if limits:
        limit = limits[0]
        text = (
            f"{said}: {limit.product.name} has a limit for {limit.criterion.assay} only, and titres of other assays do "
            "not compare."
        )
        return Finding(
            _RULE, Status.UNKNOWN, text, said, _words(limit.criterion), limit.sources, limit.checked
        )
    if all(one.titre is None or one.below for one in newest):
        text = f"{said}. No product with {vector.capsid} names a limit here."
        return Finding(_RULE, Status.PASS, text, said)
    text = f"{said}. No product with {vector.capsid} names a limit here: what this titre means for it is not known."
    return Finding(_RULE, Status.CAUTION, text, said)


def _again(case: Case, capsid: Finding) -> Finding:
    """An infant's elevated titre is the mother's more often than not, and falls."""
    risk, age = knowledge.vector_risk("maternal_antibodies"), case.subject.age_years
    if capsid.status not in {Status.CAUTION, Status.FAIL}:
        return Finding(_AGAIN, Status.NOT_APPLICABLE, "No elevated titre is to be tested again.")
    if age is None:
        text = (
            "The age is not stated; in an infant an elevated titre may be the mother's and is tested again."
        )
        return Finding(_AGAIN, Status.UNKNOWN, text, sources=risk.sources, checked=risk.checked)
    if age >= MATERNAL_YEARS:
        text = "At this age the antibodies are the person's own; testing again shows whether they stay."
        return Finding(_AGAIN, Status.NOT_APPLICABLE, text)
    text = f"{risk.statement} {risk.mitigation}"
    return Finding(
        _AGAIN, Status.CAUTION, text, f"{age * 12:.1f} months", sources=risk.sources, checked=risk.checked
    )


def _shown(one: Serology) -> str:
    titre = "not detected" if one.titre is None else f"{'below ' if one.below else ''}1:{one.titre:g}"
    details = ", ".join(filter(None, (one.laboratory, one.date)))
    return f"anti-{one.target} {one.assay} {titre}{f' ({details})' if details else ''}"


def _words(asked: knowledge.Criterion) -> str:
    if asked.at_most == 0:
        return f"{asked.assay} not detected"
    limit = f"at most 1:{asked.at_most:g}" if asked.at_most is not None else f"below 1:{asked.below:g}"
    return f"{asked.assay} {limit}"
