"""What a base editor would do at an off-target site: the bases it could edit, and what that changes.

A base editor works in a window counted from the PAM, on the strand that reads as the spacer::

    position   1   2   3 [ 4   5   6   7   8 ] 9  ...  20   PAM
    target     G   C   A   T   A   C   A   G   T  ...       AGG      A5 and A7 are editable by an A>G editor

The bases are those of the site as it was found, the person's own included. A bulge makes two counts of what is beyond
it, along the guide and along the DNA. Which of them the deaminase follows is not known, so nothing is said of positions
behind a bulge. Each editable base is judged alone and all of them together; the mixtures in between are not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from revertant.errors import IncompatibleInputsError
from revertant.genome import GeneModels, HaplotypeWindow, Reference
from revertant.genome.haplotype import compose
from revertant.knowledge import BaseEditor
from revertant.model import (
    BaseChange,
    OffTargetSite,
    PamSide,
    SiteOrigin,
    Strand,
)
from revertant.offtarget.annotation.base_edit_effects import Judged, judge_edits
from revertant.sequence import complement, is_dna, reverse_complement

__all__ = ["EditEffect", "edit_effect", "with_edit_effects"]

_OWN = frozenset({SiteOrigin.GAINED, SiteOrigin.CHANGED})


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What a base editor could do at one site.

    Parameters
    ----------
    text
        For people: ``"A5 and A7 editable; LMNA A5 p.(Lys45Glu)"``.
    editable
        The editable bases, as letter and position in the window (``"A5"``), on the guide's strand.
    changes
        Those of them that have a place on the reference, on the forward strand.
    consequences
        What editing does to coding transcripts: positions edited (one, or all), and the consequence against the
        reference transcript, together with the person's own variants in the site.
    is_defined
        False where part of the window cannot be read (a bulge, a base that is not known).
    """

    text: str
    editable: tuple[str, ...] = ()
    changes: tuple[BaseChange, ...] = ()
    consequences: tuple[Judged, ...] = ()
    is_defined: bool = True


def edit_effect(
    site: OffTargetSite,
    editor: BaseEditor,
    reference: Reference,
    models: GeneModels | None = None,
    *,
    window: tuple[int, int] | None = None,
) -> EditEffect:
    """Say which bases of a site a base editor could edit, and what that would do.

    Parameters
    ----------
    site
        An off-target site of a guide of this editor.
    editor
        The editor: its conversions, PAM side, and window.
    reference
        The reference the site was found on.
    models
        Gene models on it; without them no effect on genes is given.
    window
        First and last position instead of the editor's own window, counted as the catalogue does.

    Returns
    -------
    EditEffect
        A gene is read on its MANE Select transcript where that is coding there, else on the one with the longest
        coding sequence that is.

    Raises
    ------
    IncompatibleInputsError
        Code ``site-not-here`` when a site of the reference has other bases than this reference.

    Examples
    --------
    >>> from revertant.knowledge import editors
    >>> from revertant.model import Locus
    >>> bases = "CTAACAGTTGCTTTTATCAC"
    >>> site = OffTargetSite(bases, Locus("chr1", 2, 22), "AGG", bases, bases, 0)
    >>> edit_effect(site, editors()["abe7_10"], Reference.from_sequences({"chr1": f"TT{bases}AGGTT"})).text
    'A4 and A6 editable'
    """
    if site.origin is SiteOrigin.LOST:
        return EditEffect("this person does not have the site")
    bases, unknown, stop = _in_window(site, editor, window or editor.window)
    products = dict(editor.base_changes)
    found = [one for one in bases if one.base in products]
    labels = tuple(one.label for one in found)
    parts = [f"{_and(labels)} editable"] if labels else [] if stop else ["no editable base in the window"]
    parts += [f"{one.label} not known" for one in unknown]
    parts += [stop] if stop else []
    places = _places(site, reference) if found else ()
    changes = tuple(
        _change(site.locus.strand, place, one, products[one.base])
        for one in found
        if (place := places[one.index] if places else None) is not None
    )
    if len(changes) < len(found):
        parts.append("effect of some not defined: an insertion or deletion lies in the site")
    judged: tuple[Judged, ...] = ()
    if models is not None and changes:
        own = site.variants if site.origin in _OWN else ()
        names = {one.position: one.label for one in found}
        effects, judged = judge_edits(
            changes, site.locus.contig, own, labels=names, models=models, reference=reference
        )
        parts.append(effects)
    is_defined = not stop and not unknown and len(changes) == len(found)
    return EditEffect("; ".join(parts), labels, changes, judged, is_defined)


