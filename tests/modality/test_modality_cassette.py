"""Promoters in order, and parts taken where they help and fit."""

from __future__ import annotations

from itertools import product

import pytest
from Bio.Restriction import AllEnzymes
from hypothesis import given
from hypothesis import strategies as st

from revertant import knowledge
from revertant.errors import UsageError
from revertant.knowledge import Tissue
from revertant.modality.gene_addition.cassette import Setting, choose_cassette, detargeting_bases, room_of
from revertant.modality.gene_addition.genomes import CLONING_ENZYMES, ends_of, frame_bp
from revertant.modality.gene_addition.promoters import has_intron, promoters_for
from revertant.model import FeatureKind, GenomeForm

FORMS = [
    GenomeForm.SINGLE_STRANDED_AAV,
    GenomeForm.SELF_COMPLEMENTARY_AAV,
    GenomeForm.DUAL_AAV,
    GenomeForm.LENTIVIRAL,
]
PARTS = knowledge.vector_parts()
VEHICLES = {vehicle.key: vehicle for vehicle in knowledge.vehicles()}


@pytest.mark.parametrize(("tissue", "form"), list(product(Tissue, FORMS)))
def test_promoters_of_every_tissue_can_be_built_or_say_why_not(tissue, form):
    weighed = promoters_for(tissue, form, "GENE")
    assert weighed
    usable = [one.usable for one in weighed]
    assert usable == sorted(usable, reverse=True)
    for one in weighed:
        assert one.because
        assert one.sources
        assert one.part.works_in(tissue)
        if one.usable:
            assert one.part.sequence
            assert one.part.fits(form)
            assert one.part.key not in {"promoter_cmv", "lv_rsv_5", "promoter_t7"}
            if form is GenomeForm.LENTIVIRAL:
                assert not one.part.virus
                assert not one.part.oncogenic
    assert usable[0] or tissue is Tissue.WIDESPREAD


@pytest.mark.parametrize(
    ("tissue", "form", "gene", "first"),
    [
        (Tissue.SPINAL_CORD, GenomeForm.SELF_COMPLEMENTARY_AAV, "SMN1", "promoter_cbh"),
        (Tissue.RETINA, GenomeForm.SINGLE_STRANDED_AAV, "RPE65", "promoter_cba"),
        (Tissue.LIVER, GenomeForm.SINGLE_STRANDED_AAV, "F9", "promoter_tbg"),
        (Tissue.SKELETAL_MUSCLE, GenomeForm.SINGLE_STRANDED_AAV, "SGCA", "promoter_mhck7"),
        (Tissue.HAEMATOPOIETIC_STEM_CELL, GenomeForm.LENTIVIRAL, "ADA", "promoter_efs"),
    ],
)
def test_the_first_promoter_is_that_of_practice(tissue, form, gene, first):
    assert promoters_for(tissue, form, gene)[0].part.key == first


def test_strength_counts_only_where_too_much_harms_people():
    order = {"weak": 0, "medium": 1, "unknown": 2, "strong": 3}
    careful = [p for p in promoters_for(Tissue.BRAIN, GenomeForm.SINGLE_STRANDED_AAV, "MECP2") if p.usable]
    strengths = [order[one.part.strength] for one in careful]
    assert strengths == sorted(strengths)
    usual = [p for p in promoters_for(Tissue.BRAIN, GenomeForm.SINGLE_STRANDED_AAV, "HEXB") if p.usable]
    assert [order[one.part.strength] for one in usual] != strengths


def test_a_promoter_asked_for_stands_alone_with_what_speaks_against_it():
    [asked] = promoters_for(Tissue.SPINAL_CORD, GenomeForm.SINGLE_STRANDED_AAV, "SMN1", asked="promoter_cba")
    assert asked.usable
    assert "weak in motor neurons" in asked.because
    with pytest.raises(UsageError, match="There is no promoter"):
        promoters_for(Tissue.LIVER, GenomeForm.SINGLE_STRANDED_AAV, "F9", asked="kozak")
    unheld = next(k for k, p in PARTS.items() if p.kind is FeatureKind.PROMOTER and not p.sequence)
    with pytest.raises(UsageError, match="No sequence of"):
        promoters_for(Tissue.LIVER, GenomeForm.SINGLE_STRANDED_AAV, "F9", asked=unheld)


def test_introns_are_told_from_the_row():
    assert {k for k in ("promoter_cba", "promoter_cag", "promoter_ef1a") if has_intron(PARTS[k])} == {
        "promoter_cba",
        "promoter_cag",
        "promoter_ef1a",
    }
    assert not has_intron(PARTS["promoter_efs"])


