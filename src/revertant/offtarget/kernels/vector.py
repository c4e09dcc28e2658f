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
    "VECTOR_BYTES",
    "Loop",
    "address",
    "any_word",
    "block_sum",
    "copy_text",
    "count_mismatch_rows",
    "count_ones",
    "expand_four_planes",
    "expand_two_planes",
    "load",
    "spread",
    "store",
    "trailing_zeros",
    "word",
    "write_letters",
]

#: 64-bit words in a vector.
LANES = 8
#: Bytes in a vector.
VECTOR_BYTES = 64

_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, LANES)
_BYTE = ir.IntType(8)
_TEXT = ir.VectorType(_BYTE, 32)
_ROTATION = 7
_ODD = 0x9E3779B97F4A7C15


def word(value: int) -> ir.Constant:
    """Return a 64-bit constant."""
    return ir.Constant(_WORD, value)


def _same(value: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [word(value)] * LANES)


_ONES = _same(2**64 - 1)
_ZEROS = _same(0)


def load(builder: Any, at: Any, offset: int = 0, lanes: int = LANES) -> Any:
    """Read a vector at an address, aligned to a word only."""
    place = builder.add(at, word(offset)) if offset else at
    loaded = builder.load(builder.inttoptr(place, ir.VectorType(_WORD, lanes).as_pointer()))
    loaded.align = 8
    return loaded


def store(builder: Any, vector: Any, at: Any, offset: int = 0) -> None:
    """Write a vector at an address, aligned to a word only."""
    place = builder.add(at, word(offset)) if offset else at
    builder.store(vector, builder.inttoptr(place, vector.type.as_pointer())).align = 8


def _load_word(builder: Any, at: Any) -> Any:
    loaded = builder.load(builder.inttoptr(at, _WORD.as_pointer()))
    loaded.align = 8
    return loaded


def _not(builder: Any, vector: Any) -> Any:
    return builder.xor(vector, _ONES)


def any_word(builder: Any, vector: Any) -> Any:
    """One bit for each word that is not zero."""
    lanes = vector.type.count
    is_set = builder.icmp_unsigned("!=", vector, ir.Constant(vector.type, [word(0)] * lanes))
    return builder.zext(builder.bitcast(is_set, ir.IntType(lanes)), _WORD)


def spread(builder: Any, word: Any, lanes: int = LANES) -> Any:
    """Return the same word in every lane."""
    undefined = ir.Constant(ir.VectorType(_WORD, lanes), ir.Undefined)
    first = builder.insert_element(undefined, word, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [ir.Constant(ir.IntType(32), 0)] * lanes)
    return builder.shuffle_vector(first, undefined, zeros)


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
        self.carried: list[Any] = []
        self.last: list[Any] = []
        for value in carried:
            phi = builder.phi(value.type)
            phi.add_incoming(value, before)
            self.carried.append(phi)

    def close(self, carried: list[Any]) -> None:
        """End the body; ``carried`` are the values of the next turn, and stand in ``last`` after it."""
        builder = self._builder
        following = builder.add(self.index, word(1))
        self.index.add_incoming(following, builder.block)
        for phi, value in zip(self.carried, carried, strict=True):
            phi.add_incoming(value, builder.block)
        builder.cbranch(builder.icmp_unsigned("<", following, self._count), self._body, self._after)
        builder.position_at_end(self._after)
        self.last = carried


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
def count_ones(context: Any, word: Any) -> Any:
    """Return how many bits are set."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

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
        return any_word(builder, within)

    arguments = [types.uint64] * 5
    return types.uint64(*arguments), make


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


def _bytes(values: list[int]) -> ir.Constant:
    return ir.Constant(_TEXT, [ir.Constant(_BYTE, value) for value in values])


def _load_text(builder: Any, at: Any) -> Any:
    loaded = builder.load(builder.inttoptr(at, _TEXT.as_pointer()))
    loaded.align = 1
    return loaded


def _store_text(builder: Any, text: Any, at: Any) -> None:
    builder.store(text, builder.inttoptr(at, _TEXT.as_pointer())).align = 1


@intrinsic
def copy_text(context: Any, source: Any, to: Any) -> Any:
    """Copy 32 bytes, however many of them matter."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _store_text(builder, _load_text(builder, arguments[0]), arguments[1])
        return target.get_dummy_value()

    return types.void(types.uint64, types.uint64), make


@intrinsic
def write_letters(context: Any, bases: Any, letter_of: Any, is_reversed: Any, to: Any) -> Any:
    """Write the letters of 32 base sets; ``letter_of`` points to the letter of each set."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bases, letter_of, is_reversed, to = arguments
        sets, letters = _load_text(builder, bases), _bytes([0] * 32)
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), 32), [ir.Constant(ir.IntType(32), 0)] * 32)
        undefined = ir.Constant(_TEXT, ir.Undefined)
        for number in range(16):
            letter = builder.load(builder.inttoptr(builder.add(letter_of, word(number)), _BYTE.as_pointer()))
            first = builder.insert_element(undefined, letter, ir.Constant(ir.IntType(32), 0))
            is_it = builder.sext(builder.icmp_unsigned("==", sets, _bytes([number] * 32)), _TEXT)
            chosen = builder.and_(is_it, builder.shuffle_vector(first, undefined, lanes))
            letters = builder.or_(letters, chosen)
        places = [ir.Constant(ir.IntType(32), 31 - i) for i in range(32)]
        turned = builder.shuffle_vector(
            letters, undefined, ir.Constant(ir.VectorType(ir.IntType(32), 32), places)
        )
        _store_text(builder, builder.select(is_reversed, turned, letters), to)
        return target.get_dummy_value()

    return types.void(types.uint64, types.uint64, types.boolean, types.uint64), make
