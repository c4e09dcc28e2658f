"""Genes that do not fit one AAV: halves that join again, shortened genes, routes, and editors as cargo."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import InputError, NoDesignError, UsageError
from revertant.genome import Reference, load_gene_models
from revertant.knowledge import editors, genes, mini_genes, nucleases, prime_editors
from revertant.modality.gene_addition.oversized import (
    DualMethod,
    ProteinDomain,
    SplitRoom,
    b_domain_deleted_factor_viii,
    dual_room,
    dual_splits,
    editor_cargo,
    editor_cargos,
    intein_halves,
    join_overlapping,
    join_spliced,
    join_spliced_proteins,
    mini_gene_protein,
    mini_genes_of,
    routes_for_gene,
    routes_for_length,
    split_inteins,
    split_sites,
)
from revertant.model import GenomeForm, Status
from revertant.sequence import CODONS, STOPS, translate
from revertant.variant import coding_context

GOLDEN = Path(__file__).parent / "golden"
#: Splice sites and a shared stretch for tests; what they are is of no matter here.
DONOR, ACCEPTOR, SHARED = (
    "GTAAGTATCAAGG",
    "GACAGGTTTAAGGAGACCAATAGAAACTGGGCTTGTCGAGACAG",
    "GGGATTTTGCCGATTTCGGCC",
)
SENSE = sorted(codon for codon in CODONS if codon not in STOPS)


def coding(seed, residues):
    chosen = random.Random(seed)
    return "ATG" + "".join(chosen.choices(SENSE, k=residues - 1)) + chosen.choice(sorted(STOPS))


def therapeutic_genes():
    with (GOLDEN / "therapeutic_genes.tsv").open() as handle:
        return list(csv.DictReader((line for line in handle if not line.startswith("#")), delimiter="\t"))


THERAPEUTIC = therapeutic_genes()
#: Far too long for one AAV, whatever stands beside them.
TOO_LONG = {"F8", "DMD", "ABCA4", "OTOF", "MYO7A", "CEP290", "DYSF", "COL7A1"}


def options_of(gene, tissue):
    found = {}
    for option in routes_for_gene(gene, genes()[gene].cds_bp, tissue):
        found.setdefault(option.key, option)
    return found


def test_at_least_twenty_genes_are_judged():
    assert len(THERAPEUTIC) >= 20
    assert len({row["gene"] for row in THERAPEUTIC}) == len(THERAPEUTIC)


@pytest.mark.parametrize("row", THERAPEUTIC, ids=lambda row: row["gene"])
def test_every_route_in_practice_is_found_open(row):
    options = options_of(row["gene"], row["tissue"])
    for route in row["routes"].split(","):
        assert options[route].fit is not Status.FAIL, (row["gene"], route, options[route].because)


@pytest.mark.parametrize("row", THERAPEUTIC, ids=lambda row: row["gene"])
def test_what_fits_one_genome_and_what_does_not(row):
    options = options_of(row["gene"], row["tissue"])
    if row["gene"] in TOO_LONG:
        assert options["ssAAV"].fit is Status.FAIL
        assert options["oversized_AAV"].status is Status.FAIL
        assert "Refused" in options["oversized_AAV"].because
    elif "mini_gene" not in row["routes"]:
        assert options["ssAAV"].fit in {Status.PASS, Status.CAUTION}
        assert "oversized_AAV" not in options


def test_the_verdicts_the_issue_asks_for():
    assert options_of("SMN1", "spinal cord")["scAAV"].fit is Status.PASS
    for gene in ("RPE65", "F9", "PAH", "OTC", "GAA"):
        assert options_of(gene, str(genes()[gene].tissues[0]))["ssAAV"].fit is Status.PASS
    assert options_of("GAA", "skeletal muscle")["scAAV"].fit is Status.FAIL
    factor_viii = options_of("F8", "liver")
    assert factor_viii["ssAAV"].fit is Status.FAIL
    assert factor_viii["mini_gene"].fit is Status.CAUTION
    assert factor_viii["mini_gene"].packaged_bp[0] > 4700
    for gene in ("ABCA4", "OTOF", "MYO7A", "CEP290"):
        assert options_of(gene, "retina")["dual_AAV"].fit is Status.CAUTION
    dystrophin = options_of("DMD", "skeletal muscle")
    assert dystrophin["dual_AAV"].fit is Status.FAIL
    assert dystrophin["triple_AAV"].fit is Status.CAUTION
    assert options_of("USH2A", "retina")["triple_AAV"].fit is Status.FAIL


@given(
    cds=st.integers(1, 20_000),
    tissue=st.sampled_from(["liver", "retina", "skeletal muscle", "bone marrow", "kidney"]),
)
def test_every_option_has_a_reason_a_source_and_an_open_verdict(cds, tissue):
    options = routes_for_length(cds, tissue)
    keys = [option.key for option in options if option.key != "other"]
    assert len(set(keys)) == len(keys)
    assert {"scAAV", "ssAAV", "dual_AAV", "lentiviral", "LNP-mRNA"} <= set(keys)
    for option in options:
        assert option.because
        assert option.sources
        assert option.findings
        assert option.status in {option.fit, option.reach}
    by_key = {option.key: option for option in options}
    assert ("oversized_AAV" in by_key) == (by_key["ssAAV"].fit is Status.FAIL)


@given(first=st.integers(1, 20_000), second=st.integers(1, 20_000))
def test_a_longer_gene_never_fits_better(first, second):
    order = [Status.PASS, Status.CAUTION, Status.FAIL]
    short, long = (
        {o.key: o for o in routes_for_length(cds, "liver", regulatory_bp=600)}
        for cds in sorted((first, second))
    )
    for key in ("scAAV", "ssAAV", "dual_AAV", "lentiviral"):
        assert order.index(short[key].fit) <= order.index(long[key].fit)


def test_a_tissue_no_vector_reaches_is_said():
    options = {option.key: option for option in routes_for_length(1000, "kidney")}
    assert options["ssAAV"].fit is Status.PASS
    assert options["ssAAV"].reach is Status.FAIL
    assert options["ssAAV"].status is Status.FAIL


def test_no_aav_for_cells_that_divide_outside_the_body():
    options = {option.key: option for option in routes_for_length(1000, "haematopoietic stem cell")}
    assert options["ssAAV"].reach is Status.FAIL
    assert options["lentiviral"].status is Status.PASS


def test_a_length_of_nothing_is_refused():
    with pytest.raises(ValueError, match="0 bases"):
        routes_for_length(0, "liver")


@given(seed=st.integers(0, 10**6), residues=st.integers(120, 500), part=st.floats(0.55, 0.9))
def test_overlapping_halves_recombine_to_the_sequence(seed, residues, part):
    cds = coding(seed, residues)
    room = SplitRoom(int(len(cds) * part) + 40, int(len(cds) * part) + 40)
    found = dual_splits(cds, DualMethod.OVERLAPPING, room, overlap_bp=40)
    assert found
    for split in found:
        assert join_overlapping(split.five_prime, split.three_prime, 40) == cds
        assert len(split.five_prime) <= room.five_prime_bp
        assert len(split.three_prime) <= room.three_prime_bp
        assert len(split.five_prime) + len(split.three_prime) == len(cds) + 40


@given(seed=st.integers(0, 10**6), residues=st.integers(400, 900), hybrid=st.booleans())
def test_spliced_halves_join_to_the_sequence_at_an_exon_like_joint(seed, residues, hybrid):
    cds = coding(seed, residues)
    room = SplitRoom(int(len(cds) * 0.8) + 100, int(len(cds) * 0.8) + 100)
    found = dual_splits(
        cds,
        DualMethod.HYBRID if hybrid else DualMethod.TRANS_SPLICING,
        room,
        donor=DONOR,
        acceptor=ACCEPTOR,
        recombinogenic=SHARED if hybrid else "",
    )
    assert found
    for split in found:
        assert join_spliced(split.five_prime, split.three_prime, DONOR, ACCEPTOR) == cds
        assert cds[split.after_bp - 2 : split.after_bp + 1] == "AGG"
        assert split.five_prime.endswith(DONOR + SHARED * hybrid)
        assert split.three_prime.startswith(SHARED * hybrid + ACCEPTOR)
        assert len(split.five_prime) <= room.five_prime_bp
        assert len(split.three_prime) <= room.three_prime_bp


def test_halves_that_have_no_room_are_none():
    assert dual_splits(coding(1, 500), DualMethod.OVERLAPPING, SplitRoom(700, 700)) == ()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"cds": "ATGTAAGCATAA"}, "no coding sequence"),
        ({"method": DualMethod.SPLIT_INTEIN}, "at the protein"),
        ({"donor": ""}, "splice donor"),
        ({"method": DualMethod.HYBRID}, "recombinogenic"),
    ],
)
def test_what_cannot_be_cut_is_refused(change, match):
    given_ = {
        "cds": coding(2, 90),
        "method": DualMethod.TRANS_SPLICING,
        "donor": DONOR,
        "acceptor": ACCEPTOR,
    } | change
    with pytest.raises(UsageError, match=match):
        dual_splits(given_.pop("cds"), given_.pop("method"), SplitRoom(400, 400), **given_)


def test_an_intron_that_is_none_is_refused():
    with pytest.raises(NoDesignError, match="begins with GT"):
        join_spliced("ATGCCCC", "AGGCC", "CCCC", "AG")


def test_halves_that_do_not_overlap_are_refused():
    with pytest.raises(NoDesignError, match="do not overlap"):
        join_overlapping("ACGTACGT", "TTTTCCCC", 4)


@given(
    seed=st.integers(0, 10**6), residues=st.integers(20, 200), key=st.sampled_from(["cfa", "gp41-1", "npu"])
)
def test_every_place_in_a_protein_is_a_site_or_counted(seed, residues, key):
    protein = translate(coding(seed, residues))[:-1]
    intein = split_inteins()[key]
    domains = (ProteinDomain("fold", residues // 3, residues // 2),)
    search = split_sites(protein, intein, SplitRoom(3 * residues + 200, 3 * residues + 200), domains)
    assert len(search.sites) + sum(count for _, count in search.refused) == len(protein) - 1
    for site in search.sites:
        assert protein[site.after_residue] == intein.next_residue
        assert not domains[0].start < site.after_residue < domains[0].end
        assert site.n_half_bp <= 3 * residues + 200
        assert site.c_half_bp <= 3 * residues + 200
    fullness = [site.fullest for site in search.sites]
    assert fullness == sorted(fullness)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), residues=st.integers(60, 300), key=st.sampled_from(["cfa", "gp41-1"]))
def test_the_halves_splice_to_the_protein(seed, residues, key):
    cds = coding(seed, residues)
    protein = translate(cds)[:-1]
    intein = split_inteins()[key]
    n_part, c_part = coding(seed + 1, intein.n_residues)[:-3], coding(seed + 2, intein.c_residues + 1)[3:-3]
    search = split_sites(protein, intein, SplitRoom(10_000, 10_000))
    for site in search.sites[:3]:
        halves = intein_halves(cds, site, n_part, c_part)
        assert halves.joined == protein
        n_protein, c_protein = translate(halves.n_cds), translate(halves.c_cds)
        assert n_protein[0] == c_protein[0] == "M"
        assert n_protein[-1] == c_protein[-1] == "*"
        assert len(halves.n_cds) == site.n_half_bp
        # The site counts a start codon; an intein that begins with one needs no other.
        assert len(halves.c_cds) == site.c_half_bp - 3 * c_part.startswith("ATG")


def test_a_site_of_another_protein_is_refused():
    cds, other = (
        "ATGGCTGCTGCTGCTGCTTAA",
        split_sites("MAACAA", split_inteins()["cfa"], SplitRoom(400, 400)).sites[0],
    )
    with pytest.raises(NoDesignError, match="do not splice"):
        intein_halves(cds, other, "TGTCTGAGCTAT", "ATTAAAATTGCTAAT")
    with pytest.raises(UsageError, match="Whole codons"):
        intein_halves(cds, other, "TGTCTGAGCTA", "ATTAAAATTGCTAAT")
    with pytest.raises(NoDesignError, match="do not end and begin"):
        join_spliced_proteins("MAAA", "MIKIAN", "CLSY", "IKIAN")


def factor_viii():
    lines = (GOLDEN / "factor_viii_29_2332.fasta").read_text().splitlines()
    return "".join(line for line in lines if not line.startswith(">"))


def test_factor_viii_loses_its_b_domain_to_the_residue():
    protein = factor_viii()
    # Mature factor VIII has 2,332 residues; the first 28 and the signal peptide of 19 are not in the file.
    assert len(protein) == 2332 - 28
    short = b_domain_deleted_factor_viii(protein)
    assert len(short) + 28 == 1438
    assert short[: 743 - 28] == protein[: 743 - 28]
    assert short[743 - 28 :] == protein[1637 - 28 :]
    assert short[740 - 28 :].startswith("SFSQNPPVLKRHQR")
    (mini,) = mini_genes_of("F8")
    assert mini.cds_bp == 3 * (len(short) + 28 + 19 + 1)
    assert mini_gene_protein("bdd_f8_sq", protein) == short


def test_a_protein_that_varies_at_the_joint_is_refused():
    protein = factor_viii()
    with pytest.raises(InputError, match="do not stand once"):
        b_domain_deleted_factor_viii(protein.replace("SFSQNSRH", "SFSQDSRH"))
    with pytest.raises(InputError, match="893 residues apart"):
        b_domain_deleted_factor_viii(protein.replace("IEKTDPWFAH", "IEKTDPWFA"))


@pytest.mark.parametrize(
    "mini", [mini for mini in mini_genes().values() if mini.cds_bp is None], ids=lambda mini: mini.key
)
def test_a_gene_known_in_words_alone_is_not_written(mini):
    assert not mini.checked
    with pytest.raises(NoDesignError, match="words only"):
        mini_gene_protein(mini.key, "M" * 100)


def test_editors_as_cargo():
    assert editor_cargo("sacas9").status is Status.PASS
    assert editor_cargo("spcas9").status is Status.CAUTION
    for key in ("abe8e", "be4max", "pemax"):
        cargo = editor_cargo(key)
        assert cargo.status is Status.FAIL, key
        assert "split" in cargo.because
    assert editor_cargo("sa_abe8e").status is not Status.FAIL
    every = editor_cargos()
    assert len(every) == len(nucleases()) + len(editors()) + len(prime_editors())
    assert all(cargo.status is Status.UNKNOWN for cargo in every if cargo.coding_bp is None)
    # A lower bound can refuse an editor and never pass one.
    assert not any(cargo.lower_bound and cargo.status is Status.PASS for cargo in every)


def test_room_is_shared_out_between_two_genomes():
    room = dual_room(500, 0)
    assert room.five_prime_bp + room.three_prime_bp + 500 + 4 * 145 == 2 * 4700
    option = next(o for o in routes_for_length(6822, "retina") if o.key == "dual_AAV")
    assert option.form is GenomeForm.DUAL_AAV
    assert all(length <= 4700 for length in option.packaged_bp)


@pytest.fixture(scope="module")
def real_genes(shared_data):
    """Coding sequences of whole genes in the test windows, from RefSeq models."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    found = {}
    for gene, name in (("CFTR", "NM_000492"), ("DMD", "NM_004006")):
        transcript = next(t for t in models.of_gene(gene) if t.transcript_id.startswith(name))
        found[gene] = coding_context(transcript, reference).coding
    return found


