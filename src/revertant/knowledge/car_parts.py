"""Parts of chimeric antigen receptors, what they bind with, and the receptors of approved products part by part.

A part is a protein sequence from a public record. Where none can be shipped the row has no residues, and nothing can be
built of it. A product is a list of parts and the digest of the whole protein as its record has it: laid end to end, the
parts must give that protein to the residue.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Literal

from revertant.errors import InputError
from revertant.knowledge.antigens import antigen_named
from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.vector_parts import VectorPart, vector_parts
from revertant.model import FeatureKind

__all__ = [
    "CarArchitecture",
    "CarBinder",
    "CarPart",
    "CarRole",
    "binders_of",
    "bound_antigens",
    "car_architectures",
    "car_binders",
    "car_parts",
]

_RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWY")
_DIGEST_LETTERS = 64
_STAGES = ("approved", "clinical", "preclinical", "none")


class CarRole(StrEnum):
    """What a part of a receptor is for."""

    SIGNAL_PEPTIDE = "signal_peptide"
    VARIABLE_DOMAIN = "variable_domain"
    LINKER = "linker"
    JOIN = "join"
    HINGE = "hinge"
    TRANSMEMBRANE = "transmembrane"
    COSTIMULATORY = "costimulatory"
    CYTOKINE_RECEPTOR = "cytokine_receptor"
    ACTIVATION = "activation"
    SWITCH = "switch"
    ARMOUR = "armour"
    SELF_CLEAVING = "2A"

    @property
    def words(self) -> str:
        """The role for people."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarPart(Row):
    """One part of a receptor.

    Parameters
    ----------
    name, role
        Display name, and what it is for.
    fold
        Of a variable domain: heavy chain, light chain, or a single domain.
    protein
        Residues, N-terminus first; empty where no sequence is held.
    length_aa
        Its length; must be that of ``protein``. ``None`` where no source gives it.
    accession
        Public record it is a piece of, with residues.
    origin
        Where the residues come from: what is not human may be seen by the patient's immune system.
    needs_signal
        Whether it is a protein of its own on the cell or outside it, and has no signal peptide in its residues.
    action
        Of a switch: the medicine that pulls it.
    checked_against
        What ``checked`` rests on.
    note
        What a designer should know.
    """

    name: str
    role: CarRole
    origin: Literal["human", "mouse", "camelid", "virus", "synthetic"]
    fold: Literal["", "VL", "VH", "VHH"] = ""
    protein: str = ""
    length_aa: int | None = None
    accession: str = ""
    needs_signal: bool = False
    action: str = ""
    checked_against: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not set(self.protein) <= _RESIDUES:
            yield "The protein has letters that are no residues."
        if self.protein and self.length_aa != len(self.protein):
            yield f"length_aa is {self.length_aa}, and the protein has {len(self.protein)} residues."
        if not self.protein and not self.note:
            yield "A part without residues says in its note why it has none."
        if self.checked and not self.checked_against:
            yield "A checked part says what it was checked against."
        if (self.role is CarRole.VARIABLE_DOMAIN) != bool(self.fold):
            yield "A variable domain says which it is (fold), and nothing else does."
        if self.role is CarRole.SIGNAL_PEPTIDE and self.protein and not self.protein.startswith("M"):
            yield "A signal peptide begins with methionine."


