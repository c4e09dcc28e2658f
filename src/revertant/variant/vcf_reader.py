"""Records of one sample to calls: one pass, one reason for each record that is not used."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import CallTable, Reference, builds, contig_name
from revertant.genome.build import ENOUGH_VARIANTS, NEEDED_AGREEMENT
from revertant.model import Call, Locus, Sex, Variant
from revertant.sequence import is_dna
from revertant.variant.genotype import AlleleNumberError, Genotype, GenotypeError, parse_genotype
from revertant.variant.limits import is_count, shown
from revertant.variant.normalise import normalise, steps_left

__all__ = ["DUPLICATE", "DUPLICATE_DIFFERENT", "PER_CONTIG", "RecordReader"]

DUPLICATE = "duplicate record"
DUPLICATE_DIFFERENT = "duplicate record with another genotype"
_BASES = frozenset("ACGT")
PER_CONTIG = 2000  # single-base records per contig whose REF goes into the build check, carried or not
_ENOUGH_X = 20  # X genotypes outside the pseudoautosomal regions needed for a hint of sex


@dataclass(frozen=True, slots=True)
class _Record:
    """What is needed of one record once its place and alleles are known to be usable."""

    contig: str
    start: int
    ref: str
    alts: tuple[str, ...]
    genotype: Genotype
    phase_set: str | None


@dataclass(slots=True)
class RecordReader:
    """The state of one pass over the records of a VCF.

    Parameters
    ----------
    reference
        The reference the calls were made on.
    name
        The file's name, for messages.
    column
        0-based column of the sample.
    width
        How many columns each record must have.
    regions
        Keep only records that touch these; all when ``None``.
    keep_filtered
        Keep records whose FILTER says something else than PASS.
    """

    reference: Reference
    name: str
    column: int
    width: int
    regions: tuple[Locus, ...] | None
    keep_filtered: bool
    calls: dict[tuple[Variant, int], Call] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    partial: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    half_calls: int = 0
    unsorted: int = 0
    extent: dict[str, tuple[int, int]] = field(default_factory=dict)
    contigs: dict[str, str] = field(default_factory=dict)
    snvs: list[tuple[str, int, str]] = field(default_factory=list)
    _snvs_on: Counter[str] = field(default_factory=Counter)
    _agreed: Counter[str] = field(default_factory=Counter)
    _mismatched: Counter[str] = field(default_factory=Counter)
    _denied: array[int] = field(default_factory=lambda: array("q"))
    _haploid_x: int = 0
    _heterozygous_x: int = 0
    _last: tuple[str, int] = ("", 0)

    def take(self, line: str, number: int) -> None:
        """Account for one line.

        Raises
        ------
        InputError
            When the line is no sound record.
        """
        if not line or line.startswith("#"):
            return
        columns = line.count("\t") + 1
        if columns != self.width:
            raise self._bad(f"The record has {columns} columns, the header {self.width}.", number)
        # The sample columns stay one text until a record is known to be of use: there may be thousands of them.
        fields = line.split("\t", 9)
        if not is_count(fields[1]):
            raise self._bad(f"POS is {shown(fields[1])!r}, not a position.", number)
        reason = self._use(fields, number)
        if reason:
            self.refused[reason] += 1
        else:
            self.kept += 1

    def _use(self, fields: Sequence[str], number: int) -> str:
        """Turn a record into calls; returns the reason when none came of it."""
        placed = self._placed(fields)
        if isinstance(placed, str):
            return placed
        contig, start, ref, alts = placed
        if not is_dna(ref) or not ref:
            return "REF holds letters other than A, C, G, T"
        keys = self._keys(fields, number)
        if "GT" not in keys:
            return "no GT in FORMAT"
        sample = fields[9].split("\t", self.column - 8)[self.column - 9]
        values = dict(zip(keys, sample.split(":"), strict=False))
        try:
            genotype = parse_genotype(values.get("GT", "."))
        except AlleleNumberError as error:
            raise self._bad(f"GT cannot be used: {error}.", number) from error
        except GenotypeError as error:
            return str(error)
        phase_set = _phase_set(genotype, contig, start, values.get("PS", "."))
        return self._use_genotype(_Record(contig, start, ref, alts, genotype, phase_set), number)

    def _placed(self, fields: Sequence[str]) -> str | tuple[str, int, str, tuple[str, ...]]:
        """Contig, start, REF and ALTs of a record on the reference, or the reason why it is not used."""
        start, ref = int(fields[1]) - 1, fields[3].upper()
        contig = self._contig(fields[0])
        self._note_order(fields[0], start)
        if not contig:
            return "contig is not in the reference"
        if start < 0 or not self.reference.covers(Locus(contig, start, start + len(ref))):
            return "outside the reference windows"
        low, high = self.extent.get(contig, (start, start))
        self.extent[contig] = min(low, start), max(high, start + len(ref))
        if self.regions is not None and not self._in_regions(contig, start, len(ref)):
            return "outside the asked regions"
        self._note_snv(contig, start, ref)
        if fields[6] not in {"PASS", ".", ""} and not self.keep_filtered:
            return f"FILTER is not PASS ({shown(fields[6])})"
        alts = tuple(fields[4].upper().split(","))
        return "no ALT allele" if alts == (".",) else (contig, start, ref, alts)

    def _keys(self, fields: Sequence[str], number: int) -> list[str]:
        """What the sample columns hold."""
        keys = fields[8].split(":")
        twice = [key for key in ("GT", "PS") if "GT" in keys and keys.count(key) > 1]
        if twice:
            raise self._bad(f"FORMAT names {twice[0]} twice, so what it says is not certain.", number)
        return keys

    def _use_genotype(self, record: _Record, number: int) -> str:
        carried = record.genotype.carried
        if carried and carried[-1] > len(record.alts):
            raise self._bad(
                f"GT names allele {carried[-1]} but there are {len(record.alts)} ALT alleles.", number
            )
        self._note_sex(record)
        self._note_denied(record)
        if not carried:
            is_missing = all(allele is None for allele in record.genotype.alleles)
            return "genotype is missing" if is_missing else "only the reference allele is carried"
        found = [self._called(record, allele) for allele in carried]
        return self._account(found, number, is_half=record.genotype.is_half_called)

    def _account(self, found: Sequence[Call | str], number: int, *, is_half: bool) -> str:
        """Keep the calls of a record; returns the reason when none could be kept."""
        lost = [reason for one in found if (reason := one if isinstance(one, str) else self._add(one))]
        if len(lost) == len(found):
            return lost[0]
        self.partial.update(lost)
        self.half_calls += is_half
        return ""

    def _called(self, record: _Record, allele: int) -> Call | str:
        """One allele as a call, or the reason why it cannot be one."""
        found = self._normalised(record.contig, record.start, record.ref, record.alts[allele - 1])
        if isinstance(found, str):
            return found
        variant, moved = found
        copies = tuple(copy == allele for copy in record.genotype.alleles)
        return Call(variant, copies, None if all(copies) else record.phase_set, moved=moved)

    def _add(self, call: Call) -> str:
        """Keep a call; returns the reason when the file has called its variant in that place before."""
        earlier = self.calls.setdefault((call.variant, call.moved), call)
        if earlier is call:
            return ""
        return DUPLICATE if earlier.copies == call.copies else DUPLICATE_DIFFERENT

    def _normalised(self, contig: str, start: int, ref: str, alt: str) -> tuple[Variant, int] | str:
        """The variant an allele is and how far left it was moved, or the reason why it is none to be used."""
        if not is_dna(alt) or not alt:
            return _why_not_bases(alt)
        if alt == ref:
            return "ALT is the same as REF"
        written = Variant(contig, start, ref, alt)
        try:
            variant = normalise(written, self.reference)
        except IncompatibleInputsError:
            self._mismatched[contig] += 1
            return "REF does not match the reference"
        self._agreed[contig] += 1
        return variant, steps_left(written, variant)

    def _note_denied(self, record: _Record) -> None:
        """Remember the alleles that both copies are called not to be, to compare them with the calls."""
        if None in record.genotype.alleles:
            return
        for number, alt in enumerate(record.alts, start=1):
            if number in record.genotype.alleles:
                continue
            # Files of many samples deny far more than one person carries: eight bytes for each suffice.
            if record.ref in _BASES and alt in _BASES:  # a substitution of one base has one spelling
                self._deny(record.contig, record.start, record.ref, alt)
            elif alt and alt != record.ref and is_dna(alt):
                try:
                    one = normalise(Variant(record.contig, record.start, record.ref, alt), self.reference)
                except IncompatibleInputsError:
                    continue
                self._deny(one.contig, one.start, one.ref, one.alt)

    def _deny(self, contig: str, start: int, ref: str, alt: str) -> None:
        self._denied.append(hash((contig, start, ref, alt)))

    def table(self) -> CallTable:
        """Every call, sorted by variant; to be asked for once, when all records are read."""
        return CallTable.of(self.calls[key] for key in sorted(self.calls))

    def conflicts(self) -> int:
        """How often the file calls a variant it has called already, with another genotype or as not there."""
        carried = {hash((one.contig, one.start, one.ref, one.alt)) for one, _ in self.calls}
        denied = sum(one in carried for one in self._denied)
        return self.refused[DUPLICATE_DIFFERENT] + denied

    def _contig(self, name: str) -> str:
        """The reference's spelling; empty when it does not hold the contig.

        An accession of another build is a wrong build, which the reference says; other names are counted.
        """
        if name not in self.contigs:
            try:
                self.contigs[name] = self.reference.canonical_contig(name)
            except IncompatibleInputsError as error:
                if error.code == "wrong-build":
                    raise
                self.contigs[name] = ""
        return self.contigs[name]

    def _in_regions(self, contig: str, start: int, size: int) -> bool:
        record = Locus(contig, start, start + size)
        return any(record.overlaps(region) for region in self.regions or ())

    def _note_order(self, contig: str, start: int) -> None:
        before, at = self._last
        self.unsorted += contig == before and start < at
        self._last = contig, start

    def _note_snv(self, contig: str, start: int, ref: str) -> None:
        if ref in _BASES and self._snvs_on[contig] < PER_CONTIG:
            self._snvs_on[contig] += 1
            self.snvs.append((contig, start, ref))

    def _note_sex(self, record: _Record) -> None:
        meant = contig_name(record.contig)
        if meant is None or meant.name != "X" or not self.reference.build:
            return
        regions = builds()[self.reference.build].par
        if any(name == "X" and low <= record.start < high for name, low, high in regions):
            return
        self._haploid_x += len(record.genotype.alleles) == 1
        self._heterozygous_x += len(set(record.genotype.alleles) - {None}) == 2

    def _bad(self, what: str, number: int) -> InputError:
        remedy = "The file is damaged, cut short or not tab-separated: get it again, or mend this line."
        return InputError(what, where=f"{self.name}:{number}", remedy=remedy, code="bad-vcf-record")

    def check_contigs(self) -> None:
        """Refuse a file none of whose contigs the reference holds.

        Raises
        ------
        IncompatibleInputsError
            Code ``no-common-contig``.
        """
        if not self.contigs or any(self.contigs.values()):
            return
        names, ours = ", ".join(map(shown, list(self.contigs)[:5])), ", ".join(self.reference.contigs[:8])
        raise IncompatibleInputsError(
            f"No contig of the VCF ({names}) is in the reference.",
            where=self.name,
            remedy=f"The reference has: {ours}. Use the matching reference.",
            code="no-common-contig",
        )

    def check_alleles(self) -> None:
        """Judge every carried allele, since the build check sees only a part of a large file.

        Raises
        ------
        IncompatibleInputsError
            Code ``wrong-build``.
        """
        for contig, wrong in self._mismatched.items():
            tried = wrong + self._agreed[contig]
            if tried >= ENOUGH_VARIANTS and wrong > (1 - NEEDED_AGREEMENT) * tried:
                raise IncompatibleInputsError(
                    f"REF disagrees with the reference at {wrong} of {tried} carried alleles on {contig}.",
                    where=self.name,
                    remedy="Use the reference the variants were called on.",
                    code="wrong-build",
                )

    def sex_hint(self) -> Sex:
        """What the genotypes on X, outside the pseudoautosomal regions, say."""
        if self._haploid_x >= _ENOUGH_X and not self._heterozygous_x:
            return Sex.MALE
        if self._heterozygous_x >= _ENOUGH_X and not self._haploid_x:
            return Sex.FEMALE
        return Sex.UNKNOWN


def _phase_set(genotype: Genotype, contig: str, start: int, named: str) -> str | None:
    if genotype.is_phased:
        return contig if named in {".", ""} else f"{contig}:{named}"
    return f"{contig}:record {start + 1}" if len(genotype.carried) > 1 else None


def _why_not_bases(alt: str) -> str:
    if alt == "*":
        return "star allele: an upstream deletion covers the place"
    if alt.startswith("<"):
        return "symbolic allele"
    if "[" in alt or "]" in alt or alt.startswith(".") or alt.endswith("."):
        return "breakend or missing ALT"
    return "ALT holds letters other than A, C, G, T"
