"""Published patients through the whole plan: what can be offered, what is refused, and why.

    python benchmarks/patients/run.py variants              every row inside the windows, through planning
    python benchmarks/patients/run.py variants --offtargets the same with the off-target search (slow)
    python benchmarks/patients/run.py phenopackets          whole phenopackets, through the command

Prints Markdown tables. The data folder is named by REVERTANT_TEST_DATA.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from revertant.cli import main as command
from revertant.errors import RevertantError
from revertant.genome import GeneModels, Reference
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    Locus,
    Pathogenicity,
    Plan,
    Sex,
    Status,
    Subject,
    Variant,
    Zygosity,
)
from revertant.planning import Inputs, PlanOptions, make_plan, open_inputs
from revertant.variant import hgvs_c, hgvs_g, normalise, resolve

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
REFERENCE = "genome/GRCh38.windows.fa.gz"
MODELS = "genome/GRCh38.windows.refseq.gtf.gz"


@dataclass(frozen=True)
class Outcome:
    """What one distinct patient question comes to."""

    gene: str
    consequence: str
    variant: str
    rows: int
    verdict: str
    tiers: tuple[str, ...]
    designs: int
    refused: tuple[tuple[str, str], ...]
    seconds: float
    error: str = ""
    bystanders: str = ""


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)


def rows_inside(data: Path, reference: Reference) -> list[dict[str, Any]]:
    """The rows whose coordinates lie wholly in the windows."""
    found = []
    for row in read_jsonl(data / "patients" / "phenopacket_variants.jsonl.gz"):
        if row["pos"] is None or row["build"] != "hg38" or not reference.has_contig(row["chrom_norm"]):
            continue
        start = row["pos"] - 1
        if reference.covers(
            Locus(reference.canonical_contig(row["chrom_norm"]), start, start + len(row["ref"]))
        ):
            found.append(row)
    return found


def coordinates(row: dict[str, Any]) -> str:
    return f"{row['chrom_norm']}:{row['pos']}:{row['ref']}:{row['alt']}"


def disagreements(row: dict[str, Any], reference: Reference, models: GeneModels) -> list[str]:
    """Where a row's HGVS and its coordinates, or our HGVS and the row's, are not the same."""
    wrong = []
    try:
        placed = resolve(coordinates(row), reference, models)
    except RevertantError as error:
        return [f"coordinates: {error.what}"]
    for column in ("hgvs_c", "hgvs_g"):
        if not row[column]:
            wrong.append(f"{column}: the row has none")
            continue
        try:
            found = resolve(row[column], reference, models)
        except RevertantError as error:
            wrong.append(f"{column} {row[column]}: {error.what}")
            continue
        if found != placed:
            wrong.append(f"{column} {row[column]} is {found}, the coordinates are {placed}")
    return wrong + _written(row, placed, reference, models)


def _written(row: dict[str, Any], placed: Variant, reference: Reference, models: GeneModels) -> list[str]:
    """Where the HGVS we write of the coordinates is not the HGVS of the row."""
    wrong = []
    if row["hgvs_g"]:
        ours = hgvs_g(placed, reference)
        if ours != row["hgvs_g"]:
            wrong.append(f"hgvs_g written {ours}, the row has {row['hgvs_g']}")
    if row["hgvs_c"]:
        try:
            transcript = models.by_id(row["hgvs_c"].split(":")[0])
            ours = hgvs_c(placed, transcript, reference)
        except RevertantError as error:
            wrong.append(f"hgvs_c cannot be written: {error.what}")
        else:
            if ours != row["hgvs_c"]:
                wrong.append(f"hgvs_c written {ours}, the row has {row['hgvs_c']}")
    return wrong


def case_of(rows: list[dict[str, Any]]) -> Case:
    """One patient of the table as a case; the rows are that patient's variants."""
    first = rows[0]
    variants = tuple(
        CaseVariant(
            expressions=tuple(text for text in (row["hgvs_c"], row["hgvs_g"], coordinates(row)) if text),
            zygosity=Zygosity(row["zygosity"]),
            pathogenicity=Pathogenicity((row["acmg"] or "not_provided").lower()),
            gene=row["gene"],
            path=f"variants[{number}]",
            build=row["build"],
        )
        for number, row in enumerate(rows)
    )
    sex = {"MALE": Sex.MALE, "FEMALE": Sex.FEMALE}.get(first["sex"] or "", Sex.UNKNOWN)
    disease = Disease(first["disease_id"], first["disease_label"])
    subject = Subject(first["case_id"], sex, first["age_years"])
    return Case(first["case_id"], subject, variants, (disease,))


