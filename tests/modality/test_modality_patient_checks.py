"""A vector held against a person: what each statement of the case changes, and that silence never passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revertant.genome import load_gene_models
from revertant.genome.reference import Reference
from revertant.knowledge import dose_anchors, find_gene, products
from revertant.modality.gene_addition.patient_checks import (
    antibody_findings,
    body_findings,
    deleted_exons,
    dose_findings,
    dose_for_weight,
    lasting_findings,
    patient_findings,
    presented_residues,
    tolerance_findings,
)
from revertant.model import (
    Allele,
    Case,
    Consequence,
    ConsequenceTerm,
    CopyNumber,
    FeatureKind,
    GenomeForm,
    Measurement,
    PartUse,
    Pathogenicity,
    Serology,
    Status,
    Strand,
    Subject,
    Target,
    Transcript,
    Variant,
    Vector,
    Zygosity,
)

P, C, F, U, N = Status.PASS, Status.CAUTION, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
T = ConsequenceTerm
INFANT = Case("c", Subject("s", age_years=56 / 365.25, weight_kg=4.6), ())


def anchor(key):
    return next(row for row in dose_anchors() if row.key == key).vector_dose()


def vector(key="zolgensma", form=GenomeForm.SELF_COMPLEMENTARY_AAV, parts=()):
    """A vector with the capsid, route, tissue and dose of a product; of its sequence nothing is asked here."""
    row = next(one for one in dose_anchors() if one.key == key)
    return Vector(
        form, row.capsid, row.capsid, row.route, row.tissue.value, (), (), parts, (), dose=anchor(key)
    )


def target(gene="SMN1", *alleles, biallelic=True, exons=((0, 303),)):
    transcript = Transcript("NM_1.1", gene, "s", Strand.PLUS, exons, (exons[0][0], exons[-1][1]))
    return Target(gene, transcript, alleles, biallelic=biallelic)


def allele(term, position=None, before="A"):
    effect = Consequence("NM_1.1", "G", (term,), protein_position=position, amino_acids_before=before)
    return Allele(Variant("s", 30, "C", "T"), Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, effect)


def case(**fields):
    return replace(INFANT, **fields)


def status(findings, rule):
    return next(one.status for one in findings if one.rule == rule)


def copies(gene, number, method="MLPA"):
    return CopyNumber(gene, number, number, method)


# --- the protein ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alleles", "expected", "word"),
    [
        ((allele(T.MISSENSE, 40), allele(T.STOP_GAINED, 3)), C, "Tolerance is likely"),
        ((allele(T.INFRAME_DELETION, 10, "AAAAA"), allele(T.FRAMESHIFT, 3)), C, "Tolerance is likely"),
        ((allele(T.STOP_GAINED, 3), allele(T.FRAMESHIFT, 60)), C, "at most the first part"),
        ((allele(T.START_LOST), allele(T.STOP_GAINED, 1)), C, "leave nothing of the protein"),
        ((allele(T.SPLICE_DONOR), allele(T.STOP_GAINED, 3)), U, "is open"),
        ((), C, "never made its protein"),
    ],
)
def test_what_the_alleles_leave_of_the_protein_decides(alleles, expected, word):
    found = tolerance_findings(INFANT, target("F9", *alleles))[0]
    assert (found.rule, found.status) == ("immunity.transgene", expected)
    assert word in found.because


def test_a_working_copy_makes_the_protein_the_persons_own():
    assert tolerance_findings(INFANT, target("F9", biallelic=False))[0].status is P


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ((copies("SMN2", 2),), P),
        ((copies("SMN2", 2, "in_silico"),), U),
        ((), U),
        ((copies("SMN2", 0),), C),
    ],
)
def test_smn2_makes_the_same_protein_where_a_laboratory_counts_it(counted, expected):
    found = tolerance_findings(case(copy_numbers=(copies("SMN1", 0), *counted)), target())
    assert status(found, "immunity.transgene") is expected


def test_residues_that_an_allele_can_show():
    assert presented_residues(allele(T.MISSENSE, 40), 100) == ((1, 39), (41, 100))
    assert presented_residues(allele(T.MISSENSE, 1), 100) == ((2, 100),)
    assert presented_residues(allele(T.INFRAME_DELETION, 40, "AAA"), 100) == ((1, 39), (43, 100))
    assert presented_residues(allele(T.STOP_GAINED, 40), 100) == ((1, 39),)
    assert presented_residues(allele(T.TRANSCRIPT_ABLATION), 100) == ()
    for open_one in (T.SPLICE_ACCEPTOR, T.INTRON, T.UTR_5):
        assert presented_residues(allele(open_one, 40), 100) is None


def exon_deletion(first, last):
    """DMD's 79 exons, each ten bases long and ten apart, with a deletion from one exon to another."""
    exons = tuple((20 * number, 20 * number + 10) for number in range(79))
    start, end = exons[first - 1][0] - 2, exons[last - 1][1] + 2
    effect = Consequence("NM_1.1", "DMD", (T.FRAMESHIFT,), protein_position=5)
    gone = Variant("s", start, "A" * (end - start), "")
    return target("DMD", Allele(gone, Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, effect), exons=exons)


