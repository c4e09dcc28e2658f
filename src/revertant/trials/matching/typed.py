"""The fields that a registry types, held against a person: disease and gene, status, age, sex, place.

Each rule is one small function of plain values; what a record's source does not tell is unknown, never met.
"""

from __future__ import annotations

from collections.abc import Iterable

from revertant.knowledge import genes, spelt
from revertant.model import AgeLimit, CriterionMatch, CriterionState, Sex, StudyType, Trial
from revertant.trials.answer import MET, NOT_MET, UNKNOWN, plain
from revertant.trials.matching.facts import CaseFacts, countries_meant
from revertant.trials.matching.relation import Relation, relate

__all__ = [
    "DAYS_IN_UNIT",
    "TITLE_WORD",
    "age_group",
    "age_in_unit",
    "age_state",
    "disease_criterion",
    "gene_criterion",
    "notes_of",
    "person_criteria",
    "place_criterion",
    "sex_state",
    "status_criterion",
]

#: Days in one unit of an age.
DAYS_IN_UNIT = {
    unit: AgeLimit(1, unit).years * 365.25
    for unit in ("years", "months", "weeks", "days", "hours", "minutes")
}
#: Shorter names ("ALL", "MS") are words of their own in titles, and are not looked for there.
TITLE_WORD = 4

_WORDS = {
    Relation.SAME: "the disease",
    Relation.BROADER: "something that may include it",
    Relation.NARROWER: "a kind of it",
}


def disease_criterion(trial: Trial, facts: CaseFacts) -> CriterionMatch:
    """Say whether a record is about the person's disease, or at least names its gene.

    Examples
    --------
    >>> from revertant.model import Case, Disease, Subject
    >>> from revertant.trials.matching.facts import case_facts
    >>> facts = case_facts(Case("c", Subject("s"), (), diseases=(Disease("ORPHA:519", "AML"),)))
    >>> one = Trial(nct_id="NCT01234567", title="CAR T", conditions=("Acute Myeloid Leukaemia",))
    >>> disease_criterion(one, facts).state.value
    'met'
    """
    if not facts.tells_what_is_wrong:
        ask = "State the diagnosis with its name, or the gene (diseases, variants)."
        return _criterion(
            "disease", "indication", UNKNOWN, "The case states no disease by name and no gene.", ask=ask
        )
    said = ", ".join(facts.names or facts.genes)
    found, shown = _nearest(trial, facts)
    if found is Relation.SAME:
        return _criterion("disease", "indication", MET, f"The record is for {shown}, which is {said}.", shown)
    if found:
        because = f"The record names {shown}: {_WORDS[found]} ({said})."
        ask = f"Ask whether {said} is meant."
        return _criterion("disease", "indication", UNKNOWN, because, shown, ask=ask)
    if titled := _in_title(trial.title, facts.synonyms):
        because = f"The title names {titled}, the conditions of the record do not."
        return _criterion(
            "disease", "indication", UNKNOWN, because, trial.title, ask=f"Ask whether {said} is meant."
        )
    if shared := sorted({*facts.genes} & {*trial.genes}):
        because = f"The record names {', '.join(shared)}, and no disease of the case."
        ask = f"Ask whether the variants in {', '.join(shared)} are meant."
        return _criterion("disease", "indication", UNKNOWN, because, ", ".join(shared), ask=ask)
    listed = ", ".join(trial.conditions[:3]) or "no condition"
    because = f"The record is for {listed}: no name known for {said} and no gene of the case is in it."
    return _criterion("disease", "indication", NOT_MET, because, listed)


def _nearest(trial: Trial, facts: CaseFacts) -> tuple[Relation, str]:
    """Return the nearest relation and the words of the record; of equals the first."""
    best, shown = Relation.NONE, ""
    for words, most in _conditions(trial):
        for name in facts.names:
            found = min(relate(name, words), most)
            if found > best:
                best, shown = found, words
    # What stands above the conditions in MeSH: the record is for a kind of it.
    for term in trial.mesh_ancestors:
        if best < Relation.NARROWER and any(relate(name, term.term) is Relation.SAME for name in facts.names):
            best, shown = Relation.NARROWER, f"{', '.join(trial.conditions[:2])}, kinds of {term.term}"
    return best, shown


