"""Shares of genotypes, from a measured position profile; no profile, no share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from revertant import prediction
from revertant.knowledge import BaseEditor
from revertant.model import BaseChange, Estimate, Outcome, Strand
from revertant.prediction import EditableBase
from revertant.sequence import complement

__all__ = ["genotype_shares", "useful_share"]


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
