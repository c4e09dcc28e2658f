"""Vector instructions for the search kernels, written as portable LLVM IR.

LLVM does not find these vectors by itself (its own attempt at the same loops is three times slower), so they
are spelled out, 512 bits at a time: one bit for each of 512 sites. The back end turns a vector into one
AVX-512 register, two of AVX2 or four of Arm NEON; nothing here names a processor.

Addresses are plain integers and every load and store may be unaligned: a memory-mapped file and a fresh array
both start where they like. All intrinsics stand at module level, since Numba's cache on disk never finds a
function that was made inside another.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = [
    "LANES",
    "MOST_MISMATCHES",
    "VECTOR_BYTES",
    "Loop",
    "address",
    "block_sum",
    "count_mismatch_rows",
    "expand_four_planes",
    "expand_two_planes",
    "load",
    "move_states",
    "spread",
    "store",
    "trailing_zeros",
    "word",
]

#: 64-bit words in a vector.
LANES = 8
#: Bytes in a vector.
VECTOR_BYTES = 64
#: Most mismatches the automaton counts (the code of each number is laid out ahead).
MOST_MISMATCHES = 8

_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, LANES)
_ROTATION = 7
_ODD = 0x9E3779B97F4A7C15


def word(value: int) -> ir.Constant:
    """Return a 64-bit constant."""
    return ir.Constant(_WORD, value)


def _same(value: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [word(value)] * LANES)


_ONES = _same(2**64 - 1)
_ZEROS = _same(0)


def load(builder: Any, at: Any, offset: int = 0) -> Any:
    """Read a vector at an address, aligned to a word only."""
    place = builder.add(at, word(offset)) if offset else at
    loaded = builder.load(builder.inttoptr(place, _VECTOR.as_pointer()))
    loaded.align = 8
    return loaded


def store(builder: Any, vector: Any, at: Any, offset: int = 0) -> None:
    """Write a vector at an address, aligned to a word only."""
    place = builder.add(at, word(offset)) if offset else at
    builder.store(vector, builder.inttoptr(place, _VECTOR.as_pointer())).align = 8


def _load_word(builder: Any, at: Any) -> Any:
    loaded = builder.load(builder.inttoptr(at, _WORD.as_pointer()))
    loaded.align = 8
    return loaded


def _not(builder: Any, vector: Any) -> Any:
    return builder.xor(vector, _ONES)


def _any(builder: Any, vector: Any) -> Any:
    """One bit for each word that is not zero."""
    lanes = builder.icmp_unsigned("!=", vector, _ZEROS)
    return builder.zext(builder.bitcast(lanes, ir.IntType(LANES)), _WORD)


def spread(builder: Any, word: Any) -> Any:
    """Return the same word in every lane."""
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    first = builder.insert_element(undefined, word, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [ir.Constant(ir.IntType(32), 0)] * LANES)
    return builder.shuffle_vector(first, undefined, lanes)


def _rotate(builder: Any, vector: Any, bits: int) -> Any:
    return builder.or_(builder.shl(vector, _same(bits)), builder.lshr(vector, _same(64 - bits)))


class Loop:
    """``for i in range(count)`` in IR, with values carried from turn to turn; it runs at least once."""

    def __init__(self, builder: Any, count: Any, carried: list[Any]) -> None:
        self._builder, self._count = builder, count
        before = builder.block
        self._body = builder.append_basic_block("turn")
        self._after = builder.append_basic_block("after")
        builder.branch(self._body)
        builder.position_at_end(self._body)
        self.index = builder.phi(_WORD)
        self.index.add_incoming(word(0), before)
        self.carried = []
        for value in carried:
            phi = builder.phi(value.type)
            phi.add_incoming(value, before)
            self.carried.append(phi)

    def close(self, carried: list[Any]) -> None:
        """End the body; ``carried`` are the values of the next turn."""
        builder = self._builder
        following = builder.add(self.index, word(1))
        self.index.add_incoming(following, builder.block)
        for phi, value in zip(self.carried, carried, strict=True):
            phi.add_incoming(value, builder.block)
        builder.cbranch(builder.icmp_unsigned("<", following, self._count), self._body, self._after)
        builder.position_at_end(self._after)


def _full_adder(builder: Any, x: Any, y: Any, z: Any) -> tuple[Any, Any]:
    """Add three bits in every position: their sum and their carry."""
    either = builder.xor(x, y)
    carry = builder.or_(builder.and_(x, y), builder.and_(z, either))
    return builder.xor(either, z), carry


@intrinsic
def address(context: Any, array: Any) -> Any:
    """Return the address of an array's first element; the array must be a parameter of the kernel.

    Numba lets go of an array a kernel made itself right after the last line that names it, and an address is no
    name: the memory would be someone else's while the kernel still reads it. What a parameter points to is held
    by the caller until the kernel returns.
    """

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = target.make_array(signature.args[0])(target, builder, arguments[0])
        return builder.ptrtoint(made.data, _WORD)

    return types.uint64(array), make


@intrinsic
def trailing_zeros(context: Any, word: Any) -> Any:
    """Return the index of the lowest set bit."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), make


