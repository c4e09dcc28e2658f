"""What an editor would do at a site: the window from the PAM, the person's own bases, the protein by translation."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.knowledge import editors
from revertant.model import (
    Call,
    ConsequenceTerm,
    Locus,
    OffTargetRequest,
    OffTargetSite,
    SearchLimits,
    SiteOrigin,
    Strand,
    Transcript,
    Variant,
)
from revertant.offtarget import search
from revertant.offtarget.annotation.base_edits import edit_effect, with_edit_effects
from revertant.sequence import reverse_complement, three_letter, translate

ABE, CBE, CAS12A = editors()["abe7_10"], editors()["be4max"], editors()["lbabe8e"]
GUIDE = "CTAACAGTTGCTTTTATCAC"


def site(target, guide="", start=2, strand=Strand.PLUS, **more):
    """A site of the given bases; the guide is the same unless it is given."""
    dna = target.replace("-", "")
    return OffTargetSite(
        (guide or target).replace("-", ""), Locus("chr1", start, start + len(dna), strand), "AGG", guide or target,
        target, 0, **more,
    )  # fmt: skip


def here(one):
    """A reference that holds a site's bases at its place."""
    dna = one.aligned_target.replace("-", "")
    forward = dna if one.locus.strand is Strand.PLUS else reverse_complement(dna)
    return Reference.from_sequences({"chr1": "T" * one.locus.start + forward + "TTTTTT"})


# --- the window ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("editor", "bases", "text"),
    [
        (ABE, "CTAACAGTTGCTTTTATCAC", "A4 and A6 editable"),
        (ABE, "GGGAAAAAGGGGGGGGGGGG", "A4, A5, A6, A7 and A8 editable"),
        (ABE, "AAAGGGGGAAAAAAAAAAAA", "no editable base in the window"),
        (ABE, "GGGGGGGAGGGGGGGGGGGG", "A8 editable"),
        (CBE, "CGGGGGGGGGCCCCCCCCCC", "C11 editable"),
        (CBE, "CCGGGGGGGGGCCCCCCCCC", "C2 editable"),
        (ABE, "GGGNAGGGGGGGGGGGGGGN", "A5 editable; N4 not known"),
    ],
)
def test_which_bases_are_editable(editor, bases, text):
    found = edit_effect(site(bases), editor, here(site(bases)))
    assert found.text == text
    assert found.is_defined == ("not known" not in text)


@pytest.mark.parametrize("editor", editors().values(), ids=lambda editor: editor.key)
@pytest.mark.parametrize("strand", list(Strand))
def test_the_catalogues_windows_are_met_exactly(editor, strand):
    """For each editor and each of its bases: editable at every position of the window, and at no other."""
    other = "T" if "T" not in {before for before, _ in editor.base_changes} else "G"
    for before, after in editor.base_changes:
        for position in range(1, editor.spacer_nt + 1):
            bases = other * (position - 1) + before + other * (editor.spacer_nt - position)
            one = site(bases, strand=strand)
            found = edit_effect(one, editor, here(one))
            assert found.editable == ((f"{before}{position}",) if editor.edits(position) else ())
            if found.changes:
                [change] = found.changes
                plus = strand is Strand.PLUS
                assert change.position == 2 + (position - 1 if plus else editor.spacer_nt - position)
                assert change.after == (after if plus else reverse_complement(after))
                assert change.spacer_position == position


def test_another_window_can_be_asked_for():
    one = site(GUIDE)
    assert edit_effect(one, ABE, here(one), window=(3, 3)).editable == ("A3",)


def test_the_window_counts_from_the_pam_whatever_the_spacers_length():
    for size in (17, 19, 21, 23):
        bases = "A" * size
        one = site(bases)
        found = edit_effect(one, ABE, here(one))
        # Position 8 of a 20-nt spacer is the thirteenth base from a 3' PAM.
        assert max(change.position for change in found.changes) == 2 + size - 13
        assert len(found.editable) == min(5, size - 12)
    one = site("A" * 26)
    assert edit_effect(one, CAS12A, here(one)).editable == tuple(f"A{n}" for n in range(8, 15))


# --- bulges ----------------------------------------------------------------------------------------------------

AAAA = "A" * 20


