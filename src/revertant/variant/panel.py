"""A panel of many people, or a list of sites, read as a stream: runs of neighbouring alleles.

What becomes of a record is what :mod:`revertant.variant.vcf` says, with these differences, since nothing may
be guessed about whole populations:

* The file has to be sorted within each contig; one that is not is refused.
* A copy that was not called, or that has an allele which is not spelt out in bases (symbolic, breakend, REF
  that disagrees), is unknown over that stretch. It is never taken for the reference.
* A star allele is known where the copy carries the deletion it points at.
* Two records of one variant that contradict each other leave the copies they differ in unknown.

A file without sample columns gives each allele alone, with the counts its INFO column has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import IncompatibleInputsError
from revertant.genome import Reference, check_build
from revertant.model import Finding, Status, Tally
from revertant.variant.panel_records import PanelRecords
from revertant.variant.panel_runs import HOLD_BACK, MOST_ALLELES, PanelRun, RunBuilder
from revertant.variant.vcf import check_header_build
from revertant.variant.vcf_lines import ends_whole, read_header, vcf_lines

__all__ = ["NOT_SEARCHED", "PanelAccount", "PanelReader"]

#: Reasons that stand for a symbolic or structural allele: counted, and not searched.
NOT_SEARCHED = ("symbolic allele", "breakend or missing ALT")

_PROGRESS_EVERY = 200


@dataclass(frozen=True, slots=True)
class PanelAccount:
    """What was read of a panel, and what not.

    Parameters
    ----------
    tally
        The account of the records.
    findings
        Build check and what a reader of a report should know of the file.
    not_used
        ``(reason, count)`` of records refused, of single alleles refused in records that were kept, and of
        single genotypes that could not be read.
    extent
        ``(contig, start, end)`` from the first to the last record on the reference. 0-based, half-open.
    alleles
        Alleles used.
    """

    tally: Tally
    findings: tuple[Finding, ...]
    not_used: tuple[tuple[str, int], ...]
    extent: tuple[tuple[str, int, int], ...]
    alleles: int


class PanelReader:
    r"""One pass over a multi-sample or sites-only VCF.

    Parameters
    ----------
    path
        Plain, gzip or BGZF VCF, sorted.
    reference
        The reference the calls were made on.
    keep_filtered
        Keep records whose FILTER says something else than PASS.

    Raises
    ------
    InputError
        When the file is cut short, damaged or malformed.
    IncompatibleInputsError
        Code ``wrong-build`` when the header says so.

    Examples
    --------
    >>> import tempfile
    >>> columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tann\tben"
    >>> records = ["1\t2\t.\tC\tT\t.\tPASS\t.\tGT\t0|1\t0|0", "1\t4\t.\tT\tA\t.\tPASS\t.\tGT\t0|1\t.|."]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "panel.vcf")
    ...     _ = path.write_text("\n".join(["##fileformat=VCFv4.3", columns, *records, ""]))
    ...     reader = PanelReader(path, Reference.from_sequences({"chr1": "ACGTACGT"}))
    ...     [run] = reader.runs(reach=4)
    >>> [str(variant) for variant in run.variants], run.genotypes.tolist()
    (['chr1:2:C:T', 'chr1:4:T:A'], [[0, 0], [1, 1], [0, -1], [0, -1]])
    >>> reader.account.tally.kept
    2
    """

    def __init__(self, path: Path | str, reference: Reference, *, keep_filtered: bool = False) -> None:
        self.path = Path(path)
        self.reference = reference
        self._keep_filtered = keep_filtered
        self._lines = vcf_lines(self.path)
        self._header = read_header(self._lines, self.path.name)
        check_header_build(self._header, reference, self.path.name)
        self._account: PanelAccount | None = None

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def samples(self) -> tuple[str, ...]:
        """The samples, in column order; none for a sites-only file."""
        return self._header.samples

    @property
    def account(self) -> PanelAccount:
        """What was read; known once the runs have been read to their end."""
        if self._account is None:
            msg = "the panel has not been read to its end"
            raise ValueError(msg)
        return self._account

    def runs(self, reach: int, progress: Callable[[str, float], None] | None = None) -> Iterator[PanelRun]:
        """Read the file, once.

        Parameters
        ----------
        reach
            Alleles less than so many bases apart belong to one run.
        progress
            Called with a stage name and the share of the file read so far, from 0 to 1.

        Raises
        ------
        InputError
            When a record is not sound, or the file is not sorted (code ``unsorted-vcf``).
        IncompatibleInputsError
            Code ``wrong-build`` when REF disagrees too often, which shows at the end only: use no run before
            the last one was given. ``no-common-contig`` when nothing lies on the reference.
        """
        persons = len(self.samples)
        builder = RunBuilder(reach, persons)
        records = PanelRecords(
            self.reference,
            self.name,
            9,
            self._header.columns,
            None,
            self._keep_filtered,
            builder=builder,
            persons=persons,
        )
        size, seen = self.path.stat().st_size, 0
        for number, line in enumerate(self._lines, start=self._header.lines + 1):
            records.take(line, number)
            if records.ready:
                yield from records.ready
                records.ready.clear()
            seen += len(line)
            if progress is not None and number % _PROGRESS_EVERY == 0:
                # Text is longer than a compressed file; the share is only ever shown, so a ceiling is enough.
                progress("reading the panel", min(0.99, seen / max(1, size) / 30))
        yield from builder.rest()
        self._account = self._closed(records)
        if progress is not None:
            progress("reading the panel", 1.0)

    def _closed(self, records: PanelRecords) -> PanelAccount:
        """Check the build and close the account."""
        records.check_contigs()
        try:
            build = check_build(self.reference, records.snvs)
        except IncompatibleInputsError as error:
            error.where = self.name
            raise
        records.check_alleles()
        refused = tuple(sorted(records.refused.items()))
        not_used = tuple(sorted((records.refused + records.partial).items()))
        return PanelAccount(
            Tally("panel records", records.kept + records.refused.total(), records.kept, refused),
            (build, *self._findings(records)),
            not_used,
            tuple((contig, *records.extent[contig]) for contig in sorted(records.extent)),
            records.alleles - records.builder.given_up,
        )

    def _findings(self, records: PanelRecords) -> Iterator[Finding]:
        lost = records.refused + records.partial
        if not records.extent:
            because = "No record of the panel lies where the reference has sequence: it says nothing here."
            yield Finding("panel.coverage", Status.UNKNOWN, because)
        structural = sum(lost[reason] for reason in NOT_SEARCHED)
        if structural:
            because = (
                "Symbolic and structural alleles were not searched; copies that carry them are counted as "
                "not called where they lie."
            )
            yield Finding("panel.structural", Status.CAUTION, because, f"{structural} alleles")
        filtered = sum(count for reason, count in lost.items() if reason.startswith("FILTER"))
        if filtered:
            because = "Records that did not pass the panel's filters were left out."
            yield Finding("panel.filtered", Status.CAUTION, because, f"{filtered} records")
        mismatched = lost["REF does not match the reference"]
        if mismatched:
            because = "Alleles whose REF is not what the reference holds were left out."
            yield Finding("panel.ref_mismatch", Status.CAUTION, because, f"{mismatched} alleles")
        conflicts = lost["duplicate record with another genotype"]
        if conflicts:
            because = "Some variants are called twice with different genotypes; copies that differ count as not called."
            yield Finding("panel.conflicts", Status.CAUTION, because, f"{conflicts} records")
        if records.builder.given_up:
            places = records.builder.given_up_at
            because = f"Where more than {MOST_ALLELES:,} alleles lie within reach of each other nothing was searched."
            value = f"{records.builder.given_up} alleles from {', '.join(places[:5])} on"
            yield Finding("panel.dense", Status.UNKNOWN, because, value)
        moved = lost[f"an indel in a repeat of more than {HOLD_BACK:,} bases"]
        if moved:
            because = "Indels in very long repeats were left out: their place is too uncertain."
            yield Finding("panel.long_repeats", Status.CAUTION, because, f"{moved} alleles")
        if records.unlisted:
            because = "Some alleles come without a frequency: how many people carry their sites is unknown."
            yield Finding("panel.frequencies", Status.UNKNOWN, because, f"{records.unlisted} alleles")
        if not ends_whole(self.path):
            because = (
                "The file's last line has no line end, as when a file was cut short; check that it is whole."
            )
            yield Finding("panel.end", Status.CAUTION, because)
