"""HGVS in and out, SPDI and VCF text, on small sequences with known answers and on random transcripts."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import GeneModels, Reference
from revertant.model import Strand, Transcript, Variant
from revertant.sequence import reverse_complement
from revertant.variant import Numbering, hgvs_c, hgvs_g, normalise, resolve, transcript_of

SEEDS = st.integers(0, 2**32)
QUICK = settings(deadline=None, max_examples=60)


def naive_labels(transcript: Transcript) -> dict[int, str]:
    """Label every base by walking along the transcript, one base at a time."""
    is_plus = transcript.strand is Strand.PLUS
    step = 1 if is_plus else -1
    spliced = [p for start, end in transcript.exons for p in range(start, end)][::step]
    assert transcript.cds is not None
    first = spliced.index(transcript.cds[0] if is_plus else transcript.cds[1] - 1)
    last = spliced.index(transcript.cds[1] - 1 if is_plus else transcript.cds[0])
    labels = {}
    for i, position in enumerate(spliced):
        if i < first:
            labels[position] = f"-{first - i}"
        elif i <= last:
            labels[position] = str(i - first + 1)
        else:
            labels[position] = f"*{i - last}"
    exonic = dict(labels)
    for one, other in pairwise(spliced):
        inside = list(range(one + step, other, step))
        for i, position in enumerate(inside):
            back, forth = i + 1, len(inside) - i
            labels[position] = f"{exonic[one]}+{back}" if back <= forth else f"{exonic[other]}-{forth}"
    return labels


def random_transcript(rng: random.Random, *, name: str = "NM_1.1") -> tuple[Reference, Transcript]:
    """A small transcript on random, repeat-rich sequence."""
    letters = rng.choice(["ACGT", "AC", "AAAC"])
    bases = "".join(rng.choice(letters) for _ in range(200))
    edges = sorted(rng.sample(range(20, 180), 2 * rng.randint(1, 4)))
    exons = tuple(zip(edges[::2], edges[1::2], strict=True))
    exonic = [p for start, end in exons for p in range(start, end)]
    low, high = sorted((rng.choice(exonic), rng.choice(exonic)))
    strand = rng.choice([Strand.PLUS, Strand.MINUS])
    return Reference.from_sequences({"chr1": bases}), Transcript(
        name, "G", "chr1", strand, exons, (low, high + 1)
    )


def random_variant(rng: random.Random, bases: str, low: int, high: int) -> Variant:
    start = rng.randrange(low, high)
    size = rng.randint(1, 6)
    ref = bases[start : start + size]
    new = "".join(rng.choice("ACGT") for _ in range(rng.randint(1, 5)))
    kind = rng.choice(["sub", "del", "ins", "dup", "delins", "inv"])
    made = {
        "sub": (ref[:1], new[:1]),
        "del": (ref, ""),
        "ins": ("", new),
        "dup": ("", ref),
        "delins": (ref, new),
        "inv": (ref, reverse_complement(ref)),
    }[kind]
    return Variant("chr1", start, *made) if made[0] != made[1] else Variant("chr1", start, ref, "")


@QUICK
@given(SEEDS)
def test_numbering_equals_the_naive_walk(seed: int) -> None:
    _, transcript = random_transcript(random.Random(seed))
    names = Numbering(transcript)
    labels = naive_labels(transcript)
    for position in range(transcript.exons[0][0], transcript.exons[-1][1]):
        assert names.text(position) == labels[position]


@QUICK
@given(SEEDS)
def test_hgvs_c_and_g_come_back_to_the_same_variant(seed: int) -> None:
    rng = random.Random(seed)
    reference, transcript = random_transcript(rng)
    models = GeneModels([transcript])
    bases = reference.fetch("chr1", 0, 200)
    for _ in range(2):
        variant = normalise(random_variant(rng, bases, 5, 190), reference)
        assert resolve(hgvs_c(variant, transcript, reference), reference, models) == variant
        assert resolve(hgvs_g(variant, reference), reference) == variant
        if variant.ref:
            assert resolve(str(variant), reference) == variant


@QUICK
@given(SEEDS)
def test_hgvs_is_shifted_to_the_three_prime_end(seed: int) -> None:
    """No later spot on the transcript's strand gives the same sequence."""
    rng = random.Random(seed)
    reference, transcript = random_transcript(rng)
    bases = reference.fetch("chr1", 0, 200)
    start = rng.randrange(10, 180)
    size = rng.randint(1, 4)
    result = bases[:start] + bases[start + size :]
    equal = [i for i in range(201 - size) if bases[:i] + bases[i + size :] == result]
    best = equal[-1] if transcript.strand is Strand.PLUS else equal[0]
    names = Numbering(transcript)
    first, last = best, best + size - 1
    if transcript.strand is Strand.MINUS:
        first, last = last, first
    place = names.text(first) if size == 1 else f"{names.text(first)}_{names.text(last)}"
    deletion = Variant("chr1", start, bases[start : start + size], "")
    assert hgvs_c(deletion, transcript, reference) == f"NM_1.1:c.{place}del"


