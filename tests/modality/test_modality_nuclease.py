"""Cuts, frames and sites of nuclease designs, worked out a second time from the sequence."""

from __future__ import annotations

from importlib.resources import files

import pytest
from modality_cases import (
    CODE,
    LETTERS,
    PAIRS,
    allele_of,
    both,
    fits,
    flip,
    person,
    target_of,
    toy_gene,
)

from revertant import knowledge
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.modality import AssessmentContext, DesignOptions
from revertant.modality.nuclease import NUCLEASE
from revertant.modality.nuclease.design import cut_indexes
from revertant.modality.nuclease.frameshift import frame_outcomes
from revertant.modality.protospacers import protospacers
from revertant.model import (
    Case,
    CaseVariant,
    Locus,
    Mechanism,
    PamSide,
    Route,
    Site,
    Status,
    Strand,
    Strategy,
    Subject,
    Transcript,
    Variant,
)
from revertant.prediction import on_target_activity

DEMO = files("revertant.cli") / "demo_data"
CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))


def site_text(pam, length, side):
    """A spacer without the PAM's letters next to one PAM."""
    found = "".join(LETTERS[letter][-1] for letter in pam)
    spacer = ("ACTCATCTACTCATTCACATCAACATCTAC" * 2)[:length]
    return (spacer + found) if side is PamSide.THREE_PRIME else (found + spacer)


@pytest.mark.parametrize("key", ["spcas9", "sacas9", "ascas12a", "lbcas12a", "nme2cas9", "cjcas9"])
@pytest.mark.parametrize("strand", Strand)
def test_cut_geometry(key, strand):
    """The base at which each strand is cut, counted from the PAM along the strand that carries it."""
    nuclease = knowledge.nucleases()[key]
    site = site_text(nuclease.pam, nuclease.spacer_nt, nuclease.pam_side)
    left = "GTCA" * 10
    text = left + (site if strand is Strand.PLUS else flip(site)) + left
    [window] = person(Reference.from_sequences({"s": text})).windows(Locus("s", 0, len(text)))
    found = [
        p
        for p in protospacers(window, nuclease.pam, nuclease.pam_side, nuclease.spacer_nt)
        if p.guide().target_with_pam == site and p.strand is strand
    ]
    [place] = found
    top, bottom = cut_indexes(place, nuclease)
    # Along the site: the number of bases 5' of the cut on the guide's strand.
    expected = {
        "spcas9": (17, 17),
        "sacas9": (18, 18),
        "nme2cas9": (21, 21),
        "cjcas9": (19, 19),
        "ascas12a": (4 + 18, 4 + 23),
        "lbcas12a": (4 + 18, 4 + 23),
    }[key]
    size = len(site)
    for cut, before in zip((top, bottom), expected, strict=True):
        assert cut == len(left) + (before if strand is Strand.PLUS else size - before)
    overhang = abs(top - bottom)
    assert overhang == nuclease.overhang_nt == (5 if "cas12a" in key else 0)


