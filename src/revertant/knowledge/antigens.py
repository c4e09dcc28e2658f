"""Antigens that engineered immune cells are aimed at: where normal tissue has them, and what happened in people."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import SOURCE_KINDS, Row, load_rows

__all__ = [
    "Antigen",
    "AntigenForm",
    "AntigenRecord",
    "CitedFact",
    "NormalTissue",
    "antigen_aliases",
    "antigen_named",
    "antigens",
]

#: How grave it is when cells are attacked, gravest first.
Severity = Literal["prohibitive", "serious", "manageable"]
#: What says that cells have the antigen, strongest first.
Evidence = Literal["toxicity", "protein", "RNA"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedFact:
    """One sentence and where it comes from.

    Parameters
    ----------
    what
        The fact.
    source, checked
        Its source, and whether it was read there.
    """

    what: str
    source: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalTissue:
    """Normal cells that have an antigen.

    Parameters
    ----------
    organ, cells
        Where, and which cells.
    evidence
        ``"toxicity"``: they were harmed, or held to be, by a therapy against the antigen; ``"protein"``: stained,
        sorted or killed; ``"RNA"``: messages only.
    severity
        What it did or would do to attack them: ``"prohibitive"`` (deaths, or treatment stopped), ``"serious"``,
        ``"manageable"``.
    essential
        Whether the person cannot live, or not well, without these cells.
    what
        What is known, in a sentence.
    source, checked
        Its source, and whether it was read there.
    """

    organ: str
    cells: str
    evidence: Evidence
    severity: Severity
    essential: bool
    what: str
    source: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AntigenRecord:
    """A therapy against an antigen.

    Parameters
    ----------
    kind, name
        What it is.
    stage, disease
        How far it came, and against what.
    toxicity
        Whether harm to normal tissue through the antigen was seen in people.
    what
        What was seen.
    source, checked
        Its source, and whether it was read there.
    """

    kind: Literal[
        "CAR-T", "TCR", "T-cell engager", "antibody-drug conjugate", "antibody", "immunotoxin", "radioligand"
    ]
    name: str
    stage: Literal["approved", "phase 3", "phase 2", "phase 1", "preclinical"]
    disease: str
    toxicity: Literal["seen", "not seen", "not reported"]
    what: str = ""
    source: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AntigenForm:
    """A form of an antigen that a receptor may miss, or must not bind.

    Parameters
    ----------
    name
        The form.
    what
        What it means.
    source, checked
        Its source, and whether it was read there.
    """

    name: str
    what: str
    source: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Antigen(Row):
    """An antigen with a clinical or late preclinical record.

    Parameters
    ----------
    symbol
        HGNC symbol of its gene; empty where no gene's expression stands for it.
    name, aliases
        What else it is called.
    kind
        What of the gene is the target.
    tumours
        Where it is a target.
    on_t_cells
        Whether the treated cells carry it too, so that they would kill each other.
    surfaceome
        Whether the in silico human surfaceome (SURFY) lists the gene; ``None`` where there is no gene.
    cell_surface_capture
        Confidence of the Cell Surface Protein Atlas; empty where it does not list the gene.
    normal, clinical, losses, forms, shed
        Cited facts; ``shed`` is ``None`` where nothing is known.
    not_by_expression
        Why the expression of the gene does not stand for the target; empty where it does.

    Notes
    -----
    ``sources`` and ``checked`` are of the surface evidence; every other fact has its own.

    Examples
    --------
    >>> her2 = antigen_named("HER2")
    >>> her2.symbol, [(tissue.organ, tissue.severity) for tissue in her2.normal]
    ('ERBB2', [('lung', 'prohibitive'), ('heart', 'prohibitive')])
    """

    symbol: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: Literal["protein", "isoform", "mutant", "glycoform", "glycolipid"] = "protein"
    tumours: tuple[str, ...]
    on_t_cells: bool = False
    surfaceome: bool | None = None
    cell_surface_capture: str = ""
    normal: tuple[NormalTissue, ...]
    clinical: tuple[AntigenRecord, ...]
    losses: tuple[CitedFact, ...] = ()
    forms: tuple[AntigenForm, ...] = ()
    shed: CitedFact | None = None
    not_by_expression: str = ""

    def problems(self) -> Iterator[str]:
        """Yield facts without a source, and rows that say nothing."""
        facts: list[CitedFact | NormalTissue | AntigenRecord | AntigenForm] = [
            *self.normal,
            *self.clinical,
            *self.losses,
            *self.forms,
            *([self.shed] if self.shed else []),
        ]
        for fact in facts:
            kind, _, identifier = fact.source.partition(":")
            if kind not in SOURCE_KINDS or not identifier:
                yield f"{fact.source!r} is no source this project can name"
        if not self.normal or not self.clinical:
            yield "normal tissue and a clinical record are needed"
        if (not self.symbol or self.kind != "protein") and not self.not_by_expression:
            yield "it is not said why the gene's expression does not stand for the target"
        if (self.surfaceome is None) != (not self.symbol):
            yield "surface evidence and a gene go together"

    @property
    def furthest(self) -> AntigenRecord:
        """The therapy that came furthest; of equals the first."""
        stages = ("approved", "phase 3", "phase 2", "phase 1", "preclinical")
        return min(self.clinical, key=lambda record: stages.index(record.stage))


@cache
def antigens() -> Mapping[str, Antigen]:
    """Return the antigens by key.

    Examples
    --------
    >>> len(antigens()) >= 40
    True
    """
    return load_rows("antigens.toml", Antigen)


@cache
def antigen_aliases() -> Mapping[str, str]:
    """Return every other name of an antigen with a gene, in upper case, and the symbol it stands for.

    Examples
    --------
    >>> antigen_aliases()["BCMA"]
    'TNFRSF17'
    """
    return types.MappingProxyType(
        {alias.upper(): row.symbol for row in antigens().values() if row.symbol for alias in row.aliases}
    )


def antigen_named(name: str) -> Antigen | None:
    """Find an antigen by symbol, key or another name; upper and lower case are one.

    Examples
    --------
    >>> antigen_named("cd20").symbol, antigen_named("INS")
    ('MS4A1', None)
    """
    wanted = name.strip().upper()
    for row in antigens().values():
        if wanted in {row.key.upper(), row.symbol.upper(), *(alias.upper() for alias in row.aliases)} - {""}:
            return row
    return None
