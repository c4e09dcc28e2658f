"""Published constructs found again: each is looked for with its question alone.

    python tests/rediscovery/rediscovery.py DATA

prints the table of ``docs/benchmarks/rediscovery.md``; ``DATA`` is the folder of the real test data. The designs of the
construct's modality are made and ranked as for a plan, without an off-target search, and without what the catalogue
knows of published guides: that would be the answer.
"""

from __future__ import annotations

import gzip
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from revertant import knowledge, patient
from revertant.genome import GeneModels, PatientGenome, Reference, load_gene_models
from revertant.modality import DesignOptions, modality_named
from revertant.modality.base_editing.intended import Wish
from revertant.modality.base_editing.placing import place_editors
from revertant.modality.prime_editing.design import REACH_BP
from revertant.modality.prime_editing.placing import Candidate, candidates, places_of
from revertant.modality.protospacers import reviewable_windows
from revertant.modality.wanted import wanted_window
from revertant.model import (
    BaseChange,
    Call,
    Design,
    Effect,
    Locus,
    Mechanism,
    PamSide,
    Pathogenicity,
    RankedDesign,
    Strand,
    Tally,
    Transcript,
    Variant,
    Zygosity,
)
from revertant.planning import Inputs, Inquiry, case_of, rank_designs, resolve_case
from revertant.planning.assess import assess_designs
from revertant.variant import VcfCalls

HERE = Path(__file__).parent

_RS713040 = Variant("chr11", 5227012, "A", "G")


