"""Parts of vectors: what stands between two terminal repeats, two LTRs, or a cap and a tail.

A part is a sequence with its length, the organism or virus it comes from, where it works and what is known against
it. Where a sequence could not be traced to a public record that agrees with a second copy, the row says so
(``checked``); where it could not be traced at all, the row has no sequence, and nothing can be built of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from revertant.errors import InputError
from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue, tissue_named
from revertant.model import FeatureKind, GenomeForm
from revertant.sequence import is_iupac, reverse_complement, translate

__all__ = [
    "UBIQUITOUS",
    "VectorPart",
    "lonely_halves",
    "parts_of_kind",
    "vector_part",
    "vector_parts",
    "woodchuck_x_protein",
]

#: What ``tissues`` says of a part that works everywhere.
UBIQUITOUS = "ubiquitous"
FILES = (
    "vector_parts_frames.toml",
    "vector_parts_ends.toml",
    "vector_parts_promoters.toml",
    "vector_parts_transcript.toml",
)
#: Kinds whose use depends on the tissue.
_TISSUE_KINDS = (FeatureKind.PROMOTER, FeatureKind.ENHANCER, FeatureKind.POL3_PROMOTER)
_RESIDUES = frozenset("ACDEFGHIKLMNPQRSTVWY")
#: Where the AAV2 replicase nicks (AGT|TGG), on either strand.
_RESOLUTION_SITE = "AGTTGG"
#: First residues of the X protein of woodchuck hepatitis virus, as WPRE encodes them.
_WOODCHUCK_X = "MAARLCC"


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorPart(Row):
    """One part of a vector.

    Parameters
    ----------
    name, kind
        Display name, and what it is for.
    end
        Of a terminal repeat: at which end of the genome its letters stand as written; the other end takes their reverse
        complement.
    sequence
        5'→3' on the strand it is used on, DNA letters; empty where it is not known well enough or not ours to ship.
    protein
        One-letter residues of a part that is translated (2A peptide, linker, intein).
    accession
        Public record it is a piece of, or that describes it.
    length_bp
        Bases; must be the length of ``sequence``. ``None`` where no source gives it.
    tissues
        Where it works: names of :class:`Tissue`, or ``ubiquitous``. For miRNA sites the tissues that are switched off.
    cells
        Of a promoter that works in some cells of its tissues only: which; empty where it works in all of them.
    strength
        Of a promoter or enhancer, as its source calls it.
    organism, virus
        Where it comes from; the virus is named for those who screen orders for biosecurity.
    forms
        Genomes it can be used in; empty where it fits any.
    reference
        Papers on the part, as the source of the sequence cites them.
    checked_against
        What ``checked`` rests on.
    mirna
        The mature miRNA (RNA letters) of a detargeting site; ``sequence`` must be its reverse complement.
    partner, junction_residue
        Of an intein: the key of the other half, and the residue that must follow the C-terminal half.
    preferred
        Whether a designer takes it before others of its kind that work as well, with the reason in ``note``.
    oncogenic
        Whether it is known or suspected to switch on neighbouring genes after integration.
    note
        What a designer should know.
    """

    name: str
    kind: FeatureKind
    end: Literal["", "5'", "3'"] = ""
    sequence: str = ""
    protein: str = ""
    accession: str = ""
    length_bp: int | None = None
    tissues: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    strength: Literal["weak", "medium", "strong", "unknown"] = "unknown"
    organism: str = ""
    virus: str = ""
    forms: tuple[GenomeForm, ...] = ()
    reference: str = ""
    checked_against: str = ""
    mirna: str = ""
    partner: str = ""
    junction_residue: str = ""
    preferred: bool = False
    oncogenic: bool = False
    note: str = ""

    def fits(self, form: GenomeForm) -> bool:
        """Whether the part can be used in this form of genome."""
        return not self.forms or form in self.forms

    def works_in(self, tissue: Tissue) -> bool:
        """Whether the part works in a tissue; a part that works everywhere does."""
        return UBIQUITOUS in self.tissues or tissue.value in self.tissues

    @property
    def resolvable(self) -> bool:
        """Whether an ITR has the terminal resolution site, so that the replicase nicks it."""
        return _RESOLUTION_SITE in self.sequence or reverse_complement(_RESOLUTION_SITE) in self.sequence

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if self.sequence and not is_iupac(self.sequence):
            yield "The sequence is not upper-case IUPAC DNA."
            return
        if self.sequence and self.length_bp != len(self.sequence):
            yield f"length_bp is {self.length_bp}, and the sequence has {len(self.sequence)} bases."
        if self.protein and not set(self.protein) <= _RESIDUES:
            yield "The protein has letters that are no residues."
        elif self.protein and self.sequence and translate(self.sequence) != self.protein:
            yield "The sequence does not translate to the protein."
        if not self.sequence and not self.protein and not (self.accession or self.note):
            yield "A part without a sequence needs an accession, or a note that says why it has none."
        if self.checked and not self.checked_against:
            yield "A checked part says what it was checked against."
        yield from self._place_problems()
        if self.mirna and self.sequence != reverse_complement(self.mirna.replace("U", "T")):
            yield "The site is not the reverse complement of the miRNA."
        if self.kind is FeatureKind.INTEIN and not (self.partner and self.junction_residue):
            yield "An intein names its other half and the residue after the joint."
        if (self.kind is FeatureKind.ITR) != bool(self.end):
            yield "A terminal repeat says at which end it stands, and nothing else does."

    def _place_problems(self) -> Iterator[str]:
        known = {UBIQUITOUS, *(tissue.value for tissue in Tissue)}
        if unknown := [name for name in self.tissues if name not in known]:
            yield f"No tissue of the vocabulary: {', '.join(unknown)}."
        if self.kind in _TISSUE_KINDS and not self.tissues:
            yield "A promoter says where it works."


@cache
def vector_parts() -> Mapping[str, VectorPart]:
    """Return all parts by key, sorted.

    Examples
    --------
    >>> part = vector_parts()["itr_aav2_145_flip"]
    >>> part.length_bp, part.resolvable, part.virus
    (145, True, 'adeno-associated virus 2')
    """
    rows: dict[str, VectorPart] = {}
    for name in FILES:
        found = load_rows(name, VectorPart)
        _refuse_twice(rows, found, name)
        rows |= found
    for problem in lonely_halves(rows, FILES[-1]):
        raise problem
    return MappingProxyType({key: rows[key] for key in sorted(rows)})


def vector_part(key: str) -> VectorPart:
    """Return one part.

    Raises
    ------
    InputError
        When the catalogue has no such part.

    Examples
    --------
    >>> vector_part("promoter_hsyn1").tissues
    ('brain',)
    """
    try:
        return vector_parts()[key]
    except KeyError:
        near = difflib.get_close_matches(key, list(vector_parts()), n=3, cutoff=0.5)
        remedy = f"Near to it: {', '.join(near)}." if near else "The guide to parts lists them."
        raise InputError(f"No vector part is called {key!r}.", remedy=remedy) from None


def parts_of_kind(
    kind: FeatureKind, tissue: str = "", *, parts: Iterable[VectorPart] | None = None
) -> tuple[VectorPart, ...]:
    """Return the parts of one kind, for one tissue if asked.

    Parameters
    ----------
    kind
        What the part is for.
    tissue
        As :func:`tissue_named` reads it; empty for any.
    parts
        Choose among these instead of the catalogue (a user's own parts, for instance).

    Returns
    -------
    tuple[VectorPart, ...]
        Parts with a sequence first, then preferred, checked and those made for the tissue before ubiquitous ones.

    Examples
    --------
    >>> [part.key for part in parts_of_kind(FeatureKind.PROMOTER, "liver") if UBIQUITOUS not in part.tissues]
    ['promoter_tbg', 'promoter_tbg_intron', 'promoter_hlp', 'promoter_lp1']
    """
    wanted = tissue_named(tissue) if tissue else None
    chosen = vector_parts().values() if parts is None else parts
    found = [part for part in chosen if part.kind is kind and (wanted is None or part.works_in(wanted))]
    return tuple(
        sorted(
            found,
            key=lambda part: (
                not (part.sequence or part.protein),
                wanted is not None and UBIQUITOUS in part.tissues,
                not part.preferred,
                not part.checked,
                part.key,
            ),
        )
    )


def woodchuck_x_protein(sequence: str) -> str:
    """Return what a posttranscriptional element can make of the woodchuck X protein.

    The wild-type element ends in the first third of the X gene, start codon included; X of mammalian hepadnaviruses is
    suspected to promote liver cancer (Schambach 2006). An element whose start codon is mutated makes nothing.

    Parameters
    ----------
    sequence
        The element, forward strand.

    Returns
    -------
    str
        The peptide from its ATG to the stop codon or the end of the element; empty when it cannot be made.

    Examples
    --------
    >>> len(woodchuck_x_protein(vector_part("wpre").sequence))
    61
    """
    for start in range(len(sequence) - 2):
        if sequence.startswith("ATG", start):
            peptide = translate(sequence[start:]).split("*")[0]
            if peptide.startswith(_WOODCHUCK_X):
                return peptide
    return ""


def _refuse_twice(have: Mapping[str, VectorPart], new: Mapping[str, VectorPart], name: str) -> None:
    if twice := sorted(set(have) & set(new)):
        raise InputError(
            f"The catalogue has parts of that name already: {', '.join(twice)}.",
            where=f"{name} [{twice[0]}]",
            remedy="Give your part another name.",
        )


def lonely_halves(rows: Mapping[str, VectorPart], name: str) -> Iterator[InputError]:
    """Yield a problem for every half of a pair that lacks the other, or is not named by it.

    Parameters
    ----------
    rows
        Every part by key.
    name
        The file, for the message.

    Examples
    --------
    >>> list(lonely_halves(vector_parts(), "all"))
    []
    """
    for row in rows.values():
        if row.partner and (row.partner not in rows or rows[row.partner].partner != row.key):
            yield InputError(
                f"The other half {row.partner!r} does not exist, or does not name this part.",
                where=f"{name} [{row.key}].partner",
                remedy="Name both halves in each other.",
            )
