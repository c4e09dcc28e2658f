"""The automaton with all its states in registers, for the limits most searches have.

:func:`move_states <revertant.offtarget.kernels_vector.move_states>` keeps states in memory, which serves any
limits. With at most one bulge of each kind the states fit into the processor's registers, which is five times
faster; the code of each number of mismatches is laid out ahead and chosen by a switch.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from revertant.offtarget.kernels_vector import VECTOR_BYTES, Loop, load, spread, store, word

__all__ = ["MOST_IN_REGISTERS", "run_one_and_one", "run_one_dna", "run_one_rna"]

#: Most mismatches laid out ahead.
MOST_IN_REGISTERS = 6

_WORD = ir.IntType(64)


_States = dict[tuple[int, int], list[Any]]


class _Automaton:
    """Lays out the code for one set of limits."""

    def __init__(self, builder: Any, arguments: Any, dna_most: int, rna_most: int, most: int) -> None:
        self._builder = builder
        self._rows, self._guide, self._size, self._count, self._out, self._ends = arguments
        self._dna_most, self._rna_most, self._most = dna_most, rna_most, most
        self._cells = [(d, r) for d in range(dna_most + 1) for r in range(rna_most + 1)]

    def lay_out(self) -> None:
        """Read the first letter, the inner ones in a loop, the last one; write the states."""
        builder, size = self._builder, self._size
        every, empty = (spread(builder, word(bits)) for bits in (-1, 0))
        # All ones where bulges may lie at the ends: one code serves both, and the loop has nothing to do with it.
        ends = spread(builder, self._ends)
        start = {(0, 0): every, (1, 0): ends}
        states = {cell: [start.get(cell, empty)] * (self._most + 1) for cell in self._cells}
        states = self._read(states, word(0), may_dna=True, rna_where=ends)
        last = builder.sub(size, word(1))
        before = builder.block
        inner, after = builder.append_basic_block("inner"), builder.append_basic_block("last")
        # A guide of two letters has no inner one.
        builder.cbranch(builder.icmp_unsigned(">", last, word(1)), inner, after)
        builder.position_at_end(inner)
        turn = Loop(builder, builder.sub(last, word(1)), self._flat(states))
        moved = self._read(
            self._cube(turn.carried), builder.add(turn.index, word(1)), may_dna=True, rna_where=None
        )
        turn.close(self._flat(moved))
        behind = builder.block
        builder.branch(after)
        builder.position_at_end(after)
        merged = []
        for first, later in zip(self._flat(states), self._flat(moved), strict=True):
            phi = builder.phi(later.type)
            phi.add_incoming(first, before)
            phi.add_incoming(later, behind)
            merged.append(phi)
        ends = spread(builder, self._ends)
        states = self._read(self._cube(merged), last, may_dna=False, rna_where=ends)
        for index, state in enumerate(self._flat(states)):
            store(builder, state, self._out, index * VECTOR_BYTES)

    def _flat(self, states: _States) -> list[Any]:
        return [state for cell in self._cells for state in states[cell]]

    def _cube(self, flat: list[Any]) -> _States:
        width = self._most + 1
        return {cell: flat[i * width : (i + 1) * width] for i, cell in enumerate(self._cells)}

    def _match(self, j: Any, letter: Any, shift: int) -> Any:
        """The sites whose base ``shift`` further out than ``j`` matches the letter."""
        builder = self._builder
        distance = builder.add(j, word(shift))
        if shift < 0:
            # A cell that would read before the PAM is empty; what it reads does not matter.
            distance = builder.select(builder.icmp_signed("<", distance, word(0)), word(0), distance)
        row = builder.mul(builder.add(builder.mul(distance, self._count), letter), word(VECTOR_BYTES))
        return builder.xor(load(builder, builder.add(self._rows, row)), spread(builder, word(-1)))

    def _read(self, old: _States, j: Any, *, may_dna: bool, rna_where: Any) -> _States:
        """Read letter ``j``: the states after it; ``rna_where`` masks RNA bulges, ``None`` lets all be."""
        builder = self._builder
        place = builder.inttoptr(builder.add(self._guide, builder.mul(j, word(8))), _WORD.as_pointer())
        letter = builder.load(place)
        match = {s: self._match(j, letter, s) for s in range(-self._rna_most, self._dna_most + 1)}
        new: _States = {}
        # What reads the old states of a cell comes before that cell, so that few of them live at a time.
        for d, r in sorted(self._cells, key=lambda cell: (cell[0], -cell[1])):
            moved: list[Any] = [None] * (self._most + 1)
            for m in range(self._most, -1, -1):
                state = builder.and_(old[d, r][m], match[d - r])
                if m:
                    state = builder.or_(state, old[d, r][m - 1])
                if r:
                    shorter = old[d, r - 1][m]
                    if rna_where is not None:
                        shorter = builder.and_(shorter, rna_where)
                    state = builder.or_(state, shorter)
                if d and may_dna:
                    state = builder.or_(state, new[d - 1, r][m])
                moved[m] = state
            new[d, r] = moved
        return new


def _by_mismatches(dna_most: int, rna_most: int) -> Any:
    """Make the code of an intrinsic that chooses by the number of mismatches."""

    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *others, most = arguments
        done = builder.append_basic_block("done")
        switch = builder.switch(most, done)
        for mismatches in range(MOST_IN_REGISTERS + 1):
            block = builder.append_basic_block("limits")
            switch.add_case(word(mismatches), block)
            builder.position_at_end(block)
            _Automaton(builder, others, dna_most, rna_most, mismatches).lay_out()
            builder.branch(done)
        builder.position_at_end(done)
        return target.get_dummy_value()

    return types.void(*[types.uint64] * 7), make


@intrinsic
def run_one_dna(
    context: Any, rows: Any, guide: Any, size: Any, count: Any, states: Any, ends: Any, most: Any
) -> Any:
    """Run the automaton for at most one DNA bulge; write the states it ends in.

    ``ends`` is all ones where a bulge may lie at an end of the guide, else 0.
    """
    return _by_mismatches(1, 0)


@intrinsic
def run_one_rna(
    context: Any, rows: Any, guide: Any, size: Any, count: Any, states: Any, ends: Any, most: Any
) -> Any:
    """Run the automaton for at most one RNA bulge; write the states it ends in."""
    return _by_mismatches(0, 1)


@intrinsic
def run_one_and_one(
    context: Any, rows: Any, guide: Any, size: Any, count: Any, states: Any, ends: Any, most: Any
) -> Any:
    """Run the automaton for at most one bulge of each kind; write the states it ends in."""
    return _by_mismatches(1, 1)
