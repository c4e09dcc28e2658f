"""Parts of receptors against the human proteins they come from, and products rebuilt to the residue."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from car_records import CD8A, CD28, CD247, FMC63_28Z, KYMRIAH, RECORDS

from revertant import knowledge
from revertant.errors import InputError, ProblemsError
from revertant.knowledge import CarRole, binders_of, car_architectures, car_binders, car_parts, car_t_safety
from revertant.knowledge.car_parts import CarPart
from revertant.knowledge.catalogue import load_rows
from revertant.model import GenomeForm

PARTS = car_parts()


@pytest.mark.parametrize(
    ("key", "protein", "first", "last"),
    [
        ("cd8a_signal", CD8A, 1, 21),
        ("cd8a_hinge", CD8A, 138, 182),
        ("cd8a_hinge_55", CD8A, 128, 182),
        ("cd8a_tm", CD8A, 183, 206),
        ("cd8a_tm_28", CD8A, 183, 210),
        ("cd28_hinge", CD28, 114, 152),
        ("cd28_tm", CD28, 153, 179),
        ("cd28_icd", CD28, 180, 220),
    ],
)
def test_parts_are_the_stretches_of_human_proteins_they_say(key, protein, first, last):
    assert PARTS[key].protein == protein[first - 1 : last]
    assert f"residues {first}-{last}" in PARTS[key].accession


def test_zeta_is_cd247_without_glutamine_101_and_its_variant_differs_at_residue_65_alone():
    isoform = CD247[:100] + CD247[101:]
    assert CD247[100] == "Q"
    assert PARTS["cd3z"].protein == isoform[51:]
    assert isoform[64] == "Q"
    differing = [
        (at + 52, one, other)
        for at, (one, other) in enumerate(zip(PARTS["cd3z"].protein, PARTS["cd3z_q65k"].protein, strict=True))
        if one != other
    ]
    assert differing == [(65, "Q", "K")]


@pytest.mark.parametrize("key", sorted(RECORDS))
def test_the_parts_of_a_product_laid_end_to_end_are_its_record(key):
    row = car_architectures()[key]
    made = "".join(PARTS[part].protein for part in row.parts)
    assert made == RECORDS[key]
    assert (len(made), hashlib.sha256(made.encode()).hexdigest()) == (row.protein_aa, row.protein_sha256)


def test_every_architecture_has_a_record_to_compare_with():
    assert set(RECORDS) == set(car_architectures())


def test_the_binder_stands_within_its_products():
    for row in car_architectures().values():
        domains = car_binders()[row.binder].domains
        places = [row.parts.index(key) for key in domains]
        assert places == sorted(places), row.key


def test_products_named_exist():
    known = set(knowledge.products())
    assert {key for row in car_architectures().values() for key in row.products} <= known
    assert {key for row in car_t_safety().values() for key in row.products} <= known


def test_every_car_product_of_the_product_catalogue_has_an_architecture():
    cars = {key for key, row in knowledge.products().items() if "CAR against" in row.vehicle}
    assert cars == {key for row in car_architectures().values() for key in row.products}


def test_lengths_are_those_of_the_literature():
    lengths = {"cd8a_hinge": 45, "cd28_hinge": 39, "cd137_icd": 42, "cd28_icd": 41, "cd3z": 112, "cd3z_q65k": 112,
               "g4s_3": 15, "whitlow_218": 18, "egfrt": 335}  # fmt: skip
    assert {key: PARTS[key].length_aa for key in lengths} == lengths


def test_the_whitlow_linker_is_one_in_both_catalogues():
    assert PARTS["whitlow_218"].protein == knowledge.vector_parts()["linker_whitlow"].protein


def test_self_cleaving_peptides_are_those_of_the_vector_parts():
    own = {key for key, part in PARTS.items() if part.role is CarRole.SELF_CLEAVING}
    assert {"p2a", "t2a", "e2a", "f2a", "t2a_breyanzi"} == own
    assert all("NPGP" in PARTS[key].protein for key in own)


def test_binders_name_their_antigen_by_any_name():
    assert [row.key for row in binders_of("bcma")] == [row.key for row in binders_of("TNFRSF17")]
    assert [row.key for row in binders_of("CD19")] == ["fmc63", "cat19", "hu19"]
    assert KYMRIAH[21:128] == FMC63_28Z[22:129] == PARTS["fmc63_vl"].protein


def test_an_antigen_without_a_binder_says_what_there_is():
    with pytest.raises(InputError, match=r"Did you mean CD19\?") as caught:
        binders_of("CD1")
    assert caught.value.code == "no-binder"


ROW = 'name = "x"\nrole = "hinge"\norigin = "human"\nsources = ["repository:ours"]\nas_of = "2026-11-26"\n'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('protein = "GGX"\nlength_aa = 3', "letters that are no residues"),
        ('protein = "GGS"\nlength_aa = 4', "length_aa is 4"),
        ("", "why it has none"),
        ('protein = "GGS"\nlength_aa = 3\nchecked = true', "what it was checked against"),
        ('protein = "GGS"\nlength_aa = 3\nfold = "VH"', "which it is"),
    ],
)
def test_a_bad_part_is_refused(text, what):
    with pytest.raises(ProblemsError, match=what):
        load_rows("x.toml", CarPart, text=f"[a]\n{ROW}{text}\n")


def test_a_users_part_may_fill_in_what_the_catalogue_lacks_but_replace_nothing(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(f'[rqr8]\n{ROW.replace("hinge", "switch")}protein = "GGS"\nlength_aa = 3\n')
    assert list(knowledge.read_own_parts(path).receptor) == ["rqr8"]
    path.write_text(f'[cd8a_hinge]\n{ROW}protein = "GGS"\nlength_aa = 3\n')
    with pytest.raises(InputError, match="parts of that name already"):
        knowledge.read_own_parts(path)
    with pytest.raises(InputError, match="cannot be read"):
        knowledge.read_own_parts(tmp_path / "none.toml")
    path.write_text("")
    with pytest.raises(InputError, match="holds no part"):
        knowledge.read_own_parts(path)


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("rems", dt.date(2025, 6, 25), dt.date(2025, 6, 26)),
        ("watch_four_weeks", dt.date(2025, 6, 25), dt.date(2025, 6, 26)),
    ],
)
def test_what_ended_with_the_rems_ended_on_its_day(key, before, after):
    assert car_t_safety()[key].holds_on(before)
    assert not car_t_safety()[key].holds_on(after)


def test_what_began_later_did_not_hold_before():
    warned = car_t_safety()["boxed_t_cell_malignancy"]
    assert not warned.holds_on(dt.date(2024, 4, 17))
    assert warned.holds_on(dt.date(2024, 4, 18))
    assert warned.holds_on(None)


def test_safety_statements_of_lentiviral_vectors_are_marked():
    assert car_t_safety()["replication_competent_lentivirus"].forms == (GenomeForm.LENTIVIRAL,)
