"""What a search means for a design: no search and no gene models are never a pass."""

from __future__ import annotations

import pytest

from revertant.modality.offtarget_rules import off_target_findings, worst_site
from revertant.model import (
    Coverage,
    Locus,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    Region,
    SiteOrigin,
    Status,
)

GUIDE = "CTAACAGTTGCTTTTATCAC"


def site(edits=4, cfd=0.01, start=100, **more):
    return OffTargetSite(GUIDE, Locus("chr1", start, start + 20), "AGG", GUIDE, GUIDE, edits, cfd=cfd, **more)


def found(*sites, genome_wide=True):
    coverage = Coverage(1000, (("chr1", 0, 1000),), genome_wide, ("reference",), "Searched.")
    report = OffTargetReport(OffTargetRequest(GUIDE, "NGG"), sites, coverage)
    return {finding.rule: finding for finding in off_target_findings([report], None)}


@pytest.mark.parametrize(
    ("region", "genes", "annotation", "status"),
    [
        (Region.CDS, ("LMNA", "MIR1"), "LMNA exon 4 (CDS); MIR1 promoter", Status.CAUTION),
        (Region.SPLICE, ("LMNA",), "LMNA intron 4 (splice donor)", Status.CAUTION),
        (Region.UTR, ("LMNA",), "LMNA exon 1 (5' UTR)", Status.PASS),
        # A gene whose name holds the letters is not coding sequence.
        (Region.INTRON, ("CDS2",), "CDS2 intron 3", Status.PASS),
        (Region.INTERGENIC, (), "intergenic, 9 bp from CDS1", Status.PASS),
    ],
)
def test_coding_is_told_by_region(region, genes, annotation, status):
    finding = found(site(region=region, genes=genes, annotation=annotation))["offtarget.coding_site"]
    assert finding.status is status
    if status is Status.CAUTION:
        assert "(LMNA)" in finding.because
        assert ("splice site" in finding.because) == (region is Region.SPLICE)


def test_without_gene_models_coding_is_unknown():
    assert found(site())["offtarget.coding_site"].status is Status.UNKNOWN
    assert found()["offtarget.coding_site"].status is Status.PASS
    assert found(genome_wide=False)["offtarget.coding_site"].status is Status.UNKNOWN


def test_a_lost_coding_site_does_not_count():
    lost = site(region=Region.CDS, genes=("LMNA",), origin=SiteOrigin.LOST)
    assert found(lost)["offtarget.coding_site"].status is Status.PASS


@pytest.mark.parametrize(
    ("edits", "cfd", "status"),
    [
        (2, 0.0, Status.CAUTION), (4, 0.2, Status.CAUTION), (4, 0.19, Status.UNKNOWN), (3, None, Status.CAUTION),
        (4, None, Status.UNKNOWN),
    ],
)  # fmt: skip
def test_a_dangerous_site_is_a_caution_in_windows_too(edits, cfd, status):
    assert found(site(edits, cfd), genome_wide=False)["offtarget.worst_site"].status is status
    assert found(site(edits, cfd))["offtarget.worst_site"].status is Status.CAUTION


def test_no_search_is_unknown():
    assert {finding.status for finding in off_target_findings(None, None)} == {Status.UNKNOWN}
    assert worst_site([]) is None
