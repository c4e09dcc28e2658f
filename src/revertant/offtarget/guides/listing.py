"""Guides with names: what is written of each, checked, and made into requests.

A wrong guide gives a right answer to a question nobody asked, so what could be a slip is refused, each with its
line: a spacer that still carries its PAM, a name used twice, a target of another length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from revertant.errors import IncompatibleInputsError, InputError, RevertantError
from revertant.genome import Reference
from revertant.model import Locus, OffTargetRequest, PamSide, SearchLimits, Strand, Tally
from revertant.sequence import is_iupac, matches
from revertant.variant.limits import is_count, shown

__all__ = [
    "GUIDE_COLUMNS",
    "GuideList",
    "GuideRow",
    "NamedGuide",
    "as_dna",
    "guides_of",
    "parse_target",
]

#: Columns of a table of guides, in the order in which they stand where there is no header.
GUIDE_COLUMNS = (
    ("name", "Name of the guide, used once."),
    ("spacer", "Spacer 5'→3' without the PAM; DNA or RNA letters, IUPAC codes allowed."),
    ("pam", "PAM pattern in IUPAC letters; where empty, that of the command."),
    ("pam_side", "3 when the PAM follows the spacer, 5 when it comes before."),
    ("target", "The intended site without PAM, contig:start-end:strand, counted from 1, last base included."),
)

_MOST_NAME, _MOST_PAM = 120, 20
#: Limits of reading, not of biology: what lies outside is a slip (a cell of another column, a whole gene).
_LEAST_SPACER, _MOST_SPACER = 10, 60
#: Usual spacers have 20 to 24 nt (SpCas9 20, SaCas9 21, AsCas12a 23, Nme2Cas9 24: the nuclease catalogue).
_USUAL_SPACERS = range(20, 25)
_SIDES = {
    "3": PamSide.THREE_PRIME, "3'": PamSide.THREE_PRIME, "3′": PamSide.THREE_PRIME,
    "5": PamSide.FIVE_PRIME, "5'": PamSide.FIVE_PRIME, "5′": PamSide.FIVE_PRIME,
}  # fmt: skip
_TARGET = re.compile(r"(?P<contig>\S+):(?P<start>[\d,]+)[-–](?P<end>[\d,]+):(?P<strand>[+\-−])")


@dataclass(frozen=True, slots=True)
class NamedGuide:
    """One guide to search for.

    Parameters
    ----------
    name
        Its name, used once.
    spacer
        5'→3', upper-case DNA letters; may hold IUPAC codes.
    pam, pam_side
        The PAM's IUPAC pattern and on which side of the spacer it lies.
    target
        The intended site without PAM, ``None`` when none was named.
    """

    name: str
    spacer: str
    pam: str
    pam_side: PamSide
    target: Locus | None = None


@dataclass(frozen=True, slots=True)
class GuideList:
    """Guides in the order in which they were given.

    Parameters
    ----------
    guides
        The guides.
    files
        The files they were read from.
    tally
        Lines read: guides, and lines that hold none.
    """

    guides: tuple[NamedGuide, ...]
    files: tuple[Path, ...]
    tally: Tally

    @property
    def names(self) -> tuple[str, ...]:
        """The guides' names."""
        return tuple(guide.name for guide in self.guides)

    def placed_on(self, reference: Reference) -> GuideList:
        """Return the guides with their targets' contigs spelled as the reference spells them.

        Raises
        ------
        IncompatibleInputsError
            When a target lies where the reference has no sequence.
        """
        return replace(self, guides=tuple(_placed(guide, reference) for guide in self.guides))

    def requests(self, limits: SearchLimits, *, cfd_applies: bool = True) -> tuple[OffTargetRequest, ...]:
        """Return what to search for.

        Parameters
        ----------
        limits
            How far from the spacer a site may be.
        cfd_applies
            False for a nuclease other than wild-type SpCas9.
        """
        return tuple(
            OffTargetRequest(
                guide.spacer, guide.pam, guide.pam_side, limits, guide.target, cfd_applies=cfd_applies
            )
            for guide in self.guides
        )


@dataclass(frozen=True, slots=True)
class GuideRow:
    """What is written of one guide, by column, and where."""

    where: str
    cells: dict[str, str]


def _placed(guide: NamedGuide, reference: Reference) -> NamedGuide:
    if guide.target is None:
        return guide
    target = replace(guide.target, contig=reference.canonical_contig(guide.target.contig))
    if not reference.covers(target):
        raise IncompatibleInputsError(
            f"The target {target} of guide {guide.name!r} lies where the reference has no sequence.",
            where=reference.name,
            remedy="Check build and position, or give the reference that holds it.",
            code="outside-reference",
        )
    return replace(guide, target=target)


