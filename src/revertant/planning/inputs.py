"""Everything that is read from files, read before the first stage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import InputError, UsageError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.model import Case, InputDigest
from revertant.variant import VcfCalls, read_calls

__all__ = ["Inputs", "Progress", "file_digest", "no_progress", "open_inputs"]

#: Called with a stage's name and the share of it that is done, 0 to 1.
Progress = Callable[[str, float], None]


def no_progress(stage: str, share: float) -> None:
    """Ignore progress (the default everywhere)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """A case with its genome files opened.

    Parameters
    ----------
    case
        The case as read.
    reference, models
        The reference genome and the gene models.
    vcf
        What the patient's VCF says; ``None`` when none was given.
    vcf_path
        Where that VCF lies, for rsIDs; empty when none was given.
    digests
        One digest for each input file.
    """

    case: Case
    reference: Reference
    models: GeneModels
    vcf: VcfCalls | None = None
    vcf_path: str = ""
    digests: tuple[InputDigest, ...] = ()


def open_inputs(
    case: Case,
    case_path: Path | None = None,
    *,
    reference: str = "",
    models: str = "",
    vcf: str = "",
    sample: str = "",
    progress: Progress = no_progress,
) -> Inputs:
    """Open the files a case needs; what the caller names wins over what the case names.

    Parameters
    ----------
    case, case_path
        The case and, for its digest, the file it was read from.
    reference, models, vcf, sample
        Paths and sample name that override ``case.files``.
    progress
        Told what is being read.

    Raises
    ------
    UsageError
        When no reference or no gene models are named anywhere.
    RevertantError
        Whatever is wrong with a file.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     case = patient.read_case(folder / "sickle_cell.yaml")
    ...     inputs = open_inputs(case)
    >>> inputs.reference.total_bases, [digest.role for digest in inputs.digests]
    (3891, ['reference', 'gene models'])
    """
    files = case.files
    reference_path, models_path = reference or files.reference, models or files.models
    vcf_path = vcf or files.vcf
    if not reference_path:
        raise UsageError(
            "No reference genome is named.",
            remedy="Pass --reference FASTA or set files.reference in case.yaml "
            "('revertant reference fetch grch38' downloads one).",
            code="no-reference",
        )
    if not models_path:
        raise UsageError(
            "No gene models are named.",
            remedy="Pass --models GTF (or GFF3, genePred) or set files.models in case.yaml.",
            code="no-models",
        )
    if sample and not vcf_path:
        raise UsageError(
            f"A sample {sample!r} is named, but no VCF.",
            remedy="Pass --vcf too, or leave --sample out.",
            code="no-vcf",
        )
    progress("reading reference", 0.0)
    opened = Reference.open(reference_path)
    progress("reading gene models", 0.3)
    gene_models = load_gene_models(models_path, opened)
    progress("reading VCF", 0.6)
    calls = read_calls(vcf_path, opened, sample or files.sample) if vcf_path else None
    progress("reading", 1.0)
    digests = [InputDigest("reference", opened.name, opened.sha256)]
    digests.append(InputDigest("gene models", gene_models.name, gene_models.sha256))
    if vcf_path:
        digests.append(InputDigest("vcf", Path(vcf_path).name, file_digest(Path(vcf_path))))
    if case_path is not None:
        digests.insert(0, InputDigest("case", case_path.name, file_digest(case_path)))
    return Inputs(case, opened, gene_models, calls, vcf_path, tuple(digests))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).", where=str(path)) from error
