"""Consequences: known answers, and a twin that rebuilds the protein from the p. text and from the genome."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, UsageError
from revertant.genome import Reference, load_gene_models
from revertant.model import ConsequenceTerm as Term
from revertant.model import Strand, Transcript, Variant
from revertant.sequence import AMINO_ACIDS_3, CODONS, reverse_complement, translate
from revertant.variant import coding_context, consequence, normalise, predict_consequence, resolve

SEEDS = st.integers(0, 2**32)
QUICK = settings(deadline=None, max_examples=150)
ONE_LETTER = {three: one for one, three in AMINO_ACIDS_3.items()} | {"Sec": "U"}
SENSE = sorted(codon for codon, residue in CODONS.items() if residue != "*")
RESIDUE = r"([A-Z][a-z]{2})"


def one(text: str) -> str:
    return "".join(ONE_LETTER[text[i : i + 3]] for i in range(0, len(text), 3))


def random_gene(rng: random.Random) -> tuple[Reference, Transcript, str]:
    """An open reading frame in one to three exons on either strand, with UTRs; returns its spliced text too."""
    coding = (
        "ATG" + "".join(rng.choice(SENSE) for _ in range(rng.randint(6, 20))) + rng.choice(["TAA", "TGA"])
    )
    five = "".join(rng.choice("ACGT") for _ in range(8))
    three = "".join(rng.choice("ACGT") for _ in range(40))
    spliced = five + coding + three
    cuts = sorted(rng.sample(range(12, len(spliced) - 4), rng.randint(0, 2)))
    pieces = [spliced[a:b] for a, b in zip([0, *cuts], [*cuts, len(spliced)], strict=True)]
    genome, exons = "".join(rng.choice("ACGT") for _ in range(15)), []
    for i, piece in enumerate(pieces):
        genome += "GT" + "".join(rng.choice("ACGT") for _ in range(20)) + "AG" if i else ""
        exons.append((len(genome), len(genome) + len(piece)))
        genome += piece
    genome += "".join(rng.choice("ACGT") for _ in range(15))
    positions = [p for start, end in exons for p in range(start, end)]
    low, high = positions[8], positions[8 + len(coding) - 1] + 1
    strand = rng.choice([Strand.PLUS, Strand.MINUS])
    if strand is Strand.MINUS:
        size = len(genome)
        genome = reverse_complement(genome)
        exons = [(size - end, size - start) for start, end in reversed(exons)]
        low, high = size - high, size - low
    gene = Transcript("NM_1.1", "G", "chr1", strand, tuple(exons), (low, high))
    return Reference.from_sequences({"chr1": genome}), gene, spliced


def exonic_variant(rng: random.Random, reference: Reference, gene: Transcript) -> Variant:
    """A change well inside one exon's coding part, so that its product is not in doubt."""
    part_start, part_end = rng.choice([part for part in gene.coding_exons if part[1] - part[0] > 8])
    start = rng.randrange(part_start + 2, part_end - 4)
    ref = reference.fetch("chr1", start, start + rng.randint(0, min(4, part_end - 2 - start)))
    alt = "".join(rng.choice("ACGT") for _ in range(rng.randint(0, 4)))
    if ref == alt:
        return Variant("chr1", start, "", "A")
    return Variant("chr1", start, ref, alt)


def mutant_protein(reference: Reference, gene: Transcript, variants: list[Variant]) -> str:
    """The obvious twin: change the genome, move the exons along, splice, translate."""
    whole = reference.windows[0].end
    bases = list(reference.fetch("chr1", 0, whole))
    for variant in variants:
        for i in range(variant.start, variant.end):
            bases[i] = ""
        bases[variant.start] = variant.alt + bases[variant.start]
    assert gene.cds is not None
    exonic = [i for start, end in gene.exons for i in range(start, end)]
    if gene.strand is Strand.PLUS:
        text = "".join(bases[i] for i in exonic if i >= gene.cds[0])
    else:
        text = reverse_complement("".join(bases[i] for i in exonic if i < gene.cds[1]))
    protein = translate(text)
    return protein.split("*")[0] + "*" if "*" in protein else protein


