"""Designs for structural alleles: a repeat or an insertion cut out by its flanks, a tandem duplication collapsed.

A stretch is only cut out where nothing that is spliced goes with it: in an intron or a UTR. A tandem duplication is
collapsed by one guide that cuts both copies at the same place; the join is the single copy, base for base, which is
checked on the sequence for every guide.
"""

from __future__ import annotations

from collections.abc import Sequence

from revertant.genome import PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.cutting import cut_indexes
from revertant.modality.loss import loss_of
from revertant.modality.nuclease.excision import JOINING_SOURCES, Excision, excisions
from revertant.modality.nuclease.excision_design import excision_design
from revertant.modality.nuclease.placing import REACH, Candidate, merge_copies, sites
from revertant.modality.oligos import guide_oligos
from revertant.modality.protospacers import Protospacer, reachable
from revertant.modality.view import cropped_view, guide_spans, variant_spans
from revertant.model import (
    Allele,
    Design,
    Effect,
    Estimate,
    Finding,
    Locus,
    Outcome,
    Status,
    Strategy,
    StructureKind,
    Transcript,
    ViewSpan,
)

__all__ = ["collapse_findings", "collapses", "place_finding", "removals"]

#: How far from the stretch the cuts may lie.
FLANK_BP = 150

#: Stretches of a duplication that are looked at, one after the other, until there are enough guides.
CHUNK_BP = 300
MOST_CHUNKS = 200

_NOT_PREDICTED = Estimate(
    None,
    "share of edited alleles, 0 to 1",
    "how often two cuts lose what lies between them is not predicted by this version",
    in_domain=False,
)


def place_finding(allele: Allele, transcript: Transcript) -> Finding:
    """Judge whether the stretch lies where it can be cut out: in an intron or a UTR.

    Parameters
    ----------
    allele
        A repeat expansion or an insertion.
    transcript
        Says where exons and coding sequence are.
    """
    structure = allele.structure
    assert structure is not None
    place = structure.locus
    # An insertion's locus is a place between two bases: it lies in an exon when both neighbours do.
    wide = place if len(place) else place.widened(1)
    rule = "structure.place"
    if any(wide.overlaps(Locus(place.contig, start, end)) for start, end in transcript.coding_exons):
        return Finding(
            rule,
            Status.FAIL,
            f"The {structure.kind.label} lies in coding sequence: cutting it out takes residues of the protein with "
            "it, and the join is not exact enough for a reading frame.",
            value="coding sequence",
        )
    exon = any(wide.overlaps(Locus(place.contig, start, end)) for start, end in transcript.exons)
    where = "an untranslated part of an exon" if exon else "an intron or outside the gene"
    return Finding(
        rule, Status.CAUTION, f"The {structure.kind.label} lies in {where} and can be cut out.", value=where
    )


def removals(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str], most: int
) -> tuple[Design, ...]:
    """Design pairs of cuts that take a repeat or an insertion out by its flanks.

    Parameters
    ----------
    strategy
        Names the allele.
    genome, nucleases
        The person, and the nucleases to try.
    refused
        Takes one reason for each pair that does not serve.
    most
        How many designs to keep.
    """
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    assert allele.structure is not None
    place = allele.structure.locus
    left = Locus(place.contig, max(0, place.start - FLANK_BP), place.start)
    right = Locus(place.contig, place.end, place.end + FLANK_BP)
    left, right = (_within(genome, flank) for flank in (left, right))
    if not len(left) or not len(right):
        refused.append("a flank lies outside the reference")
        return ()
    found: dict[tuple[str, str, str], Excision] = {}
    for pair in excisions(genome, left, right, nucleases, refused):
        if allele.variant not in pair.left.window.variants:
            continue  # the copy without the expansion or insertion
        if _touches(pair.left, allele) or _touches(pair.right, allele):
            refused.append("a guide would lie in the repeat or the insertion, which has no unique sequence")
            continue
        loss = loss_of(transcript, pair.lost)
        if loss.keeps_frame is not True or loss.coding_bases:
            refused.append("coding sequence or a splice site would be lost with the stretch")
            continue
        key = (pair.nuclease.key, str(pair.left.guide().locus), str(pair.right.guide().locus))
        found.setdefault(key, pair)
    ordered = sorted(
        found.values(),
        key=lambda pair: (
            bool(pair.recut_by),
            not pair.is_certain,
            len(pair.lost),
            pair.nuclease.key,
            pair.left.start,
        ),
    )
    refused += [f"beyond the {most} that lose least"] * max(0, len(ordered) - most)
    what = "repeat" if allele.structure.is_repeat else "inserted sequence"
    return tuple(
        excision_design(
            pair,
            strategy,
            loss_of(transcript, pair.lost),
            effect=Effect.STRETCH_REMOVED,
            because=f"take the {what} out with the flanks between the cuts",
            indels_matter=False,
            facts=(("structure", allele.structure.words), ("other_copy_is_cut", "yes")),
        )
        for pair in ordered[:most]
    )


