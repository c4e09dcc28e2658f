"""Sequences named on the command line: written out, or a file that holds one."""

from __future__ import annotations

from pathlib import Path

from revertant.errors import InputError, UsageError

__all__ = ["read_sequence"]

#: A larger file holds a genome, which has options of its own.
MOST_BYTES = 2_000_000
_LETTERS = frozenset("ACGTURYSWKMBDHVN \n")


def read_sequence(text: str, option: str) -> tuple[str, str]:
    """Return the name and the letters of a sequence.

    Parameters
    ----------
    text
        The letters themselves, or the path of a FASTA or plain text file with one sequence.
    option
        Its name on the command line, for errors.

    Raises
    ------
    UsageError
        When it is neither letters nor a file.
    InputError
        When the file cannot be read, is too large, or holds none or several sequences.
    """
    if text.strip() and frozenset(text.upper()) <= _LETTERS:
        return "sequence", text
    path = Path(text)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if not is_file:
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise UsageError(
            f"{option} {shown!r} is neither a sequence nor a file.",
            where=option,
            remedy="Write nucleotides, or name a FASTA file.",
            code="no-sequence",
        )
    return _read_file(path)


def _read_file(path: Path) -> tuple[str, str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                f"The file is larger than {MOST_BYTES:,} bytes.",
                where=str(path),
                remedy="Give the stretch around the edit, or a genome with --reference and --locus.",
                code="too-large",
            )
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not text.", where=str(path), remedy="Give FASTA or plain text."
        ) from error
    except OSError as error:
        raise InputError(f"The file cannot be read ({error.strerror}).", where=str(path)) from error
    heads = [line for line in lines if line.startswith(">")]
    body = "".join(line for line in lines if not line.startswith((">", ";")))
    if len(heads) > 1 or not body.strip():
        raise InputError(
            f"The file holds {f'{len(heads)} sequences' if len(heads) > 1 else 'no sequence'}.",
            where=str(path),
            remedy="Give a file with one sequence.",
            code="not-one-sequence",
        )
    words = heads[0][1:].split() if heads else []
    return (words[0] if words else "sequence"), body
