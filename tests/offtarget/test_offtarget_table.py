"""Tables on disk: equal to the scan, refused when stale or damaged, whole or absent when a build is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from offtarget_cases import random_bases, resembling

from revertant.cli.main import main
from revertant.errors import InputError
from revertant.genome import PatientGenome, Reference
from revertant.model import OffTargetRequest, PamSide, SearchLimits
from revertant.offtarget import scan_by_hand, search, search_by_hand
from revertant.offtarget.kernels import loading
from revertant.offtarget.matching.packed import scan_packed
from revertant.offtarget.stream.library import write_sites
from revertant.offtarget.stream.rows import COLUMNS
from revertant.offtarget.table.build import MANIFEST, build_table, build_tables
from revertant.offtarget.table.sites import TableKind
from revertant.offtarget.table.table import is_worth_a_table, ready_table, ready_tables, table_folder
from revertant.offtarget.table.whole import WholeSearch

PAMS = (
    ("NGG", PamSide.THREE_PRIME),
    ("NNGRRT", PamSide.THREE_PRIME),
    ("TTTV", PamSide.FIVE_PRIME),
    ("NRG", PamSide.THREE_PRIME),
    ("TTN", PamSide.FIVE_PRIME),
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # Small references take the way of large ones.
    monkeypatch.setattr("revertant.offtarget.table.whole.COMPILED_BASES", 0)
    monkeypatch.setattr("revertant.offtarget.stream.sources.COMPILED_BASES", 0)


def _requests(rng: random.Random, count: int, pams=PAMS) -> list[OffTargetRequest]:
    made = []
    for _ in range(count):
        pam, side = rng.choice(pams)
        limits = SearchLimits(
            rng.randint(0, 5),
            rng.choice((0, 0, 1, 2)),
            rng.choice((0, 0, 1, 2)),
            rng.choice((None, 3, 6)),
            end_bulges=rng.random() < 0.3,
        )
        spacer = random_bases(rng, rng.randint(17, 25), "ACGT" * 8 + "RYN")
        made.append(OffTargetRequest(spacer, pam, side, limits))
    return made


def _reference(rng: random.Random, path: Path, requests=(), contigs: int = 4, bases: int = 1500) -> Path:
    lines = []
    for number in range(contigs):
        parts = [random_bases(rng, rng.randint(0, bases))]
        for request in requests:
            if rng.random() < 0.7:
                parts += [resembling(rng, request), random_bases(rng, rng.randint(0, 40))]
        text = "".join(parts) or "A"
        text = "".join(rng.choice("NNRYKM") if rng.random() < 0.004 else base for base in text)
        name = f"c{number}" if number % 2 else f"w:{10**6 * number + 1}-{10**6 * number + len(text)}"
        lines += [f">{name}" if number != 0 else ">first", text.lower() if number == 3 else text]
    path.write_text("\n".join(lines) + "\n")
    return path


def _texts(reference: Reference) -> list[str]:
    return [reference.fetch(w.contig, w.start, w.end) for w in reference.windows]


def _found(requests, reference):
    found = [[] for _ in requests]
    for sites in WholeSearch(requests, reference).found():
        for index, hit in sites.hits(requests):
            found[index].append(hit)
    return tuple(tuple(sorted(hits)) for hits in found)


@pytest.mark.parametrize("seed", range(6))
def test_table_equals_the_obvious_scan(tmp_path, seed, monkeypatch):
    if seed % 2:
        monkeypatch.setattr("revertant.offtarget.table.build._CHUNK", 101)
        monkeypatch.setattr("revertant.offtarget.table.build._PART_BASES", 2000)
        monkeypatch.setattr("revertant.offtarget.table.table._BLOCKS_AT_A_TIME", 1)
    rng = random.Random(seed)
    requests = _requests(rng, 12)
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    found = _found(requests, reference)
    assert found == scan_by_hand(_texts(reference), requests)
    assert sum(map(len, found)) > 10
    assert _found(requests, reference) == found  # from the tables made just now


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_table_equals_the_scan_in_a_hundred_genomes(tmp_path, seed):
    rng = random.Random(seed)
    requests = _requests(rng, 40)
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests, 12, 20_000))
    assert _found(requests, reference) == scan_packed(_texts(reference), requests)


def test_reports_are_those_of_the_search_by_hand(tmp_path):
    rng = random.Random(4)
    requests = _requests(rng, 4)
    genome = PatientGenome(Reference.open(_reference(rng, tmp_path / "r.fa", requests)))
    stages = set()
    reports = search(requests, genome, progress=lambda stage, share: stages.add(stage))
    assert reports == search_by_hand(requests, genome)
    assert any("building the off-target table" in stage for stage in stages)
    assert any("kernels" in stage for stage in stages)


def test_pams_too_loose_for_a_table_are_scanned(tmp_path):
    rng = random.Random(5)
    requests = _requests(rng, 3, pams=(("NRN", PamSide.THREE_PRIME), ("N", PamSide.FIVE_PRIME)))
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    assert _found(requests, reference) == scan_by_hand(_texts(reference), requests)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("pam", "worth"), [("NGG", True), ("NRG", True), ("NG", False), ("G" * 9, False)])
def test_worth_a_table(pam, worth):
    assert is_worth_a_table(pam) is worth


def test_library_rows_are_the_hits(tmp_path):
    rng = random.Random(6)
    requests = _requests(rng, 10)
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    tally = write_sites(requests, reference, tmp_path / "sites.tsv")
    header, *lines = (tmp_path / "sites.tsv").read_text().splitlines()
    assert header.split("\t") == list(COLUMNS)
    windows = reference.windows
    expected = sorted(
        "\t".join(
            map(
                str,
                (
                    request.spacer,
                    windows[hit.sequence].contig,
                    windows[hit.sequence].start + hit.start + 1,
                    windows[hit.sequence].start + hit.end,
                    hit.strand.value,
                    hit.pam,
                    hit.aligned_spacer,
                    hit.aligned_target,
                    hit.mismatches,
                    hit.dna_bulges,
                    hit.rna_bulges,
                ),
            )
        )
        for request, hits in zip(requests, scan_by_hand(_texts(reference), requests), strict=True)
        for hit in hits
    )
    assert sorted("\t".join(line.split("\t")[:11]) for line in lines) == expected
    assert tally.kept == len(lines) > 10


def test_many_guides_looked_up_by_words_write_the_same_bytes(tmp_path, monkeypatch):
    rng = random.Random(61)
    requests = [OffTargetRequest(random_bases(rng, 20), "NGG", limits=SearchLimits(5)) for _ in range(40)]
    requests += [OffTargetRequest(requests[0].spacer, "NGG", limits=SearchLimits(3))]
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    write_sites(requests, reference, tmp_path / "counted.tsv")
    asked = []
    monkeypatch.setattr("revertant.offtarget.table.seeds._LEAST_GUIDES", 1)
    monkeypatch.setattr("revertant.offtarget.table.seeds._MOST_RADIUS", 3)
    monkeypatch.setattr(
        "revertant.offtarget.table.table.load_seeds", lambda: asked.append(loading.load_seeds()), raising=True
    )
    write_sites(requests, reference, tmp_path / "looked_up.tsv")
    assert asked
    lines = (tmp_path / "counted.tsv").read_bytes()
    assert (tmp_path / "looked_up.tsv").read_bytes() == lines
    assert lines.count(b"\n") > 40


def test_parquet_holds_the_same_rows(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    rng = random.Random(6)
    requests = _requests(rng, 20)
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    write_sites(requests, reference, tmp_path / "sites.tsv")
    write_sites(requests, reference, tmp_path / "sites.parquet")
    rows = parquet.read_table(tmp_path / "sites.parquet").to_pylist()
    lines = [line.split("\t") for line in (tmp_path / "sites.tsv").read_text().splitlines()[1:]]
    assert len(lines) == len(rows) > 10
    for line, row in zip(lines, rows, strict=True):
        for (name, kind), text in zip(COLUMNS.items(), line, strict=True):
            is_missing = text == "" and kind not in {"text", "label"}
            assert row[name] == (
                None if is_missing else float(text) if kind == "number" else type(row[name])(text)
            )


def test_library_refuses_what_does_not_fit(tmp_path):
    reference = Reference.from_sequences({"s": "ACGT"})
    with pytest.raises(InputError, match="too long"):
        write_sites([OffTargetRequest("A" * 40, "NGG")], reference, tmp_path / "x.tsv")
    with pytest.raises(InputError, match="written"):
        write_sites([OffTargetRequest("A" * 20, "NGG")], reference, tmp_path / "no" / "x.tsv")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def made(tmp_path):
    """A reference, guides, what they find, and the folder of the table."""
    rng = random.Random(8)
    requests = _requests(rng, 6, pams=PAMS[:1])
    reference = Reference.open(_reference(rng, tmp_path / "r.fa", requests))
    found = _found(requests, reference)
    [folder] = {manifest.parent for manifest in (tmp_path / "cache").rglob(MANIFEST)}
    return reference, requests, found, folder


def _damage(rng: random.Random, data: bytes) -> bytes:
    if rng.random() < 0.3:
        return data[: rng.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _damage_is_never_silent(made, seed: int, times: int) -> int:
    reference, requests, found, folder = made
    rng = random.Random(seed)
    files = sorted(folder.iterdir())
    sound = {path: path.read_bytes() for path in files}
    refused = silent = 0
    for _ in range(times):
        path = rng.choice(files)
        path.write_bytes(_damage(rng, sound[path]))
        try:
            assert _found(requests, reference) == found
        except InputError as error:
            refused += error.code == "bad-index" and "revertant index" in error.remedy
        else:
            silent += 1
        for file, data in sound.items():
            file.write_bytes(data)
    # What does no harm changes nothing: bytes between sections, or blocks that hold no site found.
    assert refused + silent == times
    return refused


def test_damage_is_never_silent(made):
    assert _damage_is_never_silent(made, 1, 250) > 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_damages_are_never_silent(made, seed):
    assert _damage_is_never_silent(made, 100 + seed, 1000) > 400


def test_another_reference_in_the_same_place_gets_its_own_table(made, tmp_path):
    _, requests, _, _ = made
    rng = random.Random(21)
    _reference(rng, tmp_path / "r.fa", requests)
    other = Reference.open(tmp_path / "r.fa")
    assert _found(requests, other) == scan_by_hand(_texts(other), requests)


def test_a_touched_or_copied_reference_keeps_its_table(made, tmp_path):
    _, requests, found, folder = made
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    os.utime(tmp_path / "r.fa", (1, 1))
    assert _found(requests, Reference.open(tmp_path / "r.fa")) == found
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_same_size_and_time_but_other_bases_are_found_out(made, tmp_path):
    _, requests, _, _ = made
    path = tmp_path / "r.fa"
    stat = path.stat()
    text = path.read_text()
    path.write_text(
        "".join({"G": "A", "C": "T"}.get(x, x) for x in text.replace("c", "C")).replace("T1", "c1")
    )
    lines = [
        new if not old.startswith(">") else old
        for old, new in zip(text.splitlines(), path.read_text().splitlines(), strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_size == stat.st_size
    other = Reference.open(path)
    assert _found(requests, other) == scan_by_hand(_texts(other), requests)


@pytest.mark.parametrize("most_bytes", [10**9, 1])
def test_tables_built_together_are_those_built_alone(tmp_path, monkeypatch, most_bytes):
    monkeypatch.setattr("revertant.offtarget.table.build._MOST_BYTES", most_bytes)
    monkeypatch.setattr("revertant.offtarget.table.build._CHUNK", 509)
    monkeypatch.setattr("revertant.offtarget.table.build._PART_BASES", 20_000)
    reference = Reference.open(_reference(random.Random(41), tmp_path / "r.fa", (), 9, 30_000))
    kinds = [
        TableKind(pam, side, depth) for (pam, side), depth in zip(PAMS, (22, 22, 28, 28, 22), strict=True)
    ]
    shares = []
    build_tables(
        {tmp_path / kind.pam: kind for kind in kinds},
        reference,
        progress=lambda _, share: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    # Sites that are packed a few at a time make the same blocks as those packed all at once.
    monkeypatch.setattr("revertant.offtarget.table.sites._PACKED", 1)
    for kind in kinds:
        alone = tmp_path / f"{kind.pam}-alone"
        build_table(alone, reference, kind.pam, kind.side, kind.depth)
        together = {path.name: path.read_bytes() for path in (tmp_path / kind.pam).iterdir()}
        assert together == {path.name: path.read_bytes() for path in alone.iterdir()}
        assert len(together) > 3


def test_what_is_missing_is_built_in_one_pass(tmp_path, monkeypatch):
    reference = Reference.open(_reference(random.Random(42), tmp_path / "r.fa"))
    kept = ready_table(reference, "NGG", PamSide.THREE_PRIME, 22)
    before = {path: path.stat().st_mtime_ns for path in kept.folder.iterdir()}
    stages = set()
    tables = ready_tables(
        reference,
        ["NGA", "NGG", "NAG", "NGA"],
        PamSide.THREE_PRIME,
        22,
        lambda stage, share: stages.add(stage),
    )
    assert [table.pam for table in tables] == ["NGA", "NGG", "NAG", "NGA"]
    assert stages == {"building the off-target table of NGA, NAG (once for each reference)"}
    assert {path: path.stat().st_mtime_ns for path in kept.folder.iterdir()} == before


def test_another_format_is_built_anew(made, monkeypatch):
    reference, requests, found, folder = made
    for module in ("format", "build"):
        monkeypatch.setattr(f"revertant.offtarget.table.{module}.FORMAT_VERSION", 2)
    assert _found(requests, reference) == found
    assert '"version": 2' in (folder / MANIFEST).read_text()


def test_a_part_of_another_table_is_refused(made, tmp_path):
    reference, requests, _, folder = made
    rng = random.Random(31)
    other = Reference.open(_reference(rng, tmp_path / "other.fa", requests))
    build_table(tmp_path / "foreign", other, "NGG", PamSide.THREE_PRIME, int(folder.name[-2:]))
    (folder / "00000.sites").write_bytes((tmp_path / "foreign" / "00000.sites").read_bytes())
    with pytest.raises(InputError, match="another table"):
        _found(requests, reference)


def test_a_folder_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    reference = Reference.open(_reference(random.Random(1), tmp_path / "r.fa"))
    with pytest.raises(InputError) as caught:
        ready_table(reference, "NGG", PamSide.THREE_PRIME, 22)
    assert caught.value.code == "cannot-write-index"


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path):
    reference = Reference.open(_reference(random.Random(1), tmp_path / "r.fa"))
    code = (
        "import resource, sys\n"
        "from revertant.genome import Reference\n"
        "from revertant.model import PamSide\n"
        "from revertant.offtarget.table.table import ready_table\n"
        "reference = Reference.open(sys.argv[1])\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    ready_table(reference, 'NGG', PamSide.THREE_PRIME, 22)\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error.code)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "r.fa")], capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ["InputError", "cannot-write-index"], shown.stderr
    assert list(table_folder(reference, "NGG", PamSide.THREE_PRIME, 22).iterdir()) == []


_BUILD = """
import sys
from pathlib import Path
import revertant.offtarget.table.build as build
from revertant.genome import Reference
from revertant.model import PamSide
build._PART_BASES = 30_000
print("ready", flush=True)
build.build_table(Path(sys.argv[2]), Reference.open(sys.argv[1]), "NGG", PamSide.THREE_PRIME, 22)
print("done", flush=True)
"""


def _killed_builds_do_no_harm(tmp_path: Path, seed: int, times: int) -> None:
    rng = random.Random(seed)
    fasta = _reference(rng, tmp_path / "k.fa", (), 40, 60_000)
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", _BUILD, fasta, tmp_path / "sound"], check=True, capture_output=True)
    sound = {path.name: path.read_bytes() for path in (tmp_path / "sound").iterdir()}
    took = time.monotonic() - started
    killed = tmp_path / "killed"
    for number in range(times):
        if number % 5 == 0:
            for path in killed.glob("*") if killed.exists() else ():
                path.unlink()
        process = subprocess.Popen(
            [sys.executable, "-c", _BUILD, fasta, killed], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        process.stdout.readline()
        time.sleep(rng.random() * took * 0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for path in killed.glob("[!.]*") if killed.exists() else ():
            assert path.read_bytes() == sound[path.name]
    subprocess.run([sys.executable, "-c", _BUILD, fasta, killed], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in killed.iterdir()} == sound


def test_killed_builds_do_no_harm(tmp_path):
    _killed_builds_do_no_harm(tmp_path, 1, 4)


@pytest.mark.long
def test_fifty_killed_builds_do_no_harm(tmp_path):
    _killed_builds_do_no_harm(tmp_path, 2, 50)


def test_index_command(tmp_path, capsys):
    fasta = _reference(random.Random(1), tmp_path / "r.fa")
    assert main(["index", str(fasta), "--pam", "NGG", "--pam", "NNGRRT", "--quiet"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["NGG", "NNGRRT"]
    assert all((Path(row[2]) / MANIFEST).exists() for row in rows)
    assert main(["index", str(fasta), "--pam", "TTTV", "--pam-side", "5", "--force", "--json"]) == 0
    assert "TTTV-five_prime-22" in capsys.readouterr().out
    assert main(["index", str(fasta), "--pam", "NNN"]) == 2
    assert main(["index", str(fasta), "--pam-side", "4"]) == 2
