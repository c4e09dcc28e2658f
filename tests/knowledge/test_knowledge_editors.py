"""Every base editor row: on an existing nuclease, plausible, and equal to the tables it was checked against."""

import csv

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import BaseEditor, editors, load_rows, nucleases
from revertant.prediction import position_profile
from revertant.sequence import matches

ROWS = list(editors().values())
NEEDED = {
    "abe7_10", "abemax", "abe8_8m", "abe8_20m", "abe8e", "abe8e_v106w", "abe8e_ng", "abe8e_spg",
    "abe8e_spry", "abe8e_nrch", "abe8e_nrrh", "abe8e_nrth", "vqr_abe", "vrer_abe",
    "abe8e_v106w_ngc", "sa_abe8e", "sakkh_abe8e", "lbabe8e", "be3", "be4max", "a3a_be3", "ea3a_be3",
    "ye1_be3", "target_aid", "ng_be4max", "spg_be4max", "spry_be4max", "sabe4", "sakkh_be3",
    "lbcas12a_be", "tadcbed", "cgbe1", "minicgbe1", "acbemax", "space", "target_acemax",
    "evocda1_be4max",
}  # fmt: skip

# our key -> (name in the beditor table, PAM written there)
BEDITOR = {
    "abe7_10": "ABE7.10", "abemax": "ABE7.10*", "vqr_abe": "VQR-ABE", "vrer_abe": "VRER-ABE",
    "sa_abe": "ABESa", "sakkh_abe": "Sa(KKH)-ABE", "be3": "BE3", "be4max": "BE4/BE4max", "vqr_be3": "VQR-BE3",
    "vrer_be3": "VRER-BE3", "xbe3": "xBE3", "ye1_be3": "YE1-BE3", "yee_be3": "YEE-BE3", "a3a_be3": "A3A-BE3",
    "ea3a_be3": "eA3A-BE3", "target_aid": "Target-AID", "target_aid_ng": "Target-AID", "be_plus": "BE-PLUS",
    "sabe4": "SaBE4", "sakkh_be3": "SA(KKH)-BE3", "lbcas12a_be": "Cas12a-BE",
}  # fmt: skip


def test_there_are_at_least_twenty_five_and_the_needed_ones():
    assert len(ROWS) >= 25
    assert set(editors()) >= NEEDED
    assert {row.chemistry for row in ROWS} == {"ABE", "CBE", "CGBE", "dual"}


