"""Published guides: the very spacer with the very effector, or nothing."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.modality.precedent import PrecedentUse, precedent_finding, precedent_of
from revertant.model import Assessment, Design, Guide, Locus, PamSide, Route, Status
from revertant.planning import rank_designs

KNOWN = sorted(knowledge.precedents().items())
EXA_CEL, OTHER = "CTAACAGTTGCTTTTATCAC", "TTTATCACAGGCTCCAGGAA"


def guide_of(spacer, start=0):
    return Guide(spacer, "AGG", "NGG", PamSide.THREE_PRIME, Locus("chr2", start, start + len(spacer)))


def design_of(spacer, effector, start=0):
    guide = guide_of(spacer, start)
    found = precedent_of(guide, effector)
    return Design(
        "nuclease", Route.DISRUPT_REGULATORY_SITE, "BCL11A", "site", effector, effector, (guide,), "Cuts.",
        precedent=found.sources, precedent_stage=found.stage,
    )  # fmt: skip


@pytest.mark.parametrize(("key", "row"), KNOWN)
def test_only_the_effector_that_was_used_counts(key, row):
    guide = guide_of(row.spacer)
    effectors = [*knowledge.nucleases(), *knowledge.editors()]
    counts = {effector for effector in effectors if precedent_of(guide, effector).stage}
    best = knowledge.precedent_for(row.spacer)
    assert counts <= {best.effector}
    if row.stage == "benchmark" and best == row:
        assert not counts, key


def test_an_unknown_guide_has_no_precedent():
    assert precedent_of(guide_of("ACGT" * 5), "spcas9") == PrecedentUse()
    found = precedent_finding(design_of("ACGT" * 5, "spcas9"))
    assert found.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("spacer", "stage"), [(EXA_CEL, "approved"), (OTHER, "published")])
def test_what_is_known_of_a_guide_is_told_with_its_warning(spacer, stage):
    design = design_of(spacer, "spcas9")
    assert design.precedent_stage == stage
    found = precedent_finding(design)
    row = knowledge.precedent_for(spacer)
    assert found.status is Status.CAUTION
    assert row.note in found.because
    assert row.use.rstrip(".") in found.because
    assert found.sources == row.sources
    assert design_of(spacer, "spcas9_ng").precedent_stage == ""


def test_a_guide_used_in_people_stands_before_a_published_one():
    designs = [design_of(OTHER, "spcas9", 500), design_of(EXA_CEL, "spcas9", 900)]
    assert [
        r.design.guides[0].spacer for r in rank_designs([(d, Assessment(d.design_id, ())) for d in designs])
    ] == [
        EXA_CEL,
        OTHER,
    ]
