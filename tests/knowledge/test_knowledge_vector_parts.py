"""Vector parts: every sequence is what its row says, and agrees with independent plasmids and genomes."""

from __future__ import annotations

import csv
import warnings

import pytest
from Bio import SeqIO
from Bio.Align import PairwiseAligner

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import (
    UBIQUITOUS,
    VectorPart,
    catalogue_versions,
    load_rows,
    parts_of_kind,
    read_own_parts,
    vector_part,
    vector_parts,
    woodchuck_x_protein,
)
from revertant.model import FeatureKind, GenomeForm
from revertant.sequence import is_dna, reverse_complement, translate

PARTS = tuple(vector_parts().values())


def of(kind):
    return [part for part in PARTS if part.kind is kind and part.sequence]


# The sequence records of the tests are short enough to be read without an index.
def read_fasta(path):
    records, name = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line.strip().upper()
    return records


@pytest.fixture(scope="session")
def plasmids(shared_data):
    """Plasmids by file name; circular ones are written out twice, so that nothing is cut by their origin."""
    found = {}
    folder = shared_data / "vectors" / "plasmids"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dates and names of these files are loosely written
        for path in sorted(folder.glob("*.gb*")):
            found[path.stem] = str(SeqIO.read(path, "genbank").seq).upper() * 2
    for path in sorted(folder.glob("laava_*construct.fasta")):
        found[path.stem] = next(iter(read_fasta(path).values()))
    return found


@pytest.fixture(scope="session")
def features(shared_data):
    """Annotated features of plasmids by name."""
    with (shared_data / "vectors" / "vector_parts.tsv").open(encoding="utf-8") as lines:
        return {row["part_id"]: row["sequence"].upper() for row in csv.DictReader(lines, delimiter="\t")}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_each_part_keeps_the_contract(part):
    assert part.sources
    assert part.name
    assert not part.sequence or (is_dna(part.sequence) and len(part.sequence) == part.length_bp)
    assert part.sequence or part.protein or part.note, "say why there is no sequence"
    assert not part.checked or part.checked_against
    assert not (part.virus and part.virus == part.organism)


def test_every_kind_a_cassette_needs_is_there_with_a_sequence():
    needed = {
        FeatureKind.ITR, FeatureKind.LTR, FeatureKind.PACKAGING_SIGNAL, FeatureKind.RRE, FeatureKind.CPPT,
        FeatureKind.PROMOTER, FeatureKind.POL3_PROMOTER, FeatureKind.ENHANCER, FeatureKind.INTRON, FeatureKind.KOZAK,
        FeatureKind.POLYA_SIGNAL, FeatureKind.REGULATORY, FeatureKind.SELF_CLEAVING_PEPTIDE, FeatureKind.IRES,
        FeatureKind.LINKER, FeatureKind.MIRNA_SITES, FeatureKind.UTR_5, FeatureKind.UTR_3, FeatureKind.POLYA_TAIL,
        FeatureKind.BACKBONE,
    }  # fmt: skip
    assert needed <= {part.kind for part in PARTS if part.sequence}


def test_viral_parts_name_their_virus():
    for part in of(FeatureKind.ITR) + of(FeatureKind.LTR) + of(FeatureKind.RRE) + of(FeatureKind.CPPT):
        assert part.virus, part.key


# --- terminal repeats


@pytest.mark.parametrize("part", of(FeatureKind.ITR), ids=lambda part: part.key)
def test_itrs_are_pieces_of_aav2(part, shared_data):
    genome = read_fasta(shared_data / "vectors" / "aav_reference_genomes.fasta")["NC_001401"]
    piece = part.sequence.removeprefix("CCTGCAGGCAG") if part.key == "itr_aav2_141_5" else part.sequence
    assert piece in genome or piece in reverse_complement(genome)


def test_only_the_mutated_itrs_lack_the_resolution_site():
    assert {part.key for part in of(FeatureKind.ITR) if not part.resolvable} == {
        "itr_aav2_dtrs_91", "itr_aav2_dtrs_108", "itr_aav2_dtrs_113",
    }  # fmt: skip
    for part in of(FeatureKind.ITR):
        assert str(part.length_bp) in part.key
        assert part.resolvable or part.forms == (GenomeForm.SELF_COMPLEMENTARY_AAV,)


