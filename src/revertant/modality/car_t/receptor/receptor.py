"""The receptor as a value: parts laid end to end, so that every residue has a name.

What is translated is one chain of residues; a 2A peptide on it is where the ribosome lets go, so that several proteins
come of it. A receptor is never edited, only laid: its protein is the concatenation of its parts, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from revertant.errors import InputError, NoDesignError
from revertant.knowledge import CarPart, CarRole
from revertant.model import Feature, FeatureKind, ReceptorDomain

__all__ = ["Receptor", "Segment", "lay_receptor", "part_named"]

#: The ribosome lets go between the last two residues of this motif of every 2A peptide.
_RELEASE = "NPGP"
_KINDS = {
    CarRole.SIGNAL_PEPTIDE: FeatureKind.SIGNAL_PEPTIDE,
    CarRole.LINKER: FeatureKind.LINKER,
    CarRole.JOIN: FeatureKind.LINKER,
    CarRole.SELF_CLEAVING: FeatureKind.SELF_CLEAVING_PEPTIDE,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One part at its place.

    Parameters
    ----------
    part
        The catalogue row.
    start, end
        Residues on the translated chain, 0-based and half-open.
    chain
        0 for the receptor itself, 1 and on for what follows the first, second ... 2A peptide.
    """

    part: CarPart
    start: int
    end: int
    chain: int


@dataclass(frozen=True, slots=True)
class Receptor:
    """A chimeric antigen receptor, with whatever is translated together with it.

    Parameters
    ----------
    name
        Short name, fit for a file name.
    antigens
        HGNC symbols of what it binds.
    binders
        Keys of its binders.
    generation
        1: CD3ζ alone; 2: one costimulatory domain; 3: two; 4: as 2, with armour; 5: as 2, with a cytokine receptor's
        domain.
    segments
        Its parts from the N-terminus on.
    """

    name: str
    antigens: tuple[str, ...]
    binders: tuple[str, ...]
    generation: int
    segments: tuple[Segment, ...]

    @property
    def protein(self) -> str:
        """Everything that is translated, signal peptides and 2A peptides included, without stop."""
        return "".join(segment.part.protein for segment in self.segments)

    @property
    def chains(self) -> tuple[str, ...]:
        """The proteins that the ribosome lets go, signal peptides still on them.

        Examples
        --------
        >>> from revertant.modality.car_t import product_receptor
        >>> [len(chain) for chain in product_receptor("lisocabtagene_maraleucel").chains]
        [483, 359]
        """
        cuts = [
            segment.start + segment.part.protein.rindex(_RELEASE) + len(_RELEASE) - 1
            for segment in self.of_role(CarRole.SELF_CLEAVING)
        ]
        ends = [*cuts, len(self.protein)]
        return tuple(self.protein[start:end] for start, end in zip([0, *cuts], ends, strict=True))

    def of_role(self, role: CarRole) -> tuple[Segment, ...]:
        """Return the segments of one role, in their order."""
        return tuple(segment for segment in self.segments if segment.part.role is role)

    @property
    def domains(self) -> tuple[ReceptorDomain, ...]:
        """Its parts as named stretches of the translated chain."""
        return tuple(
            ReceptorDomain(s.part.key, s.part.name, s.part.role.value, s.start, s.end) for s in self.segments
        )

    @property
    def features(self) -> tuple[Feature, ...]:
        """Its parts as features of its coding sequence, counted from the first base."""
        return tuple(
            Feature(
                _KINDS.get(segment.part.role, FeatureKind.DOMAIN),
                segment.part.name.partition(",")[0],
                3 * segment.start,
                3 * segment.end,
                note=f"{segment.part.role.words}; residues {segment.start + 1} to {segment.end}; receptor part "
                f"{segment.part.key}; {segment.part.origin}",
            )
            for segment in self.segments
        )


def part_named(parts: Mapping[str, CarPart], key: str, role: CarRole) -> CarPart:
    """Look a part up for a role, and refuse what cannot be built.

    Parameters
    ----------
    parts
        Every part by key.
    key, role
        What is asked for, and as what.

    Raises
    ------
    InputError
        When there is no such part, or it is for something else.
    NoDesignError
        When no residues of it are held.
    """
    part = parts.get(key)
    if part is None or part.role is not role:
        known = ", ".join(sorted(k for k, one in parts.items() if one.role is role and one.protein))
        is_other = f": {part.name} is of another kind, {part.role.words}" if part is not None else ""
        raise InputError(
            f"There is no {role.words} {key!r}{is_other}.",
            remedy=f"Use one of {known or 'your own'}, or bring it with --parts.",
            code="no-part",
        )
    if not part.protein:
        raise NoDesignError(
            f"No residues of {part.name} are held, so nothing can be built of it. {part.note}".strip(),
            remedy=f"Bring them with --parts, as a part called {key!r}.",
            code="no-sequence",
        )
    return part


def lay_receptor(
    name: str,
    parts: Sequence[CarPart],
    *,
    antigens: tuple[str, ...],
    binders: tuple[str, ...],
    generation: int,
) -> Receptor:
    """Lay parts end to end.

    Parameters
    ----------
    name, antigens, binders, generation
        As of :class:`Receptor`.
    parts
        From the N-terminus on, each with residues.

    Raises
    ------
    NoDesignError
        When a part has no residues, the first does not begin with methionine, or a 2A peptide lacks its release.

    Examples
    --------
    >>> from revertant.knowledge import car_parts
    >>> keys = ("cd8a_signal", "fmc63_vl", "g4s_3", "fmc63_vh", "cd8a_hinge", "cd8a_tm", "cd137_icd", "cd3z")
    >>> made = lay_receptor(
    ...     "x", [car_parts()[key] for key in keys], antigens=("CD19",), binders=("fmc63",), generation=2
    ... )
    >>> len(made.protein), made.segments[-1].start
    (486, 374)
    """
    segments: list[Segment] = []
    at = chain = 0
    for part in parts:
        if not part.protein:
            raise NoDesignError(
                f"No residues of {part.name} are held.",
                remedy="Bring them with --parts.",
                code="no-sequence",
            )
        if part.role is CarRole.SELF_CLEAVING and _RELEASE not in part.protein:
            raise NoDesignError(
                f"{part.name} has no {_RELEASE}, where a 2A peptide lets go.", remedy="Use a 2A peptide."
            )
        segments.append(Segment(part, at, at + len(part.protein), chain))
        at += len(part.protein)
        chain += part.role is CarRole.SELF_CLEAVING
    if not segments or not segments[0].part.protein.startswith("M"):
        raise NoDesignError(
            "A receptor begins with the methionine of its signal peptide.",
            remedy="Put a signal peptide first.",
        )
    return Receptor(name, antigens, binders, generation, tuple(segments))
