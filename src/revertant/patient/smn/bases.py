"""Bases of both genes at the places that matter, fragment by fragment.

The two reads of a fragment are one observation: where they disagree, the base counts for nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from revertant.patient.smn.alignments import DUPLICATE, Alignments, primary_reads
from revertant.patient.smn.counts import ExonBases, Fragment, SiteReads, TagReads
from revertant.patient.smn.loci import CONTIG, TAG_POSITIONS, exons, lifted, voting_sites

__all__ = ["read_bases"]

#: A base counts from this quality on (one error in a hundred).
LEAST_BASE_QUALITY = 20
#: Windows further apart than this are fetched one by one.
_NEAR_BP = 1_000

# CIGAR operations that use up letters of both, of the read (I, S), of the reference (D, N).
_BOTH = {0, 7, 8}
_QUERY = _BOTH | {1, 4}
_REFERENCE = _BOTH | {2, 3}

_Key = tuple[str, int, int]
_Seen = Mapping[str, Mapping[_Key, str]]


def read_bases(
    reads: Alignments,
) -> tuple[tuple[Fragment, ...], tuple[SiteReads, ...], TagReads, tuple[ExonBases, ...]]:
    """Read what the fragments show at the eight sites, at g.27134T>G and along the coding exons.

    Parameters
    ----------
    reads
        The open file.
    """
    seen, aligned = _bases(reads)
    fragments = tuple(sorted(filter(None, map(_shown, seen.values()))))
    return fragments, _site_reads(seen, aligned), _tag(seen), _exon_bases(seen)


def _places(build: str, gene: int) -> dict[int, list[_Key]]:
    """Places of one gene to look at, 0-based in the file's build, with what each of them is."""
    places: dict[int, list[_Key]] = {}
    for number, site in enumerate(voting_sites()):
        position = (site.smn1_position, site.smn2_position)[gene]
        places.setdefault(lifted(position - 1, build), []).append(("site", number, 0))
    places.setdefault(lifted(TAG_POSITIONS[gene] - 1, build), []).append(("tag", 0, 0))
    for number, exon in enumerate(exons()):
        start = lifted((exon.smn1_start, exon.smn2_start)[gene], build) - exon.FLANK
        for offset in range(len(exon.letters)):
            places.setdefault(start + offset, []).append(("exon", number, offset))
    return places


def _bases(reads: Alignments) -> tuple[dict[str, dict[_Key, str]], list[Counter[int]]]:
    """Read the bases of each fragment at the places; where its two reads disagree, "N"."""
    seen: dict[str, dict[_Key, str]] = {}
    aligned: list[Counter[int]] = [Counter(), Counter()]
    for gene in (0, 1):
        places = _places(reads.build, gene)
        over: set[tuple[str, int]] = set()
        for window in _windows(sorted(places)):
            for read in primary_reads(reads, CONTIG, window[0], window[-1] + 1):
                letters, qualities = read.query_sequence, read.query_qualities
                if read.flag & DUPLICATE or letters is None:
                    continue
                found = seen.setdefault(read.query_name, {})
                for query, place in _aligned(read, window):
                    if qualities is not None and qualities[query] < LEAST_BASE_QUALITY:
                        continue
                    base = letters[query] if letters[query] in "ACGT" else "N"
                    for key in places[place]:
                        found[key] = base if found.get(key, base) == base else "N"
                        if key[0] == "site":
                            over.add((read.query_name, key[1]))
        aligned[gene].update(number for _, number in over)
    return seen, aligned


def _windows(places: list[int]) -> Iterator[list[int]]:
    """Split sorted places where they lie far apart."""
    window = places[:1]
    for place in places[1:]:
        if place - window[-1] > _NEAR_BP:
            yield window
            window = []
        window.append(place)
    yield window


def _aligned(read: Any, places: list[int]) -> Iterator[tuple[int, int]]:
    """Give ``(letter of the read, place)`` for the places, sorted, that a letter is aligned to."""
    query, reference = 0, read.reference_start
    for operation, length in read.cigartuples or ():
        if operation in _BOTH:
            first = bisect_left(places, reference)
            for place in places[first : bisect_left(places, reference + length, first)]:
                yield query + place - reference, place
        query += length if operation in _QUERY else 0
        reference += length if operation in _REFERENCE else 0


def _shown(found: Mapping[_Key, str]) -> Fragment:
    shown = []
    for number, site in enumerate(voting_sites()):
        base = found.get(("site", number, 0))
        if base in {site.smn1_base, site.smn2_base}:
            shown.append((number, base == site.smn1_base))
    return tuple(shown)


def _site_reads(seen: _Seen, aligned: list[Counter[int]]) -> tuple[SiteReads, ...]:
    rows = []
    for number, site in enumerate(voting_sites()):
        bases = [found[key] for found in seen.values() if (key := ("site", number, 0)) in found]
        other = sum(base not in {site.smn1_base, site.smn2_base} for base in bases)
        rows.append(SiteReads(aligned[0][number], aligned[1][number], other))
    return tuple(rows)


def _origin(found: Mapping[_Key, str]) -> str:
    """Name the gene a fragment comes from, by its bases at the sites; empty when none or mixed."""
    genes = {is_smn1 for _, is_smn1 in _shown(found)}
    return "" if len(genes) != 1 else "SMN1" if genes.pop() else "SMN2"


def _tag(seen: _Seen) -> TagReads:
    bases: Counter[str] = Counter()
    with_g: Counter[str] = Counter()
    for found in seen.values():
        if base := found.get(("tag", 0, 0)):
            bases[base] += 1
            if base == "G":
                with_g[_origin(found)] += 1
    other = bases.total() - bases["T"] - bases["G"]
    return TagReads(bases["T"], bases["G"], other, with_g["SMN1"], with_g["SMN2"])


def _exon_bases(seen: _Seen) -> tuple[ExonBases, ...]:
    counts = [[dict.fromkeys("ACGTN", 0) for _ in exon.letters] for exon in exons()]
    linked: list[dict[tuple[int, str], Counter[str]]] = [{} for _ in exons()]
    references = [exon.letters for exon in exons()]
    for found in seen.values():
        origin = None
        for (kind, which, offset), base in found.items():
            if kind != "exon":
                continue
            counts[which][offset][base] += 1
            if base not in {references[which][offset], "N"}:
                origin = _origin(found) if origin is None else origin
                linked[which].setdefault((offset, base), Counter())[origin] += 1
    return tuple(
        ExonBases(
            exon.name,
            tuple((row["A"], row["C"], row["G"], row["T"]) for row in rows),
            tuple(
                (offset, base, genes["SMN1"], genes["SMN2"])
                for (offset, base), genes in sorted(joined.items())
            ),
        )
        for exon, rows, joined in zip(exons(), counts, linked, strict=True)
    )
