"""How many copies of a gene the person has, from every statement, and what that means for the plan.

A laboratory's count decides. A count from reads alone decides nothing, in either direction: it is shown, and has to be
confirmed by MLPA or dPCR. Counts that exclude each other are a conflict, and then nothing is decided either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revertant import knowledge
from revertant.model import Case, CaseVariant, CopyNumber, Finding, Status
from revertant.variant import transcript_of

__all__ = [
    "CONFIRMING",
    "GeneCopies",
    "copies_of",
    "copy_findings",
    "gene_of_variant",
    "genes_stated",
    "lost_genes",
]

#: Assays that count copies of SMN1 and SMN2 and are asked for whatever other method said.
CONFIRMING = ("MLPA", "dPCR")

#: Copies of a gene that most people have.
_USUAL = 2

#: Of these two genes a count is always held against MLPA or dPCR: SMN2 counts are known to be wrong at times, as of a
#: child counted with four copies who fell ill and was re-tested with three (doi:10.3233/JND-200475).
_CONFIRM_SOURCES = ("doi:10.3233/JND-200475",)

#: Mice have one gene of SMN; those without it die early as embryos (Schrank 1997, abstract read).
_NO_PROTEIN_SOURCES = ("doi:10.1073/pnas.94.18.9920",)


@dataclass(frozen=True, slots=True)
class GeneCopies:
    """What all statements say together of one gene.

    Parameters
    ----------
    gene
        Symbol.
    stated
        Every statement, laboratories first.
    low, high
        Copies that fit to every laboratory's count, or to the reads where there is none; ``None`` for ``high`` is
        "at least ``low``". Both ``None`` when counts exclude each other.
    is_confirmed
        Whether a laboratory counted.
    reads_disagree
        Whether a count from reads excludes the laboratories'.
    """

    gene: str
    stated: tuple[CopyNumber, ...]
    low: int | None
    high: int | None
    is_confirmed: bool
    reads_disagree: bool

    @property
    def is_conflict(self) -> bool:
        """Whether laboratories' counts (or, without any, counts from reads) exclude each other."""
        return self.low is None

    @property
    def are_absent(self) -> bool:
        """Whether a laboratory says that no copy is there."""
        return self.is_confirmed and self.high == 0

    @property
    def words(self) -> str:
        """The number in words (``"no copy"``, ``"2 copies"``, ``"3 or 4 copies"``)."""
        if self.low is None:
            return "copies that contradict each other"
        return _number(self.low, self.high)


def _number(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} copies or more"
    if low != high:
        return f"{low} {'or' if high == low + 1 else 'to'} {high} copies"
    return "no copy" if low == 0 else f"{low} cop{'y' if low == 1 else 'ies'}"


def copies_of(gene: str, case: Case) -> GeneCopies | None:
    """Put together what a case says of the copies of a gene; ``None`` when it says nothing.

    Examples
    --------
    >>> from revertant.model import Subject
    >>> rows = (CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN1", 1, 1, "in_silico"))
    >>> found = copies_of("SMN1", Case("c", Subject("s"), (), copy_numbers=rows))
    >>> found.words, found.are_absent, found.reads_disagree
    ('no copy', True, True)
    """
    rows = [row for row in case.copy_numbers if row.gene.upper() == gene.upper()]
    if not rows:
        return None
    firm = [row for row in rows if row.is_confirmed]
    loose = [row for row in rows if not row.is_confirmed]
    low, high = _meet(firm or loose)
    disagree = bool(firm and loose) and low is not None and not _fits(low, high, loose)
    return GeneCopies(gene, (*firm, *loose), low, high, bool(firm), disagree)


def _meet(rows: Sequence[CopyNumber]) -> tuple[int | None, int | None]:
    low = max(row.low for row in rows)
    high = min((row.high for row in rows if row.high is not None), default=None)
    return (None, None) if high is not None and low > high else (low, high)


def _fits(low: int, high: int | None, rows: Sequence[CopyNumber]) -> bool:
    return all((row.high is None or low <= row.high) and (high is None or row.low <= high) for row in rows)


def genes_stated(case: Case) -> tuple[str, ...]:
    """Return the genes a case names: of its variants, else of their transcripts, and those it may have lost.

    A variant that names neither a gene nor a catalogued transcript names none.

    Examples
    --------
    >>> from revertant.model import CaseVariant, Subject
    >>> genes_stated(Case("c", Subject("s"), (CaseVariant(("NM_000344.4:c.5C>G",)),)))
    ('SMN1',)
    """
    named = [gene_of_variant(variant) for variant in case.variants]
    return tuple(dict.fromkeys([*filter(None, named), *lost_genes(case)]))


def gene_of_variant(stated: CaseVariant) -> str:
    """Return the gene a variant names, else the catalogued gene of a transcript it counts on; empty without either."""
    if symbol := stated.gene.strip():
        fact = knowledge.find_gene(symbol)
        return fact.symbol if fact else symbol
    bases = {transcript_of(text).split(".")[0] for text in stated.expressions} - {""}
    known = [(row.gene, row.transcript) for row in knowledge.transgenes().values()]
    known += [(fact.symbol, fact.transcript) for fact in knowledge.genes().values()]
    return next((gene for gene, transcript in known if transcript.split(".")[0] in bases), "")


