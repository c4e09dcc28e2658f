"""100 published patients from file to dossier: every document opened by the library that its own people keep.

    python benchmarks/dossiers/run.py            50 with a gene in the windows, 50 with a gene outside them
    python benchmarks/dossiers/run.py --all      and every other phenopacket counted by its exit status

The first must come to a full dossier, the others to a refusal that says what is needed. Prints Markdown tables. The
data folder is named by REVERTANT_TEST_DATA.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import html
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jsonschema
import prov.model
import pysam
from Bio import SeqIO
from fhir.resources.R4B.bundle import Bundle
from google.protobuf import json_format
from phenopackets.schema.v2 import Phenopacket
from rocrate.rocrate import ROCrate

from revertant import patient
from revertant.cli import main as command
from revertant.dossier import plan_schema
from revertant.errors import RevertantError

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("REVERTANT_TEST_DATA", ROOT.parent / "shared" / "data"))
REFERENCE = "genome/GRCh38.windows.fa.gz"
MODELS = "genome/GRCh38.windows.refseq.gtf.gz"
INSIDE = "LMNA"
MANY = 50

#: What a refusal must hold, each with how it is looked up in the plan.
REFUSAL: dict[str, Callable[[dict[str, Any]], bool]] = {
    "exit status and verdict say that nothing is put forward": lambda plan: plan["verdict"].startswith(
        ("No design can be put forward", "An approved product")
    ),
    "the first question names the place that the reference lacks": lambda plan: (
        (
            plan["unknowns"][0]["rule"] == "reference.covers_variant"
            and "not wholly in the reference" in plan["unknowns"][0]["why_it_matters"]
        )
        or "no contig" in plan["unknowns"][0]["why_it_matters"]
    ),
    "and says what to pass": lambda plan: "--reference" in plan["unknowns"][0]["how_to_find_out"],
    "every route is rejected with the reason": lambda plan: (
        len(plan["rejections"]) >= 6
        and all(one["because"].startswith("Not judged") for one in plan["rejections"])
    ),
    "approved products are told, or that none is known": lambda plan: (
        bool(plan["products"]) or any(one["rule"] == "products.known" for one in plan["findings"])
    ),
    "the policy gate is told": lambda plan: len(plan["gate"]) > 0,
    "no design, no target": lambda plan: not plan["designs"] and not plan["targets"],
    "every variant is accounted for": lambda plan: any(
        tally["name"] == "case variants" and tally["read"] > 0 for tally in plan["tallies"]
    ),
}


@dataclass(frozen=True)
class Made:
    """What one phenopacket came to."""

    name: str
    gene: str
    status: int
    seconds: float
    said: str
    opened: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    designs: int = 0
    size_bytes: int = 0
    missing: tuple[str, ...] = field(default=())


class _Page(HTMLParser):
    """Counts what a page asks a network for; an unclosed page is not read to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        for key in ("src", "href") if tag in {"script", "img", "link", "iframe"} else ():
            if (named.get(key) or "").startswith(("http:", "https:", "//")):
                self.fetched.append(str(named[key]))

    def handle_endtag(self, tag: str) -> None:
        self.ended = self.ended or tag == "html"


def _html(path: Path) -> None:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.ended, "the page does not end"
    assert not page.fetched, f"the page fetches {page.fetched[0]}"


def _table(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows, "no header"
    assert {len(row) for row in rows} == {len(rows[0])}, "rows of different lengths"


def _bed(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        contig, start, end, *_ = line.split("\t")
        assert contig
        assert 0 <= int(start) <= int(end)


def _vcf(path: Path) -> None:
    with pysam.VariantFile(str(path)) as file:
        for record in file:
            assert record.ref
            assert record.alts


def _sequences(kind: str) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        for record in SeqIO.parse(path, kind):
            assert len(record.seq) > 0

    return read


def _word(path: Path) -> None:
    import docx  # noqa: PLC0415 - only where a dossier has such a document

    document = docx.Document(str(path))
    assert any(paragraph.text for paragraph in document.paragraphs)


def _text(path: Path) -> None:
    assert path.read_text(encoding="utf-8")


def _plan(path: Path) -> None:
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), plan_schema())


def _phenopacket(path: Path) -> None:
    json_format.Parse(path.read_text(encoding="utf-8"), Phenopacket())
    patient.read_case(path)


