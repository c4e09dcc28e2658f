"""Made-up people whose sites are known: a copy is written first, and the reference is made from it.

Each *plan* is one site: a guide's DNA and PAM with a few edits lie on a copy, and variants are chosen that are needed
to spell it. Undoing them gives the reference. So the truth is known without the program under test.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from campaigns import site_within
from offtarget_cases import random_bases

from revertant.model import Call, OffTargetRequest, PamSide, SearchLimits, Sex, Variant

#: Name, and copies a man has. Y and the mitochondrion have one, X one outside the pseudoautosomal regions.
CONTIGS = (("chr1", 2), ("chr2", 2), ("chr3", 2), ("chrX", 1), ("chrY", 1), ("chrM", 1))
GUIDES = (
    ("NGG", PamSide.THREE_PRIME, 20),
    ("TTTV", PamSide.FIVE_PRIME, 23),
    ("NNGRRT", PamSide.THREE_PRIME, 21),
)


@dataclass
class Plan:
    """One planted site: where it lies, which kinds of variants spell it, on which copies.

    ``text`` is what a copy that carries the variants holds in place of ``reference``, and ``pam_start`` counts on
    it. A site that is to be destroyed lies on ``reference`` instead.
    """

    contig: str
    guide: int
    kinds: tuple[str, ...]
    zygosity: str
    copies: tuple[bool, ...]
    variants: list[Variant]
    place: str
    text: str
    pam_start: int
    is_minus: bool
    reference: str
    is_destroyed: bool


@dataclass
class Person:
    """A reference, the calls of one person, and what was planted."""

    contigs: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    requests: tuple[OffTargetRequest, ...] = ()
    sex: Sex = Sex.MALE

    def carried(self, contig: str, copy: int) -> list[Variant]:
        """The variants of one copy (of a haploid contig: copy 0)."""
        return [c.variant for c in self.calls if c.variant.contig == contig and c.copies[copy]]

    def copies(self, contig: str) -> int:
        return dict(CONTIGS)[contig]


def _other(rng: random.Random, base: str) -> str:
    return rng.choice([x for x in "ACGT" if x != base])


def _undo(rng: random.Random, text: str, at: int, kind: str) -> tuple[int, str, str] | None:
    """A change that makes ``text[at:]`` out of something else: (bases of the text taken up, REF, ALT)."""
    if kind == "SNV":
        return 1, _other(rng, text[at]), text[at]
    size = rng.randint(2, 4)
    if kind == "insertion":  # the person has bases more
        size = rng.randint(1, 4)
        alt = text[at : at + size]
        return (size, "", alt) if len(alt) == size else None
    if kind == "deletion":  # the reference has bases more
        return 0, random_bases(rng, rng.randint(1, 6)), ""
    alt = text[at : at + size]
    if len(alt) < size:
        return None
    ref = _other(rng, alt[0]) + random_bases(rng, rng.randint(0, 2)) + _other(rng, alt[-1])
    return size, ref, alt


def _disturb(one: tuple[int, int, str, str], other: tuple[int, int, str, str], apart: int) -> bool:
    (start, end, ref, _), (other_start, other_end, other_ref, _) = one, other
    if start == other_start or (start < other_end + apart and other_start < end + apart):
        return True
    # Two insertions side by side would be one.
    return not ref and not other_ref and (start == other_end or other_start == end)


def _changed(
    rng: random.Random, text: str, low: int, high: int, *, count: int, apart: int
) -> tuple[list[tuple[int, int, str, str]], tuple[str, ...]]:
    """Choose ``count`` changes of ``text[low:high]``: (start, end in the text, REF, ALT), ``apart`` or more."""
    changes: list[tuple[int, int, str, str]] = []
    kinds: list[str] = []
    for _ in range(60):
        if len(changes) == count:
            break
        kind = rng.choice(("SNV", "SNV", "insertion", "deletion", "MNV"))
        at = rng.randint(low + 1, high - 1) if kind == "deletion" else rng.randint(low, high - 1)
        made = _undo(rng, text, at, kind)
        if made is None:
            continue
        taken, ref, alt = made
        change = at, at + taken, ref, alt
        if change[1] > high or any(_disturb(change, other, apart) for other in changes):
            continue
        changes.append(change)
        kinds.append(kind)
    order = sorted(range(len(changes)), key=lambda index: changes[index])
    return [changes[index] for index in order], tuple(kinds[index] for index in order)


def make_person(seed: int, *, sites_each: int = 2, settled: bool = False) -> Person:
    """Make a reference and a person with planted sites on every kind of contig.

    With ``settled`` all indels are written where a caller writes them, as far left as they go on the reference.
    """
    rng = random.Random(seed)
    person = Person()
    apart = 1 if settled else rng.choice((0, 1, 1))
    requests = []
    for pam, side, size in GUIDES:
        limits = SearchLimits(rng.randint(1, 4), rng.randint(0, 1), rng.randint(0, 1))
        requests.append(OffTargetRequest(random_bases(rng, size), pam, side, limits))
    person.requests = tuple(requests)
    for contig, copies in CONTIGS:
        is_unphased = contig == "chr3"
        parts: list[str] = []
        length = 0
        places = ["first", *["middle"] * (sites_each - 1)]
        if rng.random() < 0.5:
            places = [*["middle"] * (sites_each - 1), "last"]
        for place in places:
            guide = rng.randrange(len(requests))
            plan = _planted(
                rng, contig, copies, guide, requests[guide], place=place, is_unphased=is_unphased, apart=apart
            )
            for variant in plan.variants:
                moved = Variant(contig, length + variant.start, variant.ref, variant.alt)
                person.calls.append(Call(moved, plan.copies, None if is_unphased or copies == 1 else "1"))
            plan.variants = [Variant(contig, length + v.start, v.ref, v.alt) for v in plan.variants]
            person.plans.append(plan)
            parts.append(plan.reference)
            length += len(plan.reference)
        person.contigs[contig] = "".join(parts)
    if settled and not all(
        _is_settled(call.variant, person.contigs[call.variant.contig]) for call in person.calls
    ):
        return make_person(seed + 1_000_003, sites_each=sites_each, settled=True)
    return person


def _planted(
    rng: random.Random,
    contig: str,
    copies: int,
    guide: int,
    request: OffTargetRequest,
    *,
    place: str,
    is_unphased: bool,
    apart: int,
) -> Plan:
    """One site and the stretch of reference it lies in; the variants count from the start of the stretch."""
    site, is_minus = site_within(rng, request)
    far_left, far_right = random_bases(rng, rng.randint(70, 110)), random_bases(rng, rng.randint(70, 110))
    left = "" if place == "first" else far_left
    right = "" if place == "last" else far_right
    text = left + site + right
    count = rng.choice((1, 1, 2, 3, 4, 5, 6, 7, 8))
    if is_unphased:
        count = min(count, 4)
    changes, kinds = _changed(rng, text, len(left), len(left) + len(site), count=count, apart=apart)
    if place == "first" and rng.random() < 0.5 and not any(start < 2 for start, _, _, _ in changes):
        changes, kinds = [(0, 1, _other(rng, text[0]), text[0]), *changes][:8], ("SNV", *kinds)[:8]
    if place == "last" and rng.random() < 0.5 and not any(end > len(text) - 2 for _, end, _, _ in changes):
        end = len(text)
        changes = [*changes[:7], (end - 1, end, _other(rng, text[-1]), text[-1])]
        kinds = (*kinds[:7], "SNV")
    is_destroyed = not is_unphased and rng.random() < 0.25
    parts, variants, at, length = [], [], 0, 0
    for start, end, ref, alt in changes:
        parts += [text[at:start], ref]
        length += start - at
        # Where the site is to be destroyed, the copy that was written is the reference, and the change is undone.
        variants.append(
            Variant(contig, start, alt, ref) if is_destroyed else Variant(contig, length, ref, alt)
        )
        length += len(ref)
        at = end
    parts.append(text[at:])
    if copies == 1:
        zygosity, carried = "haploid", (True,)
    else:
        zygosity, carried = rng.choice(
            (("heterozygous", (True, False)), ("heterozygous", (False, True)), ("homozygous", (True, True)))
        )
        if is_unphased and zygosity == "heterozygous":
            zygosity = "unphased"
    pam_at_left = (request.pam_side is PamSide.THREE_PRIME) == is_minus
    pam_start = len(left) if pam_at_left else len(left) + len(site) - len(request.pam)
    reference = "".join(parts)
    if is_destroyed:
        text, reference = reference, text
    return Plan(
        contig,
        guide,
        kinds,
        zygosity,
        carried,
        variants,
        place,
        text,
        pam_start,
        is_minus,
        reference,
        is_destroyed,
    )


def _is_settled(variant: Variant, reference: str) -> bool:
    """Whether an indel stands as far left as it goes, as callers write it."""
    if variant.ref and variant.alt:
        return True
    longer = variant.ref or variant.alt
    if variant.start == 0:
        # Its record has the base at its right, which must not be one it can change places with.
        return longer[0] != reference[len(variant.ref)]
    return reference[variant.start - 1] != longer[-1]


def vcf_text(person: Person, sample: str = "planted") -> str:
    """Write the person as a VCF, indels with the base at their left (at the start of a contig, their right)."""
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"
    lines = ["##fileformat=VCFv4.3"]
    lines += [f"##contig=<ID={name},length={len(text)}>" for name, text in person.contigs.items()]
    lines.append(f"{columns}\t{sample}")
    by_contig: dict[str, list[Call]] = defaultdict(list)
    for call in person.calls:
        by_contig[call.variant.contig].append(call)
    for contig, reference in person.contigs.items():
        for call in sorted(by_contig[contig], key=lambda one: one.variant):
            start, ref, alt = call.variant.start, call.variant.ref, call.variant.alt
            if not ref or not alt:
                if start:
                    start -= 1
                    ref, alt = reference[start] + ref, reference[start] + alt
                else:
                    after = reference[len(ref)]
                    ref, alt = ref + after, alt + after
            joint = "/" if call.phase_set is None and len(call.copies) > 1 else "|"
            genotype = joint.join("1" if carries else "0" for carries in call.copies)
            lines.append(f"{contig}\t{start + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t{genotype}")
    return "\n".join(lines) + "\n"