def with_edit_effects(
    sites: Iterable[OffTargetSite], editor: BaseEditor, reference: Reference, models: GeneModels | None = None
) -> tuple[OffTargetSite, ...]:
    """Return sites with their :func:`edit_effect` in words.

    Parameters
    ----------
    sites, editor, reference, models
        As in :func:`edit_effect`.
    """
    return tuple(
        replace(site, edit_effect=edit_effect(site, editor, reference, models).text) for site in sites
    )


@dataclass(frozen=True, slots=True, order=True)
class _Base:
    """One base of the window: its position there, and its index in the site's DNA, 5'→3' on the guide's strand."""

    position: int
    base: str
    index: int

    @property
    def label(self) -> str:
        return f"{self.base}{self.position}"


def _in_window(
    site: OffTargetSite, editor: BaseEditor, window: tuple[int, int]
) -> tuple[list[_Base], list[_Base], str]:
    """Read the window: bases that are known, letters that stand for several, and why reading had to stop."""
    three = editor.pam_side is PamSide.THREE_PRIME
    columns = list(zip(site.aligned_spacer, site.aligned_target, strict=True))
    size = sum(base != "-" for _, base in columns)
    known: list[_Base] = []
    unknown: list[_Base] = []
    # Outward from the PAM both counts agree until the first bulge.
    for step, (letter, base) in enumerate(columns[::-1] if three else columns, start=1):
        position = editor.spacer_nt + 1 - step if three else step
        if position < window[0] if three else position > window[1]:
            break
        is_inside = window[0] <= position <= window[1]
        if "-" in {letter, base}:
            stop = (
                f"not defined beyond the bulge at position {position}"
                if is_inside
                else "not defined: a bulge lies between the PAM and the window"
            )
            return sorted(known), sorted(unknown), stop
        if is_inside:
            one = _Base(position, base, size - step if three else step - 1)
            (known if is_dna(base) else unknown).append(one)
    return sorted(known), sorted(unknown), ""


def _places(site: OffTargetSite, reference: Reference) -> tuple[int | None, ...]:
    """Reference position of each base of a site, 5'→3' on the guide's strand; ``None`` for an inserted one.

    Empty when it cannot be told where on the reference the bases lie.
    """
    locus = site.locus
    dna = site.aligned_target.replace("-", "")
    forward = dna if locus.strand is Strand.PLUS else reverse_complement(dna)
    own = tuple(sorted(site.variants)) if site.origin in _OWN else ()
    there = reference.fetch(locus.contig, locus.start, locus.end)
    bases, blocks = compose(locus, there, own)
    at = bases.find(forward)
    if at < 0 and not own:
        raise IncompatibleInputsError(
            f"The site has {forward}, the reference {there}.",
            where=str(locus),
            remedy="Use the reference the sites were found on.",
            code="site-not-here",
        )
    if at < 0 or bases.find(forward, at + 1) >= 0:
        return ()
    window = HaplotypeWindow(locus, bases, own, blocks=blocks)
    places = []
    for index in range(at, at + len(forward)):
        place = window.to_reference(index)
        places.append(place if window.from_reference(place) == index else None)
    return tuple(places if locus.strand is Strand.PLUS else reversed(places))


def _change(strand: Strand, place: int, one: _Base, after: str) -> BaseChange:
    before = one.base
    if strand is Strand.MINUS:
        before, after = complement(before), complement(after)
    return BaseChange(place, before, after, one.position)


def _and(labels: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))
