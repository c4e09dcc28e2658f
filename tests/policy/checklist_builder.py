"""Small plans for the answers of checklists: one design, and just the findings a test is about."""

from __future__ import annotations

from dataclasses import replace

from revertant.model import (
    Allele,
    Assessment,
    Case,
    Consequence,
    Coverage,
    Design,
    EditingPlace,
    Finding,
    Guide,
    InputDigest,
    Locus,
    Mechanism,
    OffTargetReport,
    OffTargetRequest,
    Oligo,
    PamSide,
    Pathogenicity,
    Plan,
    Provenance,
    RankedDesign,
    Route,
    Status,
    Strand,
    Strategy,
    Subject,
    Target,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.policy.checklists import AnsweredBy, Item
from revertant.policy.checklists.ground import Ground

SPACER = "CTAACAGTTGCTTTTATCAC"
CASE = Case("c", Subject("s"), (), jurisdiction="US")
GUIDE = Guide(SPACER, "AGG", "NGG", PamSide.THREE_PRIME, Locus("chr2", 100, 120))
DESIGN = Design(
    modality="base_editing",
    route=Route.RESTORE_WILD_TYPE,
    gene="HBB",
    acts_on="c.20A>T",
    effector="abe8e",
    effector_name="ABE8e",
    guides=(GUIDE,),
    purpose="Writes the wild type.",
    oligos=(Oligo("spacer", SPACER),),
)
TRANSCRIPT = Transcript("NM_1.1", "HBB", "chr2", Strand.PLUS, ((90, 200),), (90, 150))
WHOLE = Coverage(
    3_000_000_000, (("chr2", 0, 1000),), True, ("reference", "patient haplotypes"), "Genome-wide."
)
WINDOWS = replace(WHOLE, genome_wide=False, statement="Not genome-wide: windows.")
REFERENCE_ONLY = replace(WHOLE, genomes=("reference",))
ORIGIN = Provenance(
    "revertant",
    "1",
    (InputDigest("reference", "g.fa", "0" * 64),),
    (("genes.toml", "abc"),),
    (("mismatches", "4"),),
)


def finding(rule, status=Status.PASS, **more):
    return Finding(rule, status, f"{rule} says {status.value}.", **more)


def allele(pathogenicity=Pathogenicity.PATHOGENIC):
    change = Consequence("NM_1.1", (), "NM_1.1:c.20A>T", "NP_1.1:p.(Glu7Val)")
    return Allele(Variant("chr2", 110, "A", "T"), Zygosity.HOMOZYGOUS, pathogenicity, change)


def target(*alleles, mechanism=Mechanism.LOSS_OF_FUNCTION, place=EditingPlace.EX_VIVO):
    return Target("HBB", TRANSCRIPT, alleles, mechanism, editing_place=place)


def strategy(where, *findings, route=Route.RESTORE_WILD_TYPE):
    found = findings or (finding("mechanism.correction"),)
    return Strategy("base_editing", route, where, found, allele=where.alleles[0] if where.alleles else None)


def report(coverage=WHOLE, spacer=SPACER):
    return OffTargetReport(OffTargetRequest(spacer, "NGG"), (), coverage)


def plan_of(
    design=DESIGN, *findings, reports=(), gate=(), strategies=(), targets=(), origin=ORIGIN, tier="front"
):
    ranked = RankedDesign(
        1, "g", tier, "First.", True, design, Assessment(design.design_id, findings, reports)
    )
    return Plan(
        schema="s",
        case_id="c",
        question="?",
        verdict="!",
        gate=gate,
        targets=targets,
        strategies=strategies,
        designs=(ranked,),
        rejections=(),
        unknowns=(),
        coverage=None,
        tallies=(),
        provenance=origin,
        notice="",
    )


def ground(plan, case=CASE, records=(), on_date=None):
    return Ground(plan, case, plan.designs[0], {one.sha256: one for one in records}, on_date)


def item(answered_by, *findings, **more):
    return Item(
        id="x",
        asked="Asked.",
        answered_by=AnsweredBy(answered_by),
        needs="An input.",
        findings=findings,
        **more,
    )
