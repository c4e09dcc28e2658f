"""A GA4GH phenopacket v2: the person, what they have, and the variants held responsible."""

from __future__ import annotations

from typing import Any

from revertant.model import Disease, Finding, Sex, Status, TargetCells
from revertant.patient.draft import Draft
from revertant.patient.interpretation import read_interpretations
from revertant.patient.laboratory import read_copy_numbers, read_measurements
from revertant.patient.problems import Problems, shown
from revertant.patient.protobuf import load_phenopacket
from revertant.patient.scalars import AGE_YEARS, DAYS_IN_YEAR, Unreadable, duration_in_years, label

__all__ = ["read_phenopacket"]

_HUMAN = "NCBITaxon:9606"
# Copies of X and Y that go with the sex stated; any other karyotype changes how many alleles there are.
_USUAL_KARYOTYPES = {Sex.FEMALE: ("XX",), Sex.MALE: ("XY",), Sex.UNKNOWN: ("XX", "XY")}


def read_phenopacket(text: str, problems: Problems) -> Draft:
    """Read the text of a phenopacket.

    Parameters
    ----------
    text
        The JSON.
    problems
        Where every problem is noted; the draft is complete only when there is none. Why the phenopacket holds
        no usable variant is left in ``draft.missing``: a case file may still supply one.

    Raises
    ------
    InputError
        When the text is not JSON, or not a phenopacket.
    """
    packet = load_phenopacket(text, problems)
    if packet is None:
        return Draft()
    _check_version(packet, problems)
    draft = Draft()
    if packet.id:
        draft.case_id = _text(packet.id, "id", problems)
    else:
        problems.add("id", "The phenopacket has no id.", "Every phenopacket needs one.")
    if packet.HasField("subject"):
        _read_subject(packet.subject, draft, problems)
    else:
        problems.add("subject", "The phenopacket has no subject.", "Say whom it is about: id and sex.")
    read = read_interpretations(packet, problems)
    draft.variants, draft.missing = read.variants, read.missing
    draft.diseases = _diseases(packet, problems)
    draft.findings = (*draft.findings, *read.findings)
    draft.measurements, measured = read_measurements(packet)
    draft.copy_numbers, counted = read_copy_numbers(packet)
    draft.tallies = (*read.tallies, *measured, *counted)
    return draft


def _check_version(packet: Any, problems: Problems) -> None:
    version = packet.meta_data.phenopacket_schema_version
    if version and version.split(".")[0] not in ("2", "v2"):
        remedy = "Convert the file to version 2 with phenopacket-tools."
        problems.add("metaData.phenopacketSchemaVersion", f"{shown(version)} is not version 2.", remedy)


def _read_subject(subject: Any, draft: Draft, problems: Problems) -> None:
    if subject.id:
        draft.subject_id = _text(subject.id, "subject.id", problems)
    else:
        problems.add("subject.id", "The subject has no id.", "Give a pseudonym.")
    if subject.taxonomy.id and subject.taxonomy.id != _HUMAN:
        problems.add(
            "subject.taxonomy.id", f"{shown(subject.taxonomy.id)} is not human.", f"Only {_HUMAN} is read."
        )
    draft.sex = {1: Sex.FEMALE, 2: Sex.MALE}.get(subject.sex)
    findings: list[Finding] = []
    karyotype = type(subject).DESCRIPTOR.fields_by_name["karyotypic_sex"].enum_type.values_by_number
    stated = karyotype[subject.karyotypic_sex].name
    if subject.karyotypic_sex and stated not in _USUAL_KARYOTYPES[draft.sex or Sex.UNKNOWN]:
        because = f"The karyotype {stated} gives another number of X and Y copies than the plan assumes."
        findings.append(Finding("case.karyotype", Status.UNKNOWN, because, value=stated))
    if subject.vital_status.status == subject.vital_status.DECEASED:
        because = "The phenopacket says that the person has died; the plan can only be read in retrospect."
        findings.append(Finding("case.subject_alive", Status.CAUTION, because, value="deceased"))
    _read_age(subject, draft, problems)
    draft.findings = tuple(findings)


def _read_age(subject: Any, draft: Draft, problems: Problems) -> None:
    last = subject.time_at_last_encounter
    path = "subject.timeAtLastEncounter"
    which = last.WhichOneof("element")
    if which == "gestational_age":
        # Someone last seen before birth would be treated before birth, unless the case file says otherwise.
        draft.target_cells = TargetCells.FETAL
    elif which == "age":
        try:
            draft.age_years = duration_in_years(last.age.iso8601duration)
        except Unreadable as error:
            problems.add(f"{path}.age.iso8601duration", error.what, error.remedy)
    elif which == "timestamp" and subject.HasField("date_of_birth"):
        years = (last.timestamp.seconds - subject.date_of_birth.seconds) / 86400 / DAYS_IN_YEAR
        if AGE_YEARS[0] <= years <= AGE_YEARS[1]:
            draft.age_years = years
        else:
            remedy = "Check the date of birth and the date of the last encounter."
            problems.add(path, "The age lies outside 0 to 130 years.", remedy)


def _diseases(packet: Any, problems: Problems) -> tuple[Disease, ...]:
    terms = [
        (f"interpretations[{index}].diagnosis.disease", one.diagnosis.disease)
        for index, one in enumerate(packet.interpretations)
        if one.diagnosis.HasField("disease")
    ]
    terms += [
        (f"diseases[{index}].term", one.term)
        for index, one in enumerate(packet.diseases)
        if one.HasField("term") and not one.excluded
    ]
    found: dict[str, Disease] = {}
    for path, term in terms:
        if not term.id:
            problems.add(f"{path}.id", "The disease has no id.", "Give an OMIM, MONDO or ORPHA identifier.")
            continue
        identifier = _text(term.id, f"{path}.id", problems)
        name = _text(term.label, f"{path}.label", problems) if term.label else ""
        if identifier not in found or not found[identifier].label:
            found[identifier] = Disease(identifier, name)
    return tuple(found.values())


def _text(value: str, path: str, problems: Problems) -> str:
    try:
        return label(value)
    except Unreadable as error:
        problems.add(path, error.what, error.remedy)
        return ""
