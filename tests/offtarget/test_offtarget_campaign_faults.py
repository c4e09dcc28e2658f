"""Faults from outside: processes killed, disks full, folders that may not be written, too little memory, damage.

What has a final name is whole, or it is not there. The next run gives the same bytes. What cannot be done is said, with
an exit status, and nothing hangs.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from campaigns import tell
from offtarget_cases import random_bases, resembling

from revertant.cli import console
from revertant.cli.main import main
from revertant.errors import InputError
from revertant.genome import Reference
from revertant.model import OffTargetRequest, PamSide, SearchLimits
from revertant.offtarget.matching.guides import group_guides
from revertant.offtarget.stream.library import write_sites
from revertant.offtarget.table.build import MANIFEST
from revertant.offtarget.table.table import ready_table, table_folder

_NOBODY = 65534
_REQUESTS = tuple(
    OffTargetRequest(random_bases(random.Random(seed), 20), "NGG", limits=SearchLimits(5, 1, 1))
    for seed in range(40)
)

_WRITE = """
import random, sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
import revertant.offtarget.stream.sources as sources
import revertant.offtarget.table.whole as whole
from revertant.genome import Reference
from revertant.offtarget.stream.library import write_sites
import test_offtarget_campaign_faults as campaign
whole.COMPILED_BASES = sources.COMPILED_BASES = 0
reference = Reference.open(sys.argv[2])
print("ready", flush=True)
print(write_sites(campaign._REQUESTS, reference, Path(sys.argv[3])).kept, flush=True)
"""


def _fasta(path: Path, seed: int, bases: int) -> Path:
    rng = random.Random(seed)
    lines = []
    for number in range(5):
        parts = [random_bases(rng, bases // 5)] + [resembling(rng, request) for request in _REQUESTS]
        lines.append(f">c{number}\n{''.join(parts)}\n")
    path.write_text("".join(lines))
    return path


def _run(code: str, *arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, str(Path(__file__).parent), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **more)


# --- killed --------------------------------------------------------------------------------------------------


def _killed_writers_do_no_harm(folder: Path, name: str, times: int, seed: int) -> int:
    """Kill the writer at random moments; return how often it was killed before it had ended."""
    rng = random.Random(seed)
    fasta = _fasta(folder / "r.fa", seed, 300_000)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    sound = folder / "sound" / name
    sound.parent.mkdir()
    assert _run(_WRITE, fasta, sound, env=environment).returncode == 0
    started = time.monotonic()
    assert _run(_WRITE, fasta, sound, env=environment).returncode == 0
    took = time.monotonic() - started
    expected = sound.read_bytes()
    place = folder / "killed" / name
    place.parent.mkdir()
    in_time = 0
    for _ in range(times):
        place.unlink(missing_ok=True)
        command = [sys.executable, "-c", _WRITE, str(Path(__file__).parent), str(fasta), str(place)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        process.stdout.readline()
        time.sleep(rng.random() * took * 0.7)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if place.exists():
            assert place.read_bytes() == expected, "a partial file under its final name"
        else:
            in_time += 1
    done = _run(_WRITE, fasta, place, env=environment)
    assert done.returncode == 0, done.stderr
    assert place.read_bytes() == expected
    return in_time


def test_killed_writers_do_no_harm(tmp_path):
    _killed_writers_do_no_harm(tmp_path, "sites.tsv", 3, 1)


@pytest.mark.long
@pytest.mark.parametrize("name", ["sites.tsv", "sites.parquet"])
def test_fifty_killed_writers_do_no_harm(tmp_path, name):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    in_time = _killed_writers_do_no_harm(tmp_path, name, 50, 2)
    tell(f"{name}: 50 killed, {in_time} of them before their file was there")
    assert in_time > 5


_COMMAND = "import sys; from revertant.cli.main import main; print('ready', flush=True); sys.exit(main(sys.argv[1:]))"


def _killed_commands_do_no_harm(folder: Path, times: int, seed: int) -> int:
    """Kill ``revertant offtargets`` at random moments; return how often it was killed before it had ended."""
    rng = random.Random(seed)
    fasta = _fasta(folder / "r.fa", seed, 200_000)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    guides = [request.spacer for request in _REQUESTS[:3]]

    def command(out: Path) -> list[str]:
        options = ["--reference", str(fasta), "--out", str(out), "--force", "--quiet"]
        return [sys.executable, "-c", _COMMAND, "offtargets", *guides, *options]

    sound, place = folder / "sound", folder / "killed"
    started = time.monotonic()
    subprocess.run(command(sound), env=environment, check=True, capture_output=True)
    took = time.monotonic() - started
    expected = {path.name: path.read_bytes() for path in sound.iterdir()}
    assert {"report.html", "sites.tsv"} <= set(expected)
    in_time = 0
    for _ in range(times):
        shutil.rmtree(place, ignore_errors=True)
        with subprocess.Popen(
            command(place), env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            process.stdout.readline()
            time.sleep(rng.random() * took * 0.8)
            process.kill()
        files = [path for path in place.glob("*") if path.is_file()] if place.exists() else []
        for path in files:
            assert path.read_bytes() == expected[path.name], "a partial file under its final name"
        in_time += len(files) < len(expected)
    subprocess.run(command(place), env=environment, check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()} == expected
    return in_time


def test_killed_commands_do_no_harm(tmp_path):
    _killed_commands_do_no_harm(tmp_path, 2, 1)


@pytest.mark.long
def test_fifty_killed_commands_do_no_harm(tmp_path):
    in_time = _killed_commands_do_no_harm(tmp_path, 50, 2)
    tell(f"revertant offtargets: 50 killed, {in_time} of them before their files were there")
    assert in_time > 5


# --- no room, no right ---------------------------------------------------------------------------------------

_LIMITED = """
import resource, signal, sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
import revertant.offtarget.stream.sources as sources
import revertant.offtarget.table.whole as whole
from revertant.errors import RevertantError
from revertant.genome import Reference
from revertant.offtarget.stream.library import write_sites
import test_offtarget_campaign_faults as campaign
whole.COMPILED_BASES = sources.COMPILED_BASES = 0
reference = Reference.open(sys.argv[2])
write_sites(campaign._REQUESTS[:1], reference, Path(sys.argv[3]).with_name("warm.tsv"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
try:
    write_sites(campaign._REQUESTS, reference, Path(sys.argv[3]))
except RevertantError as error:
    print(error.code, error.exit_status, error.where, bool(error.remedy))
"""


@pytest.mark.parametrize("name", ["sites.tsv", "sites.parquet"])
@pytest.mark.parametrize("most", [10, 5_000])
def test_a_file_that_may_not_grow_is_named(tmp_path, name, most):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    fasta = _fasta(tmp_path / "r.fa", 3, 100_000)
    place = tmp_path / "out" / name
    place.parent.mkdir()
    place.write_bytes(b"what was there before")
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = _run(_LIMITED, fasta, place, most, env=environment)
    assert done.stdout.split() == ["cannot-write", "3", str(place), "True"], done.stderr
    assert place.read_bytes() == b"what was there before"
    assert sorted(path.name for path in place.parent.iterdir()) == sorted([name, "warm.tsv"])


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 200 kB; only where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)]
    if (
        not sys.platform.startswith("linux")
        or os.geteuid()
        or subprocess.run(command, check=False).returncode
    ):
        pytest.skip("no right to mount a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_named_by_build_and_search(tmp_path, small_disk, monkeypatch):
    for module in ("table.whole", "stream.sources"):
        monkeypatch.setattr(f"revertant.offtarget.{module}.COMPILED_BASES", 0)
    fasta = _fasta(tmp_path / "r.fa", 4, 400_000)
    reference = Reference.open(fasta)
    monkeypatch.setenv("XDG_CACHE_HOME", str(small_disk))
    with pytest.raises(InputError, match="No space left") as caught:
        ready_table(reference, "NGG", PamSide.THREE_PRIME, 22)
    assert (caught.value.code, caught.value.exit_status) == ("cannot-write-index", 3)
    folder = table_folder(reference, "NGG", PamSide.THREE_PRIME, 22)
    assert list(folder.iterdir()) == []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (small_disk / "others").write_bytes(bytes(190_000))
    for name in ("sites.tsv", "sites.parquet") if find_spec("pyarrow") else ("sites.tsv",):
        with pytest.raises(InputError, match="No space left") as caught:
            write_sites(_REQUESTS, reference, small_disk / name)
        assert (caught.value.code, caught.value.where) == ("cannot-write", str(small_disk / name))
        assert [path.name for path in small_disk.iterdir() if path.is_file()] == ["others"]


def test_a_full_stdout_is_an_error_and_no_traceback(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    fasta = _fasta(tmp_path / "r.fa", 5, 20_000)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    code = "import sys; from revertant.cli.main import main; sys.exit(main(sys.argv[2:]))"
    command = [sys.executable, "-c", code, "", "index", str(fasta)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


_AS_NOBODY = """
import os, sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
import revertant.offtarget.stream.sources as sources
import revertant.offtarget.table.whole as whole
from revertant.cli.main import main
from revertant.errors import RevertantError
from revertant.genome import Reference
from revertant.offtarget.stream.library import write_sites
import test_offtarget_campaign_faults as campaign
whole.COMPILED_BASES = sources.COMPILED_BASES = 0
reference = Reference.open(sys.argv[2])
# What is compiled or imported when it is first used is needed before the rights are dropped.
os.environ["XDG_CACHE_HOME"] = sys.argv[4]
write_sites(campaign._REQUESTS[:1], reference, Path(sys.argv[4]) / "warm.tsv")
assert main(["index", sys.argv[2], "--quiet"]) == 0
os.setgid(int(sys.argv[5]))
os.setuid(int(sys.argv[5]))
try:
    write_sites(campaign._REQUESTS[:1], reference, Path(sys.argv[3]) / "sites.tsv")
except RevertantError as error:
    print(error.code, error.exit_status, error.where)
os.environ["XDG_CACHE_HOME"] = sys.argv[3]
print(main(["index", sys.argv[2], "--quiet"]))
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to become somebody else"
)
def test_a_folder_that_may_only_be_read_is_named():
    # Not in pytest's own folder: that one is closed to others again whenever another pytest starts.
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        fasta = _fasta(folder / "r.fa", 6, 20_000)
        closed, writable = folder / "closed", folder / "open"
        closed.mkdir(mode=0o555)
        writable.mkdir()
        done = _run(_AS_NOBODY, fasta, closed, writable, _NOBODY)
        *_, code, status, where, last = done.stdout.split()
        assert (code, status, where, last) == ("cannot-write", "3", str(closed / "sites.tsv"), "3"), (
            done.stderr
        )
        assert "Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
        assert list(closed.iterdir()) == []


_CLOSED_CACHE = """
import os, sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
import revertant.offtarget.stream.sources as sources
import revertant.offtarget.table.whole as whole
from revertant.errors import RevertantError
from revertant.genome import Reference
from revertant.offtarget.stream.library import write_sites
import test_offtarget_campaign_faults as campaign
whole.COMPILED_BASES = sources.COMPILED_BASES = 0
reference = Reference.open(sys.argv[2])
os.environ["XDG_CACHE_HOME"] = sys.argv[3]
write_sites(campaign._REQUESTS[:1], reference, Path(sys.argv[3]) / "sites.tsv")
Path(sys.argv[3], "revertant").chmod(0o700)
os.setgid(int(sys.argv[4]))
os.setuid(int(sys.argv[4]))
try:
    write_sites(campaign._REQUESTS[:1], reference, Path(sys.argv[5]) / "more.tsv")
except RevertantError as error:
    print(error.code, error.exit_status)
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to become somebody else"
)
def test_a_cache_of_somebody_else_is_named():
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        cache, out = folder / "cache", folder / "out"
        for place in (cache, out):
            place.mkdir()
        out.chmod(0o777)
        done = _run(_CLOSED_CACHE, _fasta(folder / "r.fa", 8, 20_000), cache, _NOBODY, out)
        assert done.stdout.split() == ["cannot-read-index", "3"], done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that is no regular file")
@pytest.mark.parametrize("name", ["pipe", "pipe.parquet"])
def test_a_device_is_not_replaced_by_a_file(tmp_path, name):
    place = tmp_path / name
    os.mkfifo(place)
    reference = Reference.from_sequences({"s": "ACGT" * 20})
    with pytest.raises(InputError, match="no file") as caught:
        write_sites(_REQUESTS[:1], reference, place)
    assert caught.value.code == "cannot-write"
    assert place.is_fifo()
    assert list(tmp_path.iterdir()) == [place]


# --- too little memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("can't start new thread"),
        OSError("libx.so: failed to map segment from shared object"),
    ],
)
def test_too_little_memory_is_said_in_plain_words(monkeypatch, capsys, error):
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(sys.modules["revertant.cli.main"], "app", fail)
    assert main(["index"]) == 3
    shown = capsys.readouterr().err
    assert "not enough memory" in shown
    assert "bug" not in shown
    assert not console.is_out_of_memory(ValueError("something else"))


_SMALL = """
import resource, sys
most = int(sys.argv[2]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
from revertant.cli.main import main
sys.exit(main(["index", sys.argv[3], "--force", "--quiet"]))
"""


@pytest.mark.long
@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems do not limit the address space"
)
def test_ten_levels_of_too_little_memory(tmp_path):
    """It works, or it says that memory ran out; it never hangs, and never leaves half a table."""
    fasta = _fasta(tmp_path / "r.fa", 7, 1_000_000)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "OPENBLAS_NUM_THREADS": "1"}
    outcomes = []
    for megabytes in (220, 260, 300, 340, 360, 380, 400, 450, 600, 1500):
        done = _run(_SMALL, megabytes, fasta, env=environment)
        if done.returncode == 0:
            outcome = "worked"
        elif done.returncode == 3 and "not enough memory" in done.stderr:
            outcome = "said so"
        else:
            # Python's imports and the compiler's own library end the process in their own words.
            outcome = "ended by a library"
            assert done.returncode != 0
        outcomes.append(f"{megabytes} MB: {outcome} ({done.returncode})")
        assert "bug in revertant" not in done.stderr, done.stderr
        folder = tmp_path / "cache"
        manifests = list(folder.rglob(MANIFEST)) if folder.exists() else []
        assert len(manifests) == (done.returncode == 0)
    tell("; ".join(outcomes))
    assert outcomes[-1].startswith("1500 MB: worked")


# --- damage --------------------------------------------------------------------------------------------------


def _damage(rng: random.Random, data: bytes) -> bytes:
    """What disks and copies do to a file, beyond single bits and cut ends."""
    changed = bytearray(data)
    kind = rng.randrange(6)
    size = len(data)
    if kind == 0:  # a page of zeros
        at = rng.randrange(0, size, 512)
        changed[at : at + 512] = bytes(len(changed[at : at + 512]))
    elif kind == 1:  # two pages change places
        one, other = (rng.randrange(0, max(size - 512, 1), 64) for _ in range(2))
        a, b = changed[one : one + 512], changed[other : other + 512]
        changed[one : one + 512], changed[other : other + 512] = b, a
        changed = changed[:size]
    elif kind == 2:  # bytes too many
        changed += rng.randbytes(rng.randint(1, 600))
    elif kind == 3:  # cut at a block
        changed = changed[: rng.randrange(0, size, 64)]
    elif kind == 4:  # a byte lost, so that all that follows moves
        del changed[rng.randrange(size)]
    else:
        changed[rng.randrange(size)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _damages_are_never_silent(folder: Path, seed: int, times: int) -> tuple[int, int]:
    rng = random.Random(seed)
    fasta = _fasta(folder / "r.fa", seed, 6_000)
    text = fasta.read_text()
    fasta.write_text("".join("R" if x == "A" and rng.random() < 0.01 else x for x in text))
    reference = Reference.open(fasta)
    requests = _REQUESTS[:8]
    [guides] = group_guides(requests)
    table = ready_table(reference, guides.pam, guides.side, guides.depth)

    def found() -> list[tuple[object, ...]]:
        opened = ready_table(reference, guides.pam, guides.side, guides.depth)
        return [hit for sites in opened.search(guides) for hit in sites.hits(requests)]

    expected = found()
    assert len(expected) > 8
    sound = {path: path.read_bytes() for path in sorted(table.folder.iterdir())}
    refused = same = 0
    for _ in range(times):
        path = rng.choice(list(sound))
        path.write_bytes(_damage(rng, sound[path]))
        try:
            assert found() == expected
            same += 1
        except InputError as error:
            refused += error.code == "bad-index" and "revertant index" in error.remedy
        for place, data in sound.items():
            place.write_bytes(data)
    assert refused + same == times
    return refused, same


def test_damage_of_other_kinds_is_never_silent(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    refused, _ = _damages_are_never_silent(tmp_path, 1, 150)
    assert refused > 80


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 15))
def test_five_thousand_damages_of_other_kinds_are_never_silent(tmp_path, monkeypatch, seed):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    refused, same = _damages_are_never_silent(tmp_path, seed, 1000)
    tell(f"seed {seed}: {refused} refused, {same} without effect, none silent")
    assert refused > 500
