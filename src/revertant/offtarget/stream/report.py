"""From hits to a report: off-target sites, the target told apart, coverage in words, the account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from revertant.genome import MOST_WINDOWS, GeneModels, PatientGenome
from revertant.knowledge import gene_lists, lists_naming
from revertant.model import (
    Coverage,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    SiteOrigin,
    Strand,
    Tally,
    Variant,
)
from revertant.offtarget.annotation.annotation import annotate
from revertant.offtarget.matching.hit import Hit, outward
from revertant.offtarget.person.patient import PersonalHit
from revertant.offtarget.scoring.aggregates import aggregate, sums_of
from revertant.offtarget.scoring.scores import cfd_score, why_no_cfd
from revertant.offtarget.scoring.tiers import tier_counts

__all__ = [
    "SearchedSequence",
    "TargetLedger",
    "annotated_site",
    "coverage_of",
    "make_report",
    "site_of",
    "site_order",
    "target_is_found",
    "target_is_lost",
]

_INTENDED = "the intended target"
_LOST_TARGET = "the intended target, which this person has lost"
_OTHER_ALLELE = "the intended target's other allele"
_SHIFTED = "the intended target's own DNA with a shifted PAM"


@dataclass(slots=True)
class SearchedSequence:
    """What went through the search, counted on the way.

    Parameters
    ----------
    unknown
        Bases that are ``N``.
    ambiguous
        Bases that are other IUPAC codes.
    incomplete_places
        Where the person could carry more combinations than were searched.
    refused_calls
        Calls of the person that could not be applied.
    """

    unknown: int = 0
    ambiguous: int = 0
    refused_calls: int = 0
    incomplete_places: list[Locus] = field(default_factory=list)

    def count(self, sequence: str) -> str:
        """Count one sequence and hand it on."""
        plain = sum(sequence.count(base) for base in "ACGT")
        unknown = sequence.count("N")
        self.unknown += unknown
        self.ambiguous += len(sequence) - plain - unknown
        return sequence


def coverage_of(genome: PatientGenome, searched: SearchedSequence) -> Coverage:
    """State how much was searched; only a whole genome is called one."""
    reference = genome.reference
    windows = tuple((window.contig, window.start, window.end) for window in reference.windows)
    genomes, what = _genomes(genome)
    bases = f"{reference.total_bases:,} reference bases"
    if reference.is_whole_genome:
        statement = f"Genome-wide: {bases} ({reference.build}) were searched on both strands, in {what}."
    else:
        noun = "stretch" if len(windows) == 1 else "stretches"
        statement = (
            f"Not genome-wide: only {bases} in {len(windows)} {noun} were searched, on both strands,"
            f" in {what}. Sites elsewhere are unknown."
        )
    counts = (
        ("bases that are N (match nothing)", searched.unknown),
        ("other ambiguous bases (match when one of their bases does; CFD not defined)", searched.ambiguous),
        ("patient calls that could not be applied", searched.refused_calls),
        (
            "places where calls leave it open what a copy holds (sites there are putative)",
            len(genome.doubtful),
        ),
        (
            f"places with more possible haplotypes than the {MOST_WINDOWS} searched",
            len(searched.incomplete_places),
        ),
    )
    return Coverage(
        reference.total_bases,
        windows,
        reference.is_whole_genome,
        genomes,
        statement,
        tuple((what, count) for what, count in counts if count),
    )


def _genomes(genome: PatientGenome) -> tuple[tuple[str, ...], str]:
    """Name what was searched; a case's own variants are not yet a genome of the patient."""
    if any(call.origin != "case" for call in genome.calls):
        return ("reference", "patient haplotypes"), "the reference and both patient haplotypes"
    if genome.has_calls:
        return ("reference", "case variants"), "the reference with the variants the case names"
    return ("reference",), "the reference"


def site_order(site: OffTargetSite) -> tuple[object, ...]:
    """Return the key sites are sorted by: lost ones last, then by CFD, edits, and place."""
    score = site.reference_cfd if site.origin is SiteOrigin.LOST else site.cfd
    return (
        site.origin is SiteOrigin.LOST,
        score is None,
        -(score or 0.0),
        site.edits,
        site.dna_bulges + site.rna_bulges,
        site.locus,
        site.pam,
        site.aligned_target,
        site.aligned_spacer,
        site.haplotypes,
        site.variants,
    )


def target_is_lost(report: OffTargetReport) -> bool:
    """Whether the reference has the intended target and this person, on any copy, has not."""
    reasons = {reason for reason, _ in report.tally.refused} if report.tally else set()
    return _LOST_TARGET in reasons and _INTENDED not in reasons


def target_is_found(report: OffTargetReport) -> bool:
    """Whether the search met the intended target, or another allele of it, in the reference or in this person."""
    reasons = {reason for reason, _ in report.tally.refused} if report.tally else set()
    return not reasons.isdisjoint({_INTENDED, _LOST_TARGET, _OTHER_ALLELE})


def make_report(
    request: OffTargetRequest,
    hits: Iterable[PersonalHit],
    coverage: Coverage,
    models: GeneModels | None,
) -> OffTargetReport:
    """Put the sites of one guide into a report.

    The intended target, and alignments of its own DNA beside a shifted PAM, are not listed; another allele of
    the target is kept apart. Each of them is counted in the tally.
    """
    ledger = TargetLedger()
    listed = sorted(
        (site_of(request, hit, models) for hit in hits if ledger.lists(request, hit)), key=site_order
    )
    return OffTargetReport(
        request,
        tuple(listed),
        coverage,
        aggregate(request, sums_of(listed), ledger.targets, genome_wide=coverage.genome_wide),
        ledger.tally(len(listed)),
        ledger.other_allele(request, models),
        tier_counts=tier_counts(listed),
    )


