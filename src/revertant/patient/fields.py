"""The fields of ``case.yaml``: one table that the reader obeys and the documentation prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from revertant import knowledge
from revertant.model import (
    AlleleOrigin,
    CellSource,
    EditingPlace,
    Intent,
    Mechanism,
    Pathogenicity,
    Sex,
    TargetCells,
    Zygosity,
)
from revertant.patient import expressions, scalars
from revertant.patient.problems import Problems, did_you_mean, shown
from revertant.patient.scalars import Unreadable
from revertant.patient.tree import Branch, Leaf, Node, Row

__all__ = ["CASE", "Field", "Group", "Words", "case_fields", "read_group"]

_GENE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,29}")


@dataclass(frozen=True, slots=True)
class Field:
    """One scalar field; ``many`` allows a list of values as well as a single one."""

    kind: str
    meaning: str
    parse: Callable[[str], object] = scalars.label
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A mapping whose keys are words of a vocabulary and whose values are all of one kind."""

    kind: str
    meaning: str
    parse_key: Callable[[str], str]
    parse: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping of fields; ``repeated`` makes it a list of such mappings."""

    fields: Mapping[str, Field | Words | Group]
    meaning: str
    repeated: bool = False


def _words(meaning: str, words: type[StrEnum], *, known: tuple[str, ...] = ()) -> Field:
    listed = known or tuple(word.value for word in words)
    return Field("one of " + ", ".join(listed), meaning, partial(scalars.choice, words=words))


def _gene(text: str) -> str:
    text = text.strip()
    if not _GENE.fullmatch(text):
        raise Unreadable(f"{shown(text)} is not a gene symbol.", "Write the HGNC symbol, such as HBB.")
    return knowledge.symbol_as_catalogued(text)


def _assay(text: str) -> str:
    known = {"tab": "TAb", "nab": "NAb"}
    try:
        return known[text.strip().lower()]
    except KeyError:
        remedy = "Write TAb (total binding) or NAb (neutralising): their titres do not compare."
        raise Unreadable(f"{shown(text)} is not an assay we know.", remedy) from None


def _unit(text: str) -> str:
    from revertant.modality.car_t.targets import ExpressionUnit  # noqa: PLC0415 - heavy, and few cases need it

    known = {unit.value.lower(): unit.value for unit in ExpressionUnit}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise Unreadable(
            f"{shown(text)} is no unit of expression.", f"Write {', '.join(known.values())}."
        ) from None


CASE = Group(
    {
        "id": Field(
            "text",
            "Name of the case. It appears in outputs, so it should not identify the person.",
            required=True,
        ),
        "phenopacket": Field("path", "GA4GH phenopacket v2 (JSON) that this file adds to."),
        "subject": Group(
            {
                "id": Field("text", "Identifier of the person; stays out of outputs."),
                "sex": _words("Sex, as far as it decides how many X and Y there are.", Sex),
                "age": Field(
                    "years or ISO 8601 duration",
                    "Age now: 34, P2Y6M or P8W; 0 to 130 years.",
                    scalars.age_in_years,
                ),
                "weight_kg": Field("number", "Body weight in kg, 0.2 to 400.", scalars.weight_in_kg),
            },
            "The person.",
        ),
        "diseases": Group(
            {
                "id": Field("text", "OMIM, MONDO or ORPHA identifier, such as OMIM:603903.", required=True),
                "label": Field("text", "Name of the disease."),
            },
            "What the person has, or is at risk of.",
            repeated=True,
        ),
        "variants": Group(
            {
                "hgvs": Field(
                    "text or list",
                    "HGVS c., g., m. or n. with accession and version.",
                    expressions.hgvs,
                    many=True,
                ),
                "spdi": Field("text", "SPDI.", expressions.spdi),
                "vcf": Field(
                    "text",
                    "contig:position:REF:ALT, position from 1; or contig:start-end:<DEL> with exact ends.",
                    expressions.vcf,
                ),
                "rsid": Field("text", "dbSNP identifier, found in the VCF of the case.", expressions.rsid),
                "edit": Field(
                    "text", "Sequence with the edit in it, wild type first: ACGT(A/G)ACGT.", expressions.edit
                ),
                "zygosity": _words("How many copies carry it.", Zygosity),
                "pathogenicity": _words(
                    "ACMG/AMP class. Only (likely) pathogenic variants are planned for.", Pathogenicity
                ),
                "gene": Field("text", "Gene symbol.", _gene),
                "mechanism": _words(
                    "How it makes disease, where the gene catalogue does not say or errs.", Mechanism
                ),
                "phase": Field(
                    "text", "maternal, paternal or a free label: same label in cis, different in trans."
                ),
                "build": Field(
                    "text",
                    "Genome build of its coordinates: GRCh38, GRCh37, T2T-CHM13v2.0.",
                    scalars.build_name,
                ),
                "origin": _words("Whose cells have it, where a tumour is attacked.", AlleleOrigin),
            },
            "The variants held responsible. One with an expression of the phenopacket's adds to it.",
            repeated=True,
        ),
        "intent": _words("Why editing is asked for; treatment when not stated.", Intent),
        "target_cells": _words("Cells to be changed; somatic when not stated.", TargetCells),
        "jurisdiction": Field(
            "ISO 3166-1 alpha-2 code or EU", "Where the person would be treated.", scalars.jurisdiction
        ),
        "consent": Field("yes or no", "Whether consent to this planning is documented.", scalars.truth),
        "editing_place": _words("Where cells are edited; else the gene catalogue decides.", EditingPlace),
        "tissue": Field("text", "Tissue to reach; else the gene catalogue decides."),
        "transcript": Field("text", "Transcript to use, with its version."),
        "serology": Group(
            {
                "target": Field("text", "What the antibody binds: AAV9, SpCas9.", required=True),
                "assay": Field("TAb or NAb", "Total binding or neutralising.", _assay, required=True),
                "titre": Field("titre", "1:50, <1:50 or 'not detected'.", scalars.titre, required=True),
                "date": Field("date", "Day of the sample, YYYY-MM-DD.", scalars.iso_date),
                "laboratory": Field("text", "Where it was measured."),
            },
            "Antibody results.",
            repeated=True,
        ),
        "copy_numbers": Group(
            {
                "gene": Field("text", "Gene symbol: SMN1.", _gene, required=True),
                "copies": Field("copies", "2, 3-4 or '>=4'.", scalars.copies, required=True),
                "method": Field(
                    "one of " + ", ".join(scalars.COPY_METHODS),
                    "How they were counted. A result in_silico decides nothing alone.",
                    scalars.copy_method,
                    required=True,
                ),
                "date": Field("date", "Day of the report, YYYY-MM-DD.", scalars.iso_date),
                "laboratory": Field("text", "Who reported it."),
            },
            "Copies of a gene.",
            repeated=True,
        ),
        "measurements": Group(
            {
                "name": Field(
                    "text", "What was measured: ALT, platelets.", scalars.measurement_name, required=True
                ),
                "value": Field("number", "The value.", scalars.measured, required=True),
                "unit": Field(
                    "text",
                    "Its unit: U/L, or x_ULN for multiples of the upper limit of normal.",
                    required=True,
                ),
                "date": Field("date", "Day of the sample, YYYY-MM-DD.", scalars.iso_date),
            },
            "Laboratory and clinical values.",
            repeated=True,
        ),
        "conditions": Words(
            "mapping of words to yes or no",
            "What labels and trials ask for, such as active_infection: no. What is not named is unknown.",
            scalars.condition,
            scalars.truth,
        ),
        "hla": Field(
            "text or list", "HLA alleles: A*02:01; of a homozygote each twice.", scalars.hla_allele, many=True
        ),
        "cells": Group(
            {
                "antigens": Field("text or list", "Antigens to attack: CD19.", _gene, many=True),
                "source": _words("Whose T cells; autologous when not stated.", CellSource),
                "donor_hla": Field(
                    "text or list",
                    "HLA alleles of the donor; of a homozygote each twice.",
                    scalars.hla_allele,
                    many=True,
                ),
                "knock_in": Field("yes or no", "Whether the receptor is put into TRAC.", scalars.truth),
                "alemtuzumab": Field(
                    "yes or no", "Whether lymphodepletion includes alemtuzumab.", scalars.truth
                ),
                "checkpoint": Field("yes or no", "Whether PD-1 is to be removed.", scalars.truth),
            },
            "T cells with a receptor against a tumour.",
        ),
        "files": Group(
            {
                "reference": Field("path", "Reference FASTA, from the folder of this file."),
                "models": Field("path", "Gene models: GTF, GFF3 or genePred."),
                "vcf": Field("path", "The person's variant calls."),
                "sample": Field("text", "Sample name in the VCF."),
                "reads": Field("path", "The person's aligned reads: BAM or CRAM, with its index."),
                "expression": Field("path", "Expression of the tumour: TSV, genes by samples."),
                "expression_unit": Field(
                    "one of TPM, log2(TPM+1), counts", "Unit of both tables; TPM when not stated.", _unit
                ),
                "normal_expression": Field(
                    "path", "Expression of normal tissue: TSV, samples named by organ."
                ),
                "clusters": Field(
                    "path", "Single cells of the tumour and of organs, summed up by cluster: TSV."
                ),
                "cell_matrix": Field("path", "Single cells: Matrix Market, genes by cells."),
                "cell_genes": Field("path", "Its genes, one a line."),
                "cell_labels": Field("path", "For each cell malignant, or its organ."),
            },
            "Input files; options of the command win over them.",
        ),
    },
    "One patient and one question.",
)  # fmt: skip - one field a line reads as the table it is


def case_fields() -> tuple[tuple[str, str, str], ...]:
    """Return every field of ``case.yaml`` as (path, type, meaning), in the order of the documentation.

    Examples
    --------
    >>> case_fields()[0][:2]
    ('id', 'text, required')
    """
    return tuple(_rows(CASE, ""))


def _rows(group: Group, under: str) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, field in group.fields.items():
        path = f"{under}{name}"
        if isinstance(field, Words):
            rows.append((path, field.kind, field.meaning))
        elif isinstance(field, Group):
            kind, path = ("list", f"{path}[]") if field.repeated else ("mapping", path)
            rows += [(path, kind, field.meaning), *_rows(field, f"{path}.")]
        else:
            rows.append((path, field.kind + (", required" if field.required else ""), field.meaning))
    return rows


def read_group(branch: Branch, group: Group, path: str, problems: Problems) -> dict[str, object]:
    """Read one mapping by its group; every problem is noted with its path and line.

    Returns
    -------
    dict
        Typed values of the fields that are there: a list of dicts for a repeated group, a dict for another
        group, a tuple for a field with ``many``.
    """
    values: dict[str, object] = {}
    for name, node in branch.items.items():
        if name not in group.fields:
            where = _place(_join(path, shown(name).strip("'\"")), node.line)
            problems.add(where, "This key is not known.", did_you_mean(name, group.fields))
    for name, field in group.fields.items():
        node_or_none = branch.items.get(name)
        stated = node_or_none is not None and not (
            isinstance(node_or_none, Leaf) and node_or_none.text is None
        )
        if node_or_none is None or not stated:
            if isinstance(field, Field) and field.required:
                line = branch.line if node_or_none is None else node_or_none.line
                problems.add(_place(_join(path, name), line), "This key is missing.", field.meaning)
            continue
        value = _read(node_or_none, field, _join(path, name), problems)
        if value is not None:
            values[name] = value
    return values


def _read(node: Node, field: Field | Words | Group, path: str, problems: Problems) -> object:
    if isinstance(field, Field):
        return _read_field(node, field, path, problems)
    if isinstance(field, Words):
        return _read_words(node, field, path, problems)
    if not field.repeated:
        if isinstance(node, Branch):
            return read_group(node, field, path, problems)
        problems.add(_place(path, node.line), "This should be a mapping.", _example(field))
        return None
    if not isinstance(node, Row):
        problems.add(_place(path, node.line), "This should be a list.", "Start each item with '- '.")
        return None
    rows = []
    for index, item in enumerate(node.items):
        if isinstance(item, Branch):
            rows.append(read_group(item, field, f"{path}[{index}]", problems))
        else:
            problems.add(_place(f"{path}[{index}]", item.line), "This should be a mapping.", _example(field))
            rows.append({})
    return rows


def _read_field(node: Node, field: Field, path: str, problems: Problems) -> object:
    if isinstance(node, Leaf) and node.text is not None:
        try:
            value = field.parse(node.text)
        except Unreadable as error:
            problems.add(_place(path, node.line), error.what, error.remedy)
            return None
        return (value,) if field.many else value
    if field.many and isinstance(node, Row):
        single = Field(field.kind, field.meaning, field.parse)
        read = [_read_field(item, single, f"{path}[{i}]", problems) for i, item in enumerate(node.items)]
        return tuple(value for value in read if value is not None)
    problems.add(_place(path, node.line), f"This should be {field.kind}.", field.meaning)
    return None


def _read_words(node: Node, words: Words, path: str, problems: Problems) -> dict[str, object] | None:
    if not isinstance(node, Branch):
        problems.add(_place(path, node.line), "This should be a mapping.", words.meaning)
        return None
    answer = Field(words.kind, words.meaning, words.parse)
    values: dict[str, object] = {}
    for name, item in node.items.items():
        here = _join(path, shown(name).strip("'\""))
        try:
            key = words.parse_key(name)
        except Unreadable as error:
            problems.add(_place(here, item.line), error.what, error.remedy)
            continue
        if isinstance(item, Leaf) and item.text is None:
            # A key without an answer says nothing: unknown, like a key that is not there.
            continue
        if key in values:
            problems.add(_place(here, item.line), f"{key} is answered twice.", "Keep one of them.")
            continue
        value = _read_field(item, answer, here, problems)
        if value is not None:
            values[key] = value
    return values


def _example(group: Group) -> str:
    return f"Write its keys below it, indented: {', '.join(group.fields)}."


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _place(path: str, line: int) -> str:
    return f"{path} (line {line})"