def test_each_form_of_aav_has_a_preferred_repeat_for_both_ends():
    for form in (GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.DUAL_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV):
        for end in ("5'", "3'"):
            found = [part for part in of(FeatureKind.ITR) if part.end == end and part.fits(form)]
            assert any(part.preferred for part in found)
    resolvable = {
        part.end: part.resolvable
        for part in of(FeatureKind.ITR)
        if part.preferred and part.forms == (GenomeForm.SELF_COMPLEMENTARY_AAV,)
    }
    assert resolvable == {"5'": True, "3'": False}


def test_itr_145_is_flip_and_flop(shared_data):
    records = read_fasta(shared_data / "vectors" / "aav2_itr_flipflop.fasta")
    assert vector_part("itr_aav2_145_flip").sequence == records["SEQ_LEFT_FLIP"]
    assert vector_part("itr_aav2_145_flop").sequence == records["SEQ_LEFT_FLOP"]
    assert vector_part("itr_aav2_145_flop_3").sequence == records["SEQ_RIGHT_FLOP"]
    assert vector_part("itr_aav2_145_flop").sequence == reverse_complement(
        vector_part("itr_aav2_145_flop_3").sequence
    )


@pytest.mark.parametrize(
    ("key", "plasmid"),
    [
        ("itr_aav2_145_flip", "pGS-ssAAV-ITR145-Amp-empty"),
        ("itr_aav2_145_flop_3", "pGS-ssAAV-ITR145-Kan-empty"),
        ("itr_aav2_128_5", "pGS-ssAAV-ITR128-Amp-empty"),
        ("itr_aav2_128_3", "pGS-ssAAV-ITR128-Kan-empty"),
        ("itr_aav2_dtrs_108", "pGS-scAAV-ITR145-Amp-empty"),
        ("itr_aav2_dtrs_91", "pGS-scAAV-ITR128-Kan-empty"),
        ("itr_aav2_dtrs_113", "laava_scAAV_CBA_GFP_construct"),
        ("itr_aav2_sc_wt_143", "pGS-scAAV-ITR145-Amp-empty"),
        ("itr_aav2_141_5", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("itr_aav2_130_5", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("itr_aav2_130_3", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("promoter_hsyn1", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("polya_bgh_225", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("intron_sv40_16s_mod", "laava_scAAV_CBA_GFP_construct"),
        ("recombinogenic_ak", "pAAV-hSYN1-Washc1-BioID2-HA"),
        ("backbone_puc_ori", "pGS-ssAAV-ITR145-Amp-empty"),
        ("backbone_t7", "pAAV2-9"),
    ],
)
def test_sequence_stands_base_for_base_in_a_plasmid(key, plasmid, plasmids):
    assert vector_part(key).sequence in plasmids[plasmid]


#: Parts that differ from a second copy in a few bases: key, record, edits, bases compared.
NEARLY = [
    ("promoter_cmv", "laava_ssAAV_CMV_GFP_construct", 15, 588),
    ("promoter_cag", "pmCAG-SWIP_WT-HA", 11, 1733),
    ("promoter_cba", "laava_scAAV_CBA_GFP_construct", 0, 785),
    ("promoter_sv40", "pmCAG-SWIP_WT-HA", 4, 344),
    ("promoter_u6", "laava_ssAAV_CMV_GFP_construct", 7, 249),
    ("promoter_ef1a", "UG_EF1a_promoter", 1, 1179),
    ("promoter_efs", "UG_EF1a_promoter", 1, 232),
    ("promoter_ubc", "UG_hUbC_promoter", 8, 1178),
    ("enhancer_cmv", "laava_ssAAV_CMV_GFP_construct", 2, 305),
    ("enhancer_cmv", "pmCAG-SWIP_WT-HA", 2, 305),
    ("enhancer_sv40", "pmCAG-SWIP_WT-HA", 2, 237),
    ("wpre", "pAAV-hSYN1-Washc1-BioID2-HA", 7, 598),
    ("wpre", "UG_woodchuck_hepatitis_virus_post_transcriptional_regulatory_element", 0, 598),
    ("polya_bgh_208", "laava_scAAV_CBA_GFP_construct", 1, 208),
    ("polya_bgh_225", "UG_bGH_PA_terminator", 0, 225),
    ("polya_sv40_late", "laava_ssAAV_CMV_GFP_construct", 5, 222),
    ("polya_sv40_early", "UG_SV40_polyadenylation_signal", 1, 135),
    ("intron_chimeric", "UG_chimeric_intron", 0, 133),
    ("intron_sv40_16s_mod", "UG_modSV40_late_16s_intron", 0, 97),
    ("wpre_x_mutated", "pAAV-hSYN1-Washc1-BioID2-HA", 1, 589),
    ("polya_synthetic_49", "UG_synthetic_PA_terminator", 0, 49),
    ("polya_hgh", "UG_hGH_PA_terminator", 0, 479),
    ("ires_emcv", "UG_internal_ribosome_entry_site", 0, 585),
    ("lv_rsv_5", "UG_RSV_promoter", 2, 229),
    ("lv_ltr_5", "UG_HIV-1_5_long_terminal_repeat", 0, 181),
    ("lv_psi", "UG_HIV-1_psi_pack", 0, 45),
    ("lv_rre", "UG_HIV-1_rev_response_element(RRE)", 0, 234),
]


def edits_between(part, record):
    """Fewest edits that turn a whole part into a stretch of a record, on either strand."""
    aligner = PairwiseAligner(mode="global", match_score=0, mismatch_score=-1, gap_score=-1)
    aligner.end_insertion_score = 0
    fewest = len(part)
    for strand in (record, reverse_complement(record)):
        pieces = [(at, part[at : at + 16]) for at in range(0, len(part) - 16, 16)]
        for start in {strand.find(piece) - at for at, piece in pieces if piece in strand}:
            window = strand[max(0, start - 60) : start + len(part) + 60]
            fewest = min(fewest, -int(aligner.score(part, window)))
    return fewest


@pytest.mark.parametrize(
    ("key", "record", "edits", "bases"), NEARLY, ids=[f"{row[0]} {row[1][:12]}" for row in NEARLY]
)
def test_sequence_agrees_with_a_second_copy_as_the_row_says(key, record, edits, bases, plasmids, features):
    part = vector_part(key)
    assert part.checked
    if edits:
        plural = "" if edits == 1 else "s"
        assert f"{edits} edit{plural} in {bases:,} bases" in part.checked_against
    copy = plasmids.get(record) or features[record]
    assert edits_between(part.sequence[:bases], copy) == edits


def test_cbh_is_made_of_the_pieces_its_name_says(plasmids, shared_data):
    cbh = vector_part("promoter_cbh").sequence
    cag = plasmids["pmCAG-SWIP_WT-HA"]
    mouse_virus = read_fasta(shared_data / "vectors" / "aav_reference_genomes.fasta")["NC_001510"]
    assert cbh[221:606] in cag, "end of the CMV enhancer, and the chicken beta-actin promoter"
    assert cbh[606:701] in cag, "start of the chicken beta-actin intron"
    assert cbh[710:763] in mouse_virus, "intron of minute virus of mice"


def test_the_self_inactivating_ltr_lost_the_enhancer_of_u3(features):
    ltr = vector_part("lv_ltr_3_sin").sequence
    assert ltr.endswith(vector_part("lv_ltr_5").sequence)
    assert features["UG_delta_U3"] in ltr
    assert len(ltr) - vector_part("lv_ltr_5").length_bp < 60


# --- introns, untranslated regions, signals


@pytest.mark.parametrize("part", of(FeatureKind.INTRON), ids=lambda part: part.key)
def test_introns_begin_with_gt_and_end_with_ag(part):
    assert part.sequence.startswith("GT")
    assert part.sequence.endswith("AG")


def test_mvm_intron_joins_the_exons_of_the_virus(shared_data):
    genome = read_fasta(shared_data / "vectors" / "aav_reference_genomes.fasta")["NC_001510"]
    intron = vector_part("intron_mvm").sequence
    assert genome[2316:2398] == intron
    joined = genome[2285:2316] + genome[2398:4557]
    assert translate(joined).find("*") == len(joined) // 3 - 1


def test_globin_parts_are_those_of_the_transcript(shared_data):
    locus = read_fasta(shared_data / "shippable" / "loci.GRCh38.fa")["chr11:5224656-5227595"]
    gene = reverse_complement(locus)
    parts = [vector_part(key).sequence for key in ("utr5_hbb", "intron_hbb_1", "intron_hbb_2", "utr3_hbb")]
    utr_5, first, second, utr_3 = parts
    start = gene.index(utr_5)
    mrna = gene[start : gene.index(utr_3) + len(utr_3)].replace(first, "").replace(second, "")
    protein = translate(mrna[len(utr_5) : len(mrna) - len(utr_3)])
    assert protein.startswith("MVHLTPEEKSAV")
    assert protein.index("*") == 147 == len(protein) - 1
    assert "AATAAA" in utr_3


@pytest.mark.parametrize("part", of(FeatureKind.POLYA_SIGNAL), ids=lambda part: part.key)
def test_polyadenylation_signals_hold_the_hexamer(part):
    assert "AATAAA" in part.sequence


def test_woodchuck_x_can_be_made_from_the_wild_type_only():
    peptide = woodchuck_x_protein(vector_part("wpre").sequence)
    assert len(peptide) == 61
    assert peptide.startswith("MAARLCCHLDSARDV")
    for key in ("wpre_x_mutated", "wpre3", "opre"):
        assert woodchuck_x_protein(vector_part(key).sequence) == ""
    assert woodchuck_x_protein(vector_part("wpre").sequence.replace("CCATGGCTGCTCG", "CCGTGGCTGCTCG")) == ""


# --- peptides, miRNA sites, inteins


@pytest.mark.parametrize(
    ("key", "ending"), [("p2a", "DVEENPGP"), ("t2a", "DVEENPGP"), ("e2a", "DVESNPGP"), ("f2a", "DVESNPGP")]
)
def test_2a_peptides_translate_and_end_as_they_must(key, ending):
    part = vector_part(key)
    assert translate(part.sequence) == part.protein
    assert part.protein.startswith("GSG")
    assert part.protein.endswith(ending)


@pytest.mark.parametrize(
    ("key", "site"),
    [
        ("mirna_122", "CAAACACCATTGTCACACTCCA"),
        ("mirna_183", "AGTGAATTCTACCAGTGCCATA"),
        ("mirna_142_3p", "TCCATAAAGTAGGAAACACTACA"),
        ("mirna_1", "ATACATACTTCTTTACATTCCA"),
        ("mirna_206", "CCACACACTTCCTTACATTCCA"),
    ],
)
def test_mirna_sites_are_reverse_complements(key, site):
    part = vector_part(key)
    assert part.sequence == site
    assert reverse_complement(site).replace("T", "U") == part.mirna


def test_the_halves_for_trans_splicing_are_the_chimeric_intron():
    halves = vector_part("splice_donor_ts").sequence + vector_part("splice_acceptor_ts").sequence
    assert halves == vector_part("intron_chimeric").sequence


def test_alpha_globin_utrs_have_the_lengths_of_the_record():
    assert vector_part("utr5_hba1").length_bp == 37
    assert vector_part("utr3_hba1").length_bp == 111
    assert "AATAAA" in vector_part("utr3_hba1").sequence


def test_inteins_come_in_pairs_and_ask_for_their_residue():
    halves = [part for part in PARTS if part.kind is FeatureKind.INTEIN]
    assert {part.partner for part in halves} == {part.key for part in halves}
    assert {part.junction_residue for part in halves if "gp41" in part.key} == {"S"}
    assert {part.junction_residue for part in halves if "gp41" not in part.key} == {"C"}
    assert not vector_part("intein_npu_n").preferred


# --- finding


def test_parts_of_a_tissue_come_before_those_of_all():
    found = parts_of_kind(FeatureKind.PROMOTER, "liver")
    with_sequence = [part for part in found if part.sequence]
    assert with_sequence[0].key == "promoter_tbg"
    assert found[: len(with_sequence)] == tuple(with_sequence)
    assert all("liver" in part.tissues or UBIQUITOUS in part.tissues for part in found)
    assert not any(part.key == "promoter_hsyn1" for part in found)


def test_cbh_and_not_cba_is_preferred_and_promoters_of_retroviruses_are_marked():
    ubiquitous = [part for part in parts_of_kind(FeatureKind.PROMOTER) if UBIQUITOUS in part.tissues]
    assert {part.key for part in ubiquitous if part.preferred} == {"promoter_cbh", "promoter_efs"}
    assert {part.key for part in PARTS if part.oncogenic} == {
        "promoter_sffv", "promoter_mscv", "promoter_mndu3",
    }  # fmt: skip


def test_unknown_key_names_its_neighbours():
    with pytest.raises(InputError, match="promoter_hsyn1"):
        vector_part("promoter_hsyn")


def test_versions_cover_the_parts():
    names = {name for name, _ in catalogue_versions()}
    assert {
        "vector_parts_ends.toml", "vector_parts_promoters.toml", "vector_parts_transcript.toml",
    } <= names  # fmt: skip


# --- what is refused

OWN = """as_of = "2026-11-26"
[mine]
name = "our promoter"
kind = "promoter"
sequence = "ACGTACGT"
length_bp = 8
tissues = ["liver"]
sources = ["repository:ours"]
"""


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("length_bp = 8", "length_bp = 9", "length_bp is 9"),
        ('"ACGTACGT"', '"acgtacgt"', "IUPAC"),
        ('kind = "promoter"', 'kind = "promotor"', "not one of"),
        ('tissues = ["liver"]', "", "where it works"),
        ('tissues = ["liver"]', 'tissues = ["lever"]', "No tissue of the vocabulary: lever"),
        ('tissues = ["liver"]', 'tissues = ["liver"]\nchecked = true', "checked against"),
        ('tissues = ["liver"]', 'tissues = ["liver"]\nprotein = "TR"\n', "translate"),
        ('tissues = ["liver"]', 'tissues = ["liver"]\nprotein = "T1"\n', "no residues"),
        ('tissues = ["liver"]', 'tissues = ["liver"]\nmirna = "UGCA"', "reverse complement"),
        ('sequence = "ACGTACGT"\nlength_bp = 8\n', "", "accession"),
        ('kind = "promoter"', 'kind = "intein"', "other half"),
        ('kind = "promoter"', 'kind = "intein"\npartner = "x"', "residue"),
        ('kind = "promoter"', 'kind = "ITR"', "at which end"),
        ('kind = "promoter"', 'kind = "promoter"\nend = "3\'"', "at which end"),
    ],
)
def test_refuses_rows_that_contradict_themselves(before, after, what):
    assert load_rows("own.toml", VectorPart, text=OWN)
    with pytest.raises(ProblemsError) as caught:
        load_rows("own.toml", VectorPart, text=OWN.replace(before, after))
    assert what in str(caught.value)
    assert "[mine]" in str(caught.value)


def test_users_bring_their_own_parts(tmp_path):
    path = tmp_path / "ours.toml"
    path.write_text(OWN, encoding="utf-8")
    own = read_own_parts(path).vector
    assert list(own) == ["mine"]
    found = parts_of_kind(FeatureKind.PROMOTER, "liver", parts=[*PARTS, *own.values()])
    assert own["mine"] in found
    path.write_text(OWN.replace("[mine]", "[wpre]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"ours.toml \[wpre\]"):
        read_own_parts(path)
    path.write_text(
        OWN.replace('kind = "promoter"', 'kind = "intein"\npartner = "p2a"\njunction_residue = "C"'),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"ours.toml \[mine\].partner"):
        read_own_parts(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_own_parts(tmp_path / "none.toml")
    path.write_text('as_of = "2026-11-26"\n', encoding="utf-8")
    with pytest.raises(InputError, match="holds no part"):
        read_own_parts(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="cannot be read"):
        read_own_parts(path)
