"""Fetch the public reference and gene models, verified by the checksums their server publishes."""

from __future__ import annotations

import gzip
import json
import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pysam

from revertant.errors import InputError, UsageError
from revertant.genome.compression import is_bgzf
from revertant.genome.contigs import builds
from revertant.genome.downloads import Progress, download, md5_of, published_md5, read_small
from revertant.genome.fasta_index import open_indexed

__all__ = ["NCBI", "DownloadFact", "FetchedReference", "downloads", "fetch_reference"]

#: Where the files are by default.
NCBI = "https://ftp.ncbi.nlm.nih.gov"

_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class DownloadFact:
    """One public file: which build, what it is for, where it is and under which name it is kept."""

    build: str
    role: str
    path: str
    checksums: str
    save_as: str
    note: str
    sources: tuple[str, ...]
    checked: bool
    as_of: str


@dataclass(frozen=True, slots=True)
class FetchedReference:
    """What was fetched: indexed BGZF FASTA, gene models, and each file's address and published MD5."""

    build: str
    reference: Path
    gene_models: Path
    origins: tuple[tuple[str, str], ...]


@cache
def downloads() -> tuple[DownloadFact, ...]:
    """Return the catalogue of files that can be fetched."""
    rows = tomllib.loads(files("revertant.genome").joinpath("downloads.toml").read_text(encoding="utf-8"))
    return tuple(DownloadFact(**{**row, "sources": tuple(row["sources"])}) for row in rows["download"])


def fetch_reference(
    build: str, folder: Path | str, *, base_url: str = NCBI, progress: Progress | None = None
) -> FetchedReference:
    """Download a genome build and its gene models into a folder.

    Run again after an interruption, it goes on where it stopped; run again after success, it finds that the
    files are there and are what the server publishes, and downloads nothing.

    Parameters
    ----------
    build
        ``"GRCh38"`` or one of its other names.
    folder
        Where to put the files; made when missing.
    base_url
        A mirror with the same paths as NCBI's server.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    UsageError
        When the build cannot be fetched.
    InputError
        When a file cannot be had, verified or written.

    Examples
    --------
    >>> try:
    ...     fetch_reference("GRCh99", "reference")
    ... except UsageError as error:
    ...     error.what
    "The build 'GRCh99' cannot be fetched."
    """
    known = {alias.lower(): fact.name for fact in builds().values() for alias in (fact.name, *fact.aliases)}
    wanted = {item.role: item for item in downloads() if item.build == known.get(build.lower())}
    if not wanted:
        have = ", ".join(sorted({item.build for item in downloads()}))
        raise UsageError(
            f"The build {build!r} cannot be fetched.",
            where="build",
            remedy=f"Available: {have}. Any other FASTA can be given with --reference.",
        )
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder cannot be made ({error.strerror}).",
            where=str(place),
            remedy="Choose a folder that may be written.",
            code="cannot-write",
        ) from error
    origins = []
    kept = {}
    for role, item in wanted.items():
        url = base_url.rstrip("/") + item.path
        listing = base_url.rstrip("/") + item.checksums
        md5 = published_md5(read_small(listing), item.path.rpartition("/")[2], listing)
        kept[role] = _fetch_one(item, url, md5, place, progress)
        origins.append((url, md5))
    reference = kept["reference"]
    if progress is not None:
        progress("indexing the reference", 0.0)
    open_indexed(reference).close()
    return FetchedReference(next(iter(wanted.values())).build, reference, kept["gene models"], tuple(origins))


def _fetch_one(item: DownloadFact, url: str, md5: str, folder: Path, progress: Progress | None) -> Path:
    target = folder / item.save_as
    note = folder / (item.save_as + ".origin.json")
    if target.exists():
        origin = _read_note(note)
        if origin.get("published_md5") == md5 and origin.get("kept_md5") == md5_of(target):
            return target
        raise InputError(
            "A file of this name is there, but it is not (or no longer) what the server publishes.",
            where=str(target),
            remedy="Move it away and run the command again.",
            code="file-exists",
        )
    loaded = download(url, folder / item.path.rpartition("/")[2], md5, progress)
    try:
        if item.role == "reference":
            _to_bgzf(loaded, target, progress)
            loaded.unlink(missing_ok=True)
        else:
            loaded.replace(target)
        record = {"url": url, "published_md5": md5, "kept_md5": md5_of(target), "sources": list(item.sources)}
        text = json.dumps(record, indent=2, sort_keys=True) + "\n"
        part = note.with_name(note.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(note)
    except OSError as error:
        raise InputError(
            f"The file cannot be written ({error.strerror or error}).",
            where=str(target),
            remedy="Choose a folder that may be written and has room.",
            code="cannot-write",
        ) from error
    return target


def _read_note(note: Path) -> dict[str, object]:
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _to_bgzf(source: Path, target: Path, progress: Progress | None) -> None:
    """Rewrite plain gzip as BGZF, which can be read at random; a BGZF file is kept as it is."""
    with source.open("rb") as file:
        head = file.read(18)
    part = target.with_name(target.name + ".part")
    if is_bgzf(head):
        source.replace(target)
        return
    size = source.stat().st_size
    try:
        with (
            source.open("rb") as raw,
            gzip.GzipFile(fileobj=raw) as text,
            pysam.BGZFile(str(part), "wb", None) as out,
        ):
            while chunk := text.read(_CHUNK):
                out.write(chunk)
                if progress is not None:
                    progress("compressing for random access", raw.tell() / size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"The downloaded file is no sound gzip ({error}).",
            where=str(source),
            remedy="Delete it and run the command again.",
            code="truncated",
        ) from error
    part.replace(target)