@pytest.mark.parametrize(
    ("first", "last", "excluded", "warned"),
    [
        (8, 9, F, C),
        (3, 8, F, C),
        (9, 30, F, C),
        (10, 17, P, C),
        (45, 50, P, P),
        (58, 59, P, C),
        (72, 72, P, P),
    ],
)
def test_exons_of_dystrophin(first, last, excluded, warned):
    one = exon_deletion(first, last)
    assert deleted_exons(one.alleles[0], one.transcript) == tuple(range(first, last + 1))
    found = tolerance_findings(INFANT, one)
    assert status(found, "immunity.dystrophin_exons_8_9") is excluded
    assert status(found, "immunity.dystrophin_ends") is warned


@pytest.mark.parametrize(
    ("first", "last", "in_frame"),
    [
        (45, 47, True),
        (48, 51, True),
        (17, 48, True),
        (45, 50, False),
        (51, 51, False),
        (8, 9, False),
        (3, 7, False),
    ],
)
def test_the_frame_of_a_deletion_decides_what_is_left_of_dystrophin(shared_data, first, last, in_frame):
    """Exons of DMD in GRCh38: whether a deletion keeps the frame (doi:10.1016/0888-7543(88)90113-9)."""
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(str(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz"), reference)
    transcript = models.choose("DMD").transcript
    exons = transcript.ordered_exons
    low, high = (
        min(exons[first - 1][0], exons[last - 1][0]) - 50,
        max(exons[first - 1][1], exons[last - 1][1]) + 50,
    )
    effect = Consequence("NM", "DMD", (T.SPLICE_ACCEPTOR, T.SPLICE_DONOR))
    gone = Variant(transcript.contig, low, "N" * (high - low), "")
    lost = Allele(gone, Zygosity.HEMIZYGOUS, Pathogenicity.PATHOGENIC, effect)
    assert deleted_exons(lost, transcript) == tuple(range(first, last + 1))
    shown = presented_residues(lost, 3685, transcript)
    assert (shown[-1][1] == 3685) is in_frame
    before = sum(end - start for start, end in transcript.coding_exons[: first - 1])
    assert shown[0] == (1, before // 3)
    found = tolerance_findings(INFANT, replace(target("DMD", lost), transcript=transcript))[0]
    assert found.because.startswith("Tolerance is likely") is in_frame


def test_exons_of_dystrophin_as_the_case_states_them():
    found = tolerance_findings(INFANT, target("DMD"))
    assert status(found, "immunity.dystrophin_exons_8_9") is U
    stated = case(conditions=(("dmd_deletion_exon_8_or_9", True), ("dmd_deletion_myositis_risk", False)))
    found = tolerance_findings(stated, target("DMD"))
    assert status(found, "immunity.dystrophin_exons_8_9") is F
    assert status(found, "immunity.dystrophin_ends") is P


def test_hla_is_passed_on_and_nothing_is_predicted_from_it():
    found = tolerance_findings(case(hla=("A*02:01",)), target("F9"))
    hla = next(one for one in found if one.rule == "immunity.hla")
    assert (hla.status, hla.value) == (N, "A*02:01")
    assert "not predicted" in hla.because
    assert status(tolerance_findings(INFANT, target("F9")), "immunity.hla") is U


# --- antibodies ----------------------------------------------------------------------------------------------------


def titred(value, target_="AAV9", assay="TAb", **more):
    return case(serology=(Serology(target_, assay, value, **more),))


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (titred(25.0), P),
        (titred(50.0), P),
        (titred(51.0), C),
        (titred(100.0), C),
        (titred(None), P),
        (titred(50.0, below=True), P),
        (titred(400.0, below=True), U),
        (titred(25.0, assay="NAb"), U),
        (titred(25.0, target_="AAV8"), U),
        (INFANT, U),
    ],
)
def test_a_titre_counts_by_assay_serotype_and_the_products_limit(person, expected):
    assert status(antibody_findings(vector(), person, target()), "immunity.capsid") is expected


def test_limits_are_the_products_own():
    """AAVrh74 is held against 1:400 and AAV9 against 1:50: there is no limit for all."""
    boy, dmd = titred(200.0, target_="AAVrh74"), target("DMD")
    assert status(antibody_findings(vector("elevidys"), boy, dmd), "immunity.capsid") is P
    boy = titred(400.0, target_="AAVrh74")
    found = antibody_findings(vector("elevidys"), boy, dmd)[0]
    assert (found.status, found.threshold) == (C, "TAb below 1:400")
    asked = {
        one.antigen
        for p in products().values()
        for label in p.labels
        for one in label.criteria
        if one.antigen
    }
    assert {"AAV9", "AAVrh74"} <= asked


def test_the_newest_result_counts():
    older, newer = (
        Serology("AAV9", "TAb", 100.0, date="2026-09-01"),
        Serology("AAV9", "TAb", 25.0, date="2026-11-01"),
    )
    assert (
        status(antibody_findings(vector(), case(serology=(newer, older)), target()), "immunity.capsid") is P
    )


@pytest.mark.parametrize(("age", "expected"), [(0.15, C), (0.99, C), (1.0, N), (30.0, N), (None, U)])
def test_an_elevated_titre_of_an_infant_is_tested_again(age, expected):
    person = replace(titred(100.0), subject=replace(INFANT.subject, age_years=age))
    assert status(antibody_findings(vector(), person, target()), "immunity.capsid_retest") is expected


def test_a_capsid_without_any_limit_says_that_a_titre_means_nothing_known():
    plain = replace(vector("luxturna"), capsid="AAV4", capsid_name="AAV4")
    found = antibody_findings(plain, titred(80.0, target_="AAV4"), target("RPE65"))[0]
    assert found.status is C
    assert "not known" in found.because


def test_no_capsid_no_antibodies():
    found = antibody_findings(
        replace(vector(), form=GenomeForm.LENTIVIRAL, route="ex vivo transduction"), INFANT, target()
    )
    assert {one.status for one in found} == {N}


# --- liver, age, weight --------------------------------------------------------------------------------------------


def values(**found):
    return case(measurements=tuple(Measurement(name, value, "x_ULN") for name, value in found.items()))


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (INFANT, U),
        (values(ALT=1.0, AST=1.0), U),
        (values(ALT=1.0, AST=2.0, total_bilirubin=0.5), P),
        (values(ALT=2.1, AST=1.0, total_bilirubin=0.5), C),
        (case(conditions=(("liver_impairment", True),)), C),
        (case(conditions=(("liver_impairment", False),)), U),
    ],
)
def test_liver_values_are_held_against_the_labels_of_the_gene(person, expected):
    assert status(body_findings(vector(), person, target()), "patient.liver") is expected


