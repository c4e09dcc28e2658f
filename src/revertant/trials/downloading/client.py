"""Asking a registry's interface politely: one page at a time, with pauses, and with patience when it asks for some."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from revertant import __version__
from revertant.errors import InputError, UsageError

__all__ = ["PROJECT", "PageGoneError", "PoliteClient"]

#: Where whoever runs the server can read who is asking.
PROJECT = "https://github.com/revertant/revertant"

_TIMEOUT = 120.0
#: Of a whole answer: one that trickles in for longer has broken off.
_LONGEST_ANSWER = 900.0
_MOST_BYTES = 512 << 20
_CHUNK = 1 << 20
_TRIES = 6
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 600.0
#: The server is busy or in trouble, and says that it is worth asking again.
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class PageGoneError(InputError):
    """The server does not know a token of a page (any more)."""


@dataclass(slots=True)
class PoliteClient:
    """Asks for pages of JSON.

    Parameters
    ----------
    base_url
        Of the interface, without a slash at its end.
    pause_seconds
        Between two requests. ClinicalTrials.gov states no limit of its own; about 50 requests a minute are reported to
        be answered, and this asks for 40.
    sleep, clock
        For tests.
    """

    base_url: str
    pause_seconds: float = 1.5
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    requests: int = field(default=0, init=False)
    _last: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if not self.base_url.startswith(("https://", "http://")):
            raise UsageError(
                f"{self.base_url!r} is no web address.",
                where="--url",
                remedy="Give a whole one: https://host/path.",
            )

    def page(self, path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Ask for one page.

        Parameters
        ----------
        path
            Below the base, with a slash before it.
        parameters
            Of the question.

        Returns
        -------
        dict
            The object that came.

        Raises
        ------
        PageGoneError
            When the server refuses the question as a bad one (400, 404, 410).
        InputError
            Code ``download``, when it cannot be had after several tries.
        """
        url = f"{self.base_url}{path}?{urlencode(parameters)}"
        wait = _FIRST_WAIT
        for attempt in range(_TRIES):
            self._keep_pace()
            asked_to_wait: float | None = None
            try:
                return self._ask(url)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in {400, 404, 410}:
                    raise PageGoneError(f"{error.code} {error.reason}") from error
                if error.code not in _AGAIN:
                    raise _failure(url, f"the server answers {error.code} {error.reason}") from error
                reason = f"the server answers {error.code} {error.reason}"
                asked_to_wait = _retry_after(error.headers.get("Retry-After"))
            except (OSError, http.client.HTTPException, EOFError, zlib.error) as error:
                reason = (
                    f"the answer broke off: {getattr(error, 'reason', None) or error or type(error).__name__}"
                )
            except (ValueError, RecursionError):
                reason = "the answer is no sound JSON"
            if attempt + 1 < _TRIES:
                self.sleep(min(asked_to_wait if asked_to_wait is not None else wait, _LONGEST_WAIT))
                wait *= 2
        raise _failure(url, f"{reason}, {_TRIES} times")

    def _keep_pace(self) -> None:
        now = self.clock()
        if self._last is not None and (left := self._last + self.pause_seconds - now) > 0:
            self.sleep(left)
        self._last = self.clock()
        self.requests += 1

    def _ask(self, url: str) -> dict[str, Any]:
        headers = {
            "User-Agent": f"revertant/{__version__} (+{PROJECT})",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
        opener = urllib.request.build_opener(_SamePlace)
        with opener.open(request, timeout=_TIMEOUT) as answer:
            data = self._whole(answer)
            packed = answer.headers.get("Content-Encoding") == "gzip"
            length = answer.headers.get("Content-Length")
        if length and length.isdecimal() and len(data) < min(int(length), _MOST_BYTES):
            raise http.client.IncompleteRead(data, int(length) - len(data))
        if packed:
            data = _unzipped(data)
        if len(data) > _MOST_BYTES:
            raise _failure(url, "the answer is longer than any page is")
        found = json.loads(data)
        if not isinstance(found, dict):
            raise ValueError("no object")  # noqa: TRY004 - garbage, whatever its type, is asked for again
        return found

    def _whole(self, answer: http.client.HTTPResponse) -> bytes:
        """Read an answer, as far as a page can be long and within the time that is granted."""
        began, parts, length = self.clock(), [], 0
        while length <= _MOST_BYTES and (part := answer.read1(_CHUNK)):
            parts.append(part)
            length += len(part)
            if self.clock() - began > _LONGEST_ANSWER:
                raise TimeoutError("it came too slowly")
        return b"".join(parts)


class _SamePlace(urllib.request.HTTPRedirectHandler):
    """Follows a server to another path of its own, and to its encrypted self; nowhere else."""

    def redirect_request(  # noqa: PLR0917 - the library's own
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        same = (new.scheme, new.netloc) == (old.scheme, old.netloc)
        encrypted = (old.scheme, new.scheme, new.hostname) == ("http", "https", old.hostname)
        if not (same or encrypted):
            raise urllib.error.HTTPError(req.full_url, code, "to another place", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _unzipped(data: bytes) -> bytes:
    """Unpack an answer, as far as a page can be long: a few bytes can be packed to unpack without end."""
    unpacker = zlib.decompressobj(31)
    found = unpacker.decompress(data, _MOST_BYTES + 1)
    if not unpacker.eof and len(found) <= _MOST_BYTES:
        raise EOFError("it is cut off")
    return found


def _retry_after(text: str | None) -> float | None:
    """Return how many seconds a server asks to wait: a number, or a date.

    Examples
    --------
    >>> _retry_after("7"), _retry_after(None), _retry_after("soon"), _retry_after("²")
    (7.0, None, None, None)
    """
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        day = parsedate_to_datetime(text)
    except ValueError:
        return None
    if day.tzinfo is None:
        day = day.replace(tzinfo=dt.UTC)
    return max(0.0, (day - dt.datetime.now(dt.UTC)).total_seconds())


def _failure(url: str, reason: str) -> InputError:
    return InputError(
        f"The registry cannot be read: {reason}.",
        where=url.partition("?")[0],
        remedy="Check the network and run the same command again: it goes on where it stopped.",
        code="download",
    )
