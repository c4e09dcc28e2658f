"""The reference genome, whole or in windows, always addressed by genomic position."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome.compression import sha256_of
from revertant.genome.contigs import builds, contig_name, recognise_build
from revertant.genome.fasta import (
    IN_MEMORY_BYTES,
    IndexedStore,
    MemoryStore,
    SequenceStore,
    check_letters,
    open_store,
)
from revertant.model import Locus

__all__ = ["Reference"]

_WINDOW = re.compile(r"(.+):([0-9]{1,12})-([0-9]{1,12})")  # longer numbers are no positions on a chromosome


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """One FASTA record laid on its contig: ``[start, end)`` of the contig is the whole record."""

    start: int
    end: int
    record: str


class Reference:
    """A reference sequence by genomic position.

    A record called ``chr11:5224656-5227595`` (1-based and inclusive, as ``samtools faidx`` writes) is a
    window of the contig ``chr11``; any other record is a whole contig. Make one with :meth:`open` or
    :meth:`from_sequences`.

    Examples
    --------
    >>> reference = Reference.from_sequences({"chr1:101-108": "ACGTacgt"})
    >>> reference.fetch("1", 102, 106), reference.covers(Locus("chr1", 100, 108))
    ('GTAC', True)
    """

    def __init__(self, store: SequenceStore, *, name: str, path: Path | None = None, build: str = "") -> None:
        self._store = store
        self._path = path
        self._sha256 = ""
        self.name = name
        self._pieces = _lay_out(store, name)
        self._aliases = _aliases(self._pieces, name)
        self._stretches = {contig: _join(pieces) for contig, pieces in self._pieces.items()}
        whole = {contig: parts[0].end for contig, parts in self._pieces.items() if parts[0].record == contig}
        self.build, self.build_basis = self._find_build(whole, build)
        facts = builds()[self.build].contigs if self.build else {}
        self.is_whole_genome = bool(facts) and all(
            whole.get(self._aliases.get(fact.name, "")) == fact.length
            for fact in facts.values()
            if fact.name != "MT"
        )

    @classmethod
    def open(
        cls,
        path: Path | str,
        progress: Callable[[str, float], None] | None = None,
        *,
        build: str = "",
        in_memory_bytes: int = IN_MEMORY_BYTES,
    ) -> Reference:
        """Open a FASTA file.

        Parameters
        ----------
        path
            Plain or BGZF FASTA (plain gzip only when small).
        progress
            Called with a stage name and a share from 0 to 1.
        build
            The build, where the caller knows it; otherwise it is recognised.
        in_memory_bytes
            Text size up to which the file is read whole; larger files are read at random through an index.

        Raises
        ------
        InputError
            When the file is no sound FASTA.
        """
        place = Path(path)
        store = open_store(place, in_memory_bytes=in_memory_bytes, progress=progress)
        return cls(store, name=place.name, path=place, build=build)

    @classmethod
    def from_sequences(
        cls, sequences: Mapping[str, str], *, name: str = "sequences in memory", build: str = ""
    ) -> Reference:
        """Make a reference of sequences in memory; names are read as in a FASTA file.

        Examples
        --------
        >>> Reference.from_sequences({"sequence": "ACGT"}).contigs
        ('sequence',)
        """
        upper = {key: bases.upper() for key, bases in sequences.items()}
        for key, bases in upper.items():
            if not bases:
                raise InputError(f"Record {key!r} has no sequence.", where=name, remedy="Give its bases.")
            check_letters(bases.encode("utf-8"), f"{name}: record {key}")
        if not upper:
            raise InputError("There is no sequence.", where=name, remedy="Give at least one record.")
        return cls(MemoryStore(upper), name=name, build=build)

    def __reduce__(self) -> tuple[object, ...]:
        """Files are opened again rather than copied, so that a reference can be sent to another process."""
        if self._path is not None and isinstance(self._store, IndexedStore):
            return _reopen, (self._path, self.build)
        return _rebuild, (self._store, self.name, self._path, self.build)

    @property
    def contigs(self) -> tuple[str, ...]:
        """Contig names as the reference spells them, in the order of the file."""
        return tuple(self._pieces)

    @property
    def windows(self) -> tuple[Locus, ...]:
        """What is covered, sorted; touching and overlapping records are joined."""
        return tuple(
            Locus(contig, start, end)
            for contig in sorted(self._stretches)
            for start, end in self._stretches[contig]
        )

    @property
    def total_bases(self) -> int:
        """How many genomic positions are covered."""
        return sum(len(locus) for locus in self.windows)

    @property
    def path(self) -> Path | None:
        """The file, ``None`` for sequences in memory."""
        return self._path

    @property
    def sha256(self) -> str:
        """Digest of the file's bytes, or of the records in memory; computed when first asked for."""
        if not self._sha256:
            self._sha256 = sha256_of(self._path) if self._path is not None else self._digest_records()
        return self._sha256

    def _digest_records(self) -> str:
        digest = hashlib.sha256()
        for record, length in self._store.lengths.items():
            digest.update(f">{record}\n{self._store.read(record, 0, length)}\n".encode())
        return digest.hexdigest()

    def has_contig(self, alias: str) -> bool:
        """Whether the reference holds (part of) this contig, under any of its names."""
        return self._spelling(alias) is not None

    def canonical_contig(self, alias: str) -> str:
        """Return the reference's own spelling of a contig.

        Raises
        ------
        IncompatibleInputsError
            Code ``unknown-contig``, or ``wrong-build`` for an accession of another build.

        Examples
        --------
        >>> Reference.from_sequences({"chr11:1-4": "ACGT"}).canonical_contig("NC_000011.10")
        'chr11'
        """
        spelling = self._spelling(alias)
        if spelling is not None:
            return spelling
        meant = contig_name(alias)
        if meant and meant.build and self.build and meant.build != self.build and meant.name in self._aliases:
            raise IncompatibleInputsError(
                f"{alias} is a contig of {meant.build}, but the reference is {self.build}.",
                where=self.name,
                remedy="Use a reference of the same build, or lift the coordinates over.",
                code="wrong-build",
            )
        shown = ", ".join(self.contigs[:8]) + (", ..." if len(self.contigs) > 8 else "")
        raise IncompatibleInputsError(
            f"The reference has no contig {alias!r}.",
            where=self.name,
            remedy=f"It has: {shown}. Use a reference that contains this contig.",
            code="unknown-contig",
        )

    def covers(self, locus: Locus) -> bool:
        """Whether every base of a locus is in the reference."""
        spelling = self._spelling(locus.contig)
        return spelling is not None and self._stretch(spelling, locus.start, locus.end) is not None

    def stretch_around(self, contig: str, position: int) -> Locus | None:
        """Return the covered stretch that holds a 0-based position; ``None`` when it is not covered."""
        spelling = self.canonical_contig(contig)
        found = self._stretch(spelling, position, position + 1)
        return Locus(spelling, *found) if found else None

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Return the bases of ``[start, end)``, upper-case, IUPAC codes as they are in the file.

        Raises
        ------
        IncompatibleInputsError
            Code ``outside-reference`` when some base is not covered; the windows nearby are named.
        """
        spelling = contig if contig in self._pieces else self.canonical_contig(contig)
        if not 0 <= start <= end or self._stretch(spelling, start, end) is None:
            raise self._outside(spelling, start, end)
        pieces = self._pieces[spelling]
        bases = []
        at = start
        while at < end:
            index = bisect_right(pieces, at, key=lambda piece: piece.start) - 1
            while pieces[index].end <= at:  # an earlier but longer record may be the one that reaches here
                index -= 1
            piece = pieces[index]
            upto = min(end, piece.end)
            bases.append(self._store.read(piece.record, at - piece.start, upto - piece.start))
            at = upto
        return "".join(bases)

    def _spelling(self, alias: str) -> str | None:
        if alias in self._pieces:
            return alias
        meant = contig_name(alias)
        if meant is None or (meant.build and self.build and meant.build != self.build):
            return None
        return self._aliases.get(meant.name)

    def _stretch(self, contig: str, start: int, end: int) -> tuple[int, int] | None:
        stretches = self._stretches[contig]
        index = bisect_right(stretches, (start, 1 << 62)) - 1
        if index >= 0 and stretches[index][0] <= start and end <= stretches[index][1]:
            return stretches[index]
        return None

    def _outside(self, contig: str, start: int, end: int) -> IncompatibleInputsError:
        near = sorted(self._stretches[contig], key=lambda part: max(part[0] - end, start - part[1]))[:3]
        shown = ", ".join(f"{contig}:{low + 1}-{high}" for low, high in sorted(near))
        return IncompatibleInputsError(
            f"{contig}:{start + 1}-{end} is not wholly in the reference.",
            where=self.name,
            remedy=f"Nearest it covers: {shown}. Use a reference that covers this place.",
            code="outside-reference",
        )

    def _find_build(self, whole: Mapping[str, int], declared: str) -> tuple[str, str]:
        """The build and how it is known: contig lengths, accessions, the caller, or the file's name."""
        known = {
            alias.lower(): fact.name for fact in builds().values() for alias in (fact.name, *fact.aliases)
        }
        if declared and declared.lower() not in known:
            raise InputError(
                f"{declared!r} is no known build.",
                where=self.name,
                remedy=f"Use one of {', '.join(builds())}.",
            )
        wanted = known.get(declared.lower(), "")
        by_length = recognise_build(whole)
        named = {meant.build for contig in self._pieces if (meant := contig_name(contig)) and meant.build}
        by_accession = named.pop() if len(named) == 1 else ""
        words = re.split(r"[^A-Za-z0-9]+", self.name.lower())
        hints = {known[word] for word in words if word in known}
        by_name = hints.pop() if len(hints) == 1 else ""
        evidence = (
            (by_length, "contig lengths"),
            (by_accession, "contig accessions"),
            (wanted, "declared"),
            (by_name, "file name"),
        )
        for found, basis in evidence[:2]:
            if wanted and found and found != wanted:
                raise IncompatibleInputsError(
                    f"The reference is {found} by its {basis}, but {wanted} was declared.",
                    where=self.name,
                    remedy="Correct the declaration or the file.",
                    code="wrong-build",
                )
        return next(((found, basis) for found, basis in evidence if found), ("", ""))


