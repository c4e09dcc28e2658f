"""What a pegRNA made for the pathogenic copy writes on the other.

Most pegRNAs bind both copies. On the other the template writes the same letters, so a copy that differs from the
wanted sequence under the flap, by a variant of the person's own, would be changed as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revertant.genome import HaplotypeWindow, PatientGenome
from revertant.modality.allele_specific import told_from
from revertant.modality.prime_editing.placing import Candidate, Place
from revertant.modality.prime_editing.simulate import NotWritten, Written, simulate
from revertant.modality.prime_editing.twin import TwinWritten
from revertant.modality.prime_editing.twin_placing import TwinCandidate, twin_simulated
from revertant.model import Allele, Strategy, Zygosity

__all__ = ["other_copy_facts", "twin_other_copy_facts"]

_NO_OTHER = "No copy without this allele is left in this person."


def other_copy_facts(
    candidate: Candidate, strategy: Strategy, genome: PatientGenome
) -> tuple[tuple[str, str], ...]:
    """Write down what the design does to the other copy; nothing where the person has none, or none is known.

    Parameters
    ----------
    candidate, strategy
        The design on the pathogenic copy, and the allele.
    genome
        The patient's genome.
    """
    allele, place = strategy.allele, candidate.place
    if allele is None or allele.zygosity is not Zygosity.HETEROZYGOUS:
        return ()
    others = _others(allele, place.window, genome)
    if not others:
        return _facts("unharmed", "absent", _NO_OTHER)
    base = place.editors[0].base
    told = told_from(place.protospacer, others, base.seed_nt, base.search_pam)
    if told.is_sure:
        state, text = "spared", told.because
    else:
        changed = sorted(set(_changes(candidate, others)))
        state = "at risk" if changed else "unharmed"
        silent = "; the silent changes come there too" if place.silent else ""
        what = f"changes that too: {'; '.join(changed)}" if changed else f"writes what stands there{silent}"
        text = f"{told.because} Where it binds the other copy, the flap {what}."
    return _facts(state, told.healthy_site or "absent", text)


def twin_other_copy_facts(
    candidate: TwinCandidate, strategy: Strategy, genome: PatientGenome
) -> tuple[tuple[str, str], ...]:
    """Write down what two pegRNAs do to the other copy; nothing where the person has none, or none is known."""
    allele = strategy.allele
    if allele is None or allele.zygosity is not Zygosity.HETEROZYGOUS:
        return ()
    others = _others(allele, candidate.window, genome)
    if not others:
        return _facts("unharmed", "absent", _NO_OTHER)
    written = [(other, twin_simulated(candidate, other.bases)) for other in others]
    if all(isinstance(product, NotWritten) for _, product in written):
        return _facts("spared", "absent", "The two pegRNAs do not both fit the other copy.")
    if any(
        isinstance(product, TwinWritten) and product.sequence != other.bases for other, product in written
    ):
        return _facts("at risk", "present", "Both pegRNAs fit the other copy too, and would change it.")
    return _facts(
        "unharmed",
        "present",
        "Both pegRNAs fit the other copy too; what they write there is what stands there.",
    )


def _others(allele: Allele, window: HaplotypeWindow, genome: PatientGenome) -> list[HaplotypeWindow]:
    return [other for other in genome.windows(window.locus) if allele.variant not in other.variants]


def _facts(state: str, site: str, because: str) -> tuple[tuple[str, str], ...]:
    return ("other_copy", state), ("other_copy_site", site), ("other_copy_because", because)


def _changes(candidate: Candidate, others: Sequence[HaplotypeWindow]) -> Iterator[str]:
    """What the flap changes on other copies, the editor taken to bind although the protospacer may differ."""
    place, pegrna = candidate.place, candidate.pegrna
    base = place.editors[0].base
    for other in others:
        told = told_from(place.protospacer, [other], base.seed_nt, base.search_pam)
        if told.is_sure or told.site is None:
            continue
        written = simulate(
            other.bases,
            told.site.spacer,
            pegrna.pbs,
            pegrna.rtt,
            pam=base.search_pam,
            nick_offset=place.placement.nick_offset,
        )
        if isinstance(written, Written) and written.sequence not in {other.bases, _with_silent(place, other)}:
            yield f"{written.replaced} becomes {written.flap} on strand {written.strand}"


def _with_silent(place: Place, other: HaplotypeWindow) -> str:
    """The other copy with the silent changes alone, where it has the bases they replace."""
    bases = list(other.bases)
    for change in place.silent.changes if place.silent else ():
        index = other.from_reference(change.start)
        if index is None or bases[index] != change.ref:
            return other.bases
        bases[index] = change.alt
    return "".join(bases)