@pytest.mark.parametrize("method", [m for m in DualMethod if m is not DualMethod.SPLIT_INTEIN])
def test_cftr_is_cut_to_fit_two_aav_and_joins_again(real_genes, method):
    cds = real_genes["CFTR"]
    parts = {"donor": DONOR, "acceptor": ACCEPTOR} if method is not DualMethod.OVERLAPPING else {}
    if method is DualMethod.HYBRID:
        parts["recombinogenic"] = SHARED
    found = dual_splits(cds, method, dual_room(joining_bp=0), **parts)
    assert found
    assert all(split.joined == cds for split in found)


def test_cftr_can_be_split_by_every_intein(real_genes):
    protein = translate(real_genes["CFTR"])[:-1]
    assert len(protein) == 1480
    for intein in split_inteins().values():
        search = split_sites(protein, intein, dual_room(joining_bp=0))
        assert search.sites
        assert sum(count for _, count in search.refused) + len(search.sites) == 1479


def test_dystrophin_is_too_long_for_two(real_genes):
    cds = real_genes["DMD"]
    assert len(cds) == genes()["DMD"].cds_bp
    assert dual_splits(cds, DualMethod.OVERLAPPING, dual_room(joining_bp=0)) == ()
    assert split_sites(translate(cds)[:-1], split_inteins()["cfa"], dual_room(joining_bp=0)).sites == ()
