"""The plan as an HL7 FHIR R4 bundle in the profiles of the Genomics Reporting guide (version 3.0.0, STU3).

A report, the variants it rests on, what they mean for the disease, and what is proposed as a therapy. Everything is
``preliminary``: a named human has not signed. Codes are those of the guide's own profiles and examples
(http://hl7.org/fhir/uv/genomics-reporting/); what it has no checked code for stands as text. Addresses within the
bundle are made from its content, so the same plan gives the same bytes.
"""

from __future__ import annotations

import json
import re
import uuid
from html import escape
from typing import Any

from revertant import knowledge
from revertant.dossier.exchange.proposals import Proposal, proposals
from revertant.dossier.vcf_lines import vcf_alleles
from revertant.model import Allele, Case, Disease, Pathogenicity, Plan, Sex, Target, Zygosity
from revertant.planning import Inputs

__all__ = ["fhir_text"]

_GUIDE = "http://hl7.org/fhir/uv/genomics-reporting"
_TBD = f"{_GUIDE}/CodeSystem/tbd-codes-cs"
_LOINC = "http://loinc.org"
_HGVS = "http://varnomen.hgvs.org"
_GENES = "http://www.genenames.org/geneId"
_REFSEQ = "http://www.ncbi.nlm.nih.gov/refseq"
_MONDO = "http://purl.obolibrary.org/obo/mondo.owl"
_GENETICS = ("http://terminology.hl7.org/CodeSystem/v2-0074", "GE", "Genetics")
_LABORATORY = ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory")

#: LOINC answers: allelic state (list LL381-5), clinical significance (LL4034-6), assembly (LL1040-6).
_STATES = {
    Zygosity.HETEROZYGOUS: ("LA6706-1", "Heterozygous"),
    Zygosity.HOMOZYGOUS: ("LA6705-3", "Homozygous"),
    Zygosity.HEMIZYGOUS: ("LA6707-9", "Hemizygous"),
}
_CLASSES = {
    Pathogenicity.PATHOGENIC: ("LA6668-3", "Pathogenic"),
    Pathogenicity.LIKELY_PATHOGENIC: ("LA26332-9", "Likely pathogenic"),
    Pathogenicity.UNCERTAIN: ("LA26333-7", "Uncertain significance"),
    Pathogenicity.LIKELY_BENIGN: ("LA26334-5", "Likely benign"),
    Pathogenicity.BENIGN: ("LA6675-8", "Benign"),
}
_ASSEMBLIES = {"GRCh38": ("LA26806-2", "GRCh38"), "GRCh37": ("LA14029-5", "GRCh37")}
#: Longer alleles are named by HGVS alone.
_LONGEST_ALLELE = 1000

_Json = dict[str, Any]


def fhir_text(plan: Plan, inputs: Inputs) -> str:
    """Return the text of ``fhir.json``.

    Parameters
    ----------
    plan
        The plan.
    inputs
        With the case and the reference.

    Examples
    --------
    >>> from revertant.genome import GeneModels, Reference
    >>> from revertant.model import Provenance, Subject
    >>> inputs = Inputs(Case("c", Subject("s"), ()), Reference.from_sequences({"chr1": "A"}), GeneModels([]))
    >>> plan = Plan("s", "c", "Q?", "V.", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), "N.")
    >>> [entry["resource"]["resourceType"] for entry in json.loads(fhir_text(plan, inputs))["entry"]]
    ['DiagnosticReport', 'Patient']
    """
    case = inputs.case
    patient = _address(plan, "patient")
    observations: list[tuple[str, _Json]] = []
    by_gene: dict[str, list[tuple[str, str]]] = {}
    for target in plan.targets:
        for allele in target.alleles:
            here = _address(plan, f"variant {allele.variant}")
            by_gene.setdefault(target.gene, []).append((allele.name, here))
            observations.append((here, _variant(target, allele, patient, inputs)))
            if (meaning := _meaning(allele, here, patient, case)) is not None:
                observations.append((_address(plan, f"meaning {allele.variant}"), meaning))
    every = [here for found in by_gene.values() for _, here in found]
    for proposal in proposals(plan):
        of_gene = by_gene.get(proposal.gene, [])
        rests_on = (
            [here for name, here in of_gene if name == proposal.acts_on]
            or [here for _, here in of_gene]
            or every
        )
        if (
            rests_on
        ):  # the guide asks what an implication is derived from; a receptor is derived from no variant
            address = _address(plan, f"proposal {proposal.key}")
            observations.append((address, _implication(proposal, rests_on, patient, case)))
    report = _report(plan, patient, [address for address, _ in observations])
    entries = [(_address(plan, "report"), report), (patient, _patient(case)), *observations]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": address, "resource": resource} for address, resource in entries],
    }
    return json.dumps(bundle, indent=1, ensure_ascii=False) + "\n"


