"""A store of trials: records put in whole transactions, found by number, by fields and by text."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from revertant.knowledge import spelt
from revertant.model import Trial
from revertant.trials.matching import readings
from revertant.trials.registry import newer_of
from revertant.trials.store.codec import canonical, packed, unpacked
from revertant.trials.store.schema import TEXT_COLUMNS, connect, damaged, translated

__all__ = ["PutCount", "TrialStore", "facets_of", "texts_of"]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PutCount:
    """What became of the records that were put: new, changed by a newer one, or known already."""

    new: int = 0
    changed: int = 0
    known: int = 0

    def __add__(self, other: PutCount) -> PutCount:
        return PutCount(self.new + other.new, self.changed + other.changed, self.known + other.known)


class TrialStore:
    """One file of trials.

    Opened for reading it cannot be changed; writing happens in transactions, so that a process that is killed leaves
    what was there before.

    Parameters
    ----------
    path
        The file.
    writing
        Whether to open it for writing, and to make it when it is missing.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder) / "trials.sqlite"
    ...     with TrialStore(place, writing=True) as store:
    ...         _ = store.put([Trial(nct_id="NCT01234567", title="T")])
    ...     with TrialStore(place) as store:
    ...         store.get("NCT01234567").title, len(store)
    ('T', 1)
    """

    def __init__(self, path: Path | str, *, writing: bool = False) -> None:
        self.path = Path(path)
        self._connection = connect(self.path, writing=writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __len__(self) -> int:
        (count,) = self.rows("SELECT count(*) FROM trials")[0]
        return int(count)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def get(self, nct_id: str) -> Trial | None:
        """Return one trial, ``None`` when it is not here."""
        found = self.rows("SELECT record, digest FROM trials WHERE nct_id = ?", (nct_id.strip().upper(),))
        return self._unpacked(*found[0]) if found else None

    def trials(self, ids: Iterable[int] | None = None) -> Iterator[Trial]:
        """Yield trials by their places in the store, in that order; without any, all of them by number."""
        if ids is None:
            for row in self.rows("SELECT record, digest FROM trials ORDER BY nct_id"):
                yield self._unpacked(*row)
            return
        wanted = list(ids)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT id, record, digest FROM trials WHERE id IN ({marks})"  # noqa: S608 - marks only
            found = {row[0]: row[1:] for row in self.rows(sql, part)}
            yield from (self._unpacked(*found.get(one, (None, ""))) for one in part)

    def _unpacked(self, record: Any, digest: str) -> Trial:
        """Return a record, held against its digest: what was changed in the file is not taken for the registry's."""
        try:
            return unpacked(record, digest)
        except ValueError as error:
            raise damaged(self.path, "a record is not what was written") from error

    @property
    def digest(self) -> str:
        """SHA-256 over all records in the order of their numbers: the same trials give the same digest."""
        found = hashlib.sha256()
        for number, digest in self.rows("SELECT nct_id, digest FROM trials ORDER BY nct_id"):
            found.update(f"{number} {digest}\n".encode())
        return found.hexdigest()

    @property
    def newest_update(self) -> str:
        """The latest day on which a record was updated; empty where there is none."""
        (found,) = self.rows("SELECT max(last_update) FROM trials")[0]
        return str(found or "")

    def note(self, key: str) -> Mapping[str, object]:
        """Return what was written down under a key: an object, empty where there is none."""
        return self.notes(key).get(key, {})

    def notes(self, prefix: str) -> dict[str, Mapping[str, object]]:
        """Return everything that was written down under keys that begin so."""
        rows = self.rows("SELECT key, value FROM notes ORDER BY key")
        try:
            found = {str(key): json.loads(str(value)) for key, value in rows if str(key).startswith(prefix)}
        except (ValueError, RecursionError) as error:
            raise damaged(self.path, "a note is not what was written") from error
        if not all(isinstance(note, dict) for note in found.values()):
            raise damaged(self.path, "a note is not what was written")
        return found

    def put(
        self, trials: Iterable[Trial], notes: Mapping[str, Mapping[str, object]] | None = None
    ) -> PutCount:
        """Put trials, and write something down, in one transaction.

        Parameters
        ----------
        trials
            Records; of two of one trial the newer one holds, completed from the older one.
        notes
            Objects by key.

        Returns
        -------
        PutCount
            How many were new, changed and known.
        """
        count = PutCount()
        with self._transaction() as connection:
            for trial in trials:
                count += self._put_one(connection, trial)
            for key, value in (notes or {}).items():
                connection.execute(
                    "INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, json.dumps(value, sort_keys=True))
                )
        return count

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _put_one(self, connection: sqlite3.Connection, trial: Trial) -> PutCount:
        held = connection.execute(
            "SELECT id, record, digest FROM trials WHERE nct_id = ?", (trial.nct_id,)
        ).fetchone()
        if held is not None:
            trial = newer_of(self._unpacked(held[1], held[2]), trial)
        digest = hashlib.sha256(canonical(trial)).hexdigest()
        if held is not None and digest == held[2]:
            return PutCount(known=1)
        data = packed(trial)
        if held is None:
            row = connection.execute(
                "INSERT INTO trials (nct_id, last_update, digest, record) VALUES (?, ?, ?, ?)",
                (trial.nct_id, trial.last_update, digest, data),
            ).lastrowid
        else:
            row = held[0]
            connection.execute(
                "UPDATE trials SET last_update = ?, digest = ?, record = ? WHERE id = ?",
                (trial.last_update, digest, data, row),
            )
            connection.execute("DELETE FROM texts WHERE rowid = ?", (row,))
            connection.execute("DELETE FROM facets WHERE trial = ?", (row,))
        texts = texts_of(trial)
        marks = ", ".join("?" * (len(TEXT_COLUMNS) + 1))
        connection.execute(
            f"INSERT INTO texts (rowid, {', '.join(TEXT_COLUMNS)}) VALUES ({marks})",  # noqa: S608 - the columns are ours
            (row, *texts),
        )
        words = {(word,) for text in texts for word in text.split()}
        connection.executemany("INSERT OR IGNORE INTO words VALUES (?)", sorted(words))
        connection.executemany(
            "INSERT OR IGNORE INTO facets VALUES (?, ?, ?)",
            [(name, value, row) for name, value in facets_of(trial)],
        )
        return PutCount(new=1) if held is None else PutCount(changed=1)


