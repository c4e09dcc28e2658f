"""A clinical trial as a registry publishes it, and a trial held against one person.

What a record does not carry is named (``Trial.not_told``), so that a field that is silent is never read as "no limit".
The text of the criteria is kept letter for letter. A match never says *eligible*: the best it says is *possible*, and
what nobody has read (lines of the criteria that no rule understands) stands in it word for word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from revertant.model.product import CriterionMatch

__all__ = [
    "OPEN_STATUSES",
    "AgeLimit",
    "Intervention",
    "MeshTerm",
    "StudyType",
    "Trial",
    "TrialMatch",
    "TrialSite",
    "TrialVerdict",
    "status_is_open",
]

#: Statuses under which people are taken in, or will be (ClinicalTrials.gov, enumeration ``Status`` of API v2).
OPEN_STATUSES = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_CLOSED = frozenset(
    {
        "ACTIVE_NOT_RECRUITING",
        "APPROVED_FOR_MARKETING",
        "COMPLETED",
        "NO_LONGER_AVAILABLE",
        "SUSPENDED",
        "TEMPORARILY_NOT_AVAILABLE",
        "TERMINATED",
        "WITHDRAWN",
    }
)
#: Days in one unit of an age, with the average year of the Gregorian leap rule over four years.
_DAYS = {
    "years": 365.25,
    "months": 365.25 / 12,
    "weeks": 7.0,
    "days": 1.0,
    "hours": 1 / 24,
    "minutes": 1 / 1440,
}


def status_is_open(status: str) -> bool | None:
    """Say whether a status means that people are taken in; ``None`` where it does not tell (``UNKNOWN``, none, new).

    Examples
    --------
    >>> status_is_open("RECRUITING"), status_is_open("COMPLETED"), status_is_open("UNKNOWN")
    (True, False, None)
    """
    return True if status in OPEN_STATUSES else False if status in _CLOSED else None


class StudyType(StrEnum):
    """What kind of study it is; expanded access is treatment outside a trial."""

    INTERVENTIONAL = "interventional"
    OBSERVATIONAL = "observational"
    EXPANDED_ACCESS = "expanded_access"
    NOT_TOLD = "not_told"


class TrialVerdict(StrEnum):
    """What is known of a person and a trial together."""

    POSSIBLE = "possible"
    NOT_RECRUITING = "not_recruiting"
    NOT_ELIGIBLE = "not_eligible"
    OTHER_DISEASE = "other_disease"


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """An age as a registry writes it: ``18 Years``.

    Examples
    --------
    >>> AgeLimit(6, "months").years
    0.5
    >>> str(AgeLimit(1, "years")), str(AgeLimit(18, "years"))
    ('1 year', '18 years')
    """

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit.removesuffix('s') if self.value == 1 else self.unit}"

    @property
    def years(self) -> float:
        """The age in years."""
        return self.value * _DAYS[self.unit] / _DAYS["years"]

    @property
    def next_years(self) -> float:
        """The age in years at which one unit more is complete: until then a person still counts as this old."""
        return (self.value + 1) * _DAYS[self.unit] / _DAYS["years"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is done, with its type as published (``"BIOLOGICAL"``; empty when not told) and its other names."""

    name: str
    kind: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeshTerm:
    """A term of the Medical Subject Headings that the registry gives a record."""

    mesh_id: str
    term: str


