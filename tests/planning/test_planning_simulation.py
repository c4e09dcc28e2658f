"""Simulated edits against published molecules, against slow twins, and against what cannot be placed."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from planning_cases import DEMO, MODELS, REFERENCE

from revertant import knowledge
from revertant.errors import IncompatibleInputsError, InputError, UsageError
from revertant.genome import HaplotypeWindow, PatientGenome, Reference
from revertant.genome.haplotype import compose
from revertant.modality.base_editing.outcome import MOST_EDITABLE
from revertant.modality.base_editing.shares import working_window
from revertant.modality.hdr.donors import repaired
from revertant.modality.protospacers import protospacers
from revertant.model import Call, Donor, DonorKind, Locus, PamSide, Strand, Variant
from revertant.planning import open_files
from revertant.planning.inputs import OpenedFiles
from revertant.planning.simulation import (
    extension_parts,
    given_ground,
    grounds_at,
    molecule_letters,
    place_guide,
    simulate_all,
    simulate_base_edit,
    simulate_cut,
    simulate_prime_edit,
    simulate_repair,
)
from revertant.planning.simulation.alleles import variants_after
from revertant.planning.simulation.person import copies_at
from revertant.prediction import indel_spectrum
from revertant.sequence import reverse_complement
from revertant.variant import resolve

SICKLE = "NM_000518.5:c.20A>T"
RS713040 = Variant("chr11", 5227012, "A", "G")
CAS9, PE2 = knowledge.nucleases()["spcas9"], knowledge.prime_editors()["pe2"]
OPENED = OpenedFiles(REFERENCE, MODELS)
bases = st.text("ACGT", min_size=30, max_size=60)


def sickle_copy(**more):
    [ground] = copies_at(OPENED, variant=SICKLE, flank=150, **more)
    return ground


def test_the_makassar_guide_gives_what_was_published():
    """ABE8e-NRCH and this guide turn sickle haemoglobin into Hb G-Makassar (doi:10.1038/s41586-021-03609-w)."""
    made = simulate_base_edit(sickle_copy(), "TTCTCCACAGGAGTCAGATG", knowledge.editors()["abe8e_nrch"])
    assert made.before.consequences[0].hgvs_p == "p.(Glu7Val)"
    by_label = {allele.label: allele for allele in made.alleles}
    assert by_label["A7G"].consequences[0].hgvs_p == "p.(Glu7Ala)"
    assert by_label["A7G"].hgvs_g == ("NC_000011.10:g.5227002T>G",)
    assert by_label["A7G and A9G"].consequences[0].hgvs_c == "NM_000518.5:c.[18T>C;20A>C]"
    assert all(allele.share is None for allele in made.alleles)
    assert made.findings[0].status.value == "unknown"


@pytest.mark.parametrize(("pbs", "rtt"), [("GAGTCAGGTGCAC", "AGACTTCTCCTCAG"), ("", "")])
def test_the_published_pegrna_restores_the_copy_it_was_made_for(pbs, rtt):
    """Set 3.7 of doi:10.1038/s41586-019-1711-4, made for a copy with rs713040-C: PBS and RTT, or the extension."""
    genome = PatientGenome(
        REFERENCE, [Call(resolve(SICKLE, REFERENCE, MODELS), (True, True)), Call(RS713040, (True, True))]
    )
    [ground] = grounds_at(genome, Locus("chr11", 5226900, 5227100), MODELS)
    extension = "" if pbs else "AGACTTCTCCTCAGGAGTCAGGTGCAC"
    made = simulate_prime_edit(ground, "CATGGTGCACCTGACTCCTG", PE2, pbs=pbs, rtt=rtt, extension=extension)
    [allele] = made.alleles
    assert allele.variants == (RS713040,)
    assert allele.consequences[0].hgvs_p == "p.(His3=)"
    assert (allele.removed, allele.written, allele.place) == ("A", "T", "chr11:5227002")
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_prime_edit(
            sickle_copy(), "CATGGTGCACCTGACTCCTG", PE2, extension="AGACTTCTCCTCAGGAGTCAGGTGCAC"
        )
    assert error.value.code == "spacer-not-found"
    assert "1 base differs" in error.value.what


def test_an_edit_back_to_the_reference_has_no_variant_left():
    made = simulate_prime_edit(
        sickle_copy(), "CATGGTGCATCTGACTCCTG", PE2, pbs="GAGTCAGATGCAC", rtt="AGACTTCTCCTCAG"
    )
    assert made.alleles[0].variants == ()
    assert made.alleles[0].sequence == made.alleles[0].sequence.replace("CCACAGGAG", "CCTCAGGAG")
    assert made.alleles[0].share is not None
    assert made.alleles[0].share.value is not None


@pytest.mark.parametrize(
    ("ngrna", "kind", "distance"),
    # The nicking guide of that set, at +72; and one that binds the edited strand only.
    [("CCTTGATACCAACCTGCCCA", "PE3", "+72 nt"), ("GTAACGGCAGACTTCTCCTC", "PE3b", "+5 nt")],
)
def test_a_nicking_guide_waits_for_the_edit_or_not(ngrna, kind, distance):
    parts = {"pbs": "GAGTCAGATGCAC", "rtt": "AGACTTCTCCTCAG"}
    made = simulate_prime_edit(sickle_copy(), "CATGGTGCATCTGACTCCTG", PE2, ngrna=ngrna, **parts)
    assert dict(made.facts)["second nick"] == f"{distance} from the first, {kind}"
    assert made.effector_name == "PE3"
    assert made.alleles[0].share.value is None
    assert [span.label for span in made.view.spans if span.kind == "nick" and "ngRNA" in span.label]


def test_shares_of_all_genotypes_make_a_whole():
    ground = copies_at(OPENED, locus="chr2:60495263-60495270", flank=60)[0]
    made = simulate_base_edit(ground, "TTTTATCACAGGCTCCAGGA", knowledge.editors()["abemax"])
    assert sum(allele.share.value for allele in made.alleles) == pytest.approx(1, abs=1e-3)
    assert [allele.share.value for allele in made.alleles] == sorted(
        (allele.share.value for allele in made.alleles), reverse=True
    )


@given(st.integers(0, 10**6), st.sampled_from(["abemax", "be4max", "abe8e_nrch", "cgbe1"]), st.booleans())
def test_every_genotype_is_there_once(seed, key, minus):
    """Against a slow twin: each way to edit the window's own letters, on either strand."""
    editor = knowledge.editors()[key]
    letters = random.Random(seed)
    text = "".join(letters.choices("ACGT", k=60))
    pam = "".join(letters.choice({"N": "ACGT", "R": "AG", "H": "ACT"}.get(code, code)) for code in editor.pam)
    text = text[:40] + pam + text[40:]
    spacer, sequence = text[20:40], reverse_complement(text) if minus else text
    first, last = working_window(key)
    changes = dict(editor.base_changes)
    places = [i for i in range(first, last + 1) if spacer[i - 1] in changes]
    whole = HaplotypeWindow.of_reference(Locus("s", 0, len(sequence)), sequence)
    assume(sum(p.spacer == spacer for p in protospacers(whole, editor.pam, editor.pam_side, 20)) == 1)
    if not 1 <= len(places) <= MOST_EDITABLE:
        with pytest.raises(IncompatibleInputsError, match=r"can change|there is no such base"):
            simulate_base_edit(given_ground(sequence), spacer, editor)
        return
    made = simulate_base_edit(given_ground(sequence), spacer, editor)
    expected = set()
    for number in range(1, 2 ** len(places)):
        edited = list(text)
        for bit, place in enumerate(places):
            if number >> bit & 1:
                edited[20 + place - 1] = changes[spacer[place - 1]]
        expected.add(reverse_complement("".join(edited)) if minus else "".join(edited))
    assert {allele.sequence for allele in made.alleles} == expected
    assert len(made.alleles) == len(expected)


