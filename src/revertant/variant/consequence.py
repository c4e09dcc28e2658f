"""What variants, together on one copy, do to a transcript, by translating the mutant sequence.

Substitutions of single coding bases take a short way that looks up their codons. Everything else is applied to the
spliced transcript, translated to the first stop, and compared. Changes are placed at their 3'-most spot
first, as HGVS does: that leaves the sequence the same, and the exon's edge where the splice signal stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from revertant.errors import IncompatibleInputsError, UsageError
from revertant.genome import Reference
from revertant.model import Consequence, Transcript, Variant
from revertant.model import ConsequenceTerm as Term
from revertant.sequence import complement, is_dna, reverse_complement
from revertant.variant.coding import CodingContext, SplicedEdit, coding_context
from revertant.variant.hgvs_write import cis_text
from revertant.variant.normalise import check_ref, normalise, shift_on_strand
from revertant.variant.numbering import FLANK, Numbering, numbering
from revertant.variant.protein import ProteinChange, named_residues, protein_change, substitution_change
from revertant.variant.regions import touched

__all__ = ["predict_consequence"]

_RANK = {term: rank for rank, term in enumerate(Term)}
_SPLICE_SITE = frozenset({Term.SPLICE_ACCEPTOR, Term.SPLICE_DONOR})
_INTRONIC = _SPLICE_SITE | {Term.INTRON}
_UNKNOWN_EFFECT = "p.?"


def predict_consequence(
    variants: Sequence[Variant], transcript: Transcript, reference: Reference
) -> Consequence:
    """Predict what variants do, all of them together on one copy of a transcript.

    Parameters
    ----------
    variants
        One or more, in any order and placement; they must not overlap.
    transcript
        The transcript; its contig decides the genetic code.
    reference
        The genome it lies on. The comparison is with the reference transcript.

    Returns
    -------
    Consequence
        Terms most severe first. ``hgvs_p`` is ``p.?`` where splicing may change (introns, splice sites),
        since the protein then depends on what the cell makes of it, and empty in UTRs and outside. A new
        stop that lies behind what the reference covers of the 3' UTR is unknown (``fsTer?``).

    Raises
    ------
    UsageError
        When no variant is given.
    IncompatibleInputsError
        When variants overlap, REF disagrees, they lie on another contig, or the transcript has no open
        reading frame on this reference. Code ``outside-reference`` when coding bases are not covered; of
        UTRs only the bases of the variants have to be.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> reference = Reference.from_sequences({"chr1": "TTTACATGGAGTAATTT"})
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((3, 16),), (5, 14))
    >>> found = predict_consequence([Variant("chr1", 9, "A", "T")], gene, reference)
    >>> found.hgvs_c, found.hgvs_p, found.worst.value, found.codon_before, found.codon_after
    ('T1.1:c.5A>T', 'p.(Glu2Val)', 'missense_variant', 'GAG', 'GTG')
    """
    if not variants:
        raise UsageError("No variant was given.", remedy="Give at least one variant.")
    contig = reference.canonical_contig(transcript.contig)
    for variant in variants:
        if variant.contig != contig and reference.canonical_contig(variant.contig) != contig:
            raise IncompatibleInputsError(
                f"{variant} does not lie on {contig}, where {transcript.transcript_id} is.",
                remedy="Choose a transcript of the gene the variant lies in.",
                code="outside-transcript",
            )
    if len(variants) == 1 and len(variants[0].ref) == 1 == len(variants[0].alt):
        return _single_base(variants[0], transcript, reference)
    if all(len(variant.ref) == 1 == len(variant.alt) for variant in variants):
        found = _coding_bases(variants, transcript, reference)
        if found is not None:
            return found
    return _general(_placed(variants, transcript, reference), transcript, reference)


def _single_base(variant: Variant, transcript: Transcript, reference: Reference) -> Consequence:
    if not is_dna(variant.alt):
        normalise(variant, reference)  # says what is wrong with the allele
    names = numbering(transcript)
    index, offset = names.place(variant.start)
    ref, alt = variant.ref, variant.alt
    if not names.plus:
        ref, alt = complement(ref), complement(alt)
    if not offset and names.cds is not None and names.cds[0] <= index < names.cds[1]:
        return _coding_base(variant, index, ref, alt, coding_context(transcript, reference))
    check_ref(variant, reference)
    place = touched(names, variant.start, variant.end)
    text = ""
    if Term.INTERGENIC not in place.terms:
        text = f"{transcript.transcript_id}:{names.system}.{names.text(variant.start)}{ref}>{alt}"
    terms = set(place.terms)
    exon = None
    if place.exon is not None:
        terms.add(_exon_term(names, index + 1))
        exon = _exon_number(names, place.exon)
    effect = _UNKNOWN_EFFECT if names.cds is not None and terms & _INTRONIC else ""
    return Consequence(transcript.transcript_id, transcript.gene, _sorted(terms), text, effect, exon=exon)


def _coding_base(variant: Variant, index: int, ref: str, alt: str, context: CodingContext) -> Consequence:
    """A substitution inside the coding sequence: one codon tells."""
    transcript, names = context.transcript, context.names
    at = index - context.cds_start
    if context.coding[at] != ref:
        check_ref(variant, context.reference)  # says where and why
    codon, start = at // 3, at - at % 3
    before = context.coding[start : start + 3]
    after = before[: at - start] + alt + before[at - start + 1 :]
    old = context.protein[codon]
    new = context.table.get(after, "X")
    starts = codon == 0 and transcript.has_start
    if starts and after not in context.starts:
        effect, main, new = "p.(Met1?)", Term.START_LOST, "?"
    elif old == "*" or len(before) < 3:
        edits = [(index, ref, alt)]
        change = _joint_change(context, edits, edits)
        effect, main, old, new = change.hgvs_p, change.terms[0], change.before, change.after
    elif new == old or starts:
        effect, main, new = f"p.({named_residues(old)}{codon + 1}=)", Term.SYNONYMOUS, old
    else:
        main = Term.STOP_GAINED if new == "*" else Term.MISSENSE
        effect = f"p.({named_residues(old)}{codon + 1}{named_residues(new)})"
    forward = names.exon_index(variant.start)
    terms: tuple[Term, ...] = (main,)
    if _near_intron(names, forward, variant.start):
        terms = _sorted({main, Term.SPLICE_REGION})
    return Consequence(
        transcript.transcript_id,
        transcript.gene,
        terms,
        f"{transcript.transcript_id}:c.{at + 1}{ref}>{alt}",
        effect,
        before,
        after,
        old,
        new,
        codon + 1,
        None,
        _exon_number(names, forward),
    )


def _coding_bases(
    variants: Sequence[Variant], transcript: Transcript, reference: Reference
) -> Consequence | None:
    """Several substitutions inside the coding sequence; ``None`` where the general way has to look."""
    names = numbering(transcript)
    if names.cds is None:
        return None
    context = coding_context(transcript, reference)
    changes: dict[int, str] = {}
    for variant in variants:
        index, offset = names.place(variant.start)
        at = index - context.cds_start
        ref, alt = variant.ref, variant.alt
        if not names.plus:
            ref, alt = complement(ref), complement(alt)
        is_plain = not offset and 0 <= at < len(context.coding) and at not in changes and is_dna(alt)
        if not is_plain or context.coding[at] != ref:
            return None
        changes[at] = alt
    codons = sorted({at // 3 for at in changes})
    after = context.protein
    before_after = ("", "")
    for codon in codons:
        start = 3 * codon
        new = "".join(changes.get(i, context.coding[i : i + 1]) for i in range(start, start + 3))
        residue = context.table.get(new, "X")
        if not codon or residue == "*" or after[codon] in "*U":
            return None  # start, stop and selenocysteine need the whole translation
        after = after[:codon] + residue + after[codon + 1 :]
        before_after = context.coding[start : start + 3], new
    change = substitution_change(context.protein, after, codons)
    forward = [names.exon_index(variant.start) for variant in variants]
    near = any(_near_intron(names, at, variant.start) for at, variant in zip(forward, variants, strict=True))
    body = ";".join(f"{at + 1}{context.coding[at]}>{changes[at]}" for at in sorted(changes))
    return Consequence(
        transcript.transcript_id,
        transcript.gene,
        _sorted({*change.terms, Term.SPLICE_REGION} if near else change.terms),
        f"{transcript.transcript_id}:c.[{body}]",
        change.hgvs_p,
        *(before_after if len(codons) == 1 else ("", "")),
        change.before,
        change.after,
        change.position,
        None,
        min(_exon_number(names, at) for at in forward),
    )


def _near_intron(names: Numbering, forward: int, position: int) -> bool:
    exons = names.transcript.exons
    start, end = exons[forward]
    return (position < start + 3 and forward > 0) or (position >= end - 3 and forward < len(exons) - 1)


def _exon_number(names: Numbering, forward: int) -> int:
    return forward + 1 if names.plus else len(names.transcript.exons) - forward


def _exon_term(names: Numbering, end: int) -> Term:
    """Term of a change outside the coding sequence that ends at this spliced index."""
    if names.cds is None:
        return Term.NON_CODING_EXON
    return Term.UTR_5 if end <= names.cds[0] else Term.UTR_3


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=_RANK.__getitem__))


def _placed(variants: Sequence[Variant], transcript: Transcript, reference: Reference) -> list[Variant]:
    """Normalise, shift towards the 3' end where nothing stands in the way, and refuse overlaps."""
    normal = sorted({normalise(variant, reference) for variant in variants})
    for one, other in pairwise(normal):
        if other.start < one.end or (one.start == other.start and not one.ref and not other.ref):
            raise IncompatibleInputsError(
                f"{one} and {other} overlap and cannot lie on the same copy.",
                remedy="Give variants that can be in cis, or merge them into one.",
                code="overlapping-variants",
            )
    shifted = [shift_on_strand(variant, transcript.strand, reference) for variant in normal]
    result = []
    for i, (variant, moved) in enumerate(zip(normal, shifted, strict=True)):
        others = [other for j, other in enumerate(normal) if j != i]
        is_free = all(other.end < variant.start or other.start > moved.end for other in others)
        result.append(moved if is_free else variant)
    return sorted(result)


