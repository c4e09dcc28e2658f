"""What a guide made for the pathogenic copy does to the other.

A heterozygote has a copy that needs no edit. Most guides bind it too: one base differs, and where that base lies
far from the PAM it changes little. Then every editable base of the window is edited there as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant import knowledge
from revertant.genome import PatientGenome
from revertant.modality.allele_specific import Discrimination, discriminate
from revertant.modality.base_editing.outcome import Judge, genotypes, is_unwanted
from revertant.modality.base_editing.placing import Candidate, editable_bases
from revertant.modality.other_activity import activity_on_other
from revertant.modality.other_activity import other_copy_facts as spared_facts
from revertant.model import Estimate, Route, Strategy, Zygosity

__all__ = ["OtherCopy", "copies_told_apart", "other_copy", "other_copy_facts"]


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """The other copy under a guide.

    Parameters
    ----------
    told
        How the guide tells the copies apart.
    editable
        How many bases of the window the editor would convert there.
    harm
        Labels of the genotypes that would change the healthy protein or lie near a splice site; empty when none.
    activity
        How far the guide is predicted to act there, where only the pathogenic copy is to be lost and the other would
        be harmed; ``None`` on other routes.
    """

    told: Discrimination
    editable: int
    harm: tuple[str, ...]
    activity: Estimate | None = None


def copies_told_apart(
    candidate: Candidate, strategy: Strategy, genome: PatientGenome
) -> Discrimination | None:
    """Compare a guide's site on both copies; ``None`` where the person has no healthy copy or none is known."""
    allele = strategy.allele
    if allele is None or strategy.site is not None or allele.zygosity is not Zygosity.HETEROZYGOUS:
        return None
    nuclease = knowledge.nucleases()[candidate.editor.nuclease]
    weaker = nuclease.search_pam if nuclease.pam == candidate.editor.pam else candidate.editor.pam
    return discriminate(candidate.protospacer, allele, genome, nuclease.seed_nt, weaker)


def other_copy(candidate: Candidate, strategy: Strategy, genome: PatientGenome) -> OtherCopy | None:
    """Look at the other copy under a guide; ``None`` where the person has none or none is known.

    Parameters
    ----------
    candidate
        The editor on the pathogenic copy.
    strategy
        Names the allele.
    genome
        The patient's genome.
    """
    told = copies_told_apart(candidate, strategy, genome)
    if told is None:
        return None
    if told.site is None:
        return OtherCopy(told, 0, ())
    editable = editable_bases(candidate.editor, told.site) or ()
    judge = Judge(told.site.window, genome.reference, strategy.target.transcript)
    made = [judge.outcome(changes, Route.KNOCK_OUT) for changes in genotypes(editable)]
    harm = tuple(dict.fromkeys(outcome.label for outcome in made if is_unwanted(outcome)))
    activity = None
    if strategy.route is Route.ALLELE_SPECIFIC_KNOCK_OUT and harm:
        nuclease = knowledge.nucleases()[candidate.editor.nuclease]
        activity = activity_on_other(candidate.protospacer, told, nuclease)
    return OtherCopy(told, len(editable), harm, activity)


def other_copy_facts(other: OtherCopy | None) -> tuple[tuple[str, str], ...]:
    """Write the comparison down for a design."""
    if other is None:
        return ()
    told = other.told
    if told.is_sure:
        state, text = "spared", told.because
    elif not other.harm:
        state = "unharmed"
        what = (
            "it has no editable base there" if not other.editable else "what it edits there changes nothing"
        )
        text = f"{told.because} Where the guide binds the other copy, {what}."
    else:
        state = "at risk"
        text = (
            f"{told.because} Where the guide binds the other copy, it can give: {'; '.join(other.harm[:4])}."
        )
    return (
        ("other_copy", state),
        ("other_copy_site", told.healthy_site or "absent"),
        ("other_copy_because", text),
        *spared_facts(other.activity),
    )