@given(bases, st.data())
def test_what_differs_from_the_reference_gives_the_edited_sequence_again(text, data):
    """A copy with substitutions, an insertion and a deletion, edited anywhere."""
    locus = Locus("c", 100, 100 + len(text))
    carried = []
    for low in range(2, len(text) - 8, 9):
        kind, size = (
            data.draw(st.sampled_from(["none", "snv", "mnv", "ins", "del"])),
            data.draw(st.integers(1, 3)),
        )
        start = low + data.draw(st.integers(0, 3))
        ref = text[start : start + {"snv": 1, "mnv": 2, "ins": 0, "del": size, "none": 0}[kind]]
        alt = {"ins": "GATC"[:size], "del": "", "none": ""}.get(
            kind, "".join("CATG"["ACTG".index(b)] for b in ref)
        )
        if ref != alt:
            carried.append(Variant("c", 100 + start, ref, alt))
    made, blocks = compose(locus, text, tuple(carried))
    window = HaplotypeWindow(locus, made, tuple(carried), blocks=blocks)
    start = data.draw(st.integers(0, len(made)))
    removed = data.draw(st.integers(0, min(6, len(made) - start)))
    written = data.draw(st.text("ACGT", max_size=6))
    found = variants_after(window, text, start, removed, written)
    assert compose(locus, text, found)[0] == made[:start] + written + made[start + removed :]
    if made[start : start + removed] == written:
        assert compose(locus, text, found) == compose(locus, text, tuple(carried)) or found != tuple(carried)


