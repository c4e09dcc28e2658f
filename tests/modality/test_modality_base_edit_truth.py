"""Base-editing designs of random variants in real genes, held against enumeration over strings.

For a transition in LMNA (plus strand) or SCO2 and TYMP (minus strand), with neighbours on either copy, every
guide is found again by comparing letters, and every genotype is translated again with another translator.
"""

from __future__ import annotations

import random
import re
from itertools import combinations

import pytest
from modality_cases import (
    MOST_BASES,
    PAIRS,
    Base,
    allele_of,
    fits,
    flip,
    haplotype,
    person,
    protein_of,
    splice_letters,
    target_of,
    toy_gene,
    wide_window,
)

from revertant import knowledge
from revertant.genome import Reference, load_gene_models
from revertant.modality import DesignOptions
from revertant.modality.base_editing import BASE_EDITING
from revertant.modality.base_editing.intended import restoring_wish
from revertant.model import Call, Effect, PamSide, Route, Strand, Strategy, Variant, Zygosity

CHANGES = {"A": "G", "G": "A", "C": "T", "T": "C"}
NEAR = 30


@pytest.fixture(scope="session")
def real_genes(shared_data):
    reference = Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")
    models = load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz", reference)
    return reference, [models.choose(gene).transcript for gene in ("LMNA", "SCO2", "TYMP")]


def place_in(rng, transcript):
    """A base of the coding sequence, often near an exon's edge or just inside an intron."""
    start, end = rng.choice(transcript.coding_exons)
    kind = rng.random()
    if kind < 0.25:
        return rng.choice((start, end - 1)) + rng.choice((-2, -1, 0, 1, 2))
    if kind < 0.35:
        return rng.choice((start - 5, end + 4))
    return rng.randrange(start, end)


def neighbours(rng, reference, transcript, target):
    """Up to two further variants beside the target, none touching another, indels off the exon's edges."""
    edges = [edge for exon in transcript.exons for edge in exon]
    found, taken = [], [target]
    for _ in range(rng.choice((0, 1, 1, 2))):
        at = target + rng.choice((-1, 1)) * rng.randint(2, NEAR - 8)
        last = transcript.coding_bases
        ends = [transcript.coding_to_genome(index) for index in (0, 1, 2, last - 3, last - 2, last - 1)]
        if min(abs(at - other) for other in taken) < 6 or min(abs(at - place) for place in ends) < 5:
            continue  # a lost start or stop moves the ends of what is translated here
        text = reference.fetch(transcript.contig, at, at + 4)
        kind = rng.random()
        if kind < 0.5:
            variant = Variant(transcript.contig, at, text[0], rng.choice([b for b in "ACGT" if b != text[0]]))
        elif min(abs(at - edge) for edge in edges) < 8:
            continue
        elif kind < 0.7:
            made = flip(text[:2])
            if made[0] == text[0] or made[1] == text[1]:
                continue
            variant = Variant(transcript.contig, at, text[:2], made)
        elif kind < 0.85:
            if text[3] == text[0]:
                continue
            variant = Variant(transcript.contig, at, text, text[0])
        else:
            new = "".join(rng.choices("ACGT", k=rng.choice((1, 3))))
            if new[-1] == text[0]:
                continue
            variant = Variant(transcript.contig, at, text[0], text[0] + new)
        taken.append(at)
        found.append(variant)
    return found


def gene_copy(reference, transcript, variants):
    """The coding exons with sixty bases on either side, one after the other: what translation needs."""
    stretches: list[list[int]] = []
    for start, end in sorted(transcript.coding_exons):
        if stretches and start - 60 <= stretches[-1][1]:
            stretches[-1][1] = end + 60
        else:
            stretches.append([start - 60, end + 60])
    bases = []
    for low, high in stretches:
        inside = [variant for variant in variants if low <= variant.start < high]
        bases += haplotype(reference, transcript.contig, low, high, inside)
    return bases


