"""A base edit: every genotype that the editor can leave, with shares where its rates were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant import prediction
from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import HaplotypeWindow
from revertant.knowledge import BaseEditor
from revertant.modality.base_editing.outcome import MOST_EDITABLE, genotypes
from revertant.modality.base_editing.placing import edge_bases, editable_bases
from revertant.modality.base_editing.shares import ROUGH, genotype_shares, working_window
from revertant.modality.protospacers import Protospacer
from revertant.model import BaseChange, Estimate, Finding, Locus, Oligo, Status, Strand, ViewSpan
from revertant.planning.simulation.alleles import as_it_is, edited_allele
from revertant.planning.simulation.ground import Ground
from revertant.planning.simulation.marks import strand_word, view_of
from revertant.planning.simulation.placing import place_guide
from revertant.planning.simulation.result import EditedAllele, Simulation
from revertant.sequence import complement

__all__ = ["simulate_base_edit"]


def simulate_base_edit(ground: Ground, spacer: str, editor: BaseEditor) -> Simulation:
    """Edit a sequence with a base editor.

    Parameters
    ----------
    ground
        The sequence.
    spacer
        5'→3', plain DNA letters, as long as the editor's own.
    editor
        A row of the catalogue.

    Returns
    -------
    Simulation
        One allele for each combination of edited bases: the largest predicted share first; without a measured
        profile the fewest edits first, and no shares.

    Raises
    ------
    InputError
        Code ``spacer-length``: the editor's window is counted from one end of a spacer of its own length.
    IncompatibleInputsError
        Code ``nothing-to-edit`` or ``too-many-bases``, or where the guide has no single place.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation.ground import given_ground
    >>> ground = given_ground("GGTTTTTATCACAGGCTCCAGGAAGGGTTT")
    >>> found = simulate_base_edit(ground, "TTTTATCACAGGCTCCAGGA", knowledge.editors()["abemax"])
    >>> [(allele.label, allele.written, round(allele.share.value, 2)) for allele in found.alleles]
    [('A5G', 'G', 0.85), ('A8G', 'G', 0.08), ('A5G and A8G', 'GTCG', 0.08)]
    """
    if len(spacer) != editor.spacer_nt:
        raise InputError(
            f"The spacer has {len(spacer)} nt; the window of {editor.name} is known for {editor.spacer_nt}.",
            where=spacer,
            remedy=f"Give the {editor.spacer_nt} nt beside the PAM.",
            code="spacer-length",
        )
    site = place_guide(ground, spacer, editor.pam, editor.pam_side)
    # On its own positions every base has a place, inserted ones too.
    flat = replace(
        site, window=HaplotypeWindow.of_reference(Locus("here", 0, len(ground.window)), ground.window.bases)
    )
    editable = editable_bases(editor, flat) or ()
    where = ground.place(site.start, site.end, site.strand.value)
    first, last = working_window(editor.key)
    conversions = " or ".join(f"{before} to {after}" for before, after in editor.base_changes)
    if not editable:
        raise IncompatibleInputsError(
            f"{editor.name} turns {conversions}, and there is no such base at positions {first} to {last} of {spacer}.",
            where=where,
            remedy="Take another editor or another guide.",
            code="nothing-to-edit",
        )
    if len(editable) > MOST_EDITABLE:
        raise IncompatibleInputsError(
            f"{editor.name} can change {len(editable)} bases at positions {first} to {last} of {spacer}: "
            f"{2 ** len(editable) - 1:,} genotypes, of which nobody can review more than {2**MOST_EDITABLE - 1}.",
            where=where,
            remedy="Take an editor with a narrower window or another guide.",
            code="too-many-bases",
        )
    shares = genotype_shares(editor, editable, site.strand)
    alleles = [
        _allele(ground, genotype, site.strand, shares.get(_positions(genotype)))
        for genotype in genotypes(editable)
    ]
    alleles.sort(
        key=lambda allele: (-_value(allele.share), allele.label.count(" and "), allele.start, allele.label)
    )
    view, view_start = view_of(ground, site, _spans(site, editable, first, last))
    return Simulation(
        method="base_editing",
        effector=editor.key,
        effector_name=editor.name,
        molecules=(Oligo("guide", spacer, f"spacer, 5′→3′, reads as the {strand_word(site)} strand"),),
        on_genome=ground.on_genome,
        locus=ground.window.locus,
        haplotypes=ground.window.haplotypes,
        certain=ground.window.certain,
        before=as_it_is(ground),
        view=view,
        view_start=view_start,
        alleles=tuple(alleles),
        findings=_findings(editor, flat),
        facts=(
            ("protospacer", where),
            ("PAM", f"{site.pam} ({site.pam_pattern})"),
            ("editing window", f"positions {first} to {last}"),
            ("turns", conversions),
        ),
    )


def _positions(genotype: Sequence[BaseChange]) -> tuple[int, ...]:
    return tuple(sorted(change.spacer_position for change in genotype))


def _value(share: Estimate | None) -> float:
    return share.value if share is not None and share.value is not None else 0.0


def _allele(
    ground: Ground, genotype: Sequence[BaseChange], strand: Strand, share: Estimate | None
) -> EditedAllele:
    made = {change.position: change.after for change in genotype}
    low, high = min(made), max(made) + 1
    written = "".join(made.get(index, ground.window.bases[index]) for index in range(low, high))
    ordered = sorted(genotype, key=lambda change: change.spacer_position)
    minus = strand is Strand.MINUS
    label = " and ".join(
        f"{complement(c.before) if minus else c.before}{c.spacer_position}{complement(c.after) if minus else c.after}"
        for c in ordered
    )
    return edited_allele(ground, low, high - low, written, label, share=share)


def _spans(site: Protospacer, editable: Sequence[BaseChange], first: int, last: int) -> tuple[ViewSpan, ...]:
    low, high = sorted((site.index_of(first), site.index_of(last)))
    return (
        ViewSpan("window", low, high + 1, f"editing window {first}-{last}", site.strand),
        *(
            ViewSpan("target", c.position, c.position + 1, f"{c.before}>{c.after}", site.strand)
            for c in editable
        ),
    )


def _findings(editor: BaseEditor, flat: Protospacer) -> tuple[Finding, ...]:
    found = []
    profile = prediction.position_profile(editor.profile)
    if profile is None:
        because = f"No position profile of {editor.name} is published: shares of genotypes are not predicted."
        found.append(Finding("outcome.shares", Status.UNKNOWN, because))
    else:
        because = f"Shares are among edited alleles, from {ROUGH}."
        found.append(Finding("outcome.shares", Status.CAUTION, because, sources=profile.card.sources))
    edge = edge_bases(editor, flat)
    if edge:
        named = ", ".join(f"{flat.spacer[c.spacer_position - 1]}{c.spacer_position}" for c in edge)
        because = f"A window is a gradient cut off somewhere: beside it {named} can be changed too, and is not counted."
        found.append(Finding("outcome.edge", Status.CAUTION, because))
    if editor.byproducts:
        found.append(Finding("outcome.byproducts", Status.CAUTION, editor.byproducts, sources=editor.sources))
    return tuple(found)