@given(bases, st.integers(6, 17), st.integers(5, 20))
def test_an_extension_is_taken_apart_at_the_nick(text, pbs_nt, rtt_nt):
    sequence = f"{text[:30]}AGG{text[30:]}CCTAGCATCGTACGGATC"
    nick = 27
    pbs = reverse_complement(sequence[nick - pbs_nt : nick])
    rtt = reverse_complement(sequence[nick : nick + rtt_nt])
    ground = given_ground(sequence)
    try:
        site = place_guide(ground, sequence[10:30], "NGG", PamSide.THREE_PRIME)
        found = extension_parts(ground, site, rtt + pbs, 3)
    except IncompatibleInputsError as error:
        assert error.code in {"spacer-twice", "pbs-twice"}  # noqa: PT017 - by chance the text repeats itself
        return
    assert found == (pbs, rtt)


def test_copies_are_edited_each_for_itself():
    calls = [
        Call(resolve(SICKLE, REFERENCE, MODELS), (True, False), phase_set="1"),
        Call(RS713040, (True, False), phase_set="1"),
    ]
    grounds = grounds_at(PatientGenome(REFERENCE, calls), Locus("chr11", 5226900, 5227100), MODELS)
    report = simulate_all(grounds, lambda ground: simulate_cut(ground, "CATGGTGCACCTGACTCCTG", CAS9))
    [made] = report.simulations
    assert made.haplotypes == ("1",)
    [(copies, reason)] = report.not_edited
    assert copies == "copy 2"
    assert "CATGGTGCATCTGACTCCTG" in reason or "is not on copy 2" in reason


def test_a_cut_in_the_code_names_every_frame():
    made = simulate_cut(sickle_copy(), "CTTGCCCCACAGGGCAGTAA", CAS9)
    assert dict(made.facts)["cut"] == "chr11:5226984^5226985"
    frames = [one for one in made.findings if one.rule == "outcome.frame"]
    named = [one.because.split(": ", 1)[1][:14] for one in frames]
    assert named == ["frameshift (+1", "frameshift (+2", "in-frame indel"]
    assert sum(float(one.value.split("%")[0]) for one in frames) == pytest.approx(100, abs=1.5)


