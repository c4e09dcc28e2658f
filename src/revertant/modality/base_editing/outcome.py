"""What each edited genotype means: every combination of edited bases, with its protein and splice effect.

A guide offers a few editable bases. Each subset of them is a genotype that cells can end with. A genotype is
judged on the sequence the person would then have: the bases of this haplotype, the edit applied, translated on
the target's transcript and compared with the same haplotype without the pathogenic variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from revertant.genome import HaplotypeWindow, Reference
from revertant.model import (
    BaseChange,
    Consequence,
    ConsequenceTerm,
    Effect,
    Estimate,
    Outcome,
    Route,
    Transcript,
    Variant,
)
from revertant.sequence import matches, reverse_complement, three_letter
from revertant.variant import predict_consequence

__all__ = [
    "MOST_EDITABLE",
    "NEAR_SPLICE",
    "SILENCING",
    "Judge",
    "genotypes",
    "is_unwanted",
    "outcomes_of",
]

#: A window with more editable bases than this makes more genotypes (over 63) than anyone can review: refused.
MOST_EDITABLE = 6

#: Ends the label of a genotype that adds a change within a few bases of an exon's edge.
NEAR_SPLICE = ", splice region"

_HARMLESS = frozenset(
    {
        Effect.RESTORES_WILD_TYPE,
        Effect.RESTORES_PROTEIN,
        Effect.BENIGN_SUBSTITUTION,
        Effect.SPLICE_CHANGED,
        Effect.NO_EFFECT,
    }
)

#: Routes on which the product, or a site, is to be lost: other changes of it do not matter.
SILENCING = frozenset({Route.KNOCK_OUT, Route.ALLELE_SPECIFIC_KNOCK_OUT, Route.DISRUPT_REGULATORY_SITE})

_SERVES: Mapping[Route, frozenset[Effect]] = {
    Route.RESTORE_WILD_TYPE: frozenset({Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN}),
    Route.RESTORE_PROTEIN: frozenset({Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN}),
    Route.BENIGN_SUBSTITUTION: frozenset(
        {Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN, Effect.BENIGN_SUBSTITUTION}
    ),
    Route.DISRUPT_SPLICE_SITE: frozenset(
        {Effect.RESTORES_WILD_TYPE, Effect.RESTORES_PROTEIN, Effect.SPLICE_CHANGED}
    ),
    Route.KNOCK_OUT: frozenset({Effect.KNOCKS_OUT}),
    Route.ALLELE_SPECIFIC_KNOCK_OUT: frozenset({Effect.KNOCKS_OUT}),
    Route.DISRUPT_REGULATORY_SITE: frozenset({Effect.DISRUPTS_SITE}),
}


#: Proteins that cannot be told (a lost start, a broken splice site).
_OPEN = frozenset({"p.?", "p.(Met1?)"})


@dataclass(frozen=True, slots=True)
class Judge:
    """Everything needed to say what a genotype means on one haplotype.

    Parameters
    ----------
    window
        The patient's haplotype.
    reference
        For translation.
    transcript
        The target's transcript; ``None`` for a regulatory site outside it.
    pathogenic
        The alleles that should be gone.
    benign
        ``(protein position, residue)`` pairs known to be benign in this gene.
    motif
        IUPAC motif of a regulatory site, with its index range in ``window.bases``.
    wrong_sites
        ``(first reference position, forward bases)`` of the splice dinucleotides that the pathogenic allele has
        made and that the route wants broken.
    """

    window: HaplotypeWindow
    reference: Reference
    transcript: Transcript | None
    pathogenic: tuple[Variant, ...] = ()
    benign: frozenset[tuple[int, str]] = frozenset()
    motif: tuple[str, int, int] | None = None
    wrong_sites: tuple[tuple[int, str], ...] = ()

    def outcome(self, changes: tuple[BaseChange, ...], route: Route) -> Outcome:
        """Judge one genotype."""
        if self.motif is not None:
            return self._site_outcome(changes, route)
        carried = _single_bases(self.window.variants)
        background = _single_bases(v for v in self.window.variants if v not in self.pathogenic)
        edited = _with_changes(carried, changes, self.window.locus.contig)
        if hidden := self._hiding(set(carried) & set(background) & set(edited), set(background)):
            # Another variant of this copy hides what follows it: judge the edit without it.
            carried, background, edited = (
                tuple(variant for variant in held if variant not in hidden)
                for held in (carried, background, edited)
            )
        if edited == background:
            return _outcome(changes, Effect.RESTORES_WILD_TYPE, route, "", "wild type")
        if not edited and set(carried) - set(background):
            text = "wild type; the person's own variant beside it becomes the reference too"
            return _outcome(changes, Effect.RESTORES_WILD_TYPE, route, "", text)
        after = self._consequence(edited)
        if after is None:
            return _outcome(changes, Effect.NO_EFFECT, route, "", "no coding effect")
        broken = bool(self.wrong_sites) and not any(
            self._is_intact(site, changes) for site in self.wrong_sites
        )
        effect = self._effect(after, set(carried), set(background), set(edited), broken=broken)
        disease = set(carried) - set(background)
        places = {variant.start for variant in disease}
        label = _label(effect, after, another_codon=any(variant.start in places for variant in edited))
        if effect is Effect.NO_EFFECT and disease <= set(edited) and disease:
            label = f"{label}; the pathogenic allele stays"
        added = self._consequence(tuple(sorted(set(edited) - set(carried))))
        near = added is not None and ConsequenceTerm.SPLICE_REGION in added.terms
        made = _outcome(changes, effect, route, after.hgvs_p, label + (NEAR_SPLICE if near else ""))
        # What a change beside an exon's edge does to splicing is not known, and unknown is not useful.
        return replace(made, useful=made.useful and (not near or route in SILENCING))

    def _effect(
        self,
        after: Consequence,
        carried: set[Variant],
        background: set[Variant],
        edited: set[Variant],
        *,
        broken: bool,
    ) -> Effect:
        """Say what the edit does."""
        healthy, now = self._protein(background), self._protein(edited)
        as_healthy = now in {healthy, ""}  # the reference's own protein is as good as this person's
        disease = carried - background
        was = self._protein(carried)
        stays = bool(disease) and disease <= edited
        if stays and now == was and self._protein(edited - disease) == healthy:
            # The disease is as it was, and what was edited beside it would not change a healthy copy.
            return Effect.SPLICE_CHANGED if broken and now == healthy else Effect.NO_EFFECT
        if after.worst in {ConsequenceTerm.SPLICE_ACCEPTOR, ConsequenceTerm.SPLICE_DONOR}:
            return Effect.KNOCKS_OUT
        if disease and as_healthy:
            # Either the disease bases are gone, or the codon now spells the healthy residue another way. A
            # protein that was never changed (a splice allele) proves nothing while another base stands there.
            places = {variant.start for variant in disease}
            if was != healthy or not any(variant.start in places for variant in edited):
                return Effect.RESTORES_PROTEIN
            return Effect.SPLICE_CHANGED if broken else Effect.NO_EFFECT
        if after.is_truncating:
            return Effect.KNOCKS_OUT
        if (after.protein_position, after.amino_acids_after) in self.benign:
            return Effect.BENIGN_SUBSTITUTION
        return Effect.NO_EFFECT if as_healthy else Effect.PROTEIN_CHANGED

    def _is_intact(self, site: tuple[int, str], changes: tuple[BaseChange, ...]) -> bool:
        """Whether a splice dinucleotide still stands after the edits."""
        place, motif = site
        made = {change.position: change.after for change in changes}
        for offset, base in enumerate(motif):
            index = self.window.from_reference(place + offset)
            if index is None or made.get(place + offset, self.window.bases[index]) != base:
                return False
        return True

    def _hiding(self, shared: set[Variant], background: set[Variant]) -> set[Variant]:
        """Those of the copy's other variants that keep HGVS from spelling its protein out; empty where none does."""
        if not shared or not self._is_open(background):
            return set()
        alone = {variant for variant in shared if self._is_open({variant})}
        # Variants that hide the protein only together cannot be told apart: all of them are left out.
        return shared if not alone or self._is_open(background - alone) else alone

    def _is_open(self, variants: set[Variant]) -> bool:
        """Whether HGVS does not spell this protein out, so that two of them being alike proves nothing."""
        found = self._consequence(tuple(sorted(variants)))
        return found is not None and (found.hgvs_p in _OPEN or ConsequenceTerm.FRAMESHIFT in found.terms)

    def _protein(self, variants: set[Variant]) -> str:
        """The protein as HGVS against the reference; empty when it is the reference's own."""
        consequence = self._consequence(tuple(sorted(variants)))
        return consequence.hgvs_p if consequence is not None and consequence.changes_protein else ""

    def _consequence(self, variants: tuple[Variant, ...]) -> Consequence | None:
        if not variants or self.transcript is None:
            return None
        return predict_consequence(variants, self.transcript, self.reference)

    def _site_outcome(self, changes: tuple[BaseChange, ...], route: Route) -> Outcome:
        assert self.motif is not None
        motif, start, end = self.motif
        bases = list(self.window.bases[start:end])
        for change in changes:
            index = self.window.from_reference(change.position)
            if index is not None and start <= index < end:
                bases[index - start] = change.after
        left = "".join(bases)
        broken = not (matches(motif, left) or matches(motif, reverse_complement(left)))
        effect = Effect.DISRUPTS_SITE if broken else Effect.NO_EFFECT
        text = (
            f"motif {motif} broken ({self.window.bases[start:end]} to {left})" if broken else "motif intact"
        )
        return _outcome(changes, effect, route, "", text)


