"""Everything that is read from files, read before the first stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from revertant.errors import InputError, UsageError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.genome.compression import sha256_of
from revertant.knowledge import complex_routes_for
from revertant.modality.car_t.eligibility import is_tumour_case
from revertant.model import Case, InputDigest
from revertant.patient import phenopacket_of
from revertant.planning.coding_sequences import coding_sequences, no_sequence
from revertant.planning.copies import genes_stated
from revertant.planning.inquiry import Inquiry
from revertant.planning.reads import index_of_reads, with_copies_from_reads
from revertant.planning.tumour.tables import TumourTables, read_tumour_tables, tumour_files
from revertant.variant import VcfCalls, read_calls

__all__ = [
    "Inputs",
    "OpenedFiles",
    "Progress",
    "file_digest",
    "no_progress",
    "open_files",
    "open_inputs",
    "without_genome",
]

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
        The reference genome and the gene models. Without a genome they hold the coding sequences of the case's
        genes and nothing else (:func:`revertant.planning.coding_sequences`).
    vcf
        What the patient's VCF says; ``None`` when none was given.
    vcf_path
        Where that VCF lies, for rsIDs; empty when none was given.
    digests
        One digest for each input file.
    inquiry
        What was asked without a patient; ``None`` for a case of a person.
    has_genome
        Whether a reference genome was given. Without one, nothing that acts on the genome is judged.
    tumour
        What was measured of a tumour; ``None`` for a case that asks for no cell therapy.
    phenopacket
        Text of the phenopacket that the case was read from; empty when it was read from none.
    paths
        Where each input of ``digests`` lies, in their order; empty when the inputs were made without files.
    trials_path
        Where the store of clinical trials lies; empty when none was given.
    """

    case: Case
    reference: Reference
    models: GeneModels
    vcf: VcfCalls | None = None
    vcf_path: str = ""
    digests: tuple[InputDigest, ...] = ()
    inquiry: Inquiry | None = None
    has_genome: bool = True
    tumour: TumourTables | None = None
    phenopacket: str = field(default="", repr=False)
    paths: tuple[str, ...] = field(default=(), repr=False)
    trials_path: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """The genome files of a command, opened; what was not named is ``None``."""

    reference: Reference
    models: GeneModels | None = None
    vcf: VcfCalls | None = None


def open_files(
    reference: str, models: str = "", vcf: str = "", sample: str = "", *, progress: Progress = no_progress
) -> OpenedFiles:
    """Open a reference and, where they are named, gene models and one person's calls.

    Parameters
    ----------
    reference, models, vcf
        Paths; all but the first may be empty.
    sample
        Name of the person's column in the VCF; may be empty when it has one.
    progress
        Told what is being read.

    Raises
    ------
    UsageError
        When a sample is named, but no VCF.
    RevertantError
        Whatever is wrong with a file.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     opened = open_files(str(folder / "loci.GRCh38.fa"))
    >>> opened.reference.total_bases, opened.models, opened.vcf
    (3891, None, None)
    """
    if sample and not vcf:
        raise UsageError(
            f"A sample {sample!r} is named, but no VCF.",
            remedy="Pass --vcf too, or leave --sample out.",
            code="no-vcf",
        )
    progress("reading reference", 0.0)
    opened = Reference.open(reference, progress)
    progress("reading gene models", 0.3)
    gene_models = load_gene_models(models, opened) if models else None
    progress("reading VCF", 0.6)
    calls = read_calls(vcf, opened, sample, progress=progress) if vcf else None
    progress("reading", 1.0)
    return OpenedFiles(opened, gene_models, calls)


