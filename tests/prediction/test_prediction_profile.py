"""Position profiles: equal to their source, lawful, and as good or bad against other data as the card says."""

import csv
import gzip
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.prediction import ENGAGED_PEAK, EditableBase, position_profile, profile_keys
from revertant.prediction.profile import BACKGROUND, SATURATED_PEAK

KEYS = profile_keys()


def bases_of(spacer, before, after):
    return [EditableBase(i, before, after) for i, base in enumerate(spacer, start=1) if base == before]


def source_rates(shared_data):
    rates = defaultdict(dict)
    path = shared_data / "crispr/be/truth/sakata2020_per_position_rates.tsv.gz"
    with gzip.open(path, "rt") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            change = f"{line['from_base']}>{line['to_base']}"
            rates[line["editor"], change][int(line["pos"])] = float(line["rate"])
    return rates


def test_published_figures():
    abemax, be4max = position_profile("abemax"), position_profile("be4max")
    assert [round(abemax.rate(p, "A", "G"), 3) for p in range(4, 9)] == [0.097, 0.211, 0.206, 0.121, 0.034]
    assert [round(be4max.rate(p, "C", "T"), 3) for p in range(4, 9)] == [0.269, 0.391, 0.353, 0.337, 0.287]


def test_all_thirteen_editors_are_there():
    assert len(KEYS) == 13
    assert position_profile("") is None
    assert position_profile("abe8e") is None


@pytest.mark.parametrize("key", KEYS)
def test_rates_are_the_source_moved_by_21(shared_data, key):
    source = source_rates(shared_data)
    profile = position_profile(key)
    for change, rates in profile.rates:
        assert len(rates) == 20
        for position, rate in enumerate(rates, start=1):
            assert rate == pytest.approx(source[profile.editor, change][position - 21], abs=6e-6)


def test_the_source_counts_from_the_first_pam_base(shared_data):
    # NGG: any base at 0, only G at 1 and 2, in the bases the source saw before editing
    bases = defaultdict(set)
    for (_, change), rates in source_rates(shared_data).items():
        for position, rate in rates.items():
            if rate:
                bases[position].add(change[0])
    assert bases[0] == set("ACGT")
    assert bases[1] == bases[2] == {"G"}


def test_an_independent_be4max_window_agrees_only_without_a_shift(shared_data):
    with (shared_data / "crispr/editors/crisprbase_b4max_window.csv").open() as file:
        other = {int(line["Position"]) + 21: float(line["C2T"]) for line in csv.DictReader(file)}
    rates = source_rates(shared_data)["BE4max", "C>T"]

    def correlation(shift):
        ours = [rates.get(p - 21 + shift, 0.0) for p in range(1, 21)]
        return np.corrcoef(ours, [other[p] for p in range(1, 21)])[0, 1]

    assert correlation(0) == pytest.approx(0.97, abs=0.01)
    assert all(correlation(shift) < 0.93 for shift in (-2, -1, 1, 2))


def test_background_is_as_the_card_says(shared_data):
    source = source_rates(shared_data)
    adenine_with_cbe = max(
        rate
        for editor in ("TargetAID", "TargetAIDmax", "BE4max", "BE4maxC")
        for position, rate in source[editor, "A>G"].items()
        if -20 <= position <= -1
    )
    assert adenine_with_cbe == pytest.approx(0.015, abs=0.001)
    at_nine = [rates[-12] for (_, change), rates in source.items() if change == "C>G"]
    assert len(at_nine) == 13
    assert 0.052 < min(at_nine) < max(at_nine) < 0.059


spacers = st.text("ACGT", min_size=20, max_size=20)