def genotypes(editable: tuple[BaseChange, ...]) -> tuple[tuple[BaseChange, ...], ...]:
    """Every non-empty subset of the editable bases, fewest edits first.

    Examples
    --------
    >>> [len(g) for g in genotypes((BaseChange(1, "A", "G"), BaseChange(3, "A", "G")))]
    [1, 1, 2]
    """
    return tuple(subset for count in range(1, len(editable) + 1) for subset in combinations(editable, count))


def outcomes_of(
    judge: Judge,
    editable: tuple[BaseChange, ...],
    route: Route,
    shares: Mapping[tuple[int, ...], Estimate],
) -> tuple[Outcome, ...]:
    """Judge every genotype and give each its share of the edited alleles.

    Parameters
    ----------
    judge, editable, route
        The haplotype, its editable bases and what is wanted.
    shares
        Predicted share by the spacer positions edited; empty when the editor has no measured profile, and then
        no share is given.

    Returns
    -------
    tuple[Outcome, ...]
        Most useful first: useful before not, then larger share, then fewer edits.
    """
    found = []
    for genotype in genotypes(editable):
        positions = tuple(sorted(change.spacer_position for change in genotype))
        found.append(replace(judge.outcome(genotype, route), share=shares.get(positions)))
    return tuple(sorted(found, key=_order))


