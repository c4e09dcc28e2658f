"""Loads the compiled kernels in one thread, before any other thread runs them.

Each kernel is called with nothing to do, which compiles it or takes it from Numba's cache. Done in the main
thread this keeps the compiler from adding code to a process while other threads run what it made before.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from revertant.offtarget.kernels.align import align_sites
from revertant.offtarget.kernels.delta import compose_windows
from revertant.offtarget.kernels.order import order_rows
from revertant.offtarget.kernels.rows import format_block
from revertant.offtarget.kernels.scores import score_cfd, score_mit
from revertant.offtarget.kernels.search import search_blocks, sum_blocks, sum_some_blocks
from revertant.offtarget.kernels.seeds import search_seeds
from revertant.offtarget.kernels.settle import settle_sites
from revertant.offtarget.kernels.sites import (
    count_letters,
    find_pams,
    gather_sites,
    site_bases,
    slice_four_planes,
    slice_two_planes,
    split_clean,
    write_planes,
)
from revertant.offtarget.matching.guides import MASK_OF_BYTE

__all__ = ["load_build", "load_delta", "load_rows", "load_scan", "load_search", "load_seeds"]

_BYTES, _WORDS, _NUMBERS = np.zeros(0, np.uint8), np.zeros(0, np.uint64), np.zeros(0, np.int64)
_INDEXES, _PLANES, _EDITS = np.zeros(0, np.int32), np.zeros((4, 4), np.uint64), np.zeros((0, 3), np.uint8)
_MASKS, _LETTERS, _LIMITS = np.zeros((0, 1), np.uint8), np.zeros((0, 1), np.int64), np.zeros((0, 5), np.int64)
_CELLS = (0, 0, 0)
_FLAGS, _PLAIN, _NO = np.zeros(0, np.bool_), np.array([1, 2, 4, 8], np.uint8), False


@lru_cache(maxsize=1)
def load_search() -> None:
    """Load what searches blocks and settles what is found."""
    search_blocks(
        _WORDS, 2, _WORDS, 0, 0, 0, 1, _PLAIN, _LETTERS, _NUMBERS, _LIMITS, _CELLS, 0, _INDEXES, _NUMBERS
    )
    sum_some_blocks(_WORDS, 8, _NUMBERS, _WORDS)
    order_rows(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, 1)
    settle_sites(
        _WORDS, 2, 1, _BYTES, 1, _WORDS, _NUMBERS, _PLAIN, _NO, _MASKS, _NUMBERS, _LIMITS,
        _INDEXES, _NUMBERS, _INDEXES, _INDEXES, _NUMBERS, _EDITS, _WORDS, _MASKS, _WORDS,
    )  # fmt: skip


@lru_cache(maxsize=1)
def load_scan() -> None:
    """Load what searches sequences in memory."""
    load_search()
    _load_sites()
    site_bases(_WORDS, 4, 1, _NUMBERS, _MASKS)
    align_sites(_MASKS, _NUMBERS, _LIMITS, _INDEXES, _MASKS, _NUMBERS, _EDITS, _WORDS)


@lru_cache(maxsize=1)
def load_delta() -> None:
    """Load what writes a person's windows and searches them."""
    load_scan()
    compose_windows(
        _BYTES, 0, _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS, 0, _NUMBERS, _INDEXES, _NUMBERS, _INDEXES, _BYTES,
        _INDEXES, _BYTES, MASK_OF_BYTE, 1, _BYTES, _NUMBERS, _NUMBERS, _NUMBERS,
    )  # fmt: skip


@lru_cache(maxsize=1)
def load_build() -> None:
    """Load what builds a table."""
    _load_sites()
    count_letters(_BYTES, MASK_OF_BYTE)
    split_clean(np.zeros((0, 4), np.uint64), _WORDS, 1, 1, _WORDS, _FLAGS)
    slice_two_planes(_WORDS, 1, _WORDS)
    sum_blocks(_WORDS, 8, 0, _WORDS)


@lru_cache(maxsize=1)
def load_rows() -> None:
    """Load what scores sites and writes rows of them."""
    scores, tables = np.zeros(0), np.zeros((1, 5, 5))
    score_cfd(
        _INDEXES, _EDITS, _WORDS, _MASKS, _WORDS, _FLAGS, np.zeros((0, 1), np.int8), tables, tables[0],
        np.zeros(16, np.int8), scores,
    )  # fmt: skip
    score_mit(
        _INDEXES, _WORDS, _MASKS, _FLAGS, np.zeros((0, 1), np.int8), scores, np.zeros(16, np.int8), scores
    )
    format_block(
        _INDEXES, _NUMBERS, _NUMBERS, _NUMBERS, _FLAGS, _EDITS, _WORDS, _MASKS, _WORDS, scores, _BYTES,
        _NUMBERS, _NUMBERS, _INDEXES, _MASKS, _NUMBERS, _NUMBERS, _FLAGS, _PLAIN, _BYTES, _NUMBERS, _BYTES,
        _NUMBERS, _BYTES, _NUMBERS, _BYTES, _NUMBERS, _BYTES,
    )  # fmt: skip


@lru_cache(maxsize=1)
def load_seeds() -> None:
    """Load what looks sites up among many guides."""
    search_seeds(
        _WORDS, _WORDS, 0, 0, 0, 1, 4, 2, 2, 0, _NUMBERS, _NUMBERS, _NUMBERS,
        _INDEXES, _INDEXES, _INDEXES, _INDEXES, _INDEXES, _NUMBERS,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _load_sites() -> None:
    write_planes(_BYTES, MASK_OF_BYTE, _NO, _NO, _PLANES)
    find_pams(_PLANES, _PLAIN, 0, 0, _NUMBERS)
    gather_sites(_PLANES, _NUMBERS, 1, 1, np.zeros((0, 4), np.uint64), _WORDS)
    slice_four_planes(np.zeros((0, 4), np.uint64), 1, _WORDS)
