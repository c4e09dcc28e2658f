"""Rows of local sequence for the atlas: a variant's name with the sequence around it, mutant and wild type.

The table needs no genome. Each row goes through the edit-string input, written wild type to mutant, so that the
atlas asks of a row what the command line asks of a person. No row is dropped silently: one that cannot be used
is refused with its line and its reason.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from revertant.errors import InputError, RevertantError
from revertant.model import Tally
from revertant.sequence import complement
from revertant.variant import EditString, parse_edit

__all__ = ["COLUMNS", "ContextRow", "ContextTable", "edit_between", "read_contexts"]

#: Columns that must be there; others are ignored.
COLUMNS = (
    "name",
    "gene",
    "phenotype",
    "correction",
    "correction_length",
    "reference_allele",
    "alternate_allele",
    "edit_offset",
    "mutant_context",
    "wildtype_context",
)
_REMEDY = f"Give a tab-separated table with the columns {', '.join(COLUMNS)}."


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One variant with the sequence around it.

    Parameters
    ----------
    line
        Line of the file, the header is line 1.
    name, gene, phenotype
        As written; the name is HGVS, with or without the protein part.
    edit
        Wild type to mutant.
    """

    line: int
    name: str
    gene: str
    phenotype: str
    edit: EditString


@dataclass(frozen=True, slots=True)
class ContextTable:
    """The rows of a file that can be used, and what became of the others.

    Parameters
    ----------
    rows
        In the order of the file.
    refused
        ``(line, reason)`` of every row that was refused.
    """

    rows: tuple[ContextRow, ...]
    refused: tuple[tuple[int, str], ...]

    @property
    def tally(self) -> Tally:
        """The account of the rows."""
        return Tally.of("rows", kept=len(self.rows), refused=[reason for _, reason in self.refused])


def edit_between(wild: str, mutant: str) -> str:
    """Write the difference of two sequences as an edit string, wild type to mutant.

    The bases both begin with are trimmed first, then those both end with, so that the text is the shortest.

    Examples
    --------
    >>> edit_between("ACGTA", "ACCTA"), edit_between("ACGTA", "ACGGTA"), edit_between("ACGTA", "ACTA")
    ('AC(G/C)TA', 'ACG(+G)TA', 'AC(-G)TA')
    """
    left = _shared(wild, mutant)
    rest, now = wild[left:], mutant[left:]
    right = _shared(rest[::-1], now[::-1])
    tail = rest[len(rest) - right :]
    ref, alt = rest[: len(rest) - right], now[: len(now) - right]
    if not ref or not alt:
        return f"{wild[:left]}({'+' if alt else '-'}{ref or alt}){tail}"
    return f"{wild[:left]}({ref}/{alt}){tail}"


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def read_contexts(path: Path | str) -> ContextTable:
    r"""Read a table of local sequences, plain or gzip.

    Parameters
    ----------
    path
        A tab-separated table with the columns of ``COLUMNS``.

    Raises
    ------
    InputError
        When the file cannot be read, a column is missing, or it holds no row.

    Examples
    --------
    >>> import tempfile
    >>> row = "NM_1.1:c.5A>G G disease Replacement 1 A G 2 ACGTT ACATT".split()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.tsv"
    ...     _ = path.write_text("\t".join(COLUMNS) + "\n" + "\t".join(row) + "\n")
    ...     table = read_contexts(path)
    >>> table.tally.kept, str(table.rows[0].edit)
    (1, 'AC(A/G)TT')
    """
    place = Path(path)
    rows: list[ContextRow] = []
    refused: list[tuple[int, str]] = []
    for line, record in _records(place):
        found = _row(line, record)
        if isinstance(found, str):
            refused.append((line, found))
        else:
            rows.append(found)
    if not rows and not refused:
        raise InputError("The table holds no row.", where=str(place), remedy=_REMEDY, code="no-rows")
    return ContextTable(tuple(rows), tuple(refused))


def _records(place: Path) -> Iterator[tuple[int, dict[str | None, str | list[str] | None]]]:
    opener = gzip.open if place.suffix == ".gz" else open
    try:
        with opener(place, "rt", encoding="utf-8", newline="") as handle:
            # Names hold quotation marks now and then; a tab never stands inside a field.
            reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"The table lacks the columns {', '.join(missing)}.",
                    where=f"{place}, line 1",
                    remedy=_REMEDY,
                    code="missing-columns",
                )
            for record in reader:
                yield reader.line_num, record
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"The table cannot be read ({reason}).", where=str(place), remedy=_REMEDY) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The table is no text ({error}).", where=str(place), remedy=_REMEDY) from error


def _row(line: int, record: dict[str | None, str | list[str] | None]) -> ContextRow | str:
    """Read one record, or say why not."""
    if None in record or any(not isinstance(record[name], str) for name in COLUMNS):
        return "wrong number of fields"
    cells = {name: str(record[name]).strip() for name in COLUMNS}
    wild, mutant = cells["wildtype_context"].upper(), cells["mutant_context"].upper()
    if not wild or not mutant:
        return "a sequence is empty"
    if wild == mutant:
        return "mutant and wild-type sequence are the same"
    try:
        edit = parse_edit(edit_between(wild, mutant))
    except RevertantError as error:
        return error.what
    if not _agrees(edit, cells):
        return "the allele columns disagree with the sequences"
    if not _is_named(edit, cells["name"]):
        return "the name and the sequences describe different changes"
    return ContextRow(line, cells["name"], cells["gene"], cells["phenotype"], edit)


def _agrees(edit: EditString, cells: dict[str, str]) -> bool:
    """Whether the allele columns name this edit, on either strand; of indels, whether they name its length."""
    ref, alt = (cells[name].upper().replace("-", "") for name in ("reference_allele", "alternate_allele"))
    if len(edit.ref) == len(edit.alt) == 1:
        turned = complement(edit.ref), complement(edit.alt)
        return (ref, alt) in {(edit.ref, edit.alt), turned}
    return len(edit.alt) - len(edit.ref) == len(alt) - len(ref)


def _is_named(edit: EditString, name: str) -> bool:
    """Whether a name's kind of change is that of the sequences; kinds that do not tell the length pass."""
    change = name.rsplit(":", maxsplit=1)[-1].split(" ", maxsplit=1)[0]
    gained = len(edit.alt) - len(edit.ref)
    if ">" in change:
        return gained == 0
    if "delins" in change:
        return True
    if "del" in change:
        return gained < 0
    return gained > 0 if "dup" in change or "ins" in change else True