def guides_by_hand(bases: list[Base], target: int, before: str, after: str, editors):
    """``(editor, spacer, pam)`` to ``(editable indexes, strand)`` for every guide that reaches the target base."""
    found = {}
    total = len(bases)
    letters = "".join(base.letter for base in bases)
    other = flip(letters)
    for editor in editors:
        first, last = editor.window
        wide = wide_window(editor.key)
        makes = dict(editor.base_changes)
        length, pam_length = editor.spacer_nt, len(editor.pam)
        for strand, read in ((Strand.PLUS, letters), (Strand.MINUS, other)):
            wanted = (before, after) if strand is Strand.PLUS else (PAIRS[before], PAIRS[after])
            if makes.get(wanted[0]) != wanted[1]:
                continue
            for low in range(total - length - pam_length + 1):
                shift = low if editor.pam_side is PamSide.THREE_PRIME else low + pam_length
                spacer = read[shift : shift + length]
                at = low + length if editor.pam_side is PamSide.THREE_PRIME else low
                pam = read[at : at + pam_length]
                if not fits(editor.pam, pam):
                    continue
                window = range(shift + first - 1, shift + last)
                if target not in [bases[i if strand is Strand.PLUS else total - 1 - i].place for i in window]:
                    continue
                window = range(shift + wide[0] - 1, shift + wide[1])
                forward = [i if strand is Strand.PLUS else total - 1 - i for i in window]
                editable = [i for i, j in zip(forward, window, strict=True) if read[j] in makes]
                if len(editable) > MOST_BASES or any(bases[i].place is None for i in editable):
                    continue
                found[editor.key, spacer, pam] = (editable, strand)
    return found


def edited(bases, indexes, strand, editor):
    makes = dict(editor.base_changes)
    copy = list(bases)
    for index in indexes:
        base = copy[index]
        # Not so where an indel of this copy has put another base into the editor's reach.
        assert (base.letter if strand is Strand.PLUS else PAIRS[base.letter]) in makes
        new = makes[base.letter] if strand is Strand.PLUS else PAIRS[makes[PAIRS[base.letter]]]
        copy[index] = Base(new, base.place, base.home)
    return copy


def read(bases, transcript):
    """The copy as text, its protein, and the letters at its splice sites."""
    text = "".join(base.letter for base in bases)
    return text, protein_of(bases, transcript), splice_letters(bases, transcript)


def check_outcome(outcome, transcript, *, now, sick, healthy, only_substitutions, reference):
    """The effect of an outcome against proteins and splice letters that were worked out by hand."""
    strings, proteins, splices = zip(read(now, transcript), sick, healthy, strict=True)
    as_healthy = proteins[0] in (proteins[2], reference[1])
    effect = outcome.effect
    assert (strings[0] in (strings[2], reference[0])) == (effect is Effect.RESTORES_WILD_TYPE)
    if effect in {Effect.RESTORES_PROTEIN, Effect.RESTORES_WILD_TYPE}:
        assert as_healthy
        assert splices[0] == splices[2]
    elif effect is Effect.NO_EFFECT:
        assert as_healthy or proteins[0] == proteins[1]
        assert splices[0] in splices[1:]
    elif effect is Effect.PROTEIN_CHANGED:
        assert not as_healthy
    elif effect is Effect.KNOCKS_OUT:
        assert (
            len(proteins[0]) < len(reference[1])
            or proteins[0][:1] != ["Met"]
            or (splices[0] != splices[2])
            or proteins[0][-1] != "Ter"
        )
    else:
        assert effect is Effect.SPLICE_CHANGED
    if only_substitutions and outcome.protein.startswith("p.") and "?" not in outcome.protein:
        differ = [
            (old, number, new)
            for number, (old, new) in enumerate(zip(reference[1], proteins[0], strict=False), start=1)
            if old != new
        ]
        said = re.findall(r"([A-Z][a-z]{2})(\d+)([A-Z][a-z]{2})", outcome.protein)
        if "delins" not in outcome.protein and "ext" not in outcome.protein:
            assert [(a, int(n), b) for a, n, b in said] == differ


