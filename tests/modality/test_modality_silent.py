"""Silent changes, judged a second time by reading whole transcripts base by base."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import (
    CODE,
    both,
    fits,
    flip,
    haplotype,
    person,
    protein_of,
    splice_letters,
    toy_gene,
)

from revertant.errors import IncompatibleInputsError
from revertant.genome import HaplotypeWindow, PatientGenome, Reference, load_gene_models
from revertant.modality.protospacers import protospacers
from revertant.modality.reading import entering_frame_is_known, reading_frame
from revertant.modality.recut import Shield, Site, is_cut, shield_of
from revertant.modality.silent import (
    SilentJudge,
    SilentLimits,
    applied,
    blocking_changes,
    carried_range,
    evading_changes,
    seed_and_pam,
    silent_changes,
)
from revertant.modality.wanted import wanted_window
from revertant.model import Call, Locus, PamSide, Strand, Transcript, Variant
from revertant.prediction import acceptor_score, donor_score


def random_variants(draw, reference, low, high, most=3):
    """Substitutions, insertions and deletions that neither overlap nor touch."""
    variants, at = [], low
    for _ in range(draw(st.integers(0, most))):
        start = at + draw(st.integers(1, 60))
        length = draw(st.integers(1, 4))
        if start + length + 1 >= high:
            break
        here = reference.fetch("toy", start, start + length)
        kind = draw(st.sampled_from(["change", "insert", "delete"]))
        if kind == "change":
            other = draw(st.sampled_from([b for b in "ACGT" if b != here[0]]))
            variants.append(Variant("toy", start, here[0], other))
        elif kind == "insert":
            text = draw(st.text("ACGT", min_size=1, max_size=4))
            variants.append(Variant("toy", start, here[0], here[0] + text))
        else:
            variants.append(Variant("toy", start, here, here[0] if length > 1 else ""))
        at = start + length
    return variants


def exon_edges(transcript):
    return {edge for exon in transcript.exons for edge in exon}


def check_silent(reference, transcript, variants, made, *, low=0):
    """Nothing a cell would notice may have changed; read on whole haplotypes, written a second time."""
    contig = transcript.contig
    high = reference.windows[0].end
    before = haplotype(reference, contig, low, high, variants)
    after = haplotype(reference, contig, low, high, [*variants, *made.changes])
    assert protein_of(before, transcript) == protein_of(after, transcript)
    assert splice_letters(before, transcript) == splice_letters(after, transcript)
    for change in made.changes:
        assert all(not edge - 3 <= change.start < edge + 3 for edge in exon_edges(transcript))
        index = transcript.genome_to_coding(change.start)
        if not variants:
            assert index is None or 3 <= index < transcript.coding_bases - 3


@pytest.mark.parametrize("minus", [False, True])
@given(data=st.data())
def test_silent_changes_on_edited_haplotypes(minus, data):
    """Indels shift the frame; the codons changed are those of the haplotype, not of the reference."""
    reference, transcript = toy_gene(minus=minus)
    total = reference.windows[0].end
    variants = random_variants(data.draw, reference, transcript.cds[0], transcript.cds[1])
    [window] = person(reference, *map(both, variants)).windows(Locus("toy", 0, total))
    limits = SilentLimits(in_utr=data.draw(st.booleans()), in_intron=data.draw(st.booleans()))
    judge = SilentJudge(window, [transcript], limits)
    start = data.draw(st.integers(transcript.cds[0] - 30, transcript.cds[1]))
    found = silent_changes(judge, (start, start + 25))
    # Behind a new stop, or at an exon's edge, nothing needs to be found; elsewhere nothing may be wrong.
    for made in found:
        check_silent(reference, transcript, window.variants, made)
        if not limits.in_utr and not limits.in_intron:
            assert all(transcript.genome_to_coding(change.start) is not None for change in made.changes)
    for made in evading_changes(judge, (start + 12, start + 13))[:20]:
        check_silent(reference, transcript, window.variants, made)
        assert len(made.changes) <= 2
        assert all(1 <= abs(index - start - 12) <= 5 for index in made.indexes)


def makes_site(now, after, place, minus):
    """Whether some GT or AG over a base scores 3 bits or more, and did not or has won a bit; scored site by site."""
    if minus:
        now, after, place = flip(now), flip(after), len(now) - 1 - place
    for low, size, letters, score in ((3, 9, "GT", donor_score), (18, 23, "AG", acceptor_score)):
        for at in range(place - size + 1, place + 1):
            old, new = now[at : at + size], after[at : at + size]
            if new[low : low + 2] == letters and score(new) >= 3:
                was = score(old) if old[low : low + 2] == letters else None
                if was is None or was < 3 or round(score(new), 2) >= round(was, 2) + 1:
                    return True
    return False


@pytest.mark.parametrize("minus", [False, True])
def test_silent_changes_are_complete(minus):
    """Every single-base change of the exons that keeps the protein is found, and no other."""
    reference, transcript = toy_gene(minus=minus)
    total = reference.windows[0].end
    [window] = person(reference).windows(Locus("toy", 0, total))
    found = {
        made.changes[0]
        for made in silent_changes(SilentJudge(window, [transcript]), (0, total))
        if len(made.changes) == 1
    }
    protein = protein_of(haplotype(reference, "toy", 0, total, []), transcript)
    expected = set()
    for start, end in transcript.coding_exons:
        for place in range(start, end):
            edges = exon_edges(transcript)
            if any(edge - 3 <= place < edge + 3 for edge in edges):
                continue
            if not 3 <= transcript.genome_to_coding(place) < transcript.coding_bases - 3:
                continue
            here = reference.fetch("toy", place, place + 1)
            for base in "ACGT":
                if base != here:
                    change = Variant("toy", place, here, base)
                    read = protein_of(haplotype(reference, "toy", 0, total, [change]), transcript)
                    made = list(reference.fetch("toy", 0, total))
                    made[place] = base
                    if read == protein and not makes_site(
                        reference.fetch("toy", 0, total), "".join(made), place, minus
                    ):
                        expected.add(change)
    assert found == expected
    assert len(expected) > 40


def cut_by_hand(bases, spacer, pam, seed_nt):
    """A PAM with a seed that has fewer than two substitutions beside it, on either strand."""
    for text in (bases, flip(bases)):
        for at in range(len(spacer), len(text) - len(pam) + 1):
            if fits(pam, text[at : at + len(pam)]):
                pairs = zip(spacer[-seed_nt:], text[at - seed_nt : at], strict=True)
                if sum(a != b for a, b in pairs) < 2:
                    return True
    return False


@pytest.mark.parametrize("minus", [False, True])
@given(data=st.data())
def test_blocking_changes_stop_the_guide(minus, data):
    reference, transcript = toy_gene(minus=minus)
    total = reference.windows[0].end
    [window] = person(reference).windows(Locus("toy", 0, total))
    sites = [
        p
        for p in protospacers(window, "NGG", PamSide.THREE_PRIME, 20)
        if transcript.genome_to_coding(p.start + 10) is not None
    ]
    site = data.draw(st.sampled_from(sites))
    variants = random_variants(data.draw, reference, max(site.start - 12, 1), site.end + 12, most=1)
    if any(len(v.ref) > 1 and v.start + len(v.ref) > total for v in variants):
        return
    edited = wanted_window(window, reference, come=variants)
    judge = SilentJudge(edited, [transcript])
    around = seed_and_pam(site, 10, edited)
    found = blocking_changes(judge, Site.of(site, 10, "NRG"), around, site.start)
    for made in found:
        after = applied(edited, made)
        assert not cut_by_hand(after.bases, site.spacer, "NRG", 10)
        assert len(made.changes) <= 3
        check_silent(reference, transcript, edited.variants, made)
        letters = "".join(b.letter for b in haplotype(reference, "toy", 0, total, after.variants))
        assert letters == after.bases
    if found and not found[0].changes:
        assert len(found) == 1
    by_pam = [made.shield is Shield.PAM for made in found]
    assert by_pam == sorted(by_pam, reverse=True)


def test_blocking_in_the_second_frame_is_refused():
    """A change that is silent for one transcript only is none for both."""
    text = "CCCATGACCTTGCCCCACAAGGCAGCAACGGTCTGACCCATAATAA"
    one = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 46),), (3, 36))
    other = Transcript("T.2", "G", "s", Strand.PLUS, ((0, 46),), (4, 43))
    window = HaplotypeWindow.of_reference(Locus("s", 0, 46), text)
    alone = {made.changes for made in silent_changes(SilentJudge(window, [one]), (6, 33))}
    shared = {made.changes for made in silent_changes(SilentJudge(window, [one, other]), (6, 33))}
    assert shared < alone
    for changes in shared:
        bases = list(text)
        for change in changes:
            bases[change.start] = change.alt
        for low, high in ((3, 36), (4, 43)):
            read = [CODE["".join(bases[i : i + 3])] for i in range(low, high, 3)]
            assert read == [CODE[text[i : i + 3]] for i in range(low, high, 3)]


def test_an_indel_at_an_exon_edge_gives_no_frame():
    reference, transcript = toy_gene()
    end = transcript.exons[0][1]
    gone = Variant("toy", end - 1, reference.fetch("toy", end - 1, end), "")
    [window] = person(reference).windows(Locus("toy", 0, reference.windows[0].end))
    edited = wanted_window(window, reference, come=[gone])
    judge = SilentJudge(edited, [transcript])
    assert "touches the edge" in judge.because
    assert silent_changes(judge, (0, len(edited.bases))) == ()
    assert "touches the edge" in reading_frame(edited, transcript).because


@pytest.mark.parametrize("minus", [False, True])
def test_frameshifts_before_the_window_are_noticed(minus):
    reference, transcript = toy_gene(minus=minus)
    first, last = transcript.coding_to_genome(12), transcript.coding_to_genome(100)
    contig = "toy"
    here = Locus(contig, last - 10, last + 10)
    shift = Variant(contig, first, reference.fetch(contig, first, first + 1), "")
    whole = Variant(contig, first, reference.fetch(contig, first, first + 3), "")
    for call, known in (
        (Call(shift, (True, True)), False),
        (Call(whole, (True, True)), True),
        (Call(shift, (True, False), phase_set="1"), None),
        (Call(shift, (True, False)), None),
    ):
        snv = Variant(contig, last, reference.fetch(contig, last, last + 1), "A")
        if snv.ref == "A":
            snv = Variant(contig, last, "A", "C")
        mine = Call(snv, (False, True), phase_set=call.phase_set)
        genome = PatientGenome(reference, [call, mine])
        for window in genome.windows(here):
            answer = entering_frame_is_known(genome, window, transcript)
            if known is not None:
                assert answer is known
            elif call.phase_set:
                assert answer is (snv in window.variants)
            else:
                assert answer is False
    after = Variant(
        contig,
        last + (-30 if minus else 30),
        reference.fetch(contig, last + (-30 if minus else 30), last + (-29 if minus else 31)),
        "",
    )
    genome = PatientGenome(reference, [both(after)])
    [window] = genome.windows(here)
    assert entering_frame_is_known(genome, window, transcript)


def test_wanted_window_refuses_what_is_not_there():
    reference, _ = toy_gene()
    [window] = person(reference).windows(Locus("toy", 0, 50))
    with pytest.raises(IncompatibleInputsError, match="does not carry"):
        wanted_window(window, reference, gone=[Variant("toy", 5, reference.fetch("toy", 5, 6), "")])
    sick = Variant("toy", 10, reference.fetch("toy", 10, 14), "")
    [window] = person(reference, both(sick)).windows(Locus("toy", 0, 50))
    with pytest.raises(IncompatibleInputsError, match="overlaps"):
        wanted_window(window, reference, come=[Variant("toy", 12, reference.fetch("toy", 12, 13), "")])
    assert wanted_window(window, reference, gone=window.variants).bases == reference.fetch("toy", 0, 50)


@given(st.text("ACGT", min_size=4, max_size=30), st.data())
def test_carried_ranges_keep_shared_ends(before, data):
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    put = data.draw(st.text("ACGT", max_size=5))
    after = before[:start] + put + before[end:]
    for first in range(len(before)):
        low, high = carried_range(before, after, first, len(before))
        assert before.startswith(after[:low]) or before.endswith(after[low:])
        assert 0 <= low <= high <= len(after)
        low, high = carried_range(before, after, 0, first + 1)
        assert before.startswith(after[:high]) or before.endswith(after[high:])
        assert 0 <= low <= high <= len(after)


@given(st.text("ACGT", min_size=40, max_size=60), st.integers(0, 3), st.data())
def test_shields_agree_with_plain_counting(bases, changes, data):
    """Without skipped bases the rule is: a PAM with fewer than two mismatches in the seed beside it."""
    at = data.draw(st.integers(0, len(bases) - 23))
    spacer = list(bases[at : at + 20])
    for _ in range(changes):
        spacer[data.draw(st.integers(10, 19))] = data.draw(st.sampled_from("ACGT"))
    spacer = "".join(spacer)
    site = Site(spacer, "NGG", PamSide.THREE_PRIME, 10)
    if cut_by_hand(bases, spacer, "NGG", 10):
        assert is_cut(bases, site)
        assert shield_of(bases, site) is Shield.NONE
    five = Site(flip(spacer), "CCN", PamSide.FIVE_PRIME, 10)
    assert shield_of(bases, five) is shield_of(bases, Site(spacer, "NGG", PamSide.THREE_PRIME, 10))


def edits_by_table(one, other):
    """Fewest edits that turn one text into some start of the other, by the textbook table."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one):
        row = [i + 1]
        for j, against in enumerate(other):
            row.append(min(rows[-1][j] + (letter != against), rows[-1][j + 1] + 1, row[-1] + 1))
        rows.append(row)
    return min(rows[-1])