@dataclass(slots=True)
class TargetLedger:
    """What one guide finds at its own target, which is not listed; each is counted with the reason.

    Parameters
    ----------
    refused
        The reasons.
    other_alleles
        Sites on a copy whose target differs from the spacer.
    """

    refused: list[str] = field(default_factory=list)
    other_alleles: list[PersonalHit] = field(default_factory=list)

    def lists(self, request: OffTargetRequest, hit: PersonalHit) -> bool:
        """Say whether a site is listed; enter it when it is not."""
        reason = _why_not_listed(request, hit)
        if reason:
            self.refused.append(reason)
        if reason == _OTHER_ALLELE:
            self.other_alleles.append(hit)
        return not reason

    @property
    def targets(self) -> int:
        """1 when the intended target was found in this person, else 0."""
        return int(_INTENDED in self.refused)

    def tally(self, listed: int) -> Tally:
        """Close the account."""
        return Tally.of("sites found", kept=listed, refused=self.refused)

    def other_allele(self, request: OffTargetRequest, models: GeneModels | None) -> OffTargetSite | None:
        """Return the closest of the other alleles."""
        sites = (site_of(request, hit, models) for hit in self.other_alleles)
        return min(sites, key=lambda site: (site.edits, site_order(site)), default=None)


def _why_not_listed(request: OffTargetRequest, found: PersonalHit) -> str:
    target = request.target
    if target is None or (found.locus.contig, found.locus.strand) != (target.contig, target.strand):
        return ""
    if found.locus != target and not _lies_at_home(request, target, found):
        return ""
    hit = found.hit
    bulges = hit.dna_bulges + hit.rna_bulges
    is_beside_its_pam = found.pam_neighbour == _expected_neighbour(target, request.pam_side)
    # Without a bulge only an indel of the person's can have moved the PAM against the far end.
    if is_beside_its_pam or found.locus == target or not bulges:
        if found.origin is SiteOrigin.LOST:
            return _LOST_TARGET
        return _OTHER_ALLELE if hit.mismatches + bulges else _INTENDED
    return _SHIFTED


def _lies_at_home(request: OffTargetRequest, target: Locus, found: PersonalHit) -> bool:
    """Whether a letter of the guide lies on the very base on which it lies at the target.

    A site in which none does is another site, even where it overlaps the target, as in a tandem repeat::

        PAM  A C G T T A C G    the target
        PAM  A C G T A C G      beside its own PAM, the fifth letter without a base: at home
          PAM  A C G T A C G    beside a shifted PAM; the last three letters are back in place: at home
            PAM  A C G T T A    another site

    An indel between a letter and the PAM moves the letter on the reference; so the far end is looked at as well.
    """
    sign = -1 if _pam_at_right(target, request.pam_side) else 1
    near = sign * (found.pam_neighbour - _expected_neighbour(target, request.pam_side))
    far = target.start - found.locus.start if sign < 0 else found.locus.end - target.end
    top, low = (
        outward(row, request.pam_side) for row in (found.hit.aligned_spacer, found.hit.aligned_target)
    )
    size, length = len(request.spacer), found.hit.end - found.hit.start
    j = t = 0
    for letter, base in zip(top, low, strict=True):
        if letter != "-" and base != "-" and (near + t == j or far - (length - t) == j - size):
            return True
        j += letter != "-"
        t += base != "-"
    return False


def _expected_neighbour(target: Locus, side: PamSide) -> int:
    """Position of the PAM's base beside the target."""
    return target.end if _pam_at_right(target, side) else target.start - 1


def _pam_at_right(target: Locus, side: PamSide) -> bool:
    return (side is PamSide.THREE_PRIME) == (target.strand is Strand.PLUS)


def site_of(request: OffTargetRequest, found: PersonalHit, models: GeneModels | None) -> OffTargetSite:
    """Score and annotate one site."""
    scored = not why_no_cfd(request.spacer, request.pam, request.pam_side, wild_type=request.cfd_applies)
    return annotated_site(
        request,
        found.hit,
        found.locus,
        models,
        origin=found.origin,
        haplotypes=found.haplotypes,
        variants=found.variants,
        cfd=_cfd(found.hit) if scored and found.origin is not SiteOrigin.LOST else None,
        reference_cfd=_cfd(found.reference) if scored and found.reference is not None else None,
    )


def annotated_site(
    request: OffTargetRequest,
    hit: Hit,
    locus: Locus,
    models: GeneModels | None,
    *,
    origin: SiteOrigin,
    haplotypes: tuple[str, ...],
    variants: tuple[Variant, ...],
    cfd: float | None,
    reference_cfd: float | None,
) -> OffTargetSite:
    """Put a scored hit at its place on the reference and say what lies there."""
    annotation = annotate(locus, models)
    return OffTargetSite(
        spacer=request.spacer,
        locus=locus,
        pam=hit.pam,
        aligned_spacer=hit.aligned_spacer,
        aligned_target=hit.aligned_target,
        mismatches=hit.mismatches,
        dna_bulges=hit.dna_bulges,
        rna_bulges=hit.rna_bulges,
        origin=origin,
        haplotypes=haplotypes,
        variants=variants,
        cfd=cfd,
        reference_cfd=reference_cfd,
        annotation=annotation.text,
        region=annotation.region,
        genes=annotation.genes,
        gene_lists=lists_naming(annotation.genes, gene_lists()),
    )


def _cfd(hit: Hit) -> float | None:
    return cfd_score(hit.aligned_spacer, hit.aligned_target, hit.pam)
