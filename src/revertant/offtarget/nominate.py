"""Nominate: every place where guides could act, in the reference, in one person and in a population.

One way from guides to an answer: find what each guide is meant for, stream its sites past a writer and a summary,
then look closer at the worst of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from revertant import __version__
from revertant.errors import UsageError
from revertant.genome import GeneModels, PatientGenome
from revertant.genome.compression import sha256_of
from revertant.knowledge import (
    BaseEditor,
    GeneList,
    Nuclease,
    catalogue_versions,
    editors,
    gene_lists,
    lists_naming,
    nucleases,
    read_gene_list,
)
from revertant.model import (
    Coverage,
    InputDigest,
    Locus,
    Nomination,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    PamSide,
    PopulationSite,
    Provenance,
    TranslocationPair,
)
from revertant.offtarget.annotation.base_edits import with_edit_effects
from revertant.offtarget.annotation.translocations import translocation_pairs
from revertant.offtarget.guides.targets import find_targets
from revertant.offtarget.nomination_findings import nomination_findings
from revertant.offtarget.panel.panel import validation_panel
from revertant.offtarget.panel.primers import require_primer3
from revertant.offtarget.population.population import PopulationResult, population_sites
from revertant.offtarget.search import check_requests
from revertant.offtarget.stream.report import coverage_of
from revertant.offtarget.stream.row_files import require_pyarrow, row_file
from revertant.offtarget.stream.rows import COLUMNS, RowWriter
from revertant.offtarget.stream.streaming import SiteStream
from revertant.offtarget.stream.summary import Summary
from revertant.variant import VcfCalls

__all__ = ["SCHEMA", "NominationOptions", "effector_of", "nominate"]

SCHEMA = "revertant-nomination/1"

#: Above so many guides a search is a library: fewer sites of each guide are held.
_LIBRARY_GUIDES = 200
_LIBRARY_KEEP = 50

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class NominationOptions:
    """What to do with the sites that are found.

    Parameters
    ----------
    effector
        Key of a nuclease or a base editor in the catalogue; empty when it is not known. A nuclease cuts, so pairs of
        cuts are ranked; for a base editor the bases it could edit at a site are named.
    panel, populations
        A VCF of many people, and the table that says who belongs to which population.
    amplicons
        Sites on the validation panel; 0 for no panel.
    cancer_genes, essential_genes
        Lists that take the place of the built-in ones.
    parquet
        Write the sites as Parquet too.
    keep
        Sites that the reference has too, to be held for each guide.
    """

    effector: str = ""
    panel: Path | None = None
    populations: Path | None = None
    amplicons: int = 0
    cancer_genes: Path | None = None
    essential_genes: Path | None = None
    parquet: bool = False
    keep: int = 1000


def nominate(
    names: Sequence[str],
    requests: Sequence[OffTargetRequest],
    genome: PatientGenome,
    options: NominationOptions = NominationOptions(),
    *,
    models: GeneModels | None = None,
    vcf: VcfCalls | None = None,
    inputs: Sequence[InputDigest] = (),
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Nomination:
    """Find every site of guides, write them all, and look closer at the worst.

    Parameters
    ----------
    names
        A name for each guide, without tabs and line ends.
    requests
        The guides. One without a target gets the only perfect match as its target.
    genome
        The person's genome; without calls it is the reference.
    options
        What to do with the sites.
    models
        Gene models, to annotate with.
    vcf
        What the person's VCF said, for the findings.
    inputs
        Digests of the files the guides and the person's calls were read from.
    folder
        Where to write ``sites.tsv`` (and ``sites.parquet``) with every site; ``None`` writes nothing.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    UsageError
        When there is no guide, names do not belong to the guides, or the effector is not in the catalogue.
    InputError
        For guides that make no sense, files that cannot be used, a folder that cannot be written.

    Examples
    --------
    >>> from revertant.genome import Reference
    >>> from revertant.model import SearchLimits
    >>> genome = PatientGenome(Reference.from_sequences({"chr1": "TTACGTACGTGGTTTACGAACGTGG"}))
    >>> guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(1))
    >>> found = nominate(["mine"], [guide], genome)
    >>> str(found.reports[0].request.target), [str(site.locus) for site in found.reports[0].sites]
    ('chr1:2-9:+', ['chr1:15-22:+'])
    """
    names, requests = _checked(names, requests)
    effector = effector_of(options.effector, [request.pam_side for request in requests])
    marks = _gene_lists(options)
    if options.amplicons:
        require_primer3()
    if options.parquet:
        require_pyarrow()
    is_library = len(requests) > _LIBRARY_GUIDES
    with ThreadPoolExecutor(1) as pool:
        # The digest of a genome takes seconds, and nothing waits for it until the end.
        digest = pool.submit(lambda: genome.reference.sha256)
        targets = find_targets(requests, genome, progress, design_pams=_design_pams(effector))
        requests = tuple(replace(r, target=t.target) for r, t in zip(requests, targets, strict=True))
        run = _Run(names, requests, genome, models, marks, _LIBRARY_KEEP if is_library else options.keep)
        reports, places = run.stream(folder, progress, vcf, is_parquet=options.parquet)
        reports = tuple(replace(r, sites=_looked_at(r.sites, run, effector)) for r in reports)
        population = (
            population_sites(
                names, requests, genome.reference, options.panel, options.populations, models=models,
                progress=progress,
            )
            if options.panel is not None
            else None
        )  # fmt: skip
        panel = (
            validation_panel(names, reports, genome, size=options.amplicons, progress=progress)
            if options.amplicons
            else None
        )
        findings = nomination_findings(names, reports, targets, genome, vcf, places=places)
        return Nomination(
            SCHEMA,
            names,
            reports,
            reports[0].coverage,
            (*findings, *(population.findings if population else ())),
            _population(population, run, effector) if population and population.tally.kept else None,
            population.statement if population else "",
            _pairs(names, reports, effector),
            panel,
            _provenance(run, options, inputs, digest.result()),
        )


def _design_pams(effector: Nuclease | BaseEditor | None) -> dict[str, str]:
    """The PAM that guides are designed for, by the wider one that the search uses."""
    nuclease = nucleases().get(effector.nuclease) if isinstance(effector, BaseEditor) else effector
    return {nuclease.search_pam: nuclease.pam} if nuclease else {}


def effector_of(key: str, sides: Iterable[PamSide] = ()) -> Nuclease | BaseEditor | None:
    """Return a nuclease or base editor of the catalogue; ``None`` for no name.

    Parameters
    ----------
    key
        Its key.
    sides
        On which sides the guides have their PAM: where it cuts and what it edits is counted from there.

    Raises
    ------
    UsageError
        When the catalogue has no such key, or a guide has its PAM on the other side.

    Examples
    --------
    >>> effector_of("spcas9", [PamSide.FIVE_PRIME])
    Traceback (most recent call last):
    revertant.errors.UsageError: A guide has its PAM on the 5' side; spcas9 has it on the 3' side. ...
    """
    if not key:
        return None
    found = nucleases().get(key) or editors().get(key)
    if found is None:
        known = ", ".join((*nucleases(), *editors()))
        raise UsageError(f"There is no effector {key!r} in the catalogue.", remedy=f"Known are: {known}.")
    for side in sides:
        if side is not found.pam_side:
            raise UsageError(
                f"A guide has its PAM on the {side} side; {key} has it on the {found.pam_side} side.",
                remedy="Leave the side out, or name the effector of these guides.",
            )
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """One search and what its sites are described with."""

    names: tuple[str, ...]
    requests: tuple[OffTargetRequest, ...]
    genome: PatientGenome
    models: GeneModels | None
    marks: tuple[GeneList, ...]
    keep: int

    def stream(
        self, folder: Path | None, progress: Progress | None, vcf: VcfCalls | None, *, is_parquet: bool
    ) -> tuple[tuple[OffTargetReport, ...], tuple[Locus, ...]]:
        """Send the sites past the writers and the summary; say where haplotypes were left out."""
        reference = self.genome.reference
        stream = SiteStream(self.requests, self.genome, progress)
        summary = Summary(self.requests, reference.windows, self.keep, stream.scores)
        writer = RowWriter(
            self.names,
            self.requests,
            reference.windows,
            self.models,
            [(mark.name, mark.all_symbols) for mark in self.marks],
            is_compiled=stream.is_compiled,
        )
        with ExitStack() as stack:
            places = [folder / "sites.tsv"] if folder is not None else []
            places += [folder / "sites.parquet"] if folder is not None and is_parquet else []
            files = [stack.enter_context(row_file(place, COLUMNS)) for place in places]
            for block in stream.ahead():
                summary.add(block)
                for rows in writer.rows(block) if files else ():
                    for file in files:
                        file.write(rows)
        coverage = _with_records(coverage_of(self.genome, stream.searched), vcf)
        crowded = tuple(stream.searched.incomplete_places)
        return summary.reports(stream.ledgers, coverage, self.models), crowded


def _checked(
    names: Sequence[str], requests: Sequence[OffTargetRequest]
) -> tuple[tuple[str, ...], tuple[OffTargetRequest, ...]]:
    if not requests or len(names) != len(requests):
        raise UsageError(
            f"{len(names)} names for {len(requests)} guides.",
            remedy="Give at least one guide, each with a name.",
        )
    for name in names:
        if not name or re.search(r"[\x00-\x1f\x7f\u2028\u2029\x85]", name):
            raise UsageError(f"{name!r} is no name for a guide.", remedy="Use visible characters only.")
    check_requests(requests)
    return tuple(names), tuple(requests)


def _gene_lists(options: NominationOptions) -> tuple[GeneList, ...]:
    """The built-in lists, or the user's in their place."""
    given = {"cancer gene": options.cancer_genes, "essential gene": options.essential_genes}
    return tuple(
        mark if (path := given.get(mark.name)) is None else read_gene_list(path, mark.name)
        for mark in gene_lists()
    )