@given(st.text("ACG", min_size=6, max_size=8), st.text("ACG", min_size=1, max_size=12), st.integers(1, 3))
def test_skipped_bases_count_as_differences(seed, beside, enough):
    """A 5' PAM, so that the seed is read from left to right; TTT stands nowhere else."""
    bases = "TTT" + beside
    reach = beside[: len(seed) + enough - 1]
    stands = len(beside) >= len(seed) and edits_by_table(seed, reach) < enough
    assert is_cut(bases, Site(seed + "GGGG", "TTT", PamSide.FIVE_PRIME, len(seed)), enough) is stands


def test_a_skipped_base_in_the_seed_is_no_shield():
    spacer = "CTTGCCCCACAGGGCAGTAA"
    bases = "AATT" + spacer[:15] + spacer[16:] + "CGGTTAA"
    assert shield_of(bases, Site(spacer, "NRG", PamSide.THREE_PRIME, 10)) is Shield.NONE
    assert shield_of(bases.replace("CGG", "CCG"), Site(spacer, "NRG", PamSide.THREE_PRIME, 10)) is Shield.PAM


def test_limits_are_limits():
    with pytest.raises(ValueError, match="margins"):
        SilentLimits(exon_margin_nt=2)


# All coding sequences of the windows.


def open_transcripts(reference, models):
    """Coding transcripts whose exons the windows cover and whose reading frame is whole."""
    for transcript in models.transcripts:
        if transcript.cds is None or not all(
            reference.covers(Locus(transcript.contig, *exon)) for exon in transcript.exons
        ):
            continue
        coded = []
        for start, end in transcript.exons:
            low, high = max(start, transcript.cds[0]), min(end, transcript.cds[1])
            if low < high:
                coded += zip(range(low, high), reference.fetch(transcript.contig, low, high), strict=True)
        text = "".join(base for _, base in coded)
        text = text if transcript.strand is Strand.PLUS else flip(text)
        if len(text) % 3 == 0 and set(text) <= set("ACGT") and CODE[text[-3:]] == "Ter":
            yield transcript, coded