def test_sites_of_mirnas_bring_no_cpg_no_end_and_no_cloning_site():
    keys = [key for key, part in PARTS.items() if part.kind is FeatureKind.MIRNA_SITES and part.sequence]
    assert len(keys) >= 3
    for key, copies in product(keys, (3, 4)):
        bases = detargeting_bases(key, copies)
        assert bases.count(PARTS[key].sequence) == copies
        assert "AATAAA" not in bases
        assert bases.count("CG") == copies * PARTS[key].sequence.count("CG")


@pytest.mark.parametrize("form", FORMS[:3])
def test_ends_face_inwards_and_lack_the_site_where_they_must(form):
    left, right = ends_of(form, PARTS)
    wanted = [True, form is not GenomeForm.SELF_COMPLEMENTARY_AAV]
    assert [left.resolvable, right.resolvable] == wanted
    assert frame_bp(form, PARTS) == len(left.sequence) + len(right.sequence)


@given(
    st.sampled_from(FORMS[:2]),
    st.sampled_from(["aav9_intrathecal", "aav9_systemic", "aav8_systemic", "aav2_retina"]),
    st.integers(100, 5200),
)
def test_what_is_not_needed_never_makes_a_genome_too_long(form, vehicle, coding_bp):
    tissue = Tissue(VEHICLES[vehicle].reach[0].tissue)
    setting = Setting(form, tissue, VEHICLES[vehicle], "GENE")
    weighed = promoters_for(tissue, form, "GENE")
    fixed = frame_bp(form, PARTS) + coding_bp
    cassette = choose_cassette(weighed[0], weighed, setting, fixed)
    total = fixed + cassette.regulation_bp
    shortest = min(
        len(part.sequence)
        for part in PARTS.values()
        if part.kind is FeatureKind.POLYA_SIGNAL and part.sequence
    )
    least = fixed + len(weighed[0].part.sequence) + len(PARTS["kozak"].sequence) + shortest
    soft = room_of(form).soft_bp
    if least <= soft:
        assert total <= soft
    else:
        assert total == least
        assert cassette.wpre is None
        assert not cassette.detargeting
    assert {choice.what for choice in cassette.choices} >= {
        "promoter",
        "intron",
        "polyadenylation signal",
        "miRNA detargeting sites",
        "posttranscriptional element",
    }
    assert all(choice.because.endswith(".") for choice in cassette.choices)


def test_lentiviral_genomes_have_no_signal_inside_and_a_safe_element():
    tissue = Tissue.HAEMATOPOIETIC_STEM_CELL
    setting = Setting(GenomeForm.LENTIVIRAL, tissue, VEHICLES["lentivirus_hsc"], "ADA")
    weighed = promoters_for(tissue, GenomeForm.LENTIVIRAL, "ADA")
    cassette = choose_cassette(weighed[0], weighed, setting, 4000)
    assert cassette.polya is None
    assert not cassette.detargeting
    assert cassette.wpre is not None
    assert not knowledge.woodchuck_x_protein(cassette.wpre.sequence)


def test_cloning_enzymes_have_sites_without_cpg_and_ends_that_do_not_fit_each_other():
    enzymes = {str(enzyme): enzyme for enzyme in AllEnzymes if str(enzyme) in CLONING_ENZYMES}
    assert set(enzymes) == set(CLONING_ENZYMES)
    assert all("CG" not in enzyme.site for enzyme in enzymes.values())
    for one, other in product(enzymes.values(), repeat=2):
        if one is not other:
            assert not (one.ovhgseq == other.ovhgseq and one.ovhg == other.ovhg)


@pytest.mark.parametrize(
    ("gene", "usable", "refused"),
    [
        ("RPE65", "promoter_hbest1", "promoter_hrho"),  # the pigment epithelium, not the rods
        ("ABCA4", "promoter_hrho", "promoter_hbest1"),
    ],
)
def test_a_promoter_of_other_cells_of_the_tissue_is_refused(gene, usable, refused):
    order = {one.part.key: one for one in promoters_for(Tissue.RETINA, GenomeForm.SINGLE_STRANDED_AAV, gene)}
    assert order[usable].usable
    assert not order[refused].usable
    assert "the gene is needed in" in order[refused].because


def test_where_the_cells_are_not_known_a_promoter_of_some_cells_stands_behind():
    order = [
        one for one in promoters_for(Tissue.BRAIN, GenomeForm.SINGLE_STRANDED_AAV, "NOGENE") if one.usable
    ]
    some = [bool(one.part.cells) for one in order]
    assert any(some)
    assert some == sorted(some)
    assert all("is not known here" in one.because for one in order if one.part.cells)
