"""Receptors laid from parts: lengths, products to the residue, refusals, rules, vectors that translate again."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import InputError, NoDesignError, UsageError
from revertant.knowledge import CarRole, car_parts, vector_parts
from revertant.modality.car_t.receptor import (
    INTERVAL,
    CarrierKind,
    CarrierOptions,
    ReceptorBrief,
    arm_finding,
    assemble_receptor,
    carry,
    compared_products,
    costimulatory_key,
    design_product,
    design_receptor,
    find_trac,
    lay_receptor,
    nearest_product,
    product_receptor,
    receptor_findings,
)
from revertant.modality.car_t.receptor.receptor import part_named
from revertant.model import FeatureKind, Status
from revertant.sequence import reverse_complement, translate

PARTS = car_parts()
KEYS_OF = {
    role: sorted(key for key, part in PARTS.items() if part.role is role and part.protein) for role in CarRole
}
#: The first exon of TRAC and the bases before it, as the amplicon of the test data and UniProt P01848 have them.
EXON = "CTTTGCCCCAACCCAGGCTGGAGTCCCTCTTGTCCCACAGATATCCAGAACCCTGACCCTGCCGTGTACCAGCTGAGAGACTCTAAATCCAGTGACAAGT"


def statuses(receptor):
    return {finding.rule: finding.status for finding in receptor_findings(receptor)}


@pytest.mark.parametrize(("costimulation", "residues"), [("4-1BB", 486), ("CD28", 482)])
def test_fmc63_receptors_have_their_published_lengths(costimulation, residues):
    made, _ = assemble_receptor(ReceptorBrief("CD19", costimulatory=(costimulatory_key(costimulation),)))
    assert len(made.protein) == residues
    assert made.binders == ("fmc63",)


def test_kymriah_differs_from_the_generic_receptor_at_residue_65_of_zeta_alone():
    generic, _ = assemble_receptor(ReceptorBrief("CD19"))
    kymriah = product_receptor("kymriah_leukaemia")
    differing = [
        at for at, (a, b) in enumerate(zip(generic.protein, kymriah.protein, strict=True), 1) if a != b
    ]
    assert differing == [374 + 65 - 51]
    variant, _ = assemble_receptor(ReceptorBrief("CD19", zeta="cd3z_q65k"))
    assert variant.protein == kymriah.protein


def test_every_product_is_rebuilt_to_the_residue():
    found = compared_products()
    assert len(found) == 8
    assert [one.architecture.key for one in found if not one.same_protein] == []
    assert all(one.unchecked == () for one in found)


def test_a_part_changed_by_one_residue_is_no_longer_the_product(monkeypatch):
    kymriah = product_receptor("kymriah_leukaemia")
    parts = [segment.part for segment in kymriah.segments]
    parts[4] = replace(parts[4], protein=parts[4].protein.replace("TTTP", "TTSP", 1))
    other = lay_receptor("x", parts, antigens=("CD19",), binders=("fmc63",), generation=2)
    assert statuses(kymriah)["receptor.precedent"] is Status.PASS
    # Its record is not the product's own.
    assert statuses(product_receptor("yescarta"))["receptor.precedent"] is Status.UNKNOWN
    assert statuses(other)["receptor.precedent"] is Status.UNKNOWN


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(KEYS_OF[CarRole.SIGNAL_PEPTIDE]),
    st.lists(st.sampled_from(KEYS_OF[CarRole.VARIABLE_DOMAIN]), min_size=1, max_size=3),
    st.sampled_from(KEYS_OF[CarRole.HINGE]),
    st.lists(st.sampled_from(KEYS_OF[CarRole.COSTIMULATORY]), max_size=2),
    st.lists(st.sampled_from(KEYS_OF[CarRole.SELF_CLEAVING]), max_size=2),
)
def test_a_receptor_is_the_concatenation_of_its_parts(signal, domains, hinge, costimulatory, joints):
    keys = [signal, *domains, hinge, "cd8a_tm", *costimulatory, "cd3z"]
    for joint in joints:
        keys += [joint, "csf2ra_signal", "egfrt"]
    made = lay_receptor("x", [PARTS[key] for key in keys], antigens=("A",), binders=("own",), generation=2)
    assert made.protein == "".join(PARTS[key].protein for key in keys)
    assert "".join(made.chains) == made.protein
    assert len(made.chains) == 1 + len(joints)
    assert all(chain.endswith("NPG") for chain in made.chains[:-1])
    assert all(chain.startswith("P") for chain in made.chains[1:])
    ends = [(feature.start, feature.end) for feature in made.features]
    assert ends[0][0] == 0
    assert ends[-1][1] == 3 * len(made.protein)
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ends))
    for segment in made.segments:
        assert made.protein[segment.start : segment.end] == segment.part.protein


def test_order_and_linker_can_be_turned():
    made, choices = assemble_receptor(ReceptorBrief("CD19", order="VH-VL", linker="whitlow_218"))
    keys = [segment.part.key for segment in made.segments]
    assert keys[1:4] == ["fmc63_vh", "whitlow_218", "fmc63_vl"]
    assert any("measure both" in choice.because for choice in choices)


def test_the_same_binder_twice_is_refused():
    with pytest.raises(UsageError, match="named twice"):
        assemble_receptor(ReceptorBrief("CD19", second_binder="fmc63"))


def test_a_tandem_receptor_binds_two_antigens_by_a_linker_of_its_own():
    made, _ = assemble_receptor(ReceptorBrief("CD19", second_binder="m971"))
    keys = [segment.part.key for segment in made.segments]
    assert keys[1:8] == ["fmc63_vl", "g4s_3", "fmc63_vh", "whitlow_218", "m971_vh", "g4s_1", "m971_vl"]
    assert made.antigens == ("CD19", "CD22")


def test_single_domains_stand_side_by_side():
    made, _ = assemble_receptor(ReceptorBrief("BCMA", binder="carvykti"))
    assert [s.part.fold for s in made.of_role(CarRole.VARIABLE_DOMAIN)] == ["VHH", "VHH"]


@pytest.mark.parametrize(("generation", "count"), [(1, 0), (2, 1), (3, 2)])
def test_a_generation_has_its_costimulatory_domains(generation, count):
    made, _ = assemble_receptor(ReceptorBrief("CD19", generation=generation))
    assert len(made.of_role(CarRole.COSTIMULATORY)) == count
    assert made.generation == generation


@pytest.mark.parametrize(
    "wrong",
    [
        {"generation": 6},
        {"generation": 3, "costimulatory": ("cd28_icd",)},
        {"generation": 1, "costimulatory": ("cd28_icd",)},
        {"generation": 4},
        {"armour": "il15"},
        {"cytokine_receptor": "il2rb_icd"},
        {"order": "VL"},
        {"binder": "fmc63", "domains": ("fmc63_vl",)},
    ],
)
def test_what_does_not_go_together_is_refused(wrong):
    with pytest.raises(UsageError):
        ReceptorBrief("CD19", **wrong)


@pytest.mark.parametrize(
    "brief",
    [
        ReceptorBrief("ERBB2"),
        ReceptorBrief("CD19", switch="icasp9"),
        ReceptorBrief("CD19", switch="rqr8"),
        ReceptorBrief("CD19", hinge="igg4_hinge_ch2_ch3"),
        ReceptorBrief("CD19", costimulatory=("ox40_icd",)),
        ReceptorBrief("CD19", generation=4, armour="il15"),
        ReceptorBrief("CD19", generation=5),
    ],
)
def test_a_part_without_residues_is_refused_with_how_to_bring_it(brief):
    with pytest.raises(NoDesignError) as caught:
        assemble_receptor(brief)
    assert caught.value.code == "no-sequence"
    assert "--parts" in caught.value.remedy


@pytest.mark.parametrize(
    ("brief", "code"),
    [
        (ReceptorBrief("CD19", hinge="cd3z"), "no-part"),
        (ReceptorBrief("CD19", hinge="nothing"), "no-part"),
        (ReceptorBrief("CD19", binder="nothing"), "no-binder"),
        (ReceptorBrief("CD19", binder="m971"), "binder-of-another"),
        (ReceptorBrief("NOTHING"), "no-binder"),
    ],
)
def test_a_wrong_name_is_refused(brief, code):
    with pytest.raises(InputError) as caught:
        assemble_receptor(brief)
    assert caught.value.code == code


def test_a_users_parts_make_what_the_catalogue_cannot():
    own = {
        "icasp9": replace(PARTS["icasp9"], protein="MGSS", length_aa=4),
        "il15": replace(PARTS["il15"], protein="GGSM", length_aa=4, needs_signal=True),
    }
    made, _ = assemble_receptor(
        ReceptorBrief("CD19", generation=4, armour="il15", switch="icasp9", own_parts=own)
    )
    behind = [segment.part.key for segment in made.segments if segment.chain or segment.part.key == "t2a"]
    assert behind == ["t2a", "csf2ra_signal", "il15", "p2a", "icasp9"]
    assert statuses(made)["receptor.armour"] is Status.CAUTION


def test_a_binder_of_ones_own_is_made_of_its_domains():
    made, _ = assemble_receptor(ReceptorBrief("MSLN", domains=("m971_vh", "m971_vl")))
    assert made.antigens == ("MSLN",)
    assert made.binders == ("own",)


def test_a_receptor_begins_with_a_signal_peptide():
    with pytest.raises(NoDesignError, match="methionine"):
        lay_receptor("x", [PARTS["cd3z"]], antigens=(), binders=(), generation=1)
    with pytest.raises(NoDesignError, match="No residues"):
        lay_receptor("x", [PARTS["rqr8"]], antigens=(), binders=(), generation=1)
    with pytest.raises(InputError, match="is of another kind"):
        part_named(PARTS, "cd3z", CarRole.HINGE)


def test_a_hinge_with_ch2_fails_and_a_short_one_is_a_caution_for_an_epitope_at_the_membrane():
    ch2 = replace(PARTS["igg4_hinge_ch2_ch3"], protein="ESKYGPPCPPCPAPEFLGGPSVFLFPPKP", length_aa=29)
    brief = ReceptorBrief("CD19", hinge=ch2.key, own_parts={ch2.key: ch2})
    assert statuses(assemble_receptor(brief)[0])["receptor.fc_binding"] is Status.FAIL
    short, _ = assemble_receptor(ReceptorBrief("CD22", hinge="igg4_hinge"))
    assert statuses(short)["receptor.hinge"] is Status.CAUTION
    long, _ = assemble_receptor(ReceptorBrief("CD22"))
    assert statuses(long)["receptor.hinge"] is Status.UNKNOWN


def test_rules_follow_what_a_product_shows():
    found = statuses(product_receptor("breyanzi"))
    assert found["receptor.switch"] is Status.PASS
    assert found["receptor.repeated_peptides"] is Status.CAUTION
    assert found["receptor.hinge"] is Status.PASS
    assert statuses(product_receptor("yescarta"))["receptor.switch"] is Status.CAUTION
    assert statuses(product_receptor("hu19_cd828z"))["receptor.origin"] is Status.PASS
    assert statuses(product_receptor("carvykti"))["receptor.origin"] is Status.CAUTION


def test_what_is_not_known_of_tonic_signals_never_passes():
    assert statuses(product_receptor("abecma"))["receptor.tonic_signalling"] is Status.UNKNOWN
    assert statuses(product_receptor("kymriah_leukaemia"))["receptor.tonic_signalling"] is Status.PASS


def test_a_lost_motif_and_a_lone_cysteine_are_seen():
    zeta = replace(PARTS["cd3z"], key="z2", protein=PARTS["cd3z"].protein.replace("YQGLS", "FQGLS"))
    odd = replace(PARTS["fmc63_vl"], key="odd", protein=PARTS["fmc63_vl"].protein.replace("RASQ", "RACQ"))
    brief = ReceptorBrief("CD19", zeta="z2", domains=("odd", "fmc63_vh"), own_parts={"z2": zeta, "odd": odd})
    found = statuses(assemble_receptor(brief)[0])
    assert found["receptor.signalling_motifs"] is Status.CAUTION
    assert found["receptor.binder_liabilities"] is Status.CAUTION


def test_the_nearest_product_names_what_differs():
    made, _ = assemble_receptor(ReceptorBrief("CD19", hinge="igg4_hinge"))
    row, differing = nearest_product(made)
    assert row.name == "Kymriah"
    assert any("igg4" in text.casefold() for text in differing)
    assert nearest_product(assemble_receptor(ReceptorBrief("CD22"))[0]) is None


@pytest.fixture(scope="module")
def laid():
    """One receptor with everything on it, in every vector that can be made."""
    left = "ACGTTGCA" * 60
    trac = find_trac(left + EXON + "GGCATTAC" * 60, "a made-up locus")
    options = CarrierOptions(trac=trac)
    return design_receptor(ReceptorBrief("CD19", switch="egfrt"), list(CarrierKind), options)


def test_every_construct_translates_to_the_receptor_again(laid):
    assert [design.vector.form.value for design in laid.designs] == ["lentiviral", "ssAAV", "LNP-mRNA"]
    for design in laid.designs:
        for construct in (*design.vector.constructs, *design.vector.plasmids):
            (cds,) = construct.of_kind(FeatureKind.CDS)
            assert translate(construct.bases_of(cds)) == f"{laid.receptor.protein}*"


def test_named_stretches_are_the_parts(laid):
    receptor = laid.receptor
    assert [receptor.protein[one.start : one.end] for one in receptor.domains] == [
        segment.part.protein for segment in receptor.segments
    ]
    assert [one.role for one in receptor.domains][:3] == ["signal_peptide", "variable_domain", "linker"]


def test_domains_on_the_construct_translate_to_their_parts(laid):
    kinds = {
        FeatureKind.DOMAIN,
        FeatureKind.LINKER,
        FeatureKind.SIGNAL_PEPTIDE,
        FeatureKind.SELF_CLEAVING_PEPTIDE,
    }
    for design in laid.designs:
        construct = design.vector.constructs[0]
        (cds,) = construct.of_kind(FeatureKind.CDS)
        inside = [
            f for f in construct.features if f.kind in kinds and cds.start <= f.start and f.end <= cds.end
        ]
        read = [translate(construct.bases_of(feature)) for feature in inside]
        assert read == [segment.part.protein for segment in laid.receptor.segments]


def test_every_rule_on_the_finished_sequence_passes(laid):
    for assessment in laid.assessments:
        found = {finding.rule: finding.status for finding in assessment.findings}
        for rule in (
            "vector.construct",
            "vector.protein_unchanged",
            "receptor.protein",
            "coding.protein_identical",
        ):
            assert found[rule] is Status.PASS, rule


def test_vectors_without_parts_are_refused_with_the_reason(laid):
    reasons = {kind.value: why for kind, why in laid.refused}
    assert set(reasons) == {"transposon", "gammaretroviral"}
    assert "no terminal repeats" in reasons["transposon"]


def test_the_parts_table_names_vector_and_receptor_parts(laid):
    keys = {part.key for part in laid.designs[0].vector.parts}
    assert {"promoter_ef1a", "wpre_x_mutated", "fmc63_vl", "egfrt", "cd3z", "t2a"} <= keys


def test_a_donor_needs_the_place_and_names_the_interval():
    made = design_receptor(ReceptorBrief("CD19"), [CarrierKind.AAV6_TRAC])
    ((kind, why),) = made.refused
    assert kind is CarrierKind.AAV6_TRAC
    assert f"{INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end}" in why


def test_the_donor_is_in_frame_and_not_cut_again(laid):
    design = laid.designs[1]
    construct = design.vector.constructs[0]
    left, right = construct.of_kind(FeatureKind.RECOMBINOGENIC)
    joint = next(one for one in construct.features if one.part == "p2a")
    assert joint.start == left.end
    exon_in_left = construct.bases_of(left).rpartition("CCCACAG")[2]
    assert exon_in_left == "AT"
    # One base of the codon lies before the splice site: with any base there the frame goes on into the 2A peptide.
    start = left.end - len(exon_in_left)
    for base in "ACGT":
        read = translate(
            (base + construct.sequence[start : joint.end])[: 3 * (1 + len("GSGATNFSLLKQAGDVEENPGP"))]
        )
        assert read[1:] == vector_parts()["p2a"].protein
    found = {f.rule: f.status for f in laid.assessments[1].findings}
    assert found["trac.donor_not_cut"] is Status.PASS
    assert found["trac.arms"] is Status.PASS
    assert found["trac.off_targets"] is Status.UNKNOWN
    assert construct.bases_of(right).startswith("ATCCAGAACCCTG")


@pytest.mark.parametrize("turned", [False, True])
def test_trac_is_found_on_either_strand(turned):
    site = find_trac(reverse_complement(EXON) if turned else EXON, "here")
    assert site.left.endswith("CCCACAGAT")
    assert site.right.startswith("ATCCAGAACCCTGACCC")


def test_trac_is_found_on_the_real_amplicon(shared_data):
    record = next(
        one for one in (shared_data / "genome/amplicons.fa").read_text().split(">") if one.startswith("TRAC")
    )
    site = find_trac("".join(record.splitlines()[1:]), "the amplicon")
    assert translate(site.right[: 3 * 27]) == "IQNPDPAVYQLRDSKSSDKSVCLFTDF"
    assert arm_finding(site).status is Status.FAIL


@pytest.mark.parametrize(
    ("sequence", "code"),
    [
        ("ACGT" * 40, "trac-not-found"),
        (EXON + EXON, "trac-not-found"),
        (EXON.replace("GACCCTGCCGTG", "GACCTGCCGTG"), "trac-not-in-frame"),
        ("ACGN", "trac-not-dna"),
    ],
)
def test_another_sequence_is_refused_and_the_interval_named(sequence, code):
    with pytest.raises(InputError) as caught:
        find_trac(sequence, "here")
    assert caught.value.code == code
    assert "chr14:22546506-22548506" in caught.value.remedy


def test_a_promoter_can_be_asked_for_and_a_strong_viral_one_fails():
    receptor = product_receptor("kymriah_leukaemia")
    carried = carry(receptor, CarrierKind.LENTIVIRAL, CarrierOptions(promoter="promoter_efs"))
    assert carried.vector.constructs[0].name.endswith("LV-efs")
    made = design_product("kymriah_leukaemia", options=CarrierOptions(promoter="promoter_sffv"))
    assert made.assessments[0].of("lentiviral.promoter").status is Status.FAIL
    with pytest.raises(UsageError):
        carry(receptor, CarrierKind.LENTIVIRAL, CarrierOptions(promoter="nothing"))


def test_enzymes_named_do_not_cut_the_coding_sequence():
    made = carry(product_receptor("abecma"), CarrierKind.MRNA, CarrierOptions(avoid_sites=("EcoRV",)))
    assert "GATATC" not in made.vector.coding[0].designed


def test_the_same_brief_gives_the_same_design(laid):
    again = design_receptor(ReceptorBrief("CD19", switch="egfrt"), [CarrierKind.MRNA])
    assert again.designs[0].design_id == laid.designs[2].design_id
