"""How often a pegRNA is expected to write its edit, for many designs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revertant import knowledge
from revertant.genome import HaplotypeWindow
from revertant.model import Design, Estimate, Guide, Strand
from revertant.prediction import prime_editing_efficiencies
from revertant.prediction.predictions import Predictions
from revertant.prediction.prime_features import TARGET_NT, PegSite
from revertant.sequence import reverse_complement

__all__ = ["target_seen", "with_efficiency"]

#: Letters of a target before the protospacer.
_BEFORE_NT = 4
#: The nuclease whose nickase the model learnt from: one that takes more PAMs is less active where both bind.
_LEARNT_FROM = "spcas9"


def with_efficiency(designs: Sequence[Design], windows: Sequence[HaplotypeWindow]) -> tuple[Design, ...]:
    """Add the predicted efficiency to designs with one pegRNA; where it is not defined, the reason.

    It is that of PE2. Editors on the same nickase keep it as an order among pegRNAs; for editors on another nickase it
    is not defined.

    Parameters
    ----------
    designs
        Designs of this modality.
    windows
        The haplotypes they were made on.
    """
    single = [number for number, design in enumerate(designs) if len(design.pegrnas) == 1]
    sites = []
    for number in single:
        design = designs[number]
        [peg] = design.pegrnas
        sites.append(PegSite(target_seen(design.guides[0], windows), peg.pbs, peg.rtt))
    found = prime_editing_efficiencies(sites)
    made = list(designs)
    for index, number in enumerate(single):
        made[number] = replace(designs[number], useful_yield=_estimate(designs[number], found, index))
    return tuple(made)


def _estimate(design: Design, found: Predictions, index: int) -> Estimate:
    nuclease = knowledge.prime_editors()[design.effector].nuclease
    if nuclease == _LEARNT_FROM or found.why_not[index]:
        return found.estimate(index)
    learnt, own = (knowledge.nucleases()[key].name for key in (_LEARNT_FROM, nuclease))
    because = (
        f"not defined ({found.method}): it learnt from {learnt}, and {design.effector_name} stands on {own}"
    )
    return Estimate(None, found.unit, because, in_domain=False, sources=found.sources)


def target_seen(guide: Guide, windows: Sequence[HaplotypeWindow]) -> str:
    """Return what the model looks at on a person's copy: 4 nt, protospacer, PAM, and 47 nt after it.

    Empty where no haplotype holds all of it.
    """
    for window in windows:
        text = window.bases
        if guide.locus.strand is Strand.MINUS:
            text = reverse_complement(text)
        at = text.find(guide.target_with_pam)
        if at >= _BEFORE_NT:
            return text[at - _BEFORE_NT : at - _BEFORE_NT + TARGET_NT]
    return ""
