"""The one strict loader of every catalogue.

A catalogue is a TOML file beside its loader. Each table is one row and its name is the row's key; a top-level
``as_of`` holds for every row that does not state its own::

    as_of = "2026-11-22"

    [HBB]
    name = "hemoglobin subunit beta"
    sources = ["OMIM:141900"]
    checked = true

A row is a frozen dataclass derived from :class:`Row`; its annotations are the schema. Text may be narrowed
with :data:`Iupac`, :data:`Dna` or :data:`IsoDate`. Anything that does not fit (an unknown field, a wrong
type, a bad letter, a missing source) is an error that names file, row and field; all are reported at once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from revertant.errors import InputError, ProblemsError
from revertant.sequence import is_dna, is_iupac

__all__ = [
    "SOURCE_KINDS",
    "Dna",
    "IsoDate",
    "Iupac",
    "Row",
    "catalogue_versions",
    "load_own_rows",
    "load_rows",
    "state_of_knowledge",
]

PACKAGE = "revertant.knowledge"

#: What a source may be: ``kind:identifier``. ``label`` is a product label (name and date); ``dataset`` and
#: ``repository`` name a public data set or code repository.
SOURCE_KINDS = (
    "addgene", "clingen", "dataset", "doi", "ensembl", "genbank", "gnomad", "hgnc", "hpo", "label", "mane",
    "mondo", "nct", "omim", "orpha", "patent", "pdb", "pmcid", "pmid", "refseq", "repository",
    "ucsc", "uniprot", "url",
)  # fmt: skip

Check = Callable[[str], str]


def _is_iupac_text(text: str) -> str:
    return "" if text and is_iupac(text) else f"{text!r} is not upper-case IUPAC DNA"


def _is_dna_text(text: str) -> str:
    return "" if text and is_dna(text) else f"{text!r} is not upper-case A, C, G, T"


def _is_iso_date(text: str) -> str:
    return "" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else f"{text!r} is not a date like 2026-11-22"


#: Upper-case IUPAC DNA, not empty (a PAM, a motif).
Iupac = Annotated[str, _is_iupac_text]
#: Upper-case A, C, G, T, not empty (a spacer).
Dna = Annotated[str, _is_dna_text]
#: A calendar day, ``YYYY-MM-DD``.
IsoDate = Annotated[str, _is_iso_date]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every catalogue row has.

    Parameters
    ----------
    key
        The row's name in its file.
    sources
        Where the facts come from, ``kind:identifier`` (``SOURCE_KINDS``), at least one.
    checked
        True only after the primary source or an independent computation agreed.
    as_of
        The day the facts were gathered.
    """

    key: str
    sources: tuple[str, ...]
    checked: bool = False
    as_of: IsoDate

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields of this row; a row class with such rules overrides it."""
        yield from ()


RowT = TypeVar("RowT", bound=Row)


class _MisfitError(Exception):
    """One value that does not fit its field."""

    def __init__(self, what: str, field: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.field = field


def load_rows(name: str, row_class: type[RowT], *, text: str | None = None) -> Mapping[str, RowT]:
    r"""Read a catalogue, or refuse it with every problem it has.

    Parameters
    ----------
    name
        File name in this package (``"genes.toml"``); with ``text``, only the name used in errors.
    row_class
        The dataclass of a row.
    text
        The TOML itself, instead of the file.

    Returns
    -------
    Mapping[str, RowT]
        Read-only, sorted by key.

    Raises
    ------
    InputError
        When the text is no TOML, or (as :class:`ProblemsError`) when rows do not fit.

    Examples
    --------
    >>> rows = load_rows("x.toml", Row, text='[B]\nsources = ["doi:10.1/x"]\nas_of = "2026-11-22"')
    >>> rows["B"].checked
    False
    """
    rows = _load(_package_text(name) if text is None else text, name, lambda _: row_class)
    return types.MappingProxyType({key: row for key, row in rows.items() if isinstance(row, row_class)})


def _load(content: str, name: str, class_of: Callable[[Mapping[str, object]], type[Row]]) -> dict[str, Row]:
    """Read rows, each of the class that its table is of; what is wrong with any of them is told at once."""
    try:
        tables = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            f"This is not valid TOML: {error}.", where=name, remedy="Mend the syntax at that place."
        ) from error
    problems: list[InputError] = []
    common: dict[str, object] = {}
    if "as_of" in tables:
        common["as_of"] = tables.pop("as_of")
    rows: dict[str, Row] = {}
    for key in sorted(tables):
        if not isinstance(tables[key], dict):
            problems.append(InputError("Only 'as_of' may stand outside a table.", where=f"{name}: {key}"))
            continue
        try:
            rows[key] = _row(class_of(tables[key]), {**common, **tables[key]}, key, f"{name} [{key}]")
        except ProblemsError as error:
            problems.extend(p for p in error.problems if isinstance(p, InputError))
        except _MisfitError as misfit:
            problems.append(InputError(misfit.what, where=f"{name} [{key}]"))
    if problems:
        raise ProblemsError(problems, where=name)
    return rows


def load_own_rows(path: Path, classes: Mapping[str, type[Row]]) -> Mapping[str, Row]:
    r"""Read a user's own rows, in the format of the catalogues.

    Parameters
    ----------
    path
        The TOML file.
    classes
        The dataclasses of rows, by the field that only tables of that class have.

    Raises
    ------
    InputError
        When the file cannot be read, is no TOML, or (as :class:`ProblemsError`) when rows do not fit.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "own.toml"
    ...     _ = path.write_text('[ours]\nsources = ["repository:ours"]\nas_of = "2026-11-26"\n')
    ...     list(load_own_rows(path, {"sources": Row}))
    ['ours']
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The parts file cannot be read: {error}.", where=str(path), remedy="Give a UTF-8 TOML file."
        ) from error

    def class_of(table: Mapping[str, object]) -> type[Row]:
        found = [row_class for field, row_class in classes.items() if field in table]
        if len(found) != 1:
            raise _MisfitError(
                f"A table has one of the fields {', '.join(classes)}: it says what the row is."
            )
        return found[0]

    return types.MappingProxyType(_load(text, path.name, class_of))


