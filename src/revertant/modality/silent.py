"""Silent changes: bases that may be altered along with an edit because neither protein nor splicing notices.

An edit often needs company. A nuclease or nickase must not act again on the repaired allele, so its PAM or its
seed is changed (*blocking*); mismatch repair overlooks a wider mismatch more easily, so neighbours of the edit are
changed too (*evading*). Both may only use substitutions that leave every codon of the **edited** haplotype, read
in its own frame on every transcript given, spelling the same residue, that stay clear of exon edges, and that make
no splice site (MaxEntScan).

The distance from exon edges is a rule of this project laid around published facts: the splice region (last three
exon bases, intron bases 3 to 8: SO:0001630) and the branch points, most of which lie 19 to 37 bases before the
acceptor (doi:10.1101/gr.182899.114).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from revertant.genome import HaplotypeWindow
from revertant.modality.protospacers import Protospacer
from revertant.modality.recut import Shield, Site, is_cut, shield_of
from revertant.modality.silent_judge import SilentJudge, SilentLimits, SilentSet
from revertant.model import PamSide, Strand

__all__ = [
    "SilentJudge",
    "SilentLimits",
    "SilentSet",
    "applied",
    "blocking_changes",
    "carried_range",
    "evading_changes",
    "seed_and_pam",
    "silent_changes",
]


def applied(window: HaplotypeWindow, changes: SilentSet) -> HaplotypeWindow:
    """Return the edited haplotype with the silent changes made as well.

    Examples
    --------
    >>> from revertant.model import Locus, Variant
    >>> window = HaplotypeWindow.of_reference(Locus("s", 0, 4), "ACGT")
    >>> applied(window, SilentSet((Variant("s", 1, "C", "T"),), (1,))).bases
    'ATGT'
    """
    bases = list(window.bases)
    for index, change in zip(changes.indexes, changes.changes, strict=True):
        bases[index] = change.alt
    # A substitution pairs base with base, so the map to the reference stays as it is.
    return replace(window, bases="".join(bases), variants=tuple(sorted((*window.variants, *changes.changes))))


def carried_range(before: str, after: str, start: int, end: int) -> tuple[int, int]:
    """Carry an index range of a sequence over to what an edit made of it.

    Bases both sequences share at either end keep their place; a range that reaches into the edit takes in all of
    it.

    Examples
    --------
    >>> carried_range("AACCCGG", "AATGG", 0, 2), carried_range("AACCCGG", "AATGG", 4, 6)
    ((0, 2), (2, 4))
    """
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[len(before) - 1 - i] != after[len(after) - 1 - i]),
        shorter - head,
    )
    shift = len(after) - len(before)
    behind = len(before) - tail
    low = start if start < head else start + shift if start >= behind else head
    high = end if end <= head else end + shift if end >= behind else behind + shift
    return low, high


def seed_and_pam(protospacer: Protospacer, seed_nt: int, edited: HaplotypeWindow) -> tuple[int, int]:
    """Return where the seed and the PAM of a protospacer lie on the edited haplotype, as an index range."""
    pam_on_right = (protospacer.pam_side is PamSide.THREE_PRIME) == (protospacer.strand is Strand.PLUS)
    if pam_on_right:
        low, high = protospacer.end - seed_nt, protospacer.end + len(protospacer.pam)
    else:
        low, high = protospacer.start - len(protospacer.pam), protospacer.start + seed_nt
    return carried_range(protospacer.window.bases, edited.bases, low, high)


def silent_changes(judge: SilentJudge, region: tuple[int, int]) -> tuple[SilentSet, ...]:
    """List the smallest silent changes in a region: other codons for a residue, single bases outside the code.

    Parameters
    ----------
    judge
        The edited haplotype, the transcripts that must not notice, and the limits.
    region
        Index range in the edited haplotype's bases.

    Returns
    -------
    tuple[SilentSet, ...]
        From left to right; empty, with ``judge.because``, where a transcript cannot be read here.

    Examples
    --------
    >>> from revertant.model import Locus, Transcript
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 18),), (3, 15))
    >>> judge = SilentJudge(HaplotypeWindow.of_reference(Locus("s", 0, 18), "CCCATGACTGAGTAACCC"), [gene])
    >>> [found.text for found in silent_changes(judge, (6, 12))]
    ['Thr2 ACT>ACA', 'Thr2 ACT>ACC', 'Thr2 ACT>ACG', 'Glu3 GAG>GAA']
    """
    found = [judge.judged(change) for change in judge.candidates(region)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.indexes, one.text)))


def blocking_changes(
    judge: SilentJudge, site: Site, around: tuple[int, int], near: int
) -> tuple[SilentSet, ...]:
    """Find silent changes that keep a nuclease or nickase from acting on the edited allele again.

    Parameters
    ----------
    judge
        The edited haplotype, which should reach a spacer and a PAM beyond ``around`` on both sides, the
        transcripts that must not notice, and the limits.
    site
        What the guide looks for, with its widest PAM.
    around
        Index range in the edited haplotype in which changes are made: seed and PAM (:func:`seed_and_pam`).
    near
        Index of the edit or the cut: of equal sets the nearest to it comes first.

    Returns
    -------
    tuple[SilentSet, ...]
        Best first: PAM before seed, then fewest substitutions, then without new GT or AG, then the nearest. A
        single set without changes where the edit itself already stops the guide. Empty where no allowed set of
        substitutions does.

    Examples
    --------
    >>> from revertant.model import Locus, Transcript
    >>> text = "CCCATGACCTTGCCCCACAAGGCAGCAACGGTCTGACCC"
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 39),), (3, 36))
    >>> judge = SilentJudge(HaplotypeWindow.of_reference(Locus("s", 0, 39), text), [gene])
    >>> best = blocking_changes(judge, Site(text[8:28], "NRG", PamSide.THREE_PRIME, 10), (18, 31), 25)[0]
    >>> best.shield.value, best.text
    ('pam', 'Thr9 ACG>ACC')
    """
    size = len(site.spacer) + len(site.pam) + 2
    bases = judge.edited.bases
    low, high = max(0, around[0] - size), min(len(bases), around[1] + size)
    enough = judge.limits.seed_mismatches
    if not is_cut(bases[low:high], site, enough):
        return (SilentSet((), shield=shield_of(bases[low:high], site, enough)),)
    units = silent_changes(judge, around)
    found: list[SilentSet] = []
    serving: list[set[tuple[int, str]]] = []
    for count in range(1, judge.limits.most_blocking + 1):
        for parts in combinations(units, count):
            change = _together(parts)
            # A set that holds a smaller one which already serves only changes more than it must.
            if (
                change is None
                or len(change) > judge.limits.most_blocking
                or any(one < change.items() for one in serving)
            ):
                continue
            changed = "".join(change.get(index, bases[index]) for index in range(low, high))
            # Most sets leave the guide on: only of the others are the transcripts asked, which takes longer.
            if is_cut(changed, site, enough):
                continue
            joined = judge.joined(parts)
            if joined is not None:
                found.append(replace(joined, shield=shield_of(changed, site, enough)))
                serving.append(set(change.items()))
        # Larger sets would only change more: two codons are as many as most PAMs touch.
        if any(one.shield is Shield.PAM for one in found) or (found and count > 1):
            break

    def order(one: SilentSet) -> tuple[object, ...]:
        farthest = max(abs(index - near) for index in one.indexes)
        by_seed = one.shield is not Shield.PAM
        return (by_seed, len(one.changes), one.new_splice_letters, farthest, one.indexes, one.text)

    return tuple(sorted(found, key=order))


def _together(parts: Sequence[SilentSet]) -> dict[int, str] | None:
    """The bases that several sets put in, by index; ``None`` where two of them change the same base."""
    change = {
        index: variant.alt
        for part in parts
        for index, variant in zip(part.indexes, part.changes, strict=True)
    }
    return change if len(change) == sum(len(part.indexes) for part in parts) else None


def evading_changes(
    judge: SilentJudge, edit: tuple[int, int], within: tuple[int, int] | None = None
) -> tuple[SilentSet, ...]:
    """Find silent changes beside an edit that make its mismatch wider and so harder for mismatch repair to see.

    Single mismatches and small loops are repaired best; wider ones evade (doi:10.1016/j.cell.2021.09.018).

    Parameters
    ----------
    judge
        The edited haplotype, the transcripts that must not notice, and the limits.
    edit
        Index range of the edit in the edited haplotype, empty (``start == end``) for a deletion.
    within
        Index range that the changes must lie in (what a template can write); everywhere by default.

    Returns
    -------
    tuple[SilentSet, ...]
        Best first: fewest unchanged bases between edit and changes, then more substitutions before fewer, then
        without new GT or AG, then the nearest.

    Examples
    --------
    >>> from revertant.model import Locus, Transcript
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 18),), (3, 15))
    >>> judge = SilentJudge(HaplotypeWindow.of_reference(Locus("s", 0, 18), "CCCATGACTGAGTAACCC"), [gene])
    >>> [found.text for found in evading_changes(judge, (9, 10))][0]
    'Thr2 ACT>ACC'
    """
    limits = judge.limits
    low, high = edit[0] - limits.evading_reach_nt, edit[1] + limits.evading_reach_nt
    if within is not None:
        low, high = max(low, within[0]), min(high, within[1])
    units = [
        unit
        for unit in silent_changes(judge, (low, high))
        if not any(edit[0] <= index < edit[1] for index in unit.indexes)
    ]
    found = [
        joined
        for count in range(1, limits.most_evading + 1)
        for parts in combinations(units, count)
        if (joined := judge.joined(parts)) is not None and len(joined.changes) <= limits.most_evading
    ]

    def order(one: SilentSet) -> tuple[object, ...]:
        low, high = min(one.indexes[0], edit[0]), max(one.indexes[-1] + 1, edit[1])
        unchanged = high - low - len({*one.indexes, *range(*edit)})
        distances = sorted(edit[0] - i if i < edit[0] else i - edit[1] + 1 for i in one.indexes)
        return (unchanged, -len(one.changes), one.new_splice_letters, distances, one.indexes, one.text)

    return tuple(sorted(found, key=order))
