"""One person's VCF to calls: normalised, phased where the file says so, with an account of every record.

What becomes of a record:

* A FILTER other than ``PASS`` or ``.`` refuses it, unless the caller asks to keep such records.
* Multi-allelic records are split. Star, symbolic, breakend and missing alleles are refused with their reason.
* ``|`` phases within PS, or within the contig where the record has no PS. The alleles of an unphased
  ``1/2`` are known to lie on opposite copies, so they share a phase set of their own.
* A half-call (``./1``) is kept as a heterozygote whose other copy is unknown, and a finding counts them.
* Records outside the reference are counted, not used. REF is checked everywhere else; a record that
  disagrees is refused, and when more than 1 % of single-base records disagree the build is wrong and
  nothing is used.

The file is read as a stream, one sample out of any number, sorted or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference, builds, check_build, contig_name
from revertant.genome.build import ENOUGH_VARIANTS, NEEDED_AGREEMENT
from revertant.model import Call, Finding, Locus, Sex, Status, Tally, Variant
from revertant.sequence import is_dna
from revertant.variant.genotype import Genotype, GenotypeError, parse_genotype
from revertant.variant.normalise import normalise
from revertant.variant.vcf_lines import VcfHeader, read_header, vcf_lines

__all__ = ["VcfCalls", "read_calls"]

_PER_CONTIG = 2000  # single-base records per contig whose REF goes into the build check, carried or not
_PROGRESS_EVERY = 20_000
_ENOUGH_X = 20  # X genotypes outside the pseudoautosomal regions needed for a hint of sex


@dataclass(frozen=True, slots=True)
class VcfCalls:
    """What one sample of a VCF carries.

    Parameters
    ----------
    calls
        Normalised calls, sorted.
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
    """

    calls: tuple[Call, ...]
    tally: Tally
    sample: str
    findings: tuple[Finding, ...] = ()
    not_used: tuple[tuple[str, int], ...] = ()
    sex_hint: Sex = Sex.UNKNOWN
    name: str = ""


def read_calls(
    path: Path | str,
    reference: Reference,
    sample: str = "",
    *,
    regions: Iterable[Locus] | None = None,
    keep_filtered: bool = False,
    progress: Callable[[str, float], None] | None = None,
) -> VcfCalls:
    """Read what one sample of a VCF carries.

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
    """
    place = Path(path)
    lines = vcf_lines(place)
    header = read_header(lines, place.name)
    column = _sample_column(header, sample, place.name)
    reader = _Reader(
        reference, place.name, column, None if regions is None else tuple(regions), keep_filtered
    )
    size = place.stat().st_size
    seen = 0
    for number, line in enumerate(lines, start=header.lines + 1):
        reader.take(line, number)
        if progress is not None:
            seen += len(line)
            if number % _PROGRESS_EVERY == 0:
                # Text is longer than a compressed file; the share is only ever shown, so a ceiling is enough.
                progress("reading VCF", min(0.99, seen / max(1, size) / 5))
    if progress is not None:
        progress("reading VCF", 1.0)
    return reader.finish(header.samples[column - 9])


def _sample_column(header: VcfHeader, sample: str, name: str) -> int:
    samples = header.samples
    shown = ", ".join(samples[:8]) + (f" and {len(samples) - 8} more" if len(samples) > 8 else "")
    if not samples:
        raise InputError(
            "The VCF has no sample column: it lists sites, not a person's genotypes.",
            where=name,
            remedy="Give the patient's own VCF.",
            code="no-samples",
        )
    if not sample and len(samples) > 1:
        raise InputError(
            f"The VCF has {len(samples)} samples and none was named.",
            where=name,
            remedy=f"Name one of: {shown}.",
            code="ambiguous-sample",
        )
    if sample and sample not in samples:
        raise InputError(
            f"The VCF has no sample {sample!r}.",
            where=name,
            remedy=f"It has: {shown}.",
            code="unknown-sample",
        )
    return 9 + (samples.index(sample) if sample else 0)


@dataclass(slots=True)
class _Reader:
    """The state of one pass over the records."""

    reference: Reference
    name: str
    column: int
    regions: tuple[Locus, ...] | None
    keep_filtered: bool
    calls: dict[Variant, Call] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    partial: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    half_calls: int = 0
    unsorted: int = 0
    contigs: dict[str, str] = field(default_factory=dict)
    snvs: list[tuple[str, int, str]] = field(default_factory=list)
    snvs_on: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    mismatched: Counter[str] = field(default_factory=Counter)
    haploid_x: int = 0
    heterozygous_x: int = 0
    last: tuple[str, int] = ("", 0)

    def take(self, line: str, number: int) -> None:
        """Account for one line."""
        if not line or line.startswith("#"):
            return
        fields = line.split("\t", self.column + 1)
        if len(fields) <= self.column:
            raise self._bad(f"The record has {len(fields)} columns, not {self.column + 1} or more.", number)
        if not (fields[1].isascii() and fields[1].isdigit()):
            raise self._bad(f"POS is {fields[1]!r}, not a number.", number)
        reason = self._use(fields, number)
        if reason:
            self.refused[reason] += 1
        else:
            self.kept += 1

    def _use(self, fields: Sequence[str], number: int) -> str:
        """Turn a record into calls; returns the reason when none came of it."""
        position, ref = int(fields[1]), fields[3].upper()
        contig = self._contig(fields[0])
        self._note_order(fields[0], position)
        if not contig:
            return "contig is not in the reference"
        if position < 1 or not self.reference.covers(Locus(contig, position - 1, position - 1 + len(ref))):
            return "outside the reference windows"
        if self.regions is not None and not self._in_regions(contig, position - 1, len(ref)):
            return "outside the asked regions"
        if len(ref) == 1 and self.snvs_on[contig] < _PER_CONTIG:
            self.snvs_on[contig] += 1
            self.snvs.append((contig, position - 1, ref))
        if fields[6] not in {"PASS", ".", ""} and not self.keep_filtered:
            return f"FILTER is not PASS ({fields[6]})"
        alts = fields[4].upper().split(",")
        if alts == ["."]:
            return "no ALT allele"
        if not is_dna(ref) or not ref:
            return "REF holds letters other than A, C, G, T"
        return self._use_genotype(fields, contig, position - 1, ref, alts, number)

    def _use_genotype(
        self, fields: Sequence[str], contig: str, start: int, ref: str, alts: Sequence[str], number: int
    ) -> str:
        keys = fields[8].split(":")
        if "GT" not in keys:
            return "no GT in FORMAT"
        values = fields[self.column].split(":")
        at = keys.index("GT")
        try:
            genotype = parse_genotype(values[at] if at < len(values) else ".")
        except GenotypeError as error:
            return str(error)
        carried = sorted({allele for allele in genotype.alleles if allele})
        if carried and carried[-1] > len(alts):
            raise self._bad(f"GT names allele {carried[-1]} but there are {len(alts)} ALT alleles.", number)
        self._note_sex(contig, start, genotype)
        if not carried:
            is_missing = all(allele is None for allele in genotype.alleles)
            return "genotype is missing" if is_missing else "only the reference allele is carried"
        phase_set = self._phase_set(keys, values, genotype, contig, start, len(carried))
        reasons = [
            self._add(contig, start, ref, alts[allele - 1], allele, genotype, phase_set) for allele in carried
        ]
        lost = [reason for reason in reasons if reason]
        if len(lost) == len(reasons):
            return lost[0]
        self.partial.update(lost)
        self.half_calls += genotype.is_half_called
        return ""

    def _add(
        self,
        contig: str,
        start: int,
        ref: str,
        alt: str,
        allele: int,
        genotype: Genotype,
        phase_set: str | None,
    ) -> str:
        """Add one allele as a call; returns the reason when it cannot be one."""
        if not is_dna(alt) or not alt:
            return _why_not_bases(alt)
        if alt == ref:
            return "ALT is the same as REF"
        try:
            variant = normalise(Variant(contig, start, ref, alt), self.reference)
        except IncompatibleInputsError:
            self.mismatched[contig] += 1
            return "REF does not match the reference"
        self.agreed[contig] += 1
        copies = tuple(copy == allele for copy in genotype.alleles)
        call = Call(variant, copies, None if all(copies) else phase_set)
        earlier = self.calls.setdefault(variant, call)
        if earlier is not call:
            return (
                "duplicate record" if earlier.copies == copies else "duplicate record with another genotype"
            )
        return ""

    def _phase_set(
        self,
        keys: Sequence[str],
        values: Sequence[str],
        genotype: Genotype,
        contig: str,
        start: int,
        alleles: int,
    ) -> str | None:
        if genotype.is_phased:
            at = keys.index("PS") if "PS" in keys else len(values)
            named = values[at] if at < len(values) else "."
            return contig if named in {".", ""} else f"{contig}:{named}"
        return f"{contig}:record {start + 1}" if alleles > 1 else None

    def _contig(self, name: str) -> str:
        if name not in self.contigs:
            known = self.reference.has_contig(name)
            self.contigs[name] = (
                self.reference.canonical_contig(name) if known else self._unknown_contig(name)
            )
        return self.contigs[name]

    def _unknown_contig(self, name: str) -> str:
        """An accession of another build is a wrong build, as the reference says; other names are counted."""
        try:
            return self.reference.canonical_contig(name)
        except IncompatibleInputsError as error:
            if error.code == "wrong-build":
                error.where = f"{self.name}: {error.where}"
                raise
        return ""

    def _in_regions(self, contig: str, start: int, size: int) -> bool:
        record = Locus(contig, start, start + size)
        return any(record.overlaps(region) for region in self.regions or ())

    def _note_order(self, contig: str, position: int) -> None:
        before, at = self.last
        self.unsorted += contig == before and position < at
        self.last = contig, position

    def _note_sex(self, contig: str, start: int, genotype: Genotype) -> None:
        meant = contig_name(contig)
        if meant is None or meant.name != "X" or not self.reference.build:
            return
        regions = builds()[self.reference.build].par
        if any(name == "X" and low <= start < high for name, low, high in regions):
            return
        self.haploid_x += len(genotype.alleles) == 1
        called = {allele for allele in genotype.alleles if allele is not None}
        self.heterozygous_x += len(called) == 2

    def _bad(self, what: str, number: int) -> InputError:
        remedy = "The file is damaged, cut short or not tab-separated: get it again, or mend this line."
        return InputError(what, where=f"{self.name}:{number}", remedy=remedy, code="bad-vcf-record")

    def finish(self, sample: str) -> VcfCalls:
        """Check the build and close the account."""
        read = self.kept + self.refused.total()
        if read and not any(self.contigs.values()):
            names, ours = ", ".join(list(self.contigs)[:5]), ", ".join(self.reference.contigs[:8])
            raise IncompatibleInputsError(
                f"No contig of the VCF ({names}) is in the reference.",
                where=self.name,
                remedy=f"The reference has: {ours}. Use the matching reference.",
                code="no-common-contig",
            )
        build = check_build(self.reference, self.snvs)
        self._check_alleles()
        calls = tuple(self.calls[variant] for variant in sorted(self.calls))
        return VcfCalls(
            calls,
            Tally("VCF records", read, self.kept, tuple(sorted(self.refused.items()))),
            sample,
            (build, *_findings(calls, self)),
            tuple(sorted((self.refused + self.partial).items())),
            self._sex(),
            self.name,
        )

    def _check_alleles(self) -> None:
        """Judge every carried allele too: the build check sees only a part of a large file."""
        for contig, wrong in self.mismatched.items():
            tried = wrong + self.agreed[contig]
            if tried >= ENOUGH_VARIANTS and wrong > (1 - NEEDED_AGREEMENT) * tried:
                raise IncompatibleInputsError(
                    f"REF disagrees with the reference at {wrong} of {tried} carried alleles on {contig}.",
                    where=self.name,
                    remedy="Use the reference the variants were called on.",
                    code="wrong-build",
                )

    def _sex(self) -> Sex:
        if self.haploid_x >= _ENOUGH_X and not self.heterozygous_x:
            return Sex.MALE
        if self.heterozygous_x >= _ENOUGH_X and not self.haploid_x:
            return Sex.FEMALE
        return Sex.UNKNOWN


def _why_not_bases(alt: str) -> str:
    if alt == "*":
        return "star allele: an upstream deletion covers the place"
    if alt.startswith("<"):
        return "symbolic allele"
    if "[" in alt or "]" in alt or alt.startswith(".") or alt.endswith("."):
        return "breakend or missing ALT"
    return "ALT holds letters other than A, C, G, T"


def _findings(calls: Sequence[Call], reader: _Reader) -> list[Finding]:
    heterozygous = [call for call in calls if call.is_heterozygous]
    phased = sum(call.is_phased for call in heterozygous)
    if not heterozygous:
        phase = Finding("vcf.phase", Status.NOT_APPLICABLE, "The VCF holds no heterozygous calls here.")
    else:
        is_whole = phased == len(heterozygous)
        because = (
            "All heterozygous calls are phased."
            if is_whole
            else "Some heterozygous calls are unphased; every combination they allow is considered."
        )
        value = f"{phased} of {len(heterozygous)} heterozygous calls"
        phase = Finding("vcf.phase", Status.PASS if is_whole else Status.CAUTION, because, value)
    findings = [phase]
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
    if reader.unsorted:
        because = "The VCF is not sorted; its calls were sorted here."
        findings.append(
            Finding("vcf.sorted", Status.CAUTION, because, f"{reader.unsorted} records out of order")
        )
    return findings