def residues(coded, strand):
    text = "".join(base for _, base in coded)
    text = text if strand is Strand.PLUS else flip(text)
    return [CODE[text[i : i + 3]] for i in range(0, len(text), 3)]


NUCLEASES = (
    ("NGG", "NRG", PamSide.THREE_PRIME, 20, 10),
    ("NNGRRT", "NNGRRN", PamSide.THREE_PRIME, 21, 8),
    ("TTTV", "TTTV", PamSide.FIVE_PRIME, 23, 6),
)


def check_change(change, transcripts):
    """No base within three of any exon edge of any transcript of the gene, nor near a splice site."""
    for one in transcripts:
        assert all(not edge - 3 <= change.start < edge + 3 for edge in exon_edges(one))
        left, right = (8, 50) if one.strand is Strand.PLUS else (50, 8)
        for (_, low), (high, _) in pairwise(one.exons):
            assert not low <= change.start < min(low + left, high)
            assert not max(high - right, low) <= change.start < high


def check_splice(window, made, minus):
    """No change makes a splice site or clearly strengthens one; read on the genome with all of them made."""
    after = list(window.bases)
    for index, change in zip(made.indexes, made.changes, strict=True):
        after[index] = change.alt
    for index in made.indexes:
        assert not makes_site(window.bases, "".join(after), index, minus)


