"""Cases and inputs for the tests of the planner, from the demo's own sequence."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

from revertant import patient
from revertant.genome import load_gene_models
from revertant.genome.reference import Reference
from revertant.model import Call, Case, CaseVariant, Pathogenicity, Subject, Tally, Zygosity
from revertant.planning import Inputs
from revertant.variant import VcfCalls

DEMO = files("revertant.cli") / "demo_data"
REFERENCE = Reference.open(str(DEMO / "loci.GRCh38.fa"))
MODELS = load_gene_models(str(DEMO / "HBB.GRCh38.gtf"), REFERENCE)
HET, HOM = Zygosity.HETEROZYGOUS, Zygosity.HOMOZYGOUS


def sickle_case() -> Case:
    return patient.read_case(DEMO / "sickle_cell.yaml")


def stated(*expressions, zygosity=HET, gene="HBB", **more):
    return CaseVariant(
        expressions, zygosity, Pathogenicity.PATHOGENIC, gene, path=more.pop("path", "variants[0]"), **more
    )


def case_of(*variants, **more):
    return replace(sickle_case(), variants=variants, **more)


def inputs_of(case, *calls: Call, models=MODELS, reference=REFERENCE):
    vcf = VcfCalls(calls, Tally.of("VCF records", kept=len(calls)), "demo") if calls else None
    return Inputs(case, reference, models, vcf)


__all__ = [
    "DEMO", "HET", "HOM", "MODELS", "REFERENCE", "Subject", "case_of", "inputs_of", "sickle_case", "stated",
]  # fmt: skip
