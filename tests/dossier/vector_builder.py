"""Vectors made by hand, for the tests of the dossier: an scAAV, a dual AAV, a lentivirus with a receptor, an mRNA.

Parts are read from the test data; where these are absent or lack the bases, bases drawn with a fixed seed stand in at
the same lengths, so that layout is tested everywhere. Measures that nothing here computes, doses and shares are stand-ins for the layout, not
results: nothing here is to be cited.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import plan_builder as build

from revertant.modality.gene_addition.packaging import full_length_fraction
from revertant.model import (
    Assessment,
    Choice,
    CodingSequence,
    CodonEdit,
    CodonMeasures,
    Construct,
    Design,
    Estimate,
    Feature,
    FeatureKind,
    Finding,
    GenomeForm,
    PartUse,
    Plan,
    RankedDesign,
    Route,
    Status,
    Strand,
    Vector,
    VectorDose,
)
from revertant.sequence import CODONS, reverse_complement, translate

_DATA = Path(os.environ.get("REVERTANT_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
K = FeatureKind

#: UniProt Q16637-1.
SMN = (
    "MAMSSGGSGGGVPEQEDSVLFRRGTGQSDDSDIWDDTALIKAYDKAVASFKHALKNGDICETSGKPKTTPKRKPAKKNKSQKKNTAASLQQWKVGDKCSAIWSEDGCIYPATIASIDFKRETCVV"
    "VYTGYGNREEQNLSDLLSPICEVANNIEQNAQENENESQVSTDESENSRSPGNKSDNIKPKSAPWNSFLPPPPPMPGPRLGPGKPGLKFNGPPPPPPPPPPHLLSCWLPPFPSGPPIIPPPPPICPD"
    "SLDDADALGSMLISWYMSGYHTGYYMGFRQNQKEGRCSHSLN"
)


@cache
def _rows() -> dict[str, str]:
    path = _DATA / "shippable" / "vector_parts.tsv"
    if not path.exists():
        return {}
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    # Some rows of the table end before their bases.
    return {row[0].removeprefix("JB_"): row[-1] for row in rows if len(row) == 9}


def part(name: str, length: int) -> str:
    """Return a part's bases; seeded ones of its length where the data are absent."""
    found = _rows().get(name)
    if found is not None:
        assert len(found) == length, (name, len(found))
        return found
    return stand_in(name, length)


def stand_in(name: str, length: int) -> str:
    """Draw bases with a seed made of the name."""
    return "".join(random.Random(name).choices("ACGT", k=length))