@intrinsic
def expand_two_planes(context: Any, planes: Any, rows: Any, depth: Any, stride: Any) -> Any:
    """Turn (high, low) planes into mismatch rows of A, C, G and T: ``rows[distance * stride + base]``."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        planes, rows, depth, stride = arguments
        loop = Loop(builder, depth, [])
        source = builder.add(planes, builder.mul(loop.index, word(2 * VECTOR_BYTES)))
        to = builder.add(rows, builder.mul(loop.index, builder.mul(stride, word(VECTOR_BYTES))))
        high, low = load(builder, source), load(builder, source, VECTOR_BYTES)
        not_high, not_low = _not(builder, high), _not(builder, low)
        pairs = ((high, low), (high, not_low), (not_high, low), (not_high, not_low))
        for base, (x, y) in enumerate(pairs):
            store(builder, builder.or_(x, y), to, base * VECTOR_BYTES)
        loop.close([])
        return target.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.uint64, types.uint64), make


@intrinsic
def expand_four_planes(context: Any, planes: Any, rows: Any, depth: Any, stride: Any) -> Any:
    """Turn one plane a base (several set: ambiguous, none: no base) into mismatch rows."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        planes, rows, depth, stride = arguments
        loop = Loop(builder, depth, [])
        source = builder.add(planes, builder.mul(loop.index, word(4 * VECTOR_BYTES)))
        to = builder.add(rows, builder.mul(loop.index, builder.mul(stride, word(VECTOR_BYTES))))
        for base in range(4):
            plane = load(builder, source, base * VECTOR_BYTES)
            store(builder, _not(builder, plane), to, base * VECTOR_BYTES)
        loop.close([])
        return target.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.uint64, types.uint64), make


@intrinsic
def count_mismatch_rows(context: Any, rows: Any, offsets: Any, fours: Any, preset: Any, out: Any) -> Any:
    """Add up rows by carry-save adders; write the sites whose sum does not overflow.

    ``offsets`` points to four byte offsets for each of ``fours`` turns. The counter has three bits and starts at
    ``preset = 7 - most``: it overflows when more than ``most`` rows are set. Returns which words have sites.
    """

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        rows, offsets, fours, preset, out = arguments
        start = []
        for bit in range(3):
            is_set = builder.and_(builder.lshr(preset, word(bit)), word(1))
            start.append(spread(builder, builder.sub(word(0), is_set)))
        loop = Loop(builder, fours, [*start, _ZEROS])
        ones, twos, fours_sum, over = loop.carried
        at = builder.add(offsets, builder.mul(loop.index, word(32)))
        row = [
            load(builder, builder.add(rows, _load_word(builder, builder.add(at, word(8 * i)))))
            for i in range(4)
        ]
        ones, first = _full_adder(builder, ones, row[0], row[1])
        ones, second = _full_adder(builder, ones, row[2], row[3])
        twos, carry = _full_adder(builder, twos, first, second)
        over = builder.or_(over, builder.and_(fours_sum, carry))
        fours_sum = builder.xor(fours_sum, carry)
        loop.close([ones, twos, fours_sum, over])
        within = _not(builder, over)
        store(builder, within, out)
        return _any(builder, within)

    arguments = [types.uint64] * 5
    return types.uint64(*arguments), make


@intrinsic
def move_states(
    context: Any, states: Any, row: Any, most: Any, has_rna: Any, has_dna: Any, rna: Any, dna: Any
) -> Any:
    """Read one guide letter in one cell of the automaton: all its states, in place.

    ``states`` points to ``most + 1`` vectors, "at most m mismatches so far"; ``row`` to the letter's mismatches;
    ``rna`` and ``dna`` to the cells an RNA or a DNA bulge comes from, looked at where ``has_...`` is 1.
    """

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        states, row, most, has_rna, has_dna, rna, dna = arguments
        choice = builder.add(builder.mul(most, word(4)), builder.add(builder.mul(has_rna, word(2)), has_dna))
        done = builder.append_basic_block("done")
        switch = builder.switch(choice, done)
        for mismatches in range(MOST_MISMATCHES + 1):
            for with_rna in range(2):
                for with_dna in range(2):
                    block = builder.append_basic_block("cell")
                    switch.add_case(word(mismatches * 4 + with_rna * 2 + with_dna), block)
                    builder.position_at_end(block)
                    match = _not(builder, load(builder, row))
                    fewer = None
                    for m in range(mismatches + 1):
                        old = load(builder, states, m * VECTOR_BYTES)
                        new = builder.and_(old, match)
                        if fewer is not None:
                            new = builder.or_(new, fewer)
                        if with_rna:
                            new = builder.or_(new, load(builder, rna, m * VECTOR_BYTES))
                        if with_dna:
                            new = builder.or_(new, load(builder, dna, m * VECTOR_BYTES))
                        store(builder, new, states, m * VECTOR_BYTES)
                        fewer = old
                    builder.branch(done)
        builder.position_at_end(done)
        return target.get_dummy_value()

    arguments = [types.uint64] * 7
    return types.void(*arguments), make


@intrinsic
def block_sum(context: Any, start: Any, vectors: Any, seed: Any) -> Any:
    """Sum ``vectors`` vectors so that order counts; any change within one word is sure to change the sum."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start, vectors, seed = arguments
        loop = Loop(builder, vectors, [spread(builder, seed)])
        read = load(builder, builder.add(start, builder.mul(loop.index, word(VECTOR_BYTES))))
        total = builder.add(_rotate(builder, loop.carried[0], _ROTATION), read)
        loop.close([total])
        folded = seed
        for lane in range(LANES):
            part = builder.extract_element(total, ir.Constant(ir.IntType(32), lane))
            folded = builder.mul(builder.xor(folded, part), word(_ODD))
            folded = builder.xor(folded, builder.lshr(folded, word(32)))
        return folded

    return types.uint64(types.uint64, types.uint64, types.uint64), make
