"""Random cases for the off-target tests, and an aligner that knows nothing but enumeration."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from revertant.model import Call, OffTargetRequest, PamSide, SearchLimits, Variant
from revertant.sequence import IUPAC_MASK

PAMS = ("NGG", "NRG", "NGA", "NNGRRT", "TTTV", "NG", "NN", "N", "NNN")
GENOME = {letter: mask for letter, mask in IUPAC_MASK.items() if letter not in "NU"}


def random_bases(rng: random.Random, size: int, letters: str = "ACGT") -> str:
    return "".join(rng.choices(letters, k=size))


def random_request(rng: random.Random) -> OffTargetRequest:
    size = rng.choice((4, 5, 6, 8, 12, 17, 20, 23, 25))
    spacer = random_bases(rng, size)
    if rng.random() < 0.3:
        at = rng.randrange(size)
        spacer = spacer[:at] + rng.choice("RYSWKMBDHVN") + spacer[at + 1 :]
    limits = SearchLimits(
        rng.randint(0, min(4, size - 1)),
        rng.choice((0, 0, 1, 2)),
        rng.choice((0, 0, 1, 2)),
        rng.choice((None, None, 1, 3, 5)),
        end_bulges=rng.random() < 0.3,
    )
    return OffTargetRequest(spacer, rng.choice(PAMS), rng.choice(list(PamSide)), limits)


def resembling(rng: random.Random, request: OffTargetRequest) -> str:
    """The guide beside its PAM, with a few edits, on either strand."""
    letters = [rng.choice(sorted(b for b in "ACGT" if GENOME[b] & IUPAC_MASK[x])) for x in request.spacer]
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(letters))
        kind = rng.random()
        if kind < 0.6:
            letters[at] = rng.choice("ACGT")
        elif kind < 0.8:
            letters.insert(at, rng.choice("ACGT"))
        elif len(letters) > 2:
            del letters[at]
    pam = "".join(rng.choice(sorted(b for b in "ACGT" if GENOME[b] & IUPAC_MASK[x])) for x in request.pam)
    three = request.pam_side is PamSide.THREE_PRIME
    text = "".join(letters) + pam if three else pam + "".join(letters)
    if rng.random() < 0.5:
        text = text[::-1].translate(str.maketrans("ACGT", "TGCA"))
    return text


def random_case(rng: random.Random) -> tuple[list[str], OffTargetRequest]:
    """A few short contigs, some with N and IUPAC codes, with sites planted in the middle and at the ends."""
    request = random_request(rng)
    sequences = []
    for _ in range(rng.randint(1, 2)):
        parts = [random_bases(rng, rng.randint(0, 25))]
        for _ in range(rng.randint(0, 2)):
            parts += [resembling(rng, request), random_bases(rng, rng.randint(0, 12))]
        text = "".join(parts)
        if text and rng.random() < 0.3:
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice("NNRYSWKMBDHV") + text[at + 1 :]
        if rng.random() < 0.2:
            text = text[rng.randint(0, 4) :]
        sequences.append(text)
    return sequences, request


def alignments(
    guide: str, dna: str, limits: SearchLimits
) -> Iterator[tuple[int, int, tuple[int, ...], str, str, int, int]]:
    """Every alignment within the limits, as (bulges, mismatches, column kinds, rows, DNA and RNA bulges)."""

    def grow(j: int, t: int, m: int, d: int, r: int, kinds: tuple[int, ...], top: str, low: str):
        if m > limits.mismatches or d > limits.dna_bulges or r > limits.rna_bulges:
            return
        if limits.total_edits is not None and m + d + r > limits.total_edits:
            return
        if j == len(guide):
            if limits.end_bulges or (kinds[0] == 0 and kinds[-1] == 0):
                yield d + r, m, kinds, top, low, d, r
            if t < len(dna) and limits.end_bulges:
                yield from grow(j, t + 1, m, d + 1, r, (*kinds, 1), top + "-", low + dna[t])
            return
        if t < len(dna):
            wrong = not IUPAC_MASK[guide[j]] & GENOME.get(dna[t], 0)
            yield from grow(j + 1, t + 1, m + wrong, d, r, (*kinds, 0), top + guide[j], low + dna[t])
            yield from grow(j, t + 1, m, d + 1, r, (*kinds, 1), top + "-", low + dna[t])
        yield from grow(j + 1, t, m, d, r + 1, (*kinds, 2), top + guide[j], low + "-")

    return grow(0, 0, 0, 0, 0, (), "", "")


def substituted(reference: str, variants: list[Variant]) -> str:
    """The reference with variants written into it."""
    for variant in sorted(variants, reverse=True):
        assert reference[variant.start : variant.end] == variant.ref
        reference = reference[: variant.start] + variant.alt + reference[variant.end :]
    return reference


def random_variants(rng: random.Random, reference: str, contig: str, *, snv_only: bool) -> list[Variant]:
    """Variants at least a base apart, over the whole sequence."""
    variants, at = [], rng.randint(0, 12)
    while at < len(reference) - 8:
        kind = 0.0 if snv_only else rng.random()
        base = reference[at]
        if kind < 0.5:
            variant = Variant(contig, at, base, rng.choice([x for x in "ACGT" if x != base]))
        elif kind < 0.7:
            variant = Variant(contig, at, reference[at : at + rng.randint(1, 6)], "")
        elif kind < 0.9:
            variant = Variant(contig, at, "", random_bases(rng, rng.randint(1, 6)))
        else:
            ref = reference[at : at + rng.randint(2, 4)]
            first = rng.choice([x for x in "ACGT" if x != ref[0]])
            last = rng.choice([x for x in "ACGT" if x != ref[-1]])
            variant = Variant(contig, at, ref, first + random_bases(rng, rng.randint(0, 2)) + last)
        variants.append(variant)
        at = variant.end + rng.randint(1, 40)
    return variants


def random_calls(rng: random.Random, variants: list[Variant]) -> list[Call]:
    patterns = ((True, False), (False, True), (True, True))
    return [Call(variant, rng.choice(patterns), phase_set="1") for variant in variants]


def content(item: object) -> tuple[object, ...]:
    """What a site is made of, wherever it lies; for hits and sites alike."""
    strand = getattr(item, "strand", None) or item.locus.strand
    return strand, item.pam, item.aligned_spacer, item.aligned_target


def on_copy(sites, copy: str) -> Counter:
    return Counter(content(site) for site in sites if copy in site.haplotypes)
