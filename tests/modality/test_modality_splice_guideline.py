"""Where an allele lies as splicing sees it, and the class of the N1C VARIANT guideline that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import allele_of, target_of, toy_gene

from revertant.genome import Reference, load_gene_models
from revertant.modality.splice_switching.eligibility import options_for, splice_switching_strategies
from revertant.modality.splice_switching.place import edges_of, place_of
from revertant.model import (
    Allele,
    Consequence,
    ConsequenceTerm,
    Locus,
    Mechanism,
    Pathogenicity,
    Route,
    Status,
    Strand,
    Structure,
    StructureKind,
    Transcript,
    Variant,
    Zygosity,
)

LENGTHS = (90, 60, 60, 61, 501, 90)
INTRON = 300


def gene(strand=Strand.PLUS, name="TOY"):
    exons, at = [], 100
    for length in LENGTHS if strand is Strand.PLUS else LENGTHS[::-1]:
        exons.append((at, at + length))
        at += length + INTRON
    return Transcript("NM_9.1", name, "c", strand, tuple(exons), (exons[0][0], exons[-1][1]))


def at(transcript, number, offset):
    """Position ``offset`` bases into an exon (1 is its first base), or before it (-1 is the base before)."""
    start, end = transcript.ordered_exons[number - 1]
    step = offset - 1 if offset > 0 else offset
    return start + step if transcript.strand is Strand.PLUS else end - 1 - step


def behind(transcript, number, offset):
    """Position ``offset`` bases behind an exon."""
    return at(transcript, number, LENGTHS[number - 1] + offset)


def allele(position, terms=(ConsequenceTerm.MISSENSE,), hgvs_c="", ref="A", alt="C"):
    change = Consequence("NM_9.1", "TOY", terms, hgvs_c)
    return Allele(Variant("c", position, ref, alt), Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, change)


@pytest.mark.parametrize("strand", list(Strand))
@pytest.mark.parametrize(
    ("where", "words", "hit", "distance"),
    [
        ((2, 10), "in exon 2", (2,), 10),
        ((2, 60), "in exon 2", (2,), 1),
        ((2, 1), "in exon 2", (2,), 1),
        ((2, -1), "in the acceptor of exon 2", (2,), 1),
        ((2, -2), "in the acceptor of exon 2", (2,), 2),
        ((2, -3), "in an intron, -3 from the nearest splice site", (), 3),
        ((2, -101), "in an intron, -101 from the nearest splice site", (), 101),
        ((1, 5), "in exon 1", (1,), 86),
        ((1, -20), "outside the transcript", (), 110),
    ],
)
def test_places(strand, where, words, hit, distance):
    transcript = gene(strand)
    place = place_of(allele(at(transcript, *where)), transcript)
    assert (place.words, place.hit) == (words, hit)
    if place.is_inside:
        assert place.distance == distance


@pytest.mark.parametrize("strand", list(Strand))
@pytest.mark.parametrize(
    ("offset", "broken"), [(1, ("donor of exon 2",)), (2, ("donor of exon 2",)), (3, ())]
)
def test_places_behind_a_donor(strand, offset, broken):
    transcript = gene(strand)
    place = place_of(allele(behind(transcript, 2, offset)), transcript)
    assert place.broken == broken
    assert (place.side, place.distance, place.is_exonic) == ("donor", offset, False)
    assert place.signed_distance == f"+{offset}"


@pytest.mark.parametrize("strand", list(Strand))
def test_exons_that_stand_twice_are_named_and_not_judged(strand):
    transcript = gene(strand)
    start, end = transcript.ordered_exons[2]
    doubled = Locus("c", start - 50, end + 50)
    one = replace(
        allele(start - 50, ref="", alt="A" * len(doubled)),
        structure=Structure(StructureKind.TANDEM_DUPLICATION, doubled, len(doubled)),
    )
    assert place_of(one, transcript).words == "exon 3 standing twice"
    assert options_for(one, target_of(transcript, one)) == ()
    finding = strategy_of(one, transcript, Route.SKIP_EXON).findings[0]
    assert finding.status is Status.FAIL
    assert finding.because.startswith("Exon 3 stands twice")


@pytest.mark.parametrize("strand", list(Strand))
def test_a_deletion_of_exons(strand):
    transcript = gene(strand)
    ends = sorted((at(transcript, 2, -50), behind(transcript, 3, 40)))
    whole = allele(ends[0], ref="A" * (ends[1] - ends[0] + 1), alt="")
    place = place_of(whole, transcript)
    assert (place.absent, place.hit, place.cut, place.broken) == ((2, 3), (), (), ())
    ends = sorted((at(transcript, 2, -50), at(transcript, 3, 20)))
    part = allele(ends[0], ref="A" * (ends[1] - ends[0] + 1), alt="")
    place = place_of(part, transcript)
    assert (place.absent, place.hit, place.cut) == ((2,), (3,), (3,))
    assert options_for(part, target_of(transcript, part)) == ()


@given(st.integers(0, 3000), st.sampled_from(list(Strand)))
def test_the_distance_is_that_to_the_nearest_site(position, strand):
    transcript = gene(strand)
    place = place_of(allele(position), transcript)
    sides = []
    for number in range(1, len(LENGTHS) + 1):
        sides += [edge for edge in edges_of(transcript, number) if edge is not None]
    # An edge lies left of its position: bases on either side of it count from 1.
    nearest = min(edge - position if position < edge else position - edge + 1 for edge in sides)
    inside = transcript.exons[0][0] <= position < transcript.exons[-1][1]
    assert place.is_inside == inside
    assert not inside or place.distance == nearest
    assert place.is_exonic == any(start <= position < end for start, end in transcript.exons)


def strategy_of(one, transcript, route, **more):
    target = target_of(transcript, one, **more)
    [found] = [s for s in splice_switching_strategies(target) if s.route is route]
    return found


def class_of(strategy):
    [found] = [finding for finding in strategy.findings if finding.rule == "n1c.class"]
    return found


@pytest.mark.parametrize(
    ("where", "found", "status", "because"),
    [
        ((1, 5), "not eligible", Status.FAIL, "holds the start or the end of the protein"),
        ((6, 5), "not eligible", Status.FAIL, "holds the start or the end of the protein"),
        ((4, 5), "not eligible", Status.FAIL, "Neither this exon alone nor with one neighbour"),
        ((2, 5), "unable to assess", Status.CAUTION, "the class is «likely eligible»"),
        ((2, -40), "not eligible", Status.FAIL, "there is no exon to leave out"),
        ((2, -1), "unable to assess", Status.CAUTION, "the class is «likely eligible»"),
    ],
)
@pytest.mark.parametrize("strand", list(Strand))
def test_classes_of_exon_skipping(strand, where, found, status, because):
    transcript = gene(strand)
    strategy = strategy_of(allele(at(transcript, *where)), transcript, Route.SKIP_EXON)
    answer = class_of(strategy)
    assert (answer.value, answer.status) == (found, status)
    assert because in answer.because
    assert "flow charts were not read" in answer.because
    assert not answer.checked
    assert strategy.is_eligible == (status is not Status.FAIL)


def test_a_large_exon_is_unlikely():
    """Exon 5 is in frame, but more than a tenth of the coding sequence would be missing."""
    transcript = gene()
    strategy = strategy_of(allele(at(transcript, 5, 100)), transcript, Route.SKIP_EXON)
    assert strategy.is_eligible
    assert "the class is «unlikely eligible»" in class_of(strategy).because
    [size] = [finding for finding in strategy.findings if finding.rule == "n1c.exon_size"]
    assert (size.status, size.value) == (Status.CAUTION, "58.1%")


@pytest.mark.parametrize("strand", list(Strand))
@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ((2, 2), "The allele lacks exon 2, 60 coding bases: a multiple of three"),
        ((2, 3), "The allele lacks exons 2 and 3, 120 coding bases: a multiple of three"),
        ((4, 4), "no one or two exons beside the gap put the reading frame right"),
    ],
)
def test_a_deletion_that_keeps_the_frame_is_told_from_one_that_nothing_mends(strand, gone, words):
    transcript = gene(strand)
    ends = sorted((at(transcript, gone[0], -50), behind(transcript, gone[1], 50)))
    lost = replace(allele(ends[0]), variant=Variant("c", ends[0], "A" * (ends[1] - ends[0]), ""))
    [skipping, _] = splice_switching_strategies(target_of(transcript, lost))
    said = {finding.rule: finding for finding in skipping.findings}
    assert said["n1c.reading_frame"].status is Status.FAIL
    assert words in said["n1c.reading_frame"].because


def test_two_exons_together_can_be_in_frame():
    """Exon 2 has 61 bases, exon 3 has 62: neither goes alone, both go together."""
    exons = ((0, 90), (200, 261), (400, 462), (600, 690))
    transcript = Transcript("NM_9.1", "TOY", "c", Strand.PLUS, exons, (0, 690))
    one = allele(220)
    assert [option.skipped for option in options_for(one, target_of(transcript, one))] == [(2, 3)]


def test_a_known_oligo_makes_the_class_eligible(shared_data):
    folder = shared_data / "genome"
    reference = Reference.open(folder / "GRCh38.windows.fa.gz")
    transcript = load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz", reference).by_id("NM_004006.3")
    low, high = transcript.ordered_exons[49][0] - 100, transcript.ordered_exons[49][1] + 100
    bases = reference.fetch(transcript.contig, low, high)
    one = allele_of(Variant(transcript.contig, low, bases, ""), transcript, reference, Zygosity.HEMIZYGOUS)
    strategy = strategy_of(one, transcript, Route.SKIP_EXON)
    assert class_of(strategy).value == "eligible"
    assert class_of(strategy).status is Status.PASS
    assert [option.skipped for option in options_for(one, strategy.target)] == [(51,)]
    [known] = [finding for finding in strategy.findings if finding.rule == "n1c.known_oligo"]
    assert "eteplirsen" in known.value
    assert known.sources


@pytest.mark.parametrize(
    ("where", "term", "found"),
    [
        ((2, -150), ConsequenceTerm.INTRON, "likely eligible"),
        ((2, -101), ConsequenceTerm.INTRON, "likely eligible"),
        ((2, -100), ConsequenceTerm.INTRON, "unlikely eligible"),
        ((2, -6), ConsequenceTerm.SPLICE_REGION, "unlikely eligible"),
        ((2, -5), ConsequenceTerm.SPLICE_REGION, "not eligible"),
        ((2, -2), ConsequenceTerm.SPLICE_ACCEPTOR, "not eligible"),
        ((5, 100), ConsequenceTerm.SYNONYMOUS, "likely eligible"),
        ((5, 16), ConsequenceTerm.SYNONYMOUS, "likely eligible"),
        ((5, 15), ConsequenceTerm.SYNONYMOUS, "unlikely eligible"),
        ((5, 5), ConsequenceTerm.SYNONYMOUS, "not eligible"),
    ],
)
@pytest.mark.parametrize("strand", list(Strand))
def test_classes_of_splice_correction(strand, where, term, found):
    transcript = gene(strand)
    one = allele(at(transcript, *where), (term,))
    strategy = strategy_of(one, transcript, Route.DISRUPT_SPLICE_SITE, mechanism=Mechanism.SPLICE)
    assert class_of(strategy).value == found
    assert strategy.is_eligible == (found != "not eligible")


@pytest.mark.parametrize(
    ("offset", "found"),
    [(5, "not eligible"), (6, "unlikely eligible"), (50, "unlikely eligible"), (51, "likely eligible")],
)
def test_classes_behind_a_donor(offset, found):
    transcript = gene()
    one = allele(behind(transcript, 2, offset), (ConsequenceTerm.INTRON,))
    strategy = strategy_of(one, transcript, Route.DISRUPT_SPLICE_SITE, mechanism=Mechanism.SPLICE)
    assert class_of(strategy).value == found


@pytest.mark.parametrize(
    ("term", "found", "status"),
    [
        (ConsequenceTerm.INTRON, "unable to assess", Status.UNKNOWN),
        (ConsequenceTerm.SYNONYMOUS, "unable to assess", Status.UNKNOWN),
        (ConsequenceTerm.MISSENSE, "not eligible", Status.FAIL),
        (ConsequenceTerm.STOP_GAINED, "not eligible", Status.FAIL),
    ],
)
def test_wrong_splicing_must_have_been_shown(term, found, status):
    """A prediction is not enough: without RNA the class cannot be assessed, and no design is made."""
    transcript = gene()
    strategy = strategy_of(allele(at(transcript, 5, 100), (term,)), transcript, Route.DISRUPT_SPLICE_SITE)
    assert (class_of(strategy).value, class_of(strategy).status) == (found, status)
    assert not strategy.is_eligible


@pytest.mark.parametrize(
    ("hgvs_c", "found"),
    [("NM_170707.4:c.1824C>T", Status.CAUTION), ("NM_170707.4:c.1824C>G", Status.UNKNOWN)],
)
def test_wrong_splicing_that_the_catalogue_knows_counts_as_shown(hgvs_c, found):
    """Progeria: the variant itself changes no residue, and its wrong donor was shown (doi:10.1038/nm1204)."""
    transcript = gene(name="LMNA")
    one = allele(at(transcript, 5, 100), (ConsequenceTerm.SYNONYMOUS,), hgvs_c)
    strategy = strategy_of(one, transcript, Route.DISRUPT_SPLICE_SITE)
    finding = next(f for f in strategy.findings if f.rule == "splice.wrong_site")
    assert finding.status is found
    assert strategy.is_eligible is (found is Status.CAUTION)
    assert ("doi:10.1038/nm1204" in finding.sources) is (found is Status.CAUTION)


def test_an_oligo_against_this_very_variant_makes_it_eligible():
    transcript = gene(name="CEP290")
    one = allele(at(transcript, 2, -150), (ConsequenceTerm.INTRON,), "NM_025114.4:c.2991+1655A>G")
    strategy = strategy_of(one, transcript, Route.DISRUPT_SPLICE_SITE, mechanism=Mechanism.SPLICE)
    assert class_of(strategy).value == "eligible"
    assert "sepofarsen" in class_of(strategy).because


@pytest.mark.parametrize("minus", [False, True])
def test_every_decision_point_is_on_record(minus):
    reference, transcript = toy_gene(minus=minus)
    start = transcript.ordered_exons[1][0] + 6
    base = reference.fetch("toy", start, start + 1)
    one = allele_of(Variant("toy", start, base, "C" if base != "C" else "A"), transcript, reference)
    for strategy in splice_switching_strategies(target_of(transcript, one)):
        rules = [finding.rule for finding in strategy.findings]
        assert len(set(rules)) == len(rules)
        assert rules[-1] == "n1c.class"
        assert all(finding.sources for finding in strategy.findings if finding.rule.startswith("n1c."))
