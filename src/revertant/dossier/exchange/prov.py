"""Provenance in the W3C's own words: PROV-JSON, without a clock.

Entities are the inputs, the catalogues, the parameters and the files; the one activity is the making of the plan; the
one agent is the software. Nobody's name and no time is in it: who ran it and when is not the dossier's to say, and the
same input gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from revertant.model import Provenance

__all__ = ["PROV_NAME", "WrittenFile", "prov_text"]

PROV_NAME = "prov.json"

_HOME = "https://github.com/revertant/revertant"
_PREFIXES = {
    "dossier": "urn:revertant:dossier:",
    "input": "urn:revertant:input:",
    "catalogue": "urn:revertant:catalogue:",
    "revertant": f"{_HOME}#",
    "schema": "http://schema.org/",
}
_AGENT, _ACTIVITY, _PARAMETERS = "revertant:software", "revertant:making", "revertant:parameters"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a dossier: its name with its folder, its size and its SHA-256."""

    name: str
    size_bytes: int
    sha256: str


def prov_text(provenance: Provenance, files: Sequence[WrittenFile]) -> str:
    """Return the text of ``prov.json``.

    Parameters
    ----------
    provenance
        Of the plan.
    files
        Every file that came of it, but for this one and the crate's metadata.

    Examples
    --------
    >>> text = prov_text(Provenance("revertant", "1", (), (), ()), [WrittenFile("plan.json", 2, "ab")])
    >>> sorted(json.loads(text))
    ['activity', 'agent', 'entity', 'prefix', 'wasAssociatedWith', 'wasAttributedTo', 'wasGeneratedBy']
    """
    used: dict[str, dict[str, object]] = {
        f"input:{number}": {
            "prov:label": one.name,
            "revertant:role": one.role,
            "revertant:sha256": one.sha256,
        }
        for number, one in enumerate(provenance.inputs, start=1)
    }
    used |= {
        f"catalogue:{_local(name)}": {"prov:label": name, "schema:version": version}
        for name, version in provenance.catalogues
    }
    made = {
        f"dossier:{one.name}": {
            "prov:label": one.name,
            "revertant:sha256": one.sha256,
            "schema:contentSize": str(one.size_bytes),
        }
        for one in files
    }
    parameters: dict[str, object] = {
        "prov:label": "What was chosen",
        "prov:type": {"$": "prov:Plan", "type": "prov:QUALIFIED_NAME"},
    }
    parameters |= {f"revertant:{_local(name)}": value for name, value in provenance.parameters}
    value = {
        "prefix": _PREFIXES,
        "entity": {**used, **made, _PARAMETERS: parameters},
        "activity": {_ACTIVITY: {"prov:label": "A plan was made and its dossier written"}},
        "agent": {
            _AGENT: {
                "prov:label": provenance.software,
                "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
                "schema:softwareVersion": provenance.version,
                "schema:url": _HOME,
            }
        },
        "used": {
            f"_:used{number}": {"prov:activity": _ACTIVITY, "prov:entity": entity}
            for number, entity in enumerate(used, start=1)
        },
        "wasGeneratedBy": {
            f"_:made{number}": {"prov:activity": _ACTIVITY, "prov:entity": entity}
            for number, entity in enumerate(made, start=1)
        },
        "wasAssociatedWith": {
            "_:by1": {"prov:activity": _ACTIVITY, "prov:agent": _AGENT, "prov:plan": _PARAMETERS}
        },
        "wasAttributedTo": {
            f"_:of{number}": {"prov:agent": _AGENT, "prov:entity": entity}
            for number, entity in enumerate(made, start=1)
        },
    }
    kept = {name: part for name, part in value.items() if part}
    return json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _local(name: str) -> str:
    """A name as PROV takes it behind a colon: no white space."""
    return "_".join(name.split())
