"""The copies that are edited, from files: a person's calls, a variant stated beside them, and a place."""

from __future__ import annotations

from dataclasses import replace

from revertant.errors import IncompatibleInputsError, UsageError
from revertant.genome import PatientGenome, region_of
from revertant.model import Call, Locus, Sex, Variant
from revertant.planning.inputs import OpenedFiles
from revertant.planning.simulation.ground import STATED, Ground, grounds_at
from revertant.variant import resolve
from revertant.variant.limits import shown

__all__ = ["copies_at"]


def copies_at(
    opened: OpenedFiles,
    *,
    variant: str = "",
    locus: str = "",
    copy: str = "",
    transcript: str = "",
    flank: int = 0,
    vcf_path: str = "",
) -> tuple[Ground, ...]:
    """Return the sequences a person carries at a place, or the reference's.

    Parameters
    ----------
    opened
        Reference, and gene models and calls where there are some.
    variant
        A variant that the edited copy carries. Where the calls hold it, they say on which copy; otherwise it is laid
        on every copy.
    locus
        ``chr:start-end``; empty for the place of the variant.
    copy
        ``"1"`` or ``"2"`` for that copy only; empty for each.
    transcript
        The only transcript to read; empty for the usual ones.
    flank
        Bases beside the place that are looked at too.
    vcf_path
        Where rsIDs are looked up.

    Raises
    ------
    UsageError
        Code ``no-place``, ``no-models``, ``no-variant-copy`` or ``no-such-copy``.
    RevertantError
        When variant or place cannot be resolved.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant.planning import open_files
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     opened = open_files(str(folder / "loci.GRCh38.fa"), str(folder / "HBB.GRCh38.gtf"))
    >>> [ground] = copies_at(opened, variant="NM_000518.5:c.20A>T", flank=5)
    >>> ground.window.bases, ground.transcripts[0].gene
    ('TCTCCACAGGA', 'HBB')
    """
    if not (variant or locus):
        raise UsageError(
            "No place on the genome is named.",
            remedy="Give --locus contig:start-end, or --variant.",
            code="no-place",
        )
    if transcript and opened.models is None:
        raise UsageError(
            "A transcript is named, but no gene models.", remedy="Pass --models.", code="no-models"
        )
    stated = (
        resolve(variant, opened.reference, opened.models, rsid_vcf=vcf_path, where="--variant")
        if variant
        else None
    )
    genome = _person(opened, stated)
    place = region_of(locus, opened.reference, where="--locus") if locus else _around(stated)
    wide = Locus(place.contig, max(0, place.start - flank), place.end + flank)
    grounds = grounds_at(genome, wide, opened.models, transcript)
    if stated is not None:
        carrying = tuple(g for g in grounds if genome.as_laid(stated) in g.window.variants)
        if locus and not carrying:
            raise UsageError(
                f"{shown(str(stated))} does not lie in {locus}, nor within {flank} bases of it.",
                remedy="Leave --locus out, or name a place that holds the variant.",
                code="no-variant-copy",
            )
        grounds = carrying or grounds
        if opened.vcf is None:
            grounds = tuple(replace(g, window=replace(g.window, haplotypes=STATED)) for g in grounds)
    return _of_copy(grounds, copy)


def _around(stated: Variant | None) -> Locus:
    assert stated is not None
    return Locus(stated.contig, stated.start, max(stated.end, stated.start + 1))


def _person(opened: OpenedFiles, stated: Variant | None) -> PatientGenome:
    """The person's genome with the stated variant on it."""
    calls = opened.vcf.calls if opened.vcf is not None else ()
    sex = opened.vcf.sex_hint if opened.vcf is not None else Sex.UNKNOWN
    genome = PatientGenome(opened.reference, calls, sex=sex, name=opened.vcf.sample if opened.vcf else "")
    if stated is None:
        return genome
    if not genome.calls.of_variant(stated):
        genome = genome.with_calls([Call(stated, (True, True), origin="stated")])
    refused = {refusal.call.variant: refusal.reason for refusal in genome.refused}
    if stated in refused:
        raise IncompatibleInputsError(
            f"{shown(str(stated))} cannot be laid over this person's sequence: {refused[stated]}.",
            where="--variant",
            remedy="Leave the VCF out, or correct the variant.",
            code="variant-not-placed",
        )
    return genome


def _of_copy(grounds: tuple[Ground, ...], copy: str) -> tuple[Ground, ...]:
    if not copy:
        return grounds
    found = tuple(ground for ground in grounds if copy in ground.window.haplotypes)
    if not found:
        there = ", ".join(dict.fromkeys(ground.copies for ground in grounds))
        raise UsageError(
            f"There is no copy {copy!r} here that can be told: there is {there}.",
            where="--copy",
            remedy="Leave --copy out, or phase the variants.",
            code="no-such-copy",
        )
    return found
