"""SMN1 and SMN2 from a file of reads: open, count, call."""

from __future__ import annotations

from pathlib import Path

from revertant import __version__
from revertant.errors import InputError
from revertant.model import Tally
from revertant.patient.smn.alignments import open_alignments
from revertant.patient.smn.controls import (
    ControlKind,
    Controls,
    Normaliser,
    apart_from_genes,
    genome_controls,
    normaliser,
)
from revertant.patient.smn.copies import Copies, count_copies
from revertant.patient.smn.counting import Progress, count_reads, no_progress
from revertant.patient.smn.counts import ReadCounts
from revertant.patient.smn.depth import LEAST_POSTERIOR
from revertant.patient.smn.findings import smn_findings
from revertant.patient.smn.intervals import copy_range, unknown_range
from revertant.patient.smn.loci import voting_sites
from revertant.patient.smn.panel import Panel
from revertant.patient.smn.result import Quality, SiteCall, SmnCall, TagCall
from revertant.patient.smn.risk import named_risk
from revertant.patient.smn.sites import FEWEST_FRAGMENTS, share_posterior
from revertant.patient.smn.variants import FEWEST_LINKED, exon_variants

__all__ = ["call_counts", "call_smn"]


def call_smn(
    path: str | Path,
    *,
    reference: str | Path = "",
    build: str = "",
    controls: Controls | None = None,
    panel: Panel | None = None,
    ancestry: str = "",
    progress: Progress = no_progress,
) -> SmnCall:
    """Count the copies of SMN1 and SMN2 in a person's reads.

    The method is that of Chen et al. 2020 (doi:10.1038/s41436-020-0754-0), written anew from the publication.

    Parameters
    ----------
    path
        BAM or CRAM, sorted and indexed, aligned to GRCh37 or GRCh38 without alternate contigs.
    reference
        The FASTA a CRAM was written with.
    build
        The build, when it shall be checked against the file's.
    controls
        Control regions of targeted data (:func:`~revertant.patient.smn.read_controls`); without them the file must
        hold a whole genome.
    panel
        Samples with known copies of the same targeted assay.
    ancestry
        The person's population, a key of :func:`~revertant.patient.smn.carrier_risks`, for the residual risk.
    progress
        Told the stage and its share.

    Returns
    -------
    SmnCall
        Intervals, findings, and the reason of every number that is not called.

    Raises
    ------
    InputError
        Codes ``no-file``, ``no-index``, ``truncated``, ``bad-alignments``, ``cram-needs-reference``, ``no-build``,
        ``no-chromosome-5``; ``no-control-regions`` when there are no reads to measure the genes against.
    IncompatibleInputsError
        Codes ``wrong-build``, ``unsupported-build``, ``alternate-contigs``, ``several-samples``.
    UsageError
        Code ``unknown-ancestry``.

    Examples
    --------
    >>> call_smn("absent.bam")
    Traceback (most recent call last):
    revertant.errors.InputError: absent.bam: There is no such file. Check its name.
    """
    named_risk(ancestry)
    with open_alignments(path, reference=reference, build=build) as reads:
        wanted = genome_controls(reads.build) if controls is None else apart_from_genes(controls, reads.build)
        counts = count_reads(reads, wanted, progress=progress)
    return call_counts(counts, panel=panel, ancestry=ancestry)


def call_counts(counts: ReadCounts, *, panel: Panel | None = None, ancestry: str = "") -> SmnCall:
    """Call copies from what was counted; see :func:`call_smn`.

    Parameters
    ----------
    counts
        What was read.
    panel, ancestry
        As there.

    Raises
    ------
    InputError
        Code ``no-control-regions``.
    """
    norm = normaliser(counts.kind, counts.controls, counts.exons_7_8.gc)
    if norm is None:
        raise _no_controls(counts)
    copies = count_copies(counts, norm, panel)
    tag = _tag(counts, copies)
    variants = exon_variants(counts, copies.total, copies.full_length)
    return SmnCall(
        sample=counts.sample,
        build=counts.build,
        status=copies.status,
        status_because=copies.status_because,
        smn1=copies.smn1,
        smn2=copies.smn2,
        full_length=copies.full_length,
        total=copies.total,
        without_exons_7_8=copies.without_exons_7_8,
        reasons=copies.reasons,
        vote=copies.vote,
        sites=_sites(counts, copies),
        tag=tag,
        variants=variants,
        quality=_quality(counts, norm, copies),
        findings=smn_findings(copies, tag, variants, norm, named_risk(ancestry)),
        tallies=(Tally("control regions", norm.bins_read, norm.bins_used, norm.dropped),),
        parameters=_parameters(counts, panel, ancestry),
    )