def lost_genes(case: Case) -> tuple[str, ...]:
    """Return the genes of which the case counts too few copies, and whose loss makes disease.

    Where it states no variant, every such gene that it counts is meant. A second gene of a protein is none.

    Examples
    --------
    >>> from revertant.model import Subject
    >>> rows = (CopyNumber("SMN1", 0, 0, "MLPA"), CopyNumber("SMN2", 2, 2, "MLPA"))
    >>> lost_genes(Case("c", Subject("s"), (), copy_numbers=rows))
    ('SMN1',)
    """
    lost = []
    for gene in dict.fromkeys(row.gene for row in case.copy_numbers):
        fact, copies = knowledge.find_gene(gene), copies_of(gene, case)
        if fact is None or copies is None or fact.loss_of_both_copies != "causes_disease":
            continue
        few = copies.low is None or copies.low < _USUAL
        if knowledge.paralogue(gene) is None and (few or not case.variants):
            lost.append(fact.symbol)
    return tuple(lost)


def copy_findings(gene: str, case: Case) -> tuple[Finding, ...]:
    """Say how many copies of a gene, and of second genes of its protein, the person has, and how sure that is.

    Parameters
    ----------
    gene
        The target's gene.
    case
        The case.
    """
    names = (gene, *(row.key for row in knowledge.paralogues_of(gene)))
    found = [copies for name in names if (copies := copies_of(name, case)) is not None]
    return (*(finding for copies in found for finding in _findings(copies)), *_none_of_any(names, found))


def _none_of_any(names: Sequence[str], found: Sequence[GeneCopies]) -> tuple[Finding, ...]:
    """Doubt counts that leave the person no gene of the protein at all."""
    if len(names) < 2 or len(found) < len(names) or not all(copies.are_absent for copies in found):
        return ()
    because = (
        f"No copy of {' nor of '.join(names)} is counted. Mice without the protein die as embryos: one of these "
        "counts is wrong, or of another sample."
    )
    return (
        Finding(
            f"copies.{names[0].lower()}_none_of_any", Status.UNKNOWN, because, sources=_NO_PROTEIN_SOURCES
        ),
    )


def _findings(copies: GeneCopies) -> tuple[Finding, ...]:
    rule, said = copies.gene.lower(), _all_said(copies)
    number = Finding(
        f"copies.{rule}", Status.PASS, f"{copies.gene}: {copies.words} ({said}).", value=copies.words
    )
    if copies.is_conflict:
        because = f"Counts of {copies.gene} contradict each other: {said}. One of them is wrong, or of another person."
        number = Finding(number.rule, Status.UNKNOWN, because, value=copies.words)
    elif not copies.is_confirmed:
        because = (
            f"{copies.gene}: {copies.words} ({said}). Without a laboratory's count that decides nothing."
        )
        number = Finding(number.rule, Status.UNKNOWN, because, value=copies.words)
    return (number, *_agreement(copies), _confirmation(copies))


def _agreement(copies: GeneCopies) -> tuple[Finding, ...]:
    if not copies.is_confirmed or all(row.is_confirmed for row in copies.stated):
        return ()
    rule = f"copies.{copies.gene.lower()}_reads_agree"
    said = _all_said(copies)
    if copies.reads_disagree:
        because = (
            f"Conflict: the laboratory and the reads count {copies.gene} differently ({said}). Swapped samples look "
            "like this; the laboratory's count was taken."
        )
        return (Finding(rule, Status.UNKNOWN, because, value=copies.words),)
    return (Finding(rule, Status.PASS, f"The reads agree with the laboratory's count of {copies.gene}."),)


def _confirmation(copies: GeneCopies) -> Finding:
    rule, assays = f"copies.{copies.gene.lower()}_confirmed", " or ".join(CONFIRMING)
    by = [row for row in copies.stated if row.method in CONFIRMING]
    if by:
        text = f"{copies.gene} was counted by {by[0].method}."
        return Finding(
            rule, Status.PASS, text, value=by[0].method, threshold=assays, sources=_CONFIRM_SOURCES
        )
    status = Status.CAUTION if copies.is_confirmed else Status.UNKNOWN
    text = f"Confirm the copies of {copies.gene} by {assays}: counts by other methods are known to be wrong at times."
    return Finding(rule, status, text, threshold=assays, sources=_CONFIRM_SOURCES)


def _all_said(copies: GeneCopies) -> str:
    """Every statement with its method, day and laboratory; with its number where the numbers differ."""
    numbers = {(row.low, row.high) for row in copies.stated}
    said = []
    for row in copies.stated:
        method = {"in_silico": "counted from reads", "": "method not stated"}.get(row.method, row.method)
        number = _number(row.low, row.high) if len(numbers) > 1 else ""
        said.append(", ".join(filter(None, (number, method, row.laboratory, row.date))))
    return "; ".join(said)