def _reopen(path: Path, build: str) -> Reference:
    return Reference.open(path, build=build, in_memory_bytes=0)


def _rebuild(store: SequenceStore, name: str, path: Path | None, build: str) -> Reference:
    return Reference(store, name=name, path=path, build=build)


def _lay_out(store: SequenceStore, name: str) -> dict[str, list[_Piece]]:
    pieces: dict[str, list[_Piece]] = {}
    for record, length in store.lengths.items():
        window = _WINDOW.fullmatch(record)
        if window is None:
            pieces.setdefault(record, []).append(_Piece(0, length, record))
            continue
        contig, first, last = window.group(1), int(window.group(2)), int(window.group(3))
        if first < 1 or last - first + 1 != length:
            raise _misnamed(record, (contig, first, last), length, name)
        pieces.setdefault(contig, []).append(_Piece(first - 1, last, record))
    for contig, parts in pieces.items():
        parts.sort()
        _check_overlaps(contig, parts, store, name)
    return pieces


def _misnamed(record: str, window: tuple[str, int, int], length: int, name: str) -> InputError:
    contig, first, last = window
    what = f"Window {record!r} holds {length} bases, not the {max(0, last - first + 1)} its name says."
    if first < 1:
        what = f"Window {record!r} starts at {first}, but windows count from 1."
    remedy = "Name windows CONTIG:START-END, 1-based with both ends included, as 'samtools faidx' does."
    if last - first == length:
        remedy = f"Its positions seem 0-based (bedtools getfasta): rename it {contig}:{first + 1}-{last}."
    elif first < 1 and last - first + 1 == length:
        remedy = (
            f"Its positions seem 0-based with both ends included: rename it {contig}:{first + 1}-{last + 1}."
        )
    return InputError(what, where=name, remedy=remedy, code="window-length")


def _check_overlaps(contig: str, parts: list[_Piece], store: SequenceStore, name: str) -> None:
    reach = parts[0]
    for piece in parts[1:]:
        shared = min(reach.end, piece.end) - piece.start
        if shared > 0:
            one = store.read(reach.record, piece.start - reach.start, piece.start - reach.start + shared)
            if one != store.read(piece.record, 0, shared):
                raise InputError(
                    f"Records {reach.record!r} and {piece.record!r} overlap on {contig} and differ there.",
                    where=name,
                    remedy="Keep one of them.",
                    code="windows-disagree",
                )
        if piece.end > reach.end:
            reach = piece


def _join(parts: list[_Piece]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for piece in parts:
        if joined and piece.start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], piece.end)
        else:
            joined.append((piece.start, piece.end))
    return joined


def _aliases(pieces: Mapping[str, list[_Piece]], name: str) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for contig in pieces:
        meant = contig_name(contig)
        if meant is None:
            continue
        other = aliases.setdefault(meant.name, contig)
        if other != contig:
            raise InputError(
                f"{other!r} and {contig!r} are two names of one contig.",
                where=name,
                remedy="Keep one of them, or give both the same name.",
                code="duplicate-contig",
            )
    return aliases