def _looked_at(
    sites: Sequence[OffTargetSite], run: _Run, effector: Nuclease | BaseEditor | None
) -> tuple[OffTargetSite, ...]:
    """Say which lists the genes of sites are on, and what a base editor could do there."""
    marked = tuple(replace(site, gene_lists=lists_naming(site.genes, run.marks)) for site in sites)
    if isinstance(effector, BaseEditor):
        return with_edit_effects(marked, effector, run.genome.reference, run.models)
    return marked


def _population(
    result: PopulationResult, run: _Run, effector: Nuclease | BaseEditor | None
) -> tuple[PopulationSite, ...]:
    """The sites of a population, looked at like the person's."""
    found = [one for sites in result.sites for one in sites]
    seen = _looked_at([one.site for one in found], run, effector)
    return tuple(replace(one, site=site) for one, site in zip(found, seen, strict=True))


def _with_records(coverage: Coverage, vcf: VcfCalls | None) -> Coverage:
    """Count what of a VCF was not searched among what was left out."""
    if vcf is None:
        return coverage
    more = tuple(
        (f"records or alleles of the VCF not used: {reason}", count) for reason, count in vcf.not_used
    )
    return replace(coverage, not_searched=coverage.not_searched + more)


def _pairs(
    names: Sequence[str], reports: Sequence[OffTargetReport], effector: Nuclease | BaseEditor | None
) -> tuple[TranslocationPair, ...]:
    """Rank the pairs of cuts of a nuclease; a base editor is not made to cut."""
    if not isinstance(effector, Nuclease):
        return ()
    targets = [report.request.target for report in reports]
    return translocation_pairs(names, reports, targets, cut_offset=effector.cut_offset_top)


