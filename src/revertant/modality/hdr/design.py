"""Cuts with a donor that writes the wild type back, on this person's own allele."""

from __future__ import annotations

from collections.abc import Sequence

from revertant.genome import GeneModels, HaplotypeWindow, PatientGenome
from revertant.modality.allele_specific import discriminate
from revertant.modality.contract import DesignBatch, DesignOptions
from revertant.modality.cutting import usable_nucleases
from revertant.modality.hdr.donors import DONOR_RULES
from revertant.modality.hdr.placing import Cut, Edit, Judges, Placed, cuts_near, edit_of, place_donor
from revertant.modality.hdr.view import repair_view
from revertant.modality.hdr.writing import donor_facts, donor_oligo, not_predicted, stopped_by
from revertant.modality.oligos import guide_oligos
from revertant.modality.precedent import precedent_of
from revertant.modality.protospacers import reviewable_windows
from revertant.modality.reading import entering_frame_is_known
from revertant.model import (
    Allele,
    BaseChange,
    Design,
    DonorKind,
    Effect,
    Outcome,
    Strategy,
    Tally,
    Target,
    Transcript,
    Zygosity,
)

__all__ = ["design_repairs", "donor_kinds"]

#: Bases around arms and cuts, so that a spacer and its neighbourhood are always inside the window.
MARGIN = 80

#: Cells in which an AAV6 donor has been used again and again (doi:10.1038/nature20134, doi:10.1038/nature21405).
_AAV6_CELLS = frozenset({"haematopoietic stem cell", "T cell"})

#: Most bases that an oligonucleotide, and a long single strand, may write.
_OLIGO_WRITES, _SSDNA_WRITES = 80, 1300


def donor_kinds(target: Target, written: int, options: DesignOptions) -> tuple[DonorKind, ...]:
    """Choose the kinds of donor to design.

    Parameters
    ----------
    target
        Its tissue decides whether an AAV6 donor is designed as well.
    written
        Bases that must be written.
    options
        The user's choice wins.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 9),), (0, 9))
    >>> target = Target("G", gene, (), tissues=("T cell",))
    >>> [kind.value for kind in donor_kinds(target, 1, DesignOptions())]
    ['ssODN', 'AAV6']
    """
    if options.donors:
        return tuple(kind for kind in DonorKind if kind.value in options.donors)
    if written <= _OLIGO_WRITES:
        small = DonorKind.SSODN
    elif written <= _SSDNA_WRITES:
        small = DonorKind.LONG_SSDNA
    else:
        small = DonorKind.AAV6
    with_virus = bool(_AAV6_CELLS.intersection(target.tissues[:1]))
    return (small, DonorKind.AAV6) if with_virus and small is not DonorKind.AAV6 else (small,)


def design_repairs(
    strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
) -> DesignBatch:
    """Make the donor designs that restore the wild type.

    Parameters
    ----------
    strategy
        An eligible strategy with an allele.
    genome
        The patient's genome: guides and arms are read from the copies that carry the allele.
    models
        Every coding transcript here must be left as it is by the silent changes.
    options
        Nucleases, donors, and how many designs to keep.
    """
    allele = strategy.allele
    assert allele is not None
    refused: list[str] = []
    cuts: list[Cut] = []
    judges: dict[HaplotypeWindow, Judges] = {}
    for kind in donor_kinds(strategy.target, len(allele.variant.ref), options):
        for edit in _edits(strategy, genome, kind, refused):
            near = list(cuts_near(edit, kind, usable_nucleases(options)))
            if not near:
                reach = DONOR_RULES[kind].most_distance_bp
                refused.append(f"no nuclease cuts within {reach} bases of the edit ({kind})")
            cuts += near
            judges[edit.wanted] = Judges(
                edit.wanted,
                _transcripts(edit.wanted, strategy.target.transcript, models),
                entering_frame_is_known(genome, edit.wanted, strategy.target.transcript),
            )
    cuts.sort(key=lambda cut: cut.order)
    designs: list[Design] = []
    for number, cut in enumerate(cuts):
        if len(designs) == options.most_designs:
            refused += [f"beyond the {options.most_designs} best placed of this strategy"] * (
                len(cuts) - number
            )
            break
        placed = place_donor(cut, judges[cut.edit.wanted])
        if isinstance(placed, str):
            refused.append(placed)
        else:
            designs.append(_finish(placed, strategy, genome))
    return DesignBatch(
        tuple(designs), Tally.of("nuclease, guide and donor combinations", kept=len(designs), refused=refused)
    )


