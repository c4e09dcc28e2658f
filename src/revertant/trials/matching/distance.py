"""How far it is to the nearest site that takes people in."""

from __future__ import annotations

import math
from collections.abc import Iterable

from revertant.model import TrialSite

__all__ = ["EARTH_RADIUS_KM", "great_circle_km", "nearest_site"]

#: Mean radius of the Earth, R1 of the International Union of Geodesy and Geophysics (Moritz 2000, Geodetic Reference
#: System 1980, J. Geod. 74:128): (2a + b) / 3 of the ellipsoid. The way along a sphere of this radius differs from that
#: on the ellipsoid by 0.6 % at most.
EARTH_RADIUS_KM = 6371.0088


def great_circle_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance along the Earth's surface between two places given in degrees.

    Examples
    --------
    >>> round(great_circle_km(52.52, 13.405, 48.137, 11.576))  # Berlin to Munich
    504
    >>> great_circle_km(10, 20, 10, 20)
    0.0
    """
    a, b = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def nearest_site(sites: Iterable[TrialSite], place: tuple[float, float] | None) -> tuple[float | None, str]:
    """Return the distance to the nearest site with coordinates, and the site in words; ``(None, "")`` without one.

    Examples
    --------
    >>> sites = [TrialSite("Clinic", "Bern", country="Switzerland", lat=46.95, lon=7.44), TrialSite("Elsewhere")]
    >>> km, words = nearest_site(sites, (47.37, 8.54))
    >>> round(km), words
    (95, 'Clinic, Bern, Switzerland')
    """
    if place is None:
        return None, ""
    measured = [
        (
            great_circle_km(*place, site.lat, site.lon),
            ", ".join(filter(None, (site.facility, site.city, site.country))),
        )
        for site in sites
        if site.lat is not None and site.lon is not None
    ]
    return min(measured, default=(None, ""))
