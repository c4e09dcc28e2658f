"""FASTA files as stores of named sequences: small ones in memory, large ones through an index.

Files up to :data:`IN_MEMORY_BYTES` of text are read whole, which needs no index, forgives uneven lines and
finds every wrong letter at once. Larger ones are read at random through pysam, and their letters are
checked as they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from revertant.errors import InputError
from revertant.genome.compression import is_bgzf, is_gzip, read_bounded
from revertant.genome.fasta_index import open_indexed

__all__ = [
    "IN_MEMORY_BYTES",
    "IndexedStore",
    "MemoryStore",
    "SequenceStore",
    "check_letters",
    "open_store",
    "parse_fasta",
]

#: Text size up to which a FASTA is read whole.
IN_MEMORY_BYTES = 64_000_000

_LETTERS = b"ACGTRYSWKMBDHVN"
_PROTEIN_ONLY = frozenset("EFILPQXZJO*")
_OTHER_FORMATS = (
    (b"@HD\t", "a SAM file"),
    (b"@SQ\t", "a SAM file"),
    (b"@", "a FASTQ file"),
    (b"LOCUS ", "a GenBank file"),
    (b"ID   ", "an EMBL file"),
    (b"##fileformat=VCF", "a VCF file"),
    (b"##gff-version", "a GFF3 file"),
    (b"BAM\x01", "a BAM file"),
    (b"CRAM", "a CRAM file"),
    (b"\x1a\x41\x27\x43", "a UCSC 2bit file"),
    (b"\x43\x27\x41\x1a", "a UCSC 2bit file"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"<", "a web page or XML"),
)


class SequenceStore(Protocol):
    """Named sequences that can be read in pieces; letters come upper-case and checked."""

    @property
    def lengths(self) -> Mapping[str, int]:
        """Length of each record, in the order of the file."""

    def read(self, name: str, start: int, end: int) -> str:
        """Return the bases ``start`` to ``end`` of one record."""


class MemoryStore:
    """Sequences held in memory.

    Examples
    --------
    >>> MemoryStore({"chr1": "ACGT"}).read("chr1", 1, 3)
    'CG'
    """

    def __init__(self, sequences: Mapping[str, str]) -> None:
        self._sequences = dict(sequences)
        self.lengths: Mapping[str, int] = {name: len(bases) for name, bases in self._sequences.items()}

    def read(self, name: str, start: int, end: int) -> str:
        """Return the bases ``start`` to ``end`` of one record."""
        return self._sequences[name][start:end]


class IndexedStore:
    """An indexed FASTA on disk, read in blocks, of which the last used are kept.

    Parameters
    ----------
    path
        Plain or BGZF FASTA.
    """

    block = 1 << 18
    kept_blocks = 256

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = open_indexed(path)
        self._blocks: dict[tuple[str, int], str] = {}
        self.lengths: Mapping[str, int] = dict(zip(self._file.references, self._file.lengths, strict=True))

    def read(self, name: str, start: int, end: int) -> str:
        """Return the bases ``start`` to ``end`` of one record."""
        if start >= end:
            return ""
        first, last = start // self.block, (end - 1) // self.block
        bases = "".join(self._block(name, number) for number in range(first, last + 1))
        return bases[start - first * self.block : end - first * self.block]

    def _block(self, name: str, number: int) -> str:
        key = (name, number)
        found = self._blocks.pop(key, None)
        if found is None:
            begin = number * self.block
            try:
                found = self._file.fetch(name, begin, begin + self.block).upper()
            except (OSError, ValueError) as error:
                raise InputError(
                    f"Record {name!r} cannot be read near base {begin + 1}: {error}.",
                    where=str(self._path),
                    remedy="The file is damaged or was changed while open: copy or download it again.",
                ) from error
            check_letters(found.encode("latin-1"), f"{self._path}: record {name}", offset=begin)
            while len(self._blocks) >= self.kept_blocks:
                del self._blocks[next(iter(self._blocks))]
        self._blocks[key] = found
        return found


def check_letters(bases: bytes, where: str, *, offset: int = 0) -> None:
    """Refuse letters that are no IUPAC nucleotide codes.

    Raises
    ------
    InputError
        Naming the first wrong letter and its 1-based position.
    """
    if not bases.translate(None, _LETTERS):
        return
    place = next(index for index, letter in enumerate(bases) if letter not in _LETTERS)
    letter = chr(bases[place])
    if letter == "U":
        remedy = "This is RNA: give the genome as DNA."
    elif letter in _PROTEIN_ONLY:
        remedy = "This looks like protein: give a nucleotide FASTA."
    elif letter in "-.":
        remedy = "This looks like an alignment: remove the gaps."
    else:
        remedy = "Only IUPAC nucleotide codes (ACGTRYSWKMBDHVN, either case) are allowed."
    raise InputError(f"{letter!r} at base {offset + place + 1} is no DNA letter.", where=where, remedy=remedy)


def open_store(
    path: Path,
    *,
    in_memory_bytes: int = IN_MEMORY_BYTES,
    progress: Callable[[str, float], None] | None = None,
) -> SequenceStore:
    """Open a FASTA file.

    Parameters
    ----------
    path
        Plain, gzip or BGZF FASTA.
    in_memory_bytes
        Text size up to which the file is read whole.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        When the file is no FASTA, is cut off, or cannot be read at random.
    """
    if progress is not None:
        progress("reading the reference", 0.0)
    where = str(path)
    if not path.exists():
        raise InputError("There is no such file.", where=where, remedy="Check the path of the reference.")
    if not path.is_file():
        raise InputError("This is not a file.", where=where, remedy="Name the FASTA file itself.")
    try:
        with path.open("rb") as file:
            head = file.read(512)
        text = read_bounded(path, in_memory_bytes)
    except PermissionError as error:
        raise InputError("The file may not be read.", where=where, remedy=f"chmod u+r {path}") from error
    if text is not None:
        store: SequenceStore = MemoryStore(parse_fasta(text, where))
    elif is_gzip(head) and not is_bgzf(head):
        raise InputError(
            "A FASTA this large must be compressed with bgzip; plain gzip allows no random access.",
            where=where,
            remedy=f"Run: gunzip -c {path} | bgzip > {path.with_suffix('')}.bgz",
            code="not-bgzf",
        )
    else:
        if not is_gzip(head):
            _check_start(head, where)
        store = IndexedStore(path)
    if progress is not None:
        progress("reading the reference", 1.0)
    return store


def _check_start(text: bytes, where: str) -> None:
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise InputError("The file is empty.", where=where, remedy="Give a FASTA file with sequence in it.")
    if start.startswith(b">"):
        return
    for magic, name in _OTHER_FORMATS:
        if text.startswith(magic) or start.startswith(magic):
            raise InputError(f"This is {name}, not FASTA.", where=where, remedy="Give a FASTA file.")
    raise InputError(
        "The file does not start with '>'.",
        where=f"{where}: line 1",
        remedy="Give a FASTA file (>name, then bases).",
    )


def parse_fasta(text: bytes, where: str) -> dict[str, str]:
    r"""Parse a whole FASTA text into upper-case sequences by name (the header up to the first blank).

    Raises
    ------
    InputError
        For a missing or double name, an empty record, or a letter that is no IUPAC code.

    Examples
    --------
    >>> parse_fasta(b">chr1 first\r\nacg\r\nTN\r\n", "demo.fa")
    {'chr1': 'ACGTN'}
    """
    _check_start(text, where)
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    sequences: dict[str, str] = {}
    line = 1
    for record in text[1:].split(b"\n>"):
        header, _, body = record.partition(b"\n")
        words = header.split()
        place = f"{where}: line {line}"
        if not words or header[:1].isspace():
            raise InputError("A record has no name.", where=place, remedy="Write the name right after '>'.")
        name = words[0].decode("utf-8", "replace")
        if name in sequences:
            raise InputError(
                f"Two records are called {name!r}.", where=place, remedy="Remove or rename one of them."
            )
        bases = body.translate(None, b" \t\n").upper()
        if not bases:
            raise InputError(
                f"Record {name!r} has no sequence.", where=place, remedy="Remove it, or restore its bases."
            )
        check_letters(bases, f"{place}, record {name}")
        sequences[name] = bases.decode("ascii")
        line += record.count(b"\n") + 1
    return sequences