@pytest.fixture(scope="module")
def hbb(shared_data: Path) -> tuple[Reference, GeneModels]:
    from revertant.genome import load_gene_models  # noqa: PLC0415

    folder = shared_data / "genome"
    return (
        Reference.open(folder / "GRCh38.windows.fa.gz"),
        load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz"),
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("NM_000518.5:c.20A>T", "chr11:5227002:T:A"),
        ("NM_000518.5(HBB):c.20A>T (p.Glu7Val)", "chr11:5227002:T:A"),
        ("NM_000518.5(HBB):c.20A>T, NP_000509.1:p.(Glu7Val)", "chr11:5227002:T:A"),
        ("NC_000011.10(NM_000518.5):c.20A>T", "chr11:5227002:T:A"),
        ("NC_000011.10:g.5227002T>A", "chr11:5227002:T:A"),
        ("chr11:g.5227002T>A", "chr11:5227002:T:A"),
        ("NC_000011.10:5227001:T:A", "chr11:5227002:T:A"),
        ("NC_000011.10:5227001:1:A", "chr11:5227002:T:A"),
        ("CM000673.2:5227001:T:A", "chr11:5227002:T:A"),
        ("chr11:5227002:T:A", "chr11:5227002:T:A"),
        ("11-5227002-T-A", "chr11:5227002:T:A"),
        ("chr11 5,227,002 T A", "chr11:5227002:T:A"),
        ("chr11:5227002T>A", "chr11:5227002:T:A"),
        ("chr11:5227002 t/a", "chr11:5227002:T:A"),
        ("chr11\t5227002\trs334\tT\tA\t.\tPASS\t.", "chr11:5227002:T:A"),
        ("NM_000518.5:c.92+1G>A", "chr11:5226929:C:T"),
        ("NM_000518.5:c.93-2A>G", "chr11:5226801:T:C"),
        ("NM_000518.5:c.-78A>G", "chr11:5227099:T:C"),
        ("NM_000518.5:c.*110T>C", "chr11:5225488:A:G"),
        ("NM_000518.5:c.316-106C>G", "chr11:5225832:G:C"),
        ("NM_000518.5:c.27dup", "chr11:5226995:-:C"),
        ("NM_000518.5:c.27dupG", "chr11:5226995:-:C"),
        ("NM_000518.5:c.27_28insG", "chr11:5226995:-:C"),
        ("NM_000518.5:c.126_129del", "chr11:5226763:AAAG:-"),
        ("NM_000518.5:c.126_129delCTTT", "chr11:5226763:AAAG:-"),
        ("NM_000518.5:c.20_21delinsTC", "chr11:5227001:CT:GA"),
        ("NM_000518.5:c.20_21inv", "chr11:5227001:CT:AG"),
    ],
)
def test_ways_people_write_real_variants(
    hbb: tuple[Reference, GeneModels], expression: str, expected: str
) -> None:
    reference, models = hbb
    variant = resolve(expression, reference, models)
    if variant.ref and variant.alt:
        assert str(variant) == expected
    else:
        contig, position, ref, alt = expected.split(":")
        wanted = Variant(contig, int(position) - 1, ref.replace("-", ""), alt.replace("-", ""))
        assert variant == normalise(wanted, reference)


@QUICK
@given(SEEDS)
def test_real_transcripts_round_trip(hbb: tuple[Reference, GeneModels], seed: int) -> None:
    reference, models = hbb
    rng = random.Random(seed)
    accession = rng.choice(["NM_000518.5", "NM_170707.4", "NM_005138.3", "NM_000492.4", "NM_004006.3"])
    transcript = models.by_id(accession)
    if rng.random() < 0.5:
        low, high = rng.choice(transcript.exons)
    else:
        low = rng.randrange(transcript.exons[0][0], transcript.exons[-1][1] - 200)
        high = low + 200
    # The windows may end within a transcript (CFTR's last base), and a change needs some bases behind it.
    covered = reference.stretch_around(transcript.contig, low)
    assert covered is not None
    low = max(transcript.exons[0][0], covered.start, low - 30)
    high = min(transcript.exons[-1][1], covered.end - 12, high + 30)
    bases = reference.fetch(transcript.contig, low, high + 12)
    made = random_variant(rng, bases, 0, high - low)
    variant = normalise(Variant(transcript.contig, low + made.start, made.ref, made.alt), reference)
    text = hgvs_c(variant, transcript, reference)
    assert resolve(text, reference, models) == variant
    assert resolve(hgvs_g(variant, reference), reference) == variant
    assert hgvs_c(resolve(text, reference, models), transcript, reference) == text


def plus_gene() -> tuple[Reference, GeneModels]:
    bases = "TTTTTCCATGGAACGTAAGTCCCCAGGTTTTAACGCGTTT"
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((5, 15), (26, 38)), (7, 33))
    other = Transcript("NR_2.1", "N", "chr1", Strand.MINUS, ((5, 15), (26, 38)))
    return Reference.from_sequences({"chr1": bases}), GeneModels([gene, other])