def check_every_cds(folder, share):
    """Block SpCas9, SaCas9 and Cas12a at a share of the sites of all coding exons; read the protein afresh."""
    chosen = random.Random(4)
    reference = Reference.open(folder / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(folder / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    genome = PatientGenome(reference)
    counts = {"transcripts": 0, "sites": 0, "blocked": 0, "by_pam": 0}
    seen = set()
    for transcript, coded in open_transcripts(reference, models):
        counts["transcripts"] += 1
        wild = residues(coded, transcript.strand)
        places = {place: i for i, (place, _) in enumerate(coded)}
        family = [transcript, *(t for t in models.of_gene(transcript.gene) if t != transcript and t.cds)]
        for start, end in transcript.exons:
            key = (transcript.gene, start, end)
            locus = Locus(transcript.contig, start - 60, end + 60)
            outside = end <= transcript.cds[0] or start >= transcript.cds[1]
            if outside or key in seen or not reference.covers(locus):
                continue
            seen.add(key)
            [window] = genome.windows(locus)
            sites = [
                (site, wide, seed)
                for pam, wide, side, length, seed in NUCLEASES
                for site in protospacers(window, pam, side, length)
                if site.start >= 45 and site.end <= len(window.bases) - 45 and chosen.random() < share
            ]
            judge = SilentJudge(window, family) if sites else None
            for site, wide, seed in sites:
                counts["sites"] += 1
                around = seed_and_pam(site, seed, window)
                found = blocking_changes(judge, Site.of(site, seed, wide), around, site.start)
                counts["blocked"] += bool(found)
                counts["by_pam"] += bool(found) and found[0].shield is Shield.PAM
                for made in found[:3]:
                    after = list(coded)
                    for change in made.changes:
                        assert coded[places[change.start]][1] == change.ref
                        after[places[change.start]] = (change.start, change.alt)
                        check_change(change, family)
                    assert residues(after, transcript.strand) == wild
                    check_splice(window, made, transcript.strand is Strand.MINUS)
    return counts


def test_blocking_on_a_slice_of_all_coding_sequences(shared_data):
    counts = check_every_cds(shared_data, 0.005)
    assert counts["transcripts"] > 300
    assert counts["sites"] > counts["blocked"] > 0.4 * counts["sites"] > 100


@pytest.mark.long
def test_blocking_on_all_coding_sequences(shared_data):
    counts = check_every_cds(shared_data, 1)
    print(dict(counts))  # noqa: T201 - the figures of the campaign
    assert counts["sites"] > counts["blocked"] > 0.4 * counts["sites"] > 30_000