def _provenance(
    run: _Run, options: NominationOptions, inputs: Sequence[InputDigest], reference_sha256: str
) -> Provenance:
    reference, models = run.genome.reference, run.models
    digests = [InputDigest("reference", reference.name, reference_sha256)]
    if models is not None:
        digests.append(InputDigest("gene models", models.name, models.sha256))
    digests += [
        InputDigest(role, path.name, sha256_of(path))
        for role, path in (
            ("panel", options.panel),
            ("populations", options.populations),
            ("cancer genes", options.cancer_genes),
            ("essential genes", options.essential_genes),
        )
        if path is not None
    ]
    limits = {
        ", ".join(
            f"{name} {value}"
            for name, value in (
                ("mismatches", r.limits.mismatches),
                ("DNA bulges", r.limits.dna_bulges),
                ("RNA bulges", r.limits.rna_bulges),
                ("edits in all", r.limits.most_edits),
                ("end bulges", "yes" if r.limits.end_bulges else "no"),
            )
        ): None
        for r in run.requests
    }
    parameters = {
        "limits": "; ".join(limits),
        "PAM": ", ".join(sorted({f"{r.pam} ({r.pam_side})" for r in run.requests})),
        "effector": options.effector or "not named",
        "build": reference.build or "not recognised",
        "amplicons": options.amplicons,
        "sites held for each guide": run.keep,
    }
    return Provenance(
        software="revertant",
        version=__version__,
        inputs=(*digests, *inputs),
        catalogues=catalogue_versions(),
        parameters=tuple((name, str(value)) for name, value in parameters.items()),
    )