@dataclass(frozen=True, slots=True)
class Construct:
    """One published construct and the question it answers."""

    row: str
    name: str
    question: str
    case: str
    modality: str
    spacer: str
    pam: str
    effectors: tuple[str, ...]
    sources: tuple[str, ...]
    acts_on: str = ""
    gene: str = ""
    rtt: str = ""
    pbs: str = ""
    nick: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a construct stands.

    ``rank`` counts designs of the modality for the question, ``card`` the groups of near-identical ones a report
    shows as one; both are of the first design with the construct's guide. ``whole`` says whether every part of the
    construct is the published one in some design; for a pegRNA and its nicking guide, ``number`` says as which of
    all that can be written they are looked at: a plan stops at its first 40.
    """

    designs: int
    rank: int | None = None
    cards: int = 0
    card: int | None = None
    whole: bool = False
    number: int | None = None


def constructs() -> tuple[Construct, ...]:
    """Read the list."""
    rows = tomllib.loads((HERE / "constructs.toml").read_text(encoding="utf-8"))["construct"]
    rows.sort(key=lambda row: int(row["row"].split(",")[0]))
    return tuple(
        Construct(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for row in rows
    )


def missing_spacers() -> tuple[str, ...]:
    """Spacers of the constructs whose place is not at hand."""
    rows = tomllib.loads((HERE / "missing.toml").read_text(encoding="utf-8"))["missing"]
    return tuple(spacer for row in rows for spacer in row["spacers"])


def find(construct: Construct, data: Path) -> Found:
    """Ask the question and look for the construct among the answers."""
    if construct.case.startswith("PAH"):
        return _find_in_context(construct, data)
    inputs = _inputs(construct, data)
    ranked = _ranked(construct, inputs, DesignOptions())
    at = [place for place, one in enumerate(ranked) if _has_guide(one.design, construct)]
    cards = list(dict.fromkeys(one.group for one in ranked))
    if not at:
        return Found(len(ranked), cards=len(cards))
    whole = any(_is_whole(one.design, construct) for one in ranked)
    number = None
    if construct.rtt:
        number = next((n for n, one in enumerate(_pegrnas(inputs), start=1) if _is_set(one, construct)), None)
        whole = number is not None
    return Found(len(ranked), at[0] + 1, len(cards), cards.index(ranked[at[0]].group) + 1, whole, number)


def row_of(construct: Construct, found: Found) -> str:
    """Return one row of the table, as Markdown."""
    rank = f"{found.rank} of {found.designs}" if found.rank else "not found"
    card = f"{found.card} of {found.cards}" if found.card else ""
    whole = "no" if not found.whole else f"yes, number {found.number:,}" if found.number else "yes"
    cells = (
        construct.row,
        f"{construct.name}: `{construct.spacer}` {construct.pam}",
        construct.question,
        construct.modality.replace("_", " "),
        card,
        rank,
        whole,
        construct.why,
    )
    return "| " + " | ".join(cells) + " |"


def table(data: Path) -> str:
    """Return the whole table, as Markdown."""
    header = "| row | construct | question | modality | card | design | whole construct | why not among the first three |"
    rule = "|---" * 8 + "|"
    return "\n".join([header, rule, *(row_of(one, find(one, data)) for one in constructs())])


def same_guide(one: str, other: str) -> bool:
    """Whether two spacers are one guide: a G put before it, or a base left out at the far end, is none of it."""
    return one[-19:] == other[-19:]


def _has_guide(design: Design, construct: Construct) -> bool:
    """Whether the first guide is the published one; spacers may be longer at the end far from the PAM."""
    if design.effector not in construct.effectors or not design.guides:
        return False
    guide = design.guides[0]
    near = str.endswith if guide.pam_side is PamSide.THREE_PRIME else str.startswith
    return guide.pam == construct.pam and near(guide.spacer, construct.spacer)


def _is_whole(design: Design, construct: Construct) -> bool:
    return _has_guide(design, construct) and not construct.rtt


def _is_set(candidate: Candidate, construct: Construct) -> bool:
    """Whether a pegRNA with its nicking guide is the published set."""
    peg, nick = candidate.pegrna, candidate.nick
    own = (peg.spacer, peg.rtt, peg.pbs) == (construct.spacer, construct.rtt, construct.pbs)
    return own and nick is not None and same_guide(nick.spacer, construct.nick)


def _pegrnas(inputs: Inputs) -> Iterator[Candidate]:
    """Every pegRNA with every nicking guide for the first allele, in the order in which they are looked at."""
    resolved = resolve_case(inputs)
    [variant] = (allele.variant for allele in resolved.targets[0].alleles)
    windows = reviewable_windows(resolved.genome, variant.locus.widened(REACH_BP), [])
    for window in windows:
        wanted = wanted_window(window, resolved.genome.reference, gone=[variant])
        yield from candidates(places_of(window, wanted, [knowledge.prime_editors()["pe2"]]))


def _designs(construct: Construct, inputs: Inputs, options: DesignOptions):
    resolved = resolve_case(inputs)
    modality = modality_named(construct.modality)
    return resolved.genome, [
        (strategy, replace(design, precedent=(), precedent_stage=""))
        for target in resolved.targets
        for strategy in modality.eligibility(target, inputs.case)
        if strategy.is_eligible and construct.acts_on in strategy.acts_on
        for design in modality.design(strategy, resolved.genome, inputs.models, options).designs
    ]


def _ranked(construct: Construct, inputs: Inputs, options: DesignOptions) -> tuple[RankedDesign, ...]:
    genome, pairs = _designs(construct, inputs, options)
    return rank_designs(assess_designs(pairs, genome, inputs, None))


@cache
def _genome(data: Path):
    reference = Reference.open(data / "genome" / "GRCh38.windows.fa.gz")
    return reference, load_gene_models(data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)


@cache
def _amplicons(data: Path):
    """Stretches without coordinates, each taken for one exon of its gene."""
    records = (data / "genome" / "amplicons.fa").read_text(encoding="utf-8").split(">")[1:]
    bases = {record.split()[0]: "".join(record.splitlines()[1:]) for record in records}
    genes = {"TRAC": "TRAC", "AAVS1": "PPP1R12C"}
    models = GeneModels(
        [
            Transcript(f"{name}.1", gene, name, Strand.PLUS, ((0, len(bases[name])),))
            for name, gene in genes.items()
        ]
    )
    return Reference.from_sequences(bases), models


def _inputs(construct: Construct, data: Path) -> Inputs:
    case = construct.case
    if ":" in case:
        reference, models = _genome(data) if case.startswith("chr") else _amplicons(data)
        inquiry = Inquiry(region=case, gene=construct.gene)
        return Inputs(case_of(inquiry), reference, models, None, inquiry=inquiry)
    reference, models = _genome(data)
    if construct.gene == "DMD":
        return _without_exons(construct, reference, models)
    stated = patient.read_case(files("revertant.cli") / "demo_data" / "sickle_cell.yaml")
    calls = (Call(_RS713040, (True, True), phase_set="1"),) if "rs713040" in case else ()
    vcf = VcfCalls(calls, Tally.of("VCF records", kept=len(calls)), "stated") if calls else None
    return Inputs(stated, reference, models, vcf)


def _without_exons(construct: Construct, reference: Reference, models: GeneModels) -> Inputs:
    """A boy without some exons of DMD; the deletion ends 400 and 300 bases into the introns."""
    first, last = (int(number) for number in construct.case.split()[1].split("-"))
    gene = next(one for one in models.of_gene("DMD") if one.transcript_id.startswith("NM_004006."))
    low = gene.ordered_exons[last - 1][0] - 300
    high = gene.ordered_exons[first - 1][1] + 400
    inquiry = Inquiry(
        variant=f"{gene.contig}:g.{low + 1}_{high}del",
        gene="DMD",
        zygosity=Zygosity.HEMIZYGOUS,
        pathogenicity=Pathogenicity.PATHOGENIC,
        mechanism=Mechanism.LOSS_OF_FUNCTION,
    )
    return Inputs(case_of(inquiry), reference, models, None, inquiry=inquiry)


def _find_in_context(construct: Construct, data: Path) -> Found:
    """Look on a stretch around the variant without coordinates: guides as they are placed, before any judgement.

    The stretch is that of c.842+1G>A on the coding strand: c.842 is the base before.
    """
    with gzip.open(data / "clinvar" / "clinvar_contexts.tsv.gz", "rt") as file:
        header, *rows = (line.rstrip("\n").split("\t") for line in file)
    [row] = [r for r in rows if r[0] == "NM_000277.3(PAH):c.842+1G>A"]
    named = dict(zip(header, row, strict=True))
    wild = named["wildtype_context"]
    return _placed(construct, wild, int(named["edit_offset"]) - 1, "T")


def _placed(construct: Construct, wild: str, at: int, base: str) -> Found:
    reference = Reference.from_sequences({"context": wild})
    variant = Variant("context", at, wild[at], base)
    genome = PatientGenome(reference, [Call(variant, (True, True), phase_set="1")])
    [window] = genome.windows(Locus("context", 0, len(wild)))
    wish = Wish((BaseChange(at, base, wild[at]),), Effect.RESTORES_WILD_TYPE, "the wild type")
    placed = sorted(
        place_editors(wish, window, tuple(knowledge.editors().values()), []), key=lambda one: one.order
    )
    same = [one.protospacer for one in placed]
    hits = [
        number
        for number, one in enumerate(placed)
        if one.protospacer.spacer == construct.spacer
        and one.protospacer.pam == construct.pam
        and one.editor.key in construct.effectors
    ]
    if not hits:
        return Found(len(placed))
    cards = list(dict.fromkeys((p.strand, p.start) for p in same))
    own = same[hits[0]]
    return Found(len(placed), hits[0] + 1, len(cards), cards.index((own.strand, own.start)) + 1, whole=True)


def main(arguments: Iterable[str]) -> None:
    """Print the table."""
    [data] = arguments
    sys.stdout.write(table(Path(data)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
