"""Where one guide stands on a sequence: in one place only, with its PAM, or it is refused with what stands there."""

from __future__ import annotations

from dataclasses import replace

from revertant import knowledge
from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import HaplotypeWindow
from revertant.modality.protospacers import Protospacer
from revertant.model import Locus, PamSide, Strand
from revertant.planning.simulation.ground import Ground
from revertant.sequence import is_dna, matches, reverse_complement

__all__ = ["SPACER_NT", "molecule_letters", "place_guide"]

#: Spacers that are in use: 17-nt truncated guides to the 23 nt of Cas12a and SaCas9, and one more.
SPACER_NT = (17, 24)
#: A place that differs in no more bases than this is named to a reader whose spacer is not found.
_NEAR = 3


def molecule_letters(text: str, name: str) -> str:
    """Return a molecule as upper-case DNA letters; RNA is read as DNA.

    Raises
    ------
    InputError
        Code ``bad-molecule`` for any other letter, or none.

    Examples
    --------
    >>> molecule_letters(" acgu acgu", "the spacer")
    'ACGTACGT'
    """
    letters = "".join(text.split()).upper().replace("U", "T")
    if not is_dna(letters) or not letters:
        odd = ", ".join(repr(letter) for letter in sorted(set(letters) - set("ACGT"))[:5])
        raise InputError(
            f"{name[0].upper()}{name[1:]} {f'holds {odd}' if odd else 'is empty'}.",
            where=name,
            remedy="Write it 5'→3' in A, C, G and T (or U).",
            code="bad-molecule",
        )
    return letters


def place_guide(
    ground: Ground, spacer: str, pam: str, side: PamSide, *, name: str = "the spacer"
) -> Protospacer:
    """Find the one protospacer of a guide.

    Parameters
    ----------
    ground
        The sequence.
    spacer
        5'→3', plain DNA letters.
    pam, side
        IUPAC pattern and side of the PAM.
    name
        What the guide is called in an error.

    Raises
    ------
    InputError
        Code ``spacer-length``.
    IncompatibleInputsError
        Code ``spacer-not-found``, ``pam-missing`` or ``spacer-twice``.

    Examples
    --------
    >>> from revertant.planning.simulation.ground import given_ground
    >>> ground = given_ground("AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCC")
    >>> site = place_guide(ground, "CATGGTGCACCTGACTCCTG", "NGG", PamSide.THREE_PRIME)
    >>> site.start, site.pam
    (3, 'TGG')
    >>> place_guide(ground, "CCATGGTGCACCTGACTCCT", "NGG", PamSide.THREE_PRIME)
    Traceback (most recent call last):
    revertant.errors.IncompatibleInputsError: sequence:3-22:+: The spacer stands here, but without its PAM: GTG is ...
    """
    least, most = SPACER_NT
    if not least <= len(spacer) <= most:
        raise InputError(
            f"{name[0].upper()}{name[1:]} has {len(spacer)} nt; spacers have {least} to {most}.",
            where=spacer,
            remedy="Give the spacer alone, without PAM and scaffold.",
            code="spacer-length",
        )
    places = _places(ground.window.bases, spacer, pam, side)
    found = [place for place in places if len(place.pam) == len(pam) and matches(pam, place.pam)]
    if len(found) == 1:
        return replace(found[0], window=ground.window)
    if found:
        where = ", ".join(ground.place(place.start, place.end, place.strand.value) for place in found)
        raise IncompatibleInputsError(
            f"{name[0].upper()}{name[1:]} has {len(found)} protospacers here: which one is edited cannot be told.",
            where=where,
            remedy="Name a smaller place with --locus or --flank, or give a shorter sequence.",
            code="spacer-twice",
        )
    if places:
        raise _without_pam(ground, places[0], pam, name)
    raise _not_found(ground, spacer, pam, side, name)


