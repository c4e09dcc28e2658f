"""Several ways to write one protein, none better than another in everything, each proved to encode it.

The exact optimum at several prices of CG, of G and C, and of uridine gives where to begin; the constraint solver
removes what reaches further; what another candidate beats in every respect is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revertant.errors import NoDesignError
from revertant.modality.gene_addition.coding.edits import edits_between, replay
from revertant.modality.gene_addition.coding.findings import coding_findings
from revertant.modality.gene_addition.coding.inputs import checked_transgene, stop_codon
from revertant.modality.gene_addition.coding.measures import gc_share, measure
from revertant.modality.gene_addition.coding.optimum import (
    FORBIDDING,
    Prices,
    best_sequence,
    best_within_cpg,
    best_within_gc,
)
from revertant.modality.gene_addition.coding.options import CodingOptions
from revertant.modality.gene_addition.coding.refine import refine
from revertant.modality.gene_addition.coding.usage import codon_usage
from revertant.model import Choice, CodingSequence, CodonMeasures, Finding, Status, Transgene
from revertant.sequence import translate

__all__ = ["CodingDesign", "coding_of", "design_coding"]

#: Share of the native number of CG that the second kind of candidate is allowed; the first is allowed none.
_CPG_SHARE = 0.5
#: Prices of one uridine in an mRNA, in units of ln w: none, a mild one, and one that most codons cannot outweigh.
_URIDINE_PRICES = (0.0, 0.3, 1.5)
#: Candidates that differ from their GC target by less are not made a second time.
_GC_NEAR = 0.02
#: Rules that may not be missed, nor be left unknown, where the user is strict.
_LIMITS = frozenset(
    f"coding.{rule}"
    for rule in (
        "cpg", "cryptic_splice_sites", "polya_signals", "restriction_sites", "gc_windows", "homopolymers", "repeats",
        "alternative_frames", "start_hairpins",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodingDesign:
    """The candidates for one coding sequence.

    Parameters
    ----------
    candidates
        Fewest limits missed first, then fewest CG, then the rest; none is worse than another in everything.
    findings
        What each passes, in the same order.
    choices
        What was decided: the stop codon, the codon usage, the first candidate and why not the others.
    dominated
        Sequences that were made and left out, because another is as good in everything and better in something.
    refused
        Sequences left out because they miss a limit, where the user is strict.
    """

    candidates: tuple[CodingSequence, ...]
    findings: tuple[tuple[Finding, ...], ...]
    choices: tuple[Choice, ...]
    dominated: int = 0
    refused: int = 0


def design_coding(transgene: Transgene, options: CodingOptions | None = None) -> CodingDesign:
    """Write a protein in codons fit for a vector.

    Parameters
    ----------
    transgene
        The protein, its native coding sequence where it is known, or both.
    options
        The limits; by default those of an AAV.

    Returns
    -------
    CodingDesign
        The same for the same input, whatever ran before.

    Raises
    ------
    InputError
        When the transgene is no protein, or its coding sequence no open reading frame of it.
    NoDesignError
        When every candidate misses a limit and the options are strict.

    Examples
    --------
    >>> design = design_coding(Transgene("tiny", "MADRKLSPTVGWC", "ATGGCGGATCGCAAACTGTCGCCGACGGTTGGCTGGTGCTAA"))
    >>> best = design.candidates[0]
    >>> best.native_measures.cpg, best.measures.cpg, translate(best.designed)
    (5, 0, 'MADRKLSPTVGWC*')
    """
    options = options or CodingOptions()
    transgene = checked_transgene(transgene)
    stop, why_stop = stop_codon(transgene.cds, options.stop)
    native = measure(transgene.cds) if transgene.cds else None
    made: dict[str, CodingSequence] = {}
    for start, prices, budget in _starts(transgene, stop, native, options):
        bases = refine(
            start,
            transgene.protein,
            prices,
            budget=budget,
            longest_frame=max(
                options.longest_alternative_frame_aa, native.longest_alternative_frame_aa if native else 0
            ),
            options=options,
        )
        if bases not in made:
            made[bases] = coding_of(
                transgene.name,
                transgene.protein,
                transgene.cds,
                bases,
                native_source=transgene.source,
                seed=options.seed,
            )
    judged = [(coding, coding_findings(coding, options)) for coding in made.values()]
    kept = [pair for pair in judged if not (options.strict and _missed(pair[1]))]
    if not kept:
        _refuse_all(transgene.name, judged)
    target = _gc_target(native, options)
    front = [pair for pair in kept if not any(_beats(other[0], pair[0], target, options) for other in kept)]
    front.sort(key=lambda pair: _order(pair, target, options))
    return CodingDesign(
        candidates=tuple(coding for coding, _ in front),
        findings=tuple(findings for _, findings in front),
        choices=_choices(front, stop, why_stop, target, options),
        dominated=len(kept) - len(front),
        refused=len(judged) - len(kept),
    )


def coding_of(
    name: str, protein: str, native: str, designed: str, *, native_source: str = "", seed: int = 0
) -> CodingSequence:
    """Make the record of a designed sequence: its edits and measures, and the proof that both are right.

    Parameters
    ----------
    name, protein
        What it encodes, without stop.
    native, native_source
        What it was made from; empty where there is none.
    designed
        The sequence, stop codon included.
    seed
        Seed of the search.

    Raises
    ------
    NoDesignError
        When the sequence does not encode the protein: a fault of the program, which lets no such sequence out.

    Examples
    --------
    >>> coding_of("tiny", "MA", "ATGGCGTAA", "ATGGCTTAA").edits[0].after
    'GCT'
    """
    edits = edits_between(native, designed)
    if translate(designed) != f"{protein}*" or replay(native, edits) != designed:
        raise NoDesignError(
            f"The sequence designed for {name} does not encode its protein.",
            remedy="This is a fault of the program: please report it.",
            code="protein-changed",
        )
    return CodingSequence(
        name=name,
        protein=protein,
        native=native,
        native_source=native_source,
        designed=designed,
        edits=edits,
        native_measures=measure(native) if native else None,
        measures=measure(designed),
        seed=seed,
    )


def _starts(
    transgene: Transgene, stop: str, native: CodonMeasures | None, options: CodingOptions
) -> Iterator[tuple[str, Prices, int]]:
    """Yield where to begin: the exact optimum at several prices, and how many CG it may hold."""
    protein, target = transgene.protein, _gc_target(native, options)
    usual = native.cpg if native else best_sequence(protein, stop, Prices()).count("CG")
    most = usual if options.most_cpg is None else min(usual, options.most_cpg)
    half = int(most * _CPG_SHARE)
    pairs = [(0, price) for price in (_URIDINE_PRICES if options.is_mrna else (0.0,))]
    for budget, price in [*pairs, (half, _URIDINE_PRICES[options.is_mrna])] if half else pairs:
        bases, prices = best_within_cpg(protein, stop, budget, Prices(thymine=price))
        yield bases, prices, budget
    none = Prices(cpg=FORBIDDING)
    if abs(gc_share(best_sequence(protein, stop, none)) - target) > _GC_NEAR and not options.is_mrna:
        yield *best_within_gc(protein, stop, target, none), 0


def _gc_target(native: CodonMeasures | None, options: CodingOptions) -> float:
    """The share of G and C to come near to: as asked, or the native one within the middle half of the bounds."""
    if options.gc_target is not None:
        return options.gc_target
    quarter = (options.gc_high - options.gc_low) / 4
    wanted = native.gc if native else 0.5
    return min(max(wanted, options.gc_low + quarter), options.gc_high - quarter)


def _axes(coding: CodingSequence, target: float, options: CodingOptions) -> tuple[float, ...]:
    """What candidates are compared by, less is better; rounded so that no difference is made of nothing."""
    found = coding.measures
    return (
        found.cpg,
        round(found.uridine, 3) if options.is_mrna else found.donors + found.acceptors,
        -round(found.cai, 3),
        round(abs(found.gc - target), 2),
    )


def _beats(one: CodingSequence, other: CodingSequence, target: float, options: CodingOptions) -> bool:
    left, right = _axes(one, target, options), _axes(other, target, options)
    if left == right:
        return one.designed < other.designed
    return all(a <= b for a, b in zip(left, right, strict=True))


def _missed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    missed = {Status.FAIL, Status.CAUTION, Status.UNKNOWN}
    return tuple(finding for finding in findings if finding.rule in _LIMITS and finding.status in missed)


def _order(
    pair: tuple[CodingSequence, tuple[Finding, ...]], target: float, options: CodingOptions
) -> tuple[object, ...]:
    coding, findings = pair
    fails = sum(finding.status is Status.FAIL for finding in findings)
    return fails, len(_missed(findings)), *_axes(coding, target, options), coding.designed


def _refuse_all(name: str, judged: list[tuple[CodingSequence, tuple[Finding, ...]]]) -> None:
    _, findings = min(judged, key=lambda pair: len(_missed(pair[1])))
    reasons = " ".join(finding.because for finding in _missed(findings))
    raise NoDesignError(
        f"No coding sequence of {name} keeps every limit. The nearest misses: {reasons}",
        remedy="Loosen that limit, or design without strict to have the sequence with its findings.",
        code="limits-not-met",
    )


def _choices(
    front: list[tuple[CodingSequence, tuple[Finding, ...]]],
    stop: str,
    why_stop: str,
    target: float,
    options: CodingOptions,
) -> tuple[Choice, ...]:
    first, *others = front
    fewest = "It misses the fewest limits, and of those that miss as few it holds the fewest CpG."
    return (
        Choice(
            "coding sequence",
            _described(first, options),
            fewest if others else "It is at least as good as every other in all that is compared.",
            tuple((_described(pair, options), _why_not(pair, first, target, options)) for pair in others),
        ),
        Choice("stop codon", stop, why_stop),
        Choice("codon usage", codon_usage().organism, codon_usage().title, sources=codon_usage().sources),
    )


def _described(pair: tuple[CodingSequence, tuple[Finding, ...]], options: CodingOptions) -> str:
    found = pair[0].measures
    other = (
        f"U {found.uridine:.1%}"
        if options.is_mrna
        else f"{found.donors + found.acceptors} cryptic splice sites"
    )
    return f"{found.cpg} CpG, CAI {found.cai:.3f}, {other}, GC {found.gc:.1%}"


def _why_not(
    pair: tuple[CodingSequence, tuple[Finding, ...]],
    first: tuple[CodingSequence, tuple[Finding, ...]],
    target: float,
    options: CodingOptions,
) -> str:
    more = len(_missed(pair[1])) - len(_missed(first[1]))
    if more > 0:
        return f"It misses, or leaves unknown, {more} more of the limits."
    names = (
        "CpG",
        "uridine" if options.is_mrna else "cryptic splice sites",
        "codon adaptation",
        f"distance from {target:.0%} GC",
    )
    pairs = zip(_axes(pair[0], target, options), _axes(first[0], target, options), strict=True)
    worse = [name for name, (here, there) in zip(names, pairs, strict=True) if here > there]
    return f"It is worse in {' and '.join(worse)}."
