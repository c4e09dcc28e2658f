"""Whose label holds where."""

from __future__ import annotations

from revertant.policy import EU_MEMBERS

__all__ = ["label_jurisdiction"]

# Member states of the European Union, and Iceland, Liechtenstein and Norway, where an authorisation of the European
# Commission holds (Regulation (EC) 726/2004, Article 13; EEA Joint Committee Decision 74/1999).
_CENTRAL_AUTHORISATION = EU_MEMBERS | {"IS", "LI", "NO"}


def label_jurisdiction(country: str) -> str:
    """Return whose label holds in a country: ``"EU"`` in the European Economic Area, else the country itself.

    Examples
    --------
    >>> label_jurisdiction("DE"), label_jurisdiction("NO"), label_jurisdiction("CH"), label_jurisdiction("US")
    ('EU', 'EU', 'CH', 'US')
    """
    return "EU" if country in _CENTRAL_AUTHORISATION else country