def frames_by_hand(transcript, reference, cut, shift):
    """Put one or two unknown bases at the cut and read on; return residues kept and residues to the stop."""
    spliced, home = [], []
    for start, end in transcript.ordered_exons:
        places = range(start, end) if transcript.strand is Strand.PLUS else range(end - 1, start - 1, -1)
        for place in places:
            base = reference.fetch("toy", place, place + 1)
            spliced.append(base if transcript.strand is Strand.PLUS else PAIRS[base])
            home.append(place)
    first = home.index(transcript.cds[0] if transcript.strand is Strand.PLUS else transcript.cds[1] - 1)
    # The cut lies left of ``cut`` on the plus strand: before it in reading, or after it on a minus gene.
    at = home.index(cut) + (transcript.strand is Strand.MINUS)
    text = "".join(spliced[first:at]) + "N" * shift + "".join(spliced[at:])
    kept = (at - first) // 3
    for codon in range(len(text) // 3):
        if CODE.get(text[3 * codon : 3 * codon + 3]) == "Ter":
            stop_base = first + 3 * codon - shift
            last = len(spliced) - (transcript.ordered_exons[-1][1] - transcript.ordered_exons[-1][0])
            return kept, codon - kept, last - stop_base > 50
    return kept, None, False


@pytest.mark.parametrize("minus", [False, True])
def test_frames_of_every_cut(minus):
    reference, transcript = toy_gene(minus=minus)
    for start, end in transcript.coding_exons:
        for cut in range(start + 1, end):
            one, two = frame_outcomes(transcript, reference, cut)
            for frame in (one, two):
                kept, stop, decay = frames_by_hand(transcript, reference, cut, frame.shift)
                assert (frame.residues_kept, frame.residues_to_stop, frame.decay) == (kept, stop, decay)
    assert frame_outcomes(transcript, reference, transcript.exons[0][1] + 20) == ()


@pytest.mark.parametrize("distance", [40, 47, 48, 49, 50, 51, 52, 53, 54, 60, 70])
def test_decay_follows_the_fifty_base_rule(distance):
    """A stop in the shifted frame at a chosen distance before the last junction."""
    head = "ATG" + "GCC" * 10
    # After one base too many, the frame of the planted TGA is read.
    first = head + "GCTGACC"
    stop = first.index("TGA")
    exon = first + "C" * (stop + distance - len(first))
    text = exon + "GTAAGTCCCCCTTTCCAG" + "GCC" * 20 + "TAA" + "CCC"
    reference = Reference.from_sequences({"toy": text})
    low = len(exon) + 18
    gene = Transcript(
        "NM_9.1", "TOY", "toy", Strand.PLUS, ((0, len(exon)), (low, len(text))), (0, len(text) - 3)
    )
    cut = 6
    for frame in frame_outcomes(gene, reference, cut):
        kept, to_stop, decay = frames_by_hand(gene, reference, cut, frame.shift)
        assert (frame.residues_kept, frame.residues_to_stop, frame.decay) == (kept, to_stop, decay)
        at = 3 * (kept + to_stop) - frame.shift if to_stop is not None else None
        if at == stop:
            assert frame.decay == (distance > 50)
            break
    else:
        pytest.fail("the planted stop was not found")


def test_a_single_exon_gene_does_not_decay():
    text = "GG" + "ATG" + "GCT" * 30 + "TAA" + "GGTAGATAGATAAG" * 4
    reference = Reference.from_sequences({"toy": text})
    gene = Transcript("NM_9.1", "TOY", "toy", Strand.PLUS, ((0, len(text)),), (2, 98))
    frames = frame_outcomes(gene, reference, 40)
    assert [frame.decay for frame in frames] == [False, False]


def knock_out(transcript, *others, reference, minus=False, options=None):
    target = target_of(
        transcript, mechanism=Mechanism.GAIN_OF_FUNCTION, dispensable=True, haploinsufficient=False
    )
    strategy = Strategy("nuclease", Route.KNOCK_OUT, target, ())
    models = GeneModels([transcript, *others])
    genome = person(reference)
    batch = NUCLEASE.design(strategy, genome, models, options or DesignOptions(most_designs=10_000))
    return strategy, genome, models, batch


@pytest.mark.parametrize("minus", [False, True])
def test_knock_out_cuts_early_coding_exons(minus):
    reference, transcript = toy_gene(minus=minus)
    strategy, genome, models, batch = knock_out(transcript, reference=reference)
    options = DesignOptions(nucleases=("spcas9", "ascas12a"), most_designs=10_000)
    batch = NUCLEASE.design(strategy, genome, models, options)
    made = {(d.effector, d.guides[0].spacer, dict(d.facts)["cut"]) for d in batch.designs}
    text = reference.fetch("toy", 0, reference.total_bases)
    total = len(text)
    expected = set()
    for key, pam, length, three, top in (
        ("spcas9", "NGG", 20, True, 17),
        ("ascas12a", "TTTV", 23, False, 18),
    ):
        for strand, read in (("+", text), ("-", flip(text))):
            for at in range(total - length - len(pam) + 1):
                site = read[at : at + length + len(pam)]
                found, spacer = (site[length:], site[:length]) if three else (site[:4], site[4:])
                if not fits(pam, found):
                    continue
                first = at + (top if three else 4 + top)
                cut = first if strand == "+" else total - first
                inside = any(s < cut < e for s, e in transcript.coding_exons)
                index = transcript.genome_to_coding(cut) if inside else None
                if index is not None and 0.05 <= index / transcript.coding_bases <= 0.5:
                    expected.add((key, spacer, f"toy:{cut}^{cut + 1}"))
    assert made == expected
    assert made
    for design in batch.designs:
        assessment = NUCLEASE.assess(design, AssessmentContext(CASE, strategy, genome, models, None))
        assert assessment.of("edit.early_cut").status is Status.PASS
        damage = [f for f in assessment.findings if f.rule.startswith("damage.")]
        assert {f.rule for f in damage} >= {
            "damage.dsb_large_deletion",
            "damage.dsb_loss_of_heterozygosity",
            "damage.dsb_chromothripsis",
            "damage.dsb_p53",
        }
        assert {f.status for f in damage} == {Status.CAUTION}
        assert assessment.of("offtarget.worst_site").status is Status.UNKNOWN


def test_knock_out_wants_an_exon_of_every_transcript():
    reference, transcript = toy_gene()
    short = Transcript(
        "NM_9B.1",
        "TOY",
        "toy",
        transcript.strand,
        transcript.exons[1:],
        (transcript.exons[1][0], transcript.cds[1]),
    )
    *_, batch = knock_out(transcript, short, reference=reference)
    reasons = dict(batch.tally.refused)
    assert reasons["the exon is not in every transcript of the gene"] == 1
    low, high = transcript.exons[1]
    cuts = [int(dict(d.facts)["cut"].split(":")[1].split("^")[0]) for d in batch.designs]
    assert cuts
    assert all(low < cut < high for cut in cuts)


def test_bcl11a_enhancer_guide_is_found():
    reference = Reference.open(str(DEMO / "loci.GRCh38.fa"))
    transcript = load_gene_models(str(DEMO / "HBB.GRCh38.gtf"), reference).transcripts[0]
    fact = next(s for s in knowledge.sites().values() if "plus58" in s.key)
    site = Site(fact.key, fact.name, Locus("chr2", *fact.interval), fact.motif, fact.purpose, fact.sources)
    target = target_of(transcript, sites=(site,))
    strategy = Strategy("nuclease", Route.DISRUPT_REGULATORY_SITE, target, (), site=site)
    models = GeneModels([transcript])
    batch = NUCLEASE.design(strategy, person(reference), models, DesignOptions(nucleases=("spcas9",)))
    [design] = [d for d in batch.designs if d.guides[0].spacer == "CTAACAGTTGCTTTTATCAC"]
    assert design.guides[0].pam == "AGG"
    assert design.precedent
    assert [o.effect.value for o in design.outcomes] == ["disrupts_site", "no_effect"]
    cut = int(dict(design.facts)["cut"].split(":")[1].split("^")[0])
    assert fact.interval[0] < cut < fact.interval[1]
    # The bases about this guide's site: the prediction is that of the reference, as the person has no variant here.
    locus = design.guides[0].locus
    if locus.strand is Strand.PLUS:
        context = reference.fetch("chr2", locus.start - 4, locus.start + 26)
    else:
        context = flip(reference.fetch("chr2", locus.start - 6, locus.start + 24))
    predicted = on_target_activity(context, "spcas9")
    value = f"{predicted.value:.2f} ({predicted.low:.2f} to {predicted.high:.2f})"
    assert dict(design.facts)["predicted_activity"] == value
    assert "rank" in dict(design.facts)["predicted_activity_is"]
    motif = reference.fetch("chr2", *fact.interval)
    assert motif in {"GATAA", "TTATC"}
    assert all(d.guides[0].pam[1:] == "GG" for d in batch.designs)


def test_a_plan_that_takes_few_cuts_of_a_site_takes_those_of_nucleases_used_in_people():
    """All cuts of a site are placed alike: the first 40 by the letters of their keys would hold no SpCas9."""
    reference = Reference.open(str(DEMO / "loci.GRCh38.fa"))
    transcript = load_gene_models(str(DEMO / "HBB.GRCh38.gtf"), reference).transcripts[0]
    locus = Locus("chr2", 60495236, 60495296)
    site = Site("asked", "region", locus, reference.fetch("chr2", locus.start, locus.end), "Asked for.", ())
    strategy = Strategy(
        "nuclease", Route.DISRUPT_REGULATORY_SITE, target_of(transcript, sites=(site,)), (), site=site
    )

    def designs(**options):
        return NUCLEASE.design(
            strategy, person(reference), GeneModels([transcript]), DesignOptions(**options)
        )

    few, used = (
        designs(),
        designs(nucleases=tuple(knowledge.effectors_in_people() & {*knowledge.nucleases()})),
    )
    assert any(reason.startswith("beyond the 40") for reason, _ in few.tally.refused)
    assert 0 < len(used.designs) < len(few.designs) == 40
    guides = {(one.effector, one.guides[0].spacer) for one in few.designs}
    assert ("spcas9", "TTTATCACAGGCTCCAGGAA") in guides  # sg1618
    assert {(one.effector, one.guides[0].spacer) for one in used.designs} <= guides


def test_designs_are_joined_over_copies():
    """A homozygous neighbour elsewhere, and a guide that both copies share, give one design each."""
    reference, transcript = toy_gene()
    variant = Variant("toy", 10, reference.fetch("toy", 10, 11), "T")
    strategy, _, models, plain = knock_out(transcript, reference=reference)
    again = NUCLEASE.design(
        strategy, person(reference, both(variant)), models, DesignOptions(most_designs=10_000)
    )
    assert [d.design_id for d in again.designs] == [d.design_id for d in plain.designs]
    assert all(d.guides[0].haplotypes == ("1", "2") for d in again.designs)


def test_restoring_without_a_template_is_refused():
    reference, transcript = toy_gene()
    allele = allele_of(Variant("toy", transcript.cds[0] + 4, "C", "T"), transcript, reference)
    found = [
        s
        for s in NUCLEASE.eligibility(target_of(transcript, allele), CASE)
        if s.route is Route.RESTORE_WILD_TYPE
    ]
    assert [s.status for s in found] == [Status.FAIL]
    assert "without a template" in found[0].findings[0].because
