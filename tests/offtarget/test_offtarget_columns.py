"""Columns of found sites say the same as the hits they stand for, and their scores are those of the twin."""

from __future__ import annotations

import math
import random

import pytest
from offtarget_cases import random_bases, random_case

from revertant.model import OffTargetRequest, SearchLimits
from revertant.offtarget import cfd_score, mit_score, scan
from revertant.offtarget.matching.found import FoundSites
from revertant.offtarget.matching.guides import fits_kernels
from revertant.offtarget.stream.column_scores import ColumnScores


@pytest.mark.parametrize("seed", range(60))
def test_hits_become_columns_and_come_back(seed):
    rng = random.Random(seed)
    sequences, request = random_case(rng)
    assert fits_kernels(request)
    [hits] = scan(sequences, [request])
    depth = len(request.spacer) + request.limits.dna_bulges
    found = FoundSites.of_hits([(0, hit) for hit in hits], [request], depth)
    assert [hit for _, hit in found.hits([request])] == list(hits)


def _resembling(rng: random.Random, spacer: str) -> str:
    letters = list(spacer)
    for _ in range(rng.randint(0, 4)):
        letters[rng.randrange(20)] = rng.choice("ACGTACGTACGTN" if rng.random() < 0.9 else "RY")
    if rng.random() < 0.3:
        del letters[rng.randrange(1, 19)]
    if rng.random() < 0.3:
        letters.insert(rng.randrange(1, 19), rng.choice("ACGT"))
    return "".join(letters)


@pytest.mark.parametrize("seed", range(20))
def test_scores_of_columns_are_those_of_single_sites(seed):
    rng = random.Random(seed)
    limits = SearchLimits(6, 1, 1)
    requests = [
        OffTargetRequest(random_bases(rng, 20), "NRG", limits=limits),
        OffTargetRequest(random_bases(rng, 20), "NGG", limits=limits, cfd_applies=False),
        OffTargetRequest(random_bases(rng, 21), "NGG", limits=limits),
        OffTargetRequest(random_bases(rng, 20), "NGG", limits=limits),
    ]
    text = "".join(
        random_bases(rng, 5) + _resembling(rng, request.spacer) + rng.choice(["AGG", "TAG", "RGG"])
        for request in requests
        if len(request.spacer) == 20
        for _ in range(60)
    )
    hits = [(number, hit) for number, some in enumerate(scan([text], requests)) for hit in some]
    assert len(hits) > 100
    found = FoundSites.of_hits(hits, requests, 22)
    columns = ColumnScores(requests)
    for (number, hit), cfd, mit in zip(hits, columns.cfd(found), columns.mit(found), strict=True):
        is_scored = number in {0, 3}
        expected = cfd_score(hit.aligned_spacer, hit.aligned_target, hit.pam) if is_scored else None
        assert math.isnan(cfd) if expected is None else cfd == pytest.approx(expected, abs=1e-12)
        expected = mit_score(hit.aligned_spacer, hit.aligned_target) if is_scored else None
        if "-" in hit.aligned_spacer + hit.aligned_target:
            expected = None
        assert math.isnan(mit) if expected is None else mit == pytest.approx(expected, abs=1e-9)
