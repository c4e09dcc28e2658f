r"""The automaton for bulges: code laid out for exactly the limits of a search, when it is first asked for.

Vectors hold the sites that have *fallen out*, so that a row of mismatches is used as it is. For cell (d, r), with d
DNA bulges and r RNA bulges behind it, vector m has the sites that need more than m mismatches::

    fallen'[d, r][m] =  (fallen[d, r][m] | mismatches of the letter with the base d - r further out)
                      & fallen[d, r][m - 1]        a mismatch
                      & fallen[d, r - 1][m]        an RNA bulge, which reads no base
                      & fallen'[d - 1, r][m]       a DNA bulge, after the letter

Row m needs nothing above row m, so two letters are read in one climb from m = 0 up: what passes between them never
leaves the registers, and each vector is loaded and stored once for both::

    letter j     m=0 --> m=1 --> m=2 --> ...
                  \       \       \
    letter j+1     m=0 --> m=1 --> ...

Each set of limits is a C function of its own, compiled when it is first needed and kept on disk; the search calls it
by its address, so it need not be compiled anew. A vector is as wide as a register: 512 bits with AVX-512, else 256.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from revertant.offtarget.kernels.cache import c_function
from revertant.offtarget.kernels.vector import VECTOR_BYTES, Loop, any_word, load, spread, store, word

__all__ = ["MOST_SHIFT", "SLOT_BYTES", "automaton_address", "call_automaton"]

#: How far before the first and behind the last distance rows may be read, without meaning anything.
MOST_SHIFT = 3

_LANES = 8 if llvm.get_host_cpu_features().get("avx512f") else 4
#: Bytes of one vector of states.
SLOT_BYTES = 8 * _LANES

_WORD = ir.IntType(64)
#: Arguments of an automaton, all of them words; see :func:`call_automaton`.
_ARGUMENTS = 8


@dataclass(frozen=True, slots=True)
class _Letter:
    """A guide letter: its rows by shift, whether a DNA bulge may follow, and where none may be an RNA bulge."""

    rows: dict[int, Any]
    may_dna: bool
    no_rna: Any = None


class _Automaton:
    """Lays out the code for one set of limits."""

    def __init__(self, builder: Any, most: tuple[int, int, int], arguments: Any) -> None:
        self._builder = builder
        self._rows, self._offsets, self._size, self._stride, self._states, self._ends = arguments
        self._dna_most, self._rna_most, self._most = most
        self._cells = [(d, r) for d in range(self._dna_most + 1) for r in range(self._rna_most + 1)]

    def lay_out(self) -> None:
        """Read the first letter, the inner ones two by two, the last one."""
        builder = self._builder
        every, none = (spread(builder, word(bits), _LANES) for bits in (-1, 0))
        no_end = spread(builder, builder.xor(self._ends, word(-1)), _LANES)
        for d, r in self._cells:
            start = every if r else no_end if d else none
            for m in range(self._most + 1):
                store(builder, start, self._states, self._slot(d, r, m))
        self._read([self._letter(word(0), no_rna=no_end)])
        inner = builder.sub(self._size, word(2))
        pairs = builder.lshr(inner, word(1))
        with builder.if_then(builder.icmp_unsigned("!=", pairs, word(0))):
            turn = Loop(builder, pairs, [])
            first = builder.add(builder.shl(turn.index, word(1)), word(1))
            self._read([self._letter(first), self._letter(builder.add(first, word(1)))])
            turn.close([])
        last = builder.add(inner, word(1))
        with builder.if_then(builder.trunc(inner, ir.IntType(1))):
            self._read([self._letter(inner)])
        no_end = spread(builder, builder.xor(self._ends, word(-1)), _LANES)
        self._read([self._letter(last, may_dna=False, no_rna=no_end)])

    def accepted(self, accept: Any) -> Any:
        """The sites that are left in any of the states whose places ``accept`` lists."""
        builder = self._builder
        fallen = spread(builder, word(-1), _LANES)
        for index in range(len(self._cells)):
            place = builder.add(self._states, self._word_at(accept, word(8 * index)))
            fallen = builder.and_(fallen, load(builder, place, lanes=_LANES))
        return builder.xor(fallen, spread(builder, word(-1), _LANES))

    def _slot(self, d: int, r: int, m: int) -> int:
        return ((d * (self._rna_most + 1) + r) * (self._most + 1) + m) * SLOT_BYTES

    def _word_at(self, start: Any, offset: Any) -> Any:
        builder = self._builder
        return builder.load(builder.inttoptr(builder.add(start, offset), _WORD.as_pointer()))

    def _letter(self, j: Any, *, may_dna: bool = True, no_rna: Any = None) -> _Letter:
        builder = self._builder
        offset = self._word_at(self._offsets, builder.shl(j, word(3)))
        place = builder.add(self._rows, offset)
        rows = {
            shift: load(builder, builder.add(place, builder.mul(self._stride, word(shift))), lanes=_LANES)
            for shift in range(-self._rna_most, self._dna_most + 1)
        }
        return _Letter(rows, may_dna, no_rna)

    def _read(self, letters: list[_Letter]) -> None:
        """Read letters, one after the other, in one climb over the mismatches."""
        builder = self._builder
        below: list[dict[tuple[int, int], Any]] = [{} for _ in letters]
        for m in range(self._most + 1):
            old = {
                cell: load(builder, self._states, self._slot(*cell, m), lanes=_LANES) for cell in self._cells
            }
            for index, letter in enumerate(letters):
                old, below[index] = self._moved(letter, old, below[index]), old
            for cell in self._cells:
                store(builder, old[cell], self._states, self._slot(*cell, m))

    def _moved(
        self, letter: _Letter, old: dict[tuple[int, int], Any], below: dict[tuple[int, int], Any]
    ) -> dict[tuple[int, int], Any]:
        builder = self._builder
        new: dict[tuple[int, int], Any] = {}
        for d, r in self._cells:
            fallen = builder.or_(old[d, r], letter.rows[d - r])
            if below:
                fallen = builder.and_(fallen, below[d, r])
            if r:
                shorter = old[d, r - 1]
                if letter.no_rna is not None:
                    shorter = builder.or_(shorter, letter.no_rna)
                fallen = builder.and_(fallen, shorter)
            if d and letter.may_dna:
                fallen = builder.and_(fallen, new[d - 1, r])
            new[d, r] = fallen
        return new


@intrinsic
def _run(
    context: Any,
    limits: Any,
    rows: Any,
    offsets: Any,
    size: Any,
    stride: Any,
    states: Any,
    ends: Any,
    accept: Any,
    out: Any,
) -> Any:
    """Run the automaton whose limits are the lengths of three tuples, less one."""
    dna_most, rna_most, most = (len(kind) - 1 for kind in limits)

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, rows, *others, accept, out = arguments
        loop = Loop(builder, word(VECTOR_BYTES // SLOT_BYTES), [word(0)])
        part = builder.mul(loop.index, word(SLOT_BYTES))
        automaton = _Automaton(builder, (dna_most, rna_most, most), [builder.add(rows, part), *others])
        automaton.lay_out()
        found = automaton.accepted(accept)
        store(builder, found, builder.add(out, part))
        loop.close([builder.or_(loop.carried[0], any_word(builder, found))])
        return loop.last[0]

    return types.uint64(limits, *[types.uint64] * _ARGUMENTS), make


@cache
def _automaton(dna_bulges: int, rna_bulges: int, mismatches: int) -> Any:
    # Numba sees types only, so numbers become lengths. Its cache tells functions apart by what they close over.
    limits = (0,) * (dna_bulges + 1), (0,) * (rna_bulges + 1), (0,) * (mismatches + 1)

    def run(
        rows: Any, offsets: Any, size: Any, stride: Any, states: Any, ends: Any, accept: Any, out: Any
    ) -> Any:
        return _run(limits, rows, offsets, size, stride, states, ends, accept, out)

    return c_function(types.uint64(*[types.uint64] * _ARGUMENTS), run)


def automaton_address(dna_bulges: int, rna_bulges: int, mismatches: int) -> int:
    """Compile the automaton for these limits, or take it from the disk; return its address."""
    return int(_automaton(dna_bulges, rna_bulges, mismatches).address)


@intrinsic
def call_automaton(
    context: Any,
    automaton: Any,
    rows: Any,
    offsets: Any,
    size: Any,
    stride: Any,
    states: Any,
    ends: Any,
    accept: Any,
    out: Any,
) -> Any:
    """Run one guide over one block; write the sites accepted, return which words have some.

    Parameters
    ----------
    automaton
        Its address; the guide's own limits lie within its limits.
    rows
        Address of the block's rows; ``MOST_SHIFT`` distances before and behind may be read.
    offsets
        Address of the guide's rows in bytes, a word a letter.
    size
        Letters, two at least.
    stride
        Bytes from a row to that of the next distance.
    states
        Address of room for the states.
    ends
        All ones where bulges may lie at the ends of the guide, else 0.
    accept
        Address of the places (in bytes, from ``states``) of the state that counts, for each cell.
    out
        Address of the block's sites.
    """

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_WORD, [_WORD] * _ARGUMENTS)
        return builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])

    return types.uint64(*[types.uint64] * (_ARGUMENTS + 1)), make
