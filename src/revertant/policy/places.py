"""Whose rules hold where: countries, and the groups of countries that share law.

Membership is that of today. A rule of a group names the group (``"EU"``), a rule of a country its ISO 3166-1 code.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EU_MEMBERS", "EVERYWHERE", "GROUPS", "LAW_GIVERS", "groups_of"]

#: A rule that holds in every place.
EVERYWHERE = "*"

_EU = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""
#: Member states of the European Union (Treaty on European Union, Article 52, less the United Kingdom).
EU_MEMBERS = frozenset(_EU.split())

# States that ratified the Oviedo Convention (Council of Europe ETS 164; chart CDBIO/INF (2023) 8 names Andorra as the
# latest, on 2023-06-15; the others are from memory, so the rule of this group is not checked).
_OVIEDO = """
AD AL BA BG CH CY CZ DK EE ES FI FR GE GR HR HU IS LT LV MD ME MK NO PT RO RS SI SK SM TR
"""

#: Groups by the name that rules use.
GROUPS: Mapping[str, frozenset[str]] = {"EU": EU_MEMBERS, "OVIEDO": frozenset(_OVIEDO.split())}
#: Groups whose law is that of their members; a treaty alone does not tell the law of a place.
LAW_GIVERS = ("EU",)


def groups_of(place: str) -> tuple[str, ...]:
    """Return the names under which rules hold in a place: its own first, then its groups.

    Examples
    --------
    >>> groups_of("FR"), groups_of("DE"), groups_of("EU"), groups_of("US"), groups_of("")
    (('FR', 'EU', 'OVIEDO'), ('DE', 'EU'), ('EU',), ('US',), ())
    """
    if not place:
        return ()
    return (place, *(name for name, members in GROUPS.items() if place in members))