def _row(row_class: type[RowT], table: dict[str, object], key: str, where: str) -> RowT:
    problems = []
    if "key" in table:
        problems.append(
            InputError("The key is the table's name.", where=f"{where}.key", remedy="Leave it out.")
        )
    values, misfits = _fields(row_class, {**table, "key": key})
    problems += [InputError(misfit.what, where=f"{where}.{misfit.field}") for misfit in misfits]
    sources = values.get("sources")
    if isinstance(sources, tuple):
        problems += [
            InputError(what, where=f"{where}.sources", remedy="Write kind:identifier.")
            for what in _source_problems(sources)
        ]
    if not problems:
        row = row_class(**values)
        problems = [InputError(what, where=where) for what in row.problems()]
    if problems:
        raise ProblemsError(problems, where=where)
    return row


def _source_problems(sources: tuple[str, ...]) -> Iterator[str]:
    if not sources:
        yield "A row needs at least one source."
    for source in sources:
        kind, colon, identifier = source.partition(":")
        if not colon or not identifier.strip() or kind.lower() not in SOURCE_KINDS:
            yield f"{source!r} is no source this project can name."


def _fields(row_class: Any, table: dict[str, object]) -> tuple[dict[str, Any], list[_MisfitError]]:
    hints = _hints(row_class)
    misfits = [
        _MisfitError(f"Unknown field; {row_class.__name__} has {', '.join(sorted(hints))}.", field)
        for field in table
        if field not in hints
    ]
    values: dict[str, Any] = {}
    for field in dataclasses.fields(row_class):
        if field.name in table:
            try:
                values[field.name] = _fit(hints[field.name], table[field.name])
            except _MisfitError as misfit:
                place = f"{field.name}{misfit.field}"
                misfits.append(_MisfitError(misfit.what, place))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            misfits.append(_MisfitError("This field is missing.", field.name))
    return values, misfits