def applied(before: str, text: str) -> tuple[str, bool]:
    """Apply p. text to a protein: the result, and whether it is the whole protein or its beginning only."""
    body = text[3:-1]
    if body == "=" or body.endswith("="):
        return before, True
    if found := re.fullmatch(rf"{RESIDUE}(\d+){RESIDUE}fsTer(\d+|\?)", body):
        at = int(found[2]) - 1
        assert before[at] == one(found[1])
        return before[:at] + one(found[3]), False
    if found := re.fullmatch(rf"Ter(\d+){RESIDUE}extTer(\d+|\?)", body):
        assert len(before) == int(found[1])
        return before[:-1] + one(found[2]), False
    if found := re.fullmatch(
        rf"{RESIDUE}(\d+)(?:_{RESIDUE}(\d+))?(del|dup|ins|delins|)((?:[A-Z][a-z]{{2}})*)", body
    ):
        first = int(found[2]) - 1
        last = int(found[4]) - 1 if found[4] else first
        assert before[first] == one(found[1])
        assert before[last] == one(found[3] or found[1])
        new = {"del": "", "dup": before[first : last + 1] * 2}.get(found[5], one(found[6]))
        if found[5] == "ins":
            return before[: first + 1] + new + before[last:], not new.endswith("*")
        if new.endswith("*"):
            return before[:first] + new, True
        return before[:first] + new + before[last + 1 :], True
    raise AssertionError(text)


@QUICK
@given(SEEDS)
def test_several_substitutions_take_the_short_way_to_the_same_answer(seed: int) -> None:
    rng = random.Random(seed)
    reference, gene, _ = random_gene(rng)
    places = [p for start, end in gene.coding_exons for p in range(start, end)]
    first = rng.randrange(len(places) - 8)
    variants = []
    for place in rng.sample(places[first : first + 8], rng.randint(2, 4)):
        ref = reference.fetch("chr1", place, place + 1)
        variants.append(Variant("chr1", place, ref, rng.choice([b for b in "ACGT" if b != ref])))
    short = predict_consequence(variants, gene, reference)
    assert short == consequence._general(consequence._placed(variants, gene, reference), gene, reference)


#        0         1         2         3         4         5         6
#        0123456789012345678901234567890123456789012345678901234567890123456789
BASES = "CCCCCAAGGATGGAAAAGGTAAGTACCCCTTTTTTTTTTCAGCTGTGGTAATAGCCTAACCGGCCGGCC"
GENE = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((5, 18), (42, 62)), (9, 51))
REFERENCE = Reference.from_sequences({"chr1": BASES})


@QUICK
@given(SEEDS)
def test_p_text_describes_the_protein_of_the_changed_genome(seed: int) -> None:
    rng = random.Random(seed)
    reference, gene, _ = random_gene(rng)
    if not any(end - start > 8 for start, end in gene.coding_exons):
        return
    # The twin changes the bases drawn, which lie in the exon: aligned left, the same change may lie in the intron before it.
    drawn = exonic_variant(rng, reference, gene)
    found = predict_consequence([normalise(drawn, reference)], gene, reference)
    before = coding_context(gene, reference).protein
    after = mutant_protein(reference, gene, [drawn])
    if found.hgvs_p in {"", "p.?"}:
        # The 3'-most spot of the change lies behind the stop, or at the edge of an intron.
        assert after == before or found.terms[0].value.startswith("splice")
        return
    if found.hgvs_p == "p.(Met1?)":
        assert not after.startswith("M")
        return
    if found.hgvs_p.startswith("p.["):
        whole, is_whole = before, True
        for part in found.hgvs_p[3:-1].split(";"):
            whole, is_whole = applied(whole, f"p.{part}")
        assert after == whole if is_whole else after.startswith(whole)
        return
    result, is_whole = applied(before, found.hgvs_p)
    assert after == result if is_whole else after.startswith(result.rstrip("*"))
    if stop := re.search(r"fsTer(\d+)", found.hgvs_p):
        assert found.new_stop_after == int(stop[1])
        assert found.protein_position is not None
        assert len(after) == found.protein_position - 1 + int(stop[1])
    if stop := re.search(r"extTer(\d+)", found.hgvs_p):
        assert len(after) == len(before) + int(stop[1])


