"""Guidance documents as data: what each asks, of which products, where and from which day.

One TOML file holds one document, under the strict rules of the catalogues (:mod:`revertant.knowledge.catalogue`). What
is asked is told in this project's own words; a section is named only where it was read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from revertant.errors import InputError
from revertant.knowledge import SOURCE_KINDS, IsoDate, Row, load_rows
from revertant.model import DocumentStatus, EditingPlace, canonical_json
from revertant.policy.places import EVERYWHERE, GROUPS, groups_of

__all__ = [
    "AnsweredBy",
    "Document",
    "Item",
    "ProductKind",
    "checklists_digest",
    "guidance_documents",
    "parse_document",
]

_PACKAGE = "revertant.policy.checklists"


class ProductKind(StrEnum):
    """What a design is, as far as documents ask; one design can be several."""

    GENOME_EDITING = "genome_editing"
    GENE_ADDITION = "gene_addition"
    ANTISENSE = "antisense"
    CAR_T = "car_t"
    RETROVIRAL = "retroviral"
    AAV = "aav"


class AnsweredBy(StrEnum):
    """Who or what answers an item; each word is a function of :mod:`revertant.policy.checklists.answers`."""

    FINDINGS_PASS = "findings_pass"  # noqa: S105 - a rule, not a password
    FINDINGS_THEN_LABORATORY = "findings_then_laboratory"
    CAUSAL_VARIANT = "causal_variant"
    MECHANISM_TARGETED = "mechanism_targeted"
    OFFTARGET_GENOME_WIDE = "offtarget_genome_wide"
    OFFTARGET_PERSONAL = "offtarget_personal"
    OFFTARGET_ANNOTATED = "offtarget_annotated"
    OFFTARGET_REPORTED = "offtarget_reported"
    CONFIRMATION_SITES = "confirmation_sites"
    SCREENING_RECORDED = "screening_recorded"
    LABORATORY = "laboratory"
    HUMAN = "human"
    NOT_IN_PLAN = "not_in_plan"


_READS_FINDINGS = {AnsweredBy.FINDINGS_PASS, AnsweredBy.FINDINGS_THEN_LABORATORY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a document asks.

    Parameters
    ----------
    id, section, asked
        Its name, where it stands (empty where that was not read), and what is asked.
    answered_by
        What answers it.
    needs
        The assay, person or input that would settle it.
    judge
        Who weighs a finding that is a caution.
    findings
        Rules whose findings are its evidence; ``a|b`` means that either will do.
    files
        Files of the dossier that hold its evidence.
    applies_to, except_for, place
        Of which products it is asked; empty means those of the document.
    sources
        Where it is asked; empty means the document's own.
    checked
        Whether that was read in the document.
    """

    id: str
    asked: str
    answered_by: AnsweredBy
    needs: str
    section: str = ""
    judge: str = "A qualified reviewer of the plan."
    findings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    applies_to: tuple[ProductKind, ...] = ()
    except_for: tuple[ProductKind, ...] = ()
    place: tuple[EditingPlace, ...] = ()
    sources: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Row):
    """One guidance document.

    Parameters
    ----------
    title, issuer, address
        What it is called, who gave it out, and where it can be read.
    jurisdiction
        ``["*"]``, ISO 3166-1 codes, or groups of them (``"EU"``).
    dated
        The date it bears, a month or a day.
    counts_from, until
        First and last day on which it counts; ``None`` where it always has, and where it has no end.
    status
        Draft or final, on the day of ``as_of``.
    applies_to, except_for, place
        Of which products it asks; empty means of all. A product that is also one of ``except_for`` is left out.
    items
        What it asks, in its own order.
    """

    title: str
    issuer: str
    jurisdiction: tuple[str, ...]
    dated: str
    counts_from: IsoDate | None = None
    until: IsoDate | None = None
    status: DocumentStatus
    address: str
    applies_to: tuple[ProductKind, ...] = ()
    except_for: tuple[ProductKind, ...] = ()
    place: tuple[EditingPlace, ...] = ()
    items: tuple[Item, ...]

    def counts_on(self, day: dt.date | None) -> bool:
        """Say whether it counts on a day; without a day, the documents without an end do."""
        if day is None:
            return self.until is None
        begun = self.counts_from is None or dt.date.fromisoformat(self.counts_from) <= day
        return begun and (self.until is None or day <= dt.date.fromisoformat(self.until))

    def holds_in(self, place: str) -> bool:
        """Say whether it holds in a place; where none is named, every document is shown."""
        if not place or EVERYWHERE in self.jurisdiction:
            return True
        return any(name in self.jurisdiction for name in groups_of(place))

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the fields."""
        if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", self.dated):
            yield f"dated is a day or a month, not {self.dated!r}."
        if self.counts_from and self.counts_from < self.dated:
            yield f"It counts from {self.counts_from}, before its date {self.dated}."
        if self.counts_from and self.until and self.until < self.counts_from:
            yield f"until {self.until} lies before counts_from {self.counts_from}."
        for name in self.jurisdiction or ("",):
            if name != EVERYWHERE and name not in GROUPS and not re.fullmatch("[A-Z]{2}", name):
                yield f"{name!r} is no place."
        names = [item.id for item in self.items]
        if not names or len(set(names)) < len(names):
            yield "It needs items, each with a name of its own."
        for item in self.items:
            yield from (f"{item.id}: {what}" for what in _item_problems(item))


def _item_problems(item: Item) -> Iterator[str]:
    for name in ("id", "asked", "needs", "judge"):
        if not getattr(item, name).strip():
            yield f"{name} is empty."
    if item.answered_by in _READS_FINDINGS and not item.findings:
        yield f"{item.answered_by.value} needs findings."
    for source in item.sources:
        kind, _, identifier = source.partition(":")
        if kind not in SOURCE_KINDS or not identifier.strip():
            yield f"{source!r} is no source this project can name."


def parse_document(name: str, text: str) -> Document:
    """Read one document from TOML.

    Raises
    ------
    InputError
        When it is no TOML, holds anything but one document named like its file, or (as :class:`ProblemsError`) when it
        does not fit: an unknown field, no source, a word that answers nothing.
    """
    rows = load_rows(f"{name}.toml", Document, text=text)
    if list(rows) != [name]:
        raise InputError(
            f"The file holds {', '.join(rows) or 'nothing'}.",
            where=f"{name}.toml",
            remedy=f"Write one table, [{name}].",
        )
    return rows[name]


@cache
def _texts() -> Mapping[str, str]:
    folder = resources.files(_PACKAGE)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return types.MappingProxyType(
        {name.removesuffix(".toml"): (folder / name).read_text(encoding="utf-8") for name in names}
    )


@cache
def guidance_documents() -> Mapping[str, Document]:
    """Return the documents by key.

    Examples
    --------
    >>> guidance_documents()["ich_s12_2023"].issuer
    'ICH'
    """
    return types.MappingProxyType({name: parse_document(name, text) for name, text in _texts().items()})


def checklists_digest() -> str:
    """Return the SHA-256 of the documents' content, for provenance; comments and layout do not count.

    Examples
    --------
    >>> len(checklists_digest())
    64
    """
    content = {name: tomllib.loads(text) for name, text in _texts().items()}
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
