"""The tables of a store of trials, and how it is opened: one SQLite file with full text (FTS5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revertant.errors import InputError, UsageError

__all__ = [
    "APPLICATION_ID",
    "SCHEMA_VERSION",
    "TEXT_COLUMNS",
    "connect",
    "damaged",
    "full_text_is_there",
    "translated",
]

#: Marks the file as one of ours (``PRAGMA application_id``): the letters RVTR.
APPLICATION_ID = 0x52565452
#: Raised when the tables or the packed form of a record change; an older store is loaded anew.
SCHEMA_VERSION = 1

#: Columns of the full text, in the order of their weights.
TEXT_COLUMNS = (
    "title",
    "conditions",
    "interventions",
    "genes",
    "keywords",
    "mesh",
    "sponsor",
    "summary",
    "eligibility",
)

_TABLES = f"""
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE trials (
    id INTEGER PRIMARY KEY,
    nct_id TEXT NOT NULL UNIQUE,
    last_update TEXT NOT NULL,
    digest TEXT NOT NULL,
    record BLOB NOT NULL
);
CREATE TABLE facets (
    field TEXT NOT NULL, value TEXT NOT NULL, trial INTEGER NOT NULL, PRIMARY KEY (field, value, trial)
) WITHOUT ROWID;
CREATE INDEX facets_of_trial ON facets (trial);
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5(
    {", ".join(TEXT_COLUMNS)}, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
_BUSY_SECONDS = 30.0


def full_text_is_there() -> bool:
    """Say whether Python's SQLite was built with FTS5 and its bm25 ranking.

    Examples
    --------
    >>> full_text_is_there()
    True
    """
    try:
        with sqlite3.connect(":memory:") as trial:
            trial.execute("CREATE VIRTUAL TABLE t USING fts5(a)")
            trial.execute("INSERT INTO t VALUES ('x')")
            trial.execute("SELECT bm25(t) FROM t WHERE t MATCH 'x'").fetchall()
    except sqlite3.OperationalError:
        return False
    return True


def connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    """Open a store; for writing it is made when missing.

    Raises
    ------
    UsageError
        When SQLite has no full text.
    InputError
        When there is no store, it is no store, or one of another version.
    """
    if not full_text_is_there():
        raise UsageError(
            f"The SQLite of this Python ({sqlite3.sqlite_version}) has no full-text search (FTS5).",
            remedy="Use a Python whose sqlite3 is built with FTS5, as those of python.org and conda-forge are.",
            code="no-full-text",
        )
    if not writing and not path.is_file():
        raise InputError(
            "There is no store of trials here.",
            where=str(path),
            remedy="Fill one with 'revertant trials sync' or 'revertant trials load FILES', or name it with --store.",
            code="no-store",
        )
    with translated(path):
        if writing:
            path.parent.mkdir(parents=True, exist_ok=True)
        mode = "rwc" if writing else "ro"
        # No autocommit: what is written in one transaction is there as a whole, or not at all.
        opened = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
        try:
            _check(opened, path, writing=writing)
        except BaseException:
            opened.close()
            raise
        return opened


def _check(opened: sqlite3.Connection, path: Path, *, writing: bool) -> None:
    (version,) = opened.execute("PRAGMA user_version").fetchone()
    (application,) = opened.execute("PRAGMA application_id").fetchone()
    is_empty = not opened.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if is_empty and writing:
        opened.executescript(
            f"BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
            f"{_TABLES} COMMIT;"
        )
        return
    if application != APPLICATION_ID:
        raise InputError(
            "This file is no store of trials.", where=str(path), remedy="Name another file with --store."
        )
    if version != SCHEMA_VERSION:
        raise InputError(
            f"This store has version {version}, this program reads version {SCHEMA_VERSION}.",
            where=str(path),
            remedy="Move it away, and load or sync the trials again.",
            code="store-version",
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says into an error with a place and a remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if str(error).startswith("no such"):
            raise damaged(path, str(error)) from error
        locked = "locked" in str(error) or "busy" in str(error)
        raise InputError(
            f"The store of trials cannot be used ({error}).",
            where=str(path),
            remedy="Another program is writing to it: wait, then run the command again."
            if locked
            else "Choose a place that may be written and has room.",
            code="store-locked" if locked else "store",
        ) from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, str(error)) from error
    except OSError as error:
        raise InputError(
            f"The store of trials cannot be written ({error.strerror or error}).",
            where=str(path),
            remedy="Choose a folder that may be written.",
            code="cannot-write",
        ) from error


def damaged(path: Path, reason: str) -> InputError:
    """Return the error of a store that cannot be believed."""
    return InputError(
        f"This is no store of trials, or it is damaged ({reason}).",
        where=str(path),
        remedy="Move it away, and load or sync the trials again.",
        code="store-damaged",
    )