@pytest.mark.parametrize("minus", [False, True])
def test_predicted_indels_are_those_of_the_spectrum(minus):
    """Against the spectrum's own twin, which edits the strand that reads as the spacer."""
    letters = random.Random(7)
    text = "".join(letters.choices("ACGT", k=60)) + "TGG" + "".join(letters.choices("ACGT", k=60))
    made = simulate_cut(given_ground(reverse_complement(text) if minus else text), text[40:60], CAS9)
    spectrum = indel_spectrum(text, 57)
    for allele, indel in zip(made.alleles, spectrum.indels, strict=False):
        product = indel.applied(text, 57)
        assert allele.sequence == (reverse_complement(product) if minus else product)
        assert allele.share.value == round(indel.share, 4)
        assert allele.share.low is None
    assert len(made.alleles) == 20
    assert sum(share for _, share in made.indel_lengths) == pytest.approx(1, abs=1e-3)


def test_what_is_not_predicted_has_no_share():
    short = simulate_cut(given_ground(HERE[10:]), SPACER, CAS9)
    other = simulate_cut(sickle_copy(), "CTTGCCCCACAGGGCAGTAA", knowledge.nucleases()["spcas9_hf1"])
    for made in (short, other):
        assert made.alleles == ()
        assert made.indel_lengths == ()
        assert made.findings[0].status.value == "unknown"
        assert "not predicted" in made.findings[0].because


def test_cas12a_cuts_both_strands_apart():
    sequence = "GGCC" + "TTTC" + "AGTCATGCATTGCACGGATCAGT" + "CCGGTTAACC"
    made = simulate_cut(given_ground(sequence), "AGTCATGCATTGCACGGATCAGT", knowledge.nucleases()["ascas12a"])
    cuts = {span.start for span in made.view.spans if span.kind == "cut"}
    assert len(cuts) == 2
    assert dict(made.facts)["ends"].startswith("5' overhang")


@settings(max_examples=12)  # each predicts a whole spectrum of indels
@given(
    st.integers(0, 10**6),
    st.integers(20, 60),
    st.integers(20, 60),
    st.text("ACGT", max_size=30),
    st.booleans(),
)
def test_a_donor_writes_what_lies_between_its_arms(seed, left, right, written, turned):
    letters = random.Random(seed)
    sequence = "".join(letters.choices("ACGT", k=200))
    spacer = sequence[90:110]
    sequence = f"{sequence[:110]}TGG{sequence[113:]}"  # the cut lies left of index 107
    donor = sequence[107 - left : 107] + written + sequence[107 : 107 + right]
    assume(sequence.count(spacer) == 1 and reverse_complement(sequence).count(spacer) == 0)
    whole = sequence[:107] + written + sequence[107:]
    made = simulate_repair(
        given_ground(sequence), spacer, CAS9, reverse_complement(donor) if turned else donor
    )
    assert made.alleles[0].sequence == whole
    assert made.alleles[0].changed_nt == len(written)
    # The designer's own simulation, which is told the arms, gives the same.
    place = Locus("s", 0, 1, Strand.MINUS if turned else Strand.PLUS)
    arms = (right, left) if turned else (left, right)
    told = Donor(DonorKind.SSODN, reverse_complement(donor) if turned else donor, *arms, place, place)
    assert repaired(sequence, (107, 107), told) == whole


def test_a_donor_that_blocks_the_guide_is_not_cut_again():
    """Two donors for one cut: the sickle base alone leaves PAM and seed, a change in the PAM does not."""
    ground = sickle_copy()
    before = ground.window.bases
    donor = before.replace("CCACAGGAG", "CCTCAGGAG")[90:210]
    made = simulate_repair(ground, "CTTGCCCCACAGGGCAGTAA", CAS9, donor)
    assert made.alleles[0].variants == ()
    assert next(one.status.value for one in made.findings if one.rule == "repair.cut_again") == "caution"
    blocked = before.replace("CCACAGGAG", "CCTCAGGAG").replace("GGGCAGTAACGGCAG", "GGGCAGTAACCGCAG")[90:210]
    made = simulate_repair(ground, "CTTGCCCCACAGGGCAGTAA", CAS9, blocked)
    assert next(one.status.value for one in made.findings if one.rule == "repair.cut_again") == "pass"
    assert [str(variant) for variant in made.alleles[0].variants] == ["chr11:5226989:G:C"]