def _address(plan: Plan, what: str) -> str:
    """An address made from content: the case's name, and what it is of."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:revertant:{plan.case_id}:{what}").urn


def _coding(system: str, code: str, display: str = "") -> _Json:
    return (
        {"system": system, "code": code, "display": display} if display else {"system": system, "code": code}
    )


def _concept(system: str, code: str, display: str = "", text: str = "") -> _Json:
    concept: _Json = {"coding": [_coding(system, code, display)]}
    return {**concept, "text": text} if text else concept


def _component(code: _Json, **value: object) -> _Json:
    return {"code": code, **value}


def _patient(case: Case) -> _Json:
    """The person by the case's own name: nothing that identifies goes into the bundle."""
    gender = {Sex.FEMALE: "female", Sex.MALE: "male"}.get(case.subject.sex, "unknown")
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:revertant:case", "value": case.case_id}],
        "gender": gender,
    }


def _observation(profile: str, code: _Json, patient: str) -> _Json:
    return {
        "resourceType": "Observation",
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/{profile}"]},
        "status": "preliminary",
        "category": [_concept(*_LABORATORY), _concept(*_GENETICS)],
        "code": code,
        "subject": {"reference": patient},
    }


def _report(plan: Plan, patient: str, results: list[str]) -> _Json:
    words = f"<p>{escape(plan.question)}</p><p>{escape(plan.verdict)}</p><p>{escape(plan.notice)}</p>"
    report: _Json = {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [f"{_GUIDE}/StructureDefinition/genomic-report"]},
        "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{words}</div>'},
        "status": "preliminary",
        "category": [_concept(*_GENETICS)],
        "code": _concept(_LOINC, "51969-4", "Genetic analysis report"),
        "subject": {"reference": patient},
        "conclusion": f"{plan.verdict} {plan.notice}",
    }
    if results:
        report["result"] = [{"reference": address} for address in results]
    return report


def _variant(target: Target, allele: Allele, patient: str, inputs: Inputs) -> _Json:
    found = _observation("variant", _concept(_LOINC, "69548-6", "Genetic variant assessment"), patient)
    found["valueCodeableConcept"] = _concept(_LOINC, "LA9633-4", "Present")
    components = [
        _component(_concept(_LOINC, "48018-6"), valueCodeableConcept=_gene(target.gene)),
        _component(
            _concept(_LOINC, "51958-7", "Transcript reference sequence [ID]"),
            valueCodeableConcept=_sequence(target.transcript.transcript_id),
        ),
    ]
    consequence = allele.consequence
    for code, display, text in (
        ("48004-6", "DNA change (c.HGVS)", consequence.hgvs_c),
        ("81290-9", "", allele.hgvs_g),
        ("48005-3", "", consequence.hgvs_p),
    ):
        if text:
            value = _concept(_HGVS, text, text) if ":" in text else {"text": text}
            components.append(_component(_concept(_LOINC, code, display), valueCodeableConcept=value))
    if allele.hgvs_g.startswith("NC_"):
        value = _sequence(allele.hgvs_g.split(":")[0])
        components.append(_component(_concept(_LOINC, "48013-7"), valueCodeableConcept=value))
    if state := _STATES.get(allele.zygosity):
        components.append(
            _component(_concept(_LOINC, "53034-5"), valueCodeableConcept=_concept(_LOINC, *state))
        )
    if inputs.has_genome:
        components += _place(allele, inputs)
    found["component"] = components
    return found


