"""The case as a GA4GH phenopacket (version 2), with what is proposed as a medical action.

A phenopacket that was given goes out as it came in; what a case file added to it is added. Without one it is built from
the case, as far as version 2 has a place for it: consent, intent, antibodies and tissue stay in ``plan.json``. The
standard has no word for a therapy that is proposed, so the action names a regimen whose status is unknown, and the
regimen's description says that it is a hypothesis and was not given.
"""

from __future__ import annotations

import json
from typing import Any

from revertant import knowledge
from revertant.dossier.exchange.proposals import proposals
from revertant.dossier.exchange.variants import interpretations_of
from revertant.model import Case, Measurement, Plan, Sex
from revertant.planning import Inputs

__all__ = ["phenopacket_text"]

_SCHEMA_VERSION = "2.0.2"
_RESOURCES = {
    "GENO": (
        "Genotype Ontology",
        "http://purl.obolibrary.org/obo/geno.owl",
        "http://purl.obolibrary.org/obo/GENO_",
    ),
    "HGNC": (
        "HUGO Gene Nomenclature Committee",
        "https://www.genenames.org",
        "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/",
    ),
    "hgnc.symbol": (
        "HUGO Gene Nomenclature Committee, symbols",
        "https://www.genenames.org",
        "https://identifiers.org/hgnc.symbol:",
    ),
    "MONDO": (
        "Mondo Disease Ontology",
        "http://purl.obolibrary.org/obo/mondo.owl",
        "http://purl.obolibrary.org/obo/MONDO_",
    ),
    "OMIM": (
        "An Online Catalog of Human Genes and Genetic Disorders",
        "https://www.omim.org",
        "https://www.omim.org/entry/",
    ),
    "LOINC": ("Logical Observation Identifiers Names and Codes", "https://loinc.org", "https://loinc.org/"),
    "UCUM": ("Unified Code for Units of Measure", "https://ucum.org", "https://ucum.org/"),
}
_DAYS_IN_YEAR = 365.25


def phenopacket_text(plan: Plan, inputs: Inputs) -> str:
    """Return the text of ``phenopacket.json``.

    Parameters
    ----------
    plan
        The plan.
    inputs
        With the case, and the text of the phenopacket it was read from, if it was.

    Examples
    --------
    >>> from revertant.genome import GeneModels, Reference
    >>> from revertant.model import CaseVariant, Provenance, Subject
    >>> case = Case("c", Subject("s"), (CaseVariant(("NM_000518.5:c.20A>T",), gene="HBB"),))
    >>> inputs = Inputs(case, Reference.from_sequences({"chr1": "A"}), GeneModels([]))
    >>> plan = Plan("s", "c", "", "", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), "")
    >>> json.loads(phenopacket_text(plan, inputs))["subject"]["id"]
    's'
    """
    from google.protobuf import json_format  # noqa: PLC0415 - keeps the start of the command fast
    from phenopackets.schema.v2 import Phenopacket  # noqa: PLC0415

    case = inputs.case
    if inputs.phenopacket:
        packet = json_format.Parse(inputs.phenopacket, Phenopacket())
        _complete(packet, case, plan)
    else:
        packet = json_format.ParseDict(_built(case, plan), Phenopacket())
    for proposal in proposals(plan):
        action: dict[str, Any] = {
            "therapeuticRegimen": {
                "externalReference": {
                    "id": proposal.key,
                    "reference": "plan.json",
                    "description": proposal.text,
                }
            }
        }
        if case.diseases:
            action["treatmentTarget"] = _term(case.diseases[0].disease_id, case.diseases[0].label)
        json_format.ParseDict(action, packet.medical_actions.add())
    value = json_format.MessageToDict(packet)
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _complete(packet: Any, case: Case, plan: Plan) -> None:
    """Add to a phenopacket that was given what the case file says beyond it."""
    from google.protobuf import json_format  # noqa: PLC0415

    packet.id = case.case_id
    packet.subject.id = case.subject.subject_id
    if case.subject.sex is not Sex.UNKNOWN:
        packet.subject.sex = {Sex.FEMALE: 1, Sex.MALE: 2}[case.subject.sex]
    known = {one.term.id for one in packet.diseases}
    known |= {one.diagnosis.disease.id for one in packet.interpretations}
    for disease in case.diseases:
        if disease.disease_id not in known:
            json_format.ParseDict({"term": _term(disease.disease_id, disease.label)}, packet.diseases.add())
    # What a case file stated has the place it has there; the phenopacket's own have theirs.
    added = [one for one in case.variants if one.path.startswith("variants[")]
    written = json_format.MessageToJson(packet.interpretations[0]) if packet.interpretations else ""
    new = [one for one in added if not any(text in written for text in one.expressions)]
    for interpretation in interpretations_of(new, case):
        json_format.ParseDict(interpretation, packet.interpretations.add())
    if proposals(plan) or new:
        comment = "What is proposed was added, as a hypothesis that was not given; so was what the case file states."
        update = {"timestamp": _stamp(plan), "updatedBy": _by(plan), "comment": comment}
        json_format.ParseDict(update, packet.meta_data.updates.add())