@dataclass(frozen=True, slots=True)
class TrialSite:
    """One place of a trial.

    Parameters
    ----------
    facility, city, state, country
        As published.
    country_code
        ISO 3166-1 alpha-2; empty where the name is not known.
    status
        Its own status; empty where none is told, and then that of the trial holds.
    lat, lon
        Degrees (WGS 84), ``None`` where not told.
    """

    facility: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    country_code: str = ""
    status: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One record of a registry of trials.

    Parameters
    ----------
    nct_id
        Its number at ClinicalTrials.gov.
    title, official_title, acronym
        As published.
    status, why_stopped
        Overall status as published (``"RECRUITING"``), and why the study ended early.
    study_type
        Expanded access is marked here.
    phases
        As published (``"PHASE1"``).
    conditions, keywords
        As published.
    mesh, mesh_ancestors
        Terms of MeSH for the conditions, and what stands above them; the registry works them out.
    interventions
        With their types.
    genes
        Symbols of catalogued genes and antigens that titles, conditions, keywords or interventions name.
    sex
        ``"all"``, ``"female"``, ``"male"``; empty when not told.
    min_age, max_age
        Limits; ``None`` for no limit, provided that ages are told.
    age_groups
        ``"CHILD"`` (under 18 years), ``"ADULT"`` (18 to 64), ``"OLDER_ADULT"``, as the registry derives them.
    healthy_volunteers
        Whether healthy people are taken; ``None`` when not told.
    eligibility
        The text of the criteria, letter for letter; empty when not told.
    eligibility_of
        The day of the record's version that this text comes from; empty when unknown.
    summary, sponsor, sites
        As published.
    start_date, verified, last_update
        Dates as published, which may lack day or month; ``last_update`` is when the newest version was posted.
    has_expanded_access
        Whether the product is also given outside the trial; ``None`` when not told.
    not_told
        What the source of this record does not carry at all: ``"sex"``, ``"ages"``, ``"eligibility"``, ``"sites"``,
        ``"mesh"``, ``"study_type"``, ``"intervention_types"``, ``"keywords"``. Nothing is concluded from their silence.
    source
        File or service the record was read from.
    """

    nct_id: str
    title: str
    official_title: str = ""
    acronym: str = ""
    status: str = ""
    why_stopped: str = ""
    study_type: StudyType = StudyType.NOT_TOLD
    phases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    mesh: tuple[MeshTerm, ...] = ()
    mesh_ancestors: tuple[MeshTerm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    genes: tuple[str, ...] = ()
    sex: str = ""
    min_age: AgeLimit | None = None
    max_age: AgeLimit | None = None
    age_groups: tuple[str, ...] = ()
    healthy_volunteers: bool | None = None
    eligibility: str = ""
    eligibility_of: str = ""
    summary: str = ""
    sponsor: str = ""
    sites: tuple[TrialSite, ...] = ()
    start_date: str = ""
    verified: str = ""
    last_update: str = ""
    has_expanded_access: bool | None = None
    not_told: tuple[str, ...] = ()
    source: str = ""

    #: A plan names many trials: long texts and sites stay in the store, where ``revertant trials show`` finds them.
    left_out: ClassVar = ("eligibility", "summary", "sites", "mesh_ancestors")
    derived: ClassVar = ("countries", "open_countries", "is_expanded_access", "url")

    @property
    def is_expanded_access(self) -> bool:
        """Whether this is treatment outside a trial."""
        return self.study_type is StudyType.EXPANDED_ACCESS

    @property
    def is_open(self) -> bool | None:
        """Whether people are taken in; ``None`` where the status does not tell."""
        return status_is_open(self.status)

    @property
    def url(self) -> str:
        """The record's address at the registry."""
        return f"https://clinicaltrials.gov/study/{self.nct_id}"

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO codes of the countries with a site."""
        return tuple(sorted({site.country_code for site in self.sites if site.country_code}))

    @property
    def open_countries(self) -> tuple[str, ...]:
        """ISO codes of the countries with a site that takes people in, or whose status does not tell."""
        return tuple(sorted({site.country_code for site in self.open_sites if site.country_code}))

    @property
    def open_sites(self) -> tuple[TrialSite, ...]:
        """Sites that are not known to be closed; a site without a status has that of the trial.

        Examples
        --------
        >>> sites = (TrialSite("A", status="COMPLETED"), TrialSite("B"))
        >>> trial = Trial(nct_id="NCT01234567", title="T", status="RECRUITING", sites=sites)
        >>> [site.facility for site in trial.open_sites]
        ['B']
        """
        return tuple(site for site in self.sites if status_is_open(site.status or self.status) is not False)


@dataclass(frozen=True, slots=True)
class TrialMatch:
    """A trial held against one person.

    Parameters
    ----------
    trial
        The record.
    verdict
        Never more than *possible*.
    criteria
        Each criterion with the evidence; kinds as in :class:`CriterionMatch`: indications and exclusions decide,
        precautions (the place, how old the record is) do not.
    reasons_for, reasons_against
        In sentences.
    unparsed
        Lines of the criteria that no rule read to their end, letter for letter: somebody has to read them.
    distance_km
        From the place asked for to the nearest site that is not closed; ``None`` where not asked or not known.
    nearest_site
        That site in words.
    """

    trial: Trial
    verdict: TrialVerdict
    criteria: tuple[CriterionMatch, ...]
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()
    unparsed: tuple[str, ...] = ()
    distance_km: float | None = None
    nearest_site: str = ""