def _general(variants: Sequence[Variant], transcript: Transcript, reference: Reference) -> Consequence:
    names = numbering(transcript)
    places = [touched(names, at.start, at.end, is_loss=len(at.alt) < len(at.ref)) for at in variants]
    terms = {term for place in places for term in place.terms}
    edits = sorted(
        _spliced_edit(names, variant)
        for variant, place in zip(variants, places, strict=True)
        if place.exon is not None
    )
    coding = [edit for edit in edits if _is_coding(names, edit)]
    terms |= {
        _exon_term(names, index + len(ref)) for index, ref, alt in edits if (index, ref, alt) not in coding
    }
    change, codons = None, ("", "")
    if coding:
        context = coding_context(transcript, reference)
        change = _joint_change(context, edits, coding)
        terms |= set(change.terms)
        codons = _single_codon(context, coding)
    exons = sorted(_exon_number(names, place.exon) for place in places if place.exon is not None)
    if names.cds is not None and any(place.is_unclear for place in places):
        effect = _UNKNOWN_EFFECT
    elif change is not None:
        effect = change.hgvs_p
    else:
        effect = _UNKNOWN_EFFECT if names.cds is not None and terms & _INTRONIC else ""
    return Consequence(
        transcript.transcript_id,
        transcript.gene,
        _sorted(terms),
        _hgvs_c(variants, transcript, reference),
        effect,
        *codons,
        change.before if change else "",
        change.after if change else "",
        change.position if change else None,
        change.new_stop_after if change else None,
        exons[0] if exons else None,
    )


