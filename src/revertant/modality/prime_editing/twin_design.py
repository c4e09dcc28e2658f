"""Twin prime editing designs: for edits too long for one pegRNA, and beside those that are long for one."""

from __future__ import annotations

from revertant.genome import PatientGenome
from revertant.modality.precedent import precedent_of
from revertant.modality.prime_editing.oligos import prime_editing_oligos
from revertant.modality.prime_editing.other_copy import twin_other_copy_facts
from revertant.modality.prime_editing.pegrna import Rewrite
from revertant.modality.prime_editing.twin_placing import TwinCandidate
from revertant.modality.prime_editing.words import NOT_PREDICTED
from revertant.modality.recut import Shield, Site, shield_of
from revertant.modality.view import codon_spans, cropped_view, guide_spans, variant_spans
from revertant.model import (
    Design,
    Effect,
    Outcome,
    PegRna,
    SequenceView,
    Strand,
    Strategy,
    Transcript,
    ViewSpan,
)

__all__ = ["design_twin"]

#: Codons drawn on either side of what is marked.
CODON_REACH = 9


def design_twin(candidate: TwinCandidate, strategy: Strategy, genome: PatientGenome) -> Design:
    """Write a pair up as a design.

    Parameters
    ----------
    candidate
        A pair that simulates to the wanted allele.
    strategy
        The strategy.
    genome
        The patient's genome, for the other copy.
    """
    pair, editor = candidate.pair, candidate.editors[0]
    pegs = (pair.plus, pair.minus)
    guides = tuple(candidate.protospacer(peg).guide() for peg in pegs)
    low, high = pair.plus.nick, pair.plus.nick + len(pair.written)
    flap = candidate.wanted.reference_locus(low, high)
    variants = tuple(
        v for v in candidate.wanted.variants if v.start < flap.end and max(v.end, v.start + 1) > flap.start
    )
    molecules = tuple(PegRna(peg.spacer, peg.pbs, peg.rtt, written=variants) for peg in pegs)
    precedent = precedent_of(guides[0], editor.key)
    return Design(
        modality=strategy.modality,
        route=strategy.route,
        gene=strategy.target.gene,
        acts_on=strategy.acts_on,
        effector=editor.key,
        effector_name=f"{editor.name} with twin pegRNAs",
        guides=guides,
        purpose=f"{editor.name} with two pegRNAs replaces {pair.replaced_nt} bases between its nicks by "
        f"{len(pair.written)}; gives the wild type.",
        outcomes=(
            Outcome(
                (), Effect.RESTORES_WILD_TYPE, useful=True, protein="", label="wild type", share=NOT_PREDICTED
            ),
            Outcome(
                (),
                Effect.PROTEIN_CHANGED,
                useful=False,
                protein="",
                label="insertion or deletion at or between the two nicks",
                share=NOT_PREDICTED,
            ),
        ),
        useful_share=NOT_PREDICTED,
        oligos=prime_editing_oligos(guides, molecules, editor.nuclease),
        view=_view(candidate, strategy.target.transcript),
        facts=(
            ("pegrnas", "2, on opposite strands"),
            ("edit", Rewrite.of(candidate.window.bases, candidate.wanted.bases).label),
            ("replaced_nt", str(pair.replaced_nt)),
            ("written_nt", str(len(pair.written))),
            ("flaps_pair_nt", str(pair.overlap_nt)),
            ("pbs_nt", ", ".join(str(len(peg.pbs)) for peg in pegs)),
            ("rtt_nt", ", ".join(str(len(peg.rtt)) for peg in pegs)),
            ("kept_off_by", _kept_off(candidate)),
            ("systems", ", ".join(one.name for one in candidate.editors)),
            *twin_other_copy_facts(candidate, strategy, genome),
        ),
        precedent=precedent.sources,
        precedent_stage=precedent.stage,
        pegrnas=molecules,
    )


def _kept_off(candidate: TwinCandidate) -> str:
    """What keeps both pegRNAs off the written allele; ``none`` when one of them could nick it again."""
    base = candidate.editors[0].base
    shields = []
    for peg in (candidate.pair.plus, candidate.pair.minus):
        site = Site.of(candidate.protospacer(peg), base.seed_nt, base.search_pam)
        shields.append(shield_of(candidate.wanted.bases, site))
    return next((one.value for one in (Shield.NONE, Shield.SEED) if one in shields), Shield.PAM.value)


def _view(candidate: TwinCandidate, transcript: Transcript) -> SequenceView:
    """Mark both pegRNAs on the haplotype as it is before editing."""
    window, pair = candidate.window, candidate.pair
    spans: list[ViewSpan] = []
    for peg in (pair.plus, pair.minus):
        plus = peg.strand is Strand.PLUS
        spans += guide_spans(candidate.protospacer(peg))
        spans.append(ViewSpan("nick", peg.nick, peg.nick, "nick of a pegRNA", peg.strand))
        bound = (peg.nick - len(peg.pbs), peg.nick) if plus else (peg.nick, peg.nick + len(peg.pbs))
        spans.append(ViewSpan("pbs", *bound, f"PBS {len(peg.pbs)} nt", peg.strand))
        spans.append(
            ViewSpan("rtt", pair.plus.nick, pair.minus.nick, f"replaced; RTT {len(peg.rtt)} nt", peg.strand)
        )
    low = max(0, min(span.start for span in spans) - CODON_REACH)
    high = min(len(window.bases), max(span.end for span in spans) + CODON_REACH)
    spans += codon_spans(window, transcript, low, high)
    spans += [span for span in variant_spans(window) if low <= span.start < high]
    return cropped_view(window, spans)
