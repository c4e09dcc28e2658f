"""Every modality answers every target; others can be added by entry point, and a bad one is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from itertools import product

import pytest
from modality_cases import both, first_copy, person, target_of, toy_gene

from revertant.errors import RevertantError, UsageError
from revertant.genome import GeneModels
from revertant.modality import DesignOptions, Modality, modalities, modality_named, register
from revertant.model import (
    Allele,
    Case,
    CaseVariant,
    ConsequenceTerm,
    Locus,
    Mechanism,
    Pathogenicity,
    Site,
    Status,
    Subject,
    Variant,
    Zygosity,
)
from revertant.model import Consequence as Effect
from revertant.variant import predict_consequence

CASE = Case("c", Subject("s"), (CaseVariant(("x",)),))

TERMS = [
    ConsequenceTerm.MISSENSE,
    ConsequenceTerm.STOP_GAINED,
    ConsequenceTerm.FRAMESHIFT,
    ConsequenceTerm.SPLICE_DONOR,
    ConsequenceTerm.SPLICE_REGION,
    ConsequenceTerm.SYNONYMOUS,
    ConsequenceTerm.INTRON,
    ConsequenceTerm.UTR_5,
    ConsequenceTerm.INTERGENIC,
]


def variants():
    reference, transcript = toy_gene()
    exon_1, exon_2 = transcript.exons[0], transcript.exons[1]
    coding = transcript.cds[0]
    for start, ref, alt in (
        (coding + 3, "G", "A"),
        (coding + 15, "C", "T"),
        (coding + 20, None, "C"),
        (coding + 4, None, "AA"),
        (exon_1[1], "G", "A"),
        (exon_1[1] + 4, None, "C"),
        (exon_2[0] - 40, None, "T"),
        (coding - 5, None, "T"),
        (coding + 6, "GC", ""),
    ):
        here = ref if ref is not None else reference.fetch("toy", start, start + 1)
        if here != alt:
            yield Variant("toy", start, here, alt)


def grid():
    reference, transcript = toy_gene()
    site = Site("k", "a site", Locus("toy", 5, 10), "ACGTT", "It helps.", ("doi:10.1/x",))
    for mechanism, zygosity, variant in product(Mechanism, Zygosity, variants()):
        consequence = predict_consequence([variant], transcript, reference)
        allele = Allele(variant, zygosity, Pathogenicity.PATHOGENIC, consequence)
        for known, tissues in ((None, ()), (True, ("liver",)), (False, ("brain",)), (None, ("T cell",))):
            yield target_of(
                transcript,
                allele,
                mechanism=mechanism,
                biallelic={Zygosity.HOMOZYGOUS: True, Zygosity.HETEROZYGOUS: False}.get(zygosity),
                haploinsufficient=known,
                dispensable=known,
                inheritance="AR" if known else "AD",
                tissues=tissues,
                sites=(site,),
            )


@pytest.mark.parametrize("modality", modalities(), ids=lambda modality: modality.name)
def test_eligibility_of_every_target(modality):
    seen = 0
    for target in grid():
        strategies = modality.eligibility(target, CASE)
        assert strategies
        assert len({strategy.strategy_id for strategy in strategies}) == len(strategies)
        for strategy in strategies:
            seen += 1
            assert strategy.modality == modality.name
            assert strategy.findings
            assert all(finding.because and finding.because.endswith(".") for finding in strategy.findings)
            assert all("." in finding.rule for finding in strategy.findings)
            statuses = {finding.status for finding in strategy.findings} - {Status.NOT_APPLICABLE}
            assert strategy.is_eligible == (bool(statuses) and statuses <= {Status.PASS, Status.CAUTION})
            if not strategy.is_eligible:
                assert any(finding.status in {Status.FAIL, Status.UNKNOWN} for finding in strategy.findings)
    assert seen > 500


@pytest.mark.parametrize("term", TERMS)
def test_eligibility_never_needs_more_than_the_terms(term):
    """A consequence with nothing but a term (a variant outside the coding sequence) is no reason to fail."""
    _, transcript = toy_gene()
    allele = Allele(
        Variant("toy", 5, "A", "G"),
        Zygosity.UNKNOWN,
        Pathogenicity.PATHOGENIC,
        Effect("NM_9.1", "TOY", (term,)),
    )
    for modality in modalities():
        assert modality.eligibility(target_of(transcript, allele), CASE)


def test_names_are_unique_and_objects_fit():
    found = modalities()
    assert len({modality.name for modality in found}) == len(found) >= 7
    assert all(isinstance(modality, Modality) for modality in found)
    assert modality_named("base_editing").makes_designs
    assert [modality.name for modality in found if not modality.needs_genome] == ["gene_addition", "car_t"]


def test_unknown_name():
    with pytest.raises(UsageError, match="no modality 'magic'") as caught:
        modality_named("magic")
    assert "base_editing" in caught.value.remedy


@pytest.mark.parametrize("modality", [m for m in modalities() if m.makes_designs], ids=lambda m: m.name)
def test_designing_any_eligible_strategy_gives_designs_or_reasons(modality):
    """One design a strategy is enough here: what matters is that nothing ends without an answer."""
    reference, transcript = toy_gene()
    models = GeneModels([transcript])
    made = set()
    for target in grid():
        allele = target.alleles[0]
        call = both if allele.zygosity is Zygosity.HOMOZYGOUS else first_copy
        for strategy in modality.eligibility(target, CASE):
            key = (strategy.route, str(allele.variant), allele.zygosity)
            if strategy.is_eligible and strategy.site is None and key not in made:
                made.add(key)
                genome = person(reference, call(allele.variant))
                batch = modality.design(strategy, genome, models, DesignOptions(most_designs=1))
                assert batch.designs or batch.tally.refused
                assert batch.tally.kept == len(batch.designs) <= 1
    # An antigen of a tumour is no gene that is wrong: see the tests of the cell therapies.
    assert len(made) >= 3 or modality.name == "car_t"


@dataclass(frozen=True)
class Extra:
    name: str = "extra"
    title: str = "Extra"
    makes_designs: bool = False
    needs_genome: bool = False
    asked: list = field(default_factory=list)

    def eligibility(self, target, case):
        return ()

    def design(self, strategy, genome, models, options):
        raise NotImplementedError

    def assess(self, design, context):
        raise NotImplementedError


EXTRA, TWIN, NO_MODALITY = Extra(), Extra("base_editing"), object()


@pytest.fixture
def installed(monkeypatch):
    """Pretend that another package registers objects of this file."""

    def install(*names):
        points = [EntryPoint(name.lower(), f"{__name__}:{name}", register.ENTRY_POINTS) for name in names]
        monkeypatch.setattr(register, "entry_points", lambda group: points)
        register.modalities.cache_clear()

    yield install
    monkeypatch.undo()
    register.modalities.cache_clear()


def test_entry_point_adds_a_modality(installed):
    installed("EXTRA")
    assert modalities()[-1] is EXTRA
    assert modality_named("extra") is EXTRA


@pytest.mark.parametrize(
    ("names", "text"),
    [(("NO_MODALITY",), "is no modality"), (("TWIN",), "second modality named 'base_editing'")],
)
def test_bad_entry_points_are_refused(installed, names, text):
    installed(*names)
    with pytest.raises(RevertantError, match=text) as caught:
        modalities()
    assert caught.value.remedy
