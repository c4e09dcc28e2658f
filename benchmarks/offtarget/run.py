"""Times the whole-genome search as a user meets it: whole processes, from the FASTA to the rows on disk.

    python benchmarks/offtarget/run.py FOLDER [--bases 1e8] [--repeats 3] [--peer] [--person]

``FOLDER`` gets the genome, the guides (see genome.py), a cache of its own and the rows. ``--peer`` also runs
sassy-rs (``pip install sassy-rs``) on the same guides, ``--person`` the command with a whole-genome VCF (see
person.py). Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent

OURS = """
import sys
from revertant.genome import Reference
from revertant.model import OffTargetRequest, SearchLimits
from revertant.offtarget.stream.library import write_sites
fasta, guides, mismatches, dna, rna, out = sys.argv[1:]
limits = SearchLimits(int(mismatches), int(dna), int(rna))
requests = [OffTargetRequest(line.strip(), "NGG", limits=limits) for line in open(guides)]
print(write_sites(requests, Reference.open(fasta), out).kept)
"""

BUILD = """
import sys
from revertant.cli.main import main
sys.exit(main(["index", sys.argv[1], "--quiet", "--force"]))
"""

COMMAND = """
import sys
from revertant.cli.main import main
sys.exit(main(["offtargets", *sys.argv[1:], "--quiet", "--force"]))
"""

# sassy knows edit distance only and reports the best alignment of each local minimum: its set is another one (see
# agree.py). The PAM is part of its pattern, as its documentation advises, so that an edit in it costs as well.
# All patterns together and two threads: the quickest way its Python package offers.
PEER = """
import os, sys
import sassy
fasta, guides, edits = sys.argv[1:]
searcher = sassy.Searcher("iupac")
patterns = [line.strip().encode() + b"NGG" for line in open(guides)]
texts = []
for record in open(fasta, "rb").read().split(b">")[1:]:
    texts.append(record.split(b"\\n", 1)[1].replace(b"\\n", b"").upper())
print(len(searcher.search_many(patterns, texts, int(edits), os.cpu_count(), "batch_patterns")))
"""

_MEASURE = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write(done.stderr)
print(seconds, used.ru_maxrss / 1024, (done.stdout.split() or ["-"])[-1], done.returncode)
"""


def measured(code: str, *arguments: object, cache: Path, repeats: int) -> tuple[float, float, str]:
    """Median seconds and peak megabytes of a whole process, and the last word it printed."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "NUMBA_CACHE_DIR": str(cache / "kernels")}
    runs = []
    for _ in range(repeats):
        command = [sys.executable, "-c", _MEASURE, sys.executable, "-c", code, *map(str, arguments)]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        seconds, peak, said, status = shown.stdout.split()
        if status != "0":
            raise SystemExit(shown.stderr)
        runs.append((float(seconds), float(peak), said))
    return (
        statistics.median(run[0] for run in runs),
        max(run[1] for run in runs),
        runs[-1][2],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bases", default="1e8")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--person", action="store_true")
    options = parser.parse_args()
    folder = options.folder / options.bases
    fasta = folder / "genome.fa"
    if not (folder / "guides_1000.txt").exists():
        subprocess.run([sys.executable, HERE / "genome.py", options.bases, folder], check=True)
    cache = folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    rows = []

    def add(what: str, result: tuple[float, float, str]) -> float:
        rows.append((what, f"{result[0]:.2f}", f"{result[1]:.0f}", result[2] if result[2].isdigit() else ""))
        return result[0]

    few, many = folder / "guides_20.txt", folder / "guides_1000.txt"
    out = folder / "rows.tsv"
    common = {"cache": cache, "repeats": options.repeats}
    add(
        "first run ever: compile, index, build, search 20 guides",
        measured(OURS, fasta, few, 4, 0, 0, out, cache=cache, repeats=1),
    )
    add("`revertant index`", measured(BUILD, fasta, **common))
    seconds = {}
    seconds["mm"] = add("20 guides, 4 mismatches", measured(OURS, fasta, few, 4, 0, 0, out, **common))
    seconds["bulges"] = add(
        "20 guides, 4 mismatches + 1 DNA + 1 RNA bulge", measured(OURS, fasta, few, 4, 1, 1, out, **common)
    )
    add("1000 guides, 4 mismatches", measured(OURS, fasta, many, 4, 0, 0, out, **common))
    flat, out_folder = ("-m", 4, "--dna-bulges", 0, "--rna-bulges", 0), ("--out", folder / "nomination")
    command = (few, "--reference", fasta, *out_folder)
    add("`revertant offtargets`, 20 guides, 4 mismatches", measured(COMMAND, *command, *flat, **common))
    add("the same, 4 mismatches + 1 + 1", measured(COMMAND, *command, **common))
    add(
        "the same, 1000 guides, 4 mismatches",
        measured(COMMAND, many, "--reference", fasta, *out_folder, *flat, **common),
    )
    if options.person:
        person = folder / "person.vcf.gz"
        if not person.exists():
            subprocess.run([sys.executable, HERE / "person.py", fasta, person], check=True)
        for what, limits in (("4 mismatches", flat), ("4 mismatches + 1 + 1", ())):
            result = measured(COMMAND, *command, "--vcf", person, *limits, cache=cache, repeats=1)
            add(f"the same with a person's whole genome, 20 guides, {what}", result)
    if options.peer:
        for edits, kind in ((4, "mm"), (6, "bulges")):
            result = measured(PEER, fasta, few, edits, cache=cache, repeats=1)
            ratio = result[0] / seconds[kind]
            add(f"sassy-rs, 20 guides, edit distance {edits} ({ratio:.1f} times ours)", result)
    load = os.getloadavg()[0]
    print(f"\n{options.bases} bases, {os.cpu_count()} processors, {platform.machine()}, load {load:.1f},")
    print(f"Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}; medians of {options.repeats}\n")
    print("| what (whole process) | seconds | peak MB, mapped table included | rows |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
