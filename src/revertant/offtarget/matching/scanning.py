"""Searches sequences in memory, by whichever way is the quicker one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Protocol

from revertant.model import OffTargetRequest
from revertant.offtarget.matching.guides import fits_kernels
from revertant.offtarget.matching.hit import Hit
from revertant.offtarget.matching.packed import scan_packed

__all__ = ["COMPILED_BASES", "Scanner", "scan"]

#: From so many bases on, loading the compiled kernels (a second; ten when they are first compiled) pays.
COMPILED_BASES = 20_000_000


class Scanner(Protocol):
    """A search of sequences: :func:`scan`, or its twin."""

    def __call__(
        self,
        sequences: Iterable[str],
        requests: Sequence[OffTargetRequest],
        progress: Callable[[int], None] | None = None,
    ) -> tuple[tuple[Hit, ...], ...]:
        """Find every site of every guide in every sequence."""


def scan(
    sequences: Iterable[str],
    requests: Sequence[OffTargetRequest],
    progress: Callable[[int], None] | None = None,
) -> tuple[tuple[Hit, ...], ...]:
    """Find every site of every guide in every sequence.

    Parameters
    ----------
    sequences
        Upper-case sequences, each searched on its own, on both strands. They are taken one by one.
    requests
        The guides; their ``target`` is not looked at.
    progress
        Called with the number of bases done since the last call.

    Returns
    -------
    tuple of tuple of Hit
        For each request its hits, sorted.

    Examples
    --------
    >>> [[hit]] = scan(["TTACGTACGTGGTT"], [OffTargetRequest("TACGTACG", "NGG")])
    >>> hit.start, hit.end, hit.strand.value, hit.pam, hit.mismatches
    (1, 9, '+', 'TGG', 0)
    """
    if not all(map(fits_kernels, requests)):
        return scan_packed(sequences, requests, progress)
    rest = iter(sequences)
    first: list[str] = []
    bases = 0
    for sequence in rest:
        first.append(sequence)
        bases += len(sequence)
        if bases >= COMPILED_BASES:
            # Compiled code is loaded where it is used: most searches are small and never need it.
            from revertant.offtarget.matching.compiled import scan_compiled  # noqa: PLC0415

            return scan_compiled(chain(first, rest), requests, progress)
    return scan_packed(first, requests, progress)
