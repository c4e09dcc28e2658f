"""Biosecurity screening of what is ordered: a record for each sequence, made by others and never by this software.

This software holds no list of hazards. A record comes from a screening tool that is installed (``commec``) or from the
certificate of the maker; without either a sequence is *not screened*, and says so. Parts of vectors that come from
viruses are named beside it, so that who reviews a hit knows what was expected; nothing is cleared here.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from revertant.errors import InputError
from revertant.knowledge import vector_parts
from revertant.model import Finding, Status
from revertant.policy.decisions import decide_order
from revertant.policy.gating import findings_of
from revertant.policy.rulebook import Effect, Rulebook, rulebook
from revertant.sequence import is_iupac, reverse_complement, translate

__all__ = [
    "HOW_TO_SCREEN",
    "ExpectedPart",
    "Ordered",
    "ScreeningHit",
    "ScreeningRecord",
    "ScreeningState",
    "expected_parts",
    "expected_words",
    "must_be_screened",
    "not_screened",
    "read_certificate",
    "read_order",
    "screening_findings",
    "screening_mark",
]

HOW_TO_SCREEN = (
    "Have it screened by the maker and pass the certificate, "
    "or by an open screening tool: revertant policy screen."
)


class ScreeningState(StrEnum):
    """What a record says of a sequence."""

    CLEAR = "clear"
    REVIEW = "needs review"
    NOT_SCREENED = "not screened"


@dataclass(frozen=True, slots=True)
class Ordered:
    """A sequence to be ordered: its name, and its bases 5'→3' in DNA letters."""

    name: str
    sequence: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the bases, as order sheets and certificates name them."""
        return hashlib.sha256(self.sequence.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ExpectedPart:
    """A vector part from a virus that stands in a sequence, whole; ``start`` and ``end`` are 0-based, half-open."""

    key: str
    name: str
    virus: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScreeningHit:
    """One hit of a screening tool.

    Parameters
    ----------
    name, description, status, step
        As the tool says it.
    ranges
        Where on the sequence, 0-based, half-open.
    expected
        Keys of the expected parts that hold all of it; empty where none does.
    """

    name: str
    description: str
    status: str
    step: str
    ranges: tuple[tuple[int, int], ...]
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningRecord:
    """What is known of the screening of one sequence.

    Parameters
    ----------
    name, sha256, length_nt
        The sequence.
    state, because
        What the record says, and why.
    method, made_on
        Who or what screened, with the version, and when, as they say it; empty where nobody did.
    expected
        Vector parts from viruses in the sequence.
    hits
        What the tool found and did not clear itself.
    """

    name: str
    sha256: str
    length_nt: int
    state: ScreeningState
    because: str
    method: str = ""
    made_on: str = ""
    expected: tuple[ExpectedPart, ...] = ()
    hits: tuple[ScreeningHit, ...] = ()

    @property
    def is_screened(self) -> bool:
        """Whether there is a record of screening, whatever it says."""
        return self.state is not ScreeningState.NOT_SCREENED


def expected_parts(sequence: str) -> tuple[ExpectedPart, ...]:
    """Name the vector parts from viruses that stand whole in a sequence, on either strand.

    Parameters
    ----------
    sequence
        DNA letters. Parts that are peptides (2A) are found in all six frames, however they are coded.

    Returns
    -------
    tuple of ExpectedPart
        By place. A part that was changed, cut or runs over the border of a circle is not found; none is then named.

    Examples
    --------
    >>> from revertant.knowledge import vector_parts
    >>> [part.key for part in expected_parts("ACGT" + vector_parts()["wpre3"].sequence)]
    ['wpre3']
    """
    forward = sequence.upper()
    found: set[ExpectedPart] = set()
    for key, part in vector_parts().items():
        if not part.virus:
            continue
        places = _places(part.protein, forward) if part.protein else _both_strands(part.sequence, forward)
        found.update(ExpectedPart(key, part.name, part.virus, start, end) for start, end in places)
    return tuple(sorted(found, key=lambda one: (one.start, -one.end, one.key)))


def _both_strands(part: str, sequence: str) -> Iterator[tuple[int, int]]:
    for strand in {part, reverse_complement(part)} - {""}:
        start = sequence.find(strand)
        while start >= 0:
            yield start, start + len(strand)
            start = sequence.find(strand, start + 1)


def _places(peptide: str, sequence: str) -> Iterator[tuple[int, int]]:
    size = len(sequence)
    for is_reverse, strand in ((False, sequence), (True, reverse_complement(sequence))):
        for frame in range(3):
            residues = translate(strand[frame : size - (size - frame) % 3])
            at = residues.find(peptide)
            while at >= 0:
                start, end = frame + 3 * at, frame + 3 * (at + len(peptide))
                yield (size - end, size - start) if is_reverse else (start, end)
                at = residues.find(peptide, at + 1)


def must_be_screened(
    length_nt: int, *, jurisdiction: str = "", on_date: dt.date | None = None, book: Rulebook | None = None
) -> bool:
    """Say whether a rule asks that a sequence of this length is screened before it is ordered.

    Examples
    --------
    >>> must_be_screened(49), must_be_screened(50)
    (False, True)
    """
    decision = decide_order(length_nt, jurisdiction=jurisdiction, on_date=on_date, book=book)
    return any(one.fired and one.effect is Effect.REQUIRE for one in decision.answers)


@cache
def screening_mark(length_nt: int) -> str:
    """Say in a word what an order sheet must say of a sequence that has no record yet, wherever it is ordered.

    Examples
    --------
    >>> screening_mark(20), screening_mark(4700)
    ('not asked for', 'not screened')
    """
    return ScreeningState.NOT_SCREENED.value if must_be_screened(length_nt) else "not asked for"


def expected_words(sequence: str) -> str:
    """Name the expected parts of a sequence with their viruses, each once.

    Examples
    --------
    >>> expected_words("ACGT"), expected_words("AC" + vector_parts()["lv_psi"].sequence)
    ('', 'lv_psi (human immunodeficiency virus 1)')
    """
    return "; ".join(dict.fromkeys(f"{part.key} ({part.virus})" for part in expected_parts(sequence)))


def not_screened(ordered: Ordered, because: str) -> ScreeningRecord:
    """Return the record of a sequence that nobody screened.

    Examples
    --------
    >>> not_screened(Ordered("guide", "ACGT"), "No tool and no certificate.").state.value
    'not screened'
    """
    return ScreeningRecord(
        ordered.name,
        ordered.sha256,
        len(ordered.sequence),
        ScreeningState.NOT_SCREENED,
        because,
        expected=expected_parts(ordered.sequence),
    )


def read_order(text: str) -> tuple[Ordered, ...]:
    r"""Read sequences from FASTA, or from an order sheet of a dossier (TSV with a column ``sequence``).

    Raises
    ------
    InputError
        When there is no sequence, or one holds other letters than IUPAC DNA.

    Examples
    --------
    >>> read_order(">one\nacgt\nAC\n")
    (Ordered(name='one', sequence='ACGTAC'),)
    """
    rows = _fasta(text) if text.lstrip().startswith(">") else _sheet(text)
    found = tuple(
        Ordered(name or f"sequence {number}", bases.upper()) for number, (name, bases) in enumerate(rows, 1)
    )
    if not found:
        raise InputError(
            "There is no sequence to order.", remedy="Give FASTA, or a sheet with a column sequence."
        )
    for one in found:
        if not one.sequence or not is_iupac(one.sequence):
            raise InputError(f"{one.name} is not DNA.", remedy="Write A, C, G, T and IUPAC letters only.")
    return found


def _fasta(text: str) -> Iterator[tuple[str, str]]:
    for record in text.lstrip()[1:].split("\n>"):
        head, _, body = record.partition("\n")
        yield head.strip(), "".join(body.split())


def _sheet(text: str) -> Iterator[tuple[str, str]]:
    try:
        for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
            if row.get("sequence") is None:
                return
            yield row.get("what") or row.get("name") or "", str(row["sequence"]).strip()
    except csv.Error as error:
        raise InputError(
            f"This is no sheet of sequences ({error}).",
            remedy="Give FASTA, or a sheet with a column sequence.",
        ) from error


def read_certificate(text: str, order: Sequence[Ordered]) -> tuple[ScreeningRecord, ...]:
    r"""Read a maker's certificate (TOML) and give each sequence of an order its record.

    Parameters
    ----------
    text
        ``provider``, ``tool``, ``date`` and ``reference``, and for each sequence a table ``[[sequence]]`` with its
        ``sha256``, a ``result`` (``clear`` or ``needs review``) and a ``note``.
    order
        What is ordered. Sequences are found by their digest, so that a certificate of another sequence proves nothing.

    Raises
    ------
    InputError
        When it is no such certificate, or names a sequence that is not in the order.

    Examples
    --------
    >>> one = Ordered("one", "ACGT")
    >>> head = 'provider = "M"\nreference = "C-7"\ntool = "T 1"\ndate = "2026-11-20"\n[[sequence]]\n'
    >>> [record] = read_certificate(f'{head}sha256 = "{one.sha256}"\nresult = "clear"', [one])
    >>> record.state.value, record.method
    ('clear', 'certificate C-7 of M, T 1')
    """
    try:
        table: dict[str, Any] = tomllib.loads(text)
        provider, tool, reference = (str(table[key]) for key in ("provider", "tool", "reference"))
        made_on = dt.date.fromisoformat(str(table["date"])).isoformat()
        results = {
            str(row["sha256"]): (_result(row["result"]), str(row.get("note", "")))
            for row in table["sequence"]
        }
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"This is no screening certificate ({error}).",
            remedy="Write it in the form of the guide on policy.",
            code="no-certificate",
        ) from error
    strange = sorted({*results} - {one.sha256 for one in order})
    if strange:
        raise InputError(
            f"The certificate names {len(strange)} sequences that are not in the order ({strange[0][:12]}).",
            remedy="Give the certificate of this order.",
            code="other-certificate",
        )
    method = f"certificate {reference} of {provider}, {tool}"
    return tuple(_certified(one, results, method, made_on) for one in order)


