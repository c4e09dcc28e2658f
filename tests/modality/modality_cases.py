"""Small genes, targets and an independent way of reading sequence, for the tests of the modalities.

Nothing in here calls the room under test: haplotypes are built base by base, patterns are compared letter by
letter, and the genetic code is written out a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from revertant import knowledge
from revertant.genome import PatientGenome, Reference
from revertant.model import (
    Allele,
    Call,
    Consequence,
    ConsequenceTerm,
    EditingPlace,
    Mechanism,
    Pathogenicity,
    Strand,
    Target,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.variant import predict_consequence

LETTERS = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A"}
RESIDUES = {
    "Ala": "GCA GCC GCG GCT", "Arg": "AGA AGG CGA CGC CGG CGT", "Asn": "AAC AAT", "Asp": "GAC GAT",
    "Cys": "TGC TGT", "Gln": "CAA CAG", "Glu": "GAA GAG", "Gly": "GGA GGC GGG GGT", "His": "CAC CAT",
    "Ile": "ATA ATC ATT", "Leu": "CTA CTC CTG CTT TTA TTG", "Lys": "AAA AAG", "Met": "ATG", "Phe": "TTC TTT",
    "Pro": "CCA CCC CCG CCT", "Ser": "AGC AGT TCA TCC TCG TCT", "Ter": "TAA TAG TGA", "Thr": "ACA ACC ACG ACT",
    "Trp": "TGG", "Tyr": "TAC TAT", "Val": "GTA GTC GTG GTT",
}  # fmt: skip
CODE = {codon: name for name, codons in RESIDUES.items() for codon in codons.split()}


MOST_BASES = 6  # a guide that offers more editable bases is refused


@cache
def wide_window(key: str) -> tuple[int, int]:
    """The catalogue's window and every position the measured table puts at 5 % of its best or more."""
    editor = knowledge.editors()[key]
    table = (files("revertant.prediction") / "sakata2020.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    rates = [
        [float(rate) for rate in row[3:]]
        for row in rows
        if row[0] == editor.profile and tuple(row[2].split(">")) in editor.base_changes
    ]
    best = max((max(row) for row in rates), default=0)
    active = [i + 1 for row in rates for i, rate in enumerate(row) if rate >= best / 20]
    return min([editor.window[0], *active]), max([editor.window[1], *active])


def flip(bases: str) -> str:
    return "".join(PAIRS[base] for base in reversed(bases))


def fits(pattern: str, bases: str) -> bool:
    return len(pattern) == len(bases) and all(b in LETTERS[p] for p, b in zip(pattern, bases, strict=True))


@dataclass(frozen=True)
class Base:
    """One base of a haplotype: ``place`` is the reference base it stands for, ``None`` when it was put in.

    ``home`` is the reference base that decides whether it lies in an exon.
    """

    letter: str
    place: int | None
    home: int


def haplotype(
    reference: Reference, contig: str, low: int, high: int, variants: Iterable[Variant]
) -> list[Base]:
    """A copy over an interval, base by base. Variants must lie inside and must not overlap."""
    bases = [Base(b, low + i, low + i) for i, b in enumerate(reference.fetch(contig, low, high))]
    for variant in sorted(variants, reverse=True):
        at = next(i for i, base in enumerate(bases) if base.place == variant.start)
        shared = min(len(variant.ref), len(variant.alt))
        assert "".join(b.letter for b in bases[at : at + len(variant.ref)]) == variant.ref
        new = [Base(variant.alt[i], variant.start + i, variant.start + i) for i in range(shared)]
        home = variant.start + shared - 1
        new += [Base(letter, None, home) for letter in variant.alt[shared:]]
        bases[at : at + len(variant.ref)] = new
    return bases


def protein_of(bases: Sequence[Base], transcript: Transcript) -> list[str]:
    """Residues, three letters each, to the first stop (included); read through the exons of the transcript."""
    coded = {place for start, end in transcript.coding_exons for place in range(start, end)}
    coding = "".join(base.letter for base in bases if base.home in coded)
    if transcript.strand is Strand.MINUS:
        coding = flip(coding)
    residues = []
    for at in range(0, len(coding) - 2, 3):
        residues.append(CODE[coding[at : at + 3]])
        if residues[-1] == "Ter":
            break
    return residues


def splice_letters(bases: Sequence[Base], transcript: Transcript) -> str:
    """The two bases on either side of every intron, forward strand."""
    by_place = {base.place: base.letter for base in bases if base.place is not None}
    places = []
    for (_, end), (start, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
        places += [end, end + 1, start - 2, start - 1]
    return "".join(by_place.get(place, "-") for place in places)


def toy_gene(*, minus: bool = False) -> tuple[Reference, Transcript]:
    """A gene of three coding exons with GT-AG introns; codons 14 and 29 are split by introns."""
    first = "ATG" + "GCT" * 4 + "CAA" + "CTG" + "TGG" + "GAC" + "CGA" + "AAA" + "GTC" + "CAG" + "G"
    second = "AT" + "GAG" * 3 + "CAC" + "TTC" + "AGC" + "CCT" + "ATC" + "TAC" + "TGC" + "GGA" + "AAC" + "TC"
    third = "A" + "GAA" * 2 + "GTG" + "CTC" + "ACC" * 10 + "TAA"
    intron = "GTAAGT" + "CTTGACCTTAGCATTC" * 5 + "TTTCCTTGCAG"
    left, right = "CATTGACGTTACCGATTACGGCTAACGTTAGCATCCGTTACGATTACGACGTCC" * 2, "TTGACCTAGCATCAGGATTC" * 8
    text = left + first + intron + second + intron + third + right
    a = len(left)
    b = a + len(first)
    c = b + len(intron)
    d = c + len(second)
    e = d + len(intron)
    f = e + len(third)
    exons = ((a - 20, b), (c, d), (e, f + 30))
    cds = (a, f)
    if minus:
        total = len(text)
        exons = tuple((total - high, total - low) for low, high in reversed(exons))
        cds = (total - f, total - a)
        text = flip(text)
    strand = Strand.MINUS if minus else Strand.PLUS
    return Reference.from_sequences({"toy": text}), Transcript("NM_9.1", "TOY", "toy", strand, exons, cds)


NOTHING = Consequence("NM_9.1", "TOY", (ConsequenceTerm.INTERGENIC,))


def allele_of(
    variant: Variant,
    transcript: Transcript,
    reference: Reference,
    zygosity: Zygosity = Zygosity.HOMOZYGOUS,
    consequence: Consequence | None = None,
) -> Allele:
    known = consequence or predict_consequence([variant], transcript, reference)
    return Allele(variant, zygosity, Pathogenicity.PATHOGENIC, known)


def target_of(
    transcript: Transcript,
    *alleles: Allele,
    mechanism: Mechanism = Mechanism.LOSS_OF_FUNCTION,
    **more: object,
) -> Target:
    fields: dict[str, object] = {
        "biallelic": bool(alleles) and alleles[0].zygosity is Zygosity.HOMOZYGOUS,
        "tissues": ("liver",),
        "editing_place": EditingPlace.IN_VIVO,
        **more,
    }
    return Target(transcript.gene, transcript, alleles, mechanism, "stated", **fields)  # type: ignore[arg-type]


def person(reference: Reference, *calls: Call) -> PatientGenome:
    return PatientGenome(reference, calls)


def both(variant: Variant) -> Call:
    return Call(variant, (True, True))


def first_copy(variant: Variant) -> Call:
    return Call(variant, (True, False), phase_set="1")


def second_copy(variant: Variant) -> Call:
    return Call(variant, (False, True), phase_set="1")
