"""Copies of SMN1 and SMN2 counted from the reads a case names, beside what the laboratory says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from revertant import knowledge
from revertant.model import Case, Finding, Status
from revertant.patient.smn import call_smn
from revertant.planning.copies import gene_of_variant

__all__ = ["index_of_reads", "is_about_smn", "with_copies_from_reads"]

_GENES = ("SMN1", "SMN2")
#: What stands beside a file of reads and changes with it; the reads themselves can be a hundred gigabytes.
_INDEXES = (".bai", ".crai", ".csi")


def is_about_smn(case: Case) -> bool:
    """Say whether a case is about spinal muscular atrophy, or states nothing that says what it is about.

    Examples
    --------
    >>> from revertant.model import CaseVariant, Disease, Subject
    >>> is_about_smn(Case("c", Subject("s"), (), diseases=(Disease("OMIM:253300"),)))
    True
    >>> is_about_smn(Case("c", Subject("s"), (CaseVariant(("NM_000518.5:c.20A>T",), gene="HBB"),)))
    False
    """
    fact = knowledge.find_gene(_GENES[0])
    named = {gene_of_variant(variant) for variant in case.variants} | {row.gene for row in case.copy_numbers}
    ill = any(fact is not None and fact.disease(disease.disease_id) for disease in case.diseases)
    return ill or bool(named.intersection(_GENES)) or not (case.variants or case.copy_numbers)


def with_copies_from_reads(
    case: Case, path: str, reference: str, progress: Callable[[str, float], None]
) -> Case:
    """Count copies in a file of reads and add them to a case, marked as counted by software alone.

    Parameters
    ----------
    case
        The case.
    path
        BAM or CRAM with its index.
    reference
        The FASTA a CRAM was written with; may be empty for a BAM.
    progress
        Told what is being done.

    Returns
    -------
    Case
        With the copies, the caller's findings and its tallies. A case about other genes is given back with a finding
        that its reads were not used.

    Raises
    ------
    RevertantError
        Whatever is wrong with the file.
    """
    if not is_about_smn(case):
        because = "The reads were not used: only copies of SMN1 and SMN2 are counted, and the case is of other genes."
        return replace(
            case, findings=(*case.findings, Finding("case.reads_unused", Status.NOT_APPLICABLE, because))
        )
    call = call_smn(path, reference=reference, progress=progress)
    return replace(
        case,
        copy_numbers=(*case.copy_numbers, *call.copy_numbers),
        findings=(*case.findings, *call.findings),
        tallies=(*case.tallies, *call.tallies),
    )


def index_of_reads(path: str) -> Path | None:
    """Return the index beside a file of reads; ``None`` where none is found."""
    place = Path(path)
    beside = [Path(f"{path}{end}") for end in _INDEXES] + [place.with_suffix(end) for end in _INDEXES]
    return next((one for one in beside if one.is_file()), None)
