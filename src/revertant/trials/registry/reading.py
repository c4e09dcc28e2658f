"""Files of trials, read with an account of every record: what was kept, what was refused and why."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from revertant.errors import InputError
from revertant.model import Tally, Trial, TrialSite
from revertant.trials.registry.csv_files import rows_in, site_of_row, table_kind, trial_of_row
from revertant.trials.registry.fields import Refused
from revertant.trials.registry.json_files import studies_in
from revertant.trials.registry.merging import newer_of
from revertant.trials.registry.studies import trial_of_study

__all__ = ["ReadTrials", "RefusedRecord", "read_studies", "read_trials"]

_SAME = "another record of a trial already read: the newer one holds"
_NO_TRIAL = "a site of a trial that no table names"


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """A record that was not taken: where it stands, and why."""

    where: str
    because: str


@dataclass(frozen=True, slots=True)
class ReadTrials:
    """What was read: trials in the order of their numbers, one account a kind of record, and what was refused where."""

    trials: tuple[Trial, ...]
    tallies: tuple[Tally, ...]
    refused: tuple[RefusedRecord, ...] = ()


def read_trials(paths: Sequence[Path | str]) -> ReadTrials:
    """Read files of trials and put together what they say of each.

    Parameters
    ----------
    paths
        JSON or JSON lines of version 2 of ClinicalTrials.gov, its CSV exports, or snapshots with their tables of sites;
        any of them may be compressed with gzip. Recognised by content, not by name.

    Raises
    ------
    InputError
        When a file cannot be read as a whole. A single record that cannot be taken is refused and counted.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.json"
    ...     names = '{"nctId": "NCT01234567", "briefTitle": "T"}'
    ...     _ = path.write_text('[{"protocolSection": {"identificationModule": %s}}, {}]' % names)
    ...     found = read_trials([path])
    >>> [trial.nct_id for trial in found.trials], found.tallies[0].refused
    (['NCT01234567'], (('no study: protocolSection is missing', 1),))
    """
    held: dict[str, Trial] = {}
    sites: dict[str, list[TrialSite]] = {}
    refused: list[RefusedRecord] = []
    site_rows, lost_sites, kept_sites = 0, [], 0
    for path in map(Path, paths):
        for where, found in _records(path):
            if isinstance(found, Trial):
                if found.nct_id in held:
                    refused.append(RefusedRecord(where, _SAME))
                    held[found.nct_id] = newer_of(held[found.nct_id], found)
                else:
                    held[found.nct_id] = found
            elif isinstance(found, Refused):
                refused.append(RefusedRecord(where, str(found)))
            else:
                number, site = found
                site_rows += 1
                sites.setdefault(number, []).append(site)
    for number, found_sites in sites.items():
        if number in held:
            kept_sites += len(found_sites)
            held[number] = _with_sites(held[number], tuple(found_sites))
        else:
            lost_sites += [_NO_TRIAL] * len(found_sites)
    tallies = [Tally.of("records of trials", kept=len(held), refused=[one.because for one in refused])]
    if site_rows:
        tallies.append(Tally.of("rows of sites", kept=kept_sites, refused=lost_sites))
    return ReadTrials(tuple(held[number] for number in sorted(held)), tuple(tallies), tuple(refused))


def read_studies(studies: Iterable[object], source: str) -> ReadTrials:
    """Read studies that are parsed already, as a page of the interface has them.

    Examples
    --------
    >>> read_studies([{}], "page").tallies[0]
    Tally(name='records of trials', read=1, kept=0, refused=(('no study: protocolSection is missing', 1),))
    """
    held: dict[str, Trial] = {}
    refused: list[RefusedRecord] = []
    for number, study in enumerate(studies, 1):
        where = f"{source}: study {number}"
        try:
            trial = trial_of_study(study, source)
        except Refused as reason:
            refused.append(RefusedRecord(where, str(reason)))
            continue
        if trial.nct_id in held:
            refused.append(RefusedRecord(where, _SAME))
            trial = newer_of(held[trial.nct_id], trial)
        held[trial.nct_id] = trial
    tally = Tally.of("records of trials", kept=len(held), refused=[one.because for one in refused])
    return ReadTrials(tuple(held[number] for number in sorted(held)), (tally,), tuple(refused))


def _with_sites(trial: Trial, sites: tuple[TrialSite, ...]) -> Trial:
    """Put the sites of a table in the place of the bare countries of a snapshot's row."""
    if any(site.facility or site.city for site in trial.sites):
        return trial
    named = {site.country_code for site in sites}
    return replace(trial, sites=(*sites, *(site for site in trial.sites if site.country_code not in named)))


def _records(path: Path) -> Iterator[tuple[str, Trial | tuple[str, TrialSite] | Refused]]:
    text = _content(path)
    name = path.name
    start = text.lstrip("\ufeff \r\n\t")[:1]
    if start in {"{", "["} or not start:
        for place, study in studies_in(text.removeprefix("\ufeff"), str(path)):
            try:
                yield f"{path}: {place}", trial_of_study(study, name)
            except Refused as reason:
                yield f"{path}: {place}", reason
        return
    columns, rows = rows_in(text, str(path))
    kind = table_kind(columns, str(path))
    for line, row in rows:
        where = f"{path}: line {line}"
        try:
            yield where, site_of_row(row) if kind == "sites" else trial_of_row(row, kind, name)
        except Refused as reason:
            yield where, reason


def _content(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8")
    except OSError as error:
        raise InputError(
            f"The file cannot be read ({error.strerror or error}).", where=str(path), remedy="Check the path."
        ) from error
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(
            f"The file is no sound UTF-8 text ({error}).",
            where=str(path),
            remedy="Get it again.",
            code="truncated",
        ) from error
