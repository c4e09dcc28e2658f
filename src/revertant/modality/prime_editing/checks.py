"""The rules a prime-editing design must answer."""

from __future__ import annotations

from collections.abc import Iterator

from revertant import knowledge
from revertant.modality.contract import AssessmentContext
from revertant.modality.offtarget_rules import off_target_findings
from revertant.modality.oligos import POL3_TERMINATOR
from revertant.modality.other_copy import other_copy_finding
from revertant.modality.precedent import precedent_finding
from revertant.modality.prime_editing.nicking import FARTHEST_NICK_NT, NEAREST_NICK_NT, NickKind
from revertant.modality.prime_editing.pegrna import preferred_pbs_nt
from revertant.modality.prime_editing.twin import OVERLAP_NT
from revertant.modality.recut import RECUT_SOURCES
from revertant.modality.safety import (
    TERMINATOR_SOURCES,
    catalogue_finding,
    delivery_findings,
    guide_findings,
    haplotype_finding,
    nick_damage_findings,
)
from revertant.model import Assessment, Design, Finding, PegRna, Status

__all__ = ["assess_prime_edit"]

_PEGFINDER = ("doi:10.1038/s41551-020-00622-8", "repository:rdchow/pegfinder")
_PRIMEDESIGN = ("doi:10.1038/s41467-021-21337-7",)
_ANZALONE = ("doi:10.1038/s41586-019-1711-4",)
_TWIN = ("doi:10.1038/s41587-021-01133-w",)
_REPAIR = ("doi:10.1016/j.cell.2021.09.018",)

#: Farthest first edited base that passes. In PRIDICT library 2 edits from +12 on are written less often (median
#: 34 to 52 % against 43 to 69 % nearer by, HEK293T); the step is this project's own.
NEAR_EDIT = 11
#: Longest template of PrimeDesign's pooled designs.
LONGEST_RTT_NT = 50
#: GC share of a primer binding site that pegFinder recommends.
PBS_GC = (0.4, 0.6)
#: An end of the flap that pairs over this many bases more than at any other place passes (own rule of thumb).
CLEAR_MARGIN_NT = 3
#: Edits up to this length are taken to be what mismatch repair removes best (own rule of thumb).
SMALL_EDIT_NT = 3


def assess_prime_edit(design: Design, context: AssessmentContext) -> Assessment:
    """Apply every prime-editing rule to one design.

    Parameters
    ----------
    design
        A prime-editing design.
    context
        The case, the strategy, the genome, and the off-target reports.
    """
    editor = knowledge.prime_editors()[design.effector]
    facts = dict(design.facts)
    findings = (
        Finding(
            "edit.simulated",
            Status.PASS,
            "Worked out from the molecule alone, the edited sequence equals the wanted one base by base.",
        ),
        _efficiency(design),
        *(_twin(facts) if len(design.pegrnas) > 1 else _single(design, facts)),
        _kept_off(facts),
        *(finding for peg in design.pegrnas for finding in _pegrna_findings(peg)),
        precedent_finding(design),
        other_copy_finding(context.strategy, facts),
        haplotype_finding(design, context.called),
        *guide_findings(design),
        *off_target_findings(context.off_targets, context.called),
        *delivery_findings(design, context.strategy.target, context.case, editor.least_cargo_bp),
        *nick_damage_findings(prime=True, second_nick=len(design.guides) > 1),
        catalogue_finding("knowledge.editor", "PAM and make-up", editor, editor.base.pam),
        *_parts(),
    )
    return Assessment(design.design_id, findings, tuple(context.off_targets or ()))


def _single(design: Design, facts: dict[str, str]) -> tuple[Finding, ...]:
    """The rules of one pegRNA, with or without a nicking guide."""
    return _position(facts), _repair(design, facts), _landing(facts), *_nicking(facts)


