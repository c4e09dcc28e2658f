"""A phenopacket and a case file made one: the case file adds; where both speak they must agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from revertant.knowledge import complex_routes_for
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    Intent,
    Mechanism,
    Pathogenicity,
    Sex,
    Subject,
    TargetCells,
    Zygosity,
)
from revertant.patient.draft import Draft
from revertant.patient.problems import Problems

__all__ = ["finished", "merged"]

_UNSAID = (Sex.UNKNOWN, Zygosity.UNKNOWN, Pathogenicity.NOT_PROVIDED, Mechanism.UNKNOWN, "", None)
_Value = TypeVar("_Value")
_AGREE = "Correct the file that is wrong."


def merged(packet: Draft, case_file: Draft, problems: Problems) -> Draft:
    """Return what both files say together; contradictions are noted as problems of the case file."""
    if case_file.subject_id and packet.subject_id and case_file.subject_id != packet.subject_id:
        # Neither identifier is shown: they can name a person, and the reader has both files.
        what = "The case file and its phenopacket are about subjects with different ids."
        problems.add("subject.id", what, "Give the case file the phenopacket's subject id, or leave it out.")
    sex = _both(packet.sex, case_file.sex, "subject.sex", problems)
    _check_birth(packet, case_file, problems)
    before, now = packet.age_years, case_file.age_years
    if before is not None and now is not None and now < before:
        what = f"The age {now:g} lies before the phenopacket's last encounter."
        problems.add("subject.age", what, _AGREE)
    diseases: dict[str, Disease] = {}
    for disease in (*case_file.diseases, *packet.diseases):
        known = diseases.get(disease.disease_id)
        if known is None or not known.label:
            diseases[disease.disease_id] = disease
    variants = _variants(packet.variants, case_file.variants, problems)
    return replace(
        case_file,
        case_id=case_file.case_id or packet.case_id,
        subject_id=case_file.subject_id or packet.subject_id,
        sex=sex,
        age_years=packet.age_years if case_file.age_years is None else case_file.age_years,
        diseases=tuple(diseases.values()),
        variants=variants,
        missing=packet.missing,
        copy_numbers=tuple(dict.fromkeys((*packet.copy_numbers, *case_file.copy_numbers))),
        measurements=tuple(dict.fromkeys((*packet.measurements, *case_file.measurements))),
        target_cells=case_file.target_cells or packet.target_cells,
        findings=packet.findings,
        tallies=packet.tallies,
    )


def _check_birth(packet: Draft, case_file: Draft, problems: Problems) -> None:
    """Note when somatic cells are stated of someone the phenopacket last saw before birth.

    An age in the case file says that the person has been born since, so it lifts the contradiction.
    """
    before_birth = packet.target_cells is TargetCells.FETAL
    if before_birth and case_file.target_cells is TargetCells.SOMATIC and case_file.age_years is None:
        what = "The case file says 'somatic' but its phenopacket gives a gestational age: a fetus."
        remedy = f"{_AGREE} If the person has been born since, give subject.age."
        problems.add("target_cells", what, remedy)


def _both(packet: _Value, case_file: _Value, path: str, problems: Problems) -> _Value:
    if case_file in _UNSAID:
        return packet
    if packet not in _UNSAID and packet != case_file:
        what = f"The case file says {str(case_file)!r} but its phenopacket says {str(packet)!r}."
        problems.add(path, what, _AGREE)
    return case_file


def _variants(
    packet: tuple[CaseVariant, ...], stated: tuple[CaseVariant, ...], problems: Problems
) -> tuple[CaseVariant, ...]:
    """Add to each variant of the phenopacket what the case file says of it; append the others."""
    result = list(packet)
    for more in stated:
        matches = [
            i for i, one in enumerate(result[: len(packet)]) if set(one.expressions) & set(more.expressions)
        ]
        if len(matches) > 1:
            remedy = "Give an expression that only one of them has."
            problems.add(more.path, "The expressions match several variants of the phenopacket.", remedy)
        elif matches:
            result[matches[0]] = _joined(result[matches[0]], more, problems)
        else:
            result.append(more)
    return tuple(result)


def _joined(one: CaseVariant, more: CaseVariant, problems: Problems) -> CaseVariant:
    def both(packet: _Value, case_file: _Value, name: str) -> _Value:
        return _both(packet, case_file, f"{more.path}.{name}", problems)

    return CaseVariant(
        expressions=tuple(dict.fromkeys((*one.expressions, *more.expressions))),
        zygosity=both(one.zygosity, more.zygosity, "zygosity"),
        pathogenicity=both(one.pathogenicity, more.pathogenicity, "pathogenicity"),
        gene=both(one.gene, more.gene, "gene"),
        mechanism=more.mechanism,
        path=more.path,
        build=both(one.build, more.build, "build"),
        phase=more.phase or one.phase,
        origin=more.origin,
    )


def finished(draft: Draft, problems: Problems, *, diagnosis_is_enough: bool = False) -> Case | None:
    """Return the case, or ``None`` with the reason noted when there is nothing to plan for.

    Copies of a gene, or the reads they can be counted from, can stand in for variants: a gene that is absent has none.
    So can what a tumour expresses, or antigens to attack, and a common disease that has routes by one gene; and any
    disease, where no molecule is asked for.
    """
    others = draft.copy_numbers or draft.files.reads or draft.files.expression or draft.cells is not None
    others = others or bool(complex_routes_for(draft.diseases))
    others = others or (diagnosis_is_enough and bool(draft.diseases) and not draft.missing)
    if not (draft.variants or others):
        if draft.missing:
            problems.extend(draft.missing)
        else:
            remedy = "List at least one with hgvs, spdi, vcf or rsid."
            problems.add("variants", "The case names no variant.", remedy)
    if len(problems):
        return None
    return Case(
        case_id=draft.case_id,
        subject=Subject(
            subject_id=draft.subject_id or draft.case_id,
            sex=draft.sex or Sex.UNKNOWN,
            age_years=draft.age_years,
            weight_kg=draft.weight_kg,
        ),
        variants=draft.variants,
        diseases=draft.diseases,
        intent=draft.intent or Intent.TREATMENT,
        target_cells=draft.target_cells or TargetCells.SOMATIC,
        jurisdiction=draft.jurisdiction,
        consent=draft.consent,
        editing_place=draft.editing_place,
        tissue=draft.tissue,
        transcript=draft.transcript,
        serology=draft.serology,
        copy_numbers=draft.copy_numbers,
        measurements=draft.measurements,
        conditions=draft.conditions,
        last_treatments=draft.last_treatments,
        hla=draft.hla,
        cells=draft.cells,
        tumour=draft.tumour,
        files=draft.files,
        findings=draft.findings,
        tallies=draft.tallies,
    )
