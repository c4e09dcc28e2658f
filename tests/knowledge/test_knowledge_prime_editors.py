"""Prime editors and constant guide parts: on existing nucleases, and equal to what published files hold."""

import pytest

from revertant.errors import ProblemsError
from revertant.knowledge import (
    GuidePart,
    PrimeEditor,
    editors,
    guide_parts,
    load_rows,
    nuclease_behind,
    nucleases,
    prime_editors,
)

# M-MLV reverse transcriptase of PE2, as two public repositories hold it: the five substitutions by their places.
PE2_RT_RESIDUES = 677


@pytest.mark.parametrize("row", prime_editors().values(), ids=lambda row: row.key)
def test_every_row_stands_on_a_cas9(row):
    assert row.base is nucleases()[row.nuclease] is nuclease_behind(row.key)
    assert row.base.family == "cas9"
    assert row.nick_offset == 3
    assert row.rt_residues == PE2_RT_RESIDUES
    assert row.least_cargo_bp == row.base.cds_bp + 3 * PE2_RT_RESIDUES
    assert row.sources
    assert not list(row.problems())


def test_the_systems_and_their_order():
    rows = sorted(prime_editors().values(), key=lambda row: row.order)
    assert len({row.order for row in rows}) == len(rows)
    assert {row.with_nick for row in rows} >= {"PE3", "PE3max", "PE5max"}
    assert [row.key for row in rows if row.helper] == ["pe4max"]
    assert [row.key for row in rows if row.needs_polyu_end] == ["pe7"]
    # Editors that are asked for fewer bases of a PAM come after those that are asked for more.
    assert [row.base.pam for row in rows] == ["NGG"] * 4 + ["NG", "NGN", "NRN"]


def test_keys_name_one_effector_only():
    assert not set(prime_editors()) & (set(editors()) | set(nucleases()))
    assert nuclease_behind("of another package") is None


def test_scaffold_and_motifs():
    parts = guide_parts()
    assert all(part.checked and part.checked_against for part in parts.values())
    scaffold = parts["sp_scaffold"].sequence
    # Repeat and anti-repeat pair, and the last hairpin closes: a wrong letter would open them.
    assert scaffold.startswith("GTTTTAGAGCTA" + "GAAA" + "TAGCAAGTTAAAAT")
    assert scaffold.endswith("GGCACCGAGTCGGTGC")
    assert (len(parts["tevopreQ1"].sequence), len(parts["mpknot"].sequence)) == (37, 56)


@pytest.mark.parametrize(
    ("text", "row", "problem"),
    [
        (
            'name="x"\nnuclease="spcas9"\nrt="r"\nrt_residues=0\nwith_nick="y"\norder=0',
            PrimeEditor,
            "reverse transcriptase",
        ),
        (
            'name="x"\nnuclease="spcas9"\nrt="r"\nrt_residues=1\nwith_nick="y"\norder=0\nchecked=true',
            PrimeEditor,
            "go together",
        ),
        ('name="x"\nkind="motif"\nsequence="ACGT"\nchecked=true', GuidePart, "go together"),
    ],
)
def test_bad_rows_are_refused(text, row, problem):
    with pytest.raises(ProblemsError, match=problem):
        load_rows("x.toml", row, text=f'[k]\nsources=["doi:10.1/x"]\nas_of="2026-11-26"\n{text}')
