"""Every label of the catalogue, both ways: a person just inside each criterion fits, just outside does not, silent may."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from revertant.knowledge import genes, products
from revertant.model import (
    Case,
    CaseVariant,
    CopyNumber,
    CriterionState,
    Disease,
    LabelVerdict,
    Measurement,
    Pathogenicity,
    Serology,
    Sex,
    Subject,
    Zygosity,
)
from revertant.trials import match_products

LABELS = [
    pytest.param(product, label, id=f"{product.key}-{label.jurisdiction}-{label.since}")
    for product in products().values()
    for label in product.labels
]
DECIDES = ("indication", "exclusion")
STEP = {"age": 0.01, "weight": 0.1, "copies": 1, "titre": 1, "measurement": 0.01}


def inside(criterion):
    """A number that the thresholds just allow."""
    step = STEP[criterion.asks]
    if criterion.at_most is not None:
        return criterion.at_most
    if criterion.below is not None:
        return criterion.below - step
    return criterion.at_least if criterion.at_least is not None else criterion.above + step


def outside(criterion):
    """Every number that lies just beyond a threshold."""
    step = STEP[criterion.asks]
    if criterion.at_most is not None:
        yield criterion.at_most + step
    if criterion.below is not None:
        yield criterion.below
    if criterion.at_least is not None and criterion.at_least >= step:
        yield criterion.at_least - step


def say(case, product, criterion, *, meets, value=None):
    """State in the case what meets one criterion, or just does not."""
    asks = criterion.asks
    if asks == "any":
        for one in criterion.of[:1] if meets else criterion.of:
            beyond = None if meets or one.asks not in STEP else next(outside(one))
            case = say(case, product, one, meets=meets, value=beyond)
        return case
    number = value if value is not None else inside(criterion) if asks in STEP else None
    if asks == "age":
        years = number * criterion.days_in_unit / 365.25
        return dataclasses.replace(case, subject=dataclasses.replace(case.subject, age_years=years))
    if asks == "weight":
        return dataclasses.replace(case, subject=dataclasses.replace(case.subject, weight_kg=number))
    if asks == "sex":
        sex = Sex(criterion.sex) if meets else {"male": Sex.FEMALE, "female": Sex.MALE}[criterion.sex]
        return dataclasses.replace(case, subject=dataclasses.replace(case.subject, sex=sex))
    if asks == "diagnosis":
        name = (criterion.names or product.disease_names)[0]
        disease = Disease("X:1", name) if meets else Disease("OMIM:100100", "another")
        return dataclasses.replace(case, diseases=(disease,))
    if asks == "condition":
        answers = dict(case.conditions) | {criterion.condition: criterion.answer is meets}
        return dataclasses.replace(case, conditions=tuple(answers.items()))
    if asks == "exons":
        answers = dict(case.conditions) | {criterion.condition: not meets}
        return dataclasses.replace(case, conditions=tuple(answers.items()))
    if asks == "measurement":
        kept = tuple(one for one in case.measurements if one.name != criterion.measurement)
        return dataclasses.replace(
            case, measurements=(*kept, Measurement(criterion.measurement, number, criterion.unit))
        )
    if asks == "titre":
        result = Serology(criterion.antigen, criterion.assay, number or None)
        return dataclasses.replace(case, serology=(result,))
    if asks == "copies":
        kept = tuple(one for one in case.copy_numbers if one.gene != criterion.gene)
        return dataclasses.replace(
            case, copy_numbers=(*kept, CopyNumber(criterion.gene, int(number), int(number), "MLPA"))
        )
    if asks == "hla":
        if criterion.answer:
            return dataclasses.replace(case, hla=("A*03:01", criterion.alleles[0] if meets else "A*24:02"))
        return case if meets else dataclasses.replace(case, hla=("A*02:01", criterion.alleles[0]))
    assert asks in {"biallelic", "variant"}
    phases = ("maternal", "paternal") if meets else ("maternal", "maternal")
    variants = tuple(
        CaseVariant(
            (f"X:c.{n}A>T",),
            Zygosity.HETEROZYGOUS,
            Pathogenicity.PATHOGENIC if meets or asks == "biallelic" else Pathogenicity.BENIGN,
            gene=criterion.gene,
            phase=phase,
        )
        for n, phase in enumerate(phases, start=1)
    )
    return dataclasses.replace(case, variants=variants)


def fitting(product, label):
    # A variant nobody has classified makes the gene the case's own, and meets nothing.
    variants = tuple(CaseVariant(("X:c.9A>T",), gene=gene) for gene in product.genes[:1])
    case = Case("c", Subject("s"), variants)
    if product.disease_names:
        case = dataclasses.replace(case, diseases=(Disease("X:1", product.disease_names[0]),))
    for criterion in label.criteria:
        case = say(case, product, criterion, meets=True)
    return case


def match_of(case, product, label):
    day = dt.date.fromisoformat(label.since)
    found = match_products(case, on_date=day, jurisdictions=(label.jurisdiction,))
    return next(match for match in found if match.product == product.key)


def state_of(case, product, label, key):
    return next(one.state for one in match_of(case, product, label).criteria if one.criterion == key)


@pytest.mark.parametrize(("product", "label"), LABELS)
def test_a_person_just_inside_every_criterion_fits(product, label):
    match = match_of(fitting(product, label), product, label)
    assert {one.criterion: one.state for one in match.criteria} == {
        criterion.key: CriterionState.MET for criterion in label.criteria
    }
    assert match.verdict is LabelVerdict.FITS
    assert all(one.because and one.evidence and one.sources for one in match.criteria)


@pytest.mark.parametrize(("product", "label"), LABELS)
def test_just_outside_one_criterion_that_one_alone_is_not_met(product, label):
    base = fitting(product, label)
    for criterion in label.criteria:
        if criterion.asks == "diagnosis" and not product.genes:
            other = say(base, product, criterion, meets=False)
            assert product.key not in {match.product for match in match_products(other)}
            continue
        values = list(outside(criterion)) if criterion.asks in STEP else [None]
        for value in values:
            case = say(base, product, criterion, meets=False, value=value)
            match = match_of(case, product, label)
            states = {one.criterion: one.state for one in match.criteria}
            if criterion.asks == "variant":
                # A variant that is not stated as pathogenic settles nothing.
                assert states[criterion.key] is CriterionState.UNKNOWN
                continue
            assert states[criterion.key] is CriterionState.NOT_MET, (criterion.key, value)
            decides = criterion.kind in DECIDES
            assert match.verdict is (LabelVerdict.DOES_NOT_FIT if decides else LabelVerdict.FITS)


@pytest.mark.parametrize(("product", "label"), LABELS)
def test_a_person_of_whom_nothing_is_stated_meets_nothing(product, label):
    case = Case("c", Subject("s"), ())
    if product.disease_names:
        case = dataclasses.replace(case, diseases=(Disease("X:1", product.disease_names[0]),))
    else:
        case = dataclasses.replace(case, variants=(CaseVariant(("X:c.1A>T",), gene=product.genes[0]),))
    match = match_of(case, product, label)
    for one in match.criteria:
        criterion = next(c for c in label.criteria if c.key == one.criterion)
        assert one.state is (CriterionState.MET if criterion.asks == "diagnosis" else CriterionState.UNKNOWN)
        assert one.to_measure or one.state is CriterionState.MET


def test_what_is_no_longer_marketed_is_not_available_from_that_day_on():
    for product in products().values():
        for label in product.labels:
            for step in label.market:
                case, day = fitting(product, label), dt.date.fromisoformat(step.since)
                for on_date, expected in (
                    (day - dt.timedelta(days=1), LabelVerdict.FITS),
                    (day, LabelVerdict.NOT_AVAILABLE),
                    (None, LabelVerdict.NOT_AVAILABLE),
                ):
                    found = match_products(case, on_date=on_date, jurisdictions=(label.jurisdiction,))
                    assert next(m for m in found if m.product == product.key).verdict is expected


def test_the_label_of_the_day_decides_for_a_boy_who_cannot_walk():
    """Elevidys: only boys of 4 and 5 years who walk in 2023, from 4 years on in 2024, only who walk since 2025-11-14."""
    boy = Case(
        "c",
        Subject("s", Sex.MALE, 7.0, 20.0),
        (CaseVariant(("NM_004006.3:c.1A>T",), Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, gene="DMD"),),
        diseases=(Disease("OMIM:310200"),),
        conditions=(("ambulatory", False), ("dmd_deletion_exon_8_or_9", False)),
    )
    days = {
        "2023-07-01": "does_not_fit",
        "2024-07-01": "fits",
        "2025-11-13": "fits",
        "2025-11-14": "does_not_fit",
    }
    for day, verdict in days.items():
        (match,) = match_products(boy, on_date=dt.date.fromisoformat(day))
        assert match.verdict == verdict, day


def test_another_disease_of_the_same_gene_is_not_met():
    variant = CaseVariant(("NM_000518.5:c.20A>T",), Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, gene="HBB")
    sickle = Case("c", Subject("s", age_years=20), (variant,), diseases=(Disease("OMIM:603903"),))
    verdicts = {match.product: match.verdict for match in match_products(sickle, jurisdictions=("US",))}
    assert verdicts == {
        "casgevy_sickle_cell": LabelVerdict.FITS_IF,
        "lyfgenia": LabelVerdict.FITS_IF,
        "casgevy_thalassaemia": LabelVerdict.DOES_NOT_FIT,
        "zynteglo": LabelVerdict.DOES_NOT_FIT,
    }


def test_the_catalogue_holds_thirty_products():
    assert len({product.substance for product in products().values()}) >= 30


@pytest.mark.parametrize(
    ("hla", "positive", "excluded"),
    [
        (("A*02:01", "A*03:01"), CriterionState.MET, CriterionState.MET),
        (("A*02:05", "A*03:01"), CriterionState.NOT_MET, CriterionState.NOT_MET),
        (("A*02:01:01:02L", "A*02:05"), CriterionState.MET, CriterionState.NOT_MET),
        (("A*02:01",), CriterionState.MET, CriterionState.UNKNOWN),
        (("A*02", "A*03:01"), CriterionState.UNKNOWN, CriterionState.UNKNOWN),
        (("B*07:02", "B*08:01"), CriterionState.UNKNOWN, CriterionState.UNKNOWN),
        ((), CriterionState.UNKNOWN, CriterionState.UNKNOWN),
    ],
)
def test_tissue_types(hla, positive, excluded):
    product = products()["tecelra"]
    case = Case("c", Subject("s"), (), diseases=(Disease("X:1", "synovial sarcoma"),), hla=hla)
    assert state_of(case, product, product.labels[0], "HLA") is positive
    assert state_of(case, product, product.labels[0], "HLA_excluded") is excluded


@pytest.mark.parametrize("product", products().values(), ids=list(products()))
def test_identifiers_are_those_of_the_gene_catalogue(product):
    known = {disease.id for gene in product.genes if gene in genes() for disease in genes()[gene].by_disease}
    omim = {one for one in product.diseases if one.startswith("OMIM:")}
    assert not known or omim <= known


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("B-cell acute lymphoblastic leukemia", "met"),
        ("B Acute Lymphoblastic Leukemia", "met"),
        ("Acute lymphoblastic leukemia", "unknown"),
    ],
)
def test_leukaemia_of_unstated_cells_is_not_taken_for_one_of_b_cells(label, answer):
    case = Case("c", Subject("s"), (), diseases=(Disease("NCIT:C0", label),))
    [match] = [
        one for one in match_products(case, jurisdictions=("US",)) if one.product == "kymriah_leukaemia"
    ]
    [diagnosis] = [one for one in match.criteria if one.criterion == "diagnosis"]
    assert diagnosis.state.value == answer