@QUICK
@given(SEEDS)
def test_several_substitutions_in_cis_are_read_together(seed: int) -> None:
    rng = random.Random(seed)
    reference, gene, _ = random_gene(rng)
    places = [p for start, end in gene.coding_exons for p in range(start, end)]
    variants = []
    for place in sorted(rng.sample(places, rng.randint(2, 4))):
        ref = reference.fetch("chr1", place, place + 1)
        variants.append(Variant("chr1", place, ref, rng.choice([b for b in "ACGT" if b != ref])))
    found = predict_consequence(variants, gene, reference)
    after = mutant_protein(reference, gene, variants)
    before = coding_context(gene, reference).protein
    if not after.startswith("M"):
        assert found.hgvs_p == "p.(Met1?)"
        return
    whole = before
    body = found.hgvs_p[3:-1] if found.hgvs_p.startswith("p.[") else found.hgvs_p[2:]
    is_whole = True
    for part in body.split(";"):
        whole, is_whole = applied(whole, f"p.{part}")
        if "*" in whole[:-1]:
            whole = whole[: whole.index("*") + 1]
    assert after == whole if is_whole else after.startswith(whole)


@QUICK
@given(SEEDS)
def test_the_short_way_says_what_the_general_way_says(seed: int) -> None:
    """A substitution alone, and the same one as part of a padded MNV, give one answer."""
    rng = random.Random(seed)
    reference, gene, _ = random_gene(rng)
    place = rng.randrange(gene.exons[0][0] - 10, gene.exons[-1][1] + 8)
    ref = reference.fetch("chr1", place, place + 2)
    alt = rng.choice([base for base in "ACGT" if base != ref[0]]) + ref[1]
    short = predict_consequence([Variant("chr1", place, ref[0], alt[0])], gene, reference)
    assert predict_consequence([Variant("chr1", place, ref, alt)], gene, reference) == short