def is_unwanted(outcome: Outcome) -> bool:
    """Whether a genotype changes the protein, or a base near an exon's edge, in a way nobody asked for."""
    return outcome.effect not in _HARMLESS or outcome.label.endswith(NEAR_SPLICE)


def _order(outcome: Outcome) -> tuple[object, ...]:
    share = outcome.share.value if outcome.share is not None and outcome.share.value is not None else 0.0
    return (not outcome.useful, -share, len(outcome.changes), outcome.changes)


def _outcome(
    changes: tuple[BaseChange, ...], effect: Effect, route: Route, protein: str, label: str
) -> Outcome:
    return Outcome(changes, effect, effect in _SERVES.get(route, frozenset()), protein, label)


def _label(effect: Effect, after: Consequence, *, another_codon: bool) -> str:
    protein = after.hgvs_p.removeprefix("p.").strip("()") if after.hgvs_p else ""
    if effect is Effect.SPLICE_CHANGED:
        return "the wrong splice site is broken"
    if effect is Effect.RESTORES_PROTEIN and another_codon:
        return "wild-type protein, spelt by another codon"
    if effect is Effect.RESTORES_PROTEIN:
        kind = (
            "silent bystander" if after.worst.severity >= ConsequenceTerm.SYNONYMOUS.severity else "bystander"
        )
        noun = kind if ConsequenceTerm.SYNONYMOUS in after.terms else "non-coding bystander"
        return f"wild-type protein, {noun}"
    if effect is Effect.BENIGN_SUBSTITUTION:
        residue = three_letter(after.amino_acids_after)
        return f"benign substitution to {residue} ({protein} against the reference)"
    if effect is Effect.KNOCKS_OUT:
        return f"{after.worst.value.replace('_', ' ')}{' ' + protein if protein else ''}"
    if effect is Effect.NO_EFFECT:
        return after.worst.value.replace("_", " ")
    return f"protein {protein or 'changed'}"


def _single_bases(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Split substitutions of several bases, so that each edited base can be set by itself."""
    singles = []
    for variant in variants:
        if len(variant.ref) == len(variant.alt) > 1:
            singles += [
                Variant(variant.contig, variant.start + offset, old, new)
                for offset, (old, new) in enumerate(zip(variant.ref, variant.alt, strict=True))
                if old != new
            ]
        else:
            singles.append(variant)
    return tuple(sorted(singles))


def _with_changes(
    variants: tuple[Variant, ...], changes: Iterable[BaseChange], contig: str
) -> tuple[Variant, ...]:
    """Return the variants against the reference once the edits are made."""
    by_place = {variant.start: variant for variant in variants if len(variant.ref) == len(variant.alt) == 1}
    rest = [variant for variant in variants if not len(variant.ref) == len(variant.alt) == 1]
    for change in changes:
        known = by_place.pop(change.position, None)
        wild = known.ref if known else change.before
        if wild != change.after:
            by_place[change.position] = Variant(contig, change.position, wild, change.after)
    return tuple(sorted([*by_place.values(), *rest]))
