"""``case.yaml``: what phenopackets have no place for, and corrections to what one says."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from revertant.knowledge import TIMES_UPPER_LIMIT, measurements
from revertant.model import (
    AlleleOrigin,
    CaseFiles,
    CaseVariant,
    CopyNumber,
    Disease,
    Measurement,
    Mechanism,
    Pathogenicity,
    Serology,
    Zygosity,
)
from revertant.patient.draft import Draft
from revertant.patient.fields import CASE
from revertant.patient.groups import read_group
from revertant.patient.problems import Problems, did_you_mean, shown
from revertant.patient.tree import read_tree
from revertant.patient.tumour_case import cells_of, tumour_of

__all__ = ["read_case_file"]


def read_case_file(text: str, folder: Path, problems: Problems) -> Draft:
    """Read the text of a ``case.yaml``.

    Parameters
    ----------
    text
        The YAML.
    folder
        Where relative paths start.
    problems
        Where every problem is noted; the draft is complete only when there is none.

    Raises
    ------
    InputError
        When the text is not YAML at all.
    """
    tree = read_tree(text, problems)
    values: dict[str, Any] = read_group(tree, CASE, "", problems)
    subject: dict[str, Any] = values.get("subject", {})
    return Draft(
        case_id=values.get("id", ""),
        subject_id=subject.get("id", ""),
        sex=subject.get("sex"),
        age_years=subject.get("age"),
        weight_kg=subject.get("weight_kg"),
        diseases=tuple(
            Disease(row.get("id", ""), row.get("label", "")) for row in values.get("diseases", ())
        ),
        variants=tuple(
            _variant(row, f"variants[{index}]", problems)
            for index, row in enumerate(values.get("variants", ()))
        ),
        intent=values.get("intent"),
        target_cells=values.get("target_cells"),
        jurisdiction=values.get("jurisdiction", ""),
        consent=values.get("consent"),
        editing_place=values.get("editing_place"),
        tissue=values.get("tissue", ""),
        transcript=values.get("transcript", ""),
        serology=tuple(_serology(row) for row in values.get("serology", ())),
        copy_numbers=tuple(_copy_number(row) for row in values.get("copy_numbers", ())),
        measurements=tuple(
            _measurement(row, f"measurements[{index}]", problems)
            for index, row in enumerate(values.get("measurements", ()))
        ),
        conditions=tuple(sorted(values.get("conditions", {}).items())),
        last_treatments=tuple(sorted(values.get("last_treatments", {}).items())),
        hla=values.get("hla", ()),  # a homozygote has an allele twice
        cells=cells_of(values["cells"], problems) if "cells" in values else None,
        tumour=tumour_of(values["tumour"], problems) if "tumour" in values else None,
        files=_files(values.get("files", {}), folder, problems),
        phenopacket=_file(values, "phenopacket", folder, problems, under=""),
    )


def _variant(row: dict[str, Any], path: str, problems: Problems) -> CaseVariant:
    written = [*row.get("hgvs", ()), *(row[key] for key in ("spdi", "vcf", "rsid", "edit") if key in row)]
    refused = any(problem.where.startswith((f"{path}.", f"{path} ")) for problem in problems.found)
    if not written and not refused:
        remedy = "Give hgvs, spdi, vcf, rsid or edit."
        problems.add(path, "The variant has no expression that names a DNA change.", remedy)
    return CaseVariant(
        expressions=tuple(dict.fromkeys(written)),
        zygosity=row.get("zygosity", Zygosity.UNKNOWN),
        pathogenicity=row.get("pathogenicity", Pathogenicity.NOT_PROVIDED),
        gene=row.get("gene", ""),
        mechanism=row.get("mechanism", Mechanism.UNKNOWN),
        path=path,
        build=row.get("build", ""),
        phase=row.get("phase", ""),
        origin=row.get("origin", AlleleOrigin.UNKNOWN),
    )


def _serology(row: dict[str, Any]) -> Serology:
    reciprocal, below = row.get("titre", (None, False))
    return Serology(
        target=row.get("target", ""),
        assay=row.get("assay", ""),
        titre=reciprocal,
        below=below,
        date=row.get("date", ""),
        laboratory=row.get("laboratory", ""),
    )


def _copy_number(row: dict[str, Any]) -> CopyNumber:
    low, high = row.get("copies", (0, None))
    return CopyNumber(
        gene=row.get("gene", ""),
        low=low,
        high=high,
        method=row.get("method", ""),
        date=row.get("date", ""),
        laboratory=row.get("laboratory", ""),
    )


def _measurement(row: dict[str, Any], path: str, problems: Problems) -> Measurement:
    name, unit = row.get("name", ""), row.get("unit", "")
    if name and unit:
        fact = measurements()[name]
        known = [one.unit for one in fact.units] + [TIMES_UPPER_LIMIT] * fact.by_limit
        if unit not in known:
            what = f"{shown(unit)} is not a unit of {name}."
            problems.add(f"{path}.unit", what, did_you_mean(unit, known))
    return Measurement(name, row.get("value", 0.0), unit, row.get("date", ""))


def _files(row: dict[str, Any], folder: Path, problems: Problems) -> CaseFiles:
    return CaseFiles(
        reference=_file(row, "reference", folder, problems),
        models=_file(row, "models", folder, problems),
        vcf=_file(row, "vcf", folder, problems),
        reads=_file(row, "reads", folder, problems),
        sample=row.get("sample", ""),
        expression=_file(row, "expression", folder, problems),
        expression_unit=row.get("expression_unit", ""),
        normal_expression=_file(row, "normal_expression", folder, problems),
        clusters=_file(row, "clusters", folder, problems),
        cell_matrix=_file(row, "cell_matrix", folder, problems),
        cell_genes=_file(row, "cell_genes", folder, problems),
        cell_labels=_file(row, "cell_labels", folder, problems),
        group_column=row.get("group_column", ""),
        cluster_column=row.get("cluster_column", ""),
        malignant_label=row.get("malignant_label", ""),
        gene_column=row.get("gene_column", ""),
        matrix_layer=row.get("matrix_layer", ""),
        surfaceome=_file(row, "surfaceome", folder, problems),
        symbols=_file(row, "symbols", folder, problems),
    )


def _file(row: dict[str, Any], key: str, folder: Path, problems: Problems, *, under: str = "files.") -> str:
    stated = row.get(key)
    if not stated:
        return ""
    remedy = "Give a path from the folder of the case file; addresses on the web are not fetched."
    try:
        path = (folder / stated).resolve()
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        problems.add(f"{under}{key}", "There is no such file.", remedy)
        return ""
    except (OSError, RuntimeError, ValueError) as error:
        # Until Python 3.13 a loop of symbolic links is a RuntimeError, which has no reason of the system's.
        reason = getattr(error, "strerror", None) or "the path leads to no file"
        problems.add(f"{under}{key}", f"There is no such file: {reason}.", remedy)
        return ""
    if not stat.S_ISREG(mode):
        # Pipes and devices are refused here: reading one can wait, or go on, for ever.
        problems.add(f"{under}{key}", "There is no such file: what lies there is not a regular file.", remedy)
        return ""
    return str(path)