def _within(genome: PatientGenome, flank: Locus) -> Locus:
    """The flank as far as the reference reaches; empty where it does not begin there."""
    if not len(flank):
        return flank
    clipped = reachable(genome.reference, flank)
    if clipped.start >= clipped.end or not genome.reference.covers(clipped):
        return Locus(flank.contig, flank.start, flank.start)
    return clipped


def _touches(site: Protospacer, allele: Allele) -> bool:
    """Whether spacer or PAM hold a base of the stretch."""
    assert allele.structure is not None
    guide = site.guide()
    low, high = min(site.start, site.pam_start), max(site.end, site.pam_start + len(site.pam))
    place = site.window.reference_locus(low, high)
    return allele.variant in guide.variants or place.overlaps(allele.structure.locus)


def collapses(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str], most: int
) -> tuple[Design, ...]:
    """Design single guides that cut both copies of a tandem duplication and leave one.

    Parameters
    ----------
    strategy, genome, nucleases, refused, most
        As for :func:`removals`.
    """
    allele = strategy.allele
    assert allele is not None
    structure = allele.structure
    assert structure is not None
    assert structure.kind is StructureKind.TANDEM_DUPLICATION
    unit = structure.locus
    found: list[Candidate] = []
    for number, low in enumerate(range(unit.start, unit.end, CHUNK_BP)):
        if number == MOST_CHUNKS or sum(candidate.nuclease.cfd_defined for candidate in found) >= most:
            refused.append(f"bases {low - unit.start:,} and on of the doubled stretch were not looked at")
            break
        chunk = Locus(unit.contig, low, min(low + CHUNK_BP, unit.end))
        # Within the stretch: the window then holds the copy that the reference has, not the inserted one.
        inner = Locus(unit.contig, max(chunk.start - REACH, unit.start), min(chunk.end + REACH, unit.end))
        for nuclease, site, cut in sites(genome, inner, nucleases, refused):
            candidate = Candidate(nuclease, site, cut, 0.0, "")
            if _collapses(candidate, chunk, strategy, genome, refused):
                found.append(candidate)
    ordered = sorted(merge_copies(found), key=_best_known)
    refused += [f"beyond the first {most}"] * max(0, len(ordered) - most)
    return tuple(_collapse_design(candidate, strategy) for candidate in ordered[:most])


def _best_known(candidate: Candidate) -> tuple[object, ...]:
    """Any place of the stretch serves alike: first the nucleases of which most is known, then from left to right."""
    nuclease = candidate.nuclease
    place = candidate.protospacer.guide().locus
    return (not nuclease.cfd_defined, not nuclease.checked, nuclease.key, place.start, place.strand)


def _collapses(
    candidate: Candidate, chunk: Locus, strategy: Strategy, genome: PatientGenome, refused: list[str]
) -> bool:
    """Whether both copies have the site, the join is the single copy, and the cut does no harm by itself."""
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    assert allele.structure is not None
    unit = allele.structure.locus
    site = candidate.protospacer
    cut = site.window.to_reference(candidate.cut)
    if not chunk.start <= cut < chunk.end:
        return False
    low, high = min(site.start, site.pam_start), max(site.end, site.pam_start + len(site.pam))
    place = site.window.reference_locus(low, high)
    first_copy = allele.variant.alt[place.start - unit.start : place.end - unit.start]
    if site.window.bases[low:high] != first_copy:
        refused.append("the two copies of the stretch differ under the guide")
        return False
    at = cut - unit.start
    joined = allele.variant.alt[:at] + genome.reference.fetch(unit.contig, cut, unit.end)
    if joined != genome.reference.fetch(unit.contig, unit.start, unit.end):
        refused.append("the joined copy would not be the single copy")
        return False
    if not loss_of(transcript, Locus(unit.contig, cut - 1, cut + 1)).is_silent:
        refused.append("cuts in an exon or near a splice site, where an indel of either copy does harm")
        return False
    return True


