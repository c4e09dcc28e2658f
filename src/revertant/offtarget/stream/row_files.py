"""Files of rows, TSV or Parquet, written as the rows come; a file has its name only when it is whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Protocol

from revertant.errors import InputError, UsageError

__all__ = ["RowFile", "require_pyarrow", "row_file", "spare_devices"]


def spare_devices(place: Path) -> None:
    """Refuse a place that holds a device or a pipe: the renaming at the end would put a file there instead.

    Raises
    ------
    OSError
        When something is there that is no file.

    Examples
    --------
    >>> spare_devices(Path("a new file.tsv"))
    """
    if place.exists() and not place.is_file():
        raise OSError(errno.EEXIST, "there is something there that is no file")


#: Bytes after which the disk is asked to begin.
_FLUSHED = 1 << 26


class RowFile(Protocol):
    """Takes rows of text: tab-separated, a newline after each, no header."""

    def write(self, rows: memoryview, /) -> object:
        """Append rows."""


@contextmanager
def row_file(place: Path, columns: Mapping[str, str]) -> Iterator[RowFile]:
    """Open a file under another name; it gets its own when all of it is on the disk.

    Parameters
    ----------
    place
        A ``.parquet``, or anything else for TSV with a header.
    columns
        Name and kind of each column; kinds are ``"text"``, ``"label"`` (few distinct texts), ``"position"``,
        ``"count"`` (0 to 255) and ``"number"``.

    Raises
    ------
    InputError
        When it cannot be written.
    UsageError
        When Parquet is asked for and pyarrow is not installed.
    """
    made = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        spare_devices(place)
        if place.suffix == ".parquet":
            with _parquet(made, columns) as writer:
                yield writer
        else:
            with made.open("wb") as file:
                file.write(("\t".join(columns) + "\n").encode())
                with _flushed(file) as flushed:
                    yield flushed
                os.fsync(file.fileno())
        made.replace(place)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise InputError(
            f"The sites cannot be written ({error.strerror or error}).",
            where=str(place),
            remedy="Choose a folder that may be written, with room for about 150 bytes a site.",
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


def require_pyarrow() -> None:
    """Refuse when pyarrow is missing: to be asked before a long search whose sites go to Parquet.

    Raises
    ------
    UsageError
        Code ``no-pyarrow``, with the command that installs it.
    """
    if find_spec("pyarrow") is None:
        raise UsageError(
            "Parquet needs the pyarrow library, which is not installed.",
            remedy="Run: pip install 'revertant[tables]'. Or do without: sites.tsv has the same rows.",
            code="no-pyarrow",
        )


@contextmanager
def _parquet(made: Path, columns: Mapping[str, str]) -> Iterator[RowFile]:
    require_pyarrow()
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv, parquet  # noqa: PLC0415

    types = {
        "text": pa.string(),
        "label": pa.dictionary(pa.int32(), pa.string()),
        "position": pa.int64(),
        "count": pa.uint8(),
        "number": pa.float64(),
    }
    kinds = {name: types[kind] for name, kind in columns.items()}
    schema = pa.schema(list(kinds.items()))
    reading = csv.ReadOptions(column_names=list(columns))
    parsing = csv.ParseOptions(delimiter="\t", quote_char=False)
    # Of a text nothing is missing, a contig may be called NA; an empty number is one that is not defined.
    converting = csv.ConvertOptions(column_types=kinds, strings_can_be_null=False, null_values=[""])

    class Writer:
        def write(self, rows: memoryview, /) -> object:
            if not len(rows):
                return None
            table = csv.read_csv(pa.BufferReader(pa.py_buffer(rows)), reading, parsing, converting)
            return file.write_table(table.cast(schema))

    with parquet.ParquetWriter(made, schema, compression="zstd") as file:
        yield Writer()