def parse_target(text: str, where: str = "") -> Locus:
    """Read an intended site, ``contig:start-end:strand``, counted from 1, last base included.

    Parameters
    ----------
    text
        The site.
    where
        File and line, for the error.

    Raises
    ------
    InputError
        When it is malformed.

    Examples
    --------
    >>> parse_target("chr11:5,226,925-5226944:+")
    Locus(contig='chr11', start=5226924, end=5226944, strand=<Strand.PLUS: '+'>)
    """
    found = _TARGET.fullmatch(text.strip())
    places = [found[part].replace(",", "") for part in ("start", "end")] if found else []
    if found is None or not all(map(is_count, places)) or not 1 <= int(places[0]) <= int(places[1]):
        raise InputError(
            f"{shown(text)!r} is no site.",
            where=where,
            remedy="Write contig:start-end:strand without the PAM, like chr11:5226925-5226944:+, counted from 1.",
            code="bad-target",
        )
    strand = Strand.PLUS if found["strand"] == "+" else Strand.MINUS
    return Locus(found["contig"], int(places[0]) - 1, int(places[1]), strand)


def as_dna(text: str) -> str:
    """Return a sequence as upper-case DNA letters: RNA is read as DNA.

    Examples
    --------
    >>> as_dna(" acgu ")
    'ACGT'
    """
    return text.strip().upper().replace("U", "T")


def guides_of(
    rows: Sequence[GuideRow], pam: str, side: PamSide, target: Locus | None, problems: list[RevertantError]
) -> tuple[NamedGuide, ...]:
    """Check rows and make guides of them.

    Parameters
    ----------
    rows
        What was written of each guide.
    pam, side
        For guides that say none themselves.
    target
        The intended site, when there is exactly one guide.
    problems
        Gets one error for each row that is no guide.

    Raises
    ------
    InputError
        When one target is named for several guides.
    """
    if target is not None and len(rows) != 1:
        raise InputError(
            f"One target is named for {len(rows)} guides.",
            where="target",
            remedy="Name the target of each guide in the column target of a file.",
            code="bad-target",
        )
    guides: list[NamedGuide] = []
    taken: dict[str, str] = {}
    for row in rows:
        name = row.cells.get("name", "")
        if name and name in taken:
            problems.append(
                InputError(
                    f"The name {shown(name)!r} was used before, at {taken[name]}.",
                    where=row.where,
                    remedy="Give each guide a name of its own.",
                    code="bad-guide",
                )
            )
        taken.setdefault(name, row.where)
    number = 0
    for row in rows:
        name = row.cells.get("name", "")
        while not name:
            number += 1
            name = f"guide-{number}" if f"guide-{number}" not in taken else ""
        try:
            guides.append(_guide(name, row, pam, side, target))
        except InputError as error:
            problems.append(error)
    return tuple(guides)


def _guide(name: str, row: GuideRow, pam: str, side: PamSide, target: Locus | None) -> NamedGuide:
    def refuse(what: str, remedy: str) -> InputError:
        return InputError(what, where=row.where, remedy=remedy, code="bad-guide")

    if len(name) > _MOST_NAME or not name.isprintable():
        raise refuse(f"{shown(name)!r} is no name.", f"Use up to {_MOST_NAME} printable characters.")
    spacer = as_dna(row.cells.get("spacer", ""))
    if not spacer:
        raise refuse("The spacer is missing.", "Write it 5'→3' in DNA letters.")
    if not is_iupac(spacer) or not _LEAST_SPACER <= len(spacer) <= _MOST_SPACER:
        raise refuse(
            f"{shown(spacer)!r} is no spacer.",
            f"Write {_LEAST_SPACER} to {_MOST_SPACER} DNA letters 5'→3', without the PAM.",
        )
    if not spacer.strip("N"):
        raise refuse(f"{shown(spacer)!r} fits everything.", "Write the bases of the spacer.")
    pattern = as_dna(row.cells.get("pam", "")) or as_dna(pam)
    if not pattern or not is_iupac(pattern) or len(pattern) > _MOST_PAM:
        raise refuse(
            f"{shown(pattern)!r} is no PAM.", "Write an IUPAC pattern such as NGG; N for no PAM at all."
        )
    written = row.cells.get("pam_side", "")
    if written and written not in _SIDES:
        raise refuse(f"{shown(written)!r} is no side of a PAM.", "Write 3 or 5.")
    guide = NamedGuide(name, spacer, pattern, _SIDES[written] if written else side, target)
    if row.cells.get("target"):
        guide = replace(guide, target=parse_target(row.cells["target"], row.where))
    if guide.target is not None and len(guide.target) != len(spacer):
        raise refuse(
            f"The target has {len(guide.target)} bases, the spacer {len(spacer)}.",
            "Give the place of the protospacer, without the PAM.",
        )
    if guide.target is None and _carries_pam(guide):
        five = guide.pam_side is PamSide.FIVE_PRIME
        alone = spacer[len(pattern) :] if five else spacer[: -len(pattern)]
        raise refuse(
            f"{spacer!r} {'starts with' if five else 'ends in'} the PAM {pattern}.",
            f"Write the spacer alone, without its PAM: {alone}. If all of it is spacer, name its target too.",
        )
    return guide


def _carries_pam(guide: NamedGuide) -> bool:
    """Whether a spacer looks like a whole site: of a usual length once the PAM at its end is taken off."""
    size = len(guide.pam)
    if len(guide.spacer) - size not in _USUAL_SPACERS or not guide.pam.strip("N"):
        return False
    end = guide.spacer[:size] if guide.pam_side is PamSide.FIVE_PRIME else guide.spacer[-size:]
    return matches(guide.pam, end)
