"""The kernels keep to memory that is theirs: they use plain addresses, so nothing else would notice."""

from __future__ import annotations

import ast
import mmap
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from offtarget_cases import random_request

import revertant.offtarget
from revertant.model import OffTargetRequest, SearchLimits
from revertant.offtarget.kernels.search import search_blocks, sum_blocks, sum_some_blocks
from revertant.offtarget.kernels.sites import site_bases
from revertant.offtarget.matching.blocks import automaton_of
from revertant.offtarget.matching.guides import fits_kernels, group_guides

KERNELS = sorted(Path(revertant.offtarget.__file__).parent.glob("kernels/*.py"))
PAGE = mmap.PAGESIZE
PROT_NONE = 0


def test_addresses_are_taken_of_parameters_only():
    """Numba lets go of an array the kernel made after the last line that names it, whoever has its address."""
    taken = 0
    for path in KERNELS:
        tree = ast.parse(path.read_text())
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            parameters = {argument.arg for argument in function.args.args}
            written = {
                node.id
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "address":
                    [argument] = call.args
                    assert isinstance(argument, ast.Name), path.name
                    assert argument.id in parameters - written, (path.name, function.name, argument.id)
                    taken += 1
    assert taken > 5


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc overwrites memory that is let go")
def test_memory_that_is_let_go_is_not_read():
    """All kinds of limits, in a process whose freed memory is overwritten at once."""
    tests = Path(__file__).with_name("test_offtarget_kernels.py")
    chosen = "sixteen_thousand or more_hits or alignments or pams_and_bases or cut_without"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", chosen, str(tests)]
    environment = {**os.environ, "MALLOC_PERTURB_": "165"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


class _Guarded:
    """Copies arrays to places that end where memory may no longer be touched."""

    def __init__(self) -> None:
        ctypes = pytest.importorskip("ctypes")
        self._protect = ctypes.CDLL(None, use_errno=True).mprotect
        self._protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        self._kept: list[object] = []

    def __call__(self, array: np.ndarray) -> np.ndarray:
        array = np.ascontiguousarray(array)
        pages = -(-array.nbytes // PAGE) + 1
        room = mmap.mmap(-1, (pages + 1) * PAGE)
        whole = np.frombuffer(room, np.uint8)
        self._kept.append(room)
        for page in (0, pages):
            assert not self._protect(whole.ctypes.data + page * PAGE, PAGE, PROT_NONE)
        start = pages * PAGE - array.nbytes
        placed = whole[start : pages * PAGE].view(array.dtype).reshape(array.shape)
        placed[...] = array
        return placed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs mprotect")
def test_kernels_stay_within_their_arrays():
    """Every array ends at a page that may not be touched; tables of all sizes, with and without bulges."""
    guarded, rng, numbers = _Guarded(), random.Random(4), np.random.default_rng(4)
    limits = [SearchLimits(m, d, r) for m, d, r in ((0, 0, 0), (7, 0, 0), (8, 0, 0), (4, 1, 0), (4, 0, 1))]
    limits += [SearchLimits(*most, end_bulges=True) for most in ((4, 1, 0), (4, 0, 1), (4, 1, 1), (3, 3, 3))]
    limits += [SearchLimits(*most) for most in ((6, 1, 1), (7, 1, 1), (3, 3, 3), (8, 2, 3))]
    requests = [
        OffTargetRequest("ACGTTGCATGCATRCATGCAA"[: 15 + i % 7], "N", limits=x) for i, x in enumerate(limits)
    ]
    requests += [x for x in (random_request(rng) for _ in range(12)) if fits_kernels(x)]
    requests = [OffTargetRequest(x.spacer, "N", limits=x.limits) for x in requests]
    sets = [group_guides(requests)[0], group_guides([OffTargetRequest("ACGTACGTACGTACGTA", "N")])[0]]
    for guides in sets:
        given = [guarded(x) for x in (guides.letters, guides.indexes, guides.sizes, guides.limits)]
        automaton = automaton_of(guides)
        for kind in (2, 4):
            for blocks in range(1, 10):
                words = kind * guides.depth * 8
                planes = guarded(numbers.integers(0, 2**63, blocks * words, dtype=np.uint64))
                sums = guarded(np.zeros(blocks, np.uint64))
                sum_blocks(planes, words, 0, sums)
                assert sum_some_blocks(planes, words, guarded(np.arange(blocks)), sums) == -1
                for room in (0, 1, 5000):
                    guide, site = guarded(np.zeros(room, np.int32)), guarded(np.zeros(room, np.int64))
                    sites = blocks * 512 - rng.randrange(512)
                    count, following, damaged = search_blocks(
                        planes, kind, sums, 0, blocks, sites, guides.depth, *given, *automaton, guide, site
                    )
                    assert damaged == -1
                    assert count <= room
                    assert following <= blocks
                    bases = guarded(np.zeros((count, guides.depth), np.uint8))
                    site_bases(planes, kind, guides.depth, guarded(site[:count]), bases)


def test_a_changed_intrinsic_is_compiled_anew(tmp_path):
    """Kernels that an edited file went into are not taken from the cache."""
    package = Path(revertant.offtarget.__file__).parents[1]
    copy = tmp_path / "revertant"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import numpy as np\n"
        "from revertant.offtarget.kernels.search import sum_blocks\n"
        "sums = np.zeros(1, np.uint64)\n"
        "sum_blocks(np.ones(8, np.uint64), 8, 0, sums)\n"
        "print(sum(sum_blocks.stats.cache_hits.values()), sums[0])"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}

    def run() -> list[str]:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return done.stdout.split()

    first, second = run(), run()
    assert (first[0], second[0]) == ("0", "1")
    assert first[1] == second[1]
    edited = copy / "offtarget" / "kernels" / "vector.py"
    edited.write_text(edited.read_text().replace("_ROTATION = 7", "_ROTATION = 9"))
    third = run()
    assert third[0] == "0"
    assert third[1] != first[1]
