"""Proteins, native sequences and limits drawn at random, and one judge of every design."""

from __future__ import annotations

import math
import random
import re
from collections import Counter

from revertant.modality.gene_addition.coding import CodingOptions, codon_usage, design_coding, replay
from revertant.model import GenomeForm, Status, Transgene
from revertant.sequence import CODONS, find_pattern, reverse_complement, translate
from revertant.variant import coding_context

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
SHORTEST, MIDDLE, LONGEST = 50, 400, 4000
ENZYMES = {
    "EcoRI": "GAATTC", "BamHI": "GGATCC", "NotI": "GCGGCCGC", "BsaI": "GGTCTC", "BsmBI": "CGTCTC", "BbsI": "GAAGAC",
    "XhoI": "CTCGAG", "HindIII": "AAGCTT", "DraIII": "CACNNNGTG", "SapI": "GCTCTTC",
}  # fmt: skip
_BY_RESIDUE: dict[str, list[tuple[str, float]]] = {}
for _codon, _share in codon_usage().codons:
    _BY_RESIDUE.setdefault(CODONS[_codon], []).append((_codon, _share))


def protein(draw: random.Random, length: int, kind: str) -> str:
    """Uniform residues, a unit that repeats with a few changes, or three kinds of residue only."""
    if kind == "repeats":
        unit = draw.choices(RESIDUES, k=draw.randint(5, 40))
        body = [
            draw.choice(RESIDUES) if draw.random() < 0.05 else unit[at % len(unit)]
            for at in range(length - 1)
        ]
    else:
        body = draw.choices(draw.sample(RESIDUES, 3) if kind == "poor" else RESIDUES, k=length - 1)
    return "M" + "".join(body)


def native(draw: random.Random, residues: str) -> str:
    """A coding sequence as human genes would write it, by codon usage alone."""
    return "".join(
        draw.choices([c for c, _ in _BY_RESIDUE[one]], [s for _, s in _BY_RESIDUE[one]])[0]
        for one in residues + "*"
    )


def options(draw: random.Random) -> CodingOptions:
    return CodingOptions(
        form=draw.choice((GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.LENTIVIRAL, GenomeForm.MRNA)),
        avoid_sites=tuple(draw.sample(sorted(ENZYMES), draw.randint(0, 6))),
        gc_low=draw.choice((0.2, 0.25, 0.3, 0.35)),
        gc_high=draw.choice((0.65, 0.7, 0.75)),
        gc_window_bp=draw.choice((50, 60, 100)),
        gc_target=draw.choice((None, None, 0.45, 0.55)),
        longest_homopolymer_bp=draw.randint(5, 8),
        longest_repeat_bp=draw.randint(14, 24),
        most_cpg=draw.choice((None, None, None, 0, 20)),
        stop=draw.choice(("", "", "TAA", "TGA")),
        seed=draw.randrange(1000),
    )


def case(seed: int) -> tuple[Transgene, CodingOptions]:
    """One protein of 50 to 4,000 residues (both ends included, one in eight above 400), native for four in five."""
    draw = random.Random(seed)
    low, high = (MIDDLE, LONGEST) if draw.random() < 1 / 8 else (SHORTEST, MIDDLE)
    length = {0: SHORTEST, 1: LONGEST}.get(seed, round(math.exp(draw.uniform(math.log(low), math.log(high)))))
    kind = draw.choices(("uniform", "repeats", "poor"), (8, 1, 1))[0]
    residues = protein(draw, length, kind)
    cds = native(draw, residues) if draw.random() < 0.8 else ""
    return Transgene(f"{kind} {seed}", residues, cds), options(draw)


