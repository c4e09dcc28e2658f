"""Bytes of a file as text, with limits: a case is small, so a big one is a mistake or an attack."""

from __future__ import annotations

import stat
from pathlib import Path

from revertant.errors import InputError

__all__ = ["read_text"]

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path, *, limit: int) -> str:
    """Read a small UTF-8 file.

    Parameters
    ----------
    path
        The file.
    limit
        The most bytes that are read.

    Returns
    -------
    str
        The text, without byte order mark; line endings as they are.

    Raises
    ------
    InputError
        When there is no such file, it is no regular file, it is empty or too large, or it is not UTF-8 text.
    """
    name = path.name
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            # Asked before opening: a named pipe would wait for its writer, perhaps for ever.
            remedy = "Give the case file itself, not a pipe or a device."
            raise InputError("This is not a regular file.", where=name, remedy=remedy)
        with path.open("rb") as handle:
            data = handle.read(limit + 1)
    except FileNotFoundError:
        raise InputError("There is no such file.", where=name, remedy="Check the path.") from None
    except IsADirectoryError:
        raise InputError("This is a folder.", where=name, remedy="Give the case file inside it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is not valid"
        what = f"The file cannot be opened: {reason}."
        raise InputError(what, where=name, remedy="Check the path and its permissions.") from None
    if len(data) > limit:
        what = f"The file is larger than {limit:,} bytes, the limit for one case."
        raise InputError(what, where=name, remedy="Give one patient's case file.")
    if data.startswith(_UTF16_MARKS):
        raise InputError("The file is UTF-16 text.", where=name, remedy="Save it as UTF-8.")
    if data.startswith(b"\x1f\x8b"):
        raise InputError("The file is compressed.", where=name, remedy="Decompress it with gunzip first.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"Byte {error.start} is not UTF-8 text."
        raise InputError(what, where=name, remedy="Save the file as UTF-8.") from None
    if not text.strip():
        raise InputError("The file is empty.", where=name, remedy="Give a phenopacket or a case file.")
    return text