@pytest.mark.parametrize(
    ("start", "ref", "alt", "terms", "hgvs_c", "hgvs_p"),
    [
        (13, "A", "T", [Term.MISSENSE], "c.5A>T", "p.(Glu2Val)"),
        (12, "G", "T", [Term.STOP_GAINED], "c.4G>T", "p.(Glu2Ter)"),
        (14, "A", "G", [Term.SYNONYMOUS], "c.6A>G", "p.(Glu2=)"),
        (9, "A", "G", [Term.START_LOST], "c.1A>G", "p.(Met1?)"),
        (11, "G", "", [Term.FRAMESHIFT], "c.4del", "p.(Glu2LysfsTer?)"),
        (11, "", "G", [Term.FRAMESHIFT], "c.4dup", "p.(Glu2GlyfsTer8)"),
        (12, "GAA", "", [Term.INFRAME_DELETION], "c.4_6del", "p.(Glu2del)"),
        (12, "", "GAA", [Term.INFRAME_INSERTION], "c.4_6dup", "p.(Glu2dup)"),
        (12, "", "TGGCAT", [Term.INFRAME_INSERTION], "c.3_4insTGGCAT", "p.(Met1_Glu2insTrpHis)"),
        (12, "", "TGGTAA", [Term.STOP_GAINED], "c.3_4insTGGTAA", "p.(Met1_Glu2insTrpTer)"),
        (12, "GAA", "TAA", [Term.STOP_GAINED], "c.4G>T", "p.(Glu2Ter)"),
        (
            12,
            "GAAA",
            "CCCC",
            [Term.MISSENSE, Term.SPLICE_REGION],
            "c.4_7delinsCCCC",
            "p.(Glu2_Lys3delinsProGln)",
        ),
        (12, "GAA", "CCCCCC", [Term.INFRAME_DELINS], "c.4_6delinsCCCCCC", "p.(Glu2delinsProPro)"),
        (45, "TGGTAA", "", [Term.STOP_GAINED], "c.14_*1del", "p.(Trp5Ter)"),
        (17, "G", "A", [Term.SPLICE_REGION, Term.SYNONYMOUS], "c.9G>A", "p.(Lys3=)"),
        (15, "AAGGT", "", [Term.SPLICE_DONOR], "c.9+1_9+5del", "p.?"),
        (14, "AAAGGT", "", [Term.SPLICE_DONOR], "c.8_9+4del", "p.?"),
        (18, "", "C", [Term.SPLICE_REGION], "c.9_9+1insC", "p.?"),
        (19, "", "C", [Term.SPLICE_DONOR], "c.9+1_9+2insC", "p.?"),
        (20, "", "C", [Term.SPLICE_REGION, Term.INTRON], "c.9+2_9+3insC", "p.?"),
        (42, "", "A", [Term.SPLICE_REGION], "c.10-1_10insA", "p.?"),
        (5, BASES[5:18], "", [Term.SPLICE_REGION], "c.-4_9del", "p.?"),
        (7, "GGATG", "", [Term.START_LOST], "c.-1_4del", "p.(Met1?)"),
        (9, "", "C", [Term.UTR_5], "c.-1_1insC", ""),
        (51, "", "C", [Term.UTR_3], "c.18_*1insC", ""),
        (48, "TAATAG", "", [Term.STOP_LOST], "c.16_*3del", "p.(Ter6ProextTer?)"),
        (3, "CCAAG", "", [Term.UPSTREAM], "c.-6_-2del", "p.?"),
        (0, BASES, "A", [Term.TRANSCRIPT_ABLATION], "c.-9_*18delinsA", "p.?"),
        (18, "G", "A", [Term.SPLICE_DONOR], "c.9+1G>A", "p.?"),
        (21, "A", "C", [Term.SPLICE_REGION, Term.INTRON], "c.9+4A>C", "p.?"),
        (30, "T", "C", [Term.INTRON], "c.10-12T>C", "p.?"),
        (40, "A", "C", [Term.SPLICE_ACCEPTOR], "c.10-2A>C", "p.?"),
        (48, "T", "C", [Term.STOP_LOST], "c.16T>C", "p.(Ter6GlnextTer1)"),
        (50, "A", "G", [Term.STOP_RETAINED], "c.18A>G", "p.(Ter6=)"),
        (53, "G", "C", [Term.UTR_3], "c.*3G>C", ""),
        (6, "A", "C", [Term.UTR_5], "c.-3A>C", ""),
        (2, "C", "A", [Term.UPSTREAM], "c.-7C>A", ""),
        (64, "C", "A", [Term.DOWNSTREAM], "c.*14C>A", ""),
    ],
)
def test_places_and_terms(
    start: int, ref: str, alt: str, terms: list[Term], hgvs_c: str, hgvs_p: str
) -> None:
    found = predict_consequence([Variant("chr1", start, ref, alt)], GENE, REFERENCE)
    assert (list(found.terms), found.hgvs_c, found.hgvs_p) == (terms, f"NM_1.1:{hgvs_c}", hgvs_p)


def test_cis_changes_are_listed_one_by_one_and_codons_are_joined() -> None:
    apart = [Variant("chr1", 13, "A", "T"), Variant("chr1", 43, "T", "C")]
    found = predict_consequence(apart, GENE, REFERENCE)
    assert (found.hgvs_c, found.hgvs_p) == ("NM_1.1:c.[5A>T;11T>C]", "p.[(Glu2Val);(Leu4Pro)]")
    assert (found.amino_acids_before, found.amino_acids_after, found.protein_position) == ("EL", "VP", 2)
    joined = predict_consequence(
        [Variant("chr1", 12, "G", "A"), Variant("chr1", 14, "A", "T")], GENE, REFERENCE
    )
    assert (joined.hgvs_p, joined.codon_before, joined.codon_after) == ("p.(Glu2Asn)", "GAA", "AAT")
    assert joined.exon == 1