def run_case(rng, reference, transcript, editors):
    """Make one patient, design, and hold everything against enumeration; return how many designs there were."""
    target = place_in(rng, transcript)
    wild = reference.fetch(transcript.contig, target, target + 1)
    sick_base = CHANGES[wild]
    variant = Variant(transcript.contig, target, wild, sick_base)
    zygosity = rng.choice((Zygosity.HOMOZYGOUS, Zygosity.HETEROZYGOUS))
    homozygous = zygosity is Zygosity.HOMOZYGOUS
    beside = neighbours(rng, reference, transcript, target)
    calls = [
        Call(variant, (True, True) if homozygous else (True, False), phase_set=None if homozygous else "1")
    ]
    fixed, loose = [], []
    for one in beside:
        kind = rng.choice(("both", "cis", "unphased"))
        if kind == "both":
            calls.append(Call(one, (True, True)))
            fixed.append(one)
        elif kind == "cis" and not homozygous:
            calls.append(Call(one, (True, False), phase_set="1"))
            fixed.append(one)
        else:
            calls.append(Call(one, (True, False)))
            loose.append(one)
    genome = person(reference, *calls)
    allele = allele_of(variant, transcript, reference, zygosity)
    strategy = Strategy(
        "base_editing", Route.RESTORE_WILD_TYPE, target_of(transcript, allele), (), allele=allele
    )
    assert restoring_wish(allele) is not None
    options = DesignOptions(tuple(editor.key for editor in editors), (), 10_000)
    batch = BASE_EDITING.design(strategy, genome, None, options)

    # The part of the gene that the editor sees holds the variants; the rest of the transcript is the reference.
    by_hand, copies_with = {}, {}
    for count in range(len(loose) + 1):
        for chosen in combinations(loose, count):
            others = [*fixed, *chosen]
            inside = haplotype(reference, transcript.contig, target - 40, target + 41, [variant, *others])
            found = guides_by_hand(inside, target, sick_base, wild, editors)
            # Behind a frameshift the text of a protein hides what follows: edits there are judged without it.
            told = [] if any((len(v.ref) - len(v.alt)) % 3 for v in others) else others
            sick = gene_copy(reference, transcript, [variant, *told])
            healthy = gene_copy(reference, transcript, told)
            texts = read(sick, transcript), read(healthy, transcript)
            for key, (indexes, strand) in found.items():
                places = [inside[i].place for i in indexes]
                by_hand[key] = by_hand.get(key, 0) + 1
                copies_with.setdefault(key, []).append((places, strand, sick, texts, others))
    made = {(d.effector, d.guides[0].spacer, d.guides[0].pam): d for d in batch.designs}
    assert set(made) == set(by_hand), (str(variant), [str(c) for c in calls])
    as_reference = read(gene_copy(reference, transcript, []), transcript)
    for key, design in made.items():
        editor = knowledge.editors()[key[0]]
        first_problem = None
        for places, strand, sick, texts, others in copies_with[key]:
            try:
                assert {c.position for o in design.outcomes for c in o.changes} <= set(places)
                assert len(design.outcomes) == 2 ** len(places) - 1
                index_of = {base.place: i for i, base in enumerate(sick)}
                for outcome in design.outcomes:
                    now = edited(sick, [index_of[c.position] for c in outcome.changes], strand, editor)
                    check_outcome(
                        outcome,
                        transcript,
                        now=now,
                        sick=texts[0],
                        healthy=texts[1],
                        only_substitutions=all(len(v.ref) == len(v.alt) for v in others),
                        reference=as_reference,
                    )
            except AssertionError as problem:
                first_problem = first_problem or problem
            else:
                break
        else:
            pytest.fail(f"{variant} {calls} {key}: {first_problem}")
    return len(made)


def campaign(real_genes, seed, cases):
    reference, transcripts = real_genes
    rng = random.Random(seed)
    everyone = list(knowledge.editors().values())
    designs = sum(
        run_case(rng, reference, rng.choice(transcripts), rng.sample(everyone, 6)) for _ in range(cases)
    )
    assert designs > 2 * cases


def test_designs_and_outcomes_of_random_transitions(real_genes):
    campaign(real_genes, 11, 200)


@pytest.mark.long
def test_designs_and_outcomes_of_many_random_transitions(real_genes):
    campaign(real_genes, 12, 4000)


@pytest.mark.parametrize("minus", [False, True])
def test_every_transition_of_a_toy_gene(minus):
    """Codons split by introns, start, stop and splice sites: every base of a small gene, on both strands."""
    reference, transcript = toy_gene(minus=minus)
    rng = random.Random(5)
    editors = [knowledge.editors()[key] for key in ("abe8e_spry", "spry_be4max", "lbabe8e", "sakkh_be3")]
    designs = sum(run_case(rng, reference, transcript, editors) for _ in range(60))
    assert designs > 100