def _edits(
    strategy: Strategy, genome: PatientGenome, kind: DonorKind, refused: list[str]
) -> tuple[Edit, ...]:
    """The change wanted on each haplotype that carries the allele, with room for the arms."""
    assert strategy.allele is not None
    variant = strategy.allele.variant
    rule = DONOR_RULES[kind]
    reach = rule.usual_arm_bp + rule.most_distance_bp + MARGIN
    found = []
    for window in reviewable_windows(genome, variant.locus.widened(reach), refused):
        if variant not in window.variants:
            continue
        edit = edit_of(window, variant, genome.reference)
        if edit is None:
            refused.append("another variant of this copy overlaps the allele: what is wanted is not clear")
        else:
            found.append(edit)
    return tuple(found)


def _transcripts(window: HaplotypeWindow, own: Transcript, models: GeneModels) -> tuple[Transcript, ...]:
    """The target's transcript, then every other coding transcript here, of whatever gene."""
    others = (one for one in models.overlapping(window.locus) if one.cds is not None and one != own)
    return (own, *others)


def _finish(placed: Placed, strategy: Strategy, genome: PatientGenome) -> Design:
    cut, allele = placed.cut, strategy.allele
    assert allele is not None
    nuclease = cut.nuclease
    guide = cut.protospacer.guide()
    precedent = precedent_of(guide, nuclease.key)
    place = cut.edit.window.to_reference(cut.places[0])
    rule = DONOR_RULES[placed.donor.kind]
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=(
            f"{nuclease.name} cuts {_apart(cut.distance)} {allele.name}; the {rule.title} writes the wild type back"
            f"{_with_silent(placed)}."
        ),
        outcomes=_outcomes(placed, allele),
        useful_share=not_predicted(),
        oligos=(*guide_oligos(guide, nuclease.key), donor_oligo(placed.donor)),
        view=repair_view(placed, strategy.target.transcript),
        facts=(
            ("cut", f"{guide.locus.contig}:{place}^{place + 1}"),
            ("ends", nuclease.overhang),
            ("cut_to_edit_nt", str(cut.distance)),
            *donor_facts(placed.donor),
            ("recutting_stopped_by", stopped_by(placed)),
            ("silent_changes", placed.blocking.text or "none needed"),
            ("silent_changes_outside_code", "yes" if placed.outside_code else "no"),
            ("simulated_repair", "equals the wanted allele"),
            *_other_copy_facts(placed, allele, genome),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        donor=placed.donor,
    )


def _apart(distance: int) -> str:
    return f"{distance} bases from" if distance else "at"


def _with_silent(placed: Placed) -> str:
    count = len(placed.blocking.changes)
    if not count:
        return ""
    noun = "change keeps" if count == 1 else "changes keep"
    return f", and {count} silent {noun} the nuclease from cutting again"


def _outcomes(placed: Placed, allele: Allele) -> tuple[Outcome, ...]:
    changes = _base_changes(placed, allele)
    silent = placed.blocking.changes
    effect = Effect.RESTORES_PROTEIN if silent else Effect.RESTORES_WILD_TYPE
    label = "repaired from the donor: wild type"
    if silent:
        label = f"repaired from the donor: wild-type protein, with the silent {placed.blocking.text}"
    return (
        Outcome(changes, effect, useful=True, protein="", label=label, share=not_predicted()),
        Outcome(
            (),
            Effect.PROTEIN_CHANGED,
            useful=False,
            protein="",
            label="joined without the donor: an insertion or deletion at the cut, the allele stays",
            share=not_predicted(),
        ),
    )


def _base_changes(placed: Placed, allele: Allele) -> tuple[BaseChange, ...]:
    """The bases that change, where all of them are substitutions; an indel has no such list."""
    variant = allele.variant
    if len(variant.ref) != len(variant.alt):
        return ()
    protospacer = placed.cut.protospacer

    def change(place: int, before: str, after: str) -> BaseChange:
        index = placed.cut.edit.window.from_reference(place)
        at = protospacer.position_of(index) if index is not None else 0
        return BaseChange(place, before, after, at if 1 <= at <= len(protospacer.spacer) else 0)

    edit = [
        change(variant.start + offset, now, wild)
        for offset, (wild, now) in enumerate(zip(variant.ref, variant.alt, strict=True))
        if wild != now
    ]
    return tuple(sorted([*edit, *(change(one.start, one.ref, one.alt) for one in placed.blocking.changes)]))


def _other_copy_facts(placed: Placed, allele: Allele, genome: PatientGenome) -> Sequence[tuple[str, str]]:
    """What the cut does to a copy without the allele."""
    if allele.zygosity is not Zygosity.HETEROZYGOUS:
        return ()
    nuclease = placed.cut.nuclease
    told = discriminate(placed.cut.protospacer, allele, genome, nuclease.seed_nt, nuclease.search_pam)
    text = told.because
    if not told.tells_apart:
        text += " It is cut too, and where it is joined without the donor it is left with an indel."
    return (
        ("other_copy", "spared" if told.tells_apart else "cut too"),
        ("other_copy_site", told.healthy_site or "absent"),
        ("other_copy_because", text),
    )
