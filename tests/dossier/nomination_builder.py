"""Realistic nominations for the tests: real searches of the built-in windows, and a large one made up.

Sites, alignments and CFD of :func:`windows_nomination` are found by the search itself in real sequence (the two
windows of the demos), with very loose limits. The person's variants, the population's counts, the scores of
pairs and the primers' temperatures are stand-ins for the layout, not results: nothing here is to be cited.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache

import plan_builder

from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Amplicon,
    Call,
    Coverage,
    Estimate,
    Finding,
    HaplotypeCount,
    InputDigest,
    Locus,
    Nomination,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PopulationSite,
    Provenance,
    Region,
    SearchLimits,
    SiteCount,
    SiteOrigin,
    Status,
    Strand,
    Tally,
    TranslocationPair,
    ValidationPanel,
    Variant,
)
from revertant.offtarget import search
from revertant.offtarget.scoring.tiers import tier_counts

GUIDES = (
    ("BCL11A +58", "CTAACAGTTGCTTTTATCAC", "NGG"),
    ("HBB codon 6", "CTTGCCCCACAGGGCAGTAA", "NGG"),
    ("HBB NRCH", "TTCTCCACAGGAGTCAGATG", "NRCH"),
)
LIMITS = SearchLimits(10, 1, 1, total_edits=10)
#: GRCh38 primary contigs and their lengths (GCF_000001405.40, the assembly report).
GRCH38 = (
    ("chr1", 248956422), ("chr2", 242193529), ("chr3", 198295559), ("chr4", 190214555), ("chr5", 181538259),
    ("chr6", 170805979), ("chr7", 159345973), ("chr8", 145138636), ("chr9", 138394717), ("chr10", 133797422),
    ("chr11", 135086622), ("chr12", 133275309), ("chr13", 114364328), ("chr14", 107043718), ("chr15", 101991189),
    ("chr16", 90338345), ("chr17", 83257441), ("chr18", 80373285), ("chr19", 58617616), ("chr20", 64444167),
    ("chr21", 46709983), ("chr22", 50818468), ("chrX", 156040895), ("chrY", 57227415),
)  # fmt: skip


@cache
def reference() -> Reference:
    """Return the built-in windows."""
    return Reference.open(plan_builder.LOCI)


def calls() -> tuple[Call, ...]:
    """Return what the made-up person carries: known and invented substitutions, an insertion, a deletion."""
    found = [
        Call(Variant("chr11", 5227001, "T", "A"), (True, True), phase_set="1"),
        Call(Variant("chr11", 5227012, "A", "G"), (True, False), phase_set="1"),
    ]
    for position, copies in ((5225700, (True, False)), (5225900, (False, True)), (5226300, (True, True))):
        base = reference().fetch("chr11", position, position + 1)
        found.append(
            Call(Variant("chr11", position, base, "G" if base != "G" else "C"), copies, phase_set="1")
        )
    for contig, position, inserted in (("chr11", 5226100, "GG"), ("chr2", 60495100, "AGG")):
        found.append(Call(Variant(contig, position, "", inserted), (True, False), phase_set="1"))
    for contig, position, size in (("chr11", 5226450, 3), ("chr2", 60495300, 2), ("chr2", 60494851, 1)):
        gone = reference().fetch(contig, position, position + size)
        found.append(Call(Variant(contig, position, gone, ""), (False, True), phase_set="1"))
    return tuple(found)


def names(extra: str = "") -> tuple[str, ...]:
    """Return the guides' names."""
    return tuple(name + extra for name, _, _ in GUIDES)


def requests() -> tuple[OffTargetRequest, ...]:
    """Return the guides; the first one with its target."""
    target = plan_builder.regulatory_knock_out().guides[0].locus
    return tuple(
        OffTargetRequest(spacer, pam, limits=LIMITS, target=target if number == 0 else None)
        for number, (_, spacer, pam) in enumerate(GUIDES)
    )


@cache
def windows_nomination() -> Nomination:
    """Return a nomination over the windows and the person, with population, pairs and panel."""
    reports = tuple(
        replace(report, sites=tuple(annotated(site) for site in report.sites))
        for report in search(requests(), PatientGenome(reference(), calls()))
    )
    return Nomination(
        schema="revertant-nomination/1",
        names=names(),
        reports=reports,
        coverage=replace(reports[0].coverage, not_searched=(("records with symbolic alleles", 3),)),
        findings=findings(),
        population=population(reports),
        population_statement="2,504 people of 26 populations, both copies phased; 698 others are unlabelled. "
        "12 records with symbolic alleles were not used.",
        pairs=pairs(reports),
        panel=panel(reports),
        provenance=provenance(),
    )


@cache
def bare_nomination() -> Nomination:
    """Return a nomination of one guide on the reference alone, without any site."""
    request = replace(requests()[2], limits=SearchLimits(0))
    reports = search([request], PatientGenome(reference()))
    assert not [site for report in reports for site in report.sites if site.edits]
    report = replace(reports[0], sites=(), counts=())
    return Nomination(
        "revertant-nomination/1",
        ("lonely",),
        (report,),
        report.coverage,
        (),
        None,
        "",
        (),
        None,
        provenance(vcf=False),
    )


