"""Sets our sites beside those of sassy-rs on the same sequence, and gives the reason for each difference.

    pip install sassy-rs
    python benchmarks/offtarget/agree.py GENOME.fa GUIDES.txt [--edits 4]

sassy knows edit distance only, so we search with as many mismatches and bulges of each kind as edits in all, gaps at
the ends allowed. sassy is asked for every end position (``search_all``) of the spacer with NGG. A place is a guide, a
strand and the outer edge of the PAM. Prints a table in Markdown; every place falls into one row.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import sassy

from revertant.genome import PatientGenome, Reference
from revertant.model import OffTargetRequest, SearchLimits, Strand
from revertant.offtarget import search

MOST_BULGES = 3
PAM = "NGG"


def ours(guides: list[str], reference: Reference, edits: int) -> dict[tuple, int]:
    """Edits of each of our sites, by place."""
    bulges = min(edits, MOST_BULGES)
    limits = SearchLimits(edits, bulges, bulges, total_edits=edits, end_bulges=True)
    requests = [OffTargetRequest(guide, PAM, limits=limits) for guide in guides]
    found = {}
    for number, report in enumerate(search(requests, PatientGenome(reference))):
        for site in report.sites:
            locus = site.locus
            # Where the PAM ends on its own strand: it may lie apart from the aligned DNA only with gaps beside it.
            edge = locus.end + len(PAM) if locus.strand is Strand.PLUS else locus.start - len(PAM)
            found[number, locus.contig, str(locus.strand), edge] = site.edits
    return found


def theirs(guides: list[str], reference: Reference, edits: int) -> dict[tuple, tuple[int, str, str]]:
    """Cost, CIGAR and text of each match of sassy, by place."""
    searcher, found = sassy.Searcher("iupac"), {}
    for window in reference.windows:
        text = reference.fetch(window.contig, window.start, window.end)
        for number, guide in enumerate(guides):
            for match in searcher.search_all((guide + PAM).encode(), text.encode(), edits):
                start, end = window.start + match.text_start, window.start + match.text_end
                edge = end if match.strand == "+" else start
                place = number, window.contig, match.strand, edge
                if place not in found or match.cost < found[place][0]:
                    found[place] = match.cost, match.cigar, text[match.text_start : match.text_end]
    return found


def letters(cigar: str) -> list[str]:
    """One operation a column."""
    operations, count = [], ""
    for letter in cigar:
        if letter.isdigit():
            count += letter
        else:
            operations += [letter] * int(count or 1)
            count = ""
    return operations


def why_only_theirs(cost: int, cigar: str, text: str, edits: int) -> str:
    operations = letters(cigar)
    pam, columns = operations[-len(PAM) :], operations[: -len(PAM)]
    if any(operation != "=" for operation in pam):
        return "sassy's alignment has an edit in the PAM, which is no site of an NGG guide"
    if max(columns.count("I"), columns.count("D")) > MOST_BULGES:
        return f"more than {MOST_BULGES} bulges of a kind"
    if set(text) - set("ACGT"):
        return "ambiguous bases: sassy lets N match, we do not"
    return f"UNEXPLAINED ({cost} of {edits} edits)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("genome", type=Path)
    parser.add_argument("guides", type=Path)
    parser.add_argument("--edits", type=int, default=4)
    options = parser.parse_args()
    guides = options.guides.read_text().split()
    reference = Reference.open(options.genome)
    mine, other = ours(guides, reference, options.edits), theirs(guides, reference, options.edits)
    rows: Counter[str] = Counter()
    for place, edits in mine.items():
        if place not in other:
            rows["only ours: UNEXPLAINED"] += 1
        elif other[place][0] == edits:
            rows["both, as many edits"] += 1
        elif other[place][0] < edits:
            rows["both; sassy counts fewer edits, some of them in the PAM"] += 1
        else:
            rows["both; sassy counts MORE edits"] += 1
    for place, (cost, cigar, text) in other.items():
        if place not in mine:
            rows["only sassy: " + why_only_theirs(cost, cigar, text, options.edits)] += 1
    print(
        f"\n{options.genome.name}, {reference.total_bases:,} bases, {len(guides)} guides, {options.edits} edits\n"
    )
    print("| places | number |\n|---|---|")
    for what, count in sorted(rows.items()):
        print(f"| {what} | {count:,} |")


if __name__ == "__main__":
    main()
