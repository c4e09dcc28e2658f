"""The folder as a research object: RO-Crate 1.1, of the profile for one run of a process.

Every file is described with its format, size and digest; the inputs stand by name and digest, the software by its
version, the catalogues by theirs, and every parameter by its value. So the crate says all that is needed to make the
same dossier again (:mod:`revertant.dossier.exchange.reproduce`).

Written by hand as the specification has it (https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/process/0.5), and
read back by the maintained libraries in the tests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from revertant import knowledge
from revertant.dossier.exchange.formats import EDAM, format_of
from revertant.dossier.exchange.prov import PROV_NAME, WrittenFile
from revertant.model import Plan, Provenance

__all__ = ["CARRIED_FOLDER", "CRATE_NAME", "PROCESS_RUN", "crate_text"]

CRATE_NAME = "ro-crate-metadata.json"
#: Where inputs go that are carried along; a name nobody is likely to have used for something of their own.
CARRIED_FOLDER = "crate_inputs"
PROCESS_RUN = "https://w3id.org/ro/wfrun/process/0.5"

_CRATE = "https://w3id.org/ro/crate/1.1"
_SHA256 = "https://w3id.org/ro/terms/workflow-run#sha256"
_HOME = "https://github.com/revertant/revertant"

_Entity = dict[str, object]


def crate_text(plan: Plan, files: Sequence[WrittenFile], meanings: Mapping[str, str]) -> str:
    """Return the text of ``ro-crate-metadata.json``.

    Parameters
    ----------
    plan
        The plan.
    files
        Every other file in the folder.
    meanings
        What each holds, by name.

    Examples
    --------
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), Provenance("r", "1", (), (), ()), "n")
    >>> graph = json.loads(crate_text(plan, [WrittenFile("plan.json", 2, "ab")], {}))["@graph"]
    >>> [one["@id"] for one in graph][:3]
    ['ro-crate-metadata.json', './', 'plan.json']
    """
    source = plan.provenance
    carried = {one.name.split("/", 1)[1]: one for one in files if one.name.startswith(f"{CARRIED_FOLDER}/")}
    made = [one for one in files if one.name.split("/", 1)[0] != CARRIED_FOLDER]
    inputs = _inputs(source, carried)
    catalogues = _catalogues(source)
    parameters = _parameters(source)
    graph: list[_Entity] = [
        {
            "@id": CRATE_NAME,
            "@type": "CreativeWork",
            "about": _ref("./"),
            "conformsTo": _ref(_CRATE),
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Dossier of {plan.case_id}",
            "description": f"{plan.question} {plan.verdict}",
            "datePublished": knowledge.state_of_knowledge(source.parameters),
            "license": _ref("#terms"),
            "conformsTo": _ref(PROCESS_RUN),
            "hasPart": [_ref(_address(one.name)) for one in files],
            "mentions": _ref("#making"),
            "creativeWorkStatus": "Draft: a hypothesis that no one has signed",
        },
        *(_file(one, meanings.get(one.name, "")) for one in made),
        *inputs,
        {
            "@id": "#making",
            "@type": "CreateAction",
            "name": "A plan was made and its dossier written",
            "description": "No time is stated: the same input gives the same bytes. "
            f"datePublished is the day of the state of knowledge. {PROV_NAME} says the same in the terms of PROV.",
            "actionStatus": "http://schema.org/CompletedActionStatus",
            "instrument": _ref(_HOME),
            "object": [_ref(str(one["@id"])) for one in (*inputs, *catalogues, *parameters)],
            "result": [_ref(_address(one.name)) for one in made],
        },
        {
            "@id": _HOME,
            "@type": "SoftwareApplication",
            "name": source.software,
            "softwareVersion": source.version,
            "url": _HOME,
        },
        *catalogues,
        *parameters,
        {
            "@id": "#terms",
            "@type": "CreativeWork",
            "name": "For research use only",
            "description": plan.notice,
        },
        {"@id": PROCESS_RUN, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        *_specifications(files),
    ]
    value = {"@context": [f"{_CRATE}/context", {"sha256": _SHA256}], "@graph": graph}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _ref(address: str) -> _Entity:
    return {"@id": address}


def _address(name: str) -> str:
    """A name as a relative address: what has a meaning in addresses is escaped."""
    return quote(name)


def _file(one: WrittenFile, meaning: str) -> _Entity:
    known = format_of(one.name)
    entity: _Entity = {
        "@id": _address(one.name),
        "@type": "File",
        "name": one.name,
        "contentSize": str(one.size_bytes),
        "sha256": one.sha256,
        "encodingFormat": [known.media_type, _ref(known.edam)] if known.edam else known.media_type,
    }
    if meaning:
        entity["description"] = meaning
    if known.specification:
        entity["conformsTo"] = _ref(known.specification)
    return entity


def _inputs(source: Provenance, carried: Mapping[str, WrittenFile]) -> list[_Entity]:
    """The inputs: a file where it is carried along, else its name and digest only."""
    found: list[_Entity] = []
    for number, one in enumerate(source.inputs, start=1):
        here = carried.get(one.name)
        if here is not None and here.sha256 == one.sha256:
            found.append({**_file(here, f"Input: {one.role}"), "name": one.name, "additionalType": one.role})
            continue
        found.append(
            {
                "@id": f"#input-{number}",
                "@type": "CreativeWork",
                "name": one.name,
                "additionalType": one.role,
                "description": f"Input: {one.role}. Its content is not in this crate; it is known by its digest.",
                "sha256": one.sha256,
            }
        )
    return found


def _specifications(files: Sequence[WrittenFile]) -> list[_Entity]:
    formats = {format_of(one.name) for one in files}
    named = {known.edam: known.edam_name for known in formats} | {
        known.specification: known.specification for known in formats
    }
    return [
        {"@id": one, "@type": "WebSite" if one.startswith(EDAM) else "CreativeWork", "name": name}
        for one, name in sorted(named.items())
        if one
    ]


def _catalogues(source: Provenance) -> list[_Entity]:
    return [
        {
            "@id": f"#catalogue-{quote(name)}",
            "@type": "CreativeWork",
            "name": name,
            "additionalType": "catalogue",
            "version": version,
        }
        for name, version in source.catalogues
    ]


def _parameters(source: Provenance) -> list[_Entity]:
    return [
        {"@id": f"#parameter-{quote(name)}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in source.parameters
    ]