@pytest.mark.parametrize(
    ("expression", "description"),
    [
        ("NM_1.1:c.8+1del", "NM_1.1:c.8+1del"),
        ("NM_1.1:c.10_11insT", "NM_1.1:c.13dup"),
        ("NM_1.1:c.-1_1insG", "NM_1.1:c.-1_1insG"),
        ("NM_1.1:c.*4_*5inv", "NM_1.1:c.*4_*5inv"),
        ("NM_1.1:c.4_6delinsCCC", "NM_1.1:c.4_6delinsCCC"),
        ("NM_1.1:c.4_5insATC[2]", "NM_1.1:c.5_6insTCATCA"),
        ("NM_1.1:c.4_5ins1_3", "NM_1.1:c.5_6insTGA"),
        ("NM_1.1:c.4_5ins1_3inv", "NM_1.1:c.4_5insCAT"),
        ("NM_1.1:c.7del1", "NM_1.1:c.7del"),
        ("NR_2.1:n.1A>C", "NR_2.1:n.1A>C"),
        ("NR_2.1:n.12+1C>G", "NR_2.1:n.12+1C>G"),
        ("NM_1.1:c.-4T>A", "NM_1.1:c.-4T>A"),
    ],
)
def test_forms_and_their_description(expression: str, description: str) -> None:
    reference, models = plus_gene()
    variant = resolve(expression, reference, models)
    transcript = models.by_id(transcript_of(expression))
    assert hgvs_c(variant, transcript, reference) == description


def test_a_deletion_never_jumps_over_an_intron() -> None:
    """The last base of exon 1 equals the first of exon 2: c.6 stays c.6 (HGVS exon/exon exception)."""
    bases = "ATGAAGCTAAAAACAGGCCTAATTT"
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((0, 6), (16, 25)), (0, 22))
    reference = Reference.from_sequences({"chr1": bases})
    assert hgvs_c(Variant("chr1", 5, "G", ""), gene, reference) == "NM_1.1:c.6del"


def test_a_deletion_moves_into_the_intron_where_the_sequence_allows() -> None:
    bases = "ATGAAGGTAAAAACAGGCCTAATTT"
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((0, 6), (16, 25)), (0, 22))
    reference = Reference.from_sequences({"chr1": bases})
    assert hgvs_c(Variant("chr1", 5, "G", ""), gene, reference) == "NM_1.1:c.6+1del"


def test_mitochondrial_names() -> None:
    reference = Reference.from_sequences({"chrM": "GATCACAGGT"}, build="GRCh38")
    assert hgvs_g(Variant("chrM", 1, "A", "G"), reference) == "NC_012920.1:m.2A>G"
    assert resolve("m.2A>G", reference) == resolve("NC_012920.1:m.2A>G", reference)


def test_wrong_build_names_both() -> None:
    reference = Reference.from_sequences({"chr11:5227001-5227004": "CTCA"}, build="GRCh38")
    with pytest.raises(IncompatibleInputsError, match=r"GRCh37.*GRCh38") as caught:
        resolve("NC_000011.9:g.5248232T>A", reference)
    assert caught.value.code == "wrong-build"


def test_first_base_insertion_can_be_written() -> None:
    reference = Reference.from_sequences({"chr1": "ACGT"})
    insertion = Variant("chr1", 0, "", "G")
    assert hgvs_g(insertion, reference) == "chr1:g.1delinsGA"
    assert resolve(hgvs_g(insertion, reference), reference) == insertion


@pytest.mark.parametrize(
    ("expression", "transcript"),
    [
        ("NM_000518.5:c.20A>T", "NM_000518.5"),
        ("ENST00000335295.4:c.20A>T", "ENST00000335295.4"),
        ("LRG_199t1:c.5G>A", "LRG_199t1"),
        ("rs334", ""),
        ("chr11:5227002:T:A", ""),
    ],
)
def test_transcript_of(expression: str, transcript: str) -> None:
    assert transcript_of(expression) == transcript


def test_rsid(tmp_path: Path) -> None:
    reference = Reference.from_sequences({"chr11:5227001-5227004": "CTCA"})
    vcf = tmp_path / "ids.vcf"
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    vcf.write_text(header + "11\t5227002\trs1;rs334\tT\tA\t.\t.\t.\n11\t5227003\trs5\tC\tG,T\t.\t.\t.\n")
    assert str(resolve("RS334", reference, rsid_vcf=vcf)) == "chr11:5227002:T:A"
    with pytest.raises(InputError, match=r"2 alleles.*chr11:5227003:C:G, chr11:5227003:C:T"):
        resolve("rs5", reference, rsid_vcf=vcf)
    with pytest.raises(InputError, match="nowhere"):
        resolve("rs9", reference, rsid_vcf=str(vcf))
    with pytest.raises(InputError, match="dbSNP"):
        resolve("rs334", reference)