@pytest.mark.parametrize("donor", ["ACGT", "ACGTACGTGGCATGCATTTACG" * 3])
def test_a_donor_without_its_place_is_refused(donor):
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_repair(sickle_copy(), "CTTGCCCCACAGGGCAGTAA", CAS9, donor)
    assert error.value.code == "arm-not-found"
    assert error.value.remedy


HERE = "TTGACCTTGAGCTAACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTGCCCTG"
SPACER = "CATGGTGCACCTGACTCCTG"


@pytest.mark.parametrize(
    ("sequence", "spacer", "kind", "code"),
    [
        (HERE, "CATGGTGCACCTGAC", InputError, "spacer-length"),
        (HERE, "AATTCCGGAATTCCGGAATT", IncompatibleInputsError, "spacer-not-found"),
        (HERE, "CATGGTGCACCTGACTCCTC", IncompatibleInputsError, "spacer-not-found"),
        (HERE, f"G{SPACER}", IncompatibleInputsError, "spacer-not-found"),
        (HERE, "ACCATGGTGCACCTGACTCC", IncompatibleInputsError, "pam-missing"),
        (HERE + HERE, SPACER, IncompatibleInputsError, "spacer-twice"),
        (HERE + reverse_complement(HERE), SPACER, IncompatibleInputsError, "spacer-twice"),
        (HERE[:36], SPACER, IncompatibleInputsError, "pam-missing"),
    ],
)
def test_a_guide_without_one_place_is_refused(sequence, spacer, kind, code):
    with pytest.raises(kind) as error:
        simulate_cut(given_ground(sequence), spacer, CAS9)
    assert error.value.code == code
    assert error.value.where
    assert error.value.remedy


def test_a_refusal_says_what_stands_there():
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_cut(given_ground(HERE), f"G{SPACER}", CAS9)
    assert "Without its first G it is there." in error.value.what
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_cut(given_ground(HERE), "ACCATGGTGCACCTGACTCC", CAS9)
    assert "TGT is behind it" in error.value.what
    assert "Leave the PAM out" not in error.value.remedy


@pytest.mark.parametrize("turned", [False, True])
def test_a_spacer_given_with_its_pam_is_recognised(turned):
    sequence = reverse_complement(HERE) if turned else HERE
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_cut(given_ground(sequence), f"{SPACER}TGG", CAS9)
    assert error.value.code == "pam-missing"
    assert f"Leave the PAM out of the spacer: {SPACER} stands beside one." in error.value.remedy
    cas12a = knowledge.nucleases()["ascas12a"]
    target = f"GGTTTG{SPACER}GTGGAGAAG"
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_cut(given_ground(target), f"TTTG{SPACER}", cas12a)
    assert f"Leave the PAM out of the spacer: {SPACER} stands" in error.value.remedy


@pytest.mark.parametrize(("pbs_nt", "is_short"), [(1, True), (5, True), (6, False), (13, False)])
def test_a_primer_binding_site_shorter_than_any_published_is_named(pbs_nt, is_short):
    parts = {"pbs": "GAGTCAGGTGCAC"[:pbs_nt], "rtt": "AGACTTCTCCTCAG"}
    made = simulate_prime_edit(given_ground(HERE), SPACER, PE2, **parts)
    found = [one for one in made.findings if one.rule == "pegrna.pbs_length"]
    assert [one.value for one in found] == ([f"{pbs_nt} nt"] if is_short else [])


