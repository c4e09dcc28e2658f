"""A user's own parts: one file for receptors, binders and vectors, refused as a whole where a row does not fit."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.errors import InputError, ProblemsError
from revertant.knowledge import read_own_parts

_HEAD = 'as_of = "2026-11-26"\n'
_SOURCES = 'sources = ["repository:made up for a test"]\n'
# Made up for this test: it is no domain of any antibody and binds nothing.
_DOMAIN = f"""[test_vhh]
name = "Test domain, made up"
role = "variable_domain"
fold = "VHH"
origin = "synthetic"
protein = "QVQLTESTTEST"
length_aa = 12
{_SOURCES}"""
_BINDER = f"""[test_binder]
name = "Test binder, made up"
antigen = "CD7"
domains = ["test_vhh"]
stage = "none"
{_SOURCES}"""
_PROMOTER = f"""[test_promoter]
name = "Test promoter, made up"
kind = "promoter"
sequence = "ACGTACGT"
length_bp = 8
tissues = ["T cell"]
{_SOURCES}"""


@pytest.fixture
def read(tmp_path):
    def reading(*tables: str) -> knowledge.OwnParts:
        path = tmp_path / "ours.toml"
        path.write_text(_HEAD + "\n".join(tables))
        return read_own_parts(path)

    return reading


def test_one_file_holds_parts_of_receptors_binders_and_parts_of_vectors(read):
    own = read(_DOMAIN, _BINDER, _PROMOTER)
    assert (list(own.receptor), list(own.binders), list(own.vector)) == (
        ["test_vhh"],
        ["test_binder"],
        ["test_promoter"],
    )
    assert own.keys == ("test_binder", "test_promoter", "test_vhh")


def test_the_users_binder_comes_first_and_makes_an_antigen_bound(read):
    own = read(_DOMAIN, _BINDER)
    assert [row.key for row in knowledge.binders_of("CD7", own.binders)] == ["test_binder"]
    assert knowledge.bound_antigens(["CD7"]) == ()
    assert knowledge.bound_antigens(["CD7"], own.binders) == ("CD7",)
    against = read(_DOMAIN, _BINDER.replace('"CD7"', '"CD19"'))
    found = [row.key for row in knowledge.binders_of("CD19", against.binders)]
    assert (found[0], found[1]) == ("test_binder", "fmc63")


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        ((_BINDER,), "no variable domain called 'test_vhh'"),
        ((_DOMAIN, _BINDER.replace('["test_vhh"]', '["test_vhh", "g4s_3"]') + 'linker = "g4s_3"\n'), "no variable domain"),
        ((_DOMAIN, _BINDER.replace('["test_vhh"]', '["test_vhh", "test_vhh"]') + 'linker = "test_vhh"\n'), "no linker"),
        ((_DOMAIN, _BINDER.replace("[test_binder]", "[fmc63]")), "parts of that name already"),
        ((_PROMOTER.replace("[test_promoter]", "[wpre]"),), "parts of that name already"),
        ((_DOMAIN.replace("length_aa = 12", "length_aa = 13"),), "length_aa is 13"),
        ((_DOMAIN.replace('role = "variable_domain"\n', ""),), "it says what the row is"),
        ((_DOMAIN + 'kind = "promoter"\n',), "it says what the row is"),
        ((_BINDER.replace('stage = "none"', 'stage = "unheard of"'),), "stage"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_named(read, tables, what):
    with pytest.raises(ProblemsError) as caught:
        read(*tables)
    assert what in str(caught.value)
    assert "ours.toml [" in str(caught.value)


def test_a_file_without_parts_or_that_cannot_be_read_is_refused(read, tmp_path):
    with pytest.raises(InputError, match="holds no part"):
        read()
    with pytest.raises(InputError, match="cannot be read"):
        read_own_parts(tmp_path / "none.toml")
    with pytest.raises(InputError, match="not valid TOML"):
        read("[broken")


def test_records_of_binders_hold_no_residues_and_are_of_antigens_without_a_binder():
    for antigen in ("CD7", "CD5"):
        records = knowledge.binder_records(antigen)
        assert records
        assert knowledge.bound_antigens([antigen]) == ()
        assert all(record.title and record.sources for record in records)
