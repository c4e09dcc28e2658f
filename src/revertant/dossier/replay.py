"""The proof of every codon edit: a file from which anyone can make the designed sequence again, and check it.

The file says in words how to replay it, so that no software of this project is needed; :func:`verify` does so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from revertant.dossier.vectors.constructs import PlacedConstruct, placed_constructs, vector_designs
from revertant.dossier.words import count_text
from revertant.errors import InputError
from revertant.model import CodingSequence, Finding, Plan, Status
from revertant.sequence import CODONS, is_dna, reverse_complement, translate

__all__ = ["REPLAY_FORMAT", "REPLAY_NAME", "replay_text", "verify"]

REPLAY_FORMAT = "revertant.replay/1"
REPLAY_NAME = "replay.json"

_HOW = (
    "Cut 'native' into codons of three letters; the first is codon 1.",
    "For each edit check that codon number 'codon' reads 'before', and write 'after' in its place.",
    "The result is 'designed', letter for letter.",
    "'before' and 'after' of each edit encode 'amino_acid' in the standard genetic code (NCBI table 1).",
    "'designed' translates to 'protein' and one stop codon at its end, and so does 'native'.",
    "The SHA-256 beside a sequence is that of its letters in upper case, without line ends.",
    "A place says where 'designed', from its base 'first_of_designed' on, stands in a construct; bases count from 1.",
    "Strand - means the reverse complement.",
    "Where 'native' is empty only the protein was known: there is nothing to replay, and the translation is the proof.",
)


def replay_text(plan: Plan) -> str:
    """Return the text of ``replay.json``.

    Parameters
    ----------
    plan
        A plan with vectors.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "")
    >>> json.loads(replay_text(plan))["sequences"]
    []
    """
    placed = placed_constructs(plan)
    users: dict[CodingSequence, list[str]] = {}
    for ranked in vector_designs(plan):
        assert ranked.design.vector is not None
        for coding in ranked.design.vector.coding:
            users.setdefault(coding, []).append(ranked.design.design_id)
    value = {
        "format": REPLAY_FORMAT,
        "case_id": plan.case_id,
        "how_to_replay": list(_HOW),
        "sequences": [_sequence(coding, ids, placed) for coding, ids in users.items()],
        "constructs": [
            {
                "file": f"{one.stem}.fa",
                "name": one.construct.name,
                "length_bp": len(one.construct.sequence),
                "circular": one.construct.circular,
                "sha256": _digest(one.construct.sequence),
            }
            for one in placed
        ],
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _sequence(
    coding: CodingSequence, ids: list[str], placed: tuple[PlacedConstruct, ...]
) -> dict[str, object]:
    return {
        "name": coding.name,
        "design_ids": list(dict.fromkeys(ids)),
        "protein": coding.protein,
        "native_source": coding.native_source,
        "native": coding.native,
        "native_sha256": _digest(coding.native) if coding.native else "",
        "edits": [
            {"codon": one.codon, "before": one.before, "after": one.after, "amino_acid": one.amino_acid}
            for one in coding.edits
        ],
        "designed": coding.designed,
        "designed_sha256": _digest(coding.designed),
        "seed": coding.seed,
        "places": [place for one in placed for place in _places(coding, one)],
    }


def _places(coding: CodingSequence, placed: PlacedConstruct) -> Iterator[dict[str, object]]:
    """Where the coding features of a construct hold this sequence, or a part of it."""
    for feature in placed.construct.features:
        if feature.kind.value != "CDS" or not len(feature):
            continue
        bases = placed.construct.bases_of(feature).upper()
        bases = bases if feature.strand.value == "+" else reverse_complement(bases)
        at = coding.designed.find(bases)
        if at >= 0:
            yield {
                "file": f"{placed.stem}.fa",
                "first": feature.start + 1,
                "last": feature.end,
                "strand": feature.strand.value,
                "first_of_designed": at + 1,
            }


def verify(path: str | os.PathLike[str]) -> tuple[Finding, ...]:
    """Replay a file and check every claim in it.

    Parameters
    ----------
    path
        A ``replay.json``. FASTA files named in it are read from the same folder; one that is not there leaves its
        claims unknown.

    Returns
    -------
    tuple[Finding, ...]
        ``replay.edits`` (the edits give the designed sequence), ``replay.protein`` (the protein is unchanged),
        ``replay.digests`` and ``replay.places`` (it stands in the constructs) of each sequence, and
        ``replay.construct`` of each construct.

    Raises
    ------
    InputError
        When the file cannot be read or is no replay file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "replay.json")
    ...     _ = file.write_text('{"format": "revertant.replay/1", "sequences": [], "constructs": []}')
    ...     verify(file)[0].because
    'The file holds no sequence: there is nothing to replay.'
    """
    file = Path(path)
    value = _read(file)
    try:
        findings = [
            *(finding for one in value["sequences"] for finding in _check_sequence(one, file.parent)),
            *(_check_construct(one, file.parent) for one in value["constructs"]),
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"The replay file is not as it was written: {type(error).__name__} {error}.",
            where=str(file),
            remedy="Take the file from the dossier again.",
        ) from error
    if not value["sequences"]:
        why = "The file holds no sequence: there is nothing to replay."
        findings.insert(0, Finding("replay.edits", Status.UNKNOWN, why))
    return tuple(findings)


def _read(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"The replay file cannot be read: {error}.",
            where=str(file),
            remedy=f"Name the {REPLAY_NAME} of a dossier.",
        ) from error
    lists = isinstance(value, dict) and all(
        isinstance(value.get(key), list) for key in ("sequences", "constructs")
    )
    if not lists or value.get("format") != REPLAY_FORMAT:
        raise InputError(
            f"The file is not of the format {REPLAY_FORMAT}.",
            where=str(file),
            remedy=f"Name the {REPLAY_NAME} of a dossier.",
        )
    return dict(value)


def _check_sequence(one: Mapping[str, Any], folder: Path) -> Iterator[Finding]:
    name, native, designed, protein = one["name"], one["native"], one["designed"], one["protein"]
    yield _finding("replay.digests", name, _digest_faults(one), "The SHA-256 of its sequences is as stated.")
    if native:
        edits = count_text(len(one["edits"]), "codon edit leads", "codon edits lead")
        said = f"{edits} from the native sequence to the designed one."
        yield _finding("replay.edits", name, _edit_faults(one), said)
    else:
        why = f"{name}: no native sequence was known, so there is nothing to replay."
        yield Finding("replay.edits", Status.NOT_APPLICABLE, why)
    faults = [
        f"the {which} sequence does not translate to the protein and one stop codon"
        for which, bases in (("native", native), ("designed", designed))
        if bases and (not is_dna(bases) or len(bases) % 3 or translate(bases) != f"{protein}*")
    ]
    yield _finding(
        "replay.protein", name, faults, f"It translates to the stated protein of {len(protein)} residues."
    )
    yield from _check_places(one, folder)


def _digest_faults(one: Mapping[str, Any]) -> list[str]:
    return [
        f"the SHA-256 of the {which} sequence is another"
        for which in ("native", "designed")
        if one[which] and _digest(one[which]) != one[f"{which}_sha256"]
    ]


def _edit_faults(one: Mapping[str, Any]) -> list[str]:
    native = one["native"]
    codons = [native[at : at + 3] for at in range(0, len(native), 3)]
    faults, seen = [], set()
    for edit in one["edits"]:
        number, before, after = edit["codon"], edit["before"], edit["after"]
        if not isinstance(number, int) or not 1 <= number <= len(codons) or number in seen:
            faults.append(f"codon {number} is not there, or is edited twice")
            continue
        seen.add(number)
        if codons[number - 1] != before:
            faults.append(f"codon {number} reads {codons[number - 1]}, not {before}")
        if {CODONS.get(before), CODONS.get(after)} != {edit["amino_acid"]}:
            faults.append(f"codon {number}: {before} and {after} do not both encode {edit['amino_acid']}")
        codons[number - 1] = after
    if "".join(codons) != one["designed"]:
        faults.append("the edited sequence is not the designed one")
    return faults


def _check_places(one: Mapping[str, Any], folder: Path) -> Iterator[Finding]:
    name = one["name"]
    faults, missing = [], []
    for place in one["places"]:
        bases = _fasta(folder / Path(place["file"]).name)
        if bases is None:
            missing.append(place["file"])
            continue
        found = bases[place["first"] - 1 : place["last"]]
        found = found if place["strand"] == "+" else reverse_complement(found)
        at = place["first_of_designed"] - 1
        if not found or one["designed"][at : at + len(found)] != found:
            faults.append(f"{place['file']} has other bases at {place['first']} to {place['last']}")
    if faults or not missing:
        if one["places"]:
            yield _finding("replay.places", name, faults, "It stands in the constructs where the file says.")
        else:
            yield Finding(
                "replay.places", Status.UNKNOWN, f"{name}: the file names no place for it in a construct."
            )
    else:
        named = ", ".join(dict.fromkeys(missing))
        yield Finding("replay.places", Status.UNKNOWN, f"{name}: {named} is not beside the replay file.")


def _check_construct(one: Mapping[str, Any], folder: Path) -> Finding:
    bases = _fasta(folder / Path(one["file"]).name)
    if bases is None:
        return Finding("replay.construct", Status.UNKNOWN, f"{one['file']} is not beside the replay file.")
    is_same = len(bases) == one["length_bp"] and _digest(bases) == one["sha256"]
    faults = [] if is_same else [f"{one['file']} holds other bases"]
    return _finding("replay.construct", one["name"], faults, "Its FASTA file holds the stated bases.")


def _finding(rule: str, name: str, faults: list[str], said: str) -> Finding:
    if faults:
        more = f", and {len(faults) - 3} more" if len(faults) > 3 else ""
        return Finding(rule, Status.FAIL, f"{name}: {'; '.join(faults[:3])}{more}.")
    return Finding(rule, Status.PASS, f"{name}: {said[0].lower() + said[1:]}")


def _fasta(file: Path) -> str | None:
    """The bases of a FASTA file of one record; ``None`` when it is not there."""
    if not file.is_file():
        return None
    lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith(">")).upper()


def _digest(bases: str) -> str:
    return hashlib.sha256(bases.upper().encode()).hexdigest()