def _conditions(trial: Trial) -> Iterable[tuple[str, Relation]]:
    """Yield what the record names, with the most that it may say: a keyword never makes a trial one for the disease."""
    yield from ((words, Relation.SAME) for words in trial.conditions)
    yield from ((term.term, Relation.SAME) for term in trial.mesh)
    yield from ((words, Relation.NARROWER) for words in trial.keywords)


def _in_title(title: str, names: Iterable[str]) -> str:
    said = f" {spelt(title)} "
    return next((name for name in names if len(spelt(name)) >= TITLE_WORD and f" {spelt(name)} " in said), "")


def gene_criterion(trial: Trial, facts: CaseFacts) -> CriterionMatch | None:
    """Say whether the genes of the case are named; ``None`` where either side names none that tells.

    A record that names another gene of disease, and none of the case's, is asked about: retinitis pigmentosa from
    RHO is not that from RPGR.
    """
    of_disease = [gene for gene in trial.genes if gene in genes()]
    if not facts.genes or not of_disease:
        return None
    said = ", ".join(facts.genes)
    if shared := [gene for gene in of_disease if gene in facts.genes]:
        return _criterion(
            "gene", "precaution", MET, f"The record names {', '.join(shared)}.", ", ".join(shared)
        )
    because = f"The record names {', '.join(of_disease)}, not {said}."
    return _criterion(
        "gene", "precaution", UNKNOWN, because, ", ".join(of_disease), ask=f"Ask whether {said} is taken."
    )


def status_criterion(trial: Trial) -> CriterionMatch:
    """Say whether the trial takes people in."""
    told = trial.status.lower().replace("_", " ")
    day = f" (record of {trial.last_update})" if trial.last_update else ""
    ask = "Ask the sponsor whether people are taken in."
    if trial.is_open is None:
        because = f"Whether it recruits is not known: status {told or 'not told'}{day}."
        return _criterion("recruiting", "recruitment", UNKNOWN, because, told, ask=ask)
    why = f" Why: {trial.why_stopped.rstrip('.')}." if trial.why_stopped else ""
    state = MET if trial.is_open else NOT_MET
    return _criterion("recruiting", "recruitment", state, f"Status: {told}{day}.{why}", told)


def person_criteria(trial: Trial, facts: CaseFacts) -> tuple[CriterionMatch, ...]:
    """Hold age and sex against the limits that the registry types."""
    subject = facts.person.case.subject
    years = subject.age_years
    limits = _limits(trial)
    shown = (
        ""
        if years is None
        else f"age {plain(years)} years"
        if years >= 2
        else f"age {round(years * 365.25)} days"
    )
    state = age_state(trial, years)
    because = (
        f"{limits} The person's age is not stated." if years is None else f"{limits} The person: {shown}."
    )
    ask = (
        "State the age (subject.age)."
        if years is None
        else "Ask whether the person's age is within the limits."
    )
    age = _criterion("age", "indication", state, because, shown, ask="" if state in {MET, NOT_MET} else ask)
    state = sex_state(trial, subject.sex)
    asked = {"all": "Both sexes are taken.", "": "The record does not say which sexes are taken."}
    because = asked.get(trial.sex, f"Only {trial.sex} people are taken.")
    stated = "" if subject.sex is Sex.UNKNOWN else subject.sex.value
    if trial.sex in {"female", "male"}:
        because += f" The person is {stated}." if stated else " The sex is not stated."
    ask = "Read the record." if not trial.sex else "State the sex (subject.sex)."
    sex = _criterion("sex", "indication", state, because, stated, ask="" if state in {MET, NOT_MET} else ask)
    return age, sex


def _limits(trial: Trial) -> str:
    if "ages" in trial.not_told:
        groups = ", ".join(group.lower().replace("_", " ") for group in trial.age_groups)
        return (
            f"The record tells age groups only: {groups}."
            if groups
            else "The record does not tell the ages taken."
        )
    least, most = trial.min_age, trial.max_age
    if least and most:
        return f"From {least} to {most}."
    return f"From {least}." if least else f"Up to {most}." if most else "Any age."


