"""Genes: variants, both copies, and how many copies there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from revertant.knowledge import Criterion, find_gene, genes
from revertant.trials.eligibility.atoms import Atom, bounded
from revertant.trials.eligibility.grammar import pattern
from revertant.trials.eligibility.numbers import Comparison, Side, comparisons

__all__ = ["genes_of"]

#: Genes whose copies are counted and that the catalogue of genes does not hold as targets of their own.
_COUNTED = {"SMN2"}
_CHANGE = re.compile(
    r"\b(?:mutations?|variants?|deletions?|mutated|genotypes?|loss[\s-]of[\s-]function)\b", re.IGNORECASE
)


@cache
def _symbols() -> re.Pattern[str]:
    names = sorted({*genes(), *_COUNTED}, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-]*\w)")


def genes_of(text: str) -> Iterator[Atom]:
    """Yield what a levelled line asks of genes and their copies.

    Examples
    --------
    >>> [(one.wanted.gene, one.wanted.at_most) for one in genes_of("Up to 3 copies of SMN2")]
    [('SMN2', 3.0)]
    >>> [(one.wanted.asks, one.wanted.gene) for one in genes_of("Biallelic mutations in RPE65")]
    [('biallelic', 'RPE65')]
    """
    lower = text.lower()
    if not any(stem in lower for stem in ("mutat", "variant", "delet", "genotyp", "loss", "cop")):
        return
    for segment in re.finditer(r"[^;]+", text):
        at, part = segment.start(), segment[0]
        symbols = list(_symbols().finditer(part))
        named = {found[0] for found in symbols}
        counts = list(_copies(part))
        for gene, comparison in counts:
            asked = Criterion(key="", kind="indication", asks="copies", text="", gene=gene)
            wanted, barred = bounded(asked, comparison)
            yield Atom(at + comparison.start, at + comparison.end, "copies", wanted, barred)
        left = named - {gene for gene, _ in counts} - _COUNTED
        change = _CHANGE.search(part)
        if len(left) != 1 or not change:
            continue
        gene = left.pop()
        place = next(found for found in symbols if found[0] == gene)
        if find_gene(gene) is None:
            continue
        both = pattern("both").search(part)
        near = (both.start() if both else change.start(), place.start())
        words = part[min(near) : max(place.end(), change.end())]
        if pattern("names_a_change").search(part) and not (both and gene == "SMN1"):
            continue
        if len(words) > 140 or (
            not both
            and re.search(
                r"\b(?:without|no|not|negative|single|hetero(?!zygous\s+or\s+homo))", words, re.IGNORECASE
            )
        ):
            continue
        asked = Criterion(
            key="", kind="indication", asks="biallelic" if both else "variant", text="", gene=gene
        )
        yield Atom(at + min(near), at + max(place.end(), change.end()), "genotype", asked, None)


_COPY_BEFORE = re.compile(
    r"cop(?:y|ies)(?:\s+numbers?)?\s+(?:of|for)\s+(?:the\s+)?(?:\w+\s+)?$", re.IGNORECASE
)


def _exactly(found: Comparison) -> Comparison:
    """Return a number alone as a range of one; none at all has no lower end."""
    number = found.bare or 0.0
    return replace(found, low=Side(">=", number) if number else None, high=Side("<=", number), bare=None)


def _copies(part: str) -> Iterator[tuple[str, Comparison]]:
    """Yield each gene with the number of its copies: "2 to 4 copies of SMN2", "SMN2 copy number of 3 or more"."""
    if not re.search(r"\bcop(?:y|ies)\b", part, re.IGNORECASE):
        return
    symbols = list(_symbols().finditer(part))
    used: set[int] = set()
    for written in comparisons(part):
        found = _exactly(written) if written.bare is not None else written
        if found.unit not in {"", "copies"}:
            continue
        after = part[found.end :]
        place = None
        if ahead := re.match(
            r"\s*(?:functional\s+|intact\s+|gene\s+|confirmed\s+)*(?:cop(?:y|ies)\s*)?(?:\(s\)\s*)?(?:of\s+)?(?:the\s+)?(?:survival\s+motor\s+neuron\s*\d?\s*\(?)?(?:functional\s+)?(?=[A-Z])",
            after,
        ):
            place = next((one for one in symbols if one.start() == found.end + ahead.end()), None)
            if place and "cop" not in part[found.start : place.end() + 10].lower():
                place = None
        if place is None:
            place = next(
                (
                    one
                    for one in reversed(symbols)
                    if one.end() <= found.start
                    and re.fullmatch(
                        r"\s*\)?\s*(?:gene\s+)?(?:cop(?:y|ies)\s*)?(?:numbers?\s*)?(?:\(\w+\)\s*)?(?:must|should|be|is|are|of|=|:|in|equal|to|has|have|with|,|a|total|confirmed|\s)*",
                        part[one.end() : found.start],
                        re.IGNORECASE,
                    )
                    and "cop" in part[one.end() : found.end + 8].lower()
                ),
                None,
            )
        if place is None or place.start() in used:
            continue
        used.add(place.start())
        start, end = min(place.start(), found.start), max(place.end(), found.end)
        yield place[0], Comparison(start, end, found.low, found.high)
