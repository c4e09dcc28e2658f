"""Tables of trials: the CSV that ClinicalTrials.gov exports, and snapshots with one column for each typed field.

Neither carries the text of the criteria. A table of sites, one row a site, goes with snapshots.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping

from revertant.errors import InputError
from revertant.model import Intervention, StudyType, Trial, TrialSite
from revertant.trials.registry.countries import country_code
from revertant.trials.registry.fields import Refused, age_limit, coordinate, nct_number, partial_date
from revertant.trials.registry.genes import genes_named

__all__ = [
    "EXPORT_COLUMNS",
    "SITE_COLUMNS",
    "SNAPSHOT_COLUMNS",
    "rows_in",
    "site_of_row",
    "table_kind",
    "trial_of_row",
]

#: The columns without which a table is none of these; there may be more.
EXPORT_COLUMNS = (
    "NCT Number",
    "Study Title",
    "Study Status",
    "Conditions",
    "Interventions",
    "Last Update Posted",
)
SNAPSHOT_COLUMNS = (
    "NCTId", "BriefTitle", "OverallStatus", "Phase", "Conditions", "Interventions", "LastUpdatePostDate",
    "MinAge", "MaxAge",
)  # fmt: skip
SITE_COLUMNS = ("NCTId", "Facility", "City", "Country", "SiteStatus", "Latitude", "Longitude")

Row = Mapping[str, str]

_EXPANDED = frozenset(
    {"AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"}
)


def table_kind(columns: tuple[str, ...], where: str) -> str:
    """Say what a table holds by its columns: ``"export"``, ``"snapshot"`` or ``"sites"``.

    Raises
    ------
    InputError
        When it is none of these, naming the columns that are missing.

    Examples
    --------
    >>> table_kind((*SITE_COLUMNS, "Zip"), "sites.csv")
    'sites'
    """
    kinds = {"snapshot": SNAPSHOT_COLUMNS, "sites": SITE_COLUMNS, "export": EXPORT_COLUMNS}
    for kind, needed in kinds.items():
        if set(needed) <= set(columns):
            return kind
    nearest = min(kinds.values(), key=lambda needed: len(set(needed) - set(columns)))
    raise InputError(
        f"The table lacks the columns {', '.join(one for one in nearest if one not in columns)}.",
        where=where,
        remedy="Give a CSV export of ClinicalTrials.gov, or JSON of its interface.",
        code="columns",
    )


def rows_in(text: str, where: str) -> tuple[tuple[str, ...], Iterator[tuple[int, Row]]]:
    r"""Return the columns of a CSV table, and its rows with the line on which each ends.

    Raises
    ------
    InputError
        When a row has more or fewer fields than there are columns: the file is cut off or no CSV.

    Examples
    --------
    >>> columns, rows = rows_in("NCTId,City\nNCT01234567,Bern\n", "t.csv")
    >>> columns, list(rows)
    (('NCTId', 'City'), [(2, {'NCTId': 'NCT01234567', 'City': 'Bern'})])
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        columns = tuple(next(reader, ()))
    except csv.Error as error:
        raise InputError(f"This is no CSV ({error}).", where=where) from error
    return columns, _rows(reader, columns, where)


def _rows(reader: Iterator[list[str]], columns: tuple[str, ...], where: str) -> Iterator[tuple[int, Row]]:
    line = 1
    try:
        for values in reader:
            line = getattr(reader, "line_num", line + 1)
            if not values:
                continue
            if len(values) != len(columns):
                raise InputError(
                    f"The row has {len(values)} fields, the table has {len(columns)} columns.",
                    where=f"{where}: line {line}",
                    remedy="The file may be cut off: get it again.",
                    code="truncated",
                )
            yield line, dict(zip(columns, values, strict=True))
    except csv.Error as error:
        raise InputError(
            f"This is no sound CSV ({error}).",
            where=f"{where}: after line {line}",
            remedy="Get the file again.",
        ) from error


def trial_of_row(row: Row, kind: str, source: str = "") -> Trial:
    """Read one row of a table of trials.

    Parameters
    ----------
    row
        The row by column.
    kind
        From :func:`table_kind`.
    source
        Where it was read.

    Raises
    ------
    Refused
        When a field that decides something cannot be read.

    Examples
    --------
    >>> row = dict.fromkeys(SNAPSHOT_COLUMNS, "") | {"NCTId": "NCT04146051", "MinAge": "18 Years", "Phase": "PHASE2"}
    >>> trial = trial_of_row(row, "snapshot")
    >>> str(trial.min_age), trial.phases, "sex" in trial.not_told
    ('18 years', ('PHASE2',), True)
    """
    return _READERS[kind](row, source)