@cache
def _hints(row_class: Any) -> dict[str, Any]:
    return get_type_hints(row_class, include_extras=True)


def _fit(kind: Any, value: object) -> Any:
    """Turn a TOML value into what the annotation asks for, or say why it cannot be."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        fitted = _fit(arguments[0], value)
        for check in arguments[1:]:
            if what := check(fitted):
                raise _MisfitError(f"{what}.")
        return fitted
    if origin is Literal:
        if value in arguments and not isinstance(value, bool):
            return value
        raise _MisfitError(f"{value!r} is not one of {', '.join(map(str, arguments))}.")
    if origin in (Union, types.UnionType):
        # TOML has no null: an optional field that is not known is left out.
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _fit(inner, value)
    if origin is tuple:
        return _fit_tuple(arguments, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(str(member.value) for member in kind)
            raise _MisfitError(f"{value!r} is not one of {allowed}.") from None
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _fit_table(kind, value)
    return _fit_scalar(kind, value)


def _fit_tuple(arguments: tuple[Any, ...], value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _MisfitError(f"{value!r} should be a list.")
    if arguments[-1] is Ellipsis:
        kinds = [arguments[0]] * len(value)
    else:
        kinds = list(arguments)
        if len(kinds) != len(value):
            raise _MisfitError(f"{len(kinds)} values are needed, {len(value)} are given.")
    fitted = []
    for index, (kind, item) in enumerate(zip(kinds, value, strict=True)):
        try:
            fitted.append(_fit(kind, item))
        except _MisfitError as misfit:
            raise _MisfitError(misfit.what, f"[{index}]{misfit.field}") from None
    return tuple(fitted)


def _fit_table(kind: type[Any], value: object) -> Any:
    if not isinstance(value, dict):
        raise _MisfitError(f"{value!r} should be a table.")
    values, misfits = _fields(kind, value)
    if misfits:
        raise _MisfitError(misfits[0].what, f".{misfits[0].field}")
    return kind(**values)


def _fit_scalar(kind: Any, value: object) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # bool is an int in Python, but "checked = 1" and "cds_bp = true" are both mistakes.
    if type(value) is not kind:
        names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
        raise _MisfitError(f"{value!r} should be {names.get(kind, kind)}.")
    return value


def _package_text(name: str) -> str:
    try:
        return (resources.files(PACKAGE) / name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "The catalogue cannot be read.", where=name, remedy="Reinstall revertant."
        ) from error


@cache
def catalogue_versions() -> tuple[tuple[str, str], ...]:
    """Return each catalogue with the first 12 hexadecimal digits of its SHA-256, sorted by name.

    Line ends are read as LF, so that a checkout on another system gives the same digest.

    Examples
    --------
    >>> all(len(digest) == 12 for _, digest in catalogue_versions())
    True
    """
    names = sorted(entry.name for entry in resources.files(PACKAGE).iterdir() if entry.name.endswith(".toml"))
    return tuple((name, hashlib.sha256(_package_text(name).encode()).hexdigest()[:12]) for name in names)


def state_of_knowledge(parameters: Iterable[tuple[str, str]] = ()) -> str:
    """Return the day whose knowledge a result stands for: the day asked for, else that of the newest row.

    Some formats must name a day and no result reads a clock, so this is the day they name.

    Parameters
    ----------
    parameters
        Of the result; ``date`` is the day asked for.

    Examples
    --------
    >>> state_of_knowledge([("date", "2025-01-31")]), state_of_knowledge() >= "2026-11-22"
    ('2025-01-31', True)
    """
    return dict(parameters).get("date") or _newest_as_of()


@cache
def _newest_as_of() -> str:
    """The newest day on which a row of any catalogue was looked at."""
    texts = (_package_text(name) for name, _ in catalogue_versions())
    found = re.compile(r'^as_of = "([0-9-]{10})"', re.MULTILINE)
    return max(str(day) for text in texts for day in found.findall(text))