@pytest.mark.parametrize(
    ("gap", "editable", "text"),
    [
        (18, (), "not defined: a bulge lies between the PAM and the window"),
        (9, (), "not defined: a bulge lies between the PAM and the window"),
        (8, (), "not defined beyond the bulge at position 8"),
        (6, ("A7", "A8"), "A7 and A8 editable; not defined beyond the bulge at position 6"),
        (
            4,
            ("A5", "A6", "A7", "A8"),
            "A5, A6, A7 and A8 editable; not defined beyond the bulge at position 4",
        ),
        (3, ("A4", "A5", "A6", "A7", "A8"), "A4, A5, A6, A7 and A8 editable"),
    ],
)
@pytest.mark.parametrize("kind", ["RNA", "DNA"])
def test_nothing_is_said_beyond_a_bulge(gap, editable, text, kind):
    gapped = AAAA[: gap - 1] + "-" + AAAA[gap:]
    one = site(gapped, AAAA) if kind == "RNA" else site(AAAA, gapped)
    found = edit_effect(one, ABE, here(one))
    assert (found.editable, found.text) == (editable, text)
    assert found.is_defined == (gap == 3)
    # What is said of the bases between PAM and bulge is right whichever way one counts.
    for change in found.changes:
        assert one.locus.end - change.position == 21 - change.spacer_position


@pytest.mark.parametrize(("gap", "count"), [(7, 0), (10, 2), (15, 7)])
def test_bulges_beside_a_five_prime_pam(gap, count):
    bases = "A" * 23
    one = site(bases[: gap - 1] + "-" + bases[gap:], bases)
    assert len(edit_effect(one, CAS12A, here(one)).editable) == count


# --- the person's own bases ------------------------------------------------------------------------------------


def test_a_lost_site_is_not_there():
    one = site(GUIDE, origin=SiteOrigin.LOST)
    found = edit_effect(one, ABE, here(one))
    assert (found.text, found.editable) == ("this person does not have the site", ())


def test_a_site_of_another_reference_is_refused():
    with pytest.raises(IncompatibleInputsError, match="the reference") as caught:
        edit_effect(site(GUIDE), ABE, Reference.from_sequences({"chr1": "T" * 40}))
    assert caught.value.code == "site-not-here"


def without_pams(rng, size):
    """Random bases in which no PAM stands, on either strand."""
    bases = ""
    while len(bases) < size:
        letter = rng.choice("ACGT")
        if letter not in "CG" or not bases.endswith(letter):
            bases += letter
    return bases


@given(st.integers(0, 2**32))
def test_places_follow_the_persons_indels(seed):
    """Each edited base stands on the person's own sequence where the window says, and holds what is edited."""
    rng = random.Random(seed)
    text = without_pams(rng, 60).rstrip("G") + "AGG" + "T" * 20
    pam = text.index("GG") - 1
    at, kind = pam - rng.randint(2, 22), rng.choice(("insertion", "deletion", "substitution", "both"))
    put_in = rng.choice(("A", "T", "AT", "TAT"))
    variant = {
        "insertion": Variant("chr1", at, "", put_in),
        "deletion": Variant("chr1", at, text[at : at + 2], ""),
        "substitution": Variant("chr1", at, text[at], "A" if text[at] != "A" else "T"),
        "both": Variant("chr1", at, text[at : at + 2], put_in if put_in != text[at : at + 2] else "TTT"),
    }[kind]
    genome = PatientGenome(Reference.from_sequences({"chr1": text}), [Call(variant, (True, True))])
    [window] = genome.windows(Locus("chr1", 0, len(text)))
    end = window.from_reference(pam)
    guide = window.bases[end - 20 : end]
    [report] = search([OffTargetRequest(guide, "NGG", limits=SearchLimits(0))], genome)
    # A deletion may bring two Gs together: the site meant is the one beside the PAM that was planted.
    seen = 0
    for one in report.sites:
        if one.locus.strand is Strand.MINUS or one.aligned_target != guide or one.pam != "AGG":
            continue
        found = edit_effect(one, ABE, genome.reference)
        wanted = {n for n in range(4, 9) if guide[n - 1] == "A"}
        assert found.editable == tuple(f"A{n}" for n in sorted(wanted))
        placed = {change.spacer_position: change for change in found.changes}
        for position, change in placed.items():
            index = window.from_reference(change.position)
            assert index == end - 21 + position
            assert window.bases[index] == change.before == "A"
        # Without a place is an inserted base, and DNA that fits the person's sequence in two ways.
        assert found.is_defined == (wanted == set(placed))
        assert found.is_defined or one.variants
        seen += 1
    assert seen


def test_an_inserted_base_has_no_place():
    before, behind = "GTGTG", "TTGCTTTTGTCGC"
    text = "T" * 20 + before + behind + "AGG" + "T" * 20
    insertion = Variant("chr1", 25, "", "AA")
    genome = PatientGenome(Reference.from_sequences({"chr1": text}), [Call(insertion, (True, True))])
    [report] = search([OffTargetRequest(before + "AA" + behind, "NGG", limits=SearchLimits(0))], genome)
    [one] = report.sites
    found = edit_effect(one, ABE, genome.reference)
    assert (found.editable, found.changes, found.is_defined) == (("A6", "A7"), (), False)
    assert found.text == (
        "A6 and A7 editable; effect of some not defined: an insertion or deletion lies in the site"
    )