def coding_sequences(models, reference) -> tuple[list[Transgene], Counter]:
    """Every distinct coding sequence of the gene models, spliced; and why the other transcripts have none."""
    found: dict[str, Transgene] = {}
    refused: Counter = Counter()
    for gene in models.genes:
        for one in models.of_gene(gene):
            if not one.cds or not reference.covers(one.locus):
                refused["no coding sequence" if not one.cds else "outside the windows"] += 1
                continue
            bases = coding_context(one, reference).coding
            whole = translate(bases)
            if len(bases) % 3 or not bases.startswith("ATG") or whole.find("*") != len(whole) - 1:
                refused["no open reading frame by the standard code"] += 1
            elif bases in found:
                refused["the same sequence as another transcript"] += 1
            else:
                found[bases] = Transgene(one.transcript_id, whole[:-1], bases, "GRCh38")
    return list(found.values()), refused


def judge(transgene: Transgene, limits: CodingOptions) -> Counter:
    """Design, and hold every candidate against the protein, its native sequence and plain searches of its own."""
    design = design_coding(transgene, limits)
    tally = Counter(designs=1, candidates=len(design.candidates), bases=3 * len(transgene.protein) + 3)
    assert design.candidates
    assert len(design.findings) == len(design.candidates)
    for coding, findings in zip(design.candidates, design.findings, strict=True):
        bases = coding.designed
        assert translate(bases) == transgene.protein + "*"
        assert replay(transgene.cds, coding.edits) == bases
        assert bases[-3:] == (limits.stop or transgene.cds[-3:] or "TGA")
        status = {finding.rule.removeprefix("coding."): finding.status for finding in findings}
        assert status["protein_identical"] is status["edits_replay"] is Status.PASS
        _judge_cpg(coding, status["cpg"], limits)
        _judge_words(bases, status, limits)
        for rule, one in status.items():
            tally[f"{rule} {one.value}"] += 1
    first = design.candidates[0]
    if transgene.cds:
        cpg = transgene.cds.count("CG")
        tally["with native"] += 1
        tally["native CpG"] += cpg
        tally["CpG"] += first.measures.cpg
        tally["all candidates below native"] += all(one.measures.cpg < cpg for one in design.candidates)
        tally["native without CpG"] += cpg == 0
    tally.update({f"first {f.rule} {f.status.value}": 1 for f in design.findings[0]})
    return tally


def _judge_cpg(coding, status, limits):
    found = coding.designed.count("CG")
    assert found == coding.measures.cpg
    assert limits.most_cpg is None or found <= limits.most_cpg
    if not coding.native:
        assert status is (Status.UNKNOWN if found else Status.PASS)
        return
    before = coding.native.count("CG")
    assert found <= before
    assert status is (Status.PASS if found < before or not found else Status.CAUTION)


def _judge_words(bases, status, limits):
    cut = any(
        find_pattern(word, bases)
        for name in limits.avoid_sites
        for word in (ENZYMES[name], reverse_complement(ENZYMES[name]))
    )
    if limits.avoid_sites:
        assert (status["restriction_sites"] is Status.FAIL) == cut
    run = re.search(rf"(.)\1{{{limits.longest_homopolymer_bp}}}", bases)
    assert (status["homopolymers"] is Status.CAUTION) == (run is not None)
    if not limits.is_mrna:
        signal = "AATAAA" in bases or "ATTAAA" in bases
        assert (status["polya_signals"] is Status.CAUTION) == signal
    size = limits.longest_repeat_bp + 1
    words = [bases[at : at + size] for at in range(len(bases) - size + 1)]
    twice = len(set(words)) < len(words) or not set(words).isdisjoint(map(reverse_complement, words))
    assert (status["repeats"] is Status.CAUTION) == twice
    if len(bases) >= limits.gc_window_bp:
        strong = [sum(base in "GC" for base in bases[: limits.gc_window_bp])]
        for gone, new in zip(bases, bases[limits.gc_window_bp :], strict=False):
            strong.append(strong[-1] + (new in "GC") - (gone in "GC"))
        shares = [count / limits.gc_window_bp for count in strong]
        outside = min(shares) < limits.gc_low - 1e-6 or max(shares) > limits.gc_high + 1e-6
        assert (status["gc_windows"] is Status.CAUTION) == outside
