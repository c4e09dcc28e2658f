"""What compiled kernels are kept in: one file a form, never another's."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from numba import types
from numba.core.caching import CodeLibraryCacheImpl, CompileResultCacheImpl

from revertant.offtarget.kernels import cache, search
from revertant.offtarget.kernels.automaton import _automaton
from revertant.offtarget.kernels.cache import KeptKernels


def _kept(folder: Path) -> KeptKernels:
    return KeptKernels(str(folder), "kernels.search-1.py3")


def test_kernels_and_automata_are_kept_here():
    # Numba has no public name for either; this notices when it renames what is set.
    for compiled in (search.sum_blocks, _automaton(1, 1, 4)):
        assert isinstance(compiled._cache._cache_file, KeptKernels)
        assert compiled._cache._cache_file._cache_path == compiled._cache.cache_path


def test_what_is_kept_is_found_again(tmp_path):
    assert _kept(tmp_path).load("key") is None
    _kept(tmp_path).save("key", ("code", 1))
    assert _kept(tmp_path).load("key") == ("code", 1)
    assert _kept(tmp_path).load("other key") is None
    _kept(tmp_path).flush()
    assert _kept(tmp_path).load("key") is None


def test_writers_at_the_same_time_never_get_what_another_compiled(tmp_path):
    # Each looks before any has written, as processes do that start together.
    count = 8
    ready = Barrier(count)

    def write(number: int) -> object:
        own = _kept(tmp_path)
        assert own.load(number) is None
        ready.wait()
        own.save(number, f"code for {number}")
        return _kept(tmp_path).load(number)

    with ThreadPoolExecutor(count) as pool:
        assert list(pool.map(write, range(count))) == [f"code for {number}" for number in range(count)]


@pytest.mark.parametrize("at", [0, 31, 32, 60, -1])
def test_a_damaged_file_is_as_good_as_none(tmp_path, at):
    _kept(tmp_path).save("key", list(range(100)))
    [path] = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(content)
    assert _kept(tmp_path).load("key") is None
    path.write_bytes(content[: len(content) // 2])
    assert _kept(tmp_path).load("key") is None
    path.write_bytes(b"")
    assert _kept(tmp_path).load("key") is None


def test_a_file_of_another_key_under_this_name_is_refused(tmp_path):
    kept = _kept(tmp_path)
    kept.save("key", "code")
    [path] = tmp_path.iterdir()
    path.rename(tmp_path / kept._name("other"))
    assert kept.load("other") is None


def test_forms_of_older_sources_are_removed(tmp_path, monkeypatch):
    other = KeptKernels(str(tmp_path), "kernels.other-1.py3")
    other.save("key", "code")
    with monkeypatch.context() as patch:
        patch.setattr(cache, "sources_stamp", lambda: "0" * 64)
        _kept(tmp_path).save("key", "old")
    _kept(tmp_path).save("key", "new")
    _kept(tmp_path).save("second", "new too")
    assert len(list(tmp_path.iterdir())) == 3
    assert (_kept(tmp_path).load("key"), other.load("key")) == ("new", "code")


def test_a_full_disk_stops_no_search(tmp_path, monkeypatch):
    @contextmanager
    def full(path: str) -> Iterator[object]:
        raise OSError(errno.ENOSPC, "No space left on device", path)
        yield

    kept = _kept(tmp_path)
    monkeypatch.setattr(kept, "_open_for_write", full)
    kept.save("key", "code")
    assert kept.load("key") is None


def test_without_any_folder_to_keep_them_in_kernels_are_compiled(monkeypatch):
    # A program installed by another user, and a user without a home.
    monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
    monkeypatch.setattr(CodeLibraryCacheImpl, "_locator_classes", [])

    def add(one: int, other: int) -> int:
        return one + other

    number = types.int64
    assert cache.kernel(add)(2, 3) == 5
    assert cache.c_function(number(number, number), add).ctypes(2, 3) == 5


def test_processes_that_start_together_search_right(tmp_path):
    # Each asks for limits of its own, so each compiles an automaton of its own into the same folder.
    program = (
        "import sys\n"
        "from revertant.model import OffTargetRequest, PamSide, SearchLimits\n"
        "from revertant.offtarget import scan_by_hand\n"
        "from revertant.offtarget.matching.compiled import scan_compiled\n"
        "most = int(sys.argv[1])\n"
        "dna = 'GACCTGATTACAGATTACAGGTGGTTTCCGATTACAGTTACAGGTGGAACC' * 3\n"
        "asked = [OffTargetRequest('GATTACAGATTACAGG', 'TGG', PamSide.THREE_PRIME, SearchLimits(most, 1, 1))]\n"
        "assert scan_compiled([dna], asked) == scan_by_hand([dna], asked)\n"
        "assert scan_compiled([dna], asked)[0]\n"
    )
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PATH": ""}
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(most)], env=environment) for most in (1, 2)
    ]
    assert [process.wait() for process in running] == [0, 0]
