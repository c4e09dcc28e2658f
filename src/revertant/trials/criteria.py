"""Each kind of criterion held against a person: one small function a kind, one table that names them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from revertant.knowledge import Criterion, agents, conditions, measurements, unit_words
from revertant.model import CriterionMatch, Measurement, Sex
from revertant.trials.answer import CONFLICT, MET, NOT_MET, UNKNOWN, Answer, Person, latest, met_if, plain
from revertant.trials.exons import answer_exons
from revertant.trials.genotype import answer_biallelic, answer_copies, answer_variant
from revertant.trials.serology import answer_titre

__all__ = ["match_criterion", "states_disease"]

#: By how many days calendar months differ from their mean, at most.
_MONTHS_DIFFER = 3


def match_criterion(
    criterion: Criterion, person: Person, sources: tuple[str, ...] = (), *, checked: bool = False
) -> CriterionMatch:
    """Hold one criterion against one person.

    Parameters
    ----------
    criterion
        What is asked.
    person
        Whom it is asked of.
    sources, checked
        Of the label; a criterion's own win.

    Returns
    -------
    CriterionMatch
        Met, not met, unknown or in conflict, with the evidence and what would settle it.
    """
    answer = _answer(criterion, person)
    return CriterionMatch(
        criterion=criterion.key,
        kind=criterion.kind,
        state=answer.state,
        because=f"{criterion.text} {answer.because}",
        evidence=answer.evidence,
        to_measure=answer.to_measure,
        sources=(*(criterion.sources or sources), *answer.sources),
        checked=checked if criterion.checked is None else criterion.checked,
    )


def _answer(criterion: Criterion, person: Person) -> Answer:
    answer = _ANSWERS[criterion.asks](criterion, person)
    words = {NOT_MET: criterion.unless, MET: criterion.provided}.get(answer.state, "")
    if not words:
        return answer
    because = f"{answer.because} It is open what else the text says: “{words}”."
    return Answer(UNKNOWN, because, answer.evidence, f"Read what the text says: “{words}”.", answer.sources)


def _all(criterion: Criterion, person: Person) -> Answer:
    """One part that is not met is enough against it; it is met when every part is."""
    answers = [_answer(one, person) for one in criterion.of]
    states = [answer.state for answer in answers]
    evidence = "; ".join(dict.fromkeys(answer.evidence for answer in answers if answer.evidence))
    if NOT_MET in states:
        broken = answers[states.index(NOT_MET)]
        return Answer(NOT_MET, broken.because, broken.evidence, broken.to_measure, broken.sources)
    told = " ".join(answer.because for answer in answers)
    if set(states) == {MET}:
        return Answer(MET, told, evidence)
    to_measure = " ".join(dict.fromkeys(answer.to_measure for answer in answers if answer.to_measure))
    return Answer(CONFLICT if CONFLICT in states else UNKNOWN, told, evidence, to_measure)


def _any(criterion: Criterion, person: Person) -> Answer:
    """One alternative is enough; none left is not met; anything else stays open."""
    answers = [_answer(one, person) for one in criterion.of]
    states = [answer.state for answer in answers]
    told = " ".join(answer.because for answer in answers)
    evidence = "; ".join(dict.fromkeys(answer.evidence for answer in answers if answer.evidence))
    if MET in states:
        met = answers[states.index(MET)]
        return Answer(MET, met.because, met.evidence, sources=met.sources)
    if set(states) == {NOT_MET}:
        return Answer(NOT_MET, told, evidence)
    open_ones = [answer for answer in answers if answer.state is not NOT_MET and answer.to_measure]
    to_measure = " ".join(dict.fromkeys(answer.to_measure for answer in open_ones))
    return Answer(CONFLICT if CONFLICT in states else UNKNOWN, told, evidence, to_measure)


def _age(criterion: Criterion, person: Person) -> Answer:
    years = person.case.subject.age_years
    if years is None:
        return Answer(UNKNOWN, "The age is not stated.", "", "State the age (subject.age).")
    shown = f"age {plain(years)} years" if years >= 2 else f"age {round(years * 365.25)} days"
    # Ages are kept in years: rounding guards the limit itself against the factor of the unit.
    value = round(years * 365.25 / criterion.days_in_unit, 9)
    if criterion.unit == "years" and _turns_on_counting(criterion, value):
        because = (
            f"The person's {shown.replace('age ', 'age: ')}; the text does not say whether whole years count."
        )
        return Answer(UNKNOWN, because, shown, "Ask whether the limit holds for the years completed.")
    return Answer(met_if(criterion, value), f"The person's {shown.replace('age ', 'age: ')}.", shown)


def _turns_on_counting(criterion: Criterion, years: float) -> bool:
    """Whether the limit cuts the year of life the person is in: "up to 75 years" may last until the 76th birthday."""
    limits = (criterion.at_most, criterion.above)
    return any(
        limit is not None and limit >= 2 and limit == int(limit) and limit < years < limit + 1
        for limit in limits
    )


def _weight(criterion: Criterion, person: Person) -> Answer:
    weight = person.case.subject.weight_kg
    if weight is None:
        return Answer(UNKNOWN, "The weight is not stated.", "", "Weigh the person (subject.weight_kg).")
    return Answer(met_if(criterion, weight), f"The person weighs {plain(weight)} kg.", f"{plain(weight)} kg")


def _sex(criterion: Criterion, person: Person) -> Answer:
    sex = person.case.subject.sex
    if sex is Sex.UNKNOWN:
        return Answer(UNKNOWN, "The sex is not stated.", "", "State the sex (subject.sex).")
    return Answer(MET if sex.value == criterion.sex else NOT_MET, f"The person is {sex.value}.", sex.value)


def states_disease(name: str, names: tuple[str, ...]) -> bool:
    """Whether a disease's name is one of those given, with or without a type behind it.

    Examples
    --------
    >>> states_disease("Spinal muscular atrophy, type I", ("spinal muscular atrophy",))
    True
    >>> states_disease("Spinal muscular atrophy with respiratory distress 1", ("spinal muscular atrophy",))
    False
    """
    said = " ".join(name.lower().split())
    return any(re.fullmatch(rf"{re.escape(one)}(,? (type )?[ivx0-9]+[a-c]?)?", said) for one in names)


def _diagnosis(criterion: Criterion, person: Person) -> Answer:
    state_it = "State the diagnosis with an OMIM, MONDO or ORPHA identifier (diseases)."
    stated = person.case.diseases
    for disease in stated:
        if disease.disease_id in criterion.diseases or states_disease(disease.label, criterion.names):
            shown = f"{disease.label} ({disease.disease_id})" if disease.label else disease.disease_id
            return Answer(MET, f"Stated: {shown}.", shown)
    if not stated:
        return Answer(UNKNOWN, "No diagnosis is stated.", "", state_it)
    shown = ", ".join(disease.label or disease.disease_id for disease in stated)
    if _is_omim(criterion.diseases) and all(_is_omim((disease.disease_id,)) for disease in stated):
        because = f"Stated is {shown}: by its identifier, another disease."
        return Answer(NOT_MET, because, ", ".join(disease.disease_id for disease in stated), state_it)
    because = f"Stated is {shown}, which is not among the names and identifiers known for it."
    return Answer(UNKNOWN, because, shown, f"Confirm whether this is {criterion.names[0]}. {state_it}")


def _is_omim(identifiers: tuple[str, ...]) -> bool:
    """Whether one of them is a disease of OMIM, whose entries exclude each other; a phenotypic series does not."""
    return any(re.fullmatch(r"OMIM:[0-9]{6}", one) for one in identifiers)


def _hla(criterion: Criterion, person: Person) -> Answer:
    wanted = " or ".join(f"HLA-{allele}" for allele in criterion.alleles)
    locus = criterion.alleles[0].split("*")[0]
    typed = [allele for allele in person.case.hla if allele.startswith(f"{locus}*")]
    shown = ", ".join(f"HLA-{allele}" for allele in typed)
    type_it = f"Type HLA-{locus} at high resolution (hla)."
    found = [allele for allele in typed if _same_allele(allele, criterion.alleles)]
    if found:
        return Answer(MET if criterion.answer else NOT_MET, f"HLA-{found[0]} is there.", shown)
    # One allele stated may be the only one of two that was written down; a first field alone can hide what is asked.
    if len(typed) > 1 and all(":" in allele for allele in typed):
        return Answer(NOT_MET if criterion.answer else MET, f"Typed: {shown}; not {wanted}.", shown)
    because = f"Typing does not settle it: {shown}." if typed else f"No type of HLA-{locus} is stated."
    return Answer(UNKNOWN, because, shown, type_it)


def _same_allele(typed: str, wanted: tuple[str, ...]) -> bool:
    """Whether the first two fields agree; a null allele makes no protein and is none of those wanted."""
    return ":".join(typed.split(":")[:2]) in wanted and not typed.endswith("N")


def _condition(criterion: Criterion, person: Person) -> Answer:
    question = conditions()[criterion.condition].question
    answers = dict(person.case.conditions)
    only_of, sex = conditions()[criterion.condition].only_of, person.case.subject.sex
    if criterion.condition not in answers and only_of and sex is not Sex.UNKNOWN and sex.value != only_of:
        return Answer(NOT_MET if criterion.answer else MET, f"The person is {sex.value}.", sex.value)
    if criterion.condition not in answers:
        to_measure = f"{question} (conditions: {criterion.condition})"
        return Answer(UNKNOWN, "The case does not say.", "", to_measure)
    said = answers[criterion.condition]
    shown = f"{question} {'Yes' if said else 'No'}."
    return Answer(MET if said is criterion.answer else NOT_MET, shown, shown)


def _measurement(criterion: Criterion, person: Person) -> Answer:
    fact = measurements()[criterion.measurement]
    unit = unit_words(criterion.unit)
    measure = f"Measure {fact.name} ({unit})." if unit else f"Measure {fact.name}."
    results = [one for one in person.case.measurements if one.name == criterion.measurement]
    if not results:
        return Answer(UNKNOWN, f"No value of {fact.name} is stated.", "", measure)
    converted = [
        (one, value)
        for one in results
        if (value := fact.in_unit(one.value, one.unit, criterion.unit)) is not None
    ]
    if not converted:
        because = f"{_value(results[-1])} does not compare with a limit in {unit or criterion.unit}."
        return Answer(UNKNOWN, because, "; ".join(map(_value, results)), measure)
    newest = [converted[place] for place in latest([one.date for one, _ in converted])]
    evidence = "; ".join(_value(one) for one, _ in newest)
    states = {met_if(criterion, value) for _, value in newest}
    if len(states) > 1:
        return Answer(
            CONFLICT, "Values of the same day, or without a day, disagree.", evidence, f"Repeat: {measure}"
        )
    return Answer(states.pop(), f"{evidence}.", evidence)


def _value(one: Measurement) -> str:
    unit = unit_words(one.unit)
    return f"{one.name} {plain(one.value)}{f' {unit}' if unit else ''}{f' ({one.date})' if one.date else ''}"


def _washout(criterion: Criterion, person: Person) -> Answer:
    """Hold the time since the last treatment against the limit; one that never was leaves nothing to wait for."""
    agent = agents()[criterion.agent]
    never = bool(agent.condition) and dict(person.case.conditions).get(agent.condition) is False
    last = dict(person.case.last_treatments).get(criterion.agent, "")
    shown = f"last {agent.name} on {last}" if last else ""
    state_it = f"State the day of the last {agent.name} (last_treatments: {criterion.agent})."
    if never and last:
        return Answer(CONFLICT, f"The case states a {shown}, and that there was none.", shown, state_it)
    if never:
        question = f"{conditions()[agent.condition].question} No."
        return Answer(MET, question, question)
    if not last:
        return Answer(UNKNOWN, "The case does not say when the last one was.", "", state_it)
    if person.on_date is None:
        return Answer(
            UNKNOWN, f"The {shown}; no day is given to count to.", shown, "Give the day that counts."
        )
    days = (person.on_date - dt.date.fromisoformat(last)).days
    told = f"The {shown}, {days} days before {person.on_date.isoformat()}."
    if days < 0 or _turns_on_the_calendar(criterion, days):
        return Answer(UNKNOWN, told, shown, "Count the time by the calendar, as the text means it.")
    return Answer(met_if(criterion, round(days / criterion.days_in_unit, 9)), told, shown)


def _turns_on_the_calendar(criterion: Criterion, days: int) -> bool:
    """Whether a limit in months or years lies within the days by which calendar months differ."""
    if criterion.unit not in {"months", "years"}:
        return False
    limits = (criterion.at_least, criterion.above, criterion.at_most, criterion.below)
    return any(
        limit is not None and abs(days - limit * criterion.days_in_unit) <= _MONTHS_DIFFER for limit in limits
    )


_ANSWERS: dict[str, Callable[[Criterion, Person], Answer]] = {
    "age": _age,
    "all": _all,
    "any": _any,
    "biallelic": answer_biallelic,
    "condition": _condition,
    "copies": answer_copies,
    "diagnosis": _diagnosis,
    "exons": answer_exons,
    "hla": _hla,
    "measurement": _measurement,
    "sex": _sex,
    "titre": answer_titre,
    "variant": answer_variant,
    "washout": _washout,
    "weight": _weight,
}
