"""Pieces laid end to end, looked at as a stranger would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.modality.gene_addition.assemble import (
    Piece,
    as_plasmid,
    construct_faults,
    lay,
    occurrences,
    uncovered,
)
from revertant.model import Feature, FeatureKind, GenomeForm, Strand
from revertant.sequence import reverse_complement

PARTS = {"itr": "TTGGCCACTC", "pro": "GACGTAACC", "pa": "AATAAAGC"}


def pieces(cds="ATGGCTTGGTAA"):
    return [
        Piece(FeatureKind.ITR, "ITR", PARTS["itr"], "itr"),
        Piece(
            FeatureKind.PROMOTER, "P", PARTS["pro"], "pro", inside=(Feature(FeatureKind.ENHANCER, "e", 0, 4),)
        ),
        Piece(FeatureKind.REGULATORY, "none", ""),
        Piece(FeatureKind.CDS, "gene", cds),
        Piece(FeatureKind.POLYA_SIGNAL, "pA", PARTS["pa"], "pa"),
        Piece(FeatureKind.ITR, "ITR", PARTS["itr"], "itr").reversed,
    ]


def construct():
    return lay("c", GenomeForm.SINGLE_STRANDED_AAV, pieces())


def faults(made, proteins=("MAW",)):
    return construct_faults(made, proteins, PARTS.__getitem__)


def test_a_construct_is_its_pieces_and_passes():
    made = construct()
    assert made.packaged_bp == len(made.sequence) == 10 + 9 + 12 + 8 + 10
    assert [f.name for f in made.features] == ["ITR", "P", "e", "gene", "pA", "ITR"]
    assert made.features[-1].strand is Strand.MINUS
    assert made.bases_of(made.features[-1]) == reverse_complement(PARTS["itr"])
    assert faults(made) == ()


def test_every_base_changed_in_a_part_or_the_gene_is_seen():
    made = construct()
    for at, base in enumerate(made.sequence):
        other = {"A": "C", "C": "A", "G": "T", "T": "G"}[base]
        changed = replace(made, sequence=made.sequence[:at] + other + made.sequence[at + 1 :])
        silent = changed.sequence[19:31] in {"ATGGCATGGTAA", "ATGGCCTGGTAA", "ATGGCGTGGTAA", "ATGGCTTGGTGA"}
        assert bool(faults(changed)) != silent, at


def test_gaps_overlaps_and_strays_are_seen():
    made = construct()
    gap = replace(made, features=made.features[:-1])
    shifted = replace(made, features=(*made.features[:-1], replace(made.features[-1], start=38, part="")))
    beyond = replace(made, features=(*made.features, Feature(FeatureKind.DOMAIN, "d", 48, 60)))
    assert uncovered(gap) == ((39, 49),)
    assert uncovered(shifted) == ((38, 39),)
    assert any("outside" in fault for fault in faults(beyond))
    assert any("2 coding sequences" in f or "not 2" in f for f in faults(made, ("MAW", "MAW")))
    assert any("packaged" in fault for fault in faults(replace(made, packaged=(0, 900))))
    assert any("other letters" in fault for fault in faults(replace(made, sequence=made.sequence[:-1] + "N")))


def test_plasmid():
    made = as_plasmid(construct(), [Piece(FeatureKind.BACKBONE, "ori", "GGGTTTCC")], "p")
    assert made.circular
    assert made.packaged == (0, 49)
    assert made.packaged_bp == 49
    assert faults(made) == ()
    assert made.bases_of(made.features[-1]) == "GGGTTTCC"


@given(st.text("ACGT", max_size=60), st.sampled_from(["GAATTC", "GGTCTC", "TTAATTAA"]))
def test_occurrences_against_rotation(sequence, site):
    """On a circle the count does not depend on where one cuts it open."""
    want = sum(
        (sequence * 3)[at : at + len(site)] == one
        for at in range(len(sequence))
        for one in {site, reverse_complement(site)}
    )
    if len(sequence) >= len(site):
        assert occurrences(sequence, site, circular=True) == want
        turned = sequence[7:] + sequence[:7]
        assert occurrences(turned, site, circular=True) == want


@pytest.mark.parametrize("kind", [Strand.PLUS, Strand.MINUS])
def test_a_reversed_piece_turns_twice_into_itself(kind):
    piece = Piece(
        FeatureKind.PROMOTER, "p", "AACCG", strand=kind, inside=(Feature(FeatureKind.DOMAIN, "d", 0, 2),)
    )
    assert piece.reversed.bases == "CGGTT"
    assert piece.reversed.inside[0].start == 3
    assert piece.reversed.reversed == piece
