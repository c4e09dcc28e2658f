"""Variants that lie where the reference holds nothing: the plan refuses them, and says what it needs instead.

A reference can be a few windows of a genome. A variant outside them is no mistake of the case, so it does not stop the
plan: approved products and rules are told as for any case, every route on the genome is rejected with what is missing,
and how to get it is the first thing that is not known. A place that no genome has, or that contradicts the reference,
stays an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from revertant import knowledge
from revertant.errors import RevertantError
from revertant.genome import Reference, builds, contig_name
from revertant.modality import modalities, modality_named
from revertant.model import CaseVariant, Finding, Locus, Rejection, Status, Unknown
from revertant.planning.copies import gene_of_variant
from revertant.planning.inputs import Inputs

__all__ = [
    "NEEDS_MORE",
    "OUTSIDE",
    "OutsideVariant",
    "outside_of",
    "outside_rejections",
    "outside_sentence",
    "outside_unknowns",
]

#: The rule of every finding on a variant outside the reference.
OUTSIDE = "reference.covers_variant"

_PLACE = frozenset({"outside-reference", "unknown-contig"})
_TRANSCRIPT = "unknown-transcript"
_RECEPTORS = "car_t"
#: Errors that tell of a reference or of models that are too small, not of a text that is wrong.
NEEDS_MORE = frozenset({*_PLACE, _TRANSCRIPT, "rsid-needs-vcf"})

#: Contig and first position of a genomic description: HGVS (``NC_000011.10:g.5227002T>A``), SPDI, or four columns.
_ON_GENOME = re.compile(r"(?P<contig>[^\s:]+):(?:[gm]\.\(?)?(?P<position>[0-9]+)")


@dataclass(frozen=True, slots=True)
class OutsideVariant:
    """A variant of the case that the reference, or the gene models, do not reach.

    Parameters
    ----------
    stated
        What the case says.
    gene
        Its symbol as stated, or as the catalogue spells it.
    because
        What is not covered, and what is near.
    needs
        What would cover it.
    """

    stated: CaseVariant
    gene: str
    because: str
    needs: str

    @property
    def named(self) -> str:
        """The variant in words, with its gene."""
        return f"{self.gene} {self.stated.expressions[0]}"

    @property
    def finding(self) -> Finding:
        """The variant as a question that is open."""
        because = f"{self.named}: {self.because} Neither its bases nor its effect were checked."
        return Finding(OUTSIDE, Status.UNKNOWN, because, value=self.stated.path)


def outside_of(stated: CaseVariant, error: RevertantError, inputs: Inputs) -> OutsideVariant | None:
    """Say whether a variant could not be placed because the reference is too small for it.

    Parameters
    ----------
    stated
        The variant.
    error
        Why it could not be placed.
    inputs
        With the reference and the gene models.

    Returns
    -------
    OutsideVariant or None
        ``None`` when the error stands: of a whole genome, of a place that the build does not have or that lies apart
        from the windows that hold the gene, of a text that is wrong, of a variant whose gene nobody says, and of a
        question without a patient.

    Examples
    --------
    >>> from revertant.errors import IncompatibleInputsError
    >>> from revertant.genome import GeneModels, Reference
    >>> from revertant.model import Case, Subject
    >>> stated = CaseVariant(("NC_000001.11:g.94060760C>T",), gene="ABCA4")
    >>> inputs = Inputs(Case("c", Subject("s"), (stated,)), Reference.from_sequences({"chr2": "A"}), GeneModels([]))
    >>> error = IncompatibleInputsError("The reference has no contig 'chr1'.", code="unknown-contig")
    >>> outside_of(stated, error, inputs).gene
    'ABCA4'
    """
    if inputs.inquiry is not None or inputs.reference.is_whole_genome or error.code not in NEEDS_MORE:
        return None
    gene = gene_of_variant(stated)
    if not gene:
        return None  # nothing can be said of it, and it may be a second variant of a gene that is planned for
    if error.code == _TRANSCRIPT:
        if inputs.models.of_gene(gene):
            return None  # the gene is there: its transcript is misspelt, or another set of models is meant
    elif _holds_some(gene, inputs) or not all(_exists(text, inputs.reference) for text in stated.expressions):
        return None
    return OutsideVariant(
        stated,
        gene,
        f"{error.what}{_nearest(error)} The reference {_extent(inputs.reference)}.",
        _needs(stated, gene, inputs),
    )


def _holds_some(gene: str, inputs: Inputs) -> bool:
    """Whether the reference holds an exon of the gene: then a place outside it is rather a mistake of the case."""
    return any(
        inputs.reference.covers(Locus(transcript.contig, start, end))
        for transcript in inputs.models.of_gene(gene)
        for start, end in transcript.exons
    )


def _exists(text: str, reference: Reference) -> bool:
    """Whether the place of an expression exists in a genome; a text that names no place of one is not doubted."""
    found = _ON_GENOME.match(text)
    if found is None:
        return True
    known = contig_name(found["contig"])
    if known is None:
        return False
    named = known.build or reference.build
    facts = [builds()[named]] if named else list(builds().values())
    lengths = [fact.contigs[known.name].length for fact in facts if known.name in fact.contigs]
    return any(1 <= int(found["position"]) <= length for length in lengths)


def _nearest(error: RevertantError) -> str:
    """What of the remedy says where the reference is nearest."""
    nearest, _, _ = error.remedy.partition(". ")
    return f" {nearest}." if error.code == "outside-reference" else ""


def _extent(reference: Reference) -> str:
    windows = len(reference.windows)
    return f"holds {reference.total_bases:,} bases in {windows} window{'s' if windows > 1 else ''}, no whole genome"


def _needs(stated: CaseVariant, gene: str, inputs: Inputs) -> str:
    """What has to be given for a plan, in the words of the command."""
    place = next((text for text in stated.expressions if _ON_GENOME.match(text)), "")
    genome = "Pass a --reference that covers "
    genome += f"{place} and all of {gene}" if place else f"all of {gene}"
    genome += " ('revertant reference fetch grch38' downloads a whole genome)"
    if not inputs.models.of_gene(gene):
        genome += f", and --models that hold {gene}"
    without = ""
    if knowledge.find_gene(gene) is not None:
        without = f" Without any reference, what a vector for {gene} needs is planned from its coding sequence alone."
    return f"{genome}.{without}"


def outside_rejections(outside: Sequence[OutsideVariant], names: Sequence[str] = ()) -> tuple[Rejection, ...]:
    """Reject every modality that was asked, or all of them, for every gene outside the reference.

    Examples
    --------
    >>> one = OutsideVariant(CaseVariant(("chr1:2:A:T",)), "ABCA4", "chr1:2-2 is not there.", "A reference.")
    >>> outside_rejections([one], ["nuclease"])[0].because
    'Not judged: the reference does not reach ABCA4. chr1:2-2 is not there.'
    """
    # Receptors attack a tumour, whatever its genes: they are no route of a gene that the reference lacks.
    others = [modality for modality in modalities() if modality.name != _RECEPTORS]
    asked = [modality_named(name) for name in dict.fromkeys(names)] or others
    found: dict[str, OutsideVariant] = {}
    for one in outside:
        found.setdefault(one.gene, one)
    return tuple(
        Rejection(
            modality.name,
            None,
            name,
            "eligibility",
            f"Not judged: the reference does not reach {name}. {one.because.split('. ')[0].rstrip('.')}.",
        )
        for name, one in found.items()
        for modality in asked
    )


def outside_unknowns(outside: Sequence[OutsideVariant]) -> tuple[Unknown, ...]:
    """Ask first for what the reference lacks: one question for each variant.

    Examples
    --------
    >>> one = OutsideVariant(CaseVariant(("chr1:2:A:T",)), "ABCA4", "chr1:2-2 is not there.", "A reference.")
    >>> outside_unknowns([one])[0].question
    'Which routes are open for ABCA4 chr1:2:A:T?'
    """
    return tuple(
        Unknown(
            f"Which routes are open for {one.named}?",
            f"{one.because} Neither the variant's bases nor its effect were checked, and no route that acts on the "
            "genome was judged.",
            one.needs,
            OUTSIDE,
        )
        for one in outside
    )


def outside_sentence(outside: Sequence[OutsideVariant]) -> str:
    """What the verdict says of variants outside the reference; empty when there is none.

    Examples
    --------
    >>> outside_sentence([])
    ''
    """
    if not outside:
        return ""
    named = ", ".join(dict.fromkeys(one.gene for one in outside))
    return (
        f"Nothing was judged for {named}: the reference does not reach {'it' if len(outside) == 1 else 'them'}, "
        "and the first of the open questions says what is needed."
    )
