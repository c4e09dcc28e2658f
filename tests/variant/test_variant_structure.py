"""Kinds of structural change read off the bases, whatever the spelling."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.genome import Reference, load_gene_models
from revertant.knowledge import structural_routes
from revertant.model import StructureKind
from revertant.variant import resolve, structure_of

LEFT = "".join(random.Random(1).choices("ACGT", k=300))
RIGHT = "".join(random.Random(2).choices("ACGT", k=300))


def reference_of(middle):
    return Reference.from_sequences({"chr4": LEFT + middle + RIGHT})


@given(
    st.sampled_from(["CAG", "CTG", "GAA", "GGGGCC", "CCTG", "AT"]), st.integers(3, 12), st.integers(26, 90)
)
def test_repeats_are_counted(unit, before, more):
    reference = reference_of(unit * before)
    variant = resolve(f"chr4:g.301_{300 + len(unit)}{unit}[{before + more}]", reference)
    found = structure_of(variant, reference)
    if len(unit) * more < 50:
        assert found is None
        return
    # The flanks may happen to continue the repeat by part of a unit or more; then the unit is rotated.
    assert found.kind is StructureKind.REPEAT_EXPANSION
    assert sorted(found.unit) == sorted(unit)
    assert found.copies - found.copies_before == more
    assert found.copies_before >= before
    text = reference.fetch("chr4", found.locus.start, found.locus.end)
    assert text == found.unit * found.copies_before


@given(st.integers(62, 200), st.integers(0, 80))
def test_deletions_duplications_and_inversions(size, start):
    middle = "".join(random.Random(7).choices("ACGT", k=400))
    reference = reference_of(middle)
    low, high = 301 + start, 300 + start + size
    for kind, written in (
        (StructureKind.DELETION, "DEL"),
        (StructureKind.TANDEM_DUPLICATION, "DUP"),
        (StructureKind.INVERSION, "INV"),
    ):
        variant = resolve(f"chr4:{low}-{high}:<{written}>", reference)
        found = structure_of(variant, reference)
        assert found.kind is kind
        if kind is StructureKind.INVERSION:
            assert abs(found.size_bp - size) <= 12  # ends that read the same either way cannot be told
        else:
            assert found.size_bp == size


def test_other_insertions_and_small_changes():
    reference = reference_of("ACGTTGCA")
    foreign = "".join(random.Random(9).choices("ACGT", k=120))
    assert (
        structure_of(resolve(f"chr4:g.303_304ins{foreign}", reference), reference).kind
        is StructureKind.INSERTION
    )
    assert structure_of(resolve("chr4:g.303_310del", reference), reference) is None
    assert structure_of(resolve("chr4:g.303_310delins" + foreign, reference), reference) is None


def test_a_run_of_one_base_is_no_repeat():
    reference = reference_of("C" * 9)
    variant = resolve("chr4:g.301_302ins" + "C" * 60, reference)
    assert structure_of(variant, reference).kind is not StructureKind.REPEAT_EXPANSION


@pytest.mark.parametrize("kind", list(StructureKind))
def test_every_kind_has_its_routes(kind):
    routes = structural_routes(kind)
    assert routes
    assert all(route.sources for route in routes)
    assert not [problem for route in routes for problem in route.problems()]


def test_real_loci(shared_data):
    """A DMD exon deletion and duplication, and the loss of the whole of SMN1."""
    reference = Reference.open(str(shared_data / "genome" / "GRCh38.windows.fa.gz"))
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    deleted = resolve("NM_004006.3:c.6439-500_6614+500del", reference, models)
    assert structure_of(deleted, reference).kind is StructureKind.DELETION
    assert structure_of(deleted, reference).size_bp == 1176  # exon 45 has 176 bases
    doubled = resolve("NM_004006.3:c.32-500_93+500dup", reference, models)
    assert structure_of(doubled, reference).kind is StructureKind.TANDEM_DUPLICATION
    smn1 = models.choose("SMN1").transcript.locus
    gone = resolve(f"chr5:{smn1.start - 999}-{smn1.end + 1000}:<DEL>", reference, models)
    assert structure_of(gone, reference).size_bp == len(smn1) + 2000