@dataclass(frozen=True, slots=True, kw_only=True)
class CarBinder(Row):
    """What a receptor binds with.

    Parameters
    ----------
    name
        Display name.
    antigen, antigen_names
        HGNC symbol of the antigen, and what else people call it.
    domains
        Keys of its variable domains in the order of the original.
    linker
        Key of the linker between them there; empty for a single domain.
    epitope
        Where on the antigen it binds.
    tonic
        Whether a receptor of it was seen to signal without antigen.
    stage
        How far receptors of it have come.
    note
        What a designer should know.
    """

    name: str
    antigen: str
    domains: tuple[str, ...]
    stage: Literal["approved", "clinical", "preclinical", "none"]
    antigen_names: tuple[str, ...] = ()
    linker: str = ""
    epitope: Literal["membrane-proximal", "membrane-distal", "unknown"] = "unknown"
    tonic: Literal["seen", "not seen", "unknown"] = "unknown"
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.domains:
            yield "A binder has a variable domain."
        if (len(self.domains) > 1) != bool(self.linker):
            yield "Several domains are held together by a linker, and one is not."

    def binds(self, antigen: str) -> bool:
        """Whether it binds an antigen, by symbol or another name; spelling of case does not matter."""
        return antigen.casefold() in {name.casefold() for name in (self.antigen, *self.antigen_names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarArchitecture(Row):
    """The receptor of a product, part by part.

    Parameters
    ----------
    name, substance
        Of the product.
    products
        Keys in the catalogue of products; empty for one that is not approved.
    binder
        Key of its binder.
    parts
        Keys of its parts from the N-terminus on, those behind a 2A peptide included.
    record, of_product
        The public record of the whole protein, and whether it is of the product itself, not of what it came from.
    protein_aa, protein_sha256
        Length of the protein there, without stop, and the SHA-256 of its upper-case residues.
    vector, promoter
        What carries it, and what drives it; empty where it was not read.
    reported_scfv, reported_hinge_tm, reported_signal
        The same in a review's table, which decides nothing.
    note
        What differs, or is not certain.
    """

    name: str
    substance: str
    binder: str
    parts: tuple[str, ...]
    record: str
    protein_aa: int
    protein_sha256: str
    vector: Literal["lentiviral", "gammaretroviral"]
    of_product: bool
    products: tuple[str, ...] = ()
    promoter: str = ""
    reported_scfv: str = ""
    reported_hinge_tm: str = ""
    reported_signal: str = ""
    note: str = ""

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if len(self.protein_sha256) != _DIGEST_LETTERS or set(self.protein_sha256) - set("0123456789abcdef"):
            yield "protein_sha256 is no SHA-256 in lower-case hexadecimal digits."


@cache
def car_parts() -> Mapping[str, CarPart]:
    """Return all parts by key, sorted; the 2A peptides are those of the vector parts.

    Examples
    --------
    >>> parts = car_parts()
    >>> parts["cd8a_hinge"].length_aa, parts["p2a"].role.value
    (45, '2A')
    """
    rows = dict(load_rows("car_parts.toml", CarPart))
    rows |= {
        part.key: _self_cleaving(part)
        for part in vector_parts().values()
        if part.kind is FeatureKind.SELF_CLEAVING_PEPTIDE
    }
    return MappingProxyType({key: rows[key] for key in sorted(rows)})


def _self_cleaving(part: VectorPart) -> CarPart:
    return CarPart(
        key=part.key,
        sources=part.sources,
        checked=part.checked,
        as_of=part.as_of,
        name=part.name,
        role=CarRole.SELF_CLEAVING,
        origin="virus",
        protein=part.protein,
        length_aa=len(part.protein),
        checked_against=part.checked_against,
        note="Leaves its residues on the first protein and a proline on the second.",
    )


@cache
def car_binders() -> Mapping[str, CarBinder]:
    """Return the binders by key, sorted.

    Raises
    ------
    InputError
        When a binder names a part that does not exist or is for something else.

    Examples
    --------
    >>> car_binders()["fmc63"].antigen
    'CD19'
    """
    rows = load_rows("car_binders.toml", CarBinder)
    parts = car_parts()
    for row in rows.values():
        named = [*row.domains, *([row.linker] if row.linker else [])]
        if lacking := [key for key in named if key not in parts]:
            raise InputError(
                f"No part is called {lacking[0]!r}.",
                where=f"car_binders.toml [{row.key}]",
                remedy="Name parts of car_parts.toml.",
            )
    return rows


def binders_of(antigen: str, own: Mapping[str, CarBinder] | None = None) -> tuple[CarBinder, ...]:
    """Return the binders of an antigen: the user's first, then those with residues, the furthest come and most used.

    Parameters
    ----------
    antigen
        HGNC symbol, or another name of the antigen.
    own
        The user's own binders by key.

    Raises
    ------
    InputError
        When the catalogue has no binder for it; the message names the antigens it has.

    Examples
    --------
    >>> [binder.key for binder in binders_of("BCMA")][:2]
    ['abecma', 'carvykti']
    """
    brought = tuple(row for row in (own or {}).values() if row.binds(antigen.strip()))
    found = [row for row in car_binders().values() if row.binds(antigen.strip())]
    if not found and not brought:
        known = sorted({name for row in car_binders().values() for name in (row.antigen, *row.antigen_names)})
        # Another antigen that is spelt alike is no slip of the pen: CD340 is not meant by CD33.
        near = () if antigen_named(antigen) else difflib.get_close_matches(antigen.upper(), known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise InputError(
            f"No binder for {antigen!r} is in the catalogue.",
            remedy=f"{hint}There are binders for {', '.join(known)}; bring your own with --parts.",
            code="no-binder",
        )
    parts = car_parts()
    uses = [row.binder for row in car_architectures().values()]
    return brought + tuple(
        sorted(
            found,
            key=lambda row: (
                not all(parts[key].protein for key in row.domains),
                _STAGES.index(row.stage),
                -uses.count(row.key),
                row.key,
            ),
        )
    )


def bound_antigens(antigens: Iterable[str], own: Mapping[str, CarBinder] | None = None) -> tuple[str, ...]:
    """Return those of some antigens that a binder of the catalogue or of the user's own binds, in their order.

    Examples
    --------
    >>> bound_antigens(["CD7", "BCMA", "CD19"])
    ('BCMA', 'CD19')
    """
    rows = [*car_binders().values(), *(own or {}).values()]
    return tuple(antigen for antigen in antigens if any(row.binds(antigen.strip()) for row in rows))


@cache
def car_architectures() -> Mapping[str, CarArchitecture]:
    """Return the receptors of products by key, sorted.

    Raises
    ------
    InputError
        When one names a part or a binder that does not exist.

    Examples
    --------
    >>> car_architectures()["tisagenlecleucel"].protein_aa
    486
    """
    rows = load_rows("car_architectures.toml", CarArchitecture)
    for row in rows.values():
        lacking = [key for key in row.parts if key not in car_parts()]
        if lacking or row.binder not in car_binders():
            raise InputError(
                f"There is no {(lacking or [row.binder])[0]!r}.",
                where=f"car_architectures.toml [{row.key}]",
                remedy="Name parts of car_parts.toml and a binder of car_binders.toml.",
            )
    return rows
