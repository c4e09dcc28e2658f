"""Taking promoter and first exon out of the harmful copy alone: one guide tells the copies apart, the other need not.

The guide that cuts both copies stands in the first intron, where an indel of the healthy copy does no harm that is
known. The guide that cuts the harmful copy only stands upstream, by a heterozygous variant of known phase. So the
healthy copy is cut once, in an intron, and the harmful one loses its start (SNP-dependent excision, as for HTT).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant.genome import PatientGenome
from revertant.knowledge import Nuclease
from revertant.modality.allele_specific import DiscriminationKind, told_from
from revertant.modality.cutting import cut_indexes
from revertant.modality.handles import TwoCopies, phase_is_known, two_copies
from revertant.modality.loss import DONOR_NT, loss_of
from revertant.modality.nuclease.excision import Excision, excisions
from revertant.modality.nuclease.excision_design import excision_design
from revertant.modality.nuclease.placing import REACH, window_sites
from revertant.modality.other_activity import activity_on_other, noted_activity, other_copy_facts
from revertant.modality.protospacers import reachable
from revertant.model import Design, Effect, Locus, Strand, Strategy, Transcript

__all__ = ["handle_excisions"]

#: How far upstream of the start a handle is looked for, and how far into the first intron the other cut may lie.
UPSTREAM_BP, INTRON_BP = 1500, 300
CHUNK_BP = 100

#: Most partners of one guide that tells the copies apart: those that lose least.
MOST_PARTNERS = 2


def handle_excisions(
    strategy: Strategy, genome: PatientGenome, nucleases: Sequence[Nuclease], refused: list[str]
) -> tuple[Design, ...]:
    """Design excisions of promoter and first exon from the harmful copy.

    Parameters
    ----------
    strategy
        Names the allele, which must be phased.
    genome, nucleases
        The person, and the nucleases to try.
    refused
        Takes one reason for each place or pair that does not serve.
    """
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    if not phase_is_known(allele):
        return ()
    flanks = _flanks(transcript)
    if flanks is None:
        refused.append("the gene has one exon: there is no intron for the second cut of an excision")
        return ()
    upstream, intron = (reachable(genome.reference, place) for place in flanks)
    if not all(genome.reference.covers(place) and len(place) for place in (upstream, intron)):
        refused.append("promoter or first intron lie outside the reference")
        return ()
    designs: list[Design] = []
    for low in range(upstream.start, upstream.end, CHUNK_BP):
        chunk = Locus(upstream.contig, low, min(low + CHUNK_BP, upstream.end))
        copies = two_copies(genome, allele, chunk.widened(REACH), refused)
        if copies is None:
            continue
        # Only where a guide tells the copies apart is a partner looked for: elsewhere there are very many pairs.
        for nuclease, cut in dict.fromkeys(_telling_cuts(copies, chunk, nucleases, refused)):
            left, right = (cut, intron) if cut.start < intron.start else (intron, cut)
            pairs = list(excisions(genome, left, right, [nuclease], refused))
            designs += _designs(pairs, strategy, genome, refused, upstream_is_left=left is cut)
    return tuple(sorted(designs, key=_order))


def _telling_cuts(
    copies: TwoCopies, chunk: Locus, nucleases: Sequence[Nuclease], refused: list[str]
) -> Iterator[tuple[Nuclease, Locus]]:
    """The cuts in a stretch, from one strand's to the other's, of guides that tell the copies apart."""
    window = copies.harmful
    for nuclease, site, _ in window_sites(window, nucleases):
        cuts = cut_indexes(site, nuclease)
        if not all(0 < cut < len(window.bases) for cut in cuts):
            continue
        places = [window.to_reference(cut) for cut in cuts]
        cut = Locus(chunk.contig, min(places), max(places) + 1)
        if not chunk.contains(cut):
            continue
        if told_from(site, [copies.healthy], nuclease.seed_nt, nuclease.search_pam).tells_apart:
            yield nuclease, cut
        else:
            refused.append("the upstream guide does not tell the copies apart (no variant in PAM or seed)")


def _order(design: Design) -> tuple[object, ...]:
    """Those that spare the other copy surely first, then by what is predicted there, then what is lost."""
    facts = dict(design.facts)
    activity = noted_activity(facts)
    value = activity.value if activity is not None else None
    sure = facts["told_apart_by"] == DiscriminationKind.PAM
    return (not sure, value is None, value or 0.0, int(facts["lost_bp"]), design.design_id)


def _flanks(transcript: Transcript) -> tuple[Locus, Locus] | None:
    """Where the cuts may lie: upstream of the start, and in the first intron away from the donor."""
    if len(transcript.exons) == 1:
        return None
    (start, end), (next_start, next_end) = transcript.ordered_exons[:2]
    contig = transcript.contig
    if transcript.strand is Strand.PLUS:
        low = end + DONOR_NT
        return (
            Locus(contig, max(0, start - UPSTREAM_BP), start),
            Locus(contig, low, max(low, min(low + INTRON_BP, next_start))),
        )
    high = start - DONOR_NT
    return (
        Locus(contig, end, end + UPSTREAM_BP),
        Locus(contig, min(high, max(next_end, high - INTRON_BP)), high),
    )


def _designs(
    found: Sequence[Excision],
    strategy: Strategy,
    genome: PatientGenome,
    refused: list[str],
    *,
    upstream_is_left: bool,
) -> Iterator[Design]:
    """The designs of the pairs whose upstream guide tells the copies apart."""
    allele, transcript = strategy.allele, strategy.target.transcript
    assert allele is not None
    own = "1" if allele.copies[0] else "2"
    partners: dict[tuple[str, str, str], list[Excision]] = {}
    for pair in found:
        specific = pair.left if upstream_is_left else pair.right
        if own in pair.haplotypes and own in specific.window.haplotypes:
            key = (pair.nuclease.key, specific.spacer, str(specific.guide().locus))
            partners.setdefault(key, []).append(pair)
    for pairs in partners.values():
        first = pairs[0]
        specific = first.left if upstream_is_left else first.right
        copies = two_copies(genome, allele, specific.window.locus, refused)
        if copies is None:
            continue
        told = told_from(specific, [copies.healthy], first.nuclease.seed_nt, first.nuclease.search_pam)
        if not told.tells_apart:
            refused.append("the upstream guide does not tell the copies apart (no variant in PAM or seed)")
            continue
        activity = activity_on_other(specific, told, first.nuclease)
        pairs.sort(key=lambda pair: (len(pair.lost), pair.left.start, pair.right.start))
        refused += ["further from the first exon than other partners"] * max(0, len(pairs) - MOST_PARTNERS)
        for pair in pairs[:MOST_PARTNERS]:
            loss = loss_of(transcript, pair.lost)
            partner, cuts = (pair.right, pair.right_cuts) if upstream_is_left else (pair.left, pair.left_cuts)
            place = partner.window.to_reference(cuts[0])
            yield excision_design(
                pair,
                strategy,
                loss,
                effect=Effect.KNOCKS_OUT,
                because=f"take promoter and first exon out of the copy with {allele.name}",
                indels_matter=False,
                facts=(
                    ("told_apart_by", told.kind.value),
                    ("told_because", told.because),
                    ("healthy_copy_site", told.healthy_site or "absent"),
                    *other_copy_facts(activity),
                    ("cut_on_both_copies", f"{transcript.contig}:{place}^{place + 1} in intron 1"),
                ),
            )
