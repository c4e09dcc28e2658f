"""Library mode: up to a hundred thousand guides, every site written to a file as it is found.

No object is made for a site: the rows go from the kernels to the file as columns, one part of the genome at a
time, in genome order. The patient's variants, scores and annotation belong to :func:`revertant.offtarget.search`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import OffTargetRequest, PamSide, Tally
from revertant.offtarget.found import LETTER_OF_MASK, FoundSites
from revertant.offtarget.guides import fits_kernels
from revertant.offtarget.row_files import spare_devices
from revertant.offtarget.search import check_requests

__all__ = ["COLUMNS", "write_sites"]

#: Columns of the file; ``start`` and ``end`` are 0-based and half-open, without the PAM.
COLUMNS = (
    "guide",
    "contig",
    "start",
    "end",
    "strand",
    "pam",
    "aligned_guide",
    "aligned_target",
    "mismatches",
    "dna_bulges",
    "rna_bulges",
)

_STAGE = "searching off-targets"
_ROWS = 1 << 16
#: Bytes after which the disk is asked to begin.
_FLUSHED = 1 << 26
_HEADER = ("\t".join(COLUMNS) + "\n").encode()


class _Writer(Protocol):
    def write(self, rows: memoryview, /) -> object: ...


def write_sites(
    requests: Sequence[OffTargetRequest],
    reference: Reference,
    path: Path | str,
    progress: Callable[[str, float], None] | None = None,
) -> Tally:
    """Write every site of many guides in a reference.

    Parameters
    ----------
    requests
        The guides. Targets are not looked at: perfect matches are rows like the others.
    reference
        The reference.
    path
        A ``.tsv``, or a ``.parquet`` where pyarrow is installed. It appears when it is whole.
    progress
        Called with a stage name and a share from 0 to 1.

    Returns
    -------
    Tally
        How many rows were written.

    Raises
    ------
    InputError
        For guides too long for the compiled search, or a file that cannot be written.
    """
    # Compiled code is loaded where it is used.
    from revertant.offtarget.blocks import ahead, in_order  # noqa: PLC0415
    from revertant.offtarget.loading import load_text  # noqa: PLC0415
    from revertant.offtarget.whole import WholeSearch  # noqa: PLC0415

    requests = tuple(requests)
    check_requests(requests)
    for number, request in enumerate(requests, start=1):
        if not fits_kernels(request):
            raise InputError(
                "The guide, its PAM or its limits are too long for library mode.",
                where=f"guide {number}",
                remedy="Use at most 32 nt with DNA bulges, a PAM of 8, 8 mismatches and 3 bulges of a kind.",
                code="bad-guide",
            )
    place = Path(path)
    rows = 0
    if progress is not None:
        progress(_STAGE, 0.0)
    whole = WholeSearch(requests, reference, progress)
    total, done = max(reference.total_bases * whole.passes, 1), 0

    def advance(bases: int) -> None:
        nonlocal done
        done += bases
        if progress is not None:
            progress(_STAGE, min(done / total, 1.0))

    load_text()
    text = _Text(requests, reference)
    with _written(place) as writer:
        for lines, count in in_order(text.lines, _portions(ahead(whole.found(advance)))):
            writer.write(lines.data)
            rows += count
    return Tally.of("sites found", kept=rows, refused=())


def _portions(found: Iterator[FoundSites]) -> Iterator[FoundSites]:
    for sites in found:
        for low in range(0, len(sites), _ROWS):
            yield sites.take(slice(low, low + _ROWS))


class _Text:
    """Writes found sites as lines."""

    def __init__(self, requests: Sequence[OffTargetRequest], reference: Reference) -> None:
        # Compiled code is loaded where it is used.
        from revertant.offtarget.kernels_text import TEXT_BYTES  # noqa: PLC0415

        texts = [request.spacer.encode() for request in requests]
        width = max(map(len, texts), default=1)
        self._spacers = np.zeros((len(texts), TEXT_BYTES), np.uint8)
        for row, text in enumerate(texts):
            self._spacers[row, : len(text)] = list(text)
        self._sizes = np.array([len(text) for text in texts], np.int64)
        self._pam_sizes = np.array([len(request.pam) for request in requests], np.int64)
        self._is_five_prime = np.array([request.pam_side is PamSide.FIVE_PRIME for request in requests])
        names = [window.contig.encode() for window in reference.windows]
        self._names = np.array([*b"".join(names), *bytes(TEXT_BYTES)], np.uint8)
        self._name_ends = np.cumsum([len(name) for name in names], dtype=np.int64)
        self._offsets = np.array([window.start for window in reference.windows], np.int64)
        self._letter_of = np.array(list(LETTER_OF_MASK.encode()), np.uint8)
        widest_pam = max((len(request.pam) for request in requests), default=0)
        # Letters three times over with bulges, two positions, three small numbers, and the tabs between.
        self._spare_bytes = TEXT_BYTES
        self._row_bytes = 3 * (width + 4) + widest_pam + max(map(len, names), default=0) + 72

    def lines(self, sites: FoundSites) -> tuple[NDArray[np.uint8], int]:
        from revertant.offtarget.kernels_text import format_rows  # noqa: PLC0415

        out = np.empty(len(sites) * self._row_bytes + self._spare_bytes, np.uint8)
        used = format_rows(
            sites.guide,
            sites.sequence,
            sites.pam_start,
            sites.is_minus,
            sites.edits,
            sites.columns,
            sites.bases,
            sites.pams,
            self._spacers,
            self._sizes,
            self._pam_sizes,
            self._is_five_prime,
            self._names,
            self._name_ends,
            self._offsets,
            self._letter_of,
            out,
        )
        return out[:used], len(sites)


@contextmanager
def _written(place: Path) -> Iterator[_Writer]:
    """Open the file under another name; it gets its own when all of it is on the disk."""
    made = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        spare_devices(place)
        if place.suffix == ".parquet":
            with _parquet(made) as writer:
                yield writer
        else:
            with made.open("wb") as file:
                file.write(_HEADER)
                with _flushed(file) as flushed:
                    yield flushed
                os.fsync(file.fileno())
        made.replace(place)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise InputError(
            f"The sites cannot be written ({error.strerror or error}).",
            where=str(place),
            remedy="Choose a folder that may be written, with room for about 100 bytes a site.",
            code="cannot-write",
        ) from error
    except BaseException:
        made.unlink(missing_ok=True)
        raise


class _Flushed:
    """Writes to a file and has it put on the disk meanwhile: at the end there is little left to wait for."""

    def __init__(self, file: BinaryIO, pool: ThreadPoolExecutor) -> None:
        self._file, self._pool = file, pool
        self._waiting = 0
        self._flushing: Future[None] | None = None

    def write(self, rows: memoryview, /) -> object:
        written = self._file.write(rows)
        self._waiting += len(rows)
        if self._waiting >= _FLUSHED and (self._flushing is None or self._flushing.done()):
            self.wait()
            self._file.flush()
            self._waiting = 0
            self._flushing = self._pool.submit(os.fsync, self._file.fileno())
        return written

    def wait(self) -> None:
        """Wait for the disk; an error it had is raised here."""
        if self._flushing is not None:
            self._flushing.result()


@contextmanager
def _flushed(file: BinaryIO) -> Iterator[_Flushed]:
    with ThreadPoolExecutor(1) as pool:
        flushed = _Flushed(file, pool)
        yield flushed
        flushed.wait()
        file.flush()


@contextmanager
def _parquet(made: Path) -> Iterator[_Writer]:
    try:
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import csv, parquet  # noqa: PLC0415
    except ImportError as error:
        raise InputError(
            "Parquet needs the pyarrow library, which is not installed.",
            where=str(made.parent),
            remedy="Run: pip install pyarrow. Or write a .tsv.",
            code="no-pyarrow",
        ) from error
    few = pa.dictionary(pa.int32(), pa.string())
    kinds = dict.fromkeys(("guide", "contig", "strand", "pam"), few)
    kinds |= dict.fromkeys(("start", "end"), pa.int64())
    kinds |= dict.fromkeys(("aligned_guide", "aligned_target"), pa.string())
    kinds |= dict.fromkeys(("mismatches", "dna_bulges", "rna_bulges"), pa.uint8())
    schema = pa.schema([(name, kinds[name]) for name in COLUMNS])
    reading = csv.ReadOptions(column_names=list(COLUMNS))
    parsing = csv.ParseOptions(delimiter="\t", quote_char=False)
    # A contig may be called NA: nothing is a missing value.
    converting = csv.ConvertOptions(column_types=kinds, strings_can_be_null=False, null_values=[])

    class Writer:
        def write(self, rows: memoryview, /) -> object:
            table = csv.read_csv(pa.BufferReader(pa.py_buffer(rows)), reading, parsing, converting)
            return file.write_table(table.cast(schema))

    with parquet.ParquetWriter(made, schema, compression="zstd") as file:
        yield Writer()