def _places(bases: str, spacer: str, pam: str, side: PamSide) -> list[Protospacer]:
    """Every place of a spacer with what stands where its PAM should, plus strand first."""
    # Positions are indexes here: an inserted base has no place of its own on the reference.
    flat = HaplotypeWindow.of_reference(Locus("here", 0, len(bases)), bases)
    found = []
    for strand in (Strand.PLUS, Strand.MINUS):
        text = bases if strand is Strand.PLUS else reverse_complement(bases)
        at = text.find(spacer)
        while at >= 0:
            end = at + len(spacer)
            beside = (
                text[end : end + len(pam)]
                if side is PamSide.THREE_PRIME
                else text[max(0, at - len(pam)) : at]
            )
            start = at if strand is Strand.PLUS else len(text) - end
            found.append(Protospacer(flat, strand, start, spacer, beside, pam, side))
            at = text.find(spacer, at + 1)
    return found


def _without_pam(ground: Ground, place: Protospacer, pam: str, name: str) -> IncompatibleInputsError:
    beside = "behind it" if place.pam_side is PamSide.THREE_PRIME else "before it"
    able = sorted(
        nuclease.key
        for nuclease in knowledge.nucleases().values()
        if nuclease.pam_side is place.pam_side
        and len(nuclease.pam) == len(place.pam)
        and matches(nuclease.pam, place.pam)
    )
    others = f" These nucleases take {place.pam}: {', '.join(able)}." if able else ""
    trimmed = _spacer_without_pam(ground, place)
    first = f"Leave the PAM out of the spacer: {trimmed} stands beside one. Else name" if trimmed else "Name"
    return IncompatibleInputsError(
        f"{name[0].upper()}{name[1:]} stands here, but without its PAM: "
        f"{place.pam or 'nothing'} is {beside}, not {pam}.",
        where=ground.place(place.start, place.end, place.strand.value),
        remedy=f"{first} the nuclease or editor the guide was made for.{others}",
        code="pam-missing",
    )


def _spacer_without_pam(ground: Ground, place: Protospacer) -> str:
    """Return the spacer without its end, where that end is the PAM; empty where it is not."""
    nt, spacer = len(place.pam_pattern), place.spacer
    behind = place.pam_side is PamSide.THREE_PRIME
    short, pam = (spacer[:-nt], spacer[-nt:]) if behind else (spacer[nt:], spacer[:nt])
    if len(short) < SPACER_NT[0] or not matches(place.pam_pattern, pam):
        return ""
    found = _places(ground.window.bases, short, place.pam_pattern, place.pam_side)
    return short if any(one.pam == pam for one in found) else ""


def _not_found(ground: Ground, spacer: str, pam: str, side: PamSide, name: str) -> IncompatibleInputsError:
    what = f"{name[0].upper()}{name[1:]} {spacer} is not on {ground.copies}, on neither strand."
    near = _nearest(ground, spacer)
    if spacer[0] == "G" and _places(ground.window.bases, spacer[1:], pam, side):
        what += " Without its first G it is there."
        remedy = "Leave out the G that was put before it for the U6 promoter."
    elif near is not None:
        start, strand, apart = near
        end = start + len(spacer)
        stands = ground.window.bases[start:end]
        stands = stands if strand is Strand.PLUS else reverse_complement(stands)
        what += (
            f" The nearest place, {ground.place(start, end, strand.value)}, has {stands}: {apart} "
            f"{'base differs' if apart == 1 else 'bases differ'}."
        )
        remedy = "Correct the spacer, or give the copy or variant it was made for (--vcf, --variant)."
    else:
        remedy = "Check place, build and spacer; write the spacer 5'→3' as it reads beside its PAM."
    return IncompatibleInputsError(
        what, where=str(ground.window.locus), remedy=remedy, code="spacer-not-found"
    )


def _nearest(ground: Ground, spacer: str) -> tuple[int, Strand, int] | None:
    bases, best = ground.window.bases, None
    for strand in (Strand.PLUS, Strand.MINUS):
        text = spacer if strand is Strand.PLUS else reverse_complement(spacer)
        for start in range(len(bases) - len(text) + 1):
            apart = 0
            for offset, letter in enumerate(text):
                apart += bases[start + offset] != letter
                if apart > _NEAR:
                    break
            if apart <= _NEAR and (best is None or apart < best[2]):
                best = (start, strand, apart)
    return best