# --- effects, by translation -----------------------------------------------------------------------------------

CODONS = [a + b + c for a in "ACGT" for b in "ACGT" for c in "ACGT"]
SENSE = [codon for codon in CODONS if codon not in {"TAA", "TAG", "TGA"}]


def random_gene(rng):
    """A coding gene of three exons on a random strand of a random contig, and its spliced coding sequence."""
    coding = (
        "ATG"
        + "".join(rng.choice(SENSE) for _ in range(rng.randint(20, 40)))
        + rng.choice(("TAA", "TAG", "TGA"))
    )
    cuts = sorted(rng.sample(range(10, len(coding) - 10), 2))
    pieces = [coding[: cuts[0]], coding[cuts[0] : cuts[1]], coding[cuts[1] :]]
    text, exons = random_dna(rng, 60), []
    for number, piece in enumerate(pieces):
        five = random_dna(rng, 12) if number == 0 else ""
        three = random_dna(rng, 12) if number == 2 else ""
        exons.append((len(text), len(text) + len(five + piece + three)))
        text += five + piece + three + random_dna(rng, 60)
    low, high = exons[0][0] + 12, exons[2][1] - 12
    if rng.random() < 0.5:
        size, text = len(text), reverse_complement(text)
        exons = [(size - end, size - start) for start, end in reversed(exons)]
        gene = Transcript("T.1", "G", "chr1", Strand.MINUS, tuple(exons), (size - high, size - low), True)
    else:
        gene = Transcript("T.1", "G", "chr1", Strand.PLUS, tuple(exons), (low, high), True)
    return text, gene, coding


def random_dna(rng, size):
    return "".join(rng.choices("ACGT", k=size))


def spliced(text, gene):
    parts = "".join(text[start:end] for start, end in sorted(gene.coding_exons))
    return parts if gene.strand is Strand.PLUS else reverse_complement(parts)


@given(st.integers(0, 2**32))
def test_effects_are_those_of_translation(seed):
    rng = random.Random(seed)
    text, gene, coding = random_gene(rng)
    assert spliced(text, gene) == coding
    reference, models = Reference.from_sequences({"chr1": text}), GeneModels([gene])
    editor = rng.choice((ABE, CBE))
    start, strand = rng.randrange(len(text) - 20), rng.choice(list(Strand))
    own = ()
    copy = list(text)
    if rng.random() < 0.5:
        places = sorted(rng.sample(range(start, start + 20), rng.choice((1, 2))))
        own = tuple(
            Variant("chr1", p, text[p], rng.choice([b for b in "ACGT" if b != text[p]])) for p in places
        )
        for variant in own:
            copy[variant.start] = variant.alt
    bases = "".join(copy[start : start + 20])
    bases = bases if strand is Strand.PLUS else reverse_complement(bases)
    more = {"origin": SiteOrigin.CHANGED, "variants": own} if own else {}
    found = edit_effect(site(bases, start=start, strand=strand, **more), editor, reference, models)

    inside = {p for first, last in gene.coding_exons for p in range(first, last)}
    by_position = {change.spacer_position: change for change in found.changes}
    wild = translate(coding)
    for positions, consequence in found.consequences:
        edited = copy.copy()
        for position in positions:
            change = by_position[position]
            assert edited[change.position] == change.before
            edited[change.position] = change.after
        if not any(by_position[position].position in inside for position in positions):
            continue
        protein = translate(spliced("".join(edited), gene))
        protein = protein[: protein.find("*") + 1] or protein  # what follows a stop is not made
        differ = [i for i, (one, other) in enumerate(zip(wild, protein, strict=False)) if one != other]
        splice = {term for term in consequence.terms if term.value.startswith(("splice_a", "splice_d"))}
        if splice:
            assert consequence.hgvs_p == "p.?"
        elif 0 in differ:
            assert ConsequenceTerm.START_LOST in consequence.terms
        elif len(wild) - 1 in differ:
            assert ConsequenceTerm.STOP_LOST in consequence.terms
        elif len(differ) == 1:
            [at] = differ
            new = "Ter" if protein[at] == "*" else three_letter(protein[at])
            assert consequence.hgvs_p == f"p.({three_letter(wild[at])}{at + 1}{new})"
        elif not differ:
            assert not consequence.changes_protein
        else:
            assert consequence.changes_protein
            assert consequence.protein_position == differ[0] + 1
    # No coding edit is passed over, and each is said alone.
    alone = {positions[0] for positions, _ in found.consequences if len(positions) == 1}
    for position, change in by_position.items():
        if change.position in inside and not any(v.start == change.position for v in own):
            assert position in alone


