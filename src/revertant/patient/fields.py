"""The fields of ``case.yaml``: one table that the reader obeys and the documentation prints."""

from __future__ import annotations

from revertant.model import (
    AlleleOrigin,
    EditingPlace,
    Intent,
    Mechanism,
    Pathogenicity,
    Sex,
    TargetCells,
    Zygosity,
)
from revertant.patient import expressions, scalars
from revertant.patient.field_types import Field, Group, Words, gene_symbol, one_of
from revertant.patient.problems import shown
from revertant.patient.scalars import Unreadable
from revertant.patient.tumour_fields import CELLS, TUMOUR, TUMOUR_FILES

__all__ = ["CASE", "case_fields"]


def _assay(text: str) -> str:
    known = {"tab": "TAb", "nab": "NAb"}
    try:
        return known[text.strip().lower()]
    except KeyError:
        remedy = "Write TAb (total binding) or NAb (neutralising): their titres do not compare."
        raise Unreadable(f"{shown(text)} is not an assay we know.", remedy) from None


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
                "sex": one_of("Sex, as far as it decides how many X and Y there are.", Sex),
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
                "zygosity": one_of("How many copies carry it.", Zygosity),
                "pathogenicity": one_of(
                    "ACMG/AMP class. Only (likely) pathogenic variants are planned for.", Pathogenicity
                ),
                "gene": Field("text", "Gene symbol.", gene_symbol),
                "mechanism": one_of(
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
                "origin": one_of("Whose cells have it, where a tumour is attacked.", AlleleOrigin),
            },
            "The variants held responsible. One with an expression of the phenopacket's adds to it.",
            repeated=True,
        ),
        "intent": one_of("Why editing is asked for; treatment when not stated.", Intent),
        "target_cells": one_of("Cells to be changed; somatic when not stated.", TargetCells),
        "jurisdiction": Field(
            "ISO 3166-1 alpha-2 code or EU", "Where the person would be treated.", scalars.jurisdiction
        ),
        "consent": Field("yes or no", "Whether consent to this planning is documented.", scalars.truth),
        "editing_place": one_of("Where cells are edited; else the gene catalogue decides.", EditingPlace),
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
                "gene": Field("text", "Gene symbol: SMN1.", gene_symbol, required=True),
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
        "last_treatments": Words(
            "mapping of words to dates",
            "Day of the last treatment of a class, such as chemotherapy: 2026-03-02.",
            scalars.agent,
            scalars.iso_date,
        ),
        "hla": Field(
            "text or list", "HLA alleles: A*02:01; of a homozygote each twice.", scalars.hla_allele, many=True
        ),
        "cells": CELLS,
        "tumour": TUMOUR,
        "files": Group(
            {
                "reference": Field("path", "Reference FASTA, from the folder of this file."),
                "models": Field("path", "Gene models: GTF, GFF3 or genePred."),
                "vcf": Field("path", "The person's variant calls."),
                "sample": Field("text", "Sample name in the VCF."),
                "reads": Field("path", "The person's aligned reads: BAM or CRAM, with its index."),
                **TUMOUR_FILES,
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
