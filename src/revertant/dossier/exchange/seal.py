"""What goes into a dossier for other machines, and the seal on the whole folder: provenance and crate."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from revertant.dossier.exchange.crate import CARRIED_FOLDER, CRATE_NAME, crate_text
from revertant.dossier.exchange.edits import edits_bed_text, edits_vcf_text
from revertant.dossier.exchange.fhir import fhir_text
from revertant.dossier.exchange.phenopacket import phenopacket_text
from revertant.dossier.exchange.prov import PROV_NAME, WrittenFile, prov_text
from revertant.dossier.staging import write_text
from revertant.model import Plan
from revertant.planning import Inputs, file_digest

__all__ = ["EXCHANGE_FILES", "LARGEST_CARRIED", "SEAL_FILES", "carry_inputs", "exchange_texts", "seal"]

#: Files that need the case and its genome, and what each holds.
EXCHANGE_FILES: tuple[tuple[str, str], ...] = (
    ("edits.bed", "Where the designs act: protospacers and the bases to be changed (BED6, 0-based)."),
    (
        "edits.vcf",
        "The case's variants, which designs revert them, and what edits can leave behind; not without a genome.",
    ),
    ("phenopacket.json", "The case as a GA4GH phenopacket, with what is proposed; of a person only."),
    ("fhir.json", "The plan as an HL7 FHIR R4 bundle (Genomics Reporting); of a person only."),
)

#: Files on all the others.
SEAL_FILES: tuple[tuple[str, str], ...] = (
    (PROV_NAME, "Where every file comes from, in the terms of W3C PROV."),
    (
        CRATE_NAME,
        "The folder as an RO-Crate: every file, input, parameter and version; the plan can be made again.",
    ),
)

#: Inputs larger than this are never carried along: a genome stays where it is.
LARGEST_CARRIED = 16 * 1024 * 1024


def exchange_texts(plan: Plan, inputs: Inputs) -> Mapping[str, str]:
    """Return the texts of ``EXCHANGE_FILES`` that can be written.

    Parameters
    ----------
    plan
        The plan.
    inputs
        What it was made from. Without a genome no place is written, without a person no record of one.

    Examples
    --------
    >>> from revertant.genome import GeneModels, Reference
    >>> from revertant.model import Case, Provenance, Subject
    >>> inputs = Inputs(Case("c", Subject("s"), ()), Reference.from_sequences({"chr1": "A"}), GeneModels([]))
    >>> plan = Plan("s", "c", "Q?", "V.", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), "N.")
    >>> list(exchange_texts(plan, inputs))
    ['edits.bed', 'edits.vcf', 'phenopacket.json', 'fhir.json']
    """
    texts: dict[str, str] = {}
    if inputs.has_genome:
        texts["edits.bed"] = edits_bed_text(plan)
        texts["edits.vcf"] = edits_vcf_text(plan, inputs.reference)
    if inputs.inquiry is None:
        texts["phenopacket.json"] = phenopacket_text(plan, inputs)
        texts["fhir.json"] = fhir_text(plan, inputs)
    return texts


def carry_inputs(inputs: Inputs, folder: Path) -> Iterator[str]:
    """Copy the inputs that are small into a folder of the dossier, and yield their names within it.

    Of two inputs of one name the first is carried; the crate says which are there.
    """
    for digest, path in zip(inputs.digests, inputs.paths, strict=False):
        to = folder / CARRIED_FOLDER / digest.name
        if Path(path).stat().st_size <= LARGEST_CARRIED and not to.exists():
            to.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, to)
            yield f"{CARRIED_FOLDER}/{digest.name}"


def seal(plan: Plan, folder: Path, names: Sequence[str], meanings: Mapping[str, str]) -> tuple[str, ...]:
    """Write provenance and crate over the files that are in a folder.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where they are.
    names
        Every file, with its folder within the dossier.
    meanings
        What each holds.

    Returns
    -------
    tuple[str, ...]
        The names of the two files.
    """
    files = [_written(folder, name) for name in names]
    write_text(folder / PROV_NAME, prov_text(plan.provenance, files))
    said = {**meanings, **dict(SEAL_FILES)}
    write_text(folder / CRATE_NAME, crate_text(plan, [*files, _written(folder, PROV_NAME)], said))
    return PROV_NAME, CRATE_NAME


def _written(folder: Path, name: str) -> WrittenFile:
    path = folder / name
    return WrittenFile(name, path.stat().st_size, file_digest(path))
