"""Every nuclease row: plausible, sourced, and equal to the public lists it says it was checked against."""

import csv
import gzip

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import Nuclease, load_rows, nucleases
from revertant.model import PamSide
from revertant.sequence import matches

ROWS = list(nucleases().values())
NEEDED = {
    "spcas9", "spcas9_hf1", "espcas9_1_1", "hifi_cas9", "sniper_cas9", "spcas9_ng", "xcas9", "spg",
    "spry", "spcas9_vqr", "spcas9_vrer", "spcas9_nrrh", "spcas9_nrth", "spcas9_nrch", "sacas9",
    "sacas9_kkh", "nme2cas9", "cjcas9", "st1cas9", "sccas9", "ispymac", "ascas12a", "lbcas12a",
    "enascas12a", "ascas12a_rr", "ascas12a_rvr", "dpbcasx",
}  # fmt: skip


def test_there_are_at_least_twenty_and_the_needed_ones():
    assert len(ROWS) >= 20
    assert set(nucleases()) >= NEEDED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_every_row_keeps_the_contract(row):
    assert row.sources
    assert row.as_of
    assert not list(row.problems())
    # what is designed for must be a subset of what is searched
    assert len(row.pam) <= len(row.search_pam) or row.search_pam == row.pam
    assert matches(row.search_pam[: len(row.pam)], row.pam)
    top, bottom = row.cut_places()
    if row.family == "cas9":
        assert top == bottom == row.spacer_nt - 3
        assert row.overhang == "blunt"
    else:
        assert row.pam_side is PamSide.FIVE_PRIME
        assert bottom > top
        assert row.overhang.startswith("5'")


def test_cfd_belongs_to_wild_type_spcas9_alone():
    assert [row.key for row in ROWS if row.cfd_defined] == ["spcas9"]


def test_cut_places_follow_the_spacer_length():
    assert nucleases()["sacas9"].cut_places() == (18, 18)
    assert nucleases()["sacas9"].cut_places(22) == (19, 19)
    assert nucleases()["lbcas12a"].cut_places(20) == (18, 23)


def test_the_published_makassar_site_needs_nrch():
    fitting = {row.key for row in ROWS if row.family == "cas9" and matches(row.pam, "CACC"[: len(row.pam)])}
    assert "spcas9_nrch" in fitting
    assert not fitting & {"spcas9", "spg", "spcas9_ng", "spcas9_nrrh", "spcas9_nrth"}


def test_checked_pams_agree_with_the_public_list(shared_data):
    with (shared_data / "crispr/editors/nuclease_pams.tsv").open() as file:
        listed = {
            (line["pam"], line["pam_side"], int(line["protospacer_len"]))
            for line in csv.DictReader(file, delimiter="\t")
        }
    for row in ROWS:
        if "PAM, side and spacer length" in row.checked_against:
            assert (row.pam, row.pam_side.value, row.spacer_nt) in listed, row.key


@pytest.mark.parametrize(("key", "name"), [("spcas9", "WT"), ("spcas9_hf1", "HF"), ("espcas9_1_1", "ESP")])
def test_measured_target_sites_have_the_pam(shared_data, key, name):
    with gzip.open(shared_data / f"crispr/ontarget/truth/crisprfmc_{name}.csv.gz", "rt") as file:
        pams = {line["sgRNA"][20:] for line in csv.DictReader(file)}
    assert pams == {"AGG", "CGG", "GGG", "TGG"}
    assert all(matches(nucleases()[key].pam, pam) for pam in pams)


def test_the_wide_cas12a_pattern_holds_every_well_cut_pam(shared_data):
    with (shared_data / "crispr/editors/cas12a_pam_scores.tsv").open() as file:
        cut = [line["PAM"] for line in csv.DictReader(file, delimiter="\t") if float(line["Score"]) >= 0.2]
    assert len(cut) == 29
    assert all(matches(nucleases()["enascas12a"].search_pam, pam) for pam in cut)


def test_sacas9_length_is_that_of_its_protein(shared_data):
    text = (shared_data / "vectors/car_and_editor_parts_protein.fasta").read_text()
    record = next(part for part in text.split(">") if part.startswith("SaCas9 "))
    residues = len("".join(record.splitlines()[1:]))
    assert nucleases()["sacas9"].cds_bp == 3 * residues + 3


BAD = {
    "cas12a with a 3' PAM": 'family = "cas12a"\npam = "NGG"\ncfd_defined = false',
    "CFD for an NG PAM": 'family = "cas9"\npam = "NG"\ncfd_defined = true',
    "no IUPAC": 'family = "cas9"\npam = "NGX"\ncfd_defined = false',
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_bad_rows_are_refused(fields):
    text = f"""
as_of = "2026-11-22"
[x]
name = "x"
origin = "x"
pam_side = "3'"
spacer_nt = 20
cut_offset_top = 3
cut_offset_bottom = 3
seed_nt = 10
sources = ["doi:10.1/x"]
{fields}
"""
    with pytest.raises(ProblemsError):
        load_rows("x.toml", Nuclease, text=text)