def annotated(site: OffTargetSite) -> OffTargetSite:
    """Put a site into its gene, as gene models would."""
    if site.locus.contig == "chr2":
        return replace(site, annotation="BCL11A intron 2", region=Region.INTRON, genes=("BCL11A",))
    coding = any(low <= site.locus.start < high for low, high in plan_builder.HBB.exons)
    return replace(
        site,
        annotation="HBB exon" if coding else "HBB intron",
        region=Region.CDS if coding else Region.INTRON,
        genes=("HBB",),
        gene_lists=("essential gene",) if coding else (),
        edit_effect="A4 and A6 editable" if coding else "",
    )


def findings() -> tuple[Finding, ...]:
    """Return findings as a search makes them."""
    return (
        Finding("vcf.phase", Status.CAUTION, "Some heterozygous calls are unphased.", "7 of 9 calls"),
        Finding("offtarget.perfect_copy", Status.PASS, "No second perfect copy of a target was found."),
        Finding("offtarget.coverage", Status.UNKNOWN, "The search was not genome-wide.", "3,891 bases"),
    )


def population(reports: tuple[OffTargetReport, ...]) -> tuple[PopulationSite, ...]:
    """Let a population carry what the person gained, changed or lost."""
    found = []
    for name, report in zip(names(), reports, strict=True):
        changed = [site for site in report.sites if site.origin is not SiteOrigin.REFERENCE][:6]
        for number, site in enumerate(changed, start=1):
            carrying = 40 // number
            counts = (
                HaplotypeCount("YRI", carrying, 216, carrying / 216),
                HaplotypeCount("GBR", number, 182, number / 182),
                HaplotypeCount("JPT", 0, 208, 0.0),
                HaplotypeCount("unlabelled", 3, 1376, 3 / 1376),
                HaplotypeCount("all", carrying + number + 3, 1982, (carrying + number + 3) / 1982),
            )
            found.append(
                PopulationSite(name, replace(site, haplotypes=("panel",)), counts, carrying + number, True)
            )
    if found:
        last = found[-1]
        only = (HaplotypeCount("all", 12, 0, 0.0031),)
        found.append(replace(last, counts=only, people=None, is_phased=False))
    return tuple(found)


def pairs(reports: tuple[OffTargetReport, ...]) -> tuple[TranslocationPair, ...]:
    """Join the first target with the worst sites."""
    target = reports[0].request.target
    assert target is not None
    found = []
    for name, report in zip(names(), reports, strict=True):
        for site in report.present_sites[:4]:
            same = site.locus.contig == target.contig
            found.append(
                TranslocationPair(
                    first=target,
                    second=site.locus,
                    first_guide=names()[0],
                    second_guide=name,
                    kind="inversion or deletion" if same else "translocation",
                    distance_bp=abs(site.locus.start - target.start) if same else None,
                    score=round(0.9 / (1 + len(found)), 6),
                    method="product of the two CFD scores",
                    on_target=True,
                )
            )
    return tuple(found)


def panel(reports: tuple[OffTargetReport, ...]) -> ValidationPanel:
    """Return a panel of the worst sites; primers are the reference's own bases around them."""
    amplicons = []
    for name, report in zip(names(), reports, strict=True):
        for site in report.present_sites[:3]:
            low, high = site.locus.start - 90, site.locus.end + 110
            plain = reference().covers(Locus(site.locus.contig, max(low, 0), high))
            amplicons.append(
                Amplicon(
                    sites=(site,),
                    guides=(name,),
                    reason="few edits" if site.edits < 5 else "among the worst",
                    locus=Locus(site.locus.contig, low, high) if plain else None,
                    forward=reference().fetch(site.locus.contig, low, low + 20) if plain else "",
                    reverse=reference().fetch(site.locus.contig, high - 20, high) if plain else "",
                    forward_tm_celsius=59.81 if plain else None,
                    reverse_tm_celsius=60.24 if plain else None,
                    product_bp=high - low if plain else None,
                    haplotypes=("1", "2") if plain else (),
                    problem="" if plain else "no primers were found",
                    specificity="Not checked: the reference is too large." if plain else "",
                )
            )
    return ValidationPanel(
        tuple(amplicons),
        "The panel covers the 3 worst sites of each guide. 41 further sites are left out.",
        9,
    )


def provenance(*, vcf: bool = True) -> Provenance:
    """Return a provenance without real digests."""
    person = (InputDigest("vcf", "person.vcf", "2" * 64),) if vcf else ()
    return Provenance(
        "revertant",
        "0.1.0",
        (InputDigest("reference", "loci.GRCh38.fa", "1" * 64), *person),
        (("nucleases", "a1b2c3d4e5f6"),),
        (("build", "GRCh38"), ("mismatches", "8"), ("sample", "demo"), ("effector", "spcas9")),
    )