@cache
def coding(name: str = "SMN1", protein: str = SMN, *, native: str | None = None) -> CodingSequence:
    """Write a protein twice: with the first codon of each residue as the native one, and without CpG."""
    codons: dict[str, list[str]] = {}
    for codon, residue in sorted(CODONS.items()):
        codons.setdefault(residue, []).append(codon)
    if native is None:
        native = "".join(
            max(codons[residue], key=lambda codon: codon.count("CG")) for residue in f"{protein}*"
        )
    designed = ""
    for residue in f"{protein}*":
        designed += min(codons[residue], key=lambda codon: ((designed + codon)[-4:].count("CG"), codon))
    assert translate(designed) == f"{protein}*"
    edits = tuple(
        CodonEdit(at // 3 + 1, native[at : at + 3], designed[at : at + 3], CODONS[designed[at : at + 3]])
        for at in range(0, len(native), 3)
        if native[at : at + 3] != designed[at : at + 3]
    )
    source = "NM_000344" if name == "SMN1" else ""
    return CodingSequence(
        name, protein, native, source, designed, edits, measured(native), measured(designed), 7
    )


def measured(cds: str) -> CodonMeasures:
    """Count what is quickly counted; the rest is a stand-in."""
    gc = sum(base in "GC" for base in cds) / len(cds)
    return CodonMeasures(
        len(cds), cds.count("CG"), gc, 0.81, 2, 3, 7.25, None, 1, 6, 14, cds.count("T") / len(cds), 61
    )


def assemble(
    name: str,
    form: GenomeForm,
    pieces: Iterable[tuple[FeatureKind, str, str, str]],
    *,
    circular: bool = False,
    packaged: tuple[int, int] | None = None,
    nested: Iterable[Feature] = (),
    minus: frozenset[str] = frozenset(),
) -> Construct:
    """Join ``(kind, name, bases, part key)`` end to end; pieces named in ``minus`` read on the other strand."""
    sequence, features = "", []
    for kind, label, bases, key in pieces:
        strand = Strand.MINUS if label in minus else Strand.PLUS
        features.append(Feature(kind, label, len(sequence), len(sequence) + len(bases), strand, key))
        sequence += reverse_complement(bases) if label in minus else bases
    features = sorted([*features, *nested], key=lambda feature: (feature.start, -feature.end))
    return Construct(name, form, sequence, tuple(features), packaged or (0, len(sequence)), circular)


def _itrs(*, mutated: bool) -> tuple[tuple[FeatureKind, str, str, str], tuple[FeatureKind, str, str, str]]:
    left = part("ssAAV_5`ITR", 130)
    if mutated:
        left = left[:106]
    return (K.ITR, "5′ ITR ΔTRS" if mutated else "5′ ITR", left, "itr_mutated" if mutated else "itr_aav2"), (
        K.ITR,
        "3′ ITR",
        part("ssAAV_3`ITR", 130),
        "itr_aav2",
    )


def _backbone() -> list[tuple[FeatureKind, str, str, str]]:
    return [
        (K.BACKBONE, "kanamycin resistance", stand_in("kanR", 1213), "backbone_kan"),
        (K.BACKBONE, "pUC origin", part("ssAAV_pUC_ori", 589), "backbone_ori"),
        (K.STUFFER, "backbone stuffer", stand_in("stuffer", 1800), ""),
    ]


def use(key: str, name: str, kind: FeatureKind, length: int, *, checked: bool = True) -> PartUse:
    """Make a row of the parts table."""
    source = "doi:10.1089/hum.2011.037" if kind is K.PROMOTER else "NC_001401.2"
    return PartUse(key, name, kind, length, (source,), checked, "" if checked else "one source only")


def whole(*constructs: Construct) -> tuple[Estimate, ...]:
    """Return the expected share of whole genomes of each construct."""
    return tuple(full_length_fraction(one.packaged_bp, one.form) for one in constructs)


CHOICES = (
    Choice("capsid", "AAV9", "It crosses into motor neurons of infants after an intravenous dose.", (("AAV8", "reaches mainly the liver"), ("AAVrh10", "has been used less often by this route")), ("PMID:29091557",)),
    Choice("promoter", "CBh", "It is short enough for a self-complementary genome and works in motor neurons.", (("CAG", "1,733 bp leave no room"), ("SYN1", "is silent outside neurons")), ("doi:10.1089/hum.2011.037",)),
    Choice("genome form", "scAAV", "The cassette is short enough, and expression starts earlier."),
)  # fmt: skip


@cache
def smn_vector(*, capsid: str = "AAV9", promoter: str = "CBh") -> Vector:
    """Return the scAAV of SMN1 with its transfer plasmid."""
    cds = coding()
    left, right = _itrs(mutated=True)
    length = {"CBh": 798, "EFS": 232, "hPGK": 505}[promoter]
    pieces = [
        left,
        (K.PROMOTER, promoter, part(promoter, length), f"promoter_{promoter.lower()}"),
        (K.KOZAK, "Kozak", "GCCACC", "kozak"),
        (K.CDS, "SMN1", cds.designed, ""),
        (K.POLYA_SIGNAL, "bGH polyA", part("bGH", 208), "polya_bgh"),
        right,
    ]
    intron = [Feature(K.INTRON, "hybrid intron", 680, 900, Strand.PLUS, "")] if promoter == "CBh" else []
    genome = assemble(
        f"SMN1-sc-{capsid}-{promoter}", GenomeForm.SELF_COMPLEMENTARY_AAV, pieces, nested=intron
    )
    plasmid = assemble(
        f"pSMN1-sc-{promoter}",
        GenomeForm.SELF_COMPLEMENTARY_AAV,
        [*pieces, *_backbone()],
        circular=True,
        packaged=(0, len(genome.sequence)),
        nested=intron,
    )
    return Vector(
        GenomeForm.SELF_COMPLEMENTARY_AAV,
        capsid.lower(),
        capsid,
        "intravenous infusion",
        "spinal motor neurons",
        (genome,),
        (cds,),
        (
            use("itr_mutated", "mutated AAV2 ITR", K.ITR, 106),
            use(f"promoter_{promoter.lower()}", promoter, K.PROMOTER, length, checked=False),
            use("polya_bgh", "bovine growth hormone polyA", K.POLYA_SIGNAL, 208),
            use("itr_aav2", "AAV2 ITR", K.ITR, 130),
        ),
        CHOICES,
        whole(genome),
        (plasmid,),
        VectorDose(1.1e14, None, "the label dose of onasemnogene abeparvovec", ("label:Zolgensma 2025",), True, 25.3, "2 × 5.5 ml, 2 × 8.3 ml"),
    )  # fmt: skip


@cache
def dual_vector() -> Vector:
    """Return a dual AAV whose coding sequence is cut between its halves."""
    protein = "M" + "".join(random.Random("big").choices("ACDEFGHIKLMNPQRSTVWY", k=1966))
    cds = coding("BIG1", protein)
    left, right = _itrs(mutated=False)
    cut = 2951
    recombinogenic = (K.RECOMBINOGENIC, "AK", stand_in("AK", 77), "ak")
    first = assemble(
        "BIG1-dual-5", GenomeForm.DUAL_AAV,
        [left, (K.PROMOTER, "EFS", part("EFS", 232), "promoter_efs"), (K.CDS, "BIG1 5′ half", cds.designed[:cut], ""),
         (K.SPLICE_DONOR, "splice donor", "GTAAGTATCAAGGTTACAAGACAGGTTTAAGGAGACC", "ap_sd"), recombinogenic, right],
    )  # fmt: skip
    second = assemble(
        "BIG1-dual-3", GenomeForm.DUAL_AAV,
        [left, recombinogenic, (K.SPLICE_ACCEPTOR, "splice acceptor", "GATAGGCACCTATTGGTCTTACTGACATCCACTTTGCCTTTCTCTCCACAG", "ap_sa"),
         (K.CDS, "BIG1 3′ half", cds.designed[cut:], ""), (K.REGULATORY, "WPRE", part("WPRE", 598), "wpre"),
         (K.POLYA_SIGNAL, "bGH polyA", part("bGH", 208), "polya_bgh"), right],
    )  # fmt: skip
    parts = (use("ak", "AK", K.RECOMBINOGENIC, 77, checked=False), use("wpre", "WPRE", K.REGULATORY, 598))
    return Vector(
        GenomeForm.DUAL_AAV, "aav8", "AAV8", "subretinal injection", "photoreceptors", (first, second), (cds,), parts, (), whole(first, second)
    )  # fmt: skip


RECEPTOR = (
    ("CD8A signal peptide", 21, K.SIGNAL_PEPTIDE), ("VL", 107, K.DOMAIN), ("G4S linker", 15, K.LINKER), ("VH", 120, K.DOMAIN),
    ("CD8A hinge", 45, K.DOMAIN), ("CD8A TM", 24, K.DOMAIN), ("4-1BB", 42, K.DOMAIN), ("CD3ζ", 112, K.DOMAIN), ("P2A", 22, K.SELF_CLEAVING_PEPTIDE), ("EGFRt", 335, K.DOMAIN),
)  # fmt: skip


@cache
def lentiviral_vector() -> Vector:
    """Return a lentivirus that carries a receptor made of domains, with a plasmid that holds it."""
    protein = (
        "M"
        + "".join(
            "".join(random.Random(name).choices("ACDEFGHIKLNPQRSTVWY", k=size)) for name, size, _ in RECEPTOR
        )[1:]
    )
    cds = coding("CAR", protein)
    before = [
        (K.LTR, "5′ LTR", part("lentiviral_5`LTR", 181), "ltr5"),
        (K.PACKAGING_SIGNAL, "Ψ", part("lentiviral_PSI", 45), "psi"),
        (K.RRE, "RRE", part("lentiviral_RRE", 234), "rre"),
        (K.CPPT, "cPPT", part("lentiviral_cPPT", 118), "cppt"),
        (K.PROMOTER, "EFS", part("EFS", 232), "promoter_efs"),
        (K.KOZAK, "Kozak", "GCCACC", "kozak"),
    ]
    at = sum(len(piece[2]) for piece in before)
    nested = []
    for name, size, kind in RECEPTOR:
        nested.append(Feature(kind, name, at, at + 3 * size, Strand.PLUS, ""))
        at += 3 * size
    pieces = [
        *before,
        (K.CDS, "CAR", cds.designed, ""),
        (K.REGULATORY, "WPRE", part("WPRE", 598), "wpre"),
        (K.LTR, "3′ LTR ΔU3", part("lentiviral_3`LTR", 235), "ltr3"),
    ]
    form = GenomeForm.LENTIVIRAL
    genome = assemble("CAR-lenti-EFS", form, pieces, nested=nested)
    plasmid = assemble("pCAR-lenti-EFS", form, [*pieces, *_backbone()], circular=True, packaged=(0, len(genome.sequence)), nested=nested)  # fmt: skip
    return Vector(
        form, "vsvg", "VSV-G lentivirus", "ex vivo", "T cells", (genome,), (cds,), (use("rre", "RRE", K.RRE, 234),), (), (), (plasmid,)
    )  # fmt: skip


@cache
def minus_vector() -> Vector:
    """Return a lentivirus whose cassette reads against the genome."""
    cds = coding()
    pieces = [
        (K.LTR, "5′ LTR", part("lentiviral_5`LTR", 181), "ltr5"),
        (K.POLYA_SIGNAL, "bGH polyA", part("bGH", 208), "polya_bgh"),
        (K.CDS, "SMN1", cds.designed, ""),
        (K.PROMOTER, "hPGK", part("hPGK", 505), "promoter_pgk"),
        (K.LTR, "3′ LTR", part("lentiviral_3`LTR", 235), "ltr3"),
    ]
    genome = assemble("SMN1-lenti-minus", GenomeForm.LENTIVIRAL, pieces, minus=frozenset({"bGH polyA", "SMN1", "hPGK"}))  # fmt: skip
    return replace(lentiviral_vector(), constructs=(genome,), plasmids=(), coding=(cds,))


@cache
def mrna_vector() -> Vector:
    """Return an mRNA in a lipid nanoparticle, of a protein without a native coding sequence."""
    cds = replace(coding(), native="", native_source="", edits=(), native_measures=None)
    genome = assemble(
        "SMN1-mRNA", GenomeForm.MRNA,
        [(K.UTR_5, "5′ UTR", stand_in("utr5", 52), "utr5"), (K.CDS, "SMN1", cds.designed, ""), (K.UTR_3, "3′ UTR", stand_in("utr3", 110), "utr3"), (K.POLYA_TAIL, "A120", "A" * 120, "")],
        nested=[Feature(K.CAP, "cap 1", 0, 0)],
    )  # fmt: skip
    return Vector(
        GenomeForm.MRNA,
        "lnp",
        "lipid nanoparticle",
        "intravenous infusion",
        "liver",
        (genome,),
        (cds,),
        (),
        (),
    )


def design_of(vector: Vector) -> Design:
    """Make the design that carries a vector."""
    return Design(
        modality="gene_addition",
        route=Route.ADD_GENE,
        gene=vector.coding[0].name,
        acts_on=vector.coding[0].name,
        effector=vector.capsid,
        effector_name=f"{vector.capsid_name}, {vector.form.value}",
        guides=(),
        purpose=f"Brings a working copy of {vector.coding[0].name} into {vector.tissue}; the person's own copies stay.",
        outcomes=(),
        useful_share=None,
        vector=vector,
    )


NOTES = (
    Finding("packaging.length", Status.PASS, "The genome is short enough to be packaged whole.", "2.2 kb", "2.4 kb", ("PMID:18414476",)),
    Finding("immunity.capsid", Status.UNKNOWN, "No antibody titre against AAV9 was given.", "no titre", "1:50"),
    Finding("dose.high", Status.CAUTION, "The dose reaches 1e14 vg/kg.", "1.1e14", "1e14", ("PMID:29378426",), checked=False),
)  # fmt: skip


def vector_plan(*vectors: Vector) -> Plan:
    """Return a plan of vectors, each in a group of its own."""
    vectors = vectors or (
        smn_vector(),
        smn_vector(promoter="EFS"),
        dual_vector(),
        lentiviral_vector(),
        mrna_vector(),
    )
    designs = tuple(
        RankedDesign(rank, f"vector-{rank}", "adds a working copy", "It fits with room to spare.", rank == 1, design, Assessment(design.design_id, NOTES))
        for rank, design in enumerate(map(design_of, vectors), start=1)
    )  # fmt: skip
    return replace(
        build.sickle_plan(most_sites=0),
        case_id="sma-layout",
        question="Which gene therapy could treat an infant without SMN1?",
        verdict="A working copy of SMN1 can be added.",
        designs=designs,
        coverage=None,
        strategies=(),
        rejections=(),
    )
