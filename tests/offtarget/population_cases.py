"""Panels written for the tests, and what their copies read as when written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from revertant.genome import Reference
from revertant.model import OffTargetRequest, Variant
from revertant.offtarget.population.population import PopulationResult, population_sites

COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def anchored(text: str, variant: Variant) -> tuple[int, str, str]:
    """POS, REF and ALT as a VCF spells a variant: with the base before it where an allele would be empty."""
    if variant.ref and variant.alt:
        return variant.start + 1, variant.ref, variant.alt
    if variant.start:
        base = text[variant.start - 1]
        return variant.start, base + variant.ref, base + variant.alt
    base = text[variant.end]
    return 1, variant.ref + base, variant.alt + base


def line(text: str, variant: Variant, *genotypes: str, info: str = ".", fmt: str = "GT") -> str:
    position, ref, alt = anchored(text, variant)
    fixed = [variant.contig, str(position), ".", ref, alt, ".", "PASS", info]
    return "\t".join([*fixed, fmt, *genotypes] if genotypes else fixed)


def write_panel(folder: Path, lines: Iterable[str], people: int) -> Path:
    rows = sorted(lines, key=lambda row: (row.split("\t")[0], int(row.split("\t")[1])))
    samples = "".join(f"\tP{number}" for number in range(people))
    columns = COLUMNS + (f"\tFORMAT{samples}" if people else "")
    path = folder / "panel.vcf"
    path.write_text("\n".join(["##fileformat=VCFv4.3", columns, *rows, ""]))
    return path


def write_table(folder: Path, populations: Mapping[str, str]) -> Path:
    path = folder / "samples.tsv"
    path.write_text("sample\tpopulation\n" + "".join(f"{s}\t{p}\n" for s, p in populations.items()))
    return path


def found(
    folder: Path,
    texts: Mapping[str, str],
    lines: Sequence[str],
    requests: Sequence[OffTargetRequest],
    populations: Mapping[str, str] | None = None,
    **more: object,
) -> PopulationResult:
    """Search a panel over sequences in memory."""
    fields = len(lines[0].split("\t"))
    path = write_panel(folder, lines, max(fields - 9, 0))
    table = write_table(folder, populations) if populations else None
    names = [f"guide {number}" for number in range(len(requests))]
    reference = Reference.from_sequences(texts)
    return population_sites(names, requests, reference, path, table, **more)  # type: ignore[arg-type]