def _twin(facts: dict[str, str]) -> tuple[Finding, ...]:
    """The rules of two pegRNAs on opposite strands."""
    overlap = int(facts["flaps_pair_nt"])
    return (
        Finding(
            "edit.flaps_pair",
            Status.PASS if overlap >= OVERLAP_NT else Status.CAUTION,
            f"The two flaps pair over {overlap} nt.",
            value=f"{overlap} nt",
            threshold=f"{OVERLAP_NT} nt (this project's own rule of thumb)",
            sources=_TWIN,
            checked=False,
        ),
        Finding(
            "nicking.guide",
            Status.CAUTION,
            f"Both strands are nicked, {facts['replaced_nt']} bases apart: where the flaps do not pair, what lies "
            "between can be lost or cut.",
            value=f"{facts['replaced_nt']} nt",
            sources=_TWIN,
            checked=False,
        ),
    )


def _efficiency(design: Design) -> Finding:
    """How many alleles are expected to carry the edit: never a pass, since no prediction is a measurement."""
    rule, expected = "edit.useful_share", design.useful_yield
    if expected is None or expected.value is None:
        method = expected.method if expected is not None else "not predicted for two pegRNAs"
        return Finding(rule, Status.UNKNOWN, f"How many alleles will carry the edit is not known ({method}).")
    span = "" if expected.low is None else f" ({expected.low:.0%} to {expected.high:.0%})"
    return Finding(
        rule,
        Status.CAUTION,
        f"{expected.value:.0%}{span} of reads are predicted to carry the edit with PE2 in HEK293T cells; other cells, "
        "editors and nicking guides shift that, so read it as an order among pegRNAs.",
        value=f"{expected.value:.0%}",
        sources=expected.sources,
    )


def _position(facts: dict[str, str]) -> Finding:
    position = int(facts["edit_position"])
    return Finding(
        "edit.distance_from_nick",
        Status.PASS if position <= NEAR_EDIT else Status.CAUTION,
        f"The edit begins at +{position} from the nick; edits farther away are written less often.",
        value=f"+{position}",
        threshold=f"+{NEAR_EDIT}",
        sources=("doi:10.1038/s41587-022-01613-7",),
    )


def _kept_off(facts: dict[str, str]) -> Finding:
    """Whether the editor can bind the written strand again and undo or blur its work."""
    by = facts["kept_off_by"]
    if by != "none":
        lost = "PAM" if by == "pam" else "seed"
        text = f"The edited allele has lost the {lost} of the pegRNA: it is not nicked again."
        return Finding("edit.kept_off", Status.PASS, text, by, sources=RECUT_SOURCES)
    return Finding(
        "edit.kept_off",
        Status.CAUTION,
        "PAM and seed stand on the edited allele too: it can be nicked and written again. A silent change that "
        "breaks them would stop that.",
        value="PAM and seed kept",
        sources=RECUT_SOURCES,
    )


def _repair(design: Design, facts: dict[str, str]) -> Finding:
    rule, length = "edit.mismatch_repair", int(facts["edit_nt"])
    helped = knowledge.prime_editors()[design.effector].helper or facts["silent_changes"] != "none"
    if length > SMALL_EDIT_NT or helped:
        text = (
            f"An edit of {length} nt is wider than what mismatch repair removes best."
            if length > SMALL_EDIT_NT
            else "Silent changes, or MLH1dn, help the edit past mismatch repair."
        )
        return Finding(rule, Status.PASS, text, f"{length} nt", sources=_REPAIR, checked=False)
    return Finding(
        rule,
        Status.CAUTION,
        f"Mismatch repair removes small edits ({length} nt) where it is active: consider silent changes beside it, "
        "or PE4 or PE5 (MLH1dn).",
        value=f"{length} nt",
        threshold=f"over {SMALL_EDIT_NT} nt (this project's own rule of thumb)",
        sources=_REPAIR,
        checked=False,
    )


def _landing(facts: dict[str, str]) -> Finding:
    """Whether the end of the flap could settle elsewhere."""
    paired, rival = int(facts["flap_pairs_nt"]), int(facts["flap_next_best_nt"])
    clear = paired - rival >= CLEAR_MARGIN_NT
    return Finding(
        "edit.flap_lands_once",
        Status.PASS if clear else Status.CAUTION,
        f"The end of the flap pairs over {paired} nt at its place and over {rival or 'fewer than 3'} nt at the next "
        "best one.",
        value=f"{paired - rival} nt apart",
        threshold=f"{CLEAR_MARGIN_NT} nt (this project's own rule of thumb)",
    )