def test_two_frameshifts_that_cancel_are_one_replacement() -> None:
    pair = [Variant("chr1", 12, "", "C"), Variant("chr1", 14, "A", "")]
    found = predict_consequence(pair, GENE, REFERENCE)
    assert Term.FRAMESHIFT not in found.terms
    assert found.hgvs_p == "p.(Glu2Arg)"


def test_silent_changes_keep_codon_and_residue() -> None:
    found = predict_consequence([Variant("chr1", 14, "A", "G")], GENE, REFERENCE)
    assert (found.codon_before, found.codon_after) == ("GAA", "GAG")
    assert (found.amino_acids_before, found.amino_acids_after, found.protein_position) == ("E", "E", 2)
    assert not found.changes_protein


def test_far_away_is_intergenic() -> None:
    reference = Reference.from_sequences({"chr1": BASES + "A" * 6000})
    found = predict_consequence([Variant("chr1", 6060, "A", "C")], GENE, reference)
    assert (found.worst, found.hgvs_c, found.hgvs_p) == (Term.INTERGENIC, "", "")


def test_non_coding_transcripts_use_n() -> None:
    gene = Transcript("NR_1.1", "N", "chr1", Strand.MINUS, ((5, 18), (42, 62)))
    found = predict_consequence([Variant("chr1", 13, "A", "T")], gene, REFERENCE)
    assert (found.worst, found.hgvs_c, found.hgvs_p) == (Term.NON_CODING_EXON, "NR_1.1:n.25T>A", "")
    found = predict_consequence([Variant("chr1", 12, "GAA", "")], gene, REFERENCE)
    assert (found.worst, found.hgvs_c) == (Term.NON_CODING_EXON, "NR_1.1:n.24_26del")


def test_the_mitochondrial_code_and_its_unfinished_stops() -> None:
    """ATT starts, TGA is Trp, AGA stops, and a final TA is completed to TAA."""
    reference = Reference.from_sequences({"chrM": "CCATTTGACCCTA"})
    gene = Transcript("MT-T", "MT-T", "chrM", Strand.PLUS, ((2, 13),), (2, 13))
    assert coding_context(gene, reference).protein == "MWP*"
    found = predict_consequence([Variant("chrM", 7, "A", "G")], gene, reference)
    assert (found.worst, found.hgvs_p) == (Term.SYNONYMOUS, "p.(Trp2=)")
    assert predict_consequence([Variant("chrM", 4, "T", "A")], gene, reference).worst is Term.SYNONYMOUS
    assert predict_consequence([Variant("chrM", 2, "A", "C")], gene, reference).worst is Term.START_LOST
    lost = predict_consequence([Variant("chrM", 12, "A", "C")], gene, reference)
    assert lost.hgvs_p == "p.(Ter4SerextTer?)"


def test_selenocysteine_is_no_stop() -> None:
    reference = Reference.from_sequences({"chr1": "ATGAAATGACCCAAATAACCCCC"})
    gene = Transcript("NM_1.1", "SEL", "chr1", Strand.PLUS, ((0, 23),), (0, 18))
    assert coding_context(gene, reference).protein == "MKUPK*"
    lost = predict_consequence([Variant("chr1", 8, "A", "G")], gene, reference)
    assert lost.hgvs_p == "p.(Sec3Trp)"
    assert predict_consequence([Variant("chr1", 8, "A", "")], gene, reference).worst is Term.FRAMESHIFT
    deletion = predict_consequence([Variant("chr1", 3, "AAA", "")], gene, reference)
    assert deletion.hgvs_p == "p.(Lys2del)"
    after = predict_consequence([Variant("chr1", 10, "CC", "AA")], gene, reference)
    assert after.hgvs_p == "p.(Pro4Gln)"