def test_a_long_variant_is_not_written_out_in_an_error():
    long = f"chr11:5227002:T:{'ACGT' * 2000}"
    with pytest.raises(UsageError) as error:
        copies_at(OPENED, variant=long, locus="chr2:60495263-60495270")
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({}, "pegrna-parts"),
        ({"pbs": "GAGTCAGGTGCAC"}, "pegrna-parts"),
        ({"pbs": "GAGTCAGGTGCAC", "extension": "AGACTTCTCCTCAGGAGTCAGGTGCAC"}, "pegrna-parts"),
        ({"pbs": "GAGTCAGGTGCAT", "rtt": "AGACTTCTCCTCAG"}, "not-written"),
        ({"pbs": "GAGTCAGGTGCAC", "rtt": "AAAAAAAAAAAAAA"}, "not-written"),
        ({"extension": "AGACTTCTCCTCAGGAGTCAGGTGCATTT"}, "pbs-not-found"),
        (
            {"pbs": "GAGTCAGGTGCAC", "rtt": "AGACTTCTCCTCAG", "ngrna": "AATTCCGGAATTCCGGAATT"},
            "spacer-not-found",
        ),
        ({"pbs": "GAGTCAGGTGCAC", "rtt": "AGACTTCTCCTCAG", "ngrna": SPACER}, "same-strand"),
    ],
)
def test_a_pegrna_that_writes_nothing_certain_is_refused(parts, code):
    with pytest.raises((IncompatibleInputsError, InputError)) as error:
        simulate_prime_edit(given_ground(HERE), SPACER, PE2, **parts)
    assert error.value.code == code
    assert error.value.remedy


def test_a_base_editor_with_nothing_to_do_is_refused():
    sequence = "TTTTTTTTTTCCCGGGCCCGGGCTTCTGTAAGGTTTTTTTT"
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_base_edit(given_ground(sequence), sequence[10:30], knowledge.editors()["abe8e_nrch"])
    assert error.value.code in {"nothing-to-edit", "pam-missing"}
    many = "GGTTCC" + "AAAAAAAAAAAAAAAAAAAC" + "TGG" + "CCGGTT"
    with pytest.raises(IncompatibleInputsError) as error:
        simulate_base_edit(given_ground(many), many[6:26], knowledge.editors()["abemax"])
    assert error.value.code == "too-many-bases"


@pytest.mark.parametrize("text", ["", "   ", "ACGX", "ACG1"])
def test_letters_that_are_none_are_refused(text):
    with pytest.raises(InputError) as error:
        molecule_letters(text, "the spacer")
    assert error.value.code == "bad-molecule"
    with pytest.raises(InputError):
        given_ground(text)


@pytest.mark.parametrize(
    ("asked", "kind", "code"),
    [
        ({}, UsageError, "no-place"),
        ({"variant": SICKLE, "locus": "chr2:60495263-60495270"}, UsageError, "no-variant-copy"),
        ({"variant": SICKLE, "copy": "1"}, UsageError, "no-such-copy"),
        ({"locus": "chr11:5227002"}, InputError, "bad-region"),
        ({"locus": "chr9:1-2"}, IncompatibleInputsError, "unknown-contig"),
        (
            {"locus": "chr11:5227002-5227003", "transcript": "NM_1.1"},
            IncompatibleInputsError,
            "unknown-transcript",
        ),
    ],
)
def test_a_place_that_is_none_is_refused(asked, kind, code):
    with pytest.raises(kind) as error:
        copies_at(OPENED, **asked)
    assert error.value.code == code


def test_a_person_carries_what_the_vcf_says_beside_what_is_stated():
    opened = open_files(
        str(DEMO / "loci.GRCh38.fa"), str(DEMO / "HBB.GRCh38.gtf"), str(DEMO / "rs713040.vcf"), "demo"
    )
    [ground] = copies_at(opened, variant=SICKLE, flank=100)
    assert RS713040 in ground.window.variants
    assert ground.copies == "copies 1 and 2"
    assert sickle_copy().copies == "the reference with the variant stated"


def test_an_edit_on_a_copy_with_an_insertion_keeps_the_insertion():
    reference = Reference.from_sequences({"chr1": HERE})
    inserted = Variant("chr1", 40, "", "CAT")
    [ground] = grounds_at(
        PatientGenome(reference, [Call(inserted, (True, True))]), Locus("chr1", 0, len(HERE))
    )
    made = simulate_base_edit(ground, SPACER, knowledge.editors()["abemax"])
    assert all(inserted in allele.variants or len(allele.variants) == 2 for allele in made.alleles)
    assert all(len(allele.sequence) == len(HERE) + 3 for allele in made.alleles)
