"""Which off-targets exist in whom: the haplotypes of a panel, held against the reference.

The panel streams by. Around each group of neighbouring alleles every distinct haplotype that somebody carries
is written out, searched, and compared with the reference's own sites, as one person's two copies are. A site
is then counted: copies that carry it, of the copies whose sequence is known over the whole group.

What is not known is left out of both numbers and stated: copies that were not called, people whose unphased
alleles could lie on their copies in more than one way, copies that were given alleles which exclude each
other. A sites-only file gives each allele alone, with the frequency it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from revertant.genome import GeneModels, Reference
from revertant.model import Finding, OffTargetRequest, PopulationSite, Tally
from revertant.offtarget.matching.hit import Hit, reach_of
from revertant.offtarget.matching.scanning import Scanner
from revertant.offtarget.population.counts import PopulationIndex
from revertant.offtarget.population.haplotypes import ObservedCluster, observed
from revertant.offtarget.population.search import KnownHits, PopulationSearch, WideningScan
from revertant.offtarget.population.statement import findings_of, statement_of
from revertant.offtarget.search import check_requests
from revertant.offtarget.stream.report import site_order
from revertant.variant.panel import PanelAccount, PanelReader
from revertant.variant.panel_samples import read_sample_table

__all__ = ["PopulationResult", "population_sites"]

#: A batch of clusters is searched at once; it ends with whichever comes first.
_BATCH_BASES = 2_000_000
_BATCH_COPIES = 16_000_000


@dataclass(frozen=True, slots=True)
class PopulationResult:
    """The sites of guides in a population.

    Parameters
    ----------
    sites
        For each guide, in the order asked, every site gained, changed or lost on some haplotype: the most
        frequent first, those of unknown frequency last.
    statement
        Whom the panel holds, and what of it was not used, in words.
    tally
        The account of the panel's records.
    findings
        On the files, and on what could not be told.
    site_tallies
        For each guide the account of its sites; what lies at its own target is not listed.
    account
        All that was read of the panel.
    """

    sites: tuple[tuple[PopulationSite, ...], ...]
    statement: str
    tally: Tally
    findings: tuple[Finding, ...]
    site_tallies: tuple[Tally, ...]
    account: PanelAccount


def population_sites(
    names: Sequence[str],
    requests: Sequence[OffTargetRequest],
    reference: Reference,
    panel_path: Path | str,
    samples_path: Path | str | None = None,
    *,
    column: str = "",
    models: GeneModels | None = None,
    reference_hits: Sequence[Iterable[Hit]] | None = None,
    keep_filtered: bool = False,
    scanner: Scanner | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> PopulationResult:
    r"""Find the sites that variants of a population make, change or destroy, and count who carries them.

    Parameters
    ----------
    names, requests
        The guides. The search needs memory for a part of the panel at a time, and for the sites found.
    reference
        The reference the panel was called on.
    panel_path
        Multi-sample or sites-only VCF, sorted; plain, gzip or BGZF.
    samples_path
        Tab-separated table of people and their populations.
    column
        Its column to report by; by default the superpopulation where there is one.
    models
        Gene models, to annotate the sites with.
    reference_hits
        For each guide its hits on the reference, where they are known already; ``sequence`` is the index in
        ``reference.windows``. Otherwise the reference is searched around each group of alleles.
    keep_filtered
        Use records whose FILTER says something else than PASS.
    scanner
        The search of sequences; the twin gives the same, slowly.
    progress
        Called with a stage name and a share from 0 to 1.

    Raises
    ------
    InputError
        When a file cannot be used, or the panel is not sorted.
    IncompatibleInputsError
        When panel and reference do not belong together.
    ProblemsError
        When guides, PAMs or limits make no sense.

    Examples
    --------
    >>> import tempfile
    >>> from revertant.model import SearchLimits
    >>> columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tann\tben"
    >>> record = "s\t12\t.\tA\tG\t.\tPASS\t.\tGT\t0|1\t0|0"
    >>> guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "panel.vcf")
    ...     _ = path.write_text("\n".join(["##fileformat=VCFv4.3", columns, record, ""]))
    ...     reference = Reference.from_sequences({"s": "TTACGTACGTGATTAA"})
    ...     result = population_sites(["g"], [guide], reference, path)
    >>> [[site]] = result.sites
    >>> site.site.origin.value, site.overall.carrying, site.overall.called, site.people
    ('gained', 1, 4, 1)
    """
    check_requests(requests)
    if len(names) != len(requests):
        msg = f"{len(names)} names for {len(requests)} guides"
        raise ValueError(msg)
    reader = PanelReader(panel_path, reference, keep_filtered=keep_filtered)
    table = read_sample_table(samples_path, column) if samples_path is not None else None
    reach = max((reach_of(request) for request in requests), default=1)
    search = PopulationSearch(
        names=tuple(names),
        requests=tuple(requests),
        reference=reference,
        index=PopulationIndex(reader.samples, table),
        models=models,
        scanner=scanner or WideningScan(),
        known=None if reference_hits is None else KnownHits(reference_hits, reference.windows),
    )
    runs = reader.runs(reach, progress)
    for batch in _batches(cluster for run in runs for cluster in observed(run, reference, reach)):
        search.resolve(batch)
    account, people = reader.account, len(reader.samples)
    return PopulationResult(
        tuple(tuple(sorted(sites, key=_order)) for sites in search.sites),
        statement_of(reader.name, people, search.index, table, account=account, unused=search.unused),
        account.tally,
        (*account.findings, *findings_of(people, search.index, table, search.unused)),
        tuple(ledger.tally(len(sites)) for ledger, sites in zip(search.ledgers, search.sites, strict=True)),
        account,
    )


def _order(site: PopulationSite) -> tuple[object, ...]:
    share = site.overall.frequency
    return share is None, -(share or 0.0), site_order(site.site)


def _batches(clusters: Iterable[ObservedCluster]) -> Iterator[list[ObservedCluster]]:
    batch: list[ObservedCluster] = []
    bases = copies = 0
    for cluster in clusters:
        batch.append(cluster)
        bases += len(cluster.around) * (1 + len(cluster.windows))
        copies += cluster.members.size
        if bases >= _BATCH_BASES or copies >= _BATCH_COPIES:
            yield batch
            batch, bases, copies = [], 0, 0
    if batch:
        yield batch