def test_a_value_in_another_unit_is_not_compared():
    units = tuple(Measurement(name, 30.0, "U/L") for name in ("ALT", "AST", "total_bilirubin"))
    found = body_findings(vector(), case(measurements=units), target())
    assert status(found, "patient.liver") is U


def test_a_vector_under_the_retina_asks_for_neither_liver_nor_weight():
    found = body_findings(vector("luxturna"), Case("c", Subject("s"), ()), target("RPE65"))
    assert status(found, "patient.liver") is N
    assert status(found, "patient.weight") is N
    assert status(found, "patient.age") is U


# --- dose ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "volume", "vials"),
    # The table of the label (Zolgensma, EU SmPC): 1.1e14 vg/kg of the upper end of the range at 2e13 vg/mL.
    [
        (2.6, 16.5, 2),
        (3.0, 16.5, 2),
        (3.1, 19.3, 3),
        (4.1, 24.8, 3),
        (4.6, 27.5, 4),
        (5.0, 27.5, 4),
        (8.6, 49.5, 6),
        (13.5, 74.3, 9),
        (21.0, 115.5, 14),
    ],
)
def test_dose_by_weight_is_that_of_the_labels_table(weight, volume, vials):
    found = dose_for_weight(anchor("zolgensma"), weight, "SMN1")
    assert found.vg_total == pytest.approx(1.1e14 * weight)
    assert (found.volume_ml, found.vials.split()[0]) == (volume, str(vials))