def _of_snapshot(row: Row, source: str) -> Trial:
    title, conditions = row["BriefTitle"].strip(), _listed(row["Conditions"])
    interventions = _listed(row["Interventions"])
    status = row["OverallStatus"].strip().upper()
    # The table has no type of study; only expanded access has these statuses (enumeration of API v2).
    expanded = status in _EXPANDED
    return Trial(
        nct_id=nct_number(row["NCTId"]),
        title=title,
        status=status,
        study_type=StudyType.EXPANDED_ACCESS if expanded else StudyType.NOT_TOLD,
        phases=tuple(one for one in _listed(row["Phase"]) if one != "Unknown"),
        conditions=conditions,
        interventions=tuple(Intervention(name) for name in interventions),
        genes=genes_named((title, *conditions, *interventions)),
        min_age=age_limit(row["MinAge"]),
        max_age=age_limit(row["MaxAge"]),
        age_groups=_listed(row.get("StdAges", "")),
        summary=row.get("BriefSummary", "").strip(),
        sponsor=row.get("LeadSponsor", "").strip(),
        sites=tuple(
            TrialSite(country=name, country_code=country_code(name))
            for name in _listed(row.get("Countries", ""))
        ),
        start_date=partial_date(row.get("StartDate", "")),
        last_update=partial_date(row["LastUpdatePostDate"]),
        not_told=(
            "eligibility",
            "intervention_types",
            "keywords",
            "mesh",
            "sex",
            *(() if expanded else ("study_type",)),
        ),
        source=source,
    )


def _of_export(row: Row, source: str) -> Trial:
    title, conditions = row["Study Title"].strip(), _listed(row["Conditions"])
    interventions = tuple(_typed_intervention(one) for one in _listed(row["Interventions"]))
    kind = row.get("Study Type", "").strip().upper()
    sex = row.get("Sex", "").strip().lower()
    if sex not in {"", "all", "female", "male"}:
        raise Refused("a sex that cannot be read")
    return Trial(
        nct_id=nct_number(row["NCT Number"]),
        title=title,
        acronym=row.get("Acronym", "").strip(),
        status=row["Study Status"].strip().upper().replace(" ", "_"),
        study_type={one.value.upper(): one for one in StudyType}.get(kind, StudyType.NOT_TOLD),
        phases=_listed(row.get("Phases", "")),
        conditions=conditions,
        interventions=interventions,
        genes=genes_named((title, *conditions, *(one.name for one in interventions))),
        sex=sex,
        age_groups=tuple(one.strip() for one in row.get("Age", "").split(",") if one.strip()),
        summary=row.get("Brief Summary", "").strip(),
        sponsor=row.get("Sponsor", "").strip(),
        sites=tuple(map(_written_site, _listed(row.get("Locations", "")))),
        start_date=partial_date(row.get("Start Date", "")),
        last_update=partial_date(row["Last Update Posted"]),
        not_told=(
            "ages",
            "eligibility",
            "keywords",
            "mesh",
            *(() if sex else ("sex",)),
            *(() if kind else ("study_type",)),
            *(() if row.get("Locations") else ("sites",)),
        ),
        source=source,
    )


def _typed_intervention(text: str) -> Intervention:
    """Read ``BIOLOGICAL: tisagenlecleucel``; a name with a colon of its own keeps it."""
    kind, colon, name = text.partition(": ")
    if colon and kind.replace("_", "").isalpha() and kind.isupper():
        return Intervention(name.strip(), kind)
    return Intervention(text)


def _written_site(text: str) -> TrialSite:
    """Read ``Facility, City, State, Zip, Country``: only a country that is known is taken apart from the rest."""
    parts = [part.strip() for part in text.split(",")]
    for count in (1, 2):
        country = ", ".join(parts[-count:])
        if code := country_code(country):
            return TrialSite(", ".join(parts[:-count]), country=country, country_code=code)
    return TrialSite(text.strip())


def site_of_row(row: Row) -> tuple[str, TrialSite]:
    """Read one row of a table of sites: the trial's number and the site.

    Examples
    --------
    >>> values = ("NCT00019136", "NIH", "Bethesda", "United States", "", "38.98067", "-77.10026")
    >>> site_of_row(dict(zip(SITE_COLUMNS, values)))[1].country_code
    'US'
    """
    lat, lon = coordinate(row["Latitude"].strip(), 90), coordinate(row["Longitude"].strip(), 180)
    country = row["Country"].strip()
    return nct_number(row["NCTId"]), TrialSite(
        row["Facility"].strip(),
        row["City"].strip(),
        row.get("State", "").strip(),
        country,
        country_code(country),
        row["SiteStatus"].strip().upper(),
        *((lat, lon) if lat is not None and lon is not None else (None, None)),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("|") if one.strip())


_READERS: dict[str, Callable[[Row, str], Trial]] = {"export": _of_export, "snapshot": _of_snapshot}
