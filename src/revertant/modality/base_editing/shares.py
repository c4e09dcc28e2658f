"""Shares of genotypes, from a measured position profile, or else from a screen; neither, no share.

A profile is of the very editor. A screen of guides knows the neighbours of each base too, and stands in for
editors that have no profile but the screen's window and PAM; its shares say that they are out of domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from revertant import knowledge, prediction
from revertant.knowledge import BaseEditor
from revertant.model import BaseChange, Estimate, Guide, Outcome, Strand
from revertant.prediction import EditableBase, PositionProfile, ScreenProfile
from revertant.sequence import complement

__all__ = ["ROUGH", "genotype_shares", "useful_share", "useful_yield", "working_window"]

#: A position outside the catalogue's window counts as inside where the profile has this share of its peak.
PART_OF_PEAK = 0.05

#: What a prediction from mean rates was off by where it was checked; see the card of the profile.
ROUGH = "mean rates of one experiment; single guides differ, in one screen by half on average"


@cache
def working_window(key: str) -> tuple[int, int]:
    """Return the positions at which an editor must be expected to edit: its window, and what its profile shows.

    Examples
    --------
    >>> working_window("abe8e_nrch") == knowledge.editors()["abe8e_nrch"].window
    True
    """
    editor = knowledge.editors()[key]
    first, last = editor.window
    profile = prediction.position_profile(editor.profile)
    if profile is None:
        return first, last
    active = [
        position
        for position in range(1, editor.spacer_nt + 1)
        if any(
            profile.rate(position, *change) >= PART_OF_PEAK * profile.peak for change in editor.base_changes
        )
    ]
    return min([first, *active]), max([last, *active])


def useful_yield(
    editor: BaseEditor,
    share: Estimate,
    targets: Iterable[BaseChange],
    strand: Strand,
    guide: Guide | None = None,
) -> Estimate | None:
    """Weigh the useful share by how well the target's position is edited; ``None`` without a share."""
    profile = _profile(editor, guide)
    if profile is None or share.value is None:
        return None
    rate = min(1.0, min(profile.rate(*base) for base in _bases(targets, strand)) / profile.peak)
    return Estimate(
        round(share.value * rate, 4),
        "useful share times rate at the target, as a share of the editor's best position",
        f"the target's position is edited at {rate:.0%} of the editor's best position",
        in_domain=share.in_domain,
        sources=share.sources,
    )


def genotype_shares(
    editor: BaseEditor, editable: Iterable[BaseChange], strand: Strand, guide: Guide | None = None
) -> Mapping[tuple[int, ...], Estimate]:
    """Predict the share of every genotype, by the spacer positions edited; empty without profile and screen.

    Parameters
    ----------
    editor, editable, strand
        What could edit which bases, and the strand that reads as the spacer.
    guide
        The guide, for the neighbours of each base; without it no screen is asked.
    """
    profile = _profile(editor, guide)
    if profile is None:
        return {}
    return {item.edited: item.share for item in profile.genotype_shares(_bases(editable, strand))}


def useful_share(
    editor: BaseEditor,
    editable: Iterable[BaseChange],
    strand: Strand,
    outcomes: Iterable[Outcome],
    guide: Guide | None = None,
) -> Estimate:
    """Predict the share of edited alleles whose genotype serves the route; not defined without profile and screen."""
    profile = _profile(editor, guide)
    if profile is None:
        return Estimate(
            None,
            prediction.UNIT,
            f"no published position profile of {editor.name}, and no screen of its like: not predicted",
            in_domain=False,
        )
    wanted = [
        tuple(sorted(c.spacer_position for c in outcome.changes)) for outcome in outcomes if outcome.useful
    ]
    return profile.share_of_any(wanted, _bases(editable, strand))


def _profile(editor: BaseEditor, guide: Guide | None) -> PositionProfile | ScreenProfile | None:
    """The editor's own profile, else what a screen says of this site."""
    profile = prediction.position_profile(editor.profile)
    if profile is not None or guide is None:
        return profile
    return prediction.screen_profile(editor.key, guide.spacer, guide.pam)


def _bases(editable: Iterable[BaseChange], strand: Strand) -> list[EditableBase]:
    minus = strand is Strand.MINUS
    return [
        EditableBase(
            change.spacer_position,
            complement(change.before) if minus else change.before,
            complement(change.after) if minus else change.after,
        )
        for change in editable
    ]