def test_errors() -> None:
    with pytest.raises(UsageError):
        predict_consequence([], GENE, REFERENCE)
    overlapping = [Variant("chr1", 12, "GA", ""), Variant("chr1", 13, "A", "T")]
    with pytest.raises(IncompatibleInputsError, match="overlap"):
        predict_consequence(overlapping, GENE, REFERENCE)
    with pytest.raises(IncompatibleInputsError) as caught:
        predict_consequence([Variant("chr1", 13, "C", "T")], GENE, REFERENCE)
    assert caught.value.code == "ref-mismatch"
    other = Reference.from_sequences({"chr1": BASES, "chr2": BASES})
    with pytest.raises(IncompatibleInputsError, match="does not lie on chr1"):
        predict_consequence([Variant("chr2", 13, "A", "T")], GENE, other)


@pytest.mark.parametrize(
    ("cds", "because"),
    [((9, 50), "no whole number"), ((9, 48), "does not end in a stop"), ((6, 51), "stop codon at residue")],
)
def test_a_broken_frame_is_refused(cds: tuple[int, int], because: str) -> None:
    bases = BASES if because != "stop codon at residue" else BASES[:6] + "TAA" + BASES[9:]
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((5, 18), (42, 62)), cds)
    reference = Reference.from_sequences(
        {"chr1": bases if because != "stop codon at residue" else "CCCCCAATGTAAGAAAAGG" + BASES[19:]}
    )
    with pytest.raises(IncompatibleInputsError) as caught:
        predict_consequence([Variant("chr1", 14, reference.fetch("chr1", 14, 15), "T")], gene, reference)
    assert caught.value.code == "broken-reading-frame"
    assert because in caught.value.what


def test_variants_of_a_gene_whose_last_utr_base_is_not_covered(shared_data: Path) -> None:
    """The windows end one base before CFTR's 3' UTR does."""
    folder = shared_data / "genome"
    windows = Reference.open(folder / "GRCh38.windows.fa.gz")
    models = load_gene_models(folder / "GRCh38.windows.refseq.gtf.gz", windows)
    cftr = models.by_id("NM_000492.4")
    assert not windows.covers(cftr.locus)
    for expression, effect in (
        ("c.1521_1523del", "p.(Phe508del)"),
        ("c.1652G>A", "p.(Gly551Asp)"),
        ("c.3846G>A", "p.(Trp1282Ter)"),
        ("c.2052dup", "p.(Gln685ThrfsTer4)"),
    ):
        variant = resolve(f"NM_000492.4:{expression}", windows, models)
        assert predict_consequence([variant], cftr, windows).hgvs_p == effect


def cut(reference: Reference, low: int, high: int) -> Reference:
    """The same genome, of which only ``[low, high)`` is covered."""
    return Reference.from_sequences({f"chr1:{low + 1}-{high}": reference.fetch("chr1", low, high)})


@QUICK
@given(SEEDS)
def test_cut_off_utrs_change_no_consequence_but_the_unseen_stop(seed: int) -> None:
    """Whatever is missing of the UTRs, the answer is that of the whole genome, or says that it ends unseen."""
    rng = random.Random(seed)
    whole, gene, _ = random_gene(rng)
    assert gene.cds is not None
    low, high = gene.cds
    partial = cut(whole, rng.randint(0, low), rng.randint(high, whole.windows[0].end))
    variant = exonic_variant(rng, whole, gene)
    wanted = predict_consequence([variant], gene, whole)
    found = predict_consequence([variant], gene, partial)
    if found == wanted:
        return
    assert found.new_stop_after is None
    assert found.hgvs_p == "p.?" or found.hgvs_p.endswith(("Ter?)", "Ter?)]"))
    assert found.hgvs_p == "p.?" or found.hgvs_p == re.sub(r"Ter\d+(\)\]?)$", r"Ter?\1", wanted.hgvs_p)