def questions(rows: Iterable[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[Case, int]]:
    """The distinct questions the rows ask, each with the number of its rows."""
    patients: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        patients[row["case_id"]].append(row)
    found: dict[tuple[Any, ...], tuple[Case, int]] = {}
    for members in patients.values():
        key = (
            members[0]["disease_id"],
            *sorted((coordinates(row), row["hgvs_c"], row["zygosity"]) for row in members),
        )
        case, count = found.get(key, (case_of(members), 0))
        found[key] = case, count + len(members)
    return found


def outcome_of(case: Case, rows: int, inputs: Inputs, options: PlanOptions) -> Outcome:
    gene = case.variants[0].gene
    names = " + ".join(variant.expressions[0] for variant in case.variants)
    start = time.perf_counter()
    try:
        plan = make_plan(replace(inputs, case=case), options)
    except RevertantError as error:
        return Outcome(gene, "", names, rows, "", (), 0, (), time.perf_counter() - start, str(error))
    seconds = time.perf_counter() - start
    worst = " + ".join(sorted({a.consequence.worst.value for t in plan.targets for a in t.alleles}))
    standing = [r for r in plan.designs if not r.tier.startswith("stopped")]
    reasons = [
        (f"{r.modality}, {r.route.label}".replace("_", " "), _short(r.because, gene)) for r in plan.rejections
    ]
    refused = tuple(dict.fromkeys(reasons))
    tiers = tuple(dict.fromkeys(r.tier for r in plan.designs))
    return Outcome(
        gene=gene,
        consequence=worst,
        variant=names,
        rows=rows,
        verdict=plan.verdict,
        tiers=tiers,
        designs=len(standing),
        refused=refused,
        seconds=seconds,
        error=_problem(plan),
        bystanders=_bystanders(plan),
    )


def _bystanders(plan: Plan) -> str:
    """Whether the first design's other edits change the protein; empty without a design."""
    finding = plan.designs[0].assessment.of("edit.coding_bystander") if plan.designs else None
    words = {
        Status.PASS: "none that matters",
        Status.CAUTION: "some change the protein or lie near a splice site",
    }
    return words.get(finding.status, finding.status.value) if finding is not None else ""


def _problem(plan: Plan) -> str:
    """A plan that does not hold together is a defect, whatever it says."""
    for ranked in plan.designs:
        if ranked.tier == "restores the wild type" and not ranked.design.outcomes:
            return f"{ranked.design.design_id}: no outcome"
    return "" if plan.designs or plan.rejections else "neither designs nor rejections"


def _short(because: str, gene: str) -> str:
    """A reason without the gene, variant, codon and counts it names, so that the same reason counts once."""
    text = re.sub(r"NM_[0-9.]+:[^\s,:;]*[^\s,:;.]", "the variant", because)
    text = re.sub(
        r"turns [ACGT]{3} into another codon for \w+", "turns the codon into another for the residue", text
    )
    text = re.sub(r"[ACGT]→[ACGT] on the coding strand, which", "a change of bases", text)
    text = re.sub(r" makes: ABE.*", " makes.", text)
    text = re.sub(r"\d+% of edited alleles(.*), \d+% rightly", r"more edited alleles\1 than rightly", text)
    text = re.sub(r"exon \d+ \(\d+ bases\)", "the exon", text, flags=re.IGNORECASE)
    text = re.sub(r"Exon \d+ has \d+ bases", "The exon has no whole number of codons", text)
    text = re.sub(r"Exon \d+ holds", "The exon holds", text)
    text = (
        re.sub(r" \(\d+\)", "", text).replace(f"a healthy {gene}", "a healthy copy").replace(gene, "the gene")
    )
    text = text.replace(" State the mechanism in the case (variants[].mechanism) if it is established.", "")
    return text[0].upper() + text[1:]


def table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def best_tier(outcome: Outcome) -> str:
    return outcome.tiers[0] if outcome.tiers else "no design"


def run_variants(data: Path, *, search: bool, limit: int, gene: str) -> int:
    case = Case("benchmark", Subject("benchmark"), ())
    inputs = open_inputs(case, reference=str(data / REFERENCE), models=str(data / MODELS))
    rows = rows_inside(data, inputs.reference)
    distinct = {normalise(resolve(coordinates(row), inputs.reference), inputs.reference) for row in rows}
    asked = questions(rows)
    print(f"{len(rows)} rows, {len(distinct)} distinct variants, {len(asked)} distinct questions\n")
    wrong = Counter(text for row in rows for text in disagreements(row, inputs.reference, inputs.models))
    agree = sum(not disagreements(row, inputs.reference, inputs.models) for row in rows)
    print(f"HGVS c. and g. agree with the coordinates, read and written: {agree} of {len(rows)} rows\n")
    if wrong:
        table(("rows", "disagreement"), [(count, text) for text, count in sorted(wrong.items())])
    options = PlanOptions(search_off_targets=search)
    outcomes = []
    chosen = [pair for pair in asked.values() if gene in {"", pair[0].variants[0].gene}]
    for case, count in chosen[: limit or None]:
        outcomes.append(outcome_of(case, count, inputs, options))
        print(f"{len(outcomes)} {outcomes[-1].variant} {outcomes[-1].seconds:.1f} s", file=sys.stderr)
    report(outcomes)
    return 1 if any(outcome.error for outcome in outcomes) else 0


def report(outcomes: list[Outcome]) -> None:
    seconds = [outcome.seconds for outcome in outcomes]
    print(f"Seconds a plan: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}\n")
    counts: Counter[tuple[str, ...]] = Counter()
    asked: Counter[tuple[str, ...]] = Counter()
    for outcome in outcomes:
        key = outcome.gene, outcome.consequence or "error", best_tier(outcome), outcome.bystanders or "-"
        counts[key] += outcome.rows
        asked[key] += 1
    table(
        ("gene", "consequence", "best tier", "bystanders of the first design", "questions", "rows"),
        [(*key, asked[key], counts[key]) for key in sorted(counts)],
    )
    reasons: dict[tuple[str, str], int] = Counter()
    for outcome in outcomes:
        for route, because in outcome.refused:
            reasons[route, because] += 1
    table(
        ("route refused", "because", "questions"),
        [(*key, count) for key, count in sorted(reasons.items(), key=lambda i: (i[0][0], -i[1], i[0][1]))],
    )
    restored = [outcome for outcome in outcomes if outcome.designs]
    table(
        ("variant", "rows", "designs", "first design"),
        [
            (o.variant, o.rows, o.designs, o.verdict.split("First: ")[-1].split(", to restore")[0])
            for o in restored
        ],
    )
    errors = [outcome for outcome in outcomes if outcome.error]
    if errors:
        table(("variant", "rows", "error"), [(o.variant, o.rows, o.error) for o in errors])


def run_packet(job: tuple[str, str, tuple[str, ...]]) -> tuple[str, int, float]:
    """One phenopacket through the command."""
    name, text, options = job
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.json"
        case.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        arguments = ["plan", str(case), "--out", str(Path(folder) / "out"), "--quiet", *options]
        with (Path(folder) / "log").open("w") as log, redirect_stdout(log), redirect_stderr(log):
            status = command(arguments)
        return name, status, time.perf_counter() - start


def mapped(jobs: list[tuple[str, str, tuple[str, ...]]], processes: int) -> Iterator[tuple[str, int, float]]:
    if processes < 2:
        yield from map(run_packet, jobs)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(run_packet, jobs)


def packets_inside(data: Path, gene: str = "LMNA") -> list[tuple[str, str]]:
    """The whole phenopackets about a gene that lies in the windows."""
    found = []
    for packet in read_jsonl(data / "patients" / "phenopackets.jsonl.gz"):
        text = json.dumps(packet)
        if f'"symbol": "{gene}"' in text:
            found.append((packet["id"], text))
    return found


def run_packets(data: Path, *, search: bool, limit: int, processes: int) -> int:
    options = ["--reference", str(data / REFERENCE), "--models", str(data / MODELS)]
    options += [] if search else ["--no-offtargets"]
    jobs = [(name, text, tuple(options)) for name, text in packets_inside(data)[: limit or None]]
    meaning = {0: "a plan with designs", 5: "a plan that says why there is no design", 1: "bug"}
    statuses: Counter[int] = Counter()
    seconds = []
    start = time.perf_counter()
    for name, status, took in mapped(jobs, processes):
        statuses[status] += 1
        seconds.append(took)
        print(f"{name} {status} {took:.1f} s", file=sys.stderr)
    print(f"{len(jobs)} phenopackets, {processes} processes, {time.perf_counter() - start:.0f} s in all; ")
    print(f"seconds a plan: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}\n")
    table(
        ("exit status", "meaning", "phenopackets"),
        [(status, meaning.get(status, "refused"), count) for status, count in sorted(statuses.items())],
    )
    return 0 if set(statuses) <= {0, 5} else 1


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("variants", "phenopackets"))
    parser.add_argument("--offtargets", action="store_true", help="search off-targets too")
    parser.add_argument("--gene", default="", help="only questions about this gene (variants)")
    parser.add_argument("--limit", type=int, default=0, help="only the first so many")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    given = parse_arguments()
    if given.what == "variants":
        sys.exit(run_variants(DATA, search=given.offtargets, limit=given.limit, gene=given.gene))
    sys.exit(run_packets(DATA, search=given.offtargets, limit=given.limit, processes=given.processes))