@cache
def large_nomination(guides: int = 4, held: int = 700, seed: int = 1) -> Nomination:
    """Return a made-up genome-wide nomination: many sites on whole chromosomes, counts beyond what is held."""
    rng = random.Random(seed)
    coverage = Coverage(
        sum(size for _, size in GRCH38),
        tuple((contig, 0, size) for contig, size in GRCH38),
        True,
        ("reference", "patient haplotypes"),
        "Genome-wide: 3,088,269,832 reference bases (GRCh38) were searched on both strands, in the reference and both "
        "patient haplotypes.",
        (("bases that are N (match nothing)", 150630719), ("symbolic and structural alleles", 41)),
    )
    reports = []
    for _ in range(guides):
        spacer = "".join(rng.choice("ACGT") for _ in range(20))
        sites = sorted(
            (made_up_site(rng, spacer) for _ in range(held)), key=lambda site: (-(site.cfd or 0), site.edits)
        )
        counted = Counter((site.origin, site.edits) for site in sites)
        more = 1200 + rng.randrange(900)
        counted[SiteOrigin.REFERENCE, 4] += more
        tiers = tier_counts(sites)
        counts = tuple(SiteCount(*key, number) for key, number in sorted(counted.items(), key=str))
        total = sum(count.sites for count in counts)
        aggregates = (
            (
                "highest CFD",
                Estimate(max(s.cfd for s in sites if s.cfd is not None), "CFD, 0 to 1", "the highest of all"),
            ),
            (
                "Hsu 2013 aggregate",
                Estimate(rng.uniform(30, 90), "0 to 100", "100 / (100 + sum of MIT scores)"),
            ),
            (
                "CFD specificity (GuideScan2)",
                Estimate(rng.uniform(0.02, 0.4), "0 to 1", "1 / (1 + sum of CFD)"),
            ),
        )
        reports.append(
            OffTargetReport(
                OffTargetRequest(spacer, "NGG", limits=SearchLimits(4, 1, 1, total_edits=4)),
                tuple(sites),
                coverage,
                aggregates,
                Tally.of("sites found", kept=total, refused=["the intended target"]),
                counts=counts,
                tier_counts=(*tiers[:4], tiers[4] + more),
            )
        )
    return Nomination(
        "revertant-nomination/1",
        tuple(f"guide-{number}" for number in range(1, guides + 1)),
        tuple(reports),
        coverage,
        (Finding("offtarget.coverage", Status.PASS, "Every primary contig of GRCh38 was searched whole."),),
        None,
        "",
        (),
        None,
        provenance(),
    )


def made_up_site(rng: random.Random, spacer: str) -> OffTargetSite:
    """Return a random site with two to four edits."""
    contig, size = rng.choices(GRCH38, weights=[size for _, size in GRCH38])[0]
    edits = rng.choice((2, 3, 3, 4, 4, 4, 4, 4))
    dna = list(spacer)
    for place in rng.sample(range(20), edits):
        dna[place] = rng.choice([base for base in "ACGT" if base != spacer[place]])
    guide, dna_bulges, rna_bulges = spacer, 0, 0
    kind = rng.random()
    if kind < 0.12:
        dna[rng.randrange(3, 17)] = "-"
        rna_bulges = 1
    elif kind < 0.24:
        place = rng.randrange(3, 17)
        guide = f"{spacer[:place]}-{spacer[place:]}"
        dna.insert(place, rng.choice("ACGT"))
        dna_bulges = 1
    found = "".join(dna)
    mismatches = sum(a != b and "-" not in (a, b) for a, b in zip(guide, found, strict=True))
    start = rng.randrange(10_000, size - 10_000)
    origin = rng.choices(list(SiteOrigin), weights=(96, 2, 1, 1))[0]
    personal = origin is not SiteOrigin.REFERENCE
    score = None if rna_bulges and dna_bulges else round(0.75 ** (mismatches + dna_bulges) * rng.random(), 6)
    gene = rng.choice(("", "TP53 exon 4", "LMNA intron 1", "DMD intron 44"))
    return OffTargetSite(
        spacer=spacer,
        locus=Locus(contig, start, start + len(found.replace("-", "")), rng.choice(list(Strand))),
        pam=rng.choice("ACGT") + "GG",
        aligned_spacer=guide,
        aligned_target=found,
        mismatches=mismatches,
        dna_bulges=dna_bulges,
        rna_bulges=rna_bulges,
        origin=origin,
        haplotypes=(rng.choice("12"),) if personal else ("1", "2"),
        variants=(Variant(contig, start + 3, "C", "T"),) if personal else (),
        cfd=None if origin is SiteOrigin.LOST else score,
        reference_cfd=0.25 if origin in {SiteOrigin.CHANGED, SiteOrigin.LOST} else None,
        annotation=gene or "intergenic, 41 kb from GATA2",
        region=Region.CDS if "exon" in gene else Region.INTRON if gene else Region.INTERGENIC,
        genes=(gene.split()[0],) if gene else (),
        gene_lists=("cancer gene",) if gene.startswith("TP53") else (),
    )