def open_inputs(
    case: Case,
    case_path: Path | None = None,
    *,
    reference: str = "",
    models: str = "",
    vcf: str = "",
    sample: str = "",
    inquiry: Inquiry | None = None,
    progress: Progress = no_progress,
) -> Inputs:
    """Open the files a case needs; what the caller names wins over what the case names.

    Parameters
    ----------
    case, case_path
        The case and, for its digest, the file it was read from.
    reference, models, vcf, sample
        Paths and sample name that override ``case.files``.
    inquiry
        What the case was made from where it is nobody's (:func:`revertant.planning.case_of`).
    progress
        Told what is being read.

    Raises
    ------
    UsageError
        Code ``no-models`` when a reference is named and no gene models; ``no-reference`` when gene models or a VCF are
        named without a reference, or when nothing is known of a gene without one.
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
    digests: list[InputDigest] = []
    paths: list[str] = []

    def note(role: str, path: Path, sha256: str = "") -> None:
        digests.append(InputDigest(role, path.name, sha256 or file_digest(path)))
        paths.append(str(path))

    phenopacket = ""
    if case_path is not None:
        note("case", case_path)
        if packet := phenopacket_of(case_path):
            phenopacket = packet.read_text(encoding="utf-8-sig")
            if packet.absolute() != case_path.absolute():
                note("phenopacket", packet)
    if files.reads:
        case = with_copies_from_reads(case, files.reads, reference_path, progress)
        if index := index_of_reads(files.reads):
            note("index of reads", index)
    is_tumour = inquiry is None and is_tumour_case(case)
    tumour = read_tumour_tables(files) if is_tumour else None
    for role, path in tumour_files(files) if is_tumour else ():
        note(role, path)
    if not reference_path:
        for name, given in (("gene models", models_path), ("a VCF", vcf_path), ("a sample", sample)):
            if given:
                raise _no_reference(name)
        if is_tumour:
            opened_without = Inputs(
                case, *no_sequence(), digests=tuple(digests), has_genome=False, tumour=tumour
            )
        else:
            opened_without = without_genome(case, inquiry, tuple(digests))
        return replace(opened_without, phenopacket=phenopacket, paths=tuple(paths))
    if not models_path and not is_tumour:
        raise UsageError(
            "No gene models are named.",
            remedy="Pass --models GTF (or GFF3, genePred) or set files.models in case.yaml.",
            code="no-models",
        )
    opened = open_files(
        reference_path,
        models_path,
        vcf_path,
        # Without a VCF, only a sample the caller names is a mistake; a case file may always name one.
        sample or (files.sample if vcf_path else ""),
        progress=progress,
    )
    note("reference", Path(reference_path), opened.reference.sha256)
    if opened.models is not None:
        note("gene models", Path(models_path), opened.models.sha256)
    if vcf_path:
        note("vcf", Path(vcf_path))
    models_held = opened.models if opened.models is not None else no_sequence()[1]
    return Inputs(
        case,
        opened.reference,
        models_held,
        opened.vcf,
        vcf_path,
        tuple(digests),
        inquiry,
        tumour=tumour,
        phenopacket=phenopacket,
        paths=tuple(paths),
    )


def _no_reference(name: str) -> UsageError:
    return UsageError(
        f"No reference genome is named, but {name} is.",
        remedy="Pass --reference FASTA or set files.reference in case.yaml "
        "('revertant reference fetch grch38' downloads one).",
        code="no-reference",
    )


def without_genome(
    case: Case, inquiry: Inquiry | None = None, digests: tuple[InputDigest, ...] = ()
) -> Inputs:
    """Make the inputs of a case, or of an inquiry, that names no reference genome.

    Parameters
    ----------
    case, inquiry
        Their genes decide which coding sequences stand for the genome.
    digests
        Of the files that were read.

    Raises
    ------
    UsageError
        Code ``no-reference`` when nothing is known of a gene without a reference.

    Examples
    --------
    >>> from revertant.planning.inquiry import case_of
    >>> asked = Inquiry(gene="SMN1", adds_gene=True)
    >>> inputs = without_genome(case_of(asked), asked)
    >>> inputs.has_genome, inputs.reference.contigs
    (False, ('NM_000344.4',))
    """
    if inquiry is not None and inquiry.region:
        raise _no_reference("a region")
    symbols = [inquiry.gene_asked] if inquiry is not None and inquiry.gene_asked else []
    symbols += genes_stated(case)
    if inquiry is None and not (symbols or case.variants) and complex_routes_for(case.diseases):
        reference, models = no_sequence()
    else:
        reference, models = coding_sequences(symbols, inquiry.transgene if inquiry else None)
    return Inputs(case, reference, models, digests=digests, inquiry=inquiry, has_genome=False)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     file_digest(Path(empty.name))[:16]
    'e3b0c44298fc1c14'
    """
    try:
        return sha256_of(path)
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).", where=str(path)) from error
