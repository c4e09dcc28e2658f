"""What base edits would serve a route: the wished-for changes, before any guide is looked for.

A base editor makes one kind of conversion (A→G, C→T, C→G) on the strand its guide reads; on the other strand
that reads as the complement. A wish is therefore a set of base changes on the forward strand, and a chemistry
either can or cannot make all of them with one guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from revertant.genome import Reference
from revertant.model import Allele, BaseChange, Effect, Locus, Site, Strand, Transcript, VariantKind
from revertant.sequence import CODONS, complement, matches, reverse_complement, three_letter

__all__ = [
    "Conversion",
    "Wish",
    "codon_edits",
    "codon_wishes",
    "guide_strands",
    "hiding_wishes",
    "knock_out_wishes",
    "restoring_wish",
    "site_wishes",
    "wrong_splice_sites",
]

#: ``(before, after)`` on the strand the guide reads.
Conversion = tuple[str, str]

#: Share of the coding sequence, from the start, in which a stop codon is taken to end the protein early enough:
#: this project's own rule of thumb.
EARLY_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Wish:
    """Base changes that would serve a route.

    Parameters
    ----------
    changes
        On the forward strand, by reference position.
    effect
        What they are meant to achieve.
    label
        The wish in words.
    place
        Smaller is better placed (share of the coding sequence before the edit, for knock-outs).
    """

    changes: tuple[BaseChange, ...]
    effect: Effect
    label: str
    place: float = 0.0


def guide_strands(changes: Iterable[BaseChange], conversions: Iterable[Conversion]) -> tuple[Strand, ...]:
    """Return the guide strands on which an editor with these conversions can make all the changes.

    Examples
    --------
    >>> guide_strands([BaseChange(5, "A", "G")], [("A", "G")])
    (<Strand.PLUS: '+'>,)
    >>> guide_strands([BaseChange(5, "G", "A")], [("C", "T")])
    (<Strand.MINUS: '-'>,)
    >>> guide_strands([BaseChange(5, "T", "A")], [("A", "G"), ("C", "T")])
    ()
    """
    wanted = [(change.before, change.after) for change in changes]
    able = set(conversions)
    strands = []
    if able.issuperset(wanted):
        strands.append(Strand.PLUS)
    if able.issuperset((complement(before), complement(after)) for before, after in wanted):
        strands.append(Strand.MINUS)
    return tuple(strands)


def restoring_wish(allele: Allele) -> Wish | None:
    """Return the wish that turns the allele back into the reference; ``None`` for indels."""
    variant = allele.variant
    if variant.kind not in {VariantKind.SUBSTITUTION, VariantKind.MULTI_SUBSTITUTION}:
        return None
    changes = tuple(
        BaseChange(variant.start + offset, now, wild)
        for offset, (wild, now) in enumerate(zip(variant.ref, variant.alt, strict=True))
        if wild != now
    )
    return Wish(changes, Effect.RESTORES_WILD_TYPE, f"{allele.name} back to the reference")


def codon_edits(now: str, wild: str, residues: str, conversions: Iterable[Conversion]) -> tuple[str, ...]:
    """Find the codons that base edits can make of a codon and that spell a wanted residue.

    Parameters
    ----------
    now, wild
        The patient's codon and the reference's, on the coding strand; both are left out of the answer.
    residues
        Wanted one-letter residues.
    conversions
        What editors can do on the strand their guide reads; one codon is made with one conversion and one strand.

    Returns
    -------
    tuple[str, ...]
        Fewest edits first, then by name.

    Examples
    --------
    >>> codon_edits("GTG", "GAG", "A", [("A", "G")])
    ('GCG',)
    >>> codon_edits("GTG", "GAG", "E", [("A", "G"), ("C", "T")])
    ()
    """
    found = set()
    for before, after in conversions:
        for source, made in ((before, after), (complement(before), complement(after))):
            choices = [(base, made) if base == source else (base,) for base in now]
            found |= {
                codon for codon in map("".join, product(*choices)) if CODONS.get(codon, "X") in residues
            }
    found -= {now, wild}
    return tuple(
        sorted(found, key=lambda codon: (sum(a != b for a, b in zip(now, codon, strict=True)), codon))
    )


def codon_wishes(
    allele: Allele, transcript: Transcript, residues: str, conversions: Iterable[Conversion]
) -> Iterator[Wish]:
    """Find the edits of the mutant codon that give a wanted residue without restoring the reference.

    Parameters
    ----------
    allele
        A substitution inside the coding sequence; anything else has no such edit.
    transcript
        The reading frame.
    residues
        Wanted one-letter residues.
    conversions
        What editors can do.

    Yields
    ------
    Wish
        Fewest edits first.
    """
    index = transcript.genome_to_coding(allele.variant.start)
    now, wild = allele.consequence.codon_after, allele.consequence.codon_before
    if (
        index is None
        or allele.variant.kind is not VariantKind.SUBSTITUTION
        or len(now) != 3
        or len(wild) != 3
    ):
        return
    first = index - index % 3
    minus = transcript.strand is Strand.MINUS
    places = [transcript.coding_to_genome(first + offset) for offset in range(3)]
    for codon in codon_edits(now, wild, residues, conversions):
        changes = tuple(
            _forward(place, old, new, minus=minus)
            for place, old, new in sorted(zip(places, now, codon, strict=True))
            if old != new
        )
        effect = Effect.RESTORES_PROTEIN if CODONS[codon] == CODONS[wild] else Effect.BENIGN_SUBSTITUTION
        number = first // 3 + 1
        residues_named = f"{three_letter(CODONS[now])}{number}{three_letter(CODONS[codon])}"
        yield Wish(changes, effect, f"codon {number} {now} to {codon} ({residues_named})")


def wrong_splice_sites(
    allele: Allele, transcript: Transcript, reference: Reference
) -> tuple[tuple[int, str], ...]:
    """Find the GT and AG on the transcript's strand that a substitution has made.

    Returns
    -------
    tuple[tuple[int, str], ...]
        First reference position and forward bases of each; empty for indels, and where none was made.

    Examples
    --------
    >>> from revertant.model import Consequence, ConsequenceTerm, Pathogenicity, Variant, Zygosity
    >>> reference = Reference.from_sequences({"s": "CCCACTACCC"})
    >>> gene = Transcript("T.1", "G", "s", Strand.PLUS, ((0, 10),))
    >>> none = Consequence("T.1", "G", (ConsequenceTerm.INTRON,))
    >>> allele = Allele(Variant("s", 4, "C", "G"), Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, none)
    >>> wrong_splice_sites(allele, gene, reference)
    ((3, 'AG'), (4, 'GT'))
    """
    variant = allele.variant
    if variant.kind is not VariantKind.SUBSTITUTION:
        return ()
    low, high = variant.start - 1, variant.start + 2
    if low < 0 or not reference.covers(Locus(variant.contig, low, high)):
        return ()
    wild = reference.fetch(variant.contig, low, high)
    now = wild[0] + variant.alt + wild[2]
    minus = transcript.strand is Strand.MINUS
    motifs = {reverse_complement(motif) if minus else motif for motif in ("GT", "AG")}
    return tuple((low + at, now[at : at + 2]) for at in range(2) if now[at : at + 2] in motifs)


def hiding_wishes(
    allele: Allele, transcript: Transcript, reference: Reference, conversions: Iterable[Conversion]
) -> Iterator[Wish]:
    """Find single-base edits that break the wrong splice site an allele has made without restoring the allele.

    Yields
    ------
    Wish
        From left to right.
    """
    able = set(conversions)
    both = able | {(complement(before), complement(after)) for before, after in able}
    variant = allele.variant
    minus = transcript.strand is Strand.MINUS
    for start, motif in wrong_splice_sites(allele, transcript, reference):
        read = reverse_complement(motif) if minus else motif
        name = "donor" if read == "GT" else "acceptor"
        for offset, base in enumerate(motif):
            for before, after in sorted(both):
                if before != base or (start + offset == variant.start and after == variant.ref):
                    continue
                left = motif[:offset] + after + motif[offset + 1 :]
                label = f"wrong splice {name} broken: {read} to {reverse_complement(left) if minus else left}"
                yield Wish((BaseChange(start + offset, before, after),), Effect.SPLICE_CHANGED, label)


def knock_out_wishes(
    transcript: Transcript, reference: Reference, conversions: Iterable[Conversion]
) -> Iterator[Wish]:
    """Find single-base edits that end the protein: an early stop codon, a lost start, a broken splice site.

    Yields
    ------
    Wish
        In the order of the transcript. Stop codons count within the first half of the coding sequence; splice
        sites count where the exon or intron they bound lies in that half.
    """
    able = sorted(set(conversions))
    both = set(able) | {(complement(before), complement(after)) for before, after in able}
    total = transcript.coding_bases
    if not total:
        return
    minus = transcript.strand is Strand.MINUS
    coding = "".join(_sense(reference, transcript, start, end) for start, end in transcript.coding_exons)
    start_codon = [
        (offset, after)
        for offset in range(3 if transcript.has_start else 0)
        for before, after in sorted(both)
        if coding[offset] == before
    ]
    for offset, after in start_codon:
        place = transcript.coding_to_genome(offset)
        yield Wish(
            (_forward(place, coding[offset], after, minus=minus),), Effect.KNOCKS_OUT, "start codon lost", 0.0
        )
    for first in range(3 if transcript.has_start else 0, int(total * EARLY_SHARE) // 3 * 3, 3):
        codon = coding[first : first + 3]
        for offset in range(3):
            for before, after in sorted(both):
                if codon[offset] != before:
                    continue
                stop = codon[:offset] + after + codon[offset + 1 :]
                if CODONS.get(stop) == "*" and CODONS.get(codon) not in {"*", None}:
                    place = transcript.coding_to_genome(first + offset)
                    residue = three_letter(CODONS[codon])
                    yield Wish(
                        (_forward(place, codon[offset], after, minus=minus),),
                        Effect.KNOCKS_OUT,
                        f"stop codon instead of {residue}{first // 3 + 1}",
                        first / total,
                    )
    yield from _splice_wishes(transcript, reference, both)


def _splice_wishes(
    transcript: Transcript, reference: Reference, conversions: set[Conversion]
) -> Iterator[Wish]:
    """Edits of the GT and AG that bound coding exons in the early part of the coding sequence."""
    minus = transcript.strand is Strand.MINUS
    exons = transcript.ordered_exons
    for number, (start, end) in enumerate(exons, start=1):
        last = start if minus else end - 1
        before_end = transcript.genome_to_coding(last)
        if number == len(exons) or before_end is None or before_end > transcript.coding_bases * EARLY_SHARE:
            continue
        following = exons[number]
        donor = (start - 2, start) if minus else (end, end + 2)
        acceptor = (following[1], following[1] + 2) if minus else (following[0] - 2, following[0])
        for name, motif, (low, high) in (("donor", "GT", donor), ("acceptor", "AG", acceptor)):
            if not reference.covers(_locus(transcript, low, high)):
                continue
            if _sense(reference, transcript, low, high) != motif:
                continue
            exon = number if name == "donor" else number + 1
            for offset, base in enumerate(motif):
                for source, after in sorted(conversions):
                    if source != base:
                        continue
                    place = high - 1 - offset if minus else low + offset
                    yield Wish(
                        (_forward(place, base, after, minus=minus),),
                        Effect.KNOCKS_OUT,
                        f"splice {name} of exon {exon} broken: {motif[:offset]}{after}{motif[offset + 1 :]}",
                        before_end / transcript.coding_bases,
                    )


def _locus(transcript: Transcript, low: int, high: int) -> Locus:
    return Locus(transcript.contig, low, high)


def _sense(reference: Reference, transcript: Transcript, start: int, end: int) -> str:
    bases = reference.fetch(transcript.contig, start, end)
    return bases if transcript.strand is Strand.PLUS else reverse_complement(bases)


def _forward(place: int, before: str, after: str, *, minus: bool) -> BaseChange:
    return BaseChange(place, complement(before) if minus else before, complement(after) if minus else after)


def site_wishes(site: Site, reference: Reference, conversions: Iterable[Conversion]) -> Iterator[Wish]:
    """Find single-base edits that destroy the motif of a regulatory site, on either strand."""
    able = set(conversions)
    both = able | {(complement(before), complement(after)) for before, after in able}
    bases = reference.fetch(site.locus.contig, site.locus.start, site.locus.end)
    for offset, base in enumerate(bases):
        for before, after in sorted(both):
            left = bases[:offset] + after + bases[offset + 1 :]
            intact = matches(site.motif, left) or matches(site.motif, reverse_complement(left))
            if before == base and not intact:
                change = BaseChange(site.locus.start + offset, before, after)
                yield Wish((change,), Effect.DISRUPTS_SITE, f"{site.name}: {bases} to {left}")
