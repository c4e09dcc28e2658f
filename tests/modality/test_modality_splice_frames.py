"""Reading frames: the published table of DMD, a second way of counting, and what two ends make together."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modality_cases import both, flip, person, toy_gene

from revertant.genome import Reference, load_gene_models
from revertant.modality.splice_switching.frames import (
    MOST_SKIPPED,
    coding_lengths,
    exon_words,
    inner_exons,
    joined_codons,
    makes_stop,
    skip_options,
)
from revertant.model import Strand, Transcript, Variant

#: Deletions that skipping one exon puts right: Aartsma-Rus 2009, doi:10.1002/humu.20918 (and its reviews).
PUBLISHED = {
    2: "3-7",
    8: "3-7 4-7 5-7 6-7",
    43: "44 44-47 44-49 44-51",
    44: "3-43 5-43 14-43 19-43 30-43 35-43 36-43 40-43 42-43 45 45-54",
    45: "12-44 18-44 44 46 46-47 46-48 46-49 46-51 46-53 46-55",
    46: "21-45 45 47-54 47-56",
    50: "51 51-53 51-55",
    51: "45-50 47-50 48-50 49-50 50 52 52-63",
    52: "51 53 53-55",
    53: "45-52 47-52 48-52 49-52 50-52 52",
    55: "54 56",
}
ROWS = [(exon, deletion) for exon, deletions in PUBLISHED.items() for deletion in deletions.split()]


@pytest.fixture(scope="module")
def dystrophin(shared_data):
    folder = shared_data / "genome"
    reference = Reference.open(folder / "GRCh38.windows.fa.gz")
    return load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz", reference).by_id("NM_004006.3")


@pytest.mark.parametrize(("exon", "deletion"), ROWS)
def test_published_skipping_of_dmd(dystrophin, exon, deletion):
    first, _, last = deletion.partition("-")
    options = skip_options(dystrophin, absent=range(int(first), int(last or first) + 1))
    assert (exon,) in [option.skipped for option in options]


@pytest.mark.parametrize("deletion", [(48, 49), (45, 47), (45, 55), (3, 9), (50, 51), (45, 48)])
def test_deletions_in_frame_need_no_skipping(dystrophin, deletion):
    """Becker deletions of the same gene keep the frame by themselves."""
    assert skip_options(dystrophin, absent=range(deletion[0], deletion[1] + 1)) == ()


@pytest.mark.parametrize("absent", [(1,), (79,), (78, 79), (1, 2, 3)])
def test_start_and_end_are_never_left_out(dystrophin, absent):
    assert skip_options(dystrophin, absent=absent) == ()
    assert skip_options(dystrophin, hit=absent) == ()


def gene_of(lengths, strand=Strand.PLUS, utr=(0, 0)):
    exons, at = [], 10
    for length in lengths if strand is Strand.PLUS else lengths[::-1]:
        exons.append((at, at + length))
        at += length + 50
    left, right = utr if strand is Strand.PLUS else utr[::-1]
    return Transcript("T.1", "G", "c", strand, tuple(exons), (exons[0][0] + left, exons[-1][1] - right))


lengths_of = st.lists(st.integers(1, 40), min_size=2, max_size=9)


@given(lengths_of, st.sampled_from(list(Strand)), st.data())
def test_options_are_the_smallest_sets_counted_by_hand(lengths, strand, data):
    gene = gene_of(lengths, strand)
    count = len(lengths)
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, count))
    gone = set(range(first, last + 1))
    is_deletion = data.draw(st.booleans())
    found = skip_options(gene, **({"absent": gone} if is_deletion else {"hit": gone}))
    starts = [sum(lengths[: n - 1]) for n in range(1, count + 1)]
    total = sum(lengths)
    outer = {
        n for n in range(1, count + 1) if starts[n - 1] < 3 or starts[n - 1] + lengths[n - 1] > total - 3
    }
    fits = []
    for low in range(1, count + 1):
        for high in range(low, count + 1):
            missing = set(range(low, high + 1))
            extra = missing - gone if is_deletion else missing
            whole = sum(lengths[n - 1] for n in missing) % 3 == 0
            if gone <= missing and not missing & outer and 0 < len(extra) <= MOST_SKIPPED and whole:
                fits.append(extra)
    if is_deletion and sum(lengths[n - 1] for n in gone) % 3 == 0:
        fits = []
    expected = {frozenset(one) for one in fits if not any(other < one for other in fits)}
    assert {frozenset(option.skipped) for option in found} == expected
    for option in found:
        assert option.lost_bases == sum(lengths[n - 1] for n in option.missing)
        assert option.lost_bases % 3 == 0
    assert [len(option.skipped) for option in found] == sorted(len(option.skipped) for option in found)


@given(lengths_of, st.sampled_from(list(Strand)), st.integers(0, 5), st.integers(0, 5))
def test_coding_lengths_leave_untranslated_bases_out(lengths, strand, left, right):
    left, right = min(left, lengths[0] - 1), min(right, lengths[-1] - 1)
    if len(lengths) == 2 and sum(lengths) - left - right < 1:
        return
    gene = gene_of(lengths, strand, (left, right))
    expected = list(lengths)
    expected[0] -= left
    expected[-1] -= right
    assert list(coding_lengths(gene)) == expected
    assert not inner_exons(gene) & {1, len(lengths)} or min(expected[0], expected[-1]) < 1


@pytest.mark.parametrize("minus", [False, True])
def test_joined_codon_is_read_across_the_gap(minus):
    """Exon 2 of the toy gene is split in both codons: what is left of them makes one."""
    reference, gene = toy_gene(minus=minus)
    coding = []
    for start, end in gene.coding_exons:
        bases = reference.fetch("toy", start, end)
        coding.append(flip(bases) if minus else bases)
    split = len(coding[0]) % 3
    expected = coding[0][len(coding[0]) - split :] + coding[2][: 3 - split]
    assert joined_codons(person(reference), gene, [2]) == (expected,)


def test_joined_codon_is_that_of_the_patient():
    reference, gene = toy_gene()
    _, end = gene.coding_exons[0]
    last = reference.fetch("toy", end - 1, end)
    variant = Variant("toy", end - 1, last, "T" if last != "T" else "A")
    [codon] = joined_codons(person(reference, both(variant)), gene, [2])
    [before] = joined_codons(person(reference), gene, [2])
    assert codon[0] == variant.alt
    assert codon[1:] == before[1:]


@pytest.mark.parametrize(
    ("codons", "stops"), [(("TAA",), True), (("AAA", "TGA"), True), (("TGG",), False), ((), False)]
)
def test_stops(codons, stops):
    assert makes_stop(codons) is stops


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({2}, "exon 2"),
        ({3, 2}, "exons 2 and 3"),
        ({2, 3, 4}, "exons 2 to 4"),
        ({2, 5}, "exons 2 and 5"),
        ({2, 3, 5}, "exons 2, 3 and 5"),
    ],
)
def test_words(numbers, words):
    assert exon_words(numbers) == words


def test_every_exon_of_dmd_has_its_published_frame(dystrophin):
    """The exons that can be left out alone without a shift, as every table of the gene has them."""
    alone = [n for n in sorted(inner_exons(dystrophin)) if coding_lengths(dystrophin)[n - 1] % 3 == 0]
    assert alone == [
        3, 4, 5, 9, 10, 13, 14, 15, 16, *range(23, 43), 47, 48, 49, 60, 64, 71, 72, 73, 74, 77,
    ]  # fmt: skip
    pairs = [(a, b) for a, b in combinations((45, 46, 50, 51, 52, 53), 2) if b == a + 1]
    assert [pair for pair in pairs if sum(coding_lengths(dystrophin)[n - 1] for n in pair) % 3 == 0] == [
        (45, 46),
        (50, 51),
        (51, 52),
        (52, 53),
    ]
