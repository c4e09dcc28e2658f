"""One file over HTTP: resumed where it broke off, checked, and only then given its final name."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from revertant.errors import InputError

__all__ = ["download", "md5_of", "published_md5", "read_small"]

_CHUNK = 1 << 20
_TIMEOUT = 60.0
_TRIES_WITHOUT_GAIN = 3
_SMALL = 64_000_000

Progress = Callable[[str, float], None]


def _request(url: str, start: int = 0) -> http.client.HTTPResponse:
    """Open a URL, from byte ``start`` on; only http and https are followed."""
    if not url.startswith(("https://", "http://")):
        raise _no_address(url)
    headers = {"User-Agent": "revertant", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    except (
        ValueError,
        http.client.InvalidURL,
    ) as error:  # brackets that do not close, a port that is no number
        raise _no_address(url) from error
    return answer


def _no_address(url: str) -> InputError:
    remedy = "Give a whole one, such as https://host/folder."
    return InputError(f"{url!r} is no web address.", where="base_url", remedy=remedy)


def _failure(url: str, error: Exception) -> InputError:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        remedy = "The file has moved: check the address, or give a mirror with base_url."
        if error.code in {401, 403}:
            remedy = "The server refuses: check proxy and address."
        elif error.code >= 500:
            remedy = "The server is in trouble: try again later; what is there is kept and resumed."
        return InputError(
            f"The server answers {error.code} {error.reason}.", where=url, remedy=remedy, code="download"
        )
    reason = getattr(error, "reason", None) or error
    return InputError(
        f"The download broke off ({reason}).",
        where=url,
        remedy="Check the network and run the same command again; it goes on where it stopped.",
        code="download",
    )


def read_small(url: str) -> str:
    """Read a small text file.

    Raises
    ------
    InputError
        Code ``download`` when it cannot be had.
    """
    try:
        with _request(url) as answer:
            data = answer.read(_SMALL)
    except (OSError, http.client.HTTPException) as error:
        raise _failure(url, error) from error
    return data.decode("utf-8", "replace")


def published_md5(listing: str, file_name: str, where: str) -> str:
    r"""Find a file's MD5 in a checksum list.

    Raises
    ------
    InputError
        Code ``no-checksum`` when the list does not hold it.

    Examples
    --------
    >>> published_md5("0" * 32 + "  ./a/genome.fa.gz\n", "genome.fa.gz", "md5checksums.txt")[:4]
    '0000'
    """
    for line in listing.splitlines():
        digest, _, name = line.strip().partition(" ")
        if name.strip().lstrip("*").rpartition("/")[2] == file_name and len(digest) == 32:
            return digest.lower()
    raise InputError(
        f"The checksum list does not name {file_name}.",
        where=where,
        remedy="The file cannot be verified, so it is not used: check the address or the mirror.",
        code="no-checksum",
    )


def md5_of(path: Path) -> str:
    """Return the MD5 of a file, the digest NCBI publishes; it guards against damage, not against malice."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _append(url: str, part: Path, progress: Progress | None) -> int | None:
    """Fetch what is missing of ``part``; return the full size where the server says it."""
    have = part.stat().st_size if part.exists() else 0
    try:
        answer = _request(url, have)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing after what we have: complete, or more than the server has
            error.close()
            return have
        raise
    with answer:
        resumed = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(
            f"bytes {have}-"
        )
        length = answer.headers.get("Content-Length")
        base = have if resumed else 0
        total = base + int(length) if length and length.isdigit() and len(length) < 19 else None
        with part.open("ab" if resumed else "wb") as file:
            done = base
            while chunk := answer.read(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                if progress is not None and total:
                    progress(f"downloading {part.name.removesuffix('.part')}", done / total)
    return total


def download(url: str, target: Path, md5: str, progress: Progress | None = None) -> Path:
    """Download a file; a broken download is gone on with, now or at the next call.

    Parameters
    ----------
    url
        Where it is.
    target
        Its final name, given only after the checksum was right. Until then it is ``target`` + ``.part``.
    md5
        The published checksum.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        Code ``download`` (server or network), ``wrong-checksum`` or ``cannot-write``.
    """
    part = target.with_name(target.name + ".part")
    fresh = not part.exists()
    tries = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            total = _append(url, part, progress)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                raise _failure(url, error) from error
            now = part.stat().st_size if part.exists() else 0
            tries = 0 if now > before else tries + 1
            if tries >= _TRIES_WITHOUT_GAIN:
                raise _failure(url, error) from error
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            continue
        except OSError as error:
            raise InputError(
                f"The file cannot be written ({error.strerror or error}).",
                where=str(part),
                remedy="Choose a folder that may be written and has room.",
                code="cannot-write",
            ) from error
        now = part.stat().st_size
        if total is not None and now < total:
            tries = 0 if now > before else tries + 1
            if tries >= _TRIES_WITHOUT_GAIN:
                raise _failure(url, ConnectionError(f"{now} of {total} bytes came"))
            continue
        found = md5_of(part)
        if found == md5:
            part.replace(target)
            return target
        part.unlink()
        if fresh:
            raise InputError(
                f"The checksum of the download is {found}, the server's list says {md5}.",
                where=url,
                remedy="The download was damaged and is deleted: try again, or use another mirror.",
                code="wrong-checksum",
            )
        fresh, tries = (
            True,
            0,
        )  # the old part belonged to another version of the file: once more from the start