def _fhir(path: Path) -> None:
    Bundle.model_validate(json.loads(path.read_text(encoding="utf-8")))


def _prov(path: Path) -> None:
    assert list(prov.model.ProvDocument.deserialize(path, format="json").get_records())


def _crate(path: Path) -> None:
    there = {str(one.relative_to(path.parent)) for one in path.parent.rglob("*") if one.is_file()}
    assert {one.id for one in ROCrate(path.parent).data_entities} == there - {path.name}


#: Which library opens a file, by name or by the end of the name.
READERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "plan.json": ("jsonschema", _plan),
    "phenopacket.json": ("phenopackets, and the command's own reader", _phenopacket),
    "fhir.json": ("fhir.resources (R4B)", _fhir),
    "prov.json": ("prov", _prov),
    "ro-crate-metadata.json": ("rocrate", _crate),
    ".json": ("json", lambda path: json.loads(path.read_text(encoding="utf-8"))),
    ".html": ("html.parser; nothing fetched", _html),
    ".tsv": ("csv", _table),
    ".csv": ("csv", _text),
    ".bed": ("three columns", _bed),
    ".vcf": ("pysam", _vcf),
    ".gb": ("Biopython, GenBank", _sequences("genbank")),
    ".fa": ("Biopython, FASTA", _sequences("fasta")),
    ".faa": ("Biopython, FASTA", _sequences("fasta")),
    ".docx": ("python-docx", _word),
    ".md": ("text", _text),
    ".txt": ("text", _text),
}


