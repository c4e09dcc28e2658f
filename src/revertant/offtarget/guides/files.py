"""Guides as people write them: on the command line, one a line, in a table, or as FASTA.

Each way of writing gives the same rows; :mod:`revertant.offtarget.guides.listing` makes guides of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from revertant.errors import InputError, ProblemsError, RevertantError
from revertant.genome.compression import read_bounded
from revertant.model import Locus, PamSide, Tally
from revertant.offtarget.guides.listing import GUIDE_COLUMNS, GuideList, GuideRow, as_dna, guides_of
from revertant.sequence import is_iupac
from revertant.variant.limits import shown

__all__ = ["read_guides"]

_NAMES = tuple(name for name, _ in GUIDE_COLUMNS)
#: Far above the largest library (100,000 guides) and far below what fills a memory.
_MOST_BYTES = 64_000_000
_MOST_PROBLEMS = 20
#: From so many letters on a cell that is IUPAC throughout is taken for a spacer, not for a heading.
_LIKE_A_SPACER = 12


def read_guides(
    words: Sequence[str],
    *,
    pam: str = "NGG",
    pam_side: PamSide = PamSide.THREE_PRIME,
    target: Locus | None = None,
) -> GuideList:
    """Read guides from a command line: spacers, and files of guides.

    A file is FASTA, or one guide a line: only the spacer, or the columns of ``GUIDE_COLUMNS`` separated by tabs
    (``.tsv``), commas or semicolons (``.csv``), or white space, with or without a header. Empty lines and lines that
    start with ``#`` are passed over. A guide without a name is called ``guide-1``, ``guide-2`` and so on.

    Parameters
    ----------
    words
        A spacer each, or the path of a file.
    pam, pam_side
        For guides that say none themselves.
    target
        The intended site, when there is exactly one guide.

    Raises
    ------
    ProblemsError
        Naming every line (up to twenty) that is no guide.
    InputError
        When there is no guide, or a file cannot be read.

    Examples
    --------
    >>> found = read_guides(["ctaacaguugcuuuuaucac"])
    >>> found.guides[0].name, found.guides[0].spacer, found.guides[0].pam
    ('guide-1', 'CTAACAGTTGCTTTTATCAC', 'NGG')
    >>> read_guides(["CTAACAGTTGCTTTTATCACAGG"])
    Traceback (most recent call last):
    revertant.errors.ProblemsError: 1 problem:
      - argument 1: 'CTAACAGTTGCTTTTATCACAGG' ends in the PAM NGG. Write the spacer alone, without its PAM: ...
    """
    rows: list[GuideRow] = []
    problems: list[RevertantError] = []
    passed_over: list[str] = []
    files: list[Path] = []
    for number, word in enumerate(words, start=1):
        if _is_spacer_like(word):
            rows.append(GuideRow(f"argument {number}", {"spacer": word}))
        else:
            path = _existing(word, f"argument {number}")
            files.append(path)
            _read_file(path, rows, problems, passed_over)
    guides = guides_of(rows, pam, pam_side, target, problems)
    if problems:
        raise _together(problems)
    if not guides:
        raise InputError(
            "There is no guide.", where=", ".join(map(str, files)), remedy="Give a spacer or a file."
        )
    return GuideList(
        guides, tuple(files), Tally.of("lines with guides", kept=len(guides), refused=passed_over)
    )


def _is_spacer_like(word: str) -> bool:
    """Whether a word of the command line is meant as a spacer: letters only, all of them bases."""
    return bool(word) and is_iupac(as_dna(word))


def _existing(word: str, where: str) -> Path:
    path = Path(word)
    try:
        is_there, is_stream = path.is_file(), path.exists() and not path.is_dir()
    except (OSError, ValueError):
        is_there = is_stream = False
    if is_there:
        return path
    if is_stream:
        raise InputError(
            "This is a pipe or a device, not a file.",
            where=shown(word),
            remedy="Write the guides to a file: its digest stands in the report.",
        )
    if not re.search(r"[./\\]", word):
        raise InputError(
            f"{shown(word)!r} is neither a spacer nor a file.",
            where=where,
            remedy="Write a spacer 5'→3' in DNA letters, or name a file of guides.",
            code="bad-guide",
        )
    raise InputError("There is no such file.", where=shown(word), remedy="Check the path.")


def _read_file(
    path: Path, rows: list[GuideRow], problems: list[RevertantError], passed_over: list[str]
) -> None:
    lines = _text(path).splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith(">"):
        rows += _fasta(lines, path, problems)
        return
    split = _splitter(path, first)
    columns: tuple[str, ...] = ()
    for number, line in enumerate(lines, start=1):
        where = f"{path}: line {number}"
        cells = [cell.strip() for cell in split(line)]
        if not columns and any(cells):
            heading = [cell.lstrip("#").strip().lower() for cell in cells]
            if _is_heading(heading):
                columns = _columns(heading, where)
                passed_over.append("header")
                continue
            if not line.lstrip().startswith("#"):
                columns = _NAMES if len(cells) > 1 else ("spacer",)
        if not any(cells) or line.lstrip().startswith("#"):
            passed_over.append("empty line or comment")
        elif any(cells[len(columns) :]):
            problems.append(
                InputError(
                    f"The line has {len(cells)} columns instead of {len(columns)}.",
                    where=where,
                    remedy=f"Columns are {', '.join(columns)}.",
                    code="bad-guide",
                )
            )
        else:
            rows.append(GuideRow(where, dict(zip(columns, cells, strict=False))))


def _text(path: Path) -> str:
    where = str(path)
    try:
        data = read_bounded(path, _MOST_BYTES)
    except OSError as error:
        raise InputError(
            f"The file cannot be read ({error.strerror or error}).",
            where=where,
            remedy="Check its permissions.",
        ) from error
    if data is None:
        raise InputError(
            f"The file is larger than {_MOST_BYTES:,} bytes.",
            where=where,
            remedy="Is it a file of guides? Split it.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "The file is not UTF-8 text.", where=where, remedy="Save it as plain text, TSV or CSV."
        ) from error
    if "\0" in text:
        raise InputError("The file is no text.", where=where, remedy="Save it as plain text, TSV or CSV.")
    return text


def _splitter(path: Path, first: str) -> Callable[[str], list[str]]:
    """Find how the cells of a line are separated: by what the name promises, or by what the first line shows."""
    suffix = next((part for part in reversed(path.suffixes) if part.lower() != ".gz"), "").lower()
    if suffix == ".csv":
        mark = ";" if ";" in first and "," not in first else ","
    elif suffix == ".tsv" or "\t" in first:
        mark = "\t"
    elif "," in first:
        mark = ","
    else:
        return str.split
    # One line at a time: a quote that is never closed must not swallow the lines after it.
    return lambda line: next(csv.reader([line], delimiter=mark), [])


def _is_heading(cells: Sequence[str]) -> bool:
    return not set(_NAMES).isdisjoint(cells) and not any(
        len(cell) >= _LIKE_A_SPACER and is_iupac(as_dna(cell)) for cell in cells
    )


def _columns(heading: Sequence[str], where: str) -> tuple[str, ...]:
    unknown = [cell for cell in heading if cell not in _NAMES]
    twice = sorted({cell for cell in heading if heading.count(cell) > 1})
    fault = ""
    if unknown:
        fault = f"There is no column {shown(unknown[0])!r}."
    elif twice:
        fault = f"The column {twice[0]} stands there twice."
    elif "spacer" not in heading:
        fault = "There is no column spacer."
    if fault:
        raise InputError(fault, where=where, remedy=f"Columns are {', '.join(_NAMES)}.", code="bad-guide")
    return tuple(heading)


def _fasta(lines: Sequence[str], path: Path, problems: list[RevertantError]) -> Iterator[GuideRow]:
    """Yield a row for each record; a sequence may run over several lines."""
    where, name, letters = "", "", ""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text.startswith(">"):
            if where:
                yield GuideRow(where, {"name": name, "spacer": letters})
            where, letters = f"{path}: line {number}", ""
            name = next(iter(text[1:].split()), "")
            if not name:
                problems.append(
                    InputError("The record has no name.", where=where, remedy="Write it after >.")
                )
        else:
            letters += "".join(text.split())
    if where:
        yield GuideRow(where, {"name": name, "spacer": letters})


def _together(problems: Sequence[RevertantError]) -> ProblemsError:
    listed = list(problems[:_MOST_PROBLEMS])
    if len(problems) > len(listed):
        listed.append(
            InputError(f"There are {len(problems) - len(listed)} problems more.", remedy="Mend these first.")
        )
    return ProblemsError(listed)
