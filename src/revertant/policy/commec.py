"""The screening tool ``commec`` of IBBIS, run where it is installed, and its result read.

``commec`` (https://github.com/ibbis-bio/common-mechanism, MIT) searches for biorisks and best matches to regulated
organisms and clears what is common. Its JSON is read in the forms 0.1 to 0.4 that are told apart by their keys.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from revertant.errors import InputError, UsageError
from revertant.policy.screening import (
    ExpectedPart,
    Ordered,
    ScreeningHit,
    ScreeningRecord,
    ScreeningState,
    expected_parts,
    not_screened,
)

__all__ = ["read_commec", "run_commec"]

_CLEARED = ("Pass", "Warning (Cleared)", "Flag (Cleared)")
_FOUND = ("Warning", "Flag")
#: The searches that must have been made, by their key in the newer and in the older form.
_STEPS = (
    ("biorisk", "biorisk_status"),
    ("protein_taxonomy", "protein_taxonomy_status"),
    ("nucleotide_taxonomy", "nucleotide_taxonomy_status"),
)


def run_commec(
    order: Sequence[Ordered], databases: Path, *, executable: str = "commec"
) -> tuple[ScreeningRecord, ...]:
    """Screen an order with ``commec``; nothing leaves the machine.

    Parameters
    ----------
    order
        What is ordered.
    databases
        Folder of its databases (``commec setup``).
    executable
        Name or path of the tool.

    Raises
    ------
    UsageError
        When the tool is not installed.
    InputError
        When it fails, or its result cannot be read.

    Examples
    --------
    >>> run_commec([Ordered("one", "ACGT")], Path("databases"), executable="a-tool-nobody-has")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    revertant.errors.UsageError: The screening tool a-tool-nobody-has is not installed. Install commec ...
    """
    found = shutil.which(executable)
    if found is None:
        raise UsageError(
            f"The screening tool {executable} is not installed.",
            remedy="Install commec (github.com/ibbis-bio/common-mechanism), or pass the maker's certificate.",
            code="no-screening-tool",
        )
    with tempfile.TemporaryDirectory(prefix="revertant-screen-") as folder:
        fasta = Path(folder) / "order.fasta"
        records = (f">{_name(number)}\n{one.sequence}\n" for number, one in enumerate(order, 1))
        fasta.write_text("".join(records), encoding="ascii", newline="\n")
        out = Path(folder) / "out"
        out.mkdir()
        command = [found, "screen", "-d", str(databases), "-o", str(out / "screen"), str(fasta)]
        ended = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
        results = [
            path for path in sorted(out.rglob("*.json")) if '"queries"' in path.read_text(encoding="utf-8")
        ]
        if ended.returncode != 0 or len(results) != 1:
            raise InputError(
                f"commec ended with status {ended.returncode} and wrote {len(results)} results.",
                remedy="Run commec screen by hand to see what it says.",
                code="screening-failed",
            )
        return read_commec(results[0].read_text(encoding="utf-8"), order)


def _name(number: int) -> str:
    """Name a sequence for the tool, which cuts long names."""
    return f"order{number}"


def read_commec(text: str, order: Sequence[Ordered]) -> tuple[ScreeningRecord, ...]:
    """Read the JSON of ``commec screen`` and give each sequence of an order its record.

    Parameters
    ----------
    text
        The tool's output, with the sequences named as :func:`run_commec` names them (``order1``, ``order2`` ...) or by
        their own names.
    order
        What was screened.

    Returns
    -------
    tuple of ScreeningRecord
        *Clear* only where every search was made and nothing stands. A search that was skipped or failed leaves the
        sequence *not screened*, with the reason; a warning or a flag *needs review*, whatever was expected.

    Raises
    ------
    InputError
        When it is no such output, or of sequences of another length.

    Examples
    --------
    >>> info = {"commec_version": "1.0.2", "json_output_version": "0.4"}
    >>> steps = dict.fromkeys(["screen_status", "biorisk", "protein_taxonomy", "nucleotide_taxonomy"], "Pass")
    >>> query = {"length": 4, "status": steps, "hits": {}}
    >>> output = json.dumps({"commec_info": info, "queries": {"order1": query}})
    >>> read_commec(output, [Ordered("one", "ACGT")])[0].state.value
    'clear'
    """
    try:
        table = json.loads(text)
        info, queries = table["commec_info"], table["queries"]
        method = f"commec {info['commec_version']}, form {info['json_output_version']}"
        made_on = str(info.get("date_run") or "")
        rows = [queries.get(_name(number), queries.get(one.name)) for number, one in enumerate(order, 1)]
        return tuple(_record(one, row, method, made_on) for one, row in zip(order, rows, strict=True))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"This is no output of commec screen that can be read ({error}).",
            remedy="Give the JSON that commec writes.",
            code="no-screening-result",
        ) from error


def _record(one: Ordered, row: Mapping[str, Any] | None, method: str, made_on: str) -> ScreeningRecord:
    if row is None:
        return not_screened(one, "The screening tool says nothing of this sequence.")
    if int(row["length"]) != len(one.sequence):
        raise ValueError(f"{one.name} has {len(one.sequence)} bases, and {row['length']} were screened")
    statuses = row["status"] if "status" in row else row["recommendation"]
    whole = str(statuses["screen_status"])
    expected = expected_parts(one.sequence)
    hits = tuple(_hit(hit, expected) for hit in row["hits"].values() if str(_state_of(hit)) not in _CLEARED)
    missed = [
        new for new, old in _STEPS if str(statuses.get(new, statuses.get(old))) not in (*_CLEARED, *_FOUND)
    ]
    if whole in _FOUND or hits:
        state = ScreeningState.REVIEW
        known = sum(bool(hit.expected) for hit in hits)
        because = (
            f"commec says {whole.lower()}: {len(hits)} hits stand, {known} of them in expected vector parts."
        )
    elif missed or whole not in _CLEARED:
        state = ScreeningState.NOT_SCREENED
        because = f"commec says {whole.lower()}; not made: {', '.join(missed) or 'the whole screen'}."
    else:
        state, because = ScreeningState.CLEAR, f"commec says {whole.lower()}, and every search was made."
    return ScreeningRecord(
        one.name, one.sha256, len(one.sequence), state, because, method, made_on, expected, hits
    )


def _state_of(hit: Mapping[str, Any]) -> object:
    return hit["recommendation"]["status"]


def _hit(hit: Mapping[str, Any], expected: Sequence[ExpectedPart]) -> ScreeningHit:
    """Read a hit; the tool counts bases from 1 and includes the last, on either strand."""
    ranges = []
    for one in hit["ranges"]:
        first, last = sorted((int(one["query_start"]), int(one["query_end"])))
        ranges.append((first - 1, last))
    keys = {
        part.key
        for part in expected
        if ranges and all(part.start <= start and end <= part.end for start, end in ranges)
    }
    return ScreeningHit(
        str(hit["name"]).strip(),
        str(hit["description"]).strip(),
        str(_state_of(hit)),
        str(hit["recommendation"]["from_step"]),
        tuple(ranges),
        tuple(sorted(keys)),
    )
