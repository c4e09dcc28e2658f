"""What edits of a site do to the genes there: each alone, and all together, on what the person's copy says.

The edited sequence is compared with the reference transcript, as HGVS asks. So the person's own variants in the site
go into the comparison with the edits, and what they do without any edit is set against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from revertant.errors import IncompatibleInputsError
from revertant.genome import GeneModels, Reference
from revertant.model import BaseChange, Consequence, ConsequenceTerm, Locus, Transcript, Variant
from revertant.variant import numbering, predict_consequence
from revertant.variant.regions import touched

__all__ = ["Judged", "judge_edits"]

_SPLICE = frozenset({ConsequenceTerm.SPLICE_ACCEPTOR, ConsequenceTerm.SPLICE_DONOR})
_NEAR_SPLICE = _SPLICE | {ConsequenceTerm.SPLICE_REGION}

#: Positions of the window that are edited, and what that does to a transcript.
Judged = tuple[tuple[int, ...], Consequence]


def judge_edits(
    changes: Sequence[BaseChange],
    contig: str,
    own: Sequence[Variant],
    *,
    labels: Mapping[int, str],
    models: GeneModels,
    reference: Reference,
) -> tuple[str, tuple[Judged, ...]]:
    """Judge each edited base, and all of them together, on each gene.

    Parameters
    ----------
    changes
        The edits, with their positions in the window; at least one.
    contig
        Where they are.
    own
        The person's variants in the site, on the same copy.
    labels
        What an edited base is called, by its position in the window.
    models, reference
        The genes and the genome.

    Returns
    -------
    tuple[str, tuple[Judged, ...]]
        The words, gene by gene, and the consequences they rest on.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> reference = Reference.from_sequences({"chr1": "TTTACATGGAAAAATAATTT"})
    >>> gene = Transcript("T1.1", "G", "chr1", Strand.PLUS, ((3, 19),), (5, 17))
    >>> edits = BaseChange(9, "A", "G", 4), BaseChange(13, "A", "G", 8)
    >>> names = {4: "A4", 8: "A8"}
    >>> judge_edits(edits, "chr1", (), labels=names, models=GeneModels([gene]), reference=reference)[0]
    'G A4 p.(Glu2Gly), A8 p.(Lys3=)'
    """
    places = [change.position for change in changes]
    genes: dict[str, list[Transcript]] = {}
    for transcript in models.overlapping(Locus(contig, min(places), max(places) + 1)):
        if transcript.cds is not None:
            genes.setdefault(transcript.gene, []).append(transcript)
    judge = _Judge(contig, own, labels, reference)
    texts: list[str] = []
    judged: list[Judged] = []
    for gene in sorted(genes):
        text, found = judge.on_gene(genes[gene], changes)
        texts += [f"{gene} {text}"] if text else []
        judged += found
    return "; ".join(texts) or "outside coding sequence", tuple(judged)


class _Judge:
    """Says what edits of one site do to genes, on top of the person's own variants in it."""

    def __init__(
        self, contig: str, own: Sequence[Variant], labels: Mapping[int, str], reference: Reference
    ) -> None:
        self._contig = contig
        self._own = own
        self._reference = reference
        self._labels = labels

    def on_gene(
        self, transcripts: Sequence[Transcript], changes: Sequence[BaseChange]
    ) -> tuple[str, list[Judged]]:
        """Judge on the first transcript that is coding or spliced there: MANE Select, else the longest."""
        problem = ""
        for transcript in sorted(
            transcripts, key=lambda t: (not t.is_mane_select, -t.coding_bases, t.transcript_id)
        ):
            concerned = [change for change in changes if _concerns(transcript, change.position)]
            try:
                # A transcript that cannot be translated gives way to the next.
                if concerned:
                    return self._on_transcript(transcript, concerned, is_only=len(changes) == 1)
            except IncompatibleInputsError as error:
                problem = problem or f"effect not defined ({error.what.rstrip('.')})"
        return problem, []

    def _on_transcript(
        self, transcript: Transcript, changes: Sequence[BaseChange], *, is_only: bool
    ) -> tuple[str, list[Judged]]:
        own = predict_consequence(self._own, transcript, self._reference) if self._own else None
        sets = [(change,) for change in changes] + ([tuple(changes)] if len(changes) > 1 else [])
        judged: list[Judged] = []
        words: list[tuple[str, str]] = []
        for edits in sets:
            variants = _edited(self._own, edits, self._contig)
            after = predict_consequence(variants, transcript, self._reference) if variants else None
            positions = tuple(sorted(change.spacer_position for change in edits))
            if after is not None:
                judged.append((positions, after))
            label = self._labels[positions[0]] if len(positions) == 1 else "together"
            words.append(("" if is_only else f"{label} ", _said(after, own)))
        if len(words) > 1 and words[-1][1] in {what for _, what in words[:-1]}:
            words.pop()  # all together say nothing that one of them does not
        text = ", ".join(label + what for label, what in words)
        if own is not None and own.changes_protein:
            text += " (with this person's own variants)"
        return text, judged


def _concerns(transcript: Transcript, position: int) -> bool:
    """Whether a base is coding or near a splice site of a transcript."""
    if transcript.genome_to_coding(position) is not None:
        return True
    return bool(touched(numbering(transcript), position, position + 1).terms & _NEAR_SPLICE)


def _said(after: Consequence | None, own: Consequence | None) -> str:
    """What edits do, in a few words; ``own`` is what the person's variants do without them."""
    if after is None:
        return "the reference's base again"
    if own is not None and (own.hgvs_p, own.terms) == (after.hgvs_p, after.terms):
        return "no further change"
    if _SPLICE & set(after.terms):
        return f"{after.worst.value.replace('_', ' ')} {after.hgvs_c.partition(':')[2]}".strip()
    near = ConsequenceTerm.SPLICE_REGION in after.terms
    if not after.hgvs_p or after.hgvs_p == "p.?":
        return (
            f"splice region {after.hgvs_c.partition(':')[2]}" if near else after.worst.value.replace("_", " ")
        )
    return after.hgvs_p + (", splice region" if near else "")


def _edited(own: Iterable[Variant], changes: Iterable[BaseChange], contig: str) -> list[Variant]:
    """Variants against the reference once bases are edited; an edited base may become the reference's again."""
    singles: dict[int, Variant] = {}
    rest = []
    for variant in own:
        if len(variant.ref) == len(variant.alt):
            for offset, (old, new) in enumerate(zip(variant.ref, variant.alt, strict=True)):
                if old != new:
                    singles[variant.start + offset] = Variant(contig, variant.start + offset, old, new)
        else:
            rest.append(variant)
    for change in changes:
        known = singles.pop(change.position, None)
        before = known.ref if known else change.before
        if before != change.after:
            singles[change.position] = Variant(contig, change.position, before, change.after)
    return sorted([*singles.values(), *rest])