@given(spacers, st.sampled_from(KEYS))
def test_shares_of_all_genotypes_sum_to_one(spacer, key):
    profile = position_profile(key)
    bases = [base for change in profile.changes for base in bases_of(spacer, change[0], change[2])][:8]
    shares = profile.genotype_shares(bases)
    if any(profile.rate(*base) >= BACKGROUND for base in bases):
        assert sum(item.share.value for item in shares) == pytest.approx(1)
    else:
        assert shares == ()
    for item in shares:
        assert 0 <= item.share.low <= item.share.value <= item.share.high <= 1
        assert item.share.in_domain
    assert len({item.edited for item in shares}) == len(shares)
    assert [item.share.value for item in shares] == sorted((i.share.value for i in shares), reverse=True)


@given(spacers, st.integers(1, 20))
def test_one_more_bystander_never_makes_an_edit_cleaner(spacer, extra):
    profile = position_profile("abemax")
    spacer = spacer[:4] + "A" + spacer[5:]  # a target at position 5
    bases = bases_of(spacer, "A", "G")
    more = sorted({*bases, EditableBase(extra, "A", "G")})
    assert profile.share_of({5}, more).value <= profile.share_of({5}, bases).value + 1e-12


@given(spacers)
def test_the_order_of_bases_does_not_matter(spacer):
    profile = position_profile("be4max")
    bases = bases_of("C" + spacer[1:], "C", "T")
    assert profile.share_of({1}, bases) == profile.share_of({1}, bases[::-1])


def test_a_lone_base_is_always_the_one_edited():
    estimate = position_profile("abemax").share_of({6}, [EditableBase(6, "A", "G")])
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((1, 1, 1))
    assert estimate.sources == ("doi:10.1038/s41587-020-0509-0",)


def test_outside_what_was_measured_there_is_no_number():
    profile = position_profile("abemax")
    estimate = profile.share_of({6}, [EditableBase(6, "C", "G")])
    assert estimate.value is None
    assert not estimate.in_domain
    assert profile.rate(0, "A", "G") == profile.rate(21, "A", "G") == profile.rate(5, "T", "C") == 0
    assert profile.genotype_shares([EditableBase(6, "C", "G")]) == ()


def test_bases_at_background_get_no_share():
    # 0.005 of reads at position 10 is no editing one could build on
    estimate = position_profile("abemax").share_of({10}, [EditableBase(10, "A", "G")])
    assert estimate.value is None
    assert "background" in estimate.method


def test_a_base_beyond_the_profile_is_said_to_be_out_of_domain():
    bases = [EditableBase(6, "A", "G"), EditableBase(22, "A", "G")]
    assert not position_profile("abemax").share_of({6}, bases).in_domain


@pytest.mark.parametrize("edited", [set(), {7}], ids=["empty", "not editable"])
def test_nonsense_is_refused(edited):
    with pytest.raises(ValueError, match="edited positions"):
        position_profile("abemax").share_of(edited, [EditableBase(6, "A", "G")])


def test_too_many_bases_are_refused():
    with pytest.raises(ValueError, match="too many genotypes"):
        position_profile("be4max").genotype_shares(bases_of("C" * 20, "C", "T"))


def measured_genotypes(shared_data, editor):
    tables = defaultdict(dict)
    with (shared_data / "crispr/be/truth/bedict_bystander_sampledata.csv").open() as file:
        for line in csv.DictReader(file):
            spacer, product = line["Inp_seq"], line["Outp_seq"]
            if line["Editor"] == editor and spacer != product:
                edited = tuple(i + 1 for i in range(20) if spacer[i] != product[i])
                tables[spacer][edited] = float(line["true_score"])
    return {
        spacer: {edited: share / sum(table.values()) for edited, share in table.items()}
        for spacer, table in tables.items()
    }


def distance(profile, bases, measured, peak):
    rates = [profile.rate(*base) * peak / profile.peak for base in bases]
    predicted = {}
    for code in range(1, 2 ** len(bases)):
        flags = [bool(code >> i & 1) for i in range(len(bases))]
        edited = tuple(base.position for base, flag in zip(bases, flags, strict=True) if flag)
        predicted[edited] = np.prod([r if f else 1 - r for r, f in zip(rates, flags, strict=True)])
    total = sum(predicted.values())
    return 0.5 * sum(abs(share / total - measured.get(edited, 0)) for edited, share in predicted.items())