def texts_of(trial: Trial) -> tuple[str, ...]:
    """Return what is searched, one text a column, in one spelling.

    Examples
    --------
    >>> texts_of(Trial(nct_id="NCT01234567", title="CAR-T in Leukaemia"))[0]
    'nct01234567 car t in leukemia'
    """
    interventions = [name for one in trial.interventions for name in (one.name, *one.other_names)]
    found = {
        "title": (trial.nct_id, trial.title, trial.official_title, trial.acronym),
        "conditions": trial.conditions,
        "interventions": interventions,
        "genes": trial.genes,
        "keywords": trial.keywords,
        "mesh": [term.term for term in (*trial.mesh, *trial.mesh_ancestors)],
        "sponsor": (trial.sponsor,),
        "summary": (trial.summary,),
        "eligibility": (trial.eligibility,),
    }
    return tuple(spelt(" . ".join(found[column])) for column in TEXT_COLUMNS)


def facets_of(trial: Trial) -> tuple[tuple[str, str], ...]:
    """Return the values that a trial is filtered by, as ``(field, value)``.

    ``disease`` is the catalogue's key of a condition, a keyword or a term of MeSH, ``kind_of`` every key above it.

    Examples
    --------
    >>> facets_of(Trial(nct_id="NCT01234567", title="T", status="RECRUITING", conditions=("AML",)))[:2]
    (('disease', 'acute_myeloid_leukemia'), ('kind_of', 'acute_leukemia'))
    """
    names = (
        *trial.conditions,
        *trial.keywords,
        *(term.term for term in (*trial.mesh, *trial.mesh_ancestors)),
    )
    read = [one for name in names for one in readings(name)]
    found = {
        *(("disease", one.row.key) for one in read if one.row is not None),
        *(("kind_of", above) for one in read for above in one.above),
        *(("gene", gene) for gene in trial.genes),
        *(("phase", phase) for phase in trial.phases),
        *(("country", code) for code in trial.countries),
        *(("open_country", code) for code in trial.open_countries),
        *(("intervention_type", one.kind) for one in trial.interventions if one.kind),
        ("status", trial.status),
        ("study_type", trial.study_type.value),
    }
    return tuple(sorted(found))
