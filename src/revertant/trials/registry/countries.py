"""Names of countries as registries write them, and their ISO 3166-1 codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["country_code", "country_codes"]


@cache
def country_codes() -> Mapping[str, str]:
    """Return the code of each name, in lower case.

    The table beside this module has the short names of ISO 3166-1:2020 (compared with the Debian iso-codes as of
    pycountry 26.2.16) and the spellings that ClinicalTrials.gov used or uses, several of them of places that have
    changed their names.

    Examples
    --------
    >>> country_codes()["south korea"], country_codes()["turkey (türkiye)"]
    ('KR', 'TR')
    """
    text = (resources.files("revertant.trials.registry") / "countries.txt").read_text(encoding="utf-8")
    return {
        name.casefold(): line[:2] for line in text.splitlines() for name in (*line[3:].split("; "), line[:2])
    }


def country_code(name: str) -> str:
    """Return the code of a country; empty where the name is not known.

    Examples
    --------
    >>> country_code("Russian Federation"), country_code(" germany "), country_code("Atlantis")
    ('RU', 'DE', '')
    """
    return country_codes().get(" ".join(name.split()).casefold(), "")
