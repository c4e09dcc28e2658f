"""Classes of indels and their shares: strands, frames, motifs, and what is not predicted."""

import random
import re

import pytest
from modality_cases import flip, person, toy_gene

from revertant import knowledge
from revertant.genome import Reference
from revertant.modality.cutting import cut_indexes
from revertant.modality.nuclease.outcome import (
    frame_classes,
    indel_lengths,
    site_classes,
    spectrum_of,
    useful_share_of,
)
from revertant.modality.protospacers import protospacers
from revertant.model import Effect, Locus, PamSide, Strand

SPCAS9 = knowledge.nucleases()["spcas9"]
RNG = random.Random(7)
TEXT = (
    "".join(RNG.choice("ACGT") for _ in range(60)) + "GATAA" + "".join(RNG.choice("ACGT") for _ in range(60))
)


def sites_of(text):
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, len(text)))
    found = protospacers(window, "NGG", PamSide.THREE_PRIME, 20)
    return {(p.strand, p.spacer): p for p in found}


def cut_of(protospacer):
    return cut_indexes(protospacer, SPCAS9)[0]


def test_a_flipped_sequence_gives_the_same_spectrum():
    here, there = sites_of(TEXT), sites_of(flip(TEXT))
    compared = 0
    for (strand, spacer), site in here.items():
        twin = there[strand.opposite, spacer]
        spectrum = spectrum_of(site, SPCAS9, cut_of(site))
        assert spectrum == spectrum_of(twin, SPCAS9, cut_of(twin))
        compared += not spectrum.why_not
    assert compared > 3


def test_shares_of_the_frames_are_those_of_the_lengths():
    reference, transcript = toy_gene()
    exon = max(transcript.coding_exons, key=lambda exon: exon[1] - exon[0])
    place = (exon[0] + exon[1]) // 2
    [site, *_] = [one for one in sites_of(TEXT).values() if not spectrum_of(one, SPCAS9, cut_of(one)).why_not]
    spectrum = spectrum_of(site, SPCAS9, cut_of(site))
    outcomes = frame_classes(spectrum, transcript, reference, place)
    lengths = dict(indel_lengths(spectrum))
    assert sum(lengths.values()) == pytest.approx(1, abs=1e-4)
    for outcome, shift in zip(outcomes, (1, 2, 0), strict=True):
        by_hand = sum(share for length, share in lengths.items() if length % 3 == shift)
        assert outcome.share.value == pytest.approx(by_hand, abs=1e-3)
        assert outcome.share.low <= outcome.share.value <= outcome.share.high
    useful = useful_share_of(spectrum, outcomes)
    assert useful.value == pytest.approx(sum(o.share.value for o in outcomes if o.useful), abs=2e-4)


@pytest.mark.parametrize("strand", Strand)
def test_indels_that_break_a_motif_are_found_by_hand(strand):
    for guide in (TEXT[48:62] + "AGATAA", TEXT[40:48] + "GATAACCTTGCA"):
        text = TEXT[:40] + (guide + "TGG" if strand is Strand.PLUS else "CCA" + flip(guide)) + TEXT[63:]
        site = sites_of(text)[strand, guide]
        cut = cut_of(site)
        starts = [m.start() for m in re.finditer("(?=GATAA|TTATC)", text)]
        near = min(starts, key=lambda start: abs(start - cut))
        spectrum = spectrum_of(site, SPCAS9, cut)
        broken, kept = site_classes(spectrum, site, cut, "GATAA", (near, near + 5))
        by_hand = 0.0
        sequence = text if strand is Strand.PLUS else flip(text)
        place = cut if strand is Strand.PLUS else len(text) - cut
        for indel in spectrum.indels:
            made = indel.applied(sequence, place)
            if len(re.findall("(?=GATAA|TTATC)", made)) < len(starts):
                by_hand += indel.share
        assert broken.share.value == pytest.approx(by_hand, abs=1e-3)
        assert broken.share.value + kept.share.value == pytest.approx(1, abs=2e-3)
        assert (broken.effect, kept.effect) == (Effect.DISRUPTS_SITE, Effect.NO_EFFECT)


def test_other_nucleases_have_no_share_and_a_reason():
    site = next(iter(sites_of(TEXT).values()))
    spectrum = spectrum_of(site, knowledge.nucleases()["ascas12a"], cut_of(site))
    assert indel_lengths(spectrum) == ()
    share = useful_share_of(spectrum, ())
    assert share.value is None
    assert "measured for SpCas9" in share.method