def open_every(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Open every file of a dossier; return name and reader of each, and what went wrong."""
    opened, faults = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        reader = READERS.get(path.name) or READERS.get(path.suffix)
        if reader is None:
            faults.append(f"{name}: no reader is known")
            continue
        try:
            reader[1](path)
        except Exception as error:  # noqa: BLE001 - whatever a reader raises is what is to be told
            faults.append(f"{name}: {type(error).__name__} {error}"[:300])
        else:
            opened.append((path.name if path.name in READERS else path.suffix, reader[0]))
    return opened, faults


def phenopackets(data: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(data / "patients" / "phenopackets.jsonl.gz", "rt", encoding="utf-8") as handle:
        for line in handle:
            yield json.loads(line)


def gene_of(packet: dict[str, Any]) -> str:
    for interpretation in packet.get("interpretations", []):
        for item in interpretation["diagnosis"].get("genomicInterpretations", []):
            descriptor = item.get("variantInterpretation", {}).get("variationDescriptor", {})
            if symbol := descriptor.get("geneContext", {}).get("symbol"):
                return str(symbol)
    return ""


def goes_on(packet: dict[str, Any]) -> bool:
    """Whether a phenopacket can be read and the gate lets its variants pass: those are stopped before any dossier."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "packet.json"
        file.write_text(json.dumps(packet), encoding="utf-8")
        try:
            case = patient.read_case(file)
        except RevertantError:
            return False
    return all(one.pathogenicity.value in {"pathogenic", "likely_pathogenic"} for one in case.variants)


def chosen(data: Path, many: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first patients with the gene inside the windows, and others one gene after the other, round and round."""
    inside: list[dict[str, Any]] = []
    by_gene: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for packet in phenopackets(data):
        gene = gene_of(packet)
        if gene == INSIDE:
            inside.append(packet)
        elif gene:
            by_gene[gene].append(packet)
    outside: list[dict[str, Any]] = []
    queues = {gene: iter([one for one in found if goes_on(one)]) for gene, found in sorted(by_gene.items())}
    while queues and len(outside) < many:
        for gene in list(queues):
            found = next(queues[gene], None)
            if found is None:
                del queues[gene]
            elif len(outside) < many:
                outside.append(found)
    return inside[:many], outside


def make(packet: dict[str, Any], data: Path = DATA) -> Made:
    """One phenopacket through the command as a user runs it, and every file of its dossier opened."""
    with tempfile.TemporaryDirectory() as place:
        file, folder = Path(place) / "packet.json", Path(place) / "dossier"
        file.write_text(json.dumps(packet), encoding="utf-8")
        said = Path(place) / "said"
        began = time.perf_counter()
        with said.open("w", encoding="utf-8") as stream, redirect_stdout(stream), redirect_stderr(stream):
            arguments = [
                "plan",
                str(file),
                "--reference",
                str(data / REFERENCE),
                "--models",
                str(data / MODELS),
            ]
            status = command([*arguments, "--out", str(folder), "--quiet"])
        seconds = time.perf_counter() - began
        words = said.read_text(encoding="utf-8")
        if not folder.is_dir():
            return Made(packet["id"], gene_of(packet), status, seconds, words)
        opened, faults = open_every(folder)
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        missing = ()
        if gene_of(packet) != INSIDE:
            missing = tuple(name for name, holds in REFUSAL.items() if not holds(plan))
            missing += _lacking_for_people(folder, plan)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Made(
            packet["id"],
            gene_of(packet),
            status,
            seconds,
            words,
            tuple(opened),
            tuple(faults),
            len(plan["designs"]),
            size,
            missing,
        )


def _lacking_for_people(folder: Path, plan: dict[str, Any]) -> tuple[str, ...]:
    """What the documents for people do not say of a refusal."""
    import docx  # noqa: PLC0415 - only for refusals

    page = (folder / "report.html").read_text(encoding="utf-8")
    document = docx.Document(str(folder / "review.docx"))
    review = "\n".join(paragraph.text for paragraph in document.paragraphs)
    needed = plan["unknowns"][0]["how_to_find_out"]
    said = {
        "the report says what to pass": html.escape(needed, quote=False).replace("'", "&#39;") in page
        or needed in page,
        "the review document says what to pass": needed in review,
        "the review document has the guidance checklists, or why there are none": "Guidance documents as checklists"
        in review,
        "a named human is to sign": "sign-off" in page and "sign-off" in review,
    }
    return tuple(name for name, holds in said.items() if not holds)


def _rows(title: str, made: list[Made]) -> str:
    statuses = ", ".join(
        f"{status}: {count}" for status, count in sorted(Counter(m.status for m in made).items())
    )
    seconds = [m.seconds for m in made]
    sizes = [m.size_bytes for m in made if m.size_bytes]
    with_dossier = sum(bool(m.opened) for m in made)
    faults = sum(len(m.faults) for m in made)
    lacking = sum(len(m.missing) for m in made)
    return (
        f"| {title} | {len(made)} | {len({m.gene for m in made})} | {statuses} | {with_dossier} | "
        f"{sum(len(m.opened) for m in made)} | {faults} | {lacking} | {statistics.median(seconds):.2f} | "
        f"{max(seconds):.2f} | {statistics.median(sizes) / 1e6:.2f} |"
    )


def _noted(made: Made) -> Made:
    """Tell each as it is done: the whole run takes minutes."""
    print(
        f"{made.name}\t{made.gene}\t{made.status}\t{made.seconds:.2f}\t{len(made.opened)}",
        file=sys.stderr,
        flush=True,
    )
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    inside, outside = chosen(DATA, arguments.many)
    with ProcessPoolExecutor(arguments.processes, mp_context=get_context("spawn")) as pool:
        made_outside = list(map(_noted, pool.map(make, outside)))
        made_inside = list(map(_noted, pool.map(make, inside)))
        others = []
        if arguments.all:
            taken = {packet["id"] for packet in (*inside, *outside)}
            rest = [one for one in phenopackets(DATA) if one["id"] not in taken]
            others = list(map(_noted, pool.map(make, rest)))
    print(
        "| patients | number | genes | exit status | dossiers | documents opened | faults | missing in refusals | "
        "median s | most s | median MB |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    print(_rows(f"{INSIDE}, inside the windows", made_inside))
    print(_rows("other genes, outside", made_outside))
    if others:
        print(_rows("all other phenopackets", others))
    print("\n| document | opened by | number |\n| --- | --- | --- |")
    counts = Counter(one for m in (*made_inside, *made_outside) for one in m.opened)
    for (name, reader), count in sorted(counts.items()):
        print(f"| `{name}` | {reader} | {count} |")
    print(f"\nGenes outside: {', '.join(sorted({m.gene for m in made_outside}))}.")
    bad = [m for m in (*made_inside, *made_outside, *others) if m.faults or m.missing or m.status == 1]
    for m in bad:
        print(
            f"- {m.name} ({m.gene}), exit {m.status}: {'; '.join((*m.faults, *m.missing)) or m.said.strip()}"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