def test_words_for_one_base_for_several_and_for_none():
    text = "TTTACATGGAAAAATAATTTTTTTTTTTTTTTTTTTTTTTT"
    gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((3, 30),), (5, 17), True)
    reference, models = Reference.from_sequences({"chr1": text}), GeneModels([gene])

    def said(start, window):
        return edit_effect(
            site(text[start : start + 20], start=start), ABE, reference, models, window=window
        ).text

    assert said(4, (6, 6)) == "A6 editable; G p.(Glu2Gly)"
    assert said(4, (6, 9)) == (
        "A6, A7, A8 and A9 editable; G A6 p.(Glu2Gly), A7 p.(Glu2=), A8 p.(Lys3Glu), A9 p.(Lys3Arg), "
        "together p.(Glu2_Lys3delinsGlyGly)"
    )
    assert said(4, (3, 3)) == "no editable base in the window"
    assert said(4, (1, 2)) == "A2 editable; G p.(Met1?)"
    far = GeneModels([Transcript("T.1", "G", "chr1", Strand.PLUS, ((30, 35),))])
    assert edit_effect(site(text[4:24], start=4), ABE, reference, far).text.endswith(
        "; outside coding sequence"
    )


def test_a_splice_site_is_named():
    text = "TTTACATGGAG" + "GTAAGTTTTTTTTTTTTTTTCAG" + "AAATAATTTTTTTTTTTTTTTT"
    gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((3, 11), (34, 50)), (5, 40), True)
    reference, models = Reference.from_sequences({"chr1": text}), GeneModels([gene])
    at = text.index("CAGAAATAA") + 1
    one = site(text[at - 5 : at + 15], start=at - 5)
    found = edit_effect(one, ABE, reference, models, window=(6, 6))
    assert found.text == "A6 editable; G splice acceptor variant c.7-2A>G"


def test_a_broken_reading_frame_is_said():
    text = "TTTACATGGAAAAATAATTTTTTTTTTTTTTTTTTTTTTTT"
    gene = Transcript("T.1", "G", "chr1", Strand.PLUS, ((3, 30),), (5, 16), True)
    found = edit_effect(
        site(text[4:24], start=4),
        ABE,
        Reference.from_sequences({"chr1": text}),
        GeneModels([gene]),
        window=(6, 6),
    )
    assert "G effect not defined (T.1 has no open reading frame on this reference" in found.text


# --- real ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grch38(shared_data):
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    return reference, load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)


def test_makassar_on_the_sickle_allele(grch38):
    """ABE8e-NRCH turns the sickle codon into Makassar's (Newby 2021); the base beside it is silent."""
    reference, models = grch38
    sickle = Variant("chr11", 5227001, "T", "A")
    request = OffTargetRequest("TTCTCCACAGGAGTCAGATG", "NRCH", limits=SearchLimits(1), cfd_applies=False)
    [report] = search([request], PatientGenome(reference, [Call(sickle, (True, True))]), models=models)
    [one] = with_edit_effects(report.sites, editors()["abe8e_nrch"], reference, models)
    assert one.variants == (sickle,)
    assert one.edit_effect == (
        "A7 and A9 editable; HBB A7 p.(Glu7Ala), A9 no further change (with this person's own variants)"
    )
    # On the reference's allele position 7 is no A, and the silent base is all there is.
    [report] = search([request], PatientGenome(reference), models=models)
    [one] = with_edit_effects(report.sites, editors()["abe8e_nrch"], reference, models)
    assert one.edit_effect == "A9 editable; HBB p.(Pro6=)"


def test_real_off_targets_are_answered_and_agree_with_their_region(grch38):
    """A guide of many sites: whoever is given a coding effect lies in coding sequence or at a splice site."""
    reference, models = grch38
    request = OffTargetRequest("GAGTCCGAGCAGAAGAAGAA", "NGG", limits=SearchLimits(5, 1, 1))
    [report] = search([request], PatientGenome(reference), models=models)
    assert len(report.sites) > 100
    effects = [edit_effect(one, ABE, reference, models) for one in report.sites]
    assert any(effect.consequences for effect in effects)
    assert any("bulge" in effect.text for effect in effects)
    for one, effect in zip(report.sites, effects, strict=True):
        dna = one.aligned_target.replace("-", "")
        for change in effect.changes:
            index = change.position - one.locus.start
            assert (dna if one.locus.strand is Strand.PLUS else dna[::-1])[index] == "A"
        if any(consequence.changes_protein for _, consequence in effect.consequences):
            assert one.region.value in {"CDS", "splice site"}
