"""What the commands write: results to stdout, everything else to stderr."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from revertant.errors import RevertantError, UsageError

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

__all__ = [
    "ReaderGoneError",
    "StdoutError",
    "is_out_of_memory",
    "let_go_of_stdout",
    "note",
    "print_json",
    "print_rich",
    "print_text",
    "progress_bar",
    "show_bug",
    "show_error",
    "show_usage_error",
    "speak_any_language",
    "visible",
    "wants_traceback",
]

#: Set to 1 to see the traceback of a bug; tracebacks may hold patient data and are off by default.
DEBUG_VARIABLE = "REVERTANT_DEBUG"


_NO_MEMORY = ("failed to map segment", "can't start new thread", "annot allocate memory")


#: Signs that a terminal obeys (all controls but tab and line feed), and those that turn the direction of writing round.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class StdoutError(UsageError):
    """The result cannot be written to stdout."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The result cannot be written to stdout ({reason}).",
            remedy="Files named by --out, if any, were written before.",
            code="stdout",
        )


class ReaderGoneError(RuntimeError):
    """Who read our stdout has gone away: no fault. Of a plain EPIPE the library would make an exit status of 1."""


def speak_any_language() -> None:
    """Let stdout and stderr write what their encoding lacks as escapes rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def visible(text: str) -> str:
    r"""Return a text in which nothing moves a cursor, colours or renames a terminal: what is read may be hostile.

    Examples
    --------
    >>> visible("a title\x1b]0;not yours\x07")
    'a title\ufffd]0;not yours\ufffd'
    """
    return _OBEYED.sub("\ufffd", text)


def note(text: str) -> None:
    """Write a line for people to stderr, where there is one."""
    if sys.stderr is None:
        return
    sys.stderr.write(f"{visible(text)}\n")
    sys.stderr.flush()


def print_text(text: str) -> None:
    """Write a result to stdout."""
    _write(visible(text))


def _write(text: str) -> None:
    if sys.stdout is None:
        raise StdoutError("it is closed")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise StdoutError(error.strerror or "") from error


def print_rich(make: Callable[[int], RenderableType]) -> None:
    """Write tables and text to stdout; ``make`` is given the width of the terminal."""
    from rich.console import Console

    terminal, written = Console(), io.StringIO()
    # No markup: square brackets in a title are letters.
    writer = Console(
        file=written, width=terminal.width, force_terminal=terminal.is_terminal, markup=False, emoji=False
    )
    writer.print(_Visible(make(terminal.width)))
    _write(written.getvalue().removesuffix("\n"))


class _Visible:
    """Something to show in which the letters are made visible and the colours are left."""

    def __init__(self, shown: RenderableType) -> None:
        self._shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        from rich.segment import Segment

        for text, style, control in console.render(self._shown, options):
            yield Segment(visible(text), style, control)


def let_go_of_stdout() -> None:
    """Forget what a reader who has gone away will not read: Python would try again at its end, and complain."""
    try:
        place = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, place)
    os.close(nowhere)


def print_json(value: object) -> None:
    """Write a result to stdout as one JSON object."""
    from revertant.model import plain

    _write(_as_json(plain(value), sort_keys=True))


def _as_json(value: object, *, sort_keys: bool = False) -> str:
    """Return JSON of the same value, with escapes for what a terminal would obey."""
    text = json.dumps(value, sort_keys=sort_keys, ensure_ascii=False, indent=1)
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def show_error(error: RevertantError, *, as_json: bool) -> None:
    """Say what is wrong, where, and what to do."""
    _show(error.as_dict(), f"Error: {error}", as_json=as_json and not isinstance(error, StdoutError))


def _show(found: dict[str, object], words: str, *, as_json: bool) -> None:
    """Say an error; in words on stderr too where it cannot be said as an object."""
    if not as_json:
        note(words)
        return
    try:
        _write(_as_json(found))
    except StdoutError:
        note(words)
    except ReaderGoneError:
        let_go_of_stdout()
        note(words)


def show_usage_error(error: Exception, *, as_json: bool) -> bool:
    """Show a mistake in the command line; say whether the error was one."""
    message = getattr(error, "format_message", None)
    if message is None or getattr(error, "exit_code", None) is None:
        return False
    text = str(message())
    found: dict[str, object] = {
        "ok": False,
        "code": "usage",
        "what": text,
        "where": "",
        "remedy": "See --help.",
        "exit_status": 2,
    }
    _show(found, f"Error: {text} See --help.", as_json=as_json)
    return True


def wants_traceback() -> bool:
    """Whether the user asked for tracebacks of bugs."""
    return os.environ.get(DEBUG_VARIABLE) == "1"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the machine, or the limit set for this process, has no memory left.

    A library or a thread that cannot be started for want of memory says so in words of its own, often as the reason
    behind another error.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or (isinstance(seen, OSError) and seen.errno == errno.ENOMEM):
            return True
        if any(words in str(seen) for words in _NO_MEMORY):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def show_bug(error: Exception, *, as_json: bool) -> None:
    """Say that this is our mistake, naming the place in our code but no value (it could be a patient's)."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f"{os.sep}revertant{os.sep}" in f.filename
    ]
    at = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = (
        f"This is a bug in revertant ({type(error).__name__}{at}). "
        f"Please report it; {DEBUG_VARIABLE}=1 shows the traceback, which may hold patient data."
    )
    found: dict[str, object] = {
        "ok": False,
        "code": "bug",
        "what": text,
        "where": "",
        "remedy": "",
        "exit_status": 1,
    }
    _show(found, f"Error: {text}", as_json=as_json)


def _draw_nothing(stage: str, share: float) -> None:
    """Take progress where nobody watches."""
    del stage, share


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """Give a progress callback that draws a bar on stderr where that is a terminal."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield _draw_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def update(stage: str, share: float) -> None:
            bar.update(task, description=stage, completed=share)

        yield update
