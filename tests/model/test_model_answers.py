"""Findings, tallies, identity, strategies and assessments: what is unknown never counts as safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.model import (
    Assessment,
    CaseFiles,
    Design,
    Finding,
    Guide,
    Locus,
    Mechanism,
    PamSide,
    Route,
    Status,
    Strand,
    Strategy,
    Subject,
    Tally,
    Target,
    Transcript,
    canonical_json,
    content_id,
    plain,
)

TRANSCRIPT = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((10, 20),), (11, 20))
GUIDE = Guide("ACGTACGTACGTACGTACGT", "TGG", "NGG", PamSide.THREE_PRIME, Locus("chr1", 10, 30))


def findings(*statuses):
    return tuple(Finding(f"test.rule_{n}", status, "Because.") for n, status in enumerate(statuses))


def test_severity_order():
    order = sorted(Status, key=lambda status: status.severity)
    assert order == [Status.FAIL, Status.UNKNOWN, Status.CAUTION, Status.PASS, Status.NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ((), Status.UNKNOWN),
        ((Status.NOT_APPLICABLE,), Status.UNKNOWN),
        ((Status.PASS, Status.NOT_APPLICABLE), Status.PASS),
        ((Status.PASS, Status.CAUTION), Status.CAUTION),
        ((Status.CAUTION, Status.UNKNOWN, Status.PASS), Status.UNKNOWN),
        ((Status.UNKNOWN, Status.FAIL), Status.FAIL),
    ],
)
def test_the_worst_finding_decides(statuses, worst):
    assert Assessment("design-1", findings(*statuses)).worst is worst
    strategy = Strategy("nuclease", Route.KNOCK_OUT, Target("G", TRANSCRIPT, ()), findings(*statuses))
    assert strategy.status is worst
    assert strategy.is_eligible == (worst in {Status.PASS, Status.CAUTION})


def test_a_rule_that_was_not_applied_has_no_finding():
    assessment = Assessment("design-1", findings(Status.PASS))
    assert assessment.of("test.rule_0").status is Status.PASS
    assert assessment.of("test.rule_1") is None


def test_an_unstated_mechanism_is_unknown():
    assert Target("G", TRANSCRIPT, ()).mechanism is Mechanism.UNKNOWN


@given(st.integers(0, 99), st.lists(st.sampled_from(["a", "b", "c"]), max_size=20))
def test_a_tally_adds_up(kept, reasons):
    tally = Tally.of("rows", kept=kept, refused=reasons)
    assert tally.read == kept + len(reasons)
    assert dict(tally.refused) == {reason: reasons.count(reason) for reason in set(reasons)}
    with pytest.raises(ValueError, match="rows"):
        Tally("rows", tally.read + 1, tally.kept, tally.refused)


def test_canonical_json_does_not_hang_on_order_or_machine():
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})
    assert canonical_json("é–→") == '"é–→"'
    assert json.loads(canonical_json(Tally.of("x", kept=1), indent=1)) == plain(Tally.of("x", kept=1))


@pytest.mark.parametrize("value", [{1, 2}, object(), b"x", Tally])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError, match="no canonical form"):
        plain(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_is_no_number(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(value)


def test_ids_are_the_same_under_any_hash_seed():
    code = (
        "from revertant.model import *\n"
        "print(content_id('x', {'b': 1, 'a': (2.5, None)}, Route.KNOCK_OUT, Locus('chr1', 1, 2)))"
    )
    ids = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(ids) == 1


def test_a_label_does_not_change_a_design_and_a_guide_does():
    make = Design("nuclease", Route.KNOCK_OUT, "G", "G exon 1", "spcas9", "SpCas9", (GUIDE,), "Cuts exon 1.")
    same = Design(
        "nuclease", Route.KNOCK_OUT, "G", "G exon 1", "spcas9", "SpCas9 (wild type)", (GUIDE,), "Other."
    )
    other_guide = Guide(GUIDE.spacer, "AGG", "NGG", PamSide.THREE_PRIME, GUIDE.locus)
    other = Design(
        "nuclease", Route.KNOCK_OUT, "G", "G exon 1", "spcas9", "SpCas9", (other_guide,), "Cuts exon 1."
    )
    assert make.design_id == same.design_id != other.design_id
    assert plain(make)["design_id"] == make.design_id
    assert content_id("design", 1) != content_id("design", "1")


def test_protospacer_and_pam_in_the_guides_direction():
    assert GUIDE.target_with_pam == GUIDE.spacer + "TGG"
    cas12a = Guide(GUIDE.spacer, "TTTA", "TTTV", PamSide.FIVE_PRIME, GUIDE.locus)
    assert cas12a.target_with_pam == "TTTA" + GUIDE.spacer


def test_who_the_person_is_stays_out_of_representations():
    assert "Jane" not in repr(Subject("Jane Roe"))
    assert "/home" not in repr(CaseFiles(vcf="/home/jane/roe.vcf.gz"))
