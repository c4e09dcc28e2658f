"""Each compiled kernel against its slow twin, and the whole compiled scan against the obvious one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from offtarget_cases import PAMS, random_bases, random_case, random_request, resembling

from revertant.model import OffTargetRequest, SearchLimits
from revertant.offtarget import scan_by_hand
from revertant.offtarget.kernels.align import align_sites
from revertant.offtarget.kernels.order import order_rows
from revertant.offtarget.kernels.search import search_blocks, sum_blocks
from revertant.offtarget.kernels.sites import (
    find_pams,
    gather_sites,
    site_bases,
    slice_four_planes,
    slice_two_planes,
    split_clean,
    write_planes,
)
from revertant.offtarget.kernels.twin import (
    align_sites_by_hand,
    find_pams_by_hand,
    search_blocks_by_hand,
    site_bases_by_hand,
)
from revertant.offtarget.matching.alignment import align
from revertant.offtarget.matching.blocks import Bank, DamagedBlockError, automaton_of, in_order, matches
from revertant.offtarget.matching.compiled import scan_compiled
from revertant.offtarget.matching.guides import MASK_OF_BYTE, fits_kernels, group_guides
from revertant.offtarget.matching.packed import scan_packed
from revertant.offtarget.table.seeds import seed_index
from revertant.sequence import IUPAC_MASK


def _planes(text: str, *, turned: bool = False, complement: bool = False) -> np.ndarray:
    letters = np.frombuffer(text.encode(), np.uint8).copy()
    planes = np.empty((4, len(text) // 64 + 4), np.uint64)
    write_planes(letters, MASK_OF_BYTE, turned, complement, planes)
    return planes


def test_the_other_width_of_the_automaton_finds_the_same(tmp_path):
    """What this processor would not choose: 512 bits without AVX-512, or 256 with it."""
    code = (
        "import random\n"
        "from dataclasses import replace\n"
        "from revertant.model import SearchLimits\n"
        "import revertant.offtarget.kernels.automaton as automaton\n"
        "automaton._LANES, automaton.SLOT_BYTES = 12 - automaton._LANES, 96 - automaton.SLOT_BYTES\n"
        "from offtarget_cases import random_case\n"
        "from revertant.offtarget import scan_by_hand\n"
        "from revertant.offtarget.matching.compiled import scan_compiled\n"
        "rng, hits = random.Random(3), 0\n"
        "for _ in range(60):\n"
        "    sequences, request = random_case(rng)\n"
        "    request = replace(request, limits=SearchLimits(*rng.choice(((3, 1, 1), (2, 0, 1), (1, 2, 0)))))\n"
        "    found = scan_compiled(sequences, [request])\n"
        "    assert found == scan_by_hand(sequences, [request])\n"
        "    hits += len(found[0])\n"
        "print(hits)"
    )
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent, *sys.path))),
    }
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert int(shown.stdout) > 20


def test_automata_come_from_the_cache_in_a_second_process(tmp_path):
    code = (
        "from revertant.offtarget.kernels.automaton import _automaton\n"
        "made = [_automaton(1, 0, 2), _automaton(0, 1, 2)]\n"
        "print([made.cache_hits for made in made], made[0].address != made[1].address)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    shown = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        ).stdout.strip()
        for _ in range(2)
    ]
    assert shown == ["[0, 0] True", "[1, 1] True"]


def test_rows_are_put_in_order():
    rng = np.random.default_rng(1)
    for size, top in ((0, 1), (1, 1), (1000, 50), (5000, 2**33), (3000, 2**27)):
        keys = rng.integers(0, top, size)
        wanted = np.argsort(keys, kind="stable")
        order = np.empty(size, np.int64)
        given = keys.copy()
        order_rows(given, order, np.empty_like(given), np.empty_like(order), int(top).bit_length())
        assert order.tolist() == wanted.tolist()


def test_search_equals_its_twin_on_sixteen_thousand_pairs_of_site_and_guide():
    """Sites by the block: limits side by side, IUPAC letters, both kinds of planes, an unfilled last block."""
    rng = random.Random(11)
    for turn in range(10):
        requests = []
        while len(requests) < 16:
            request = random_request(rng)
            if fits_kernels(request):
                requests.append(OffTargetRequest(request.spacer, "N", limits=request.limits))
        requests[0] = OffTargetRequest("ACGTACGTACGTACGTA", "N", limits=SearchLimits(7))
        requests[1] = OffTargetRequest("ACGTACGTACGTACGTA", "N", limits=SearchLimits(8, 1, 1))
        [guides] = group_guides(requests)
        text = random_bases(rng, 90) + "".join(
            resembling(rng, rng.choice(requests))[::-1] + "A" for _ in range(4)
        )
        if turn % 2:
            text = "".join(rng.choice("RYKMN") if rng.random() < 0.1 else base for base in text)
        planes = _planes(text)
        positions = np.arange(rng.randint(60, 110))
        words, pams = np.empty((len(positions), 4), np.uint64), np.empty(len(positions), np.uint64)
        gather_sites(planes, positions, 1, guides.depth, words, pams)
        if turn % 2:
            blocks, kind = np.zeros(4 * guides.depth * 8, np.uint64), 4
            slice_four_planes(words, guides.depth, blocks)
        else:
            keys, is_clean = np.empty(len(positions), np.uint64), np.empty(len(positions), np.bool_)
            positions = positions[: split_clean(words, pams, 1, guides.depth, keys, is_clean)]
            blocks, kind = np.zeros(2 * guides.depth * 8, np.uint64), 2
            slice_two_planes(keys[: len(positions)], guides.depth, blocks)
        sums = np.empty(1, np.uint64)
        sum_blocks(blocks, len(blocks), 0, sums)
        found = []
        for function in (search_blocks, search_blocks_by_hand):
            guide, site = np.empty(4000, np.int32), np.empty(4000, np.int64)
            count, *rest = function(
                blocks,
                kind,
                sums,
                0,
                1,
                len(positions),
                guides.depth,
                guides.letters,
                guides.indexes,
                guides.sizes,
                guides.limits,
                *automaton_of(guides),
                guide,
                site,
            )
            found.append((sorted(zip(guide[:count].tolist(), site[:count].tolist(), strict=True)), rest))
        # The kernel sees no end of the sequence, and neither does its twin: base sets of nothing never match.
        assert found[0] == found[1]
        assert found[0][0]


def test_alignments_equal_their_twin():
    rng = random.Random(5)
    requests = [request for request in (random_request(rng) for _ in range(60)) if fits_kernels(request)]
    requests = [OffTargetRequest(r.spacer, "N", limits=r.limits) for r in requests]
    [guides] = group_guides(requests)
    rows = 3000
    which = np.array([rng.randrange(len(requests)) for _ in range(rows)], np.int32)
    bases, lengths = np.zeros((rows, guides.depth), np.uint8), np.empty(rows, np.int64)
    for row, g in enumerate(which.tolist()):
        text = (resembling(rng, requests[g])[::-1] + random_bases(rng, 30))[1 : guides.depth + 1]
        bases[row, : len(text)] = [IUPAC_MASK[base] for base in text]
        lengths[row] = rng.choice((guides.depth, rng.randint(0, guides.depth)))
    results = []
    for function in (align_sites, align_sites_by_hand):
        edits, columns = np.empty((rows, 3), np.uint8), np.empty(rows, np.uint64)
        count = function(guides.masks, guides.sizes, guides.limits, which, bases, lengths, edits, columns)
        results.append((count, edits.tolist(), columns.tolist()))
    assert results[0] == results[1]
    assert results[0][0] > 300


def test_pams_and_bases_equal_their_twins():
    rng = random.Random(3)
    for _ in range(60):
        text = random_bases(rng, rng.randint(8, 300), "ACGTACGTACGTRN")
        planes = _planes(text, turned=rng.random() < 0.5, complement=rng.random() < 0.5)
        pattern = np.array([IUPAC_MASK[letter] for letter in rng.choice(PAMS)], np.uint8)
        last = len(text) - len(pattern) + 1
        found = []
        for function in (find_pams, find_pams_by_hand):
            room = np.zeros(len(text) + 64, np.int64)
            found.append(room[: function(planes, pattern, 0, last, room)].tolist())
        assert found[0] == found[1]
        positions = np.array(found[0], np.int64)
        words, pams = np.empty((len(positions), 4), np.uint64), np.empty(len(positions), np.uint64)
        gather_sites(planes, positions, len(pattern), 9, words, pams)
        blocks = np.zeros(-(-len(positions) // 512) * 4 * 9 * 8, np.uint64)
        slice_four_planes(words, 9, blocks)
        read = []
        for function in (site_bases, site_bases_by_hand):
            bases = np.zeros((len(positions), 9), np.uint8)
            function(blocks, 4, 9, np.arange(len(positions)), bases)
            read.append(bases.tolist())
        assert read[0] == read[1]


def test_more_hits_than_room_are_all_found(monkeypatch):
    monkeypatch.setattr("revertant.offtarget.matching.blocks._ROOM", 3)
    rng = random.Random(2)
    text = random_bases(rng, 6000)
    requests = [OffTargetRequest(random_bases(rng, 5), "NG", limits=SearchLimits(2, 1, 0)) for _ in range(3)]
    assert scan_compiled([text], requests) == scan_packed([text], requests)


def test_long_sequences_are_cut_without_losing_or_doubling_sites(monkeypatch):
    monkeypatch.setattr("revertant.offtarget.matching.pieces._BATCH_BASES", 17)
    monkeypatch.setattr("revertant.offtarget.matching.compiled._STRIDE", 7)
    rng = random.Random(9)
    for _ in range(60):
        sequences, request = random_case(rng)
        assert scan_compiled(sequences, [request]) == scan_by_hand(sequences, [request])


def test_every_changed_bit_of_a_block_is_noticed():
    rng = np.random.default_rng(1)
    [guides] = group_guides([OffTargetRequest("ACGTACGTACGTACGTA", "N")])
    blocks = rng.integers(0, 2**63, 2 * 2 * guides.depth * 8, dtype=np.uint64)
    sums = np.empty(2, np.uint64)
    sum_blocks(blocks, len(blocks) // 2, 0, sums)
    list(matches(Bank(blocks, 2, 1024, guides.depth, sums), guides, 0, 2))
    for bit in range(0, len(blocks) * 64, 7):
        blocks[bit // 64] ^= np.uint64(1 << bit % 64)
        with pytest.raises(DamagedBlockError):
            list(matches(Bank(blocks, 2, 1024, guides.depth, sums), guides, 0, 2))
        blocks[bit // 64] ^= np.uint64(1 << bit % 64)
    swapped = np.roll(blocks, len(blocks) // 2)
    with pytest.raises(DamagedBlockError):
        list(matches(Bank(swapped, 2, 1024, guides.depth, sums), guides, 0, 2))


@pytest.mark.parametrize("seed", range(12))
def test_guides_looked_up_are_those_held_against_every_site(seed, monkeypatch):
    """The search by words against the one by counting: every length, limits up to 7, rooms that are too small."""
    monkeypatch.setattr("revertant.offtarget.table.seeds._LEAST_GUIDES", 1)
    monkeypatch.setattr("revertant.offtarget.table.seeds._MOST_RADIUS", 3)
    rng = random.Random(seed)
    size, top = rng.choice((5, 11, 17, 19, 20, 23, 25)), rng.choice((0, 1, 2, 3, 4, 5, 6, 7))
    top = min(top, size - 1, 5 if size > 17 else 7)
    spacers = [random_bases(rng, size) for _ in range(60)]
    spacers += ["".join(rng.choice("ACGT") if rng.random() < 0.1 else x for x in y) for y in spacers[:30]]
    limits = [SearchLimits(rng.randint(0, top), total_edits=rng.choice((None, None, 2))) for _ in spacers]
    requests = [OffTargetRequest(x, "N", limits=most) for x, most in zip(spacers, limits, strict=True)]
    [guides] = group_guides(requests)
    sites = []
    for _ in range(1300):
        bases = list(rng.choice(spacers)[::-1])
        for _ in range(rng.randint(0, 7)):
            bases[rng.randrange(size)] = rng.choice("ACGT")
        sites.append("".join(bases) if rng.random() < 0.7 else random_bases(rng, size))
    depth = min(28, size + rng.randint(0, 3))
    sites = [site + random_bases(rng, depth - size) for site in sites]
    high = [sum(1 << t for t, base in enumerate(site) if base in "GT") for site in sites]
    low = [sum(1 << t for t, base in enumerate(site) if base in "CT") for site in sites]
    keys = np.array(high, np.uint64) | np.array(low, np.uint64) << np.uint64(32)
    blocks = np.zeros(3 * 2 * depth * 8, np.uint64)
    slice_two_planes(keys, depth, blocks)
    sums = np.empty(3, np.uint64)
    sum_blocks(blocks, 2 * depth * 8, 0, sums)
    bank = Bank(blocks, 2, len(sites), depth, sums)
    seeds = seed_index(guides)
    monkeypatch.setattr("revertant.offtarget.matching.blocks._ROOM", rng.choice((1 << 17, 100, 3)))
    looked_up, counted = (
        [np.concatenate(column).tolist() for column in zip(*matches(bank, guides, 0, 3, way), strict=True)]
        for way in (seeds, None)
    )
    pairs = list(zip(looked_up[1], looked_up[0], strict=True))
    assert pairs == sorted(zip(counted[1], counted[0], strict=True))
    assert len(pairs) > 20
    few = [(site, guide) for site, guide in pairs if site < 40]
    texts = [request.spacer[::-1] for request in requests]
    assert few == [
        (site, guide)
        for site in range(40)
        for guide, text in enumerate(texts)
        if align(text, sites[site], requests[guide].limits) is not None
    ]
    blocks[100] ^= np.uint64(1)
    with pytest.raises(DamagedBlockError):
        list(matches(bank, guides, 0, 3, seeds))


def test_words_serve_plain_guides_without_bulges_where_they_pay():
    rng = random.Random(9)
    spacers = [random_bases(rng, 20) for _ in range(4000)]

    def index(limits: SearchLimits, more: tuple[str, ...] = ()) -> bool:
        made = [OffTargetRequest(spacer, "NGG", limits=limits) for spacer in (*spacers, *more)]
        return seed_index(group_guides(made)[0]) is not None

    assert index(SearchLimits(3))
    assert not index(SearchLimits(4))
    assert not index(SearchLimits(3, 1))
    assert not index(SearchLimits(3), ("A" * 21,))
    assert not index(SearchLimits(3), ("A" * 19 + "R",))


def test_threads_keep_the_order():
    assert list(in_order(lambda x: x * x, range(50))) == [x * x for x in range(50)]


def test_nothing_loads_the_compiler_before_it_is_needed():
    code = "import sys, revertant, revertant.offtarget, revertant.cli.main; print('numba' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_kernels_come_from_the_cache_in_a_second_process(tmp_path):
    code = (
        "from revertant.model import OffTargetRequest as R\n"
        "from revertant.offtarget.matching.compiled import scan_compiled\n"
        "from revertant.offtarget.kernels.search import search_blocks\n"
        "scan_compiled(['TTACGTACGTGGTT' * 9], [R('TACGTACG', 'NGG')])\n"
        "print(sum(search_blocks.stats.cache_hits.values()), sum(search_blocks.stats.cache_misses.values()))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    shown = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        ).stdout.strip()
        for _ in range(2)
    ]
    assert shown == ["0 1", "1 0"]