def test_a_dose_without_a_weight_stays_per_kg():
    assert dose_for_weight(anchor("zolgensma"), None, "SMN1") == anchor("zolgensma")
    assert dose_for_weight(anchor("itvisma"), 70.0, "SMN1").vg_total == 1.2e14
    nobody = Case("c", Subject("s"), ())
    assert status(dose_findings(vector(), nobody, target()), "dose.anchor") is U
    assert status(dose_findings(replace(vector(), dose=None), INFANT, target()), "dose.anchor") is U


def test_a_dose_is_never_a_recommendation():
    found = dose_findings(vector(), INFANT, target())[0]
    assert "not a recommendation" in found.because
    assert "5.06e14 vg" in found.because
    assert found.status is C


@pytest.mark.parametrize(
    ("key", "gene", "person", "expected"),
    [
        ("zolgensma", "SMN1", INFANT, C),
        ("itvisma", "SMN1", INFANT, N),
        ("hemgenix", "F9", INFANT, P),
        ("elevidys", "DMD", INFANT, C),
        ("elevidys", "DMD", case(conditions=(("ambulatory", False),)), F),
        ("elevidys", "MTM1", INFANT, F),
        ("zolgensma", "SMN1", case(conditions=(("liver_impairment", True),)), F),
        ("zolgensma", "SMN1", values(ALT=3.0), F),
    ],
)
def test_high_systemic_doses_are_flagged_and_graver_in_some(key, gene, person, expected):
    found = next(
        one for one in dose_findings(vector(key), person, target(gene)) if one.rule == "dose.high_systemic"
    )
    assert found.status is expected
    if expected in {C, F}:
        assert "4 after Zolgensma (liver" in found.because
        assert "pmcid:PMC10638066" in found.sources


def test_age_and_weight_speak_against_a_high_dose():
    person = replace(INFANT, subject=replace(INFANT.subject, age_years=3.0, weight_kg=14.0))
    young, old = (
        next(
            one.because for one in dose_findings(vector(), one, target()) if one.rule == "dose.high_systemic"
        )
        for one in (INFANT, person)
    )
    assert "14 kg" in old
    assert "3 years" in old
    assert "speak against" not in young


def test_without_a_dose_the_flag_is_open():
    assert status(dose_findings(replace(vector(), dose=None), INFANT, target()), "dose.high_systemic") is U


# --- later ---------------------------------------------------------------------------------------------------------


def test_given_again():
    assert status(lasting_findings(vector(), INFANT), "safety.redosing") is C
    before = case(conditions=(("earlier_gene_therapy", True),))
    assert status(lasting_findings(vector(), before), "safety.redosing") is F
    assert status(lasting_findings(replace(vector(), form=GenomeForm.MRNA), before), "safety.redosing") is P


@pytest.mark.parametrize(("promoter", "expected"), [("promoter_cbh", C), ("promoter_hsyn1", P)])
def test_promoters_that_are_strong_in_the_liver(promoter, expected):
    use = PartUse(promoter, promoter, FeatureKind.PROMOTER, 1, ("url:x",), checked=True)
    assert status(lasting_findings(vector(parts=(use,)), INFANT), "safety.strong_liver_promoter") is expected


def test_steroids_are_a_fact_of_the_label():
    found = next(one for one in lasting_findings(vector(), INFANT) if one.rule == "label.corticosteroids")
    assert found.value == "Zolgensma"
    assert "not advice" in found.because


@pytest.mark.parametrize("key", [row.key for row in dose_anchors() if row.vector_dose()])
def test_who_states_nothing_passes_nothing_that_depends_on_the_person(key):
    """Unknown never counts as pass: nothing about the person is known, so no rule about the person passes."""
    nobody = Case("c", Subject("s"), ())
    row = next(one for one in dose_anchors() if one.key == key)
    assert find_gene(row.gene) is not None
    found = patient_findings(vector(key), nobody, target(row.gene, biallelic=None))
    about = [one for one in found if one.rule.startswith(("immunity.", "patient."))]
    assert {one.status for one in about} <= {U, N}
    assert len({one.rule for one in found}) == len(found)
    assert all(one.because.endswith((".", ")")) for one in found)