def _place(allele: Allele, inputs: Inputs) -> list[_Json]:
    """Where the variant lies and what its alleles are, as VCF counts and writes them."""
    components = []
    if assembly := _ASSEMBLIES.get(inputs.reference.build):
        components.append(
            _component(
                _concept(_LOINC, "62374-4"),
                valueCodeableConcept=_concept(_LOINC, *assembly),
            )
        )
    position, ref, alt = vcf_alleles(allele.variant, inputs.reference)
    if max(len(ref), len(alt)) > _LONGEST_ALLELE:
        return components
    return [
        *components,
        _component(
            _concept(_LOINC, "92822-6"),
            valueCodeableConcept=_concept(_LOINC, "LA30102-0", "1-based character counting"),
        ),
        _component(
            _concept(_LOINC, "81254-5", "Genomic allele start-end"),
            valueRange={"low": {"value": position}, "high": {"value": position + len(ref) - 1}},
        ),
        _component(_concept(_LOINC, "69547-8", "Genomic ref allele [ID]"), valueString=ref),
        _component(_concept(_LOINC, "69551-0", "Genomic alt allele [ID]"), valueString=alt),
    ]


def _gene(symbol: str) -> _Json:
    fact = knowledge.find_gene(symbol)
    return _concept(_GENES, fact.hgnc_id, symbol) if fact and fact.hgnc_id else {"text": symbol}


def _sequence(accession: str) -> _Json:
    is_refseq = re.fullmatch(r"N[CMRG]_[0-9]+\.[0-9]+", accession) is not None
    return _concept(_REFSEQ, accession, accession) if is_refseq else {"text": accession}


def _meaning(allele: Allele, variant: str, patient: str, case: Case) -> _Json | None:
    """What the case says the variant means for the disease; ``None`` where it says nothing."""
    known = _CLASSES.get(allele.pathogenicity)
    if known is None:
        return None
    code = _concept(_TBD, "diagnostic-implication", "Diagnostic Implication")
    found = _observation("diagnostic-implication", code, patient)
    found["derivedFrom"] = [{"reference": variant}]
    significance = _concept(_LOINC, "53037-8", "Genetic variation clinical significance [Imp]")
    found["component"] = [
        _component(significance, valueCodeableConcept=_concept(_LOINC, *known)),
        *_phenotypes(case),
    ]
    return found


def _phenotypes(case: Case) -> list[_Json]:
    code = _concept(_LOINC, "81259-4", "Associated phenotype")
    return [_component(code, valueCodeableConcept=_disease(one)) for one in case.diseases]


def _disease(disease: Disease) -> _Json:
    text = f"{disease.label} ({disease.disease_id})" if disease.label else disease.disease_id
    if disease.disease_id.startswith("MONDO:"):
        return _concept(_MONDO, disease.disease_id, disease.label, text)
    return {"text": text}


def _implication(proposal: Proposal, rests_on: list[str], patient: str, case: Case) -> _Json:
    code = _concept(_TBD, "therapeutic-implication", "Therapeutic Implication")
    found = _observation("therapeutic-implication", code, patient)
    found["derivedFrom"] = [{"reference": address} for address in rests_on]
    therapy = _concept(_TBD, "associated-therapy", "Associated Therapy")
    conclusion = _concept(_TBD, "conclusion-string", "Conclusion text")
    found["component"] = [
        _component(therapy, valueCodeableConcept={"text": proposal.key}),
        _component(conclusion, valueString=proposal.text),
        *_phenotypes(case),
    ]
    return found