def _built(case: Case, plan: Plan) -> dict[str, Any]:
    """The case as a phenopacket of its own."""
    subject: dict[str, Any] = {"id": case.subject.subject_id, "sex": _sex(case)}
    if case.subject.age_years is not None:
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": _duration(case.subject.age_years)}}
    interpretations = interpretations_of(case.variants, case)
    packet: dict[str, Any] = {
        "id": case.case_id,
        "subject": subject,
        "interpretations": interpretations,
        "diseases": [{"term": _term(one.disease_id, one.label)} for one in case.diseases],
        "measurements": [found for one in case.measurements if (found := _measurement(one))],
    }
    said = json.dumps(packet)
    packet["metaData"] = {
        "created": _stamp(plan),
        "createdBy": _by(plan),
        "phenopacketSchemaVersion": _SCHEMA_VERSION,
        "resources": [
            {
                "id": prefix.lower(),
                "name": name,
                "url": url,
                "version": "not stated",
                "namespacePrefix": prefix,
                "iriPrefix": iri,
            }
            for prefix, (name, url, iri) in _RESOURCES.items()
            if f'"{prefix}:' in said
        ],
    }
    return packet


def _term(identifier: str, name: str) -> dict[str, str]:
    return {"id": identifier, "label": name or identifier}


def _sex(case: Case) -> str:
    return {Sex.FEMALE: "FEMALE", Sex.MALE: "MALE"}.get(case.subject.sex, "UNKNOWN_SEX")


def _duration(years: float) -> str:
    """Return an age as an ISO 8601 duration, in the largest unit of which it is a whole number."""
    for unit, per_year in (("Y", 1.0), ("M", 12.0), ("D", _DAYS_IN_YEAR)):
        number = years * per_year
        if abs(number - round(number)) < 1e-6:
            return f"P{round(number)}{unit}"
    return f"P{years:.6f}Y"


def _measurement(one: Measurement) -> dict[str, Any] | None:
    """A value with its LOINC code; ``None`` for one that has none, or whose unit is no unit of measure."""
    fact = knowledge.measurements().get(one.name)
    if fact is None or not fact.loinc or one.unit not in {unit.unit for unit in fact.units}:
        return None
    found: dict[str, Any] = {
        "assay": _term(f"LOINC:{fact.loinc[0]}", fact.name),
        "value": {"quantity": {"unit": _term(f"UCUM:{one.unit}", one.unit), "value": one.value}},
    }
    if one.date:
        found["timeObserved"] = {"timestamp": f"{one.date}T00:00:00Z"}
    return found


def _stamp(plan: Plan) -> str:
    """The state of knowledge as a time: a phenopacket must say when it was made, and a dossier reads no clock."""
    return f"{knowledge.state_of_knowledge(plan.provenance.parameters)}T00:00:00Z"


def _by(plan: Plan) -> str:
    return f"{plan.provenance.software} {plan.provenance.version}"
