"""One person's VCF to calls: normalised, phased where the file says so, with an account of every record.

What becomes of a record:

* A FILTER other than ``PASS`` or ``.`` refuses it, unless the caller asks to keep such records.
* Multi-allelic records are split. Star, symbolic, breakend and missing alleles are refused with their reason.
* ``|`` phases within PS, or within the contig where the record has no PS. The alleles of an unphased
  ``1/2`` are known to lie on opposite copies, so they share a phase set of their own.
* A half-call (``./1``) is kept as a heterozygote whose other copy is unknown, and a finding counts them.
* Indels are moved to their leftmost place, by which they are known, and keep how far they were moved: beside
  another change of the same repeat they are applied where the file has them (:mod:`revertant.genome.repeats`).
* Records outside the reference are counted, not used. REF is checked everywhere else; a record that
  disagrees is refused, and when more than 1 % of single-base records disagree the build is wrong and
  nothing is used.

The file is read as a stream, one sample out of any number, sorted or not: in blocks of lines, of which the plain
records are read at once (:mod:`revertant.variant.vcf_block`) and the others one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from revertant.errors import IncompatibleInputsError
from revertant.genome import MOST_WINDOWS, CallTable, Reference, check_build
from revertant.genome.repeat_doubts import repeated_rows
from revertant.genome.repeats import crossed_rows
from revertant.model import Finding, Locus, Sex, Status, Tally
from revertant.variant.vcf_block import BlockReader
from revertant.variant.vcf_lines import (
    VcfHeader,
    ends_whole,
    read_header,
    sample_column,
    vcf_blocks,
    vcf_lines,
)
from revertant.variant.vcf_reader import RecordReader

__all__ = ["VcfCalls", "check_header_build", "read_calls"]


@dataclass(frozen=True, slots=True)
class VcfCalls:
    """What one sample of a VCF carries.

    Parameters
    ----------
    calls
        Normalised calls, sorted; held as columns, and equal to a tuple of them.
    tally
        The account of the records.
    sample
        The column that was read.
    findings
        Build check, phase, and what a reader of a report should know of the file.
    not_used
        ``(reason, count)`` of records refused and of single alleles refused in records that were kept.
    sex_hint
        What the genotypes on X say: male when haploid, female when heterozygous; a hint, no test.
    name
        The file's name without its folder.
    extent
        ``(contig, start, end)`` from the first to the last record, whatever its genotype, for each contig
        (in the reference's spelling) that has records where the reference has sequence. 0-based, half-open.
    """

    calls: CallTable
    tally: Tally
    sample: str
    findings: tuple[Finding, ...] = ()
    not_used: tuple[tuple[str, int], ...] = ()
    sex_hint: Sex = Sex.UNKNOWN
    name: str = ""
    extent: tuple[tuple[str, int, int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "calls", CallTable.of(self.calls))

    @property
    def contigs(self) -> tuple[str, ...]:
        """Contigs on which the file says anything of this person; of all others nothing is known."""
        return tuple(contig for contig, _, _ in self.extent)


def read_calls(
    path: Path | str,
    reference: Reference,
    sample: str = "",
    *,
    regions: Iterable[Locus] | None = None,
    keep_filtered: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> VcfCalls:
    r"""Read what one sample of a VCF carries.

    Parameters
    ----------
    path
        Plain, gzip or BGZF VCF.
    reference
        The reference the calls were made on.
    sample
        The sample's name; may be left out when the file has one sample.
    regions
        Keep only records that touch these; all when ``None``.
    keep_filtered
        Keep records whose FILTER says something else than PASS.
    progress
        Called with a stage name and the share of the file read so far, from 0 to 1.

    Raises
    ------
    InputError
        When the file is cut short, damaged, malformed, or has no such sample.
    IncompatibleInputsError
        Code ``wrong-build`` when REF disagrees too often; ``no-common-contig`` when nothing lies on the
        reference.

    Examples
    --------
    >>> import tempfile
    >>> columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tpatient"
    >>> record = "1\t2\t.\tC\tT\t.\tPASS\t.\tGT\t0|1"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "patient.vcf")
    ...     _ = path.write_text("\n".join(["##fileformat=VCFv4.3", columns, record, ""]))
    ...     found = read_calls(path, Reference.from_sequences({"chr1": "ACGT"}))
    >>> [(str(call.variant), call.copies, call.phase_set) for call in found.calls]
    [('chr1:2:C:T', (False, True), 'chr1')]
    """
    place = Path(path)
    header = read_header(vcf_lines(place), place.name)
    check_header_build(header, reference, place.name)
    column = sample_column(header, sample, place.name)
    width = 9 + len(header.samples)
    kept_regions = None
    if regions is not None:
        kept_regions = tuple(replace(at, contig=reference.canonical_contig(at.contig)) for at in regions)
    reader = BlockReader(reference, place.name, column, width, kept_regions, keep_filtered)
    done = header.lines
    for block, share in vcf_blocks(place, header.lines):
        if not block:
            break
        done += reader.take_block(block, done + 1)
        if progress is not None:
            progress("reading VCF", min(0.99, share))
    else:
        # The file is at fault somewhere behind what was read: the lines up to there count, then it is said.
        for number, line in enumerate(vcf_lines(place), start=1):
            if number > done:
                reader.take(line, number)
    if progress is not None:
        progress("reading VCF", 1.0)
    return _finished(reader, place, header.samples[column - 9])


def check_header_build(header: VcfHeader, reference: Reference, name: str) -> None:
    """Refuse a file whose contig lengths are those of another build than the reference's.

    Raises
    ------
    IncompatibleInputsError
        Code ``wrong-build``.
    """
    if header.build and reference.build and header.build != reference.build:
        raise IncompatibleInputsError(
            f"The VCF's contig lengths are those of {header.build}, but the reference is {reference.build}.",
            where=name,
            remedy="Use the reference the variants were called on.",
            code="wrong-build",
        )


def _finished(reader: RecordReader, path: Path, sample: str) -> VcfCalls:
    """Check the build and close the account."""
    reader.check_contigs()
    try:
        build = check_build(reader.reference, reader.snvs)
    except IncompatibleInputsError as error:
        error.where = reader.name
        raise
    reader.check_alleles()
    calls = reader.table()
    refused = tuple(sorted(reader.refused.items()))
    return VcfCalls(
        calls,
        Tally("VCF records", reader.kept + reader.refused.total(), reader.kept, refused),
        sample,
        (build, *_findings(calls, reader, path)),
        tuple(sorted((reader.refused + reader.partial).items())),
        reader.sex_hint(),
        reader.name,
        tuple((contig, *reader.extent[contig]) for contig in sorted(reader.extent)),
    )


def _findings(calls: CallTable, reader: RecordReader, path: Path) -> list[Finding]:
    heterozygous = int(calls.is_heterozygous.sum())
    phased = int((calls.is_heterozygous & calls.is_phased).sum())
    if not heterozygous:
        phase = Finding("vcf.phase", Status.NOT_APPLICABLE, "The VCF holds no heterozygous calls here.")
    else:
        is_whole = phased == heterozygous
        because = (
            "All heterozygous calls are phased."
            if is_whole
            else "Some heterozygous calls are unphased; the combinations they allow are considered, up to"
            f" {MOST_WINDOWS} at one place."
        )
        value = f"{phased} of {heterozygous} heterozygous calls are phased"
        phase = Finding("vcf.phase", Status.PASS if is_whole else Status.CAUTION, because, value)
    findings = [phase]
    if reader.kept + reader.refused.total() and not reader.extent:
        because = (
            "No record of the VCF lies where the reference has sequence: nothing is known of this person."
        )
        findings.append(Finding("vcf.coverage", Status.UNKNOWN, because))
    if reader.half_calls:
        because = "One copy was called and the other not; what the other copy holds is unknown."
        findings.append(Finding("vcf.half_calls", Status.CAUTION, because, f"{reader.half_calls} records"))
    filtered = sum(count for reason, count in reader.refused.items() if reason.startswith("FILTER"))
    if filtered:
        because = "Records that did not pass their caller's filters were left out."
        findings.append(Finding("vcf.filtered", Status.CAUTION, because, f"{filtered} records"))
    mismatched = reader.refused["REF does not match the reference"]
    if mismatched:
        because = "Records whose REF is not what the reference holds were left out."
        findings.append(Finding("vcf.ref_mismatch", Status.CAUTION, because, f"{mismatched} records"))
    findings += _placements(calls)
    conflicts = reader.conflicts()
    if conflicts:
        because = (
            "The file calls some variants twice with different genotypes; "
            "the first call that carries them was used."
        )
        findings.append(Finding("vcf.conflicts", Status.CAUTION, because, f"{conflicts} records"))
    if reader.unsorted:
        because = "The VCF is not sorted; its calls were sorted here."
        findings.append(
            Finding("vcf.sorted", Status.CAUTION, because, f"{reader.unsorted} records out of order")
        )
    if not ends_whole(path):
        because = (
            "The file's last line has no line end, as when a file was cut short; check that it is whole."
        )
        findings.append(Finding("vcf.end", Status.CAUTION, because))
    return findings


def _placements(calls: CallTable) -> list[Finding]:
    """What to know of indels that the file does not have at their leftmost place."""
    if not calls.has_moved:
        return []
    moved = calls.moved
    crossed = crossed_rows(calls, calls.contig, moved)
    repeated = repeated_rows(calls, crossed, moved)
    findings = []
    if len(crossed.rows):
        because = (
            "Indels that are not left-aligned stand in a repeat with other changes; "
            "they are applied where the file has them."
        )
        findings.append(Finding("vcf.placement", Status.CAUTION, because, f"{len(crossed.rows)} calls"))
    if len(repeated):
        because = (
            "The file has the same indel at several places of one repeat. Each of them is applied, but perhaps "
            "one was meant: left-align and merge the records if the file was put together from others."
        )
        findings.append(Finding("vcf.repeated_indels", Status.CAUTION, because, f"{len(repeated)} calls"))
    return findings