def _collapse_design(candidate: Candidate, strategy: Strategy) -> Design:
    allele, nuclease, site = strategy.allele, candidate.nuclease, candidate.protospacer
    cut = site.window.to_reference(candidate.cut)
    assert allele is not None
    assert allele.structure is not None
    guide, size = site.guide(), f"{allele.structure.size_bp:,} bp"
    spans = guide_spans(site)
    top, bottom = cut_indexes(site, nuclease)
    spans += [
        ViewSpan("cut", top, top, "cut", site.strand),
        ViewSpan("cut", bottom, bottom, "cut", site.strand.opposite),
    ]
    low, high = min(span.start for span in spans), max(span.end for span in spans)
    spans += [span for span in variant_spans(site.window) if low <= span.start < high]

    def outcome(effect: Effect, label: str, *, useful: bool) -> Outcome:
        return Outcome((), effect, useful=useful, protein="", label=label, share=_NOT_PREDICTED)

    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=nuclease.key,
        effector_name=nuclease.name,
        guides=(guide,),
        purpose=f"{nuclease.name} cuts both copies of the doubled {size} at one place; the outer parts join to one.",
        outcomes=(
            outcome(Effect.RESTORES_WILD_TYPE, f"one copy of {size} lost: the wild type", useful=True),
            outcome(
                Effect.RESTORES_PROTEIN, f"one copy of {size} lost, a small indel in the intron", useful=True
            ),
            outcome(Effect.NO_EFFECT, "small indels at one cut or both, both copies kept", useful=False),
            outcome(Effect.PROTEIN_CHANGED, f"the {size} between the cuts turned round", useful=False),
        ),
        useful_share=_NOT_PREDICTED,
        oligos=guide_oligos(guide, nuclease.key),
        view=cropped_view(site.window, spans),
        facts=(
            ("doubled_stretch", str(allele.structure.locus).removesuffix(":+")),
            ("doubled_bp", str(allele.structure.size_bp)),
            ("cut", f"{guide.locus.contig}:{cut}^{cut + 1}"),
            ("ends", nuclease.overhang),
            ("other_copy_is_cut", "no other copy" if _is_hemizygous(allele) else "yes"),
        ),
    )


def _is_hemizygous(allele: Allele) -> bool:
    return allele.zygosity.value == "hemizygous"


def collapse_findings(design: Design) -> tuple[Finding, ...]:
    """Judge a collapse, from the facts noted when the design was made.

    Parameters
    ----------
    design
        From :func:`collapses`.
    """
    facts = dict(design.facts)
    hemizygous = facts["other_copy_is_cut"] == "no other copy"
    return (
        Finding(
            "edit.collapse",
            Status.PASS,
            f"Both copies of the doubled {facts['doubled_bp']} bp have the very same site, and joining them at the cut "
            "was checked to give the single copy.",
            value=facts["doubled_stretch"],
            sources=("pmcid:PMC8103086",),
        ),
        Finding(
            "edit.junction",
            Status.CAUTION,
            "At 71 pairs of cuts about half of the joins were accurate; an indel at this cut lies in an intron, away "
            "from splice sites.",
            value=facts["cut"],
            sources=JOINING_SOURCES,
        ),
        Finding(
            "edit.other_copy",
            Status.NOT_APPLICABLE if hemizygous else Status.CAUTION,
            "There is no other copy of the gene."
            if hemizygous
            else "The other copy of the gene has the site once: it is cut too, and keeps an indel in the intron.",
        ),
        Finding(
            "damage.two_cuts",
            Status.CAUTION,
            "Two cuts of one chromosome can also turn the stretch round or lose more than was meant; long reads across "
            "it would show it.",
            sources=("pmcid:PMC8847327",),
        ),
    )