def _no_controls(counts: ReadCounts) -> InputError:
    seen = sum(one.reads > 0 for one in counts.controls)
    of = len(counts.controls)
    if counts.kind is ControlKind.GENOME:
        return InputError(
            f"Only {seen} of {of} control places over the autosomes have reads: this is no whole genome, and there is "
            "nothing to measure SMN1 and SMN2 against.",
            where=counts.name,
            remedy="Give reads of the whole genome; for targeted data name the control regions (--controls BED).",
            code="no-control-regions",
        )
    return InputError(
        f"Only {seen} of the {of} control regions have reads that can be used.",
        where=counts.name,
        remedy="Name control regions that the assay covers, on the build of the reads.",
        code="no-control-regions",
    )


def _sites(counts: ReadCounts, copies: Copies) -> tuple[SiteCall, ...]:
    rows = []
    for number, site in enumerate(voting_sites()):
        shown = [is_smn1 for fragment in counts.fragments for which, is_smn1 in fragment if which == number]
        rows.append(
            SiteCall(
                label=site.label,
                smn1=sum(shown),
                smn2=len(shown) - sum(shown),
                other=counts.sites[number].other,
                is_covered=number in copies.covered,
                vote=copies.vote.votes[number] if copies.vote else None,
            )
        )
    return tuple(rows)


def _tag(counts: ReadCounts, copies: Copies) -> TagCall:
    tag, full = counts.tag, copies.full_length
    what = "copies with g.27134G"
    if tag.t + tag.g < FEWEST_FRAGMENTS:
        found = unknown_range(what, "not-covered", f"Only {tag.t + tag.g} fragments cover g.27134T>G.")
    elif not full.is_call or not full.best:
        found = unknown_range(what, "copies-not-called", "How many copies there are in all was not called.")
    else:
        posterior = share_posterior(tag.g, tag.t, full.best)
        best = max(posterior.values())
        because = f"{tag.g} of {tag.g + tag.t} fragments, {full.best} copies in all."
        found = copy_range(
            what, posterior, is_call=best >= LEAST_POSTERIOR, code="share-of-reads", because=because
        )
    on_smn1 = None
    if tag.g_with_smn1 >= FEWEST_LINKED:
        on_smn1 = True
    elif tag.g_with_smn2 >= FEWEST_LINKED and not tag.g_with_smn1:
        on_smn1 = False
    return TagCall(tag.t, tag.g, found, on_smn1)


def _quality(counts: ReadCounts, norm: Normaliser, copies: Copies) -> Quality:
    first, second = counts.exons_1_6, counts.exons_7_8
    per_copy = norm.reads_per_copy_bp
    return Quality(
        kind=counts.kind.value,
        depth=norm.depth,
        deviation=norm.median_absolute_deviation,
        controls_read=norm.bins_read,
        controls_used=norm.bins_used,
        total_measured=first.reads / (per_copy * first.length_bp),
        full_length_measured=second.reads / (per_copy * second.length_bp),
        sites_covered=len(copies.covered),
        log10_ratio=copies.log10_ratio,
    )


def _parameters(counts: ReadCounts, panel: Panel | None, ancestry: str) -> tuple[tuple[str, str], ...]:
    given = {
        "software": f"revertant {__version__}",
        "file": counts.name,
        "build": counts.build,
        "controls": f"{counts.kind.value}, {len(counts.controls)} regions",
        "panel": f"{panel.name}, {panel.samples} samples" if panel else "",
        "ancestry": ancestry,
        "method": "doi:10.1038/s41436-020-0754-0",
    }
    return tuple((name, text) for name, text in given.items() if text)
