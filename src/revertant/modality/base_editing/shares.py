"""Shares of genotypes, from a measured position profile; no profile, no share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from revertant import knowledge, prediction
from revertant.knowledge import BaseEditor
from revertant.model import BaseChange, Estimate, Outcome, Strand
from revertant.prediction import EditableBase
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
    editor: BaseEditor, share: Estimate, targets: Iterable[BaseChange], strand: Strand
) -> Estimate | None:
    """Weigh the useful share by how well the target's position is edited; ``None`` without a share."""
    profile = prediction.position_profile(editor.profile)
    if profile is None or share.value is None:
        return None
    rate = min(profile.rate(*base) for base in _bases(targets, strand)) / profile.peak
    return Estimate(
        round(share.value * rate, 4),
        "useful share times rate at the target, as a share of the editor's best position",
        f"the target's position is edited at {rate:.0%} of the editor's best position",
        in_domain=share.in_domain,
        sources=share.sources,
    )


def genotype_shares(
    editor: BaseEditor, editable: Iterable[BaseChange], strand: Strand
) -> Mapping[tuple[int, ...], Estimate]:
    """Predict the share of every genotype, by the spacer positions edited; empty without a profile."""
    profile = prediction.position_profile(editor.profile)
    if profile is None:
        return {}
    return {item.edited: item.share for item in profile.genotype_shares(_bases(editable, strand))}


def useful_share(
    editor: BaseEditor, editable: Iterable[BaseChange], strand: Strand, outcomes: Iterable[Outcome]
) -> Estimate:
    """Predict the share of edited alleles whose genotype serves the route; not defined without a profile."""
    profile = prediction.position_profile(editor.profile)
    if profile is None:
        return Estimate(
            None,
            prediction.UNIT,
            f"no published position profile of {editor.name}: not predicted",
            in_domain=False,
        )
    wanted = [
        tuple(sorted(c.spacer_position for c in outcome.changes)) for outcome in outcomes if outcome.useful
    ]
    return profile.share_of_any(wanted, _bases(editable, strand))


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