def _result(word: object) -> ScreeningState:
    state = ScreeningState(str(word))
    if state is ScreeningState.NOT_SCREENED:
        raise ValueError("a certificate says clear or needs review")
    return state


def _certified(
    one: Ordered, results: dict[str, tuple[ScreeningState, str]], method: str, made_on: str
) -> ScreeningRecord:
    if one.sha256 not in results:
        return not_screened(one, "The certificate does not name this sequence.")
    state, note = results[one.sha256]
    because = f"The maker's certificate says: {state.value}." + (f" {note}" if note else "")
    expected = expected_parts(one.sequence)
    return ScreeningRecord(one.name, one.sha256, len(one.sequence), state, because, method, made_on, expected)


def screening_findings(
    record: ScreeningRecord,
    *,
    jurisdiction: str = "",
    on_date: dt.date | None = None,
    book: Rulebook | None = None,
) -> tuple[Finding, ...]:
    """Hold a record against the rules on orders: one finding on the record, then one for each rule that has its effect.

    Returns
    -------
    tuple of Finding
        ``biosecurity.screen`` is *pass* for a clear record, *caution* for one that needs review, *unknown* for a
        sequence that must be screened and was not, *not applicable* for one that is too short for any rule.

    Examples
    --------
    >>> first, rule = screening_findings(not_screened(Ordered("cassette", "ACGT" * 50), "No certificate."))
    >>> first.status.value, rule.rule
    ('unknown', 'policy.B1')
    """
    book = book or rulebook()
    screened = True if record.is_screened else None
    decision = decide_order(
        record.length_nt, jurisdiction=jurisdiction, screened=screened, on_date=on_date, book=book
    )
    wanted = record.is_screened or any(one.fired and one.effect is Effect.REQUIRE for one in decision.answers)
    status = {
        ScreeningState.CLEAR: Status.PASS,
        ScreeningState.REVIEW: Status.CAUTION,
        ScreeningState.NOT_SCREENED: Status.UNKNOWN if wanted else Status.NOT_APPLICABLE,
    }[record.state]
    remedy = f" {HOW_TO_SCREEN}" if status is Status.UNKNOWN else ""
    said = Finding(
        "biosecurity.screen",
        status,
        f"{record.because}{remedy}",
        f"{record.name}: {record.state.value}",
        "screened",
    )
    fired = {f"policy.{rule_id}" for rule_id in decision.fired}
    return (said, *(one for one in findings_of(decision, book=book) if one.rule in fired))
