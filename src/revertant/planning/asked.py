"""Regions and genes asked for without a case: the gene meant, the stretch to break, and what asking does not prove.

Who asks for a knock-out, for more or less of a gene, or for a vector gets designs where nothing speaks against it.
That it would help anybody is then not judged, and the strategy says so with a caution. A rule that says it would do
harm stands as for any case.
"""

from __future__ import annotations

from dataclasses import replace

from revertant.errors import IncompatibleInputsError, InputError, UsageError
from revertant.genome import region_of
from revertant.model import Finding, Locus, Route, Site, Status, Strategy
from revertant.planning.inputs import Inputs
from revertant.planning.sites import sites_for
from revertant.sequence import is_dna

__all__ = ["LONGEST_REGION_BP", "as_asked", "asked_gene", "asked_sites"]

#: A regulatory motif is short. In a longer stretch it is not clear what has to be broken.
LONGEST_REGION_BP = 60

_KEY = "asked_region"
_WHERE = "--region"
#: What can be asked of a gene without a variant, and the rule that then cannot know whether it helps.
_ASKED_RULES = {
    Route.KNOCK_OUT: "mechanism.knock_out",
    Route.RAISE_EXPRESSION: "mechanism.raise_expression",
    Route.LOWER_EXPRESSION: "mechanism.knock_out",
}
_OPEN = "It was asked for; whether it helps anybody is not judged here."


def asked_gene(inputs: Inputs) -> str:
    """Return the gene an inquiry is about, as the gene models spell it.

    Raises
    ------
    IncompatibleInputsError
        Code ``which-gene`` when a region without a gene does not lie in exactly one.
    """
    asked = inputs.inquiry
    assert asked is not None
    if symbol := asked.gene_asked:
        return next((transcript.gene for transcript in inputs.models.of_gene(symbol)), symbol)
    locus = region_of(asked.region, inputs.reference, where=_WHERE)
    genes = sorted({transcript.gene for transcript in inputs.models.overlapping(locus)})
    if len(genes) == 1:
        return genes[0]
    said = f"in several genes ({', '.join(genes)})" if genes else "in no gene of the gene models"
    raise IncompatibleInputsError(
        f"The region {asked.region} lies {said}.",
        where=_WHERE,
        remedy="Name the gene it acts on with --gene.",
        code="which-gene",
    )


def asked_sites(gene: str, inputs: Inputs) -> tuple[Site, ...]:
    """Return the region that was asked for as a site to break, else the catalogue's sites for the gene.

    Raises
    ------
    InputError
        Code ``ambiguous-region`` when the reference does not know its bases.
    UsageError
        Code ``region-too-long``.
    """
    asked = inputs.inquiry
    if asked is None or not asked.region:
        return sites_for(gene, inputs.case, inputs.reference)
    locus = region_of(asked.region, inputs.reference, where=_WHERE)
    if len(locus) > LONGEST_REGION_BP:
        raise UsageError(
            f"The region {asked.region} has {len(locus):,} bases; at most {LONGEST_REGION_BP} can be asked for.",
            where=_WHERE,
            remedy="Narrow it to the motif that is to be broken, or knock out the gene with --gene alone.",
            code="region-too-long",
        )
    return (_site(locus, inputs),)


def _site(locus: Locus, inputs: Inputs) -> Site:
    bases = inputs.reference.fetch(locus.contig, locus.start, locus.end)
    if not is_dna(bases):
        raise InputError(
            f"The reference holds ambiguous bases in the region ({bases}).",
            where=_WHERE,
            remedy="Name a region whose sequence is known.",
            code="ambiguous-region",
        )
    name = f"region {locus.contig}:{locus.start + 1:,}-{locus.end:,}"
    return Site(_KEY, name, locus, bases, "Breaking this region was asked for.", ())


def as_asked(strategy: Strategy, inputs: Inputs) -> Strategy:
    """Let a strategy go on that was asked for and that nothing speaks against; a patient's stays as it is."""
    asked = inputs.inquiry
    if asked is None or asked.variant:
        return strategy
    if strategy.site is not None and strategy.site.key == _KEY:
        return _opened(strategy, "mechanism.regulatory_site", Status.PASS)
    if asked.wants_vector:
        adds = strategy.route is Route.ADD_GENE
        return _opened(strategy, "mechanism.addition", Status.UNKNOWN) if adds else strategy
    if not asked.region and strategy.route in _ASKED_RULES:
        return _opened(strategy, _ASKED_RULES[strategy.route], Status.UNKNOWN)
    return strategy


def _opened(strategy: Strategy, rule: str, status: Status) -> Strategy:
    """Make a caution of what a rule could not know."""
    findings = tuple(
        _caution(finding, status) if finding.rule == rule else finding for finding in strategy.findings
    )
    return replace(strategy, findings=findings)


def _caution(finding: Finding, status: Status) -> Finding:
    if finding.status is not status:
        return finding
    because = _OPEN if status is Status.PASS else f"{_OPEN} {finding.because}"
    return replace(finding, status=Status.CAUTION, because=because)