def _spliced_edit(names: Numbering, variant: Variant) -> SplicedEdit:
    """Express a variant that lies within one exon in the spliced transcript's own direction."""
    if names.plus:
        return names.place(variant.start)[0], variant.ref, variant.alt
    return names.place(variant.end - 1)[0], reverse_complement(variant.ref), reverse_complement(variant.alt)


def _is_coding(names: Numbering, edit: SplicedEdit) -> bool:
    """Whether coding bases change; bases put in just before the start or just behind the stop are not."""
    if names.cds is None:
        return False
    index, ref, _ = edit
    start, end = names.cds
    return start < index + len(ref) and index < end and (bool(ref) or index > start)


def _joint_change(
    context: CodingContext, edits: Sequence[SplicedEdit], coding: Sequence[SplicedEdit]
) -> ProteinChange:
    """Compare the protein after all edits with the reference protein."""
    if coding[0][0] < context.cds_start:
        return _start_lost(context) if context.transcript.has_start else _across_the_open_end(coding)
    applied = [edit for edit in edits if edit in coding or edit[0] >= context.cds_end]
    after = context.edited(applied)
    if not after:
        return _start_lost(context)
    last = len(context.protein) - 1
    spans = [(index - context.cds_start, len(ref)) for index, ref, _ in coding]
    first_codons = [at // 3 for at, _ in spans]
    last_codons = [min(last, (at + max(size, 1) - 1) // 3) for at, size in spans]
    if all(len(ref) == len(alt) for _, ref, alt in coding):
        codons = sorted(
            {
                codon
                for low, high in zip(first_codons, last_codons, strict=True)
                for codon in range(low, high + 1)
            }
        )
        return substitution_change(context.protein, after, codons)
    return protein_change(
        context.protein,
        after,
        net=sum(len(alt) - len(ref) for _, ref, alt in coding),
        codons=(min(first_codons), max(last_codons)),
        is_insertion=len(coding) == 1 and not coding[0][1] and spans[0][0] % 3 == 0,
    )


def _start_lost(context: CodingContext) -> ProteinChange:
    return ProteinChange("p.(Met1?)", (Term.START_LOST,), context.protein[0], "?", 1)


def _across_the_open_end(coding: Sequence[SplicedEdit]) -> ProteinChange:
    """A change that reaches into a codon the model holds in part: only whether the frame stays can be told."""
    net = sum(len(alt) - len(ref) for _, ref, alt in coding)
    return ProteinChange(_UNKNOWN_EFFECT, (Term.FRAMESHIFT if net % 3 else Term.INFRAME_DELINS,), "", "", 1)


def _single_codon(context: CodingContext, coding: Sequence[SplicedEdit]) -> tuple[str, str]:
    """The codon before and after when all changes are substitutions within one codon."""
    spans = [(index - context.cds_start, ref, alt) for index, ref, alt in coding]
    start = spans[0][0] - spans[0][0] % 3
    before = after = context.coding[start : start + 3]
    for at, ref, alt in spans:
        place = at - start
        if len(ref) != len(alt) or place < 0 or place + len(ref) > 3:
            return "", ""
        after = after[:place] + alt + after[place + len(ref) :]
    return before, after


def _hgvs_c(variants: Sequence[Variant], transcript: Transcript, reference: Reference) -> str:
    """HGVS text, empty where the transcript does not name the place."""
    low, high = transcript.locus.start - FLANK, transcript.locus.end + FLANK
    if any(variant.start < low or variant.end > high for variant in variants):
        return ""
    return cis_text(variants, transcript, reference)