EXPECTED = {
    ("ABEmax", "ACAGAATTTGTTGAGGGCGA"): (0.10, 0.25),
    ("ABEmax", "GAGAATGTCCCAGCCTGCCC"): (0.15, 0.19),
    ("BE4max", "CGCCTGTGGGACGGGACACG"): (0.45, 0.46),
    ("BE4max", "CGGCAACTACACCTGCGTCG"): (0.54, 0.53),
}


@pytest.mark.parametrize(("editor", "spacer"), EXPECTED)
def test_genotypes_fit_other_data_as_well_as_the_card_says(shared_data, editor, spacer):
    profile = position_profile(editor.lower())
    change = profile.changes[0]
    bases = bases_of(spacer, change[0], change[2])
    measured = measured_genotypes(shared_data, editor)[spacer]
    engaged = distance(profile, bases, measured, ENGAGED_PEAK)
    independent = distance(profile, bases, measured, profile.peak)
    assert (engaged, independent) == pytest.approx(EXPECTED[editor, spacer], abs=0.006)


def test_seven_of_ten_measured_genotypes_lie_in_the_interval(shared_data):
    inside = []
    for editor, spacer in EXPECTED:
        profile = position_profile(editor.lower())
        change = profile.changes[0]
        bases = bases_of(spacer, change[0], change[2])
        for edited, share in measured_genotypes(shared_data, editor)[spacer].items():
            if share >= 0.05:
                estimate = profile.share_of(edited, bases)
                inside.append(estimate.low <= share <= estimate.high)
    assert (sum(inside), len(inside)) == (7, 10)
    assert ENGAGED_PEAK < SATURATED_PEAK


def test_abe8e_and_target_aid_tables_hold_no_double_edits(shared_data):
    for editor in ("ABE8e", "Target-AID"):
        for table in measured_genotypes(shared_data, editor).values():
            assert all(len(edited) == 1 for edited in table)


def ranks(values):
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]  # ties share their mean rank


def test_the_profile_does_not_carry_over_to_another_editor(shared_data):
    clean, other, site = defaultdict(int), defaultdict(int), {}
    with gzip.open(shared_data / "crispr/be/truth/gould_abe_sensor_crispresso.tsv.gz", "rt") as file:
        for line in csv.DictReader(file, delimiter="\t"):
            if line["Amplicon"] != "HDR":
                continue
            exact, with_more = int(line["Unmodified"]), int(line["Only Substitutions"])
            if exact + with_more >= 50:
                guide = line["Guide_ID"]
                clean[guide] += exact
                other[guide] += with_more
                site[guide] = line["sgRNA_w_PAM"][:20], line["Edited_sgRNA_w_PAM"][:20]
    profile = position_profile("abemax")
    measured, predicted, lonely = [], [], []
    for guide, (before, after) in site.items():
        target = next(i for i in range(20) if before[i] != after[i])
        rates = [profile.rate(i + 1, "A", "G") for i in range(20) if before[i] == "A" and i != target]
        predicted.append(np.prod([1 - rate * ENGAGED_PEAK / profile.peak for rate in rates]))
        measured.append(clean[guide] / (clean[guide] + other[guide]))
        if not any(before[i] == "A" and i != target for i in range(1, 12)):
            lonely.append(measured[-1])
    assert len(measured) == 1522
    assert np.corrcoef(ranks(measured), ranks(predicted))[0, 1] == pytest.approx(0.63, abs=0.006)
    assert np.mean(np.subtract(predicted, measured)) == pytest.approx(0.51, abs=0.01)
    # without a bystander at 2 to 12, the rest is substitutions elsewhere in the read
    assert (len(lonely), np.median(lonely)) == (84, pytest.approx(0.79, abs=0.006))
