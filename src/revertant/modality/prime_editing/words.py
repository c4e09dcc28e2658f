"""What a prime editing design says of itself: its purpose, its outcomes, its facts, and what it writes."""

from __future__ import annotations

from revertant.knowledge import PrimeEditor
from revertant.modality.prime_editing.carriers import simulated
from revertant.modality.prime_editing.placing import Candidate
from revertant.modality.prime_editing.simulate import Written
from revertant.model import BaseChange, Effect, Estimate, Outcome, Variant

__all__ = [
    "NOT_PREDICTED",
    "design_facts",
    "outcomes_of",
    "purpose_of",
    "silent_of",
    "written_of",
]

#: Nicking guides named on a design as possible here, its own included.
MOST_NICKS_NAMED = 4

NOT_PREDICTED = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "how many edited alleles hold indels or other products as well is not predicted by this version",
    in_domain=False,
)


def purpose_of(candidate: Candidate, editor: PrimeEditor) -> str:
    """Say in one sentence what the design does."""
    nick, silent = candidate.nick, candidate.place.silent
    how = (
        f", and a guide nicks the other strand {nick.distance:+d} nt away ({nick.kind.value})" if nick else ""
    )
    more = f" with silent changes ({silent.text})" if silent else ""
    position = candidate.pegrna.placement.edit_position
    what = "the wild-type protein" if silent else "the wild type"
    return f"{editor.name} writes {candidate.place.edit.label} from +{position} on{more}{how}; gives {what}."


def _base_changes(candidate: Candidate) -> tuple[BaseChange, ...]:
    """The substituted bases; none where lengths differ or a base has no place of its own on the reference."""
    place = candidate.place
    before, after = place.window.bases, place.wanted.bases
    if len(before) != len(after):
        return ()
    changes = []
    protospacer = place.protospacer
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            position = place.window.to_reference(index)
            if place.window.from_reference(position) != index:
                return ()
            inside = protospacer.position_of(index)
            at = inside if 1 <= inside <= len(protospacer.spacer) else 0
            changes.append(BaseChange(position, old, new, at))
    return tuple(changes)


def outcomes_of(candidate: Candidate) -> tuple[Outcome, ...]:
    """What editing can leave behind, as far as it can be named; without shares."""
    silent = candidate.place.silent
    if silent is None:
        effect, label = Effect.RESTORES_WILD_TYPE, "wild type"
    else:
        effect, label = Effect.RESTORES_PROTEIN, f"wild-type protein, with silent {silent.text}"
    found = [
        Outcome(_base_changes(candidate), effect, useful=True, protein="", label=label, share=NOT_PREDICTED),
        Outcome(
            (),
            Effect.NO_EFFECT,
            useful=False,
            protein="",
            label="flap not kept: the allele stays as it was",
            share=NOT_PREDICTED,
        ),
    ]
    if candidate.nick is not None:
        text = "insertion or deletion at or between the two nicks"
        found.append(
            Outcome((), Effect.PROTEIN_CHANGED, useful=False, protein="", label=text, share=NOT_PREDICTED)
        )
    return tuple(found)


def silent_of(candidate: Candidate) -> tuple[Variant, ...]:
    """The silent changes a design writes."""
    silent = candidate.place.silent
    return silent.changes if silent else ()


def written_of(candidate: Candidate) -> tuple[Variant, ...]:
    """The variants, against the reference, that lie in what the flap writes."""
    pegrna, wanted = candidate.pegrna, candidate.place.wanted
    change = pegrna.placement.rewrite
    total = len(change.after)
    low, high = pegrna.placement.nick, change.end_after + pegrna.homology_nt
    if change.strand == "-":
        low, high = total - high, total - low
    flap = wanted.reference_locus(low, high)
    return tuple(v for v in wanted.variants if v.start < flap.end and max(v.end, v.start + 1) > flap.start)


def design_facts(candidate: Candidate) -> tuple[tuple[str, str], ...]:
    """The figures of a design, for tables and for its rules."""
    place, pegrna, nick = candidate.place, candidate.pegrna, candidate.nick
    written = simulated(candidate, place.window.bases)
    assert isinstance(written, Written)
    systems = [
        (editor.with_nick if nick else editor.name) + (f" (with {editor.helper})" if editor.helper else "")
        for editor in place.editors
    ]
    others = [f"{one.spacer} {one.pam} {one.distance:+d} ({one.kind.value})" for one in place.nicks if one]
    named = others[:MOST_NICKS_NAMED]
    if len(others) > len(named):
        named.append(f"{len(others) - len(named)} more")
    return (
        ("edit", candidate.place.edit.label),
        ("edit_position", f"+{pegrna.placement.edit_position}"),
        ("edit_nt", str(place.edit.edit_nt)),
        ("pbs_nt", str(len(pegrna.pbs))),
        ("rtt_nt", str(len(pegrna.rtt))),
        ("homology_nt", str(pegrna.homology_nt)),
        ("flap_pairs_nt", str(written.paired_nt)),
        ("flap_next_best_nt", str(written.rival_nt)),
        ("pam_after_edit", "broken" if pegrna.placement.breaks_pam else "kept"),
        ("kept_off_by", place.recut),
        ("silent_changes", place.silent.text if place.silent else "none"),
        ("nicking", f"{nick.kind.value} {nick.distance:+d}" if nick else "none"),
        ("nicking_guides_here", "; ".join(named) or "none"),
        ("systems", ", ".join(systems)),
    )
