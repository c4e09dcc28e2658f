"""What the indels of a cut do, class by class, each with its predicted share where there is a prediction."""

from __future__ import annotations

from collections import defaultdict

from revertant.genome import Reference
from revertant.knowledge import Nuclease
from revertant.modality.nuclease.frameshift import frame_outcomes
from revertant.modality.protospacers import Protospacer
from revertant.model import Effect, Estimate, Outcome, Strand, Transcript
from revertant.prediction import Indel, IndelSpectrum, indel_spectrum
from revertant.sequence import matches, reverse_complement

__all__ = ["frame_classes", "indel_lengths", "site_classes", "spectrum_of", "useful_share_of"]

#: The nuclease whose indels were measured.
_MEASURED = "spcas9"
#: Bases beside a motif in which another copy of it is looked for once the indel is made.
_AROUND = 30


def spectrum_of(protospacer: Protospacer, nuclease: Nuclease, cut: int) -> IndelSpectrum:
    """Predict the indels of a cut on this haplotype.

    Parameters
    ----------
    protospacer, nuclease
        Where what cuts.
    cut
        Index in ``window.bases`` of the base right of the cut on the top strand.
    """
    if nuclease.key != _MEASURED:
        return IndelSpectrum((), f"indels were measured for SpCas9, and {nuclease.name} may leave others")
    bases = protospacer.window.bases
    if protospacer.strand is Strand.MINUS:
        return indel_spectrum(reverse_complement(bases), len(bases) - cut)
    return indel_spectrum(bases, cut)


def indel_lengths(spectrum: IndelSpectrum) -> tuple[tuple[int, float], ...]:
    """Return the share of every length, bases gained (negative: lost), shortest deletion last.

    Examples
    --------
    >>> indel_lengths(IndelSpectrum((Indel(-1, 0, "", 0, 0.4), Indel(0, 1, "", 0, 0.2), Indel(0, 0, "A", 0, 0.4))))
    ((-1, 0.6), (1, 0.4))
    """
    shares: dict[int, float] = defaultdict(float)
    for indel in spectrum.indels:
        shares[indel.length] += indel.share
    return tuple((length, round(share, 6)) for length, share in sorted(shares.items()))


def frame_classes(
    spectrum: IndelSpectrum, transcript: Transcript, reference: Reference, place: int
) -> tuple[Outcome, ...]:
    """Return the two shifted frames and the kept one.

    Parameters
    ----------
    spectrum
        The indels; shares are not defined where it is not.
    transcript, reference
        For the frames.
    place
        0-based genome position of the base to the right of the cut.
    """
    outcomes = []
    for frame in frame_outcomes(transcript, reference, place):
        indels = "+1, -2, +4 ..." if frame.shift == 1 else "+2, -1, -4 ..."
        end = (
            "no stop follows"
            if frame.residues_to_stop is None
            else f"stop after {frame.residues_to_stop} residues"
        )
        decay = ", nonsense-mediated decay expected" if frame.decay else ", decay not expected"
        text = f"frameshift ({indels}): {frame.residues_kept} residues kept, {end}{decay}"
        effect = Effect.KNOCKS_OUT if frame.residues_to_stop is not None else Effect.PROTEIN_CHANGED
        share = _share_of_frame(spectrum, frame.shift)
        outcomes.append(Outcome((), effect, effect is Effect.KNOCKS_OUT, "", text, share))
    kept = _share_of_frame(spectrum, 0)
    label = "in-frame indel (±3, ±6 ...)"
    outcomes.append(Outcome((), Effect.PROTEIN_CHANGED, useful=False, protein="", label=label, share=kept))
    return tuple(outcomes)


def site_classes(
    spectrum: IndelSpectrum, protospacer: Protospacer, cut: int, motif: str, span: tuple[int, int]
) -> tuple[Outcome, ...]:
    """Return the indels that break a motif, and those that leave one like it.

    Parameters
    ----------
    spectrum, protospacer, cut
        As for :func:`spectrum_of`.
    motif
        IUPAC motif, on either strand.
    span
        Its index range in ``window.bases``.
    """
    window = protospacer.window
    minus = protospacer.strand is Strand.MINUS

    def breaks(indel: Indel) -> bool:
        start, end = (-indel.end, -indel.start) if minus else (indel.start, indel.end)
        added = reverse_complement(indel.inserted) if minus else indel.inserted
        made = window.bases[: cut + start] + added + window.bases[cut + end :]
        low, high = max(0, span[0] - _AROUND), span[1] + _AROUND
        return _count(motif, made[low : high + indel.length]) < _count(motif, window.bases[low:high])

    text = f"insertion or deletion that breaks {motif}"
    broken = Outcome((), Effect.DISRUPTS_SITE, True, "", text, spectrum.share_where(breaks))  # noqa: FBT003
    label = "insertion or deletion that leaves the motif"
    kept = spectrum.share_where(lambda indel: not breaks(indel))
    return broken, Outcome((), Effect.NO_EFFECT, useful=False, protein="", label=label, share=kept)


def useful_share_of(spectrum: IndelSpectrum, outcomes: tuple[Outcome, ...]) -> Estimate:
    """Return the share of indels that serve: one outcome's own, or that of both shifted frames together."""
    useful = [outcome for outcome in outcomes if outcome.useful]
    if len(useful) == 2:
        return spectrum.share_where(lambda indel: indel.length % 3 != 0)
    if useful and useful[0].share is not None:
        return useful[0].share
    return spectrum.share_where(lambda _: False)


def _share_of_frame(spectrum: IndelSpectrum, shift: int) -> Estimate:
    return spectrum.share_where(lambda indel: indel.length % 3 == shift)


def _count(motif: str, bases: str) -> int:
    """How often a motif stands in a stretch, on either strand."""
    size = len(motif)
    return sum(
        matches(motif, bases[i : i + size]) or matches(motif, reverse_complement(bases[i : i + size]))
        for i in range(len(bases) - size + 1)
    )