def _pegrna_findings(peg: PegRna) -> Iterator[Finding]:
    preferred, length = preferred_pbs_nt(peg.spacer), len(peg.pbs)
    share = sum(base in "GC" for base in peg.pbs) / length
    fits = abs(length - preferred) <= 2
    yield Finding(
        "pegrna.pbs_length",
        Status.PASS if fits else Status.CAUTION,
        f"The primer binding site has {length} nt; {preferred} nt are tried first for this spacer.",
        value=f"{length} nt",
        threshold=f"{preferred - 2} to {preferred + 2} nt",
        sources=_PEGFINDER,
    )
    yield Finding(
        "pegrna.pbs_gc",
        Status.PASS if PBS_GC[0] <= share <= PBS_GC[1] else Status.CAUTION,
        f"{share:.0%} of the primer binding site is G or C; its length can make up for too few or too many.",
        value=f"{share:.0%}",
        threshold=f"{PBS_GC[0]:.0%} to {PBS_GC[1]:.0%}",
        sources=_PEGFINDER,
    )
    yield Finding(
        "pegrna.rtt_length",
        Status.PASS if len(peg.rtt) <= LONGEST_RTT_NT else Status.CAUTION,
        f"The template has {len(peg.rtt)} nt.",
        value=f"{len(peg.rtt)} nt",
        threshold=f"{LONGEST_RTT_NT} nt",
        sources=_PRIMEDESIGN,
    )
    starts_with_c = peg.extension.startswith("C")
    yield Finding(
        "pegrna.first_base",
        Status.CAUTION if starts_with_c else Status.PASS,
        "The extension begins with C, which can pair with a G of the scaffold and bend it."
        if starts_with_c
        else "The extension does not begin with C.",
        value=peg.extension[0],
        sources=_ANZALONE + _PRIMEDESIGN,
        checked=False,
    )
    at = peg.extension.find(POL3_TERMINATOR)
    yield Finding(
        "pegrna.pol3_terminator",
        Status.PASS if at < 0 else Status.CAUTION,
        "The extension has no run of four T that would end transcription from U6."
        if at < 0
        else f"TTTT at position {at + 1} of the extension ends transcription from U6: order synthetic RNA.",
        sources=TERMINATOR_SOURCES,
    )
    starts = peg.spacer.startswith("G")
    yield Finding(
        "pegrna.u6_start",
        Status.PASS,
        "The spacer begins with G, with which U6 starts."
        if starts
        else "U6 starts with G: one is put before the spacer, its own first base stays.",
        value=peg.spacer[0],
    )


def _nicking(facts: dict[str, str]) -> Iterator[Finding]:
    rule = "nicking.guide"
    if facts["nicking"] == "none":
        yield Finding(rule, Status.NOT_APPLICABLE, "The other strand is not nicked.")
        return
    kind, _, distance = facts["nicking"].rpartition(" ")
    far = abs(int(distance))
    if kind != NickKind.PE3:
        yield Finding(
            rule,
            Status.PASS,
            f"The nicking guide binds the edited strand only ({kind}): it waits for the edit.",
            value=facts["nicking"],
            sources=_ANZALONE,
        )
        return
    near = far < NEAREST_NICK_NT
    yield Finding(
        rule,
        Status.CAUTION,
        f"The nicking guide also nicks unedited alleles, {far} nt from the pegRNA's nick: more indels than without it"
        f"{', and so near it can leave a double-strand break' if near else ''}.",
        value=facts["nicking"],
        threshold=f"{NEAREST_NICK_NT} to {FARTHEST_NICK_NT} nt, or PE3b",
        sources=_ANZALONE,
    )


def _parts() -> Iterator[Finding]:
    parts = knowledge.guide_parts().values()
    yield Finding(
        "knowledge.guide_parts",
        Status.PASS if all(part.checked for part in parts) else Status.UNKNOWN,
        "Scaffold and 3' motifs were held against published files letter for letter.",
        value=", ".join(part.name for part in parts),
        sources=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
        checked=all(part.checked for part in parts),
    )