def test_the_pam_families_of_the_catalogue():
    pams = {row.pam for row in ROWS}
    assert pams >= {"NGG", "NG", "NGN", "NRN", "NGA", "NGC", "NGCG", "NRCH", "NNGRRT", "NNNRRT", "TTTV"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_every_row_keeps_the_contract(row):
    base = nucleases()[row.nuclease]
    assert (row.pam_side, row.spacer_nt) == (base.pam_side, base.spacer_nt)
    # an editor may ask for more of a PAM than its nuclease, never for another one
    shorter = min(len(row.pam), len(base.pam))
    assert matches(base.pam[:shorter], row.pam[:shorter])
    assert row.sources
    assert row.as_of
    assert row.deaminase
    assert row.byproducts
    assert not list(row.problems())
    assert row.edits(row.core_window[0], core=True)
    assert not row.edits(row.window[1] + 1)
    if base.cds_bp:
        assert row.least_cargo_bp >= base.cds_bp
    else:
        assert row.least_cargo_bp is None


@pytest.mark.parametrize("row", [row for row in ROWS if row.profile], ids=lambda row: row.key)
def test_a_profile_belongs_to_the_editor_and_peaks_in_its_core(row):
    profile = position_profile(row.profile)
    assert profile is not None
    assert sorted(profile.changes) == sorted(row.conversions)
    assert (row.nuclease, row.pam, row.spacer_nt) == ("spcas9", "NGG", 20)
    for before, after in row.base_changes:
        rates = {position: profile.rate(position, before, after) for position in range(1, 21)}
        top = max(rates, key=rates.get)
        assert row.edits(top, core=row.chemistry != "dual")


def test_the_window_of_abemax_is_five_per_cent_of_the_measured_peak():
    profile = position_profile("abemax")
    inside = [p for p in range(1, 21) if profile.rate(p, "A", "G") >= 0.05 * profile.peak]
    assert (inside[0], inside[-1]) == editors()["abemax"].window
    assert len(inside) == inside[-1] - inside[0] + 1


def test_core_windows_agree_with_the_beditor_table(shared_data):
    with (shared_data / "crispr/editors/beditor_methods.tsv").open() as file:
        listed = {
            (line["method"], line["PAM"]): (
                int(line["window start"]),
                int(line["window end"]),
                int(line["guide length"]),
                f"{line['nucleotide']}>{line['nucleotide mutation']}",
            )
            for line in csv.DictReader(file, delimiter="\t")
        }
    for key, name in BEDITOR.items():
        row = editors()[key]
        first, last, length, change = listed[name, row.pam]
        assert (row.core_window, row.spacer_nt, row.conversions) == ((first, last), length, (change,)), key
        assert row.checked, key
    claimed = {row.key for row in ROWS if "beditor" in row.checked_against}
    assert claimed == set(BEDITOR)


def test_abe8e_samples_are_edited_inside_the_window_only(shared_data):
    inside = outside = 0.0
    with (shared_data / "crispr/be/truth/bedict_bystander_sampledata.csv").open() as file:
        for line in csv.DictReader(file):
            pairs = enumerate(zip(line["Inp_seq"], line["Outp_seq"], strict=True), start=1)
            changed = [position for position, (before, after) in pairs if before != after]
            if line["Editor"] == "ABE8e" and changed:
                if all(editors()["abe8e"].edits(position) for position in changed):
                    inside += float(line["true_score"])
                else:
                    outside += float(line["true_score"])
    assert outside < 0.002 * inside


def test_abe8e_on_spry_is_level_over_the_core_and_drops_after_it(shared_data):
    with (shared_data / "crispr/editors/bean_be_profile_spacerpos.csv").open() as file:
        rates = {int(line["spacer_pos"]): float(line["A>G"]) for line in csv.DictReader(file)}
    first, last = editors()["abe8e_spry"].core_window
    core = [rates[position] for position in range(first, last + 1)]
    assert min(core) > 0.8 * max(core)
    assert max(rates[position] for position in rates if position > last) < 0.75 * min(core)


def test_tada8e_length_is_that_of_its_protein(shared_data):
    text = (shared_data / "vectors/car_and_editor_parts_protein.fasta").read_text()
    record = next(part for part in text.split(">") if part.startswith("TadA8e "))
    assert editors()["abe8e"].fused_residues == len("".join(record.splitlines()[1:]))


BAD = {
    "window past the spacer": ("window = [4, 21]", "window"),
    "core outside": ("window = [5, 8]", "core window"),
    "chemistry": ('conversions = ["C>T"]\nwindow = [4, 8]', "ABE makes"),
    "checked without a reason": ("checked = true\nwindow = [4, 8]", "go together"),
    "motif without the target": ('motif = "TC"\nmotif_base = 1\nwindow = [4, 8]', "motif"),
}


@pytest.mark.parametrize(("fields", "said"), BAD.values(), ids=BAD)
def test_bad_rows_are_refused(fields, said):
    conversions = "" if "conversions" in fields else 'conversions = ["A>G"]'
    text = f"""
as_of = "2026-11-22"
[x]
name = "x"
chemistry = "ABE"
{conversions}
nuclease = "spcas9"
pam = "NGG"
pam_side = "3'"
spacer_nt = 20
core_window = [4, 7]
deaminase = "x"
byproducts = "x"
sources = ["doi:10.1/x"]
{fields}
"""
    with pytest.raises(ProblemsError, match=said):
        load_rows("x.toml", BaseEditor, text=text)
