"""One study of version 2 of the interface of ClinicalTrials.gov, as JSON, into a trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revertant.model import Intervention, MeshTerm, StudyType, Trial, TrialSite
from revertant.trials.registry.countries import country_code
from revertant.trials.registry.fields import (
    Refused,
    age_limit,
    coordinate,
    mesh_id,
    nct_number,
    partial_date,
    sound,
)
from revertant.trials.registry.genes import genes_named

__all__ = ["trial_of_study"]

_TYPES = {
    "INTERVENTIONAL": StudyType.INTERVENTIONAL,
    "OBSERVATIONAL": StudyType.OBSERVATIONAL,
    "EXPANDED_ACCESS": StudyType.EXPANDED_ACCESS,
}


def trial_of_study(study: object, source: str = "") -> Trial:
    """Read one study.

    Parameters
    ----------
    study
        The object as parsed: ``protocolSection`` and, where there is one, ``derivedSection``.
    source
        Where it was read.

    Raises
    ------
    Refused
        When it is no study, or a field that decides something cannot be read.

    Examples
    --------
    >>> names = {"nctId": "NCT02122952", "briefTitle": "Gene Transfer for Spinal Muscular Atrophy Type 1"}
    >>> ages = {"maximumAge": "9 Months", "sex": "ALL", "eligibilityCriteria": "Inclusion Criteria: ..."}
    >>> trial = trial_of_study({"protocolSection": {"identificationModule": names, "eligibilityModule": ages}})
    >>> trial.nct_id, str(trial.max_age), trial.sex, trial.status
    ('NCT02122952', '9 months', 'all', '')
    """
    protocol = _object(study, "protocolSection")
    if not protocol:
        raise Refused("no study: protocolSection is missing")
    names = _object(protocol, "identificationModule")
    status = _object(protocol, "statusModule")
    design = _object(protocol, "designModule")
    asks = _object(protocol, "eligibilityModule")
    listed = _object(protocol, "conditionsModule")
    browse = _object(_object(study, "derivedSection"), "conditionBrowseModule")
    last_update = partial_date(_text(_object(status, "lastUpdatePostDateStruct"), "date"))
    eligibility = _text(asks, "eligibilityCriteria")
    interventions = tuple(
        Intervention(_text(one, "name"), _text(one, "type"), _texts(one, "otherNames"))
        for one in _objects(_object(protocol, "armsInterventionsModule"), "interventions")
        if _text(one, "name")
    )
    title = _text(names, "briefTitle") or _text(names, "officialTitle")
    official, conditions = _text(names, "officialTitle"), _texts(listed, "conditions")
    keywords = _texts(listed, "keywords")
    sex = _text(asks, "sex").lower()
    if sex not in {"", "all", "female", "male"}:
        raise Refused("a sex that cannot be read")
    access = _object(status, "expandedAccessInfo").get("hasExpandedAccess")
    healthy = asks.get("healthyVolunteers")
    # A record whose module of criteria is missing as a whole was cut down by whoever stored it: it sets no limits.
    ages_told = bool(sex or eligibility or asks.get("minimumAge") or asks.get("maximumAge"))
    silent = {
        "ages": not ages_told,
        "eligibility": not eligibility,
        "mesh": "conditionBrowseModule" not in _object(study, "derivedSection"),
        "sex": not sex,
        "sites": "locations" not in _object(protocol, "contactsLocationsModule"),
        "study_type": not _text(design, "studyType"),
    }
    return Trial(
        nct_id=nct_number(names.get("nctId")),
        title=title,
        official_title=official,
        acronym=_text(names, "acronym"),
        status=_text(status, "overallStatus").upper(),
        why_stopped=_text(status, "whyStopped"),
        study_type=_TYPES.get(_text(design, "studyType").upper(), StudyType.NOT_TOLD),
        phases=_texts(design, "phases"),
        conditions=conditions,
        keywords=keywords,
        mesh=_mesh(browse, "meshes"),
        mesh_ancestors=_mesh(browse, "ancestors"),
        interventions=interventions,
        genes=genes_named(
            (
                title,
                official,
                *conditions,
                *keywords,
                *(name for one in interventions for name in (one.name, *one.other_names)),
            )
        ),
        sex=sex,
        min_age=age_limit(_text(asks, "minimumAge")),
        max_age=age_limit(_text(asks, "maximumAge")),
        age_groups=_texts(asks, "stdAges"),
        healthy_volunteers=healthy if isinstance(healthy, bool) else None,
        eligibility=eligibility,
        eligibility_of=last_update if eligibility else "",
        summary=_text(_object(protocol, "descriptionModule"), "briefSummary"),
        sponsor=_text(_object(_object(protocol, "sponsorCollaboratorsModule"), "leadSponsor"), "name"),
        sites=tuple(map(_site, _objects(_object(protocol, "contactsLocationsModule"), "locations"))),
        start_date=partial_date(_text(_object(status, "startDateStruct"), "date")),
        verified=partial_date(_text(status, "statusVerifiedDate")),
        last_update=last_update,
        has_expanded_access=access if isinstance(access, bool) else None,
        not_told=tuple(name for name, is_silent in silent.items() if is_silent),
        source=source,
    )


def _site(found: Mapping[str, Any]) -> TrialSite:
    point = _object(found, "geoPoint")
    lat, lon = coordinate(point.get("lat"), 90), coordinate(point.get("lon"), 180)
    country = _text(found, "country")
    return TrialSite(
        _text(found, "facility"),
        _text(found, "city"),
        _text(found, "state"),
        country,
        country_code(country),
        _text(found, "status").upper(),
        *((lat, lon) if lat is not None and lon is not None else (None, None)),
    )


def _mesh(browse: Mapping[str, Any], name: str) -> tuple[MeshTerm, ...]:
    return tuple(MeshTerm(mesh_id(_text(one, "id")), _text(one, "term")) for one in _objects(browse, name))


def _object(value: object, name: str) -> Mapping[str, Any]:
    """Return a member that is an object; an empty one where it is missing. Another type is refused."""
    found = value.get(name) if isinstance(value, Mapping) else None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Refused(f"{name} is no object")
    return found


def _objects(value: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    found = value.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Refused(f"{name} is no list of objects")
    return tuple(found)


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Refused(f"{name} is no text")
    sound(found, name)
    return found if name == "eligibilityCriteria" else found.strip()


def _texts(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = value.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Refused(f"{name} is no list of texts")
    sound("".join(found), name)
    return tuple(one.strip() for one in found if one.strip())