@pytest.mark.parametrize("is_minus", [False, True])
def test_a_frameshift_into_the_uncovered_utr_has_no_known_stop(is_minus: bool) -> None:
    """The frame of c.4del has no stop before the 3' UTR's second exon, where TAA stands."""
    #       exon 1 (UTR+CDS)    intron    exon 2: 3' UTR
    bases = "CCATGGCTGCATAACCCC" + "GTAAAG" + "CCCTAACCCC"
    exons, cds = ((0, 18), (24, 34)), (2, 14)
    strand, at, window = Strand.PLUS, 5, (0, 25)
    if is_minus:
        size = len(bases)
        bases, strand = reverse_complement(bases), Strand.MINUS
        exons = ((size - 34, size - 24), (size - 18, size))
        cds, at, window = (size - 14, size - 2), size - 6, (size - 25, size)
    gene = Transcript("NM_1.1", "G", "chr1", strand, exons, cds)
    whole = Reference.from_sequences({"chr1": bases})
    variant = Variant("chr1", at, whole.fetch("chr1", at, at + 1), "")
    seen = predict_consequence([variant], gene, whole)
    unseen = predict_consequence([variant], gene, cut(whole, *window))
    assert seen.hgvs_p == "p.(Ala2LeufsTer6)"
    assert (unseen.hgvs_p, unseen.new_stop_after) == ("p.(Ala2LeufsTer?)", None)
    assert unseen.terms == seen.terms == (Term.FRAMESHIFT,)
    only_coding = cut(whole, *cds)
    assert predict_consequence([variant], gene, only_coding).hgvs_p == "p.(Ala2LeufsTer?)"


def test_an_edit_behind_the_gap_is_not_moved_to_the_gap() -> None:
    """A 3' UTR change beyond uncovered bases must not be read as if it followed the covered ones."""
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((0, 40),), (2, 14))
    bases = "CCATGGCTGCATAACCCCCCCCCCCCCCCCCCCCCCCCCC"
    parts = Reference.from_sequences({"chr1:1-20": bases[:20], "chr1:31-40": bases[30:]})
    changes = [Variant("chr1", 5, "G", ""), Variant("chr1", 34, "", "TAA")]
    assert predict_consequence(changes, gene, parts).hgvs_p == "p.(Ala2LeufsTer?)"


def test_uncovered_coding_bases_are_refused() -> None:
    gene = Transcript("NM_1.1", "G", "chr1", Strand.PLUS, ((0, 18),), (2, 14))
    reference = Reference.from_sequences({"chr1:1-13": "CCATGGCTGCATA"})
    with pytest.raises(IncompatibleInputsError) as caught:
        predict_consequence([Variant("chr1", 5, "G", "")], gene, reference)
    assert caught.value.code == "outside-reference"


class TestWithoutAStartCodon:
    """A model that begins within its protein: the first codon is a codon like any other."""

    gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((4, 24),), (6, 24), has_start=False)
    reference = Reference.from_sequences({"chr1": "TTTTCA" + "GATCAAGATGATGATTAA" + "TTTT"})

    @pytest.mark.parametrize(
        ("start", "ref", "alt", "text", "term"),
        [
            (6, "G", "A", "p.(Asp1Asn)", Term.MISSENSE),
            (8, "T", "C", "p.(Asp1=)", Term.SYNONYMOUS),
            (9, "C", "T", "p.(Gln2Ter)", Term.STOP_GAINED),
            (6, "GAT", "AAA", "p.(Asp1Lys)", Term.MISSENSE),
        ],
    )
    def test_nothing_loses_a_start(self, start, ref, alt, text, term):
        found = predict_consequence([Variant("chr1", start, ref, alt)], self.gene, self.reference)
        assert (found.hgvs_p, found.worst) == (text, term)

    @pytest.mark.parametrize(("alt", "term"), [("CT", Term.FRAMESHIFT), ("CTTT", Term.INFRAME_DELINS)])
    def test_a_change_across_the_open_end_is_told_by_its_length_only(self, alt, term):
        found = predict_consequence([Variant("chr1", 4, "CAGAT", alt + "T")], self.gene, self.reference)
        assert (found.hgvs_p, found.worst) == ("p.?", term)
