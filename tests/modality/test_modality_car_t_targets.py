"""Targets of a tumour: the verdict on known antigens is that of their record, and no safe target is an answer."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import UsageError
from revertant.knowledge import antigen_named, antigens, read_gene_list
from revertant.knowledge.gene_lists import GeneList
from revertant.modality.car_t.targets import (
    AntigenVariant,
    ClusterShare,
    ClusterTable,
    ExpressionTable,
    ExpressionUnit,
    OrganLevel,
    TargetLimits,
    TargetVerdict,
    TumourEvidence,
    assess_target,
    catalogue_safety,
    contrast,
    normal_levels,
    select_targets,
)
from revertant.modality.car_t.targets.safety import cell_safety, sample_safety
from revertant.model import AlleleOrigin, Consequence, ConsequenceTerm, Status, Zygosity

GOLDEN = Path(__file__).parent / "golden" / "car_t_targets.tsv"
CORE = ("brain", "heart", "lung", "liver", "kidney", "bone marrow", "gut")


def golden_rows():
    with GOLDEN.open(encoding="utf-8") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def table(samples, **levels):
    values = np.array([[float(x) for x in row] for row in levels.values()])
    return ExpressionTable("made", tuple(levels), tuple(samples), values, ExpressionUnit.TPM, (), ())


def normals(**levels):
    """Normal samples of every core organ; a number is the level in all of them."""
    rows = {gene: [row] * len(CORE) if isinstance(row, (int, float)) else row for gene, row in levels.items()}
    return table(CORE, **rows)


@pytest.mark.parametrize("row", golden_rows(), ids=lambda row: row["symbol"])
def test_the_verdict_is_that_of_the_clinical_record(row):
    antigen = antigen_named(row["symbol"])
    finding = catalogue_safety(antigen)
    assert finding.status.value == row["expected"]
    # What stopped a therapy fails, what was watched for is a caution, what was borne never fails.
    assert (
        finding.status
        in {
            "stopped": {Status.FAIL},
            "weighed": {Status.CAUTION},
            "borne": {Status.PASS, Status.CAUTION},
            "none": {Status.PASS},
        }[row["outcome"]]
    )
    for organ in filter(None, row["organs"].split(",")):
        assert organ in {tissue.organ for tissue in antigen.normal}
        assert organ in finding.because or finding.status is not Status.FAIL
    record = {one.toxicity for one in antigen.clinical}
    assert ("seen" in record) == (row["outcome"] != "none") or row["symbol"] == "MS4A1"


@pytest.mark.parametrize(
    ("symbol", "organs"),
    [
        ("ERBB2", ("lung", "heart")),
        ("CD33", ("bone marrow",)),
        ("IL3RA", ("bone marrow",)),
        ("CA9", ("bile duct",)),
    ],
)
def test_what_bulk_contrasts_miss_is_flagged_from_the_catalogue(symbol, organs):
    """Silent normal samples change nothing: the catalogue still forbids it as a single target."""
    judged = assess_target(symbol, TumourEvidence(table(["T1"], **{symbol: [500]}), normals(**{symbol: 0})))
    assert judged.finding("normal_samples").status is Status.PASS
    assert judged.finding("safety_known").status is Status.FAIL
    assert judged.verdict is TargetVerdict.NOT_ALONE
    for organ in organs:
        assert organ in judged.finding("safety_known").because


def test_knowledge_from_before_people_is_weaker():
    order = [Status.FAIL, Status.CAUTION, Status.PASS, Status.UNKNOWN]
    for antigen in antigens().values():
        now, before = catalogue_safety(antigen), catalogue_safety(antigen, before_people=True)
        assert order.index(now.status) <= order.index(before.status)


def test_a_target_with_everything_in_its_favour_is_usable_with_limits_at_least():
    clusters = ClusterTable(
        "c",
        {"GPC3": (ClusterShare("t", "malignant", 900, 0.97), ClusterShare("hep", "liver", 500, 0.01))},
    )
    evidence = TumourEvidence(table(["T1", "T2"], GPC3=[80, 120]), normals(GPC3=0.1), clusters)
    judged = assess_target("GPC3", evidence)
    assert judged.verdict is TargetVerdict.USABLE
    assert judged.level == 100
    assert judged.contrast_log2 == pytest.approx(np.log2(101 / 1.1))
    assert judged.finding("homogeneity").status is Status.PASS
    # Unknown never counts as pass: without single cells the share is open, without normal samples safety is.
    assert assess_target("GPC3", replace(evidence, clusters=None)).verdict is TargetVerdict.WITH_LIMITS
    assert assess_target("GPC3", replace(evidence, normals=None)).verdict is TargetVerdict.WITH_LIMITS


@pytest.mark.parametrize(
    ("levels", "status", "organ"),
    [
        ([0, 0, 0, 0, 0, 0, 0], Status.PASS, ""),
        ([0, 60, 0, 0, 0, 0, 0], Status.FAIL, "heart"),
        ([0, 0, 5, 0, 0, 0, 0], Status.CAUTION, "lung"),
    ],
)
def test_the_worst_essential_organ_of_normal_samples_is_named(levels, status, organ):
    judged = assess_target("GPC3", TumourEvidence(table(["T"], GPC3=[50]), normals(GPC3=levels)))
    finding = judged.finding("normal_samples")
    assert finding.status is status
    assert organ in finding.value
    assert (judged.verdict is TargetVerdict.NOT_ALONE) == (status is Status.FAIL)


def test_organs_a_person_can_do_without_do_not_forbid_a_target():
    samples = (*CORE, "testis", "placenta:1", "placenta:2")
    evidence = TumourEvidence(table(["T"], GPC3=[50]), table(samples, GPC3=[0] * 7 + [400, 90, 110]))
    judged = assess_target("GPC3", evidence)
    assert judged.finding("normal_samples").status is Status.PASS
    assert [(one.organ, one.level) for one in judged.organs][:2] == [("testis", 400.0), ("placenta", 100.0)]


def test_an_organ_nobody_knows_counts_as_essential():
    levels = normal_levels(table(["mystery:1"], GPC3=[70]), "GPC3")
    assert levels == (OrganLevel("mystery", True, 1, 70.0),)
    assert sample_safety(levels, 50, 1).status is Status.FAIL


def test_missing_core_organs_leave_safety_open():
    judged = assess_target("GPC3", TumourEvidence(table(["T"], GPC3=[50]), table(["heart"], GPC3=[0])))
    finding = judged.finding("normal_samples")
    assert finding.status is Status.UNKNOWN
    assert "bone marrow, brain, gut, kidney, liver, lung" in finding.because


def test_missing_normals_are_told():
    selection = select_targets(TumourEvidence(table(["T"], CD19=[50])))
    assert "No normal samples were given" in selection.findings[0].because
    assert selection.findings[0].status is Status.UNKNOWN


def test_a_normal_cluster_forbids_a_target():
    clusters = ClusterTable(
        "c",
        {"GPC3": (ClusterShare("t", "malignant", 900, 0.97), ClusterShare("cm", "heart", 500, 0.3))},
    )
    judged = assess_target("GPC3", TumourEvidence(table(["T"], GPC3=[50]), None, clusters))
    assert judged.finding("normal_cells").status is Status.FAIL
    assert "cm (heart)" in judged.finding("normal_cells").because
    assert judged.verdict is TargetVerdict.NOT_ALONE


def _with_cells(gene, *normal):
    return ClusterTable("c", {gene: (ClusterShare("t", "malignant", 900, 0.97), *normal)})


@pytest.mark.parametrize(
    ("gene", "cluster", "organ", "status"),
    [
        ("CD19", "Naive B cells", "blood", Status.CAUTION),
        ("CD19", "pre-B_cell", "bone marrow", Status.CAUTION),
        ("MS4A1", "B cells", "spleen", Status.CAUTION),
        ("TNFRSF17", "plasma cells", "bone marrow", Status.CAUTION),
        ("CD7", "CD8 T cells", "blood", Status.CAUTION),
        ("CD19", "blood", "blood", Status.UNKNOWN),
        ("CD19", "7", "bone marrow", Status.UNKNOWN),
        ("CD19", "T cells", "blood", Status.FAIL),
        ("CD19", "non-B cells", "blood", Status.FAIL),
        ("CD19", "B cells", "heart", Status.FAIL),
        ("CD33", "bone marrow", "bone marrow", Status.FAIL),
        ("CD33", "T cells", "blood", Status.FAIL),
        ("CD4", "T cells", "blood", Status.FAIL),
        ("NOSUCH", "B cells", "blood", Status.FAIL),
    ],
)
def test_blood_cells_are_judged_as_the_catalogue_judges_them(gene, cluster, organ, status):
    clusters = _with_cells(gene, ClusterShare(cluster, organ, 400, 0.9))
    [finding] = cell_safety(clusters, gene, 0.05, antigen_named(gene))
    assert finding.status is status
    [finding] = cell_safety(_with_cells(gene, ClusterShare(cluster, organ, 400, 0.05)), gene, 0.05)
    assert finding.status is Status.PASS


def test_normal_b_cells_do_not_forbid_cd19():
    clusters = _with_cells("CD19", ClusterShare("B cells", "blood", 100, 0.9))
    judged = assess_target("CD19", TumourEvidence(table(["T"], CD19=[50]), None, clusters))
    assert judged.verdict is TargetVerdict.WITH_LIMITS


def test_the_gravest_cluster_decides_and_not_the_largest_share():
    clusters = _with_cells(
        "GPC3", ClusterShare("f", "fat", 500, 0.9), ClusterShare("myocytes", "heart", 500, 0.3)
    )
    [finding] = cell_safety(clusters, "GPC3", 0.05)
    assert (finding.status, finding.value) == (Status.FAIL, "heart: 30.0%")
    assert finding.because.startswith("Of 2 normal clusters that carry it the gravest is myocytes (heart)")


def test_a_column_that_names_no_organ_is_said_to_count_as_essential():
    levels = normal_levels(table(["N1", "heart"], GPC3=[60, 1]), "GPC3")
    finding = sample_safety(levels, 50, 1)
    assert finding.status is Status.FAIL
    assert finding.because.startswith(
        "No organ is known as 'N1', so its samples count as of an essential one"
    )
    assert "No organ is known" not in sample_safety([OrganLevel("heart", True, 1, 60.0)], 50, 1).because


def test_few_malignant_cells_forbid_a_target():
    clusters = ClusterTable(
        "c", {"GPC3": (ClusterShare("a", "malignant", 100, 0.9), ClusterShare("b", "malignant", 100, 0.1))}
    )
    judged = assess_target("GPC3", TumourEvidence(table(["T"], GPC3=[50]), None, clusters))
    assert judged.finding("homogeneity").status is Status.FAIL
    assert "least in b (10%)" in judged.finding("homogeneity").because


def variant(origin, term, exon=None, symbol="CD19"):
    consequence = Consequence("NM_001770.6", symbol, (term,), "c.1A>T", "p.(Met1?)", exon=exon)
    return AntigenVariant(symbol, AlleleOrigin(origin), consequence)


@pytest.mark.parametrize(
    ("origin", "term", "status"),
    [
        ("tumour", ConsequenceTerm.FRAMESHIFT, Status.FAIL),
        ("germline", ConsequenceTerm.STOP_GAINED, Status.CAUTION),
        ("unknown", ConsequenceTerm.STOP_GAINED, Status.UNKNOWN),
        ("germline", ConsequenceTerm.MISSENSE, Status.CAUTION),
        ("germline", ConsequenceTerm.SYNONYMOUS, Status.PASS),
    ],
)
def test_variants_in_the_antigen_are_judged(origin, term, status):
    evidence = TumourEvidence(table(["T"], CD19=[50]), variants=(variant(origin, term),))
    judged = assess_target("CD19", evidence)
    assert judged.finding("variant").status is status
    assert (judged.verdict is TargetVerdict.NOT_ALONE) == (status is Status.FAIL)


def test_a_copy_lost_on_both_sides_leaves_no_antigen():
    lost = replace(variant("germline", ConsequenceTerm.STOP_GAINED), zygosity=Zygosity.HOMOZYGOUS)
    judged = assess_target("CD19", TumourEvidence(table(["T"], CD19=[50]), variants=(lost,)))
    assert judged.finding("variant").status is Status.FAIL
    assert "no copy gives a whole protein" in judged.finding("variant").because


def test_a_variant_that_could_not_be_worked_out_is_unknown_never_a_pass():
    stated = AntigenVariant("CD19", AlleleOrigin.TUMOUR, None, "chr16:1:A:T", "No reference was given.")
    judged = assess_target("CD19", TumourEvidence(table(["T"], CD19=[50]), variants=(stated,)))
    assert judged.finding("variant").status is Status.UNKNOWN
    assert judged.finding("variant").because == (
        "tumour chr16:1:A:T: what it does to the protein is not known. No reference was given."
    )


def test_a_variant_in_exon_2_of_cd19_points_to_the_form_without_it():
    silent = variant("germline", ConsequenceTerm.SYNONYMOUS, exon=2)
    judged = assess_target("CD19", TumourEvidence(table(["T"], CD19=[50]), variants=(silent,)))
    finding = judged.finding("variant")
    assert finding.status is Status.UNKNOWN
    assert "pmid:26516065" in finding.sources
    assert judged.finding("form").status is Status.CAUTION
    other = assess_target("CD22", TumourEvidence(table(["T"], CD22=[50]), variants=(silent,)))
    assert not [one for one in other.findings if one.rule in {"car_t.target.variant", "car_t.target.form"}]


@pytest.mark.parametrize("name", ["GD2", "EGFRvIII", "CLDN18.2"])
def test_what_no_expression_stands_for_is_not_judged_by_it(name):
    judged = assess_target(name, TumourEvidence(table(["T"], CLDN18=[500], EGFR=[500])))
    assert judged.finding("expression").status is Status.UNKNOWN
    assert judged.verdict is TargetVerdict.UNKNOWN


def test_genes_without_evidence_of_the_surface_are_left_out_and_counted():
    surfaceome = GeneList("surface", "a list", frozenset({"ABCB1", "CD19", "QUIET"}))
    tumour = table(["T"], CD19=[50], ABCB1=[30], GAPDH=[5000], QUIET=[0.2])
    selection = select_targets(TumourEvidence(tumour, surfaceome=surfaceome))
    assert [target.gene for target in selection.targets] == ["CD19", "ABCB1"]
    assert selection.tally.refused == (("not expressed", 1), ("not known to be on the surface", 1))
    assert selection.targets[1].verdict is TargetVerdict.UNKNOWN


def test_a_gene_off_the_list_is_refused_when_it_is_asked_for():
    surfaceome = GeneList("surface", "a list", frozenset({"CD19"}))
    (judged,) = select_targets(
        TumourEvidence(table(["T"], GAPDH=[9]), surfaceome=surfaceome), only=["GAPDH"]
    ).targets
    assert judged.finding("surface").status is Status.FAIL
    assert judged.verdict is TargetVerdict.NOT_THERE


def test_no_safe_target_is_an_answer_with_its_reason():
    selection = select_targets(TumourEvidence(table(["T"], ERBB2=[300], CA9=[200])))
    assert selection.usable == ()
    assert selection.because == "No target is usable: 2 not as a single target (ERBB2: lung, CA9: liver)."
    nothing = select_targets(TumourEvidence(table(["T"], GAPDH=[300])))
    assert nothing.because.endswith("both expressed and known to be on the surface.")


def test_other_names_of_antigens_may_be_asked_for():
    selection = select_targets(TumourEvidence(table(["T"], MS4A1=[300])), only=["CD20", "MS4A1"])
    assert {target.gene for target in selection.targets} == {"MS4A1"}


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_contrast_is_a_signed_ratio(tumour, normal):
    assert contrast(tumour, normal) == pytest.approx(-contrast(normal, tumour))
    assert contrast(tumour, tumour) == 0


@given(st.lists(st.floats(0, 1e4), min_size=7, max_size=7), st.floats(0.01, 1e4), st.floats(0, 1e4))
def test_more_in_a_normal_organ_never_makes_a_target_safer(levels, tumour, more):
    order = [Status.PASS, Status.UNKNOWN, Status.CAUTION, Status.FAIL]
    here = tuple(
        sorted(
            (OrganLevel(organ, True, 1, level) for organ, level in zip(CORE, levels, strict=True)),
            key=lambda one: (-one.level, one.organ),
        )
    )
    raised = (replace(here[0], level=here[0].level + more), *here[1:])
    before, after = (sample_safety(organs, tumour, 1.0).status for organs in (here, raised))
    assert order.index(after) >= order.index(before)


def test_every_antigen_of_the_catalogue_can_be_judged():
    evidence = TumourEvidence(table(["T"], CD19=[50]))
    for key in antigens():
        judged = assess_target(key, evidence)
        assert judged.antigen is not None
        assert len({one.rule for one in judged.findings}) >= 9
        assert all(one.because for one in judged.findings)


def test_limits_and_rules_that_do_not_exist():
    with pytest.raises(UsageError):
        TargetLimits(expressed=0)
    with pytest.raises(UsageError, match="taste"):
        assess_target("CD19", TumourEvidence(table(["T"], CD19=[50]))).finding("taste")


def test_known_targets_stand_high_in_their_tumours(shared_data):
    """TCGA against normal tissue: the targets of the benchmark, and the misses it explains."""
    with gzip.open(
        shared_data / "expression" / "cartar_log2FC_tcga_vs_gtex.csv.gz", "rt", encoding="utf-8"
    ) as lines:
        rows = {row["gene"]: row for row in csv.DictReader(lines)}

    def rank(gene, tumour):
        return 1 + sum(float(row[tumour]) > float(rows[gene][tumour]) for row in rows.values())

    assert len(rows) == 5257
    for gene, tumour, place in [
        ("GPC3", "LIHC", 1), ("CA9", "KIRC", 1), ("CLDN6", "TGCT", 1), ("CD70", "KIRC", 2), ("FOLR1", "OV", 2),
        ("MSLN", "OV", 3), ("CEACAM5", "COAD", 4), ("FLT3", "LAML", 14), ("CD19", "DLBC", 19),
        ("IL3RA", "LAML", 3382), ("PSCA", "PRAD", 4395), ("CLDN18", "STAD", 5086),
    ]:  # fmt: skip
        assert rank(gene, tumour) == place
    # The best contrast of all is an antigen that must not be attacked alone.
    assert catalogue_safety(antigen_named("CA9")).status is Status.FAIL


def test_the_surfaceome_reads_as_a_gene_list(shared_data):
    surfaceome = read_gene_list(shared_data / "expression" / "surfy_surfaceome.tsv.gz")
    assert len(surfaceome.symbols) == 2799
    assert "CD19" in surfaceome
    assert "GAPDH" not in surfaceome
