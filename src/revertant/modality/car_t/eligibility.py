"""Whether T cells with a receptor are a route at all: for a tumour, with an antigen that is named or was measured."""

from __future__ import annotations

import re

from revertant import knowledge
from revertant.model import Case, Disease, Finding, Route, Status, Strategy, Target

__all__ = ["NAME", "cell_strategies", "is_tumour_case", "tumour_of"]

NAME = "car_t"

_TUMOUR = re.compile(
    r"leuka?emi|lymphom|myelom|carcinom|sarcom|blastom|gliom|melanom|mesotheliom|neoplas|tumou?r|cancer|malignan",
    re.IGNORECASE,
)
#: Words of what may become a tumour, or is one that does not spread.
_NOT_YET = re.compile(r"susceptib|predispos|hereditary|familial|syndrome|benign|suppress", re.IGNORECASE)


def tumour_of(case: Case) -> Disease | None:
    """Return the malignant tumour a case names, by its name; ``None`` when it names none.

    Examples
    --------
    >>> from revertant.model import Subject
    >>> def named(label):
    ...     return tumour_of(Case("c", Subject("s"), (), diseases=(Disease("MONDO:1", label),)))
    >>> named("B-cell acute lymphoblastic leukemia").label, named("Hereditary breast cancer"), named("Albinism")
    ('B-cell acute lymphoblastic leukemia', None, None)
    """
    for disease in case.diseases:
        if _TUMOUR.search(disease.label) and not _NOT_YET.search(disease.label):
            return disease
    return None


def is_tumour_case(case: Case) -> bool:
    """Whether a case asks how a tumour could be attacked: it names one, and what it expresses or what to attack.

    Examples
    --------
    >>> from revertant.model import CellProduct, Subject
    >>> disease = Disease("MONDO:1", "Multiple myeloma")
    >>> is_tumour_case(Case("c", Subject("s"), (), (disease,), cells=CellProduct(("TNFRSF17",))))
    True
    >>> is_tumour_case(Case("c", Subject("s"), (), (disease,)))
    False
    """
    return tumour_of(case) is not None and (case.cells is not None or bool(case.files.expression))


def cell_strategies(target: Target, case: Case) -> tuple[Strategy, ...]:
    """Apply the modality to a gene: it has to be an antigen of a tumour that the case names.

    Parameters
    ----------
    target
        The gene.
    case
        The case.
    """
    findings = (_tumour(case), _measured(case), _antigen(target.gene))
    return (Strategy(NAME, Route.ATTACK_TUMOUR, target, findings),)


def _tumour(case: Case) -> Finding:
    rule, found = "tumour.named", tumour_of(case)
    if found is None:
        text = "The case names no malignant tumour, and T cells with a receptor attack tumours."
        return Finding(rule, Status.FAIL, text)
    return Finding(rule, Status.PASS, f"The case names a tumour: {found.label}.", found.disease_id)


def _measured(case: Case) -> Finding:
    rule = "tumour.measured"
    if tumour_of(case) is None:
        return Finding(rule, Status.NOT_APPLICABLE, "No tumour is named, so there is none to measure.")
    if case.cells is None and not case.files.expression:
        text = "What the tumour expresses is not given, and no antigen is named."
        return Finding(rule, Status.UNKNOWN, text)
    return Finding(rule, Status.PASS, "Expression of the tumour is given, or an antigen is named.")


def _antigen(gene: str) -> Finding:
    rule, row = "tumour.antigen", knowledge.antigen_named(gene)
    if row is None:
        text = f"{gene} is no antigen of the catalogue: what lies inside cells cannot be bound by such a receptor."
        return Finding(rule, Status.FAIL, text, gene)
    text = f"{gene} is an antigen of the catalogue ({row.furthest.name}, {row.furthest.stage})."
    return Finding(rule, Status.PASS, text, gene, sources=row.sources, checked=row.checked)