def age_in_unit(years: float, unit: str) -> float:
    """Return an age in another unit; rounded, so that the factor does not move a person across a limit.

    Examples
    --------
    >>> age_in_unit(1.5, "months"), age_in_unit(56 / 365.25, "days")
    (18.0, 56.0)
    """
    return round(years * 365.25 / DAYS_IN_UNIT[unit], 9)


def age_state(trial: Trial, years: float | None) -> CriterionState:
    """Say whether an age is within the limits.

    A maximum of 75 years takes those who are 75; whether it takes them until their next birthday is not told, so that
    year is unknown.

    Examples
    --------
    >>> trial = Trial(nct_id="NCT01234567", title="T", max_age=AgeLimit(75, "years"))
    >>> [age_state(trial, years).value for years in (75.0, 75.4, 76.0, None)]
    ['met', 'unknown', 'not_met', 'unknown']
    """
    if "ages" in trial.not_told:
        outside = years is not None and bool(trial.age_groups) and age_group(years) not in trial.age_groups
        return NOT_MET if outside else UNKNOWN
    if trial.min_age is None and trial.max_age is None:
        return MET
    if years is None:
        return UNKNOWN
    if trial.min_age is not None and age_in_unit(years, trial.min_age.unit) < trial.min_age.value:
        return NOT_MET
    if trial.max_age is None:
        return MET
    beyond = age_in_unit(years, trial.max_age.unit) - trial.max_age.value
    return MET if beyond <= 0 else UNKNOWN if beyond < 1 else NOT_MET


def age_group(years: float) -> str:
    """Return the registry's age group: a child until 18, an older adult from 65 on (ClinicalTrials.gov, ``StdAge``).

    Examples
    --------
    >>> age_group(17.99), age_group(18.0), age_group(65.0)
    ('CHILD', 'ADULT', 'OLDER_ADULT')
    """
    return "CHILD" if years < 18 else "ADULT" if years < 65 else "OLDER_ADULT"


def sex_state(trial: Trial, sex: Sex) -> CriterionState:
    """Say whether a person's sex is taken.

    Examples
    --------
    >>> trial = Trial(nct_id="NCT01234567", title="T", sex="female")
    >>> sex_state(trial, Sex.MALE).value, sex_state(trial, Sex.UNKNOWN).value
    ('not_met', 'unknown')
    """
    if trial.sex == "all":
        return MET
    if not trial.sex or sex is Sex.UNKNOWN:
        return UNKNOWN
    return MET if sex.value == trial.sex else NOT_MET


def place_criterion(trial: Trial, country: str) -> CriterionMatch | None:
    """Say whether there is a site in a country that is not closed; it never decides, as people travel."""
    wanted = countries_meant(country)
    if not wanted:
        return None
    if wanted & set(trial.open_countries):
        return _criterion("country", "precaution", MET, f"There is a site in {country}.", country)
    elsewhere = ", ".join(trial.open_countries)
    if "sites" in trial.not_told or not trial.sites:
        because = "The record tells no site."
        return _criterion(
            "country", "precaution", UNKNOWN, because, ask="Ask the sponsor for the nearest site."
        )
    if wanted & set(trial.countries):
        because = f"The sites in {country} no longer take people in."
        return _criterion("country", "precaution", NOT_MET, because, country)
    because = f"There is no site in {country}" + (f"; in {elsewhere} there is." if elsewhere else ".")
    return _criterion("country", "precaution", NOT_MET, because, elsewhere)


def notes_of(trial: Trial) -> tuple[str, ...]:
    """Say what kind of study it is, where that changes what a person can expect."""
    told = []
    if trial.study_type is StudyType.EXPANDED_ACCESS:
        told.append("Expanded access: treatment outside a trial, on request of the treating physician.")
    if trial.study_type is StudyType.OBSERVATIONAL:
        told.append("An observational study: it gives no treatment.")
    if trial.status == "ENROLLING_BY_INVITATION":
        told.append("People are taken in by invitation only.")
    return tuple(told)


def _criterion(
    key: str, kind: str, state: CriterionState, because: str, evidence: str = "", *, ask: str = ""
) -> CriterionMatch:
    return CriterionMatch(key, kind, state, because, evidence, ask)
